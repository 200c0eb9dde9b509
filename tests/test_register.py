"""The register: what it keeps, what it refuses, and that no change to it goes unseen."""

import contextlib
import functools
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from keys import sshsig
from pipeline.register import (
    NAMESPACE,
    DecisionTaken,
    Entry,
    Finding,
    PackHeld,
    Register,
    RegisterError,
    Signer,
    WithheldItem,
)
from pipeline.register import file as register_file
from pipeline.register.entry import Recorded, facts_of, hash_of, read_entry

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
DAY = date(2026, 12, 8)


def a_signer(seed: int) -> Signer:
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return Signer(
        lambda message, namespace: sshsig.sign(key, message, namespace),
        sshsig.public_line(key.public_key(), "x"),
    )


ASHA, BEN, STRANGER = a_signer(1), a_signer(2), a_signer(3)
TRUSTED = [ASHA.public_line, BEN.public_line]


def entry(number: int = 1, **facts) -> Entry:
    basic = {
        "kind": "note",
        "day": DAY,
        "by": "Asha Invented",
        "role": "MARAC co-ordinator",
        "cases": (f"M-{number:03}",),
    }
    return Entry(**{**basic, **facts})


def sealed(content: str, pack: str, **facts) -> Entry:
    digest = hashlib.sha256(content.encode()).hexdigest()
    return entry(
        kind="sealed", content=digest, pack=pack, meeting="2026-12-08-marac", agency="housing", **facts
    )


def fill(path: Path, batches: Sequence[int]) -> list[Recorded]:
    with Register.open(path) as register:
        for batch, size in enumerate(batches):
            done = len(register.entries())
            register.append([entry(done + place) for place in range(1, size + 1)], (ASHA, BEN)[batch % 2], AT)
        return list(register.entries())


def findings(path: Path, trusted: Sequence[str] = TRUSTED, witnesses=()) -> list[Finding]:
    with Register.open(path, create=False) as register:
        return register.verify(trusted, witnesses)


def named(found: Sequence[Finding]) -> set[tuple[str, int, int]]:
    return {(finding.what, finding.first, finding.last) for finding in found}


