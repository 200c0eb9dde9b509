"""The directory of keys and its keeper: a change made past the keeper is found before anything is sealed."""

import datetime as dt
import json
import shutil
from dataclasses import replace
from functools import partial

import pytest
from borough import MEETING, TODAY, done, with_one_case

from keys import directory_file, identity, sshsig
from keys.directory import Confirmation, Directory, Entry
from pipeline import keeper
from pipeline.register import Register

LATER = dt.date(2028, 1, 10)


@pytest.fixture
def borough(borough):
    """An area whose meeting has one case: what matters here is whether anything is sealed."""
    return with_one_case(borough)


@pytest.fixture
def pack(borough):
    """Try to pack; when it is refused, nothing may have been sealed."""

    def pack(key=None):
        result = borough.run("pack", MEETING, "-i", key or borough.co_ordinator)
        assert bool(borough.outbox) is (result.exit_code == 0)
        return result

    return pack


def put_in(borough, key, *, signer, spoc="Linden Hatstand", before=None):
    """Write a directory with a confirmed key more, signed by anybody, and nothing in the register."""
    before = before or directory_file.read(borough.area.key_directory)
    entry = Entry("housing", spoc, key.public(), TODAY, LATER, TODAY)
    heard = Confirmation("Ann Clerk", spoc, "telephone", TODAY)
    directory = before.directory.add(entry).confirm("housing", entry.fingerprint, heard)
    content, said = directory_file.text_of(directory, before, partial(sshsig.sign, signer.signing))
    directory_file.write(borough.area.key_directory, content)
    return said


def kinds(borough):
    return [one["kind"] for one in json.loads(borough.done("register", "show", "--json"))]


def test_directory_that_somebody_else_signed_is_found(borough, pack):
    """A key put in by somebody who can write in the folder and signs it with a key of his own is sealed for by nobody."""
    stranger = identity.new(TODAY)
    put_in(borough, stranger, signer=stranger)
    result = pack()
    assert result.exit_code == 1
    assert "whom you have not confirmed as its keeper" in result.stderr
    assert "data protection officer" in result.stderr
    refused = borough.run("keys", "sign", "--yes", "-i", borough.co_ordinator)
    assert "whom you have not confirmed" in refused.stderr


def test_older_directory_that_was_put_back_is_found(borough, pack):
    """With a revoked key in use again it is refused by every command that reads it, for the register knows the newer one."""
    path = borough.area.key_directory
    old = path.read_bytes()
    fingerprint = identity.fingerprint(borough.keys_in(borough.key("housing")).public())
    borough.done(
        "keys",
        "revoke",
        "housing",
        "--fingerprint",
        fingerprint,
        "--by",
        "Ann Clerk",
        "-i",
        borough.co_ordinator,
    )
    path.write_bytes(old)
    assert "an older one was put back" in pack().stderr
    assert "an older one was put back" in borough.run("meeting", "plan", MEETING).stderr
    assert "an older one was put back" in borough.run("keys", "list").stderr


def test_directory_that_is_gone_is_told_as_gone(borough, pack):
    """It is not taken for one that never was."""
    borough.area.key_directory.unlink()
    assert "keys.signed is gone" in pack().stderr


def test_run_that_broke_off_between_file_and_register_is_gone_on_from(borough, pack):
    """The keeper's next directory is taken although its entry is missing, and the next change names it as the one before."""
    sender = borough.keys_in(borough.co_ordinator)
    said = put_in(borough, identity.new(TODAY), signer=sender)
    assert pack().exit_code == 0
    borough.sign()
    found = directory_file.read(borough.area.key_directory)
    assert (found.number, found.previous) == (said.number + 1, said.digest)


