"""Whether a Word template fits its form, both ways; and its parts made ready to be filled in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from forms.definition import Filler, Form
from pipeline.problem import WHOLE_FILE, Place, Problem, problem
from pipeline.word.package import Package, Part, read
from pipeline.word.tags import PER_COPY, Found, check
from pipeline.word.xml import Element, R, W, fields, is_on, text_of

STATES: Mapping[str, str] = {
    "not shared": "Answer not shared",
    "not known": "Answer not known",
    "not answered": "Answer not answered",
}
"""What became of an answer → the name of the character style that it is printed in."""

_KINDS = {"default": "the other pages", "first": "the first page", "even": "the even pages"}
_COUNTING = ("PAGE", "NUMPAGES")


class Pages(NamedTuple):
    """The pages of one kind in one section, and the parts that are their header and footer (empty if they have none)."""

    section: int
    kind: str
    header: str
    footer: str


@dataclass
class Ready:
    """A template's parts made ready: code for the body and for each header and footer."""

    package: Package
    body: Found
    sides: dict[str, Found]
    states: dict[str, str] = field(default_factory=dict)


def prepare(template: bytes, form: Form) -> tuple[Ready | None, tuple[Problem, ...]]:
    """Return a template made ready, and everything in it that does not fit; it is fit for use only if nothing is.

    Args:
        template: a .docx file.
        form: the form whose answers it is to print.
    """
    package, said = read(template)
    if package is None:
        return None, said
    problems = list(said)
    document = package.document
    names = _style_names(package)
    pages = list(pages_of(root_of(document), document, even_and_odd=even_and_odd(package)))
    called = _sides(pages)
    sides = {
        part.name: check(
            root_of(part),
            form,
            _always(called.get(part.name, f"a {part.kind}")),
            header=True,
        )
        for part in package.parts.values()
        if part.kind in ("header", "footer")
    }
    problems += _lacking(pages, sides, package)
    problems += _counting(root_of(document))
    where = _places(root_of(document), names)
    body = check(root_of(document), form, lambda paragraph: where.get(paragraph, WHOLE_FILE))
    for found in (body, *sides.values()):
        problems += found.problems
    for kind in ("footnotes", "endnotes"):
        part = package.one(kind)
        if part is not None and any(mark in text_of(root_of(part)) for mark in ("{{", "{%")):
            problems.append(problem("word-tag-elsewhere"))
    problems += _unprinted(form, body.printed)
    if form.slip and form.slip.title not in text_of(root_of(document)):
        problems.append(problem("word-unprinted-slip", title=form.slip.title))
    ids = {name: id_ for id_, name in names.items()}
    problems += [problem("word-style", style=name) for name in STATES.values() if name not in ids]
    states = {state: ids.get(name, "") for state, name in STATES.items()}
    return Ready(package, body, sides, states), tuple(dict.fromkeys(problems))


def _unprinted(form: Form, printed: set[str]) -> Iterator[Problem]:
    """Yield a problem for each question, table and note that the tags do not print."""
    for found in form.asks():
        if found.table is None and not found.section.kept and found.path not in printed:
            yield problem("word-unprinted", Place(found.path, found.ask.label), path=found.path)
    for path, section, table in form.tables():
        if section.kept:
            continue
        columns = [ask for ask in table.columns if f"{path}.{ask.key}" not in printed]
        if len(columns) == len(table.columns):
            yield problem("word-unprinted-table", Place(path, table.title), path=path, singular=table.singular)
            continue
        for ask in columns:
            where = Place(f"{path}.{ask.key}", f"{table.title}: {ask.label}")
            yield problem("word-unprinted", where, path=f"row.{ask.key}")
        if path not in printed and section.by is Filler.REFERRER:
            yield problem("word-unsaid-table", Place(path, table.title), path=path)
    if "notes" not in printed:
        yield problem("word-unprinted-notes")


def _always(sheet: str) -> Callable[[Element], Place]:
    return lambda _: Place(sheet=sheet)


def root_of(part: Part) -> Element:
    """Return the XML of a part that is no picture."""
    if part.root is None:
        raise TypeError(f"{part.name} is not XML")
    return part.root


