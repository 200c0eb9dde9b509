"""Papers of a meeting that go in no pack: the register of attendance, and sheets of what third parties are told."""

import json
import shutil
import subprocess

import pytest
from borough import SAMPLE, TODAY

MAPPA = "2026-12-15-mappa"
AFTER = "2026-12-16"
CASE = "MAPPA-2026-5092"
TOLD = f"""
[[disclosure]]
case = "{CASE}"
disclose = true
to = "Quill Blotter"
to_role = "Head teacher"
what = "He may not come near the school."
reason = "Children of the school are at risk from Sampleworth."
contact = "Brackenford Police on 020 7946 0111"
by = "Garnet Letterbox"
role = "Detective Chief Inspector, chair"
on = 2026-12-01
"""
NOT_TOLD = f"""
[[disclosure]]
case = "{CASE}"
disclose = false
reason = "The landlord would know nothing that helps."
by = "Garnet Letterbox"
role = "Detective Chief Inspector, chair"
on = 2026-12-01
"""


def words(path):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True
    ).stdout


def decided(borough, *parts):
    path = borough.folder / "meetings" / f"{MAPPA}.toml"
    path.write_text((SAMPLE / "meetings" / path.name).read_text("utf-8") + "".join(parts), "utf-8")


def write(borough, folder, today=TODAY):
    return borough.run(
        "meeting", "disclosures", MAPPA, "-i", borough.co_ordinator, "-o", folder, "--today", today
    )


def test_attendance_has_a_line_for_each_contact_of_each_agency_that_comes(borough, tmp_path):
    """Whoever gets a pack stands on it, an invited agency with its cases, and what each reaffirms (RECORD-3)."""
    borough.done("meeting", "attendance", "2026-12-08-marac", "-o", tmp_path / "sign.pdf", "--today", TODAY)
    said = words(tmp_path / "sign.pdf")
    for part in (
        "Tansy Bookbinder",
        "Alder Whetstone",
        "Bramble Keyhole",
        "MARAC-2026-2863",
        "OFFICIAL-SENSITIVE",
        "pass it on only",
    ):
        assert part in said
    assert "Poppy Umbrellastand" not in said
    assert (tmp_path / "sign.pdf").stat().st_mode & 0o077 == 0


def test_what_is_disclosed_is_typed_out_to_sign_and_both_decisions_are_recorded(borough, tmp_path):
    """The sheet says what, to whom, why and whom to ring; the register keeps that and why, and not what was told (RECORD-2, 6, 7)."""
    decided(borough, TOLD, NOT_TOLD)
    printed = write(borough, tmp_path / "sheets")
    assert printed.exit_code == 0, printed.output
    (sheet,) = (tmp_path / "sheets").iterdir()
    said = words(sheet)
    for part in (
        "Quill Blotter, Head teacher",
        "He may not come near the school.",
        "020 7946 0111",
        "No copy of it is left behind",
    ):
        assert part in said
    told = [one for one in json.loads(borough.done("register", "show", "--json")) if one["meeting"] == MAPPA]
    assert [one["kind"] for one in told] == ["disclosed", "not-disclosed"]
    assert all("Garnet Letterbox, Detective Chief Inspector, chair" in one["note"] for one in told)
    assert "Blotter" not in json.dumps(told)
    assert "come near" not in json.dumps(told)
    assert "The register holds: 3 entries" in borough.done("register", "verify")
    assert "0 decisions recorded now" in write(borough, tmp_path / "again").output


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('contact = "Brackenford Police on 020 7946 0111"\n', "", "disclosure-lacks"),
        ("on = 2026-12-01", "on = 2026-12-03", "disclosure-late"),
    ],
    ids=["nobody to ring", "dated tomorrow"],
)
def test_a_disclosure_that_lacks_something_makes_no_sheet(borough, tmp_path, old, new, code):
    """What a disclosure does not say, or a day to come, is a problem of the meeting's file, and nothing is written."""
    decided(borough, TOLD.replace(old, new))
    printed = write(borough, tmp_path / "sheets")
    assert printed.exit_code == 1
    assert f"[{code}]" in printed.output
    assert not (tmp_path / "sheets").exists()


YOUNG = '\n[[case]]\nreference = "MAPPA-2026-7001"\nfile = "mappa-h/01-ordinary.xlsx"\n'
CHILD = TOLD.replace(CASE, "MAPPA-2026-7001")


def came(*agencies):
    return "".join(
        f'\n[[attended]]\nname = "Somebody of {one}"\nrole = "Manager"\nagency = "{one}"\n' for one in agencies
    )


