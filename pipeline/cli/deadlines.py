"""Commands for co-ordinators: calendar, the meetings of a year, and due, what has to be done by when."""

import datetime as dt
from pathlib import Path

import click

from pipeline import diary, ical
from pipeline.area import Area
from pipeline.checked import Checked, Referral, check
from pipeline.cli import common, keyfiles
from pipeline.cli.referrals import write
from pipeline.due import Due
from pipeline.due import due as all_due
from pipeline.flow import read_file
from pipeline.incoming import Opener
from pipeline.meeting import Meeting, open_meeting
from pipeline.register import Recorded, Register

_AREA = click.argument(
    "area_folder", metavar="[AREA]", type=click.Path(file_okay=False, path_type=Path), default=Path()
)


@click.command
@_AREA
@click.option("--year", type=click.IntRange(2000, diary.LAST_YEAR), help="The year.  [default: that of today]")
@click.option("--panel", help="The meetings of this panel alone.")
@click.option("-o", "--output", type=common.ANY_PATH, help="Write a calendar file (.ics) as well.")
@common.json_option
@common.today_option
@common.in_words
def calendar(
    area_folder: Path,
    *,
    year: int | None,
    panel: str | None,
    output: Path | None,
    as_json: bool,
    today: dt.date,
) -> None:
    """List the meetings of a year with their deadlines, and write them as a calendar file.

    The days come from the settings of the panels; no case is in it. What is imported twice into a calendar is there once.

    Example: sealpack calendar --year 2027 --panel marac -o marac-2027.ics
    """
    area = common.find_area(area_folder)
    if panel is not None and panel not in area.settings.panels:
        known = ", ".join(area.settings.panels)
        common.fail(f"area.toml has no panel {panel}.", f"Take one of: {known}", common.WRONG_USE)
    wanted, chosen = year or today.year, (panel,) if panel else ()
    found = diary.year_of(area.settings, wanted, chosen)
    notes = diary.notes(area.settings, wanted, chosen)
    if output:
        events = diary.events(area.settings.name, found)
        content = ical.to_bytes(f"{area.settings.name}, meetings", events, common.now())
        write(output, content, quiet=True, mode=0o644)
    if as_json:
        common.say_json({"year": wanted, "meetings": [vars(one) for one in found], "notes": notes})
        return
    rows = [
        (
            _day(one.held),
            f"{one.time:%H:%M}",
            one.panel,
            _day(one.referrals),
            _day(one.papers),
            _day(one.minutes),
            "bank holiday" if one.bank_holiday else "",
        )
        for one in found
    ]
    common.table(
        ("Meeting", "Time", "Panel", "Referrals by", "Papers out by", "Minutes by", ""), rows, str(wanted)
    )
    for note in notes:
        click.echo(note)
    if output:
        click.echo(f"Written: {output}")


def _day(day: dt.date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


@click.command
@_AREA
@click.option("--within", type=click.IntRange(min=0), default=28, show_default=True, help="So many days ahead.")
@click.option("--all", "everything", is_flag=True, help="However far ahead.")
@keyfiles.opening_option
@common.json_option
@common.today_option
@common.in_words
def due(
    area_folder: Path,
    *,
    within: int,
    everything: bool,
    key_file: Path | None,
    as_json: bool,
    today: dt.date,
) -> None:
    """List what is due or overdue: reviews, decisions, papers, minutes, receipts.

    Names of files may be those of people: this is for the co-ordinator's own screen.

    Example: sealpack due --within 14
    """
    area = common.find_area(area_folder)
    referrals, broken, closed = _referrals(area, today, keyfiles.opener(key_file))
    found = all_due(area, _meetings(area), referrals, _entries(area), today)
    shown = [one for one in found if everything or (one.day - today).days <= within]
    if as_json:
        common.say_json({"due": [_json(one, today) for one in shown], "unread": broken, "sealed": closed})
        return
    if shown:
        rows = [(_day(one.day), one.what, one.about, one.rule, one.stands(today)) for one in shown]
        common.table(("By", "What", "About", "Rule", "Stands"), rows)
    else:
        click.echo("Nothing is due." if everything else f"Nothing is due within {common.count(within, 'day')}.")
    if more := len(found) - len(shown):
        click.echo(f"Later than that: {more}. See them with --all.")
    if closed:
        told = f"{common.count(closed, 'referral')} came sealed, and could not be looked into"
        click.echo(f"{told}: name your key file with -i.")
    if broken:
        click.echo(f"{common.count(broken, 'file')} cannot be read for this: run sealpack check")


def _json(one: Due, today: dt.date) -> dict[str, object]:
    return {**vars(one), "days": (one.day - today).days, "stands": one.stands(today)}


def _referrals(area: Area, today: dt.date, opener: Opener | None) -> tuple[dict[str, Checked], int, int]:
    """Return the sound referrals of the inbox and its folders by name of file; how many are not sound, and how many are closed."""
    sound: dict[str, Checked] = {}
    broken = closed = 0
    for path in sorted(area.inbox.rglob("*")):
        if not common.lies_there(path):
            continue
        referral = read_file(path, area, opener)
        checked = check(referral, today) if isinstance(referral, Referral) else None
        if isinstance(checked, Checked):
            sound[path.relative_to(area.inbox).as_posix()] = checked
        elif not isinstance(referral, Referral) and referral[0].code == "sealed-no-key":
            closed += 1
        else:
            broken += 1
    return sound, broken, closed


def _meetings(area: Area) -> list[Meeting]:
    return [open_meeting(area, path) for path in sorted(area.meetings.glob("*.toml"))]


def _entries(area: Area) -> tuple[Recorded, ...]:
    """Return what stands in the register; where nothing was sealed yet there is none."""
    if not area.register.exists() and not area.register.with_suffix(".head").exists():
        return ()
    with Register.open(area.register, create=False) as opened:
        return opened.entries()
