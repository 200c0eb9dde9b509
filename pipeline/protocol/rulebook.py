"""The rulebook: every subject's rules. A new subject is a module that stands in SUBJECTS."""

import datetime as dt

from forms.definition import Form
from pipeline.protocol import (
    community_referrals,
    consent,
    contact,
    disclosures,
    health_referrals,
    jobcentre,
    limited,
    mappa_plans,
    mappa_referrals,
    marking,
    minutes,
    recipients,
    records,
    referrals,
    reviews,
    screening,
    sending,
    sharing,
    timing,
)
from pipeline.protocol.rule import RULES, On, Rule

__all__ = ["RULES", "SUBJECTS", "rules_on"]

SUBJECTS = (
    marking,
    sending,
    recipients,
    limited,
    sharing,
    disclosures,
    minutes,
    consent,
    contact,
    referrals,
    mappa_referrals,
    mappa_plans,
    community_referrals,
    jobcentre,
    health_referrals,
    screening,
    timing,
    reviews,
    records,
)
"""Loading a subject's module enters its rules in RULES."""


def rules_on(on: On, day: dt.date, form: Form | None = None) -> list[Rule]:
    """Return the rules that look at one kind of thing and hold on a day; those about referrals on one form, where it is named."""
    return [
        one
        for one in RULES.values()
        if one.on is on and one.since <= day and (form is None or one.concerns(form))
    ]