def with_youth_offending(borough):
    path = borough.folder / "agencies.toml"
    path.write_text(path.read_text("utf-8") + YOUTH, "utf-8")
    borough.sign()


YOUTH = """
[[agency]]
id = "yot"
name = "Brackenford Youth Offending Service"
kind = "youth_offending"
duty_to_cooperate = true
protocol_signed = 2026-04-08
panels = ["mappa"]
"""


@pytest.mark.parametrize(
    ("there", "exit_code"),
    [
        ((), 1),
        (("police",), 1),
        (("childrens-services",), 1),
        (("yot",), 1),
        (("childrens-services", "yot"), 0),
    ],
    ids=["nobody signed", "police alone", "children's services alone", "youth offending alone", "both"],
)
def test_nothing_is_disclosed_about_a_child_unless_both_services_were_there(
    borough, tmp_path, there, exit_code
):
    """About somebody under 18 a sheet is made only if both signed the register of attendance (SHARE-13)."""
    with_youth_offending(borough)
    decided(borough, YOUNG, CHILD, came(*there))
    assert "SHARE-13" in write(borough, tmp_path / "sheets").output, "nobody was there before the meeting"
    printed = write(borough, tmp_path / "sheets", AFTER)
    assert printed.exit_code == exit_code
    assert ("SHARE-13" in printed.output) is bool(exit_code)
    assert (tmp_path / "sheets").exists() is not bool(exit_code)


def test_a_rule_set_aside_for_a_disclosure_is_on_the_sheet_and_in_the_register(borough, tmp_path):
    """Who decided otherwise, and why, stands in the register, by which the disclosure was made."""
    aside = '\n[[decision]]\nrule = "SHARE-13"\ncase = "MAPPA-2026-7001"\nby = "Garnet Letterbox"\nrole = "chair"\non = 2026-12-01\nreason = "It cannot wait for both."\n'
    decided(borough, YOUNG, CHILD, aside)
    assert write(borough, tmp_path / "sheets").exit_code == 0
    (sheet,) = (tmp_path / "sheets").iterdir()
    assert "SHARE-13 set aside by" in words(sheet)
    told = [one for one in json.loads(borough.done("register", "show", "--json")) if one["kind"] == "disclosed"]
    assert [(one["rule"], one["reason"]) for one in told[0]["decisions"]] == [
        ("SHARE-13", "It cannot wait for both.")
    ]


def test_nothing_is_disclosed_without_the_chair(borough, tmp_path):
    """What anybody else has decided goes to nobody outside the members, whatever rule is set aside."""
    aside = f'\n[[decision]]\nrule = "SHARE-10"\ncase = "{CASE}"\nby = "Work Experience"\nrole = "chair"\non = 2026-12-01\nreason = "It cannot wait."\n'
    decided(borough, TOLD.replace("Garnet Letterbox", "Work Experience"), aside)
    printed = write(borough, tmp_path / "sheets")
    assert printed.exit_code == 1
    assert "SHARE-10" in printed.output


def test_no_file_of_yours_is_written_over(borough, tmp_path):
    """A register of attendance does not take the place of another file, nor a sheet that of one that was signed and scanned."""
    target = tmp_path / "mine.pdf"
    target.write_bytes(b"mine")
    printed = borough.run("meeting", "attendance", "2026-12-08-marac", "-o", target, "--today", TODAY)
    assert printed.exit_code == 1
    assert target.read_bytes() == b"mine"
    decided(borough, TOLD)
    write(borough, tmp_path / "sheets")
    (sheet,) = (tmp_path / "sheets").iterdir()
    sheet.write_bytes(b"signed")
    decided(borough, NOT_TOLD, TOLD)
    assert write(borough, tmp_path / "sheets").exit_code == 0
    assert sheet.read_bytes() == b"signed"


def test_a_sheet_of_a_decision_that_was_taken_back_is_named(borough, tmp_path):
    """What lies there of no decision that holds is told, so that nobody signs it."""
    decided(borough, TOLD)
    write(borough, tmp_path / "sheets")
    (sheet,) = (tmp_path / "sheets").iterdir()
    decided(borough, NOT_TOLD)
    assert f"Of no decision that holds now: {sheet}" in write(borough, tmp_path / "sheets").output


def test_a_meeting_that_decided_nothing_says_so(borough, tmp_path):
    """Without a disclosure in its file there is nothing to write."""
    decided(borough)
    assert "has no [[disclosure]]" in write(borough, tmp_path / "sheets").output
