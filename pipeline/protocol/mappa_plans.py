"""Does a MAPPA referral (Form A) tell what a meeting needs: the risk, the tools, the plan, and who should be there?"""

import datetime as dt
from typing import Any

from forms.answers import is_not_known, is_placeholder, plain
from forms.mappa import KINDS, RISKS
from pipeline.protocol.mappa_referrals import (
    FORM_A,
    WM_LEVELS,
    is_young,
    known,
    listed,
    overall,
)
from pipeline.protocol.rule import Advice, CaseContext, Citation, Effect, On, Source, rule

_TV7 = Citation(Source.THAMES_VALLEY, "section 7, what is a risk assessment")
_PROCESS = Citation(Source.BROMLEY, "appendix 2 part C, process for information sharing")
_WM_RISK = Citation(Source.WEST_MIDLANDS, "risk assessment")
_KIND_WORDS = {choice.key: choice.label for choice in KINDS}
_UP_TO_DATE = dt.timedelta(weeks=16)
"""How long an assessment stands by the standards of police and probation (Thames Valley, section 7)."""
_WITH_STANDARD = ("police", "probation")
_CHOSEN = {
    "risk.likelihood": "the likelihood of reoffending",
    "risk.imminence": "how imminent serious harm is",
    "meeting.when": "whether an emergency meeting is needed",
}
_TOLD = {
    "risk.who": "who is at risk of serious harm",
    "risk.when_greatest": "when the risk is greatest",
    "risk.imminence_signs": "what points to how imminent it is",
    "reason.adds": "what the higher level adds",
    "plan.current": "the current situation in an outline plan",
}
_ROWS = {
    "plan.action": "an action of an outline plan",
    "invitees.invitee": "who needs to be invited",
    "risk.tool": "a risk assessment",
}
_NOTHING = frozenset(
    {"nil", "no", "none", "nothing", "ok", "standard", "usual", "yes", "to be agreed", "to be decided"}
)
_LONGEST_POINTER = 4
"""Words: "see OASys" and "see the attached report" tell nothing themselves."""


def _tells(text: Any) -> bool:
    """Say whether an answer has something in it: what passes for answered may be empty. Our list."""
    if not isinstance(text, str) or is_placeholder(text) or is_not_known(text):
        return False
    words = plain(text).rstrip(". ")
    points = words.startswith("see ") and len(words.split()) <= _LONGEST_POINTER
    return bool(words) and words not in _NOTHING and not points


@rule(
    "REFER-7",
    "A Form A tells the risk, to whom, when and how imminent, with an up-to-date assessment and plan, and whom to invite",
    Effect.REFUSE,
    On.CASE,
    _PROCESS,
    WM_LEVELS,
    forms=FORM_A,
)
def tells_what_a_meeting_needs(case: CaseContext) -> str | None:
    """Refuse a referral that leaves one of these open or answers it with nothing, or whose assessment is out of date."""
    asked = case.checked
    lacking = [words for path, words in (_CHOSEN | _ROWS).items() if not asked[path]]
    lacking += [words for path, words in _TOLD.items() if not _tells(asked[path])]
    if asked["risk.tool"] and not _is_up_to_date(case):
        lacking.append("an up-to-date risk assessment")
    return f"it does not tell {listed(lacking)}" if lacking else None


def _is_up_to_date(case: CaseContext) -> bool:
    """Say whether there is an assessment of a known day, and one that is no older than the lead agency's standard.

    An emergency does not wait for a review, and of other agencies' standards nothing is known here.
    """
    days = [row.date for row in case.checked["risk.tool"] if isinstance(row.date, dt.date)]
    if not days:
        return False
    if case.checked["meeting.when"] == "emergency" or case.checked["meeting.lead"] not in _WITH_STANDARD:
        return True
    return bool((case.checked["referrer.date"] or case.day) - max(days) <= _UP_TO_DATE)


@rule(
    "REFER-8",
    "Risk of serious harm is low, medium, high or very high for each of six, and the overall level is the highest of them",
    Effect.REFUSE,
    On.CASE,
    _TV7,
    _WM_RISK,
    forms=FORM_A,
)
def rates_every_risk(case: CaseContext) -> str | None:
    """Refuse a referral that leaves one of the six open, or whose overall level is not the highest of them."""
    lacking = [words.lower() for key, words in RISKS.items() if not case.checked[f"risk.{key}"]]
    if lacking:
        return f"the risk of serious harm is not rated for {listed(lacking)}"
    stated = case.checked["risk.overall"]
    return "the overall risk is not the highest of the six" if stated not in (None, overall(case)) else None


_NOBODY = frozenset(
    {
        "all", "all agencies", "all members", "any", "anybody", "everybody", "everyone", "mappa", "n/k", "nobody", "panel",
        "tba", "tbc", "the meeting", "the panel", "to be agreed", "to be arranged", "to be confirmed", "to be decided", "various",
    }
)  # fmt: skip
"""What stands for an owner where there is none. Our list."""


