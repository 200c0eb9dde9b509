"""The two envelopes, and to whom they are addressed."""

from pipeline.agency import Agency
from pipeline.area import Sender
from pipeline.manifest import Manifest
from pipeline.protocol.rule import AgencyContext, Citation, Effect, On, Source, rule

_ENVELOPES = Citation(Source.THAMES_VALLEY, "section 14, correspondence and documents")
_B2C = Citation(Source.BROMLEY, "appendix 2 part C, process for information sharing")
_WM = Citation(Source.WEST_MIDLANDS, "specific activities: single points of contact")
_B3A = Citation(Source.BROMLEY, "appendix 3 part A, confidentiality")


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
    sender, contacts = manifest.sender, [spoc.name for spoc in manifest.spocs]
    return {
        "Named contact" if len(contacts) == 1 else "Named contacts": "\n".join(contacts),
        "From": f"{sender.name}, {sender.role}\n{sender.agency_name}",
        "Marking": manifest.marking,
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
    "SEND-6", "The subject line of a MARAC e-mail bears the marking and no name", Effect.MARK, On.PAPERS, _B3A
)
def subject_line(marking: str, pack_id: str) -> str:
    """Return the subject of the e-mail that a pack goes with; the marking as printed."""
    return f"{marking}: sealed pack {pack_id}"
