"""The command keys mend: going on after the directory of keys was lost or spoilt."""

import datetime as dt
from pathlib import Path

import click

from keys.directory import Entry
from pipeline import keeper
from pipeline.cli import common, keyfiles
from pipeline.cli.key_directory import note_seen, warn_of_changes
from pipeline.cli.keyfiles import read_key
from pipeline.mending import mend as signed_anew
from pipeline.register import Entry as Record
from pipeline.register import Register
from pipeline.seen import Seen

_DAYS = 365


@click.command
@keyfiles.identity_option("The key file of the directory's keeper, who signs it.")
@click.option("--by", required=True, help="Who accepts that the directory is not the newest.")
@click.option("--reason", required=True, help="How it was lost, and what it was held against.")
@common.area_option
@common.today_option
@common.in_words
def mend(*, key_file: Path, by: str, reason: str, area_folder: Path, today: dt.date) -> None:
    """Go on after keys.signed was lost or spoilt for good: who accepts that, and why, is kept in the register.

    It goes on from an older copy that lies in its place, if you or a keeper of yours signed it, with every revocation that the
    register has; without one, from your own key alone. What was confirmed since has to be added and confirmed again.

    Example: sealpack keys mend -i co-ordinator.key --by "Jo Exampleby" --reason "Disk failed; back-up of Monday put back"
    """
    area = common.find_area(area_folder)
    by, reason = (" ".join(text.split()) for text in (by, reason))
    if not all(text and text.isprintable() for text in (by, reason)):
        common.fail(
            "Somebody must accept it, for a reason.",
            "Give both, each in one line: --by NAME --reason TEXT",
            common.WRONG_USE,
        )
    key = read_key(key_file)
    sender = area.settings.sender
    own = Entry(sender.agency, sender.name, key.public(), today, today + dt.timedelta(_DAYS), today)
    note = Record(
        kind=keeper.SIGNED, day=today, by=sender.name, role=sender.role,
        note=f"The directory was not the newest. That it goes on from what there was, was accepted by {by}: {reason}.",
    )  # fmt: skip
    with Register.open(area.register) as entries:
        # Revocations are taken from the register, so that it must be no older than what was seen of it.
        Seen.beside(key_file).refuse_older_register(area, entries)
        trusted = keyfiles.keepers(key, key_file)
        signed = signed_anew(area, entries, note, own, key=key, trusted=trusted, at=common.now())
        note_seen(area, signed, entries, key_file)
    usable = sum(signed.directory.state(one, today) is None for one in signed.directory.entries)
    click.echo(
        f"Signed anew: directory of keys no. {signed.number}, with {common.count(usable, 'key')} that can be used."
    )
    click.echo("See them with `sealpack keys list`. Add and confirm what is missing.")
    if len(signed.directory.entries) == 1:
        click.echo(
            "Begun anew, it signs for agencies.toml and the sender as they stand: look through them before you pack."
        )
    warn_of_changes(area, signed.directory)
