"""Commands for keys: made, handed over, confirmed by voice, and taken out of use."""

import json
import stat
from dataclasses import replace

import pytest
from borough import MEETING, TODAY, done, run

from keys import age, identity
from pipeline.seal import open_sealed

DIGITS = "12345 67890 12345 67890 12345 67890 12345 67890"


def listed(borough):
    return {one["fingerprint"]: one for one in json.loads(borough.done("keys", "list", "--json"))}


def fingerprint(public):
    return done("keys", "show", public).split("Fingerprint: ")[1].splitlines()[0]


@pytest.fixture
def new(tmp_path):
    key = tmp_path / "new.key"
    done("keys", "new", key, "--no-passphrase", "--today", TODAY)
    return key


def confirm(borough, agency, digits, **other):
    said = {"--by": "Ann Clerk", "--with": "Jo Exampleby", "--how": "telephone"} | other
    return borough.run(
        "keys",
        "confirm",
        agency,
        "--read-out",
        digits,
        *(part for pair in said.items() for part in pair),
        "-i",
        borough.co_ordinator,
    )


def test_key_file_is_for_its_owner_alone(new):
    """A key file has mode 0600; the public keys beside it are what is handed out, and hold no secret."""
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    public = new.with_suffix(".pub").read_text()
    assert "SECRET" not in public.upper()
    assert fingerprint(new.with_suffix(".pub")) in new.with_suffix(".pub").read_text() + done(
        "keys", "show", new.with_suffix(".pub")
    )


@pytest.mark.parametrize("there", ["my.key", "my.pub"])
def test_keys_are_never_overwritten(tmp_path, there):
    """Where one of the two files is there already, neither is written, and no passphrase is asked for."""
    (tmp_path / there).write_text("precious")
    result = run("keys", "new", tmp_path / "my.key")
    assert result.exit_code == 1
    assert "never overwritten" in result.stderr
    assert "Passphrase" not in result.output
    assert [path.read_text() for path in tmp_path.iterdir()] == ["precious"]


def test_key_file_cannot_have_the_name_of_the_public_one(tmp_path):
    """A key file called .pub is wrong use: the public keys would have its place."""
    assert run("keys", "new", tmp_path / "my.pub", "--no-passphrase").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_not_there_is_told(tmp_path):
    """Keys for a folder that is not there: it is told, and nothing is made."""
    result = run("keys", "new", tmp_path / "nowhere" / "my.key", "--no-passphrase")
    assert result.exit_code == 1
    assert "nowhere" in result.stderr


def test_passphrase_is_asked_for_twice_and_may_not_be_short(tmp_path):
    """A short passphrase is asked for again; the file is then sealed, and none of it is shown."""
    long = "correct horse battery staple"
    result = run("keys", "new", tmp_path / "my.key", answers=f"short\nshort\n{long}\n{long}\n")
    assert result.exit_code == 0, result.output
    assert "too short" in result.stderr
    assert long not in result.output
    assert "SEALPACK-SIGNING-KEY" not in (tmp_path / "my.key").read_text()


@pytest.mark.parametrize(
    ("weak", "told"),
    [("aaaaaaaaaaaa", "easily guessed"), ("ho ho ho ho ho ho", "easily guessed"), ("123123123123", "easily guessed")],
    ids=["a key held down", "one word", "three digits"],
)  # fmt: skip
def test_passphrase_that_is_easily_guessed_is_asked_for_again(tmp_path, weak, told):
    """A long passphrase of next to nothing is told kindly what is wrong with it; four words, or some variety, will do."""
    for good in ("one to an on axe", "mT4-kw9ZpQ2x"):
        key = tmp_path / f"{len(good)}.key"
        result = run("keys", "new", key, answers=f"{weak}\n{weak}\n{good}\n{good}\n")
        assert result.exit_code == 0, result.output
        assert told in result.stderr
        assert weak not in result.output


@pytest.fixture
def sealed(tmp_path):
    """A key file with a passphrase."""
    key = tmp_path / "my.key"
    identity.write(key, identity.new(TODAY), OLD, work_factor=4)
    return key


