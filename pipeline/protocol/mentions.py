"""One text, searched for the mentions of what is hidden."""

import re
from bisect import bisect_right
from collections.abc import Container, Iterator
from functools import cached_property
from typing import NamedTuple

from forms.information import Identifies
from pipeline.protocol.folded import Folded, Script, letters_of, script
from pipeline.protocol.spelling_index import Index, starts_in
from pipeline.protocol.spellings import Spelling, Wanted
from pipeline.protocol.word_lists import NOT_PLURALS, PARTICLES, SCHOOL, STOP, SURGERY, TITLES, VERBS


class Span(NamedTuple):
    """A stretch of a folded text that gives something away."""

    start: int
    end: int
    kind: Identifies


_LONGEST_RUN = 64
_UNMISTAKABLE = 10
"""Letters from which on a name inside any longer word is that name."""
_WINDOW = 48
_CHUNK = re.compile(r"[^\s,;<>()\[\]{}\"“”„«»|]+")
_MACHINE = re.compile(
    r"@|_|://|\\|#|\bwww\.|\.(?:pdf|docx?|xlsx?|pptx?|odt|rtf|txt|csv|jpe?g|png|gif|heic|html?|msg|eml|zip|mp[34]|wav|mov|"
    r"m4a|com|org|net|uk|example|info|io|gov|eu|ie|test)\b"
)
_CHUNK_EDGE = ".:!?'*…"
SENTENCE_END = re.compile(r"[.!?;:]['\")]*\s")
_NEXT_WORD = re.compile(r"([\s,.\-_'·]{0,4})([^\W\d_]+)")
_LAST_WORD = re.compile(r"([^\W\d_]+)([\s,.\-_'·]{0,4})$")
_TITLE = re.compile(
    r"(?<![^\W_])(?:mr|mrs|ms|miss|mx|dr|doctor|sir|dame|lady|prof|professor|rev|reverend)\b\.?\s{0,2}$"
)
_TITLED = re.compile(r"(?<![^\W_])(?:mr|mrs|ms|miss|mx)\b\.?\s{0,2}([^\W\d_])(?![^\W_])")
_HOUSE = re.compile(
    r"(?<![^\W_])(?:(?:flat|apartment|apt|unit|room|house|studio|suite|block|floor)\b\.?\s{0,2}(?:\d{1,4}[a-z]?|[a-z])[\s,]{1,3})"
    r"{0,3}(?:(?:#|(?:no|number)\b\.?\s?)?\d{1,3}[a-z]?(?:\s?[-/]\s?\d{1,3}[a-z]?)?[\s,]{1,3})?$"
)
_NUMBER_AFTER = re.compile(r"[\s,]{1,3}(?:(?:no|number|flat|at)\b\.?\s{0,2})?(\d{1,4}[a-z]?)(?![^\W_])")
_DOOR = re.compile(
    r"(?<![^\W_])(?:(?:doors?|number|num|nr|no|flat|house|at)(?![^\W\d_])[.:]?(?:\sis)?|#)[ \t(]{0,2}"
    r"(\d{1,4}[a-z]?)(?![^\W_]|[:.]\d|\s?[ap]\.?m(?![^\W_]))"
)
_SCHOOL_AFTER = re.compile(
    r"(?:[\s\-]{1,3}(?:" + "|".join(sorted(SCHOOL - STOP, key=len, reverse=True)) + r")(?![^\W_]))+"
)
_SURGERY_AFTER = re.compile(
    r"(?:[\s\-]{1,3}(?:" + "|".join(sorted(SURGERY - STOP, key=len, reverse=True)) + r")(?![^\W_]))+"
)
_PHONE_LIKE = re.compile(r"\d(?:[\s().\-/_]{0,3}\d|o(?![a-np-z])){5,}")
_PHONE_IN_A_LIST = re.compile(r"\d(?:[\s().\-/_,;:+*]{0,3}\d|o(?![a-np-z])){8,}")
_DIGIT = re.compile(r"\d")
_PHONE_END = re.compile(
    r"(?:(?<![^\W_])(?:end(?:s|ing|ed)?|last|final)(?![^\W_])(?:\s[345](?!\d))?[^\d\n.\[\]]{0,24}|[x*•#.]{2}\s?)"
    r"(?P<end>\d(?:[\s\-]?\d){2,3})(?!\d)"
    r"|(?<!\d)(?P<first>\d{3,4})(?=,?\s(?:(?:is|are|were|at|as)\s){1,2}(?:the|its|his|her|their)\s(?:end|last))"
)
_MONTHS = frozenset({"april", "may", "june", "august"})
_MONTH_BEFORE = re.compile(r"\d(?:st|nd|rd|th)?(?: of)?[ \-/]?$")
_MONTH_AFTER = re.compile(r"[ \-/,]{0,2}'?\d")
_ARABIC_BEFORE = re.compile("(?:[وفبلكس]{0,2}(?:ال|لل|ل)?|[והבלמשכ]{1,2})$")
_LONGEST_ENDING = 3
_PARTS_ENDLESS = re.compile(r"[\s·・]{1,2}")


