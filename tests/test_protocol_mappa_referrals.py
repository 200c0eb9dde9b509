"""Does a case belong to a MAPPA meeting, and does Form A tell what the meeting needs: REFER-1 to REFER-10, REFER-19 to REFER-22."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from forms.catalogue import form
from forms.mappa import GROUNDS, KINDS, LISTED_DISPOSALS, RISK_LEVELS, RISKS, TWELVE_MONTHS
from pipeline.agency import AgencyKind
from pipeline.protocol.mappa_plans import invites_whom_it_needs, plan_is_whole, tells_what_a_meeting_needs
from pipeline.protocol.mappa_referrals import is_in_category_2, is_young, notification_would_follow, overall
from tests.rules import Tries, about_case

FORM = form("mappa-a")
EXAMPLE = FORM.example()
DAY = dt.date(2026, 11, 20)
"""The day of the example's referral."""
ALL_LOW = {f"risk.{key}": "low" for key in RISKS}
ONE: dict[str, Any] = {
    "category.category": "one",
    "category.rests_on": "conviction",
    "category.violent_offence": None,
    "category.capability": None,
    "status.in_custody": "no",
    "victims.any_victim": "no",
}
"""Changes that make the example a sound referral in category 1: sexual assault in February 2024 on somebody of 15."""
TWO = ONE | {
    "category.category": "two",
    "category.offence": None,
    "category.violent_offence": "Wounding with intent",
    "category.supervisor": "probation",
    "meeting.lead": "probation",
}
THREE = ONE | {
    "category.category": "three",
    "category.offence": None,
    "category.capability": "Arson",
    "category.supervised": "no",
}
tries = Tries()


def given(base: dict[str, Any], changes: dict[str, Any] | None = None, **meets: Any):
    return about_case(base | (changes or {}), form=FORM, **meets)


def decided(base: dict[str, Any], level: str):
    """Return the case with a level set in the co-ordinator's part, which the example leaves open."""
    case = given(base)
    part = case.checked.answers.decision.model_copy(update={"level": level})
    answers = case.checked.answers.model_copy(update={"decision": part})
    return replace(case, checked=replace(case.checked, answers=answers))


def with_overall(changes: dict[str, Any], level: str):
    """Return the case with another overall level of risk than the program works out."""
    case = given(ONE, changes)
    part = case.checked.answers.risk.model_copy(update={"overall": level})
    answers = case.checked.answers.model_copy(update={"risk": part})
    return replace(case, checked=replace(case.checked, answers=answers))


def rows(path: str, *changes: dict[str, Any]) -> dict[str, Any]:
    """Return as many rows of a table as there are changes to the row of the example."""
    section, _, table = path.partition(".")
    return {path: [EXAMPLE[section][table][0] | one for one in changes]}


def invited(*kinds: str) -> dict[str, Any]:
    return rows("invitees.invitee", *({"kind": kind} for kind in kinds))


# REFER-1
tries.passes("REFER-1", "the table bears category 1 out", given(ONE))
tries.bites(
    "REFER-1",
    "the victim was 18, and the sentence is a fine",
    given(ONE, {"category.victim_age": 18, "category.disposal": "fine"}),
)
tries.passes(
    "REFER-1",
    "the victim was 17, and the sentence is a fine",
    given(ONE, {"category.victim_age": 17, "category.disposal": "fine"}),
)
tries.bites(
    "REFER-1",
    "the victim's age is not known, and the sentence is a fine",
    given(ONE, {"category.victim_age": "Not known", "category.disposal": "fine"}),
)
tries.bites(
    "REFER-1",
    "under 18 at the offence, with 11 months",
    given(ONE, {"category.age": 17, "category.disposal": "youth_custody", "category.months": 11}),
)
tries.passes(
    "REFER-1",
    "under 18 at the offence, with 12 months",
    given(ONE, {"category.age": 17, "category.disposal": "youth_custody", "category.months": 12}),
)
tries.bites(
    "REFER-1",
    "18 at the offence, of one that only the young commit",
    given(ONE, {"category.age": 18, "category.offence": "child_sex_offence_by_young"}),
)
tries.bites(
    "REFER-1",
    "the row is for what was done from 1 May 2004, and it was done the day before",
    given(ONE, {"category.committed": dt.date(2004, 4, 30)}),
)
tries.bites("REFER-1", "no offence is named", given(ONE, {"category.offence": None}))
tries.passes(
    "REFER-1",
    "a civil order brings the requirement",
    given(ONE, {"category.rests_on": "civil_order", "category.offence": None}),
)
tries.passes("REFER-1", "another category is claimed", given(TWO))

