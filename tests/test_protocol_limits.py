"""Recipients whom a protocol limits, those outside the members, checks of records, the young, minutes and disclosures."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from forms.catalogue import FORMS, form
from forms.information import Information
from forms.marac import FORM
from pipeline.agency import AgencyKind, Duty
from pipeline.checked import filled
from pipeline.meeting import Disclosure
from pipeline.protocol.limited import limit_of
from pipeline.protocol.minutes import Expected
from pipeline.protocol.need_to_know import informations_for
from pipeline.protocol.recipients import is_bound
from pipeline.protocol.rule import AgencyContext
from pipeline.protocol.sharing import sight_of
from tests.rules import (
    CASE,
    DAY,
    MEETING_DAY,
    OTHER_CASE,
    Tries,
    about_agency,
    about_case,
    agency,
    answers,
    checked,
    meeting,
    settings,
)

FORM_A, FORM_H, FORM_I = form("mappa-a"), form("mappa-h"), form("mappa-i")
tries = Tries()


def mappa(changes: dict[str, Any] | None = None, **meets: Any):
    return about_case(changes, form=FORM_A, **meets)


def at(kind: AgencyKind, held=None, **changes: Any) -> AgencyContext:
    """Return an agency of a kind at a meeting."""
    return AgencyContext(
        agency(str(kind).replace("_", "-"), kind, **changes), held or meeting(), settings().panels["marac"], DAY
    )


def invited(agreed_by: str = "Aubrey Gatepost"):
    one = {"agency": "fire", "cases": [CASE], "agreed_by": agreed_by, "reason": "It fits alarms."}
    return meeting(invitation=[one])


GUEST = {"panels": []}
for kind, says in {
    AgencyKind.POLICE: "police are of the Responsible Authority",
    AgencyKind.VICTIM_LIAISON: "victim liaison is probation's own",
    AgencyKind.HOUSING_AUTHORITY: "a housing authority has the duty",
    AgencyKind.IMMIGRATION: "immigration enforcement has had the duty since 2011",
}.items():
    tries.passes("SHARE-1", says, mappa(), at(kind))
    tries.passes("SHARE-2", f"{says}, and has signed nothing", mappa(), at(kind, protocol_signed=None))
tries.bites("SHARE-1", "a fire service has no duty", mappa(), at(AgencyKind.FIRE))
tries.bites(
    "SHARE-1", "what agencies.toml calls a duty is none for a charity", mappa(), at(AgencyKind.VOLUNTARY)
)
tries.bites(
    "SHARE-1", "a landlord that agencies.toml says has no duty", mappa(),
    at(AgencyKind.REGISTERED_SOCIAL_LANDLORD, duty_to_cooperate=False),
)  # fmt: skip
tries.passes(
    "SHARE-1",
    "a fire service that the chair has in for the case",
    mappa(),
    at(AgencyKind.FIRE, invited(), **GUEST),
)
tries.bites(
    "SHARE-2", "a fire service that has signed nothing", mappa(), at(AgencyKind.FIRE, protocol_signed=None)
)
tries.bites(
    "SHARE-2", "a care home whose signature lapsed yesterday", mappa(),
    at(AgencyKind.PRIVATE_CARE, protocol_signed=DAY.replace(year=2025, day=1)),
)  # fmt: skip
tries.passes(
    "SHARE-2", "a care home whose signature lapses tomorrow", mappa(),
    at(AgencyKind.PRIVATE_CARE, protocol_signed=DAY.replace(year=2025, day=3)),
)  # fmt: skip

tries.passes("SHARE-10", "a member needs no invitation", about_case(), at(AgencyKind.FIRE))
tries.passes("SHARE-10", "the chair agreed", about_case(), at(AgencyKind.FIRE, invited(), **GUEST))
tries.passes(
    "SHARE-10",
    "the chair's name in other letters",
    about_case(),
    at(AgencyKind.FIRE, invited("aubrey  gatepost"), **GUEST),
)
tries.bites(
    "SHARE-10", "somebody else agreed", about_case(), at(AgencyKind.FIRE, invited("Perpetua Inkstand"), **GUEST)
)

_EM = AgencyKind.ELECTRONIC_MONITORING
tries.gives(
    "SHARE-6", "a tagging provider is limited to identity and status", lambda f: f(_EM),
    {Information.IDENTITY, Information.STATUS}, bites=True,
)  # fmt: skip
tries.gives("SHARE-6", "police are not", lambda f: f(AgencyKind.POLICE), set(Information), bites=False)

FOREIGN = {"status.foreign_national": "yes"}
tries.passes("SHARE-7", "a foreign national", mappa(FOREIGN), at(AgencyKind.IMMIGRATION))
tries.bites(
    "SHARE-7", "somebody who is none", mappa({"status.foreign_national": "no"}), at(AgencyKind.IMMIGRATION)
)
tries.bites(
    "SHARE-7", "it is not known", mappa({"status.foreign_national": "unknown"}), at(AgencyKind.IMMIGRATION)
)
tries.bites("SHARE-7", "the form does not ask it", about_case(form=FORM_H), at(AgencyKind.IMMIGRATION))
tries.passes("SHARE-7", "probation has nothing to do with it", mappa(), at(AgencyKind.PROBATION))


def decided(level: str):
    """Return a Form A with the co-ordinator's decision on its level."""
    case = mappa()
    part = case.checked.answers.decision.model_copy(update={"level": level})
    return replace(
        case, checked=replace(case.checked, answers=case.checked.answers.model_copy(update={"decision": part}))
    )


