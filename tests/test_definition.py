"""The vocabulary of forms, and what holds for every form there is."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from forms import answers
from forms.answers import CHOICE, CHOICES, DATE, NOT_KNOWN, TEXT, YES_NO, YES_NO_UNKNOWN, Choice, Unreadable
from forms.catalogue import FORMS as CATALOGUE
from forms.definition import (
    Agreement,
    Answered,
    Ask,
    AtLeast,
    Birthday,
    Count,
    Earlier,
    Form,
    Highest,
    Is,
    Not,
    Same,
    Section,
    Slip,
    Table,
    all_of,
    any_of,
    holds,
    one_of,
    row_path,
    without_rows,
)
from forms.information import Identifies, Information, Whose
from forms.marac import FORM
from pipeline.agency import AgencyKind
from tests.every_form import every_form

LIST = (Choice("one", "The first"), Choice("two", "The second"))


def ask(key: str, kind: answers.Kind = TEXT, **more: Any) -> Ask:
    return Ask(key, key.capitalize(), kind, Information.PROCESS, **more)


def form(*items: Ask | Table, **more: Any) -> Form:
    return Form(
        "invented",
        "Invented",
        "2026-1",
        "marac",
        "An invented form.",
        (Section("part", "Part", items),),
        "part",
        **more,
    )


VALUES: dict[str, Any] = {
    "a.yes": "yes",
    "a.no": "no",
    "a.open": None,
    "a.some": ("one", "two"),
    "a.none": (),
    "a.rows": (object(),),
    "a.five": 5,
    "a.unknown": NOT_KNOWN,
    "a.also_five": 5,
}


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        (Is("a.yes", "yes"), True),
        (Is("a.yes", "no"), False),
        (Is("a.open", "yes"), False),
        (Is("a.some", "two"), True),
        (Is("a.some", "three"), False),
        (Is("a.none", "one"), False),
        (Answered("a.no"), True),
        (Answered("a.open"), False),
        (Answered("a.none"), False),
        (Answered("a.rows"), True),
        (Not(Answered("a.open")), True),
        (Not(Is("a.yes", "yes")), False),
        (any_of(Is("a.yes", "no"), Answered("a.no")), True),
        (any_of(Is("a.yes", "no"), Answered("a.open")), False),
        (any_of(), False),
        (all_of(Is("a.yes", "yes"), Answered("a.no")), True),
        (all_of(Is("a.yes", "yes"), Answered("a.open")), False),
        (one_of("a.yes", "no", "yes"), True),
        (AtLeast("a.five", 5), True),
        (AtLeast("a.five", 6), False),
        (AtLeast("a.open", 0), False),
        (Same("a.five", "a.also_five"), True),
        (Same("a.five", "a.yes"), False),
        (Same("a.open", "a.open"), False),
        (Same("a.unknown", "a.unknown"), False),
    ],
    ids=str,
)
def test_conditions(condition, wanted):
    """A condition looks at one answer, at several choices, or at the rows of a table; they combine."""
    assert holds(condition, VALUES.__getitem__) is wanted


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: form(ask("a"), ask("a")), "two questions at part.a"),
        (lambda: form(ask("a", required_if=Answered("part.b"))), "depends on what is not asked"),
        (lambda: form(ask("a", required_if=any_of(Not(Is("part.b", "yes"))))), "depends on what is not asked"),
        (
            lambda: form(
                ask("a", required_if=Answered("part.rows.b")), Table("rows", "Rows", "Row", (ask("b"),))
            ),
            "rows of a table",
        ),
        (lambda: ask("a", CHOICE), "a list question has choices"),
        (lambda: ask("a", CHOICES), "a list question has choices"),
        (lambda: ask("a", DATE, choices=LIST), "and no other has"),
    ],
    ids=[
        "two of one path",
        "a condition on nothing",
        "one inside others",
        "a condition on a column",
        "a choice without list",
        "choices without list",
        "a list for a date",
    ],
)
def test_a_form_that_cannot_work_is_refused_when_it_is_made(make, says):
    """A mistake in a definition is found when the program starts, not when a referrer fills it in."""
    with pytest.raises(ValueError, match=says):
        make()


def test_a_condition_may_hang_on_a_table():
    """Whether a table has a row can decide what must be answered."""
    assert form(ask("a", required_if=Answered("part.rows")), Table("rows", "Rows", "Row", (ask("b"),)))


def test_yes_or_no_has_its_list():
    """A yes-or-no question brings its own choices."""
    assert [one.key for one in ask("a", YES_NO).choices] == ["yes", "no"]
    assert [one.key for one in ask("a", YES_NO_UNKNOWN).choices] == ["yes", "no", "unknown"]


def test_capitals_are_printed_and_not_kept():
    """A surname is shown in capitals and stays as it was typed."""
    surname = ask("surname", capitals=True)
    assert surname.read("O’Example") == "O’Example"
    assert surname.show("O’Example") == "O’EXAMPLE"


def test_several_choices_are_shown_a_line_each():
    """Several choices come in the order of the list."""
    several = ask("a", CHOICES, choices=LIST)
    assert several.show(several.read(["two", "one"])) == "The first\nThe second"


def test_paths():
    """A path is taken with and without row numbers, counted from 1."""
    assert row_path("children.child", 2, "school") == "children.child[2].school"
    assert without_rows("children.child[2].school") == "children.child.school"
    marac = CATALOGUE["marac"]
    assert marac.find("children.child[12].school") is marac.find("children.child.school")
    with pytest.raises(KeyError):
        marac.find("children.child[1].shoe_size")


def test_what_is_worked_out():
    """The highest goes by the order of the list, a count by one answer; while nothing is answered, nothing is worked out."""
    answered = {"a": "low", "b": "high", "c": None, "d": "medium"}.get
    assert Highest(("a", "b", "c")).value(answered, ("low", "medium", "high")) == "high"
    assert Highest(("a", "d")).value(answered, ("low", "medium", "high")) == "medium"
    assert Highest(("c",)).value(answered, ("low", "medium", "high")) is None
    assert Count(("a", "b", "c"), "high").value(answered, ()) == 1
    assert Count(("a", "c"), "high").value(answered, ()) == 0
    assert Count(("c",), "high").value(answered, ()) is None


@pytest.mark.parametrize(
    ("born", "day"),
    [
        (dt.date(2008, 12, 1), dt.date(2026, 12, 1)),
        (dt.date(2008, 2, 29), dt.date(2026, 3, 1)),
        (answers.Age(17), None),
        (NOT_KNOWN, None),
        (None, None),
    ],
)
def test_a_birthday_is_worked_out(born, day):
    """The 18th birthday comes from a date of birth, and from nothing less."""
    assert Birthday("a", 18).value({"a": born}.get, ()) == day


@pytest.mark.parametrize(
    "more",
    [
        {"agreements": (Agreement("part.b", Answered("part.a"), "Wrong.", "Right."),)},
        {"agreements": (Agreement("part.a", Answered("part.b"), "Wrong.", "Right."),)},
        {"slip": Slip("Slip", "Send it back.", ("part.b",), ("Received on",))},
    ],
    ids=["a problem at nothing", "an agreement with nothing", "a slip of nothing"],
)
def test_what_leans_on_nothing_is_refused(more):
    """Agreements and slips speak of questions that the form asks."""
    with pytest.raises(ValueError, match="depends on what is not asked"):
        form(ask("a"), **more)


def test_two_questions_of_one_fact_are_refused():
    """A fact is told in one place of a form, or nobody knew which to carry."""
    with pytest.raises(ValueError, match=r"two questions tell offender\.surname"):
        form(ask("a", fact="offender.surname"), ask("b", fact="offender.surname"))


def test_a_printed_code_is_read_as_its_choice():
    """What stands on the printed form beside a choice, such as its number, is read as that choice."""
    coded = ask("a", CHOICE, choices=LIST, spellings=(("1", "one"), ("8", "one"), ("Zwei", "two")))
    assert [coded.read(raw) for raw in ("1", 8, 8.0, "8.", "ZWEI", "the first")] == ["one"] * 4 + ["two", "one"]


def test_names_of_an_earlier_edition():
    """A renamed question, with its choices and columns, is looked for under the name that it had."""
    before = Earlier("2025-1", renamed=(("part.old", "part.new"),))
    assert [before.then(name) for name in ("part.new", "part.new.one", "part.newer")] == [
        "part.old",
        "part.old.one",
        "part.newer",
    ]


def test_other_lists_make_another_form():
    """An area's own lists replace those at their paths, and leave the form as it is."""
    marac = CATALOGUE["marac"]
    here = marac.with_choices({"handling.marking": LIST})
    assert here.find("handling.marking").ask.choices == LIST
    assert len(marac.find("handling.marking").ask.choices) == 6
    assert here.model is not marac.model


