"""MAPPA Form P: asks that somebody managed at level 2 or 3 be exempt from the shared accommodation rate of housing benefit.

An allow-list, not a filter: whoever decides on the benefit learns who it is, which property, at which level since when, and
whom to ask. There is no question for anything else, and what the sender puts on record besides is on no paper.
"""

from forms import people
from forms.answers import ADDRESS, CHOICE, COUNT, DATE, EMAIL, PHONE, TEXT
from forms.definition import Agreement, Answered, Ask, AtLeast, Form, Is, Not, Section, all_of, any_of
from forms.information import Identifies, Information, Whose
from forms.mappa import LEVELS

_PROCESS = Information.PROCESS
_ONE_LINE = 120
"""Characters: a name takes a line, and no line has room for a story."""

_SENDER_WORDS = {
    "name": {"label": "Name of sender", "example": "Pim Exampleby"},
    "role": {"example": "Probation officer"},
    "agency": {"label": "Sending agency", "example": "Brackenford Probation"},
    "email": {"label": "Secure e-mail address", "example": "pim@probation.example"},
    "date": {"label": "Date of application"},
}
_SENDER = Section(
    "referrer",
    "Sender",
    people.worded(people.referrer(), _SENDER_WORDS),
)

_PERSON = Section(
    "person",
    "Who it is about",
    (
        *people.brief_person("offender"),
        Ask(
            "age", "Age on the date of application", COUNT, Information.IDENTITY, example=29, required=True,
            help="From 25 to 34 years: under 25 there is no exemption, and from 35 on it is not needed.",
        ),
        *people.reference_numbers("offender", "ni", required=("ni",)),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_PROPERTY = Section(
    "property",
    "Property",
    (
        Ask(
            "address", "Address of the self-contained property", ADDRESS, Information.ADDRESS, required=True,
            example="Flat 2, 9 Made-up Lane\nBrackenford\nBR1 3UH", identifies=Identifies.ADDRESS,
            help="A home of its own, not a room in a shared one. A line for each part, the postcode last.",
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_MANAGED = Section(
    "managed",
    "MAPPA management",
    (
        Ask(
            "level", "Managed at", CHOICE, Information.STATUS, choices=LEVELS, required=True, example=LEVELS[1].label,
            fact="mappa.level", help="Level 2 or 3. Others apply for a discretionary payment, without this form.",
        ),
        Ask("since", "At that level since", DATE, _PROCESS, example="2026-09-14", required=True, past=True),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_MANAGER = Section(
    "manager",
    "Offender manager",
    (
        Ask(
            "name", "Name of offender manager", TEXT, Information.REFERRER, example="Pim Exampleby", required=True,
            most=_ONE_LINE, fact="manager.name", help="The sender as a rule: then give the name here again.",
        ),
        Ask("telephone", "Telephone", PHONE, Information.REFERRER, required=True, fact="manager.telephone"),
        Ask("email", "Secure e-mail", EMAIL, Information.REFERRER, example="pim@probation.example", fact="manager.email"),
    ),
)  # fmt: skip

_OWN = Section(
    "own",
    "For your own record",
    people.handling_kept(),
    kept=True,
    help="This part stays with you and the co-ordinator. It is printed nowhere and never sent to whoever decides on the benefit.",
)

_AGREEMENTS = (
    Agreement(
        "person.age",
        all_of(Answered("person.age"), any_of(Not(AtLeast("person.age", 25)), AtLeast("person.age", 35))),
        "The exemption is for people of 25 and over who are under 35.",
        "Check the age. Outside these years, leave this form and ask about a discretionary payment.",
    ),
    Agreement(
        "managed.level",
        Is("managed.level", "level_one"),
        "The exemption is for people managed at level 2 or 3.",
        "Check the level. At level 1, leave this form and apply for a discretionary payment.",
    ),
)

FORM = Form(
    id="mappa-p",
    title="MAPPA Form P: exemption from the shared accommodation rate",
    edition="2026-1",
    panel="mappa",
    about="Asks that somebody managed at MAPPA level 2 or 3 be exempt from the shared accommodation rate, and tells nothing else.",
    sections=(_SENDER, people.handling_on_paper(), _PERSON, _PROPERTY, _MANAGED, _MANAGER, _OWN),
    subject="person",
    source="West Midlands MAPPA memorandum, local housing authorities: shared accommodation rate",
    send_to="the MAPPA co-ordinator, who sends on what may be seen and nothing else; never send this workbook further",
    agreements=_AGREEMENTS,
    closed=True,
).capped(_ONE_LINE)