def listed(check: bool):
    return {"case": [{"reference": CASE, "file": "one.xlsx", "check": check}]}


tries.bites("SHARE-12", "the meeting's file calls it a check", mappa(**listed(True)))
tries.passes("SHARE-12", "a referral to level 2", mappa({"meeting.level": "level_two"}, **listed(False)))
tries.passes(
    "SHARE-12", "Form A at level 1 is refused by REFER-4, not listed", mappa({"meeting.level": "level_one"})
)
tries.bites(
    "SHARE-12", "a young person notified at level 1", about_case({"category.level": "level_one"}, form=FORM_H)
)
tries.passes(
    "SHARE-12", "a young person notified at level 2", about_case({"category.level": "level_two"}, form=FORM_H)
)
tries.bites("SHARE-12", "a patient notified at level 1", about_case({"risk.level": "level_one"}, form=FORM_I))

BOTH = frozenset({AgencyKind.CHILDRENS_SERVICES, AgencyKind.YOUTH_OFFENDING})


def aged(born: str, recipients: frozenset[AgencyKind], **changes: Any):
    given = {"offender.date_of_birth": born, "status.under_18": "no"} | changes
    return replace(mappa(given), recipients=recipients)


tries.bites(
    "SHARE-13", "18 the day after the meeting, and nobody of the two is there", aged("2008-12-09", frozenset())
)
tries.bites(
    "SHARE-13",
    "18 the day after, without the youth offending service",
    aged("2008-12-09", frozenset({AgencyKind.CHILDRENS_SERVICES})),
)
tries.bites(
    "SHARE-13",
    "18 the day after, without children's services",
    aged("2008-12-09", frozenset({AgencyKind.YOUTH_OFFENDING})),
)
tries.passes("SHARE-13", "18 the day after, and both are there", aged("2008-12-09", BOTH))
tries.passes("SHARE-13", "18 on the day of the meeting, and nobody is there", aged("2008-12-08", frozenset()))
tries.bites(
    "SHARE-13",
    "nobody knows how old a patient is",
    replace(about_case({"patient.date_of_birth": "Not known"}, form=FORM_I)),
)
tries.bites("SHARE-13", "17 by age alone", aged("17", frozenset()))
tries.bites(
    "SHARE-13",
    "not known when born, and said to be under 18",
    aged("Not known", frozenset(), **{"status.under_18": "yes"}),
)

MINUTED = {"minutes": {"date": "2026-12-08", "repeat": "no", "line": [{"text": "Locks are changed."}]}}


AFTER = MEETING_DAY + dt.timedelta(days=2)


def minuted(**meets: Any):
    """Return a case that holds minutes, two days after the meeting."""
    return replace(about_case(**meets), checked=filled(FORM, answers() | MINUTED), day=AFTER)


def signed(on: dt.date, by: str = "Aubrey Gatepost"):
    return minuted(minutes={"signed_by": by, "on": on})


ONE_DAY = dt.timedelta(days=1)
tries.passes("RECORD-4", "a referral without minutes", about_case())
tries.bites("RECORD-4", "minutes that nobody has signed", minuted())
tries.passes("RECORD-4", "minutes that the chair signed on the day of the meeting", signed(MEETING_DAY))
tries.bites("RECORD-4", "minutes signed the day before the meeting", signed(MEETING_DAY - ONE_DAY))
tries.passes("RECORD-4", "minutes signed today", signed(AFTER))
tries.bites("RECORD-4", "minutes signed tomorrow", signed(AFTER + ONE_DAY))
tries.bites("RECORD-4", "minutes that somebody else has signed", signed(AFTER, "Perpetua Inkstand"))

