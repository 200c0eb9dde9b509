"""Commands for referrals: what a referrer and a co-ordinator see of forms, blanks, problems and drawn papers."""

import json
import shutil
import stat
import subprocess

import openpyxl
import pytest
from borough import SAMPLE, TODAY, done, run

from forms.marac import FORM
from pipeline.flow import read_file

INBOX = SAMPLE / "inbox"
NINE = INBOX / "06-nine-mistakes.xlsx"
SOUND = INBOX / "01-ordinary.xlsx"


def check(*args, area=None):
    return run("check", *args, "--today", TODAY, *(["--area", area] if area else []))


def test_forms_are_listed():
    """The MARAC form is among the forms, with its edition."""
    assert "marac" in [one["id"] for one in json.loads(done("forms", "--json"))]
    assert "MARAC referral" in done("forms")


def test_blank_is_written_once_and_never_over_another(tmp_path, monkeypatch):
    """A blank is written where it was asked for; a second one does not take its place, whatever stands there."""
    monkeypatch.chdir(tmp_path)
    done("blank", "marac")
    blank = tmp_path / "marac-referral.xlsx"
    assert openpyxl.load_workbook(blank).defined_names
    blank.write_bytes(b"what somebody has filled in")
    result = run("blank", "marac")
    assert result.exit_code == 1
    assert "already there" in result.stderr
    assert blank.read_bytes() == b"what somebody has filled in"


def test_blank_of_an_area_bears_its_name_and_where_to_send_it(tmp_path):
    """In an area, the blank says whose it is, to whom it goes, and offers the markings of its scheme only."""
    path = tmp_path / "blank.xlsx"
    done("blank", "marac", "-o", path, "--area", SAMPLE)
    words = {
        str(cell.value) for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row if cell.value
    }
    assert any("Perpetua Inkstand" in one for one in words)
    assert not any("CONFIDENTIAL" in one for one in words if len(one) < 40)


def test_schema_is_json():
    """The JSON Schema of a form can be asked for."""
    assert json.loads(done("blank", "marac", "--json"))["properties"]["form"] == {"const": "marac"}


def test_sound_referral_gives_status_0():
    """A sound referral is called sound."""
    result = check(SOUND)
    assert result.exit_code == 0
    assert "1 file checked: 1 sound, 0 to put right." in result.stdout


