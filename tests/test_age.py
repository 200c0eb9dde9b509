"""Sealed files open for those they are for, for nobody else, and not at all once a bit of them has changed."""

import io
import os
import shutil
import subprocess
import tracemalloc

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys import age
from keys.stanza import decode_unpadded, encode_unpadded

CHUNK = 1 << 16
HYBRID = age.HybridIdentity(bytes(range(32)))
CLASSIC = age.X25519Identity(bytes(range(32)))
LABEL = age.Stanza("sealpack.example/label", ("2026-11-0007", "housing"), b"Borough of Invented")
PAPER = b"A paper with nobody in it.\n"
KINDS = pytest.mark.parametrize("identity", [HYBRID, CLASSIC], ids=["hybrid", "classic"])
AGE = shutil.which("age")
needs_age = pytest.mark.skipif(not AGE, reason="the program age is missing")


def seal(data, *recipients, **options):
    out = io.BytesIO()
    age.encrypt(io.BytesIO(data), out, recipients, **options)
    return out.getvalue()


def unseal(sealed, *identities):
    out = io.BytesIO()
    age.decrypt(io.BytesIO(sealed), out, identities)
    return out.getvalue()


SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 16 * CHUNK - 1, 16 * CHUNK, 16 * CHUNK + 1, 33 * CHUNK]


@KINDS
@pytest.mark.parametrize("armor", [False, True], ids=["binary", "text form"])
@pytest.mark.parametrize("size", SIZES)
def test_round_trip_at_every_edge(identity, armor, size):
    """What was sealed comes back whole, around every edge of chunk and block, in both forms."""
    data = os.urandom(size)
    assert unseal(seal(data, identity.recipient(), armor=armor), identity) == data


class Dribble(io.RawIOBase):
    """A stream that gives a few bytes at a time, as a pipe may."""

    def __init__(self, data, step):
        self.inner, self.step = io.BytesIO(data), step

    def read(self, size=-1):
        """Give no more than a step."""
        return self.inner.read(min(size, self.step) if size >= 0 else self.step)


@given(data=st.binary(max_size=3000), step=st.integers(1, 100), armor=st.booleans())
@settings(max_examples=40)
def test_a_stream_in_small_pieces(data, step, armor):
    """How a stream hands out its bytes makes no difference."""
    out, back = io.BytesIO(), io.BytesIO()
    age.encrypt(Dribble(data, step), out, [CLASSIC.recipient()], armor=armor)
    age.decrypt(Dribble(out.getvalue(), step), back, [CLASSIC])
    assert back.getvalue() == data


def test_each_of_several_recipients_opens_alone():
    """Every SPOC of an agency opens the one file with the one key each holds."""
    identities = [age.HybridIdentity.generate() for _ in range(3)]
    sealed = seal(PAPER, *(identity.recipient() for identity in identities))
    assert [unseal(sealed, identity) for identity in identities] == [PAPER] * 3


def test_an_old_key_among_new_ones_opens():
    """All the keys of a person are tried, so that a file from before a change of keys opens."""
    old = age.HybridIdentity.generate()
    assert unseal(seal(PAPER, old.recipient()), age.HybridIdentity.generate(), old) == PAPER


def test_two_seals_of_one_paper_differ():
    """Nothing of one sealed file shows in another, though the paper and the key are the same."""
    first, second = seal(PAPER, HYBRID.recipient()), seal(PAPER, HYBRID.recipient())
    assert first[-len(PAPER) - 32 :] != second[-len(PAPER) - 32 :]


@KINDS
def test_somebody_else_gets_no_match(identity):
    """A key it was not sealed for gets "not for you", not "damaged", and no byte."""
    out = io.BytesIO()
    with pytest.raises(age.NoMatchError) as caught:
        age.decrypt(io.BytesIO(seal(PAPER, identity.recipient())), out, [type(identity).generate()])
    assert caught.value.hint
    assert out.getvalue() == b""


