"""MAPPA cases are screened soon after sentence or admission, and notified well before release or discharge."""

import calendar
import datetime as dt
from typing import NamedTuple

from pipeline.protocol.rule import CaseContext, Citation, Effect, On, Source, rule

_SCREENED_WITHIN = dt.timedelta(days=3)
"""Of working days the source says nothing."""
_MONTHS_AHEAD = 6
"""12 in a complex case, which is for the sender to say: no form asks it."""


class _Dates(NamedTuple):
    """Where a form has the dates, in paths, and what it calls them."""

    begins: str
    screened: str
    ends: str
    begin: str
    end: str


_DATES = {
    "mappa-i": _Dates(
        "dates.admitted", "dates.identified", "dates.discharge", "admission or sentence", "discharge"
    ),
    "mappa-h": _Dates(
        "custody.sentence_start", "category.screened", "custody.conditional_release", "sentence", "release"
    ),
}


@rule(
    "TIME-4",
    "Screened within 3 days of sentence or admission, and notified 6 months before release or discharge (12 if complex)",
    Effect.WARN,
    On.CASE,
    Citation(
        Source.WEST_MIDLANDS, "levels of management; health bodies; youth offending service, identification"
    ),
    forms=tuple(_DATES),
)
def was_screened_in_time(case: CaseContext) -> str | None:
    """Warn of a late screening and of a late notification, and give no date: not everybody may know when a release is."""
    dates = _DATES[case.form.id]
    begins, screened, ends = (case.checked[path] for path in (dates.begins, dates.screened, dates.ends))
    came = case.case.received or case.checked["referrer.date"]
    late = []
    if isinstance(begins, dt.date) and isinstance(screened, dt.date) and screened > begins + _SCREENED_WITHIN:
        late.append(f"it was screened later than {_SCREENED_WITHIN.days} days after {dates.begin}")
    if isinstance(ends, dt.date) and came > _months_before(ends, _MONTHS_AHEAD):
        late.append(f"it came later than {_MONTHS_AHEAD} months before {dates.end} (12 in a complex case)")
    return ", and ".join(late) or None


def _months_before(day: dt.date, months: int) -> dt.date:
    """Return the day that many months before; the last of the month where that month is too short."""
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
