"""Commands for the register: who got what, and whether anybody has altered it."""

import datetime as dt
import json
import re
import sqlite3
from functools import partial

import pytest
from borough import MEETING, TODAY, copy, done

from keys import directory_file, sshsig
from pipeline.cli.demo import sign_directory
from pipeline.pack import MANIFEST
from pipeline.register import Entry, Register, Signer


def alter(borough, *statements):
    database = sqlite3.connect(borough.folder / "register.sqlite")
    triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        database.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        assert database.execute(statement).rowcount
    for _, sql in triggers:
        database.execute(sql)
    database.commit()
    database.close()


def manifest_of(borough, agency, folder):
    path = folder / f"{agency}-{MANIFEST}"
    path.write_bytes(borough.opened(agency).manifest_bytes)
    return path


def test_register_tells_who_got_what_and_when(packed):
    """Each pack has an entry with its agency, cases, what withheld, and who sealed it; one agency's can be asked for."""
    entries = json.loads(packed.done("register", "show", "--json"))
    assert [one["kind"] for one in entries] == ["keys-signed", *["sealed"] * 9]
    (housing,) = json.loads(packed.done("register", "show", "--agency", "housing", "--json"))
    assert housing["pack"] == packed.opened("housing").manifest.pack
    assert housing["by"] == "Perpetua Inkstand"
    assert len(housing["cases"]) == 6
    printed = packed.done("register", "show", "--agency", "larkmead-homes")
    assert packed.opened("larkmead-homes").manifest.pack in printed
    assert "SHARE-11" in printed
    assert packed.opened("housing").manifest.pack not in printed


def test_a_pack_that_is_void_shows_as_such(packed_borough):
    """Below a replaced pack stands the one that took its place; why it was withdrawn is told, and nothing of withholding."""
    packed_borough.done("pack", MEETING, "-i", packed_borough.co_ordinator, "--again", "housing")
    first, gone, second = json.loads(packed_borough.done("register", "show", "--agency", "housing", "--json"))
    assert second["supersedes"] == first["pack"]
    printed = packed_borough.done("register", "show")
    table = printed[: printed.index("\nNo. 2")].splitlines()
    assert max(map(len, table)) <= 110
    row = next(number for number, line in enumerate(table) if line.startswith(" 5 "))
    assert "sealed,  " in table[row]
    assert first["pack"] in table[row]
    assert "replaced by" in table[row + 1]
    assert second["pack"] in table[row + 1]
    row = next(number for number, line in enumerate(table) if line.startswith(f" {gone['number']} "))
    assert "withdrawn" in table[row]
    assert "nothing" not in table[row]
    assert f"No. {gone['number']}, withdrawn: Made anew: it was lost or damaged on its way." in printed
    assert printed.count("replaced by") == 1


def test_a_pack_that_the_plan_no_longer_lets_go_shows_as_withdrawn(packed_borough):
    """Nothing has taken its place, but it may not be sent."""
    file = packed_borough.folder / "meetings" / f"{MEETING}.toml"
    text = file.read_text("utf-8")
    invitation = text.index("[[invitation]]")
    following = text.find("\n[", invitation + 1)
    file.write_text(text[:invitation] + (text[following:] if following > 0 else ""), "utf-8")
    packed_borough.pack()
    printed = packed_borough.done("register", "show", "--agency", "larkmead-homes")
    assert "sealed, " in printed
    assert "The plan no longer lets it go." in printed


def test_why_it_was_shared_and_notes_stand_below_the_table(packed):
    """Purpose and basis stand once for all entries that have them; the reason for an older key stands as well."""
    printed = packed.done("register", "show")
    assert printed.count("why: ") == 1
    assert "No. 2 to 10, why: So that your agency can help" in printed
    assert "on the basis of: Crime and Disorder Act 1998" in printed
    assert f"by exception: {packed.area.agency('stepping-stone').classic_key_reason}" in printed


def test_register_can_be_asked_by_case_and_day(packed):
    """Who got one case, and what was shared since a day."""
    invited = packed.opened("larkmead-homes").manifest.members[-1].case
    entries = json.loads(packed.done("register", "show", "--case", invited, "--json"))
    assert len(entries) == 9
    assert json.loads(packed.done("register", "show", "--since", "2100-01-01", "--json")) == []
    assert packed.done("register", "show", "--since", "2100-01-01") == "No entry fits what you asked for.\n"