HELD = meeting(
    case=[{"reference": CASE, "file": "one.xlsx"}, {"reference": OTHER_CASE, "file": "two.xlsx"}],
    invitation=[{"agency": "fire", "cases": [OTHER_CASE], "agreed_by": "Aubrey Gatepost", "reason": "Alarms."}],
)
tries.gives(
    "RECORD-3", "who comes for one case signs for that one",
    lambda f: f(HELD, [(agency("fire", AgencyKind.FIRE, panels=[]), [OTHER_CASE])]),
    (Expected("Brackenford fire", "Tansy Bookbinder", "", (OTHER_CASE,)),), bites=True,
)  # fmt: skip
tries.gives(
    "RECORD-3", "a member signs for all", lambda f: f(HELD, [(agency(), [CASE, OTHER_CASE])]),
    (Expected("Brackenford police", "Tansy Bookbinder", "", ()),), bites=True,
)  # fmt: skip
tries.gives(
    "RECORD-3",
    "who does not come does not sign",
    lambda f: f(HELD, [(agency("school", panels=[]), [CASE])]),
    (),
    bites=False,
)


def told(**changes: Any) -> Disclosure:
    usual = {
        "case": CASE, "disclose": True, "to": "Quill Blotter", "to_role": "Head teacher", "what": "That he may not come near.",
        "reason": "Children are at risk.", "contact": "020 7946 0111", "by": "Aubrey Gatepost", "role": "chair", "on": DAY,
    }  # fmt: skip
    return Disclosure.model_validate(usual | changes)


for part, words in {
    "what": "what exactly is told",
    "to": "to whom",
    "to_role": "in which role",
    "contact": "whom to ring if risks rise",
}.items():
    tries.gives(
        "RECORD-6", f"it does not say {words}", lambda f, p=part: f(told(**{p: " "})), (words,), bites=True
    )
tries.gives("RECORD-6", "it says everything", lambda f: f(told()), (), bites=False)
tries.gives(
    "RECORD-6",
    "nothing is disclosed",
    lambda f: f(told(disclose=False, what="", to="", to_role="", contact="")),
    (),
    bites=False,
)
tries.gives(
    "RECORD-2", "reasons for disclosing", lambda f: f(told(), str.upper),
    ("disclosed", "To a third party: HEAD TEACHER. Decided by Aubrey Gatepost, chair, 2026-12-02: CHILDREN ARE AT RISK."), bites=True,
)  # fmt: skip
tries.gives(
    "RECORD-2", "reasons for not disclosing", lambda f: f(told(disclose=False), str),
    ("not-disclosed", "Decided by Aubrey Gatepost, chair, 2026-12-02: Children are at risk."), bites=False,
)  # fmt: skip


@tries.each
def test_limits(one):
    """Who is limited by a protocol, who stands outside, who is young, and what is minuted or disclosed."""
    one.check()


def test_the_act_binds_by_kind_and_by_what_the_area_says():
    """A duty that agencies.toml gives to a kind without one is none, and one that it denies is none either."""
    assert is_bound(agency(kind=AgencyKind.PRISON))
    assert not is_bound(agency(kind=AgencyKind.PRISON, duty_to_cooperate=False))
    assert not is_bound(agency(kind=AgencyKind.FIRE))
    assert {kind for kind in AgencyKind if kind.duty is Duty.RESPONSIBLE} == {
        AgencyKind.POLICE, AgencyKind.PROBATION, AgencyKind.PRISON, AgencyKind.VICTIM_LIAISON,
    }  # fmt: skip


@pytest.mark.parametrize("kind", AgencyKind)
@pytest.mark.parametrize(
    "one", [FORM_A, FORM_H, FORM_I, form("mappa-j"), form("marac")], ids=lambda one: one.id
)
def test_no_sight_is_wider_than_its_limit(kind, one):
    """Whatever the need-to-know table were to say, a recipient whom a protocol limits sees no class beyond."""
    sight = sight_of(kind, checked(form=one), anonymous=False)
    limit = limit_of(kind)
    assert limit is None or sight.informations <= limit.informations
    assert sight.by == (limit.rule if limit else "SHARE-11")


def test_a_check_is_by_identity_alone():
    """For a check of records everybody sees who it is and nothing else; who may not know that sees nothing (SHARE-12)."""
    for kind in AgencyKind:
        sight = sight_of(kind, checked(form=FORM_A), anonymous=False, check=True)
        assert sight.informations <= {Information.IDENTITY}
        assert sight.own is None
    assert about_agency().agency.panels == ("marac",)


@pytest.mark.parametrize(
    "kind", [AgencyKind.JOBCENTRE, AgencyKind.ELECTRONIC_MONITORING, AgencyKind.IMMIGRATION]
)
def test_the_table_itself_is_no_wider_than_a_limit(kind):
    """Whoever reads the need-to-know table reads nothing of these kinds that their protocol does not allow."""
    limit = limit_of(kind)
    assert limit
    for policy in {one.knowing for one in FORMS.values()}:
        assert informations_for(policy, kind) <= limit.informations
