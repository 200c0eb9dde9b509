"""Referral → Checked: every problem of a referral at once, or the form's own model, frozen."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from forms.answers import is_blank
from forms.definition import Answers, Filler, Form, Found, holds, row_path, without_rows
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
        """Return where a question stands, in words at least."""
        if path in self.places:
            return self.places[path]
        try:
            found = self.form.find(path)
        except KeyError:
            return Place(path)
        row = path.partition("[")[2].partition("]")[0]
        return Place(
            path, f"{found.table.singular} {row}: {found.ask.label}" if found.table else found.ask.label
        )


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
        for found in self.form.asks():
            if found.table is None:
                yield found.path, found, self[found.path]
        for table_path, section, table in self.form.tables():
            for number, row in enumerate(self[table_path], start=1):
                for ask in table.columns:
                    found = Found(f"{table_path}.{ask.key}", section, table, ask)
                    yield row_path(table_path, number, ask.key), found, getattr(row, ask.key)


def check(referral: Referral, day: dt.date) -> Checked | tuple[Problem, ...]:
    """Return the checked referral, or every problem in it, in printed order.

    Args:
        referral: what was read.
        day: the day of checking; a past date after it is a problem.
    """
    problems = {one.place.path or f"#{n}": one for n, one in enumerate(referral.problems)}
    answers = _without_blank_rows(referral.form, referral.answers)
    try:
        checked = Checked(referral.form, referral.form.model.model_validate(answers), referral.digest)
    except ValidationError as error:
        checked = None
        for path, found in _unreadable(referral, error):
            problems.setdefault(path, found)
        answers = _without(answers, problems)
    if checked is None:
        # What can be read is read all the same, so that an open answer elsewhere is named in the same breath.
        try:
            checked = Checked(referral.form, referral.form.model.model_validate(answers), referral.digest)
        except ValidationError:
            return _in_order(referral.form, problems)
    for path, one in _open_or_late(checked, referral, day):
        problems.setdefault(path, one)
    return _in_order(referral.form, problems) if problems else checked


def _without_blank_rows(form: Form, answers: dict[str, Any]) -> dict[str, Any]:
    kept = {key: dict(value) if isinstance(value, dict) else value for key, value in answers.items()}
    for path, _, table in form.tables():
        section, key = path.split(".")
        rows = kept.get(section, {}).get(key) if isinstance(kept.get(section), dict) else None
        if isinstance(rows, list):
            blank = [not isinstance(r, dict) or all(is_blank(v) for v in r.values()) for r in rows]
            while blank and blank[-1] and isinstance(rows[len(blank) - 1], dict):
                blank.pop()
            kept[section][table.key] = rows[: len(blank)]
    return kept


def _path(form: Form, location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        path += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    path = path.lstrip(".")
    while path:
        try:
            form.find(path)
        except KeyError:
            if path.count(".") <= 1:
                break
            path = path.rpartition(".")[0]
        else:
            break
    return path


def _unreadable(referral: Referral, error: ValidationError) -> Iterator[tuple[str, Problem]]:
    """Yield a problem for each fault that pydantic found; its own text, which may hold the input, is not used."""
    for fault in error.errors(include_input=False, include_url=False):
        path = _path(referral.form, fault["loc"])
        place = referral.place(path)
        if fault["type"] == "unreadable":
            context = fault["ctx"]
            facts = dict(context["facts"])
            if context["code"] == "not-in-list":
                facts["choices"] = "; ".join(choice.label for choice in referral.form.find(path).ask.choices)
            yield path, problem(context["code"], place, **facts)
        elif fault["type"] == "extra_forbidden":
            yield path, problem("unknown-question", place)
        else:
            yield path, problem("wrong-shape", place, form=referral.form.id)


def _without(answers: dict[str, Any], problems: Mapping[str, Problem]) -> dict[str, Any]:
    """Return the answers less those with a problem."""
    kept: dict[str, Any] = {}
    for section, questions in answers.items():
        if section in problems or not isinstance(questions, dict):
            continue
        kept[section] = {}
        for key, value in questions.items():
            path = f"{section}.{key}"
            if path in problems:
                continue
            if isinstance(value, list) and any(isinstance(row, dict) for row in value):
                kept[section][key] = [
                    {k: v for k, v in row.items() if row_path(path, n, k) not in problems}
                    for n, row in enumerate(value, start=1)
                    if isinstance(row, dict)
                ]
            else:
                kept[section][key] = value
    return kept


def _open_or_late(checked: Checked, referral: Referral, day: dt.date) -> Iterator[tuple[str, Problem]]:
    for path, found, value in checked.paths():
        if found.section.by is not Filler.REFERRER:
            continue
        ask = found.ask
        needed = ask.required or (ask.required_if is not None and holds(ask.required_if, checked.__getitem__))
        if needed and value in (None, ()):
            words = ', or answer "Not known"' if ask.unknown else ""
            yield path, problem("missing", referral.place(path), or_unknown=words)
        if ask.past and isinstance(value, dt.date) and value > day:
            yield path, problem("date-in-future", referral.place(path))
    for path, section, table in checked.form.tables():
        if section.by is Filler.REFERRER and len(checked[path]) < table.at_least:
            place = referral.places.get(path, Place(path, table.title))
            yield path, problem("missing-rows", place, title=table.title, count=table.at_least)


def _in_order(form: Form, problems: Mapping[str, Problem]) -> tuple[Problem, ...]:
    order = {found.path: number for number, found in enumerate(form.asks())}

    def key(path: str) -> tuple[int, int]:
        row = path.partition("[")[2].partition("]")[0]
        return order.get(without_rows(path), -1), int(row) if row.isdigit() else 0

    return tuple(problems[path] for path in sorted(problems, key=key))