# REFER-2
tries.passes("REFER-2", "a listed sentence of 30 months, under supervision", given(TWO))
for one in LISTED_DISPOSALS:
    short = given(TWO, {"category.listed_disposal": one.key, "category.listed_months": 11})
    if one.key in (*TWELVE_MONTHS, "none"):
        tries.bites("REFER-2", f"{one.label}, 11 months", short)
    else:
        tries.passes(
            "REFER-2",
            f"{one.label}, whatever its length",
            given(TWO, {"category.listed_disposal": one.key, "category.listed_months": None}),
        )
    if one.key in TWELVE_MONTHS:
        tries.passes(
            "REFER-2",
            f"{one.label}, 12 months",
            given(TWO, {"category.listed_disposal": one.key, "category.listed_months": 12}),
        )
tries.bites("REFER-2", "a sentence of no length", given(TWO, {"category.listed_months": None}))
tries.bites("REFER-2", "no disposal", given(TWO, {"category.listed_disposal": None}))
tries.bites("REFER-2", "no offence of Schedule 15", given(TWO, {"category.violent_offence": None}))
tries.bites("REFER-2", "supervision is over", given(TWO, {"category.supervised": "no"}))
tries.passes(
    "REFER-2", "sentenced on 1 April 2001", given(TWO, {"category.listed_convicted": dt.date(2001, 4, 1)})
)
tries.bites(
    "REFER-2", "sentenced the day before", given(TWO, {"category.listed_convicted": dt.date(2001, 3, 31)})
)
tries.passes(
    "REFER-2",
    "sentenced the day before, and serving then",
    given(TWO, {"category.listed_convicted": dt.date(2001, 3, 31), "category.serving_then": "yes"}),
)
tries.bites("REFER-2", "no date", given(TWO, {"category.listed_convicted": None}))
tries.passes("REFER-2", "another category is claimed", given(ONE, {"category.supervised": "no"}))

# REFER-3
tries.passes("REFER-3", "an offence, the view, and level 2", given(THREE))
tries.passes("REFER-3", "level 3", given(THREE, {"meeting.level": "level_three"}))
tries.bites("REFER-3", "level 1", given(THREE, {"meeting.level": "level_one"}))
tries.bites("REFER-3", "the co-ordinator sets level 1", decided(THREE, "level_one"))
tries.passes("REFER-3", "the co-ordinator sets level 2", decided(THREE, "level_two"))
tries.bites("REFER-3", "category 1 or 2 may hold", given(THREE, {"category.neither": "no"}))
tries.bites("REFER-3", "nobody says whether they do", given(THREE, {"category.neither": None}))
tries.bites("REFER-3", "no offence is named", given(THREE, {"category.capability": None}))
for one in GROUNDS:
    ground = given(THREE, {"category.rests_on": one.key})
    if one.key in ("none", "civil_order"):
        tries.bites("REFER-3", f"it rests on: {one.label}", ground)
    else:
        tries.passes("REFER-3", f"it rests on: {one.label}", ground)
tries.bites(
    "REFER-3", "the Responsible Authority does not consider so", given(THREE, {"category.considered": "no"})
)
tries.bites("REFER-3", "the reason is two words", given(THREE, {"category.why_serious": "Very violent"}))
tries.passes(
    "REFER-3", "the reason is three words", given(THREE, {"category.why_serious": "Threatens to kill"})
)
tries.passes("REFER-3", "another category is claimed", given(TWO, {"category.neither": "no"}))

