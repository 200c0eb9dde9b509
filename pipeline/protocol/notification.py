"""Would the notification requirement (sex offender registration) follow, and by which row? The table applied to a case.

The thresholds are those of Thames Valley MAPPA local working requirements 2008, appendix I; that only convictions and
cautions since 1 September 1997 count, or sentences being served then, is in section 3, category 1. Two things are our
judgement: the age that counts is that at the offence, and where a row does not hold, which others are worth a look.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from pipeline.protocol.rule import Citation, Source
from pipeline.protocol.schedule_3 import (
    NEW_LAW,
    Asks,
    Period,
    Row,
    Threshold,
    find_offence,
    in_words,
    neighbours,
    rows,
)
from pipeline.protocol.thresholds import AGE, DISPOSED, Facts, Truth, convicted, every, met, met_by, missing

__all__ = ["SECTION_3", "Answer", "Column", "Facts", "Outcome", "Row", "find_offence", "notification", "rows"]

SECTION_3 = Citation(Source.THAMES_VALLEY, "section 3, category 1")
REGISTER_SINCE = dt.date(1997, 9, 1)
"""Convictions and cautions count from this day; earlier ones if a sentence was being served on it (section 3)."""
ADULT = 18


class Outcome(StrEnum):
    """The answer."""

    FOLLOWS = "would follow"
    DOES_NOT = "would not follow"
    DEPENDS = "depends"


class Column(StrEnum):
    """Whose threshold was used."""

    ADULT = "adult (18 or over)"
    YOUNG = "young offender (under 18)"
    ANY = "any age"
    """Both, which are alike, where the age is not known."""


@dataclass(frozen=True)
class Answer:
    """Whether the requirement would follow, with what it rests on. No words here hold what was given about a person.

    Attributes:
        column: whose threshold was used; None where it may be either's, or where the row does not hold at all.
        threshold: whose, and what it asks for; both, where it may be either's; empty where the row does not hold.
        why: in a sentence or two.
        missing: what would have to be known, each as a noun; only where it depends.
        see: rows to look at instead.
    """

    outcome: Outcome
    row: Row
    column: Column | None
    threshold: str
    why: str
    missing: tuple[str, ...] = ()
    see: tuple[Row, ...] = ()


_NO_SENTENCE = frozenset({"caution", "reprimand_or_warning"})
"""Nothing of these can have been served on 1 September 1997."""


def notification(facts: Facts) -> Answer:
    """Say whether the notification requirement would follow from a conviction or caution.

    Where the day of the offence is not known, it is taken to lie in the time that the row is for.

    Raises:
        KeyError: the offence or the disposal is not in its list.
        ValueError: an age or a length is less than 0.
    """
    row = rows()[facts.offence]
    if facts.disposal is not None and facts.disposal not in DISPOSED:
        raise KeyError("no such disposal")
    if any(number is not None and number < 0 for number in (facts.age, facts.victim_age, facts.months)):
        raise ValueError("an age or a length is less than 0")
    days = [day for day in (facts.committed, facts.convicted, facts.sentenced) if day]
    if any(later < earlier for earlier, later in pairwise(days)):
        return _depends(row, "The days contradict each other.", "which of the days is right")
    return (
        _other_period(row, facts.committed, days)
        or _other_victim(row, facts.victim_age)
        or _by_threshold(row, facts)
    )


def _depends(row: Row, why: str, *missing: str, see: Iterable[Row] = ()) -> Answer:
    return Answer(Outcome.DEPENDS, row, None, "", why, missing, tuple(see))


def _other_period(row: Row, committed: dt.date | None, days: list[dt.date]) -> Answer | None:
    """Answer where the offence was committed when the row did not hold; it was so on the first of the days at the latest."""
    if row.committed is Period.FROM and days and days[0] < NEW_LAW:
        see = [other for other in neighbours(row) if other.committed is Period.BEFORE]
        if not see:
            why = "What was committed before 1 May 2004 goes by chart 1, which has no row for this offence."
            return Answer(Outcome.DOES_NOT, row, None, "", why)
        why = "The row is for what was committed from 1 May 2004; what came before goes by chart 1."
        return _depends(row, why, "which offence it was by the law before 1 May 2004", see=see)
    if row.committed is Period.BEFORE and committed and committed >= NEW_LAW:
        why = "The row is for what was committed before 1 May 2004; from that day chart 2 holds"
        see = [other for other in neighbours(row) if other.committed is not Period.BEFORE]
        if not see:
            return _depends(
                row, f"{why}, and has no row for this offence.", "what Schedule 3 itself says of it"
            )
        return _depends(row, f"{why}.", "which offence it was by the law from 1 May 2004", see=see)
    return None


def _other_victim(row: Row, age: int | None) -> Answer | None:
    """Answer where the victim's age is outside what the printed row names with the offence."""
    if row.takes_victim(age):
        return None
    see = [other for other in neighbours(row) if other.chart == row.chart and other.takes_victim(age)]
    why = "The victim's age is outside the ages that the row names with the offence."
    if not see:
        return Answer(Outcome.DOES_NOT, row, None, "", why)
    return _depends(row, why, "which offence it was", see=see)


