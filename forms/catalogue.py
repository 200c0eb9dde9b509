"""The forms that are known, each loaded when it is first asked for: a module in this folder that defines FORM is one."""

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

import forms
from forms.definition import Form

VOCABULARY = frozenset(
    {
        "answers",
        "asking",
        "catalogue",
        "community",
        "conditions",
        "definition",
        "information",
        "mappa",
        "model",
        "numbers",
        "offences",
        "people",
    }
)
"""The modules of this folder that are no forms but what forms are made from."""


@cache
def _modules() -> dict[str, str]:
    found = sorted(one.name for one in pkgutil.iter_modules(forms.__path__) if one.name not in VOCABULARY)
    return {name.replace("_", "-"): f"forms.{name}" for name in found}


def form_ids() -> tuple[str, ...]:
    """Return the id of every form, in the order in which they are listed."""
    return tuple(_modules())


@cache
def whole(form_id: str) -> Form:
    """Return a form by its id, with the questions that are asked only where an area asks for them.

    Raises:
        KeyError: no form has this id.
    """
    made: Form = import_module(_modules()[form_id]).FORM
    if made.id != form_id:
        raise ValueError(f"{_modules()[form_id]} defines {made.id}, not {form_id}")
    return made


@cache
def form(form_id: str) -> Form:
    """Return a form by its id, as it is where no area says otherwise.

    Raises:
        KeyError: no form has this id.
    """
    made = whole(form_id)
    if not any(found.ask.on_request for found in made.asks()):
        return made
    return made.changed(lambda _path, ask: None if ask.on_request else ask)


class _Forms(Mapping[str, Form]):
    """Every form by its id, loaded when it is asked for."""

    def __getitem__(self, form_id: str) -> Form:
        return form(form_id)

    def __iter__(self) -> Iterator[str]:
        return iter(_modules())

    def __len__(self) -> int:
        return len(_modules())


FORMS: Mapping[str, Form] = _Forms()
