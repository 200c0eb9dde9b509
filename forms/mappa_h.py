"""MAPPA Form H: the youth offending service notifies the co-ordinator of a young person who is a MAPPA case."""

from dataclasses import replace

from forms import people
from forms.answers import CHOICE, COUNT, DATE, EMAIL, PHONE, TEXT, YES_NO, Choice
from forms.definition import (
    Agreement,
    Answered,
    Ask,
    AtLeast,
    Birthday,
    Form,
    Is,
    Not,
    Section,
    Table,
    all_of,
    any_of,
    one_of,
)
from forms.information import Identifies, Information, Whose
from forms.mappa import CATEGORIES, DATES, LEVELS, OFFENCE, RISK_LEVELS

_FAMILY, _PROCESS, _RISK = Information.FAMILY, Information.PROCESS, Information.RISK

LOOKED_AFTER = (
    Choice("no", "Not looked after"),
    Choice("agreed", "Looked after, by agreement with the family"),
    Choice("care_order", "Looked after, under a care order"),
    Choice("remand", "Looked after, because of a remand"),
    Choice("leaving_care", "Looked after until lately, with leaving-care support"),
    Choice("unknown", "Not known"),
)
"""By which way a local authority has the care of a young person, in our words."""

_NOTIFIER_WORDS = {
    "name": {"label": "Name of notifier", "example": "Nell Exampleby"},
    "role": {"example": "Case manager"},
    "agency": {"label": "Notifying service", "example": "Brackenford Youth Offending Service"},
    "email": {"example": "nell@yos.example"},
    "date": {"label": "Date of notification"},
}
_NOTIFIER = Section(
    "referrer",
    "Notifier",
    people.worded(people.referrer(), _NOTIFIER_WORDS),
)

_HANDLING = Section(
    "handling",
    "Marking and basis",
    people.handling(),
    help="Who may see this, by what law, and why. The young person's own safety and welfare count in it.",
)

_IDENTITY = Information.IDENTITY
_YOUNG_PERSON = Section(
    "young_person",
    "Young person",
    (
        *(
            replace(ask, unknown=False, help="If nobody knows the date, the age.") if ask.key == "date_of_birth" else ask
            for ask in people.person("offender")
        ),
        Ask(
            "age", "Age on the date of notification", COUNT, _IDENTITY, example=16, required=True,
            help="From 10 to 17 years.",
        ),
        Ask(
            "eighteenth", "18th birthday", DATE, _IDENTITY, identifies=Identifies.BIRTH,
            computed=Birthday("young_person.date_of_birth", 18),
            help="Worked out from the date of birth. From that day on the case is managed as an adult's.",
        ),
        *people.filed_numbers("offender", "pnc", "yot"),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_CATEGORY = Section(
    "category",
    "Category and level",
    (
        Ask(
            "category", "MAPPA category", CHOICE, Information.OFFENCE, choices=CATEGORIES, required=True,
            fact="mappa.category",
        ),
        Ask(
            "level", "Level thought right", CHOICE, Information.STATUS, choices=LEVELS, required=True, fact="mappa.level",
            help="For level 2 or 3 send a Form A as well. Other meetings of the service do not take its place.",
        ),
        Ask(
            "screened", "Screened for MAPPA on", DATE, _PROCESS, example="2026-10-02", past=True, unknown=True,
            help="Due within 3 days of the sentence.",
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_OFFENCES = Section(
    "offences",
    "Offence and disposal",
    (Table("offence", "Index offences", "Offence", OFFENCE, room=6, at_least=1),),
    whose=Whose.PERPETRATOR,
)

_IN_CUSTODY = Is("custody.now", "yes")
_DATES = {ask.key: ask for ask in DATES}
_CUSTODY = Section(
    "custody",
    "Custody",
    (
        Ask("now", "In custody now", YES_NO, Information.ADDRESS, required=True),
        Ask(
            "establishment", "If in custody, where", TEXT, Information.ADDRESS, example="Invented Young Offender Institution",
            unknown=True, required_if=_IN_CUSTODY,
        ),
        _DATES["sentence_start"],
        replace(_DATES["conditional_release"], label="Release", required_if=_IN_CUSTODY),
        replace(_DATES["licence_end"], label="End of licence or supervision"),
        _DATES["sentence_end"],
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_ASSESSMENT = Section(
    "assessment",
    "ASSET",
    (
        Ask(
            "score", "ASSET score", COUNT, _RISK, example=27, required=True, unknown=True,
            help="Of the core profile. Newer editions give no score.",
        ),
        Ask(
            "level", "Risk of serious harm to others", CHOICE, _RISK, choices=RISK_LEVELS, required=True,
            help="As assessed with ASSET.",
        ),
        Ask("day", "Date of the assessment", DATE, _RISK, example="2026-11-03", past=True),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_LOOKED_AFTER = one_of("care.looked_after", "agreed", "care_order", "remand", "leaving_care")
_CARE = Section(
    "care",
    "Looked-after status and social worker",
    (
        Ask("looked_after", "Looked-after status", CHOICE, _FAMILY, choices=LOOKED_AFTER, required=True, example="Not looked after"),
        Ask(
            "authority", "Local authority responsible", TEXT, _FAMILY, example="Brackenford Council", unknown=True,
            required_if=_LOOKED_AFTER,
        ),
        Ask(
            "worker", "Social worker", TEXT, _FAMILY, example="Ada Sampleford", unknown=True, required_if=_LOOKED_AFTER,
        ),
        Ask("telephone", "Social worker's telephone", PHONE, _FAMILY),
        Ask("email", "Social worker's e-mail", EMAIL, _FAMILY, example="ada@council.example"),
    ),
)  # fmt: skip

_AGREEMENTS = (
    Agreement(
        "young_person.age",
        any_of(
            AtLeast("young_person.age", 18),
            all_of(Answered("young_person.age"), Not(AtLeast("young_person.age", 10))),
        ),
        "Form H is for young people from 10 to 17 years.",
        "Check the age. From 18 on the case is an adult's: ask the co-ordinator which form is right.",
    ),
    Agreement(
        "category.level",
        all_of(Is("category.category", "three"), Is("category.level", "level_one")),
        "A person in category 3 is managed at level 2 or 3 only.",
        "Choose level 2 or 3 and send a Form A as well, or check the category.",
    ),
)

FORM = Form(
    id="mappa-h",
    title="MAPPA Form H: notification of a young person",
    edition="2026-1",
    panel="mappa",
    about="Notifies the MAPPA co-ordinator of a young person who is a MAPPA case and known to the youth offending service.",
    sections=(
        _NOTIFIER, _HANDLING, _YOUNG_PERSON, _CATEGORY, _OFFENCES, _CUSTODY, _ASSESSMENT, _CARE,
    ),
    ruled=frozenset({"category.screened"}),
    subject="young_person",
    source="West Midlands MAPPA memorandum, youth offending service",
    send_to="the MAPPA co-ordinator, by secure e-mail",
    need_to_know="mappa",
    agreements=_AGREEMENTS,
)  # fmt: skip
