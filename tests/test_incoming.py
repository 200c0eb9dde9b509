"""A referral that is sealed on its way in: what comes out is what went in, and what does not open is told as what it is."""

import io
import re
import shutil
import subprocess
import tracemalloc

import pyrage
import pytest
from bad_packs import CLASSIC_SPOC, COLLEAGUE, DAY, SPOC, flipped, payload_at
from bad_packs import sealed as sealed_pack
from borough import SAMPLE, TODAY
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import response
from keys import age, identity
from keys.errors import AgeError, WrongPassphrase
from pipeline import guard, seal
from pipeline.area import open_area
from pipeline.checked import Checked, check
from pipeline.flow import contents, is_for, read, read_file, sent_to, take_in
from pipeline.incoming import LARGEST, STANZA, Envelope, Incoming, is_sealed, opened
from pipeline.incoming import seal as seal_referral
from pipeline.incoming import sent_to as panel_of
from pipeline.meeting import Case, Chair, Meeting
from pipeline.numbering import ALPHABET

AGE = shutil.which("age")
needs_age = pytest.mark.skipif(not AGE, reason="the program age is missing")
ENVELOPE = Envelope("R-7F3K-2M9Q", "marac")
WORKBOOK = SAMPLE / "inbox" / "01-ordinary.xlsx"
INSIDE = WORKBOOK.read_bytes()
CO_ORDINATOR = SPOC
each_kind = pytest.mark.parametrize("key", [SPOC, CLASSIC_SPOC], ids=["post-quantum", "X25519"])


def sealed(data=INSIDE, *keys, label=ENVELOPE.stanza, armor=False):
    """Bytes sealed for the co-ordinator or others, with whatever stanza."""
    out = io.BytesIO()
    recipients = [key.public().sealing_key() for key in keys or (CO_ORDINATOR,)]
    age.encrypt(io.BytesIO(data), out, recipients, label, armor=armor)
    return out.getvalue()


def code(data, key=CO_ORDINATOR):
    """The code of the problem that a file has."""
    found = opened(data, (lambda: key) if key else None)
    return None if isinstance(found, Incoming) else found.code


def never():
    """An opener that nobody may call: a passphrase would be asked for."""
    raise AssertionError("the key was asked for")


@each_kind
@pytest.mark.parametrize("armor", [False, True], ids=["binary", "text"])
def test_what_was_sealed_comes_out(key, armor):
    """The co-ordinator gets the referral's own file, byte for byte, and the panel, whatever the kind of key and form."""
    data = seal_referral(INSIDE, ENVELOPE, [key.public().sealing_key()], armor=armor)
    assert is_sealed(data)
    assert opened(data, lambda: key) == Incoming(INSIDE, "marac")
    assert panel_of(data) == "marac"


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200_000), st.booleans())
def test_any_bytes_come_out_as_they_went_in(data, armor):
    """What is sealed is not looked at and not changed; nothing is added to it."""
    made = seal_referral(data, ENVELOPE, [CLASSIC_SPOC.public().sealing_key()], armor=armor)
    assert opened(made, lambda: CLASSIC_SPOC) == Incoming(data, "marac")


def test_each_of_two_co_ordinators_opens_it_alone():
    """Sealed for two co-ordinators, a referral is opened by either, and by nobody else."""
    data = sealed(INSIDE, SPOC, COLLEAGUE)
    assert code(data, SPOC) is code(data, COLLEAGUE) is None
    assert code(data, identity.new(DAY)) == "sealed-for-another"


def test_sealed_for_the_key_before_it_still_opens():
    """A co-ordinator who has new keys still opens what a referrer sealed for those before."""
    assert code(sealed(), SPOC.rotated(DAY)) is None
    assert code(sealed(INSIDE, SPOC.rotated(DAY)), SPOC) == "sealed-for-another"


