"""The table of Schedule 3 with its two charts, and whether the notification requirement follows from a case."""

import csv
import datetime as dt
import json
import re
from dataclasses import replace

import pytest
from borough import run
from hypothesis import example, given
from hypothesis import strategies as st

from forms.offences import DISPOSALS, SCHEDULE_3
from pipeline.cli.sentences import read_sentence
from pipeline.protocol import schedule_3
from pipeline.protocol.notification import Column, Facts, Outcome, find_offence, notification, rows
from pipeline.protocol.schedule_3 import Period, neighbours, threshold
from pipeline.protocol.thresholds import DISPOSED

D = dt.date
FOLLOWS, DOES_NOT, DEPENDS = Outcome.FOLLOWS, Outcome.DOES_NOT, Outcome.DEPENDS

# The thresholds as they are printed, in our words.
AUTOMATIC = "automatic"
NOT_APPLICABLE = "not applicable"
CHILD = "victim under 18"
CHILD_OR_30 = "victim under 18, or 30 months in prison"
OVER_20 = "offender over 20"
OVER_20_CHILD = "offender over 20 and victim under 18"
PRISON_12 = "12 months in prison"
PRISON_OR_12 = "prison, or 12 months in the community"
CHILD_PRISON_OR_12 = "victim under 18, or prison, or 12 months in the community"

PRINTED = (
    ("usi_under_13", 1, 1, AUTOMATIC, AUTOMATIC),
    ("usi_13_to_16", 1, 2, OVER_20, NOT_APPLICABLE),
    ("incest_by_man", 1, 3, CHILD, CHILD),
    ("buggery", 1, 4, OVER_20_CHILD, NOT_APPLICABLE),
    ("indecency_between_men", 1, 5, OVER_20_CHILD, NOT_APPLICABLE),
    ("indecent_assault_on_woman", 1, 6, CHILD_OR_30, CHILD_OR_30),
    ("indecent_assault_on_man", 1, 7, CHILD_OR_30, CHILD_OR_30),
    ("indecency_with_child", 1, 8, AUTOMATIC, AUTOMATIC),
    ("prostitution_of_girl_under_16", 1, 9, AUTOMATIC, AUTOMATIC),
    ("assault_to_commit_buggery", 1, 10, CHILD, CHILD),
    ("making_indecent_photographs", 1, 11, AUTOMATIC, PRISON_12),
    ("possessing_indecent_photographs", 1, 11, AUTOMATIC, PRISON_12),
    ("importing_indecent_photographs", 1, 11, AUTOMATIC, PRISON_12),
    ("rape", 2, 1, AUTOMATIC, AUTOMATIC),
    ("rape_child_under_13", 2, 1, AUTOMATIC, AUTOMATIC),
    ("assault_by_penetration", 2, 2, AUTOMATIC, AUTOMATIC),
    ("assault_by_penetration_child", 2, 2, AUTOMATIC, AUTOMATIC),
    ("sexual_assault", 2, 3, CHILD_PRISON_OR_12, PRISON_12),
    ("sexual_activity_without_consent", 2, 4, AUTOMATIC, AUTOMATIC),
    ("sexual_activity_child_under_13", 2, 4, AUTOMATIC, AUTOMATIC),
    ("sexual_assault_child_under_13", 2, 5, AUTOMATIC, PRISON_12),
    ("child_sex_offence_by_adult", 2, 6, AUTOMATIC, NOT_APPLICABLE),
    ("child_sex_offence_by_young", 2, 7, NOT_APPLICABLE, PRISON_12),
    ("arranging_child_sex_offence", 2, 8, AUTOMATIC, PRISON_12),
    ("meeting_child_after_grooming", 2, 9, AUTOMATIC, AUTOMATIC),
    ("abuse_of_trust", 2, 10, PRISON_OR_12, PRISON_OR_12),
    ("familial_child_sex_offence", 2, 11, AUTOMATIC, PRISON_12),
    ("mental_disorder_offence", 2, 12, AUTOMATIC, AUTOMATIC),
    ("care_worker_offence", 2, 13, PRISON_OR_12, PRISON_12),
    ("paying_for_child", 2, 14, AUTOMATIC, PRISON_12),
    ("inciting_child_prostitution", 2, 15, AUTOMATIC, PRISON_12),
    ("controlling_child_prostitution", 2, 16, AUTOMATIC, PRISON_12),
    ("arranging_child_prostitution", 2, 17, AUTOMATIC, PRISON_12),
    ("administering_substance", 2, 18, AUTOMATIC, AUTOMATIC),
    ("offence_with_sexual_intent", 2, 19, CHILD_PRISON_OR_12, PRISON_12),
    ("trespass_with_sexual_intent", 2, 19, CHILD_PRISON_OR_12, PRISON_12),
    ("sex_with_adult_relative", 2, 20, PRISON_OR_12, PRISON_12),
    ("exposure", 2, 21, CHILD_PRISON_OR_12, PRISON_12),
    ("voyeurism", 2, 21, CHILD_PRISON_OR_12, PRISON_12),
    ("intercourse_with_animal", 2, 22, PRISON_OR_12, PRISON_12),
    ("penetration_of_corpse", 2, 22, PRISON_OR_12, PRISON_12),
)
BOTH_PERIODS = {"rape", "rape_child_under_13", "abuse_of_trust"}
VICTIMS = {
    "usi_under_13": 12,
    "usi_13_to_16": 14,
    "prostitution_of_girl_under_16": 15,
    "possessing_indecent_photographs": 15,
    "rape_child_under_13": 12,
    "sexual_activity_child_under_13": 12,
    "sexual_assault_child_under_13": 12,
    "paying_for_child": 15,
}
"""A victim's age that the printed row takes; 40 for the others."""

