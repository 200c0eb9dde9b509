"""A referral as a paper, from its view: sections, questions and tables in the order of the printed form."""

from collections.abc import Iterator
from itertools import groupby

from forms import answers
from forms.definition import Ask, Filler, Section, Slip, Table, row_path
from pipeline import blocks
from pipeline.blocks import (
    Block,
    Furniture,
    Grid,
    GridRow,
    Paper,
    Paragraph,
    QuestionAnswer,
    QuestionAnswers,
    Style,
    ToFill,
)
from pipeline.papers.seen import is_beside_the_point
from pipeline.view import NotAnswered, SharedAnswer, SharedView, Withheld

# Shares of a table's width: an address or name needs room, a yes or no does not.
_WIDTHS = {
    answers.ADDRESS: 1.7,
    answers.LONG: 3.0,
    answers.TEXT: 1.3,
    answers.DATE_OR_AGE: 1.3,
    answers.DATE: 1.25,
}


def paper(view: SharedView, *, sender: str, panel: str) -> Paper:
    """Return a referral as it is drawn.

    Args:
        view: what the recipient may see.
        sender: the body that sends it.
        panel: the panel and its date, as printed below the title.
    """
    furniture = Furniture(
        view.marking,
        view.form.title,
        f"edition {view.form.edition}",
        view.case,
        sender=sender,
        subject_line=panel,
    )
    body: list[Block] = [blocks.Heading(view.form.title), Paragraph(f"Case {view.case}", Style.LEAD)]
    body += [Paragraph(note, Style.WARNING) for note in view.notes]
    body += [section for one in view.form.printed if (section := _section(view, one))]
    if view.form.slip:
        body += _slip(view, view.form.slip)
    return Paper(body, furniture)


def _section(view: SharedView, section: Section) -> blocks.Section | None:
    if section.by is Filler.COORDINATOR and not _recorded(view, section):
        return None
    if rule := _closed_as_a_whole(view, section):
        row = QuestionAnswer("The whole of this part", Withheld(rule))
        return blocks.Section(section.title, [QuestionAnswers([row])])
    return blocks.Section(section.title, list(_items(view, section)))


def _closed_as_a_whole(view: SharedView, section: Section) -> str:
    """Return the rule that withholds every question and table of a part, where there are several; empty where something is seen."""
    begins = f"{section.key}."
    held: list[SharedAnswer | int] = [one for path, one in view.answers.items() if path.startswith(begins)]
    held += [rows for path, rows in view.rows.items() if path.startswith(begins)]
    rules = {one.rule if isinstance(one, Withheld) else "" for one in held}
    return rules.pop() if len(rules) == 1 and len(held) > 1 else ""


def _recorded(view: SharedView, section: Section) -> bool:
    paths = [path for path in view.answers if path.partition(".")[0] == section.key]
    return any(not isinstance(view.answers[path], NotAnswered) for path in paths)


def _items(view: SharedView, section: Section) -> Iterator[Block]:
    """Yield the blocks of a section: tables, grids, and between them questions with their answers."""
    for (grid, _), group in groupby(section.items, _laid_out):
        items = list(group)
        if isinstance(items[0], Table):
            yield from (_table(view, section, one) for one in items if isinstance(one, Table))
            continue
        asks = [(f"{section.key}.{one.key}", one) for one in items if isinstance(one, Ask)]
        if grid:
            where = [path for path, _ in asks]
            row = GridRow([_answer(view, path) for path in where], where)
            yield Grid(grid, [ask.label for _, ask in asks], [row])
        elif pairs := [
            QuestionAnswer(ask.label, _answer(view, path), path)
            for path, ask in asks
            if not is_beside_the_point(view, path, ask)
        ]:
            yield QuestionAnswers(pairs)


def _laid_out(item: Ask | Table) -> tuple[str, bool]:
    return (item.grid, False) if isinstance(item, Ask) else ("", True)


def _answer(view: SharedView, path: str) -> SharedAnswer:
    return view.answers.get(path, NotAnswered())


def _slip(view: SharedView, slip: Slip) -> Iterator[Block]:
    """Yield what the recipient sends back, on a page of its own."""
    yield blocks.PageBreak()
    told = [QuestionAnswer("Reference", view.case)]
    told += [QuestionAnswer(view.form.find(path).ask.label, _answer(view, path), path) for path in slip.shows]
    told += [QuestionAnswer(line, ToFill()) for line in slip.lines]
    yield blocks.Section(slip.title, [Paragraph(slip.about), QuestionAnswers(told)])


def _table(view: SharedView, section: Section, table: Table) -> Block:
    path = f"{section.key}.{table.key}"
    rows = view.rows.get(path, 0)
    if isinstance(rows, Withheld):
        return QuestionAnswers([QuestionAnswer(table.title, rows, path)])
    if not rows:
        return QuestionAnswers([QuestionAnswer(table.title, "None recorded", path)])
    return Grid(
        "" if table.title == section.title else table.title,
        [ask.label for ask in table.columns],
        [_row(view, path, table.columns, number) for number in range(1, rows + 1)],
        [_WIDTHS.get(ask.kind, max(0.95, 0.1 * longest_word(ask))) for ask in table.columns],
    )


def longest_word(ask: Ask) -> int:
    """Return how many letters the longest word of a column has: of its label, or of an answer of its list."""
    words = [word for said in (ask.label, *(choice.label for choice in ask.choices)) for word in said.split()]
    return max(map(len, words))


def _row(view: SharedView, path: str, columns: tuple[Ask, ...], number: int) -> GridRow:
    where = [row_path(path, number, ask.key) for ask in columns]
    return GridRow([view.answers[one] for one in where], where)
