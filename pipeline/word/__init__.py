"""SharedView → Word document, by a template that a co-ordinator edits in Word.

A template is made ready once, filled in once for each view, and stamped once for each copy: a copy differs from another in
its headers, footers and properties only, and the rest of the file is copied as it was packed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import jinja2

from forms.definition import Ask, Filler, Form, Section, Table, row_path
from pipeline.blocks import Stamp
from pipeline.papers.seen import is_beside_the_point
from pipeline.problem import WHOLE_FILE, Place, Problem, Stopped, problem
from pipeline.view import NotAnswered, NotKnown, Shared, SharedAnswer, SharedView, Withheld
from pipeline.word.engine import compiled
from pipeline.word.look import ROWS, STATE, TEXT, Said, filters
from pipeline.word.package import CORE, Part, standing
from pipeline.word.tags import Found
from pipeline.word.template import Pages, even_and_odd, pages_of, prepare
from pipeline.word.words import TEMPLATE
from pipeline.word.xml import DECLARATION, fields, parse, text_of
from pipeline.word.zipped import Member, pack, write

__all__ = ["TEMPLATE", "Refused", "Rendered", "Template", "check_template", "compile_template"]

_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_OPEN: Said = {STATE: "not answered", TEXT: "Not answered"}
_BESIDE_THE_POINT: Said = {STATE: "not answered", TEXT: "Does not apply"}
_NOTHING: Said = {STATE: "", TEXT: ""}
_NONE_RECORDED: Said = {STATE: "not answered", TEXT: "None recorded"}


class Refused(Stopped):
    """A template that does not fit, or a document that could not be proved right; `problems` say why, never an answer."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{one.place}: {one.what}" for one in self.problems))


def check_template(template: bytes, form: Form) -> tuple[Problem, ...]:
    """Return everything in a Word template that does not fit its form, both ways; empty if it fits.

    Args:
        template: a .docx file.
        form: the form whose answers it is to print.
    """
    return prepare(template, form)[1]


def compile_template(template: bytes, form: Form) -> "Template":
    """Return a template ready to be filled in many times.

    Args:
        template: a .docx file.
        form: the form whose answers it is to print.

    Raises:
        Refused: it does not fit.
    """
    ready, problems = prepare(template, form)
    if ready is None or problems:
        raise Refused(problems)
    package = ready.package
    return Template(
        form,
        package.document,
        _ready(ready.body, ready.states),
        {name: _ready(found, ready.states) for name, found in ready.sides.items()},
        tuple(pack(name, content) for name, content in standing(package)),
        even_and_odd=even_and_odd(package),
    )


def _ready(found: Found, states: Mapping[str, str]) -> jinja2.Template:
    return compiled(found.code, filters(found.looks, states))


@dataclass(eq=False)
class Template:
    """A template ready to be filled in; `drawn` counts how many views were."""

    form: Form = field(repr=False)
    _document: Part = field(repr=False)
    _body: jinja2.Template = field(repr=False)
    _sides: Mapping[str, jinja2.Template] = field(repr=False)
    _standing: tuple[Member, ...] = field(repr=False)
    even_and_odd: bool = False
    drawn: int = 0

    def render(self, view: SharedView, *, sender: str = "") -> "Rendered":
        """Fill in the answers of a view; equal input gives equal bytes.

        Args:
            view: what may be seen.
            sender: the organisation that sends it: the author in the file's properties.

        Raises:
            Refused: a text holds what cannot be printed, or the document could not be proved right.
            ValueError: the view is of another form than the template.
            KeyError: the view lacks a question of the referrer.
        """
        if (view.form.id, view.form.edition) != (self.form.id, self.form.edition):
            raise ValueError("the view is of another form or edition than the template")
        _refuse_unprintable(view, sender)
        self.drawn += 1
        page = {
            "case": view.case,
            "marking": view.marking,
            "title": view.form.title,
            "edition": view.form.edition,
        }
        body = DECLARATION + self._body.render(answers=_answers(view), notes=list(view.notes), page=page)
        content = body.encode()
        pages = tuple(pages_of(parse(content), self._document, even_and_odd=self.even_and_odd))
        if not pages:
            raise Refused([problem("word-unproved", what="the marking", where="section")])
        return Rendered(page, sender, pages, self._sides, (*self._standing, pack(self._document.name, content)))


