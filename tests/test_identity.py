"""A key file keeps a person's keys from others, opens with its passphrase only, and any age program can use it."""

import datetime as dt
import hashlib
import io
import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys import age, identity, sshsig

DAY = dt.date(2026, 11, 22)
PASSPHRASE = "violet kettle Łódź"
LIGHT = 4  # a work factor for tests
KINDS = pytest.mark.parametrize("kind", ["hybrid", "x25519"])
AGE = shutil.which("age")
needs_age = pytest.mark.skipif(not AGE, reason="the program age is missing")
posix_only = pytest.mark.skipif(os.name != "posix", reason="file modes are a matter of POSIX")


def never():
    pytest.fail("the passphrase was asked for")


def secrets(keyfile):
    return [keyfile.identities[0].secret_text(), keyfile.signing.private_bytes_raw().hex()]


def with_terminal(command, passphrase):
    """Run a program that asks for a passphrase on its terminal, and give what it writes to a pipe."""
    read_end, write_end = os.pipe()
    child, terminal = pty.fork()
    if child == 0:
        os.dup2(write_end, 1)
        os.execv(command[0], command)
    os.close(write_end)
    asked = b""
    while b"passphrase" not in asked:
        asked += os.read(terminal, 1024)
    while b":" not in asked.rpartition(b"passphrase")[2]:
        asked += os.read(terminal, 1024)
    os.write(terminal, passphrase.encode() + b"\n")
    if b"leave empty" in asked:  # sealing asks twice
        while asked.count(b"passphrase") < 2:
            asked += os.read(terminal, 1024)
        os.write(terminal, passphrase.encode() + b"\n")
    with os.fdopen(read_end, "rb") as pipe:
        out = pipe.read()
    assert os.waitpid(child, 0)[1] == 0
    os.close(terminal)
    return out


@KINDS
@pytest.mark.parametrize("passphrase", [PASSPHRASE, None], ids=["sealed", "in the clear"])
def test_round_trip(tmp_path, kind, passphrase):
    """Keys come back as they were written, and open and sign as before."""
    keyfile = identity.new(DAY, kind)
    identity.write(tmp_path / "key", keyfile, passphrase, work_factor=LIGHT)
    again = identity.read(tmp_path / "key", (lambda: passphrase) if passphrase else never)
    assert secrets(again) == secrets(keyfile)
    assert again.public() == keyfile.public()
    assert again.created == DAY
    assert again.public().post_quantum is (kind == "hybrid")
    assert not again.exposed


def test_two_people_have_different_keys():
    """Nothing of one person's keys is in another's."""
    one, two = identity.new(DAY), identity.new(DAY)
    assert not set(secrets(one)) & set(secrets(two))


def test_old_keys_are_kept_after_a_change(tmp_path):
    """After a change the new key is the public one, the signing key stays, and older files still open."""
    old = identity.new(DAY)
    changed = old.rotated(dt.date(2027, 11, 22))
    identity.write(tmp_path / "key", changed, None)
    read = identity.read(tmp_path / "key", never)
    assert read.public().recipient != old.public().recipient
    assert read.public().signing == old.public().signing
    sealed, out = io.BytesIO(), io.BytesIO()
    age.encrypt(io.BytesIO(b"last year"), sealed, [old.public().sealing_key()])
    sealed.seek(0)
    age.decrypt(sealed, out, read.identities)
    assert out.getvalue() == b"last year"


def test_a_wrong_passphrase_is_told_apart_from_a_damaged_file(tmp_path):
    """A mistyped passphrase says so, and a damaged file says that."""
    path = tmp_path / "key"
    identity.write(path, identity.new(DAY), PASSPHRASE, work_factor=LIGHT)
    with pytest.raises(identity.WrongPassphrase) as caught:
        identity.read(path, lambda: "violet kettle")
    assert caught.value.hint
    with pytest.raises(identity.WrongPassphrase):
        identity.read(path, lambda: "")
    text = path.read_text()
    inside = len(text) // 2  # of the payload: the passphrase fits, and what it opens is not whole
    path.write_text(text[:inside] + ("A" if text[inside] != "A" else "B") + text[inside + 1 :])
    with pytest.raises(identity.KeyFileError) as caught:
        identity.read(path, lambda: PASSPHRASE)
    assert caught.type is identity.KeyFileError


def sealed_for_a_key():
    out = io.BytesIO()
    age.encrypt(io.BytesIO(b"x"), out, [identity.new(DAY).public().sealing_key()])
    return out.getvalue()


def clear_text(**changes):
    text = identity._format(identity.new(DAY, "x25519"))
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return text.encode()


