"""What is looked for when something identifying is hidden: every usual way to write a name, an address, a number."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice, product

from forms.answers import Address
from forms.information import Identifies
from pipeline.protocol.dates_written import days_in
from pipeline.protocol.folded import Script, Word, fold, letters_of, script
from pipeline.protocol.word_lists import (
    ACRONYMS,
    ALIKE,
    BUILDINGS,
    EVERYDAY,
    GENERIC_PLACES,
    HEARD,
    NEVER_LOWER,
    NOBODY,
    PARTICLES,
    REFUGES,
    SCHOOL,
    SHORT_FOR,
    STOP,
    STREETS,
    SURGERY,
    TITLES,
    VERBS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spelling:
    """One run of letters to look for.

    Attributes:
        letters: folded, without separators.
        seams: places in `letters` where words meet, and so where any separator may stand.
        capital: a hit only where it was written with a capital.
        tail: where a last word begins that has to have a capital, because it may as well be a verb after the name; or 0.
        code: a number or code: short separators may stand anywhere in it.
    """

    kind: Identifies
    letters: str = field(repr=False)
    seams: frozenset[int] = field(default=frozenset(), repr=False)
    capital: bool = False
    tail: int = 0
    code: bool = False

    @property
    def script(self) -> Script:
        """The script of the first letter."""
        return script(self.letters[0])


_ITEMS = re.compile(
    r"[,;/\n|()\[\]\"“”„«»&+]|\b(?:a\.?k\.?a\.?|also known as|known as|formerly|previously|n[ée]e|alias|or|and)\b[:.]?",
    re.IGNORECASE,
)
_WORD_ENDS = re.compile(r"[\s\-_.:・·‧]+")
_WORDED = frozenset({Identifies.NAME, Identifies.SCHOOL, Identifies.GP, Identifies.ADDRESS})
_LONGEST_PHRASE = 5
_MOST_WAYS = 64
_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?) ?(\d[a-z]{2})\b", re.IGNORECASE)
_LEADING = re.compile(
    r"(?:c/o\s+)?(?:(?:flat|apartment|apt|unit|room|house|studio|suite|plot|no|number)\b\.?\s*)?(\d+[a-z]?(?:[-/]\d+[a-z]?)?)\b[\s,]*"
)
_TRAILING = re.compile(r"[\s,]+(\d+[a-z]?)$")
_PNC = re.compile(r"((?:19|20)(\d\d))(\d{7})([a-z])")
_DOCTOR = re.compile(r"(?:dr|doctor|prof|professor|gp)\b[.:]?\s+(.+)")
_PIECES = re.compile(r"[,;\n()|]| [-–—/] | at | of |/")


_ENDING = re.compile("(?:[аеиоуыьъэюя]+|[αεηιουωσ]+)$")


@dataclass
class Wanted:
    """All that is looked for, gathered secret by secret.

    Attributes:
        spellings: letters → how they are looked for.
        words: parts of names, to recognise names run together.
        near: parts of names too slight to be looked for alone, taken when they stand beside a name.
        initials: folded initials of two letters or more → kind.
        letters: first letters of names.
        days: days of birth.
        phones: national numbers, digits only, without the leading nought.
        emails: addresses in lower case.
        numbers: house numbers.
        doors: house numbers to take out after a word such as door.
        keen: what is gathered now is looked for harder.
        told: of one secret alone, its spellings in the order in which they came, and whether each is as it was typed.
        named: of one secret alone, the first letters of its names, and whether a name after it takes no account of it.
    """

    spellings: dict[str, Spelling] = field(default_factory=dict, repr=False)
    words: set[str] = field(default_factory=set, repr=False)
    near: set[str] = field(default_factory=set, repr=False)
    initials: dict[str, Identifies] = field(default_factory=dict, repr=False)
    letters: set[str] = field(default_factory=set, repr=False)
    days: set[dt.date] = field(default_factory=set, repr=False)
    phones: set[str] = field(default_factory=set, repr=False)
    emails: set[str] = field(default_factory=set, repr=False)
    numbers: set[str] = field(default_factory=set, repr=False)
    slight: list[str] = field(default_factory=list, repr=False)
    doors: set[str] = field(default_factory=set, repr=False)
    previous: str = field(default="", repr=False)
    keen: bool = False
    told: list[tuple[Spelling, bool]] = field(default_factory=list, repr=False)
    named: list[tuple[Identifies, str, bool]] = field(default_factory=list, repr=False)

    def add(self, spelling: Spelling) -> None:
        """Look for a spelling; the one that needs no capital wins."""
        old = self.spellings.get(spelling.letters)
        if spelling.letters and (old is None or (old.capital and not spelling.capital)):
            self.spellings[spelling.letters] = spelling
            self.told.append((spelling, False))

    def secret(self, kind: Identifies, value: str | Address | dt.date, *, keen: bool = False) -> None:
        """Look for everything that gives one hidden answer away."""
        self._take(_of_one(kind, value, keen))

    def _take(self, one: "Wanted") -> None:
        """Take in what is looked for of one secret, as if it were gathered here."""
        for spelling, typed in one.told:
            if typed:
                self.spellings.setdefault(spelling.letters, spelling)
            else:
                self.add(spelling)
        for part in ("words", "near", "letters", "days", "phones", "emails", "numbers", "doors"):
            getattr(self, part).update(getattr(one, part))
        self.slight += one.slight
        for kind, letters, passing in one.named:
            before = self.previous
            self._ways_of_initials(kind, letters)
            self.previous = before if passing else self.previous
        for letters, kind in one.initials.items():
            self.initials.setdefault(letters, kind)

    def read(self, kind: Identifies, value: str | Address | dt.date) -> None:
        """Gather everything that gives one hidden answer away."""
        if isinstance(value, dt.date):
            self.days.add(value)
        elif isinstance(value, Address):
            self._address(kind, value.text)
        else:
            readers: dict[Identifies, Callable[[str], None]] = {
                Identifies.NAME: self._names,
                Identifies.BIRTH: lambda text: self.days.update(days_in(text)),
                Identifies.PHONE: self._phone,
                Identifies.EMAIL: lambda text: self.emails.add(text.strip().casefold()),
                Identifies.SCHOOL: lambda text: self._organisation(kind, text, SCHOOL),
                Identifies.GP: self._gp,
                Identifies.REFERENCE: self._code,
                Identifies.ADDRESS: lambda text: self._address(kind, text),
            }
            readers[kind](value)
            self._as_typed(kind, value)

    def _as_typed(self, kind: Identifies, text: str) -> None:
        """Look for a text as it was typed, line by line: a long name has more ways to be written than are tried."""
        if kind not in _WORDED:
            return
        for line in text.splitlines():
            folded = fold(line)
            words = {letters_of(part) for part in re.split(r"[\s\-_./]+", folded.flat)}
            words = {word for word in words if word.isalpha()}
            seams = frozenset(k for k in range(1, len(folded.letters)) if not folded.joined(k))
            if len(words) > 1 and folded.letters not in NOBODY | GENERIC_PLACES:
                plain = words <= EVERYDAY | BUILDINGS | PARTICLES | SCHOOL | SURGERY
                spelling = Spelling(kind, folded.letters, seams, plain)
                if self.spellings.setdefault(folded.letters, spelling) is spelling:
                    self.told.append((spelling, True))

    def _names(self, text: str) -> None:
        for item in _ITEMS.split(text):
            if item.strip() and letters_of(item) not in NOBODY:
                self.name(Identifies.NAME, item)

    def name(self, kind: Identifies, item: str) -> None:
        """Look for one person's name, whole and in parts."""
        parts = [part for part in _WORD_ENDS.split(item) if letters_of(part)]
        parts = [part for part in parts if letters_of(part) not in TITLES] or parts
        words = [Word.of(part) for part in parts]
        for word, part in zip(words, parts, strict=True):
            self._name_part(kind, word, whole=len(words) == 1)
            tail = re.split(r"['’ʼ`´]", part)[-1]
            if tail != part and len(letters_of(tail)) > 3:
                self._name_part(kind, Word.of(tail), whole=False)
        if words and all(word.script is Script.ENDLESS for word in words):
            self._endless(kind, "".join(parts))
        orders = [words, words[-1:] + words[:-1]] if 1 < len(words) <= 8 else [words]
        for order in orders:
            for start in range(len(order)):
                for end in range(start + 2, min(len(order), start + _LONGEST_PHRASE) + 1):
                    self._phrase(kind, order[start:end])
        initials = "".join(w.letters[0] for w in words if w.letters not in PARTICLES and w.cased)
        self.named.append((kind, initials, kind is Identifies.GP))

    def _name_part(self, kind: Identifies, word: Word, *, whole: bool) -> None:
        self.words.add(word.letters)
        if word.cased:
            self.letters.add(word.letters[0])
        if word.script in (Script.ENDLESS, Script.DIGIT):
            return
        letters = word.letters
        slight = len(letters) < 3 or letters in PARTICLES
        if slight or letters in EVERYDAY:
            self.near.add(letters)
        if slight:
            if letters not in PARTICLES:
                self.slight.append(letters)
            if len(letters) < 2 or not (whole or self.keen):
                return
        capital = self._with_capital
        for way in word.ways:
            seams = word.seams if way == letters else frozenset[int]()
            self.add(Spelling(kind, way, seams, slight or way in capital))
        for heard in word.heard if self.keen else ():
            self.add(Spelling(kind, heard.letters, heard.seams, heard.letters in capital))
        for way in HEARD.get(letters, ()) if self.keen else ():
            self.add(Spelling(kind, way))

    @property
    def _with_capital(self) -> frozenset[str]:
        return NEVER_LOWER if self.keen else EVERYDAY

    def _endless(self, kind: Identifies, name: str) -> None:
        """Look for a Chinese, Japanese, Korean or Thai name: whole, and the given name without the family name."""
        letters = letters_of(name)
        self.add(Spelling(kind, letters))
        if script(name[0]) is Script.ENDLESS and name[0] >= "\u2e80" and len(name) > 2:
            for cut in (1,) if len(name) == 3 else (1, 2):
                given = letters_of(name[cut:])
                if len(name) - cut > 1:
                    self.add(Spelling(kind, given))
            if len(name) == 4:
                self.add(Spelling(kind, letters_of(name[:2])))
            for title in ("先生", "女士", "小姐", "太太", "某", "さん", "씨"):
                self.add(Spelling(kind, letters_of(name[0] + title)))

    def _ways_of_initials(self, kind: Identifies, letters: str) -> None:
        before, self.previous = self.previous, letters
        ways = {letters, letters + before, letters[:1] + before}
        if len(letters) > 2:
            ways.add(letters[0] + letters[-1])
        for way in ways:
            if 1 < len(way) <= 6 and way not in ACRONYMS:
                self.initials.setdefault(way, kind)

    def stems(self) -> tuple[Spelling, ...]:
        """Return the spellings, names that take endings (Cyrillic, Greek) cut down to what stays the same."""
        return tuple(
            replace(one, letters=stem)
            if one.kind is Identifies.NAME
            and one.script is Script.INFLECTED
            and not one.seams
            and len(stem := _ENDING.sub("", one.letters)) > 2
            else one
            for one in self.spellings.values()
        )

    def slight_pairs(self) -> None:
        """Look for two slight parts of names together: Li Ng."""
        slight = list(dict.fromkeys(self.slight))[:12]
        for first, second in product(slight, slight):
            if first != second:
                seams = frozenset({len(first)})
                capital = first in EVERYDAY or second in EVERYDAY
                self.add(Spelling(Identifies.NAME, first + second, seams, capital))

    def _phrase(self, kind: Identifies, words: Iterable[Word], *, alike: bool = False) -> None:
        words = tuple(words)
        capital = kind is Identifies.NAME and all(
            w.letters in self._with_capital or w.letters in PARTICLES for w in words
        )
        capital = capital or (kind is not Identifies.NAME and all(w.letters in STREETS for w in words))
        # The first of the product is the phrase as it stands.
        ways = [
            [w.letters, *sorted({*w.ways, *(ALIKE.get(w.letters, ()) if alike else ())} - {w.letters})]
            for w in words
        ]
        for way in islice(product(*ways), _MOST_WAYS):
            seams, place = set[int](), 0
            for word, letters in zip(words, way, strict=True):
                seams |= {place} | ({place + seam for seam in word.seams} if letters == word.letters else set())
                place += len(letters)
            tail = place - len(way[-1]) if kind is Identifies.NAME and words[-1].letters in VERBS else 0
            if place > 2:
                self.add(Spelling(kind, "".join(way), frozenset(seams - {0}), capital, tail))

    def _address(self, kind: Identifies, text: str) -> None:
        for line in re.split(r"[,\n;]", text):
            if found := _POSTCODE.search(line):
                self._postcode(kind, found[1], found[2])
                line = line[: found.start()] + line[found.end() :]  # noqa: PLW2901 - what is left of the line
            self._line(kind, fold(line).flat.strip(" .'"))
            self._as_typed(kind, line)

    def _line(self, kind: Identifies, line: str) -> None:
        found = _LEADING.match(line) or _TRAILING.search(line)
        number = found[1] if found else ""
        street = line[: found.start()] + line[found.end() :] if found else line
        words = [
            Word.of(part) for part in re.split(r"[\s\-_./]+", street.removeprefix("the ")) if letters_of(part)
        ]
        letters = "".join(word.letters for word in words)
        if number:
            self.numbers.add(letters_of(number))
            self.doors |= {letters_of(number)} if self.keen else set()
        if not letters or letters in GENERIC_PLACES or (len(words) == 1 and letters in STREETS):
            return
        if len(words) == 1 and len(letters) > 2:
            # Reading, Bath and Deal are towns.
            self.add(Spelling(kind, letters, words[0].seams, len(letters) < 8 and words[0].cased))
        elif len(words) > 1:
            self._phrase(kind, words, alike=True)
        if number:
            ahead = Word(letters_of(number), frozenset())
            self._phrase(kind, [ahead, *words], alike=True)
            if len(words) > 1 and words[-1].letters in STREETS and len(letters) - len(words[-1].letters) > 3:
                self._phrase(kind, [ahead, *words[:-1]], alike=True)
        if self.keen:
            self._name_of_place(kind, words, named=bool(number))
        staying = [word for word in words if word.letters in REFUGES]
        core = [word for word in words if word.letters not in REFUGES]
        if staying and core:
            self._core(kind, core, staying)
            self._core(kind, [word for word in core if word.letters not in STREETS] or core, staying)

    def _name_of_place(self, kind: Identifies, words: list[Word], *, named: bool) -> None:
        """Look for what is left of the name of a building or street without words such as House, with a capital."""
        core = [w for w in words if w.letters not in BUILDINGS | STOP]
        if not (named or len(core) < len(words)) or "".join(w.letters for w in core) in GENERIC_PLACES:
            return
        saint = words[0].letters in {"st", "saint"}
        for word in core[: 0 if saint else None]:
            for way in _without_s([word]) if len(word.letters) > 2 else ():
                self.add(Spelling(kind, way[0].letters, way[0].seams, way[0].cased))
        for way in _without_s(core) if saint and core else ():
            self._phrase(kind, [words[0], *way], alike=True)

    def _postcode(self, kind: Identifies, outward: str, inward: str) -> None:
        for half in map(letters_of, (outward, inward) if self.keen else ()):
            self.add(Spelling(kind, half, capital=len(half) < 3))
        postcode = outward + inward
        alike = {"0": "0o", "o": "o0", "1": "1il", "i": "i1l", "l": "l1i"}
        for way in islice(product(*(alike.get(c, c) for c in letters_of(postcode))), _MOST_WAYS):
            self.add(Spelling(kind, "".join(way), code=True))

    def _organisation(self, kind: Identifies, text: str, generic: frozenset[str]) -> None:
        first, *rest = [piece for piece in re.split(r"[,;\n(]", text) if letters_of(piece)] or [""]
        for piece in rest:
            self._address(kind, piece)
        words = [Word.of(part) for part in re.split(r"[\s\-_.&/]+", fold(first).flat) if letters_of(part)]
        core = [word for word in words if word.letters not in generic]
        if not words or letters_of(first) in NOBODY:
            return
        if len(words) > 1:
            self._phrase(kind, words, alike=True)
        if core:
            kinds = [w for w in words if w.letters in generic and w.letters not in STOP and len(w.letters) > 1]
            self._core(kind, core, kinds)
            if core[0].letters in {"st", "saint"} and len(core) > 1:
                for way, word in product(_without_s(core[1:]), kinds):
                    self._phrase(kind, [*way, word])
            elif len(core) > 1 and len(core[0].letters) > 2 and core[0].letters not in STREETS:
                also = (Word(letters, frozenset()) for letters in sorted(generic & SHORT_FOR))
                for word in (*kinds, *also):
                    self._phrase(kind, [core[0], word])
        initials = "".join(word.letters[0] for word in words) if core else ""
        if 4 <= len(initials) <= 6 and initials not in ACRONYMS:
            self.initials.setdefault(initials, kind)

    def _core(self, kind: Identifies, core: list[Word], generic: list[Word]) -> None:
        """Look for what is left of an organisation's name without words such as School, alone and with each of them."""
        for way in _without_s(core):
            if len(way) > 1:
                self._phrase(kind, way, alike=True)
            elif len(way[0].letters) > 2 and way[0].letters not in STREETS:
                self.add(Spelling(kind, way[0].letters, way[0].seams, way[0].cased))
            for word in generic:
                self._phrase(kind, [*way, word], alike=True)

    def _gp(self, text: str) -> None:
        for piece in _PIECES.split(fold(text).flat):
            piece = piece.strip(" .")  # noqa: PLW2901 - the same piece, tidied
            if not piece or letters_of(piece) in NOBODY:
                continue
            digits = re.sub(r"\D", "", piece)
            if found := _DOCTOR.match(piece):
                self.name(Identifies.GP, found[1])
            elif len(digits) > 8:
                self._phone(piece)
            elif _POSTCODE.search(piece) or digits:
                self._address(Identifies.GP, piece)
            else:
                self._organisation(Identifies.GP, piece, SURGERY)

    def _phone(self, text: str) -> None:
        text = re.sub(r"\(0\)", "", re.split(r"(?:ext|x)", fold(text).flat)[0])
        digits = re.sub(r"\D", "", text)
        if text.lstrip().startswith("+") and not digits.startswith("44"):
            self.phones.add(digits)
            digits = re.sub(r"\D", "", text.partition(" ")[2])
        national = re.sub(r"^(?:00)?(?:44)?0?" if len(digits) > 10 else "^0", "", digits)
        if len(national) > 5:
            self.phones.add(national)

    def _code(self, text: str) -> None:
        letters = letters_of(text)
        ways = {letters}
        if pnc := _PNC.fullmatch(letters):
            ways |= {year + serial + pnc[4] for year in (pnc[1], "") for serial in (pnc[3], pnc[3].lstrip("0"))}
            ways = {way if way.startswith(pnc[1]) else pnc[2] + way for way in ways}
        for way in ways:
            if len(way) > 3 and any(c.isdigit() for c in way):
                self.add(Spelling(Identifies.REFERENCE, way, code=True))


@lru_cache(maxsize=20_000)
def _of_one(kind: Identifies, value: str | Address | dt.date, keen: bool) -> Wanted:
    """Return what is looked for of one secret; many recipients have the same secrets, so that it is worked out once."""
    one = Wanted(keen=keen)
    one.read(kind, value)
    return one


def _without_s(words: list[Word]) -> Iterator[list[Word]]:
    """Yield the words, and with the possessive of the last one dropped: St Fictional's, St Fictional."""
    yield words
    last = words[-1]
    if len(last.letters) > 4 and last.letters.endswith("s"):
        yield [
            *words[:-1],
            Word(last.letters[:-1], frozenset(s for s in last.seams if s < len(last.letters) - 1)),
        ]
