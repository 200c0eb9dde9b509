"""Seals and opens files in the age format, version 1 (C2SP age.md, https://c2sp.org/age).

Any age tool opens what `encrypt` writes: nobody is tied to this program. Writer and reader stand side by side here
and in the parts: `stanza` (the header), `recipients` (whose key), `payload` (the papers), `armor` (the text form).
"""

import os
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidSignature

from keys import bech32
from keys.armor import ArmorReader, ArmorWriter
from keys.errors import AgeError, ArmorError, HeaderError, HmacError, NoMatchError, PayloadError
from keys.payload import NONCE_SIZE, open_payload, seal_payload
from keys.recipients import (
    FILE_KEY_SIZE,
    HYBRID,
    SCRYPT,
    X25519,
    HybridIdentity,
    HybridRecipient,
    Identity,
    Recipient,
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    X25519Recipient,
)
from keys.source import Reader, Source, Writer
from keys.stanza import Header, Stanza, format_header, header_mac, parse_header

__all__ = [
    "AgeError",
    "ArmorError",
    "Header",
    "HeaderError",
    "HmacError",
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "NoMatchError",
    "PayloadError",
    "Recipient",
    "ScryptIdentity",
    "ScryptRecipient",
    "Stanza",
    "X25519Identity",
    "X25519Recipient",
    "decrypt",
    "encrypt",
    "parse_identity",
    "parse_recipient",
    "read_header",
]

_NATIVE = {X25519, HYBRID, SCRYPT}
# How much is looked at to tell the text form from the binary one.
_LOOK = 1024
_COPY_KEY = "Copy the key again, whole, from where it came."


def encrypt(
    reader: Reader,
    writer: Writer,
    recipients: Sequence[Recipient],
    label: Stanza | None = None,
    *,
    armor: bool = False,
) -> None:
    """Seal a stream for the recipients, each of whom can open it alone.

    Args:
        reader: Gives the plain text; read to its end, a mebibyte at a time.
        writer: Takes the sealed file. Write to a temporary file and rename it afterwards.
        recipients: At least one. A passphrase stands alone.
        label: A stanza of our own to stand first in the header, readable by all, skipped by other tools.
        armor: Write the text form instead of the binary one.

    Raises:
        AgeError: For no recipient, or recipients that may not be mixed in one file. Nothing is written then.
    """
    file_key = os.urandom(FILE_KEY_SIZE)
    stanzas = [label] if label else []
    if label and label.type in _NATIVE:
        raise ValueError("a label needs a type of its own")
    wrapped = [stanza for recipient in recipients for stanza in recipient.wrap(file_key)]
    stanzas += wrapped
    _refuse_mixture({stanza.type for stanza in wrapped}, len(stanzas))
    nonce = os.urandom(NONCE_SIZE)
    out = ArmorWriter(writer) if armor else writer
    out.write(format_header(file_key, stanzas) + nonce)
    seal_payload(file_key, nonce, Source(reader), out)
    if isinstance(out, ArmorWriter):
        out.close()


def decrypt(reader: Reader, writer: Writer, identities: Sequence[Identity]) -> Header:
    """Open a sealed stream, in the binary or the text form.

    Args:
        reader: Gives the sealed file; read to its end.
        writer: Takes the plain text as it is proved genuine. When an error comes, what was written is only a
            beginning: write to a temporary file or memory, and use it when this returns.
        identities: Tried in their order.

    Returns:
        The header, its label now proved to be the sealer's.

    Raises:
        HeaderError: Damaged before the papers, or no sealed file.
        NoMatchError: Sealed for somebody else.
        HmacError: The header was altered.
        PayloadError: The papers are damaged or cut off.
        ArmorError: The text form is damaged.
    """
    source, armored = _open_source(reader)
    header = parse_header(source, armored=armored)
    file_key = _unwrap(header, identities)
    try:
        header_mac(file_key, header.signed_part).verify(header.mac)
    except InvalidSignature:
        raise HmacError(
            "The header of this file was altered after it was sealed.", "Do not use it. Tell the sender."
        ) from None
    nonce = source.read(NONCE_SIZE)
    if len(nonce) < NONCE_SIZE:
        raise HeaderError("The file ends right after its header.", "Ask the sender for a fresh copy.")
    open_payload(file_key, nonce, source, writer)
    return header


