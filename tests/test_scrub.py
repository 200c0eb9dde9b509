"""What stands around a hidden answer tells nothing either: professionals, other cases, decisions, copies."""

import pytest

from keys import identity
from keys.directory import Entry
from pipeline.agency import AgencyKind
from pipeline.bind import draft
from pipeline.blocks import Stamp
from pipeline.plan import Plan, plan
from pipeline.protocol.scrub import without_people, without_reference
from pipeline.render import Renderer
from pipeline.view import Shared
from tests.rules import CASE, DAY, OTHER_CASE, agency, area, checked, decision, meeting

COUNCIL = agency("council", AgencyKind.ADULT_SOCIAL_CARE, panels=[], name="Brackenford Council")
KEYS = identity.new(DAY).public()
TWO_CASES = [{"reference": CASE, "file": "one.xlsx"}, {"reference": OTHER_CASE, "file": "two.xlsx"}]
NO_CHILDREN = {
    "consent.consents": "no",
    "children.child": [],
    "children.gp": None,
    "consent.ground": None,
    "consent.reason": None,
}


def planned(kind: AgencyKind, cases: dict, *, members=None, **meets) -> Plan:
    held = meeting(**{"case": [one for one in TWO_CASES if one["reference"] in cases]} | meets)
    return plan(area(*(members or [agency("them", kind)]), COUNCIL), held, cases, {}, DAY)


def seen(kind: AgencyKind, changes: dict, path: str) -> str:
    made = planned(kind, {CASE: checked(changes)})
    answer = made.agencies[0].views[0].answers[path]
    assert isinstance(answer, Shared)
    return answer.text


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("referrer.name", "Rowena Candlesnuffer"),
        ("referrer.agency", "Sampleworth and Sons Advice"),
        ("referrer.email", "rowena.candlesnuffer@advice.example"),
    ],
)
def test_professional_who_shares_a_name_with_the_client_stays_whole(path, typed):
    """A gap in a professional's name would spell out the client's."""
    assert seen(AgencyKind.HEALTH, {**NO_CHILDREN, path: typed}, path) == typed


def test_referrer_named_in_a_text_stays_whole():
    """Who the referrer is, is known; only the client's own mentions go."""
    changes = {
        **NO_CHILDREN,
        "referrer.name": "Rowena Candlesnuffer",
        "reasons.reasons": "Rowena Candlesnuffer rang Rowena.",
    }
    told = seen(AgencyKind.HEALTH, changes, "reasons.reasons")
    assert told == "Rowena Candlesnuffer rang [name: not shared, CONSENT-2]."


def test_place_typed_with_a_name_or_address_is_taken_out():
    """Somebody who may have the name or address, and not the refuge, does not get the refuge with it."""
    refuge = {"victim.temporary_address": "Harebell House\n3 Orchard Mews\nBK5 2RJ"}
    name = seen(
        AgencyKind.HEALTH, refuge | {"victim.surname": "Ashpole (now at Harebell House)"}, "victim.surname"
    )
    assert "HAREBELL" not in name.upper()
    assert "ASHPOLE" in name
    where = {
        "perpetrators.perpetrator[1].permanent_address": "outside Harebell House, 3 Orchard Mews\nBrackenford\nBK1 1AA"
    }
    told = seen(AgencyKind.HEALTH, refuge | where, "perpetrators.perpetrator[1].permanent_address")
    assert "Harebell" not in told
    assert "Orchard" not in told


def test_address_that_is_shared_stays_whole_where_a_closed_answer_has_its_street():
    """A surgery is often called after its street: a gap in the address would tell its name."""
    changes = {
        "victim.permanent_address": "2 Pennywort Gardens\nBrackenford\nBK6 2NE",
        "children.gp": "Pennywort Surgery",
    }
    told = seen(AgencyKind.PROBATION, changes, "victim.permanent_address")
    assert told == "2 Pennywort Gardens\nBrackenford\nBK6 2NE"


def test_placeholder_does_not_tell_what_kind_of_place_stood_there():
    """That a surgery was named would tell its name, wherever a street is called the same."""
    told = seen(
        AgencyKind.PROBATION,
        {"children.gp": "Larchfield Surgery", "reasons.reasons": "Seen at Larchfield Surgery."},
        "reasons.reasons",
    )
    assert told == "Seen at [not shared, SHARE-11]."


def test_client_of_an_anonymous_case_is_named_in_no_other_case():
    """Another referral of the same meeting does not give away a client who is brought anonymously."""
    named = checked({"reasons.reasons": "His former partner Rowena Sampleworth is at this meeting too.", "victim.surname": "Ashpole",
                     "victim.forenames": "Clover", "victim.aliases": None, "victim.nicknames": None})  # fmt: skip
    made = planned(AgencyKind.HEALTH, {CASE: checked(NO_CHILDREN), OTHER_CASE: named})
    told = made.agencies[0].views[1].answers["reasons.reasons"]
    assert isinstance(told, Shared)
    assert told.text == "His former partner [name: not shared, CONSENT-2] is at this meeting too."


