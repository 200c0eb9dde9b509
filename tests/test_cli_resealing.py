"""A key that was lost: revoked, replaced, and what its holder still needs sealed afresh from the referrals held."""

import json
import tomllib

import pytest
from borough import MEETING, TODAY, done, run

from keys import age, identity
from keys.identity import fingerprint
from pipeline.seal import open_sealed


def reseal(borough, *what):
    return borough.run("reseal", *what, "-i", borough.co_ordinator, "--today", TODAY)


def number(borough, agency):
    return borough.sealed(agency).name.split("_")[0]


def shown(borough, *options):
    return json.loads(borough.done("register", "show", "--json", *options))


@pytest.fixture
def lost(packed_borough, tmp_path):
    """The area after the housing contact has lost the key: it is revoked, and a new one is confirmed."""
    old = packed_borough.keys_in(packed_borough.key("housing"))
    packed_borough.done(
        "keys", "revoke", "housing", "--fingerprint", fingerprint(old.public()), "--by", "Ann Clerk",
        "-i", packed_borough.co_ordinator,
    )  # fmt: skip
    packed_borough.enter(packed_borough.area.agency("housing"), "Linden Hatstand", tmp_path / "new" / "my.key")
    return packed_borough


def test_fresh_pack_opens_with_the_new_key_and_not_with_the_lost_one(lost, tmp_path):
    """It has the same cases, names the pack whose place it takes, and is the only one that lies in the outbox for the agency."""
    before = number(lost, "housing")
    others = {path: path.read_bytes() for path in lost.outbox if "_housing_" not in path.name}
    old, new = (lost.keys_in(path) for path in (lost.key("housing"), tmp_path / "new" / "my.key"))
    result = reseal(lost, before)
    assert result.exit_code == 0, result.output
    assert "1 pack sealed afresh" in result.stdout
    sealed = lost.sealed("housing").read_bytes()
    sender = [lost.keys_in(lost.co_ordinator).public()]
    opened = open_sealed(sealed, new, sender)
    assert opened.manifest.replaces == before
    assert len({one.case for one in opened.manifest.members if one.case}) == 6
    with pytest.raises(age.NoMatchError):
        open_sealed(sealed, old, sender)
    assert {path: path.read_bytes() for path in lost.outbox if "_housing_" not in path.name} == others


def test_register_says_that_it_was_sealed_afresh_and_why(lost):
    """The old pack is withdrawn and the new one takes its place, each with the reason; a reason of one's own is kept."""
    before = number(lost, "housing")
    assert reseal(lost, before, "--reason", "Laptop stolen on 1 December").exit_code == 0
    told = [one for one in shown(lost, "--agency", "housing") if not one["kind"].startswith("key")]
    assert [one["kind"] for one in told] == ["sealed", "withdrawn", "sealed"]
    assert told[1]["note"] == "Laptop stolen on 1 December"
    assert told[2]["note"] == "Laptop stolen on 1 December"
    assert told[2]["supersedes"] == before
    assert "The register holds" in lost.done("register", "verify")


def test_all_packs_of_an_agency_since_a_day(lost):
    """By agency and day, those in force; before that day there is none to seal, which is told."""
    result = reseal(lost, "--agency", "housing", "--since", "2026-12-01", "--json")
    assert result.exit_code == 0, result.output
    (told,) = json.loads(result.stdout)
    assert (told["agency"], told["meeting"]) == ("housing", MEETING)
    assert told["after"] == number(lost, "housing") != told["before"]
    late = reseal(lost, "--agency", "housing", "--since", "2026-12-03")
    assert late.exit_code == 1
    assert "No pack for housing in force was sealed since 3 December 2026" in late.stderr


def test_pack_that_is_void_already_names_the_one_in_force(lost):
    """Asked for it once more, nothing is sealed, and the one to name is told."""
    first = number(lost, "housing")
    reseal(lost, first)
    second = number(lost, "housing")
    result = reseal(lost, first)
    assert result.exit_code == 1
    assert f"{first} is void: {second} has taken its place" in result.stderr
    assert number(lost, "housing") == second


def test_pack_that_its_contacts_can_open_stays_as_it_is(packed_borough):
    """It is sealed for the keys of today already: nobody is told to destroy a good pack."""
    before = number(packed_borough, "housing")
    result = reseal(packed_borough, "--agency", "housing", "--since", "2026-12-01")
    assert result.exit_code == 0
    told = " ".join(result.stdout.split())
    assert "sealed for the keys of today already" in told
    assert f"{before} stays as it is. Nothing is sealed afresh." in told
    assert "void" not in told
    assert number(packed_borough, "housing") == before


