"""The acknowledgement and response that a referrer gets for each referral (Richmond, paragraph 4.13).

No source prints this form. Its `referrer` is the panel's co-ordinator, who answers.
"""

from dataclasses import replace

from forms import community, people
from forms.answers import CHOICE, CHOICES, DATE, LONG, TEXT, Choice
from forms.definition import Agreement, Ask, Form, Is, Not, Same, Section, all_of, one_of
from forms.information import Information, Whose

PANELS = (
    Choice("iom", "Integrated offender management"),
    Choice("asb", "Anti-social behaviour"),
    Choice("dyo", "Deter young offenders"),
    Choice("camp", "Case assessment and management (CAMP)"),
    Choice("mappa", "MAPPA"),
    Choice("marac", "MARAC"),
)

OUTCOMES = (
    Choice("accepted", "Accepted"),
    Choice("not_accepted", "Not accepted"),
    Choice("redirected", "Redirected"),
    Choice("more_wanted", "More information wanted"),
)

_PROCESS = Information.PROCESS
_FOLLOWS = (Information.PLAN,)
"""What came of a referral is for those who have a part in what follows, not for everybody who sees a date."""

_CALLED = {"name": "Name of co-ordinator", "agency": "Co-ordinator's agency", "date": "Date of response"}

_CO_ORDINATOR = Section(
    "referrer",
    "Panel's co-ordinator",
    tuple(
        replace(
            ask,
            label=_CALLED.get(ask.key, ask.label),
            example="IOM co-ordinator" if ask.key == "role" else ask.example,
        )
        for ask in people.referrer()
    ),
)

_REFERRAL = Section(
    "referral",
    "Referral",
    (
        Ask("reference", "Referral reference", TEXT, _PROCESS, required=True, example="IOM-2026-3190"),
        Ask("received", "Received on", DATE, _PROCESS, required=True, past=True, example="2026-11-02"),
        Ask("received_by", "Received by", TEXT, Information.REFERRER, required=True, example="Quill Exampleby"),
        Ask(
            "to", "Answer goes to", TEXT, Information.REFERRER, required=True, example="Ffion Exampleby",
            help="Whoever referred.",
        ),
        Ask(
            "to_agency", "Agency that referred", TEXT, Information.REFERRER, required=True,
            example="Made-up Homes", list_name="agencies",
        ),
        Ask("panel", "Panel", CHOICE, _PROCESS, required=True, choices=PANELS),
        Ask(
            "panel_date", "Date of the panel", DATE, _PROCESS, also=_FOLLOWS, example="2026-11-17",
            required_if=one_of("decision.outcome", "accepted", "not_accepted"),
        ),
    ),
)  # fmt: skip

_WHO = ("surname", "forenames", "aliases", "date_of_birth")
_SUBJECT = Section(
    "subject",
    "Whom it is about",
    tuple(ask for ask in people.person("offender") if ask.key in _WHO),
    whose=Whose.PERPETRATOR,
)

_ACCEPTED = Is("decision.outcome", "accepted")
_DECISION = Section(
    "decision",
    "Response",
    (
        Ask("outcome", "Outcome", CHOICE, _PROCESS, also=_FOLLOWS, required=True, choices=OUTCOMES),
        Ask(
            "why", "Grounds", CHOICES, _PROCESS, also=_FOLLOWS, required_if=Not(_ACCEPTED),
            choices=(
                Choice("criteria", "Does not meet the criteria"),
                Choice("mappa", "Under MAPPA at level 2 or 3"),
                Choice("engaged", "Another panel is engaged"),
                Choice("one_agency", "One agency can manage it alone"),
                Choice("area", "Belongs to another area"),
                Choice("incomplete", "Not enough is known"),
                Choice("other", "Other"),
            ),
        ),
        Ask(
            "reasons", "Reasons", LONG, Information.NARRATIVE, required=True,
            example="Two agencies see the person; the panel can join them up.",
        ),
        Ask(
            "to_panel", "If redirected, to which panel", CHOICE, _PROCESS, also=_FOLLOWS, choices=PANELS,
            example="MAPPA", required_if=Is("decision.outcome", "redirected"),
        ),
        Ask(
            "wanted", "If more is wanted, what", LONG, Information.NARRATIVE,
            required_if=Is("decision.outcome", "more_wanted"), example="The dates of the last three incidents.",
        ),
        Ask(
            "wanted_by", "If more is wanted, by when", DATE, _PROCESS, also=_FOLLOWS,
            required_if=Is("decision.outcome", "more_wanted"), example="2026-12-04",
        ),
    ),
)  # fmt: skip

_NEXT = Section(
    "next",
    "What happens next",
    (
        *community.key_worker("Key worker or case manager", required_if=_ACCEPTED),
        Ask(
            "review",
            "Date of review",
            DATE,
            _PROCESS,
            also=_FOLLOWS,
            example="2027-02-16",
            required_if=_ACCEPTED,
        ),
        community.actions("First actions", dated=True),
    ),
)

FORM = Form(
    id="response",
    title="Acknowledgement and response",
    edition="2026-1",
    panel="",
    about="Tells whoever referred somebody to a panel what came of it.",
    sections=(_CO_ORDINATOR, community.HANDLING, _REFERRAL, _SUBJECT, _DECISION, _NEXT),
    subject="subject",
    source="worked out from Integrated Offender Management in Richmond upon Thames, paragraph 4.13",
    send_to="whoever made the referral, by a secure channel",
    agreements=(
        Agreement(
            "decision.to_panel",
            all_of(Is("decision.outcome", "redirected"), Same("decision.to_panel", "referral.panel")),
            "The referral is redirected to the panel that it came to.",
            "Name the panel that it goes to now, or choose another outcome.",
        ),
    ),
)