@dataclass(frozen=True, eq=False)
class Rendered:
    """A document filled in, of which copies can be had."""

    _page: Mapping[str, str] = field(repr=False)
    _sender: str
    _pages: tuple[Pages, ...] = field(repr=False)
    _sides: Mapping[str, jinja2.Template] = field(repr=False)
    _packed: tuple[Member, ...] = field(repr=False)

    def copy(self, stamp: Stamp) -> bytes:
        """Return the whole document for one recipient, proved to bear what every page must bear (MARK-6).

        Raises:
            Refused: the stamp holds what cannot be printed, or a page would lack what it must bear.
        """
        per_copy = {"recipient": stamp.recipient, "copy": stamp.copy, "pack_id": stamp.pack_id}
        page = {**self._page, **{key: text or "–" for key, text in per_copy.items()}}
        for text in per_copy.values():
            _refuse_character(text, WHOLE_FILE, newline=False)
        sides = {name: (DECLARATION + side.render(page=page)).encode() for name, side in self._sides.items()}
        _prove(self._pages, sides, page)
        core = _core(f"{page['title']} {page['case']}", self._sender, page["marking"], stamp.pack_id)
        return write((*self._packed, *(pack(name, one) for name, one in sides.items()), pack(CORE, core)))


def _answers(view: SharedView) -> dict[str, Any]:
    """Return a view as plain dicts, lists and strings, which is all that a template is given."""
    return {
        section.key: {
            one.key: _table(view, section, one) if isinstance(one, Table) else _asked(view, section, one)
            for one in section.items
        }
        for section in view.form.printed
    }


def _asked(view: SharedView, section: Section, ask: Ask) -> Said:
    path = f"{section.key}.{ask.key}"
    if section.by is Filler.COORDINATOR and path not in view.answers:
        return _OPEN
    return _BESIDE_THE_POINT if is_beside_the_point(view, path, ask) else _said(view.answers[path])


def _table(view: SharedView, section: Section, table: Table) -> dict[str, Any]:
    path = f"{section.key}.{table.key}"
    count = view.rows.get(path, 0) if section.by is Filler.COORDINATOR else view.rows[path]
    if isinstance(count, Withheld):
        return {ROWS: [], "said": _said(count)}
    rows = [
        {ask.key: _said(view.answers[row_path(path, number, ask.key)]) for ask in table.columns}
        for number in range(1, count + 1)
    ]
    return {ROWS: rows, "said": _NOTHING if rows or section.by is Filler.COORDINATOR else _NONE_RECORDED}


def _said(answer: SharedAnswer) -> Said:
    match answer:
        case Shared(text):
            return text
        case NotKnown():
            return {STATE: "not known", TEXT: "Not known"}
        case NotAnswered():
            return _OPEN
        case Withheld(rule):
            return {STATE: "not shared", TEXT: f"Not shared ({rule})"}


def _refuse_unprintable(view: SharedView, sender: str) -> None:
    for path, answer in view.answers.items():
        if isinstance(answer, Shared):
            _refuse_character(answer.text, Place(path, view.form.find(path).ask.label))
    for text in (view.case, view.marking, sender):
        _refuse_character(text, WHOLE_FILE, newline=False)
    for note in view.notes:
        _refuse_character(note, WHOLE_FILE)


def _refuse_character(text: str, place: Place, *, newline: bool = True) -> None:
    if found := _UNPRINTABLE.search(text) or (not newline and re.search("\n", text)):
        raise Refused([problem("word-character", place, number=f"U+{ord(found[0]):04X}")])


def _prove(pages: Iterable[Pages], sides: Mapping[str, bytes], page: Mapping[str, str]) -> None:
    """Refuse a document of which any page, also one that only a setting would show, lacks what it must bear."""
    roots = {name: parse(content) for name, content in sides.items()}
    words = {name: text_of(root) for name, root in roots.items()}
    counts = {name: fields(root) for name, root in roots.items()}
    for one in pages:
        header, footer = words.get(one.header, ""), words.get(one.footer, "")
        for where, text in (("header", header), ("footer", footer)):
            if page["marking"] not in text:
                raise Refused([problem("word-unproved", what="the marking", where=where)])
        for key in ("case", "recipient", "copy", "pack_id"):
            if page[key] not in header and page[key] not in footer:
                raise Refused([problem("word-unproved", what=f"the {key}", where="header or footer")])
        if not counts.get(one.header, set()) | counts.get(one.footer, set()) >= {"PAGE", "NUMPAGES"}:
            raise Refused([problem("word-unproved", what="page x of y", where="header or footer")])


def _core(title: str, sender: str, marking: str, pack_id: str) -> bytes:
    """Return the properties of the file: no names of persons, and no dates (ECMA-376, part 2, 11)."""
    return (
        f"{DECLARATION}<cp:coreProperties "
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(sender)}</dc:creator>"
        f"<cp:keywords>{escape(marking)}</cp:keywords><dc:identifier>{escape(pack_id)}</dc:identifier>"
        "<dc:language>en-GB</dc:language></cp:coreProperties>"
    ).encode()
