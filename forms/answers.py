"""Kinds of answer: how what a person typed is read, kept, shown and written again.

A kind reads what a cell or a JSON value holds as its writer would mean it, or raises :class:`Unreadable` with a code;
the words for a code are in the catalogue of problems. No exception here holds the answer.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

import email_validator
import phonenumbers

Raw = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | list[Any]


class Unreadable(ValueError):  # noqa: N818 - it says what the answer is
    """An answer that cannot be read as its kind; `code` says why, `facts` fill the words (never the answer)."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Unknown(Enum):
    """The honest answer "Not known", which is different from a blank."""

    NOT_KNOWN = "Not known"


NOT_KNOWN = Unknown.NOT_KNOWN
_NOT_KNOWN_WORDS = frozenset(
    {"not known", "unknown", "n/k", "nk", "not-known", "don't know", "dont know", "do not know", "dk"}
)


class Address(NamedTuple):
    """A place in the United Kingdom, a place abroad, or no fixed abode with the area of closest links."""

    lines: tuple[str, ...]
    postcode: str | None

    @property
    def text(self) -> str:
        """The address as it is written on an envelope, lines parted by line breaks."""
        return "\n".join((*self.lines, self.postcode) if self.postcode else self.lines)


class Age(NamedTuple):
    """An age in years, given where nobody knows the date of birth."""

    years: int


# Soft hyphen, zero-width space, byte order mark and the invisible marks of direction that come along when
# text is pasted. The zero-width joiners stay: Persian and Indic words need them.
_INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u200b\ufeff\u2060\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
_LINE_ENDS = re.compile("_x000[dD]_\n?|\r\n?|\v|\f|\u2028|\u2029|\u0085")
_SPACES = re.compile(r"[^\S\n]+")
_SAYS = re.compile(r"[^\W_]")
"""A letter or a figure."""

_CELL_LIMIT = 32_767
"""The most characters a cell of Excel can hold; longer text is cut there without a word."""


def tidy(raw: str) -> str:
    """Return text as its writer sees it: NFC, one kind of space and line end, nothing invisible.

    Raises:
        Unreadable: a control character, half a character, or text that fills a cell to its limit.
    """
    if len(raw) >= _CELL_LIMIT:
        raise Unreadable("cut-off", limit=_CELL_LIMIT)
    text = _LINE_ENDS.sub("\n", raw).translate(_INVISIBLE)
    text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()
    text = unicodedata.normalize("NFC", text)
    if text.isprintable():
        return text
    for character in text:
        if character != "\n" and unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}:
            raise Unreadable("control-character", number=f"U+{ord(character):04X}")
    return text


def plain(text: str) -> str:
    """Return text for comparing: lower case, straight quotes and dashes, single spaces."""
    straight = text.translate(str.maketrans("‘’ʼ“”–—‐‑", "'''\"\"----"))
    return " ".join(straight.casefold().split())


def is_blank(raw: object) -> bool:
    """Say whether a cell was left open: nothing, spaces, or a dash where an answer would stand; or a list of such."""
    if raw is None:
        return True
    if isinstance(raw, list):
        return all(map(is_blank, raw))
    return isinstance(raw, str) and not _SAYS.search(raw) and len(raw) < _CELL_LIMIT


def is_not_known(raw: object) -> bool:
    """Say whether somebody answered that it is not known."""
    return raw is NOT_KNOWN or (isinstance(raw, str) and plain(raw).rstrip(".") in _NOT_KNOWN_WORDS)


def long_date(day: dt.date) -> str:
    """Return a day as it is written in a letter: 9 January 2026."""
    return f"{day.day} {day:%B %Y}"


def _text(raw: Raw) -> str:
    match raw:
        case str():
            return tidy(raw)
        case bool():
            raise Unreadable("true-in-text")
        case int() | float():
            return digits(raw)
        case dt.date() | dt.time() | dt.timedelta():
            raise Unreadable("date-in-text")
        case _:
            raise Unreadable("several-in-one")


def _whole(raw: object) -> int | None:
    """Return a whole number that was typed as one, or None."""
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    return raw if isinstance(raw, int) and not isinstance(raw, bool) else None


