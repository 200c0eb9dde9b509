"""Time: working days are those of England and Wales, bank holidays out."""

import datetime as dt
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays

from pipeline.meeting import Meeting
from pipeline.protocol.rule import CaseContext, Citation, Effect, On, Source, rule

_REFERRAL = Citation(Source.BROMLEY, "appendix 3 part A, referral to the MARAC")
_FREQUENCY = Citation(Source.BROMLEY, "appendix 3 part A, frequency of meetings")
_EMERGENCY = (
    Citation(Source.BROMLEY, "appendix 2 part C, process for information sharing"),
    Citation(Source.BROMLEY, "appendix 3 part A, MARAC members' responsibilities"),
    Citation(Source.THAMES_VALLEY, "section 2"),
)


@cache
def _bank_holidays() -> frozenset[dt.date]:
    shipped = BankHolidays(use_cached_holidays=True)  # never goes online
    return frozenset(day["date"] for day in shipped.get_holidays(division="england-and-wales"))


def bank_holidays_until() -> dt.date:
    """Return the last day of the years whose bank holidays are known here."""
    return dt.date(max(_bank_holidays()).year, 12, 31)


def is_working_day(day: dt.date) -> bool:
    """Say whether a day is neither at the week-end nor a bank holiday."""
    return day.weekday() < 5 and day not in _bank_holidays()


def working_days_before(day: dt.date, count: int) -> dt.date:
    """Return the working day that lies `count` working days before a day; 0 gives the day itself, whatever it is."""
    while count:
        day -= dt.timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(first: dt.date, last: dt.date) -> int:
    """Return how many working days lie after `first`, up to and with `last`; 0 if it is not later."""
    days = (first + dt.timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day) for day in days)


@rule(
    "TIME-1",
    "A MARAC referral comes 7 working days before the meeting, and papers go out 3 working days before",
    Effect.WARN,
    On.CASE,
    _REFERRAL,
    _FREQUENCY,
)
def came_in_time(case: CaseContext) -> str | None:
    """Warn of a referral that came after the panel's deadline, in working days; each panel of an area sets its own."""
    if exempt(case.meeting) or case.form.closed or not case.form.panel:
        return None  # a notification or an answer is no referral
    deadline = working_days_before(case.meeting.date, case.panel.referral_days)
    came = case.case.received or case.checked["referrer.date"]
    late = working_days_between(deadline, came)
    if came <= deadline:
        return None
    # A referral of a Saturday after a Friday's deadline is late, though by no working day yet.
    days = f"{late} working day{'s' if late != 1 else ''}" if late else "less than a working day"
    return f"late by {days}"


def papers_deadline(meeting: Meeting, papers_days: int) -> dt.date:
    """Return the day by which papers go out, `papers_days` working days before the meeting (TIME-1)."""
    return working_days_before(meeting.date, papers_days)


def papers_are_late(meeting: Meeting, papers_days: int, day: dt.date) -> bool:
    """Say whether papers going out on a day miss the deadline; an emergency meeting has none."""
    return not exempt(meeting) and day > papers_deadline(meeting, papers_days)


@rule(
    "TIME-8",
    "An emergency meeting is exempt from lead times, and the pack says that it is one",
    Effect.MARK,
    On.PAPERS,
    *_EMERGENCY,
)
def exempt(meeting: Meeting) -> bool:
    """Say whether lead times do not hold, since the meeting is an emergency."""
    return meeting.emergency
