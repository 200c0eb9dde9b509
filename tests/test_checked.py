"""Referral → Checked: every problem in one go, in printed order, without a word of what was answered."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.catalogue import FORMS as CATALOGUE
from forms.marac import DASH, FORM
from pipeline.checked import Checked, Referral, check
from pipeline.problem import Place, Said, problem, register
from tests.every_form import DAY, FORMS, every_form
from tests.rules import answers
from tests.strategies import referrals

CHILD = FORM.example()["children"]["child"][0]
HIM = FORM.example()["perpetrators"]["perpetrator"][0] | {"mappa": "no"}


def found(given_answers: Any, **more: Any) -> list[tuple[str, str]]:
    """Return (code, path) of every problem."""
    made = check(Referral(FORM, given_answers, **more), DAY)
    return [] if isinstance(made, Checked) else [(one.code, one.place.path) for one in made]


@every_form
def test_the_example_is_sound(form):
    """A form's own example has no problem."""
    assert isinstance(check(Referral(form, form.example()), DAY), Checked)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_random_sound_answers_are_sound(data):
    """Whatever sound answers are given, there is no problem."""
    form = data.draw(st.sampled_from(FORMS))
    assert isinstance(check(Referral(form, data.draw(referrals(form))), DAY), Checked)


@every_form
def test_an_empty_referral_misses_every_required_answer(form):
    """Nothing answered: each question that is always asked is named, and each table that needs a row."""
    made = check(Referral(form, {}), DAY)
    assert not isinstance(made, Checked)
    missing = {one.place.path for one in made}
    asked = {
        one.path
        for one in form.asks()
        if one.ask.required and not one.table and one.section.by.value == "referrer"
    }
    assert asked <= missing
    assert {path for path, _, table in form.tables() if table.at_least} <= missing


UNTICKED = {f"dash.{key}": None for key, _ in DASH} | {"dash.score": None}
DASHED = UNTICKED | {f"dash.{key}": "yes" for key, _ in DASH[1:14]} | {"criteria.visible": "no"}
"""Thirteen ticks, which is one too few."""

