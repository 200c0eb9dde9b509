"""How sealed packs come to the outbox: on record before they are seen, once each, whatever moment the power goes.

A run writes its packs as `.pending-<pack>.age`, waits until they are on the disk, registers all of them in one writing with
their digests, and only then gives them their names. So what lies pending is either on record, and `recover` gives it its
name, or it is not, and `recover` takes it away; its pack is made anew. All this happens under the register's lock, so
that a colleague's run is never taken for a broken one. A pack that was made to take the place of one that a colleague has
replaced meanwhile is refused: of each agency and meeting one pack is in force. Nothing but sealed bytes is taken.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from pipeline import durable
from pipeline.problem import Stopped
from pipeline.register import SEALED, Entry, Recorded, Register, RegisterError, Signer

_PACK: Final = r"P-[0-9A-Z]{4}-[0-9A-Z]{4}"
_WORD: Final = r"[a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){0,5}"
_FINAL: Final = re.compile(rf"(?P<pack>{_PACK})_{_WORD}_{_WORD}\.age")
_PENDING: Final = re.compile(rf"\.pending-(?P<pack>{_PACK})\.age")
_SEALED_BEGINS: Final = b"age-encryption.org/v1\n"  # C2SP age.md, "Version line"


class OutboxError(Stopped):
    """Report that a pack cannot be put in the outbox."""


@dataclass(frozen=True)
class SealedPack:
    """A sealed pack and what is to be recorded of it; `deliver` adds the digest.

    Raises:
        ValueError: the entry is not a `sealed` one with a pack, content and file name that belong together
            (`P-7F3K-2M9Q_housing_brackenford.age`: pack, agency, sender), or the bytes are not sealed.
    """

    entry: Entry
    data: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what must not come to an outbox."""
        name = _FINAL.fullmatch(self.entry.file)
        if self.entry.kind != SEALED or not self.entry.content or not name or name["pack"] != self.entry.pack:
            raise ValueError(
                "a pack has an entry `sealed` with its content, and a file named pack_agency_sender.age"
            )
        if not self.data.startswith(_SEALED_BEGINS):
            raise ValueError("what goes to the outbox is sealed")


@dataclass(frozen=True)
class Recovered:
    """What `recover` found; the packs are those in force.

    Attributes:
        finished: packs that an earlier run had registered and that have their names now.
        removed: how many half-made packs, never registered, were taken away.
        gone: packs on record that are no longer in the outbox: somebody has sent or moved them.
        damaged: packs whose pending file is not what was registered; it is left as evidence.
        blocked: packs whose name is taken by another file.
        stale: names of files still there whose pack a later one has replaced.
    """

    finished: tuple[Recorded, ...] = ()
    removed: int = 0
    gone: tuple[Recorded, ...] = ()
    damaged: tuple[Recorded, ...] = ()
    blocked: tuple[Recorded, ...] = ()
    stale: tuple[str, ...] = ()


def deliver(  # noqa: PLR0913 - what it takes is no part of one another
    outbox: Path,
    register: Register,
    packs: Sequence[SealedPack],
    signer: Signer,
    at: datetime,
    *,
    still: Callable[[], None] = lambda: None,
) -> tuple[Recorded, ...]:
    """Register packs and put them in the outbox, all in one writing.

    A pack whose content is on record already is neither registered nor written again.

    Args:
        outbox: the folder; made if it is not there.
        register: the area's register.
        packs: what to deliver, each with a pack number of its own.
        signer: signs for the register.
        at: now, with its time zone.
        still: called while nobody else can write; it raises if the packs may not go any more.

    Returns:
        The entry of each pack; for one on record already, that one.

    Raises:
        OutboxError: a name is taken, a colleague's run was quicker with another pack, or the folder cannot be written.
        RegisterError: see `Register.append`.
    """
    entries = [replace(pack.entry, digest=hashlib.sha256(pack.data).hexdigest()) for pack in packs]
    if len({entry.pack for entry in entries}) < len(entries) or len({entry.content for entry in entries}) < len(
        entries
    ):
        raise ValueError("each pack of a delivery has a number and a content of its own")
    try:
        with _in_words(), register.writing():
            still()
            outbox.mkdir(parents=True, exist_ok=True)
            for pack in packs:
                if register.already_sealed(pack.entry.content) is None:
                    _refuse_if_taken(outbox, register, pack.entry)
                    _refuse_if_overtaken(register, pack.entry)
                    durable.write_new(_pending(outbox, pack.entry.pack), pack.data)
            durable.sync_folder(outbox)
            recorded = register.append(entries, signer, at)
        with _in_words():
            blocked = [entry for entry in recorded if not _publish(outbox, entry)]
            durable.sync_folder(outbox)
    except BaseException:
        with suppress(OutboxError, RegisterError):
            recover(outbox, register)
        raise
    if blocked:
        raise _taken(blocked[0])
    return recorded


