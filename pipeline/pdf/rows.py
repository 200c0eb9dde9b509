"""The one thing pages are made of: a row of cells that can be drawn, or parted where a page ends.

A paragraph is a row of one cell, a question and its answer a row of two. All measures are in points from the
bottom left of the page, as PDF has them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from pipeline.pdf.text import Line

INK = "0.09 0.11 0.15"
QUIET = "0.36 0.39 0.43"
RULE = "0.68 0.72 0.77"
SECTION_TINT = "0.79 0.85 0.91"
LABEL_TINT = "0.94 0.955 0.97"
SHUT_TINT = "0.9 0.9 0.91"
WARNING_TINT = "1 0.95 0.84"
WARNING_BAR = "0.78 0.42 0"
_WHOLE = 110.0  # a row no higher than this is not parted; a higher one keeps three lines at a page's foot
_SLANT = 0.21


class Look(Enum):
    """How an answer looks, told apart by form and not by colour alone."""

    PLAIN = "as typed"
    SLANTED = "slanted"
    DASHED = "in a dashed box"
    SHUT = "bold in a solid, hatched box"
    TO_FILL = "lines to write on"


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines of one type in a column.

    Args:
        left: the column's left edge.
        width: the column's width.
        lines: what it says.
        size: of the type.
        leading: from line to line.
        ink: colour of the letters, as PDF writes it: red, green, blue.
        tint: colour of the ground, or nothing.
        look: the form of an answer.
        pad: empty width on both sides.
        pad_y: empty height above and below.
        inset: further width before the lines.
        bar: colour of a bar at the left edge, or nothing.
    """

    left: float
    width: float
    lines: Sequence[Line] = field(repr=False)
    size: float = 10
    leading: float = 13.5
    ink: str = INK
    tint: str = ""
    look: Look = Look.PLAIN
    pad: float = 5
    pad_y: float = 3.5
    inset: float = 0
    bar: str = ""

    @property
    def height(self) -> float:
        """Height of the lines and the room above and below them."""
        return len(self.lines) * self.leading + 2 * self.pad_y

    def part(self, room: float) -> tuple["Cell", "Cell"]:
        """Part the lines so that the first part is at most ``room`` high, with one line at least."""
        fits = max(1, int((room - 2 * self.pad_y) / self.leading + 1e-6))
        return replace(self, lines=self.lines[:fits]), replace(self, lines=self.lines[fits:])

    def draw(self, top: float, height: float, framed: bool) -> Iterator[str]:
        """Give the operators that draw the cell with its upper edge at ``top``."""
        bottom = top - height
        box = f"{self.left:.2f} {bottom:.2f} {self.width:.2f} {height:.2f} re"
        if self.tint:
            yield f"{self.tint} rg {box} f"
        if self.bar:
            yield f"{self.bar} rg {self.left:.2f} {bottom:.2f} 3 {height:.2f} re f"
        if framed:
            yield f"{RULE} RG 0.5 w {box} S"
        if self.look is Look.TO_FILL:
            for nth in range(1, len(self.lines)):
                y = top - self.pad_y - nth * self.leading
                yield f"{RULE} RG 0.4 w [1 2] 0 d {self.left + self.pad:.2f} {y:.2f} m "
                yield f"{self.left + self.width - self.pad:.2f} {y:.2f} l S [] 0 d"
            return
        if self.lines and self.look in (Look.DASHED, Look.SHUT):
            yield from self._box(top)
        slant = _SLANT if self.look is Look.SLANTED else 0
        yield f"{self.ink} rg BT"
        # The baseline sits so that capitals look centred in the leading.
        y = top - self.pad_y - self.leading / 2 - 0.36 * self.size
        for line in self.lines:
            if line.operators:
                x = self.left + (self.width - self.pad - line.width if line.right else self.pad + self.inset)
                yield f"1 0 {slant:g} 1 {x:.2f} {y:.2f} Tm {line.operators}"
            y -= self.leading
        yield "ET"

    def _box(self, top: float) -> Iterator[str]:
        """Draw the box round a word that stands for an answer."""
        strip = 5.0 if self.look is Look.SHUT else 0
        left = self.left + self.pad
        bottom = top - self.pad_y - len(self.lines) * self.leading + 1
        width = max(line.width for line in self.lines) + 6 + strip
        height = len(self.lines) * self.leading - 2
        box = f"{left:.2f} {bottom:.2f} {width:.2f} {height:.2f} re"
        if self.look is Look.DASHED:
            yield f"{QUIET} RG 0.5 w [2 1.6] 0 d {box} S [] 0 d"
            return
        yield f"{SHUT_TINT} rg {QUIET} RG 0.6 w {box} B"
        yield f"q {left:.2f} {bottom:.2f} {strip:.2f} {height:.2f} re W n 0.8 w"
        y = bottom - strip
        while y < bottom + height:
            yield f"{left:.2f} {y:.2f} m {left + strip:.2f} {y + strip:.2f} l S"
            y += 2.4
        yield "Q"


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side.

    Args:
        cells: at least one.
        before: empty height above, dropped at the head of a page.
        keep: stays on the page of the row after it.
        framed: has thin rules round its cells.
        heads: rows drawn again first where this row begins a page.
        bookmark: title and depth, from 0, of its entry in the outline.
        fresh_page: begins a new page whatever room is left.
    """

    cells: Sequence[Cell]
    before: float = 0
    keep: bool = False
    framed: bool = False
    heads: "Sequence[Row]" = ()
    bookmark: tuple[str, int] | None = field(default=None, repr=False)
    fresh_page: bool = False

    @property
    def height(self) -> float:
        """Height of the highest cell."""
        return max((cell.height for cell in self.cells), default=0)

    @property
    def least(self) -> float:
        """The least height with which it may begin at the foot of a page."""
        if self.height <= _WHOLE:
            return self.height
        return max(2 * cell.pad_y + min(3, len(cell.lines)) * cell.leading for cell in self.cells)

    def part(self, room: float) -> "tuple[Row, Row]":
        """Part the row so that the first part is at most ``room`` high, or one line."""
        # Two lines at least go over the page: a line alone at its head reads badly.
        highest = max(self.cells, key=lambda cell: cell.height)
        room = max(min(room, highest.height - 2 * highest.leading), highest.leading + 2 * highest.pad_y)
        parts = [cell.part(room) for cell in self.cells]
        first = replace(self, cells=[part for part, _ in parts], keep=False)
        return first, replace(
            self, cells=[part for _, part in parts], before=0, bookmark=None, fresh_page=False
        )

    def draw(self, top: float) -> Iterator[str]:
        """Give the operators that draw the row with its upper edge at ``top``."""
        height = self.height
        for cell in self.cells:
            yield from cell.draw(top, height, self.framed)
