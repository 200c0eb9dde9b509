"""What the MAPPA forms have in common: categories, levels, levels of risk, offences, dates and orders, and lists to choose from."""

from forms.answers import CHOICE, COUNT, DATE, LONG, TEXT, YES_NO, Choice
from forms.definition import Ask, Highest, Is, Not, Table, all_of, one_of
from forms.information import Identifies, Information
from forms.offences import DISPOSALS, SCHEDULE_3

_OFFENCE, _SENTENCE, _HEALTH = Information.OFFENCE, Information.SENTENCE, Information.HEALTH
_RISK, _PLAN = Information.RISK, Information.PLAN


def choices(**labels: str) -> tuple[Choice, ...]:
    """Return a list to choose from, given the label of each key."""
    return tuple(Choice(key, label) for key, label in labels.items())


CATEGORIES = (
    Choice("one", "Category 1: registered sexual offender"),
    Choice("two", "Category 2: violent or other sexual offender"),
    Choice("three", "Category 3: other dangerous offender"),
)
"""A person is in one category at a time (Thames Valley, section 3)."""

LEVELS = (
    Choice("level_one", "Level 1: ordinary management by one agency"),
    Choice("level_two", "Level 2: active management by several agencies"),
    Choice("level_three", "Level 3: enhanced management with senior oversight"),
)
"""A person is managed at one level at a time (Thames Valley, section 4)."""

RISK_LEVELS = choices(low="Low", medium="Medium", high="High", very_high="Very high")
"""Risk of serious harm, from low to high (Thames Valley, section 7)."""

OFFENCE = (
    Ask(
        "name", "Offence", TEXT, _OFFENCE, required=True, fact="offence.name",
        example="Wounding with intent (section 18)",
    ),
    Ask(
        "date", "Date of offence", DATE, _OFFENCE, past=True, unknown=True, required=True, fact="offence.date",
        example="2024-02-17", help="The first day, if it went on over time.",
    ),
    Ask(
        "convicted", "Date of conviction or caution", DATE, _OFFENCE, past=True, unknown=True, required=True,
        fact="offence.convicted", example="2024-09-05",
    ),
    Ask("court", "Court", TEXT, _OFFENCE, unknown=True, fact="offence.court", example="Brackenford Crown Court"),
    Ask("disposal", "Sentence or disposal", CHOICE, _SENTENCE, choices=DISPOSALS, required=True, fact="offence.disposal"),
    Ask(
        "months", "Length in months", COUNT, _SENTENCE, fact="offence.months", example=30,
        help="Leave open if it has no length.",
    ),
)  # fmt: skip
"""The columns of a table of offences; `offence.` is the same offence in every form."""

_ONE_LINE = 120
"""Characters: a restriction is told in a line, and no line has room for a story."""

RESTRICTION = (
    Ask(
        "work", "Kind of work or training that is barred", TEXT, Information.EMPLOYMENT, required=True, most=_ONE_LINE,
        fact="restriction.work", example="Work with children under 18",
    ),
    Ask("until", "Until", DATE, Information.EMPLOYMENT, required=True, fact="restriction.until", example="2028-03-31"),
)  # fmt: skip
"""The columns of a table of work and training that is barred: what Form J may tell the Jobcentre (SHARE-5)."""

DATES = (
    Ask("sentence_start", "Date of sentence", DATE, _SENTENCE, past=True, unknown=True, fact="sentence.start"),
    Ask(
        "conditional_release", "Conditional release", DATE, _SENTENCE, unknown=True, fact="sentence.conditional_release",
        example="2027-07-14", help="Not known, if the sentence has no fixed end.",
    ),
    Ask("parole", "Parole eligibility", DATE, _SENTENCE, unknown=True, fact="sentence.parole", example="2027-07-14"),
    Ask("licence_end", "End of licence", DATE, _SENTENCE, unknown=True, fact="sentence.licence_end", example="2029-03-10"),
    Ask("sentence_end", "End of sentence", DATE, _SENTENCE, unknown=True, fact="sentence.end", example="2029-03-10"),
)  # fmt: skip
"""The dates of a sentence."""


