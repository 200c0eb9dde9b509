"""Referral → Checked: every problem of a referral at once, or the form's own model, frozen."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from forms.answers import is_blank
from forms.definition import (
    Answers,
    Ask,
    Condition,
    Filler,
    Form,
    Found,
    Section,
    Table,
    holds,
    paths_in,
    row_path,
    without_rows,
)
from pipeline.problem import Place, Problem, problem
from pipeline.typed import blank_rows, less, less_rows, tidied


@dataclass(frozen=True)
class Referral:
    """What a workbook or JSON file says, as it was typed.

    Attributes:
        answers: section → question → what stood there; a table is a list of rows.
        places: path → where it stands in the file, for workbooks.
        problems: what could not be read at all.
        digest: SHA-256 of the file, hexadecimal.
        unconfirmed: keys of the sections that were carried from another referral, and that nobody has confirmed.
        carried: path of a carried answer → what it came from, in words.
        sent_to: the panel that it was sealed for; empty if it did not come sealed, or names none.
    """

    form: Form
    answers: dict[str, Any] = field(repr=False)
    places: Mapping[str, Place] = field(default_factory=dict, repr=False)
    problems: tuple[Problem, ...] = ()
    digest: str = ""
    unconfirmed: tuple[str, ...] = ()
    carried: Mapping[str, str] = field(default_factory=dict, repr=False)
    sent_to: str = ""

    def place(self, path: str) -> Place:
        """Return where a question, a table, a row of one or a section stands, in words at least."""
        return self.places.get(path) or Place(path, _in_words(self.form, path))


@dataclass(frozen=True)
class Checked:
    """A referral whose every answer is sound. Only `check` makes one."""

    form: Form
    answers: Answers = field(repr=False)
    digest: str = ""

    def __hash__(self) -> int:
        return hash((self.form.id, self.digest))

    def __getitem__(self, path: str) -> Any:
        """Return the value at a path; a table gives its rows; None where the question is open.

        Raises:
            AttributeError: the form does not ask it.
            IndexError: a table has no such row.
        """
        value: Any = self.answers
        for part in path.split("."):
            name, _, row = part.partition("[")
            value = getattr(value, name)
            if row:
                value = value[int(row.rstrip("]")) - 1]
        return value

    def paths(self) -> tuple[tuple[str, Found, Any], ...]:
        """Return (path with row numbers, question, value) in printed order, open ones included, as far as rows go."""
        return self._paths

    @cached_property
    def _paths(self) -> tuple[tuple[str, Found, Any], ...]:
        found: list[tuple[str, Found, Any]] = []
        for section in self.form.sections:
            for item in section.items:
                path, value = f"{section.key}.{item.key}", getattr(getattr(self.answers, section.key), item.key)
                if isinstance(item, Ask):
                    found.append((path, self.form.asked_at(path), value))
                    continue
                columns = [(ask.key, self.form.asked_at(f"{path}.{ask.key}")) for ask in item.columns]
                for number, row in enumerate(value, start=1):
                    found += ((row_path(path, number, key), one, getattr(row, key)) for key, one in columns)
        return tuple(found)


def check(referral: Referral, day: dt.date) -> Checked | tuple[Problem, ...]:
    """Return the checked referral, or every problem in it, in printed order.

    Rows of a table that were left open between others are passed over.

    Args:
        referral: what was read; of any shape, since JSON can be.
        day: the day of checking; a past date after it is a problem.
    """
    problems = [(one.place.path, one) for one in referral.problems]
    answers = tidied(referral.form, referral.answers)
    told = {path for path, _ in problems if path}
    checked, faults = as_far_as_read(referral)
    unreadable = dict(_unreadable(referral, fault) for fault in faults)
    problems += [(path, one) for path, one in unreadable.items() if path not in told]
    told |= unreadable.keys()
    blank = blank_rows(referral.form, answers)
    found = _Findings(checked, referral, day, told, blank)
    problems += [(path, one) for path, one in found.every() if not _covers(told, path)]
    if problems:
        return _in_order(referral.form, problems)
    return filled(referral.form, less_rows(answers, blank), referral.digest) if blank else checked


def as_far_as_read(referral: Referral) -> tuple[Checked, list[ErrorDetails]]:
    """Return what can be read of a referral, so that an open answer is named in the same breath, and what cannot."""
    form, answers, faults = referral.form, tidied(referral.form, referral.answers), list[ErrorDetails]()
    try:
        return filled(form, answers, referral.digest), faults
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
    return filled(form, less(answers, [fault["loc"] for fault in faults]), referral.digest), faults


def filled(form: Form, answers: dict[str, Any], digest: str = "") -> Checked:
    """Return answers as the form's model, with those filled in that are worked out from others.

    What is open, late or at odds is not looked at: `check` does that.

    Raises:
        ValidationError: an answer cannot be read.
    """
    made = form.model.model_validate(answers)
    read = Checked(form, made)
    worked_out: dict[str, dict[str, Any]] = {}
    for found in form.asks():
        if found.ask.computed:
            order = tuple(choice.key for choice in found.ask.choices)
            value = found.ask.computed.value(read.__getitem__, order)
            worked_out.setdefault(found.section.key, {})[found.ask.key] = value
    sections = {key: getattr(made, key).model_copy(update=values) for key, values in worked_out.items()}
    return Checked(form, made.model_copy(update=sections), digest)


_LIKE_A_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


def _path(location: tuple[int | str, ...]) -> str:
    """Return the path of a location; what does not look like the name of a question may be an answer, and is left out."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part + 1}]"
        else:
            path += f".{part}" if _LIKE_A_KEY.fullmatch(part) else ".…"
    return path.removeprefix(".")


