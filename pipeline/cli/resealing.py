"""The command reseal: fresh packs, from the referrals that are still held, for whoever cannot open those of before."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from forms.answers import long_date
from keys.directory import Directory
from keys.identity import KeyFile
from pipeline import keeper
from pipeline.addressees import addressees
from pipeline.area import RECOVERY, Area
from pipeline.cli import common, keyfiles
from pipeline.cli.key_directory import read_directory
from pipeline.cli.meetings import find_meeting
from pipeline.cli.packing import read_sender
from pipeline.cli.plans import why_not
from pipeline.flow import Packing, decide
from pipeline.plan import Plan
from pipeline.register import Recorded, Register

_AS_IT_IS = "it is sealed for the keys of today already; if it was lost on its way: sealpack pack --again"
_REASON = "A key of a named contact was lost or replaced."


@dataclass(frozen=True)
class _Resealed:
    """What became of a pack: the one sealed afresh, cases that are in it no more, or why there is none."""

    before: Recorded
    after: Recorded | None
    missing: tuple[str, ...] = ()
    why: str = ""


@click.command
@click.argument("packs", nargs=-1, metavar="[PACK]...")
@click.option("--agency", help="Every pack of this agency, instead of naming each.")
@click.option("--since", type=common.Day(), help="With --agency: those sealed from this day on.")
@click.option("--reason", default=_REASON, show_default=True, help="Why, as the register keeps it.")
@keyfiles.identity_option()
@common.json_option
@common.area_option
@common.today_option
@common.in_words
def reseal(
    packs: tuple[str, ...],
    *,
    agency: str | None,
    since: dt.date | None,
    reason: str,
    key_file: Path,
    as_json: bool,
    area_folder: Path,
    today: dt.date,
) -> None:
    """Seal packs afresh for the keys of today, from the referrals still held; the packs of before are void.

    For a key that was lost: revoke it, add and confirm the new one, then this. Packs of other agencies stay as they are.

    Example: sealpack reseal P-7F3K-2M9Q -i co-ordinator.key
    Example: sealpack reseal --agency housing --since 2026-11-01 -i co-ordinator.key
    """
    area = common.find_area(area_folder)
    if bool(packs) == bool(agency and since):
        common.fail("Which packs?", "Name them, or give --agency and --since.", common.WRONG_USE)
    reason = " ".join(reason.split())
    if not reason or not reason.isprintable():
        common.fail("There is a reason for it.", "Give it in one line: --reason TEXT", common.WRONG_USE)
    directory = read_directory(area)
    keeper.refuse_changed(area, directory)
    with Register.open(area.register, create=False) as entries:
        common.known_agency(area, entries, agency)
        found = _named(entries, packs) if packs else _since(entries, agency or "", since or today)
        sender = read_sender(area, directory, key_file, today)
        told = [_one(area, entries, directory, sender, one, reason, today) for one in found]
    if as_json:
        common.say_json([
            {
                "agency": one.before.agency, "meeting": one.before.meeting, "before": one.before.pack,
                "after": one.after.pack if one.after else None, "missing": one.missing, "why": one.why,
            }
            for one in told
        ])  # fmt: skip
    else:
        _say(area, told)
        for one in told:
            if one.after:
                left = addressees(area.agency(one.after.agency), directory, today).left_out
                for name in left:
                    click.echo(
                        f"{one.after.pack} cannot be opened by {name}, who has no key that can be used. See: sealpack keys list",
                        err=True,
                    )
    if any(one.after is None and one.why != _AS_IT_IS for one in told):
        raise SystemExit(common.PROBLEMS)


def _named(entries: Register, packs: Sequence[str]) -> list[Recorded]:
    """Return the packs that are named, each once; of one that is void it is said which one is in force."""
    found: dict[str, Recorded] = {}
    for name in packs:
        sealed = entries.pack(name.strip().upper())
        if sealed is None:
            common.fail(f"No pack {name} is on record.", "Read its number again: P-7F3K-2M9Q.")
        if later := entries.replaced().get(sealed.pack):
            common.fail(
                f"{sealed.pack} is void: {later} has taken its place.",
                f"Name that one, if it cannot be opened either: {later}",
            )
        found[sealed.pack] = sealed
    return list(found.values())


def _since(entries: Register, agency: str, since: dt.date) -> list[Recorded]:
    found = [one for one in entries.packs(agency=agency) if one.day >= since]
    if not found:
        common.fail(
            f"No pack for {agency} in force was sealed since {long_date(since)}.",
            f"See which there are: sealpack register show --agency {agency}",
        )
    return found


def _one(  # noqa: PLR0917 - what a run needs
    area: Area,
    entries: Register,
    directory: Directory,
    sender: KeyFile,
    before: Recorded,
    reason: str,
    today: dt.date,
) -> _Resealed:
    if not (area.meetings / f"{before.meeting}.toml").is_file():
        return _Resealed(before, None, why="the meeting's file is not there any more")
    meeting = find_meeting(area, before.meeting)
    plan = decide(area, meeting, directory, today, opener=lambda: sender)
    if plan.problems:
        return _Resealed(before, None, why=f"the meeting's file has problems: {plan.problems[0].what}")
    if plan.keep_until < today:
        return _Resealed(
            before, None, why=f"it was to be kept until {long_date(plan.keep_until)} and no longer"
        )
    if why := _why_none(plan, before.agency):
        return _Resealed(before, None, why=why)
    keys = {
        key.fingerprint.replace(" ", "-")
        for key in addressees(area.agency(before.agency), directory, today).keys
    }
    if before.pack not in entries.withdrawn() and keys == set(before.keys) - _recovery(directory):
        return _Resealed(before, None, why=_AS_IT_IS)
    only = frozenset({before.agency})
    packed = Packing(plan, directory, sender, entries, common.now(), only, reason, only).run()
    after = packed.recorded[before.agency]
    return _Resealed(before, after, tuple(case for case in before.cases if case not in after.cases))


def _recovery(directory: Directory) -> set[str]:
    return {one.fingerprint.replace(" ", "-") for one in directory.of(RECOVERY)}


def _why_none(plan: Plan, agency: str) -> str:
    """Return why an agency would get no pack on the day, or nothing if it would."""
    found = next((one for one in plan.agencies if one.agency.id == agency), None)
    if found is None:
        return "the agency has no part in the meeting any more"
    return "" if found.goes else "; ".join(why_not(found))


def _say(area: Area, told: Sequence[_Resealed]) -> None:
    rows = [
        (
            one.before.agency,
            one.before.meeting,
            one.before.pack,
            one.after.pack if one.after else "none",
            one.why,
        )
        for one in told
    ]
    common.table(("Agency", "Meeting", "Before", "Afresh", "Why not"), rows)
    for one in told:
        if one.missing:
            click.echo(
                f"{one.after.pack if one.after else ''} lacks {', '.join(one.missing)}: the referral is not held any more, "
                f"or no rule lets it go today. See: sealpack meeting plan {one.before.meeting}"
            )
    fresh = [one.before.pack for one in told if one.after]
    for one in told:
        if one.after is None:
            click.echo(f"{one.before.pack} stays as it is.")
    if not fresh:
        click.echo("Nothing is sealed afresh.")
        return
    void = f"{', '.join(fresh)} {'is' if len(fresh) == 1 else 'are'} void: have {'it' if len(fresh) == 1 else 'them'} destroyed."
    click.echo(f"{common.count(len(fresh), 'pack')} sealed afresh, in {area.outbox}. {void}")
