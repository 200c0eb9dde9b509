"""When referrals, papers, minutes and decisions are due: TIME-1, TIME-2, TIME-3 and TIME-8."""

import dataclasses
import datetime as dt

import pytest

from forms import camp, mappa_a, mappa_f, mappa_h, mappa_i, mappa_j, marac, response
from pipeline.protocol import timing
from pipeline.protocol.rulebook import RULES
from tests.rules import DAY, MEETING_DAY, Tries, about_case, meeting, settings

tries = Tries()
D = dt.date


def received(
    came: dt.date,
    held: dt.date = MEETING_DAY,
    *,
    emergency: bool = False,
    signed: dt.date | None = None,
    form=marac.FORM,
    changes: dict | None = None,
):
    case = {"reference": "MARAC-2026-4417", "file": "one.xlsx", "received": None if signed else came}
    said = {"referrer.date": (signed or came).isoformat()} | (changes or {})
    return about_case(said, form=form, case=[case], date=held, emergency=emergency)


tries.passes("TIME-1", "7 working days before, to the day", received(D(2026, 11, 27)))
tries.passes("TIME-1", "the day before the deadline", received(D(2026, 11, 26)))
tries.bites("TIME-1", "the Monday after a Friday's deadline", received(D(2026, 11, 30)))
tries.bites("TIME-1", "the Saturday after a Friday's deadline", received(D(2026, 11, 28)))
tries.bites("TIME-1", "on the day of the meeting", received(D(2026, 12, 8)))
tries.bites(
    "TIME-1",
    "the date on the form counts where nothing else is noted",
    received(D(2026, 11, 30), signed=D(2026, 11, 30)),
)
tries.passes("TIME-1", "the date on the form is in time", received(D(2026, 11, 27), signed=D(2026, 11, 27)))
tries.bites("TIME-1", "dated in time and received late", about_case({"referrer.date": "2026-11-20"}, case=[
    {"reference": "MARAC-2026-4417", "file": "one.xlsx", "received": D(2026, 12, 1)}]))  # fmt: skip
# Christmas: 25 December 2026 is a Friday, and Boxing Day, a Saturday, is kept on Monday the 28th; 1 January is a Friday.
tries.passes("TIME-1", "over Christmas and New Year, 21 December", received(D(2026, 12, 21), D(2027, 1, 5)))
tries.passes("TIME-1", "over Christmas and New Year, to the day", received(D(2026, 12, 22), D(2027, 1, 5)))
tries.bites("TIME-1", "over Christmas and New Year, 23 December", received(D(2026, 12, 23), D(2027, 1, 5)))
# Easter: Good Friday is 26 March 2027, Easter Monday the 29th.
tries.passes("TIME-1", "over Easter, to the day", received(D(2027, 3, 24), D(2027, 4, 6)))
tries.bites("TIME-1", "over Easter, Maundy Thursday", received(D(2027, 3, 25), D(2027, 4, 6)))
tries.passes("TIME-1", "an emergency meeting has no deadline", received(D(2026, 12, 8), emergency=True))

tries.passes("TIME-2", "in the area's time, to the day", received(D(2026, 11, 27), form=camp.FORM))
tries.bites("TIME-2", "a working day later", received(D(2026, 11, 30), form=camp.FORM))
tries.passes(
    "TIME-2", "an emergency meeting has no deadline", received(D(2026, 12, 8), form=camp.FORM, emergency=True)
)

for about, made in (("Form A", mappa_a.FORM), ("the prison's report", mappa_f.FORM)):
    tries.passes("TIME-3", f"{about} in the area's time, to the day", received(D(2026, 11, 27), form=made))
    tries.bites("TIME-3", f"{about} a working day later", received(D(2026, 11, 30), form=made))
for about, made, path in (
    ("a young person", mappa_h.FORM, "category.level"),
    ("a patient", mappa_i.FORM, mappa_i.FORM.telling("mappa.level").path),
):
    for level in ("level_two", "level_three"):
        tries.bites(
            "TIME-3",
            f"{about} referred to {level}, late",
            received(D(2026, 11, 30), form=made, changes={path: level}),
        )
    tries.passes(
        "TIME-3",
        f"{about} of whom level 1 is told",
        received(D(2026, 11, 30), form=made, changes={path: "level_one"}),
    )
tries.passes(
    "TIME-3",
    "a patient whose level nobody told",
    received(D(2026, 11, 30), form=mappa_i.FORM, changes={mappa_i.FORM.telling("mappa.level").path: None}),
)


def undecided(came: dt.date, **decision):
    """A Form A at an emergency meeting, so that only the decision can be late, seen on 2 December."""
    case = {"reference": "MAPPA-2026-4417", "file": "one.xlsx", "received": came}
    made = about_case({"referrer.date": "2026-11-02"}, form=mappa_a.FORM, case=[case], emergency=True)
    answers = made.checked.answers
    part = answers.decision.model_copy(update=decision)
    found = dataclasses.replace(made.checked, answers=answers.model_copy(update={"decision": part}))
    return dataclasses.replace(made, checked=found)


tries.passes("TIME-3", "ten days since the referral, and no decision", undecided(DAY - dt.timedelta(10)))
tries.bites("TIME-3", "eleven days since the referral, and no decision", undecided(DAY - dt.timedelta(11)))
tries.passes("TIME-3", "a decision was taken", undecided(D(2026, 11, 3), on=D(2026, 11, 30)))

tries.gives("TIME-8", "an emergency meeting is exempt", lambda f: f(meeting(emergency=True)), True, bites=True)
tries.gives("TIME-8", "any other is not", lambda f: f(meeting()), False, bites=False)


