"""The table of offences that bring the notification requirement, with what each takes (schedule_3.csv), and its rows found.

It is that of Thames Valley MAPPA local working requirements 2008, appendix I, which has two charts. Each row of the file
has the number of the row as it is printed; a printed row that names several offences is several here. Two columns are
our own: `see` names rows to look at where the day of the offence, or the victim's age, lies outside a row (it is
written once and holds in both directions), and `known_as` has other names to find a row by.
"""

import csv
import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from forms.answers import plain
from pipeline.protocol.rule import Citation, Source

_TABLE = Path(__file__).with_name("schedule_3.csv")
NEW_LAW = dt.date(2004, 5, 1)
"""Chart 1 is for what was committed before this day, chart 2 for what was committed from it."""
ACTS = {
    "SOA 1956": "Sexual Offences Act 1956",
    "IWC 1960": "Indecency with Children Act 1960",
    "PCA 1978": "Protection of Children Act 1978",
    "CEMA 1979": "Customs and Excise Management Act 1979",
    "CJA 1988": "Criminal Justice Act 1988",
    "SOA 2003": "Sexual Offences Act 2003",
}


class Period(StrEnum):
    """When what a row is for was committed."""

    BEFORE = "before 2004-05-01"
    FROM = "from 2004-05-01"
    ANY = "any day"

    def takes(self, day: dt.date) -> bool:
        """Say whether an offence of a day is in the period."""
        return self is Period.ANY or (day < NEW_LAW) == (self is Period.BEFORE)


class Asks(StrEnum):
    """What a threshold may ask for; the number is of years of age, or of months of a sentence."""

    VICTIM_UNDER = "victim under {}"
    OFFENDER_OVER = "offender over {}"
    ANY_PRISON = "prison"
    PRISON = "prison {} months"
    COMMUNITY = "community {} months"


_IN_WORDS = {
    Asks.VICTIM_UNDER: "a victim under {}",
    Asks.OFFENDER_OVER: "an offender over {}",
    Asks.ANY_PRISON: "a prison sentence of any length",
    Asks.PRISON: "a prison sentence of {} months or more",
    Asks.COMMUNITY: "a community sentence of {} months or more",
}


class Condition(NamedTuple):
    """One thing that a threshold asks for; `number` is 0 where there is none."""

    asks: Asks
    number: int

    @property
    def words(self) -> str:
        """It in words, as a noun."""
        return _IN_WORDS[self.asks].format(self.number)


@dataclass(frozen=True)
class Threshold:
    """What must be so that the requirement follows.

    Attributes:
        text: as the table has it, such as "victim under 18 or prison 30 months".
        ways: each is a way to meet it, and asks for all its conditions; "always" asks for none, "never" has no way.
    """

    text: str
    ways: tuple[tuple[Condition, ...], ...]

    @property
    def words(self) -> str:
        """It in words, as a noun."""
        if self.text == "always":
            return "automatic on conviction"
        return ", or ".join(in_words(way) for way in self.ways) or "not applicable"


def in_words(way: tuple[Condition, ...]) -> str:
    """Return one way to meet a threshold in words."""
    return " and ".join(one.words for one in way)


def threshold(text: str) -> Threshold:
    """Return a threshold that is written in the words of :class:`Asks`, with "and" and "or", or as "always" or "never".

    Raises:
        ValueError: it is written in other words.
    """
    if text in {"always", "never"}:
        return Threshold(text, ((),) if text == "always" else ())
    return Threshold(text, tuple(tuple(map(_condition, way.split(" and "))) for way in text.split(" or ")))


def _condition(text: str) -> Condition:
    for asks in Asks:
        if found := re.fullmatch(asks.replace("{}", "([1-9][0-9]?)"), text):
            return Condition(asks, int(found[1]) if found.groups() else 0)
    raise ValueError(f"schedule_3.csv: a threshold cannot say {text!r}")


@dataclass(frozen=True)
class Row:
    """One offence of the table.

    Attributes:
        key: its key, which is that of the choice in forms/offences.py.
        chart: 1 or 2.
        number: of the printed row of the chart, from 1.
        provisions: (Act, first section, last section).
        committed: when the row holds.
        victim: the ages of victim, in years, that the printed row names with the offence; None where it names none.
        adult: what it takes for an offender of 18 or over.
        young: the same for one under 18.
        known_as: other names of the offence.
        see: keys of rows to look at where this one does not hold.
    """

    key: str
    chart: int
    number: int
    offence: str
    provision: str
    provisions: tuple[tuple[str, int, int], ...]
    committed: Period
    victim: range | None
    adult: Threshold
    young: Threshold
    known_as: tuple[str, ...]
    see: tuple[str, ...]

    @property
    def place(self) -> str:
        """Where it is printed, such as "chart 2, row 3"."""
        return f"chart {self.chart}, row {self.number}"

    @property
    def label(self) -> str:
        """The offence with Act and section."""
        return f"{self.offence} ({self.provision})"

    @property
    def citation(self) -> Citation:
        """The printed row."""
        return Citation(Source.THAMES_VALLEY, f"appendix I, {self.place}")

    def takes_victim(self, age: int | None) -> bool:
        """Say whether the row can be about a victim of an age in years; None where it is not known."""
        return self.victim is None or age is None or age in self.victim


