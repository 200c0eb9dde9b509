"""Every rule: in the list, cited, documented, and tried on both sides of its boundary."""

import csv
import datetime as dt
import importlib
from pathlib import Path

import pytest

from pipeline.protocol.rule import Citation, Effect, On, Source, rule
from pipeline.protocol.rulebook import RULES
from tests.rules import Try

HERE = Path(__file__).parent
with (HERE / "data" / "rules.csv").open(encoding="utf-8", newline="") as file:
    LISTED = {row["id"]: row for row in csv.DictReader(file)}
every_rule = pytest.mark.parametrize("one", RULES.values(), ids=list(RULES))


def tried() -> list[Try]:
    """Every case of every module of tests of a subject."""
    modules = [importlib.import_module(f"tests.{path.stem}") for path in HERE.glob("test_protocol_*.py")]
    return [case for module in modules for case in getattr(module, "tries", [])]


def test_subjects_hold_the_rules_of_the_list_and_no_others():
    """The rules that are carried out are those of tests/data/rules.csv: a new one is entered in both."""
    assert RULES.keys() == LISTED.keys()


@every_rule
def test_rule_is_as_listed(one):
    """Effect, sources, and whether somebody may set it aside are as the protocols have them."""
    listed = LISTED[one.id]
    assert " ".join(one.effects) == listed["effect"]
    assert one.open_to_decision is (listed["decision"] == "open")
    assert {citation.source.name.lower() for citation in one.citations} == set(listed["sources"].split())


@every_rule
def test_rule_tells_what_it_is(one):
    """A rule has a label of one line, a docstring, a day from which it holds, and says where each source has it."""
    assert one.label
    assert "\n" not in one.label
    assert one.carried_out.__doc__
    assert one.since <= dt.date(2026, 12, 1)
    assert all(citation.where and str(citation).startswith(citation.source) for citation in one.citations)


@every_rule
def test_rule_holds_from_its_earliest_source_or_later(one):
    """No rule holds before somebody had written it down."""
    assert one.since >= min(citation.source.day for citation in one.citations)


@every_rule
def test_history_begins_with_the_earliest_source_and_tells_every_step(one):
    """A rule's history is in order, begins with its earliest source, and has each of its sources and changes once."""
    earliest = min({citation.source for citation in one.citations}, key=lambda source: source.day)
    days = [day for day, _ in one.history]
    assert days == sorted(days)
    first_day, first = one.history[0]
    assert first_day == earliest.day
    assert first.startswith(f"{earliest}: ")
    assert len(one.history) == len({citation.source for citation in one.citations}) + len(one.changes)
    assert set(one.changes) <= set(one.history)


@every_rule
def test_where_each_source_has_it_stands_in_the_history(one):
    """The history says where each source has the rule, as its citations do."""
    for citation in one.citations:
        (told,) = [what for day, what in one.history if what.startswith(f"{citation.source}: ")]
        assert citation.where in told


def test_history_of_a_rule_of_two_sources_and_a_change():
    """MARK-3 came with Thames Valley's paper and Bromley's, met a new scheme of marking, and stands in West Midlands' memorandum."""
    told = [(day.isoformat(), what.split(" ")[0]) for day, what in RULES["MARK-3"].history]
    assert told == [
        ("2008-05-01", "Thames"), ("2010-04-01", "Bromley"), ("2014-04-02", "The"), ("2015-08-01", "West"),
    ]  # fmt: skip


@every_rule
def test_rule_is_tried_on_both_sides(one):
    """At least one case shows a rule biting, and one shows it letting pass."""
    sides = {case.bites for case in tried() if case.rule == one.id}
    assert sides == {True, False}


def test_no_sentence_is_said_twice_of_a_rule():
    """Each case of a rule has a sentence of its own."""
    said = [(case.rule, case.says) for case in tried()]
    assert sorted(said) == sorted(set(said))


@every_rule
def test_only_what_stops_something_is_open_to_a_decision(one):
    """A decision sets aside a refusal, a withholding or an anonymous case: the rest has nothing to set aside."""
    if one.open_to_decision:
        assert {Effect.REFUSE, Effect.WITHHOLD, Effect.REDUCE} & set(one.effects)
        assert one.on is not On.PAPERS


@pytest.mark.parametrize("effect", Effect)
def test_every_effect_says_what_it_means(effect):
    """What a rule does when it bites is told in a sentence."""
    assert effect.means[0].isupper()
    assert effect.means.endswith(".")


def test_two_rules_of_one_id_are_a_programmers_mistake():
    """A rule is never overwritten by another of its id."""
    with pytest.raises(ValueError, match="two rules called MARK-1"):
        rule("MARK-1", "Again", Effect.WARN, On.CASE, Citation(Source.CJA, "anywhere"))(lambda _: None)
