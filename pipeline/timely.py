"""What is late or out of step with a meeting as a whole: its papers, its day, its minutes, its quorum."""

import datetime as dt
from collections.abc import Iterator

from forms.answers import long_date
from pipeline import rhythm
from pipeline.area import Panel
from pipeline.days import bank_holidays_until
from pipeline.meeting import Meeting
from pipeline.protocol import reviews, timing


def warnings(meeting: Meeting, panel: Panel, day: dt.date) -> Iterator[str]:
    """Yield what to warn of, each with its rule where a protocol has one."""
    told = [
        (timing.rule_of(meeting.panel), timing.papers_overdue(meeting, panel, day)),
        (
            timing.rule_of(meeting.panel),
            None if timing.exempt(meeting) else rhythm.out_of_step(panel, meeting.date),
        ),
        (timing.rule_on_minutes(meeting.panel), timing.minutes_overdue(meeting, panel, day)),
        (reviews.rule_on_quorum(meeting.panel), reviews.short_of_quorum(meeting, panel)),
    ]
    if meeting.date > bank_holidays_until():
        known = long_date(bank_holidays_until())
        why = f"the bank holidays after {known} are not known here: count the working days yourself"
        told.append((timing.rule_of(meeting.panel), why))
    yield from (f"{by}: {one}" if by else one for by, one in told if one)
