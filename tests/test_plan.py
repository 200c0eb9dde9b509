"""The plan of a meeting: who would get what and why not, decided before anything is sealed."""

import copy
import dataclasses
import datetime as dt
import sys
from typing import Any

import pytest

from forms.catalogue import form
from pipeline.agency import AgencyKind
from pipeline.checked import Referral, check
from pipeline.plan import Plan, decisions_for, plan
from pipeline.problem import CATALOGUE
from pipeline.view import Shared, Withheld
from tests.rules import CASE, DAY, OTHER_CASE, agency, answers, area, checked, decision, meeting

POLICE = agency()
IDVA = agency("lantern", AgencyKind.IDVA, duty_to_cooperate=False)
HOUSING = agency("housing", AgencyKind.HOUSING_AUTHORITY)
PROBATION = agency("probation", AgencyKind.PROBATION)
LANDLORD = agency("larkmead", AgencyKind.REGISTERED_SOCIAL_LANDLORD, panels=[])
EVERYBODY = (POLICE, IDVA, HOUSING, PROBATION, LANDLORD)

ALONE = {"consent.consents": "no", "consent.ground": None, "consent.reason": None, "children.child": []}
IN_FULL = decision("CONSENT-2", case=CASE, ground="adult_harm", reason="He has said that he will find her.")
TWO = [{"reference": CASE, "file": "one.xlsx"}, {"reference": OTHER_CASE, "file": "two.xlsx"}]
INVITED = {
    "agency": "larkmead",
    "cases": [OTHER_CASE],
    "agreed_by": "Aubrey Gatepost",
    "reason": "Landlord of the flat.",
}


def planned(
    changes: dict[str, Any] | None = None,
    *,
    agencies: tuple[Any, ...] = EVERYBODY,
    no_key: dict[str, str] | None = None,
    day: dt.date = DAY,
    second: Any = None,
    **meets: Any,
) -> Plan:
    """Plan the meeting: one case with changed answers, and a second where the meeting has two."""
    cases = {CASE: checked(changes), OTHER_CASE: second or checked()}
    return plan(area(*agencies), meeting(**meets), cases, no_key or {}, day)


def of(made: Plan, agency_id: str):
    return next(one for one in made.agencies if one.agency.id == agency_id)


def rules(made: Plan) -> set[str]:
    return {found.rule for found in made.cases[0].findings}


def test_an_ordinary_case_goes_to_every_member():
    """With nothing in the way each member gets a view, and nobody else is in the plan."""
    made = planned()
    assert {one.agency.id: one.goes for one in made.agencies} == {
        "police": True,
        "lantern": True,
        "housing": True,
        "probation": True,
    }
    assert made.cases[0].goes
    assert not made.cases[0].anonymous
    assert made.cases[0].marking.words == "OFFICIAL-SENSITIVE"
    assert made.cases[0].findings == made.problems == made.warnings == ()
    assert made.keep_until == dt.date(2027, 12, 8)
    assert made.cases[0].basis == "Crime and Disorder Act 1998, section 115"


def test_a_referral_with_problems_stops_its_case_alone():
    """Its case goes to nobody, without marking or basis; the other case goes."""
    problems = check(Referral(checked().form, answers({"victim.surname": None})), DAY)
    made = planned(case=TWO, second=problems)
    case = made.cases[1]
    assert (case.goes, case.checked, case.marking, case.basis, case.findings) == (False, None, None, "", ())
    assert case.problems == problems
    assert [view.case for view in of(made, "police").views] == [CASE]


REFUSED = {
    "CONSENT-1": {"consent.consents": "no", "consent.ground": "child_at_risk", "consent.reason": None},
    "CONSENT-4": {"consent.consents": "no", "consent.ground": None, "consent.reason": "The children saw it."},
    "PURPOSE-3": {"handling.necessary": "Yes"},
    "REFER-11": {"perpetrators.perpetrator[1].mappa": "yes"},
    "REFER-14": {"criteria.bases": []},
}
ABSOLUTE = {
    "MARK-1": {"handling.marking": None},
    "MARK-5": {"handling.marking": "secret"},
    "MARK-7": {"handling.marking": "official"},
}


@pytest.mark.parametrize("rule", REFUSED | ABSOLUTE)
def test_a_refused_case_goes_to_nobody(rule):
    """A rule that refuses stops the case for all, and the plan says which."""
    made = planned((REFUSED | ABSOLUTE)[rule])
    assert rules(made) == {rule}
    assert not made.cases[0].goes
    assert not any(one.goes for one in made.agencies)
    assert made.views() == ()


