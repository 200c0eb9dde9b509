"""What goes with a sealed pack: what an e-mail and a covering letter tell, what they do not, and for whom none is made."""

import datetime as dt
import email
from email import policy

import pytest

from keys import identity
from keys.directory import Confirmation, Directory, Revocation
from keys.directory import Entry as KeyEntry
from pipeline.agency import Agency, AgencyKind
from pipeline.area import Sender
from pipeline.letters import InOutbox, Letter, NoWay, Office, letters
from pipeline.protocol.sending import SECURE_ONLY
from pipeline.register import Entry
from tests.rules import CASE, DAY, MEETING_DAY, agency, settings

PACK = "P-2345-6789"
SEALED = b"age-encryption.org/v1\nsealed\n" * 100
FILE = f"{PACK}_police_council.age"
OFFICE = Office(settings().sender, "Brackenford Council")
KEYS = [identity.new(DAY).public(), identity.new(DAY).public()]
CLEARED = {"telephone": "020 7946 0111", "email": "tansy@police.example", "channel": "confidential"}


def police(*spocs: dict, **one) -> Agency:
    return agency(spoc=list(spocs) or [{"name": "Tansy Bookbinder", **CLEARED, **one}])


def directory(*names: str) -> Directory:
    """Confirmed keys of these contacts."""
    made = Directory()
    for name, keys in zip(names, KEYS, strict=False):
        key = KeyEntry("police", name, keys, DAY, DAY + dt.timedelta(365), DAY)
        made = made.add(key).confirm(
            "police", key.fingerprint, Confirmation("Ann Clerk", name, "telephone", DAY)
        )
    return made


def pack(*, note: str = "", keys: int = 1, marking: str = "OFFICIAL-SENSITIVE") -> InOutbox:
    """A pack on record, sealed for the first keys."""
    fingerprints = [one.fingerprint for one in directory("Tansy Bookbinder", "Alder Whetstone").of("police")]
    entry = Entry(
        kind="sealed", day=DAY, by="Perpetua Inkstand", role="MARAC co-ordinator", meeting="2026-12-08-marac", agency="police",
        pack=PACK, cases=(CASE,), keys=tuple(one.replace(" ", "-") for one in fingerprints[:keys]), file=FILE,
        marking=marking, note=note, purpose="To make somebody safer.",
    )  # fmt: skip
    return InOutbox(entry, SEALED)


def made(to: Agency | None = None, sealed: InOutbox | None = None, keys: Directory | None = None, **office):
    """What comes of a pack."""
    who = Office(Sender.model_validate(OFFICE.sender.model_dump() | office), OFFICE.agency_name)
    return list(letters(sealed or pack(), to or police(), keys or directory("Tansy Bookbinder"), who, DAY))


def the_mail(**one):
    (letter,) = made(police(**one))
    assert isinstance(letter, Letter), letter
    return email.message_from_bytes(letter.content, policy=policy.default)


def test_mail_is_a_draft_from_the_sender_to_the_contact_with_the_sealed_file():
    """Its headers are those of SEND-6 and no others; what is attached is the file of the outbox, byte for byte."""
    mail = the_mail()
    assert dict(mail.items()) == {
        "X-Unsent": "1",
        "From": "Perpetua Inkstand <marac@council.example>",
        "To": "Tansy Bookbinder <tansy@police.example>",
        "Subject": f"OFFICIAL-SENSITIVE: sealed pack {PACK}",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/mixed; boundary="sealpack-{PACK}"',
    }
    (file,) = mail.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("application/octet-stream", FILE)
    assert file.get_content() == SEALED


def test_mail_tells_how_to_open_answer_and_destroy():
    """The marking is above and below; between them whom to ring, how to open, that an answer is asked for, how to destroy."""
    body = the_mail().get_body().get_content()
    lines = body.strip().splitlines()
    assert lines[0] == lines[-1] == "OFFICIAL-SENSITIVE"
    told = " ".join(body.split())
    for words in (
        "Dear Tansy Bookbinder,", f"sealpack open {FILE} -i YOUR.key -o papers", "papers/P-2345-6789-receipt.txt: send it back with your answer", "Please answer this e-mail to say that it has come",
        "File these papers securely", f'sealpack destroy papers/{PACK} --by "YOUR NAME"', "ring 020 7946 0100",
        "Perpetua Inkstand", "Brackenford Council", "marac@council.example",
    ):  # fmt: skip
        assert words in told


@pytest.mark.parametrize("channel", ["confidential", "by-hand"])
def test_letter_tells_neither_case_panel_nor_meeting(channel):
    """Outside the seal stands nothing of what is inside (SEND-1): no reference, title, day, purpose."""
    (letter,) = made(police(channel=channel))
    words = letter.content.decode().replace("MARAC co-ordinator", "").replace("marac@council.example", "")
    for word in (CASE, "MARAC", "marac", "meeting", str(MEETING_DAY), "8 December", "make somebody safer"):
        assert word not in words


def test_role_of_the_sender_stands_on_the_inner_envelope_alone():
    """The role can name the panel, and an e-mail has no inner envelope."""
    (mail,) = made()
    assert b"co-ordinator" not in mail.content
    (letter,) = made(police(channel="by-hand"))
    outer, _, inner = letter.content.decode().partition("cut here")
    assert "co-ordinator" not in outer
    assert "Perpetua Inkstand, MARAC co-ordinator" in inner


