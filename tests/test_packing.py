"""A run over a meeting: whom it seals for, what it makes once, and what is left when it is killed."""

import hashlib
import itertools
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import tomllib
from copy import deepcopy
from pathlib import Path

import pytest
from borough import CODE, MEETING, ROOT, TODAY, copy, run, with_one_case
from test_register_together import pack_twice, sealed_now

from pipeline import json_file, workbook
from pipeline.checked import check
from pipeline.flow import read_file

PACK = ("pack", MEETING)


def edit(path, *pairs):
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def pack(borough, *options):
    return json.loads(borough.done(*PACK, "-i", borough.co_ordinator, "--json", *options))


def agency_block(borough, agency):
    return re.search(rf'(?ms)^id = "{agency}"$.*?(?=^\[\[agency\]\]|\Z)', borough_text(borough))[0]


def borough_text(borough):
    return (borough.folder / "agencies.toml").read_text("utf-8")


def entries(borough, *options):
    """What the register has, but for what it says of keys."""
    told = json.loads(borough.done("register", "show", "--json", *options))
    return [one for one in told if not one["kind"].startswith("key")]


@pytest.fixture
def small(borough):
    """A meeting with one case, and two members besides the invitee: a run takes little time."""
    with_one_case(borough)
    agencies = re.split(r"(?m)^(?=\[\[agency\]\])", borough_text(borough))
    kept = [
        one if re.search(r'id = "(police|housing)"', one) else re.sub(r"panels = .*", "", one)
        for one in agencies
    ]
    (borough.folder / "agencies.toml").write_text("".join(kept), "utf-8")
    borough.sign()
    return borough


# For whom


ASIDE = '\n[[decision]]\nrule = "REFER-11"\ncase = "MARAC-2026-2863"\nby = "Aubrey Gatepost"\nrole = "chair"\non = 2026-12-01\nreason = "{}"\n'
ATTENDED = '\n[[attended]]\nname = "{}"\nrole = "Manager"\nagency = "police"\n'


def add(borough, text):
    path = borough.folder / "meetings" / f"{MEETING}.toml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


@pytest.fixture
def set_aside(small):
    """The same, whose case could wait until the chair has set a rule aside, for one reason; packed."""
    referral = small.area.inbox / "02-repeat.xlsx"
    known = read_file(referral, small.area)
    answers = deepcopy(known.answers)
    answers["perpetrators"]["perpetrator"][0]["mappa"] = "yes"
    referral.write_bytes(workbook.blank(known.form, prefill=answers))
    add(small, ASIDE.format("Her case cannot wait."))
    pack(small)
    return small


def another_reason(borough):
    edit(
        borough.folder / "meetings" / f"{MEETING}.toml",
        ("Her case cannot wait.", "It cannot wait for the next meeting."),
    )


def test_a_decision_that_changes_no_pack_is_recorded_with_those_packs(set_aside):
    """Another reason for a rule set aside is on record for every pack that it bears on, once (RECORD-2)."""
    another_reason(set_aside)
    again = pack(set_aside)
    pack(set_aside)
    told = [one for one in entries(set_aside) if one["kind"] == "decision"]
    same = again["packs"].keys() - set(again["fresh"])
    assert {one["agency"] for one in told} == same
    assert same, "somebody who may not read the reason has the pack of before"
    assert len(told) == len(same)
    assert {each["reason"] for one in told for each in one["decisions"]} == {
        "It cannot wait for the next meeting."
    }
    assert "unbroken and signed" in set_aside.done("register", "verify")


def test_who_signed_the_register_of_attendance_is_recorded_once(small):
    """Names, roles and agencies are on record with the meeting; another run records them again only if they differ (RECORD-3)."""
    pack(small)
    add(small, ATTENDED.format("Tansy Bookbinder"))
    pack(small)
    assert not [one for one in entries(small) if one["kind"] == "attended"], "nobody was there yet"
    after = ("--today", "2026-12-08")
    pack(small, *after)
    pack(small, *after)
    (told,) = [one for one in entries(small) if one["kind"] == "attended"]
    assert told["note"].endswith("reaffirmed confidentiality: Tansy Bookbinder, Manager (police)")
    add(small, ATTENDED.format("Alder Whetstone"))
    pack(small, *after)
    assert [one["kind"] for one in entries(small)].count("attended") == 2
    assert "unbroken and signed" in small.done("register", "verify")


