"""A faulty referral goes back as a new workbook that says what to put right, and can be sent again."""

import io

import openpyxl
import pytest

from forms.catalogue import FORMS as CATALOGUE
from forms.marac import FORM
from pipeline import json_file
from pipeline.checked import Checked, Referral, check
from pipeline.problem import CATALOGUE as CODES
from pipeline.workbook import blank, read, returned
from pipeline.workbook.names import PUT_RIGHT_TITLE, spot
from tests.every_form import DAY, every_form
from tests.filling import fill

FAULTS = {
    "victim.date_of_birth": ("9/1/1991", "date-ambiguous", "14 March 1991"),
    "victim.telephone": ("020 abc", "not-a-phone", "07700 900456"),
    "victim.permanent_address": ("12 Made-up Lane", "no-postcode", "12 Made-up Lane\nBR1 3UH"),
    "handling.marking": (None, "missing", "OFFICIAL-SENSITIVE"),
    "criteria.bases.barriers": ("perhaps", "not-yes", "Yes"),
    "perpetrators.perpetrator.mappa": ("=1+1 is what they say", "not-in-list", "No"),
}


def _book(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data))


def _cell(book, path, row=0):
    where = spot(book.defined_names[path].attr_text)
    return book[where.sheet][where.cell(row)]


def _typed(data: bytes, answers: dict) -> bytes:
    book = _book(data)
    for path, answer in answers.items():
        cell = _cell(book, path)
        cell.value = answer
        if isinstance(answer, str):
            cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def faulty():
    """A referral with mistakes, and the problems that were found."""
    data = _typed(fill(blank(FORM), FORM.example()), {path: typed for path, (typed, _, _) in FAULTS.items()})
    referral = read(data, CATALOGUE)
    assert isinstance(referral, Referral)
    problems = check(referral, DAY)
    assert isinstance(problems, tuple)
    assert sorted(one.code for one in problems) == sorted(code for _, code, _ in FAULTS.values())
    return referral, problems


@pytest.fixture(scope="module")
def copy(faulty):
    referral, problems = faulty
    return returned(FORM, referral, problems, area_name="Brackenford")


def test_faulty_cells_are_coloured_and_noted(copy):
    """Each cell with a problem is coloured and says in a note what is wrong and what to do; no other cell has a note."""
    book = _book(copy)
    for path, (_, code, _) in FAULTS.items():
        cell = _cell(book, path)
        assert cell.comment.text.startswith(CODES[code].what.split("{")[0])
        assert cell.fill.fgColor.rgb.endswith("F9D2CD")
    notes = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    assert len(notes) == len(FAULTS)


def test_list_at_the_front_leads_to_each_cell(copy, faulty):
    """The first sheet lists every problem: where, as a link, which question, what is wrong, what to do."""
    book = _book(copy)
    sheet = book.worksheets[0]
    assert (sheet.title, book.active.title) == (PUT_RIGHT_TITLE, PUT_RIGHT_TITLE)
    rows = list(sheet.iter_rows(min_row=5))
    assert [(row[1].value, row[2].value, row[3].value) for row in rows] == [
        (one.place.question, one.what, one.cure) for one in faulty[1]
    ]
    for row in rows:
        title, _, cell = row[0].hyperlink.location.rpartition("!")
        assert book[title.strip("'").replace("''", "'")][cell].comment


def test_answers_come_back_as_they_were_typed(copy, faulty):
    """What was typed stands in the new copy, wrong answers too, and text stays text."""
    again = read(copy, CATALOGUE)
    assert isinstance(again, Referral)
    assert again.answers["victim"]["telephone"] == "020 abc"
    assert again.answers["perpetrators"]["perpetrator"][0]["mappa"] == "=1+1 is what they say"
    assert again.answers["criteria"]["bases"] == faulty[0].answers["criteria"]["bases"]


def test_copy_has_the_same_problems_and_no_more(copy, faulty):
    """Sent back as it is, the copy has the problems it had: our notes and our list are not taken for the user's."""
    again = read(copy, CATALOGUE)
    assert isinstance(again, Referral)
    found = check(again, DAY)
    assert isinstance(found, tuple)
    assert [(one.code, one.place) for one in found] == [(one.code, one.place) for one in faulty[1]]


