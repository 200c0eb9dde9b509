"""Commands for co-ordinators: meeting new, meeting plan, pack."""

import datetime as dt
import secrets
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import tomlkit

from forms.answers import long_date
from keys import identity
from keys.files import write_whole
from keys.identity import KeyFile
from pipeline.area import Area
from pipeline.cli import common
from pipeline.cli.keys import read_directory
from pipeline.flow import Packed, Packing, decide
from pipeline.meeting import Meeting, open_meeting
from pipeline.outbox import Recovered
from pipeline.plan import AgencyPlan, CasePlan, Plan
from pipeline.protocol.rule import RULES, Finding
from pipeline.register import Register


@click.group
def meeting() -> None:
    """Prepare a meeting: its cases, and who would get what."""


def find_meeting(area: Area, name: str) -> Meeting:
    """Return a meeting by its name, `2026-12-08-marac`, or by its file."""
    path = Path(name) if name.endswith(".toml") else area.meetings / f"{name}.toml"
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
    waiting = sorted(
        one.name for one in area.inbox.iterdir() if one.suffix in {".xlsx", ".json"} and one.name[0] not in "~."
    )
    document = tomlkit.document()
    document.add(tomlkit.comment("A meeting. See the README for what can stand here."))
    document.add("panel", tomlkit.item(panel))
    document.add("date", tomlkit.item(date))
    if emergency:
        document.add("emergency", tomlkit.item(value=True))
    document.add("chair", tomlkit.item({"name": chair, "role": chair_role}))
    cases = tomlkit.aot()
    for name in waiting:
        if name not in files:
            reference = _reference(panel, date, references)
            references.add(reference)
            cases.append(tomlkit.item({"reference": reference, "file": name}))
    document.add("case", cases)
    path = area.meetings / f"{date}-{panel}.toml"
    try:
        area.meetings.mkdir(exist_ok=True)
        write_whole(path, tomlkit.dumps(document).encode(), mode=0o644, replace=False)
    except FileExistsError:
        common.fail(f"{path} is already there.", "Edit it, or move it away first.")
    click.echo(f"Written: {path}, with {len(cases)} cases. Next: sealpack meeting plan {path.stem}")


def _taken(area: Area) -> tuple[set[str], set[str]]:
    """Return the files and references that other meetings have."""
    cases: list[dict[str, Any]] = []
    for path in area.meetings.glob("*.toml"):
        cases += tomllib.loads(path.read_text("utf-8")).get("case", [])
    return {str(one.get("file")) for one in cases}, {str(one.get("reference")) for one in cases}


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
    made = decide(area, find_meeting(area, meeting_name), read_directory(area), today)
    if why:
        _say_why(made, why, as_json=as_json)
    elif as_json:
        common.say_json(_plan_json(made))
    else:
        say_plan(made)
    if made.problems:
        raise SystemExit(common.PROBLEMS)


def say_plan(made: Plan) -> None:
    """Print a plan: its problems, cases and agencies."""
    panel = made.area.settings.panels[made.meeting.panel]
    click.echo(f"{panel.title}, {long_date(made.meeting.date)}, as planned on {long_date(made.day)}")
    for one in made.problems:
        common.say_problem(one)
    for warning in made.warnings:
        click.echo(f"  Warning: {warning}")
    common.table(("Case", "File", "Goes", "Why"), [_case_row(case) for case in made.cases])
    common.table(
        ("Agency", "Pack", "Cases", "Withheld by", "Why not"), [_agency_row(one) for one in made.agencies]
    )


def _case_row(case: CasePlan) -> tuple[str, str, str, str]:
    if case.problems:
        codes = ", ".join(dict.fromkeys(one.code for one in case.problems))
        count = f"{len(case.problems)} problem{'s' if len(case.problems) != 1 else ''}"
        return case.reference, case.case.file, "no", f"{count}: {codes}"
    goes = "no" if not case.goes else "anonymously" if case.anonymous else "yes"
    return case.reference, case.case.file, goes, "\n".join(_finding(one) for one in case.findings)


def _finding(one: Finding) -> str:
    told = f"{one.rule}: {one.why}"
    return f"{told} (set aside by {one.decision.by}, {one.decision.role})" if one.decision else told


def _agency_row(one: AgencyPlan) -> tuple[str, str, str, str, str]:
    rules = sorted({rule for view in one.views for rule in view.withheld().values()})
    return (
        one.agency.name,
        "yes" if one.goes else "no",
        str(len(one.views)),
        ", ".join(rules),
        "\n".join(why_not(one)),
    )


def why_not(one: AgencyPlan) -> Iterator[str]:
    """Yield why an agency gets nothing, or not everything."""
    yield from (_finding(found) for found in one.findings)
    if one.no_key:
        yield f"no key that packs can be sealed for: {_NO_KEY[one.no_key]}"
    if one.invitation and one.goes:
        yield "SHARE-4: invited for " + ", ".join(one.invitation.cases)
    for share in one.shares:
        yield from (f"{share.case.reference}: {_finding(found)}" for found in share.findings)
    if not one.shares:
        yield "none of its cases goes"


_NO_KEY = {
    "none": "it has sent none yet",
    "unconfirmed": "ring the holder and confirm the fingerprint",
    "lapsed": "its time is over, ask for a new one",
    "not yet valid": "its time has not begun",
    "revoked": "it was revoked, ask for a new one",
}


