"""What a rule is: its id, label, citation, effect, who may decide otherwise, and the function that carries it out.

A rule does no input or output and does not read the clock: the day is part of what it is given. The sources are the
five protocols that the areas work by; a citation says where in them to read.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from forms.definition import Form
from pipeline.agency import Agency, AgencyKind
from pipeline.area import AreaSettings, Panel
from pipeline.checked import Checked
from pipeline.meeting import Case, Decision, Meeting


class Source(StrEnum):
    """The documents that rules are taken from, each with the day from which it was worked by."""

    BROMLEY = "Bromley IOM framework, information pack and toolkit 2010/13"
    THAMES_VALLEY = "Thames Valley MAPPA local working requirements 2008"
    WEST_MIDLANDS = "West Midlands MAPPA memorandum, duty to co-operate"
    LONDON = "Metropolitan Police Authority report on offender management, December 2011"
    RICHMOND = "Integrated Offender Management in Richmond upon Thames"
    CJA = "Criminal Justice Act 2003, section 325"

    @property
    def day(self) -> dt.date:
        """From when it was worked by; of Bromley's draft and Thames Valley's paper only the year or month is told."""
        return _IN_FORCE[self]


_IN_FORCE = {
    Source.CJA: dt.date(2004, 4, 5),
    Source.THAMES_VALLEY: dt.date(2008, 5, 1),
    Source.BROMLEY: dt.date(2010, 4, 1),
    Source.LONDON: dt.date(2011, 12, 8),
    Source.RICHMOND: dt.date(2012, 9, 1),
    Source.WEST_MIDLANDS: dt.date(2015, 8, 1),
}


class Effect(StrEnum):
    """What a rule does when it bites."""

    REFUSE = "refuse"
    WITHHOLD = "withhold"
    REDUCE = "reduce"
    MARK = "mark"
    WARN = "warn"
    RECORD = "record"

    @property
    def means(self) -> str:
        """What that is, in a sentence."""
        return _MEANS[self]


_MEANS = {
    Effect.REFUSE: "The case goes to nobody until it is put right; a rule on a case and an agency refuses it to that agency.",
    Effect.WITHHOLD: "This agency does not get it; the others do.",
    Effect.REDUCE: "The view has less in it.",
    Effect.MARK: "It decides a marking, or a statement on the page.",
    Effect.WARN: "It is shown, and stops nothing.",
    Effect.RECORD: "It must be in the register.",
}


class On(StrEnum):
    """What a rule looks at."""

    CASE = "a case"
    AGENCY = "an agency"
    SHARE = "a case and an agency that would get it"
    RECIPIENTS = "a case and all who get something of it"
    PAPERS = "papers, packs and the register"


@dataclass(frozen=True)
class Citation:
    """Where a rule is written."""

    source: Source
    where: str

    def __str__(self) -> str:
        """Say it as in a footnote."""
        return f"{self.source}: {self.where}"


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        open_to_decision: a named person may set it aside for one case, in writing; otherwise nobody can in this program.
        also: a further effect, where it has two.
        since: from when it holds. A rule that changes is superseded by a new one, never overwritten.
        carried_out: the function that applies it.
        forms: the ids of the forms that it is about; empty for all.
        changes: on which day something in it became different, and what.
    """

    id: str
    label: str
    effect: Effect
    on: On
    citations: tuple[Citation, ...]
    open_to_decision: bool
    since: dt.date
    carried_out: Callable[..., Any]
    also: Effect | None = None
    forms: frozenset[str] = frozenset()
    changes: tuple[tuple[dt.date, str], ...] = ()

    @property
    def history(self) -> tuple[tuple[dt.date, str], ...]:
        """When each of its sources and changes came, in order: a day, and what came."""
        sources: dict[Source, list[str]] = {}
        for one in self.citations:
            sources.setdefault(one.source, []).append(one.where)
        came = [(source.day, f"{source}: {'; '.join(where)}") for source, where in sources.items()]
        return tuple(sorted((*came, *self.changes)))

    def concerns(self, form: Form) -> bool:
        """Say whether it is about referrals on this form."""
        return not self.forms or form.id in self.forms

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What it does when it bites."""
        return (self.effect, self.also) if self.also else (self.effect,)


@dataclass(frozen=True)
class CaseContext:
    """What a rule about a case is given.

    Attributes:
        recipients: the kinds of agencies that get something of the case; known to rules on RECIPIENTS alone.
    """

    checked: Checked = field(repr=False)
    case: Case
    meeting: Meeting
    panel: Panel
    area: AreaSettings
    day: dt.date
    recipients: frozenset[AgencyKind] = frozenset()

    @property
    def form(self) -> Form:
        """The form that referred the case."""
        return self.checked.form

    def decision(self, rule: str, agency: str | None = None) -> Decision | None:
        """Return the decision that sets a rule aside here, if somebody took one."""
        return decision_on(self.meeting, rule, self.case.reference, agency)


@dataclass(frozen=True)
class AgencyContext:
    """What a rule about an agency is given."""

    agency: Agency
    meeting: Meeting
    panel: Panel
    day: dt.date


class Advice(str):
    """Why a rule that refuses only warns here: its other half (`Rule.also`)."""

    __slots__ = ()


@dataclass(frozen=True)
class Finding:
    """A rule that bit: on which case, towards which agency, why, in words that name nobody, and who set it aside.

    A finding with a decision is carried on to the cover sheet and the register, and stops nothing.
    """

    rule: str
    why: str
    case: str | None = None
    agency: str | None = None
    decision: Decision | None = None

    @property
    def stops(self) -> bool:
        """Whether something does not go because of it."""
        if isinstance(self.why, Advice):
            return False
        return self.decision is None and RULES[self.rule].effect in (Effect.REFUSE, Effect.WITHHOLD)


RULES: dict[str, Rule] = {}
"""Every rule by its id, in the order in which they are defined."""

F = TypeVar("F", bound=Callable[..., Any])


def rule(  # noqa: PLR0913 - a rule has these parts
    rule_id: str,
    label: str,
    effect: Effect,
    on: On,
    *citations: Citation,
    open_to_decision: bool = False,
    also: Effect | None = None,
    since: dt.date | None = None,
    forms: tuple[str, ...] = (),
    changes: tuple[tuple[dt.date, str], ...] = (),
) -> Callable[[F], F]:
    """Register a function as the one that carries out a rule; it holds from its first source, where `since` does not say otherwise.

    A function for CASE, RECIPIENTS, AGENCY or SHARE takes the context (for SHARE both) and returns why the rule bites, or None; one that
    refuses returns Advice where it warns only.
    """

    def carry_out(function: F) -> F:
        if rule_id in RULES:
            raise ValueError(f"two rules called {rule_id}")
        RULES[rule_id] = Rule(
            rule_id, label, effect, on, citations, open_to_decision, since or min(one.source.day for one in citations),
            function, also, frozenset(forms), changes,
        )  # fmt: skip
        return function

    return carry_out


def decision_on(meeting: Meeting, rule_id: str, case: str | None, agency: str | None) -> Decision | None:
    """Return the decision of a meeting that sets a rule aside for a case and an agency.

    A decision that names no case holds for the agency in all cases, and one that names no agency for all agencies.
    """
    for decision in meeting.decisions:
        fits_case = decision.case is None or decision.case == case
        fits_agency = decision.agency is None or decision.agency == agency
        if decision.rule == rule_id and fits_case and fits_agency:
            return decision
    return None


def finding(
    rule_id: str, why: str, meeting: Meeting, case: str | None = None, agency: str | None = None
) -> Finding:
    """Return the finding that a rule bit, with the decision that sets it aside where the rule is open to one."""
    decision = decision_on(meeting, rule_id, case, agency) if RULES[rule_id].open_to_decision else None
    return Finding(rule_id, why, case, agency, decision)
