"""A case goes on to another form: typed once, carried by what the new form may hold, and confirmed by whoever fills it."""

import datetime as dt
import io
import itertools
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.answers import is_blank
from forms.catalogue import FORMS
from forms.definition import Ask, Filler, Form, Table, without_rows
from forms.information import Information
from pipeline import workbook
from pipeline.carry import carry
from pipeline.checked import Checked, Referral, check, filled
from pipeline.workbook import Begun
from pipeline.workbook.names import CONFIRM, spot
from samples import make
from tests.every_form import every_form
from tests.strategies import referrals
from tests.test_samples import written_referral

DAY = dt.date(2026, 12, 2)
J, A, MARAC = FORMS["mappa-j"], FORMS["mappa-a"], FORMS["marac"]


def sound(form_id: str, **changes: Any) -> Checked:
    """Return the first sample of a form, sound, with other answers at some paths (two underscores for the dot)."""
    referral = written_referral(form_id, make.names(form_id)[0])
    for path, value in changes.items():
        section, _, key = path.partition("__")
        referral.answers.setdefault(section, {})[key] = value
    checked = check(referral, DAY)
    assert isinstance(checked, Checked), [(one.code, str(one.place)) for one in checked]
    return checked


def begun(checked: Checked, form: Form, **picks: int) -> bytes:
    carried = carry(checked, form, picks)
    marks = Begun(carried.source, carried.paths, carried.sections)
    return workbook.blank(form, prefill=carried.answers, begun=marks)


def confirmed(data: bytes) -> bytes:
    """The workbook with Yes at the head of each part that asks for it."""
    book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
    for name, defined in book.defined_names.items():
        if name.startswith(CONFIRM):
            where = spot(defined.attr_text)
            book[where.sheet][where.cell()].value = "Yes"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_form_a_gives_form_j_identity_and_restrictions_alone():
    """What the Jobcentre's form takes over is who it is, which work is barred, and until when (SHARE-5)."""
    carried = carry(sound("mappa-a"), J)
    assert {without_rows(path) for path in carried.paths} == {
        "person.surname", "person.forenames", "person.aliases", "person.date_of_birth",
        "restrictions.restriction.work", "restrictions.restriction.until",
    }  # fmt: skip
    assert carried.answers["person"]["surname"] == "Wardrobe"
    assert len(carried.answers["restrictions"]["restriction"]) == 2
    assert carried.sections == {"person", "restrictions"}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_referral_gives_form_j_anything_else(data):
    """Whatever any form says, Form J takes over identity and restrictions: no other class, and no free text."""
    form = FORMS[data.draw(st.sampled_from([one for one in FORMS if one != "mappa-j"]))]
    checked = filled(form, (data.draw(referrals(form))))
    for path in carry(checked, J, {"offender": 1}).paths:
        assert J.find(path).ask.about in {Information.IDENTITY, Information.EMPLOYMENT}


PAIRS = list(itertools.permutations(FORMS, 2))


@pytest.mark.parametrize("pair", PAIRS, ids=" to ".join)
def test_only_what_the_new_form_holds_is_carried(pair):
    """From each form to each other: nothing of a class that the new one has not, no free text, no consent, basis or marking."""
    old, new = (FORMS[one] for one in pair)
    checked = filled(old, (old.example()))
    carried = carry(checked, new)
    for path in carried.paths:
        asked = new.find(path)
        assert asked.ask.fact
        assert not asked.section.kept
        assert asked.section.by is Filler.REFERRER
        assert asked.ask.kind.name != "long"
        assert asked.ask.about is not Information.NARRATIVE
        assert not asked.ask.fact.startswith(("consent.", "handling."))
        source = old.telling(asked.ask.fact)
        if source:
            assert {source.ask.about, *source.ask.also} <= {asked.ask.about, *asked.ask.also}, (
                "held as closely there"
            )
    assert new.model.model_validate(carried.answers)


