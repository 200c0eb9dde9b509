"""Commands for the register: show, verify and mend; those on receipts are in `receipts`, export is in `exports`."""

import dataclasses
import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from forms.answers import long_date
from keys import sshsig
from keys.directory import DirectoryError
from pipeline.area import Area
from pipeline.cli import common, keyfiles
from pipeline.cli.exports import export
from pipeline.cli.key_directory import read_directory, refuse_stranger
from pipeline.cli.keyfiles import read_key, read_public
from pipeline.cli.packing import read_sender
from pipeline.cli.receipts import outstanding, received
from pipeline.manifest import Manifest
from pipeline.register import SEALED, WITHDRAWN, Entry, PackHeld, Recorded, Register, Signer
from pipeline.register.entry import facts_of


@click.group
def register() -> None:
    """Show and prove the record of every share."""


@register.command
@click.option("--agency", help="Of this agency alone.")
@click.option("--case", help="Of this case alone.")
@click.option("--since", type=common.Day(), help="From this day on.")
@common.json_option
@common.area_option
@common.in_words
def show(*, agency: str | None, case: str | None, since: object, as_json: bool, area_folder: Path) -> None:
    """Show who got what, when, why, and on whose decision.

    Example: sealpack register show --agency housing
    Example: sealpack register show --case MARAC-2026-4417 --since 2026-11-01
    """
    area = common.find_area(area_folder)
    case = case and case.strip().upper()
    with Register.open(area.register, create=False) as opened:
        common.known_agency(area, opened, agency)
        _known_case(opened, case)
        entries = opened.entries(agency=agency, case=case, since=since)  # type: ignore[arg-type]  # click gives a date or None
        replaced, withdrawn = opened.replaced(), opened.withdrawn()
    if as_json:
        common.say_json([json.loads(facts_of(one)) for one in entries])
        return
    if not entries:
        click.echo("No entry fits what you asked for.")
        return
    rows = [
        (
            str(one.number),
            f"{one.at:%Y-%m-%d\n%H:%M}",
            one.kind + (",\nreplaced by" if after else ",\nwithdrawn" if gone else ""),
            one.agency,
            one.pack + (f"\n{after}" if after else ""),
            "\n".join(one.cases),
            ",\n".join(sorted({item.rule for item in one.withheld}))
            or ("nothing" if one.kind == SEALED else ""),
            one.by.replace(" ", "\n"),
        )
        for one in entries
        for after in [replaced.get(one.pack) if one.kind == SEALED else None]
        for gone in [one.kind == SEALED and one.pack in withdrawn]
    ]
    common.table(("No.", "When (UTC)", "What", "Agency", "Pack", "Cases", "Withheld by", "By"), rows)
    for line in _below(entries):
        click.echo(line)


def _known_case(opened: Register, case: str | None) -> None:
    """Stop at a case that no entry is about: an empty list would be false comfort where its reference is mistyped."""
    if case and not opened.entries(case=case):
        common.fail(
            f"No entry is about a case {case}.",
            "Check its reference: `sealpack register show` lists all cases of which something was shared. If it is right, nothing of"
            " it was.",
        )


def _below(entries: Sequence[Recorded]) -> Iterator[str]:
    """Yield what does not fit into a table: why, notes, decisions."""
    told: defaultdict[str, list[int]] = defaultdict(list)
    for one in entries:
        if one.purpose:
            told[f"why: {one.purpose}"].append(one.number)
        if one.basis:
            told[f"on the basis of: {'; '.join(one.basis)}"].append(one.number)
        if one.note:
            told[f"{one.kind}: {one.note}" if one.kind == WITHDRAWN else f"note: {one.note}"].append(one.number)
    for text, numbers in told.items():
        yield f"No. {_ranges(numbers)}, {text}"
    for one in entries:
        if one.kind.startswith("key") and one.keys:
            yield f"No. {one.number}, key: {one.keys[0].replace('-', ' ')}"
    for one in entries:
        for taken in one.decisions:
            yield (
                f"No. {one.number}: {taken.rule} set aside for {taken.case} by {taken.by}, {taken.role}, "
                f"{long_date(taken.on)}: {taken.reason}"
            )


