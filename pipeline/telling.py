"""What a meeting decided on telling third parties: which sheets may be made, and what the register keeps of each decision."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field

from forms.answers import plain
from pipeline.agency import AgencyKind
from pipeline.meeting import Decision, Disclosure
from pipeline.plan import CasePlan, Plan
from pipeline.protocol.disclosures import on_record, without_both
from pipeline.protocol.records import without_story
from pipeline.protocol.rule import CaseContext, decision_on
from pipeline.protocol.rulebook import RULES
from pipeline.protocol.scrub import without_people
from pipeline.register import DecisionTaken, Entry


@dataclass(frozen=True)
class Telling:
    """A disclosure, or the decision against one, with what stops it.

    Attributes:
        why_not: the rules by which it is not made, in words; empty where it is, and for a decision against one.
        set_aside: the decisions by which it is made all the same.
    """

    number: int
    disclosure: Disclosure = field(repr=False)
    why_not: tuple[str, ...]
    set_aside: tuple[Decision, ...] = ()

    @property
    def content(self) -> str:
        """SHA-256 over what was decided, hexadecimal: the same decision is recorded once."""
        decided = [self.disclosure, *self.set_aside]
        return hashlib.sha256("\n".join(one.model_dump_json() for one in decided).encode()).hexdigest()

    @property
    def has_sheet(self) -> bool:
        """Whether a sheet is made of it."""
        return self.disclosure.disclose and not self.why_not


def tellings(plan: Plan) -> tuple[Telling, ...]:
    """Return what a meeting decided on telling third parties, each once, in the order of its file."""
    cases = {case.reference: case for case in plan.cases}
    kinds = {agency.id: agency.kind for agency in plan.area.agencies}
    # Who will come has not been there yet.
    present = {kinds[one.agency] for one in plan.meeting.attended if plan.meeting.date <= plan.day}
    found: dict[str, Telling] = {}
    for number, one in enumerate(plan.meeting.disclosures, start=1):
        case = cases[one.case]
        why, set_aside = _stops(plan, case, one, present) if one.disclose else ([], [])
        telling = Telling(number, one, tuple(why), tuple(set_aside))
        found.setdefault(telling.content, telling)
    return tuple(found.values())


def _stops(
    plan: Plan, case: CasePlan, one: Disclosure, present: Collection[AgencyKind]
) -> tuple[list[str], list[Decision]]:
    """Return why a disclosure may not be made, and the decisions by which it may all the same."""
    if not case.goes or case.checked is None:
        return ["the case goes to nobody: put right first what the plan says of it"], []
    why, set_aside = [], []
    panel = plan.area.settings.panels[plan.meeting.panel]
    context = CaseContext(case.checked, case.case, plan.meeting, panel, plan.area.settings, plan.day)
    if plain(one.by) != plain(plan.meeting.chair.name):
        why.append("SHARE-10: the chair of the meeting has not agreed to it")
    if RULES["SHARE-13"].concerns(context.form) and (bites := without_both(context, present)):
        decision = decision_on(plan.meeting, "SHARE-13", case.reference, None)
        if decision is None:
            why.append(f"SHARE-13: {bites}")
        else:
            set_aside.append(decision)
    if case.anonymous:
        why.append("CONSENT-2: the case is brought anonymously")
    return why, set_aside


def entry_of(one: Telling, plan: Plan) -> Entry:
    """Return what the register keeps of a decision on telling a third party (RECORD-2, RECORD-6).

    To whom stands there by the role, and what was told by the digest of the decision: the sheet itself is kept signed (RECORD-7).
    """
    everybody = plan.known()

    def take_out(text: str) -> str:
        return without_story(text, lambda said: without_people(said, everybody, [one.disclosure.to]))

    kind, note = on_record(one.disclosure, take_out)
    sender = plan.area.settings.sender
    return Entry(
        kind=kind, day=plan.day, by=sender.name, role=sender.role, meeting=plan.meeting.id, cases=(one.disclosure.case,),
        content=one.content, note=note,
        decisions=tuple(
            DecisionTaken(each.rule, each.case or plan.meeting.id, each.by, each.role, take_out(each.reason), each.on)
            for each in one.set_aside
        ),
    )  # fmt: skip
