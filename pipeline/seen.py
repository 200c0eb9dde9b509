"""What the holder of a key file has seen last of an area: so that nobody can put back its register and directory of keys together.

Whoever can write in the area's folder can put an older copy of everything in it, and with it a revoked key in use again. This is
kept elsewhere, beside the key file: `co-ordinator-seen.txt` for `co-ordinator.key`, two lines for each area:

    brackenford-council register 41 <hash of that entry>
    brackenford-council directory 7 <SHA-256 of that file>
"""

import re
from dataclasses import dataclass
from pathlib import Path

from keys.directory import DirectoryError
from keys.directory_file import Signed
from keys.files import write_whole
from pipeline.area import Area
from pipeline.register import Head, Register, RegisterError

_LINE = re.compile(
    r"(?P<area>[a-z0-9-]{1,40}) (?P<what>register|directory) (?P<number>\d{1,15}) (?P<digest>[0-9a-f]{64})"
)
_PUT_BACK = "Put the newest copy from your back-up in its place, and find out who put back an older one."


@dataclass(frozen=True)
class Seen:
    """The file beside a key file."""

    path: Path

    @classmethod
    def beside(cls, key_file: Path) -> "Seen":
        """Return the file that belongs to a key file."""
        real = key_file.resolve()
        return cls(real.with_name(f"{real.stem}-seen.txt"))

    def refuse_older(self, area: Area, signed: Signed | None, register: Register) -> None:
        """Refuse an area whose register or directory of keys is older than what was seen last, or another.

        Raises:
            DirectoryError, RegisterError: it is.
            OSError: the file is there and cannot be read.
        """
        self.refuse_older_register(area, register)
        number, digest = self._known().get((area.settings.sender.agency, "directory"), (0, ""))
        if digest and (
            signed is None or signed.number < number or (signed.number == number and signed.digest != digest)
        ):
            raise DirectoryError(
                f"{area.key_directory.name} is not the directory of keys no. {number} that you have seen, or a later one: "
                "an older one was put back, or another.",
                f"Nothing is sealed by it. {_PUT_BACK} {self._meant(area)}",
            )

    def refuse_older_register(self, area: Area, register: Register) -> None:
        """Refuse an area whose register is older than what was seen last, or another.

        Raises:
            RegisterError: it is.
            OSError: the file is there and cannot be read.
        """
        number, digest = self._known().get((area.settings.sender.agency, "register"), (0, ""))
        if digest and not register.holds(Head(number, digest, "")):
            raise RegisterError(
                f"{area.register.name} does not have entry {number} as you have seen it: an older register was put back, or another.",
                f"{_PUT_BACK} {self._meant(area)}",
            )

    def _meant(self, area: Area) -> str:
        return f"If it was begun anew on purpose, take the lines of {area.settings.sender.agency} out of {self.path}."

    def note(self, area: Area, signed: Signed | None, register: Register) -> None:
        """Keep what an area has now.

        Raises:
            OSError: the file cannot be written.
        """
        agency, known = area.settings.sender.agency, self._known()
        found = dict(known)
        if head := register.head():
            found[agency, "register"] = (head.number, head.hash)
        if signed:
            found[agency, "directory"] = (signed.number, signed.digest)
        if found != known:
            lines = "".join(
                f"{name} {what} {number} {digest}\n" for (name, what), (number, digest) in found.items()
            )
            write_whole(self.path, lines.encode(), mode=0o600, replace=True)

    def _known(self) -> dict[tuple[str, str], tuple[int, str]]:
        try:
            text = self.path.read_text("utf-8", errors="replace")
        except FileNotFoundError:
            return {}
        return {
            (found["area"], found["what"]): (int(found["number"]), found["digest"])
            for line in text.splitlines()
            if (found := _LINE.fullmatch(line.strip()))
        }