def test_a_perpetrator_becomes_the_offender_and_back():
    """A name that one form asks whole and another in parts is taken apart at its last space, and put together again."""
    carried = carry(sound("marac"), A)
    assert (carried.answers["offender"]["forenames"], carried.answers["offender"]["surname"]) == (
        "Magnus",
        "Bellrope",
    )
    back = carry(sound("mappa-a"), MARAC).answers["perpetrators"]["perpetrator"]
    assert [row["full_name"] for row in back] == ["Larch Edmund Wardrobe"]
    assert "victim" not in carry(sound("mappa-a"), MARAC).answers


def test_of_several_people_none_is_taken_unless_one_is_chosen():
    """Where the old form names several and the new one asks for one, somebody has to say which."""
    row = MARAC.example()["perpetrators"]["perpetrator"][0] | {"mappa": "No"}
    rows = [row, row | {"full_name": "Second Sampleworth"}]
    checked = sound("marac", perpetrators__perpetrator=rows)
    left = carry(checked, A)
    assert left.several == ("offender",)
    assert "offender" not in left.answers
    assert carry(checked, A, {"offender": 2}).answers["offender"]["forenames"] == "Second"
    with pytest.raises(IndexError):
        carry(checked, A, {"offender": 3})


def test_offences_go_as_they_are():
    """A table goes row by row into a table of the same facts, and one of several into a single question on request."""
    table = carry(sound("mappa-a"), FORMS["mappa-h"]).answers["offences"]["offence"]
    assert len(table) == 8
    assert table[0]["name"] == "Wounding with intent (section 18)"
    assert "offence" in carry(sound("mappa-a"), FORMS["mappa-i"]).several
    assert (
        carry(sound("mappa-a"), FORMS["mappa-i"], {"offence": 2}).answers["offence"]["name"]
        == "False imprisonment"
    )


def test_rows_beyond_the_room_of_a_form_are_told_of_not_lost():
    """Eight offences go to a form that holds two: all stand in its workbook, and its check names the third."""
    form = FORMS["mappa-h"]
    sections = tuple(
        replace(section, items=tuple(_with_room_for(2, item) for item in section.items))
        for section in form.sections
    )
    small = replace(form, sections=sections)
    read = workbook.read(begun(sound("mappa-a"), small), {small.id: small})
    assert len(read.answers["offences"]["offence"]) == 8
    too_many = [one.place.path for one in check(read, DAY) if one.code == "more-rows-than-room"]
    assert too_many == ["offences.offence[3].name"]


def _with_room_for(rows: int, item: Ask | Table) -> Ask | Table:
    return replace(item, room=rows, at_most=rows) if item.key == "offence" else item


@every_form
def test_a_review_starts_from_the_last_referral(form):
    """To the same form everything goes but the date, and every part is to be confirmed as still current."""
    checked = sound(form.id)
    carried = carry(checked, form)
    said = {
        path
        for path, found, value in checked.paths()
        if value not in (None, ()) and found.section.by is Filler.REFERRER
    }
    computed = {found.path for found in form.asks() if found.ask.computed}
    assert carried.paths == said - {"referrer.date"} - computed
    assert carried.sections == {one.key for one in form.sections if one.by is Filler.REFERRER}


@every_form
def test_carried_answers_are_sound_once_confirmed(form):
    """Until Yes stands at the head of a part it is a problem there; then the review lacks nothing but its date."""
    data = begun(sound(form.id), form)
    found = check(workbook.read(data, FORMS), DAY)
    parts = [section.key for section in form.sections if section.by is Filler.REFERRER]
    assert [one.place.path for one in found if one.code == "not-confirmed"] == [
        f"{key}.to_confirm" for key in parts
    ]
    assert {one.code for one in found} == {"not-confirmed", "missing"}
    then = check(workbook.read(confirmed(data), FORMS), DAY)
    assert [(one.code, one.place.path) for one in then] == [("missing", "referrer.date")]


