"""Form I: is the notification of a patient one that a health body is to send, on the occasion it is for?"""

from pipeline.protocol.rule import CaseContext, Citation, Effect, On, Source, rule

_HEALTH = Citation(Source.WEST_MIDLANDS, "health bodies, identification of relevant MAPPA cases")
_PRIVATE = Citation(Source.WEST_MIDLANDS, "adult social care, role in MAPPA; non-duty to co-operate agencies")

_NOTIFIES = frozenset({"nhs_trust", "nhs_commissioner", "nhs_england", "social_care"})
"""Health bodies, and whoever commissions a place in a private hospital: the hospital itself has no duty to co-operate."""
_OCCASIONS = frozenset({"first_meeting", "event"})
"""The responsible clinician may tell of a significant event of a detained patient at any stage, without a meeting."""


@rule(
    "REFER-17",
    "Form I comes from a health body or whoever commissions the placement, under one of the listed categories, on the first "
    "care programme meeting that considers discharge or a community treatment order",
    Effect.REFUSE,
    On.CASE,
    _HEALTH,
    _PRIVATE,
    open_to_decision=True,
    forms=("mappa-i",),
)
def patient_is_to_be_notified(case: CaseContext) -> str | None:
    """Refuse a notification from a body that is not to send it, without a listed reason, or on another occasion."""
    said = case.checked
    if said["referrer.body"] == "private_hospital":
        return "a private hospital does not notify: the body that commissions the placement does"
    if said["referrer.body"] not in _NOTIFIES:
        return "it comes neither from a health body nor from one that commissions the placement"
    if said["notice.reason"] is None:
        return "none of the listed reasons for a notification is given"
    if said["notice.occasion"] == "later_meeting":
        return "an earlier care programme meeting had considered discharge or a community treatment order"
    if said["notice.occasion"] not in _OCCASIONS:
        return "no care programme meeting has considered discharge or a community treatment order yet"
    return None
