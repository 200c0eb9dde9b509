"""Blocks of questions that forms share: the referrer, a person, an address, the handling of the referral."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from forms.answers import ADDRESS, CHOICE, DATE, DATE_OR_AGE, EMAIL, LONG, PHONE, TEXT, YES_NO, Choice
from forms.definition import Ask, Is, Section, any_of
from forms.information import Identifies, Information
from forms.numbers import NHS_NUMBER, NI_NUMBER, PNC_ID

MARKINGS = (
    Choice("official", "OFFICIAL"),
    Choice("official_sensitive", "OFFICIAL-SENSITIVE"),
    Choice("restricted", "RESTRICTED"),
    Choice("confidential", "CONFIDENTIAL"),
    Choice("secret", "SECRET"),
    Choice("top_secret", "TOP SECRET"),
)
"""Both schemes (MARK-5). An area uses one, and its blanks offer that one alone."""

LAWFUL_BASES = (
    Choice("cda_1998_s115", "Crime and Disorder Act 1998, section 115"),
    Choice("cja_2003_s325", "Criminal Justice Act 2003, section 325(4)"),
    Choice("oma_2007_s14", "Offender Management Act 2007, section 14"),
    Choice("children_act_2004_s11", "Children Act 2004, section 11"),
    Choice("care_act_2014_s45", "Care Act 2014, section 45"),
    Choice("dpa_2018_sch1_18", "Data Protection Act 2018, schedule 1, paragraph 18: safeguarding"),
    Choice("common_law_police", "Common law powers of the police"),
    Choice("consent", "Consent of the person"),
)

ETHNICITY = (
    Choice("white_british", "White British"),
    Choice("white_irish", "White Irish"),
    Choice("gypsy_traveller_roma", "Gypsy, Traveller or Roma"),
    Choice("white_other", "White other"),
    Choice("mixed_white_caribbean", "Mixed: White and Black Caribbean"),
    Choice("mixed_white_african", "Mixed: White and Black African"),
    Choice("mixed_white_asian", "Mixed: White and Asian"),
    Choice("mixed_other", "Mixed: other"),
    Choice("indian", "Indian"),
    Choice("pakistani", "Pakistani"),
    Choice("bangladeshi", "Bangladeshi"),
    Choice("chinese", "Chinese"),
    Choice("asian_other", "Asian: other"),
    Choice("caribbean", "Black Caribbean"),
    Choice("african", "Black African"),
    Choice("black_other", "Black: other"),
    Choice("arab", "Arab"),
    Choice("other", "Other"),
    Choice("not_given", "Not given"),
)

GENDERS = (
    Choice("female", "Female"),
    Choice("male", "Male"),
    Choice("other", "Other"),
    Choice("not_said", "Prefers not to say"),
)


def referrer() -> tuple[Ask, ...]:
    """Return the questions about the person who refers."""
    about = Information.REFERRER
    return (
        Ask("name", "Name of referrer", TEXT, about, example="Ffion Exampleby", required=True),
        Ask("role", "Role", TEXT, about, example="Independent domestic violence adviser"),
        Ask(
            "agency",
            "Referring agency",
            TEXT,
            about,
            example="Brackenford Domestic Abuse Service",
            required=True,
            list_name="agencies",
        ),
        Ask("telephone", "Telephone number", PHONE, about, example="020 7946 0123", required=True),
        Ask("mobile", "Mobile number", PHONE, about, example="07700 900123"),
        Ask("email", "E-mail address", EMAIL, about, example="ffion@das.example", required=True),
        Ask(
            "date",
            "Date of referral",
            DATE,
            Information.PROCESS,
            example="2026-11-20",
            required=True,
            past=True,
        ),
    )


def handling() -> tuple[Ask, ...]:
    """Return the questions on marking and lawful basis (Thames Valley, section 14)."""
    about = Information.PROCESS
    return (
        Ask(
            "marking", "Protective marking", CHOICE, about, choices=MARKINGS, required=True,
            example="OFFICIAL-SENSITIVE", help="You, who wrote this, decide the marking. A referral without one is not processed.",
        ),
        Ask(
            "lower_reason", "If lower than usual for this form, the reason", TEXT, about, fact="handling.lower_reason",
            also=(Information.NARRATIVE,),
            required_if=any_of(Is("handling.marking", "official"), Is("handling.marking", "restricted")),
            example="Agreed with the chair: no personal details in this referral",
        ),
        Ask(
            "basis", "Lawful basis for sharing", CHOICE, about, choices=LAWFUL_BASES, required=True,
            help="The law that lets your agency share this with the panel.",
        ),
        Ask(
            "necessary", "Why sharing is necessary", LONG, Information.NARRATIVE, required=True, fact="handling.necessary",
            example="The risk cannot be managed by one agency alone.", help="What could happen if this is not shared.",
        ),
        Ask(
            "proportionate", "Why this much is proportionate", LONG, Information.NARRATIVE, required=True, fact="handling.proportionate",
            example="Only what the members need to check their records and plan for safety.",
            help="Why no less would do, and what you have left out.",
        ),
    )  # fmt: skip


def worded(asked: tuple[Ask, ...], words: Mapping[str, Mapping[str, Any]]) -> tuple[Ask, ...]:
    """Return questions with other words: key → what is otherwise ("label", "help", "example")."""
    return tuple(replace(ask, **words.get(ask.key, {})) for ask in asked)


def handling_on_paper() -> Section:
    """Return what an allow-list prints of marking and basis; the reasons, which can hold anything, are `handling_kept`."""
    on_paper = tuple(ask for ask in handling() if ask.key in _ON_PAPER)
    return Section("handling", "Marking and basis", on_paper, help="Who may see this, and by what law.")


def handling_kept() -> tuple[Ask, ...]:
    """Return the rest of the questions on marking and basis, for a part that stays with the sender."""
    return tuple(ask for ask in handling() if ask.key not in _ON_PAPER)


_ON_PAPER = frozenset({"marking", "basis"})
_BRIEF = frozenset({"surname", "forenames", "aliases", "date_of_birth"})


def brief_person(role: str) -> tuple[Ask, ...]:
    """Return the questions that tell somebody from others, and no more, for an allow-list; the age at least is known."""
    asked = (ask for ask in person(role) if ask.key in _BRIEF)
    return tuple(replace(ask, unknown=False) if ask.key == "date_of_birth" else ask for ask in asked)


def person(
    role: str = "", *, ethnicity: tuple[Choice, ...] = (), identity: Information = Information.IDENTITY
) -> tuple[Ask, ...]:
    """Return the questions that say who somebody is. The surname is printed in capitals.

    Args:
        role: what the person is in the case, alike in every form: "offender", "victim"; a case carries what it tells.
        ethnicity: the list of ethnic origins; a few words are asked for if it is empty.
        identity: the class of the names; VICTIM for a victim of a MAPPA offender.
    """
    equality = Information.EQUALITY if identity is Information.IDENTITY else identity
    asked = (
        Ask("surname", "Surname", TEXT, identity, example="Sampleworth", capitals=True, required=True, identifies=Identifies.NAME),
        Ask("forenames", "Forenames", TEXT, identity, example="Rowena May", required=True, identifies=Identifies.NAME),
        Ask(
            "aliases", "Aliases and other spellings", TEXT, identity, example="Rowena Testerly", identifies=Identifies.NAME,
            help="Part several with commas.",
        ),
        Ask(
            "nicknames", "Nicknames", TEXT, identity, example="Ro", identifies=Identifies.NAME,
            help="Part several with commas.",
        ),
        Ask(
            "date_of_birth", "Date of birth or age", DATE_OR_AGE, identity, example="1991-03-14", required=True,
            unknown=True, past=True, identifies=Identifies.BIRTH,
        ),
        Ask(
            "other_dates_of_birth", "Other dates of birth used", TEXT, identity, example="14 March 1992",
            identifies=Identifies.BIRTH,
        ),
        Ask("gender", "Gender", CHOICE, identity, choices=GENDERS),
        *(
            (Ask("ethnic_origin", "Ethnic origin", CHOICE, equality, choices=ethnicity, list_name="ethnicity"),)
            if ethnicity
            else (Ask("ethnic_origin", "Ethnic origin", TEXT, equality, example="White British", list_name="ethnicity"),)
        ),
        Ask("nationality", "Nationality", TEXT, equality, example="British"),
        Ask("first_language", "First language", TEXT, equality, example="English"),
        Ask("interpreter", "Interpreter needed", YES_NO, equality),
    )  # fmt: skip
    return told_of(role, asked)


def told_of(role: str, asked: tuple[Ask, ...]) -> tuple[Ask, ...]:
    """Return the questions as telling facts of somebody in a role, each called by its own key; as they are without one."""
    return tuple(replace(ask, fact=f"{role}.{ask.key}") for ask in asked) if role else asked


_NUMBERS = (
    Ask("pnc", "PNC ID", PNC_ID, Information.IDENTITY, identifies=Identifies.REFERENCE),
    Ask("cro", "CRO number", TEXT, Information.IDENTITY, example="999901/99N", identifies=Identifies.REFERENCE),
    Ask("visor", "ViSOR reference", TEXT, Information.IDENTITY, example="99V0001", identifies=Identifies.REFERENCE),
    Ask("prison_number", "Prison number", TEXT, Information.IDENTITY, example="A9999AA", identifies=Identifies.REFERENCE),
    Ask(
        "delius", "Delius or CRAMS number", TEXT, Information.IDENTITY, example="X999999",
        identifies=Identifies.REFERENCE,
    ),
    Ask("nhs", "NHS number", NHS_NUMBER, Information.IDENTITY, identifies=Identifies.REFERENCE),
    Ask("ni", "National Insurance number", NI_NUMBER, Information.IDENTITY, identifies=Identifies.REFERENCE),
    Ask("yot", "Youth offending reference", TEXT, Information.IDENTITY, example="YOT-99-001", identifies=Identifies.REFERENCE),
)  # fmt: skip


def reference_numbers(role: str, *keys: str, required: tuple[str, ...] = ()) -> tuple[Ask, ...]:
    """Return the questions for these of somebody's numbers: pnc, cro, visor, prison_number, delius, nhs, ni, yot."""
    known = {ask.key: ask for ask in _NUMBERS}
    return told_of(role, tuple(replace(known[key], required=key in required) for key in keys))