@tries.each
def test_timing(one):
    """A late referral is warned of, by working days of England and Wales."""
    one.check()


@pytest.mark.parametrize(
    ("came", "says"),
    [
        (D(2026, 11, 28), "late by less than a working day"),
        (D(2026, 11, 30), "late by 1 working day"),
        (D(2026, 12, 1), "late by 2 working days"),
        (D(2026, 12, 6), "late by 5 working days"),
    ],
    ids=["Saturday", "Monday", "Tuesday", "Sunday of the week after"],
)
def test_lateness_is_counted(came, says):
    """The flag says how late, in working days after Friday 27 November (TIME-1)."""
    assert timing.came_in_time(received(came)) == says


def test_decision_and_lateness_are_told_in_one_breath():
    """A late Form A that nobody has decided on is told both, with the day by which the decision was due (TIME-3)."""
    case = dataclasses.replace(received(D(2026, 11, 30), form=mappa_a.FORM), day=D(2026, 12, 11))
    assert timing.came_to_mappa_in_time(case) == (
        "late by 1 working day, and the co-ordinator's decision was due by 10 December 2026"
    )


@pytest.mark.parametrize(
    ("case", "says"),
    [
        (received(D(2026, 11, 27)), "on time"),
        (received(D(2026, 11, 28)), "late by less than a working day"),
        (received(D(2026, 12, 1), form=camp.FORM), "late by 2 working days"),
        (received(D(2026, 12, 8), emergency=True), "emergency"),
        (received(D(2026, 12, 1), form=mappa_j.FORM), ""),
        (received(D(2026, 12, 1), form=mappa_j.FORM, emergency=True), ""),
        (received(D(2026, 12, 1), form=mappa_h.FORM, changes={"category.level": "level_one"}), ""),
        (received(D(2026, 11, 20), form=mappa_h.FORM, changes={"category.level": "level_two"}), "on time"),
        (received(D(2026, 12, 1), form=response.FORM), ""),
    ],
    ids=[
        "in time", "at the week-end", "late", "an emergency", "a closed form", "a closed form, in an emergency",
        "a notification", "a notification that asks for level 2", "an answer",
    ],
)  # fmt: skip
def test_standing_of_a_referral(case, says):
    """A referral is on time, late by so much, or before an emergency meeting; what is no referral stands in no relation to time."""
    assert timing.standing(case) == says


@pytest.mark.parametrize(
    ("held", "deadline"),
    [
        (D(2026, 12, 8), D(2026, 12, 3)),
        (D(2027, 1, 5), D(2026, 12, 30)),
        (D(2027, 4, 6), D(2027, 4, 1)),
        (D(2027, 3, 30), D(2027, 3, 23)),
    ],
    ids=["an ordinary week", "over New Year", "the week after Easter", "the day after Easter Monday"],
)
def test_papers_go_out_three_working_days_before(held, deadline):
    """Papers are on time on the deadline, late on the day after; not for an emergency (TIME-1, TIME-8)."""
    day, panel = dt.timedelta(days=1), settings().panels["marac"]
    assert timing.papers_due(held, panel) == deadline
    assert timing.papers_overdue(meeting(date=held), panel, deadline - day) is None
    assert timing.papers_overdue(meeting(date=held), panel, deadline) is None
    assert timing.papers_overdue(meeting(date=held), panel, deadline + day)
    assert timing.papers_overdue(meeting(date=held, emergency=True), panel, deadline + day) is None


@pytest.mark.parametrize("held", [D(2026, 12, 8), D(2027, 1, 5), D(2027, 3, 30)], ids=str)
def test_papers_may_go_by_the_calendar(held):
    """Where a panel says so, papers go so many days before, whatever days those are (TIME-2, TIME-3)."""
    panel = settings(papers_days=7, papers_in_calendar_days=True).panels["marac"]
    assert timing.papers_due(held, panel) == held - dt.timedelta(days=7)


@pytest.mark.parametrize(
    ("held", "days", "deadline"),
    [
        (D(2026, 12, 8), 10, D(2026, 12, 22)),
        (D(2026, 12, 15), 10, D(2026, 12, 31)),
        (D(2026, 12, 17), 5, D(2026, 12, 24)),
    ],
    ids=["ten working days", "ten, over Christmas", "five, as in Richmond"],
)
def test_minutes_go_out_some_working_days_after(held, days, deadline):
    """Minutes are late on the day after their deadline, unless they are signed; an emergency meeting has minutes too (TIME-3, TIME-7)."""
    day, panel = dt.timedelta(days=1), settings(minutes_days=days).panels["marac"]
    assert timing.minutes_due(held, panel) == deadline
    for emergency in (False, True):
        assert timing.minutes_overdue(meeting(date=held, emergency=emergency), panel, deadline) is None
        assert timing.minutes_overdue(meeting(date=held, emergency=emergency), panel, deadline + day)
    signed = meeting(date=held, minutes={"signed_by": "Aubrey Gatepost", "on": deadline + day})
    assert timing.minutes_overdue(signed, panel, deadline + day) is None


def test_every_panel_of_the_protocols_has_its_rule_of_time():
    """Each panel that a form is for is told its lateness by one rule, and that rule is about its forms."""
    from forms.catalogue import FORMS

    for form in FORMS.values():
        if form.panel:
            one = RULES[timing.rule_of(form.panel)]
            assert one.concerns(form) or form.closed
    assert timing.rule_of("strategic") == ""
