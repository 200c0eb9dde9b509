"""The register exported: anybody can check it by the steps in the README, and whatever was done to it shows."""

import json
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from borough import MEETING, TODAY, Borough, copy, done
from test_readme import sitting

from keys import identity, sshsig
from pipeline.register import Entry, Register, Signer, export
from pipeline.register.entry import hash_of, read_entry

NAME = "register.jsonl"
FILES = {NAME, *(NAME + part for part in export.PARTS)}
KEEPER = "brackenford-council"
NASTY = 'He said "number":5,"head":1,\\ \\n %s $HOME `id`\nand\u2028went\r\n\t第一 \x7f* '
needs_tools = pytest.mark.skipif(
    os.name != "posix" or not all(map(shutil.which, ("bash", "ssh-keygen", "sha256sum"))),
    reason="needs bash, ssh-keygen and sha256sum",
)


def signer_of(borough: Borough, path: Path) -> Signer:
    key = borough.keys_in(path)
    return Signer(partial(sshsig.sign, key.signing), key.public().signing)


def note(borough: Borough, key: Path, text: str) -> None:
    """Write an entry with somebody's key, which may be one that the directory has never had."""
    entry = Entry(kind="note", day=TODAY, by="Jo Exampleby", role="co-ordinator", cases=("M-1",), note=text)
    with Register.open(borough.area.register) as register:
        register.append([entry, entry], signer_of(borough, key), register.entries()[-1].at)


@pytest.fixture(scope="module")
def kept(packed, tmp_path_factory) -> Borough:
    """An area whose register two people have signed, the one who has left in the middle: not to be changed."""
    made = copy(packed, tmp_path_factory.mktemp("kept"))
    done("keys", "new", made.holders / "earlier.key", "--no-passphrase", "--today", TODAY)
    note(made, made.holders / "earlier.key", NASTY)
    made.done("pack", MEETING, "-i", made.co_ordinator, "--again", "housing")
    return made


def exporting(borough: Borough, path: Path, *options: object) -> list[object]:
    return ["register", "export", "-i", borough.co_ordinator, "-o", path, "--today", TODAY, *options]


def leaver(borough: Borough) -> list[object]:
    return ["--signer", borough.holders / "earlier.pub"]


@pytest.fixture(scope="module")
def exported(kept, tmp_path_factory) -> Path:
    """A folder with an export of it: not to be changed."""
    folder = tmp_path_factory.mktemp("exported")
    kept.done(*exporting(kept, folder / NAME, *leaver(kept)))
    return folder


@pytest.fixture
def files(exported, tmp_path) -> Path:
    """The same in a folder of the test's own."""
    return Path(shutil.copytree(exported, tmp_path / "export"))


STEPS = [one.text for one in sitting() if NAME in one.text and one.program != "sealpack"]


def check(folder: Path) -> list[tuple[int, str]]:
    """Run the steps of the README, each as it stands there; return exit status and output of each."""
    ended = []
    for step in STEPS:
        run = subprocess.run(
            ["bash", "-c", step], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120
        )  # fmt: skip
        ended.append((run.returncode, (run.stdout + run.stderr).decode()))
    return ended


def passed(folder: Path) -> list[bool]:
    """Say of each step whether it finds everything right."""
    return [status == 0 for status, _ in check(folder)]


@needs_tools
def test_the_steps_of_the_readme_find_a_sound_export_sound(kept, exported, files):
    """Signature, chain and the signatures of both co-ordinators hold, whatever characters a note has."""
    assert len(STEPS) == 3
    (_, whole), (_, end), (_, writings) = ended = check(files)
    assert [status for status, _ in ended] == [0, 0, 0]
    mine, earlier = (
        sshsig.digest(kept.keys_in(key).signing.public_key())
        for key in (kept.co_ordinator, kept.holders / "earlier.key")
    )
    assert f"key {mine}" in whole
    with Register.open(kept.area.register, create=False) as register:
        last = register.entries()[-1]
    assert end == f"{last.number} {last.hash}\n"
    assert re.findall(r"^Up to entry (\d+): Good .*key (\S+)$", writings, re.MULTILINE) == [
        ("1", mine), ("10", mine), ("12", earlier), ("13", mine), ("14", mine),
    ]  # fmt: skip
    signers = (exported / f"{NAME}.signers").read_text("utf-8")
    assert f"# {mine} Perpetua Inkstand\n" in signers
    assert f"# {earlier} named with --signer earlier.pub\n" in signers