PRISON, LIFE, YOUTH = "immediate_custody", "indeterminate_custody", "youth_custody"
COMMUNITY, UNPAID = "community_order", "community_order_unpaid_work"
SHORT_OF_PRISON = (
    ("a caution", {"disposal": "caution"}, DOES_NOT),
    ("a fine", {"disposal": "fine"}, DOES_NOT),
)
IN_THE_COMMUNITY = (
    ("11 months in the community", {"disposal": COMMUNITY, "months": 11}, DOES_NOT),
    ("12 months in the community", {"disposal": COMMUNITY, "months": 12}, FOLLOWS),
    ("11 months with unpaid work", {"disposal": UNPAID, "months": 11}, DOES_NOT),
    ("12 months with unpaid work", {"disposal": UNPAID, "months": 12}, FOLLOWS),
    ("24 months of rehabilitation", {"disposal": "community_rehabilitation_order", "months": 24}, FOLLOWS),
    ("24 months of community punishment", {"disposal": "community_punishment_order", "months": 24}, DOES_NOT),
    ("punishment and rehabilitation", {"disposal": "community_punishment_rehabilitation_order", "months": 24}, DEPENDS),
    ("11 months of punishment and rehabilitation", {"disposal": "community_punishment_rehabilitation_order", "months": 11}, DOES_NOT),
    ("in the community, nobody knows how long", {"disposal": COMMUNITY}, DEPENDS),
    ("one month in prison", {"disposal": PRISON, "months": 1}, FOLLOWS),
    ("prison, nobody knows how long", {"disposal": PRISON}, FOLLOWS),
    ("a suspended sentence", {"disposal": "suspended_custody", "months": 11}, DEPENDS),
    ("a hospital order", {"disposal": "hospital_order"}, DEPENDS),
    ("a guardianship order", {"disposal": "guardianship_order"}, DEPENDS),
    ("11 months of youth rehabilitation", {"disposal": "youth_community_order", "months": 11}, DOES_NOT),
    ("12 months of youth rehabilitation", {"disposal": "youth_community_order", "months": 12}, FOLLOWS),
    ("a sentence that is not known", {}, DEPENDS),
    *SHORT_OF_PRISON,
)  # fmt: skip
TRIES = {
    AUTOMATIC: (
        ("a caution", {"disposal": "caution"}, FOLLOWS),
        ("a fine", {"disposal": "fine"}, FOLLOWS),
        ("a month in prison", {"disposal": PRISON, "months": 1}, FOLLOWS),
        ("a hospital order", {"disposal": "hospital_order"}, FOLLOWS),
        ("a sentence that is not known", {}, FOLLOWS),
        ("an absolute discharge", {"disposal": "absolute_discharge"}, DEPENDS),
        ("a reprimand", {"disposal": "reprimand_or_warning"}, DEPENDS),
        ("a finding of insanity", {"disposal": "insanity_or_disability"}, DEPENDS),
    ),
    NOT_APPLICABLE: (("life", {"disposal": LIFE}, DOES_NOT), ("a sentence that is not known", {}, DOES_NOT)),
    CHILD: (
        ("a caution, the victim 17", {"disposal": "caution", "victim_age": 17}, FOLLOWS),
        ("life, the victim 18", {"disposal": LIFE, "victim_age": 18}, DOES_NOT),
        ("a victim whose age is not known", {"disposal": LIFE, "victim_age": None}, DEPENDS),
    ),
    CHILD_OR_30: (
        ("a caution, the victim 17", {"disposal": "caution", "victim_age": 17}, FOLLOWS),
        ("29 months, the victim 17", {"disposal": PRISON, "months": 29, "victim_age": 17}, FOLLOWS),
        ("29 months, the victim 18", {"disposal": PRISON, "months": 29, "victim_age": 18}, DOES_NOT),
        ("30 months, the victim 18", {"disposal": PRISON, "months": 30, "victim_age": 18}, FOLLOWS),
        ("30 months of youth custody", {"disposal": YOUTH, "months": 30}, FOLLOWS),
        ("life", {"disposal": LIFE}, FOLLOWS),
        ("60 months in the community", {"disposal": COMMUNITY, "months": 60}, DOES_NOT),
        ("30 months suspended", {"disposal": "suspended_custody", "months": 30}, DEPENDS),
        ("29 months suspended", {"disposal": "suspended_custody", "months": 29}, DOES_NOT),
        ("prison, nobody knows how long", {"disposal": PRISON}, DEPENDS),
        ("29 months of nobody knows what", {"months": 29}, DOES_NOT),
        ("30 months of nobody knows what", {"months": 30}, DEPENDS),
        ("a victim whose age is not known, 29 months", {"disposal": PRISON, "months": 29, "victim_age": None}, DEPENDS),
        ("a victim whose age is not known, 30 months", {"disposal": PRISON, "months": 30, "victim_age": None}, FOLLOWS),
        *SHORT_OF_PRISON,
    ),
    OVER_20: (
        ("a caution at 18", {"age": 18, "disposal": "caution"}, DOES_NOT),
        ("life at 19", {"age": 19, "disposal": LIFE}, DOES_NOT),
        ("a caution at 20, which is over 20 or not", {"age": 20, "disposal": "caution"}, DEPENDS),
        ("a caution at 21", {"age": 21, "disposal": "caution"}, FOLLOWS),
    ),
    OVER_20_CHILD: (
        ("at 19, the victim 17", {"age": 19, "victim_age": 17}, DOES_NOT),
        ("at 20, the victim 17", {"age": 20, "victim_age": 17}, DEPENDS),
        ("at 21, the victim 17", {"age": 21, "victim_age": 17}, FOLLOWS),
        ("at 20, the victim 18", {"age": 20, "victim_age": 18}, DOES_NOT),
        ("at 21, the victim 18", {"age": 21, "victim_age": 18}, DOES_NOT),
        ("at 21, a victim whose age is not known", {"age": 21, "victim_age": None}, DEPENDS),
    ),
    PRISON_12: (
        ("11 months in prison", {"disposal": PRISON, "months": 11}, DOES_NOT),
        ("12 months in prison", {"disposal": PRISON, "months": 12}, FOLLOWS),
        ("11 months of youth custody", {"disposal": YOUTH, "months": 11}, DOES_NOT),
        ("12 months of youth custody", {"disposal": YOUTH, "months": 12}, FOLLOWS),
        ("life", {"disposal": LIFE}, FOLLOWS),
        ("10 months of detention and training", {"disposal": "detention_training_order", "months": 10}, DOES_NOT),
        ("12 months of detention and training", {"disposal": "detention_training_order", "months": 12}, DEPENDS),
        ("18 months of detention and training", {"disposal": "detention_training_order", "months": 18}, DEPENDS),
        ("24 months of detention and training", {"disposal": "detention_training_order", "months": 24}, FOLLOWS),
        ("60 months in the community", {"disposal": COMMUNITY, "months": 60}, DOES_NOT),
        ("a youth rehabilitation order", {"disposal": "youth_community_order", "months": 36}, DOES_NOT),
        ("prison, nobody knows how long", {"disposal": PRISON}, DEPENDS),
        ("a sentence that is not known", {}, DEPENDS),
        ("another sentence of 12 months", {"disposal": "other", "months": 12}, DEPENDS),
        ("another sentence of 11 months", {"disposal": "other", "months": 11}, DOES_NOT),
        *SHORT_OF_PRISON,
    ),
    PRISON_OR_12: (*IN_THE_COMMUNITY, ("a caution, the victim 17", {"disposal": "caution", "victim_age": 17}, DOES_NOT)),
    CHILD_PRISON_OR_12: (
        *IN_THE_COMMUNITY,
        ("a caution, the victim 17", {"disposal": "caution", "victim_age": 17}, FOLLOWS),
        ("a caution, the victim 18", {"disposal": "caution", "victim_age": 18}, DOES_NOT),
        ("a caution, a victim whose age is not known", {"disposal": "caution", "victim_age": None}, DEPENDS),
        ("one month in prison, a victim whose age is not known", {"disposal": PRISON, "months": 1, "victim_age": None}, FOLLOWS),
    ),
}  # fmt: skip
"""A sentence, what is different from `facts`, and the answer; no row asks for more than its threshold says."""