def test_keys_of_two_kinds_or_none_are_refused():
    """What would be only as safe as its weaker key is not sealed, nor what nobody could open."""
    for keys, told in (((SPOC, CLASSIC_SPOC), "mixed"), ((), "nobody")):
        with pytest.raises(AgeError, match=told):
            seal_referral(b"x", ENVELOPE, [key.public().sealing_key() for key in keys])


@needs_age
def test_the_age_program_opens_it_and_gives_the_workbook(tmp_path):
    """`age -d` with the key file alone gives the workbook itself: nobody is tied to this program."""
    identity.write(tmp_path / "co-ordinator.key", CLASSIC_SPOC, None)
    (tmp_path / ENVELOPE.file_name).write_bytes(sealed(INSIDE, CLASSIC_SPOC))
    command = [AGE, "-d", "-i", "co-ordinator.key", ENVELOPE.file_name]
    assert subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout == INSIDE


@needs_age
@pytest.mark.parametrize("options", [[], ["-a"]], ids=["binary", "text"])
def test_what_the_age_program_sealed_is_taken(tmp_path, options):
    """A referrer who has only the age program seals with `age -R` and the co-ordinator's file; no panel is named then."""
    (tmp_path / "co-ordinator.pub").write_text(identity.public_text(CLASSIC_SPOC.public()))
    command = [AGE, "-R", "co-ordinator.pub", *options, "-o", "by-hand.age", WORKBOOK]
    subprocess.run(command, cwd=tmp_path, check=True)
    path = tmp_path / "by-hand.age"
    assert opened(path.read_bytes(), lambda: CLASSIC_SPOC) == Incoming(INSIDE, "")
    assert isinstance(check(read_file(path, None, lambda: CLASSIC_SPOC), DAY), Checked)


def test_another_implementation_opens_it():
    """Another implementation of the format gives the same bytes."""
    key = pyrage.x25519.Identity.from_str(CLASSIC_SPOC.identities[0].secret_text())
    assert pyrage.decrypt(sealed(INSIDE, CLASSIC_SPOC), [key]) == INSIDE


@each_kind
def test_all_that_is_read_without_a_key(key):
    """Before what is sealed stand the number, the panel, and what is random or for a key; nothing else."""
    data = sealed(INSIDE, key)
    header = data[: payload_at(data) - 16].decode("ascii")
    base64 = r"[A-Za-z0-9+/\n]+"
    kind = rf"mlkem768x25519 {base64}" if key is SPOC else rf"X25519 {base64}"
    assert re.fullmatch(
        rf"age-encryption\.org/v1\n-> sealpack-referral-v1 R-7F3K-2M9Q marac\n\n-> {kind}\n{base64}"
        rf"--- [A-Za-z0-9+/]{{43}}\n",
        header,
    )
    assert ENVELOPE.file_name == "R-7F3K-2M9Q_marac.age"


def test_numbers_are_read_out_and_never_the_same():
    """A number is made of letters that cannot be mistaken for digits, and comes by chance."""
    numbers = {Envelope.fresh("marac").number for _ in range(200)}
    assert len(numbers) == 200
    assert all(re.fullmatch(rf"R-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", one) for one in numbers)


def test_stanzas_of_packs_and_referrals_are_told_apart():
    """What is on its way out never passes for what is on its way in."""
    assert STANZA != seal._STANZA
    assert code(sealed_pack(b"zip")) == "sealed-pack"


@pytest.mark.parametrize(
    "parts",
    [("R-7F3K-2M9", "marac"), ("P-7F3K-2M9Q", "marac"), ("R-7F3K-2M9O", "marac"), ("R-7F3K-2M9Q\n", "marac"),
     ("R-7F3K-2M9Q", ""), ("R-7F3K-2M9Q", "MARAC"), ("R-7F3K-2M9Q", "../marac"), ("R-7F3K-2M9Q", "jane doe"),
     ("R-7F3K-2M9Q", "marac\n"), ("R-7F3K-2M9Q", "a" * 41), ("R-7F3K-2M9Q", "-")],
    ids=["too short", "of a pack", "a letter like a digit", "a line feed", "no panel", "capitals", "a path", "a space",
         "a panel with a line feed", "too long", "a hyphen alone"],
)  # fmt: skip
def test_an_envelope_bears_a_number_and_a_panel_alone(parts):
    """What could hide a name, a path or a line in an envelope cannot be written on one, and is not read from one."""
    with pytest.raises(ValueError, match="R-7F3K-2M9Q"):
        Envelope(*parts)
    if all(re.fullmatch(r"[!-~]+", part) for part in parts):
        data = sealed(b"x", label=age.Stanza(STANZA, parts))
        assert code(data) == "sealed-damaged"
        assert panel_of(data) == ""


