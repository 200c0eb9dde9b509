"""Commands that change the directory of keys, each with its keeper's key: add, confirm, renew, revoke, sign."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import click

from forms.answers import long_date
from keys.directory import Channel, Confirmation, Directory, Entry, Revocation
from keys.directory_file import Signed
from keys.identity import KeyFile
from pipeline import keeper
from pipeline.area import RECOVERY, Area
from pipeline.cli import common, keyfiles
from pipeline.cli.key_directory import entry_for, note_seen, read_directory, refuse_older_kind, warn_of_changes
from pipeline.cli.keyfiles import read_key, read_public
from pipeline.register import Entry as Record
from pipeline.register import Register
from pipeline.seen import Seen

_DAYS = 365
_KEEPER = "The key file of the directory's keeper, who signs the change."


def _change(
    area: Area,
    key_file: Path,
    make: Callable[[Directory], Directory],
    *,
    kind: str,
    today: dt.date,
    tell: Callable[[Directory], tuple[str, Entry | None]],
    shown: str | None = None,
) -> Signed:
    """Change the directory with the keeper's key; `tell` gives the note for the register and the entry that it is about."""
    with Register.open(area.register) as entries:
        before = keeper.read(area, entries)
        make(
            before.directory if before else Directory()
        )  # what is refused is refused before the passphrase is asked for
        key = read_key(key_file)
        trusted = keyfiles.keepers(key, key_file)
        Seen.beside(key_file).refuse_older(area, before, entries)

        def record(changed: Directory) -> Record:
            _refuse_outsider(area, changed, key, today)
            note, about = tell(changed)
            sender = area.settings.sender
            return Record(
                kind=kind, day=today, by=sender.name, role=sender.role, note=note,
                agency=about.agency if about else "",
                keys=(about.fingerprint.replace(" ", "-"),) if about else (),
                content=keeper.mark_of_revoked(changed, about.keys.signing, today) if about and about.revocation else "",
            )  # fmt: skip

        def vouch(directory: Directory) -> Directory:
            made = make(directory)
            return made if made.vouched else dataclasses.replace(made, vouched=keeper.vouched(area))

        signed = keeper.change(
            area, entries, vouch, record, keeper=key, trusted=trusted, at=common.now(), shown=shown
        )
        note_seen(area, signed, entries, key_file)
    warn_of_changes(area, signed.directory)
    return signed


def _refuse_outsider(area: Area, directory: Directory, key: KeyFile, today: dt.date) -> None:
    sender = area.settings.sender
    own = key.public().signing
    there = any(one.keys.signing == own for one in directory.of(sender.agency))
    if there and not keeper.signs(directory, own, today):
        common.fail(
            "After that your own key would be in use no more, and nobody could change the directory with it.",
            "Have your new key confirmed first, or that of a second keeper, and do this with that one.",
        )
    if not there:
        common.fail(
            f"The keeper's own key is not in the directory, as one of {sender.agency}: nobody could tell later who signed.",
            f'Add it first: sealpack keys add {sender.agency} YOUR.pub --spoc "{sender.name}" -i KEYFILE',
        )


