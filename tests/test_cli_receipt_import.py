"""Signed receipts (RECORD-5): what opening made is checked and recorded, and a receipt that does not fit is refused."""

import datetime as dt
import json
import re
from functools import partial
from pathlib import Path

import pytest
from borough import MEETING, TODAY, copy, done

from keys import identity, sshsig
from keys.identity import fingerprint
from pipeline.receipt import Receipt, Signed, read


@pytest.fixture(scope="module")
def answered_once(packed, tmp_path_factory):
    """The packed area, whose police and housing have opened their packs; to be copied."""
    folder = tmp_path_factory.mktemp("answered")
    made = copy(packed, folder)
    for agency, spoc in (("housing", 1), ("police", 2)):
        done(
            "open", made.sealed(agency), "-i", made.hold(folder, agency, spoc), "-o", folder / "papers" / agency, "--accept"
        )  # fmt: skip
    return made


@pytest.fixture
def answered(answered_once, tmp_path):
    """An area of the test's own, with two receipts that have come back."""
    made = copy(answered_once, tmp_path)
    for agency in ("housing", "police"):
        (file,) = (answered_once.folder.parent / "papers" / agency).glob("*-receipt.txt")
        (tmp_path / f"{agency}.txt").write_bytes(file.read_bytes())
    return made


def file_of(borough, agency="housing"):
    return borough.folder.parent / f"{agency}.txt"


def take_in(borough, *files, key=None, answers=""):
    return borough.run("receipt", "import", *files, "-i", key or borough.co_ordinator, answers=answers)


def entries(borough, kind="received"):
    told = json.loads(borough.done("register", "show", "--json"))
    return [one for one in told if one["kind"] == kind]


def waiting(borough):
    return {one["agency"] for one in json.loads(borough.done("register", "outstanding", "--json"))}


def test_receipts_are_recorded_and_no_longer_outstanding(answered):
    """Each names pack, agency, person and key; the packs leave the list of those without."""
    result = take_in(answered, file_of(answered), file_of(answered, "police"))
    assert result.exit_code == 0, result.output
    assert "2 receipts on record, 0 refused." in result.stdout
    housing, police = entries(answered)
    assert (housing["agency"], police["agency"]) == ("housing", "police")
    assert "by Linden Hatstand, who accepted the terms; signed." in housing["note"]
    assert "Alder Whetstone" in police["note"]
    assert housing["keys"] == [
        fingerprint(answered.keys_in(answered.key("housing")).public()).replace(" ", "-")
    ]
    assert {"housing", "police"}.isdisjoint(waiting(answered))
    assert "The register holds" in answered.done("register", "verify")


def test_receipt_that_comes_twice_is_recorded_once(answered):
    """The second is told as recorded, without a passphrase, and changes nothing."""
    take_in(answered, file_of(answered))
    again = take_in(answered, file_of(answered), file_of(answered))
    assert again.exit_code == 0
    assert "as before" in again.stdout
    assert len(entries(answered)) == 1


def test_receipt_can_be_pasted_in(answered):
    """From a mail, through standard input."""
    quoted = "".join(f"> {line}\n" for line in file_of(answered).read_text().splitlines())
    result = take_in(answered, "-", answers=f"Thank you,\n{quoted}\nLinden\n")
    assert result.exit_code == 0, result.output
    assert len(entries(answered)) == 1


def test_program_is_told_the_same(answered):
    """What was recorded and what was refused, as JSON."""
    bad = answered.folder.parent / "bad.txt"
    bad.write_text("Dear all")
    result = answered.run("receipt", "import", file_of(answered), bad, "-i", answered.co_ordinator, "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert [(one["agency"], one["by"], one["fresh"]) for one in told["recorded"]] == [
        ("housing", "Linden Hatstand", True)
    ]
    assert told["refused"] == [{"file": str(bad), "why": "There is no receipt in it."}]


def given(borough, whose="housing", **change):
    """Give the receipt that came, with parts of it otherwise, signed by whom it names unless another is named."""
    (found,) = read(file_of(borough, whose).read_bytes())
    assert isinstance(found, Signed)
    signer = change.pop("signer", borough.keys_in(borough.key(whose, 2 if whose == "police" else 1)))
    text = Receipt(**(vars(found.receipt) | change)).text(partial(sshsig.sign, signer.signing))
    path = borough.folder.parent / "given.txt"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"pack": "P-2222-2222"}, "No pack P-2222-2222 for housing is on record"),
        ({"agency": "police"}, "No pack"),
        ({"file": "ab" * 32}, "not the pack"),
        ({"key": "12345 " * 7 + "12345"}, "was not sealed for the key"),
        ({"by": "Alder Whetstone"}, "not signed by the person and key"),
        ({"signer": identity.new(TODAY)}, "not signed by the person and key"),
        ({"slips": (("MARAC-2026-4417", "marac"),)}, "a slip of a paper that is not in it"),
        ({"slips": (("MAPPA-2026-7711", "mappa-j"),)}, "a slip of a paper that is not in it"),
        ({"opened": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "cannot have been opened"),
        ({"opened": dt.datetime(2029, 1, 1, tzinfo=dt.UTC)}, "cannot have been opened"),
    ],
    ids=[
        "of a pack that there is not", "of another agency's pack", "of another file", "of a key it was not sealed for",
        "in another's name", "signed by a stranger", "with a slip of a form that has none", "with a slip of another's case", "of a day before it was sealed", "of a day to come",
    ],
)  # fmt: skip
def test_receipt_that_does_not_fit_is_refused(answered, change, told):
    """In words with what to do; nothing is recorded, and no passphrase asked for."""
    result = take_in(answered, given(answered, **change))
    assert result.exit_code == 1
    assert told in result.stderr
    assert "What to do:" in result.stderr
    assert entries(answered) == []


