"""Does a case belong to a MAPPA meeting (Form A): what it rests on, its category, its level?"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from forms.answers import NOT_KNOWN, Age
from forms.mappa import RISK_LEVELS, RISKS, TWELVE_MONTHS
from pipeline.days import age_on, months_after
from pipeline.protocol.notification import SECTION_3, Facts, Outcome, notification
from pipeline.protocol.rule import CaseContext, Citation, Effect, On, Source, rule

FORM_A = ("mappa-a",)
_TV3 = Citation(Source.THAMES_VALLEY, "section 3, MAPPA categories")
_TV5 = Citation(Source.THAMES_VALLEY, "section 5, other professionals' meeting")
WM_LEVELS = Citation(Source.WEST_MIDLANDS, "levels of management")
_FEWEST_WORDS = 3
"""An answer is a sentence, as a reason is (PURPOSE-3). Our judgement, not a protocol's."""
_ADULT = 18
_SERIOUS = frozenset({"high", "very_high"})


def says(text: Any) -> bool:
    """Say whether an answer is more than a word or two."""
    return isinstance(text, str) and len(text.split()) >= _FEWEST_WORDS


def known(value: Any) -> Any:
    """Return an answer, or None where it is open or not known."""
    return None if value is NOT_KNOWN else value


def overall(case: CaseContext) -> str | None:
    """Return the highest level of risk of serious harm (Thames Valley, section 7), or None while none is given."""
    order = [choice.key for choice in RISK_LEVELS]
    given = [order.index(level) for key in RISKS if (level := case.checked[f"risk.{key}"]) in order]
    return order[max(given)] if given else None


def is_young(case: CaseContext) -> bool:
    """Say whether the person is under 18, by the answer or by the date of birth on the day of the referral."""
    born, day = case.checked["offender.date_of_birth"], case.checked["referrer.date"] or case.day
    years = age_on(day, born) if isinstance(born, dt.date | Age) else _ADULT
    return years < _ADULT or case.checked["status.under_18"] == "yes"


def listed(parts: list[str]) -> str:
    """Return parts as a list in words: "a, b and c"; empty if there are none."""
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1] if parts else ""


@rule(
    "REFER-1",
    "Category 1 is for people subject to notification: the claim is held against the table of offences and thresholds",
    Effect.WARN,
    On.CASE,
    SECTION_3,
    Citation(Source.THAMES_VALLEY, "appendix I"),
    Citation(Source.WEST_MIDLANDS, "category 1"),
    forms=FORM_A,
)
def notification_would_follow(case: CaseContext) -> str | None:
    """Warn of a claim to category 1 that the table does not bear out, naming its row; a civil order needs no table."""
    asked = case.checked
    if asked["category.category"] != "one" or asked["category.rests_on"] == "civil_order":
        return None
    if not asked["category.offence"]:
        return "category 1 is claimed, and no offence of Schedule 3 is named"
    answer = notification(
        Facts(
            asked["category.offence"],
            committed=known(asked["category.committed"]),
            age=asked["category.age"],
            victim_age=known(asked["category.victim_age"]),
            disposal=asked["category.disposal"],
            months=asked["category.months"],
            convicted=asked["category.convicted"],
        )
    )
    if answer.outcome is Outcome.FOLLOWS:
        return None
    found = "does not bear out" if answer.outcome is Outcome.DOES_NOT else "leaves open"
    needed = f" What would have to be known: {'; '.join(answer.missing)}." if answer.missing else ""
    see = f" See {listed([row.place for row in answer.see])}." if answer.see else ""
    return f"{answer.row.place} {found} category 1: {answer.why}{needed}{see}"


_SINCE = dt.date(2001, 4, 1)


@rule(
    "REFER-2",
    "Category 2 takes an offence of Schedule 15, a listed disposal not before 1 April 2001, and statutory supervision",
    Effect.REFUSE,
    On.CASE,
    _TV3,
    Citation(Source.WEST_MIDLANDS, "category 2"),
    open_to_decision=True,
    forms=FORM_A,
)
def is_in_category_2(case: CaseContext) -> str | None:
    """Refuse category 2 without its offence, its disposal of 12 months where it has a length, or supervision."""
    if case.checked["category.category"] != "two":
        return None
    wanting = list(_wanting_in_category_2(case))
    return f"category 2 is claimed, and {listed(wanting)}" if wanting else None


def _wanting_in_category_2(case: CaseContext) -> Iterator[str]:
    asked = case.checked
    disposal, months, day = (asked[f"category.listed_{one}"] for one in ("disposal", "months", "convicted"))
    if not asked["category.violent_offence"]:
        yield "no offence of Schedule 15 is named"
    if disposal in (None, "none"):
        yield "the sentence or disposal is none of those listed"
    elif disposal in TWELVE_MONTHS and (months is None or months < 12):
        yield "the sentence is not said to be of 12 months or more"
    if day is None or (day < _SINCE and asked["category.serving_then"] != "yes"):
        yield "it is not said to be since 1 April 2001, or being served then"
    if asked["category.supervised"] != "yes":
        yield "the person is no longer under statutory supervision"


_OFFENDED = frozenset({"conviction", "caution", "abroad", "insanity"})


@rule(
    "REFER-3",
    "Category 3 takes an offence that shows capability of serious harm, and the Responsible Authority's view; at level 2 or 3",
    Effect.REFUSE,
    On.CASE,
    _TV3,
    Citation(Source.WEST_MIDLANDS, "category 3"),
    open_to_decision=True,
    forms=FORM_A,
)
def is_in_category_3(case: CaseContext) -> str | None:
    """Refuse category 3 where 1 or 2 may hold, without its offence or the view that serious harm may be caused, or at level 1."""
    if case.checked["category.category"] != "three":
        return None
    wanting = list(_wanting_in_category_3(case))
    return f"category 3 is claimed, and {listed(wanting)}" if wanting else None


