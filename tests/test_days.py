"""Working days of England and Wales, months, years and ages."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.answers import Age
from pipeline import days

D = dt.date
ONE = dt.timedelta(days=1)
known = st.dates(D(2013, 1, 1), D(2028, 12, 31))
any_day = st.dates(D(1900, 1, 1), D(2100, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        D(2026, 12, 25),
        D(2026, 12, 28),
        D(2027, 1, 1),
        D(2027, 3, 26),
        D(2027, 3, 29),
        D(2026, 12, 5),
        D(2026, 12, 6),
    ],
    ids=["Christmas Day", "Boxing Day kept", "New Year", "Good Friday", "Easter Monday", "Saturday", "Sunday"],
)
def test_no_working_day(day):
    """Week-ends and the bank holidays of England and Wales are no working days."""
    assert not days.is_working_day(day)
    assert days.is_bank_holiday(day) is (day.weekday() < 5)


@pytest.mark.parametrize("day", [D(2026, 1, 2), D(2026, 11, 30), D(2026, 8, 3), D(2026, 12, 24)],
                         ids=["2 January", "St Andrew", "Scotland's summer holiday", "Christmas Eve"])  # fmt: skip
def test_other_nations_holidays_are_working_days(day):
    """Scotland's bank holidays, and days before a holiday, are working days here."""
    assert days.is_working_day(day)


@given(known, st.integers(0, 30))
def test_counting_back_and_forth_agree(day, count):
    """So many working days before a day, there are so many from there to it; and so many after it, from it to there."""
    start, end = days.working_days_before(day, count), days.working_days_after(day, count)
    assert days.working_days_between(start - ONE, day - ONE) == count
    assert days.working_days_between(day, end) == count
    assert count == 0 or (days.is_working_day(start) and days.is_working_day(end))


@given(known, st.integers(1, 30))
def test_there_and_back_is_the_working_day_itself(day, count):
    """From a working day, so many working days on and back again lead to it."""
    if days.is_working_day(day):
        assert days.working_days_before(days.working_days_after(day, count), count) == day


def test_calendar_has_two_ends():
    """A deadline beyond the first or the last day that there is, is that day."""
    assert days.working_days_after(D(9999, 12, 30), 10) == D.max
    assert days.working_days_before(D(1, 1, 2), 10) == D.min


def test_bank_holidays_are_known_to_the_end_of_a_year():
    """The program says until when it knows them, and that is not the past (TIME-1)."""
    assert days.bank_holidays_until() >= D(2027, 12, 31)


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (D(2027, 8, 31), -6, D(2027, 2, 28)),
        (D(2028, 8, 31), -6, D(2028, 2, 29)),
        (D(2026, 12, 8), 12, D(2027, 12, 8)),
        (D(2026, 12, 31), 2, D(2027, 2, 28)),
        (D(2026, 1, 15), -1, D(2025, 12, 15)),
        (D(9999, 12, 1), 1, D.max),
        (D(1, 1, 31), -1, D.min),
    ],
    ids=["too short a month", "a leap year", "a year", "over New Year", "back over it", "after the last", "before the first"],
)  # fmt: skip
def test_months(day, months, found):
    """So many months on it is the same day of the month, or its last; the calendar has two ends."""
    assert days.months_after(day, months) == found


@given(any_day, st.integers(-1200, 1200))
def test_months_keep_the_day_of_the_month(day, months):
    """The month is the one counted to, and the day the same or the month's last."""
    found = days.months_after(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + ONE).day == 1)


@given(any_day, st.integers(0, 120))
def test_birthdays_and_ages_agree(born, years):
    """On the day so many years later somebody is so many years old, and the day before not yet."""
    day = days.years_after(born, years)
    assert days.age_on(day, born) == years
    assert years == 0 or days.age_on(day - ONE, born) == years - 1


def test_birthday_of_a_leap_day():
    """Who was born on 29 February is a year older on 1 March, and on that day in a leap year."""
    assert days.years_after(D(2024, 2, 29), 1) == D(2025, 3, 1)
    assert days.years_after(D(2024, 2, 29), 4) == D(2028, 2, 29)


def test_age_in_years_is_taken_as_it_is():
    """An age that was given in years needs no day of birth."""
    assert days.age_on(D(2026, 12, 2), Age(14)) == 14
