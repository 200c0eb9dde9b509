"""Papers of a meeting that go in no pack: the chair's register of attendance, and sheets for what third parties are told."""

import datetime as dt
from collections.abc import Collection
from pathlib import Path

import click

from forms.answers import long_date
from pipeline import keeper
from pipeline.bind import meeting_part
from pipeline.blocks import Paper, Stamp
from pipeline.cli import common, keyfiles
from pipeline.cli.key_directory import read_directory
from pipeline.cli.meetings import find_meeting, meeting
from pipeline.cli.packing import read_sender
from pipeline.cli.plans import refuse_unopened, say_plan
from pipeline.cli.referrals import write
from pipeline.flow import decide
from pipeline.meeting import Meeting
from pipeline.papers.attendance import attendance as sheet_to_sign
from pipeline.papers.disclosure import disclosure_sheet
from pipeline.plan import Plan
from pipeline.protocol.marking import compiled, on_every_page
from pipeline.protocol.minutes import to_sign
from pipeline.register import Register, Signer
from pipeline.render import page
from pipeline.telling import entry_of, tellings


@click.command
@click.argument("meeting_name", metavar="MEETING")
@click.option("-o", "--output", "file", type=common.ANY_PATH, required=True, help="The PDF to write.")
@keyfiles.opening_option
@common.area_option
@common.today_option
@common.in_words
def attendance(
    meeting_name: str, *, file: Path, key_file: Path | None, area_folder: Path, today: dt.date
) -> None:
    """Write the register of attendance of a whole meeting, for the chair to have signed.

    Example: sealpack meeting attendance 2026-12-08-marac -o attendance.pdf
    """
    area = common.find_area(area_folder)
    held = find_meeting(area, meeting_name)
    directory = read_directory(area)
    keeper.refuse_changed(area, directory)
    made = decide(area, held, directory, today, keyfiles.opener(key_file))
    refuse_unopened(made, directory, key_file)
    panel, sender = area.settings.panels[held.panel], area.agency(area.settings.sender.agency).name
    lines = to_sign(held, [(one.agency, [view.case for view in one.seen]) for one in made.agencies if one.goes])
    _write(file, sheet_to_sign(meeting_part(panel, held), _marking(made), sender, lines), "the chair")
    click.echo(f"Written: {file}, with {common.count(len(lines), 'line')} and room for deputies.")
    click.echo("After the meeting, name those who signed in the meeting's file, an [[attended]] part each.")


@click.command
@click.argument("meeting_name", metavar="MEETING")
@keyfiles.identity_option()
@click.option("-o", "--output", "folder", type=common.ANY_PATH, required=True, help="The folder to write to.")
@common.area_option
@common.today_option
@common.in_words
def disclosures(meeting_name: str, *, key_file: Path, folder: Path, area_folder: Path, today: dt.date) -> None:
    """Write a sheet for each third party that a meeting decided to tell, and record each decision, also those against telling.

    Example: sealpack meeting disclosures 2026-12-15-mappa -i co-ordinator.key -o to-sign
    """
    area = common.find_area(area_folder)
    held = find_meeting(area, meeting_name)
    directory = read_directory(area)
    keeper.refuse_changed(area, directory)
    made = decide(area, held, directory, today, keyfiles.opener(key_file))
    if made.problems:
        say_plan(made)
        common.fail("No sheet is made: the meeting file has problems.", "Put them right and run again.")
    refuse_unopened(made, directory, key_file)
    found = tellings(made)
    if not found:
        click.echo("The meeting's file has no [[disclosure]].")
        _say_stale(folder, held, ())
        return
    sender = read_sender(area, directory, key_file, today)
    panel, rows = area.settings.panels[held.panel], []
    agency = area.agency(area.settings.sender.agency).name
    with Register.open(area.register) as entries, entries.writing():
        known = {one.content for one in entries.entries(meeting=held.id) if one.content}
        fresh = [one for one in found if not one.why_not and one.content not in known]
        if fresh:
            signer = Signer.of(sender)
            entries.append([entry_of(one, made) for one in fresh], signer, common.now())
    # On record first: a sheet that lies there is one of which the register knows.
    names = {f"{one.disclosure.case}-{one.content[:8]}.pdf": one for one in found if one.has_sheet}
    for name, one in names.items():
        if not (folder / name).exists():
            about = f"{panel.title}, {long_date(held.date)}"
            sheet = disclosure_sheet(one.disclosure, _marking(made), agency, about, one.set_aside)
            _write(folder / name, sheet, "both to sign")
    for one in found:
        told = "refused" if one.why_not else "sheet to sign" if one.has_sheet else "not disclosed"
        name = next((name for name, each in names.items() if each is one), "")
        rows.append((one.disclosure.case, told, "\n".join(one.why_not) or name))
    common.table(("Case", "Decided", "Sheet, or why not"), rows)
    click.echo(f"{common.count(len(fresh), 'decision')} recorded now. Sheets are in the clear: {folder}")
    _say_stale(folder, held, names)
    if any(one.why_not for one in found):
        raise SystemExit(common.PROBLEMS)


def _say_stale(folder: Path, held: Meeting, current: Collection[str]) -> None:
    """Name the sheets of earlier runs that no decision holds for any more."""
    cases = {case.reference for case in held.cases}
    for path in sorted(folder.glob("*.pdf")) if folder.is_dir() else ():
        if path.name not in current and path.name.rpartition("-")[0] in cases:
            click.echo(f"Of no decision that holds now: {path}. If it is not signed, destroy it.", err=True)


def _marking(made: Plan) -> str:
    """Return the marking of a paper that tells of the meeting's cases, as printed (MARK-4)."""
    going = (case.marking for case in made.cases if case.marking)
    return on_every_page(compiled(made.area.settings.scheme, going))


def _write(file: Path, paper: Paper, recipient: str) -> None:
    """Write a paper where only its owner can read it, and never over another file."""
    content = page(paper, file.name, Stamp(recipient)).content
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write(file, content, quiet=True)


meeting.add_command(attendance)
meeting.add_command(disclosures)
