"""What stands beside each of several choices: written and read, side by side."""

from collections.abc import Mapping
from typing import Any

from forms.answers import Raw, Unreadable, pick
from forms.definition import Ask
from pipeline.workbook.formula import YES

TICKS = frozenset({"yes", "y", "x", "true", "1", "✓", "✔", "☑", "☒"})
_NO_TICKS = frozenset({"no", "n", "false", "0", "☐"})


def taken(ask: Ask, raw: Any) -> dict[str, Raw]:
    """Return what stands beside each choice, by its key, given several choices as they were answered."""
    if isinstance(raw, Mapping):
        return dict(raw)
    marks: dict[str, Raw] = {}
    for one in raw if isinstance(raw, list | tuple) else [raw]:
        try:
            marks[pick(one, ask.choices)] = YES
        except Unreadable:
            continue
    return marks


def mark(raw: Raw, key: str, ask: Ask) -> bool | None:
    """Return whether what stands beside a choice takes it, or None if that cannot be said."""
    said = str(raw).strip().rstrip(".").casefold()
    if said in TICKS:
        return True
    if said in _NO_TICKS:
        return False
    try:
        return True if pick(raw, ask.choices) == key else None  # somebody wrote the choice itself
    except Unreadable:
        return None


def odd(marks: Mapping[str, Raw], ask: Ask) -> list[str]:
    """Return the keys of the choices beside which stands neither yes nor no."""
    return [key for key, raw in marks.items() if mark(raw, key, ask) is None]