def test_contact_who_left_gets_nothing_more(small):
    """A key counts while its holder is a named contact: whoever is taken out of agencies.toml cannot open the next pack."""
    edit(small.folder / "agencies.toml", ("Alder Whetstone", "Sorrel Lampshade"))
    small.sign()
    told = pack(small)
    assert [spoc.name for spoc in small.opened("police").manifest.spocs] == ["Tansy Bookbinder"]
    assert told["left_out"] == [{"agency": "police", "contact": "Sorrel Lampshade", "why": "none was sent yet"}]
    result = run(
        "open", small.sealed("police"), "-i", small.key("police", 2), "-o", small.folder.parent / "out",
        "--sender", small.public_key,
    )  # fmt: skip
    assert "not for you" in result.stderr


def test_agency_whose_only_contact_left_gets_no_pack(small):
    """An agency whose keys belong to nobody who is a named contact now gets no pack, and the plan says so."""
    edit(small.folder / "agencies.toml", ("Linden Hatstand", "Sorrel Lampshade"))
    small.sign()
    told = pack(small)
    assert "housing" not in told["packs"]
    assert told["no_pack"]["housing"] == [
        "no key that packs can be sealed for: its holder is no named contact in agencies.toml; ring Sorrel Lampshade on 020 7946 0141"
    ]


def classic_police(borough):
    edit(
        borough.folder / "agencies.toml",
        ('id = "police"', 'id = "police"\nclassic_key_reason = "One old laptop."'),
    )
    borough.sign()
    key = borough.folder.parent / "holders" / "old" / "my.key"
    (second,) = [
        one for one in json.loads(borough.done("keys", "list", "--json")) if one["spoc"] == "Alder Whetstone"
    ]
    borough.done(
        "keys",
        "revoke",
        "police",
        "--fingerprint",
        second["fingerprint"],
        "--by",
        "Ann Clerk",
        "-i",
        borough.co_ordinator,
    )
    borough.enter(borough.area.agency("police"), "Alder Whetstone", key, "--classic")
    return key


def test_two_kinds_of_key_are_never_mixed_and_who_is_left_out_is_told(small):
    """Where one contact has a post-quantum key and another an older one, the pack is sealed for the first, and it says so."""
    classic_police(small)
    told = pack(small)
    assert [spoc.name for spoc in small.opened("police").manifest.spocs] == ["Tansy Bookbinder"]
    (left,) = told["left_out"]
    assert (left["agency"], left["contact"]) == ("police", "Alder Whetstone")
    assert "never mixed" in left["why"]
    printed = " ".join((small.pack() + small.done("meeting", "plan", MEETING)).split())
    assert printed.count("The pack for police cannot be opened by Alder Whetstone") == 2


def test_older_key_counts_only_while_its_exception_stands(packed_borough):
    """When the reason for an older key is taken out of agencies.toml, its agency gets no more packs."""
    reason = packed_borough.area.agency("stepping-stone").classic_key_reason
    edit(packed_borough.folder / "agencies.toml", (f'classic_key_reason = "{reason}"', ""))
    packed_borough.sign()
    told = pack(packed_borough)
    assert "classic_key_reason" in told["no_pack"]["stepping-stone"][0]
    assert [name.split("_")[1] for name in told["taken_out"]] == ["stepping-stone"]


def test_only_the_sender_signs(small):
    """A key of somebody else, of the sender's agency or another, does not seal: packs and register would name the wrong person."""
    result = small.run(*PACK, "-i", small.key("police"))
    assert result.exit_code == 1
    assert "not in the directory as a confirmed key of brackenford-council" in result.stderr
    edit(small.folder / "area.toml", ('name = "Perpetua Inkstand"', 'name = "Sorrel Lampshade"'))
    result = small.run(*PACK, "-i", small.co_ordinator)
    assert result.exit_code == 1
    assert "Sorrel Lampshade" in result.stderr
    assert small.outbox == []


# Once


def test_pack_that_was_sent_is_not_made_again(small):
    """A pack that somebody has sent and moved out of the outbox stays sent: nothing is sealed twice by itself."""
    pack(small)
    small.sealed("housing").rename(small.folder.parent / "sent.age")
    printed = small.pack()
    assert "Sent or moved already: 1 pack." in printed
    assert "0 sealed now, 3 as before." in printed
    assert len(entries(small)) == 3


