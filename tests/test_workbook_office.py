"""The workbook in LibreOffice itself: it opens, counts, prints, and what it saves is read."""

import copy
import datetime as dt
import io
import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from forms.catalogue import FORMS as CATALOGUE
from forms.marac import FORM
from pipeline.checked import Checked, Referral, check
from pipeline.workbook import blank, read, returned
from pipeline.workbook.layout import pages
from pipeline.workbook.names import spot
from samples import make
from tests.every_form import DAY, FORMS
from tests.filling import fill

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = pytest.mark.skipif(not OFFICE, reason="LibreOffice Calc (soffice) is not installed")


def _without(*paths: str, **others):
    """Return the example less some answers, and with others."""
    answers = copy.deepcopy(FORM.example())
    for path in paths:
        section, _, key = path.partition(".")
        del answers[section][key]
    for path, answer in others.items():
        section, _, key = path.partition("__")
        answers[section][key] = answer
    return answers


CASES = {
    "everything": _without(),
    "no marking": _without("handling.marking"),
    "a letter not sent, and no reason": _without("referrer.letter_reason", referrer__letter_sent="No"),
    "a low marking, and no reason": _without("handling.lower_reason", handling__marking="OFFICIAL"),
    "no basis, so that four further answers are due": _without(
        "criteria.bases", "criteria.judgement", "criteria.visible", "criteria.escalation", "criteria.repeat"
    ),
    "a basis, so that they are not": _without(
        "criteria.judgement", "criteria.judgement_reason", "criteria.visible", "criteria.escalation", "criteria.repeat"
    ),
    "a telephone, and not whether to ring": _without("victim.safe_to_call", "victim.safe_times"),
    "safe to ring, and not when": _without("victim.safe_times"),
    "spaces for a name": _without(victim__surname="   "),
    "children half told": _without(
        children__child=[{"full_name": "Wren Sampleworth"}, {}, {"sex": "Female"}, {"full_name": "Robin", "date_of_birth": 9}]
    ),
    "a perpetrator half told": _without(perpetrators__perpetrator=[{"full_name": "Magnus Sampleworth"}]),
    "the first row left open": _without(
        perpetrators__perpetrator=[{}, FORM.example()["perpetrators"]["perpetrator"][0]]
    ),
}  # fmt: skip