ORDERS = choices(
    standard="Standard licence conditions", no_contact="Licence: no contact",
    prohibited_activity="Licence: prohibited activity", residence="Licence: where to live",
    prohibited_contact="Licence: prohibited contact", programme="Licence: accredited programme",
    drug_alcohol="Licence: drug or alcohol requirement", curfew="Licence: curfew",
    exclusion="Licence: exclusion from a place", non_association="Licence: non-association",
    vehicles="Licence: details of vehicles", relationships="Licence: to tell of new relationships",
    drug_testing="Licence: drug testing", polygraph="Licence: polygraph testing",
    community="Requirement of a community order",
    sexual_harm_prevention="Sexual harm prevention order, or SOPO", sexual_risk="Sexual risk order",
    notification="Notification order", disqualification="Disqualification order",
    restraining="Restraining or non-molestation order", other="Another order or condition",
)  # fmt: skip
"""Licence conditions and orders (West Midlands, public protection casework and legislation)."""

ORDER = (
    Ask("kind", "Order or condition", CHOICE, _SENTENCE, choices=ORDERS, required=True, fact="order.kind"),
    Ask(
        "detail",
        "What it says",
        TEXT,
        _SENTENCE,
        also=(Information.VICTIM,),
        example="Not to enter Pretend Park",
    ),
    Ask("until", "Until", DATE, _SENTENCE, unknown=True, fact="order.until", example="2029-03-10"),
)
"""The columns of a table of orders and licence conditions."""

HOSPITAL_SECTIONS = (
    Choice("hospital_order", "Section 37: hospital order"),
    Choice("restricted_hospital_order", "Sections 37 and 41: hospital order with restrictions"),
    Choice("guardianship", "Section 37: guardianship order"),
    Choice("conditional_discharge", "Section 42: conditional discharge"),
    Choice("hospital_direction", "Section 45A: sentence with a direction to hospital"),
    Choice("transfer", "Section 47: transfer from prison"),
    Choice("restricted_transfer", "Sections 47 and 49: transfer with restrictions"),
    Choice("remand_transfer", "Section 48: transfer on remand"),
    Choice("notional_hospital_order", "Notional section 37"),
    Choice("community_treatment_order", "Section 17A: community treatment order"),
    Choice("insanity_or_unfitness", "Insanity, or unfitness to plead"),
    Choice("part_two", "Part 2: not by a court"),
)
"""How somebody comes to be a patient, by the Mental Health Act 1983 (West Midlands: health bodies; mental health unit)."""

HOSPITAL = (
    Ask("section", "Section or order", CHOICE, _HEALTH, choices=HOSPITAL_SECTIONS, fact="hospital.section"),
    Ask(
        "name",
        "Hospital",
        TEXT,
        _HEALTH,
        identifies=Identifies.GP,
        fact="hospital.name",
        example="Fable Park Hospital",
    ),
    Ask("ward", "Ward", TEXT, _HEALTH, identifies=Identifies.GP, fact="hospital.ward", example="Story Ward"),
    Ask(
        "clinician",
        "Responsible clinician",
        TEXT,
        _HEALTH,
        identifies=Identifies.GP,
        fact="hospital.clinician",
        example="Dr Fictional",
    ),
    Ask("tribunal", "Next tribunal", DATE, _HEALTH, unknown=True, example="2027-02-11"),
    Ask("care_meeting", "Next care programme (CPA) meeting", DATE, _HEALTH, unknown=True, example="2027-01-20"),
)
"""Where somebody is detained as a patient."""

GROUNDS = choices(
    conviction="A conviction",
    caution="A caution, reprimand or final warning",
    abroad="A conviction outside the United Kingdom",
    insanity="A finding of insanity, or of being under a disability",
    civil_order="A civil order that brings the notification requirement",
    none="Worrying behaviour alone, without any of these",
)
"""What a case can rest on; the last is none (REFER-21)."""

LISTED_DISPOSALS = choices(
    imprisonment="Imprisonment", suspended="Suspended imprisonment",
    indeterminate="Life, or imprisonment for public protection",
    young_offenders="Detention in a young offender institution",
    at_pleasure="Detention during His or Her Majesty's pleasure",
    serious_young="Detention under section 91 of the Sentencing Act 2000",
    public_protection="Detention for public protection, section 226",
    extended_young="Extended detention, section 228", detention_training="Detention and training order",
    hospital_order="Hospital order, with or without restrictions", guardianship_order="Guardianship order",
    insanity="Not guilty by reason of insanity", disability="Under a disability, and did the act",
    disqualification="Disqualification order", none="None of these",
)  # fmt: skip
"""The disposals that bring somebody into category 2 (Thames Valley, section 3; West Midlands, category 2)."""

TWELVE_MONTHS = ("imprisonment", "suspended", "young_offenders", "serious_young", "detention_training")
"""Those that must be of 12 months or more."""

