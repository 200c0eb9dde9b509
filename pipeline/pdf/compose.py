"""Blocks to rows: the type, the tints and the spacing of each kind of block."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, zip_longest
from typing import NamedTuple

from pipeline import blocks as b
from pipeline.pdf import fonts
from pipeline.pdf.rows import INK, LABEL_TINT, QUIET, SECTION_TINT, WARNING_BAR, WARNING_TINT, Cell, Look, Row
from pipeline.pdf.text import Line, Place, Setter
from pipeline.view import NotAnswered, NotKnown, Withheld

LABEL_SHARE = 0.34
NARROW = 7  # an answer of more lines than this stands below its question, in the whole width
CONTINUED = "(continued)"


@dataclass(frozen=True, slots=True)
class Type:
    """A font, its size and leading in points, and its ink."""

    file: str
    size: float
    leading: float
    ink: str = INK


ANSWER = Type(fonts.REGULAR, 10, 13.5)
LABEL = Type(fonts.BOLD, 9, 13.5)
IN_GRID = Type(fonts.REGULAR, 9.5, 12.5)
GRID_HEAD = Type(fonts.BOLD, 8.5, 12)
CAPTION = Type(fonts.BOLD, 10, 14)
SECTION = Type(fonts.BOLD, 11, 15)
HEADINGS = {
    1: (Type(fonts.BOLD, 18, 23), 8.0),
    2: (Type(fonts.BOLD, 12.5, 17), 14.0),
    3: (Type(fonts.BOLD, 10.5, 14.5), 10.0),
}
PARAGRAPHS = {
    b.Style.NORMAL: Type(fonts.REGULAR, 10, 14),
    b.Style.LEAD: Type(fonts.REGULAR, 12, 17),
    b.Style.SMALL: Type(fonts.REGULAR, 8.5, 11.5, QUIET),
    b.Style.WARNING: Type(fonts.BOLD, 10, 14),
}
LOOKS = {NotKnown: Look.SLANTED, NotAnswered: Look.DASHED, Withheld: Look.SHUT, b.ToFill: Look.TO_FILL}


class Span(NamedTuple):
    """A column: its left edge and its width."""

    left: float
    width: float


class Composer:
    """Makes the rows of one file's blocks, ``width`` points wide from ``left``."""

    def __init__(self, setter: Setter, left: float, width: float) -> None:
        self._setter = setter
        self._all = Span(left, width)

    def rows(self, blocks: Sequence[b.Block], depth: int = 0) -> Iterator[Row]:
        """Give the rows of ``blocks`` in reading order; sections within lie one deeper in the outline.

        Raises:
            CannotDraw: a character cannot be drawn right.
        """
        space, fresh = 0.0, False
        for block in blocks:
            if isinstance(block, b.Space):
                space += block.mm * 72 / 25.4
                continue
            if isinstance(block, b.PageBreak):
                fresh = True
                continue
            for row in self._block(block, depth):
                yield replace(row, before=row.before + space, fresh_page=fresh) if space or fresh else row
                space, fresh = 0.0, False

    def _block(self, block: b.Block, depth: int) -> Iterator[Row]:
        match block:
            case b.Heading():
                yield self._heading(block)
            case b.Paragraph():
                yield self._paragraph(block)
            case b.Bullets():
                yield from self._bullets(block)
            case b.QuestionAnswers():
                yield from self._questions(block)
            case b.Grid():
                yield from self._grid(block)
            case b.KeepTogether():
                *rows, last = self.rows(block.blocks, depth) if block.blocks else (Row(()),)
                yield from (replace(row, keep=True) for row in rows)
                yield last
            case b.Section():
                yield from self._section(block, depth)

    def _cell(self, text: str, kind: Type, place: Place, span: Span, pad: float = 5) -> Cell:
        lines = self._setter.lines(text, kind.file, kind.size, span.width - 2 * pad, place)
        return Cell(*span, lines, kind.size, kind.leading, kind.ink, pad=pad)

    def _heading(self, block: b.Heading) -> Row:
        kind, before = HEADINGS[min(max(block.level, 1), 3)]
        cell = self._cell(block.text, kind, Place(block.where, "a heading"), self._all, 0)
        return Row([cell], before, keep=True, bookmark=(block.text, block.level - 1))

    def _paragraph(self, block: b.Paragraph) -> Row:
        kind = PARAGRAPHS[b.Style(block.style)]
        warning = block.style == b.Style.WARNING
        place = Place(block.where, "a paragraph")
        cell = self._cell(block.text, kind, place, self._all, 11 if warning else 0)
        if warning:
            return Row([replace(cell, tint=WARNING_TINT, bar=WARNING_BAR, pad_y=6)], 8)
        return Row([replace(cell, pad_y=1)], 4)

    def _bullets(self, block: b.Bullets) -> Iterator[Row]:
        kind = PARAGRAPHS[b.Style.NORMAL]
        place = Place(block.where, "a list")
        left, width = self._all
        for nth, item in enumerate(block.items):
            dot = self._cell("•", kind, place, Span(left + 4, 10), 0)
            cell = self._cell(item, kind, place, Span(left + 14, width - 14), 0)
            yield Row([replace(dot, pad_y=1), replace(cell, pad_y=1)], 1 if nth else 4)

    def _questions(self, block: b.QuestionAnswers) -> Iterator[Row]:
        left, width = self._all
        split = width * LABEL_SHARE
        for nth, pair in enumerate(block.pairs):
            before = 0 if nth else 6
            answer = self._answer(
                pair.answer, ANSWER, Place(pair.where, pair.label), Span(left + split, width - split)
            )
            if len(answer.lines) <= NARROW:
                yield Row([self._label(pair, Span(left, split)), answer], before, framed=True)
                continue
            yield Row([self._label(pair, self._all)], before, keep=True, framed=True)
            again = Row([self._label(pair, self._all, CONTINUED)], framed=True)
            answer = self._answer(pair.answer, ANSWER, Place(pair.where, pair.label), self._all)
            yield Row([answer], framed=True, heads=[again])

    def _label(self, pair: b.QuestionAnswer, span: Span, after: str = "") -> Cell:
        place = Place(pair.where, "the words of a question")
        return replace(self._cell(f"{pair.label} {after}".strip(), LABEL, place, span), tint=LABEL_TINT)

    def _answer(self, cell: b.Cell, kind: Type, place: Place, span: Span) -> Cell:
        look = LOOKS.get(type(cell), Look.PLAIN)
        match cell:
            case b.ToFill(lines):
                return Cell(*span, [Line("", 0)] * lines, kind.size, 22, look=look)
            case Withheld():
                kind = replace(kind, file=fonts.BOLD, size=kind.size - 1)
            case NotAnswered():
                kind = replace(kind, ink=QUIET, size=kind.size - 0.5)
            case _:
                pass
        # A box stands out to both sides of its words.
        inset = {Look.SHUT: 8, Look.DASHED: 3}.get(look, 0)
        inner = Span(span.left, span.width - inset - (3 if inset else 0))
        return replace(self._cell(b.words(cell), kind, place, inner), width=span.width, look=look, inset=inset)

    def _grid(self, block: b.Grid) -> Iterator[Row]:
        left, width = self._all
        shares = block.widths or [1.0] * len(block.header)
        widths = [width * share / sum(shares) for share in shares]
        spans = [
            Span(left + before, width)
            for before, width in zip(accumulate(widths, initial=0), widths, strict=False)
        ]
        heads = []
        place = Place("", "a table's caption")
        if block.caption:
            caption = self._cell(block.caption, CAPTION, place, self._all, 0)
            yield Row([caption], 8, keep=True)
            again = self._cell(f"{block.caption} {CONTINUED}", CAPTION, place, self._all, 0)
            heads.append(Row([again]))
        if any(block.header):
            cells = [
                self._cell(title, GRID_HEAD, Place("", "a table's header"), span, 4)
                for title, span in zip(block.header, spans, strict=True)
            ]
            titles = [replace(cell, tint=SECTION_TINT) for cell in cells]
            header = Row(titles, 0 if block.caption else 6, keep=True, framed=True)
            heads.append(header)
            yield header
        for row in block.rows:
            places = [Place(where or "", title) for where, title in zip_longest(row.where, block.header)]
            cells = [
                self._answer(cell, IN_GRID, place, span)
                for cell, place, span in zip(row.cells, places, spans, strict=True)
            ]
            yield Row(cells, framed=True, heads=heads)

    def _section(self, block: b.Section, depth: int) -> Iterator[Row]:
        place = Place("", "a section's title")
        bar = replace(
            self._cell(block.title, SECTION, place, self._all, 6), tint=LABEL_TINT if depth else SECTION_TINT
        )
        yield Row([bar], 12, keep=True, framed=True, bookmark=(block.title, depth + 1))
        if block.note:
            kind = PARAGRAPHS[b.Style.SMALL]
            yield Row([self._cell(block.note, kind, place, self._all, 6)], keep=True)
        again = self._cell(f"{block.title} {CONTINUED}", SECTION, place, self._all, 6)
        heads = Row([replace(again, tint=bar.tint)], framed=True)
        for nth, row in enumerate(self.rows(block.blocks, depth + 1)):
            before = 0 if row.framed and not nth else row.before
            yield replace(row, before=before, heads=row.heads if row.fresh_page else [heads, *row.heads])
