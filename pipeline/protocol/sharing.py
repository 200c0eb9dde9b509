"""Who may receive what, and the view that an agency gets of a case."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from forms import answers
from forms.answers import NOT_KNOWN, UNKNOWN, plain
from forms.definition import Ask, Filler, Found, Table
from forms.information import Identifies, Information
from pipeline.area import AgencyKind
from pipeline.checked import Checked
from pipeline.meeting import Meeting
from pipeline.protocol.consent import hidden_when_anonymous
from pipeline.protocol.folded import fold
from pipeline.protocol.need_to_know import informations_for
from pipeline.protocol.rule import AgencyContext, CaseContext, Citation, Effect, On, Source, rule
from pipeline.protocol.scrub import Scrub, Surroundings
from pipeline.view import NotAnswered, NotKnown, Shared, SharedAnswer, SharedView, Withheld

_MEETINGS = Citation(Source.THAMES_VALLEY, "section 14, meetings")
_TV14 = Citation(Source.THAMES_VALLEY, "section 14, sharing information")
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
    people = set(_names(case.checked))
    reach = set(_reach(case.checked))
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


def _words(name: str) -> frozenset[str]:
    """Return the words of a name, without case, accents and apostrophes, in no order."""
    return frozenset(re.findall(r"[^\W_]+", fold(name).flat.replace("'", "")))


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
            parts = value.split()
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


def _number(telephone: str) -> str:
    try:
        return str(answers.PHONE.read(telephone))
    except answers.Unreadable:
        return "not a number"


@dataclass(frozen=True)
class Sight:
    """What a recipient may see of a case; two recipients of one sight share one view.

    Attributes:
        informations: the classes of information.
        own: the kind of agency whose own holdings it sees.
        anonymous: the case goes without what identifies the client (CONSENT-2).
    """

    informations: frozenset[Information]
    own: AgencyKind | None
    anonymous: bool = False


WHOLE = Sight(frozenset(Information), None)
"""Everything: for the referrer and the co-ordinator, who hold the referral itself."""


def sight_of(kind: AgencyKind, checked: Checked, *, anonymous: bool) -> Sight:
    """Return what a kind of agency may see of a referral."""
    sight = Sight(informations_for(checked.form.knowing, kind), None, anonymous)
    own = [found for found in checked.form.asks() if found.ask.holder == kind]
    # Who sees its own holdings anyway shares the view of others who do.
    return sight if all(is_needed(found, sight) for found in own) else replace(sight, own=kind)


@rule(
    "SHARE-11",
    "Only what the purpose needs: what is outside a recipient's need to know is nowhere in its papers",
    Effect.REDUCE,
    On.PAPERS,
    _TV14,
    Citation(Source.WEST_MIDLANDS, "principles of information sharing"),
)
def is_needed(found: Found, sight: Sight) -> bool:
    """Say whether a question is within a recipient's need to know; an agency always sees its own holdings."""
    ask = found.ask
    return {ask.about, *ask.also} <= sight.informations or (ask.holder != "" and ask.holder == sight.own)


def _closed_by(found: Found, sight: Sight) -> str | None:
    if sight.anonymous and hidden_when_anonymous(found):
        return "CONSENT-2"
    return None if is_needed(found, sight) else "SHARE-11"


def view_of(
    checked: Checked, case: str, marking: str, sight: Sight, around: Surroundings | None = None
) -> SharedView:
    """Return a case as a recipient may see it.

    Withheld values are taken out of all text that is shared as well, so that an address which an agency may not
    have does not reach it through the reasons for the referral.

    Args:
        checked: the referral.
        case: the case reference.
        marking: in capitals.
        sight: what the recipient may see.
        around: what is known around the case.
    """
    closed = {path: _closed_by(found, sight) for path, found, _ in checked.paths()}
    scrub = Scrub(checked, closed, around or Surroundings(), anonymous=sight.anonymous)
    # The co-ordinator's part is on the page when something in it may be seen; an answer that is closed decides nothing.
    parts = {
        one.section.key for path, one, value in checked.paths() if not closed[path] and value not in (None, ())
    }
    parts |= {section.key for section in checked.form.sections if section.by is Filler.REFERRER}
    shared: dict[str, SharedAnswer] = {}
    for path, found, value in checked.paths():
        if found.section.key not in parts:
            continue
        if rule_id := closed[path]:
            shared[path] = Withheld(rule_id)
        else:
            shared[path] = _shared(found.ask, value, scrub)
    rows = {
        path: _rows(checked, path, table, sight)
        for path, section, table in checked.form.tables()
        if section.key in parts
    }
    shared = {p: a for p, a in shared.items() if not isinstance(rows.get(p.partition("[")[0]), Withheld)}
    notes = (_ANONYMOUS,) if sight.anonymous else ()
    return SharedView(checked.form, case, marking, shared, rows, notes)


_ANONYMOUS = (
    "Brought anonymously: the victim has not consented, so what identifies the victim is left out (CONSENT-2)."
)


def _rows(checked: Checked, path: str, table: Table, sight: Sight) -> int | Withheld:
    rules = {_closed_by(checked.form.find(f"{path}.{ask.key}"), sight) for ask in table.columns}
    if None in rules:
        return len(checked[path])
    return Withheld("CONSENT-2" if "CONSENT-2" in rules else "SHARE-11")


def _shared(ask: Ask, value: object, scrub: Scrub) -> SharedAnswer:
    if value in (None, ()):
        return NotAnswered()
    if value is NOT_KNOWN or (ask.one_of and value == UNKNOWN.key):
        return NotKnown()
    return Shared(scrub(ask, ask.show(value)))


@rule(
    "SHARE-14",
    "A recipient is told that something was withheld and by which rule, never what it said",
    Effect.REDUCE,
    On.PAPERS,
    _TV14,
)
def withheld_from(view: SharedView) -> dict[str, tuple[str, ...]]:
    """Return rule → what it withheld, as printed on the form: a section's title where the whole of it is closed.

    Rows of a table are not counted, so that nobody learns how many there are.
    """
    closed = view.withheld()
    told: dict[str, list[str]] = {}
    for section in view.form.sections:
        here = [path for path in closed if path.partition(".")[0] == section.key]
        is_open = any(
            path not in closed for path in (*view.answers, *view.rows) if path.partition(".")[0] == section.key
        )
        for path in here:
            question = f"{section.title}: {_label(view, path)}" if is_open else section.title
            if question not in told.setdefault(closed[path], []):
                told[closed[path]].append(question)
    return {rule_id: tuple(questions) for rule_id, questions in told.items()}


def _label(view: SharedView, path: str) -> str:
    tables = {table_path: table.title for table_path, _, table in view.form.tables()}
    return tables.get(path) or view.form.find(path).ask.label
