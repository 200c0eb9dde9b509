"""The stages in order: read this first.

    take_in   files of the inbox, sealed ones opened ─▶ Referral ─▶ Checked, or problems
    decide    cases, agencies, decisions ─▶ Plan: who gets what, and why not
    Packing   Plan ─▶ views drawn once ─▶ Documents ─▶ Packs ─▶ sealed files ─▶ register, then outbox

Up to the plan nothing is written; after it, sealed files and the register are, and nothing else.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from forms.definition import Form
from keys.directory import Directory
from pipeline import guard, incoming, json_file, workbook
from pipeline.addressees import addressees
from pipeline.area import Area
from pipeline.checked import Checked, Referral, as_far_as_read, check
from pipeline.incoming import Opener
from pipeline.local import local_form
from pipeline.meeting import Case, Chair, Meeting
from pipeline.packing import Packed, Packing
from pipeline.plan import Plan, plan
from pipeline.problem import Place, Problem, Said, problem, register
from pipeline.protocol.marking import offered
from pipeline.protocol.rule import Advice, CaseContext, Effect, Finding, On
from pipeline.protocol.rulebook import rules_on

__all__ = [
    "Packed",
    "Packing",
    "contents",
    "decide",
    "form_of",
    "is_for",
    "read",
    "read_file",
    "refusals",
    "sent_to",
    "take_in",
]

register(
    {
        "no-file": Said("There is no such file.", "Check its name, and the folder that it is in."),
        "not-in-inbox": Said(
            "The inbox has no such file.", "Put it there, or put its name right in the meeting file."
        ),
        "other-panel": Said(
            "This is a {title}, which is not for this panel.",
            "Take it out of this meeting's file, and bring it to the panel that it is for.",
        ),
        "unreadable-file": Said(
            "The file cannot be read.", "Close it in other programs, and check that you may read it."
        ),
    }
)


def form_of(area: Area | None, form_id: str) -> Form:
    """Return a form as an area hands it out: with its own differences, and its scheme of marking alone.

    Raises:
        KeyError: there is no such form.
        Unusable: the area's differences do not fit the form.
    """
    form = local_form(area, form_id)
    if area is None:
        return form
    keys = offered(area.settings.scheme)
    marking = form.find("handling.marking").ask
    return form.with_choices({"handling.marking": tuple(one for one in marking.choices if one.key in keys)})


def read(data: bytes, area: Area | None = None) -> Referral | tuple[Problem, ...]:
    """Return what a file says, workbook or JSON, by the forms of an area; or why nothing can be made of it.

    Raises:
        Unusable: the area's differences do not fit the form.
    """
    forms = partial(local_form, area)
    return json_file.read(data, forms) if data.lstrip()[:1] == b"{" else workbook.read(data, forms)


def contents(path: Path) -> bytes | tuple[Problem, ...]:
    """Return the bytes of a file, or why it cannot be read; of one that is too large, a byte more than is taken."""
    try:
        with path.open("rb") as file:
            start = file.read(guard.MAX_FILE + 1)
            # A sealed file, in the text form above all, is larger than what is in it.
            more = incoming.LARGEST + 1 - len(start) if incoming.is_sealed(start) else 0
            return start + file.read(more)
    except FileNotFoundError:
        return (problem("no-file"),)
    except OSError:
        return (problem("unreadable-file"),)


def read_file(
    path: Path, area: Area | None = None, opener: Opener | None = None
) -> Referral | tuple[Problem, ...]:
    """Return what the file at a path says, by the forms of an area; or why nothing can be made of it.

    What came sealed is opened in memory; a referral of another panel than it was sent to has that for a problem.

    Args:
        path: where it is.
        area: whose forms.
        opener: the co-ordinator's keys, for a file that came sealed.

    Raises:
        Unusable: the area's differences do not fit the form.
        KeysError: the co-ordinator's key file cannot be read.
    """
    data = contents(path)
    if not isinstance(data, bytes):
        return data
    if not incoming.is_sealed(data):
        return read(data, area)
    opened = incoming.opened(data, opener)
    if isinstance(opened, Problem):
        return (opened,)
    referral = read(opened.data, area)
    if not isinstance(referral, Referral):
        return referral
    astray = opened.panel and not is_for(referral.form, opened.panel)
    problems = (*referral.problems, problem("sent-to-other-panel")) if astray else referral.problems
    return replace(referral, sent_to=opened.panel, problems=problems)


def sent_to(path: Path) -> str:
    """Return the panel that stands on a file that came sealed, or "" if none does; no key is needed, and nothing vouches for it."""
    data = contents(path)
    return incoming.sent_to(data) if isinstance(data, bytes) and incoming.is_sealed(data) else ""


def is_for(form: Form, panel: str) -> bool:
    """Say whether a form is one that a panel takes."""
    return panel not in _NO_ANSWERS if form.panel == "" else form.panel == panel


_NO_ANSWERS = frozenset({"mappa", "marac"})
"""Panels whose answers go to whoever referred, and in nobody's pack: who may know of one is not decided for their members."""


