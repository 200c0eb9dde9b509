"""Packs as an attacker, a broken disk or a clever mail server makes them: each has one fault, and the code it must give.

The zips are put together here by hand, since no zip library would make them. Nobody in them exists.
"""

import base64
import datetime as dt
import io
import json
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from keys import age, identity, sshsig
from keys.identity import KeyFile, fingerprint
from pipeline import pack
from pipeline.manifest import DecisionPart, Manifest, MeetingPart, SenderPart, SpocPart, WithheldPart
from pipeline.pack import Member
from pipeline.seal import Envelope, seal
from pipeline.view import Document

DAY = dt.date(2026, 12, 1)
SENDER, OTHER_SENDER, FORMER_SENDER = (identity.new(DAY) for _ in range(3))
SPOC, COLLEAGUE, CLASSIC_SPOC = identity.new(DAY), identity.new(DAY), identity.new(DAY, "x25519")
ENVELOPE = Envelope("P-7F3K-2M9Q", "housing", "brackenford-council")
CASE = "MARAC-2026-0417"
NAME = b"Zebedee-Quillfeather"
"""A person's name that an attacker puts into member names: no message may repeat it."""


def members_of(*sizes: int) -> list[Member]:
    """Return a cover sheet and referrals, all of the given sizes."""
    names = ["cover-sheet.pdf", *(f"{CASE}/referral-{n}.pdf" for n in range(1, len(sizes)))]
    return [
        Member(Document(name, bytes([65 + n]) * size, "OFFICIAL-SENSITIVE", "A paper"), CASE if n else "")
        for n, (name, size) in enumerate(zip(names, sizes, strict=True))
    ]


MEMBERS = members_of(400, 700, 300)


def manifest_of(
    members: Sequence[Member], *, spocs: Sequence[KeyFile] = (SPOC,), sender: KeyFile = SENDER, **change
):
    """Return the manifest of a pack of housing's."""
    whole = Manifest(
        pack=ENVELOPE.pack,
        made=DAY,
        agency=ENVELOPE.agency,
        agency_name="Brackenford Homes",
        sender=SenderPart(
            agency=ENVELOPE.sender, agency_name="Brackenford Council", name="Petra Placeholder", role="MARAC co-ordinator",
            telephone="020 7946 0123", email="marac@brackenford.example", signing_key=sender.public().signing,
        ),
        spocs=tuple(SpocPart(name="Sam Sample", fingerprint=fingerprint(key.public())) for key in spocs),
        meeting=MeetingPart(
            id="2026-12-08-marac", title="MARAC", date=dt.date(2026, 12, 8), time="09:30", place="Room 2",
            chair="Ines Invented, detective inspector",
        ),
        marking="OFFICIAL-SENSITIVE",
        purpose=("To keep people safe.",),
        expected=("Read it.\nBring what you know.",),
        basis=("Crime and Disorder Act 1998, section 115",),
        keep_until=dt.date(2027, 12, 8),
        withheld=(WithheldPart(case=CASE, rule="SHARE-4", label="Need to know", questions=("GP’s name",)),),
        decisions=(
            DecisionPart(rule="SHARE-11", label="Health", by="Ines Invented", role="chair", on=DAY, reason="Ćwiczenie"),
        ),
        members=tuple(member.part for member in members),
    )  # fmt: skip
    return whole.model_copy(update=change)


def signer(key: KeyFile = SENDER):
    """Return what signs for a person."""
    return partial(sshsig.sign, key.signing)


@cache
def good_zip() -> bytes:
    """Return the pack that every fault is put into."""
    return pack.to_bytes(manifest_of(MEMBERS), MEMBERS, signer())


def sealed(
    data: bytes, envelope: Envelope = ENVELOPE, recipients: Sequence[KeyFile] = (SPOC,), label=None
) -> bytes:
    """Return a zip sealed, whatever it is; `label` in place of the envelope's own."""
    keys = [key.public().sealing_key() for key in recipients]
    if label is None:
        return seal(data, envelope, keys)
    out = io.BytesIO()
    age.encrypt(io.BytesIO(data), out, keys, label or None)
    return out.getvalue()


