"""Make the referrals in Brackenford's inbox from the answers beside this file: `python -m samples.make`.

An answer is typed into the cell that bears its name, just as it stands in the answers, so that what a tired person got
wrong stays wrong. The same answers and the same blank give the same bytes.
"""

import tomllib
from pathlib import Path
from typing import Any

from pipeline.area import Area, open_area
from pipeline.durable import replace
from pipeline.flow import form_of
from pipeline.workbook.making import build, to_bytes

HERE = Path(__file__).parent
AREA = HERE / "brackenford"
ANSWERS = HERE / "answers"
FORM = "marac"


def names() -> list[str]:
    """Return the names of the referrals, in order; the workbook and the answers of each are called so."""
    return sorted(path.stem for path in ANSWERS.glob("*.toml"))


def answers(name: str) -> dict[str, Any]:
    """Return what somebody typed: section → question → answer; a formula is `{formula = "=1+1"}`."""
    said = _file(name)
    del said["sample"]
    return said


def about(name: str) -> dict[str, Any]:
    """Return what a referral is there for: `about`, the `codes` of its problems, and for some the `mentions` to take out."""
    found: dict[str, Any] = _file(name)["sample"]
    return found


def workbook(name: str, area: Area) -> bytes:
    """Return a referral as a workbook: the area's blank with the answers typed in."""
    blank = build(form_of(area, FORM), area_name=area.settings.name, send_to=area.send_to)

    def put(path: str, answer: Any, row: int = 0) -> None:
        spot = blank.spots[path]
        cell = blank.workbook[spot.sheet][spot.cell(row)]
        if isinstance(answer, dict):
            cell.value = answer["formula"]
            return
        cell.value = answer
        if isinstance(answer, str):
            cell.data_type = "s"

    for section, questions in answers(name).items():
        for key, answer in questions.items():
            path = f"{section}.{key}"
            if not isinstance(answer, list):
                put(path, answer)
                continue
            for number, one in enumerate(answer):
                if isinstance(one, dict):
                    for column, value in one.items():
                        put(f"{path}.{column}", value, number)
                else:
                    choices = blank.form.find(path).ask.choices
                    put(f"{path}.{next(c.key for c in choices if c.label == one)}", "Yes")
    return to_bytes(blank)


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((ANSWERS / f"{name}.toml").read_text("utf-8"))


def make() -> None:
    """Write every referral into the inbox."""
    area = open_area(AREA)
    for name in names():
        replace(area.inbox / f"{name}.xlsx", workbook(name, area))


if __name__ == "__main__":
    make()
