"""SharedView: a referral as one kind of recipient may see it. A withheld answer does not hold the value."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from forms.definition import Form


@dataclass(frozen=True)
class Shared:
    """An answer that may be seen, as text for a page; lines are parted by line breaks."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class NotKnown:
    """Somebody answered that it is not known."""


@dataclass(frozen=True)
class NotAnswered:
    """The question was left open."""


@dataclass(frozen=True)
class Withheld:
    """An answer, or a whole table, that this recipient does not get; open or not, it looks the same (SHARE-14)."""

    rule: str


SharedAnswer = Shared | NotKnown | NotAnswered | Withheld


@dataclass(frozen=True)
class SharedView:
    """What a renderer is given, and all that it is given.

    Two recipients who may see the same get the same view, so that it is drawn once: who receives it stands in a Stamp.

    Attributes:
        form: labels and order; never an answer.
        case: the case reference, which names nobody.
        marking: in capitals, as printed: "OFFICIAL-SENSITIVE".
        answers: path with row numbers → answer, every question of the referrer; rows of a withheld table are not here.
        rows: path of a table → how many rows, or Withheld for the table as a whole.
        notes: statements that a rule puts on the page, such as that the case is brought anonymously.
    """

    form: Form
    case: str
    marking: str
    answers: Mapping[str, SharedAnswer] = field(repr=False)
    rows: Mapping[str, int | Withheld] = field(repr=False)
    notes: tuple[str, ...] = ()

    def digest(self) -> str:
        """Return SHA-256 over all that can be seen, hexadecimal: another referral that shows the same has the same."""
        seen = [
            [self.form.id, self.form.edition, self.case, self.marking, *self.notes],
            [[path, type(one).__name__, vars(one)] for path, one in self.answers.items()],
            [[path, vars(one) if isinstance(one, Withheld) else one] for path, one in self.rows.items()],
        ]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()

    def withheld(self) -> Mapping[str, str]:
        """Return path → rule for everything withheld."""
        whole = {path: rows.rule for path, rows in self.rows.items() if isinstance(rows, Withheld)}
        return whole | {path: one.rule for path, one in self.answers.items() if isinstance(one, Withheld)}


@dataclass(frozen=True)
class Document:
    """One paper of a pack: its bytes, its marking, and its name inside the pack, which bears no person's name."""

    name: str
    content: bytes = field(repr=False)
    marking: str
    title: str
