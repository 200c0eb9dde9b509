"""A filled workbook is read by the names of its cells, and whatever is wrong with it is told with its place."""

import datetime as dt
import io
import zipfile
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula

from forms.answers import Age
from forms.catalogue import FORMS as CATALOGUE
from forms.marac import FORM
from pipeline.checked import Checked, Referral, check
from pipeline.problem import Place
from pipeline.workbook import blank, read
from pipeline.workbook.names import spot
from tests.every_form import DAY, FORMS, every_form
from tests.filling import fill, put
from tests.strategies import referrals

BLANK = blank(FORM)
FULL = fill(BLANK, FORM.example())
MORNING = dt.datetime.combine(dt.date(1991, 3, 14), dt.time(9, 30))
REFERRED = dt.datetime.combine(dt.date(2026, 11, 20), dt.time())
SECRET = "Quetzalcoatlus"


class Sheets:
    """A filled workbook that somebody has open."""

    def __init__(self, data: bytes = FULL):
        self.book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)

    def cell(self, path: str, row: int = 1):
        """Return the cell of an answer, or of a row of a column."""
        where = spot(self.book.defined_names[path].attr_text)
        return self.book[where.sheet][where.cell(row - 1)]

    def name(self, path: str, reference: str) -> None:
        """Make a name point elsewhere."""
        self.book.defined_names[path] = DefinedName(path, attr_text=reference)

    def data(self) -> bytes:
        """Return what is saved."""
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()

    def read(self) -> Referral:
        """Return what is read of it."""
        referral = read(self.data(), CATALOGUE)
        assert isinstance(referral, Referral)
        return referral


def _codes(referral: Referral) -> list[str]:
    return [one.code for one in referral.problems]


def _answer(referral: Referral, path: str) -> Any:
    section, _, key = path.partition(".")
    return referral.answers.get(section, {}).get(key)


@every_form
def test_filled_example_is_sound(form):
    """The example of a form, typed into its blank, is a sound referral."""
    referral = read(fill(blank(form), form.example()), CATALOGUE)
    assert isinstance(referral, Referral)
    assert referral.problems == ()
    assert isinstance(check(referral, DAY), Checked)


@every_form
def test_blank_is_read_as_open(form):
    """In a blank nothing is answered, and nothing is wrong with the workbook as such."""
    referral = read(blank(form, area_name="Brackenford", send_to="the co-ordinator"), CATALOGUE)
    assert isinstance(referral, Referral)
    assert referral.problems == ()
    assert referral.answers == {}


@every_form
def test_every_question_has_its_place(form):
    """Each question that was read has a sheet, a cell, its words and its path, rows and tables included."""
    referral = read(fill(blank(form), form.example()), CATALOGUE)
    assert isinstance(referral, Referral)
    for section, questions in form.example().items():
        for key, answer in questions.items():
            paths = [f"{section}.{key}"]
            if answer and isinstance(answer, list) and isinstance(answer[0], dict):
                paths += [f"{section}.{key}[1].{column}" for column in answer[0]]
            for path in paths:
                place = referral.places[path]
                assert place.path == path
                assert place.sheet
                assert place.cell
                assert place.question


# A whole form takes too long to shrink.
@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.data())
def test_what_is_typed_is_what_is_read(data):
    """Whatever sound answers are typed into a blank, and however many rows, they are read as the same values."""
    form = data.draw(st.sampled_from(FORMS))
    answers = data.draw(referrals(form))
    referral = read(fill(blank(form), answers), CATALOGUE)
    assert isinstance(referral, Referral)
    assert referral.problems == ()
    found, meant = check(referral, DAY), check(Referral(form, answers), DAY)
    assert isinstance(meant, Checked)
    assert isinstance(found, Checked)
    assert found.answers == meant.answers


