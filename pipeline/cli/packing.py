"""The command pack: a sealed pack for each agency of a meeting."""

import datetime as dt
from pathlib import Path

import click

from keys.directory import Directory
from keys.identity import KeyFile
from pipeline import keeper
from pipeline.area import Area
from pipeline.cli import common, keyfiles
from pipeline.cli.key_directory import read_directory, refuse_stranger
from pipeline.cli.keyfiles import read_key
from pipeline.cli.meetings import find_meeting
from pipeline.cli.plans import agency_of, left_out_json, say_left_out, say_plan, say_refused, why_not
from pipeline.flow import Packed, Packing, decide
from pipeline.outbox import Recovered
from pipeline.plan import Plan
from pipeline.protocol.sending import subject_line
from pipeline.register import Register


@click.command
@click.argument("meeting_name", metavar="MEETING")
@keyfiles.identity_option()
@click.option(
    "--again",
    metavar="AGENCY",
    multiple=True,
    help="Seal afresh for this agency, whose pack was lost or damaged.",
)
@common.json_option
@common.area_option
@common.today_option
@common.in_words
def pack(
    meeting_name: str,
    *,
    key_file: Path,
    again: tuple[str, ...],
    as_json: bool,
    area_folder: Path,
    today: dt.date,
) -> None:
    """Seal a pack for each agency of a meeting.

    What an earlier run has sealed and nothing has changed in stays as it is.

    Example: sealpack pack 2026-12-08-marac -i co-ordinator.key
    """
    area = common.find_area(area_folder)
    directory = read_directory(area)
    the_meeting = find_meeting(area, meeting_name)
    keeper.refuse_changed(area, directory)
    sender = read_sender(area, directory, key_file, today)
    made = decide(area, the_meeting, directory, today, lambda: sender)
    for one in again:
        agency_of(made, one)
    if made.problems:
        say_plan(made)
        common.fail("Nothing is sealed: the meeting file has problems.", "Put them right and run again.")
    with Register.open(area.register) as entries:
        packed = Packing(made, directory, sender, entries, common.now(), frozenset(again)).run()
    if as_json:
        common.say_json(
            {
                "packs": {agency: str(area.outbox / one.file) for agency, one in packed.recorded.items()},
                "fresh": sorted(packed.fresh),
                "views_drawn": packed.views_drawn,
                "copies": packed.copies,
                "taken_out": packed.taken_out,
                "left_out": left_out_json(made, directory),
                "refused": [case.reference for case in made.cases if not case.goes],
                "no_pack": {one.agency.id: list(why_not(one)) for one in made.agencies if not one.goes},
            }
        )
    else:
        say_packed(made, packed, directory)


def read_sender(area: Area, directory: Directory, key_file: Path, today: dt.date) -> KeyFile:
    """Return the co-ordinator's keys, if they are those that the directory holds for the sender, and the keeper's hand is on it."""
    key = read_key(key_file)
    sender = area.settings.sender
    holders = [one.spoc for one in directory.usable(sender.agency, today) if one.keys == key.public()]
    if not holders:
        if not any(one.keys == key.public() for one in directory.entries):
            refuse_stranger(
                area, directory, key, key_file
            )  # a key that nobody knows: or is it the directory that is another?
        common.fail(
            f"This key is not in the directory as a confirmed key of {sender.agency}, which sends the packs.",
            f'Have it added and confirmed, or renewed if it has lapsed: sealpack keys add {sender.agency} YOUR.pub --spoc "{sender.name}"',
        )
    if sender.name not in holders:
        # The packs say who sends them, and the register who shared: it must be who signs.
        common.fail(
            f"This is the key of {holders[0]}, but area.toml says that {sender.name} sends the packs.",
            "Use the sender's own key, or write in area.toml who sends.",
        )
    refuse_stranger(area, directory, key, key_file)
    return key


def say_packed(made: Plan, packed: Packed, directory: Directory) -> None:
    """Print what a run made, and what it found from runs before."""
    _say_recovered(packed.recovered, {entry.pack for entry in packed.recorded.values()})
    rows = []
    for one in made.agencies:
        entry = packed.recorded.get(one.agency.id)
        state = "none" if entry is None else "sealed" if one.agency.id in packed.fresh else "as before"
        rows.append(
            (one.agency.name, state, entry.pack if entry else "", str(len(one.views)), "\n".join(why_not(one)))
        )
    common.table(("Agency", "Pack", "Number", "Cases", "Why not"), rows)
    say_refused(made)
    say_left_out(made, directory)
    for name in packed.taken_out:
        click.echo(f"Taken out of the outbox, replaced or no longer let go: {name}")
    if packed.taken_out:
        click.echo(
            "If one of these was sent already, ring the agency: what it has is void, and is to be destroyed."
        )
    click.echo(f"Sealed files are named by number, agency and sender, in {made.area.outbox}")
    for marking in sorted({entry.marking for entry in packed.recorded.values()}):
        click.echo(f"Sent by e-mail, the subject line is: {subject_line(marking, 'NUMBER')}")
    click.echo(f"{len(packed.fresh)} sealed now, {len(packed.recorded) - len(packed.fresh)} as before.")


def _say_recovered(found: Recovered, current: set[str]) -> None:
    if found.finished:
        packs = common.count(len(found.finished), "pack")
        click.echo(f"An earlier run broke off; its {packs} came into the outbox now.")
    for entry in found.damaged:
        click.echo(
            f"Warning: the pack {entry.pack} for {entry.agency} is not what was registered. Keep its file as evidence, "
            f"and seal afresh: --again {entry.agency}",
            err=True,
        )
    for entry in found.blocked:
        click.echo(f"Warning: another file has the name {entry.file}. Move it away and run again.", err=True)
    gone = [entry.file for entry in found.gone if entry.pack in current]
    if gone:
        click.echo(
            f"Sent or moved already: {common.count(len(gone), 'pack')}. If one was lost, seal it afresh with --again AGENCY."
        )
