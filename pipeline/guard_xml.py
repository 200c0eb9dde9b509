"""What stands in the parts of a workbook: counted by a parser that builds nothing, before one that does.

Limits suit a form, with plenty to spare. They are on what costs a reader time or memory: openpyxl makes an object of
each child of a row whatever its name, of each cell below a merged cell or a link, and of each part as often as it is referred to.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from posixpath import dirname, join, normpath, split
from typing import NamedTuple, NoReturn
from xml.parsers import expat

from pipeline.guard_words import Unfit

MAX_ROWS = 2_000
MAX_COLUMNS = 200
MAX_CELLS = 200_000
MAX_SHEETS = 60
MAX_DEPTH = 100
MAX_TAGS = 1_000_000
MAX_WORK = 2 * MAX_TAGS
MAX_TRANSLATED = 2_000_000
MAX_GAP = 1_000_000
MAX_FORMAT = 1_000
MAX_TEXT = {"definedName": 2_000} | {
    f"{page}{end}": 1_000 for page in ("odd", "even", "first") for end in ("Header", "Footer")
}
"""Characters. openpyxl takes these apart with patterns whose time grows with the square of the length or worse."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_CHUNK = 1 << 16
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_TEXT = rb"(?:[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]++|&(?:amp|lt|gt|quot|apos);)*+"
_STRING = rb'<t(?: xml:space="preserve")?>%b</t>' % _TEXT
_ORDINARY = re.compile(
    rb'<(?:c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="[0-9]+")?(?: t="[A-Za-z]+")?(?: ?/>|>(?:<f(?: aca="false")?>%b</f>)?'
    rb"(?:<v ?/>|<v>%b</v>|<is>%b</is>)?</c>)|si>%b</si>)" % (_TEXT, _TEXT, _STRING, _STRING)
)
"""A cell or shared string as Excel, LibreOffice and openpyxl write nearly all of them, whole and well formed."""

_ROW = re.compile(r"[0-9]{1,7}")
Attributes = dict[str, str]


class Relation(NamedTuple):
    """A relationship of a part to another, as its .rels part gives it."""

    kind: str
    target: str
    external: bool


class Sheet(NamedTuple):
    """A sheet in the workbook's list: its title, and the relationship that leads to its part."""

    title: str
    source: str
    id: str


def plain_text(raw: bytes, part: str) -> tuple[bytes, bool]:
    """Return an XML part as UTF-8 and whether it was UTF-16, with neither document type nor endless tag in it.

    Raises:
        Unfit: it is in neither encoding, defines entities, or has a tag too long to parse cheaply.
    """
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = raw.decode("utf-16" if wide else "utf-8")
    except UnicodeError:
        raise Unfit("xml-encoding", part) from None
    if wide:
        raw = text.encode()
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise Unfit("xml-doctype", part)
    # No tag holds a "<": where each stretch has one, no tag, and no list of its attributes, is much longer.
    if any(raw.find(b"<", at, at + MAX_GAP) < 0 for at in range(0, len(raw) - MAX_GAP, MAX_GAP)):
        raise Unfit("too-much", part)
    return raw, wide


