"""A case goes on to another form: what has been typed once is carried there, to be confirmed, and nothing that the form may not hold.

Facts are called alike in all forms (`Ask.fact`). A fact is carried if the new form asks for it and holds it as closely, in every
class of information that it is of. What a client refused or what would name the client of an anonymous case stays. Free text, consent, and marking and basis belong to the form that they were written for, and stay there.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from forms import answers
from forms.answers import NOT_KNOWN, Raw, Unreadable, long_date
from forms.definition import Ask, Filler, Form, Found, Section, Table, row_path
from forms.information import Information
from pipeline.checked import Checked
from pipeline.protocol.consent import hidden_when_anonymous, is_unnamed
from pipeline.protocol.contact import refused_channels

_NOT_CARRIED = ("consent.", "handling.")
_NEW_EACH_TIME = frozenset({"referrer.date"})
"""What a review does not take over from the last referral."""


@dataclass(frozen=True)
class Carriage:
    """What was carried.

    Attributes:
        answers: section → question → answer, to begin a workbook with; a table is a list of rows.
        paths: the carried answers, with row numbers.
        sections: keys of the sections to be confirmed.
        source: what it was carried from, in words.
        several: roles of which the old form names several people ("offender"), and none was chosen.
    """

    answers: dict[str, Any] = field(repr=False)
    paths: frozenset[str]
    sections: frozenset[str]
    source: str
    several: tuple[str, ...] = ()


def carry(checked: Checked, form: Form, picks: Mapping[str, int] | None = None) -> Carriage:
    """Return what a sound referral gives to a form.

    Args:
        checked: the referral.
        form: the form to begin, as the area has it; the same as the referral's begins a review.
        picks: role → which of several in a table, from 1, where the form asks for one: {"offender": 2}.

    Raises:
        IndexError: there are not so many.
    """
    day = checked["referrer.date"]
    source = f"{checked.form.title}{f' of {long_date(day)}' if isinstance(day, dt.date) else ''}"
    if form.closed:  # which panel a case came from is none of its reader's business
        source = "an earlier form"
    if form.id == checked.form.id:
        return _review(checked, form, source)
    return _Carrying(checked, form, picks or {}).carried(source)


def _review(checked: Checked, form: Form, source: str) -> Carriage:
    """Return everything that the referrer said last time: each part is to be confirmed as still current."""
    made: dict[str, Any] = {}
    paths = set()
    for path, found, value in checked.paths():
        asked_still = path not in _NEW_EACH_TIME and not found.ask.computed and _asks(form, path)
        if found.section.by is not Filler.REFERRER or not asked_still or value in (None, ()):
            continue
        _put(made, path, found, found.ask.write(value))
        paths.add(path)
    sections = frozenset(section.key for section in form.sections if section.by is Filler.REFERRER)
    return Carriage(made, frozenset(paths), sections, source)


def _asks(form: Form, path: str) -> bool:
    try:
        form.find(path)
    except KeyError:
        return False
    return True


def _put(made: dict[str, Any], path: str, found: Found, raw: Raw) -> None:
    here = made.setdefault(found.section.key, {})
    if found.table is None:
        here[found.ask.key] = raw
        return
    number = int(path.partition("[")[2].partition("]")[0])
    rows = here.setdefault(found.table.key, [])
    rows += [{} for _ in range(number - len(rows))]
    rows[number - 1][found.ask.key] = raw


@dataclass(frozen=True)
class _Carrying:
    """One referral on its way to another form."""

    checked: Checked = field(repr=False)
    form: Form
    picks: Mapping[str, int]
    several: set[str] = field(default_factory=set)

    @cached_property
    def refused(self) -> frozenset[str]:
        """The ways of contact that the client refused: no other form asks for that consent (CONSENT-3)."""
        return refused_channels(self.checked)

    @cached_property
    def unnamed(self) -> bool:
        """Whether the case goes anonymously: what leads to the client stays in it (CONSENT-2)."""
        return is_unnamed(self.checked)

    def carried(self, source: str) -> Carriage:
        """Return what the form takes over."""
        made: dict[str, Any] = {}
        paths = set()
        for section, item in self._items():
            for path, ask, raw in (
                self._table(section, item) if isinstance(item, Table) else self._ask(section, item)
            ):
                _put(made, path, Found(path, section, item if isinstance(item, Table) else None, ask), raw)
                paths.add(path)
        sections = frozenset(path.partition(".")[0] for path in paths)
        return Carriage(made, frozenset(paths), sections, source, tuple(sorted(self.several)))

    def _items(self) -> Iterator[tuple[Section, Ask | Table]]:
        for section in self.form.sections:
            if section.by is Filler.REFERRER and not section.kept:
                yield from ((section, item) for item in section.items)

    def _ask(self, section: Section, ask: Ask) -> Iterator[tuple[str, Ask, Raw]]:
        """Yield what a question outside tables takes over, if it takes anything."""
        values = list(self._values(ask.fact)) if _goes(ask) else []
        role = ask.fact.partition(".")[0]
        if len(values) > 1 and role not in self.picks:
            self.several.add(role)
            return
        if role in self.picks and values:
            if not 1 <= self.picks[role] <= len(values):
                raise IndexError(role)
            values = [values[self.picks[role] - 1]]
        for found, value in values:
            if (raw := self._taken(found, value, ask)) is not None:
                yield f"{section.key}.{ask.key}", ask, raw

    def _table(self, section: Section, table: Table) -> Iterator[tuple[str, Ask, Raw]]:
        """Yield what the rows of a table take over; if they are more than the new one has room for, its check says so."""
        columns = [(ask, list(self._values(ask.fact))) for ask in table.columns if _goes(ask)]
        rows = max((len(values) for _, values in columns), default=0)
        for number in range(1, rows + 1):
            for ask, values in columns:
                if number <= len(values) and (raw := self._taken(*values[number - 1], ask)) is not None:
                    yield row_path(f"{section.key}.{table.key}", number, ask.key), ask, raw

    def _values(self, fact: str) -> Iterator[tuple[Found, Any]]:
        """Yield each answer that tells a fact, in its question: one, or one for each row of a table."""
        role, _, key = fact.rpartition(".")
        found = self.checked.form.telling(fact)
        if found is None and key in _NAME_PARTS:
            yield from self._names(role, key)
        elif found is not None and found.table is None:
            yield found, self.checked[found.path]
        elif found is not None and found.table is not None:
            table = found.path.rpartition(".")[0]
            yield from ((found, getattr(one, found.ask.key)) for one in self.checked[table])

    def _names(self, role: str, part: str) -> Iterator[tuple[Found, Any]]:
        """Yield a name in other parts than it was asked in: put together, or taken apart at its last space."""
        if part == "full_name":
            halves = [list(self._values(f"{role}.{half}")) for half in ("forenames", "surname")]
            for first, last in zip(*halves, strict=True) if all(halves) else ():
                both = [value for _, value in (first, last) if value not in (None, NOT_KNOWN)]
                yield last[0], " ".join(both) or None
            return
        if (whole := self.checked.form.telling(f"{role}.full_name")) is None:
            return
        for found, name in self._values(whole.ask.fact):
            yield found, _part_of(name, part) if isinstance(name, str) else None

    def _taken(self, found: Found, value: Any, ask: Ask) -> Raw | None:
        """Return a value as the new form takes it, or None: open, held less closely there, refused, or not one of its answers."""
        classes = {found.ask.about, *found.ask.also}
        if value in (None, ()) or found.path in self.refused or (self.unnamed and hidden_when_anonymous(found)):
            return None
        if not classes <= {ask.about, *ask.also} or Information.NARRATIVE in classes:
            return None
        raws: list[Raw] = [found.ask.write(value)]
        if found.ask.one_of and value is not NOT_KNOWN:
            # A list takes the key; words take what people see.
            raws.insert(0 if not ask.one_of else 1, found.ask.label_of(value))
        for raw in raws:
            try:
                ask.read(raw)
            except Unreadable:
                continue
            return raw
        return None


def _part_of(name: str, part: str) -> str | None:
    """Return surname or forenames of a whole name: at its comma, or before its last word and the small words that lead to it."""
    if "," in name:
        surname, _, forenames = name.partition(",")
    else:
        words = name.split()
        at = max(len(words) - 1, 0)
        while at > 1 and words[at - 1].islower():
            at -= 1
        forenames, surname = " ".join(words[:at]), " ".join(words[at:])
    return (surname if part == "surname" else forenames).strip() or None


_NAME_PARTS = frozenset({"full_name", "surname", "forenames"})


def _goes(ask: Ask) -> bool:
    """Say whether a question takes anything over: it tells a fact, in an answer that is no free text."""
    free = ask.kind == answers.LONG or ask.about is Information.NARRATIVE
    return bool(ask.fact) and not free and not ask.computed and not ask.fact.startswith(_NOT_CARRIED)