# REFER-4
tries.passes("REFER-4", "category 1 at level 2", given(ONE))
tries.passes("REFER-4", "category 2 at level 3", given(TWO, {"meeting.level": "level_three"}))
tries.bites("REFER-4", "level 1", given(ONE, {"meeting.level": "level_one"}))
tries.bites("REFER-4", "no level", given(ONE, {"meeting.level": None}))
tries.bites("REFER-4", "no category", given(ONE, {"category.category": None}))
tries.bites(
    "REFER-4", "category 1, and the basis of 2 as well", given(ONE, {"category.violent_offence": "Robbery"})
)
tries.bites("REFER-4", "category 2, and the basis of 1 as well", given(TWO, {"category.offence": "rape"}))
tries.bites("REFER-4", "category 2, and the basis of 3 as well", given(TWO, {"category.capability": "Arson"}))

# REFER-5
LOW = ONE | ALL_LOW
tries.passes(
    "REFER-5", "high risk to one, and a second agency active", given(ONE, ALL_LOW | {"risk.staff": "high"})
)
tries.passes("REFER-5", "very high risk to one", given(ONE, ALL_LOW | {"risk.self": "very_high"}))
tries.bites(
    "REFER-5",
    "medium risk at the highest",
    given(ONE, ALL_LOW | {"risk.children": "medium"} | {"reason.exception": None}),
)
tries.bites(
    "REFER-5",
    "low risk, an exception without a reason",
    given(LOW, {"reason.exception": "other", "reason.exception_reason": None}),
)
tries.bites(
    "REFER-5",
    "low risk, an exception with two words",
    given(LOW, {"reason.exception": "notoriety", "reason.exception_reason": "Well known"}),
)
tries.passes(
    "REFER-5",
    "low risk, an exception with its reason",
    given(LOW, {"reason.exception": "notoriety", "reason.exception_reason": "Known to everybody here"}),
)
ALONE = rows("plan.involved", {"active": "no"}, {"kind": "police"})
tries.passes(
    "REFER-5",
    "low risk, and at level 3 until now",
    given(LOW, ALONE | {"reason.exception": "after_level_three"}),
)
tries.bites(
    "REFER-5",
    "the second agency is not active, and the active one leads",
    given(ONE, ALONE | {"reason.exception": None}),
)
tries.bites("REFER-5", "no other agency at all", given(ONE, {"plan.involved": [], "reason.exception": None}))
tries.bites(
    "REFER-5",
    "an exception to the risk, and no second agency",
    given(LOW, ALONE | {"reason.exception": "other", "reason.exception_reason": "Known to everybody here"}),
)
tries.passes(
    "REFER-5", "level 3 is sought", given(LOW, {"meeting.level": "level_three", "reason.exception": None})
)

# REFER-6
HIGH_3 = ONE | {"meeting.level": "level_three"}
LOW_3 = HIGH_3 | ALL_LOW
tries.passes("REFER-6", "high risk, and complex", given(HIGH_3, {"reason.criterion": "complexity"}))
tries.passes("REFER-6", "high risk, and unusual resources", given(HIGH_3, {"reason.criterion": "resources"}))
tries.bites(
    "REFER-6",
    "medium risk, and complex",
    given(LOW_3, {"risk.public": "medium", "reason.criterion": "complexity"}),
)
tries.bites("REFER-6", "low risk, and unusual resources", given(LOW_3, {"reason.criterion": "resources"}))
tries.passes(
    "REFER-6",
    "low risk, and exceptional public interest",
    given(LOW_3, {"reason.criterion": "public_interest"}),
)
tries.bites(
    "REFER-6",
    "very high risk, and no criterion",
    given(HIGH_3, {"risk.public": "very_high", "reason.criterion": None}),
)
tries.passes("REFER-6", "level 2 is sought", given(LOW, {"reason.criterion": None}))

# REFER-7
tries.passes("REFER-7", "everything is told", given(ONE))
for path in ("risk.likelihood", "risk.imminence", "meeting.when"):
    tries.bites("REFER-7", f"{path} is open", given(ONE, {path: None}))
for path in ("risk.who", "risk.when_greatest", "risk.imminence_signs", "reason.adds", "plan.current"):
    tries.bites("REFER-7", f"{path} is open", given(ONE, {path: None}))
    tries.bites("REFER-7", f"{path} says nothing", given(ONE, {path: "None."}))
    tries.passes("REFER-7", f"{path} says it in two words", given(ONE, {path: "His sister"}))
