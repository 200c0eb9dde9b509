"""Whether a register is as it was signed: what was changed, removed, put in, moved or cut off, and which entry.

Every writing leaves a *head*: the number and hash of the last entry, signed. All heads are kept, so that the next
writing does not sign over what was altered before it. The signed text is three lines, each with its line feed:

    sealpack-register-head-v1
    <number of the last entry>
    <its hash>

in namespace `sealpack-register` (`ssh-keygen -Y verify`). Before the first writing a head stands at 0 with 64 zeros and
has no signature. Proof goes from the last signed entry backwards: its hash is
vouched for by the signature, that of the entry before by `previous`, and so on. Where the chain is broken, the next
head below takes it up again.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from keys import sshsig
from keys.errors import SignatureError
from keys.identity import KeyFile
from pipeline.register.entry import BEFORE_THE_FIRST, Recorded, hash_of, read_entry

NAMESPACE = "sealpack-register"
_TITLE = "sealpack-register-head-v1"

What = Literal[
    "changed", "removed", "inserted", "reordered", "cut", "unsigned",
    "unknown-key", "head-altered", "head-removed", "head-missing", "head-old",
    "witness", "pack-missing", "pack-differs", "unguarded", "damaged",
]  # fmt: skip


HEAD_MISSING = "The copy of the last signature, register.head, is missing: a cut-off end cannot be ruled out."
HEAD_OLD = "The copy of the last signature, register.head, is older than a crash can leave it: a cut-off end cannot be ruled out."
LOST_HEAD = (
    "Restore the newest copy from the back-up. If there is none, check the register against the newest pack that an agency"
    " has (sealpack register verify --manifest FILE), put an old register.head that is there aside as evidence, then go on"
    " with: sealpack register mend -i KEYFILE --by NAME --reason TEXT"
)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a register: what, the first and last entry it concerns (0: none), in words."""

    what: What
    first: int
    last: int
    message: str


@dataclass(frozen=True)
class Signer:
    """Whoever signs: `sign(message, namespace)` gives an armoured SSHSIG, `public_line` is his or her public key."""

    sign: Callable[[bytes, str], str] = field(repr=False)
    public_line: str

    @classmethod
    def of(cls, key: KeyFile) -> "Signer":
        """Return the holder of a key file as one who signs."""
        return cls(partial(sshsig.sign, key.signing), key.public().signing)


@dataclass(frozen=True)
class Head:
    """The number and hash of the last entry of a writing, and the signature over both."""

    number: int
    hash: str
    signature: str = field(repr=False)

    @classmethod
    def signed(cls, last: Recorded, signer: Signer) -> "Head":
        """Sign for everything up to an entry.

        Raises:
            ValueError: the signature is not one by the key that the signer names.
        """
        message = _message(last.number, last.hash)
        head = cls(last.number, last.hash, signer.sign(message, NAMESPACE))
        try:
            right = head.key() == _bare(signer.public_line)
        except SignatureError:
            right = False
        if not right:
            raise ValueError("the signer's signature does not fit the public key it names")
        return head

    @classmethod
    def read(cls, text: str) -> "Head":
        """Read what `text` writes.

        Raises:
            ValueError: it is something else.
        """
        title, number, digest, signature = (*text.split("\n", 3), "", "", "")[:4]
        if title != _TITLE or not (number.isascii() and number.isdigit()):
            raise ValueError("not the head of a register")
        return cls(int(number[:18]), digest, signature)

    def text(self) -> str:
        """Return the signed lines with the signature below."""
        return _message(self.number, self.hash).decode() + self.signature

    def key(self) -> str:
        """Return the public key that signed, as `ssh-ed25519 AAAA…`.

        Raises:
            SignatureError: the signature does not hold.
        """
        found = sshsig.verify(self.signature, _message(self.number, self.hash), NAMESPACE)
        return _bare(sshsig.public_line(found, ""))


BEGINNING = Head(0, BEFORE_THE_FIRST, "")
"""Where a register begins."""


@dataclass(frozen=True)
class PackHeld:
    """What an opened pack says of itself, so that its entry can be looked for; references as in an entry."""

    pack: str
    agency: str
    meeting: str
    cases: frozenset[str]


@dataclass(frozen=True)
class Row:
    """An entry as the database holds it, before anything is believed."""

    number: int
    facts: bytes = field(repr=False)
    hash: str

    @property
    def computed(self) -> str:
        """The hash that the facts really have."""
        return hash_of(self.facts)

    def told(self) -> Recorded | None:
        """Return what the facts tell, or None if they are no facts."""
        try:
            return read_entry(self.facts)
        except ValueError:
            return None


