"""The tags of a template: what they may say, where they may stand, and what is made of them.

A tag is `{{ victim.surname }}`, `{% if minutes %}` or `{%tr for child in children.child %}`, as docxtpl writes them. Only what
is understood here becomes code: a template's own text never does, so that whoever edits one cannot make it run anything.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from lxml import etree

from forms.definition import Ask, Form
from pipeline.problem import Place, Problem, problem
from pipeline.word.look import ROWS
from pipeline.word.xml import NAMES, Element, W

PER_VIEW = ("case", "marking", "title", "edition")
PER_COPY = ("recipient", "copy", "pack_id")
"""What a header or footer bears, by the word in its tag."""

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_END = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_NAME = "[A-Za-z_][A-Za-z0-9_]*"
_PATH = rf"({_NAME}(?:\.{_NAME})*)"
_VALUE = re.compile(rf"\{{\{{\s*{_PATH}\s*\}}\}}")
_STATEMENT = re.compile(r"\{%(p|tr)?\s+(.*?)\s*%\}", re.DOTALL)
_FOR = re.compile(rf"for\s+({_NAME})\s+in\s+{_PATH}")
_IF = re.compile(rf"if\s+(not\s+)?{_PATH}")
_AROUND = {"p": f"{W}p", "tr": f"{W}tr"}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PIECE = "sealpack"

# Characters for private use: a template's own text, which may not hold them, cannot look like code.
OPEN, CLOSE, BEGIN, FINISH = "\ue0f0", "\ue0f1", "\ue0f2", "\ue0f3"
_MADE = re.compile(rf"<\?{_PIECE} (\d+)\?>")


@dataclass
class Tag:
    """One tag as it stands in a template."""

    text: str
    place: Place
    look: Element | None = None
    code: str = ""


class _Block(NamedTuple):
    """A part of the template that may come once, several times or not at all."""

    tag: Tag
    kind: str
    path: str
    holds: bool
    variable: str
    parent: Element | None


@dataclass
class Found:
    """What the tags of one part are: its code, how each answer's run looks, what is printed, and what is wrong."""

    code: str = ""
    looks: list[Element | None] = field(default_factory=list)
    printed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def weave(root: Element, form: Form, place: Callable[[Element], Place], *, header: bool = False) -> Found:
    """Turn a part with tags into code for the template engine.

    Args:
        root: the part; it is changed.
        form: what may be named.
        place: where an element stands, in words.
        header: the part is a header or footer, and what may be named there is another.
    """
    found = Found()
    tags: list[Tag] = []
    for paragraph in list(root.iter(f"{W}p")):
        # From the last to the first: what stands before a tag stays where it was found.
        for tag, text in reversed(list(_gathered(paragraph, place, found))):
            _put(tag, text, paragraph, tags, found)
    _Reading(form, found, tags, header=header).read(root)
    code = etree.tostring(root, encoding="unicode")
    broken = any(one.code == "word-broken-tag" for one in found.problems)
    if (_END.search(code) and not broken) or any(mark in code for mark in (OPEN, CLOSE, BEGIN, FINISH)):
        found.problems.append(problem("word-tag-elsewhere"))
    found.code = _MADE.sub(lambda made: tags[int(made[1])].code, code)
    return found


def _gathered(
    paragraph: Element, place: Callable[[Element], Place], found: Found
) -> Iterator[tuple[Tag, Element]]:
    """Yield each tag of a paragraph with the text it stands in, once Word's cuts through it are mended."""
    texts = [t for t in paragraph.iter(f"{W}t") if next(t.iterancestors(f"{W}p"), None) is paragraph]
    whole = "".join(t.text or "" for t in texts)
    if not _END.search(whole):
        return
    owner = [t for t in texts for _ in t.text or ""]
    here = place(paragraph)
    for stray in _END.finditer(_TAG.sub(lambda tag: "\0" * len(tag[0]), whole)):
        found.problems.append(problem("word-broken-tag", here, tag=whole[max(0, stray.start() - 1) :][:40]))
        return
    matches = list(_TAG.finditer(whole))
    for match in matches:
        owner[match.start() : match.end()] = [owner[match.start()]] * len(match[0])
    for text in texts:
        text.text = "".join(c for c, one in zip(whole, owner, strict=True) if one is text)
        text.set(_SPACE, "preserve")
    for match in matches:
        yield Tag(match[0], here), owner[match.start()]


