"""The forms that are known, each loaded when it is first asked for."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from forms.definition import Form

_MODULES = {"marac": "forms.marac"}


def form_ids() -> tuple[str, ...]:
    """Return the id of every form, in the order in which they are listed."""
    return tuple(_MODULES)


@cache
def form(form_id: str) -> Form:
    """Return a form by its id.

    Raises:
        KeyError: no form has this id.
    """
    made: Form = import_module(_MODULES[form_id]).FORM
    if made.id != form_id:
        raise ValueError(f"{_MODULES[form_id]} defines {made.id}, not {form_id}")
    return made


class _Forms(Mapping[str, Form]):
    """Every form by its id, loaded when it is asked for."""

    def __getitem__(self, form_id: str) -> Form:
        return form(form_id)

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


FORMS: Mapping[str, Form] = _Forms()
