"""Signatures that `ssh-keygen -Y verify` checks: SSHSIG with Ed25519 (OpenSSH, PROTOCOL.sshsig).

Writer and parser side by side. A namespace says what a signature is for, so that one made for a manifest cannot
stand under something else.
"""

import base64
import binascii
import datetime as dt
import hashlib
import re
import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from keys.errors import SignatureError

__all__ = [
    "SignatureError",
    "allowed_signers_line",
    "digest",
    "parse_public_line",
    "public_line",
    "sign",
    "verify",
]

_MAGIC = b"SSHSIG"
_VERSION = struct.pack(">I", 1)
_KEY_TYPE = b"ssh-ed25519"
_HASHES = {b"sha512": hashlib.sha512, b"sha256": hashlib.sha256}
_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_END = "-----END SSH SIGNATURE-----"
_COLUMNS = 70
_NOT_HELD = "Do not rely on it. Ask the sender, by another channel, to send it again."
# What has a meaning of its own in an allowed-signers file (ssh-keygen(1), "ALLOWED SIGNERS").
_PRINCIPAL = re.compile(r"[A-Za-z0-9_.@+-]+")
_NAMESPACE = re.compile(r"[A-Za-z0-9_.@/+-]+")


def sign(private_key: Ed25519PrivateKey, message: bytes, namespace: str) -> str:
    """Sign a message, byte for byte as `ssh-keygen -Y sign` does.

    Args:
        private_key: The signing key.
        message: The bytes, in memory.
        namespace: What the signature is for; not empty.

    Returns:
        The armoured signature, ending in a line feed.
    """
    if not namespace:
        raise ValueError("a signature needs a namespace")
    signature = private_key.sign(_to_be_signed(namespace.encode(), b"sha512", message))
    return _armour(private_key.public_key(), namespace, signature)


def _armour(public_key: Ed25519PublicKey, namespace: str, signature: bytes) -> str:
    blob = b"".join(
        (
            _MAGIC,
            _VERSION,
            _string(_public_blob(public_key)),
            _string(namespace.encode()),
            _string(b""),
            _string(b"sha512"),
            _string(_string(_KEY_TYPE) + _string(signature)),
        )
    )
    text = base64.b64encode(blob).decode()
    lines = [text[at : at + _COLUMNS] for at in range(0, len(text), _COLUMNS)]
    return "\n".join((_BEGIN, *lines, _END, ""))


def verify(signature: str, message: bytes, namespace: str, *, exact: bool = False) -> Ed25519PublicKey:
    """Check a signature and tell whose it is; whether to trust that key is for the caller to decide.

    Args:
        signature: The armoured text.
        message: The bytes that were signed.
        namespace: What the signature must be for.
        exact: Take only what `sign` writes, to the byte, so that nothing else can travel in the text.

    Returns:
        The public key that made the signature, which is inside it.

    Raises:
        SignatureError: When it does not hold for this message and namespace, or cannot be read.
    """
    fields = _Fields(_dearmour(signature))
    if fields.take(len(_MAGIC)) != _MAGIC or fields.take(4) != _VERSION:
        raise SignatureError("This is not a signature of a kind that can be checked.", _NOT_HELD)
    public_key = _parse_public_blob(fields.string())
    signed_for, _reserved, hash_name = fields.string(), fields.string(), fields.string()
    inner = _Fields(fields.string())
    fields.end()
    key_type, raw = inner.string(), inner.string()
    inner.end()
    if hash_name not in _HASHES or key_type != _KEY_TYPE:
        raise SignatureError("The signature was made in a way that is not supported.", _NOT_HELD)
    if signed_for != namespace.encode():
        raise SignatureError("The signature was made for another purpose.", _NOT_HELD)
    try:
        public_key.verify(raw, _to_be_signed(signed_for, hash_name, message))
    except InvalidSignature:
        raise SignatureError(
            "The signature does not fit: what was signed has been altered.", _NOT_HELD
        ) from None
    if exact and signature != _armour(public_key, namespace, raw):
        raise SignatureError("The signature is written in another way than it was made.", _NOT_HELD)
    return public_key


