"""Commands for meetings: a file that can be edited, and a plan that tells everything before anything is sealed."""

import json
import re
import shutil
import tomllib

import pytest
from borough import MEETING, SAMPLE, done

NEW = (
    "meeting",
    "new",
    "marac",
    "2027-01-05",
    "--chair",
    "Aubrey Gatepost",
    "--chair-role",
    "Detective Inspector",
)


def test_new_meeting_takes_what_waits(borough):
    """Referrals without a meeting become its cases; those of another meeting, and a program's own files, do not."""
    inbox = borough.folder / "inbox"
    shutil.copy(SAMPLE / "inbox" / "01-ordinary.xlsx", inbox / "09-new.xlsx")
    (inbox / "~$09-new.xlsx").write_bytes(b"x")
    (inbox / "10-old.xls").write_bytes(b"x")
    printed = borough.done(*NEW)
    made = tomllib.loads((borough.folder / "meetings" / "2027-01-05-marac.toml").read_text("utf-8"))
    assert [case["file"] for case in made["case"]] == ["09-new.xlsx", "10-old.xls"]
    assert "2 cases" in printed
    assert "01-ordinary.xlsx" in printed
    told = json.loads(borough.done("meeting", "plan", "2027-01-05-marac", "--json"))
    assert [case["goes"] for case in told["cases"]] == [True, False]
    assert told["cases"][1]["problems"]


def test_references_count_nothing(borough):
    """References are drawn by lot: they tell neither order nor number, and no two meetings share one."""
    (borough.folder / "meetings" / f"{MEETING}.toml").unlink()
    borough.done(*NEW)
    made = tomllib.loads((borough.folder / "meetings" / "2027-01-05-marac.toml").read_text("utf-8"))
    numbers = [int(re.fullmatch(r"MARAC-2027-(\d{4})", case["reference"])[1]) for case in made["case"]]
    assert len(set(numbers)) == 8
    assert numbers != sorted(numbers) or numbers[-1] - numbers[0] > 8


def test_meeting_is_not_written_over(borough):
    """A meeting file that somebody has worked on is left as it is."""
    borough.done(*NEW)
    path = borough.folder / "meetings" / "2027-01-05-marac.toml"
    path.write_text(path.read_text() + "# mine\n")
    assert borough.run(*NEW).exit_code == 1
    assert path.read_text().endswith("# mine\n")


def test_file_says_how_to_go_on(borough):
    """The comments of a new file, with their sign taken away, are settings that the program takes."""
    (borough.folder / "meetings" / f"{MEETING}.toml").unlink()
    borough.done(*NEW)
    path = borough.folder / "meetings" / "2027-01-05-marac.toml"
    text = path.read_text("utf-8")
    reference = tomllib.loads(text)["case"][0]["reference"]
    for given in (
        ("[[invitation]]", "[[invitation]]"),
        ('agency = "..."', 'agency = "larkmead-homes"'),
        ('cases = ["..."]', f'cases = ["{reference}"]'),
        ('agreed_by = "..."', 'agreed_by = "Aubrey Gatepost"'),
        ('reason = "..."', 'reason = "Landlord of the flat."'),
    ):
        assert f"# {given[0]}" in text
        text = text.replace(f"# {given[0]}", given[1], 1)
    path.write_text(text, "utf-8")
    told = json.loads(borough.done("meeting", "plan", "2027-01-05-marac", "--json"))
    (larkmead,) = [one for one in told["agencies"] if one["agency"] == "larkmead-homes"]
    assert list(larkmead["cases"]) == [reference]


def late(borough, *names):
    for name in names:
        shutil.copy(SAMPLE / "inbox" / "01-ordinary.xlsx", borough.folder / "inbox" / name)


def cases_of(path):
    return tomllib.loads(path.read_text("utf-8"))["case"]


def test_referral_that_comes_later_is_added(borough):
    """Waiting referrals become new cases behind the others, each with a reference of its own; nothing else changes."""
    path = borough.folder / "meetings" / f"{MEETING}.toml"
    before = path.read_text("utf-8")
    late(borough, "10-later.xlsx", "09-late.xlsx")
    printed = borough.done("meeting", "add", MEETING)
    assert "2 cases more" in printed
    after = path.read_text("utf-8")
    assert [case["file"] for case in cases_of(path)[-2:]] == ["09-late.xlsx", "10-later.xlsx"]
    assert len({case["reference"] for case in cases_of(path)}) == 10
    assert all(case["reference"] in printed for case in cases_of(path)[-2:])
    rest = iter(after.splitlines())
    assert all(line in rest for line in before.splitlines()), "a line was lost or moved"
    added = after.index("09-late.xlsx")
    assert after.index("08-day-late.xlsx") < added < after.index("# An agency that is no member")
    told = json.loads(borough.done("meeting", "plan", MEETING, "--json"))
    assert [case["goes"] for case in told["cases"][-2:]] == [True, True]