@pytest.fixture(scope="module")
def diary(settled, tmp_path_factory):
    """An area whose register has entries of three days, two agencies and two cases: not to be changed."""
    made = copy(settled, tmp_path_factory.mktemp("diary"))
    for path in (*made.folder.glob("register.*"), made.area.key_directory):
        path.unlink()  # its entry is of the day on which the test runs
    key = made.keys_in(made.co_ordinator)
    signer = Signer(partial(sshsig.sign, key.signing), key.public().signing)
    with Register.open(made.area.register) as register:
        for at, agency, cases in (
            ("2026-11-30T23:59:59+00:00", "housing", ("M-1", "M-2")),
            ("2026-12-01T00:00:00+00:00", "housing", ("M-1",)),
            ("2026-12-01T12:00:00+00:00", "police", ("M-2",)),
            ("2026-12-02T00:30:00+01:00", "housing", ("M-2",)),
            ("2026-12-02T08:00:00+00:00", "left-since", ("M-1",)),
        ):
            entry = Entry(kind="note", day=TODAY, by="Perpetua Inkstand", role="r", agency=agency, cases=cases)
            register.append([entry], signer, dt.datetime.fromisoformat(at))
    return made


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        pytest.param("", [1, 2, 3, 4, 5], id="everything"),
        pytest.param("--since 2026-11-30", [1, 2, 3, 4, 5], id="the day of the first"),
        pytest.param("--since 2026-12-01", [2, 3, 4, 5], id="from midnight on, in UTC as the table has it"),
        pytest.param(
            "--since 2026-12-02", [5], id="what was written before midnight in UTC is of the day before"
        ),
        pytest.param("--since 2026-12-03", [], id="a day after the last"),
        pytest.param("--case M-2", [1, 3, 4], id="a case, alone or with others"),
        pytest.param("--case M-1 --since 2026-12-01", [2, 5], id="a case since a day"),
        pytest.param("--agency housing --case M-2", [1, 4], id="an agency and a case"),
        pytest.param("--agency housing --since 2026-12-01", [2, 4], id="an agency since a day"),
        pytest.param("--agency housing --case M-2 --since 2026-12-01", [4], id="all three"),
        pytest.param("--agency police --case M-1", [], id="a case that this agency has not had"),
        pytest.param("--agency left-since", [5], id="an agency that is not in agencies.toml any more"),
    ],
)
def test_filters_narrow_together(diary, asked, numbers):
    """Agency, case and day may be given together; what is shown fits all of them, in the table and for programs."""
    entries = json.loads(diary.done("register", "show", *asked.split(), "--json"))
    assert [one["number"] for one in entries] == numbers
    printed = diary.done("register", "show", *asked.split())
    assert [int(line.split()[0]) for line in printed.splitlines() if re.match(r" \d+ ", line)] == numbers


@pytest.mark.parametrize("day", ["1.12.2026", "01/12/2026", "2026-13-01", "yesterday", ""])
def test_a_day_that_is_none_says_how_one_is_written(packed, day):
    """It is wrong use, and nothing is shown."""
    result = packed.run("register", "show", "--since", day)
    assert result.exit_code == 2
    assert "write a day like 2026-12-08" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "more", [[], ["--json"], ["--since", "2100-01-01"]], ids=["table", "JSON", "and a day"]
)
def test_a_case_that_is_not_on_record_is_told(packed, more):
    """A mistyped reference is no empty list, which would say that nobody got anything."""
    result = packed.run("register", "show", "--case", "MARAC-2026-0000", *more)
    assert result.exit_code == 1
    assert "No entry is about a case MARAC-2026-0000." in result.stderr
    assert "Check its reference" in result.stderr
    assert result.stdout == ""


def test_an_agency_that_there_is_not_is_told(packed):
    """It is wrong use, and the ids that there are stand below."""
    result = packed.run("register", "show", "--agency", "hosing")
    assert result.exit_code == 2
    assert "There is no agency hosing." in result.stderr
    assert "housing" in result.stderr


def test_older_keys_stand_in_the_register_with_their_reason(packed):
    """The exception of an agency with X25519 keys is on record at its pack, and nowhere else."""
    told = json.loads(packed.done("register", "show", "--json"))
    notes = {one["agency"]: one["note"] for one in told if one["kind"] == "sealed"}
    assert packed.area.agency("stepping-stone").classic_key_reason in notes.pop("stepping-stone")
    assert set(notes.values()) == {""}