@dataclass(frozen=True)
class Examined:
    """A register as it stood at one moment, and what shows tampering in it: nothing if it is whole."""

    rows: tuple[Row, ...]
    heads: tuple[Head, ...]
    findings: list[Finding]


def examine(
    rows: Sequence[Row],
    heads: Sequence[Head],
    *,
    trusted: Iterable[str],
    kept: Head | None = None,
    witnesses: Iterable[tuple[int, str] | PackHeld] = (),
) -> list[Finding]:
    """Return everything that shows a register to be other than it was signed; none if it is whole.

    Args:
        rows: the entries as they stand, each number once.
        heads: the signed heads beside them, each number once.
        trusted: public lines of everybody who may have signed, also of those who have left.
        kept: the head kept outside the database.
        witnesses: numbers and hashes of entries that others hold, in packs; and those packs, each of which must have its
            entry.
    """
    known = {_bare(line) for line in trusted}
    findings, anchors = _anchors(heads, known)
    walk = _Walk(rows, anchors)
    findings += walk.findings
    findings += _heads_gone(walk, {head.number for head in heads})
    witnesses = tuple(witnesses)
    packs = [one for one in witnesses if isinstance(one, PackHeld)]
    outside = [(*one, "a pack holds") for one in witnesses if not isinstance(one, PackHeld)]
    if kept is not None and kept != BEGINNING and (bad := _distrusted(kept, known)):
        findings.append(bad)
    elif kept is not None:
        outside.append((kept.number, kept.hash, "register.head holds"))
        if sum(number > kept.number for number in anchors) > 1:
            findings.append(Finding("head-old", 0, 0, f"{HEAD_OLD} {LOST_HEAD}"))
    findings += _compare(walk, outside)
    findings += _sought(walk, packs)
    return sorted(set(findings), key=lambda finding: (finding.first, finding.what))


class _Walk:
    """The way back from the last signed entry: `found` has the entry of each number that is as it was signed."""

    def __init__(self, rows: Sequence[Row], anchors: dict[int, str]) -> None:
        self.findings: list[Finding] = []
        self.found: dict[int, Row] = {}
        self.anchors = anchors
        self.top = max(anchors, default=0)
        self.told = {row.number: told for row in rows if (told := row.told())}
        self.free = {row.number: row for row in rows}
        self.by_hash: dict[str, list[Row]] = {}
        self.by_claim: dict[int, Row] = {}
        for row in rows:
            self.by_hash.setdefault(row.computed, []).append(row)
            if row.number in self.told:
                self.by_claim[self.told[row.number].number] = row
        self._walk()
        self._leftovers()

    def _walk(self) -> None:
        missing = []
        expected: str | None = None
        reached = 0
        for number in range(self.top, 0, -1):
            expected = self.anchors.get(number, expected)
            if row := self._with_hash(number, expected):
                self._accept(number, row)
                told = self.told.get(row.number)
                expected = told.previous if told else None
            elif (row := self.free.get(number)) and not self._strayed(row):
                del self.free[number]
                self._broken("changed", number, f"Entry {number} was changed after it was signed")
                told = self.told.get(number)
                expected = self._guess(number - 1, told.previous if told else None)
            else:
                missing.append(number)
                expected = self._guess(number - 1, None)
                continue
            reached = max(reached, number)
        if self.top > reached:
            self._add(
                "cut",
                reached + 1,
                self.top,
                f"The register ends after entry {reached}, but {self.top} were signed",
            )
        for number in missing:
            if number < reached:
                self._broken("removed", number, f"Entry {number} was taken out after it was signed")

    def _with_hash(self, number: int, expected: str | None) -> Row | None:
        rows = [row for row in self.by_hash.get(expected or "", ()) if row.number in self.free]
        # of the same entry twice the one in its place, else the later: the way goes backwards, and leftovers were put in
        return max(rows, key=lambda row: (row.number == number, row.number), default=None)

    def _accept(self, number: int, row: Row) -> None:
        self.found[number] = self.free.pop(row.number)
        if row.number != number:
            self._add("reordered", number, number, f"Entry {number} was moved to place {row.number}")
        if row.hash != row.computed:
            self._add(
                "changed",
                number,
                number,
                f"The hash written beside entry {number} was changed; its facts were not",
            )

    def _strayed(self, row: Row) -> bool:
        told = self.told.get(row.number)
        return told is not None and told.number != row.number and row.hash == row.computed

    def _guess(self, number: int, hint: str | None) -> str | None:
        """Where nothing proves an entry, at least see whether it fits its own hash."""
        if hint and self._with_hash(number, hint):
            return hint
        row = self.by_claim.get(number) or self.free.get(number)
        return row.hash if row else None

    def _leftovers(self) -> None:
        unsigned = []
        for number, row in sorted(self.free.items()):
            if 0 < number <= self.top:
                self._add(
                    "inserted", number, number, f"What stands in place {number} was put in: nobody signed it"
                )
            elif row.hash != row.computed:
                self._add(
                    "changed", number, number, f"Entry {number} was changed, and no known key has signed it"
                )
            else:
                unsigned.append(number)
        if unsigned:
            first, last = unsigned[0], unsigned[-1]
            self._add("unsigned", first, last, f"{_entries(first, last)}: no known key has signed for this")

    def _broken(self, what: What, number: int, message: str) -> None:
        first = max((anchor for anchor in self.anchors if anchor < number), default=0) + 1
        if first < number:
            message += f". {_entries(first, number - 1)} had no other signature and cannot be proven any more"
        self._add(what, number, number, message)

    def _add(self, what: What, first: int, last: int, message: str) -> None:
        self.findings.append(Finding(what, first, last, f"{message}."))


