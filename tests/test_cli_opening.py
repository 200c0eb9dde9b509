"""Opening as a named contact: several packs at once, the terms, the right key, one's own register, and old packs sent again."""

import re
import shutil
import stat
from dataclasses import replace

import bad_packs
import pytest
from bad_packs import DAY, MEMBERS, SENDER, SPOC, manifest_of, sealed, signer
from borough import MEETING, run

from keys import identity
from keys.identity import public_text
from pipeline import pack
from pipeline.receipt import Signed, read
from pipeline.seal import Envelope

WORDS = "mustard kettle lantern gravel"


@pytest.fixture
def desk(tmp_path):
    """A named contact's desk: a key file with a passphrase, the sender's keys, and a folder that packs come into."""
    key = tmp_path / "desk" / "my.key"
    (key.parent / "senders" / "revoked").mkdir(parents=True)
    (key.parent / "in").mkdir()
    identity.write(key, SPOC, WORDS, work_factor=4)
    (key.parent / "senders" / "co-ordinator.pub").write_text(public_text(SENDER.public()))
    (key.parent / "senders" / "revoked" / "former.pub").write_text(
        public_text(bad_packs.FORMER_SENDER.public())
    )
    return key.parent


def put(desk, number=1, *, name=None, members=MEMBERS, spoc=SPOC, **change):
    """Put a pack on a desk as it comes; return its path."""
    envelope = replace(bad_packs.ENVELOPE, pack=f"P-2222-{number:04}".replace("0", "A"))
    manifest = manifest_of(members, spocs=[spoc], pack=envelope.pack, **change)
    path = desk / "in" / (name or envelope.file_name)
    path.write_bytes(sealed(pack.to_bytes(manifest, members, signer()), envelope, [spoc]))
    return path


def take(desk, *what, answers=None, into="papers", key="my.key"):
    typed = f"{WORDS}\n" if answers is None else answers
    return run("open", *what, "-i", desk / key, "-o", desk / into, answers=typed)


def lying(desk, into="papers"):
    folder = desk / into
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_folder_of_packs_is_opened_with_one_passphrase(desk):
    """Whatever else lies in the folder is left alone; each pack has its papers and a receipt."""
    for number in range(1, 6):
        put(desk, number)
    (desk / "in" / "letter.txt").write_text("Dear all")
    result = take(desk, desk / "in", "--accept")
    assert result.exit_code == 0, result.output
    assert result.output.count("Passphrase") == 1
    assert "5 packs opened, 0 refused." in result.stdout
    assert len([name for name in lying(desk) if name.endswith("-receipt.txt")]) == 5
    assert len([name for name in lying(desk) if name.endswith("manifest.json")]) == 5


def test_one_refused_pack_does_not_hinder_the_others(desk):
    """It is named and refused whole, the others are opened, and the status says that something is wrong."""
    put(desk, 1)
    damaged = put(desk, 2)
    damaged.write_bytes(bad_packs.flipped(damaged.read_bytes(), -1))
    put(desk, 3)
    result = take(desk, desk / "in", "--accept")
    assert result.exit_code == 1
    assert f"{damaged}: This pack is damaged" in result.stderr
    assert "2 packs opened, 1 refused." in result.stdout
    assert not any(damaged.name[:11] in name for name in lying(desk))


def test_terms_are_shown_and_asked_for_before_anything_is_written(desk):
    """Without a yes nothing is written, noted or confirmed."""
    path = put(desk)
    for answers in (f"{WORDS}\nn\n", f"{WORDS}\n"):
        result = take(desk, path, answers=answers)
        assert result.exit_code == 1
        assert "Why you have it" in result.stdout
        assert result.output.index("What you are asked to do") < result.output.index(
            "Do you accept these terms?"
        )
        assert "not accepted" in result.stderr
        assert not (desk / "papers").exists()
        assert not (desk / "my-register.txt").exists()
    assert take(desk, path, answers=f"{WORDS}\ny\n").exit_code == 0
    assert "manifest.json" in "".join(lying(desk))


def test_same_terms_are_asked_for_once(desk):
    """Packs of one run with the same terms take one yes; others are asked for anew."""
    put(desk, 1)
    put(desk, 2)
    put(desk, 3, expected=("Do something else.",))
    result = take(desk, desk / "in", answers=f"{WORDS}\ny\nn\n")
    assert result.output.count("Do you accept these terms?") == 2
    assert "2 packs opened, 1 refused." in result.stdout