def test_problems_are_told_with_cell_question_and_cure():
    """Each of nine problems is told with sheet and cell, the question, what to do, and its code; status 1."""
    result = check(NINE)
    assert result.exit_code == 1
    told = json.loads(check(NINE, "--json").stdout)
    (one,) = told
    assert len(one["problems"]) == 9
    for problem in one["problems"]:
        assert problem["cure"]
        place = problem["place"]
        assert f"{place['sheet']}!{place['cell']} ({place['question']})" in result.stdout
        assert f"[{problem['code']}]" in result.stdout


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("gone.xlsx", None, "no-file"),
        ("list.csv", b"a,b,c\n1,2,3\n", "file-csv"),
        ("letter.pdf", b"%PDF-1.7\n", "file-pdf"),
        ("empty.xlsx", b"", "file-empty"),
        ("huge.xlsx", b"PK" + bytes(20_000_001), "file-too-big"),
    ],
    ids=["a file that is not there", "a list", "a PDF", "an empty file", "a huge file"],
)
def test_what_is_no_referral_is_told_as_what_it_is(tmp_path, name, content, code):
    """A file that holds no referral is a problem like others: with its code, and the rest is checked all the same."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    result = check(path, SOUND, "--json", "--return", tmp_path / "returned")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert [[one["code"] for one in file["problems"]] for file in told] == [[code], []]
    assert not (tmp_path / "returned").exists()


def test_file_that_is_not_there_is_told_to_a_referrer(tmp_path):
    """Who checks a file before sending it has no inbox: the name and the folder are what to look at."""
    printed = check(tmp_path / "nothere.xlsx").stdout
    assert "There is no such file." in printed
    assert "inbox" not in printed


MAPPA = INBOX / "07-really-mappa.xlsx"


def test_sound_referral_that_the_panel_would_refuse_is_told():
    """In an area, the rules that would refuse a sound referral stand below it; it is no fault of the form, so status 0."""
    result = check(SOUND, MAPPA, area=SAMPLE)
    assert result.exit_code == 0
    assert f"{SOUND}: sound\n" in result.stdout
    assert f"{MAPPA}: sound, but the panel will refuse it\n  REFER-11: " in result.stdout
    assert "2 files checked: 1 sound, 1 the panel would refuse, 0 to put right." in result.stdout
    told = json.loads(check(SOUND, MAPPA, NINE, "--json", area=SAMPLE).stdout)
    assert [[one["rule"] for one in file["rules"]] for file in told] == [[], ["REFER-11"], []]
    assert told[1]["rules"][0]["why"]
    told = check(INBOX, area=SAMPLE).stdout.splitlines()[-1]
    assert told == "8 files checked: 6 sound, 1 the panel would refuse, 1 to put right, 9 problems."


def test_without_an_area_no_panel_is_spoken_for(tmp_path, monkeypatch):
    """A referrer has no area: what a panel would say is not told."""
    monkeypatch.chdir(tmp_path)
    assert "panel" not in check(MAPPA).stdout
    assert json.loads(check(MAPPA, "--json").stdout)[0]["rules"] == []


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"handling": {"marking": "OFFICIAL"}}, "MARK-7"),
        ({"handling": {"marking": "CONFIDENTIAL"}}, "MARK-5"),
        ({"handling": {"necessary": "Yes."}}, "PURPOSE-3"),
        ({"consent": {"consents": "No", "reason": "Yes."}}, "CONSENT-1"),
        ({"consent": {"consents": "No", "ground": None}}, "CONSENT-4"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_check_tells_beforehand_what_the_plan_would_refuse(tmp_path, answers, rule):
    """Each rule by which a panel refuses a referral bites in `check` already, where its answers bring it about."""
    said = FORM.example()
    for section, questions in answers.items():
        said[section] |= questions
    path = tmp_path / "referral.json"
    path.write_text(json.dumps({"form": FORM.id, "edition": FORM.edition, "answers": said}, default=str))
    (told,) = json.loads(check(path, "--json", area=SAMPLE).stdout)
    assert told["problems"] == []
    assert rule in [one["rule"] for one in told["rules"]]


def test_folder_stands_for_everything_in_it(tmp_path):
    """In a folder nothing is overlooked but what programs keep there for themselves."""
    shutil.copy(SOUND, tmp_path)
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    for name in ("~$01-ordinary.xlsx", ".DS_Store", "Thumbs.db"):
        (tmp_path / name).write_bytes(b"x")
    told = json.loads(check(tmp_path, "--json").stdout)
    assert [one["file"] for one in told] == [str(tmp_path / "01-ordinary.xlsx"), str(tmp_path / "old.xls")]


def test_stars_are_understood_where_the_shell_leaves_them():
    """On Windows the program finds what `*` stands for."""
    told = json.loads(check(INBOX / "0[12]*.xlsx", INBOX / "*ordinary.xlsx", "--json").stdout)
    assert str(SOUND) in [one["file"] for one in told]


@pytest.mark.parametrize("what", ["*.xlsx", "."], ids=["a star that fits nothing", "an empty folder"])
def test_nothing_to_check_is_not_taken_for_all_sound(tmp_path, what):
    """Where there is nothing to check, that is said, with status 2."""
    result = check(tmp_path / what)
    assert result.exit_code == 2
    assert "nothing to check" in result.stderr


def test_returned_copy_can_be_put_right(tmp_path):
    """The copy for the referrer opens, lists the problems, can be read again, and is for its owner's eyes only."""
    folder = tmp_path / "returned"
    assert check(NINE, SOUND, "--return", folder).exit_code == 1
    (copy,) = folder.iterdir()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    notes = [
        cell.comment for sheet in openpyxl.load_workbook(copy) for row in sheet for cell in row if cell.comment
    ]
    assert len(notes) >= 9
    told = json.loads(check(copy, "--json").stdout)
    assert told[0]["problems"]
    assert read_file(copy).form.id == "marac"


def test_returning_twice_leaves_what_somebody_is_putting_right(tmp_path):
    """A copy that lies there is never written over: the same one is left, another one gets a number."""
    assert check(NINE, "--return", tmp_path).exit_code == 1
    (copy,) = tmp_path.iterdir()
    assert "There already" in check(NINE, "--return", tmp_path).stdout
    copy.write_bytes(b"half put right")
    assert check(NINE, "--return", tmp_path).exit_code == 1
    assert copy.read_bytes() == b"half put right"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "06-nine-mistakes-to-put-right-2.xlsx", "06-nine-mistakes-to-put-right.xlsx"
    ]  # fmt: skip


def test_area_that_was_named_must_be_one(tmp_path):
    """A folder named by --area that is none is wrong use, also for commands that can do without an area."""
    result = check(SOUND, area=tmp_path)
    assert result.exit_code == 2
    assert "area.toml" in result.stderr


def text_of(pdf):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    return subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout


def render(file, folder, *args):
    return run("render", file, "-o", folder, "--today", TODAY, "--area", SAMPLE, *args)


