"""MAPPA Form F: what the prison reports to a panel of somebody in its custody, with security intelligence as an annex."""

from typing import Any

from forms import people
from forms.answers import ADDRESS, CHOICE, CHOICES, COUNT, DATE, LONG, TEXT, YES_NO, YES_NO_UNKNOWN, Choice
from forms.definition import Agreement, Answered, Ask, Earlier, Form, Is, Not, Section, Table, all_of, one_of
from forms.information import Identifies, Information, Whose
from forms.mappa import DATES, risk_grid
from forms.offences import DISPOSALS

_FAMILY, _INTELLIGENCE, _NARRATIVE = Information.FAMILY, Information.INTELLIGENCE, Information.NARRATIVE
_PLAN, _RISK = Information.PLAN, Information.RISK

TAKING_PART = (
    Choice("in_person", "In person"),
    Choice("by_link", "By video or telephone"),
    Choice("in_writing", "By this report alone"),
)
"""How a prison takes part: a written report is the least (West Midlands, prison service)."""

CONTACT_LIMITS = (
    Choice("none", "None"),
    Choice("victim", "No contact with a victim"),
    Choice("children", "Contact with children limited, by safeguarding procedures"),
    Choice("photographs", "Photographs of children kept from the prisoner"),
    Choice("numbers", "Telephone numbers checked before use"),
    Choice("calls", "Calls monitored"),
    Choice("mail", "Mail monitored"),
    Choice("visits", "Visits limited or closed"),
)
"""What a public protection unit can set (Thames Valley, section 18, prison public protection officer)."""

PROGRESS = (
    Choice("completed", "Completed"),
    Choice("under_way", "Under way"),
    Choice("waiting", "Waiting for a place"),
    Choice("refused", "Refused"),
    Choice("stopped", "Stopped or removed"),
    Choice("not_offered", "Recommended, and not to be had here"),
)

_AT_THE_TABLE = (_PLAN,)
"""How high the risk is goes to all; from what in custody it is read, and who visits, to those who plan together."""

_REPORTER_WORDS = {
    "name": {"label": "Name of reporter", "example": "Nell Exampleby"},
    "role": {"example": "Public protection officer"},
    "agency": {"label": "Reporting agency", "example": "Prison service"},
    "email": {"example": "nell@prison.example"},
    "date": {"label": "Date of report"},
}
_REPORTER = Section(
    "referrer",
    "Reporter",
    people.worded(people.referrer(), _REPORTER_WORDS),
)

_HANDLING = Section(
    "handling",
    "Marking and basis",
    people.handling(),
    help="Who may see this, by what law, and why. Security intelligence goes into the annex and nowhere else.",
)

_TAKING_PART = Section(
    "taking_part",
    "Meeting",
    (
        Ask("how", "How the prison takes part", CHOICE, Information.REFERRER, choices=TAKING_PART, required=True),
        Ask(
            "who", "Who attends", TEXT, Information.REFERRER, example="Ben Examplewood, head of public protection",
            unknown=True, required_if=Not(Is("taking_part.how", "in_writing")),
        ),
    ),
)  # fmt: skip

_PRISONER = Section(
    "prisoner",
    "Prisoner",
    (
        *people.person("offender"),
        *people.filed_numbers("offender", "prison_number", "pnc", required=("prison_number",)),
    ),
    whose=Whose.PERPETRATOR,
)