FAULTY = [
    pytest.param(b"", "not a key file", id="an empty file"),
    pytest.param(b"Dear Sam", "not a key file", id="a letter"),
    pytest.param(b"\xff" * 100, "not a key file", id="a picture"),
    pytest.param(b"x" * (2 << 20), "too large", id="something large"),
    pytest.param(sealed_for_a_key(), "a sealed file", id="a pack"),
    pytest.param(b"AGE-SECRET-KEY-1GFPYYSJ\n", "not a key file", id="a key of age-keygen"),
    pytest.param(clear_text(a=("# signing key:", "# key:")), "damaged", id="no signing key"),
    pytest.param(clear_text(a=("\nAGE-SECRET-KEY", "\n# AGE-SECRET-KEY")), "damaged", id="no sealing key"),
    pytest.param(
        clear_text(a=("\nAGE-SECRET-KEY-1", "\nAGE-SECRET-KEY-2")), "damaged", id="a mistyped sealing key"
    ),
    pytest.param(
        clear_text(a=("SEALPACK-SIGNING", "SEALPACK-SINGING")), "damaged", id="a mistyped signing key"
    ),
    pytest.param(clear_text(a=("2026-11-22", "2026-11-32")), "damaged", id="a day that is none"),
]


@pytest.mark.parametrize(("data", "words"), FAULTY)
def test_what_is_no_key_file_is_told(tmp_path, data, words):
    """Anything but a whole key file is refused in words, and no key shows in them."""
    (tmp_path / "key").write_bytes(data)
    with pytest.raises(identity.KeyFileError, match=words) as caught:
        identity.read(tmp_path / "key", never)
    assert caught.value.hint
    assert "AGE-SECRET" not in str(caught.value) + caught.value.hint


def test_a_missing_file_and_a_missing_folder_are_told(tmp_path):
    """A name that is not there is refused in words, for reading and for writing."""
    with pytest.raises(identity.KeyFileError, match="could not be read"):
        identity.read(tmp_path / "nowhere", never)
    with pytest.raises(identity.KeyFileError, match="could not be written"):
        identity.write(tmp_path / "no folder" / "key", identity.new(DAY), None)


def test_a_key_file_is_never_overwritten(tmp_path):
    """A second file of the same name is refused, the first is as it was, and nothing is left beside it."""
    path = tmp_path / "key"
    identity.write(path, identity.new(DAY), None)
    before = path.read_bytes()
    with pytest.raises(identity.KeyFileError, match="never overwritten"):
        identity.write(path, identity.new(DAY), None)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["key"]


@posix_only
def test_a_memory_stick_without_hard_links_takes_a_key_file(tmp_path, monkeypatch):
    """Where the file system knows no hard links, a key file is still written whole, and never overwritten."""

    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    path = tmp_path / "key"
    keyfile = identity.new(DAY)
    identity.write(path, keyfile, None)
    with pytest.raises(identity.KeyFileError, match="never overwritten"):
        identity.write(path, identity.new(DAY), None)
    assert secrets(identity.read(path, never)) == secrets(keyfile)
    assert not identity.read(path, never).exposed
    assert [entry.name for entry in tmp_path.iterdir()] == ["key"]


@posix_only
def test_only_the_owner_may_read_it(tmp_path):
    """The file has mode 0600 whatever the umask, and a wider mode is reported on reading."""
    path = tmp_path / "key"
    mask = os.umask(0)
    try:
        identity.write(path, identity.new(DAY), None)
    finally:
        os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    assert identity.read(path, never).exposed


@KINDS
def test_no_secret_shows(tmp_path, kind):
    """Neither a repr nor the sealed file nor the file for others holds a secret."""
    keyfile = identity.new(DAY, kind)
    identity.write(tmp_path / "key", keyfile, PASSPHRASE, work_factor=LIGHT)
    public = keyfile.public()
    shown = repr(keyfile) + repr(public) + identity.public_text(public) + (tmp_path / "key").read_text()
    assert keyfile.identities[0].secret_text()[20:] not in shown
    assert "SECRET" not in shown
    assert "SIGNING-KEY" not in shown


@KINDS
def test_the_file_for_others_comes_back(kind):
    """What is handed out is read back, with the marks of Windows and of mail programs on it too."""
    public = identity.new(DAY, kind).public()
    text = identity.public_text(public)
    for variant in (
        text,
        "\ufeff" + text.replace("\n", "\r\n"),
        "\n" + text + "\n\n",
        text.replace("\n", " \n"),
    ):
        assert identity.parse_public_text(variant) == public
    assert sshsig.parse_public_line(public.signing) == public.signing_key()


