"""Commands for co-ordinators: meeting new and meeting plan."""

import datetime as dt
import secrets
from pathlib import Path

import click
import tomlkit

from keys.files import write_whole
from pipeline.area import Area
from pipeline.cli import common
from pipeline.cli.keys import read_directory
from pipeline.cli.plans import plan_json, say_left_out, say_plan, say_why
from pipeline.flow import decide
from pipeline.meeting import Meeting, open_meeting


@click.group
def meeting() -> None:
    """Prepare a meeting: its cases, and who would get what."""


def find_meeting(area: Area, name: str) -> Meeting:
    """Return a meeting by its name, `2026-12-08-marac`, or by its file."""
    path = Path(name) if name.endswith(".toml") else area.meetings / f"{name}.toml"
    if not path.exists():
        known = ", ".join(sorted(one.stem for one in area.meetings.glob("*.toml"))) or "none yet"
        common.fail(
            f"There is no meeting {name}.",
            f"Meetings here: {known}. Make one with `sealpack meeting new`.",
            common.WRONG_USE,
        )
    return open_meeting(area, path)


@meeting.command
@click.argument("panel")
@click.argument("date", type=common.Day())
@click.option("--chair", required=True, help="Who chairs.")
@click.option("--chair-role", required=True, help="In which role.")
@click.option("--emergency", is_flag=True, help="An emergency meeting: no lead times.")
@common.area_option
@common.in_words
def new(panel: str, date: dt.date, *, chair: str, chair_role: str, emergency: bool, area_folder: Path) -> None:
    """Write a meeting file with every referral of the inbox that has no meeting yet.

    Example: sealpack meeting new marac 2026-12-08 --chair "A. Gatepost" --chair-role "Detective Inspector"
    """
    area = common.find_area(area_folder)
    if panel not in area.settings.panels:
        known = ", ".join(area.settings.panels)
        common.fail(f"area.toml has no panel {panel}.", f"Take one of: {known}", common.WRONG_USE)
    files, references = _taken(area)
    there = sorted(one.name for one in area.inbox.iterdir() if common.lies_there(one))
    waiting = [name for name in there if name not in files]
    document = tomlkit.document()
    for line in _HEAD:
        document.add(tomlkit.comment(line))
    document.add("panel", tomlkit.item(panel))
    document.add("date", tomlkit.item(date))
    if emergency:
        document.add("emergency", tomlkit.item(value=True))
    document.add("chair", tomlkit.item({"name": chair, "role": chair_role}))
    cases = tomlkit.aot()
    for name in waiting:
        reference = _reference(panel, date, references)
        references.add(reference)
        cases.append(tomlkit.item({"reference": reference, "file": name}))
    document.add("case", cases)
    for line in _FOOT:
        document.add(tomlkit.comment(line) if line else tomlkit.nl())
    path = area.meetings / f"{date}-{panel}.toml"
    try:
        area.meetings.mkdir(exist_ok=True)
        write_whole(path, tomlkit.dumps(document).encode(), mode=0o644, replace=False)
    except FileExistsError:
        common.fail(f"{path} is already there.", "Edit it, or move it away first.")
    click.echo(f"Written: {path}, with {common.count(len(waiting), 'case')}.")
    if left := sorted(files & set(there)):
        click.echo(f"Left out, since another meeting has them: {', '.join(left)}")
    click.echo(f"Next: sealpack meeting plan {path.stem}")


def _taken(area: Area) -> tuple[set[str], set[str]]:
    """Return the files and references that other meetings have."""
    cases = [case for path in sorted(area.meetings.glob("*.toml")) for case in open_meeting(area, path).cases]
    return {case.file for case in cases}, {case.reference for case in cases}


_HEAD = (
    'A meeting. Change what stands after each "=", save, and run `sealpack meeting plan` to see what comes of it.',
    'Left out, time and place are the panel\'s usual ones:  time = 13:00:00  and  place = "..."',
    "Below a case you can add:  repeat = true  (it was here before)  and  received = 2026-11-26  (when it came).",
)
_FOOT = (
    "",
    "An agency that is no member, for the cases named and no other; the chair agrees beforehand:",
    "[[invitation]]",
    'agency = "..."',
    'cases = ["..."]',
    'agreed_by = "..."',
    'reason = "..."',
    "",
    "A named person sets a rule aside for a case. `sealpack explain` says which rules can be; for CONSENT-2 give a ground as well.",
    "[[decision]]",
    'rule = "..."',
    'case = "..."',
    'by = "..."',
    'role = "..."',
    "on = 2026-12-02",
    'reason = "..."',
)


def _reference(panel: str, date: dt.date, taken: set[str]) -> str:
    """Return a reference that tells neither who it is nor how many cases there are (SHARE-4)."""
    while True:
        reference = f"{panel.upper()}-{date.year}-{secrets.randbelow(9_000) + 1_000}"
        if reference not in taken:
            return reference


@meeting.command
@click.argument("meeting_name", metavar="MEETING")
@click.option("--why", metavar="AGENCY", help="Everything that is withheld from one agency, with its rule.")
@common.json_option
@common.area_option
@common.today_option
@common.in_words
def plan(meeting_name: str, *, why: str | None, as_json: bool, area_folder: Path, today: dt.date) -> None:
    """Show who would get what, and why not, before anything is sealed.

    Example: sealpack meeting plan 2026-12-08-marac
    """
    area = common.find_area(area_folder)
    directory = read_directory(area)
    made = decide(area, find_meeting(area, meeting_name), directory, today)
    if why:
        say_why(made, why, as_json=as_json)
    elif as_json:
        common.say_json(plan_json(made, directory))
    else:
        say_plan(made)
        say_left_out(made, directory)
    if made.problems:
        raise SystemExit(common.PROBLEMS)
