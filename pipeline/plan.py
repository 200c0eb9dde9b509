"""The plan of a meeting: who would get what, and why not. Everything is decided here, before anything is sealed.

referrals ─▶ case rules ─▶ cases that go ┐
agencies ─▶ agency rules ─▶ recipients ──┴▶ share rules ─▶ a view for each case and sight
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline import timely
from pipeline.agency import Agency
from pipeline.area import Area
from pipeline.checked import Checked
from pipeline.meeting import Meeting
from pipeline.planned import AgencyPlan, CasePlan, Plan, Share, decisions_for
from pipeline.problem import Problem
from pipeline.protocol import decisions, disclosures, marking, timing
from pipeline.protocol.limited import MAPPA, is_for_a_check_alone
from pipeline.protocol.recipients import cases_for
from pipeline.protocol.rule import AgencyContext, CaseContext, Finding, On, finding
from pipeline.protocol.rulebook import rules_on
from pipeline.protocol.scrub import Surroundings, around
from pipeline.protocol.sharing import Sight, can_tell, sight_of, tells_anything, view_of
from pipeline.view import SharedView

__all__ = ["AgencyPlan", "CasePlan", "Plan", "Share", "decisions_for", "plan"]


def plan(  # noqa: PLR0913 - each is read elsewhere
    area: Area,
    meeting: Meeting,
    checked: Mapping[str, Checked | tuple[Problem, ...]],
    no_key: Mapping[str, str],
    day: dt.date,
    *,
    partly: Mapping[str, Checked] | None = None,
) -> Plan:
    """Decide who gets what.

    Args:
        area: settings and agencies.
        meeting: the meeting.
        checked: case reference → the sound referral, or its problems.
        no_key: agency id → why nothing can be sealed for it; agencies with a usable key are not in it.
        day: the day on which the packs would go.
        partly: case reference → what could be read of a referral with problems.
    """
    panel = area.settings.panels[meeting.panel]
    problems = [*decisions.faults(meeting, day), *disclosures.faults(meeting, day)]
    meeting = decisions.sound(meeting, day)
    wanted = {one: some for one in area.agencies if (some := cases_for(one.id, one.panels, meeting))}
    contexts = {one: AgencyContext(one, meeting, panel, day) for one in wanted}
    about = {one: tuple(_about_agency(context)) for one, context in contexts.items()}
    cases = []
    for each in meeting.cases:
        referral = checked[each.reference]
        if isinstance(referral, Checked):
            cases.append(_case(CaseContext(referral, each, meeting, panel, area.settings, day)))
        else:
            cases.append(CasePlan(each, None, referral, (), None, partly=(partly or {}).get(each.reference)))
    surroundings = around(
        area, meeting, {case.reference: case.checked for case in cases if case.anonymous and case.checked}
    )
    views: dict[tuple[str, Sight], SharedView] = {}
    agencies = []
    for agency, references in wanted.items():
        shares = tuple(
            _share(
                case,
                CaseContext(case.checked, case.case, meeting, panel, area.settings, day),
                contexts[agency],
                surroundings(case.reference),
                views,
            )
            for case in cases
            if case.goes and case.checked and case.reference in references
        )
        invitation = next((one for one in meeting.invitations if one.agency == agency.id), None)
        agencies.append(
            AgencyPlan(
                agency,
                invitation if meeting.panel not in agency.panels else None,
                shares,
                about[agency],
                no_key.get(agency.id),
            )
        )
    given = {case.reference: _by_recipients(case, agencies, contexts, area) for case in cases}
    cases = list(given.values())
    agencies = [
        replace(one, shares=tuple(replace(share, case=given[share.case.reference]) for share in one.shares))
        for one in agencies
    ]
    bit = [one for case in cases for one in case.findings]
    for recipient in agencies:
        bit += [*recipient.findings, *(one for share in recipient.shares for one in share.findings)]
    warnings = (
        *timely.warnings(meeting, panel, day),
        *decisions.without_effect(meeting, bit),
        *_twice(cases),
        *(
            f"{one.reference}: the co-ordinator's decision returns this referral"
            for one in cases
            if one.is_returned
        ),
        *(
            f"the invitation of {one.agency} does nothing: it is a member of the panel"
            for one in meeting.invitations
            if meeting.panel in area.agency(one.agency).panels
        ),
    )
    forms = {case.reference: case.checked.form for case in cases if case.checked}
    problems += decisions.faulty_checks(meeting, forms)
    return Plan(area, meeting, day, tuple(cases), tuple(agencies), warnings, tuple(problems))


def _twice(cases: Sequence[CasePlan]) -> Iterator[str]:
    """Yield which cases are one referral that came twice, sealed and plain for instance."""
    first: dict[str, str] = {}
    for case in cases:
        digest = case.checked.digest if case.checked else ""
        if digest and first.setdefault(digest, case.reference) != case.reference:
            yield f"{case.reference} is the same referral as {first[digest]}: take one of them out, or the person is brought twice"


def _by_recipients(
    case: CasePlan, agencies: Sequence[AgencyPlan], contexts: Mapping[Agency, AgencyContext], area: Area
) -> CasePlan:
    """Return a case with what the rules say of those who get something of it."""
    if case.checked is None or not contexts:
        return case
    shares = [(one, share) for one in agencies for share in one.shares if one.goes and share.view]
    kinds = frozenset(one.agency.kind for one, share in shares if share.case.reference == case.reference)
    some = next(iter(contexts.values()))
    context = CaseContext(case.checked, case.case, some.meeting, some.panel, area.settings, some.day, kinds)
    found = tuple(
        finding(rule.id, why, some.meeting, case.reference)
        for rule in rules_on(On.RECIPIENTS, some.day, case.checked.form)
        if (why := rule.carried_out(context))
    )
    return replace(case, findings=(*case.findings, *found))


def _about_agency(context: AgencyContext) -> Iterator[Finding]:
    for rule in rules_on(On.AGENCY, context.day):
        if why := rule.carried_out(context):
            yield finding(rule.id, why, context.meeting, agency=context.agency.id)


def _case(context: CaseContext) -> CasePlan:
    checked, case, day = context.checked, context.case, context.day
    rules = rules_on(On.CASE, day, checked.form)
    if checked.form.id in MAPPA and is_for_a_check_alone(context) and not context.decision("SHARE-12"):
        # What is no referral to this meeting need not be sound as one, nor in time; it is reviewed yearly all the same.
        rules = [one for one in rules if one.id == "TIME-6" or not one.id.startswith(("REFER-", "TIME-"))]
    found = tuple(
        finding(rule.id, why, context.meeting, case.reference)
        for rule in rules
        if (why := rule.carried_out(context))
    )
    goes = not any(one.stops for one in found)
    reduced = {one.rule for one in found if one.decision is None}
    return CasePlan(
        case, checked, (), found, marking.marking_of(context) if goes else None,
        "" if "SHARE-12" in reduced else timing.standing(context),
        anonymous="CONSENT-2" in reduced, victims="SHARE-9" not in reduced, check="SHARE-12" in reduced,
    )  # fmt: skip


def _share(
    case: CasePlan,
    asked: CaseContext,
    context: AgencyContext,
    known: Surroundings,
    views: dict[tuple[str, Sight], SharedView],
) -> Share:
    assert case.marking is not None  # noqa: S101 - a case that goes has one
    found = tuple(
        finding(rule.id, why, context.meeting, case.reference, context.agency.id)
        for rule in rules_on(On.SHARE, asked.day, asked.form)
        if (why := rule.carried_out(asked, context))
    )
    sight = sight_of(
        context.agency.kind, asked.checked, anonymous=case.anonymous, victims=case.victims,
        member=context.meeting.panel in context.agency.panels, check=case.check,
    )  # fmt: skip
    # What SHARE-7 reduces a case to is nothing.
    stopped = any(one.stops or (one.rule == "SHARE-7" and one.decision is None) for one in found)
    if stopped or not can_tell(sight):
        return Share(case, sight, None, found)
    key = (case.reference, sight)
    if key not in views:
        views[key] = view_of(asked.checked, case.reference, marking.on_every_page(case.marking), sight, known)
    return Share(case, sight, views[key] if tells_anything(views[key]) else None, found)
