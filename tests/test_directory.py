"""A key counts only once its owner has confirmed it by another channel, and only until its end date."""

import datetime as dt
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys import directory_file, identity, sshsig
from keys.directory import Channel, Confirmation, Directory, DirectoryError, Entry, Revocation, Status, WhyNot

FIRST, LAST = dt.date(2026, 12, 1), dt.date(2027, 11, 30)
ADDED = dt.date(2026, 11, 22)
DAY = dt.date(2026, 12, 8)
ONE_DAY = dt.timedelta(days=1)
KEYS = [identity.new(ADDED, kind).public() for kind in ("hybrid", "x25519", "x25519")]
HEARD = Confirmation("Pat Example", "Sam Sample", Channel.TELEPHONE, ADDED)
GONE = Revocation("Pat Example", DAY)


def entry(keys=KEYS[0], agency="housing", spoc="Sam Sample", first=FIRST, last=LAST):
    return Entry(agency, spoc, keys, first, last, ADDED)


def fingerprint(number=0):
    return identity.fingerprint(KEYS[number])


NEW = Directory().add(entry())
CONFIRMED = NEW.confirm("housing", fingerprint(), HEARD)
REVOKED = CONFIRMED.revoke("housing", fingerprint(), GONE)


@pytest.mark.parametrize(
    ("directory", "day", "reason"),
    [
        pytest.param(Directory(), DAY, WhyNot.NONE, id="no key was ever added"),
        pytest.param(NEW, DAY, WhyNot.UNCONFIRMED, id="added and not confirmed"),
        pytest.param(NEW, LAST + ONE_DAY, WhyNot.LAPSED, id="never confirmed, and lapsed"),
        pytest.param(CONFIRMED, FIRST - ONE_DAY, WhyNot.NOT_YET_VALID, id="the day before the first"),
        pytest.param(CONFIRMED, FIRST, None, id="the first day"),
        pytest.param(CONFIRMED, LAST, None, id="the last day"),
        pytest.param(CONFIRMED, LAST + ONE_DAY, WhyNot.LAPSED, id="the day after the last"),
        pytest.param(REVOKED, DAY, WhyNot.REVOKED, id="revoked"),
        pytest.param(REVOKED, FIRST, WhyNot.REVOKED, id="revoked, asked for an earlier day"),
        pytest.param(
            REVOKED.add(entry(KEYS[1])), DAY, WhyNot.UNCONFIRMED, id="revoked, the next not confirmed"
        ),
        pytest.param(CONFIRMED.add(entry(KEYS[1], spoc="Jo")), DAY, None, id="one usable, another not"),
    ],
)
def test_why_an_agency_has_no_usable_key(directory, day, reason):
    """The reason is told, the one nearest to a cure; and there is none exactly when there is a usable key."""
    assert directory.why_not("housing", day) == reason
    assert bool(directory.usable("housing", day)) is (reason is None)


@given(day=st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31)))
def test_a_confirmed_key_is_usable_on_its_days_and_no_other(day):
    """Both ends are included."""
    assert bool(CONFIRMED.usable("housing", day)) is (FIRST <= day <= LAST)


def test_each_change_gives_a_new_directory():
    """Adding, confirming and revoking leave the directory before as it was."""
    assert [d.entries[0].status for d in (NEW, CONFIRMED, REVOKED)] == [
        Status.UNCONFIRMED,
        Status.CONFIRMED,
        Status.REVOKED,
    ]
    assert REVOKED.entries[0].confirmation == HEARD
    assert Directory().entries == ()


def test_several_spocs_of_one_agency():
    """Each SPOC's key is confirmed by itself, and all confirmed ones are sealed for; other agencies are not touched."""
    both = CONFIRMED.add(entry(KEYS[1], spoc="Jo Sample")).add(
        entry(KEYS[2], agency="coordinator", spoc="Pat Example")
    )
    assert [e.keys for e in both.usable("housing", DAY)] == [KEYS[0]]
    both = both.confirm("housing", fingerprint(1), Confirmation("Pat Example", "Jo Sample", "telephone", ADDED))
    assert [e.keys for e in both.usable("housing", DAY)] == KEYS[:2]
    assert both.usable("coordinator", DAY) == []
    assert [e.keys for e in both.of("coordinator")] == [KEYS[2]]


ROTATED = CONFIRMED.add(entry(KEYS[1])).confirm("housing", fingerprint(1), HEARD)
LATER = dt.date(2028, 11, 30)


