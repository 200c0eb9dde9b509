"""Telling a third party: what is told, to whom and why is typed out; not telling has its reasons on record as well."""

import datetime as dt
from collections.abc import Callable, Collection

from forms.answers import Age, plain
from pipeline.agency import AgencyKind
from pipeline.checked import Checked
from pipeline.days import age_on
from pipeline.meeting import Disclosure, Meeting
from pipeline.problem import Place, Problem, Said, problem, register
from pipeline.protocol.limited import MAPPA
from pipeline.protocol.mappa_referrals import listed
from pipeline.protocol.rule import CaseContext, Citation, Effect, On, Source, rule

_WM_DISCLOSURE = Citation(Source.WEST_MIDLANDS, "disclosure; offenders and disclosure")


@rule(
    "SHARE-13",
    "For somebody under 18, children's services and the youth offending service are both among those who get the case; "
    "nothing is disclosed to a third party without both",
    Effect.WARN,
    On.RECIPIENTS,
    Citation(Source.WEST_MIDLANDS, "youth offending service"),
    also=Effect.REFUSE,
    open_to_decision=True,
    forms=MAPPA,
)
def both_speak_for_the_child(case: CaseContext) -> str | None:
    """Warn where one of the two sees nothing of the case of somebody who is, or may be, under 18 on the day of the meeting."""
    why = under_18(case.checked, case.meeting.date)
    absent = [kind.words for kind in FOR_CHILDREN if kind not in case.recipients]
    if not why or not absent:
        return None
    return f"{why}, and {listed(absent)} {'get' if len(absent) > 1 else 'gets'} nothing of the case"


def without_both(case: CaseContext, present: Collection[AgencyKind]) -> str | None:
    """Return why nothing may be disclosed about a case: somebody is, or may be, under 18, and the two were not both there.

    Args:
        case: the case.
        present: the kinds of agencies whose people signed the register of attendance.
    """
    why = under_18(case.checked, case.meeting.date)
    absent = [kind.words for kind in FOR_CHILDREN if kind not in present]
    if not why or not absent:
        return None
    return f"{why}, and by the register of attendance nobody of {listed(absent)} was there"


def under_18(checked: Checked, day: dt.date) -> str | None:
    """Return in words that the subject of a referral is under 18 on a day, or that it is not known; None for an adult."""
    asked = checked.form.telling("offender.date_of_birth")
    born = checked[asked.path] if asked else None
    if isinstance(born, dt.date | Age):
        return "the person is under 18" if age_on(day, born) < _ADULT else None
    if checked.form.id == "mappa-a":
        return "the person is under 18" if checked["status.under_18"] == "yes" else None
    return "it is not known whether the person is under 18" if asked else None


_ADULT = 18
FOR_CHILDREN = (AgencyKind.CHILDRENS_SERVICES, AgencyKind.YOUTH_OFFENDING)


@rule(
    "RECORD-6",
    "What is disclosed to a third party is typed out: what exactly, to whom, why, and whom to ring; both sign, and no copy is left",
    Effect.RECORD,
    On.PAPERS,
    _WM_DISCLOSURE,
)
def lacking(disclosure: Disclosure) -> tuple[str, ...]:
    """Return what a disclosure does not say and has to; one that was decided against needs its reason alone."""
    if not disclosure.disclose:
        return ()
    parts = {
        "what exactly is told": disclosure.what, "to whom": disclosure.to, "in which role": disclosure.to_role,
        "whom to ring if risks rise": disclosure.contact,
    }  # fmt: skip
    return tuple(words for words, said in parts.items() if not plain(said))


register(
    {
        "disclosure-lacks": Said(
            "This disclosure does not say {what}.", "Write it, or take the disclosure out of the meeting file."
        ),
        "disclosure-late": Said("The disclosure is dated after today.", "Put the date right."),
    }
)


def faults(meeting: Meeting, day: dt.date) -> list[Problem]:
    """Return a problem for each disclosure of a meeting's file that is not typed out whole, or comes from tomorrow."""
    problems = []
    for number, one in enumerate(meeting.disclosures, start=1):
        place = Place(f"disclosure no. {number}")
        if lacks := lacking(one):
            problems.append(problem("disclosure-lacks", place, what=listed(list(lacks))))
        if one.on > day:
            problems.append(problem("disclosure-late", place))
    return problems


@rule(
    "RECORD-2",
    "Reasons for disclosing and for not disclosing are both on record",
    Effect.RECORD,
    On.PAPERS,
    Citation(Source.THAMES_VALLEY, "section 17"),
)
def on_record(disclosure: Disclosure, take_out: Callable[[str], str]) -> tuple[str, str]:
    """Return the kind of entry in the register and its note: who decided in which role, and why, without the people of the case."""
    kind = "disclosed" if disclosure.disclose else "not-disclosed"
    to = f"To a third party: {take_out(disclosure.to_role)}. " if disclosure.disclose else ""
    by = f"Decided by {disclosure.by}, {disclosure.role}, {disclosure.on}"
    return kind, f"{to}{by}: {take_out(disclosure.reason)}"