@dataclass(frozen=True)
class File:
    """A file of a zip; what is None is as it should be."""

    name: bytes
    content: bytes
    listed_as: bytes | None = None
    flags: int = 0
    method: int = 0
    packed: bytes | None = None
    length: int | None = None
    crc: int | None = None
    extra: bytes = b""
    mode: int = 0o100600
    at: int | None = None
    remark: bytes = b""


def zipped(
    files: Sequence[File],
    *,
    before: bytes = b"",
    after: bytes = b"",
    remark: bytes = b"",
    count: int | None = None,
    between: bytes = b"",
) -> bytes:
    """Return a zip with whatever is wrong in it (PKWARE APPNOTE 6.3)."""
    body, entries = bytearray(before), bytearray()
    for file in files:
        at = len(body) if file.at is None else file.at
        packed = file.content if file.packed is None else file.packed
        crc = zlib.crc32(file.content) if file.crc is None else file.crc
        length = len(file.content) if file.length is None else file.length
        common = (
            20,
            file.flags,
            file.method,
            0,
            33,
            crc,
            length if file.packed is None else len(packed),
            length,
        )
        listed = file.name if file.listed_as is None else file.listed_as
        if file.at is None:
            body += struct.pack("<4s5H3I2H", b"PK\3\4", *common, len(file.name), len(file.extra))
            body += file.name + file.extra + packed + between
        entries += struct.pack(
            "<4sH5H3I5H2I", b"PK\1\2", 3 << 8 | 20, *common, len(listed), len(file.extra), len(file.remark), 0, 0,
            file.mode << 16, at,
        )  # fmt: skip
        entries += listed + file.extra + file.remark
    number = len(files) if count is None else count
    number = min(number, 0xFFFF)  # as APPNOTE 4.4.1.4 wants it where there are more
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, number, number, len(entries), len(body), len(remark))
    return bytes(body + entries + end + remark + after)


def files_of(data: bytes) -> list[File]:
    """Return the files of a good pack, as parts to put together in another way."""
    return [File(name.encode(), bytes(content)) for name, content in pack.stored_zip.read(data, 9_999)]


def rebuilt(change: Callable[[list[File]], object], **zip_faults) -> bytes:
    """Return the good pack, put together by hand with its list of files changed, and padded anew."""
    files = files_of(good_zip())
    change(files)
    return zipped(files, **zip_faults)


def padded(files: Sequence[File]) -> list[File]:
    """Return files with the right padding at their end."""
    rest = [file for file in files if file.name != b"padding"]
    return [*rest, File(b"padding", bytes(pack._padding([(f.name.decode(), len(f.content)) for f in rest])))]


def with_files(change: Callable[[list[File]], object]) -> bytes:
    """Return the good pack with other files, all else as it should be."""
    files = files_of(good_zip())
    change(files)
    return zipped(padded(files))


def with_first(**change) -> bytes:
    """Return the good pack with its first paper put in otherwise."""
    return rebuilt(lambda files: files.__setitem__(2, replace(files[2], **change)))


def with_manifest(content: bytes, key: KeyFile = SENDER, *, namespace: str = pack.NAMESPACE) -> bytes:
    """Return the good pack with another manifest, rightly signed."""
    signature = sshsig.sign(key.signing, content, namespace).encode()

    def change(files: list[File]) -> None:
        files[:2] = [File(b"manifest.json", content), File(b"manifest.json.sig", signature)]

    return with_files(change)


def with_signature(text: bytes) -> bytes:
    """Return the good pack with another signature."""
    return with_files(lambda files: files.__setitem__(1, File(b"manifest.json.sig", text)))


def manifest_text(**change) -> bytes:
    """Return the good manifest's JSON with parts set, or left out where the value is `...`, laid out as ours is."""
    data = json.loads(manifest_of(MEMBERS).to_bytes())
    for path, value in change.items():
        *way, last = path.split("__")
        inner = data
        for step in way:
            inner = inner[int(step) if step.isdigit() else step]
        if value is ...:
            del inner[last]
        else:
            inner[int(last) if last.isdigit() else last] = value
    # One space a level and raw letters, as pydantic writes it: the layout is not the fault.
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()


def replaced(old: bytes, new: bytes) -> bytes:
    """Return the good pack with a piece of its manifest's JSON in other words."""
    content = manifest_of(MEMBERS).to_bytes()
    assert content.count(old) == 1, old
    return with_manifest(content.replace(old, new))