def test_two_changes_past_the_register_are_too_many(borough, pack):
    """A run that broke off leaves one; two are somebody's doing."""
    sender = borough.keys_in(borough.co_ordinator)
    said = put_in(borough, identity.new(TODAY), signer=sender)
    put_in(borough, identity.new(TODAY), signer=sender, before=said)
    assert "another in its place" in pack().stderr


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "housing_authority"', 'kind = "police"', "housing: kind was housing_authority, is police"),
        ('name = "Linden Hatstand"', 'name = "Ivy Lodger"', "housing: Linden Hatstand is no named contact any more"),
        ("linden.hatstand@", "ivy.lodger@", "housing: Linden Hatstand, email was linden.hatstand@"),
        ('id = "housing"', 'id = "home"', "agencies.toml: home is new"),
    ],
    ids=["an agency of another kind", "another contact", "another address", "an agency more and one less"],
)  # fmt: skip
def test_change_in_agencies_waits_for_the_keeper(borough, pack, old, new, told):
    """Who an agency and its contacts are is signed for: until it is, nothing is sealed and no letter written; what differs is told."""
    path = borough.folder / "agencies.toml"
    text = path.read_text("utf-8")
    start = text.index('id = "housing"')
    path.write_text(text[:start] + text[start:].replace(old, new, 1), "utf-8")
    for result in (pack(), borough.run("letters", MEETING)):
        assert result.exit_code == 1
        assert told in result.stderr
    assert told in borough.run("meeting", "plan", MEETING).stderr
    refused = borough.run("keys", "sign", "-i", borough.co_ordinator, answers="n\n")
    assert refused.exit_code == 1
    assert told in refused.stdout
    assert pack().exit_code == 1
    borough.done("keys", "sign", "-i", borough.co_ordinator, answers="y\n")
    assert pack().exit_code == 0


def test_what_means_the_same_needs_no_new_signature(borough, pack):
    """Remarks and empty lines in agencies.toml are nobody's business."""
    path = borough.folder / "agencies.toml"
    path.write_text("# Looked through in December.\n\n" + path.read_text("utf-8"), "utf-8")
    assert pack().exit_code == 0


def test_another_sender_waits_for_the_keeper(borough, pack):
    """Whom everybody is told to ring is signed for too."""
    path = borough.folder / "area.toml"
    number = borough.area.settings.sender.telephone
    path.write_text(path.read_text("utf-8").replace(number, "020 7946 0999"), "utf-8")
    assert f"area.toml, sender: telephone was {number}, is 020 7946 0999" in pack().stderr


@pytest.fixture
def colleague(borough):
    """A second co-ordinator, whose key the first has taken into the directory."""
    path = borough.folder / "agencies.toml"
    text = path.read_text("utf-8")
    contact = '\n[[agency.spoc]]\nname = "Robin Deskfellow"\nrole = "Deputy co-ordinator"\n'
    at = text.index("# Two SPOCs")
    path.write_text(text[:at] + contact + text[at:], "utf-8")
    borough.sign()
    key = borough.folder.parent / "holders" / "deputy" / "my.key"
    borough.enter(borough.area.agency("brackenford-council"), "Robin Deskfellow", key)
    return key


def trust(mine, theirs):
    folder = mine.parent / "keepers"
    folder.mkdir(exist_ok=True)
    shutil.copy(theirs.with_suffix(".pub"), folder / f"{theirs.parent.name}.pub")


def test_second_keeper_counts_once_confirmed(borough, colleague, pack):
    """What a colleague signed is refused until her public keys lie beside one's own; she needs ours there to sign at all."""
    revoke = ("keys", "revoke", "police", "--by", "Ann Clerk", "-i", colleague, "--fingerprint")
    fingerprint = identity.fingerprint(borough.keys_in(borough.key("police", 2)).public())
    assert "not confirmed as its keeper" in borough.run(*revoke, fingerprint).stderr
    trust(colleague, borough.co_ordinator)
    borough.done(*revoke, fingerprint)
    assert "not confirmed as its keeper" in pack().stderr
    trust(borough.co_ordinator, colleague)
    assert pack().exit_code == 0
    assert "The register holds" in borough.done("register", "verify")


