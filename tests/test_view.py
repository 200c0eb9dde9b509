"""Views of random referrals: nothing that an agency may not see is in them, and closed looks the same open or answered."""

import datetime as dt
import re
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from forms.answers import NOT_KNOWN, Address, Age, plain
from forms.definition import Filler
from forms.information import Information
from forms.marac import FORM
from pipeline.agency import AgencyKind
from pipeline.checked import Checked, Referral, check
from pipeline.protocol.consent import hidden_when_anonymous
from pipeline.protocol.contact import refused_channels
from pipeline.protocol.need_to_know import informations_for
from pipeline.protocol.sharing import WHOLE, sight_of, view_of
from pipeline.view import Document, NotAnswered, NotKnown, Shared, SharedView, Withheld
from tests.every_form import DAY, FORMS
from tests.rules import CASE, answers, checked
from tests.strategies import referrals

MARKING = "OFFICIAL-SENSITIVE"
usual = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
kinds = st.sampled_from(AgencyKind)


@st.composite
def sound(draw: st.DrawFn) -> Checked:
    """Return a random sound referral of any form."""
    form = draw(st.sampled_from(FORMS))
    made = check(Referral(form, draw(referrals(form))), DAY)
    assume(isinstance(made, Checked))
    assert isinstance(made, Checked)
    return made


def seen_by(kind: AgencyKind, one: Checked, *, anonymous: bool) -> SharedView:
    return view_of(one, CASE, MARKING, sight_of(kind, one, anonymous=anonymous))


def may_see(kind: AgencyKind, one: Checked, path: str, *, anonymous: bool) -> bool:
    """Read the table anew, without the code under test."""
    found = one.form.find(path)
    if anonymous and hidden_when_anonymous(found):
        return False
    needed = {found.ask.about, *found.ask.also}
    return needed <= informations_for(one.form.knowing, kind) or found.ask.holder == kind


LIMITED = {
    AgencyKind.JOBCENTRE: "SHARE-5",
    AgencyKind.ELECTRONIC_MONITORING: "SHARE-6",
    AgencyKind.IMMIGRATION: "SHARE-7",
}
"""Kinds of agency to which a protocol itself says what they may be told: by that rule the rest is withheld."""


@usual
@given(sound(), kinds, st.booleans())
def test_what_is_shared_is_what_the_table_allows(one, kind, anonymous):
    """Each answer is shared where the need-to-know table has it, and withheld by its rule where not."""
    view = seen_by(kind, one, anonymous=anonymous)
    for path, shared in view.answers.items():
        needed, refused = may_see(kind, one, path, anonymous=anonymous), path in refused_channels(one)
        assert isinstance(shared, Withheld) is (refused or not needed)
        if isinstance(shared, Withheld):
            # Whoever may not have a number is not told either that its owner refuses calls.
            hidden = anonymous and hidden_when_anonymous(one.form.find(path))
            assert shared.rule == (
                "CONSENT-3" if needed else "CONSENT-2" if hidden else LIMITED.get(kind, "SHARE-11")
            )


@usual
@given(sound(), kinds, st.booleans())
def test_every_question_is_told_of(one, kind, anonymous):
    """Each question of the referrer is in the view, or in a table that is withheld as a whole; rows of that are not."""
    view = seen_by(kind, one, anonymous=anonymous)
    closed = {path for path, rows in view.rows.items() if isinstance(rows, Withheld)}
    for path, found, _ in one.paths():
        if found.section.kept:
            assert path not in view.answers
        elif found.section.by is Filler.REFERRER:
            assert (path in view.answers) is (path.partition("[")[0] not in closed)
    assert not [path for path in view.answers if path.partition("[")[0] in closed]
    assert {path: rows for path, rows in view.rows.items() if path not in closed} == {
        path: len(one[path]) for path in view.rows if path not in closed
    }


def _texts(value: Any) -> list[str]:
    """What a secret would look like in a text, in its plainest form."""
    if isinstance(value, Address):
        return [line for line in (*value.lines, value.postcode or "") if line]
    if isinstance(value, dt.date):
        return [value.isoformat(), f"{value.day} {value:%B %Y}", f"{value:%d/%m/%Y}"]
    return [str(value)]