def test_adding_twice_adds_once(borough):
    """Where nothing waits, the file is left as it is, to the byte."""
    path = borough.folder / "meetings" / f"{MEETING}.toml"
    before = path.read_bytes()
    assert "Nothing to add" in borough.done("meeting", "add", MEETING)
    assert path.read_bytes() == before
    late(borough, "09-late.xlsx")
    borough.done("meeting", "add", MEETING)
    longer = path.read_bytes()
    borough.done("meeting", "add", MEETING)
    assert path.read_bytes() == longer


def test_file_of_a_new_meeting_is_pointed_to_what_adds(borough):
    """Who makes a meeting that is there is told how to add to it; its comments still say how to go on."""
    late(borough, "09-new.xlsx")
    borough.done(*NEW)
    late(borough, "11-later.xlsx")
    result = borough.run(*NEW)
    assert result.exit_code == 1
    assert "sealpack meeting add 2027-01-05-marac" in result.stderr
    borough.done("meeting", "add", "2027-01-05-marac")
    path = borough.folder / "meetings" / "2027-01-05-marac.toml"
    assert [case["file"] for case in cases_of(path)] == ["09-new.xlsx", "11-later.xlsx"]
    assert path.read_text("utf-8").index("11-later.xlsx") < path.read_text("utf-8").index("# [[decision]]")


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        (lambda text: text.replace("\n", "\r\n"), True),
        (lambda text: "\ufeff" + text, True),
        (lambda text: text + '\n[[case]]\nreference = "MARAC-2026-1111"\nfile = "99-gone.xlsx"', True),
        (lambda text: text.partition("[[case]]")[0], True),
        (lambda text: "case = []\n" + text.partition("[[case]]")[0], True),
        (lambda text: text.partition("[chair]")[0] + "case = []\nchair = {name = 'A', role = 'B'}\n", True),
        (lambda text: 'case = [{reference = "MARAC-2026-1111", file = "99-gone.xlsx"}]\n' + text.partition("[[case]]")[0], False),
    ],
    ids=["lines as Windows ends them", "a byte order mark", "a case after an invitation", "no case yet", "an empty list", "an empty list, and a chair on one line", "cases on one line"],
)  # fmt: skip
def test_file_that_somebody_laid_out_anew_is_added_to(borough, change, fits):
    """However a person has laid out the file, every line stays, or the file is left alone and that is said."""
    path = borough.folder / "meetings" / f"{MEETING}.toml"
    before = change(path.read_text("utf-8"))
    path.write_bytes(before.encode())
    late(borough, "09-late.xlsx")
    result = borough.run("meeting", "add", MEETING)
    if not fits:
        assert result.exit_code == 1
        assert path.read_bytes() == before.encode()
        return
    assert result.exit_code == 0, result.output
    text = path.read_bytes().decode("utf-8-sig")
    rest = iter(text.splitlines())
    kept = [line for line in before.removeprefix("\ufeff").splitlines() if line != "case = []"]
    assert all(line in rest for line in kept)
    assert "09-late.xlsx" in [case["file"] for case in tomllib.loads(text)["case"]]
    assert ("\r\n" in text) == ("\r\n" in before)
    assert borough.run("meeting", "plan", MEETING).exit_code == 0


@pytest.mark.parametrize("name", ["gone.xlsx", "../area.toml"], ids=["not there", "outside the inbox"])
def test_file_that_the_inbox_does_not_have_is_a_problem_of_its_case(borough, name):
    """A case whose file is missing, or lies somewhere else, is told with what to do, and goes to nobody."""
    path = borough.folder / "meetings" / f"{MEETING}.toml"
    path.write_text(path.read_text("utf-8").replace("01-ordinary.xlsx", name), "utf-8")
    case = json.loads(borough.run("meeting", "plan", MEETING, "--json").stdout)["cases"][0]
    assert not case["goes"]
    assert [one["code"] for one in case["problems"]] == ["not-in-inbox"]
    assert "meeting file" in case["problems"][0]["cure"]


