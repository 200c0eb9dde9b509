"""Consent, anonymity and purpose: CONSENT-1, 2, 4 and PURPOSE-1 to 4."""

import datetime as dt
from typing import Any

import pytest

from forms.information import Whose
from forms.marac import FORM, GROUNDS
from pipeline.protocol.consent import hidden_when_anonymous
from pipeline.protocol.rule import CaseContext
from tests.rules import CASE, Tries, about_agency, about_case, decision, settings

tries = Tries()
PANEL = settings().panels["marac"]


def case(
    *, consents: str = "no", children: bool = True, decisions: tuple[dict[str, Any], ...] = (), **more: Any
) -> CaseContext:
    changes = {"consent.consents": consents, "consent.ground": None, "consent.reason": None}
    changes |= {} if children else {"children.child": []}
    return about_case(
        changes | {path.replace("__", "."): value for path, value in more.items()}, decision=list(decisions)
    )


REASON = "The children saw the last assault."
IN_FULL = decision("CONSENT-2", case=CASE, ground="adult_harm")

tries.bites("CONSENT-1", "no consent, children, no reason", case())
tries.bites("CONSENT-1", "the reason is a word", case(consent__reason="Children"))
tries.bites("CONSENT-1", "the reason is two words", case(consent__reason="Child safety"))
tries.passes("CONSENT-1", "the reason is three words", case(consent__reason="Child was hit"))
tries.passes("CONSENT-1", "the reason is a sentence", case(consent__reason=REASON))
tries.passes("CONSENT-1", "no children", case(children=False))
tries.passes("CONSENT-1", "consent was given", case(consents="yes"))

tries.bites("CONSENT-2", "no consent, no children", case(children=False))
tries.bites(
    "CONSENT-2",
    "a ground of the referrer's is no decision",
    case(children=False, consent__ground="adult_harm", consent__reason=REASON),
)
tries.bites("CONSENT-2", "consent was left open", about_case({"consent.consents": None, "children.child": []}))
tries.passes("CONSENT-2", "no consent, children", case())
tries.passes("CONSENT-2", "consent was given, no children", case(consents="yes", children=False))

tries.bites("CONSENT-4", "children, no ground", case(consent__reason=REASON))
tries.bites(
    "CONSENT-4",
    "a decision to share in full names no ground",
    case(children=False, decisions=(decision("CONSENT-2", case=CASE),)),
)
for ground in GROUNDS:
    tries.passes(
        "CONSENT-4",
        f"children, and the ground is {ground.label}",
        case(consent__ground=ground.key, consent__reason=REASON),
    )
    tries.passes(
        "CONSENT-4",
        f"a decision to share in full on the ground {ground.label}",
        case(children=False, decisions=(IN_FULL | {"ground": ground.key},)),
    )
tries.passes("CONSENT-4", "an anonymous case needs no ground", case(children=False))
tries.passes("CONSENT-4", "consent was given", case(consents="yes"))
tries.passes(
    "CONSENT-4",
    "a decision on another rule asks for no ground",
    case(children=False, decisions=(decision("PURPOSE-3", case=CASE),)),
)

tries.gives(
    "PURPOSE-1",
    "a pack says why, that it is confidential, and how long to keep it",
    lambda f: [
        word in " ".join(f(PANEL, "8 December 2027"))
        for word in ("To make somebody safer.", "confidential", "safe", "8 December 2027")
    ],
    [True] * 4,
    bites=True,
)
tries.gives(
    "PURPOSE-1",
    "what the agency is to do comes from the panel, not from the rule",
    lambda f: "Check your records." in " ".join(f(PANEL, "8 December 2027")),
    False,
    bites=False,
)

S325 = about_case({"handling.basis": "cja_2003_s325"})
NO_DUTY, DUTY = about_agency(duty_to_cooperate=False), about_agency(duty_to_cooperate=True)
tries.bites("PURPOSE-2", "section 325 towards an agency without the duty", S325, NO_DUTY)
tries.passes("PURPOSE-2", "section 325 towards an agency with the duty", S325, DUTY)
tries.bites("PURPOSE-2", "no basis", about_case({"handling.basis": None}), DUTY)
tries.bites(
    "PURPOSE-2",
    "consent is the basis, and there is none",
    about_case({"handling.basis": "consent", "consent.consents": "no"}),
    DUTY,
)
tries.passes(
    "PURPOSE-2",
    "consent is the basis, and was given",
    about_case({"handling.basis": "consent", "consent.consents": "yes"}),
    NO_DUTY,
)
for basis in (
    "cda_1998_s115",
    "oma_2007_s14",
    "children_act_2004_s11",
    "care_act_2014_s45",
    "dpa_2018_sch1_18",
    "common_law_police",
):
    tries.passes(
        "PURPOSE-2", f"{basis} does not hang on the duty", about_case({"handling.basis": basis}), NO_DUTY
    )

