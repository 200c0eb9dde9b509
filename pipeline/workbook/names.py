"""How cells, sheets and lists are named: what the blank writes and the reader looks for, side by side.

An answer's cell bears its path as a workbook-level name, `victim.date_of_birth`; a choice of several bears its key as
well, `criteria.bases.high_risk`; a column of a table has one name for all its rows, `children.child.full_name`.
"""

import re
from dataclasses import dataclass
from typing import Any, cast

from openpyxl.utils import column_index_from_string, get_column_letter, quote_sheetname
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName

from forms.definition import Form

VERSION = "sealpack.version"
AREA = "sealpack.area"
SEND_TO = "sealpack.send_to"
READY = "sealpack.ready"
MISSING = "sealpack.missing"
PUT_RIGHT = "sealpack.put_right"
CONFIRM = "sealpack.confirm."
"""Before a section's key: the cell where somebody confirms that what was carried into it is right."""
OWN = "sealpack."
LIST = "list."
OWN_WORDS = "list.own_words"
PROPERTIES = ("sealpack.form", "sealpack.edition", "sealpack.area")
START_TITLE = "Start here"
LISTS_TITLE = "Lists"
PUT_RIGHT_TITLE = "To put right"

_TITLE_LIMIT = 31
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]+")
# ECMA-376 part 1, 18.2.5: what may be a name; and what Excel or LibreOffice would take for a cell instead.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,254}")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*|[Rr]|[Cc]")


def sheet_title(heading: str) -> str:
    """Return a heading as a title that Excel takes: at most 31 characters, none of those it refuses."""
    clean = " ".join(_NOT_IN_TITLES.sub(" ", heading).split())
    return clean[:_TITLE_LIMIT].rstrip("' ")


def check_name(name: str) -> str:
    """Return a name that Excel and LibreOffice take as it is.

    Raises:
        ValueError: they would not.
    """
    if not _NAME.fullmatch(name) or any(
        _LIKE_A_CELL.fullmatch(part) for part in (name, name.rpartition(".")[2])
    ):
        raise ValueError(f"{name} cannot be the name of a cell")
    return name


def check_sections(form: Form) -> None:
    """Refuse a form whose paths would be taken for names of ours.

    Raises:
        ValueError: a section is called as our own names begin.
    """
    for section in form.sections:
        if f"{section.key}." in (OWN, LIST):
            raise ValueError(f"{form.id}: no section may be called {section.key}")


@dataclass(frozen=True)
class Spot:
    """A cell, or a column of cells one below the other; rows and columns count from 1."""

    sheet: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1

    def cell(self, offset: int = 0) -> str:
        """Return the coordinate of a cell of it: `C7`."""
        return f"{get_column_letter(self.column)}{self.row + offset}"

    @property
    def reference(self) -> str:
        """The absolute reference that a name holds: `'5 Primary victim'!$B$7`."""
        first, last = (
            f"${get_column_letter(column)}${row}"
            for column, row in (
                (self.column, self.row),
                (self.column + self.columns - 1, self.row + self.rows - 1),
            )
        )
        area = first if first == last else f"{first}:{last}"
        return f"{quote_sheetname(self.sheet)}!{area}"


_REFERENCE = re.compile(
    r"\$?(?:'((?:[^']|'')+)'|([^'!\[\]#,() ]+))!\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?"
)


def spot(reference: str) -> Spot | None:
    """Return what a name points at, or None if that is not one area of cells in this workbook."""
    found = _REFERENCE.fullmatch(reference.removeprefix("="))
    if not found or "[" in reference:
        return None
    sheet = (found[1] or found[2]).replace("''", "'")
    row, column = int(found[4]), column_index_from_string(found[3])
    rows = int(found[6] or row) - row + 1
    columns = column_index_from_string(found[5] or found[3]) - column + 1
    return Spot(sheet, row, column, rows, columns) if rows > 0 and columns > 0 else None


def define(workbook: Workbook, name: str, where: Spot) -> None:
    """Give a cell or column its name."""
    if name in workbook.defined_names:
        raise ValueError(f"two cells are called {name}")
    workbook.defined_names[check_name(name)] = DefinedName(name, attr_text=where.reference)


def version_text(form: Form, area: str) -> str:
    """Return what the version cell says: form, edition and area."""
    return f"{form.id} | {form.edition}" + (f" | {area}" if area else "")


def parse_version(text: object) -> tuple[str, str] | None:
    """Return form and edition from what the version cell says, or None."""
    parts = [part.strip() for part in text.split("|")] if isinstance(text, str) else []
    return (parts[0], parts[1]) if len(parts) in (2, 3) and all(parts[:2]) else None


def version_of(workbook: Workbook) -> tuple[str, str] | None:
    """Return form and edition from the version cell, or from the properties if the cell is gone."""
    defined = workbook.defined_names.get(VERSION)
    where = spot(defined.attr_text or "") if defined else None
    if where and where.sheet in workbook.sheetnames:
        said = parse_version(workbook[where.sheet][where.cell()].value)
        if said:
            return said
    named = {one.name: one.value for one in cast("Any", workbook).custom_doc_props.props}
    form_id, edition = (named.get(name) for name in PROPERTIES[:2])
    return (str(form_id), str(edition)) if form_id and edition else None
