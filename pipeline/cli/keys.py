"""Commands for keys: new, passphrase, show, add, confirm, revoke, list."""

import datetime as dt
import io
import os
from pathlib import Path

import click

from forms.answers import long_date
from keys import age, directory_file, identity
from keys.directory import Channel, Confirmation, Directory, Entry, Revocation
from keys.errors import KeyFileError
from keys.files import write_whole
from keys.identity import PublicKeys, fingerprint, parse_public_text, public_text
from pipeline.area import Area
from pipeline.cli import common

_DAYS = 365
_SHORTEST_PASSPHRASE = 12
_WORDS = 4
_FEWEST_CHARACTERS = 6
"""Different ones in a passphrase that is not made of words: below that it is a key held down."""
_LARGEST = 1 << 20


def read_directory(area: Area) -> Directory:
    """Return the directory of keys of an area; an area without one has no keys yet."""
    return directory_file.read(area.key_directory) if area.key_directory.exists() else Directory()


def read_public(path: Path) -> PublicKeys:
    """Return the public keys in a file."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST)
        if _is_secret(content):
            raise KeyFileError(
                f"{path} is a secret key file: show it to nobody.",
                f"The public one, which you hand out, is {path.with_suffix('.pub')}. If somebody sent you this, ask for new keys.",
            )
        return parse_public_text(content.decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise KeyFileError(
            f"{path} cannot be read.", "Ask its owner for the file of public keys again."
        ) from None


def _is_secret(content: bytes) -> bool:
    """Say whether a file holds private keys, in the clear or sealed with a passphrase."""
    if b"AGE-SECRET-KEY-" in content.upper():
        return True
    try:
        return bool(age.read_header(io.BytesIO(content)).find("scrypt"))
    except age.AgeError:
        return False


@click.group
def keys() -> None:
    """Make keys, and keep the directory of who holds which."""


@keys.command
@click.argument("key_file", metavar="KEYFILE", type=common.ANY_PATH)
@click.option("--classic", is_flag=True, help="X25519, for an agency that cannot take post-quantum keys yet.")
@click.option("--no-passphrase", is_flag=True, help="Leave the file unprotected; for tests.")
@common.today_option
@common.in_words
def new(key_file: Path, *, classic: bool, no_passphrase: bool, today: dt.date) -> None:
    """Make your key file, and the file of public keys that you hand out.

    Example: sealpack keys new my.key
    """
    public_file = key_file.with_suffix(".pub")
    if public_file == key_file:
        common.fail(
            "A key file is not named .pub: the file of public keys is.", "Name it my.key.", common.WRONG_USE
        )
    folder = key_file.parent  # all of this before the passphrase is asked for
    if not folder.is_dir():
        common.fail(f"There is no folder {folder}.", "Make it first, or name another.")
    if not os.access(folder, os.W_OK):
        common.fail(f"Nothing can be written in {folder}.", "Choose a folder of your own.")
    for path in (key_file, public_file):
        if path.exists():
            common.fail(
                f"{path} is already there, and keys are never overwritten.",
                "Choose another name: with old keys gone, nothing sealed for them could be opened again.",
            )
    made = identity.new(today, "x25519" if classic else "hybrid")
    passphrase = None if no_passphrase else _ask_passphrase()
    write_whole(public_file, public_text(made.public()).encode(), mode=0o644, replace=False)
    try:
        identity.write(key_file, made, passphrase)
    except BaseException:
        public_file.unlink()  # public keys without their key file are worth nothing, and look as if they were
        raise
    click.echo(f"Your key file:    {key_file}   Keep it to yourself, and keep a back-up copy of it.")
    click.echo(f"Your public keys: {public_file}   Send this to the co-ordinator.")
    click.echo(f"Fingerprint:      {fingerprint(made.public())}")
    click.echo("The co-ordinator will ring you and ask you to read out the fingerprint.")


def _ask_passphrase(asked: str = "Passphrase") -> str:
    while True:
        answer: str = click.prompt(
            f"{asked} (four or more words)", hide_input=True, confirmation_prompt="Once more"
        )
        words = answer.casefold().split()
        if len(answer) < _SHORTEST_PASSPHRASE:
            click.echo(f"That is too short: take at least {_SHORTEST_PASSPHRASE} characters.", err=True)
        elif len(set(words)) < _WORDS and len(set("".join(words))) < _FEWEST_CHARACTERS:
            click.echo(
                "That is easily guessed, since it is much the same all through. Take four words that have nothing to do with each other.",
                err=True,
            )
        else:
            return answer


@keys.command
@click.argument("key_file", metavar="KEYFILE", type=common.EXISTING)
@common.in_words
def passphrase(key_file: Path) -> None:
    """Change the passphrase of your key file, or give it one. The keys stay the same.

    Example: sealpack keys passphrase my.key
    """
    held = identity.read(key_file, lambda: str(click.prompt("Passphrase of now", hide_input=True)))
    identity.change_passphrase(key_file, held, _ask_passphrase("New passphrase"))
    click.echo(f"{key_file} opens with the new passphrase alone. Your keys and fingerprint are the same.")
    click.echo("A back-up copy opens with the passphrase of before: make a new copy, and destroy the old one.")
    if held.exposed:
        click.echo(
            "Warning: others on this machine could read the file until now. Who copied it could open what is sealed for you: "
            "ask your co-ordinator whether to revoke the key.",
            err=True,
        )


@keys.command
@click.argument("file", type=common.EXISTING)
@common.in_words
def show(file: Path) -> None:
    """Show the fingerprint of a file of public keys, to read out or compare.

    Example: sealpack keys show my.pub
    """
    public = read_public(file)
    click.echo(f"Fingerprint: {fingerprint(public)}")
    click.echo(f"Sealing key: {'post-quantum' if public.post_quantum else 'X25519'}")


@keys.command
@click.argument("agency")
@click.argument("file", type=common.EXISTING)
@click.option("--spoc", required=True, help="The named contact who holds the key.")
@click.option("--until", type=common.Day(), help="The last day on which it may be used.  [default: in a year]")
@common.area_option
@common.today_option
@common.in_words
def add(
    agency: str, file: Path, *, spoc: str, until: dt.date | None, area_folder: Path, today: dt.date
) -> None:
    """Put somebody's public keys in the directory, unconfirmed.

    Example: sealpack keys add housing jo.pub --spoc "Jo Exampleby"
    """
    area = common.find_area(area_folder)
    entry_for(area, agency, spoc)
    public = read_public(file)
    if not public.post_quantum and not area.agency(agency).classic_key_reason:
        common.fail(
            f"This is an X25519 key, and {agency} has no recorded exception for one.",
            "Ask for a post-quantum key, or write classic_key_reason for the agency in agencies.toml.",
        )
    entry = Entry(agency, spoc, public, today, until or today + dt.timedelta(_DAYS), today)
    directory_file.write(area.key_directory, read_directory(area).add(entry))
    click.echo(f"Added for {agency}, unconfirmed: nothing is sealed for it yet.")
    click.echo(
        "Ring the holder on a number that you know already, and have the fingerprint read out to you. Then:"
    )
    click.echo(
        f'  sealpack keys confirm {agency} --read-out "DIGITS" --by "YOUR NAME" --with "{spoc}" --how telephone'
    )


def entry_for(area: Area, agency: str, spoc: str) -> None:
    """Refuse an agency that is not in the directory of agencies, or a name that is none of its SPOCs."""
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


@keys.command
@click.argument("agency")
@click.option(
    "--read-out", required=True, help="The fingerprint as the holder read it out; spaces do not count."
)
@click.option("--by", required=True, help="Who compared it.")
@click.option(
    "--with", "with_whom", required=True, help="Who read it out: the named contact who holds the key."
)
@click.option(
    "--how", required=True, type=click.Choice([one.value for one in Channel]), help="By which channel."
)
@common.area_option
@common.today_option
@common.in_words
def confirm(
    agency: str, *, read_out: str, by: str, with_whom: str, how: str, area_folder: Path, today: dt.date
) -> None:
    """Confirm a key by the fingerprint that its holder read out to you.

    Example: sealpack keys confirm housing --read-out "12345 67890 ..." --by "Ann Clerk" --with "Jo Exampleby" --how telephone
    """
    area = common.find_area(area_folder)
    confirmation = Confirmation(by, with_whom, how, today)
    directory_file.write(area.key_directory, read_directory(area).confirm(agency, read_out, confirmation))
    click.echo(f"Confirmed: packs can be sealed for {agency}.")


@keys.command
@click.argument("agency")
@click.option("--fingerprint", "which", required=True, help="Of the key; see `sealpack keys list`.")
@click.option("--by", required=True, help="Who revokes it.")
@common.area_option
@common.today_option
@common.in_words
def revoke(agency: str, *, which: str, by: str, area_folder: Path, today: dt.date) -> None:
    """Take a key out of use for good: its holder left, or somebody else may have it.

    Example: sealpack keys revoke housing --fingerprint "12345 67890 ..." --by "Ann Clerk"
    """
    area = common.find_area(area_folder)
    directory_file.write(area.key_directory, read_directory(area).revoke(agency, which, Revocation(by, today)))
    click.echo(
        f"Revoked: nothing more is sealed for this key of {agency}. What was sealed before can still be opened with it."
    )


@keys.command("list")
@common.json_option
@common.area_option
@common.today_option
@common.in_words
def list_(*, as_json: bool, area_folder: Path, today: dt.date) -> None:
    """List the keys of every agency, and whether packs can be sealed for them.

    Example: sealpack keys list
    """
    area = common.find_area(area_folder)
    directory = read_directory(area)
    told = [
        {
            "agency": one.agency, "spoc": one.spoc, "kind": "post-quantum" if one.keys.post_quantum else "X25519",
            "until": one.valid_until, "state": one.why_not(today) or "usable", "fingerprint": one.fingerprint,
        }
        for one in directory.entries
    ]  # fmt: skip
    if as_json:
        common.say_json(told)
        return
    rows = [
        (t["agency"], t["spoc"], t["kind"], long_date(one.valid_until), t["state"], t["fingerprint"])
        for t, one in zip(told, directory.entries, strict=True)
    ]
    common.table(
        ("Agency", "Named contact", "Kind", "Until", "State", "Fingerprint"),
        [tuple(map(str, row)) for row in rows],
    )
    without = [one.id for one in area.agencies if not directory.of(one.id)]
    if without:
        click.echo(f"No key: {', '.join(without)}")
