"""The MARAC referral: a victim of domestic abuse at high risk (Bromley toolkit, appendix 3 part B, with national additions)."""

from forms import people
from forms.answers import (
    ADDRESS,
    CHOICE,
    CHOICES,
    COUNT,
    DATE,
    DATE_OR_AGE,
    LONG,
    PHONE,
    TEXT,
    YES_NO,
    YES_NO_UNKNOWN,
    Choice,
)
from forms.definition import (
    Agreement,
    Answered,
    Ask,
    AtLeast,
    Count,
    Earlier,
    Filler,
    Form,
    Is,
    Not,
    Same,
    Section,
    Table,
    all_of,
    any_of,
)
from forms.information import Identifies, Information, Whose

BASES = (
    Choice("high_risk", "High-risk safety concerns, by a risk assessment"),
    Choice("repeat_or_vulnerable", "Repeat or vulnerable victim"),
    Choice("unmet_support", "High support needs that are not being met"),
    Choice("barriers", "Barriers to getting services"),
    Choice("child_protection", "Child protection concerns"),
    Choice("no_policy", "Existing policy does not fit, or there is none for this need"),
)
"""The six bases on which a case is selected (REFER-14)."""

GROUNDS = (
    Choice("national_security", "National security"),
    Choice("crime", "Prevention of crime and disorder"),
    Choice("health_safety", "Protection of health, safety or welfare"),
    Choice("child_at_risk", "A child at risk"),
    Choice("adult_harm", "Serious harm to an adult"),
)
"""The grounds for sharing without consent (CONSENT-4)."""

RISK_LEVELS = (Choice("standard", "Standard"), Choice("medium", "Medium"), Choice("high", "High"))

DASH = (
    ("injury", "Injury"),
    ("frightened", "Frightened"),
    ("afraid_of_what", "Afraid of what"),
    ("isolated", "Isolated"),
    ("low_mood", "Low mood"),
    ("separated", "Separated"),
    ("child_contact_conflict", "Conflict over child contact"),
    ("constant_contact", "Constant contact"),
    ("pregnancy", "Pregnancy"),
    ("more_often", "More often"),
    ("worse", "Worse"),
    ("controlling", "Controlling"),
    ("weapons", "Weapons"),
    ("threats_to_kill", "Threats to kill"),
    ("strangle", "Strangling"),
    ("sexual", "Sexual"),
    ("other_feared", "Others feared"),
    ("hurt_others", "Hurt others"),
    ("animals", "Animals"),
    ("money", "Money"),
    ("drugs_alcohol_mental_health", "Drugs, alcohol, mental health"),
    ("suicide_abuser", "Suicide of abuser"),
    ("breached_order", "Breached order"),
    ("police_record", "Police record"),
)
"""The 24 questions by key with our own short labels: the printed wording is licensed, and an area loads its own."""

_INVOLVED = (
    ("nhs", "NHS", "health"),
    ("childrens_social_care", "Children's Social Care", "childrens_services"),
    ("child_abuse_investigation", "Child Abuse Investigation Team", "police"),
    ("probation", "Probation", "probation"),
    ("victim_support", "Victim Support", "victim_support"),
    ("housing", "Housing", "housing_authority"),
    ("cps", "Crown Prosecution Service", "cps"),
    ("mental_health", "Mental Health", "mental_health"),
    ("dva", "Domestic violence adviser", "idva"),
    ("womens_aid", "Women's Aid / Sanctuary", "idva"),
    ("education", "Education", "education"),
    ("drug_and_alcohol", "Drug and Alcohol Team", "drug_alcohol"),
)

_CLINICAL = {
    "health": (Information.HEALTH,),
    "mental_health": (Information.HEALTH,),
    "drug_alcohol": (Information.SUBSTANCE,),
}
"""What these agencies hold is clinical, whoever writes it down."""

_REFERRER = Section(
    "referrer",
    "Referrer's details",
    (
        *people.referrer(),
        Ask("letter_sent", "MARAC letter sent", YES_NO, Information.PROCESS, required=True),
        Ask(
            "letter_reason", "If not, reason", TEXT, Information.NARRATIVE,
            example="Not safe to write to the address", required_if=Is("referrer.letter_sent", "no"),
        ),
        Ask(
            "risk_level", "CAADA (DASH) risk level", CHOICE, Information.RISK, choices=RISK_LEVELS, example="High",
            required=True,
        ),
    ),
)  # fmt: skip

_HANDLING = Section(
    "handling",
    "Marking and basis",
    people.handling(),
    help="Who may see this, by what law, and why. Papers of a MARAC are OFFICIAL-SENSITIVE "
    "(CONFIDENTIAL under the older scheme) or above.",
)

_NO_BASIS = Not(Answered("criteria.bases"))
_RISK = Information.RISK

