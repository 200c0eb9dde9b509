"""For whose keys an agency's pack is sealed, and which of its named contacts are left out and why (SEND-3).

A key counts while its holder is a named contact of the agency: who has left agencies.toml gets nothing more, whatever
stands in the directory of keys. Post-quantum and older keys are never mixed in one file, so where there are both, the
older ones are left out; and an older key counts only under an exception that agencies.toml gives the reason for.

An area may have a recovery key, kept offline, that opens every pack besides; it is off unless area.toml has [recovery].
"""

import datetime as dt
from dataclasses import dataclass, field

from keys.directory import Directory, Entry, WhyNot
from pipeline.agency import Agency
from pipeline.area import RECOVERY, Area

NO_EXCEPTION = "no exception"
OTHER_KIND = "other kind"
NOT_A_CONTACT = "not a contact"


@dataclass(frozen=True)
class Addressees:
    """Whose keys open a pack.

    Attributes:
        keys: what to seal for, all of one kind.
        left_out: named contact → why there is no key of theirs among them: a `WhyNot`, `NO_EXCEPTION` or `OTHER_KIND`.
        no_key: why there is none at all, the reason nearest to a cure; None if there is one.
    """

    keys: tuple[Entry, ...]
    left_out: dict[str, str] = field(repr=False)
    no_key: str | None


def addressees(agency: Agency, directory: Directory, day: dt.date) -> Addressees:
    """Return for whom the pack of an agency is sealed on a day."""
    contacts = dict.fromkeys(spoc.name for spoc in agency.spocs)
    usable = [one for one in directory.usable(agency.id, day) if one.spoc in contacts]
    allowed = [one for one in usable if one.keys.post_quantum or agency.classic_key_reason]
    chosen = [one for one in allowed if one.keys.post_quantum] or allowed
    sealed_for = {one.spoc for one in chosen}
    left_out = {
        name: _why_not(name, agency, directory, day, allowed) for name in contacts if name not in sealed_for
    }
    return Addressees(tuple(chosen), left_out, None if chosen else _why_none(agency, directory, day, left_out))


def _why_not(name: str, agency: Agency, directory: Directory, day: dt.date, allowed: list[Entry]) -> str:
    own = tuple(one for one in directory.of(agency.id) if one.spoc == name)
    if any(one in allowed for one in own):
        return OTHER_KIND
    return Directory(own).why_not(agency.id, day) or NO_EXCEPTION


def _why_none(agency: Agency, directory: Directory, day: dt.date, left_out: dict[str, str]) -> str:
    reasons = set(left_out.values()) - {WhyNot.NONE}
    if reasons:
        nearest = (NO_EXCEPTION, WhyNot.UNCONFIRMED, WhyNot.NOT_YET_VALID, WhyNot.LAPSED, WhyNot.REVOKED)
        return next(str(one) for one in nearest if one in reasons)
    return NOT_A_CONTACT if directory.usable(agency.id, day) else str(WhyNot.NONE)


def recovery_key(area: Area, directory: Directory, day: dt.date) -> Entry | None:
    """Return the recovery key of an area that is in use on a day; None where it has none, or none that may be used."""
    if area.settings.recovery is None:
        return None
    usable = directory.usable(RECOVERY, day)
    return next((one for one in usable if one.spoc == area.settings.recovery.holder), None)


def why_no_recovery(area: Area, directory: Directory, day: dt.date) -> str | None:
    """Return why packs are not sealed for the recovery key although the area has one, a `WhyNot` or `NOT_A_CONTACT`; None if they are."""
    if area.settings.recovery is None or recovery_key(area, directory, day):
        return None
    return str(directory.why_not(RECOVERY, day) or NOT_A_CONTACT)
