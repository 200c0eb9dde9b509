"""What an agency may see of a case: its view."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from forms.answers import NOT_KNOWN, UNKNOWN, YES_NO, YES_NO_UNKNOWN
from forms.definition import Ask, Filler, Found, Table
from forms.information import Information
from pipeline.agency import AgencyKind
from pipeline.checked import Checked
from pipeline.protocol.consent import hidden_when_anonymous
from pipeline.protocol.contact import refused_channels
from pipeline.protocol.limited import CHECKED, limit_of, stays_with_sender
from pipeline.protocol.minutes import holds_minutes, is_minutes
from pipeline.protocol.need_to_know import informations_for
from pipeline.protocol.rule import CaseContext, Citation, Effect, On, Source, rule
from pipeline.protocol.scrub import Scrub, Surroundings
from pipeline.view import NotAnswered, NotKnown, Shared, SharedAnswer, SharedView, Withheld

_TV14 = Citation(Source.THAMES_VALLEY, "section 14, sharing information")


@dataclass(frozen=True)
class Sight:
    """What a recipient may see of a case; two recipients of one sight share one view.

    Attributes:
        informations: the classes of information.
        own: the kind of agency whose own holdings it sees.
        anonymous: the case goes without what identifies the client (CONSENT-2).
        victims: what is told of victims may be seen as well, since whoever supplied it agrees (SHARE-9).
        minutes: it is a member, so that minutes are for it too (SHARE-10).
        by: the rule that says which classes these are.
    """

    informations: frozenset[Information]
    own: AgencyKind | None
    anonymous: bool = False
    victims: bool = True
    minutes: bool = True
    by: str = "SHARE-11"


WHOLE = Sight(frozenset(Information), None)
"""Everything: for the referrer and the co-ordinator, who hold the referral itself."""


def sight_of(  # noqa: PLR0913 - each is what a rule of its own says
    kind: AgencyKind,
    checked: Checked,
    *,
    anonymous: bool,
    victims: bool = True,
    member: bool = True,
    check: bool = False,
) -> Sight:
    """Return what a kind of agency may see of a referral.

    Args:
        kind: of agency.
        checked: the referral.
        anonymous: it goes anonymously (CONSENT-2).
        victims: whoever supplied what is told of victims agrees to sharing it (SHARE-9).
        member: it is a member of the panel, not invited for single cases (SHARE-10).
        check: the case is on the agenda for a check of records alone (SHARE-12).
    """
    needed, limit = informations_for(checked.form.knowing, kind), limit_of(kind)
    by = "SHARE-11"
    if limit:
        needed, by = needed & limit.informations, limit.rule
    if check:
        return Sight(needed & CHECKED, None, anonymous, victims, member, "SHARE-12")
    sight = Sight(needed, None, anonymous, victims, member or not holds_minutes(checked), by)
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
    if stays_with_sender(found.section):
        return "SHARE-5"
    if sight.anonymous and hidden_when_anonymous(found):
        return "CONSENT-2"
    if not sight.minutes and is_minutes(found.section):
        return "SHARE-10"
    if not is_needed(found, sight):
        return sight.by
    about_victims = Information.VICTIM in {found.ask.about, *found.ask.also}
    return "SHARE-9" if about_victims and not sight.victims else None


@rule(
    "SHARE-9",
    "What is told of victims is shared only with the agreement of the agency that supplied it",
    Effect.REDUCE,
    On.CASE,
    Citation(Source.WEST_MIDLANDS, "victims"),
    open_to_decision=True,
    forms=("mappa-a", "mappa-f", "mappa-i"),
)
def leaves_victims_out(case: CaseContext) -> str | None:
    """Leave what is told of victims out of every view where its supplier has not agreed."""
    if is_agreed_about_victims(case.checked):
        return None
    return "the agency that supplied what is told of victims has not agreed to sharing it: that is left out"


_SAYS_WHETHER = frozenset({"any_victim", "domestic_abuse", "liaison"})


def is_agreed_about_victims(checked: Checked) -> bool:
    """Say whether what a referral tells of victims may be shared while nobody has decided otherwise (SHARE-9).

    The MAPPA forms that tell of victims ask whether whoever supplied it agrees. On those of community panels the sender tells
    what it knows itself, and agrees by sending it.
    """
    asked = checked.form.telling("victims.agreed")
    if asked is None or checked[asked.path] == "yes":
        return True
    about = [one for one in checked.paths() if one[1].ask.about is Information.VICTIM]
    # Form F holds what it tells of victims in answers of another class.
    told = about or [one for one in checked.paths() if Information.VICTIM in one[1].ask.also]
    beside = {*_SAYS_WHETHER, asked.ask.key}
    tells = any(
        value not in (None, ()) and not (one.ask.key in beside and one.ask.kind in (YES_NO, YES_NO_UNKNOWN))
        for _, one, value in told
    )
    return checked[asked.path] is None and not tells


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
    refused = frozenset() if sight == WHOLE else refused_channels(checked)
    closed = {
        path: _closed_by(found, sight) or ("CONSENT-3" if path in refused else None)
        for path, found, _ in checked.paths()
    }
    scrub = Scrub(checked, closed, around or Surroundings(), anonymous=sight.anonymous)
    # The co-ordinator's part is on the page when something in it may be seen; an answer that is closed decides nothing.
    parts = {
        one.section.key for path, one, value in checked.paths() if not closed[path] and value not in (None, ())
    }
    parts |= {section.key for section in checked.form.sections if section.by is Filler.REFERRER}
    parts -= {section.key for section in checked.form.sections if stays_with_sender(section)}
    shared: dict[str, SharedAnswer] = {}
    texts = _texts(checked)
    for path, found, value in checked.paths():
        if found.section.key not in parts:
            continue
        if rule_id := closed[path]:
            shared[path] = Withheld(rule_id)
        else:
            shared[path] = _shared(found.ask, value, texts.get(path, ""), scrub)
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


def reads_reasons(sight: Sight) -> bool:
    """Say whether a recipient may read why somebody decided otherwise for a case: whoever has its free text."""
    return Information.NARRATIVE in sight.informations


def can_tell(sight: Sight) -> bool:
    """Say whether a view by a sight can tell more than that there is a case."""
    return sight.own is not None or not sight.informations <= _TELLS_NOTHING


def tells_anything(view: SharedView) -> bool:
    """Say whether a view tells more than that there is a case: its title alone can tell too much (SHARE-11)."""
    return any(
        isinstance(answer, Shared | NotKnown) and view.form.find(path).ask.about not in _TELLS_NOTHING
        for path, answer in view.answers.items()
    )


_TELLS_NOTHING = frozenset({Information.PROCESS, Information.REFERRER})


def _rows(checked: Checked, path: str, table: Table, sight: Sight) -> int | Withheld:
    rules = {_closed_by(checked.form.find(f"{path}.{ask.key}"), sight) for ask in table.columns}
    if None in rules:
        return len(checked[path])
    first = next(one for one in ("SHARE-10", "CONSENT-2", sight.by, "SHARE-9", "SHARE-5") if one in rules)
    return Withheld(first)


@lru_cache(maxsize=200)
def _texts(checked: Checked) -> Mapping[str, str]:
    """Return path → the answer as text for a page, of all that is answered and known."""
    return {
        path: found.ask.show(value)
        for path, found, value in checked.paths()
        if value not in (None, ()) and value is not NOT_KNOWN
    }


def _shared(ask: Ask, value: object, text: str, scrub: Scrub) -> SharedAnswer:
    if value in (None, ()):
        return NotAnswered()
    if value is NOT_KNOWN or (ask.one_of and value == UNKNOWN.key):
        return NotKnown()
    return Shared(scrub(ask, text))


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