_CRITERIA = Section(
    "criteria",
    "Criteria",
    (
        Ask(
            "bases", "Why the case is selected", CHOICES, Information.PROCESS, choices=BASES, required=True,
            help="At least one must hold.",
        ),
        Ask("judgement", "Professional judgement", YES_NO, _RISK, required_if=_NO_BASIS),
        Ask(
            "judgement_reason", "Reason for the judgement", LONG, Information.NARRATIVE, example="The victim is playing down what happens.",
            required_if=Is("criteria.judgement", "yes"),
        ),
        Ask(
            "visible", "Visible high risk: 14 or more ticks on the DASH", YES_NO, _RISK, required_if=_NO_BASIS,
        ),
        Ask(
            "escalation", "Potential escalation: 3 or more police reports in 12 months", YES_NO, _RISK,
            required_if=_NO_BASIS,
        ),
        Ask("repeat", "Repeat: at a MARAC within the last 12 months", YES_NO, _RISK, required_if=_NO_BASIS),
    ),
)  # fmt: skip

_DASH = Section(
    "dash",
    "DASH risk checklist",
    (
        Ask("tool", "Tool", TEXT, _RISK, example="DASH", help="Editions number the questions differently."),
        Ask("version", "Version of the tool", TEXT, _RISK, example="2009", required_if=Answered("dash.tool")),
        Ask(
            "score",
            "Score on your copy",
            COUNT,
            _RISK,
            example=24,
            help="How many were answered yes. Leave it open if you answer the questions here: they are counted for you.",
        ),
        *(Ask(key, label, YES_NO_UNKNOWN, Information.ASSESSMENT) for key, label in DASH),
        Ask(
            "counted",
            "Answered yes here",
            COUNT,
            _RISK,
            computed=Count(tuple(f"dash.{key}" for key, _ in DASH), "yes"),
            help="Counted for you. Not known and open count for nothing.",
        ),
    ),
    help="Short labels only: answer from your own licensed copy. Not known never counts as yes.",
)

VISIBLE_HIGH_RISK = 14
"""Ticks on the DASH from which a risk is visibly high, whatever anybody judges (a national criterion, not in the Bromley form)."""

_SCORED = any_of(AtLeast("dash.counted", VISIBLE_HIGH_RISK), AtLeast("dash.score", VISIBLE_HIGH_RISK))
_AGREEMENTS = (
    Agreement(
        "dash.score",
        all_of(Answered("dash.score"), Answered("dash.counted"), Not(Same("dash.score", "dash.counted"))),
        "The score is not the number of questions that are answered yes.",
        "Check the answers against your copy, or leave the score open: it is counted for you.",
    ),
    Agreement(
        "criteria.visible",
        all_of(Is("criteria.visible", "no"), _SCORED),
        f"With {VISIBLE_HIGH_RISK} ticks or more on the DASH the risk is visibly high.",
        "Answer Yes, or check the answers to the checklist.",
    ),
    Agreement(
        "criteria.visible",
        all_of(
            Is("criteria.visible", "yes"),
            any_of(Answered("dash.counted"), Answered("dash.score")),
            Not(_SCORED),
        ),
        f"Visible high risk takes {VISIBLE_HIGH_RISK} ticks on the DASH, and there are fewer. Not known counts for nothing.",
        "Answer No. Where you judge the risk to be high all the same, say so under professional judgement, with the reason.",
    ),
)
"""A score below the line goes through on professional judgement with its reason; the checklist itself is never bent."""

_CONTACT = Information.CONTACT
_VICTIM = Section(
    "victim",
    "Primary victim",
    (
        *people.person("victim", ethnicity=people.ETHNICITY),
        people.permanent_address("victim", required=True),
        people.temporary_address("victim", Information.WHEREABOUTS),
        Ask(
            "telephone", "Telephone", PHONE, _CONTACT, example="07700 900456", identifies=Identifies.PHONE,
            fact="victim.telephone",
        ),
        Ask(
            "safe_to_call", "Safe to call", YES_NO, _CONTACT, required_if=Answered("victim.telephone"),
            help="If in doubt, answer No.",
        ),
        Ask(
            "safe_times", "Safe times to call", TEXT, _CONTACT, example="Weekdays 10 to 12, never at the week-end",
            required_if=Is("victim.safe_to_call", "yes"),
        ),
        Ask("safe_with", "Safe to speak to", TEXT, _CONTACT, example="Her sister"),
        Ask("not_safe_with", "Not safe to speak to", TEXT, _CONTACT, example="Anyone else who answers"),
        Ask("mental_health", "Mental health issues", LONG, Information.HEALTH),
        Ask("drugs_alcohol", "Drug / alcohol use", LONG, Information.SUBSTANCE),
        Ask("other", "Other information", LONG, Information.NARRATIVE),
    ),
    whose=Whose.CLIENT,
)  # fmt: skip

_CONSENT = Section(
    "consent",
    "Consent",
    (
        Ask("aware", "The victim knows of this referral", YES_NO, Information.CONSENT, required=True),
        Ask("consents", "The victim consents to it", YES_NO, Information.CONSENT, required=True, fact="consent.given"),
        Ask(
            "ground", "If not, ground for going ahead without consent", CHOICE, Information.CONSENT, choices=GROUNDS,
            help="Without consent and without children in the case, it goes to the panel anonymously unless a decision is made.",
        ),
        Ask(
            "reason", "If not, reason for going ahead without consent", LONG, Information.CONSENT,
            example="The children saw the last assault.", required_if=Answered("consent.ground"),
        ),
    ),
    whose=Whose.CLIENT,
)  # fmt: skip

