"""The rhythm of a panel: on which days of a year it meets, and whether a meeting is one of them (TIME-1, 2, 7)."""

import datetime as dt
from calendar import day_name, monthrange

from forms.answers import long_date
from pipeline.area import Panel

_NUMBER = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_WEEK = dt.timedelta(weeks=1)


def meetings_in(panel: Panel, year: int) -> tuple[dt.date, ...]:
    """Return the days of a year on which a panel meets, in order; bank holidays are among them.

    Args:
        panel: monthly, as on the fourth Thursday; or every so many weeks, counted from a day on which it met and
            otherwise from the first such weekday of the year.
        year: the year, up to 9998.
    """
    first, weekday = dt.date(year, 1, 1), list(day_name).index(panel.weekday)
    if panel.monthly:
        return tuple(_in_month(panel.monthly, weekday, year, month) for month in range(1, 13))
    step = dt.timedelta(weeks=panel.every_weeks)
    start = panel.counts_from or first + dt.timedelta(days=(weekday - first.weekday()) % 7)
    day = first + (start - first) % step
    days = []
    while day.year == year:
        days.append(day)
        day += step
    return tuple(days)


def _in_month(which: str, weekday: int, year: int, month: int) -> dt.date:
    """Return the first, second, third, fourth or last of a weekday in a month."""
    if which == "last":
        last = dt.date(year, month, monthrange(year, month)[1])
        return last - dt.timedelta(days=(last.weekday() - weekday) % 7)
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(weekday - first.weekday()) % 7) + (_NUMBER[which] - 1) * _WEEK


def is_guessed(panel: Panel) -> bool:
    """Say whether nobody has told from which day the weeks are counted."""
    return not panel.monthly and panel.counts_from is None and panel.every_weeks > 1


def out_of_step(panel: Panel, day: dt.date) -> str | None:
    """Return in words how a day is not one on which a panel meets, or None; without a day to count from, weeks are not counted."""
    if f"{day:%A}" != panel.weekday:
        return f"the meeting is on a {day:%A}, and this panel meets on a {panel.weekday}"
    if panel.monthly and day not in meetings_in(panel, day.year):
        return f"this panel meets on the {panel.monthly} {panel.weekday} of a month, and this is another one"
    if panel.monthly or panel.counts_from is None:
        return None
    step = dt.timedelta(weeks=panel.every_weeks)
    if not (over := (day - panel.counts_from) % step):
        return None
    before = day - over
    return (
        f"this panel meets every {panel.every_weeks} weeks, on {long_date(before)} and then on "
        f"{long_date(before + step)}, and this meeting is between them"
    )
