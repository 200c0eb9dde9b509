"""A zip of one layout: files stored as they are, one behind the other, without times, owners or remarks.

Any program opens what `write` makes (PKWARE APPNOTE 6.3). `read` takes nothing else, to the byte: where a zip can be
read in two ways, or has room between its files, somebody could send what the signature does not cover.
"""

import struct
import zlib
from collections.abc import Iterable, Sequence

_LOCAL = struct.Struct("<4s5H3I2H")  # APPNOTE 4.3.7
_ENTRY = struct.Struct("<4s6H3I5H2I")  # 4.3.12
_END = struct.Struct("<4s4H2IH")  # 4.3.16
_VERSION, _UNIX = 20, 3 << 8
_PLAIN_FILE = 0o100600 << 16
_EPOCH = (0, 1 << 5 | 1)  # time and date: 1 January 1980, midnight


def size(files: Iterable[tuple[str, int]]) -> int:
    """Return the size of a zip in bytes, given names and sizes of its files."""
    return _END.size + sum(_LOCAL.size + _ENTRY.size + 2 * len(name) + length for name, length in files)


def write(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Return a zip of files, name and content, in their order: the same bytes for the same input.

    Raises:
        UnicodeEncodeError, struct.error: a name is not ASCII, or it is more than a zip without extensions can hold.
    """
    return b"".join(part for name, content in files for part in (_local(name, content), content)) + _directory(
        files
    )


def read(data: bytes, most: int) -> list[tuple[str, memoryview]]:
    """Return names and contents of a zip that `write` made, in their order.

    Args:
        data: the zip.
        most: how many files there may be.

    Raises:
        ValueError: it is anything else, or holds more files.
    """
    whole, at = memoryview(data), 0
    files: list[tuple[str, memoryview]] = []
    while data.startswith(b"PK\x03\x04", at):
        if len(files) == most or at + _LOCAL.size > len(data):
            raise ValueError("more files than there may be, or cut off")
        length, name_length = _LOCAL.unpack_from(data, at)[8:10]
        start = at + _LOCAL.size + name_length
        name = data[at + _LOCAL.size : start].decode("ascii")
        content = whole[start : start + length]
        if data[at:start] != _local(name, content):
            raise ValueError("a file stands otherwise than it is written")
        files.append((name, content))
        at = start + length
    if whole[at:] != _directory(files):
        raise ValueError("the directory stands otherwise than it is written")
    return files


def _local(name: str, content: bytes | memoryview) -> bytes:
    return _LOCAL.pack(b"PK\x03\x04", _VERSION, *_common(name, content)) + name.encode("ascii")


def _directory(files: Sequence[tuple[str, bytes | memoryview]]) -> bytes:
    entries, at = [], 0
    for name, content in files:
        head = _ENTRY.pack(
            b"PK\x01\x02", _UNIX | _VERSION, _VERSION, *_common(name, content), 0, 0, 0, _PLAIN_FILE, at
        )
        entries.append(head + name.encode("ascii"))
        at += _LOCAL.size + len(name) + len(content)
    listed = b"".join(entries)
    return listed + _END.pack(b"PK\x05\x06", 0, 0, len(files), len(files), len(listed), at, 0)


def _common(name: str, content: bytes | memoryview) -> tuple[int, ...]:
    """Return what local header and directory say alike: no flags, stored, epoch, CRC, sizes, lengths."""
    return 0, 0, *_EPOCH, zlib.crc32(content), len(content), len(content), len(name), 0