OLD, NEW = "correct horse battery staple", "anchor biscuit cathedral drum"


def opened(key, passphrase):
    return identity.read(key, lambda: passphrase)


def test_passphrase_is_changed_and_the_keys_stay(sealed):
    """The new one alone opens the file, which holds the same keys for its owner alone; neither passphrase is shown."""
    before = opened(sealed, OLD).rotated(TODAY)
    sealed.unlink()
    identity.write(sealed, before, OLD, work_factor=4)
    result = run("keys", "passphrase", sealed, answers=f"{OLD}\n{NEW}\n{NEW}\n")
    assert result.exit_code == 0, result.output
    assert "back-up copy" in result.stdout
    assert OLD not in result.output
    assert NEW not in result.output
    after = opened(sealed, NEW)
    assert after.public() == before.public()
    assert [one.secret_text() for one in after.identities] == [one.secret_text() for one in before.identities]
    assert stat.S_IMODE(sealed.stat().st_mode) == 0o600
    assert list(sealed.parent.iterdir()) == [sealed]
    with pytest.raises(identity.WrongPassphrase):
        opened(sealed, OLD)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (f"{NEW}\n", "The passphrase does not open"),
        (f"{OLD}\n{NEW}\nanother one of four\n", "Error: The two entered values do not match."),
        (f"{OLD}\n", ""),
    ],
    ids=["wrong", "mistyped", "given up"],
)
def test_passphrase_that_is_not_changed_is_as_before(sealed, answers, told):
    """Whoever has not the old one, or does not type the new one twice, changes nothing."""
    before = sealed.read_bytes()
    result = run("keys", "passphrase", sealed, answers=answers)
    assert result.exit_code == 1
    assert told in result.output
    assert "Traceback" not in result.output
    assert sealed.read_bytes() == before


def test_key_file_in_the_clear_gets_a_passphrase(new):
    """Nothing of the old one is asked where there was none; the file is then for its owner alone, and that it was not is told."""
    new.chmod(0o644)
    result = run("keys", "passphrase", new, answers=f"{NEW}\n{NEW}\n")
    assert result.exit_code == 0, result.output
    assert "Passphrase of now" not in result.output
    assert "others on this machine could read" in result.stderr
    assert opened(new, NEW).exposed is False
    assert "SIGNING-KEY" not in new.read_text()


def test_link_to_a_key_file_stays_a_link(sealed, tmp_path):
    """A key file on a stick that is linked to is changed where it is."""
    (tmp_path / "desk").mkdir()
    link = tmp_path / "desk" / "link.key"
    link.symlink_to(sealed)
    assert run("keys", "passphrase", link, answers=f"{OLD}\n{NEW}\n{NEW}\n").exit_code == 0
    assert link.is_symlink()
    opened(sealed, NEW)


def test_folder_is_looked_at_before_the_passphrase_is_asked_for(tmp_path):
    """Nobody thinks of a passphrase for a file that cannot be written."""
    (tmp_path / "file").write_text("x")
    for folder in ("nodir", "file"):
        result = run("keys", "new", tmp_path / folder / "my.key", answers="four words and more\n" * 2)
        assert result.exit_code == 1
        assert f"There is no folder {tmp_path / folder}" in result.stderr
        assert "Passphrase" not in result.output


@pytest.mark.parametrize("passphrase", [None, "correct horse battery"], ids=["plain", "sealed"])
def test_secret_key_file_is_told_as_what_it_is(borough, new, tmp_path, passphrase):
    """One's own key file in the place of the public one: it is secret, and the public one is named."""
    key = tmp_path / "my.key"
    identity.write(key, borough.keys_in(new), passphrase, work_factor=4)
    for result in (
        run("keys", "show", key),
        borough.run("keys", "add", "housing", key, "--spoc", "Linden Hatstand", "-i", borough.co_ordinator),
    ):
        assert result.exit_code == 1
        assert f"{key} is a secret key file: show it to nobody." in result.stderr
        assert str(tmp_path / "my.pub") in result.stderr


