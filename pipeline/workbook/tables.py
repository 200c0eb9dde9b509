"""Draw a table with room for rows."""

from collections.abc import Mapping
from typing import Any

from openpyxl.utils import get_column_letter

from forms.answers import ADDRESS, LONG, is_blank
from forms.definition import Table
from pipeline.workbook import style
from pipeline.workbook.cells import to_cell
from pipeline.workbook.drawing import PagePaper
from pipeline.workbook.formula import is_open, met, missing_in_row
from pipeline.workbook.names import Spot
from pipeline.workbook.validation import hint


def draw_table(paper: PagePaper, table: Table, head: int) -> int:
    """Draw a table whose head stands in a row; return the row after its last."""
    _head(paper, table, head)
    given = paper.drawing.prefill(paper.page.section.key, table.key)
    rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
    room = max(table.room, len(rows))
    for number in range(1, room + 1):
        _row(paper, table, head + number, number, rows[number - 1] if number <= len(rows) else {})
        _say_missing(paper, table, head, number, room)
    for column, ask in enumerate(table.columns, start=2):
        where = Spot(paper.sheet.title, head + 1, column, room)
        paper.name(paper.page.column_path(ask), where)
        paper.check(ask, where)
        if ask.required or ask.required_if:
            status = f"${get_column_letter(paper.status)}{where.row}>0"
            needed = [status, is_open(where.cell())]
            if ask.required_if and not ask.required:
                needed.append(met(ask.required_if, paper.drawing.form))
            paper.colour_while(where, f"AND({','.join(needed)})")
    return head + room + 1


def _head(paper: PagePaper, table: Table, row: int) -> None:
    corner = paper.write(row, 1, table.title, style.HEAD, style.aligned(vertical="top", indent=1))
    corner.fill, corner.border = style.TINT, style.BOX
    height = 0
    for column, ask in enumerate(table.columns, start=2):
        words = hint(ask)
        cell = paper.write(
            row, column, style.label(ask.label, words), style.PLAIN, style.aligned(vertical="top", indent=1)
        )
        cell.fill, cell.border = style.TINT, style.BOX
        width = paper.width(column)
        told = 13 * style.lines(ask.label, width - 3) + (
            12 * style.lines(words, width * 1.1 - 2) if words else 0
        )
        height = max(height, 8 + told)
    paper.height(row, height)


def _row(paper: PagePaper, table: Table, at: int, number: int, answers: Mapping[str, Any]) -> None:
    name = paper.write(at, 1, f"{table.singular} {number}", style.HEAD, style.aligned(indent=1))
    name.fill, name.border = style.TINT, style.BOX
    height = 42.0 if any(ask.kind in (ADDRESS, LONG) for ask in table.columns) else 30.0
    for column, ask in enumerate(table.columns, start=2):
        cell = paper.answer(at, column, ask)
        raw = answers.get(ask.key)
        if not is_blank(raw):
            to_cell(cell, raw, ask)
            height = max(height, 8 + 14 * style.lines(str(raw), paper.width(column)))
    paper.height(at, height)


def _say_missing(paper: PagePaper, table: Table, head: int, number: int, room: int) -> None:
    letters = [get_column_letter(column) for column in range(2, len(table.columns) + 2)]
    at = head + number
    formula = missing_in_row(
        [(ask, f"{letter}{at}") for ask, letter in zip(table.columns, letters, strict=True)],
        f"{letters[0]}{at}:{letters[-1]}{at}",
        "&".join(f"${letter}${head + 1}:${letter}${head + room}" for letter in letters),
        paper.drawing.form,
        table.at_least if number <= table.at_least else 0,
    )
    if formula:
        paper.say_missing(at, formula)
