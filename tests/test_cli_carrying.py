"""The commands carry and complete, and what an area has otherwise, as a co-ordinator uses them."""

import io
import shutil

import openpyxl
import pytest
from borough import SAMPLE, TODAY, done, run

from forms.catalogue import FORMS
from pipeline.area import open_area
from pipeline.checked import Checked, check
from pipeline.flow import read_file
from pipeline.workbook.names import spot
from tests.filling import put

FORM_A = SAMPLE / "inbox" / "mappa-a" / "01-sound.xlsx"
HERE = ("--area", SAMPLE, "--today", TODAY)


def type_in(path, **answers):
    """Type answers into a workbook as a person would, by the names of their cells."""
    book = openpyxl.load_workbook(path, rich_text=True)
    for name, answer in answers.items():
        where = spot(book.defined_names[name.replace("__", ".")].attr_text)
        put(book[where.sheet][where.cell()], answer)
    book.save(path)


def test_form_j_is_begun_from_form_a(tmp_path):
    """The new workbook says what was carried, and is not sound until its parts are confirmed and the rest is answered."""
    told = done("carry", FORM_A, "--to", "mappa-j", "-o", tmp_path / "j.xlsx", *HERE)
    assert "Carried over: 8 answers, in 2 parts to be confirmed." in told
    result = run("check", tmp_path / "j.xlsx", *HERE)
    assert result.exit_code == 1
    assert "not-confirmed" in result.stdout
    assert "Wardrobe" not in told + result.stdout


def test_of_several_one_has_to_be_picked(tmp_path):
    """Where the old form names several offences and the new one asks for one, the command says how to choose."""
    args = ("carry", FORM_A, "--to", "mappa-i", *HERE)
    assert "choose with --pick offence=1" in done(*args, "-o", tmp_path / "one.xlsx")
    assert "--pick" not in done(*args, "-o", tmp_path / "two.xlsx", "--pick", "offence=2")
    for pick, status, said in (
        ("offence=99", 2, "not so many"),
        ("offence", 2, "offender=2"),
        ("offence=0", 2, "offender=2"),
    ):
        result = run(*args, "-o", tmp_path / "three.xlsx", "--pick", pick)
        assert (result.exit_code, said in result.stderr) == (status, True)
    assert not (tmp_path / "three.xlsx").exists()


def test_a_review_is_begun_from_the_last_referral(tmp_path):
    """To the same form, everything is carried but the date."""
    told = done("carry", FORM_A, "--to", "mappa-a", "-o", tmp_path / "review.xlsx", *HERE)
    assert "in 20 parts to be confirmed" in told


@pytest.mark.parametrize("command", [["carry", "--to", "mappa-j"], ["complete"]], ids=["carry", "complete"])
def test_only_a_sound_referral_is_taken_further(tmp_path, command):
    """A faulty referral is named with its problems first, and nothing is written."""
    faulty = SAMPLE / "inbox" / "mappa-a" / "02-faulty.xlsx"
    result = run(command[0], faulty, *command[1:], "-o", tmp_path / "new.xlsx", *HERE)
    assert result.exit_code == 1
    assert "is not sound: 9 problems" in result.stderr
    assert not (tmp_path / "new.xlsx").exists()


def test_a_decision_is_added_and_drawn(tmp_path):
    """The co-ordinator gets the referral with a part to fill; filled, it is read, checked and drawn with the rest."""
    path = tmp_path / "decided.xlsx"
    done("complete", FORM_A, "-o", path, *HERE)
    assert read_file(path).answers == read_file(FORM_A).answers
    type_in(path, decision__outcome="Accepted")
    found = check(read_file(path), TODAY)
    assert not isinstance(found, Checked)
    assert {one.code for one in found} == {"missing"}
    assert {one.place.path.partition(".")[0] for one in found} == {"decision"}
    form = FORMS["mappa-a"]
    for one in found:
        ask = form.find(one.place.path).ask
        type_in(
            path,
            **{
                one.place.path.replace(".", "__"): ask.sample()
                if not isinstance(ask.sample(), list)
                else ask.sample()[0]
            },
        )
    for level, told in (
        ("Level 3: enhanced management with senior oversight", ["decision.level"]),
        (form.find("meeting.level").ask.label_of("level_two"), []),
    ):
        type_in(path, decision__level=level)
        found = check(read_file(path), TODAY)
        assert ([] if isinstance(found, Checked) else [one.place.path for one in found]) == told
    done("render", path, "-o", tmp_path / "drawn", *HERE)
    assert (tmp_path / "drawn" / "mappa-a-referral.pdf").exists()


