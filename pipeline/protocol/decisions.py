"""Decisions: a named person sets a rule aside. Professional judgement is not lost to process, and process sees where it was used."""

import datetime as dt
from collections.abc import Iterator, Sequence

from pipeline.meeting import Decision, Meeting
from pipeline.problem import Place, Problem, Said, problem, register
from pipeline.protocol.rule import Finding, On
from pipeline.protocol.rulebook import RULES

_SCOPE = {
    On.CASE: "one case, and no agency",
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
        "decision-twice": Said(
            "{rule} is set aside twice for the same case and agency.", "Leave the decision that holds."
        ),
    }
)


def faults(meeting: Meeting, day: dt.date) -> list[Problem]:
    """Return a problem for each decision that nobody may take, or that is not taken as it has to be."""
    problems = []
    for number, decision in enumerate(meeting.decisions, start=1):
        place, one = Place(f"decision no. {number}"), RULES.get(decision.rule)
        if one is None:
            problems.append(problem("not-a-rule", place, rule=decision.rule))
        elif not one.open_to_decision:
            problems.append(problem("not-open", place, rule=decision.rule))
        else:
            if decision.on > day:
                problems.append(problem("decision-late", place, rule=decision.rule))
            if not _has_its_scope(decision, one.on):
                problems.append(problem("decision-scope", place, rule=decision.rule, scope=_SCOPE[one.on]))
        same = [
            other
            for other in meeting.decisions[: number - 1]
            if (other.rule, other.case, other.agency) == (decision.rule, decision.case, decision.agency)
        ]
        if same:
            problems.append(problem("decision-twice", place, rule=decision.rule))
    return problems


def _has_its_scope(decision: Decision, on: On) -> bool:
    match on:
        case On.CASE:
            return decision.case is not None and decision.agency is None
        case On.AGENCY:
            return decision.case is None and decision.agency is not None
        case _:
            return decision.case is not None


def without_effect(meeting: Meeting, found: Sequence[Finding]) -> Iterator[str]:
    """Yield a warning for each decision on a rule that does not bite where it was taken: most likely the case is mistaken."""
    taken = [one.decision for one in found if one.decision]
    for number, decision in enumerate(meeting.decisions, start=1):
        if decision not in taken:
            about = ", ".join(filter(None, (decision.case, decision.agency)))
            yield f"decision no. {number} ({decision.rule}, {about}) sets nothing aside: the rule does not bite there"