FULL = {
    "handling.necessary": "One agency cannot manage it.",
    "handling.proportionate": "Only what members need.",
}
for path in FULL:
    tries.bites("PURPOSE-3", f"{path} is open", about_case(FULL | {path: None}))
    tries.bites("PURPOSE-3", f"{path} is two words", about_case(FULL | {path: "It is"}))
tries.bites("PURPOSE-3", "both are open", about_case(dict.fromkeys(FULL)))
tries.passes("PURPOSE-3", "both are three words", about_case(dict.fromkeys(FULL, "Lives at risk")))
tries.passes("PURPOSE-3", "both are a sentence", about_case(FULL))


def months(count: int):
    return settings(keep_months=count).panels["marac"]


for day, count, until, says in (
    (dt.date(2026, 12, 8), 12, dt.date(2027, 12, 8), "a year after"),
    (dt.date(2026, 12, 8), 1, dt.date(2027, 1, 8), "a month after, into the next year"),
    (dt.date(2026, 11, 30), 1, dt.date(2026, 12, 30), "a month after, in December"),
    (dt.date(2026, 10, 31), 1, dt.date(2026, 11, 30), "a month of 30 days after the 31st"),
    (dt.date(2027, 8, 31), 6, dt.date(2028, 2, 29), "February of a leap year"),
    (dt.date(2028, 2, 29), 12, dt.date(2029, 2, 28), "a year after 29 February"),
    (dt.date(2026, 12, 8), 1200, dt.date(2126, 12, 8), "a hundred years"),
):  # fmt: skip
    tries.gives(
        "PURPOSE-4",
        f"{says}: until {until}",
        lambda f, day=day, count=count: f(day, months(count)),
        until,
        bites=True,
    )
tries.gives(
    "PURPOSE-4",
    "the day of the meeting itself is never the last",
    lambda f: f(dt.date(2026, 12, 8), months(1)) == dt.date(2026, 12, 8),
    False,
    bites=False,
)


@tries.each
def test_consent_and_purpose(one):
    """Without consent a case is anonymous or gives ground and reason; each share says by what law and why."""
    one.check()


IDENTIFYING = ("surname", "forenames", "aliases", "nicknames", "date_of_birth", "other_dates_of_birth", "permanent_address",
               "temporary_address", "telephone", "safe_times", "safe_with", "full_name", "school", "gp", "address")  # fmt: skip
CIRCUMSTANCES = (
    "victim.gender", "victim.mental_health", "victim.other", "victim.interpreter", "consent.consents", "reasons.reasons",
    "perpetrators.perpetrator.to_victim", "perpetrators.perpetrator.mappa", "children.child.sex", "dash.strangle", "agencies.nhs",
)  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        found.path
        for found in FORM.asks()
        if found.section.whose is not Whose.NOBODY and found.ask.key in IDENTIFYING
    ],
)
def test_anonymous_case_hides_who_it_is_about(path):
    """Names, births, addresses, contacts, school and GP of client, children and perpetrator are closed (CONSENT-2)."""
    assert hidden_when_anonymous(FORM.find(path))


@pytest.mark.parametrize("path", CIRCUMSTANCES)
def test_anonymous_case_tells_its_circumstances(path):
    """What has happened, and to what kind of person, is discussed (CONSENT-2)."""
    assert not hidden_when_anonymous(FORM.find(path))


def test_anonymous_case_closes_all_that_identifies_anybody():
    """No question that would give somebody away stays open, whatever is added to the form (CONSENT-2)."""
    telling = [one for one in FORM.asks() if one.ask.identifies and one.section.whose is not Whose.NOBODY]
    assert telling
    assert all(map(hidden_when_anonymous, telling))
    assert not any(hidden_when_anonymous(one) for one in FORM.asks() if one.section.key == "referrer")