def _put(tag: Tag, text: Element, paragraph: Element, tags: list[Tag], found: Found) -> None:
    """Put a marker in a tag's place: around the line or row it stands for, or between two runs."""
    marker = etree.ProcessingInstruction(_PIECE, str(len(tags)))
    tags.append(tag)
    statement = _STATEMENT.fullmatch(tag.text)
    around = _AROUND[statement[1]] if statement and statement[1] else ""
    if around:
        whole = paragraph if around == paragraph.tag else next(paragraph.iterancestors(around), None)
        if whole is None or _others(whole).strip() != tag.text:
            found.problems.append(problem("word-not-alone", tag.place, tag=tag.text))
        elif (parent := whole.getparent()) is not None:
            if parent.tag == f"{W}tc" and parent[-1] is whole:
                found.problems.append(problem("word-cell-end", tag.place, tag=tag.text))
            parent.replace(whole, marker)
        return
    run = text.getparent()
    if run is None or run.tag != f"{W}r":
        found.problems.append(problem("word-tag-elsewhere", tag.place))
        return
    before, _, after = (text.text or "").rpartition(tag.text)
    look = run.find(f"{W}rPr")
    tag.look = look
    rest = etree.Element(f"{W}r", nsmap=NAMES)
    if look is not None:
        rest.append(etree.fromstring(etree.tostring(look)))
    later = list(text.itersiblings())
    text.text = before
    rest.append(etree.Element(f"{W}t", {_SPACE: "preserve"}, nsmap=NAMES))
    rest[-1].text = after
    rest.extend(later)
    run.addnext(marker)
    marker.addnext(rest)
    for one in (run, rest):
        _drop_empty(one)


def _others(whole: Element) -> str:
    """Return all that is in a line or row: its words, and a mark for each thing that is not words."""
    things = ("drawing", "pict", "object", "sectPr", "fldChar", "footnoteReference", "endnoteReference")
    other = any(True for _ in whole.iter(*(f"{W}{thing}" for thing in things)))
    return "".join(t.text or "" for t in whole.iter(f"{W}t")) + "*" * other


def _drop_empty(run: Element) -> None:
    for text in run.findall(f"{W}t"):
        if not text.text:
            run.remove(text)
    if all(child.tag == f"{W}rPr" for child in run) and (parent := run.getparent()) is not None:
        parent.remove(run)


