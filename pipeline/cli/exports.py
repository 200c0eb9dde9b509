"""The command register export: the register as text that can be checked without this program."""

import datetime as dt
from pathlib import Path

import click

from keys import sshsig
from pipeline.cli import common, keyfiles
from pipeline.cli.key_directory import read_directory
from pipeline.cli.keyfiles import read_public
from pipeline.cli.packing import read_sender
from pipeline.register import Register, Signer
from pipeline.register.export import PARTS, write
from pipeline.register.export import export as export_register

_TOLD = {
    "": "the entries, one a line",
    ".sig": "your signature over them",
    ".heads": "the signature given with each writing",
    ".signers": "whose signatures these are",
}


@click.command
@keyfiles.identity_option()
@click.option("-o", "--output", "path", type=common.ANY_PATH, required=True, metavar="FILE", help="A new file.")
@click.option(
    "--signer",
    "signer_files",
    type=common.EXISTING,
    multiple=True,
    help="Public keys of somebody who signed, besides the directory's.",
)
@common.area_option
@common.today_option
@common.in_words
def export(
    *, key_file: Path, path: Path, signer_files: tuple[Path, ...], area_folder: Path, today: dt.date
) -> None:
    """Write the register to a signed text file, which can be checked without this program.

    Example: sealpack register export -i co-ordinator.key -o register-2026-12-02.jsonl
    """
    area = common.find_area(area_folder)
    _refuse_if_there(path)  # before the passphrase is asked for, as everything else that may stop it
    directory = read_directory(area)
    agency = area.settings.sender.agency
    # Who left or was revoked has signed all the same, so every key of the sender's agency is known here.
    names = {
        keys.signing: f"named with --signer {one.name}" for one in signer_files for keys in [read_public(one)]
    }
    names |= {entry.keys.signing: entry.spoc for entry in directory.of(agency)}
    with Register.open(area.register, create=False) as opened:
        examined = opened.examined(names)
    if examined.findings:
        for one in examined.findings:
            click.echo(f"  {one.message}  [{one.what}]", err=True)
        common.fail(
            "The register does not hold, so nothing is exported.",
            f"What is evidence now are {area.register.name} and {area.register.with_suffix('.head').name}: change nothing, keep a copy"
            " of both as they are, and tell whoever answers for the register. Who signed and is not in the directory is named"
            " with --signer.",
        )
    if not examined.rows:
        common.fail("The register has no entry yet.", "There is nothing to export.")
    sender = read_sender(area, directory, key_file, today)
    signer = Signer.of(sender)
    write(path, export_register(examined, signer, agency, names))
    last = examined.rows[-1]
    click.echo(
        f"Exported: {len(examined.rows)} {'entry' if last.number == 1 else 'entries'}, the last with the hash"
    )
    click.echo(f"  {last.hash}")
    width = len(path.name + max(PARTS, key=len))
    for part, told in _TOLD.items():
        click.echo(f"  {path.name + part:{width}}  {told}")
    click.echo(
        f"To whoever checks it, read out by telephone or face to face: your key is {sshsig.digest(sender.signing.public_key())}"
    )


def _refuse_if_there(path: Path) -> None:
    if not path.parent.is_dir():
        common.fail(f"There is no folder {path.parent}.", "Make it first, or name another.")
    for part in PARTS:
        one = path.with_name(path.name + part)
        if one.exists():
            common.fail(
                f"{one} is already there, and an export is never written over.",
                "Choose another name, such as one with the day in it.",
            )
