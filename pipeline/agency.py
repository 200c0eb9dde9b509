"""An agency: what it is, whether the Act binds it, what it has signed, and its named contacts with the channels that reach them."""

import datetime as dt
from collections import Counter
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from forms.answers import EMAIL, PHONE, Kind, Unreadable, plain, tidy
from pipeline.days import years_after
from pipeline.settings import Day, Settings

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


class Duty(StrEnum):
    """How the Criminal Justice Act 2003, section 325, binds an agency."""

    RESPONSIBLE = "responsible authority"
    """Police, probation and prison, whom the others co-operate with."""
    CO_OPERATES = "duty to co-operate"
    NONE = "no duty"


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

    @property
    def duty(self) -> Duty:
        """What the Act lays on such an agency in MAPPA."""
        if self in _RESPONSIBLE:
            return Duty.RESPONSIBLE
        return Duty.CO_OPERATES if self in _CO_OPERATE else Duty.NONE


_RESPONSIBLE = frozenset(
    {AgencyKind.POLICE, AgencyKind.PROBATION, AgencyKind.PRISON, AgencyKind.VICTIM_LIAISON}
)
"""Victim liaison officers are probation's own (West Midlands memorandum, victims)."""
_CO_OPERATE = frozenset(
    {
        AgencyKind.YOUTH_OFFENDING, AgencyKind.CHILDRENS_SERVICES, AgencyKind.ADULT_SOCIAL_CARE, AgencyKind.EDUCATION,
        AgencyKind.HOUSING_AUTHORITY, AgencyKind.REGISTERED_SOCIAL_LANDLORD, AgencyKind.HEALTH, AgencyKind.MENTAL_HEALTH,
        AgencyKind.PRIMARY_CARE, AgencyKind.JOBCENTRE, AgencyKind.ELECTRONIC_MONITORING, AgencyKind.IMMIGRATION,
    }
)  # fmt: skip
"""The list of section 325(6), with immigration enforcement, which came to it on 20 July 2011."""


class Channel(StrEnum):
    """How papers reach a contact (Thames Valley, section 14, correspondence and documents)."""

    CONVENTIONAL = "conventional"
    """Ordinary e-mail, cleared to nothing."""
    CLEARED_RESTRICTED = "restricted"
    """E-mail cleared to RESTRICTED."""
    CLEARED_CONFIDENTIAL = "confidential"
    """E-mail cleared to CONFIDENTIAL."""
    BY_HAND = "by-hand"
    """On media, from hand to hand."""


class Agreement(Settings):
    """The Responsible Authority's written agreement that e-mail cleared to RESTRICTED may carry what is CONFIDENTIAL (SEND-4)."""

    reference: Words
    on: Day


class Spoc(Settings):
    """A single point of contact: the named person to whom a pack is addressed (SEND-3)."""

    name: Words
    role: Text = ""
    telephone: Phone = ""
    email: Email = ""
    channel: Channel = Channel.CONVENTIONAL
    agreement: Agreement | None = None


class Agency(Settings):
    """An agency in the directory."""

    id: Id
    name: Words
    kind: AgencyKind
    duty_to_cooperate: bool = False
    protocol_signed: Day | None = None
    protocol_reviewed: Day | None = None
    panels: tuple[Id, ...] = ()
    spocs: tuple[Spoc, ...] = Field(default=(), alias="spoc")
    classic_key_reason: Text = ""
    """Why this agency may have an X25519 key: a recorded exception to the post-quantum rule."""

    @model_validator(mode="after")
    def _each_contact_once(self) -> "Agency":
        # A key is found by its holder's name: of two with one name nobody could say whose it is.
        names = Counter(plain(spoc.name) for spoc in self.spocs)
        if double := next((spoc.name for spoc in self.spocs if names[plain(spoc.name)] > 1), None):
            raise ValueError(f"two named contacts of {self.id} are called {double}: tell them apart")
        return self

    def signature_lapses(self, day: dt.date) -> dt.date | None:
        """Return from when the signature counts no more: a year after it was given or last reviewed (SHARE-3).

        Seen on a day: a review that is still to come does nothing yet. None where it had not signed by then.
        """
        if self.protocol_signed is None or self.protocol_signed > day:
            return None
        reviewed = self.protocol_reviewed
        last = max(self.protocol_signed, reviewed) if reviewed and reviewed <= day else self.protocol_signed
        return years_after(last, 1)