SECRETS = (
    "Rowena Sampleworth", "Rowena", "12 Made-up Lane", "Flat 3, 8 Invented Court", "07700 900456", "14 March 1991", "BR2 9ZZ",
    "Wren Sampleworth", "Pretend Hill Primary School", "Dr Fictional", "Magnus Sampleworth",
)  # fmt: skip
_FREE = [
    found.path
    for found in FORM.asks()
    if found.ask.kind.name == "long" and found.table is None and found.section.by is Filler.REFERRER
]


@usual
@given(kinds, st.booleans(), st.data())
def test_withheld_values_are_in_no_free_text(kind, anonymous, data):
    """Names, addresses, births and numbers that are withheld are taken out of every text that is shared as well."""
    texts = {
        path: "On Monday, "
        + " and ".join(data.draw(st.lists(st.sampled_from(SECRETS), min_size=1, max_size=4)))
        + ", again."
        for path in data.draw(st.sets(st.sampled_from(_FREE), min_size=1))
    }
    one = checked(texts)
    view = seen_by(kind, one, anonymous=anonymous)
    shared = " ¶ ".join(
        plain(told.text)
        for path, told in view.answers.items()
        if isinstance(told, Shared) and one.form.find(path).ask.identifies is None
    )
    open_words = {
        word
        for path, found, value in one.paths()
        if found.ask.identifies
        and value not in (None, NOT_KNOWN)
        and isinstance(view.answers.get(path), Shared)
        for text in _texts(value)
        for word in re.findall(r"\w+", plain(text))
    }
    for path, found, value in one.paths():
        hidden = found.ask.identifies and not isinstance(view.answers.get(path), Shared)
        if not hidden or value in (None, NOT_KNOWN) or isinstance(value, Age):
            continue
        for text in _texts(value):
            words = re.findall(r"\w+", plain(text))
            # What another answer shows to this agency is no secret from it.
            if not set(words) <= open_words and plain(text) != "brackenford":
                assert plain(text) not in shared, (path, found.ask.identifies)


@usual
@given(sound(), kinds, st.booleans())
def test_withheld_looks_the_same_answered_or_open(one, kind, anonymous):
    """Emptying what an agency may not see changes nothing in its view but the texts that mentioned it (SHARE-14)."""
    view = seen_by(kind, one, anonymous=anonymous)
    changes = {
        path: None
        for path, found, _ in one.paths()
        if isinstance(view.answers.get(path), Withheld)
        and not found.table
        # Which ways of contact were refused decides what CONSENT-3 withholds, whoever may see the consent itself.
        and not (one.form.id == "camp" and found.section.key == "consent")
    }
    bare = one.answers.model_copy(
        update={
            section.key: getattr(one.answers, section.key).model_copy(
                update={
                    path.partition(".")[2]: None for path in changes if path.partition(".")[0] == section.key
                }
            )
            for section in one.form.sections
        }
    )
    emptied = seen_by(kind, Checked(one.form, bare), anonymous=anonymous)
    assert emptied.withheld() == view.withheld()
    assert emptied.rows == view.rows
    assert emptied.answers.keys() == view.answers.keys()


@usual
@given(sound(), kinds, kinds, st.booleans())
def test_equal_sight_is_an_equal_view(one, kind, other, anonymous):
    """Two kinds of equal sight get equal views, so that a view is made once for both."""
    first, second = (sight_of(each, one, anonymous=anonymous) for each in (kind, other))
    if first == second:
        assert view_of(one, CASE, MARKING, first) == view_of(one, CASE, MARKING, second)


