"""Over random referrals, agencies and decisions: nothing outside the need-to-know table, ever, in any view of any plan."""

import csv
import datetime as dt
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pipeline.agency import Agency, AgencyKind
from pipeline.area import Area
from pipeline.checked import Checked, Referral, check
from pipeline.meeting import Meeting
from pipeline.plan import Plan, plan
from pipeline.protocol import need_to_know
from pipeline.protocol.rulebook import RULES
from pipeline.view import Withheld
from tests.every_form import DAY, FORMS
from tests.rules import agency, area
from tests.strategies import referrals

REFERENCES = ["X-2026-1000", "X-2026-2000"]
TABLE = list(csv.DictReader(need_to_know._TABLE.read_text("utf-8").splitlines()))
NEVER_MORE = {
    "electronic_monitoring": {"identity", "status"},
    "immigration": {"identity", "status", "process", "risk"},
    "jobcentre": {"identity", "employment", "risk", "process", "referrer"},
}
CHAIR = {"name": "Aubrey Gatepost", "role": "Detective Inspector"}
MANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def some(kind: AgencyKind, number: int, panels: list[str], signed: dt.date | None, duty: bool) -> Agency:
    return agency(f"agency-{number}", kind, panels=panels, protocol_signed=signed, duty_to_cooperate=duty)


def agencies(panel: str) -> st.SearchStrategy[list[Agency]]:
    """Some agencies, members or not, signed or not, whatever the area says of their duty."""
    one = st.tuples(
        st.sampled_from(AgencyKind), st.sampled_from([[panel], []]),
        st.sampled_from([dt.date(2026, 4, 8), dt.date(2024, 1, 1), None]), st.booleans(),
    )  # fmt: skip
    return st.lists(one, min_size=3, max_size=8).map(
        lambda made: [
            some(kind, n, panels, signed, duty) for n, (kind, panels, signed, duty) in enumerate(made)
        ]
    )


def decisions(there: list[Agency]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Decisions of any kind on any rule, absolute ones too, with or without a case and an agency."""
    about = st.tuples(
        st.sampled_from(list(RULES)),
        st.sampled_from([*REFERENCES, None]),
        st.sampled_from([*(one.id for one in there), None]),
    ).filter(lambda made: made[1] or made[2])
    return st.lists(about, max_size=12).map(
        lambda made: [
            {
                "rule": rule,
                "by": "Aubrey Gatepost",
                "role": "chair",
                "on": DAY,
                "reason": "It cannot wait at all.",
                "ground": "adult_harm",
            }
            | {key: value for key, value in (("case", case), ("agency", who)) if value}
            for rule, case, who in made
        ]
    )


@st.composite
def plans(draw: st.DrawFn) -> tuple[Plan, dict[str, Checked]]:
    """Draw a meeting of two cases on one form, with agencies, invitations and decisions by chance, and plan it."""
    form = draw(st.sampled_from(FORMS))
    panel = form.panel or "iom"
    there = draw(agencies(panel))
    cases = {}
    for reference in REFERENCES:
        made = check(Referral(form, draw(referrals(form))), DAY)
        assume(isinstance(made, Checked))
        cases[reference] = made
    guests = [one for one in there if not one.panels]
    invited = [
        {"agency": one.id, "cases": [draw(st.sampled_from(REFERENCES))], "reason": "Asked.",
         "agreed_by": draw(st.sampled_from(["Aubrey Gatepost", "Somebody Else"]))}
        for one in guests
    ]  # fmt: skip
    held = Meeting.model_validate(
        {"panel": panel, "date": DAY, "chair": CHAIR, "invitation": invited, "decision": draw(decisions(there)),
         "case": [{"reference": one, "file": f"{one}.xlsx", "check": draw(st.booleans())} for one in REFERENCES]}
    )  # fmt: skip
    usual: Area = area(*there)
    settings_ = usual.settings.model_copy(update={"panels": {panel: usual.settings.panels["marac"]}})
    where = Area(usual.folder, settings_, tuple(there))
    return plan(where, held, cases, {}, DAY), cases


def table_has(form: str, kind: str) -> set[str]:
    rows = {row["information"] for row in TABLE if row["form"] == form and kind in row["agencies"].split()}
    return (rows - {"nothing"}) & NEVER_MORE.get(kind, rows)


@MANY
@given(plans())
def test_nothing_outside_the_table_is_in_any_view(drawn):
    """Whatever is referred, whoever comes and whatever is decided, a view shows only what the table has for that kind of agency."""
    made, _ = drawn
    for one in made.agencies:
        kind = one.agency.kind.value
        for share in one.shares:
            if share.view is None:
                continue
            allowed = table_has(share.view.form.knowing, kind)
            assert allowed
            if share.case.check:
                allowed &= {"identity"}
            for path, answer in share.view.answers.items():
                ask = share.view.form.find(path).ask
                if isinstance(answer, Withheld) or (ask.holder == kind and not share.case.check):
                    continue
                assert {about.value for about in (ask.about, *ask.also)} <= allowed, path


@MANY
@given(plans())
def test_no_decision_opens_what_is_absolute(drawn):
    """An agency that has signed nothing and that the Act does not bind gets no MAPPA case; a guest gets its own cases alone; a case that an absolute rule refuses goes to nobody."""
    made, cases = drawn
    wanted = {one.agency: set(one.cases) for one in made.meeting.invitations}
    for case in made.cases:
        absolute = {
            found.rule
            for found in case.findings
            if RULES[found.rule].effect == "refuse" and not RULES[found.rule].open_to_decision
        }
        assert not (absolute and case.goes)
    for one in made.agencies:
        member = made.meeting.panel in one.agency.panels
        if not member:
            assert {share.case.reference for share in one.shares} <= wanted[one.agency.id]
        bound = one.agency.duty_to_cooperate and one.agency.kind.duty != "no duty"
        mappa = [
            share for share in one.shares if share.view and cases[share.case.reference].form.panel == "mappa"
        ]
        lapsed = one.agency.protocol_signed is None or one.agency.protocol_signed.year == 2024
        assert not (mappa and lapsed and not bound)
