"""Need to know: class of information × kind of agency, as a table that anybody can read (need_to_know.csv).

Each row has its source or is called a judgement, with the reason. What no row allows is withheld (SHARE-11). A row on
`nothing` names the kinds of agency that get nothing of a form, so that every kind is decided for every form.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from forms.information import Information
from pipeline.agency import AgencyKind

_TABLE = Path(__file__).with_name("need_to_know.csv")


@dataclass(frozen=True)
class Need:
    """One row: the kinds of agency that need a class of information of a form, where that is written, and why."""

    form: str
    information: Information
    kinds: frozenset[AgencyKind]
    source: str
    reason: str


NOTHING = "nothing"


def _rows() -> tuple[dict[str, str], ...]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@dataclass(frozen=True)
class Nothing:
    """The kinds of agency that get nothing of a form, where that is written, and why."""

    form: str
    kinds: frozenset[AgencyKind]
    source: str
    reason: str


@cache
def nothing_for() -> dict[str, Nothing]:
    """Return form → who gets nothing of it."""
    found = [row for row in _rows() if row["information"] == NOTHING]
    return {
        row["form"]: Nothing(
            row["form"], frozenset(map(AgencyKind, row["agencies"].split())), row["source"], row["reason"]
        )
        for row in found
    }


@cache
def needs() -> dict[tuple[str, Information], Need]:
    """Return every row by form and class of information.

    Raises:
        ValueError: a row names a class or kind that there is not, stands twice, or has no agency, source or reason.
    """
    rows: dict[tuple[str, Information], Need] = {}
    for row in _rows():
        if row["information"] == NOTHING:
            continue
        kinds = frozenset(map(AgencyKind, row["agencies"].split()))
        need = Need(row["form"], Information(row["information"]), kinds, row["source"], row["reason"])
        if (need.form, need.information) in rows or not (need.kinds and need.source and need.reason):
            raise ValueError(
                f"need_to_know.csv: {need.form}, {need.information} stands twice, or lacks agencies, source or reason"
            )
        rows[need.form, need.information] = need
    return rows


@cache
def informations_for(form: str, kind: AgencyKind) -> frozenset[Information]:
    """Return the classes of information of a form that a kind of agency needs to know."""
    return frozenset(need.information for need in needs().values() if need.form == form and kind in need.kinds)