tries.bites("REFER-7", "who is at risk is somewhere else", given(ONE, {"risk.who": "See OASys"}))
tries.bites("REFER-7", "who is at risk is in a report", given(ONE, {"risk.who": "See the attached report."}))
tries.passes(
    "REFER-7",
    "whoever sees him is at risk",
    given(ONE, {"risk.who": "See how he treats anybody who says no to him."}),
)
tries.bites("REFER-7", "who is at risk is not known", given(ONE, {"risk.who": "n/k"}))
tries.bites("REFER-7", "nobody is invited", given(ONE, {"invitees.invitee": []}))
tries.bites("REFER-7", "there is no action", given(ONE, {"plan.action": []}))
tries.bites("REFER-7", "there is no assessment", given(ONE, {"risk.tool": []}))
WEEKS = DAY - dt.timedelta(weeks=16)


def assessed(*days: dt.date | str, **changes: Any) -> Any:
    return given(ONE, rows("risk.tool", *({"date": day} for day in days)) | {"referrer.date": DAY} | changes)


tries.passes("REFER-7", "the assessment is 16 weeks old", assessed(WEEKS))
tries.bites("REFER-7", "the assessment is a day older", assessed(WEEKS - dt.timedelta(1)))
tries.passes("REFER-7", "one of two is newer", assessed(WEEKS - dt.timedelta(900), WEEKS))
tries.passes(
    "REFER-7",
    "it is older, and the meeting cannot wait",
    assessed(WEEKS - dt.timedelta(1), **{"meeting.when": "emergency"}),
)
tries.passes(
    "REFER-7",
    "it is older, and a health body leads",
    assessed(WEEKS - dt.timedelta(1), **{"meeting.lead": "mental_health"}),
)
tries.bites("REFER-7", "its day is not known", assessed("Not known"))
tries.bites(
    "REFER-7", "its day is not known, in an emergency", assessed("Not known", **{"meeting.when": "emergency"})
)

# REFER-8
tries.passes("REFER-8", "six levels", given(ONE))
tries.passes(
    "REFER-8",
    "the overall level is the highest",
    given(ONE, ALL_LOW | {"risk.self": "very_high", "risk.overall": "very_high"}),
)
tries.bites("REFER-8", "the overall level is lower", with_overall(ALL_LOW | {"risk.self": "very_high"}, "high"))
tries.bites("REFER-8", "the overall level is higher", with_overall(ALL_LOW, "medium"))
for key, words in RISKS.items():
    tries.bites("REFER-8", f"{words} is open", given(ONE, {f"risk.{key}": None}))

# REFER-9
tries.passes("REFER-9", "an owner, a day and a contingency", given(ONE))
tries.passes(
    "REFER-9",
    "an action protects the victim",
    given(ONE, rows("plan.action", {"protects": "no"}, {"protects": "yes"}) | {"victims.any_victim": "yes"}),
)
tries.bites(
    "REFER-9",
    "none protects the victim",
    given(ONE, rows("plan.action", {"protects": "no"}) | {"victims.any_victim": "yes"}),
)
tries.passes("REFER-9", "there is no victim", given(ONE, rows("plan.action", {"protects": "no"})))
for owner in (None, "Not known", "All", "to be agreed.", "Everybody"):
    tries.bites("REFER-9", f"the owner is {owner}", given(ONE, rows("plan.action", {}, {"owner": owner})))
tries.bites("REFER-9", "an action has no day", given(ONE, rows("plan.action", {"by": None})))
tries.bites(
    "REFER-9", "the day of an action is not known", given(ONE, rows("plan.action", {"by": "Not known"}))
)
tries.bites("REFER-9", "there is no contingency", given(ONE, {"plan.contingency": None}))
tries.bites("REFER-9", "the contingency is none", given(ONE, {"plan.contingency": "None"}))
tries.passes(
    "REFER-9", "the contingency is told in two words", given(ONE, {"plan.contingency": "Immediate recall"})
)

