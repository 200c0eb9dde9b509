"""What somebody wants done with packs that are opened, as the options of the command say it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.cli import common
from pipeline.opening import Taken
from pipeline.pack import BadPack


@dataclass(frozen=True)
class Wish:
    """What is to be done with each pack.

    Attributes:
        folder: where papers are written; None if they are not.
        list_only: say what is in it and write nothing.
        case: the one case whose papers are written, or "" for all.
        member: the one paper that goes to standard output, or "".
        accept: the terms are accepted without being asked for.
        again: also what was opened before.
        today: the day.
    """

    folder: Path | None
    list_only: bool
    case: str
    member: str
    accept: bool
    again: bool
    today: dt.date

    @property
    def to_standard_output(self) -> bool:
        """Whether standard output is for the paper alone."""
        return bool(self.member)

    def refuse_wrong_use(self, files: Sequence[Path]) -> None:
        """Stop at wishes that do not go together."""
        if sum((self.list_only, bool(self.case), bool(self.member))) > 1:
            common.fail(
                "--list, --only and --to-stdout do not go together.", "Take one of them.", common.WRONG_USE
            )
        if not (self.folder or self.list_only or self.member):
            common.fail("Where are the papers to be written?", "Name a folder with -o.", common.WRONG_USE)
        if self.member and len(files) != 1:
            common.fail("--to-stdout takes a paper of one pack.", "Name one pack.", common.WRONG_USE)

    def papers(self, taken: Taken) -> tuple[str, ...]:
        """Return the names of the papers of a pack that are wished for.

        Raises:
            BadPack: the pack has no such case or paper.
        """
        papers = taken.manifest.members
        if self.case:
            names = tuple(one.name for one in papers if one.case == self.case)
            cases = ", ".join(dict.fromkeys(one.case for one in papers if one.case)) or "none"
            if not names:
                raise BadPack(
                    "no-such-case", f"This pack has no papers of {self.case}.", f"It has those of: {cases}."
                )
            return names
        if self.member and self.member not in taken.opened.papers:
            raise BadPack(
                "no-such-paper", f"This pack has no paper {self.member}.", "See its papers with --list."
            )
        return (self.member,) if self.member else tuple(one.name for one in papers)