@pytest.mark.parametrize(
    "name", [MEETING, f"{MEETING}.toml", f"meetings/{MEETING}.toml", f"meetings/{MEETING}"]
)
def test_meeting_is_named_as_people_name_it(borough, monkeypatch, tmp_path, name):
    """With or without ending and folder, from inside the area and from outside, a meeting is found."""
    assert json.loads(borough.done("meeting", "plan", name, "--json"))["meeting"] == MEETING
    monkeypatch.chdir(borough.folder)
    assert json.loads(done("meeting", "plan", name, "--json"))["meeting"] == MEETING
    monkeypatch.chdir(tmp_path)
    path = f"{borough.folder.name}/meetings/{MEETING}.toml"
    assert json.loads(borough.done("meeting", "plan", path, "--json"))["meeting"] == MEETING


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("meeting", "add", "2026-12-09-marac"), f"Meetings here: {MEETING}"),
        (("meeting", "new", "quilting", *NEW[3:]), "Take one of: marac"),
        (("meeting", "new", "marac", "8 December", *NEW[4:]), "2026-12-08"),
        (("meeting", "plan", "2026-12-09-marac"), f"Meetings here: {MEETING}"),
        (("meeting", "plan", MEETING, "--why", "fire-brigade"), "Take one of: "),
    ],
    ids=[
        "a meeting to add to that there is not",
        "a panel that there is not",
        "a date in words",
        "a meeting that there is not",
        "an agency that is not there",
    ],
)
def test_wrong_names_are_told_with_what_there_is(borough, args, told):
    """A name that is wrong gives status 2 and the list to choose from."""
    result = borough.run(*args)
    assert result.exit_code == 2
    assert told in result.stderr


def test_broken_meeting_file_stops_a_new_one(borough):
    """A meeting file that cannot be read is named: its cases would be taken twice otherwise."""
    (borough.folder / "meetings" / "2026-11-10-marac.toml").write_text("panel = \n")
    result = borough.run(*NEW)
    assert result.exit_code == 2
    assert "2026-11-10-marac.toml" in result.stderr


def test_inbox_that_is_not_there_is_told(borough):
    """Without an inbox a new meeting says which folder is missing."""
    shutil.rmtree(borough.folder / "inbox")
    result = borough.run(*NEW)
    assert result.exit_code == 1
    assert "inbox" in result.stderr


def test_plan_tells_who_gets_what_and_why_not(borough):
    """The plan names each file with what stops it, and each agency with what it does not get."""
    printed = " ".join(borough.done("meeting", "plan", MEETING).split())
    for part in (
        "REFER-11",
        "CONSENT-2",
        "TIME-1: late by 1 working day",
        "SEND-3",
        "SHARE-3",
        "SHARE-4: invited for",
    ):
        assert part in printed
    assert not borough.outbox


def test_plan_tells_which_referrals_came_in_time(borough):
    """Beside each sound referral stands whether it came in time, in words, for programs too."""
    told = json.loads(borough.done("meeting", "plan", MEETING, "--json"))
    standing = [one["in_time"] for one in told["cases"]]
    assert standing == [*["on time"] * 5, "", "on time", "late by 1 working day"]
    printed = borough.done("meeting", "plan", MEETING)
    assert "In time" in printed
    assert printed.count("on time") == 6
    mappa = json.loads(borough.done("meeting", "plan", "2026-12-15-mappa", "--json"))
    assert mappa["warnings"] == []


def test_plan_tells_everything_withheld_from_one_agency(borough):
    """Asked why, the plan lists each question withheld from an agency with its rule, and what the rule says."""
    told = json.loads(borough.done("meeting", "plan", MEETING, "--why", "housing", "--json"))
    assert {"victim.mental_health", "children.gp"} <= {one["path"] for one in told}
    printed = borough.done("meeting", "plan", MEETING, "--why", "housing")
    assert "SHARE-11: Only what the purpose needs" in " ".join(printed.split())


def test_plan_says_which_named_contact_is_left_out(borough):
    """A contact without a usable key is named beside the pack that he or she will not be able to open."""
    keys = json.loads(borough.done("keys", "list", "--json"))
    (second,) = [one for one in keys if one["spoc"] == "Alder Whetstone"]
    borough.done(
        "keys",
        "revoke",
        "police",
        "--fingerprint",
        second["fingerprint"],
        "--by",
        "Ann Clerk",
        "-i",
        borough.co_ordinator,
    )
    assert "The pack for police cannot be opened by Alder Whetstone: it was revoked" in borough.done(
        "meeting", "plan", MEETING
    )
    told = json.loads(borough.done("meeting", "plan", MEETING, "--json"))
    assert [one["contact"] for one in told["left_out"]] == ["Alder Whetstone"]