class Contents:
    """What all parts of one workbook hold; `scan` each part, then `settle`."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.relations: dict[tuple[str, str], Relation] = {}
        self.sheets: list[Sheet] = []
        self._uses: list[tuple[str, str]] = []
        self._weights: dict[str, int] = {}
        self._tags = self._cells = self._translated = self._longest = 0

    def weigh(self, part: str, raw: bytes, tags: int = 0) -> None:
        """Note what reading a part once costs."""
        self._weights[part] = tags + len(raw) // 100

    def scan(self, part: str, raw: bytes) -> None:
        """Take in one XML part.

        Raises:
            Unfit: it is broken, dangerous, or brings the workbook over a limit.
        """
        text, wide = plain_text(raw, part)
        tags = text.count(b"<")
        self.weigh(part, raw, tags)
        self._tags += tags
        if self._tags > MAX_TAGS:
            raise Unfit("too-much", part)
        scan = _Scan(self, part, wide)
        # Ordinary cells are taken out by their shape: calling handlers for each would cost four times the rest. Outside
        # comments and CDATA a "<" begins a tag, so what has the shape of a whole cell is one.
        pieces = [text] if b"<!" in text else _ORDINARY.split(text)
        rest = b"".join(pieces[::3])
        try:
            # In pieces: expat goes on to the end of a piece after a handler has refused.
            for at in range(0, len(rest), _CHUNK):
                scan.parser.Parse(rest[at : at + _CHUNK], False)
            scan.parser.Parse(b"", True)
        except expat.ExpatError:
            # Excel itself leaves tags open in the old drawings, which are not read beyond that point either.
            if not part.lower().endswith(".vml"):
                raise Unfit("xml-broken", part) from None
        scan.check_cells(pieces[1::3], pieces[2::3])

    def use(self, part: str, attributes: Attributes) -> str:
        """Note that `part` refers to another and return the relationship's id."""
        ids = [value for key, value in attributes.items() if key.rpartition("}")[2] in ("id", "embed")]
        self._uses += [(part, each) for each in ids]
        return ids[0] if ids else ""

    def add_cells(self, part: str, count: int) -> None:
        """Count cells, also those that a merged cell, a link or a note will make."""
        self._cells += count
        if self._cells > MAX_CELLS:
            raise Unfit("too-many-cells", part, most=MAX_CELLS)

    def add_formula(self, part: str, length: int) -> None:
        """Count a shared formula, which is written anew for each cell that shares it."""
        self._translated += 1
        self._longest = max(self._longest, length)
        if self._translated * self._longest > MAX_TRANSLATED:
            raise Unfit("too-much", part)

    def target(self, source: str, relation_id: str) -> str:
        """Return the name of the part that a relationship leads to, or an empty string."""
        relation = self.relations.get((source, relation_id))
        return "" if relation is None or relation.external else relation.target

    def title(self, part: str) -> str:
        """Return the title of the sheet that `part` holds, if it holds one."""
        titles = (sheet.title for sheet in self.sheets if part and self.target(sheet.source, sheet.id) == part)
        title = next(titles, "")
        return title if len(title) <= 31 and title.isprintable() else ""  # Excel's limit for a title

    def settle(self) -> None:
        """Check what only the whole shows.

        Raises:
            Unfit: a part is read too often, or as two sheets.
        """
        if len(self.sheets) > MAX_SHEETS:
            raise Unfit("too-many-sheets", most=MAX_SHEETS)
        parts = [self.target(sheet.source, sheet.id) for sheet in self.sheets]
        if len(set(parts)) < len(parts):
            raise Unfit("sheet-double")
        reads = [relation.target for relation in self.relations.values() if not relation.external]
        reads += [self.target(*use) for use in self._uses]
        if sum(self._weights.get(part, 0) for part in reads) > MAX_WORK:
            raise Unfit("too-much")


class _Looks(dict[str, Callable[[Attributes], None] | None]):
    """Maps the full name of an element to what looks at it, by local name, as openpyxl mostly does."""

    def __init__(self, by_local: Mapping[str, Callable[[Attributes], None]]) -> None:
        super().__init__()
        self.by_local = by_local

    def __missing__(self, name: str) -> Callable[[Attributes], None] | None:
        namespace, _, local = name.rpartition("}")
        # Drawings have a `row` too, which is a number.
        look = None if local == "row" and namespace != MAIN else self.by_local.get(local)
        self[name] = look
        return look


class _Scan:
    """One pass over one part."""

    def __init__(self, contents: Contents, part: str, wide: bool) -> None:
        self.contents, self.part, self.wide = contents, part, wide
        self.rows = self.row = 0
        self.refs: list[str] = []
        self.filled_rows: set[bytes] = set()
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
        if self.rows > MAX_ROWS:
            self._refuse("too-many-rows", most=MAX_ROWS)
        number = attributes.get("r", str(self.row + 1))
        if self._row_depth >= 0 or not _ROW.fullmatch(number):
            self._refuse("xml-broken")
        self.row, self._row_depth, self._refs_before_row = int(number), self._depth, len(self.refs)

    def _end_row(self) -> None:
        count = len(self.refs) - self._refs_before_row
        if count > MAX_COLUMNS:
            self._refuse("far-cell", cell=f"{MAX_COLUMNS + 1} of row {self.row}")
        if count:
            self.filled_rows.add(b"%d" % self.row)
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
        self.contents.add_cells(self.part, (right - left + 1) * (bottom - top + 1))

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

    def check_cells(self, columns: list[bytes | None], rows: list[bytes | None]) -> None:
        """Check how many cells the part has, and how far out they are; what is given are the ordinary ones."""
        self.contents.add_cells(self.part, len(self.refs) + len(columns) - columns.count(None))
        for ref in filter(None, self.refs):
            if not (shape := _CELL.fullmatch(ref)):
                self._refuse("xml-broken")
            columns.append(shape[1].encode())
            rows.append(shape[2].encode())
        columns += [b"A"] * len(self.filled_rows)
        rows += self.filled_rows
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
