"""What a workbook holds in all, and the limits on that.

Limits suit a form, with plenty to spare. They are on what costs a reader time or memory: openpyxl makes an object of each cell,
also below a merged cell or a link, writes a shared formula anew for each cell, and reads a part as often as it is referred to.
"""

from collections.abc import Mapping
from typing import NamedTuple

from pipeline.guard.words import Unfit

MAX_CELLS = 100_000
MAX_SHEETS = 60
MAX_MARKS = 1_000_000
"""Tags and attributes of all parts."""
MAX_WORK = 2 * MAX_MARKS
"""The same, each part counted as often as another refers to it; and bytes of pictures at a hundredth."""
MAX_TRANSLATED = 2_000_000
"""Characters of shared formulas."""


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


class Contents:
    """What all parts of one workbook hold; take in each with `markup.scan` or `weigh`, then `settle`."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.relations: dict[tuple[str, str], Relation] = {}
        self.sheets: list[Sheet] = []
        self._uses: list[tuple[str, str]] = []
        self._weights: dict[str, int] = {}
        self._marks = self._cells = self._translated = self._longest = 0

    def weigh(self, part: str, raw: bytes, marks: int = 0) -> None:
        """Note what reading a part once costs: mostly its tags and attributes.

        Raises:
            Unfit: the parts so far have more than MAX_MARKS of them.
        """
        self._weights[part] = marks + len(raw) // 100
        self._marks += marks
        if self._marks > MAX_MARKS:
            raise Unfit("too-much", part)

    def use(self, part: str, attributes: Mapping[str, str]) -> str:
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
