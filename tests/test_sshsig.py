"""A signature made here is the very one ssh-keygen makes, and each finds the other's good, or not, alike."""

import datetime as dt
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from keys import sshsig

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
NAMESPACE = "manifest@sealpack.example"
MESSAGE = b'{"pack": "2026-11-0007"}\n'
SSH_KEYGEN = shutil.which("ssh-keygen")
needs_ssh_keygen = pytest.mark.skipif(not SSH_KEYGEN, reason="the program ssh-keygen is missing")


@pytest.fixture
def folder(tmp_path):
    """A folder with the private key as OpenSSH keeps it, and the message."""
    key = tmp_path / "key"
    key.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    key.chmod(0o600)
    (tmp_path / "message").write_bytes(MESSAGE)
    return tmp_path


def ssh_sign(folder, *options):
    subprocess.run(
        [SSH_KEYGEN, "-Y", "sign", "-f", "key", "-n", NAMESPACE, *options, "message"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return (folder / "message.sig").read_text()


def ssh_verify(folder, signature, *, message=MESSAGE, namespace=NAMESPACE, signers="", day="20261208"):
    (folder / "sig").write_text(signature)
    (folder / "signers").write_text((signers or sshsig.allowed_signers_line("coordinator", PUBLIC)) + "\n")
    command = [SSH_KEYGEN, "-Y", "verify", "-f", "signers", "-I", "coordinator", "-n", namespace, "-s", "sig"]
    command += [f"-Overify-time={day}120000Z"]
    return subprocess.run(command, cwd=folder, input=message, capture_output=True, check=False).returncode == 0


@needs_ssh_keygen
@pytest.mark.parametrize("message", [b"", MESSAGE, bytes(100_000)], ids=["empty", "short", "long"])
def test_byte_for_byte_what_ssh_keygen_makes(folder, message):
    """The armoured text is equal to ssh-keygen's to the last byte."""
    (folder / "message").write_bytes(message)
    assert sshsig.sign(KEY, message, NAMESPACE) == ssh_sign(folder)


@needs_ssh_keygen
def test_ssh_keygen_verifies_ours(folder):
    """ssh-keygen accepts our signature for its message and namespace, and for no other."""
    signature = sshsig.sign(KEY, MESSAGE, NAMESPACE)
    assert ssh_verify(folder, signature)
    assert not ssh_verify(folder, signature, message=MESSAGE + b" ")
    assert not ssh_verify(folder, signature, namespace="file")


@needs_ssh_keygen
@pytest.mark.parametrize("options", [[], ["-Ohashalg=sha256"]], ids=["sha512", "sha256"])
def test_we_verify_what_ssh_keygen_signs(folder, options):
    """A signature made with ssh-keygen holds, and names its key."""
    assert sshsig.verify(ssh_sign(folder, *options), MESSAGE, NAMESPACE) == PUBLIC


@needs_ssh_keygen
@pytest.mark.parametrize(
    ("day", "good"),
    [
        pytest.param("20261130", False, id="the day before the first"),
        pytest.param("20261201", True, id="the first day"),
        pytest.param("20271130", True, id="the last day"),
        pytest.param("20271201", False, id="the day after the last"),
    ],
)
def test_allowed_signers_line_holds_days_and_purposes(folder, day, good):
    """ssh-keygen reads our line: it holds on its days, and for its namespaces only."""
    days = dt.date(2026, 12, 1), dt.date(2027, 11, 30)
    signature = sshsig.sign(KEY, MESSAGE, NAMESPACE)
    line = sshsig.allowed_signers_line("coordinator", PUBLIC, (NAMESPACE, "receipt@sealpack.example"), *days)
    assert ssh_verify(folder, signature, signers=line, day=day) is good
    other = sshsig.allowed_signers_line("coordinator", PUBLIC, ("receipt@sealpack.example",), *days)
    assert not ssh_verify(folder, signature, signers=other, day=day)


@needs_ssh_keygen
def test_a_key_has_the_sha256_that_ssh_keygen_prints(folder):
    """Whoever compares what two programs say of one key sees the same letters."""
    (folder / "key.pub").write_text(sshsig.public_line(PUBLIC) + "\n")
    command = [SSH_KEYGEN, "-l", "-f", "key.pub"]
    printed = subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True).stdout
    assert sshsig.digest(PUBLIC) in printed.split()


@given(message=st.binary(max_size=200), other=st.binary(max_size=200))
def test_a_signature_is_good_for_its_message_only(message, other):
    """Any message verifies with its signature, and any other message does not."""
    signature = sshsig.sign(KEY, message, NAMESPACE)
    assert sshsig.verify(signature, message, NAMESPACE) == PUBLIC
    if other != message:
        with pytest.raises(sshsig.SignatureError, match="altered"):
            sshsig.verify(signature, other, NAMESPACE)


def test_a_signature_for_another_purpose_is_refused():
    """What was signed as a receipt does not stand under a manifest."""
    with pytest.raises(sshsig.SignatureError, match="another purpose"):
        sshsig.verify(sshsig.sign(KEY, MESSAGE, "receipt@sealpack.example"), MESSAGE, NAMESPACE)
    with pytest.raises(ValueError, match="namespace"):
        sshsig.sign(KEY, MESSAGE, "")


def test_every_byte_of_a_signature_matters():
    """A byte changed, missing or added anywhere is refused."""
    import base64

    lines = sshsig.sign(KEY, MESSAGE, NAMESPACE).splitlines()
    blob = base64.b64decode("".join(lines[1:-1]))

    def outcome(data):
        text = "\n".join((lines[0], base64.b64encode(data).decode(), lines[-1]))
        return sshsig.verify(text, MESSAGE, NAMESPACE)

    assert outcome(blob) == PUBLIC
    for at in range(len(blob)):
        altered = blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]
        with pytest.raises(sshsig.SignatureError):
            outcome(altered)
        with pytest.raises(sshsig.SignatureError):
            outcome(blob[:at])
    with pytest.raises(sshsig.SignatureError, match="added"):
        outcome(blob + b"x")