@contextlib.contextmanager
def behind_its_back(path: Path) -> Iterator[sqlite3.Connection]:
    """Give raw SQL without the guards, and put them back, as somebody would who knows how."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        guards = database.execute("SELECT type, name, sql FROM sqlite_schema WHERE type <> 'table'").fetchall()
        for kind, name, _ in guards:
            database.execute(f"DROP {kind} {name}")
        (table,) = database.execute("SELECT sql FROM sqlite_schema WHERE name = 'entry'").fetchone()
        _rewrite(database, "CREATE TABLE entry (number INTEGER PRIMARY KEY, facts, hash)")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        yield database
        _rewrite(database, table)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        for _, _, sql in guards:
            with contextlib.suppress(sqlite3.Error):  # what is no JSON any more cannot be indexed
                database.execute(sql)


def _rewrite(database: sqlite3.Connection, table: str) -> None:
    database.execute("PRAGMA writable_schema = ON")
    database.execute("UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = 'entry'", (table,))
    database.execute("PRAGMA writable_schema = RESET")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "register.sqlite"


@contextlib.contextmanager
def filled(batches: Sequence[int]) -> Iterator[tuple[Path, list[Recorded]]]:
    with tempfile.TemporaryDirectory() as folder:
        files, entries = _made(tuple(batches))
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        yield Path(folder) / "register.sqlite", entries


@functools.cache
def _made(batches: tuple[int, ...]) -> tuple[dict[str, bytes], list[Recorded]]:
    with tempfile.TemporaryDirectory() as folder:
        entries = fill(Path(folder) / "register.sqlite", batches)
        return {file.name: file.read_bytes() for file in Path(folder).iterdir()}, entries


def test_an_entry_comes_back_as_it_was_written(path):
    """Every field of an entry is kept, letters of any script included."""
    full = sealed(
        "a",
        "P-7F3K-2M9Q",
        by="Zoë Ínvented",
        keys=("age1pq-abc",),
        file="P-7F3K-2M9Q_housing_brackenford.age",
        digest="0" * 64,
        supersedes="P-0000-0000",
        marking="OFFICIAL-SENSITIVE",
        purpose="To plan “safety”.\n",
        basis=("Crime and Disorder Act 1998 s115",),
        keep_until=date(2027, 12, 8),
        withheld=(WithheldItem("SHARE-11", "M-001"),),
        decisions=(DecisionTaken("SHARE-3", "M-001", "Ben Invented", "chair", "Signs on Monday", DAY),),
        note="第一",
    )
    with Register.open(path) as register:
        (written,) = register.append([full], ASHA, AT)
    with Register.open(path) as register:
        (read,) = register.entries()
    assert read == written
    assert {name: getattr(read, name) for name in full.__dataclass_fields__} == vars(full)
    assert (read.number, read.at, read.head) == (1, AT, 1)


def test_the_chain_can_be_checked_by_hand(path):
    """An entry's hash is the SHA-256 of a fixed line and its facts, which hold the hash before it."""
    first, second = fill(path, [2])
    database = sqlite3.connect(path)
    facts = [row[0] for row in database.execute("SELECT facts FROM entry ORDER BY number")]
    database.close()
    assert second.hash == hashlib.sha256(b"sealpack-register-entry-v1\n" + facts[1].encode()).hexdigest()
    assert json.loads(facts[1])["previous"] == first.hash
    assert json.loads(facts[0])["previous"] == "0" * 64
    assert facts[0] == (
        '{"agency":"","at":"2026-12-01T09:30:00Z","basis":[],"by":"Asha Invented","cases":["M-001"],"content":"",'
        '"day":"2026-12-08","decisions":[],"digest":"","file":"","head":2,"keep_until":null,"keys":[],"kind":"note",'
        '"marking":"","meeting":"","note":"","number":1,"pack":"","previous":"' + "0" * 64 + '","purpose":"",'
        '"role":"MARAC co-ordinator","supersedes":"","withheld":[]}'
    )


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is missing")
def test_ssh_keygen_verifies_the_head(path, tmp_path):
    """The first three lines of register.head are what the signature below them is for."""
    fill(path, [3])
    lines = (tmp_path / "register.head").read_text().splitlines(keepends=True)
    (tmp_path / "sig").write_text("".join(lines[3:]))
    (tmp_path / "who").write_text(f"asha {ASHA.public_line}\n")
    command = ["ssh-keygen", "-Y", "verify", "-f", "who", "-I", "asha", "-n", NAMESPACE, "-s", "sig"]
    done = subprocess.run(
        command, cwd=tmp_path, input="".join(lines[:3]).encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_time_is_kept_in_utc(path):
    """Summer time and its offset become UTC, to the second."""
    with Register.open(path) as register:
        summer = datetime(2026, 6, 1, 10, 30, 5, 999, tzinfo=timezone(timedelta(hours=1)))
        (written,) = register.append([entry()], ASHA, summer)
    assert written.at == datetime(2026, 6, 1, 9, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET facts = replace(facts, 'Asha', 'Ben') WHERE number = 2",
        "DELETE FROM entry WHERE number = 3",
        "INSERT OR REPLACE INTO entry (number, facts, hash) SELECT 3, facts, hash FROM entry WHERE number = 1",
        "INSERT INTO entry (number, facts, hash) SELECT 9, facts, hash FROM entry WHERE number = 1",
        "INSERT INTO entry (facts, hash) SELECT facts, hash FROM entry WHERE number = 1",
        "UPDATE head SET number = 2",
        "DELETE FROM head",
        "INSERT OR REPLACE INTO head SELECT number, hash, 'x' FROM head",
    ],
)
def test_the_database_itself_refuses_to_alter_what_is_written(path, statement):
    """UPDATE, DELETE, REPLACE and a number out of turn are aborted."""
    fill(path, [3])
    database = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError):
        database.execute(statement)
    database.close()
    assert findings(path) == []


def test_taking_the_guards_away_shows(path):
    """A register without its triggers is reported even before anything was altered."""
    fill(path, [2])
    database = sqlite3.connect(path)
    database.execute("DROP TRIGGER entry_stays")
    database.close()
    assert named(findings(path)) == {("unguarded", 0, 0)}


BATCHES = st.lists(st.integers(1, 3), min_size=1, max_size=3)
FEW = settings(max_examples=25, deadline=None)


@FEW
@given(BATCHES)
def test_a_register_that_nobody_touched_is_whole(batches):
    """However entries are grouped in writings and whoever signed, nothing is found."""
    with filled(batches) as (path, _):
        assert findings(path) == []


