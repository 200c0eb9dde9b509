"""Protective markings: who states them, how low they may be, and what a pack bears."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.area import Scheme
from pipeline.protocol.rule import CaseContext, Citation, Effect, On, Source, rule

_TV14 = Citation(Source.THAMES_VALLEY, "section 14, protective marking policy")
_B2C = Citation(Source.BROMLEY, "appendix 2 part C, confidentiality")
_B3A = Citation(Source.BROMLEY, "appendix 3 part A, confidentiality")
_WM = Citation(Source.WEST_MIDLANDS, "offenders and disclosure")

_PRESENT_SCHEME = (
    (
        dt.date(2014, 4, 2),
        "The government's present marking scheme (OFFICIAL, OFFICIAL-SENSITIVE) took the place of the older one (RESTRICTED, CONFIDENTIAL)",
    ),
)

_ORDER = {
    Scheme.PRESENT: ("official", "official_sensitive", "secret", "top_secret"),
    Scheme.OLDER: ("restricted", "confidential", "secret", "top_secret"),
}
_TOO_HIGH = ("secret", "top_secret")


@dataclass(frozen=True)
class Marking:
    """A marking of a scheme; `key` is that of the form's choice."""

    scheme: Scheme
    key: str

    @property
    def words(self) -> str:
        """The marking as printed, in capitals."""
        return "OFFICIAL-SENSITIVE" if self.key == "official_sensitive" else self.key.replace("_", " ").upper()

    @property
    def height(self) -> int:
        """How high it stands in its scheme, from 0."""
        return _ORDER[self.scheme].index(self.key)


def offered(scheme: Scheme) -> tuple[str, ...]:
    """Return the keys of the markings that an area of this scheme handles."""
    return tuple(key for key in _ORDER[scheme] if key not in _TOO_HIGH)


def printed(words: str) -> Marking:
    """Return the marking that is printed in these words; what no scheme has is taken for the highest there is."""
    every = (Marking(scheme, key) for scheme, keys in _ORDER.items() for key in keys)
    return next((one for one in every if one.words == words), Marking(Scheme.PRESENT, _TOO_HIGH[-1]))


def marking_of(case: CaseContext) -> Marking:
    """Return the originator's marking of a case that MARK-1 and MARK-5 let pass."""
    return Marking(case.area.scheme, case.checked["handling.marking"])


@rule("MARK-1", "The originator states the protective marking of each referral", Effect.REFUSE, On.CASE, _TV14)
def is_marked(case: CaseContext) -> str | None:
    """Refuse a referral without a marking."""
    return None if case.checked["handling.marking"] else "the referrer has stated no protective marking"


@rule(
    "MARK-2",
    "MARAC papers and e-mail are marked CONFIDENTIAL, today OFFICIAL-SENSITIVE",
    Effect.MARK,
    On.PAPERS,
    _B3A,
    changes=_PRESENT_SCHEME,
)
def confidential(scheme: Scheme) -> Marking:
    """Return the lowest marking that papers of a MARAC may bear, which is that of all compiled personal data too."""
    return Marking(scheme, "official_sensitive" if scheme is Scheme.PRESENT else "confidential")


@rule(
    "MARK-3",
    "MAPPA papers are CONFIDENTIAL, today OFFICIAL-SENSITIVE; under the older scheme a single file may be justified as RESTRICTED",
    Effect.MARK,
    On.PAPERS,
    _B2C,
    _TV14,
    _WM,
    changes=_PRESENT_SCHEME,
)
def mappa_floor(scheme: Scheme, *, justified: bool) -> Marking:
    """Return the lowest marking that a MAPPA file may bear; `justified` says that its originator gave a reason."""
    return Marking(scheme, "restricted") if justified and scheme is Scheme.OLDER else confidential(scheme)


def floor(case: CaseContext) -> Marking:
    """Return the lowest marking that a referral may bear, by the panel that its form refers to."""
    if case.form.panel == "mappa":
        asked = case.form.telling("handling.lower_reason")
        return mappa_floor(case.area.scheme, justified=asked is not None and bool(case.checked[asked.path]))
    return confidential(case.area.scheme)


@rule(
    "MARK-4",
    "Compiled personal data is at least CONFIDENTIAL, and a pack bears the highest marking in it",
    Effect.MARK,
    On.PAPERS,
    _TV14,
    changes=_PRESENT_SCHEME,
)
def compiled(scheme: Scheme, markings: Iterable[Marking]) -> Marking:
    """Return the marking of a pack, agenda or minutes made of parts with these markings."""
    return max((confidential(scheme), *markings), key=lambda one: one.height)


@rule(
    "MARK-5",
    "An area uses one of two marking schemes, and nothing marked SECRET or above is handled",
    Effect.REFUSE,
    On.CASE,
    _TV14,
    changes=_PRESENT_SCHEME,
)
def is_of_the_scheme(case: CaseContext) -> str | None:
    """Refuse a marking of the other scheme, and SECRET and above."""
    key = case.checked["handling.marking"]
    if key in _TOO_HIGH:
        return "it is marked SECRET or above, which is never handled here"
    if key and key not in _ORDER[case.area.scheme]:
        return f"its marking is of another scheme than the area's ({', '.join(_words(case.area.scheme))})"
    return None


def _words(scheme: Scheme) -> list[str]:
    return [Marking(scheme, key).words for key in offered(scheme)]


@rule(
    "MARK-6",
    "Every page bears the marking at its top and at its bottom, with page x of y",
    Effect.MARK,
    On.PAPERS,
    _TV14,
    _B2C,
)
def on_every_page(marking: Marking) -> str:
    """Return the marking as it stands at the top and bottom of every page; renderers refuse a paper without it."""
    return marking.words


@rule(
    "MARK-7",
    "A marking lower than the floor of its form is refused, never silently raised",
    Effect.REFUSE,
    On.CASE,
    _TV14,
    _B2C,
)
def is_high_enough(case: CaseContext) -> str | None:
    """Refuse a referral marked lower than its panel's papers are."""
    key, lowest = case.checked["handling.marking"], floor(case)
    if key not in offered(case.area.scheme) or Marking(case.area.scheme, key).height >= lowest.height:
        return None
    return f"its marking is lower than {lowest.words}: ask the referrer to mark it again"
