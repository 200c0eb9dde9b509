"""Is a threshold of Schedule 3 met? What is known of a conviction or caution, and what each sentence or disposal is taken for.

An answer is yes, no, or what would have to be known. What the printed table (Thames Valley MAPPA local working requirements
2008, appendix I) leaves open is left open here. One thing is our judgement: "prison" takes in detention of the young,
since nobody under 18 is imprisoned.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.protocol.schedule_3 import Asks, Condition, Row, Threshold

UNPAID_WORK_SINCE = dt.date(2005, 4, 4)
"""Community orders with unpaid work are community sentences from this day (footnote to chart 2)."""

Truth = bool | tuple[str, ...]
"""Yes, no, or what would have to be known to say so."""


@dataclass(frozen=True, repr=False)
class Facts:
    """What is known of a conviction or caution; None is what is not known.

    Attributes:
        offence: its key in `forms.offences.SCHEDULE_3`.
        committed: the day of the offence.
        age: of the offender at the offence, in years.
        victim_age: at the offence, in years.
        disposal: a key of `forms.offences.DISPOSALS`.
        months: the length of the sentence in whole months.
        convicted: the day of the conviction or caution.
        sentenced: the day of the sentence; it matters only for orders with unpaid work.
    """

    offence: str
    committed: dt.date | None = None
    age: int | None = None
    victim_age: int | None = None
    disposal: str | None = None
    months: int | None = None
    convicted: dt.date | None = None
    sentenced: dt.date | None = None


def _open(what: str) -> tuple[str, ...]:
    return (f"whether {what}, which the printed table leaves open",)


class _Disposal(NamedTuple):
    """What a disposal is taken for."""

    prison: Truth = False
    community: Truth = False
    conviction: Truth = True
    """Or a caution, which counts alike (section 3)."""
    has_length: bool = True
    """Whether one that is too short is out, whatever it is taken for."""


_HOSPITAL = _open("such an order counts as a sentence of the threshold")
DISPOSED = {
    "immediate_custody": _Disposal(prison=True),
    "indeterminate_custody": _Disposal(prison=True, has_length=False),
    "suspended_custody": _Disposal(prison=_open("a suspended sentence counts as a prison sentence")),
    "youth_custody": _Disposal(prison=True),
    "detention_training_order": _Disposal(prison=True),
    "community_order": _Disposal(community=True),
    "community_order_unpaid_work": _Disposal(community=True),
    "community_rehabilitation_order": _Disposal(community=True),
    "community_punishment_order": _Disposal(),
    "community_punishment_rehabilitation_order": _Disposal(
        community=_open("an order of punishment and rehabilitation counts as a community sentence")
    ),
    "youth_community_order": _Disposal(community=True),
    "hospital_order": _Disposal(_HOSPITAL, _HOSPITAL, has_length=False),
    "guardianship_order": _Disposal(_HOSPITAL, _HOSPITAL, has_length=False),
    "insanity_or_disability": _Disposal(
        _HOSPITAL,
        _HOSPITAL,
        _open("a finding of insanity or disability counts as a conviction"),
        has_length=False,
    ),
    "fine": _Disposal(),
    "conditional_discharge": _Disposal(
        conviction=_open("a conditional discharge counts as a conviction in chart 2 as well")
    ),
    "absolute_discharge": _Disposal(conviction=_open("an absolute discharge counts as a conviction")),
    "caution": _Disposal(),
    "reprimand_or_warning": _Disposal(conviction=_open("a reprimand or warning counts as a caution")),
    "other": _Disposal(
        _open("the sentence counts as a prison sentence"), _open("the sentence counts as a community sentence")
    ),
}
"""What each disposal of forms/offences.py is taken for."""
AGE = "the offender's age at the offence"
_KIND = ("the kind of sentence or disposal",)


def met(threshold: Threshold, facts: Facts) -> Truth:
    """Say whether a threshold is met in one of its ways."""
    return some(met_by(way, facts) for way in threshold.ways)


def met_by(way: tuple[Condition, ...], facts: Facts) -> Truth:
    """Say whether all that one way asks for is so."""
    return every(_holds(one, facts) for one in way)


def _holds(condition: Condition, facts: Facts) -> Truth:
    number = condition.number
    match condition.asks:
        case Asks.VICTIM_UNDER:
            return ("the victim's age",) if facts.victim_age is None else facts.victim_age < number
        case Asks.OFFENDER_OVER:
            if facts.age == number:
                return _open(f"the year that begins with the birthday of {number} is over {number}")
            return (AGE,) if facts.age is None else facts.age > number
        case Asks.ANY_PRISON | Asks.PRISON:
            return _sentence(number, facts, _prison(number, facts))
        case Asks.COMMUNITY:
            return _sentence(number, facts, _community(facts))


def _prison(months: int, facts: Facts) -> Truth:
    order = facts.disposal == "detention_training_order"
    if order and months and facts.months is not None and months <= facts.months < 2 * months:
        return _open("the half of the order that is not detention counts")
    return DISPOSED[facts.disposal].prison if facts.disposal else _KIND


def _community(facts: Facts) -> Truth:
    """Say whether it is a community sentence (footnote to chart 2)."""
    if facts.disposal == "community_order_unpaid_work":
        if facts.sentenced:
            return facts.sentenced >= UNPAID_WORK_SINCE
        later = any(day and day >= UNPAID_WORK_SINCE for day in (facts.committed, facts.convicted))
        return later or ("whether the order was made on or after 4 April 2005",)
    return DISPOSED[facts.disposal].community if facts.disposal else _KIND


def _sentence(least: int, facts: Facts, counts: Truth) -> Truth:
    """Say whether a sentence counts and is not shorter than so many months; 0 is any length."""
    lasts = DISPOSED[facts.disposal].has_length if facts.disposal else True
    if not (counts and least and lasts):
        return counts
    if facts.months is None:
        return every((counts, ("the length of the sentence",)))
    return counts if facts.months >= least else False


def convicted(row: Row, disposal: str | None) -> Truth:
    """Say whether it counts as a conviction or caution; the note to chart 1 names conditional discharges."""
    if disposal is None or (row.chart == 1 and disposal == "conditional_discharge"):
        return True
    return DISPOSED[disposal].conviction


def missing(truths: Iterable[Truth]) -> tuple[str, ...]:
    """Return what would have to be known, each once; empty if all is known."""
    return tuple(dict.fromkeys(one for truth in truths if isinstance(truth, tuple) for one in truth))


def every(truths: Iterable[Truth]) -> Truth:
    """Say whether all are so."""
    known = list(truths)
    return False if False in known else missing(known) or True


def some(truths: Iterable[Truth]) -> Truth:
    """Say whether one at least is so."""
    known = list(truths)
    return True if True in known else missing(known) or False
