"""Everything that can be wrong with a pack, as it comes to a named contact: each refused whole, in the right words, by the command itself.

`bad_packs` has what is wrong in the bytes, one fault each; HISTORY what is wrong with a pack that is right in itself: an old one
sent again, one under another's name, one whose place was taken. All of them lie in one folder with two sound packs, so that no
fault hides another and none spoils what is good.
"""

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from bad_packs import ENVELOPE, FORMER_SENDER, MEMBERS, SEALED, SENDER, SPOC, ZIPS, manifest_of, sealed, signer
from borough import ROOT

from keys import identity
from keys.identity import public_text
from pipeline import pack
from pipeline.own_register import Line, OwnRegister

WORDS = {
    "not-a-pack": "not a pack of papers, or it is damaged",
    "unsigned": "no signed manifest",
    "sender-unknown": "whose key you have not confirmed",
    "sender-revoked": "a key of the sender's that was revoked",
    "signature": "signature of the pack does not hold|not signed by the sender that it names",
    "manifest": "manifest cannot be read|manifest is larger",
    "unlisted": "that its manifest does not list",
    "missing": "that it should hold",
    "double": "a file twice, or its files are not in their order",
    "digest": "is not the paper that was signed",
    "padding": "something that is none of its papers",
    "too-large": "larger than any pack should be",
    "other-envelope": "made for another agency",
    "for-someone-else": "addressed to another named contact",
    "HeaderError": "no sealed pack, or it is damaged|This pack is damaged",
    "NoMatchError": "not for you: it is sealed for another key",
    "HmacError": "This pack is damaged: The header of this file was altered",
    "PayloadError": "This pack is damaged",
}
"""Code of a refusal → the words that a named contact reads."""
TODAY = "2026-12-02"
PROGRAM = """
import json, os, resource, sys
WROTE = []
def watch(event, args):
    if event == "open" and isinstance(args[0], (str, bytes, os.PathLike)) and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        WROTE.append(os.fsdecode(args[0]))
    if event in {"os.mkdir", "os.rename", "os.link", "os.symlink", "os.remove", "shutil.rmtree"}:
        WROTE.extend(os.fsdecode(one) for one in args if isinstance(one, (str, bytes)))
sys.addaudithook(watch)
from pipeline.cli import main
try:
    main()
finally:
    print("TOLD", json.dumps([WROTE, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""


def sound(number, **change):
    envelope = replace(ENVELOPE, pack=f"P-2222-{number}")
    manifest = manifest_of(MEMBERS, pack=envelope.pack, **change)
    return envelope, sealed(pack.to_bytes(manifest, MEMBERS, signer()), envelope)


def history(register):
    """Give the packs that are wrong by what was before: file name → (the words that it must give, the bytes)."""
    made = {}
    envelope, data = sound("AAAA")
    register.opened(
        Line(
            manifest_of(MEMBERS).made,
            envelope.pack,
            envelope.agency,
            envelope.sender,
            hashlib.sha256(data).hexdigest(),
        )
    )
    made["sent-again.age"] = ("was opened before, on 1 December 2026", data)
    made["same-number.age"] = ("Another file with the number P-2222-AAAA", sound("AAAA", marking="OFFICIAL")[1])
    register.opened(
        Line(
            manifest_of(MEMBERS).made, "P-2222-CCCC", envelope.agency, envelope.sender, "ab" * 32, "P-2222-BBBB"
        )
    )
    made["old-one-after-the-new.age"] = ("This pack is void: P-2222-CCCC", sound("BBBB")[1])
    late = manifest_of(MEMBERS).made
    made["past-its-day.age"] = ("was to be destroyed by 1 December 2026", sound("DDDD", keep_until=late)[1])
    made["P-9999-9999_housing_brackenford-council.age"] = ("has the name of another pack", sound("EEEE")[1])
    made["P-2222-FFFF_probation_brackenford-council.age"] = ("has the name of another pack", sound("FFFF")[1])
    return made


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Everything opened by one command in a process of its own: what it printed, wrote and took."""
    desk = tmp_path_factory.mktemp("desk")
    for folder in ("in", "senders/revoked"):
        (desk / folder).mkdir(parents=True)
    identity.write(desk / "my.key", SPOC, None)
    (desk / "senders" / "co-ordinator.pub").write_text(public_text(SENDER.public()))
    (desk / "senders" / "revoked" / "former.pub").write_text(public_text(FORMER_SENDER.public()))
    expected = {}
    for number, (code, make) in enumerate(
        (*((code, lambda make=make: sealed(make())) for code, make in ZIPS.values()), *SEALED.values())
    ):
        (desk / "in" / f"{number:03}.age").write_bytes(make())
        expected[f"{number:03}.age"] = WORDS[code]
    for name, (words, data) in history(OwnRegister.beside(desk / "my.key")).items():
        (desk / "in" / name).write_bytes(data)
        expected[name] = words
    with (desk / "in" / "sparse.age").open("wb") as file:
        file.write(sound("GGGG")[1])
        file.truncate(10 << 30)  # ten gigabytes of zeros behind a sound pack, which take no room on the disk
    expected["sparse.age"] = WORDS["too-large"]
    for number in ("HHHH", "JJJJ"):
        envelope, data = sound(number)
        (desk / "in" / envelope.file_name).write_bytes(data)
    everything = sorted(
        (desk / "in").iterdir()
    )  # named one by one: in a folder, what is no sealed file is passed over
    before = {path: path.stat().st_mtime_ns for path in desk.rglob("*") if path.name != "my-register.txt"}
    # By way of a shell: a process begins with the peak of the one it was forked from, which is this large one.
    told = subprocess.run(
        ["sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{PROGRAM}",
         "open", *everything, "-i", desk / "my.key", "-o", desk / "papers", "--accept", "--today", TODAY],
        cwd=desk, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    wrote, kibibytes = json.loads(told.stdout.rpartition("TOLD ")[2])
    return (
        desk,
        expected,
        told,
        before,
        [one for one in wrote if ".pyc" not in one and one != "/dev/null"],
        kibibytes,
    )


def test_there_are_more_than_a_hundred_and_one(opened):
    """Each vector has one fault."""
    _, expected, *_ = opened
    assert len(expected) > 201


def test_each_is_refused_in_the_right_words(opened):
    """Every one is named with why and what to do, once; the sound ones among them are opened."""
    desk, expected, told, *_ = opened
    assert told.returncode == 1
    refused = dict(
        re.findall(rf"(?m)^Error: {re.escape(str(desk / 'in'))}/(\S+): (.*)\n  What to do: .+$", told.stderr)
    )
    assert refused.keys() == expected.keys()
    wrong = {name: refused[name] for name, words in expected.items() if not re.search(words, refused[name])}
    assert wrong == {}
    assert f"2 packs opened, {len(expected)} refused." in told.stdout


def test_nothing_is_written_but_the_sound_packs(opened):
    """Outside the output folder nothing but one's own register, not for a moment; inside it the two sound packs alone."""
    desk, _, _, before, wrote, _ = opened
    own = str(desk / "my-register.txt")
    assert {one for one in wrote if not one.startswith((f"{desk / 'papers'}", own))} == set()
    assert {path.name[:11] for path in (desk / "papers").iterdir()} == {"P-2222-HHHH", "P-2222-JJJJ"}
    assert {path: path.stat().st_mtime_ns for path in before} == before
    there = {path.relative_to(desk).parts[0] for path in desk.rglob("*")}
    assert there == {"in", "senders", "my.key", "my-register.txt", "papers"}
    assert len((desk / "my-register.txt").read_text().splitlines()) == 1 + 2 + 2


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured where Linux tells it")
def test_it_takes_little_memory(opened):
    """All of them in one process stay under 200 MB, interpreter and libraries included."""
    *_, kibibytes = opened
    assert kibibytes < 200_000


def test_no_message_repeats_what_an_attacker_wrote(opened):
    """Names, paths and control characters of an attacker are in no output."""
    _, _, told, *_ = opened
    printed = told.stdout.rpartition("TOLD ")[0] + told.stderr
    assert "Quillfeather" not in printed
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", printed)
    assert "Traceback" not in printed
