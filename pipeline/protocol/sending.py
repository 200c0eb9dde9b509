"""The two envelopes, to whom they are addressed, by which channel they may go, and what is done on receipt."""

import datetime as dt
import re
from collections.abc import Collection, Sequence

from forms.answers import long_date, plain
from pipeline.agency import Agency, Channel, Spoc
from pipeline.area import Sender
from pipeline.checked import Checked
from pipeline.manifest import Manifest, SenderPart
from pipeline.protocol.marking import Marking, confidential
from pipeline.protocol.minutes import is_minutes
from pipeline.protocol.rule import AgencyContext, Citation, Effect, On, Source, rule

_ENVELOPES = Citation(Source.THAMES_VALLEY, "section 14, correspondence and documents")
_B2C = Citation(Source.BROMLEY, "appendix 2 part C, process for information sharing")
_WM = Citation(Source.WEST_MIDLANDS, "specific activities: single points of contact")
_B3A = Citation(Source.BROMLEY, "appendix 3 part A, confidentiality")
_WM_HEALTH = Citation(Source.WEST_MIDLANDS, "health bodies, referral")
_WM_MINUTES = Citation(Source.WEST_MIDLANDS, "principles of information sharing")


@rule(
    "SEND-1",
    "The outer envelope bears the agency and the sender, and nothing that tells what is inside",
    Effect.MARK,
    On.PAPERS,
    _ENVELOPES,
)
def outer_envelope(pack_id: str, agency: Agency, sender: Sender) -> tuple[str, str, str]:
    """Return all that can be read of a pack without a key: its number, the agency it is for, and the sender's agency."""
    return pack_id, agency.id, sender.agency


@rule(
    "SEND-2",
    "The inner envelope bears the marking, the named contact and the sender's details",
    Effect.MARK,
    On.PAPERS,
    _ENVELOPES,
)
def inner_envelope(manifest: Manifest) -> dict[str, str]:
    """Return what is shown as soon as the outer envelope is opened, label → words, a line each."""
    contacts = [spoc.name for spoc in manifest.spocs]
    return inner_words(contacts, manifest.sender, manifest.sender.agency_name, manifest.marking)


def inner_words(
    contacts: Sequence[str], sender: Sender | SenderPart, agency_name: str, marking: str
) -> dict[str, str]:
    """Return the words of an inner envelope for named contacts, whether it is a cover sheet or of paper."""
    return {
        "Named contact" if len(contacts) == 1 else "Named contacts": "\n".join(contacts),
        "From": f"{sender.name}, {sender.role}\n{agency_name}",
        "Marking": marking,
        "If anything is wrong": f"Ring {sender.name} on {sender.telephone}\n{sender.email}",
    }


@rule(
    "SEND-3",
    "Each agency has a named contact: no named contact, no pack",
    Effect.WITHHOLD,
    On.AGENCY,
    _ENVELOPES,
    _B2C,
    _WM,
    open_to_decision=True,
)
def has_a_spoc(context: AgencyContext) -> str | None:
    """Withhold the pack of an agency that has no SPOC."""
    return None if context.agency.spocs else "the agency has no named contact (SPOC)"


@rule(
    "SEND-4",
    "What is CONFIDENTIAL goes by no conventional e-mail: by a channel cleared to it, by one cleared to RESTRICTED with the "
    "Responsible Authority's written agreement, or by hand",
    Effect.WITHHOLD,
    On.PAPERS,
    _ENVELOPES,
)
def is_not_cleared(marking: Marking, contact: Spoc, day: dt.date) -> str | None:
    """Return why the channel of a contact may not carry papers of a marking on a day, or None where it may."""
    height, limit = marking.height, confidential(marking.scheme).height
    if contact.channel is Channel.BY_HAND or height < limit:
        return None
    if height > limit:
        return f"no e-mail is cleared to {marking.words}"
    if contact.channel is Channel.CLEARED_CONFIDENTIAL:
        return None
    if contact.channel is Channel.CONVENTIONAL:
        return f"what is {marking.words} never goes by conventional e-mail"
    if contact.agreement is None:
        return "no written agreement of the Responsible Authority is on record for e-mail cleared to RESTRICTED"
    if contact.agreement.on > day:
        return f"the Responsible Authority's agreement holds from {long_date(contact.agreement.on)} only"
    return None


@rule(
    "SEND-5",
    "Mental health referrals and all minutes go to secure addresses only",
    Effect.WITHHOLD,
    On.PAPERS,
    _WM_HEALTH,
    _WM_MINUTES,
)
def is_no_secure_address(contact: Spoc, *, secure_only: bool) -> str | None:
    """Return why papers may not go to a contact, whatever their marking; `secure_only` as `is_secure_only` says of their cases."""
    if secure_only and contact.channel is Channel.CONVENTIONAL:
        return "mental health referrals and minutes go to secure addresses only"
    return None


SECURE_ONLY = "SEND-5: to secure addresses only."
"""What the register notes of a pack with such papers when it is sealed: of which case, or why, it does not say."""
_OF_MENTAL_HEALTH = re.compile(r"\bmental[\s-]+health|\bpsychiatr|\b(?:cmht|camhs)\b", re.IGNORECASE)


def is_secure_only(checked: Checked, trusts: Collection[str] = (), *, minutes: bool = True) -> bool:
    """Say whether a referral is a mental health referral, or has minutes in it (SEND-5).

    Args:
        checked: the referral. Form I is a mental health referral, and so is any whose referring agency is one of mental health
            by its own words.
        trusts: names of the area's agencies of mental health, which need not say so.
        minutes: the recipient is one that minutes are for (SHARE-10).
    """
    if checked.form.id == "mappa-i":
        return True
    known = {plain(name) for name in trusts}
    for path, found, value in checked.paths():
        if value in (None, ()):
            continue
        if is_minutes(found.section):
            if minutes:
                return True
            continue
        if path == "referrer.agency":
            named = found.ask.show(value)
            if _OF_MENTAL_HEALTH.search(named) or plain(named) in known:
                return True
    return False


@rule(
    "SEND-6", "The subject line of a MARAC e-mail bears the marking and no name", Effect.MARK, On.PAPERS, _B3A
)
def subject_line(marking: str, pack_id: str) -> str:
    """Return the subject of the e-mail that a pack goes with; the marking as printed."""
    return f"{marking}: sealed pack {pack_id}"


@rule(
    "SEND-7",
    "On receipt the papers are filed securely or destroyed",
    Effect.MARK,
    On.PAPERS,
    _ENVELOPES,
)
def on_receipt() -> str:
    """Return what whoever gets a pack is told to do with its papers; `sealpack destroy` takes away those that were opened."""
    return "File these papers securely, or shred and destroy them."
