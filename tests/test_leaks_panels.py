"""What each special recipient may not know is nowhere in its pack: whole meetings of MAPPA and CAMP, sealed and opened again.

Every text that somebody could have typed is a word of its own, so that what is found is known for what it is; what may be seen
by whom is read from the table as it is written, and for special recipients it stands here once more.
"""

import csv
import datetime as dt
import itertools
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hay import TOOLS, Hay, parts_of

from forms.answers import ADDRESS, LONG, PHONE, TEXT
from forms.catalogue import form
from forms.definition import Filler, Form, row_path
from keys import identity
from keys.directory import Confirmation, Directory, Entry
from pipeline.agency import AgencyKind
from pipeline.area import open_area
from pipeline.checked import Checked
from pipeline.flow import Packing, decide, take_in
from pipeline.meeting import open_meeting
from pipeline.protocol import need_to_know
from pipeline.register import Register
from pipeline.seal import open_sealed

DAY = dt.date(2026, 12, 2)
NOW = dt.datetime(2026, 12, 2, 9, 30, tzinfo=dt.UTC)
MEMBERS = [
    "police", "probation", "prison", "youth_offending", "childrens_services", "adult_social_care", "education",
    "housing_authority", "registered_social_landlord", "mental_health", "jobcentre", "electronic_monitoring", "immigration",
    "victim_liaison",
]  # fmt: skip
GUESTS = ["idva", "fire"]
FOREIGN, HERE, CHECK, NOTICE, YOUNG, LOW = (f"MAPPA-2026-10{n}0" for n in range(1, 7))
LETTERLESS, SILENT = "CAMP-2026-2010", "CAMP-2026-2020"
LIMITS = {
    "electronic_monitoring": {"identity", "status"},
    "immigration": {"identity", "status", "process", "risk"},
    "jobcentre": {"identity", "employment", "risk", "process", "referrer"},
}


@dataclass
class Told:
    """One answer that is a word of its own: where, of which classes, and the word."""

    path: str
    classes: set[str]
    word: str = field(repr=False)


def words():
    """Words that no paper has: Qxaazu, Qxabzu and so on."""
    for a, b, c in itertools.product("bcdfghjklm", repeat=3):
        yield f"Qx{a}{b}{c}zu"


WORDS = words()


def told_apart(one: Form, changes: dict[str, object]) -> tuple[dict[str, object], list[Told]]:
    """Return the form's example with a word of its own in every text, and where each stands."""
    answers, told = one.example(), []

    def put(path: str, ask, value: object) -> object:
        if value is None or ask.kind not in (TEXT, LONG, ADDRESS) or ask.some_of or ask.one_of:
            return value
        word = next(WORDS)
        told.append(Told(path, {about.value for about in (ask.about, *ask.also)}, word))
        return (
            f"12 {word} Lane\nTesterby\nBK1 1AA"
            if ask.kind == ADDRESS
            else f"Said {word} plainly"
            if ask.kind == LONG
            else word
        )

    tables = {path: table for path, _, table in one.tables()}
    for path, table in tables.items():
        section, _, key = path.partition(".")
        for number, row in enumerate(answers.get(section, {}).get(key, []), start=1):
            for ask in table.columns:
                if ask.key in row:
                    row[ask.key] = put(row_path(path, number, ask.key), ask, row[ask.key])
    for found in one.asks():
        section = answers.get(found.section.key, {})
        if found.table is None and found.ask.key in section:
            section[found.ask.key] = put(found.path, found.ask, section[found.ask.key])
    for path, value in changes.items():
        section, _, key = path.partition(".")
        answers[section][key] = value
    return answers, [one for one in told if one.path not in changes]


def referral(folder: Path, case: str, form_id: str, changes: dict[str, object]) -> list[Told]:
    """Write a referral in JSON into the inbox."""
    one = form(form_id)
    answers, told = told_apart(one, changes)
    for section in one.sections:
        if section.by is Filler.COORDINATOR:
            told = [each for each in told if not each.path.startswith(f"{section.key}.")]
            answers.pop(section.key, None)
    said = {"form": one.id, "edition": one.edition, "answers": answers}
    (folder / "inbox" / f"{case}.json").write_text(json.dumps(said), "utf-8")
    return told


