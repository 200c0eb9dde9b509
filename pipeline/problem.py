"""Problem: what is wrong with what somebody gave us, in that person's words; and the catalogue of all of them.

A problem never holds an answer: `facts` that fill its words are numbers, lists of choices, names of sheets and cells.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Place:
    """Where something is: a cell in a sheet, the question it answers, and its path; parts may be empty."""

    path: str = ""
    question: str = ""
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        """Say the place as a person would: `Victim!C7 (Date of birth)`."""
        where = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        question = self.question or self.path
        return f"{where} ({question})" if where and question else where or question or "the whole file"


WHOLE_FILE = Place()


@dataclass(frozen=True)
class Problem:
    """One thing to put right: `code` for programs and tests, `what` is wrong and the `cure` for people."""

    code: str
    place: Place
    what: str
    cure: str


class Stopped(Exception):  # noqa: N818 - it says what happened
    """What a command stops at, told to its user: `str()` says what is wrong, and `hint` what to do. It never holds an answer."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Said(NamedTuple):
    """The words for a code; braces are filled with facts."""

    what: str
    cure: str


def problem(code: str, place: Place = WHOLE_FILE, **facts: str | int) -> Problem:
    """Return the problem that a code of the catalogue stands for.

    Args:
        code: a key of CATALOGUE.
        place: where it is.
        facts: what fills the words; never an answer.

    Raises:
        KeyError: no such code, or a fact is missing: a programmer's mistake.
    """
    said = CATALOGUE[code]
    return Problem(code, place, said.what.format(**facts), said.cure.format(**facts))


ANSWERS: Mapping[str, Said] = {
    "missing": Said("This must be answered.", "Fill it in{or_unknown}."),
    "missing-rows": Said("{title}: at least {count} must be given.", "Fill in a row for each."),
    "more-rows-than-room": Said(
        "{title}: the form has room for {count} only.", "Leave out the least important rows."
    ),
    "not-worked-out": Said(
        "This is worked out from other answers, and they give something else.",
        "Leave it out: it is filled in by itself. Or put the other answers right.",
    ),
    "at-odds": Said("{what}", "{cure}"),
    "too-long": Said("This has more than {most} characters.", "Say it in a line."),
    "placeholder": Said("This holds a place-holder, not an answer.", "Answer it, or leave it empty."),
    "cut-off": Said(
        "The answer fills the whole cell ({limit} characters), so its end may be lost.",
        "Shorten it, or send the rest as a further document.",
    ),
    "control-character": Said(
        "The answer holds a character that cannot be printed ({number}).",
        "Type the answer again instead of pasting it.",
    ),
    "digits-in-name": Said(
        "There is more than a name here: it holds digits.",
        "Write the name alone. Addresses and numbers have questions of their own, and not everybody sees those.",
    ),
    "true-in-text": Said("This is a TRUE or FALSE where words are asked for.", "Type the answer in words."),
    "number-in-text": Said(
        "The spreadsheet has taken this answer for a number, and may have changed its digits.",
        "Type an apostrophe first, then the answer, so that it stays as you typed it.",
    ),
    "date-in-text": Said(
        "The spreadsheet has turned this answer into a date or a time.",
        "Type an apostrophe first, then the answer, so that it stays as you typed it.",
    ),
    "several-in-one": Said("This holds several answers where one is asked for.", "Give one answer."),
    "date-ambiguous": Said(
        "This date can be read two ways: day first or month first.",
        "Write the month as a word: 9 January 2026.",
    ),
    "date-short-year": Said("The year has two digits only.", "Write the year in full: 9 January 2026."),
    "not-a-date": Said("This cannot be read as a date.", "Write it like 9 January 2026."),
    "date-as-number": Said(
        "This is a number where a date is asked for.", "Type the date again, like 9 January 2026."
    ),
    "date-1900": Said(
        "The date lies before {year}: the spreadsheet has most likely turned a number or a time into a date.",
        "Type the date again, like 9 January 2026.",
    ),
    "date-in-future": Said("This date is still to come.", "Check the year and type it again."),
    "not-a-count": Said("This is not a whole number.", "Write digits only, such as 15."),
    "not-an-age": Said(
        "An age is a whole number of years up to {most}, and 0 for a baby under one.",
        "Give the age, or the date of birth.",
    ),
    "not-a-phone": Said(
        "This is not a telephone number that can be rung.",
        "Give one number with its area code and nothing else, such as 020 7946 0123.",
    ),
    "not-an-email": Said("This is not an e-mail address.", "Give one address, such as name@example.org."),
    "not-a-postcode": Said(
        "The postcode is not one that can exist.", "Check it letter by letter, such as BR1 3UH."
    ),
    "not-a-ni-number": Said(
        "This is not a National Insurance number that can exist.",
        "Check it letter by letter: two letters, six digits, one letter, such as QQ 12 34 56 C.",
    ),
    "not-an-nhs-number": Said(
        "This is not an NHS number: its last digit does not fit the others.",
        "Check it digit by digit: ten of them, such as 999 000 0018.",
    ),
    "not-a-pnc-id": Said(
        "This is not a PNC ID: its check letter does not fit its digits.",
        "Copy it again with its year, its number and its letter, such as 2003/0011985X.",
    ),
    "no-postcode": Said(
        "The address has no postcode.",
        'Add it as the last line. Or write "No fixed abode" and the area; or end with "Outside the UK" and the country.',
    ),
    "only-a-postcode": Said("The address is a postcode only.", "Add the house and the street."),
    "no-closest-links": Said(
        '"No fixed abode" needs the area of closest links.', 'Write it like "No fixed abode, Brackenford".'
    ),
    "not-in-list": Said("This is not one of the answers offered.", "Choose one of: {choices}."),
    "unknown-question": Said("The form does not ask this.", "Take it out, or move it where it belongs."),
    "wrong-shape": Said(
        "This is not laid out as the form is.", "Use the layout that `sealpack blank {form} --json` gives."
    ),
}

CATALOGUE: dict[str, Said] = {**ANSWERS}
"""Every code with its words. A stage that finds problems of its own adds them with `register`."""


def register(words: Mapping[str, Said]) -> None:
    """Add a stage's codes to the catalogue.

    Raises:
        ValueError: a code is there already.
    """
    if double := CATALOGUE.keys() & words.keys():
        raise ValueError(f"two problems under one code: {sorted(double)}")
    CATALOGUE.update(words)