def test_keeper_whose_key_was_revoked_signs_nothing_more(borough, colleague, pack):
    """Although the file of her public keys is still beside one's own, what she signs after that is refused."""
    trust(borough.co_ordinator, colleague)
    hers = borough.keys_in(colleague)
    borough.done(
        "keys", "revoke", "brackenford-council", "--fingerprint", identity.fingerprint(hers.public()),
        "--by", "Ann Clerk", "-i", borough.co_ordinator,
    )  # fmt: skip
    put_in(borough, identity.new(TODAY), signer=hers)
    assert "signed with a key that was revoked" in pack().stderr


def test_first_key_is_the_keeper_s_own(borough, tmp_path):
    """Else nobody could tell later who signed."""
    for path in (*borough.folder.glob("register.*"), borough.area.key_directory):
        path.unlink()
    stranger = tmp_path / "my.key"
    done("keys", "new", stranger, "--no-passphrase")
    public = borough.key("housing").with_suffix(".pub")
    add = ("keys", "add", "housing", public, "--spoc", "Linden Hatstand", "-i", stranger)
    result = borough.run(*add)
    assert result.exit_code == 1
    assert "own key is not in the directory" in result.stderr
    assert not borough.area.key_directory.exists()
    own = borough.public_key
    borough.done(
        "keys", "add", "brackenford-council", own, "--spoc", "Perpetua Inkstand", "-i", borough.co_ordinator
    )
    borough.done(*add[:-1], borough.co_ordinator)
    assert kinds(borough) == ["key-added", "key-added"]


def test_every_change_is_recorded_with_who_and_how(borough, tmp_path):
    """Added, confirmed, renewed and revoked stand in the register with agency, fingerprint and the names of those who did it."""
    key = tmp_path / "new" / "my.key"
    borough.enter(borough.area.agency("police"), "Alder Whetstone", key)
    fingerprint = identity.fingerprint(borough.keys_in(key).public())
    said = ("--by", "Ann Clerk", "--with", "Alder Whetstone", "--how", "video", "-i", borough.co_ordinator)
    borough.done("keys", "renew", "police", "--read-out", fingerprint, *said, "--until", LATER)
    borough.done(
        "keys",
        "revoke",
        "police",
        "--fingerprint",
        fingerprint,
        "--by",
        "Jo Exampleby",
        "-i",
        borough.co_ordinator,
    )
    told = json.loads(borough.done("register", "show", "--agency", "police", "--json"))
    assert [one["kind"] for one in told] == ["key-added", "key-confirmed", "key-renewed", "key-revoked"]
    assert {one["keys"][0].replace("-", " ") for one in told} == {fingerprint}
    assert [one["note"] for one in told] == [
        "A key of Alder Whetstone was added, unconfirmed. Directory of keys no. 2.",
        "Confirmed by Ann Clerk with Alder Whetstone, telephone. Directory of keys no. 3.",
        "Renewed until 10 January 2028: confirmed once more by Ann Clerk with Alder Whetstone, video. Directory of keys no. 4.",
        "Revoked by Jo Exampleby. Directory of keys no. 5.",
    ]


def test_change_that_the_disk_refuses_is_not_recorded(borough, monkeypatch):
    """The register says nothing of a directory that could not be written."""
    before, entries = borough.area.key_directory.read_bytes(), kinds(borough)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("keys.directory_file.write_whole", full)
    result = borough.run("keys", "sign", "--yes", "-i", borough.co_ordinator)
    assert result.exit_code == 1
    assert "No space left" in result.stderr
    assert borough.area.key_directory.read_bytes() == before
    assert kinds(borough) == entries
    assert "The register holds" in borough.done("register", "verify")


def test_two_keepers_at_once_lose_nothing(borough):
    """Each change is made to the directory as it is when its turn comes."""
    area, sender = borough.area, borough.keys_in(borough.co_ordinator)
    with Register.open(area.register) as one, Register.open(area.register) as other:
        for n, register in enumerate((one, other, one), start=1):
            entry = Entry("housing", "Linden Hatstand", identity.new(TODAY).public(), TODAY, LATER, TODAY)
            note = keeper_note(area, n)
            keeper.change(
                area, register, partial(Directory.add, entry=entry), lambda _, note=note: note,
                keeper=sender, trusted={sender.public().signing}, at=dt.datetime(2026, 12, 2, 9, n, tzinfo=dt.UTC),
            )  # fmt: skip
    assert len(directory_file.read(area.key_directory).directory.of("housing")) == 4


