"""Kinds of answer: read as their writer meant them, or refused with the code that says why."""

import ast
import datetime as dt
import inspect
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import answers
from forms.answers import (
    ADDRESS,
    COUNT,
    DATE,
    DATE_OR_AGE,
    EMAIL,
    LONG,
    NOT_KNOWN,
    PHONE,
    POSTCODE,
    TEXT,
    YES_NO,
    YES_NO_UNKNOWN,
    Address,
    Age,
    Choice,
    Kind,
    Unreadable,
)
from forms.definition import Ask
from forms.information import Information
from pipeline.problem import CATALOGUE
from tests.strategies import sound_answers

KINDS = (TEXT, LONG, DATE, DATE_OR_AGE, COUNT, PHONE, EMAIL, POSTCODE, ADDRESS)
LISTED = (
    Choice("high_risk", "High risk"),
    Choice("no_policy", "No policy, or none that fits"),
    Choice("yes", "Yes, fully"),
)
JANUARY = dt.date(2026, 1, 9)


def ask(kind: Kind, **more: Any) -> Ask:
    return Ask("key", "Label", kind, Information.PROCESS, **more)


GOOD: tuple[tuple[Kind, Any, Any], ...] = (
    (DATE, JANUARY, JANUARY),
    (DATE, dt.datetime(2026, 1, 9, 14, 30), JANUARY),  # noqa: DTZ001 - a cell has no time zone
    *((DATE, text, JANUARY) for text in (
        "9 January 2026", "09 January 2026", "9th January 2026", "9th of January 2026", "9 Jan 2026", "9 jan. 2026", "9-Jan-2026", "09JAN2026",
        "9 JANUARY, 2026", "January 9, 2026", "Jan 9 2026", "January 9th, 2026", "Friday 9 January 2026", "Fri 9 Jan 2026", "Fri., 9 Jan 2026",
        "friday, 9 january 2026", "2026-01-09", "2026/1/9", "2026.01.09", "2026-01-09T00:00:00", "2026-01-09 14:30", "  9\u00a0January\u00a02026 ",
        "9\u2011Jan\u20112026",
    )),
    (DATE, "1 Sept 2026", dt.date(2026, 9, 1)),
    (DATE, "Weds 4 Nov 2026", dt.date(2026, 11, 4)),
    (DATE, "Thur 5 Nov 2026", dt.date(2026, 11, 5)),
    (DATE, "25/12/2026", dt.date(2026, 12, 25)),
    (DATE, "12/25/2026", dt.date(2026, 12, 25)),
    (DATE, "13.12.2026", dt.date(2026, 12, 13)),
    (DATE, "5/5/2026", dt.date(2026, 5, 5)),
    (DATE, "29 February 2028", dt.date(2028, 2, 29)),
    (DATE, dt.date(1905, 1, 1), dt.date(1905, 1, 1)),
    (DATE_OR_AGE, "14 March 1991", dt.date(1991, 3, 14)),
    *((DATE_OR_AGE, text, Age(35)) for text in (35, 35.0, "35", "about 35", "aged 35", "aged about 35", "c. 35", "~35", "35 years", "35 yrs old", "35 y/o")),
    (DATE_OR_AGE, 0, Age(0)),
    (DATE_OR_AGE, "0", Age(0)),
    (DATE_OR_AGE, 120, Age(120)),
    (COUNT, 15, 15),
    (COUNT, 15.0, 15),
    (COUNT, " 15 ", 15),
    (COUNT, 0, 0),
    (COUNT, 9999, 9999),
    *((PHONE, text, "020 7946 0123") for text in (
        "020 7946 0123", "02079460123", "(020) 7946 0123", "020-7946-0123", "020\u20137946\u20130123", "020.7946.0123", "+44 20 7946 0123",
        "+44 (0)20 7946 0123", "0044 20 7946 0123", 2079460123, 2079460123.0, 442079460123, "020 7946\n0123",
    )),
    (PHONE, "07700 900456", "07700 900456"),
    (PHONE, 7700900456, "07700 900456"),
    (PHONE, 447700900456, "07700 900456"),
    (PHONE, "01632 960123", "01632 960123"),
    (PHONE, "020 7946 0123 ext 12", "020 7946 0123 x12"),
    (PHONE, "020 7946 0123 x12", "020 7946 0123 x12"),
    (PHONE, "+33 1 99 00 12 34", "+33 1 99 00 12 34"),
    *((EMAIL, text, "ann.clerk@example.org") for text in (
        "ann.clerk@example.org", " ann.clerk@EXAMPLE.org; ", "mailto:ann.clerk@example.org", "MAILTO:ann.clerk@example.org", "<ann.clerk@example.org>",
        "Ann Clerk <ann.clerk@example.org>", '"Clerk, Ann" <ann.clerk@example.org>',
    )),
    *((POSTCODE, text, "BR1 3UH") for text in ("BR1 3UH", "br13uh", " BR1  3UH ")),
    (POSTCODE, "W1A 1HQ", "W1A 1HQ"),
    (POSTCODE, "EC1A 1BB", "EC1A 1BB"),
    *((ADDRESS, text, Address(("12 Made-up Lane", "Brackenford"), "BR1 3UH")) for text in (
        "12 Made-up Lane\nBrackenford\nBR1 3UH", "12 Made-up Lane, Brackenford, br13uh", "12 Made-up Lane,\nBrackenford,\nBR1 3UH.",
        "12 Made-up Lane\r\n\r\n Brackenford BR1 3UH", "12 Made-up Lane_x000D_\nBrackenford_x000D_\nBR1 3UH",
    )),
    (ADDRESS, "Flat 1, 12 Made-up Lane\nBrackenford\nBR1 3UH", Address(("Flat 1, 12 Made-up Lane", "Brackenford"), "BR1 3UH")),
    *((ADDRESS, text, Address(("No fixed abode", "Brackenford"), None)) for text in (
        "No fixed abode, Brackenford", "NFA Brackenford", "nfa: Brackenford", "N.F.A. Brackenford", "No fixed abode (Brackenford)", "No fixed address\nBrackenford",
    )),
    (ADDRESS, "Rue Inventée 4\nParis\nOutside the UK, France", Address(("Rue Inventée 4", "Paris", "Outside the UK, France"), None)),
    (TEXT, "  O’Example \n ", "O’Example"),
    (TEXT, "Ro\u00adwe\u200bna\ufeff", "Rowena"),
    (TEXT, "\u202aRowena\u202c", "Rowena"),
    (TEXT, "Zoe\u0308", "Zoë"),
    (TEXT, "Flat 3\nUpper floor", "Flat 3 Upper floor"),
    (TEXT, "Flat 3\r\n\r\nUpper floor", "Flat 3 Upper floor"),
    (TEXT, 12, "12"),
    (TEXT, 12.0, "12"),
    (TEXT, 12.5, "12.5"),
    (TEXT, "Na", "Na"),
    (TEXT, "None", "None"),
    (TEXT, "می\u200cخواهم", "می\u200cخواهم"),
    (LONG, "One.\r\n\r\nTwo.\rThree.\u2028Four.\vFive.", "One.\n\nTwo.\nThree.\nFour.\nFive."),
    (LONG, "tbc", "tbc"),
    (LONG, "x" * 32_766, "x" * 32_766),
    (LONG, "=SUM(A1)", "=SUM(A1)"),
)  # fmt: skip

