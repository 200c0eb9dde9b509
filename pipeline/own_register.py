"""A named contact's own register: what was opened with a key file and what was destroyed, a line each, beside the key file.

It is text for its owner's eyes, `linden-register.txt` for `linden.key`:

    2026-12-02 opened P-7F3K-2M9Q housing brackenford-council <SHA-256 of the sealed file> -
    2027-12-09 destroyed P-7F3K-2M9Q Linden Hatstand

The last word of `opened` is the pack that this one has taken the place of, or `-`. With it an old pack that is sent again is
known for one. No name of any case stands in it.
"""

import datetime as dt
import os
import re
from dataclasses import dataclass
from pathlib import Path

_HEAD = (
    "# What was opened with this key file, and what was destroyed, a line each. Keep it for your own records.\n"
)
_OPENED = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d) opened (?P<pack>\S+) (?P<agency>\S+) (?P<sender>\S+) (?P<digest>[0-9a-f]{64}) (?P<replaces>\S+)"
)


@dataclass(frozen=True)
class Line:
    """A pack that was opened: the day, the references of its outer envelope, SHA-256 of the sealed file, what it replaces."""

    day: dt.date
    pack: str
    agency: str
    sender: str
    digest: str
    replaces: str = ""


@dataclass(frozen=True)
class OwnRegister:
    """The register beside a key file."""

    path: Path

    @classmethod
    def beside(cls, key_file: Path) -> "OwnRegister":
        """Return the register that belongs to a key file."""
        real = key_file.resolve() if key_file.is_symlink() else key_file
        return cls(real.with_name(f"{real.stem}-register.txt"))

    def lines(self) -> list[Line]:
        """Return what was opened, in order; what cannot be read as such a line is left to its owner.

        Raises:
            OSError: it is there and cannot be read.
        """
        try:
            text = self.path.read_text("utf-8", errors="replace")
        except FileNotFoundError:
            return []
        return [read for line in text.splitlines() if (read := _read(line.strip()))]

    def opened(self, line: Line) -> None:
        """Write that a pack was opened.

        Raises:
            OSError: the system refuses.
        """
        told = f"{line.pack} {line.agency} {line.sender} {line.digest} {line.replaces or '-'}"
        self._append(f"{line.day} opened {told}\n")

    def destroyed(self, pack: str, by: str, day: dt.date) -> None:
        """Write that the papers of a pack were destroyed.

        Raises:
            OSError: the system refuses.
        """
        self._append(f"{day} destroyed {pack} {by}\n")

    def _append(self, text: str) -> None:
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write((text if file.tell() else _HEAD + text).encode())
            file.flush()
            os.fsync(file.fileno())


def _read(line: str) -> Line | None:
    found = _OPENED.fullmatch(line)
    if not found:
        return None
    try:
        day = dt.date.fromisoformat(found["day"])
    except ValueError:  # somebody has written in it
        return None
    replaces = "" if found["replaces"] == "-" else found["replaces"]
    return Line(day, found["pack"], found["agency"], found["sender"], found["digest"], replaces)
