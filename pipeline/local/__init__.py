"""The forms as an area has them: labels, help, lists and questions of its own, from `forms/<form>.toml` in its folder.

What comes of it goes through the same checks as any form. What is wrong is told with its line, and nothing is used then.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from forms import answers
from forms.answers import CHOICE, Choice
from forms.asking import Ask, Section, Table
from forms.catalogue import FORMS, whole
from forms.definition import Form
from forms.information import Identifies, Information
from pipeline.area import Area
from pipeline.local.differences import (
    KINDS,
    Added,
    Changed,
    Differences,
    Lists,
    choices_of,
    has_doubles,
    loaded,
)
from pipeline.local.faults import alike, faulty, like
from pipeline.problem import Problem
from pipeline.settings import Unusable, misplaced, text_of

__all__ = ["FOLDER", "LISTS", "local_form", "own_files", "strangers"]

FOLDER = "forms"
LISTS = "lists.toml"
_TELLS = {
    answers.PHONE: Identifies.PHONE,
    answers.EMAIL: Identifies.EMAIL,
    answers.ADDRESS: Identifies.ADDRESS,
    answers.POSTCODE: Identifies.ADDRESS,
    answers.DATE_OR_AGE: Identifies.BIRTH,
}


def local_form(area: Area | None, form_id: str) -> Form:
    """Return a form as an area has it, with both schemes of marking.

    Args:
        area: whose; None for the form as it is.
        form_id: its id.

    Raises:
        KeyError: there is no such form.
        Unusable: the area's own file does not fit the form.
    """
    form = FORMS[form_id]
    if area is None or not (area.folder / FOLDER).is_dir():
        return form
    own, lists = (
        text_of(path, f"{FOLDER}/{path.name}") if path.exists() else ""
        for path in (area.folder / FOLDER / f"{form_id}.toml", area.folder / FOLDER / LISTS)
    )
    return _local(form_id, own, lists)


def strangers(area: Area) -> tuple[Problem, ...]:
    """Return a problem for each file in the folder of forms that is called like no form: it would do nothing."""
    folder = area.folder / FOLDER
    known = {LISTS, *(f"{form_id}.toml" for form_id in FORMS)}
    names = sorted(one.name for one in folder.iterdir() if one.is_file()) if folder.is_dir() else []
    return tuple(
        misplaced(f"{FOLDER}/{name}", "", f"There is no form of that name{like(name, known)}")
        for name in names
        if name not in known and name[0] not in "~."
    )


def own_files(area: Area) -> tuple[str, ...]:
    """Return the names of an area's files of differences, as messages call them."""
    folder = area.folder / FOLDER
    return tuple(f"{FOLDER}/{one.name}" for one in sorted(folder.glob("*.toml"))) if folder.is_dir() else ()


@lru_cache(maxsize=64)
def _local(form_id: str, own: str, lists: str) -> Form:
    """Return a form with the differences that two texts of settings ask for; making a form's model anew takes its time."""
    given, problems = _listed(lists)
    made = _changed(whole(form_id), own, f"{FOLDER}/{form_id}.toml", problems) if own else FORMS[form_id]
    if problems:
        raise Unusable(tuple(problems))
    return made.changed(lambda _path, ask: _with_list(ask, given)) if given else made


def _listed(text: str) -> tuple[dict[str, tuple[Choice, ...]], list[Problem]]:
    lists, origin = loaded(Lists, text, f"{FOLDER}/{LISTS}")
    given = {name: choices_of(options) for name, options in lists if options}
    return given, [
        origin.wrong("Two answers of a list have the same words", name)
        for name, choices in given.items()
        if has_doubles(choices)
    ]


def _with_list(ask: Ask, lists: Mapping[str, tuple[Choice, ...]]) -> Ask:
    """Return a question with the area's list; one that took any words takes one of the list then."""
    if ask.list_name not in lists:
        return ask
    kind = ask.kind if ask.one_of or ask.some_of else CHOICE
    return replace(ask, kind=kind, choices=lists[ask.list_name], spellings=(), example="")


def _changed(form: Form, text: str, name: str, problems: list[Problem]) -> Form:
    """Return a form with an area's differences; what is wrong with them goes to the problems."""
    own, origin = loaded(Differences, text, name)
    if found := list(faulty(form, own, origin)):
        problems += found
        return form

    def change(path: str, ask: Ask) -> Ask | None:
        one = own.question.get(path)
        if ask.on_request and not (one and one.asked):
            return None
        return _as_changed(ask, one) if one else ask

    asked = form.changed(change).less(path for path, one in own.question.items() if one.hidden)
    sections = tuple(_with_additions(section, own, form) for section in asked.sections)
    made = replace(asked, sections=sections)
    problems += alike(made, own, origin)
    return made


def _as_changed(ask: Ask, one: Changed) -> Ask:
    given = {
        "label": one.label,
        "help": one.help,
        "required": one.required,
        "choices": choices_of(one.choices) if one.choices else None,
    }
    made = replace(ask, **{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
    if one.choices:
        kind = made.kind if made.one_of or made.some_of else CHOICE
        made = replace(made, kind=kind, spellings=(), example="", list_name="")
    return replace(made, required_if=None) if one.required else made


def _with_additions(section: Section, own: Differences, form: Form) -> Section:
    items: list[Ask | Table] = list(section.items)
    for path, one in own.add.items():
        home, _, key = path.partition(".")
        if home != section.key:
            continue
        at = next((n for n, item in enumerate(items) if item.key == one.after), len(items) - 1)
        items.insert(at + 1, _made(key, one, form, section))
    return replace(section, items=tuple(items))


def _made(key: str, one: Added, form: Form, section: Section) -> Ask:
    kind = KINDS[one.kind]
    named = one.names or (one.about is Information.IDENTITY and kind is answers.TEXT)
    free = kind is answers.LONG and one.about is not Information.NARRATIVE
    # Whatever names or finds somebody is taken out of free text where it is withheld, in a question of an area's own too.
    tells = Identifies.NAME if named else _TELLS.get(kind)
    # What all of a part is held as, such as what is told of victims, holds for a question put into it.
    asks = [ask for item in section.items for ask in ((item,) if isinstance(item, Ask) else item.columns)]
    of_all = frozenset.intersection(*(frozenset((ask.about, *ask.also)) for ask in asks))
    more = {Information.NARRATIVE} if free and Information.NARRATIVE in form.holds else set()
    return Ask(
        key, one.label, kind, one.about, help=one.help, example=one.example, required=one.required, unknown=one.unknown,
        choices=choices_of(one.choices) if one.choices else (),
        also=tuple(sorted((of_all | more) - {one.about})), identifies=tells,
        local=True,
    )  # fmt: skip
