"""The command open: packs are opened with their reader's key, and a receipt is made for each (RECORD-5)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import click

from keys import age, sshsig
from keys.errors import KeysError
from keys.files import write_whole
from pipeline import filed, opening
from pipeline.cli import common
from pipeline.cli.inner import inner
from pipeline.cli.packs import expanded, held, senders_of
from pipeline.cli.wishes import Wish
from pipeline.opening import Holder, Taken
from pipeline.own_register import OwnRegister
from pipeline.pack import BadPack
from pipeline.private import why_shared

_ASK = "Fetch it once more; if that does not help, ask the sender for it again."


@dataclass
class _Run:
    """What is known of a run.

    Attributes:
        many: it has several packs.
        refused: how many were refused, or not noted as they should.
        replaced: pack and sender → the pack of this run that has taken its place.
        terms: those that were accepted already.
    """

    many: bool
    refused: int = 0
    replaced: dict[tuple[str, str], str] = field(default_factory=dict)
    terms: set[tuple[object, ...]] = field(default_factory=set)


@click.command
@click.argument(
    "packs", nargs=-1, required=True, metavar="PACK...", type=click.Path(exists=True, path_type=Path)
)
@click.option(
    "-i", "--identity", "key_files", type=common.EXISTING, multiple=True, required=True,
    help="Your key file; several, if you hold several.",
)  # fmt: skip
@click.option("-o", "--output", "folder", type=common.ANY_PATH, help="Where to write the papers.")
@click.option("--accept", is_flag=True, help="Accept the terms without being asked; for scripts.")
@click.option("--list", "list_only", is_flag=True, help="Say what is in it, and write nothing.")
@click.option("--only", "case", metavar="CASE", default="", help="Write the papers of one case alone.")
@click.option("--to-stdout", "member", metavar="PAPER", default="", help="Write one paper to standard output.")
@click.option("--again", is_flag=True, help="Also what was opened before.")
@click.option("--shared-folder", is_flag=True, help="Write where others could look into the papers.")
@click.option(
    "--sender", "sender_files", type=common.EXISTING, multiple=True,
    help="The co-ordinator's public keys.  [default: what lies in `senders` beside your key file]",
)  # fmt: skip
@common.today_option
@common.in_words
def open_(
    packs: tuple[Path, ...],
    *,
    key_files: tuple[Path, ...],
    folder: Path | None,
    accept: bool,
    list_only: bool,
    case: str,
    member: str,
    again: bool,
    shared_folder: bool,
    sender_files: tuple[Path, ...],
    today: dt.date,
) -> None:
    """Open sealed packs, or all in a folder, with your key file; the passphrase is asked for once.

    What each pack is and its terms are shown first; the papers are written once you accept them, with a receipt to send back.

    Example: sealpack open P-7F3K-2M9Q_housing_brackenford-council.age -i my.key -o papers
    Example: sealpack open downloads -i my.key -o papers
    """
    wish = Wish(folder, list_only, case.strip().upper(), member.strip(), accept, again, today)
    files = expanded(packs)
    wish.refuse_wrong_use(files)
    if folder and not list_only and not member and not shared_folder and (why := why_shared(folder)):
        common.fail(
            f"The papers are not written: {why}.",
            f"Choose a folder of your own (chmod 700 {folder}), or say with --shared-folder that it is meant.",
        )
    senders = {path: senders_of(path, sender_files) for path in key_files}
    run = _Run(many=len(files) > 1)
    # Whatever can be told without a key is told before the passphrase is asked for.
    sound = [path for path in files if _looked_at(path, key_files, wish, run)]
    if sound:
        holders = held(key_files, senders)
        run.replaced = _replaced(sound, holders) if run.many else {}
        for path in sound:
            _one(path, holders, wish, run)
    if run.many:
        click.echo(
            f"{common.count(len(files) - run.refused, 'pack')} opened, {run.refused} refused.", err=bool(member)
        )
    if run.refused:
        raise SystemExit(common.PROBLEMS)


def _refuse(run: _Run, path: Path, error: KeysError | BadPack | str, hint: str = "") -> None:
    run.refused += 1
    told = f"{path}: " if run.many else ""
    click.echo(f"Error: {told}{error}", err=True)
    hint = hint or getattr(error, "hint", "")
    if hint:
        click.echo(f"  What to do: {hint}", err=True)


def _looked_at(path: Path, key_files: Sequence[Path], wish: Wish, run: _Run) -> bool:
    """Say whether a file may be a pack that is still to be opened; of one that is not, say why."""
    try:
        sealed = opening.read_sealed(path)
        _refuse_before(path, sealed, [OwnRegister.beside(one) for one in key_files], wish)
    except age.AgeError as error:
        _refuse(run, path, f"This is no sealed pack, or it is damaged: {error}", error.hint or _ASK)
    except BadPack as error:
        _refuse(run, path, error)
    except OSError as error:
        _refuse(run, path, _unread(error))
    else:
        return True
    return False


def _unread(error: OSError) -> BadPack:
    return BadPack(
        "unread", f"It cannot be read: {error.strerror}.", "Check that it is there and that you may read it."
    )


def _refuse_before(
    path: Path, sealed: bytes, registers: Sequence[OwnRegister], wish: Wish, *, proved: bool = False
) -> None:
    """Refuse what the outside of a file tells: that it is no pack, has another's name, or was opened before."""
    envelope = opening.envelope_of(path, sealed)
    if wish.list_only or envelope is None:
        return
    there = wish.folder / envelope.pack if wish.folder and not wish.member else None
    known = there is not None and there.exists()
    opening.refuse_known(envelope, sealed, registers, again=wish.again or known, proved=proved)
    if there and known and not wish.case and not wish.again:
        raise _opened_before(there)


