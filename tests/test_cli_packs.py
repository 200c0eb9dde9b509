"""Commands for whoever gets a pack: what is shown, what is written, and every way in which a pack is refused."""

import json
import stat

import pytest
from borough import MEETING, Borough, done, run

from keys import identity
from pipeline.manifest import Manifest
from pipeline.pack import MANIFEST


@pytest.fixture
def take(packed, tmp_path):
    """Open a pack as a SPOC does, into a folder of the test's own."""

    def take(agency="housing", *options, pack=None, key=None, sender=None, answers="", into=None, accept=True):
        return run(
            "open", pack or packed.sealed(agency), "-i", key or packed.hold(tmp_path / "held", agency),
            "-o", into or tmp_path / "papers", "--sender", sender or packed.public_key,
            *(["--accept"] if accept else []), *options, answers=answers,
        )  # fmt: skip

    return take


def nothing_in(folder):
    return not folder.exists() or list(folder.rglob("*")) == []


def test_inner_envelope_is_shown_first_then_the_papers_are_written(take, packed):
    """Marking, named contact, sender, purpose, what to do, keep-until and what was held back come before the papers."""
    result = take()
    assert result.exit_code == 0, result.output
    printed = " ".join(result.stdout.split())
    manifest = packed.opened("housing").manifest
    parts = [
        manifest.marking, manifest.pack, "Linden Hatstand", manifest.sender.name, manifest.sender.telephone,
        "Signature holds", manifest.meeting.place, *manifest.basis, "File these papers securely", "8 December 2027, then destroy",
        manifest.purpose[0], manifest.expected[-1], "Held back from your agency", "(SHARE-11)", "papers written to", "To destroy them: sealpack destroy",
    ]  # fmt: skip
    places = [printed.index(" ".join(part.split())) for part in parts]
    assert places == sorted(places)
    assert result.stdout.count(manifest.marking) >= 2


