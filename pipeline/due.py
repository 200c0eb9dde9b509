"""What is due or overdue in an area: reviews, decisions, notifications, papers, minutes and receipts, each with its rule."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.agency import AgencyKind
from pipeline.area import Area
from pipeline.checked import Checked
from pipeline.days import working_days_after
from pipeline.meeting import Case, Meeting
from pipeline.protocol import jobcentre, reviews, screening, timing
from pipeline.protocol.consent import keep_until
from pipeline.protocol.records import in_force, without_receipt
from pipeline.register import Entry

_RECEIPT_DAYS = 5
"""Working days after which a receipt is missed. Our judgement, not a protocol's."""


@dataclass(frozen=True, order=True)
class Due:
    """One thing that is due.

    Attributes:
        day: the last day on which it is in time.
        what: what is to be done, in words that name nobody.
        about: the reference of a case, meeting or pack, or the name of a file in the inbox.
        rule: by which it is due; empty where no protocol says so.
    """

    day: dt.date
    what: str
    about: str
    rule: str

    def stands(self, today: dt.date) -> str:
        """Return how it stands on a day: "overdue by 3 days", "due today", "due in 5 days"."""
        days = (self.day - today).days
        if not days:
            return "due today"
        words = f"{abs(days)} day{'s' if abs(days) != 1 else ''}"
        return f"due in {words}" if days > 0 else f"overdue by {words}"


def due(
    area: Area,
    meetings: Sequence[Meeting],
    referrals: Mapping[str, Checked],
    entries: Sequence[Entry],
    day: dt.date,
) -> tuple[Due, ...]:
    """Return everything that is due, oldest first, however far ahead.

    Args:
        area: settings and agencies.
        meetings: every meeting of the area.
        referrals: name of a file in the inbox, with its folders → the sound referral in it.
        entries: what stands in the register, in order.
        day: as seen on this day.
    """
    packs = in_force(entries)
    cases = {case.file: case for meeting in meetings for case in meeting.cases}
    jobcentres = {agency.id for agency in area.agencies if agency.kind is AgencyKind.JOBCENTRE}
    told = {case for pack in packs if pack.agency in jobcentres for case in pack.cases}
    found = [
        *_from_referrals(area, cases, told, referrals),
        *_reviews(meetings, referrals),
        *_of_meetings(area, meetings, packs, day),
        *_receipts(jobcentres, entries),
    ]
    return tuple(sorted(set(found)))


def _from_referrals(
    area: Area, cases: Mapping[str, Case], told: set[str], referrals: Mapping[str, Checked]
) -> Iterator[Due]:
    """Yield what is due for each referral of the inbox: TIME-3, TIME-4 and TIME-5.

    Form J is due until a pack with it is sealed for the Jobcentre; a notification until the case is on an agenda.
    """
    for file, checked in referrals.items():
        case = cases.get(file)
        about = case.reference if case else file
        if checked.form.id == "mappa-j" and not (case and case.reference in told):
            yield from _one(jobcentre.goes_by(checked), "Form J to the Jobcentre", about, "TIME-5")
        if checked.form.id in screening.FORMS:
            if not screening.is_screened(checked):
                yield from _one(screening.screening_due(checked), "screening", about, "TIME-4")
            if case is None:
                yield from _one(screening.notice_due(checked), "notification to the panel", about, "TIME-4")
        if panel := area.settings.panels.get(checked.form.panel):
            came = (case.received if case else None) or checked["referrer.date"]
            decided_by = timing.decision_due(checked, came, panel)
            yield from _one(decided_by, "co-ordinator's decision", about, "TIME-3")


def _one(day: dt.date | None, what: str, about: str, rule: str) -> Iterator[Due]:
    if day is not None:
        yield Due(day, what, about, rule)


def _reviews(meetings: Sequence[Meeting], referrals: Mapping[str, Checked]) -> Iterator[Due]:
    """Yield when each case is before its panel again: MAPPA by its level (TIME-6), DYO within 6 months (TIME-7).

    The latest meeting that has the case counts, be it to come. What the case is stands in the latest of its files
    that tells it: a prison report has no level.
    """
    last: dict[str, dt.date] = {}
    files: dict[str, list[tuple[Case, Checked]]] = {}
    for meeting in sorted(meetings, key=lambda one: one.date):
        for case in meeting.cases:
            last[case.reference] = meeting.date
            if case.file in referrals:
                files.setdefault(case.reference, []).append((case, referrals[case.file]))
    for reference, known in files.items():
        day = last[reference]
        levels = [reviews.level_of(*one) for one in known if one[1].form.id in reviews.MAPPA_FORMS]
        level = next((one for one in reversed(levels) if one), None)
        if level and not _is_over(known[-1][1]):
            yield Due(reviews.review_due(level, day), f"review at level {_NUMBER[level]}", reference, "TIME-6")
        young = known[-1][1]
        if young.form.id == "dyo" and not _is_over(young):
            agreed = young["decision.review"]
            by = agreed if isinstance(agreed, dt.date) and agreed > day else reviews.dyo_review(day)[1]
            yield Due(by, "review of a deter young offender", reference, "TIME-7")


_NUMBER = {"level_one": 1, "level_two": 2, "level_three": 3}


def _is_over(checked: Checked) -> bool:
    """Say whether a case was returned or not taken on, so that nothing is to be reviewed."""
    if checked.form.id == "mappa-a":
        return bool(checked["decision.outcome"] == "returned")
    return checked.form.id == "dyo" and bool(checked["decision.meets"] == "no")


def _of_meetings(
    area: Area, meetings: Iterable[Meeting], packs: Iterable[Entry], day: dt.date
) -> Iterator[Due]:
    """Yield when papers of a meeting to come go out, until a pack of it is sealed, minutes of one that was held, and when all of it goes."""
    sealed = {pack.meeting for pack in packs}
    for meeting in meetings:
        panel, rule = area.settings.panels[meeting.panel], timing.rule_of(meeting.panel)
        if meeting.date >= day and meeting.id not in sealed and not timing.exempt(meeting):
            yield Due(timing.papers_due(meeting.date, panel), "papers go out", meeting.id, rule)
        if meeting.date <= day and meeting.minutes is None:
            by = timing.minutes_due(meeting.date, panel)
            yield Due(by, "minutes, signed by the chair", meeting.id, timing.rule_on_minutes(meeting.panel))
        if meeting.id in sealed:  # while its file is there, so are most likely its referrals and packs
            yield Due(
                keep_until(meeting.date, panel), "destroy what is kept of the meeting", meeting.id, "PURPOSE-4"
            )


def _receipts(jobcentres: set[str], entries: Sequence[Entry]) -> Iterator[Due]:
    """Yield the packs of which nobody has said that they arrived; of the Jobcentre's it is the slip (RECORD-5)."""
    for pack in without_receipt(entries):
        slip = pack.agency in jobcentres
        what = "slip of the Jobcentre" if slip else f"receipt from {pack.agency}"
        by = working_days_after(pack.day, _RECEIPT_DAYS)
        yield Due(by, what, pack.pack, "RECORD-5" if slip else "")