def test_sound_register_holds(packed):
    """An untouched register holds, with status 0."""
    assert "The register holds: 10 entries" in packed.done("register", "verify")
    assert json.loads(packed.done("register", "verify", "--json")) == []


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE entry SET facts = replace(facts, 'housing', 'hospital') WHERE number = 5"],
        ["DELETE FROM entry WHERE number = 5"],
        ["DELETE FROM entry WHERE number = 10"],
        ["DELETE FROM head"],
        ["UPDATE entry SET number = 100 WHERE number = 3", "UPDATE entry SET number = 3 WHERE number = 4",
         "UPDATE entry SET number = 4 WHERE number = 100"],
    ],
    ids=["changed", "removed", "cut off", "signature taken away", "put in another order"],
)  # fmt: skip
def test_altered_register_is_found_out(packed_borough, statements):
    """Whatever was done to an entry is told in words, with status 1 and what to do."""
    alter(packed_borough, *statements)
    result = packed_borough.run("register", "verify")
    assert result.exit_code == 1
    assert "The register does not hold" in result.stdout
    assert "tell whoever answers for it" in result.stdout
    assert json.loads(packed_borough.run("register", "verify", "--json").stdout)
    assert "Inkstand" not in result.output


def test_file_that_is_no_register_is_told(packed_borough):
    """A letter in the place of the register is told in words."""
    (packed_borough.folder / "register.sqlite").write_text("Dear all\n")
    for command in ("show", "verify"):
        result = packed_borough.run("register", command)
        assert result.exit_code == 1
        assert "register.sqlite" in result.stderr


def test_area_without_a_register_says_so(borough):
    """Before the first key there is no register, and asking makes none."""
    for path in (*borough.folder.glob("register.*"), borough.area.key_directory):
        path.unlink()
    for command in ("show", "verify"):
        assert borough.run("register", command).exit_code == 1
    assert not (borough.folder / "register.sqlite").exists()


def test_a_register_that_is_gone_is_told_as_gone(packed_borough):
    """With register.head left, no command says that there never was a register, and no pack begins a new one."""
    (packed_borough.folder / "register.sqlite").unlink()
    again = ("pack", MEETING, "-i", packed_borough.co_ordinator)
    for command in (("register", "show"), ("register", "verify"), again):
        result = packed_borough.run(*command)
        assert result.exit_code == 1
        assert "register.sqlite is gone" in result.stderr
        assert "Restore both" in result.stderr
    assert not (packed_borough.folder / "register.sqlite").exists()


def test_missing_register_head_is_told_and_mended_with_a_trace(packed_borough):
    """Verify finds it, a pack is refused, and going on takes a name and a reason that stay in the register."""
    beside = packed_borough.folder / "register.head"
    beside.unlink()
    again = ("pack", MEETING, "-i", packed_borough.co_ordinator, "--again", "housing")
    lying = packed_borough.outbox
    for _ in range(2):
        found = packed_borough.run("register", "verify")
        assert found.exit_code == 1
        assert "register.head, is missing" in found.stdout
        refused = packed_borough.run(*again)
        assert refused.exit_code == 1
        assert "sealpack register mend" in refused.stderr
        assert not beside.exists()
        assert packed_borough.outbox == lying
    mend = (
        "register",
        "mend",
        "-i",
        packed_borough.co_ordinator,
        "--today",
        TODAY,
        "--by",
        "Jo Exampleby",
        "--reason",
    )
    assert packed_borough.run(*mend, " ").exit_code == 2
    assert not beside.exists()
    assert "Entry 11" in packed_borough.done(*mend, "Disk failed; housing's pack checked")
    assert "The register holds: 11 entries" in packed_borough.done("register", "verify")
    shown = packed_borough.done("register", "show")
    assert "ends at entry 10 was accepted by Jo Exampleby: Disk failed; housing's pack checked" in shown
    packed_borough.done(*again)
    assert "nothing to mend" in packed_borough.run(*mend, "once more").stderr


def test_mending_takes_the_sender_s_own_key(packed_borough):
    """A SPOC's key signs nothing in the register."""
    (packed_borough.folder / "register.head").unlink()
    key = packed_borough.key("housing")
    mend = ("register", "mend", "-i", key, "--today", TODAY, "--by", "Jo", "--reason", "none")
    assert packed_borough.run(*mend).exit_code == 1
    assert not (packed_borough.folder / "register.head").exists()


