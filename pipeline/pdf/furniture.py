"""What stands on every page: marking, title, case, page number, and the line that differs from copy to copy."""

from collections.abc import Iterator, Sequence

from pipeline.blocks import Furniture, Stamp
from pipeline.pdf import fonts
from pipeline.pdf.rows import INK, QUIET, RULE
from pipeline.pdf.text import Line, Place, Setter

WIDTH, HEIGHT = 595.28, 841.89  # A4
LEFT, RIGHT = 45.0, WIDTH - 45.0
_MARKING, _SMALL = (12.5, 16.0), (8.0, 10.5)  # size and leading
_EDGE = 20.0  # nearer to the paper's edge many printers do not print


class Frame:
    """The furniture of one file: how much of a page it takes, and what it draws on each.

    Args:
        furniture: what to draw.
        stamps: every stamp that a copy will bear; the footer is high enough for the longest.
        setter: sets the text; the letters of all stamps are registered with it here.

    Raises:
        CannotDraw: a character cannot be drawn right.
    """

    def __init__(self, furniture: Furniture, stamps: Sequence[Stamp], setter: Setter) -> None:
        self._setter = setter
        width = RIGHT - LEFT
        size, self._marking_leading = _MARKING
        place = Place("furniture.marking", "the marking")
        self._marking = setter.lines(furniture.marking.upper(), fonts.BOLD, size, width, place)
        self._head = self._between(
            " · ".join(filter(None, (furniture.title, furniture.edition))),
            furniture.subject_line,
            "furniture.title",
        )
        self._case = f"Case {furniture.case}" if furniture.case else furniture.sender
        self._foot_rows = len(self._between(self._case, "Page 999 of 999", "furniture.case"))
        # Glyph codes of the alphabet are given out in its order, so that no copy spells out who had another.
        letters = "".join(sorted({*map(chr, range(0x21, 0x7F)), *"".join(map(stamp_text, stamps))}))
        setter.lines(letters, fonts.REGULAR, 1, 1e6, Place("stamp", "recipient, copy or pack id"))
        self._stamps = {stamp: self._stamp_lines(stamp) for stamp in stamps}
        self._stamp_height = max((len(lines) for lines in self._stamps.values()), default=1)

        small = _SMALL[1]
        marking = len(self._marking) * self._marking_leading
        self._head_top = HEIGHT - _EDGE - marking - 2
        self.top = self._head_top - len(self._head) * small - 14
        self._foot = _EDGE + marking + 2
        self.bottom = self._foot + (self._foot_rows + self._stamp_height) * small + 14

    def _between(self, left: str, right: str, where: str) -> list[list[tuple[Line, float]]]:
        """Set one text at the left and one at the right; on lines of their own if they do not fit beside each other."""
        size = _SMALL[0]
        place = Place(where, "the running title")
        first = self._setter.lines(left, fonts.REGULAR, size, RIGHT - LEFT, place)
        if not right:
            return [[(line, LEFT)] for line in first]
        second = self._setter.lines(right, fonts.REGULAR, size, RIGHT - LEFT, place)
        if len(first) == len(second) == 1 and first[0].width + second[0].width + 12 < RIGHT - LEFT:
            return [[(first[0], LEFT), (second[0], RIGHT - second[0].width)]]
        return [[(line, LEFT)] for line in (*first, *second)]

    def _stamp_lines(self, stamp: Stamp) -> list[Line]:
        place = Place("stamp", "recipient, copy or pack id")
        return self._setter.lines(stamp_text(stamp), fonts.REGULAR, _SMALL[0], RIGHT - LEFT, place)

    def draw(self, page: int, pages: int) -> Iterator[str]:
        """Give the operators for the furniture of page ``page`` of ``pages``, without the stamp."""
        yield "/Artifact BMC"
        yield from self._draw_marking(HEIGHT - _EDGE)
        small = _SMALL[1]
        for nth, parts in enumerate(self._head):
            for line, x in parts:
                yield _show(line, x, self._head_top - (nth + 1) * small + 2, QUIET)
        for y in (self.top + 7, self.bottom - 7):
            yield f"{RULE} RG 0.6 w {LEFT:.2f} {y:.2f} m {RIGHT:.2f} {y:.2f} l S"
        y = self._foot + (self._stamp_height + self._foot_rows) * small + 2
        for nth, parts in enumerate(self._between(self._case, f"Page {page} of {pages}", "furniture.case"), 1):
            for line, x in parts:
                yield _show(line, x, y - nth * small, INK)
        yield from self._draw_marking(_EDGE + len(self._marking) * self._marking_leading)
        yield "EMC"

    def _draw_marking(self, top: float) -> Iterator[str]:
        for nth, line in enumerate(self._marking, 1):
            y = top - nth * self._marking_leading + 4
            yield _show(line, (WIDTH - line.width) / 2, y, INK)

    def stamped(self) -> dict[Stamp, bytes]:
        """Give each stamp's operators, all of one length, rounded up so that it does not tell of the longest."""
        small = _SMALL[1]
        texts = {
            stamp: "\n".join(
                _show(line, LEFT, self._foot + (self._stamp_height - nth) * small + 2, INK)
                for nth, line in enumerate(lines, 1)
            ).encode("ascii")
            for stamp, lines in self._stamps.items()
        }
        length = -(-max(map(len, texts.values()), default=1) // 1024) * 1024
        return {stamp: text.ljust(length) for stamp, text in texts.items()}


def stamp_text(stamp: Stamp) -> str:
    """Give the words of a stamp."""
    recipient = f"For {stamp.recipient}" if stamp.recipient else ""
    pack = f"Pack {stamp.pack_id}" if stamp.pack_id else ""
    return " · ".join(filter(None, (recipient, stamp.copy, pack)))


def _show(line: Line, x: float, y: float, ink: str) -> str:
    return f"{ink} rg BT 1 0 0 1 {x:.2f} {y:.2f} Tm {line.operators} ET"