def test_rendered_for_a_kind_of_agency_shows_what_it_may_see(tmp_path):
    """Drawn for housing, a referral says whose view it is, and shows nothing of mental health."""
    assert render(SOUND, tmp_path, "--for", "housing_authority").exit_code == 0
    text = text_of(tmp_path / "marac-referral.pdf")
    assert "For housing authority, a draft · unsealed copy" in text
    assert "Not shared (SHARE-11)" in text
    assert "OFFICIAL-SENSITIVE" in text
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())
    assert {path.suffix for path in tmp_path.iterdir()} == {".pdf", ".docx"}


@pytest.mark.parametrize(
    ("args", "stamp"),
    [
        (["--for", "childrens_services"], "For children's services, a draft · unsealed copy"),
        ([], "For the referrer, whole, a draft · unsealed copy"),
    ],
    ids=["for an agency", "whole"],
)
def test_stamp_of_a_draft_reads_well(tmp_path, args, stamp):
    """At the foot of a draft stands for whom it is, in words, and no pack that there is not."""
    assert render(SOUND, tmp_path, *args).exit_code == 0
    text = text_of(tmp_path / "marac-referral.pdf").replace("\u2019", "'")
    assert stamp in text
    assert "Pack" not in text.partition(stamp)[2].splitlines()[0]


def test_rendered_for_a_kind_of_agency_names_nobody_who_has_not_consented(tmp_path):
    """A referral that would go to the panel anonymously is drawn anonymously for an agency, and whole for the referrer."""
    file = INBOX / "04-no-consent-no-children.xlsx"
    assert render(file, tmp_path / "police", "--for", "police").exit_code == 0
    text = text_of(tmp_path / "police" / "marac-referral.pdf")
    assert "thistledown" not in text.casefold()
    assert "CONSENT-2" in text
    assert render(file, tmp_path / "whole").exit_code == 0
    assert "thistledown" in text_of(tmp_path / "whole" / "marac-referral.pdf").casefold()


def test_faulty_referral_is_not_rendered(tmp_path):
    """A referral with problems is not drawn: the problems are told."""
    result = render(NINE, tmp_path / "out")
    assert result.exit_code == 1
    assert "9 problems" in result.stderr
    assert not (tmp_path / "out").exists()


def test_rendering_does_not_write_over_anything(tmp_path):
    """What was drawn before is left as it is."""
    assert render(SOUND, tmp_path).exit_code == 0
    result = render(SOUND, tmp_path)
    assert result.exit_code == 1
    assert "already there" in result.stderr


@pytest.mark.parametrize("kind", ["police_dog", ""])
def test_kind_of_agency_that_there_is_not_is_wrong_use(tmp_path, kind):
    """An unknown kind of agency gives status 2, with the list of those there are."""
    result = render(SOUND, tmp_path / "out", "--for", kind)
    assert result.exit_code == 2
    assert "housing_authority" in result.stderr


def test_no_answer_stands_in_what_is_told_of_a_faulty_referral(tmp_path):
    """What `check` prints of a faulty referral holds none of its names, numbers or addresses."""
    printed = check(NINE).output + check(NINE, "--json", "--return", tmp_path).output
    referral = read_file(NINE)
    said = [
        value
        for section in ("victim", "perpetrators", "children", "reasons")
        for value in _texts(referral.answers[section])
        if len(value) > 5 and value.casefold() not in {"not known", "female"}
    ]
    assert len(said) > 10
    assert [value for value in said if value in printed] == []


def _texts(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def test_template_that_fits_and_one_that_does_not(tmp_path):
    """The shipped Word template fits its form; a Word file that is something else does not, with status 1."""
    shipped = SAMPLE.parents[1] / "templates" / "marac.docx"
    assert "fits" in done("check-template", shipped)
    other = tmp_path / "marac.docx"
    other.write_bytes(b"PK not a Word file")
    assert run("check-template", other).exit_code == 1
    strange = tmp_path / "letter.docx"
    strange.write_bytes(shipped.read_bytes())
    assert run("check-template", strange).exit_code == 2
    assert "fits" in done("check-template", strange, "--form", "marac")


@pytest.mark.parametrize(
    ("file", "kind", "rule"),
    [
        ("01-ordinary.xlsx", "immigration", "SHARE-7"),
        ("01-ordinary.xlsx", "private_care", "SHARE-11"),
        ("mappa-a/01-sound.xlsx", "immigration", "SHARE-7"),
        ("mappa-a/01-sound.xlsx", "jobcentre", "SHARE-5"),
    ],
)
def test_what_no_meeting_would_give_is_not_drawn(tmp_path, file, kind, rule):
    """For a kind of agency that gets nothing of a referral, nothing is drawn, and the rule is named."""
    result = render(SAMPLE / "inbox" / file, tmp_path / "out", "--for", kind)
    assert result.exit_code == 1
    assert f"({rule})" in result.output
    assert not (tmp_path / "out").exists()