def test_contact_who_cannot_open_the_fresh_pack_is_named(packed_borough, tmp_path):
    """Another contact of the agency has lost a key and has no new one yet: the fresh pack is for the others alone."""
    for spoc in (1, 2):
        public = packed_borough.keys_in(packed_borough.key("police", spoc)).public()
        packed_borough.done(
            "keys", "revoke", "police", "--fingerprint", fingerprint(public), "--by", "Ann Clerk",
            "-i", packed_borough.co_ordinator,
        )  # fmt: skip
    packed_borough.enter(packed_borough.area.agency("police"), "Alder Whetstone", tmp_path / "new" / "my.key")
    result = reseal(packed_borough, number(packed_borough, "police"))
    assert result.exit_code == 0
    assert "cannot be opened by Tansy Bookbinder" in result.stderr


def test_referral_that_is_held_no_more_is_told(lost):
    """The fresh pack has what is still there, and the case that it lacks is named."""
    path = lost.folder / "meetings" / f"{MEETING}.toml"
    case = tomllib.loads(path.read_text("utf-8"))["case"][0]
    (lost.folder / "inbox" / case["file"]).unlink()
    result = reseal(lost, number(lost, "housing"))
    assert result.exit_code == 0, result.output
    assert f"lacks {case['reference']}" in " ".join(result.stdout.split())
    assert case["reference"] not in shown(lost, "--agency", "housing")[-1]["cases"]


def test_agency_without_a_key_gets_none_and_it_is_told_whom_to_ring(packed_borough):
    """While the new key is not confirmed nothing is sealed, the old pack stays as it was, and the status is 1."""
    public = packed_borough.keys_in(packed_borough.key("housing")).public()
    packed_borough.done(
        "keys", "revoke", "housing", "--fingerprint", fingerprint(public), "--by", "Ann Clerk",
        "-i", packed_borough.co_ordinator,
    )  # fmt: skip
    before = number(packed_borough, "housing")
    result = reseal(packed_borough, before)
    assert result.exit_code == 1
    told = " ".join(result.stdout.split())
    assert "it was revoked" in told
    assert f"{before} stays as it is. Nothing is sealed afresh." in told
    assert number(packed_borough, "housing") == before


def test_meeting_that_is_gone_is_told(lost):
    """Without the meeting's file nobody can say what the agency may have."""
    (lost.folder / "meetings" / f"{MEETING}.toml").unlink()
    result = reseal(lost, number(lost, "housing"))
    assert result.exit_code == 1
    assert "file is not there any more" in " ".join(result.stdout.split())


def test_pack_past_its_keep_until_is_not_sealed_afresh(lost):
    """It was to be destroyed."""
    late = done_late(lost, number(lost, "housing"))
    assert late.exit_code == 1
    assert "to be kept until 8 December 2027" in " ".join(late.stdout.split())


def done_late(borough, pack):
    key = borough.co_ordinator
    digits = fingerprint(borough.keys_in(key).public())
    late = ("--today", "2027-12-20")
    done(
        "keys", "renew", "brackenford-council", "--read-out", digits, "--by", "Ann Clerk", "--with", "Perpetua Inkstand",
        "--how", "telephone", "-i", key, "--area", borough.folder, *late,
    )  # fmt: skip
    return run("reseal", pack, "-i", key, "--area", borough.folder, *late)


@pytest.mark.parametrize(
    "what",
    [[], ["--agency", "housing"], ["--since", "2026-12-01"], ["P-2222-2222", "--agency", "housing", "--since", "2026-12-01"],
     ["P-2222-2222", "--reason", " "], ["--agency", "nowhere", "--since", "2026-12-01"]],
    ids=["nothing", "an agency alone", "a day alone", "both ways", "no reason", "an agency that there is not"],
)  # fmt: skip
def test_which_packs_has_to_be_said(packed_borough, what):
    """Status 2, and nothing is sealed."""
    before = [path.name for path in packed_borough.outbox]
    assert reseal(packed_borough, *what).exit_code == 2
    assert [path.name for path in packed_borough.outbox] == before


def test_pack_that_is_not_on_record_is_told(packed_borough):
    """Status 1."""
    result = reseal(packed_borough, "P-2222-2222")
    assert result.exit_code == 1
    assert "on record" in result.stderr


def test_resealing_takes_the_sender_s_own_key(packed_borough):
    """A contact's key seals nothing in the area's name."""
    result = packed_borough.run(
        "reseal", number(packed_borough, "housing"), "-i", packed_borough.key("housing"), "--today", TODAY
    )
    assert result.exit_code == 1


RECOVERY = '\n[recovery]\nholder = "Greta Strongroom"\ntelephone = "020 7946 0188"\n'