SAMPLE_DAY = dt.date(2026, 12, 2)
INBOX = Path(__file__).resolve().parents[1] / "samples" / "brackenford" / "inbox"
SAMPLES = make.every()


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Every case, each blank and a returned copy, opened in LibreOffice and saved by it as .xlsx."""
    folder = tmp_path_factory.mktemp("office")
    files = {str(number): fill(blank(FORM), answers) for number, answers in enumerate(CASES.values())}
    files |= {f"blank-{form.id}": blank(form) for form in FORMS}
    files["returned"] = _returned()
    files |= {f"sample-{form}-{name}": (INBOX / make.place(form, name)).read_bytes() for form, name in SAMPLES}
    for name, data in files.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    _convert(folder, "xlsx", *files)
    _convert(folder, "pdf", "0", "blank-marac")
    return folder / "out"


def _returned() -> bytes:
    referral = read(fill(blank(FORM), _without("handling.marking", victim__telephone="020 abc")), CATALOGUE)
    assert isinstance(referral, Referral)
    problems = check(referral, DAY)
    assert isinstance(problems, tuple)
    return returned(FORM, referral, problems)


def _convert(folder: Path, kind: str, *names: str) -> None:
    subprocess.run(
        [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind,
         "--outdir", folder / "out", *(folder / f"{name}.xlsx" for name in names)],
        check=True, capture_output=True, timeout=400,
    )  # fmt: skip


def _values(path: Path):
    return openpyxl.load_workbook(path, data_only=True)


def _named(book, name):
    where = spot(book.defined_names[name].attr_text)
    return book[where.sheet][where.cell()].value


@pytest.mark.parametrize("number", range(len(CASES)), ids=list(CASES))
def test_counts_what_is_missing(saved, number):
    """The opening sheet counts the same answers as missing as the check does, names their sheets, and says when it is ready."""
    path = saved / f"{number}.xlsx"
    referral = read(path.read_bytes(), CATALOGUE)
    assert isinstance(referral, Referral)
    assert referral.problems == ()
    found = check(referral, DAY)
    missing = [] if isinstance(found, Checked) else [one for one in found if one.code == "missing"]
    book = _values(path)
    ready = _named(book, "sealpack.ready")
    assert _named(book, "sealpack.missing") == len(missing)
    if not missing:
        assert ready == "Yes. Nothing that must be answered is missing."
        return
    assert ready.startswith(f"Not yet. Still missing: {len(missing)} answer")
    for page in pages(FORM):
        here = sum(one.place.sheet == page.title for one in missing)
        assert (f"{page.title} ({here})" in ready) == bool(here)


def test_blank_counts_a_row_that_must_be_given(saved):
    """In a blank the first perpetrator is due, with each of the columns that are required."""
    book = _values(saved / "blank-marac.xlsx")
    assert "8 Perpetrators (4)" in _named(book, "sealpack.ready")
    assert book["8 Perpetrators"]["A1"].value == "8 Perpetrators"


@pytest.mark.parametrize("form", FORMS, ids=[form.id for form in FORMS])
def test_saved_blank_is_whole(saved, form):
    """LibreOffice keeps names, drop-downs, colours, locks and properties, and so took them for what they are."""
    before = openpyxl.load_workbook(io.BytesIO(blank(form)))
    after = openpyxl.load_workbook(saved / f"blank-{form.id}.xlsx")
    assert {name for name in before.defined_names if "." in name} <= set(after.defined_names)
    assert {one.name for one in before.custom_doc_props.props} <= {
        one.name for one in after.custom_doc_props.props
    }
    for sheet in before.worksheets:
        other = after[sheet.title]
        assert _lists(other) == _lists(sheet)
        assert bool(other.conditional_formatting) == bool(sheet.conditional_formatting)
        assert other.protection.sheet
        assert other.sheet_state == sheet.sheet_state
        errors = [cell for row in _values_of(saved, form, sheet.title) for cell in row if cell.data_type == "e"]
        assert errors == []


def _lists(sheet):
    return {
        cell
        for check in sheet.data_validations.dataValidation
        if check.type == "list"
        for area in check.sqref.ranges
        for cell in area.cells
    }


def _values_of(saved, form, title):
    return _values(saved / f"blank-{form.id}.xlsx")[title].iter_rows()


def test_answers_survive_being_saved(saved):
    """What was typed is read the same from the file that LibreOffice saved."""
    for number, answers in enumerate(CASES.values()):
        mine = read(fill(blank(FORM), answers), CATALOGUE)
        theirs = read((saved / f"{number}.xlsx").read_bytes(), CATALOGUE)
        assert isinstance(mine, Referral)
        assert isinstance(theirs, Referral)
        assert (theirs.answers, theirs.places) == (mine.answers, mine.places)


def test_returned_copy_survives_being_saved(saved):
    """Our notes and our list are known again in a copy that LibreOffice saved."""
    referral = read((saved / "returned.xlsx").read_bytes(), CATALOGUE)
    assert isinstance(referral, Referral)
    assert referral.problems == ()
    found = check(referral, DAY)
    assert isinstance(found, tuple)
    assert [one.code for one in found] == ["missing", "not-a-phone"]


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not installed")
def test_every_printed_page_is_marked(saved):
    """Every page bears the marking at its top and bottom, and says which page of how many it is."""
    text = subprocess.run(
        ["pdftotext", "-layout", saved / "0.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    printed = text.split("\f")[:-1]
    assert len(printed) >= len(pages(FORM)) + 1
    for number, page in enumerate(printed, start=1):
        lines = [line for line in page.splitlines() if line.strip()]
        assert "OFFICIAL-SENSITIVE" in lines[0]
        assert "OFFICIAL-SENSITIVE" in lines[-1]
        assert re.search(rf"Page {number} of {len(printed)}", lines[-1])


@pytest.mark.parametrize(("form_id", "name"), SAMPLES)
def test_workbook_of_an_area_means_the_same_when_saved(saved, form_id, name):
    """A workbook with an area's own lists has the same answers and problems before and after LibreOffice saved it."""

    def told(path):
        referral = read(path.read_bytes(), CATALOGUE)
        assert isinstance(referral, Referral)
        found = check(referral, SAMPLE_DAY)
        codes = [] if isinstance(found, Checked) else sorted(one.code for one in found)
        return referral.answers, codes

    assert told(saved / f"sample-{form_id}-{name}.xlsx") == told(INBOX / make.place(form_id, name))


@pytest.mark.parametrize(("form_id", "name"), SAMPLES)
def test_sheet_works_out_what_the_check_does(saved, form_id, name):
    """What is worked out from other answers stands in the sheet as the program has it."""
    path = saved / f"sample-{form_id}-{name}.xlsx"
    referral = read(path.read_bytes(), CATALOGUE)
    checked = check(referral, SAMPLE_DAY)
    if not isinstance(checked, Checked):
        return
    book = _values(path)
    for found in checked.form.asks():
        if found.ask.computed:
            value, shown = checked[found.path], _named(book, found.path)
            wanted = None if value is None else found.ask.label_of(value) if found.ask.one_of else value
            assert (shown.date() if isinstance(shown, dt.datetime) else shown or None) == wanted
