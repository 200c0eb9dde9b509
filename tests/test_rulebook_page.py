"""The rulebook as a page: whole, valid, in a steady order, and as new as the rules and the need-to-know table."""

import dataclasses
import re

import pytest

from forms.answers import long_date
from forms.catalogue import FORMS
from pipeline import rulebook_page
from pipeline.protocol.need_to_know import needs
from pipeline.protocol.rule import Effect, Source
from pipeline.protocol.rulebook import RULES
from pipeline.rulebook_page import as_data, markdown, need_rows, subjects, what_it_does
from tests.every_form import every_form

PAGE = markdown()
SHOWN = re.sub(r"\\([\\`*_\[\]<>|~])", r"\1", PAGE)
"""The page with its escapes taken out: what a reader sees."""
every_rule = pytest.mark.parametrize("one", RULES.values(), ids=list(RULES))


def part_of(rule_id: str) -> str:
    """The page's part on a rule, from its heading to the next."""
    return re.split(r"\n#{2,3} ", SHOWN.partition(f"\n### {rule_id}: ")[2])[0]


@every_rule
def test_every_rule_has_its_part(one):
    """A rule's part tells what it says and does, its effects, by whom it is set aside, its forms, its days and its sources."""
    told = part_of(one.id)
    assert told.startswith(f"{one.label}\n\n{what_it_does(one)}\n\n* **Effect:** {', '.join(one.effects)}\n")
    assert f"* **Set aside:** by {'a named person' if one.open_to_decision else 'nobody'}" in told
    assert f"* **Looks at:** {one.on.value}\n" in told
    assert f"* **Holds from:** {long_date(one.since)}\n" in told
    assert all(f"`{form}`" in told for form in one.forms)
    assert ("* **Forms:** all\n" in told) is not bool(one.forms)
    steps = told.partition("* **History:**\n")[2].partition("* **Sources:**")[0].splitlines()
    assert steps == [f"  * {long_date(day)}: {what}" for day, what in one.history]
    assert all(f"\n  * {citation}" in told for citation in one.citations)


def test_a_new_kind_of_rule_needs_a_subject():
    """Each rule is in one subject, by the word that its id begins with, and a word of no subject is a programmer's mistake."""
    found = [one.id for those in subjects(RULES.values()).values() for one in those]
    assert sorted(found) == sorted(RULES)
    with pytest.raises(KeyError):
        subjects([dataclasses.replace(RULES["MARK-1"], id="LUNCH-1")])


def test_order_is_that_of_subjects_and_numbers():
    """The order does not hang on the order in which the modules are loaded: MARK-1 to MARK-7 come first, REFER-10 after REFER-9."""
    backwards = subjects(reversed(RULES.values()))
    assert backwards == subjects(RULES.values())
    ids = re.findall(r"^### ([A-Z]+-\d+): ", PAGE, re.MULTILINE)
    assert ids == [one.id for those in backwards.values() for one in those]
    assert ids[0] == "MARK-1"
    assert ids.index("REFER-9") < ids.index("REFER-10")
    assert markdown() == PAGE


@pytest.mark.parametrize("effect", Effect)
def test_effects_are_explained_at_the_head(effect):
    """What each effect means stands before the first rule."""
    assert f"| {effect.value} | {effect.means} |" in PAGE.partition("## Marking")[0]


@every_form
def test_every_form_has_its_table_of_who_needs_to_know(form):
    """Each form has a table with all rows that it goes by: who may see which class, where that is written, and why."""
    told = re.split(r"\n#{2,3} ", SHOWN.partition(f"\n### {form.title} (`{form.id}`)\n")[2])[0]
    rows = need_rows(form)
    # One row more says who gets nothing of it.
    assert len(rows) == sum(knowing == form.knowing for knowing, _ in needs()) + 1
    assert [line for line in told.splitlines() if line.startswith("|")][2:] == [
        f"| {' | '.join(row)} |" for row in rows
    ]


def test_letters_of_the_sources_are_explained():
    """Each row's source is a judgement, or begins with letters that the page explains."""
    letters = re.findall(r"^\* ([A-Z]+): ", PAGE, re.MULTILINE)
    assert len(letters) == len(Source)
    for need in needs().values():
        for cited in need.source.split("; "):
            assert cited == "judgement" or re.match(rf"(?:{'|'.join(letters)})[ \d]", cited), cited


def test_page_is_valid_markdown():
    """It has one title, headings and tables between empty lines, as many cells in each row as the table has columns, and ends in one newline."""
    lines = PAGE.split("\n")
    assert [line for line in lines if line.startswith("# ")] == [lines[0]]
    assert PAGE.endswith("\n")
    assert not PAGE.endswith("\n\n")
    assert "\n\n\n" not in PAGE
    assert all(line == line.rstrip() for line in lines)
    for n, line in enumerate(lines):
        if line.startswith("#"):
            assert lines[n + 1] == ""
            assert n == 0 or lines[n - 1] == ""
        if line.startswith("|"):
            start = next(k for k in range(n, -1, -1) if not lines[k].startswith("|")) + 1
            cells = [len(re.split(r"(?<!\\)\|", lines[k])) for k in (start, start + 1, n)]
            assert len(set(cells)) == 1, line
            assert lines[start - 1] == ""
            assert re.fullmatch(r"\|(?: --- \|)+", lines[start + 1])


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("this | that", r"this \| that"),
        ("`a|b` and need_to_know", r"`a\|b` and need\_to\_know"),
        ("2 * 3 < [7]", r"2 \* 3 \< \[7\]"),
        ("one ` alone", r"one \` alone"),
        ("two\nlines", "two lines"),
    ],
    ids=["a pipe", "a pipe in code", "signs of Markdown", "a lone backtick", "a new line"],
)
def test_words_are_shown_as_they_are(words, written):
    """Signs that mean something in Markdown are shown as signs, and a cell stays a cell."""
    assert rulebook_page._escaped(words) == written


def test_programs_get_the_same():
    """The rulebook as data has every rule by subject, and every form's table."""
    data = as_data()
    rules = [one["rule"] for subject in data["subjects"] for one in subject["rules"]]
    assert sorted(rules) == sorted(RULES)
    assert list(data["need to know"]) == list(FORMS)
    assert {effect.value for effect in Effect} == data["effects"].keys()
