"""By which ways a client agreed to be contacted."""

from pipeline.checked import Checked
from pipeline.protocol.rule import Citation, Effect, On, Source, rule

_CAMP = "camp"
_LETTER = frozenset({"contact.permanent_address"})
_TELEPHONE = frozenset({"contact.telephone", "contact.mobile"})
_UNASKED = frozenset({"contact.email"})


@rule(
    "CONSENT-3",
    "Consent to the referral, to letters and to telephone are kept apart, and a way of contact that was refused is not shown",
    Effect.REDUCE,
    On.PAPERS,
    Citation(Source.BROMLEY, "appendix 5 part C, client consent"),
    forms=(_CAMP,),
)
def refused_channels(checked: Checked) -> frozenset[str]:
    """Return the paths of a referral that are closed to every recipient since the client refused that way of contact.

    Letters at home go by the address; the borough stays open. Telephone, mobile and text messages are one consent. An open
    answer agrees to nothing. The form asks of no consent to e-mail, so that it is closed only where both others are
    refused: a client who agrees to no way of contact that is offered is not to be reached by the one that is not. That
    last is our judgement. On other forms nothing is closed.
    """
    if checked.form.id != _CAMP:
        return frozenset()
    by_letter, by_telephone = (checked[f"consent.{way}"] == "yes" for way in ("letter", "telephone"))
    closed: frozenset[str] = frozenset()
    if not by_letter:
        closed |= _LETTER
    if not by_telephone:
        closed |= _TELEPHONE
    return closed if by_letter or by_telephone else closed | _UNASKED
