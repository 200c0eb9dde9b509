"""The command demo: the whole way through, on an invented borough."""

import datetime as dt
import hashlib
import itertools
import shutil
from dataclasses import replace
from pathlib import Path

import click

from forms.answers import long_date
from keys import identity
from keys.directory import Confirmation, Directory, Entry
from keys.files import write_whole
from keys.identity import KeyFile, public_text
from pipeline import filed, keeper
from pipeline.agency import Agency
from pipeline.area import Area, open_area
from pipeline.cli import common
from pipeline.cli.meetings import find_meeting
from pipeline.cli.opening import say_written
from pipeline.cli.plans import why_not
from pipeline.flow import Packed, Packing, decide
from pipeline.plan import Plan
from pipeline.register import Entry as Record
from pipeline.register import Register
from pipeline.seal import open_sealed

_SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "brackenford"
_MARK = ".made-by-sealpack-demo"
_HEAD = "What `sealpack demo` has made here. It replaces the folder while nothing else is in it, and moves it aside otherwise."
_TODAY = dt.date(2026, 12, 2)
"""The demo's day: the sample meeting is six days later."""
_MEETING = "2026-12-08-marac"
_OPENS = "housing"


@click.command
@click.option(
    "-o", "--output", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"),
    show_default=True, help="Where to work; a former demo there is replaced, or moved aside if you worked in it.",
)  # fmt: skip
@common.in_words
def demo(folder: Path) -> None:
    """Try everything out with an invented borough.

    Example: sealpack demo
    """
    area = fresh_copy(folder)
    click.echo(f"Brackenford, which does not exist, is in {folder}. Today is taken to be {long_date(_TODAY)}.")
    sender, holders, directory = _make_keys(area)
    click.echo(
        f"Keys are made for {len(holders)} named contacts and the co-ordinator, without passphrases, in {folder / 'keys'}."
    )
    with Register.open(area.register) as entries:
        directory = sign_directory(area, entries, sender, directory, _TODAY)
        made = decide(area, find_meeting(area, _MEETING), directory, _TODAY)
        packed = Packing(made, directory, sender, entries, common.now()).run()
    sealed = (area.outbox / packed.recorded[_OPENS].file).read_bytes()
    opened = open_sealed(sealed, holders[_OPENS], [sender.public()])
    papers = folder / "opened" / opened.manifest.pack
    say_written(papers, filed.write(opened, papers))
    click.echo(f"The pack for {_OPENS} is opened with the key of its named contact.\n")
    _tell(made, packed)
    first = next(name for name in opened.papers if name.endswith("referral.pdf"))
    click.echo("Look at:")
    click.echo(f"  {papers / 'cover-sheet.pdf'}")
    click.echo(f"  {papers / first}")
    click.echo("Go on:")
    click.echo(f"  sealpack check {folder / 'inbox'} --today {_TODAY}")
    click.echo(f"  sealpack meeting plan {_MEETING} --why {_OPENS} --area {folder} --today {_TODAY}")
    click.echo(f"  sealpack register verify --area {folder}")
    _mark(folder, _files(folder))


def fresh_copy(folder: Path) -> Area:
    """Put the sample area in a folder, in the place of a former demo."""
    if folder.exists() and any(folder.iterdir()):
        _clear(folder)
    shutil.copytree(_SAMPLE, folder, dirs_exist_ok=True)
    _mark(folder, {})  # a demo that breaks off is known for one, and nothing in it is taken for replaceable
    return open_area(folder)


def _clear(folder: Path) -> None:
    """Take a former demo away; with anything in it that the demo did not make, put it aside."""
    if not (folder / _MARK).is_file():
        common.fail(
            f"{folder} is not empty and is no former demo.",
            "Name another folder with --output.",
            common.WRONG_USE,
        )
    if Path.cwd().is_relative_to(folder.resolve()):
        common.fail(f"You stand in the former demo, {folder}.", "Leave it first: cd ..", common.WRONG_USE)
    lines = (folder / _MARK).read_text("utf-8").splitlines()[1:]
    made = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
    if _files(folder).items() <= made.items():
        shutil.rmtree(folder)
        return
    aside = next(
        path for n in itertools.count(1) if not (path := folder.with_name(f"{folder.name}-{n}")).exists()
    )
    folder.rename(aside)
    click.echo(f"You worked in the former demo: it is kept, with all that is in it, as {aside}.")


