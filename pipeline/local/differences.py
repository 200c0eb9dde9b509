"""What an area may say of a form in its own folder: `forms/<form>.toml` and `forms/lists.toml`, read with their lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints, ValidationError

from forms import answers
from forms.answers import Choice, Kind
from forms.information import Information
from pipeline.agency import Text, Words
from pipeline.problem import Problem
from pipeline.settings import Settings, Unusable, faults, lines_of, misplaced, parsed_text

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Options = Annotated[dict[Key, Words], Field(min_length=2, max_length=200)]
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        answers.TEXT,
        answers.LONG,
        answers.DATE,
        answers.DATE_OR_AGE,
        answers.COUNT,
        answers.PHONE,
        answers.EMAIL,
        answers.POSTCODE,
        answers.ADDRESS,
        answers.CHOICE,
        answers.CHOICES,
        answers.YES_NO,
        answers.YES_NO_UNKNOWN,
    )
}


class Changed(Settings):
    """What an area has otherwise of a question that the form asks.

    Attributes:
        asked: for a question that is asked only where an area wants it.
        choices: key → label, in the order of the list.
    """

    label: Words | None = None
    help: Text | None = None
    required: Literal[True] | None = None
    hidden: bool = False
    asked: bool = False
    choices: Options | None = None


class Added(Settings):
    """A question of an area's own; `after` is the question that it follows, the last of its section if it is not given.

    `names` says that its answer names somebody: where it is withheld, that name is taken out of free text too.
    """

    label: Words
    kind: str = "text"
    about: Information
    help: Text = ""
    example: Text = ""
    required: bool = False
    unknown: bool = False
    names: bool = False
    after: str = ""
    choices: Options | None = None


class Differences(Settings):
    """`forms/<form>.toml`: question path → what is otherwise, and path → question that is added."""

    question: dict[str, Changed] = Field(default_factory=dict)
    add: dict[str, Added] = Field(default_factory=dict)


class Lists(Settings):
    """`forms/lists.toml`: lists that all forms of the area use."""

    ethnicity: Options | None = None
    agencies: Options | None = None
    drugs: Options | None = None


@dataclass(frozen=True)
class Origin:
    """A file of differences, and where in it things stand."""

    name: str
    lines: Mapping[tuple[str, ...], int]

    def wrong(self, why: str, *where: str) -> Problem:
        """Return the problem of a setting, named with its line as far as that is known."""
        way = where
        while way and way not in self.lines:
            way = way[:-1]
        line = f"line {self.lines[way]}: " if way else ""
        return misplaced(self.name, line + " ".join(where), why)


S = TypeVar("S", bound=Settings)


def loaded(model: type[S], text: str, name: str) -> tuple[S, Origin]:
    """Return what a text of settings says, and where in it things stand; `name` is what messages call the file.

    Raises:
        Unusable: it is not TOML, or says something that is not known or not right, with the line.
    """
    content, where = parsed_text(text, name), Origin(name, lines_of(text))
    try:
        return model.model_validate(content), where
    except ValidationError as error:
        raise Unusable(tuple(faults(error, name, where.lines))) from None


def choices_of(options: Mapping[str, str]) -> tuple[Choice, ...]:
    """Return a list, given its key → label."""
    return tuple(Choice(key, label) for key, label in options.items())


def has_doubles(choices: tuple[Choice, ...]) -> bool:
    """Say whether two answers of a list have the same words."""
    return len({answers.plain(one.label) for one in choices}) < len(choices)