def test_a_newer_key_takes_the_place_of_the_one_before():
    """While it waits to be confirmed the older key is used; from then on the newer one alone, whatever becomes of it."""
    waiting = CONFIRMED.add(entry(KEYS[1]))
    assert [one.keys for one in waiting.usable("housing", DAY)] == [KEYS[0]]
    assert [one.keys for one in ROTATED.usable("housing", DAY)] == [KEYS[1]]
    assert [ROTATED.state(one, DAY) for one in ROTATED.entries] == [WhyNot.REPLACED, None]
    lost = ROTATED.revoke("housing", fingerprint(1), GONE)
    assert lost.usable("housing", DAY) == []
    assert lost.why_not("housing", DAY) is WhyNot.REVOKED


def test_a_newer_key_counts_from_its_first_day():
    """Until then the older one is used."""
    first = DAY + ONE_DAY
    both = CONFIRMED.add(entry(KEYS[1], first=first)).confirm("housing", fingerprint(1), HEARD)
    assert [one.keys for one in both.usable("housing", DAY)] == [KEYS[0]]
    assert [one.keys for one in both.usable("housing", first)] == [KEYS[1]]


def test_a_colleague_s_newer_key_replaces_nothing():
    """Each person's keys are counted by themselves."""
    heard = Confirmation("Pat Example", "Jo", "telephone", ADDED)
    both = CONFIRMED.add(entry(KEYS[1], spoc="Jo")).confirm("housing", fingerprint(1), heard)
    assert [one.keys for one in both.usable("housing", DAY)] == KEYS[:2]


def test_an_older_key_is_not_confirmed_after_a_newer_one():
    """It would not be used."""
    both = NEW.add(entry(KEYS[1])).confirm("housing", fingerprint(1), HEARD)
    late = Confirmation("Pat Example", "Sam Sample", "telephone", DAY)
    with pytest.raises(DirectoryError, match="newer key"):
        both.confirm("housing", fingerprint(), late)


@pytest.mark.parametrize("day", [DAY, LAST, LAST + ONE_DAY * 100], ids=["in use", "on its last day", "lapsed"])
def test_a_key_is_renewed_by_reading_it_out_once_more(day):
    """It may be used until the new last day, and the newer confirmation stands."""
    heard = Confirmation("Pat Example", "Sam Sample", "in person", day)
    renewed = CONFIRMED.renew("housing", fingerprint(), heard, LATER)
    assert renewed.usable("housing", LATER)
    assert renewed.entries[0].confirmation == heard
    assert renewed.entries[0].valid_from == FIRST


@pytest.mark.parametrize(
    ("directory", "read_out", "until", "words"),
    [
        pytest.param(NEW, fingerprint(), LATER, "is unconfirmed", id="never confirmed"),
        pytest.param(REVOKED, fingerprint(), LATER, "is revoked", id="revoked"),
        pytest.param(ROTATED, fingerprint(), LATER, "is replaced", id="replaced by a newer key"),
        pytest.param(CONFIRMED, fingerprint(1), LATER, "No key", id="another fingerprint"),
        pytest.param(CONFIRMED, "12345", LATER, "40 digits", id="not a fingerprint"),
        pytest.param(CONFIRMED, fingerprint(), LAST, "as it is", id="until the day that it has"),
    ],
)
def test_what_cannot_be_renewed(directory, read_out, until, words):
    """Only a key in use, or one that has lapsed, gets a later day, and only by its fingerprint."""
    heard = Confirmation("Pat Example", "Sam Sample", "telephone", DAY)
    with pytest.raises(DirectoryError, match=words) as caught:
        directory.renew("housing", read_out, heard, until)
    assert caught.value.hint


def test_somebody_else_than_the_holder_does_not_renew():
    """A key is renewed by its holder's voice."""
    with pytest.raises(DirectoryError, match="its holder"):
        CONFIRMED.renew("housing", fingerprint(), Confirmation("Pat Example", "Jo", "telephone", DAY), LATER)


@pytest.mark.parametrize(
    "spelled",
    [
        fingerprint(),
        fingerprint().replace(" ", ""),
        f"  {fingerprint()}\n",
        fingerprint().replace(" ", "\u00a0"),
    ],
    ids=["in groups", "without spaces", "with spaces around", "with hard spaces"],
)
def test_spaces_in_what_was_read_out_do_not_count(spelled):
    """A fingerprint is taken down as people take down numbers."""
    assert NEW.confirm("housing", spelled, HEARD) == CONFIRMED