def test_key_that_another_agency_has_is_told_with_its_agency(borough):
    """A key of the police that is brought for housing is refused, and the police are named."""
    result = borough.run(
        "keys",
        "add",
        "housing",
        borough.key("police").with_suffix(".pub"),
        "--spoc",
        "Linden Hatstand",
        "-i",
        borough.co_ordinator,
    )
    assert result.exit_code == 1
    assert "somebody else's of police" in result.stderr


def test_only_the_holder_of_a_key_confirms_it(borough, new):
    """Another contact of the same agency cannot confirm a key; the hint names who can, however that name is written."""
    borough.done(
        "keys",
        "add",
        "police",
        new.with_suffix(".pub"),
        "--spoc",
        "Alder Whetstone",
        "-i",
        borough.co_ordinator,
    )
    digits = fingerprint(new.with_suffix(".pub"))
    other = next(one["spoc"] for one in listed(borough).values() if one["agency"] == "police")
    assert other != "Alder Whetstone"
    result = confirm(borough, "police", digits, **{"--with": other})
    assert result.exit_code == 1
    assert "Alder Whetstone" in result.stderr
    assert listed(borough)[digits]["state"] == "unconfirmed"
    assert confirm(borough, "police", digits, **{"--with": "alder  WHETSTONE"}).exit_code == 0


def test_unconfirmed_key_gets_no_pack(borough, new):
    """A key is added unconfirmed, and the list and the plan say that nothing is sealed for it yet."""
    for one in list(listed(borough).values()):
        if one["agency"] == "housing":
            borough.done(
                "keys",
                "revoke",
                "housing",
                "--fingerprint",
                one["fingerprint"],
                "--by",
                "Ann Clerk",
                "-i",
                borough.co_ordinator,
            )
    printed = borough.done(
        "keys",
        "add",
        "housing",
        new.with_suffix(".pub"),
        "--spoc",
        "Linden Hatstand",
        "-i",
        borough.co_ordinator,
    )
    assert "unconfirmed" in printed
    digits = fingerprint(new.with_suffix(".pub"))
    assert listed(borough)[digits]["state"] == "unconfirmed"
    plan = json.loads(borough.done("meeting", "plan", MEETING, "--json"))
    (housing,) = [one for one in plan["agencies"] if one["agency"] == "housing"]
    assert housing["no_key"] == "unconfirmed"
    assert confirm(borough, "housing", digits, **{"--with": "Linden Hatstand"}).exit_code == 0
    assert listed(borough)[digits]["state"] == "usable"


@pytest.mark.parametrize(
    ("agency", "spoc", "told"),
    [
        ("housing", "Somebody Else", "Named contacts: Linden Hatstand."),
        ("nowhere", "Linden Hatstand", "Take one of: "),
        ("schools", "Anybody", "Named contacts: none."),
    ],
    ids=["a name that is no contact's", "an agency that there is not", "an agency without a contact"],
)
def test_key_of_nobody_who_is_known_is_not_added(borough, new, agency, spoc, told):
    """Keys are added for a named contact of an agency only; what there is to choose from is told."""
    before = listed(borough)
    result = borough.run(
        "keys", "add", agency, new.with_suffix(".pub"), "--spoc", spoc, "-i", borough.co_ordinator
    )
    assert result.exit_code == 2
    assert told in result.stderr
    assert listed(borough) == before


def test_older_key_needs_an_exception(borough, tmp_path):
    """An X25519 key is refused for an agency whose reason for it is not written in agencies.toml."""
    key = tmp_path / "old.key"
    done("keys", "new", key, "--no-passphrase", "--classic")
    result = borough.run(
        "keys",
        "add",
        "housing",
        key.with_suffix(".pub"),
        "--spoc",
        "Linden Hatstand",
        "-i",
        borough.co_ordinator,
    )
    assert result.exit_code == 1
    assert "classic_key_reason" in result.stderr


