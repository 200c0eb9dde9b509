"""Who may receive what: SHARE-3, 4, 8, 9, 11, 14. The views themselves are tried in test_view."""

import datetime as dt

import pytest

from forms.information import Information
from forms.mappa_a import FORM as FORM_A
from forms.marac import FORM
from pipeline.agency import Agency, AgencyKind
from pipeline.protocol.recipients import cases_for
from pipeline.protocol.sharing import Sight, sight_of, view_of
from pipeline.view import SharedView, Withheld
from tests.rules import CASE, OTHER_CASE, Tries, about_agency, about_case, agency, checked, meeting

tries = Tries()
SIGNED = dt.date(2025, 12, 2)


def signed(day: dt.date, given: dt.date | None, reviewed: dt.date | None = None):
    return about_agency(day, protocol_signed=given, protocol_reviewed=reviewed)


tries.passes("SHARE-3", "a year after signing, less a day", signed(dt.date(2026, 12, 1), SIGNED))
tries.bites("SHARE-3", "a year after signing", signed(dt.date(2026, 12, 2), SIGNED))
tries.bites("SHARE-3", "a year and a day after signing", signed(dt.date(2026, 12, 3), SIGNED))
tries.passes("SHARE-3", "on the day of signing", signed(SIGNED, SIGNED))
tries.bites("SHARE-3", "on the day before signing", signed(dt.date(2025, 12, 1), SIGNED))
tries.bites("SHARE-3", "never signed", signed(SIGNED, None))
tries.passes(
    "SHARE-3",
    "signed long ago, reviewed within the year",
    signed(dt.date(2026, 12, 2), dt.date(2020, 1, 1), dt.date(2025, 12, 3)),
)
tries.bites(
    "SHARE-3",
    "signed long ago, reviewed a year ago",
    signed(dt.date(2026, 12, 2), dt.date(2020, 1, 1), dt.date(2025, 12, 2)),
)
tries.bites(
    "SHARE-3",
    "a review is planned and the signature has lapsed",
    signed(dt.date(2026, 12, 2), dt.date(2020, 1, 1), dt.date(2026, 12, 3)),
)
tries.bites("SHARE-3", "reviewed, and never signed", signed(dt.date(2026, 12, 2), None, dt.date(2026, 11, 1)))
tries.passes(
    "SHARE-3",
    "signed on 29 February, a year later on the 28th",
    signed(dt.date(2025, 2, 28), dt.date(2024, 2, 29)),
)
tries.bites(
    "SHARE-3",
    "signed on 29 February, a year later on 1 March",
    signed(dt.date(2025, 3, 1), dt.date(2024, 2, 29)),
)


def told_of_a_victim(agrees: str | None, any_victim: str = "yes"):
    return about_case({"victims.any_victim": any_victim, "victims.agrees": agrees}, form=FORM_A)


tries.bites("SHARE-9", "the supplier of victim information does not agree", told_of_a_victim("no"))
tries.passes("SHARE-9", "the supplier agrees", told_of_a_victim("yes"))
tries.bites("SHARE-9", "there is no victim, and yet something is told of one", told_of_a_victim(None, "no"))
NOTHING_TOLD = {
    f"victims.{item.key}": None
    for section in FORM_A.sections
    if section.key == "victims"
    for item in section.items
}
tries.passes(
    "SHARE-9", "there is no victim", about_case(NOTHING_TOLD | {"victims.any_victim": "no"}, form=FORM_A)
)

TWO = [{"reference": CASE, "file": "one.xlsx"}, {"reference": OTHER_CASE, "file": "two.xlsx"}]
INVITED = {
    "agency": "larkmead",
    "cases": [OTHER_CASE],
    "agreed_by": "Aubrey Gatepost",
    "reason": "Landlord of the flat.",
}
HELD = meeting(case=TWO, invitation=[INVITED])
tries.gives(
    "SHARE-4",
    "an agency invited for one case gets that case alone",
    lambda f: f("larkmead", [], HELD),
    (OTHER_CASE,),
    bites=True,
)
tries.gives(
    "SHARE-4", "an agency of another panel gets nothing", lambda f: f("school", ["camp"], HELD), (), bites=True
)
tries.gives(
    "SHARE-4", "an agency that nobody invited gets nothing", lambda f: f("school", [], HELD), (), bites=True
)
tries.gives(
    "SHARE-4",
    "a member gets every case in order",
    lambda f: f("police", ["marac"], HELD),
    (CASE, OTHER_CASE),
    bites=False,
)
tries.gives(
    "SHARE-4",
    "an invitation takes nothing from a member",
    lambda f: f("larkmead", ["camp", "marac"], HELD),
    (CASE, OTHER_CASE),
    bites=False,
)