@FEW
@given(BATCHES, st.data(), st.sampled_from(["facts", "facts and hash", "hash"]))
def test_a_changed_entry_is_named(batches, data, what):
    """A changed fact is found at its number alone, also when its hash was computed again."""
    with filled(batches) as (path, entries):
        number = data.draw(st.integers(1, len(entries)))
        changed = facts_of(entries[number - 1]).replace(b"M-0", b"M-9")
        with behind_its_back(path) as database:
            if "facts" in what:
                database.execute("UPDATE entry SET facts = ? WHERE number = ?", (changed.decode(), number))
            if "hash" in what:
                digest = hash_of(changed)
                database.execute("UPDATE entry SET hash = ? WHERE number = ?", (digest, number))
        assert named(findings(path)) == {("changed", number, number)}


@FEW
@given(BATCHES, st.data())
def test_entries_hashed_anew_from_a_change_to_the_end_are_found(batches, data):
    """Without the key a whole new chain fits no signature; every signed point after the change is named."""
    with filled(batches) as (path, entries):
        number = data.draw(st.integers(1, len(entries)))
        with behind_its_back(path) as database:
            previous = entries[number - 2].hash if number > 1 else "0" * 64
            for old in entries[number - 1 :]:
                facts = json.loads(facts_of(old)) | {"previous": previous, "role": "nobody"}
                line = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
                previous = hash_of(line.encode())
                database.execute(
                    "UPDATE entry SET facts = ?, hash = ? WHERE number = ?", (line, previous, old.number)
                )
        found = findings(path)
        signed = {old.head for old in entries[number - 1 :]}
        assert {finding.first for finding in found if finding.what == "changed"} == signed
        if entries[number - 1].head > number:
            assert any(
                f"{entries[number - 1].head - 1} had no other signature" in finding.message for finding in found
            )


@FEW
@given(BATCHES, st.data())
def test_a_removed_entry_is_named(batches, data):
    """An entry taken from the middle is removed, one from the end cut off."""
    with filled(batches) as (path, entries):
        number = data.draw(st.integers(1, len(entries)))
        with behind_its_back(path) as database:
            database.execute("DELETE FROM entry WHERE number = ?", (number,))
        what = "cut" if number == len(entries) else "removed"
        assert named(findings(path)) == {(what, number, number)}


@FEW
@given(BATCHES, st.data())
def test_a_removed_entry_is_named_when_the_gap_is_closed(batches, data):
    """Renumbering what follows does not hide it: those entries stand in the wrong place."""
    with filled([*batches, 1]) as (path, entries):
        number = data.draw(st.integers(1, len(entries) - 1))
        with behind_its_back(path) as database:
            database.execute("DELETE FROM entry WHERE number = ?", (number,))
            for later in range(number + 1, len(entries) + 1):
                database.execute("UPDATE entry SET number = ? WHERE number = ?", (later - 1, later))
        moved = {("reordered", later, later) for later in range(number + 1, len(entries) + 1)}
        assert named(findings(path)) == {("removed", number, number), *moved}


@FEW
@given(BATCHES, st.data())
def test_swapped_entries_are_named(batches, data):
    """Two entries that changed places are both found."""
    with filled([*batches, 1]) as (path, entries):
        numbers = st.integers(1, len(entries))
        one, other = sorted(data.draw(st.lists(numbers, min_size=2, max_size=2, unique=True)))
        with behind_its_back(path) as database:
            for was, becomes in ((one, 0), (other, one), (0, other)):
                database.execute("UPDATE entry SET number = ? WHERE number = ?", (becomes, was))
        assert named(findings(path)) == {("reordered", one, one), ("reordered", other, other)}


@FEW
@given(BATCHES, st.data(), st.booleans())
def test_an_inserted_entry_is_named(batches, data, copied):
    """A forged or doubled entry is found where it stands, the others moved up behind it."""
    with filled(batches) as (path, entries):
        number = data.draw(st.integers(1, len(entries)))
        model = (
            data.draw(st.sampled_from(entries))
            if copied
            else read_entry(facts_of(entries[0]).replace(b"M-001", b"M-999"))
        )
        with behind_its_back(path) as database:
            for later in range(len(entries), number - 1, -1):
                database.execute("UPDATE entry SET number = ? WHERE number = ?", (later + 1, later))
            facts = facts_of(model).decode()
            database.execute(
                "INSERT INTO entry (number, facts, hash) VALUES (?, ?, ?)", (number, facts, model.hash)
            )
        found = named(findings(path))
        # of an entry that stands twice, the one in its own place is taken for the right one
        place = number + 1 if copied and model.number == number else number
        assert {("inserted", place, place), ("unsigned", place, place)} & found


