"""The outbox: each pack is on record before it is seen, and there once, whatever happened in between."""

import contextlib
import hashlib
import os
import secrets
import signal
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys import sshsig
from pipeline.outbox import OutboxError, Recovered, SealedPack, deliver, recover
from pipeline.register import Entry, Register, RegisterError, Signer

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
SIGNER = Signer(
    lambda message, namespace: sshsig.sign(KEY, message, namespace), sshsig.public_line(KEY.public_key())
)
AGENCIES = ("housing", "police", "childrens-services")
# What changes something outside the process, or makes it last: a crash is tried before each such call.
STEPS = {"open", "write", "fsync", "close", "link", "unlink", "rename", "replace", "mkdir", "execute", "sign"}

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, which Windows has not")


def content(agency: str) -> str:
    return hashlib.sha256(f"2026-12-08-marac {agency}".encode()).hexdigest()


def pack(agency: str, number: str | None = None, **facts) -> SealedPack:
    """Seal anew: another number and other bytes each time, as sealing does."""
    number = number or f"P-{secrets.token_hex(2).upper()}-{secrets.token_hex(2).upper()}"
    basic = {
        "kind": "sealed",
        "day": date(2026, 12, 1),
        "by": "Asha Invented",
        "role": "MARAC co-ordinator",
        "meeting": "2026-12-08-marac",
        "agency": agency,
        "pack": number,
        "file": f"{number}_{agency}_brackenford.age",
        "content": content(agency),
    }
    return SealedPack(Entry(**{**basic, **facts}), b"age-encryption.org/v1\n" + secrets.token_bytes(1000))


def run(area: Path) -> Recovered:
    """Do what a command does: finish what was left, then seal and deliver what is not on record."""
    with Register.open(area / "register.sqlite") as register:
        found = recover(area / "outbox", register)
        due = [pack(agency) for agency in AGENCIES if register.already_sealed(content(agency)) is None]
        if due:
            deliver(area / "outbox", register, due, SIGNER, AT)
    return found


def assert_each_pack_once(area: Path) -> None:
    with Register.open(area / "register.sqlite") as register:
        entries = register.entries()
        assert register.verify([SIGNER.public_line]) == []
    assert sorted(entry.agency for entry in entries) == sorted(AGENCIES)
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (area / "outbox").iterdir()}
    assert digests == {entry.file: entry.digest for entry in entries}
    assert sorted(path.name for path in area.iterdir()) == ["outbox", "register.head", "register.sqlite"]


def in_a_child(work: Callable[[], object]) -> int:
    """Run in a process of its own, and return how it ended: 0, 1 after an exception, or the signal as a negative."""
    if (child := os.fork()) == 0:
        with contextlib.suppress(BaseException):
            work()
            os._exit(0)
        os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_before(step: int, area: Path) -> bool:
    """Run, killed with the power still on before the given step from outside Python; false if the run came to its end."""

    def work() -> None:
        left = step

        def watch(_frame: object, event: str, call: object) -> None:
            nonlocal left
            if event == "c_call" and getattr(call, "__name__", "") in STEPS:
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(watch)
        run(area)
        sys.setprofile(None)

    ended = in_a_child(work)
    assert ended in (0, -signal.SIGKILL)
    return ended != 0


def test_packs_are_on_record_and_in_the_outbox_under_their_names(tmp_path):
    """A delivery leaves one file and one entry for each pack, with the digest of its bytes, and nothing else."""
    run(tmp_path)
    assert_each_pack_once(tmp_path)


def test_a_second_run_delivers_nothing_again(tmp_path):
    """What is on record is not sealed twice, though sealing gives other bytes."""
    run(tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "outbox").iterdir()}
    assert run(tmp_path) == Recovered()
    assert before == {path: path.read_bytes() for path in (tmp_path / "outbox").iterdir()}


@needs_fork
def test_killed_at_any_step_a_second_run_finishes(tmp_path):
    """Whatever call the first run dies before, the next leaves each pack once on record and once in the outbox."""
    step = 0
    states = set()
    while True:
        area = tmp_path / str(step)
        area.mkdir()
        if not killed_before(step, area):
            break
        left = [path.name for path in (area / "outbox").iterdir()] if (area / "outbox").exists() else []
        assert all(name.startswith((".pending-P-", "P-")) for name in left)
        found = run(area)
        states.add((found.removed, len(found.finished)))
        assert_each_pack_once(area)
        step += 1
    assert_each_pack_once(area)
    # the run died in each of its stages: pending not on record, on record and pending, some and all named
    assert states >= {(0, 0), (1, 0), (3, 0), (0, 3), (0, 1)}


@needs_fork
def test_killed_while_it_mends_a_third_run_finishes(tmp_path):
    """A recovery that dies as well loses nothing either."""
    for first in (30, 45, 60, 75):
        for second in range(0, 60, 4):
            area = tmp_path / f"{first}-{second}"
            area.mkdir()
            killed_before(first, area)
            killed_before(second, area)
            run(area)
            assert_each_pack_once(area)