def manifest(made: Plan, agency_id: str):
    recipient = next(one for one in made.agencies if one.agency.id == agency_id)
    return draft(made, recipient, [Entry(agency_id, "A", KEYS, DAY, DAY, DAY)], KEYS.signing)


def test_reason_of_a_decision_tells_nothing_of_another_case():
    """A guest of one case reads neither the people nor the reference of another in the reason of a decision (SHARE-4)."""
    other = checked(
        {
            "victim.surname": "Ashpole",
            "victim.forenames": "Marigold",
            "victim.aliases": None,
            "victim.nicknames": None,
        }
    )
    reason = f"Same man as in {OTHER_CASE} (Marigold Ashpole)."
    made = planned(
        AgencyKind.REGISTERED_SOCIAL_LANDLORD,
        {CASE: checked({"perpetrators.perpetrator[1].mappa": "yes"}), OTHER_CASE: other},
        members=[agency("guest", AgencyKind.REGISTERED_SOCIAL_LANDLORD, panels=[])],
        invitation=[{"agency": "guest", "cases": [CASE], "agreed_by": "Aubrey Gatepost", "reason": "Landlord"}],
        decision=[decision("REFER-11", case=CASE, reason=reason)],
    )
    told = manifest(made, "guest").manifest.model_dump_json()
    for word in ("Ashpole", "Marigold", OTHER_CASE):
        assert word not in told


def test_pack_that_shows_the_same_is_the_same_pack():
    """A changed answer that an agency may not see makes it no fresh pack, which would tell that something had changed."""
    here = checked({"victim.temporary_address": "Fir House\n9 Larch Way\nBK5 2RL"})
    moved = checked({"victim.temporary_address": "Gorse House\n1 Heather Way\nBK5 2RJ"})
    contents = [manifest(planned(AgencyKind.HEALTH, {CASE: one}), "them").content for one in (here, moved)]
    assert contents[0] == contents[1]
    seen_by_police = [
        manifest(planned(AgencyKind.POLICE, {CASE: one}), "them").content for one in (here, moved)
    ]
    assert seen_by_police[0] != seen_by_police[1]


def test_letters_of_another_recipient_are_in_nobodys_file():
    """An agency's name in letters of its own is drawn for that agency alone."""
    view = planned(AgencyKind.POLICE, {CASE: checked()}).agencies[0].views[0]
    plain, welsh = Stamp("Police", "copy 1", "P-2345-6789"), Stamp("Tŷ Cysur 之家", "copy 2", "P-3456-789A")
    renderer = Renderer(None, None)
    together = renderer.draw(view, [plain, welsh]).copies(plain)[0].content
    alone = Renderer(None, None).draw(view, [plain]).copies(plain)[0].content
    assert together == alone
    assert renderer.drawn == 1


def test_decision_that_sets_nothing_aside_is_told():
    """A decision on the wrong case would otherwise be taken for one that works."""
    made = planned(AgencyKind.POLICE, {CASE: checked()}, decision=[decision("REFER-11", case=CASE)])
    assert any("sets nothing aside" in warning for warning in made.warnings)
    used = planned(
        AgencyKind.POLICE,
        {CASE: checked({"perpetrators.perpetrator[1].mappa": "yes"})},
        decision=[decision("REFER-11", case=CASE)],
    )
    assert not any("sets nothing aside" in warning for warning in used.warnings)


def test_identifier_that_no_question_holds_goes_from_an_anonymous_case():
    """A number plate or an NHS number in the text leads to the client as well; the referrer's own number stays."""
    said = "She drives LK14 XYZ, NHS no 943 476 5919. Ring me on 020 7946 0123."
    told = seen(
        AgencyKind.HEALTH,
        {**NO_CHILDREN, "referrer.telephone": "020 7946 0123", "reasons.reasons": said},
        "reasons.reasons",
    )
    assert "LK14" not in told
    assert "943" not in told
    assert "020 7946 0123" in told


@pytest.mark.parametrize(
    "said",
    [
        "MAPPA-2026-1040",
        "mappa-2026-1040",
        "MAPPA 2026 1040",
        "MAPPA\u20132026\u20131040",
        "case 1040",
        "(1040)",
        "MAPPA/2026/1040",
    ],
)
def test_another_cases_reference_goes_however_it_is_written(said):
    """An agency without a case does not learn of it from the reason of a decision (SHARE-4)."""
    assert "1040" not in without_reference(f"As in {said}, it cannot wait.", "MAPPA-2026-1040")


def test_a_longer_reference_is_another_one():
    """A reference that only begins alike stays."""
    assert without_reference("See MARAC-2026-4417.", "MARAC-2026-44") == "See MARAC-2026-4417."


