"""Commands for the register: show and verify."""

import dataclasses
import json
from pathlib import Path

import click

from forms.answers import long_date
from pipeline.cli import common
from pipeline.cli.keys import read_directory, read_public
from pipeline.manifest import Manifest
from pipeline.register import Register
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
    """
    area = common.find_area(area_folder)
    with Register.open(area.register, create=False) as opened:
        entries = opened.entries(agency=agency, case=case, since=since)  # type: ignore[arg-type]  # click gives a date or None
    if as_json:
        common.say_json([json.loads(facts_of(one)) for one in entries])
        return
    rows = [
        (
            str(one.number),
            f"{one.at:%Y-%m-%d %H:%M}",
            one.kind,
            one.agency,
            one.pack,
            "\n".join(one.cases),
            ", ".join(sorted({item.rule for item in one.withheld})) or "nothing",
            one.by,
        )
        for one in entries
    ]
    common.table(("No.", "When (UTC)", "What", "Agency", "Pack", "Cases", "Withheld by", "By"), rows)
    for one in entries:
        for taken in one.decisions:
            click.echo(
                f"No. {one.number}: {taken.rule} set aside for {taken.case} by {taken.by}, {taken.role}, "
                f"{long_date(taken.on)}: {taken.reason}"
            )


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
    help="The manifest.json of an opened pack: the register must be the one that it bears witness to.",
)
@common.json_option
@common.area_option
@common.in_words
def verify(
    *, signer_files: tuple[Path, ...], manifest_files: tuple[Path, ...], as_json: bool, area_folder: Path
) -> None:
    """Prove that nothing in the register was changed, removed, inserted, reordered or cut off.

    Example: sealpack register verify
    Example: sealpack register verify --manifest papers/P-7F3K-2M9Q/manifest.json
    """
    area = common.find_area(area_folder)
    # Who left or was revoked has signed all the same, so every key of the sender's agency is known here.
    known = [entry.keys.signing for entry in read_directory(area).of(area.settings.sender.agency)]
    known += [read_public(path).signing for path in signer_files]
    with Register.open(area.register, create=False) as opened:
        findings = opened.verify(known, [one for path in manifest_files for one in _witness(path)])
        count = len(opened.entries()) if not findings else 0
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
        click.echo(f"The register holds: {count} entries, unbroken and signed.")
    if findings:
        raise SystemExit(common.PROBLEMS)


def _witness(path: Path) -> list[tuple[int, str]]:
    """Return the place in the register to which a pack's manifest bears witness; the first packs of an area have none."""
    try:
        witness = Manifest.from_bytes(path.read_bytes()).witness
    except ValueError:
        common.fail(
            f"{path} is no manifest of a pack.",
            "Name the manifest.json of a pack that was opened.",
            common.WRONG_USE,
        )
    return [(witness.number, witness.hash)] if witness else []