def test_a_passphrase_opens_and_a_wrong_one_does_not():
    """A passphrase file opens with its passphrase; otherwise the message says which of the two was asked for."""
    sealed = seal(PAPER, age.ScryptRecipient("violet kettle", work_factor=8))
    assert unseal(sealed, age.ScryptIdentity("violet kettle")) == PAPER
    with pytest.raises(age.NoMatchError, match="passphrase does not open"):
        unseal(sealed, age.ScryptIdentity("Violet kettle"))
    with pytest.raises(age.NoMatchError, match="sealed with a passphrase"):
        unseal(sealed, HYBRID)
    with pytest.raises(age.NoMatchError, match="somebody else"):
        unseal(seal(PAPER, HYBRID.recipient()), age.ScryptIdentity("violet kettle"))


def test_a_work_factor_out_of_reason_is_refused_at_once():
    """A file that asks for more than factor 22 is refused before the work is begun."""
    sealed = seal(PAPER, age.ScryptRecipient("violet kettle", work_factor=8))
    first, rest = sealed.split(b" 8\n", 1)
    with pytest.raises(age.HeaderError, match="work factor 23"):
        unseal(first + b" 23\n" + rest, age.ScryptIdentity("violet kettle"))


@pytest.mark.parametrize(
    ("recipients", "words"),
    [
        pytest.param([], "nobody", id="nobody"),
        pytest.param(
            [HYBRID.recipient(), CLASSIC.recipient()], "may not be mixed", id="post-quantum and classic"
        ),
        pytest.param([age.ScryptRecipient("p", 1), CLASSIC.recipient()], "only way", id="passphrase and key"),
        pytest.param([age.ScryptRecipient("p", 1)] * 2, "only way", id="two passphrases"),
    ],
)
def test_a_mixture_is_refused_before_a_byte_is_written(recipients, words):
    """Recipients that weaken one another are refused, and nothing is left behind."""
    out = io.BytesIO()
    with pytest.raises(age.AgeError, match=words):
        age.encrypt(io.BytesIO(PAPER), out, recipients)
    assert out.getvalue() == b""


def test_a_label_stands_first_and_is_read_without_a_key():
    """The outer envelope is seen by anybody, comes first, and in the text form too."""
    for armor in (False, True):
        header = age.read_header(io.BytesIO(seal(PAPER, HYBRID.recipient(), label=LABEL, armor=armor)))
        assert header.stanzas[0] == LABEL == header.find("sealpack.example/label")
        assert [stanza.type for stanza in header.stanzas[1:]] == ["mlkem768x25519"]
        assert header.armored is armor


@pytest.mark.parametrize("size", [0, 1, 47, 48, 49, 96, 400])
def test_a_label_of_any_size_comes_back(size):
    """A label body is exact, full lines and short ones."""
    label = age.Stanza("sealpack.example/label", (), os.urandom(size))
    out = io.BytesIO()
    assert (
        age.decrypt(io.BytesIO(seal(b"", CLASSIC.recipient(), label=label)), out, [CLASSIC]).stanzas[0] == label
    )


def test_an_altered_label_is_an_altered_header():
    """A label exchanged on the way is found by whoever opens the file."""
    sealed = seal(PAPER, CLASSIC.recipient(), label=LABEL).replace(b"housing", b"schools")
    with pytest.raises(age.HmacError):
        unseal(sealed, CLASSIC)


def test_a_label_may_not_stand_with_a_passphrase_or_take_a_native_type():
    """A passphrase stands alone; a label that other tools would take for a key is a programmer's mistake."""
    with pytest.raises(age.AgeError, match="only way"):
        seal(PAPER, age.ScryptRecipient("p", 1), label=LABEL)
    with pytest.raises(ValueError, match="type of its own"):
        seal(PAPER, CLASSIC.recipient(), label=age.Stanza("X25519"))
    with pytest.raises(ValueError, match="without spaces"):
        age.Stanza("sealpack.example/label", ("two words",))


