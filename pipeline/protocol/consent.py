"""Consent, anonymity and purpose."""

import datetime as dt

from forms.definition import Found
from forms.information import Information, Whose
from forms.marac import GROUNDS
from pipeline.area import Panel
from pipeline.checked import Checked
from pipeline.days import months_after
from pipeline.protocol.recipients import is_bound
from pipeline.protocol.rule import AgencyContext, CaseContext, Citation, Effect, On, Source, rule

_CONSENT = Citation(Source.BROMLEY, "appendix 3 part A, clients consent")
_LEGAL = Citation(Source.BROMLEY, "appendix 1 part C, legal implications")
_AUTHORITY = Citation(Source.WEST_MIDLANDS, "lawful authority")
_SHARING = Citation(Source.WEST_MIDLANDS, "information sharing")
_TV14 = Citation(Source.THAMES_VALLEY, "section 14, sharing information")
_B2C = Citation(Source.BROMLEY, "appendix 2 part C, process for information sharing")
_MARAC = ("marac",)
_GROUND_KEYS = frozenset(choice.key for choice in GROUNDS)
_FEWEST_WORDS = 3
"""A reason is a sentence; "yes", "n/a" or "as above" is none. Our judgement, not a protocol's."""


def without_consent(case: CaseContext) -> bool:
    """Say whether the client was asked about by the form, and has not consented."""
    asked = case.form.telling("consent.given")
    return asked is not None and bool(case.checked[asked.path] != "yes")


def has_children(case: CaseContext) -> bool:
    """Say whether there are children in the case."""
    return bool(case.checked["children.child"])


@rule(
    "CONSENT-1",
    "Without consent but with children, full details go ahead if a child's safety needs it, with the reason written down",
    Effect.REFUSE,
    On.CASE,
    _CONSENT,
    open_to_decision=True,
    forms=_MARAC,
)
def reason_for_the_children(case: CaseContext) -> str | None:
    """Refuse a case with children and without consent until the reason is given."""
    if not without_consent(case) or not has_children(case) or _is_a_reason(case.checked["consent.reason"]):
        return None
    return "the victim does not consent and there are children: the reason for going ahead is missing"


@rule(
    "CONSENT-2",
    "Without consent and without children, the case goes anonymously",
    Effect.REDUCE,
    On.CASE,
    _CONSENT,
    _LEGAL,
    open_to_decision=True,
    forms=_MARAC,
)
def goes_anonymously(case: CaseContext) -> str | None:
    """Reduce the case to its circumstances. Full details take a decision on one of the grounds of CONSENT-4."""
    if not is_unnamed(case.checked):
        return None
    return "the victim does not consent and there are no children: brought without what identifies the victim"


def is_unnamed(checked: Checked) -> bool:
    """Say whether a referral goes anonymously while nobody has decided otherwise (CONSENT-2)."""
    return (
        checked.form.id in _MARAC
        and bool(checked["consent.consents"] != "yes")
        and not checked["children.child"]
    )


@rule(
    "CONSENT-4",
    "Sharing without consent needs a recognised ground and a written reason",
    Effect.REFUSE,
    On.CASE,
    _AUTHORITY,
    _LEGAL,
    open_to_decision=True,
    forms=(*_MARAC, "camp"),
)
def has_a_ground(case: CaseContext) -> str | None:
    """Refuse full details without consent unless a recognised ground is named: by the referrer or by the decision."""
    if not without_consent(case):
        return None
    if case.form.id not in _MARAC:
        return "the person does not consent, and this form has no place for a ground: it takes a decision"
    if has_children(case):
        missing = case.checked["consent.ground"] not in _GROUND_KEYS
        return "the ground for sharing without consent is missing" if missing else None
    decision = case.decision("CONSENT-2")
    if decision and decision.ground not in _GROUND_KEYS:
        return f"the decision to share in full names none of the grounds: {', '.join(sorted(_GROUND_KEYS))}"
    return None


_LEADS_TO_CLIENT = frozenset(
    {
        Information.IDENTITY,
        Information.ADDRESS,
        Information.WHEREABOUTS,
        Information.CONTACT,
        Information.SCHOOL,
        Information.GP,
    }
)
_TELLS_CIRCUMSTANCES = frozenset({"gender"})


def hidden_when_anonymous(found: Found) -> bool:
    """Say whether a question is closed in an anonymous case (CONSENT-2).

    Closed are the client's names, dates of birth, addresses, contacts, school and GP. Our judgement adds whatever
    identifies the children and the perpetrator: a partner's name or address names the client. The client's gender
    and the perpetrator's relationship to the client are circumstances, and stay.
    """
    if found.section.whose is Whose.NOBODY and not found.ask.local:
        return False
    if found.ask.identifies is not None:
        return True
    return found.ask.about in _LEADS_TO_CLIENT and found.ask.key not in _TELLS_CIRCUMSTANCES


@rule(
    "PURPOSE-1",
    "Every pack tells its recipient why it was given it, that it is confidential, how long to keep it and what to do with it",
    Effect.MARK,
    On.PAPERS,
    _B2C,
    _TV14,
    _AUTHORITY,
)
def purpose_statement(panel: Panel, keep_until_day: str) -> tuple[str, ...]:
    """Return the statements of purpose for a cover sheet, a paragraph each."""
    return (
        panel.purpose,
        (
            "It is confidential. Keep it safe and secure, use it for this purpose only, and pass it to nobody else "
            "without the agreement of the chair."
        ),
        f"Keep it only as long as it is needed, and no longer than {keep_until_day}.",
    )


_NEEDS_DUTY = frozenset({"cja_2003_s325"})


@rule(
    "PURPOSE-2",
    "Every share names its lawful basis, fit for the kind of agency",
    Effect.REFUSE,
    On.SHARE,
    _TV14,
    _SHARING,
    open_to_decision=True,
)
def basis_fits(case: CaseContext, context: AgencyContext) -> str | None:
    """Refuse a case to an agency towards which its lawful basis gives no authority; the others get it."""
    basis = case.checked["handling.basis"]
    if not basis:
        return "the referral names no lawful basis"
    if basis in _NEEDS_DUTY and not is_bound(context.agency):
        return "section 325 gives no authority towards an agency without the duty to co-operate"
    if basis == "consent" and without_consent(case):
        return "the lawful basis is consent, and the person does not consent"
    return None


@rule(
    "PURPOSE-3",
    "The referrer states why sharing is necessary and why this much is proportionate",
    Effect.REFUSE,
    On.CASE,
    _TV14,
    open_to_decision=True,
)
def is_justified(case: CaseContext) -> str | None:
    """Refuse a referral that does not say why sharing is necessary and proportionate, in a sentence each."""
    open_ones = [
        word
        for word in ("necessary", "proportionate")
        if (asked := case.form.telling(f"handling.{word}")) is None
        or not _is_a_reason(case.checked[asked.path])
    ]
    return f"it does not say in a sentence why sharing is {' and '.join(open_ones)}" if open_ones else None


def _is_a_reason(text: str | None) -> bool:
    return bool(text) and len(str(text).split()) >= _FEWEST_WORDS


@rule(
    "PURPOSE-4",
    "Each pack carries a keep-until date from the area's schedule",
    Effect.MARK,
    On.PAPERS,
    Citation(Source.BROMLEY, "appendix 1 part C, retention"),
    _TV14,
    also=Effect.RECORD,
)
def keep_until(meeting_day: dt.date, panel: Panel) -> dt.date:
    """Return the last day on which a pack of a meeting may be kept: the panel's months after it."""
    return months_after(meeting_day, panel.keep_months)
