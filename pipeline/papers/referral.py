"""A referral as a paper, from its view: sections, questions and tables in the order of the printed form."""

from collections.abc import Iterator

from forms import answers
from forms.definition import Answered, AnyOf, Ask, Condition, Filler, Is, Not, Section, Table, row_path
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
)
from pipeline.view import NotAnswered, NotKnown, Shared, SharedView, Withheld

# Shares of a table's width: an address or name needs room, a yes or no does not.
_WIDTHS = {answers.ADDRESS: 1.7, answers.LONG: 3.0, answers.TEXT: 1.3, answers.DATE_OR_AGE: 1.3}


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
    body += [section for one in view.form.sections if (section := _section(view, one))]
    return Paper(body, furniture)


def _section(view: SharedView, section: Section) -> blocks.Section | None:
    if section.by is Filler.COORDINATOR and not _recorded(view, section):
        return None
    return blocks.Section(section.title, list(_items(view, section)))


def _recorded(view: SharedView, section: Section) -> bool:
    paths = [path for path in view.answers if path.partition(".")[0] == section.key]
    return any(not isinstance(view.answers[path], NotAnswered) for path in paths)


def _items(view: SharedView, section: Section) -> Iterator[Block]:
    pairs: list[QuestionAnswer] = []
    for item in section.items:
        if isinstance(item, Table):
            if pairs:
                yield QuestionAnswers(pairs)
                pairs = []
            yield _table(view, section, item)
        else:
            path = f"{section.key}.{item.key}"
            if _is_beside_the_point(view, path, item):
                continue
            pairs.append(QuestionAnswer(item.label, view.answers.get(path, NotAnswered()), path))
    if pairs:
        yield QuestionAnswers(pairs)


def _is_beside_the_point(view: SharedView, path: str, ask: Ask) -> bool:
    """Say whether an open question was to be answered on a condition that, as this recipient can see, does not hold.

    Where any answer that the condition depends on is withheld, the question stays: a missing line would tell of it.
    """
    open_ = isinstance(view.answers.get(path, NotAnswered()), NotAnswered)
    return open_ and ask.required_if is not None and _seen_to_hold(view, ask.required_if) is False


def _seen_to_hold(view: SharedView, condition: Condition) -> bool | None:
    """Say whether a condition holds, from what the recipient sees; None where not all of it can be seen."""
    match condition:
        case Is(path, key):
            return _seen_to_be(view, path, key)
        case Answered(path):
            if isinstance(rows := view.rows.get(path), int):
                return rows > 0
            answered = view.answers.get(path)
            return (
                None
                if answered is None or isinstance(answered, Withheld)
                else not isinstance(answered, NotAnswered)
            )
        case AnyOf(conditions):
            each = [_seen_to_hold(view, one) for one in conditions]
            return None if None in each else any(each)
        case Not(inner):
            held = _seen_to_hold(view, inner)
            return None if held is None else not held


def _seen_to_be(view: SharedView, path: str, key: str) -> bool | None:
    match view.answers.get(path):
        case Shared(text):
            return view.form.find(path).ask.label_of(key) in text.split("\n")
        case NotKnown():
            return key == answers.UNKNOWN.key
        case NotAnswered():
            return False
        case _:
            return None


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
        [_WIDTHS.get(ask.kind, 0.95) for ask in table.columns],
    )


def _row(view: SharedView, path: str, columns: tuple[Ask, ...], number: int) -> GridRow:
    where = [row_path(path, number, ask.key) for ask in columns]
    return GridRow([view.answers[one] for one in where], where)