TYPED = {
    "a date": ("victim.date_of_birth", dt.date(1991, 3, 14), dt.date(1991, 3, 14)),
    "a date and a time of day": ("victim.date_of_birth", MORNING, dt.date(1991, 3, 14)),
    "an age in a cell that is made for dates": ("victim.date_of_birth", 35, Age(35)),
    "an age of more than two months of 1900": ("victim.date_of_birth", 72, Age(72)),
    "the age that is no day of 1900": ("victim.date_of_birth", 60, Age(60)),
    "an age in words": ("victim.date_of_birth", "about 35", Age(35)),
    "a date in words": ("victim.date_of_birth", "14 March 1991", dt.date(1991, 3, 14)),
    "a number where words are meant": ("victim.first_language", 7, "7"),
    "a phone number without its nought": ("victim.telephone", 7700900456, "07700 900456"),
    "smart quotes and a soft hyphen": ("victim.surname", "O\u2019Sam\u00adple", "O\u2019Sample"),
    "spaces all round": ("victim.surname", "  Sample   worth \u00a0", "Sample worth"),
    "what Excel makes of a line end": ("victim.other", "one_x000D_\ntwo", "one\ntwo"),
    "what only looks like such a sign": ("victim.other", "one_x005F_x0007_two", "one_x0007_two"),
    "yes in any case": ("consent.aware", "yES", "yes"),
    "TRUE for yes": ("consent.aware", True, "yes"),
    "Not known": ("victim.permanent_address", "not known", "Not known"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "typed", "meant"), TYPED.values(), ids=TYPED)
def test_read_as_it_was_meant(path, typed, meant):
    """What a person types is read as that person means it."""
    sheets = Sheets()
    put(sheets.cell(path), typed)
    referral = sheets.read()
    assert referral.problems == ()
    checked = check(referral, DAY)
    assert isinstance(checked, Checked), [one.code for one in checked]
    value = checked[path]
    assert (value.value if hasattr(value, "value") else value) == meant


FORMATTED = {
    "a percentage": ("victim.other", 0.5, "0%", "50%"),
    "noughts in front": ("victim.first_language", 42, "00000", "00042"),
    "a time": ("victim.safe_times", dt.time(9, 30), "hh:mm", "09:30"),
    "hours": ("victim.safe_times", dt.timedelta(hours=26, minutes=5), "[h]:mm", "26:05"),
    "a date in a format of the user's own": ("referrer.date", 46346, '[>46000]dd" of "mmmm yyyy;0', REFERRED),
    "a date whose format begins with a number": ("referrer.date", 46346, "0;dd/mm/yyyy", REFERRED),
}  # fmt: skip


@pytest.mark.parametrize(("path", "typed", "number_format", "raw"), FORMATTED.values(), ids=FORMATTED)
def test_number_is_read_as_it_is_shown(path, typed, number_format, raw):
    """What only a workbook knows, how a number is shown, is not lost."""
    sheets = Sheets()
    sheets.cell(path).value = typed
    sheets.cell(path).number_format = number_format
    assert _answer(sheets.read(), path) == raw


# What is typed where, and what comes of it; the answer itself is never in the problem.
FAULTS = """
    path                               | typed              | code
    victim.surname                     | =B2&"x"            | formula
    victim.surname                     | #N/A               | error-cell
    victim.surname                     | #REF!              | error-cell
    children.child.full_name           | =1+1               | formula
    criteria.bases.barriers            | =TRUE              | formula
    criteria.bases.barriers            | perhaps            | not-yes
    victim.date_of_birth               | 9/1/1991           | date-ambiguous
    victim.date_of_birth               | 9 January 91       | date-short-year
    victim.telephone                   | 020 abc            | not-a-phone
    victim.permanent_address           | 12 Made-up Lane    | no-postcode
    victim.gender                      | Quetzalcoatlus     | not-in-list
    victim.surname                     | tbc                | placeholder
    perpetrators.perpetrator.mappa     | Quetzalcoatlus     | not-in-list
    perpetrators.perpetrator.full_name | -                  | missing
    handling.marking                   |                    | missing
"""
ROWS = [[part.strip() for part in line.split("|")] for line in FAULTS.strip().splitlines()[1:]]


@pytest.mark.parametrize(("path", "typed", "code"), ROWS, ids=[" ".join(row) for row in ROWS])
def test_fault_is_told_with_its_cell(path, typed, code):
    """One fault is one problem, with its code and the cell where it stands."""
    sheets = Sheets()
    cell = sheets.cell(path)
    cell.value = typed or None
    found = check(sheets.read(), DAY)
    assert isinstance(found, tuple)
    first = found[0]
    assert (first.code, first.place.sheet, first.place.cell) == (code, cell.parent.title, cell.coordinate)
    assert [one.code for one in found if one.code != "missing" or code == "missing"] == [code]
    assert SECRET not in repr(found)


def test_array_formula_is_a_formula():
    """A formula entered for several cells at once is told like any other."""
    sheets = Sheets()
    cell = sheets.cell("victim.aliases")
    cell.parent[cell.coordinate] = ArrayFormula(cell.coordinate, "=B2:B3")
    assert _codes(sheets.read()) == ["formula"]


