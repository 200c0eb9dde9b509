"""The command demo: run again and again, it takes away nothing but what it made."""

import shutil

import pytest
from borough import run

from pipeline.cli.demo import fresh_copy


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A demo, as a newcomer gets it."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    result = run("demo", "-o", folder)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def former(made, tmp_path):
    """A former demo of the test's own."""
    return shutil.copytree(made, tmp_path / "demo")


def test_demo_runs_to_its_end_in_the_place_of_another(former, tmp_path):
    """The second demo in a folder works as the first did, and keeps the first where somebody worked in it."""
    (former / "linden.key").write_text("mine")
    result = run("demo", "-o", former)
    assert result.exit_code == 0, result.output
    assert f"it is kept, with all that is in it, as {tmp_path / 'demo-1'}." in result.stdout
    assert (tmp_path / "demo-1" / "linden.key").read_text() == "mine"
    assert not (former / "linden.key").exists()
    assert len(list((former / "outbox").glob("*.age"))) == 9


def test_demo_that_nobody_touched_is_replaced(former, tmp_path):
    """A demo with nothing else in it gives way to the next; what was deleted from it is missed by nobody."""
    (former / "keys.signed").unlink()
    fresh_copy(former)
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
    assert not (former / "outbox").exists()


def new_file(folder):
    (folder / "keys" / "my.key").write_text("mine")


def changed_file(folder):
    with (folder / "meetings" / "2026-12-08-marac.toml").open("a") as file:
        file.write("# mine\n")


def new_folder(folder):
    (folder / "papers").mkdir()


def new_link(folder):
    (folder / "elsewhere").symlink_to(folder.parent, target_is_directory=True)


def older_mark(folder):
    (folder / ".made-by-sealpack-demo").write_text("A demo. `sealpack demo` replaces this folder.\n")


@pytest.mark.parametrize("work", [new_file, changed_file, new_folder, new_link, older_mark])
def test_demo_that_somebody_worked_in_is_moved_aside(former, tmp_path, capsys, work):
    """What was made or changed in a demo is kept, each time under the first name that is free."""
    (tmp_path / "demo-1").mkdir()
    work(former)
    kept = {path.relative_to(former) for path in former.rglob("*")}
    fresh_copy(former)
    assert f"as {tmp_path / 'demo-2'}." in capsys.readouterr().out
    assert {path.relative_to(tmp_path / "demo-2") for path in (tmp_path / "demo-2").rglob("*")} == kept
    assert not (former / "outbox").exists()


def test_demo_that_broke_off_is_kept(tmp_path):
    """A demo that did not come to its end has said nothing of what it made, so the next one keeps it all."""
    fresh_copy(tmp_path / "demo")
    fresh_copy(tmp_path / "demo")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo", "demo-1"]


def test_folder_that_is_no_demo_is_left_alone(tmp_path):
    """A folder of something else is wrong use, and nothing in it is touched."""
    (tmp_path / "letter.txt").write_text("mine")
    result = run("demo", "-o", tmp_path)
    assert result.exit_code == 2
    assert "no former demo" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_demo_is_not_cleared_from_under_somebody(former, monkeypatch):
    """Who stands in the former demo is asked to leave it first."""
    monkeypatch.chdir(former / "keys")
    result = run("demo", "-o", former)
    assert result.exit_code == 2
    assert "Leave it first" in result.stderr
    assert (former / "outbox").exists()
