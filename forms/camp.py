"""The CAMP referral: a repeat offender with many needs (Bromley toolkit, appendix 5 part C).

The printed form numbers two sections 5; the order is kept here, and the second of them is 6 and so on. Two
things are asked that are not printed, since the panel's criteria turn on them: which panels are engaged now, and which
offence of a client of the drug intervention programme (DIP) this is.
"""

from dataclasses import replace

from forms import community, people
from forms.answers import CHOICE, CHOICES, COUNT, DATE, LONG, TEXT, YES_NO, Choice
from forms.definition import Ask, Filler, Form, Is, Section, Table, one_of
from forms.information import Identifies, Information, Whose

REASONS = (
    Choice("dip_prolific", "DIP client identified as prolific re-offender"),
    Choice("dip_not_engaging", "DIP client not engaging in tier 3 treatment"),
    Choice("vigilance", "“Vigilance” client"),
    Choice("complex_ppo", "Complex PPO (prolific and priority offender)"),
    Choice("from_mappa", "Client discharged from MAPPA"),
    Choice("from_marac", "Client discharged from MARAC"),
    Choice("from_dyo", "Client discharged from DYO"),
    Choice("other", "Other"),
)

OUTCOMES = (
    Choice("elsewhere", "Referred to other agency"), Choice("accepted", "Accepted"), Choice("other", "Other"),
)  # fmt: skip

ETHNICITY = (
    Choice("white_british", "White British"), Choice("white_irish", "White Irish"),
    Choice("white_other", "White other"),
    Choice("indian", "Indian"), Choice("pakistani", "Pakistani"), Choice("bangladeshi", "Bangladeshi"),
    Choice("asian_other", "Other Asian"), Choice("caribbean", "Caribbean"), Choice("african", "African"),
    Choice("black_other", "Other Black"), Choice("mixed_other", "Other mixed"),
    Choice("mixed_white_caribbean", "White + Black Caribbean"),
    Choice("mixed_white_african", "White + Black African"),
    Choice("mixed_white_asian", "White + Asian"), Choice("other", "Other"), Choice("chinese", "Chinese"),
    Choice("arab", "Arabic"), Choice("not_given", "Not given"),
)  # fmt: skip
"""The client's own list, as printed; the keys are those of the list that other forms have."""

_PRINTED_DRUGS = (
    "Alcohol", "Heroin", "Crack cocaine", "Cocaine", "Cannabis", "Benzodiazepine", "Barbiturate",
    "Crack cocaine", "Ecstasy",
    "Hallucinogens", "Amphetamine", "Methadone", "Opiate other", "Solvents", "Antidepressants", "Other",
)  # fmt: skip
"""By printed code, from 1. Crack cocaine stands there twice, as 3 and as 8: both are read, and 3 is written."""


def _drug_key(name: str) -> str:
    return name.lower().replace(" ", "_")


DRUGS = tuple(
    Choice(_drug_key(name), f"{code} {name}")
    for code, name in enumerate(_PRINTED_DRUGS, start=1)
    if name not in _PRINTED_DRUGS[: code - 1]
)
DRUG_SPELLINGS = tuple(
    (said, _drug_key(name))
    for code, name in enumerate(_PRINTED_DRUGS, start=1)
    for said in (str(code), name, f"{code} {name}")
)
"""What is typed for a drug: its code or its name, or both."""

_REFERRER = Section("referrer", "Referring agency only", people.referrer())

_OUTCOME = Section(
    "outcome",
    "Referral outcome",
    (
        Ask("outcome", "Outcome", CHOICE, Information.PROCESS, choices=OUTCOMES, required=True),
        Ask(
            "details", "Details", LONG, Information.NARRATIVE, example="Passed to the MARAC co-ordinator.",
            required_if=one_of("outcome.outcome", "elsewhere", "other"),
        ),
    ),
    by=Filler.COORDINATOR,
    help="Filled when the panel has answered.",
)  # fmt: skip

_TICKED = (Information.RISK, Information.SUBSTANCE, Information.OFFENCE)
"""What a ticked reason tells, and so the details that hang on it: that somebody is not in treatment, or was under MAPPA."""

