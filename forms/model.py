"""From a form's sections: its own model, which reads and keeps its answers, and the JSON Schema of a referral."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from forms import answers
from forms.answers import Unreadable
from forms.asking import Ask, Filler, Section, Table


class Answers(BaseModel):
    """The base of every form's own model: frozen, and silent about what it holds."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, arbitrary_types_allowed=True
    )

    def __repr__(self) -> str:
        """Say what kind of thing this is, never what was answered."""
        return f"<{type(self).__name__}>"

    __str__ = __repr__


def model_of(
    form_id: str, sections: tuple[Section, ...], hidden: frozenset[str] = frozenset()
) -> type[Answers]:
    """Return a form's own model: a frozen pydantic class with an attribute for each section.

    Args:
        form_id: whose.
        sections: what is asked.
        hidden: paths of further questions, outside tables, that are always open.
    """
    made = {section.key: _section_model(section, hidden) for section in sections}
    name = f"{form_id.replace('-', '_')}_answers"
    return _model(name, {key: (one, Field(default_factory=one)) for key, one in made.items()})


def schema_of(
    model: type[Answers], form_id: str, edition: str, title: str, sections: tuple[Section, ...]
) -> dict[str, Any]:
    """Return the JSON Schema of a referral in JSON: form, edition and answers."""
    answered = model.model_json_schema(ref_template="#/$defs/{model}")
    definitions = answered.pop("$defs", {})
    for section in sections:
        required = [
            one.key for one in section.items if isinstance(one, Ask) and one.required and not one.computed
        ]
        if required and section.by is Filler.REFERRER:
            definitions[section.key]["required"] = required
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "required": ["form", "edition", "answers"],
        "additionalProperties": False,
        "properties": {
            "form": {"const": form_id},
            "edition": {"const": edition},
            "area": {"type": "string"},
            "answers": answered,
        },
        "$defs": definitions,
    }


def _field(ask: Ask) -> tuple[Any, Any]:
    def read(raw: Any) -> Any:
        if answers.is_blank(raw):
            return None
        try:
            return ask.read(raw)
        except Unreadable as unreadable:
            raise PydanticCustomError(
                "unreadable", "{code}", {"code": unreadable.code, "facts": unreadable.facts}
            ) from None

    schema = WithJsonSchema(ask.schema())
    return (Annotated[Any, BeforeValidator(read), schema], None)


def _model(name: str, fields: dict[str, Any]) -> type[Answers]:
    # The attributes are known when the form is, not when this is written, so the type checker sees Any here.
    made: type[Answers] = create_model(name, __base__=Answers, **fields)
    return made


def _section_model(section: Section, hidden: frozenset[str]) -> type[Answers]:
    fields: dict[str, Any] = {}
    for item in section.items:
        if isinstance(item, Table):
            row: Any = _model(f"{section.key}_{item.key}", {ask.key: _field(ask) for ask in item.columns})
            fields[item.key] = (tuple[row, ...], Field(default=(), title=item.title))
        else:
            fields[item.key] = _field(item)
    for path in hidden:
        home, _, key = path.partition(".")
        if home == section.key:
            fields[key] = (None, None)
    return _model(section.key, fields)
