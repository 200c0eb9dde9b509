"""Reviews and quorum: TIME-6 and TIME-7."""

import dataclasses
import datetime as dt

import pytest

from forms import asb, dyo, iom, mappa_a, mappa_f, mappa_h, mappa_i
from pipeline.protocol import reviews
from tests.rules import MEETING_DAY, Tries, about_case, meeting, settings

tries = Tries()
D = dt.date
IN_TIME = D(2026, 11, 27)
WEEK, ONE = dt.timedelta(weeks=1), dt.timedelta(days=1)
LEVEL = {
    mappa_a.FORM: "meeting.level",
    mappa_h.FORM: "category.level",
    mappa_i.FORM: mappa_i.FORM.telling("mappa.level").path,
}


def reviewed(last, level="level_two", form=mappa_a.FORM, decided=None, *, check=False, **meets):
    """A case that was before the panel on a day, and comes back on 8 December 2026."""
    case = {"reference": "MAPPA-2026-4417", "file": "one.xlsx", "last_review": last, "check": check}
    said = {LEVEL[form]: level} if form in LEVEL else {}
    made = about_case({"referrer.date": "2026-11-20"} | said, form=form, case=[case], **meets)
    if decided is None:
        return made
    answers = made.checked.answers
    part = answers.decision.model_copy(update={"level": decided})
    found = dataclasses.replace(made.checked, answers=answers.model_copy(update={"decision": part}))
    return dataclasses.replace(made, checked=found)


for level, furthest in (
    ("level_one", D(2025, 12, 8)),
    ("level_two", MEETING_DAY - 8 * WEEK),
    ("level_three", MEETING_DAY - 6 * WEEK),
):
    tries.passes("TIME-6", f"{level} as long ago as may be", reviewed(furthest, level))
    tries.bites("TIME-6", f"{level} a day longer ago", reviewed(furthest - ONE, level))
tries.passes("TIME-6", "never reviewed before", reviewed(None))
tries.passes("TIME-6", "level 3, last week", reviewed(MEETING_DAY - WEEK, "level_three"))
tries.bites("TIME-6", "a young person at level 2", reviewed(MEETING_DAY - 9 * WEEK, form=mappa_h.FORM))
tries.bites("TIME-6", "a patient at level 2", reviewed(MEETING_DAY - 9 * WEEK, form=mappa_i.FORM))
tries.passes("TIME-6", "a patient whose level nobody told", reviewed(D(2020, 1, 1), None, form=mappa_i.FORM))
tries.passes("TIME-6", "a prison report has no level", reviewed(D(2020, 1, 1), form=mappa_f.FORM))
tries.bites(
    "TIME-6",
    "sought at 2, and put by the co-ordinator at 3",
    reviewed(MEETING_DAY - 7 * WEEK, decided="level_three"),
)
tries.passes(
    "TIME-6",
    "sought at 3, and put by the co-ordinator at 2",
    reviewed(MEETING_DAY - 7 * WEEK, "level_three", decided="level_two"),
)
tries.passes("TIME-6", "at level 1, for a check of records", reviewed(MEETING_DAY - 20 * WEEK, check=True))
tries.bites("TIME-6", "an emergency meeting heals no late review", reviewed(D(2026, 1, 1), emergency=True))


def young(last=None, came=IN_TIME, form=dyo.FORM, **meets):
    """A referral of a community panel, received on a day, for 8 December 2026."""
    case = {"reference": "DYO-2026-4417", "file": "one.xlsx", "received": came, "last_review": last}
    return about_case({"referrer.date": "2026-11-20"}, form=form, case=[case], **meets)


for form in (dyo.FORM, iom.FORM, asb.FORM):
    tries.passes("TIME-7", f"{form.id}, in the area's time, to the day", young(form=form))
    tries.bites("TIME-7", f"{form.id}, a working day later", young(came=D(2026, 11, 30), form=form))
tries.passes("TIME-7", "reviewed after two months", young(D(2026, 10, 8)))
tries.bites("TIME-7", "reviewed a day before two months are over", young(D(2026, 10, 9)))
tries.passes("TIME-7", "an emergency does not wait two months", young(D(2026, 10, 9), emergency=True))
tries.passes("TIME-7", "reviewed after six months", young(D(2026, 6, 8)))
tries.bites("TIME-7", "reviewed a day after six months", young(D(2026, 6, 7)))
tries.bites("TIME-7", "after six months in an emergency", young(D(2026, 6, 7), emergency=True))
for form in (iom.FORM, asb.FORM):
    tries.passes("TIME-7", f"{form.id} has no interval of reviews", young(D(2020, 6, 7), form=form))


@tries.each
def test_reviews(one):
    """A review that is late, or of a deter young offender too soon, is warned of."""
    one.check()


def test_warning_says_by_when_the_review_was_due():
    """What is said of a late review is its rule and its last day (TIME-6, TIME-7)."""
    assert reviews.is_reviewed_in_time(reviewed(D(2026, 10, 1), "level_three")) == (
        "level 3 is reviewed every 4 to 6 weeks: this review was due by 12 November 2026"
    )
    late = reviews.came_and_is_reviewed_in_time(young(D(2026, 6, 7), came=D(2026, 12, 1)))
    assert late == "late by 2 working days, and the review was due by 7 December 2026, 6 months after the last"


def people(*agencies):
    return [
        {"name": f"Person {n}", "role": "Officer", "agency": one} for n, one in enumerate(agencies, start=1)
    ]


@pytest.mark.parametrize(
    ("agencies", "members", "there", "says"),
    [
        (3, 3, ["a", "b", "c"], None),
        (3, 3, ["a", "b", "b"], "3 people of 2 agencies signed the register of attendance, and it takes 3 people of 3 agencies"),
        (3, 3, ["a", "b"], "2 people of 2 agencies"),
        (4, 0, ["a", "b", "c", "d"], None),
        (4, 0, ["a", "b", "c", "c"], "it takes 4 agencies"),
        (0, 2, ["a"], "1 person of 1 agency signed the register of attendance, and it takes 2 people"),
        (4, 4, [], None),
        (0, 0, ["a"], None),
    ],
    ids=["three of three", "three of two", "two of two", "four agencies", "three agencies", "one person",
         "an empty register says nothing", "no quorum"],
)  # fmt: skip
def test_quorum(agencies, members, there, says):
    """A register of attendance that falls short of the panel's quorum is told in numbers; one that is empty is not (TIME-7)."""
    panel = settings(quorum_agencies=agencies, quorum_members=members).panels["marac"]
    found = reviews.short_of_quorum(meeting(attended=people(*there)), panel)
    assert says in found if says else found is None


def test_who_signs_twice_is_one_person():
    """The same name of the same agency counts once for the quorum."""
    panel = settings(quorum_members=2).panels["marac"]
    twice = [{"name": "Linden Hatstand", "role": "Officer", "agency": "a"}] * 2
    assert reviews.short_of_quorum(meeting(attended=twice), panel)
