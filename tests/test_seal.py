"""A sealed pack tells nothing to those without a key, everything to whom it is for, and each refusal is told apart."""

import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from bad_packs import (
    CASE,
    CLASSIC_SPOC,
    COLLEAGUE,
    DAY,
    ENVELOPE,
    FORMER_SENDER,
    MEMBERS,
    NAME,
    OTHER_SENDER,
    SEALED,
    SENDER,
    SPOC,
    ZIPS,
    flipped,
    good_zip,
    manifest_of,
    members_of,
    payload_at,
    sealed,
    signer,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from keys import age, identity
from keys.errors import AgeError
from pipeline.pack import BadPack, to_bytes
from pipeline.seal import LARGEST_FILE, Envelope, inspect, open_sealed, seal

SENDERS = [SENDER.public()]
REVOKED = [FORMER_SENDER.public()]
AGE = shutil.which("age")
needs_age = pytest.mark.skipif(not AGE, reason="the program age is missing")
FAULTS = {f"inside: {name}": fault for name, fault in ZIPS.items()} | SEALED


def pack_for(*spocs):
    return to_bytes(manifest_of(MEMBERS, spocs=spocs), MEMBERS, signer())


def refusal(data, key=SPOC, senders=SENDERS):
    """Return the code of a BadPack, or the name of the AgeError."""
    with pytest.raises((BadPack, AgeError)) as refused:
        open_sealed(data, key, senders, REVOKED)
    return getattr(refused.value, "code", type(refused.value).__name__)


@pytest.mark.parametrize("spoc", [SPOC, CLASSIC_SPOC], ids=["post-quantum", "X25519"])
def test_round_trip(spoc):
    """The named contact opens the pack and has every paper."""
    opened = open_sealed(sealed(pack_for(spoc), recipients=[spoc]), spoc, SENDERS)
    assert opened.papers == {member.document.name: member.document.content for member in MEMBERS}
    assert opened.manifest == manifest_of(MEMBERS, spocs=[spoc])


def test_each_named_contact_opens_the_one_file():
    """One file goes to an agency with two named contacts, and each opens it with his or her own key."""
    data = sealed(pack_for(SPOC, COLLEAGUE), recipients=[SPOC, COLLEAGUE])
    for spoc in (SPOC, COLLEAGUE):
        assert open_sealed(data, spoc, SENDERS).manifest.pack == ENVELOPE.pack


def test_a_pack_for_the_key_before_still_opens():
    """Somebody with a new key still opens what was sealed for the one before."""
    rotated = SPOC.rotated(DAY)
    assert open_sealed(sealed(good_zip()), rotated, SENDERS).manifest.agency == "housing"
    assert refusal(sealed(good_zip(), recipients=[rotated])[:], SPOC) == "NoMatchError"


def test_the_text_form_opens():
    """A pack that went through a mail program as text opens like the other."""
    out = io.BytesIO()
    age.encrypt(io.BytesIO(good_zip()), out, [SPOC.public().sealing_key()], ENVELOPE.stanza, armor=True)
    assert open_sealed(out.getvalue(), SPOC, SENDERS).manifest.pack == ENVELOPE.pack
    assert inspect(out.getvalue()) == (ENVELOPE, ("mlkem768x25519",))


@needs_age
def test_the_age_program_opens_it(tmp_path):
    """Debian's age opens a pack with the key file alone, and steps over the envelope that it does not know."""
    identity.write(tmp_path / "spoc.key", CLASSIC_SPOC, None)
    (tmp_path / ENVELOPE.file_name).write_bytes(sealed(pack_for(CLASSIC_SPOC), recipients=[CLASSIC_SPOC]))
    command = [AGE, "-d", "-i", "spoc.key", "-o", "pack.zip", ENVELOPE.file_name]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert (tmp_path / "pack.zip").read_bytes() == pack_for(CLASSIC_SPOC)


@needs_age
def test_a_pack_sealed_again_with_the_age_program_has_no_envelope(tmp_path):
    """A pack taken out and sealed by other means is refused: nothing on the outside says what it is."""
    (tmp_path / "pack.zip").write_bytes(pack_for(CLASSIC_SPOC))
    command = [AGE, "-r", CLASSIC_SPOC.public().recipient, "pack.zip"]
    data = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout
    assert refusal(data, CLASSIC_SPOC) == "other-envelope"
    assert inspect(data)[0] is None


def test_pyrage_opens_it():
    """Another implementation of the format opens a pack."""
    data = sealed(pack_for(CLASSIC_SPOC), recipients=[CLASSIC_SPOC])
    key = pyrage.x25519.Identity.from_str(CLASSIC_SPOC.identities[0].secret_text())
    assert pyrage.decrypt(data, [key]) == pack_for(CLASSIC_SPOC)


@pytest.mark.parametrize("spoc", [SPOC, CLASSIC_SPOC], ids=["post-quantum", "X25519"])
def test_all_that_is_read_without_a_key(spoc):
    """Before the sealed papers stand pack number, agency, sender, and what is random or for a key; nothing else (SEND-1)."""
    data = sealed(pack_for(spoc), recipients=[spoc])
    header = data[: payload_at(data) - 16].decode("ascii")
    base64 = r"[A-Za-z0-9+/\n]+"
    kind = rf"mlkem768x25519 {base64}" if spoc is SPOC else rf"X25519 {base64}"
    assert re.fullmatch(
        r"age-encryption\.org/v1\n"
        rf"-> sealpack-v1 {ENVELOPE.pack} housing brackenford-council\n\n"
        rf"-> {kind}\n{base64}"
        rf"--- [A-Za-z0-9+/]{{43}}\n",
        header,
    )
    assert ENVELOPE.file_name == "P-7F3K-2M9Q_housing_brackenford-council.age"


@pytest.mark.parametrize("spoc", [SPOC, CLASSIC_SPOC], ids=["post-quantum", "X25519"])
def test_nothing_of_the_inside_shows_in_any_byte(spoc):
    """No marking, name, case, panel, key or file name of the pack is anywhere in the sealed file."""
    data = sealed(pack_for(spoc), recipients=[spoc])
    public = spoc.public()
    inside = [
        "OFFICIAL",
        "SENSITIVE",
        "Sample",
        "Placeholder",
        "Invented",
        "MARAC",
        CASE,
        "2026",
        "referral",
        "cover",
    ]
    inside += [
        "manifest",
        "PK\x03\x04",
        "AAAA" * 5,
        public.recipient,
        public.signing,
        identity.fingerprint(public),
    ]
    assert not [word for word in inside if word.encode() in data]


def test_the_same_pack_sealed_twice_has_nothing_in_common():
    """Two sealings of one pack share the envelope alone: nobody can tell that it is the same pack."""
    first, second = sealed(good_zip()), sealed(good_zip())
    assert len(first) == len(second)
    assert first[payload_at(first) :][:64] != second[payload_at(second) :][:64]


def test_size_tells_the_class_alone():
    """A pack of one short paper and one of a case more are sealed to files of one size."""
    sizes = set()
    for size in (0, 9_000, 90_000):
        members = members_of(300, size)
        sizes.add(len(sealed(to_bytes(manifest_of(members), members, signer()))))
    assert len(sizes) == 1


def test_inspect_tells_the_envelope():
    """Without a key one reads pack, agency, sender, and for what kinds of key it is sealed."""
    data = sealed(pack_for(SPOC, COLLEAGUE), recipients=[SPOC, COLLEAGUE])
    assert inspect(data) == (ENVELOPE, ("mlkem768x25519",) * 2)
    # A file that goes on after its header is not read further.
    assert inspect(data[: payload_at(data)]) == inspect(data)


@pytest.mark.parametrize(
    "parts",
    [("", "housing", "council"), ("P-1", "Jane Doe", "council"), ("P-1", "a/b", "council"), ("P-1", "..", "council"),
     ("P-1", "housing", "council\n"), ("P-1", "housing", "Łęcka"), ("P_1", "housing", "council"), ("P" * 41, "a", "b")],
    ids=["empty", "a space", "a path", "dots", "a line feed", "not ASCII", "the sign between parts", "too long"],
)  # fmt: skip
def test_an_envelope_bears_short_names_alone(parts):
    """What could hide a name, a path or a line in an envelope cannot be written on one."""
    with pytest.raises(ValueError, match="short names"):
        Envelope(*parts)


def test_keys_of_two_kinds_are_not_mixed():
    """Sealing for post-quantum and classic keys in one file is refused, and for nobody as well."""
    keys = [SPOC.public().sealing_key(), CLASSIC_SPOC.public().sealing_key()]
    with pytest.raises(AgeError, match="mixed"):
        seal(good_zip(), ENVELOPE, keys)
    with pytest.raises(AgeError, match="nobody"):
        seal(good_zip(), ENVELOPE, [])


@pytest.mark.parametrize(
    ("key", "senders", "code"),
    [
        pytest.param(COLLEAGUE, SENDERS, "NoMatchError", id="not for you: it is sealed for another key"),
        pytest.param(
            SPOC, [OTHER_SENDER.public()], "sender-unknown", id="sender unknown: a key never confirmed"
        ),
        pytest.param(SPOC, [], "sender-unknown", id="sender unknown: nobody is confirmed"),
    ],
)
def test_a_good_pack_in_the_wrong_hands(key, senders, code):
    """A pack that nothing is wrong with is refused to others than its contact, and from senders unknown."""
    assert refusal(sealed(good_zip()), key, senders) == code


def test_somebody_who_opened_a_pack_cannot_pass_it_on_as_the_senders():
    """A contact who seals the papers again for a colleague is found out: they were not addressed to the colleague."""
    data = sealed(good_zip(), recipients=[COLLEAGUE])
    assert refusal(data, COLLEAGUE) == "for-someone-else"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Every faulty file on disk, in the order of FAULTS."""
    made = tmp_path_factory.mktemp("faults")
    for number, (name, (_, make)) in enumerate(FAULTS.items()):
        data = make()
        (made / f"{number:03}").write_bytes(sealed(data) if name.startswith("inside: ") else data)
    return made


@pytest.mark.parametrize(
    ("number", "code"), list(enumerate(code for code, _ in FAULTS.values())), ids=list(FAULTS)
)
def test_each_fault_is_refused_with_its_code(folder, number, code):
    """A pack with one fault is refused whole, for that fault, in words that repeat nothing of the attacker's."""
    data = (folder / f"{number:03}").read_bytes()
    with pytest.raises((BadPack, AgeError)) as refused:
        open_sealed(data, SPOC, SENDERS, REVOKED)
    assert getattr(refused.value, "code", type(refused.value).__name__) == code
    words = f"{refused.value} {refused.value.hint}"
    assert NAME.decode() not in words
    assert words.isprintable()
    assert refused.value.hint
    # What Python printed of the cause could hold an answer or a name.
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_each_code_has_a_fault():
    """No refusal stands in the modules that no faulty pack brings about, and none is without its own words."""
    root = Path(__file__).parents[1] / "pipeline"
    source = "".join((root / name).read_text("utf-8") for name in ("pack.py", "seal.py"))
    codes = set(re.findall(r'BadPack\(\s*"([a-z-]+)"', source))
    kinds = {"HeaderError", "NoMatchError", "HmacError", "PayloadError"}
    assert {code for code, _ in FAULTS.values()} == codes | kinds


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured where Linux tells it")
def test_refusing_takes_little_memory(folder):
    """Not one of the faulty files brings a process to 200 MB, interpreter and libraries included."""
    identity.write(folder / "spoc.key", SPOC, None)
    for name, key in (("sender", SENDER), ("former", FORMER_SENDER)):
        (folder / f"{name}.pub").write_text(identity.public_text(key.public()))
    program = (
        "import json, resource, sys; from pathlib import Path; from keys import identity; from pipeline.pack import BadPack\n"
        "from keys.errors import AgeError; from pipeline.seal import open_sealed\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (60, 60))\n"
        "folder = Path(sys.argv[1]); key = identity.read(folder / 'spoc.key', str); codes = []\n"
        "senders, revoked = ([identity.parse_public_text((folder / name).read_text())] for name in ('sender.pub', 'former.pub'))\n"
        "for path in sorted(folder.glob('[0-9]*')):\n"
        "    try: open_sealed(path.read_bytes(), key, senders, revoked)\n"
        "    except (BadPack, AgeError) as error: codes.append(getattr(error, 'code', type(error).__name__))\n"
        "print(json.dumps([codes, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))"
    )
    # By way of a shell: a process begins with the peak of the one it was forked from, which is this large one.
    run = ["sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-c", program, str(folder)]
    root = Path(__file__).parents[1]
    codes, kibibytes = json.loads(subprocess.run(run, check=True, capture_output=True, cwd=root).stdout)
    assert codes == [code for code, _ in FAULTS.values()]
    assert kibibytes < 200_000


def test_no_bit_of_the_header_can_be_changed():
    """Whichever byte before the papers is changed, the file does not open, and it is told as damage or as not for you."""
    data = sealed(pack_for(CLASSIC_SPOC), recipients=[CLASSIC_SPOC])
    for at in range(payload_at(data)):
        code = refusal(flipped(data, at), CLASSIC_SPOC)
        assert code in {"HeaderError", "HmacError", "NoMatchError", "PayloadError", "ArmorError"}
    label = data.index(b" housing ") + 1
    assert refusal(flipped(data, label), CLASSIC_SPOC) == "HmacError"


@given(at=st.integers(0, 1 << 20))
@settings(max_examples=100, deadline=None)
def test_no_bit_of_the_papers_can_be_changed(at):
    """Whichever byte of the sealed papers is changed, the file is damaged."""
    data = PACKED
    start = payload_at(data)
    assert refusal(flipped(data, start + at % (len(data) - start))) == "PayloadError"


PACKED = sealed(good_zip())


@given(junk=st.binary(max_size=300))
@settings(deadline=None)
def test_junk_is_refused(junk):
    """Bytes of no meaning are refused as no sealed file, by reader and inspector."""
    for data in (junk, b"age-encryption.org/v1\n" + junk):
        assert refusal(data) in {"HeaderError", "ArmorError"}
        with pytest.raises(AgeError):
            inspect(data)


def test_a_file_of_the_largest_size_is_still_looked_at():
    """The bound is on what is read, and a file at it is refused for what it is."""
    assert refusal(bytes(LARGEST_FILE)) == "HeaderError"
    assert refusal(bytes(LARGEST_FILE + 1)) == "too-large"
