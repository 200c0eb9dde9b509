"""Draw the opening sheet: how to fill the form, what is still missing, and where it goes."""

from openpyxl.cell.cell import Cell

from forms.answers import UNKNOWN
from pipeline.workbook import style
from pipeline.workbook.drawing import MARKING, Paper
from pipeline.workbook.layout import Page
from pipeline.workbook.names import AREA, MISSING, READY, SEND_TO, VERSION, Spot, define, version_text

_WIDTHS = [30.0, 76.0, 14.0]
_HOW = (
    ("Where to type", "In the framed cells. Everything else is locked, so that nothing is overwritten by mistake; there is no password."),
    ("What is required", 'Cells that are coloured and marked "required" must be answered. They turn plain when they are. Some become required by another answer.'),
    ("Not known", f'An honest "{UNKNOWN.label}" is an answer wherever the help beside the question offers it. Leave empty what does not apply.'),
    ("Dates", "Type them like 9 January 2026. Where nobody knows a date of birth, give an age in years."),
    ("Long answers", "Alt and Enter together start a new line. Drag the lower edge of a row to make it higher."),
    ("Tables", "One row for each. If there are not enough rows, insert some in the middle of the table."),
    ("What is read", "Only what stands in the answer cells: no formulas, no comments, and no notes beside them."),
)  # fmt: skip


def draw_start(paper: Paper, pages: tuple[Page, ...], area: str, send_to: str) -> None:
    """Draw the opening sheet; the other sheets are there already."""
    drawing, sheet = paper.drawing, paper.sheet
    paper.widths(_WIDTHS)
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = style.RUST
    for column in (1, 2, 3):
        paper.cell(1, column).fill = paper.cell(2, column).fill = style.BAND
    paper.write(
        1, 1, drawing.form.title, style.font(20, bold=True, color=style.WHITE), style.one_line(indent=1)
    )
    paper.write(2, 1, drawing.form.about, style.font(10, color=style.WHITE), style.one_line(indent=1))
    paper.height(1, 38)
    paper.height(2, 22)
    row = _heading(paper, 6, "How to fill it in")
    for words, text in _HOW:
        row = _line(paper, row, words, text)
    if drawing.has_marking:
        section = drawing.form.find(MARKING).section.title
        said = f'You decide the protective marking, under "{section}". A referral without one is not processed.'
        paper.write(row, 3, drawing.marking, style.MARK, style.aligned("center"))
        row = _line(paper, row, "Marking", said)
    for words, text, name in (("Where to send it", send_to, SEND_TO), ("Area", area, AREA)):
        if text:
            define(drawing.workbook, name, Spot(sheet.title, row, 2))
            row = _line(paper, row, words, text)
    row = contents = _heading(paper, row, "The sheets", "Still missing")
    for page in pages:
        row = _content(paper, page, row)
    _total(paper, row, contents)
    _ready(paper, 4, contents, len(pages))
    paper.write(row + 2, 1, version_text(drawing.form, area), style.SMALL, style.one_line(indent=1))
    define(drawing.workbook, VERSION, Spot(sheet.title, row + 2, 1))
    sheet.print_area = f"A1:C{row + 2}"
    sheet.freeze_panes = "A3"
    paper.select(f"A{contents}")


def _heading(paper: Paper, row: int, words: str, right: str = "") -> int:
    for column in (1, 2, 3):
        paper.cell(row, column).fill = style.TINT
    paper.write(row, 1, words, style.font(11, bold=True, color=style.NAVY), style.one_line(indent=1))
    if right:
        paper.write(row, 3, right, style.HEAD, style.aligned("center"))
    paper.height(row, 22)
    return row + 1


def _line(paper: Paper, row: int, words: str, text: str) -> int:
    paper.write(row, 1, words, style.HEAD, style.aligned(vertical="top", indent=1))
    paper.write(row, 2, text, style.PLAIN, style.aligned(vertical="top"))
    paper.height(row, 6 + 13 * style.lines(text, _WIDTHS[1] * 1.15))
    return row + 1


def _content(paper: Paper, page: Page, row: int) -> int:
    paper.link(row, 1, page.title, page.title)
    words = page.section.help or _labels(page)
    paper.write(row, 2, words, style.SMALL, style.aligned())
    paper.height(row, 8 + 13 * style.lines(words, _WIDTHS[1] * 1.25))
    _count(paper, row, f'=SUMIF({paper.drawing.statuses[page.title].reference},">0")')
    for column in (1, 2, 3):
        paper.cell(row, column).border = style.RULE
    return row + 1


def _labels(page: Page) -> str:
    labels = [ask.label for ask in (*page.asks, *(page.table.columns if page.table else ()))]
    return ", ".join(labels[:4]) + (" …" if len(labels) > 4 else "")


def _count(paper: Paper, row: int, formula: str) -> Cell:
    cell = paper.write(row, 3, formula, style.font(9, bold=True), style.aligned("center"))
    cell.number_format = style.COUNT_FORMAT
    paper.two_colours(cell, f"{cell.coordinate}=0")
    return cell


def _total(paper: Paper, row: int, first: int) -> None:
    paper.write(row, 2, "Altogether", style.HEAD, style.one_line("right"))
    _count(paper, row, f"=SUM(C{first}:C{row - 1})")
    paper.height(row, 20)
    define(paper.drawing.workbook, MISSING, Spot(paper.sheet.title, row, 3))


def _ready(paper: Paper, row: int, first: int, sheets: int) -> None:
    paper.write(row, 1, "Ready to send?", style.font(13, bold=True, color=style.NAVY), style.aligned(indent=1))
    # TEXTJOIN came with Excel 2019, and some agencies have an older one.
    names = "&".join(f'IF(C{at}>0,", "&A{at}&" ("&C{at}&")","")' for at in range(first, first + sheets))
    formula = (
        f'=IF({MISSING}=0,"Yes. Nothing that must be answered is missing.",'
        f'"Not yet. Still missing: "&{MISSING}&IF({MISSING}=1," answer"," answers")&", in "&MID({names},3,1000)&".")'
    )
    cell = paper.write(row, 2, formula, style.font(11, bold=True), style.aligned(indent=1))
    cell.border = style.BOX
    paper.two_colours(cell, f"{MISSING}=0")
    paper.height(row, 76)
    define(paper.drawing.workbook, READY, Spot(paper.sheet.title, row, 2))
