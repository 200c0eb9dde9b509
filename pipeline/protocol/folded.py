"""Text as a search sees it: without case, diacritics, invisible characters; each letter knows its place."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from itertools import compress


class Script(Enum):
    """How a script parts its words, which decides where a name may end."""

    SPACED = "words stand apart, as in Latin"
    INFLECTED = "words stand apart and take endings, as in Cyrillic, Greek and the Indic scripts"
    CLITIC = "small words grow on in front, as in Arabic and Hebrew"
    ENDLESS = "nothing parts words, as in Chinese, Japanese, Korean and Thai"
    DIGIT = "digits"


_SCRIPTS = (
    ("\u0590", Script.SPACED),
    ("\u0900", Script.CLITIC),
    ("\u0e00", Script.INFLECTED),
    ("\u10a0", Script.ENDLESS),
    ("\u1100", Script.INFLECTED),
    ("\u1200", Script.ENDLESS),
    ("\u1780", Script.SPACED),
    ("\u1800", Script.ENDLESS),
    ("\u2e80", Script.SPACED),
    ("\ufb00", Script.ENDLESS),
    ("\U00020000", Script.SPACED),
)


def script(letter: str) -> Script:
    """Return the script of one folded letter or digit."""
    if letter.isdigit():
        return Script.DIGIT
    if letter < "\u0370":
        return Script.SPACED
    if letter < "\u0590":
        return Script.INFLECTED
    return next((kind for end, kind in _SCRIPTS if letter < end), Script.ENDLESS)


# What NFKD does not take apart, and what people type for one another.
_ALIKE = {
    **dict.fromkeys("‘’‛ʼʻʹʽʾʿ′`´＇", "'"),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **dict.fromkeys("\u0964\u0965", "."),
    **dict.fromkeys("\u0640\u115f\u1160\u3164\uffa0\u034f", ""),
    "ø": "o",
    "Ø": "o",
    "ł": "l",
    "Ł": "l",
    "đ": "d",
    "Đ": "d",
    "ð": "d",
    "Ð": "d",
    "ħ": "h",
    "Ħ": "h",
    "ı": "i",
    "æ": "ae",
    "Æ": "ae",
    "œ": "oe",
    "Œ": "oe",
    "þ": "th",
    "Þ": "th",
    "ŧ": "t",
    "Ŧ": "t",
    "ə": "a",
    "Ə": "a",
    "ŋ": "n",
    "Ŋ": "n",
    "ɓ": "b",
    "Ɓ": "b",
    "ɗ": "d",
    "Ɗ": "d",
    "ƙ": "k",
    "Ƙ": "k",
    "ى": "ي",
    "ی": "ي",
    "ة": "ه",
    "ک": "ك",
    "ۀ": "ه",
    "ے": "ي",
    "ہ": "ه",
    "ھ": "ه",
}
_VIRAMA = 9
_UNSEEN = frozenset({"Cf", "Cc", "Cs", "Me"})


# Cyrillic and Greek letters that slip into a Latin word unseen.
_LOOKALIKES = str.maketrans("авекмнорстухіјѕԁԛԝαεικνορτυχ", "abekmhopctyxijsdqwaeikvoptux")
_MAY_BE_MIXED = re.compile("[a-z\u0370-\u052f]+")


def _latin(word: re.Match[str]) -> str:
    return word[0].translate(_LOOKALIKES) if re.search("[a-z]", word[0]) else word[0]


@lru_cache(maxsize=8192)
def _fold(character: str) -> str:
    if character in _ALIKE:
        return _ALIKE[character]
    if character.isspace():
        return "\n" if character in "\r\n\v\f\u2028\u2029\u0085" else " "
    if unicodedata.category(character) in _UNSEEN or "\ufe00" <= character <= "\ufe0f":
        return ""
    folded = ""
    for part in unicodedata.normalize("NFKD", character):
        if unicodedata.combining(part) in (0, _VIRAMA):
            digit = unicodedata.decimal(part, None)
            folded += _ALIKE.get(part, part.casefold()) if digit is None else str(digit)
    return folded


_PLAIN = re.compile(r"[\x20-\x5f\x61-\x7e\n\t]*")
_PIECES = re.compile(r"([\x20-\x5f\x61-\x7e\n\t]+)|.", re.DOTALL)
# Vowel signs of the Indic scripts are no letters to Python, but parts of words all the same.
_SIGNS = re.compile("[\u0900-\u109f\u1780-\u17ff]")


def _is_letter(character: str) -> bool:
    return character.isalnum() or bool(_SIGNS.match(character))


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded.

    Attributes:
        text: as it was written.
        flat: folded, separators kept.
        origin: place in `flat` → place in `text`.
        letters: only the letters and digits of `flat`, run together.
        at: place in `letters` → place in `flat`.
    """

    text: str = field(repr=False)
    flat: str = field(repr=False)
    origin: Sequence[int] = field(repr=False)
    letters: str = field(repr=False)
    at: Sequence[int] = field(repr=False)

    def joined(self, k: int) -> bool:
        """Say whether nothing stands between letter k and the one before it."""
        return self.at[k] - self.at[k - 1] == 1

    def gap(self, k: int) -> str:
        """Return what stands between letter k and the one before it."""
        return self.flat[self.at[k - 1] + 1 : self.at[k]]

    def capital(self, k: int) -> bool:
        """Say whether letter k was written as a capital."""
        return self.capital_at(self.at[k])

    def capital_at(self, place: int) -> bool:
        """Say whether the character at a place of `flat` was written as a capital."""
        character = self.text[self.origin[place]]
        return character.isupper() or character.istitle()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of `flat` stands in the text, with the marks that hang on its last letter."""
        after = self.origin[end] if end < len(self.flat) else len(self.text)
        return self.origin[start], max(after, self.origin[end - 1] + 1)


@lru_cache(maxsize=20_000)
def fold(text: str) -> Folded:
    """Return the text folded. Takes any string, and time in proportion to its length; the same text is folded once."""
    origin: Sequence[int] = range(len(text))
    if _PLAIN.fullmatch(text):
        flat = text.lower()
    else:
        flat, origin = _fold_all(text)
    keep = _is_letter if _SIGNS.search(flat) else str.isalnum
    at = list(compress(range(len(flat)), map(keep, flat)))
    return Folded(text, flat, origin, "".join(filter(keep, flat)), at)


def _fold_all(text: str) -> tuple[str, list[int]]:
    parts: list[str] = []
    origin: list[int] = []
    for piece in _PIECES.finditer(text):
        start, end = piece.span()
        folded = piece[0].lower() if piece[1] else _fold(piece[0])
        parts.append(folded)
        origin.extend(range(start, end) if piece[1] else [start] * len(folded))
    flat = "".join(parts)
    return _MAY_BE_MIXED.sub(_latin, flat) if re.search("[\u0370-\u052f]", flat) else flat, origin


def letters_of(text: str) -> str:
    """Return only the folded letters and digits of a text."""
    return fold(text).letters


_LONGEST_HEARD = 24
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name or a line: its letters, and where an apostrophe stood."""

    letters: str = field(repr=False)
    seams: frozenset[int] = field(repr=False)
    other: str = field(default="", repr=False)

    @classmethod
    def of(cls, part: str) -> "Word":
        """Return a word as it was typed."""
        parts = [letters_of(piece) for piece in fold(part).flat.split("'")]
        seams, place = set[int](), 0
        for piece in parts[:-1]:
            place += len(piece)
            seams.add(place)
        letters = "".join(parts)
        other = letters_of(part.casefold().translate(_UMLAUTS))
        return cls(letters, frozenset(seams - {0, len(letters)}), other if other != letters else "")

    @property
    def script(self) -> Script:
        """The script of the first letter."""
        return script(self.letters[0])

    @property
    def cased(self) -> bool:
        """Whether the script has capitals."""
        return self.letters[0].upper() != self.letters[0]

    @property
    def ways(self) -> tuple[str, ...]:
        """The letters, with an umlaut written out, and with a written-out umlaut drawn together."""
        ways = [self.letters, self.other] if self.other else [self.letters]
        short = re.sub(r"([aou])e", r"\1", self.letters)
        if len(short) > 3 and short != self.letters and self.script is Script.SPACED:
            ways.append(short)
        return tuple(ways)

    @property
    def heard(self) -> tuple["Word", ...]:
        """The word as others may write it down: a letter doubled, a double letter made single, at least four letters left."""
        if self.script is not Script.SPACED or not 3 < len(self.letters) < _LONGEST_HEARD:
            return ()
        words = []
        for k, letter in enumerate(self.letters):
            twice = self.letters[k + 1 : k + 2] == letter
            if twice and len(self.letters) > 4:
                words.append(self._with(k, "", 1))
            elif not twice and self.letters[k - 1 : k] != letter:
                words.append(self._with(k, letter * 2, 1))
        return tuple(words)

    def _with(self, k: int, instead: str, length: int) -> "Word":
        more = len(instead) - length
        seams = frozenset(seam + more if seam > k else seam for seam in self.seams)
        return Word(self.letters[:k] + instead + self.letters[k + length :], seams)
