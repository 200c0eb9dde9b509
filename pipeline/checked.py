"""Referral → Checked: every problem of a referral at once, or the form's own model, frozen."""

import copy
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from forms.answers import is_blank
from forms.definition import Answers, Ask, Filler, Form, Found, holds, row_path, without_rows
from pipeline.problem import Place, Problem, problem


@dataclass(frozen=True)
class Referral:
    """What a workbook or JSON file says, as it was typed.

    Attributes:
        answers: section → question → what stood there; a table is a list of rows.
        places: path → where it stands in the file, for workbooks.
        problems: what could not be read at all.
        digest: SHA-256 of the file, hexadecimal.
    """

    form: Form
    answers: dict[str, Any] = field(repr=False)
    places: Mapping[str, Place] = field(default_factory=dict, repr=False)
    problems: tuple[Problem, ...] = ()
    digest: str = ""

    def place(self, path: str) -> Place:
        """Return where a question, a table, a row of one or a section stands, in words at least."""
        return self.places.get(path) or Place(path, _in_words(self.form, path))


@dataclass(frozen=True)
class Checked:
    """A referral whose every answer is sound. Only `check` makes one."""

    form: Form
    answers: Answers = field(repr=False)
    digest: str = ""

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

    def paths(self) -> Iterator[tuple[str, Found, Any]]:
        """Yield (path with row numbers, question, value) in printed order, open ones included, as far as rows go."""
        for section in self.form.sections:
            for item in section.items:
                path = f"{section.key}.{item.key}"
                if isinstance(item, Ask):
                    yield path, self.form.find(path), self[path]
                    continue
                for number, row in enumerate(self[path], start=1):
                    for ask in item.columns:
                        found = self.form.find(f"{path}.{ask.key}")
                        yield row_path(path, number, ask.key), found, getattr(row, ask.key)


def check(referral: Referral, day: dt.date) -> Checked | tuple[Problem, ...]:
    """Return the checked referral, or every problem in it, in printed order.

    Rows of a table that were left open between others are passed over.

    Args:
        referral: what was read; of any shape, since JSON can be.
        day: the day of checking; a past date after it is a problem.
    """
    problems = [(one.place.path, one) for one in referral.problems]
    told = {path for path, _ in problems if path}
    answers = _tidy(referral.form, referral.answers)
    try:
        checked = _made(referral, answers)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        unreadable = dict(_unreadable(referral, fault) for fault in faults)
        problems += [(path, one) for path, one in unreadable.items() if path not in told]
        told |= unreadable.keys()
        # What can be read is read all the same, so that an open answer elsewhere is named in the same breath.
        checked = _made(referral, _less(answers, [fault["loc"] for fault in faults]))
    blank = _blank_rows(referral.form, answers)
    problems += [
        (path, one)
        for path, one in _open_or_late(checked, referral, day, told, blank)
        if not _covers(told, path)
    ]
    if problems:
        return _in_order(referral.form, problems)
    return _made(referral, _without_rows(answers, blank)) if blank else checked


def _made(referral: Referral, answers: dict[str, Any]) -> Checked:
    return Checked(referral.form, referral.form.model.model_validate(answers), referral.digest)


def _tidy(form: Form, answers: Any) -> Any:
    """Return a copy of the answers without empty sections, empty tables and the open rows at a table's end."""
    if not isinstance(answers, dict):
        return answers
    kept = {
        key: dict(value) if isinstance(value, dict) else value
        for key, value in answers.items()
        if value is not None
    }
    for path, _, _ in form.tables():
        section, _, key = path.partition(".")
        questions = kept.get(section)
        if not isinstance(questions, dict) or key not in questions:
            continue
        if isinstance(rows := questions[key], list):
            rows = [{} if row is None else row for row in rows]
            while rows and _is_blank_row(rows[-1]):
                rows.pop()
            questions[key] = rows
        elif rows is None:
            del questions[key]
    return kept


def _is_blank_row(row: Any) -> bool:
    return isinstance(row, dict) and all(map(is_blank, row.values()))


def _blank_rows(form: Form, answers: Any) -> dict[str, set[int]]:
    """Return path of a table → numbers of its rows that were left open between others; tables with none are not in it."""
    blank = {}
    for path, _, _ in form.tables():
        section, _, key = path.partition(".")
        questions = answers.get(section) if isinstance(answers, dict) else None
        rows = questions.get(key) if isinstance(questions, dict) else None
        if isinstance(rows, list) and (
            here := {n for n, row in enumerate(rows, start=1) if _is_blank_row(row)}
        ):
            blank[path] = here
    return blank


def _without_rows(answers: dict[str, Any], blank: Mapping[str, set[int]]) -> dict[str, Any]:
    kept = {section: dict(questions) for section, questions in answers.items()}
    for path, numbers in blank.items():
        section, _, key = path.partition(".")
        kept[section][key] = [row for n, row in enumerate(kept[section][key], start=1) if n not in numbers]
    return kept


def _less(answers: Any, locations: Iterable[tuple[int | str, ...]]) -> dict[str, Any]:
    """Return the answers less those at the locations; a faulty row stays as an open one, so that the others keep their number."""
    if not isinstance(answers, dict):
        return {}
    kept = copy.deepcopy(answers)
    for *way, last in locations:
        inside: Any = kept
        for part in way:
            inside = inside[part]
        if isinstance(last, int):
            inside[last] = {}
        else:
            inside.pop(last, None)
    return kept


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


_NOT_READ = object()
"""Stands for an answer that is there and has a problem: a question that depends on it is not asked for too much."""


def _open_or_late(
    checked: Checked, referral: Referral, day: dt.date, told: set[str], blank: Mapping[str, set[int]]
) -> Iterator[tuple[str, Problem]]:
    def answer(path: str) -> Any:
        return _NOT_READ if _covers(told, path) else checked[path]

    for path, found, value in checked.paths():
        table, _, row = path.partition("[")
        if found.section.by is not Filler.REFERRER or (
            row and int(row.partition("]")[0]) in blank.get(table, ())
        ):
            continue
        ask = found.ask
        needed = ask.required or (ask.required_if is not None and holds(ask.required_if, answer))
        if needed and value in (None, ()):
            words = ', or answer "Not known"' if ask.unknown else ""
            yield path, problem("missing", referral.place(path), or_unknown=words)
        if ask.past and isinstance(value, dt.date) and value > day:
            yield path, problem("date-in-future", referral.place(path))
    for path, section, rows in checked.form.tables():
        count = len(checked[path]) - len(blank.get(path, ()))
        if section.by is Filler.REFERRER and count < rows.at_least:
            yield path, problem("missing-rows", referral.place(path), title=rows.title, count=rows.at_least)


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