def test_each_line_is_an_entry_to_the_byte_as_it_is_hashed(kept, exported):
    """What is exported can be read again, and gives the same hashes as the register."""
    with Register.open(kept.area.register, create=False) as register:
        entries = register.entries()
    lines = (exported / NAME).read_bytes().split(b"\n")
    assert lines.pop() == b""
    assert [read_entry(line) for line in lines] == list(entries)
    assert [hash_of(line) for line in lines] == [one.hash for one in entries]
    assert entries[10].note == NASTY


@needs_tools
def test_a_pack_s_witness_is_a_line_of_the_chain(kept, files):
    """Number and hash under `witness` in a manifest stand together where the README says, also those of a first pack."""
    check(files)
    chain = (files / "chain").read_text().splitlines()
    for agency, number in (("housing", 13), ("police", 1)):
        witness = json.loads(kept.opened(agency).manifest_bytes)["witness"]
        assert witness["number"] == number
        assert f"{number} {witness['hash']}" in chain


def lines_of(folder: Path) -> list[bytes]:
    return (folder / NAME).read_bytes().splitlines(keepends=True)


def a_byte_changed(folder: Path) -> None:
    text = (folder / NAME).read_bytes()
    (folder / NAME).write_bytes(text.replace(b"Perpetua", b"Perpetuo", 1))


def a_line_removed(folder: Path) -> None:
    lines = lines_of(folder)
    (folder / NAME).write_bytes(b"".join(lines[:4] + lines[5:]))


def the_first_line_removed(folder: Path) -> None:
    (folder / NAME).write_bytes(b"".join(lines_of(folder)[1:]))


def two_swapped(folder: Path) -> None:
    lines = lines_of(folder)
    lines[2], lines[3] = lines[3], lines[2]
    (folder / NAME).write_bytes(b"".join(lines))


def one_doubled(folder: Path) -> None:
    lines = lines_of(folder)
    (folder / NAME).write_bytes(b"".join(lines[:3] + lines[2:]))


def the_last_byte_cut(folder: Path) -> None:
    (folder / NAME).write_bytes((folder / NAME).read_bytes()[:-1])


def added(folder: Path, end: bytes = b"\n") -> None:
    """Add an entry that follows rightly from the last one."""
    last = lines_of(folder)[-1].rstrip(b"\n")
    number = len(lines_of(folder))
    facts = json.loads(last) | {"number": number + 1, "head": number + 1, "previous": hash_of(last)}
    line = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    (folder / NAME).write_bytes((folder / NAME).read_bytes() + line + end)


def a_line_added(folder: Path) -> None:
    added(folder)


def a_line_added_without_its_end(folder: Path) -> None:
    added(folder, b"")


def the_end_cut_off(folder: Path) -> None:
    (folder / NAME).write_bytes(b"".join(lines_of(folder)[:-1]))


def hashed_anew(folder: Path) -> None:
    """Change an entry, and all hashes after it so that they fit."""
    lines, previous = [], None
    for line in lines_of(folder):
        facts = json.loads(line)
        facts["previous"] = previous or facts["previous"]
        if facts["number"] == 2:
            facts["by"] = "Nobody"
        new = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        previous = hash_of(new)
        lines.append(new + b"\n")
    (folder / NAME).write_bytes(b"".join(lines))


def sign(borough: Borough, key: Path, folder: Path) -> None:
    """Sign the file as it stands, as an export does."""
    signature = sshsig.sign(borough.keys_in(key).signing, (folder / NAME).read_bytes(), export.NAMESPACE)
    (folder / f"{NAME}.sig").write_text(signature)