def digits(raw: float) -> str:
    """Return a number as it was typed; a cell holds 15 digits of it, and what is longer was changed or is no answer."""
    whole = _whole(raw)
    if abs(raw) >= 10**15 or raw != raw:  # noqa: PLR0124 - only "not a number" is not itself
        raise Unreadable("number-in-text")
    return str(raw if whole is None else whole)


# Not "na": it is a surname.
_PLACEHOLDERS = frozenset(
    {"tbc", "tba", "n/a", "n.a", "xxx", "as above", "same as above", "see above", "see notes", "to follow"}
)


def is_placeholder(text: str) -> bool:
    """Say whether a text only holds the place of an answer."""
    return plain(text).strip(". ") in _PLACEHOLDERS


def _line(raw: Raw) -> str:
    text = " ".join(_text(raw).split())
    if is_placeholder(text):
        raise Unreadable("placeholder")
    return text


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[t ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?z?)?$")
_DAY_FIRST = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[ \-/.,]*(?:of )?([a-z]{3,9})[ \-/.,]*([0-9]{4}|[0-9]{2})$"
)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? ?([0-9]{1,2})(?:st|nd|rd|th)?(?:,| |, )([0-9]{4}|[0-9]{2})$")
_IN_DIGITS = re.compile(r"([0-9]{1,2}) ?[/.\- ] ?([0-9]{1,2}) ?[/.\- ] ?([0-9]{4}|[0-9]{2})$")
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:s|nes)?|thu(?:r|rs)?|fri|sat(?:ur)?|sun)(?:day)?(?:\.,|[., ]) ?")
_OLDEST_YEAR = 1905


def _date(raw: Raw) -> dt.date:
    if isinstance(raw, dt.datetime):
        day = raw.date()
    elif isinstance(raw, dt.date):
        day = raw
    elif isinstance(raw, str):
        day = _date_in_words(plain(_text(raw)))
    elif isinstance(raw, int | float) and not isinstance(raw, bool):
        raise Unreadable("date-as-number")
    else:
        raise Unreadable("not-a-date")
    if day.year < _OLDEST_YEAR:
        raise Unreadable("date-1900", year=_OLDEST_YEAR)
    return day


def _date_in_words(text: str) -> dt.date:
    text = _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text
    if found := _ISO.match(text):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.match(text):
        day, word, year = found.groups()
        month = str(_MONTHS.get(word, 0))
    elif found := _MONTH_FIRST.match(text):
        word, day, year = found.groups()
        month = str(_MONTHS.get(word, 0))
    elif found := _IN_DIGITS.match(text):
        day, month, year = found.groups()
        if int(day) <= 12 and int(month) <= 12 and day != month:
            raise Unreadable("date-ambiguous")
        if int(day) <= 12 < int(month):
            day, month = month, day
    else:
        raise Unreadable("not-a-date")
    if len(year) == 2:
        raise Unreadable("date-short-year")
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise Unreadable("not-a-date") from None


_AGE = re.compile(
    r"(?:aged?|about|approx(?:imately)?\.?|circa|c\.?|~)? ?(?:about )?([0-9]{1,3})(?: ?(?:years?(?: old)?|yrs?(?: old)?|y/?o))?$"
)
_LESS_THAN_YEARS = re.compile(r"[0-9]{1,3} ?(?:months?|mths?|weeks?|wks?|days?)(?: old)?$")
OLDEST_AGE = 120
"""A number up to this is an age; a larger one is a day as a spreadsheet counts them."""


def _date_or_age(raw: Raw) -> dt.date | Age:
    years = _whole(raw)
    if years is not None and not 0 <= years <= OLDEST_AGE:
        raise Unreadable("date-as-number")
    if isinstance(raw, str):
        text = plain(_text(raw))
        if found := _AGE.match(text):
            years = int(found[1])
        if (years or 0) > OLDEST_AGE or _LESS_THAN_YEARS.match(text):
            raise Unreadable("not-an-age", most=OLDEST_AGE)
    return Age(years) if years is not None else _date(raw)


