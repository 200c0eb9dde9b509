"""Days: working days of England and Wales, months and years later, and how old somebody is."""

import datetime as dt
from calendar import monthrange
from functools import cache

from forms.answers import Age
from forms.conditions import birthday

__all__ = [
    "age_on", "bank_holidays_until", "is_bank_holiday", "is_working_day", "months_after", "working_days_after",
    "working_days_before", "working_days_between", "years_after",
]  # fmt: skip

_DAY = dt.timedelta(days=1)


@cache
def _bank_holidays() -> frozenset[dt.date]:
    from govuk_bank_holidays.bank_holidays import BankHolidays  # noqa: PLC0415 - it brings what goes online, which is slow to load

    shipped = BankHolidays(use_cached_holidays=True)  # never goes online
    return frozenset(day["date"] for day in shipped.get_holidays(division="england-and-wales"))


def bank_holidays_until() -> dt.date:
    """Return the last day of the years whose bank holidays are known here."""
    return dt.date(max(_bank_holidays()).year, 12, 31)


def is_bank_holiday(day: dt.date) -> bool:
    """Say whether a day is a bank holiday of England and Wales, as far as they are known here."""
    return day in _bank_holidays()


def is_working_day(day: dt.date) -> bool:
    """Say whether a day is neither at the week-end nor a bank holiday."""
    return day.weekday() < 5 and not is_bank_holiday(day)


def working_days_before(day: dt.date, count: int) -> dt.date:
    """Return the working day that lies `count` working days before a day; 0 gives the day itself, whatever it is."""
    while count and day > dt.date.min:
        day -= _DAY
        count -= is_working_day(day)
    return day


def working_days_after(day: dt.date, count: int) -> dt.date:
    """Return the working day that lies `count` working days after a day; 0 gives the day itself, whatever it is."""
    while count and day < dt.date.max:
        day += _DAY
        count -= is_working_day(day)
    return day


def working_days_between(first: dt.date, last: dt.date) -> int:
    """Return how many working days lie after `first`, up to and with `last`; 0 if it is not later."""
    days = (first + dt.timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day) for day in days)


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the day that many months after another, or before it where the number is negative.

    Where that month is too short it is its last day; what no calendar reaches is the first or last day there is.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return dt.date.min if year < dt.MINYEAR else dt.date.max
    return dt.date(year, month, min(day.day, monthrange(year, month)[1]))


def years_after(day: dt.date, years: int) -> dt.date:
    """Return the same day that many years later; for 29 February it is 1 March where there is none."""
    return birthday(day, years) or dt.date.max


def age_on(day: dt.date, born: dt.date | Age) -> int:
    """Return how old somebody is on a day, in whole years; an age that was given in years is taken as it is."""
    if isinstance(born, Age):
        return born.years
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
