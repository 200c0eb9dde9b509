"""The vocabulary in which a form is defined: Form, Section, Table, Ask, and the conditions between answers.

From one definition come the model and its checks, the blank workbook, the reader, the PDF, the check of the Word
template, the JSON Schema and the example. A path such as `victim.date_of_birth` is the model's attribute, the defined
name in the workbook, the tag in Word, the key in JSON and the place in a problem; a row of a table is numbered from 1:
`children.child[2].full_name`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from forms.answers import ADDRESS, TEXT, Choice
from forms.asking import Ask, Filler, Found, Section, Table, row_path, without_rows
from forms.conditions import (
    AllOf,
    Answered,
    AnyOf,
    AtLeast,
    Birthday,
    Computed,
    Condition,
    Count,
    Highest,
    Is,
    Not,
    Same,
    all_of,
    any_of,
    holds,
    one_of,
    paths_in,
)
from forms.information import Information
from forms.model import Answers, model_of, schema_of

__all__ = [
    "Agreement",
    "AllOf",
    "Answered",
    "Answers",
    "AnyOf",
    "Ask",
    "AtLeast",
    "Birthday",
    "Computed",
    "Condition",
    "Count",
    "Earlier",
    "Filler",
    "Form",
    "Found",
    "Highest",
    "Is",
    "Not",
    "Same",
    "Section",
    "Slip",
    "Table",
    "all_of",
    "any_of",
    "holds",
    "one_of",
    "paths_in",
    "row_path",
    "without_rows",
]


@dataclass(frozen=True)
class Agreement:
    """Answers that must agree: where `wrong` holds, the answer at `path` is a problem, told in these words."""

    path: str
    wrong: Condition
    what: str
    cure: str


@dataclass(frozen=True)
class Earlier:
    """An earlier edition of a form: how a workbook made from it is read, or why it is not.

    Attributes:
        edition: "2026-1".
        refused: why it cannot be read any more, as a sentence; empty if it can.
        renamed: (path then, path now) of questions, tables and columns that have another path.
        added: paths that were not asked then; their cells are not missed.
    """

    edition: str
    refused: str = ""
    renamed: tuple[tuple[str, str], ...] = ()
    added: tuple[str, ...] = ()

    def then(self, name: str) -> str:
        """Return the name of a cell as it was in that edition."""
        for old, new in sorted(self.renamed, key=lambda pair: -len(pair[1])):  # a column before its table
            if name == new or name.startswith(f"{new}."):
                return old + name.removeprefix(new)
        return name


@dataclass(frozen=True)
class Slip:
    """A slip that the recipient fills and sends back, on a page of its own.

    Attributes:
        about: what to do with it, in a sentence.
        shows: paths of answers of the form that it repeats.
        lines: what is to be filled in by hand.
    """

    title: str
    about: str
    shows: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """One form.

    Attributes:
        id: its name in commands and files: "marac".
        panel: the panel it refers to; empty for any.
        edition: the edition of this definition; a workbook says which one it was made from.
        about: what it is for, in one sentence.
        subject: the section of the person whom the case is about.
        area: the name of the area whose form it is; empty for all.
        source: where the printed form is.
        send_to: what the opening sheet says about where it goes, when the area says nothing.
        need_to_know: whose rows of the need-to-know table it goes by; its own id if empty.
        agreements: answers that must agree.
        earlier: the editions before this one.
        closed: an allow-list: nobody can add a question (SHARE-5).
        slip: what its recipient sends back.
        ruled: paths of optional questions that rules look at, so that no area can leave them out.
        hidden: paths of questions that an area does not ask; rules find them open.
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
    need_to_know: str = ""
    agreements: tuple[Agreement, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    closed: bool = False
    slip: Slip | None = None
    ruled: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    _index: dict[str, Found] = field(init=False, default_factory=dict, repr=False, compare=False, hash=False)

    def __repr__(self) -> str:
        """Say which form, and leave out what it asks."""
        return f"<form {self.id}, edition {self.edition}>"

    def __post_init__(self) -> None:
        """Index the questions by path, and refuse two of one path, or a condition on what is not asked once a case."""
        for found in self._walk():
            if found.path in self._index:
                raise ValueError(f"{self.id}: two questions at {found.path}")
            self._index[found.path] = found
        tables = {found.path.rpartition(".")[0] for found in self._index.values() if found.table}
        alone = {found.path for found in self._index.values() if not found.table}
        for path, wanted in self._leaning():
            if not wanted <= tables | alone:
                raise ValueError(
                    f"{self.id}: {path} depends on what is not asked, or only in the rows of a table"
                )
        facts = [found.ask.fact for found in self._index.values() if found.ask.fact]
        if double := {one for one in facts if facts.count(one) > 1}:
            raise ValueError(f"{self.id}: two questions tell {', '.join(sorted(double))}")

    def _walk(self) -> Iterator[Found]:
        for section in self.sections:
            for item in section.items:
                if isinstance(item, Table):
                    for ask in item.columns:
                        yield Found(f"{section.key}.{item.key}.{ask.key}", section, item, ask)
                else:
                    yield Found(f"{section.key}.{item.key}", section, None, item)

    def _leaning(self) -> Iterator[tuple[str, set[str]]]:
        """Yield what leans on other answers, with the paths of those."""
        for found in self._index.values():
            for condition in (found.ask.required_if, found.ask.only_if):
                if condition:
                    yield found.path, set(paths_in(condition))
            if found.ask.computed:
                yield found.path, set(found.ask.computed.paths)
        for one in self.agreements:
            yield one.path, {one.path, *paths_in(one.wrong)}
        for path in self.slip.shows if self.slip else ():
            yield "the slip", {path}

    @property
    def leant_on(self) -> frozenset[str]:
        """The paths that other answers, agreements or the slip lean on."""
        return frozenset(path for _, wanted in self._leaning() for path in wanted)

    def asks(self) -> Iterator[Found]:
        """Yield every question in printed order."""
        yield from self._index.values()

    def tables(self) -> Iterator[tuple[str, Section, Table]]:
        """Yield every table with its path in printed order."""
        for section in self.sections:
            for item in section.items:
                if isinstance(item, Table):
                    yield f"{section.key}.{item.key}", section, item

    @property
    def printed(self) -> tuple[Section, ...]:
        """The sections that stand on paper; the others are kept by the sender."""
        return tuple(section for section in self.sections if not section.kept)

    @property
    def knowing(self) -> str:
        """Whose rows of the need-to-know table it goes by."""
        return self.need_to_know or self.id

    @property
    def holds(self) -> frozenset[Information]:
        """The classes of information that the form can hold."""
        return frozenset(one for found in self.asks() for one in (found.ask.about, *found.ask.also))

    def find(self, path: str) -> Found:
        """Return the question at a path, with or without row numbers.

        Raises:
            KeyError: the form does not ask it.
        """
        return self._index[without_rows(path)]

    def asked_at(self, path: str) -> Found:
        """Return the question at a path without row numbers, as `find` does, and quicker."""
        return self._index[path]

    def telling(self, fact: str) -> Found | None:
        """Return the question that tells a fact, or None if the form does not ask it."""
        return next((found for found in self.asks() if found.ask.fact == fact), None)

    @cached_property
    def model(self) -> type[Answers]:
        """The form's own model: a frozen pydantic class with an attribute for each section."""
        return model_of(self.id, self.sections, self.hidden)

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a referral in JSON: form, edition and answers."""
        return schema_of(self.model, self.id, self.edition, self.title, self.sections)

    def example(self) -> dict[str, Any]:
        """Return answers to every question of the referrer, as a person would type them, one row a table."""
        return {
            section.key: {
                item.key: [{a.key: a.sample() for a in item.columns}]
                if isinstance(item, Table)
                else item.sample()
                for item in section.items
                if isinstance(item, Table) or not item.computed
            }
            for section in self.sections
            if section.by is Filler.REFERRER
        }

    def with_choices(self, lists: Mapping[str, tuple[Choice, ...]]) -> "Form":
        """Return the form with other lists at the given paths (the markings of an area's scheme, its agencies)."""
        return self.changed(lambda path, ask: replace(ask, choices=lists[path]) if path in lists else ask)

    def changed(self, change: Callable[[str, Ask], Ask | None]) -> "Form":
        """Return the form with each question, given with its path, as a function would have it; None leaves it out."""

        def items(section: Section) -> Iterator[Ask | Table]:
            for item in section.items:
                path = f"{section.key}.{item.key}"
                if isinstance(item, Ask):
                    if (new := change(path, item)) is not None:
                        yield new
                    continue
                columns = (change(f"{path}.{ask.key}", ask) for ask in item.columns)
                yield replace(item, columns=tuple(ask for ask in columns if ask is not None))

        sections = tuple(replace(one, items=tuple(items(one))) for one in self.sections)
        return replace(self, sections=sections)

    def capped(self, most: int) -> "Form":
        """Return the form with at most so many characters in every printed answer of words, twice that in an address."""

        def cap(path: str, ask: Ask) -> Ask:
            told = ask.kind in (TEXT, ADDRESS) and not ask.most and not self.find(path).section.kept
            return replace(ask, most=most * 2 if ask.kind == ADDRESS else most) if told else ask

        return self.changed(cap)

    def less(self, hidden: Iterable[str]) -> "Form":
        """Return the form without some questions outside tables."""
        paths = frozenset(hidden)
        made = self.changed(lambda path, ask: None if path in paths else ask)
        return replace(made, hidden=self.hidden | paths)