PANEL = """
[panel.{key}]
title = "{key} panel"
basis = "Criminal Justice Act 2003, section 325(4)"
purpose = "To manage a risk."
expected = ["Check your records."]
"""


def agencies_file() -> str:
    """Every kind of agency that comes, and a co-ordinator's."""
    parts = [
        '[[agency]]\nid = "council"\nname = "Council"\nkind = "adult_social_care"\nprotocol_signed = 2026-04-01\n[[agency.spoc]]\nname = "Perpetua Inkstand"\n'
    ]
    for kind in (*MEMBERS, *GUESTS):
        panels = '["mappa", "camp"]' if kind in MEMBERS else "[]"
        duty = "false" if kind in GUESTS else "true"
        parts.append(
            f'[[agency]]\nid = "{kind.replace("_", "-")}"\nname = "The {AgencyKind(kind).words}"\nkind = "{kind}"\n'
            f"duty_to_cooperate = {duty}\nprotocol_signed = 2026-04-01\npanels = {panels}\n"
            f'[[agency.spoc]]\nname = "Contact {kind.replace("_", " ").title()}"\n'
        )
    return "\n".join(parts)


SENDER = """
name = "Brackenford"
[sender]
agency = "council"
name = "Perpetua Inkstand"
role = "Co-ordinator"
telephone = "020 7946 0100"
email = "mappa@council.example"
"""
MEETING = (
    'panel = "{panel}"\ndate = 2026-12-15\n[chair]\nname = "Aubrey Gatepost"\nrole = "Detective Inspector"\n'
)
SOUND = {
    "category.category": "one",
    "category.rests_on": "conviction",
    "category.violent_offence": None,
    "category.capability": None,
}
"""What makes the example of Form A a case of category 1."""
MAPPA = {
    FOREIGN: (
        "mappa-a",
        SOUND | {"status.foreign_national": "yes", "victims.any_victim": "yes", "victims.agrees": "no"},
    ),
    HERE: (
        "mappa-a",
        SOUND | {"status.foreign_national": "no", "victims.any_victim": "yes", "victims.agrees": "yes"},
    ),
    CHECK: ("mappa-a", {}),
    NOTICE: ("mappa-j", {"own.sent_by": "probation", "own.under": "civil_order"}),
    YOUNG: ("mappa-h", {"category.level": "Level 2: active management by several agencies"}),
    LOW: ("mappa-h", {"category.level": "Level 1: ordinary management by one agency"}),
}
CAMP = {
    LETTERLESS: ("camp", {"consent.letter": "No", "consent.telephone": "Yes"}),
    SILENT: ("camp", {"consent.letter": "No", "consent.telephone": "No"}),
}
CHECKS = {CHECK, LOW}


REASON = "Qxdecidedzu"
DECIDED = f'by = "Aubrey Gatepost"\nrole = "chair"\non = 2026-12-01\nreason = "{REASON} of mappa-2026-1020, ring 07700 900999."\n'


@dataclass
class Held:
    """A meeting, packed: case → its words; agency → what each part of its pack says; case → the referral."""

    told: dict[str, list[Told]] = field(repr=False)
    packs: dict[str, dict[str, Hay]] = field(repr=False)
    checked: dict[str, Checked] = field(repr=False)


