"""The directory of keys as commands read it, and the command list; what changes it is in `key_changes`."""

import dataclasses
import datetime as dt
from pathlib import Path

import click

from forms.answers import long_date
from keys.directory import Directory, Entry
from keys.identity import KeyFile
from pipeline import keeper
from pipeline.area import Area
from pipeline.cli import common, keyfiles
from pipeline.register import Register

_TITLES = "Agency", "Named contact", "Until", "State", "Confirmed", "Fingerprint"


def read_directory(area: Area) -> Directory:
    """Return the directory of keys of an area, as far as can be told without a key; one without it has no keys yet."""
    if not area.register.exists():
        signed = keeper.read(area, None)
    else:
        with Register.open(area.register, create=False) as entries:
            signed = keeper.read(area, entries)
    return signed.directory if signed else Directory()


def refuse_stranger(area: Area, key: KeyFile, key_file: Path) -> None:
    """Stop where the directory was signed by anybody but the holder of a key file and those whom the holder has confirmed."""
    with Register.open(area.register) as entries:
        if signed := keeper.read(area, entries):
            keeper.refuse_stranger(signed, entries, keyfiles.keepers(key, key_file))


def warn_of_changes(area: Area, directory: Directory) -> None:
    """Say how agencies.toml and area.toml differ from what the keeper has signed for."""
    if directory.entries and (told := keeper.differences(area, directory)):
        click.echo("Not signed for by the keeper of the directory yet; until then nothing is sealed:", err=True)
        for line in told:
            click.echo(f"  {line}", err=True)
        click.echo("  If that is right: sealpack keys sign -i KEYFILE", err=True)


@click.command("list")
@common.json_option
@common.area_option
@common.today_option
@common.in_words
def list_(*, as_json: bool, area_folder: Path, today: dt.date) -> None:
    """List the keys of every agency, who confirmed them, and whether packs can be sealed for them.

    Example: sealpack keys list
    """
    area = common.find_area(area_folder)
    directory = read_directory(area)
    if as_json:
        common.say_json([_told(directory, one, today) for one in directory.entries])
        return
    common.table(_TITLES, [_row(directory, one, today) for one in directory.entries])
    without = [one.id for one in area.agencies if not directory.of(one.id)]
    if without:
        click.echo(f"No key: {', '.join(without)}")
    warn_of_changes(area, directory)


def _told(directory: Directory, one: Entry, today: dt.date) -> dict[str, object]:
    heard = one.confirmation
    return {
        "agency": one.agency, "spoc": one.spoc, "kind": "post-quantum" if one.keys.post_quantum else "X25519",
        "from": one.valid_from, "until": one.valid_until, "state": directory.state(one, today) or "usable",
        "confirmed": dataclasses.asdict(heard) if heard else None, "fingerprint": one.fingerprint,
    }  # fmt: skip


def _row(directory: Directory, one: Entry, today: dt.date) -> tuple[str, ...]:
    heard = one.confirmation
    digits = one.fingerprint.split()
    return (
        one.agency,
        one.spoc,
        long_date(one.valid_until),
        f"{directory.state(one, today) or 'usable'}{'' if one.keys.post_quantum else ', X25519'}",
        f"{long_date(heard.on)}, {heard.how},\n{heard.by} with {heard.with_whom}" if heard else "",
        f"{' '.join(digits[:4])}\n{' '.join(digits[4:])}",
    )