@FEW
@given(BATCHES, st.integers(1, 3))
def test_an_entry_added_at_the_end_without_a_signature_is_named(batches, more):
    """What was never signed is no part of the register, however well it is chained."""
    with filled(batches) as (path, entries):
        end = len(entries)
        with behind_its_back(path) as database:
            for number in range(end + 1, end + more + 1):
                facts = facts_of(entries[-1]).decode().replace(f'"number":{end}', f'"number":{number}')
                digest = hash_of(facts.encode())
                database.execute(
                    "INSERT INTO entry (number, facts, hash) VALUES (?, ?, ?)", (number, facts, digest)
                )
        assert named(findings(path)) == {("unsigned", end + 1, end + more)}


@FEW
@given(BATCHES, st.data(), st.booleans())
def test_a_cut_off_end_is_found_with_or_without_its_heads(batches, data, heads_too):
    """register.head still knows where the register ended when the heads were cut off as well."""
    with filled(batches) as (path, entries):
        keep = data.draw(st.sampled_from(sorted({0, *(old.head for old in entries)} - {len(entries)})))
        with behind_its_back(path) as database:
            database.execute("DELETE FROM entry WHERE number > ?", (keep,))
            if heads_too:
                database.execute("DELETE FROM head WHERE number > ?", (keep,))
        assert named(findings(path)) == {("cut", keep + 1, len(entries))}


@FEW
@given(BATCHES, st.data(), st.sampled_from(["signature", "hash", "number"]))
def test_an_altered_head_is_named(batches, data, column):
    """A head does not hold for another number, hash or signature than its own."""
    with filled(batches) as (path, entries):
        heads = sorted({old.head for old in entries})
        number = data.draw(st.sampled_from(heads))
        value = {
            "signature": "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n",
            "hash": "0" * 64,
        }
        with behind_its_back(path) as database:
            to = value.get(column, 900 + number)
            database.execute(f"UPDATE head SET {column} = ? WHERE number = ?", (to, number))
        at = 900 + number if column == "number" else number
        assert ("head-altered", at, at) in named(findings(path))


@FEW
@given(BATCHES, st.data())
def test_a_removed_head_is_named(batches, data):
    """Each entry says which signature covers it, so that one cannot go missing."""
    with filled(batches) as (path, entries):
        number = data.draw(st.sampled_from([old.head for old in entries]))
        with behind_its_back(path) as database:
            database.execute("DELETE FROM head WHERE number = ?", (number,))
        assert ("head-removed", number, number) in named(findings(path))


@FEW
@given(
    st.data(),
    st.sampled_from([("entry", "facts"), ("entry", "hash"), ("head", "hash"), ("head", "signature")]),
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        st.binary(max_size=9),
        st.just("{}"),
        st.just("[1]"),
    ),
)
def test_nothing_at_all_can_stand_in_a_field_unseen(data, place, value):
    """Verifying never breaks on what it finds, and never takes it for right."""
    table, column = place
    with filled([2, 1]) as (path, _):
        with behind_its_back(path) as database:
            number = data.draw(
                st.sampled_from([row[0] for row in database.execute(f"SELECT number FROM {table}")])
            )
            (old,) = database.execute(f"SELECT {column} FROM {table} WHERE number = ?", (number,)).fetchone()
            assume(old != value)
            database.execute(f"UPDATE {table} SET {column} = ? WHERE number = ?", (value, number))
        assert number in {finding.first for finding in findings(path)}


def test_a_wild_number_does_not_stop_the_check(path):
    """An entry with a huge or negative number is reported like any other that nobody signed."""
    fill(path, [2])
    with behind_its_back(path) as database:
        for number in (-5, 2**62):
            database.execute(
                "INSERT INTO entry (number, facts, hash) SELECT ?, facts, hash FROM entry WHERE number = 1",
                (number,),
            )
    assert {finding.what for finding in findings(path)} == {"unsigned"}