@pytest.mark.parametrize("rule", REFUSED)
def test_a_decision_sets_an_open_rule_aside(rule):
    """A named person's decision lets the case go, and stands in the finding and on every cover sheet."""
    made = planned(REFUSED[rule], decision=[decision(rule, case=CASE)])
    assert made.problems == ()
    assert made.cases[0].goes
    assert [found.decision for found in made.cases[0].findings] == [made.meeting.decisions[0]]
    assert decisions_for(of(made, "housing")) == made.meeting.decisions


@pytest.mark.parametrize("rule", ABSOLUTE)
def test_nobody_sets_an_absolute_rule_aside(rule):
    """A decision on an absolute rule is a problem of the meeting file, and changes nothing."""
    made = planned(ABSOLUTE[rule], decision=[decision(rule, case=CASE)])
    assert [one.code for one in made.problems] == ["not-open"]
    assert not made.cases[0].goes


@pytest.mark.parametrize(
    "given",
    [{"rule": "PURPOSE-3"}, {"case": OTHER_CASE}],
    ids=["a decision on another rule", "a decision on another case"],
)
def test_a_decision_reaches_no_further_than_it_says(given):
    """It sets aside its own rule for its own case."""
    held = decision("REFER-11", case=CASE) | given
    assert not planned(REFUSED["REFER-11"], case=TWO, decision=[held]).cases[0].goes


FAULTY = {
    "not-a-rule": decision("REFER-99", case=CASE),
    "not-open": decision("SHARE-8", case=CASE),
    "decision-late": decision("REFER-11", case=CASE, on=DAY + dt.timedelta(days=1)),
    "decision-scope": decision("REFER-11", agency="police"),
}


@pytest.mark.parametrize("code", FAULTY)
def test_a_faulty_decision_is_a_problem(code):
    """With a decision that cannot hold, the plan has a problem at its number, and nothing may be sealed."""
    made = planned(decision=[decision("REFER-14", case=CASE), FAULTY[code]])
    assert [(one.code, str(one.place)) for one in made.problems] == [(code, "decision no. 2")]


@pytest.mark.parametrize(
    ("rule", "about", "sound"),
    [
        ("REFER-11", {"case": CASE}, True),
        ("REFER-11", {"case": CASE, "agency": "police"}, False),
        ("SEND-3", {"agency": "police"}, True),
        ("SEND-3", {"case": CASE}, False),
        ("SEND-3", {"case": CASE, "agency": "police"}, False),
        ("PURPOSE-2", {"case": CASE}, True),
        ("PURPOSE-2", {"case": CASE, "agency": "police"}, True),
        ("PURPOSE-2", {"agency": "police"}, False),
    ],
    ids=str,
)
def test_a_decision_names_what_its_rule_looks_at(rule, about, sound):
    """A decision that would do nothing, or more than for one case or agency, is told rather than passed over."""
    codes = [one.code for one in planned(decision=[decision(rule, **about)]).problems]
    assert codes == ([] if sound else ["decision-scope"])


def test_two_decisions_on_the_same_are_a_problem():
    """Two people may not have decided the same differently."""
    twice = [decision("REFER-11", case=CASE), decision("REFER-11", case=CASE, by="Perpetua Inkstand")]
    assert [one.code for one in planned(decision=twice).problems] == ["decision-twice"]


def test_a_decision_dated_today_holds():
    """The day of the decision is the first on which it holds."""
    assert planned(decision=[decision("REFER-11", case=CASE, on=DAY)]).problems == ()


def test_no_consent_and_no_children_goes_anonymously():
    """The case goes, and no view in the plan holds who the victim, the children or the perpetrator is (CONSENT-2)."""
    made = planned(ALONE)
    assert made.cases[0].goes
    assert made.cases[0].anonymous
    for view in made.views():
        assert view.answers["victim.surname"] == Withheld("CONSENT-2")
        assert view.answers["perpetrators.perpetrator[1].full_name"] == Withheld("CONSENT-2")
        assert view.notes
        told = " ".join(one.text for one in view.answers.values() if isinstance(one, Shared)).casefold()
        assert "sampleworth" not in told


def test_a_decision_on_a_ground_brings_the_case_in_full():
    """A decision on CONSENT-2 that names a ground opens the case, and is on the cover sheets."""
    made = planned(ALONE, decision=[IN_FULL])
    assert not made.cases[0].anonymous
    assert of(made, "police").views[0].answers["victim.surname"] == Shared("SAMPLEWORTH")
    assert not of(made, "police").views[0].notes
    assert [one.rule for one in decisions_for(of(made, "police"))] == ["CONSENT-2"]


