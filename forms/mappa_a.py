"""MAPPA Form A: refers an offender to a meeting at level 2 or 3.

What it asks is what the sources say that such a referral must carry (Bromley toolkit, appendix 2 part C; West Midlands
memorandum, levels and risk management; Thames Valley requirements, sections 3 to 8). The printed form is not among them.

Little here is of the class process: a provider of tagging may know who is managed, at which level and when there is a
meeting, and nothing of what the case is about (SHARE-6). Where somebody is, or what the case is, is of another class.
"""

from dataclasses import replace
from typing import Any

from forms import mappa, people
from forms.answers import (
    ADDRESS,
    CHOICE,
    CHOICES,
    DATE,
    EMAIL,
    LONG,
    PHONE,
    TEXT,
    YES_NO,
    YES_NO_UNKNOWN,
)
from forms.definition import (
    Agreement,
    Answered,
    Ask,
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

(
    _ADDRESS, _EQUALITY, _FAMILY, _HEALTH, _MEDIA, _NARRATIVE, _OFFENCE, _PLAN, _PROCESS, _REFERRER, _RISK, _SENTENCE, _VICTIM,
) = (
    Information.ADDRESS, Information.EQUALITY, Information.FAMILY, Information.HEALTH, Information.MEDIA,
    Information.NARRATIVE, Information.OFFENCE, Information.PLAN, Information.PROCESS, Information.REFERRER,
    Information.RISK, Information.SENTENCE, Information.VICTIM,
)  # fmt: skip


def _free(key: str, label: str, about: Information, **more: Any) -> Ask:
    """Return a question for several paragraphs, which can mention anything whatever they were asked about."""
    return Ask(key, label, LONG, about, also=(_NARRATIVE,), **more)


_MEETING = Section(
    "meeting",
    "Meeting sought",
    (
        Ask("area", "MAPPA area", TEXT, _PROCESS, required=True, example="Brackenford"),
        Ask(
            "level", "Level sought", CHOICE, Information.STATUS, choices=mappa.LEVELS, required=True, fact="mappa.level",
            example=mappa.LEVELS[1].label, help="This form is for level 2 or 3. Level 1 takes none.",
        ),
        Ask(
            "when", "Which meeting", CHOICE, _PROCESS, required=True, example="Next scheduled meeting",
            choices=mappa.choices(emergency="Emergency meeting", next="Next scheduled meeting"),
        ),
        Ask(
            "emergency_reason", "If an emergency, why it cannot wait", LONG, _NARRATIVE,
            required_if=Is("meeting.when", "emergency"), example="Is released on Friday with nowhere to go.",
        ),
        Ask(
            "lead", "Lead agency", CHOICE, _REFERRER, choices=mappa.LEADS, required=True, example="Police",
            help="Police for sexual offenders; for others the agency that supervises, or else police.",
        ),
        Ask("manager_name", "Offender manager or key worker", TEXT, _REFERRER, fact="manager.name", example="Nell Exampleby"),
        Ask("manager_telephone", "Telephone of the offender manager", PHONE, _REFERRER, fact="manager.telephone"),
        Ask("manager_email", "E-mail of the offender manager", EMAIL, _REFERRER, fact="manager.email", example="nell@probation.example"),
    ),
)  # fmt: skip

_CATEGORY = Section(
    "category",
    "Category",
    mappa.CATEGORY,
    whose=Whose.PERPETRATOR,
    help="One category only: leave open what is about another. Category 1 comes before 2, and 2 before 3.",
)

_HELD, _DETAINED = Is("status.in_custody", "yes"), Is("status.in_hospital", "yes")
_SAID = {"gender", "ethnic_origin", "nationality", "interpreter"}


_OFFENDER = Section(
    "offender",
    "Offender",
    (
        *(
            replace(ask, required=ask.required or ask.key in _SAID)
            for ask in people.person("offender", ethnicity=people.ETHNICITY)
        ),
        people.permanent_address("offender", required=True),
        Ask(
            "release_approved", "Proposed release address is approved", YES_NO, _ADDRESS, also=(_HEALTH,), help="If in custody or in hospital.",
            required_if=any_of(_HELD, _DETAINED),
        ),
        Ask(
            "release_address", "Approved release address", ADDRESS, _ADDRESS, required_if=Is("offender.release_approved", "yes"),
            example="3 Pretend Villas\nBrackenford\nBR1 3UH", identifies=Identifies.ADDRESS, fact="offender.release_address",
            help="Only one that is approved.",
        ),
        *(
            replace(ask, required=ask.key == "pnc", unknown=ask.key == "pnc")
            for ask in people.filed_numbers("offender", "pnc", "cro", "visor", "prison_number", "delius", "nhs", "yot")
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_STATUS = Section(
    "status",
    "Where things stand",
    (
        Ask("terrorism", "Terrorism or domestic extremism", YES_NO, _OFFENCE, required=True, example="No"),
        Ask("foreign_national", "Foreign national", YES_NO_UNKNOWN, _EQUALITY, required=True, example="No", fact="offender.foreign_national"),
        Ask("under_18", "Under 18", YES_NO, Information.IDENTITY, required=True, example="No"),
        Ask("in_custody", "In custody", YES_NO, _ADDRESS, required=True),
        Ask("custody_place", "If in custody, where", TEXT, _ADDRESS, required_if=_HELD, example="Makebelieve Prison"),
        Ask("approved_premises", "In approved premises", YES_NO, _ADDRESS, required=True, example="No"),
        Ask("in_hospital", "Detained in hospital", YES_NO, _HEALTH, required=True, example="No"),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_EARLIER = tuple(
    replace(ask, fact="", required=ask.key == "name")
    for ask in mappa.OFFENCE
    if ask.key in {"name", "convicted", "disposal"}
)
_OFFENCES = Section(
    "offences",
    "Conviction or caution",
    (
        Table("index", "Index offences", "Offence", mappa.OFFENCE, room=12, at_least=1, help="What this referral is about."),
        Table(
            "detail", "What was done", "Point",
            (_free("text", "Point", _OFFENCE, required=True, example="Followed a stranger home from the station."),),
            room=8, at_least=1, help="In brief, a point each: no more than a plan has to know.",
        ),
        Table("previous", "Earlier related offences", "Offence", _EARLIER, room=15, help="Those like the index offences."),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_IF_HELD = {"sentence_start", "conditional_release"}
_DATES = Section(
    "dates",
    "Dates and orders",
    (
        *(replace(ask, required_if=_HELD) if ask.key in _IF_HELD else ask for ask in mappa.DATES),
        Ask("notified_for_life", "Notification requirement for life", YES_NO, _SENTENCE, required_if=Is("category.category", "one"), example="No"),
        Ask(
            "notification_end", "End of the notification requirement", DATE, _SENTENCE, unknown=True, example="2034-09-05",
            required_if=Is("dates.notified_for_life", "no"), fact="notification.end",
        ),
        Table("order", "Orders and licence conditions", "Order", mappa.ORDER, room=15),
        Table(
            "barred", "Work and training that is barred", "Restriction", mappa.RESTRICTION, room=6,
            help="Form J tells the Jobcentre of it.",
        ),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_IF_DETAINED = {"section", "name", "clinician", "care_meeting"}
_HOSPITAL = Section(
    "hospital",
    "Detained in hospital",
    tuple(replace(ask, required_if=_DETAINED) if ask.key in _IF_DETAINED else ask for ask in mappa.HOSPITAL),
    whose=Whose.PERPETRATOR,
    help="Leave open if not detained in hospital.",
)

_REASON = Section(
    "reason",
    "Reason for referral",
    (
        Ask("now", "Why now", LONG, _NARRATIVE, required=True, example="Release is due in ten weeks and the old plan has gone."),
        Ask(
            "adds", "What the higher level adds", LONG, _NARRATIVE, required=True, help="What would not be done without it.",
            example="Housing, health and police have to decide together, which they cannot at level 1.",
        ),
        Ask(
            "exception", "Level 2 although the risk is low or medium: the exception", CHOICE, _RISK,
            choices=mappa.choices(
                after_level_three="Was managed at level 3 until now", notoriety="Is notorious",
                other="Another exceptional reason",
            ),
            help="Leave open if the risk is high or very high.",
        ),
        Ask(
            "exception_reason", "Reason for the exception", LONG, _NARRATIVE, required_if=Answered("reason.exception"),
            example="The case is well known here, and threats were made.",
        ),
        Ask(
            "criterion", "Level 3: the criterion that is met", CHOICE, _RISK, required_if=Is("meeting.level", "level_three"),
            choices=mappa.choices(
                complexity="High risk, and so complex that senior people must co-operate",
                resources="High risk, and senior people must commit unusual resources",
                public_interest="Exceptional media or public interest",
            ),
        ),
    ),
)  # fmt: skip

_RISKS = Section(
    "risk",
    "Risk",
    (
        Ask("likelihood", "Likelihood of reoffending", CHOICE, _RISK, choices=mappa.RISK_LEVELS, required=True, example="Medium"),
        *mappa.risk_grid("risk"),
        _free("nature", "Nature of the risk", _RISK, required=True, example="Serious violence with a weapon."),
        _free("who", "Who is at risk", _RISK, required=True, example="Partners, and men who come between them."),
        _free("when_greatest", "When the risk is greatest", _RISK, required=True, example="In the weeks after a relationship ends."),
        Ask(
            "imminence", "How soon it could happen", CHOICE, _RISK, required=True,
            choices=mappa.choices(
                any_time="At any time", on_trigger="When something sets it off",
                on_release="On release or discharge", not_imminent="Nothing points to it being imminent",
            ),
        ),
        _free("imminence_signs", "What points to that", _RISK, required=True, example="He has asked twice for her new address."),
        _free("raises", "What raises the risk", _RISK, required=True, example="Drinking, and being left."),
        _free("lowers", "What lowers the risk", _RISK, required=True, example="Work, and contact with his sister."),
        Ask(
            "sexual_after_16", "At least one sexual offence after the age of 16", YES_NO, _OFFENCE, example="No",
            help="Needed for Risk Matrix 2000, which is for men of 18 or over.",
        ),
        mappa.ASSESSMENTS,
    ),
    whose=Whose.PERPETRATOR,
    help="Serious harm is life-threatening or traumatic, and hard or impossible to recover from.",
)  # fmt: skip

_HARMED = Is("victims.any_victim", "yes")
_VICTIMS = Section(
    "victims",
    "Victims",
    (
        Ask("any_victim", "There is a victim, or somebody likely to become one", YES_NO, _VICTIM, required=True),
        Ask("domestic_abuse", "Domestic abuse", YES_NO_UNKNOWN, _VICTIM, required=True, example="No"),
        _free("issues", "Victim issues", _VICTIM, required_if=_HARMED, example="Fears a chance meeting in town. Name nobody here."),
        Ask("liaison", "Victim liaison officer", TEXT, _VICTIM, unknown=True, required_if=_HARMED, example="Iris Exampleton"),
        _free("restrictions", "Contact restrictions", _VICTIM, required_if=_HARMED, example="No contact, directly or through others."),
        Ask(
            "supplied_by", "Agency that supplied this", TEXT, _VICTIM, required_if=_HARMED, example="Victim liaison unit",
            help="Ask it before you send this: without its agreement this part goes to nobody.",
        ),
        Ask("agrees", "It agrees to sharing", YES_NO, _VICTIM, required_if=_HARMED, fact="victims.agreed"),
    ),
    whose=Whose.CLIENT,
    help="Write no name and no address of a victim.",
)  # fmt: skip

_CONCERN, _ADULTS = Is("safeguarding.children", "yes"), Is("safeguarding.adults", "yes")
_SAFEGUARDING = Section(
    "safeguarding",
    "Children and adults at risk",
    (
        Ask("children", "Safeguarding concerns for children", YES_NO, _FAMILY, required=True),
        _free("children_detail", "For which children, and what", _FAMILY, required_if=_CONCERN, example="His sister's two sons."),
        Ask("protection_plan", "A child is on a child protection plan", YES_NO_UNKNOWN, _FAMILY, required_if=_CONCERN),
        Ask("social_worker", "Social worker of the children", TEXT, _FAMILY, unknown=True, required_if=_CONCERN, example="Ada Sampleford"),
        Ask("adults", "Safeguarding concerns for adults at risk", YES_NO, _FAMILY, required=True, example="No"),
        _free("adults_detail", "For which adults, and what", _FAMILY, required_if=_ADULTS, example="A neighbour with dementia."),
        Ask("adult_worker", "Social worker of the adults", TEXT, _FAMILY, unknown=True, required_if=_ADULTS, example="Ben Examplewood"),
    ),
    whose=Whose.CHILD,
)  # fmt: skip

_DIVERSITY = Section(
    "diversity",
    "Diversity",
    (
        Ask(
            "needs", "Needs to be met", CHOICES, _EQUALITY,
            choices=mappa.choices(
                language="Language or interpreter", literacy="Reading and writing", disability="Disability",
                faith="Faith or belief", culture="Culture or ethnicity",
                gender="Gender, gender identity or sexuality", age="Age or maturity",
            ),
        ),
        _free("how", "How they will be met", _EQUALITY, required_if=Answered("diversity.needs"), example="Letters are read to him."),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_PLANNED = Section(
    "plan",
    "Risk management plan",
    (
        _free("current", "Current situation", _PLAN, required=True, example="Serving the last months of the sentence."),
        _free("contributing", "What contributes to the risk", _PLAN, required=True, example="Drinking, and no settled home."),
        _free("support", "Support and controls in place", _PLAN, required=True, example="Weekly reporting, and a curfew."),
        _free("measures", "Added measures for specific risks", _PLAN, required=True, example="An alarm for the former partner."),
        _free("conditions", "Additional conditions or requirements", _PLAN, required=True, example="None beyond the licence."),
        Ask(
            "contact", "Level of contact", CHOICE, _PLAN, required=True, help="The higher the risk, the more of it.",
            choices=mappa.choices(
                daily="Every day", several="Several times a week", weekly="Every week",
                fortnightly="Every two weeks", monthly="Every month", less="Less often",
            ),
        ),
        Ask("home_visits", "Home visits", TEXT, _PLAN, example="One a month, two together, unannounced"),
        _free("contingency", "Contingency: what is done if the plan breaks down", _PLAN, required=True, example="Recall on the same day."),
        Ask("manageable", "The plan is manageable", YES_NO, _PLAN, required=True),
        _free("unmanageable", "If not, what is lacking", _PLAN, required_if=Is("plan.manageable", "no"), example="A place to live."),
        mappa.ACTIONS,
        mappa.INVOLVED,
    ),
)  # fmt: skip

_MEDIA_PART = Section(
    "media",
    "Media",
    (
        Ask(
            "interest", "Likely media interest", CHOICE, _MEDIA, required=True,
            choices=mappa.choices(unlikely="Unlikely", local="Local", national="National", now="There already"),
        ),
        Ask("press_told", "Press office told", YES_NO, _MEDIA, required=True),
        _free("detail", "What is known", _MEDIA, required_if=Is("media.interest", "now"), example="A local paper has asked twice."),
    ),
)  # fmt: skip

_DISCLOSURE = Section(
    "disclosure",
    "Disclosure",
    (
        Ask("considered", "Disclosure to a third party considered", YES_NO, _PLAN, required=True),
        Ask(
            "decision", "Decision", CHOICE, _PLAN, required=True, example="For the meeting to decide",
            choices=mappa.choices(disclose="Disclose", withhold="Do not disclose", meeting="For the meeting to decide"),
        ),
        _free("to_whom", "To whom", _PLAN, required_if=Is("disclosure.decision", "disclose"), example="The manager of his new workplace."),
        _free("reasons", "Reasons", _PLAN, required=True, example="Colleagues under 18 work there.", help="Also for not disclosing."),
    ),
)  # fmt: skip

_INVITED = Section(
    "invitees",
    "Who should be invited",
    (
        Table(
            "invitee", "To be invited", "Invitee",
            (
                Ask("agency", "Agency", TEXT, _PLAN, required=True, example="Council housing"),
                Ask("kind", "Kind of agency", CHOICE, _PLAN, choices=mappa.KINDS, required=True, example="Housing authority"),
                Ask("person", "Who", TEXT, _PLAN, example="Linden Exampleby"),
                Ask("why", "Why", TEXT, _PLAN, also=(_NARRATIVE,), required=True, example="Offers the flat"),
                Ask("this_case_only", "For this case only", YES_NO, _PLAN, required=True),
            ),
            room=15, at_least=1,
        ),
    ),
)  # fmt: skip

_VIEW = Section(
    "view",
    "Offender's view",
    (
        Ask("told", "Told of MAPPA", YES_NO, _NARRATIVE),
        Ask("not_told", "If not told, why not", LONG, _NARRATIVE, required_if=Is("view.told", "no"), example="It would raise the risk."),
        Ask("representations", "Representations", LONG, _NARRATIVE, example="Wants to live near his sister.", help="In writing, or as told to you."),
    ),
    whose=Whose.PERPETRATOR,
)  # fmt: skip

_SIGN_OFF = Section(
    "sign_off",
    "Sign-off",
    (
        Ask("manager", "Endorsed by (manager)", TEXT, _REFERRER, required=True, example="Olive Examplewood"),
        Ask("role", "Manager's role", TEXT, _REFERRER, required=True, example="Senior probation officer"),
        Ask("on", "Endorsed on", DATE, _REFERRER, required=True, past=True, example="2026-11-20"),
    ),
    help="Your manager confirms that the case is right for this level.",
)  # fmt: skip

_DECISION = Section(
    "decision",
    "Co-ordinator's decision",
    (
        Ask(
            "outcome", "Outcome", CHOICE, _PROCESS, required=True,
            choices=mappa.choices(
                accepted="Accepted at the level sought", level_set="Accepted at another level", returned="Returned",
            ),
        ),
        Ask("level", "Level", CHOICE, Information.STATUS, choices=mappa.LEVELS, required_if=Not(Is("decision.outcome", "returned"))),
        Ask("reasons", "Reasons", LONG, _NARRATIVE, required=True),
        Ask("meeting", "Meeting on", DATE, _PROCESS, required_if=Not(Is("decision.outcome", "returned"))),
        Ask("on", "Decided on", DATE, _PROCESS, required=True, past=True),
        Ask("by", "Decided by", TEXT, _REFERRER, required=True),
    ),
    by=Filler.COORDINATOR,
    help="Within ten days of the referral.",
)  # fmt: skip

FORM = Form(
    id="mappa-a",
    title="MAPPA Form A: referral to level 2 or 3",
    edition="2026-1",
    panel="mappa",
    about="Refers an offender to a multi-agency public protection meeting at level 2 or 3.",
    sections=(
        Section("referrer", "Referring agency", people.referrer()),
        Section(
            "handling", "Marking and basis", people.handling(),
            help="Who may see this, by what law, and why. MAPPA papers are OFFICIAL-SENSITIVE "
            "(CONFIDENTIAL under the older scheme) or above.",
        ),
        _MEETING, _CATEGORY, _OFFENDER, _STATUS, _OFFENCES, _DATES, _HOSPITAL, _REASON, _RISKS, _VICTIMS, _SAFEGUARDING,
        _DIVERSITY, _PLANNED, _MEDIA_PART, _DISCLOSURE, _INVITED, _VIEW, _SIGN_OFF, _DECISION,
    ),
    subject="offender",
    source="Bromley IOM toolkit 2010/13, appendix 2; Thames Valley MAPPA requirements 2008; West Midlands MAPPA memorandum",
    need_to_know="mappa",
    agreements=(
        Agreement(
            "decision.level",
            all_of(Answered("decision.level"), Is("decision.outcome", "accepted"), Not(Same("decision.level", "meeting.level"))),
            "Accepted at the level sought, this is another level.",
            "Choose the level that was sought, or answer that it is accepted at another.",
        ),
        Agreement(
            "decision.level",
            all_of(Is("decision.outcome", "level_set"), Same("decision.level", "meeting.level")),
            "Accepted at another level, this is the level that was sought.",
            "Choose the other level, or answer that it is accepted at the level sought.",
        ),
        Agreement(
            "offender.release_address",
            all_of(Answered("offender.release_address"), Not(Is("offender.release_approved", "yes"))),
            "A release address stands here that is not approved.",
            "Leave it out until it is approved, or say that it is.",
        ),
    ),
)  # fmt: skip
