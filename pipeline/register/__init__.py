"""The record of every share (RECORD-1): SQLite, append-only, hash-chained, signed.

An entry is written once and never altered; triggers refuse it, and whoever takes them away is found by `verify`. How an
entry is written down stands in `entry`, how it is proved in `proof`. Beside `register.sqlite` lies
`register.head`, a copy of the last signed head: it shows when the end of the register was cut off, or an older copy
of the whole was put in its place. It is made with the register and written after each writing, so it may lag behind one
writing, never be ahead and never be missing. Whoever can write both files can make the two fit a shorter register;
what agencies hold in their packs shows that too.

Two who write at once come one after the other, since SQLite locks the file. On a share that only says that it locks, two may
begin at the same entry; the later to finish then writes over the other. So each looks at the disk again after its writing: the
later finds the other's `register.head` there, or the earlier misses its own entry, and is told. Nothing is signed on from
there, since the register does not fit `register.head`.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pipeline import durable
from pipeline.register.entry import (
    BEFORE_THE_FIRST,
    RECEIVED,
    RECOVERED,
    SEALED,
    WITHDRAWN,
    DecisionTaken,
    Entry,
    Recorded,
    WithheldItem,
    facts_of,
    read_entry,
    record,
)
from pipeline.register.file import (
    RegisterBusyError,
    RegisterError,
    connect,
    contents,
    guarded,
    in_words,
    sound,
    tells_of_entries,
)
from pipeline.register.proof import (
    BEGINNING,
    HEAD_MISSING,
    HEAD_OLD,
    LOST_HEAD,
    NAMESPACE,
    Examined,
    Finding,
    Head,
    PackHeld,
    Signer,
    examine,
)

__all__ = [
    "BEGINNING", "NAMESPACE", "RECEIVED", "RECOVERED", "SEALED", "WITHDRAWN", "DecisionTaken", "Entry", "Examined", "Finding",
    "Head", "PackHeld", "Recorded", "Register", "RegisterError", "Signer", "WithheldItem",
]  # fmt: skip

_LATER_PACK: Final = (
    "EXISTS (SELECT 1 FROM entry AS later WHERE later.supersedes = entry.pack AND later.number > entry.number)"
)


class Register:
    """An open register; use it in a `with`, in one thread."""

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        """Take an open database: callers use `Register.open`."""
        self.path = path
        self._database = database
        self._head_old = False
        self._signed: Head | None = None

    @classmethod
    def open(cls, path: Path, *, create: bool = True) -> Self:
        """Open the register at a path, making an empty one if there is none and `create` is true, else writing nothing.

        Raises:
            RegisterError: there is none, or there was one and it is gone, it is no register, a newer program made it,
                or it cannot be read.
        """
        had_one = tells_of_entries(path)  # before the look at the database, which is made first
        if not path.exists():
            if had_one:
                raise RegisterError(
                    f"{path.name} is gone: {path.with_suffix('.head').name} beside it was signed for a register with entries.",
                    f"Restore both from the back-up. If there is none, keep {path.with_suffix('.head').name} as evidence in"
                    " another folder and tell whoever answers for the register; `sealpack keys mend` then begins a new one.",
                )
            if not create:
                raise RegisterError(
                    f"There is no register at {path.name} yet.", "It is made when the first pack is sealed."
                )
        register = cls(path, connect(path, create=create))
        if create:
            register._begin()
        return register

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def append(self, entries: Iterable[Entry], signer: Signer, at: datetime) -> tuple[Recorded, ...]:
        """Write entries and the signature over them, all or none.

        A `sealed` entry whose content is on record already (see `already_sealed`) is not written again.

        Args:
            entries: what to record, in order.
            signer: signs for the whole register up to the last of them.
            at: now, with its time zone.

        Returns:
            Each entry in its place; for one on record already, that one.

        Raises:
            RegisterError: the register is busy, full or read-only, or its end does not fit `register.head`, which may be
                missing altogether.
        """
        with self.writing():
            self._refuse_if_cut()
            self._refuse_without_head()
            there: dict[str, int] = {}
            fresh: list[Entry] = []
            places: list[Recorded | int] = []
            for entry in entries:
                key = entry.content if entry.kind == SEALED else ""
                place = there.get(key) or (self.already_sealed(key) if key else None)
                if place is None:
                    fresh.append(entry)
                    place = len(fresh)
                    if key:
                        there[key] = place
                places.append(place)
            written = self._write(fresh, signer, at) if fresh else []
        return tuple(written[place - 1] if isinstance(place, int) else place for place in places)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep every other writer out: what is appended inside stands all together at the end, or not at all.

        Raises:
            RegisterError: another writer did not finish within half a minute, the disk refused, or another has written at
                the same time, where the folder does not lock.
        """
        with in_words(self.path):
            within = self._database.in_transaction
        if within:
            yield
            return
        self._signed = None
        with self._locked():
            self._head_old = self._behind() > 1
            if not self._head_old:
                self._keep_head()  # what a crash before has left: so that it never lags by two
            yield
        if not self._head_old:
            # Locked, or the slower of two could put the older head over the newer. Whoever keeps the lock too long keeps the
            # head in our stead, with the next writing.
            with suppress(RegisterBusyError), self._locked():
                self._keep_head()
                self._look_again()

    def mend(self, note: Entry, signer: Signer, at: datetime) -> Recorded:
        """Go on without a `register.head` that is lost: record who has accepted that, and make it anew.

        Args:
            note: who accepted where the register ends, and why.
            signer: signs for the whole register up to that note.
            at: now, with its time zone.

        Raises:
            RegisterError: it is not missing, or the register has not the end that was signed last.
        """
        with self._locked():
            with in_words(self.path):
                there = self._beside.exists() or self.head() is None
            if there:
                raise RegisterError(
                    f"There is nothing to mend: {self._beside.name} is there, or the register has no entry yet.",
                    "See what `sealpack register verify` says.",
                )
            self._refuse_if_cut()
            (written,) = self._write([note], signer, at)
        with self._locked():
            self._keep_head(anew=True)
        return written

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with in_words(self.path):
            self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            with in_words(self.path):
                self._database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # some failures have rolled back already
                self._database.execute("ROLLBACK")
            raise

    def entries(
        self,
        *,
        agency: str | None = None,
        meeting: str | None = None,
        case: str | None = None,
        since: date | None = None,
    ) -> tuple[Recorded, ...]:
        """Return entries in order, those only that concern the agency, meeting and case, written since a day (UTC).

        Raises:
            RegisterError: an entry cannot be read.
        """
        return self._read(
            "(:agency IS NULL OR agency = :agency) AND (:meeting IS NULL OR meeting = :meeting)"
            " AND (:case IS NULL OR EXISTS (SELECT 1 FROM json_each(facts, '$.cases') WHERE value = :case))"
            " AND (:since IS NULL OR at >= :since)",
            {"agency": agency, "meeting": meeting, "case": case, "since": since.isoformat() if since else None},
        )

    def already_sealed(self, content: str) -> Recorded | None:
        """Return the pack of this content, unless a later pack has taken its place."""
        where = f"kind = '{SEALED}' AND content = :content AND NOT {_LATER_PACK}"
        return next(iter(self._read(where, {"content": content})), None)

    def last(self, kinds: Sequence[str], *, content: str | None = None) -> Recorded | None:
        """Return the newest entry of some kinds, of one content if that is given; None if there is none."""
        newest = (
            "number = (SELECT max(number) FROM entry WHERE kind IN (SELECT value FROM json_each(:kinds))"
            " AND (:content IS NULL OR content = :content))"
        )
        return next(iter(self._read(newest, {"kinds": json.dumps(list(kinds)), "content": content})), None)

    def pack(self, pack: str) -> Recorded | None:
        """Return the entry that a pack was sealed with."""
        return next(iter(self._read(f"kind = '{SEALED}' AND pack = :pack", {"pack": pack})), None)

    def replaced(self) -> dict[str, str]:
        """Return the packs that are void since a later one has taken their place → that one."""
        later = self._read(f"kind = '{SEALED}' AND supersedes <> ''", {})
        return {entry.supersedes: entry.pack for entry in later}

    def withdrawn(self) -> frozenset[str]:
        """Return the packs that were withdrawn, whether or not a later one has taken their place."""
        return frozenset(entry.pack for entry in self._read(f"kind = '{WITHDRAWN}'", {}))

    def packs(self, *, meeting: str | None = None, agency: str | None = None) -> tuple[Recorded, ...]:
        """Return the packs in force: sealed, and no later one has taken their place."""
        return self._read(
            f"kind = '{SEALED}' AND NOT {_LATER_PACK}"
            " AND (:meeting IS NULL OR meeting = :meeting) AND (:agency IS NULL OR agency = :agency)",
            {"meeting": meeting, "agency": agency},
        )

    def head(self) -> Head | None:
        """Return the last signed head; a pack carries its number and hash as a witness."""
        with in_words(self.path):
            row = self._database.execute(
                "SELECT number, CAST(hash AS TEXT), CAST(signature AS TEXT) FROM head ORDER BY number DESC LIMIT 1"
            ).fetchone()
        return Head(*row) if row else None

    def verify(
        self,
        trusted_public_lines: Iterable[str],
        witnesses: Iterable[tuple[int, str] | PackHeld] = (),
    ) -> list[Finding]:
        """Return everything that shows tampering; an empty list means that the register is as it was signed.

        See `examined`.
        """
        return self.examined(trusted_public_lines, witnesses).findings

    def examined(
        self, trusted_public_lines: Iterable[str], witnesses: Iterable[tuple[int, str] | PackHeld] = ()
    ) -> Examined:
        """Return the entries and signatures as they stand, all of one moment, with everything that shows tampering.

        Args:
            trusted_public_lines: keys of all who may have signed, those who have left as well (`ssh-ed25519 AAAA… comment`).
            witnesses: numbers and hashes of entries that packs carry, and packs whose own entries must be there.

        Raises:
            RegisterError: the file cannot be read at all.
        """
        findings = []
        with in_words(self.path), self._snapshot():
            if not sound(self._database):
                findings.append(Finding("damaged", 0, 0, "The file of the register is damaged in itself."))
            if not guarded(self._database):
                message = "The guards that keep entries from being altered were taken away or replaced."
                findings.append(Finding("unguarded", 0, 0, message))
            rows, heads = contents(self._database)
            try:
                kept = self._kept()
                if kept is None and (rows or heads):
                    findings.append(Finding("head-missing", 0, 0, f"{HEAD_MISSING} {LOST_HEAD}"))
            except ValueError:
                kept = None
                findings.append(
                    Finding("head-altered", 0, 0, f"{self._beside.name} cannot be read: it was altered.")
                )
        findings += examine(rows, heads, trusted=trusted_public_lines, kept=kept, witnesses=witnesses)
        return Examined(rows, heads, findings)

    def _write(self, entries: Sequence[Entry], signer: Signer, at: datetime) -> list[Recorded]:
        with in_words(self.path):
            last = self._database.execute(
                "SELECT number, hash FROM entry ORDER BY number DESC LIMIT 1"
            ).fetchone()
            number, previous = last or (0, BEFORE_THE_FIRST)
            end = number + len(entries)
            written = []
            for entry in entries:
                number += 1
                recorded = record(entry, number=number, at=at, previous=previous, head=end)
                facts = facts_of(recorded).decode()
                self._database.execute(
                    "INSERT INTO entry (number, facts, hash) VALUES (?, ?, ?)", (number, facts, recorded.hash)
                )
                previous = recorded.hash
                written.append(recorded)
            head = Head.signed(written[-1], signer)
            self._database.execute(
                "INSERT INTO head VALUES (?, ?, ?)", (head.number, head.hash, head.signature)
            )
        self._signed = head
        return written

    def _read(self, where: str, values: dict[str, str | None]) -> tuple[Recorded, ...]:
        query = f"SELECT number, facts FROM entry WHERE {where} ORDER BY number"  # noqa: S608 - `where` is text of this module
        with in_words(self.path):
            rows = self._database.execute(query, values).fetchall()
        entries = []
        for number, facts in rows:
            try:
                entries.append(read_entry(facts))
            except ValueError:
                raise RegisterError(
                    f"Entry {number} of {self.path.name} cannot be read: it was altered.",
                    "See what `sealpack register verify` says.",
                ) from None
        return tuple(entries)

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        self._database.execute("BEGIN")
        try:
            yield
        finally:
            self._database.execute("ROLLBACK")

    @property
    def _beside(self) -> Path:
        return self.path.with_suffix(".head")

    def _kept(self) -> Head | None:
        try:
            return Head.read(self._beside.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def holds(self, head: Head, database: sqlite3.Connection | None = None) -> bool:
        """Say whether the entry of a head's number has its hash."""
        if head == BEGINNING:
            return True
        found = (database or self._database).execute("SELECT hash FROM entry WHERE number = ?", (head.number,))
        row = found.fetchone()
        return row is not None and bool(row[0] == head.hash)

    def _look_again(self) -> None:
        """After a writing, hold what is on the disk, not in this connection's memory, against what it signed and what lies beside."""
        if self._signed is None:
            return
        with in_words(self.path), suppress(ValueError), closing(connect(self.path, create=False)) as fresh:
            if self.holds(self._signed, fresh) and self.holds(self._kept() or BEGINNING, fresh):
                return
        self.close()  # what it has in memory is not what is there
        raise RegisterError(
            f"Two have written in {self.path.name} at the same time, and the entries of one are lost: its folder does not lock files.",
            "Let nobody pack. Keep a copy of the folder as it is, see what `sealpack register verify` says, and move the area to"
            " a folder that locks.",
        )

    def _refuse_if_cut(self) -> None:
        """Do not sign on from a register that has lost its end: that would cover it up."""
        with in_words(self.path), suppress(ValueError):
            (last,) = self._database.execute("SELECT max(number) FROM entry").fetchone()
            head, kept = self.head(), self._kept()
            covered = head.number == last and self.holds(head) if head else last is None
            if covered and (kept is None or self.holds(kept)):
                return
        raise RegisterError(
            f"{self.path.name} does not fit {self._beside.name} beside it: entries are missing at its end, or were altered.",
            f"Put the newest copy of {self.path.name} back. If it is lost, keep {self._beside.name} as evidence under another"
            " name, tell whoever answers for the register, and see `sealpack register verify` for how to go on.",
        )

    def _refuse_without_head(self) -> None:
        with in_words(self.path):
            missing = self.head() is not None and not self._beside.exists()
        if missing or self._head_old:
            raise RegisterError(HEAD_MISSING if missing else HEAD_OLD, LOST_HEAD)

    def _begin(self) -> None:
        """Make `register.head` with the register, so that it is never missing but by somebody's doing."""
        with in_words(self.path):
            if self.head() is None and not self._beside.exists():
                with self._locked():
                    if (
                        self._database.execute("SELECT count(*) FROM entry").fetchone() == (0,)
                        and not self._beside.exists()
                    ):
                        durable.replace(self._beside, BEGINNING.text().encode())

    def _behind(self) -> int:
        """Return by how many writings `register.head` lags behind."""
        with in_words(self.path), suppress(ValueError):
            if kept := self._kept():
                (count,) = self._database.execute(
                    "SELECT count(*) FROM head WHERE number > ?", (kept.number,)
                ).fetchone()
                return int(count)
        return 0

    def _keep_head(self, *, anew: bool = False) -> None:
        """Write the last head beside the database, unless what lies there is no part of this register: then it is evidence."""
        with in_words(self.path), suppress(ValueError):
            head, kept = self.head(), self._kept()
            if head and (anew if kept is None else head.number > kept.number and self.holds(kept)):
                durable.replace(self._beside, head.text().encode())