def take_in(
    area: Area, meeting: Meeting, day: dt.date, opener: Opener | None = None
) -> dict[str, Checked | tuple[Problem, ...]]:
    """Return case reference → its referral checked, or its problems."""
    return {case.reference: _one(area, meeting.panel, case.file, day, opener) for case in meeting.cases}


def _one(
    area: Area, panel: str, file: str, day: dt.date, opener: Opener | None
) -> Checked | tuple[Problem, ...]:
    path = area.inbox / file
    if not path.resolve().is_relative_to(area.inbox.resolve()) or not path.exists():
        return (problem("not-in-inbox", Place(file)),)
    referral = read_file(path, area, opener)
    if not isinstance(referral, Referral):
        return referral
    if not is_for(referral.form, panel):
        return (problem("other-panel", Place(file), title=referral.form.title),)
    if referral.sent_to not in ("", panel):
        return (problem("sent-to-other-panel", Place(file)),)
    return check(referral, day)


def _partly(
    area: Area,
    meeting: Meeting,
    found: Mapping[str, Checked | tuple[Problem, ...]],
    opener: Opener | None,
) -> dict[str, Checked]:
    """Return case reference → what can be read of each referral that has problems."""
    partly = {}
    for case in meeting.cases:
        path = area.inbox / case.file
        inside = path.resolve().is_relative_to(area.inbox.resolve())
        unsound = inside and not isinstance(found[case.reference], Checked)
        referral = read_file(path, area, opener) if unsound else None
        if isinstance(referral, Referral):
            partly[case.reference] = as_far_as_read(referral)[0]
    return partly


def refusals(area: Area, checked: Checked, day: dt.date) -> tuple[Finding, ...]:
    """Return the rules by which the panel of a referral would refuse it, where nobody decides otherwise.

    Args:
        area: whose panel; without that panel nothing can be told.
        checked: the referral.
        day: the day of the rehearsal.
    """
    panel = checked.form.panel
    if panel not in area.settings.panels:
        return ()
    meeting = Meeting(
        panel=panel,
        date=day,
        chair=Chair(name="Nobody", role="Rehearsal"),
        case=(Case(reference="X-00", file="x"),),
    )
    context = CaseContext(checked, meeting.cases[0], meeting, area.settings.panels[panel], area.settings, day)
    return tuple(
        Finding(rule.id, why)
        for rule in rules_on(On.CASE, day, checked.form)
        if rule.effect is Effect.REFUSE and (why := rule.carried_out(context)) and not isinstance(why, Advice)
    )


def decide(area: Area, meeting: Meeting, keys: Directory, day: dt.date, opener: Opener | None = None) -> Plan:
    """Return the plan of a meeting, from the files in the area's inbox and the directory of keys.

    Args:
        area: the area.
        meeting: the meeting.
        keys: the directory of SPOC keys.
        day: the day of planning.
        opener: the co-ordinator's keys, for referrals that came sealed; without it those are problems of their cases.

    Raises:
        Unusable: the area's differences do not fit a form.
        KeysError: the co-ordinator's key file cannot be read.
    """
    found = {agency.id: addressees(agency, keys, day) for agency in area.agencies}
    no_key = {agency: one.no_key for agency, one in found.items() if one.no_key}
    taken = take_in(area, meeting, day, opener)
    return plan(area, meeting, taken, no_key, day, partly=_partly(area, meeting, taken, opener))
