"""What a form is made of: questions, tables of questions, sections; and where each stands."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from forms import answers
from forms.answers import NO, NOT_KNOWN, UNKNOWN, YES, Choice, Kind, Raw, Unreadable
from forms.conditions import Computed, Condition
from forms.information import Identifies, Information, Whose


class Filler(Enum):
    """Who answers."""

    REFERRER = "referrer"
    COORDINATOR = "co-ordinator"


_MOST_DIGITS_IN_NAME = 2
"""A nickname may hold a digit or two; an address or telephone number beside a name would go wherever the name goes."""


@dataclass(frozen=True)
class Ask:
    """One question.

    Attributes:
        key: the last part of its path.
        label: what is printed beside the answer.
        kind: the kind of answer.
        about: the class of information that the answer is.
        help: one or two sentences for the person filling it in.
        example: an answer, as a person would type it; the kind's own sample if empty.
        required: it must be answered. `required_if`: it must be, where the condition holds.
        only_if: it belongs only where the condition holds; required there or not.
        unknown: "Not known" is taken as an answer.
        choices: the list, for a choice or several.
        past: a date after the day of checking is a mistake.
        capitals: printed in capitals.
        identifies: what it would give away in free text (CONSENT-2).
        holder: for what one agency holds, the kind of that agency.
        also: further classes that the answer is of; whoever sees it needs to know all of them.
        fact: what it tells, called alike in every form ("offender.surname"): a case that goes on to another form
            carries it there.
        computed: the program works it out from other answers; nobody types it.
        most: how many characters it may have, where a line must not become a story; 0 for any number.
        grid: the title of the grid in which it is printed beside its neighbours.
        list_name: the list that an area may have its own of: "ethnicity", "agencies", "drugs".
        spellings: further words that are read as a choice: (what is typed, the key).
        on_request: asked only where an area's settings ask for it.
        local: an area's settings brought it; a workbook made without them is read all the same.
    """

    key: str
    label: str
    kind: Kind
    about: Information
    help: str = ""
    example: Raw = ""
    required: bool = False
    required_if: Condition | None = None
    only_if: Condition | None = None
    unknown: bool = False
    choices: tuple[Choice, ...] = ()
    past: bool = False
    capitals: bool = False
    identifies: Identifies | None = None
    holder: str = ""
    also: tuple[Information, ...] = ()
    fact: str = ""
    computed: Computed | None = None
    most: int = 0
    grid: str = ""
    list_name: str = ""
    spellings: tuple[tuple[str, str], ...] = ()
    on_request: bool = False
    local: bool = False

    def __post_init__(self) -> None:
        """Complete the list of a yes-or-no question, and refuse a list question without its list."""
        if self.kind in (answers.YES_NO, answers.YES_NO_UNKNOWN):
            full = (YES, NO) if self.kind == answers.YES_NO else (YES, NO, UNKNOWN)
            object.__setattr__(self, "choices", full)
        if (self.one_of or self.some_of) != bool(self.choices):
            raise ValueError(f"{self.key}: a list question has choices, and no other has")

    @property
    def one_of(self) -> bool:
        """Whether the answer is one of a list."""
        return self.kind in (answers.CHOICE, answers.YES_NO, answers.YES_NO_UNKNOWN)

    @property
    def some_of(self) -> bool:
        """Whether the answer is as many of a list as apply."""
        return self.kind == answers.CHOICES

    def read(self, raw: Raw) -> Any:
        """Return the value that was meant.

        Raises:
            Unreadable: it cannot be read as this question's kind.
        """
        if self.unknown and not self.one_of and answers.is_not_known(raw):
            return NOT_KNOWN
        if self.one_of:
            return self._pick(raw)
        if self.some_of:
            said = [one for one in raw if not answers.is_blank(one)] if isinstance(raw, list) else [raw]
            picked = {self._pick(one) for one in said}
            return tuple(choice.key for choice in self.choices if choice.key in picked)
        value = self.kind.read(raw)
        if self.kind == answers.LONG and self.required and answers.is_placeholder(value):
            raise Unreadable("placeholder")
        if self.most and len(self.kind.show(value)) > self.most:
            raise Unreadable("too-long", most=self.most)
        if self.identifies is Identifies.NAME and sum(map(str.isdigit, value)) > _MOST_DIGITS_IN_NAME:
            raise Unreadable("digits-in-name")
        return value

    def _pick(self, raw: Raw) -> str:
        typed_now = (
            answers.digits(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else str(raw)
        )
        said = answers.plain(typed_now).rstrip(".")
        for typed, key in self.spellings:
            if said == answers.plain(typed):
                return key
        return answers.pick(raw, self.choices)

    def show(self, value: Any) -> str:
        """Return a value as text for a page; several choices come a line each."""
        if value is NOT_KNOWN:
            return answers.UNKNOWN.label
        if self.one_of:
            return self.label_of(value)
        if self.some_of:
            return "\n".join(self.label_of(key) for key in value)
        shown = self.kind.show(value)
        return shown.upper() if self.capitals else shown

    def write(self, value: Any) -> str | list[str]:
        """Return a value as JSON holds it; `read` takes it for the same value."""
        if value is NOT_KNOWN:
            return answers.UNKNOWN.label
        if self.some_of:
            return list(value)
        return str(value) if self.one_of else self.kind.write(value)

    def label_of(self, key: str) -> str:
        """Return the label of a choice by its key."""
        return next(choice.label for choice in self.choices if choice.key == key)

    def sample(self) -> Raw:
        """Return an answer as a person would type it, for the example of a form."""
        if self.example:
            return self.example
        if self.some_of:
            return [self.choices[0].label]
        return self.choices[0].label if self.one_of else self.kind.sample

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the answer."""
        keys = [choice.key for choice in self.choices]
        if self.some_of:
            kind: dict[str, Any] = {"type": "array", "items": {"enum": keys}, "uniqueItems": True}
        else:
            kind = {"enum": keys} if self.one_of else dict(self.kind.schema)
        if self.unknown and not self.one_of:
            kind = {"anyOf": [kind, {"const": NOT_KNOWN.value}]}
        return {"title": self.label, **({"description": self.help} if self.help else {}), **kind}


@dataclass(frozen=True)
class Table:
    """Rows of the same columns.

    Attributes:
        singular: what one row is called, "Child".
        room: how many rows a blank offers; more are read.
        at_least: how many rows must be filled.
        at_most: how many rows may be filled at all, where the form has no room for more; 0 for any number.
    """

    key: str
    title: str
    singular: str
    columns: tuple[Ask, ...]
    room: int = 10
    at_least: int = 0
    at_most: int = 0
    help: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the printed form: questions and tables under one head.

    Attributes:
        whose: whom its answers are about.
        by: who fills it.
        kept: it stays with the sender and the co-ordinator: no paper and no pack ever holds it (SHARE-5).
    """

    key: str
    title: str
    items: tuple[Ask | Table, ...]
    help: str = ""
    whose: Whose = Whose.NOBODY
    by: Filler = Filler.REFERRER
    kept: bool = False


@dataclass(frozen=True)
class Found:
    """A question with where it stands; `table` is None outside tables. `path` has no row number."""

    path: str
    section: Section
    table: Table | None
    ask: Ask


def without_rows(path: str) -> str:
    """Return a path without its row numbers."""
    return ".".join(part.partition("[")[0] for part in path.split("."))


def row_path(table: str, row: int, key: str) -> str:
    """Return the path of a cell of a table, rows counted from 1."""
    return f"{table}[{row}].{key}"
