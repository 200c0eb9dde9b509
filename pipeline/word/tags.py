"""What the tags of a template may say and where they may stand, and the code that each stands for.

A tag is `{{ victim.surname }}`, `{% if minutes %}` or `{%tr for child in children.child %}`, as docxtpl reads them. Only what
is understood here becomes code: a template's own text never does, so that whoever edits one cannot make it run anything.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

from lxml import etree

from forms.definition import Ask, Form
from pipeline.problem import Place, Problem, problem
from pipeline.word.engine import END, Tag, source, tags_of
from pipeline.word.look import ROWS
from pipeline.word.xml import Element, W

PER_VIEW = ("case", "marking", "title", "edition")
PER_COPY = ("recipient", "copy", "pack_id")
"""What a header or footer bears, by the word in its tag."""

_NAME = "[A-Za-z_][A-Za-z0-9_]*"
_PATH = rf"({_NAME}(?:\.{_NAME})*)"
# Without a space, docxtpl would take a name such as p or tr for what the tag stands for.
_VALUE = re.compile(rf"\{{\{{(?!(?:p|r|tc|tr)\s)\s*{_PATH}\s*\}}\}}")
_STATEMENT = re.compile(r"\{%(?:(?:p|tr) |\s)\s*(.*?)\s*%\}", re.DOTALL)
_FOR = re.compile(rf"for\s+({_NAME})\s+in\s+{_PATH}")
_IF = re.compile(rf"if\s+(not\s+)?{_PATH}")


class _Block(NamedTuple):
    """A part of the template that may come once, several times or not at all."""

    tag: Tag
    kind: str
    path: str
    holds: bool
    variable: str


@dataclass
class Found:
    """What the tags of one part are: their code, how each answer's run looks, what is printed, and what is wrong."""

    code: str = ""
    tags: list[Tag] = field(default_factory=list)
    looks: list[Element | None] = field(default_factory=list)
    printed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def check(root: Element, form: Form, place: Callable[[Element], Place], *, header: bool = False) -> Found:
    """Read the tags of a part; if nothing is wrong with them, docxtpl makes the part into code.

    Args:
        root: the part.
        form: what may be named.
        place: where an element stands, in words.
        header: the part is a header or footer, and what may be named there is another.
    """
    found = Found()
    for element in root.iter(etree.Element):
        words = (*element.attrib.values(), "" if element.tag == f"{W}t" else element.text or "")
        if any(END.search(str(said)) for said in words):
            found.problems.append(problem("word-tag-elsewhere"))
    tags: defaultdict[Element, list[Tag]] = defaultdict(list)
    for paragraph in root.iter(f"{W}p"):
        for tag in tags_of(paragraph, place(paragraph), found.problems):
            tags[tag.at].append(tag)
    _Reading(form, found, header=header).read(root, tags)
    if not found.problems:
        found.code = source(root, found.tags)
        if not found.code:
            found.problems.append(problem("word-tag-elsewhere"))
    return found


class _Reading:
    """Reads the tags of a part in order, with what stands around each."""

    def __init__(self, form: Form, found: Found, *, header: bool) -> None:
        self._form, self._found, self._header = form, found, header
        self._tables = {path: table for path, _, table in form.tables()}
        self._sections = {section.key: section for section in form.sections}
        self._open: list[_Block] = []

    def read(self, root: Element, tags: Mapping[Element, list[Tag]]) -> None:
        """Write the code of each tag in the order in which they stand, and note what is printed."""
        for element in root.iter(f"{W}t", f"{W}sectPr"):
            if element.tag == f"{W}sectPr" and self._open:
                self._wrong("word-section-in-block", self._open[-1].tag)
            for tag in tags.get(element, ()):
                tag.code = self._code(tag)
                self._found.tags.append(tag)
        for block in self._open:
            self._wrong("word-block", block.tag, tag=block.tag.text)

    def _wrong(self, code: str, at: Tag, **facts: str) -> None:
        self._found.problems.append(problem(code, at.place, **facts))

    def _code(self, tag: Tag) -> str:
        if value := _VALUE.fullmatch(tag.text):
            return self._value(tag, value[1])
        if statement := _STATEMENT.fullmatch(tag.text):
            return self._statement(tag, statement[1])
        self._wrong("word-tag", tag, tag=tag.text)
        return ""

    def _value(self, tag: Tag, name: str) -> str:
        source = self._source(tag, name)
        if not source:
            return ""
        run = tag.at.getparent()
        self._found.looks.append(deepcopy(None if run is None else run.find(f"{W}rPr")))
        return f"{{{{ {source}|run({len(self._found.looks) - 1}) }}}}"

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

    def _statement(self, tag: Tag, said: str) -> str:
        if self._header:
            self._wrong("word-only-in-body", tag, tag=tag.text)
        elif match := _FOR.fullmatch(said):
            return self._for(tag, match[1], match[2])
        elif match := _IF.fullmatch(said):
            return self._if(tag, match[2], holds=not match[1])
        elif said in ("else", "endif", "endfor"):
            closes = {"else": ("if",), "endif": ("if", "else"), "endfor": ("for",)}[said]
            block = self._open.pop() if self._open else None
            if block is None or block.kind not in closes or block.tag.parent is not tag.parent:
                self._wrong("word-block", tag, tag=tag.text)
            elif said == "else":
                self._open.append(block._replace(kind="else", holds=not block.holds))
            return f"{{% {said} %}}"
        else:
            self._wrong("word-tag", tag, tag=tag.text)
        return ""

    def _for(self, tag: Tag, variable: str, path: str) -> str:
        self._open.append(_Block(tag, "for", path, True, variable))
        if path == "notes":
            return f"{{% for row_{variable} in notes %}}"
        if path not in self._tables or any(b.kind == "for" for b in self._open[:-1]):
            return self._unknown(tag, path)
        return f"{{% for row_{variable} in answers{_keys(path)}['{ROWS}'] %}}"

    def _if(self, tag: Tag, path: str, *, holds: bool) -> str:
        first, _, key = path.partition(".")
        row = next((b for b in reversed(self._open) if b.kind == "for" and b.variable == first), None)
        whole = f"{row.path}.{key}" if row else path
        self._open.append(_Block(tag, "if", whole, holds, ""))
        if not (path == "notes" or whole in self._tables or path in self._sections or self._ask(whole)):
            return self._unknown(tag, path)
        source = "notes" if path == "notes" else f"row_{first}['{key}']" if row else f"answers{_keys(path)}"
        if whole in self._tables:
            source += f"['{ROWS}']"
        return f"{{% if {'' if holds else 'not '}{source}|recorded %}}"


def _keys(path: str) -> str:
    return "".join(f"['{key}']" for key in path.split("."))