BAD: tuple[tuple[Kind, Any, str], ...] = (
    *((DATE, text, "date-ambiguous") for text in ("9/1/2026", "09.01.2026", "1-9-2026", "9 1 2026", "9/1/26", "12/11/2026")),
    *((DATE, text, "date-short-year") for text in ("25/12/26", "9 January 26", "9jan26", "Jan 9, 26", "5/5/26")),
    *((DATE, text, "not-a-date") for text in (
        "soon", "31 February 2026", "29 February 2026", "9 Janvember 2026", "32/12/2026", "13/13/2026", "2026", "January 2026", "9 January", "10:30",
        "2026-13-01", True, dt.time(10, 30), "٩ يناير ٢٠٢٦", "9 January 2026 or so",
    )),
    *((DATE, number, "date-as-number") for number in (45000, 45000.5, 0)),
    *((DATE, day, "date-1900") for day in (dt.date(1900, 1, 1), dt.date(1904, 12, 31), dt.datetime(1899, 12, 31), "1 January 1900")),  # noqa: DTZ001
    *((DATE_OR_AGE, raw, "date-as-number") for raw in (121, -1, 33000, 35.5)),
    *((DATE_OR_AGE, raw, "not-an-age") for raw in ("121", "6 months", "3 weeks old", "10 days")),
    *((DATE_OR_AGE, raw, "not-a-date") for raw in ("mid 30s", "adult", "1991")),
    (DATE_OR_AGE, "3/4/1991", "date-ambiguous"),
    *((COUNT, raw, "not-a-count") for raw in (-1, 10_000, 1.5, "15 or 16", "fifteen", True, "-3", "1.0", "１５", dt.date(2026, 1, 9), 10**400, float("nan"), float("inf"))),
    *((PHONE, raw, "not-a-phone") for raw in (
        "later", "020 7946", "020 7946 0123 / 07700 900456", "020 7946 0123 or later", "999", "12345", 12345, 2079460123.5, "+44 7", "020 7946 0123 evenings", "٠٢٠٧٩٤٦٠١٢٣",
    )),
    *((EMAIL, raw, "not-an-email") for raw in ("ann", "ann@", "@example.org", "ann@example", "ann@example.org, bob@example.org", "ann at example.org", "a@b@example.org", 5)),
    *((POSTCODE, raw, "not-a-postcode") for raw in ("BR1", "BR1 3U", "3UH BR1", "QQ1 3UH1", "BR1 3CI", "B", "12345")),
    (ADDRESS, "12 Made-up Lane, Brackenford", "no-postcode"),
    (ADDRESS, "BR1 3UH", "only-a-postcode"),
    (ADDRESS, ", BR1 3UH", "only-a-postcode"),
    (ADDRESS, "12 Made-up Lane, BR1 3UHH", "not-a-postcode"),
    (ADDRESS, "12 Made-up Lane, BR1 OUH", "not-a-postcode"),
    *((ADDRESS, raw, "no-closest-links") for raw in ("NFA", "No fixed abode", "no fixed abode - ", "N.F.A.")),
    *((ADDRESS, raw, "placeholder") for raw in ("as above", "TBC", "See above.")),
    *((TEXT, raw, "placeholder") for raw in ("TBC", "n/a", "N.A.", "tba.", "xxx", "As above", "to follow")),
    *((kind, "x" * 32_767, "cut-off") for kind in (TEXT, LONG, DATE, ADDRESS)),
    *((kind, f"Row{sign}ena", "control-character") for kind in (TEXT, LONG) for sign in ("\x07", "\x00", "\ud800", "\ue000")),
    (TEXT, True, "true-in-text"),
    (TEXT, dt.date(2026, 1, 9), "date-in-text"),
    (TEXT, dt.time(9, 1), "date-in-text"),
    (TEXT, dt.timedelta(1), "date-in-text"),
    (TEXT, 12345678901234567, "number-in-text"),
    (TEXT, 10**400, "number-in-text"),
    (TEXT, float("nan"), "number-in-text"),
    (TEXT, ["a", "b"], "several-in-one"),
    (TEXT, {"a": "b"}, "several-in-one"),
)  # fmt: skip


