"""The directory of keys as its keeper signed it: how a change is written and recorded, and how one made past the keeper is found.

The keeper is whoever signs `keys.signed`, by custom the co-ordinator. With the keys the signature covers who the agencies
and their contacts are, as agencies.toml and area.toml say it: a contact put in there, or an agency made one of another
kind, is a change past the keeper too. The digest of each new directory is in the register, so that an older one that was
put back, with a revoked key in use again, is found as well. Whom to take for the keeper nobody is told by the area, which a
stranger may have written in: it is the holder of the key file in hand, or somebody whom he or she has confirmed.
"""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any

from keys import directory_file, sshsig
from keys.directory import Directory, DirectoryError, WhyNot
from keys.directory_file import Signed
from keys.identity import KeyFile
from pipeline.area import Area
from pipeline.register import Entry, Register, Signer

ADDED, CONFIRMED, RENEWED, REVOKED, SIGNED = (
    "key-added", "key-confirmed", "key-renewed", "key-revoked", "keys-signed",
)  # fmt: skip
"""The kinds of entry that tell of a change in the directory; each has the digest of the new one."""
KINDS = (ADDED, CONFIRMED, RENEWED, REVOKED, SIGNED)
"""All of them."""
_NAME = "keys.signed"
_LOST = "If there is none, go on with: sealpack keys mend"
_FIND_OUT = "Find out who did that, and tell your data protection officer if nobody has meant it."


def vouched(area: Area) -> dict[str, Any]:
    """Return what the keeper of an area signs for besides the keys: its sender, recovery and agencies, as JSON."""
    recovery = area.settings.recovery
    return {
        "sender": area.settings.sender.model_dump(mode="json"),
        "recovery": recovery.model_dump(mode="json") if recovery else {},
        "agencies": {one.id: one.model_dump(mode="json", exclude={"id"}) for one in area.agencies},
    }


def differences(area: Area, directory: Directory) -> tuple[str, ...]:
    """Return in words, a line for each, how agencies.toml and area.toml differ from what the keeper has signed for."""
    before, now = directory.vouched, vouched(area)
    if before == now:
        return ()
    try:
        told = _told(before, now)
    except (AttributeError, KeyError, TypeError):
        told = []
    return tuple(told) or (
        "what the keeper has signed for cannot be compared with agencies.toml and area.toml",
    )