@needs_fork
def test_two_co_ordinators_at_once_deliver_each_pack_once(tmp_path):
    """Neither takes the other's pending files for leftovers, and no pack is made twice."""
    for attempt in range(5):
        area = tmp_path / str(attempt)
        area.mkdir()
        go = area.parent / f"go-{attempt}"
        children = []
        for _ in range(3):
            if (child := os.fork()) == 0:
                with contextlib.suppress(BaseException):
                    while not go.exists():
                        pass
                    run(area)
                    os._exit(0)
                os._exit(1)
            children.append(child)
        go.touch()
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
        assert_each_pack_once(area)


@needs_fork
def test_a_full_disk_leaves_nothing_and_records_nothing(tmp_path):
    """When a pack cannot be written whole, none of the delivery is there, and the message says what to do."""
    import resource  # Windows has none

    def work() -> None:
        with Register.open(tmp_path / "register.sqlite") as register:
            resource.setrlimit(
                resource.RLIMIT_FSIZE, (200_000, 200_000)
            )  # longer files stop short, as on a full disk
            large = SealedPack(pack("police").entry, b"age-encryption.org/v1\n" + bytes(300_000))
            with pytest.raises(OutboxError, match="cannot be read or written") as error:
                deliver(tmp_path / "outbox", register, [pack("housing"), large], SIGNER, AT)
            assert "disk is not full" in error.value.hint

    assert in_a_child(work) == 0
    assert list((tmp_path / "outbox").iterdir()) == []
    with Register.open(tmp_path / "register.sqlite") as register:
        assert register.entries() == ()


def test_a_name_that_is_taken_is_refused_before_anything_is_recorded(tmp_path):
    """Somebody else's file is left as it is, and said which."""
    (tmp_path / "P-AAAA-0001_housing_brackenford.age").write_text("mine")
    with Register.open(tmp_path / "register.sqlite") as register:
        with pytest.raises(OutboxError, match=r"P-AAAA-0001_housing_brackenford\.age"):
            deliver(tmp_path, register, [pack("police"), pack("housing", "P-AAAA-0001")], SIGNER, AT)
        assert register.entries() == ()
    assert (tmp_path / "P-AAAA-0001_housing_brackenford.age").read_text() == "mine"
    assert not list(tmp_path.glob(".pending*"))


def test_a_name_taken_between_two_runs_blocks_only_its_pack(tmp_path):
    """The pack stays pending, and comes out when the other file is gone."""
    other = tmp_path / "P-AAAA-0001_housing_brackenford.age"
    one = pack("housing", "P-AAAA-0001")
    with Register.open(tmp_path / "register.sqlite") as register:
        (recorded,) = deliver(tmp_path, register, [one], SIGNER, AT)
        other.rename(tmp_path / ".pending-P-AAAA-0001.age")
        other.write_text("mine")
        assert recover(tmp_path, register) == Recovered(blocked=(recorded,))
        other.unlink()
        assert recover(tmp_path, register) == Recovered(finished=(recorded,))
    assert other.read_bytes() == one.data


def test_where_no_hard_links_are_packs_are_renamed(tmp_path, monkeypatch):
    """A share that refuses hard links gets its packs too, and keeps other people's files."""

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    run(tmp_path)
    assert_each_pack_once(tmp_path)


def test_a_pack_that_was_sent_is_told_as_gone(tmp_path):
    """A file that somebody moved is neither an error nor made again."""
    run(tmp_path)
    next((tmp_path / "outbox").glob("*_police_*")).unlink()
    assert [entry.agency for entry in run(tmp_path).gone] == ["police"]
    assert len(list((tmp_path / "outbox").iterdir())) == 2


def test_a_replaced_pack_still_lying_there_is_told_as_stale(tmp_path):
    """A file whose pack a later one supersedes is named, so that nobody sends it; it is no longer missed when it goes."""
    run(tmp_path)
    with Register.open(tmp_path / "register.sqlite") as register:
        (old,) = register.packs(agency="housing")
        new = pack("housing", content="0" * 64, supersedes=old.pack)
        deliver(tmp_path / "outbox", register, [new], SIGNER, AT)
        assert recover(tmp_path / "outbox", register) == Recovered(stale=(old.file,))
        (tmp_path / "outbox" / old.file).unlink()
        assert recover(tmp_path / "outbox", register) == Recovered()


def test_a_pending_file_that_is_not_what_was_registered_is_left_and_told(tmp_path):
    """Bytes that were altered on the disk never get the name of a pack."""
    run(tmp_path)
    (police,) = (tmp_path / "outbox").glob("*_police_*")
    pending = police.with_name(f".pending-{police.name[:11]}.age")
    pending.write_bytes(b"altered")
    police.unlink()
    found = run(tmp_path)
    assert [entry.agency for entry in found.damaged] == ["police"]
    assert found.gone == ()
    assert pending.exists()