def _by_threshold(row: Row, facts: Facts) -> Answer:
    used = _used(row, facts.age)
    truths = [met(threshold, facts) for threshold in used.values()]
    alike = len(truths) == 1 or set(truths) in ({True}, {False})
    is_met = truths[0] if alike else missing([(AGE,), *truths])
    truth = every([is_met, convicted(row, facts.disposal), _since(row, facts)])
    column = next(iter(used)) if len(used) == 1 else None
    words = "; ".join(f"{of}: {threshold.words}" for of, threshold in used.items())
    if truth is True:
        return Answer(Outcome.FOLLOWS, row, column, words, f"The threshold is met: {_how(used, facts)}.")
    if truth is not False:
        why = "What is known neither meets the threshold nor rules it out."
        if is_met is True:
            why = f"The threshold is met ({_how(used, facts)}), but that is not all that counts."
        return Answer(Outcome.DEPENDS, row, column, words, why, truth)
    if is_met is not False:
        return Answer(Outcome.DOES_NOT, row, column, words, "A caution before 1 September 1997 does not count.")
    if not any(one.ways for one in used.values()):
        see = tuple(_for_this_age(row, Column.YOUNG in used))
        return Answer(Outcome.DOES_NOT, row, column, words, "The row does not apply at this age.", see=see)
    note = " A community punishment order is no community sentence here." if _punished(used, facts) else ""
    return Answer(Outcome.DOES_NOT, row, column, words, f"The threshold is not met ({words}).{note}")


def _used(row: Row, age: int | None) -> dict[Column, Threshold]:
    """Return the thresholds that may hold for an age in years."""
    both = {Column.ADULT: row.adult, Column.YOUNG: row.young}
    if age is None:
        return {Column.ANY: row.adult} if row.adult == row.young else both
    column = Column.ADULT if age >= ADULT else Column.YOUNG
    return {column: both[column]}


def _how(used: dict[Column, Threshold], facts: Facts) -> str:
    """Say which way each threshold is met."""
    ways = [next(way for way in one.ways if met_by(way, facts) is True) for one in used.values()]
    return "; ".join(dict.fromkeys(in_words(way) or "automatic on conviction or caution" for way in ways))


def _punished(used: dict[Column, Threshold], facts: Facts) -> bool:
    """Say whether a community sentence is asked for, and there is one that is not taken for it (footnote to chart 2)."""
    asked = {one.asks for threshold in used.values() for way in threshold.ways for one in way}
    return facts.disposal == "community_punishment_order" and Asks.COMMUNITY in asked


def _for_this_age(row: Row, young: bool) -> list[Row]:
    """Return the rows for offenders of an age to whom a row does not apply."""
    beside = [one for one in neighbours(row) if one.chart == row.chart and one.victim == row.victim]
    return [one for one in beside if (one.young if young else one.adult).ways]


def _since(row: Row, facts: Facts) -> Truth:
    """Say whether it was since 1 September 1997, or a sentence was being served then (section 3)."""
    early = facts.sentenced if facts.sentenced and facts.sentenced < REGISTER_SINCE else None
    if day := facts.convicted or early:
        if day >= REGISTER_SINCE or facts.disposal in _NO_SENTENCE:
            return day >= REGISTER_SINCE
        return ("whether a sentence for it was being served on 1 September 1997",)
    if row.committed is Period.FROM or (facts.committed and facts.committed >= REGISTER_SINCE):
        return True
    return ("whether the conviction or caution was on 1 September 1997 or later",)
