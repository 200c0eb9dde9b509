"""What is recorded of a share."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from pipeline.protocol.rule import Citation, Effect, On, Source, rule
from pipeline.register import RECEIVED, SEALED, WITHDRAWN, Entry

E = TypeVar("E", bound=Entry)


@rule(
    "RECORD-1",
    "Every share leaves an auditable record: what, to whom, by whom, when, why, on what basis",
    Effect.RECORD,
    On.PAPERS,
    Citation(Source.WEST_MIDLANDS, "lawful authority"),
)
def is_whole(entry: dict[str, str]) -> bool:
    """Say whether a register entry answers every question that an auditor asks."""
    return all(entry.get(part) for part in ("what", "to", "by", "at", "why", "basis"))


@rule(
    "RECORD-5",
    "The agency returns a slip that it has received, and the sender sees which are outstanding",
    Effect.RECORD,
    On.PAPERS,
    Citation(Source.WEST_MIDLANDS, "Job Centre Plus, roles"),
)
def without_receipt(entries: Sequence[E]) -> tuple[E, ...]:
    """Return the packs in force that nobody has confirmed, by the entries they were sealed with, in the order of the register.

    The source asks for it of the Jobcentre's notification alone. What form a case came on the register does not say, so it
    is asked of every pack.

    Args:
        entries: the whole register, or all of it that concerns the packs.
    """
    confirmed = {one.pack for one in entries if one.kind == RECEIVED}
    return tuple(one for one in in_force(entries) if one.pack not in confirmed)


def in_force(entries: Sequence[E]) -> tuple[E, ...]:
    """Return the entries of the packs that were sealed, and neither replaced nor withdrawn, in the order of the register."""
    gone = {one.supersedes for one in entries} | {one.pack for one in entries if one.kind == WITHDRAWN}
    return tuple(one for one in entries if one.kind == SEALED and one.pack not in gone)


@rule(
    "RECORD-7",
    "The record holds no more personal information than it needs: references, not stories",
    Effect.RECORD,
    On.PAPERS,
    Citation(Source.BROMLEY, "appendix 1 part C, principles"),
)
def without_story(text: str, take_out: Callable[[str], str]) -> str:
    """Return the reason of a decision as the register keeps it, mentions of the people in the case taken out."""
    return take_out(text)
