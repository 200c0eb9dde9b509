"""Forms I and H: was the case screened, and notified, in time: TIME-4."""

import datetime as dt
from typing import Any

from forms import mappa_h, mappa_i
from pipeline.protocol.rule import CaseContext
from pipeline.protocol.screening import was_screened_in_time
from tests.rules import CASE, Tries, about_case

tries = Tries()
BEGAN = dt.date(2026, 9, 30)
SENT = dt.date(2026, 11, 16)
HALF_A_YEAR_LATER = dt.date(2027, 5, 16)


def patient(screened: Any = BEGAN, discharge: Any = None, sent: dt.date = SENT, **meets: Any) -> CaseContext:
    dates = {"dates.admitted": BEGAN, "dates.identified": screened, "dates.discharge": discharge}
    return about_case({"referrer.date": sent} | dates, form=mappa_i.FORM, **meets)


def young_person(
    began: Any = BEGAN, screened: Any = BEGAN, release: Any = None, sent: dt.date = SENT
) -> CaseContext:
    dates = {
        "custody.sentence_start": began,
        "category.screened": screened,
        "custody.conditional_release": release,
    }
    return about_case({"referrer.date": sent} | dates, form=mappa_h.FORM)


def later(days: int) -> dt.date:
    return BEGAN + dt.timedelta(days)


for who, made in (("a patient", patient), ("a young person", young_person)):
    tries.passes("TIME-4", f"{who} screened on the third day", made(screened=later(3)))
    tries.bites("TIME-4", f"{who} screened on the fourth day", made(screened=later(4)))
    tries.passes("TIME-4", f"{who} screened before the sentence", made(screened=later(-10)))
    tries.passes("TIME-4", f"{who} screened nobody knows when", made(screened="Not known"))
    tries.passes("TIME-4", f"{who} screened, and the day left open", made(screened=None))
tries.passes("TIME-4", "discharge six months after it came", patient(discharge=HALF_A_YEAR_LATER))
tries.bites("TIME-4", "discharge a day sooner", patient(discharge=HALF_A_YEAR_LATER - dt.timedelta(1)))
tries.passes("TIME-4", "nobody knows when discharge is", patient(discharge="Not known"))
tries.passes("TIME-4", "no discharge is in sight", patient(discharge=None))
tries.passes("TIME-4", "release six months after it came", young_person(release=HALF_A_YEAR_LATER))
tries.bites("TIME-4", "release a day sooner", young_person(release=HALF_A_YEAR_LATER - dt.timedelta(1)))
tries.passes("TIME-4", "a sentence whose day nobody knows", young_person(began="Not known", screened=later(90)))
tries.passes(
    "TIME-4", "release on the last of a long month, sent on the last of a short one",
    young_person(release=dt.date(2027, 8, 31), sent=dt.date(2027, 2, 28)),
)  # fmt: skip
tries.bites(
    "TIME-4", "the same, sent a day later", young_person(release=dt.date(2027, 8, 31), sent=dt.date(2027, 3, 1))
)
tries.bites(
    "TIME-4", "dated in time, and here a day too late",
    patient(
        discharge=HALF_A_YEAR_LATER,
        case=[{"reference": CASE, "file": "one.xlsx", "received": SENT + dt.timedelta(1)}],
    ),
)  # fmt: skip


@tries.each
def test_screening(one):
    """A screening later than 3 days, or a notification less than 6 months ahead, is told and stops nothing."""
    one.check()


def test_both_are_told_and_no_date_is():
    """Who is late with both is told both; when somebody is released is not for everybody who reads it (TIME-4)."""
    told = str(was_screened_in_time(patient(screened=later(9), discharge=dt.date(2027, 1, 4))))
    assert "3 days after admission or sentence, and it came later than 6 months before discharge" in told
    assert "2027" not in told
