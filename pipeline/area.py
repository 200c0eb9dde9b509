"""The area folder: its settings, its agencies and their SPOCs, its panels."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from forms.answers import EMAIL, PHONE, Kind, Unreadable, tidy
from pipeline.problem import Problem
from pipeline.settings import Settings, Unusable, load, misplaced

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
"""A short name in small letters, digits and hyphens; it goes into file names and the outer envelope."""


def _one_line(text: str) -> str:
    try:
        return " ".join(tidy(text).split())
    except Unreadable:
        raise ValueError("This holds a character that cannot be printed") from None


def _readable_as(kind: Kind) -> AfterValidator:
    def check(text: str) -> str:
        try:
            return text and str(kind.read(text))
        except Unreadable:
            raise ValueError(f"This is not {kind.says[0].lower()}{kind.says[1:]}") from None

    return AfterValidator(check)


Text = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_one_line)]
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), AfterValidator(_one_line)
]
Phone = Annotated[str, _readable_as(PHONE)]
Email = Annotated[str, _readable_as(EMAIL)]


class Scheme(StrEnum):
    """The marking scheme of an area; the two are never mixed (MARK-5)."""

    PRESENT = "official"
    """OFFICIAL < OFFICIAL-SENSITIVE < SECRET < TOP SECRET."""
    OLDER = "restricted"
    """RESTRICTED < CONFIDENTIAL < SECRET < TOP SECRET."""


class AgencyKind(StrEnum):
    """What an agency is; need to know is decided by kind, never by name."""

    POLICE = "police"
    PROBATION = "probation"
    PRISON = "prison"
    YOUTH_OFFENDING = "youth_offending"
    CHILDRENS_SERVICES = "childrens_services"
    ADULT_SOCIAL_CARE = "adult_social_care"
    EDUCATION = "education"
    HOUSING_AUTHORITY = "housing_authority"
    REGISTERED_SOCIAL_LANDLORD = "registered_social_landlord"
    HEALTH = "health"
    MENTAL_HEALTH = "mental_health"
    PRIMARY_CARE = "primary_care"
    DRUG_ALCOHOL = "drug_alcohol"
    JOBCENTRE = "jobcentre"
    ELECTRONIC_MONITORING = "electronic_monitoring"
    IMMIGRATION = "immigration"
    IDVA = "idva"
    VICTIM_SUPPORT = "victim_support"
    VICTIM_LIAISON = "victim_liaison"
    CPS = "cps"
    FIRE = "fire"
    PRIVATE_CARE = "private_care"
    VOLUNTARY = "voluntary"

    @property
    def words(self) -> str:
        """The kind as a person would say it."""
        return {
            "childrens_services": "children's services",
            "idva": "IDVA or women's aid",
            "cps": "Crown Prosecution Service",
        }.get(self, self.replace("_", " "))


class Spoc(Settings):
    """A single point of contact: the named person to whom a pack is addressed (SEND-3)."""

    name: Words
    role: Text = ""
    telephone: Phone = ""
    email: Email = ""


class Agency(Settings):
    """An agency in the directory."""

    id: Id
    name: Words
    kind: AgencyKind
    duty_to_cooperate: bool = False
    protocol_signed: dt.date | None = None
    protocol_reviewed: dt.date | None = None
    panels: tuple[Id, ...] = ()
    spocs: tuple[Spoc, ...] = Field(default=(), alias="spoc")
    classic_key_reason: Text = ""
    """Why this agency may have an X25519 key: a recorded exception to the post-quantum rule."""

    def signature_lapses(self, day: dt.date) -> dt.date | None:
        """Return from when the signature counts no more: a year after it was given or last reviewed (SHARE-3).

        Seen on a day: a review that is still to come does nothing yet. None where it had not signed by then.
        """
        if self.protocol_signed is None or self.protocol_signed > day:
            return None
        reviewed = self.protocol_reviewed
        last = max(self.protocol_signed, reviewed) if reviewed and reviewed <= day else self.protocol_signed
        try:
            return last.replace(year=last.year + 1)
        except ValueError:  # 29 February
            return dt.date(last.year + 1, 3, 1)


class Panel(Settings):
    """A panel with its rhythm and its deadlines in working days before the meeting (TIME-1)."""

    title: Words
    weekday: Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] = "Tuesday"
    every_weeks: int = Field(default=4, ge=1, le=53)
    time: dt.time = dt.time(13)
    place: Text = ""
    referral_days: int = Field(default=7, ge=0)
    papers_days: int = Field(default=3, ge=0)
    keep_months: int = Field(default=12, ge=1, le=1200)
    basis: Words = "Crime and Disorder Act 1998, section 115"
    purpose: Words
    expected: tuple[Words, ...]
    """What an agency is expected to do with the pack, a line each (PURPOSE-1)."""


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
        """The directory of SPOC keys."""
        return self.folder / "keys.json"

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
        for number, agency in enumerate(directory.agencies, start=1):
            if strange := set(agency.panels) - set(settings.panels):
                why = f"area.toml has no panel {', '.join(sorted(strange))}"
                problems.append(misplaced("agencies.toml", f"agency no. {number} ({agency.id}) panels", why))
    if problems or not settings or not directory:
        raise Unusable(tuple(problems))
    return Area(folder, settings, directory.agencies)
