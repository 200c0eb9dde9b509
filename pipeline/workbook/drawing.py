"""A workbook and a sheet in the making, and what every sheet is put together from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from forms.answers import ADDRESS, COUNT, DATE, DATE_OR_AGE, LONG, Choice
from forms.definition import Ask, Form
from pipeline.workbook import style
from pipeline.workbook.formula import is_open
from pipeline.workbook.layout import Page
from pipeline.workbook.names import Spot, define
from pipeline.workbook.validation import validation

MARKING = "handling.marking"
NOT_MARKED = "NOT YET MARKED"
MOST_HEIGHT = 409.0
"""Points: no row of Excel is higher."""


@dataclass(frozen=True)
class Begun:
    """What a workbook that is no blank has besides its answers.

    Attributes:
        source: what answers were carried from, in words: "MARAC referral of 19 November 2026".
        paths: the answers that were carried, with row numbers.
        sections: keys of the sections that are to be confirmed.
        completing: the co-ordinator's part stands after the referrer's.
    """

    source: str = ""
    paths: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    completing: bool = False


_NOTE = "Carried over from {source}: still to be confirmed."


def carried_note(source: str) -> str:
    """Return the note on a carried answer, given what it came from."""
    return _NOTE.format(source=source)


def source_in(note: str) -> str:
    """Return what a carried answer came from, given the note on it; empty if it is another note."""
    before, after = _NOTE.split("{source}")
    return note[len(before) : -len(after)] if note.startswith(before) and note.endswith(after) else ""


@dataclass
class Drawing:
    """A workbook in the making.

    Attributes:
        answers: what to begin with: section → question → what was typed.
        lists: the name of the cells that hold a list's labels, by list.
        spots: where each answer stands, by name.
        statuses: for each sheet, the cells that count what it still needs.
        begun: what it has besides the blank.
    """

    form: Form
    workbook: Workbook
    answers: Mapping[str, Any] = field(repr=False)
    lists: Mapping[tuple[Choice, ...], str] = field(default_factory=dict)
    spots: dict[str, Spot] = field(default_factory=dict)
    statuses: dict[str, Spot] = field(default_factory=dict)
    begun: Begun = field(default_factory=Begun)

    @property
    def has_marking(self) -> bool:
        """Whether the form asks for the marking."""
        return any(found.path == MARKING for found in self.form.asks())

    @property
    def marking(self) -> str:
        """The formula that shows the marking that was chosen."""
        return f'=IF({is_open(MARKING)},"{NOT_MARKED}",UPPER({MARKING}))'

    def prefill(self, section: str, key: str) -> Any:
        """Return what was answered before, or None."""
        questions = self.answers.get(section)
        return questions.get(key) if isinstance(questions, Mapping) else None


@dataclass
class Paper:
    """A sheet in the making: the last column, `status`, says what is still required."""

    drawing: Drawing
    sheet: Worksheet
    status: int = 3

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell to write to."""
        return cast("Cell", self.sheet.cell(row, column))

    def write(self, row: int, column: int, value: str | CellRichText, font: Font, alignment: Alignment) -> Cell:
        """Write words, or a formula, into a cell that stays locked, and return it."""
        cell = self.cell(row, column)
        cell.value, cell.font, cell.alignment = value, font, alignment
        return cell

    def link(self, row: int, column: int, words: str, sheet: str, horizontal: str = "left") -> None:
        """Write words that lead to a sheet."""
        cell = self.write(
            row, column, words, style.LINKED, style.one_line(horizontal, indent=int(horizontal == "left"))
        )
        lead(cell, Spot(sheet, 1, 1))

    def widths(self, widths: list[float]) -> None:
        """Set the widths of the columns, in characters."""
        for column, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[get_column_letter(column)].width = width

    def width(self, first: int, last: int = 0) -> float:
        """Return the width of some columns together, in characters."""
        letters = (get_column_letter(column) for column in range(first, (last or first) + 1))
        return sum(float(self.sheet.column_dimensions[letter].width) for letter in letters)

    def height(self, row: int, points: float) -> None:
        """Set the height of a row."""
        self.sheet.row_dimensions[row].height = min(points, MOST_HEIGHT)

    def merge(self, row: int, first: int, last: int) -> None:
        """Merge cells of a row."""
        self.sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)

    def label(self, row: int, words: str, help_words: str, vertical: str = "center") -> None:
        """Write a question with its help below."""
        cell = self.write(
            row, 1, style.label(words, help_words), style.PLAIN, style.aligned(vertical=vertical, indent=1)
        )
        cell.border = style.RULE

    def answer(self, row: int, column: int, ask: Ask) -> Cell:
        """Make a cell one to answer in, and return it."""
        cell = self.cell(row, column)
        cell.fill, cell.border, cell.protection, cell.font = style.PAPER, style.BOX, style.OPEN, style.ANSWER
        cell.alignment = style.aligned(vertical="top" if ask.kind in (LONG, ADDRESS) else "center", indent=1)
        formats = {
            DATE.name: style.DATE_FORMAT,
            DATE_OR_AGE.name: style.DATE_OR_AGE_FORMAT,
            COUNT.name: "0",
        }
        cell.number_format = formats.get(ask.kind.name, "@")
        return cell

    def name(self, path: str, where: Spot) -> None:
        """Name the cells of an answer."""
        define(self.drawing.workbook, path, where)
        self.drawing.spots[path] = where

    def check(self, ask: Ask, where: Spot) -> None:
        """Put the drop-down or the check of a question on its cells."""
        check = validation(ask, where.cell(), self.drawing.lists.get(ask.choices, ""))
        if check:
            self.sheet.add_data_validation(check)
            check.add(f"{where.cell()}:{where.cell(where.rows - 1)}" if where.rows > 1 else where.cell())

    def say_missing(self, row: int, formula: str) -> Cell:
        """Show how many answers a row still needs, as the word "required", and nought as nothing."""
        cell = self.write(row, self.status, formula, style.MARK, style.one_line(indent=1))
        cell.number_format = style.STATUS_FORMAT
        return cell

    def colour_while(self, where: Spot, condition: str) -> None:
        """Colour cells as required for as long as a formula, relative to the first of them, holds."""
        rule = Rule(type="expression", dxf=style.REQUIRED, formula=[condition])
        self.sheet.conditional_formatting.add(f"{where.cell()}:{where.cell(where.rows - 1)}", rule)

    def two_colours(self, cell: Cell, done: str) -> None:
        """Colour a cell by whether what it tells of is done."""
        add = self.sheet.conditional_formatting.add
        add(cell.coordinate, Rule(type="expression", dxf=style.DONE, formula=[done], stopIfTrue=True))
        add(cell.coordinate, Rule(type="expression", dxf=style.NOT_DONE, formula=["TRUE"]))

    def select(self, cell: str) -> None:
        """Make a cell the one that is selected when the sheet opens."""
        selection = self.sheet.sheet_view.selection[-1]  # that of the pane which moves
        selection.activeCell = selection.sqref = cell


def lead(cell: Cell, where: Spot) -> None:
    """Make a cell lead to another in the workbook; a location needs no relationship that points outside."""
    # The stubs know only the text of an address here.
    cast("Any", cell).hyperlink = Hyperlink(ref=cell.coordinate, location=where.reference.replace("$", ""))
    cell.font = style.LINKED


@dataclass
class PagePaper(Paper):
    """The sheet of a page of the form."""

    page: Page = field(kw_only=True)