@pytest.mark.parametrize("armor", [False, True], ids=["binary", "text form"])
def test_cut_off_anywhere_it_is_refused(armor):
    """A file cut off after any of its bytes is refused, and what came out is a true beginning."""
    sealed = seal(PAPER, CLASSIC.recipient(), label=LABEL, armor=armor)
    whole = len(sealed) - armor  # the last line feed of the text form is not missed
    for length in range(whole):
        out = io.BytesIO()
        with pytest.raises(age.AgeError):
            age.decrypt(io.BytesIO(sealed[:length]), out, [CLASSIC])
        assert out.getvalue() == b""


@pytest.mark.parametrize("cut", [1, 16, 17, CHUNK + 15, CHUNK + 16, CHUNK + 17, 2 * CHUNK + 32])
def test_cut_off_at_a_chunk_the_rest_is_a_true_beginning(cut):
    """Whole chunks missing from the end are missed, and no false byte came out before."""
    data = os.urandom(3 * CHUNK)
    out = io.BytesIO()
    with pytest.raises(age.PayloadError):
        age.decrypt(io.BytesIO(seal(data, CLASSIC.recipient())[:-cut]), out, [CLASSIC])
    assert len(out.getvalue()) < len(data)
    assert data.startswith(out.getvalue())


def test_any_bit_flipped_is_refused():
    """A bit changed anywhere in header or papers is found, whatever class it falls in."""
    sealed = seal(PAPER, CLASSIC.recipient(), label=LABEL)
    for at in range(len(sealed)):
        for bit in (0x01, 0x80):
            altered = bytearray(sealed)
            altered[at] ^= bit
            with pytest.raises(age.AgeError):
                unseal(bytes(altered), CLASSIC)


@given(at=st.integers(min_value=0), bit=st.integers(0, 7))
@settings(max_examples=60)
def test_any_bit_flipped_in_a_hybrid_file_is_refused(at, bit):
    """The same holds for the post-quantum kind."""
    altered = bytearray(seal(PAPER, HYBRID.recipient()))
    altered[at % len(altered)] ^= 1 << bit
    with pytest.raises(age.AgeError):
        unseal(bytes(altered), HYBRID)


@pytest.mark.parametrize("size", [0, 5, CHUNK, 16 * CHUNK])
def test_anything_added_at_the_end_is_refused(size):
    """A byte after the end is refused."""
    with pytest.raises(age.PayloadError):
        unseal(seal(bytes(size), CLASSIC.recipient()) + b"x", CLASSIC)


def test_chunks_in_another_order_are_refused():
    """Two whole chunks exchanged are found at the first."""
    sealed = seal(os.urandom(3 * CHUNK), CLASSIC.recipient())
    start = len(sealed) - 3 * (CHUNK + 16)
    one, two = sealed[start : start + CHUNK + 16], sealed[start + CHUNK + 16 : start + 2 * (CHUNK + 16)]
    out = io.BytesIO()
    with pytest.raises(age.PayloadError):
        age.decrypt(io.BytesIO(sealed[:start] + two + one + sealed[-CHUNK - 16 :]), out, [CLASSIC])
    assert out.getvalue() == b""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "empty", id="an empty file"),
        pytest.param(b"%PDF-1.7 not sealed", "not a sealed file", id="some other file"),
        pytest.param(b"age-encryption.org/v2\n", "another edition", id="a later edition"),
        pytest.param(b"age-encryption.org/v1\r\n-> X", "line ends", id="line ends changed by a mail program"),
        pytest.param(b"age-encryption.org/v1\n", "cut off", id="only a first line"),
        pytest.param(b"age-encryption.org/v1\n--- " + b"A" * 43 + b"\n", "header", id="no stanza at all"),
        pytest.param(b"age-encryption.org/v1\n-> x\n" + b"A" * (2 << 20), "larger", id="a header without end"),
        pytest.param(b"age-encryption.org/v1\n" + b"-> x\n\n" * 300_000, "larger", id="stanzas without end"),
        pytest.param(b"age-encryption.org/v1\n-> \xc3\xa9\n\n", "not text", id="letters outside ASCII"),
    ],
)
def test_what_is_no_sealed_file_is_told(data, words):
    """A file that is something else is refused in words, and without reading it all."""
    with pytest.raises(age.HeaderError, match=words) as caught:
        age.read_header(io.BytesIO(data))
    assert caught.value.hint