@pytest.mark.parametrize(
    ("digits", "other", "told"),
    [
        (DIGITS, {}, "Do not use this key"),
        ("12345", {}, "40 digits"),
        (DIGITS, {"--with": "ann  clerk"}, "alone"),
        (DIGITS, {"--how": "e-mail"}, "telephone"),
    ],
    ids=["another fingerprint", "not a fingerprint", "one person alone", "by e-mail"],
)
def test_key_is_not_confirmed_on_anything_less(borough, new, digits, other, told):
    """A fingerprint is confirmed by two people on a channel of voice, digit for digit."""
    borough.done(
        "keys",
        "add",
        "housing",
        new.with_suffix(".pub"),
        "--spoc",
        "Linden Hatstand",
        "-i",
        borough.co_ordinator,
    )
    result = confirm(borough, "housing", digits, **other)
    assert result.exit_code in {1, 2}
    assert told in result.stderr
    assert listed(borough)[fingerprint(new.with_suffix(".pub"))]["state"] == "unconfirmed"


def test_file_that_holds_no_public_keys_is_told(borough, tmp_path, new):
    """A key file or a letter in the place of a file of public keys is refused, and no secret of it is shown."""
    letter = tmp_path / "letter.pub"
    letter.write_text("Dear all\n")
    for path in (letter, new):
        result = borough.run(
            "keys", "add", "housing", path, "--spoc", "Linden Hatstand", "-i", borough.co_ordinator
        )
        assert result.exit_code == 1
        assert "SECRET" not in result.output
        assert run("keys", "show", path).exit_code == 1


def test_directory_that_was_mended_by_hand_is_refused(borough):
    """A directory of keys in which a key was exchanged is not read."""
    path = borough.area.key_directory
    text, mark, signature = path.read_text("utf-8").partition("-----BEGIN")
    said = json.loads(text)
    said["entries"][0]["recipient"] = said["entries"].pop()["recipient"]
    path.write_text(json.dumps(said) + mark + signature, "utf-8")
    for command in (
        ["keys", "list"],
        ["meeting", "plan", MEETING],
        ["pack", MEETING, "-i", borough.co_ordinator],
    ):
        result = borough.run(*command)
        assert result.exit_code == 1
        assert "keys.signed was changed after its keeper signed it" in result.stderr
    assert not borough.outbox


def test_list_names_agencies_without_a_key(borough):
    """The list ends with the agencies that have sent no key."""
    assert "No key: schools" in borough.done("keys", "list")


def test_key_file_that_others_can_read_is_complained_of(packed_borough):
    """The command works, and says what to run."""
    packed_borough.co_ordinator.chmod(0o640)
    result = packed_borough.run("pack", MEETING, "-i", packed_borough.co_ordinator)
    assert result.exit_code == 0
    assert f"chmod 600 {packed_borough.co_ordinator}" in result.stderr


def test_rotated_key_opens_old_and_new(borough):
    """A new key goes into the file and the old one stays; packs follow the confirmed one, and the file opens both."""
    key, sender = borough.key("housing"), [borough.keys_in(borough.co_ordinator).public()]
    borough.pack()
    old = borough.sealed("housing").read_bytes()
    printed = done("keys", "rotate", key, "--today", TODAY)
    assert "It holds 2 keys now" in printed
    public = key.with_suffix(".pub")
    borough.done("keys", "add", "housing", public, "--spoc", "Linden Hatstand", "-i", borough.co_ordinator)
    assert "0 sealed now" in borough.pack()
    borough.confirm("housing", key, "Linden Hatstand")
    assert "1 sealed now" in borough.pack()
    new = borough.sealed("housing").read_bytes()
    keys = borough.keys_in(key)
    for sealed in (old, new):
        assert open_sealed(sealed, keys, sender).manifest.agency == "housing"
    with pytest.raises(age.NoMatchError):
        open_sealed(new, replace(keys, identities=keys.identities[1:]), sender)
    states = {one["state"] for one in listed(borough).values() if one["agency"] == "housing"}
    assert states == {"usable", "replaced"}


def test_rotated_key_file_keeps_its_passphrase(tmp_path):
    """The passphrase is asked for once, the new file opens with it, and only its owner can read it."""
    key = tmp_path / "my.key"
    words = "mustard kettle lantern gravel"
    identity.write(key, identity.new(TODAY), words, work_factor=4)
    result = run("keys", "rotate", key, "--today", TODAY, answers=f"{words}\n")
    assert result.exit_code == 0, result.output
    assert result.output.count("Passphrase") == 1
    assert len(identity.read(key, lambda: words).identities) == 2
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    assert "does not open" in run("keys", "rotate", key, answers="something else\n").stderr
    assert key.read_bytes() == before