def _anchors(heads: Iterable[Head], known: Collection[str]) -> tuple[list[Finding], dict[int, str]]:
    findings = []
    anchors = {}
    for head in heads:
        if bad := _distrusted(head, known):
            findings.append(bad)
        else:
            anchors[head.number] = head.hash
    return findings, anchors


def _distrusted(head: Head, known: Collection[str]) -> Finding | None:
    try:
        key = head.key()
    except SignatureError:
        message = f"The signature over everything up to entry {head.number} does not hold: it was altered."
        return Finding("head-altered", head.number, head.number, message)
    if key in known:
        return None
    message = f"Everything up to entry {head.number} was signed with a key that is not known here."
    return Finding("unknown-key", head.number, head.number, message)


def _heads_gone(walk: _Walk, there: Collection[int]) -> list[Finding]:
    unsigned = [row for row in walk.free.values() if row.number > walk.top]
    told = [walk.told.get(row.number) for row in (*walk.found.values(), *unsigned)]
    gone = {entry.head for entry in told if entry} - set(there)
    return [
        Finding("head-removed", number, number, f"The signature that was given with entry {number} is gone.")
        for number in gone
    ]


def _compare(walk: _Walk, outside: Iterable[tuple[int, str, str]]) -> list[Finding]:
    findings = []
    for number, digest, holds in outside:
        if number == BEGINNING.number:
            continue
        row = walk.found.get(number) or walk.free.get(number)
        if row is None and number > walk.top:
            end = max((0, walk.top, *(there for there in walk.free if there < number)))
            message = (
                f"The register ends at entry {end}, but {holds} proof of entry {number}: its end was cut off."
            )
            findings.append(Finding("cut", end + 1, number, message))
        elif row and row.computed != digest:
            message = f"Entry {number} is not the one that {holds} proof of: the register was written anew."
            findings.append(Finding("witness", number, number, message))
    return findings


def _sought(walk: _Walk, packs: Iterable[PackHeld]) -> list[Finding]:
    findings = []
    rows = (*walk.found.items(), *walk.free.items())
    for held in packs:
        there = [
            (number, told)
            for number, row in rows
            if (told := walk.told.get(row.number)) and told.kind == "sealed" and told.pack == held.pack
        ]
        if not there:
            message = (
                f"The pack {held.pack} for {held.agency} has no entry: the register's end was cut off, "
                "or the pack was sealed from another register."
            )
            findings.append(Finding("pack-missing", 0, 0, message))
        for number, told in there:
            if (told.agency, told.meeting, frozenset(told.cases)) != (held.agency, held.meeting, held.cases):
                message = f"Entry {number} tells another agency, meeting or cases of the pack {held.pack} than its manifest."
                findings.append(Finding("pack-differs", number, number, message))
    return findings


def _message(number: int, digest: str) -> bytes:
    return f"{_TITLE}\n{number}\n{digest}\n".encode()


def _bare(line: str) -> str:
    """Return a public key without its comment, and without what an allowed-signers file has before it."""
    words = line.split()
    start = words.index("ssh-ed25519") if "ssh-ed25519" in words else 0
    return " ".join(words[start : start + 2])


def _entries(first: int, last: int) -> str:
    return f"Entry {first}" if first == last else f"Entries {first} to {last}"
