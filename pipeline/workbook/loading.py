"""Load a workbook that the guard has let pass: openpyxl's own reader, but for the looks, of which only number formats are read.

openpyxl builds styles, checks and formatting for every cell, also the empty ones, which takes most of its time; none of
it is looked at here. Values and types of cells are as openpyxl has them (ECMA-376 part 1, 18.3.1.4): a test holds the two together.
"""

# ruff: noqa: SLF001 - what openpyxl's own reader fills is filled here
import io
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple, cast
from xml.etree.ElementTree import Element
from xml.etree.ElementTree import fromstring as tree

from openpyxl.cell.cell import Cell
from openpyxl.comments.comment_sheet import CommentSheet
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import Stylesheet
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedNameDict
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.constants import ARC_STYLE
from openpyxl.xml.functions import fromstring

_NUMBER, _DATE, _FORMULA, _ERROR, _TEXT = "n", "d", "f", "e", "s"


def load(data: bytes) -> Workbook:
    """Return a workbook with the values of its cells; checks, colours and widths are left out.

    Args:
        data: a file in which `pipeline.guard.inspect` found nothing: no DOCTYPE, sizes within limits.

    Raises:
        Exception: whatever openpyxl and its parsers raise on a file that is none.
    """
    reader = _Reader(io.BytesIO(data), keep_links=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out, in its own words
        reader.read()
    workbook: Workbook = cast("Any", reader).wb
    return workbook


class _Reader(ExcelReader):
    """openpyxl's reader of a package, with quick sheets. Its stubs do not know what it holds, hence Any."""

    def read(self) -> None:
        """Read everything but document properties, theme and looks."""
        here = cast("Any", self)
        here.read_manifest()
        here.read_strings()
        here.read_workbook()
        here.read_custom()
        if ARC_STYLE in here.valid_files:
            _number_formats(here.wb, here.archive.read(ARC_STYLE))
        self.read_worksheets()
        here.parser.assign_names()
        here.archive.close()

    def read_worksheets(self) -> None:
        """Read each sheet's cells, merges and comments."""
        here = cast("Any", self)
        for sheet, relation in here.parser.find_sheets():
            if relation.target not in here.valid_files:
                continue
            if "chartsheet" in relation.Type:
                here.read_chartsheet(sheet, relation)
                continue
            made = _Sheet(here.wb, sheet.name)
            made.sheet_state = sheet.state
            here.wb._add_sheet(made)  # create_sheet would make one with everything
            _fill(made, here.archive.read(relation.target), here.shared_strings)
            path = get_rels_path(relation.target)  # type: ignore[no-untyped-call]  # the stubs leave it open
            if path in here.valid_files:
                for comments in get_dependents(here.archive, path).find(_COMMENTS):
                    _comment(made, here.archive.read(comments.target))


class _Sheet(Worksheet):
    """A sheet without what is only for showing and printing it, which takes openpyxl longer to make than to read the cells."""

    def __init__(self, workbook: Workbook, title: str) -> None:
        here = cast("Any", self)
        here._parent, here.title = workbook, title
        here._cells, here._current_row = {}, 0
        here.merged_cells = MultiCellRange()
        here.defined_names = DefinedNameDict()


def _number_formats(workbook: Any, content: bytes) -> None:
    """Read how numbers are shown, by which a date is known from a number; fonts and colours stay unread."""
    root = fromstring(content)
    for part in list(root):
        if part.tag.rpartition("}")[2] not in ("numFmts", "cellXfs"):
            root.remove(part)
    styles: Any = cast("Any", Stylesheet).from_tree(root)
    if styles.cell_styles:
        workbook._cell_styles, workbook._number_formats = styles.cell_styles, styles.number_formats
        workbook._date_formats, workbook._timedelta_formats = styles.date_formats, styles.timedelta_formats


_COMMENTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"


def _comment(sheet: Worksheet, content: bytes) -> None:
    written: Any = cast("Any", CommentSheet).from_tree(fromstring(content))
    for reference, comment in written.comments:
        sheet[reference].comment = comment


def _fill(sheet: Worksheet, content: bytes, strings: list[str]) -> None:
    # The guard has refused what an entity could do, and limited the size; a tree made at once is quicker than one by events.
    root = tree(content)  # noqa: S314
    tags = _Tags(root.tag.rpartition("}")[0])
    row, book = 0, _Book(sheet.parent, strings, {}, tags)
    for element in root.iter(tags.row):
        row = int(element.get("r", row + 1))
        for cell in _cells(sheet, element, row, book):
            sheet._cells[cell.row, cell.column] = cell
    merged = [CellRange(one.get("ref", "")) for one in root.iter(tags.merged)]
    cast("Any", sheet).merged_cells = MultiCellRange(merged)


class _Tags:
    """The elements that are looked at, in the namespace of a sheet: Excel's own, or the strict one."""

    def __init__(self, namespace: str) -> None:
        def tag(name: str) -> str:
            return f"{namespace}}}{name}" if namespace else name

        self.row, self.cell, self.merged = tag("row"), tag("c"), tag("mergeCell")
        self.formula, self.value, self.inline = tag("f"), tag("v"), tag("is")
        self.text, self.run = tag("t"), tag("r")


class _Book(NamedTuple):
    """What a cell's value depends on besides the cell."""

    workbook: Any
    strings: list[str]
    masters: dict[str, str]
    """Shared formulas by their number."""
    tags: _Tags


def _cells(sheet: Worksheet, element: Element, row: int, book: _Book) -> Iterator[Cell]:
    """Yield the cells of a row in which something stands."""
    column = 0
    for one in element.iter(book.tags.cell):
        place = one.get("r")
        at, column = coordinate_to_tuple(place) if place else (row, column + 1)
        if not len(one):
            continue
        style = int(one.get("s", 0))
        kind, value = _value(one, style, book)
        if value is None:
            continue
        cell = Cell(sheet, row=at, column=column, style_array=book.workbook._cell_styles[style])
        cell._value, cell.data_type = value, kind  # type: ignore[attr-defined]  # as openpyxl's own reader does
        yield cell


def _value(one: Element, style: int, book: _Book) -> tuple[str, Any]:
    """Return the type and value of a cell, None for an empty one."""
    kind = one.get("t", _NUMBER)
    if (formula := one.find(book.tags.formula)) is not None:
        shared = formula.get("si", "")
        text = formula.text or book.masters.get(shared, "")
        if shared and formula.text:
            book.masters[shared] = formula.text
        return _FORMULA, f"={text}"
    if kind == "inlineStr":
        held = one.find(book.tags.inline)
        return _TEXT, None if held is None else _content(held, book.tags)
    said = one.findtext(book.tags.value)
    if not said:
        return kind, None
    match kind:
        case "n":
            return _number(said, style, book.workbook)
        case "s":
            return _TEXT, book.strings[int(said)]
        case "str":
            return _TEXT, said
        case "b":
            return kind, bool(int(said))
        case "d":
            return kind, from_ISO8601(said)  # type: ignore[no-untyped-call]
        case _:
            return kind, said


def _number(said: str, style: int, workbook: Any) -> tuple[str, Any]:
    number: Any = float(said) if "." in said or "E" in said or "e" in said else int(said)
    if style not in workbook._date_formats:
        return _NUMBER, number
    try:
        return _DATE, from_excel(number, workbook.epoch, timedelta=style in workbook._timedelta_formats)
    except (OverflowError, ValueError):
        return _ERROR, "#VALUE!"


def _content(held: Element, tags: _Tags) -> str:
    """Return the text of a string, its runs put together; what is only for pronouncing it is left out (18.4.8)."""
    parts = []
    for child in held:
        if child.tag == tags.text:
            parts.append(child.text or "")
        elif child.tag == tags.run:
            parts.append(child.findtext(tags.text) or "")
    return "".join(parts)
