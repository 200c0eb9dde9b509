"""Commands for receipts (RECORD-5): those that were signed, what an agency has told otherwise, and what is outstanding."""

import datetime as dt
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from forms.answers import long_date
from keys.directory import Directory
from keys.directory import Entry as KeyEntry
from keys.identity import KeyFile
from pipeline.area import RECOVERY, Area
from pipeline.cli import common, keyfiles
from pipeline.cli.key_directory import read_directory
from pipeline.cli.packing import read_sender
from pipeline.protocol.records import without_receipt
from pipeline.receipt import LARGEST, BadReceipt, Signed, examine
from pipeline.receipt import read as read_receipts
from pipeline.register import RECEIVED, RECOVERED, Entry, Recorded, Register, Signer
from pipeline.register.entry import facts_of


@click.group
def receipt() -> None:
    """Take in the receipts that named contacts send back."""


@receipt.command("import")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(allow_dash=True, path_type=Path)
)
@keyfiles.identity_option()
@common.json_option
@common.area_option
@common.today_option
@common.in_words
def import_(
    files: tuple[Path, ...], *, key_file: Path, as_json: bool, area_folder: Path, today: dt.date
) -> None:
    """Check receipts and record them: files that came back, mails as they were saved, or text that is pasted in with -.

    Example: sealpack receipt import P-7F3K-2M9Q-receipt.txt -i co-ordinator.key
    """
    area = common.find_area(area_folder)
    directory = read_directory(area)
    with Register.open(area.register, create=False) as opened:
        found, refused = _examined(files, opened, directory, today)
        sender = None
        if any(one.on_record(opened) is None for one in found):
            sender = read_sender(area, directory, key_file, today)
        told = [_recorded(one, area, opened, sender, today) for one in found]
        in_force = {one.pack for one in opened.packs()} - opened.withdrawn()
    if as_json:
        common.say_json(
            {"recorded": told, "refused": [{"file": name, "why": str(why)} for name, why in refused]}
        )
    else:
        for one in told:
            click.echo(f"Entry {one['entry']}: {one['what']}{'' if one['fresh'] else ', as before'}.")
            if one["pack"] not in in_force:
                click.echo(f"  {one['pack']} is void: ring {one['agency']} and have it destroyed.")
        click.echo(f"{common.count(len(told), 'receipt')} on record, {len(refused)} refused.")
    if refused:
        raise SystemExit(common.PROBLEMS)


@dataclass(frozen=True)
class _Found:
    """A receipt that fits a pack on record, whether anybody has recorded it or not."""

    signed: Signed
    sealed: Recorded
    key: KeyEntry

    @property
    def kind(self) -> str:
        return RECOVERED if self.key.agency == RECOVERY else RECEIVED

    def on_record(self, register: Register) -> Recorded | None:
        """Return the entry of a receipt for this pack by this key, if there is one: one is enough."""
        key = self.signed.receipt.key.replace(" ", "-")
        entries = register.entries(agency=self.sealed.agency)
        return next(
            (one for one in entries if (one.kind, one.pack, one.keys) == (self.kind, self.sealed.pack, (key,))),
            None,
        )

    def entry(self, area: Area, today: dt.date) -> Entry:
        """What the register keeps of it."""
        receipt, sender = self.signed.receipt, area.settings.sender
        slips = ", ".join(f"{form} of {case}" for case, form in receipt.slips)
        how = " with the recovery key" if self.kind == RECOVERED else ""
        note = f"Opened{how} on {receipt.opened:%Y-%m-%d %H:%M} UTC by {receipt.by}, who accepted the terms; signed."
        return Entry(
            kind=self.kind, day=today, by=sender.name, role=sender.role, meeting=self.sealed.meeting,
            agency=self.sealed.agency, pack=self.sealed.pack, cases=self.sealed.cases,
            keys=(receipt.key.replace(" ", "-"),), content=receipt.digest,
            note=f"{note} Slip: {slips}." if slips else note,
        )  # fmt: skip


def _examined(
    files: Iterable[Path], register: Register, directory: Directory, today: dt.date
) -> tuple[list[_Found], list[tuple[str, BadReceipt]]]:
    """Return the receipts in files that fit, and what is wrong with the others, said at once."""
    found: list[_Found] = []
    refused: list[tuple[str, BadReceipt]] = []
    for path in files:
        name = "what was pasted in" if str(path) == "-" else str(path)
        for one in _read(path):
            try:
                if isinstance(one, BadReceipt):
                    raise one
                found.append(_Found(one, *examine(one, register, directory, today)))
            except BadReceipt as error:
                refused.append((name, error))
                click.echo(f"Error: {name}: {error}\n  What to do: {error.hint}", err=True)
    return found, refused


def _read(path: Path) -> list[Signed | BadReceipt]:
    try:
        return read_receipts(_content(path))
    except OSError as error:
        return [
            BadReceipt(f"It cannot be read: {error.strerror}.", "Check its name, and that you may read it.")
        ]


def _content(path: Path) -> bytes:
    if str(path) == "-":
        if sys.stdin.isatty():
            click.echo(
                "Paste the receipt, then press Enter and Ctrl-D (on Windows Ctrl-Z and Enter).", err=True
            )
        return sys.stdin.buffer.read(LARGEST + 1)
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _recorded(
    one: _Found, area: Area, register: Register, sender: KeyFile | None, today: dt.date
) -> dict[str, object]:
    """Record a receipt unless it is on record, and return what is told of it."""
    receipt = one.signed.receipt
    with register.writing():
        entry = one.on_record(register)
        fresh = entry is None
        if entry is None and sender is not None:
            signer = Signer.of(sender)
            (entry,) = register.append([one.entry(area, today)], signer, common.now())
    how = "opened with the recovery key" if one.kind == RECOVERED else "confirmed, signed"
    what = f"{receipt.pack} for {receipt.agency} {how} by {receipt.by}"
    if receipt.slips:
        what += f", with the slip of {', '.join(f'{form} ({case})' for case, form in receipt.slips)}"
    return {
        "entry": entry.number if entry else 0, "pack": receipt.pack, "agency": receipt.agency, "by": receipt.by,
        "what": what, "fresh": fresh, "recovery": one.kind == RECOVERED, "slips": receipt.slips,
    }  # fmt: skip


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
            signer = Signer.of(sender)
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