# REFER-10
MATRIX = (
    ONE
    | rows("risk.tool", {"tool": "risk_matrix_2000"})
    | {"offender.gender": "male", "risk.sexual_after_16": "yes"}
)
tries.passes("REFER-10", "a man, with a sexual offence after 16", given(MATRIX))
tries.bites("REFER-10", "a woman", given(MATRIX, {"offender.gender": "female"}))
tries.bites("REFER-10", "the gender is open", given(MATRIX, {"offender.gender": None}))
tries.bites("REFER-10", "no sexual offence after 16", given(MATRIX, {"risk.sexual_after_16": "no"}))
tries.bites("REFER-10", "nobody says whether there is one", given(MATRIX, {"risk.sexual_after_16": None}))
tries.passes(
    "REFER-10",
    "18 on the day of the referral",
    given(MATRIX, {"offender.date_of_birth": dt.date(2008, 11, 20), "referrer.date": DAY}),
)
tries.bites(
    "REFER-10",
    "18 the day after",
    given(MATRIX, {"offender.date_of_birth": dt.date(2008, 11, 21), "referrer.date": DAY}),
)
tries.passes("REFER-10", "about 18", given(MATRIX, {"offender.date_of_birth": 18}))
tries.bites("REFER-10", "about 17", given(MATRIX, {"offender.date_of_birth": 17}))
tries.bites(
    "REFER-10",
    "said to be under 18",
    given(MATRIX, {"status.under_18": "yes", "offender.date_of_birth": "Not known"}),
)
tries.passes("REFER-10", "a woman, with other tools", given(ONE, {"offender.gender": "female"}))

# REFER-19
SUPERVISED = {"category.supervised": "yes", "category.supervisor": "probation"}
tries.passes("REFER-19", "police lead in category 1", given(ONE))
tries.bites("REFER-19", "mental health leads in category 1", given(ONE, {"meeting.lead": "mental_health"}))
tries.passes(
    "REFER-19",
    "probation leads in category 1 while it supervises",
    given(ONE, SUPERVISED | {"meeting.lead": "probation"}),
)
tries.bites(
    "REFER-19",
    "probation leads in category 1, and supervision is over",
    given(ONE, SUPERVISED | {"meeting.lead": "probation", "category.supervised": "no"}),
)
for lead in ("probation", "youth_offending", "mental_health"):
    tries.passes("REFER-19", f"{lead} leads in category 2", given(TWO, {"meeting.lead": lead}))
    tries.passes(
        "REFER-19",
        f"{lead} leads in category 3 where it supervises",
        given(THREE, {"category.supervised": "yes", "category.supervisor": lead, "meeting.lead": lead}),
    )
    tries.bites(
        "REFER-19", f"{lead} leads in category 3 without supervision", given(THREE, {"meeting.lead": lead})
    )
tries.bites("REFER-19", "police lead in category 2", given(TWO, {"meeting.lead": "police"}))
tries.passes(
    "REFER-19", "police lead in category 3 without supervision", given(THREE, {"meeting.lead": "police"})
)
tries.bites(
    "REFER-19",
    "police lead in category 3 where probation supervises",
    given(THREE, SUPERVISED | {"meeting.lead": "police"}),
)
tries.passes("REFER-19", "nobody leads", given(ONE, {"meeting.lead": None}))

# REFER-20
CALM = ONE | {
    "victims.domestic_abuse": "no",
    "status.approved_premises": "no",
    "status.foreign_national": "no",
    "safeguarding.protection_plan": "no",
    "status.under_18": "no",
}
CALLS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("victims.any_victim", ("victim_liaison",)),
    ("status.approved_premises", ("approved_premises",)),
    ("status.in_custody", ("prison",)),
    ("victims.domestic_abuse", ("idva", "police_domestic_abuse")),
    ("status.foreign_national", ("immigration",)),
    ("safeguarding.protection_plan", ("childrens_services",)),
    ("status.under_18", ("youth_offending",)),
)
tries.passes("REFER-20", "nothing calls for anybody", given(CALM, invited("police")))
for path, kinds in CALLS:
    tries.bites("REFER-20", f"{path}, and nobody comes for it", given(CALM, invited("police") | {path: "yes"}))
    tries.passes(
        "REFER-20", f"{path}, and somebody comes for it", given(CALM, invited("police", *kinds) | {path: "yes"})
    )