def listed_as(name: str) -> bytes:
    """Return a pack that lists and holds its first paper under another name."""
    content = manifest_text(members__0__name=name)
    signature = sshsig.sign(SENDER.signing, content, pack.NAMESPACE).encode()

    def change(files: list[File]) -> None:
        files[:3] = [
            File(b"manifest.json", content),
            File(b"manifest.json.sig", signature),
            replace(files[2], name=name.encode(), flags=0 if name.isascii() else 0x800),
        ]

    return with_files(change)


def flipped(data: bytes, at: int) -> bytes:
    """Return bytes with one bit changed."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def payload_at(data: bytes) -> int:
    """Return where in a sealed file the sealed papers begin, their nonce behind."""
    return data.index(b"\n", data.index(b"\n--- ") + 1) + 17


def _sealed_part(data: bytes, *, cut: int) -> bytes:
    start = payload_at(data)
    return data[: start + cut]


def _of_another_pack() -> bytes:
    """Return our header with the sealed papers of another agency's pack."""
    ours, theirs = sealed(good_zip()), sealed(good_zip(), replace(ENVELOPE, agency="probation"), [COLLEAGUE])
    start = payload_at(ours) - 16
    return ours[:start] + theirs[payload_at(theirs) - 16 :]


def _armoured_with_more() -> bytes:
    """Return a signature whose reserved field holds a message: ssh-keygen takes it."""
    content = manifest_of(MEMBERS).to_bytes()
    text = sshsig.sign(SENDER.signing, content, pack.NAMESPACE)
    blob = base64.b64decode("".join(text.splitlines()[1:-1]))
    # "SSHSIG", version, key blob (51 bytes with its length), namespace: then the reserved field's length.
    at = 6 + 4 + 4 + 51 + 4 + len(pack.NAMESPACE)
    assert blob[at : at + 4] == bytes(4)
    body = base64.b64encode(blob[:at] + struct.pack(">I", len(NAME)) + NAME + blob[at + 4 :]).decode()
    lines = [body[n : n + 70] for n in range(0, len(body), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]).encode()


def _many(number: int) -> bytes:
    return zipped([File(b"%d" % n, b"") for n in range(number)])


def _papers(number: int) -> list[dict[str, object]]:
    first = json.loads(manifest_text())["members"][0]
    return [first | {"name": f"paper-{n}.pdf"} for n in range(number)]


def _with_extra(name: bytes, content: bytes = b"x") -> Callable[[], bytes]:
    flags = 0 if name.isascii() else 0x800  # the flag for UTF-8
    return lambda: with_files(lambda files: files.insert(-1, File(name, content, flags=flags)))


def _signature() -> bytes:
    return files_of(good_zip())[1].content


