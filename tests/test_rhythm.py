"""The rhythm of a panel: every meeting on its weekday, none left out."""

import datetime as dt
import itertools
from calendar import day_name

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.area import Panel
from pipeline.rhythm import is_guessed, meetings_in, out_of_step

D = dt.date
WEEK = dt.timedelta(weeks=1)
years = st.integers(1990, 2100)
weekdays = st.sampled_from(list(day_name))


def panel(**settings):
    usual = {"title": "A panel", "purpose": "To help.", "expected": ["Come."]}
    return Panel.model_validate(usual | settings)


@given(years, st.integers(1, 53), st.dates(D(1990, 1, 1), D(2100, 12, 31)))
def test_every_so_many_weeks(year, weeks, met):
    """All meetings of a year are there: on their weekday, so many weeks apart, and none before the first or after the last."""
    made = panel(weekday=f"{met:%A}", every_weeks=weeks, counts_from=met)
    found = meetings_in(made, year)
    assert {f"{day:%A}" for day in found} <= {f"{met:%A}"}
    assert {later - day for day, later in itertools.pairwise(found)} <= {weeks * WEEK}
    assert all((day - met) % (weeks * WEEK) == dt.timedelta(0) and day.year == year for day in found)
    if found:
        assert (found[0] - weeks * WEEK).year < year < (found[-1] + weeks * WEEK).year
    assert met in meetings_in(made, met.year)
    assert all(out_of_step(made, day) is None for day in found)


@given(years, weekdays, st.sampled_from(["first", "second", "third", "fourth", "last"]))
def test_monthly(year, weekday, which):
    """Each month has one meeting, on the weekday, and that is its first, second, third, fourth or last."""
    found = meetings_in(panel(weekday=weekday, monthly=which), year)
    assert [day.month for day in found] == list(range(1, 13))
    assert {f"{day:%A}" for day in found} == {weekday}
    if which == "last":
        assert all((day + WEEK).month != day.month for day in found)
    else:
        number = ["first", "second", "third", "fourth"].index(which)
        assert all(day.day - number * 7 in range(1, 8) for day in found)


@given(years, st.integers(1, 53), weekdays)
def test_without_a_day_to_count_from_it_is_the_first_of_the_year(year, weeks, weekday):
    """Where nobody has told a day on which the panel met, the first such weekday of the year is one, and that is a guess."""
    made = panel(weekday=weekday, every_weeks=weeks)
    found = meetings_in(made, year)
    assert found[0] <= D(year, 1, 7)
    assert f"{found[0]:%A}" == weekday
    assert is_guessed(made) is (weeks > 1)


def test_no_guess():
    """Monthly, weekly, and with a day to count from there is nothing to guess."""
    assert not is_guessed(panel(monthly="last"))
    assert not is_guessed(panel(every_weeks=1))
    assert not is_guessed(panel(counts_from=D(2026, 12, 8)))


@pytest.mark.parametrize(
    ("settings", "day", "says"),
    [
        ({}, D(2026, 12, 8), None),
        ({}, D(2026, 12, 9), "on a Wednesday, and this panel meets on a Tuesday"),
        ({"counts_from": D(2026, 12, 8)}, D(2027, 1, 5), None),
        ({"counts_from": D(2026, 12, 8)}, D(2026, 11, 10), None),
        ({"counts_from": D(2026, 12, 8)}, D(2026, 12, 15),
         "every 4 weeks, on 8 December 2026 and then on 5 January 2027"),
        ({"weekday": "Thursday", "monthly": "fourth"}, D(2026, 12, 24), None),
        ({"weekday": "Thursday", "monthly": "fourth"}, D(2026, 12, 31), "the fourth Thursday of a month"),
        ({"weekday": "Thursday", "monthly": "last"}, D(2026, 12, 31), None),
        ({"weekday": "Thursday", "monthly": "last"}, D(2026, 12, 24), "the last Thursday of a month"),
    ],
    ids=["any Tuesday", "a Wednesday", "four weeks later", "four weeks sooner", "a week later", "the fourth",
         "the fifth", "the last", "the last but one"],
)  # fmt: skip
def test_meeting_out_of_step(settings, day, says):
    """A meeting on another weekday, in another week or between two meetings is told so; it may be meant (TIME-1, 2, 3, 7)."""
    found = out_of_step(panel(**settings), day)
    assert says in found if says else found is None


def test_day_to_count_from_is_a_day_of_meeting():
    """An area whose panel met on another weekday than it meets on is told that one of the two is wrong."""
    with pytest.raises(ValueError, match="counts_from is a Wednesday, and the panel meets on a Tuesday"):
        panel(counts_from=D(2026, 12, 9))
