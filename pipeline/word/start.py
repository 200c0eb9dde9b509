"""A first Word template, laid out from a form's definition; from then on a person edits it in Word.

Accessible by its build: real headings, header rows that come again, one language, descriptions of tables, no merged cells, a
reading order from top to bottom (WCAG 2.2, 1.3.1 and 1.3.2). Measures are twentieths of a point, as in ECMA-376.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from forms import answers
from forms.definition import Ask, Filler, Form, Section, Slip, Table
from pipeline.papers.referral import longest_word
from pipeline.word.package import Package, Part, standing
from pipeline.word.start_styles import FONTS, LABEL_SHADE, SETTINGS, STYLES
from pipeline.word.xml import DECLARATION, RELATED, W, parse
from pipeline.word.zipped import pack, write

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OPEN = f'xmlns:w="{W[1:-1]}" xmlns:r="{RELATED}"'
_WIDTH = 9866
"""174 mm, an A4 page less its margins."""

_QUESTION = 3288
_PAIR = (3400, 1533)
_SHORT = (answers.YES_NO, answers.YES_NO_UNKNOWN)
_MANY = 8
"""So many short questions in a row stand two beside each other."""

_WEIGHTS = {answers.ADDRESS: 10, answers.LONG: 14, answers.DATE_OR_AGE: 7, answers.TEXT: 8, answers.DATE: 7.5}
_BY_HAND = 680
"""The height of a line that somebody fills in by hand: 12 mm."""
_KINDS = ("default", "first", "even")


class _Row(NamedTuple):
    """The cells of a row, whether it may run over to the next page (a short one stays whole), and its least height."""

    cells: tuple[str, ...]
    breaks: bool = False
    height: int = 0


def first_template(form: Form) -> bytes:
    """Return a .docx template that fits a form; the same bytes each time.

    Args:
        form: what is asked.
    """
    parts = [
        _part("document.xml", "document", _document(form)),
        _part("styles.xml", "styles", STYLES),
        _part("settings.xml", "settings", SETTINGS),
        _part("fontTable.xml", "fontTable", FONTS),
        *(_part(f"header_{kind}.xml", "header", _header(form)) for kind in _KINDS),
        *(_part(f"footer_{kind}.xml", "footer", _footer()) for kind in _KINDS),
    ]
    document = parts[0]
    for part in parts[1:]:
        id_ = part.name.rpartition("/")[2].removesuffix(".xml")
        document.refers[id_] = (f"{RELATED}/{part.kind}", part.name, False)
    core = f'{DECLARATION}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    package = Package({part.name: part for part in parts})
    sides = [part for part in parts if part.kind in ("document", "header", "footer")]
    return write(
        (
            *(pack(name, content) for name, content in standing(package)),
            *(pack(part.name, part.raw) for part in sides),
            pack("docProps/core.xml", core.encode()),
        )
    )


def _part(name: str, kind: str, content: str) -> Part:
    raw = (DECLARATION + content).encode()
    main = "document.main" if kind == "document" else kind
    return Part(f"word/{name}", kind, f"{_TYPE}.{main}+xml", raw, root=parse(raw))


def _document(form: Form) -> str:
    references = "".join(
        f'<w:{side}Reference w:type="{kind}" r:id="{side}_{kind}"/>'
        for side in ("header", "footer")
        for kind in _KINDS
    )
    return (
        f"<w:document {_OPEN}><w:body>"
        + _line("{{ title }}", "Title")
        + _line("Case {{ case }}", "Subtitle")
        + _line("{%p for note in notes %}") + _line("{{ note }}", "Note") + _line("{%p endfor %}")
        + "".join(_section(section) for section in form.printed)
        + (_slip(form, form.slip) if form.slip else "")
        + f"<w:sectPr>{references}"
        '<w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1531" w:right="1020" w:bottom="1588" w:left="1020" w:header="510" w:footer="510" w:gutter="0"/>'
        "<w:titlePg/></w:sectPr></w:body></w:document>"
    )  # fmt: skip


def _section(section: Section) -> str:
    inner = _line(section.title, "Heading1") + "".join(_items(section))
    if section.by is Filler.COORDINATOR:
        return _line(f"{{%p if {section.key} %}}") + inner + _line("{%p endif %}")
    return inner


def _items(section: Section) -> Iterator[str]:
    """Yield the tables of a section, a small gap between two."""
    gap = ""
    for kind, items in _chunks(section):
        asks = [one for one in items if isinstance(one, Ask)]
        if kind == "rows":
            yield from (_rows(section, one) for one in items if isinstance(one, Table))
            gap = ""
            continue
        if kind == "grid":
            yield _grid(section, asks)
            gap = ""
            continue
        yield gap + {"pairs": _pairs, "whole": _whole, "questions": _questions}[kind](section, asks)
        gap = _line("", "Gap")


def _chunks(section: Section) -> list[tuple[str, list[Ask | Table]]]:
    """Return the items of a section by how they are laid out, in their order."""
    first = section.items[0]
    if len(section.items) == 1 and isinstance(first, Ask) and first.kind == answers.LONG:
        return [("whole", [first])]
    chunks: list[tuple[str, list[Ask | Table]]] = []
    for (kind, _), group in groupby(section.items, _kind):
        items = list(group)
        laid = "questions" if kind == "pairs" and len(items) < _MANY else kind
        if chunks and laid == chunks[-1][0] == "questions":
            chunks[-1][1].extend(items)
        else:
            chunks.append((laid, items))
    return chunks


def _kind(one: Ask | Table) -> tuple[str, str]:
    """Return how an item is laid out, and the title of the grid that it stands in."""
    if isinstance(one, Table):
        return "rows", ""
    if one.grid:
        return "grid", one.grid
    return ("pairs" if one.kind in _SHORT else "questions"), ""


def _questions(section: Section, asks: Sequence[Ask]) -> str:
    rows = [
        _Row((_line(ask.label, "Question"), _answer(section.key, ask)), ask.kind == answers.LONG)
        for ask in asks
    ]
    return _table(section.title, (("Question", _QUESTION), ("Answer", _WIDTH - _QUESTION)), rows)


def _pairs(section: Section, asks: Sequence[Ask]) -> str:
    cells = [(_line(ask.label, "Question"), _answer(section.key, ask)) for ask in asks]
    if len(cells) % 2:
        cells.append((_line("", "Question"), _line("", "Answer")))
    rows = [_Row((*left, *right)) for left, right in zip(cells[::2], cells[1::2], strict=True)]
    return _table(section.title, tuple(zip(("Question", "Answer"), _PAIR, strict=True)) * 2, rows)


def _grid(section: Section, asks: Sequence[Ask]) -> str:
    """Return questions beside each other: the labels above, the answers in one row below."""
    title = asks[0].grid
    widths = [_WIDTH // len(asks)] * len(asks)
    widths[-1] += _WIDTH - sum(widths)
    columns = [(ask.label, width) for ask, width in zip(asks, widths, strict=True)]
    row = _Row(tuple(_answer(section.key, ask) for ask in asks))
    return (
        (_line(title, "Heading2") if title != section.title else "")
        + _table(title, columns, [row], "Questions, each with its answer below")
        + _line("", "Gap")
    )


def _slip(form: Form, slip: Slip) -> str:
    """Return what the recipient fills and sends back, on a page of its own."""
    shown = [
        _Row((_line("Reference", "Question"), _line("{{ case }}", "Answer"))),
        *(
            _Row((_line(found.ask.label, "Question"), _answer(found.section.key, found.ask)))
            for found in map(form.find, slip.shows)
        ),
    ]
    lines = [_Row((_line(line, "Question"), _line("", "Answer")), height=_BY_HAND) for line in slip.lines]
    columns = (("Question", _QUESTION), ("Answer", _WIDTH - _QUESTION))
    return (
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/><w:pageBreakBefore/></w:pPr>'
        f"{_run(slip.title)}</w:p>"
        + _line(slip.about)
        + _line("", "Gap")
        + _table(slip.title, columns, [*shown, *lines])
    )


def _whole(section: Section, asks: Sequence[Ask]) -> str:
    return _table(
        section.title, ((asks[0].label, _WIDTH),), [_Row((_answer(section.key, asks[0]),), breaks=True)]
    )


def _rows(section: Section, table: Table) -> str:
    path = f"{section.key}.{table.key}"
    weights = [_WEIGHTS.get(ask.kind, max(5.0, 0.65 * longest_word(ask))) for ask in table.columns]
    widths = [int(_WIDTH * weight / sum(weights)) for weight in weights]
    widths[-1] += _WIDTH - sum(widths)
    last = (_line("", "Answer"),) * (len(widths) - 1)
    long = any(ask.kind == answers.LONG for ask in table.columns)
    rows = [
        _Row((_line(f"{{%tr for {table.key} in {path} %}}", "Answer"), *last)),
        _Row(tuple(_answer(table.key, ask) for ask in table.columns), long),
        _Row((_line("{%tr endfor %}", "Answer"), *last)),
    ]
    columns = [(ask.label, width) for ask, width in zip(table.columns, widths, strict=True)]
    return (
        (_line(table.title, "Heading2") if table.title != section.title else "")
        + _line(f"{{%p if {path} %}}")
        + _table(table.title, columns, rows, f"One row for each {table.singular.lower()}")
        + _line("{%p else %}") + _line(f"{{{{ {path} }}}}", "Answer") + _line("{%p endif %}")
        + _line("", "Gap")
    )  # fmt: skip


def _table(title: str, columns: Sequence[tuple[str, int]], rows: Sequence[_Row], what: str = "") -> str:
    """Return a table; every second column from the first on holds labels, unless `what` says what a row is."""
    labels = not what and len(columns) > 1
    described = what or "Questions and their answers"
    look = f'<w:tblLook w:val="{"04A0" if labels else "0420"}" w:firstRow="1" w:firstColumn="{int(labels)}" w:noVBand="1"/>'
    head = "".join(_cell(_line(one, "ColumnHead"), width) for one, width in columns)
    body = "".join(
        f"<w:tr>{_row_properties(row)}"
        + "".join(
            _cell(content, width, shade=labels and number % 2 == 0)
            for number, (content, (_, width)) in enumerate(zip(row.cells, columns, strict=True))
        )
        + "</w:tr>"
        for row in rows
    )
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="FormTable"/><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"{look}<w:tblCaption w:val={quoteattr(title)}/><w:tblDescription w:val={quoteattr(described)}/></w:tblPr><w:tblGrid>"
        + "".join(f'<w:gridCol w:w="{width}"/>' for _, width in columns)
        + f"</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{body}</w:tbl>"
    )


def _row_properties(row: _Row) -> str:
    whole = "" if row.breaks else "<w:cantSplit/>"
    height = f'<w:trHeight w:val="{row.height}"/>' if row.height else ""
    return f"<w:trPr>{whole}{height}</w:trPr>" if whole or height else ""


def _cell(content: str, width: int, *, shade: bool = False) -> str:
    shading = f'<w:shd w:val="clear" w:color="auto" w:fill="{LABEL_SHADE}"/>' if shade else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shading}</w:tcPr>{content}</w:tc>'


def _answer(parent: str, ask: Ask) -> str:
    """Return the line for an answer; what is printed in capitals stands out."""
    return _line(f"{{{{ {parent}.{ask.key} }}}}", "Answer", "Surname" if ask.capitals else "")


def _line(text: str, style: str = "", look: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{_run(text, look) if text else ''}</w:p>"


def _run(text: str, look: str = "") -> str:
    properties = f'<w:rPr><w:rStyle w:val="{look}"/></w:rPr>' if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


_TAB = "<w:r><w:tab/></w:r>"


def _header(form: Form) -> str:
    return (
        f"<w:hdr {_OPEN}>"
        + _line("{{ marking }}", "Marking")
        + f'<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>{_run(f"{form.title}, edition ")}{_run("{{ edition }}")}'
        + f"{_TAB}{_run('Case {{ case }}')}</w:p></w:hdr>"
    )


def _footer() -> str:
    return (
        f'<w:ftr {_OPEN}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{_run("For {{ recipient }} · {{ copy }} · Pack {{ pack_id }}")}'
        f"{_TAB}{_run('Page ')}{_field('PAGE')}{_run(' of ')}{_field('NUMPAGES')}</w:p>"
        + _line("{{ marking }}", "Marking")
        + "</w:ftr>"
    )