@pytest.fixture(scope="module")
def held(tmp_path_factory) -> dict[str, Held]:
    """Both meetings, taken from files in an inbox to packs opened with their keys."""
    if missing := [one for one in TOOLS if not shutil.which(one)]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    folder = tmp_path_factory.mktemp("area")
    for name in ("inbox", "meetings"):
        (folder / name).mkdir()
    (folder / "area.toml").write_text(SENDER + PANEL.format(key="mappa") + PANEL.format(key="camp"), "utf-8")
    (folder / "agencies.toml").write_text(agencies_file(), "utf-8")
    area = open_area(folder)
    keys, directory = {}, Directory()
    for agency in area.agencies:
        key = keys[agency.id] = identity.new(DAY)
        entry = Entry(agency.id, agency.spocs[0].name, key.public(), DAY, DAY + dt.timedelta(365), DAY)
        directory = directory.add(entry).confirm(
            agency.id, entry.fingerprint, Confirmation("A clerk", agency.spocs[0].name, "telephone", DAY)
        )
    made = {}
    for panel, cases in (("mappa", MAPPA), ("camp", CAMP)):
        told = {case: referral(folder, case, *what) for case, what in cases.items()}
        text = MEETING.format(panel=panel)
        for case in cases:
            text += (
                f'[[case]]\nreference = "{case}"\nfile = "{case}.json"\ncheck = {str(case == CHECK).lower()}\n'
            )
        for guest in GUESTS if panel == "mappa" else ():
            text += f'[[invitation]]\nagency = "{guest}"\ncases = ["{FOREIGN}"]\nagreed_by = "Aubrey Gatepost"\nreason = "Asked in."\n'
        if panel == "mappa":
            text += f'[[decision]]\nrule = "REFER-18"\ncase = "{NOTICE}"\n{DECIDED}'
            text += f'[[decision]]\nrule = "SHARE-7"\ncase = "{YOUNG}"\nagency = "immigration"\n{DECIDED}'
        path = folder / "meetings" / f"2026-12-15-{panel}.toml"
        path.write_text(text, "utf-8")
        meeting = open_meeting(area, path)
        plan = decide(area, meeting, directory, DAY)
        assert not plan.problems
        assert all(case.goes for case in plan.cases), [
            case.findings or case.problems for case in plan.cases if not case.goes
        ]
        with Register.open(area.register) as entries:
            packed = Packing(plan, directory, keys["council"], entries, NOW).run()
        opened = {
            agency: open_sealed(
                (area.outbox / entry.file).read_bytes(), keys[agency], [keys["council"].public()]
            )
            for agency, entry in packed.recorded.items()
        }
        made[panel] = Held(
            told,
            parts_of(opened),
            {case: one for case, one in take_in(area, meeting, DAY).items() if isinstance(one, Checked)},
        )
    return made


def kinds_of(form_id: str) -> dict[str, set[str]]:
    """Class of information → kinds of agency, from the table as it is written."""
    rows = csv.DictReader(need_to_know._TABLE.read_text("utf-8").splitlines())
    return {
        row["information"]: set(row["agencies"].split()) for row in rows if row["form"] == form(form_id).knowing
    }


def may_see(kind: str, case: str, form_id: str, one: Told) -> bool:
    """Whether a recipient may see an answer of a case: the table, and what each protocol limits."""
    table = kinds_of(form_id)
    allowed = {about for about in table if kind in table[about]} & LIMITS.get(kind, set(table))
    if form(form_id).find(one.path.replace("[1]", "")).section.kept:
        return False
    if case in CHECKS:
        allowed &= {"identity"}
    if kind == "immigration" and case not in (FOREIGN, YOUNG):
        return False
    if kind in GUESTS and case != FOREIGN:
        return False
    if case == FOREIGN and "victim" in one.classes:
        return False
    return one.classes <= allowed


AGENCIES = [kind.replace("_", "-") for kind in (*MEMBERS, *GUESTS)]
both = pytest.mark.parametrize("agency", AGENCIES)


@both
def test_no_word_that_an_agency_may_not_have_is_in_its_pack(held, agency):
    """Of six MAPPA cases nothing beyond the table and the limits is anywhere in a pack: papers, agenda, numbers, manifest, names."""
    meeting, kind = held["mappa"], agency.replace("-", "_")
    looked_for = 0
    for case, told in meeting.told.items():
        for one in told:
            if not may_see(kind, case, MAPPA[case][0], one):
                looked_for += 1
                for name, hay in meeting.packs.get(agency, {}).items():
                    assert not hay.holds(one.word), (case, one.path, name)
    assert looked_for > 60


@both
def test_the_search_finds_what_an_agency_may_have(held, agency):
    """What an agency may see stands in its pack, so that a search that finds nothing means something."""
    meeting, kind = held["mappa"], agency.replace("-", "_")
    if agency not in meeting.packs:
        return
    hay = Hay("\n".join(one.text for one in meeting.packs[agency].values()))
    for case, told in meeting.told.items():
        for one in told:
            if (
                case not in CHECKS
                and may_see(kind, case, MAPPA[case][0], one)
                and one.classes - {"process", "referrer"}
                and _tells_more(kind, case)
            ):
                assert hay.holds(one.word), (case, one.path)


def _tells_more(kind: str, case: str) -> bool:
    """Whether a view of the case tells more than handling: of Form J, others than the Jobcentre get it too."""
    return any(
        kind in kinds
        for about, kinds in kinds_of(MAPPA[case][0]).items()
        if about not in ("process", "referrer", "nothing")
    )


