"""Commands for co-ordinators: meeting new, meeting add and meeting plan."""

import datetime as dt
import secrets
import tomllib
from pathlib import Path
from typing import Any

import click
import tomlkit
from tomlkit.items import AoT

from keys.files import write_whole
from pipeline.area import Area
from pipeline.cli import common, keyfiles
from pipeline.cli.key_directory import read_directory, warn_of_changes
from pipeline.cli.plans import plan_json, say_left_out, say_plan, say_why
from pipeline.cli.waiting import files_in, for_panel
from pipeline.flow import decide
from pipeline.meeting import GROUNDS, Meeting, open_meeting


@click.group
def meeting() -> None:
    """Prepare a meeting: its cases, and who would get what."""


def find_meeting(area: Area, name: str) -> Meeting:
    """Return a meeting by its name, `2026-12-08-marac`, or by its file."""
    return open_meeting(area, _path_of(area, name))


def _path_of(area: Area, name: str) -> Path:
    """Return the file of a meeting, named as people name it: with or without ending and folder, from wherever they stand."""
    file = name if name.endswith(".toml") else f"{name}.toml"
    found = next(
        (path for path in (area.meetings / file, area.folder / file, Path(file)) if path.is_file()), None
    )
    if found is None:
        known = ", ".join(sorted(one.stem for one in area.meetings.glob("*.toml"))) or "none yet"
        common.fail(
            f"There is no meeting {name}.",
            f"Meetings here: {known}. Make one with `sealpack meeting new`.",
            common.WRONG_USE,
        )
    return found


@meeting.command
@click.argument("panel")
@click.argument("date", type=common.Day())
@click.option("--chair", required=True, help="Who chairs.")
@click.option("--chair-role", required=True, help="In which role.")
@click.option("--emergency", is_flag=True, help="An emergency meeting: no lead times.")
@keyfiles.opening_option
@common.area_option
@common.in_words
def new(
    panel: str,
    date: dt.date,
    *,
    chair: str,
    chair_role: str,
    emergency: bool,
    key_file: Path | None,
    area_folder: Path,
) -> None:
    """Write a meeting file with every referral of the inbox that has no meeting yet.

    Example: sealpack meeting new marac 2026-12-08 --chair "A. Gatepost" --chair-role "Detective Inspector"
    """
    area = common.find_area(area_folder)
    if panel not in area.settings.panels:
        known = ", ".join(area.settings.panels)
        common.fail(f"area.toml has no panel {panel}.", f"Take one of: {known}", common.WRONG_USE)
    files, references = _taken(area)
    there = files_in(area)
    document = tomlkit.document()
    for line in _HEAD:
        document.add(tomlkit.comment(line))
    document.add("panel", tomlkit.item(panel))
    document.add("date", tomlkit.item(date))
    if emergency:
        document.add("emergency", tomlkit.item(value=True))
    document.add("chair", tomlkit.item({"name": chair, "role": chair_role}))
    waiting = for_panel(area, panel, there - files, keyfiles.opener(key_file))
    cases = _new_cases(panel, date, waiting, references)
    made = tomlkit.aot()
    for one in cases:
        made.append(tomlkit.item(one))
    if cases:  # an empty list would stand above the notes, and nothing could be added to it
        document.add("case", made)
    for line in _FOOT:
        document.add(tomlkit.comment(line) if line else tomlkit.nl())
    path = area.meetings / f"{date}-{panel}.toml"
    try:
        area.meetings.mkdir(exist_ok=True)
        write_whole(path, tomlkit.dumps(document).encode(), mode=0o600, replace=False)
    except FileExistsError:
        common.fail(
            f"{path} is already there.",
            f"To take in the referrals that came since: sealpack meeting add {path.stem}. Or edit it, or move it away first.",
        )
    click.echo(f"Written: {path}, with {common.count(len(cases), 'case')}.")
    if left := sorted(files & there):
        click.echo(f"Left out, since another meeting has them: {', '.join(left)}")
    click.echo(f"Next: sealpack meeting plan {path.stem}")


@meeting.command
@click.argument("meeting_name", metavar="MEETING")
@keyfiles.opening_option
@common.area_option
@common.in_words
def add(meeting_name: str, *, key_file: Path | None, area_folder: Path) -> None:
    """Add the referrals that came since to a meeting file; what stands in it stays.

    Example: sealpack meeting add 2026-12-08-marac
    """
    area = common.find_area(area_folder)
    path = _path_of(area, meeting_name)
    found = open_meeting(area, path)
    files, references = _taken(area)
    files |= {case.file for case in found.cases}
    references |= {case.reference for case in found.cases}
    waiting = for_panel(area, found.panel, files_in(area) - files, keyfiles.opener(key_file))
    cases = _new_cases(found.panel, found.date, waiting, references)
    if not cases:
        click.echo("Nothing to add: every referral of the inbox has its meeting.")
        return
    text = path.read_bytes().decode("utf-8-sig")
    longer = _with_cases(text, cases)
    if not _says(longer, tomllib.loads(text), cases):
        common.fail(
            f"{path} is laid out in a way that cannot be added to here.", "Write the new cases by hand."
        )
    write_whole(path, longer.encode(), mode=path.stat().st_mode & 0o777, replace=True)
    common.table(("New case", "File"), [(one["reference"], one["file"]) for one in cases])
    click.echo(f"Written: {path}, with {common.count(len(cases), 'case')} more.")
    click.echo(f"Next: sealpack meeting plan {path.stem}")


