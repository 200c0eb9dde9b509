"""The command destroy: an opened pack's folder is taken away (SEND-7)."""

import datetime as dt
from pathlib import Path

import click

from forms.answers import long_date
from pipeline.cli import common
from pipeline.filed import Filed, NotFiledError, filed
from pipeline.own_register import OwnRegister

_WORD = "destroy"
_NOT_REACHED = (
    "Not reached: back-ups, print-outs, copies somewhere else, the sealed file itself, the e-mail that it came with, and what "
    "the disk keeps of deleted files. Those are for you to see to."
)


@click.command
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--by", required=True, help="Who destroys it, for your own register.")
@click.option("--everything", is_flag=True, help="What does not belong to the pack as well.")
@click.option(
    "-i",
    "--identity",
    "key_file",
    type=common.EXISTING,
    help="Your key file, to note it in your own register beside it; no passphrase is asked for.",
)
@click.option(
    "--yes", is_flag=True, help="Do not ask; before the keep-until date it is asked for in words all the same."
)
@common.json_option
@common.today_option
@common.in_words
def destroy(
    folder: Path, *, by: str, everything: bool, key_file: Path | None, yes: bool, as_json: bool, today: dt.date
) -> None:
    """Destroy the papers of a pack that was opened, with their folder.

    Example: sealpack destroy papers/P-7F3K-2M9Q --by "Linden Hatstand"
    """
    by = by.strip()
    if not by or not by.isprintable():
        common.fail("Somebody destroys it.", "Give the name, in one line: --by NAME", common.WRONG_USE)
    found = _found(Path.cwd() if folder == Path() else folder)
    if found.others and not everything:
        for name in found.others:
            click.echo(f"  {_printable(name)}", err=True)
        common.fail(
            f"{folder} holds {common.count(len(found.others), 'thing')} that the pack did not bring. Nothing is destroyed.",
            "Take out what you want to keep, or destroy it all with --everything.",
        )
    _ask(found, today, yes=yes)
    found.destroy()
    manifest, others = found.manifest, len(found.others)
    own = OwnRegister.beside(key_file) if key_file else None
    if own:
        own.destroyed(manifest.pack, by, today)
    line = f"{manifest.pack}, destroyed on {long_date(today)} by {by}"
    if as_json:
        told = {"pack": manifest.pack, "on": today, "by": by, "papers": found.papers}
        common.say_json({**told, "others": others, "missing": found.missing})
        return
    besides = f", and {common.count(others, 'thing')} besides" if others else ""
    click.echo(f"Destroyed: {common.count(len(found.papers), 'paper')}{besides}, and the folder {folder}.")
    if found.missing:
        click.echo(f"Not there: {', '.join(found.missing)}. If you moved them, destroy them where they are.")
    click.echo(_NOT_REACHED)
    click.echo(f"Noted in {own.path}: {line}" if own else f"For your register: {line}")


def _found(folder: Path) -> Filed:
    try:
        return filed(folder)
    except NotFiledError as error:
        common.fail(
            f"{folder} is not the folder of an opened pack: {error}.",
            "Name the folder that `sealpack open` has made, such as papers/P-7F3K-2M9Q.",
        )


def _ask(found: Filed, today: dt.date, *, yes: bool) -> None:
    """Ask whether it is meant, and before the keep-until date once more, for a word."""
    manifest = found.manifest
    what = f"{common.count(len(found.papers), 'paper')} of {manifest.pack} in {found.folder}"
    if found.others:
        what += f", and {common.count(len(found.others), 'thing')} besides"
    if not yes and not click.confirm(f"Destroy {what}?", err=True):
        common.fail("Nothing is destroyed.")
    if today < manifest.keep_until:
        early = f"It may be kept until {long_date(manifest.keep_until)}, and nobody can bring it back. If it is not needed any more"
        if click.prompt(f"{early}, type {_WORD}", err=True).strip().casefold() != _WORD:
            common.fail("Nothing is destroyed.")


def _printable(name: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in name)