def test_pack_that_goes_by_hand_has_a_letter_for_two_envelopes():
    """Outside: agency, sender's agency, number. Inside: the marking, the named contact, the sender, what to do."""
    (letter,) = made(police(channel="by-hand", email=""))
    assert letter.name == f"{PACK}_police_1.txt"
    outer, _, inner = letter.content.decode().partition("cut here")
    assert "To:    Brackenford police\nFrom:  Brackenford Council\nPack:  P-2345-6789" in outer
    for word in ("Tansy", "Inkstand", "OFFICIAL"):
        assert word not in outer
    assert "Named contact: Tansy Bookbinder" in inner
    assert "Marking: OFFICIAL-SENSITIVE" in inner
    assert "Please ring 020 7946 0100 to say" in " ".join(inner.split())


def test_same_pack_gives_the_same_bytes():
    """Neither chance nor the clock has a part in a letter."""
    assert made() == made()
    assert "Date" not in the_mail()


def test_letters_are_numbered_by_the_contacts_of_the_agency():
    """The second contact's letter is the second, though the pack is sealed for that one alone."""
    both = police({"name": "Alder Whetstone", **CLEARED}, {"name": "Tansy Bookbinder", **CLEARED})
    assert [one.name for one in made(both)] == [f"{PACK}_police_2.eml"]
    keys = directory("Tansy Bookbinder", "Alder Whetstone")
    names = {one.contact: one.name for one in made(both, pack(keys=2), keys)}
    assert names == {"Tansy Bookbinder": f"{PACK}_police_2.eml", "Alder Whetstone": f"{PACK}_police_1.eml"}


@pytest.mark.parametrize(
    ("spoc", "note", "rule"),
    [
        ({"channel": "conventional"}, "", "SEND-4"),
        ({"channel": "restricted"}, "", "SEND-4"),
        ({"channel": "conventional"}, SECURE_ONLY, "SEND-5"),
        ({"channel": "restricted"}, SECURE_ONLY, "SEND-4"),
        ({"email": ""}, "", ""),
        ({"email": "tänsy@police.example"}, "", ""),
    ],
)
def test_without_a_way_there_is_no_letter(spoc, note, rule):
    """A channel that may not carry the pack, or an address that is none, gives a reason in the place of a letter."""
    (found,) = made(police(**spoc), pack(note=note))
    assert isinstance(found, NoWay)
    assert (found.contact, found.rule) == ("Tansy Bookbinder", rule)
    assert found.why


def test_lower_marking_goes_by_conventional_mail_unless_it_is_for_secure_addresses():
    """What is not CONFIDENTIAL is held back by SEND-5 alone, which the register's note of the sealing tells."""
    low = {"marking": "RESTRICTED"}
    assert isinstance(made(police(channel="conventional"), pack(**low))[0], Letter)
    older = f"{SECURE_ONLY} Sealed for X25519 keys, by exception: old computers."
    (found,) = made(police(channel="conventional"), pack(**low, note=older))
    assert found.rule == "SEND-5"


def test_marking_that_is_none_goes_by_no_mail():
    """A register that somebody has written in lets nothing go that it should not."""
    (found,) = made(sealed=pack(marking="unclassified"))
    assert found.rule == "SEND-4"
    (letter,) = made(police(channel="by-hand"), pack(marking="unclassified"))
    assert isinstance(letter, Letter)


def test_agreement_counts_from_its_day():
    """On the day before there is no letter, on the day there is."""
    for on, kind in ((DAY, Letter), (DAY + dt.timedelta(1), NoWay)):
        (found,) = made(police(channel="restricted", agreement={"reference": "BRA/03", "on": on}))
        assert isinstance(found, kind)


def test_who_left_or_whose_key_is_revoked_gets_no_letter():
    """A pack sealed before stays as it is, but it is not sent to them any more."""
    (found,) = made(police(name="Sorrel Lampshade"))
    assert (found.contact, found.rule) == ("Tansy Bookbinder", "SEND-3")
    keys = directory("Tansy Bookbinder")
    (found,) = made(keys=keys.revoke("police", keys.of("police")[0].fingerprint, Revocation("Ann Clerk", DAY)))
    assert "revoked" in found.why
    (found,) = made(keys=Directory())
    assert isinstance(found, NoWay)


def test_a_revoked_key_keeps_the_pack_from_everybody():
    """Whoever holds it could open what goes to a colleague: whichever of the keys it is, the pack is not sent to anybody."""
    names = ("Tansy Bookbinder", "Alder Whetstone")
    both = police(*({"name": name, **CLEARED} for name in names))
    for nth in range(2):
        keys = directory(*names)
        keys = keys.revoke("police", keys.of("police")[nth].fingerprint, Revocation("Ann Clerk", DAY))
        assert ["revoked" in one.why for one in made(both, pack(keys=2), keys)] == [True, True]


def test_names_and_domains_of_other_scripts_are_written_as_mail_has_them():
    """A name is an encoded word, a domain is by IDNA, and both come back."""
    to = police(name="Tansy Bookbinder", email="tansy@pölice.example")
    (letter,) = made(to, name="Zoë Inkstand, MBE")
    mail = email.message_from_bytes(letter.content, policy=policy.default)
    assert mail["To"].addresses[0].addr_spec == "tansy@xn--plice-jua.example"
    assert mail["From"].addresses[0].display_name == "Zoë Inkstand, MBE"
    assert letter.content.split(b"\r\n\r\n")[0].isascii()


@pytest.mark.parametrize("name", ["Tansy\r\nBcc: all@elsewhere.example", "Tansy\nBookbinder"])
def test_name_with_a_line_break_adds_no_header(name):
    """A line break in a name of the settings is a space by the time it comes to a letter."""
    told = Agency.model_validate(
        {"id": "police", "name": "Police", "kind": AgencyKind.POLICE, "spoc": [{"name": name, **CLEARED}]}
    )
    (letter,) = made(told, keys=directory(told.spocs[0].name))
    mail = email.message_from_bytes(letter.content, policy=policy.default)
    assert mail["Bcc"] is None
    assert len(mail["To"].addresses) == 1