def test_papers_are_for_their_reader_alone(take, packed, tmp_path):
    """Every folder has mode 0700 and every file 0600; what is written is what was signed, and nothing besides."""
    take()
    (folder,) = (tmp_path / "papers").glob("P-????-????")
    opened = packed.opened("housing")
    assert folder.name == opened.manifest.pack
    for path in (tmp_path / "papers", *(tmp_path / "papers").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name
    papers = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {name: papers[name] for name in opened.papers} == opened.papers
    assert set(papers) - set(opened.papers) == {MANIFEST, "manifest.json.sig"}
    assert Manifest.from_bytes(papers[MANIFEST]) == opened.manifest


def test_pack_is_opened_once(take, tmp_path):
    """A pack that was opened before is refused, and what lies there is left as it is."""
    take()
    (folder,) = (tmp_path / "papers").glob("P-????-????")
    (folder / "agenda.pdf").write_bytes(b"with my notes")
    result = take()
    assert result.exit_code == 1
    assert "opened before" in result.stderr
    assert (folder / "agenda.pdf").read_bytes() == b"with my notes"


def test_pack_opened_before_is_told_before_the_passphrase_is_asked_for(take, packed, tmp_path):
    """Nobody types a passphrase, or reads what is in a pack, to be told that it lies there already."""
    key = tmp_path / "sealed.key"
    identity.write(key, packed.keys_in(packed.key("housing")), "correct horse battery", work_factor=4)
    take()
    for mine in (key, packed.key("housing")):
        result = take(key=mine)
        assert result.exit_code == 1
        assert "opened before" in result.stderr
        assert "Passphrase" not in result.output
        assert result.stdout == ""


def test_decisions_that_set_a_rule_aside_are_told(borough, tmp_path):
    """Who opens a pack reads which rule was set aside for which case, by whom, when and why."""
    path = borough.folder / "meetings" / f"{MEETING}.toml"
    path.write_text(
        path.read_text("utf-8") + '[[decision]]\nrule = "CONSENT-2"\ncase = "MARAC-2026-3398"\nby = "Aubrey Gatepost"\n'
        'role = "chair"\non = 2026-12-01\nground = "adult_harm"\nreason = "The door was forced twice this week."\n',
        "utf-8",
    )  # fmt: skip
    borough.pack()
    printed = done(
        "open", borough.sealed("housing"), "-i", borough.key("housing"), "-o", tmp_path / "papers",
        "--sender", borough.public_key, "--accept",
    )  # fmt: skip
    told = " ".join(printed.partition("Rules that a named person has set aside")[2].split())
    assert told.startswith("- MARAC-2026-3398: CONSENT-2, ")
    assert "Set aside by Aubrey Gatepost, chair, 1 December 2026: The door was forced twice this week." in told


def test_run_that_was_ended_halfway_leaves_nothing_for_the_next(take, packed, tmp_path):
    """What a run that was killed had begun to write is taken away when the pack is opened."""
    half = tmp_path / "papers" / f".opening-{packed.opened('housing').manifest.pack}"
    half.parent.mkdir(mode=0o700)
    half.mkdir()
    (half / "cover-sheet.pdf").write_bytes(b"half")
    assert take().exit_code == 0
    assert [one.name[0] for one in (tmp_path / "papers").iterdir()] == ["P", "P"]


def test_folder_that_cannot_be_written_is_told(take, tmp_path):
    """Where a file stands in the place of the folder, that is told in words."""
    (tmp_path / "file").write_text("x")
    result = take(into=tmp_path / "file" / "papers")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def damaged(packed, tmp_path, at, by=1):
    data = bytearray(packed.sealed("housing").read_bytes())
    data[at] ^= by
    path = tmp_path / "damaged.age"
    path.write_bytes(bytes(data))
    return path


def cut(packed, tmp_path):
    path = tmp_path / "cut.age"
    path.write_bytes(packed.sealed("housing").read_bytes()[:-100])
    return path


def other_envelope(packed, tmp_path):
    """The envelope's stanza has no secret in it, but the header's MAC covers it."""
    path = tmp_path / "renamed.age"
    path.write_bytes(packed.sealed("housing").read_bytes().replace(b" housing ", b" hospita ", 1))
    return path


def no_pack(_, tmp_path):
    path = tmp_path / "letter.age"
    path.write_bytes(b"Dear all,\n")
    return path


def empty(_, tmp_path):
    path = tmp_path / "empty.age"
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda packed, _: packed.sealed("hospital"), "not for you"),
        (lambda packed, tmp: damaged(packed, tmp, -1), "damaged"),
        (lambda packed, tmp: damaged(packed, tmp, 60_000), "damaged"),
        (cut, "damaged"),
        (other_envelope, "damaged"),
        (no_pack, "no sealed pack"),
        (empty, "no sealed pack"),
    ],
    ids=[
        "for another agency",
        "last byte",
        "in the middle",
        "cut off",
        "another name outside",
        "a letter",
        "empty",
    ],
)
def test_pack_that_is_refused_leaves_nothing(take, packed, tmp_path, make, told):
    """A pack that is not for this key, or not as it was sealed, is refused in words that say which; nothing is written."""
    result = take(pack=make(packed, tmp_path))
    assert result.exit_code == 1
    assert told in result.stderr
    assert "What to do:" in result.stderr
    assert nothing_in(tmp_path / "papers")


def test_sender_who_is_not_known_is_refused(take, packed, tmp_path):
    """A pack from somebody whose key was not confirmed is refused, and the SPOC is told to ring."""
    result = take(sender=packed.key("police").with_suffix(".pub"))
    assert result.exit_code == 1
    assert "have not confirmed" in result.stderr
    assert "Ring the co-ordinator" in result.stderr
    assert nothing_in(tmp_path / "papers")


def test_without_any_sender_nothing_is_taken(packed, tmp_path):
    """A SPOC who has said of nobody that his packs are taken is told how to begin, with status 2."""
    result = run("open", packed.sealed("housing"), "-i", packed.key("housing"), "-o", tmp_path / "papers")
    assert result.exit_code == 2
    assert "senders" in result.stderr
    assert nothing_in(tmp_path / "papers")


def test_senders_beside_the_key_file_are_taken(packed, tmp_path):
    """Public keys in the folder `senders` beside the key file need not be named."""
    key = tmp_path / "my.key"
    key.write_bytes(packed.key("housing").read_bytes())
    key.chmod(0o600)
    (tmp_path / "senders").mkdir()
    (tmp_path / "senders" / "co-ordinator.pub").write_bytes(packed.public_key.read_bytes())
    assert "Warning" not in done_output(
        run("open", packed.sealed("housing"), "-i", key, "-o", tmp_path / "papers", "--accept")
    )


def done_output(result):
    assert result.exit_code == 0, result.output
    return result.output


