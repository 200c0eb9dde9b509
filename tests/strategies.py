"""Random sound answers of every kind, and random sound referrals of a form (hypothesis)."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from forms import answers
from forms.answers import Unreadable, is_blank
from forms.definition import Ask, Filler, Form, Table, paths_in
from pipeline.checked import Referral, check

LAST_DAY = dt.date(2026, 11, 20)
_LETTERS = st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn"], exclude_characters="\u2028\u2029\u0085")
_WORDS = st.text(st.one_of(st.sampled_from("abc Zoë ł ệ 李 ع -'’=+@9/1"), _LETTERS), min_size=1, max_size=40)
_DATES = st.dates(dt.date(1930, 1, 1), LAST_DAY)
_TOWNS = st.sampled_from(["Brackenford", "Testerby", "Nether Sampling"])
_ADDRESSES = st.one_of(
    st.builds("{} Made-up Lane\n{}\nBR1 3UH".format, st.integers(1, 300), _TOWNS),
    st.builds("No fixed abode, {}".format, _TOWNS),
)
_KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": _WORDS,
    "long": st.lists(_WORDS, min_size=1, max_size=4).map("\n".join),
    "date": st.one_of(_DATES, _DATES.map(dt.date.isoformat), _DATES.map(answers.long_date)),
    "date or age": st.one_of(_DATES, _DATES.map(answers.long_date), st.integers(1, 110), st.integers(1, 110).map(str)),
    "number": st.integers(0, 9_999),
    "phone": st.integers(0, 999).flatmap(
        lambda n: st.sampled_from([f"020 7946 0{n:03}", f"07700900{n:03}", f"+44 1632 960 {n:03}"])
    ),
    "e-mail": st.integers(0, 999).map("person{}@example.org".format),
    "postcode": st.sampled_from(["BR1 3UH", "zz11zz", "SW1A 1AA"]),
    "address": _ADDRESSES,
}  # fmt: skip


def _sound(ask: Ask, raw: Any) -> bool:
    if is_blank(raw):
        return False
    try:
        ask.read(raw)
    except Unreadable:
        return False
    return True


def sound_answers(ask: Ask) -> st.SearchStrategy[Any]:
    """Return answers to a question as people type them, each of which can be read."""
    if ask.one_of:
        return st.sampled_from(ask.choices).flatmap(
            lambda one: st.sampled_from([one.label, one.key, one.label.upper()])
        )
    if ask.some_of:
        labels = [choice.label for choice in ask.choices]
        return st.lists(st.sampled_from(labels), min_size=1, unique=True)
    known = _KINDS[ask.kind.name] if ask.kind.name in _KINDS else st.just(ask.sample())
    kind = st.one_of(known, st.just("Not known")) if ask.unknown else known
    return kind.filter(lambda raw: _sound(ask, raw))


def _questions(asks: tuple[Ask, ...]) -> st.SearchStrategy[dict[str, Any]]:
    asked = [ask for ask in asks if not ask.computed]
    needed = {ask.key: sound_answers(ask) for ask in asked if ask.required or ask.required_if}
    others = {ask.key: sound_answers(ask) for ask in asked if ask.key not in needed}
    return st.fixed_dictionaries(needed, optional=others)


@st.composite
def referrals(draw: st.DrawFn, form: Form) -> dict[str, Any]:
    """Return sound answers to a form: what may be required is answered, the rest by chance."""
    drawn: dict[str, Any] = {}
    for section in form.sections:
        if section.by is not Filler.REFERRER:
            continue
        asks = tuple(item for item in section.items if isinstance(item, Ask))
        made = draw(_questions(asks))
        for item in section.items:
            if isinstance(item, Table):
                row = _questions(item.columns).filter(bool)
                most = item.at_most or item.room + 2
                made[item.key] = draw(st.lists(row, min_size=item.at_least, max_size=most))
        drawn[section.key] = made
    return _in_agreement(form, drawn)


def _in_agreement(form: Form, drawn: dict[str, Any]) -> dict[str, Any]:
    """Return answers of which those that do not agree are the example's."""
    example = form.example()
    for _ in form.agreements:
        found = check(Referral(form, drawn), LAST_DAY)
        at_odds = (
            {one.place.path for one in found if one.code == "at-odds"} if isinstance(found, tuple) else set()
        )
        for one in form.agreements:
            if one.path in at_odds:
                for path in _inputs(form, (one.path, *paths_in(one.wrong))):
                    section, _, key = path.partition(".")
                    drawn[section][key] = example[section][key]
    return drawn


def _inputs(form: Form, paths: tuple[str, ...]) -> list[str]:
    """Return the paths, and for what is worked out those that it is worked out from."""
    found = []
    for path in paths:
        computed = form.find(path).ask.computed
        found += computed.paths if computed else [path]
    return found
