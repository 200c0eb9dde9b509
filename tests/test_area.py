"""The area's files: every mistake in them is told in its place, in words, all at once."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from pipeline.agency import AgencyKind
from pipeline.area import open_area
from pipeline.problem import CATALOGUE
from pipeline.settings import Unusable

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "brackenford"

AREA = """
name = "Brackenford"
[sender]
agency = "council"
name = "Perpetua Inkstand"
role = "MARAC co-ordinator"
telephone = "020 7946 0100"
email = "marac@council.example"
[panel.marac]
title = "MARAC"
purpose = "To make somebody safer."
expected = ["Check your records."]
"""
AGENCIES = """
[[agency]]
id = "council"
name = "Brackenford Council"
kind = "adult_social_care"

[[agency]]
id = "police"
name = "Brackenford Police"
kind = "police"
duty_to_cooperate = true
protocol_signed = 2026-04-08
panels = ["marac"]
[[agency.spoc]]
name = "Tansy Bookbinder"
"""


def folder(tmp_path: Path, area: str | bytes | None = AREA, agencies: str | bytes | None = AGENCIES) -> Path:
    for name, content in (("area.toml", area), ("agencies.toml", agencies)):
        if content is not None:
            (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


def problems(at: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(Unusable) as unusable:
        open_area(at)
    for one in unusable.value.problems:
        assert one.code in CATALOGUE
        assert one.code in str(unusable.value)
    return [(one.code, str(one.place), one.what) for one in unusable.value.problems]


def test_a_sound_area_is_read(tmp_path):
    """Settings, panels, agencies and SPOCs are as they stand; what is left out has its usual value."""
    area = open_area(folder(tmp_path))
    panel, police = area.settings.panels["marac"], area.agency("police")
    assert (panel.weekday, panel.every_weeks, panel.time, panel.referral_days, panel.papers_days) == (
        "Tuesday",
        4,
        dt.time(13),
        7,
        3,
    )
    assert (police.kind, police.duty_to_cooperate, police.spocs[0].name) == (
        AgencyKind.POLICE,
        True,
        "Tansy Bookbinder",
    )
    assert area.agency("council").spocs == ()
    assert area.inbox == tmp_path / "inbox"
    with pytest.raises(KeyError):
        area.agency("nobody")


def test_the_sample_area_is_sound():
    """The invented borough can be opened."""
    assert len(open_area(SAMPLE).agencies) == 12


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["Unix", "Windows"])
def test_files_saved_by_windows_are_read(line_end, tmp_path):
    """A byte order mark at the head and Windows line ends do no harm."""
    content = b"\xef\xbb\xbf" + AREA.replace("\n", line_end).encode()
    assert open_area(folder(tmp_path, content)).settings.name == "Brackenford"


WRONG_AREA: dict[str, tuple[str, str, str, str]] = {
    "a setting that there is not": ("[sender]", "colour = 3\n[sender]", "area.toml: colour", "This is not a setting."),
    "a setting that is missing": ('name = "Brackenford"', "", "area.toml: name", "This must be given."),
    "a number where words are": ('name = "Brackenford"', "name = 3", "area.toml: name", "This must be words between quotation marks."),
    "words that are empty": ('name = "Brackenford"', 'name = "  "', "area.toml: name", "This must not be empty."),
    "a scheme that there is not": ("[sender]", 'scheme = "secret"\n[sender]', "area.toml: scheme", "This should be 'official' or 'restricted'."),
    "a sender nobody knows": ('agency = "council"', 'agency = "bureau"', "area.toml: sender agency", "The sender's agency is not in agencies.toml."),
    "an id with a capital": ('agency = "council"', 'agency = "Council"', "area.toml: sender agency",
                             "This has not the form that is asked for: see the notes at the head of the file."),
    "a weekday that there is not": ('title = "MARAC"', 'title = "M"\nweekday = "Tu"', "area.toml: panel marac weekday",
        "This should be 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday' or 'Sunday'."),
    "a time in words": ('title = "MARAC"', 'title = "M"\ntime = "one"', "area.toml: panel marac time",
                        "This must be a time, without quotation marks, like 13:00:00."),
    "ten o'clock as a number": ('title = "MARAC"', 'title = "M"\ntime = 10.00', "area.toml: panel marac time",
                                "This must be a time, without quotation marks, like 13:00:00."),
    "a day as a number": ('title = "MARAC"', 'title = "M"\ncounts_from = 2026', "area.toml: panel marac counts_from",
                          "This must be a date, without quotation marks, like 2026-12-08."),
    "days beyond a year": ('title = "MARAC"', 'title = "M"\npapers_days = 99999999', "area.toml: panel marac papers_days",
                           "This should be less than or equal to 366."),
    "half a week": ('title = "MARAC"', 'title = "M"\nevery_weeks = 0.5', "area.toml: panel marac every_weeks", "This must be a whole number."),
    "no months to keep": ('title = "MARAC"', 'title = "M"\nkeep_months = 0', "area.toml: panel marac keep_months",
                          "This should be greater than or equal to 1."),
    "a word where a list is": ('["Check your records."]', '"Check"', "area.toml: panel marac expected", "This must be a list, between square brackets."),
}  # fmt: skip


@pytest.mark.parametrize("says", WRONG_AREA)
def test_a_mistake_in_the_settings_is_told_in_its_place(says, tmp_path):
    """Each mistake says where it stands and what is wrong, in words."""
    old, new, place, what = WRONG_AREA[says]
    assert old in AREA
    assert problems(folder(tmp_path, AREA.replace(old, new, 1))) == [("setting", place, what)]


WRONG_AGENCIES: dict[str, tuple[str, str, str, str]] = {
    "a kind that there is not": ('kind = "police"', 'kind = "army"', "agencies.toml: agency no. 2 kind", "This should be 'police', 'probation'"),
    "two of one id": ('id = "police"', 'id = "council"', "agencies.toml", "Two agencies are called council."),
    "a panel that there is not": ('["marac"]', '["camp"]', "agencies.toml: agency no. 2 (police) panels", "area.toml has no panel camp."),
    "a date between quotation marks": ("2026-04-08", '"last April"', "agencies.toml: agency no. 2 protocol_signed",
                                       "This must be a date, without quotation marks, like 2026-12-08."),
    "yes in words": ("cooperate = true", 'cooperate = "indeed"', "agencies.toml: agency no. 2 duty_to_cooperate", "This must be true or false."),
    "a SPOC without a name": ('name = "Tansy Bookbinder"', 'role = "DC"', "agencies.toml: agency no. 2 spoc no. 1 name", "This must be given."),
    "an id with a path in it": ('id = "police"', 'id = "../police"', "agencies.toml: agency no. 2 id", "This has not the form"),
    "an id that is very long": ('id = "police"', f'id = "{"p" * 41}"', "agencies.toml: agency no. 2 id", "This should have at most 40 characters."),
}  # fmt: skip


@pytest.mark.parametrize("says", WRONG_AGENCIES)
def test_a_mistake_in_the_agencies_is_told_in_its_place(says, tmp_path):
    """Agencies and SPOCs are told by their number in the file."""
    old, new, place, what = WRONG_AGENCIES[says]
    assert old in AGENCIES
    told = problems(folder(tmp_path, agencies=AGENCIES.replace(old, new, 1)))
    assert [one[:2] for one in told] == [("setting", place)]
    assert told[0][2].startswith(what)


def test_all_mistakes_of_both_files_are_told_at_once(tmp_path):
    """Nobody has to run again to find the next mistake."""
    told = problems(
        folder(
            tmp_path,
            AREA.replace('name = "Brackenford"', "colour = 1"),
            AGENCIES.replace('kind = "police"', ""),
        )
    )
    assert {one[1] for one in told} == {
        "area.toml: name",
        "area.toml: colour",
        "agencies.toml: agency no. 2 kind",
    }


def test_no_mistake_repeats_what_stood_there(tmp_path):
    """A value may be somebody's number or address: it is not in the problem."""
    told = problems(
        folder(
            tmp_path,
            AREA.replace('"020 7946 0100"', '["Zyxwvut"]'),
            AGENCIES.replace("2026-04-08", '"Zyxwvut"'),
        )
    )
    assert "Zyxwvut" not in str(told)
    assert len(told) == 2


