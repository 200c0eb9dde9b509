"""Form J: is the notification to Jobcentre Plus sound, and in time?"""

import datetime as dt

from forms.answers import long_date
from pipeline.checked import Checked
from pipeline.protocol.rule import CaseContext, Citation, Effect, On, Source, rule

_ROLES = Citation(Source.WEST_MIDLANDS, "Job Centre Plus, roles")
_FORM_J = ("mappa-j",)
_SENDERS = {"supervision": "probation", "civil_order": "police"}
_WEEKS_BEFORE_RELEASE = 6


@rule(
    "REFER-18",
    "Form J comes from probation for those supervised and from police for those under a civil order; "
    "the person was told, or the Jobcentre's manager was spoken to first; the restrictions still run",
    Effect.REFUSE,
    On.CASE,
    _ROLES,
    open_to_decision=True,
    forms=_FORM_J,
)
def notification_is_sound(case: CaseContext) -> str | None:
    """Refuse a notification from the wrong sender, behind somebody's back, or of a restriction that has run out."""
    said = case.checked
    if said["own.sent_by"] != _SENDERS.get(said["own.under"]):
        return "probation notifies of those it supervises, and police of those under a civil order"
    if said["own.told"] != "yes":
        talk = said["own.talk_on"]
        if talk is None or not said["own.talk_reason"]:
            return (
                "the person was not told, and no talk with the Jobcentre's manager is on record with its reason"
            )
        if talk > said["referrer.date"]:
            return "the talk with the Jobcentre's manager came after the notification, not before it"
    if said["referrer.kind"] == "lifted":
        return None
    over = [n for n, one in enumerate(said["restrictions.restriction"], start=1) if one.until <= case.day]
    if over:
        return (
            f"restriction {' and '.join(map(str, over))} has run out: leave it out, or notify that it is lifted"
        )
    return None


@rule(
    "TIME-5",
    "Form J goes 6 weeks before release",
    Effect.WARN,
    On.CASE,
    _ROLES,
    forms=_FORM_J,
)
def went_before_release(case: CaseContext) -> str | None:
    """Warn of a notification less than 6 weeks before an expected release."""
    due = goes_by(case.checked)
    if due is None or case.checked["referrer.date"] <= due:
        return None
    return f"it should have gone by {long_date(due)}, six weeks before the expected release"


def goes_by(checked: Checked) -> dt.date | None:
    """Return the day by which a Form J goes, 6 weeks before an expected release; None where none is expected (TIME-5)."""
    release = checked["own.release"]
    return release - dt.timedelta(weeks=_WEEKS_BEFORE_RELEASE) if isinstance(release, dt.date) else None