def test_lost_pack_is_sealed_afresh_when_asked(small):
    """Asked to, a run makes a pack anew under a new number; the register tells why, and the next run leaves it so."""
    first = pack(small)["packs"]
    (number,) = {
        part.case and small.opened("housing").manifest.pack
        for part in small.opened("housing").manifest.members[-1:]
    }
    told = pack(small, "--again", "housing")
    assert told["fresh"] == ["housing"]
    assert {agency: file for agency, file in told["packs"].items() if agency != "housing"} == {
        agency: file for agency, file in first.items() if agency != "housing"
    }
    assert len(small.outbox) == 3
    assert number not in small.sealed("housing").name
    kinds = [(one["kind"], one["supersedes"]) for one in entries(small, "--agency", "housing")]
    assert kinds == [("sealed", ""), ("withdrawn", ""), ("sealed", number)]
    assert pack(small)["fresh"] == []
    assert "The register holds" in small.done("register", "verify")


def test_nobody_unknown_is_sealed_for_afresh(small):
    """An agency that has no part in the meeting gives status 2, and nothing is sealed."""
    assert small.run(*PACK, "-i", small.co_ordinator, "--again", "fire-brigade").exit_code == 2
    assert small.outbox == []


def test_agency_that_may_not_and_then_may_again_gets_its_pack(small):
    """A pack is taken out of the outbox when its agency's signature lapses, and made anew when it is renewed."""
    pack(small)
    signed = "protocol_reviewed = 2026-05-18"
    edit(small.folder / "agencies.toml", (signed, "protocol_reviewed = 2025-05-18"))
    small.sign()
    told = pack(small)
    assert [name.split("_")[1] for name in told["taken_out"]] == ["housing"]
    assert len(small.outbox) == 2
    edit(small.folder / "agencies.toml", ("protocol_reviewed = 2025-05-18", signed))
    small.sign()
    assert pack(small)["fresh"] == ["housing"]
    assert small.opened("housing").manifest.agency == "housing"
    assert pack(small)["fresh"] == []


def test_two_who_take_a_pack_out_at_once_withdraw_it_once(small, tmp_path):
    """Both have found it in the outbox when the first withdraws it; it is taken out, and on record as withdrawn once."""
    pack(small)
    edit(
        small.folder / "agencies.toml",
        ("protocol_reviewed = 2026-05-18", "protocol_reviewed = 2025-05-18"),
    )
    small.sign()
    sealed_now(pack_twice(small, tmp_path / "meet", _take_out=60, _about_pack=1))
    assert "housing" not in {path.name.split("_")[1] for path in small.outbox}
    assert [one["kind"] for one in entries(small, "--agency", "housing")] == ["sealed", "withdrawn"]
    assert "unbroken and signed" in small.done("register", "verify")


def test_a_pack_whose_run_broke_off_before_it_was_taken_out_is_not_withdrawn_again(small):
    """Where the file of a withdrawn pack lies in the outbox still, the next run takes it out and records nothing."""
    pack(small)
    sealed = small.sealed("housing")
    data = sealed.read_bytes()
    edit(
        small.folder / "agencies.toml",
        ("protocol_reviewed = 2026-05-18", "protocol_reviewed = 2025-05-18"),
    )
    small.sign()
    pack(small)
    sealed.write_bytes(data)
    before = entries(small)
    assert pack(small)["taken_out"] == [sealed.name]
    assert not sealed.exists()
    assert entries(small) == before


def test_two_who_pack_at_once_record_attendance_once(small, tmp_path):
    """Whether it is on record is looked up, and it is written, under one lock."""
    after = ("--today", "2026-12-08")
    pack(small, *after)
    add(small, ATTENDED.format("Tansy Bookbinder"))
    ended = pack_twice(small, tmp_path / "meet", *after, _take_out=60, append=1)
    assert sealed_now(ended) == [0, 0]
    assert [one["kind"] for one in entries(small)] == [*["sealed"] * 3, "attended"]
    assert "unbroken and signed" in small.done("register", "verify")