def _says(longer: str, before: dict[str, Any], cases: list[dict[str, str]]) -> bool:
    """Say whether a longer file says what it said before and the new cases, and nothing else."""
    try:
        return tomllib.loads(longer) == {**before, "case": [*before.get("case", []), *cases]}
    except tomllib.TOMLDecodeError:
        return False


def _with_cases(text: str, cases: list[dict[str, str]]) -> str:
    """Return the text of a meeting file with further cases after its last one, or at its end."""
    document = tomlkit.parse(text)
    known = document.get("case")
    if known == []:  # "case = []" says nothing, and nothing could be put below it
        document.remove("case")
        text, known = tomlkit.dumps(document), None
    if isinstance(known, AoT) and known.body and tomlkit.dumps(document) == text:
        # What stands between the last case and the next part, its comments too, belongs to the next part.
        body = known.body[-1].value.body
        own = max(at for at, (key, _) in enumerate(body) if key is not None) + 1
        rest, body[own:] = body[own:], []
        body.append((None, tomlkit.nl()))
        for one in cases:
            known.append(tomlkit.item(one))
            known.body[-1].value.body.append((None, tomlkit.nl()))
        known.body[-1].value.body[-1:] = rest
        longer = tomlkit.dumps(document)
    else:
        made = tomlkit.document()
        made.add("case", tomlkit.item(cases))
        longer = f"{text.rstrip()}\n\n{tomlkit.dumps(made)}"
    return longer.replace("\r\n", "\n").replace("\n", "\r\n") if "\r\n" in text else longer


def _new_cases(panel: str, date: dt.date, files: set[str], references: set[str]) -> list[dict[str, str]]:
    """Return a case for each file, in order, and take its reference."""
    cases = []
    for name in sorted(files):
        reference = _reference(panel, date, references)
        references.add(reference)
        cases.append({"reference": reference, "file": name})
    return cases


def _taken(area: Area) -> tuple[set[str], set[str]]:
    """Return the files and references that meetings have."""
    cases = [case for path in sorted(area.meetings.glob("*.toml")) for case in open_meeting(area, path).cases]
    return {case.file for case in cases}, {case.reference for case in cases}


_HEAD = (
    'A meeting. Change what stands after each "=", save, and run `sealpack meeting plan` to see what comes of it.',
    'Left out, time and place are the panel\'s usual ones:  time = 13:00:00  and  place = "..."',
    "Referrals that come later are put in by  sealpack meeting add  and the name of this file.",
    "Below a case you can add:  repeat = true  (it was here before),  check = true  (MAPPA level 1: a check of records alone)  and  received = 2026-11-26  (when it came).",
    "When the panel had it last decides when its review is due:  last_review = 2026-10-13",
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
    "A named person sets a rule aside, for a case or an agency: `sealpack explain` says of each rule whether, and for which.",
    "[[decision]]",
    'rule = "..."',
    'case = "..."',
    'by = "..."',
    'role = "..."',
    "on = 2026-12-02",
    'reason = "..."',
    f'ground = "..."     # for CONSENT-2: {", ".join(GROUNDS)}',
    "",
    "After the meeting: who signed the register of attendance, a part each, and that the chair has signed the minutes.",
    "[[attended]]",
    'name = "..."',
    'role = "..."',
    'agency = "..."',
    "",
    "[minutes]",
    'signed_by = "..."',
    "on = 2026-12-09",
    "",
    "What was decided on telling a third party. Not to tell has a reason too:  disclose = false  and no more than case, reason, by, role, on.",
    "[[disclosure]]",
    'case = "..."',
    "disclose = true",
    'to = "..."',
    'to_role = "..."',
    'what = "..."',
    'reason = "..."',
    'contact = "..."',
    'by = "..."',
    'role = "..."',
    "on = 2026-12-08",
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
@keyfiles.opening_option
@common.json_option
@common.area_option
@common.today_option
@common.in_words
def plan(
    meeting_name: str,
    *,
    why: str | None,
    key_file: Path | None,
    as_json: bool,
    area_folder: Path,
    today: dt.date,
) -> None:
    """Show who would get what, and why not, before anything is sealed.

    Example: sealpack meeting plan 2026-12-08-marac
    """
    area = common.find_area(area_folder)
    directory = read_directory(area)
    opener = keyfiles.opener(key_file)
    made = decide(area, find_meeting(area, meeting_name), directory, today, opener)
    if why:
        say_why(made, why, as_json=as_json)
    elif as_json:
        common.say_json(plan_json(made, directory))
    else:
        say_plan(made)
        say_left_out(made, directory)
        warn_of_changes(area, directory)
    if made.problems:
        raise SystemExit(common.PROBLEMS)