def _told(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    told = [
        f"area.toml, {part}: {what}"
        for part in ("sender", "recovery")
        for what in _changed(before.get(part, {}), now[part])
    ]
    old, new = before.get("agencies", {}), now["agencies"]
    told += [f"agencies.toml: {one} is gone" for one in old if one not in new]
    for one, said in new.items():
        if one not in old:
            told.append(f"agencies.toml: {one} is new")
        else:
            told += [f"agencies.toml, {one}: {what}" for what in _changed(old[one], said)]
    return told


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if was == now or (was in (None, "") and now in (None, "")):
            continue
        if name == "spocs":
            yield from _contacts(was or [], now or [])
        else:
            yield f"{name.replace('_', ' ')} was {_shown(was)}, is {_shown(now)}"


def _contacts(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[str]:
    was, now = ({one["name"]: one for one in some} for some in (old, new))
    yield from (f"{name} is no named contact any more" for name in was if name not in now)
    for name, said in now.items():
        if name not in was:
            yield f"{name} is a new named contact"
        else:
            yield from (f"{name}, {what}" for what in _changed(was[name], said))


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    return "nothing" if value in (None, "") else str(value)


def read(area: Area, register: Register | None) -> Signed | None:
    """Return the directory of an area, if it is the one that the register knows for the newest; None where there is none yet.

    Args:
        area: the area.
        register: the area's, open; None where there is none yet.

    Raises:
        DirectoryError: it is damaged, was altered after it was signed, is gone, or is not the one that was recorded last.
        RegisterError: the register cannot be read.
    """
    last = register.last(KINDS) if register else None
    if not area.key_directory.exists():
        if last:
            raise DirectoryError(
                f"{_NAME} is gone: the register has it, since entry {last.number}.",
                f"Put the newest copy from your back-up in its place. {_FIND_OUT} {_LOST}",
            )
        return None
    if register is None:
        raise DirectoryError(
            f"{area.register.name} is gone, which has each change of {_NAME}.",
            f"Put the newest copy of both from your back-up in their place. {_FIND_OUT} {_LOST}",
        )
    signed = directory_file.read(area.key_directory)
    # One change may be in the file and not in the register: a run that broke off between the two.
    if (last.digest if last else "") not in (signed.digest, signed.previous):
        where = f"which entry {last.number} of the register has" if last else "for the register has none"
        raise DirectoryError(
            f"{_NAME} is not the directory of keys that was signed last, {where}: "
            "an older one was put back, or another in its place.",
            f"Nothing is sealed by it. Put the newest copy from your back-up in its place. {_FIND_OUT} {_LOST}",
        )
    return signed


def refuse_stranger(signed: Signed, register: Register | None, trusted: Collection[str]) -> None:
    """Refuse a directory that was signed by anybody but those whom the holder of the key file in hand takes for its keeper.

    Args:
        signed: as `read` gave it.
        register: the area's, which knows whose keys were revoked.
        trusted: public lines of the keys that may have signed.

    Raises:
        DirectoryError: it was signed by somebody else, or with a key that was revoked.
    """
    if signed.keeper not in trusted:
        raise DirectoryError(
            f"{_NAME} was signed by somebody whom you have not confirmed as its keeper.",
            "Nothing is sealed by it. Ring whoever keeps it, compare the fingerprint of his or her public keys, and put their "
            f"file in the folder `keepers` beside your key file. {_FIND_OUT}",
        )
    if register and (entry := register.last((REVOKED,), content=_mark(signed.keeper))):
        raise DirectoryError(
            f"{_NAME} was signed with a key that was revoked, by entry {entry.number} of the register.",
            f"Nothing is sealed by it. Take its public file out of your folder `keepers`, and put the newest copy of {_NAME} from "
            f"your back-up in its place. {_FIND_OUT}",
        )


def refuse_changed(area: Area, directory: Directory) -> None:
    """Refuse to go on while agencies.toml or area.toml say something else than the keeper has signed for.

    Raises:
        DirectoryError: they do; the message has every difference.
    """
    if directory.entries and (told := differences(area, directory)):
        raise DirectoryError(
            "\n  ".join(
                ["Something that the keeper of the directory has signed for was changed since:", *told]
            ),
            f"If that is right, sign for it: sealpack keys sign -i KEYFILE. {_FIND_OUT}",
        )


def change(  # noqa: PLR0913 - each is read elsewhere
    area: Area,
    register: Register,
    make: Callable[[Directory], Directory],
    entry: Callable[[Directory], Entry],
    *,
    keeper: KeyFile,
    trusted: Collection[str],
    at: dt.datetime,
    shown: str | None = None,
) -> Signed:
    """Change the directory, sign it and record the change: all of it, or nothing.

    Args:
        area: the area.
        register: the area's, open.
        make: directory of before → directory of now.
        entry: directory of now → what to record, but for its digest.
        keeper: signs.
        trusted: see `refuse_stranger`.
        at: now, with its time zone.
        shown: the digest of the directory that somebody has looked at before saying yes; another is not signed over.

    Raises:
        DirectoryError: the directory of before is not what a keeper signed, the change is refused, or the disk is in the way.
        RegisterError: see `Register.append`.
    """
    sign = partial(sshsig.sign, keeper.signing)
    with register.writing():
        before = read(area, register)
        if before:
            refuse_stranger(before, register, trusted)
        if shown is not None and shown != (before.digest if before else ""):
            raise DirectoryError(f"{_NAME} was changed just now.", "Run this once more, and look again.")
        changed = make(before.directory if before else Directory())
        content, signed = directory_file.text_of(changed, before, sign)
        told = entry(changed)
        register.append([*_missing(register, before, told), with_digest(told, signed)], Signer.of(keeper), at)
        directory_file.write(area.key_directory, content)
    return signed


def _missing(register: Register, before: Signed | None, like: Entry) -> Iterator[Entry]:
    """Yield what a run that broke off between file and register has left out: that the directory was changed, and who was revoked."""
    last = register.last(KINDS)
    if before is None or last is None or last.digest == before.digest:
        return
    blank = Entry(kind=SIGNED, day=like.day, by=like.by, role=like.role)
    yield with_digest(
        dataclasses.replace(blank, note="A run broke off before this change was on record."), before
    )
    for one in before.directory.entries:
        mark = mark_of_revoked(before.directory, one.keys.signing, like.day) if one.revocation else ""
        if mark and register.last((REVOKED,), content=mark) is None:
            keys = (one.fingerprint.replace(" ", "-"),)
            gone = dataclasses.replace(blank, kind=REVOKED, agency=one.agency, keys=keys, content=mark)
            yield with_digest(dataclasses.replace(gone, note="Revoked before a run broke off."), before)


def with_digest(entry: Entry, signed: Signed) -> Entry:
    """Return an entry with the digest and the number of the directory that it tells of."""
    note = f"{entry.note} Directory of keys no. {signed.number}.".strip()
    return dataclasses.replace(entry, digest=signed.digest, note=note)


def mark_of_revoked(directory: Directory, signing: str, day: dt.date) -> str:
    """Return what an entry keeps of a signing key that is in use no more, or nothing while a usable key of its holder has it.

    Args:
        directory: after the key was revoked.
        signing: public line of its signing key.
        day: on which it was.
    """
    return "" if signs(directory, signing, day) else _mark(signing)


def signs(directory: Directory, signing: str, day: dt.date) -> bool:
    """Say whether a signing key belongs to an entry that is neither revoked nor replaced; it may wait to be confirmed or renewed."""
    states = {directory.state(one, day) for one in directory.entries if one.keys.signing == signing}
    return bool(states & {None, WhyNot.UNCONFIRMED, WhyNot.NOT_YET_VALID, WhyNot.LAPSED})


def _mark(signing: str) -> str:
    return hashlib.sha256(signing.encode()).hexdigest()
