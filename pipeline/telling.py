"""What a meeting decided on telling third parties: which sheets may be made, and what the register keeps of each decision."""

import hashlib
from dataclasses import dataclass, field

from pipeline.meeting import Disclosure
from pipeline.plan import CasePlan, Plan
from pipeline.protocol.disclosures import on_record
from pipeline.protocol.records import without_story
from pipeline.protocol.scrub import without_people
from pipeline.register import Entry


@dataclass(frozen=True)
class Telling:
    """A disclosure, or the decision against one, with what stops it.

    Attributes:
        why_not: the rules by which it is not made, in words; empty where it is, and for a decision against one.
    """

    number: int
    disclosure: Disclosure = field(repr=False)
    why_not: tuple[str, ...]

    @property
    def content(self) -> str:
        """SHA-256 over what was decided, hexadecimal: the same decision is recorded once."""
        return hashlib.sha256(self.disclosure.model_dump_json().encode()).hexdigest()

    @property
    def has_sheet(self) -> bool:
        """Whether a sheet is made of it."""
        return self.disclosure.disclose and not self.why_not


def tellings(plan: Plan) -> tuple[Telling, ...]:
    """Return what a meeting decided on telling third parties, in the order of its file."""
    cases = {case.reference: case for case in plan.cases}
    return tuple(
        Telling(number, one, tuple(_stops(cases[one.case])) if one.disclose else ())
        for number, one in enumerate(plan.meeting.disclosures, start=1)
    )


def _stops(case: CasePlan) -> list[str]:
    if not case.goes:
        return ["the case goes to nobody: put right first what the plan says of it"]
    why = [f"{one.rule}: {one.why}" for one in case.findings if one.rule == "SHARE-13" and one.decision is None]
    if case.anonymous:
        why.append("CONSENT-2: the case is brought anonymously")
    return why


def entry_of(one: Telling, plan: Plan) -> Entry:
    """Return what the register keeps of a decision on telling a third party (RECORD-2): neither what is told nor to whom (RECORD-7)."""
    everybody = [case.checked for case in plan.cases if case.checked]
    kind, note = on_record(
        one.disclosure, lambda text: without_story(text, lambda said: without_people(said, everybody))
    )
    sender = plan.area.settings.sender
    return Entry(
        kind=kind, day=plan.day, by=sender.name, role=sender.role, meeting=plan.meeting.id, cases=(one.disclosure.case,),
        content=one.content, note=note,
    )  # fmt: skip
