"""Commands for whoever gets a pack: inspect and open."""

import shutil
import textwrap
from pathlib import Path

import click

from forms.answers import long_date
from keys import age
from keys.files import write_whole
from keys.identity import PublicKeys
from pipeline.cli import common, keyfiles
from pipeline.cli.keyfiles import read_key, read_public
from pipeline.pack import MANIFEST, SIGNATURE, Opened
from pipeline.papers.cover import by_section
from pipeline.protocol.sending import inner_envelope, on_receipt
from pipeline.seal import LARGEST_FILE, Envelope, open_sealed
from pipeline.seal import inspect as inspect_sealed

_ASK = "Fetch it once more; if that does not help, ask the sender for it again."
_KINDS = {
    "mlkem768x25519": "post-quantum",
    "X25519": "X25519",
    "scrypt": "passphrase",
}


@click.command
@click.argument("pack", type=common.EXISTING)
@common.json_option
@common.in_words
def inspect(pack: Path, *, as_json: bool) -> None:
    """Show what can be read of a sealed pack without a key.

    Example: sealpack inspect outbox/P-7F3K-2M9Q_housing_brackenford-council.age
    """
    envelope, kinds = _inspected(_sealed(pack))
    kind = ", ".join(sorted({_KINDS.get(one, "of another kind") for one in kinds}))
    told = {
        "pack": envelope.pack if envelope else "none: not made by sealpack",
        "for": envelope.agency if envelope else "",
        "from": envelope.sender if envelope else "",
        "sealed for": f"{common.count(len(kinds), 'key')} ({kind})",
        "size": f"{pack.stat().st_size:,} bytes",
    }
    if as_json:
        common.say_json(told)
        return
    for name, value in told.items():
        click.echo(f"{name.capitalize():<11} {value}")
    click.echo("Nothing vouches for this until the pack is opened.")


def _sealed(pack: Path) -> bytes:
    """Return the bytes of a sealed file, and one more where it is larger than any pack is."""
    with pack.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _inspected(sealed: bytes) -> tuple[Envelope | None, tuple[str, ...]]:
    try:
        return inspect_sealed(sealed)
    except age.AgeError as error:
        common.fail(f"This is no sealed pack, or it is damaged: {error}", error.hint or _ASK)


@click.command
@click.argument("pack", type=common.EXISTING)
@keyfiles.identity_option("Your key file.")
@click.option(
    "-o", "--output", "folder", type=common.ANY_PATH, required=True, help="Where to write the papers."
)
@click.option(
    "--sender", "sender_files", type=common.EXISTING, multiple=True,
    help="The co-ordinator's public keys.  [default: what lies in `senders` beside your key file]",
)  # fmt: skip
@common.in_words
def open_(pack: Path, *, key_file: Path, folder: Path, sender_files: tuple[Path, ...]) -> None:
    """Open a sealed pack with your key file.

    Example: sealpack open P-7F3K-2M9Q_housing_brackenford-council.age -i my.key -o papers
    """
    senders = _senders(key_file, sender_files)
    sealed = _sealed(pack)
    # A file that is no pack, or one that was opened before, is told before the passphrase is asked for.
    envelope, _ = _inspected(sealed)

    def refuse_opened() -> None:
        if envelope:
            _refuse_opened(folder / envelope.pack)

    key = read_key(key_file, refuse_opened)
    try:
        opened = open_sealed(sealed, key, senders)
    except age.NoMatchError:
        common.fail(
            "This pack is not for you: it is sealed for another key.",
            "Check that you chose the right key file. If the pack came to you by mistake, tell the sender and destroy it.",
        )
    except age.AgeError as error:
        common.fail(f"This pack is damaged: {error}", error.hint or _ASK)
    _refuse_opened(folder / opened.manifest.pack)
    _show(opened)
    write_papers(opened, folder / opened.manifest.pack)
    click.echo(f'To destroy them: sealpack destroy {folder / opened.manifest.pack} --by "YOUR NAME"')


