"""The command inspect, and what commands take for packs: files or folders, whose key, and from which senders."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from keys import age
from keys.identity import PublicKeys
from pipeline import incoming
from pipeline.cli import common
from pipeline.cli.keyfiles import read_key, read_public
from pipeline.opening import Holder, read_sealed
from pipeline.seal import Envelope
from pipeline.seal import inspect as inspect_sealed

_ASK = "Fetch it once more; if that does not help, ask the sender for it again."
_KINDS = {
    "mlkem768x25519": "post-quantum",
    "X25519": "X25519",
    "scrypt": "passphrase",
}


Senders = tuple[tuple[PublicKeys, ...], tuple[PublicKeys, ...]]
"""Public keys of senders that are confirmed, and of those known to be revoked."""


@click.command
@click.argument("pack", type=common.EXISTING)
@common.json_option
@common.in_words
def inspect(pack: Path, *, as_json: bool) -> None:
    """Show what can be read of a sealed pack without a key, or of a sealed referral.

    Example: sealpack inspect outbox/P-7F3K-2M9Q_housing_brackenford-council.age
    """
    try:
        sealed = read_sealed(pack)
        envelope, kinds = inspect_sealed(sealed)
    except age.AgeError as error:
        common.fail(f"This is no sealed pack, or it is damaged: {error}", error.hint or _ASK)
    kind = ", ".join(sorted({_KINDS.get(one, "of another kind") for one in kinds}))
    told = _outside(envelope, incoming.inspect(sealed)) | {
        "sealed for": f"{common.count(len(kinds), 'key')} ({kind})",
        "size": f"{pack.stat().st_size:,} bytes",
    }
    if as_json:
        common.say_json(told)
        return
    for name, value in told.items():
        click.echo(f"{name.capitalize():<11} {value}")
    click.echo("Nothing vouches for this until the file is opened.")


def _outside(pack: Envelope | None, referral: incoming.Envelope | None) -> dict[str, str]:
    """Return what stands on the outside of a pack or of a referral."""
    if referral:
        return {"referral": referral.number, "for": f"the co-ordinator of the panel {referral.panel}"}
    return {
        "pack": pack.pack if pack else "none: not made by sealpack",
        "for": pack.agency if pack else "",
        "from": pack.sender if pack else "",
    }


def expanded(packs: Iterable[Path]) -> list[Path]:
    """Return the files; a folder stands for the sealed files that lie in it, and whatever else is named as one."""
    found: list[Path] = []
    for path in packs:
        if path.is_dir():
            found += sorted(
                one
                for one in path.iterdir()
                if common.lies_there(one) and (one.suffix == ".age" or _is_sealed(one))
            )
        else:
            found.append(path)
    if not found:
        common.fail("There is no sealed pack in it.", "Name a pack, or the folder that it is in.")
    return list(dict.fromkeys(found))


def _is_sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return incoming.is_sealed(file.read(1024))


def senders_of(key_file: Path, files: tuple[Path, ...]) -> Senders:
    """Return the public keys of the senders that the SPOC has confirmed, and of those that he or she knows to be revoked."""
    beside = key_file.resolve().parent / "senders"
    paths = files or tuple(sorted(beside.glob("*.pub")))
    if not paths:
        common.fail(
            "You have not said whose packs you take.",
            f"Get the co-ordinator's file of public keys, compare its fingerprint by telephone (`sealpack keys show FILE`), "
            f"then put it in {beside} or name it with --sender.",
            common.WRONG_USE,
        )
    revoked = sorted((beside / "revoked").glob("*.pub"))
    return tuple(map(read_public, paths)), tuple(map(read_public, revoked))


def held(key_files: Sequence[Path], senders: Mapping[Path, Senders]) -> list[Holder]:
    """Return the key files that are held; a passphrase that was typed is tried on each before another is asked for."""
    typed: list[str] = []
    return [Holder(path, read_key(path, typed=typed), *senders[path]) for path in key_files]