@click.command
@click.argument("agency")
@click.argument("file", type=common.EXISTING)
@click.option("--spoc", required=True, help="The named contact who holds the key.")
@click.option("--until", type=common.Day(), help="The last day on which it may be used.  [default: in a year]")
@keyfiles.identity_option(_KEEPER)
@common.area_option
@common.today_option
@common.in_words
def add(
    agency: str,
    file: Path,
    *,
    spoc: str,
    until: dt.date | None,
    key_file: Path,
    area_folder: Path,
    today: dt.date,
) -> None:
    """Put somebody's public keys in the directory, unconfirmed: nothing is sealed for them until `confirm`.

    Example: sealpack keys add housing jo.pub --spoc "Jo Exampleby" -i co-ordinator.key
    """
    area = common.find_area(area_folder)
    entry_for(area, agency, spoc)
    public = read_public(file)
    refuse_older_kind(area, agency, public)
    entry = Entry(agency, spoc, public, today, until or today + dt.timedelta(_DAYS), today)
    made = _change(
        area, key_file, lambda directory: directory.add(entry), kind=keeper.ADDED, today=today,
        tell=lambda _: (f"A key of {spoc} was added, unconfirmed.", entry),
    )  # fmt: skip
    click.echo(f"Added for {agency}, unconfirmed: nothing is sealed for it yet.")
    if any(one.is_of(entry) and made.directory.state(one, today) is None for one in made.directory.entries):
        click.echo(
            f"Until it is confirmed, packs are sealed for the key that {spoc} has now; after that, for this one alone."
        )
    click.echo(
        "Ring the holder on a number that you know already, and have the fingerprint read out to you. Then:"
    )
    click.echo(
        f'  sealpack keys confirm {agency} --read-out "DIGITS" --by "YOUR NAME" --with "{spoc}" --how telephone -i KEYFILE'
    )


def _refuse_no_agency(area: Area, agency: str) -> None:
    """Stop at an agency that there is not, which is no reason to mistrust a key; one that has left may have keys."""
    known = [*(one.id for one in area.agencies), RECOVERY]
    if agency not in known and not read_directory(area).of(agency):
        common.fail(f"There is no agency {agency}.", f"Take one of: {', '.join(known)}", common.WRONG_USE)


