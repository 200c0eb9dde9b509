"""The classes of information: what the need-to-know policy speaks about."""

from enum import StrEnum


class Information(StrEnum):
    """What kind of thing an answer tells, and so who may need to know it (Thames Valley, section 14)."""

    PROCESS = "process"
    """Dates, references, outcome, marking."""
    STATUS = "status"
    """That somebody is managed under MAPPA, and at which level."""
    REFERRER = "referrer"
    IDENTITY = "identity"
    """Names, aliases, date of birth, gender, reference numbers."""
    ADDRESS = "address"
    WHEREABOUTS = "whereabouts"
    """Where a victim is staying for now. It may be a refuge, so it is held apart from other addresses."""
    CONTACT = "contact"
    """Telephone, e-mail, when and whether it is safe to call."""
    EQUALITY = "equality"
    """Ethnicity, nationality, language, religion, disability."""
    FAMILY = "family"
    """Children and relationships."""
    SCHOOL = "school"
    GP = "gp"
    HEALTH = "health"
    SUBSTANCE = "substance"
    OFFENCE = "offence"
    SENTENCE = "sentence"
    RISK = "risk"
    """How high the risk is and on what ground, which everybody plans by."""
    ASSESSMENT = "assessment"
    """The single answers of a risk assessment. They are intimate, so they are held apart from its result."""
    PLAN = "plan"
    VICTIM = "victim"
    """Anything about a victim of a MAPPA offender."""
    EMPLOYMENT = "employment"
    HOUSING = "housing"
    INTELLIGENCE = "intelligence"
    AGENCY = "agency"
    """What one agency holds; the question says which agency."""
    NARRATIVE = "narrative"
    """Free text that can mention any of the above."""
    CONSENT = "consent"
    MEDIA = "media"


class Whose(StrEnum):
    """Whom an answer is about: an anonymous case (CONSENT-2) hides the client and all that leads to the client."""

    CLIENT = "client"
    CHILD = "child"
    PERPETRATOR = "perpetrator"
    NOBODY = "nobody"
    """The case as a whole, or a professional."""


class Identifies(StrEnum):
    """What an answer would give away when it stands in somebody's free text."""

    NAME = "name"
    BIRTH = "date of birth"
    ADDRESS = "address"
    PHONE = "telephone"
    EMAIL = "e-mail"
    SCHOOL = "school"
    GP = "GP"
    REFERENCE = "reference number"
