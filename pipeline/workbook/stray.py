"""What somebody typed outside the answers: it would be lost, so it is told of, with its cell."""

from collections.abc import Collection, Iterator

from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from forms.answers import is_blank, plain
from forms.definition import Form
from pipeline.problem import Place, Problem, problem
from pipeline.workbook.cells import unescape
from pipeline.workbook.making import build
from pipeline.workbook.names import LIST, OWN, OWN_WORDS, spot
from pipeline.workbook.shape import cells_of, own_words, shape

Position = tuple[str, int, int]


def _carried(workbook: Workbook) -> frozenset[str]:
    """Return the list of its own words that a workbook carries."""
    defined = workbook.defined_names.get(OWN_WORDS)
    where = spot(defined.attr_text or "") if defined else None
    if where is None or where.sheet not in workbook.sheetnames:
        return frozenset()
    sheet = workbook[where.sheet]  # which looks through all of them
    column = (sheet.cell(where.row + n, where.column).value for n in range(min(where.rows, 5_000)))
    return frozenset(str(value) for value in column if value is not None)


def stray(workbook: Workbook, form: Form, answers: Collection[Position]) -> Iterator[Problem]:
    """Yield a problem for each cell with something typed outside the answers, each comment, and each foreign sheet.

    Args:
        workbook: what was sent.
        form: the form it is.
        answers: where the answers stand: sheet, row and column.
    """
    ours, lists = {sheet for sheet, _, _ in answers}, set()
    for name, defined in workbook.defined_names.items():
        where = spot(defined.attr_text or "")
        if where is not None and name.lower().startswith(OWN):
            ours.add(where.sheet)
        elif where is not None and name.lower().startswith(LIST):
            lists.add(where.sheet)
    words = _carried(workbook) or frozenset(own_words(build(form).workbook))
    for sheet in workbook.worksheets:
        if sheet.title in ours:
            yield from _on_sheet(sheet, words, answers)
        elif sheet.title in lists and sheet.sheet_state != "visible":
            continue  # the lists of the drop-downs are locked and out of sight
        elif any(cell.comment or not is_blank(cell.value) for cell in cells_of(sheet)):
            yield problem("stray-sheet", Place(sheet=sheet.title))


def _on_sheet(sheet: Worksheet, words: frozenset[str], answers: Collection[Position]) -> Iterator[Problem]:
    for cell in cells_of(sheet):
        if cell.comment and plain(unescape(cell.comment.text)) not in words:
            yield problem("comment", Place(sheet=sheet.title, cell=cell.coordinate))
        ours = (sheet.title, cell.row, cell.column) in answers
        if not ours and not is_blank(cell.value) and shape(cell) not in words:
            yield problem("stray-text", Place(sheet=sheet.title, cell=cell.coordinate))
