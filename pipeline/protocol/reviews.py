"""Reviews and quorum: when a case comes back to its panel, and who has to be there."""

import datetime as dt

from forms.answers import long_date, plain
from pipeline.area import Panel
from pipeline.checked import Checked
from pipeline.days import months_after, years_after
from pipeline.meeting import Case, Meeting
from pipeline.protocol import timing
from pipeline.protocol.rule import CaseContext, Citation, Effect, On, Source, rule
from pipeline.protocol.screening import FORMS as NOTIFICATIONS

MAPPA_FORMS = ("mappa-a", "mappa-f", *NOTIFICATIONS)
_RICHMOND = "paragraphs 1.11 to 1.14, strategic group; 2.6, ASB panel; 4.9 to 4.13, IOM panel"
_WEEKS = {"level_two": 8, "level_three": 6}
"""Level 3 is reviewed every 4 to 6 weeks: later than 6 is late."""
_IN_WORDS = {"level_one": "level 1 is reviewed once a year", "level_two": "level 2 is reviewed every 8 weeks",
             "level_three": "level 3 is reviewed every 4 to 6 weeks"}  # fmt: skip
_SOONEST, _LATEST = 2, 6
"""Months from meeting to review of a deter young offender."""


@rule(
    "TIME-6",
    "Review: level 1 yearly, level 2 every 8 weeks, level 3 every 4 to 6 weeks",
    Effect.WARN,
    On.CASE,
    Citation(Source.THAMES_VALLEY, "sections 4.1, 4.2 and 4.3"),
    forms=MAPPA_FORMS,
)
def is_reviewed_in_time(case: CaseContext) -> str | None:
    """Warn of a meeting that is later after the last review than the level of the case allows."""
    level = level_of(case.case, case.checked)
    if case.case.last_review is None or level is None:
        return None
    due = review_due(level, case.case.last_review)
    if case.meeting.date <= due:
        return None
    return f"{_IN_WORDS[level]}: this review was due by {long_date(due)}"


def level_of(case: Case, checked: Checked) -> str | None:
    """Return the MAPPA level of a case: as the co-ordinator decided, or else as it was sought; None where none is told.

    A case that is on the agenda for a check of records alone is at level 1 (SHARE-12).
    """
    if case.check:
        return "level_one"
    decided = checked["decision.level"] if checked.form.id == "mappa-a" else None
    asked = checked.form.telling("mappa.level")
    level = decided or (checked[asked.path] if asked else None)
    return level if level in _IN_WORDS else None


def review_due(level: str, last: dt.date) -> dt.date:
    """Return the last day on which a MAPPA case is reviewed in time (TIME-6).

    Args:
        level: "level_one", "level_two" or "level_three".
        last: when it was last before the panel.
    """
    if level == "level_one":
        return years_after(last, 1)
    return last + dt.timedelta(weeks=_WEEKS[level])


@rule(
    "TIME-7",
    "DYO meets on the fourth Thursday, reviews after 2 to 6 months, and needs three members of three agencies; Richmond's "
    "panels need four agencies, send agenda and minutes in 5 working days, and ASB referrals come 10 working days before",
    Effect.WARN,
    On.CASE,
    Citation(Source.BROMLEY, "appendix 4 part A, meeting schedule and responsibilities"),
    Citation(Source.RICHMOND, _RICHMOND),
    forms=("dyo", "iom", "asb"),
)
def came_and_is_reviewed_in_time(case: CaseContext) -> str | None:
    """Warn of a referral after the panel's deadline, and of a review of a deter young offender too soon or too late.

    An emergency meeting does not wait for the two months.
    """
    told = [timing.late(case)]
    last, held = case.case.last_review, case.meeting.date
    if case.form.id == "dyo" and last is not None:
        first, end = dyo_review(last)
        if held < first and not timing.exempt(case.meeting):
            told.append(f"the review comes before {long_date(first)}, {_SOONEST} months after the last")
        if held > end:
            told.append(f"the review was due by {long_date(end)}, {_LATEST} months after the last")
    return ", and ".join(one for one in told if one) or None


def dyo_review(last: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day on which a deter young offender is reviewed after a meeting (TIME-7)."""
    return months_after(last, _SOONEST), months_after(last, _LATEST)


def rule_on_quorum(panel: str) -> str:
    """Return the rule on a panel's quorum; empty where no protocol asks for one."""
    return {"dyo": "TIME-7", "iom": "TIME-7"}.get(panel, "")


def short_of_quorum(meeting: Meeting, panel: Panel) -> str | None:
    """Return in words how the register of attendance falls short of the panel's quorum, or None; an empty one says nothing."""
    agencies = len({one.agency for one in meeting.attended})
    people = len({(plain(one.name), one.agency) for one in meeting.attended})
    if not people or (agencies >= panel.quorum_agencies and people >= panel.quorum_members):
        return None
    there = (
        (people, "person", "people", panel.quorum_members),
        (agencies, "agency", "agencies", panel.quorum_agencies),
    )
    came = " of ".join(f"{count} {one if count == 1 else more}" for count, one, more, _ in there)
    wanted = " of ".join(f"{least} {one if least == 1 else more}" for _, one, more, least in there if least)
    return (
        f"the meeting was short of its quorum: {came} signed the register of attendance, and it takes {wanted}"
    )
