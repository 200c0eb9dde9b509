"""Time: when referrals, papers, minutes and decisions are due. Working days are those of England and Wales."""

import datetime as dt

from forms.answers import long_date
from pipeline.area import Panel
from pipeline.checked import Checked
from pipeline.days import working_days_after, working_days_before, working_days_between
from pipeline.meeting import Meeting
from pipeline.protocol.rule import CaseContext, Citation, Effect, On, Source, rule
from pipeline.protocol.screening import FORMS as NOTIFICATIONS

_REFERRAL = Citation(Source.BROMLEY, "appendix 3 part A, referral to the MARAC")
_FREQUENCY = Citation(Source.BROMLEY, "appendix 3 part A, frequency of meetings")
_PROCESS = Citation(Source.BROMLEY, "appendix 2 part C, process")
_EMERGENCY = (
    Citation(Source.BROMLEY, "appendix 2 part C, process for information sharing"),
    Citation(Source.BROMLEY, "appendix 3 part A, MARAC members' responsibilities"),
    Citation(Source.THAMES_VALLEY, "section 2"),
)
_MANAGED = frozenset({"level_two", "level_three"})
_DECIDED_ON = {"mappa-a": "decision.on", "mappa-i": "receipt.replied"}
"""Where a form has the day of the co-ordinator's decision; Form H has none."""

_BY_PANEL = {
    "marac": "TIME-1",
    "camp": "TIME-2",
    "mappa": "TIME-3",
    "dyo": "TIME-7",
    "iom": "TIME-7",
    "asb": "TIME-7",
}


def rule_of(panel: str) -> str:
    """Return the rule by which a panel's referrals and papers are due, and it meets; empty for a panel of the area's own."""
    return _BY_PANEL.get(panel, "")


def rule_on_minutes(panel: str) -> str:
    """Return the rule by which a panel's minutes are due; empty where no protocol says when."""
    return {"mappa": "TIME-3", "iom": "TIME-7"}.get(panel, "")


@rule(
    "TIME-1",
    "A MARAC referral comes 7 working days before the meeting, papers go out 3 working days before, and the panel meets "
    "every four weeks",
    Effect.WARN,
    On.CASE,
    _REFERRAL,
    _FREQUENCY,
    forms=("marac",),
)
def came_in_time(case: CaseContext) -> str | None:
    """Warn of a referral that came after the panel's deadline, in working days; each panel of an area sets its own."""
    return late(case)


@rule(
    "TIME-2",
    "CAMP meets monthly, and its papers go out 7 days before",
    Effect.WARN,
    On.CASE,
    Citation(Source.BROMLEY, "appendix 5 part A, working parameters"),
    forms=("camp",),
)
def came_to_camp_in_time(case: CaseContext) -> str | None:
    """Warn of a referral that came after the panel's deadline, which the area sets: the source has none."""
    return late(case)


@rule(
    "TIME-3",
    "MAPPA: the agenda goes out a week before, the minutes within 10 working days, and the co-ordinator decides within "
    "10 days of the referral",
    Effect.WARN,
    On.CASE,
    Citation(Source.THAMES_VALLEY, "section 18 iii, administration"),
    _PROCESS,
    Citation(Source.WEST_MIDLANDS, "levels of management, levels 2 and 3"),
    forms=("mappa-a", "mappa-f", *NOTIFICATIONS),
)
def came_to_mappa_in_time(case: CaseContext) -> str | None:
    """Warn of a referral that came after the panel's deadline, which the area sets, and of a decision that is overdue."""
    told = [late(case)]
    due = decision_due(case.checked, came_on(case), case.panel)
    if due and case.day > due:
        told.append(f"the co-ordinator's decision was due by {long_date(due)}")
    return ", and ".join(one for one in told if one) or None


def came_on(case: CaseContext) -> dt.date:
    """Return the day on which a referral reached the co-ordinator: as noted, or else as dated."""
    came: dt.date = case.case.received or case.checked["referrer.date"]
    return came


def has_deadline(case: CaseContext) -> bool:
    """Say whether a case is a referral that has to be in time: a notification, an answer and a closed form have no deadline.

    A Form H or I that asks for level 2 or 3 refers the case to the panel; at level 1 it only notifies.
    """
    if case.form.closed or not case.form.panel:
        return False
    if case.form.id not in NOTIFICATIONS:
        return True
    asked = case.form.telling("mappa.level")
    return asked is not None and case.checked[asked.path] in _MANAGED


def late(case: CaseContext) -> str | None:
    """Return how late a referral came, in words, by the panel's working days before the meeting; None where it did not."""
    if exempt(case.meeting) or not has_deadline(case):
        return None
    deadline, came = referrals_due(case.meeting.date, case.panel), came_on(case)
    if came <= deadline:
        return None
    # A referral of a Saturday after a Friday's deadline is late, though by no working day yet.
    over = working_days_between(deadline, came)
    if not over:
        return "late by less than a working day"
    return f"late by {over} working day{'s' if over > 1 else ''}"


def standing(case: CaseContext) -> str:
    """Return how a referral stands: "on time", "late by 2 working days", "emergency"; empty where it has no deadline."""
    if not has_deadline(case):
        return ""
    return "emergency" if exempt(case.meeting) else late(case) or "on time"


def referrals_due(held: dt.date, panel: Panel) -> dt.date:
    """Return the last day on which a referral for a meeting is in time: the panel's working days before it."""
    return working_days_before(held, panel.referral_days)


def papers_due(held: dt.date, panel: Panel) -> dt.date:
    """Return the last day on which papers of a meeting go out: the panel's working days, or days of the calendar, before it."""
    if panel.papers_in_calendar_days:
        return held - dt.timedelta(days=panel.papers_days)
    return working_days_before(held, panel.papers_days)


def minutes_due(held: dt.date, panel: Panel) -> dt.date:
    """Return the last day on which minutes of a meeting go out: the panel's working days after it."""
    return working_days_after(held, panel.minutes_days)


def decision_due(checked: Checked, came: dt.date, panel: Panel) -> dt.date | None:
    """Return the day by which the co-ordinator decides on a referral that came on a day, or None where nothing is to decide.

    The days are those of the calendar: the memorandum says days, and elsewhere working days where it means them.
    """
    path = _DECIDED_ON.get(checked.form.id)
    if path is None or checked[path] is not None:
        return None
    level = checked.form.telling("mappa.level")
    if checked.form.id != "mappa-a" and (level is None or checked[level.path] not in _MANAGED):
        return None  # a notification alone asks for no decision
    return came + dt.timedelta(days=panel.decision_days)


def papers_overdue(meeting: Meeting, panel: Panel, day: dt.date) -> str | None:
    """Return in words that papers that go out on a day are late, or None; an emergency meeting has no deadline."""
    due = papers_due(meeting.date, panel)
    if exempt(meeting) or day <= due:
        return None
    return f"the papers should have gone out by {long_date(due)}"


def minutes_overdue(meeting: Meeting, panel: Panel, day: dt.date) -> str | None:
    """Return in words that the minutes are late: none are signed, and the panel's days after the meeting are over."""
    due = minutes_due(meeting.date, panel)
    if meeting.minutes or day <= due:
        return None
    return f"the minutes should have gone out by {long_date(due)}, and none are signed"


@rule(
    "TIME-8",
    "An emergency meeting is exempt from lead times, and the pack says that it is one",
    Effect.MARK,
    On.PAPERS,
    *_EMERGENCY,
)
def exempt(meeting: Meeting) -> bool:
    """Say whether lead times do not hold, since the meeting is an emergency."""
    return meeting.emergency
