"""The DYO referral: a young person of 10 to 17 at high risk of offending again.

No source prints this form. It asks what the terms of reference say that the panel considers and decides
(Bromley toolkit, appendix 4; Richmond, section 3).
"""

from forms import community, people
from forms.answers import CHOICE, CHOICES, COUNT, DATE, LONG, PHONE, TEXT, YES_NO, YES_NO_UNKNOWN, Choice
from forms.conditions import AtLeast, Is, Not, all_of, any_of, one_of
from forms.definition import Agreement, Ask, Filler, Form, Section, Table
from forms.information import Identifies, Information, Whose
from forms.mappa import OFFENCE, RISK_LEVELS

ASSET_SCORE = 24
"""From this score a young person is given priority (Richmond, section 3)."""

LINKS = (
    Choice("lives", "Lives in the borough"),
    Choice("in_care", "In the care of the borough"),
    Choice("active", "Known or suspected to offend in the borough, or with others there"),
)
"""Whom the panel is for (Bromley toolkit, appendix 4 part A, catchment area)."""

_RISK, _PLAN = Information.RISK, Information.PLAN

_REFERRER = Section(
    "referrer",
    "Referring officer",
    (
        *people.referrer(),
        Ask(
            "link", "Why this borough", CHOICES, _RISK, also=(Information.FAMILY,), choices=LINKS, required=True,
            help="At least one must hold.",
        ),
    ),
)  # fmt: skip

_YOUNG_PERSON = Section(
    "young_person",
    "Young person",
    community.whole_person("pnc", "yot"),
    whose=Whose.PERPETRATOR,
    help="Aged 10 to 17 on the day of the panel. At 18 a young person leaves DYO.",
)

