"""A new form is one module and one Word template: with these two in their folders, every command knows it."""

import os
import shutil
import subprocess
import sys

import pytest
from borough import CODE, ROOT

from forms.catalogue import FORMS
from pipeline.workbook import blank
from tests.filling import fill

MODULE = '''\
"""An invented form: tells the MARAC co-ordinator that a victim has moved."""

from forms import people
from forms.answers import DATE
from forms.definition import Ask, Form, Section
from forms.information import Information, Whose

FORM = Form(
    id="moved",
    title="Notice of a move",
    edition="2026-1",
    panel="marac",
    about="Tells the co-ordinator that a victim has moved.",
    sections=(
        Section("referrer", "Referrer", people.referrer()),
        Section("handling", "Marking and basis", people.handling()),
        Section("victim", "Victim", (*people.person("victim"), Ask("moved", "Moved on", DATE, Information.PROCESS, required=True)),
                whose=Whose.CLIENT),
    ),
    subject="victim",
    need_to_know="marac",
)
'''


@pytest.fixture
def house(tmp_path):
    """A copy of the house with the module of a new form in it."""
    for room in ("forms", "pipeline", "keys", "templates", "samples"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "forms" / "moved.py").write_text(MODULE, "utf-8")
    return tmp_path


def run(house, *args: object) -> str:
    told = subprocess.run(
        [sys.executable, "-c", CODE, *map(str, args)], cwd=house, capture_output=True, text=True, check=False, timeout=120,
        env=os.environ | {"PYTHONPATH": str(house)},
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def test_a_module_and_a_template_are_a_form(house):
    """It is listed, handed out, filled, checked, seen by need to know, carried to and drawn, and nothing else was touched."""
    run(house, "blank", "moved", "--template", "-o", "templates/moved.docx")
    assert "Notice of a move" in run(house, "forms")
    assert "fits" in run(house, "check-template", "templates/moved.docx")
    run(house, "blank", "moved", "-o", "blank.xlsx")
    shared = {key: FORMS["marac"].example()[key] for key in ("referrer", "handling", "victim")}
    asked = ("name", "agency", "telephone", "email", "date")
    answers = {
        "referrer": {key: shared["referrer"][key] for key in asked},
        "handling": shared["handling"],
        "victim": {key: shared["victim"][key] for key in ("surname", "forenames", "date_of_birth")}
        | {"moved": "2026-11-20"},
    }
    (house / "filled.xlsx").write_bytes(fill((house / "blank.xlsx").read_bytes(), answers))
    assert "filled.xlsx: sound" in run(house, "check", "filled.xlsx")
    run(house, "render", "filled.xlsx", "-o", "drawn", "--for", "housing_authority")
    assert sorted(path.name for path in (house / "drawn").iterdir()) == [
        "moved-referral.docx",
        "moved-referral.pdf",
    ]
    (house / "marac.xlsx").write_bytes(fill(blank(FORMS["marac"]), FORMS["marac"].example()))
    assert "Carried over:" in run(house, "carry", "marac.xlsx", "--to", "moved", "-o", "carried.xlsx")
    assert "identity" in run(house, "explain", "moved.victim.surname")
