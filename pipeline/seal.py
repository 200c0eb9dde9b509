"""Seal and open: a pack to bytes in the age format, and back for the one it is addressed to.

The outer envelope can be read without a key: pack number, recipient agency and sender, in a stanza of our own that
other age tools skip, and in the file's name (SEND-1). Nothing else can.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

from keys import age
from keys.identity import KeyFile, PublicKeys, fingerprint
from pipeline.manifest import SHORT_NAME, Manifest, SpocPart
from pipeline.pack import LARGEST_PACK, BadPack, Opened, from_bytes

_STANZA = "sealpack-v1"
_OURS = "sealpack-"
"""How our stanzas begin, which are nobody's key: this one, and that of a referral (`incoming`)."""
LARGEST_FILE = LARGEST_PACK * 3 // 2
"""Bytes: a pack in the text form with a full header."""


@dataclass(frozen=True)
class Envelope:
    """What can be read without a key: pack number, recipient agency, sender.

    Raises:
        ValueError: one of them is not a short name.
    """

    pack: str
    agency: str
    sender: str

    def __post_init__(self) -> None:
        if not all(re.fullmatch(SHORT_NAME, part) for part in astuple(self)):
            raise ValueError("pack, agency and sender are short names of letters, digits and hyphens")

    @property
    def file_name(self) -> str:
        """The name of the sealed file: the same three."""
        return f"{self.pack}_{self.agency}_{self.sender}.age"

    @property
    def stanza(self) -> age.Stanza:
        """The stanza of the header that bears it."""
        return age.Stanza(_STANZA, (self.pack, self.agency, self.sender))


def seal(pack: bytes, envelope: Envelope, recipients: Sequence[age.Recipient]) -> bytes:
    """Return the sealed file.

    Args:
        pack: the zip.
        envelope: what may be read without a key.
        recipients: each SPOC's key; post-quantum and classic are never mixed.

    Raises:
        AgeError: no recipient, or a mixture.
    """
    out = io.BytesIO()
    age.encrypt(io.BytesIO(pack), out, recipients, envelope.stanza)
    return out.getvalue()


def inspect(sealed: bytes) -> tuple[Envelope | None, tuple[str, ...]]:
    """Return the outer envelope (None on a file of another program) and the kinds of key it is sealed for.

    Nothing vouches for either until the file is opened.

    Raises:
        HeaderError, ArmorError: it is no sealed file, or damaged before the papers.
    """
    header = age.read_header(io.BytesIO(sealed))
    kinds = tuple(stanza.type for stanza in header.stanzas if not stanza.type.startswith(_OURS))
    return _envelope(header), kinds


def _envelope(header: age.Header) -> Envelope | None:
    found = [stanza for stanza in header.stanzas if stanza.type == _STANZA]
    try:
        [stanza] = found
        envelope = Envelope(*stanza.args)
    except (TypeError, ValueError):
        return None
    return envelope if stanza == envelope.stanza else None


def open_sealed(
    sealed: bytes, key: KeyFile, senders: Iterable[PublicKeys], revoked: Iterable[PublicKeys] = ()
) -> Opened:
    """Return the pack in a sealed file, if it is whole, addressed to this key's holder and from a sender who is known.

    Args:
        sealed: the sealed file, no more than `LARGEST_FILE`.
        key: the SPOC's keys.
        senders: the public keys of the co-ordinators whom the SPOC has confirmed.
        revoked: public keys of co-ordinators that are in use no more.

    Raises:
        NoMatchError: it is sealed for somebody else.
        AgeError: it is damaged (any other of its kinds).
        BadPack: it is refused: damaged inside, for another agency, or from somebody who is not known.
    """
    if len(sealed) > LARGEST_FILE:
        raise BadPack("too-large", "The file is larger than any pack should be.")
    out = io.BytesIO()
    header = age.decrypt(io.BytesIO(sealed), out, key.identities)
    signing = ({one.signing for one in some} for some in (senders, revoked))
    opened = from_bytes(out.getvalue(), *signing)
    manifest = opened.manifest
    if _envelope(header) != Envelope(manifest.pack, manifest.agency, manifest.sender.agency):
        raise BadPack(
            "other-envelope",
            "The pack lies in an envelope that is not its own: it was made for another agency.",
        )
    if reader_of(manifest, key) is None:
        raise BadPack("for-someone-else", "The pack is addressed to another named contact.")
    return opened


def reader_of(manifest: Manifest, key: KeyFile) -> SpocPart | None:
    """Return whom of those that a pack is addressed to a key file belongs to: a named contact, or the recovery key's holder."""
    mine = {fingerprint(PublicKeys(str(one.recipient()), key.public().signing)) for one in key.identities}
    addressed = (*manifest.spocs, *([manifest.recovery] if manifest.recovery else []))
    return next((one for one in addressed if one.fingerprint in mine), None)