def facts(offence, **changes):
    """An offence of the row's own time, convicted since, with a victim that the row takes and an offender of 34."""
    committed = D(2002, 6, 1) if rows()[offence].chart == 1 else D(2006, 6, 1)
    known = {
        "committed": committed,
        "convicted": D(2007, 1, 15),
        "age": 34,
        "victim_age": VICTIMS.get(offence, 40),
    }
    return Facts(offence, **(known | changes))  # fmt: skip


every_row = pytest.mark.parametrize("key", [one[0] for one in PRINTED])
CASES = [
    pytest.param(facts(key, **({"age": age} | changes)), outcome, id=f"{key}, {whose}: {sentence}")
    for key, _, _, adult, young in PRINTED
    for whose, age, printed in (("adult", 34, adult), ("young", 17, young))
    for sentence, changes, outcome in TRIES[printed]
    if changes.get("victim_age", 0) is not None or rows()[key].victim is None
]


@pytest.mark.parametrize(("known", "outcome"), CASES)
def test_every_threshold_of_both_charts(known, outcome):
    """Each threshold is met on one side of its boundary and not on the other, and what is open is said to be."""
    answer = notification(known)
    assert answer.outcome is outcome, answer.why
    assert bool(answer.missing) == (outcome is DEPENDS)


def test_rows_are_those_that_are_printed():
    """The file has each printed row of both charts, in order, with the printed number."""
    assert [(row.key, row.chart, row.number) for row in rows().values()] == [one[:3] for one in PRINTED]
    for chart, count in ((1, 11), (2, 22)):
        numbers = [row.number for row in rows().values() if row.chart == chart]
        assert sorted(set(numbers)) == list(range(1, count + 1))
        assert numbers == sorted(numbers)


def test_offences_of_forms_are_the_rows_of_the_table():
    """A form offers each offence of the table and no other, in its order and by its name, Act and section."""
    assert [(row.key, row.label) for row in rows().values()] == [tuple(one) for one in SCHEDULE_3]
    assert len({one.label for one in SCHEDULE_3}) == len(SCHEDULE_3)
    assert max(len(one.label) for one in SCHEDULE_3) <= 90


def test_disposals_of_forms_are_those_that_are_weighed():
    """Each sentence or disposal that a form offers is taken for something, and no other is."""
    assert list(DISPOSED) == [one.key for one in DISPOSALS]
    assert len({one.label for one in DISPOSALS}) == len(DISPOSALS)


@every_row
def test_age_of_18_parts_the_two_columns(key):
    """An offender of 17 goes by the column of the young, one of 18 by that of adults, and one of no known age by both."""
    assert notification(facts(key, age=17)).column is Column.YOUNG
    assert notification(facts(key, age=18)).column is Column.ADULT
    alike = rows()[key].adult == rows()[key].young
    assert notification(facts(key, age=None)).column is (Column.ANY if alike else None)