def test_a_form_without_such_a_part_says_so(tmp_path):
    """Form J has nothing for the co-ordinator to fill."""
    result = run("complete", SAMPLE / "inbox" / "mappa-j" / "01-new.xlsx", "-o", tmp_path / "x.xlsx", *HERE)
    assert result.exit_code == 2
    assert "no part for the co-ordinator" in result.stderr


@pytest.fixture
def area(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "area")
    (tmp_path / "area" / "forms").mkdir()
    return open_area(tmp_path / "area")


def test_commands_take_the_forms_of_the_area(area, tmp_path):
    """Blank, check and template go by what the area has otherwise; `forms` proves it, and tells a mistake with its line."""
    own = area.folder / "forms" / "marac.toml"
    own.write_text('[question."victim.surname"]\nlabel = "Family name"\n', "utf-8")
    done("forms", "--area", area.folder)
    done("blank", "marac", "-o", tmp_path / "b.xlsx", "--area", area.folder)
    words = {
        str(cell.value)
        for sheet in openpyxl.load_workbook(tmp_path / "b.xlsx")
        for row in sheet
        for cell in row
    }
    assert any(one.startswith("Family name") for one in words)
    done("blank", "marac", "--template", "-o", tmp_path / "marac.docx", "--area", area.folder)
    assert "fits" in done("check-template", tmp_path / "marac.docx", "--area", area.folder)
    assert "Family name" in done("explain", "marac.victim.surname", "--area", area.folder)
    own.write_text('[question."victim.surname"]\nlabel = "Family name"\nhidden = true\n', "utf-8")
    for command in (
        ["forms"],
        ["blank", "marac", "-o", tmp_path / "c.xlsx"],
        ["check", area.inbox / "01-ordinary.xlsx"],
    ):
        result = run(*command, "--area", area.folder)
        assert result.exit_code == 2
        assert "forms/marac.toml: line 3" in result.stderr


def test_mistakes_in_every_file_are_told_at_once(area):
    """`forms` names what is wrong in each file, and a rule can be explained meanwhile."""
    for name in ("camp.toml", "marac.toml"):
        (area.folder / "forms" / name).write_text('[question."no.where"]\nhidden = true\n', "utf-8")
    result = run("forms", "--area", area.folder)
    assert result.exit_code == 2
    assert "forms/camp.toml: line 1" in result.stderr
    assert "forms/marac.toml: line 1" in result.stderr
    assert "SHARE-11" in done("explain", "SHARE-11", "--area", area.folder)


def test_a_file_for_no_form_is_told(area):
    """A misspelt file of differences would do nothing, so `forms` says so."""
    (area.folder / "forms" / "marak.toml").write_text("", "utf-8")
    result = run("forms", "--area", area.folder)
    assert result.exit_code == 2
    assert "did you mean marac.toml?" in result.stderr


def test_marks_are_of_no_colour_alone(tmp_path):
    """A carried answer is told by a note as well, for whoever sees no colour."""
    done("carry", FORM_A, "--to", "mappa-j", "-o", tmp_path / "j.xlsx", *HERE)
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "j.xlsx").read_bytes()))
    notes = [cell.comment.text for sheet in book for row in sheet for cell in row if cell.comment]
    assert len(notes) == 8
    assert all("still to be confirmed" in note for note in notes)
