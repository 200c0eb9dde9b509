"""Make the blank workbook of a form, or the same with answers filled in."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any, cast

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook import Workbook
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from forms.answers import Choice
from forms.definition import Filler, Form
from pipeline.workbook import style
from pipeline.workbook.cells import put
from pipeline.workbook.drawing import MARKING, Begun, Drawing, Paper, carried_note
from pipeline.workbook.layout import pages
from pipeline.workbook.names import (
    LIST,
    LISTS_TITLE,
    OWN_WORDS,
    PROPERTIES,
    START_TITLE,
    Spot,
    check_sections,
    define,
)
from pipeline.workbook.shape import own_words
from pipeline.workbook.sheets import draw
from pipeline.workbook.start import draw_start

_A_DAY = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - the format has no zone; equal input gives equal bytes
_ZIP_DAY = (2026, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*(<)")
_USUAL = ("official_sensitive", "confidential")
"""What the papers of a meeting are usually marked, under either scheme (MARK-2, MARK-3)."""


def blank(
    form: Form,
    *,
    area_name: str = "",
    send_to: str = "",
    prefill: Mapping[str, Any] | None = None,
    begun: Begun | None = None,
) -> bytes:
    """Return an Excel workbook (.xlsx) to fill in, made from a form's definition.

    The same input gives the same bytes.

    Args:
        form: what is asked, with the lists of the area (`Form.with_choices`).
        area_name: the area it is for; the form's own if empty.
        send_to: where a referrer sends it; the form's own words if empty.
        prefill: answers to begin with: section → question → what was typed; a table is a list of rows.
        begun: what it is to have besides: marks on carried answers, or the co-ordinator's part.

    Raises:
        ValueError: the form has a path that Excel takes for no name.
    """
    return to_bytes(build(form, area_name=area_name, send_to=send_to, prefill=prefill, begun=begun))


def build(
    form: Form,
    *,
    area_name: str = "",
    send_to: str = "",
    prefill: Mapping[str, Any] | None = None,
    begun: Begun | None = None,
) -> Drawing:
    """Return the workbook before it is written; the arguments are those of `blank`."""
    check_sections(form)
    workbook = Workbook()
    start = workbook.worksheets[0]
    start.title = START_TITLE
    drawing = Drawing(form, workbook, prefill or {}, _list_names(form), begun=begun or Begun())
    area = area_name or form.area
    every = (*pages(form), *(pages(form, Filler.COORDINATOR) if drawing.begun.completing else ()))
    for number, page in enumerate(every):
        draw(drawing, page, every[number + 1] if number + 1 < len(every) else None)
    _mark_carried(drawing)
    draw_start(Paper(drawing, start), every, area, send_to or form.send_to)
    _lists(drawing)
    for sheet in workbook.worksheets:
        furnish(drawing, sheet)
    _properties(workbook, form, area)
    return drawing


def _mark_carried(drawing: Drawing) -> None:
    """Colour each answer that was carried, with a note that says where it came from."""
    note = carried_note(drawing.begun.source)
    for path in sorted(drawing.begun.paths):
        table, _, row = path.partition("[")
        number, _, key = row.partition("]")
        ticks = [name for name in drawing.spots if name.startswith(f"{path}.")]
        for name in [f"{table}{key}"] if f"{table}{key}" in drawing.spots else ticks:
            where = drawing.spots[name]
            cell = drawing.workbook[where.sheet][where.cell(int(number) - 1 if number else 0)]
            if cell.value is not None:
                cell.fill, cell.comment = style.CARRIED, Comment(note, "sealpack", width=260, height=60)


def _list_names(form: Form) -> dict[tuple[Choice, ...], str]:
    names: dict[tuple[Choice, ...], str] = {}
    for found in form.asks():
        if found.ask.one_of:
            names.setdefault(found.ask.choices, f"{LIST}{found.path}")
    return names


def _lists(drawing: Drawing) -> None:
    """Put the lists of all drop-downs on a sheet out of sight."""
    sheet = drawing.workbook.create_sheet(LISTS_TITLE)
    for column, (choices, name) in enumerate(drawing.lists.items(), start=1):
        sheet.cell(1, column, name).font = style.HEAD
        for row, choice in enumerate(choices, start=2):
            sheet.cell(row, column, choice.label).font = style.PLAIN
        define(drawing.workbook, name, Spot(LISTS_TITLE, 2, column, len(choices)))
    sheet.sheet_state = "hidden"


def furnish(drawing: Drawing, sheet: Worksheet) -> None:
    """Give a sheet its page, its marking at top and bottom, and its lock without a password."""
    form = drawing.form
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top = margins.bottom = 0.75
    marking = _print_marking(form)
    _furniture(sheet.oddHeader, form.title, marking, "&A")
    _furniture(sheet.oddFooter, f"Edition {form.edition}", marking, "Page &P of &N")
    lock = sheet.protection
    lock.sheet = True
    # False allows it: widen a column, heighten a row, put in and take out rows of a table.
    lock.formatColumns = lock.formatRows = lock.insertRows = False


def _furniture(item: HeaderFooterItem | None, left: str, marking: str, codes: str) -> None:
    if item is None:
        return
    for part, words in (
        (item.left, left.replace("&", "&&")),
        (item.center, marking.replace("&", "&&")),
        (item.right, codes),
    ):
        part.text, part.size, part.font = words, 9, "Arial,Bold" if part is item.center else "Arial,Regular"


def _print_marking(form: Form) -> str:
    try:
        choices = form.find(MARKING).ask.choices
    except KeyError:
        return ""
    usual = next((choice.label for choice in choices if choice.key in _USUAL), "")
    return f"{usual} WHEN COMPLETED" if usual else ""


def _properties(workbook: Workbook, form: Form, area: str) -> None:
    properties = workbook.properties
    properties.creator = properties.lastModifiedBy = "sealpack"
    properties.title, properties.language = form.title, "en-GB"
    properties.created = properties.modified = _A_DAY
    for name, value in zip(PROPERTIES, (form.id, form.edition, area or "-"), strict=True):
        cast("Any", workbook).custom_doc_props.append(StringProperty(name=name, value=value))
    workbook.security = WorkbookProtection(lockStructure=True)
    workbook.calculation.fullCalcOnLoad = True


def to_bytes(drawing: Drawing) -> bytes:
    """Write a workbook, with a list of its own words, and with fixed dates: equal workbooks are equal files."""
    workbook = drawing.workbook
    sheet = workbook[LISTS_TITLE]
    column, words = sheet.max_column + 1, own_words(workbook)
    for row, word in enumerate(words, start=2):
        put(cast("Cell", sheet.cell(row, column)), word)
    define(workbook, OWN_WORDS, Spot(LISTS_TITLE, 2, column, len(words)))
    drawn, out = io.BytesIO(), io.BytesIO()
    workbook.save(drawn)
    with zipfile.ZipFile(drawn) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>2026-01-01T00:00:00Z\g<2>", content)
            member = zipfile.ZipInfo(name, _ZIP_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return out.getvalue()
