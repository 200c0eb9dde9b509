"""A pack: its manifest and papers as one zip, and back again, trusting nothing.

manifest.json       what this is, signed
manifest.json.sig   SSHSIG, Ed25519, namespace sealpack-manifest: `ssh-keygen -Y verify` checks it
<case>/<paper>      the papers in the manifest's order, each with its SHA-256 there
padding             zeros, so that the size tells little (SEND-1)

Manifest and papers settle every byte of it: nothing that the signer did not mean can travel along.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from keys import sshsig
from keys.errors import SignatureError
from pipeline import stored_zip
from pipeline.manifest import Manifest, MemberPart
from pipeline.problem import Stopped
from pipeline.view import Document

NAMESPACE = "sealpack-manifest"
MANIFEST, SIGNATURE = "manifest.json", "manifest.json.sig"
LARGEST_PACK = 32 << 20
"""Bytes: some 500 cases. It is held in memory twice, sealed and open, and few mail servers take as much."""
_SMALLEST_PACK = 1 << 18
_PADDING = "padding"
_LARGEST_MANIFEST = 1 << 20
_LARGEST_SIGNATURE = 1 << 10
_MOST_FILES = 5_003


class BadPack(Stopped):
    """A pack that is refused whole; `code` tells programs why, the text and `hint` tell people."""

    def __init__(
        self, code: str, message: str, hint: str = "Do not use it. Ring the sender and ask for a fresh pack."
    ) -> None:
        super().__init__(message, hint)
        self.code = code


@dataclass(frozen=True)
class Member:
    """A paper with the reference of its case; papers of the meeting as a whole have none."""

    document: Document
    case: str = ""

    @property
    def part(self) -> MemberPart:
        """The paper as the manifest lists it."""
        one = self.document
        digest = hashlib.sha256(one.content).hexdigest()
        return MemberPart(
            name=one.name,
            title=one.title,
            marking=one.marking,
            case=self.case,
            size=len(one.content),
            sha256=digest,
        )


@dataclass(frozen=True)
class Opened:
    """A pack read back: what it says, its papers by name, and whose signature it bears."""

    manifest: Manifest = field(repr=False)
    papers: dict[str, bytes] = field(repr=False)
    signed_by: Ed25519PublicKey
    manifest_bytes: bytes = field(repr=False)
    signature: str = field(repr=False)


def to_bytes(manifest: Manifest, members: Sequence[Member], sign: Callable[[bytes, str], str]) -> bytes:
    """Return a pack as a zip: the same bytes for the same input, and never one that `from_bytes` would refuse.

    Args:
        manifest: what it says, its members listed.
        members: the papers.
        sign: message and namespace → armoured SSHSIG, by the sender that the manifest names.

    Raises:
        ValueError: the manifest does not list these members.
        BadPack: it is too large.
    """
    if manifest.members != tuple(member.part for member in members):
        raise ValueError("the manifest does not list these members")
    content = manifest.to_bytes()
    files = [(MANIFEST, content), (SIGNATURE, sign(content, NAMESPACE).encode())]
    files += [(member.document.name, member.document.content) for member in members]
    sizes = [(name, len(content)) for name, content in files]
    if len(content) > _LARGEST_MANIFEST or stored_zip.size(sizes) + _padding(sizes) > LARGEST_PACK:
        raise BadPack(
            "too-large",
            f"The pack for {manifest.agency} would be larger than {LARGEST_PACK >> 20} MB, more than can be opened.",
            "Hold the meeting in two parts, each with its own cases.",
        )
    data = stored_zip.write([*files, (_PADDING, bytes(_padding(sizes)))])
    from_bytes(data, {manifest.sender.signing_key})
    return data


def _padding(sizes: Sequence[tuple[str, int]]) -> int:
    """Return how many zeros bring a zip to the next power of two, 256 KiB at least (SEND-1).

    Classes as narrow as Padmé's (Nikitin and others, PURBs, 2019) tell how many cases lie inside, and whether any
    answer was withheld: a page less is a class less.

    Args:
        sizes: name and size of each file but the padding.
    """
    size = stored_zip.size([*sizes, (_PADDING, 0)])
    return max(_SMALLEST_PACK, 1 << (size - 1).bit_length()) - size


def from_bytes(data: bytes, senders: Collection[str], revoked: Collection[str] = ()) -> Opened:
    """Return the pack in a zip of which every byte is accounted for.

    Args:
        data: the zip.
        senders: signing keys, as OpenSSH lines without a comment, of those whose packs are taken.
        revoked: signing keys that are known to be in use no more: what they signed is told from what nobody knows.

    Raises:
        BadPack: it is no pack, is damaged, comes from somebody else, holds what its manifest does not list, or lacks
            what it does.
    """
    if len(data) > LARGEST_PACK:
        raise BadPack("too-large", "The pack is larger than any pack should be.")
    try:
        files = stored_zip.read(data, _MOST_FILES)
    except ValueError:
        raise BadPack("not-a-pack", "What was sealed is not a pack of papers, or it is damaged.") from None
    names = [name for name, _ in files]
    if names[:2] != [MANIFEST, SIGNATURE]:
        raise BadPack("unsigned", "The pack has no signed manifest, so nobody can say who sent it.")
    content, signature, signer = _signed(files[0][1], files[1][1])
    _refuse_signer(sshsig.public_line(signer), senders, revoked)
    try:
        manifest = Manifest.from_bytes(content)
    except ValueError:
        raise BadPack("manifest", "The pack's manifest cannot be read.") from None
    if manifest.sender.signing_key != sshsig.public_line(signer):
        raise BadPack("signature", "The pack is not signed by the sender that it names.")
    _check_names(names[2:], [part.name for part in manifest.members])
    papers = files[2:-1]
    for part, (_, paper) in zip(manifest.members, papers, strict=True):
        if len(paper) != part.size or hashlib.sha256(paper).hexdigest() != part.sha256:
            raise BadPack("digest", f"{part.name} is not the paper that was signed.")
    padding, due = files[-1][1], _padding([(name, len(paper)) for name, paper in files[:-1]])
    if len(padding) != due or padding != bytes(due):
        raise BadPack("padding", "The pack holds something that is none of its papers.")
    return Opened(manifest, {name: bytes(paper) for name, paper in papers}, signer, content, signature)


def _signed(manifest: memoryview, signature: memoryview) -> tuple[bytes, str, Ed25519PublicKey]:
    """Return a manifest, its signature and who made it; nothing else of a pack is read before."""
    if len(manifest) > _LARGEST_MANIFEST:
        raise BadPack("manifest", "The pack's manifest is larger than any manifest should be.")
    content = bytes(manifest)
    try:
        armoured = str(signature[:_LARGEST_SIGNATURE], "ascii")
        return content, armoured, sshsig.verify(armoured, content, NAMESPACE, exact=True)
    except (SignatureError, UnicodeDecodeError):
        raise BadPack(
            "signature", "The signature of the pack does not hold: it was altered after it was signed."
        ) from None


def _refuse_signer(signer: str, senders: Collection[str], revoked: Collection[str]) -> None:
    if signer in revoked:
        raise BadPack(
            "sender-revoked",
            "The pack is signed with a key of the sender's that was revoked.",
            "Do not use it: anybody may have made it. Ring the co-ordinator on a number that you already have.",
        )
    if signer not in senders:
        raise BadPack(
            "sender-unknown",
            "The pack is signed by somebody whose key you have not confirmed.",
            "Ring the co-ordinator on a number that you already have, and compare the fingerprint of their key.",
        )


def _check_names(held: Sequence[str], listed: Sequence[str]) -> None:
    """Refuse a pack that does not hold the papers its manifest lists, once each and in order, then padding."""
    if held == [*listed, _PADDING]:
        return
    if extra := set(held) - {*listed, _PADDING}:
        raise BadPack("unlisted", f"The pack holds {_files(len(extra))} that its manifest does not list.")
    if missing := {*listed, _PADDING} - set(held):
        raise BadPack("missing", f"The pack lacks {_files(len(missing))} that it should hold.")
    raise BadPack("double", "The pack holds a file twice, or its files are not in their order.")


def _files(count: int) -> str:
    return "a file" if count == 1 else f"{count} files"