tries.bites(
    "REFER-20",
    "domestic abuse, and the police's unit alone",
    given(CALM, invited("police_domestic_abuse") | {"victims.domestic_abuse": "yes"}),
)
tries.passes(
    "REFER-20",
    "whether there is domestic abuse is not known",
    given(CALM, invited("police") | {"victims.domestic_abuse": "unknown"}),
)
tries.bites(
    "REFER-20",
    "18 the day after, and no youth offending",
    given(CALM, invited("police") | {"offender.date_of_birth": dt.date(2008, 11, 21), "referrer.date": DAY}),
)

# REFER-21
for one in GROUNDS:
    rests = given(THREE, {"category.rests_on": one.key})
    if one.key == "none":
        tries.bites("REFER-21", f"it rests on: {one.label}", rests)
    else:
        tries.passes("REFER-21", f"it rests on: {one.label}", rests)
tries.bites("REFER-21", "it rests on nothing", given(THREE, {"category.rests_on": None}))

# REFER-22
HELD = ONE | {"status.terrorism": "yes", "status.in_custody": "yes", "dates.parole": None}


def released(day: dt.date | str | None, meeting: dt.date, **changes: Any) -> Any:
    return given(HELD, {"dates.conditional_release": day} | changes, date=meeting)


tries.passes(
    "REFER-22", "the meeting is six months before release", released(dt.date(2027, 6, 8), dt.date(2026, 12, 8))
)
tries.bites("REFER-22", "it is a day later", released(dt.date(2027, 6, 8), dt.date(2026, 12, 9)))
tries.passes(
    "REFER-22",
    "six months before 31 August is the last of February",
    released(dt.date(2027, 8, 31), dt.date(2027, 2, 28)),
)
tries.bites("REFER-22", "1 March is later than that", released(dt.date(2027, 8, 31), dt.date(2027, 3, 1)))
tries.bites(
    "REFER-22",
    "parole may come sooner",
    released(dt.date(2029, 6, 8), dt.date(2026, 12, 9), **{"dates.parole": dt.date(2027, 6, 8)}),
)
tries.passes("REFER-22", "no release is known", released("Not known", dt.date(2026, 12, 9)))
tries.passes(
    "REFER-22",
    "the person is out",
    released(dt.date(2026, 10, 1), dt.date(2026, 12, 9), **{"status.in_custody": "no"}),
)
tries.bites(
    "REFER-22", "level 1 is sought", released(None, dt.date(2026, 12, 8), **{"meeting.level": "level_one"})
)
tries.passes(
    "REFER-22",
    "it is no such case",
    released(dt.date(2027, 6, 8), dt.date(2026, 12, 9), **{"status.terrorism": "no"}),
)

# REFER-10, its other half: it warns
PLAIN = (
    CALM
    | rows("risk.tool", {"tool": "oasys"})
    | {"offender.gender": "male", "offender.ethnic_origin": "white_british"}
)
OGRS = PLAIN | rows("risk.tool", {"tool": "oasys"}, {"tool": "ogrs"})
tries.passes("REFER-10", "OASys for a man", given(PLAIN))
tries.passes("REFER-10", "OGRS for a white man", given(OGRS))
tries.bites("REFER-10", "OGRS for a woman", given(OGRS, {"offender.gender": "female"}))
for origin in ("caribbean", "african", "black_other", "mixed_white_caribbean", "mixed_white_african"):
    tries.bites("REFER-10", f"OGRS, {origin}", given(OGRS, {"offender.ethnic_origin": origin}))
