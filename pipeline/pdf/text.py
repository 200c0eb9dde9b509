"""Text to lines of glyphs: the letters checked, faces chosen, joined and ordered as the script wants, broken to a width.

Sources: Unicode UAX #9 (order of right-to-left text, by python-bidi), UAX #15 (NFC), HarfBuzz for joining.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import uharfbuzz as hb
from bidi import algorithm as bidi

from pipeline.pdf import fonts

# Letters that need no space to break a line before them: kana and Chinese characters.
_IDEOGRAPH = "\u2e80-\u2fff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(f"[^ {_IDEOGRAPH}]+|[{_IDEOGRAPH}][、。，．」』）〕！？ー々]*")
# Format characters that bear on joining or order, and are not drawn; any other is refused.
_JOINERS = frozenset("\u200c\u200d")
_INVISIBLE = frozenset("\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2067\u2068\u2069\ufeff")
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_BREAK_AFTER = frozenset("/-_.@?&=,;:")
_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))


class CannotDraw(Exception):  # noqa: N818 - reads as what happened
    """A character that cannot be drawn right; names the field, never the answer.

    Args:
        where: the field's path, such as ``victim.name``.
        label: the question in words.
        reason: what kind of character it is.
    """

    def __init__(self, where: str, label: str, reason: str = "a character that no font here has") -> None:
        self.where, self.label, self.reason = where, label, reason
        named = f"{label} ({where})" if where else label
        super().__init__(
            f"{named} holds {reason}: write it another way, or ask whoever wrote it how it is spelt"
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text comes from, for the one error that can arise from it."""

    where: str
    label: str

    def refuse(self, reason: str = "a character that no font here has") -> CannotDraw:
        """Give the error that names this place."""
        return CannotDraw(self.where, self.label, reason)


@dataclass(frozen=True, slots=True)
class Line:
    """A line ready to draw: PDF text operators that show it from the left, and its width in points."""

    operators: str
    width: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class _Stretch:
    face: fonts.Face
    start: int
    end: int


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
            right = _base_direction(paragraph)
            rows = list(self._wrap(paragraph, base, room, place))
            lines = [self._compose(row, base, size, right, place) for row in rows] or [Line("", 0)]
            if right and len(lines) > 1:
                lines = [Line(line.operators, line.width, right=True) for line in lines]
            found += lines
        return found

    def line(self, text: str, file: str, size: float, place: Place) -> Line:
        """Set ``text`` as one line, however wide."""
        text = clean(text, place).replace("\n", " ")
        return self._compose(text, fonts.face(file), size, _base_direction(text), place)

    def _use(self, face: fonts.Face) -> fonts.FontUse:
        use = self.uses.get(face.name)
        if use is None:
            use = self.uses[face.name] = fonts.FontUse(face, f"T{len(self.uses) + 1}")
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
                    for part in _stretches(token, base, place)
                    for info in _shape(token, part, False, place)
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
                width = self._width(token, base, place)
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
        faces = _stretches(row, base, place)
        for start, end, backwards in _visual_runs(row, right):
            parts = [
                _Stretch(part.face, max(part.start, start), min(part.end, end))
                for part in faces
                if part.start < end and part.end > start
            ]
            for part in reversed(parts) if backwards else parts:
                use = self._use(part.face)
                shown.append(f"/{use.name} {size:g} Tf")
                for text, advance, glyphs in _shape(row, part, backwards, place):
                    total += advance
                    shown.append(_cluster(use, text, glyphs, size))
        return Line(" ".join(shown), total * size / 1000)


def clean(text: str, place: Place) -> str:
    """Bring ``text`` into the form that is drawn (NFC, single spaces), or refuse it.

    Raises:
        CannotDraw: it holds a control, private or unassigned character or half a surrogate pair.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = re.sub(r"[ \t\u1680\u2000-\u2006\u2008-\u200a\u205f]+", " ", text)
    for char in set(text):
        if " " <= char <= "~" or char == "\n":
            continue
        category = unicodedata.category(char)
        if category == "Cc":
            raise place.refuse("a control character")
        if category == "Cs":
            raise place.refuse("half of a character (a lone surrogate)")
        if category in ("Co", "Cn"):
            raise place.refuse("a private or unassigned character")
        if category == "Cf" and char not in _JOINERS and char not in _INVISIBLE:
            raise place.refuse("a hidden formatting character")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def clusters(text: str) -> Iterator[str]:
    """Give each letter with the marks that stand on it."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not (_leans(text[at]) or text[at - 1] == "\u200d"):
            yield text[start:at]
            start = at


def _leans(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char)[0] == "M"


def _undrawn(char: str) -> bool:
    return char in _JOINERS or char in _INVISIBLE or char in _SELECTORS


