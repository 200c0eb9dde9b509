"""The diary of an area: a year's meetings with their deadlines, and the file that calendar programs take in."""

import datetime as dt
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import diary, ical
from pipeline.days import bank_holidays_until, is_bank_holiday, is_working_day
from tests.rules import settings

D = dt.date
AT = dt.datetime(2026, 12, 2, 9, 30, tzinfo=dt.UTC)
HERE = settings(counts_from=D(2026, 12, 8), place="Committee room 2; Town Hall, Brackenford")


def test_meetings_of_a_year_with_their_deadlines():
    """Every fourth Tuesday is there with the last days for referrals, papers and minutes, over New Year as well (TIME-1)."""
    found = diary.year_of(HERE, 2027)
    assert len(found) == 13
    assert (found[0].held, found[0].time) == (D(2027, 1, 5), dt.time(13))
    assert (found[0].referrals, found[0].papers) == (D(2026, 12, 22), D(2026, 12, 30))
    assert found[0].minutes == D(2027, 1, 19)
    assert diary.year_of(HERE, 2026)[-1].held == D(2026, 12, 8)


def test_bank_holiday_is_marked():
    """A meeting that falls on a bank holiday stays in the list, and is marked: it is for the panel to move it."""
    here = settings(weekday="Monday", counts_from=D(2027, 3, 29))
    marked = [one.held for one in diary.year_of(here, 2027) if one.bank_holiday]
    assert D(2027, 3, 29) in marked
    assert all(is_bank_holiday(day) for day in marked)
    words = [one.summary for one in diary.events("Brackenford", diary.year_of(here, 2027))]
    assert words.count("MARAC (bank holiday)") == len(marked)


@given(st.integers(2013, 2027), st.integers(0, 20), st.integers(0, 20), st.integers(1, 20))
def test_deadlines_are_working_days(year, referral, papers, minutes):
    """A deadline in working days is one, unless it is the day of the meeting itself; and it is on its side of the meeting."""
    here = settings(referral_days=referral, papers_days=papers, minutes_days=minutes, monthly="first")
    for one in diary.year_of(here, year):
        assert one.referrals <= one.held < one.minutes
        assert one.papers <= one.held
        assert all(is_working_day(day) or day == one.held for day in (one.referrals, one.papers))
        assert is_working_day(one.minutes)


def test_guesses_are_told():
    """That the weeks are counted from nowhere, or that bank holidays are not known, is said in words."""
    assert diary.notes(HERE, 2027) == ()
    (guess,) = diary.notes(settings(), 2027)
    assert guess.startswith("marac: area.toml has no counts_from")
    later = bank_holidays_until().year + 1
    (unknown,) = diary.notes(HERE, later)
    assert unknown.startswith(f"The bank holidays after {later - 1} are not known here")


def unfolded(content: bytes) -> list[str]:
    """The lines of a calendar, put together again as RFC 5545, section 3.1, has it."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    for line in content.split(b"\r\n"):
        line.decode()  # no letter is broken
    return content.decode().replace("\r\n ", "").split("\r\n")[:-1]


def value(lines: list[str], name: str) -> list[str]:
    return [line.partition(":")[2] for line in lines if re.split("[;:]", line)[0] == name]


def written(area=HERE, year=2027, at=AT) -> list[str]:
    return unfolded(ical.to_bytes("Brackenford", diary.events(area.name, diary.year_of(area, year)), at))


def test_calendar_has_each_meeting_and_its_deadlines():
    """A meeting is four events: itself, at its time in London, and three days that keep nobody busy."""
    lines = written()
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 4 * 13
    assert "DTSTART;TZID=Europe/London:20270105T130000" in lines
    assert "DTEND;TZID=Europe/London:20270105T150000" in lines
    assert "DTSTART;VALUE=DATE:20261222" in lines
    assert lines.count("TRANSP:TRANSPARENT") == 3 * 13
    assert value(lines, "DTSTAMP") == ["20261202T093000Z"] * 52
    assert value(lines, "LOCATION") == ["Committee room 2\\; Town Hall\\, Brackenford"] * 13
    assert value(lines, "TZID") == ["Europe/London"]


def test_importing_twice_makes_no_doubles():
    """The same meeting has the same identifiers whenever it is written, and no two events share one; another area has others."""
    first, again = written(), written(at=AT + dt.timedelta(days=30))
    assert value(first, "UID") == value(again, "UID")
    assert len(set(value(first, "UID"))) == 52
    elsewhere = HERE.model_copy(update={"name": "Larkmead"})
    assert set(value(first, "UID")).isdisjoint(value(written(elsewhere), "UID"))
    assert set(value(first, "UID")).isdisjoint(value(written(year=2026), "UID"))


@given(st.text(), st.text(max_size=400))
def test_any_words_can_stand_in_a_calendar(name, words):
    """Whatever a panel is called, lines are at most 75 octets, no letter is broken, and the words come back."""
    event = ical.Event("one", words, D(2026, 12, 8))
    lines = unfolded(ical.to_bytes(name, [event], AT))
    (found,) = value(lines, "SUMMARY")
    back = re.sub(r"\\(.)", lambda sign: "\n" if sign[1] == "n" else sign[1], found)
    wanted = "\n".join(
        "".join(sign for sign in line if unicodedata.category(sign) != "Cc") for line in words.splitlines()
    )
    assert back == wanted
    assert lines.count("BEGIN:VEVENT") == 1


def test_calendar_takes_a_time_with_its_zone():
    """A time of writing without its zone is a programmer's mistake."""
    with pytest.raises(ValueError, match="time zone"):
        ical.to_bytes("Brackenford", [], AT.replace(tzinfo=None))
