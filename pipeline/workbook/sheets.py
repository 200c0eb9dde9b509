"""Draw the sheets that a referrer fills: a band with title and marking, questions, and a table where there is one."""

from openpyxl.utils import get_column_letter

from pipeline.workbook import style
from pipeline.workbook.drawing import Drawing, PagePaper
from pipeline.workbook.layout import Page
from pipeline.workbook.names import START_TITLE, Spot
from pipeline.workbook.questions import draw_confirmation, draw_question
from pipeline.workbook.tables import draw_table

_LABEL, _ANSWER, _STATUS, _ROW_LABEL = 40.0, 62.0, 11.0, 15.0
_COLUMN = {"date": 18.0, "date or age": 18.0, "address": 28.0, "long": 60.0, "text": 22.0}
_ONLY_COLUMN = 105.0


def draw(drawing: Drawing, page: Page, following: Page | None) -> None:
    """Draw one sheet; `following` is the one that its link leads on to."""
    columns = len(page.table.columns) if page.table else 1
    paper = PagePaper(drawing, drawing.workbook.create_sheet(page.title), columns + 2, page=page)
    sheet = paper.sheet
    paper.widths(_widths(page))
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = "2F6F73" if page.table else style.NAVY
    row = first = _head(paper, following)
    confirms = page.section.key in drawing.begun.sections and page.opens
    if confirms:
        row = draw_confirmation(paper, row)
    for ask in page.asks:
        row = draw_question(paper, ask, row)
    sheet.freeze_panes, sheet.print_title_rows = f"A{first}", "1:2"
    if page.table:
        above = bool(page.asks) or confirms
        head = row + 1 if above else row
        row = draw_table(paper, page.table, head)
        sheet.print_title_rows = f"{head}:{head}" if above else f"1:{head}"
        sheet.freeze_panes = f"B{first}" if above else f"B{head + 1}"
    drawing.statuses[page.title] = Spot(page.title, first, paper.status, row - first)
    sheet.print_area = f"A1:{get_column_letter(paper.status)}{row - 1}"
    sheet.page_setup.orientation = "landscape" if columns > 1 else "portrait"
    paper.select(drawing.spots[page.names()[0]].cell())


def _widths(page: Page) -> list[float]:
    if page.table is None:
        return [_LABEL, _ANSWER, _STATUS]
    wide = [_COLUMN.get(ask.kind.name, 16.0) for ask in page.table.columns]
    if (narrow := sum(wide)) < _ONLY_COLUMN:  # few columns: they share the page
        wide = [round(one * _ONLY_COLUMN / narrow, 1) for one in wide]
    return [_ROW_LABEL, *wide, _STATUS]


def _head(paper: PagePaper, following: Page | None) -> int:
    """Draw the band with the title, the marking and the ways on; return the row after it."""
    page, status = paper.page, paper.status
    for column in range(1, status + 1):
        paper.cell(1, column).fill = style.BAND
        paper.cell(2, column).fill = style.TINT
    paper.write(1, 1, page.heading, style.TITLE, style.one_line(indent=1))
    paper.height(1, 30)
    paper.link(2, 1, f"‹ {START_TITLE}", START_TITLE)
    if paper.drawing.has_marking:
        paper.write(2, 2, paper.drawing.marking, style.font(10, bold=True, color=style.RUST), style.one_line())
    if following:
        paper.link(2, status, "Next ›", following.title, "right")
    paper.height(2, 20)
    row = 3
    words = " ".join(text for text in (page.section.help, page.table.help if page.table else "") if text)
    if words:
        paper.write(row, 1, words, style.SMALL, style.aligned(indent=1))
        paper.merge(row, 1, status)
        paper.height(row, 8 + 12 * style.lines(words, paper.width(1, status)))
        row += 1
    paper.height(row, 6)
    return row + 1
