"""What looks like a personal identifier, whoever's it is: for an anonymous case, where a text may name any (CONSENT-2)."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from forms.information import Identifies
from pipeline.protocol.folded import Folded, fold, letters_of

_FREE = r"(?<![^\W_])"
_END = r"(?![^\W_])"
# Ofcom, National Telephone Numbering Plan: nine or ten digits after the nought.
_PHONE = re.compile(
    r"(?<![^\W_])(?:(?:\+|00)\s?44[\s().\-/,]{0,3}(?:\(?0\)?[\s.\-]{0,2})?|44(?=7)|\(?0[\s)]{0,2}|(?=7))"
    r"[1-37-9](?:[\s().\-/,;_]{0,2}\d){8,9}(?!\d)"
    r"|(?<![^\W_])\+[1-9](?:[\s().\-]{0,2}\d){7,13}(?!\d)"
)
_EMAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-']{1,64}\s{0,2}(?:@|[(\[]at[)\]])\s{0,2}[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,6}"
)
# HMRC, National Insurance Manual NIM39110; its letters are not narrowed down, as one may be mistyped.
_NATIONAL_INSURANCE = re.compile(rf"{_FREE}[a-z]{{2}}(?:[\s\-.]{{0,2}}\d\d){{3}}[\s\-.]{{0,2}}[a-d]{_END}")
_NHS = re.compile(rf"{_FREE}(?:\d{{3}}[\s\-.]{{1,2}}\d{{3}}[\s\-.]{{1,2}}\d{{4}}|\d{{10}}){_END}")
_CALLED_NHS = re.compile(r"(?<![^\W_])nhs(?![^\W_])[^\d\n\[\]]{0,16}$")
# The Police National Computer and Criminal Records Office numbers: 01/1234567K, 123456/01A.
_POLICE = re.compile(rf"{_FREE}(?:(?:\d\d)?\d\d/\d{{3,7}}|\d{{3,6}}/\d\d)[a-z]{_END}")
# BS 7666: the letters that either half of a postcode may have.
_POSTCODE = re.compile(
    rf"{_FREE}(?:gir\s?0aa|[a-pr-uwyz][a-hk-y]?\d[a-z\d]?[\s\-]{{0,2}}\d[abd-hjlnp-uw-z]{{2}}){_END}"
)
_ORDINAL = re.compile(r"(?:1st|2nd|3rd|\dth)$")
# DVLA INF104: two letters, two digits, three letters; before 2001 a letter, up to three digits, three letters.
_VEHICLE = re.compile(rf"{_FREE}(?:[a-z]{{2}}\d\d|[a-z]\d{{1,3}})\s?[a-z]{{3}}{_END}")


def _is_nhs(folded: Folded, start: int, end: int) -> bool:
    """Say whether ten digits are in groups, called by their name, or have the check digit of an NHS number."""
    flat = folded.flat[start:end]
    if not flat.isdigit() or _CALLED_NHS.search(folded.flat[max(0, start - 24) : start]):
        return True
    return sum(n * int(digit) for n, digit in zip(range(10, 0, -1), flat, strict=True)) % 11 == 0


def _is_postcode(folded: Folded, start: int, end: int) -> bool:
    """Say whether the end is no ordinal such as 2nd."""
    return not _ORDINAL.search(folded.flat, start, end) or folded.capital_at(end - 1)


def _is_vehicle(folded: Folded, start: int, end: int) -> bool:
    """Say whether a registration is in capitals, or run together as words with a road's number never are."""
    letters = [place for place in range(start, end) if folded.flat[place].isalpha()]
    return folded.flat[start:end].isalnum() or all(map(folded.capital_at, letters))


def _is(_folded: Folded, _start: int, _end: int) -> bool:
    return True


_LOOKS: tuple[tuple[re.Pattern[str], Identifies, Callable[[Folded, int, int], bool]], ...] = (
    (_EMAIL, Identifies.EMAIL, _is),
    (_PHONE, Identifies.PHONE, _is),
    (_NATIONAL_INSURANCE, Identifies.REFERENCE, _is),
    (_NHS, Identifies.REFERENCE, _is_nhs),
    (_POLICE, Identifies.REFERENCE, _is),
    (_POSTCODE, Identifies.ADDRESS, _is_postcode),
    (_VEHICLE, Identifies.REFERENCE, _is_vehicle),
)


def identifiers(text: str) -> tuple[tuple[int, int, Identifies, str], ...]:
    """Return (start, end, kind, letters) of all that looks like a personal identifier in a text, by places in it as it is folded.

    These are telephone numbers of the United Kingdom, e-mail addresses, National Insurance and NHS numbers, numbers of
    the police's records, postcodes and vehicle registrations. The letters are the same however it is written.
    """
    return _identifiers(text)


@lru_cache(maxsize=20_000)
def _identifiers(text: str) -> tuple[tuple[int, int, Identifies, str], ...]:
    return tuple(_found_in(fold(text)))


def _found_in(folded: Folded) -> Iterator[tuple[int, int, Identifies, str]]:
    for pattern, kind, holds in _LOOKS:
        for found in pattern.finditer(folded.flat):
            if holds(folded, *found.span()):
                yield *found.span(), kind, _same(kind, found[0])


def known(text: str) -> Iterator[str]:
    """Yield the letters of each identifier in a public text, to leave it where it stands."""
    if any(map(str.isdigit, text)) or "@" in text:
        yield from (letters for _, _, _, letters in identifiers(text))


def _same(kind: Identifies, written: str) -> str:
    if kind is Identifies.PHONE:
        return re.sub(r"^(?:(?:00)?440?|0)", "", re.sub(r"\D", "", written))
    return letters_of(written)
