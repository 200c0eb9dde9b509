"""The ASB referral: anti-social behaviour that needs several agencies (Richmond, section 2).

No source prints this form. It asks what the panel discusses: the case, what lies behind it, and
a plan of intervention.
"""

from dataclasses import replace

from forms import community, people
from forms.answers import CHOICE, CHOICES, COUNT, DATE, LONG, TEXT, YES_NO, YES_NO_UNKNOWN, Choice
from forms.definition import Ask, Form, Is, Section, Table
from forms.information import Information, Whose

BEHAVIOURS = (
    Choice("noise", "Noise"),
    Choice("threats", "Threats, abuse or harassment"),
    Choice("hate", "Hostility to a group of people"),
    Choice("damage", "Damage or graffiti"),
    Choice("drink_drugs", "Drinking or drugs where others live or pass"),
    Choice("groups", "Groups that frighten others"),
    Choice("vehicles", "Vehicles used to annoy or endanger"),
    Choice("animals", "Animals not under control"),
    Choice("rubbish", "Rubbish or filth"),
    Choice("other", "Other"),
)

STEPS = (
    Choice("talk", "Talk or visit"),
    Choice("letter", "Letter of warning"),
    Choice("mediation", "Mediation"),
    Choice("contract", "Agreement on behaviour"),
    Choice("support", "Support offered"),
    Choice("tenancy", "Step against the tenancy"),
    Choice("injunction", "Injunction"),
    Choice("criminal", "Arrest, charge or order of a criminal court"),
    Choice("other", "Other"),
)

_RISK, _NARRATIVE, _PROCESS = Information.RISK, Information.NARRATIVE, Information.PROCESS

_REFERRER = Section(
    "referrer",
    "Referring officer",
    (
        *people.referrer(),
        Ask(
            "emergency", "Cannot wait for the meeting", YES_NO, _PROCESS, required=True, example="No",
            help="If Yes, tell the council's anti-social behaviour officer at once, by telephone.",
        ),
        Ask(
            "emergency_told", "If so, officer told on", DATE, _PROCESS, past=True, example="2026-11-20",
            required_if=Is("referrer.emergency", "yes"),
        ),
    ),
)  # fmt: skip

_PERSON = Section(
    "person",
    "Person",
    community.whole_person("pnc"),
    whose=Whose.PERPETRATOR,
    help="Whose behaviour it is. One referral is for one person.",
)

