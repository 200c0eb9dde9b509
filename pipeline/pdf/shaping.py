"""Letters checked, given a face, put in the order in which they are seen, and joined.

Sources: Unicode UAX #9 (order of right-to-left text, by python-bidi), UAX #15 (NFC); HarfBuzz for joining.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import uharfbuzz as hb
from bidi import algorithm as bidi

from pipeline.pdf import fonts
from pipeline.problem import Stopped

# Format characters that bear on joining or order, and are not drawn; any other is refused.
_JOINERS = frozenset("\u200c\u200d")
_INVISIBLE = frozenset("\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2067\u2068\u2069\ufeff")
_ISOLATES = dict.fromkeys(
    range(0x2066, 0x206A), "\u200b"
)  # python-bidi does not know them: taken as without direction
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))


class CannotDraw(Stopped):
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


_SPACES = re.compile(r"[ \t\u1680\u2000-\u2006\u2008-\u200a\u205f]+")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a line that one face draws, from its first character to before ``end``."""

    face: fonts.Face
    start: int
    end: int


def clean(text: str, place: Place) -> str:
    """Bring ``text`` into the form that is drawn (NFC, single spaces), or refuse it.

    Raises:
        CannotDraw: it holds a control, private or unassigned character or half a surrogate pair.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = _SPACES.sub(" ", text)
    if text.isascii() and text.isprintable():
        return text
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


def base_direction(paragraph: str) -> bool:
    """Tell whether ``paragraph`` reads from the right: its first letter with a direction does (UAX #9, P2)."""
    if paragraph.isascii():
        return False
    strong = (unicodedata.bidirectional(char) for char in paragraph)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"


def stretches(row: str, base: fonts.Face, place: Place) -> list[Stretch]:
    """Part ``row`` by the face that has all of each cluster."""
    found: list[Stretch] = []
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
            found[-1] = Stretch(face, found[-1].start, end)
        else:
            found.append(Stretch(face, at, end))
        at = end
    return found


def visual_runs(row: str, right: bool) -> list[tuple[int, int, bool]]:
    """Give (start, end, backwards) of the parts of ``row`` from left to right as they are seen (UAX #9)."""
    if not right and not any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in row):
        return [(0, len(row), False)]
    runs: list[tuple[int, int, int]] = []
    for at, level in enumerate(_levels(row, right)):
        if runs and runs[-1][2] == level:
            runs[-1] = (runs[-1][0], at + 1, level)
        else:
            runs.append((at, at + 1, level))
    for level in range(max(run[2] for run in runs), 0, -1):  # rule L2: turn each stretch at this level or above
        start = 0
        while start < len(runs):
            end = start
            while end < len(runs) and runs[end][2] >= level:
                end += 1
            runs[start:end] = runs[start:end][::-1]
            start = end + 1
    return [(start, end, level % 2 == 1) for start, end, level in runs]


def _levels(row: str, right: bool) -> list[int]:
    """Give the embedding level of each character: odd where it reads from the right."""
    storage: dict[str, Any] = bidi.get_empty_storage()
    storage["base_level"] = int(right)
    storage["base_dir"] = "LR"[right]
    bidi.get_embedding_levels(row.translate(_ISOLATES), storage)
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
    return levels


Glyph = tuple[int, float, float, float, float]  # number, own width, advance, x and y offset; thousandths


def shape(row: str, part: Stretch, backwards: bool, place: Place) -> Iterator[tuple[str, float, list[Glyph]]]:
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
    groups: list[tuple[int, list[Glyph]]] = []
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
    ends = dict(pairwise([*sorted({cluster for cluster, _ in groups}), len(text)]))
    for cluster, glyphs in groups:
        yield text[cluster : ends[cluster]], sum(glyph[2] for glyph in glyphs), glyphs