def _base_direction(paragraph: str) -> bool:
    """Tell whether ``paragraph`` reads from the right: its first letter with a direction does (UAX #9, P2)."""
    if paragraph.isascii():
        return False
    strong = (unicodedata.bidirectional(char) for char in paragraph)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"


def _stretches(row: str, base: fonts.Face, place: Place) -> list[_Stretch]:
    """Part ``row`` by the face that has all of each cluster."""
    found: list[_Stretch] = []
    at = 0
    last = base
    for cluster in clusters(row):
        drawn = [char for char in cluster if not _undrawn(char)]
        choices = [base, last, *(other for char in drawn[:1] if (other := fonts.fallback(char)))]
        if not drawn or (cluster in " .,:;-()/0123456789" and last is not base and at):
            choices.insert(0, last)
        for face in choices:
            if all(face.glyph(char) for char in drawn):
                break
        else:
            raise place.refuse()
        last = face
        end = at + len(cluster)
        if found and found[-1].face is face:
            found[-1] = _Stretch(face, found[-1].start, end)
        else:
            found.append(_Stretch(face, at, end))
        at = end
    return found


def _visual_runs(row: str, right: bool) -> list[tuple[int, int, bool]]:
    """Give (start, end, backwards) of the parts of ``row`` from left to right as they are seen (UAX #9)."""
    if not right and not any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in row):
        return [(0, len(row), False)]
    storage: dict[str, Any] = bidi.get_empty_storage()
    storage["base_level"] = int(right)
    storage["base_dir"] = "LR"[right]
    bidi.get_embedding_levels(row, storage)
    for at, char in enumerate(storage["chars"]):
        char["at"] = at
    bidi.explicit_embed_and_overrides(storage)
    bidi.resolve_weak_types(storage, False)
    bidi.resolve_neutral_types(storage, False)
    bidi.resolve_implicit_levels(storage, False)
    levels = [int(right)] * len(row)
    for char in storage["chars"]:
        levels[char["at"]] = char["level"]
    # Joiners have no level of their own once ordered: they go with the letter before them.
    for at, char in enumerate(row):
        if at and (char in _JOINERS or char in _INVISIBLE):
            levels[at] = levels[at - 1]
    runs: list[tuple[int, int, int]] = []
    for at, level in enumerate(levels):
        if runs and runs[-1][2] == level:
            runs[-1] = (runs[-1][0], at + 1, level)
        else:
            runs.append((at, at + 1, level))
    for level in range(max(levels), 0, -1):  # rule L2: turn each stretch at this level or above
        start = 0
        while start < len(runs):
            end = start
            while end < len(runs) and runs[end][2] >= level:
                end += 1
            runs[start:end] = runs[start:end][::-1]
            start = end + 1
    return [(start, end, level % 2 == 1) for start, end, level in runs]


_Glyph = tuple[int, float, float, float, float]  # number, own width, advance, x and y offset; thousandths


def _shape(
    row: str, part: _Stretch, backwards: bool, place: Place
) -> Iterator[tuple[str, float, list[_Glyph]]]:
    """Shape a stretch of one face and direction; give each cluster's text, advance and glyphs, left to right."""
    buffer = hb.Buffer()
    text = row[part.start : part.end]
    drawn = [char for char in text if char not in _INVISIBLE]
    if not drawn:
        return
    text = "".join(drawn)
    buffer.add_codepoints([ord(char) for char in text])
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if backwards else "ltr"
    hb.shape(part.face.font, buffer)
    scale = part.face.scale
    groups: list[tuple[int, list[_Glyph]]] = []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if not info.codepoint:
            raise place.refuse()
        glyph = (
            info.codepoint,
            part.face.width(info.codepoint),
            position.x_advance * scale,
            position.x_offset * scale,
            position.y_offset * scale,
        )
        if groups and groups[-1][0] == info.cluster:
            groups[-1][1].append(glyph)
        else:
            groups.append((info.cluster, [glyph]))
    starts = sorted({cluster for cluster, _ in groups}) + [len(text)]
    ends = dict(zip(starts, starts[1:], strict=False))
    for cluster, glyphs in groups:
        yield text[cluster : ends[cluster]], sum(glyph[2] for glyph in glyphs), glyphs


def _cluster(use: fonts.FontUse, text: str, glyphs: list[_Glyph], size: float) -> str:
    """Give the operators for one cluster; more glyphs than one bear their text together (ISO 32000-1, 14.9.4)."""
    shown = []
    for number, own, advance, dx, dy in glyphs:
        code = use.code(number, text if len(glyphs) == 1 else "")
        piece = f"[{-dx:.4g} <{code}> {own - advance + dx:.4g}] TJ"
        shown.append(f"{dy * size / 1000:.4g} Ts {piece} 0 Ts" if dy else piece)
    if len(glyphs) > 1:
        return f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex()}>>> BDC {' '.join(shown)} EMC"
    return " ".join(shown)
