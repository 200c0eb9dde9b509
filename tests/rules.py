"""Rules tried on both sides of their boundary: the invented case, agency and meeting that they are tried on.

A test module of a subject gathers its cases in `Tries`, each with a sentence; every rule there is must bite in one of
them and let another pass (test_protocol_rules).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from forms.definition import Form
from forms.marac import FORM
from pipeline.agency import Agency, AgencyKind
from pipeline.area import Area, AreaSettings, Scheme
from pipeline.checked import Checked, filled
from pipeline.meeting import Meeting
from pipeline.protocol.rule import AgencyContext, CaseContext, On
from pipeline.protocol.rulebook import RULES

MEETING_DAY = dt.date(2026, 12, 8)
"""A Tuesday. Referrals are due on Friday 27 November, papers on Thursday 3 December."""
DAY = dt.date(2026, 12, 2)
CASE = "MARAC-2026-4417"
OTHER_CASE = "MARAC-2026-2863"

EXAMPLE_NAMES = ("Sampleworth", "Rowena", "Magnus", "Wren", "Made-up Lane", "900456")
"""What must not stand in the words of any finding about the example."""


def answers(changes: dict[str, Any] | None = None, form: Form = FORM) -> dict[str, Any]:
    """Return the form's example with other answers at some paths; None leaves a question open."""
    made = form.example()
    if form is FORM:
        made |= {"minutes": {}}
        made["perpetrators"]["perpetrator"][0]["mappa"] = "no"
    for path, value in (changes or {}).items():
        section, _, rest = path.partition(".")
        table, _, column = rest.partition("[1].")
        if column:
            made[section][table][0][column] = value
        else:
            made[section][rest] = value
    return made


def checked(changes: dict[str, Any] | None = None, form: Form = FORM) -> Checked:
    """Return a referral; unlike `check` this takes one with open questions, for a rule that looks at them."""
    return filled(form, answers(changes, form))


def settings(scheme: Scheme = Scheme.PRESENT, **panel: Any) -> AreaSettings:
    """Return the settings of an invented area with one panel."""
    about = {"title": "MARAC", "purpose": "To make somebody safer.", "expected": ["Check your records."]}
    sender = {
        "agency": "council",
        "name": "Perpetua Inkstand",
        "role": "MARAC co-ordinator",
        "telephone": "020 7946 0100",
        "email": "marac@council.example",
    }
    return AreaSettings.model_validate(
        {"name": "Brackenford", "scheme": scheme, "sender": sender, "panel": {"marac": about | panel},
         "place_names": ["Brackenford"]},
    )  # fmt: skip


def agency(agency_id: str = "police", kind: AgencyKind = AgencyKind.POLICE, **changes: Any) -> Agency:
    """Return an agency that may have everything its kind needs: a member, signed, with a SPOC and the duty."""
    usual: dict[str, Any] = {
        "id": agency_id,
        "name": f"Brackenford {kind.words}",
        "kind": kind,
        "duty_to_cooperate": True,
        "protocol_signed": dt.date(2026, 4, 8),
        "panels": ["marac"],
        "spoc": [{"name": "Tansy Bookbinder", "telephone": "020 7946 0111", "email": "tansy@police.example"}],
    }
    return Agency.model_validate(usual | changes)


def meeting(**changes: Any) -> Meeting:
    """Return a meeting of one case."""
    usual: dict[str, Any] = {
        "panel": "marac",
        "date": MEETING_DAY,
        "chair": {"name": "Aubrey Gatepost", "role": "Detective Inspector"},
        "case": [{"reference": CASE, "file": "one.xlsx"}],
    }
    return Meeting.model_validate(usual | changes).model_copy(update={"id": "2026-12-08-marac"})


def decision(rule: str, **changes: Any) -> dict[str, Any]:
    """Return a decision as it stands in a meeting file."""
    usual = {
        "rule": rule,
        "by": "Aubrey Gatepost",
        "role": "chair",
        "on": dt.date(2026, 12, 1),
        "reason": "It cannot wait.",
    }
    return usual | changes


def area(*agencies: Agency, scheme: Scheme = Scheme.PRESENT, **panel: Any) -> Area:
    """Return an area of some agencies."""
    return Area(Path("nowhere"), settings(scheme, **panel), agencies or (agency(),))


def about_case(
    changes: dict[str, Any] | None = None,
    *,
    form: Form = FORM,
    scheme: Scheme = Scheme.PRESENT,
    **meets: Any,
) -> CaseContext:
    """Return what a rule on a case is given; `meets` changes the meeting."""
    held = meeting(**meets)
    here = settings(scheme)
    return CaseContext(checked(changes, form), held.cases[0], held, here.panels["marac"], here, DAY)


def about_agency(day: dt.date = DAY, **changes: Any) -> AgencyContext:
    """Return what a rule on an agency is given."""
    return AgencyContext(agency(**changes), meeting(), settings().panels["marac"], day)


@dataclass(frozen=True)
class Try:
    """A rule tried once: a sentence says on what, and what must come of it."""

    rule: str
    says: str
    bites: bool
    found: Callable[[Callable[..., Any]], Any]
    wanted: Any = None

    def check(self) -> None:
        """Prove that it comes out so, and that the reason names nobody."""
        one = RULES[self.rule]
        found = self.found(one.carried_out)
        if one.on is On.PAPERS:
            assert found == self.wanted
        elif self.bites:
            assert isinstance(found, str)
            assert found
            assert not [name for name in EXAMPLE_NAMES if name.casefold() in found.casefold()]
        else:
            assert found is None


class Tries(list[Try]):
    """The cases of a subject."""

    def bites(self, rule: str, says: str, *given: Any) -> None:
        """Add that a rule bites on these contexts."""
        self.append(Try(rule, says, True, lambda carry_out: carry_out(*given)))

    def passes(self, rule: str, says: str, *given: Any) -> None:
        """Add that a rule lets these contexts pass."""
        self.append(Try(rule, says, False, lambda carry_out: carry_out(*given)))

    def gives(
        self, rule: str, says: str, found: Callable[[Callable[..., Any]], Any], wanted: Any, *, bites: bool
    ) -> None:
        """Add what a rule on papers gives; `bites` says whether it changes anything there."""
        self.append(Try(rule, says, bites, found, wanted))

    @property
    def each(self) -> pytest.MarkDecorator:
        """Run a test over every case."""
        return pytest.mark.parametrize("one", self, ids=[f"{one.rule}: {one.says}" for one in self])