CASES: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "an answer is open": ({"victim.surname": None}, [("missing", "victim.surname")]),
    "an answer is a dash": ({"victim.surname": " – "}, [("missing", "victim.surname")]),
    "an answer cannot be read": ({"referrer.telephone": "later"}, [("not-a-phone", "referrer.telephone")]),
    "one is open and another cannot be read": (
        {"reasons.reasons": None, "referrer.telephone": "later"},
        [("not-a-phone", "referrer.telephone"), ("missing", "reasons.reasons")],
    ),
    "an unknown column and an open answer elsewhere": (
        {"children.child": [CHILD | {"shoe_size": "3"}], "reasons.reasons": None},
        [("unknown-question", "children.child[1].shoe_size"), ("missing", "reasons.reasons")],
    ),
    "two unknown columns of a row": (
        {"children.child": [CHILD | {"shoe_size": "3", "hat": "4"}]},
        [("unknown-question", "children.child[1].shoe_size"), ("unknown-question", "children.child[1].hat")],
    ),
    "a condition holds and its answer is open": (
        {"referrer.letter_sent": "no", "referrer.letter_reason": None}, [("missing", "referrer.letter_reason")]
    ),
    "a condition does not hold": ({"referrer.letter_sent": "yes", "referrer.letter_reason": None}, []),
    "a condition hangs on an answer that cannot be read": (
        {"criteria.bases": ["hunch"], "criteria.judgement": None, "criteria.visible": None, "criteria.escalation": None, "criteria.repeat": None},
        [("not-in-list", "criteria.bases")],
    ),
    "a date is tomorrow": ({"referrer.date": "2026-12-02"}, [("date-in-future", "referrer.date")]),
    "a date is today": ({"referrer.date": DAY.isoformat()}, []),
    "a child is to be born": (
        {"children.child": [CHILD | {"date_of_birth": "2027-01-15"}]}, [("date-in-future", "children.child[1].date_of_birth")]
    ),
    "a table needs a row": ({"perpetrators.perpetrator": []}, [("missing-rows", "perpetrators.perpetrator")]),
    "a table has rows that are all open": (
        {"perpetrators.perpetrator": [{"full_name": None}, {}, None]}, [("missing-rows", "perpetrators.perpetrator")]
    ),
    "a table may be empty": ({"children.child": []}, []),
    "a table is nothing at all": ({"children.child": None}, []),
    "a row is left open between two": ({"children.child": [CHILD, {"full_name": " "}, {}, CHILD]}, []),
    "rows are left open at the head and the end": ({"children.child": [{}, CHILD, {}, None]}, []),
    "a row after an open one has a problem, told by its own number": (
        {"children.child": [CHILD, {}, CHILD | {"full_name": None}]}, [("missing", "children.child[3].full_name")]
    ),
    "a row whose one answer cannot be read is not an open row": (
        {"children.child": [{"date_of_birth": "soon"}]},
        [("missing", "children.child[1].full_name"), ("not-a-date", "children.child[1].date_of_birth")],
    ),
    "rows are told one after another": (
        {"children.child": [CHILD | {"full_name": None, "date_of_birth": "?!7"}, CHILD | {"full_name": None}]},
        [("missing", "children.child[1].full_name"), ("not-a-date", "children.child[1].date_of_birth"), ("missing", "children.child[2].full_name")],
    ),
    "the co-ordinator's part is not begun": ({"minutes": {}}, []),
    "the co-ordinator's part is begun and not whole": ({"minutes.repeat": "yes", "minutes.last": None}, [("missing", "minutes.last")]),
    "fourteen ticks, and not visibly high": (DASHED | {"dash.injury": "yes", "criteria.visible": "no"}, [("at-odds", "criteria.visible")]),
    "thirteen ticks, and visibly high": (DASHED | {"criteria.visible": "yes"}, [("at-odds", "criteria.visible")]),
    "thirteen ticks, a not known and an open one": (DASHED | {"dash.animals": "unknown", "dash.money": None}, []),
    "thirteen ticks, on professional judgement": (
        DASHED | {"criteria.judgement": "yes", "criteria.judgement_reason": "She plays it down."}, [],
    ),
    "the same without its reason": (
        DASHED | {"criteria.judgement": "yes", "criteria.judgement_reason": None}, [("missing", "criteria.judgement_reason")],
    ),
    "a score that is the number of ticks": (DASHED | {"dash.score": 13}, []),
    "a score that is one more": (DASHED | {"dash.score": 14}, [("at-odds", "criteria.visible"), ("at-odds", "dash.score")]),
    "a score alone that is high": (UNTICKED | {"dash.score": 14, "criteria.visible": "no"}, [("at-odds", "criteria.visible")]),
    "a score alone that is lower": (UNTICKED | {"dash.score": 13, "criteria.visible": "no"}, []),
    "neither score nor ticks": (UNTICKED | {"criteria.visible": "yes"}, []),
    "a count that somebody typed right": (DASHED | {"dash.counted": 13}, []),
    "a count that somebody typed wrong": (DASHED | {"dash.counted": 14}, [("not-worked-out", "dash.counted")]),
    "the subject's section is text": ({"victim": "Rowena"}, [("wrong-shape", "victim")]),
    "not known, where it may be": ({"victim.date_of_birth": "not known"}, []),
    "not known, where it may not be": ({"referrer.date": "not known"}, [("not-a-date", "referrer.date")]),
}  # fmt: skip


@pytest.mark.parametrize("says", CASES)
def test_problems(says):
    """Every problem of a referral is told, once, at its question and row, in printed order."""
    changes, wanted = CASES[says]
    sections = {path: value for path, value in changes.items() if "." not in path}
    given_answers = answers({path: value for path, value in changes.items() if "." in path}) | sections
    assert found(given_answers) == wanted


def test_open_rows_between_others_are_gone_when_all_is_sound():
    """The checked referral has the filled rows alone, numbered anew."""
    made = check(
        Referral(FORM, answers({"children.child": [CHILD, {}, CHILD | {"full_name": "Robin Sampleworth"}]})),
        DAY,
    )
    assert isinstance(made, Checked)
    assert [row.full_name for row in made["children.child"]] == ["Wren Sampleworth", "Robin Sampleworth"]


SHAPES: dict[str, Any] = {
    "a list": [],
    "text": "victim",
    "a number": 7,
    "nothing": None,
    "a list where a section is": {"victim": []},
    "text where a table is": {"children": {"child": "Wren"}},
    "an object where a table is": {"children": {"child": {"full_name": "Wren"}}},
    "text where a row is": {"children": {"child": ["Wren"]}},
    "a list where a row is": {"children": {"child": [["Wren"]]}},
    "an object where an answer is": {"victim": {"surname": {"is": "Wren"}}},
    "a list where one answer is": {"victim": {"surname": ["Wren", "Robin"]}},
    "an object in a list of choices": {"criteria": {"bases": [{"high": True}]}},
    "no section of the form": {"culprit": {"surname": "Wren"}},
    "no question of the form": {"victim": {"shoe_size": "Wren"}},
    "a row for a question": {"victim": {"surname": {"1": {}}}},
}


