"""Take what is hidden out of free text as well (CONSENT-2, SHARE-11).

An agency that may not have an address must not find it in the reasons for referral. So whatever is withheld is
looked for in every text that is shared: in any case, with or without diacritics, apostrophes and hyphens, spaced out,
run together in an e-mail address. Where a spelling leaves a doubt, it is taken out.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from forms.answers import NOT_KNOWN, Address, Age
from forms.information import Identifies
from pipeline.protocol.dates_written import mentions_of_days
from pipeline.protocol.folded import Folded, fold
from pipeline.protocol.identifiers import identifiers, known
from pipeline.protocol.mentions import SENTENCE_END, Search, Span
from pipeline.protocol.spelling_index import Index
from pipeline.protocol.spellings import Wanted
from pipeline.protocol.word_lists import STOP


@dataclass(frozen=True, slots=True)
class Secret:
    """One hidden answer that would give somebody away.

    Attributes:
        value: a text, an address, a day or an age.
        keen: look harder, and rather take out a word too many: everyday words that are the name in any case, a letter
            doubled or not, the name of a house or street without its kind, half a postcode, a number at a door. For an
            anonymous case and for where a victim is staying.
    """

    kind: Identifies
    value: Any = field(repr=False)
    keen: bool = False


_MOST_ROUNDS = 4
_WINDOW = 48
_BESIDE = re.compile(r"[ \t]*[,\-_/&+·]?[ \t]*\n?[ \t]*")


class Mentions:
    """Finds mentions of hidden answers in text. Made by :func:`mentions_of`."""

    def __init__(self, gathered: "_Gathered", public: Iterable[str], *, sweep: bool = False) -> None:
        public = list(public)
        self._known = frozenset(one for text in public for one in _known(text)) if sweep else None
        self._public = dict(map(_phrase, public))
        self._public.pop("", None)
        self._gathered, self._wanted = gathered, gathered.wanted
        self._taken: dict[tuple[str, Callable[[Identifies], str]], str] = {}
        # A name that is public is none to look for; beside another part of a name it may still be one.
        shared = self._public.keys() & self._wanted.spellings.keys() & self._wanted.words
        if not shared <= self._wanted.near:
            self._wanted = replace(self._wanted, near=self._wanted.near | shared)

    def __repr__(self) -> str:
        return f"<Mentions of {len(self._wanted.spellings)} spellings>"

    def take_out(self, text: str, instead: Callable[[Identifies], str]) -> str:
        """Return the text with every mention replaced, neighbouring ones together, and all else unchanged.

        Args:
            text: any text.
            instead: gives the words for a kind; they must not hold what is hidden.
        """
        if self._known is None and self._gathered.is_quiet(text):
            return text
        if (text, instead) not in self._taken:
            self._taken[text, instead] = self._without(text, instead)
        return self._taken[text, instead]

    def _without(self, text: str, instead: Callable[[Identifies], str]) -> str:
        new: list[tuple[int, int]] = []
        for _ in range(_MOST_ROUNDS):
            spans = [
                span for span in self._spans(text) if not any(a < span.end and span.start < b for a, b in new)
            ]
            if not spans:
                break
            text, new = _replaced(text, spans, new, instead)
        return text

    def found(self, text: str) -> int:
        """Return how many mentions a text holds, neighbouring ones counted once."""
        return 0 if self._known is None and self._gathered.is_quiet(text) else len(self._spans(text))

    def _spans(self, text: str) -> list[Span]:
        """Return the mentions in order, with their places in the text itself."""
        folded = fold(text)
        search = Search(folded, self._wanted, self._gathered.names)
        spans = [
            *search.spellings(self._gathered.index, self._public),
            *(Span(*span, Identifies.BIRTH) for span in self._days(folded)),
            *search.titled(),
            *search.phones(),
            *search.doors(),
            *(
                Span(*m.span(), Identifies.EMAIL)
                for email in self._gathered.emails
                for m in email.finditer(folded.flat)
            ),
            *search.initials(self._gathered.initials),
            *self._swept(folded),
        ]
        merged = _together(folded, spans, self._wanted.words)
        return [Span(*folded.span(span.start, span.end), span.kind) for span in merged]

    def _swept(self, folded: Folded) -> Iterator[Span]:
        """Yield what looks like a personal identifier, but for those that are public."""
        if self._known is None:
            return
        for start, end, kind, letters in identifiers(folded.text):
            if letters not in self._known:
                yield Span(start, end, kind)

    def _days(self, folded: Folded) -> Iterator[tuple[int, int]]:
        return mentions_of_days(folded.flat, self._wanted.days) if self._wanted.days else iter(())


def mentions_of(secrets: Iterable[Secret], public: Iterable[str] = (), *, sweep: bool = False) -> Mentions:
    """Return what finds the mentions of hidden answers.

    Args:
        secrets: the hidden answers. "Not known" and an age are not looked for.
        public: words and phrases that are no secret, such as the name of the borough, of an agency or a professional,
            or an answer that the recipient does see. They stay where they stand whole; a longer secret around one goes.
        sweep: find as well whatever looks like a telephone number, an e-mail address, a National Insurance, NHS or
            police number, a postcode or a vehicle's registration, though no field holds it. A public one stays.

    Raises:
        TypeError: a value that is no text, address, day or age.
    """
    looked_for = tuple(one for one in secrets if one.value is not NOT_KNOWN and not isinstance(one.value, Age))
    return _finder(looked_for, tuple(public), sweep)


@lru_cache(maxsize=500)
def _finder(secrets: tuple[Secret, ...], public: tuple[str, ...], sweep: bool) -> Mentions:
    """Return what finds these secrets: the same for all recipients from whom the same is hidden."""
    return Mentions(_gather(secrets), public, sweep=sweep)


@dataclass(frozen=True)
class _Gathered:
    """What is looked for of some secrets, made ready for searching; never changed, since many recipients share it."""

    wanted: Wanted
    index: Index = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    emails: tuple[re.Pattern[str], ...] = field(repr=False)
    initials: re.Pattern[str] | None = field(repr=False)
    _quiet: dict[str, bool] = field(default_factory=dict, repr=False)

    def is_quiet(self, text: str) -> bool:
        """Say whether a text holds no mention even if nothing is public: what is public only takes mentions away."""
        if text not in self._quiet:
            self._quiet[text] = not self._bare._spans(text)  # noqa: SLF001 - of this module
        return self._quiet[text]

    @cached_property
    def _bare(self) -> Mentions:
        return Mentions(self, ())


@lru_cache(maxsize=2_000)
def _gather(secrets: tuple[Secret, ...]) -> _Gathered:
    wanted = Wanted()
    for secret in secrets:
        if not isinstance(secret.value, str | Address | dt.date):
            raise TypeError(f"no text, address, day or age: {type(secret.value).__name__}")
        wanted.secret(secret.kind, secret.value, keen=secret.keen)
    wanted.slight_pairs()
    return _Gathered(
        wanted,
        Index(wanted.stems(), wanted.spellings),
        tuple(word for word in wanted.words if len(word) > 2 and word not in STOP),
        tuple(map(_email, wanted.emails)),
        _initials(wanted.initials),
    )


@lru_cache(maxsize=20_000)
def _phrase(text: str) -> tuple[str, frozenset[int]]:
    """Return the letters of a phrase and where its words meet."""
    folded = fold(text)
    return folded.letters, frozenset(k for k in range(1, len(folded.letters)) if not folded.joined(k))


@lru_cache(maxsize=20_000)
def _known(text: str) -> frozenset[str]:
    return frozenset(known(text))


_SHARED_MAILBOXES = frozenset(
    ["info", "contact", "admin", "office", "mail", "hello", "enquiries", "post", "team", "reception", "support"]
)


def _email(address: str) -> re.Pattern[str]:
    """Return what finds an e-mail address, and its own name before any other domain."""
    local, _, domain = fold(address).flat.rpartition("@")
    dot = r"\s{0,2}(?:\.|[(\[]dot[)\]]| dot )\s{0,2}"
    at = r"\s{0,2}(?:@|[(\[]at[)\]]| at )\s{0,2}"
    whole, owner = (dot.join(map(re.escape, part.split("."))) for part in (domain, local))
    elsewhere = "" if len(local) < 4 or local in _SHARED_MAILBOXES else r"|@[^\W_](?:[\w.\-]*[^\W_])?"
    return re.compile(rf"(?<![^\W_]){owner}(?:{at}{whole}(?![^\W_]){elsewhere})")


def _initials(initials: Iterable[str]) -> re.Pattern[str] | None:
    ways = (r"[.\s]{0,2}".join(map(re.escape, one)) for one in sorted(initials, key=len, reverse=True))
    either = "|".join(ways)
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])") if either else None


def _replaced(
    text: str, spans: list[Span], old: list[tuple[int, int]], instead: Callable[[Identifies], str]
) -> tuple[str, list[tuple[int, int]]]:
    """Return the text with each span replaced, and where all replacements stand now."""
    parts: list[str] = []
    new: list[tuple[int, int]] = []
    place, shift = 0, 0
    for start, end, kind in [*spans, Span(len(text), len(text), Identifies.NAME)]:
        new += [(a + shift, b + shift) for a, b in old if place <= a < start]
        parts.append(text[place:start])
        if start < len(text):
            words = instead(kind)
            gap = (
                1
                if not words and text[end : end + 1] == " " and text[start - 1 : start] in ("", " ", "\n")
                else 0
            )
            parts.append(words)
            new.append((start + shift, start + shift + len(words)))
            shift += len(words) - (end + gap - start)
            place = end + gap
    return "".join(parts), new


def _together(folded: Folded, spans: list[Span], names: set[str]) -> list[Span]:
    """Return the spans in order, those that overlap or stand side by side made one."""
    flat = folded.flat
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        last = merged[-1] if merged else None
        if last and span.start < last.end:
            kind = last.kind if last.end - last.start >= span.end - span.start else span.kind
            merged[-1] = Span(last.start, max(last.end, span.end), kind)
            continue
        if last and last.kind is span.kind and span.start - last.end <= _WINDOW:
            between = flat[last.end : span.start]
            words = re.findall(r"[^\W_]+", between)
            slight = span.kind is Identifies.NAME and len(words) < 3 and all(word in names for word in words)
            if _BESIDE.fullmatch(between) or (slight and words and not SENTENCE_END.search(between)):
                merged[-1] = last._replace(end=span.end)
                continue
        merged.append(span)
    return merged
