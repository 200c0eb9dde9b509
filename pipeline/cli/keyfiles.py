"""How commands take somebody's key file: the passphrase is asked for once, and a file that others can read is complained of."""

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from keys import age, identity
from keys.errors import KeyFileError, WrongPassphrase
from keys.identity import KeyFile, PublicKeys, parse_public_text
from pipeline.cli import common
from pipeline.incoming import Opener

F = TypeVar("F", bound=Callable[..., Any])
_LARGEST = 1 << 20


def identity_option(
    help_text: str = "The co-ordinator's key file.", *, required: bool = True
) -> Callable[[F], F]:
    """Add -i, a key file, as `key_file`."""
    return click.option("-i", "--identity", "key_file", type=common.EXISTING, required=required, help=help_text)


def opening_option(command: F) -> F:
    """Add -i, the co-ordinator's key file, to a command that reads referrals: some may have come sealed."""
    return identity_option("The co-ordinator's key file, to open referrals that came sealed.", required=False)(
        command
    )


def opener(path: Path | None) -> Opener | None:
    """Return what gives the keys in a file when the first sealed referral is met, and not before."""
    return None if path is None else partial(read_key, path)


def read_key(path: Path, *, typed: list[str] | None = None) -> KeyFile:
    """Return the keys in a file; its passphrase is asked for if it has one.

    Args:
        path: the key file.
        typed: passphrases that were typed in this run: they are tried before another is asked for, and a new one is added.

    Raises:
        KeyFileError: it is no key file, is damaged, or the passphrase does not open it.
    """
    if path in _known():
        return _known()[path]
    for passphrase in typed or ():
        try:
            return _kept(path, identity.read(path, lambda passphrase=passphrase: passphrase))  # type: ignore[misc]
        except WrongPassphrase:
            continue

    def ask() -> str:
        named = f" {path}" if typed else ""
        answer = str(click.prompt(f"Passphrase of your key file{named}", hide_input=True, err=True))
        if typed is not None:
            typed.append(answer)
        return answer

    return _kept(path, identity.read(path, ask))


def _kept(path: Path, key: KeyFile) -> KeyFile:
    """Keep a key for the rest of the command, and complain where others can read its file."""
    _known()[path] = key
    if key.exposed:
        click.echo(f"Warning: others on this machine can read {path}. Run: chmod 600 {path}", err=True)
    return key


def _known() -> dict[Path, KeyFile]:
    known: dict[Path, KeyFile] = click.get_current_context().meta.setdefault(__name__, {})
    return known


def keepers(key: KeyFile, key_file: Path) -> set[str]:
    """Return the public lines of those who may keep a directory of keys: the holder of a key file, and whom he or she has confirmed."""
    beside = key_file.resolve().parent / "keepers"
    return {key.public().signing, *(read_public(path).signing for path in sorted(beside.glob("*.pub")))}


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
        return _public(path, content.decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise KeyFileError(
            f"{path} cannot be read.", "Ask its owner for the file of public keys again."
        ) from None


def _public(path: Path, text: str) -> PublicKeys:
    try:
        return parse_public_text(text)
    except KeyFileError as error:
        raise KeyFileError(f"{path}: {error}", error.hint) from None


def _is_secret(content: bytes) -> bool:
    """Say whether a file holds private keys, in the clear or sealed with a passphrase."""
    if b"AGE-SECRET-KEY-" in content.upper():
        return True
    try:
        return bool(age.read_header(io.BytesIO(content)).find("scrypt"))
    except age.AgeError:
        return False
