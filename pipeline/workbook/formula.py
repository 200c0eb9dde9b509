"""Conditions of a form as formulas, so that the sheet itself says what is still missing."""

from collections.abc import Callable

from forms.answers import OLDEST_AGE, UNKNOWN
from forms.definition import (
    AllOf,
    Answered,
    AnyOf,
    Ask,
    AtLeast,
    Birthday,
    Condition,
    Count,
    Form,
    Is,
    Not,
    Same,
)

YES = "Yes"


def quoted(text: str) -> str:
    """Return text as it stands in a formula."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def is_open(cell: str) -> str:
    """Return the formula that says whether a cell holds nothing but spaces."""
    return f'TRIM({cell})=""'


def met(condition: Condition, form: Form, here: Callable[[str], str] = str) -> str:
    """Return the formula that says whether a condition holds.

    Args:
        condition: what the form says.
        form: the form.
        here: path → the cell to look at; the name of the answer unless it is in the same row of a table.
    """
    match condition:
        case Is(path, key):
            ask = form.find(path).ask
            if ask.some_of:
                return f"{path}.{key}={quoted(YES)}"
            if ask.one_of and key not in {choice.key for choice in ask.choices}:
                return "1=0"  # the area does not offer this answer; LibreOffice would write FALSE as FALSE()
            return f"{here(path)}={quoted(ask.label_of(key) if ask.one_of else key)}"
        case Answered(path):
            return _answered(path, form, here)
        case AtLeast(path, least):
            return f"N({here(path)})>={least}"
        case Same(path, other):
            unlike = f"OR({is_open(here(path))},{here(path)}={quoted(UNKNOWN.label)})"
            return f"AND(NOT({unlike}),{here(path)}={here(other)})"
        case AnyOf(conditions):
            return f"OR({','.join(met(one, form, here) for one in conditions)})"
        case AllOf(conditions):
            return f"AND({','.join(met(one, form, here) for one in conditions)})"
        case Not(inner):
            return f"NOT({met(inner, form, here)})"


def _answered(path: str, form: Form, here: Callable[[str], str]) -> str:
    for table_path, _, table in form.tables():
        if table_path == path:
            return f"COUNTA({','.join(f'{path}.{ask.key}' for ask in table.columns)})>0"
    ask = form.find(path).ask
    return any_choice(path, ask) if ask.some_of else f"NOT({is_open(here(path))})"


def any_choice(path: str, ask: Ask) -> str:
    """Return the formula that says whether any of several choices is taken."""
    return f"OR({','.join(f'{path}.{choice.key}={quoted(YES)}' for choice in ask.choices)})"


def missing(ask: Ask, path: str, cell: str, form: Form) -> str:
    """Return the formula that is 1 while the answer is needed and not there, or nothing if it is never needed."""
    empty = f"NOT({any_choice(path, ask)})" if ask.some_of else is_open(cell)
    if ask.required:
        return f"=IFERROR(IF({empty},1,0),1)"
    if ask.required_if:
        return f"=IFERROR(IF(AND({met(ask.required_if, form)},{empty}),1,0),1)"
    return ""


def missing_in_row(needs: list[tuple[Ask, str]], row: str, all_rows: str, form: Form, least: int) -> str:
    """Return the formula that counts what a row of a table still needs.

    Args:
        needs: the columns with the cell of each in this row.
        row: the cells of the row, first to last: `B8:H8`.
        all_rows: those of the table, joined row by row: `B8:B19&C8:C19`.
        form: the form.
        least: how many rows must be filled, if this is one of them; else 0.
    """
    active = f"COUNTA({row})>0"
    if least:
        active = f'OR({active},SUMPRODUCT(--({all_rows}<>""))<{least})'
    terms = []
    for ask, cell in needs:
        if ask.required:
            terms.append(f"({is_open(cell)})")
        elif ask.required_if:
            terms.append(f"AND({met(ask.required_if, form)},{is_open(cell)})")
    if least and not terms:
        terms.append(f"(COUNTA({row})=0)")
    return f"=IF({active},IFERROR({'+'.join(terms)},1),0)" if terms else ""


def worked_out(ask: Ask, form: Form) -> str:
    """Return the formula that shows what a question's answer comes to, and nothing while nothing is answered."""
    computed = ask.computed
    assert computed is not None  # noqa: S101 - only such a question is drawn by it
    if isinstance(computed, Birthday):
        # EDATE gives 28 February where that year has no 29th; 1 March is meant.
        same_day = f"DATE(YEAR({computed.path})+{computed.years},MONTH({computed.path}),DAY({computed.path}))"
        return f'=IF(ISNUMBER({computed.path}),IF({computed.path}>{OLDEST_AGE},{same_day},""),"")'
    if isinstance(computed, Count):
        label = quoted(form.find(computed.paths[0]).ask.label_of(computed.key))
        answered = "*".join(f"({is_open(path)})" for path in computed.paths)
        return f'=IF({answered},"",{"+".join(f"({path}={label})" for path in computed.paths)})'
    shown = '""'
    for choice in ask.choices:  # from low to high, so that the highest is asked for first
        any_such = ",".join(f"{path}={quoted(choice.label)}" for path in computed.paths)
        shown = f"IF(OR({any_such}),{quoted(choice.label)},{shown})"
    return f"={shown}"
