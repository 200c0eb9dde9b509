"""The diary of an area: the meetings of a year, when referrals and papers are due for each, and when its minutes are.

It is made from the settings of the panels alone: no case, name or number of cases is in it.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forms.answers import long_date
from pipeline import ical
from pipeline.area import AreaSettings
from pipeline.days import bank_holidays_until, is_bank_holiday
from pipeline.protocol import timing
from pipeline.rhythm import is_guessed, meetings_in

LAST_YEAR = dt.MAXYEAR - 1
"""The last year that has a year after it, in which minutes may be due."""


@dataclass(frozen=True)
class Sitting:
    """A meeting of a panel as its rhythm has it.

    Attributes:
        panel: the id of the panel; title: as it is called.
        held, time, place: when and where it meets.
        referrals, papers: the last day on which a referral is in time, and on which papers go out.
        minutes: the last day on which minutes go out.
        bank_holiday: it falls on one, so the panel will want another day.
        lasts: how long it takes.
    """

    panel: str
    title: str
    held: dt.date
    time: dt.time
    place: str
    referrals: dt.date
    papers: dt.date
    minutes: dt.date
    bank_holiday: bool
    lasts: dt.timedelta


def year_of(area: AreaSettings, year: int, panels: Sequence[str] = ()) -> tuple[Sitting, ...]:
    """Return the meetings of a year in order of time.

    Args:
        area: the settings of the area.
        year: from 1 to LAST_YEAR.
        panels: ids of the panels wanted; all of them if empty.

    Raises:
        KeyError: the area has no such panel.
    """
    found = []
    for name in panels or area.panels:
        panel = area.panels[name]
        found += [
            Sitting(
                name, panel.title, held, panel.time, panel.place, timing.referrals_due(held, panel),
                timing.papers_due(held, panel), timing.minutes_due(held, panel), is_bank_holiday(held),
                dt.timedelta(minutes=panel.lasts_minutes),
            )
            for held in meetings_in(panel, year)
        ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.held, one.time, one.panel)))


def notes(area: AreaSettings, year: int, panels: Sequence[str] = ()) -> tuple[str, ...]:
    """Return in sentences what is guessed or not known about the meetings of a year."""
    told = [
        f"{name}: area.toml has no counts_from, so the weeks are counted from the first {area.panels[name].weekday} "
        "of the year. Write there a day on which the panel met."
        for name in panels or area.panels
        if is_guessed(area.panels[name])
    ]
    if year > bank_holidays_until().year:
        told.append(
            f"The bank holidays after {bank_holidays_until().year} are not known here: count the working days yourself."
        )
    return tuple(told)


def events(area: str, sittings: Sequence[Sitting]) -> Iterator[ical.Event]:
    """Yield what of the meetings stands in a calendar: each meeting at its time, and its three deadlines as days.

    The same meeting has the same identifiers at all times, so that importing a calendar again doubles nothing.

    Args:
        area: the name of the area, which tells its meetings from those of others.
        sittings: the meetings.
    """
    for one in sittings:
        moved = " (bank holiday)" if one.bank_holiday else ""
        start = dt.datetime.combine(one.held, one.time.replace(tzinfo=None))
        yield ical.Event(_uid(area, one, "meeting"), f"{one.title}{moved}", start, one.place, lasts=one.lasts)
        for what, words, day in (
            ("referrals", "last day for referrals", one.referrals),
            ("papers", "papers go out", one.papers),
            ("minutes", "minutes are due", one.minutes),
        ):
            about = f"Meeting of {long_date(one.held)}"
            yield ical.Event(_uid(area, one, what), f"{one.title}: {words}", day, about=about)


def _uid(area: str, one: Sitting, what: str) -> str:
    """Return an identifier for a calendar, as RFC 7986, section 5.3, asks for: it tells nothing, and is always the same."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"sealpack:diary:{area}:{one.panel}:{one.held}:{what}"))