@usual
@given(sound())
def test_the_whole_view_holds_every_answer_as_it_is(one):
    """The co-ordinator's view withholds nothing and changes no text."""
    view = view_of(one, CASE, MARKING, WHOLE)
    assert not view.withheld()
    for path, found, value in one.paths():
        if found.section.by is not Filler.REFERRER or found.section.kept:
            continue
        told = view.answers[path]
        if value in (None, ()):
            assert told == NotAnswered()
        elif value is NOT_KNOWN or (found.ask.one_of and value == "unknown"):
            assert told == NotKnown()
        else:
            assert told == Shared(found.ask.show(value))


MINUTED = {"minutes.date": "2026-12-08", "minutes.line": [{"text": "It was agreed to change the locks."}]}


@pytest.mark.parametrize(
    ("kind", "changes", "there"),
    [
        (AgencyKind.POLICE, {}, set()),
        (
            AgencyKind.POLICE,
            MINUTED,
            {"minutes.date", "minutes.repeat", "minutes.last", "minutes.line[1].text"},
        ),
        (AgencyKind.FIRE, {"minutes.line": MINUTED["minutes.line"]}, set()),
        (AgencyKind.FIRE, MINUTED, {"minutes.date", "minutes.repeat", "minutes.last"}),
        (AgencyKind.FIRE, {"minutes.date": "2026-12-08"}, {"minutes.date", "minutes.repeat", "minutes.last"}),
    ],
    ids=[
        "not filled",
        "filled",
        "only closed answers are filled",
        "filled, lines are closed",
        "lines are closed and open",
    ],
)
def test_co_ordinators_part_does_not_tell_what_is_closed(kind, changes, there):
    """Its questions are there when one that the agency may see is answered, whatever the closed ones are (SHARE-14)."""
    view = seen_by(kind, checked(changes), anonymous=False)
    assert {path for path in view.answers if path.startswith("minutes.")} == there
    assert ("minutes.line" in view.rows) is bool(there)


@pytest.mark.parametrize("kind", AgencyKind, ids=str)
def test_an_agency_sees_its_own_work(kind):
    """What an agency itself did is no secret from it (SHARE-11)."""
    one = checked()
    view = seen_by(kind, one, anonymous=False)
    for path, found, _ in one.paths():
        if found.ask.about is Information.AGENCY and found.ask.holder == kind:
            assert isinstance(view.answers[path], Shared)


def test_an_address_that_may_be_seen_stays_whole():
    """An open answer is not cut because a closed one shares words with it."""
    one = checked({"victim.temporary_address": "14 Made-up Lane\nBrackenford\nBR1 3UH"})
    view = seen_by(AgencyKind.MENTAL_HEALTH, one, anonymous=False)
    assert view.answers["victim.temporary_address"] == Withheld("SHARE-11")
    assert view.answers["victim.permanent_address"] == Shared("12 Made-up Lane\nBrackenford\nBR1 3UH")


def test_text_that_says_unknown_is_not_the_answer_not_known():
    """Only a list's own "Not known", or a question that takes it, is the answer that it is not known."""
    view = view_of(checked({"victim.other": "unknown", "dash.weapons": "unknown"}), CASE, MARKING, WHOLE)
    assert view.answers["victim.other"] == Shared("unknown")
    assert view.answers["dash.weapons"] == NotKnown()


SECRET = "Zyxwvut"


@pytest.mark.parametrize(
    "thing",
    [
        Shared(SECRET),
        view_of(checked({"victim.other": SECRET}), CASE, MARKING, WHOLE),
        checked({"victim.other": SECRET}),
        checked({"victim.other": SECRET}).answers,
        Referral(FORM, answers({"victim.other": SECRET})),
        Document("form.pdf", SECRET.encode(), MARKING, "Form"),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_no_repr_holds_an_answer(thing):
    """What a log or a traceback shows of the things on the way holds no answer."""
    assert SECRET not in f"{thing!r} {thing!s} {[thing]} {{'a': {thing!r}}}"


def test_withheld_has_no_room_for_a_value():
    """A withheld answer is an object with the rule alone: there is nothing in it to print by mistake."""
    assert [field.name for field in fields(Withheld)] == ["rule"]
    for one in (NotAnswered, NotKnown):
        assert is_dataclass(one)
        assert not fields(one)
