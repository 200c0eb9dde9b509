"""A referral as JSON: what is taken, what is refused, and the way there and back."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.catalogue import FORMS as CATALOGUE
from forms.marac import FORM
from pipeline import json_file
from pipeline.checked import Checked, Referral, check
from tests.every_form import DAY, FORMS, every_form
from tests.strategies import referrals


def _file(**changes: Any) -> bytes:
    whole = {"form": FORM.id, "edition": FORM.edition, "answers": FORM.example()}
    return json.dumps({**whole, **changes}).encode()


def _codes(data: bytes) -> list[str]:
    found = json_file.read(data, CATALOGUE)
    assert isinstance(found, tuple)
    return [one.code for one in found]


@every_form
def test_example_is_sound(form):
    """The example of a form, as JSON, is a sound referral."""
    data = json.dumps({"form": form.id, "edition": form.edition, "answers": form.example()}).encode()
    referral = json_file.read(data, CATALOGUE)
    assert isinstance(referral, Referral)
    assert isinstance(check(referral, DAY), Checked)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_written_and_read_again_is_the_same(data):
    """Whatever sound answers a referral has, they come back from JSON as they were."""
    form = data.draw(st.sampled_from(FORMS))
    checked = check(Referral(form, data.draw(referrals(form))), DAY)
    assert isinstance(checked, Checked), [one.code for one in checked]
    text = json_file.write(checked)
    again = json_file.read(text.encode(), CATALOGUE)
    assert isinstance(again, Referral)
    once_more = check(again, DAY)
    assert isinstance(once_more, Checked)
    assert once_more.answers == checked.answers
    assert json_file.write(once_more) == text


REFUSED = {
    "not JSON": (b"{answers", "not-json"),
    "an empty file": (b"", "not-json"),
    "text in UTF-16": (b"\xff\xfe{\0}\0", "json-encoding"),
    "a list": (b"[]", "json-shape"),
    "no answers": (b'{"form": "marac", "edition": "2026-1"}', "json-shape"),
    "answers that are a list": (_file(answers=[]), "json-shape"),
    "a member that is not asked for": (_file(notes="see overleaf"), "json-shape"),
    "an area that is a number": (_file(area=7), "json-shape"),
    "the same member twice": (b'{"form": "marac", "form": "camp"}', "json-double"),
    "the same answer twice": (b'{"answers": {"victim": {"surname": "A", "surname": "B"}}}', "json-double"),
    "not a number": (b'{"answers": NaN}', "json-number"),
    "infinity": (b'{"answers": -Infinity}', "json-number"),
    "a number that is too large to hold": (b'{"answers": 1e999}', "json-number"),
    "a number of five thousand digits": (b'{"answers": ' + b"9" * 5_000 + b"}", "json-number"),
    "brackets a hundred thousand deep": (b"[" * 100_000, "json-deep"),
    "a form nobody knows": (_file(form="zzz"), "form-unknown"),
    "an older edition": (_file(edition="2025-3"), "form-older"),
    "a newer edition": (_file(edition="2026-10"), "form-newer"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED)
def test_refused_with_its_reason(data, code):
    """A file that cannot be a referral is refused with the reason, and nothing is raised."""
    assert _codes(data) == [code]


def test_too_big_is_refused():
    """A file beyond the limit is not even parsed."""
    assert _codes(b" " * (json_file.MAX_FILE + 1)) == ["json-too-big"]


WRONG_SHAPES = {
    "a section that is a list": {"victim": []},
    "a section that is not there": {"nobody": {}},
    "a question that is not asked": {"victim": {"shoe_size": "6"}},
    "an object for an answer": {"victim": {"surname": {"first": "A"}}},
    "a list for an answer": {"victim": {"date_of_birth": [1, 2]}},
    "a list for a yes": {"victim": {"safe_to_call": ["Yes"]}},
    "an object among choices": {"criteria": {"bases": [{}]}},
    "text for a table": {"children": {"child": "two"}},
    "text for a row": {"children": {"child": ["one", "two"]}},
    "half a character": {"reasons": {"reasons": "\ud800"}},
}


@pytest.mark.parametrize("answers", WRONG_SHAPES.values(), ids=WRONG_SHAPES)
def test_wrong_shape_is_a_problem_and_not_an_error(answers):
    """Answers of any shape come back as problems."""
    referral = json_file.read(_file(answers={**FORM.example(), **answers}), CATALOGUE)
    assert isinstance(referral, Referral)
    found = check(referral, DAY)
    assert isinstance(found, tuple)
    assert found


def test_byte_order_mark_is_taken():
    """A file that Windows wrote with a byte order mark is read."""
    assert isinstance(json_file.read(b"\xef\xbb\xbf" + _file(), CATALOGUE), Referral)


def test_no_problem_holds_an_answer():
    """What was written stands in no problem."""
    secret = "Quetzalcoatlus"
    answers = {section: dict.fromkeys(questions, secret) for section, questions in FORM.example().items()}
    referral = json_file.read(_file(answers={**answers, secret: {}}), CATALOGUE)
    assert isinstance(referral, Referral)
    found = check(referral, DAY)
    assert isinstance(found, tuple)
    said = "".join(f"{one.what}{one.cure}{one.place.question}" for one in found)
    assert secret not in said