def _opened_before(folder: Path) -> BadPack:
    return BadPack(
        "opened-before",
        f"{folder} is already there: this pack was opened before.",
        "Read it there. With --again, papers of it that are not there are written.",
    )


def _replaced(paths: Sequence[Path], holders: Sequence[Holder]) -> dict[tuple[str, str], str]:
    """Return which packs others of the same run have taken the place of: the void one may come first."""
    found = {}
    for path in paths:
        try:
            manifest = opening.take(opening.read_sealed(path), holders).manifest
        except (age.AgeError, BadPack, OSError):
            continue
        if manifest.replaces:
            found[manifest.replaces, manifest.sender.agency] = manifest.pack
    return found


def _one(path: Path, holders: Sequence[Holder], wish: Wish, run: _Run) -> None:
    """Open a pack and do with it what is wished, or say why not: then nothing of it is written."""
    try:
        sealed = opening.read_sealed(path)
        taken = opening.take(sealed, holders)
        # Once more, of the bytes that were opened: the file may have been exchanged since it was looked at.
        _refuse_before(path, sealed, [one.register for one in holders], wish, proved=True)
        if not wish.list_only:
            opening.refuse_old(taken, wish.today, run.replaced)
        names = wish.papers(taken)
    except age.NoMatchError:
        hint = "Check that you chose the right key file. If so, it was damaged or came to you by mistake: tell the sender, and destroy it."
        _refuse(run, path, "This pack is not for you: it is sealed for another key.", hint)
    except age.AgeError as error:
        _refuse(run, path, f"This pack is damaged: {error}", error.hint or _ASK)
    except BadPack as error:
        _refuse(run, path, error)
    except OSError as error:
        _refuse(run, path, _unread(error))
    else:
        for line in inner(taken.manifest):
            click.echo(line, err=wish.to_standard_output)
        if wish.list_only:
            _say_papers(taken)
        elif _accepted(taken, wish, run):
            _give(taken, names, wish, run, path)
        else:
            _refuse(run, path, "The terms were not accepted, and nothing is written.")


def _say_papers(taken: Taken) -> None:
    rows = [(one.name, one.title, one.case, f"{one.size:,}") for one in taken.manifest.members]
    common.table(("Paper", "Title", "Case", "Bytes"), rows)


def _accepted(taken: Taken, wish: Wish, run: _Run) -> bool:
    """Ask for the terms to be accepted, once for packs of one run with the same."""
    manifest = taken.manifest
    terms = (manifest.sender, manifest.marking, manifest.purpose, manifest.expected, manifest.keep_until)
    if terms in run.terms:
        click.echo("The terms are those that you have accepted just now.", err=wish.to_standard_output)
        return True
    if not wish.accept:
        try:
            answer = click.confirm("Do you accept these terms?", err=True)
        except click.Abort:
            click.echo("", err=True)
            answer = False
        if not answer:
            return False
    run.terms.add(terms)
    return True


def _give(taken: Taken, names: tuple[str, ...], wish: Wish, run: _Run, path: Path) -> None:
    """Write the papers, the line in the holder's own register and the receipt."""
    if wish.member:
        click.echo(taken.opened.papers[wish.member], nl=False)
    elif wish.folder:
        folder = wish.folder / taken.manifest.pack
        try:
            written = filed.write(taken.opened, folder, names)
        except FileExistsError:
            if not wish.again or not filed.is_of(folder, taken.opened):
                _refuse(run, path, _opened_before(folder))
                return
            written = ()
        except OSError as error:
            hint = "Choose a folder of your own with room enough."
            _refuse(run, path, f"{folder} cannot be written: {error.strerror}.", hint)
            return
        say_written(folder, written)
    try:
        _receipt(taken, wish)
    except OSError as error:
        hint = "Make room, and have it made anew: the same command with --again."
        _refuse(run, path, f"The receipt cannot be written: {error.strerror}. The papers are there.", hint)


def say_written(folder: Path, written: Sequence[str]) -> None:
    """Print which papers were written where."""
    click.echo(f"{common.count(len(written), 'paper')} written to {folder}")
    for name in written:
        click.echo(f"  {folder / name}")


def _receipt(taken: Taken, wish: Wish) -> None:
    manifest, own = taken.manifest, taken.holder.register
    try:
        own.opened(taken.line(wish.today))
    except OSError as error:
        click.echo(
            f"Warning: {own.path} cannot be written ({error.strerror}): note for yourself what you opened.",
            err=True,
        )
    text = taken.receipt(common.now()).text(partial(sshsig.sign, taken.holder.key.signing))
    to = f"{manifest.sender.name}, {manifest.sender.email}"
    if taken.by_recovery:
        click.echo(
            "Opened with the recovery key: the receipt tells, so that this use is registered.",
            err=bool(wish.member),
        )
    if wish.folder is None or wish.member:
        click.echo(f"Your receipt, to send back to {to}:\n\n{text}", err=True)
        return
    path = wish.folder / f"{manifest.pack}-receipt.txt"
    write_whole(path, text.encode(), mode=0o600, replace=True)
    click.echo(f"Receipt: {path}   Send it to {to}, or paste its text into your answer.")
    click.echo(
        f'To destroy them: sealpack destroy {wish.folder / manifest.pack} --by "YOUR NAME" -i {taken.holder.path}'
    )
