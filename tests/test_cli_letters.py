"""The command letters: for each pack in the outbox a letter or a reason, and what becomes of letters that are void."""

import email
import json
import re
import stat
from email import policy

import pytest
from borough import MEETING

from pipeline import workbook
from pipeline.flow import read_file

HAND, NONE = {"lantern-house"}, {"hospital", "stepping-stone"}


def told(borough, *options):
    return json.loads(borough.run("letters", MEETING, "--json", *options).stdout)


@pytest.fixture
def lettered(packed_borough):
    """A borough whose letters are written."""
    assert packed_borough.run("letters", MEETING).exit_code == 1
    return packed_borough


def folder(borough):
    return borough.folder / "letters"


def set_channel(borough, agency, channel):
    path = borough.folder / "agencies.toml"
    text = path.read_text("utf-8")
    start = text.index(f'id = "{agency}"')
    path.write_text(
        text[:start] + re.sub(r'channel = "[a-z-]+"', f'channel = "{channel}"', text[start:], count=1), "utf-8"
    )
    borough.sign()


def test_sample_shows_every_way(packed_borough):
    """By mail, by hand, and none: each agency with a pack is told of, and status 1 says that two have no way."""
    result = packed_borough.run("letters", MEETING)
    assert result.exit_code == 1
    endings = {path.name.split("_")[1]: path.suffix for path in folder(packed_borough).iterdir()}
    agencies = {path.name.split("_")[1] for path in packed_borough.outbox}
    assert agencies - endings.keys() == NONE
    assert {one for one, ending in endings.items() if ending == ".txt"} == HAND
    for agency in NONE:
        number = packed_borough.sealed(agency).name.split("_")[0]
        assert f"Find another way for the pack {number} for {agency} (SEND-4)." in result.stdout
    assert "8 letters written" in result.stdout
    assert "Nothing is sent" in result.stdout
    known = told(packed_borough)
    assert len(known["letters"]) == 8
    assert {one["agency"] for one in known["none"]} == NONE
    assert len(known["no_way"]) == 2
    assert known["not_in_outbox"] == known["taken_away"] == []


def test_every_contact_gets_the_file_of_the_outbox(lettered):
    """Both contacts of the police get the same pack, each by a mail of their own that only its owner can read."""
    sealed = lettered.sealed("police")
    number = sealed.name.split("_")[0]
    for place, to in ((1, "tansy.bookbinder"), (2, "alder.whetstone")):
        path = folder(lettered) / f"{number}_police_{place}.eml"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        assert mail["To"].addresses[0].username == to
        (file,) = mail.iter_attachments()
        assert file.get_filename() == sealed.name
        assert file.get_content() == sealed.read_bytes()
    assert stat.S_IMODE(folder(lettered).stat().st_mode) == 0o700


def test_no_letter_names_anybody_of_a_case(lettered):
    """Neither a case reference nor the panel's title nor the meeting stands in any letter, nor in its name."""
    panel = lettered.area.settings.panels["marac"]
    for path in folder(lettered).iterdir():
        text = path.read_text("utf-8")
        for word in ("MARAC-2026", panel.title, panel.purpose[:40], MEETING, "8 December"):
            assert word not in text + path.name


def test_one_agency_alone_has_status_0_where_it_has_a_way(packed_borough, tmp_path):
    """Letters for one agency go to the folder that is named, and the others are not spoken of."""
    printed = packed_borough.done("letters", MEETING, "--agency", "housing", "-o", tmp_path / "post")
    assert [path.name.split("_", 1)[1] for path in (tmp_path / "post").iterdir()] == ["housing_1.eml"]
    assert "hospital" not in printed
    assert not folder(packed_borough).exists()


def test_again_gives_the_same_letters(lettered):
    """A second run writes the same bytes, and takes nothing away."""
    before = {path.name: path.read_bytes() for path in folder(lettered).iterdir()}
    assert told(lettered)["taken_away"] == []
    assert {path.name: path.read_bytes() for path in folder(lettered).iterdir()} == before


def test_letter_to_a_pack_that_was_replaced_is_taken_away(lettered):
    """Whoever opens the folder cannot send a void pack; what is no letter of this meeting stays."""
    old = lettered.sealed("housing").name.split("_")[0]
    (folder(lettered) / "notes.txt").write_text("mine")
    (folder(lettered) / "P-ZZZZ-ZZZZ_housing_1.eml").write_text("another meeting's")
    lettered.done("pack", MEETING, "-i", lettered.co_ordinator, "--again", "housing")
    assert told(lettered)["taken_away"] == [f"{old}_housing_1.eml"]
    names = {path.name for path in folder(lettered).iterdir()}
    assert {"notes.txt", "P-ZZZZ-ZZZZ_housing_1.eml"} < names
    assert f"{lettered.sealed('housing').name.split('_')[0]}_housing_1.eml" in names


def test_letter_that_may_not_go_any_more_is_taken_away(lettered):
    """Where the contact's channel became a conventional one, the letter of the earlier run goes."""
    set_channel(lettered, "housing", "conventional")
    result = lettered.run("letters", MEETING)
    assert result.exit_code == 1
    assert "Taken away, since it may not be sent any more" in result.stdout
    assert not list(folder(lettered).glob("*_housing_1.eml"))


def test_pack_that_was_sent_already_is_told_and_is_no_problem(packed_borough):
    """What is not in the outbox any more has no letter; alone that is no reason for status 1."""
    packed_borough.sealed("housing").unlink()
    printed = packed_borough.done("letters", MEETING, "--agency", "housing")
    assert "not in the outbox" in printed
    assert "0 letters" in printed


