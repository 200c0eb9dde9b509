"""A meeting of another panel than the MARAC, from the inbox to the opened packs."""

import io
import re
import subprocess
import zipfile

import pytest
from borough import Borough, copy

from forms import mappa_a, mappa_i
from pipeline.checked import Checked, check, filled
from pipeline.flow import read_file
from pipeline.protocol.sharing import is_agreed_about_victims
from samples import make
from tests.test_forms_drawn import DAY, needs_poppler

MEETING = "2026-12-15-mappa"


@pytest.fixture(scope="module")
def packed(settled, tmp_path_factory) -> Borough:
    made = copy(settled, tmp_path_factory.mktemp("mappa"))
    made.done("pack", MEETING, "-i", made.co_ordinator)
    return made


def words_in(content: bytes) -> str:
    """Everything that can be read of a paper: text of a PDF, or every part of a Word file."""
    if content.startswith(b"%PDF"):
        done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
        return done.stdout.decode()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return " ".join(
                re.sub(r"<[^>]+>", "", parts.read(name).decode("utf-8", "replace")) for name in parts.namelist()
            )
    return content.decode("utf-8", "replace")


def text_of(borough: Borough, agency: str) -> str:
    opened = borough.opened(agency)
    return " ".join(re.sub(r"\s+", " ", words_in(content)) for content in opened.papers.values())


def test_every_case_has_its_papers(packed):
    """A pack of the MAPPA panel holds each referral in both formats, named by case and form."""
    names = packed.opened("police").papers.keys()
    assert {"MAPPA-2026-5092/mappa-a-referral.pdf", "MAPPA-2026-1270/mappa-i-referral.docx"} <= set(names)
    assert {"cover-sheet.pdf", "agenda.pdf"} <= set(names)


@needs_poppler
def test_what_an_agency_need_not_know_is_nowhere_in_its_pack(packed):
    """Intelligence is for police and prison, clinical detail for those who treat: housing's pack has no byte of either."""
    report = check(read_file(make.AREA / "inbox" / "mappa-f" / "01-ordinary.xlsx"), DAY)
    patient = check(read_file(make.AREA / "inbox" / "mappa-i" / "01-first-meeting.xlsx"), DAY)
    assert isinstance(report, Checked)
    assert isinstance(patient, Checked)
    secrets = [report["annex.summary"], patient["hospital.ward"]]
    assert all(secrets)
    police, housing = text_of(packed, "police"), text_of(packed, "housing")
    for secret in secrets:
        some = re.sub(r"\s+", " ", secret)[:40]
        assert some in police
        assert some not in housing


def test_a_referral_to_another_panel_is_told(borough):
    """A CAMP referral in a MARAC meeting's file goes to nobody, and the plan says why."""
    path = borough.folder / "meetings" / "2026-12-08-marac.toml"
    text = path.read_text("utf-8").replace('file = "01-ordinary.xlsx"', 'file = "camp/01-dip-client.xlsx"', 1)
    path.write_text(text, "utf-8")
    told = borough.done("meeting", "plan", "2026-12-08-marac")
    assert "[other-panel]" in re.sub(r"\s+", " ", told)


def test_samples_of_a_form_a_agree_to_sharing_what_they_tell_of_victims():
    """The sound sample's supplier agrees, so that its victim sections are shared by need to know alone."""
    one = check(read_file(make.AREA / "inbox" / "mappa-a" / "01-sound.xlsx"), DAY)
    assert isinstance(one, Checked)
    assert is_agreed_about_victims(one)


@pytest.mark.parametrize(
    ("said", "agreed"),
    [
        ({}, True),
        ({"any_victim": "no", "domestic_abuse": "no"}, True),
        ({"any_victim": "yes", "domestic_abuse": "yes", "agrees": "no"}, False),
        ({"any_victim": "yes", "liaison": "Iris Exampleton"}, False),
        ({"any_victim": "yes", "liaison": "Iris Exampleton", "agrees": "yes"}, True),
    ],
)
def test_who_tells_of_victims_agrees_or_it_is_not_shared(said, agreed):
    """Whether there is a victim tells of none; the name of the liaison officer does (SHARE-9)."""
    assert is_agreed_about_victims(filled(mappa_a.FORM, {**mappa_a.FORM.example(), "victims": said})) is agreed


@pytest.mark.parametrize("liaison", ["no", "unknown", None])
def test_a_form_i_without_a_liaison_officer_tells_of_no_victim(liaison):
    """That no officer is known is nothing that somebody has to agree to (SHARE-9)."""
    example = mappa_i.FORM.example()
    risk = example["risk"] | {"liaison": liaison, "officer": None, "agrees": None}
    assert is_agreed_about_victims(filled(mappa_i.FORM, {**example, "risk": risk}))