def test_renewed_key_may_be_used_for_longer(borough):
    """A lapsed key gets a new last day when its holder reads it out once more; without that it stays lapsed."""
    digits = fingerprint(borough.key("housing").with_suffix(".pub"))
    said = ("--by", "Ann Clerk", "--with", "Linden Hatstand", "--how", "telephone", "-i", borough.co_ordinator)
    late = ("--today", "2028-01-10")

    def state():
        told = json.loads(done("keys", "list", "--json", "--area", borough.folder, *late))
        return next(one["state"] for one in told if one["fingerprint"] == digits)

    assert state() == "lapsed"
    assert borough.run("keys", "renew", "housing", "--read-out", DIGITS, *said, *late).exit_code == 1
    assert state() == "lapsed"
    printed = borough.done("keys", "renew", "housing", "--read-out", digits, *said, *late)
    assert "until 9 January 2029" in printed
    assert state() == "usable"


def test_list_tells_who_confirmed_a_key_how_and_when(borough):
    """For people and for programs."""
    printed = " ".join(borough.done("keys", "list").split())
    assert "2 December 2026" in printed
    assert "telephone, Ann Clerk" in printed
    heard = next(one for one in listed(borough).values() if one["agency"] == "housing")
    assert heard["confirmed"] == {
        "by": "Ann Clerk", "with_whom": "Linden Hatstand", "how": "telephone", "on": "2026-12-02",
    }  # fmt: skip
    assert (heard["from"], heard["until"]) == ("2026-12-02", "2027-12-02")


def test_key_file_named_as_public_keys_is_not_rotated(tmp_path):
    """The file of public keys would take its place, and the private ones be gone."""
    key = tmp_path / "mine.pub"
    identity.write(key, identity.new(TODAY), None)
    before = key.read_bytes()
    assert run("keys", "rotate", key).exit_code == 2
    assert key.read_bytes() == before


@pytest.mark.parametrize("name", ["Ann\x1b[2JClerk", "Ann\ud800Clerk", "\n"])
def test_name_that_could_write_over_a_terminal_is_refused(borough, new, name):
    """Names come into a signed file and the register."""
    borough.done(
        "keys",
        "add",
        "police",
        new.with_suffix(".pub"),
        "--spoc",
        "Alder Whetstone",
        "-i",
        borough.co_ordinator,
    )
    digits = fingerprint(new.with_suffix(".pub"))
    result = confirm(borough, "police", digits, **{"--by": name, "--with": "Alder Whetstone"})
    assert result.exit_code == 1
    assert listed(borough)[digits]["state"] == "unconfirmed"


def test_mistyped_agency_is_no_reason_to_mistrust_a_key(borough):
    """It is told as what it is."""
    for command in (
        ["confirm", "brackenford", "--read-out", DIGITS, "--with", "A"],
        ["revoke", "brackenford", "--fingerprint", DIGITS],
    ):
        result = borough.run(
            "keys", *command, "--by", "B", *(["--how", "telephone"] if command[0] == "confirm" else []), "-i", borough.co_ordinator
        )  # fmt: skip
        assert result.exit_code == 2
        assert "There is no agency brackenford" in result.stderr


def test_list_tells_who_signed_it_and_whose_key_is_no_contact_s(borough):
    """Of somebody who has left agencies.toml a key is not sealed for, whatever stands there."""
    assert "Directory of keys no. 1, signed by Perpetua Inkstand, SHA256:" in borough.done("keys", "list")
    path = borough.folder / "agencies.toml"
    path.write_text(path.read_text("utf-8").replace("Linden Hatstand", "Ivy Lodger"), "utf-8")
    states = {one["spoc"]: one["state"] for one in listed(borough).values()}
    assert states["Linden Hatstand"] == "not a contact"
    assert states["Perpetua Inkstand"] == "usable"
