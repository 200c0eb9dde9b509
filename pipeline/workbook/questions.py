"""Draw questions with their answer cells, one below the other."""

from typing import Any

from forms.answers import ADDRESS, CHOICES, DATE, LONG, Choice
from forms.definition import Ask
from forms.information import Information
from pipeline.workbook import style
from pipeline.workbook.cells import put, to_cell
from pipeline.workbook.drawing import PagePaper
from pipeline.workbook.formula import YES, missing, quoted, worked_out
from pipeline.workbook.marks import taken
from pipeline.workbook.names import CONFIRM, Spot, define
from pipeline.workbook.validation import hint

TO_CONFIRM = "to_confirm"
"""After a section's key: the place of its confirmation in problems."""

_CONFIRM = Ask(
    TO_CONFIRM, "Read, and right as of today", CHOICES, Information.PROCESS, choices=(Choice("yes", "Yes"),)
)
"""One choice, whose cell takes Yes or nothing."""


def draw_question(paper: PagePaper, ask: Ask, row: int) -> int:
    """Draw a question with its answer cell, or with a row for each choice; return the row after it."""
    raw = paper.drawing.prefill(paper.page.section.key, ask.key)
    if ask.some_of:
        return _choices(paper, ask, row, raw)
    path, words = paper.page.path(ask), hint(ask)
    paper.label(row, ask.label, words, "top" if ask.kind in (LONG, ADDRESS) else "center")
    first, last = 2, 2
    if paper.status > 3:  # beside a table the columns are narrow: question and answer take several each
        first, last = 3, paper.status - 1
        paper.merge(row, 1, 2)
        paper.merge(row, 3, last)
    where = Spot(paper.sheet.title, row, first)
    paper.name(path, where)
    if ask.computed:
        return _shown(paper, ask, where, last)
    for column in range(first, last + 1):
        paper.answer(row, column, ask)
    to_cell(paper.cell(row, first), raw, ask)
    paper.height(
        row, max(_height(paper, ask, paper.width(1, first - 1)), _filled(raw, paper.width(first, last)))
    )
    if formula := missing(ask, path, where.cell(), paper.drawing.form):
        status = paper.say_missing(row, formula)
        paper.colour_while(where, f"${status.coordinate}>0")
    paper.check(ask, where)
    return row + 1


def _shown(paper: PagePaper, ask: Ask, where: Spot, last: int) -> int:
    """Draw what is worked out, in a locked cell; return the row after it."""
    for column in range(where.column, last + 1):
        cell = paper.cell(where.row, column)
        cell.fill, cell.border = style.TINT, style.BOX
    formula = worked_out(ask, paper.drawing.form)
    paper.write(where.row, where.column, formula, style.HEAD, style.aligned(indent=1)).number_format = (
        style.DATE_FORMAT if ask.kind == DATE else "General"
    )
    paper.height(where.row, _height(paper, ask, paper.width(1, where.column - 1)))
    return where.row + 1


def draw_confirmation(paper: PagePaper, row: int) -> int:
    """Draw the question whether what was carried into a section is right; return the row after it."""
    section = paper.page.section
    told = f"Carried over from {paper.drawing.begun.source}. Read every answer of this part, on its further sheets too: put right what has changed, then choose Yes."
    paper.label(row, "Read, and right as of today", told)
    first, last = (2, 2) if paper.status <= 3 else (3, paper.status - 1)
    if paper.status > 3:
        paper.merge(row, 1, 2)
        paper.merge(row, first, last)
    for column in range(first, last + 1):
        paper.answer(row, column, _CONFIRM)
    where = Spot(paper.sheet.title, row, first)
    define(paper.drawing.workbook, f"{CONFIRM}{section.key}", where)
    paper.drawing.spots[f"{section.key}.{TO_CONFIRM}"] = where
    paper.check(_CONFIRM, where)
    status = paper.say_missing(row, f"=IF({where.cell()}={quoted(YES)},0,1)")
    paper.colour_while(where, f"${status.coordinate}>0")
    paper.height(row, 8 + 13 + 12 * style.lines(told, paper.width(1, first - 1) * 1.05))
    return row + 1


def _height(paper: PagePaper, ask: Ask, label_width: float) -> float:
    words = hint(ask)
    told = 8 + 13 * style.lines(ask.label, label_width - 4)
    told += 12 * style.lines(words, label_width * 1.05) if words else 0
    asks, least = paper.page.asks, 22
    if ask.kind == ADDRESS:
        least = 62
    elif ask.kind == LONG and len(asks) == 1 and paper.page.table is None:
        least = 400
    elif ask.kind == LONG:
        least = 72 if len(asks) > 8 and {one.kind.name for one in asks} == {LONG.name} else 92
    return max(told, least)


def _filled(raw: Any, width: float) -> float:
    return 8 + 14 * style.lines(str(raw), width) if raw else 0


def _choices(paper: PagePaper, ask: Ask, row: int, raw: Any) -> int:
    path, words = paper.page.path(ask), hint(ask)
    paper.label(row, ask.label, words)
    told = "Choose Yes beside each that applies; leave the others empty."
    paper.write(row, 2, told, style.SMALL, style.aligned(vertical="bottom"))
    paper.height(row, 32 if words else 20)
    marks = taken(ask, raw)
    block = Spot(paper.sheet.title, row + 1, 2, len(ask.choices))
    for at, choice in enumerate(ask.choices, start=row + 1):
        paper.write(at, 1, choice.label, style.PLAIN, style.aligned(indent=2)).border = style.RULE
        put(paper.answer(at, 2, ask), marks.get(choice.key))
        paper.name(f"{path}.{choice.key}", Spot(paper.sheet.title, at, 2))
        paper.height(at, 8 + 14 * style.lines(choice.label, paper.width(1) - 6))
    if formula := missing(ask, path, "", paper.drawing.form):
        status = paper.say_missing(block.row, formula)
        paper.colour_while(block, f"${status.column_letter}${status.row}>0")
    paper.check(ask, block)
    return block.row + block.rows
