"""The command destroy (SEND-7): what is taken away, what is asked before, and what is never touched."""

import json

import pytest
from borough import run

BY = ("--by", "Linden Hatstand")
AFTER = ("--today", "2027-12-09")


@pytest.fixture
def folder(packed, tmp_path):
    """The folder of an opened pack."""
    result = run(
        "open", packed.sealed("housing"), "-i", packed.hold(tmp_path, "housing"), "-o", tmp_path / "papers", "--accept",
    )  # fmt: skip
    assert "On receipt" in result.stdout
    (found,) = (tmp_path / "papers").glob("P-????-????")
    return found


def destroy(folder, *options, answers=""):
    return run("destroy", folder, *BY, *(options or ("--yes", *AFTER)), answers=answers)


def everything(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*"))


def test_folder_is_taken_away_and_a_line_is_left_for_the_register(folder):
    """Pack, day and person are told, and honestly what was not reached; the folder of folders stays."""
    result = destroy(folder)
    assert result.exit_code == 0
    assert not folder.exists()
    assert folder.parent.is_dir()
    assert f"For your register: {folder.name}, destroyed on 9 December 2027 by Linden Hatstand" in result.stdout
    assert "Destroyed: 15 papers" in result.stdout
    assert "Not reached: back-ups" in result.stdout
    assert "overwrit" not in result.stdout


def test_json_tells_the_same(folder):
    """A program gets the pack, the day, the person and the papers."""
    told = json.loads(destroy(folder, "--yes", "--json", *AFTER).stdout)
    assert (told["pack"], told["on"], told["by"]) == (folder.name, "2027-12-09", "Linden Hatstand")
    assert len(told["papers"]) == 15
    assert told["missing"] == []


def test_it_asks_first(folder):
    """Without --yes it asks; "no", or no answer, leaves all."""
    before = everything(folder)
    assert destroy(folder, *AFTER, answers="n\n").exit_code == 1
    assert destroy(folder, *AFTER, answers="").exit_code == 1
    assert everything(folder) == before
    assert destroy(folder, *AFTER, answers="y\n").exit_code == 0
    assert not folder.exists()


@pytest.mark.parametrize(
    ("day", "typed", "goes"),
    [("2027-12-07", "destroy", True), ("2027-12-07", "yes", False), ("2027-12-07", "", False), ("2027-12-08", "", True)],
    ids=["the word", "another word", "no word", "on the last day no word is asked for"],
)  # fmt: skip
def test_before_the_keep_until_day_a_word_is_asked_for(folder, day, typed, goes):
    """Up to the day before, --yes is not enough."""
    result = destroy(folder, "--yes", "--today", day, answers=f"{typed}\n" if typed else "")
    assert (result.exit_code == 0) is goes
    assert folder.exists() is not goes
    if day < "2027-12-08":
        assert "kept until 8 December 2027" in result.stderr


def test_what_the_pack_did_not_bring_is_named_and_kept(folder):
    """Another file, a changed paper and an empty folder are named, nothing at all is destroyed; --everything takes them too."""
    (folder / "my notes.txt").write_text("mine")
    (folder / "agenda.pdf").write_bytes(b"with my notes")
    (folder / "drafts").mkdir()
    before = everything(folder)
    result = destroy(folder)
    assert result.exit_code == 1
    for name in ("my notes.txt", "agenda.pdf (changed since it was opened)", "drafts/"):
        assert f"  {name}\n" in result.stderr
    assert "3 things" in result.stderr
    assert everything(folder) == before
    result = destroy(folder, "--yes", "--everything", *AFTER)
    assert "14 papers, and 3 things besides" in result.stdout
    assert not folder.exists()


def test_what_a_file_manager_leaves_is_no_reason_to_stop(folder):
    """Thumbs.db and its like go with the papers."""
    for name in ("Thumbs.db", ".DS_Store"):
        (folder / name).write_bytes(b"x")
    assert destroy(folder).exit_code == 0
    assert not folder.exists()


@pytest.mark.parametrize("to_folder", [True, False], ids=["a folder", "a file"])
def test_link_is_never_followed(folder, tmp_path, to_folder):
    """A link is one more thing that lies there: with --everything it goes, and what it leads to stays."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "dear.txt").write_text("stays")
    (folder / "MARAC-2026-0001").symlink_to(outside if to_folder else outside / "dear.txt")
    assert destroy(folder).exit_code == 1
    assert destroy(folder, "--yes", "--everything", *AFTER).exit_code == 0
    assert not folder.exists()
    assert (outside / "dear.txt").read_text() == "stays"


def test_link_in_the_place_of_a_paper_is_no_paper(folder, tmp_path):
    """Even one to the same bytes elsewhere is named and not followed."""
    outside = tmp_path / "agenda.pdf"
    outside.write_bytes((folder / "agenda.pdf").read_bytes())
    (folder / "agenda.pdf").unlink()
    (folder / "agenda.pdf").symlink_to(outside)
    result = destroy(folder)
    assert result.exit_code == 1
    assert "agenda.pdf" in result.stderr
    assert destroy(folder, "--yes", "--everything", *AFTER).exit_code == 0
    assert outside.exists()


def test_folder_that_is_a_link_is_refused(folder, tmp_path):
    """The folder itself has to be named."""
    link = tmp_path / "link"
    link.symlink_to(folder)
    result = destroy(link)
    assert result.exit_code == 1
    assert "is a link" in result.stderr
    assert folder.exists()


@pytest.mark.parametrize(
    "content", [None, b"{}", b"\xff", "link"], ids=["none", "another", "no text", "a link"]
)
def test_folder_without_a_manifest_is_left_alone(folder, tmp_path, content):
    """What is no opened pack is not touched, whatever options are given."""
    path = folder / "manifest.json"
    if content == "link":
        path.rename(tmp_path / "manifest.json")
        path.symlink_to(tmp_path / "manifest.json")
    elif content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    before = everything(folder)
    result = destroy(folder, "--yes", "--everything", *AFTER)
    assert result.exit_code == 1
    assert "not the folder of an opened pack" in result.stderr
    assert everything(folder) == before


def test_paper_that_was_moved_away_is_told(folder):
    """A paper that is not there any more does not stop anything, and is named to be destroyed where it is."""
    (folder / "agenda.pdf").unlink()
    result = destroy(folder)
    assert result.exit_code == 0
    assert "Not there: agenda.pdf." in result.stdout


def test_what_was_cut_short_can_be_begun_again(folder, monkeypatch):
    """The manifest is the last to go, so that the command knows the folder again."""
    from pathlib import Path

    real, left = Path.unlink, [5]

    def fails(path, *args, **options):
        left[0] -= 1
        if left[0] < 0:
            raise PermissionError(13, "Permission denied", str(path))
        real(path, *args, **options)

    monkeypatch.setattr(Path, "unlink", fails)
    result = destroy(folder)
    assert result.exit_code == 1
    assert "Permission denied" in result.stderr
    assert (folder / "manifest.json").exists()
    monkeypatch.undo()
    assert destroy(folder).exit_code == 0
    assert not folder.exists()


@pytest.mark.parametrize("by", [" ", "Linden\nHatstand"])
def test_somebody_destroys_it(folder, by):
    """A name that is none, or of two lines, is wrong use."""
    assert run("destroy", folder, "--by", by, "--yes", *AFTER).exit_code == 2
    assert run("destroy", folder, "--yes", *AFTER).exit_code == 2
    assert folder.exists()


def test_folder_that_is_not_there_is_wrong_use(tmp_path):
    """A name of nothing, and a file, give status 2."""
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "nothing", tmp_path / "file"):
        assert destroy(path).exit_code == 2


def test_names_cannot_write_over_the_terminal(folder):
    """A control character in the name of a file is shown as a question mark."""
    (folder / "a\x1b[2Jb").write_text("x")
    result = destroy(folder)
    assert "a?[2Jb" in result.stderr
    assert "\x1b" not in result.output


def test_standing_in_the_folder_is_no_hindrance(folder, monkeypatch):
    """`sealpack destroy .` takes the folder away in which one stands."""
    monkeypatch.chdir(folder)
    assert destroy(".").exit_code == 0
    assert not folder.exists()