def _in_words(form: Form, path: str) -> str:
    """Return what stands at a path in words; empty where the form knows nothing there."""
    row = path.partition("[")[2].partition("]")[0]
    titles = {section.key: section.title for section in form.sections}
    titles |= {here: f"{one.singular} {row}" if row else one.title for here, _, one in form.tables()}
    titles |= {
        one.path: f"{titles[one.path.rpartition('.')[0]]}: {one.ask.label}" if one.table else one.ask.label
        for one in form.asks()
    }
    return titles.get(without_rows(path), "")


def _unreadable(referral: Referral, fault: ErrorDetails) -> tuple[str, Problem]:
    """Return the problem of a fault that pydantic found; its own text, which may hold the input, is not used."""
    path = _path(fault["loc"])
    place = referral.place(path)
    if fault["type"] == "unreadable":
        code, facts = fault["ctx"]["code"], dict(fault["ctx"]["facts"])
        if code == "not-in-list":
            facts["choices"] = "; ".join(choice.label for choice in referral.form.find(path).ask.choices)
        return path, problem(code, place, **facts)
    if fault["type"] == "extra_forbidden":
        return path, problem("unknown-question", place)
    return path, problem("wrong-shape", place, form=referral.form.id)


@dataclass(frozen=True)
class _Findings:
    """What is open, late or at odds in answers that can be read.

    Attributes:
        checked: what could be read.
        referral: what was typed.
        day: the day of checking.
        told: paths that have a problem already.
        blank: path of a table → numbers of its rows that were left open between others.
    """

    checked: Checked = field(repr=False)
    referral: Referral = field(repr=False)
    day: dt.date
    told: set[str]
    blank: Mapping[str, set[int]]

    def every(self) -> Iterator[tuple[str, Problem]]:
        """Yield every problem with its path."""
        asked = {section.key for section in self.checked.form.sections if self._is_asked(section)}
        for path, found, value in self.checked.paths():
            if found.section.key in asked and not self._is_blank(path):
                yield from ((path, one) for one in self._of(path, found.ask, value))
        for path, section, table in self.checked.form.tables():
            if section.key in asked:
                yield from ((path, one) for one in self._of_table(path, table))
        for agreement in self.checked.form.agreements:
            leaning = {agreement.path, *paths_in(agreement.wrong)}
            if self._holds(agreement.wrong) and not any(_covers(self.told, path) for path in leaning):
                place = self.referral.place(agreement.path)
                yield agreement.path, problem("at-odds", place, what=agreement.what, cure=agreement.cure)

    def _is_asked(self, section: Section) -> bool:
        """Say whether a section is to be whole: the co-ordinator's part is once it was begun."""
        if section.by is Filler.REFERRER:
            return True
        keys = (item.key for item in section.items)
        return any(self.checked[f"{section.key}.{key}"] not in (None, ()) for key in keys)

    def _is_blank(self, path: str) -> bool:
        table, _, row = path.partition("[")
        return bool(row) and int(row.partition("]")[0]) in self.blank.get(table, ())

    def _holds(self, condition: Condition) -> bool:
        """Say whether a condition holds; one on an answer that cannot be read asks for nothing."""
        if any(_covers(self.told, path) for path in paths_in(condition)):
            return False
        return holds(condition, self.checked.__getitem__)

    def _of(self, path: str, ask: Ask, value: Any) -> Iterator[Problem]:
        if ask.computed:
            if self._is_otherwise(path, ask, value):
                yield problem("not-worked-out", self.referral.place(path))
            return
        needed = ask.required or (ask.required_if is not None and self._holds(ask.required_if))
        if needed and value in (None, ()):
            words = ', or answer "Not known"' if ask.unknown else ""
            yield problem("missing", self.referral.place(path), or_unknown=words)
        if ask.past and isinstance(value, dt.date) and value > self.day:
            yield problem("date-in-future", self.referral.place(path))

    def _is_otherwise(self, path: str, ask: Ask, value: Any) -> bool:
        """Say whether something else was typed than what is worked out."""
        section, _, key = path.partition(".")
        said: Any = self.referral.answers
        questions = said.get(section) if isinstance(said, dict) else None
        typed: Any = questions.get(key) if isinstance(questions, dict) else None
        return not (is_blank(typed) or _covers(self.told, path)) and ask.read(typed) != value

    def _of_table(self, path: str, table: Table) -> Iterator[Problem]:
        count = len(self.checked[path]) - len(self.blank.get(path, ()))
        if count < table.at_least:
            yield problem("missing-rows", self.referral.place(path), title=table.title, count=table.at_least)
        if table.at_most and count > table.at_most:
            place = self.referral.place(row_path(path, table.at_most + 1, table.columns[0].key))
            yield problem("more-rows-than-room", place, title=table.title, count=table.at_most)


def _covers(told: set[str], path: str) -> bool:
    """Say whether a path, or what it is part of, has a problem already."""
    return any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in told)


def _in_order(form: Form, problems: Iterable[tuple[str, Problem]]) -> tuple[Problem, ...]:
    """Return the problems as the form is printed: by section, tables row by row; those of the whole file first."""
    order: dict[str, int] = {}
    for number, found in enumerate(form.asks()):
        section, _, rest = found.path.partition(".")
        for path in (section, f"{section}.{rest.partition('.')[0]}", found.path):
            order.setdefault(path, number)

    def key(one: tuple[str, Problem]) -> tuple[int, int, int]:
        table, _, row = one[0].partition("[")
        number = row.partition("]")[0]
        parent = table if number else without_rows(one[0])
        while parent and parent not in order:
            parent = parent.rpartition(".")[0]
        first = order.get(parent, -1)
        return first, int(number) if number.isdigit() else 0, order.get(without_rows(one[0]), first)

    return tuple(one for _, one in sorted(problems, key=key))
