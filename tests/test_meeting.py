"""A meeting's file: cases, invitations and decisions, and every mistake in its place."""

import datetime as dt
from pathlib import Path

import pytest

from pipeline.area import Area
from pipeline.meeting import open_meeting
from pipeline.settings import Unusable
from tests.rules import agency, area

MEETING = """
panel = "marac"
date = 2026-12-08
[chair]
name = "Aubrey Gatepost"
role = "Detective Inspector"
[[case]]
reference = "MARAC-2026-4417"
file = "one.xlsx"
[[case]]
reference = "MARAC-2026-2863"
file = "two.xlsx"
received = 2026-11-26
repeat = true
[[invitation]]
agency = "larkmead"
cases = ["MARAC-2026-2863"]
agreed_by = "Aubrey Gatepost"
reason = "Landlord of the flat."
[[decision]]
rule = "SEND-3"
agency = "police"
by = "Aubrey Gatepost"
role = "chair"
on = 2026-12-01
reason = "The deputy will take it."
"""


@pytest.fixture
def here() -> Area:
    return area(agency(), agency("larkmead", panels=[]))


def write(tmp_path: Path, content: str, name: str = "2026-12-08-marac.toml") -> Path:
    (tmp_path / name).write_text(content, "utf-8")
    return tmp_path / name


def problems(here: Area, path: Path) -> list[tuple[str, str]]:
    with pytest.raises(Unusable) as unusable:
        open_meeting(here, path)
    return [(str(one.place), one.what) for one in unusable.value.problems]


def test_a_sound_meeting_is_read(here, tmp_path):
    """Its id is the file's name; cases, invitations and decisions are as they stand."""
    made = open_meeting(here, write(tmp_path, MEETING))
    assert made.id == "2026-12-08-marac"
    assert made.date == dt.date(2026, 12, 8)
    assert [case.repeat for case in made.cases] == [False, True]
    assert made.invitations[0].cases == ("MARAC-2026-2863",)
    assert made.decisions[0].agency == "police"
    assert not made.emergency
    assert made.time is None


FILE = "2026-12-08-marac.toml"
WRONG: dict[str, tuple[str, str, str, str]] = {
    "a panel that there is not": ('panel = "marac"', 'panel = "camp"', f"{FILE}: panel", "area.toml has no panel camp."),
    "an invited agency that there is not": ('agency = "larkmead"', 'agency = "nobody"', f"{FILE}: invitation no. 1 agency", "agencies.toml has no agency nobody."),
    "a decision for an agency that there is not": ('agency = "police"', 'agency = "nobody"', f"{FILE}: decision no. 1 agency", "agencies.toml has no agency nobody."),
    "an invitation for a case that there is not": ('cases = ["MARAC-2026-2863"]', 'cases = ["MARAC-2026-9999"]', FILE, "There is no case MARAC-2026-9999."),
    "an invitation for no case": ('cases = ["MARAC-2026-2863"]', "cases = []", f"{FILE}: invitation no. 1 cases", "This must name at least one."),
    "a decision on a case that there is not": ('agency = "police"', 'case = "MARAC-2026-9999"', FILE, "There is no case MARAC-2026-9999."),
    "a decision about nothing": ('agency = "police"\n', "", f"{FILE}: decision no. 1", "A decision is about a case or an agency: give one."),
    "two cases of one reference": ("MARAC-2026-4417", "MARAC-2026-2863", FILE, "Two cases have the reference MARAC-2026-2863."),
    "one file for two cases": ("two.xlsx", "one.xlsx", FILE, "One file is named for two cases."),
    "a reference with a name in it": ("MARAC-2026-4417", "Rowena-2026", f"{FILE}: case no. 1 reference", "This has not the form that is asked for: see the notes at the head of the file."),
    "a date in words": ("date = 2026-12-08", 'date = "soon"', f"{FILE}: date", "This must be a date, without quotation marks, like 2026-12-08."),
    "a decision without a reason": ('reason = "The deputy will take it."', 'reason = " "', f"{FILE}: decision no. 1 reason", "This must not be empty."),
    "a decision that nobody took": ('\nby = "Aubrey Gatepost"', "", f"{FILE}: decision no. 1 by", "This must be given."),
    "a setting that there is not": ("[chair]", "urgent = true\n[chair]", f"{FILE}: urgent", "This is not a setting."),
}  # fmt: skip


@pytest.mark.parametrize("says", WRONG)
def test_a_mistake_is_told_in_its_place(says, here, tmp_path):
    """Each mistake says where it stands and what is wrong, in words."""
    old, new, place, what = WRONG[says]
    assert old in MEETING
    assert problems(here, write(tmp_path, MEETING.replace(old, new, 1))) == [(place, what)]


def test_an_agency_is_invited_once(here, tmp_path):
    """Two invitations of one agency would show as one: its cases go into one."""
    second = MEETING[MEETING.index("[[invitation]]") : MEETING.index("[[decision]]")].replace("2863", "4417")
    told = problems(here, write(tmp_path, MEETING + second))
    assert told == [(FILE, "One agency is invited twice (larkmead): name all its cases in one invitation.")]


def test_all_mistakes_are_told_at_once(here, tmp_path):
    """Nobody has to run again to find the next mistake."""
    content = (
        MEETING.replace('panel = "marac"', 'panel = "camp"')
        .replace("larkmead", "nobody")
        .replace("police", "nowhere")
    )
    assert len(problems(here, write(tmp_path, content))) == 3


@pytest.mark.parametrize("name", ["Rowena Sampleworth.toml", "2026_12_08.toml", "Meeting.toml"])
def test_a_files_name_goes_into_packs_and_so_is_plain(name, here, tmp_path):
    """A name with spaces or capitals, which might be a person's, is a problem."""
    told = problems(here, write(tmp_path, MEETING, name))
    assert [what.partition(":")[0] for _, what in told] == ["The file's name goes into packs and register"]


@pytest.mark.parametrize("reference", ["MARAC-2026-4417", "MAPPA-26-01", "DYO-2026"])
def test_references_name_nobody(reference, here, tmp_path):
    """A reference is capitals and numbers."""
    made = open_meeting(here, write(tmp_path, MEETING.replace("MARAC-2026-4417", reference)))
    assert made.cases[0].reference == reference


def test_reasons_and_file_names_are_not_printed(here, tmp_path):
    """What may speak of a person is in no repr: a reason, and the name of a referral's file."""
    shown = repr(open_meeting(here, write(tmp_path, MEETING)))
    for hidden in ("one.xlsx", "Landlord", "deputy"):
        assert hidden not in shown
