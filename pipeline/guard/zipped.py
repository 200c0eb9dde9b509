"""The packaging of a workbook: its members, checked before and while they are inflated.

The format is PKWARE's APPNOTE 6.3; what a workbook may use of it is ISO/IEC 29500-2, annex B. The directory is
read by `zipfile`, since that is what the reader after the guard uses: both see the same members.
"""

import struct
import zlib
from io import BytesIO
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from pipeline.guard.words import Unfit

MAX_MEMBERS = 1_000
MAX_PART = 20_000_000
MAX_INFLATED = 40_000_000
"""Bytes. Hard limits instead of a ratio: a form with many empty styled cells packs a hundredfold, honestly."""

_ENTRY = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s2xHH16xHH")  # APPNOTE 4.3.7: signature, flags, method, lengths of name and extra
_STORED, _DEFLATED = 0, 8
_LOCKED = 0x0001 | 0x0040 | 0x2000  # APPNOTE 4.4.4: encrypted, strongly encrypted, directory masked


class Member(NamedTuple):
    """One part of the package, as the directory tells of it; `start` and `end` bound its packed bytes."""

    name: str
    start: int
    end: int
    size: int
    method: int
    crc: int


def directory(data: bytes) -> list[ZipInfo]:
    """Return what the zip's directory lists, in its order, without inflating anything.

    Raises:
        Unfit: it is damaged, or lists more than MAX_MEMBERS.
    """
    # Counted first: a directory of a million entries is slow even to read.
    if data.count(_ENTRY) > MAX_MEMBERS:
        raise Unfit("too-many-parts", most=MAX_MEMBERS)
    try:
        with ZipFile(BytesIO(data)) as archive:
            return archive.infolist()
    except (BadZipFile, NotImplementedError, OSError, ValueError, OverflowError, struct.error):
        raise Unfit("file-damaged") from None


def members(data: bytes, entries: list[ZipInfo]) -> list[Member]:
    """Return the parts that `entries` list, in their order in the file; folders are left out.

    Raises:
        Unfit: a part is locked, oddly named or packed, too big, listed twice or otherwise than it stands, or
            lies over another.
    """
    if sum(entry.file_size for entry in entries) > MAX_INFLATED:
        raise Unfit("zip-bomb")
    found: list[Member] = []
    names: set[str] = set()
    free_from = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        _check_entry(entry, names)
        names.add(entry.filename.casefold())
        start = _start(data, entry)
        end = start + entry.compress_size
        if entry.header_offset < free_from:
            raise Unfit("zip-overlap")
        if end > len(data):
            raise Unfit("file-damaged")
        free_from = end
        if not entry.is_dir():
            found.append(Member(entry.filename, start, end, entry.file_size, entry.compress_type, entry.CRC))
    return found


def _check_entry(entry: ZipInfo, names: set[str]) -> None:
    name = entry.orig_filename
    # zipfile has another idea of the name where it holds a NUL or a second name stands in the extra field.
    if (
        name != entry.filename
        or name.startswith("/")
        or not name.isprintable()
        or set(name) & set("\\:")
        or ".." in name.split("/")
    ):
        raise Unfit("zip-path")
    if name.casefold() in names:  # ISO/IEC 29500-2, 6.2.2.3: names differ by more than case
        raise Unfit("zip-double")
    if entry.flag_bits & _LOCKED:
        raise Unfit("zip-locked")
    if entry.compress_type not in (_STORED, _DEFLATED):
        raise Unfit("zip-method")
    if entry.file_size > MAX_PART:
        raise Unfit("zip-bomb")


def _start(data: bytes, entry: ZipInfo) -> int:
    """Return where the packed bytes begin, once the local header agrees with the directory."""
    body = entry.header_offset + _LOCAL.size
    if entry.header_offset < 0 or body > len(data):
        raise Unfit("file-damaged")
    signature, flags, method, name_length, extra_length = _LOCAL.unpack_from(data, entry.header_offset)
    if signature != b"PK\x03\x04":
        raise Unfit("file-damaged")
    raw = data[body : body + name_length]
    name = raw.decode("utf-8" if flags & 0x800 else "cp437", "replace")
    if name != entry.orig_filename or method != entry.compress_type or flags & _LOCKED:
        raise Unfit("zip-mismatch")
    return int(body + name_length + extra_length)


def inflate(data: bytes, member: Member) -> bytes:
    """Return the part's bytes, never more of them than the directory promised.

    Raises:
        Unfit: it holds more than promised, less, or something else.
    """
    packed = data[member.start : member.end]
    if member.method == _STORED:
        plain, whole = packed, True
    else:
        engine = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            plain = engine.decompress(packed, member.size + 1)
        except zlib.error:
            raise Unfit("file-damaged") from None
        whole = engine.eof
    if len(plain) > member.size:
        raise Unfit("zip-bomb")
    if not whole or len(plain) < member.size or zlib.crc32(plain) != member.crc:
        raise Unfit("file-damaged")
    return plain