class Search:
    """One text, searched."""

    def __init__(self, folded: Folded, wanted: Wanted, names: tuple[str, ...]) -> None:
        self._folded = folded
        self._wanted = wanted
        self._names = names

    @cached_property
    def _chunks(self) -> tuple[list[int], list[tuple[int, int, bool]]]:
        """Stretches without a space, and whether each is an e-mail address, a handle, a link or a file name."""
        chunks = []
        for found in _CHUNK.finditer(self._folded.flat) if _MACHINE.search(self._folded.flat) else ():
            text = found[0].removesuffix("'s")
            end = found.start() + len(text.rstrip(_CHUNK_EDGE))
            start = found.start() + len(text) - len(text.lstrip(_CHUNK_EDGE))
            if start < end:
                chunks.append((start, end, bool(_MACHINE.search(self._folded.flat, start, end))))
        return [start for start, _, _ in chunks], chunks

    def _machine(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the e-mail address, handle, link or file name around a stretch, if it stands in one."""
        starts, chunks = self._chunks
        at = bisect_right(starts, start) - 1
        if at < 0 or not chunks[at][2] or end > chunks[at][1]:
            return None
        return chunks[at][:2]

    def _hits(self, letters: str) -> Iterator[tuple[int, int]]:
        place = self._folded.letters.find(letters)
        while place >= 0:
            yield place, place + len(letters)
            place = self._folded.letters.find(letters, place + 1)

    def public(self, phrases: dict[str, frozenset[int]]) -> Iterator[tuple[int, int]]:
        """Yield where public phrases stand whole, as places in the letters."""
        for letters, seams in phrases.items():
            for i, j in self._hits(letters):
                if self._parted(i, j, seams, code=False) and self._free_before(i) and self._free_after(j):
                    yield i, j

    def spellings(self, spellings: Index, public: dict[str, frozenset[int]]) -> Iterator[Span]:
        """Yield each stretch that is written as one of the spellings, but for what is or stands whole in a public phrase."""
        hits = sorted(self._all_hits(spellings, public))
        kept = sorted(self.public(public)) if hits else []
        for _, i, j, spelling in hits:
            if any(a <= i and j <= b for a, b in kept):
                continue
            if found := self._stands(i, j, spelling):
                yield self._grown(Span(*found, spelling.kind))

    def _all_hits(self, spellings: Index, public: Container[str]) -> Iterator[tuple[int, int, int, Spelling]]:
        """Yield (number of the spelling, from, to, spelling) wherever its letters stand."""
        letters = self._folded.letters
        for start in spellings.by_start.keys() & starts_in(letters):
            for i, _ in self._hits(start):
                for number, name, spelling in spellings.by_start[start]:
                    if letters.startswith(spelling.letters, i) and name not in public:
                        yield number, i, i + len(spelling.letters), spelling

    def _stands(self, i: int, j: int, spelling: Spelling) -> tuple[int, int] | None:
        """Return the stretch of the flat text that a run of letters stands for, if it is a mention."""
        f = self._folded
        if not self._parted(i, j, spelling.seams, code=spelling.code):
            return None
        start, end = f.at[i], f.at[j - 1] + 1
        kind = spelling.script
        if kind is Script.ENDLESS:
            return (start, end) if (j - i > 1 or self._alone(i)) and self._whole_syllable(j) else None
        if kind is Script.CLITIC:
            return self._with_clitics(i, j)
        if kind is Script.INFLECTED:
            return self._with_ending(i, j)
        if self._free_before(i) and (after := self._free_after(j, spelling)):
            if spelling.tail and not f.capital(i + spelling.tail):
                return None
            if not self._meant(i, j) if spelling.capital else self._month(i, j):
                return None
            return start, f.at[after - 1] + 1
        if spelling.code or spelling.capital or j - i < 4:
            return None
        return self._run_together(i, j, spelling)

    def _parted(self, i: int, j: int, seams: frozenset[int], *, code: bool) -> bool:
        """Say whether what stands between the letters is what people write between them."""
        f = self._folded
        gaps = [k for k in range(i + 1, j) if not f.joined(k)] if f.at[j - 1] - f.at[i] > j - i - 1 else []
        if script(f.letters[i]) is Script.ENDLESS and gaps:
            return all(_PARTS_ENDLESS.fullmatch(f.gap(k)) for k in gaps)
        if not gaps:
            return j - i > 5 or not seams or f.capital(i) or f.letters[i].isdigit()
        if any(f.at[k] - f.at[k - 1] > 6 or "\n\n" in f.gap(k) for k in gaps):
            return False
        if code or (
            j - i > 2 and len(gaps) == j - i - 1 and all(len(f.gap(k)) < 4 or k - i in seams for k in gaps)
        ):
            return True
        if j - i < 6 and len(seams) > len(gaps) and not f.capital(i):
            return False
        return all(self._parts_words(i, k, seams) if k - i in seams else self._parts_one(i, k, j) for k in gaps)

    def _parts_words(self, i: int, k: int, seams: frozenset[int]) -> bool:
        before = max((seam for seam in seams if seam < k - i), default=0)
        gap = self._folded.gap(k)
        return not SENTENCE_END.match(gap) or (gap[0] == "." and k - i - before < 5)  # St. Fable

    def _parts_one(self, i: int, k: int, j: int) -> bool:
        """Say whether a gap may stand inside one word: a hyphen, a line's end, or a slip where it has a capital."""
        f, gap = self._folded, self._folded.gap(k)
        if j - i < 6:
            return False
        if re.fullmatch(r"-\s?\n?\s?|['._*/~+]|\n", gap):
            return True
        if not re.fullmatch(r"\s{1,3}|\s-\s", gap):
            return False
        if f.capital(i) and (f.letters[i:k] not in STOP or f.capital(k)):
            return True
        return f.flat.startswith("'s", f.at[j - 1] + 1) or self._after_name(f.at[i])

    def _after_name(self, place: int) -> bool:
        before = self._folded.flat[max(0, place - _WINDOW) : place]
        word = _LAST_WORD.search(before)
        return bool(_TITLE.search(before) or (word and word[1] in self._names and word[2].isspace()))

    def _free_before(self, i: int) -> bool:
        f = self._folded
        if i == 0 or not f.joined(i):
            return True
        before, first = f.letters[i - 1], f.letters[i]
        return script(before) is not script(first) or (
            f.capital(i) and not f.capital(i - 1) and before.isalpha()
        )

    def _free_after(self, j: int, spelling: Spelling | None = None) -> int:
        """Return where the word ends that ends at j, a plural s included; 0 where it goes on."""
        f, n = self._folded, len(self._folded.letters)
        if j == n:
            return j
        if not f.joined(j):
            contraction = f.gap(j) == "'" and f.letters[j] == "t" and (j + 1 == n or not f.joined(j + 1))
            return 0 if contraction else j
        last, after = f.letters[j - 1], f.letters[j]
        if script(last) is not script(after) or (f.capital(j) and not f.capital(j - 1)):
            return j
        takes_s = spelling is not None and spelling.kind in (Identifies.NAME, Identifies.GP)
        for ending in ("s", "es") if takes_s else ():
            end = j + len(ending)
            if (
                f.letters.startswith(ending, j)
                and (end == n or not f.joined(end))
                and all(map(f.joined, range(j, end)))
            ):
                start = max(0, j - _LONGEST_RUN)
                word = f.flat[f.at[start] : f.at[end - 1] + 1].split()[-1]
                return 0 if word in NOT_PLURALS else end
        return 0

    def _meant(self, i: int, j: int) -> bool:
        """Say whether an everyday word is meant as a name: a capital, a title before it, or an e-mail address around it."""
        f = self._folded
        start, end = f.at[i], f.at[j - 1] + 1
        before = f.flat[max(0, start - _WINDOW) : start]
        if _TITLE.search(before) or ((chunk := self._machine(start, end)) and "@" in f.flat[slice(*chunk)]):
            return True
        if not f.capital(i):
            return False
        if self._month(i, j):
            return False
        if f.letters[i:j] not in STOP:
            return True
        # So, He and My begin sentences; inside one, and not among capitals, they are a name.
        ahead = before.rstrip(" \t")
        shouted = i > 0 and f.capital(i - 1)
        return bool(ahead) and (ahead[-1].isalnum() or ahead[-1] == ",") and not shouted

    def _month(self, i: int, j: int) -> bool:
        """Say whether a name such as June stands in a date."""
        f = self._folded
        before = f.flat[max(0, f.at[i] - _WINDOW) : f.at[i]]
        around = _MONTH_BEFORE.search(before) or _MONTH_AFTER.match(f.flat, f.at[j - 1] + 1)
        return f.letters[i:j] in _MONTHS and around is not None

    def _alone(self, i: int) -> bool:
        """Say whether one Chinese character stands by itself and not in a word."""
        f = self._folded
        around = [k for k in (i - 1, i + 1) if 0 <= k < len(f.letters) and f.joined(max(k, i))]
        return all(script(f.letters[k]) is not Script.ENDLESS for k in around)

    def _whole_syllable(self, j: int) -> bool:
        """Say whether a Korean syllable, folded into its letters, ends at j."""
        f = self._folded
        inside = j < len(f.letters) and f.joined(j) and "\u1160" <= f.letters[j] <= "\u11ff"
        return not inside

    def _run(self, i: int, j: int) -> tuple[int, int]:
        """Return the whole word around letters i to j, as far as it is of one script."""
        f, kind = self._folded, script(self._folded.letters[i])
        start, end = i, j
        while (
            start > 0 and i - start < _LONGEST_RUN and f.joined(start) and script(f.letters[start - 1]) is kind
        ):
            start -= 1
        while (
            end < len(f.letters) and end - j < _LONGEST_RUN and f.joined(end) and script(f.letters[end]) is kind
        ):
            end += 1
        return start, end

    def _with_clitics(self, i: int, j: int) -> tuple[int, int] | None:
        start, end = self._run(i, j)
        before, after = self._folded.letters[start:i], self._folded.letters[j:end]
        if j - i < 3 and (before or after):
            return None
        if len(after) > 2 or not (not before or _ARABIC_BEFORE.fullmatch(before)):
            return None
        return self._folded.at[i], self._folded.at[end - 1] + 1

    def _with_ending(self, i: int, j: int) -> tuple[int, int] | None:
        start, end = self._run(i, j)
        longest = _LONGEST_ENDING if j - i > 3 else _LONGEST_ENDING - 1
        if start != i or end - j > longest:
            return None
        return self._folded.at[i], self._folded.at[end - 1] + 1

    def _run_together(self, i: int, j: int, spelling: Spelling) -> tuple[int, int] | None:
        """Return the stretch where a name is part of a longer word: rsampleworth, rowenasampleworth, @rowenas."""
        f = self._folded
        flat_start, flat_end = f.at[i], f.at[j - 1] + 1
        if (chunk := self._machine(flat_start, flat_end)) and (not spelling.seams or j - i > 7):
            return chunk
        if spelling.kind not in (Identifies.NAME, Identifies.GP):
            return None
        start, end = self._run(i, j)
        if j - i >= _UNMISTAKABLE:
            return f.at[start], f.at[end - 1] + 1
        before, after = f.letters[start:i], f.letters[j:end]
        if after.endswith("s") and after != "s":
            after = after[:-1]
        allowed = 2 if j - i > 5 else 0
        if not (allowed or end - start > 6):
            return None
        if self._made_of_names(before, allowed) and self._made_of_names(after, allowed):
            return f.at[start], f.at[end - 1] + 1
        return None

    def _made_of_names(self, text: str, initials: int) -> bool:
        """Say whether letters are parts of names and at most so many initials."""
        least = {0: 0}
        for place in range(len(text)):
            if place in least:
                for name in (*self._names, *self._wanted.letters, *TITLES):
                    used = least[place] + (len(name) == 1)
                    end = place + len(name)
                    if used <= initials and text.startswith(name, place) and used < least.get(end, used + 1):
                        least[end] = used
        return len(text) in least

    def _grown(self, span: Span) -> Span:
        """Return the span with what belongs to it: the whole address or handle, a title, initials, a house number."""
        flat = self._folded.flat
        start, end, kind = span
        if chunk := self._machine(start, end):
            start, end = min(start, chunk[0]), max(end, chunk[1])
        if kind in (Identifies.NAME, Identifies.GP):
            start, end = self._grown_name(start, end)
        if kind is Identifies.ADDRESS or kind is Identifies.GP:
            if found := _HOUSE.search(flat[max(0, start - _WINDOW) : start]):
                start -= len(found[0])
            after = _NUMBER_AFTER.match(flat, end)
            if after and after[1] in self._wanted.numbers:
                end = after.end()
        if kind is Identifies.SCHOOL and (after := _SCHOOL_AFTER.match(flat, end)):
            end = after.end()
        if kind is Identifies.GP and (after := _SURGERY_AFTER.match(flat, end)):
            end = after.end()
        return Span(start, end, kind)

    def _grown_name(self, start: int, end: int) -> tuple[int, int]:
        flat = self._folded.flat
        while found := _LAST_WORD.search(flat[max(0, start - _WINDOW) : start]):
            at = start - len(found[0])
            if not self._belongs(found[1], at, found[2], before=True):
                break
            start = at
        while found := _NEXT_WORD.match(flat, end):
            if not self._belongs(found[2], found.start(2), found[1], before=False):
                break
            end = found.end()
        while end < len(flat) and flat[end].isdigit():
            end += 1
        title = _TITLE.search(flat[max(0, start - _WINDOW) : start])
        if title and self._folded.capital_at(start - len(title[0])) >= self._folded.capital_at(start):
            start -= len(title[0])  # but not the verb in "I miss Rowena"
        return start, end

    def _belongs(self, word: str, at: int, gap: str, *, before: bool) -> bool:
        """Say whether a word beside a name is part of it: an initial, a slight part, a particle in front."""
        initial = len(word) == 1 and word in self._wanted.letters
        if not gap or "'" in gap or (at and self._folded.flat[at - 1].isalnum()):
            return False
        if "." in gap and not (before and len(word) < 4):
            return False
        if word not in self._wanted.near and not initial:
            return False
        if before and word in PARTICLES and len(word) > 1:
            return True
        if initial and before and (gap[0] == "." or word not in {"a", "i"}):
            return True
        return self._folded.capital_at(at) or (len(word) > 2 and word not in VERBS)

    def doors(self) -> Iterator[Span]:
        """Yield house numbers after a word such as door, but not the hour after at."""
        for found in _DOOR.finditer(self._folded.flat) if self._wanted.doors else ():
            if found[1] in self._wanted.doors:
                yield Span(*found.span(1), Identifies.ADDRESS)

    def phones(self) -> Iterator[Span]:
        """Yield the telephone numbers, with their prefix, and their last six digits or more standing alone."""
        phones = self._wanted.phones if _DIGIT.search(self._folded.flat) else ()
        for found in _PHONE_END.finditer(self._folded.flat) if phones else ():
            which = found.lastgroup or "end"
            digits = re.sub(r"\D", "", found[which])
            if any(phone.endswith(digits) for phone in phones):
                yield Span(*found.span(which), Identifies.PHONE)
        for found in _PHONE_IN_A_LIST.finditer(self._folded.flat) if phones else ():
            yield from self._whole_phones(found)
        for found in _PHONE_LIKE.finditer(self._folded.flat) if phones else ():
            digits = "".join(self._digits(found).values())
            if len(digits) > 5 and any(phone.endswith(digits) for phone in phones):
                yield Span(found.start(), found.end(), Identifies.PHONE)
            yield from self._whole_phones(found)

    def _digits(self, found: re.Match[str]) -> dict[int, str]:
        """Return place → digit, an o read as a nought."""
        flat = self._folded.flat
        return {
            k: flat[k].replace("o", "0") for k in range(*found.span()) if flat[k].isdigit() or flat[k] == "o"
        }

    def _whole_phones(self, found: re.Match[str]) -> Iterator[Span]:
        """Yield the whole telephone numbers in a run of digits, with the prefix of each."""
        written = self._digits(found)
        places, digits = list(written), "".join(written.values())
        for phone in self._wanted.phones:
            at = digits.find(phone)
            while at >= 0:
                ahead = re.search(r"(?:0{0,2}440?|0)?$", digits[max(0, at - 5) : at])
                first = places[at - len(ahead[0])] if ahead else places[at]
                plus = re.search(r"[+(]{0,2}o?$", self._folded.flat[max(0, first - 3) : first])
                start = first - len(plus[0]) if plus else first
                yield Span(start, places[at + len(phone) - 1] + 1, Identifies.PHONE)
                at = digits.find(phone, at + 1)

    def titled(self) -> Iterator[Span]:
        """Yield a title with one initial of a name: Mrs S."""
        f = self._folded
        for found in _TITLED.finditer(f.flat):
            if found[1] in self._wanted.letters and f.capital_at(found.start(1)):
                yield Span(*found.span(), Identifies.NAME)

    def initials(self, pattern: re.Pattern[str] | None) -> Iterator[Span]:
        """Yield the initials of a name, R.S. or RS, written in capitals."""
        f = self._folded
        for found in pattern.finditer(f.flat) if pattern else ():
            start, end = found.span()
            if all(f.capital_at(k) for k in range(start, end) if f.flat[k].isalpha()):
                last = re.match(r"\.(?=\S|[ \t]\S)", f.flat[end : end + 3]) if "." in found[0] else None
                # A full stop before a capital ends the sentence too, and stays.
                dot = last is not None and not f.capital_at(end + 1 + f.flat[end + 1].isspace())
                yield Span(start, end + dot, self._wanted.initials[letters_of(found[0])])
