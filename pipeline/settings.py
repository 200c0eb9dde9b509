"""Reading of settings files (TOML): every mistake in them becomes a problem with its file and place."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from pipeline.problem import Place, Problem, Said, problem, register

register(
    {
        "no-settings": Said(
            "There is no file {file} here.",
            "Stand in the area's folder, or name it: with --area, where the command has that.",
        ),
        "settings-closed": Said(
            "{file} cannot be opened.", "Close it in other programs, and check that you may read it."
        ),
        "not-toml": Said(
            "{file} cannot be read, line {line}: {why}.",
            'Put that line right: a text stands between "quotation marks", a date is written 2026-12-08, a time 13:00:00, '
            "and yes and no are true and false.",
        ),
        "setting": Said("{why}.", "Put it right in {file}."),
    }
)

Day = Annotated[dt.date, Field(strict=True)]
"""A date as TOML has it: a number or a text is none."""
Hour = Annotated[dt.time, Field(strict=True)]
"""A time as TOML has it: 10.00 is a number, and no ten o'clock."""

S = TypeVar("S", bound=BaseModel)


class Settings(BaseModel):
    """The base of every settings file: frozen; a word that is not known is a mistake, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Unusable(Exception):  # noqa: N818 - it says what the settings are
    """Settings that cannot be used; `problems` say why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{one.place}: {one.code}" for one in problems))
        self.problems = problems


_MOST_BYTES = 5_000_000


def load(model: type[S], path: Path) -> S:
    """Return the settings in a TOML file.

    Raises:
        Unusable: the file is missing, is not TOML, or says something that is not known or not right.
    """
    content = parsed_text(text_of(path, path.name), path.name)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise Unusable(tuple(faults(error, path.name))) from None


def parsed_text(text: str, name: str) -> dict[str, Any]:
    """Return what a text of settings says; `name` is what messages call its file.

    Raises:
        Unusable: it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        why = "it is nested too deeply"
        raise Unusable((problem("not-toml", Place(name), file=name, line=1, why=why),)) from None
    except tomllib.TOMLDecodeError as error:
        why, _, where = str(error).rpartition(" (at ")
        line = where.removeprefix("line ").partition(",")[0] if where.startswith("line") else "the last"
        raise Unusable((problem("not-toml", Place(name), file=name, line=line, why=why),)) from None


_PART = r"""(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_LONG = ('"""', "'''")
_WAY = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEAD = re.compile(rf"\s*\[\[?\s*({_WAY})\s*\]\]?\s*(?:#.*)?$")
_SETTING = re.compile(rf"\s*({_WAY})\s*=")


def lines_of(text: str) -> dict[tuple[str, ...], int]:
    """Return where each part and setting of a TOML text stands: its way in, part by part → line, from 1."""
    found: dict[tuple[str, ...], int] = {}
    here: tuple[str, ...] = ()
    inside = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if inside:
            inside = "" if inside in line else inside
            continue
        if head := _HEAD.match(line):
            here = _way(head[1])
            found.setdefault(here, number)
        elif setting := _SETTING.match(line):
            found.setdefault((*here, *_way(setting[1])), number)
            # A text of several lines: what looks like a setting in it is none.
            value = line[setting.end() :].lstrip()
            inside = next((mark for mark in _LONG if value.startswith(mark) and value.count(mark) == 1), "")
    return found


def _way(words: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, words))


def text_of(path: Path, name: str) -> str:
    """Return the text of a file, with or without the mark that Windows puts at its head.

    Raises:
        Unusable: it is missing, cannot be opened, or is no text; `name` is what messages call it.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise Unusable((problem("no-settings", Place(name), file=name),)) from None
    except OSError:
        raise Unusable((problem("settings-closed", Place(name), file=name),)) from None
    why = "it is too large for settings"
    if len(content) <= _MOST_BYTES:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            why = "it is not saved as UTF-8 text"
    raise Unusable((problem("not-toml", Place(name), file=name, line=1, why=why),))


def misplaced(file: str, where: str, why: str) -> Problem:
    """Return the problem of one setting: `where` it stands in the file, in words, and what is wrong with it."""
    return problem("setting", Place(f"{file}: {where}" if where else file), why=why, file=file)


_WORDS = {
    "missing": "This must be given",
    "extra_forbidden": "This is not a setting",
    "string_type": "This must be words between quotation marks",
    "string_too_short": "This must not be empty",
    "string_pattern_mismatch": "This has not the form that is asked for: see the notes at the head of the file",
    "bool_type": "This must be true or false",
    "bool_parsing": "This must be true or false",
    "tuple_type": "This must be a list, between square brackets",
    "dict_type": 'This must be written like { one = "Words", two = "Words" }, or as a part of its own below its head',
    "model_type": "This must be a part of its own, with its settings below its head",
    "too_short": "This must name at least one",
    "int_type": "This must be a whole number",
    "int_parsing": "This must be a whole number",
    "int_from_float": "This must be a whole number",
}
_DATES = {
    "date": "This must be a date, without quotation marks, like 2026-12-08",
    "time": "This must be a time, without quotation marks, like 13:00:00",
}


def _why(fault: ErrorDetails) -> str:
    kind = fault["type"]
    if kind == "literal_error" and fault.get("ctx", {}).get("expected") == "True":
        return "This can only be true, without quotation marks"
    if "[key]" in fault["loc"]:
        return "A name here is of small letters, digits and _, two or more, and begins with a letter"
    if kind == "too_short" and fault.get("ctx", {}).get("min_length", 1) > 1:
        return f"This must have at least {fault['ctx']['min_length']}"
    if kind in _WORDS:
        return _WORDS[kind]
    if kind.startswith(("date", "time")):
        return _DATES[kind[:4]]
    why = (
        fault["msg"]
        .removeprefix("Value error, ")
        .replace("Input should", "This should")
        .replace("String should", "This should")
    )
    return why[:1].upper() + why[1:]


def faults(
    error: ValidationError, file: str, lines: Mapping[tuple[str, ...], int] | None = None
) -> list[Problem]:
    """Return a problem for each thing pydantic found wrong in a settings file, without what stood there.

    Args:
        error: what pydantic found.
        file: what messages call the file.
        lines: what `lines_of` gives for it, to name the line.
    """
    found = []
    for fault in error.errors(include_input=False, include_url=False):
        where = " ".join(f"no. {part + 1}" if isinstance(part, int) else str(part) for part in fault["loc"])
        way = tuple(map(str, fault["loc"]))
        while way and not any(known[: len(way)] == way for known in lines or {}):
            way = way[:-1]
        if lines and way:
            where = f"line {min(line for known, line in lines.items() if known[: len(way)] == way)}: {where}"
        found.append(misplaced(file, where, _why(fault).rstrip(".")))
    return found
