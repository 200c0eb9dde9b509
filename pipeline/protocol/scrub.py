"""Taking out of text what a recipient may not see: closed answers that somebody repeats in another (CONSENT-2, SHARE-11)."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from forms import answers
from forms.answers import NOT_KNOWN, Address, plain
from forms.definition import Ask, Found
from forms.information import Identifies, Information
from pipeline.area import Area
from pipeline.checked import Checked
from pipeline.meeting import Meeting
from pipeline.protocol.anonymous import Secret, mentions_of
from pipeline.protocol.consent import hidden_when_anonymous
from pipeline.protocol.folded import fold


@dataclass(frozen=True)
class Surroundings:
    """What is known around a case, for taking mentions out of its text.

    Attributes:
        public: phrases that tell nothing: places of the area, agencies and the professionals who work there.
        elsewhere: what identifies the clients of other cases that are brought anonymously.
        whole: finds each of those clients by first and last name together, also where somebody else's name or address is asked.
    """

    public: tuple[str, ...] = ()
    elsewhere: tuple[Secret, ...] = field(default=(), repr=False)
    whole: tuple[re.Pattern[str], ...] = field(default=(), repr=False)


class Scrub:
    """Takes what is closed out of what is shown: out of free text every mention, out of names and addresses a closed address.

    An address or a name that the recipient may see stays whole, even where a closed answer shares a word with it; so do
    the details of professionals. What somebody typed beside it ("now at ...") does not.
    """

    def __init__(
        self, checked: Checked, closed: Mapping[str, str | None], around: Surroundings, *, anonymous: bool
    ) -> None:
        self._rule = "CONSENT-2" if anonymous else "SHARE-11"
        self._whole = around.whole
        secrets = secrets_of(checked, closed, keen=anonymous)
        self._is_needed = bool(secrets or around.elsewhere or anonymous)
        if not self._is_needed:
            return
        places = [one for one in secrets if one.kind in (Identifies.ADDRESS, Identifies.PHONE)]
        of_secrets = {plain(line) for one in places for line in _lines(one.value)}
        professionals, people = _held(checked)
        public = [*around.public, *_shown(professionals, closed)]
        shown = _shown(people, closed)
        beside = mentions_of(places, public)
        own = [line for line in shown if plain(line) in of_secrets or not beside.found(line)]
        self._places = mentions_of(places, [*public, *own])
        # In an anonymous case, an identifier that no question holds goes as well.
        self._all = mentions_of(secrets, [*public, *own], sweep=anonymous)
        self._elsewhere = mentions_of(around.elsewhere, [*public, *own])

    def __call__(self, ask: Ask, text: str) -> str:
        """Return the text as it may be shown."""
        if not self._is_needed:
            return text
        if not any(ask.kind is kind for kind in _TYPED):
            return text
        if ask.identifies:
            for name in self._whole:
                text = _without_whole(text, name, _instead("CONSENT-2")(Identifies.NAME))
            return self._places.take_out(text, _instead(self._rule))
        return self._all.take_out(self._elsewhere.take_out(text, _instead("CONSENT-2")), _instead(self._rule))


_TYPED = (answers.TEXT, answers.LONG, answers.ADDRESS)
"""Kinds of answers in which somebody can write what is no part of the answer."""


def _is_professional(found: Found) -> bool:
    """Say whether an answer is the name, agency, number or e-mail of a professional; other lines about one can hold anything."""
    exact = found.ask.kind in (answers.PHONE, answers.EMAIL) or found.ask.key in ("name", "agency")
    return found.ask.about is Information.REFERRER and exact


@cache
def _instead(rule_id: str) -> Callable[[Identifies], str]:
    """Return what stands in place of a mention: the rule that closes it (SHARE-14), and of its kind the least.

    That a name stood there makes the sentence readable. That a school or a surgery did would tell what it is called,
    wherever a street is called the same.
    """
    return lambda kind: (
        f"[name: not shared, {rule_id}]" if kind is Identifies.NAME else f"[not shared, {rule_id}]"
    )


_Held = tuple[tuple[str, Found, object], ...]


@lru_cache(maxsize=200)
def _held(checked: Checked) -> tuple[_Held, _Held]:
    """Return the answers of a case that are details of professionals, and those that would give somebody away."""
    paths = checked.paths()
    return (
        tuple(one for one in paths if _is_professional(one[1])),
        tuple(one for one in paths if one[1].ask.identifies is not None),
    )


def _shown(held: _Held, closed: Mapping[str, str | None]) -> list[str]:
    """Return the lines of the answers that are shown."""
    return [line for path, _, value in held if not closed[path] for line in _lines(value)]


def _lines(value: object) -> list[str]:
    if isinstance(value, Address):
        return [*value.lines, *([value.postcode] if value.postcode else [])]
    return [value] if isinstance(value, str) else []


def secrets_of(checked: Checked, closed: Mapping[str, str | None], *, keen: bool = False) -> list[Secret]:
    """Return everything closed that would give somebody away in free text (CONSENT-2, SHARE-11).

    Args:
        checked: the referral.
        closed: path → the rule that closes it, or None.
        keen: look harder, and rather take out too much; a victim's whereabouts are always looked for like that.
    """
    return [
        Secret(found.ask.identifies, value, keen or found.ask.about is Information.WHEREABOUTS)
        for path, found, value in _held(checked)[1]
        if found.ask.identifies is not None and closed[path] and value not in (None, NOT_KNOWN)
    ]


def around(area: Area, meeting: Meeting, anonymous: Mapping[str, Checked]) -> Callable[[str], Surroundings]:
    """Return a function from a case reference to what is known around that case.

    Args:
        area: its places, agencies and named contacts tell nothing.
        meeting: nor does who chairs.
        anonymous: reference → referral of the cases whose clients are named nowhere, in other cases neither.
    """
    public = [*area.settings.place_names, meeting.chair.name, area.settings.sender.name]
    for agency in area.agencies:
        public += [
            agency.name,
            *(word for one in agency.spocs for word in (one.name, one.telephone, one.email) if word),
        ]
    clients = {reference: _client_of(checked) for reference, checked in anonymous.items()}
    whole = {reference: _whole_name(checked) for reference, checked in anonymous.items()}
    return lambda case: Surroundings(
        tuple(public),
        tuple(one for reference, some in clients.items() if reference != case for one in some),
        tuple(name for reference, name in whole.items() if reference != case and name),
    )


def _whole_name(checked: Checked) -> re.Pattern[str] | None:
    """Return what finds the client's names in a folded text: a forename with the surname, in either order, and each alias of two words."""
    subject = checked.form.subject
    last, first = (checked[f"{subject}.{part}"] for part in ("surname", "forenames"))
    ways = []
    if isinstance(last, str) and isinstance(first, str):
        surnames = [_loosely(part) for part in re.split(r"\(|\)|\bn[ée]e\b", last) if _loosely(part)]
        forenames = [_loosely(part) for part in first.split() if len(part) > 1 and _loosely(part)]
        # Nothing, as names of some scripts stand; or a gap, and two names at most. No sign is of both kinds, or a row of
        # underscores would be tried in every way there is.
        between = r"(?:[\W_]+(?:[^\W_]+[\W_]+){0,2})?"
        ways += [rf"{a}{between}{b}" for a in forenames for b in surnames]
        ways += [rf"{b}{between}{a}" for a in forenames for b in surnames]
    for part in ("aliases", "nicknames"):
        asked = f"{subject}.{part}"
        said = checked[asked] if any(found.path == asked for found in checked.form.asks()) else None
        aliases = re.split(r"[,;/\n]", said) if isinstance(said, str) else []
        ways += [_loosely(alias) for alias in aliases if len(alias.split()) > 1]
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)") if ways else None