def test_other_peoples_files_are_left_alone(tmp_path):
    """Only what bears the name of a pending pack is ever taken away."""
    (tmp_path / "outbox").mkdir()
    names = [".pending-notes.age", ".pending-P-AAAA-0001.age.txt", "list.xlsx", ".DS_Store", "P-AAAA-0001.age"]
    for name in names:
        (tmp_path / "outbox" / name).write_text("mine")
    run(tmp_path)
    assert {path.name for path in (tmp_path / "outbox").iterdir()} >= set(names)


def test_a_register_that_was_cut_takes_no_packs(tmp_path):
    """The delivery fails with the register's words, and leaves the outbox as it was."""
    run(tmp_path)
    before = sorted((tmp_path / "outbox").iterdir())
    (tmp_path / "register.sqlite").unlink()
    with pytest.raises(RegisterError, match=r"register\.sqlite is gone"):
        run(tmp_path)
    assert sorted((tmp_path / "outbox").iterdir()) == before


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"file": "P-AAAA-0002_housing_brackenford.age"}, id="the name of another pack"),
        pytest.param({"file": "P-AAAA-0001_housing.age"}, id="no sender"),
        pytest.param({"file": "P-AAAA-0001_Jane Invented_brackenford.age"}, id="a person's name"),
        pytest.param({"file": "P-AAAA-0001_housing_brackenford.zip"}, id="not sealed by its name"),
        pytest.param({"file": "../P-AAAA-0001_housing_brackenford.age"}, id="another folder"),
        pytest.param({"file": "P-AAAA-0001_housing_brackenford.age\n"}, id="a line feed"),
        pytest.param({"kind": "note"}, id="not a sealing"),
        pytest.param({"content": ""}, id="no content"),
        pytest.param({"pack": "1"}, id="no pack number"),
    ],
)
def test_a_pack_is_named_by_number_agency_and_sender_only(facts):
    """Any other name or entry is a programmer's mistake, and is not repeated."""
    with pytest.raises(ValueError, match=r".") as error:
        pack("housing", "P-AAAA-0001", **facts)
    assert "Jane" not in str(error.value)


def test_nothing_but_sealed_bytes_comes_to_an_outbox():
    """Bytes that do not begin as a sealed file are refused, and a pack never shows its bytes."""
    one = pack("housing")
    with pytest.raises(ValueError, match="sealed"):
        SealedPack(one.entry, b"PK\x03\x04 the papers")
    assert "age-encryption" not in repr(one)
    assert "Invented" not in repr(one)


@pytest.mark.parametrize("same", ["pack", "content"])
def test_a_delivery_has_each_pack_once(tmp_path, same):
    """Two packs under one number, or of one content, are a programmer's mistake and leave nothing."""
    one, other = pack("housing", "P-AAAA-0001"), pack("police", "P-AAAA-0002")
    if same == "pack":
        other = pack("police", "P-AAAA-0001")
    else:
        other = pack("police", "P-AAAA-0002", content=one.entry.content)
    with Register.open(tmp_path / "register.sqlite") as register, pytest.raises(ValueError, match="of its own"):
        deliver(tmp_path / "outbox", register, [one, other], SIGNER, AT)
    assert not (tmp_path / "outbox").exists()


def test_a_pack_is_refused_when_a_colleague_has_replaced_the_same_one_meanwhile(tmp_path):
    """Two runs that saw other things make other packs for an agency; the later is told to run again, and leaves nothing."""
    run(tmp_path)
    before = len(list((tmp_path / "outbox").iterdir()))
    with Register.open(tmp_path / "register.sqlite") as register:
        (old,) = register.packs(agency="housing")
        mine, other = (pack("housing", content=digit * 64, supersedes=old.pack) for digit in "12")
        deliver(tmp_path / "outbox", register, [other], SIGNER, AT)
        with pytest.raises(OutboxError, match=f"somebody else has sealed the pack {other.entry.pack}") as error:
            deliver(tmp_path / "outbox", register, [pack("fire"), mine], SIGNER, AT)
        assert "Run again" in error.value.hint
        assert [entry.pack for entry in register.packs(agency="housing")] == [other.entry.pack]
        assert register.packs(agency="fire") == ()
    assert len(list((tmp_path / "outbox").iterdir())) == before + 1


def test_a_pack_that_a_colleague_named_first_is_no_stranger_s_file(tmp_path, monkeypatch):
    """Where no hard links are, a pack that has its name already with the right bytes is done, and its pending file goes."""

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    with Register.open(tmp_path / "register.sqlite") as register:
        (recorded,) = deliver(tmp_path, register, [pack("housing")], SIGNER, AT)
        pending = tmp_path / f".pending-{recorded.pack}.age"
        pending.write_bytes((tmp_path / recorded.file).read_bytes())
        assert recover(tmp_path, register) == Recovered(finished=(recorded,))
    assert not pending.exists()