_INDETERMINATE = Is("custody.sentence", "indeterminate_custody")
_DATE_WORDS: dict[str, dict[str, Any]] = {
    "sentence_start": {"required": True},
    "conditional_release": {"required_if": Not(_INDETERMINATE), "help": ""},
    "parole": {"required_if": _INDETERMINATE},
}
_CUSTODY = Section(
    "custody",
    "Establishment, sentence and release",
    (
        Ask("establishment", "Establishment", TEXT, Information.ADDRESS, example="Invented Prison", required=True),
        Ask("since", "Here since", DATE, Information.ADDRESS, example="2025-02-10", past=True),
        Ask(
            "sentence", "Sentence", CHOICE, Information.SENTENCE, choices=DISPOSALS, required=True, fact="offence.disposal",
        ),
        Ask(
            "months", "Length in months", COUNT, Information.SENTENCE, example=60, fact="offence.months",
            help="Leave open if it has no length. Of a sentence without a fixed end, the least that must be served.",
        ),
        *people.worded(DATES, _DATE_WORDS),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_CONDUCT = Section(
    "conduct",
    "Conduct in custody",
    (
        Ask(
            "scheme", "Level of privileges", CHOICE, _RISK, also=_AT_THE_TABLE,
            choices=(Choice("basic", "Basic"), Choice("standard", "Standard"), Choice("enhanced", "Enhanced")),
        ),
        Ask(
            "alike", "Behaviour here that is like the offending", YES_NO_UNKNOWN, _RISK, also=_AT_THE_TABLE, required=True,
            help="At any point before or after the offence: what he or she did, sought out or avoided.",
        ),
        Ask("alike_how", "If so, what", LONG, _NARRATIVE, required_if=Is("conduct.alike", "yes")),
        Ask(
            "general", "Conduct in general", LONG, _NARRATIVE, required=True,
            example="Works in the kitchen. Keeps to himself, follows instructions, two warnings this year.",
            help="What staff see from day to day. Leave security intelligence to the annex.",
        ),
        Table(
            "adjudication", "Adjudications", "Adjudication",
            (
                Ask("day", "Date", DATE, _RISK, also=_AT_THE_TABLE, example="2026-05-19", required=True, past=True),
                Ask(
                    "charge", "Charge", TEXT, _RISK, also=_AT_THE_TABLE, required=True,
                    example="Threatening behaviour towards another prisoner",
                ),
                Ask(
                    "outcome", "Outcome", CHOICE, _RISK, also=_AT_THE_TABLE,
                    choices=(Choice("proved", "Proved"), Choice("dismissed", "Not proved"), Choice("pending", "Not decided")),
                ),
            ),
            room=8,
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_INTERVENTIONS = Section(
    "interventions",
    "Interventions",
    (
        Table(
            "intervention", "Interventions", "Intervention",
            (
                Ask("name", "Programme or other work", TEXT, _PLAN, example="Thinking skills", required=True),
                Ask("progress", "How it stands", CHOICE, _PLAN, choices=PROGRESS, required=True),
                Ask("ended", "Ended on", DATE, _PLAN, example="2026-06-30", past=True),
                Ask("result", "What came of it", TEXT, _PLAN, example="Can name two of his triggers"),
            ),
            room=8,
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_CONTACTS = Section(
    "contacts",
    "Contacts",
    (
        Ask(
            "limits", "Limits on contact", CHOICES, _PLAN, also=(Information.VICTIM,), choices=CONTACT_LIMITS, required=True,
            help="All that are set now.",
        ),
        Ask(
            "agrees", "Whoever supplied what this tells of victims agrees to sharing it", YES_NO, _PLAN, also=(Information.VICTIM,),
            fact="victims.agreed", help="Ask first: without it, the limits go to nobody.",
        ),
        Table(
            "contact", "People in contact", "Contact",
            (
                Ask(
                    "full_name", "Full name", TEXT, _FAMILY, also=_AT_THE_TABLE, example="Iris Sampleworth", required=True, unknown=True,
                    identifies=Identifies.NAME,
                ),
                Ask(
                    "relationship", "Relationship", TEXT, _FAMILY, also=_AT_THE_TABLE, example="Sister", required=True, unknown=True,
                ),
                Ask(
                    "how", "How", CHOICE, _FAMILY, also=_AT_THE_TABLE,
                    choices=(
                        Choice("visits", "Visits"),
                        Choice("calls", "Calls"),
                        Choice("mail", "Mail"),
                        Choice("several", "More than one of these"),
                    ),
                ),
                Ask("child", "Under 18", YES_NO_UNKNOWN, _FAMILY, also=_AT_THE_TABLE),
            ),
            room=8,
            help="Who visits, rings or writes. Name no victim here.",
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_RISKS = Section(
    "risk",
    "Risk of serious harm",
    (
        *risk_grid("risk"),
        Ask(
            "grounds", "Grounds", LONG, _RISK, also=(_NARRATIVE,), example="Threats to a former partner in letters stopped in March.",
            help="What in custody speaks for these levels.",
        ),
    ),
    whose=Whose.PERPETRATOR,
    help="As it is seen in custody.",
)  # fmt: skip

_RELEASE = Section(
    "release",
    "Plans for release",
    (
        Ask(
            "address", "Proposed release address", ADDRESS, Information.ADDRESS, unknown=True,
            example="4 Invented Court\nBrackenford\nBR2 9ZZ", identifies=Identifies.ADDRESS, fact="offender.release_address",
        ),
        Ask("approved", "Approved by the offender manager", YES_NO_UNKNOWN, _PLAN),
        Ask("temporary", "Release on temporary licence planned", YES_NO_UNKNOWN, _PLAN),
        Ask(
            "plans", "What is planned", LONG, _PLAN, also=(_NARRATIVE,), required=True,
            example="Approved premises for 12 weeks, then his sister. A place with the drug service is booked.",
            help="Home, work, treatment and support, and what is still open.",
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_ANNEX = Section(
    "annex",
    "Annex: security intelligence",
    (
        Ask("held", "Security intelligence is held", YES_NO, _INTELLIGENCE, required=True),
        Ask(
            "summary", "Summary", LONG, _INTELLIGENCE, also=(_NARRATIVE,), required_if=Is("annex.held", "yes"),
            example="Said to have offered tobacco for a telephone in October.",
            help="What is said, with its date and grading. Nothing that tells who said it.",
        ),
        Ask(
            "handling", "What may be done with it", TEXT, _INTELLIGENCE, required_if=Is("annex.held", "yes"),
            example="For planning only. Not to be put to the prisoner.",
        ),
    ),
    whose=Whose.PERPETRATOR,
    help="A part by itself: agencies that may not have it do not learn whether there is any.",
)  # fmt: skip

_AGREEMENTS = (
    Agreement(
        "conduct.alike_how",
        all_of(Is("conduct.alike", "no"), Answered("conduct.alike_how")),
        "There is said to be no such behaviour, and here it is told.",
        "Take this out, or answer Yes above.",
    ),
    Agreement(
        "contacts.limits",
        all_of(
            Is("contacts.limits", "none"), one_of("contacts.limits", *(one.key for one in CONTACT_LIMITS[1:]))
        ),
        "None is chosen together with limits.",
        "Choose None alone, or the limits that are set.",
    ),
    Agreement(
        "annex.summary",
        all_of(Is("annex.held", "no"), Answered("annex.summary")),
        "No security intelligence is said to be held, and here some is told.",
        "Take this out, or answer Yes above.",
    ),
)

FORM = Form(
    id="mappa-f",
    title="MAPPA Form F: prison report",
    edition="2026-2",
    panel="mappa",
    about="Tells a MAPPA panel how somebody in custody behaves, what the risks are and what is planned for release.",
    sections=(
        _REPORTER, _HANDLING, _TAKING_PART, _PRISONER, _CUSTODY, _CONDUCT, _INTERVENTIONS, _CONTACTS, _RISKS, _RELEASE, _ANNEX,
    ),
    subject="prisoner",
    source="West Midlands MAPPA memorandum, prison service and panel membership; Thames Valley MAPPA requirements, section 18",
    send_to="the MAPPA co-ordinator, by secure e-mail",
    agreements=_AGREEMENTS,
    earlier=(Earlier("2026-1"),),
)  # fmt: skip
