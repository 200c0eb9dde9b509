"""Which form is this? What a file says of itself, against the forms that are known here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from forms.definition import Earlier, Form
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
        "form-refused": Said(
            "This is edition {old} of the form {title}, which cannot be read any more. {why}",
            "Ask the co-ordinator for edition {edition}, and copy the answers into it.",
        ),
        "form-newer": Said(
            "This is a newer edition of the form {title} than is in use here (edition {edition}).",
            "The co-ordinator's program is out of date: tell the co-ordinator.",
        ),
    }
)


@dataclass(frozen=True)
class Identified:
    """The form that a file is of, as it is in use now, and the earlier edition that the file was made from, if it was."""

    form: Form
    earlier: Earlier | None = None

    def may_lack(self, name: str) -> bool:
        """Say whether a file need not have the cell of a name: its question came later, or by an area's own settings."""
        later = self.earlier.added if self.earlier else ()
        if any(name == path or name.startswith(f"{path}.") for path in later):
            return True
        for path in (name, name.rpartition(".")[0]):
            try:
                return self.form.find(path).ask.local
            except KeyError:
                continue
        return False


def identify(forms: Forms, form_id: str, edition: str) -> Identified | Problem:
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
        return Identified(form)
    for one in form.earlier:
        if edition == one.edition:
            if not one.refused:
                return Identified(form, one)
            return problem("form-refused", title=form.title, old=edition, edition=form.edition, why=one.refused)
    older = _parts(edition) < _parts(form.edition)
    return problem("form-older" if older else "form-newer", title=form.title, edition=form.edition)


def brought_up(answers: dict[str, Any], earlier: Earlier) -> dict[str, Any]:
    """Return answers to an earlier edition, section by section, as answers to the edition of today."""
    made = {section: dict(asked) if isinstance(asked, dict) else asked for section, asked in answers.items()}
    taken: dict[tuple[str, str], Any] = {}
    for old, new in earlier.renamed:
        then, _, key = old.partition(".")
        section, _, name = new.partition(".")
        asked = made.get(then)
        if "." not in key and isinstance(asked, dict) and key in asked:
            taken[section, name] = asked.pop(key)
    for (section, name), value in taken.items():
        here = made.setdefault(section, {})
        # What is laid out otherwise, or answered under both names, is left for the check to tell of.
        if isinstance(here, dict):
            here[name if name not in here else f"{name}_twice"] = value
        else:
            made[section] = {name: value}
    for old, new in earlier.renamed:
        section, _, rest = new.partition(".")
        table, _, column = rest.partition(".")
        asked = made.get(section)
        rows = asked.get(table) if isinstance(asked, dict) else None
        if column and isinstance(asked, dict) and isinstance(rows, list):
            asked[table] = [_with_column(row, old.rpartition(".")[2], column) for row in rows]
    return made


def _with_column(row: Any, then: str, now: str) -> Any:
    return {now if key == then else key: value for key, value in row.items()} if isinstance(row, dict) else row


def _parts(edition: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in edition.split("-")]
