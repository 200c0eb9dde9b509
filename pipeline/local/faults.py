"""What is wrong with an area's differences: each with the line where it stands."""

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches

from forms import answers
from forms.answers import CHOICE, CHOICES
from forms.asking import Ask, Section
from forms.definition import Form, Found
from forms.information import Identifies, Information
from pipeline.local.differences import KINDS, Added, Changed, Differences, Origin, choices_of, has_doubles
from pipeline.problem import Problem
from pipeline.workbook.names import check_name


def faulty(form: Form, own: Differences, origin: Origin) -> Iterator[Problem]:
    """Yield a problem for each difference that the form does not take."""
    for path, one in own.question.items():
        found = next((each for each in form.asks() if each.path == path), None)
        if found is None:
            why = f"The form does not ask this{like(path, (each.path for each in form.asks()))}"
            yield origin.wrong(why, "question", path)
            continue
        yield from (origin.wrong(why, "question", path, at) for at, why in _of_change(form, found, one))
    hidden = {path for path, one in own.question.items() if one.hidden}
    for part in form.sections:
        here = [f"{part.key}.{item.key}" for item in part.items]
        if set(here) <= hidden and not any(path.startswith(f"{part.key}.") for path in own.add):
            yield origin.wrong(
                "This hides the last question of its part: leave one", "question", here[-1], "hidden"
            )
    sections = {section.key: section for section in form.sections}
    for path, added in own.add.items():
        section, _, key = path.partition(".")
        if form.closed:
            yield origin.wrong("This form is an allow-list: nothing can be added to it", "add", path)
        elif section not in sections or not _KEY.fullmatch(key):
            why = f"It is called like part.question, in small letters; the parts are {', '.join(sections)}"
            yield origin.wrong(why, "add", path)
        else:
            wrong = (*_of_name(sections[section], key, added), *_of_question(form, added, sections[section]))
            yield from (origin.wrong(why, "add", path, at) for at, why in wrong)


_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")


_CLOSED = "This form is an allow-list: its words are not an area's to change"


def _of_change(form: Form, found: Found, one: Changed) -> Iterator[tuple[str, str]]:
    """Yield (setting, why) for what is wrong with a change to a question."""
    ask = found.ask
    if form.closed and (one.label or one.help or one.choices):
        yield "label" if one.label else "help" if one.help else "choices", _CLOSED
    leans = ask.required or ask.required_if or found.path in form.leant_on | form.ruled or found.table
    if one.hidden and leans:
        yield "hidden", "Only an optional question that stands by itself can be hidden"
    if one.hidden and one.required:
        yield "required", "It cannot be both hidden and required"
    if one.required and ask.only_if:
        yield "required", "It belongs to some cases only, so that it cannot be required of all"
    if one.required and ask.computed:
        yield "required", "The program works this out: nobody answers it"
    if one.asked and not ask.on_request:
        yield "asked", "The form asks this already"
    if one.choices and not ask.list_name:
        why = (
            "The rules go by this list: an area cannot have another"
            if ask.choices
            else "This question has no list"
        )
        yield "choices", why
    if one.choices and has_doubles(choices_of(one.choices)):
        yield "choices", "Two answers of a list have the same words"


def _of_name(section: Section, key: str, one: Added) -> Iterator[tuple[str, str]]:
    here = {item.key for item in section.items}
    if key in here:
        yield "label", "The form has a question of this name already"
    try:
        check_name(f"{section.key}.{key}")
    except ValueError:
        yield "label", "A spreadsheet takes this name for a cell: choose a longer one"
    if one.after and one.after not in here:
        yield "after", f"That part has no question of this name{like(one.after, here)}"


def _of_question(form: Form, one: Added, section: Section) -> Iterator[tuple[str, str]]:
    if one.kind not in KINDS:
        yield "kind", f"This is one of: {', '.join(KINDS)}"
        return
    kind = KINDS[one.kind]
    listed = kind in (CHOICE, CHOICES)
    if listed is not (one.choices is not None):
        yield "choices", "A choice has its list, and no other question has one"
    if one.choices and has_doubles(choices_of(one.choices)):
        yield "choices", "Two answers of a list have the same words"
    decided = sorted(about for about in form.holds if about is not Information.AGENCY)
    if one.about not in decided:
        yield "about", f"Who may see it is decided for these classes of information: {', '.join(decided)}"
    names_somebody = any(
        isinstance(item, Ask) and item.about is Information.IDENTITY and item.identifies is Identifies.NAME
        for item in section.items
    )
    if one.about is Information.IDENTITY and not names_somebody:
        yield (
            "about",
            "Who somebody is goes further than anything else: it is asked in a part that asks for it already",
        )
    if one.unknown and (listed or kind in (answers.YES_NO, answers.YES_NO_UNKNOWN)):
        yield "unknown", 'A list has "Not known" as one of its answers, or not at all'
    if one.example and not listed and not _is_read(kind.read, one.example):
        yield "example", "The example is no such answer itself"


def _is_read(read: Callable[[str], object], example: str) -> bool:
    try:
        read(example)
    except (answers.Unreadable, TypeError):
        return False
    return True


def alike(form: Form, own: Differences, origin: Origin) -> Iterator[Problem]:
    """Yield a problem for each label that the area gave and that another question of the same part has."""
    for section in form.sections:
        labels: dict[str, str] = {}
        for item in section.items:
            label, path = (item.label if isinstance(item, Ask) else item.title), f"{section.key}.{item.key}"
            other = labels.setdefault(answers.plain(label), path)
            if other != path:
                mine = path if path in own.add or path in own.question else other
                kind = "add" if mine in own.add else "question"
                yield origin.wrong("Another question of this part has the same words", kind, mine, "label")


def like(said: str, known: Iterable[str]) -> str:
    """Return a question after what was most likely meant, or nothing."""
    near = get_close_matches(said, list(known), 1)
    return f"; did you mean {near[0]}?" if near else ""
