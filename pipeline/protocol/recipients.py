"""Who may receive anything: who has signed, who is invited for what, and who is in the case."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from forms import answers
from forms.answers import plain
from forms.information import Identifies
from pipeline.agency import Agency, Duty
from pipeline.checked import Checked
from pipeline.meeting import Meeting
from pipeline.protocol.folded import fold
from pipeline.protocol.limited import MAPPA
from pipeline.protocol.rule import AgencyContext, CaseContext, Citation, Effect, On, Source, rule
from pipeline.protocol.word_lists import TITLES

_MEETINGS = Citation(Source.THAMES_VALLEY, "section 14, meetings")
_B3A_OTHERS = Citation(Source.BROMLEY, "appendix 3 part A, attendance by other agencies")


@rule(
    "SHARE-3",
    "An agency whose signature under the protocol is missing or has lapsed gets nothing",
    Effect.WITHHOLD,
    On.AGENCY,
    Citation(Source.THAMES_VALLEY, "section 18ii"),
    Citation(Source.BROMLEY, "appendix 2 part C, changes"),
    Citation(Source.LONDON, "paragraphs 38 and 43"),
    open_to_decision=True,
)
def has_signed(context: AgencyContext) -> str | None:
    """Withhold everything from an agency that has not signed, or not reviewed its signature within a year."""
    signed, lapses = context.agency.protocol_signed, context.agency.signature_lapses(context.day)
    if signed is None:
        return "the agency has not signed the sharing protocol"
    if lapses is None:
        return f"the agency's signature holds only from {answers.long_date(signed)}"
    if context.day >= lapses:
        return f"the agency's signature under the sharing protocol lapsed on {answers.long_date(lapses)}"
    return None


_MAPPA_SHARES = Citation(Source.BROMLEY, "appendix 2 part C, process for information sharing")


def is_bound(agency: Agency) -> bool:
    """Say whether the Act binds an agency in MAPPA: by its kind, and as agencies.toml says of it."""
    return agency.duty_to_cooperate and agency.kind.duty is not Duty.NONE


@rule(
    "SHARE-1",
    "MAPPA information goes to the Responsible Authority and agencies with the duty to co-operate, each through its SPOC",
    Effect.WITHHOLD,
    On.SHARE,
    _MAPPA_SHARES,
    open_to_decision=True,
    forms=MAPPA,
)
def is_one_of_the_bound(_case: CaseContext, context: AgencyContext) -> str | None:
    """Withhold a MAPPA case from an agency that the Act does not bind, unless the chair has it in for that case (SHARE-10)."""
    if is_bound(context.agency) or context.meeting.panel not in context.agency.panels:
        return None
    return "the agency is neither of the Responsible Authority nor under the duty to co-operate"


@rule(
    "SHARE-2",
    "An agency without the duty to co-operate receives MAPPA information only under a signed local protocol",
    Effect.WITHHOLD,
    On.SHARE,
    Citation(Source.CJA, "subsection 6"),
    Citation(Source.WEST_MIDLANDS, "information sharing with agencies without the duty"),
    Citation(Source.LONDON, "paragraph 31"),
    forms=MAPPA,
    changes=((dt.date(2011, 7, 20), "Immigration enforcement came under the duty to co-operate."),),
)
def has_a_local_protocol(_case: CaseContext, context: AgencyContext) -> str | None:
    """Withhold a MAPPA case from an agency that the Act does not bind and that has signed nothing, or nothing still in force."""
    if is_bound(context.agency) or not (why := has_signed(context)):
        return None
    return f"the Act lays no duty on it, and {why}"


@rule(
    "SHARE-10",
    "Nothing goes outside the members without the chair's consent, and minutes never: a third party is told what was made for it",
    Effect.WITHHOLD,
    On.SHARE,
    Citation(
        Source.BROMLEY, "appendix 3 part A, confidentiality; appendix 2 part C, confidentiality and disclosure"
    ),
    Citation(Source.THAMES_VALLEY, "section 18iii"),
    open_to_decision=True,
)
def chair_lets_it_in(_case: CaseContext, context: AgencyContext) -> str | None:
    """Withhold a case from an agency that is no member and that somebody else than the chair has invited.

    That it gets no minutes is part of its sight (`pipeline.protocol.sharing`), and nobody can decide otherwise; what a third
    party is told is a disclosure, made for it (RECORD-6).
    """
    if context.meeting.panel in context.agency.panels:
        return None
    agreed = [one.agreed_by for one in context.meeting.invitations if one.agency == context.agency.id]
    if any(plain(one) == plain(context.meeting.chair.name) for one in agreed):
        return None
    return f"the agency is no member of the panel, and agreed_by is not the chair of this meeting, {context.meeting.chair.name}"


@rule(
    "SHARE-4",
    "An agency invited for one case gets that case alone, also in agenda, attendance register and statistics",
    Effect.REDUCE,
    On.PAPERS,
    _MEETINGS,
    _B3A_OTHERS,
)
def cases_for(agency_id: str, panels: Iterable[str], meeting: Meeting) -> tuple[str, ...]:
    """Return the references of the cases of a meeting that concern an agency, in order: a member's are all of them."""
    if meeting.panel in panels:
        return tuple(case.reference for case in meeting.cases)
    invited = {case for one in meeting.invitations if one.agency == agency_id for case in one.cases}
    return tuple(case.reference for case in meeting.cases if case.reference in invited)