def _said(raw: Any) -> str:
    return ascii(raw)[:40]


@pytest.mark.parametrize(
    ("kind", "raw", "meant"), GOOD, ids=[f"{kind.name}: {_said(raw)}" for kind, raw, _ in GOOD]
)
def test_read_as_meant(kind, raw, meant):
    """What a person typed, or a spreadsheet made of it, is read as it was meant."""
    assert kind.read(raw) == meant


@pytest.mark.parametrize(
    ("kind", "raw", "code"), BAD, ids=[f"{kind.name}: {_said(raw)}: {code}" for kind, raw, code in BAD]
)
def test_refused_with_its_reason(kind, raw, code):
    """What leaves a doubt is refused, and the code says why; the answer is not in the exception."""
    with pytest.raises(Unreadable) as refused:
        kind.read(raw)
    assert refused.value.code == code
    assert str(refused.value) == code
    CATALOGUE[code].what.format(**refused.value.facts, choices="")


def test_every_reason_is_tried():
    """Each code that an answer can be refused with has a case."""
    calls = (node for node in ast.walk(ast.parse(inspect.getsource(answers))) if isinstance(node, ast.Call))
    first = [node.args[0] for node in calls if isinstance(node.func, ast.Name) and node.func.id == "Unreadable"]
    raised = {
        node.value for one in first for node in ast.walk(one) if isinstance(node, ast.Constant) and node.value
    }
    assert raised - {"not-in-list"} <= {code for _, _, code in BAD}
    assert raised <= CATALOGUE.keys()