def test_right_key_file_of_several_is_found(desk):
    """A passphrase that was typed is tried on the next file before another is asked for."""
    other = identity.new(DAY)
    identity.write(desk / "other.key", other, WORDS, work_factor=4)
    third = identity.new(DAY)
    identity.write(desk / "third.key", third, "some other words here", work_factor=4)
    put(desk, 1)
    put(desk, 2, spoc=other)
    put(desk, 3, spoc=third)
    keys = [part for name in ("my.key", "other.key", "third.key") for part in ("-i", desk / name)]
    answers = f"{WORDS}\nsome other words here\n"
    result = run("open", desk / "in", *keys, "-o", desk / "papers", "--accept", answers=answers)
    assert result.exit_code == 0, result.output
    assert result.output.count("Passphrase of your key file") == 2
    assert "third.key" in result.output
    assert all((desk / f"{name}-register.txt").exists() for name in ("my", "other", "third"))


def test_older_key_in_the_same_file_opens_older_packs(desk):
    """After a key was rotated, one file opens what was sealed for either."""
    old = put(desk, 1)
    rotated = SPOC.rotated(DAY)
    identity.rewrite(desk / "my.key", rotated, WORDS, work_factor=4)
    new = put(desk, 2, spoc=replace(rotated, identities=rotated.identities[:1]))
    assert take(desk, old, new, "--accept").exit_code == 0


def test_wrong_passphrase_is_told(desk):
    """In words, without a trace of it, and nothing is opened."""
    result = take(desk, put(desk), "--accept", answers="something else\n")
    assert result.exit_code == 1
    assert "passphrase does not open" in result.stderr
    assert "something else" not in result.output
    assert not (desk / "papers").exists()


def test_list_says_what_is_in_it_and_writes_nothing(desk):
    """Papers, their cases and sizes; no terms are asked for, and no receipt is made."""
    result = run("open", put(desk), "-i", desk / "my.key", "--list", answers=f"{WORDS}\n")
    assert result.exit_code == 0, result.output
    for member in MEMBERS:
        assert member.document.name in result.stdout
    assert "accept" not in result.output
    assert sorted(path.name for path in desk.iterdir()) == ["in", "my.key", "senders"]


def test_papers_of_one_case_alone(desk):
    """`--only` writes that case's papers, a second time those of another; a case that is not in it is told with those that are."""
    members = [replace(MEMBERS[0]), *MEMBERS[1:]]
    members[2] = replace(members[2], case="MARAC-2026-9999")
    path = put(desk, members=members)
    first, second = members[1], members[2]
    assert take(desk, path, "--accept", "--only", first.case).exit_code == 0
    papers = [name for name in lying(desk) if name.endswith(".pdf")]
    assert [name.partition("/")[2] for name in papers] == [first.document.name]
    assert take(desk, path, "--accept", "--only", second.case).exit_code == 0
    assert len([name for name in lying(desk) if name.endswith(".pdf")]) == 2
    again = take(desk, path, "--accept", "--only", second.case)
    assert again.exit_code == 1
    assert "opened before" in again.stderr
    other = take(desk, path, "--accept", "--again", "--only", "MARAC-0000-0000", into="other")
    assert other.exit_code == 1
    assert first.case in other.stderr
    assert not (desk / "other").exists()


def test_one_paper_to_standard_output(desk):
    """The paper and nothing besides; what is told, the terms and the receipt go to standard error."""
    path = put(desk)
    paper = MEMBERS[1].document
    result = run(
        "open", path, "-i", desk / "my.key", "--to-stdout", paper.name, "--accept", answers=f"{WORDS}\n"
    )
    assert result.exit_code == 0, result.stderr
    assert result.stdout_bytes == paper.content
    assert "Why you have it" in result.stderr
    (found,) = read(result.stderr_bytes)
    assert isinstance(found, Signed)
    assert sorted(one.name for one in desk.iterdir()) == ["in", "my-register.txt", "my.key", "senders"]
    unknown = run("open", path, "-i", desk / "my.key", "--to-stdout", "x.pdf", "--again", answers=f"{WORDS}\n")
    assert "no paper x.pdf" in unknown.stderr
    assert unknown.stdout == ""


@pytest.mark.parametrize(
    "options",
    [["--list", "--only", "X"], ["--only", "X", "--to-stdout", "y"], [], ["--to-stdout", "y", "second"]],
    ids=["list and only", "only and to-stdout", "no folder", "one paper of two packs"],
)
def test_wishes_that_do_not_go_together_are_wrong_use(desk, options):
    """Status 2, before the passphrase is asked for."""
    first, second = put(desk, 1), put(desk, 2)
    options = [second if one == "second" else one for one in options]
    result = run("open", first, *options, "-i", desk / "my.key")
    assert result.exit_code == 2
    assert "Passphrase" not in result.output


