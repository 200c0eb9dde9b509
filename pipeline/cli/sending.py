"""The command send: a referral sealed for the co-ordinator, by a referrer who has the program."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from forms.catalogue import FORMS
from keys.identity import PublicKeys, fingerprint
from pipeline import guard, incoming
from pipeline.area import Area
from pipeline.checked import Checked, Referral, check
from pipeline.cli import common
from pipeline.cli.keyfiles import read_public
from pipeline.cli.referrals import found_json, say_found, write
from pipeline.flow import contents, is_for, read, refusals
from pipeline.incoming import Envelope
from pipeline.problem import Problem, problem
from pipeline.protocol.rule import Finding

_SENDERS = Path("senders")
_GET_ONE = (
    "Get the co-ordinator's file of public keys, compare its fingerprint by telephone (`sealpack keys show FILE`), "
    "then name it with --key, or put it in a folder `senders` here."
)
_CHANNEL = "Send it to the co-ordinator, by the secure channel that the first sheet of the workbook names."


@dataclass(frozen=True)
class _Reader:
    """Somebody who will be able to open it: public keys, and the name of the person or of the file that they came in."""

    keys: PublicKeys
    name: str


@click.command
@click.argument("file", metavar="REFERRAL", type=common.EXISTING)
@click.option("--to", "panel", required=True, help="The panel that it is for, such as marac.")
@click.option(
    "--key", "key_files", type=common.EXISTING, multiple=True,
    help="The co-ordinator's public keys; several co-ordinators, a --key each.  "
    "[default: the one that lies in `senders` here]",
)  # fmt: skip
@click.option(
    "-o", "--output", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(),
    show_default="the folder you stand in", help="The folder to write to.",
)  # fmt: skip
@click.option("--as-it-is", is_flag=True, help="Seal it whatever is wrong with it.")
@common.json_option
@common.area_option
@common.today_option
@common.in_words
def send(
    file: Path,
    *,
    panel: str,
    key_files: tuple[Path, ...],
    folder: Path,
    as_it_is: bool,
    as_json: bool,
    area_folder: Path,
    today: dt.date,
) -> None:
    """Seal a referral so that only the co-ordinator can open it.

    It is checked first, and not sealed if something is to be put right. The sealed file tells its number and the panel,
    and nothing of the referral. Nothing is sent: that you do yourself.

    Example: sealpack send marac-referral.xlsx --to marac --key co-ordinator.pub
    """
    area = common.maybe_area(area_folder)
    _know_panel(panel, area)
    data = _bytes_of(file)
    problems, refused = _looked_at(data, panel, area, today)
    if not as_json:
        say_found(file, problems, refused)
    if problems and not as_it_is:
        if as_json:
            common.say_json({"file": None, **found_json(problems, refused)})
            raise SystemExit(common.PROBLEMS)
        common.fail("Nothing is sealed.", "Put it right first. Where it cannot wait, seal it --as-it-is.")
    readers = _readers(key_files)
    envelope = Envelope.fresh(panel)
    sealed = incoming.seal(data, envelope, [one.keys.sealing_key() for one in readers])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / envelope.file_name
    write(path, sealed, quiet=True)
    if as_json:
        told = {
            "file": path,
            "number": envelope.number,
            "panel": panel,
        }
        whom = [{"name": one.name, "fingerprint": fingerprint(one.keys)} for one in readers]
        to = area.send_to if area else ""
        common.say_json({**told, "sealed_for": whom, "send_to": to, **found_json(problems, refused)})
    else:
        _say_sealed(path, readers, area)


def _know_panel(panel: str, area: Area | None) -> None:
    """Stop at a panel that there is not: nobody would look for the file."""
    known = area.settings.panels if area else {form.panel: "" for form in FORMS.values() if form.panel}
    if panel not in known:
        where = "area.toml has" if area else "There is"
        common.fail(f"{where} no panel {panel}.", f"Take one of: {', '.join(known)}", common.WRONG_USE)


def _bytes_of(file: Path) -> bytes:
    """Return what is looked at and sealed, read once; stop at what nobody could open."""
    data = contents(file)
    if isinstance(data, bytes) and incoming.is_sealed(data):
        common.fail(f"{file} is sealed already.", "Send it as it is, or name the referral itself.")
    if isinstance(data, bytes) and len(data) > guard.MAX_FILE:
        data = (problem("file-too-big", megabytes=guard.MAX_FILE // 1_000_000),)
    if not isinstance(data, bytes):
        common.fail(f"{file}: {data[0].what}", data[0].cure)
    return data


def _looked_at(
    data: bytes, panel: str, area: Area | None, day: dt.date
) -> tuple[tuple[Problem, ...], tuple[Finding, ...]]:
    """Return what is wrong with a referral, and why its panel would refuse it if nothing is; stop if it is not that panel's."""
    referral = read(data, area)
    if not isinstance(referral, Referral):
        return referral, ()
    form = referral.form
    if not is_for(form, panel):
        cure = f"Send it --to {form.panel}." if form.panel else "Give it to whoever referred."
        common.fail(f"This is a {form.title}, which is not for the panel {panel}.", cure, common.WRONG_USE)
    checked = check(referral, day)
    if not isinstance(checked, Checked):
        return checked, ()
    return (), refusals(area, checked, day) if area else ()


def _readers(files: Sequence[Path]) -> list[_Reader]:
    """Return for whom to seal."""
    if not files:
        files = sorted(_SENDERS.glob("*.pub"))
        if len(files) > 1:  # of two areas, perhaps: each would be able to open what is for the other
            common.fail(
                f"The folder {_SENDERS} has the public keys of several co-ordinators.",
                f"Say whose area it is for, with a --key for each who is to open it: {', '.join(map(str, files))}",
                common.WRONG_USE,
            )
    if not files:  # an area's directory is none to take them from: a stranger may have written in that folder
        common.fail("There is no key of the co-ordinator to seal for.", _GET_ONE, common.WRONG_USE)
    found = [_Reader(read_public(path), str(path)) for path in files]
    once: dict[PublicKeys, _Reader] = {}
    for one in found:
        once.setdefault(one.keys, one)
    readers = list(once.values())
    older = [one for one in readers if not one.keys.post_quantum]
    if older and len(older) < len(readers):
        common.fail(
            f"These keys are of two kinds, which are never mixed in one file: of the older kind is {_names(older)}.",
            "Ask for a new file of public keys in its place. Or name the keys of one kind with --key, and seal for each kind.",
        )
    return readers


def _names(readers: Sequence[_Reader]) -> str:
    return ", ".join(one.name for one in readers)


def _say_sealed(path: Path, readers: Sequence[_Reader], area: Area | None) -> None:
    for one in readers:
        click.echo(f"Sealed for {one.name}, fingerprint {fingerprint(one.keys)}")
    if not readers[0].keys.post_quantum:
        click.echo(
            "This is a key of the older kind (X25519). Ask the co-ordinator for a post-quantum one.", err=True
        )
    click.echo("If that was not read out to you on the telephone yet, ring the co-ordinator before you send.")
    click.echo(f"Written: {path}")
    click.echo(f"Send it to {area.send_to}." if area else _CHANNEL)
    click.echo("Nothing is sent by itself. Your own file is as it was: keep it where only you can read it.")
