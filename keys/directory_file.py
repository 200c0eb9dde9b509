"""The file of the directory of keys, `keys.signed`: JSON with its keeper's signature below, checked whole on reading.

Writer and reader stand side by side. The signature is an SSHSIG in namespace `sealpack-key-directory` over every byte
above it, so it can be checked without this program:

    sed '/BEGIN SSH SIGNATURE/,$d' keys.signed > keys.json
    sed -n '/BEGIN SSH SIGNATURE/,$p' keys.signed > keys.json.sig
    ssh-keygen -Y verify -f KEEPERS -I keeper -n sealpack-key-directory -s keys.json.sig < keys.json

Each file says how many there were before it and the digest of the last, so that whoever has kept that digest knows an
older one that was put back.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from keys import sshsig
from keys.directory import Confirmation, Directory, Entry, Revocation
from keys.errors import DirectoryError, KeysError, SignatureError
from keys.files import write_whole
from keys.public import PublicKeys

__all__ = ["NAMESPACE", "Signed", "read", "text_of", "write"]

NAMESPACE = "sealpack-key-directory"
_FORMAT = "sealpack key directory"
_VERSION = 2
_LARGEST = 64 << 20
_SIGNATURE = b"-----BEGIN SSH SIGNATURE-----"
_DIGEST = re.compile(r"([0-9a-f]{64})?")
_HINT = "Use your back-up copy of it; do not mend it by hand. Without one: sealpack keys mend"
_ALTERED = "Nothing is sealed by it. Put the newest copy from your back-up in its place, and find out who changed it. Without one: sealpack keys mend"
_TOP = {"format", "version", "number", "previous", "vouched", "entries"}
_PARTS = {
    "entry": {"agency", "spoc", "fingerprint", "recipient", "signing", "valid_from", "valid_until", "added_on"},
    "confirmation": {"by", "with_whom", "how", "on"},
    "revocation": {"by", "on"},
}


@dataclass(frozen=True)
class Signed:
    """A directory as its file has it.

    Attributes:
        directory: The directory.
        number: How often it was changed, this time included.
        previous: SHA-256 of the file before, 64 hexadecimal digits; empty for the first.
        digest: SHA-256 of the file.
        keeper: Public line of the key that signed it. Whether that is the keeper's is for the caller to decide.
    """

    directory: Directory
    number: int
    previous: str
    digest: str
    keeper: str


def text_of(
    directory: Directory, before: Signed | None, sign: Callable[[bytes, str], str]
) -> tuple[bytes, Signed]:
    """Give the file of a directory, and what `read` will say of it.

    Args:
        directory: To be written.
        before: The file that it takes the place of.
        sign: Message and namespace to an armoured SSHSIG, by its keeper.
    """
    data = {
        "format": _FORMAT,
        "version": _VERSION,
        "number": before.number + 1 if before else 1,
        "previous": before.digest if before else "",
        "vouched": directory.vouched,
        "entries": [_entry_to_json(entry) for entry in directory.entries],
    }
    content = (json.dumps(data, indent=1, ensure_ascii=False, sort_keys=False) + "\n").encode()
    whole = content + sign(content, NAMESPACE).encode()
    return whole, _parsed("the new directory", whole)


def write(path: Path, content: bytes) -> None:
    """Put what `text_of` gave in the place of the file that is there, whole or not at all.

    Raises:
        DirectoryError: When the place cannot be written to.
    """
    try:
        write_whole(path, content, mode=0o644, replace=True)
    except OSError as error:
        raise DirectoryError(f"{path} could not be written: {error.strerror}.", "Check the folder.") from None


def read(path: Path) -> Signed:
    """Read a directory, and check its signature and every entry, its fingerprint against its keys included.

    Raises:
        DirectoryError: When it is not there, is something else, was altered since it was signed, or any part of it is
            not right.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as error:
        raise DirectoryError(
            f"{path} could not be read: {error.strerror}.", "Check its name and folder."
        ) from None
    return _parsed(str(path), raw)


