"""What a paper says, block by block in reading order, with no word on how it is drawn.

The forms renderer, the cover sheet and the agenda make these; ``pipeline.pdf`` draws them. A block is plain
data, and an answer in it is one of a view (``pipeline.view``). Fields that may hold personal data are left out of ``repr``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from pipeline.view import NotAnswered, NotKnown, Shared, SharedAnswer, Withheld


@dataclass(frozen=True, slots=True)
class ToFill:
    """An empty box for the reader to write in, ``lines`` lines of handwriting high."""

    lines: int = 1


Answer: TypeAlias = SharedAnswer | ToFill
Cell: TypeAlias = Answer | str


def words(cell: Cell) -> str:
    """Give the words that stand for ``cell`` on any page, drawn or typed."""
    match cell:
        case str():
            return cell
        case Shared(text):
            return text
        case NotKnown():
            return "Not known"
        case NotAnswered():
            return "Not answered"
        case Withheld(rule):
            return f"Not shared ({rule})"
        case ToFill():
            return ""


class Style(StrEnum):
    """How much a paragraph is to stand out."""

    NORMAL = "normal"
    LEAD = "lead"
    SMALL = "small"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the paper's own, 2 and 3 stand below it. Headings become bookmarks."""

    text: str
    level: int = 1
    where: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``where`` is the path of the field it came from, if it came from one."""

    text: str = field(repr=False)
    style: Style = Style.NORMAL
    where: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list with a bullet before each item."""

    items: Sequence[str] = field(repr=False)
    where: str = ""


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """One question of a form as printed, its answer, and the path of the field (``victim.name``)."""

    label: str
    answer: Cell = field(repr=False)
    where: str = ""


@dataclass(frozen=True, slots=True)
class QuestionAnswers:
    """A two-column table of questions and answers, as on a printed form."""

    pairs: Sequence[QuestionAnswer]


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a grid; ``where`` holds the path of each cell's field, or nothing."""

    cells: Sequence[Cell] = field(repr=False)
    where: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose header row comes again on each page; ``widths`` are shares of the width, equal if empty.

    The caption stands above the table; an empty one is not drawn.
    """

    caption: str
    header: Sequence[str]
    rows: Sequence[GridRow]
    widths: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Space:
    """Empty height, in millimetres."""

    mm: float = 3


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class KeepTogether:
    """Blocks that stand on one page where they fit on one."""

    blocks: "Sequence[Block]"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a form below a shaded bar bearing its title; ``note`` is small text below the bar."""

    title: str
    blocks: "Sequence[Block]"
    note: str = ""


Block: TypeAlias = (
    Heading | Paragraph | Bullets | QuestionAnswers | Grid | Space | PageBreak | KeepTogether | Section
)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands on every page of every copy.

    Args:
        marking: the handling marking; drawn in capitals, centred, at the top and bottom of every page.
        title: the form's or paper's title, and the title in the file's properties. Never a person's name.
        edition: the form's edition, such as ``edition 2026-04``.
        case: the case reference, or None where a paper concerns no single case.
        sender: the body that sends it; the author in the file's properties.
        subject_line: a short line below the title, such as the panel and its date.
    """

    marking: str
    title: str
    edition: str = ""
    case: str | None = None
    sender: str = ""
    subject_line: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one copy from another: for whom, which copy (``copy 3 of 12``), and the pack's number."""

    recipient: str
    copy: str = ""
    pack_id: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper; ``language`` is a BCP 47 tag, ``title`` the furniture's where empty."""

    blocks: Sequence[Block]
    furniture: Furniture
    language: str = "en-GB"
    title: str = ""
