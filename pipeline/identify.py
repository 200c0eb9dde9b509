"""Which form is this? What a file says of itself, against the forms that are known here."""

from collections.abc import Callable, Mapping

from forms.definition import Form
from pipeline.problem import Problem, Said, problem, register

Forms = Callable[[str], Form] | Mapping[str, Form]
"""Form id → form; KeyError where it is not known."""

register(
    {
        "form-unknown": Said(
            "This is a form that is not in use here.", "Fill in the form that the co-ordinator sent."
        ),
        "form-older": Said(
            "This is an older edition of the form {title}; edition {edition} is in use now.",
            "Ask the co-ordinator for the new one, and copy the answers into it.",
        ),
        "form-newer": Said(
            "This is a newer edition of the form {title} than is in use here (edition {edition}).",
            "The co-ordinator's program is out of date: tell the co-ordinator.",
        ),
    }
)


def identify(forms: Forms, form_id: str, edition: str) -> Form | Problem:
    """Return the form that a file says it is, or why it cannot be read as that.

    Args:
        forms: the forms in use.
        form_id: what the file says.
        edition: what the file says; editions are compared part by part, numbers as numbers.
    """
    try:
        form = forms[form_id] if isinstance(forms, Mapping) else forms(form_id)
    except KeyError:
        return problem("form-unknown")
    if edition == form.edition:
        return form
    older = _parts(edition) < _parts(form.edition)
    return problem("form-older" if older else "form-newer", title=form.title, edition=form.edition)


def _parts(edition: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in edition.split("-")]