PUBLIC = identity.new(DAY, "x25519").public()
OTHER = identity.new(DAY, "x25519").public()
TEXT = identity.public_text(PUBLIC)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "not a file of public keys", id="nothing"),
        pytest.param("Dear Sam", "not a file of public keys", id="a letter"),
        pytest.param(clear_text().decode(), "private keys", id="the private file by mistake"),
        pytest.param(TEXT + OTHER.recipient + "\n", "holds one", id="two sealing keys"),
        pytest.param(TEXT.replace(PUBLIC.recipient, ""), "holds one", id="no sealing key"),
        pytest.param(TEXT.replace("# signing key", "# key"), "holds one", id="no signing key"),
        pytest.param(
            TEXT.replace(PUBLIC.recipient, PUBLIC.recipient[:-1]), "check characters", id="a letter lost"
        ),
        pytest.param(
            TEXT.replace("ssh-ed25519", "ssh-rsa"), "no public signing key", id="a signing key of another kind"
        ),
    ],
)
def test_what_is_no_file_of_public_keys_is_told(text, words):
    """Anything but one sealing key and one signing key is refused in words."""
    with pytest.raises(identity.KeyFileError, match=words) as caught:
        identity.parse_public_text(text)
    assert caught.value.hint


def test_the_fingerprint_is_as_it_is_defined():
    """A fixed pair of keys has the fingerprint that anybody can work out from the definition."""
    keyfile = identity.KeyFile(
        (age.X25519Identity(bytes(range(32))),), Ed25519PrivateKey.from_private_bytes(bytes(32)), DAY
    )
    public = keyfile.public()
    digest = hashlib.sha256(
        b"sealpack.fingerprint.v1\x00" + f"{public.recipient}\n{public.signing}".encode()
    ).hexdigest()
    shown = identity.fingerprint(public)
    assert shown.replace(" ", "") == str(int(digest, 16))[-40:]
    assert shown == "01143 83804 10713 24564 46740 25264 23771 16809"


def test_the_fingerprint_covers_both_keys_and_nothing_of_their_spelling():
    """Either key exchanged gives another fingerprint; capitals, spaces and comments give the same."""
    mixed = (
        identity.PublicKeys(PUBLIC.recipient, OTHER.signing),
        identity.PublicKeys(OTHER.recipient, PUBLIC.signing),
    )
    prints = {identity.fingerprint(public) for public in (PUBLIC, OTHER, *mixed)}
    assert len(prints) == 4
    spelled = identity.PublicKeys(f" {PUBLIC.recipient.upper()} ", f"{PUBLIC.signing}  housing SPOC")
    assert identity.fingerprint(spelled) == identity.fingerprint(PUBLIC)
    assert spelled == PUBLIC


@needs_age
def test_the_age_program_opens_the_key_file(tmp_path):
    """`age -d` shows a sealed key file's text, public lines and all."""
    keyfile = identity.new(DAY)
    identity.write(tmp_path / "key", keyfile, PASSPHRASE, work_factor=LIGHT)
    text = with_terminal([AGE, "-d", str(tmp_path / "key")], PASSPHRASE).decode()
    assert keyfile.identities[0].secret_text() in text
    assert keyfile.public().recipient in text
    assert "# created: 2026-11-22" in text


@needs_age
@pytest.mark.parametrize("passphrase", [PASSPHRASE, None], ids=["sealed", "in the clear"])
def test_the_age_program_opens_a_pack_with_the_key_file_itself(tmp_path, passphrase):
    """`age -d -i KEYFILE` opens what is sealed for the key, without this program."""
    keyfile = identity.new(DAY, "x25519")
    identity.write(tmp_path / "key", keyfile, passphrase, work_factor=LIGHT)
    (tmp_path / "name.pub").write_text(identity.public_text(keyfile.public()))
    sealed = subprocess.run(
        [AGE, "-R", tmp_path / "name.pub"], input=b"a paper", capture_output=True, check=True
    ).stdout
    assert [stanza.type for stanza in age.read_header(io.BytesIO(sealed)).stanzas] == ["X25519"]
    (tmp_path / "pack").write_bytes(sealed)
    command = [AGE, "-d", "-i", str(tmp_path / "key"), str(tmp_path / "pack")]
    if passphrase:
        assert with_terminal(command, passphrase) == b"a paper"
    else:
        assert subprocess.run(command, capture_output=True, check=True).stdout == b"a paper"


@needs_age
def test_a_key_file_sealed_by_the_age_program_is_read(tmp_path):
    """A key file that its owner sealed with `age -p` is read like one of ours."""
    keyfile = identity.new(DAY)
    identity.write(tmp_path / "clear", keyfile, None)
    (tmp_path / "key").write_bytes(with_terminal([AGE, "-p", str(tmp_path / "clear")], PASSPHRASE))
    (tmp_path / "key").chmod(0o600)
    assert secrets(identity.read(tmp_path / "key", lambda: PASSPHRASE)) == secrets(keyfile)