def _loosely(name: str) -> str:
    """Return a pattern for a name in a folded text, whatever stands between its parts."""
    return r"[\W_]*".join(re.escape(word) for word in re.findall(r"[^\W_]+", fold(name).flat))


def _without_whole(text: str, name: re.Pattern[str], instead: str) -> str:
    folded = fold(text)
    for found in reversed(list(name.finditer(folded.flat))):
        start, end = folded.span(*found.span())
        text = f"{text[:start]}{instead}{text[end:]}"
    return text


def _client_of(checked: Checked) -> list[Secret]:
    closed = {path: "CONSENT-2" if hidden_when_anonymous(found) else None for path, found, _ in checked.paths()}
    return secrets_of(checked, closed, keen=True)


def without_people(text: str, cases: Iterable[Checked], others: Iterable[str] = ()) -> str:
    """Return the reason of a decision without the people in these cases, nor anything that looks like somebody's number (RECORD-7).

    Args:
        text: the reason.
        cases: every case of the meeting, as far as it could be read.
        others: names of people besides.
    """
    for checked in cases:
        closed = {path: "RECORD-7" for path, _, _ in checked.paths()}
        text = _everybody(secrets_of(checked, closed, keen=True), text)
    named = [Secret(Identifies.NAME, name, keen=True) for name in others if name.strip()]
    return _everybody(named, text, sweep=True)


def _everybody(secrets: Iterable[Secret], text: str, *, sweep: bool = False) -> str:
    return mentions_of(secrets, sweep=sweep).take_out(text, _kind_of_it)


def _kind_of_it(kind: Identifies) -> str:
    return f"[{kind.value}]"


def without_reference(text: str, reference: str) -> str:
    """Return a text without a case reference, however it is written; and without its number alone, where that is one (SHARE-4)."""
    parts = [re.escape(part) for part in reference.split("-")]
    gap = r"[\s\-\u2010-\u2015/_.]*"
    # A number of four digits that is no year is hardly anything else.
    alone = rf"|{parts[-1]}" if re.fullmatch(r"(?!19|20)\d{4}", parts[-1]) else ""
    return re.sub(
        rf"(?<![\w-])(?:{gap.join(parts)}{alone})(?![\w-])", "[another case]", text, flags=re.IGNORECASE
    )
