"""What stands in the parts of a workbook: counted by a parser that builds nothing, before one that does.

Elements are known as openpyxl knows them, not as the standard says: each child of a row is a cell whatever its name, and most
others go by their local name in any namespace.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from posixpath import dirname, join, normpath, split
from typing import Any, NoReturn
from xml.parsers import expat

from pipeline.guard.contents import MAX_CELLS, Contents, Relation, Sheet
from pipeline.guard.words import Unfit

MAX_ROWS = 2_000
MAX_COLUMNS = 200
MAX_DEPTH = 100
MAX_NAMES = 1_000
MAX_GAP = 1_000_000
AREA_COST = 10
RANGE_COST = 2
"""Cells that openpyxl reads in the time of one merged cell, link, note or rule, and of one range that a rule is for."""
MAX_FORMAT = 1_000
MAX_TEXT = {"definedName": 2_000} | {
    f"{page}{end}": 1_000 for page in ("odd", "even", "first") for end in ("Header", "Footer")
}
"""Characters. openpyxl takes these apart with patterns whose time grows with the square of the length or worse."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_CHUNK = 1 << 16
_DECLARATION = re.compile(rb"\A(?:\xef\xbb\xbf)?<\?xml ")
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_TEXT = rb"(?:[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]++|&(?:amp|lt|gt|quot|apos);)*+"
_STRING = rb'<t(?: xml:space="preserve")?>%b</t>' % _TEXT
_ORDINARY = re.compile(
    rb'<(?:c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="[0-9]+")?(?: t="[A-Za-z]+")?(?: ?/>|>(?:<f(?: aca="false")?>%b</f>)?'
    rb"(?:<v ?/>|<v>%b</v>|<is>%b</is>)?</c>)|si>%b</si>)" % (_TEXT, _TEXT, _STRING, _STRING)
)
"""A cell or shared string as Excel, LibreOffice and openpyxl write nearly all of them, whole and well formed."""

_ORDINARY_ROW = re.compile(
    rb'<row r="([0-9]{1,7})"(?: [A-Za-z0-9:]{1,40}="[^"<>&\x00-\x1f]*+")*+(?: ?/>|></row>)'
)
"""A row that held ordinary cells only, once they are taken out."""

Attributes = dict[str, str]


def plain_text(raw: bytes, part: str) -> tuple[bytes, bool]:
    """Return an XML part as UTF-8 and whether it was UTF-16, without a document type.

    Raises:
        Unfit: it is in neither encoding, or defines entities.
    """
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = raw.decode("utf-16" if wide else "utf-8")
    except UnicodeError:
        raise Unfit("xml-encoding", part) from None
    if "\0" in text:  # UTF-16 without its mark, or UTF-32; expat would quietly take the former
        raise Unfit("xml-encoding", part)
    if wide:
        raw = text.encode()
    if b"<!" in raw and (b"<!DOCTYPE" in raw or b"<!ENTITY" in raw):
        raise Unfit("xml-doctype", part)
    return raw, wide