def test_shared_folder_is_refused_unless_it_is_meant(desk):
    """Papers are not written where others on the machine can look, before a passphrase is asked for."""
    (desk / "papers").mkdir()
    (desk / "papers").chmod(0o755)
    path = put(desk)
    result = take(desk, path, "--accept")
    assert result.exit_code == 1
    assert "others on this machine can look into" in result.stderr
    assert f"chmod 700 {desk / 'papers'}" in result.stderr
    assert "Passphrase" not in result.output
    assert lying(desk) == []
    assert take(desk, path, "--accept", "--shared-folder").exit_code == 0
    folder = next((desk / "papers").glob("P-*-????"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_receipt_is_signed_by_the_key_that_opened(desk):
    """It names pack, sealed file, person and key, and its signature is that key's; only its owner can read the file."""
    path = put(desk)
    take(desk, path, "--accept")
    (file,) = (desk / "papers").glob("*-receipt.txt")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (found,) = read(file.read_bytes())
    assert found.signer == SPOC.public().signing
    assert (found.receipt.pack, found.receipt.by) == (path.name[:11], "Sam Sample")
    assert found.receipt.key == identity.fingerprint(SPOC.public())
    assert found.receipt.slips == ()


def test_own_register_has_a_line_for_each_pack(desk):
    """What was opened and destroyed, and from whom, in a file of the holder's beside the key file; no case is named in it."""
    path = put(desk)
    take(desk, path, "--accept")
    folder = next((desk / "papers").glob("P-????-????"))
    destroyed = run(
        "destroy", folder, "--by", "Sam Sample", "-i", desk / "my.key", "--yes", "--today", "2027-12-09"
    )
    assert f"Noted in {desk / 'my-register.txt'}" in destroyed.stdout
    own = desk / "my-register.txt"
    assert stat.S_IMODE(own.stat().st_mode) == 0o600
    head, opened, gone = own.read_text().splitlines()
    assert head.startswith("#")
    assert re.fullmatch(
        rf"\d{{4}}-\d\d-\d\d opened {folder.name} housing brackenford-council [0-9a-f]{{64}} -", opened
    )
    assert gone == f"2027-12-09 destroyed {folder.name} Sam Sample"
    assert "MARAC-" not in own.read_text()


def test_pack_that_is_sent_again_is_known(desk):
    """After its papers were destroyed, the same file is refused before the passphrase, unless it is meant."""
    path = put(desk)
    take(desk, path, "--accept")
    shutil.rmtree(desk / "papers")
    result = take(desk, path, "--accept")
    assert result.exit_code == 1
    assert "was opened before, on" in result.stderr
    assert "Passphrase" not in result.output
    assert not (desk / "papers").exists()
    assert take(desk, path, "--accept", "--again").exit_code == 0


def test_other_file_under_a_known_number_is_refused(desk):
    """A number is one pack's."""
    take(desk, put(desk, 1), "--accept")
    shutil.rmtree(desk / "papers")
    for more in ([], ["--again"]):
        result = take(desk, put(desk, 1, marking="OFFICIAL"), "--accept", *more)
        assert result.exit_code == 1
        assert "Another file with the number" in result.stderr
    damaged = put(desk, 1)
    damaged.write_bytes(bad_packs.flipped(damaged.read_bytes(), -1))
    assert "This pack is damaged" in take(desk, damaged, "--accept").stderr


def test_pack_whose_place_was_taken_is_void(desk):
    """An old pack that comes after the one that replaces it is refused, and nothing of it is written."""
    old = put(desk, 1)
    new = put(desk, 2, replaces=old.name[:11])
    take(desk, new, "--accept")
    result = take(desk, old, "--accept")
    assert result.exit_code == 1
    assert f"This pack is void: {new.name[:11]}" in result.stderr
    assert not any(old.name[:11] in name for name in lying(desk))


def test_pack_past_its_keep_until_is_refused(desk):
    """On its last day it opens; on the day after it is an old one."""
    path = put(desk)
    late = take(desk, path, "--accept", "--today", "2027-12-09")
    assert late.exit_code == 1
    assert "was to be destroyed by 8 December 2027" in late.stderr
    assert not (desk / "papers").exists()
    assert take(desk, path, "--accept", "--today", "2027-12-08").exit_code == 0


def test_pack_under_another_pack_s_name_is_refused(desk):
    """A name that a pack could have says what the file holds, or it is refused; a name of no such kind says nothing."""
    other = Envelope("P-9999-9999", "probation", "brackenford-council").file_name
    result = take(desk, put(desk, name=other), "--accept")
    assert result.exit_code == 1
    assert "name of another pack" in result.stderr
    assert "Passphrase" not in result.output
    assert take(desk, put(desk, name="download (1).age"), "--accept").exit_code == 0


def test_replaced_pack_names_the_one_before(packed_borough):
    """What a fresh pack takes the place of is in its manifest for programs, and as a notice for people."""
    first = packed_borough.opened("housing").manifest
    packed_borough.done("pack", MEETING, "-i", packed_borough.co_ordinator, "--again", "housing")
    second = packed_borough.opened("housing").manifest
    assert first.replaces == ""
    assert second.replaces == first.pack
    assert first.pack in second.notices[0]


def test_void_pack_that_comes_with_the_one_in_its_place_is_refused(desk):
    """In whatever order they lie in the folder."""
    old = put(desk, 1)
    new = put(desk, 2, replaces=old.name[:11])
    result = take(desk, desk / "in", "--accept")
    assert result.exit_code == 1
    assert f"This pack is void: {new.name[:11]}, which came with it" in result.stderr
    assert "1 pack opened, 1 refused." in result.stdout


def test_void_pack_that_lies_there_is_not_called_readable(desk):
    """That another has taken its place is told before that it was opened."""
    old = put(desk, 1)
    take(desk, old, "--accept")
    take(desk, put(desk, 2, replaces=old.name[:11]), "--accept")
    result = take(desk, old, "--accept")
    assert "This pack is void" in result.stderr
    assert "Read it" not in result.stderr


def test_damaged_download_in_a_folder_is_told(desk):
    """What is named as a sealed pack and is none is not passed over."""
    put(desk, 1)
    (desk / "in" / "P-AAAA-BBBB_housing_brackenford-council.age").write_bytes(b"")
    result = take(desk, desk / "in", "--accept")
    assert result.exit_code == 1
    assert "P-AAAA-BBBB_housing_brackenford-council.age: This is no sealed pack" in result.stderr


def test_file_that_is_exchanged_after_it_was_looked_at_is_known(desk, monkeypatch):
    """What was opened before is not opened as new because it came in another's place."""
    old = put(desk, 1)
    take(desk, old, "--accept")
    shutil.rmtree(desk / "papers")
    data, path = old.read_bytes(), desk / "in" / "other.age"
    path.write_bytes(put(desk, 2).read_bytes())
    from pipeline.cli import opening as command

    held = command.held

    def slow(*args):
        path.write_bytes(data)
        return held(*args)

    monkeypatch.setattr(command, "held", slow)
    result = take(desk, path, "--accept")
    assert "was opened before" in result.stderr
    assert not (desk / "papers").exists()


def test_receipt_that_cannot_be_written_is_made_anew_later(desk, monkeypatch):
    """The papers are there, the other packs are opened, and with --again the receipt is made."""
    path, other = put(desk, 1), put(desk, 2)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.cli.opening.write_whole", full)
        result = take(desk, path, other, "--accept")
    assert result.exit_code == 1
    assert result.stderr.count("The receipt cannot be written: No space left on device") == 2
    assert take(desk, path, "--accept", "--again").exit_code == 0
    assert [name for name in lying(desk) if name.endswith("-receipt.txt")] == [f"{path.name[:11]}-receipt.txt"]


def test_line_that_somebody_has_spoilt_stops_nothing(desk):
    """One's own register is a text file."""
    take(desk, put(desk, 1), "--accept")
    own = desk / "my-register.txt"
    own.write_text(
        own.read_text() + f"2026-13-45 opened P-2222-3333 housing brackenford-council {'a' * 64} -\nnonsense\n"
    )
    assert take(desk, put(desk, 2), "--accept").exit_code == 0


def test_file_that_cannot_be_read_does_not_hinder_the_others(desk, monkeypatch):
    """It is named with why, and the others are opened."""
    gone, path = put(desk, 1), put(desk, 2)
    from pipeline import opening

    read = opening.read_sealed

    def refused(file):
        if file == gone:
            raise PermissionError(13, "Permission denied")
        return read(file)

    monkeypatch.setattr(opening, "read_sealed", refused)
    result = take(desk, gone, path, "--accept")
    assert result.exit_code == 1
    assert f"{gone}: It cannot be read: Permission denied" in result.stderr
    assert "1 pack opened, 1 refused." in result.stdout