@rule(
    "REFER-9",
    "Every action of a risk management plan has an owner and a date; the plan protects victims and holds a contingency",
    Effect.REFUSE,
    On.CASE,
    Citation(Source.THAMES_VALLEY, "section 8, what is risk management"),
    Citation(Source.WEST_MIDLANDS, "risk management"),
    open_to_decision=True,
    forms=FORM_A,
)
def plan_is_whole(case: CaseContext) -> str | None:
    """Refuse a plan with an action of nobody or of no day, without a contingency, or with nothing that protects its victim."""
    lacking = []
    for number, row in enumerate(case.checked["plan.action"], start=1):
        owner = known(row.owner)
        if not owner or plain(owner).rstrip(".") in _NOBODY:
            lacking.append(f"action {number} has no owner")
        if not known(row.by):
            lacking.append(f"action {number} has no date")
    if not _tells(case.checked["plan.contingency"]):
        lacking.append("there is no contingency")
    protects = any(row.protects == "yes" for row in case.checked["plan.action"])
    if case.checked["victims.any_victim"] == "yes" and not protects:
        lacking.append("no action protects a victim")
    return f"in the risk management plan {listed(lacking)}" if lacking else None


def _tools(case: CaseContext) -> set[str]:
    return {row.tool for row in case.checked["risk.tool"]}


_BLACK = frozenset({"caribbean", "african", "black_other", "mixed_white_caribbean", "mixed_white_african"})


@rule(
    "REFER-10",
    "Risk Matrix 2000 is only for males of 18 and over with a sexual offence after the age of 16; "
    "OGRS is less sure for women and Black offenders; SARA for domestic abuse by men; ASSET under 18",
    Effect.REFUSE,
    On.CASE,
    _TV7,
    _WM_RISK,
    open_to_decision=True,
    also=Effect.WARN,
    forms=FORM_A,
)
def tools_fit(case: CaseContext) -> str | None:
    """Refuse a result of Risk Matrix 2000 for somebody whom it is not made for; warn of other tools that fit less well."""
    tools, gender = _tools(case), case.checked["offender.gender"]
    if "risk_matrix_2000" in tools:
        if gender != "male" or is_young(case):
            return "Risk Matrix 2000 is used, which is for males of 18 and over"
        if case.checked["risk.sexual_after_16"] != "yes":
            return "Risk Matrix 2000 is used, and no sexual offence after the age of 16 is named"
    said = []
    if "ogrs" in tools and (gender == "female" or case.checked["offender.ethnic_origin"] in _BLACK):
        said.append("OGRS is less sure for women and Black offenders: its result is to be used with caution")
    if case.checked["victims.domestic_abuse"] == "yes" and gender == "male" and "sara" not in tools:
        said.append("there is domestic abuse by a man, and no SARA")
    if is_young(case) != ("asset" in tools):
        said.append(
            "there is no ASSET for somebody under 18" if is_young(case) else "ASSET is for people under 18"
        )
    return Advice("; ".join(said)) if said else None


_SUPERVISING = ("probation", "youth_offending", "mental_health")


@rule(
    "REFER-19",
    "Lead agency: police for sexual offenders, the supervising agency for violent and supervised others, else police",
    Effect.WARN,
    On.CASE,
    _PROCESS,
    Citation(Source.WEST_MIDLANDS, "police service"),
    forms=FORM_A,
)
def lead_agency_fits(case: CaseContext) -> str | None:
    """Warn of a lead agency that is not the usual one. Probation leads with a sexual offender while it supervises (West Midlands)."""
    lead, category = case.checked["meeting.lead"], case.checked["category.category"]
    supervisor = case.checked["category.supervisor"] if case.checked["category.supervised"] == "yes" else None
    if category == "one":
        usual = {"police", "probation"} if supervisor == "probation" else {"police"}
    elif category == "two":
        usual = set(_SUPERVISING)
    else:
        usual = {supervisor} if supervisor in _SUPERVISING else {"police"}
    if lead is None or category is None or lead in usual:
        return None
    words = " or ".join(_KIND_WORDS[one].lower() for one in ("police", *_SUPERVISING) if one in usual)
    return f"the usual lead agency here is {words}"


_EXPECTED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("victims.any_victim", "there is a victim", ("victim_liaison",)),
    ("status.approved_premises", "the person lives in approved premises", ("approved_premises",)),
    ("status.in_custody", "the person is in custody", ("prison",)),
    ("victims.domestic_abuse", "there is domestic abuse", ("idva", "police_domestic_abuse")),
    ("status.foreign_national", "the person is a foreign national", ("immigration",)),
    ("safeguarding.protection_plan", "a child is on a child protection plan", ("childrens_services",)),
)
"""The answer that calls for somebody when it is yes, that in words, and who (West Midlands, panel membership)."""


@rule(
    "REFER-20",
    "Who should be there is invited: victim liaison, approved premises, prison, IDVA, immigration, youth offending, social worker",
    Effect.WARN,
    On.CASE,
    Citation(Source.WEST_MIDLANDS, "panel membership"),
    Citation(Source.THAMES_VALLEY, "section 10"),
    forms=FORM_A,
    changes=((dt.date(2011, 7, 20), "Immigration enforcement came under the duty to co-operate"),),
)
def invites_whom_it_needs(case: CaseContext) -> str | None:
    """Warn of whoever the answers call for and the list of those to be invited does not have."""
    invited = {row.kind for row in case.checked["invitees.invitee"]}
    called = [(why, kinds) for path, why, kinds in _EXPECTED if case.checked[path] == "yes"]
    if is_young(case):
        called.append(("the person is under 18", ("youth_offending",)))
    absent = [
        f"{listed([_KIND_WORDS[kind] for kind in kinds if kind not in invited])}, since {why}"
        for why, kinds in called
        if not invited.issuperset(kinds)
    ]
    return f"not among those to be invited: {'; '.join(absent)}" if absent else None
