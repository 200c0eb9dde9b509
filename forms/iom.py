"""The IOM referral: somebody who offends again and again, for integrated offender management.

No source prints this form. It asks what the panel selects by, and what drives offending in the borough's
own profile (Richmond, section 4 and local picture).
"""

from forms import community, people
from forms.answers import CHOICE, CHOICES, COUNT, DATE, LONG, TEXT, YES_NO, YES_NO_UNKNOWN, Choice
from forms.definition import Ask, Form, Is, Section, Table
from forms.information import Information, Whose
from forms.mappa import OFFENCE, RISK_LEVELS

BASES = (
    Choice("repeat", "Repeat offender"),
    Choice("ppo", "Prolific and priority offender (PPO)"),
    Choice("top_ten", "“Top ten” offender"),
    Choice("high_harm", "High risk of causing serious harm"),
    Choice("high_reoffending", "High risk of offending again"),
    Choice("from_dyo", "Comes from deter young offenders at 18"),
)
"""Whom the panel is for (Richmond, principle 5, and sections 3 and 4)."""

_RISK, _SENTENCE, _NARRATIVE = Information.RISK, Information.SENTENCE, Information.NARRATIVE

_REFERRER = Section(
    "referrer",
    "Nominating officer",
    (
        *people.referrer(),
        Ask(
            "attends", "Who comes to the meeting for you", TEXT, Information.REFERRER, example="I do",
            help="You, or somebody of your agency who can answer questions.",
        ),
    ),
)  # fmt: skip

_PERSON = Section(
    "person",
    "Person",
    community.whole_person("pnc", "cro", "prison_number", "delius"),
    whose=Whose.PERPETRATOR,
)

_CRITERIA = Section(
    "criteria",
    "Why IOM",
    (
        Ask(
            "bases", "Why the person is nominated", CHOICES, _RISK, choices=BASES, required=True,
            help="At least one must hold.",
        ),
        *community.engaged("criteria"),
        Ask(
            "reasons", "What IOM can add", LONG, _NARRATIVE, required=True,
            example="Three services see the person on three days and do not know of each other.",
        ),
    ),
    whose=Whose.PERPETRATOR,
    help="Whoever is under MAPPA at level 2 or 3 is managed there and not here.",
)  # fmt: skip

