"""`sealpack explain notification`: would sex offender registration follow from an offence, and by which row?"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from pipeline.cli import common
from pipeline.cli.sentences import Sentence, read_sentence
from pipeline.protocol.notification import (
    SECTION_3,
    Answer,
    Facts,
    Outcome,
    Row,
    find_offence,
    notification,
    rows,
)
from pipeline.protocol.schedule_3 import ACTS, Period

F = TypeVar("F", bound=Callable[..., Any])

SUBJECT = "notification"
_AGE = click.IntRange(0, 120)
_OPTIONS = (
    ("offence", None, "TEXT", "the offence: its name, its section or its key."),
    ("age", _AGE, "YEARS", "the offender's age at the offence."),
    ("sentence", None, "TEXT", 'sentence or disposal, such as "community order, 18 months".'),
    ("victim-age", _AGE, "YEARS", "the victim's age at the offence."),
    ("committed", common.Day(), "DATE", "the day of the offence."),
    ("convicted", common.Day(), "DATE", "the day of the conviction or caution."),
    ("sentenced", common.Day(), "DATE", "the day of the sentence."),
)
_EXAMPLE = (
    'sealpack explain notification --offence "sexual assault" --age 34 --sentence "community order, 18 months"'
)
_SENTENCES = (
    'Write one kind, and its length if it has one: "imprisonment, 30 months", "suspended sentence, 2 years", '
    '"detention and training order, 12 months", "community order, 18 months", '
    '"community order with unpaid work, 12 months", "conditional discharge", "hospital order", "fine", "caution".'
)
_PERIODS = {Period.BEFORE: "before 1 May 2004", Period.FROM: "from 1 May 2004"}
_NOTE = (
    "This checks a claim against the printed table of 2008; it is not legal advice. "
    "A civil order may bring the requirement by itself."
)


def options(command: F) -> F:
    """Add the options that are for this subject only; `asked` of :func:`explain` has those that were given."""
    for name, kind, metavar, words in reversed(_OPTIONS):
        command = click.option(f"--{name}", type=kind, metavar=metavar, help=f"With {SUBJECT}: {words}")(
            command
        )
    return command


def given(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that were given, by name."""
    return {name: value for name, value in asked.items() if value is not None}


def refuse_elsewhere(asked: Mapping[str, Any]) -> None:
    """Fail if an option of this subject was given with another."""
    if names := [f"--{name.replace('_', '-')}" for name in given(asked)]:
        verb = "is" if len(names) == 1 else "are"
        common.fail(
            f"{', '.join(names)} {verb} only for `sealpack explain {SUBJECT}`.",
            f"Leave out what does not belong, or ask: {_EXAMPLE}",
            common.WRONG_USE,
        )


def explain(asked: Mapping[str, Any], *, as_json: bool) -> None:
    """Print the answer; without an offence, every row of the table."""
    known = given(asked)
    if "offence" in known:
        row = _row(known.pop("offence"))
        sentence = _sentence(known.pop("sentence", None))
        facts = Facts(row.key, disposal=sentence.disposal, months=sentence.months, **known)
        _tell(notification(facts), facts, as_json)
    elif known:
        common.fail("The offence is missing.", f"Name it: {_EXAMPLE}", common.WRONG_USE)
    else:
        _list(as_json)


def _list(as_json: bool) -> None:
    headers = ("Chart", "Row", "Offence", "Adult", "Young")
    cells = [
        (str(row.chart), str(row.number), row.label, row.adult.text, row.young.text) for row in rows().values()
    ]
    if as_json:
        names = ("key", *map(str.lower, headers))
        keyed = zip(rows(), cells, strict=True)
        common.say_json([dict(zip(names, (key, *row), strict=True)) for key, row in keyed])
        return
    common.table(headers, cells)
    for short, act in ACTS.items():
        click.echo(f"{short:<9}  {act}")


def _row(text: str) -> Row:
    found = find_offence(text)
    if not found:
        common.fail(
            "No offence of the table is called so.",
            f"See them all with `sealpack explain {SUBJECT}`; name one by its words or its section.",
            common.WRONG_USE,
        )
    if len(found) > 1:
        lines = "\n".join(f"    {row.key:<34} {row.place:<16} {row.label}" for row in found)
        common.fail(
            f"{len(found)} offences of the table may be meant:\n{lines}",
            "Be more exact: give the name at the beginning of a line.",
            common.WRONG_USE,
        )
    return found[0]


def _tell(answer: Answer, facts: Facts, as_json: bool) -> None:
    outcome = answer.outcome.value
    if answer.outcome is Outcome.DEPENDS:
        outcome = f"depends on {'; '.join(answer.missing)}"
    row = answer.row
    assumed = "" if facts.committed or row.committed is Period.ANY else f"committed {_PERIODS[row.committed]}"
    told = {
        "notification": outcome,
        "offence": row.label,
        "row": row.place,
        "threshold": answer.threshold,
        "why": answer.why,
        "assumed": assumed,
        "look at": "; ".join(f"{other.place}, {other.label}" for other in answer.see),
        "source": f"{row.citation}; {SECTION_3.where}",
        "note": _NOTE,
    }
    if as_json:
        common.say_json(
            {**told, "notification": answer.outcome.value, "key": row.key, "missing": list(answer.missing)}
        )
        return
    for name, value in told.items():
        if value:
            click.echo(f"{name.capitalize():<12}  {value}")


def _sentence(text: str | None) -> Sentence:
    if text is None:
        return Sentence(None, None)
    try:
        return read_sentence(text)
    except ValueError as error:
        common.fail(str(error), _SENTENCES, common.WRONG_USE)
