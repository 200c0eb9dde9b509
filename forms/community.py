"""What panels for offenders in the community ask alike: CAMP, DYO, IOM and ASB."""

from forms import people
from forms.answers import CHOICE, DATE, EMAIL, LONG, PHONE, TEXT, YES_NO, YES_NO_UNKNOWN
from forms.conditions import Condition, Is
from forms.definition import Ask, Section, Table
from forms.information import Identifies, Information
from forms.mappa import LEVELS

_INVOLVED = {
    "police": ("Police", "police"),
    "probation": ("Probation", "probation"),
    "prison": ("Prison", "prison"),
    "youth_offending": ("Youth offending team", "youth_offending"),
    "childrens_services": ("Children's social care", "childrens_services"),
    "adult_social_care": ("Adult social care", "adult_social_care"),
    "education": ("Education", "education"),
    "housing": ("Council housing", "housing_authority"),
    "landlord": ("Housing association", "registered_social_landlord"),
    "health": ("Health", "health"),
    "mental_health": ("Mental health", "mental_health"),
    "drug_alcohol": ("Drug and alcohol service", "drug_alcohol"),
    "victim_support": ("Victim support", "victim_support"),
    "voluntary": ("Youth or voluntary service", "voluntary"),
}
"""Not the Jobcentre: it gets no more of anybody than SHARE-5 says, its own work neither."""

_CLINICAL = {
    "health": (Information.HEALTH,),
    "mental_health": (Information.HEALTH,),
    "drug_alcohol": (Information.SUBSTANCE,),
}
"""What these agencies hold is clinical, whoever writes it down."""


HANDLING = Section(
    "handling",
    "Marking and basis",
    people.handling(),
    help="Who may see this, by what law, and why. Papers of a panel are OFFICIAL-SENSITIVE "
    "(CONFIDENTIAL under the older scheme) or above.",
)


def reach() -> tuple[Ask, ...]:
    """Return the questions for how to reach the subject, other than by letter."""
    about = Information.CONTACT
    return (
        Ask(
            "telephone", "Home telephone", PHONE, about, example="020 7946 0456", identifies=Identifies.PHONE,
            fact="offender.telephone",
        ),
        Ask(
            "mobile", "Mobile", PHONE, about, example="07700 900456", identifies=Identifies.PHONE,
            fact="offender.mobile",
        ),
        Ask(
            "email", "E-mail", EMAIL, about, example="rowena@mail.example", identifies=Identifies.EMAIL,
            fact="offender.email",
        ),
    )  # fmt: skip


def whole_person(*numbers: str) -> tuple[Ask, ...]:
    """Return the questions that say who the subject is, where he or she lives, and how to reach him or her.

    Reference numbers are of use to the agencies that keep such records, which are those that know of offences.

    Args:
        numbers: which reference numbers, as `people.reference_numbers` calls them.
    """
    return (
        *people.person("offender", ethnicity=people.ETHNICITY),
        *people.filed_numbers("offender", *numbers),
        people.permanent_address("offender", required=True),
        people.temporary_address("offender"),
        *reach(),
    )


def engaged(section: str) -> tuple[Ask, ...]:
    """Return the questions on other panels that are engaged with the subject now (REFER-12).

    Args:
        section: the key of the section in which they stand.
    """
    about = Information.OFFENCE
    return (
        Ask("mappa", "Under MAPPA now", YES_NO_UNKNOWN, about, required=True),
        Ask(
            "mappa_level", "If under MAPPA, its level", CHOICE, about, choices=LEVELS, fact="mappa.level",
            required_if=Is(f"{section}.mappa", "yes"),
            help="At level 1 one agency manages alone, and no panel meets.",
        ),
        Ask("marac", "In a case that MARAC has open", YES_NO_UNKNOWN, about, required=True, example="No"),
        Ask("dyo", "On the list of deter young offenders", YES_NO_UNKNOWN, about, required=True, example="No"),
    )  # fmt: skip


def orders(help_text: str = "") -> Table:
    """Return the table of orders and licences in force."""
    about = Information.SENTENCE
    return Table(
        "order", "Orders and licences", "Order",
        (
            Ask(
                "kind", "Order or licence", TEXT, about, example="Community order", required=True,
                fact="order.kind",
            ),
            Ask(
                "detail", "What it requires or forbids", TEXT, about, example="Unpaid work, 120 hours",
                fact="order.detail",
            ),
            Ask("until", "Until", DATE, about, example="2027-06-30", unknown=True, fact="order.until"),
        ),
        room=6, help=help_text,
    )  # fmt: skip


def involvement(*keys: str) -> tuple[Ask, ...]:
    """Return a question for what each of these agencies is doing; each sees its own part."""
    return tuple(
        Ask(
            key, f"{_INVOLVED[key][0]} involvement", LONG, Information.AGENCY, holder=_INVOLVED[key][1],
            also=_CLINICAL.get(key, ()), example="Open since June, seen every second week.",
        )
        for key in keys
    )  # fmt: skip


def told(section: str, whom: str = "person") -> tuple[Ask, ...]:
    """Return the questions on whether the subject knows of the referral.

    Args:
        section: the key of the section in which they stand.
        whom: who the subject is, in a word.
    """
    return (
        Ask(
            "aware", f"The {whom} knows of this referral", YES_NO, Information.CONSENT, required=True,
            help="Why this panel, what will happen, and how it ends.",
        ),
        Ask(
            "not_aware_reason", "If not, reason", TEXT, Information.NARRATIVE,
            required_if=Is(f"{section}.aware", "no"), example="To be told together at the next appointment",
        ),
        Ask(
            "view", f"What the {whom} says of it", LONG, Information.NARRATIVE,
            example="Would like help with a tenancy first.",
        ),
    )  # fmt: skip


def actions(title: str, *, dated: bool, strands: tuple[Ask, ...] = ()) -> Table:
    """Return the table of actions, each with who does it and by when.

    Args:
        title: what they are: proposed, or agreed.
        dated: each must have its date.
        strands: further columns, before the others.
    """
    about = Information.PLAN
    return Table(
        "action", title, "Action",
        (
            *strands,
            Ask(
                "action", "What is to be done", TEXT, about, example="Assess for supported lodgings",
                required=True,
            ),
            Ask("owner", "By whom", TEXT, about, example="Council housing, options team", required=True),
            Ask("by", "By when", DATE, about, example="2026-12-18", required=dated),
        ),
    )  # fmt: skip


def key_worker(what: str, *, required: bool = False, required_if: Condition | None = None) -> tuple[Ask, ...]:
    """Return the questions about the one professional who holds the case together.

    Args:
        what: what he or she is called: "Key worker".
        required: somebody must be named.
        required_if: when somebody must be.
    """
    about = Information.REFERRER
    return (
        Ask(
            "worker", what, TEXT, about, example="Quill Exampleby", fact="manager.name", required=required,
            required_if=required_if,
        ),
        Ask("worker_agency", f"{what}: agency", TEXT, about, example="Probation", list_name="agencies"),
        Ask(
            "worker_telephone", f"{what}: telephone", PHONE, about, example="020 7946 0124",
            fact="manager.telephone",
        ),
        Ask(
            "worker_email", f"{what}: e-mail", EMAIL, about, example="quill@probation.example",
            fact="manager.email",
        ),
    )  # fmt: skip