def test_a_decision_without_a_ground_stops_the_case():
    """Full details without consent on no recognised ground go to nobody (CONSENT-4); what is no ground is a wrong setting."""
    with pytest.raises(ValueError, match="This is one of: national_security"):
        planned(ALONE, decision=[IN_FULL | {"ground": "it is easier"}])
    made = planned(ALONE, decision=[IN_FULL | {"ground": ""}])
    assert not made.cases[0].goes
    assert [one.rule for one in made.cases[0].findings if one.stops] == ["CONSENT-4"]


def test_an_invited_agency_gets_its_case_alone():
    """Nothing in an invitee's part of the plan tells of other cases, not even how many (SHARE-4)."""
    made = planned(case=TWO, invitation=[INVITED])
    invited = of(made, "larkmead")
    assert invited.invitation == made.meeting.invitations[0]
    assert [share.case.reference for share in invited.shares] == [OTHER_CASE]
    assert [view.case for view in invited.views] == [OTHER_CASE]
    assert CASE not in repr(invited.views)


def test_an_invitation_takes_nothing_from_a_member():
    """A member that is invited as well gets every case, as a member."""
    made = planned(case=TWO, invitation=[INVITED | {"agency": "police"}])
    assert of(made, "police").invitation is None
    assert [view.case for view in of(made, "police").views] == [CASE, OTHER_CASE]


def test_an_invitation_to_a_refused_case_brings_nothing():
    """An invitee whose case does not go gets no pack."""
    made = planned(REFUSED["REFER-11"], invitation=[INVITED | {"cases": [CASE]}])
    assert not of(made, "larkmead").goes
    assert of(made, "larkmead").shares == ()


WITHOUT = {
    "SHARE-3": {"protocol_signed": DAY.replace(year=2025)},
    "SEND-3": {"spoc": []},
}


@pytest.mark.parametrize("rule", WITHOUT)
def test_a_faulty_agency_gets_nothing_and_the_others_do(rule):
    """A lapsed signature or a missing SPOC stops that agency's pack alone, and the plan says why."""
    made = planned(agencies=(POLICE, agency("housing", AgencyKind.HOUSING_AUTHORITY, **WITHOUT[rule])))
    assert [found.rule for found in of(made, "housing").findings] == [rule]
    assert not of(made, "housing").goes
    assert of(made, "housing").views == ()
    assert of(made, "police").goes


@pytest.mark.parametrize("rule", WITHOUT)
def test_a_decision_for_an_agency_lets_it_have_its_pack(rule):
    """A decision that names only an agency holds for all its cases at this meeting, and for no other agency."""
    kind = AgencyKind.HOUSING_AUTHORITY
    both = (agency("housing", kind, **WITHOUT[rule]), agency("homes", kind, **WITHOUT[rule]))
    made = planned(agencies=both, case=TWO, decision=[decision(rule, agency="housing")])
    assert made.problems == ()
    assert len(of(made, "housing").views) == 2
    assert decisions_for(of(made, "housing")) == made.meeting.decisions
    assert not of(made, "homes").goes
    assert decisions_for(of(made, "homes")) == ()


def test_an_agency_without_a_usable_key_gets_no_pack():
    """The plan says what is wrong with the key; what the agency may see is decided all the same."""
    made = planned(no_key={"housing": "lapsed"})
    assert of(made, "housing").no_key == "lapsed"
    assert not of(made, "housing").goes
    assert of(made, "housing").shares[0].view is not None


def test_a_case_does_not_go_to_a_person_in_it():
    """An agency whose SPOC is in one of two cases gets the other one, and nobody can set that aside (SHARE-8)."""
    housing = agency("housing", AgencyKind.HOUSING_AUTHORITY, spoc=[{"name": "SAMPLEWORTH, Magnus"}])
    other = checked({"victim.surname": "Inventley", "children.child": [],
                     "perpetrators.perpetrator[1].full_name": "Otto Inventley"})  # fmt: skip
    made = planned(agencies=(POLICE, housing), case=TWO, second=other)
    assert [view.case for view in of(made, "housing").views] == [OTHER_CASE]
    assert [found.rule for found in of(made, "housing").shares[0].findings] == ["SHARE-8"]
    assert len(of(made, "police").views) == 2


