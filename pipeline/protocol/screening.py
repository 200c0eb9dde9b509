"""MAPPA cases are screened soon after sentence or admission, and notified well before release or discharge."""

import datetime as dt
from typing import NamedTuple

from pipeline.checked import Checked
from pipeline.days import months_after
from pipeline.protocol.rule import CaseContext, Citation, Effect, On, Source, rule

_SCREENED_WITHIN = dt.timedelta(days=3)
"""Of working days the source says nothing."""
_MONTHS_AHEAD = 6
"""12 in a complex case, which is for the sender to say: no form asks it."""


class _Dates(NamedTuple):
    """Where a form has the dates, in paths, and what it calls them."""

    begins: str
    screened: str
    ends: str
    begin: str
    end: str


_DATES = {
    "mappa-i": _Dates(
        "dates.admitted", "dates.identified", "dates.discharge", "admission or sentence", "discharge"
    ),
    "mappa-h": _Dates(
        "custody.sentence_start", "category.screened", "custody.conditional_release", "sentence", "release"
    ),
}

FORMS = tuple(_DATES)
"""The forms that notify the co-ordinator of a case."""


@rule(
    "TIME-4",
    "Screened within 3 days of sentence or admission, and notified 6 months before release or discharge (12 if complex)",
    Effect.WARN,
    On.CASE,
    Citation(
        Source.WEST_MIDLANDS, "levels of management; health bodies; youth offending service, identification"
    ),
    forms=FORMS,
)
def was_screened_in_time(case: CaseContext) -> str | None:
    """Warn of a late screening and of a late notification, and give no date: not everybody may know when a release is."""
    dates = _DATES[case.form.id]
    screened, screened_by = case.checked[dates.screened], screening_due(case.checked)
    came, notified_by = case.case.received or case.checked["referrer.date"], notice_due(case.checked)
    late = []
    if screened_by and isinstance(screened, dt.date) and screened > screened_by:
        late.append(f"it was screened later than {_SCREENED_WITHIN.days} days after {dates.begin}")
    if notified_by and came > notified_by:
        late.append(f"it came later than {_MONTHS_AHEAD} months before {dates.end} (12 in a complex case)")
    return ", and ".join(late) or None


def screening_due(checked: Checked) -> dt.date | None:
    """Return the day by which a case on Form H or I is screened; None where it is not known when it began."""
    begins = checked[_DATES[checked.form.id].begins]
    return begins + _SCREENED_WITHIN if isinstance(begins, dt.date) else None


def is_screened(checked: Checked) -> bool:
    """Say whether Form H or I gives the day of the screening."""
    return isinstance(checked[_DATES[checked.form.id].screened], dt.date)


def notice_due(checked: Checked) -> dt.date | None:
    """Return the day by which a case on Form H or I is notified; None where no release or discharge is known."""
    ends = checked[_DATES[checked.form.id].ends]
    return months_after(ends, -_MONTHS_AHEAD) if isinstance(ends, dt.date) else None
