"""Commands for receipts (RECORD-5): that an agency has confirmed its pack, and which have not."""

import datetime as dt
import json
from functools import partial
from pathlib import Path

import click

from forms.answers import long_date
from keys import sshsig
from pipeline.cli import common, keyfiles
from pipeline.cli.key_directory import read_directory
from pipeline.cli.packing import read_sender
from pipeline.protocol.records import without_receipt
from pipeline.register import RECEIVED, Entry, Recorded, Register, Signer
from pipeline.register.entry import facts_of


@click.command
@click.argument("pack")
@click.option("--by", required=True, help="Who of the agency confirmed it.")
@click.option("--on", type=common.Day(), help="The day on which it was confirmed.  [default: today]")
@keyfiles.identity_option()
@common.area_option
@common.today_option
@common.in_words
def received(
    pack: str, *, by: str, on: dt.date | None, key_file: Path, area_folder: Path, today: dt.date
) -> None:
    """Record that an agency has confirmed its pack.

    Example: sealpack register received P-7F3K-2M9Q --by "Linden Hatstand" -i co-ordinator.key
    """
    area = common.find_area(area_folder)
    by, day, pack = by.strip(), on or today, pack.strip().upper()
    if not by or not by.isprintable():
        common.fail("Somebody has confirmed it.", "Give the name, in one line: --by NAME", common.WRONG_USE)
    if day > today:
        common.fail(
            "Nobody can have confirmed it on a day to come.", "Give the day: --on DATE", common.WRONG_USE
        )
    with Register.open(area.register, create=False) as opened:
        _refuse(opened, pack, day)  # before the passphrase is asked for
        sender = read_sender(area, read_directory(area), key_file, today)
        settings = area.settings.sender
        with opened.writing():
            sealed = _refuse(opened, pack, day)
            entry = Entry(
                kind=RECEIVED, day=day, by=settings.name, role=settings.role, meeting=sealed.meeting, agency=sealed.agency,
                pack=sealed.pack, cases=sealed.cases, note=f"Receipt from the agency, given by {by}.",
            )  # fmt: skip
            signer = Signer(partial(sshsig.sign, sender.signing), sender.public().signing)
            (written,) = opened.append([entry], signer, common.now())
    click.echo(f"Entry {written.number}: {sealed.agency} has confirmed {sealed.pack}.")


def _refuse(opened: Register, pack: str, day: dt.date) -> Recorded:
    """Return the entry that a pack was sealed with, or say why there can be no receipt for it."""
    sealed = opened.pack(pack)
    if sealed is None:
        common.fail("No pack of this number is on record.", "Read it off the receipt again: P-7F3K-2M9Q.")
    if pack in opened.withdrawn():
        common.fail(f"The pack {pack} was withdrawn.", "Have the agency confirm the one that it is to have.")
    entries = opened.entries(agency=sealed.agency)
    earlier = next((one for one in entries if one.kind == RECEIVED and one.pack == pack), None)
    if earlier:
        common.fail(
            f"The pack {pack} is confirmed already, by entry {earlier.number}.", "There is nothing to do."
        )
    if day < sealed.day:
        common.fail(
            f"The pack {pack} was sealed on {long_date(sealed.day)}, after that day.",
            "Give the right day: --on DATE",
        )
    return sealed


@click.command
@click.option("--agency", help="Of this agency alone.")
@common.json_option
@common.area_option
@common.in_words
def outstanding(*, agency: str | None, as_json: bool, area_folder: Path) -> None:
    """List the packs that no agency has confirmed yet, the oldest first.

    Example: sealpack register outstanding
    """
    area = common.find_area(area_folder)
    with Register.open(area.register, create=False) as opened:
        common.known_agency(area, opened, agency)
        found = without_receipt(opened.entries(agency=agency))
    if as_json:
        common.say_json([json.loads(facts_of(one)) for one in found])
        return
    if found:
        rows = [(one.pack, one.agency, long_date(one.day), one.meeting) for one in found]
        common.table(("Pack", "Agency", "Sealed on", "Meeting"), rows)
    click.echo(f"{common.count(len(found), 'pack')} without a receipt.")