@pytest.mark.parametrize(
    "label",
    [age.Stanza(STANZA), age.Stanza(STANZA, ("R-7F3K-2M9Q", "marac", "more")), age.Stanza(STANZA, ("R-7F3K-2M9Q",)),
     age.Stanza(STANZA, ("R-7F3K-2M9Q", "marac"), b"body")],
    ids=["nothing", "a third", "one", "a body"],
)  # fmt: skip
def test_a_stanza_that_is_not_as_it_is_written_is_not_read(label):
    """A stanza of ours with more or less in it than a number and a panel is refused with the file."""
    assert code(sealed(label=label)) == "sealed-damaged"


def test_two_panels_on_one_file_are_refused():
    """A header with two stanzas of ours names no panel, even if its sealer put both there."""

    class _Doubling:
        def wrap(self, file_key):
            return [
                *CLASSIC_SPOC.public().sealing_key().wrap(file_key),
                Envelope("R-7F3K-2M9Q", "mappa").stanza,
            ]

    out = io.BytesIO()
    age.encrypt(io.BytesIO(INSIDE), out, [_Doubling()], ENVELOPE.stanza)
    assert code(out.getvalue(), CLASSIC_SPOC) == "sealed-damaged"


def test_without_a_key_it_is_told_to_be_sealed():
    """Where no key file is named, that is the problem, and the cure says how to name one."""
    problem = opened(sealed(), None)
    assert problem.code == "sealed-no-key"
    assert "-i" in problem.cure


def _passphrase() -> bytes:
    out = io.BytesIO()
    age.encrypt(io.BytesIO(INSIDE), out, [age.ScryptRecipient("mustard kettle lantern", 4)])
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (sealed_pack(b"zip"), "sealed-pack"),
        (_passphrase(), "sealed-passphrase"),
        (b"age-encryption.org/v1\n", "sealed-damaged"),
        (b"age-encryption.org/v2\n-> new\n", "sealed-damaged"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n", "sealed-damaged"),
        (b"\xef\xbb\xbf" + sealed(armor=True), "sealed-damaged"),
        (b"age-encryption.org/v1\n" + bytes(LARGEST), "file-too-big"),
    ],
    ids=["a pack", "a passphrase", "one line", "another version", "text cut off", "a mark before the text", "too large"],
)  # fmt: skip
def test_no_key_is_asked_for_what_no_key_opens(data, told):
    """What cannot be a referral for the co-ordinator is told before anybody types a passphrase."""
    assert is_sealed(data)
    assert opened(data, never).code == told


WHOLE = sealed(INSIDE, CLASSIC_SPOC)
TEXT = sealed(INSIDE, CLASSIC_SPOC, armor=True)
_AT = {
    "the label": WHOLE.index(b"marac"),
    "the stanza of the key": WHOLE.index(b"X25519 ") + 12,
    "the mac": WHOLE.index(b"--- ") + 8,
    "the nonce": payload_at(WHOLE) - 10,
    "the first byte of the referral": payload_at(WHOLE),
    "the middle of the referral": (payload_at(WHOLE) + len(WHOLE)) // 2,
    "the last byte": len(WHOLE) - 1,
}


@pytest.mark.parametrize("at", _AT.values(), ids=_AT)
def test_one_bit_changed_anywhere_is_found(at):
    """A sealed referral that was altered on its way is refused whole, wherever that was: the panel on it too."""
    told = code(flipped(WHOLE, at), CLASSIC_SPOC)
    assert told in {"sealed-damaged", "sealed-for-another"}
    assert (told == "sealed-for-another") <= (at == _AT["the stanza of the key"])


