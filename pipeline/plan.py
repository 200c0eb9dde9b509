"""The plan of a meeting: who would get what, and why not. Everything is decided here, before anything is sealed.

referrals ─▶ case rules ─▶ cases that go ┐
agencies ─▶ agency rules ─▶ recipients ──┴▶ share rules ─▶ a view for each case and sight
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forms.answers import long_date
from pipeline import rhythm
from pipeline.agency import Agency
from pipeline.area import Area, Panel
from pipeline.checked import Checked
from pipeline.days import bank_holidays_until
from pipeline.meeting import Case, Decision, Invitation, Meeting
from pipeline.problem import Problem
from pipeline.protocol import consent, decisions, disclosures, marking, reviews, timing
from pipeline.protocol.limited import MAPPA, is_for_a_check_alone
from pipeline.protocol.marking import Marking
from pipeline.protocol.recipients import cases_for
from pipeline.protocol.rule import AgencyContext, CaseContext, Finding, On, finding
from pipeline.protocol.rulebook import rules_on
from pipeline.protocol.scrub import Surroundings, around
from pipeline.protocol.sharing import Sight, can_tell, sight_of, tells_anything, view_of
from pipeline.view import SharedView


@dataclass(frozen=True)
class CasePlan:
    """A case of the meeting.

    Attributes:
        checked: the sound referral, or None where it has problems.
        problems: what is wrong with the referral.
        findings: every rule that bit.
        marking: of its papers; None where the case does not go.
        standing: whether its referral came in time, in words; empty where that is not asked.
        anonymous: it goes without what identifies the client (CONSENT-2).
        victims: what it tells of victims may be shared (SHARE-9).
        check: it is on the agenda for a check of records alone, without papers (SHARE-12).
    """

    case: Case
    checked: Checked | None = field(repr=False)
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]
    marking: Marking | None
    standing: str = ""
    anonymous: bool = False
    victims: bool = True
    check: bool = False

    @property
    def reference(self) -> str:
        """The case reference."""
        return self.case.reference

    @property
    def basis(self) -> str:
        """The lawful basis that its referrer named, in words; empty where it has problems."""
        if self.checked is None:
            return ""
        return self.checked.form.find("handling.basis").ask.show(self.checked["handling.basis"])

    @property
    def goes(self) -> bool:
        """Whether its papers go to anybody."""
        return self.marking is not None


@dataclass(frozen=True)
class Share:
    """A case for an agency: the view it gets, or None with the findings that stop it."""

    case: CasePlan
    sight: Sight
    view: SharedView | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class AgencyPlan:
    """What an agency would get.

    Attributes:
        invitation: why it is here although it is no member of the panel.
        no_key: why nothing can be sealed for it ("unconfirmed", "lapsed" and so on), or None.
    """

    agency: Agency
    invitation: Invitation | None
    shares: tuple[Share, ...]
    findings: tuple[Finding, ...]
    no_key: str | None

    @property
    def goes(self) -> bool:
        """Whether a pack is made."""
        return (
            self.no_key is None
            and not any(one.stops for one in self.findings)
            and any(s.view for s in self.shares)
        )

    @property
    def seen(self) -> tuple[SharedView, ...]:
        """Every case in its pack as it may see it, in the order of the meeting: what the agenda shows."""
        return tuple(share.view for share in self.shares if share.view) if self.goes else ()

    @property
    def views(self) -> tuple[SharedView, ...]:
        """The views of which it gets papers, in the order of the meeting."""
        return tuple(one.view for one in self.shares if one.view and not one.case.check) if self.goes else ()

    @property
    def checks(self) -> tuple[SharedView, ...]:
        """The views of cases that it is to check its records for, and gets no papers of (SHARE-12)."""
        return tuple(one.view for one in self.shares if one.view and one.case.check) if self.goes else ()


@dataclass(frozen=True)
class Plan:
    """A meeting, decided. `problems` are in the meeting file; with any, nothing may be sealed."""

    area: Area
    meeting: Meeting
    day: dt.date
    cases: tuple[CasePlan, ...]
    agencies: tuple[AgencyPlan, ...]
    warnings: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def keep_until(self) -> dt.date:
        """The last day on which a pack of it may be kept."""
        return consent.keep_until(self.meeting.date, self.area.settings.panels[self.meeting.panel])

    def views(self) -> tuple[SharedView, ...]:
        """Return each distinct view once: what has to be drawn."""
        return tuple({id(view): view for agency in self.agencies for view in agency.views}.values())


def plan(
    area: Area,
    meeting: Meeting,
    checked: Mapping[str, Checked | tuple[Problem, ...]],
    no_key: Mapping[str, str],
    day: dt.date,
) -> Plan:
    """Decide who gets what.

    Args:
        area: settings and agencies.
        meeting: the meeting.
        checked: case reference → the sound referral, or its problems.
        no_key: agency id → why nothing can be sealed for it; agencies with a usable key are not in it.
        day: the day on which the packs would go.
    """
    panel = area.settings.panels[meeting.panel]
    wanted = {one: some for one in area.agencies if (some := cases_for(one.id, one.panels, meeting))}
    contexts = {one: AgencyContext(one, meeting, panel, day) for one in wanted}
    about = {one: tuple(_about_agency(context)) for one, context in contexts.items()}
    reached = [one for one in wanted if one.id not in no_key and not any(found.stops for found in about[one])]
    cases = []
    for each in meeting.cases:
        kinds = frozenset(one.kind for one in reached if each.reference in wanted[one])
        referral = checked[each.reference]
        if isinstance(referral, Checked):
            cases.append(_case(CaseContext(referral, each, meeting, panel, area.settings, day, kinds)))
        else:
            cases.append(CasePlan(each, None, referral, (), None))
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
                None if meeting.panel in agency.panels else invitation,
                shares,
                about[agency],
                no_key.get(agency.id),
            )
        )
    bit = [one for case in cases for one in case.findings]
    for recipient in agencies:
        bit += [*recipient.findings, *(one for share in recipient.shares for one in share.findings)]
    warnings = (*_warnings(meeting, panel, day), *decisions.without_effect(meeting, bit))
    problems = (*decisions.faults(meeting, day), *disclosures.faults(meeting, day))
    return Plan(area, meeting, day, tuple(cases), tuple(agencies), warnings, problems)


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


def _warnings(meeting: Meeting, panel: Panel, day: dt.date) -> Iterator[str]:
    told = [
        timing.papers_overdue(meeting, panel, day),
        None if timing.exempt(meeting) else rhythm.out_of_step(panel, meeting.date),
        timing.minutes_overdue(meeting, panel, day),
        reviews.short_of_quorum(meeting, panel),
    ]
    if meeting.date > bank_holidays_until():
        known = long_date(bank_holidays_until())
        told.append(f"the bank holidays after {known} are not known here: count the working days yourself")
    by = timing.rule_of(meeting.panel)
    yield from (f"{by}: {one}" if by else one for one in told if one)


def decisions_for(agency: AgencyPlan) -> tuple[Decision, ...]:
    """Return the decisions that bear on an agency's pack, each once: for its cover sheet and the register."""
    found = [*agency.findings]
    for share in agency.shares:
        if share.view:
            found += [*share.findings, *share.case.findings]
    taken = [one.decision for one in found if one.decision]
    return tuple(decision for n, decision in enumerate(taken) if decision not in taken[:n])