@pytest.mark.parametrize("says", SHAPES)
def test_any_shape_of_json_gets_problems(says):
    """Answers laid out in another way are told as such, beside what is missing, and nothing raises."""
    made = check(Referral(FORM, SHAPES[says]), DAY)
    assert not isinstance(made, Checked)
    codes = {one.code for one in made}
    assert codes & {"wrong-shape", "unknown-question", "several-in-one", "not-in-list"}
    assert says in {"a list", "text", "a number", "nothing"} or ("missing", "reasons.reasons") in {
        (one.code, one.place.path) for one in made
    }
    assert not [one for one in made if "Wren" in f"{one}"]


def test_a_row_of_the_wrong_shape_is_not_asked_for_its_columns():
    """What has a problem as a whole is told once."""
    assert found(answers({"children.child": ["Wren"]})) == [("wrong-shape", "children.child[1]")]


def test_what_the_reader_could_not_read_is_told_once():
    """Problems of the file come first, and a question that has one is not called missing as well."""
    unread = (problem("not-a-date", Place("victim.date_of_birth")), problem("several-in-one", Place()))
    told = found(answers({"victim.date_of_birth": None, "reasons.reasons": None}), problems=unread)
    assert told == [
        ("several-in-one", ""),
        ("not-a-date", "victim.date_of_birth"),
        ("missing", "reasons.reasons"),
    ]


def test_a_sheet_that_is_gone_is_told_once():
    """A problem of a section or a table stands for all its questions."""
    gone = (
        problem("wrong-shape", Place("victim"), form="marac"),
        problem("wrong-shape", Place("perpetrators.perpetrator"), form="marac"),
    )
    assert [path for _, path in found(answers() | {"victim": {}, "perpetrators": {}}, problems=gone)] == [
        "victim",
        "perpetrators.perpetrator",
    ]


def test_two_problems_of_one_place_are_both_told():
    """The reader may find two things wrong in one cell."""
    both = tuple(problem(code, Place("victim.surname")) for code in ("date-in-text", "true-in-text"))
    assert len(found(answers(), problems=both)) == 2


PLACES = {
    "victim.surname": "Surname",
    "children.child[2].full_name": "Child 2: Full name",
    "children.child.full_name": "Children: Full name",
    "children.child[2]": "Child 2",
    "children.child": "Children",
    "victim": "Primary victim",
    "nowhere.at_all": "",
}


@pytest.mark.parametrize("path", PLACES)
def test_a_place_is_said_in_words(path):
    """Without a cell a place is told by question, row, table or section, as printed."""
    place = Referral(FORM, {}).place(path)
    assert (place.path, place.question) == (path, PLACES[path])
    assert str(place) == (PLACES[path] or path)


def test_a_place_in_a_workbook_is_its_cell():
    """Where the reader knows the cell, the place is that."""
    place = Place("victim.surname", "Surname", "Victim", "C4")
    assert Referral(FORM, {}, places={"victim.surname": place}).place("victim.surname") is place
    assert str(place) == "Victim!C4 (Surname)"


JUNK = "zqxjk"
junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.times(), st.text(max_size=8).map(f"{JUNK}{{}}{JUNK}".format),
              st.just(JUNK), st.from_regex(r"zqxjk\d{1,6}|[0-9]{5,12}zqxjk", fullmatch=True)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from([f"{JUNK} {JUNK}", f"{JUNK.upper()}", "surname"]), inner, max_size=3)),
    max_leaves=4,
)  # fmt: skip
paths = st.sampled_from(
    [found.path for found in FORM.asks() if not found.table] + ["children.child", "victim", "victim.nope"]
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(paths, junk, min_size=1, max_size=8))
def test_no_problem_holds_an_answer(given_junk):
    """Whatever stands in a referral, it never raises, and no word of any problem is from an answer."""
    said: dict[str, Any] = answers()
    for path, value in given_junk.items():
        section, _, key = path.partition(".")
        if not key:
            said[section] = value
        elif isinstance(said.get(section), dict):
            said[section] = dict(said[section]) | {key: value}
    made = check(Referral(FORM, said), DAY)
    if not isinstance(made, Checked):
        told = " ".join(f"{one} {one!r} {one.place} {one.what} {one.cure}" for one in made)
        assert JUNK not in told.casefold()


