"""Views of an invented case, for the tests of everything that draws one; nobody here exists."""

from collections.abc import Callable, Mapping
from typing import Any

from forms.answers import NOT_KNOWN
from forms.definition import Filler, Form, Found, without_rows
from forms.information import Information
from forms.marac import FORM
from pipeline.checked import filled
from pipeline.view import NotAnswered, NotKnown, Shared, SharedAnswer, SharedView, Withheld

CASE = "MARAC-2026-0417"
MARKING = "OFFICIAL-SENSITIVE"

FIVE_SCRIPTS: Mapping[str, str] = {
    "victim.surname": "Łęcka-Źdźbło",
    "victim.forenames": "Nguyễn Thị Ánh",
    "victim.aliases": "ليلى المثال, לאה דוגמה",
    "victim.nicknames": "Ιώ, Снежана",
    "children.child[1].full_name": "例子 小雨",
    "perpetrators.perpetrator[1].full_name": "محمد المثال",
}
"""Names in Latin with Polish and Vietnamese accents, Arabic, Hebrew, Greek, Cyrillic and Chinese."""

LETTERS = (
    'A < B & C > D, "quoted" ‘so’ “and” it\'s {{ victim.surname }} {_{ {% if %} {# no #} ]]> <w:t> 😀 é e\u0301'
)
"""What must come out to the letter."""


def example(form: Form = FORM, **change: Any) -> dict[str, Any]:
    """Return the form's example with some answers changed, by path with two underscores for the dot."""
    answers = form.example()
    for path, value in change.items():
        section, _, key = path.partition("__")
        answers.setdefault(section, {})[key] = value
    return answers


def view_of(
    answers: dict[str, Any],
    *,
    form: Form = FORM,
    hide: Callable[[str, Found], str | None] = lambda _path, _found: None,
    hide_tables: Mapping[str, str] | None = None,
    notes: tuple[str, ...] = (),
) -> SharedView:
    """Return a view of answers as somebody types them.

    Args:
        answers: section → question → answer, as in JSON.
        form: the form that they answer.
        hide: given a path and its question, the rule that withholds it, or None.
        hide_tables: path of a table withheld as a whole → the rule.
        notes: statements on the page.
    """
    checked = filled(form, answers)
    tables = hide_tables or {}
    told: dict[str, SharedAnswer] = {}
    for path, found, value in checked.paths():
        if found.table and f"{found.section.key}.{found.table.key}" in tables:
            continue
        if found.section.by is Filler.COORDINATOR and value in (None, ()):
            continue
        told[path] = _seen(found, value, hide(path, found))
    rows = {
        path: Withheld(tables[path]) if path in tables else len(checked[path])
        for path, section, _ in form.tables()
        if section.by is Filler.REFERRER or checked[path]
    }
    return SharedView(form, CASE, MARKING, told, rows, notes)


def _seen(found: Found, value: Any, rule: str | None) -> SharedAnswer:
    if rule:
        return Withheld(rule)
    if value in (None, ()):
        return NotAnswered()
    return NotKnown() if value is NOT_KNOWN or value == "unknown" else Shared(found.ask.show(value))


def replaced(view: SharedView, texts: Mapping[str, str]) -> SharedView:
    """Return the view with other texts at some paths."""
    for path in texts:
        view.form.find(without_rows(path))
    answers = dict(view.answers) | {path: Shared(text) for path, text in texts.items()}
    return SharedView(view.form, view.case, view.marking, answers, view.rows, view.notes)


def all_shared() -> SharedView:
    """Return the example with every answer shared."""
    return view_of(FORM.example())


def partly_withheld() -> SharedView:
    """Return the example as an agency sees it that gets no health, whereabouts or police information, and no children."""
    kept_back = {
        Information.HEALTH,
        Information.WHEREABOUTS,
        Information.AGENCY,
        Information.CONTACT,
        Information.EQUALITY,
    }
    return view_of(
        FORM.example(),
        hide=lambda _path, found: "SHARE-11" if found.ask.about in kept_back else None,
        hide_tables={"children.child": "SHARE-11"},
        notes=("Some answers are not shared with your agency, each by the rule named beside it.",),
    )


def mostly_open() -> SharedView:
    """Return a thin referral: many questions left open, some answered "Not known", no child recorded."""
    answers = FORM.example()
    for section in ("dash", "agencies"):
        answers[section] = {}
    answers["dash"] = {"injury": "yes", "weapons": "no", "suicide_abuser": "unknown"}
    answers["victim"] |= {"date_of_birth": "Not known", "temporary_address": "Not known", "aliases": None}
    answers["children"] = {"child": []}
    return view_of(answers)


def crowded() -> SharedView:
    """Return the example with ten children, three perpetrators and minutes of the meeting."""
    answers = FORM.example()
    child = answers["children"]["child"][0]
    answers["children"]["child"] = [child | {"full_name": f"Wren{n} Sampleworth"} for n in range(1, 11)]
    one = answers["perpetrators"]["perpetrator"][0]
    answers["perpetrators"]["perpetrator"] = [
        one | {"full_name": f"Magnus{n} Sampleworth"} for n in range(1, 4)
    ]
    answers["minutes"] = {
        "date": "2026-12-08",
        "repeat": "yes",
        "last": "2026-03-10",
        "line": [{"text": f"Minute number {n} of the meeting."} for n in range(1, 7)],
    }
    return view_of(answers)


def long_text() -> SharedView:
    """Return the example with 30,000 characters of reasons, in numbered words so that a lost one is missed."""
    words, length, number = [], 0, 0
    while length < 30_000:
        number += 1
        words.append(
            f"word{number}" + ("." if number % 20 == 0 else "") + ("\n\n" if number % 160 == 0 else "")
        )
        length += len(words[-1]) + 1
    return replaced(all_shared(), {"reasons.reasons": " ".join(words).replace("\n\n ", "\n\n").strip()})


def five_scripts() -> SharedView:
    """Return the example with names from five scripts."""
    return replaced(all_shared(), FIVE_SCRIPTS)


def awkward() -> SharedView:
    """Return the example with characters that mean something in XML, in Word templates or in neither."""
    return replaced(
        all_shared(), {"victim.other": LETTERS, "reasons.reasons": f"{LETTERS}\n{LETTERS}\n\n{LETTERS}"}
    )


VIEWS: Mapping[str, Callable[[], SharedView]] = {
    "everything shared": all_shared,
    "some classes and a table withheld": partly_withheld,
    "mostly left open": mostly_open,
    "many rows, and minutes": crowded,
    "30,000 characters of reasons": long_text,
    "names from five scripts": five_scripts,
    "awkward characters": awkward,
}
"""A sentence → the view."""
