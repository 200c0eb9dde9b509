"""A pack comes back whole or is refused whole: each byte of it is the signer's."""

import io
import os
import shutil
import stat
import subprocess
import zipfile
from dataclasses import replace

import pytest
from bad_packs import (
    DAY,
    ENVELOPE,
    MEMBERS,
    OTHER_SENDER,
    SENDER,
    files_of,
    flipped,
    good_zip,
    manifest_of,
    manifest_text,
    members_of,
    rebuilt,
    signer,
    with_files,
    with_manifest,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from keys import sshsig
from pipeline import pack, stored_zip
from pipeline.manifest import Manifest
from pipeline.pack import BadPack, Member, from_bytes, to_bytes
from pipeline.view import Document

SENDERS = {SENDER.public().signing}
SSH_KEYGEN, UNZIP = shutil.which("ssh-keygen"), shutil.which("unzip")
needs_ssh_keygen = pytest.mark.skipif(not SSH_KEYGEN, reason="the program ssh-keygen is missing")
needs_unzip = pytest.mark.skipif(not UNZIP, reason="the program unzip is missing")


def packed(members, **change):
    return to_bytes(manifest_of(members, **change), members, signer())


def test_round_trip():
    """What was put in a pack comes out of it, with what its manifest says and who signed."""
    manifest = manifest_of(MEMBERS)
    opened = from_bytes(to_bytes(manifest, MEMBERS, signer()), SENDERS)
    assert opened.manifest == manifest
    assert opened.papers == {member.document.name: member.document.content for member in MEMBERS}
    assert opened.signed_by == SENDER.signing.public_key()
    assert opened.manifest_bytes == manifest.to_bytes()
    assert sshsig.verify(opened.signature, opened.manifest_bytes, pack.NAMESPACE) == opened.signed_by


@given(
    papers=st.dictionaries(
        st.from_regex(r"[a-z]{4}-[0-9]{1,3}\.pdf", fullmatch=True), st.binary(max_size=9_000)
    )
)
@settings(max_examples=60, deadline=None)
def test_round_trip_of_any_papers(papers):
    """Any papers, none among them, come back to the byte and in their order."""
    members = [Member(Document(name, content, "OFFICIAL", "A paper")) for name, content in papers.items()]
    opened = from_bytes(packed(members), SENDERS)
    assert list(opened.papers.items()) == list(papers.items())


def test_same_input_same_bytes():
    """A pack made twice is the same to the byte: nothing of the hour or the machine is in it."""
    assert packed(MEMBERS) == packed(MEMBERS)


def test_a_pack_shows_nobody_in_its_repr():
    """What is logged of an opened pack names nobody and shows no paper."""
    text = repr(from_bytes(good_zip(), SENDERS))
    assert "Placeholder" not in text
    assert "AAAA" not in text


def test_python_reads_the_zip():
    """Python's zipfile finds every file whole: stored, of 1980, private, no folder and no link."""
    with zipfile.ZipFile(io.BytesIO(good_zip())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "manifest.json", "manifest.json.sig", *(member.document.name for member in MEMBERS), "padding",
        ]  # fmt: skip
        assert archive.read("cover-sheet.pdf") == MEMBERS[0].document.content
        assert not archive.comment
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert info.external_attr >> 16 == stat.S_IFREG | 0o600
            assert (info.compress_type, info.extra, info.comment) == (zipfile.ZIP_STORED, b"", b"")


@needs_unzip
def test_unzip_takes_the_zip(tmp_path):
    """The ordinary `unzip` tests it without a warning and writes the papers as they were."""
    (tmp_path / "pack.zip").write_bytes(good_zip())
    tested = subprocess.run(
        [UNZIP, "-tq", "pack.zip"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (tested.returncode, tested.stderr) == (0, "")
    subprocess.run([UNZIP, "-q", "pack.zip", "-d", "out"], cwd=tmp_path, check=True)
    for member in MEMBERS:
        assert (tmp_path / "out" / member.document.name).read_bytes() == member.document.content


@needs_ssh_keygen
def test_ssh_keygen_verifies_the_manifest(tmp_path):
    """With an allowed-signers file ssh-keygen finds the signature good, and not for another purpose or manifest."""
    opened = from_bytes(good_zip(), SENDERS)
    line = sshsig.allowed_signers_line("coordinator", SENDER.signing.public_key(), (pack.NAMESPACE,))
    (tmp_path / "signers").write_text(line + "\n")
    (tmp_path / "manifest.json.sig").write_text(opened.signature)

    def holds(manifest, namespace=pack.NAMESPACE):
        command = [SSH_KEYGEN, "-Y", "verify", "-f", "signers", "-I", "coordinator", "-n", namespace]
        command += ["-s", "manifest.json.sig"]
        run = subprocess.run(command, cwd=tmp_path, input=manifest, capture_output=True, check=False)
        return run.returncode == 0

    assert holds(opened.manifest_bytes)
    assert not holds(opened.manifest_bytes, "file")
    assert not holds(opened.manifest_bytes.replace(b"2027", b"2097"))


def test_every_byte_is_accounted_for():
    """Whichever byte of a pack is changed, it is refused: no byte is anybody's but the signer's."""
    data = good_zip()
    papers, padding = data.index(b"AAAA"), data.index(b"padding") + 7
    directory = data.index(b"PK\1\2")
    # A paper's bytes are under one digest, and padding is all one: some of them stand for the rest.
    some = (
        *range(papers),
        *range(papers, padding, 5),
        *range(padding, directory, 5_003),
        *range(directory, len(data)),
    )
    for at in some:
        with pytest.raises(BadPack):
            from_bytes(flipped(data, at), SENDERS)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_cut_or_insertion_is_refused(data):
    """Bytes taken out or put in anywhere make it no pack."""
    good = good_zip()
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 40)))
    mangled = good[:start] + data.draw(st.binary(max_size=40)) + good[end:]
    if mangled == good:
        return
    with pytest.raises(BadPack):
        from_bytes(mangled, SENDERS)


