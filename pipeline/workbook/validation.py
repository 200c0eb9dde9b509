"""What a cell takes: drop-downs, checks of dates and numbers, and the hint that shows when it is selected."""

from typing import Literal

from openpyxl.worksheet.datavalidation import DataValidation

from forms.answers import COUNT, DATE, DATE_OR_AGE, EMAIL, OLDEST_AGE, UNKNOWN
from forms.definition import Ask
from pipeline.workbook.formula import YES, quoted

# ECMA-376 part 1, 18.3.1.32, and Excel's own limits.
_TITLE, _PROMPT, _ERROR, _FORMULA = 32, 255, 224, 255
_FIRST, _LAST = 1828, 73_050  # 2 January 1905 and 31 December 2099 as Excel counts days
_MOST_COUNT = 9_999


def hint(ask: Ask) -> str:
    """Return what to write, for the question's help: its own, or that of its kind where that says something."""
    own = ask.help or ("" if ask.kind.name in _SPEAK_FOR_THEMSELVES else f"{ask.kind.says}.")
    unknown = (
        f'If it is not known, write "{UNKNOWN.label}".'
        if ask.unknown and not (ask.one_of or ask.some_of)
        else ""
    )
    return " ".join(part for part in (own, unknown) if part)


_SPEAK_FOR_THEMSELVES = frozenset(
    {"text", "long", "choice", "choices", "yes or no", "yes, no or not known", "phone", "e-mail"}
)


def validation(ask: Ask, cell: str, list_name: str) -> DataValidation | None:
    """Return the check of an answer, or None where there is nothing to check or to say.

    Args:
        ask: the question.
        cell: the first cell that it will be put on; formulas are relative to it.
        list_name: the name of the cells with the labels of its list, if it has one.
    """
    if ask.some_of:
        return _check("list", quoted(YES), error="Choose Yes, or leave the cell empty.")
    if ask.one_of:
        if ask.spellings:  # a code of the printed form is read as well, and Excel is not to refuse it
            return _check(
                "list", list_name, style="warning", error="This is not in the list. Keep what you wrote?"
            )
        return _check("list", list_name, error="Choose one of the list, or leave the cell empty.")
    if ask.kind == COUNT:
        return _check("whole", "0", str(_MOST_COUNT), error="Write a whole number, such as 15.")
    last = "TODAY()" if ask.past else str(_LAST)
    if ask.kind == DATE and not ask.unknown:
        words = f"Write a date{' that is not in the future' if ask.past else ''}, such as 9 January 2026."
        return _check("date", str(_FIRST), last, error=words, prompt="For example: 9 January 2026")
    if ask.kind in (DATE, DATE_OR_AGE):
        # A person may have written "about 35", which is read: so this warns, and does not refuse.
        age = f"({cell}<={OLDEST_AGE})" if ask.kind == DATE_OR_AGE else "0"
        number = f"ISNUMBER({cell})*({cell}>=0)*({age}+({cell}>={_FIRST})*({cell}<={last}))>0"
        formula = f"OR({number},LOWER(TRIM({cell}))={quoted(UNKNOWN.label.lower())})" if ask.unknown else number
        return _check(
            "custom",
            formula,
            style="warning",
            error=f"{ask.kind.says}. Keep what you wrote?",
            prompt=_example(ask),
        )
    if ask.kind == EMAIL:
        formula = f'AND(ISNUMBER(SEARCH("?*@?*.?*",{cell})),ISERROR(FIND(" ",TRIM({cell}))))'
        words = "This does not look like an e-mail address. Keep it?"
        return _check("custom", formula, style="warning", error=words, prompt=_example(ask))
    return _check(None, prompt=example) if (example := _example(ask)) else None


def _example(ask: Ask) -> str:
    known = isinstance(ask.example, str) and ask.example and ask.example not in ask.help
    return f"For example:\n{ask.example}" if known else ""


def _check(
    kind: Literal["whole", "list", "date", "custom"] | None,
    *formulas: str,
    error: str = "",
    style: Literal["stop", "warning"] = "stop",
    prompt: str = "",
) -> DataValidation:
    first, second = (*formulas, None, None)[:2]
    if len(first or "") > _FORMULA:
        raise ValueError("Excel takes no more than 255 characters in the formula of a check")
    return DataValidation(
        type=kind, formula1=first, formula2=second, allow_blank=True, errorStyle=style,
        operator="between" if second else None, error=error[:_ERROR] or None, errorTitle="Please check"[:_TITLE],
        showErrorMessage=bool(error), showInputMessage=bool(prompt), prompt=prompt[:_PROMPT] or None,
    )  # fmt: skip
