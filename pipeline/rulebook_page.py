"""The rulebook as a page to read, made from the rules and the need-to-know table alone, so that it cannot go stale."""

import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from forms.answers import long_date
from forms.catalogue import FORMS
from forms.definition import Form
from forms.information import Information
from pipeline.agency import AgencyKind
from pipeline.protocol.decisions import SCOPE
from pipeline.protocol.need_to_know import needs, nothing_for
from pipeline.protocol.rule import Effect, Rule, Source
from pipeline.protocol.rulebook import RULES

SUBJECTS = {
    "Marking": ("MARK",),
    "Sending": ("SEND",),
    "Sharing": ("SHARE",),
    "Consent and purpose": ("CONSENT", "PURPOSE"),
    "Referrals": ("REFER",),
    "Time": ("TIME",),
    "Records": ("RECORD",),
}
"""The parts of the rulebook in order, each with the words that the ids of its rules begin with."""

_TITLE = "Rulebook"
_INTRODUCTION = (
    "What sealpack does by rule: whether a referral is taken, who gets what of it, how it is marked and sent, and what is written down. "
    "Each rule says where it comes from, and since when. The words are ours; the documents are the cited ones."
)
_NEED_TO_KNOW = (
    "For each form, which kind of agency may see which class of information. What no row allows is withheld (SHARE-11). "
    'A source "judgement" means that no protocol decides it: a panel reads those rows before it relies on them. '
    "The others are called by their letters, with the section or appendix after them:"
)
_SHORT = {
    Source.BROMLEY: "B",
    Source.THAMES_VALLEY: "TV",
    Source.WEST_MIDLANDS: "WM",
    Source.LONDON: "L",
    Source.RICHMOND: "R",
    Source.CJA: "CJA",
}
"""The sources as the need-to-know table calls them, with the section after it: B3A is appendix 3 part A of Bromley's."""
SET_ASIDE = "by a named person in a named role, in writing"
"""How a rule that is open to a decision is set aside."""


def set_aside(rule: Rule) -> str:
    """Return who may set a rule aside, and for what."""
    return f"{SET_ASIDE}, for {SCOPE[rule.on]}" if rule.open_to_decision else "by nobody"


HEADERS = ("Information", "Who needs to know", "Source", "Why")


def what_it_does(rule: Rule) -> str:
    """Return the first paragraph of what the function that carries a rule out says of itself, in one line."""
    return " ".join(inspect.cleandoc(rule.carried_out.__doc__ or "").partition("\n\n")[0].split())


def told(rule: Rule) -> dict[str, str]:
    """Return what there is to tell of a rule in a line each, name → words; its history is for itself."""
    return {
        "rule": rule.id,
        "says": rule.label,
        "effect": ", ".join(rule.effects),
        "looks at": rule.on.value,
        **({"forms": ", ".join(sorted(rule.forms))} if rule.forms else {}),
        "set aside": set_aside(rule),
        "holds from": long_date(rule.since),
        "source": "; ".join(map(str, rule.citations)),
    }


def history_told(rule: Rule) -> list[dict[str, str]]:
    """Return the steps of a rule's history in order, for a program: the day as 2008-05-01, and what came."""
    return [{"day": day.isoformat(), "what": what} for day, what in rule.history]


def subjects(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """Return the rules by subject, those of a subject by the number in their id.

    Raises:
        KeyError: an id begins with a word of no subject.
    """
    places = {word: (title, n) for title, words in SUBJECTS.items() for n, word in enumerate(words)}
    found: dict[str, list[tuple[int, int, Rule]]] = {title: [] for title in SUBJECTS}
    for one in rules:
        word, _, number = one.id.partition("-")
        title, place = places[word]
        found[title].append((place, int(number), one))
    return {
        title: [rule for *_, rule in sorted(those, key=lambda one: one[:2])] for title, those in found.items()
    }


def need_rows(form: Form) -> list[tuple[str, str, str, str]]:
    """Return the need-to-know table of a form, a row for each class of information under HEADERS."""
    rows = []
    for about in Information:
        need = needs().get((form.knowing, about))
        if need:
            kinds = sorted(kind.words for kind in need.kinds)
            who = "all" if need.kinds == frozenset(AgencyKind) else ", ".join(kinds)
            rows.append((about.value, who, need.source, need.reason))
    none = nothing_for()[form.knowing]
    rows.append(("nothing", ", ".join(sorted(kind.words for kind in none.kinds)), none.source, none.reason))
    return rows


def as_data() -> dict[str, Any]:
    """Return the whole rulebook for a program."""
    return {
        "effects": {effect.value: effect.means for effect in Effect},
        "subjects": [
            {
                "subject": title,
                "rules": [
                    told(one) | {"does": what_it_does(one), "history": history_told(one)} for one in rules
                ],
            }
            for title, rules in subjects(RULES.values()).items()
        ],
        "need to know": {
            form_id: [dict(zip((one.lower() for one in HEADERS), row, strict=True)) for row in need_rows(form)]
            for form_id, form in FORMS.items()
        },
    }


def markdown() -> str:
    """Return the whole rulebook as GitHub-flavoured Markdown, which ends with one newline."""
    return "\n".join(_lines()).rstrip("\n") + "\n"


def _lines() -> Iterator[str]:
    yield from (f"# {_TITLE}", "", _escaped(_INTRODUCTION), "", "## What a rule does when it bites", "")
    yield from _table(("Effect", "What it means"), [(effect.value, effect.means) for effect in Effect])
    yield from (
        "",
        _escaped(
            f"A rule that is open to a decision is set aside {SET_ASIDE}. The decision stands on the cover sheet and in the register."
        ),
        "",
    )
    for title, rules in subjects(RULES.values()).items():
        yield from (f"## {title}", "")
        for one in rules:
            yield from _rule(one)
    yield from ("## Who needs to know", "", _escaped(_NEED_TO_KNOW), "")
    yield from (f"* {short}: {_escaped(source)}" for source, short in _SHORT.items())
    yield ""
    for form_id, form in FORMS.items():
        yield from (f"### {_escaped(form.title)} (`{form_id}`)", "")
        yield from _table(HEADERS, need_rows(form))
        yield ""


def _rule(rule: Rule) -> Iterator[str]:
    about = told(rule)
    yield from (f"### {rule.id}: {_escaped(rule.label)}", "", _escaped(what_it_does(rule)), "")
    forms = ", ".join(f"`{one}`" for one in sorted(rule.forms)) or "all"
    for name in ("effect", "set aside"):
        yield f"* **{name.capitalize()}:** {_escaped(about[name])}"
    yield f"* **Forms:** {forms}"
    for name in ("looks at", "holds from"):
        yield f"* **{name.capitalize()}:** {_escaped(about[name])}"
    yield "* **History:**"
    yield from (f"  * {long_date(day)}: {_escaped(what)}" for day, what in rule.history)
    yield "* **Sources:**"
    yield from (f"  * {_escaped(str(one))}" for one in rule.citations)
    yield ""


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(map(_escaped, headers))} |"
    yield f"|{' --- |' * len(headers)}"
    for row in rows:
        yield f"| {' | '.join(map(_escaped, row))} |"


def _escaped(text: str) -> str:
    """Return words as Markdown shows them letter for letter; what stands between backticks stays code."""
    parts = " ".join(text.split()).split("`")
    if len(parts) % 2 == 0:  # a backtick without its fellow
        return re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", "`".join(parts))
    return "`".join(
        part.replace("|", r"\|") if n % 2 else re.sub(r"([\\*_\[\]<>|~])", r"\\\1", part)
        for n, part in enumerate(parts)
    )