def scan(contents: Contents, part: str, raw: bytes) -> None:
    """Take in one XML part.

    What passes need not be well formed in every character; it holds no more than `contents` was told.

    Raises:
        Unfit: it is broken, dangerous, or brings the workbook over a limit.
    """
    text, wide = plain_text(raw, part)
    tags = text.count(b"<")
    # Counted roughly at first, so that a million rows are called so, and cost no more than counting.
    if tags > MAX_ROWS and text.count(b"<row ") > MAX_ROWS:
        raise Unfit("too-many-rows", part, most=MAX_ROWS)
    if tags > MAX_CELLS and text.count(b"<c ") > MAX_CELLS:
        raise Unfit("too-many-cells", part, most=MAX_CELLS)
    contents.weigh(part, raw, tags + text.count(b"="))  # at least as many as tags and attributes
    look = _Scan(contents, part, wide)
    # Ordinary cells and rows are taken out by their shape: handlers for each would cost several times the rest.
    # Without comments, CDATA and processing instructions each "<" begins a tag: what has the shape of a cell is one.
    plain = b"<!" not in text and text.count(b"<?") == len(_DECLARATION.findall(text))
    cells: list[Any] = _ORDINARY.split(text) if plain else [text]
    rows: list[Any] = _ORDINARY_ROW.split(b"".join(cells[::3])) if plain else [text]
    look.rows = len(rows[1::2])
    rest = b"".join(rows[::2])
    # No tag holds a "<": where each stretch has one, no tag, and no list of its attributes, is much longer.
    if any(rest.find(b"<", at, at + MAX_GAP) < 0 for at in range(0, len(rest) - MAX_GAP, MAX_GAP)):
        raise Unfit("too-much", part)
    try:
        # In pieces: expat goes on to the end of a piece after a handler has refused.
        for at in range(0, len(rest), _CHUNK):
            look.parser.Parse(rest[at : at + _CHUNK], False)
        look.parser.Parse(b"", True)
    except expat.ExpatError:
        # Excel itself leaves tags open in the old drawings, which are not read beyond that point either.
        if not part.lower().endswith(".vml"):
            raise Unfit("xml-broken", part) from None
    look.check_cells(
        columns=cells[1::3] + [b"A"] * len(rows[1::2]),
        rows=cells[2::3] + rows[1::2],
        count=len(cells[1::3]) - cells[1::3].count(None),
    )


class _Looks(dict[str, Callable[[Attributes], None] | None]):
    """Maps the full name of an element to what looks at it, by local name, as openpyxl mostly does."""

    def __init__(self, by_local: Mapping[str, Callable[[Attributes], None]]) -> None:
        super().__init__()
        self.by_local = by_local

    def __missing__(self, name: str) -> Callable[[Attributes], None] | None:
        if len(self) >= MAX_NAMES:
            raise Unfit("too-much")
        namespace, _, local = name.rpartition("}")
        # Drawings have a `row` too, which is a number.
        look = None if local == "row" and namespace != MAIN else self.by_local.get(local)
        self[name] = look
        return look


