"""Several people in one register at once: one chain, nothing lost, whoever dies on the way and however the folder behaves."""

import contextlib
import multiprocessing
import os
import re
import shutil
import signal
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from borough import MEETING, TODAY, Borough, child
from test_register import ASHA, AT, BEN, TRUSTED, entry, fill, findings

from pipeline import durable
from pipeline.register import Entry, Register, RegisterError
from pipeline.register import file as register_file
from pipeline.register.entry import BEFORE_THE_FIRST, facts_of, hash_of

SIGNERS = (ASHA, BEN)
WRITINGS = 20
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, which Windows has not")
on_posix = pytest.mark.skipif(os.name != "posix", reason="an open file cannot be replaced on Windows")
PROCESSES = multiprocessing.get_context("spawn")


def write_many(path: Path, who: int, go: object) -> None:
    """Append one entry or two at a time, each time through a connection of its own or the same for a while."""
    go.wait()
    for batch in range(0, WRITINGS, 5):
        with Register.open(path) as register:
            for number in range(batch, batch + 5):
                made = [entry(note=f"{who} {number} {part}") for part in range(1 + number % 2)]
                register.append(made, SIGNERS[who % 2], AT)


def verify_often(path: Path, stop: object, told: object) -> None:
    """Verify again and again while others write."""
    found, times = [], 0
    while not stop.is_set() or not times:
        with Register.open(path, create=False) as register:
            found += register.verify(TRUSTED)
        times += 1
    told.put((times, [one.message for one in found]))


def assert_one_chain(path: Path) -> tuple[str, ...]:
    """Check numbers, chain, signatures and register.head, by hand and by the program; return the notes."""
    assert findings(path) == []
    with Register.open(path, create=False) as register:
        entries = register.entries()
        assert register.head() == register._kept()
    previous = BEFORE_THE_FIRST
    for number, one in enumerate(entries, start=1):
        assert (one.number, one.previous) == (number, previous)
        previous = hash_of(facts_of(one))
    return tuple(one.note for one in entries)