def _ranges(numbers: Iterable[int]) -> str:
    """Return ascending numbers in short: 1 to 4, 6."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in spans)


@register.command
@click.option(
    "--signer",
    "signer_files",
    type=common.EXISTING,
    multiple=True,
    help="Public keys of somebody who signed, besides the directory's.",
)
@click.option(
    "--manifest",
    "manifest_files",
    type=common.EXISTING,
    multiple=True,
    help="The manifest.json of an opened pack: the register must have that pack, and be the one that it bears witness to.",
)
@keyfiles.identity_option("Your key file, to know by it whose signatures these are.", required=False)
@common.json_option
@common.area_option
@common.in_words
def verify(
    *,
    signer_files: tuple[Path, ...],
    manifest_files: tuple[Path, ...],
    key_file: Path | None,
    as_json: bool,
    area_folder: Path,
) -> None:
    """Prove that nothing in the register was changed, removed, inserted, reordered or cut off.

    Who signed is taken from the directory of keys, which lies in the same folder: with -i it is proved that a keeper of yours
    has signed that; without, compare the digests that are told.

    Whoever can write in the area's folder can cut off the end together with its signatures: the newest pack that an
    agency holds shows that, with --manifest.

    Example: sealpack register verify -i co-ordinator.key
    Example: sealpack register verify --manifest papers/P-7F3K-2M9Q/manifest.json
    """
    area = common.find_area(area_folder)
    # Who left or was revoked has signed all the same, so every key of the sender's agency is known here.
    known = _signers(area, key_file) | {read_public(path).signing: path.name for path in signer_files}
    manifests = [_manifest(area, path) for path in manifest_files]
    with Register.open(area.register, create=False) as opened:
        examined = opened.examined(known, [one for manifest in manifests for one in _held(manifest)])
        findings, count = examined.findings, len(examined.rows)
        places = {
            one.pack: entry.number for one in manifests if not findings and (entry := opened.pack(one.pack))
        }
    if as_json:
        common.say_json([dataclasses.asdict(one) for one in findings])
    elif findings:
        for one in findings:
            click.echo(f"  {one.message}  [{one.what}]")
        click.echo(
            f"The register does not hold: {common.count(len(findings), 'finding')}. Change nothing, keep a copy of it as it is, "
            "and tell whoever answers for it."
        )
    else:
        click.echo(f"The register holds: {count} {'entry' if count == 1 else 'entries'}, unbroken and signed.")
        for pack, number in places.items():
            click.echo(f"It has the pack {pack}, as entry {number}.")
        for line in sorted({head.key() for head in examined.heads}):
            click.echo(f"Signed with the key {sshsig.digest(sshsig.parse_public_line(line))} ({known[line]}).")
        if key_file is None:
            click.echo(
                "Whose key that is was read in this folder: compare it with what you know, or name your key file with -i."
            )
    for manifest in manifests:
        if manifest.witness is None:
            click.echo(
                f"The pack {manifest.pack} bears no witness to what stood in the register before it: "
                "only its own entry was looked for.",
                err=as_json,
            )
    if findings:
        raise SystemExit(common.PROBLEMS)


def _signers(area: Area, key_file: Path | None) -> dict[str, str]:
    """Return the keys of all who may have signed → the holder; without a sound directory of keys none, and --signer names them."""
    try:
        directory = read_directory(area)
        if key_file:
            refuse_stranger(area, directory, read_key(key_file), key_file)
        return {entry.keys.signing: entry.spoc for entry in directory.of(area.settings.sender.agency)}
    except DirectoryError as error:
        click.echo(f"Warning: the directory of keys does not say who may have signed: {error}", err=True)
        return {}


def _manifest(area: Area, path: Path) -> Manifest:
    try:
        manifest = Manifest.from_bytes(path.read_bytes())
    except ValueError:
        common.fail(
            f"{path} is no manifest of a pack.",
            "Name the manifest.json of a pack that was opened.",
            common.WRONG_USE,
        )
    if manifest.sender.agency != area.settings.sender.agency:
        common.fail(
            f"The pack {manifest.pack} was sent by {manifest.sender.agency}, but this is the register of "
            f"{area.settings.sender.agency}: its manifest proves nothing here.",
            "Name the manifest.json of a pack that was sealed here.",
            common.WRONG_USE,
        )
    return manifest


def _held(manifest: Manifest) -> Iterator[tuple[int, str] | PackHeld]:
    """Yield what a pack bears witness to: the end of the register before it, and its own entry."""
    if manifest.witness:
        yield manifest.witness.number, manifest.witness.hash
    cases = frozenset(part.case for part in manifest.members if part.case)
    yield PackHeld(manifest.pack, manifest.agency, manifest.meeting.id, cases)


@register.command
@keyfiles.identity_option()
@click.option("--by", required=True, help="Who accepts that the register ends where it does.")
@click.option("--reason", required=True, help="How register.head was lost, and what the end was held against.")
@common.area_option
@common.today_option
@common.in_words
def mend(*, key_file: Path, by: str, reason: str, area_folder: Path, today: dt.date) -> None:
    """Go on after register.head was lost for good: who accepts that, and why, is kept in the register.

    Example: sealpack register mend -i co-ordinator.key --by "Jo Exampleby" --reason "Disk failed; newest pack checked"
    """
    area = common.find_area(area_folder)
    if not all(text.strip() and text.isprintable() for text in (by, reason)):
        common.fail(
            "Somebody must accept it, for a reason.",
            "Give both, each in one line: --by NAME --reason TEXT",
            common.WRONG_USE,
        )
    sender = read_sender(area, read_directory(area), key_file, today)
    settings = area.settings.sender
    with Register.open(area.register, create=False) as opened:
        head = opened.head()
        end = head.number if head else 0
        note = Entry(
            kind="note",
            day=today,
            by=settings.name,
            role=settings.role,
            note=f"register.head was missing. That the register ends at entry {end} was accepted by {by}: {reason}",
        )
        written = opened.mend(note, Signer.of(sender), common.now())
    click.echo(
        f"register.head is made anew. Entry {written.number} says that it was missing, who accepted that, and why."
    )


register.add_command(export)
register.add_command(received)
register.add_command(outstanding)
