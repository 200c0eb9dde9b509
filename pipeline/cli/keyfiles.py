"""How commands take somebody's key file: the passphrase is asked for once, and a file that others can read is complained of."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from keys import identity
from keys.identity import KeyFile
from pipeline.cli import common

F = TypeVar("F", bound=Callable[..., Any])


def identity_option(
    help_text: str = "The co-ordinator's key file.", *, required: bool = True
) -> Callable[[F], F]:
    """Add -i, a key file, as `key_file`."""
    return click.option("-i", "--identity", "key_file", type=common.EXISTING, required=required, help=help_text)


def read_key(path: Path, before: Callable[[], object] = lambda: None) -> KeyFile:
    """Return the keys in a file; its passphrase is asked for if it has one.

    Args:
        path: the key file.
        before: called before the passphrase is asked for, to refuse what needs no key to be refused.

    Raises:
        KeyFileError: it is no key file, is damaged, or the passphrase does not open it.
    """

    def ask() -> str:
        before()
        return str(click.prompt("Passphrase of your key file", hide_input=True, err=True))

    key = identity.read(path, ask)
    if key.exposed:
        click.echo(f"Warning: others on this machine can read {path}. Run: chmod 600 {path}", err=True)
    return key
