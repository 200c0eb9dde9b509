"""Commands for the register: who got what, and whether anybody has altered it."""

import json
import sqlite3

import pytest
from borough import MEETING, done

from pipeline.pack import MANIFEST


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
    assert len(entries) == 9
    (housing,) = json.loads(packed.done("register", "show", "--agency", "housing", "--json"))
    assert housing["pack"] == packed.opened("housing").manifest.pack
    assert housing["by"] == "Perpetua Inkstand"
    assert len(housing["cases"]) == 6
    printed = packed.done("register", "show", "--agency", "larkmead-homes")
    assert packed.opened("larkmead-homes").manifest.pack in printed
    assert "SHARE-11" in printed
    assert packed.opened("housing").manifest.pack not in printed


def test_register_can_be_asked_by_case_and_day(packed):
    """Who got one case, and what was shared since a day."""
    invited = packed.opened("larkmead-homes").manifest.members[-1].case
    entries = json.loads(packed.done("register", "show", "--case", invited, "--json"))
    assert len(entries) == 9
    assert json.loads(packed.done("register", "show", "--since", "2100-01-01", "--json")) == []


def test_older_keys_stand_in_the_register_with_their_reason(packed):
    """The exception of an agency with X25519 keys is on record at its pack, and nowhere else."""
    notes = {one["agency"]: one["note"] for one in json.loads(packed.done("register", "show", "--json"))}
    assert packed.area.agency("stepping-stone").classic_key_reason in notes.pop("stepping-stone")
    assert set(notes.values()) == {""}


def test_sound_register_holds(packed):
    """An untouched register holds, with status 0."""
    assert "The register holds: 9 entries" in packed.done("register", "verify")
    assert json.loads(packed.done("register", "verify", "--json")) == []


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE entry SET facts = replace(facts, 'housing', 'hospital') WHERE number = 4"],
        ["DELETE FROM entry WHERE number = 4"],
        ["DELETE FROM entry WHERE number = 9"],
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
    """Before the first pack there is no register, and asking makes none."""
    for command in ("show", "verify"):
        assert borough.run("register", command).exit_code == 1
    assert not (borough.folder / "register.sqlite").exists()


def test_pack_bears_witness_to_the_register(packed_borough, tmp_path):
    """A pack made later holds the end of the register as it was; a register made anew is found out by it."""
    assert packed_borough.opened("housing").manifest.witness is None
    packed_borough.done("pack", MEETING, "-i", packed_borough.co_ordinator, "--again", "housing")
    manifest = manifest_of(packed_borough, "housing", tmp_path)
    assert packed_borough.opened("housing").manifest.witness.number == 10
    assert "holds" in packed_borough.done("register", "verify", "--manifest", manifest)
    for path in packed_borough.folder.glob("register.*"):
        path.unlink()
    for path in packed_borough.outbox:
        path.unlink()
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
    (packed_borough.folder / "keys.json").unlink()
    assert packed_borough.run("register", "verify").exit_code == 1
    assert "holds" in packed_borough.done("register", "verify", "--signer", key)
    assert "Fingerprint" in done("keys", "show", key)