def filed_numbers(role: str, *keys: str, required: tuple[str, ...] = ()) -> tuple[Ask, ...]:
    """Return the questions for somebody's numbers as those of the records they are filed in: of use to whoever keeps these.

    An NHS number is of the class of health besides, every other of that of offences.
    """
    asked = reference_numbers(role, *keys, required=required)
    return tuple(
        replace(ask, also=(Information.HEALTH if ask.key == "nhs" else Information.OFFENCE,)) for ask in asked
    )


def permanent_address(role: str = "", *, required: bool = False, unknown: bool = True) -> Ask:
    """Return the question for where somebody lives; `role` as for `person`."""
    return Ask(
        "permanent_address", "Permanent address", ADDRESS, Information.ADDRESS, required=required, unknown=unknown,
        example="12 Made-up Lane\nBrackenford\nBR1 3UH", identifies=Identifies.ADDRESS,
        help='A line for each part, the postcode last. Or "No fixed abode" and the area of closest links.',
        fact=f"{role}.permanent_address" if role else "",
    )  # fmt: skip


def temporary_address(role: str = "", about: Information = Information.ADDRESS) -> Ask:
    """Return the question for where somebody is staying now; `about` is WHEREABOUTS for a victim."""
    return Ask(
        "temporary_address", "Current temporary address", ADDRESS, about, unknown=True,
        example="Flat 3, 8 Invented Court\nBrackenford\nBR2 9ZZ", identifies=Identifies.ADDRESS,
        help="Where the person is staying now, if not at home.",
        fact=f"{role}.temporary_address" if role else "",
    )  # fmt: skip