def _wanting_in_category_3(case: CaseContext) -> Iterator[str]:
    asked = case.checked
    if asked["category.neither"] != "yes":
        yield "category 1 or 2 is not ruled out"
    if not asked["category.capability"] or asked["category.rests_on"] not in _OFFENDED:
        yield "no offence that shows capability of serious harm is named with a conviction or caution"
    if asked["category.considered"] != "yes":
        yield "the Responsible Authority is not said to consider that serious harm may be caused"
    if not says(asked["category.why_serious"]):
        yield "it does not say in a sentence why serious harm is considered"
    if "level_one" in (asked["meeting.level"], asked["decision.level"]):
        yield "it is never managed at level 1"


_BASES = {"one": "category.offence", "two": "category.violent_offence", "three": "category.capability"}


@rule(
    "REFER-4",
    "A person is in one category and at one level; Form A is for level 2 or 3, and level 1 takes none",
    Effect.REFUSE,
    On.CASE,
    Citation(Source.THAMES_VALLEY, "section 4, MAPPA levels of management"),
    WM_LEVELS,
    forms=FORM_A,
)
def has_one_category_and_level(case: CaseContext) -> str | None:
    """Refuse a referral that gives the basis of another category too, or seeks level 1."""
    category = case.checked["category.category"]
    if category not in _BASES:
        return "no category is named"
    if any(case.checked[path] for other, path in _BASES.items() if other != category):
        return "the basis of more than one category is given: a person is in one, and category 1 comes before 2, and 2 before 3"
    if case.checked["meeting.level"] not in ("level_two", "level_three"):
        return "level 2 or 3 is not sought: level 1 takes no Form A"
    return None


@rule(
    "REFER-5",
    "Level 2 takes high or very high risk and the active involvement of more than one agency, or an exception",
    Effect.REFUSE,
    On.CASE,
    Citation(Source.WEST_MIDLANDS, "level 2"),
    Citation(Source.THAMES_VALLEY, "section 4.2"),
    open_to_decision=True,
    forms=FORM_A,
)
def is_for_level_2(case: CaseContext) -> str | None:
    """Refuse level 2 at low or medium risk without a stated exception, and where no second agency is actively involved."""
    exception = case.checked["reason.exception"]
    if case.checked["meeting.level"] != "level_two" or exception == "after_level_three":
        return None
    if overall(case) not in _SERIOUS and not (exception and says(case.checked["reason.exception_reason"])):
        return (
            "the risk of serious harm is neither high nor very high, and no exception is stated with its reason"
        )
    lead = case.checked["meeting.lead"]
    if not any(row.active == "yes" and row.kind not in (None, lead) for row in case.checked["plan.involved"]):
        return "no agency beside the lead agency is actively involved"
    return None


@rule(
    "REFER-6",
    "Level 3 takes high or very high risk that needs senior co-operation, or exceptional media or public interest",
    Effect.REFUSE,
    On.CASE,
    Citation(Source.THAMES_VALLEY, "section 4.3"),
    Citation(Source.WEST_MIDLANDS, "level 3"),
    open_to_decision=True,
    forms=FORM_A,
)
def is_for_level_3(case: CaseContext) -> str | None:
    """Refuse level 3 that names no criterion, and one for complexity or resources at low or medium risk."""
    criterion = case.checked["reason.criterion"]
    if case.checked["meeting.level"] != "level_three" or criterion == "public_interest":
        return None
    if not criterion:
        return "none of the criteria of level 3 is named"
    if overall(case) not in _SERIOUS:
        return "the risk of serious harm is neither high nor very high, and no exceptional media or public interest is named"
    return None


@rule(
    "REFER-21",
    "A person whose behaviour is worrying but who has no conviction is no MAPPA case: to a professionals' meeting instead",
    Effect.REFUSE,
    On.CASE,
    _TV5,
    Citation(Source.LONDON, "paragraph 28"),
    open_to_decision=True,
    forms=FORM_A,
)
def rests_on_an_offence(case: CaseContext) -> str | None:
    """Refuse a case that rests on behaviour alone."""
    if case.checked["category.rests_on"] not in (None, "none"):
        return None
    return "there is no conviction, caution, finding or order: take it to a professionals' meeting"


_MONTHS_BEFORE = 6


@rule(
    "REFER-22",
    "Terrorism and domestic extremism go to the co-ordinator at level 2 or 3, with a meeting at least six months before release",
    Effect.WARN,
    On.CASE,
    Citation(Source.WEST_MIDLANDS, "terrorists and domestic extremists"),
    forms=FORM_A,
)
def extremist_case_comes_early(case: CaseContext) -> str | None:
    """Warn of such a case at level 1, or whose meeting is later than six months before the earliest release that is known."""
    if case.checked["status.terrorism"] != "yes":
        return None
    if case.checked["meeting.level"] not in ("level_two", "level_three"):
        return "a case of terrorism or extremism is managed at level 2 or 3"
    days = (case.checked[f"dates.{one}"] for one in ("conditional_release", "parole"))
    releases = [day for day in days if isinstance(day, dt.date)]
    if (
        case.checked["status.in_custody"] == "yes"
        and releases
        and case.meeting.date > months_after(min(releases), -_MONTHS_BEFORE)
    ):
        return "a case of terrorism or extremism meets at least six months before release, and this meeting is later"
    return None