def test_two_who_pack_at_once_record_decisions_once(set_aside, tmp_path):
    """They are looked up and written under one lock, too; whose pack the other run made is told."""
    before = len(entries(set_aside))
    another_reason(set_aside)
    ended = pack_twice(set_aside, tmp_path / "meet", deliver=60, _take_out=60, _about_pack=1)
    assert sealed_now(ended) == [0, 2]
    assert [(one["kind"], one["agency"]) for one in entries(set_aside)[before:]] == [
        ("sealed", "police"), ("sealed", "housing"), ("decision", "larkmead-homes"),
    ]  # fmt: skip
    assert "unbroken and signed" in set_aside.done("register", "verify")


def test_what_a_run_records_beside_its_packs_is_one_writing(set_aside):
    """If it were more, a crash before register.head is kept would leave that behind by two, which is taken for tampering."""
    after = ("--today", "2026-12-08")
    pack(set_aside, *after)
    another_reason(set_aside)
    add(set_aside, ATTENDED.format("Tansy Bookbinder"))
    pack(set_aside, *after)
    attended, decided = entries(set_aside)[-2:]
    assert (attended["kind"], decided["kind"]) == ("attended", "decision")
    assert attended["head"] == decided["head"] == decided["number"]


def test_changed_meeting_makes_new_packs_in_the_place_of_the_old(small):
    """When the meeting moves, every pack is made anew, the old ones leave the outbox, and the register links them."""
    first = pack(small)["packs"]
    edit(
        small.folder / "meetings" / f"{MEETING}.toml",
        ("date = 2026-12-08", 'date = 2026-12-08\nplace = "Room 9"'),
    )
    told = pack(small)
    assert set(told["fresh"]) == set(first)
    assert sorted(told["taken_out"]) == sorted(Path(file).name for file in first.values())
    assert len(small.outbox) == 3
    assert [one["supersedes"] != "" for one in entries(small)] == [False] * 3 + [True] * 3
    old = next(one["pack"] for one in entries(small) if one["agency"] == "housing")
    assert f"This pack takes the place of {old}: destroy that one." in small.opened("housing").manifest.notices


def test_no_two_papers_of_a_meeting_bear_one_copy_number(small):
    """Copies are counted through all runs, so that a page that is found somewhere leads to one pack."""
    pack(small)
    pack(small, "--again", "housing", "--again", "police")
    numbers = [one["pack"] for one in entries(small) if one["kind"] == "sealed"]
    assert len(set(numbers)) == 5
    texts = [cover_text(small, agency) for agency in ("larkmead-homes", "police", "housing")]
    copies = [re.search(r"copy (\d+)", text)[1] for text in texts]
    assert copies == ["3", "4", "5"]


def cover_text(borough, agency):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    page = borough.opened(agency).papers["cover-sheet.pdf"]
    return subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=page, capture_output=True, check=True
    ).stdout.decode()


def test_packing_says_what_goes_to_nobody(borough):
    """A co-ordinator who has not looked at the plan is told of each refused case, with its file and reason."""
    printed = " ".join(borough.pack().split())
    assert re.search(r"In no pack: MARAC-2026-\d{4} \(06-nine-mistakes\.xlsx\): 9 problems", printed)
    assert re.search(r"In no pack: MARAC-2026-\d{4} \(07-really-mappa\.xlsx\): REFER-11", printed)
    late = borough.done("pack", MEETING, "-i", borough.co_ordinator, "--today", "2026-12-04")
    assert "Warning: TIME-1: the papers should have gone out by 3 December 2026" in " ".join(late.split())


def test_files_of_somebody_else_in_the_outbox_are_left(small):
    """Nothing is taken out of the outbox that the register does not know."""
    (small.folder / "outbox").mkdir()
    strange = small.folder / "outbox" / "P-2222-2222_housing_brackenford-council.age"
    strange.write_bytes(b"age-encryption.org/v1\n")
    (small.folder / "outbox" / "notes.txt").write_text("ring Linden")
    pack(small)
    assert strange.exists()
    assert len(small.outbox) == 5


# What cannot be drawn


def test_template_of_the_area_that_does_not_fit_stops_everything(small):
    """An area's own Word template that does not fit is told, and nothing is sealed or registered."""
    (small.folder / "templates").mkdir()
    (small.folder / "templates" / "marac.docx").write_bytes(b"PK not a Word file")
    result = small.run(*PACK, "-i", small.co_ordinator)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert small.outbox == []
    assert not entries(small)