_OFFENDING = Section(
    "offending",
    "Offending",
    (
        Ask("convictions", "Number of convictions", COUNT, Information.OFFENCE, example=23, unknown=True),
        Ask("ogrs", "OGRS score, per cent in two years", COUNT, _RISK, example=81, unknown=True),
        Ask(
            "standing", "How the person stands with the law now", CHOICE, _SENTENCE, required=True,
            choices=(
                Choice("custody", "In custody"),
                Choice("licence", "On licence"),
                Choice("order", "On a community order or suspended sentence"),
                Choice("bail", "On bail or remanded"),
                Choice("none", "Not under any of these"),
            ),
            help="IOM is for people under supervision and for those who are not.",
        ),
        Ask(
            "prison", "If in custody, where", TEXT, _SENTENCE, example="HMP Fictional", unknown=True,
            required_if=Is("offending.standing", "custody"),
        ),
        Ask(
            "release", "Conditional release date", DATE, _SENTENCE, example="2027-02-01", unknown=True,
            required_if=Is("offending.standing", "custody"), fact="sentence.conditional_release",
        ),
        Ask(
            "licence_end", "Licence ends", DATE, _SENTENCE, example="2027-08-01", unknown=True,
            required_if=Is("offending.standing", "licence"), fact="sentence.licence_end",
        ),
        Ask(
            "pattern", "Pattern of offending", LONG, _NARRATIVE, required=True,
            example="Burgles flats by day, a few streets from home.",
        ),
        Table(
            "offence", "Offences", "Offence", OFFENCE, room=10, at_least=1,
            help="Those of the last years, the last first.",
        ),
        community.orders(),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_ASSESSMENT = Section(
    "risk",
    "Risk",
    (
        Ask(
            "reoffending", "Likelihood of offending again", CHOICE, _RISK, choices=RISK_LEVELS, required=True,
            example="High",
        ),
        Ask(
            "harm", "Risk of serious harm", CHOICE, _RISK, choices=RISK_LEVELS, required=True, example="Medium",
        ),
        Ask(
            "whom", "To whom", CHOICES, _RISK,
            choices=(
                Choice("public", "Public"),
                Choice("known_adult", "Known adult"),
                Choice("children", "Children"),
                Choice("staff", "Staff"),
                Choice("self", "Self"),
            ),
        ),
        Ask("nature", "What is feared", LONG, _NARRATIVE, required=True),
        Ask("domestic_violence", "Domestic violence", YES_NO_UNKNOWN, _RISK, required=True, example="No"),
        Ask(
            "child_protection", "A child in contact is on a child protection plan", YES_NO_UNKNOWN,
            Information.FAMILY, required=True,
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_VICTIM = Information.VICTIM
_VICTIMS = Section(
    "victims",
    "Victims",
    (
        Ask("repeat", "The same victims again and again", YES_NO_UNKNOWN, _VICTIM),
        Ask(
            "protect", "What protects them, and from what", LONG, _VICTIM,
            example="An alarm is fitted at the shop.", help="Do not name anybody here.",
        ),
        Ask(
            "restrictions", "Contact or places forbidden", TEXT, _VICTIM,
            example="Not to go to the market place",
        ),
    ),
)  # fmt: skip

_DRIVERS = Section(
    "drivers",
    "What drives the offending",
    (
        Ask(
            "drivers", "Drivers", CHOICES, _RISK, also=(Information.HEALTH, Information.SUBSTANCE), required=True,
            choices=(
                Choice("lifestyle", "Lifestyle and associates"),
                Choice("substances", "Alcohol or drugs"),
                Choice("health", "Mental health"),
                Choice("accommodation", "Accommodation"),
                Choice("employment", "Work, training or money"),
                Choice("literacy", "Reading, writing or numbers"),
                Choice("attitudes", "Attitudes"),
            ),
        ),
        Ask(
            "substances", "Alcohol and drugs", LONG, Information.SUBSTANCE,
            example="Drinks daily; no treatment since the spring.",
        ),
        Ask("health", "Mental and physical health", LONG, Information.HEALTH),
        Ask(
            "accommodation", "Accommodation", LONG, Information.HOUSING, also=(Information.NARRATIVE,),
            example="On a friend's sofa; owes rent to the council.",
        ),
        Ask(
            "employment", "Work, training and money", LONG, Information.EMPLOYMENT,
            example="No work since 2023; drove a fork-lift.",
        ),
        Ask(
            "family", "Partner, children and family", LONG, Information.FAMILY,
            example="Sees a daughter of 6 at week-ends.",
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_AGENCIES = Section(
    "agencies",
    "Agencies involved",
    community.involvement(
        "probation", "police", "prison", "youth_offending", "childrens_services", "adult_social_care",
        "housing", "landlord",
        "mental_health", "drug_alcohol", "victim_support",
    ),
    help="What you know of each agency's work with the person. Leave open what you do not know.",
)  # fmt: skip

_PLAN = Section(
    "plan",
    "Proposed plan",
    (
        *community.key_worker("Key worker", required=True),
        Ask(
            "if_not", "What follows if the person does not keep to it", LONG, Information.PLAN, also=(Information.NARRATIVE,),
            example="Breach, and visits by the police.", required=True,
        ),
        community.actions("Proposed actions", dated=False),
    ),
    help="One professional leads: the key worker.",
)  # fmt: skip

_TOLD = Section(
    "told",
    "What the person knows",
    (
        *community.told("told"),
        Ask("expects", "The person knows what is expected", YES_NO, Information.CONSENT),
    ),
    whose=Whose.PERPETRATOR,
)

FORM = Form(
    id="iom",
    title="IOM referral",
    edition="2026-1",
    panel="iom",
    about="Nominates a repeat offender for integrated offender management.",
    sections=(
        _REFERRER, community.HANDLING, _PERSON, _CRITERIA, _OFFENDING, _ASSESSMENT, _VICTIMS, _DRIVERS,
        _AGENCIES, _PLAN, _TOLD,
    ),
    subject="person",
    source="worked out from Integrated Offender Management in Richmond upon Thames, section 4",
)  # fmt: skip
