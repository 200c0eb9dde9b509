"""Minutes: what counts as them, who signs them, and the register of those who were there."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from forms.answers import plain
from forms.definition import Section
from pipeline.agency import Agency
from pipeline.checked import Checked
from pipeline.meeting import Meeting
from pipeline.protocol.recipients import cases_for
from pipeline.protocol.rule import CaseContext, Citation, Effect, On, Source, rule


def is_minutes(section: Section) -> bool:
    """Say whether a part of a form is minutes of the meeting; a co-ordinator's decision or answer is not."""
    return section.key == "minutes"


def holds_minutes(checked: Checked) -> bool:
    """Say whether a referral holds minutes already."""
    return any(is_minutes(found.section) and value not in (None, ()) for _, found, value in checked.paths())


@rule(
    "RECORD-4",
    "Minutes are signed by the chair before they are circulated",
    Effect.REFUSE,
    On.CASE,
    Citation(Source.THAMES_VALLEY, "section 18ii, chairs"),
)
def minutes_are_signed(case: CaseContext) -> str | None:
    """Refuse a case that holds minutes until the meeting's file says that its chair has signed them."""
    if not holds_minutes(case.checked):
        return None
    signed = case.meeting.minutes
    if signed is None:
        return "it holds minutes, and the meeting's file does not say that the chair has signed them"
    if plain(signed.signed_by) != plain(case.meeting.chair.name):
        return "it holds minutes that somebody else than the chair has signed"
    if not case.meeting.date <= signed.on <= case.day:
        return "it holds minutes whose signature is dated before the meeting or after today"
    return None


@dataclass(frozen=True)
class Expected:
    """A line of the register of attendance: an agency, its named contact, and the cases it is there for; none for all."""

    agency: str
    name: str
    role: str
    cases: tuple[str, ...]


REAFFIRMS = (
    "By signing I confirm that my agency has signed the sharing protocol, that I use what I hear here for the purpose of this "
    "meeting alone, that I pass it on only to those who have to act on it, and that I make no notes of my own."
)
"""What each person reaffirms (RECORD-3), in our words."""


@rule(
    "RECORD-3",
    "Everybody who attends signs a register and reaffirms confidentiality in it",
    Effect.RECORD,
    On.PAPERS,
    Citation(Source.THAMES_VALLEY, "section 14, meetings"),
    Citation(Source.BROMLEY, "appendix 2 part B, introduction to the meeting"),
)
def to_sign(meeting: Meeting, agencies: Iterable[tuple[Agency, Collection[str]]]) -> tuple[Expected, ...]:
    """Return the lines of the register of attendance: who comes for single cases has these beside the name.

    In the pack of an agency its own lines stand alone, and no other's (SHARE-4).

    Args:
        meeting: the meeting.
        agencies: who comes, and the references of the cases in the pack of each.
    """
    lines = []
    for agency, held in agencies:
        cases = tuple(one for one in cases_for(agency.id, agency.panels, meeting) if one in held)
        if not cases:
            continue
        some = () if meeting.panel in agency.panels else cases
        people = [(spoc.name, spoc.role) for spoc in agency.spocs] or [("", "")]
        lines += [Expected(agency.name, name, role, some) for name, role in people]
    return tuple(lines)
