"""The directory of an area's keys: whose key is whose, who confirmed it and how, from when until when.

A key that came by e-mail may be anybody's. It counts only after its owner has read out the fingerprint by another
channel, and only until its end date; of several keys of one person the newest that was ever confirmed counts alone, so
that a key which was lost never comes back into use with the one that took its place. The directory is a value: each
change gives a new one. `day` is always an argument.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from keys.entry import Channel, Confirmation, Entry, Revocation, Status, WhyNot, same_person
from keys.errors import DirectoryError

__all__ = ["Channel", "Confirmation", "Directory", "DirectoryError", "Entry", "Revocation", "Status", "WhyNot"]

_DIGITS = 40
# When an agency has several keys, none usable, the reason that is nearest to a cure is told.
_NEAREST_CURE = (WhyNot.UNCONFIRMED, WhyNot.NOT_YET_VALID, WhyNot.LAPSED, WhyNot.REVOKED, WhyNot.REPLACED)


@dataclass(frozen=True)
class Directory:
    """All entries of an area, the co-ordinator's own among them, in the order they were added.

    Attributes:
        entries: The keys.
        vouched: What its keeper has signed for besides, as JSON: who the agencies and their contacts are.

    Raises:
        DirectoryError: When one key stands twice.
    """

    entries: tuple[Entry, ...] = ()
    vouched: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)

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
        return [entry for entry in self.of(agency) if self.state(entry, day) is None]

    def state(self, entry: Entry, day: dt.date) -> WhyNot | None:
        """Tell why one of the keys may not be used on a day, or None if it may."""
        why = entry.why_not(day)
        if why in (WhyNot.REVOKED, WhyNot.UNCONFIRMED):
            return why
        return WhyNot.REPLACED if self._newer(entry, day) else why

    def _newer(self, entry: Entry, day: dt.date) -> bool:
        """Tell whether its holder has a newer key that was confirmed and has begun, whatever became of it since."""
        later = self.entries[self.entries.index(entry) + 1 :]
        return any(one.is_of(entry) and one.confirmation and one.valid_from <= day for one in later)

    def why_not(self, agency: str, day: dt.date) -> WhyNot | None:
        """Tell why an agency has no usable key on a day, the reason nearest to a cure; None if it has one."""
        reasons = {self.state(entry, day) for entry in self.of(agency)}
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
        return replace(self, entries=(*self.entries, entry))

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
        entry = self._heard(agency, read_out, confirmation)
        if entry.status is not Status.UNCONFIRMED:
            raise DirectoryError(f"This key of {agency} is {entry.status} already.", "See the list of keys.")
        if self._newer(entry, confirmation.on):
            raise DirectoryError(
                f"A newer key of the same holder, of {agency}, is confirmed already.", "See the list of keys."
            )
        if confirmation.on > entry.valid_until:
            raise DirectoryError(
                f"This key of {agency} lapsed on {entry.valid_until:%d %B %Y}.",
                "Ask for new keys and add those.",
            )
        return self._with(entry, replace(entry, confirmation=confirmation))

    def renew(
        self, agency: str, read_out: str, confirmation: Confirmation, valid_until: dt.date
    ) -> "Directory":
        """Let a confirmed key be used for longer, lapsed or not, its holder having read out the fingerprint once more.

        Args:
            agency: Whose key.
            read_out: The fingerprint as it was read out now.
            confirmation: Who heard it from whom, how and when; it stands in the place of the one before.
            valid_until: The new last day.

        Raises:
            DirectoryError: As for `confirm`; or the key is not in use, or ends no later than before.
        """
        entry = self._heard(agency, read_out, confirmation)
        state = self.state(entry, confirmation.on)
        if state not in (None, WhyNot.LAPSED):
            raise DirectoryError(
                f"This key of {agency} is {state}: a key is renewed while it is in use, or when it has lapsed.",
                "See the list of keys; where its holder has a new key, add and confirm that one.",
            )
        if valid_until <= max(entry.valid_until, confirmation.on):
            raise DirectoryError(
                f"This key of {agency} may be used until {entry.valid_until:%d %B %Y} as it is.",
                "Give a later end date.",
            )
        return self._with(entry, replace(entry, confirmation=confirmation, valid_until=valid_until))

    def _heard(self, agency: str, read_out: str, confirmation: Confirmation) -> Entry:
        """Give the key whose fingerprint its holder, and nobody else, has read out."""
        digits = "".join(read_out.replace("-", " ").split())
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
        if not same_person(entry.spoc, confirmation.with_whom):
            raise DirectoryError(
                f"This key of {agency} is not that person's: its holder reads out the fingerprint, and nobody else.",
                f"Have it read out by {entry.spoc}, and give that name.",
            )
        return entry

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

    def with_fingerprint(self, agency: str, fingerprint: str) -> Entry | None:
        """Give the key of an agency with a fingerprint, in which spaces and hyphens do not count; None if there is none."""
        digits = "".join(fingerprint.replace("-", " ").split())
        return next((one for one in self.of(agency) if one.fingerprint.replace(" ", "") == digits), None)

    def _one(self, agency: str, digits: str, hint: str) -> Entry:
        if entry := self.with_fingerprint(agency, digits):
            return entry
        raise DirectoryError(f"No key of {agency} has this fingerprint.", hint)

    def _with(self, old: Entry, new: Entry) -> "Directory":
        return replace(self, entries=tuple(new if entry is old else entry for entry in self.entries))