def test_a_form_says_its_id_and_no_example():
    """What a log shows of a form is short."""
    assert repr(CATALOGUE["marac"]) == "<form marac, edition 2026-2>"


def choices_in(condition: Any) -> list[Is]:
    """Every condition inside one that looks at a choice."""
    if isinstance(condition, Is):
        return [condition]
    inner = getattr(condition, "conditions", None) or [getattr(condition, "condition", None)]
    return [found for one in inner if one is not None for found in choices_in(one)]


@every_form
def test_conditions_name_choices_that_there_are(form):
    """A question that hangs on a choice hangs on one of the list."""
    wanted = [found.ask.required_if for found in form.asks()] + [one.wrong for one in form.agreements]
    for one in choices_in(all_of(*filter(None, wanted))):
        assert one.key in {choice.key for choice in form.find(one.path).ask.choices}


@every_form
def test_examples_are_read(form):
    """Each question's example can be read, shown and written, and reads the same again."""
    for found in form.asks():
        value = found.ask.read(found.ask.sample())
        assert found.ask.read(found.ask.write(value)) == value
        assert found.ask.show(value)


@every_form
def test_keys_and_labels_are_sound(form):
    """Keys are names that Excel, Word, JSON and Python take; no two labels of a section are the same."""
    for section in form.sections:
        labels = [item.label for item in section.items if isinstance(item, Ask)]
        assert len(set(labels)) == len(labels)
    for found in form.asks():
        assert all(part.isidentifier() and part == part.lower() for part in found.path.split("."))
        assert len({choice.key for choice in found.ask.choices}) == len(found.ask.choices)
        assert len({answers.plain(choice.label) for choice in found.ask.choices}) == len(found.ask.choices)
    assert form.subject in {section.key for section in form.sections}


