"""Brackenford on the disk, worked by its own commands: what tests of the whole way share."""

import datetime as dt
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner, Result

from keys import identity
from keys.directory import Confirmation, Directory, Entry
from keys.identity import KeyFile, public_text
from pipeline.agency import Agency
from pipeline.area import Area, open_area
from pipeline.cli import commands
from pipeline.cli.demo import sign_directory
from pipeline.pack import Opened
from pipeline.register import Register
from pipeline.seal import open_sealed

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples" / "brackenford"
MEETING = "2026-12-08-marac"
TODAY = dt.date(2026, 12, 2)
CODE = "from pipeline.cli import main; main()"


def run(*args: object, answers: str = "") -> Result:
    """Run a command here, with what somebody types; whatever goes wrong inside comes out."""
    result = CliRunner().invoke(commands, [str(arg) for arg in args], input=answers, prog_name="sealpack")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def done(*args: object, answers: str = "") -> str:
    """Run a command that is to succeed, and return what it prints."""
    result = run(*args, answers=answers)
    assert result.exit_code == 0, result.output
    return result.stdout


def child(*args: object, cwd: Path, before: str = "", after: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, with lines of Python before and after it."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{before}\nfrom pipeline.cli import main\n"
    code += f"try:\n    main()\nfinally:\n    pass\n    {after or 'pass'}\n"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, args)], cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )  # fmt: skip


@dataclass(frozen=True)
class Borough:
    """The sample area in a folder of its own, and the key files of everybody, each where its holder keeps it."""

    folder: Path
    holders: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "holders", self.folder.parent / "holders")

    @property
    def area(self) -> Area:
        """The area as it stands."""
        return open_area(self.folder)

    @property
    def outbox(self) -> list[Path]:
        """The sealed files, in order."""
        folder = self.folder / "outbox"
        return sorted(folder.iterdir()) if folder.is_dir() else []

    @property
    def co_ordinator(self) -> Path:
        """The co-ordinator's key file."""
        return self.key("brackenford-council")

    @property
    def public_key(self) -> Path:
        """What SPOCs have confirmed as the co-ordinator's."""
        return self.co_ordinator.with_suffix(".pub")

    def key(self, agency: str, spoc: int = 1) -> Path:
        """The key file of a SPOC."""
        return self.holders / f"{agency}-{spoc}" / "my.key"

    def hold(self, folder: Path, agency: str, spoc: int = 1) -> Path:
        """Put a key file where its holder keeps it, with the co-ordinator's public keys in `senders` beside it."""
        path = folder / f"{agency}-{spoc}" / "my.key"
        (path.parent / "senders").mkdir(parents=True, exist_ok=True)
        shutil.copy(self.key(agency, spoc), path)
        shutil.copy(self.public_key, path.parent / "senders" / "co-ordinator.pub")
        return path

    def run(self, *args: object, answers: str = "") -> Result:
        """Run a command of the area on the day of the demonstration."""
        return run(*args, *self._where(args), answers=answers)

    def done(self, *args: object, answers: str = "") -> str:
        """Run a command of the area that is to succeed, and return what it prints."""
        return done(*args, *self._where(args), answers=answers)

    def _where(self, args: Sequence[object]) -> list[object]:
        dated = args[0] in {"check", "render", "pack", "keys", "letters"} or args[:2] in {
            ("meeting", "plan"),
            ("register", "received"),
            ("receipt", "import"),
        }
        dated = dated and "--today" not in args
        keyed = ["-i", self.co_ordinator] if args[0] == "letters" and "-i" not in args else []
        return [*keyed, "--area", self.folder, *(["--today", TODAY] if dated else [])]

    def pack(self) -> str:
        """Pack the meeting, and return what is printed."""
        return self.done("pack", MEETING, "-i", self.co_ordinator)

    def enter(self, agency: Agency, spoc: str, key: Path, *options: str) -> None:
        """Make somebody's keys, put them in the directory, and confirm them: each step by its command."""
        key.parent.mkdir(parents=True)
        done("keys", "new", key, "--no-passphrase", "--today", TODAY, *options)
        public = key.with_suffix(".pub")
        self.done("keys", "add", agency.id, public, "--spoc", spoc, "-i", self.co_ordinator)
        self.confirm(agency.id, key, spoc)

    def confirm(self, agency: str, key: Path, spoc: str) -> None:
        """Confirm a key by the fingerprint that its holder reads out."""
        shown = done("keys", "show", key.with_suffix(".pub"))
        digits = re.search(r"(?:\d{5} ){7}\d{5}", shown)
        assert digits
        self.done(
            "keys", "confirm", agency, "--read-out", digits[0], "--by", "Ann Clerk", "--with", spoc, "--how", "telephone",
            "-i", self.co_ordinator,
        )  # fmt: skip

    def sign(self) -> None:
        """Sign for what was changed in agencies.toml, as the keeper of the directory does."""
        self.done("keys", "sign", "--yes", "-i", self.co_ordinator)

    def sealed(self, agency: str) -> Path:
        """The pack of an agency in the outbox."""
        (found,) = [path for path in self.outbox if path.name.split("_")[1] == agency]
        return found

    def opened(self, agency: str, spoc: int = 1) -> Opened:
        """The pack of an agency, opened with its SPOC's key."""
        return open_sealed(
            self.sealed(agency).read_bytes(),
            self.keys_in(self.key(agency, spoc)),
            [self.keys_in(self.co_ordinator).public()],
        )

    def keys_in(self, path: Path) -> KeyFile:
        """What a key file without a passphrase holds."""
        return identity.read(path, str)


def settle(folder: Path) -> Borough:
    """Copy the sample area into a folder, and give everybody keys; the directory of them is one entry of the register."""
    borough = Borough(folder / "brackenford")
    shutil.copytree(SAMPLE, borough.folder)
    area = borough.area
    directory = Directory()
    for agency in area.agencies:
        for number, spoc in enumerate(agency.spocs, start=1):
            path = borough.key(agency.id, number)
            path.parent.mkdir(parents=True)
            made = identity.new(TODAY, "x25519" if agency.classic_key_reason else "hybrid")
            identity.write(path, made, None)
            path.with_suffix(".pub").write_text(public_text(made.public()))
            entry = Entry(agency.id, spoc.name, made.public(), TODAY, TODAY + dt.timedelta(365), TODAY)
            heard = Confirmation("Ann Clerk", spoc.name, "telephone", TODAY)
            directory = directory.add(entry).confirm(agency.id, entry.fingerprint, heard)
    with Register.open(area.register) as register:
        sign_directory(area, register, borough.keys_in(borough.co_ordinator), directory, TODAY)
    return borough


def with_one_case(borough: Borough) -> Borough:
    """Leave of the meeting the case that an agency is invited for: a run takes little time."""
    path = borough.folder / "meetings" / f"{MEETING}.toml"
    (invited,) = tomllib.loads(path.read_text("utf-8"))["invitation"][0]["cases"]
    blocks = re.split(r"(?m)^(?=\[\[)", path.read_text("utf-8"))
    kept = [one for one in blocks if not one.startswith("[[case]]") or invited in one]
    path.write_text("".join(kept), "utf-8")
    return borough


def copy(borough: Borough, folder: Path) -> Borough:
    """Copy a borough with everything in it, keys too, to where a test may spoil it."""
    shutil.copytree(borough.folder, folder / "brackenford")
    shutil.copytree(borough.holders, folder / "holders")
    return Borough(folder / "brackenford")
