"""The shape in which what stands in a cell is compared, so that our own words are known again whoever saved them."""

import re

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from forms.answers import plain
from pipeline.workbook.cells import unescape

_IN_FORMULA = re.compile(
    r"(?:'(?:[^']|'')+'|[A-Za-z0-9_.]+)!|\$|\s|(?<![A-Za-z0-9_.])[A-Za-z]{1,3}\$?\d+(?![A-Za-z0-9_.(])"
)


def cells_of(sheet: Worksheet) -> list[Cell | MergedCell]:
    """Return the cells that a sheet has."""
    # Only cells that are there: going through rows and columns would make every cell between them.
    return list(sheet._cells.values())  # noqa: SLF001


def shape(cell: Cell | MergedCell) -> str:
    """Return what stands in a cell, so that the same words match whoever saved them, and a formula wherever it moved."""
    if cell.data_type == "f":
        return _IN_FORMULA.sub("", str(getattr(cell.value, "text", cell.value))).upper().lstrip("=")
    return plain(unescape(str(cell.value)))


def own_words(workbook: Workbook) -> list[str]:
    """Return what stands in a workbook that we made, comments included, in the shape in which it is compared.

    A workbook carries this list with it: a blank that was sent out last year keeps its wording, and the area's as well.
    """
    found: dict[str, None] = {}
    for sheet in workbook.worksheets:
        for cell in cells_of(sheet):
            if cell.value is not None and cell.protection.locked:
                found[shape(cell)] = None
            if cell.comment:
                found[plain(cell.comment.text)] = None
    return list(found)
