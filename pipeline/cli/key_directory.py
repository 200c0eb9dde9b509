"""The directory of keys as commands read it, and the command list; what changes it is in `key_changes`."""

import dataclasses
import datetime as dt
from pathlib import Path

import click

from forms.answers import long_date
from keys import directory_file, sshsig
from keys.directory import Directory, Entry
from keys.directory_file import Signed
from keys.identity import KeyFile, PublicKeys
from pipeline import keeper
from pipeline.addressees import NOT_A_CONTACT
from pipeline.area import RECOVERY, Area
from pipeline.cli import common, keyfiles
from pipeline.register import Register
from pipeline.seen import Seen

_TITLES = "Agency", "Contact", "State", "Confirmed by", "Fingerprint"


def read_directory(area: Area) -> Directory:
    """Return the directory of keys of an area, as far as can be told without a key; one without it has no keys yet."""
    if not area.register.exists() and not area.register.with_suffix(".head").exists():
        signed = keeper.read(area, None)
    else:  # of a register that is gone, `open` says what to do
        with Register.open(area.register, create=False) as entries:
            signed = keeper.read(area, entries)
    return signed.directory if signed else Directory()


def refuse_stranger(area: Area, directory: Directory, key: KeyFile, key_file: Path) -> None:
    """Stop where a directory was signed by anybody but the holder of a key file and those whom the holder has confirmed.

    Or where it is older than what the holder has seen last, or was exchanged since it was read.
    """
    with Register.open(area.register, create=False) as entries:
        signed = keeper.read(area, entries)
        if signed:
            keeper.refuse_stranger(signed, entries, keyfiles.keepers(key, key_file))
        if (signed.directory if signed else Directory()) != directory:
            common.fail(f"{area.key_directory.name} was changed just now.", "Run this once more.")
        Seen.beside(key_file).refuse_older(area, signed, entries)
        note_seen(area, signed, entries, key_file)


def note_seen(area: Area, signed: Signed | None, entries: Register, key_file: Path) -> None:
    """Keep what an area has now beside a key file, so that an older one is known for one."""
    seen = Seen.beside(key_file)
    try:
        seen.note(area, signed, entries)
    except OSError as error:
        click.echo(
            f"Warning: {seen.path} cannot be written ({error.strerror}): that an older register was put back could go unseen.",
            err=True,
        )


def warn_of_changes(area: Area, directory: Directory) -> None:
    """Say how agencies.toml and area.toml differ from what the keeper has signed for."""
    if directory.entries and (told := keeper.differences(area, directory)):
        click.echo("Not signed for by the keeper of the directory yet; until then nothing is sealed:", err=True)
        for line in told:
            click.echo(f"  {line}", err=True)
        click.echo("  If that is right: sealpack keys sign -i KEYFILE", err=True)


def entry_for(area: Area, agency: str, spoc: str) -> None:
    """Refuse an agency that is not in the directory of agencies, or a name that is none of its SPOCs."""
    if agency == RECOVERY:
        _refuse_no_recovery(area, spoc)
        return
    try:
        spocs = [one.name for one in area.agency(agency).spocs]
    except KeyError:
        known = ", ".join(one.id for one in area.agencies)
        common.fail(f"There is no agency {agency}.", f"Take one of: {known}", common.WRONG_USE)
    if spoc not in spocs and not (agency == area.settings.sender.agency and spoc == area.settings.sender.name):
        common.fail(
            f"{spoc} is not a named contact of {agency}.",
            f"Named contacts: {', '.join(spocs) or 'none'}. Write new ones in agencies.toml.",
            common.WRONG_USE,
        )


def _refuse_no_recovery(area: Area, holder: str) -> None:
    recovery = area.settings.recovery
    if recovery is None:
        common.fail(
            "This area has no recovery key: it is off unless area.toml has it.",
            'To have one, write in area.toml: [recovery] and holder = "NAME", and sign for it: sealpack keys sign',
            common.WRONG_USE,
        )
    if holder != recovery.holder:
        common.fail(
            f"{holder} is not the holder of the recovery key.",
            f"area.toml names {recovery.holder}.",
            common.WRONG_USE,
        )


def refuse_older_kind(area: Area, agency: str, public: PublicKeys) -> None:
    """Refuse an X25519 key where nobody has recorded an exception for one."""
    if public.post_quantum:
        return
    if agency == RECOVERY:
        common.fail(
            "This is an X25519 key, and the recovery key is post-quantum: what it opens would be only as safe as it is.",
            "Have its holder make one: sealpack keys new FILE",
        )
    if not area.agency(agency).classic_key_reason:
        common.fail(
            f"This is an X25519 key, and {agency} has no recorded exception for one.",
            "Ask for a post-quantum key, or write classic_key_reason for the agency in agencies.toml.",
        )


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
        common.say_json([_told(area, directory, one, today) for one in directory.entries])
        return
    common.table(_TITLES, [_row(area, directory, one, today) for one in directory.entries])
    without = [one.id for one in area.agencies if not directory.of(one.id)]
    if without:
        click.echo(f"No key: {', '.join(without)}")
    _say_signer(area)
    warn_of_changes(area, directory)


def _state(area: Area, directory: Directory, one: Entry, today: dt.date) -> str:
    """Return whether a key can be used, or why not; that of somebody who is no named contact is not sealed for."""
    contacts = {(agency.id, spoc.name) for agency in area.agencies for spoc in agency.spocs}
    sender, recovery = area.settings.sender, area.settings.recovery
    known = contacts | {(sender.agency, sender.name), *([(RECOVERY, recovery.holder)] if recovery else [])}
    return str(directory.state(one, today) or ("usable" if (one.agency, one.spoc) in known else NOT_A_CONTACT))


def _say_signer(area: Area) -> None:
    """Print who has signed the directory, as it says itself."""
    if not area.key_directory.exists():
        return
    signed = directory_file.read(area.key_directory)
    name = next(
        (one.spoc for one in signed.directory.entries if one.keys.signing == signed.keeper),
        "somebody who is not in it",
    )
    digest = sshsig.digest(sshsig.parse_public_line(signed.keeper))
    click.echo(f"Directory of keys no. {signed.number}, signed by {name}, {digest}")


def _told(area: Area, directory: Directory, one: Entry, today: dt.date) -> dict[str, object]:
    heard = one.confirmation
    return {
        "agency": one.agency, "spoc": one.spoc, "kind": "post-quantum" if one.keys.post_quantum else "X25519",
        "from": one.valid_from, "until": one.valid_until, "state": _state(area, directory, one, today),
        "confirmed": dataclasses.asdict(heard) if heard else None, "fingerprint": one.fingerprint,
    }  # fmt: skip


def _row(area: Area, directory: Directory, one: Entry, today: dt.date) -> tuple[str, ...]:
    heard = one.confirmation
    digits = one.fingerprint.split()
    kind = "" if one.keys.post_quantum else ", X25519"
    return (
        one.agency,
        one.spoc.replace(" ", "\n"),
        f"{_state(area, directory, one, today)}{kind}\nuntil {long_date(one.valid_until)}",
        f"{long_date(heard.on)},\n{heard.how}, {heard.by}" if heard else "",
        f"{' '.join(digits[:4])}\n{' '.join(digits[4:])}",
    )
