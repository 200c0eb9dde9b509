"""One key of one SPOC in the directory: who holds it, who confirmed it how, from when until when it may be used."""

import datetime as dt
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from keys.errors import DirectoryError
from keys.public import PublicKeys, fingerprint

__all__ = ["Channel", "Confirmation", "Entry", "Revocation", "Status", "WhyNot", "same_person"]


class Status(StrEnum):
    """How far an entry can be relied on."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    REVOKED = "revoked"


class Channel(StrEnum):
    """How a fingerprint may be read out: a channel on which one knows the other, and never e-mail."""

    TELEPHONE = "telephone"
    IN_PERSON = "in person"
    VIDEO = "video"


class WhyNot(StrEnum):
    """Why an agency has no key to seal for on a day."""

    NONE = "none"
    UNCONFIRMED = "unconfirmed"
    LAPSED = "lapsed"
    NOT_YET_VALID = "not yet valid"
    REVOKED = "revoked"
    REPLACED = "replaced"


def same_person(one: str, other: str) -> bool:
    """Tell whether two names are one, as people write them: case and spacing do not count."""
    first, second = (unicodedata.normalize("NFKC", name).casefold().split() for name in (one, other))
    return first == second


def _one_line(name: str) -> str:
    line = " ".join(name.split())
    if not line.isprintable():
        raise DirectoryError("A name holds a character that cannot be printed.", "Type it again.")
    return line


@dataclass(frozen=True)
class Confirmation:
    """Who heard a fingerprint from whom. The repr names nobody.

    Attributes:
        by: Who of the co-ordinator's office compared it.
        with_whom: Who read it out.
        how: By which channel, one of `Channel` or its text; never the channel the key came by.
        on: The day.

    Raises:
        DirectoryError: When a part is missing or the channel is another.
    """

    by: str = field(repr=False)
    with_whom: str = field(repr=False)
    how: str
    on: dt.date

    def __post_init__(self) -> None:
        if not self.by.strip() or not self.with_whom.strip():
            raise DirectoryError(
                "It takes two people to confirm a key: one reads out, the other compares.", "Name both."
            )
        for name in ("by", "with_whom"):
            object.__setattr__(self, name, _one_line(getattr(self, name)))
        if same_person(self.by, self.with_whom):
            raise DirectoryError(
                "Nobody can confirm a key alone: one reads out, another compares.", "Name both."
            )
        if self.how not in set(Channel):
            raise DirectoryError(
                f"A fingerprint is confirmed by {', '.join(Channel)}, and in no other way.",
                "Ring a number you know already, not one that came with the key.",
            )


@dataclass(frozen=True)
class Revocation:
    """Who took a key out of use for good, and when. The repr names nobody."""

    by: str = field(repr=False)
    on: dt.date

    def __post_init__(self) -> None:
        object.__setattr__(self, "by", _one_line(self.by))
        if not self.by:
            raise DirectoryError("A key is revoked by somebody.", "Give the name.")


@dataclass(frozen=True)
class Entry:
    """One key of one SPOC. The repr names the agency and no person.

    Attributes:
        agency: The agency's id.
        spoc: The name of the single point of contact who holds the private key.
        keys: The public keys.
        valid_from: First day on which the key may be used.
        valid_until: Last day.
        added_on: The day the entry was made.
        confirmation: None until the fingerprint has been read out.
        revocation: None unless taken out of use.

    Raises:
        DirectoryError: When there is no agency or holder, or the dates are the wrong way round.
    """

    agency: str
    spoc: str = field(repr=False)
    keys: PublicKeys = field(repr=False)
    valid_from: dt.date
    valid_until: dt.date
    added_on: dt.date
    confirmation: Confirmation | None = None
    revocation: Revocation | None = None

    def __post_init__(self) -> None:
        if not self.agency.strip() or not self.spoc.strip():
            raise DirectoryError("A key needs an agency and the name of the person who holds it.", "Give both.")
        if self.valid_until < self.valid_from:
            raise DirectoryError(
                f"A key of {self.agency} ends on {self.valid_until:%d %B %Y}, before it begins.",
                "Give a later end date.",
            )

    @property
    def status(self) -> Status:
        """How far the entry can be relied on, its dates aside."""
        if self.revocation:
            return Status.REVOKED
        return Status.CONFIRMED if self.confirmation else Status.UNCONFIRMED

    @property
    def fingerprint(self) -> str:
        """Eight groups of five digits, see `public.fingerprint`."""
        return fingerprint(self.keys)

    def why_not(self, day: dt.date) -> WhyNot | None:
        """Tell why this key may not be used on a day, or None if it may."""
        if self.status is Status.REVOKED:
            return WhyNot.REVOKED
        if day > self.valid_until:
            return WhyNot.LAPSED
        if self.status is Status.UNCONFIRMED:
            return WhyNot.UNCONFIRMED
        return WhyNot.NOT_YET_VALID if day < self.valid_from else None

    def is_of(self, other: "Entry") -> bool:
        """Tell whether both keys are one person's."""
        return (self.agency, self.spoc) == (other.agency, other.spoc)
