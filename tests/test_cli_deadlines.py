"""The commands calendar and due: what is printed, what is written, and what is said to programs."""

import json

import pytest
from borough import TODAY, done, run

YEAR = ("--year", "2027")


def test_calendar_lists_the_meetings_of_a_year(borough):
    """Each panel's meetings stand with their last days; the year is that of today where none is named."""
    printed = done("calendar", borough.folder, "--today", TODAY, "--panel", "marac")
    assert "Tue 8 Dec 2026" in printed
    assert "Fri 27 Nov 2026" in printed
    assert "Thu 3 Dec 2026" in printed
    told = json.loads(done("calendar", borough.folder, *YEAR, "--json"))
    assert told["year"] == 2027
    assert told["notes"] == []
    assert {one["panel"] for one in told["meetings"]} == {"marac", "mappa", "camp", "dyo", "iom", "asb"}
    assert [one["held"] for one in told["meetings"]] == sorted(one["held"] for one in told["meetings"])


def test_sample_meetings_are_in_the_rhythm(borough):
    """The meetings of the invented borough are on days on which its panels meet."""
    told = json.loads(done("calendar", borough.folder, "--today", TODAY, "--json"))["meetings"]
    days = {(one["panel"], one["held"]) for one in told}
    assert {("marac", "2026-12-08"), ("mappa", "2026-12-15")} <= days


def test_calendar_file_holds_no_case(borough, tmp_path):
    """The file has the meetings and no word of a case; a file that is there is not written over."""
    path = tmp_path / "meetings.ics"
    assert f"Written: {path}" in done("calendar", borough.folder, *YEAR, "-o", path)
    content = path.read_text("utf-8")
    assert content.startswith("BEGIN:VCALENDAR")
    assert content.count("BEGIN:VEVENT") == 4 * (2 * 13 + 4 * 12)
    assert not any(part in content for part in ("MARAC-2026", ".xlsx", "Inkstand", "Gatepost"))
    again = run("calendar", borough.folder, *YEAR, "-o", path)
    assert again.exit_code == 1
    assert "already there" in again.stderr
    assert path.read_text("utf-8") == content


def test_calendar_says_what_it_guesses_and_marks_bank_holidays(borough):
    """Without a day to count from that is said, and a meeting on a bank holiday is marked."""
    path = borough.folder / "area.toml"
    text = path.read_text("utf-8").replace("counts_from = 2026-12-08\n", "").replace('"Tuesday"', '"Monday"', 1)
    path.write_text(text.replace("every_weeks = 4", "every_weeks = 1", 1), "utf-8")
    printed = done("calendar", borough.folder, *YEAR, "--panel", "marac")
    assert next(line.split()[1:3] for line in printed.splitlines() if "bank holiday" in line) == ["29", "Mar"]
    assert "counts_from" not in printed
    path.write_text(text, "utf-8")
    assert "marac: area.toml has no counts_from" in done("calendar", borough.folder, *YEAR, "--panel", "marac")


@pytest.mark.parametrize(
    ("args", "status", "told"),
    [
        (["calendar", "--panel", "mapppa"], 2, "Take one of: marac, mappa"),
        (["calendar", "--year", "27"], 2, "--year"),
        (["due", "--within", "-1"], 2, "--within"),
    ],
    ids=["no such panel", "a year of two digits", "days back"],
)
def test_wrong_use(borough, args, status, told):
    """What cannot be asked is told, with status 2."""
    result = run(args[0], borough.folder, *args[1:])
    assert result.exit_code == status
    assert told in " ".join(result.stderr.split())


@pytest.mark.parametrize("command", ["calendar", "due"])
def test_folder_that_is_no_area(command, tmp_path):
    """Where there is no area.toml the command says so, with status 2."""
    result = run(command, tmp_path)
    assert result.exit_code == 2
    assert "There is no file area.toml here." in result.stderr


@pytest.fixture(scope="module")
def told(settled):
    """Everything that is due in the invented borough on the day of the demonstration."""
    return json.loads(done("due", settled.folder, "--today", TODAY, "--all", "--json"))


def test_due_tells_everything_with_its_rule(told):
    """Decisions, screenings, papers, Form J and reviews of the inbox and the meetings stand there, oldest first."""
    assert {"TIME-1", "TIME-3", "TIME-4", "TIME-5", "TIME-6"} == {one["rule"] for one in told["due"]}
    assert [one["day"] for one in told["due"]] == sorted(one["day"] for one in told["due"])
    assert told["unread"] == 12
    (papers,) = [one for one in told["due"] if one["about"] == "2026-12-08-marac"]
    assert papers == {"day": "2026-12-03", "what": "papers go out", "about": "2026-12-08-marac", "rule": "TIME-1",
                      "days": 1, "stands": "due in 1 day"}  # fmt: skip


def test_due_looks_so_many_days_ahead(settled, told):
    """What is overdue is always told, what is ahead within the days asked for; how much is left out is said."""
    printed = done("due", settled.folder, "--today", TODAY, "--within", "1")
    ahead = [one for one in told["due"] if one["days"] > 1]
    assert "overdue by 4 days" in printed
    assert "due in 1 day" in printed
    assert f"Later than that: {len(ahead)}. See them with --all." in printed
    assert "12 files cannot be read for this: run sealpack check" in printed


def test_receipts_are_waited_for_once_packs_are_sealed(packed):
    """After sealing, the papers are not due any more, and the receipt of each pack is."""
    told = json.loads(done("due", packed.folder, "--today", TODAY, "--json"))["due"]
    assert [one for one in told if one["what"] == "papers go out" and "marac" in one["about"]] == []
    receipts = [one for one in told if one["what"].startswith("receipt from ")]
    assert len(receipts) == len(packed.outbox)
    assert {one["day"] for one in receipts} == {"2026-12-09"}


def test_nothing_due_is_said(borough):
    """An area in which nothing is due says so."""
    for folder in ("inbox", "meetings"):
        for path in sorted((borough.folder / folder).rglob("*.*")):
            path.unlink()
    assert done("due", borough.folder).strip() == "Nothing is due within 28 days."
    assert done("due", borough.folder, "--all").strip() == "Nothing is due."