def test_memory_stays_flat():
    """Sealing and opening 48 MiB takes no more than a few mebibytes at a time."""

    class Zeros:
        left = 48 << 20

        def read(self, size):
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

    class Count:
        total = 0

        def write(self, data):
            self.total += len(data)

    out, count = io.BytesIO(), Count()
    out_size = (48 << 20) + 768 * 16
    tracemalloc.start()
    age.encrypt(Zeros(), count, [HYBRID.recipient()])
    sealing = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count.total > out_size
    age.encrypt(Zeros(), out, [HYBRID.recipient()])
    out.seek(0)
    count = Count()
    tracemalloc.start()
    age.decrypt(out, count, [HYBRID])
    opening = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count.total == 48 << 20
    assert max(sealing, opening) < 8 << 20


def test_keys_are_spelled_as_the_specification_spells_them():
    """The example of C2SP age.md gives its public key from its private one."""
    identity = age.parse_identity("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX")
    assert str(identity.recipient()) == "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
    assert str(HYBRID.recipient()).startswith("age1pq1")
    assert len(str(HYBRID.recipient())) == 1959


@KINDS
def test_a_key_comes_back_from_its_text(identity):
    """Public and private text are read back to the same key, spaces around them forgiven."""
    again = age.parse_identity(f" {identity.secret_text()}\n")
    assert again.secret_text() == identity.secret_text()
    text = str(again.recipient())
    assert text == str(identity.recipient())
    assert str(age.parse_recipient(f"\t{text} ")) == text
    assert age.parse_recipient(text) is age.parse_recipient(text)


@KINDS
def test_a_private_key_shows_nowhere(identity):
    """Neither repr nor str nor a message holds the secret."""
    secret = identity.secret_text()
    shown = [repr(identity), str(identity), f"{identity}", repr([identity])]
    for read in (age.parse_identity, age.parse_recipient):
        with pytest.raises(age.AgeError) as caught:
            read(secret[:-1] + ("P" if secret.endswith("Q") else "Q"))
        shown += [str(caught.value), caught.value.hint, repr(caught.value)]
    assert not any(secret[25:45] in text or secret[25:45].lower() in text for text in shown)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "cannot be read", id="nothing"),
        pytest.param("housing@council.example", "cannot be read", id="an e-mail address"),
        pytest.param(CLASSIC.secret_text(), "private key", id="a private key"),
        pytest.param(str(CLASSIC.recipient())[:-1], "check characters", id="a letter short"),
        pytest.param(str(HYBRID.recipient())[:900], "check characters", id="half of a long key"),
        pytest.param("age1qqqsyqcyq5rqwzqfpg9scrgwpu8s2x8xw", "cannot be read", id="too short for a key"),
        pytest.param(
            "age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e",
            "not supported",
            id="a hardware key",
        ),
    ],
)
def test_what_is_no_public_key_is_told(text, words):
    """Anything but a whole public key is refused in words."""
    with pytest.raises(age.AgeError, match=words) as caught:
        age.parse_recipient(text)
    assert caught.value.hint


@pytest.mark.parametrize("kind", ["age", "age1pq", "age-secret-key-", "age-secret-key-pq-"])
def test_a_key_of_the_wrong_size_is_damaged(kind):
    """Well-spelled text that holds no key is refused as damaged."""
    from keys import bech32

    read = age.parse_identity if "secret" in kind else age.parse_recipient
    with pytest.raises(age.AgeError, match="damaged"):
        read(bech32.encode(kind, bytes(31)))


def test_a_key_that_hides_nothing_is_refused():
    """A public key that gives every sender the same secret is refused at sealing."""
    with pytest.raises(age.AgeError, match="usable"):
        seal(PAPER, age.X25519Recipient(bytes(32)))