TAMPERINGS = [
    a_byte_changed, a_line_removed, the_first_line_removed, two_swapped, one_doubled, the_last_byte_cut, a_line_added,
    a_line_added_without_its_end, the_end_cut_off, hashed_anew,
]  # fmt: skip


def in_words(tampering: Callable[[Path], None]) -> str:
    return tampering.__name__.replace("_", " ")


@needs_tools
@pytest.mark.parametrize("tampering", TAMPERINGS, ids=in_words)
def test_whatever_is_done_to_the_file_breaks_its_signature(files, tampering):
    """The first step finds it, whoever did it without the co-ordinator's key."""
    tampering(files)
    assert not passed(files)[0]


@needs_tools
@pytest.mark.parametrize(
    ("tampering", "step"),
    [
        *(pytest.param(one, 1, id=in_words(one)) for one in TAMPERINGS[:5]),
        *(pytest.param(one, 2, id=in_words(one)) for one in (a_line_added, hashed_anew)),
    ],
)
def test_what_the_co_ordinator_does_and_signs_breaks_the_chain_or_a_signature(kept, files, tampering, step):
    """Who holds the key can sign the whole again, but the second or third step finds it."""
    tampering(files)
    sign(kept, kept.co_ordinator, files)
    ended = passed(files)
    assert ended[0]
    assert not ended[step]


@needs_tools
def test_an_end_that_the_co_ordinator_cuts_off_is_found_by_a_pack(kept, files):
    """At the end of a writing every signature fits, but what a pack bears witness to is no line of the chain."""
    the_end_cut_off(files)
    the_end_cut_off(files)
    sign(kept, kept.co_ordinator, files)
    assert passed(files) == [True, True, True]
    witness = kept.opened("housing").manifest.witness
    assert f"{witness.number} {witness.hash}" not in (files / "chain").read_text().splitlines()


@needs_tools
def test_a_signature_of_another_key_is_found(kept, files):
    """Neither somebody's who signed in the register once, nor a stranger's, stands for the whole."""
    for key in (kept.holders / "earlier.key", kept.key("housing")):
        sign(kept, key, files)
        assert passed(files) == [False, True, True]


@needs_tools
@pytest.mark.parametrize("what", ["removed", "of another writing", "changed"])
def test_a_writing_whose_signature_was_tampered_with_is_found(files, what):
    """The third step names the entry up to which it would hold."""
    path = files / f"{NAME}.heads"
    lines = path.read_text().splitlines()
    number, digest, signature = lines[2].split()
    other = lines[1].split()[2] if what == "of another writing" else signature[:-12] + "A" * 12
    lines[2:3] = [] if what == "removed" else [f"{number} {digest} {other}"]
    path.write_text("\n".join([*lines, ""]))
    ended = check(files)
    assert [status == 0 for status, _ in ended] == [True, True, False]
    assert ended[2][1].splitlines()[2].startswith("Up to entry 12: ")
    assert "Up to entry 13" not in ended[2][1]


@pytest.mark.skipif(os.name != "posix", reason="Windows knows no such permissions")
def test_an_export_is_for_its_owner_alone(exported):
    """It is in the clear, so nobody else on the machine can read any of the four files."""
    assert {path.name for path in exported.iterdir()} == FILES
    assert {stat.S_IMODE(path.stat().st_mode) for path in exported.iterdir()} == {0o600}


def test_the_command_says_what_it_wrote_and_what_to_read_out(kept, tmp_path):
    """Number of entries, last hash, the four files and the key's SHA256 are printed, and nothing from an entry."""
    result = kept.run(*exporting(kept, tmp_path / NAME, *leaver(kept)))
    assert result.exit_code == 0
    with Register.open(kept.area.register, create=False) as register:
        last = register.entries()[-1]
    assert "Exported: 14 entries" in result.stdout
    assert last.hash in result.stdout
    assert all(f"  {name} " in result.stdout for name in FILES)
    assert sshsig.digest(kept.keys_in(kept.co_ordinator).signing.public_key()) in result.stdout
    assert "Exampleby" not in result.output


