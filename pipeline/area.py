"""The area folder: its settings, its agencies and their SPOCs, its panels."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from pipeline.agency import Agency, Email, Id, Phone, Text, Words
from pipeline.problem import Problem
from pipeline.settings import Day, Hour, Settings, Unusable, load, misplaced


class Scheme(StrEnum):
    """The marking scheme of an area; the two are never mixed (MARK-5)."""

    PRESENT = "official"
    """OFFICIAL < OFFICIAL-SENSITIVE < SECRET < TOP SECRET."""
    OLDER = "restricted"
    """RESTRICTED < CONFIDENTIAL < SECRET < TOP SECRET."""


Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class Panel(Settings):
    """A panel with its rhythm, quorum and deadlines (TIME-1, 2, 3, 7).

    Attributes:
        weekday: on which it meets, `every_weeks` weeks from meeting to meeting, or `monthly`, as on the fourth of each month.
        counts_from: a day on which it met, from which the weeks are counted.
        referral_days: working days before the meeting by which a referral is here.
        papers_days: days before the meeting on which papers go out: working days, or days of the calendar where
            `papers_in_calendar_days` says so.
        minutes_days: working days after the meeting within which the minutes go out.
        decision_days: days within which the co-ordinator answers a referral.
        time, lasts_minutes: when it begins, and for how long it is in people's calendars.
        quorum_agencies, quorum_members: how many have to be there.
    """

    title: Words
    weekday: Weekday = "Tuesday"
    every_weeks: int = Field(default=4, ge=1, le=53)
    monthly: Literal["", "first", "second", "third", "fourth", "last"] = ""
    counts_from: Day | None = None
    time: Hour = dt.time(13)
    lasts_minutes: int = Field(default=120, ge=1, le=1_440)
    place: Text = ""
    referral_days: int = Field(default=7, ge=0, le=366)
    papers_days: int = Field(default=3, ge=0, le=366)
    papers_in_calendar_days: bool = False
    minutes_days: int = Field(default=10, ge=1, le=366)
    decision_days: int = Field(default=10, ge=1, le=366)
    quorum_agencies: int = Field(default=0, ge=0)
    quorum_members: int = Field(default=0, ge=0)
    keep_months: int = Field(default=12, ge=1, le=1200)
    basis: Words = "Crime and Disorder Act 1998, section 115"
    purpose: Words
    expected: tuple[Words, ...]
    """What an agency is expected to do with the pack, a line each (PURPOSE-1)."""

    @model_validator(mode="after")
    def _met_on_its_weekday(self) -> "Panel":
        if self.counts_from and f"{self.counts_from:%A}" != self.weekday:
            raise ValueError(f"counts_from is a {self.counts_from:%A}, and the panel meets on a {self.weekday}")
        return self


RECOVERY = "recovery"
"""What stands in the place of an agency in the directory of keys for the area's recovery key."""


class Recovery(Settings):
    """Who holds the key that opens every pack of the area when its named contacts cannot, kept offline."""

    holder: Words
    telephone: Phone = ""
    email: Email = ""


class Sender(Settings):
    """Who sends the packs of the area: the co-ordinator's agency and the person to ring."""

    agency: Id
    name: Words
    role: Words
    telephone: Annotated[Phone, StringConstraints(min_length=1)]
    email: Annotated[Email, StringConstraints(min_length=1)]


def _known_words(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip() for word in words if word.strip())


class AreaSettings(Settings):
    """area.toml."""

    name: Words
    scheme: Scheme = Scheme.PRESENT
    sender: Sender
    recovery: Recovery | None = None
    """Off unless the area has it."""
    panels: dict[Id, Panel] = Field(alias="panel")
    place_names: Annotated[tuple[str, ...], AfterValidator(_known_words)] = ()
    """Names of places that tell nothing, since every case is there: the borough, the county."""


class _Directory(Settings):
    agencies: tuple[Agency, ...] = Field(alias="agency")

    @model_validator(mode="after")
    def _once(self) -> "_Directory":
        count = Counter(agency.id for agency in self.agencies)
        if double := sorted(one for one in count if count[one] > 1):
            raise ValueError(f"two agencies are called {', '.join(double)}")
        return self


@dataclass(frozen=True)
class Area:
    """An area folder, read whole."""

    folder: Path
    settings: AreaSettings
    agencies: tuple[Agency, ...]

    @property
    def send_to(self) -> str:
        """Where a referrer sends a filled form, in words."""
        sender = self.settings.sender
        return f"{sender.name}, {sender.role}, {sender.email}, by a secure channel"

    @property
    def inbox(self) -> Path:
        """Where referrals come in."""
        return self.folder / "inbox"

    @property
    def outbox(self) -> Path:
        """Where sealed packs go out."""
        return self.folder / "outbox"

    @property
    def meetings(self) -> Path:
        """Where the meeting files are."""
        return self.folder / "meetings"

    @property
    def register(self) -> Path:
        """The register's database."""
        return self.folder / "register.sqlite"

    @property
    def key_directory(self) -> Path:
        """The directory of SPOC keys, signed by its keeper."""
        return self.folder / "keys.signed"

    def agency(self, agency_id: str) -> Agency:
        """Return an agency by its id.

        Raises:
            KeyError: it is not in the directory.
        """
        for agency in self.agencies:
            if agency.id == agency_id:
                return agency
        raise KeyError(agency_id)


def open_area(folder: Path) -> Area:
    """Return the area of a folder.

    Raises:
        Unusable: a file is missing or wrong, with every problem in both files.
    """
    problems: list[Problem] = []
    settings = directory = None
    try:
        settings = load(AreaSettings, folder / "area.toml")
    except Unusable as unusable:
        problems += unusable.problems
    try:
        directory = load(_Directory, folder / "agencies.toml")
    except Unusable as unusable:
        problems += unusable.problems
    if settings and directory:
        ids = {agency.id for agency in directory.agencies}
        if settings.sender.agency not in ids:
            problems.append(
                misplaced("area.toml", "sender agency", "The sender's agency is not in agencies.toml")
            )
        if RECOVERY in ids:
            problems.append(
                misplaced(
                    "agencies.toml", "agency", f"No agency is called {RECOVERY}: that is for the recovery key"
                )
            )
        for number, agency in enumerate(directory.agencies, start=1):
            if strange := set(agency.panels) - set(settings.panels):
                why = f"area.toml has no panel {', '.join(sorted(strange))}"
                problems.append(misplaced("agencies.toml", f"agency no. {number} ({agency.id}) panels", why))
    if problems or not settings or not directory:
        raise Unusable(tuple(problems))
    return Area(folder, settings, directory.agencies)