tries.passes("REFER-10", "OASys for a woman", given(PLAIN, {"offender.gender": "female"}))
ABUSE = {"victims.domestic_abuse": "yes"}
tries.bites("REFER-10", "domestic abuse by a man without SARA", given(PLAIN, ABUSE))
tries.passes(
    "REFER-10", "domestic abuse by a man with SARA", given(PLAIN, ABUSE | rows("risk.tool", {"tool": "sara"}))
)
tries.passes(
    "REFER-10", "domestic abuse by a woman without SARA", given(PLAIN, ABUSE | {"offender.gender": "female"})
)
YOUNG = {"status.under_18": "yes"}
tries.bites("REFER-10", "under 18 without ASSET", given(PLAIN, YOUNG))
tries.passes("REFER-10", "under 18 with ASSET", given(PLAIN, YOUNG | rows("risk.tool", {"tool": "asset"})))
tries.bites("REFER-10", "an adult with ASSET", given(PLAIN, rows("risk.tool", {"tool": "asset"})))


@tries.each
def test_mappa_referrals(one):
    """A case that is not for MAPPA, or that does not tell enough, is refused; what is unusual is warned of."""
    one.check()


def test_a_claim_is_questioned_by_its_row():
    """The finding names the chart and the row, what is not met, and what would have to be known (REFER-1)."""
    fine = {"category.disposal": "fine"}
    not_met = str(notification_would_follow(given(ONE, fine | {"category.victim_age": 30})))
    assert not_met.startswith("chart 2, row 3 does not bear out category 1: The threshold is not met")
    not_known = str(notification_would_follow(given(ONE, fine | {"category.victim_age": "Not known"})))
    assert not_known.startswith("chart 2, row 3 leaves open category 1")
    assert not_known.endswith("What would have to be known: the victim's age.")


def test_every_lack_is_told_at_once():
    """A referrer hears all that is lacking, not one thing after another."""
    short = {"category.listed_months": 11, "category.supervised": "no"}
    assert is_in_category_2(given(TWO, short)) == (
        "category 2 is claimed, and the sentence is not said to be of 12 months or more "
        "and the person is no longer under statutory supervision"
    )
    lacking = rows("plan.action", {}, {"owner": "All", "by": "Not known"}) | {"plan.contingency": "none"}
    assert plan_is_whole(given(ONE, lacking)) == (
        "in the risk management plan action 2 has no owner, action 2 has no date and there is no contingency"
    )
    open_ones = {"risk.likelihood": None, "reason.adds": "See plan"}
    assert tells_what_a_meeting_needs(given(ONE, open_ones)) == (
        "it does not tell the likelihood of reoffending and what the higher level adds"
    )


def test_whom_to_invite_is_told_with_the_reason():
    """A warning says who is absent, and which answer calls for them (REFER-20)."""
    found = invites_whom_it_needs(given(CALM, invited("idva") | ABUSE | {"status.in_custody": "yes"}))
    assert found == (
        "not among those to be invited: Prison, since the person is in custody; "
        "Police domestic abuse unit, since there is domestic abuse"
    )


@pytest.mark.parametrize("level", [choice.key for choice in RISK_LEVELS])
def test_overall_is_the_highest_of_six(level):
    """Whichever of the six is highest is the overall level, and with none given there is none."""
    for key in RISKS:
        assert overall(given(ONE, ALL_LOW | {f"risk.{key}": level})) == level
    assert overall(given(ONE, dict.fromkeys(ALL_LOW))) is None


@pytest.mark.parametrize(
    ("born", "young"),
    [
        (dt.date(2008, 11, 20), False),
        (dt.date(2008, 11, 21), True),
        (dt.date(2008, 2, 29), False),
        (17, True),
        (18, False),
        ("Not known", False),
    ],
    ids=str,
)
def test_who_is_young(born, young):
    """Somebody is young until the 18th birthday, on the day of the referral."""
    assert is_young(given(ONE, {"offender.date_of_birth": born, "referrer.date": DAY})) is young


def test_kinds_to_invite_are_kinds_of_agency():
    """Whom a plan or a meeting needs is said in the kinds of the directory, but for two units of such agencies."""
    units = {"police_domestic_abuse", "approved_premises", "other"}
    assert {choice.key for choice in KINDS} - units <= set(AgencyKind)


def test_what_a_form_a_works_out_is_what_the_rule_takes():
    """The form and the rules go by one order of levels for the overall risk (REFER-8)."""
    computed = FORM.find("risk.overall").ask.computed
    assert computed is not None
    assert computed.paths == tuple(f"risk.{key}" for key in RISKS)