# Ofcom keeps these ranges for drama; the table of numbers in use does not know some of them.
_FICTION = re.compile(r"(?:2079460|7700900|1632960|\d{3}4960|3069990|8081570|9098790)\d{3}$")
_EXTENSION_ZERO = re.compile(r"\(0\)")


def _phone(raw: Raw) -> str:
    if isinstance(raw, float) and not raw.is_integer():
        raise Unreadable("not-a-phone")
    text = _EXTENSION_ZERO.sub("", plain(_text(raw)))
    if isinstance(raw, int | float):
        # A cell that took the number for a number has dropped the nought at its head, or the plus.
        text = f"+{text}" if re.fullmatch(r"44[0-9]{9,10}", text) else f"0{text}"
    if not re.fullmatch(r"[+(0-9][0-9\s().\-]*(?:(?:ext?\.?|x|extension) ?[0-9]{1,6})?", text):
        raise Unreadable("not-a-phone")
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        raise Unreadable("not-a-phone") from None
    national = str(number.national_number)
    fiction = number.country_code == 44 and _FICTION.match(national)
    if not (phonenumbers.is_valid_number(number) or fiction):
        raise Unreadable("not-a-phone")
    style = phonenumbers.PhoneNumberFormat
    british = number.country_code == 44
    return phonenumbers.format_number(number, style.NATIONAL if british else style.INTERNATIONAL)


def _email(raw: Raw) -> str:
    text = _text(raw).strip(" ;,")
    text = re.sub(r"^<?(?:mailto:)?([^<>]*)>?$", r"\1", text, flags=re.IGNORECASE)
    try:
        return email_validator.validate_email(
            text, check_deliverability=False, allow_display_name=True
        ).normalized
    except email_validator.EmailNotValidError:
        raise Unreadable("not-an-email") from None


_POSTCODE_SHAPE = r"([A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d|[A-HK-Y]\d\d|\d[A-HJKPS-UW]|[A-HK-Y]\d[ABEHMNPRVWXY])) ?(\d[ABD-HJLNP-UW-Z]{2})"
_POSTCODE = re.compile(_POSTCODE_SHAPE, re.IGNORECASE)
_POSTCODE_AT_END = re.compile(rf"(?:^|[\s,]){_POSTCODE_SHAPE}[.,]?$", re.IGNORECASE)
_LIKE_POSTCODE = re.compile(r"(?:^|[\s,])[A-Z]{1,2}\d[A-Z\d]? ?[\dOIl][A-Z\d]{1,3}[.,]?$", re.IGNORECASE)
_NO_FIXED_ABODE = re.compile(
    r"(?:no fixed abode|no fixed address|nfa\b|n\.f\.a\.?)(?!\w)[\s,.:;()\-–]*", re.IGNORECASE
)
_ABROAD = re.compile(r"outside (?:the )?(?:uk|united kingdom)\b", re.IGNORECASE)


def _postcode(raw: Raw) -> str:
    found = _POSTCODE.fullmatch(_line(raw))
    if not found:
        raise Unreadable("not-a-postcode")
    return f"{found[1]} {found[2]}".upper()


def _address(raw: Raw) -> Address:
    text = _text(raw)
    if is_placeholder(text):
        raise Unreadable("placeholder")
    if nfa := _NO_FIXED_ABODE.match(text):
        area = " ".join(text[nfa.end() :].split())
        if area.count(")") > area.count("("):
            area = area.rstrip(" )")
        if not area:
            raise Unreadable("no-closest-links")
        return Address(("No fixed abode", area), None)
    if found := _POSTCODE_AT_END.search(text):
        lines = _lines(text[: found.start()])
        if not lines:
            raise Unreadable("only-a-postcode")
        return Address(lines, f"{found[1]} {found[2]}".upper())
    if _ABROAD.search(text):
        return Address(_lines(text), None)
    raise Unreadable("not-a-postcode" if _LIKE_POSTCODE.search(text) else "no-postcode")


def _lines(text: str) -> tuple[str, ...]:
    parts = text.split("\n") if "\n" in text else text.split(",")
    return tuple(part.strip(" ,") for part in parts if part.strip(" ,"))


class Choice(NamedTuple):
    """One answer of a list: `key` is kept and never changes, `label` is what people see."""

    key: str
    label: str