def test_a_wild_number_does_not_hide_a_cut_end(path):
    """The end is where the entries end that follow one another, not where the highest number stands."""
    fill(path, [2, 2])
    with behind_its_back(path) as database:
        for table in ("entry", "head"):
            database.execute(f"DELETE FROM {table} WHERE number > 2")
        database.execute(
            "INSERT INTO entry (number, facts, hash) SELECT 99, facts, hash FROM entry WHERE number = 1"
        )
    assert named(findings(path)) == {("cut", 3, 4), ("unsigned", 99, 99)}


def test_a_head_of_an_unknown_key_is_named(path):
    """Entries that only a stranger has signed count as unsigned, and the stranger's head is reported."""
    fill(path, [2])
    with Register.open(path) as register:
        register.append([entry(3)], STRANGER, AT)
    assert named(findings(path)) == {("unknown-key", 3, 3), ("unsigned", 3, 3)}
    assert findings(path, [*TRUSTED, STRANGER.public_line]) == []


def test_keys_are_known_with_or_without_what_stands_around_them(path):
    """A line of an allowed-signers file, or one with a comment, stands for the same key."""
    fill(path, [1])
    bare = " ".join(ASHA.public_line.split()[:2])
    assert (
        findings(path, [bare]) == findings(path, [f'asha namespaces="{NAMESPACE}" {bare} asha@council']) == []
    )


def test_an_older_register_put_back_whole_is_found(path):
    """An old copy of the database beside the newest register.head is a cut end, and nothing is signed on from it."""
    fill(path, [2])
    old = path.read_bytes()
    fill(path, [2])
    path.write_bytes(old)
    assert named(findings(path)) == {("cut", 3, 4)}
    with Register.open(path) as register, pytest.raises(RegisterError, match="does not fit"):
        register.append([entry()], ASHA, AT)
    assert named(findings(path)) == {("cut", 3, 4)}


def test_a_witness_finds_what_was_written_anew_with_a_right_key(path, tmp_path):
    """Whoever holds a key can write a new register, but not what packs already say of the old one."""
    *_, last = fill(path, [2, 2])
    for file in tmp_path.iterdir():
        file.unlink()
    witness = [(last.number, last.hash)]
    fill(path, [3])
    assert findings(path) == []
    assert named(findings(path, witnesses=witness)) == {("cut", 4, 4)}
    with Register.open(path) as register:
        register.append([entry(7)], BEN, AT)
    assert named(findings(path, witnesses=witness)) == {("witness", 4, 4)}
    with Register.open(path) as register:
        own = register.head()
    assert own is not None
    assert findings(path, witnesses=[(own.number, own.hash)]) == []


@pytest.mark.parametrize("create", [True, False], ids=["to write", "to read"])
def test_a_register_that_is_gone_does_not_begin_again_as_if_nothing_had_been(path, create):
    """With register.head left, it is told that there was one, and nothing is made until that is kept elsewhere."""
    fill(path, [2])
    path.unlink()
    with pytest.raises(RegisterError, match="is gone") as error:
        Register.open(path, create=create)
    assert "Restore both" in error.value.hint
    assert not path.exists()
    path.with_suffix(".head").rename(path.with_name("evidence.head"))
    fill(path, [1])
    assert findings(path) == []


def test_a_register_that_never_had_an_entry_may_be_made_again(path):
    """register.head of a register without entries is no trace of a loss."""
    fill(path, [])
    path.unlink()
    with pytest.raises(RegisterError, match="no register at"):
        Register.open(path, create=False)
    fill(path, [1])
    assert findings(path) == []


@pytest.mark.parametrize("batches", [[2], [2, 1]], ids=["the first writing", "a later one"])
def test_a_crash_before_register_head_is_no_alarm_and_is_made_good(path, tmp_path, batches):
    """register.head may lag behind the database by one writing; reading leaves it so, the next writing begins by mending it."""
    beside = tmp_path / "register.head"
    fill(path, batches[:-1])
    before = beside.read_bytes()
    fill(path, batches[-1:])
    newest = beside.read_bytes()
    beside.write_bytes(before)
    assert findings(path) == []
    assert beside.read_bytes() == before
    with Register.open(path) as register, register.writing():
        assert beside.read_bytes() == newest
    assert findings(path) == []


