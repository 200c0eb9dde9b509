"""A sealed file, and whoever is to read it: opened with the right key, and refused where it is old, void or under another name.

What can be told from the outside is asked before any passphrase; what is in a pack is looked at only once it is proved. A
pack is known again by the named contact's own register (`own_register`).
"""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from forms.answers import long_date
from forms.catalogue import FORMS
from keys.errors import AgeError, NoMatchError
from keys.identity import KeyFile, PublicKeys
from pipeline.manifest import Manifest
from pipeline.own_register import Line, OwnRegister
from pipeline.pack import BadPack, Opened
from pipeline.receipt import Receipt
from pipeline.seal import LARGEST_FILE, Envelope, inspect, open_sealed, reader_of

_NAMED = re.compile(r"(P-[0-9A-Z]{4}-[0-9A-Z]{4})_([a-z0-9-]+)_([a-z0-9-]+)\.age")
"""The name that a pack has when it leaves the outbox (`Envelope.file_name`)."""


@dataclass(frozen=True)
class Holder:
    """A key file that is held, whom its holder takes packs from, and the holder's own register.

    Attributes:
        path: the key file.
        key: what is in it.
        senders: public keys of the co-ordinators whom the holder has confirmed.
        revoked: public keys of co-ordinators that the holder knows to be in use no more.
    """

    path: Path
    key: KeyFile = field(repr=False)
    senders: tuple[PublicKeys, ...] = field(repr=False)
    revoked: tuple[PublicKeys, ...] = field(repr=False)

    @property
    def register(self) -> OwnRegister:
        """What was opened with this key file."""
        return OwnRegister.beside(self.path)


@dataclass(frozen=True)
class Taken:
    """A pack that was opened: what it holds, with whose key, and the SHA-256 of the sealed file."""

    opened: Opened
    holder: Holder = field(repr=False)
    digest: str

    @property
    def manifest(self) -> Manifest:
        """What the pack says of itself."""
        return self.opened.manifest

    @property
    def by_recovery(self) -> bool:
        """Whether it was opened with the area's recovery key."""
        return reader_of(self.manifest, self.holder.key) == self.manifest.recovery

    def line(self, day: dt.date) -> Line:
        """Return what the holder's own register keeps of it."""
        manifest = self.manifest
        return Line(day, manifest.pack, manifest.agency, manifest.sender.agency, self.digest, manifest.replaces)

    def receipt(self, at: dt.datetime) -> Receipt:
        """Return the receipt for it, to be signed with the key that opened it; `at` with its time zone."""
        manifest, reader = self.manifest, reader_of(self.manifest, self.holder.key)
        if reader is None:
            raise ValueError("only whom a pack is addressed to opens it")
        return Receipt(
            manifest.pack, manifest.sender.agency, manifest.agency, self.digest,
            at.astimezone(dt.UTC).replace(second=0, microsecond=0), reader.name, reader.fingerprint, _slips(manifest),
        )  # fmt: skip


def _slips(manifest: Manifest) -> tuple[tuple[str, str], ...]:
    """Return case and form of each paper that has a slip to send back (Form J, RECORD-5)."""
    with_slip = {form_id for form_id, form in FORMS.items() if form.slip}
    found = (
        (one.case, one.name.rpartition("/")[2].removesuffix("-referral.pdf"))
        for one in manifest.members
        if one.name.endswith("-referral.pdf")
    )
    return tuple((case, form) for case, form in found if form in with_slip)


def read_sealed(path: Path) -> bytes:
    """Return the bytes of a sealed file, and one more where it is larger than any pack is.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def envelope_of(path: Path, sealed: bytes) -> Envelope | None:
    """Return the outer envelope of a sealed file, None on one of another program.

    Raises:
        AgeError: it is no sealed file, or damaged before the papers.
        BadPack: it is too large, or its name is another pack's.
    """
    if len(sealed) > LARGEST_FILE:
        raise BadPack("too-large", "The file is larger than any pack should be.")
    envelope, _ = inspect(sealed)
    if envelope and _NAMED.fullmatch(path.name) and path.name != envelope.file_name:
        raise BadPack(
            "renamed",
            f"The file has the name of another pack: what it holds is {envelope.pack} for {envelope.agency}.",
            "Do not use it: fetch it once more. If it comes like that again, ring the sender.",
        )
    return envelope


def take(sealed: bytes, holders: Sequence[Holder]) -> Taken:
    """Return a pack, opened with the first key file that it is sealed for.

    Raises:
        NoMatchError: it is sealed for none of them.
        AgeError, BadPack: as `open_sealed`.
    """
    first: AgeError | None = None
    for holder in holders:
        try:
            opened = open_sealed(sealed, holder.key, holder.senders, holder.revoked)
        except NoMatchError as error:
            first = first or error
        else:
            return Taken(opened, holder, hashlib.sha256(sealed).hexdigest())
    raise first or ValueError("no key file to open it with")


def refuse_known(
    envelope: Envelope | None,
    sealed: bytes,
    registers: Sequence[OwnRegister],
    *,
    again: bool = False,
    proved: bool = False,
) -> None:
    """Refuse a pack that was opened before, that another has taken the place of, or whose number another file had.

    Args:
        envelope: of the pack; None refuses nothing.
        sealed: the file.
        registers: of those who may have opened it.
        again: take what was opened before; never another file under its number.
        proved: the file was opened, so that another one under a known number is no damaged copy.

    Raises:
        BadPack: it is one.
        OSError: a register cannot be read.
    """
    digest = ""
    for line in (line for register in registers for line in register.lines()):
        if envelope and (line.replaces, line.sender) == (envelope.pack, envelope.sender):
            raise _void(line)
        if envelope is None or (line.pack, line.sender) != (envelope.pack, envelope.sender):
            continue
        digest = digest or hashlib.sha256(sealed).hexdigest()
        if line.digest == digest and again:
            continue
        if line.digest == digest:
            raise BadPack(
                "opened-before",
                f"The pack {line.pack} was opened before, on {long_date(line.day)}.",
                "Read it where it was written then, if it was not destroyed since. To open it once more, say so with --again.",
            )
        if not proved:
            continue
        raise BadPack(
            "number-taken",
            f"Another file with the number {line.pack} was opened on {long_date(line.day)}: this is not the same.",
            "Do not use it. Ring the sender, and ask which of the two is right.",
        )


def _void(later: Line) -> BadPack:
    return BadPack(
        "replaced",
        f"This pack is void: {later.pack}, which was opened on {long_date(later.day)}, has taken its place.",
        "Do not use it: destroy it, and what you have of it. If you did not expect it, ring the sender.",
    )


def refuse_old(taken: Taken, today: dt.date, replaced: Mapping[tuple[str, str], str]) -> None:
    """Refuse a pack that another of the same run has taken the place of, or that should have been destroyed by now.

    Args:
        taken: the pack.
        today: the day.
        replaced: pack and sender → the pack that has taken its place, of those that are opened together.

    Raises:
        BadPack: it is one.
    """
    manifest = taken.manifest
    if later := replaced.get((manifest.pack, manifest.sender.agency)):
        raise BadPack(
            "replaced",
            f"This pack is void: {later}, which came with it, has taken its place.",
            "Do not use it: destroy it.",
        )
    if today > manifest.keep_until:
        raise BadPack(
            "lapsed",
            f"This pack was to be destroyed by {long_date(manifest.keep_until)}: an old one was sent again.",
            "Do not use it: destroy it, and ring the sender.",
        )