def test_corrected_copy_is_sound(copy):
    """Once each is put right in the copy, notes and list left as they are, the referral is sound."""
    data = _typed(copy, {path: right for path, (_, _, right) in FAULTS.items()})
    again = read(data, CATALOGUE)
    assert isinstance(again, Referral)
    assert again.problems == ()
    assert isinstance(check(again, DAY), Checked)


def test_words_added_to_the_list_are_told(copy):
    """What a referrer writes beside our list, or over it, is not lost."""
    book = _book(copy)
    book[PUT_RIGHT_TITLE]["E6"] = "I have asked her"
    book[PUT_RIGHT_TITLE]["D7"] = "no longer needed"
    out = io.BytesIO()
    book.save(out)
    again = read(out.getvalue(), CATALOGUE)
    assert isinstance(again, Referral)
    assert [(one.code, one.place.cell) for one in again.problems if one.code == "stray-text"] == [
        ("stray-text", "E6"), ("stray-text", "D7"),
    ]  # fmt: skip


def test_drop_downs_and_locks_are_whole(copy):
    """The copy is a form like the blank: drop-downs, checks, names and locks are all there."""
    before, after = _book(blank(FORM, area_name="Brackenford")), _book(copy)
    assert set(before.defined_names) < set(after.defined_names)
    for sheet in before.worksheets:
        checks = [len(book[sheet.title].data_validations.dataValidation) for book in (before, after)]
        assert checks[0] == checks[1]
        assert after[sheet.title].protection.sheet


def test_equal_input_gives_equal_bytes(copy, faulty):
    """A copy holds no time and no chance."""
    assert returned(FORM, *faulty, area_name="Brackenford") == copy


def test_stray_words_lead_to_the_file_that_was_sent():
    """A problem that has no cell in the copy says where it was in the file that was sent."""
    book = _book(fill(blank(FORM), FORM.example()))
    book["5 Primary victim"]["E7"] = "ask Jo"
    out = io.BytesIO()
    book.save(out)
    referral = read(out.getvalue(), CATALOGUE)
    assert isinstance(referral, Referral)
    front = _book(returned(FORM, referral, referral.problems)).worksheets[0]
    assert front["A5"].value == "In the file that you sent: 5 Primary victim, E7"
    assert "ask Jo" not in [cell.value for row in front.iter_rows() for cell in row]


def test_rows_keep_their_order_without_gaps():
    """A child in the fourth row, after a gap, moves up, and its problem with it."""
    answers = FORM.example()
    answers["children"]["child"] = [*answers["children"]["child"], {}, {}, {"full_name": "Robin Sampleworth"}]
    referral = read(fill(blank(FORM), answers), CATALOGUE)
    assert isinstance(referral, Referral)
    problems = check(referral, DAY)
    assert isinstance(problems, tuple)
    book = _book(returned(FORM, referral, problems))
    assert _cell(book, "children.child.full_name", 1).value == "Robin Sampleworth"
    assert _cell(book, "children.child.date_of_birth", 1).comment


@every_form
def test_every_problem_of_an_empty_form_has_its_place(form):
    """An empty form comes back with a note on every answer that is missing."""
    referral = read(blank(form), CATALOGUE)
    assert isinstance(referral, Referral)
    problems = check(referral, DAY)
    assert isinstance(problems, tuple)
    front = _book(returned(form, referral, problems)).worksheets[0]
    rows = list(front.iter_rows(min_row=5))
    assert len(rows) == len(problems)
    assert all(row[0].hyperlink for row in rows)


SHAPES = {
    "a list for one answer": {"victim": {"surname": ["A", "B"]}},
    "an object for a row": {"children": {"child": {"full_name": "A"}}},
    "a question that is not asked": {"victim": {"shoe_size": 6}},
    "a section that is a list": {"victim": [1]},
    "a number of forty digits": {"victim": {"surname": 10**40}},
    "half a character": {"reasons": {"reasons": "\ud800"}},
}


@pytest.mark.parametrize("answers", SHAPES.values(), ids=SHAPES)
def test_json_of_any_shape_can_be_given_back(answers):
    """A referral in JSON, however it is laid out, comes back as a workbook to fill."""
    import json

    data = json.dumps({"form": FORM.id, "edition": FORM.edition, "answers": answers}).encode()
    referral = json_file.read(data, CATALOGUE)
    assert isinstance(referral, Referral)
    problems = check(referral, DAY)
    assert isinstance(problems, tuple)
    assert isinstance(read(returned(FORM, referral, problems), CATALOGUE), Referral)
