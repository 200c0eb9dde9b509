"""Is the referral sound: CAMP, IOM and deter young offenders (DYO)."""

import datetime as dt

from forms.answers import Age
from forms.dyo import ASSET_SCORE
from pipeline.days import age_on
from pipeline.protocol.rule import CaseContext, Citation, Effect, On, Source, rule

_B5A = Citation(Source.BROMLEY, "appendix 5 part A, objectives")
_MANAGED_ELSEWHERE = frozenset({"level_two", "level_three"})
_ENGAGED_IN = {"camp": "reasons", "iom": "criteria"}
"""The section in which a form asks for other panels."""


@rule(
    "REFER-12",
    "CAMP and IOM are for people whom no MAPPA, MARAC or DYO panel is engaged with; IOM takes no MAPPA level 2 or 3",
    Effect.REFUSE,
    On.CASE,
    _B5A,
    Citation(Source.RICHMOND, "principle 5; structures and membership; paragraph 4.2"),
    open_to_decision=True,
    forms=tuple(_ENGAGED_IN),
)
def nobody_else_is_engaged(case: CaseContext) -> str | None:
    """Refuse a case with which another panel is engaged; that it was discharged from there is a reason to refer.

    At level 1 of MAPPA no panel meets (Bromley, appendix 2 part A), so none is engaged.
    """
    said = {
        key: case.checked[f"{_ENGAGED_IN[case.form.id]}.{key}"]
        for key in ("mappa", "mappa_level", "marac", "dyo")
    }
    engaged = []
    if said["mappa_level"] in _MANAGED_ELSEWHERE or (said["mappa"] == "yes" and said["mappa_level"] is None):
        engaged.append("MAPPA")
    engaged += [key.upper() for key in ("marac", "dyo") if said[key] == "yes"]
    if not engaged:
        return None
    names = " and ".join(engaged)
    return f"{names} {'is' if len(engaged) == 1 else 'are'} engaged: it can be referred here when discharged from there"


_DIP = frozenset({"dip_prolific", "dip_not_engaging"})
_BRINGS_IN = 3


@rule(
    "REFER-13",
    "A client of the drug intervention programme who is not in treatment, or a third offence, brings inclusion in CAMP",
    Effect.WARN,
    On.CASE,
    Citation(Source.BROMLEY, "appendix 5 part A, criteria for referral to CAMP"),
    forms=("camp",),
)
def brings_inclusion(case: CaseContext) -> str | None:
    """Say that the criteria bring a client in, so that a case manager is named.

    In treatment is who goes to a drug or alcohol agency and is not said to stay away from it.
    """
    reasons = _DIP & set(case.checked["reasons.reasons"] or ())
    if not reasons:
        return None
    offences = case.checked["reasons.offences"]
    if isinstance(offences, int) and offences >= _BRINGS_IN:
        return "a third offence of a DIP client brings inclusion: name a case manager"
    if "dip_not_engaging" in reasons or "drug_alcohol" not in (case.checked["services.services"] or ()):
        return "a DIP client who offends again and is not in treatment is to be included: name a case manager"
    return None


_YOUNGEST, _ADULT = 10, 18
_HIGH = frozenset({"high", "very_high"})


def _wrong_age(case: CaseContext) -> str | None:
    born = case.checked["young_person.date_of_birth"]
    if not isinstance(born, dt.date | Age):
        return "neither date of birth nor age is known"
    years = age_on(case.meeting.date, born)
    if years < _YOUNGEST:
        return "under 10 on the day of the meeting"
    return "18 or over on the day of the meeting, when a young person leaves DYO" if years >= _ADULT else None


def _is_high(case: CaseContext) -> bool:
    """Say whether the risk is high enough: by score, by level, or by a professional's judgement with its reason."""
    score = case.checked["risk.asset"]
    by_judgement = case.checked["risk.judgement"] == "yes" and bool(case.checked["risk.judgement_reason"])
    by_score = isinstance(score, int) and score >= ASSET_SCORE
    return by_score or case.checked["risk.harm"] in _HIGH or by_judgement


@rule(
    "REFER-15",
    "DYO is for those of 10 to 17 who live in, are in the care of or are active in the borough, and are at high risk",
    Effect.REFUSE,
    On.CASE,
    Citation(Source.BROMLEY, "appendix 4 part A, role, catchment area, and moving on"),
    Citation(Source.RICHMOND, "section 3, deter young offenders panel"),
    open_to_decision=True,
    forms=("dyo",),
)
def is_for_dyo(case: CaseContext) -> str | None:
    """Refuse who is not of the age, has no link with the borough, or is not at high risk.

    Richmond gives priority from an Asset score of 24 or a high or very high risk of serious harm, and selects by
    professional judgement besides; Bromley says "high-risk" and sets no score.
    """
    wrong = [
        _wrong_age(case),
        None if case.checked["referrer.link"] else "no link with the borough",
        None
        if _is_high(case)
        else f"no Asset score of {ASSET_SCORE}, no high risk of serious harm, and no judgement with a reason",
    ]
    return "; ".join(filter(None, wrong)) or None


@rule(
    "REFER-16",
    "A high-risk DYO case is to be considered for MAPPA",
    Effect.WARN,
    On.CASE,
    Citation(Source.BROMLEY, "appendix 4 part A, risk assessment"),
    forms=("dyo",),
)
def is_considered_for_mappa(case: CaseContext) -> str | None:
    """Warn of a high or very high risk of serious harm that nobody has considered for MAPPA yet."""
    if case.checked["risk.harm"] not in _HIGH or case.checked["risk.mappa"] in ("referred", "considered"):
        return None
    return "the risk of serious harm is high, and it has not been considered for MAPPA"