def keeper_note(area, number):
    sender = area.settings.sender
    return keeper.Entry(kind=keeper.ADDED, day=TODAY, by=sender.name, role=sender.role, note=f"No. {number}.")


def test_whom_to_ring_is_told(borough):
    """Where a key cannot be sealed for, plan and report say why and give the number of the contact."""
    housing, police = (borough.keys_in(borough.key(*who)).public() for who in (("housing", 1), ("police", 2)))
    for agency, public in (("housing", housing), ("police", police)):
        borough.done(
            "keys", "revoke", agency, "--fingerprint", identity.fingerprint(public), "--by", "Ann Clerk",
            "-i", borough.co_ordinator,
        )  # fmt: skip
    numbers = {spoc.name: spoc.telephone for agency in borough.area.agencies for spoc in agency.spocs}
    for printed in (borough.done("meeting", "plan", MEETING), borough.pack()):
        told = " ".join(printed.split())
        assert (
            f"it was revoked, ask for a new one. Ring Alder Whetstone on {numbers['Alder Whetstone']}." in told
        )
    plan = json.loads(borough.done("meeting", "plan", MEETING, "--json"))
    (why,) = [one["why_not"] for one in plan["agencies"] if one["agency"] == "housing"]
    assert f"it was revoked, ask for a new one; ring Linden Hatstand on {numbers['Linden Hatstand']}" in why[0]


def test_vouched_for_is_what_it_was_when_signed(borough):
    """What the keeper signed for comes back from the file as it was made."""
    found = directory_file.read(borough.area.key_directory)
    assert found.directory.vouched == keeper.vouched(borough.area)
    assert keeper.differences(borough.area, found.directory) == ()
    assert keeper.differences(borough.area, replace(found.directory, vouched={})) != ()


def put_back(borough, state):
    for name, data in state.items():
        (borough.folder / name).write_bytes(data)


def state_of(borough):
    return {
        name: (borough.folder / name).read_bytes()
        for name in ("register.sqlite", "register.head", "keys.signed")
    }


def revoke_housing(borough):
    fingerprint = identity.fingerprint(borough.keys_in(borough.key("housing")).public())
    borough.done(
        "keys",
        "revoke",
        "housing",
        "--fingerprint",
        fingerprint,
        "--by",
        "Ann Clerk",
        "-i",
        borough.co_ordinator,
    )


def test_area_that_was_put_back_as_a_whole_is_found(borough, pack):
    """Register, its head and the directory of before a revocation fit each other: what was seen last, beside the key file, does not."""
    before = state_of(borough)
    revoke_housing(borough)
    put_back(borough, before)
    result = pack()
    assert result.exit_code == 1
    assert "an older register was put back" in result.stderr
    seen = borough.co_ordinator.with_name("my-seen.txt")
    assert f"take the lines of brackenford-council out of {seen.resolve()}" in result.stderr
    assert (
        "an older register was put back"
        in borough.run("keys", "sign", "--yes", "-i", borough.co_ordinator).stderr
    )


def test_area_that_is_begun_anew_on_purpose_is_taken(borough, pack):
    """Once the holder of the key file has taken out what was seen."""
    before = state_of(borough)
    revoke_housing(borough)
    put_back(borough, before)
    borough.co_ordinator.with_name("my-seen.txt").unlink()
    assert pack().exit_code == 0