@pytest.mark.parametrize("part", [0.001, 0.01, 0.3, 0.9, 0.9999])
@pytest.mark.parametrize("whole", [WHOLE, TEXT], ids=["binary", "text"])
def test_cut_short_is_found(whole, part):
    """Of a sealed referral that was cut short nothing is read."""
    cut = whole[: max(40, int(len(whole) * part))]
    assert is_sealed(cut)
    assert code(cut, CLASSIC_SPOC) == "sealed-damaged"


def test_something_after_the_end_is_found():
    """What was put behind a sealed referral makes it one that was altered."""
    assert code(WHOLE + b"x", CLASSIC_SPOC) == code(TEXT + b"x", CLASSIC_SPOC) == "sealed-damaged"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_no_change_gives_another_referral(at, change):
    """Whatever byte is changed, what opens is what was sealed, and what does not open is a problem: nothing raises."""
    changed = WHOLE[:at] + bytes([WHOLE[at] ^ change]) + WHOLE[at + 1 :]
    if is_sealed(changed):
        assert opened(changed, lambda: CLASSIC_SPOC) != Incoming(INSIDE, "marac")
        panel_of(changed)


@pytest.mark.parametrize(
    "data", [INSIDE, b"", b'{"form": "marac"}', b"age", b"PK\x03\x04age-encryption.org/v1"]
)
def test_what_is_not_sealed_is_left_to_the_readers(data):
    """A workbook, JSON, or nothing at all is not taken for a sealed file."""
    assert not is_sealed(data)
    assert panel_of(data) == ""


def test_text_form_is_known_behind_blank_lines():
    """Text that was pasted with blank lines before it, and ends its lines as Windows does, is opened."""
    assert code(b"\r\n\r\n" + TEXT.replace(b"\n", b"\r\n"), CLASSIC_SPOC) is None


def test_what_is_opened_is_read_as_if_it_had_not_been_sealed(tmp_path):
    """Answers, places, problems and digest of a sealed referral are those of its workbook, however often it is sealed."""
    plain = read_file(WORKBOOK)
    for number in range(2):
        path = tmp_path / f"{number}.age"
        path.write_bytes(sealed())
        found = read_file(path, None, lambda: CO_ORDINATOR)
        assert found.sent_to == "marac"
        assert (found.answers, found.places, found.problems) == (plain.answers, plain.places, plain.problems)
        assert found.digest == plain.digest
        assert sent_to(path) == "marac"
    assert plain.sent_to == sent_to(WORKBOOK) == sent_to(tmp_path / "gone.age") == ""


@pytest.mark.parametrize(
    ("inside", "told"),
    [(b"%PDF-1.7", "file-pdf"), (b"", "file-empty"), (b"{", "not-json"), (INSIDE[:4000], "file-damaged"), (sealed(), "file-text")],
    ids=["a PDF", "nothing", "broken JSON", "half a workbook", "sealed twice"],
)  # fmt: skip
def test_what_is_sealed_and_no_referral_is_told_as_what_it_is(tmp_path, inside, told):
    """A sealed file is looked into by the readers and their guard like any other."""
    path = tmp_path / "R.age"
    path.write_bytes(sealed(inside))
    (problem,) = read_file(path, None, lambda: CO_ORDINATOR)
    (plain,) = read(inside)
    assert problem == plain
    assert problem.code.startswith(told.partition("-")[0])


def test_referral_that_was_sent_to_another_panel_has_that_for_a_problem(tmp_path):
    """A MARAC referral that was sealed for MAPPA is told before any meeting has it, with whatever else is wrong."""
    path = tmp_path / "R.age"
    path.write_bytes(sealed(label=Envelope("R-7F3K-2M9Q", "mappa").stanza))
    found = check(read_file(path, None, lambda: CO_ORDINATOR), DAY)
    assert [one.code for one in found] == ["sent-to-other-panel"]