@pytest.mark.parametrize(
    ("directory", "agency", "read_out", "words"),
    [
        pytest.param(NEW, "housing", fingerprint(1), "No key of housing", id="another key's fingerprint"),
        pytest.param(NEW, "schools", fingerprint(), "No key of schools", id="the right one, of another agency"),
        pytest.param(NEW, "housing", fingerprint()[:-1], "40 digits", id="a digit short"),
        pytest.param(NEW, "housing", "", "40 digits", id="nothing read out"),
        pytest.param(NEW, "housing", "yes " * 10, "40 digits", id="words"),
        pytest.param(NEW, "housing", "٣" * 40, "40 digits", id="digits of another script"),
        pytest.param(CONFIRMED, "housing", fingerprint(), "confirmed already", id="confirmed before"),
        pytest.param(REVOKED, "housing", fingerprint(), "revoked already", id="revoked before"),
    ],
)
def test_a_confirmation_that_does_not_fit_is_refused(directory, agency, read_out, words):
    """Only the fingerprint of a waiting key of that agency confirms, every digit of it."""
    with pytest.raises(DirectoryError, match=words) as caught:
        directory.confirm(agency, read_out, HEARD)
    assert caught.value.hint


@pytest.mark.parametrize("name", ["Jo Sample", "Sam", "Samsample"])
def test_somebody_else_than_the_holder_does_not_confirm(name):
    """A fingerprint is read out by the person who holds the key, and the hint says who that is."""
    heard = Confirmation("Pat Example", name, "telephone", ADDED)
    with pytest.raises(DirectoryError, match="its holder") as caught:
        NEW.confirm("housing", fingerprint(), heard)
    assert "Sam Sample" in caught.value.hint


@pytest.mark.parametrize("name", ["sam sample", "  SAM   Sample ", "Sam\u00a0Sample"])
def test_case_and_spacing_of_the_holder_do_not_count(name):
    """The holder's name is compared as people write names."""
    heard = Confirmation("Pat Example", name, "telephone", ADDED)
    assert NEW.confirm("housing", fingerprint(), heard).usable("housing", DAY)


def test_the_agency_that_has_the_key_is_named():
    """Who brings a key that another agency has is told which."""
    with pytest.raises(DirectoryError, match="somebody else's of housing"):
        NEW.add(entry(agency="schools"))


@given(at=st.integers(0, 39), digit=st.integers(1, 9))
def test_one_wrong_digit_is_refused(at, digit):
    """A single digit heard wrong does not confirm."""
    digits = fingerprint().replace(" ", "")
    wrong = digits[:at] + str((int(digits[at]) + digit) % 10) + digits[at + 1 :]
    with pytest.raises(DirectoryError, match="No key"):
        NEW.confirm("housing", wrong, HEARD)


def test_a_lapsed_key_is_not_confirmed():
    """A key past its last day takes new keys, not a confirmation."""
    late = Confirmation("Pat Example", "Sam Sample", "telephone", LAST + ONE_DAY)
    with pytest.raises(DirectoryError, match="lapsed on 30 November 2027"):
        NEW.confirm("housing", fingerprint(), late)


@pytest.mark.parametrize(
    ("by", "with_whom", "how", "words"),
    [
        pytest.param("", "Sam Sample", "telephone", "two people", id="nobody compared"),
        pytest.param("Pat Example", " ", "telephone", "two people", id="nobody read out"),
        pytest.param("Pat Example", "pat  example", "telephone", "alone", id="the same person twice"),
        pytest.param("Pat Example", "Sam Sample", "e-mail", "no other way", id="by e-mail"),
        pytest.param("Pat Example", "Sam Sample", "", "no other way", id="by no channel"),
    ],
)
def test_a_confirmation_takes_two_people_and_a_known_channel(by, with_whom, how, words):
    """What does not prove the owner is refused."""
    with pytest.raises(DirectoryError, match=words) as caught:
        Confirmation(by, with_whom, how, ADDED)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(lambda: NEW.add(entry()), "already", id="the same key again"),
        pytest.param(lambda: REVOKED.add(entry()), "already", id="a revoked key again"),
        pytest.param(lambda: NEW.add(entry(agency="schools")), "somebody else", id="one key for two agencies"),
        pytest.param(lambda: NEW.add(entry(spoc="Jo Sample")), "somebody else", id="one key for two people"),
        pytest.param(
            lambda: NEW.add(entry(identity.PublicKeys(KEYS[1].recipient, KEYS[0].signing), spoc="Jo Sample")),
            "somebody else",
            id="one signing key for two people",
        ),
        pytest.param(lambda: entry(last=FIRST - ONE_DAY), "before it begins", id="an end before the beginning"),
        pytest.param(lambda: entry(agency=" "), "agency", id="no agency"),
        pytest.param(lambda: entry(spoc=""), "name", id="no holder"),
        pytest.param(
            lambda: NEW.revoke("housing", fingerprint(1), GONE), "No key", id="revoking an unknown key"
        ),
        pytest.param(lambda: REVOKED.revoke("housing", fingerprint(), GONE), "already", id="revoking twice"),
        pytest.param(lambda: Revocation("", DAY), "somebody", id="revoked by nobody"),
    ],
)
def test_what_makes_no_sense_is_refused(make, words):
    """A change that cannot be meant is refused in words with a cure."""
    with pytest.raises(DirectoryError, match=words) as caught:
        make()
    assert caught.value.hint