def test_plan_with_a_decision_that_nobody_may_take_fails(borough):
    """A decision on an absolute rule is a problem of the meeting file: the plan fails, and nothing can be packed."""
    path = borough.folder / "meetings" / f"{MEETING}.toml"
    reference = tomllib.loads(path.read_text("utf-8"))["case"][0]["reference"]
    path.write_text(
        path.read_text("utf-8")
        + f'[[decision]]\nrule = "SHARE-8"\ncase = "{reference}"\nby = "A"\nrole = "B"\non = 2026-12-01\nreason = "C"\n',
        "utf-8",
    )
    result = borough.run("meeting", "plan", MEETING)
    assert result.exit_code == 1
    assert "SHARE-8 is absolute" in result.stderr
    result = borough.run("pack", MEETING, "-i", borough.co_ordinator)
    assert result.exit_code == 1
    assert "Nothing is sealed" in result.stderr
    assert borough.outbox == []


def test_why_names_whole_cases_and_checks_too(borough):
    """What --why lists is everything: a case that no need to know reaches, and one that is on the agenda for a check alone."""
    path = borough.folder / "meetings" / "2026-12-15-mappa.toml"
    extra = '\n[[case]]\nreference = "MAPPA-2026-7001"\nfile = "mappa-h/01-ordinary.xlsx"\ncheck = true\n'
    path.write_text(path.read_text("utf-8") + extra, "utf-8")
    told = json.loads(borough.done("meeting", "plan", path.stem, "--why", "housing", "--json"))
    whole = {(one["case"], one["question"], one["rule"]) for one in told if not one["path"]}
    assert whole == {
        ("MAPPA-2026-1270", "the whole case", "SHARE-11"),
        ("MAPPA-2026-7001", "all papers", "SHARE-12"),
    }
    plan = json.loads(borough.done("meeting", "plan", path.stem, "--json"))
    (housing,) = [one for one in plan["agencies"] if one["agency"] == "housing"]
    assert housing["to_check"] == ["MAPPA-2026-7001"]
    assert [one["case"] for one in plan["cases"] if one["check"]] == ["MAPPA-2026-7001"]


def test_a_meeting_made_before_any_referral_came_takes_them_later(borough):
    """Made with an empty inbox, a meeting's file can be added to."""
    inbox = borough.folder / "inbox"
    for path in inbox.glob("*.xlsx"):
        path.unlink()
    assert "with 0 cases" in borough.done(*NEW)
    shutil.copy(SAMPLE / "inbox" / "01-ordinary.xlsx", inbox / "09-new.xlsx")
    assert "1 case more" in borough.done("meeting", "add", "2027-01-05-marac")
    made = tomllib.loads((borough.folder / "meetings" / "2027-01-05-marac.toml").read_text("utf-8"))
    assert [case["file"] for case in made["case"]] == ["09-new.xlsx"]


def test_referrals_of_another_panel_are_left_out_and_named(borough):
    """A Form A in the inbox is not taken for a MARAC case, and folders that are not looked into are told."""
    shutil.copy(SAMPLE / "inbox" / "mappa-a" / "01-sound.xlsx", borough.folder / "inbox" / "09-form-a.xlsx")
    printed = borough.done(*NEW)
    assert "Left out, since they are for another panel: 09-form-a.xlsx" in printed
    assert "Not looked into: asb, camp" in printed
    assert "with 0 cases" in printed


@pytest.mark.parametrize("panel", ["mappa", "marac"])
def test_an_answer_to_a_referrer_is_no_case_of_these_panels(borough, panel):
    """Who of their members may know of an answer is decided by nobody: it goes to whoever referred."""
    path = borough.folder / "meetings" / ("2026-12-15-mappa.toml" if panel == "mappa" else f"{MEETING}.toml")
    extra = '\n[[case]]\nreference = "X-2026-7001"\nfile = "response/01-accepted.xlsx"\n'
    path.write_text(path.read_text("utf-8") + extra, "utf-8")
    told = json.loads(borough.done("meeting", "plan", path.stem, "--json"))
    (answer,) = [one for one in told["cases"] if one["case"] == "X-2026-7001"]
    assert [one["code"] for one in answer["problems"]] == ["other-panel"]