ZIPS: dict[str, tuple[str, Callable[[], bytes]]] = {
    # What is no zip, or not one of ours.
    "nothing at all": ("not-a-pack", lambda: b""),
    "a PDF in place of a pack": ("not-a-pack", lambda: b"%PDF-1.7\n" + bytes(500)),
    "cut off in the first header": ("not-a-pack", lambda: good_zip()[:20]),
    "cut off in a name": ("not-a-pack", lambda: good_zip()[:33]),
    "cut off in the manifest": ("not-a-pack", lambda: good_zip()[:300]),
    "cut off between two files": ("not-a-pack", lambda: good_zip()[: good_zip().index(b"PK\3\4", 4)]),
    "cut off before the directory": ("not-a-pack", lambda: good_zip()[: good_zip().index(b"PK\1\2")]),
    "cut off in the directory": ("not-a-pack", lambda: good_zip()[: good_zip().index(b"PK\1\2") + 50]),
    "cut off before the end record": ("not-a-pack", lambda: good_zip()[:-22]),
    "cut off by one byte": ("not-a-pack", lambda: good_zip()[:-1]),
    "a bit flipped in a paper": ("not-a-pack", lambda: flipped(good_zip(), good_zip().index(b"AAAA"))),
    "bytes before the zip": ("not-a-pack", lambda: b"#!/bin/sh\n" + good_zip()),
    "bytes before the zip, offsets put right": (
        "not-a-pack",
        lambda: rebuilt(lambda _: None, before=b"MZ" + bytes(62)),
    ),
    "bytes after the zip": ("not-a-pack", lambda: good_zip() + NAME),
    "a second zip after the zip": ("not-a-pack", lambda: good_zip() * 2),
    "a remark on the zip": ("not-a-pack", lambda: rebuilt(lambda _: None, remark=NAME)),
    "a remark on a file": ("not-a-pack", lambda: with_first(remark=NAME)),
    "an extra field": ("not-a-pack", lambda: with_first(extra=struct.pack("<2H", 0x7075, len(NAME)) + NAME)),
    "bytes between the files": ("not-a-pack", lambda: rebuilt(lambda _: None, between=NAME)),
    "a claim of a million files": ("not-a-pack", lambda: rebuilt(lambda _: None, count=0xFFFF)),
    "a claim of fewer files": ("not-a-pack", lambda: rebuilt(lambda _: None, count=2)),
    "a hundred thousand files": ("not-a-pack", lambda: _many(100_000)),
    "files without a directory, a million": ("not-a-pack", lambda: zipped([File(b"", b"")])[:30] * 1_000_000),
    "a file that claims four gigabytes": ("not-a-pack", lambda: with_first(length=0xFFFF_FFFF)),
    "a file that claims ten gigabytes by an extra field": (
        "not-a-pack",
        lambda: with_first(length=0xFFFF_FFFF, extra=struct.pack("<2H2Q", 1, 16, 10 << 30, 10 << 30)),
    ),
    "ten gigabytes of zeros, compressed": (
        "not-a-pack",
        lambda: with_first(method=8, packed=zlib.compress(bytes(1 << 20), wbits=-15), length=0xFFFF_FFFF),
    ),
    "a compressed file": (
        "not-a-pack",
        lambda: with_first(method=8, packed=zlib.compress(MEMBERS[0].document.content, wbits=-15)),
    ),
    "a file packed by an unknown method": ("not-a-pack", lambda: with_first(method=99)),
    "a file that says it is encrypted": ("not-a-pack", lambda: with_first(flags=1)),
    "a file whose length comes after it": ("not-a-pack", lambda: with_first(flags=8)),
    "a wrong checksum": ("not-a-pack", lambda: with_first(crc=1)),
    "a symbolic link": ("not-a-pack", lambda: with_first(mode=0o120777)),
    "a device": ("not-a-pack", lambda: with_first(mode=0o060600)),
    "a program": ("not-a-pack", lambda: with_first(mode=0o104755)),
    "two names for one file, header and directory": ("not-a-pack", lambda: with_first(listed_as=NAME)),
    "two files that lie on one another": (
        "not-a-pack",
        lambda: rebuilt(lambda files: files.insert(3, replace(files[2], name=b"two.pdf", at=0))),
    ),
    "a name that is not ASCII": ("not-a-pack", _with_extra("pаper.pdf".encode())),
    # What the manifest does not list.
    "an unlisted file": ("unlisted", _with_extra(NAME + b".pdf")),
    "a file that climbs out of its folder": ("unlisted", _with_extra(b"../../" + NAME)),
    "a file at an absolute path": ("unlisted", _with_extra(b"/etc/" + NAME)),
    "a file at a Windows path": ("unlisted", _with_extra(b"C:\\" + NAME)),
    "a file on a share": ("unlisted", _with_extra(b"\\\\server\\" + NAME)),
    "a folder": ("unlisted", _with_extra(b"folder/", b"")),
    "a file without a name": ("unlisted", _with_extra(b"")),
    "a name with a zero byte": ("unlisted", _with_extra(b"cover-sheet.pdf\0" + NAME)),
    "a name that rewrites the terminal": ("unlisted", _with_extra(b"\x1b]0;" + NAME + b"\x07")),
    "a listed name with a dot behind": ("unlisted", _with_extra(b"cover-sheet.pdf.")),
    "a listed name in capitals besides": ("unlisted", _with_extra(b"COVER-SHEET.PDF")),
    "a second manifest in capitals": ("unlisted", _with_extra(b"MANIFEST.JSON")),
    "a paper under another name": (
        "unlisted",
        lambda: with_files(lambda files: files.__setitem__(2, replace(files[2], name=b"cover-sheet2.pdf"))),
    ),
    "one name twice, all alike": ("double", lambda: with_files(lambda files: files.insert(3, files[2]))),
    "one name twice, other words in the second": (
        "double",
        lambda: with_files(lambda files: files.insert(3, replace(files[2], content=b"other"))),
    ),
    "two manifests": ("unlisted", lambda: with_files(lambda files: files.insert(3, files[0]))),
    "papers in another order": ("double", lambda: with_files(lambda files: files.insert(2, files.pop(3)))),
    "a paper missing": ("missing", lambda: with_files(lambda files: files.pop(3))),
    "all papers missing": ("missing", lambda: with_files(lambda files: files.__delitem__(slice(2, None)))),
    "no padding": ("missing", lambda: rebuilt(lambda files: files.pop())),
    # Papers and padding.
    "another paper of the same size": (
        "digest",
        lambda: with_files(lambda files: files.__setitem__(2, replace(files[2], content=b"B" * 400))),
    ),
    "two papers that changed places": (
        "digest",
        lambda: with_files(
            lambda files: files.__setitem__(
                slice(2, 4), [replace(files[2], content=files[3].content), replace(files[3], content=files[2].content)]
            )
        ),
    ),
    "a longer paper": (
        "digest",
        lambda: with_files(lambda files: files.__setitem__(2, replace(files[2], content=b"A" * 401))),
    ),
    "an empty paper": (
        "digest",
        lambda: with_files(lambda files: files.__setitem__(2, replace(files[2], content=b""))),
    ),
    "a wrong size in the manifest": ("digest", lambda: with_manifest(manifest_text(members__0__size=399))),
    "padding that is a message": (
        "padding",
        lambda: rebuilt(
            lambda files: files.__setitem__(-1, replace(files[-1], content=NAME.ljust(len(files[-1].content), b"\0")))
        ),
    ),
    "more padding than is due": (
        "padding",
        lambda: rebuilt(lambda files: files.__setitem__(-1, replace(files[-1], content=bytes(900_000)))),
    ),
    "less padding than is due": (
        "padding",
        lambda: rebuilt(lambda files: files.__setitem__(-1, replace(files[-1], content=b""))),
    ),
    # The signature.
    "no signature": ("unsigned", lambda: with_files(lambda files: files.pop(1))),
    "no manifest": ("unsigned", lambda: with_files(lambda files: files.pop(0))),
    "no files": ("unsigned", lambda: zipped([])),
    "the manifest not at the head": ("unsigned", lambda: with_files(lambda files: files.insert(0, files.pop(2)))),
    "an empty signature": ("signature", lambda: with_signature(b"")),
    "a signature that is none": ("signature", lambda: with_signature(b"signed: " + NAME)),
    "a signature that is no text": ("signature", lambda: with_signature(b"\xff" * 300)),
    "a signature of garbage": (
        "signature",
        lambda: with_signature(b"-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"),
    ),
    "a signature of twenty megabytes": (
        "signature",
        lambda: with_signature(_signature().replace(b"\n", b"\n" * (20 << 20), 1)),
    ),
    "a signature with a message behind": ("signature", lambda: with_signature(_signature() + b"\n" * 9)),
    "a signature with other line ends": (
        "signature",
        lambda: with_signature(_signature().replace(b"\n", b"\r\n")),
    ),
    "a signature with a message inside": ("signature", lambda: with_signature(_armoured_with_more())),
    "a signature of another message": (
        "signature",
        lambda: with_signature(signer()(b"another", pack.NAMESPACE).encode()),
    ),
    "a manifest changed after it was signed": (
        "signature",
        lambda: with_files(
            lambda files: files.__setitem__(
                0, replace(files[0], content=files[0].content.replace(b"2027-12-08", b"2097-12-08"))
            )
        ),
    ),
    "a signature made for another purpose": (
        "signature",
        lambda: with_manifest(manifest_of(MEMBERS).to_bytes(), namespace="file"),
    ),
    "signed by a stranger": (
        "sender-unknown",
        lambda: with_manifest(manifest_of(MEMBERS, sender=OTHER_SENDER).to_bytes(), OTHER_SENDER),
    ),
    "signed by a stranger in the sender's name": (
        "sender-unknown",
        lambda: with_manifest(manifest_of(MEMBERS).to_bytes(), OTHER_SENDER),
    ),
    "signed with the key of a sender that was revoked": (
        "sender-revoked",
        lambda: with_manifest(manifest_of(MEMBERS, sender=FORMER_SENDER).to_bytes(), FORMER_SENDER),
    ),
    "signed with a revoked key in the sender's name": (
        "sender-revoked",
        lambda: with_manifest(manifest_of(MEMBERS).to_bytes(), FORMER_SENDER),
    ),
    "a stranger's manifest that is none": ("sender-unknown", lambda: with_manifest(b"[" * 100_000, OTHER_SENDER)),
    "signed by the sender in a stranger's name": (
        "signature",
        lambda: with_manifest(manifest_of(MEMBERS, sender=OTHER_SENDER).to_bytes()),
    ),
    "a sender's key that is no key": (
        "signature",
        lambda: with_manifest(manifest_text(sender__signing_key="ssh-ed25519 AAAA")),
    ),
    # The manifest, rightly signed.
    "a manifest of twenty megabytes": ("manifest", lambda: with_manifest(b"[" + b"[]," * (7 << 20) + b"[]]\n")),
    "a manifest that is not JSON": ("manifest", lambda: with_manifest(b"pack = " + NAME)),
    "an empty manifest": ("manifest", lambda: with_manifest(b"")),
    "a manifest that is not UTF-8": ("manifest", lambda: replaced("Ćwiczenie".encode(), b"\xc3\x28")),
    "a manifest in UTF-16": (
        "manifest",
        lambda: with_manifest(manifest_of(MEMBERS).to_bytes().decode().encode("utf-16")),
    ),
    "a manifest with a byte order mark": (
        "manifest",
        lambda: with_manifest(b"\xef\xbb\xbf" + manifest_of(MEMBERS).to_bytes()),
    ),
    "a manifest cut off": ("manifest", lambda: with_manifest(manifest_of(MEMBERS).to_bytes()[:-9])),
    "a manifest with a remark behind": (
        "manifest",
        lambda: with_manifest(manifest_of(MEMBERS).to_bytes() + b"\n" + NAME),
    ),
    "a manifest with spaces behind": (
        "manifest",
        lambda: with_manifest(manifest_of(MEMBERS).to_bytes() + b" \t "),
    ),
    "a manifest that is a list": ("manifest", lambda: with_manifest(b"[]\n")),
    "a manifest a hundred thousand lists deep": (
        "manifest",
        lambda: with_manifest(b"[" * 100_000 + b"]" * 100_000),
    ),
    "a part a hundred thousand deep": (
        "manifest",
        lambda: replaced(b'"MARAC"', b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    ),
    "a manifest of a newer format": (
        "manifest",
        lambda: with_manifest(manifest_text(format="sealpack-manifest-2")),
    ),
    "a manifest with a part more": ("manifest", lambda: with_manifest(manifest_text(note="x"))),
    "a paper with a part more": ("manifest", lambda: with_manifest(manifest_text(members__0__note="x"))),
    "a manifest with a part less": ("manifest", lambda: with_manifest(manifest_text(keep_until=...))),
    "a part that stands twice": (
        "manifest",
        lambda: replaced(b' "agency": "housing",', b' "agency": "probation",\n "agency": "housing",'),
    ),
    "parts in another order": (
        "manifest",
        lambda: with_manifest(
            (json.dumps(dict(reversed(json.loads(manifest_text()).items())), indent=1, ensure_ascii=False) + "\n").encode()
        ),
    ),
    "a letter written as its number": ("manifest", lambda: replaced(b'"MARAC"', b'"M\\u0041RAC"')),
    "half a letter": ("manifest", lambda: replaced(b'"MARAC"', b'"\\ud800"')),
    "a size below nothing": ("manifest", lambda: with_manifest(manifest_text(members__0__size=-1))),
    "a size that is not a number": ("manifest", lambda: replaced(b'"size": 400', b'"size": NaN')),
    "a size without end": ("manifest", lambda: replaced(b'"size": 400', b'"size": Infinity')),
    "a size with an exponent": ("manifest", lambda: replaced(b'"size": 400', b'"size": 4e2')),
    "a size out of all proportion": ("manifest", lambda: replaced(b'"size": 400', b'"size": 1e400')),
    "a size of a hundred thousand digits": (
        "manifest",
        lambda: replaced(b'"size": 400', b'"size": ' + b"9" * 100_000),
    ),
    "a size with a fraction": ("manifest", lambda: replaced(b'"size": 400', b'"size": 400.0')),
    "a size in quotes": ("manifest", lambda: replaced(b'"size": 400', b'"size": "400"')),
    "yes for true": ("manifest", lambda: with_manifest(manifest_text(meeting__emergency="yes"))),
    "a number for a date": ("manifest", lambda: with_manifest(manifest_text(keep_until=1_828_224_000))),
    "a date that is none": ("manifest", lambda: with_manifest(manifest_text(keep_until="2027-02-30"))),
    "a time with a date": ("manifest", lambda: with_manifest(manifest_text(keep_until="2027-12-08T00:00:00"))),
    "a control character in a name": (
        "manifest",
        lambda: with_manifest(manifest_text(sender__name="Petra\x1b[2K")),
    ),
    "a text without end": ("manifest", lambda: with_manifest(manifest_text(agency_name="x" * 4_001))),
    "a hundred thousand wrong lines": ("manifest", lambda: with_manifest(manifest_text(purpose=[1] * 100_000))),
    "half a million wrong lines": (
        "manifest",
        lambda: replaced(b'"To keep people safe."', b",".join([b"1"] * 500_000)),
    ),
    "a third of a million empty lists": (
        "manifest",
        lambda: replaced(b'"To keep people safe."', b",".join([b"[]"] * 330_000)),
    ),
    "a third of a million empty parts": ("manifest", lambda: replaced(b'"OFFICIAL-SENSITIVE",\n "purpose"', b"[" + b",".join(
        [b"{}"] * 330_000) + b'],\n "purpose"')),
    "very many unknown parts": (
        "manifest",
        lambda: replaced(b' "made":', b"".join(b' "%d":1,' % n for n in range(70_000)) + b' "made":'),
    ),
    "no named contact": ("manifest", lambda: with_manifest(manifest_text(spocs=[]))),
    "more papers listed than any pack holds": (
        "manifest",
        lambda: with_manifest(manifest_text(members=_papers(5_001))),
    ),
    "a paper listed twice": (
        "manifest",
        lambda: with_manifest(manifest_text(members=json.loads(manifest_text())["members"] * 2)),
    ),
    "two papers that differ in capitals": (
        "manifest",
        lambda: with_manifest(manifest_text(members__1__name="COVER-sheet.pdf")),
    ),
    "an agency that is a path": ("manifest", lambda: with_manifest(manifest_text(agency="../housing"))),
    "a pack number that is a path": ("manifest", lambda: with_manifest(manifest_text(pack="/tmp/pack"))),
    **{
        f"a paper listed as {name!r}": ("manifest", partial(listed_as, name))
        for name in (
            "../cover.pdf", "a/../../cover.pdf", "/cover.pdf", "a//cover.pdf", "./cover.pdf", "a/b/cover.pdf", "cover",
            "C:cover.pdf", "C:\\cover.pdf", "a\\cover.pdf", "con.pdf", "NUL.txt", "a/Com1.docx", "lpt0.pdf", "aux/cover.pdf",
            "cover.pdf.", "cover.pdf ", " cover.pdf", ".cover.pdf", "cover.pdf\n", "cover.exe", "cover.pdf.exe", "cover.PDF",
            "cover.pdf:x.pdf", "~root.pdf", "-rf.pdf", "$HOME.pdf", "%TEMP%.pdf", "padding", "manifest.json", "",
            f"{'x' * 61}.pdf", "cover\x00.pdf",
        )
    },
}  # fmt: skip
"""Fault → code, and the zip; each goes into a sealed file that is as it should be."""

CONFUSABLE = ("cоver.pdf", "cover․pdf", "cover‮fdp.txt", "ＣＯＮ.pdf", "cover.pdf\u200b", "é.pdf", "１.pdf")  # noqa: PLE2502
"""Names that look like others."""
ZIPS |= {f"a paper listed as {name!a}": ("not-a-pack", partial(listed_as, name)) for name in CONFUSABLE}
ZIPS |= {
    f"a paper listed as {name!a} and held as another": (
        "manifest",
        lambda name=name: with_manifest(manifest_text(members__0__name=name)),
    )
    for name in CONFUSABLE
}

SEALED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "an empty file": ("HeaderError", lambda: b""),
    "a zip that was never sealed": ("HeaderError", good_zip),
    "cut off in the first line": ("HeaderError", lambda: sealed(good_zip())[:10]),
    "cut off in the envelope": ("HeaderError", lambda: sealed(good_zip())[:40]),
    "cut off in a stanza": ("HeaderError", lambda: sealed(good_zip())[:900]),
    "cut off right after the header": ("HeaderError", lambda: _sealed_part(sealed(good_zip()), cut=-16)),
    "cut off in the nonce": ("HeaderError", lambda: _sealed_part(sealed(good_zip()), cut=-3)),
    "cut off before the papers": ("PayloadError", lambda: _sealed_part(sealed(good_zip()), cut=0)),
    "cut off in the papers": ("PayloadError", lambda: _sealed_part(sealed(good_zip()), cut=500)),
    "cut off by one byte": ("PayloadError", lambda: sealed(good_zip())[:-1]),
    "bytes behind": ("PayloadError", lambda: sealed(good_zip()) + b"\n"),
    "a bit flipped in the nonce": (
        "PayloadError",
        lambda: flipped(sealed(good_zip()), payload_at(sealed(good_zip())) - 8),
    ),
    "a bit flipped in the papers": ("PayloadError", lambda: flipped(sealed(good_zip()), -500)),
    "a bit flipped at the very end": ("PayloadError", lambda: flipped(sealed(good_zip()), -2)),
    "another agency on the envelope": (
        "HmacError",
        lambda: sealed(good_zip()).replace(b" housing ", b" probation ", 1),
    ),
    "no envelope any more": (
        "HmacError",
        lambda: sealed(good_zip()).replace(
            b"-> sealpack-v1 P-7F3K-2M9Q housing brackenford-council\n\n", b"", 1
        ),
    ),
    "a stanza put in afterwards": (
        "HmacError",
        lambda: sealed(good_zip()).replace(b"/v1\n", b"/v1\n-> note x\n\n", 1),
    ),
    "the papers of another pack": ("PayloadError", _of_another_pack),
    "sealed for somebody else": ("NoMatchError", lambda: sealed(good_zip(), recipients=[COLLEAGUE])),
    "sealed for a classic key": ("NoMatchError", lambda: sealed(good_zip(), recipients=[CLASSIC_SPOC])),
    "sealed again for another agency": (
        "other-envelope",
        lambda: sealed(good_zip(), replace(ENVELOPE, agency="probation")),
    ),
    "sealed again under another number": (
        "other-envelope",
        lambda: sealed(good_zip(), replace(ENVELOPE, pack="P-2222-2222")),
    ),
    "sealed again by another sender": (
        "other-envelope",
        lambda: sealed(good_zip(), replace(ENVELOPE, sender="northmoor-council")),
    ),
    "sealed without an envelope": ("other-envelope", lambda: sealed(good_zip(), label=False)),
    "an envelope with a part less": (
        "other-envelope",
        lambda: sealed(good_zip(), label=age.Stanza("sealpack-v1", ("P-7F3K-2M9Q", "housing"))),
    ),
    "an envelope with a message inside": (
        "other-envelope",
        lambda: sealed(good_zip(), label=age.Stanza("sealpack-v1", ENVELOPE.stanza.args, NAME)),
    ),
    "an envelope of a newer kind": (
        "other-envelope",
        lambda: sealed(good_zip(), label=age.Stanza("sealpack-v2", ENVELOPE.stanza.args)),
    ),
    "an envelope that is a path": (
        "other-envelope",
        lambda: sealed(
            good_zip(), label=age.Stanza("sealpack-v1", ("../../x", "housing", "brackenford-council"))
        ),
    ),
    "a manifest for another agency": (
        "other-envelope",
        lambda: sealed(with_manifest(manifest_of(MEMBERS, agency="probation").to_bytes())),
    ),
    "a manifest for another named contact": (
        "for-someone-else",
        lambda: sealed(with_manifest(manifest_of(MEMBERS, spocs=[COLLEAGUE]).to_bytes())),
    ),
    "too large": ("too-large", lambda: sealed(bytes(pack.LARGEST_PACK + 1))),
    "far too large": ("too-large", lambda: bytes(80 << 20)),
}
"""Fault → code or kind of AgeError, and the sealed file."""