def test_a_new_sealing_key_may_keep_the_signing_key():
    """After a person's key has been changed, both entries stand, one signing key in both."""
    later = identity.PublicKeys(KEYS[1].recipient, KEYS[0].signing)
    assert len(CONFIRMED.add(entry(later)).of("housing")) == 2


def test_a_key_cannot_enter_confirmed():
    """Only `confirm` confirms: an entry that comes confirmed is a programmer's mistake."""
    with pytest.raises(ValueError, match="unconfirmed"):
        Directory().add(CONFIRMED.entries[0])


def test_no_name_in_a_repr():
    """A directory that gets into a log names no person and no key."""
    shown = repr(REVOKED)
    assert "housing" in shown
    assert not any(text in shown for text in ("Sam", "Pat", "age1", "ssh-"))


KEEPER, STRANGER = identity.new(ADDED), identity.new(ADDED)


def by(key):
    return partial(sshsig.sign, key.signing)


def write(path, directory, before=None, key=KEEPER):
    content, said = directory_file.text_of(directory, before, by(key))
    directory_file.write(path, content)
    return said


@pytest.mark.parametrize(
    "directory",
    [
        Directory(), NEW, CONFIRMED, REVOKED, REVOKED.add(entry(KEYS[1], spoc="Zoë Łuczak")),
        replace(NEW, vouched={"agencies": {"housing": {"spocs": [{"name": "Zoë Łuczak"}]}}}),
    ],
)  # fmt: skip
def test_the_file_comes_back(tmp_path, directory):
    """What was written is read, with its keeper and its number; a second takes its place and names it, and nothing lies beside."""
    path = tmp_path / "keys.signed"
    first = write(path, NEW)
    second = write(path, directory, first)
    found = directory_file.read(path)
    assert found == second
    assert found.directory == directory
    assert (found.number, found.previous, first.previous) == (2, first.digest, "")
    assert found.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.keeper == KEEPER.public().signing
    assert [one.name for one in tmp_path.iterdir()] == ["keys.signed"]


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is not installed")
def test_the_signature_is_checked_without_this_program(tmp_path):
    """`sed` takes the file apart as its documentation says, and `ssh-keygen` takes the signature."""
    write(tmp_path / "keys.signed", CONFIRMED)
    (tmp_path / "KEEPERS").write_text(sshsig.allowed_signers_line("keeper", KEEPER.signing.public_key()) + "\n")
    steps = re.findall(r"(?m)^    (.+)$", directory_file.__doc__)
    assert len(steps) == 3
    done = subprocess.run(
        ["sh", "-ec", "\n".join(steps)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert 'Good "sealpack-key-directory" signature for keeper' in done.stdout


def change(path, *keys, to):
    """Change a part of a directory, and sign it rightly again: what is wrong is the part alone."""
    text, _, _ = path.read_bytes().partition(b"-----BEGIN")
    data = json.loads(text)
    part = data
    for key in keys[:-1]:
        part = part[key]
    if to is None:
        del part[keys[-1]]
    else:
        part[keys[-1]] = to
    text = json.dumps(data).encode()
    path.write_bytes(text + by(KEEPER)(text, directory_file.NAMESPACE).encode())


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
@settings(max_examples=200)
def test_no_bit_can_be_changed(tmp_path_factory, at, bit):
    """Whatever byte is altered after the keeper signed, the file is refused."""
    path = tmp_path_factory.mktemp("bit") / "keys.signed"
    write(path, CONFIRMED)
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 1 << bit
    path.write_bytes(data)
    with pytest.raises(DirectoryError):
        directory_file.read(path)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(lambda text, _: text, "not signed", id="without a signature"),
        pytest.param(lambda text, sign: text + sign(text, "sealpack-manifest"), "was changed", id="signed for something else"),
        pytest.param(lambda text, sign: text + sign(text + b" ", directory_file.NAMESPACE), "was changed", id="the signature of another"),
        pytest.param(lambda text, sign: text + sign(text, directory_file.NAMESPACE) + b"\n", "was changed", id="something after it"),
        pytest.param(lambda text, sign: text + sign(text, directory_file.NAMESPACE)[:-40], "was changed", id="cut off"),
    ],
)  # fmt: skip
def test_only_what_a_key_signed_is_read(tmp_path, make, words):
    """The signature covers every byte above it, stands at the end, and is for a directory of keys."""
    path = tmp_path / "keys.signed"
    write(path, CONFIRMED)
    text = path.read_bytes().partition(b"-----BEGIN")[0]
    path.write_bytes(make(text, lambda message, namespace: by(KEEPER)(message, namespace).encode()))
    with pytest.raises(DirectoryError, match=words) as caught:
        directory_file.read(path)
    assert "Nothing is sealed" in caught.value.hint