def test_older_directory_with_a_younger_register_is_found_without_the_register(borough, pack):
    """What was seen of the directory counts by itself."""
    old = borough.area.key_directory.read_bytes()
    revoke_housing(borough)
    seen = borough.co_ordinator.with_name("my-seen.txt")
    assert {line.split()[1] for line in seen.read_text().splitlines()} == {"register", "directory"}
    for path in borough.folder.glob("register.*"):
        path.unlink()
    seen.write_text(
        "".join(line for line in seen.read_text().splitlines(keepends=True) if " directory " in line)
    )
    borough.area.key_directory.write_bytes(old)
    result = pack()
    assert "register.sqlite is gone" in result.stderr
    with Register.open(borough.area.register):
        pass
    assert "directory of keys no. 2 that you have seen" in pack().stderr


def test_directory_that_is_exchanged_while_a_command_runs_is_found(borough, monkeypatch):
    """The one that was read is the one whose signature is trusted."""
    stranger = identity.new(TODAY)
    path = borough.area.key_directory
    right = path.read_bytes()
    put_in(borough, stranger, signer=stranger)
    read = keeper.refuse_changed

    def exchanged(area, directory):
        read(area, directory)
        path.write_bytes(right)

    monkeypatch.setattr("pipeline.cli.packing.keeper.refuse_changed", exchanged)
    result = borough.run("pack", MEETING, "-i", borough.co_ordinator)
    assert result.exit_code == 1
    assert "was changed just now" in result.stderr
    assert not borough.outbox


