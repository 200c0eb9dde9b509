"""The vocabulary in which a form is defined: Form, Section, Table, Ask, and the conditions between answers.

From one definition come the model and its checks, the blank workbook, the reader, the PDF, the check of the Word
template, the JSON Schema and the example. A path such as `victim.date_of_birth` is the model's attribute, the defined
name in the workbook, the tag in Word, the key in JSON and the place in a problem; a row of a table is numbered from 1:
`children.child[2].full_name`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from forms import answers
from forms.answers import NO, NOT_KNOWN, UNKNOWN, YES, Choice, Kind, Raw, Unreadable
from forms.information import Identifies, Information, Whose


class Filler(Enum):
    """Who answers."""

    REFERRER = "referrer"
    COORDINATOR = "co-ordinator"


@dataclass(frozen=True)
class Is:
    """Holds if the answer at `path` is `key`, or holds it among several choices."""

    path: str
    key: str


@dataclass(frozen=True)
class Answered:
    """Holds if anything is answered at `path`; for a table, if it has a row."""

    path: str


@dataclass(frozen=True)
class AnyOf:
    """Holds if one of the conditions does."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """Holds if the condition does not."""

    condition: "Condition"


Condition = Is | Answered | AnyOf | Not


def any_of(*conditions: Condition) -> AnyOf:
    """Return the condition that one of these holds."""
    return AnyOf(conditions)


def holds(condition: Condition, answer: Callable[[str], Any]) -> bool:
    """Say whether a condition holds, given a function from a path to its value (None where open)."""
    match condition:
        case Is(path, key):
            value = answer(path)
            return key in value if isinstance(value, tuple) else bool(value == key)
        case Answered(path):
            return answer(path) not in (None, ())
        case AnyOf(conditions):
            return any(holds(one, answer) for one in conditions)
        case Not(inner):
            return not holds(inner, answer)


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
        unknown: "Not known" is taken as an answer.
        choices: the list, for a choice or several.
        past: a date after the day of checking is a mistake.
        capitals: printed in capitals.
        identifies: what it would give away in free text (CONSENT-2).
        holder: for what one agency holds, the kind of that agency.
        also: further classes that the answer is of; whoever sees it needs to know all of them.
    """

    key: str
    label: str
    kind: Kind
    about: Information
    help: str = ""
    example: Raw = ""
    required: bool = False
    required_if: Condition | None = None
    unknown: bool = False
    choices: tuple[Choice, ...] = ()
    past: bool = False
    capitals: bool = False
    identifies: Identifies | None = None
    holder: str = ""
    also: tuple[Information, ...] = ()

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
            return answers.pick(raw, self.choices)
        if self.some_of:
            said = [one for one in raw if not answers.is_blank(one)] if isinstance(raw, list) else [raw]
            picked = {answers.pick(one, self.choices) for one in said}
            return tuple(choice.key for choice in self.choices if choice.key in picked)
        value = self.kind.read(raw)
        if self.kind == answers.LONG and self.required and answers.is_placeholder(value):
            raise Unreadable("placeholder")
        if self.identifies is Identifies.NAME and sum(map(str.isdigit, value)) > _MOST_DIGITS_IN_NAME:
            raise Unreadable("digits-in-name")
        return value

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
    """

    key: str
    title: str
    singular: str
    columns: tuple[Ask, ...]
    room: int = 10
    at_least: int = 0
    help: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the printed form: questions and tables under one head."""

    key: str
    title: str
    items: tuple[Ask | Table, ...]
    help: str = ""
    whose: Whose = Whose.NOBODY
    by: Filler = Filler.REFERRER