def _heard(command: Callable[..., None]) -> Callable[..., None]:
    """Add what a fingerprint that was read out is told by."""
    for option in (
        click.option("--how", required=True, type=click.Choice([one.value for one in Channel]), help="By which channel."),
        click.option("--with", "with_whom", required=True, help="Who read it out: the named contact who holds the key."),
        click.option("--by", required=True, help="Who compared it."),
        click.option("--read-out", required=True, help="The fingerprint as the holder read it out; spaces do not count."),
        click.argument("agency"),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command
@_heard
@keyfiles.identity_option(_KEEPER)
@common.area_option
@common.today_option
@common.in_words
def confirm(
    agency: str,
    *,
    read_out: str,
    by: str,
    with_whom: str,
    how: str,
    key_file: Path,
    area_folder: Path,
    today: dt.date,
) -> None:
    """Confirm a key by the fingerprint that its holder read out to you: from now on packs are sealed for it.

    An earlier key of the same person is not sealed for any more. Ring a number that you know already, never one that came
    with the key.

    Example: sealpack keys confirm housing --read-out "12345 67890 ..." --by "Ann Clerk" --with "Jo Exampleby" --how telephone -i co-ordinator.key
    """
    area = common.find_area(area_folder)
    _refuse_no_agency(area, agency)
    said = Confirmation(by, with_whom, how, today)
    made = _change(
        area, key_file, lambda directory: directory.confirm(agency, read_out, said), kind=keeper.CONFIRMED, today=today,
        tell=lambda changed: (f"Confirmed by {by} with {with_whom}, {how}.", changed.with_fingerprint(agency, read_out)),
    )  # fmt: skip
    click.echo(f"Confirmed: packs can be sealed for {agency}.")
    entry = made.directory.with_fingerprint(agency, read_out)
    if entry and any(
        one.is_of(entry) and one is not entry and not one.revocation for one in made.directory.entries
    ):
        click.echo(
            f"The earlier key of {entry.spoc} is not sealed for any more. If it was lost or seen, revoke it as well."
        )


@click.command
@_heard
@click.option("--until", type=common.Day(), help="The new last day.  [default: in a year]")
@keyfiles.identity_option(_KEEPER)
@common.area_option
@common.today_option
@common.in_words
def renew(
    agency: str,
    *,
    read_out: str,
    by: str,
    with_whom: str,
    how: str,
    until: dt.date | None,
    key_file: Path,
    area_folder: Path,
    today: dt.date,
) -> None:
    """Let a key be used for longer, before or after it lapsed: its holder reads out the fingerprint once more.

    The key stays the same. For a new key, its holder runs `sealpack keys rotate`, and you add and confirm that.

    Example: sealpack keys renew housing --read-out "12345 67890 ..." --by "Ann Clerk" --with "Jo Exampleby" --how telephone -i co-ordinator.key
    """
    area = common.find_area(area_folder)
    _refuse_no_agency(area, agency)
    said, last = Confirmation(by, with_whom, how, today), until or today + dt.timedelta(_DAYS)
    _change(
        area, key_file, lambda directory: directory.renew(agency, read_out, said, last), kind=keeper.RENEWED, today=today,
        tell=lambda changed: (
            f"Renewed until {long_date(last)}: confirmed once more by {by} with {with_whom}, {how}.",
            changed.with_fingerprint(agency, read_out),
        ),
    )  # fmt: skip
    click.echo(f"Renewed: packs can be sealed for this key of {agency} until {long_date(last)}.")


@click.command
@click.argument("agency")
@click.option("--fingerprint", "which", required=True, help="Of the key; see `sealpack keys list`.")
@click.option("--by", required=True, help="Who revokes it.")
@keyfiles.identity_option(_KEEPER)
@common.area_option
@common.today_option
@common.in_words
def revoke(agency: str, *, which: str, by: str, key_file: Path, area_folder: Path, today: dt.date) -> None:
    """Take a key out of use for good: its holder left, lost it, or somebody else may have it.

    Example: sealpack keys revoke housing --fingerprint "12345 67890 ..." --by "Ann Clerk" -i co-ordinator.key
    """
    area = common.find_area(area_folder)
    _refuse_no_agency(area, agency)
    _change(
        area, key_file, lambda directory: directory.revoke(agency, which, Revocation(by, today)), kind=keeper.REVOKED, today=today,
        tell=lambda changed: (f"Revoked by {by}.", changed.with_fingerprint(agency, which)),
    )  # fmt: skip
    click.echo(
        f"Revoked: nothing more is sealed for this key of {agency}. What was sealed before can still be opened with it."
    )
    click.echo(
        "If it was lost: once a new key of its holder is confirmed, seal afresh what is still needed, with "
        f"sealpack reseal --agency {agency} --since DATE -i KEYFILE"
    )


@click.command
@click.option("--yes", is_flag=True, help="Do not ask.")
@keyfiles.identity_option(_KEEPER)
@common.area_option
@common.today_option
@common.in_words
def sign(*, yes: bool, key_file: Path, area_folder: Path, today: dt.date) -> None:
    """Sign for who the agencies and their contacts are, after agencies.toml or the sender in area.toml was changed.

    Until then nothing is sealed: whoever can write in the area's folder could otherwise make an agency one of another
    kind, or put in a contact.

    Example: sealpack keys sign -i co-ordinator.key
    """
    area = common.find_area(area_folder)
    key = read_key(key_file)
    with Register.open(area.register) as entries:
        before = keeper.read(area, entries)
        if before:  # nobody looks at what a stranger has written
            keeper.refuse_stranger(before, entries, keyfiles.keepers(key, key_file))
    told = keeper.differences(area, before.directory) if before else ()
    for line in told:
        click.echo(line)
    if before and not told:
        click.echo("Nothing differs from what was signed for.")
    if told and not yes and not click.confirm("Is all of that right?", err=True):
        common.fail("Nothing is signed.")
    note = (
        f"Signed for: {common.count(len(told), 'change')} to agencies and sender." if told else "Signed anew."
    )
    made = _change(
        area, key_file, lambda directory: dataclasses.replace(directory, vouched=keeper.vouched(area)),
        kind=keeper.SIGNED, today=today, tell=lambda _: (note, None), shown=before.digest if before else "",
    )  # fmt: skip
    click.echo(f"Signed: directory of keys no. {made.number}.")
