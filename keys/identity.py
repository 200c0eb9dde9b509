"""A person's key file: the keys that open what is sealed for them and sign what they send.

In the clear it is an age identity file, with the signing key in a comment; at rest it is sealed with a passphrase.
So `age -d -i KEYFILE PACK` opens a pack for somebody who has nothing but the age program:

    # sealpack key file, version 1
    # created: 2026-11-22
    # public key: age1pq1…
    # public signing key: ssh-ed25519 AAAA…
    # signing key: SEALPACK-SIGNING-KEY-1…
    AGE-SECRET-KEY-PQ-1…
"""

import datetime as dt
import io
import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys import age, bech32
from keys.errors import KeyFileError, WrongPassphrase
from keys.files import write_whole
from keys.public import PublicKeys, fingerprint, parse_public_text, public_text
from keys.recipients import DEFAULT_WORK_FACTOR
from keys.sshsig import public_line

__all__ = [
    "KeyFile",
    "KeyFileError",
    "Kind",
    "PublicKeys",
    "WrongPassphrase",
    "fingerprint",
    "new",
    "parse_public_text",
    "public_text",
    "read",
    "rewrite",
    "write",
]

Kind = Literal["hybrid", "x25519"]

_FIRST_LINE = "# sealpack key file, version 1"
_SIGNING = "# signing key: "
_SIGNING_HRP = "sealpack-signing-key-"
_CREATED = re.compile(r"# created: (\d{4}-\d{2}-\d{2})")
_LARGEST = 1 << 20
_PRIVATE = 0o600
_HINT = "Check that you chose your key file. If it is damaged, use your back-up copy of it."


@dataclass(frozen=True)
class KeyFile:
    """The private keys of one person. Its repr shows none of them.

    Attributes:
        identities: What opens sealed files; the newest first, older ones kept so that older files still open.
        signing: What signs.
        created: The day the newest identity was made.
        exposed: Whether others on this machine could read the file it came from (POSIX mode wider than 0600).
    """

    identities: tuple[age.X25519Identity | age.HybridIdentity, ...] = field(repr=False)
    signing: Ed25519PrivateKey = field(repr=False)
    created: dt.date
    exposed: bool = field(default=False, compare=False)

    def public(self) -> PublicKeys:
        """Give what is handed to others: the newest public key and the public signing key."""
        return PublicKeys(str(self.identities[0].recipient()), public_line(self.signing.public_key()))

    def rotated(self, created: dt.date, kind: Kind = "hybrid") -> "KeyFile":
        """Give the same person's keys with a new sealing key first; the signing key stays."""
        return replace(self, identities=(_generate(kind), *self.identities), created=created)


def new(created: dt.date, kind: Kind = "hybrid") -> KeyFile:
    """Make a person's keys from the system's generator.

    Args:
        created: Today.
        kind: `hybrid` (post-quantum); `x25519` for an agency that cannot take it yet, as a recorded exception.

    Returns:
        Keys that stand nowhere yet: `write` keeps them.
    """
    return KeyFile((_generate(kind),), Ed25519PrivateKey.generate(), created)


def write(
    path: Path, keyfile: KeyFile, passphrase: str | None, *, work_factor: int = DEFAULT_WORK_FACTOR
) -> None:
    """Keep the keys in a file that only its owner may read (mode 0600).

    Args:
        path: Where; never a file that is already there.
        keyfile: The keys.
        passphrase: To seal them with; None leaves them in the clear.
        work_factor: Of the passphrase, see `age.ScryptRecipient`.

    Raises:
        KeyFileError: When a file is there already or the place cannot be written to. Nothing is left behind then.
    """
    text = _format(keyfile).encode() if passphrase is None else _sealed(keyfile, passphrase, work_factor)
    try:
        write_whole(path, text, mode=_PRIVATE, replace=False)
    except FileExistsError:
        raise KeyFileError(
            f"{path} is already there, and a key file is never overwritten.",
            "Choose another name: with the old file gone, nothing sealed for it could be opened again.",
        ) from None
    except OSError as error:
        raise KeyFileError(
            f"{path} could not be written: {error.strerror}.", "Choose a folder of your own."
        ) from None


