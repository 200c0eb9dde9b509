"""Days as people write them in a text: 14/03/1991, 14.3.91, 1991-03-14, 14/III/1991, 14th of March, March 14, 1991.

A day without its year is a birthday only beside a word of birth: taken out anywhere, it would tell the birthday to
whoever sees which day is missing.
"""

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from pipeline.protocol.folded import fold

_NAMES_OF_MONTHS = """
january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, september sept sep, october oct,
november nov, december dec
"""
_MONTHS = {name: n for n, names in enumerate(_NAMES_OF_MONTHS.split(","), start=1) for name in names.split()}
_NAMES_OF_DAYS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth
seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth
twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first
"""
_ORDINALS = {word: number for number, word in enumerate(_NAMES_OF_DAYS.split(), start=1)}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_ORDINAL = "(?:" + "|".join(sorted(_ORDINALS, key=len, reverse=True)).replace("-", "[- ]") + ")"
_PART = r"\s{0,3}[/.\-\s_,|\\:;+·]\s{0,3}"
_ROMANS = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
_MONTHS |= {roman: number for number, roman in enumerate(_ROMANS, start=1)}
_ROMAN_MONTH = "(?:" + "|".join(sorted(_ROMANS, key=len, reverse=True)) + ")"
_SPACE = r"[\s,.\-/_]{0,3}"
_DAY = rf"(?:\d{{1,2}}(?:\s?(?:st|nd|rd|th))?|{_ORDINAL})"


def _year(number: int) -> str:
    # 10.30 and 10 pm after a day are times.
    return rf"(?:{_SPACE}(?:in )?(?P<y{number}>'?\d\d(?:\d\d)?)(?!\d|[:.]\d|\s?[ap]\.?m))?"


# Two patterns, each with a first character to jump to: one for all would be tried at every letter.
_FROM_DIGIT = re.compile(
    rf"(?P<y0>\d{{4}}){_PART}(?P<n0>{_MONTH})(?![a-z])\.?{_SPACE}(?P<d0>\d{{1,2}})(?:st|nd|rd|th)?(?![^\W_])"
    rf"|(?P<y1>\d{{4}}){_PART}(?P<m1>\d{{1,2}}){_PART}(?P<d1>\d{{1,2}})(?!\d)"
    rf"|(?P<d2>\d{{1,2}}){_PART}(?P<m2>\d{{1,2}}){_PART}(?P<y2>'?(?:\d{{4}}|\d{{2}}))(?!\d)"
    rf"|(?P<d8>\d{{1,2}}){_PART}(?P<n8>{_ROMAN_MONTH}){_PART}(?P<y8>'?(?:\d{{4}}|\d{{2}}))(?!\d)"
    r"|(?P<d3>\d{1,2})/(?P<m3>\d{1,2})(?![\d/])"
    r"|(?P<m9>\d{1,2})[/.\-](?P<y9>\d{4})(?!\d)"
    r"|(?P<solid>\d{8}|\d{6})(?!\d)"
    rf"|(?P<d4>\d{{1,2}}(?:\s?(?:st|nd|rd|th))?){_SPACE}(?:day )?(?:of )?(?P<n4>{_MONTH})(?![a-z])\.?{_year(4)}"
)
_FROM_WORD = re.compile(
    rf"(?<![^\W_])(?:(?P<n5>{_MONTH})(?:\.|(?![a-z])){_SPACE}(?:the )?(?P<d5>{_DAY})(?!\d){_year(5)}"
    rf"|(?P<d6>{_ORDINAL})\s(?:day )?(?:of )?(?P<n6>{_MONTH})(?![a-z])\.?{_year(6)}"
    rf"|(?P<n7>{_MONTH})(?:\.|(?![a-z])){_SPACE}(?:of )?(?P<y7>\d{{4}}|'\d\d)(?!\d))"
)
_DAY_BEFORE = re.compile(r"(?:\d(?:st|nd|rd|th)?(?: day)?(?: of)?[\s,.\-/_]{0,3}|[/.\-])$")
_AGE = "(?:\\d{1,2}|(?:twen|thir|for|fif|six|seven|eigh|nine)(?:ty|teen)|ten|eleven|twelve)"
_BIRTH = rf"(?:born|birth(?:day|date)?s?|b-?days?|d\.?\s?o\.?\s?b\.?|turn(?:s|ed|ing)? {_AGE}|will be {_AGE})"
_WORDS_BETWEEN = r"(?:[\s,\-'/(]{1,3}[^\W_]+){0,5}?"
_GAP = re.compile(rf"{_WORDS_BETWEEN}[\s,\-'/()]{{0,3}}")
_NEAR = 64
_BIRTH_BEFORE = re.compile(rf"(?<![^\W_])(?:{_BIRTH}:?{_WORDS_BETWEEN}[\s,:\-'/(=*\"]{{0,4}}|b\.?\s?|\*\s?)$")
_BIRTH_AFTER = re.compile(rf"[\s,\-/)]{{0,3}}(?:'s)?{_WORDS_BETWEEN}[\s,\-/(]{{1,3}}{_BIRTH}(?![^\W_])")
_TWO_DIGITS = re.compile(r"\d\d?")


def _day(text: str) -> int:
    digits = _TWO_DIGITS.match(text)
    return int(digits[0]) if digits else _ORDINALS[re.sub(r"\s", "-", text)]


def _readings(found: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """Yield (day or 0 for any, month, year as written or nothing) for each way to read a date."""
    part = found.groupdict()
    if named := next((n for n in "04568" if part.get(f"n{n}")), ""):
        yield _day(part[f"d{named}"]), _MONTHS[part[f"n{named}"]], (part[f"y{named}"] or "").lstrip("'")
    elif part.get("n7"):
        yield 0, _MONTHS[part["n7"]], part["y7"].lstrip("'")
    elif part["y1"]:
        yield int(part["d1"]), int(part["m1"]), part["y1"]
        yield int(part["m1"]), int(part["d1"]), part["y1"]
    elif part["y2"]:
        yield int(part["d2"]), int(part["m2"]), part["y2"].lstrip("'")
        yield int(part["m2"]), int(part["d2"]), part["y2"].lstrip("'")
        if len(part["y2"]) == 2:  # 91-03-14
            yield int(part["y2"]), int(part["m2"]), part["d2"].zfill(2)
    elif part["m9"]:
        yield 0, int(part["m9"]), part["y9"]
    elif part["m3"]:
        yield int(part["d3"]), int(part["m3"]), ""
    elif solid := part["solid"]:
        yield int(solid[:2]), int(solid[2:4]), solid[4:]
        if len(solid) == 8:
            yield int(solid[6:]), int(solid[4:6]), solid[:4]
        else:
            yield int(solid[4:]), int(solid[2:4]), solid[:2]


def _same(day: dt.date, reading: tuple[int, int, str]) -> bool:
    number, month, year = reading
    years = {"", f"{day.year:04}", f"{day.year % 100:02}"}
    return number in (0, day.day) and month == day.month and year in years


_Dates = tuple[tuple[int, int, tuple[tuple[int, int, str], ...]], ...]


@lru_cache(maxsize=20_000)
def _dates(flat: str) -> _Dates:
    """Return (start, end, readings) of whatever looks like a date; one may begin inside another."""
    return tuple(_dates_in(flat))


def _dates_in(flat: str) -> Iterator[tuple[int, int, tuple[tuple[int, int, str], ...]]]:
    for pattern in (_FROM_DIGIT, _FROM_WORD):
        place = 0
        while found := pattern.search(flat, place):
            place = found.start() + 1
            if not flat[found.start() - 1 : found.start()].isdigit():
                yield *found.span(), tuple(_readings(found))


def mentions_of_days(flat: str, days: set[dt.date]) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each date in a folded text that can be read as one of the days.

    A day and month, or a month and year, count only beside a word of birth or such a date in full.
    """
    whole, part = list[tuple[int, int]](), list[tuple[int, int, bool]]()
    for start, end, readings in _dates(flat):
        same = [reading for reading in readings if any(_same(day, reading) for day in days)]
        if any(number and year for number, _, year in same):
            whole.append((start, end))
        elif same:
            part.append((start, end, not any(number for number, _, _ in same)))
    whole.sort()
    yield from whole
    for start, end, any_day in part:
        if any_day and _DAY_BEFORE.search(flat[max(0, start - _NEAR) : start]):
            continue
        if _of_birth(flat, start, end) or _beside(flat, start, end, whole):
            yield start, end


def _of_birth(flat: str, start: int, end: int) -> bool:
    ends = flat[end - 1] == "."  # or shortens the month: a sentence may end there
    before = _BIRTH_BEFORE.search(flat[max(0, start - _NEAR) : start])
    return bool(before or (not ends and _BIRTH_AFTER.match(flat, end, end + _NEAR)))


def _beside(flat: str, start: int, end: int, whole: list[tuple[int, int]]) -> bool:
    at = bisect_left(whole, (start, end))
    gaps = [flat[b:start] for _, b in whole[max(0, at - 1) : at]] + [flat[end:a] for a, _ in whole[at : at + 1]]
    return any(len(gap) < _NEAR and _GAP.fullmatch(gap) for gap in gaps)


def days_in(text: str) -> Iterator[dt.date]:
    """Yield every day that a text can be read to name, with its year."""
    for _, _, readings in _dates(fold(text).flat):
        for number, month, year in readings:
            for full in [year] if len(year) == 4 else [f"19{year}", f"20{year}"] if year else []:
                try:
                    yield dt.date(int(full), month, number)
                except ValueError:
                    continue