def test_a_register_head_older_than_a_crash_leaves_it_is_found_and_not_signed_over(path, tmp_path):
    """Lagging by two writings is somebody's doing: it is told, nothing is appended, and the file stays as it is."""
    beside = tmp_path / "register.head"
    fill(path, [1])
    old = beside.read_bytes()
    fill(path, [1, 1])
    beside.write_bytes(old)
    assert named(findings(path)) == {("head-old", 0, 0)}
    with Register.open(path) as register:
        with register.writing():
            pass
        with pytest.raises(RegisterError, match="older than a crash"):
            register.append([entry()], ASHA, AT)
    assert beside.read_bytes() == old


def cut_off(path: Path, keep: int) -> None:
    with behind_its_back(path) as database:
        for table in ("entry", "head"):
            database.execute(f"DELETE FROM {table} WHERE number > ?", (keep,))


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_a_missing_register_head_is_told_and_never_made_anew_in_silence(path, keep):
    """Whether or not the end was cut off as well, it is a finding; neither reading nor appending puts a new one there."""
    fill(path, [1, 1, 1])
    cut_off(path, keep)
    beside = path.with_suffix(".head")
    beside.unlink()
    assert named(findings(path)) == {("head-missing", 0, 0)}
    with Register.open(path) as register:
        with register.writing():
            pass
        with pytest.raises(RegisterError, match=r"register\.head, is missing") as error:
            register.append([entry()], ASHA, AT)
    assert "mend" in error.value.hint
    assert not beside.exists()


def test_reading_writes_nothing(path, tmp_path):
    """Opening to read leaves every file as it was, also an empty one in the register's place."""
    fill(path, [1, 1])
    path.with_suffix(".head").unlink()
    before = path.read_bytes()
    with Register.open(path, create=False) as register:
        assert register.verify(TRUSTED)
        assert len(register.entries()) == 2
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (before, [path])
    path.write_bytes(b"")
    with pytest.raises(RegisterError, match="not a register of shares"):
        Register.open(path, create=False)
    assert path.read_bytes() == b""


def test_mending_leaves_a_trace_and_the_register_goes_on(path):
    """The entry that accepts the loss is signed, register.head is there again, and appending works."""
    fill(path, [1, 1])
    path.with_suffix(".head").unlink()
    with Register.open(path, create=False) as register:
        written = register.mend(entry(note="accepted"), ASHA, AT)
        assert (written.number, written.note) == (3, "accepted")
        assert register.verify(TRUSTED) == []
        register.append([entry()], BEN, AT)
        assert register.verify(TRUSTED) == []
        with pytest.raises(RegisterError, match="nothing to mend"):
            register.mend(entry(), ASHA, AT)
        assert len(register.entries()) == 4


def test_mending_does_not_cover_entries_cut_off_below_their_signature(path):
    """Where the signatures tell of more entries than there are, nothing is signed on."""
    fill(path, [2, 2])
    path.with_suffix(".head").unlink()
    with behind_its_back(path) as database:
        database.execute("DELETE FROM entry WHERE number > 2")
    with Register.open(path) as register, pytest.raises(RegisterError, match="does not fit"):
        register.mend(entry(), ASHA, AT)


HELD = PackHeld("P-AAAA-0002", "housing", "2026-12-08-marac", frozenset({"M-001"}))


@pytest.mark.parametrize(
    ("held", "found"),
    [
        pytest.param(HELD, set(), id="the pack as it was sealed"),
        pytest.param(replace(HELD, pack="P-AAAA-0009"), {("pack-missing", 0, 0)}, id="a pack without an entry"),
        pytest.param(replace(HELD, agency="police"), {("pack-differs", 2, 2)}, id="another agency"),
        pytest.param(replace(HELD, meeting="2026-12-09-marac"), {("pack-differs", 2, 2)}, id="another meeting"),
        pytest.param(replace(HELD, cases=frozenset()), {("pack-differs", 2, 2)}, id="other cases"),
    ],
)
def test_a_pack_that_an_agency_holds_has_its_entry(path, held, found):
    """The entry must be there, and tell the same agency, meeting and cases."""
    with Register.open(path) as register:
        register.append([sealed("a", "P-AAAA-0001")], ASHA, AT)
        register.append([sealed("b", "P-AAAA-0002")], ASHA, AT)
    assert named(findings(path, witnesses=[(1, "0" * 64)])) == {("witness", 1, 1)}
    assert named(findings(path, witnesses=[(0, "0" * 64), held])) == found


