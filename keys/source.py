"""Reads a binary stream by lines, then by amounts, with a bounded buffer."""

from typing import Protocol

_BLOCK = 1 << 16


class Reader(Protocol):
    """What is read from: any binary file object."""

    def read(self, size: int = ..., /) -> bytes:
        """Give up to `size` bytes, none at the end."""


class Writer(Protocol):
    """What is written to: any binary file object."""

    def write(self, data: bytes, /) -> object:
        """Take all of the bytes."""


class Source:
    """Read a stream that has a header of lines before its bytes."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._buffer = b""
        self._at = 0

    def peek(self, size: int) -> bytes:
        """Show up to `size` bytes without using them up; fewer only at the end."""
        while len(self._buffer) - self._at < size and self._fill():
            pass
        return self._buffer[self._at : self._at + size]

    def line(self, limit: int) -> bytes:
        r"""Give the next line with its `\n`; without one at the end of the stream or after `limit` bytes."""
        while (end := self._buffer.find(b"\n", self._at, self._at + limit)) < 0:
            if len(self._buffer) - self._at >= limit or not self._fill():
                end = self._at + limit - 1
                break
        line = self._buffer[self._at : end + 1]
        self._at += len(line)
        return line

    def read(self, size: int, /) -> bytes:
        """Give exactly `size` bytes; fewer only at the end of the stream."""
        pieces = [self._buffer[self._at : self._at + size]]
        self._at += len(pieces[0])
        missing = size - len(pieces[0])
        while missing and (piece := self._reader.read(missing)):
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces) if len(pieces) > 1 else pieces[0]

    def _fill(self) -> bool:
        more = self._reader.read(_BLOCK)
        self._buffer = self._buffer[self._at :] + more
        self._at = 0
        return bool(more)
