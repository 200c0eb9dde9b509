"""A referral on its way in: sealed by whoever refers, opened in memory by the co-ordinator. Writer and reader side by side.

The file is in the age format, version 1 (C2SP age.md), binary or in the text form. What is sealed is the referral's own file,
byte for byte and nothing else, so that `age -d` gives the workbook. The header begins with a stanza of our own, which other
age tools skip:

    -> sealpack-referral-v1 R-7F3K-2M9Q marac

It holds a number, made by chance, and the panel that the referral is sent to; the file is named by the same two,
`R-7F3K-2M9Q_marac.age`. Nothing there tells who refers whom, or what the referral's own file is called. Both can be read
without a key, and nothing vouches for them until the file is opened. A file that another age tool sealed (`age -R`) has no
such stanza: it is taken all the same, and names no panel.

Anybody can seal for a public key. That a file opens proves that it came whole, not who sent it.
"""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, field
from typing import Self

from keys import age
from keys.armor import BEGIN
from keys.identity import KeyFile
from keys.recipients import SCRYPT
from pipeline import guard
from pipeline.numbering import ALPHABET, fresh_number
from pipeline.problem import Problem, Said, problem, register

STANZA = "sealpack-referral-v1"
_PACK = "sealpack-v1"  # pipeline.seal: the stanza of a pack, which is on its way out
_NUMBER = re.compile(rf"R(-[{ALPHABET}]{{4}}){{2}}")
_PANEL = re.compile(r"(?=.{1,40}\Z)[a-z0-9]+(-[a-z0-9]+)*")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

LARGEST = guard.MAX_FILE * 3 // 2
"""Bytes: the largest referral that is taken, in the text form with a full header."""

Opener = Callable[[], KeyFile]
"""Gives the co-ordinator's keys. It is called when a sealed file is met, so that no passphrase is asked for without need."""

register(
    {
        "sealed-no-key": Said("This file is sealed.", "Name your key file with -i, and it is opened."),
        "sealed-for-another": Said(
            "This file is sealed for another key than yours.",
            "Check that you chose the right key file. If so, give the sender your public keys, and ask to have it sealed for those.",
        ),
        "sealed-damaged": Said(
            "This sealed file was damaged or altered on its way.",
            "Ask the sender for it again, as an attachment.",
        ),
        "sealed-passphrase": Said(
            "This file is sealed with a passphrase, not for a key.",
            "Ask the sender to seal it for your public keys, with `sealpack send`.",
        ),
        "sealed-pack": Said(
            "This is a sealed pack for an agency, not a referral.",
            "Take it out of the inbox. `sealpack inspect` says which agency it is for.",
        ),
        "sent-to-other-panel": Said(
            "The sender has sealed this for another panel.",
            "Ask the sender which panel it is for, and to seal it for that one.",
        ),
    }
)


@dataclass(frozen=True)
class Envelope:
    """What can be read without a key: the number, and the panel that the referral is sent to.

    Raises:
        ValueError: the number is none, or the panel is no short name.
    """

    number: str
    panel: str

    def __post_init__(self) -> None:
        if not _NUMBER.fullmatch(self.number) or not _PANEL.fullmatch(self.panel):
            raise ValueError("a number is like R-7F3K-2M9Q, a panel small letters, digits and hyphens")

    @classmethod
    def fresh(cls, panel: str) -> Self:
        """Return an envelope with a new number."""
        return cls(fresh_number("R"), panel)

    @property
    def file_name(self) -> str:
        """The name of the sealed file: the same two."""
        return f"{self.number}_{self.panel}.age"

    @property
    def stanza(self) -> age.Stanza:
        """The stanza of the header that bears it."""
        return age.Stanza(STANZA, astuple(self))


@dataclass(frozen=True)
class Incoming:
    """What was in a sealed file: the referral's own file, and the panel that it is sent to, or "" if none is named."""

    data: bytes = field(repr=False)
    panel: str


def seal(
    referral: bytes, envelope: Envelope, recipients: Sequence[age.Recipient], *, armor: bool = False
) -> bytes:
    """Return the sealed file.

    Args:
        referral: the workbook or JSON file, as it is.
        envelope: what may be read without a key.
        recipients: the key of each co-ordinator; post-quantum and classic are never mixed.
        armor: write the text form.

    Raises:
        AgeError: no recipient, or a mixture.
        ValueError: the file is larger than `guard.MAX_FILE`; it would not be read.
    """
    if len(referral) > guard.MAX_FILE:
        raise ValueError("a referral that is larger than is taken is not sealed")
    out = io.BytesIO()
    age.encrypt(io.BytesIO(referral), out, recipients, envelope.stanza, armor=armor)
    return out.getvalue()


def is_sealed(data: bytes) -> bool:
    """Say whether a file is a sealed one, whoever sealed it, by how it begins."""
    return data.startswith(b"age-encryption.org/") or data[:1024].removeprefix(
        _BYTE_ORDER_MARK
    ).lstrip().startswith(BEGIN)


def inspect(sealed: bytes) -> Envelope | None:
    """Return what stands on a sealed file, or None if nothing of ours does. Nothing vouches for it until the file is opened."""
    try:
        return _envelope(age.read_header(io.BytesIO(sealed)))
    except (age.AgeError, ValueError):
        return None


def sent_to(sealed: bytes) -> str:
    """Return the panel that stands on a sealed file, or "" if none does."""
    envelope = inspect(sealed)
    return envelope.panel if envelope else ""


def opened(sealed: bytes, opener: Opener | None) -> Incoming | Problem:
    """Return what is in a sealed file, which stays in memory; or why it cannot be opened.

    Args:
        sealed: the file; of one that is larger than `LARGEST`, a byte more than that.
        opener: the co-ordinator's keys, if there are any; asked for only when they may help.

    Raises:
        KeysError: whatever the opener raises.
    """
    if len(sealed) > LARGEST:
        return problem("file-too-big", megabytes=guard.MAX_FILE // 1_000_000)
    out = io.BytesIO()
    try:
        header = age.read_header(io.BytesIO(sealed))
        if header.find(_PACK):
            return problem("sealed-pack")
        if header.find(SCRYPT):
            return problem("sealed-passphrase")
        if opener is None:
            return problem("sealed-no-key")
    except age.AgeError:
        return problem("sealed-damaged")
    identities = opener().identities
    try:
        header = age.decrypt(io.BytesIO(sealed), out, identities)
        return Incoming(out.getvalue(), _panel(header))
    except age.NoMatchError:
        return problem("sealed-for-another")
    except (age.AgeError, ValueError):
        return problem("sealed-damaged")


def _panel(header: age.Header) -> str:
    envelope = _envelope(header)
    return envelope.panel if envelope else ""


def _envelope(header: age.Header) -> Envelope | None:
    """Return what a header says of a referral, or None if it has no stanza of ours.

    Raises:
        ValueError: the stanza is not as `Envelope` writes it, or there are two.
    """
    found = [stanza for stanza in header.stanzas if stanza.type == STANZA]
    if not found:
        return None
    if len(found) > 1 or len(found[0].args) != 2:
        raise ValueError("a sealed referral has one stanza with two arguments")
    envelope = Envelope(*found[0].args)
    if found[0] != envelope.stanza:
        raise ValueError("the stanza of a sealed referral has no body")
    return envelope