def test_full_cell_is_told():
    """An answer that fills the cell to its limit may have lost its end."""
    sheets = Sheets()
    sheets.cell("reasons.reasons").value = "x" * 32_767
    found = check(sheets.read(), DAY)
    assert isinstance(found, tuple)
    assert [one.code for one in found] == ["cut-off"]


def test_ticks_beside_choices_are_yes():
    """An x or a tick beside a choice means yes, and a no means no."""
    sheets = Sheets()
    for key, mark in {"high_risk": "No", "barriers": "x", "unmet_support": "✓", "no_policy": True}.items():
        sheets.cell(f"criteria.bases.{key}").value = mark
    referral = sheets.read()
    assert referral.problems == ()
    assert sorted(_answer(referral, "criteria.bases")) == ["barriers", "no_policy", "unmet_support"]


def test_two_odd_marks_are_told_together():
    """Of several choices, every mark that cannot be read is named."""
    sheets = Sheets()
    cells = [sheets.cell(f"criteria.bases.{key}") for key in ("barriers", "no_policy")]
    for cell in cells:
        cell.value = SECRET
    (problem,) = sheets.read().problems
    assert all(cell.coordinate in problem.what for cell in cells)
    assert SECRET not in problem.what


def test_rich_text_is_text():
    """Words in bold within an answer are read as words."""
    sheets = Sheets()
    bold = TextBlock(InlineFont(b=True), "Sample")
    sheets.cell("victim.surname").value = CellRichText(bold, "worth")
    assert _answer(sheets.read(), "victim.surname") == "Sampleworth"


def test_link_is_text():
    """An e-mail address that the program has made a link of is read."""
    sheets = Sheets()
    sheets.cell("referrer.email").hyperlink = "mailto:ffion@das.example"
    referral = sheets.read()
    assert referral.problems == ()
    assert isinstance(check(referral, DAY), Checked)


def test_hidden_rows_are_read():
    """A hidden row or sheet is read all the same."""
    sheets = Sheets()
    cell = sheets.cell("victim.surname")
    cell.parent.row_dimensions[cell.row].hidden = True
    cell.parent.sheet_state = "hidden"
    assert _answer(sheets.read(), "victim.surname") == "Sampleworth"


def test_moved_cell_is_followed():
    """An answer is read by its name, wherever its cell has gone."""
    sheets = Sheets()
    sheet = sheets.cell("victim.surname").parent
    sheet["B40"] = "Moved"
    sheet["B4"] = None
    sheets.name("victim.surname", "'5 Primary victim'!$B$40")
    referral = sheets.read()
    assert referral.problems == ()
    assert _answer(referral, "victim.surname") == "Moved"
    assert referral.places["victim.surname"] == Place("victim.surname", "Surname", "5 Primary victim", "B40")


def test_renamed_sheet_is_followed():
    """A sheet may be called anything, as long as the names go with it, as Excel makes them."""
    sheets = Sheets()
    sheets.book["5 Primary victim"].title = "Ro"
    for name, defined in list(sheets.book.defined_names.items()):
        sheets.name(name, defined.attr_text.replace("'5 Primary victim'", "Ro"))
    referral = sheets.read()
    assert referral.problems == ()
    assert referral.places["victim.surname"].sheet == "Ro"


def _lost(sheets):
    del sheets.book.defined_names["victim.surname"]


POINTS = {
    "to nothing any more": ("#REF!", "cell-lost"),
    "to a cell of a sheet that is gone": ("Gone!$A$1", "cell-elsewhere"),
    "to another file": ("[1]Sheet1!$A$1", "cell-elsewhere"),
    "to several cells": ("'5 Primary victim'!$B$4:$B$5", "cell-several"),
    "to two areas": ("'5 Primary victim'!$B$4,'5 Primary victim'!$B$40", "cell-several"),
    "to a value": ('"Sampleworth"', "cell-elsewhere"),
}


@pytest.mark.parametrize(("reference", "code"), POINTS.values(), ids=POINTS)
def test_name_that_leads_nowhere(reference, code):
    """An answer whose name has lost its cell is told by its question."""
    sheets = Sheets()
    sheets.name("victim.surname", reference)
    problem = sheets.read().problems[0]
    assert (problem.code, problem.place.path, problem.place.question) == (code, "victim.surname", "Surname")


