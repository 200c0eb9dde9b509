"""The directory of an area's keys: whose key is whose, who confirmed it and how, from when until when.

A key that came by e-mail may be anybody's. It counts only after its owner has read out the fingerprint by another
channel, and only until its end date. The directory is a value: each change gives a new one. `day` is always
an argument.
"""

import datetime as dt
import unicodedata
from dataclasses import dataclass, field, replace
from enum import StrEnum

from keys.errors import DirectoryError
from keys.public import PublicKeys, fingerprint

__all__ = ["Channel", "Confirmation", "Directory", "DirectoryError", "Entry", "Revocation", "Status", "WhyNot"]

_DIGITS = 40


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


# When an agency has several keys, none usable, the reason that is nearest to a cure is told.
_NEAREST_CURE = (WhyNot.UNCONFIRMED, WhyNot.NOT_YET_VALID, WhyNot.LAPSED, WhyNot.REVOKED)


def _same_person(one: str, other: str) -> bool:
    """Compare two names as people write them: case and spacing do not count."""
    first, second = (unicodedata.normalize("NFKC", name).casefold().split() for name in (one, other))
    return first == second


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
        if _same_person(self.by, self.with_whom):
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
        if not self.by.strip():
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


@dataclass(frozen=True)
class Directory:
    """All entries of an area, the co-ordinator's own among them, in the order they were added.

    Raises:
        DirectoryError: When one key stands twice.
    """

    entries: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        owners: dict[str, Entry] = {}
        for entry in self.entries:
            for key in (entry.keys.recipient, entry.keys.signing):
                # One SPOC may keep the signing key when the sealing key changes; two people never share either.
                other = owners.setdefault(key, entry)
                if (other.agency, other.spoc) != (entry.agency, entry.spoc):
                    raise DirectoryError(
                        f"A key given for {entry.agency} is in the directory already, as somebody else's of {other.agency}.",
                        "Each person makes keys of their own. Ask both whose it is.",
                    )
        if len({entry.keys for entry in self.entries}) != len(self.entries):
            raise DirectoryError(
                "This key is in the directory already.", "See the list of keys; a revoked key stays out."
            )

    def of(self, agency: str) -> tuple[Entry, ...]:
        """Give all entries of an agency, usable or not."""
        return tuple(entry for entry in self.entries if entry.agency == agency)

    def usable(self, agency: str, day: dt.date) -> list[Entry]:
        """Give the entries to seal for: confirmed, not revoked, and `day` within their dates, both included.

        A file holds either post-quantum or classic recipients: the caller chooses among mixed entries.
        """
        return [entry for entry in self.of(agency) if entry.why_not(day) is None]

    def why_not(self, agency: str, day: dt.date) -> WhyNot | None:
        """Tell why an agency has no usable key on a day, the reason nearest to a cure; None if it has one."""
        reasons = {entry.why_not(day) for entry in self.of(agency)}
        if None in reasons:
            return None
        return next((reason for reason in _NEAREST_CURE if reason in reasons), WhyNot.NONE)

    def add(self, entry: Entry) -> "Directory":
        """Add a key, unconfirmed: nothing is sealed for it yet.

        Raises:
            DirectoryError: When the key is there already, or as somebody else's.
        """
        if entry.status is not Status.UNCONFIRMED:
            raise ValueError("a key enters the directory unconfirmed")
        return Directory((*self.entries, entry))

    def confirm(self, agency: str, read_out: str, confirmation: Confirmation) -> "Directory":
        """Confirm the key whose fingerprint its owner has read out by another channel.

        Args:
            agency: Whose key.
            read_out: The fingerprint as it was read out, never as it stands in the directory; spaces do not count.
            confirmation: Who heard it from whom, how and when.

        Raises:
            DirectoryError: When no key of the agency has that fingerprint, it is not waiting to be confirmed, or somebody
                else than its holder read it out.
        """
        digits = "".join(read_out.split())
        if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()):
            raise DirectoryError(
                f"A fingerprint is {_DIGITS} digits, in eight groups of five; this is something else.",
                "Ask to have it read out again from the start.",
            )
        entry = self._one(
            agency,
            digits,
            "Do not use this key. Have it read out once more; if it differs again, ask for the public keys anew "
            "and tell your data protection officer.",
        )
        if entry.status is not Status.UNCONFIRMED:
            raise DirectoryError(f"This key of {agency} is {entry.status} already.", "See the list of keys.")
        if not _same_person(entry.spoc, confirmation.with_whom):
            raise DirectoryError(
                f"This key of {agency} is not that person's: its holder reads out the fingerprint, and nobody else.",
                f"Have it read out by {entry.spoc}, and give that name.",
            )
        if confirmation.on > entry.valid_until:
            raise DirectoryError(
                f"This key of {agency} lapsed on {entry.valid_until:%d %B %Y}.",
                "Ask for new keys and add those.",
            )
        return self._with(entry, replace(entry, confirmation=confirmation))

    def revoke(self, agency: str, fingerprint: str, revocation: Revocation) -> "Directory":
        """Take a key out of use for good: its owner left, or somebody else may have it.

        Args:
            agency: Whose key.
            fingerprint: Which one; spaces do not count.
            revocation: Who revokes it, and when.

        Raises:
            DirectoryError: When the agency has no such key, or it is revoked already.
        """
        entry = self._one(agency, "".join(fingerprint.split()), "See the list of keys.")
        if entry.status is Status.REVOKED:
            raise DirectoryError(f"This key of {agency} is revoked already.", "See the list of keys.")
        return self._with(entry, replace(entry, revocation=revocation))

    def _one(self, agency: str, digits: str, hint: str) -> Entry:
        for entry in self.of(agency):
            if entry.fingerprint.replace(" ", "") == digits:
                return entry
        raise DirectoryError(f"No key of {agency} has this fingerprint.", hint)

    def _with(self, old: Entry, new: Entry) -> "Directory":
        return Directory(tuple(new if entry is old else entry for entry in self.entries))
