"""MAPPA Forms F, H, I and P: what must agree, what has no room, and what goes to nobody else."""

from typing import Any

import pytest

from forms import mappa_f, mappa_h, mappa_i, mappa_p
from forms.definition import Form, holds
from forms.information import Information
from pipeline.agency import AgencyKind
from pipeline.protocol.need_to_know import informations_for
from pipeline.protocol.sharing import WHOLE, sight_of, view_of
from pipeline.view import Withheld
from tests.rules import CASE, checked

MARKING = "OFFICIAL-SENSITIVE"


def at_odds(form: Form, said: dict[str, Any]) -> list[str]:
    """Return where answers are at odds, of those that agree in the form's example but for these."""
    one = checked(said, form)
    return [agreement.path for agreement in form.agreements if holds(agreement.wrong, one.__getitem__)]


ALL = [one.label for one in mappa_f.CONTACT_LIMITS]
WITHOUT = ("hospital_order", "guardianship", "notional_hospital_order", "community_treatment_order", "part_two")


@pytest.mark.parametrize(
    ("form", "said", "wrong"),
    [
        (mappa_p.FORM, {"person.age": 24}, ["person.age"]),
        (mappa_p.FORM, {"person.age": 25}, []),
        (mappa_p.FORM, {"person.age": 34}, []),
        (mappa_p.FORM, {"person.age": 35}, ["person.age"]),
        (mappa_p.FORM, {"person.age": None}, []),
        (mappa_p.FORM, {"managed.level": "level_one"}, ["managed.level"]),
        (mappa_p.FORM, {"managed.level": "level_two"}, []),
        (mappa_p.FORM, {"managed.level": "level_three"}, []),
        (mappa_h.FORM, {"young_person.age": 9}, ["young_person.age"]),
        (mappa_h.FORM, {"young_person.age": 10}, []),
        (mappa_h.FORM, {"young_person.age": 17}, []),
        (mappa_h.FORM, {"young_person.age": 18}, ["young_person.age"]),
        (mappa_h.FORM, {"young_person.age": None}, []),
        (mappa_h.FORM, {"category.category": "three", "category.level": "level_one"}, ["category.level"]),
        (mappa_h.FORM, {"category.category": "three", "category.level": "level_two"}, []),
        (mappa_h.FORM, {"category.category": "two", "category.level": "level_one"}, []),
        (
            mappa_i.FORM,
            {"notice.category": "two", "notice.reason": "registered_planned"},
            ["notice.reason"],
        ),
        (mappa_i.FORM, {"notice.category": "one", "notice.reason": "registered_planned"}, []),
        *(
            (mappa_i.FORM, {"notice.reason": "conditional_planned", "offence.order": order}, ["offence.order"])
            for order in WITHOUT
        ),
        (mappa_i.FORM, {"notice.reason": "conditional_discharge", "offence.order": "restricted_hospital_order"}, []),
        (mappa_i.FORM, {"notice.reason": "hospital_order", "offence.order": "hospital_order"}, []),
        (mappa_f.FORM, {"contacts.limits": ["None"]}, []),
        (mappa_f.FORM, {"contacts.limits": ALL[1:]}, []),
        (mappa_f.FORM, {"contacts.limits": ALL[:2]}, ["contacts.limits"]),
        (mappa_f.FORM, {"conduct.alike": "no", "conduct.alike_how": "Something."}, ["conduct.alike_how"]),
        (mappa_f.FORM, {"conduct.alike": "no", "conduct.alike_how": None}, []),
        (mappa_f.FORM, {"conduct.alike": "yes", "conduct.alike_how": "Something."}, []),
        (mappa_f.FORM, {"annex.held": "no", "annex.summary": "Something."}, ["annex.summary"]),
        (mappa_f.FORM, {"annex.held": "no", "annex.summary": None}, []),
        (mappa_f.FORM, {"annex.held": "yes", "annex.summary": "Something."}, []),
    ],
)  # fmt: skip
def test_what_must_agree(form, said, wrong):
    """On each side of a boundary: ages, levels, the birthday, the order behind a discharge, and what is told after a No."""
    assert at_odds(form, said) == wrong