def read_header(reader: Reader) -> Header:
    """Read what can be seen without a key, in the binary or the text form.

    Args:
        reader: Gives the sealed file; more of it than the header may be read.

    Returns:
        The header. Nothing vouches for it: anybody could have written it.

    Raises:
        HeaderError: Damaged, or no sealed file.
        ArmorError: The text form is damaged.
    """
    source, armored = _open_source(reader)
    return parse_header(source, armored=armored)


@lru_cache(maxsize=512)  # parsing a hybrid key costs most of a millisecond; public keys may be kept
def parse_recipient(text: str) -> X25519Recipient | HybridRecipient:
    """Read a public key.

    Args:
        text: `age1pq1…` or `age1…`, spaces around it forgiven.

    Returns:
        The recipient; the same object for the same text.

    Raises:
        AgeError: When it is neither, or damaged.
    """
    text = text.strip()
    if text.upper().startswith("AGE-SECRET-KEY-"):
        raise AgeError(
            "This is a private key, not a public one.", "Nobody else may see it: make a new one if anybody did."
        )
    hrp, data = _decode_key(text, "public key")
    try:
        match hrp:
            case "age":
                return X25519Recipient(data)
            case "age1pq":
                return HybridRecipient(data)
    except ValueError:
        raise AgeError("This public key is damaged.", _COPY_KEY) from None
    raise AgeError("This is a public key of a kind that is not supported.", "Keys begin with age1pq1 or age1.")


def parse_identity(text: str) -> X25519Identity | HybridIdentity:
    """Read a private key.

    Args:
        text: `AGE-SECRET-KEY-PQ-1…` or `AGE-SECRET-KEY-1…`, spaces around it forgiven.

    Returns:
        The identity.

    Raises:
        AgeError: When it is neither, or damaged; the message never repeats the text.
    """
    hrp, data = _decode_key(text.strip(), "private key")
    try:
        match hrp:
            case "age-secret-key-":
                return X25519Identity(data)
            case "age-secret-key-pq-":
                return HybridIdentity(data)
    except ValueError:
        raise AgeError("This private key is damaged.", _COPY_KEY) from None
    raise AgeError("This is no private key that can open files.", "They begin with AGE-SECRET-KEY-.")


def _decode_key(text: str, what: str) -> tuple[str, bytes]:
    try:
        return bech32.decode(text)
    except ValueError as error:
        raise AgeError(f"This {what} cannot be read: {error}.", _COPY_KEY) from None


def _open_source(reader: Reader) -> tuple[Source, bool]:
    source = Source(reader)
    start = source.peek(_LOOK)
    if not start.startswith(b"age-encryption.org/") and b"-----" in start:
        return Source(ArmorReader(source)), True
    return source, False


def _unwrap(header: Header, identities: Sequence[Identity]) -> bytes:
    for identity in identities:
        file_key = identity.unwrap(header.stanzas)
        if file_key is not None:
            return file_key
    if not header.find(SCRYPT):
        raise NoMatchError(
            "None of your keys opens this file: it is sealed for somebody else.",
            "Try the key file you had before, or ask the sender which key it is sealed for.",
        )
    if any(isinstance(identity, ScryptIdentity) for identity in identities):
        raise NoMatchError("The passphrase does not open this file.", "Type it again; check capital letters.")
    raise NoMatchError(
        "This file is sealed with a passphrase, not for a key.", "Ask the sender for the passphrase."
    )


def _refuse_mixture(types: set[str], number: int) -> None:
    if not types:
        raise AgeError("There is nobody to seal this file for.", "Add and confirm a key first.")
    if SCRYPT in types and number > 1:
        raise AgeError(
            "A passphrase must be the only way to open a file.", "Seal for keys, or with one passphrase."
        )
    if HYBRID in types and len(types) > 1:
        raise AgeError(
            "Post-quantum keys (age1pq…) and classic keys (age1…) may not be mixed in one file: "
            "it would be only as safe as the weaker.",
            "Ask for new keys of the post-quantum kind, or seal a file of its own for each kind.",
        )
