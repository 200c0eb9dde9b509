r"""What one entry of the register says, and how it is written down so that it can be checked by hand.

An entry is kept as one line of JSON, its *facts*: every field of `Recorded` except `hash`, always all of them, keys in
alphabetical order, no spaces, UTF-8 without `\u` escapes for letters; days as 2026-12-08, `at` as
2026-12-01T09:30:00Z, no day as null. `previous` is the hash of the entry before (64 zeros before the first), so

    hash = SHA-256 in lower-case hex of: `sealpack-register-entry-v1`, a line feed, the facts (no line feed after)

    (echo sealpack-register-entry-v1; sqlite3 register.sqlite 'SELECT facts FROM entry WHERE number = 7' | tr -d '\n') | sha256sum

References, not stories (RECORD-7): cases, packs, agencies and keys stand here by their references, never a subject's name.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime
from typing import Any, Final

BEFORE_THE_FIRST = "0" * 64
"""The `previous` of entry 1."""

SEALED: Final = "sealed"
"""The kind of entry that stands for a pack; one for each content."""
WITHDRAWN: Final = "withdrawn"
"""The kind of entry that says of a pack that it may not be sent any more; its note says why."""
RECEIVED: Final = "received"
"""The kind of entry that says of a pack that its agency has confirmed it (RECORD-5); its note says who did."""
RECOVERED: Final = "recovered"
"""The kind of entry that says of a pack that it was opened with the area's recovery key, and by whom."""

_DOMAIN = b"sealpack-register-entry-v1\n"
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,119}")  # no space: a name does not fit by accident
_KIND = re.compile(r"[a-z][a-z-]{1,30}")
_HASH = re.compile(r"[0-9a-f]{64}")
_PLACES = {"number", "head"}


@dataclass(frozen=True)
class WithheldItem:
    """That something of a case was withheld, and by which rule; never what it said (SHARE-14)."""

    rule: str
    case: str


@dataclass(frozen=True)
class DecisionTaken:
    """A rule set aside for a case: by whom, in which role, why, on which day (RECORD-2)."""

    rule: str
    case: str
    by: str = field(repr=False)
    role: str
    reason: str = field(repr=False)
    on: date


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing to record (RECORD-1): what, to whom, by whom, when, why, on what basis.

    Attributes:
        kind: what happened, one word: `sealed`, `withdrawn`, `decision`, `received`, `attended`, `disclosed`, `not-disclosed`, `note`.
        day: the day the rules were asked for.
        by: the person who did it; role: in which role.
        meeting, agency, pack, cases: references.
        keys: fingerprints of the keys that can open the pack.
        file: the name of the sealed file; digest: SHA-256 of its bytes.
        content: what makes two packs the same one: a digest over meeting, agency, referrals and plan.
        supersedes: the pack that this one takes the place of.
        marking, purpose, basis, keep_until, withheld, decisions: as in the pack's manifest.
        note: for what fits nowhere else; references, not stories.

    Raises:
        ValueError: a reference, kind or digest has not the shape of one; the message never repeats it.
    """

    kind: str
    day: date
    by: str = field(repr=False)
    role: str
    meeting: str = ""
    agency: str = ""
    pack: str = ""
    cases: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    file: str = ""
    digest: str = ""
    content: str = ""
    supersedes: str = ""
    marking: str = ""
    purpose: str = field(default="", repr=False)
    basis: tuple[str, ...] = ()
    keep_until: date | None = None
    withheld: tuple[WithheldItem, ...] = ()
    decisions: tuple[DecisionTaken, ...] = ()
    note: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuse what is no reference."""
        if not _KIND.fullmatch(self.kind):
            raise ValueError("the kind of an entry is one lower-case word")
        if not self.by or not self.role:
            raise ValueError("an entry names who made it, and in which role")
        for name in ("meeting", "agency", "pack", "file", "supersedes"):
            value = getattr(self, name)
            if value and not _REFERENCE.fullmatch(value):
                raise ValueError(f"{name} is not a reference: letters, digits and ._:/+=- only")
        for name in ("digest", "content"):
            value = getattr(self, name)
            if value and not _HASH.fullmatch(value):
                raise ValueError(f"{name} is not a SHA-256 in lower-case hex")
        references = (
            *self.cases,
            *self.keys,
            *(part for item in self.withheld for part in (item.rule, item.case)),
            *(part for decision in self.decisions for part in (decision.rule, decision.case)),
        )
        if not all(_REFERENCE.fullmatch(reference) for reference in references):
            raise ValueError("cases, keys and rules are references: letters, digits and ._:/+=- only")


@dataclass(frozen=True, kw_only=True)
class Recorded(Entry):
    """An entry in its place in the register.

    Attributes:
        number: its place, from 1.
        at: when it was written, UTC, to the second.
        previous: the hash of the entry before.
        head: the number of the entry whose signature covers this one.
        hash: its own.
    """

    number: int
    at: datetime
    previous: str
    head: int
    hash: str


def record(entry: Entry, *, number: int, at: datetime, previous: str, head: int) -> Recorded:
    """Return the entry in its place, hashed.

    Raises:
        ValueError: `at` has no time zone, or a text cannot be written in UTF-8.
    """
    if at.tzinfo is None:
        raise ValueError("the time of an entry needs its time zone")
    own: dict[str, Any] = {name.name: getattr(entry, name.name) for name in fields(Entry)}
    place: dict[str, Any] = {
        "number": number,
        "at": at.astimezone(UTC).replace(microsecond=0),
        "previous": previous,
        "head": head,
    }
    unhashed = Recorded(**own, **place, hash="")
    return Recorded(**own, **place, hash=hash_of(facts_of(unhashed)))


def facts_of(recorded: Recorded) -> bytes:
    """Return the line of JSON that is hashed and kept.

    Raises:
        ValueError: a text cannot be written in UTF-8.
    """
    facts = asdict(recorded)
    del facts["hash"]
    line = json.dumps(facts, default=_day, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return line.encode()
    except UnicodeEncodeError:
        raise ValueError("an entry holds half a character that cannot be written down") from None


def hash_of(facts: bytes) -> str:
    """Return the hash of an entry from its facts."""
    return hashlib.sha256(_DOMAIN + facts).hexdigest()


def read_entry(facts: str | bytes) -> Recorded:
    """Return the entry that a line of facts tells.

    Raises:
        ValueError: it is no such line.
    """
    try:
        told: dict[str, Any] = json.loads(facts)
        told |= _typed(told)
        return Recorded(**told, hash=hash_of(facts.encode() if isinstance(facts, str) else facts))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        raise ValueError("not the facts of an entry") from None


def _typed(told: dict[str, Any]) -> dict[str, Any]:
    lists = {"basis", "cases", "decisions", "keep_until", "keys", "withheld"}
    if not all(type(told[name]) is int for name in _PLACES):
        raise TypeError("a place in the register is a number")
    if not all(isinstance(told[name], str) for name in told.keys() - lists - _PLACES):
        raise TypeError("everything else is text")
    return {
        "day": date.fromisoformat(told["day"]),
        "at": datetime.fromisoformat(told["at"]),
        "keep_until": date.fromisoformat(told["keep_until"]) if told["keep_until"] else None,
        "cases": tuple(told["cases"]),
        "keys": tuple(told["keys"]),
        "basis": tuple(told["basis"]),
        "withheld": tuple(WithheldItem(**item) for item in told["withheld"]),
        "decisions": tuple(
            DecisionTaken(**{**item, "on": date.fromisoformat(item["on"])}) for item in told["decisions"]
        ),
    }


def _day(value: date) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value.isoformat()
