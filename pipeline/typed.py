"""Answers as they were typed: of any shape, since JSON can be; tidied, and less what cannot be read."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from forms.answers import is_blank
from forms.definition import Form


def tidied(form: Form, answers: Any) -> Any:
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


def blank_rows(form: Form, answers: Any) -> dict[str, set[int]]:
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


def less_rows(answers: dict[str, Any], blank: Mapping[str, set[int]]) -> dict[str, Any]:
    """Return the answers less the rows of these numbers, counted from 1, in each table."""
    kept = {section: dict(questions) for section, questions in answers.items()}
    for path, numbers in blank.items():
        section, _, key = path.partition(".")
        kept[section][key] = [row for n, row in enumerate(kept[section][key], start=1) if n not in numbers]
    return kept


def less(answers: Any, locations: Iterable[tuple[int | str, ...]]) -> dict[str, Any]:
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
