"""Reference numbers with a check: National Insurance, NHS and PNC, read as their holders write them."""

import re

from forms.answers import Kind, Raw, Unreadable, digits, tidy

_NI = re.compile(r"([A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ)([0-9]{6})([A-D])")
_NI_NEVER = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})
_PNC = re.compile(r"([0-9]{4}|[0-9]{2})/([0-9]{1,7})([A-Z])")
_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


def _letters(raw: Raw, code: str) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise Unreadable(code)
    text = tidy(raw) if isinstance(raw, str) else digits(raw)
    return re.sub(r"[\s\-.]", "", text).upper()


def _national_insurance(raw: Raw) -> str:
    found = _NI.fullmatch(_letters(raw, "not-a-ni-number"))
    if not found or found[1] in _NI_NEVER:
        raise Unreadable("not-a-ni-number")
    digits = found[2]
    return f"{found[1]} {digits[:2]} {digits[2:4]} {digits[4:]} {found[3]}"


def _nhs(raw: Raw) -> str:
    text = _letters(raw, "not-an-nhs-number")
    if not re.fullmatch(r"[0-9]{10}", text):
        raise Unreadable("not-an-nhs-number")
    # Modulus 11: the nine digits weighted 10 to 2; the tenth makes it come out (NHS Data Dictionary, NHS number).
    check = 11 - sum(int(digit) * weight for digit, weight in zip(text[:9], range(10, 1, -1), strict=True)) % 11
    if check % 11 != int(text[9]) or check == 10:
        raise Unreadable("not-an-nhs-number")
    return f"{text[:3]} {text[3:6]} {text[6:]}"


def _pnc(raw: Raw) -> str:
    found = _PNC.fullmatch(_letters(raw, "not-a-pnc-id"))
    if not found:
        raise Unreadable("not-a-pnc-id")
    year, serial, letter = found[1], found[2].zfill(7), found[3]
    # The check letter is the last two digits of the year and the serial number, modulus 23.
    if _PNC_LETTERS[int(year[-2:] + serial) % 23] != letter:
        raise Unreadable("not-a-pnc-id")
    if len(year) == 2:
        year = f"19{year}" if int(year) > 39 else f"20{year}"
    return f"{year}/{serial}{letter}"


NI_NUMBER = Kind(
    "National Insurance number", "A National Insurance number, such as QQ 12 34 56 C", _national_insurance,
    sample="QQ 12 34 56 C",
)  # fmt: skip
NHS_NUMBER = Kind(
    "NHS number", "An NHS number of ten digits, such as 999 000 0018", _nhs, sample="999 000 0018"
)
PNC_ID = Kind("PNC ID", "A PNC ID with its check letter, such as 2003/0011985X", _pnc, sample="2003/0011985X")