CHOSEN = ask(answers.CHOICE, choices=LISTED)
SEVERAL = ask(answers.CHOICES, choices=LISTED)


@pytest.mark.parametrize(
    ("question", "raw", "meant"),
    [
        *((ask(YES_NO), raw, "yes") for raw in ("Yes", "yes", " YES. ", "y", "Y", True)),
        *((ask(YES_NO), raw, "no") for raw in ("No", "no.", "N", False)),
        *((ask(YES_NO_UNKNOWN), raw, "unknown") for raw in ("Not known", "unknown", "NK", "n/k", "don’t know", "Don't know.", "DK")),
        *((CHOSEN, raw, "no_policy") for raw in ("No policy, or none that fits", "no policy, or none  THAT fits.", "no_policy", "no policy")),
        (CHOSEN, "y", "yes"),
        *((SEVERAL, raw, ("high_risk", "no_policy")) for raw in (
            ["no_policy", "High risk"], ["High risk", "no_policy", "high risk"], ["High risk", None, "", "no policy"])),
        (SEVERAL, "High risk", ("high_risk",)),
        (ask(DATE, unknown=True), "n/k", NOT_KNOWN),
        (ask(TEXT, unknown=True), "Not known.", NOT_KNOWN),
        (ask(TEXT), "Not known", "Not known"),
    ],
    ids=lambda value: _said(value) if not isinstance(value, Ask) else value.kind.name,
)  # fmt: skip
def test_list_and_unknown_answers_are_read(question, raw, meant):
    """A choice is known by its label, its key, or the first letter of yes and no; "not known" by its usual forms."""
    assert question.read(raw) == meant


@pytest.mark.parametrize(
    ("question", "raw", "code"),
    [
        *((ask(YES_NO), raw, "not-in-list") for raw in ("maybe", "Not known", "yes and no", 1, "ja")),
        (CHOSEN, "high", "not-in-list"),
        (CHOSEN, ["High risk"], "several-in-one"),
        (SEVERAL, ["High risk", "hunch"], "not-in-list"),
        (SEVERAL, [["High risk"]], "several-in-one"),
        (CHOSEN, JANUARY, "date-in-text"),
        (ask(DATE), "not known", "not-a-date"),
    ],
    ids=lambda value: _said(value) if not isinstance(value, Ask) else value.kind.name,
)
def test_list_answers_that_were_not_offered_are_refused(question, raw, code):
    """What is not on the list is refused rather than guessed."""
    with pytest.raises(Unreadable) as refused:
        question.read(raw)
    assert refused.value.code == code


