"""Give a faulty referral back: a new workbook with the answers, what is wrong coloured and noted, and a list of it at the front."""

from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment

from forms.definition import Filler, Form
from pipeline.checked import Referral
from pipeline.problem import Place, Problem
from pipeline.workbook import style
from pipeline.workbook.drawing import Begun, Drawing, Paper, lead
from pipeline.workbook.making import build, furnish, to_bytes
from pipeline.workbook.marks import odd
from pipeline.workbook.names import PUT_RIGHT, PUT_RIGHT_TITLE, START_TITLE, Spot, define

_WIDTHS = [30.0, 42.0, 52.0, 52.0]
_HEADS = ("Where", "Question", "What is wrong", "What to do")
_NOTE_WIDTH, _NOTE_LINE = 320, 17
_LEFT_BEHIND = frozenset({"stray-text", "stray-sheet", "comment", "drawing", "not-asked-here"})
_NOTES_AUTHOR = "sealpack"


def returned(
    form: Form,
    answered: Referral | Mapping[str, Any],
    problems: Iterable[Problem],
    *,
    area_name: str = "",
    send_to: str = "",
) -> bytes:
    """Return a new workbook with the answers as they were typed, and each problem at its cell and in a list at the front.

    It can be put right and sent again. A formula or an error in an answer's cell does not come back: the cell is open.

    Args:
        form: the form, with the lists of the area.
        answered: the referral that was read, or its answers.
        problems: what `pipeline.checked.check` found.
        area_name: as for `blank`.
        send_to: as for `blank`.
    """
    answers = answered.answers if isinstance(answered, Referral) else answered
    unconfirmed = answered.unconfirmed if isinstance(answered, Referral) else ()
    carried = answered.carried if isinstance(answered, Referral) else {}
    marked = frozenset(path for path in carried if path.partition(".")[0] in unconfirmed)
    source = next(iter(carried.values()), "another referral")
    completing = any(one.by is Filler.COORDINATOR and answers.get(one.key) for one in form.sections)
    begun = Begun(source, marked, frozenset(unconfirmed), completing)
    drawing = build(form, area_name=area_name, send_to=send_to, prefill=answers, begun=begun)
    found = tuple(problems)
    _notes(drawing, found)
    paper = Paper(drawing, drawing.workbook.create_sheet(PUT_RIGHT_TITLE, 0), len(_WIDTHS))
    _list(paper, found)
    furnish(drawing, paper.sheet)
    drawing.workbook.active = 0
    for sheet in drawing.workbook.worksheets:
        sheet.sheet_view.tabSelected = sheet is paper.sheet
    return to_bytes(drawing)


def _spot(drawing: Drawing, place: Place) -> Spot | None:
    """Return the cell of a problem in the new workbook, or None if it has none there."""
    path, _, rest = place.path.partition("[")
    row, _, key = rest.partition("]")
    found = drawing.spots.get(f"{path}{key}")
    if found is None and path:  # a table or several choices: the first cell, or the first with an unclear mark
        names = [name for name in drawing.spots if name.startswith(f"{path}.")]
        found = next((drawing.spots[name] for name in (*_unclear(drawing, path), *names)), None)
    if found is None:
        return None
    at = int(row) - 1 if row.isdecimal() else 0
    return Spot(found.sheet, found.row + at, found.column) if at < max(found.rows, 1) else None


def _unclear(drawing: Drawing, path: str) -> list[str]:
    """Return the names of the cells beside choices with a mark that is neither yes nor no."""
    raw = drawing.prefill(*path.split(".")) if path.count(".") == 1 else None
    if not isinstance(raw, Mapping):
        return []
    try:
        ask = drawing.form.find(path).ask
    except KeyError:
        return []
    return [f"{path}.{key}" for key in odd(raw, ask) if f"{path}.{key}" in drawing.spots]


def _notes(drawing: Drawing, problems: tuple[Problem, ...]) -> None:
    said: dict[Spot, list[str]] = {}
    for problem in problems:
        if where := _spot(drawing, problem.place):
            said.setdefault(Spot(where.sheet, where.row, where.column), []).append(
                f"{problem.what}\n{problem.cure}"
            )
    for where, notes in said.items():
        cell = drawing.workbook[where.sheet].cell(where.row, where.column)
        cell.fill = style.FAULT
        text = "\n\n".join(notes)
        height = 24 + _NOTE_LINE * style.lines(text, 44)
        cell.comment = Comment(text, _NOTES_AUTHOR, width=_NOTE_WIDTH, height=height)


def _list(paper: Paper, problems: tuple[Problem, ...]) -> None:
    sheet = paper.sheet
    paper.widths(_WIDTHS)
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = style.RUST
    last = len(_WIDTHS)
    for column in range(1, last + 1):
        paper.cell(1, column).fill = style.BAND
        head = paper.write(4, column, _HEADS[column - 1], style.HEAD, style.aligned(indent=1))
        head.fill, head.border = style.TINT, style.BOX
    many = "one thing" if len(problems) == 1 else f"{len(problems)} things"
    paper.write(1, 1, f"Please put right: {many}", style.TITLE, style.one_line(indent=1))
    paper.height(1, 34)
    told = (
        "Your answers are all here, in a fresh copy. Each cell that needs another look is coloured and has a note. "
        "Follow the links, put it right, save, and send this workbook again."
    )
    if any(problem.code in _LEFT_BEHIND for problem in problems):
        told = told.replace(
            "Your answers are all here, in a fresh copy.",
            "Your answers are here, in a fresh copy; what stood outside them is not, so keep the file that you sent.",
        )
    paper.write(2, 1, told, style.PLAIN, style.aligned(indent=1))
    paper.merge(2, 1, last)
    paper.height(2, 34)
    paper.height(3, 20)
    paper.height(4, 20)
    paper.link(3, 1, f"{START_TITLE} ›", START_TITLE)
    for row, problem in enumerate(problems, start=5):
        _entry(paper, row, problem)
    define(paper.drawing.workbook, PUT_RIGHT, Spot(sheet.title, 4, 1, len(problems) + 1, last))
    sheet.print_area, sheet.print_title_rows = f"A1:D{len(problems) + 4}", "4:4"
    sheet.page_setup.orientation = "landscape"
    sheet.freeze_panes = "A5"
    paper.select("A5")


def _entry(paper: Paper, row: int, problem: Problem) -> None:
    place = problem.place
    where = _spot(paper.drawing, place)
    if where:
        first = _written(paper, row, 1, f"{where.sheet}, {where.cell()}")
        lead(first, Spot(where.sheet, where.row, where.column))
    else:
        there = f"{place.sheet}, {place.cell}" if place.cell else place.sheet
        _written(paper, row, 1, f"In the file that you sent: {there}" if there else "The file that you sent")
    words = (place.question or place.path, problem.what, problem.cure)
    for column, text in enumerate(words, start=2):
        _written(paper, row, column, text)
    paper.height(
        row, 10 + 13 * max(style.lines(text, _WIDTHS[n] * 1.1) for n, text in enumerate(words, start=1))
    )


def _written(paper: Paper, row: int, column: int, text: str) -> Cell:
    cell = paper.write(row, column, text, style.PLAIN, style.aligned(indent=1))
    cell.border = style.BOX
    return cell
