"""Plan → the draft of each agency's pack: for whose keys, and which content, by which packs on record are known again."""

import hashlib
from collections import Counter
from dataclasses import replace

from keys.directory import Directory
from pipeline.addressees import addressees, recovery_key
from pipeline.bind import Draft, draft
from pipeline.plan import Plan
from pipeline.register import WITHDRAWN, Register


def drafts_of(plan: Plan, keys: Directory, register: Register, signing_key: str) -> list[Draft]:
    """Return the packs of a plan before they are made, to be told by their content from those on record.

    No content is that of a pack that was withdrawn: what may go once more is sealed once more.

    Args:
        plan: a plan without problems.
        keys: the directory of SPOC keys.
        register: the area's, open.
        signing_key: the sender's, as an OpenSSH line.
    """
    entries = register.entries(meeting=plan.meeting.id)
    withdrawn = Counter(entry.agency for entry in entries if entry.kind == WITHDRAWN)
    recovery = recovery_key(plan.area, keys, plan.day)
    made = []
    for one in plan.agencies:
        if one.goes:
            readers = addressees(one.agency, keys, plan.day).keys
            # Post-quantum and older keys are never mixed: a pack for the one kind does without a recovery key of the other.
            fits = (
                recovery
                if recovery and all(recovery.keys.post_quantum == key.keys.post_quantum for key in readers)
                else None
            )
            made.append(_after(draft(plan, one, readers, signing_key, fits), withdrawn[one.agency.id]))
    return made


def _after(made: Draft, times: int) -> Draft:
    if not times:
        return made
    return replace(made, content=hashlib.sha256(f"{made.content} {times}".encode()).hexdigest())