BLANK = (None, "", "  ", "\n", "-", "–", "...", "?", [], [None, " "])
FILLED = ("0", 0, False, "a", "n/a", "x" * 32_767, "-" * 32_767, ["a"], {})


@pytest.mark.parametrize("raw", BLANK, ids=_said)
def test_blank(raw):
    """Nothing, spaces and strokes are an open question."""
    assert answers.is_blank(raw)


@pytest.mark.parametrize("raw", FILLED, ids=_said)
def test_not_blank(raw):
    """A nought, a no, a place-holder and a cell filled to its limit are answers, good or bad."""
    assert not answers.is_blank(raw)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_written_is_read_again(kind, data):
    """An answer written for JSON or a returned copy is read as the same answer."""
    value = kind.read(data.draw(sound_answers(ask(kind))))
    assert kind.read(kind.write(value)) == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [(kind, meant) for kind, _, meant in GOOD],
    ids=[f"{k.name}: {_said(r)}" for k, r, _ in GOOD],
)
def test_written_cases_are_read_again(kind, value):
    """Every case that is read comes through writing and reading unchanged, and can be shown."""
    assert kind.read(kind.write(value)) == value
    assert kind.show(value)


@pytest.mark.parametrize(
    "question", [ask(YES_NO), ask(YES_NO_UNKNOWN), CHOSEN, SEVERAL], ids=lambda one: one.kind.name
)
def test_written_choices_are_read_again(question):
    """Every choice comes through writing and reading unchanged."""
    for choice in question.choices:
        value = question.read([choice.key] if question.some_of else choice.label)
        assert question.read(question.write(value)) == value


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_reads_its_own_sample(kind):
    """The sample of a kind is an answer of it, and its words and schema say what to write."""
    assert kind.read(kind.sample) is not None
    assert kind.says
    assert kind.schema["type"]


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes(), st.times(), st.timedeltas(),
              st.binary(), st.decimals(), st.complex_numbers(), st.text("0123456789 +-()./", max_size=20), st.text("0123456789-/. janfebmy", max_size=14),
              st.text("BRWA1 ,\n3UHnf@.", max_size=30), st.integers(10**14, 10**400)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3), st.tuples(inner)),
    max_leaves=4,
)  # fmt: skip
ASKED = [
    *(ask(kind, unknown=unknown) for kind in KINDS for unknown in (True, False)),
    ask(YES_NO),
    ask(YES_NO_UNKNOWN),
    CHOSEN,
    SEVERAL,
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ASKED), anything)
def test_reading_raises_nothing_but_unreadable(question, raw):
    """Whatever stands in a cell or in JSON, it is read or refused; no answer is in the exception."""
    try:
        value = question.read(raw)
    except Unreadable as refused:
        assert refused.code in CATALOGUE  # noqa: PT017 - either outcome is right
    else:
        assert question.show(value) is not None


SHOWN = (
    (DATE, JANUARY, "9 January 2026"),
    (DATE_OR_AGE, Age(35), "aged about 35"),
    (DATE_OR_AGE, Age(0), "aged under 1"),
    (ADDRESS, Address(("12 Made-up Lane", "Brackenford"), "BR1 3UH"), "12 Made-up Lane\nBrackenford\nBR1 3UH"),
    (ADDRESS, Address(("No fixed abode", "Brackenford"), None), "No fixed abode\nBrackenford"),
    (COUNT, 15, "15"),
)


@pytest.mark.parametrize(("kind", "value", "text"), SHOWN, ids=[text for _, _, text in SHOWN])
def test_shown(kind, value, text):
    """A value is shown as it would be written in a letter."""
    assert kind.show(value) == text


def test_a_choice_is_not_read_by_its_kind():
    """A list belongs to a question: to read a choice without one is a programmer's mistake."""
    with pytest.raises(TypeError):
        YES_NO.read("yes")
