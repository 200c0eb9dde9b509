"""The header of an age file, writer and parser side by side (C2SP age.md, "Header").

The header is text: a version line, one or more stanzas of which each wraps the file key for somebody, and
a line with a MAC over all that, whose key comes from the file key.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from keys.errors import HeaderError
from keys.source import Source

_VERSION_LINE = b"age-encryption.org/v1\n"
_BODY_COLUMNS = 64
# A stanza of a hybrid key takes 1.6 kB: room for over 600 recipients, and a bound for what a stranger can make us hold.
_HEADER_LIMIT = 1 << 20
_ARGUMENT = re.compile(r"[!-~]+")
_UNPADDED = re.compile(r"[A-Za-z0-9+/]*")
_DAMAGED = "Ask the sender for a fresh copy; the file was damaged on its way."


@dataclass(frozen=True)
class Stanza:
    """One part of the header: a type, its arguments and a body.

    Attributes:
        type: The first argument, which says who is to read the stanza.
        args: Further arguments; each printable ASCII without a space.
        body: Any bytes.

    Raises:
        ValueError: When the type or an argument cannot stand in a header line.
    """

    type: str
    args: tuple[str, ...] = ()
    body: bytes = b""

    def __post_init__(self) -> None:
        if not all(_ARGUMENT.fullmatch(arg) for arg in (self.type, *self.args)):
            raise ValueError("a stanza's type and arguments are printable ASCII without spaces")


@dataclass(frozen=True)
class Header:
    """What can be seen of a sealed file without a key.

    Attributes:
        stanzas: In the file's order. Nothing vouches for them before a key has opened the file.
        armored: Whether the file came in the text form.
        mac: The header's MAC.
        signed_part: The bytes the MAC is over.
    """

    stanzas: tuple[Stanza, ...]
    armored: bool = False
    mac: bytes = field(default=b"", repr=False)
    signed_part: bytes = field(default=b"", repr=False)

    def find(self, type_: str) -> Stanza | None:
        """Give the first stanza of a type, or None."""
        return next((stanza for stanza in self.stanzas if stanza.type == type_), None)


def encode_unpadded(data: bytes) -> str:
    """Spell bytes in base64 without padding (RFC 4648, section 4)."""
    return base64.b64encode(data).decode().rstrip("=")


def decode_unpadded(text: str) -> bytes:
    """Read base64 without padding, only in its canonical spelling (RFC 4648, section 3.5).

    Raises:
        ValueError: For anything else.
    """
    if not _UNPADDED.fullmatch(text) or len(text) % 4 == 1:
        raise ValueError("not base64")
    data = base64.b64decode(text + "=" * (-len(text) % 4))
    if encode_unpadded(data) != text:
        raise ValueError("not canonical base64")
    return data


def header_mac(file_key: bytes, signed_part: bytes) -> hmac.HMAC:
    """Make the MAC over a header; `finalize()` gives it, `verify()` compares with one."""
    key = HKDF(hashes.SHA256(), 32, salt=None, info=b"header").derive(file_key)
    mac = hmac.HMAC(key, hashes.SHA256())
    mac.update(signed_part)
    return mac


def format_header(file_key: bytes, stanzas: list[Stanza]) -> bytes:
    """Write a header with its MAC.

    Args:
        file_key: 16 bytes.
        stanzas: At least one, in the order wanted.

    Returns:
        The header with its last line feed.
    """
    lines = [_VERSION_LINE]
    for stanza in stanzas:
        lines.append(" ".join(("->", stanza.type, *stanza.args)).encode() + b"\n")
        body = encode_unpadded(stanza.body)
        # The last line is shorter than the others, so a body that fills its lines ends in an empty one.
        lines += [
            body[at : at + _BODY_COLUMNS].encode() + b"\n" for at in range(0, len(body) + 1, _BODY_COLUMNS)
        ]
    signed_part = b"".join(lines) + b"---"
    mac = header_mac(file_key, signed_part).finalize()
    return signed_part + b" " + encode_unpadded(mac).encode() + b"\n"


def parse_header(source: Source, *, armored: bool) -> Header:
    """Read a header and leave the source at the first byte after it.

    Args:
        source: At the first byte of the file.
        armored: To be noted in the result.

    Returns:
        The header. Its MAC is not checked here: that takes the file key.

    Raises:
        HeaderError: For anything the format does not allow.
    """
    signed: list[bytes] = []
    room = _HEADER_LIMIT

    def next_line() -> bytes:
        nonlocal room
        line = source.line(room + 1)
        room -= len(line)
        if room < 0:
            raise HeaderError("The header of this file is larger than any real one.", _DAMAGED)
        if not line.endswith(b"\n"):
            raise HeaderError("The file is cut off in its header.", _DAMAGED)
        signed.append(line)
        return line[:-1]

    _check_version(source)
    next_line()
    stanzas: list[Stanza] = []
    while (line := next_line()).startswith(b"-> "):
        stanzas.append(_parse_stanza(line, next_line))
    if not line.startswith(b"--- ") or not stanzas:
        raise HeaderError("The header of this file is not as it should be.", _DAMAGED)
    mac = _base64(_text(line[4:]))
    if len(mac) != 32:
        raise HeaderError("The check value of this file's header is not as it should be.", _DAMAGED)
    # The passphrase vouches for the sender only where no other stanza gives the file key (age.md, "scrypt").
    if len(stanzas) > 1 and any(stanza.type == "scrypt" for stanza in stanzas):
        raise HeaderError(
            "The file is sealed with a passphrase and in another way too, which is not allowed.", _DAMAGED
        )
    return Header(tuple(stanzas), armored, mac, b"".join(signed[:-1]) + b"---")


def _parse_stanza(line: bytes, next_line: Callable[[], bytes]) -> Stanza:
    args = _text(line[3:]).split(" ")
    body = bytearray()
    while len(row := _text(next_line())) == _BODY_COLUMNS:
        body += _base64(row)
    if len(row) > _BODY_COLUMNS:
        raise HeaderError("A line in the header of this file is too long.", _DAMAGED)
    body += _base64(row)
    try:
        return Stanza(args[0], tuple(args[1:]), bytes(body))
    except ValueError:
        raise HeaderError("A line in the header of this file is not as it should be.", _DAMAGED) from None


def _check_version(source: Source) -> None:
    start = source.peek(len(_VERSION_LINE))
    if start == _VERSION_LINE:
        return
    if not start:
        raise HeaderError("The file is empty.", "Ask the sender for it again.")
    if _VERSION_LINE.startswith(start):
        raise HeaderError("The file is cut off in its header.", _DAMAGED)
    if start.startswith(_VERSION_LINE[:-1] + b"\r"):
        raise HeaderError(
            "The line ends of this file were changed on its way.", "Ask for it again as an attachment."
        )
    if start.startswith(b"age-encryption.org/"):
        raise HeaderError(
            "The file is sealed in another edition of the format.", "It takes a newer program to open it."
        )
    raise HeaderError("This is not a sealed file.", "Check that you chose the right file.")


def _text(line: bytes) -> str:
    try:
        return line.decode("ascii")
    except UnicodeDecodeError:
        raise HeaderError("The header of this file holds what is not text.", _DAMAGED) from None


def _base64(text: str) -> bytes:
    try:
        return decode_unpadded(text)
    except ValueError:
        raise HeaderError("A line in the header of this file is not as it should be.", _DAMAGED) from None
