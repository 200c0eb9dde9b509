"""Decisions: a named person sets a rule aside. Professional judgement is not lost to process, and process sees where it was used."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from forms.definition import Form
from pipeline.meeting import Decision, Meeting
from pipeline.problem import Place, Problem, Said, problem, register
from pipeline.protocol.limited import CHECKABLE
from pipeline.protocol.rule import Finding, On
from pipeline.protocol.rulebook import RULES

SCOPE = {
    On.CASE: "one case, and no agency",
    On.RECIPIENTS: "one case, and no agency",
    On.AGENCY: "one agency, and no case",
    On.SHARE: "one case, and one agency where it is for that agency alone",
}

register(
    {
        "not-a-rule": Said("There is no rule {rule}.", "See `sealpack explain` for all of them."),
        "not-open": Said(
            "{rule} is absolute: nobody can set it aside here.", "Take the decision out of the meeting file."
        ),
        "decision-late": Said("The decision on {rule} is dated after today.", "Put the date right."),
        "decision-scope": Said(
            "{rule} is set aside for {scope}; this decision says otherwise, and would do nothing.",
            "Give the decision {scope}.",
        ),
        "check-form": Said(
            "A {title} is for no check of records: its papers would go out whole.",
            "Take `check = true` away from this case.",
        ),
        "decision-twice": Said(
            "{rule} is set aside twice for the same case and agency.", "Leave the decision that holds."
        ),
    }
)


def faults(meeting: Meeting, day: dt.date) -> list[Problem]:
    """Return a problem for each decision that nobody may take, or that is not taken as it has to be."""
    return [one for some in _faults(meeting, day) for one in some]


def sound(meeting: Meeting, day: dt.date) -> Meeting:
    """Return the meeting with the decisions that hold: the others set nothing aside."""
    holds = [not wrong for wrong in _faults(meeting, day)]
    if all(holds):
        return meeting
    kept = tuple(one for one, is_sound in zip(meeting.decisions, holds, strict=True) if is_sound)
    return meeting.model_copy(update={"decisions": kept})


def _faults(meeting: Meeting, day: dt.date) -> Iterator[list[Problem]]:
    """Yield what is wrong with each decision, in order."""
    for number, decision in enumerate(meeting.decisions, start=1):
        problems = []
        place, one = Place(f"decision no. {number}"), RULES.get(decision.rule)
        if one is None:
            problems.append(problem("not-a-rule", place, rule=decision.rule))
        elif not one.open_to_decision:
            problems.append(problem("not-open", place, rule=decision.rule))
        else:
            if decision.on > day:
                problems.append(problem("decision-late", place, rule=decision.rule))
            if not _has_its_scope(decision, one.on):
                problems.append(problem("decision-scope", place, rule=decision.rule, scope=SCOPE[one.on]))
        same = [
            other
            for other in meeting.decisions[: number - 1]
            if (other.rule, other.case, other.agency) == (decision.rule, decision.case, decision.agency)
        ]
        if same:
            problems.append(problem("decision-twice", place, rule=decision.rule))
        yield problems


def faulty_checks(meeting: Meeting, forms: Mapping[str, Form]) -> Iterator[Problem]:
    """Yield a problem for each case that is called a check of records and is on a form of which there is none (SHARE-12)."""
    for case in meeting.cases:
        form = forms.get(case.reference)
        if case.check and form is not None and form.id not in CHECKABLE:
            yield problem("check-form", Place(f"case {case.reference}"), title=form.title)


def _has_its_scope(decision: Decision, on: On) -> bool:
    match on:
        case On.CASE | On.RECIPIENTS:
            return decision.case is not None and decision.agency is None
        case On.AGENCY:
            return decision.case is None and decision.agency is not None
        case _:
            return decision.case is not None


def without_effect(meeting: Meeting, found: Sequence[Finding]) -> Iterator[str]:
    """Yield a warning for each decision on a rule that does not bite where it was taken: most likely the case is mistaken."""
    taken = [one.decision for one in found if one.decision]
    told = {one.case for one in meeting.disclosures if one.disclose}
    for number, decision in enumerate(meeting.decisions, start=1):
        if decision.rule == "SHARE-13" and decision.case in told:
            continue  # it is for a disclosure
        if decision not in taken:
            about = ", ".join(filter(None, (decision.case, decision.agency)))
            yield f"decision no. {number} ({decision.rule}, {about}) sets nothing aside: the rule does not bite there"
