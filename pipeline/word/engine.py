"""What docxtpl makes of a part: its tags joined where Word has cut them, its rows and lines repeated, and code for jinja.

A part is made ready and compiled once, and filled in many times. docxtpl works on the text of the XML, and drops without a
word what stands beside a tag or within one; so the tags are looked for first, with their places.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import jinja2
from docxtpl import DocxTemplate  # type: ignore[import-untyped] # it has no types of its own
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from pipeline.problem import Place, Problem, problem
from pipeline.word.look import Filters
from pipeline.word.xml import Element, W, parse

END = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_STRAY = re.compile(rf"{END.pattern}|\A\}}|\0\}}|\{{\0|\{{\Z")
"""A brace, in words whose tags are blanked, that docxtpl or jinja would take for one of a tag, also of the next line's."""

_LEVEL = re.compile(r"\{%(p|tr) ")
_AROUND = {"p": f"{W}p", "tr": f"{W}tr"}
_WORDS = {f"{W}r", f"{W}t"}
_THINGS = tuple(
    f"{W}{name}"
    for name in (
        "drawing",
        "pict",
        "object",
        "sectPr",
        "fldChar",
        "footnoteReference",
        "endnoteReference",
        "tbl",
    )
)


@dataclass
class Tag:
    """One tag as it stands in a template: the text it begins in, what its code will stand in, and that code."""

    text: str
    place: Place
    at: Element
    parent: Element | None
    code: str = ""


def tags_of(paragraph: Element, place: Place, problems: list[Problem]) -> Iterator[Tag]:
    """Yield the tags of a paragraph, and add a problem for each that docxtpl would not read as it stands."""
    texts = [t for t in paragraph.iter(f"{W}t") if next(t.iterancestors(f"{W}p"), None) is paragraph]
    whole = "".join(t.text or "" for t in texts)
    for stray in _STRAY.finditer(_blanked(whole)):
        problems.append(problem("word-broken-tag", place, tag=whole[max(0, stray.start() - 1) :][:40]))
        return
    owner = [t for t in texts for _ in t.text or ""]
    for match in _TAG.finditer(whole):
        start, level = owner[match.start()], _LEVEL.match(match[0])
        around = start.getparent() if level is None else next(start.iterancestors(_AROUND[level[1]]), None)
        parent = None if around is None else around.getparent()
        if level is None and (around is None or around.tag != f"{W}r"):
            problems.append(problem("word-tag-elsewhere", place))
        elif around is None or not (
            _alone(around, match[0]) if level else _whole(paragraph, start, owner[match.end() - 1])
        ):
            problems.append(problem("word-not-alone", place, tag=match[0]))
        elif level and parent is not None and parent.tag == f"{W}tc" and parent[-1] is around:
            problems.append(problem("word-cell-end", place, tag=match[0]))
        yield Tag(match[0], place, start, parent)


def _blanked(words: str) -> str:
    return _TAG.sub(lambda tag: "\0" * len(tag[0]), words)


def _alone(around: Element, tag: str) -> bool:
    """Say whether a line or row holds a tag and nothing else."""
    words = "".join(t.text or "" for t in around.iter(f"{W}t"))
    return words.strip() == tag and not any(True for _ in around.iter(*_THINGS))


def _whole(paragraph: Element, start: Element, end: Element) -> bool:
    """Say whether nothing but the words of neighbouring runs lies between the pieces of a tag."""
    if start is end:
        return True
    ends = [next(text.iterancestors(f"{W}r"), text).getparent() for text in (start, end)]
    every = list(paragraph.iter())
    between = every[every.index(start) : every.index(end)]
    looks = {e for one in between if one.tag == f"{W}rPr" for e in one.iter()}
    return ends[0] is ends[1] and all(one.tag in _WORDS or one in looks for one in between)


def source(root: Element, tags: Sequence[Tag]) -> str:
    """Return the jinja code of a part, empty if docxtpl reads anything else in it than its approved tags.

    Each tag gives way to the code that was written for it: what a template says is never compiled.

    Args:
        root: the part.
        tags: its tags in their order, each with its code.
    """
    for text in root.iter(f"{W}t"):
        text.text = text.text or ""  # as <w:t></w:t>: docxtpl does not know <w:t/>
    patched = DocxTemplate(io.BytesIO()).patch_xml(etree.tostring(root, encoding="unicode"))
    words = _blanked(patched)
    if _TAG.findall(patched) != [_LEVEL.sub("{% ", tag.text) for tag in tags] or _STRAY.search(words):
        return ""
    try:
        parse(words.replace("\0", "").encode())
    except etree.XMLSyntaxError:
        return ""
    codes = iter(tags)
    return _TAG.sub(lambda _: next(codes).code, patched)


def compiled(code: str, filters: Filters) -> jinja2.Template:
    """Return the code of a part ready to be run; the sandbox is a second wall, since only our own code comes here."""
    engine = SandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=True, keep_trailing_newline=True)
    engine.filters = dict(filters)
    return engine.from_string(code)