def _say_why(made: Plan, agency_id: str, *, as_json: bool) -> None:
    found = next((one for one in made.agencies if one.agency.id == agency_id), None)
    if found is None:
        known = ", ".join(one.agency.id for one in made.agencies)
        common.fail(f"{agency_id} has no part in this meeting.", f"Take one of: {known}", common.WRONG_USE)
    rows = [
        (view.case, path, view.form.find(path).ask.label if path in view.answers else path, rule)
        for view in found.views
        for path, rule in view.withheld().items()
    ]
    if as_json:
        common.say_json([dict(zip(("case", "path", "question", "rule"), row, strict=True)) for row in rows])
        return
    for line in why_not(found):
        click.echo(line)
    common.table(("Case", "Path", "Question", "Withheld by"), rows)
    for rule in dict.fromkeys(row[3] for row in rows):
        click.echo(f"{rule}: {RULES[rule].label}")


def _plan_json(made: Plan) -> dict[str, Any]:
    return {
        "meeting": made.meeting.id,
        "day": made.day,
        "problems": [common.problem_json(one) for one in made.problems],
        "warnings": made.warnings,
        "cases": [
            {
                "case": case.reference, "file": case.case.file, "goes": case.goes, "anonymous": case.anonymous,
                "problems": [common.problem_json(one) for one in case.problems],
                "findings": [{"rule": one.rule, "why": one.why, "stops": one.stops} for one in case.findings],
            }
            for case in made.cases
        ],
        "agencies": [
            {
                "agency": one.agency.id, "goes": one.goes, "no_key": one.no_key, "why_not": list(why_not(one)),
                "cases": {view.case: dict(view.withheld()) for view in one.views},
            }
            for one in made.agencies
        ],
    }  # fmt: skip


@click.command
@click.argument("meeting_name", metavar="MEETING")
@click.option(
    "-i", "--identity", "key_file", type=common.EXISTING, required=True, help="The co-ordinator's key file."
)
@common.json_option
@common.area_option
@common.today_option
@common.in_words
def pack(meeting_name: str, *, key_file: Path, as_json: bool, area_folder: Path, today: dt.date) -> None:
    """Seal a pack for each agency of a meeting.

    Example: sealpack pack 2026-12-08-marac -i coordinator.key
    """
    area = common.find_area(area_folder)
    sender = read_sender(area, key_file, today)
    made = decide(area, find_meeting(area, meeting_name), read_directory(area), today)
    if made.problems:
        say_plan(made)
        common.fail("Nothing is sealed: the meeting file has problems.", "Put them right and run again.")
    with Register.open(area.register) as entries:
        packed = Packing(made, read_directory(area), sender, entries, common.now()).run()
    if as_json:
        common.say_json(
            {
                "packs": {agency: str(area.outbox / one.file) for agency, one in packed.recorded.items()},
                "fresh": sorted(packed.fresh),
                "taken_out": packed.taken_out,
                "no_pack": {one.agency.id: list(why_not(one)) for one in made.agencies if not one.goes},
            }
        )
    else:
        say_packed(made, packed)


def read_sender(area: Area, key_file: Path, today: dt.date) -> KeyFile:
    """Return the co-ordinator's keys, if they are those that the directory holds for the sender."""
    key = identity.read(key_file, lambda: click.prompt("Passphrase of your key file", hide_input=True))
    agency = area.settings.sender.agency
    if key.public() not in [one.keys for one in read_directory(area).usable(agency, today)]:
        common.fail(
            f"This key is not in the directory as a confirmed key of {agency}, which sends the packs.",
            f"Add and confirm it: sealpack keys add {agency} YOUR.pub --spoc ... ; agencies take packs from a known sender only.",
        )
    return key


def say_packed(made: Plan, packed: Packed) -> None:
    """Print what a run made, and what it found from runs before."""
    _say_recovered(packed.recovered, {entry.pack for entry in packed.recorded.values()})
    rows = []
    for one in made.agencies:
        entry = packed.recorded.get(one.agency.id)
        state = "none" if entry is None else "sealed" if one.agency.id in packed.fresh else "as before"
        rows.append(
            (one.agency.name, state, str(len(one.views)), entry.file if entry else "", "\n".join(why_not(one)))
        )
    common.table(("Agency", "Pack", "Cases", "File in the outbox", "Why not"), rows)
    for name in packed.taken_out:
        click.echo(f"Taken out of the outbox, replaced or no longer let go: {name}")
    click.echo(f"{len(packed.fresh)} sealed now, {len(packed.recorded) - len(packed.fresh)} as before.")


def _say_recovered(found: Recovered, current: set[str]) -> None:
    if found.finished:
        click.echo(f"An earlier run broke off: {len(found.finished)} of its packs are in the outbox now.")
    for entry in found.damaged:
        click.echo(f"Warning: {entry.file} is not what was registered. Keep it, and seal afresh.", err=True)
    for entry in found.blocked:
        click.echo(f"Warning: another file has the name {entry.file}. Move it away and run again.", err=True)
    gone = [entry.file for entry in found.gone if entry.pack in current]
    if gone:
        click.echo(f"Sent or moved already: {len(gone)} packs.")