@given(junk=st.binary(max_size=400))
@settings(deadline=None)
def test_junk_is_refused(junk):
    """Bytes of no meaning, with or without the look of a zip, are refused and nothing else happens."""
    for data in (junk, b"PK\x03\x04" + junk):
        with pytest.raises(BadPack) as refused:
            from_bytes(data, SENDERS)
        assert refused.value.code == "not-a-pack"


def test_the_tool_that_makes_faults_makes_none_of_its_own():
    """The zips put together by hand for the faults are, without a fault, the pack itself."""
    good = good_zip()
    assert rebuilt(lambda _: None) == good
    assert with_files(lambda _: None) == good
    assert with_manifest(manifest_of(MEMBERS).to_bytes()) == good
    assert manifest_text() == manifest_of(MEMBERS).to_bytes()


def class_of(size):
    data = packed(members_of(100, size))
    content = files_of(data)[-1].content
    assert content == bytes(len(content))
    return len(data), len(content)


@given(size=st.integers(0, 3_000_000))
@settings(max_examples=60, deadline=None)
def test_a_pack_has_one_of_few_sizes(size):
    """A pack is a power of two in size, 256 KiB at least, and no larger than it takes; the padding is zeros."""
    whole, padding = class_of(size)
    assert whole.bit_count() == 1
    assert whole >= 256 << 10
    assert whole == 256 << 10 or whole - padding > whole // 2


