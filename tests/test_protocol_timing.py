"""Deadlines in working days: TIME-1 and TIME-8."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.protocol import timing
from tests.rules import MEETING_DAY, Tries, about_case, meeting

tries = Tries()
D = dt.date


def received(
    came: dt.date, held: dt.date = MEETING_DAY, *, emergency: bool = False, signed: dt.date | None = None
):
    case = {"reference": "MARAC-2026-4417", "file": "one.xlsx", "received": None if signed else came}
    return about_case(
        {"referrer.date": (signed or came).isoformat()}, case=[case], date=held, emergency=emergency
    )


tries.passes("TIME-1", "7 working days before, to the day", received(D(2026, 11, 27)))
tries.passes("TIME-1", "the day before the deadline", received(D(2026, 11, 26)))
tries.bites("TIME-1", "the Monday after a Friday's deadline", received(D(2026, 11, 30)))
tries.bites("TIME-1", "the Saturday after a Friday's deadline", received(D(2026, 11, 28)))
tries.bites("TIME-1", "on the day of the meeting", received(D(2026, 12, 8)))
tries.bites(
    "TIME-1",
    "the date on the form counts where nothing else is noted",
    received(D(2026, 11, 30), signed=D(2026, 11, 30)),
)
tries.passes("TIME-1", "the date on the form is in time", received(D(2026, 11, 27), signed=D(2026, 11, 27)))
tries.bites("TIME-1", "dated in time and received late", about_case({"referrer.date": "2026-11-20"}, case=[
    {"reference": "MARAC-2026-4417", "file": "one.xlsx", "received": D(2026, 12, 1)}]))  # fmt: skip
# Christmas: 25 December 2026 is a Friday, and Boxing Day, a Saturday, is kept on Monday the 28th; 1 January is a Friday.
tries.passes("TIME-1", "over Christmas and New Year, 21 December", received(D(2026, 12, 21), D(2027, 1, 5)))
tries.passes("TIME-1", "over Christmas and New Year, to the day", received(D(2026, 12, 22), D(2027, 1, 5)))
tries.bites("TIME-1", "over Christmas and New Year, 23 December", received(D(2026, 12, 23), D(2027, 1, 5)))
# Easter: Good Friday is 26 March 2027, Easter Monday the 29th.
tries.passes("TIME-1", "over Easter, to the day", received(D(2027, 3, 24), D(2027, 4, 6)))
tries.bites("TIME-1", "over Easter, Maundy Thursday", received(D(2027, 3, 25), D(2027, 4, 6)))
tries.passes("TIME-1", "an emergency meeting has no deadline", received(D(2026, 12, 8), emergency=True))

tries.gives("TIME-8", "an emergency meeting is exempt", lambda f: f(meeting(emergency=True)), True, bites=True)
tries.gives("TIME-8", "any other is not", lambda f: f(meeting()), False, bites=False)


@tries.each
def test_timing(one):
    """A late referral is warned of, by working days of England and Wales."""
    one.check()


@pytest.mark.parametrize(
    ("came", "says"),
    [
        (D(2026, 11, 28), "late by less than a working day"),
        (D(2026, 11, 30), "late by 1 working day"),
        (D(2026, 12, 1), "late by 2 working days"),
        (D(2026, 12, 6), "late by 5 working days"),
    ],
    ids=["Saturday", "Monday", "Tuesday", "Sunday of the week after"],
)
def test_lateness_is_counted(came, says):
    """The flag says how late, in working days after Friday 27 November (TIME-1)."""
    assert timing.came_in_time(received(came)) == says


@pytest.mark.parametrize(
    ("held", "deadline"),
    [
        (D(2026, 12, 8), D(2026, 12, 3)),
        (D(2027, 1, 5), D(2026, 12, 30)),
        (D(2027, 4, 6), D(2027, 4, 1)),
        (D(2027, 3, 30), D(2027, 3, 23)),
    ],
    ids=["an ordinary week", "over New Year", "the week after Easter", "the day after Easter Monday"],
)
def test_papers_go_out_three_working_days_before(held, deadline):
    """Papers are on time on the deadline, late on the day after; not for an emergency (TIME-1, TIME-8)."""
    day = dt.timedelta(days=1)
    assert timing.papers_deadline(meeting(date=held), 3) == deadline
    assert not timing.papers_are_late(meeting(date=held), 3, deadline - day)
    assert not timing.papers_are_late(meeting(date=held), 3, deadline)
    assert timing.papers_are_late(meeting(date=held), 3, deadline + day)
    assert not timing.papers_are_late(meeting(date=held, emergency=True), 3, deadline + day)


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
    assert not timing.is_working_day(day)


@pytest.mark.parametrize("day", [D(2026, 1, 2), D(2026, 11, 30), D(2026, 8, 3), D(2026, 12, 24)],
                         ids=["2 January", "St Andrew", "Scotland's summer holiday", "Christmas Eve"])  # fmt: skip
def test_other_nations_holidays_are_working_days(day):
    """Scotland's bank holidays, and days before a holiday, are working days here."""
    assert timing.is_working_day(day)


@given(st.dates(D(2013, 1, 1), D(2028, 12, 31)), st.integers(0, 30))
def test_counting_back_and_forth_agree(day, count):
    """So many working days before a day, there are so many from there to it."""
    start = timing.working_days_before(day, count)
    one = dt.timedelta(days=1)
    assert timing.working_days_between(start - one, day - one) == count
    assert count == 0 or timing.is_working_day(start)


def test_bank_holidays_are_known_to_the_end_of_a_year():
    """The program says until when it knows them, and that is not the past (TIME-1)."""
    assert timing.bank_holidays_until() >= D(2027, 12, 31)