def rewrite(
    path: Path, keyfile: KeyFile, passphrase: str | None, *, work_factor: int = DEFAULT_WORK_FACTOR
) -> None:
    """Put a key file in the place of its former self: with another passphrase, or with a key more.

    The file of before is there until the new one is whole and has been opened.

    Args:
        path: Of the key file; a link is followed.
        keyfile: What `read` gave of it, or that rotated.
        passphrase: To seal it with from now on; None leaves it in the clear.
        work_factor: Of the passphrase, see `age.ScryptRecipient`.

    Raises:
        KeyFileError: When the place cannot be written to. The file is as before then.
    """
    plain = _format(keyfile).encode()
    text = plain if passphrase is None else _sealed(keyfile, passphrase, work_factor)
    if passphrase is not None and _unseal(path, text, lambda: passphrase) != plain:
        raise KeyFileError(f"{path} is as before: what was to take its place does not open.", "Try once more.")
    try:
        write_whole(path.resolve(), text, mode=_PRIVATE, replace=True)
    except OSError as error:
        raise KeyFileError(
            f"{path} could not be written, and is as before: {error.strerror}.",
            "Check that you may write in its folder, and that the disk has room.",
        ) from None


def _sealed(keyfile: KeyFile, passphrase: str, work_factor: int) -> bytes:
    sealed = io.BytesIO()
    recipient = age.ScryptRecipient(passphrase, work_factor)
    age.encrypt(io.BytesIO(_format(keyfile).encode()), sealed, [recipient], armor=True)
    return sealed.getvalue()


def read(path: Path, passphrase: Callable[[], str]) -> KeyFile:
    """Read a key file.

    Args:
        path: Where it is.
        passphrase: Called once, and only if the file is sealed with one.

    Returns:
        The keys; `exposed` tells whether others could read the file.

    Raises:
        WrongPassphrase: When the passphrase does not open it.
        KeyFileError: When it is not there, is no key file or is damaged.
    """
    try:
        with path.open("rb") as file:
            exposed = os.name == "posix" and bool(stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077)
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise KeyFileError(
            f"{path} could not be read: {error.strerror}.", "Check its name and folder."
        ) from None
    if len(data) > _LARGEST:
        raise KeyFileError(f"{path} is far too large for a key file.", _HINT)
    if not data.startswith(_FIRST_LINE.encode()):
        data = _unseal(path, data, passphrase)
    return replace(_parse(path, data), exposed=exposed)


def _generate(kind: Kind) -> age.X25519Identity | age.HybridIdentity:
    return age.HybridIdentity.generate() if kind == "hybrid" else age.X25519Identity.generate()


def _format(keyfile: KeyFile) -> str:
    public = keyfile.public()
    lines = [
        _FIRST_LINE,
        f"# created: {keyfile.created.isoformat()}",
        f"# public key: {public.recipient}",
        f"# public signing key: {public.signing}",
        _SIGNING + bech32.encode(_SIGNING_HRP, keyfile.signing.private_bytes_raw()).upper(),
        *(identity.secret_text() for identity in keyfile.identities),
    ]
    return "\n".join(lines) + "\n"


def _unseal(path: Path, data: bytes, passphrase: Callable[[], str]) -> bytes:
    try:
        sealed_with_passphrase = age.read_header(io.BytesIO(data)).find("scrypt")
    except age.AgeError:
        raise KeyFileError(f"{path} is not a key file.", _HINT) from None
    if not sealed_with_passphrase:
        raise KeyFileError(f"{path} is a sealed file, not a key file.", _HINT)
    out = io.BytesIO()
    try:
        age.decrypt(io.BytesIO(data), out, [age.ScryptIdentity(passphrase())])
    except age.NoMatchError:
        raise WrongPassphrase(
            f"The passphrase does not open {path}.", "Type it again; check capital letters."
        ) from None
    except age.AgeError as error:
        raise KeyFileError(f"{path} is damaged: {error}", _HINT) from None
    return out.getvalue()


def _parse(path: Path, data: bytes) -> KeyFile:
    """Read the text; the public lines in it are for people and are not read."""
    lines = data.decode(errors="replace").splitlines()
    if not lines or lines[0] != _FIRST_LINE:
        raise KeyFileError(f"{path} is not a key file.", _HINT)
    damaged = KeyFileError(f"{path} is a key file, but damaged.", _HINT)
    try:
        [(hrp, seed)] = [
            bech32.decode(line.removeprefix(_SIGNING)) for line in lines if line.startswith(_SIGNING)
        ]
        [day] = [dt.date.fromisoformat(found[1]) for line in lines if (found := _CREATED.fullmatch(line))]
        identities = tuple(
            age.parse_identity(line) for line in lines if line.strip() and not line.startswith("#")
        )
        signing = Ed25519PrivateKey.from_private_bytes(seed)
    except (age.AgeError, ValueError):
        raise damaged from None
    if hrp != _SIGNING_HRP or not identities:
        raise damaged
    return KeyFile(identities, signing, day)