def test_many_writers_make_one_chain_while_others_read(path):
    """Four processes with two keys lose nothing and leave no gap; who verifies meanwhile never finds anything."""
    fill(path, [1])
    go, stop, told = PROCESSES.Event(), PROCESSES.Event(), PROCESSES.Queue()
    reader = PROCESSES.Process(target=verify_often, args=(path, stop, told))
    writers = [PROCESSES.Process(target=write_many, args=(path, who, go)) for who in range(4)]
    for one in (reader, *writers):
        one.start()
    go.set()
    for one in writers:
        one.join(120)
    stop.set()
    times, found = told.get(timeout=60)
    reader.join(60)
    assert [one.exitcode for one in (*writers, reader)] == [0] * 5
    assert (times > 0, found) == (True, [])
    _, *notes = assert_one_chain(path)
    for who in range(4):
        mine = [note for note in notes if note.startswith(f"{who} ")]
        assert mine == [
            f"{who} {number} {part}" for number in range(WRITINGS) for part in range(1 + number % 2)
        ]
    assert len(notes) == 4 * (WRITINGS + WRITINGS // 2)


@needs_fork
def test_the_first_writers_of_all_make_one_register(tmp_path):
    """Who begins a register at the same moment as somebody else writes in the same one."""
    for attempt in range(5):
        (tmp_path / str(attempt)).mkdir()
        path = tmp_path / str(attempt) / "register.sqlite"
        go = PROCESSES.Event()
        writers = [
            multiprocessing.get_context("fork").Process(target=write_many, args=(path, who, go))
            for who in (0, 1)
        ]
        for one in writers:
            one.start()
        go.set()
        for one in writers:
            one.join(60)
        assert [one.exitcode for one in writers] == [0, 0]
        assert len(assert_one_chain(path)) == 2 * (WRITINGS + WRITINGS // 2)


# What changes something outside the process, or makes it last: a crash is tried before each such call.
STEPS = {"open", "write", "fsync", "close", "replace", "execute", "sign"}


def killed_before(step: int, path: Path) -> bool:
    """Append in a process that is killed before the given step from outside Python; false if it came to its end."""
    if (pid := os.fork()) == 0:
        left = step

        def watch(_frame: object, event: str, call: object) -> None:
            nonlocal left
            if event == "c_call" and getattr(call, "__name__", "") in STEPS:
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        with contextlib.suppress(BaseException):
            sys.setprofile(watch)
            with Register.open(path) as register:
                register.append([entry(2), entry(3)], BEN, AT)
            sys.setprofile(None)
            os._exit(0)
        os._exit(1)
    ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert ended in (0, -signal.SIGKILL)
    return ended != 0


@needs_fork
def test_a_writer_that_is_killed_is_in_nobody_s_way(path):
    """Whatever it dies before, its two entries are there or neither is; a colleague's open register reads and writes on."""
    fill(path, [1])
    files = {one.name: one.read_bytes() for one in path.parent.iterdir()}
    seen = set()
    step = 0
    while True:
        for one in path.parent.iterdir():
            one.unlink()
        for name, data in files.items():
            (path.parent / name).write_bytes(data)
        with Register.open(path) as colleague:
            died = killed_before(step, path)
            assert colleague.verify(TRUSTED) == []
            seen.add(len(colleague.entries()))
            (written,) = colleague.append([entry(9)], ASHA, AT)
            assert written.number in (2, 4)
        assert len(assert_one_chain(path)) == written.number
        assert {one.name for one in path.parent.iterdir()} <= {*files, "register.head.part"}
        if not died:
            break
        step += 1
    assert step > 10
    assert seen == {1, 3}


def test_who_reads_during_a_writing_sees_what_was_there_before_it(path):
    """What is not finished is not seen, and neither verifying nor listing has to wait for it."""
    fill(path, [2])
    with Register.open(path) as writer, Register.open(path, create=False) as reader:
        with writer.writing():
            writer.append([entry(3)], ASHA, AT)
            assert len(reader.entries()) == 2
            assert reader.verify(TRUSTED) == []
        assert len(reader.entries()) == 3
        assert reader.verify(TRUSTED) == []


def test_a_writing_that_fails_lets_the_next_in(path):
    """What went wrong inside leaves no lock and no entry."""

    def broken() -> Iterator[Entry]:
        yield entry(2)
        raise KeyboardInterrupt

    fill(path, [1])
    with Register.open(path) as one, Register.open(path) as other:
        with pytest.raises(KeyboardInterrupt):
            one.append(broken(), ASHA, AT)
        other.append([entry(2)], BEN, AT)
    assert len(assert_one_chain(path)) == 2


@on_posix
@pytest.mark.parametrize("renamed", [False, True], ids=["written over it", "put in its place"])
def test_an_older_copy_put_there_while_somebody_works_is_not_written_on(path, renamed):
    """Whoever has the register open is refused, and so is everybody after; the newest signature stays as evidence."""
    fill(path, [2])
    copy = shutil.copy(path, path.with_name("copy"))
    fill(path, [1, 1])
    newest = path.with_suffix(".head").read_bytes()
    with Register.open(path) as opened:
        assert len(opened.entries()) == 4
        if renamed:
            os.replace(copy, path)  # noqa: PTH105 - as a back-up program does
        else:
            path.write_bytes(Path(copy).read_bytes())
        with pytest.raises(RegisterError, match=r"does not fit|cannot be opened or written"):
            opened.append([entry(9)], ASHA, AT)
    with Register.open(path) as opened, pytest.raises(RegisterError, match="does not fit"):
        opened.append([entry(9)], ASHA, AT)
    assert path.with_suffix(".head").read_bytes() == newest
    assert {(one.what, one.first, one.last) for one in findings(path)} == {("cut", 3, 4)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "register.sqlite"


def connecting(monkeypatch, option: str) -> None:
    """Open every database in another way than usual (sqlite.org/uri.html)."""
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3,
        "connect",
        lambda path, **rest: connect(f"{path.absolute().as_uri()}?{option}", uri=True, **rest),
    )


@on_posix
def test_where_nothing_is_locked_the_one_whose_colleague_wrote_in_between_is_told(path, monkeypatch):
    """On a share that only says that it locks, two begin at one entry: it is told at once, and nothing is signed on from there."""
    connecting(monkeypatch, "vfs=unix-none")
    fill(path, [1, 1])
    with Register.open(path) as one, Register.open(path) as other:

        def while_a_colleague_writes() -> Iterator[Entry]:
            other.append([entry(8)], BEN, AT)
            yield entry(7)

        with pytest.raises(RegisterError, match="at the same time") as error:
            one.append(while_a_colleague_writes(), ASHA, AT)
        assert "a folder that locks" in error.value.hint
        with pytest.raises(RegisterError):
            one.append([entry(7)], ASHA, AT)
    with Register.open(path) as register, pytest.raises(RegisterError, match="does not fit"):
        register.append([entry(9)], ASHA, AT)
    assert ("witness", 3, 3) in {(one.what, one.first, one.last) for one in findings(path)}


@on_posix
def test_where_nothing_is_locked_the_one_whose_entries_were_written_over_is_told(path, monkeypatch):
    """Who wrote first, and looks at the disk after the colleague has written over it, misses his or her own entry."""
    connecting(monkeypatch, "vfs=unix-none")
    fill(path, [1, 1])
    before = path.read_bytes()
    other = path.with_name("other")
    other.mkdir()
    for name in ("register.sqlite", "register.head"):
        shutil.copy(path.with_name(name), other)
    fill(other / "register.sqlite", [1])
    with Register.open(path) as one:
        keep = one._keep_head

        def keep_and_lose(**options: bool) -> None:
            keep(**options)
            if path.read_bytes() != before:
                path.write_bytes((other / "register.sqlite").read_bytes())

        one._keep_head = keep_and_lose
        with pytest.raises(RegisterError, match="at the same time"):
            one.append([entry(7), entry(7)], BEN, AT)


def test_who_cannot_get_in_again_leaves_the_head_to_the_next(path, monkeypatch):
    """A writing that is on the disk is not told as failed because a colleague holds the lock afterwards."""
    monkeypatch.setattr(register_file, "_BUSY_SECONDS", 0.01)
    fill(path, [1])
    lagging = path.with_suffix(".head").read_bytes()
    with Register.open(path) as one, Register.open(path) as other:
        with one.writing():
            one.append([entry(2)], BEN, AT)
            locked = one._locked

            @contextlib.contextmanager
            def after_a_colleague() -> Iterator[None]:
                other._database.execute("BEGIN IMMEDIATE")
                with locked():
                    yield

            one._locked = after_a_colleague
        assert path.with_suffix(".head").read_bytes() == lagging
        other._database.execute("ROLLBACK")
        with other.writing():
            pass
    assert len(assert_one_chain(path)) == 2


def test_a_register_that_can_only_be_read_is_read_and_says_so_when_written(path, monkeypatch):
    """From a read-only share it can be shown and verified; a writing fails with what to check."""
    fill(path, [2])
    connecting(monkeypatch, "mode=ro")
    assert findings(path) == []
    with Register.open(path) as register:
        assert len(register.entries()) == 2
        with pytest.raises(RegisterError, match=r"register\.sqlite cannot be opened or written") as error:
            register.append([entry(3)], ASHA, AT)
    assert "that you may write in it" in error.value.hint


def test_a_folder_that_takes_no_new_file_says_so(path):
    """SQLite keeps a journal beside the register while it writes; where that cannot be made nothing is written."""
    fill(path, [2])
    with Register.open(path) as register:
        path.with_name("register.sqlite-journal").mkdir()
        with pytest.raises(RegisterError, match=r"register\.sqlite cannot be opened or written") as error:
            register.append([entry(3)], ASHA, AT)
        assert "its folder" in error.value.hint
    path.with_name("register.sqlite-journal").rmdir()
    assert len(assert_one_chain(path)) == 2


def test_a_register_head_that_cannot_be_written_stops_the_next_writing_not_this_record(path, monkeypatch):
    """The entry stands, the disk is named, and nothing more is signed until the head can be kept."""

    def refuse(*_: object) -> None:
        raise PermissionError

    fill(path, [1])
    with monkeypatch.context() as patched:
        patched.setattr(durable, "replace", refuse)
        with Register.open(path) as register:
            for _ in range(2):
                with pytest.raises(RegisterError, match=r"register\.head cannot be read or written"):
                    register.append([entry(2)], ASHA, AT)
            assert len(register.entries()) == 2
    with Register.open(path) as register:
        register.append([entry(3)], ASHA, AT)
    assert len(assert_one_chain(path)) == 3


MEETS = """
import os, time
from pathlib import Path
from pipeline import outbox
from pipeline.packing import Packing
from pipeline.register import Register
def meet(owner, name, seconds):
    place, call = Path({place!r}, name), getattr(owner, name)
    mine = place / str(os.getpid())
    place.mkdir(parents=True, exist_ok=True)
    def together(*args, **options):
        until = time.monotonic() + (0 if mine.exists() else seconds)
        mine.touch()
        while len(list(place.iterdir())) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        return call(*args, **options)
    setattr(owner, name, together)
"""


def pack_twice(borough: Borough, place: Path, *options: str, **meet: float) -> list[tuple[int, str]]:
    """Pack the meeting in two processes at once.

    Before each first call of a function in `meet` they wait for each other, but at most as many seconds as it says: where one
    holds the lock the other cannot come.
    """
    args = ("pack", MEETING, "-i", borough.co_ordinator, "--today", TODAY, *options)
    owners = {"deliver": "outbox", "append": "Register"}
    before = MEETS.format(place=str(place)) + "".join(
        f"meet({owners.get(name, 'Packing')}, {name!r}, {seconds})\n" for name, seconds in meet.items()
    )
    with ThreadPoolExecutor() as both:
        runs = [both.submit(child, *args, cwd=borough.folder, before=before) for _ in range(2)]
        return [(run.result().returncode, run.result().stdout + run.result().stderr) for run in runs]


def sealed_now(ended: list[tuple[int, str]]) -> list[int]:
    """Return how many packs each run says that it has sealed, the fewest first; both are to have succeeded."""
    assert [status for status, _ in ended] == [0, 0], ended
    return sorted(int(re.search(r"(\d+) sealed now", said)[1]) for _, said in ended)


def assert_one_pack_each(borough: Borough, packs: int) -> None:
    """Check that each agency has one pack in force, which lies in the outbox, and that the register holds."""
    assert "The register holds" in borough.done("register", "verify")
    with Register.open(borough.area.register, create=False) as register:
        in_force = register.packs(meeting=MEETING)
        assert register.head() == register._kept()
    agencies = [one.agency for one in in_force]
    assert len(agencies) == len(set(agencies)) == packs
    assert [path.name for path in borough.outbox] == sorted(one.file for one in in_force)


def test_two_who_pack_a_meeting_at_once_make_each_pack_once(borough, tmp_path):
    """Both have drawn and sealed everything when the first delivers; the second finds it on record, and says so."""
    assert sealed_now(pack_twice(borough, tmp_path / "first", deliver=60)) == [0, 9]
    assert_one_pack_each(borough, 9)
    with Register.open(borough.area.register, create=False) as register:
        assert len(register.entries()) == 1 + 9
    for status, said in pack_twice(borough, tmp_path / "again"):
        assert status == 0, said
        assert "0 sealed now, 9 as before." in said
    assert_one_pack_each(borough, 9)
    with Register.open(borough.area.register, create=False) as register:
        assert len(register.entries()) == 1 + 9


def test_two_who_seal_a_lost_pack_afresh_at_once_leave_one(packed_borough, tmp_path):
    """Both have found the pack of before when the first withdraws it; it is withdrawn once, and one is made in its place."""
    ended = pack_twice(
        packed_borough, tmp_path / "meet", "--again", "housing", _withdraw=60, _about_pack=1, deliver=60
    )
    assert sealed_now(ended) == [0, 1]
    assert_one_pack_each(packed_borough, 9)
    with Register.open(packed_borough.area.register, create=False) as register:
        assert [one.kind for one in register.entries(agency="housing")] == ["sealed", "withdrawn", "sealed"]
