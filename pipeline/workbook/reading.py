"""Read a filled workbook: guard, identify, then each answer by the name of its cell, wherever that is."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openpyxl.workbook import Workbook

from forms.answers import Raw, is_blank, plain
from forms.catalogue import whole
from forms.definition import Ask, Filler, Table, row_path
from pipeline.checked import Referral
from pipeline.guard import inspect
from pipeline.identify import Forms, Identified, identify
from pipeline.problem import Place, Problem, problem
from pipeline.workbook import words as _words  # noqa: F401 - registers the codes
from pipeline.workbook.cells import Faulty, from_cell
from pipeline.workbook.drawing import source_in
from pipeline.workbook.formula import YES
from pipeline.workbook.layout import Page, pages
from pipeline.workbook.loading import load
from pipeline.workbook.marks import TICKS, mark, odd
from pipeline.workbook.names import CONFIRM, Spot, spot, version_of
from pipeline.workbook.questions import TO_CONFIRM
from pipeline.workbook.stray import Position, stray

_PICTURES = ("xl/drawings/drawing", "xl/media/", "xl/charts/", "xl/diagrams/")


def read(data: bytes, forms: Forms) -> Referral | tuple[Problem, ...]:
    """Return what a filled workbook says, as it was typed, with the place of every question and the problems of the workbook itself.

    `pipeline.checked.check` adds those of the answers. The problems alone are returned if no form can be made out.

    Args:
        data: the file.
        forms: form id → the form as it is in use, with the lists of the area.
    """
    if refusal := inspect(data):
        return (refusal,)
    try:
        workbook = load(data)
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its parsing meets, and the file is somebody else's
        return (problem("workbook-unreadable"),)
    said = version_of(workbook)
    if said is None:
        return (problem("not-a-form"),)
    found = identify(forms, *said)
    if isinstance(found, Problem):
        return (found,)
    form = found.form
    reading = _Reading(found, workbook)
    for page in reading.pages:
        reading.page(page)
    reading.not_asked()
    reading.problems.extend(stray(workbook, form, reading.taken))
    with zipfile.ZipFile(io.BytesIO(data)) as members:
        if any(name.lower().startswith(_PICTURES) for name in members.namelist()):
            reading.problems.append(problem("drawing"))
    digest, problems = hashlib.sha256(data).hexdigest(), tuple(reading.problems)
    return Referral(
        form, reading.answers, reading.places, problems, digest, tuple(reading.unconfirmed), reading.carried
    )


@dataclass
class _Reading:
    """One workbook as it is being read."""

    identified: Identified
    workbook: Workbook
    answers: dict[str, Any] = field(default_factory=dict, repr=False)
    places: dict[str, Place] = field(default_factory=dict, repr=False)
    problems: list[Problem] = field(default_factory=list)
    taken: dict[Position, str] = field(default_factory=dict, repr=False)
    unconfirmed: list[str] = field(default_factory=list)
    carried: dict[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.form = self.identified.form
        self._sheets = {sheet.title: sheet for sheet in self.workbook.worksheets}
        self._found: dict[str, Spot | str] = {}
        self._names = {name.lower(): one.attr_text or "" for name, one in self.workbook.defined_names.items()}
        self._merged: set[Position] = {
            (sheet.title, row, column)
            for sheet in self.workbook.worksheets
            for area in sheet.merged_cells.ranges
            for row, column in area.cells
            if (row, column) != (area.min_row, area.min_col)
        }
        self._covered: dict[Position, str] = {}
        # The co-ordinator's part is in a workbook only once the co-ordinator has put it there.
        added = pages(self.form, Filler.COORDINATOR)
        begun = any(self._find(name) != "cell-lost" for page in added for name in page.names())
        self.pages = (*pages(self.form), *(added if begun else ()))
        for page in self.pages:
            for name in page.names():
                if isinstance(where := self._find(name), Spot):
                    for row in range(where.row, where.row + min(where.rows, 10_000)):
                        self._covered.setdefault((where.sheet, row, where.column), name)

    def _find(self, name: str) -> Spot | str:
        """Return where a name points, or the code of what is wrong with it."""
        if name not in self._found:
            self._found[name] = self._looked_up(name)
        return self._found[name]

    def _looked_up(self, name: str) -> Spot | str:
        earlier = self.identified.earlier
        named = earlier.then(name) if earlier else name
        reference = self._names.get(named.lower())
        if reference is None or "#REF!" in reference.upper():
            return "cell-lost"
        where = spot(reference)
        if where is None or where.sheet not in self._sheets:
            return "cell-several" if "," in reference else "cell-elsewhere"
        return where

    def page(self, page: Page) -> None:
        """Read the answers of one sheet of the blank, wherever they are now."""
        names = [name for name in page.names() if not self._may_be_missing(name)]
        if names and all(self._find(name) == "cell-lost" for name in names):
            place = Place(page.table_path or page.section.key, page.section.title)
            self.problems.append(problem("sheet-lost", place))
            return
        if page.opens:
            self._confirmed(page)
        for ask in page.asks:
            path = page.path(ask)
            if ask.computed:
                continue
            self._keep(path, self._choices(path, ask) if ask.some_of else self._one(path, ask))
        if page.table:
            self._keep(page.table_path, self._table(page, page.table) or None)

    def not_asked(self) -> None:
        """Tell of each answer to a question that the area has left out, by the words of the question."""
        for path in sorted(self.form.hidden):
            where = self._find(path)
            if isinstance(where, Spot):
                self.taken[where.sheet, where.row, where.column] = ""
                if not is_blank(self._sheets[where.sheet][where.cell()].value):
                    label = whole(self.form.id).find(path).ask.label
                    self._wrong("not-asked-here", Place(path, label, where.sheet, where.cell()))

    def _may_be_missing(self, name: str) -> bool:
        """Say whether a cell is not there and need not be."""
        return self._find(name) == "cell-lost" and self.identified.may_lack(name)

    def _confirmed(self, page: Page) -> None:
        """Look whether somebody has confirmed what was carried into a section, if anything was."""
        where = self._find(f"{CONFIRM}{page.section.key}")
        if isinstance(where, str):
            return
        self.taken[where.sheet, where.row, where.column] = ""
        if str(self._sheets[where.sheet][where.cell()].value).strip().casefold() not in TICKS:
            self.unconfirmed.append(page.section.key)
            path, title = f"{page.section.key}.{TO_CONFIRM}", page.section.title
            self._wrong("not-confirmed", Place(path, title, where.sheet, where.cell()))

    def _keep(self, path: str, answer: Any) -> None:
        section, _, key = path.partition(".")
        if answer is not None:
            self.answers.setdefault(section, {})[key] = answer

    def _one(self, path: str, ask: Ask) -> Raw | None:
        where = self._single(path, path, ask.label)
        return None if where is None else self._cell(where, ask, path)

    def _single(self, name: str, path: str, question: str) -> Spot | None:
        """Return the cell of a name, or None with a problem if it has no cell of its own."""
        if self._may_be_missing(name):
            return None
        where = self._find(name)
        code = where if isinstance(where, str) else "cell-several" if where.rows * where.columns > 1 else ""
        if code or isinstance(where, str):
            self._wrong(code, Place(path, question))
            return None
        place = Place(path, question, where.sheet, where.cell())
        self.places.setdefault(path, place)
        return where if self._claim(where, 0, name, place) else None

    def _claim(self, where: Spot, offset: int, name: str, place: Place) -> bool:
        """Take a cell for an answer; say so and return False if it is not free for it."""
        position = (where.sheet, where.row + offset, where.column)
        self.taken.setdefault(position, name)
        first = self._covered.get(position, name)
        if first != name:
            self._wrong("cell-shared", place, other=self._words(first))
            return False
        if position in self._merged:
            self._wrong("cell-merged", place)
            return False
        return True

    def _words(self, name: str) -> str:
        try:
            return self.form.find(name).ask.label
        except KeyError:
            return self.form.find(name.rpartition(".")[0]).ask.label

    def _wrong(self, code: str, place: Place, **facts: str | int) -> None:
        self.problems.append(problem(code, place, **facts))

    def _cell(self, where: Spot, ask: Ask, path: str, offset: int = 0) -> Raw | None:
        """Return what stands in a cell, or None with a problem if that is no answer."""
        cell = self._sheets[where.sheet].cell(where.row + offset, where.column)
        if cell.comment and (source := source_in(cell.comment.text)):
            self.carried[path] = source
        try:
            raw = from_cell(cell, ask)
        except Faulty as faulty:
            self._wrong(faulty.code, self.places[path])
            return None
        return None if is_blank(raw) else raw

    def _choices(self, path: str, ask: Ask) -> list[str] | dict[str, Raw] | None:
        """Return the keys of the choices taken; or, if something else than Yes or No stands there, all as it stands."""
        marks: dict[str, Raw] = {}
        for choice in ask.choices:
            name = f"{path}.{choice.key}"
            where = self._single(name, name, f"{ask.label}: {choice.label}")
            if where is None:
                continue
            self.places.setdefault(path, Place(path, ask.label, where.sheet, where.cell()))
            raw = self._cell(where, ask, name)
            if raw is None and self._tick(where):
                raw = YES
            if raw is not None and mark(raw, choice.key, ask) is not False:
                marks[choice.key] = raw
        if unclear := odd(marks, ask):
            cells = [self.places[f"{path}.{key}"].cell for key in unclear]
            place = Place(path, ask.label, self.places[path].sheet, cells[0])
            self._wrong("not-yes", place, cells=", ".join(cells))
            return marks
        return list(marks) or None

    def _tick(self, where: Spot) -> bool:
        """Say whether a lone tick stands in a cell, which is an answer here though it has no letter."""
        value = self._sheets[where.sheet][where.cell()].value
        return isinstance(value, str) and value.strip() in TICKS

    def _table(self, page: Page, table: Table) -> list[dict[str, Raw]]:
        """Return the rows of a table, and those that somebody added right below it."""
        path = page.table_path
        columns: dict[str, Spot] = {}
        for ask in table.columns:
            where = self._find(page.column_path(ask))
            if self._may_be_missing(page.column_path(ask)):
                continue
            if isinstance(where, str) or where.columns > 1:
                code = where if isinstance(where, str) else "cell-several"
                self._wrong(code, Place(page.column_path(ask), f"{table.title}: {ask.label}"))
            else:
                columns[ask.key] = where
        if not columns:
            return []
        first = next(iter(columns.values()))
        self.places[path] = Place(path, table.title, first.sheet, first.cell())
        if len({(one.sheet, one.row, one.rows) for one in columns.values()}) > 1:
            self._wrong("table-torn", self.places[path])
            for key, one in columns.items():
                for offset in range(min(one.rows, 10_000)):
                    self.taken.setdefault((one.sheet, one.row + offset, one.column), f"{path}.{key}")
            return []
        rows: list[dict[str, Raw]] = []
        for offset in self._offsets(first, columns):
            rows.extend(self._row(path, table, columns, offset, len(rows) + 1))
        return rows

    def _offsets(self, first: Spot, columns: dict[str, Spot]) -> Iterator[int]:
        """Yield the rows of a table, and on below until one is empty or belongs to another answer."""
        sheet = self._sheets[first.sheet]
        last = min(sheet.max_row - first.row + 1, 10_000)
        for offset in range(max(last, 0)):
            at = first.row + offset
            if offset >= first.rows and (
                any((one.sheet, at, one.column) in self._covered for one in columns.values())
                or all(is_blank(sheet.cell(at, one.column).value) for one in columns.values())
            ):
                return
            yield offset

    def _row(
        self, path: str, table: Table, columns: dict[str, Spot], offset: int, number: int
    ) -> list[dict[str, Raw]]:
        """Return one row, or none if it is empty: people leave a line between."""
        first = next(iter(columns.values()))
        if first.column > 1 and self._is_number(first, offset, table):
            self.taken.setdefault((first.sheet, first.row + offset, first.column - 1), "")
        answers: dict[str, Raw] = {}
        before = len(self.problems)
        for ask in table.columns:
            if (where := columns.get(ask.key)) is None:
                continue
            cell = row_path(path, number, ask.key)
            question = f"{table.singular} {offset + 1}: {ask.label}"
            self.places[cell] = Place(cell, question, where.sheet, where.cell(offset))
            if self._claim(where, offset, f"{path}.{ask.key}", self.places[cell]):
                raw = self._cell(where, ask, cell, offset)
                if raw is not None:
                    answers[ask.key] = raw
        return [answers] if answers or len(self.problems) > before else []

    def _is_number(self, first: Spot, offset: int, table: Table) -> bool:
        """Say whether beside a row stands only what numbers it: "Child 13" or "13", in a row that somebody added."""
        beside = self._sheets[first.sheet].cell(first.row + offset, first.column - 1).value
        return plain(str(beside)).removeprefix(plain(table.singular)).strip(" .").isdecimal()
