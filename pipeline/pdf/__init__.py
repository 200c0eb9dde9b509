"""A paper to PDF: drawn once, then stamped for each recipient.

``text`` sets letters, ``compose`` turns blocks to rows, ``pages`` puts rows on pages, ``furniture`` is what
every page bears, ``fonts`` puts the glyphs used into the file. Blocks are drawn in reading order, so that the
file can be tagged (PDF/UA) block by block.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from pipeline.blocks import Paper, Stamp
from pipeline.pdf.compose import Composer
from pipeline.pdf.furniture import HEIGHT, LEFT, RIGHT, WIDTH, Frame
from pipeline.pdf.pages import Page, paginate
from pipeline.pdf.text import CannotDraw, Setter

__all__ = ["CannotDraw", "Drawn", "draw", "draw_once"]

_STAMP = "Stamp"

# Streams as they are, not in base 85 besides: that is for mail of the last century, takes a fifth of the time, and a quarter more room.
rl_config.useA85 = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper as drawn, of which copies can be had; ``pages`` is how many it has."""

    pages: int
    _head: bytes = field(repr=False)
    _stamps: dict[Stamp, bytes] = field(repr=False)
    _tail: bytes = field(repr=False)

    def copy(self, stamp: Stamp) -> bytes:
        """Give the whole PDF for ``stamp``, one of those it was drawn for.

        Raises:
            KeyError: it was not drawn for this stamp, whose letters may have no glyph in the file.
        """
        return b"".join((self._head, self._stamps[stamp], self._tail))


def draw(paper: Paper, stamps: Sequence[Stamp]) -> list[bytes]:
    """Draw ``paper`` once and give a PDF for each of ``stamps``, in their order.

    Raises:
        CannotDraw: a character cannot be drawn right; names the field.
    """
    drawn = draw_once(paper, stamps)
    return [drawn.copy(stamp) for stamp in stamps]


def draw_once(paper: Paper, stamps: Sequence[Stamp]) -> Drawn:
    """Draw ``paper`` for ``stamps``; equal input gives equal bytes.

    The stamp is a form object whose stream is not compressed and of one length for all stamps, so that it can be
    replaced without touching the rest of the file.

    Raises:
        CannotDraw: a character cannot be drawn right; names the field.
    """
    setter = Setter()
    frame = Frame(paper.furniture, stamps, setter)
    rows = Composer(setter, LEFT, RIGHT - LEFT).rows(paper.blocks)
    pages = paginate(rows, frame.top, frame.bottom)
    canvas = _canvas(paper)
    document = canvas._doc  # noqa: SLF001 - where ReportLab keeps form objects and fonts to embed
    level = -1
    for number, page in enumerate(pages, 1):
        canvas.addLiteral("\n".join(frame.draw(number, len(pages))))
        canvas.doForm(_STAMP)
        level = _draw_page(canvas, page, level)
        canvas.showPage()
    stamped = frame.stamped()
    # Found again in the file by its content, which no compressed stream holds by chance.
    blank = b"~" * max(map(len, stamped.values()), default=1024)
    form = pdfdoc.PDFFormXObject(0, 0, WIDTH, HEIGHT)
    form.stream = blank
    form.hasImages = 0
    document.addForm(_STAMP, form)
    document.delayedFonts.extend(setter.uses.values())
    head, tail = canvas.getpdfdata().split(b"stream\n" + blank)
    return Drawn(len(pages), head + b"stream\n", stamped, tail)


def _canvas(paper: Paper) -> Any:
    canvas: Any = Canvas(
        io.BytesIO(),
        pagesize=(WIDTH, HEIGHT),
        pageCompression=1,
        invariant=1,
        pdfVersion=(1, 7),
        lang=paper.language,
    )
    canvas.setTitle(paper.title or paper.furniture.title)
    canvas.setAuthor(paper.furniture.sender)
    canvas.setSubject("")
    canvas.setCreator("sealpack")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas


def _draw_page(canvas: Any, page: Page, level: int) -> int:
    """Draw the rows of a page; give the depth of the last bookmark, below which the next is one deeper at most."""
    for nth, (top, row) in enumerate(page):
        canvas.addLiteral("\n".join(row.draw(top)))
        if row.bookmark:
            title, wanted = row.bookmark
            level = min(max(wanted, 0), level + 1)
            key = f"{canvas.getPageNumber()}-{nth}"
            canvas.bookmarkPage(key, fit="XYZ", left=0, top=top + 10)
            canvas.addOutlineEntry(title, key, level)
    return level
