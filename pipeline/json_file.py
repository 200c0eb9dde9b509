"""A referral as JSON: read and written, side by side."""

import hashlib
import json
import math
from typing import Any

from forms.definition import Answers, Ask, Section, Table
from pipeline.checked import Checked, Referral
from pipeline.identify import Forms, brought_up, identify
from pipeline.problem import Problem, Said, problem, register

MAX_FILE = 20_000_000
"""Bytes."""

_MEMBERS = {"form", "edition", "area", "answers"}

register(
    {
        "json-too-big": Said("This file is larger than {megabytes} MB.", "Send the referral alone."),
        "not-json": Said(
            "This is not JSON that can be read (line {line}, column {column}).",
            "Write it again with the program that made it.",
        ),
        "json-encoding": Said("This file is not text in UTF-8.", "Save it as UTF-8."),
        "json-deep": Said("This JSON is nested too deeply to be a referral.", "Use the layout of the form."),
        "json-number": Said("This JSON holds a number that is none.", "Write such an answer as text."),
        "json-double": Said("This JSON holds two members of one name.", "Keep one of them."),
        "json-shape": Said(
            'This is not laid out as a referral: an object with "form", "edition" and "answers", and no others but "area".',
            "Use the layout of the form.",
        ),
    }
)


class _Refused(ValueError):  # noqa: N818 - it says what the file is
    """JSON that is not taken; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(data: bytes, forms: Forms) -> Referral | tuple[Problem, ...]:
    """Return what a JSON file says, as it was written.

    Args:
        data: the file, in UTF-8: `{"form": …, "edition": …, "area": …, "answers": {section: {question: answer}}}`.
        forms: form id → the form as it is in use.

    Returns:
        The referral, or the problem of the file as a whole.
    """
    if len(data) > MAX_FILE:
        return (problem("json-too-big", megabytes=MAX_FILE // 1_000_000),)
    try:
        said = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_number, parse_float=_number
        )
    except UnicodeDecodeError:
        return (problem("json-encoding"),)
    except _Refused as refused:
        return (problem(refused.code),)
    except json.JSONDecodeError as error:
        return (problem("not-json", line=error.lineno, column=error.colno),)
    except RecursionError:
        return (problem("json-deep"),)
    except ValueError:  # a whole number of thousands of digits
        return (problem("json-number"),)
    form_id, edition, answers = _parts(said)
    if form_id is None or edition is None or answers is None:
        return (problem("json-shape"),)
    found = identify(forms, form_id, edition)
    if isinstance(found, Problem):
        return (found,)
    answers = brought_up(answers, found.earlier) if found.earlier else answers
    return Referral(found.form, answers, digest=hashlib.sha256(data).hexdigest())


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Refused("json-double")
    return members


def _number(text: str) -> float:
    number = float(text)  # NaN and Infinity come here as well, and 1e999 is one of them
    if not math.isfinite(number):
        raise _Refused("json-number")
    return number


def _parts(said: Any) -> tuple[str | None, str | None, dict[str, Any] | None]:
    if not isinstance(said, dict) or not said.keys() <= _MEMBERS or not isinstance(said.get("area", ""), str):
        return None, None, None
    form_id, edition, answers = (said.get(name) for name in ("form", "edition", "answers"))
    return (
        form_id if isinstance(form_id, str) else None,
        edition if isinstance(edition, str) else None,
        answers if isinstance(answers, dict) else None,
    )


def write(checked: Checked) -> str:
    """Return a sound referral as JSON that `read` takes for the same; open questions are left out."""
    form = checked.form
    answers = {
        section.key: made
        for section in form.sections
        if (made := _section(section, getattr(checked.answers, section.key)))
    }
    said = {"form": form.id, "edition": form.edition, **({"area": form.area} if form.area else {})}
    return json.dumps({**said, "answers": answers}, ensure_ascii=False, indent=2) + "\n"


def _section(section: Section, answers: Answers) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for item in section.items:
        value = getattr(answers, item.key)
        if isinstance(item, Table):
            value = [_questions(item.columns, row) for row in value]
            if value:
                made[item.key] = value
        else:
            made |= _questions((item,), answers)
    return made


def _questions(asks: tuple[Ask, ...], answers: Answers) -> dict[str, Any]:
    values = {ask.key: (ask, getattr(answers, ask.key)) for ask in asks}
    return {
        key: value if isinstance(value, int) else ask.write(value)  # a count is a number in the schema
        for key, (ask, value) in values.items()
        if value not in (None, ()) and not ask.computed
    }
