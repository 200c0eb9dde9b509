"""What commands share: options, tables, and errors put into words."""

import datetime as dt
import functools
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from click.core import ParameterSource
from rich import box
from rich.console import Console
from rich.table import Table

from keys.errors import KeysError
from pipeline.area import Area, open_area
from pipeline.problem import Place, Problem, Stopped
from pipeline.register import Register
from pipeline.settings import Unusable

F = TypeVar("F", bound=Callable[..., Any])

PROBLEMS = 1
WRONG_USE = 2
_WIDTH = 110
_SYSTEM_FILES = frozenset({"desktop.ini", "thumbs.db"})

AREA_FILE = "area.toml"
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
ANY_PATH = click.Path(path_type=Path)


class Day(click.ParamType[dt.date]):
    """A day as 2026-12-08."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Return the day."""
        try:
            return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
        except ValueError:
            self.fail("write a day like 2026-12-08", param, ctx)


def today_option(command: F) -> F:
    """Add --today, the day that the rules ask for."""
    return click.option(
        "--today",
        type=Day(),
        default=dt.date.today,
        show_default="today",
        help="Act as on this day, to rehearse.",
    )(command)


def area_option(command: F) -> F:
    """Add --area, the folder with area.toml."""
    return click.option(
        "--area", "area_folder", type=click.Path(file_okay=False, path_type=Path), default=Path(),
        show_default="the folder you stand in", help="The area's folder.",
    )(command)  # fmt: skip


def json_option(command: F) -> F:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for programs.")(command)


def in_words(command: F) -> F:
    """Turn what can go wrong outside into a message and an exit status."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except Unusable as unusable:
            for one in unusable.problems:
                say_problem(one)
            sys.exit(WRONG_USE)
        except (KeysError, Stopped) as error:
            fail(str(error), error.hint)
        except click.Abort:
            fail("It was stopped, or nobody could be asked.", "Run it in a terminal, where you can answer.")
        except BrokenPipeError:
            raise  # whoever reads has enough, as `head` has: click ends quietly
        except OSError as error:
            what = error.filename if isinstance(error.filename, str | Path) else "A file"
            fail(
                f"{what} cannot be read or written: {error.strerror}.",
                "Check its name, that you may use it, and that the disk is not full.",
            )

    return run  # type: ignore[return-value]  # the same arguments and result


def fail(message: str, hint: str = "", status: int = PROBLEMS) -> NoReturn:
    """Say what went wrong and what to do, and stop."""
    click.echo(f"Error: {message}", err=True)
    if hint:
        click.echo(f"  What to do: {hint}", err=True)
    sys.exit(status)


def find_area(folder: Path) -> Area:
    """Return the area of a folder."""
    return open_area(folder)


def known_agency(area: Area, entries: Register, agency: str | None) -> None:
    """Stop at the id of an agency that is neither in agencies.toml nor in the register: an empty list would be false comfort."""
    if agency and agency not in {one.id for one in area.agencies} and not entries.entries(agency=agency):
        fail(
            f"There is no agency {agency}.",
            f"Take one of: {', '.join(one.id for one in area.agencies)}",
            WRONG_USE,
        )


def maybe_area(folder: Path) -> Area | None:
    """Return the area of a folder, or None where there is none: a referrer has no area. A folder named by --area has one."""
    source = click.get_current_context().get_parameter_source("area_folder")
    named = source is ParameterSource.COMMANDLINE
    return open_area(folder) if named or (folder / AREA_FILE).exists() else None


def lies_there(path: Path) -> bool:
    """Say whether a file is one that somebody put there: not hidden, not one that a program keeps for itself."""
    return path.is_file() and path.name[0] not in "~." and path.name.casefold() not in _SYSTEM_FILES


def say_problem(one: Problem) -> None:
    """Print a problem in two lines, to standard error."""
    where = f"{one.place}: " if one.place != Place() else ""
    click.echo(f"  {where}{one.what}\n      {one.cure}  [{one.code}]", err=True)


def count(number: int, one: str) -> str:
    """Return a number with its noun: 1 file, 2 files."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def problem_json(one: Problem) -> dict[str, Any]:
    """Return a problem for a program."""
    place = {key: value for key, value in vars(one.place).items() if value}
    return {"code": one.code, "place": place, "what": one.what, "cure": one.cure}


def say_json(answer: Any) -> None:
    """Print an answer for a program."""
    click.echo(json.dumps(answer, indent=2, ensure_ascii=False, default=str))


def console() -> Console:
    """Return where tables are printed: as wide as the terminal, or a fixed width for a file."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False, markup=False, emoji=False)


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], title: str = "") -> None:
    """Print a table."""
    made = Table(*headers, title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in made.columns:
        column.overflow = "fold"  # a reference cut short is no reference
    for row in rows:
        made.add_row(*row)
    console().print(made)


def now() -> dt.datetime:
    """Return the time, with its zone."""
    return dt.datetime.now(dt.UTC)
