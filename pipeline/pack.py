"""A pack: its manifest and papers as one zip, and back again, trusting nothing.

manifest.json       what this is, signed
manifest.json.sig   SSHSIG, Ed25519, namespace sealpack-manifest: `ssh-keygen -Y verify` checks it
<case>/<paper>      the papers, each with its SHA-256 in the manifest
padding             zeros, so that the size tells little (SEND-1)
"""

import hashlib
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError

from keys import sshsig
from keys.errors import SignatureError
from pipeline.manifest import Manifest, MemberPart
from pipeline.view import Document

NAMESPACE = "sealpack-manifest"
MANIFEST, SIGNATURE, _PADDING = "manifest.json", "manifest.json.sig", "padding"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LARGEST_MANIFEST = 8 << 20
_LARGEST_PACK = 512 << 20
_MOST_MEMBERS = 5_003


class BadPack(Exception):  # noqa: N818 - it says what the pack is
    """A pack that is refused whole; `code` tells programs why, the text and `hint` tell people."""

    def __init__(
        self, code: str, message: str, hint: str = "Do not use it. Ring the sender and ask for a fresh pack."
    ) -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


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
    """Return a pack as a zip: the same bytes for the same input.

    Args:
        manifest: what it says, its members listed.
        members: the papers.
        sign: message and namespace → armoured SSHSIG.

    Raises:
        ValueError: the manifest does not list these members.
    """
    if manifest.members != tuple(member.part for member in members):
        raise ValueError("the manifest does not list these members")
    content = manifest.to_bytes()
    files = [(MANIFEST, content), (SIGNATURE, sign(content, NAMESPACE).encode())]
    files += [(member.document.name, member.document.content) for member in members]
    plain = _zip(files)
    return _zip([*files, (_PADDING, bytes(_padding(len(plain))))])


def _zip(files: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, 0o600 << 16
            archive.writestr(info, content)
    return out.getvalue()


def _padding(size: int) -> int:
    """Return how many zeros bring a size to its class: Padmé (Nikitin and others, PURBs, 2019), at most 12 % more."""
    exponent = size.bit_length() - 1
    low = exponent - exponent.bit_length()
    mask = (1 << low) - 1
    return ((size + mask) & ~mask) - size


def from_bytes(data: bytes) -> Opened:
    """Return the pack in a zip whose every file is accounted for. The caller decides whether to trust the signer.

    Raises:
        BadPack: it is no pack, is damaged, holds what its manifest does not list, or lacks what it does.
    """
    if len(data) > _LARGEST_PACK:
        raise BadPack("too-large", "The pack is larger than any pack should be.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive, len(data))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, ValidationError):
            raise BadPack("manifest", "The pack's manifest cannot be read.") from None
        raise BadPack("not-a-pack", "What was sealed is not a pack of papers, or it is damaged.") from None


def _read(archive: zipfile.ZipFile, size: int) -> Opened:
    infos = _files_in(archive, size)
    content = archive.read(MANIFEST)
    try:
        signature = archive.read(SIGNATURE).decode("ascii")
        signer = sshsig.verify(signature, content, NAMESPACE)
    except (SignatureError, UnicodeDecodeError):
        raise BadPack(
            "signature", "The signature of the pack does not hold: it was altered after it was signed."
        ) from None
    manifest = Manifest.model_validate_json(content)
    listed = {part.name: part for part in manifest.members}
    if len(listed) < len(manifest.members):
        raise BadPack("manifest", "The pack's manifest lists a paper twice.")
    held = infos.keys() - {MANIFEST, SIGNATURE, _PADDING}
    if extra := held - listed.keys():
        raise BadPack("unlisted", f"The pack holds {_files(len(extra))} that its manifest does not list.")
    if missing := listed.keys() - held:
        raise BadPack("missing", f"The pack lacks {_files(len(missing))} that its manifest lists.")
    papers = {name: archive.read(name) for name in listed}
    for name, part in listed.items():
        if len(papers[name]) != part.size or hashlib.sha256(papers[name]).hexdigest() != part.sha256:
            raise BadPack("digest", f"{name} is not the paper that was signed.")
    return Opened(manifest, papers, signer, content, signature)


def _files_in(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """Return what the zip says it holds, refused before anything is read if no pack of ours would say so."""
    infos = archive.infolist()
    if len(infos) > _MOST_MEMBERS:
        raise BadPack("too-many", "The pack holds more files than any pack should.")
    if len({info.filename.casefold() for info in infos}) < len(infos):
        raise BadPack("double", "The pack holds two files of one name.")
    if any(info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1 for info in infos):
        # Ours are stored as they are: a compressed member could be a bomb.
        raise BadPack("compressed", "The pack holds compressed or encrypted files, which a pack never does.")
    if sum(info.file_size for info in infos) > size:
        raise BadPack("overlap", "The pack claims to hold more than it can.")
    by_name = {info.filename: info for info in infos}
    if MANIFEST not in by_name or SIGNATURE not in by_name:
        raise BadPack("unsigned", "The pack has no signed manifest, so nobody can say who sent it.")
    if max(by_name[MANIFEST].file_size, by_name[SIGNATURE].file_size) > _LARGEST_MANIFEST:
        raise BadPack("manifest", "The pack's manifest is larger than any manifest should be.")
    return by_name


def _files(count: int) -> str:
    return "a file" if count == 1 else f"{count} files"
