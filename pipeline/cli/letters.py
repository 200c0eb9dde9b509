"""The command letters: what goes with each sealed pack of a meeting, ready to be sent or printed."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from keys.directory import Directory
from keys.files import write_whole
from pipeline import keeper
from pipeline.area import Area
from pipeline.cli import common, keyfiles
from pipeline.cli.key_directory import read_directory, refuse_stranger
from pipeline.cli.keyfiles import read_key
from pipeline.cli.meetings import find_meeting
from pipeline.cli.plans import refuse_unopened, say_plan
from pipeline.drafts import drafts_of
from pipeline.flow import decide
from pipeline.letters import InOutbox, Letter, NoWay, Office
from pipeline.letters import letters as letters_of
from pipeline.register import Recorded, Register

_NAME = re.compile(r"(P-[0-9A-Z]{4}-[0-9A-Z]{4})_[a-z0-9-]+_[0-9]+\.(?:eml|txt)")

_OF_THE_WAY = frozenset({"SEND-4", "SEND-5"})
"""Rules that another channel cures; what else is in the way is cured where it stands."""


@dataclass(frozen=True)
class _Found:
    """A pack and what came of it: letters, or that it is not in the outbox any more."""

    entry: Recorded
    made: tuple[Letter | NoWay, ...]
    gone: bool = False

    @property
    def has_no_way(self) -> bool:
        return not self.gone and not any(isinstance(one, Letter) for one in self.made)


@click.command
@click.argument("meeting_name", metavar="MEETING")
@click.option(
    "-o", "--output", "folder", type=click.Path(file_okay=False, path_type=Path),
    show_default="letters/ in the area's folder", help="Where to write them.",
)  # fmt: skip
@click.option("--agency", "agency_id", help="For this agency alone.")
@keyfiles.identity_option()
@common.json_option
@common.area_option
@common.today_option
@common.in_words
def letters(
    meeting_name: str,
    *,
    folder: Path | None,
    agency_id: str | None,
    key_file: Path,
    as_json: bool,
    area_folder: Path,
    today: dt.date,
) -> None:
    """Prepare an e-mail to each contact with the sealed pack in it, or the letter for one that goes by hand.

    Nothing is sent: open an .eml file in your mail program, look at it, and send it. Where a contact's channel may not
    carry a pack, it is said by which rule, and nothing is made.

    Example: sealpack letters 2026-12-08-marac -i co-ordinator.key
    """
    area = common.find_area(area_folder)
    meeting = find_meeting(area, meeting_name)
    directory = read_directory(area)
    keeper.refuse_changed(area, directory)  # a pack goes to nobody's address that the keeper has not signed for
    refuse_stranger(area, directory, read_key(key_file), key_file)
    if agency_id and agency_id not in {one.id for one in area.agencies}:
        common.fail(f"agencies.toml has no agency {agency_id}.", "Name one by its id.", common.WRONG_USE)
    made = decide(area, meeting, directory, today, keyfiles.opener(key_file))
    if made.problems:
        say_plan(made)
        common.fail("No letter is made: the meeting file has problems.", "Put them right and run again.")
    refuse_unopened(made, directory, key_file)
    folder = folder or area.folder / "letters"
    with Register.open(area.register, create=False) as opened:
        withdrawn = opened.withdrawn()
        packs = opened.packs(meeting=meeting.id, agency=agency_id)
        in_force = [one for one in packs if one.pack not in withdrawn]
        known = {one.pack for one in opened.entries(meeting=meeting.id, agency=agency_id)}
        as_planned = {
            one.content
            for key in _signing(area, directory, today)
            for one in drafts_of(made, directory, opened, key)
        }
    going = {one.agency.id for one in made.agencies if one.goes}
    found = [
        _found(area, one, directory, today)
        if one.content in as_planned
        else _Found(one, (_passed(one, area, going),))
        for one in in_force
    ]
    _write(folder, (one for pack in found for one in pack.made))
    current = {one.name for pack in found for one in pack.made if isinstance(one, Letter)}
    # The mail is not to carry what is void: a letter to a pack that was replaced goes, and one that no rule lets go today.
    kept = {one.entry.pack for one in found if one.gone}
    taken_away = _take_away(folder, known - kept, current)
    if as_json:
        common.say_json(_json(found, folder, taken_away))
    else:
        _say(found, folder, taken_away)
    if any(one.has_no_way for one in found):
        raise SystemExit(common.PROBLEMS)


def _signing(area: Area, directory: Directory, today: dt.date) -> set[str]:
    """Return the keys that whoever sends may have signed with."""
    sender = area.settings.sender
    return {one.keys.signing for one in directory.usable(sender.agency, today) if one.spoc == sender.name}


def _passed(entry: Recorded, area: Area, going: set[str]) -> NoWay:
    """Return why a pack is not what the plan would give its agency today."""
    if entry.agency not in {one.id for one in area.agencies}:
        why = "agencies.toml has no such agency any more"
    elif entry.agency not in going:
        why = "the plan does not let it go any more: see `sealpack meeting plan`, and run `sealpack pack`"
    else:
        why = "what the agency is to get has changed since it was sealed: run `sealpack pack`"
    return NoWay("", "", why)


def _found(area: Area, entry: Recorded, directory: Directory, today: dt.date) -> _Found:
    sender = area.settings.sender
    office = Office(sender, area.agency(sender.agency).name)
    agency = area.agency(entry.agency)
    try:
        sealed = (area.outbox / entry.file).read_bytes()
    except FileNotFoundError:
        return _Found(entry, (), gone=True)
    if hashlib.sha256(sealed).hexdigest() != entry.digest:
        why = f"its file in the outbox is not what was sealed: keep it as evidence, and seal afresh with --again {agency.id}"
        return _Found(entry, (NoWay("", "", why),))
    return _Found(entry, tuple(letters_of(InOutbox(entry, sealed), agency, directory, office, today)))


def _write(folder: Path, made: Iterable[Letter | NoWay]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in made:
        if isinstance(one, Letter):
            write_whole(folder / one.name, one.content, mode=0o600, replace=True)


def _take_away(folder: Path, packs: set[str], current: set[str]) -> list[str]:
    """Take away letters of earlier runs to these packs, but for those of this run."""
    void = [
        path
        for path in sorted(folder.iterdir())
        if (name := _NAME.fullmatch(path.name)) and name[1] in packs and path.name not in current
    ]
    for path in void:
        path.unlink()
    return [path.name for path in void]


def _say(found: list[_Found], folder: Path, taken_away: list[str]) -> None:
    rows = []
    for pack in found:
        if pack.gone:
            rows.append((pack.entry.agency, "", pack.entry.pack, "not in the outbox: sent or moved already"))
        for one in pack.made:
            told = one.name if isinstance(one, Letter) else _why(one)
            rows.append((pack.entry.agency, one.contact, pack.entry.pack, told))
    common.table(("Agency", "Contact", "Pack", "Letter, or why there is none"), rows)
    for pack in found:
        if pack.has_no_way:
            rules = sorted(
                {one.rule for one in pack.made if isinstance(one, NoWay) and one.rule in _OF_THE_WAY}
            )
            if rules:
                by = ", ".join(rules)
                click.echo(f"Find another way for the pack {pack.entry.pack} for {pack.entry.agency} ({by}).")
    for name in taken_away:
        click.echo(f"Taken away, since it may not be sent any more: {name}")
    count = sum(isinstance(one, Letter) for pack in found for one in pack.made)
    click.echo(
        f"{common.count(count, 'letter')} written to {folder}. Nothing is sent: look at each, and send it yourself."
    )


def _why(one: NoWay) -> str:
    return f"none, {one.rule}: {one.why}" if one.rule else f"none: {one.why}"


def _json(found: list[_Found], folder: Path, taken_away: list[str]) -> dict[str, Any]:
    each = [(pack, one) for pack in found for one in pack.made]
    return {
        "letters": [
            {
                "agency": pack.entry.agency,
                "contact": one.contact,
                "pack": pack.entry.pack,
                "file": folder / one.name,
            }
            for pack, one in each
            if isinstance(one, Letter)
        ],
        "none": [
            {"agency": pack.entry.agency, "pack": pack.entry.pack, **vars(one)}
            for pack, one in each
            if isinstance(one, NoWay)
        ],
        "not_in_outbox": [pack.entry.pack for pack in found if pack.gone],
        "no_way": [pack.entry.pack for pack in found if pack.has_no_way],
        "taken_away": taken_away,
    }