@every_form
def test_whoever_can_be_named_is_tagged(form):
    """An answer of a kind that finds a person says what it would give away, unless it is a professional's."""
    telling = {
        "phone": Identifies.PHONE,
        "e-mail": Identifies.EMAIL,
        "address": Identifies.ADDRESS,
        "date or age": Identifies.BIRTH,
    }
    for found in form.asks():
        if found.section.whose is not Whose.NOBODY and found.ask.kind.name in telling:
            assert found.ask.identifies is telling[found.ask.kind.name]


@every_form
def test_holders_are_kinds_of_agency(form):
    """What an agency holds says which kind of agency, and only such a question does."""
    for found in form.asks():
        assert bool(found.ask.holder) is (found.ask.about is Information.AGENCY)
        assert not found.ask.holder or found.ask.holder in set(AgencyKind)


@every_form
def test_schema_speaks_of_every_question(form):
    """The JSON Schema has a property for every question and takes no other."""
    schema = form.json_schema()
    for found in form.asks():
        part = schema["$defs"][found.path.rpartition(".")[0].replace(".", "_")]
        assert found.ask.label == part["properties"][found.ask.key]["title"]
        assert part["additionalProperties"] is False


@every_form
def test_models_are_silent_and_frozen(form):
    """A form's model prints no answer and takes no change."""
    made = form.model.model_validate(form.example())
    assert str(made) == repr(made) == f"<{form.id.replace('-', '_')}_answers>"
    with pytest.raises(ValueError, match="frozen"):
        setattr(made, form.sections[0].key, None)


def test_a_model_fault_holds_no_input():
    """What pydantic says of a fault does not repeat what was typed (it would be in a log)."""
    marac = CATALOGUE["marac"]
    with pytest.raises(ValueError, match="not-a-phone") as fault:
        marac.model.model_validate({"referrer": {"telephone": "Zyxwvut", "Zyxwvuts": "b"}, "victim": "Zyxwvut"})
    assert "Zyxwvut'" not in str(fault.value)
    assert "input_value" not in str(fault.value)


def test_date_kinds_give_dates():
    """A date is kept as a day, without a time."""
    assert type(DATE.read(dt.datetime(2026, 1, 9, 14, 30))) is dt.date  # noqa: DTZ001 - a cell has no time zone


def test_editions_are_told_apart():
    """Another edition is another form."""
    marac = CATALOGUE["marac"]
    assert replace(marac, edition="2027-1") != marac


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("Ashpole", True),
        ("J4y K9", True),
        ("Ashpole (now at 3 Orchard Mews, BK5 2RJ)", False),
        ("Ro 07700900214", False),
    ],
)
def test_name_holds_no_address_or_number(name, sound):
    """What stands beside a name would go wherever the name goes, so it belongs in a question of its own."""
    ask = FORM.find("victim.surname").ask
    if sound:
        assert ask.read(name) == name
    else:
        with pytest.raises(Unreadable) as refused:
            ask.read(name)
        assert refused.value.code == "digits-in-name"


def test_required_text_is_no_placeholder():
    """A required long answer says something; where nothing is asked for, "n/a" may stand."""
    with pytest.raises(Unreadable) as refused:
        FORM.find("reasons.reasons").ask.read("TBC")
    assert refused.value.code == "placeholder"
    assert FORM.find("agencies.nhs").ask.read("n/a") == "n/a"
