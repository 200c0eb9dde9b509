"""The packaging of a Word document: its parts, what may stay of them, and how they are written out again.

The format is ECMA-376 (ISO/IEC 29500), parts 1 and 2. What does not serve the page is left behind: who wrote the
template and when, its editing history, comments, custom XML, thumbnails. What could run, or reach out of the document, is
a problem.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from xml.sax.saxutils import quoteattr

from lxml import etree

from pipeline.guard.words import Unfit
from pipeline.guard.zipped import directory, inflate, members
from pipeline.problem import Problem, problem
from pipeline.word.clean import clean
from pipeline.word.xml import DECLARATION, RELATED, Element, R, W, parse, xml

_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CORE_RELATED = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/"
CORE = "docProps/core.xml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"

_KEPT = {
    "styles", "numbering", "settings", "fontTable", "theme", "header", "footer", "footnotes", "endnotes", "image",
}  # fmt: skip
_LEFT_BEHIND = {
    "customXml", "customXmlProps", "thumbnail", "comments", "commentsExtended", "commentsIds", "commentsExtensible",
    "people", "glossaryDocument", "custom-properties", "core-properties", "extended-properties", "webSettings",
    "stylesWithEffects", "printerSettings", "classificationlabels", "documenttasks",
}  # fmt: skip
_MACROS = {"vbaProject", "wordVbaData", "keyMapCustomizations", "attachedToolbars"}
_PICTURES = {"image/png": b"\x89PNG\r\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}
_LINKS = ("https://", "http://", "mailto:")


@dataclass
class Part:
    """One part: its type, what it refers to (id → name of a part, or an address outside), and its XML if it is cleaned."""

    name: str
    kind: str
    content_type: str
    raw: bytes = field(repr=False)
    refers: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    root: Element | None = None

    def target(self, id_: str) -> str:
        """Return the name of the part that a relationship of this part leads to; empty if there is none."""
        return self.refers.get(id_, ("", "", False))[1]


@dataclass
class Package:
    """The parts that stay, the document first."""

    parts: dict[str, Part]

    @property
    def document(self) -> Part:
        """The main part."""
        return next(iter(self.parts.values()))

    def one(self, kind: str) -> Part | None:
        """Return the part of a kind of which there is one at most."""
        return next((part for part in self.parts.values() if part.kind == kind), None)


def read(template: bytes) -> tuple[Package | None, tuple[Problem, ...]]:
    """Return what may stay of a Word document, and all that may not be in it.

    Args:
        template: a .docx file.
    """
    if template.startswith(b"\xd0\xcf\x11\xe0"):
        return None, (problem("word-old-or-locked"),)
    try:
        raw = {one.name: inflate(template, one) for one in members(template, directory(template))}
        found = _Reader(raw)
        package = found.package()
    except (Unfit, etree.XMLSyntaxError, KeyError, ValueError):
        return None, (problem("word-damaged"),)
    if package is None:
        return None, tuple(found.problems)
    for part in package.parts.values():
        if part.root is not None and part.kind != "theme":
            found.problems += clean(part.root, part.kind)
    return package, tuple(dict.fromkeys(found.problems))


class _Reader:
    """Follows the relationships from the root; what nothing refers to is not part of the document."""

    def __init__(self, raw: Mapping[str, bytes]) -> None:
        self._raw = raw
        self._parts: dict[str, Part] = {}
        self.problems: list[Problem] = []
        types = parse(raw["[Content_Types].xml"])
        self._defaults = {
            e.get("Extension", "").lower(): e.get("ContentType", "") for e in types.iter(f"{{{_TYPES}}}Default")
        }
        self._overrides = {
            e.get("PartName", "").lstrip("/"): e.get("ContentType", "")
            for e in types.iter(f"{{{_TYPES}}}Override")
        }

    def _type(self, name: str) -> str:
        return self._overrides.get(name) or self._defaults.get(name.rpartition(".")[2].lower(), "")

    def _relations(self, source: str) -> Iterator[tuple[str, str, str, bool]]:
        folder = dirname(source)
        raw = self._raw.get(f"{join(folder, '_rels', source[len(folder) :].lstrip('/'))}.rels")
        if raw is None:
            return
        for one in parse(raw).iter(f"{{{_RELATIONS}}}Relationship"):
            target, outside = one.get("Target", ""), one.get("TargetMode") == "External"
            if not outside:
                target = normpath(join("/", folder, target)).lstrip("/")
            yield one.get("Id", ""), one.get("Type", ""), target, outside

    def package(self) -> Package | None:
        for _, kind, target, outside in self._relations(""):
            short = kind.rpartition("/")[2]
            if kind.startswith(_STRICT):
                self.problems.append(problem("word-strict"))
                return None
            if short == "officeDocument" and not outside:
                if "macroEnabled" in self._type(target):
                    self.problems.append(problem("word-macros"))
                elif self._type(target) != _DOCUMENT:
                    self.problems.append(problem("word-other-kind"))
                    return None
                self._take(target, "document")
            elif short.endswith("properties") and not outside:
                raw = self._raw[target]
                if b"{{" in raw or b"{%" in raw:
                    self.problems.append(problem("word-tag-in-properties"))
            elif short not in _LEFT_BEHIND:
                self._refuse(short, outside=outside)
        if "document" not in {part.kind for part in self._parts.values()}:
            self.problems.append(problem("word-damaged"))
            return None
        return Package(self._parts)

    def _take(self, name: str, kind: str) -> None:
        if name in self._parts:
            return
        part = self._parts[name] = Part(name, kind, self._type(name), self._raw[name])
        if kind == "image":
            if not part.raw.startswith(_PICTURES.get(part.content_type, b"\0none")):
                self.problems.append(problem("word-picture"))
            return
        part.root = parse(part.raw)
        if kind in ("document", "header", "footer") and part.root.nsmap.get("w") != W[1:-1]:
            raise ValueError("Word and its kin call their namespace w")
        for id_, type_, target, outside in self._relations(name):
            short = type_.rpartition("/")[2]
            if short == "hyperlink" and outside and target.startswith(_LINKS):
                part.refers[id_] = (type_, target, True)
            elif outside or short not in _KEPT | _LEFT_BEHIND:
                self._refuse(short, outside=outside)
            elif short in _KEPT:
                part.refers[id_] = (type_, target, False)
                self._take(target, short)
        used = {v for e in part.root.iter(etree.Element) for k, v in e.attrib.items() if str(k).startswith(R)}
        if not self.problems and not used <= part.refers.keys():
            self.problems.append(problem("word-damaged"))

    def _refuse(self, kind: str, *, outside: bool) -> None:
        if kind in _MACROS:
            self.problems.append(problem("word-macros"))
        else:
            self.problems.append(problem("word-outside" if outside else "word-embedded", kind=kind))


def standing(package: Package) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of every member that is the same in each copy, the list of types first.

    The document, headers, footers and core properties are not among them.
    """
    yield "[Content_Types].xml", _content_types(package)
    root = [
        ("rId1", f"{RELATED}/officeDocument", package.document.name, False),
        ("rId2", _CORE_RELATED, CORE, False),
    ]
    yield "_rels/.rels", _relations(root)
    for part in package.parts.values():
        if part.kind not in ("document", "header", "footer"):
            yield part.name, part.raw if part.root is None else xml(part.root).encode()
        if part.refers:
            folder = dirname(part.name)
            links = [
                (id_, type_, target if outside else f"/{target}", outside)
                for id_, (type_, target, outside) in part.refers.items()
            ]
            yield f"{folder}/_rels/{part.name[len(folder) + 1 :]}.rels", _relations(links)


def _content_types(package: Package) -> bytes:
    extensions = {
        part.name.rpartition(".")[2].lower(): part.content_type
        for part in package.parts.values()
        if part.kind == "image"
    }
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
    } | extensions
    overrides = {p.name: p.content_type for p in package.parts.values() if p.kind != "image"} | {
        CORE: _CORE_TYPE
    }
    return (
        f'{DECLARATION}<Types xmlns="{_TYPES}">'
        + "".join(
            f"<Default Extension={quoteattr(k)} ContentType={quoteattr(v)}/>" for k, v in defaults.items()
        )
        + "".join(
            f"<Override PartName={quoteattr('/' + k)} ContentType={quoteattr(v)}/>"
            for k, v in overrides.items()
        )
        + "</Types>"
    ).encode()


def _relations(links: Iterable[tuple[str, str, str, bool]]) -> bytes:
    return (
        f'{DECLARATION}<Relationships xmlns="{_RELATIONS}">'
        + "".join(
            f"<Relationship Id={quoteattr(id_)} Type={quoteattr(type_)} Target={quoteattr(target)}"
            + (' TargetMode="External"/>' if outside else "/>")
            for id_, type_, target, outside in links
        )
        + "</Relationships>"
    ).encode()
