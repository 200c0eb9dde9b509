"""A sentence or disposal as somebody writes it on the command line, such as "community order, 18 months", read."""

import re
from typing import NamedTuple

from forms.answers import plain
from forms.offences import DISPOSALS


class Sentence(NamedTuple):
    """What was said of a sentence: a key of DISPOSALS, and whole months; None is what was not said."""

    disposal: str | None
    months: int | None


# Each takes its words out of the text before the next is tried, so the more exact stand first.
_KINDS = (
    ("insanity_or_disability", r"(?:found )?not guilty by reason of insanity|insanity|(?:found )?(?:to be )?under a disability"),
    ("community_punishment_rehabilitation_order", r"community punishment and rehabilitation|combination order"),
    ("community_punishment_order", r"community punishment|community service"),
    ("community_rehabilitation_order", r"community rehabilitation|probation"),
    ("youth_community_order", r"youth (?:rehabilitation|community)|yro|supervision order"),
    ("community_order_unpaid_work", r"unpaid work"),
    ("community_order", r"community (?:order|sentence)"),
    ("detention_training_order", r"detention and training|dto"),
    ("suspended_custody", r"suspended"),
    ("indeterminate_custody", r"life|indeterminate|public protection|ipp"),
    ("youth_custody", r"(?:detention in (?:an? )?)?(?:yoi|young offenders?'?s? institution)|youth custody|detention"),
    ("immediate_custody", r"imprison(?:ment|ed)|prison|custody|custodial|jail|gaol"),
    ("hospital_order", r"hospital"),
    ("guardianship_order", r"guardianship"),
    ("conditional_discharge", r"conditional(?:ly)? discharged?"),
    ("absolute_discharge", r"absolute(?:ly)? discharged?"),
    ("fine", r"fined?(?: (?:of )?£ ?[0-9.,]*[0-9])?|£ ?[0-9.,]*[0-9] fine"),
    ("reprimand_or_warning", r"reprimand(?:ed)?|final warning|warning"),
    ("caution", r"(?:conditional |simple |youth |police )?caution(?:ed)?"),
    ("other", r"other"),
)  # fmt: skip
_TAKES_IN = {
    "suspended_custody": {"immediate_custody", "youth_custody", "community_order_unpaid_work"},
    "indeterminate_custody": {"immediate_custody", "youth_custody"},
    "community_order_unpaid_work": {"community_order"},
    "youth_community_order": {"community_order_unpaid_work", "community_order"},
    "youth_custody": {"immediate_custody"},
}
"""Kinds that may be named with another, which says more: a suspended sentence of imprisonment."""
_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        (
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
        ),
        start=1,
    )
} | {"twenty": "20", "twenty-four": "24", "thirty": "30", "thirty-six": "36"}  # fmt: skip
_IN_LETTERS = re.compile(rf"(?<![\w-])({'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?=[ -][a-z])")
_MONTHS = r"months?|mths?"
_LENGTH = re.compile(
    rf"(?<![\w.,/½-])(?P<number>[0-9]{{1,3}})[ -]?(?:(?P<year>years?|yrs?)(?:,? (?:and )?(?P<more>[0-9]{{1,2}})[ -]?(?:{_MONTHS}))?"
    rf"|(?P<month>{_MONTHS})|(?P<week>weeks?|wks?)|days?)\b'?"
)
_HELD_OVER = re.compile(rf"(?<=suspended)(?: sentence)? for {_LENGTH.pattern}")
"""How long a sentence stays suspended is not how long it is."""
_HOURS = re.compile(r"(?<![\w.,/½-])[0-9]{1,3}[ -]?(?:hours?|hrs?)\b'?(?: of)?")
_LITTLE = frozenset(
    {
        "a", "an", "and", "at", "by", "extended", "for", "given", "in", "of", "order", "period", "requirement",
        "sentence", "sentenced", "term", "the", "to", "was", "with",
    }
)  # fmt: skip


def read_sentence(text: str) -> Sentence:
    """Return the kind and length of a sentence from what a person wrote, such as "30 months' imprisonment".

    A length alone leaves the kind open. Days and weeks give the whole months that they certainly hold.

    Raises:
        ValueError: it names no kind and no length, several, or something else; in words that do not repeat it.
    """
    said = plain(text)
    for choice in DISPOSALS:
        if said in {choice.key, choice.key.replace("_", " "), plain(choice.label)}:
            return Sentence(choice.key, None)
    said = _HOURS.sub(" ", _IN_LETTERS.sub(lambda found: _NUMBERS[found[1]], said))
    said = _HELD_OVER.sub(" ", said)
    lengths = [_months(found) for found in _LENGTH.finditer(said)]
    kinds, rest = _kinds(_LENGTH.sub(" ", said))
    if len(kinds) > 1:
        raise ValueError("The sentence names more than one kind.")
    if len(lengths) > 1:
        raise ValueError("The sentence names more than one length.")
    if set(re.findall(r"\w+|[£½%]", rest)) - _LITTLE or not (kinds or lengths):
        raise ValueError("The sentence cannot be read.")
    return Sentence(min(kinds, default=None), lengths[0] if lengths else None)


def _months(found: re.Match[str]) -> int:
    number = int(found["number"])
    if found["year"]:
        return number * 12 + int(found["more"] or 0)
    if found["month"]:
        return number
    return number * (7 if found["week"] else 1) * 12 // 365


def _kinds(said: str) -> tuple[set[str], str]:
    """Return the kinds that are named, and what is left of the text without them."""
    kinds = set()
    for kind, pattern in _KINDS:
        said, times = re.subn(rf"(?<!\w)(?:{pattern})(?!\w)", " ", said)
        if times:
            kinds.add(kind)
    for kind, others in _TAKES_IN.items():
        if kind in kinds:
            kinds -= others
    return kinds, said
