"""Text to lines of glyphs, broken to a width."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.pdf import fonts
from pipeline.pdf.shaping import (
    CannotDraw,
    Glyph,
    Place,
    Stretch,
    base_direction,
    clean,
    clusters,
    shape,
    stretches,
    visual_runs,
)

__all__ = ["CannotDraw", "Line", "Place", "Setter"]

# Letters that need no space to break a line before them: kana and Chinese characters.
_IDEOGRAPH = "\u2e80-\u2fff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(f"[^ {_IDEOGRAPH}]+|[{_IDEOGRAPH}][、。，．」』）〕！？ー々]*")
_BREAK_AFTER = frozenset("/-_.@?&=,;:")


@dataclass(frozen=True, slots=True)
class Line:
    """A line ready to draw: PDF text operators that show it from the left, and its width in points."""

    operators: str
    width: float
    right: bool = False


class Setter:
    """Sets text for one file, and remembers which glyphs the file needs."""

    def __init__(self) -> None:
        self.uses: dict[str, fonts.FontUse] = {}
        self._widths: dict[tuple[str, str], float] = {}

    def lines(self, text: str, file: str, size: float, width: float, place: Place) -> list[Line]:
        """Break ``text`` to lines no wider than ``width`` points at ``size`` points; line breaks in it are kept.

        Args:
            text: what is to be read; spaces in a row count as one.
            file: the font asked first.
            size: in points.
            width: in points.
            place: named if a character cannot be drawn.

        Raises:
            CannotDraw: no font here has a character, or it is a control or private character.
        """
        base = fonts.face(file)
        room = width * 1000 / size
        text = clean(text, place)
        found: list[Line] = []
        for paragraph in text.split("\n"):
            right = base_direction(paragraph)
            rows = list(self._wrap(paragraph, base, room, place))
            lines = [self._compose(row, base, size, right, place) for row in rows] or [Line("", 0)]
            if right and len(lines) > 1:
                lines = [Line(line.operators, line.width, right=True) for line in lines]
            found += lines
        return found

    def line(self, text: str, file: str, size: float, place: Place) -> Line:
        """Set ``text`` as one line, however wide."""
        text = clean(text, place).replace("\n", " ")
        return self._compose(text, fonts.face(file), size, base_direction(text), place)

    def _use(self, face: fonts.Face) -> fonts.FontUse:
        use = self.uses.get(face.name)
        if use is None:
            use = self.uses[face.name] = fonts.FontUse(face, f"F{len(self.uses) + 1}")
        return use

    def _width(self, token: str, base: fonts.Face, place: Place) -> float:
        key = (base.name, token)
        width = self._widths.get(key)
        if width is None:
            try:
                width = sum(map(base.plain.__getitem__, token))
            except KeyError:
                width = sum(
                    info[1]
                    for part in stretches(token, base, place)
                    for info in shape(token, part, False, place)
                )
            self._widths[key] = width
        return width

    def _wrap(self, paragraph: str, base: fonts.Face, room: float, place: Place) -> Iterator[str]:
        space = base.plain[" "]
        row, used = "", 0.0
        at = 0
        for match in _TOKEN.finditer(paragraph):
            token = match.group()
            gap = " " if match.start() > at else ""
            at = match.end()
            width = self._width(token, base, place)
            if row and used + (space if gap else 0) + width > room:
                yield row
                row, used, gap = "", 0.0, ""
            elif not row:
                gap = ""
            while width > room:
                head = self._head(token, base, room, place)
                yield head
                token = token[len(head) :]
                width -= self._width(head, base, place)
            row += gap + token
            used += (space if gap else 0) + width
        if row:
            yield row

    def _head(self, token: str, base: fonts.Face, room: float, place: Place) -> str:
        """Give as much of an overlong word as fits, ending after a slash, dot or the like where there is one."""
        used, end, good = 0.0, 0, 0
        for cluster in clusters(token):
            used += self._width(cluster, base, place)
            if used > room and end:
                break
            end += len(cluster)
            if cluster in _BREAK_AFTER:
                good = end
        return token[: good if good > end // 2 else end]

    def _compose(self, row: str, base: fonts.Face, size: float, right: bool, place: Place) -> Line:
        if not row:
            return Line("", 0)
        try:
            width = sum(map(base.plain.__getitem__, row))
        except KeyError:
            return self._compose_shaped(row, base, size, right, place)
        use = self._use(base)
        shown = f"/{use.name} {size:g} Tf <{''.join(map(use.codes.__getitem__, row))}> Tj"
        return Line(shown, width * size / 1000)

    def _compose_shaped(self, row: str, base: fonts.Face, size: float, right: bool, place: Place) -> Line:
        shown: list[str] = []
        total = 0.0
        faces = stretches(row, base, place)
        for start, end, backwards in visual_runs(row, right):
            parts = [
                Stretch(part.face, max(part.start, start), min(part.end, end))
                for part in faces
                if part.start < end and part.end > start
            ]
            for part in reversed(parts) if backwards else parts:
                use = self._use(part.face)
                shown.append(f"/{use.name} {size:g} Tf")
                for text, advance, glyphs in shape(row, part, backwards, place):
                    total += advance
                    shown.append(_cluster(use, text, glyphs, size))
        return Line(" ".join(shown), total * size / 1000)


def _cluster(use: fonts.FontUse, text: str, glyphs: list[Glyph], size: float) -> str:
    """Give the operators for one cluster; more glyphs than one bear their text together (ISO 32000-1, 14.9.4)."""
    shown = []
    for number, own, advance, dx, dy in glyphs:
        code = use.code(number, text if len(glyphs) == 1 else "")
        piece = f"[{-dx:.4g} <{code}> {own - advance + dx:.4g}] TJ"
        shown.append(f"{dy * size / 1000:.4g} Ts {piece} 0 Ts" if dy else piece)
    if len(glyphs) > 1:
        return f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex()}>>> BDC {' '.join(shown)} EMC"
    return " ".join(shown)