def _parsed(path: str, raw: bytes) -> Signed:
    content, found, signature = raw[:_LARGEST].partition(_SIGNATURE)
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise DirectoryError(f"{path} is damaged: it cannot be read.", _HINT) from None
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise DirectoryError(f"{path} is not a directory of keys.", "Check that you chose the right file.")
    if data.get("version") != _VERSION:
        raise DirectoryError(f"{path} is in a form that this program does not know.", "Use a newer program.")
    if not found:
        raise DirectoryError(f"{path} is not signed by its keeper.", _ALTERED)
    try:
        armoured = (found + signature).decode("ascii")
        keeper = sshsig.public_line(sshsig.verify(armoured, content, NAMESPACE, exact=True))
    except (SignatureError, UnicodeDecodeError):
        raise DirectoryError(f"{path} was changed after its keeper signed it.", _ALTERED) from None
    if set(data) != _TOP or not isinstance(data["entries"], list) or not isinstance(data["vouched"], dict):
        raise DirectoryError(f"{path} is damaged: it holds no list of entries, or more than that.", _HINT)
    number, previous = data["number"], data["previous"]
    if not isinstance(number, int) or not isinstance(previous, str) or not _DIGEST.fullmatch(previous):
        raise DirectoryError(f"{path} is damaged: it does not say which one it is.", _HINT)
    try:
        entries = tuple(_entry_from_json(entry, n) for n, entry in enumerate(data["entries"], 1))
        directory = Directory(entries, data["vouched"])
    except DirectoryError as error:
        raise DirectoryError(f"{path}: {error}", error.hint or _HINT) from None
    return Signed(directory, number, previous, hashlib.sha256(raw).hexdigest(), keeper)


def _entry_to_json(entry: Entry) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "agency": entry.agency,
        "spoc": entry.spoc,
        "fingerprint": entry.fingerprint,
        "valid_from": entry.valid_from.isoformat(),
        "valid_until": entry.valid_until.isoformat(),
        "added_on": entry.added_on.isoformat(),
    }
    if entry.confirmation:
        parts["confirmation"] = asdict(entry.confirmation) | {"on": entry.confirmation.on.isoformat()}
    if entry.revocation:
        parts["revocation"] = asdict(entry.revocation) | {"on": entry.revocation.on.isoformat()}
    return parts | {"signing": entry.keys.signing, "recipient": entry.keys.recipient}


def _entry_from_json(value: Any, number: int) -> Entry:
    where = f"entry {number}"
    try:
        if not isinstance(value, dict):
            raise DirectoryError("it is not an entry.")
        own = {name: part for name, part in value.items() if name not in ("confirmation", "revocation")}
        parts = _texts_and_days(own, "entry")
        keys = PublicKeys(parts.pop("recipient"), parts.pop("signing"))
        stated = parts.pop("fingerprint")
        confirmation = revocation = None
        if "confirmation" in value:
            confirmation = Confirmation(**_texts_and_days(value["confirmation"], "confirmation"))
        if "revocation" in value:
            revocation = Revocation(**_texts_and_days(value["revocation"], "revocation"))
        entry = Entry(keys=keys, confirmation=confirmation, revocation=revocation, **parts)
    except KeysError as error:
        raise DirectoryError(f"{where}: {error}", error.hint) from None
    if entry.fingerprint != stated:
        raise DirectoryError(
            f"{where}: the fingerprint does not belong to the keys, which may have been exchanged."
        )
    return entry


def _texts_and_days(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(part, str) for part in value.values()):
        raise DirectoryError(f"its {what} is not made of texts.")
    if missing := sorted(_PARTS[what] - value.keys()):
        raise DirectoryError(f"its {what} lacks {', '.join(missing)}.")
    if value.keys() != _PARTS[what]:
        raise DirectoryError(f"its {what} holds something that does not belong there.")
    parts: dict[str, Any] = dict(value)
    for name in parts.keys() & {"valid_from", "valid_until", "added_on", "on"}:
        try:
            parts[name] = dt.date.fromisoformat(parts[name])
        except ValueError:
            raise DirectoryError(f"its {name} is not a date such as 2026-12-08.") from None
    return parts
