"""A zip file written member by member, so that a packed member can be copied into many files as it is.

The format is PKWARE's APPNOTE 6.3. Times are the first that a zip can tell: equal members give equal bytes.
"""

import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple


class Member(NamedTuple):
    """A member of a zip file, packed and ready to be copied."""

    name: bytes
    packed: bytes
    facts: bytes


_FACTS = struct.Struct("<HHHHHIIIHH")  # APPNOTE 4.3.7: version, flags, method, time, date, CRC, sizes, lengths
_ENTRY = struct.Struct("<4sH")
_REST = struct.Struct("<HHHII")
_END = struct.Struct("<4sHHHHIIH")
_FIRST_DAY = 0x21  # 1 January 1980, the first day that a zip can tell


def pack(name: str, content: bytes) -> Member:
    """Pack a member; equal input gives equal bytes."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflate.compress(content) + deflate.flush()
    encoded = name.encode("ascii")
    facts = _FACTS.pack(
        20, 0, 8, 0, _FIRST_DAY, zlib.crc32(content), len(packed), len(content), len(encoded), 0
    )
    return Member(encoded, packed, facts)


def write(packed: Iterable[Member]) -> bytes:
    """Return a zip file of these members."""
    pieces: list[bytes] = []
    entries: list[bytes] = []
    at = 0
    for one in packed:
        head = b"PK\x03\x04" + one.facts + one.name
        pieces += (head, one.packed)
        entries += (_ENTRY.pack(b"PK\x01\x02", 20), one.facts, _REST.pack(0, 0, 0, 0, at), one.name)
        at += len(head) + len(one.packed)
    listed = b"".join(entries)
    count = len(entries) // 4
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), at, 0)
    return b"".join((*pieces, listed, end))