def test_receipt_of_a_colleague_s_key_is_none(answered):
    """Signed by another contact of the same agency, in the first one's name."""
    other = answered.keys_in(answered.key("police", 1))
    result = take_in(answered, given(answered, "police", signer=other))
    assert "not signed by the person and key" in result.stderr


@pytest.mark.parametrize("opened", ["2026-12-01", "2026-12-02", "2026-12-03"])
def test_receipt_of_a_revoked_key_proves_nothing(answered, opened):
    """Whatever day it names: whoever has the key now could write any. What is on record already stays."""
    take_in(answered, file_of(answered, "police"))
    for agency, spoc in (("housing", 1), ("police", 2)):
        public = answered.keys_in(answered.key(agency, spoc)).public()
        answered.done(
            "keys", "revoke", agency, "--fingerprint", fingerprint(public), "--by", "Ann Clerk", "-i", answered.co_ordinator
        )  # fmt: skip
    when = dt.datetime.fromisoformat(f"{opened}T12:00").replace(tzinfo=dt.UTC)
    result = take_in(answered, given(answered, opened=when))
    assert result.exit_code == 1
    assert "a key that is revoked" in result.stderr
    assert "register received" in result.stderr
    assert [one["agency"] for one in entries(answered)] == ["police"]


def test_receipt_for_a_void_pack_is_recorded_and_told(answered):
    """That somebody opened what has been withdrawn must be known, and they are to be rung."""
    answered.done("pack", MEETING, "-i", answered.co_ordinator, "--again", "housing")
    result = take_in(answered, file_of(answered))
    assert result.exit_code == 0
    assert "is void: ring housing" in result.stdout
    assert len(entries(answered)) == 1
    assert "housing" in waiting(answered)


def test_receipt_takes_the_sender_s_own_key(answered):
    """A contact's key signs nothing in the register."""
    assert take_in(answered, file_of(answered), key=answered.key("housing")).exit_code == 1
    assert entries(answered) == []


JOBCENTRE = """
[[agency]]
id = "jobcentre"
name = "Jobcentre Plus Brackenford"
kind = "jobcentre"
duty_to_cooperate = true
protocol_signed = 2026-04-08
panels = ["mappa"]

[[agency.spoc]]
name = "Fern Counterman"
telephone = "020 7946 0177"
channel = "confidential"
"""
NOTIFIED = """
[[case]]
reference = "MAPPA-2026-7711"
file = "mappa-j/01-new.xlsx"
"""


def test_form_j_slip_comes_back_with_the_receipt(borough, tmp_path):
    """The receipt of a pack with Form J has its slip, the register notes it, and it is told which are outstanding until then."""
    path = borough.folder / "agencies.toml"
    path.write_text(path.read_text("utf-8") + JOBCENTRE, "utf-8")
    meeting = borough.folder / "meetings" / "2026-12-15-mappa.toml"
    text = meeting.read_text("utf-8")
    meeting.write_text(text[: text.index("[[")] + NOTIFIED, "utf-8")
    borough.sign()
    borough.enter(borough.area.agency("jobcentre"), "Fern Counterman", borough.key("jobcentre"))
    borough.done("pack", meeting.stem, "-i", borough.co_ordinator)
    others = waiting(borough) - {"jobcentre"}
    assert waiting(borough) > others
    printed = done(
        "open", borough.sealed("jobcentre"), "-i", borough.hold(tmp_path, "jobcentre"), "-o", tmp_path / "papers", "--accept"
    )  # fmt: skip
    receipt = Path(re.search(r"Receipt: (\S+)", printed)[1])
    assert "Slip: MAPPA-2026-7711 mappa-j" in receipt.read_text("utf-8")
    told = take_in(borough, receipt)
    assert "with the slip of mappa-j (MAPPA-2026-7711)" in told.stdout
    (entry,) = entries(borough)
    assert entry["note"].endswith("Slip: mappa-j of MAPPA-2026-7711.")
    assert waiting(borough) == others


def test_second_receipt_by_the_same_key_is_none_more(answered):
    """Opened once more, a pack has another receipt: one on record is enough."""
    take_in(answered, file_of(answered))
    later = given(answered, opened=dt.datetime(2026, 12, 2, 12, 0, tzinfo=dt.UTC))
    assert "as before" in take_in(answered, later).stdout
    assert len(entries(answered)) == 1


def test_file_that_is_not_there_does_not_hinder_the_others(answered):
    """It is told, and the receipts in the others are recorded."""
    result = take_in(answered, answered.folder.parent / "gone.txt", file_of(answered))
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr
    assert len(entries(answered)) == 1
