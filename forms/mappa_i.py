"""MAPPA Form I: a health body notifies the co-ordinator of a patient who is, or may become, a MAPPA case.

The duty to co-operate does not set aside clinical confidence, so this is lists and dates, and one line on the risk.
"""

from dataclasses import replace
from typing import Any

from forms import people
from forms.answers import ADDRESS, CHOICE, DATE, PHONE, TEXT, YES_NO, YES_NO_UNKNOWN, Choice
from forms.definition import Agreement, Ask, Earlier, Filler, Form, Is, Section, all_of, one_of
from forms.information import Identifies, Information, Whose
from forms.mappa import CATEGORIES, HOSPITAL_SECTIONS, LEVELS, OFFENCE

_PROCESS, _HEALTH, _SENTENCE = Information.PROCESS, Information.HEALTH, Information.SENTENCE
_SHORT = 300
"""Characters: the statement says that there is a risk and to whom, and has no room for a history."""

BODIES = (
    Choice("nhs_trust", "NHS trust"),
    Choice("nhs_commissioner", "Health body that commissions care"),
    Choice("nhs_england", "NHS England"),
    Choice("social_care", "Social care body that commissioned a private placement"),
    Choice("private_hospital", "Private hospital or home"),
    Choice("other", "Another body"),
)
"""Who may have a patient to notify. A private hospital is no such body: who commissions its bed is (REFER-17)."""

REASONS = (
    Choice(
        "conditional_discharge", "Conditional discharge from a restricted hospital order, or under insanity law"
    ),
    Choice("hospital_order", "Hospital or guardianship order on a relevant sexual or violent offender"),
    Choice("community_treatment", "Discharge on a community treatment order"),
    Choice("conditional_planned", "Conditional discharge planned within 6 or 12 months"),
    Choice("registered_planned", "Registered person whose discharge is planned within 6 or 12 months"),
)
"""The categories of notification (West Midlands, health bodies)."""

OCCASIONS = (
    Choice(
        "first_meeting", "First care programme meeting that considers discharge or a community treatment order"
    ),
    Choice("later_meeting", "Later care programme meeting that considers it"),
    Choice("event", "Significant event of a detained patient, such as leave outside the grounds"),
    Choice("none", "None of these: neither has been considered yet"),
)
"""What the notification follows. The responsible clinician may tell of events at any stage (West Midlands, health bodies)."""

_AS_WRITTEN = {
    "hospital_order": ("37", "s37", "s.37", "section 37"),
    "restricted_hospital_order": ("37/41", "s37/41", "s.37/41", "section 37/41"),
    "conditional_discharge": ("42", "s42", "s.42", "section 42"),
    "hospital_direction": ("45A", "s45A", "s.45A", "section 45A"),
    "transfer": ("47", "s47", "s.47", "section 47"),
    "restricted_transfer": ("47/49", "s47/49", "s.47/49", "section 47/49"),
    "remand_transfer": ("48", "s48", "s.48", "section 48"),
    "notional_hospital_order": ("notional 37", "notional s37", "notional section 37"),
    "community_treatment_order": ("CTO", "17A", "s17A", "s.17A", "section 17A"),
    "part_two": ("2", "3", "s2", "s3", "section 2", "section 3"),
}
_SPELLINGS = tuple((typed, key) for key, several in _AS_WRITTEN.items() for typed in several)
"""The sections as people write them. What may mean two orders, such as guardianship under section 37, is left to its label."""

_WITHOUT_RESTRICTIONS = (
    "hospital_order",
    "guardianship",
    "notional_hospital_order",
    "community_treatment_order",
    "part_two",
)
"""Orders from which nobody is conditionally discharged: that takes restrictions (West Midlands, mental health unit)."""

SECURITY = (
    Choice("high", "High"),
    Choice("medium", "Medium"),
    Choice("low", "Low"),
    Choice("open", "Open ward"),
    Choice("community", "Not in hospital"),
)

LEAVE = (
    Choice("none", "None"),
    Choice("grounds_escorted", "In the grounds, escorted"),
    Choice("grounds_alone", "In the grounds, unescorted"),
    Choice("outside_escorted", "Outside the grounds, escorted"),
    Choice("outside_alone", "Outside the grounds, unescorted"),
    Choice("overnight", "Overnight"),
)