_REASONS = Section(
    "reasons",
    "1 Main reasons for referral",
    (
        Ask(
            "reasons", "Main reasons", CHOICES, Information.PROCESS, choices=REASONS, required=True,
            also=_TICKED, help="At least one must hold.",
        ),
        Ask(
            "complex_details", "If complex PPO, details", LONG, Information.NARRATIVE, also=_TICKED,
            required_if=Is("reasons.reasons", "complex_ppo"),
            example="Homeless, ill and in breach; three services are working alone.",
            help="Which needs come together, and which other panel might be right.",
        ),
        Ask(
            "other_details", "If other, details", LONG, Information.NARRATIVE, also=_TICKED,
            required_if=Is("reasons.reasons", "other"),
            example="Comes to us from the court's mental health scheme.",
        ),
        Ask(
            "offences", "If DIP client, which offence this is", COUNT, Information.OFFENCE, also=_TICKED, unknown=True,
            example=2, required_if=one_of("reasons.reasons", "dip_prolific", "dip_not_engaging"),
            help="1 for the first since the programme began. A third offence brings a client in.",
        ),
        *community.engaged("reasons"),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_WHO = {ask.key: ask for ask in people.person("offender", ethnicity=ETHNICITY)}

_CLIENT = Section(
    "contact",
    "2 Contact details",
    (
        replace(_WHO["forenames"], label="First name"),
        _WHO["surname"],
        replace(people.permanent_address("offender"), label="Address"),
        *community.reach(),
        Ask(
            "borough", "Borough of residence", CHOICE, Information.ADDRESS, required=True,
            choices=(Choice("here", "This borough"), Choice("elsewhere", "Other")),
        ),
        Ask(
            "borough_details", "If other, which borough", TEXT, Information.ADDRESS, example="Made-up Green",
            required_if=Is("contact.borough", "elsewhere"),
        ),
    ),
    whose=Whose.PERPETRATOR,
    help="Ways of contact that the client refuses under Client consent are shown to nobody.",
)  # fmt: skip

_EQUALITY, _FAMILY = Information.EQUALITY, Information.FAMILY
_PERSONAL = Section(
    "personal",
    "3 Personal details",
    (
        replace(_WHO["gender"], required=True),
        _WHO["date_of_birth"],
        Ask("childcare", "Childcare responsibilities", YES_NO, _FAMILY),
        Ask(
            "ages", "Ages of children", TEXT, _FAMILY, example="4 and 9", unknown=True,
            required_if=Is("personal.childcare", "yes"),
        ),
        replace(_WHO["ethnic_origin"], label="Ethnicity", required=True),
        Ask(
            "nationality", "Nationality", CHOICE, _EQUALITY, required=True,
            choices=(Choice("uk", "UK"), Choice("eu", "EU national"), Choice("other", "Other")),
        ),
        Ask(
            "nationality_details", "If other, which nationality", TEXT, _EQUALITY, example="Norwegian",
            unknown=True, required_if=Is("personal.nationality", "other"),
        ),
        replace(_WHO["interpreter"], required=True),
        replace(_WHO["first_language"], label="Language spoken", required_if=Is("personal.interpreter", "yes")),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_HEALTH, _RISK = Information.HEALTH, Information.RISK
_ISSUES = Section(
    "issues",
    "4 Issues, risks and needs",
    (
        Ask(
            "health", "Health", CHOICES, _HEALTH,
            choices=(
                Choice("mental_health", "Mental health"), Choice("disability", "Physical disability"),
                Choice("pregnant", "Pregnant woman"), Choice("self_harm", "Current self harm"),
                Choice("illness", "Physical illness"),
            ),
        ),
        Ask(
            "mental_health_details", "If mental health, what", LONG, _HEALTH,
            required_if=Is("issues.health", "mental_health"),
        ),
        Ask(
            "due", "If pregnant, due date", DATE, _HEALTH, unknown=True, example="2027-03-09",
            required_if=Is("issues.health", "pregnant"),
        ),
        Ask(
            "illness_details", "If physical illness, what", LONG, _HEALTH,
            required_if=Is("issues.health", "illness"),
        ),
        Ask(
            "risks", "Risks and needs", CHOICES, _RISK,
            choices=(
                Choice("under_age", "Young person (under 18)"), Choice("legal", "Outstanding legal matters"),
                Choice("domestic_violence", "Domestic violence"), Choice("harm_to_others", "Harm to others"),
                Choice("homeless", "Homelessness"),
            ),
        ),
        Ask("children", "Children may be in need", YES_NO, _FAMILY),
        Ask("other", "Other issues, which", LONG, Information.NARRATIVE),
    ),
    whose=Whose.PERPETRATOR,
    help="Tick all that apply.",
)  # fmt: skip

_SUBSTANCE = Information.SUBSTANCE
_DRUGS = Section(
    "drugs",
    "5 Drugs and alcohol",
    (
        Table(
            "use", "Drugs used", "Drug",
            (
                Ask(
                    "drug", "Drug", CHOICE, _SUBSTANCE, choices=DRUGS, list_name="drugs", required=True,
                    spellings=DRUG_SPELLINGS, example="2 Heroin", help="A code of the list will do.",
                ),
                Ask("other", "If other, which", TEXT, _SUBSTANCE, example="Spice"),
                Ask("frequency", "Frequency", TEXT, _SUBSTANCE, example="Daily", unknown=True),
                Ask("iv", "Intravenous use", YES_NO, _SUBSTANCE),
            ),
            room=3, at_most=3, help="The primary drug first, then the secondary, then the third.",
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_SERVICES = Section(
    "services",
    "6 Current services",
    (
        Ask(
            "services", "Attended or engaged with", CHOICES, _HEALTH, also=(_SUBSTANCE,),
            choices=(
                Choice("mental_health", "Community mental health"),
                Choice("family", "Child / family services"),
                Choice("drug_alcohol", "Drug / alcohol agency"),
                Choice("homeless", "Homeless person agency"),
                Choice("clinic", "Specialist health clinic"),
                Choice("other", "Other"),
            ),
        ),
        Ask(
            "other", "If other, which", TEXT, _HEALTH, also=(_SUBSTANCE,),
            example="Recovery allotment on Fridays", required_if=Is("services.services", "other"),
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_MORE = Section(
    "more",
    "7 Additional information",
    (
        Ask("accommodation", "Accommodation", LONG, Information.NARRATIVE),
        Ask(
            "next_of_kin",
            "Next of kin",
            LONG,
            Information.NARRATIVE,
            also=(Information.FAMILY, Information.CONTACT),
        ),
        Ask("convictions", "Criminal convictions", LONG, Information.NARRATIVE, also=(Information.OFFENCE,)),
    ),
    whose=Whose.PERPETRATOR,
)

_CONSENT = Information.CONSENT
_AGREED = Is("consent.consents", "yes")
_CLIENT_CONSENT = Section(
    "consent",
    "Client consent",
    (
        Ask(
            "consents", "Client consents to this referral", YES_NO, _CONSENT, required=True,
            fact="consent.given",
        ),
        Ask("letter", "May be contacted by letter at home", YES_NO, _CONSENT, required=True),
        Ask(
            "telephone", "May be contacted by telephone or mobile / text message", YES_NO, _CONSENT,
            required=True,
        ),
        Ask(
            "name", "Name of client, as signed", TEXT, _CONSENT, also=(Information.IDENTITY,),
            example="Rowena Sampleworth", identifies=Identifies.NAME, required_if=_AGREED,
        ),
        Ask(
            "signature", "Signature", CHOICE, _CONSENT, required_if=_AGREED,
            choices=(Choice("on_file", "On paper, kept on file"), Choice("typed", "Typed above by the client")),
        ),
        Ask("date", "Date of consent", DATE, _CONSENT, example="2026-11-18", past=True, required_if=_AGREED),
    ),
    whose=Whose.PERPETRATOR,
    help="Three consents, each for itself. A way of contact that is refused is shown to nobody.",
)  # fmt: skip

FORM = Form(
    id="camp",
    title="CAMP referral",
    edition="2026-1",
    panel="camp",
    about="Refers a complex, repeat offender to the case assessment and management panel.",
    sections=(
        _REFERRER, community.HANDLING, _OUTCOME, _REASONS, _CLIENT, _PERSONAL, _ISSUES, _DRUGS, _SERVICES,
        _MORE, _CLIENT_CONSENT,
    ),
    subject="contact",
    source="Bromley IOM toolkit 2010/13, appendix 5 part C",
)  # fmt: skip