ENTRY = ("entries", 0)


@pytest.mark.parametrize(
    ("keys", "to", "words"),
    [
        pytest.param(("format",), "else", "not a directory of keys", id="another file"),
        pytest.param(("version",), 3, "does not know", id="a later form"),
        pytest.param(("number",), "1", "which one it is", id="a text for its number"),
        pytest.param(("previous",), "x", "which one it is", id="no digest of the one before"),
        pytest.param(("vouched",), [], "no list", id="a list for what is vouched for"),
        pytest.param(("entries",), {}, "no list", id="no list"),
        pytest.param(("more",), 1, "more than that", id="something more"),
        pytest.param(ENTRY, 5, "entry 1: it is not an entry", id="a number for an entry"),
        pytest.param((*ENTRY, "agency"), 5, "not made of texts", id="a number for an agency"),
        pytest.param((*ENTRY, "agency"), None, "lacks agency", id="no agency"),
        pytest.param((*ENTRY, "secret"), "x", "does not belong", id="something more in an entry"),
        pytest.param(
            (*ENTRY, "valid_until"), "30/11/2027", "valid_until is not a date", id="a date of another form"
        ),
        pytest.param(
            (*ENTRY, "valid_until"), "2026-01-01", "before it begins", id="an end before the beginning"
        ),
        pytest.param((*ENTRY, "recipient"), "age1xyz", "cannot be read", id="a damaged key"),
        pytest.param((*ENTRY, "recipient"), KEYS[1].recipient, "exchanged", id="another person's key put in"),
        pytest.param(
            (*ENTRY, "signing"), KEYS[1].signing, "exchanged", id="another person's signing key put in"
        ),
        pytest.param((*ENTRY, "confirmation", "by"), None, "confirmation lacks by", id="confirmed by nobody"),
        pytest.param((*ENTRY, "confirmation", "how"), "e-mail", "no other way", id="confirmed by e-mail"),
        pytest.param((*ENTRY, "confirmation"), "yes", "not made of texts", id="a bare yes for a confirmation"),
        pytest.param((*ENTRY, "revocation", "on"), "soon", "on is not a date", id="revoked on no day"),
    ],
)
def test_a_file_that_is_not_right_is_refused_whole(tmp_path, keys, to, words):
    """Any fault refuses the file, names the entry, says what, and shows nobody's name."""
    path = tmp_path / "directory.json"
    write(path, REVOKED)
    change(path, *keys, to=to)
    with pytest.raises(DirectoryError, match=words) as caught:
        directory_file.read(path)
    assert caught.value.hint
    assert "Sam" not in str(caught.value)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000], ids=["empty", "cut off", "bytes", "deep"]
)
def test_a_file_that_is_not_json_is_told(tmp_path, data):
    """A damaged file is refused in words."""
    (tmp_path / "directory.json").write_bytes(data)
    with pytest.raises(DirectoryError, match="damaged"):
        directory_file.read(tmp_path / "directory.json")


def test_a_missing_file_and_a_missing_folder_are_told(tmp_path):
    """A name that is not there is refused in words, for reading and for writing."""
    with pytest.raises(DirectoryError, match="could not be read"):
        directory_file.read(tmp_path / "nowhere.json")
    with pytest.raises(DirectoryError, match="could not be written"):
        directory_file.write(tmp_path / "no folder" / "directory.json", b"x")