@every_row
def test_age_that_is_not_known_is_missed_where_it_matters(key):
    """Without the offender's age an answer is given only if it is that of both columns."""
    for disposal, months in ((PRISON, 11), (PRISON, 12), ("caution", None), (LIFE, None)):
        given = {"disposal": disposal, "months": months}
        both = {notification(facts(key, age=age, **given)).outcome for age in (17, 40)}
        answer = notification(facts(key, age=None, **given))
        if len(both) == 1:
            assert {answer.outcome} == both
        else:
            assert answer.outcome is DEPENDS
            assert "the offender's age at the offence" in answer.missing


def test_what_is_missing_is_named_once_and_exactly():
    """What would have to be known is said, each thing once."""
    assert notification(facts("exposure", victim_age=None)).missing == (
        "the victim's age",
        "the kind of sentence or disposal",
        "the length of the sentence",
    )
    assert notification(facts("exposure", disposal=COMMUNITY)).missing == ("the length of the sentence",)
    assert notification(facts("usi_13_to_16", age=None)).missing == ("the offender's age at the offence",)


# Where nothing in the law of the time before corresponds to an offence of chart 2, in our judgement.
NEW = {
    "arranging_child_sex_offence", "meeting_child_after_grooming", "administering_substance",
    "trespass_with_sexual_intent", "exposure", "voyeurism", "penetration_of_corpse",
}  # fmt: skip
PHOTOGRAPHS = {
    "making_indecent_photographs",
    "possessing_indecent_photographs",
    "importing_indecent_photographs",
}


@every_row
@pytest.mark.parametrize("known_by", ["committed", "convicted"])
def test_day_before_may_2004_goes_by_chart_1(key, known_by):
    """On 30 April 2004 chart 1 holds, with the rows of chart 2 that cover earlier offences; others send one there."""
    days = {"committed": None, "convicted": None, known_by: D(2004, 4, 30)}
    answer = notification(facts(key, **days, disposal=LIFE))
    if rows()[key].chart == 1 or key in BOTH_PERIODS:
        assert answer.column
        assert not answer.see
    elif key in NEW:
        assert answer.outcome is DOES_NOT
        assert "chart 1, which has no row" in answer.why
    else:
        assert answer.outcome is DEPENDS
        assert {row.chart for row in answer.see} == {1}
        assert answer.missing == ("which offence it was by the law before 1 May 2004",)


@every_row
def test_day_of_may_2004_goes_by_chart_2(key):
    """On 1 May 2004 chart 2 holds; a row of chart 1 sends one there, or to the Act where chart 2 has nothing."""
    answer = notification(facts(key, committed=D(2004, 5, 1), disposal=LIFE))
    if rows()[key].chart == 2:
        assert answer.column
        assert "which offence" not in str(answer.missing)
    else:
        assert answer.outcome is DEPENDS
        assert {row.chart for row in answer.see} == (set() if key in PHOTOGRAPHS else {2})
        assert ("Schedule 3 itself" in str(answer.missing)) == (key in PHOTOGRAPHS)


def test_an_offence_of_no_known_day_is_taken_for_one_of_its_rows_time():
    """A conviction long after says nothing of when the offence was: a row of chart 1 holds without its day."""
    answer = notification(facts("indecency_with_child", committed=None, convicted=D(2026, 1, 1)))
    assert answer.outcome is FOLLOWS


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        pytest.param({"convicted": D(1997, 8, 31)}, DEPENDS, id="convicted the day before, perhaps serving"),
        pytest.param({"convicted": D(1997, 9, 1)}, FOLLOWS, id="convicted on the day"),
        pytest.param({"convicted": D(1997, 8, 31), "disposal": "caution"}, DOES_NOT, id="cautioned the day before"),
        pytest.param({"convicted": D(1997, 9, 1), "disposal": "caution"}, FOLLOWS, id="cautioned on the day"),
        pytest.param({"convicted": None, "sentenced": D(1997, 8, 31)}, DEPENDS, id="sentenced the day before"),
        pytest.param({"convicted": None, "sentenced": D(1997, 9, 1)}, DEPENDS, id="sentenced on the day, convicted perhaps earlier"),
        pytest.param({"convicted": None}, DEPENDS, id="an old offence, nobody knows when convicted"),
        pytest.param({"convicted": None, "committed": None}, DEPENDS, id="nothing known of days"),
        pytest.param({"convicted": None, "committed": D(1997, 8, 31)}, DEPENDS, id="committed the day before"),
        pytest.param({"convicted": None, "committed": D(1997, 9, 1)}, FOLLOWS, id="committed on the day"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["indecency_with_child", "rape"])
def test_only_what_came_since_september_1997_counts(key, known, outcome):
    """A conviction or caution counts from 1 September 1997, an earlier one if its sentence was being served (section 3)."""
    assert notification(facts(key, **({"committed": D(1990, 1, 1)} | known))).outcome is outcome


def test_what_no_threshold_takes_in_is_not_asked_when():
    """Where the threshold is not met, nobody needs to know the day of conviction."""
    known = facts("incest_by_man", committed=D(1990, 1, 1), convicted=None, victim_age=18)
    assert notification(known).outcome is DOES_NOT


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        pytest.param({"sentenced": D(2005, 4, 3)}, DOES_NOT, id="made the day before"),
        pytest.param({"sentenced": D(2005, 4, 4)}, FOLLOWS, id="made on the day"),
        pytest.param({"convicted": D(2005, 4, 3)}, DEPENDS, id="convicted the day before, made perhaps later"),
        pytest.param({"convicted": D(2005, 4, 4)}, FOLLOWS, id="convicted on the day"),
        pytest.param({"committed": D(2005, 4, 3)}, DEPENDS, id="committed the day before"),
        pytest.param({"committed": D(2005, 4, 4)}, FOLLOWS, id="committed on the day"),
        pytest.param({"sentenced": D(2005, 4, 3), "disposal": COMMUNITY}, FOLLOWS, id="an order without unpaid work"),
        pytest.param({"convicted": D(2005, 4, 3), "months": 11}, DOES_NOT, id="shorter than 12 months"),
    ],
)  # fmt: skip
def test_unpaid_work_counts_since_april_2005(known, outcome):
    """A community order with unpaid work is a community sentence from 4 April 2005 (footnote to chart 2)."""
    days = {"committed": D(2004, 6, 1), "convicted": None}
    given = days | {"disposal": UNPAID, "months": 12} | known
    assert notification(facts("exposure", **given)).outcome is outcome