BROKEN: dict[str, tuple[bytes | None, str, str]] = {
    "missing": (None, "no-settings", "There is no file area.toml here."),
    "a line that is not TOML": (b'name = "B"\nsender = \n', "not-toml", "area.toml cannot be read, line 2: Invalid value."),
    "a quotation mark that is not closed": (b'name = "B\n', "not-toml", "area.toml cannot be read, line 1"),
    "a setting that stands twice": (b'name = "B"\nname = "C"\n', "not-toml", "area.toml cannot be read, line 2: Cannot overwrite a value."),
    "saved in the code page of Windows": ("name = 'Łęcka'".encode("cp1250"), "not-toml", "area.toml cannot be read, line 1: it is not saved as UTF-8 text."),
    "saved as UTF-16": ("name = 'B'".encode("utf-16"), "not-toml", "area.toml cannot be read, line 1: it is not saved as UTF-8 text."),
    "a workbook": (b"PK\x03\x04\x00\x00", "not-toml", "area.toml cannot be read, line 1"),
    "nested without end": (b"name = " + b"[" * 100_000, "not-toml", "area.toml cannot be read, line"),
    "very large": (b"#" * 5_000_001, "not-toml", "area.toml cannot be read, line 1: it is too large for settings."),
}  # fmt: skip


@pytest.mark.parametrize("says", BROKEN)
def test_a_file_that_cannot_be_read_is_told(says, tmp_path):
    """What is no file of settings gets its own words, and the line where there is one."""
    content, code, what = BROKEN[says]
    told = problems(folder(tmp_path, content))
    assert [(one[0], one[1]) for one in told] == [(code, "area.toml")]
    assert told[0][2].startswith(what)


def test_a_folder_where_a_file_should_be_is_told(tmp_path):
    """A file that cannot be opened is a problem and not a traceback."""
    (folder(tmp_path, area=None) / "area.toml").mkdir()
    assert [one[0] for one in problems(tmp_path)] == ["settings-closed"]


def test_place_names_that_are_blank_are_left_out(tmp_path):
    """A blank name of a place would be found in every text."""
    area = folder(tmp_path, AREA.replace("[sender]", 'place_names = ["Brackenford", " ", ""]\n[sender]'))
    assert open_area(area).settings.place_names == ("Brackenford",)


def test_every_kind_has_words():
    """A kind of agency is shown in words, without underscores."""
    assert all(kind.words and "_" not in kind.words for kind in AgencyKind)


def test_a_copy_of_the_sample_is_an_area(tmp_path):
    """An area can be moved: nothing in it says where it lies."""
    shutil.copytree(SAMPLE, tmp_path / "elsewhere")
    assert open_area(tmp_path / "elsewhere").settings == open_area(SAMPLE).settings