def pick(raw: Raw, choices: tuple[Choice, ...]) -> str:
    """Return the key of the choice that was meant, by its label or key in any case.

    Raises:
        Unreadable: none of them was meant.
    """
    said = plain(_text(raw)) if not isinstance(raw, bool) else ("yes" if raw else "no")
    if is_not_known(said) and UNKNOWN.key in {choice.key for choice in choices}:
        return UNKNOWN.key
    for choice in choices:
        if said.rstrip(".") in (plain(choice.label), choice.key, choice.key.replace("_", " ")):
            return choice.key
    short = [choice.key for choice in choices if choice.key in {"yes", "no"} and choice.key[0] == said]
    if short:
        return short[0]
    raise Unreadable("not-in-list")


YES, NO, UNKNOWN = Choice("yes", "Yes"), Choice("no", "No"), Choice("unknown", "Not known")
_DATE_SCHEMA = {"type": "string", "format": "date", "examples": ["2026-01-09"]}


@dataclass(frozen=True)
class Kind:
    """One kind of answer.

    Attributes:
        name: what the kind is called in help, schema and messages.
        says: what to write, for a person.
        read: what a cell or JSON holds → the value, or raises Unreadable.
        show: the value → text for a page.
        write: the value → text that `read` takes for the same value.
        schema: its JSON Schema.
        sample: an answer of this kind, as a person would type it.
    """

    name: str
    says: str
    read: Callable[[Raw], Any]
    show: Callable[[Any], str] = str
    write: Callable[[Any], str] = str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"}, hash=False)
    sample: Raw = "Text"


_MOST_COUNT = 9_999


def _count(raw: Raw) -> int:
    number = _whole(raw)
    if isinstance(raw, str) and re.fullmatch(r"[0-9]{1,9}", text := plain(_text(raw))):
        number = int(text)
    if number is None or not 0 <= number <= _MOST_COUNT:
        raise Unreadable("not-a-count")
    return number


def _show_date_or_age(value: dt.date | Age) -> str:
    if isinstance(value, Age):
        return f"aged about {value.years}" if value.years else "aged under 1"
    return long_date(value)


def _write_date_or_age(value: dt.date | Age) -> str:
    return str(value.years) if isinstance(value, Age) else value.isoformat()


def _from_list(raw: Raw) -> Any:
    raise TypeError(f"a choice is read by its question, not by its kind: {type(raw).__name__}")


def _text_of(value: Address) -> str:
    return value.text


TEXT = Kind("text", "A few words", _line, sample="Plain words")
LONG = Kind("long", "As much text as is needed", _text, sample="First paragraph.\n\nSecond paragraph.")
DATE = Kind(
    "date", "A date, such as 9 January 2026", _date, long_date, dt.date.isoformat, _DATE_SCHEMA, "2026-01-09"
)
DATE_OR_AGE = Kind(
    "date or age", "A date, such as 9 January 1991, or an age in years", _date_or_age, _show_date_or_age,
    _write_date_or_age, {"type": "string", "examples": ["1991-01-09", "35"]}, "1991-01-09",
)  # fmt: skip
COUNT = Kind("number", "A whole number", _count, schema={"type": "integer", "minimum": 0}, sample=15)
PHONE = Kind("phone", "A telephone number with its area code", _phone, sample="020 7946 0123")
EMAIL = Kind(
    "e-mail",
    "An e-mail address",
    _email,
    schema={"type": "string", "format": "email"},
    sample="someone@example.org",
)
POSTCODE = Kind("postcode", "A postcode, such as BR1 3UH", _postcode, sample="BR1 3UH")
ADDRESS = Kind(
    "address", 'Lines and postcode; or "No fixed abode" and the area of closest links', _address, _text_of, _text_of,
    sample="1 Example Street\nBrackenford\nBR1 3UH",
)  # fmt: skip
CHOICE = Kind("choice", "One of the list", _from_list)
CHOICES = Kind("choices", "All that apply", _from_list, schema={"type": "array"})
YES_NO = Kind("yes or no", "Yes or No", _from_list)
YES_NO_UNKNOWN = Kind("yes, no or not known", "Yes, No or Not known", _from_list)
