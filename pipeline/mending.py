"""Going on after the directory of keys was lost or spoilt: from what there is, with every revocation that the register has."""

import datetime as dt
from collections.abc import Collection
from functools import partial

from keys import directory_file, sshsig
from keys.directory import Directory, DirectoryError, Entry, Revocation
from keys.directory_file import Signed
from keys.identity import KeyFile
from pipeline import keeper
from pipeline.area import Area
from pipeline.register import Entry as Record
from pipeline.register import Recorded, Register, Signer


def mend(  # noqa: PLR0913 - each is read elsewhere
    area: Area,
    register: Register,
    note: Record,
    own: Entry,
    *,
    key: KeyFile,
    trusted: Collection[str],
    at: dt.datetime,
) -> Signed:
    """Sign a directory anew: from what lies there if a keeper signed it, from the keeper's own key alone otherwise.

    Keys that the register knows to be revoked are revoked in it; those confirmed since have to be added and confirmed again.

    Args:
        area: the area.
        register: the area's, open.
        note: who accepted that, and why; but for the digest.
        own: the keeper's own key, unconfirmed, for a directory that begins with it.
        key: the keeper's, who signs.
        trusted: see `keeper.refuse_stranger`.
        at: now, with its time zone.

    Raises:
        DirectoryError: the directory that lies there is the newest: there is nothing to mend.
        RegisterError: see `Register.append`.
    """
    sign = partial(sshsig.sign, key.signing)
    with register.writing():
        if _newest(area, register):
            raise DirectoryError(
                f"There is nothing to mend: {area.key_directory.name} is the newest there is.",
                "See `sealpack keys list`.",
            )
        recorded = [one for one in register.entries() if one.kind in keeper.KINDS]
        old = _left(area, register, trusted)
        directory = _revoked(old.directory if old else Directory((own,), keeper.vouched(area)), recorded)
        last = recorded[-1].digest if recorded else ""
        number = max(len(recorded), old.number if old else 0)
        before = Signed(directory, number, last, last, key.public().signing)
        content, signed = directory_file.text_of(directory, before, sign)
        register.append([keeper.with_digest(note, signed)], Signer.of(key), at)
        directory_file.write(area.key_directory, content)
    return signed


def _newest(area: Area, register: Register) -> Signed | None:
    try:
        return keeper.read(area, register)
    except DirectoryError:
        return None


def _left(area: Area, register: Register, trusted: Collection[str]) -> Signed | None:
    """Return the directory that lies there, if it is one that somebody who is trusted has signed."""
    try:
        found = directory_file.read(area.key_directory)
        keeper.refuse_stranger(found, register, trusted)
    except DirectoryError:
        return None
    return found


def _revoked(directory: Directory, recorded: list[Recorded]) -> Directory:
    """Return a directory with the keys revoked that were so once."""
    gone = {one.keys[0]: one for one in recorded if one.kind == keeper.REVOKED and one.keys}
    for entry in directory.entries:
        taken = gone.get(entry.fingerprint.replace(" ", "-"))
        if taken and not entry.revocation:
            directory = directory.revoke(entry.agency, entry.fingerprint, Revocation(taken.by, taken.day))
    return directory