@pytest.mark.parametrize(
    "text",
    ["", "hello", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----"],
    ids=["nothing", "some text", "an empty block"],
)
def test_what_is_no_signature_is_told(text):
    """Text that holds no signature is refused in words."""
    with pytest.raises(sshsig.SignatureError, match="not a signature") as caught:
        sshsig.verify(text, MESSAGE, NAMESPACE)
    assert caught.value.hint


def test_a_public_line_comes_back():
    """A public key is spelled as OpenSSH spells it, and read with or without a comment."""
    line = sshsig.public_line(PUBLIC, "housing SPOC")
    assert line.startswith(PUBLIC.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode() + " ")
    assert sshsig.parse_public_line(line) == PUBLIC == sshsig.parse_public_line(sshsig.public_line(PUBLIC))
    with pytest.raises(ValueError, match="one line"):
        sshsig.public_line(PUBLIC, "two\nlines")


P256 = (
    generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("", id="nothing"),
        pytest.param(P256, id="a key of another kind"),
        pytest.param(
            P256.replace("ecdsa-sha2-nistp256", "ssh-ed25519", 1), id="a key that claims another kind"
        ),
        pytest.param(sshsig.public_line(PUBLIC)[:-4], id="cut off"),
        pytest.param("ssh-ed25519 %%%%", id="not base64"),
        pytest.param("age1qqqsyqcyq5rqwzqfpg9scrgwpu8s2x8xw", id="a sealing key"),
    ],
)
def test_what_is_no_public_signing_key_is_told(line):
    """Anything but a whole Ed25519 public key is refused in words."""
    with pytest.raises(sshsig.SignatureError) as caught:
        sshsig.parse_public_line(line)
    assert caught.value.hint


@pytest.mark.parametrize("principal", ["", "two words", "a,b", "*", 'a"b', "a\nb", "#"])
def test_a_principal_with_a_meaning_of_its_own_is_refused(principal):
    """A name cannot smuggle a pattern, an option or a line into an allowed-signers file."""
    with pytest.raises(ValueError, match="principal"):
        sshsig.allowed_signers_line(principal, PUBLIC)