_ABOUT_CHILD = Information.FAMILY
_CHILDREN = Section(
    "children",
    "Children",
    (
        Table(
            "child", "Children", "Child",
            (
                Ask(
                    "full_name", "Full name", TEXT, _ABOUT_CHILD, example="Wren Sampleworth", required=True,
                    identifies=Identifies.NAME, fact="child.full_name",
                ),
                Ask(
                    "date_of_birth", "Date of birth or age", DATE_OR_AGE, _ABOUT_CHILD, example="2018-06-02", unknown=True,
                    past=True, required=True, identifies=Identifies.BIRTH, fact="child.date_of_birth",
                ),
                Ask("sex", "Sex", CHOICE, _ABOUT_CHILD, choices=people.GENDERS),
                Ask(
                    "address", "Address", ADDRESS, Information.WHEREABOUTS, unknown=True, identifies=Identifies.ADDRESS,
                    example="12 Made-up Lane\nBrackenford\nBR1 3UH",
                ),
                Ask(
                    "school", "Name of school", TEXT, Information.SCHOOL, example="Pretend Hill Primary School",
                    unknown=True, identifies=Identifies.SCHOOL,
                ),
                Ask("to_victim", "Relationship to victim", TEXT, _ABOUT_CHILD, example="Daughter"),
                Ask("to_perpetrator", "Relationship to perpetrator", TEXT, _ABOUT_CHILD, example="Stepdaughter"),
            ),
            room=12,
            help="Every child who lives in the household or sees the perpetrator.",
        ),
        Ask(
            "gp", "GP details", TEXT, Information.GP, example="Dr Fictional, Imaginary Road Surgery", unknown=True,
            identifies=Identifies.GP,
        ),
    ),
    whose=Whose.CHILD,
)  # fmt: skip

_IDENTITY = Information.IDENTITY
_PERPETRATORS = Section(
    "perpetrators",
    "Perpetrators",
    (
        Table(
            "perpetrator", "Perpetrators", "Perpetrator",
            (
                Ask(
                    "full_name", "Full name", TEXT, _IDENTITY, example="Magnus Sampleworth", required=True, unknown=True,
                    identifies=Identifies.NAME, fact="offender.full_name",
                ),
                Ask(
                    "date_of_birth", "Date of birth or age", DATE_OR_AGE, _IDENTITY, example="1988-09-30", required=True,
                    unknown=True, past=True, identifies=Identifies.BIRTH, fact="offender.date_of_birth",
                ),
                people.permanent_address("offender"),
                people.temporary_address("offender"),
                Ask("to_victim", "Relationship to victim", TEXT, Information.FAMILY, example="Husband", required=True),
                Ask(
                    "mappa", "Subject to MAPPA", YES_NO_UNKNOWN, Information.OFFENCE, example="No", required=True,
                    help="If Yes, the case goes to MAPPA, not to MARAC: it invites the IDVA.",
                ),
            ),
            room=8, at_least=1,
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_REASONS = Section(
    "reasons",
    "Reasons for referral",
    (
        Ask(
            "reasons", "Reasons for referral", LONG, Information.NARRATIVE, required=True,
            example="What has happened, when, how it has changed, and what you fear will happen next.",
            help="What has happened, when, how it has changed, and what you fear will happen next.",
        ),
    ),
)  # fmt: skip

_AGENCIES = Section(
    "agencies",
    "Agency involvement",
    tuple(
        Ask(
            key, f"{label} involvement", LONG, Information.AGENCY, holder=holder, also=_CLINICAL.get(holder, ())
        )
        for key, label, holder in _INVOLVED
    ),
    help="What you know of each agency's work with the family. Leave open what you do not know.",
)

_MINUTES = Section(
    "minutes",
    "MARAC minutes or police update",
    (
        Ask("date", "Date of MARAC", DATE, Information.PROCESS),
        Ask("repeat", "Is this a repeat", YES_NO, Information.PROCESS),
        Ask(
            "last", "If yes, date when last at MARAC", DATE, Information.PROCESS, example="2026-03-10", past=True,
            required_if=Is("minutes.repeat", "yes"),
        ),
        Table("line", "Minutes", "Line", (Ask("text", "Minute or update", LONG, Information.NARRATIVE, required=True),), room=16),
    ),
    by=Filler.COORDINATOR,
    help="Filled at or after the meeting.",
)  # fmt: skip

FORM = Form(
    id="marac",
    title="MARAC referral",
    edition="2026-2",
    panel="marac",
    about="Refers a victim of domestic abuse at high risk to the multi-agency risk assessment conference.",
    sections=(
        _REFERRER, _HANDLING, _CRITERIA, _DASH, _VICTIM, _CONSENT, _CHILDREN, _PERPETRATORS, _REASONS, _AGENCIES, _MINUTES,
    ),
    subject="victim",
    source="Bromley IOM toolkit 2010/13, appendix 3 part B",
    agreements=_AGREEMENTS,
    earlier=(Earlier("2026-1"),),
)  # fmt: skip
