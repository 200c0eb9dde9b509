"""What is recorded of a share."""

from collections.abc import Callable

from pipeline.protocol.rule import Citation, Effect, On, Source, rule


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
    "RECORD-7",
    "The record holds no more personal information than it needs: references, not stories",
    Effect.RECORD,
    On.PAPERS,
    Citation(Source.BROMLEY, "appendix 1 part C, principles"),
)
def without_story(text: str, take_out: Callable[[str], str]) -> str:
    """Return the reason of a decision as the register keeps it, mentions of the people in the case taken out."""
    return take_out(text)