def test_what_was_seen_cannot_be_written_down(pack, monkeypatch):
    """On a key file that lies where nothing can be written the command works, and warns."""

    def refused(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("pipeline.seen.write_whole", refused)
    result = pack()
    assert result.exit_code == 0
    assert "could go unseen" in result.stderr


def test_two_contacts_of_one_name_are_refused(borough):
    """Nobody could say whose key it is, and the second would hide behind the first."""
    path = borough.folder / "agencies.toml"
    text = path.read_text("utf-8")
    at = text.index('[[agency.spoc]]\nname = "Linden Hatstand"')
    thief = (
        '[[agency.spoc]]\nname = "linden  HATSTAND"\nemail = "thief@example.com"\nchannel = "confidential"\n\n'
    )
    path.write_text(text[:at] + thief + text[at:], "utf-8")
    result = borough.run("keys", "list")
    assert result.exit_code == 2
    assert "tell them apart" in result.stderr


def test_sign_shows_what_a_keeper_has_signed_and_no_stranger(borough):
    """Somebody else's directory, which fits the changed agencies, is not signed over."""
    stranger = identity.new(TODAY)
    path = borough.folder / "agencies.toml"
    path.write_text(path.read_text("utf-8").replace("linden.hatstand@", "thief@"), "utf-8")
    before = directory_file.read(borough.area.key_directory)
    theirs = replace(before.directory, vouched=keeper.vouched(borough.area))
    content, _ = directory_file.text_of(theirs, before, partial(sshsig.sign, stranger.signing))
    directory_file.write(borough.area.key_directory, content)
    result = borough.run("keys", "sign", "--yes", "-i", borough.co_ordinator)
    assert result.exit_code == 1
    assert "whom you have not confirmed" in result.stderr
    letters = borough.run("letters", MEETING)
    assert "whom you have not confirmed" in letters.stderr
    assert not (borough.folder / "letters").exists()


def test_directory_that_changes_between_looking_and_saying_yes_is_not_signed(borough, monkeypatch):
    """What was shown is what is signed over."""
    other = identity.new(TODAY)
    sender = borough.keys_in(borough.co_ordinator)

    def asked(*_, **__):
        put_in(borough, other, signer=sender)
        return True

    path = borough.folder / "agencies.toml"
    path.write_text(path.read_text("utf-8").replace("linden.hatstand@", "linden@"), "utf-8")
    monkeypatch.setattr("click.confirm", asked)
    result = borough.run("keys", "sign", "-i", borough.co_ordinator)
    assert result.exit_code == 1
    assert "was changed just now" in result.stderr


def test_key_that_is_revoked_while_packs_are_made_gets_none(borough, monkeypatch):
    """A colleague's change is seen under the register's lock, before anything goes."""
    from pipeline.packing import Packing

    make = Packing._make

    def slow(self, fresh):
        revoke_housing(borough)
        return make(self, fresh)

    monkeypatch.setattr(Packing, "_make", slow)
    result = borough.run("pack", MEETING, "-i", borough.co_ordinator)
    assert result.exit_code == 1
    assert "was changed while the packs were made" in result.stderr
    assert not borough.outbox
    assert "sealed" not in kinds(borough)


def test_keeper_s_own_last_key_is_not_revoked_with_it(borough):
    """Else nobody could change the directory any more, or add the key that is to take its place."""
    fingerprint = identity.fingerprint(borough.keys_in(borough.co_ordinator).public())
    result = borough.run(
        "keys", "revoke", "brackenford-council", "--fingerprint", fingerprint, "--by", "Ann Clerk", "-i", borough.co_ordinator
    )  # fmt: skip
    assert result.exit_code == 1
    assert "Have your new key confirmed first" in result.stderr
    borough.sign()


def test_former_keeper_who_had_rotated_signs_nothing_more(borough, colleague, pack):
    """The older key of hers in the directory, replaced and never revoked, is no key in use."""
    trust(borough.co_ordinator, colleague)
    trust(colleague, borough.co_ordinator)
    done("keys", "rotate", colleague, "--today", TODAY)
    borough.done(
        "keys", "add", "brackenford-council", colleague.with_suffix(".pub"), "--spoc", "Robin Deskfellow", "-i", borough.co_ordinator
    )  # fmt: skip
    borough.confirm("brackenford-council", colleague, "Robin Deskfellow")
    hers = borough.keys_in(colleague)
    borough.done(
        "keys", "revoke", "brackenford-council", "--fingerprint", identity.fingerprint(hers.public()),
        "--by", "Ann Clerk", "-i", borough.co_ordinator,
    )  # fmt: skip
    put_in(borough, identity.new(TODAY), signer=hers)
    assert "signed with a key that was revoked" in pack().stderr


def test_revocation_whose_run_broke_off_comes_on_record_with_the_next_change(borough):
    """That the directory was changed, and who was revoked in it, is caught up with."""
    before = state_of(borough)
    revoke_housing(borough)
    put_back(borough, {name: data for name, data in before.items() if name.startswith("register")})
    borough.co_ordinator.with_name("my-seen.txt").unlink()
    borough.sign()
    told = json.loads(borough.done("register", "show", "--json"))
    assert [one["kind"] for one in told] == ["keys-signed", "keys-signed", "key-revoked", "keys-signed"]
    assert "broke off" in told[1]["note"]
    assert told[2]["content"]
    assert "The register holds" in borough.done("register", "verify")


@pytest.mark.parametrize(
    "vouched", [{"agencies": []}, {"agencies": {"housing": {"spocs": {}}}}, {"sender": "x"}]
)
def test_what_was_signed_for_in_another_shape_is_a_difference(borough, vouched):
    """It crashes nothing, and nothing is sealed."""
    sender = borough.keys_in(borough.co_ordinator)
    before = directory_file.read(borough.area.key_directory)
    other = replace(before.directory, vouched=vouched)
    content, _ = directory_file.text_of(other, before, partial(sshsig.sign, sender.signing))
    directory_file.write(borough.area.key_directory, content)
    assert borough.run("keys", "list").exit_code == 0
    assert borough.run("pack", MEETING, "-i", borough.co_ordinator).exit_code == 1


MEND = ("--by", "Jo Exampleby", "--reason", "Disk failed")


def test_directory_that_is_lost_is_begun_again_from_the_keeper_s_own_key(borough):
    """Who accepted that and why is in the register; every other key is added and confirmed again, and then packs go."""
    borough.area.key_directory.unlink()
    told = borough.done("keys", "mend", *MEND, "-i", borough.co_ordinator)
    assert "no. 2, with 0 keys that can be used" in told
    assert "look through them before you pack" in told
    entry = json.loads(borough.done("register", "show", "--json"))[-1]
    assert "accepted by Jo Exampleby: Disk failed" in entry["note"]
    borough.confirm("brackenford-council", borough.co_ordinator, "Perpetua Inkstand")
    borough.done(
        "keys", "add", "housing", borough.key("housing").with_suffix(".pub"), "--spoc", "Linden Hatstand", "-i", borough.co_ordinator
    )  # fmt: skip
    borough.confirm("housing", borough.key("housing"), "Linden Hatstand")
    borough.pack()
    assert [path.name.split("_")[1] for path in borough.outbox] == ["housing"]
    assert "The register holds" in borough.done("register", "verify", "-i", borough.co_ordinator)


def test_older_copy_is_gone_on_from_with_every_revocation(borough):
    """A back-up that is put back knows nothing of a revocation since: the register does."""
    old = borough.area.key_directory.read_bytes()
    revoke_housing(borough)
    borough.area.key_directory.write_bytes(old)
    borough.done("keys", "mend", *MEND, "-i", borough.co_ordinator)
    told = {one["agency"]: one["state"] for one in json.loads(borough.done("keys", "list", "--json"))}
    assert told["housing"] == "revoked"
    assert told["hospital"] == "usable"
    borough.pack()
    assert "housing" not in {path.name.split("_")[1] for path in borough.outbox}


def test_stranger_s_directory_is_not_gone_on_from(borough):
    """Mending trusts nobody whom the keeper does not."""
    stranger = identity.new(TODAY)
    put_in(borough, stranger, signer=stranger)
    borough.area.key_directory.write_bytes(borough.area.key_directory.read_bytes() + b"\n")
    borough.done("keys", "mend", *MEND, "-i", borough.co_ordinator)
    assert [one["agency"] for one in json.loads(borough.done("keys", "list", "--json"))] == [
        "brackenford-council"
    ]


def test_sound_directory_is_not_mended(borough):
    """There is nothing to accept."""
    result = borough.run("keys", "mend", *MEND, "-i", borough.co_ordinator)
    assert result.exit_code == 1
    assert "nothing to mend" in result.stderr
    assert borough.run("keys", "mend", "--by", " ", "--reason", "x", "-i", borough.co_ordinator).exit_code == 2


def test_whose_signatures_the_register_has_is_told_and_proved_with_a_key(borough):
    """Without a key file, the digest to compare; with it, a directory that a stranger has signed proves nothing."""
    told = borough.done("register", "verify")
    digest = sshsig.digest(borough.keys_in(borough.co_ordinator).signing.public_key())
    assert f"Signed with the key {digest} (Perpetua Inkstand)." in told
    assert "compare it with what you know" in told
    assert "compare it" not in borough.done("register", "verify", "-i", borough.co_ordinator)
    stranger = identity.new(TODAY)
    put_in(borough, stranger, signer=stranger)
    result = borough.run("register", "verify", "-i", borough.co_ordinator)
    assert result.exit_code == 1
    assert "whom you have not confirmed" in result.stderr


def test_register_is_for_its_owner_alone(borough):
    """It holds reasons of decisions."""
    assert (borough.folder / "register.sqlite").stat().st_mode & 0o077 == 0


def test_link_in_the_place_of_what_is_written_beside_is_not_followed(borough):
    """Somebody who can write in the folder cannot have a file of the co-ordinator's written over."""
    precious = borough.folder.parent / "precious.key"
    precious.write_bytes(b"precious")
    (borough.folder / "register.head.part").symlink_to(precious)
    borough.sign()
    assert precious.read_bytes() == b"precious"
    assert not (borough.folder / "register.head").is_symlink()
    assert "The register holds" in borough.done("register", "verify")


def test_directory_is_not_mended_by_a_register_that_was_put_back(borough):
    """A revocation that the register has lost as well would be lost for good."""
    before = state_of(borough)
    revoke_housing(borough)
    put_back(borough, before)
    borough.area.key_directory.unlink()
    result = borough.run("keys", "mend", *MEND, "-i", borough.co_ordinator)
    assert result.exit_code == 1
    assert "an older register was put back" in result.stderr
    assert not borough.area.key_directory.exists()
