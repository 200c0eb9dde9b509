"""The inner envelope of an opened pack in words (SEND-2, PURPOSE-1): what its reader sees before any paper is written."""

import textwrap
from collections.abc import Iterator

from forms.answers import long_date
from pipeline.manifest import Manifest
from pipeline.papers.cover import by_section
from pipeline.protocol.sending import inner_envelope, on_receipt

_WIDTH = 78


def inner(manifest: Manifest) -> Iterator[str]:
    """Yield the inner envelope (SEND-2) and the terms (PURPOSE-1), as lines to be printed."""
    yield f"\n{manifest.marking:^{_WIDTH}}\n"
    for name, value in _envelope(manifest).items():
        yield _fill(f"{name:<21} ", ", ".join(value.split("\n")))
    for notice in manifest.notices:
        yield _fill("\n", notice)
    yield "\nWhy you have it"
    yield from (_fill("  ", line) for line in manifest.purpose)
    yield "\nWhat you are asked to do"
    yield from (_fill("  - ", line) for line in manifest.expected)
    yield "\nHeld back from your agency"
    for part in manifest.withheld:
        yield _fill("  - ", f"{part.case}: {_held_back(part.questions)} ({part.rule})")
    if not manifest.withheld:
        yield "  Nothing."
    if manifest.decisions:
        yield "\nRules that a named person has set aside"
    for taken in manifest.decisions:
        told = f"{taken.case or 'All cases'}: {taken.rule}, {taken.label}."
        by = f"Set aside by {taken.by}, {taken.role}, {long_date(taken.on)}: {taken.reason}"
        yield _fill("  - ", f"{told} {by}")
    yield f"\n{manifest.marking:^{_WIDTH}}\n"


def _envelope(manifest: Manifest) -> dict[str, str]:
    meeting = manifest.meeting
    recovery = (
        {"Opens it besides": f"{manifest.recovery.name}, with the recovery key"} if manifest.recovery else {}
    )
    return {
        "Pack": manifest.pack,
        "For": manifest.agency_name,
        **inner_envelope(manifest),
        **recovery,
        "Signature": "holds, by a key that you have confirmed",
        "Meeting": ", ".join(
            filter(None, (meeting.title, long_date(meeting.date), meeting.time, meeting.place))
        ),
        "Basis": "; ".join(manifest.basis),
        "On receipt": on_receipt(),
        "Keep until": f"{long_date(manifest.keep_until)}, then destroy",
    }


def _held_back(questions: tuple[str, ...]) -> str:
    told = by_section(questions).items()
    return "; ".join(f"{section}: {', '.join(filter(None, held)) or 'all of it'}" for section, held in told)


def _fill(head: str, text: str) -> str:
    return textwrap.fill(
        " ".join(text.split()), _WIDTH, initial_indent=head, subsequent_indent=" " * len(head.lstrip("\n"))
    )