def test_section_325_reaches_agencies_with_the_duty_only():
    """An agency without the duty gets the case only by a decision, for it alone or for all (PURPOSE-2)."""
    s325 = {"handling.basis": "cja_2003_s325"}
    assert [one.agency.id for one in planned(s325).agencies if not one.goes] == ["lantern"]
    for about in ({"case": CASE}, {"case": CASE, "agency": "lantern"}):
        made = planned(s325, decision=[decision("PURPOSE-2", **about)])
        assert of(made, "lantern").goes
        assert [one.rule for one in decisions_for(of(made, "lantern"))] == ["PURPOSE-2"]
        assert decisions_for(of(made, "police")) == ()
    assert not of(planned(s325, decision=[decision("PURPOSE-2", case=CASE, agency="police")]), "lantern").goes


def test_equal_sight_is_one_view():
    """Agencies that may see the same share one object, and what is to be drawn is counted once."""
    made = planned(agencies=(POLICE, agency("met", AgencyKind.POLICE), HOUSING, PROBATION))
    assert of(made, "police").views[0] is of(made, "met").views[0]
    assert of(made, "police").views[0] is not of(made, "housing").views[0]
    assert len(made.views()) == len({id(one) for agency in made.agencies for one in agency.views}) == 3


def test_no_view_is_drawn_for_an_agency_that_gets_nothing():
    """A view that only a stopped agency would get is not among those to draw."""
    made = planned(agencies=(POLICE, HOUSING), no_key={"housing": "none"})
    assert made.views() == of(made, "police").views


LATE = dt.date(2026, 12, 4)


@pytest.mark.parametrize(
    ("meets", "day", "warned"),
    [
        ({}, DAY, []),
        ({}, LATE, ["papers should have gone out by 3 December 2026"]),
        ({"emergency": True}, LATE, []),
        ({"date": dt.date(2026, 12, 9)}, DAY, ["on a Wednesday, and this panel meets on a Tuesday"]),
        ({"date": dt.date(2026, 12, 9), "emergency": True}, DAY, []),
        ({"date": dt.date(2031, 12, 9)}, DAY, ["bank holidays after"]),
        ({}, dt.date(2026, 12, 22), ["papers should have gone out"]),
        (
            {},
            dt.date(2026, 12, 23),
            ["papers should have gone out", "minutes should have gone out by 22 December 2026"],
        ),
        (
            {"minutes": {"signed_by": "Aubrey Gatepost", "on": dt.date(2026, 12, 10)}},
            dt.date(2026, 12, 23),
            ["papers should have gone out"],
        ),
    ],
    ids=[
        "in time",
        "papers late",
        "an emergency is never late",
        "another weekday",
        "an emergency on any day",
        "far ahead",
        "the last day for minutes",
        "minutes late",
        "minutes signed",
    ],
)
def test_warnings(meets, day, warned):
    """Lead times are warned of and stop nothing (TIME-1); an emergency meeting has none (TIME-8)."""
    made = planned(day=day, **meets)
    assert len(made.warnings) == len(warned)
    assert all(part in told for part, told in zip(warned, made.warnings, strict=True))
    assert of(made, "police").goes


@pytest.mark.parametrize(
    ("panel_id", "rules"),
    [
        ("marac", ["TIME-1: ", "TIME-1: ", "", ""]),
        ("camp", ["TIME-2: ", "TIME-2: ", "", ""]),
        ("mappa", ["TIME-3: ", "TIME-3: ", "TIME-3: ", ""]),
        ("dyo", ["TIME-7: ", "TIME-7: ", "", "TIME-7: "]),
        ("iom", ["TIME-7: ", "TIME-7: ", "TIME-7: ", "TIME-7: "]),
        ("asb", ["TIME-7: ", "TIME-7: ", "", ""]),
        ("strategic", ["", "", "", ""]),
    ],
)
def test_warnings_name_the_rule_that_says_so(panel_id, rules):
    """Papers, rhythm, minutes and quorum are warned of by the rule that says when; where no protocol does, by none."""
    here = area(quorum_members=3, counts_from=dt.date(2026, 12, 1))
    panels = {panel_id: here.settings.panels["marac"]}
    here = dataclasses.replace(here, settings=here.settings.model_copy(update={"panels": panels}))
    there = [{"name": "Aubrey Gatepost", "role": "chair", "agency": "police"}]
    held = meeting(panel=panel_id, case=[], attended=there)
    told = plan(here, held, {}, {}, dt.date(2027, 1, 5)).warnings
    begins = ["the papers ", "this panel ", "the minutes", "the meeting"]
    assert [one.startswith(rule + words) for one, rule, words in zip(told, rules, begins, strict=True)] == [
        True
    ] * 4