def test_name_that_no_font_has_stops_everything_and_its_case_is_named(small):
    """A character that cannot be drawn right is told with case and question, without the name; nothing is sealed."""
    path = small.folder / "meetings" / f"{MEETING}.toml"
    file = tomllib.loads(path.read_text("utf-8"))["case"][0]
    checked = check(read_file(small.folder / "inbox" / file["file"]), TODAY)
    told = json.loads(json_file.write(checked))
    told["answers"]["victim"]["surname"] = "Lanternman \U00013000"
    (small.folder / "inbox" / "by-hand.json").write_text(json.dumps(told), "utf-8")
    edit(path, (file["file"], "by-hand.json"))
    result = small.run(*PACK, "-i", small.co_ordinator)
    assert result.exit_code == 1
    assert file["reference"] in result.stderr
    assert "Surname" in result.stderr
    assert "lanternman" not in result.output.casefold()
    assert small.outbox == []


# Killed


ZIP = b"PK\x03\x04\x14\x00"
"""How a file in a ZIP begins; the first four bytes alone stand in an index of the register after a pack number that ends in PK."""
PLAIN = (b"%PDF", ZIP, b"manifest", b"Lanternman", b"LANTERNMAN")
LIES_THERE = {"area.toml", "agencies.toml", "keys.signed", "register.sqlite", "register.head"}


def killed_at(number, borough, temporary):
    """Run `pack` in a process that is killed at its n-th step on the disk; return whether it came that far."""
    process = os.fork()
    if process:
        _, status = os.waitpid(process, 0)
        return os.WIFSIGNALED(status)
    steps = 0

    def step(real):
        def counted(*args, **options):
            nonlocal steps
            steps += 1
            if steps == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **options)

        return counted

    class Counting(sqlite3.Connection):
        def execute(self, statement, *values):
            writes = statement.startswith(("BEGIN IMMEDIATE", "INSERT", "COMMIT"))
            return (step(super().execute) if writes else super().execute)(statement, *values)

    try:
        tempfile.tempdir = str(temporary)
        for name in ("fsync", "link", "replace", "rename", "unlink"):
            setattr(os, name, step(getattr(os, name)))
        real = sqlite3.connect
        sqlite3.connect = lambda *args, **options: real(*args, **{"factory": Counting, **options})
        run(*PACK, "-i", borough.co_ordinator, "--area", borough.folder, "--today", TODAY)
    finally:
        os._exit(0)


def lies_plain(folder):
    """Files outside the inbox that hold anything of a paper."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and "inbox" not in path.parts and any(part in path.read_bytes() for part in PLAIN)
    ]


def assert_whole(borough, temporary):
    """Every agency has one pack, on record once with its digest, and nothing else lies about."""
    assert list(temporary.iterdir()) == []
    there = {path.name for path in borough.folder.iterdir() if path.is_file()}
    assert there == LIES_THERE | {"LICENCE"} & there
    assert sorted(path.name.split("_")[1] for path in borough.outbox) == ["housing", "larkmead-homes", "police"]
    sealed = [one for one in entries(borough) if one["kind"] == "sealed"]
    assert len(sealed) == 3
    for one in sealed:
        data = (borough.folder / "outbox" / one["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == one["digest"]
        assert borough.opened(one["agency"]).manifest.pack == one["pack"]
    assert "The register holds: 5 entries" in borough.done("register", "verify")
    assert lies_plain(borough.folder) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_killed_at_any_step_nothing_is_doubled_lost_or_in_the_clear(small, tmp_path):
    """A run is killed at each of its steps on the disk in turn; the next one finishes what it left, and makes no more."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for number in itertools.count(1):
        trial = copy(small, tmp_path / str(number))
        if not killed_at(number, trial, temporary):
            break
        assert lies_plain(trial.folder) == []
        assert list(temporary.iterdir()) == []
        trial.pack()
        assert_whole(trial, temporary)
        shutil.rmtree(tmp_path / str(number))
    assert_whole(trial, temporary)
    assert number > 25


def test_killed_when_the_first_pack_is_seen(small, tmp_path):
    """The program itself, killed as soon as anything is in the outbox, leaves what the next run makes whole."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {CODE}"
    command = [*PACK, "-i", small.co_ordinator, "--area", small.folder, "--today", TODAY]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, command)],
        env={**os.environ, "TMPDIR": str(temporary)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    while not small.outbox and process.poll() is None:
        time.sleep(0.001)
    process.kill()
    process.wait()
    assert lies_plain(small.folder) == []
    small.pack()
    assert_whole(small, temporary)