def spoc(name: str, **reach: str):
    return about_agency(spoc=[{"name": "Tansy Bookbinder"}, {"name": name, **reach}])


CASE_OF = about_case({
    "victim.aliases": "Rowena Testerly, Zoë O’Example",
    "perpetrators.perpetrator[1].full_name": "Magnus Peter Sampleworth",
})  # fmt: skip
for name, says in {
    "Rowena Sampleworth": "the victim's name",
    "Ms Rowena May Sampleworth": "the victim's name with a title",
    "SAMPLEWORTH, Rowena": "the victim's name, surname first and in capitals",
    "Rowena Testerly": "an alias of the victim",
    "Zoe O'Example": "an alias without its accent and with another apostrophe",
    "Magnus Sampleworth": "the perpetrator's name without the middle one",
    "Wren Sampleworth": "a child's name",
}.items():
    tries.bites("SHARE-8", f"a contact bears {says}", CASE_OF, spoc(name))
for full in ("Mr Magnus Sampleworth", "Magnus Sampleworth Jnr"):
    tries.bites(
        "SHARE-8",
        f"a contact bears the name of somebody who was written down as {full.replace('Magnus Sampleworth', '...')}",
        about_case({"perpetrators.perpetrator[1].full_name": full}),
        spoc("Magnus Sampleworth"),
    )
for number in ("07700 900456", "07700900456", "+44 7700 900456", "0044 (0)7700-900456"):
    tries.bites(
        "SHARE-8",
        f"a contact has the victim's number as {number}",
        CASE_OF,
        spoc("Alder Whetstone", telephone=number),
    )
for name, says in {
    "Alder Whetstone": "a name of nobody in the case",
    "Rowena Whetstone": "the victim's forename alone",
    "Alder Sampleworth": "the victim's surname alone",
    "Rowena": "one word of a name",
    "Ffion Exampleby": "the referrer's name, who is no person in the case",
}.items():
    tries.passes("SHARE-8", f"a contact bears {says}", CASE_OF, spoc(name))
tries.passes(
    "SHARE-8",
    "a contact has the referrer's number",
    CASE_OF,
    spoc("Alder Whetstone", telephone="020 7946 0123"),
)
tries.passes(
    "SHARE-8",
    "a contact has no number, and the victim has none",
    about_case({"victim.telephone": None}),
    spoc("Alder Whetstone", telephone=""),
)
tries.bites(
    "SHARE-8",
    "a name of one word is borne whole",
    about_case({"perpetrators.perpetrator[1].full_name": "例子小雨"}),
    spoc("例子小雨"),
)
tries.passes(
    "SHARE-8",
    "the perpetrator's name is not known",
    about_case({"perpetrators.perpetrator[1].full_name": "Not known"}),
    spoc("Not Known"),
)

NAME, REFUGE = FORM.find("victim.surname"), FORM.find("victim.temporary_address")
HOUSING_WORK, NHS_WORK = FORM.find("agencies.housing"), FORM.find("agencies.nhs")
NARROW = Sight(frozenset({Information.IDENTITY}), AgencyKind.HOUSING_AUTHORITY)
tries.gives("SHARE-11", "a class outside the need to know", lambda f: f(REFUGE, NARROW), False, bites=True)
tries.gives("SHARE-11", "what another agency did", lambda f: f(NHS_WORK, NARROW), False, bites=True)
tries.gives("SHARE-11", "a class within the need to know", lambda f: f(NAME, NARROW), True, bites=False)
tries.gives("SHARE-11", "what the agency itself did", lambda f: f(HOUSING_WORK, NARROW), True, bites=False)


