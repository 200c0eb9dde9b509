"""Editions: a workbook of an earlier one is read where the change allows it, and refused with the reason where not."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest

from forms.answers import LONG, TEXT
from forms.catalogue import FORMS
from forms.definition import Ask, Earlier, Form, Section, Table
from forms.information import Information
from pipeline import json_file, workbook
from pipeline.checked import Checked, check
from pipeline.identify import brought_up
from pipeline.problem import Problem
from tests.every_form import every_form
from tests.filling import fill

DAY = dt.date(2026, 12, 2)


def ask(key: str, kind=TEXT, **more: Any) -> Ask:
    return Ask(key, key.capitalize(), kind, Information.PROCESS, example="Some words", **more)


def edition(name: str, *sections: Section, earlier: tuple[Earlier, ...] = ()) -> Form:
    return Form("invented", "Invented", name, "marac", "Invented.", sections, "part", earlier=earlier)


THEN = edition(
    "2025-1",
    Section("part", "Part", (ask("old_name"), ask("dropped"), Table("rows", "Rows", "Row", (ask("words"),)))),
)
NOW = edition(
    "2026-1",
    Section("part", "Part", (ask("kept", required=True), ask("later", LONG), Table("lines", "Rows", "Row", (ask("said"), ask("more"))))),
    Section("extra", "Extra", (ask("whole_sheet"),)),
    earlier=(
        Earlier(
            "2025-1",
            renamed=(("part.old_name", "part.kept"), ("part.rows.words", "part.lines.said"), ("part.rows", "part.lines")),
            added=("part.later", "part.lines.more", "extra.whole_sheet"),
        ),
        Earlier("2024-2", refused="It asked for consent in one question, and that is two now."),
    ),
)  # fmt: skip
SAID: dict[str, Any] = {"part": {"old_name": "Kestrel", "rows": [{"words": "one"}, {"words": "two"}]}}


def codes(found: Any) -> list[str]:
    return [one.code for one in found if isinstance(one, Problem)]


def test_an_earlier_workbook_is_read():
    """Renamed answers are found under their old names, and what was not asked then is not missed."""
    found = workbook.read(fill(workbook.blank(THEN), SAID), {"invented": NOW})
    assert found.problems == ()
    assert found.answers == {"part": {"kept": "Kestrel", "lines": [{"said": "one"}, {"said": "two"}]}}
    checked = check(found, DAY)
    assert isinstance(checked, Checked)
    assert checked["part.later"] is checked["extra.whole_sheet"] is None


def test_an_answer_that_is_not_asked_any_more_is_not_lost():
    """What somebody wrote where the form asks nothing now is told with its cell."""
    data = fill(workbook.blank(THEN), {"part": {"old_name": "Kestrel", "dropped": "Merlin"}})
    found = workbook.read(data, {"invented": NOW})
    assert codes(found.problems) == ["stray-text"]
    assert found.problems[0].place.cell


def test_earlier_json_is_read():
    """JSON of an earlier edition is brought up to today's, column by column."""
    said = json.dumps({"form": "invented", "edition": "2025-1", "answers": SAID}).encode()
    found = json_file.read(said, {"invented": NOW})
    assert found.answers == {"part": {"kept": "Kestrel", "lines": [{"said": "one"}, {"said": "two"}]}}


@pytest.mark.parametrize(
    "answers", [{}, {"part": "text"}, {"part": {"rows": "text"}}, {"part": {"rows": ["text"]}}]
)
def test_json_of_any_shape_is_brought_up_without_harm(answers):
    """What is not laid out as a form is left for the check to tell of."""
    assert isinstance(brought_up(answers, NOW.earlier[0]), dict)


def test_an_edition_that_cannot_be_read_is_refused_with_the_reason():
    """The reason stands in the message, and so does the edition that is in use."""
    old = replace(THEN, edition="2024-2")
    (refused,) = workbook.read(workbook.blank(old), {"invented": NOW})
    assert refused.code == "form-refused"
    assert "consent in one question" in refused.what
    assert "2026-1" in refused.cure


def test_an_edition_that_nobody_remembers_is_refused():
    """An older one that the form says nothing of is not read by guess."""
    (refused,) = workbook.read(workbook.blank(replace(THEN, edition="2023-1")), {"invented": NOW})
    assert refused.code == "form-older"


def test_a_marac_workbook_of_before_the_counting_is_read():
    """The first edition lacks nothing but the count, which nobody types."""
    marac = FORMS["marac"]
    data = workbook.blank(replace(marac, edition="2026-1"), prefill=marac.example())
    referral = workbook.read(data, FORMS)
    assert isinstance(check(referral, DAY), Checked)


@every_form
def test_earlier_editions_speak_of_what_there_is(form):
    """Each earlier edition is older than today's, is there once, and brings its answers to questions that are asked."""
    names = [one.edition for one in form.earlier]
    assert len(set(names)) == len(names)
    assert all(one < form.edition for one in names)
    tables = {path for path, _, _ in form.tables()}
    for one in form.earlier:
        for path in (*one.added, *(new for _, new in one.renamed)):
            assert path in tables or form.find(path)
        assert not one.refused or one.refused.endswith(".")
