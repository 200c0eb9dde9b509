"""Conditions between answers, as data: a check, a formula of the blank workbook and a drawn page all read the same one."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from forms.answers import NOT_KNOWN


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
class AtLeast:
    """Holds if the number at `path` is answered and is `least` or more."""

    path: str
    least: int


@dataclass(frozen=True)
class Same:
    """Holds if both paths are answered, and alike; what is not known is like nothing."""

    path: str
    other: str


@dataclass(frozen=True)
class AnyOf:
    """Holds if one of the conditions does."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True)
class AllOf:
    """Holds if every one of the conditions does."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """Holds if the condition does not."""

    condition: "Condition"


Condition = Is | Answered | AtLeast | Same | AnyOf | AllOf | Not


def any_of(*conditions: Condition) -> AnyOf:
    """Return the condition that one of these holds."""
    return AnyOf(conditions)


def all_of(*conditions: Condition) -> AllOf:
    """Return the condition that all of these hold."""
    return AllOf(conditions)


def one_of(path: str, *keys: str) -> AnyOf:
    """Return the condition that the answer at a path is one of some choices."""
    return AnyOf(tuple(Is(path, key) for key in keys))


def holds(condition: Condition, answer: Callable[[str], Any]) -> bool:
    """Say whether a condition holds, given a function from a path to its value (None where open)."""
    match condition:
        case Is(path, key):
            value = answer(path)
            return key in value if isinstance(value, tuple) else bool(value == key)
        case Answered(path):
            return answer(path) not in (None, ())
        case AtLeast(path, least):
            value = answer(path)
            return isinstance(value, int) and value >= least
        case Same(path, other):
            value = answer(path)
            return value not in (None, (), NOT_KNOWN) and bool(value == answer(other))
        case AnyOf(conditions):
            return any(holds(one, answer) for one in conditions)
        case AllOf(conditions):
            return all(holds(one, answer) for one in conditions)
        case Not(inner):
            return not holds(inner, answer)


def paths_in(condition: Condition) -> Iterator[str]:
    """Yield every path that a condition looks at."""
    match condition:
        case Is(path, _) | Answered(path) | AtLeast(path, _):
            yield path
        case Same(path, other):
            yield from (path, other)
        case AnyOf(conditions) | AllOf(conditions):
            for one in conditions:
                yield from paths_in(one)
        case Not(inner):
            yield from paths_in(inner)


@dataclass(frozen=True)
class Highest:
    """Worked out: the highest of the choices at these paths, by the order of their list; open while none is answered."""

    paths: tuple[str, ...]

    def value(self, answer: Callable[[str], Any], order: tuple[str, ...]) -> str | None:
        """Return the key of the highest choice, given the keys from low to high."""
        given = [order.index(key) for path in self.paths if (key := answer(path)) in order]
        return order[max(given)] if given else None


@dataclass(frozen=True)
class Count:
    """Worked out: at how many of these paths the answer is `key`; open while none is answered."""

    paths: tuple[str, ...]
    key: str

    def value(self, answer: Callable[[str], Any], order: tuple[str, ...]) -> int | None:  # noqa: ARG002 - as Highest
        """Return the number."""
        given = [answer(path) for path in self.paths]
        return sum(one == self.key for one in given) if any(one is not None for one in given) else None


def birthday(born: dt.date, years: int) -> dt.date | None:
    """Return the day on which somebody is so many years old, for 29 February 1 March; None where no calendar reaches."""
    if born.year + years > dt.MAXYEAR:
        return None
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return dt.date(born.year + years, 3, 1)


@dataclass(frozen=True)
class Birthday:
    """Worked out: the day on which the person born on the date at this path is `years` old; open where only an age is known.

    Who was born on 29 February is a year older on 1 March.
    """

    path: str
    years: int

    @property
    def paths(self) -> tuple[str, ...]:
        """The path, as the others have theirs."""
        return (self.path,)

    def value(self, answer: Callable[[str], Any], order: tuple[str, ...]) -> dt.date | None:  # noqa: ARG002 - as Highest
        """Return the day."""
        born = answer(self.path)
        return birthday(born, self.years) if isinstance(born, dt.date) else None


Computed = Highest | Count | Birthday