_BEHAVIOUR = Section(
    "behaviour",
    "Behaviour",
    (
        Ask("kinds", "What kind", CHOICES, _RISK, choices=BEHAVIOURS, required=True),
        Ask(
            "other", "If other, what", TEXT, _NARRATIVE, required_if=Is("behaviour.kinds", "other"),
            example="Lets off fireworks from the roof",
        ),
        Ask("since", "Since when", DATE, _RISK, past=True, required=True, unknown=True, example="2026-06-01"),
        Ask(
            "how_often", "How often now", CHOICE, _RISK, required=True,
            choices=(
                Choice("daily", "Every day"), Choice("weekly", "Every week"), Choice("monthly", "Every month"),
                Choice("less", "Less often"), Choice("unknown", "Not known"),
            ),
        ),
        Ask("worse", "Getting worse", YES_NO_UNKNOWN, _RISK, required=True),
        Table(
            "incident", "Incidents", "Incident",
            (
                Ask(
                    "date", "Date", DATE, _NARRATIVE, past=True, required=True, unknown=True,
                    example="2026-11-07",
                ),
                Ask("place", "Place", TEXT, _NARRATIVE, example="Stairs of the block"),
                Ask(
                    "what", "What happened", LONG, _NARRATIVE, required=True,
                    example="Shouted and kicked doors until 3 in the morning.",
                ),
                Ask("reported", "Reported to", TEXT, _NARRATIVE, example="Landlord"),
            ),
            room=12, at_least=1, help="The last first. Do not name those who complain.",
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_VICTIM = Information.VICTIM
_AFFECTED = Section(
    "affected",
    "Who is affected",
    (
        Ask("people", "How many people", COUNT, _VICTIM, example=4, unknown=True),
        Ask("repeat", "The same people again and again", YES_NO_UNKNOWN, _VICTIM, required=True),
        Ask("vulnerable", "Somebody especially vulnerable among them", YES_NO_UNKNOWN, _VICTIM, required=True),
        Ask(
            "harm", "What it does to them", LONG, _VICTIM, required=True,
            example="An old neighbour no longer goes out in the evening.",
        ),
        Ask("fear", "Afraid to be known as complaining", YES_NO_UNKNOWN, _VICTIM, required=True),
        Ask("support", "Support they have", TEXT, _VICTIM, example="Victim support rings every week"),
    ),
    help="Do not name anybody here, nor give their address.",
)  # fmt: skip

_REASONS = Section(
    "reasons",
    "What lies behind it",
    (
        Ask("reasons", "Underlying reasons", LONG, _NARRATIVE, required=True),
        Ask("substances", "Alcohol and drugs", LONG, Information.SUBSTANCE),
        Ask("health", "Mental and physical health", LONG, Information.HEALTH),
        Ask(
            "family", "Household and family", LONG, Information.FAMILY, also=(Information.NARRATIVE,),
            example="Lives with two sons of 12 and 15.",
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_HOUSING = Information.HOUSING
_HOME = Section(
    "home",
    "Home",
    (
        Ask(
            "tenure", "Lives there as", CHOICE, _HOUSING, required=True,
            choices=(
                Choice("council", "Tenant of the council"),
                Choice("association", "Tenant of a housing association"),
                Choice("private", "Private tenant"),
                Choice("owner", "Owner"),
                Choice("guest", "Member of a household, or guest"),
                Choice("none", "No fixed abode"),
                Choice("unknown", "Not known"),
            ),
        ),
        Ask("landlord", "Landlord", TEXT, _HOUSING, example="Made-up Homes", unknown=True),
        Ask("at_risk", "Home at risk because of the behaviour", YES_NO_UNKNOWN, _HOUSING),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_KNOWN = Section(
    "known",
    "Other panels and orders",
    (*community.engaged("known"), community.orders()),
    whose=Whose.PERPETRATOR,
)

_DONE = Section(
    "done",
    "What has been tried",
    (
        Table(
            "step", "Steps so far", "Step",
            (
                Ask("kind", "Step", CHOICE, Information.PLAN, choices=STEPS, required=True),
                Ask("date", "Date", DATE, Information.PLAN, past=True, unknown=True, example="2026-10-12"),
                Ask("by", "By whom", TEXT, Information.PLAN, example="Landlord"),
                Ask("result", "What came of it", TEXT, Information.PLAN, example="Quiet for a fortnight"),
            ),
        ),
    ),
)  # fmt: skip

_AGENCIES = Section(
    "agencies",
    "Agencies involved",
    community.involvement(
        "police", "probation", "youth_offending", "childrens_services", "adult_social_care", "housing",
        "landlord",
        "mental_health", "drug_alcohol", "victim_support", "voluntary",
    ),
    help="What you know of each agency's work with the person. Leave open what you do not know.",
)  # fmt: skip

_PLAN = Section(
    "plan",
    "Proposed intervention",
    (
        *community.key_worker("Case owner", required=True),
        Ask(
            "aim", "What the plan is to reach", LONG, Information.PLAN, also=(Information.NARRATIVE,), required=True,
            example="No more noise at night, and the tenancy kept.",
        ),
        replace(community.actions("Proposed actions", dated=False), at_least=1),
    ),
    help="A case stays with the agency that brings it; the others give their services.",
)  # fmt: skip

_TOLD = Section("told", "What the person knows", community.told("told"), whose=Whose.PERPETRATOR)

FORM = Form(
    id="asb",
    title="ASB referral",
    edition="2026-1",
    panel="asb",
    about="Refers anti-social behaviour that needs several agencies to the ASB panel.",
    sections=(
        _REFERRER, community.HANDLING, _PERSON, _BEHAVIOUR, _AFFECTED, _REASONS, _HOME, _KNOWN, _DONE,
        _AGENCIES, _PLAN, _TOLD,
    ),
    subject="person",
    source="worked out from Integrated Offender Management in Richmond upon Thames, section 2",
)  # fmt: skip