def view(*closed: str, **tables: str) -> SharedView:
    whole = view_of(checked(), CASE, "OFFICIAL-SENSITIVE", Sight(frozenset(Information), None))
    answers = {
        path: Withheld("SHARE-11") if path.startswith(closed) else one for path, one in whole.answers.items()
    }
    rows = {
        path: Withheld(tables[path.replace(".", "__")]) if path.replace(".", "__") in tables else n
        for path, n in whole.rows.items()
    }
    return SharedView(whole.form, whole.case, whole.marking, answers, rows)


tries.gives(
    "SHARE-14",
    "one question is told by its section and label",
    lambda f: f(view("victim.telephone")),
    {"SHARE-11": ("Primary victim: Telephone",)},
    bites=True,
)
tries.gives(
    "SHARE-14",
    "a section closed as a whole is told by its title",
    lambda f: f(view("reasons.")),
    {"SHARE-11": ("Reasons for referral",)},
    bites=True,
)
tries.gives(
    "SHARE-14",
    "a column is told once, not once a row",
    lambda f: f(view("children.child[1].school", "children.child[2].school")),
    {"SHARE-11": ("Children: Name of school",)},
    bites=True,
)
tries.gives(
    "SHARE-14",
    "a table is told by its title, not its rows",
    lambda f: f(view(children__child="CONSENT-2")),
    {"CONSENT-2": ("Children: Children",)},
    bites=True,
)
tries.gives("SHARE-14", "where nothing is withheld, nothing is told", lambda f: f(view()), {}, bites=False)


@tries.each
def test_sharing(one):
    """What an agency gets is decided by its signature, its invitation, its people and its need to know."""
    one.check()


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        (AgencyKind.POLICE, None),
        (AgencyKind.HOUSING_AUTHORITY, AgencyKind.HOUSING_AUTHORITY),
        (AgencyKind.FIRE, None),
    ],
    ids=["sees all agencies' work", "sees its own work alone", "has none on the form"],
)
def test_own_work_is_part_of_a_sight_only_where_it_matters(kind, own):
    """Two kinds that may see the same have the same sight, so that their view is made once."""
    assert sight_of(kind, checked(), anonymous=False).own is own


def test_jobcentre_and_others_without_a_need_see_nothing_of_a_marac():
    """A kind that the table gives nothing of a form sees nothing of it (SHARE-11)."""
    for kind in (AgencyKind.JOBCENTRE, AgencyKind.IMMIGRATION, AgencyKind.ELECTRONIC_MONITORING):
        assert not sight_of(kind, checked(), anonymous=False).informations


def test_a_signature_is_dated_from_the_later_of_signing_and_review():
    """A late review does not shorten a signature, and a new signature counts over an old review."""
    made: Agency = agency(protocol_signed=dt.date(2026, 3, 1), protocol_reviewed=dt.date(2025, 3, 1))
    assert made.signature_lapses(dt.date(2026, 12, 2)) == dt.date(2027, 3, 1)


def test_cases_for_keeps_the_order_of_the_meeting():
    """The order of an invitation does not show."""
    both = meeting(case=TWO, invitation=[INVITED | {"cases": [OTHER_CASE, CASE]}])
    assert cases_for("larkmead", [], both) == (CASE, OTHER_CASE)


@pytest.mark.parametrize("kind", [AgencyKind.POLICE, AgencyKind.HOUSING_AUTHORITY], ids=str)
def test_victims_are_left_out_whole_without_their_suppliers_agreement(kind):
    """Nothing of the class of information "victim" is in anybody's view, and who would have seen it is told why not."""
    one = checked({"victims.any_victim": "yes", "victims.agrees": "no"}, FORM_A)
    before, after = (
        view_of(one, CASE, "OFFICIAL-SENSITIVE", sight_of(kind, one, anonymous=False, victims=agreed))
        for agreed in (True, False)
    )
    about = [path for path, found, _ in one.paths() if Information.VICTIM in {found.ask.about, *found.ask.also}]
    assert about
    for path in about:
        seen = before.answers[path]
        wanted = seen if isinstance(seen, Withheld) else Withheld("SHARE-9")
        assert after.answers[path] == wanted
