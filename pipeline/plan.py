"""The plan of a meeting: who would get what, and why not. Everything is decided here, before anything is sealed.

referrals ─▶ case rules ─▶ cases that go ┐
agencies ─▶ agency rules ─▶ recipients ──┴▶ share rules ─▶ a view for each case and sight
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forms.answers import long_date
from pipeline.area import Agency, Area, Panel
from pipeline.checked import Checked
from pipeline.meeting import Case, Decision, Invitation, Meeting
from pipeline.problem import Place, Problem, Said, problem, register
from pipeline.protocol import consent, marking, records, referrals, sending, sharing, timing
from pipeline.protocol.marking import Marking
from pipeline.protocol.rule import RULES, AgencyContext, CaseContext, Finding, On, finding, rules_on
from pipeline.protocol.sharing import Sight, cases_for, hidden_mentions, sight_of, view_of
from pipeline.view import SharedView

_SCOPE = {
    On.CASE: "one case, and no agency",
    On.AGENCY: "one agency, and no case",
    On.SHARE: "one case, and one agency where it is for that agency alone",
}

# Loading a subject's module registers its rules.
SUBJECTS = (consent, marking, records, referrals, sending, sharing, timing)

register(
    {
        "not-a-rule": Said("There is no rule {rule}.", "See `sealpack explain` for all of them."),
        "not-open": Said(
            "{rule} is absolute: nobody can set it aside here.", "Take the decision out of the meeting file."
        ),
        "decision-late": Said("The decision on {rule} is dated after today.", "Put the date right."),
        "decision-scope": Said(
            "{rule} is set aside for {scope}; this decision says otherwise, and would do nothing.",
            "Give the decision {scope}.",
        ),
        "decision-twice": Said(
            "{rule} is set aside twice for the same case and agency.", "Leave the decision that holds."
        ),
    }
)


@dataclass(frozen=True)
class CasePlan:
    """A case of the meeting.

    Attributes:
        checked: the sound referral, or None where it has problems.
        problems: what is wrong with the referral.
        findings: every rule that bit.
        marking: of its papers; None where the case does not go.
    """

    case: Case
    checked: Checked | None = field(repr=False)
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]
    marking: Marking | None
    anonymous: bool = False

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
    def views(self) -> tuple[SharedView, ...]:
        """The views in its pack, in the order of the meeting."""
        return tuple(share.view for share in self.shares if share.view) if self.goes else ()


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
    cases = tuple(_case(area, meeting, case, checked[case.reference], day) for case in meeting.cases)
    views: dict[tuple[str, Sight], SharedView] = {}
    agencies = []
    for agency in area.agencies:
        wanted = cases_for(agency.id, agency.panels, meeting)
        if not wanted:
            continue
        context = AgencyContext(agency, meeting, panel, day)
        shares = tuple(
            _share(area, meeting, case, context, views)
            for case in cases
            if case.goes and case.reference in wanted
        )
        invitation = next((one for one in meeting.invitations if one.agency == agency.id), None)
        agencies.append(
            AgencyPlan(
                agency,
                None if meeting.panel in agency.panels else invitation,
                shares,
                tuple(
                    finding(rule.id, why, meeting, agency=agency.id)
                    for rule in rules_on(On.AGENCY)
                    if (why := rule.carried_out(context))
                ),
                no_key.get(agency.id),
            )
        )
    return Plan(
        area, meeting, day, cases, tuple(agencies), tuple(_warnings(meeting, panel, day)),
        tuple(_decision_problems(meeting, day)),
    )  # fmt: skip


def _case(
    area: Area, meeting: Meeting, case: Case, checked: Checked | tuple[Problem, ...], day: dt.date
) -> CasePlan:
    if not isinstance(checked, Checked):
        return CasePlan(case, None, checked, (), None)
    context = CaseContext(checked, case, meeting, area.settings.panels[meeting.panel], area.settings, day)
    found = tuple(
        finding(rule.id, why, meeting, case.reference)
        for rule in rules_on(On.CASE)
        if (why := rule.carried_out(context))
    )
    goes = not any(one.stops for one in found)
    anonymous = any(one.rule == "CONSENT-2" and one.decision is None for one in found)
    return CasePlan(case, checked, (), found, marking.marking_of(context) if goes else None, anonymous)


def _share(
    area: Area,
    meeting: Meeting,
    case: CasePlan,
    context: AgencyContext,
    views: dict[tuple[str, Sight], SharedView],
) -> Share:
    assert case.checked is not None and case.marking is not None  # noqa: S101, PT018 - a case that goes has both
    asked = CaseContext(case.checked, case.case, meeting, context.panel, area.settings, context.day)
    found = tuple(
        finding(rule.id, why, meeting, case.reference, context.agency.id)
        for rule in rules_on(On.SHARE)
        if (why := rule.carried_out(asked, context))
    )
    sight = sight_of(case.checked.form.id, context.agency.kind, case.checked, anonymous=case.anonymous)
    if any(one.stops for one in found):
        return Share(case, sight, None, found)
    key = (case.reference, sight)
    if key not in views:
        views[key] = view_of(
            case.checked, case.reference, marking.on_every_page(case.marking), sight, area.settings.place_names
        )
    return Share(case, sight, views[key], found)


def without_people(text: str, case: CasePlan) -> str:
    """Return the reason of a decision with mentions of the people in a case taken out (RECORD-7)."""
    if case.checked is None:
        raise ValueError("a case with problems is not recorded")
    everybody = hidden_mentions(case.checked, {path: "RECORD-7" for path, _, _ in case.checked.paths()})
    return records.without_story(text, lambda one: everybody.take_out(one, lambda kind: f"[{kind.value}]"))


def _warnings(meeting: Meeting, panel: Panel, day: dt.date) -> Iterator[str]:
    if timing.papers_are_late(meeting, panel.papers_days, day):
        deadline = long_date(timing.papers_deadline(meeting, panel.papers_days))
        yield f"TIME-1: the papers should have gone out by {deadline}"
    if not timing.exempt(meeting) and f"{meeting.date:%A}" != panel.weekday:
        yield f"TIME-1: the meeting is on a {meeting.date:%A}, and this panel meets on a {panel.weekday}"
    if meeting.date > timing.bank_holidays_until():
        yield (
            f"TIME-1: the bank holidays after {long_date(timing.bank_holidays_until())} are not known here: "
            "count the working days yourself"
        )


def _decision_problems(meeting: Meeting, day: dt.date) -> list[Problem]:
    problems = []
    for number, decision in enumerate(meeting.decisions, start=1):
        place, one = Place(f"decision no. {number}"), RULES.get(decision.rule)
        if one is None:
            problems.append(problem("not-a-rule", place, rule=decision.rule))
        elif not one.open_to_decision:
            problems.append(problem("not-open", place, rule=decision.rule))
        else:
            if decision.on > day:
                problems.append(problem("decision-late", place, rule=decision.rule))
            if not _has_its_scope(decision, one.on):
                problems.append(problem("decision-scope", place, rule=decision.rule, scope=_SCOPE[one.on]))
        same = [
            other
            for other in meeting.decisions[: number - 1]
            if (other.rule, other.case, other.agency) == (decision.rule, decision.case, decision.agency)
        ]
        if same:
            problems.append(problem("decision-twice", place, rule=decision.rule))
    return problems


def _has_its_scope(decision: Decision, on: On) -> bool:
    match on:
        case On.CASE:
            return decision.case is not None and decision.agency is None
        case On.AGENCY:
            return decision.case is None and decision.agency is not None
        case _:
            return decision.case is not None


def decisions_for(agency: AgencyPlan) -> tuple[Decision, ...]:
    """Return the decisions that bear on an agency's pack, each once: for its cover sheet and the register."""
    found = [*agency.findings]
    for share in agency.shares:
        if share.view:
            found += [*share.findings, *share.case.findings]
    taken = [one.decision for one in found if one.decision]
    return tuple(decision for n, decision in enumerate(taken) if decision not in taken[:n])