@pytest.mark.parametrize("agency", ["idva", "fire"])
def test_an_agency_invited_for_one_case_learns_of_no_other(held, agency):
    """Neither reference nor number of another case is in its pack, nor who else comes (SHARE-4)."""
    parts = held["mappa"].packs[agency]
    for name, hay in parts.items():
        for case in MAPPA:
            assert hay.holds(case) is False or case == FOREIGN, name
        assert not hay.holds("Contact Police")
    assert parts["attendance.pdf"].holds(f"Contact {agency.title()}")
    assert parts["agenda.pdf"].holds("Of the cases in this pack New 1")


def test_immigration_has_the_foreign_national_alone(held):
    """Its pack holds that case and the one that somebody decided on, and no reference of another (SHARE-7)."""
    parts = held["mappa"].packs["immigration"]
    assert {name.split("/")[0] for name in parts if "/" in name} == {FOREIGN, YOUNG}
    assert not any(hay.holds(case) for hay in parts.values() for case in (HERE, NOTICE))


@both
def test_why_somebody_decided_otherwise_is_for_those_who_have_the_free_text(held, agency):
    """A reason goes to no other, nor which rule it was, unless it is a rule on the agency's own pack; a number never goes."""
    parts = held["mappa"].packs.get(agency, {})
    reads = agency in {"police", "probation"}
    for name, hay in parts.items():
        assert not hay.holds("07700 900999")
        assert reads or not hay.holds(REASON), name
        assert reads or not hay.holds("REFER-18"), name
    if reads:
        assert parts["cover-sheet.pdf"].holds(REASON)
    if agency == "immigration":
        assert parts["cover-sheet.pdf"].holds("SHARE-7")


def test_the_jobcentre_has_form_j_alone(held):
    """No other form is in its pack; cases for a check of records are not for it (SHARE-5)."""
    parts = held["mappa"].packs["jobcentre"]
    assert {name.split("/")[0] for name in parts if "/" in name} == {NOTICE}
    assert not any(hay.holds(case) for hay in parts.values() for case in MAPPA if case != NOTICE)


def test_tagging_learns_the_level_and_not_the_category(held):
    """A provider of electronic monitoring sees names and level; where the person is held or what was done it does not (SHARE-6)."""
    parts = held["mappa"].packs["electronic-monitoring"]
    hay = Hay("\n".join(one.text for one in parts.values()))
    assert hay.holds("Level 2: active management by several agencies")
    category = form("mappa-a").find("category.category").ask.label_of("one")
    assert held["mappa"].packs["police"][f"{HERE}/mappa-a-referral.pdf"].holds(category)
    assert not hay.holds(category)
    assert not hay.holds("020 7946 0123")


def test_a_case_at_level_1_is_a_line_on_the_agenda(held):
    """For a check of records there are no papers, and the agenda has who it is (SHARE-12)."""
    for agency, parts in held["mappa"].packs.items():
        assert not [name for name in parts if name.startswith((CHECK, LOW))], agency
    police = held["mappa"].packs["police"]
    surname = {
        case: next(one.word for one in held["mappa"].told[case] if one.path.endswith(".surname"))
        for case in CHECKS
    }
    assert all(police["agenda.pdf"].holds(word) for word in surname.values())
    assert police["manifest.json"].holds("All papers")


@pytest.mark.parametrize("case", CAMP)
def test_a_way_of_contact_that_a_client_refused_is_in_no_pack(held, case):
    """Letters refused: no pack has the home address; calls refused as well: nor a number or e-mail (CONSENT-3)."""
    meeting = held["camp"]
    checked = meeting.checked[case]
    refused = [
        one.word
        for one in meeting.told[case]
        if checked.form.find(one.path).ask.kind == ADDRESS and one.path.startswith("contact.")
    ]
    assert refused
    if case == SILENT:
        numbers = [
            value
            for path, found, value in checked.paths()
            if path.startswith("contact.") and found.ask.kind == PHONE and value
        ]
        assert numbers
        refused += numbers
    assert meeting.packs
    for agency, parts in meeting.packs.items():
        for name, hay in parts.items():
            own = name.startswith(case) or "/" not in name
            assert not [word for word in refused if own and hay.holds(word)], (agency, name)