def test_community_punishment_is_told_apart():
    """Where an order does not count as a community sentence, that is said."""
    given = {"disposal": "community_punishment_order", "months": 24}
    assert "no community sentence" in notification(facts("exposure", **given)).why
    assert "no community sentence" not in notification(facts("exposure", age=17, **given)).why


@every_row
def test_conditional_discharge_is_a_conviction_in_chart_1(key):
    """A conditional discharge counts as a conviction within chart 1; of chart 2 that is not written."""
    given = {"age": 34, "disposal": "conditional_discharge", "victim_age": VICTIMS.get(key, 17)}
    met = notification(facts(key, **{**given, "disposal": "caution"})).outcome
    answer = notification(facts(key, **given))
    assert answer.outcome is (met if met is DOES_NOT or rows()[key].chart == 1 else DEPENDS)


@pytest.mark.parametrize(
    ("key", "inside", "outside", "outcome", "see"),
    [
        ("usi_under_13", 12, 13, DEPENDS, ["usi_13_to_16"]),
        ("usi_13_to_16", 13, 12, DEPENDS, ["usi_under_13"]),
        ("usi_13_to_16", 16, 17, DOES_NOT, []),
        ("prostitution_of_girl_under_16", 15, 16, DOES_NOT, []),
        ("possessing_indecent_photographs", 15, 16, DOES_NOT, []),
        ("rape_child_under_13", 12, 13, DEPENDS, ["rape"]),
        ("sexual_activity_child_under_13", 12, 13, DEPENDS, ["sexual_activity_without_consent"]),
        ("sexual_assault_child_under_13", 12, 13, DEPENDS, ["sexual_assault"]),
        ("paying_for_child", 15, 16, DOES_NOT, []),
    ],
)
def test_age_of_victim_that_a_row_names(key, inside, outside, outcome, see):
    """A row that names ages of victims holds for them alone; for others one is sent to the row that may hold."""
    assert notification(facts(key, victim_age=inside)).outcome is FOLLOWS
    answer = notification(facts(key, victim_age=outside))
    assert answer.outcome is outcome
    assert [row.key for row in answer.see] == see
    assert notification(facts(key, victim_age=None)).outcome is FOLLOWS


def test_row_for_another_age_is_named():
    """Where a row is not for the young, or not for adults, that which is for them is named."""
    answer = notification(facts("child_sex_offence_by_adult", age=17))
    assert [row.key for row in answer.see] == ["child_sex_offence_by_young"]
    answer = notification(facts("child_sex_offence_by_young", age=18))
    assert [row.key for row in answer.see] == ["child_sex_offence_by_adult"]
    for key in ("buggery", "usi_13_to_16"):
        assert not notification(facts(key, age=17)).see


def test_days_that_contradict_each_other_decide_nothing():
    """A conviction before the offence, or a sentence before the conviction, is asked about."""
    for days in ({"convicted": D(2006, 5, 31)}, {"sentenced": D(2007, 1, 14)}):
        answer = notification(facts("rape", **days))
        assert answer.outcome is DEPENDS
        assert answer.missing == ("which of the days is right",)
    same = D(2006, 6, 1)
    assert notification(facts("rape", committed=same, convicted=same, sentenced=same)).outcome is FOLLOWS


@pytest.mark.parametrize("changes", [{"age": -1}, {"victim_age": -1}, {"months": -1}], ids=str)
def test_less_than_nothing_is_a_programmers_mistake(changes):
    """A negative age or length is refused."""
    with pytest.raises(ValueError, match="less than 0"):
        notification(facts("rape", **changes))


def test_what_is_in_no_list_is_a_programmers_mistake():
    """An offence or disposal without a key of its list is refused."""
    with pytest.raises(KeyError):
        notification(Facts("jaywalking"))
    with pytest.raises(KeyError):
        notification(facts("rape", disposal="pillory"))


DAYS = st.none() | st.dates(D(1990, 1, 1), D(2010, 1, 1))
AGES = st.none() | st.integers(10, 25)
ANY_FACTS = st.builds(
    Facts,
    offence=st.sampled_from([one[0] for one in PRINTED]),
    committed=DAYS,
    age=AGES,
    victim_age=AGES,
    disposal=st.none() | st.sampled_from([one.key for one in DISPOSALS]),
    months=st.none() | st.integers(0, 40),
    convicted=DAYS,
    sentenced=DAYS,
)


@given(ANY_FACTS.filter(lambda known: known.months is not None), st.integers(0, 40))
def test_a_longer_sentence_never_takes_the_requirement_away(known, more):
    """With a longer sentence of the same kind "would follow" stays, and "depends" never becomes "would not follow"."""
    rank = [DOES_NOT, DEPENDS, FOLLOWS]
    shorter = notification(known).outcome
    longer = notification(replace(known, months=known.months + more)).outcome
    assert rank.index(longer) >= rank.index(shorter)