@given(st.binary(max_size=100))
def test_unpadded_base64_has_one_spelling(data):
    """Bytes have one text, and no other text gives them."""
    text = encode_unpadded(data)
    assert decode_unpadded(text) == data
    with pytest.raises(ValueError, match="base64"):
        decode_unpadded(text + "=")


@pytest.mark.parametrize(
    ("alter", "fine"),
    [
        pytest.param(lambda text: "\n \n" + text + "\n\n", True, id="white space around"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), True, id="Windows line ends"),
        pytest.param(lambda text: "\n" * 2000 + text, False, id="too much white space before"),
        pytest.param(lambda text: text + "\n" * 2000, False, id="too much white space after"),
        pytest.param(lambda text: "Dear Sam,\n" + text, False, id="a greeting before"),
        pytest.param(lambda text: text + "Regards\n", False, id="a signature after"),
        pytest.param(lambda text: text.replace("\n", "\n> "), False, id="quoted by a mail program"),
        pytest.param(lambda text: text.replace("\n", "\n\n"), False, id="an empty line between all lines"),
        pytest.param(lambda text: text.replace("\n", ""), False, id="all in one line"),
    ],
)
def test_text_form_as_mail_leaves_it(alter, fine):
    """What is forgiven about the text form opens; anything else is a fault of the text, not of the papers."""
    text = alter(seal(PAPER, CLASSIC.recipient(), armor=True).decode()).encode()
    if fine:
        assert unseal(text, CLASSIC) == PAPER
    else:
        with pytest.raises((age.ArmorError, age.HeaderError)):
            unseal(text, CLASSIC)


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_pyrage_agrees_both_ways(size):
    """Another implementation opens ours, label and all, and we open its files."""
    data = os.urandom(size)
    theirs = pyrage.x25519.Identity.from_str(CLASSIC.secret_text())
    assert str(theirs.to_public()) == str(CLASSIC.recipient())
    assert pyrage.decrypt(seal(data, CLASSIC.recipient(), label=LABEL), [theirs]) == data
    assert pyrage.decrypt(seal(data, CLASSIC.recipient(), armor=True), [theirs]) == data
    assert unseal(pyrage.encrypt(data, [theirs.to_public()]), CLASSIC) == data
    assert unseal(pyrage.encrypt(data, [theirs.to_public()], armored=True), CLASSIC) == data


def test_pyrage_opens_our_passphrase_files():
    """Another implementation opens a file of ours with the passphrase, letters outside ASCII included.

    The other way is tried with the age program, with the key files: pyrage takes seconds to seal with a passphrase.
    """
    sealed = seal(PAPER, age.ScryptRecipient("zażółć kettle", work_factor=10))
    assert pyrage.passphrase.decrypt(sealed, "zażółć kettle") == PAPER


@needs_age
@pytest.mark.parametrize("armor", [False, True], ids=["binary", "text form"])
@pytest.mark.parametrize("size", [0, 100, CHUNK, 20 * CHUNK + 5])
def test_the_age_program_agrees_both_ways(tmp_path, size, armor):
    """The age program opens ours, label and all, for each of several recipients, and we open its files."""
    data = os.urandom(size)
    other = age.X25519Identity.generate()
    (tmp_path / "sealed").write_bytes(
        seal(data, other.recipient(), CLASSIC.recipient(), label=LABEL, armor=armor)
    )
    for identity in (CLASSIC, other):
        (tmp_path / "key").write_text(identity.secret_text() + "\n")
        opened = subprocess.run(
            [AGE, "-d", "-i", tmp_path / "key", tmp_path / "sealed"], capture_output=True, check=True
        )
        assert opened.stdout == data
    form = ["-a"] if armor else []
    theirs = subprocess.run(
        [AGE, *form, "-r", str(other.recipient()), "-r", str(CLASSIC.recipient())],
        input=data,
        capture_output=True,
        check=True,
    )
    assert unseal(theirs.stdout, CLASSIC) == data
