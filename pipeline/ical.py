"""A calendar as a file that calendar programs take in: iCalendar, RFC 5545."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ZONE = "Europe/London"
_MOST_OCTETS = 75
"""Of a line, without its end (RFC 5545, section 3.1)."""

_TIME_ZONE = (
    "BEGIN:VTIMEZONE",
    f"TZID:{_ZONE}",
    "BEGIN:DAYLIGHT",
    "DTSTART:19810329T010000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZNAME:BST",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0100",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:19961027T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZNAME:GMT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)
"""British time as it is kept since 1996 (RFC 5545, section 3.6.5)."""


@dataclass(frozen=True)
class Event:
    """Something in a calendar.

    Attributes:
        uid: its identifier, the same whenever it is written.
        summary: what it is.
        start: a day, for what lasts all of it; or a time as clocks in London show it, without its zone.
        place: where it is.
        about: further words.
        lasts: how long, where it has a time.
    """

    uid: str
    summary: str
    start: dt.date
    place: str = ""
    about: str = ""
    lasts: dt.timedelta = dt.timedelta(hours=2)


def to_bytes(name: str, events: Iterable[Event], at: dt.datetime) -> bytes:
    """Return the file of a calendar.

    Args:
        name: what the calendar is called.
        events: what is in it.
        at: when it is written, with its time zone.

    Raises:
        ValueError: `at` has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("the time of writing needs its time zone")
    stamp = f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//sealpack//diary//EN", "CALSCALE:GREGORIAN"]
    lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}", *_TIME_ZONE]
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _event(event: Event, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{stamp}"
    if isinstance(event.start, dt.datetime):
        for name, at in (("DTSTART", event.start), ("DTEND", event.start + event.lasts)):
            yield f"{name};TZID={_ZONE}:{at:%Y%m%dT%H%M%S}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.start.isoformat().replace('-', '')}"
        yield "TRANSP:TRANSPARENT"  # a deadline keeps nobody busy
    yield f"SUMMARY:{_text(event.summary)}"
    if event.place:
        yield f"LOCATION:{_text(event.place)}"
    if event.about:
        yield f"DESCRIPTION:{_text(event.about)}"
    yield "END:VEVENT"


def _text(text: str) -> str:
    """Return words as a value (RFC 5545, section 3.3.11): no sign in them ends a line or a value."""
    joined = "\\n".join(
        line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for line in text.splitlines()
    )
    return "".join(sign for sign in joined if unicodedata.category(sign) != "Cc")


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 octets, none of which breaks a letter; all but the first begin with a space."""
    part, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _MOST_OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + octets
    yield part