@given(ANY_FACTS, st.sampled_from(["age", "victim_age", "disposal", "months", "convicted", "sentenced"]))
@example(Facts("rape", disposal=LIFE, convicted=D(2000, 1, 1)), "age")
def test_what_is_learnt_later_never_turns_an_answer_round(known, forgotten):
    """An answer given without something known is not the opposite of the answer with it."""
    before, after = notification(replace(known, **{forgotten: None})), notification(known)
    if DEPENDS not in {before.outcome, after.outcome} and after.column and before.column:
        assert before.outcome is after.outcome


@given(ANY_FACTS)
def test_every_answer_is_whole(known):
    """Whatever is known, the answer says why, what is missing if it depends, and where it is printed."""
    answer = notification(known)
    assert re.fullmatch(r"[A-Z].*\.", answer.why)
    assert bool(answer.missing) == (answer.outcome is DEPENDS)
    assert len(set(answer.missing)) == len(answer.missing)
    assert str(answer.row.citation).endswith(f"appendix I, chart {answer.row.chart}, row {answer.row.number}")


@given(ANY_FACTS, st.integers(50, 99), st.integers(50, 99), st.integers(50, 99))
def test_no_answer_tells_what_was_given(known, age, victim_age, months):
    """The words of an answer hold no age, length or day that was given about a person."""
    answer = notification(replace(known, age=age, victim_age=victim_age, months=months))
    words = " ".join((answer.why, answer.threshold, *answer.missing))
    numbers = set(re.findall(r"\d+", words))
    assert numbers <= {"1", "2", "3", "4", "12", "16", "18", "20", "30", "1997", "2004", "2005"}
    assert "age=" not in repr(known)


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("always", 1),
        ("never", 0),
        ("victim under 18", 1),
        ("offender over 20", 1),
        ("offender over 20 and victim under 18", 1),
        ("prison 12 months", 1),
        ("prison or community 12 months", 2),
        ("victim under 18 or prison 30 months", 2),
        ("victim under 18 or prison or community 12 months", 3),
    ],
)
def test_threshold_is_read(text, ways):
    """A threshold is written in few words, joined by "and" and "or"."""
    read = threshold(text)
    assert len(read.ways) == ways
    assert read.text == text
    assert read.words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Always",
        "always or never",
        "never and prison",
        "victim",
        "victim under",
        "victim under eighteen",
        "victim under 018",
        "victim over 18",
        "offender under 18",
        "offender over 200",
        "prison 12",
        "prison 12 month",
        "prison 12 months ",
        "prison  12 months",
        "community",
        "community 12",
        "prison, community 12 months",
        "prison or",
        "victim under 18 or prison 12 months or fine",
    ],
)
def test_threshold_in_other_words_is_refused(text):
    """What is not in the vocabulary is no threshold."""
    with pytest.raises(ValueError, match=r"schedule_3\.csv"):
        threshold(text)


SOUND = {
    "key": "rape", "chart": "2", "row": "1", "offence": "Rape", "provision": "SOA 2003 s. 1", "committed": "any day",
    "victim": "", "adult": "always", "young": "always", "see": "", "known_as": "",
}  # fmt: skip


def load(tmp_path, monkeypatch, *cells):
    table = tmp_path / "schedule_3.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([SOUND.keys(), *cells])
    monkeypatch.setattr(schedule_3, "_TABLE", table)
    return rows.__wrapped__()


@pytest.mark.parametrize(
    "changes",
    [
        {"key": ""},
        {"key": "Rape of"},
        {"chart": "3"},
        {"chart": ""},
        {"row": "one"},
        {"offence": ""},
        {"provision": "section 1"},
        {"provision": "SOA 1066 s. 1"},
        {"provision": "SOA 2003 s. 9–12"},
        {"provision": ""},
        {"committed": "2004"},
        {"victim": "child"},
        {"victim": "over 18"},
        {"adult": "sometimes"},
        {"young": ""},
        {"see": "arson"},
    ],
    ids=str,
)
def test_a_faulty_row_is_refused(changes, tmp_path, monkeypatch):
    """A row that is not sound stops the program rather than giving a wrong answer."""
    assert load(tmp_path, monkeypatch, SOUND.values())
    with pytest.raises(ValueError, match=r"schedule_3\.csv|invalid literal|not a valid Period"):
        load(tmp_path, monkeypatch, (SOUND | changes).values())


def test_a_row_that_stands_twice_or_lacks_a_cell_is_refused(tmp_path, monkeypatch):
    """Two rows of one key, or a row with too few or too many cells, stop the program."""
    sound = list(SOUND.values())
    for cells in ([sound, sound], [sound[:-1]], [[*sound, "more"]]):
        with pytest.raises(ValueError, match=r"schedule_3\.csv"):
            load(tmp_path, monkeypatch, *cells)


def test_other_rows_to_see_hold_in_both_directions():
    """Each row to look at sends one back."""
    for row in rows().values():
        assert row not in neighbours(row)
        for other in neighbours(row):
            assert row in neighbours(other)


