"""The text form of a sealed file, writer and reader side by side (C2SP age.md, "ASCII armor"; RFC 7468, figure 3)."""

import base64
import binascii

from keys.errors import ArmorError
from keys.source import Source, Writer

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
_END = b"-----END AGE ENCRYPTED FILE-----"
_COLUMNS = 64
_BYTES_A_LINE = 48
# White space that is forgiven before and after the block, as the reference implementation does.
_FORGIVEN = 1024
_LINE_LIMIT = 200
_HINT = "Ask for the file itself as an attachment, or copy it again from its first dash to its last."


class ArmorWriter:
    """Write the text form to a writer; `close()` writes the end and leaves the writer open."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._rest = b""
        writer.write(BEGIN + b"\n")

    def write(self, data: bytes) -> None:
        """Take bytes of the sealed file."""
        data = self._rest + data
        whole = len(data) // _BYTES_A_LINE * _BYTES_A_LINE
        self._rest = data[whole:]
        self._lines(data[:whole])

    def close(self) -> None:
        """Write what is left and the closing line."""
        self._lines(self._rest)
        self._writer.write(_END + b"\n")

    def _lines(self, data: bytes) -> None:
        text = base64.b64encode(data)
        self._writer.write(b"".join(text[at : at + _COLUMNS] + b"\n" for at in range(0, len(text), _COLUMNS)))


class ArmorReader:
    """Give the bytes inside a text form, refusing every spelling but the canonical one.

    Line ends may be LF or CRLF, and white space may stand before and after the block.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._ready = bytearray()
        self._ended = False
        self._find_begin()

    def read(self, size: int = -1, /) -> bytes:
        """Give up to `size` bytes, none at the end.

        Raises:
            ArmorError: As soon as the text is not as it should be.
        """
        while not self._ended and (size < 0 or len(self._ready) < size):
            self._decode_line()
        size = len(self._ready) if size < 0 else size
        data = bytes(self._ready[:size])
        del self._ready[:size]
        return data

    def _find_begin(self) -> None:
        room = _FORGIVEN
        while not (line := self._line()).strip():
            room -= len(line) + 1
            if room < 0 or not self._source.peek(1):
                raise ArmorError("The sealed text does not begin as it should.", _HINT)
        if line != BEGIN:
            raise ArmorError("Something stands before the sealed text, or its first line was altered.", _HINT)

    def _line(self) -> bytes:
        return self._source.line(_LINE_LIMIT).removesuffix(b"\n").removesuffix(b"\r")

    def _decode_line(self) -> None:
        line = self._line()
        if line == _END:
            self._finish()
            return
        if not 0 < len(line) <= _COLUMNS:
            raise ArmorError("A line of the sealed text is too long or empty, or the text is cut off.", _HINT)
        try:
            data = base64.b64decode(line, validate=True)
        except (binascii.Error, ValueError):
            data = b""
        if base64.b64encode(data) != line:
            raise ArmorError("A line of the sealed text was altered.", _HINT)
        self._ready += data
        if len(data) < _BYTES_A_LINE:
            if self._line() != _END:
                raise ArmorError("The sealed text does not end as it should.", _HINT)
            self._finish()

    def _finish(self) -> None:
        rest = self._source.read(_FORGIVEN)
        if rest.strip() or len(rest) == _FORGIVEN:
            raise ArmorError("Something stands after the sealed text.", _HINT)
        self._ended = True