class _Reading:
    """Reads the tags of a part in order, with what stands around each."""

    def __init__(self, form: Form, found: Found, tags: list[Tag], *, header: bool) -> None:
        self._form, self._found, self._tags, self._header = form, found, tags, header
        self._tables = {path: table for path, _, table in form.tables()}
        self._sections = {section.key: section for section in form.sections}
        self._open: list[_Block] = []

    def read(self, root: Element) -> None:
        """Give each tag its code, and note what is printed."""
        for element in root.iter(etree.ProcessingInstruction, f"{W}sectPr"):
            if element.tag == f"{W}sectPr":
                if self._open:
                    self._wrong("word-section-in-block", self._open[-1].tag)
                continue
            tag = self._tags[int(str(element.text))]
            value = _VALUE.fullmatch(tag.text)
            statement = _STATEMENT.fullmatch(tag.text)
            if value:
                tag.code = self._value(tag, value[1])
            elif statement:
                tag.code = self._statement(tag, statement[2], element.getparent())
            else:
                self._wrong("word-tag", tag, tag=tag.text)
        for block in self._open:
            self._wrong("word-block", block.tag, tag=block.tag.text)

    def _wrong(self, code: str, at: Tag, **facts: str) -> None:
        self._found.problems.append(problem(code, at.place, **facts))

    def _value(self, tag: Tag, name: str) -> str:
        source = self._source(tag, name)
        if not source:
            return ""
        self._found.looks.append(tag.look)
        return f"{OPEN} {source}|run({len(self._found.looks) - 1}) {CLOSE}"

    def _source(self, tag: Tag, name: str) -> str:
        """Return the code for what a tag prints, and note that it is printed; empty if it may not stand here."""
        if name in PER_VIEW or (self._header and name in PER_COPY):
            self._found.printed.add(name)
            return f"page['{name}']"
        if self._header and (self._ask(name) or name in self._tables):
            self._wrong("word-only-in-body", tag, tag=tag.text)
            return ""
        if self._header:
            return self._unknown(tag, name)
        if name in PER_COPY:
            self._wrong("word-only-in-header", tag, tag=tag.text)
            return ""
        first, _, key = name.partition(".")
        for block in reversed(self._open):
            if block.kind == "for" and block.variable == first:
                return self._in_row(tag, block, name, key)
        if name in self._tables:
            if all(b.path == name and not b.holds for b in self._open):
                self._found.printed.add(name)
            return f"answers{_keys(name)}['said']"
        if self._ask(name) is None:
            return self._unknown(tag, name)
        self._note(name)
        return f"answers{_keys(name)}"

    def _in_row(self, tag: Tag, block: _Block, name: str, key: str) -> str:
        if block.path == "notes":
            if key:
                return self._unknown(tag, name)
            self._note("notes")
            return f"row_{block.variable}"
        path = f"{block.path}.{key}"
        if self._ask(path) is None:
            return self._unknown(tag, name)
        self._note(path)
        return f"row_{block.variable}['{key}']"

    def _note(self, path: str) -> None:
        """Note a question as printed, unless it depends on something other than itself, its table or its section."""
        if all(b.holds and (path == b.path or path.startswith(f"{b.path}.")) for b in self._open):
            self._found.printed.add(path)

    def _ask(self, path: str) -> Ask | None:
        try:
            return self._form.find(path).ask
        except KeyError:
            return None

    def _unknown(self, tag: Tag, name: str) -> str:
        asked = [*(found.path for found in self._form.asks()), *self._tables]
        known = [*PER_VIEW, *(PER_COPY if self._header else asked)]
        rows = {b.variable: b.path for b in self._open if b.kind == "for"}
        first, _, key = name.partition(".")
        meant = get_close_matches(f"{rows.get(first, first)}.{key}" if key else name, known, 1)
        hint = f"Did you mean {meant[0]}?" if meant else "`sealpack explain` lists what it asks."
        self._wrong("word-unknown", tag, name=name, hint=hint)
        return ""

    def _statement(self, tag: Tag, said: str, parent: Element | None) -> str:
        if self._header:
            self._wrong("word-only-in-body", tag, tag=tag.text)
        elif match := _FOR.fullmatch(said):
            return self._for(tag, match[1], match[2], parent)
        elif match := _IF.fullmatch(said):
            return self._if(tag, match[2], parent, holds=not match[1])
        elif said in ("else", "endif", "endfor"):
            closes = {"else": ("if",), "endif": ("if", "else"), "endfor": ("for",)}[said]
            block = self._open.pop() if self._open else None
            if block is None or block.kind not in closes or block.parent is not parent:
                self._wrong("word-block", tag, tag=tag.text)
            elif said == "else":
                self._open.append(block._replace(kind="else", holds=not block.holds))
            return f"{BEGIN} {said} {FINISH}"
        else:
            self._wrong("word-tag", tag, tag=tag.text)
        return ""

    def _for(self, tag: Tag, variable: str, path: str, parent: Element | None) -> str:
        self._open.append(_Block(tag, "for", path, True, variable, parent))
        if path == "notes":
            return f"{BEGIN} for row_{variable} in notes {FINISH}"
        if path not in self._tables or any(b.kind == "for" for b in self._open[:-1]):
            self._unknown(tag, path)
            return ""
        return f"{BEGIN} for row_{variable} in answers{_keys(path)}['{ROWS}'] {FINISH}"

    def _if(self, tag: Tag, path: str, parent: Element | None, *, holds: bool) -> str:
        first, _, key = path.partition(".")
        row = next((b for b in reversed(self._open) if b.kind == "for" and b.variable == first), None)
        whole = f"{row.path}.{key}" if row else path
        self._open.append(_Block(tag, "if", whole, holds, "", parent))
        if not (path == "notes" or whole in self._tables or path in self._sections or self._ask(whole)):
            self._unknown(tag, path)
            return ""
        source = "notes" if path == "notes" else f"row_{first}['{key}']" if row else f"answers{_keys(path)}"
        if whole in self._tables:
            source += f"['{ROWS}']"
        return f"{BEGIN} if {'' if holds else 'not '}{source}|recorded {FINISH}"


def _keys(path: str) -> str:
    return "".join(f"['{key}']" for key in path.split("."))