@rule(
    "SHARE-8",
    "The offender, the victim, their family and friends never receive papers",
    Effect.REFUSE,
    On.SHARE,
    Citation(Source.BROMLEY, "appendix 3 part A, attendance by victims and family members"),
    Citation(Source.THAMES_VALLEY, "section 10"),
    Citation(Source.WEST_MIDLANDS, "victims"),
)
def goes_to_nobody_in_the_case(case: CaseContext, context: AgencyContext) -> str | None:
    """Refuse a case to an agency whose SPOC bears the name, number or e-mail of a person in it; the others get it.

    A namesake is refused as well: nobody here can tell, and the agency can name another contact.
    """
    people, reach = _people(case.checked)
    for spoc in context.agency.spocs:
        words = _words(spoc.name)
        if (
            any(name == words or (len(name) > 1 and name <= words) for name in people)
            or {_number(spoc.telephone), plain(spoc.email)} & reach
        ):
            return (
                "a named contact of the agency has the name, number or e-mail of a person in the case: "
                "ask the agency for another contact"
            )
    return None


@lru_cache(maxsize=200)
def _people(checked: Checked) -> tuple[frozenset[frozenset[str]], frozenset[str]]:
    """Return the names of the people in a case, and their numbers and e-mail addresses."""
    return frozenset(_names(checked)), frozenset(_reach(checked))


@lru_cache(maxsize=2_000)
def _words(name: str) -> frozenset[str]:
    """Return the words of a name, without case, accents and apostrophes, in no order."""
    return frozenset(re.findall(r"[^\W_]+", fold(name).flat.replace("'", "")))


_BESIDE_A_NAME = TITLES | {"jnr", "jr", "junior", "snr", "sr", "senior", "ii", "iii", "obe", "mbe"}


def _names(checked: Checked) -> Iterator[frozenset[str]]:
    """Yield the words of every name in a case that make it somebody's: first and last, and each alias whole."""
    halves: dict[str, frozenset[str]] = {}
    for _, found, value in checked.paths():
        if found.ask.identifies is not Identifies.NAME or not isinstance(value, str):
            continue
        if found.ask.key == "surname":
            halves[found.section.key] = halves.get(found.section.key, frozenset()) | _words(value)
        elif found.ask.key == "forenames":
            halves[found.section.key] = halves.get(found.section.key, frozenset()) | _words(value.split()[0])
        elif found.ask.key == "full_name":
            parts = [
                one for one in value.split() if _words(one) and not _words(one) <= _BESIDE_A_NAME
            ] or value.split()
            yield _words(f"{parts[0]} {parts[-1]}")
        else:
            yield from (words for one in re.split(r"[,;/\n]", value) if (words := _words(one)))
    yield from halves.values()


def _reach(checked: Checked) -> Iterator[str]:
    """Yield the numbers and e-mail addresses of the people in a case."""
    for _, found, value in checked.paths():
        if isinstance(value, str) and found.ask.identifies is Identifies.PHONE:
            yield _number(value)
        elif isinstance(value, str) and found.ask.identifies is Identifies.EMAIL:
            yield plain(value)


@lru_cache(maxsize=2_000)
def _number(telephone: str) -> str:
    try:
        return str(answers.PHONE.read(telephone))
    except answers.Unreadable:
        return "not a number"
