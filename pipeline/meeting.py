"""A meeting: panel, date, chair, cases, who is invited for what, and the decisions of named people."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from forms import marac
from pipeline.agency import Id, Text, Words
from pipeline.area import Area
from pipeline.settings import Day, Hour, Settings, Unusable, load, misplaced

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Z]+(-[0-9]{2,4})+$", max_length=30)]
"""A case reference such as MARAC-2026-7150. It names nobody, and it does not count: a number in a row would tell an agency
that is invited for one case how many there are (SHARE-4)."""


GROUNDS = tuple(choice.key for choice in marac.GROUNDS)
"""On which somebody may share without consent (CONSENT-4)."""


def _ground(text: str) -> str:
    if text not in ("", *GROUNDS):
        raise ValueError(f"This is one of: {', '.join(GROUNDS)}")
    return text


class Chair(Settings):
    """Who chairs."""

    name: Words
    role: Words


class Case(Settings):
    """A case of the meeting: its reference, and the file in the inbox that refers it."""

    reference: Reference
    file: Words = Field(repr=False)
    """Its name may be a person's: it is in no paper, log or message but the co-ordinator's own."""
    received: Day | None = None
    """When it reached the co-ordinator, if that is not the date on the referral."""
    repeat: bool = False
    last_review: Day | None = None
    """When the case was last before the panel (TIME-6, TIME-7)."""
    check: bool = False
    """A MAPPA case at level 1, on the agenda for a check of records alone (SHARE-12)."""


class Invitation(Settings):
    """An agency that is no member of the panel, invited for some cases with the chair's consent (SHARE-4, SHARE-10)."""

    agency: Id
    cases: tuple[Reference, ...] = Field(min_length=1)
    agreed_by: Words
    reason: Words = Field(repr=False)


class Decision(Settings):
    """A named person sets a rule aside for one case, or for one agency, in writing.

    A rule on a case takes the case; a rule on an agency takes the agency; a rule on both takes the case, and the agency
    where it is set aside for that one alone.
    """

    rule: Annotated[str, StringConstraints(pattern=r"^[A-Z]+-[0-9]+$")]
    case: Reference | None = None
    agency: Id | None = None
    by: Words
    role: Words
    on: Day
    reason: Words = Field(repr=False)
    ground: Annotated[str, AfterValidator(_ground)] = ""
    """For sharing without consent: one of the grounds of CONSENT-4."""

    @model_validator(mode="after")
    def _about_something(self) -> "Decision":
        if self.case is None and self.agency is None:
            raise ValueError("a decision is about a case or an agency: give one")
        return self


class Attended(Settings):
    """Somebody who was there and signed the register of attendance (RECORD-3)."""

    name: Words = Field(repr=False)
    role: Words
    agency: Id


class Minutes(Settings):
    """The chair has signed the minutes (RECORD-4)."""

    signed_by: Words
    on: Day


class Disclosure(Settings):
    """What the meeting decided on telling a third party about a case: to tell, or not to, and why (RECORD-2, RECORD-6)."""

    case: Reference
    disclose: bool
    to: Text = Field(default="", repr=False)
    to_role: Text = ""
    what: Text = Field(default="", repr=False)
    """Exactly what is told."""
    reason: Words = Field(repr=False)
    contact: Text = ""
    """Whom to ring if risks rise."""
    by: Words
    role: Words
    on: Day


class Meeting(Settings):
    """A meeting file, `meetings/2026-12-08-marac.toml`; its id is the file's name without the ending."""

    id: str = Field(default="", exclude=True)
    panel: Id
    date: Day
    time: Hour | None = None
    place: Text = ""
    chair: Chair
    emergency: bool = False
    cases: tuple[Case, ...] = Field(default=(), alias="case")
    invitations: tuple[Invitation, ...] = Field(default=(), alias="invitation")
    decisions: tuple[Decision, ...] = Field(default=(), alias="decision")
    attended: tuple[Attended, ...] = ()
    minutes: Minutes | None = None
    disclosures: tuple[Disclosure, ...] = Field(default=(), alias="disclosure")

    @model_validator(mode="after")
    def _fits(self) -> "Meeting":
        references = [case.reference for case in self.cases]
        if double := _double(references):
            raise ValueError(f"two cases have the reference {', '.join(double)}")
        if _double(case.file for case in self.cases):
            raise ValueError("one file is named for two cases")
        if double := _double(invitation.agency for invitation in self.invitations):
            raise ValueError(
                f"one agency is invited twice ({', '.join(double)}): name all its cases in one invitation"
            )
        named = {one for invitation in self.invitations for one in invitation.cases}
        named |= {decision.case for decision in self.decisions if decision.case}
        named |= {one.case for one in self.disclosures}
        if strange := named - set(references):
            raise ValueError(f"there is no case {', '.join(sorted(strange))}")
        return self


def _double(values: Iterable[str]) -> list[str]:
    """Return the values that stand more than once, in order."""
    return sorted(value for value, count in Counter(values).items() if count > 1)


_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def open_meeting(area: Area, path: Path) -> Meeting:
    """Return the meeting of a file.

    Raises:
        Unusable: the file is missing or wrong, or names a panel or agency the area does not have.
    """
    meeting = load(Meeting, path).model_copy(update={"id": path.stem})
    wrong: list[tuple[str, str]] = []
    if not _NAME.fullmatch(path.stem):
        wrong.append(
            ("", "The file's name goes into packs and register: small letters, digits and hyphens only")
        )
    if meeting.panel not in area.settings.panels:
        wrong.append(("panel", f"area.toml has no panel {meeting.panel}"))
    ids = {agency.id for agency in area.agencies}
    named = [(f"invitation no. {n} agency", one.agency) for n, one in enumerate(meeting.invitations, start=1)]
    named += [
        (f"decision no. {n} agency", one.agency or "") for n, one in enumerate(meeting.decisions, start=1)
    ]
    named += [(f"attended no. {n} agency", one.agency) for n, one in enumerate(meeting.attended, start=1)]
    wrong += [(where, f"agencies.toml has no agency {one}") for where, one in named if one and one not in ids]
    if wrong:
        raise Unusable(tuple(misplaced(path.name, where, why) for where, why in wrong))
    return meeting