def recover(outbox: Path, register: Register) -> Recovered:
    """Finish what an earlier run left, at the start of a run.

    Raises:
        OutboxError: the folder cannot be read or written.
        RegisterError: the register cannot be read, or somebody else keeps writing in it.
    """
    finished, damaged, blocked = [], [], []
    removed = 0
    with _in_words(), register.writing():
        for path in sorted(outbox.iterdir()) if outbox.is_dir() else ():
            if not (name := _PENDING.fullmatch(path.name)):
                continue
            entry = register.pack(name["pack"])
            if entry is None:
                path.unlink()
                removed += 1
            elif _digest(path) != entry.digest:
                damaged.append(entry)
            elif _publish(outbox, entry):
                finished.append(entry)
            else:
                blocked.append(entry)
        if finished or removed:
            durable.sync_folder(outbox)
        in_force = register.packs()
        here = {path.name for path in outbox.iterdir()} if outbox.is_dir() else set()
        waiting = {entry.pack for entry in (*damaged, *blocked)}
        gone = [entry for entry in in_force if entry.file not in here and entry.pack not in waiting]
        names = {entry.file for entry in in_force}
        stale = [
            name
            for name in sorted(here - names)
            if (known := _FINAL.fullmatch(name)) and register.pack(known["pack"])
        ]
    return Recovered(tuple(finished), removed, tuple(gone), tuple(damaged), tuple(blocked), tuple(stale))


def _publish(outbox: Path, entry: Recorded) -> bool:
    """Give a pending pack its name; false if another file has it. It may be done already, by a colleague's `recover`."""
    pending, final = _pending(outbox, entry.pack), outbox / entry.file
    try:
        final.hardlink_to(pending)  # unlike a rename on POSIX it never takes the place of another file
    except FileNotFoundError:
        return True
    except OSError:  # it is there, or no hard links are: FAT, some network shares
        if final.exists():
            if _digest(final) != entry.digest:
                return False
        else:
            with suppress(FileNotFoundError):
                pending.rename(final)
    pending.unlink(missing_ok=True)
    return True


def _refuse_if_taken(outbox: Path, register: Register, entry: Entry) -> None:
    if register.pack(entry.pack) is not None:
        raise ValueError("this pack number is on record for another content")
    if (outbox / entry.file).exists():
        raise _taken(entry)


def _refuse_if_overtaken(register: Register, entry: Entry) -> None:
    in_force = register.packs(meeting=entry.meeting, agency=entry.agency)
    if in_force and in_force[-1].pack != entry.supersedes:
        raise OutboxError(
            f"While this ran, somebody else has sealed the pack {in_force[-1].pack} for {entry.agency}: nothing of this run is kept.",
            "Run again: it begins with what is on record now.",
        )


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise OutboxError(
            "The outbox cannot be read or written.",
            "Check that you may write in it, and that the disk is not full; then run again.",
        ) from None


def _taken(entry: Entry) -> OutboxError:
    return OutboxError(
        f"Another file in the outbox is already named {entry.file}.", "Move it somewhere else, then run again."
    )


def _pending(outbox: Path, pack: str) -> Path:
    return outbox / f".pending-{pack}.age"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
