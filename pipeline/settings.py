"""Reading of settings files (TOML): every mistake in them becomes a problem with its file and place."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.problem import Place, Problem, Said, problem, register

register(
    {
        "no-settings": Said(
            "There is no file {file} here.", "Stand in the area's folder, or name it with --area."
        ),
        "not-toml": Said("{file} cannot be read, line {line}: {why}.", "Put that line right and try again."),
        "setting": Said("{why}.", "Put it right in {file}."),
    }
)

S = TypeVar("S", bound=BaseModel)


class Settings(BaseModel):
    """The base of every settings file: frozen; a word that is not known is a mistake, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Unusable(Exception):  # noqa: N818 - it says what the settings are
    """Settings that cannot be used; `problems` say why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(str(one.place) for one in problems))
        self.problems = problems


def load(model: type[S], path: Path) -> S:
    """Return the settings in a TOML file.

    Raises:
        Unusable: the file is missing, is not TOML, or says something that is not known or not right.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise Unusable((problem("no-settings", Place(path.name), file=path.name),)) from None
    except UnicodeDecodeError:
        raise Unusable(
            (problem("not-toml", Place(path.name), file=path.name, line=1, why="it is not text"),)
        ) from None
    except tomllib.TOMLDecodeError as error:
        why, _, where = str(error).partition(" (at ")
        line = where.removeprefix("line ").partition(",")[0] if where.startswith("line") else "the last"
        raise Unusable((problem("not-toml", Place(path.name), file=path.name, line=line, why=why),)) from None
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise Unusable(tuple(faults(error, path.name))) from None


def faults(error: ValidationError, file: str) -> list[Problem]:
    """Return a problem for each thing pydantic found wrong in a settings file, without what stood there."""
    found = []
    for fault in error.errors(include_input=False, include_url=False):
        where = " ".join(f"no. {part + 1}" if isinstance(part, int) else str(part) for part in fault["loc"])
        why = (
            "This is not a setting"
            if fault["type"] == "extra_forbidden"
            else fault["msg"].removeprefix("Value error, ")
        )
        found.append(
            problem("setting", Place(f"{file}: {where}" if where else file), why=why.rstrip("."), file=file)
        )
    return found