@pytest.mark.parametrize("edge", [256 << 10, 512 << 10, 1 << 20])
def test_the_edge_of_a_size_class(edge):
    """A pack that fills its class to the byte needs no padding; with a byte more it is in the next."""
    whole, padding = class_of(edge // 2)
    room = edge // 2 + padding if whole == edge else edge - (whole - padding) + edge // 2
    # A size written with more digits makes the manifest longer; these all have six or seven.
    while class_of(room)[0] > edge:
        room -= 1
    assert class_of(room) == (edge, 0)
    assert class_of(room + 1)[0] == 2 * edge


def test_nearby_sizes_are_one():
    """Packs of one case and of three cannot be told apart by size, nor those with a page withheld."""
    assert len({class_of(size)[0] for size in (30_000, 80_000, 150_000, 240_000)}) == 1
    assert len({class_of(size)[0] for size in range(290_000, 480_000, 10_000)}) == 1


def test_a_manifest_must_list_the_papers():
    """A pack whose manifest does not list its papers is not made."""
    for members in (MEMBERS[1:], [*MEMBERS, MEMBERS[0]], MEMBERS[::-1], []):
        with pytest.raises(ValueError, match="does not list"):
            to_bytes(manifest_of(MEMBERS), members, signer())


def test_what_could_not_be_opened_is_not_made(monkeypatch):
    """A pack that its reader would refuse is not made: too large, or signed by another than it names."""
    with pytest.raises(BadPack) as refused:
        to_bytes(manifest_of(MEMBERS), MEMBERS, signer(OTHER_SENDER))
    assert refused.value.code == "sender-unknown"
    monkeypatch.setattr(pack, "LARGEST_PACK", 200_000)
    with pytest.raises(BadPack) as refused:
        to_bytes(manifest_of(MEMBERS), MEMBERS, signer())
    assert refused.value.code == "too-large"
    monkeypatch.setattr(pack, "LARGEST_PACK", len(good_zip()))
    assert to_bytes(manifest_of(MEMBERS), MEMBERS, signer()) == good_zip()


@pytest.mark.parametrize(
    "name", ["con.pdf", "Nul.docx", "case/aux.pdf", "LPT1/a.pdf", "../a.pdf", "Jane Doe.pdf", "a.exe"]
)
def test_a_paper_with_an_unfit_name_is_not_packed(name):
    """A name that a disk would take amiss never gets into a manifest."""
    with pytest.raises(ValueError, match="MemberPart"):
        _ = Member(Document(name, b"", "OFFICIAL", "A paper")).part


@pytest.mark.parametrize(
    "name", ["console.pdf", "case/auxiliary-notes.pdf", "com10.pdf", "MARAC-2026-0417/x_1.docx"]
)
def test_an_ordinary_name_is_packed(name):
    """A name that only begins like a device is a name like others."""
    assert Member(Document(name, b"", "OFFICIAL", "A paper")).part.name == name


def test_a_manifest_comes_back_as_it_was():
    """JSON and back changes nothing, letters beyond ASCII and line breaks included."""
    manifest = manifest_of(MEMBERS)
    assert Manifest.from_bytes(manifest.to_bytes()) == manifest
    assert "Ćwiczenie".encode() in manifest.to_bytes()


def test_a_manifest_of_an_earlier_edition_is_read():
    """Optional parts that came later may be absent, so that packs already sent still open."""
    older = manifest_text(withheld=..., decisions=..., notices=..., meeting__emergency=...)
    opened = from_bytes(with_manifest(older), SENDERS)
    assert opened.manifest == manifest_of(MEMBERS, withheld=(), decisions=())


def test_a_zip_cannot_hold_what_ascii_cannot_say():
    """The writer of zips has names in ASCII alone: there is one way to read them."""
    with pytest.raises(UnicodeEncodeError):
        stored_zip.write([("é.pdf", b"")])


@given(
    files=st.lists(
        st.tuples(st.text(st.characters(max_codepoint=127), max_size=9), st.binary(max_size=99)), max_size=5
    )
)
@settings(deadline=None)
def test_size_of_a_zip_is_known_beforehand(files):
    """The size is told without making the zip, and what is written is read."""
    data = stored_zip.write(files)
    assert len(data) == stored_zip.size([(name, len(content)) for name, content in files])
    assert stored_zip.read(data, 5) == files


def test_more_senders_than_one():
    """A pack is taken from any of the senders, and from none when nobody is confirmed."""
    assert from_bytes(good_zip(), {OTHER_SENDER.public().signing, *SENDERS}).manifest.made == DAY
    with pytest.raises(BadPack) as refused:
        from_bytes(good_zip(), set())
    assert refused.value.code == "sender-unknown"


def test_a_large_pack():
    """A large pack of random bytes is read back whole."""
    members = [Member(replace(member.document, content=os.urandom(3 << 20)), member.case) for member in MEMBERS]
    opened = from_bytes(packed(members), SENDERS)
    assert opened.manifest.pack == ENVELOPE.pack
    assert list(opened.papers.values()) == [member.document.content for member in members]
