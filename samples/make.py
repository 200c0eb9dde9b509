"""Make what is generated: blank workbooks, first Word templates, and the referrals of Brackenford: `python -m samples.make`.

The answers to a form lie in a folder of its name. The workbooks for the meeting in December lie in the inbox itself, those for
other forms in a folder of it, by its name.

An answer is typed into the cell that bears its name, just as it stands in the answers, so that what a tired person got
wrong stays wrong. The same answers and the same blank give the same bytes.
"""

import tomllib
from pathlib import Path
from typing import Any

from forms.catalogue import FORMS
from pipeline.area import Area, open_area
from pipeline.durable import replace
from pipeline.flow import form_of
from pipeline.word.start import first_template
from pipeline.workbook.making import blank, build, to_bytes

HERE = Path(__file__).parent
AREA = HERE / "brackenford"
ANSWERS = HERE / "answers"
TEMPLATES = HERE.parent / "templates"
MEETING_FORM = "marac"
"""The form whose referrals are those of the meeting, and lie in the inbox itself."""


def names(form_id: str = MEETING_FORM) -> list[str]:
    """Return the names of the referrals on a form, in order; the workbook and the answers of each are called so."""
    return sorted(path.stem for path in (ANSWERS / form_id).glob("*.toml"))


def every() -> list[tuple[str, str]]:
    """Return (form id, name) of every referral."""
    return [(folder.name, name) for folder in sorted(ANSWERS.iterdir()) for name in names(folder.name)]


def place(form_id: str, name: str) -> Path:
    """Return where the workbook of a referral lies, below the inbox."""
    return Path(f"{name}.xlsx") if form_id == MEETING_FORM else Path(form_id) / f"{name}.xlsx"


def answers(name: str, form_id: str = MEETING_FORM) -> dict[str, Any]:
    """Return what somebody typed: section → question → answer; a formula is `{formula = "=1+1"}`."""
    said = _file(form_id, name)
    del said["sample"]
    return said


def about(name: str, form_id: str = MEETING_FORM) -> dict[str, Any]:
    """Return what a referral is there for: `about`, the `codes` of its problems, and for some the `mentions` to take out."""
    found: dict[str, Any] = _file(form_id, name)["sample"]
    return found


def workbook(name: str, area: Area, form_id: str = MEETING_FORM) -> bytes:
    """Return a referral as a workbook: the area's blank with the answers typed in."""
    drawing = build(form_of(area, form_id), area_name=area.settings.name, send_to=area.send_to)

    def put(path: str, answer: Any, row: int = 0) -> None:
        spot = drawing.spots[path]
        cell = drawing.workbook[spot.sheet][spot.cell(row)]
        if isinstance(answer, dict):
            cell.value = answer["formula"]
            return
        cell.value = answer
        if isinstance(answer, str):
            cell.data_type = "s"

    for section, questions in answers(name, form_id).items():
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
                    choices = drawing.form.find(path).ask.choices
                    put(f"{path}.{next(c.key for c in choices if c.label == one)}", "Yes")
    return to_bytes(drawing)


def _file(form_id: str, name: str) -> dict[str, Any]:
    return tomllib.loads((ANSWERS / form_id / f"{name}.toml").read_text("utf-8"))


def make() -> None:
    """Write every blank, and every referral into the inbox; a Word template that is there stays as somebody edited it."""
    for form in FORMS.values():
        replace(TEMPLATES / f"{form.id}.xlsx", blank(form))
        template = TEMPLATES / f"{form.id}.docx"
        if not template.exists():
            replace(template, first_template(form))
    area = open_area(AREA)
    for form_id, name in every():
        path = area.inbox / place(form_id, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, workbook(name, area, form_id))


if __name__ == "__main__":
    make()