def test_periods_are_those_of_the_charts():
    """Chart 1 is for what came before 1 May 2004, chart 2 for what came since, and two printed rows of it for both."""
    both = {row.key for row in rows().values() if row.committed is Period.ANY}
    assert both == BOTH_PERIODS
    for row in rows().values():
        assert row.key in both or (row.committed is Period.BEFORE) == (row.chart == 1)


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("rape", ["rape"]),
        ("Rape", ["rape"]),
        ("rape of a child", ["rape_child_under_13"]),
        ("sexual assault", ["sexual_assault"]),
        ("Sexual assault (SOA 2003 s. 3)", ["sexual_assault"]),
        ("sexual_assault_child_under_13", ["sexual_assault_child_under_13"]),
        ("sexual assault child", ["sexual_assault_child_under_13"]),
        ("section 3", ["sexual_assault"]),
        ("s.3", ["sexual_assault"]),
        ("3", ["sexual_assault"]),
        ("s 10 SOA 2003", ["child_sex_offence_by_adult"]),
        ("s. 9-12", ["child_sex_offence_by_adult"]),
        ("13 SOA 1956", ["indecency_between_men"]),
        ("10 soa 56", ["incest_by_man"]),
        ("section 14 of the Sexual Offences Act 1956", ["indecent_assault_on_woman"]),
        ("Sexual Offences Act 2003, section 14", ["arranging_child_sex_offence"]),
        ("14", ["indecent_assault_on_woman", "arranging_child_sex_offence"]),
        ("section 13", ["indecency_between_men", "child_sex_offence_by_young"]),
        ("section 1 of the Protection of Children Act", ["making_indecent_photographs"]),
        ("160", ["possessing_indecent_photographs"]),
        ("exposing", ["exposure"]),
        ("grooming", ["meeting_child_after_grooming"]),
        ("animals", ["intercourse_with_animal"]),
        ("gross indecency with a child", ["indecency_with_child"]),
        ("sexual activity with a child", ["child_sex_offence_by_adult", "child_sex_offence_by_young"]),
        ("indecent photographs of children", sorted(PHOTOGRAPHS)),
        ("unlawful sexual intercourse", ["usi_under_13", "usi_13_to_16"]),
        ("section 99", []),
        ("section 3 of the Theft Act", []),
        ("burglary", []),
        ("of the", []),
        ("", []),
    ],
)
def test_offence_is_found_as_people_name_it(said, keys):
    """An offence is found by key, name, section or words; a whole name is not that of a longer one."""
    assert sorted(row.key for row in find_offence(said)) == sorted(keys)


@every_row
def test_every_offence_is_found_by_its_names(key):
    """Each offence can be named so that no other is meant: by key, by name, and as a form has it."""
    row = rows()[key]
    for said in (row.key, row.offence, row.label, row.label.upper()):
        assert find_offence(said) == [row]
    for act, first, last in row.provisions:
        assert row in find_offence(f"section {first} {act}")
        assert row in find_offence(f"{act} s. {last}")


@given(st.text(st.sampled_from("sexual assault section 3 of the act 2003 -.,'19()"), max_size=60))
def test_any_words_may_be_looked_for(said):
    """Whatever somebody writes, looking for it ends, and gives rows or none."""
    assert all(row in rows().values() for row in find_offence(said))


@pytest.mark.parametrize(
    ("text", "disposal", "months"),
    [
        ("12 months", None, 12),
        ("2 years", None, 24),
        ("30 months' imprisonment", PRISON, 30),
        ("30 months’ imprisonment", PRISON, 30),
        ("imprisonment, 2 years 6 months", PRISON, 30),
        ("two years and six months in prison", PRISON, 30),
        ("twenty-four months' custody", PRISON, 24),
        ("sentenced to eighteen months in custody", PRISON, 18),
        ("extended sentence of imprisonment, 6 years", PRISON, 72),
        ("18 weeks' custody", PRISON, 4),
        ("52 weeks' custody", PRISON, 11),
        ("365 days' custody", PRISON, 12),
        ("prison", PRISON, None),
        ("life imprisonment", LIFE, None),
        ("detention for public protection", LIFE, None),
        ("IPP", LIFE, None),
        ("12 months' imprisonment suspended for 2 years", "suspended_custody", 12),
        ("suspended sentence, 9 months", "suspended_custody", 9),
        ("suspended for two years", "suspended_custody", None),
        ("18 months in a young offender institution", YOUTH, 18),
        ("12 months' detention", YOUTH, 12),
        ("detention and training order, 12 months", "detention_training_order", 12),
        ("DTO 4 months", "detention_training_order", 4),
        ("community order, 18 months", COMMUNITY, 18),
        ("18-month community order", COMMUNITY, 18),
        ("Community Order 1 year", COMMUNITY, 12),
        ("community order with unpaid work, 12 months", UNPAID, 12),
        ("community order of 12 months with 120 hours of unpaid work", UNPAID, 12),
        ("community punishment order, 120 hours", "community_punishment_order", None),
        ("community service", "community_punishment_order", None),
        ("community rehabilitation order for 2 years", "community_rehabilitation_order", 24),
        ("probation, 2 years", "community_rehabilitation_order", 24),
        ("community punishment and rehabilitation order, 12 months", "community_punishment_rehabilitation_order", 12),
        ("youth rehabilitation order, 12 months", "youth_community_order", 12),
        ("hospital order", "hospital_order", None),
        ("guardianship order", "guardianship_order", None),
        ("not guilty by reason of insanity", "insanity_or_disability", None),
        ("conditional discharge", "conditional_discharge", None),
        ("conditional discharge, 12 months", "conditional_discharge", 12),
        ("conditionally discharged for 2 years", "conditional_discharge", 24),
        ("absolute discharge", "absolute_discharge", None),
        ("fine", "fine", None),
        ("fined £1,000", "fine", None),
        ("caution", "caution", None),
        ("Cautioned", "caution", None),
        ("final warning", "reprimand_or_warning", None),
        ("community_order_unpaid_work", UNPAID, None),
    ],
)  # fmt: skip
def test_sentence_is_read_as_people_write_it(text, disposal, months):
    """The kind of a sentence and its length are read; a length alone leaves the kind open."""
    assert read_sentence(text) == (disposal, months)


