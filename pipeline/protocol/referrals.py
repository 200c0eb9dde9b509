"""Is the referral sound: does the case belong to this panel?"""

from pipeline.protocol.rule import CaseContext, Citation, Effect, On, Source, rule


@rule(
    "REFER-11",
    "A case that meets MAPPA criteria goes to MAPPA and not to MARAC; MAPPA then invites the IDVA",
    Effect.REFUSE,
    On.CASE,
    Citation(Source.THAMES_VALLEY, "section 5, domestic violence and MARAC"),
    Citation(Source.WEST_MIDLANDS, "MARAC"),
    open_to_decision=True,
    forms=("marac",),
)
def mappa_has_priority(case: CaseContext) -> str | None:
    """Refuse a MARAC referral whose perpetrator is subject to MAPPA."""
    rows = case.checked["perpetrators.perpetrator"]
    subject = [f"perpetrator {n}" for n, row in enumerate(rows, start=1) if row.mappa == "yes"]
    if not subject:
        return None
    who = f"{' and '.join(subject)} {'is' if len(subject) == 1 else 'are'}"
    return f"{who} subject to MAPPA: refer the case to MAPPA, which invites the IDVA"


@rule(
    "REFER-14",
    "At least one of the six selection bases of the MARAC holds",
    Effect.REFUSE,
    On.CASE,
    Citation(Source.BROMLEY, "appendix 3 part A, identifying cases for MARAC attention"),
    open_to_decision=True,
    forms=("marac",),
)
def has_a_selection_basis(case: CaseContext) -> str | None:
    """Refuse a MARAC referral that names none of the six bases."""
    return None if case.checked["criteria.bases"] else "none of the six bases for selection is ticked"
