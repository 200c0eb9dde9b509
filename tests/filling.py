"""Fill a blank as a person would in Excel, by the defined names of its answer cells."""

import io
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet


def fill(blank: bytes, answers: dict[str, Any]) -> bytes:
    """Return the blank with these answers typed into it.

    Args:
        blank: a workbook as `pipeline.workbook.blank` makes it.
        answers: section → question → answer; a table is a list of rows; several choices are a list of labels or keys.
            Rows beyond the room of a table go right below it, as a person would go on.

    Raises:
        KeyError: the blank has no cell for an answer.
    """
    workbook = openpyxl.load_workbook(io.BytesIO(blank), rich_text=True)
    names = {name: spot.attr_text for name, spot in workbook.defined_names.items()}

    def cell(path: str, row: int = 0) -> Cell:
        sheet, _, area = names[path].rpartition("!")
        first = area.replace("$", "").partition(":")[0]
        found: Worksheet = workbook[sheet.strip("'").replace("''", "'")]
        return found[first].offset(row=row)

    for section, questions in answers.items():
        for key, answer in questions.items():
            path = f"{section}.{key}"
            if path in names:
                put(cell(path), answer)
            elif isinstance(answer, list) and any(isinstance(row, dict) for row in answer):
                for number, row in enumerate(answer):
                    for column, one in row.items():
                        put(cell(f"{path}.{column}", number), one)
            else:
                for choice in answer if isinstance(answer, list) else [answer]:
                    put(cell(_choice(workbook, names, path, choice)), "Yes")
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def put(cell: Cell, answer: Any) -> None:
    """Type an answer into a cell; text stays text, whatever it looks like, and a cell with a format keeps it."""
    shown_as = cell.number_format
    cell.value = answer
    if shown_as != "General":
        cell.number_format = shown_as
    if isinstance(answer, str):
        cell.data_type = "s"


def _choice(workbook: Any, names: dict[str, str], path: str, choice: str) -> str:
    if f"{path}.{choice}" in names:
        return f"{path}.{choice}"
    for name, text in names.items():
        if name.rpartition(".")[0] == path:
            sheet, _, area = text.rpartition("!")
            spot = workbook[sheet.strip("'").replace("''", "'")][area.replace("$", "")]
            if str(spot.offset(column=-1).value).strip() == choice:
                return name
    raise KeyError(f"{path}: {choice}")
