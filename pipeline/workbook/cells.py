"""One answer in one cell: how it is written and how it is read, side by side."""

import datetime as dt
import re
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.datetime import from_excel, to_excel

from forms.answers import DATE, DATE_OR_AGE, OLDEST_AGE, Age, Raw, Unreadable
from forms.definition import Ask

_CELL_LIMIT = 32_767
_EXACT = 10**15  # a cell keeps 15 digits of a number
# ECMA-376 part 1, 22.9.2.19 (ST_Xstring): what XML cannot hold is written _xHHHH_, and what looks like that is escaped.
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_IN_QUOTES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


class Faulty(Exception):  # noqa: N818 - it says what the cell is
    """A cell that holds no answer at all; `code` says what instead."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def to_cell(cell: Cell, raw: Raw | None, ask: Ask) -> None:
    """Type an answer into a cell.

    What can be read is written as the form would have it, a date as a date and a choice as its label; the rest stays as it was
    typed. Text is never taken for a formula, whatever it begins with.
    """
    value: Any = raw
    if isinstance(raw, str | bool | int | float) and (ask.kind in (DATE, DATE_OR_AGE) or ask.one_of):
        try:
            meant = ask.read(raw)
        except Unreadable:
            pass
        else:
            if isinstance(meant, dt.date | Age):
                value = meant.years if isinstance(meant, Age) else meant
            elif ask.one_of:
                value = ask.label_of(meant)
    put(cell, value)


def put(cell: Cell, value: Any) -> None:
    """Write a value; text stays text. What no cell can hold (a list, from JSON) is left out: a problem tells of it."""
    if isinstance(value, int) and abs(value) >= _EXACT:
        value = str(value)
    if isinstance(value, str):
        cell.value = _UNWRITABLE.sub(lambda m: f"_x{ord(m[0]):04X}_", value)[:_CELL_LIMIT]
        cell.data_type = "s"
    elif isinstance(value, bool | int | float | dt.date | dt.time):
        shown_as = cell.number_format
        cell.value = value
        cell.number_format = shown_as  # openpyxl puts one of its own on a date


def unescape(text: str) -> str:
    """Return text as its writer sees it in the cell."""
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def from_cell(cell: Cell | MergedCell, ask: Ask) -> Raw | None:
    """Return what stands in a cell, unchanged except for what only a workbook knows.

    Raises:
        Faulty: a formula or an error.
    """
    value: Any = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        raise Faulty("formula")
    if cell.data_type == "e":
        raise Faulty("error-cell")
    match value:
        case str():
            return unescape(value)
        case dt.datetime():
            return _age(value, ask) or value
        case dt.time():
            return f"{value:%H:%M}"
        case dt.timedelta():
            minutes = int(value.total_seconds()) // 60
            return f"{minutes // 60}:{minutes % 60:02}"
        case bool():
            return value
        case int() | float():
            return _as_seen(value, cell.number_format, ask)
        case _:
            return str(value)


def _age(value: dt.datetime, ask: Ask) -> int | None:
    """Return the small number that a cell formatted as a date shows as a day of 1900."""
    serial = float(to_excel(value))  # type: ignore[no-untyped-call]  # the stubs leave it open
    small = ask.kind == DATE_OR_AGE and 0 < serial <= OLDEST_AGE and serial.is_integer()
    return int(serial) if small else None


def _as_seen(value: float, number_format: str, ask: Ask) -> Raw:
    shape = _IN_QUOTES.sub("", number_format)
    if "%" in shape:
        return f"{value * 100:g}%"
    if ask.kind in (DATE, DATE_OR_AGE) and value > OLDEST_AGE and re.search("[dy]", shape, re.IGNORECASE):
        return from_excel(value)  # type: ignore[no-any-return, unused-ignore]  # the stubs leave it open
    if set(shape) == {"0"} and len(shape) > 1 and float(value).is_integer():
        return f"{int(value):0{len(shape)}}"
    return value