@pytest.mark.parametrize(("panel", "told"), [("iom", None), ("camp", "sent-to-other-panel")])
def test_what_any_panel_takes_goes_to_the_one_it_was_sent_to(tmp_path, panel, told):
    """An answer to a referrer, which is a form of no panel's own, is a case of the panel that stands on it and of no other."""
    shutil.copytree(SAMPLE, tmp_path / "area")
    area = open_area(tmp_path / "area")
    inside = (area.inbox / "response" / "01-accepted.xlsx").read_bytes()
    (area.inbox / "R.age").write_bytes(sealed(inside, label=Envelope("R-7F3K-2M9Q", panel).stanza))
    chair = Chair(name="Aubrey Gatepost", role="chair")
    meeting = Meeting(panel="iom", date=DAY, chair=chair, case=(Case(reference="IOM-2026-4417", file="R.age"),))
    (found,) = take_in(area, meeting, TODAY, lambda: CO_ORDINATOR).values()
    codes = [one.code for one in found] if isinstance(found, tuple) else []
    assert codes == ([told] if told else [])


def test_which_panels_take_a_form():
    """A form is for its own panel; an answer to a referrer is for no panel that keeps answers out of packs."""
    marac = read(INSIDE).form
    assert [is_for(marac, panel) for panel in ("marac", "mappa")] == [True, False]
    assert [is_for(response.FORM, panel) for panel in ("camp", "iom", "marac", "mappa")] == [True, True, False, False]  # fmt: skip


def test_largest_referral_passes_and_a_larger_one_is_refused(tmp_path):
    """A file of the largest size is sealed and opened, in the longest form too; beyond that it is not sealed."""
    largest = bytes(guard.MAX_FILE)
    with pytest.raises(ValueError, match="larger"):
        seal_referral(largest + b"x", ENVELOPE, [CLASSIC_SPOC.public().sealing_key()])
    crowd = [identity.new(DAY).public().sealing_key() for _ in range(3)] + [SPOC.public().sealing_key()]
    data = seal_referral(largest, ENVELOPE, crowd, armor=True)
    assert len(data.replace(b"\n", b"\r\n")) + (1 << 20) * 11 // 8 < LARGEST
    (tmp_path / "R.age").write_bytes(data)
    assert contents(tmp_path / "R.age") == data
    assert opened(data, lambda: SPOC) == Incoming(largest, "marac")


def test_a_file_far_too_large_is_refused_without_being_read(tmp_path):
    """Of a sealed file of a gigabyte no more is taken into memory than of the largest that could be one."""
    path = tmp_path / "R.age"
    with path.open("wb") as file:
        file.write(b"age-encryption.org/v1\n")
        file.truncate(1 << 30)
    tracemalloc.start()
    try:
        (problem,) = read_file(path, None, never)
        assert tracemalloc.get_traced_memory()[1] < 3 * LARGEST
    finally:
        tracemalloc.stop()
    assert problem.code == "file-too-big"
    assert sent_to(path) == ""


def test_bomb_inside_is_refused_by_the_guard(tmp_path):
    """A referral of more than is taken, sealed by other means, is refused as too large like one that was not sealed."""
    path = tmp_path / "R.age"
    path.write_bytes(sealed(b"PK\x03\x04" + bytes(guard.MAX_FILE)))
    (problem,) = read_file(path, None, lambda: CO_ORDINATOR)
    assert problem.code == "file-too-big"


def test_key_that_cannot_be_read_is_not_taken_for_a_fault_of_the_file():
    """A wrong passphrase is the co-ordinator's business, and no problem of the referral."""

    def wrong():
        raise WrongPassphrase("no", "no")

    with pytest.raises(WrongPassphrase):
        opened(sealed(), wrong)


def test_nothing_that_is_opened_shows_in_a_repr():
    """Neither what was in a sealed file nor the keys appear where a program prints what it holds."""
    assert "PK" not in repr(opened(sealed(), lambda: CO_ORDINATOR))