def test_pack_for_somebody_else_of_the_same_key_is_refused(packed_borough, tmp_path):
    """A pack sealed again for a key that its manifest does not name is for someone else."""
    from pipeline.pack import from_bytes
    from pipeline.seal import Envelope, seal

    sender = packed_borough.keys_in(packed_borough.co_ordinator)
    other = packed_borough.keys_in(packed_borough.key("hospital"))
    inside = unsealed(packed_borough, "housing")
    manifest = from_bytes(inside, {sender.public().signing}).manifest
    envelope = Envelope(manifest.pack, manifest.agency, manifest.sender.agency)
    path = tmp_path / "again.age"
    path.write_bytes(seal(inside, envelope, [other.public().sealing_key()]))
    result = run(
        "open", path, "-i", packed_borough.key("hospital"), "-o", tmp_path / "papers",
        "--sender", packed_borough.public_key,
    )  # fmt: skip
    assert result.exit_code == 1
    assert "addressed to another named contact" in result.stderr
    assert nothing_in(tmp_path / "papers")


def unsealed(borough: Borough, agency: str) -> bytes:
    import io

    from keys import age

    out = io.BytesIO()
    age.decrypt(
        io.BytesIO(borough.sealed(agency).read_bytes()), out, borough.keys_in(borough.key(agency)).identities
    )
    return out.getvalue()


def test_passphrase_opens_and_a_wrong_one_does_not(take, packed, tmp_path):
    """A key file with a passphrase opens packs with the right one; a wrong one is told, and not shown."""
    key = tmp_path / "sealed.key"
    identity.write(key, packed.keys_in(packed.key("housing")), "correct horse battery", work_factor=4)
    result = take(key=key, answers="wrong horse battery\n")
    assert result.exit_code == 1
    assert "passphrase does not open" in result.stderr
    assert "horse" not in result.output
    assert nothing_in(tmp_path / "papers")
    assert take(key=key, answers="correct horse battery\n").exit_code == 0


def test_what_is_no_pack_is_told_before_the_passphrase_is_asked_for(take, packed, tmp_path):
    """Nobody types a passphrase for a file that cannot be a pack."""
    key = tmp_path / "sealed.key"
    identity.write(key, packed.keys_in(packed.key("housing")), "correct horse battery", work_factor=4)
    result = take(pack=no_pack(packed, tmp_path), key=key)
    assert result.exit_code == 1
    assert "Passphrase" not in result.output


def test_exposed_key_file_is_warned_of(take, packed, tmp_path):
    """A key file that others on the machine can read opens the pack, with a warning and what to run."""
    key = tmp_path / "open.key"
    key.write_bytes(packed.key("housing").read_bytes())
    key.chmod(0o644)
    result = take(key=key)
    assert result.exit_code == 0
    assert f"chmod 600 {key}" in result.stderr


@pytest.mark.parametrize("what", ["pack", "key"])
def test_file_that_is_not_there_is_wrong_use(take, tmp_path, what):
    """A pack or key file that is not there gives status 2 and its name."""
    result = take(**{what: tmp_path / "gone.age"})
    assert result.exit_code == 2
    assert "gone.age" in result.stderr


def test_file_that_is_no_key_file_is_told(take, packed):
    """A pack in the place of the key file is told as what it is."""
    result = take(key=packed.sealed("police"))
    assert result.exit_code == 1
    assert "not a key file" in result.stderr


def test_inspect_shows_the_outer_envelope_and_no_more(packed):
    """Without a key a pack shows its number, for whom, from whom, for how many keys, its size: no name, panel or marking."""
    for sealed in packed.outbox:
        printed = done("inspect", sealed)
        pack, agency, sender = sealed.stem.split("_")
        told = json.loads(done("inspect", sealed, "--json"))
        assert (told["pack"], told["for"], told["from"]) == (pack, agency, sender)
        assert "Nothing vouches for this" in printed
        for word in ("OFFICIAL", "marac", *(spoc.name.split()[1] for spoc in packed.area.agency(agency).spocs)):
            assert word.casefold() not in printed.casefold()


def test_inspect_tells_a_file_of_another_program(packed, tmp_path):
    """A letter is told as no pack, with status 1."""
    result = run("inspect", no_pack(packed, tmp_path))
    assert result.exit_code == 1
    assert "no sealed pack" in result.stderr