KINDS = choices(
    police="Police", police_domestic_abuse="Police domestic abuse unit", probation="Probation",
    approved_premises="Approved premises", victim_liaison="Victim liaison", prison="Prison",
    youth_offending="Youth offending", childrens_services="Children's services",
    adult_social_care="Adult social care", education="Education", housing_authority="Housing authority",
    registered_social_landlord="Registered social landlord", health="Health", mental_health="Mental health",
    primary_care="Primary care", drug_alcohol="Drug and alcohol", jobcentre="Jobcentre Plus",
    electronic_monitoring="Electronic monitoring", immigration="Immigration enforcement",
    idva="Domestic violence adviser (IDVA)", other="Another kind",
)  # fmt: skip
"""Kinds of agency that a plan or a meeting may need; two units that a rule looks for are named beside their agencies."""

TOOLS = choices(
    oasys="OASys", risk_matrix_2000="Risk Matrix 2000", ogrs="OGRS", sara="SARA (spousal assault)",
    asset="ASSET (under 18)", sarnc="SARNC (sexual offenders in programmes)", vrag="VRAG (violence)",
    pcl_r="PCL-R (psychopathy)", clinical="Clinical assessment", other="Another tool",
)  # fmt: skip
"""Tools of assessment (Thames Valley, section 7; West Midlands, risk assessment)."""

RISKS = {
    "public": "The public", "prisoners": "Prisoners", "known_adult": "A known adult", "children": "Children",
    "staff": "Staff", "self": "Himself or herself",
}  # fmt: skip
"""To whom serious harm is considered (Thames Valley, section 7; West Midlands, risk assessment)."""


def risk_grid(section: str) -> tuple[Ask, ...]:
    """Return the six questions on the risk of serious harm, and the highest of them, for a section of this key."""
    grid = "Risk of serious harm"
    return (
        *(
            Ask(key, label, CHOICE, _RISK, choices=RISK_LEVELS, required=True, grid=grid, example="High")
            for key, label in RISKS.items()
        ),
        Ask(
            "overall", "Overall", CHOICE, _RISK, choices=RISK_LEVELS, grid=grid,
            computed=Highest(tuple(f"{section}.{key}" for key in RISKS)),
        ),
    )  # fmt: skip


ASSESSMENTS = Table(
    "tool", "Tools of assessment", "Tool",
    (
        Ask("tool", "Tool", CHOICE, _RISK, choices=TOOLS, required=True, also=(_OFFENCE,)),
        Ask("which", "If another, which", TEXT, _RISK, example="The trust's own", also=(_OFFENCE,)),
        Ask("result", "Result", TEXT, _RISK, required=True, example="High risk of serious harm", also=(_OFFENCE,)),
        Ask("date", "Date", DATE, _RISK, past=True, unknown=True, required=True, example="2026-11-02", also=(_OFFENCE,)),
    ),
    room=6, at_least=1,
)  # fmt: skip
"""The tools that were used, which give away what sort of offence it was."""

ACTIONS = Table(
    "action", "Actions", "Action",
    (
        Ask("action", "Action", LONG, _PLAN, required=True, example="Apply for an exclusion zone around the school."),
        Ask("owner", "Owner", TEXT, _PLAN, unknown=True, required=True, example="Nell Exampleby", help="One person by name."),
        Ask("agency", "Agency", TEXT, _PLAN, required=True, example="Probation"),
        Ask("by", "By when", DATE, _PLAN, unknown=True, required=True, example="2026-12-18"),
        Ask("checked", "How it is checked", TEXT, _PLAN, example="Copy of the licence to the chair"),
        Ask("protects", "Protects a victim", YES_NO, _PLAN, also=(Information.VICTIM,), required=True),
    ),
    room=15, at_least=1,
)  # fmt: skip
"""The actions of a risk management plan (REFER-9)."""

INVOLVED = Table(
    "involved", "Other agencies involved", "Agency",
    (
        Ask("agency", "Agency", TEXT, _PLAN, required=True, example="Council housing"),
        Ask("kind", "Kind of agency", CHOICE, _PLAN, choices=KINDS, required=True, example="Housing authority"),
        Ask("does", "What it does", TEXT, _PLAN, required=True, example="Looks for a flat away from the school"),
        Ask(
            "active", "Actively involved", YES_NO, _PLAN, required=True,
            help="Regular, meaningful contact under a plan to reduce the risk.",
        ),
    ),
    room=10,
)  # fmt: skip
"""What other agencies do; who is actively involved is defined in Thames Valley, section 4."""

