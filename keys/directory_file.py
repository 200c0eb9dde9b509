"""The file of the directory of keys: JSON, writer and reader side by side, checked whole on reading."""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from keys.directory import Confirmation, Directory, Entry, Revocation
from keys.errors import DirectoryError, KeysError
from keys.files import write_whole
from keys.public import PublicKeys

__all__ = ["read", "write"]

_FORMAT = "sealpack key directory"
_VERSION = 1
_LARGEST = 64 << 20
_HINT = "Use your back-up copy of it; do not mend it by hand."
_PARTS = {
    "entry": {"agency", "spoc", "fingerprint", "recipient", "signing", "valid_from", "valid_until", "added_on"},
    "confirmation": {"by", "with_whom", "how", "on"},
    "revocation": {"by", "on"},
}


def write(path: Path, directory: Directory) -> None:
    """Write the directory in the place of the one that is there, whole or not at all.

    Raises:
        DirectoryError: When the place cannot be written to.
    """
    entries = [_entry_to_json(entry) for entry in directory.entries]
    data = {"format": _FORMAT, "version": _VERSION, "entries": entries}
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    try:
        write_whole(path, text.encode(), mode=0o644, replace=True)
    except OSError as error:
        raise DirectoryError(f"{path} could not be written: {error.strerror}.", "Check the folder.") from None


def read(path: Path) -> Directory:
    """Read a directory and check every entry, its fingerprint against its keys included.

    Raises:
        DirectoryError: When it is not there, is something else, or any part of it is not right.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as error:
        raise DirectoryError(
            f"{path} could not be read: {error.strerror}.", "Check its name and folder."
        ) from None
    try:
        data = json.loads(raw[:_LARGEST])
    except (ValueError, RecursionError):
        raise DirectoryError(f"{path} is damaged: it is not JSON.", _HINT) from None
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise DirectoryError(f"{path} is not a directory of keys.", "Check that you chose the right file.")
    if data.get("version") != _VERSION:
        raise DirectoryError(f"{path} is in a form that this program does not know.", "Use a newer program.")
    entries = data.get("entries")
    if not isinstance(entries, list) or set(data) != {"format", "version", "entries"}:
        raise DirectoryError(f"{path} is damaged: it holds no list of entries, or more than that.", _HINT)
    try:
        return Directory(tuple(_entry_from_json(entry, number) for number, entry in enumerate(entries, 1)))
    except DirectoryError as error:
        raise DirectoryError(f"{path}: {error}", error.hint or _HINT) from None


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