def _senders(key_file: Path, files: tuple[Path, ...]) -> list[PublicKeys]:
    """Return the public keys of the senders that the SPOC has confirmed."""
    beside = key_file.resolve().parent / "senders"
    paths = files or tuple(sorted(beside.glob("*.pub")))
    if not paths:
        common.fail(
            "You have not said whose packs you take.",
            f"Get the co-ordinator's file of public keys, compare its fingerprint by telephone (`sealpack keys show FILE`), "
            f"then put it in {beside} or name it with --sender.",
            common.WRONG_USE,
        )
    return [read_public(path) for path in paths]


def _show(opened: Opened) -> None:
    """Print the inner envelope (SEND-2) and the terms (PURPOSE-1)."""
    manifest, meeting = opened.manifest, opened.manifest.meeting
    width = 78
    click.echo(f"\n{manifest.marking:^{width}}\n")
    envelope = {
        "Pack": manifest.pack,
        "For": manifest.agency_name,
        **inner_envelope(manifest),
        "Signature": "holds, by a key that you have confirmed",
        "Meeting": ", ".join(
            filter(None, (meeting.title, long_date(meeting.date), meeting.time, meeting.place))
        ),
        "Basis": "; ".join(manifest.basis),
        "On receipt": on_receipt(),
        "Keep until": f"{long_date(manifest.keep_until)}, then destroy",
    }
    for name, value in envelope.items():
        _say(f"{name:<21} ", ", ".join(value.split("\n")), width)
    for notice in manifest.notices:
        _say("\n", notice, width)
    click.echo("\nWhy you have it")
    for line in manifest.purpose:
        _say("  ", line, width)
    click.echo("\nWhat you are asked to do")
    for line in manifest.expected:
        _say("  - ", line, width)
    click.echo("\nHeld back from your agency")
    for part in manifest.withheld:
        _say("  - ", f"{part.case}: {_held_back(part.questions)} ({part.rule})", width)
    if not manifest.withheld:
        click.echo("  Nothing.")
    if manifest.decisions:
        click.echo("\nRules that a named person has set aside")
    for taken in manifest.decisions:
        told = f"{taken.case or 'All cases'}: {taken.rule}, {taken.label}."
        _say(
            "  - ",
            f"{told} Set aside by {taken.by}, {taken.role}, {long_date(taken.on)}: {taken.reason}",
            width,
        )
    click.echo(f"\n{manifest.marking:^{width}}\n")


def _held_back(questions: tuple[str, ...]) -> str:
    told = by_section(questions).items()
    return "; ".join(f"{section}: {', '.join(filter(None, held)) or 'all of it'}" for section, held in told)


def _say(head: str, text: str, width: int) -> None:
    click.echo(
        textwrap.fill(
            " ".join(text.split()), width, initial_indent=head, subsequent_indent=" " * len(head.lstrip("\n"))
        )
    )


def _refuse_opened(folder: Path) -> None:
    if folder.exists():
        common.fail(
            f"{folder} is already there: this pack was opened before.",
            "Read it there, or choose another folder.",
        )


def write_papers(opened: Opened, folder: Path) -> None:
    """Write the papers where nobody else can read them, all or none."""
    _refuse_opened(folder)
    beside = folder.parent / f".opening-{folder.name}"
    shutil.rmtree(beside, ignore_errors=True)  # what an earlier run left that was ended half-way
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.mkdir(mode=0o700)
        papers = {**opened.papers, MANIFEST: opened.manifest_bytes, SIGNATURE: opened.signature.encode()}
        for name, content in papers.items():
            path = beside / name
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_whole(path, content, mode=0o600, replace=False)
        beside.rename(folder)
    except OSError as error:
        common.fail(
            f"{folder} cannot be written: {error.strerror}.", "Choose a folder of your own with room enough."
        )
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    click.echo(f"{common.count(len(opened.papers), 'paper')} written to {folder}")
    for name in opened.papers:
        click.echo(f"  {folder / name}")
