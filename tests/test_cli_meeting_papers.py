"""Papers of a meeting that go in no pack: the register of attendance, and sheets of what third parties are told."""

import json
import shutil
import subprocess

import pytest
from borough import SAMPLE, TODAY

MAPPA = "2026-12-15-mappa"
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


def write(borough, folder):
    return borough.run(
        "meeting", "disclosures", MAPPA, "-i", borough.co_ordinator, "-o", folder, "--today", TODAY
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
    assert "The register holds: 2 entries" in borough.done("register", "verify")
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


def test_nothing_is_disclosed_about_a_child_without_both_services(borough, tmp_path):
    """Somebody under 18: without the youth offending service at the panel the sheet is refused, with the rule (SHARE-13)."""
    path = borough.folder / "meetings" / f"{MAPPA}.toml"
    young = TOLD.replace(CASE, "MAPPA-2026-7001")
    decided(borough, '\n[[case]]\nreference = "MAPPA-2026-7001"\nfile = "mappa-h/01-ordinary.xlsx"\n', young)
    assert path.is_file()
    printed = write(borough, tmp_path / "sheets")
    assert printed.exit_code == 1
    assert "SHARE-13" in printed.output
    assert not (tmp_path / "sheets").exists()
    assert "0 decisions recorded now" in printed.output


def test_a_meeting_that_decided_nothing_says_so(borough, tmp_path):
    """Without a disclosure in its file there is nothing to write."""
    decided(borough)
    assert "has no [[disclosure]]" in write(borough, tmp_path / "sheets").output