def test_a_pack_whose_own_entry_was_cut_off_finds_it(path):
    """The end before the pack still fits, but the pack is not on record any more, whatever lies in register.head."""
    with Register.open(path) as register:
        (first,) = register.append([sealed("a", "P-AAAA-0001")], ASHA, AT)
    early = path.with_suffix(".head").read_bytes()
    with Register.open(path) as register:
        register.append([sealed("b", "P-AAAA-0002")], ASHA, AT)
    cut_off(path, 1)
    path.with_suffix(".head").write_bytes(early)
    assert findings(path) == []
    found = findings(path, witnesses=[(1, first.hash), HELD])
    assert named(found) == {("pack-missing", 0, 0)}
    assert "P-AAAA-0002" in found[0].message


@pytest.mark.parametrize(
    "text", ["", "rubbish", "sealpack-register-head-v1\n1\n"], ids=["empty", "rubbish", "cut"]
)
def test_an_altered_register_head_is_found_and_kept_as_evidence(path, tmp_path, text):
    """It is reported, not written over."""
    fill(path, [2])
    (tmp_path / "register.head").write_text(text)
    assert {finding.what for finding in findings(path)} >= {"head-altered"}
    with Register.open(path) as register, pytest.raises(RegisterError):
        register.append([entry()], ASHA, AT)
    assert (tmp_path / "register.head").read_text() == text


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, which Windows has not")
def test_two_who_write_at_once_make_one_chain(path):
    """Entries of two processes come one after the other, none lost, and register.head has the last."""
    children = []
    for signer in (ASHA, BEN):
        if (child := os.fork()) == 0:
            with contextlib.suppress(BaseException):
                with Register.open(path) as register:
                    for number in range(15):
                        register.append([entry(number), entry(number)], signer, AT)
                os._exit(0)
            os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    with Register.open(path) as register:
        assert [written.number for written in register.entries()] == list(range(1, 61))
        assert register.verify(TRUSTED) == []
        assert register.head() == register._kept()


def test_a_busy_register_says_so(path, monkeypatch):
    """Who cannot get in after a while is told to try again, not shown a database's error."""
    monkeypatch.setattr(register_file, "_BUSY_SECONDS", 0.01)
    fill(path, [1])
    with Register.open(path) as one, Register.open(path) as other, one.writing():
        with pytest.raises(RegisterError, match="Somebody else is writing") as error:
            other.append([entry()], ASHA, AT)
        assert error.value.hint.startswith("Try again in a minute.")
        assert "cannot lock files" in error.value.hint


def test_a_signer_with_another_key_than_it_names_writes_nothing(path):
    """A head that could not be verified later is refused at once, and the entries with it."""
    wrong = Signer(ASHA.sign, BEN.public_line)
    with Register.open(path) as register:
        with pytest.raises(ValueError, match="does not fit the public key"):
            register.append([entry()], wrong, AT)
        assert register.entries() == ()
        register.append([entry()], ASHA, AT)
        assert register.verify(TRUSTED) == []


def test_the_same_content_is_sealed_once(path):
    """A second entry for a content is not written; the one on record comes back in its place."""
    with Register.open(path) as register:
        (first,) = register.append([sealed("a", "P-AAAA-0001")], ASHA, AT)
        again, new = register.append([sealed("a", "P-AAAA-0002"), sealed("b", "P-AAAA-0003")], ASHA, AT)
        assert again == first
        assert new.number == 2
        assert register.pack("P-AAAA-0002") is None
        twice = register.append([sealed("c", "P-AAAA-0004"), sealed("c", "P-AAAA-0005")], ASHA, AT)
        assert [one.pack for one in twice] == ["P-AAAA-0004", "P-AAAA-0004"]
        assert register.verify(TRUSTED) == []


def test_a_superseded_pack_is_no_longer_in_force(path):
    """Going back to an earlier content makes a new pack, since the agency was told to use the later one."""
    with Register.open(path) as register:
        (first,) = register.append([sealed("a", "P-AAAA-0001")], ASHA, AT)
        assert register.already_sealed(first.content) == first
        (second,) = register.append([sealed("b", "P-AAAA-0002", supersedes="P-AAAA-0001")], ASHA, AT)
        assert register.already_sealed(first.content) is None
        assert register.packs(meeting="2026-12-08-marac", agency="housing") == (second,)
        (third,) = register.append([sealed("a", "P-AAAA-0003", supersedes="P-AAAA-0002")], ASHA, AT)
        assert register.packs() == (third,)
        assert register.pack("P-AAAA-0001") == first