def _ages(text: str) -> range | None:
    if not text:
        return None
    if found := re.fullmatch(r"under ([1-9][0-9]?)", text):
        return range(int(found[1]))
    if found := re.fullmatch(r"([1-9][0-9]?) to ([1-9][0-9]?)", text):
        return range(int(found[1]), int(found[2]) + 1)
    raise ValueError(f"schedule_3.csv: ages cannot be written as {text!r}")


def _provision(text: str) -> tuple[str, int, int]:
    found = re.fullmatch(r"([A-Z]+ [0-9]{4}) s\. ([1-9][0-9]*)(?:-([1-9][0-9]*))?", text)
    if not found or found[1] not in ACTS:
        raise ValueError(f"schedule_3.csv: {text!r} is no section of an Act that is known here")
    return found[1], int(found[2]), int(found[3] or found[2])


def _row(cells: dict[str, str]) -> Row:
    if None in cells or None in cells.values():
        raise ValueError("schedule_3.csv: a row has too few cells or too many")
    if not (
        re.fullmatch(r"[a-z][a-z0-9_]*", cells["key"]) and cells["offence"] and cells["chart"] in {"1", "2"}
    ):
        raise ValueError(f"schedule_3.csv: {cells['key']!r} is no key, or lacks its offence or chart")
    return Row(
        key=cells["key"],
        chart=int(cells["chart"]),
        number=int(cells["row"]),
        offence=cells["offence"],
        provision=cells["provision"],
        provisions=tuple(map(_provision, cells["provision"].split("; "))),
        committed=Period(cells["committed"]),
        victim=_ages(cells["victim"]),
        adult=threshold(cells["adult"]),
        young=threshold(cells["young"]),
        known_as=tuple(filter(None, cells["known_as"].split("; "))),
        see=tuple(cells["see"].split()),
    )


@cache
def rows() -> dict[str, Row]:
    """Return every row by its key, in printed order.

    Raises:
        ValueError: a row is written in other words than those above, stands twice, or names a row that there is not.
    """
    with _TABLE.open(encoding="utf-8", newline="") as file:
        made = [_row(cells) for cells in csv.DictReader(file, strict=True)]
    found = {row.key: row for row in made}
    if len(found) < len(made):
        raise ValueError("schedule_3.csv: a key stands twice")
    if lost := {key for row in made for key in row.see} - found.keys():
        raise ValueError(f"schedule_3.csv: there is no {', '.join(sorted(lost))} to see")
    return found


def neighbours(row: Row) -> list[Row]:
    """Return the rows to look at where a row does not hold, in printed order."""
    return [other for other in rows().values() if other.key in row.see or row.key in other.see]


_ACT = r"[a-z][a-z ]*?(?: ?(?:19|20)?[0-9]{2})?"
_SECTION = re.compile(
    rf"(?:(?P<before>{_ACT}),? )??(?:ss?\.?|sec\.?|sections?)? ?(?P<section>[0-9]{{1,3}})"
    rf"(?:-[0-9]{{1,3}})?(?:,? (?:of )?(?:the )?(?P<after>{_ACT}))?"
)
_LITTLE = frozenset(
    {"a", "an", "and", "by", "for", "in", "of", "on", "or", "s", "sec", "section", "the", "to", "with"}
)


def find_offence(text: str) -> list[Row]:
    """Return the rows that somebody may mean by a key, a name, a section ("s. 3 SOA 2003") or words of an offence.

    The first of these that fits anything decides, so that "sexual assault" is not that on a child. Empty if nothing fits.
    """
    said = plain(text)
    named = [row for row in rows().values() if said in _names(row)]
    return named or _by_section(said) or _by_words(said)


def _names(row: Row) -> set[str]:
    return {row.key, row.key.replace("_", " "), *map(plain, (row.offence, row.label, *row.known_as))}


def _by_section(said: str) -> list[Row]:
    if not (found := _SECTION.fullmatch(said)):
        return []
    acts = [_acts(name) for name in (found["before"], found["after"]) if name]
    return [
        row
        for row in rows().values()
        if any(
            first <= int(found["section"]) <= last and all(act in one for one in acts)
            for act, first, last in row.provisions
        )
    ]


def _acts(name: str) -> set[str]:
    """Return the Acts that are called so: "soa 2003", "soa 56", "sexual offences act"."""
    words, year = re.fullmatch(r"(.*?) ?((?:19|20)?[0-9]{2})?", name).groups()  # type: ignore[union-attr]  # it fits all
    return {
        act
        for act, full in ACTS.items()
        if words in {act[:-5].casefold(), full[:-5].casefold(), "act"} and act.endswith(year or "")
    }


def _by_words(said: str) -> list[Row]:
    asked = [word for word in re.findall(r"[a-z0-9]+", said) if word not in _LITTLE]
    return [row for row in rows().values() if asked and all(_has(row, word) for word in asked)]


def _has(row: Row, word: str) -> bool:
    there = re.findall(r"[a-z0-9]+", plain(" ".join((row.label, *row.known_as))))
    return any(word == one or _alike(word, one) for one in there)


def _alike(one: str, other: str) -> bool:
    """Say whether two words begin with the same five letters, or one of four letters begins the other."""
    head = min(5, len(one), len(other))
    return head >= 4 and one[:head] == other[:head]