def public_line(public_key: Ed25519PublicKey, comment: str = "") -> str:
    """Spell a public key as OpenSSH does: `ssh-ed25519 AAAA… comment`, without a line feed.

    Raises:
        ValueError: When the comment holds a line break.
    """
    if len(comment.splitlines()) > 1:
        raise ValueError("a comment is one line")
    line = f"ssh-ed25519 {base64.b64encode(_public_blob(public_key)).decode()}"
    return f"{line} {comment}" if comment else line


def digest(public_key: Ed25519PublicKey) -> str:
    """Spell the SHA-256 of a public key as `ssh-keygen -l` and `-Y verify` do: `SHA256:27hTH3…`."""
    found = hashlib.sha256(_public_blob(public_key)).digest()
    return f"SHA256:{base64.b64encode(found).decode().rstrip('=')}"


def parse_public_line(line: str) -> Ed25519PublicKey:
    """Read `ssh-ed25519 AAAA…`, with or without a comment.

    Raises:
        SignatureError: When it is no Ed25519 public key or is damaged.
    """
    parts = line.split(maxsplit=2)
    if len(parts) < 2 or parts[0] != "ssh-ed25519":
        raise SignatureError("This is no public signing key.", "It begins with ssh-ed25519.")
    try:
        blob = base64.b64decode(parts[1], validate=True)
    except (binascii.Error, ValueError):
        blob = b""
    return _parse_public_blob(blob)


def allowed_signers_line(
    principal: str,
    public_key: Ed25519PublicKey,
    namespaces: tuple[str, ...] = (),
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
) -> str:
    """Write a line for the file that `ssh-keygen -Y verify -f` takes (ssh-keygen(1), "ALLOWED SIGNERS").

    Args:
        principal: The name to give with `-I`; letters, digits and `_.@+-`.
        public_key: Whose signatures to accept.
        namespaces: For which purposes; all if empty.
        valid_from: First day, from its midnight UTC.
        valid_until: Last day, to its end in UTC.

    Returns:
        The line, without a line feed.

    Raises:
        ValueError: When the principal or a namespace holds a character with a meaning of its own.
    """
    if not _PRINCIPAL.fullmatch(principal) or not all(map(_NAMESPACE.fullmatch, namespaces)):
        raise ValueError("a principal and a namespace are letters, digits and few signs")
    options = []
    if namespaces:
        options.append(f'namespaces="{",".join(namespaces)}"')
    if valid_from:
        options.append(f'valid-after="{valid_from:%Y%m%d}Z"')
    if valid_until:
        options.append(f'valid-before="{valid_until + dt.timedelta(days=1):%Y%m%d}Z"')
    return " ".join(filter(None, (principal, ",".join(options), public_line(public_key))))


def _to_be_signed(namespace: bytes, hash_name: bytes, message: bytes) -> bytes:
    digest = _HASHES[hash_name](message).digest()
    return _MAGIC + _string(namespace) + _string(b"") + _string(hash_name) + _string(digest)


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


class _Fields:
    """Read the fields of an SSH blob one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        piece = self._data[self._at : self._at + size]
        if len(piece) != size:
            raise SignatureError("The signature or signing key is cut off.", _NOT_HELD)
        self._at += size
        return piece

    def string(self) -> bytes:
        (size,) = struct.unpack(">I", self.take(4))
        return self.take(size)

    def end(self) -> None:
        if self._at != len(self._data):
            raise SignatureError("Something was added to the signature or signing key.", _NOT_HELD)


def _public_blob(public_key: Ed25519PublicKey) -> bytes:
    return _string(_KEY_TYPE) + _string(public_key.public_bytes_raw())


def _parse_public_blob(blob: bytes) -> Ed25519PublicKey:
    fields = _Fields(blob)
    key_type = fields.string()
    if key_type != _KEY_TYPE:
        raise SignatureError("The signing key is of a kind that is not supported.", "It must be ssh-ed25519.")
    raw = fields.string()
    fields.end()
    try:
        return Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        raise SignatureError(
            "The signing key is damaged.", "Copy it again, whole, from where it came."
        ) from None


def _dearmour(text: str) -> bytes:
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        raise SignatureError("This is not a signature.", _NOT_HELD)
    try:
        return base64.b64decode("".join(lines[1:-1]), validate=True)
    except (binascii.Error, ValueError):
        raise SignatureError("The signature is damaged.", _NOT_HELD) from None