_FAMILY = Information.FAMILY
_HOME = Section(
    "family",
    "Family and home",
    (
        Ask("looked_after", "Looked after by a local authority", YES_NO_UNKNOWN, _FAMILY, required=True),
        Ask(
            "social_worker", "If so, social worker", TEXT, Information.REFERRER, also=(_FAMILY,),
            example="Quill Exampleby, 020 7946 0125",
            unknown=True, required_if=Is("family.looked_after", "yes"),
        ),
        Ask(
            "others", "What others in the family need", LONG, Information.NARRATIVE,
            example="Two younger brothers have begun to go along.",
            help="The panel can bring services to the whole family.",
        ),
        Table(
            "carer", "Parents and carers", "Parent or carer",
            (
                Ask(
                    "full_name", "Full name", TEXT, _FAMILY, example="Magnus Sampleworth", required=True,
                    identifies=Identifies.NAME,
                ),
                Ask("relationship", "Relationship", TEXT, _FAMILY, example="Father"),
                Ask("same_home", "Lives with the young person", YES_NO_UNKNOWN, _FAMILY),
                Ask(
                    "telephone", "Telephone", PHONE, Information.CONTACT, example="07700 900457",
                    identifies=Identifies.PHONE,
                ),
                Ask("aware", "Knows of this referral", YES_NO, Information.CONSENT, required=True),
            ),
            room=4,
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_SCHOOL = Information.SCHOOL
_EDUCATION = Section(
    "education",
    "Education, training and work",
    (
        Ask(
            "now", "What the young person does now", CHOICE, _SCHOOL, required=True,
            choices=(
                Choice("full_time", "School or college, full time"),
                Choice("part_time", "School or college, part time"),
                Choice("alternative", "Alternative provision"),
                Choice("training", "Training or apprenticeship"),
                Choice("work", "Work"),
                Choice("nothing", "Nothing at present"),
                Choice("unknown", "Not known"),
            ),
        ),
        Ask(
            "name", "Name of school or college", TEXT, _SCHOOL, example="Pretend Hill Academy", unknown=True,
            identifies=Identifies.SCHOOL,
            required_if=one_of("education.now", "full_time", "part_time", "alternative"),
        ),
        Ask("attendance", "Attendance, per cent", COUNT, _SCHOOL, example=62, unknown=True),
        Ask("excluded", "Excluded in the last 12 months", YES_NO_UNKNOWN, _SCHOOL),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_OFFENDING = Section(
    "offending",
    "Offending",
    (
        Ask("on_order", "On a statutory order of a court", YES_NO_UNKNOWN, Information.SENTENCE, required=True),
        Ask(
            "suspected", "Suspected offending and associates", LONG, Information.INTELLIGENCE,
            example="Seen with a group that takes bicycles at the station.",
            help="What is known and not proved. It goes to the police and the youth offending team only.",
        ),
        Ask(
            "anti_social", "Anti-social behaviour", LONG, Information.NARRATIVE,
            example="Four reports since the summer.",
        ),
        Table(
            "offence", "Offences, reprimands and cautions", "Offence", OFFENCE, room=8,
            help="The last first. Leave out what is spent, unless it tells something for today.",
        ),
        community.orders(),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_IS_HIGH = one_of("risk.harm", "high", "very_high")

_ASSESSMENT = Section(
    "risk",
    "Risk",
    (
        Ask("tool", "Assessment used", TEXT, _RISK, example="Asset"),
        Ask("assessed", "Date of assessment", DATE, _RISK, example="2026-10-29", past=True),
        Ask(
            "asset", "Asset score", COUNT, _RISK, example=27, required=True, unknown=True,
            help="24 or more gives priority. Not known, if no such assessment has been made.",
        ),
        Ask(
            "reoffending", "Likelihood of offending again", CHOICE, _RISK, choices=RISK_LEVELS, required=True,
            example="High",
        ),
        Ask(
            "harm", "Risk of serious harm to others", CHOICE, _RISK, choices=RISK_LEVELS, required=True,
            example="Medium",
        ),
        Ask(
            "judgement", "High risk by professional judgement", YES_NO, _RISK,
            required_if=Not(any_of(AtLeast("risk.asset", ASSET_SCORE), _IS_HIGH)),
        ),
        Ask(
            "judgement_reason", "Reason for the judgement", LONG, Information.NARRATIVE,
            required_if=Is("risk.judgement", "yes"),
            example="The last two offences came within a week, with older people.",
        ),
        Ask(
            "mappa", "Considered for MAPPA", CHOICE, Information.OFFENCE, required=True,
            choices=(
                Choice("referred", "Referred to MAPPA"),
                Choice("considered", "Considered, and not referred"),
                Choice("not_yet", "Not considered yet"),
            ),
            help="A case of high risk is to be considered for it.",
        ),
        Ask(
            "mappa_reason", "If not referred, why not", LONG, Information.NARRATIVE, also=(Information.OFFENCE,),
            required_if=Is("risk.mappa", "considered"),
            example="No offence that brings the person within a category.",
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_ISSUES = Section(
    "issues",
    "Presenting issues",
    (
        Ask(
            "issues", "What drives the offending", CHOICES, _RISK, also=(Information.HEALTH, Information.FAMILY), required=True,
            choices=(
                Choice("peers", "Friends and associates"),
                Choice("family", "Family and home life"),
                Choice("education", "Education, training or work"),
                Choice("housing", "Where to live"),
                Choice("leisure", "Nothing to do"),
                Choice("identity", "Self-image, gangs or weapons"),
                Choice("order", "Does not keep to an order"),
                Choice("health", "Health, or drugs and alcohol"),
            ),
        ),
        Ask("details", "The presenting issues", LONG, Information.NARRATIVE, required=True),
        Ask("health", "Emotional and mental health", LONG, Information.HEALTH),
        Ask("substances", "Drugs and alcohol", LONG, Information.SUBSTANCE),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_AGENCIES = Section(
    "agencies",
    "Agencies involved",
    community.involvement(
        "youth_offending", "police", "childrens_services", "education", "mental_health", "health", "housing",
        "drug_alcohol",
        "voluntary",
    ),
    help="What you know of each agency's work with the family. Leave open what you do not know.",
)  # fmt: skip

_PLAN_PART = Section(
    "plan",
    "Proposed plan",
    (
        *community.key_worker("Case manager", required=True),
        Ask(
            "leaving", "How DYO is to end", LONG, _PLAN, also=(Information.NARRATIVE,), required=True,
            example="Youth club and college carry on when the order ends.",
            help="From the beginning: which services carry on when the order ends, or at 18.",
        ),
        community.actions(
            "Proposed actions", dated=False,
            strands=(
                Ask(
                    "strand", "Kind", CHOICE, _PLAN, required=True,
                    choices=(
                        Choice("support", "Support"), Choice("surveillance", "Surveillance"),
                        Choice("control", "Control"),
                    ),
                ),
            ),
        ),
    ),
)  # fmt: skip

_TOLD = Section(
    "told",
    "What the young person knows",
    community.told("told", "young person"),
    whose=Whose.PERPETRATOR,
)

_DECISION = Section(
    "decision",
    "Panel's decision",
    (
        Ask("meets", "Meets the criteria", YES_NO, Information.PROCESS, required=True),
        Ask("reasons", "Reasons", LONG, Information.NARRATIVE, required=True),
        Ask(
            "worker", "Nominated key worker", TEXT, Information.REFERRER, example="Quill Exampleby",
            required_if=Is("decision.meets", "yes"),
        ),
        Ask(
            "review", "Date of review", DATE, Information.PROCESS, example="2027-03-25",
            required_if=Is("decision.meets", "yes"), help="Two to six months after the meeting.",
        ),
    ),
    by=Filler.COORDINATOR,
    help="Filled at or after the meeting.",
)  # fmt: skip

FORM = Form(
    id="dyo",
    title="DYO referral",
    edition="2026-1",
    panel="dyo",
    about="Refers a young person at high risk of offending again to the deter young offenders panel.",
    sections=(
        _REFERRER, community.HANDLING, _YOUNG_PERSON, _HOME, _EDUCATION, _OFFENDING, _ASSESSMENT, _ISSUES,
        _AGENCIES,
        _PLAN_PART, _TOLD, _DECISION,
    ),
    subject="young_person",
    source="worked out from the Bromley IOM toolkit 2010/13, appendix 4, and Richmond IOM, section 3",
    agreements=(
        Agreement(
            "family.looked_after",
            all_of(Is("referrer.link", "in_care"), Is("family.looked_after", "no")),
            "The young person is said to be in the care of the borough, and not to be looked after.",
            "Put right whichever of the two is wrong.",
        ),
    ),
)  # fmt: skip