def test_pack_whose_own_entry_was_cut_off_finds_it(packed_borough, tmp_path):
    """Although what the pack saw before it still holds, and register.head fits the shorter register, it is named."""
    beside = packed_borough.folder / "register.head"
    early = beside.read_bytes()
    packed_borough.done("pack", MEETING, "-i", packed_borough.co_ordinator, "--again", "housing")
    manifest = manifest_of(packed_borough, "housing", tmp_path)
    alter(packed_borough, *(f"DELETE FROM {table} WHERE number > 10" for table in ("entry", "head")))
    beside.write_bytes(early)
    packed_borough.done("register", "verify")
    result = packed_borough.run("register", "verify", "--manifest", manifest)
    assert result.exit_code == 1
    assert packed_borough.opened("housing").manifest.pack in result.stdout


def test_every_pack_of_a_run_proves_its_own_entry(packed, tmp_path):
    """For each manifest it is told as which entry its pack is there."""
    manifests = [manifest_of(packed, agency, tmp_path) for agency in ("police", "housing")]
    printed = packed.done("register", "verify", *(part for path in manifests for part in ("--manifest", path)))
    for agency, number in (("police", 2), ("housing", 5)):
        assert f"It has the pack {packed.opened(agency).manifest.pack}, as entry {number}." in printed
    assert "no witness" not in printed


def written(manifest, folder):
    path = folder / "other.json"
    path.write_bytes(manifest.to_bytes())
    return path


def test_manifest_of_another_sender_proves_nothing_and_says_so(packed, tmp_path):
    """A pack that another area sent is wrong use, and never "holds"."""
    own = packed.opened("housing").manifest
    other = own.model_copy(update={"sender": own.sender.model_copy(update={"agency": "elsewhere-council"})})
    result = packed.run("register", "verify", "--manifest", written(other, tmp_path))
    assert result.exit_code == 2
    assert "elsewhere-council" in result.stderr
    assert "holds" not in result.output


def test_manifest_without_a_witness_says_what_it_proves(packed, tmp_path):
    """Its own entry is looked for, and that nothing else could be is told, for programs on standard error."""
    bare = written(packed.opened("housing").manifest.model_copy(update={"witness": None}), tmp_path)
    assert "bears no witness" in packed.done("register", "verify", "--manifest", bare)
    result = packed.run("register", "verify", "--json", "--manifest", bare)
    assert json.loads(result.stdout) == []
    assert "bears no witness" in result.stderr


def test_pack_bears_witness_to_the_register(packed_borough, tmp_path):
    """A pack made later holds the end of the register as it was; a register made anew is found out by it."""
    first = packed_borough.opened("housing").manifest.witness
    assert first.number == 1
    packed_borough.done("pack", MEETING, "-i", packed_borough.co_ordinator, "--again", "housing")
    manifest = manifest_of(packed_borough, "housing", tmp_path)
    assert packed_borough.opened("housing").manifest.witness.number == 11
    assert "holds" in packed_borough.done("register", "verify", "--manifest", manifest)
    packed_borough.co_ordinator.with_name("my-seen.txt").unlink()  # which would find it out too
    area, key = packed_borough.area, packed_borough.keys_in(packed_borough.co_ordinator)
    directory = directory_file.read(area.key_directory).directory
    for path in (*packed_borough.folder.glob("register.*"), *packed_borough.outbox, area.key_directory):
        path.unlink()
    with Register.open(area.register) as register:
        sign_directory(area, register, key, directory, TODAY)
    packed_borough.pack()
    assert "holds" in packed_borough.done("register", "verify")
    result = packed_borough.run("register", "verify", "--manifest", manifest)
    assert result.exit_code == 1
    assert "does not hold" in result.stdout


def test_witness_that_is_no_manifest_is_wrong_use(packed, tmp_path):
    """A letter in the place of a manifest gives status 2."""
    (tmp_path / "letter.json").write_text("{}")
    assert packed.run("register", "verify", "--manifest", tmp_path / "letter.json").exit_code == 2


def test_who_signed_and_has_left_can_be_named(packed_borough):
    """Without the signer's key in the directory the register is not proved; with the file of it, it is."""
    key = packed_borough.public_key
    (packed_borough.folder / "keys.signed").unlink()
    assert packed_borough.run("register", "verify").exit_code == 1
    assert "holds" in packed_borough.done("register", "verify", "--signer", key)
    assert "Fingerprint" in done("keys", "show", key)