def _files(folder: Path) -> dict[str, str]:
    """Return what is in a folder, path → SHA-256 of a file, so that one that was changed is known too."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            what = "other"  # the demo makes none
        else:
            what = "folder" if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest()
        found[path.relative_to(folder).as_posix()] = what
    found.pop(_MARK, None)
    return dict(sorted(found.items()))


def _mark(folder: Path, files: dict[str, str]) -> None:
    lines = [_HEAD, *(f"{digest}  {path}" for path, digest in files.items())]
    content = "".join(f"{line}\n" for line in lines).encode()
    write_whole(folder / _MARK, content, mode=0o644, replace=True)


def _make_keys(area: Area) -> tuple[KeyFile, dict[str, KeyFile], Directory]:
    """Make a key file for the co-ordinator and each SPOC; return the first SPOC's of each agency by agency id."""
    folder = area.folder / "keys"
    (folder / "senders").mkdir(parents=True)
    settings = area.settings.sender
    sender = identity.new(_TODAY)
    directory = _enter(Directory(), area.agency(settings.agency), settings.name, sender)
    identity.write(folder / "co-ordinator.key", sender, None)
    write_whole(
        folder / "senders" / "co-ordinator.pub",
        public_text(sender.public()).encode(),
        mode=0o644,
        replace=False,
    )
    holders: dict[str, KeyFile] = {}
    for agency in area.agencies:
        for number, spoc in enumerate(agency.spocs, start=1):
            if agency.id == settings.agency:
                continue
            key = identity.new(_TODAY, "x25519" if agency.classic_key_reason else "hybrid")
            identity.write(folder / f"{agency.id}-{number}.key", key, None)
            directory = _enter(directory, agency, spoc.name, key)
            holders.setdefault(agency.id, key)
    return sender, holders, directory


def sign_directory(
    area: Area, register: Register, key: KeyFile, directory: Directory, day: dt.date
) -> Directory:
    """Make a directory of keys that was put together at once the area's, signed and recorded; return it as it is now."""
    sender = area.settings.sender
    note = Record(
        kind=keeper.SIGNED, day=day, by=sender.name, role=sender.role, note="Everybody's keys, made together."
    )
    signed = keeper.change(
        area, register, lambda _: replace(directory, vouched=keeper.vouched(area)), lambda _: note,
        keeper=key, trusted=(), at=common.now(),
    )  # fmt: skip
    return signed.directory


def _enter(directory: Directory, agency: Agency, spoc: str, key: KeyFile) -> Directory:
    entry = Entry(agency.id, spoc, key.public(), _TODAY, _TODAY + dt.timedelta(365), _TODAY)
    heard = Confirmation("The demo", spoc, "telephone", _TODAY)
    return directory.add(entry).confirm(agency.id, entry.fingerprint, heard)


def _tell(made: Plan, packed: Packed) -> None:
    taken = [case for case in made.cases if case.goes]
    rows = [
        (
            case.case.file,
            "taken" if case.goes and not case.anonymous else "taken, anonymously" if case.goes else "refused",
            f"{len(case.problems)} mistakes, each named by its cell"
            if case.problems
            else "; ".join(f"{one.rule}: {one.why}" for one in case.findings),
        )
        for case in made.cases
    ]
    common.table(("Referral", "", "Why"), rows)
    agencies = [
        (
            one.agency.name,
            f"{len(one.views)} of {len(taken)} cases" if one.goes else "no pack",
            ", ".join(sorted({rule for view in one.views for rule in view.withheld().values()})),
            "; ".join(why_not(one)),
        )
        for one in made.agencies
    ]
    common.table(("Agency", "Got", "Withheld by", "Why not, or why so"), agencies)
    click.echo(
        f"{len(made.cases)} referrals: {len(taken)} taken, {len(made.cases) - len(taken)} refused. "
        f"{len(packed.recorded)} packs sealed, {packed.views_drawn} views drawn.\n"
    )
