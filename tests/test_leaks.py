"""What an agency may not know is nowhere in its pack: every byte of every finished pack is searched for it.

What to look for comes from the referrals themselves, through the need-to-know table as it is written. That the search
finds what is there is proved on whole referrals first.
"""

import csv
import json
import re
import shutil
import subprocess
import tomllib
from dataclasses import dataclass, field
from functools import cache

import pytest
from borough import MEETING, SAMPLE, TODAY, child, done
from hay import TOOLS, Hay, parts_of, plain, texts

from forms.answers import NOT_KNOWN, Address, Age
from forms.definition import Filler
from forms.information import Identifies, Information, Whose
from pipeline.area import open_area
from pipeline.checked import Checked, check
from pipeline.flow import read_file
from pipeline.meeting import open_meeting
from pipeline.protocol import need_to_know
from samples import make

INVITED = "larkmead-homes"
ANONYMOUS = "04-no-consent-no-children.xlsx"
PEOPLE = {Whose.CLIENT, Whose.CHILD, Whose.PERPETRATOR}
PLACES = {"brackenford", "greater brackenford"}

AREA = open_area(SAMPLE)
CASES = {case.file: case.reference for case in open_meeting(AREA, AREA.meetings / f"{MEETING}.toml").cases}
CHECKED = {
    file: found
    for file in CASES
    if isinstance(found := check(read_file(AREA.inbox / file), TODAY), Checked)
}  # fmt: skip
GOES = [file for file in CHECKED if file != "07-really-mappa.xlsx"]
AGENCIES = [
    "police", "probation", "childrens-services", "housing", "mereside", "hospital", "lantern-house", "stepping-stone", INVITED
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def tools():
    if missing := [one for one in TOOLS if not shutil.which(one)]:
        pytest.skip(f"not installed: {', '.join(missing)}")


@pytest.fixture(scope="module")
def packs(packed):
    """Agency → name of each part of its pack → what that says."""
    return parts_of({agency: packed.opened(agency) for agency in AGENCIES})


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Referral → everything in it, drawn for its referrer."""
    folder = tmp_path_factory.mktemp("whole")
    for file in GOES:
        done("render", SAMPLE / "inbox" / file, "-o", folder / file, "--today", TODAY, "--area", SAMPLE)
    return {
        file: Hay("\n".join(texts(path.name, path.read_bytes()) for path in (folder / file).iterdir()))
        for file in GOES
    }


def shown(found, value):
    return found.ask.show(value) if value is not None and value != () and value is not NOT_KNOWN else ""


def identifying(found, value):
    """The ways to write an answer that would give somebody away."""
    if value is None or value is NOT_KNOWN or isinstance(value, Age):
        return
    if isinstance(value, Address):
        yield from (line for line in (*value.lines, value.postcode or "") if plain(line) not in PLACES)
    elif found.ask.identifies is Identifies.BIRTH and hasattr(value, "year"):
        yield from (f"{value.day} {value:%B %Y}", f"{value:%d/%m/%Y}", f"{value:%d/%m/%y}", value.isoformat())
    elif found.ask.identifies is Identifies.NAME:
        yield value
        yield from (word for word in re.split(r"[\s,]+", value) if len(word) > 3)
    elif found.ask.identifies is Identifies.PHONE:
        yield from (value, value.replace(" ", ""), f"+44 {value[1:]}")
    else:
        yield value


def shingles(text):
    """Every five words in a row that are too long for chance."""
    words = plain(text).split()
    runs = (" ".join(words[n : n + 5]) for n in range(max(1, len(words) - 4)))
    return {run for run in runs if len(run) >= 20}


@dataclass
class Secrets:
    """What a recipient may not know of a case."""

    identifying: set[str] = field(repr=False)
    telling: set[str] = field(repr=False)


def may_see(kind, found, needs, *, anonymous):
    """The need-to-know table as it is written; nothing of the rules that carry it out."""
    about, ask = found.ask.about, found.ask
    if anonymous and found.section.whose in PEOPLE and ask.identifies is not None:
        return False
    return (
        kind in needs[about.value]
        or "all" in needs[about.value]
        or (about is Information.AGENCY and ask.holder == kind)
    )


def needs():
    path = need_to_know._TABLE
    rows = csv.DictReader(path.read_text("utf-8").splitlines())
    table = {row["information"]: row["agencies"].split() for row in rows if row["form"] == "marac"}
    return {one.value: table.get(one.value, []) for one in Information}


@cache
def secrets_of(file, kind):
    """What an agency of a kind may not know of a referral; everything, if the kind is None."""
    table, checked = needs(), CHECKED[file]
    closed, told, open_names, open_text = set(), set(), set(), set()
    for _, found, value in checked.paths():
        if found.section.by is not Filler.REFERRER or not shown(found, value):
            continue
        is_open = kind is not None and may_see(kind, found, table, anonymous=file == ANONYMOUS)
        if found.ask.identifies is not None and found.section.whose in PEOPLE:
            (open_names if is_open else closed).update(plain(one) for one in identifying(found, value))
        elif isinstance(value, str) and not found.ask.choices:
            (open_text if is_open else told).update(shingles(value))
    # A child's address that is the victim's, or a word that two names share, is known from where it is open.
    known = " ".join(f" {one} " for one in open_names)
    closed = {one for one in closed if len(one) > 3 and f" {one} " not in known and one not in PLACES}
    return Secrets(closed, told - open_text)


def test_search_finds_what_is_there(whole):
    """In referrals drawn whole, the search finds nearly everything that it looks for in packs."""
    for file in GOES:
        everything = secrets_of(file, None)
        looked_for = everything.identifying | everything.telling
        found = {one for one in looked_for if whole[file].holds(one)}
        missed = {one for one in looked_for - found if not one.replace(" ", "").isdigit()}
        assert len(found) > 20
        # A phone number or a date is printed in one of its ways only; a shingle may lie over a page break in the PDF,
        # but not in the Word file.
        assert len(missed) <= len(looked_for) // 5, (file, sorted(missed)[:10])


@pytest.mark.parametrize("agency", AGENCIES)
def test_what_an_agency_need_not_know_is_nowhere_in_its_pack(packs, agency):
    """No answer outside an agency's need to know stands in any part of its pack, in any spelling that can be searched."""
    kind = AREA.agency(agency).kind.value
    cases = GOES if agency != INVITED else [file for file in GOES if CASES[file] in _own(packs)]
    counted = 0
    for file in cases:
        secrets = secrets_of(file, kind)
        for name, hay in packs[agency].items():
            of_case = name.startswith(CASES[file]) or "/" not in name
            if not of_case:
                continue
            for needle in secrets.identifying | secrets.telling:
                counted += 1
                # Told by its length and place, not by its words: what leaks must not stand in a report of it.
                assert not hay.holds(needle), f"{len(needle)} characters withheld from {agency} stand in {name}"
    assert counted > 40


def _own(packs):
    return {name.split("/")[0] for name in packs[INVITED] if "/" in name}


def test_agency_invited_for_one_case_learns_nothing_of_others(packs):
    """Neither a reference, a name, an address nor five words of any other case stands in a case-only invitee's pack."""
    (own,) = _own(packs)
    (own_file,) = [file for file, reference in CASES.items() if reference == own]
    hay = Hay("\n".join(one.text for one in packs[INVITED].values()))
    known = secrets_of(own_file, None)
    own_words = set(plain(" ".join(known.identifying | known.telling)).split())
    for file, reference in CASES.items():
        if file == own_file:
            continue
        assert not hay.holds(reference)
        assert reference.split("-")[-1] not in hay.words.split()
        if file in CHECKED:
            secrets = secrets_of(file, None)
            assert len(secrets.identifying) > 5
            looked_for = {
                one for one in secrets.identifying if not set(one.split()) <= own_words
            } | secrets.telling
            assert [len(one) for one in looked_for if hay.holds(one)] == []


def test_pack_for_one_case_is_the_same_whatever_else_there_is(packed, borough):
    """With the five other cases taken out of the meeting, the invitee's pack is the same to its size, but for its number."""
    path = borough.folder / "meetings" / f"{MEETING}.toml"
    (own,) = {part.case for part in packed.opened(INVITED).manifest.members if part.case}
    text = path.read_text("utf-8")
    blocks = re.split(r"(?m)^(?=\[\[)", text)
    path.write_text(
        "".join(one for one in blocks if not (one.startswith("[[case]]") and own not in one)), "utf-8"
    )
    assert len(tomllib.loads(path.read_text("utf-8"))["case"]) == 1
    borough.pack()
    many, one = packed.opened(INVITED), borough.opened(INVITED)
    # A pack's own number takes a few bytes more or less when it is compressed, which can tip it into the next class.
    assert abs(packed.sealed(INVITED).stat().st_size - borough.sealed(INVITED).stat().st_size) <= 4096
    assert list(many.papers) == list(one.papers)

    def said(opened):
        number = opened.manifest.pack
        told = json.loads(opened.manifest_bytes)
        for part in told["members"]:
            del part["sha256"], part["size"]
        told["spocs"], told["sender"]["signing_key"] = [spoc["name"] for spoc in told["spocs"]], ""
        return json.dumps(told).replace(number, "NUMBER"), {
            name: Hay(texts(name, content).replace(number, "NUMBER")).words.replace(plain(number), "number")
            for name, content in opened.papers.items()
            if name.endswith(".docx")
        }

    assert said(many) == said(one)
    for name, content in many.papers.items():
        if name.endswith(".pdf"):
            shown = [
                subprocess.run(
                    ["pdftotext", "-raw", "-", "-"], input=pack.papers[name], capture_output=True, check=True
                )
                .stdout.decode()
                .replace(pack.manifest.pack, "NUMBER")
                for pack in (many, one)
            ]
            assert shown[0] == shown[1], name
            assert content


@pytest.fixture(scope="module")
def unnamed():
    """Everything that says who the client of the anonymous case is, as the sample lists it and as she is written in the form."""
    said = make.answers(ANONYMOUS.removesuffix(".xlsx"))["victim"]
    listed = make.about(ANONYMOUS.removesuffix(".xlsx"))["mentions"]
    names = [said[key] for key in ("surname", "forenames", "aliases", "nicknames")]
    everything = secrets_of(ANONYMOUS, "police").identifying
    return {plain(one) for one in (*listed, *names, *everything, "rowena thistledown", "thistledown rowena")}


def test_client_of_an_anonymous_case_is_in_no_pack(packs, unnamed):
    """None of her names, birthdays, addresses, numbers, e-mail addresses or doctors is in any part of any pack."""
    assert len(unnamed) > 25
    files = {reference: file for file, reference in CASES.items()}
    others = {
        file: Hay("\n".join(shown(found, value) for _, found, value in CHECKED[file].paths())) for file in GOES
    }
    for agency, parts in packs.items():
        for name, hay in parts.items():
            file = files.get(name.split("/")[0], ANONYMOUS)
            # Two people may live in streets of one name: what another case says itself is not told by hers.
            looked_for = {one for one in unnamed if file == ANONYMOUS or not others[file].holds(one)}
            found = [len(one) for one in looked_for if hay.holds(one)]
            assert found == [], f"{name} for {agency} names the client of the anonymous case"


@pytest.fixture(scope="module")
def printed(packed):
    """What the commands of a co-ordinator print, and what lies in the area folder beside the inbox."""
    parts = [
        packed.done("meeting", "plan", MEETING),
        packed.done("meeting", "plan", MEETING, "--json"),
        packed.done("register", "show"),
        packed.done("register", "show", "--json"),
        packed.run("check", packed.folder / "inbox").output,
        *(packed.done("meeting", "plan", MEETING, "--why", agency) for agency in ("housing", INVITED)),
        *(packed.run("pack", MEETING, "-i", packed.co_ordinator, *more).output for more in ([], ["--json"])),
    ]
    for path in packed.folder.rglob("*"):
        parts.append(str(path.relative_to(packed.folder)))
        if path.is_file() and not {"inbox", "outbox", "templates"} & set(path.relative_to(packed.folder).parts):
            parts.append(path.read_bytes().decode("latin-1"))
    return Hay("\n".join(parts))


def test_client_of_an_anonymous_case_is_nowhere_else(printed, unnamed):
    """She is in no message of a command, in no file name, and not in the register."""
    assert [len(one) for one in unnamed if printed.holds(one)] == []


def test_no_person_in_a_case_is_printed_or_recorded(printed):
    """No name, address, number or free text of any referral is in what commands print, in file names or the register."""
    staff = set(plain((SAMPLE / "agencies.toml").read_text("utf-8")).split())
    for file in CHECKED:
        secrets = secrets_of(file, None)
        looked_for = {one for one in secrets.identifying | secrets.telling if not set(one.split()) <= staff}
        assert len(looked_for) > 20
        assert [len(one) for one in looked_for if printed.holds(one)] == []


def test_register_made_anew_and_packed_prints_the_same_care(borough, unnamed):
    """The run that draws and seals prints nothing of anybody either, on either stream."""
    told = child(
        "pack",
        MEETING,
        "-i",
        borough.co_ordinator,
        "--area",
        borough.folder,
        "--today",
        TODAY,
        cwd=borough.folder,
    )
    assert told.returncode == 0
    hay = Hay(told.stdout + told.stderr)
    everybody = set().union(*(secrets_of(file, None).identifying for file in CHECKED))
    staff = set(plain((SAMPLE / "agencies.toml").read_text("utf-8")).split())
    assert [len(one) for one in unnamed | everybody if not set(one.split()) <= staff and hay.holds(one)] == []


def test_outer_envelope_says_three_things(packed):
    """What can be read of a sealed file and its name are pack, agency and sender; nothing of marking, panel, case or names."""
    words = {"official", "marac", "multi-agency", *(one.casefold() for one in CASES.values())}
    words |= {spoc.name.split()[-1].casefold() for agency in AREA.agencies for spoc in agency.spocs}
    for sealed in packed.outbox:
        data = sealed.read_bytes()
        header, _, _ = data.partition(b"\n--- ")
        lines = [line for line in header.decode().splitlines() if line.startswith("-> ")]
        assert sum(line.startswith("-> sealpack-v1 ") for line in lines) == 1
        assert {line.split()[1] for line in lines} <= {"sealpack-v1", "mlkem768x25519", "X25519"}
        (ours,) = [line for line in lines if line.startswith("-> sealpack-v1 ")]
        assert ours.split()[2:] == sealed.stem.split("_")
        everything = (sealed.name + data.decode("latin-1")).casefold()
        assert [word for word in words if len(word) > 5 and word in everything] == []


def test_sizes_tell_no_case(packed):
    """Packs with more and less withheld in them come in two or three sizes at most."""
    members = [sealed.read_bytes() for sealed in packed.outbox if INVITED not in sealed.name]
    assert len(members) == 8
    assert len({len(data.partition(b"\n--- ")[2]) for data in members}) <= 3


@pytest.mark.parametrize("agency", AGENCIES)
def test_each_pack_bears_its_own_recipient_and_number_alone(packed, packs, agency):
    """No pack holds the number of another pack, the key of another agency, or another recipient's stamp."""
    hay = Hay("\n".join(one.text for one in packs[agency].values()))
    own = packed.opened(agency).manifest
    assert hay.holds(own.pack)
    for other in AGENCIES:
        if other != agency:
            manifest = packed.opened(other).manifest
            assert not hay.holds(manifest.pack)
            assert not hay.holds(f"For {manifest.agency_name}")
            assert not any(hay.holds(spoc.fingerprint) for spoc in manifest.spocs)
