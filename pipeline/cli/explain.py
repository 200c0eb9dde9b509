"""The command explain: a rule, or who may see an answer."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from forms.answers import long_date
from forms.catalogue import FORMS
from forms.definition import Form, Found
from forms.information import Information
from pipeline.agency import AgencyKind
from pipeline.cli import common, notification
from pipeline.flow import form_of
from pipeline.protocol.consent import hidden_when_anonymous
from pipeline.protocol.need_to_know import needs
from pipeline.protocol.rule import Rule
from pipeline.protocol.rulebook import RULES
from pipeline.rulebook_page import HEADERS, history_told, need_rows, told


@click.command
@click.argument("what", metavar="[RULE-OR-FIELD]", required=False)
@click.option(
    "--form", "form_id", type=click.Choice(list(FORMS)), default="marac", show_default=True, help="Whose field."
)
@notification.options
@common.json_option
@common.area_option
@common.in_words
def explain(what: str | None, *, form_id: str, as_json: bool, area_folder: Path, **asked: Any) -> None:
    """Explain a rule, who may see an answer, or whether registration would follow.

    With nothing named, all rules are listed; a form lists its questions by name; `need-to-know` is the whole table of who needs to know what. `notification`
    says whether sex offender registration would follow from an offence, and by which row; without an offence, all rows.

    Example: sealpack explain SHARE-11
    Example: sealpack explain victim.permanent_address
    Example: sealpack explain mappa-a.risk.overall
    Example: sealpack explain mappa-j
    Example: sealpack explain need-to-know --form camp
    Example: sealpack explain notification --offence "sexual assault" --age 34 --sentence "community order, 18 months"
    """
    if what == notification.SUBJECT:
        notification.explain(asked, as_json=as_json)
        return
    notification.refuse_elsewhere(asked)
    first, _, rest = (what or "").partition(".")
    form_id, what = (first, rest) if first in FORMS and rest else (form_id, what)
    if what is None:
        list_rules(as_json=as_json)
    elif what.upper() in RULES:
        _rule(RULES[what.upper()], as_json=as_json)
    elif what == "need-to-know":
        _need_to_know(FORMS[form_id], as_json)
    elif what in FORMS:
        _questions(form_of(common.maybe_area(area_folder), what), as_json)
    else:
        form = form_of(common.maybe_area(area_folder), form_id)
        try:
            _field(form, form.find(what), as_json=as_json)
        except KeyError:
            near = get_close_matches(what, [*RULES, *FORMS, *(one.path for one in form.asks())], 1)
            common.fail(
                f"{what} is neither a rule nor a question of {form_id}{f'; did you mean {near[0]}?' if near else '.'}",
                f"Run `sealpack explain` for the rules, and `sealpack explain {form_id}` for the questions of that form, "
                "named like marac.victim.permanent_address.",
                common.WRONG_USE,
            )


def list_rules(*, as_json: bool) -> None:
    """Print every rule with its effect and what it says."""
    _table(
        ("Rule", "Effect", "What it says"),
        [(one.id, ", ".join(one.effects), one.label) for one in RULES.values()],
        as_json,
    )


def _rule(rule: Rule, *, as_json: bool) -> None:
    lines = told(rule)
    if as_json:
        common.say_json(lines | {"history": history_told(rule)})
        return
    for name, value in lines.items():
        click.echo(f"{name.capitalize():<11} {value}")
    steps = [(long_date(day), what) for day, what in rule.history]
    width = max(len(day) for day, _ in steps)
    for name, (day, what) in zip(("History", *[""] * len(steps)), steps, strict=False):
        click.echo(f"{name:<11} {day:<{width}}  {what}")


def _field(form: Form, found: Found, *, as_json: bool) -> None:
    classes = (found.ask.about, *found.ask.also)
    rows = [row for one in classes if (row := needs().get((form.knowing, one)))]
    # An answer of several classes is for those who need to know all of them.
    kinds = sorted(frozenset.intersection(*(row.kinds for row in rows))) if len(rows) == len(classes) else []
    holder = AgencyKind(found.ask.holder).words if found.ask.holder else ""
    who = [kind.words for kind in kinds] + ([f"{holder} (its own)"] if holder else [])
    answer: dict[str, Any] = {
        "question": f"{found.section.title}: {found.ask.label}",
        "class of information": ", ".join(one.value for one in classes),
        "who may see it": who,
        "why": "; ".join(row.reason for row in rows) or "no row of the need-to-know table allows it",
        "source": "; ".join(dict.fromkeys(row.source for row in rows)),
    }
    if found.section.kept:
        answer |= {
            "who may see it": ["nobody: it stays with the sender"],
            "why": RULES["SHARE-5"].label,
            "source": "SHARE-5",
        }
    if RULES["CONSENT-2"].concerns(form):
        answer["in an anonymous case"] = "withheld (CONSENT-2)" if hidden_when_anonymous(found) else "shown"
    if RULES["SHARE-9"].concerns(form) and Information.VICTIM in classes:
        answer["if its supplier does not agree"] = "withheld (SHARE-9)"
    answer["everybody else"] = "Not shared (SHARE-11)"
    if as_json:
        common.say_json(answer)
        return
    for name, value in answer.items():
        click.echo(f"{name.capitalize():<21} {', '.join(value) if isinstance(value, list) else value}")


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]], as_json: bool) -> None:
    if as_json:
        common.say_json([dict(zip((one.lower() for one in headers), row, strict=True)) for row in rows])
    else:
        common.table(headers, rows)


def _questions(form: Form, as_json: bool) -> None:
    """Print every question of a form with the name by which an area's settings and messages call it."""
    rows = [
        (
            one.path,
            f"{one.section.title}: {one.ask.label}",
            ", ".join(about.value for about in (one.ask.about, *one.ask.also)),
        )
        for one in form.asks()
    ]
    _table(("Name", "Question", "Information"), rows, as_json)


def _need_to_know(form: Form, as_json: bool) -> None:
    """Print class of information × kind of agency."""
    _table(HEADERS, need_rows(form), as_json)
