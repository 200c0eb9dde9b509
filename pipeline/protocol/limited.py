"""Recipients of whom a protocol itself says how much they may be told: Jobcentre, tagging providers, immigration enforcement; and a check of records."""

from dataclasses import dataclass

from forms.catalogue import FORMS
from forms.definition import Section
from forms.information import Information
from pipeline.agency import AgencyKind
from pipeline.checked import Checked
from pipeline.protocol.rule import AgencyContext, CaseContext, Citation, Effect, On, Source, rule

MAPPA = tuple(form.id for form in FORMS.values() if form.panel == "mappa")
"""The forms that hold MAPPA information."""


@dataclass(frozen=True)
class Limit:
    """The most that a recipient may be told, whatever the need-to-know table says, and the rule that says so."""

    rule: str
    informations: frozenset[Information]


def limit_of(kind: AgencyKind) -> Limit | None:
    """Return what a protocol limits a kind of agency to, or None where the need-to-know table alone decides."""
    match kind:
        case AgencyKind.JOBCENTRE:
            return Limit("SHARE-5", JOBCENTRE)
        case AgencyKind.ELECTRONIC_MONITORING:
            return Limit("SHARE-6", told_to_tagging())
        case AgencyKind.IMMIGRATION:
            return Limit("SHARE-7", IMMIGRATION)
        case _:
            return None


JOBCENTRE = frozenset(
    {Information.IDENTITY, Information.EMPLOYMENT, Information.RISK, Information.PROCESS, Information.REFERRER}
)
"""Who it is, what is barred and until when, whether staff are at risk; and who tells it, for the slip that goes back (SHARE-5)."""

IMMIGRATION = frozenset({Information.IDENTITY, Information.STATUS, Information.PROCESS, Information.RISK})
"""Whom it is about, that he or she is in MAPPA and every change of that, when the meetings are, and the risk (SHARE-7)."""

CHECKED = frozenset({Information.IDENTITY})
"""What a check of records takes (SHARE-12)."""


@rule(
    "SHARE-5",
    "Jobcentre Plus gets who it is, what work or training is barred and until when, and whether staff are at risk: nothing else",
    Effect.REDUCE,
    On.PAPERS,
    Citation(Source.WEST_MIDLANDS, "Job Centre Plus"),
    Citation(Source.THAMES_VALLEY, "section 11"),
)
def stays_with_sender(section: Section) -> bool:
    """Say whether a part of a form stays with its sender: what was said of the Jobcentre's notification is on no paper.

    Of any form the Jobcentre sees the classes of `JOBCENTRE` at most.
    """
    return section.kept


@rule(
    "SHARE-6",
    "Electronic monitoring providers get who it is, that he or she is managed under MAPPA and at which level: nothing else",
    Effect.REDUCE,
    On.PAPERS,
    Citation(Source.WEST_MIDLANDS, "electronic monitoring providers"),
)
def told_to_tagging(kind: AgencyKind = AgencyKind.ELECTRONIC_MONITORING) -> frozenset[Information]:
    """Return the classes of information that a provider of electronic monitoring is limited to; all, for any other kind."""
    if kind is not AgencyKind.ELECTRONIC_MONITORING:
        return frozenset(Information)
    return frozenset({Information.IDENTITY, Information.STATUS})


@rule(
    "SHARE-7",
    "Immigration enforcement gets, of foreign nationals only, that they are in MAPPA, when meetings are, changes, and the risk",
    Effect.REDUCE,
    On.SHARE,
    Citation(Source.WEST_MIDLANDS, "Home Office and Immigration Enforcement"),
    open_to_decision=True,
    forms=MAPPA,
)
def is_no_foreign_national(case: CaseContext, context: AgencyContext) -> str | None:
    """Leave the whole case out of immigration enforcement's pack unless the referral says that the person is a foreign national.

    An answer that is open or not known is no such answer, nor is a nationality that somebody wrote down in words.
    """
    if context.agency.kind is not AgencyKind.IMMIGRATION or is_foreign_national(case.checked):
        return None
    return "the referral does not say that the person is a foreign national"


def is_foreign_national(checked: Checked) -> bool:
    """Say whether a referral says that its subject is a foreign national."""
    asked = checked.form.telling("offender.foreign_national")
    return asked is not None and checked[asked.path] == "yes"


@rule(
    "SHARE-12",
    "A case at level 1 stands on the agenda for a check of records, by its identity alone, and no papers go with it",
    Effect.REDUCE,
    On.CASE,
    Citation(Source.THAMES_VALLEY, "section 4.1; section 18ii, chairs"),
    open_to_decision=True,
    forms=MAPPA,
)
def is_for_a_check_alone(case: CaseContext) -> str | None:
    """Reduce a case to a line on the agenda: the meeting's file calls it a check, or it was notified or decided at level 1.

    What Form A seeks is not what it is managed at: a Form A that seeks level 1 is refused (REFER-4).
    """
    if case.case.check:
        return "the meeting's file has it for a check of records alone"
    return "it is managed at level 1" if is_at_level_1(case.checked) else None


def is_at_level_1(checked: Checked) -> bool:
    """Say whether a notification, or the co-ordinator's decision on a referral, puts its subject at level 1."""
    if checked.form.id == "mappa-a":
        return bool(checked["decision.level"] == "level_one")
    level = checked.form.telling("mappa.level") if checked.form.id in CHECKABLE else None
    return level is not None and bool(checked[level.path] == "level_one")


CHECKABLE = frozenset(MAPPA) - {"mappa-j", "mappa-p"}
"""The forms whose cases can be on an agenda for a check of records: Form J and Form P are of no meeting."""