LEADS = tuple(one for one in KINDS if one.key in {"police", "probation", "youth_offending", "mental_health"})
"""Who can lead a case (Bromley, appendix 2 part C, process for information sharing)."""

_ONE, _TWO, _THREE = (Is("category.category", one.key) for one in CATEGORIES)
_FIRST = all_of(_ONE, Not(Is("category.rests_on", "civil_order")))
_LASTS = all_of(_TWO, one_of("category.listed_disposal", *TWELVE_MONTHS))

CATEGORY = (
    Ask("category", "Category", CHOICE, _OFFENCE, choices=CATEGORIES, required=True, fact="mappa.category"),
    Ask(
        "rests_on", "What it rests on", CHOICE, _OFFENCE, choices=GROUNDS, required=True,
        help="Without an offence it is no MAPPA case: take it to a professionals' meeting.",
    ),
    Ask(
        "supervised", "Still serving the sentence, or under statutory supervision", YES_NO, _SENTENCE, required=True,
        help="A licence, a community order, a hospital or guardianship order.",
    ),
    Ask(
        "supervisor", "Who supervises", CHOICE, _SENTENCE, choices=tuple(one for one in LEADS if one.key != "police"),
        required_if=Is("category.supervised", "yes"),
    ),
    Ask(
        "offence", "Category 1: offence", CHOICE, _OFFENCE, choices=SCHEDULE_3, required_if=_FIRST,
        example="Sexual assault (SOA 2003 s. 3)", help="The offence of Schedule 3 that brings the notification requirement.",
    ),
    Ask(
        "committed", "Category 1: date of offence", DATE, _OFFENCE, past=True, unknown=True, required_if=_FIRST,
        example="2024-02-17", help="The first day, if it went on over time.",
    ),
    Ask("convicted", "Category 1: date of conviction or caution", DATE, _OFFENCE, past=True, required_if=_FIRST, example="2024-09-05"),
    Ask("age", "Category 1: age of the offender at the offence", COUNT, _OFFENCE, required_if=_FIRST, example=31),
    Ask(
        "victim_age", "Category 1: age of the victim at the offence", COUNT, _OFFENCE, also=(Information.VICTIM,),
        unknown=True, required_if=_FIRST, example=15, help="The youngest, if there are several.",
    ),
    Ask("disposal", "Category 1: sentence or disposal", CHOICE, _SENTENCE, choices=DISPOSALS, required_if=_FIRST),
    Ask(
        "months", "Category 1: length in months", COUNT, _SENTENCE, only_if=_FIRST, example=30,
        help="Leave open if it has no length.",
    ),
    Ask("violent_offence", "Category 2: offence of Schedule 15", TEXT, _OFFENCE, required_if=_TWO, example="Wounding with intent"),
    Ask("listed_disposal", "Category 2: sentence or disposal", CHOICE, _SENTENCE, choices=LISTED_DISPOSALS, required_if=_TWO),
    Ask(
        "listed_months", "Category 2: length in months", COUNT, _SENTENCE, required_if=_LASTS, example=30,
        help="In full, whatever part of it is in custody.",
    ),
    Ask(
        "listed_convicted", "Category 2: date of conviction or sentence", DATE, _OFFENCE, past=True, required_if=_TWO,
        example="2024-09-05",
    ),
    Ask(
        "serving_then", "Category 2: sentence being served on 1 April 2001", YES_NO, _SENTENCE, only_if=_TWO, example="No",
        help="Only if the date is before that day.",
    ),
    Ask(
        "capability", "Category 3: offence that shows the capability", TEXT, _OFFENCE, required_if=_THREE,
        example="Arson, reckless whether life was endangered", help="To cause serious harm. It need not be of Schedule 15.",
    ),
    Ask("neither", "Category 3: categories 1 and 2 do not apply", YES_NO, _OFFENCE, required_if=_THREE),
    Ask(
        "considered", "Category 3: the Responsible Authority considers that serious harm may be caused", YES_NO, _OFFENCE,
        required_if=_THREE, help="Police, probation and prison. Ask before you send this.",
    ),
    Ask(
        "why_serious", "Category 3: why serious harm is considered", LONG, _OFFENCE, also=(Information.NARRATIVE,),
        required_if=_THREE, example="Has set two fires in houses where people slept, and speaks of a third.",
    ),
)  # fmt: skip
"""The questions of a section `category`: which one, and the facts that it rests on (REFER-1 to REFER-4, REFER-21)."""