@pytest.mark.parametrize("reference", ["MARAC-2026-12", "MARAC-2026-2025", "MARAC-2026-7"])
def test_a_number_that_may_be_anything_stays(reference):
    """A year, or a number too short for a case alone, is left in a reason: without it the reason would be another."""
    said = "He was 12 in 2025, and has 7 convictions."
    assert without_reference(said, reference) == said


def test_numbers_go_from_reasons_whoever_s_they_are():
    """The reason of a decision keeps no telephone number, postcode, e-mail address or plate, though no field holds it (RECORD-7)."""
    out = without_people("Ring 07700 900999; she is at BK9 7QQ, plate AB12 CDE, q@x.example.", [checked()])
    assert not [one for one in ("07700", "7QQ", "AB12", "q@x") if one in out]


def test_a_third_party_is_not_named_in_what_is_recorded():
    """Whoever is told stands in the register by the role alone."""
    assert "Finch" not in without_people("Basil Finch of Acme employs him.", [], ["Basil Finch"])


@pytest.mark.parametrize(
    ("surname", "forenames", "aliases", "written"),
    [
        ("Larkspur", "Perdita May", None, "PERDITA LARKSPUR"),
        ("Larkspur", "Perdita May", None, "Larkspur, P. May"),
        ("Larkspur", "Perdita May", None, "May Larkspur"),
        ("Larkspur (n\u00e9e Finchley)", "Perdita", None, "Perdita Finchley"),
        ("Nun\u0303ez", "Jo", None, "Jo Nu\u00f1ez"),
        ("O\u2019Larkspur-Finch", "Perdita", None, "Perdita O'Larkspur Finch"),
        ("Larkspur", "Perdita", "Dita Wren, Lark", "Dita Wren"),
        ("\u674e", "\u5c0f\u9f99", None, "\u674e\u5c0f\u9f99"),
    ],
)  # fmt: skip
def test_an_anonymous_clients_whole_name_is_found_however_it_is_written(surname, forenames, aliases, written):
    """In another case's address: in either order, by a second forename, a birth name or an alias, with or without accents."""
    said = {"victim.surname": surname, "victim.forenames": forenames, "victim.aliases": aliases, **NO_CHILDREN}
    path = "perpetrators.perpetrator[1].permanent_address"
    other = checked({path: f"c/o {written}, 9 Zanzibar Row\nTesterby\nBK1 1AA"})
    made = planned(AgencyKind.POLICE, {CASE: checked(said), OTHER_CASE: other}, case=TWO_CASES)
    (view,) = [one for one in made.agencies[0].views if one.case == OTHER_CASE]
    assert view.answers[path].text.split(",", 1)[0] == "c/o [name: not shared"
    assert written not in view.answers[path].text
    assert "9 Zanzibar Row" in view.answers[path].text


@pytest.mark.parametrize(
    "text", ["Joanna Larkspur", "Jo" + "_" * 400 + "x"], ids=["a longer name", "a line to fill in"]
)
def test_what_only_begins_like_the_name_of_an_anonymous_client_stays(text):
    """Another person's longer forename is no forename of the client's, and a long row of signs is read at once."""
    said = {"victim.surname": "Larkspur", "victim.forenames": "Jo", "victim.aliases": None, **NO_CHILDREN}
    path = "perpetrators.perpetrator[1].permanent_address"
    other = checked({path: f"c/o {text}, 9 Zanzibar Row\nTesterby\nBK1 1AA"})
    made = planned(AgencyKind.POLICE, {CASE: checked(said), OTHER_CASE: other}, case=TWO_CASES)
    (view,) = [one for one in made.agencies[0].views if one.case == OTHER_CASE]
    assert text in view.answers[path].text


def test_an_anonymous_client_is_not_named_where_another_case_names_somebody():
    """In the alias or address of a person in another case the client's whole name goes; a surname that others share stays."""
    said = {
        "victim.surname": "Larkspur", "victim.forenames": "Perdita May", **NO_CHILDREN,
    }  # fmt: skip
    other = {
        "perpetrators.perpetrator[1].full_name": "Magnus Larkspur",
        "perpetrators.perpetrator[1].permanent_address": "c/o Perdita Larkspur, 9 Zanzibar Row\nTesterby\nBK1 1AA",
    }
    made = planned(AgencyKind.POLICE, {CASE: checked(said), OTHER_CASE: checked(other)}, case=TWO_CASES)
    (view,) = [one for one in made.agencies[0].views if one.case == OTHER_CASE]
    where = view.answers["perpetrators.perpetrator[1].permanent_address"].text
    assert "Perdita" not in where
    assert "9 Zanzibar Row" in where
    assert view.answers["perpetrators.perpetrator[1].full_name"] == Shared("Magnus Larkspur")