def test_each_carried_answer_is_marked():
    """An answer that was carried is coloured and says where it came from; the others are as in a blank."""
    book = openpyxl.load_workbook(io.BytesIO(begun(sound("mappa-a"), J)))
    noted = {(sheet.title, cell.coordinate) for sheet in book for row in sheet for cell in row if cell.comment}
    where = spot(book.defined_names["person.surname"].attr_text)
    assert (where.sheet, where.cell()) in noted
    assert "an earlier form" in book[where.sheet][where.cell()].comment.text, "an allow-list does not say which"
    assert len(noted) == len(carry(sound("mappa-a"), J).paths)


def test_what_goes_back_still_asks_to_be_confirmed():
    """A faulty carried workbook comes back with its answers, and with the parts that nobody has confirmed."""
    data = begun(sound("mappa-a"), J)
    referral = workbook.read(data, FORMS)
    copy = workbook.read(workbook.returned(J, referral, check(referral, DAY)), FORMS)
    assert copy.unconfirmed == referral.unconfirmed == ("person", "restrictions")
    assert copy.carried == referral.carried
    assert len(copy.carried) == 8
    assert copy.answers == referral.answers


def test_carrying_makes_no_answer_of_nothing():
    """What was left open, or is of a list that the new form has not, stays open."""
    checked = sound("mappa-a", offender__nicknames=None)
    answers = carry(checked, FORMS["camp"]).answers
    assert "nationality" not in answers.get("personal", {})
    assert not [one for questions in answers.values() for one in questions.values() if is_blank(one)]


def test_an_unsound_referral_is_not_carried_by_type():
    """Only what `check` has made can be carried: a referral as it was typed has no facts."""
    with pytest.raises(TypeError):
        carry(Referral(MARAC, MARAC.example()), J)  # type: ignore[arg-type]


def test_ways_of_contact_that_were_refused_stay():
    """What a client refused is in no other form, which asks of no such consent (CONSENT-3)."""
    both = {"consent__letter": "No", "consent__telephone": "No"}
    carried = carry(sound("camp", **both), FORMS["iom"])
    ways = ("address", "telephone", "mobile", "email")
    assert not [path for path in carried.paths if path.rpartition(".")[2].endswith(ways)]
    assert [path for path in carried.paths if path.endswith("surname")]


def test_an_anonymous_case_names_nobody_in_another_form():
    """Without consent and without children, what leads to the client stays: a partner's name names the client (CONSENT-2)."""
    checked = check(written_referral("marac", "04-no-consent-no-children"), DAY)
    assert isinstance(checked, Checked)
    assert not {path for path in carry(checked, A).paths if path.startswith("offender.")}


@pytest.mark.parametrize(
    ("name", "surname", "forenames"),
    [
        ("Magnus Bellrope", "Bellrope", "Magnus"),
        ("Bellrope, Magnus John", "Bellrope", "Magnus John"),
        ("Pim van der Bellrope", "van der Bellrope", "Pim"),
        ("Bellrope", "Bellrope", None),
    ],
)
def test_a_name_is_taken_apart(name, surname, forenames):
    """At its comma, or before its last word and the small words that lead to it; somebody confirms it in any case."""
    row = MARAC.example()["perpetrators"]["perpetrator"][0] | {"mappa": "No", "full_name": name}
    offender = carry(sound("marac", perpetrators__perpetrator=[row]), A).answers["offender"]
    assert (offender.get("surname"), offender.get("forenames")) == (surname, forenames)


@pytest.mark.parametrize("pick", [0, -1, 3])
def test_a_row_that_there_is_not_is_no_other_row(pick):
    """Rows are counted from 1, and no number counts from the end."""
    row = MARAC.example()["perpetrators"]["perpetrator"][0] | {"mappa": "No"}
    with pytest.raises(IndexError):
        carry(sound("marac", perpetrators__perpetrator=[row, row]), A, {"offender": pick})


def test_carried_choices_are_marked():
    """Each tick that was carried has its note, like any other answer."""
    notes = workbook.read(begun(sound("marac"), MARAC), FORMS).carried
    assert {path for path in notes if path.startswith("criteria.bases.")}
    assert set(notes.values()) == {"MARAC referral of 19 November 2026"}