class Answers(BaseModel):
    """The base of every form's own model: frozen, and silent about what it holds."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, arbitrary_types_allowed=True
    )

    def __repr__(self) -> str:
        """Say what kind of thing this is, never what was answered."""
        return f"<{type(self).__name__}>"

    __str__ = __repr__


@dataclass(frozen=True)
class Found:
    """A question with where it stands; `table` is None outside tables. `path` has no row number."""

    path: str
    section: Section
    table: Table | None
    ask: Ask


@dataclass(frozen=True)
class Form:
    """One form.

    Attributes:
        id: its name in commands and files: "marac".
        panel: the panel it refers to.
        edition: the edition of this definition; a workbook says which one it was made from.
        about: what it is for, in one sentence.
        subject: the section of the person whom the case is about.
        area: the name of the area whose form it is; empty for all.
        source: where the printed form is.
        send_to: what the opening sheet says about where it goes, when the area says nothing.
    """

    id: str
    title: str
    edition: str
    panel: str
    about: str
    sections: tuple[Section, ...]
    subject: str
    area: str = ""
    source: str = ""
    send_to: str = "the co-ordinator of your panel, by a secure channel"
    _index: dict[str, Found] = field(default_factory=dict, repr=False, compare=False, hash=False)

    def __repr__(self) -> str:
        """Say which form, and leave out what it asks."""
        return f"<form {self.id}, edition {self.edition}>"

    def __post_init__(self) -> None:
        """Index the questions by path, and refuse two of one path, or a condition on what is not asked once a case."""
        for found in self._walk():
            if found.path in self._index:
                raise ValueError(f"{self.id}: two questions at {found.path}")
            self._index[found.path] = found
        known = {found.path.rpartition(".")[0] if found.table else found.path for found in self._index.values()}
        for found in self._index.values():
            if found.ask.required_if and not set(_paths(found.ask.required_if)) <= known:
                raise ValueError(
                    f"{self.id}: {found.path} depends on what is not asked, or only in the rows of a table"
                )

    def _walk(self) -> Iterator[Found]:
        for section in self.sections:
            for item in section.items:
                if isinstance(item, Table):
                    for ask in item.columns:
                        yield Found(f"{section.key}.{item.key}.{ask.key}", section, item, ask)
                else:
                    yield Found(f"{section.key}.{item.key}", section, None, item)

    def asks(self) -> Iterator[Found]:
        """Yield every question in printed order."""
        yield from self._index.values()

    def tables(self) -> Iterator[tuple[str, Section, Table]]:
        """Yield every table with its path in printed order."""
        for section in self.sections:
            for item in section.items:
                if isinstance(item, Table):
                    yield f"{section.key}.{item.key}", section, item

    def find(self, path: str) -> Found:
        """Return the question at a path, with or without row numbers.

        Raises:
            KeyError: the form does not ask it.
        """
        return self._index[without_rows(path)]

    @cached_property
    def model(self) -> type[Answers]:
        """The form's own model: a frozen pydantic class with an attribute for each section."""
        sections = {section.key: _section_model(section) for section in self.sections}
        return _model(
            f"{self.id}_answers", {key: (one, Field(default_factory=one)) for key, one in sections.items()}
        )

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a referral in JSON: form, edition and answers."""
        model = self.model.model_json_schema(ref_template="#/$defs/{model}")
        definitions = model.pop("$defs", {})
        for section in self.sections:
            required = [one.key for one in section.items if isinstance(one, Ask) and one.required]
            if required and section.by is Filler.REFERRER:
                definitions[section.key]["required"] = required
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.title,
            "type": "object",
            "required": ["form", "edition", "answers"],
            "additionalProperties": False,
            "properties": {
                "form": {"const": self.id},
                "edition": {"const": self.edition},
                "area": {"type": "string"},
                "answers": model,
            },
            "$defs": definitions,
        }

    def example(self) -> dict[str, Any]:
        """Return answers to every question of the referrer, as a person would type them, one row a table."""
        return {
            section.key: {
                item.key: [{a.key: a.sample() for a in item.columns}]
                if isinstance(item, Table)
                else item.sample()
                for item in section.items
            }
            for section in self.sections
            if section.by is Filler.REFERRER
        }

    def with_choices(self, lists: Mapping[str, tuple[Choice, ...]]) -> "Form":
        """Return the form with other lists at the given paths (the markings of an area's scheme, its agencies)."""

        def item(section: Section, one: Ask | Table) -> Ask | Table:
            path = f"{section.key}.{one.key}"
            return replace(one, choices=lists[path]) if isinstance(one, Ask) and path in lists else one

        sections = tuple(replace(s, items=tuple(item(s, one) for one in s.items)) for s in self.sections)
        return replace(self, sections=sections, _index={})


def without_rows(path: str) -> str:
    """Return a path without its row numbers."""
    return ".".join(part.partition("[")[0] for part in path.split("."))


def row_path(table: str, row: int, key: str) -> str:
    """Return the path of a cell of a table, rows counted from 1."""
    return f"{table}[{row}].{key}"


def _paths(condition: Condition) -> Iterator[str]:
    match condition:
        case Is(path, _) | Answered(path):
            yield path
        case AnyOf(conditions):
            for one in conditions:
                yield from _paths(one)
        case Not(inner):
            yield from _paths(inner)


def _field(ask: Ask) -> tuple[Any, Any]:
    def read(raw: Any) -> Any:
        if answers.is_blank(raw):
            return None
        try:
            return ask.read(raw)
        except Unreadable as unreadable:
            raise PydanticCustomError(
                "unreadable", "{code}", {"code": unreadable.code, "facts": unreadable.facts}
            ) from None

    schema = WithJsonSchema(ask.schema())
    return (Annotated[Any, BeforeValidator(read), schema], None)


def _model(name: str, fields: dict[str, Any]) -> type[Answers]:
    # The attributes are known when the form is, not when this is written, so the type checker sees Any here.
    made: type[Answers] = create_model(name, __base__=Answers, **fields)
    return made


def _section_model(section: Section) -> type[Answers]:
    fields: dict[str, Any] = {}
    for item in section.items:
        if isinstance(item, Table):
            row: Any = _model(f"{section.key}_{item.key}", {ask.key: _field(ask) for ask in item.columns})
            fields[item.key] = (tuple[row, ...], Field(default=(), title=item.title))
        else:
            fields[item.key] = _field(item)
    return _model(section.key, fields)