def test_plan_tells_how_each_referral_stands():
    """A sound referral is on time, late or before an emergency meeting; of one that is not sound nothing is told."""
    assert planned().cases[0].standing == "on time"
    assert planned({"referrer.date": "2026-11-30"}).cases[0].standing == "late by 1 working day"
    assert planned(emergency=True).cases[0].standing == "emergency"


def test_a_late_referral_goes_with_its_flag():
    """TIME-1 warns, and stops nothing."""
    made = planned({"referrer.date": "2026-11-30"})
    assert [(found.rule, found.stops) for found in made.cases[0].findings] == [("TIME-1", False)]
    assert made.cases[0].goes


def test_decisions_are_told_once_and_to_whom_they_concern():
    """A cover sheet names each decision once; one on a case that an agency does not get is not on it."""
    held = [decision("REFER-11", case=CASE), decision("PURPOSE-3", case=OTHER_CASE)]
    made = planned(REFUSED["REFER-11"], case=TWO, second=checked(REFUSED["PURPOSE-3"]),
                   decision=held, invitation=[INVITED])  # fmt: skip
    assert [one.rule for one in decisions_for(of(made, "police"))] == ["REFER-11", "PURPOSE-3"]
    assert [one.rule for one in decisions_for(of(made, "larkmead"))] == ["PURPOSE-3"]


def test_planning_is_pure():
    """The same input gives the same plan, is not changed, and nothing is opened on the way."""
    given: dict[str, Any] = {"case": TWO, "invitation": [INVITED], "decision": [IN_FULL]}
    before = copy.deepcopy(given)
    first = planned(ALONE, **given)
    opened: list[str] = []
    watching = True
    sys.addaudithook(
        lambda event, _: opened.append(event) if watching and event in {"open", "socket.connect"} else None
    )
    second = planned(ALONE, **given)
    watching = False
    assert first == second
    assert given == before
    assert opened == []


def test_nothing_in_a_plan_prints_an_answer():
    """Whatever is shown of a plan in a log or a traceback, no answer, reason or name of a file is in it."""
    made = planned(ALONE, case=[{"reference": CASE, "file": "rowena sampleworth.xlsx"}], decision=[IN_FULL])
    shown = f"{made!r} {made} {made.views()!r} {made.cases[0].checked!r}".casefold()
    for secret in ("rowena", "sampleworth", "magnus", "made-up", "900456", "find her"):
        assert secret not in shown


def test_a_case_of_the_meeting_without_its_referral_is_a_programmers_mistake():
    """Each case of the meeting is given with its referral or its problems."""
    with pytest.raises(KeyError):
        plan(area(), meeting(), {}, {}, DAY)


def test_every_problem_of_a_decision_has_its_words():
    """The codes of the plan are in the catalogue."""
    assert {*FAULTY, "decision-twice"} <= CATALOGUE.keys()


def test_a_check_of_records_on_a_form_that_has_none_is_a_problem():
    """Asked for less than a form can give, the program does not quietly give all: a MARAC case is no check of records."""
    made = planned(case=[{"reference": CASE, "file": "one.xlsx", "check": True}])
    assert [one.code for one in made.problems] == ["check-form"]


def test_a_decision_that_does_not_hold_sets_nothing_aside():
    """What is dated tomorrow stands among the problems, and the plan is shown as it is without it."""
    late = decision("REFER-11", case=CASE, on=DAY + dt.timedelta(days=1))
    made = planned({"perpetrators.perpetrator[1].mappa": "yes"}, decision=[late])
    assert [one.code for one in made.problems] == ["decision-late"]
    assert not made.cases[0].goes


def test_an_invitation_of_a_member_does_nothing_and_is_told():
    """A member has every case: an invitation is most likely meant for somebody else."""
    made = planned(invitation=[INVITED | {"agency": "police", "cases": [CASE]}])
    assert made.warnings == ("the invitation of police does nothing: it is a member of the panel",)


def test_who_gets_nothing_of_a_case_does_not_speak_for_a_child():
    """Of a patient's notification the youth offending service gets nothing, so that it is not taken for a recipient (SHARE-13)."""
    young = checked({"patient.date_of_birth": "2012-05-19"}, form("mappa-i"))
    members = (
        POLICE,
        agency("childrens", AgencyKind.CHILDRENS_SERVICES),
        agency("yot", AgencyKind.YOUTH_OFFENDING),
    )
    made = plan(area(*members), meeting(), {CASE: young}, {}, DAY)
    why = [one.why for one in made.cases[0].findings if one.rule == "SHARE-13"]
    assert why == ["the person is under 18, and youth offending gets nothing of the case"]
    assert of(made, "childrens").seen
    assert not of(made, "yot").seen