def test_entries_are_found_by_whom_and_what_they_concern(path):
    """Agency, meeting, case and day narrow the list together."""
    with Register.open(path) as register:
        register.append([entry(1, agency="police"), entry(2, agency="housing", meeting="m-1")], ASHA, AT)
        register.append([entry(1, agency="housing")], BEN, AT + timedelta(days=1))
        numbers = lambda **asked: [found.number for found in register.entries(**asked)]  # noqa: E731 - shorter to read below
        assert numbers() == [1, 2, 3]
        assert numbers(agency="housing") == [2, 3]
        assert numbers(case="M-001") == [1, 3]
        assert numbers(meeting="m-1") == [2]
        assert numbers(agency="housing", case="M-001") == [3]
        assert numbers(since=date(2026, 12, 2)) == [3]
        assert numbers(case="M-0") == []


def _text(path: Path) -> None:
    path.write_text("Dear all, this is the register.\n" * 200)


def _other_database(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE entry (number INTEGER)")
    database.close()


def _newer(path: Path) -> None:
    fill(path, [1])
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(_text, "not a register of shares", id="a text"),
        pytest.param(_other_database, "not a register of shares", id="another database"),
        pytest.param(_newer, "newer sealpack", id="a register of a later version"),
        pytest.param(Path.mkdir, "cannot be opened", id="a folder"),
    ],
)
def test_what_is_no_register_is_refused_in_words_and_left_alone(path, make, words):
    """The file is named, the cure is given, and no byte is changed."""
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(RegisterError, match=words) as error:
        Register.open(path)
    assert error.value.hint
    assert "register.sqlite" in str(error.value)
    assert before == (path.read_bytes() if path.is_file() else None)


def test_asking_for_a_register_that_is_not_there_makes_none(path):
    """Showing or verifying must not leave an empty register behind."""
    with pytest.raises(RegisterError, match="There is no register"):
        Register.open(path, create=False)
    assert not path.exists()


def test_an_entry_that_cannot_be_read_is_named(path):
    """Listing says which entry is at fault and where to ask, without a word of it."""
    fill(path, [2])
    with behind_its_back(path) as database:
        database.execute("""UPDATE entry SET facts = '{"by":"Asha Invented"}' WHERE number = 2""")
    with (
        Register.open(path) as register,
        pytest.raises(RegisterError, match=r"Entry 2 of register\.sqlite") as error,
    ):
        register.entries()
    assert "Asha" not in str(error.value) + error.value.hint


@pytest.mark.parametrize(
    "facts",
    [
        {"cases": ("Jane Invented",)},
        {"agency": "housing team"},
        {"pack": "../P-1"},
        {"digest": "ABC"},
        {"kind": "Sealed pack"},
        {"by": ""},
        {"withheld": (WithheldItem("SHARE-11", "Jane Invented"),)},
        {"decisions": (DecisionTaken("Jane Invented", "M-1", "x", "y", "z", DAY),)},
    ],
    ids=lambda facts: next(iter(facts)),
)
def test_a_reference_is_no_place_for_a_name(facts):
    """What has not the shape of a reference is a programmer's mistake, and is not repeated."""
    with pytest.raises(ValueError, match=r".") as error:
        entry(**facts)
    assert "Jane" not in str(error.value)


def test_half_a_character_writes_nothing(path):
    """Text that UTF-8 cannot hold is refused before anything is written."""
    with Register.open(path) as register:
        with pytest.raises(ValueError, match="half a character"):
            register.append([entry(1), entry(2, note="\ud800")], ASHA, AT)
        assert register.entries() == ()


def test_nothing_personal_shows_in_a_repr(path):
    """Names, purposes, reasons and notes stay out of what a log might catch."""
    told = entry(
        by="Asha Invented",
        purpose="secret-1",
        note="secret-2",
        decisions=(DecisionTaken("SHARE-3", "M-1", "Ben Invented", "chair", "secret-3", DAY),),
    )
    with Register.open(path) as register:
        shown = repr((told, register.append([told], ASHA, AT), register.head(), ASHA, register))
    assert not any(word in shown for word in ("Invented", "secret", "SIGNATURE"))
