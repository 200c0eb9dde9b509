"""A meeting: panel, date, chair, cases, who is invited for what, and the decisions of named people."""

import datetime as dt
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from pipeline.area import Area, Id, Words
from pipeline.problem import Place, Problem, problem
from pipeline.settings import Settings, Unusable, load

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Z]+(-[0-9]{2,4})+$", max_length=30)]
"""A case reference such as MARAC-2026-7150. It names nobody, and it does not count: a number in a row would tell an agency
that is invited for one case how many there are (SHARE-4)."""


class Chair(Settings):
    """Who chairs."""

    name: Words
    role: Words


class Case(Settings):
    """A case of the meeting: its reference, and the file in the inbox that refers it."""

    reference: Reference
    file: Words
    received: dt.date | None = None
    """When it reached the co-ordinator, if that is not the date on the referral."""
    repeat: bool = False


class Invitation(Settings):
    """An agency that is no member of the panel, invited for some cases with the chair's consent (SHARE-4, SHARE-10)."""

    agency: Id
    cases: tuple[Reference, ...] = Field(min_length=1)
    agreed_by: Words
    reason: Words


class Decision(Settings):
    """A named person sets a rule aside for one case, with a reason; `agency` limits it to one recipient."""

    rule: Annotated[str, StringConstraints(pattern=r"^[A-Z]+-[0-9]+$")]
    case: Reference | None = None
    agency: Id | None = None
    by: Words
    role: Words
    on: dt.date
    reason: Words
    ground: str = ""
    """For sharing without consent: one of the grounds of CONSENT-4."""

    @model_validator(mode="after")
    def _about_something(self) -> "Decision":
        if self.case is None and self.agency is None:
            raise ValueError("a decision is about a case or an agency: give one")
        return self


class Meeting(Settings):
    """A meeting file, `meetings/2026-12-08-marac.toml`; its id is the file's name without the ending."""

    id: str = Field(default="", exclude=True)
    panel: Id
    date: dt.date
    time: dt.time | None = None
    place: str = ""
    chair: Chair
    emergency: bool = False
    cases: tuple[Case, ...] = Field(default=(), alias="case")
    invitations: tuple[Invitation, ...] = Field(default=(), alias="invitation")
    decisions: tuple[Decision, ...] = Field(default=(), alias="decision")

    @model_validator(mode="after")
    def _fits(self) -> "Meeting":
        references = [case.reference for case in self.cases]
        if len(set(references)) < len(references):
            raise ValueError("two cases have one reference")
        files = [case.file for case in self.cases]
        if len(set(files)) < len(files):
            raise ValueError("one file is named for two cases")
        named = {one for invitation in self.invitations for one in invitation.cases}
        named |= {decision.case for decision in self.decisions if decision.case}
        if strange := named - set(references):
            raise ValueError(f"there is no case {', '.join(sorted(strange))}")
        return self


def open_meeting(area: Area, path: Path) -> Meeting:
    """Return the meeting of a file.

    Raises:
        Unusable: the file is missing or wrong, or names a panel or agency the area does not have.
    """
    meeting = load(Meeting, path).model_copy(update={"id": path.stem})
    problems: list[Problem] = []
    if meeting.panel not in area.settings.panels:
        why = f"area.toml has no panel {meeting.panel}"
        problems.append(problem("setting", Place(f"{path.name}: panel"), why=why, file=path.name))
    ids = {agency.id for agency in area.agencies}
    named = {i.agency for i in meeting.invitations} | {d.agency for d in meeting.decisions if d.agency}
    if strange := named - ids:
        why = f"agencies.toml has no agency {', '.join(sorted(strange))}"
        problems.append(problem("setting", Place(path.name), why=why, file=path.name))
    if problems:
        raise Unusable(tuple(problems))
    return meeting