def even_and_odd(package: Package) -> bool:
    """Say whether even pages have headers and footers of their own."""
    settings = package.one("settings")
    return settings is not None and is_on(root_of(settings).find(f"{W}evenAndOddHeaders"))


def pages_of(document: Element, part: Part, *, even_and_odd: bool) -> Iterator[Pages]:
    """Yield every kind of page that each section has, or would have if a setting were changed.

    A section without a header of its own has that of the section before (ECMA-376, part 1, 17.10.5).
    """
    last: dict[tuple[str, str], str] = {}
    for number, section in enumerate(document.iter(f"{W}sectPr"), start=1):
        for side in ("header", "footer"):
            for reference in section.iter(f"{W}{side}Reference"):
                kind = str(reference.get(f"{W}type", "default"))
                last[side, kind] = part.target(str(reference.get(f"{R}id")))
        shown = {"default": True, "first": is_on(section.find(f"{W}titlePg")), "even": even_and_odd}
        for kind, is_shown in shown.items():
            if is_shown or ("header", kind) in last or ("footer", kind) in last:
                yield Pages(number, kind, last.get(("header", kind), ""), last.get(("footer", kind), ""))


def _sides(pages: list[Pages]) -> dict[str, str]:
    called: dict[str, str] = {}
    for one in pages:
        for side, name in (("header", one.header), ("footer", one.footer)):
            called.setdefault(name, f"the {side} of {_KINDS[one.kind]} in section {one.section}")
    return called


def _lacking(pages: list[Pages], sides: Mapping[str, Found], package: Package) -> Iterator[Problem]:
    """Yield what a page lacks: MARK-6 asks for the marking at top and bottom, and page x of y."""
    nothing = Found()
    for one in pages:
        header, footer = sides.get(one.header, nothing), sides.get(one.footer, nothing)
        facts: dict[str, Any] = {"pages": _KINDS[one.kind], "section": one.section}
        for side, found in (("header", header), ("footer", footer)):
            if "marking" not in found.printed:
                yield problem("word-page", where=side, what="{{ marking }}", **facts)
        either = header.printed | footer.printed
        for tag in ("case", *PER_COPY):
            if tag not in either:
                yield problem("word-page", where="footer", what=f"{{{{ {tag} }}}}", **facts)
        counts = {
            f
            for name in (one.header, one.footer)
            if name in sides
            for f in fields(root_of(package.parts[name]))
        }
        if not counts >= set(_COUNTING):
            yield problem(
                "word-page",
                where="footer",
                what="the page number and the number of pages (Insert, Quick Parts, Field: Page and NumPages)",
                **facts,
            )


def _counting(document: Element) -> Iterator[Problem]:
    for number, section in enumerate(document.iter(f"{W}sectPr"), start=1):
        numbering = section.find(f"{W}pgNumType")
        start = None if numbering is None else numbering.get(f"{W}start")
        if start is not None and (number > 1 or start != "1"):
            yield problem("word-page-count", section=number)


def _style_names(package: Package) -> dict[str, str]:
    styles = package.one("styles")
    if styles is None:
        return {}
    found = {}
    for style in root_of(styles).iter(f"{W}style"):
        name = style.find(f"{W}name")
        if name is not None:
            found[str(style.get(f"{W}styleId"))] = str(name.get(f"{W}val"))
    return found


def _places(document: Element, styles: Mapping[str, str]) -> dict[Element, Place]:
    """Return where each paragraph stands: below which heading, in which table and row."""
    places: dict[Element, Place] = {}
    heading, table, row = "", 0, 0
    for element in document.iter(f"{W}p", f"{W}tbl", f"{W}tr"):
        if element.tag == f"{W}tbl":
            table, row = table + 1, 0
        elif element.tag == f"{W}tr":
            row += 1
        elif element.tag == f"{W}p":
            style = element.find(f"{W}pPr/{W}pStyle")
            name = "" if style is None else styles.get(str(style.get(f"{W}val")), "")
            if name.lower().startswith(("heading", "title")) and (words := text_of(element).strip()):
                heading = words
            below = f'the text below "{heading}"' if heading else "the beginning"
            inside = next(element.iterancestors(f"{W}tbl"), None) is not None
            places[element] = Place(sheet=f"{below}, table {table}, row {row}" if inside else below)
    return places
