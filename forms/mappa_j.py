"""MAPPA Form J: tells Jobcentre Plus which work and training somebody is barred from.

An allow-list, not a filter (SHARE-5): what the Jobcentre may be told is all that this form can hold, in single lines, and what the
sender has to put on record besides is in a part that is on no paper.
"""

from forms import people
from forms.answers import ADDRESS, CHOICE, DATE, LONG, TEXT, YES_NO, Choice
from forms.definition import Ask, Form, Is, Section, Slip, Table
from forms.information import Identifies, Information, Whose
from forms.mappa import RESTRICTION

_PROCESS = Information.PROCESS
_ONE_LINE = 120
"""Characters: a precaution is told in a line, and no line has room for a story."""

KINDS = (
    Choice("new", "New"),
    Choice("changed", "Changed: it takes the place of an earlier one"),
    Choice("lifted", "Lifted: the restrictions below hold no more"),
)

_SENDER_WORDS = {
    "name": {"label": "Name of sender", "help": "The slip comes back to you."},
    "email": {"label": "Secure e-mail address"},
    "agency": {"label": "Sending agency"},
    "date": {"label": "Date of notification"},
}
_SENDER = Section(
    "referrer",
    "Sender",
    (
        *people.worded(people.referrer(), _SENDER_WORDS),
        Ask("kind", "Kind of notification", CHOICE, _PROCESS, choices=KINDS, required=True),
        Ask("office", "Jobcentre office", TEXT, _PROCESS, example="Brackenford Jobcentre", required=True),
        Ask("spoc", "Named contact at the Jobcentre (SPOC)", TEXT, _PROCESS, example="Quill Blotter", required=True),
    ),
)  # fmt: skip

_PERSON = Section(
    "person",
    "Who it is about",
    (
        *people.brief_person("offender"),
        *people.reference_numbers("offender", "ni", required=("ni",)),
        Ask(
            "address", "Address", ADDRESS, Information.ADDRESS, on_request=True, fact="offender.permanent_address",
            example="12 Made-up Lane\nBrackenford\nBR1 3UH", identifies=Identifies.ADDRESS,
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_RESTRICTIONS = Section(
    "restrictions",
    "Restrictions",
    (
        Table(
            "restriction", "Restrictions", "Restriction",
            RESTRICTION,
            room=6, at_least=1,
            help="The kind of work only, never why.",
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_STAFF = Section(
    "staff",
    "Jobcentre staff",
    (
        Ask("at_risk", "Staff are at risk", YES_NO, Information.RISK, required=True),
        Ask(
            "precaution", "What they should do", TEXT, Information.RISK, example="See him in pairs, at the front desk",
            required_if=Is("staff.at_risk", "yes"), most=_ONE_LINE,
            help="One line: what to do, never why.",
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_TALK = Is("own.told", "no")
_OWN = Section(
    "own",
    "For your own record",
    (
        Ask(
            "sent_by", "Who sends it", CHOICE, _PROCESS, required=True,
            choices=(Choice("probation", "Probation"), Choice("police", "Police")),
        ),
        Ask(
            "under", "What the person is under", CHOICE, _PROCESS, required=True,
            choices=(Choice("supervision", "Supervision, such as a licence"), Choice("civil_order", "A civil order")),
            help="Probation tells of those whom it supervises, police of those under a civil order.",
        ),
        Ask(
            "release", "Expected date of release", DATE, _PROCESS, example="2027-01-29",
            help="If in custody. This form goes six weeks before it.",
        ),
        Ask("told", "The person was told of the restrictions", YES_NO, _PROCESS, required=True),
        Ask("told_on", "Told on", DATE, _PROCESS, example="2026-11-16", past=True, required_if=Is("own.told", "yes")),
        Ask(
            "talk_on", "If not told: date of the talk with the Jobcentre's manager", DATE, _PROCESS, example="2026-11-17",
            past=True, required_if=_TALK, help="Before the form goes. Not telling the person is the rare exception.",
        ),
        Ask(
            "talk_reason", "If not told: why not", LONG, Information.NARRATIVE, required_if=_TALK,
            example="To be told would raise the risk to a member of the public.",
        ),
        *people.handling_kept(),
    ),
    kept=True,
    help="This part stays with you and the co-ordinator. It is printed nowhere and never sent to the Jobcentre.",
)  # fmt: skip

FORM = Form(
    id="mappa-j",
    title="MAPPA Form J: notification to Jobcentre Plus",
    edition="2026-1",
    panel="mappa",
    about="Tells Jobcentre Plus which work and training a MAPPA offender is barred from, and nothing else.",
    sections=(_SENDER, people.handling_on_paper(), _PERSON, _RESTRICTIONS, _STAFF, _OWN),
    ruled=frozenset({"own.release"}),
    subject="person",
    source="West Midlands MAPPA memorandum, Job Centre Plus; Thames Valley MAPPA requirements, section 11",
    send_to="the MAPPA co-ordinator, who sends on what may be seen and nothing else; never send this workbook further",
    closed=True,
    slip=Slip(
        "Receipt slip",
        "Please fill this in when the notification has come, and send it back to the sender by secure e-mail.",
        ("referrer.name", "referrer.email"),
        ("Received on", "Received by", "Office", "Signed"),
    ),
).capped(_ONE_LINE)