@pytest.mark.parametrize(
    ("written", "means"),
    [
        (37, "hospital_order"),
        ("s.37/41", "restricted_hospital_order"),
        ("S45a", "hospital_direction"),
        ("47/49", "restricted_transfer"),
        ("Notional 37", "notional_hospital_order"),
        ("CTO", "community_treatment_order"),
        ("Section 3", "part_two"),
    ],
)
def test_sections_are_read_as_people_write_them(written, means):
    """A section of the Mental Health Act is read from its number, in whatever way wards write it."""
    assert mappa_i.FORM.find("offence.order").ask.read(written) == means


def test_statement_of_risk_stays_short():
    """Form I has one free line about the patient, and that has no room for a history: clinical confidence stands."""
    free = [
        found.ask
        for found in mappa_i.FORM.asks()
        if found.ask.kind.name in {"text", "long"} and found.ask.about is Information.RISK
    ]
    assert [(ask.kind.name, ask.most) for ask in free] == [("text", 300)]


def test_form_p_can_hold_nothing_else():
    """What is on paper of Form P is process, level, professionals, identity and one address, in single lines: no other class."""
    printed = [found for found in mappa_p.FORM.asks() if not found.section.kept]
    assert {one for found in printed for one in (found.ask.about, *found.ask.also)} == {
        Information.PROCESS, Information.STATUS, Information.REFERRER, Information.IDENTITY, Information.ADDRESS,
    }  # fmt: skip
    assert not [found.path for found in printed if found.ask.kind.name == "long"]
    assert not list(mappa_p.FORM.tables())
    assert mappa_p.FORM.closed


@pytest.mark.parametrize("kind", AgencyKind, ids=str)
def test_form_p_goes_to_those_who_hold_it_and_the_benefit_office(kind):
    """Police, probation and prison hold it, and the housing authority decides: to all others it is closed as a whole."""
    seen = informations_for("mappa-p", kind)
    if kind in {AgencyKind.POLICE, AgencyKind.PROBATION, AgencyKind.PRISON, AgencyKind.HOUSING_AUTHORITY}:
        assert Information.IDENTITY in seen
    else:
        assert not seen


@pytest.mark.parametrize("whole", [True, False], ids=["the sender's own copy", "the benefit office's"])
def test_own_record_of_form_p_is_in_no_view(whole):
    """Why somebody cannot share a house is on no paper."""
    one = checked({"own.necessary": "Kestrelword, because of it."}, mappa_p.FORM)
    sight = WHOLE if whole else sight_of(AgencyKind.HOUSING_AUTHORITY, one, anonymous=False)
    view = view_of(one, CASE, MARKING, sight)
    assert not [path for path in (*view.answers, *view.rows) if path.startswith("own")]
    assert "Kestrelword" not in str([vars(answer) for answer in view.answers.values()])


@pytest.mark.parametrize("held", ["yes", "no"])
@pytest.mark.parametrize("kind", AgencyKind, ids=str)
def test_annex_goes_to_police_and_prison_alone(kind, held):
    """Nobody else sees security intelligence, nor whether there is any (Form F)."""
    said = {"annex.held": held} | ({} if held == "yes" else {"annex.summary": None, "annex.handling": None})
    one = checked(said, mappa_f.FORM)
    view = view_of(one, CASE, MARKING, sight_of(kind, one, anonymous=False))
    closed = {
        path
        for path, answer in view.answers.items()
        if path.startswith("annex.") and isinstance(answer, Withheld)
    }
    everything = {"annex.held", "annex.summary", "annex.handling"}
    assert closed == (set() if kind in {AgencyKind.POLICE, AgencyKind.PRISON} else everything)


def test_overall_risk_is_the_highest():
    """The overall level of Form F is the highest of the six, and is worked out."""
    overall = mappa_f.FORM.find("risk.overall").ask
    said = {f"risk.{key}": "low" for key in ("public", "prisoners", "known_adult", "children", "staff")} | {
        "risk.self": "high"
    }
    assert overall.computed.value(said.get, tuple(one.key for one in overall.choices)) == "high"