def test_unknown_names_are_told_only_if_they_look_like_names_of_questions():
    """A name that may be an answer, or would upset a terminal, is not repeated."""
    odd = {"victim": {"Rowena Sampleworth": "yes", "shoe_size": "5", "\x1b[2J": "no", "x" * 80: "no"}}
    told = [path for code, path in found(odd) if code == "unknown-question"]
    assert sorted(told) == ["victim.shoe_size", "victim.…"]


def test_getting_what_is_not_asked_is_a_programmers_mistake():
    """A path that the form has not, and a row that is not there, raise."""
    made = check(Referral(FORM, answers()), DAY)
    assert isinstance(made, Checked)
    assert made["children.child[1].full_name"] == "Wren Sampleworth"
    with pytest.raises(AttributeError):
        made["victim.shoe_size"]
    with pytest.raises(IndexError):
        made["children.child[2].full_name"]


def test_paths_come_as_printed():
    """Questions and rows come section by section, row by row."""
    made = check(Referral(FORM, answers({"children.child": [CHILD, CHILD]})), DAY)
    assert isinstance(made, Checked)
    order = [path for path, _, _ in made.paths()]
    columns = [f"children.child[{row}].{key}" for row in (1, 2) for key in CHILD]
    start = order.index(columns[0])
    assert order[start : start + len(columns)] == columns
    assert order.index("consent.reason") < start < order.index("children.gp") < order.index("reasons.reasons")


def test_the_catalogue_takes_no_code_twice():
    """Two stages cannot give one code two meanings."""
    with pytest.raises(ValueError, match="missing"):
        register({"missing": Said("Again.", "Again.")})


def test_a_problem_without_words_is_a_programmers_mistake():
    """A code that the catalogue does not have raises."""
    with pytest.raises(KeyError):
        problem("no-such-code")


def test_day_is_an_argument():
    """A date that was in the future on one day is in the past on the next."""
    referral = Referral(FORM, answers({"referrer.date": "2026-12-02"}))
    assert not isinstance(check(referral, dt.date(2026, 12, 1)), Checked)
    assert isinstance(check(referral, dt.date(2026, 12, 2)), Checked)


def test_a_table_with_more_rows_than_its_form_has_room_for():
    """CAMP prints three drugs: a fourth is told of, not lost."""
    camp = CATALOGUE["camp"]
    path = next(path for path, _, table in camp.tables() if table.at_most)
    section, _, key = path.partition(".")
    given = camp.example()
    given[section][key] = given[section][key] * 4
    found = check(Referral(camp, given), DAY)
    assert [(one.code, one.place.path) for one in found] == [("more-rows-than-room", f"{path}[4].drug")]


@pytest.mark.parametrize("form_id", ["mappa-h"])
def test_a_year_beyond_all_years_is_no_crash(form_id):
    """A mistyped year gives no birthday, and the rest of the referral is checked."""
    form = CATALOGUE[form_id]
    given = form.example()
    given["young_person"]["date_of_birth"] = "9990-01-01"
    found = check(Referral(form, given), DAY)
    assert ("date-in-future", "young_person.date_of_birth") in [(one.code, one.place.path) for one in found]


@pytest.mark.parametrize("raw", [10**400, -(10**20), 1e300, True])
def test_a_number_of_any_size_is_a_problem_and_no_crash(raw):
    """JSON can hold a number of hundreds of digits in the place of any answer."""
    for form_id in ("mappa-i", "camp"):
        form = CATALOGUE[form_id]
        for asked in form.asks():
            if asked.table is None and not asked.ask.computed:
                given = form.example()
                given.setdefault(asked.section.key, {})[asked.ask.key] = raw
                assert check(Referral(form, given), DAY)


def test_what_hangs_on_an_answer_that_cannot_be_read_is_not_asked_for():
    """Whether the answer that decides is Yes cannot be told, so nothing is missing because of it, also not for its not being No."""
    form = CATALOGUE["response"]
    given = form.example()
    given["decision"] |= {"outcome": "perhaps", "why": None}
    assert [(one.code, one.place.path) for one in check(Referral(form, given), DAY)] == [
        ("not-in-list", "decision.outcome")
    ]