_NOTIFIER_WORDS: dict[str, dict[str, Any]] = {
    "name": {"label": "Name of notifier", "example": "Nell Exampleby"},
    "role": {"required": True, "example": "Ward manager"},
    "agency": {"label": "Trust or commissioning body", "example": "Brackenford Mental Health Trust"},
    "email": {"label": "Secure e-mail address", "example": "nell@trust.example"},
    "date": {"label": "Date of notification"},
}
_NOTIFIER = Section(
    "referrer",
    "Notifier",
    (
        *people.worded(people.referrer(), _NOTIFIER_WORDS),
        Ask(
            "body", "Kind of body", CHOICE, Information.REFERRER, choices=BODIES, required=True,
            help="For a patient in a private hospital, the body that commissions the bed notifies.",
        ),
    ),
)  # fmt: skip

_HANDLING = Section(
    "handling",
    "Marking and basis",
    people.handling(),
    help="Who may see this, by what law, and why. The duty to co-operate does not set aside a patient's confidence.",
)

_PATIENT = Section(
    "patient",
    "Patient",
    (
        *people.person("offender"),
        *(
            replace(ask, unknown=True)
            for ask in people.filed_numbers("offender", "nhs", "pnc", required=("nhs", "pnc"))
        ),
    ),
    whose=Whose.PERPETRATOR,
)

