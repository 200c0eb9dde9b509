"""Sealed packs → letters: a ready e-mail to each named contact, or what goes with a pack by hand, or why neither may be made.

Nothing is sent, and nothing here reads a disk or the clock. What stands outside the seal tells neither case, person of a
case, panel nor meeting (SEND-1, SEND-6): that is in the pack. Whether a pack goes to secure addresses only is told by
the register's note of the day it was sealed (`SECURE_ONLY`), since the inbox may have changed since then. A reason in
that note that speaks of SEND-5 in the same words can only make it stricter.
"""

import datetime as dt
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage

from email_validator import validate_email

from keys.directory import Directory, Status
from pipeline.agency import Agency, Channel, Spoc
from pipeline.area import Sender
from pipeline.protocol.marking import on_every_page, printed
from pipeline.protocol.sending import (
    SECURE_ONLY,
    inner_words,
    is_no_secure_address,
    is_not_cleared,
    on_receipt,
    subject_line,
)
from pipeline.register import Entry

_WIDTH = 72
_CUT = "- - - - - - - - - - - - - - - - - cut here - - - - - - - - - - - - - - - - -"


@dataclass(frozen=True)
class Letter:
    """What goes to a named contact: `P-7F3K-2M9Q_housing_1.eml` with the pack in it, or a `.txt` to print where it goes by hand."""

    contact: str = field(repr=False)
    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class NoWay:
    """Why nothing may be made for a named contact, and the rule that says so; empty where it is no rule."""

    contact: str = field(repr=False)
    rule: str
    why: str


@dataclass(frozen=True)
class InOutbox:
    """A sealed file, and the entry of the register that it was sealed with."""

    entry: Entry
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Office:
    """Who sends: the person, as in area.toml, and the name of the agency."""

    sender: Sender
    agency_name: str


def letters(
    pack: InOutbox, agency: Agency, directory: Directory, office: Office, day: dt.date
) -> Iterator[Letter | NoWay]:
    """Yield what is to go to each contact that a pack is sealed for.

    Args:
        pack: the sealed file and its entry.
        agency: whom it is for, with its contacts as they are today.
        directory: the keys, to tell whose they are.
        office: who sends it.
        day: on which it goes.
    """
    keys = {one.replace("-", " ") for one in pack.entry.keys}
    sealed_for = [one for one in directory.of(agency.id) if one.fingerprint in keys]
    holders = dict.fromkeys(one.spoc for one in sealed_for)
    names = [spoc.name for spoc in agency.spocs]
    # Whoever holds a key that was revoked could open what goes to a colleague as well.
    revoked = any(one.status is Status.REVOKED for one in sealed_for)
    for holder in holders:
        if revoked:
            yield NoWay(
                holder, "", f"a key that the pack is sealed for is revoked: sealpack reseal {pack.entry.pack}"
            )
        elif holder not in names:
            yield NoWay(holder, "SEND-3", "is no named contact any more")
        else:
            yield _letter(pack, agency, names.index(holder), office, day)
    if not holders:
        yield NoWay("", "", "the directory of keys does not know those that it is sealed for any more")


def _letter(sealed: InOutbox, agency: Agency, place: int, office: Office, day: dt.date) -> Letter | NoWay:
    pack, contact = sealed.entry, agency.spocs[place]
    marking = printed(pack.marking)
    if why := is_no_secure_address(contact, secure_only=SECURE_ONLY in pack.note):
        return NoWay(contact.name, "SEND-5", why)
    if why := is_not_cleared(marking, contact, day):
        return NoWay(contact.name, "SEND-4", why)
    stem = f"{pack.pack}_{agency.id}_{place + 1}"
    if contact.channel is Channel.BY_HAND:
        text = _by_hand(pack, agency, contact, office, on_every_page(marking))
        return Letter(contact.name, f"{stem}.txt", text.encode())
    if not contact.email:
        return NoWay(contact.name, "", "agencies.toml has no e-mail address")
    to, sender = _in_ascii(contact.email), _in_ascii(office.sender.email)
    if not to or not sender:
        return NoWay(contact.name, "", "there are letters in the address that not every mail program takes")
    message = EmailMessage(policy=policy.SMTP)
    message["X-Unsent"] = "1"  # Outlook opens it as a draft; it is dated when it is sent
    message["From"] = Address(office.sender.name, addr_spec=sender)
    message["To"] = Address(contact.name, addr_spec=to)
    message["Subject"] = subject_line(on_every_page(marking), pack.pack)
    message.set_content(_by_mail(pack, agency, contact, office, on_every_page(marking)), cte="quoted-printable")
    message.add_attachment(sealed.data, maintype="application", subtype="octet-stream", filename=pack.file)
    message.set_boundary(f"sealpack-{pack.pack}")  # or chance would make one, and a second run another file
    return Letter(contact.name, f"{stem}.eml", message.as_bytes())


def _in_ascii(address: str) -> str | None:
    """Return an address as RFC 5322 has it, its domain by IDNA; None where the part before the @ cannot be written so."""
    return validate_email(address, check_deliverability=False).ascii_email


def _by_mail(pack: Entry, agency: Agency, contact: Spoc, office: Office, marking: str) -> str:
    begins = f"The sealed pack {pack.pack} for {agency.name} comes with this e-mail, as the file {pack.file}."
    parts = [*_told(pack, contact, begins, "Please answer this e-mail"), _from(office)]
    return _between(marking, parts)


def _by_hand(pack: Entry, agency: Agency, contact: Spoc, office: Office, marking: str) -> str:
    outer = ["OUTER ENVELOPE", f"To:    {agency.name}\nFrom:  {office.agency_name}\nPack:  {pack.pack}"]
    told = inner_words([contact.name], office.sender, office.agency_name, marking)
    inner = [f"{label}: {words}".replace("\n", ", ") for label, words in told.items()]
    begins = f"The sealed pack {pack.pack} for {agency.name} comes with this letter, as the file {pack.file}."
    parts = [
        "INNER ENVELOPE",
        "\n".join(textwrap.fill(line, _WIDTH, subsequent_indent="  ") for line in inner),
        *_told(pack, contact, begins, f"Please ring {office.sender.telephone}"),
        office.sender.name,
    ]
    return "\n\n".join([*outer, _CUT, _between(marking, parts)])


def _told(pack: Entry, contact: Spoc, begins: str, answer: str) -> Iterator[str]:
    yield f"Dear {contact.name},"
    yield textwrap.fill(begins, _WIDTH, break_long_words=False, break_on_hyphens=False)
    yield _fill("Save it, and open it with your key file. What it is about stands inside and nowhere else:")
    yield f"  sealpack open {pack.file} -i YOUR.key -o papers"
    yield _fill(f"That makes a receipt, papers/{pack.pack}-receipt.txt: send it back with your answer.")
    yield _fill(f"{answer} to say that it has come, with the number of the pack and nothing of what is in it.")
    yield _fill(f"{on_receipt()} This takes away the folder that they were opened into:")
    yield f'  sealpack destroy papers/{pack.pack} --by "YOUR NAME"'


def _from(office: Office) -> str:
    sender = office.sender
    ring = f"If anything is wrong, or this is not for you, ring {sender.telephone}."
    return f"{_fill(ring)}\n\n{sender.name}\n{office.agency_name}\n{sender.telephone}\n{sender.email}"


def _fill(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_on_hyphens=False)


def _between(marking: str, parts: list[str]) -> str:
    return "\n\n".join([marking, *parts, marking]) + "\n"