@pytest.mark.parametrize("part", export.PARTS)
def test_nothing_is_ever_written_over(kept, tmp_path, part):
    """If one of the four files is there, it is named and left, and the others are not made."""
    (tmp_path / f"{NAME}{part}").write_text("mine")
    result = kept.run(*exporting(kept, tmp_path / NAME, *leaver(kept)))
    assert result.exit_code == 1
    assert f"{NAME}{part} is already there" in result.stderr
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(f"{NAME}{part}", "mine")]


def test_where_one_cannot_be_written_none_is_there(kept, tmp_path, monkeypatch):
    """A disk that fills up half way leaves nothing behind, and is told."""
    write = export.write_whole

    def full(path: Path, *args: object, **options: object) -> None:
        if path.name == NAME:
            raise OSError(28, "No space left on device", str(path))
        write(path, *args, **options)

    monkeypatch.setattr(export, "write_whole", full)
    result = kept.run(*exporting(kept, tmp_path / NAME, *leaver(kept)))
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(kept, tmp_path):
    """No folder is made by the way."""
    result = kept.run(*exporting(kept, tmp_path / "nowhere" / NAME))
    assert result.exit_code == 1
    assert "There is no folder" in result.stderr


def test_a_signer_who_is_not_known_stops_it_and_can_be_named(kept, tmp_path):
    """What somebody signed who is not in the directory does not hold until --signer names the key."""
    result = kept.run(*exporting(kept, tmp_path / NAME))
    assert result.exit_code == 1
    assert "unknown-key" in result.stderr
    assert "--signer" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_register_that_does_not_hold_is_not_exported(packed_borough, tmp_path):
    """What is wrong with it is listed, and its own files are named as the evidence."""
    packed_borough.folder.joinpath("register.head").unlink()
    (tmp_path / "out").mkdir()
    result = packed_borough.run(*exporting(packed_borough, tmp_path / "out" / NAME))
    assert result.exit_code == 1
    assert "head-missing" in result.stderr
    assert "evidence now are register.sqlite and register.head" in result.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_a_register_without_entries_has_nothing_to_export(borough, tmp_path):
    """Neither one that there is not yet, nor an empty one."""
    for path in (*borough.folder.glob("register.*"), borough.area.key_directory):
        path.unlink()
    (tmp_path / "out").mkdir()
    assert "There is no register" in borough.run(*exporting(borough, tmp_path / "out" / NAME)).stderr
    Register.open(borough.area.register).close()
    result = borough.run(*exporting(borough, tmp_path / "out" / NAME))
    assert result.exit_code == 1
    assert "no entry yet" in result.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_only_the_sender_signs_an_export(packed, tmp_path):
    """A SPOC's key is refused as with every command that signs for the sender."""
    command = exporting(packed, tmp_path / NAME)
    command[3] = packed.key("housing")
    result = packed.run(*command)
    assert result.exit_code == 1
    assert f"not in the directory as a confirmed key of {KEEPER}" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_passphrase_is_asked_for_once(packed, tmp_path):
    """And only when nothing else stands in the way."""
    key = tmp_path / "sealed.key"
    identity.write(key, packed.keys_in(packed.co_ordinator), "mustard kettle lantern gravel", work_factor=2)
    command = exporting(packed, tmp_path / NAME)
    command[3] = key
    result = packed.run(*command, answers="mustard kettle lantern gravel\n")
    assert result.exit_code == 0
    assert result.stderr.count("Passphrase") == 1
    assert "Passphrase" not in packed.run(*command).stderr


def test_what_does_not_hold_or_is_empty_is_a_programmer_s_mistake_to_export(kept):
    """The function takes what the command has looked at, and nothing else."""
    with Register.open(kept.area.register, create=False) as register:
        examined = register.examined([])
    assert examined.findings
    with pytest.raises(ValueError, match="that holds"):
        export.export(examined, signer_of(kept, kept.co_ordinator), KEEPER, {})