_NOTICE = Section(
    "notice",
    "Category and reason",
    (
        Ask(
            "category", "MAPPA category", CHOICE, Information.OFFENCE, choices=CATEGORIES[:2], required=True,
            fact="mappa.category", help="A person in category 3 is referred on Form A.",
        ),
        Ask(
            "reason", "Why the patient is notified", CHOICE, _SENTENCE, choices=REASONS, required=True, also=(_HEALTH,),
            help="12 months ahead in a complex case, otherwise 6.",
        ),
        Ask(
            "occasion", "What the notification follows", CHOICE, _PROCESS, choices=OCCASIONS, required=True, also=(_HEALTH,),
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_OFFENCE_WORDS: dict[str, dict[str, Any]] = {
    "name": {"label": "Index offence"},
    "convicted": {"label": "Date of conviction, caution or finding"},
    "court": {"required": True},
}
_OFFENCE = Section(
    "offence",
    "Index offence and order",
    (
        *(replace(ask, **_OFFENCE_WORDS.get(ask.key, {})) for ask in OFFENCE if ask.about is Information.OFFENCE),
        Ask(
            "order", "Order (Mental Health Act)", CHOICE, _HEALTH, choices=HOSPITAL_SECTIONS, required=True,
            example=HOSPITAL_SECTIONS[1].label, spellings=_SPELLINGS, fact="hospital.section", help="The one in force now.",
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_HOSPITAL = Section(
    "hospital",
    "Hospital",
    (
        Ask("name", "Hospital", TEXT, _HEALTH, example="Brackenford Park Hospital", fact="hospital.name"),
        Ask("ward", "Ward", TEXT, _HEALTH, example="Invented Ward", fact="hospital.ward"),
        Ask("security", "Level of security", CHOICE, _HEALTH, choices=SECURITY),
        Ask("leave", "Leave", CHOICE, _HEALTH, choices=LEAVE, help="The widest leave that is allowed now."),
    ),
    whose=Whose.PERPETRATOR,
)

_TEAM = Section(
    "team",
    "Care team",
    (
        Ask(
            "clinician", "Responsible clinician", TEXT, _HEALTH, example="Dr Ivo Exampleton", fact="hospital.clinician",
        ),
        Ask("coordinator", "Care co-ordinator", TEXT, _HEALTH, example="Ada Sampleford"),
        Ask("telephone", "Care co-ordinator's telephone", PHONE, _HEALTH),
        Ask("supervisor", "Social supervisor", TEXT, _HEALTH, example="Ben Examplewood"),
    ),
)  # fmt: skip

_DATES = Section(
    "dates",
    "Dates and discharge",
    (
        Ask(
            "admitted", "Date of admission or sentence", DATE, _SENTENCE, also=(_HEALTH,), example="2024-03-18", required=True, past=True,
            help="Of admission under the order in force. If there was none, of the sentence.",
        ),
        Ask(
            "identified", "Identified as a MAPPA case on", DATE, _PROCESS, example="2024-03-20", past=True, unknown=True,
            help="Due within 3 days of the admission or sentence.",
        ),
        Ask("care_meeting", "Next care programme meeting", DATE, _HEALTH, example="2027-01-12", unknown=True),
        Ask("tribunal", "Next tribunal", DATE, _HEALTH, example="2027-02-09", unknown=True),
        Ask("discharge", "Expected discharge", DATE, _SENTENCE, also=(_HEALTH,), example="2027-06-15", unknown=True),
        Ask(
            "address", "Proposed address on discharge", ADDRESS, Information.ADDRESS, unknown=True,
            example="4 Invented Court\nBrackenford\nBR2 9ZZ", identifies=Identifies.ADDRESS, fact="offender.release_address",
            help="If discharged already, the present address.",
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_RISK = Section(
    "risk",
    "Risk and victims",
    (
        Ask(
            "statement", "The risk, in a sentence or two", TEXT, Information.RISK, most=_SHORT, also=(Information.NARRATIVE,),
            example="Serious harm to a former partner, most likely if he stops contact with the team after discharge.",
            help="Who may be harmed, how and when. No diagnosis, treatment or history: it has room for 300 characters.",
        ),
        Ask("liaison", "A victim liaison officer is known", YES_NO_UNKNOWN, Information.VICTIM),
        Ask(
            "officer", "If so, who", TEXT, Information.VICTIM, example="Cora Exampleham", unknown=True,
            required_if=Is("risk.liaison", "yes"), help="The officer. Name no victim.",
        ),
        Ask(
            "agrees", "Whoever supplied that agrees to sharing it", YES_NO, Information.VICTIM, fact="victims.agreed",
            required_if=Is("risk.liaison", "yes"), help="Ask first: without it, what is told of victims goes to nobody.",
        ),
        Ask(
            "level", "Level thought right", CHOICE, Information.STATUS, choices=LEVELS, fact="mappa.level",
            help="For level 2 or 3 send a Form A as well: this form alone brings no case to a panel.",
        ),
    ),
)  # fmt: skip

_RECEIPT = Section(
    "receipt",
    "Receipt by the co-ordinator",
    (
        Ask("received", "Received on", DATE, _PROCESS, example="2026-11-23", required=True, past=True),
        Ask("receiver", "Received by", TEXT, Information.REFERRER, example="Jo Exampleson", required=True),
        Ask("visor", "Checked against ViSOR", YES_NO, _PROCESS),
        Ask(
            "advice", "Advice to the notifier", CHOICE, _PROCESS,
            choices=(
                Choice("noted", "Noted at level 1"),
                Choice("refer", "Form A asked for"),
                Choice("more", "More asked for"),
                Choice("outside", "Not a MAPPA case"),
            ),
        ),
        Ask("replied", "Answered on", DATE, _PROCESS, example="2026-11-27", past=True),
    ),
    by=Filler.COORDINATOR,
    help="Filled when the notification has come.",
)  # fmt: skip

_AGREEMENTS = (
    Agreement(
        "notice.reason",
        all_of(Is("notice.reason", "registered_planned"), Is("notice.category", "two")),
        "The reason speaks of a registered person, who is in category 1, and the category says 2.",
        "Choose category 1, or the reason that holds.",
    ),
    Agreement(
        "offence.order",
        all_of(
            one_of("notice.reason", "conditional_discharge", "conditional_planned"),
            one_of("offence.order", *_WITHOUT_RESTRICTIONS),
        ),
        "A conditional discharge is from an order with restrictions, and this order has none.",
        "Choose the order that is in force, or the reason that holds.",
    ),
)  # fmt: skip

FORM = Form(
    id="mappa-i",
    title="MAPPA Form I: notification of a patient",
    edition="2026-2",
    panel="mappa",
    about="Notifies the MAPPA co-ordinator of a patient who has committed a relevant offence, before discharge.",
    sections=(
        _NOTIFIER, _HANDLING, _PATIENT, _NOTICE, _OFFENCE, _HOSPITAL, _TEAM, _DATES, _RISK, _RECEIPT,
    ),
    ruled=frozenset({"dates.discharge", "dates.identified"}),
    subject="patient",
    source="West Midlands MAPPA memorandum, health bodies and mental health unit; Thames Valley MAPPA requirements, section 11",
    send_to="the MAPPA co-ordinator, by secure e-mail",
    agreements=_AGREEMENTS,
    earlier=(Earlier("2026-1"),),
)  # fmt: skip
