"""By which ways a client agreed to be contacted."""

from forms.answers import ADDRESS, EMAIL, PHONE
from forms.information import Whose
from pipeline.checked import Checked
from pipeline.protocol.rule import Citation, Effect, On, Source, rule

_CAMP = "camp"
_WAYS = {ADDRESS: "letter", PHONE: "telephone", EMAIL: "e-mail"}


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

    Letters at home go by the address, also one that an area asks for; the borough stays open. Telephone, mobile and text messages are one consent. An open
    answer agrees to nothing. The form asks of no consent to e-mail, so that it is closed only where both others are
    refused: a client who agrees to no way of contact that is offered is not to be reached by the one that is not. That
    last is our judgement. On other forms nothing is closed.
    """
    if checked.form.id != _CAMP:
        return frozenset()
    refused = {way for way in ("letter", "telephone") if checked[f"consent.{way}"] != "yes"}
    if len(refused) == 2:
        refused.add("e-mail")
    return frozenset(
        found.path
        for found in checked.form.asks()
        if found.section.whose is Whose.PERPETRATOR and _WAYS.get(found.ask.kind) in refused
    )