class _Scan:
    """One pass over one part."""

    def __init__(self, contents: Contents, part: str, wide: bool) -> None:
        self.contents, self.part, self.wide = contents, part, wide
        self.rows = 0
        self.refs: list[str] = []
        self.row_refs: list[str] = []
        self._depth = self._length = self._limit = 0
        self._row_depth = self._text_depth = -1
        self._refs_before_row = 0
        self._looks = _Looks(
            {
                "row": self._begin_row,
                "sheet": self._sheet,
                "Relationship": self._relationship,
                "numFmt": self._number_format,
                "f": self._formula,
            }
            | dict.fromkeys(("mergeCell", "hyperlink", "comment"), self._area)
            | dict.fromkeys(("conditionalFormatting", "dataValidation"), self._ranges)
            | dict.fromkeys(("Default", "Override"), self._content_type)
            | dict.fromkeys(("tablePart", "chart", "blip", "pivotCache"), self._use)
            | {name: partial(self._watch_text, most) for name, most in MAX_TEXT.items()}
        )
        self.parser = expat.ParserCreate("utf-8", "}")
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _refuse(self, code: str, **facts: str | int) -> NoReturn:
        raise Unfit(code, self.part, **facts)

    def _declaration(self, version: str, encoding: str | None, _standalone: int) -> None:
        name = encoding.lower() if encoding else None
        if version != "1.0" or name not in ((None, "utf-16") if self.wide else (None, "utf-8", "us-ascii")):
            self._refuse("xml-encoding")

    def _start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth == self._row_depth + 1:
            self.refs.append(attributes.get("r", ""))
        elif look := self._looks[name]:
            look(attributes)
        elif self._depth > MAX_DEPTH:
            self._refuse("xml-deep", most=MAX_DEPTH)

    def _end(self, _name: str) -> None:
        if self._depth == self._text_depth:
            self._end_text()
        elif self._depth == self._row_depth:
            self._end_row()
        self._depth -= 1

    def _begin_row(self, attributes: Attributes) -> None:
        self.rows += 1
        if self._row_depth >= 0:
            self._refuse("xml-broken")
        self.row_refs.append(attributes.get("r", "1"))
        self._row_depth, self._refs_before_row = self._depth, len(self.refs)

    def _end_row(self) -> None:
        if len(self.refs) - self._refs_before_row > MAX_COLUMNS:
            self._refuse("far-cell", cell=f"{MAX_COLUMNS + 1} of a row")
        self._row_depth = -1

    def _area(self, attributes: Attributes) -> None:
        if not (ref := attributes.get("ref")):
            return
        corners = [_CELL.fullmatch(corner) for corner in ref.split(":")]
        cells = [(_column(cell[1].encode()), int(cell[2])) for cell in corners if cell]
        if len(cells) != len(corners) or len(cells) > 2:
            self._refuse("xml-broken")
        (left, top), (right, bottom) = cells[0], cells[-1]
        if right > MAX_COLUMNS or bottom > MAX_ROWS or left > right or top > bottom:
            self._refuse("far-range", cell=ref)
        self.contents.add_cells(self.part, AREA_COST + (right - left + 1) * (bottom - top + 1))

    def _ranges(self, attributes: Attributes) -> None:
        self.contents.add_cells(self.part, AREA_COST + RANGE_COST * len(attributes.get("sqref", "").split()))

    def _sheet(self, attributes: Attributes) -> None:
        relation_id = self.contents.use(self.part, attributes)
        self.contents.sheets.append(Sheet(attributes.get("name", ""), self.part, relation_id))

    def _use(self, attributes: Attributes) -> None:
        self.contents.use(self.part, attributes)

    def _relationship(self, attributes: Attributes) -> None:
        folder, name = split(self.part)
        base = dirname(folder)
        source = join(base, name.removesuffix(".rels"))
        where, mode = attributes.get("Target", ""), attributes.get("TargetMode", "Internal")
        key = (source, attributes.get("Id", ""))
        if mode not in ("Internal", "External") or key in self.contents.relations:
            self._refuse("xml-broken")
        # As openpyxl resolves it: what it will read counts, not what ISO/IEC 29500-2 says.
        target = where[1:] if where.startswith("/") else normpath(join(base, where))
        self.contents.relations[key] = Relation(attributes.get("Type", ""), target, mode == "External")

    def _content_type(self, attributes: Attributes) -> None:
        self.contents.types.add(attributes.get("ContentType", ""))

    def _number_format(self, attributes: Attributes) -> None:
        if len(attributes.get("formatCode", "")) > MAX_FORMAT:
            self._refuse("too-much")

    def _formula(self, attributes: Attributes) -> None:
        if attributes.get("t") == "shared":
            self._watch_text(0, attributes)

    def _watch_text(self, limit: int, _attributes: Attributes) -> None:
        """Count the text of this element; with a limit of 0 it is a shared formula."""
        self._text_depth, self._length, self._limit = self._depth, 0, limit
        self.parser.CharacterDataHandler = self._text

    def _text(self, text: str) -> None:
        self._length += len(text)
        if 0 < self._limit < self._length:
            self._refuse("too-much")

    def _end_text(self) -> None:
        self.parser.CharacterDataHandler = None
        self._text_depth = -1
        if not self._limit:
            self.contents.add_formula(self.part, self._length)

    def check_cells(self, count: int, columns: list[bytes | None], rows: list[bytes | None]) -> None:
        """Check how many rows and cells the part has and how far out they are, adding the ordinary ones given."""
        if self.rows > MAX_ROWS:
            self._refuse("too-many-rows", most=MAX_ROWS)
        self.contents.add_cells(self.part, count + len(self.refs))
        for ref in [*filter(None, self.refs), *(f"A{row}" for row in self.row_refs)]:
            if not (shape := _CELL.fullmatch(ref)):
                self._refuse("xml-broken")
            columns.append(shape[1].encode())
            rows.append(shape[2].encode())
        far = {column for column in set(columns) if column and _column(column) > MAX_COLUMNS}
        far |= {row for row in set(rows) if row and int(row) > MAX_ROWS}
        for column, row in zip(columns, rows, strict=True) if far else ():
            if column and row and (column in far or row in far):
                self._refuse("far-cell", cell=(column + row).decode())


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
