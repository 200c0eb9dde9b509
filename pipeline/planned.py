"""A meeting, decided: cases, agencies, and what each gets of what. `pipeline.plan` makes these; nothing after it decides anything."""

import datetime as dt
from dataclasses import dataclass, field

from pipeline.agency import Agency
from pipeline.area import Area
from pipeline.checked import Checked
from pipeline.meeting import Case, Decision, Invitation, Meeting
from pipeline.problem import Problem
from pipeline.protocol import consent
from pipeline.protocol.marking import Marking
from pipeline.protocol.rule import Finding
from pipeline.protocol.sharing import Sight
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
        partly: what could be read of a referral with problems.
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
    partly: Checked | None = field(default=None, repr=False)

    @property
    def reference(self) -> str:
        """The case reference."""
        return self.case.reference

    @property
    def is_returned(self) -> bool:
        """Whether the co-ordinator's part of a Form A says that the referral goes back."""
        one = self.checked
        return one is not None and one.form.id == "mappa-a" and one["decision.outcome"] == "returned"

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

    def known(self) -> tuple[Checked, ...]:
        """Return what could be read of every case, those with problems too: whose people nobody is to be told of."""
        return tuple(known for case in self.cases if (known := case.checked or case.partly))

    def views(self) -> tuple[SharedView, ...]:
        """Return each distinct view once: what has to be drawn."""
        return tuple({id(view): view for agency in self.agencies for view in agency.views}.values())


def decisions_for(agency: AgencyPlan) -> tuple[Decision, ...]:
    """Return the decisions that bear on an agency's pack, each once: for its cover sheet and the register."""
    found = [*agency.findings]
    for share in agency.shares:
        if share.view:
            found += [*share.findings, *share.case.findings]
    taken = [one.decision for one in found if one.decision]
    return tuple(decision for n, decision in enumerate(taken) if decision not in taken[:n])
