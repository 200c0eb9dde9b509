"""How an answer's run looks: as the template has it, or in the style of what became of the answer."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from lxml import etree
from markupsafe import Markup

from pipeline.word.xml import NAMES, Element, W

TEXT, STATE, ROWS = "#text", "#state", "#rows"
"""What a template is given for an answer that is no plain text: what to print and in which style, or a table's rows."""

Said = str | dict[str, str]
Filters = Mapping[str, Callable[..., object]]
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_NAMESPACES = re.compile(r' xmlns:\w+="[^"]*"')
_AFTER_RTL = {
    f"{W}{name}" for name in ("cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath", "rPrChange")
}
_KEPT = {f"{W}{name}" for name in ("rFonts", "sz", "szCs")}
_TEXT = '<w:t xml:space="preserve">'
_BREAK = f"</w:t><w:br/>{_TEXT}"


class Look:
    """What stands around one tag's text.

    Args:
        properties: the run's properties in the template, or None.
        states: what became of an answer → the id of its character style.
    """

    def __init__(self, properties: Element | None, states: Mapping[str, str]) -> None:
        own = etree.Element(f"{W}rPr", nsmap=NAMES) if properties is None else properties
        self._own = _text(own) if len(own) else ""
        rtl = etree.SubElement(own, f"{W}rtl")
        after = next((child for child in own if child.tag in _AFTER_RTL), None)
        if after is not None:
            after.addprevious(rtl)
        self._right_to_left = _text(own)
        kept = [child for child in own if child.tag in _KEPT]
        size = "".join(_text(child) for child in kept)
        self._states = {
            state: f"<w:rPr><w:rStyle w:val={quoteattr(id_)}/>{size}</w:rPr>" for state, id_ in states.items()
        }

    def run(self, said: Said) -> Markup:
        """Return what became of an answer, with its line breaks, to stand inside the tag's own run; data never becomes markup."""
        if isinstance(said, dict):
            text, look = said[TEXT], self._states.get(said[STATE])
        else:
            text, look = said, self._right_to_left if _is_right_to_left(said) else None
        inner = escape(text).replace("\n", _BREAK)
        if look:  # a run of its own, after which the tag's goes on
            inner = f"</w:t></w:r><w:r>{look}{_TEXT}{inner}</w:t></w:r><w:r>{self._own}{_TEXT}"
        return Markup(inner)  # noqa: S704 - escaped above


def filters(looks: Sequence[Element | None], states: Mapping[str, str]) -> Filters:
    """Return the two filters that the code of a template uses: `run(number)` and `recorded`."""
    made = [Look(look, states) for look in looks]

    def run(said: Said, number: int) -> Markup:
        return made[number].run(said)

    return {"run": run, "recorded": recorded}


def recorded(said: object) -> bool:
    """Say whether there is anything to print: in an answer, a table or a section, withheld ones included."""
    match said:
        case {"#text": text, "#state": state}:
            return bool(text) and state != "not answered"
        case {"#rows": rows, **rest}:
            return bool(rows) or recorded(rest["said"])
        case dict():
            return any(recorded(one) for one in said.values())
        case _:
            return bool(said)


def _text(element: Element) -> str:
    return _NAMESPACES.sub("", etree.tostring(element, encoding="unicode"))


def _is_right_to_left(text: str) -> bool:
    """Say whether the first letter that has a direction goes from right to left (Unicode annex 9, P2)."""
    if not _RIGHT_TO_LEFT.search(text):
        return False
    return next(
        (d in ("R", "AL") for c in text if (d := unicodedata.bidirectional(c)) in ("L", "R", "AL")), False
    )
