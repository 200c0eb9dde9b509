"""Form I: is it for this body to notify the patient, on this occasion: REFER-17."""

from typing import Any

import pytest

from forms.mappa_i import BODIES, FORM, OCCASIONS, REASONS
from pipeline.protocol.health_referrals import patient_is_to_be_notified
from pipeline.protocol.rule import CaseContext
from tests.rules import Tries, about_case

tries = Tries()


def notified(**changes: Any) -> CaseContext:
    """A notification by an NHS trust on the first meeting; the other answers are those of the example."""
    usual = {"referrer.body": "nhs_trust", "notice.occasion": "first_meeting"}
    return about_case(usual | {key.replace("__", "."): value for key, value in changes.items()}, form=FORM)


NOTIFIES = ("nhs_trust", "nhs_commissioner", "nhs_england", "social_care")
for body in BODIES:
    add = tries.passes if body.key in NOTIFIES else tries.bites
    add("REFER-17", f"it comes from: {body.label}", notified(referrer__body=body.key))
tries.bites("REFER-17", "the kind of body is left open", notified(referrer__body=None))

for reason in REASONS:
    tries.passes("REFER-17", f"the reason is: {reason.label}", notified(notice__reason=reason.key))
tries.bites("REFER-17", "no reason is given", notified(notice__reason=None))

for occasion in OCCASIONS:
    add = tries.passes if occasion.key in ("first_meeting", "event") else tries.bites
    add("REFER-17", f"it follows: {occasion.label}", notified(notice__occasion=occasion.key))
tries.bites("REFER-17", "the occasion is left open", notified(notice__occasion=None))


@tries.each
def test_notifications_of_patients(one):
    """A notification that is not this body's to send, has no listed reason, or comes on another occasion is refused."""
    one.check()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"referrer__body": "private_hospital"}, "the body that commissions the placement does"),
        ({"referrer__body": "other"}, "neither from a health body"),
        ({"notice__reason": None}, "none of the listed reasons"),
        ({"notice__occasion": "later_meeting"}, "an earlier care programme meeting"),
        ({"notice__occasion": "none"}, "no care programme meeting"),
    ],
    ids=["private hospital", "another body", "no reason", "later meeting", "no meeting"],
)
def test_refusal_says_what_is_wrong(changes, says):
    """Each refusal says which part of the rule bit, so that the notifier knows whom to ask (REFER-17)."""
    assert says in str(patient_is_to_be_notified(notified(**changes)))


def test_there_are_five_categories_of_notification():
    """The memorandum lists five categories under which a patient is notified (REFER-17)."""
    assert len(REASONS) == 5
