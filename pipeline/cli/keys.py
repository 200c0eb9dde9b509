"""Commands for whoever holds keys: new, rotate, passphrase, show. Those for the directory of keys are in `key_changes` and `key_directory`."""

import datetime as dt
import os
from pathlib import Path

import click

from keys import identity
from keys.files import write_whole
from keys.identity import KeyFile, fingerprint, public_text
from pipeline.cli import common
from pipeline.cli.key_changes import add, confirm, renew, revoke, sign
from pipeline.cli.key_directory import list_
from pipeline.cli.key_mending import mend
from pipeline.cli.keyfiles import read_public

_SHORTEST_PASSPHRASE = 12
_WORDS = 4
_FEWEST_CHARACTERS = 6
"""Different ones in a passphrase that is not made of words: below that it is a key held down."""


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
    public_file = _public_file(key_file)
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
    _hand_out(made, public_file)


def _public_file(key_file: Path) -> Path:
    """Return where the public keys of a key file are kept: beside it, and never in its place."""
    public_file = key_file.with_suffix(".pub")
    if public_file == key_file:
        common.fail(
            "A key file is not named .pub: the file of public keys is.", "Name it my.key.", common.WRONG_USE
        )
    return public_file


def _hand_out(made: KeyFile, public_file: Path) -> None:
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
@click.option("--classic", is_flag=True, help="X25519, for an agency that cannot take post-quantum keys yet.")
@common.today_option
@common.in_words
def rotate(key_file: Path, *, classic: bool, today: dt.date) -> None:
    """Make a new key in your key file. The old ones stay in it, and go on opening what was sealed for them.

    Example: sealpack keys rotate my.key
    """
    public_file = _public_file(key_file)
    typed: list[str] = []

    def ask() -> str:
        typed.append(str(click.prompt("Passphrase of your key file", hide_input=True)))
        return typed[0]

    before = identity.read(key_file, ask)
    made = before.rotated(today, "x25519" if classic else "hybrid")
    identity.rewrite(key_file, made, typed[0] if typed else None)
    write_whole(public_file, public_text(made.public()).encode(), mode=0o644, replace=True)
    held = common.count(len(made.identities), "key")
    click.echo(f"Your key file:    {key_file}   It holds {held} now: make a new back-up copy of it.")
    _hand_out(made, public_file)
    click.echo("Until the fingerprint is confirmed, packs are sealed for the key of before.")
    click.echo(
        "If the file was lost or seen, that is not enough: have the key revoked, and make new ones with keys new."
    )
    _complain(before)


@keys.command
@click.argument("key_file", metavar="KEYFILE", type=common.EXISTING)
@common.in_words
def passphrase(key_file: Path) -> None:
    """Change the passphrase of your key file, or give it one. The keys stay the same.

    Example: sealpack keys passphrase my.key
    """
    held = identity.read(key_file, lambda: str(click.prompt("Passphrase of now", hide_input=True)))
    identity.rewrite(key_file, held, _ask_passphrase("New passphrase"))
    click.echo(f"{key_file} opens with the new passphrase alone. Your keys and fingerprint are the same.")
    click.echo("A back-up copy opens with the passphrase of before: make a new copy, and destroy the old one.")
    _complain(held)


def _complain(held: KeyFile) -> None:
    """Warn of a key file that others could read until it was written anew."""
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


for command in (add, confirm, renew, revoke, sign, list_, mend):
    keys.add_command(command)