def test_file_that_is_not_what_was_sealed_gets_no_letter(packed_borough):
    """A changed file in the outbox is told, with status 1, and is not sent on."""
    packed_borough.sealed("housing").write_bytes(b"age-encryption.org/v1\nanother")
    result = packed_borough.run("letters", MEETING, "--agency", "housing")
    assert result.exit_code == 1
    assert "is not what was sealed" in " ".join(result.stdout.split())
    assert not list(folder(packed_borough).iterdir())


def test_agency_that_there_is_not_is_wrong_use(packed_borough):
    """A word that is no agency's id gives status 2, and no folder is made."""
    assert packed_borough.run("letters", MEETING, "--agency", "zoo").exit_code == 2
    assert not folder(packed_borough).exists()


def test_agency_that_left_the_directory_has_no_way(packed_borough):
    """A pack in force for an agency that agencies.toml no longer has is told, and not sent."""
    path = packed_borough.folder / "agencies.toml"
    text = path.read_text("utf-8")
    start = text.index('[[agency]]\nid = "hospital"')
    path.write_text(text[:start] + text[text.index("# A charity") :], "utf-8")
    packed_borough.sign()
    result = packed_borough.run("letters", MEETING)
    assert "agencies.toml has no such agency any more" in " ".join(result.stdout.split())


def test_minutes_and_mental_health_are_noted_when_they_are_sealed(borough):
    """The note of the register says that a pack goes to secure addresses only, and names neither case nor reason."""
    path = borough.area.inbox / "01-ordinary.xlsx"
    referral = read_file(path, borough.area)
    said = {
        **referral.answers,
        "referrer": {**referral.answers["referrer"], "agency": "Mereside Mental Health Trust"},
    }
    path.write_bytes(workbook.blank(referral.form, prefill=said))
    borough.pack()
    entries = json.loads(borough.done("register", "show", "--json"))
    notes = {one["agency"]: one["note"] for one in entries}
    assert notes["housing"] == "SEND-5: to secure addresses only."
    assert notes["stepping-stone"].startswith("SEND-5: to secure addresses only. Sealed for X25519")
    rules = {one["agency"]: one["rule"] for one in told(borough)["none"]}
    assert rules["stepping-stone"] == "SEND-5"


def test_no_letter_is_made_for_a_pack_that_the_plan_does_not_let_go_any_more(lettered):
    """Sealed while its signature held, and not sent after it lapsed: the letter of before is taken away."""
    path = lettered.folder / "agencies.toml"
    text = path.read_text("utf-8")
    start = text.index('id = "housing"')
    path.write_text(
        text[:start]
        + text[start:].replace("protocol_reviewed = 2026-05-18", "protocol_reviewed = 2025-05-19", 1),
        "utf-8",
    )
    lettered.sign()
    known = told(lettered)
    assert "housing" not in {one["agency"] for one in known["letters"]}
    (why,) = [one["why"] for one in known["none"] if one["agency"] == "housing"]
    assert why.startswith("the plan does not let it go any more")
    assert not [one for one in folder(lettered).iterdir() if "housing" in one.name]


def test_no_letter_is_made_for_a_pack_that_holds_what_the_plan_withholds_today(lettered):
    """A case that was taken off the meeting goes to nobody, until the packs are sealed afresh without it."""
    path = lettered.folder / "meetings" / f"{MEETING}.toml"
    whole = path.read_text("utf-8")
    text = re.sub(r'(?m)^\[\[case\]\]\nreference = "MARAC-2026-4417"\n(?:.+\n)*', "", whole)
    assert text != whole
    path.write_text(text, "utf-8")
    result = lettered.run("letters", MEETING, "--agency", "housing")
    assert result.exit_code == 1
    assert "has changed since it was sealed: run `sealpack pack`" in " ".join(result.stdout.split())
    assert "Find another way" not in result.stdout
    assert not list(folder(lettered).glob("*_housing_1.eml"))
    lettered.done("pack", MEETING, "-i", lettered.co_ordinator)
    assert [one["agency"] for one in told(lettered, "--agency", "housing")["letters"]] == ["housing"]


def test_a_meeting_file_with_problems_makes_no_letters(lettered):
    """What its packs would hold cannot be told, so nothing is made and nothing taken away."""
    path = lettered.folder / "meetings" / f"{MEETING}.toml"
    aside = '\n[[decision]]\nrule = "SHARE-5"\ncase = "MARAC-2026-4417"\nby = "Aubrey Gatepost"\nrole = "chair"\non = 2026-12-01\nreason = "x"\n'
    path.write_text(path.read_text("utf-8") + aside, "utf-8")
    before = sorted(folder(lettered).iterdir())
    result = lettered.run("letters", MEETING)
    assert result.exit_code == 1
    assert "No letter is made" in result.stderr
    assert sorted(folder(lettered).iterdir()) == before


def test_the_plan_and_the_register_tell_whom_a_pack_may_not_be_sent(packed_borough):
    """Before anything is sent, the plan names contact and rule; where nobody of an agency can be reached, the register has the rule."""
    plan = packed_borough.done("meeting", "plan", MEETING)
    assert "The pack for hospital may not be sent to Olive Barometer" in plan
    assert "(SEND-4)" in plan
    entries = json.loads(packed_borough.done("register", "show", "--json"))
    held_back = {one["agency"] for one in entries if {"rule": "SEND-4", "case": MEETING} in one["withheld"]}
    assert held_back == NONE
