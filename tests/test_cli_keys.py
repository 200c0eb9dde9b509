"""Commands for keys: made, handed over, confirmed by voice, and taken out of use."""

import json
import stat

import pytest
from borough import MEETING, TODAY, done, run

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
        "keys", "confirm", agency, "--read-out", digits, *(part for pair in said.items() for part in pair)
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


def test_unconfirmed_key_gets_no_pack(borough, new):
    """A key is added unconfirmed, and the list and the plan say that nothing is sealed for it yet."""
    for one in list(listed(borough).values()):
        if one["agency"] == "housing":
            borough.done("keys", "revoke", "housing", "--fingerprint", one["fingerprint"], "--by", "Ann Clerk")
    printed = borough.done("keys", "add", "housing", new.with_suffix(".pub"), "--spoc", "Linden Hatstand")
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
    result = borough.run("keys", "add", agency, new.with_suffix(".pub"), "--spoc", spoc)
    assert result.exit_code == 2
    assert told in result.stderr
    assert listed(borough) == before


def test_older_key_needs_an_exception(borough, tmp_path):
    """An X25519 key is refused for an agency whose reason for it is not written in agencies.toml."""
    key = tmp_path / "old.key"
    done("keys", "new", key, "--no-passphrase", "--classic")
    result = borough.run("keys", "add", "housing", key.with_suffix(".pub"), "--spoc", "Linden Hatstand")
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
    borough.done("keys", "add", "housing", new.with_suffix(".pub"), "--spoc", "Linden Hatstand")
    result = confirm(borough, "housing", digits, **other)
    assert result.exit_code in {1, 2}
    assert told in result.stderr
    assert listed(borough)[fingerprint(new.with_suffix(".pub"))]["state"] == "unconfirmed"


def test_file_that_holds_no_public_keys_is_told(borough, tmp_path, new):
    """A key file or a letter in the place of a file of public keys is refused, and no secret of it is shown."""
    letter = tmp_path / "letter.pub"
    letter.write_text("Dear all\n")
    for path in (letter, new):
        result = borough.run("keys", "add", "housing", path, "--spoc", "Linden Hatstand")
        assert result.exit_code == 1
        assert "SECRET" not in result.output
        assert run("keys", "show", path).exit_code == 1


def test_directory_that_was_mended_by_hand_is_refused(borough):
    """A directory of keys in which a key was exchanged is not read."""
    path = borough.folder / "keys.json"
    said = json.loads(path.read_text())
    said["entries"][0]["recipient"] = said["entries"].pop()["recipient"]
    path.write_text(json.dumps(said))
    result = borough.run("keys", "list")
    assert result.exit_code == 1
    assert "keys.json" in result.stderr
    assert "exchanged" in result.stderr


def test_list_names_agencies_without_a_key(borough):
    """The list ends with the agencies that have sent no key."""
    assert "No key: schools" in borough.done("keys", "list")
