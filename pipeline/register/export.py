"""The register as text that anybody can check with a shell, `ssh-keygen` and `sha256sum`, without this program.

Four files, whose names begin alike:

    FILE          the entries, one a line: the facts of each to the byte as they are hashed (see `entry`)
    FILE.sig      the signature of whoever exported, over the whole of FILE, in namespace `sealpack-register-export`
    FILE.heads    a line for each writing: the number of its last entry, its hash, and the signature over both (see `proof`),
                  without the lines around it and in one, so that earlier co-ordinators' signatures can be checked as well
    FILE.signers  whose signatures these are, as `ssh-keygen -Y verify -f` takes it; with the SHA-256 of each key to compare

The README has the steps, and a test runs them from there. FILE is written last: where it is, the others are.

Only a register that holds is exported. Of one that does not, the evidence is `register.sqlite` and `register.head` as they
are: a text made of them leaves out what tells how they were altered, and a fresh signature over it would seem to vouch for it.
"""

from collections.abc import Mapping
from pathlib import Path

from keys import sshsig
from keys.files import write_whole
from pipeline.register.proof import NAMESPACE as WRITING
from pipeline.register.proof import Examined, Head, Signer

NAMESPACE = "sealpack-register-export"
PARTS = (".sig", ".heads", ".signers", "")
"""What is added to the name of the file for each of the four, in the order in which they are written."""

_NOTE = """\
# Whose signatures the register of {principal} has. That a key stands here proves nothing: compare its SHA256 with what
# its holder reads out to you, by telephone or face to face.
"""


def export(examined: Examined, signer: Signer, principal: str, names: Mapping[str, str]) -> dict[str, bytes]:
    """Return the four files, each by what is added to the name.

    Args:
        examined: a register that holds.
        signer: whoever exports.
        principal: the name that stands for all signers, to give with `ssh-keygen -I`: the agency that keeps the register.
        names: public key (`ssh-ed25519 AAAA…`) → whose it is, as far as known.

    Raises:
        ValueError: the register does not hold, or has no entry.
    """
    if examined.findings or not examined.rows:
        raise ValueError("only a register that holds, with entries, is exported")
    entries = b"".join(row.facts + b"\n" for row in examined.rows)
    heads = sorted(examined.heads, key=lambda head: head.number)
    return {
        "": entries,
        ".sig": signer.sign(entries, NAMESPACE).encode(),
        ".heads": "".join(map(_line, heads)).encode(),
        ".signers": _signers(heads, signer, principal, names).encode(),
    }


def write(path: Path, files: Mapping[str, bytes]) -> None:
    """Write all four files, only for their owner to read, or none.

    Args:
        path: of FILE; its folder must be there.
        files: what `export` gave.

    Raises:
        FileExistsError: one of them is there; nothing is ever replaced.
        OSError: the system refuses.
    """
    written: list[Path] = []
    try:
        for part in PARTS:
            one = path.with_name(path.name + part)
            write_whole(one, files[part], mode=0o600, replace=False)
            written.append(one)
    except BaseException:
        for one in written:
            one.unlink(missing_ok=True)
        raise


def _line(head: Head) -> str:
    signature = "".join(line.strip() for line in head.signature.strip().splitlines()[1:-1])
    return f"{head.number} {head.hash} {signature}\n"


def _signers(heads: list[Head], signer: Signer, principal: str, names: Mapping[str, str]) -> str:
    """Write whose signatures count, and for what: only whoever exported can have signed the whole."""
    exporter, known = _bare(signer.public_line), {_bare(key): name for key, name in names.items()}
    text = _NOTE.format(principal=principal)
    for line in dict.fromkeys([exporter, *(head.key() for head in heads)]):
        key = sshsig.parse_public_line(line)
        spaces = (WRITING, NAMESPACE) if line == exporter else (WRITING,)
        text += f"# {' '.join([sshsig.digest(key), *known.get(line, '').split()])}\n{sshsig.allowed_signers_line(principal, key, spaces)}\n"
    return text


def _bare(line: str) -> str:
    """Return a public key without its comment."""
    return sshsig.public_line(sshsig.parse_public_line(line))