@pytest.mark.parametrize("choice", DISPOSALS, ids=[one.key for one in DISPOSALS])
def test_sentence_is_read_as_forms_have_it(choice):
    """Each label and key of the list is read as what it is."""
    for text in (choice.label, choice.key, choice.key.replace("_", " ").upper()):
        assert read_sentence(text) == (choice.key, None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cannot be read"),
        ("pillory", "cannot be read"),
        ("to the", "cannot be read"),
        ("12", "cannot be read"),
        ("1.5 years", "cannot be read"),
        ("2 1/2 years", "cannot be read"),
        ("two and a half years", "cannot be read"),
        ("12-18 months", "cannot be read"),
        ("no custody", "cannot be read"),
        ("12 months imprisonment, quashed on appeal", "cannot be read"),
        ("120 hours", "cannot be read"),
        ("prison 12 months and a fine", "more than one kind"),
        ("caution or fine", "more than one kind"),
        ("prison 12 months and 6 months", "more than one length"),
        ("prison 12 months, 2 years", "more than one length"),
    ],
)
def test_sentence_that_says_something_else_is_refused(text, told):
    """What cannot be read for sure is not guessed, and is not repeated."""
    with pytest.raises(ValueError, match=told) as refused:
        read_sentence(text)
    assert "pillory" not in str(refused.value)


ASKED = ("explain", "notification")


def test_command_says_whether_it_would_follow_and_by_which_row():
    """The answer has the outcome, the row, the threshold, why, the source, and what it is not."""
    told = run(*ASKED, "--offence", "sexual assault", "--age", 34, "--sentence", "community order, 18 months")
    assert told.exit_code == 0
    lines = [line.partition("  ")[::2] for line in told.stdout.splitlines()]
    said = {name: rest.strip() for name, rest in lines}
    assert said["Notification"] == "would follow"
    assert said["Row"] == "chart 2, row 3"
    assert said["Threshold"].startswith("adult (18 or over): a victim under 18, or ")
    assert said["Why"] == "The threshold is met: a community sentence of 12 months or more."
    assert said["Assumed"] == "committed from 1 May 2004"
    assert said["Source"] == (
        "Thames Valley MAPPA local working requirements 2008: appendix I, chart 2, row 3; section 3, category 1"
    )
    assert "not legal advice" in said["Note"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--sentence", "11 months community order", "--victim-age", "18"], "would not follow"),
        (["--sentence", "11 months community order", "--victim-age", "17"], "would follow"),
        (["--sentence", "11 months community order"], "depends on the victim's age"),
        (["--sentence", "3 months"], "depends on the victim's age; the kind of sentence or disposal"),
        (
            ["--committed", "2004-04-30", "--sentence", "prison"],
            "depends on which offence it was by the law before 1 May 2004",
        ),
        (["--convicted", "2004-05-01", "--sentence", "prison"], "would follow"),
        (
            ["--sentence", "12 months unpaid work", "--sentenced", "2005-04-03", "--victim-age", "18"],
            "would not follow",
        ),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_every_option_of_the_command_counts(args, told):
    """Sentence, victim's age and days each decide what they decide."""
    said = run(*ASKED, "--offence", "sexual assault", "--age", 34, *args)
    assert said.exit_code == 0
    assert said.stdout.splitlines()[0] == f"Notification  {told}"


def test_command_names_the_rows_to_look_at():
    """Where a row does not hold, the rows to look at are named with chart, row and offence."""
    said = run(*ASKED, "--offence", "sexual assault", "--committed", "2004-04-30").stdout
    assert "chart 1, row 6, Indecent assault on a woman (SOA 1956 s. 14)" in said
    assert "Assumed" not in said


def test_command_answers_programs():
    """In JSON the outcome is one of three, with what is missing as a list."""
    told = json.loads(run(*ASKED, "--offence", "exposure", "--age", 34, "--json").stdout)
    assert told["notification"] == "depends"
    assert told["key"] == "exposure"
    assert told["missing"][0] == "the victim's age"


def test_command_lists_every_row():
    """Without an offence the whole table is printed, with what each Act is called."""
    said = " ".join(run(*ASKED).stdout.split())
    assert "Sexual Offences Act 2003" in said
    assert said.count("SOA 1956 s.") + said.count("SOA 1956") > 8
    listed = json.loads(run(*ASKED, "--json").stdout)
    assert [(one["key"], int(one["chart"]), int(one["row"])) for one in listed] == [one[:3] for one in PRINTED]
    assert listed[5] == {
        "key": "indecent_assault_on_woman",
        "chart": "1",
        "row": "6",
        "offence": "Indecent assault on a woman (SOA 1956 s. 14)",
        "adult": "victim under 18 or prison 30 months",
        "young": "victim under 18 or prison 30 months",
    }


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["explain", "notification", "--age", "34"], "The offence is missing."),
        (["explain", "notification", "--offence", "burglary"], "No offence of the table is called so."),
        (["explain", "notification", "--offence", "indecent assault"], "indecent_assault_on_man "),
        (["explain", "notification", "--offence", "rape", "--sentence", "pillory"], "conditional discharge"),
        (["explain", "notification", "--offence", "rape", "--committed", "30/4/2004"], "write a day like"),
        (["explain", "notification", "--offence", "rape", "--age", "old"], "--age"),
        (["explain", "notification", "--offence", "rape", "--age", "-1"], "--age"),
        (["explain", "SHARE-11", "--age", "34"], "--age is only for"),
        (["explain", "--victim-age", "3", "--age", "34"], "--victim-age, --age are only for"),
        (["explain", "need-to-know", "--offence", "rape"], "sealpack explain notification --offence"),
    ],
    ids=lambda one: " ".join(one[1:]) if isinstance(one, list) else "",
)
def test_what_the_command_cannot_take_is_wrong_use(args, told):
    """What is missing, unreadable, not exact or out of place gives status 2, and what to write."""
    result = run(*args)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""
    assert "pillory" not in result.stderr