def test_deleted_name_is_told():
    """A name that somebody deleted is told by its question, and what stands in the cell is not lost."""
    sheets = Sheets()
    _lost(sheets)
    assert _codes(sheets.read()) == ["cell-lost", "stray-text"]


def test_two_names_on_one_cell_are_told():
    """Two answers that share a cell are told, naming the other, and neither is taken from it."""
    sheets = Sheets()
    sheets.name("victim.forenames", sheets.book.defined_names["victim.surname"].attr_text)
    referral = sheets.read()
    assert "cell-shared" in _codes(referral)
    assert "Surname" in next(one.what for one in referral.problems if one.code == "cell-shared")


def test_deleted_sheet_is_told():
    """A deleted sheet is one problem that says which part is gone."""
    sheets = Sheets()
    del sheets.book["9 Reasons for referral"]
    sheets.name("reasons.reasons", "#REF!")
    problem = sheets.read().problems[0]
    assert (problem.code, problem.place.question) == ("sheet-lost", "Reasons for referral")


def test_merged_answers_are_told():
    """Two answers merged into one cell are told; the first keeps what stands there."""
    sheets = Sheets()
    cell = sheets.cell("victim.surname")
    cell.parent.merge_cells(f"{cell.coordinate}:B5")
    referral = sheets.read()
    assert [(one.code, one.place.path) for one in referral.problems] == [("cell-merged", "victim.forenames")]


CHILD = {"full_name": "Wren Sampleworth", "date_of_birth": "2018-06-02"}


def test_rows_below_the_table_are_read():
    """Rows that somebody typed right below the last one belong to the table."""
    answers = FORM.example()
    answers["children"]["child"] = [CHILD] * 15
    referral = read(fill(BLANK, answers), CATALOGUE)
    assert isinstance(referral, Referral)
    assert referral.problems == ()
    assert len(_answer(referral, "children.child")) == 15


def test_row_beyond_a_gap_is_not_lost():
    """What stands further below is told with its cell, since it may or may not belong to the table."""
    sheets = Sheets()
    sheets.cell("children.child.full_name", 12).value = "Twelfth"
    sheets.cell("children.child.full_name", 14).value = SECRET
    referral = sheets.read()
    assert _codes(referral) == ["stray-text"]
    assert referral.problems[0].place.cell == sheets.cell("children.child.full_name", 14).coordinate


def test_empty_rows_between_are_passed_over():
    """A line left open between two children is no child; the second keeps its place in the sheet."""
    sheets = Sheets()
    sheets.cell("children.child.full_name", 4).value = "Robin Sampleworth"
    sheets.cell("children.child.date_of_birth", 4).value = 9
    referral = sheets.read()
    assert len(_answer(referral, "children.child")) == 2
    place = referral.places["children.child[2].full_name"]
    assert (place.cell, place.question) == (
        sheets.cell("children.child.full_name", 4).coordinate, "Child 4: Full name",
    )  # fmt: skip
    assert isinstance(check(referral, DAY), Checked)


def test_inserted_row_extends_the_table():
    """A row put in within the table is read, once the names have grown with it as Excel makes them."""
    sheets = Sheets()
    sheet = sheets.cell("perpetrators.perpetrator.full_name").parent
    for name, defined in list(sheets.book.defined_names.items()):
        if name.startswith("perpetrators."):
            where = spot(defined.attr_text)
            sheets.name(
                name, defined.attr_text.replace(f"${where.row + where.rows - 1}", f"${where.row + where.rows}")
            )
    head = sheets.cell("perpetrators.perpetrator.full_name").row
    sheet.insert_rows(head + 1)
    assert sheets.read().problems == ()


def test_torn_table_is_told():
    """A table whose columns have been moved apart cannot be read by rows."""
    sheets = Sheets()
    sheets.name("children.child.sex", "'7 Children'!$D$20:$D$31")
    assert _codes(sheets.read())[0] == "table-torn"


def test_text_beside_an_answer_is_told():
    """What somebody wrote beside an answer is not lost: its cell is named."""
    sheets = Sheets()
    sheets.book["5 Primary victim"]["E7"] = SECRET
    sheets.book["5 Primary victim"]["E8"] = 42
    referral = sheets.read()
    assert [(one.code, one.place.sheet, one.place.cell) for one in referral.problems] == [
        ("stray-text", "5 Primary victim", "E7"),
        ("stray-text", "5 Primary victim", "E8"),
    ]
    assert SECRET not in repr(referral.problems)