@pytest.fixture
def recovering(borough, tmp_path):
    """The area with a recovery key, confirmed like any other, and where its holder keeps it."""
    path = borough.folder / "area.toml"
    text = path.read_text("utf-8")
    at = text.index("\n[panel.")
    path.write_text(text[:at] + RECOVERY + text[at:], "utf-8")
    borough.sign()
    key = tmp_path / "safe" / "my.key"
    key.parent.mkdir()
    done("keys", "new", key, "--no-passphrase", "--today", TODAY)
    borough.done(
        "keys", "add", "recovery", key.with_suffix(".pub"), "--spoc", "Greta Strongroom", "-i", borough.co_ordinator
    )  # fmt: skip
    borough.confirm("recovery", key, "Greta Strongroom")
    (key.parent / "senders").mkdir()
    (key.parent / "senders" / "co-ordinator.pub").write_bytes(borough.public_key.read_bytes())
    return key


def test_recovery_key_is_off_by_default(borough, tmp_path):
    """Without [recovery] in area.toml none can be added, and packs open with their contacts' keys alone."""
    key = tmp_path / "my.key"
    done("keys", "new", key, "--no-passphrase")
    result = borough.run(
        "keys", "add", "recovery", key.with_suffix(".pub"), "--spoc", "Greta Strongroom", "-i", borough.co_ordinator
    )  # fmt: skip
    assert result.exit_code == 2
    assert "off unless area.toml has it" in result.stderr
    borough.pack()
    assert borough.opened("housing").manifest.recovery is None


def test_recovery_key_opens_every_post_quantum_pack_and_that_is_on_record(recovering, borough, tmp_path):
    """Each pack says so to its reader, and the register; the pack of the older kind of key goes without, and that is told."""
    printed = " ".join(borough.pack().split())
    assert "The pack for stepping-stone does not open with the recovery key" in printed
    recovery = fingerprint(borough.keys_in(recovering).public()).replace(" ", "-")
    sealed = {one["agency"]: one for one in shown(borough) if one["kind"] == "sealed"}
    for agency, entry in sealed.items():
        opens = agency != "stepping-stone"
        assert (recovery in entry["keys"]) is opens
        assert ("Sealed for the recovery key as well." in entry["note"]) is opens
        manifest = borough.opened(agency).manifest
        assert (manifest.recovery.name if manifest.recovery else "") == ("Greta Strongroom" if opens else "")
    stepping = borough.sealed("stepping-stone")
    refused = run("open", stepping, "-i", recovering, "-o", tmp_path / "papers", "--accept")
    assert "not for you" in refused.stderr


def test_use_of_the_recovery_key_is_registered(recovering, borough, tmp_path):
    """Opening with it says so and makes a receipt, which stands in the register as what it is and confirms nothing for the agency."""
    borough.pack()
    printed = done("open", borough.sealed("housing"), "-i", recovering, "-o", tmp_path / "papers", "--accept")
    assert "Greta Strongroom, with the recovery key" in " ".join(printed.split())
    assert "Opened with the recovery key" in printed
    (receipt,) = (tmp_path / "papers").glob("*-receipt.txt")
    told = borough.done("receipt", "import", receipt, "-i", borough.co_ordinator)
    assert "opened with the recovery key by Greta Strongroom" in told
    (entry,) = [one for one in shown(borough) if one["kind"] == "recovered"]
    assert entry["agency"] == "housing"
    assert "with the recovery key" in entry["note"]
    waiting = json.loads(borough.done("register", "outstanding", "--json"))
    assert "housing" in {one["agency"] for one in waiting}


def test_recovery_key_that_cannot_be_used_is_told(recovering, borough):
    """Packs go without it, and it is said whom to ring."""
    digits = fingerprint(borough.keys_in(recovering).public())
    borough.done(
        "keys", "revoke", "recovery", "--fingerprint", digits, "--by", "Ann Clerk", "-i", borough.co_ordinator
    )  # fmt: skip
    printed = " ".join(borough.pack().split())
    assert "No pack opens with the recovery key: it was revoked" in printed
    assert "Ring Greta Strongroom on 020 7946 0188" in printed
    assert borough.opened("housing").manifest.recovery is None


@pytest.mark.usefixtures("recovering")
def test_recovery_key_of_the_older_kind_is_refused(borough, tmp_path):
    """What is sealed for it would be only as safe as that."""
    key = tmp_path / "old.key"
    identity.write(key, identity.new(TODAY, "x25519"), None)
    public = tmp_path / "old.pub"
    public.write_text(identity.public_text(borough.keys_in(key).public()))
    result = borough.run(
        "keys", "add", "recovery", public, "--spoc", "Greta Strongroom", "-i", borough.co_ordinator
    )  # fmt: skip
    assert result.exit_code == 1
    assert "X25519" in result.stderr


def test_agency_cannot_take_the_place_of_the_recovery_key(borough):
    """No agency is called recovery."""
    path = borough.folder / "agencies.toml"
    path.write_text(path.read_text("utf-8").replace('id = "housing"', 'id = "recovery"'), "utf-8")
    result = borough.run("keys", "list")
    assert result.exit_code == 2
    assert "recovery" in result.stderr
