"""Receipts (RECORD-5): which are recorded, which are refused, and which are outstanding."""

import json

import pytest
from borough import MEETING, TODAY

BY = ("--by", "Linden Hatstand")


def number(borough, agency="housing"):
    return borough.sealed(agency).name.split("_")[0]


def receive(borough, *options, pack=None, key=None):
    return borough.run(
        "register", "received", pack or number(borough), "-i", key or borough.co_ordinator, *(options or BY)
    )


def waiting(borough, *options):
    return [one["agency"] for one in json.loads(borough.done("register", "outstanding", "--json", *options))]


def test_receipt_is_an_entry_of_its_own(packed_borough):
    """It names agency, pack, cases and day, who confirmed and who recorded it; the register holds and shows it."""
    assert receive(packed_borough, *BY, "--on", "2026-12-02").exit_code == 0
    sealed, receipt = json.loads(packed_borough.done("register", "show", "--agency", "housing", "--json"))
    assert (receipt["kind"], receipt["day"], receipt["by"]) == ("received", "2026-12-02", "Perpetua Inkstand")
    assert {part: receipt[part] for part in ("agency", "pack", "cases", "meeting")} == {
        part: sealed[part] for part in ("agency", "pack", "cases", "meeting")
    }
    assert receipt["note"] == "Receipt from the agency, given by Linden Hatstand."
    assert "The register holds: 11 entries" in packed_borough.done("register", "verify")
    assert "No. 11, note: Receipt from the agency" in packed_borough.done("register", "show")


def test_packs_without_a_receipt_are_listed_oldest_first(packed_borough):
    """A confirmed pack leaves the list; one sealed afresh comes at its end, in the place of the one withdrawn."""
    before = waiting(packed_borough)
    assert len(before) == 9
    receive(packed_borough)
    packed_borough.done("pack", MEETING, "-i", packed_borough.co_ordinator, "--again", before[0])
    assert waiting(packed_borough) == [*(one for one in before[1:] if one != "housing"), before[0]]
    assert waiting(packed_borough, "--agency", "housing") == []
    printed = packed_borough.done("register", "outstanding")
    assert "2 December 2026" in printed
    assert number(packed_borough, "hospital") in printed
    assert "8 packs without a receipt." in printed


def test_nothing_outstanding_is_told(packed_borough):
    """With every pack confirmed the list is empty, and says so."""
    for sealed in packed_borough.outbox:
        assert receive(packed_borough, pack=sealed.name.split("_")[0]).exit_code == 0
    assert packed_borough.done("register", "outstanding") == "0 packs without a receipt.\n"


def test_receipt_that_cannot_be_is_refused(packed_borough):
    """An unknown pack, a second receipt, a withdrawn pack, and a day before the sealing are refused with status 1."""
    assert "on record" in receive(packed_borough, pack="P-0000-0000").stderr
    early = receive(packed_borough, *BY, "--on", "2026-12-01")
    assert "was sealed on 2 December 2026" in early.stderr
    first = number(packed_borough)
    assert receive(packed_borough).exit_code == 0
    second = receive(packed_borough)
    assert "confirmed already, by entry 11" in second.stderr
    void = number(packed_borough, "hospital")
    packed_borough.done("pack", MEETING, "-i", packed_borough.co_ordinator, "--again", "hospital")
    withdrawn = receive(packed_borough, pack=void)
    assert "was withdrawn" in withdrawn.stderr
    assert {early.exit_code, second.exit_code, withdrawn.exit_code} == {1}
    kinds = [one["kind"] for one in json.loads(packed_borough.done("register", "show", "--json"))]
    assert kinds.count("received") == 1
    assert first != void


@pytest.mark.parametrize("by", [" ", "Linden\nHatstand", "Linden\x1b[2J"])
def test_name_is_one_line(packed_borough, by):
    """A name that is none, or could write over a terminal, is wrong use."""
    assert receive(packed_borough, "--by", by).exit_code == 2


def test_day_to_come_is_wrong_use(packed_borough):
    """Nobody has confirmed anything tomorrow."""
    assert receive(packed_borough, *BY, "--on", "2026-12-03", "--today", TODAY).exit_code == 2


def test_receipt_takes_the_sender_s_own_key(packed_borough):
    """A contact's key signs nothing in the register."""
    assert receive(packed_borough, key=packed_borough.key("housing")).exit_code == 1
    assert len(waiting(packed_borough)) == 9


def test_area_without_a_register_has_no_receipts(borough):
    """Before the first key both commands say that there is no register, and make none."""
    for path in (*borough.folder.glob("register.*"), borough.area.key_directory):
        path.unlink()
    assert borough.run("register", "outstanding").exit_code == 1
    assert receive(borough, pack="P-2345-6789").exit_code == 1
    assert not (borough.folder / "register.sqlite").exists()