def test_text_over_a_label_is_told():
    """A label that somebody has overwritten is told."""
    sheets = Sheets()
    sheets.book["5 Primary victim"]["A4"] = "Surname (maiden name was Testerly)"
    assert _codes(sheets.read()) == ["stray-text"]


def test_comment_is_told():
    """A comment on a cell is not lost: its cell is named."""
    sheets = Sheets()
    cell = sheets.cell("victim.surname")
    cell.comment = Comment(SECRET, "A. N. Other")
    (problem,) = sheets.read().problems
    assert (problem.code, problem.place.cell) == ("comment", cell.coordinate)
    assert SECRET not in repr(problem)


def test_sheet_of_the_users_own_is_told():
    """A sheet that somebody added is told once, if anything is on it."""
    sheets = Sheets()
    sheets.book.create_sheet("Empty")
    added = sheets.book.create_sheet("Notes")
    added["A1"], added["A2"] = SECRET, SECRET
    referral = sheets.read()
    assert [(one.code, one.place.sheet) for one in referral.problems] == [("stray-sheet", "Notes")]


def test_picture_is_told():
    """A picture or a text box cannot be read, so that it is told."""
    found = read(_with("xl/drawings/drawing1.xml", b"", b"<wsDr/>"), CATALOGUE)
    assert isinstance(found, Referral)
    assert _codes(found) == ["drawing"]


def test_blank_of_an_older_wording_is_read():
    """A blank carries its own words with it: a label worded otherwise last year is no stray text."""
    first = FORM.sections[0]
    asks = (replace(first.items[0], label="Your name", help="In full, please"), *first.items[1:])
    older = replace(FORM, sections=(replace(first, items=asks), *FORM.sections[1:]))
    referral = read(fill(blank(older), FORM.example()), CATALOGUE)
    assert isinstance(referral, Referral)
    assert referral.problems == ()


def test_without_its_hidden_sheet_it_is_read():
    """The lists may be deleted: nothing that was answered stands there."""
    sheets = Sheets()
    del sheets.book["Lists"]
    assert sheets.read().problems == ()


IDENTITIES = {
    "a form nobody knows": ("zzz | 2026-1", "form-unknown"),
    "an older edition": ("marac | 2025-3", "form-older"),
    "a newer edition": ("marac | 2026-10 | Brackenford", "form-newer"),
}


@pytest.mark.parametrize(("said", "code"), IDENTITIES.values(), ids=IDENTITIES)
def test_other_form_or_edition_is_refused(said, code):
    """A workbook of another form or edition is refused with the reason, before anything is read."""
    sheets = Sheets()
    sheets.cell("sealpack.version").value = said
    found = read(sheets.data(), CATALOGUE)
    assert isinstance(found, tuple)
    assert [one.code for one in found] == [code]


def test_properties_say_which_form_when_the_cell_is_gone():
    """Without its opening sheet a workbook is still known by its properties."""
    sheets = Sheets()
    del sheets.book["Start here"]
    assert isinstance(read(sheets.data(), CATALOGUE), Referral)


def test_any_other_workbook_is_refused():
    """A workbook that is no form of ours is told to be none."""
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    found = read(out.getvalue(), CATALOGUE)
    assert isinstance(found, tuple)
    assert [one.code for one in found] == ["not-a-form"]


def test_forms_may_be_given_by_a_function():
    """The forms in use are a mapping or a function."""
    assert isinstance(read(FULL, lambda form_id: CATALOGUE[form_id]), Referral)


def _with(part: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(FULL)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(old, new) if name == part else content)
        if part not in source.namelist():
            target.writestr(part, new)
    return out.getvalue()


def test_workbook_that_no_program_would_write_is_refused():
    """What the library stumbles over is a problem, and no error."""
    found = read(_with("xl/styles.xml", b"<cellXfs", b"<cellZfs"), CATALOGUE)
    assert isinstance(found, tuple)
    assert len(found) == 1


def test_not_a_workbook_is_refused_by_the_guard():
    """The guard comes first: what is no workbook is told as what it is."""
    found = read(b"%PDF-1.7 ...", CATALOGUE)
    assert isinstance(found, tuple)
    assert [one.code for one in found] == ["file-pdf"]


def test_referral_does_not_show_its_answers():
    """No answer stands in what a log would print of a referral."""
    sheets = Sheets()
    sheets.cell("victim.surname").value = SECRET
    assert SECRET not in repr(sheets.read())
