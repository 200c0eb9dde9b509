"""What stands on the papers: the cover sheet, the agenda, and the referral as a recipient may see it."""

import re
import shutil
import subprocess

import pytest
from borough import MEETING, TODAY
from hypothesis import given, settings
from strategies import referrals
from views import example, view_of

from forms.definition import holds
from forms.marac import FORM
from pipeline import blocks
from pipeline.checked import Checked
from pipeline.cli.key_directory import read_directory
from pipeline.flow import decide
from pipeline.manifest import Manifest
from pipeline.meeting import open_meeting
from pipeline.papers.agenda import agenda
from pipeline.papers.cover import cover
from pipeline.papers.referral import paper
from pipeline.view import NotAnswered, Withheld


def words_of(block):
    """Every word of a block, in reading order."""
    match block:
        case blocks.Paper():
            return "\n".join(map(words_of, block.blocks))
        case blocks.Section():
            return "\n".join((block.title, block.note, *map(words_of, block.blocks)))
        case blocks.QuestionAnswers():
            return "\n".join(f"{pair.label}: {blocks.words(pair.answer)}" for pair in block.pairs)
        case blocks.Grid():
            rows = [" | ".join(map(blocks.words, row.cells)) for row in block.rows]
            return "\n".join((block.caption, " | ".join(block.header), *rows))
        case blocks.Bullets():
            return "\n".join(block.items)
        case blocks.Heading() | blocks.Paragraph():
            return block.text
    raise TypeError(type(block))


def questions(view):
    """The labels of the questions that a referral shows, by their path."""
    sections = [one for one in paper(view, sender="", panel="").blocks if isinstance(one, blocks.Section)]
    pairs = [
        pair
        for one in sections
        for part in one.blocks
        if isinstance(part, blocks.QuestionAnswers)
        for pair in part.pairs
    ]
    return {pair.where: pair for pair in pairs}


# The cover sheet


@pytest.fixture(scope="module")
def housing(packed):
    return packed.opened("housing").manifest


def test_cover_says_all_that_a_recipient_must_be_told(housing):
    """Envelope, purpose, what to do, basis, keep-until, contents, what was held back and whom to ring stand on it."""
    said = " ".join(words_of(cover(housing)).split())
    parts = [
        housing.agency_name, housing.marking, *(spoc.name for spoc in housing.spocs), housing.sender.name,
        housing.sender.agency_name, housing.sender.telephone, housing.sender.email, housing.meeting.chair,
        housing.meeting.place, *housing.purpose, *housing.expected, *housing.basis, "8 December 2027, then destroy",
        *(f"{part.rule}: {part.label}" for part in housing.withheld),
    ]  # fmt: skip
    assert [part for part in parts if " ".join(part.split()) not in said] == []
    for part in housing.members:
        assert not part.case or part.case in said


def test_cover_tells_each_withheld_question_of_each_case(housing):
    """Nothing that was held back is lost in the telling, whichever cases have it in common."""
    grids = [
        grid
        for section in cover(housing).blocks
        if isinstance(section, blocks.Section) and section.title.startswith("What was held back")
        for grid in section.blocks
        if isinstance(grid, blocks.Grid)
    ]
    cases = {part.case for part in housing.members if part.case}
    told = set()
    for grid in grids:
        for row in grid.rows:
            section, held, where = map(blocks.words, row.cells)
            named = set(where.removeprefix("all but ").split("\n"))
            them = cases if where == "every case" else cases - named if where.startswith("all but ") else named
            questions = [""] if held == "all of it" else held.split("; ")
            told |= {(case, grid.caption.split(":")[0], section, one) for case in them for one in questions}
    meant = {
        (part.case, part.rule, *(question.split(": ", 1) if ": " in question else (question, "")))
        for part in housing.withheld
        for question in part.questions
    }
    assert told == meant


def test_cover_of_one_case_speaks_of_no_others(packed):
    """A case-only invitee's cover sheet says "every case" or "all but" nowhere: it knows of one."""
    said = words_of(cover(packed.opened("larkmead-homes").manifest))
    assert "every case" not in said
    assert "all but" not in said
    assert "You are invited for what is in this pack alone" in said
    assert len(set(re.findall(r"MARAC-\d{4}-\d{4}", said))) == 1


def test_cover_without_anything_withheld_says_so(housing):
    """An agency from which nothing was held back reads that; the section is not left out."""
    assert "What was held back from your agency\n\nNothing." in words_of(
        cover(housing.model_copy(update={"withheld": ()}))
    )


def test_cover_fits_on_two_pages(packed):
    """A SPOC in a hurry has two pages to read, whoever it is."""
    if not shutil.which("pdfinfo"):
        pytest.skip("pdfinfo is not installed")
    for sealed in packed.outbox:
        page = packed.opened(sealed.name.split("_")[1]).papers["cover-sheet.pdf"]
        told = subprocess.run(["pdfinfo", "-"], input=page, capture_output=True, check=True).stdout.decode()
        assert int(re.search(r"Pages: +(\d+)", told)[1]) <= 2, sealed.name


def test_decision_stands_on_the_cover_with_who_and_why(borough):
    """A rule set aside for a case is told to whoever gets the case, with name, role, day and reason, and no client in it."""
    path = borough.folder / "meetings" / f"{MEETING}.toml"
    text = path.read_text("utf-8")
    reference = re.search(r'reference = "([^"]+)"\nfile = "04-no-consent', text)[1]
    path.write_text(
        f'{text}\n[[decision]]\nrule = "CONSENT-2"\ncase = "{reference}"\nby = "Aubrey Gatepost"\n'
        'role = "Detective Inspector, chair"\non = 2026-12-01\nground = "adult_harm"\n'
        'reason = "Rowena Thistledown may be killed; her flat must be made safe in her name."\n',
        "utf-8",
    )
    borough.pack()
    manifest = borough.opened("housing").manifest
    said = " ".join(words_of(cover(manifest)).split())
    assert "Decisions that set a rule aside" in said
    assert "Aubrey Gatepost, Detective Inspector, chair, 1 December 2026" in said
    assert "may be killed" in said
    assert "thistledown" not in said.casefold()
    assert "Decisions" not in words_of(cover(borough.opened("larkmead-homes").manifest))


# The agenda


@pytest.fixture(scope="module")
def plan(packed):
    area = packed.area
    return decide(area, open_meeting(area, area.meetings / f"{MEETING}.toml"), read_directory(area), TODAY)


def agenda_of(plan, packed, agency):
    (one,) = [found for found in plan.agencies if found.agency.id == agency]
    repeats = frozenset(case.reference for case in plan.cases if case.case.repeat)
    return agenda(packed.opened(agency).manifest, one.views, one.checks, repeats)


def test_agenda_has_the_cases_of_the_agency_in_the_order_of_the_meeting(plan, packed):
    """A member's agenda lists the cases that go, in order, the one that comes back called a repeat; an invitee's lists its own."""
    said = words_of(agenda_of(plan, packed, "housing"))
    going = [case.reference for case in plan.cases if case.goes]
    assert re.findall(r"MARAC-\d{4}-\d{4}", said) == going
    assert said.count("| Repeat") == 1
    own = words_of(agenda_of(plan, packed, "larkmead-homes"))
    assert len(re.findall(r"MARAC-\d{4}-\d{4}", own)) == 1
    for line in ("When: 8 December 2026, 13:00", "Where: Committee room 2", "Chair: Aubrey Gatepost"):
        assert line in said


def test_agenda_names_nobody_who_comes_anonymously(plan, packed):
    """An anonymous case has its line, with nobody's name, birthday or address in it."""
    said = words_of(agenda_of(plan, packed, "police"))
    assert said.count("Not shared (CONSENT-2)") == 3
    assert "THISTLEDOWN" not in said.upper()


def test_emergency_is_said(housing):
    """An emergency meeting is called one (TIME-8)."""
    meeting = housing.meeting.model_copy(update={"emergency": True})
    manifest = Manifest.model_validate(housing.model_copy(update={"meeting": meeting}).model_dump())
    assert "Emergency meeting." in words_of(agenda(manifest, (), (), frozenset()))


# The referral


def test_case_and_what_the_rules_say_stand_at_its_head():
    """The reference stands below the title, then what a rule says of the case."""
    shown = words_of(paper(view_of(example(), notes=("Brought anonymously.",)), sender="", panel=""))
    assert shown.splitlines()[:3] == ["MARAC referral", "Case MARAC-2026-0417", "Brought anonymously."]


LETTER = {"referrer__letter_sent": "Yes", "referrer__letter_reason": ""}


def test_open_question_that_nobody_had_to_answer_is_left_out():
    """The line "If not, reason" is not printed where the letter was sent; where it was not, the open answer is shown as open."""
    assert "referrer.letter_reason" not in questions(view_of(example(**LETTER)))
    unsent = questions(view_of(example(**LETTER | {"referrer__letter_sent": "No"})))
    assert isinstance(unsent["referrer.letter_reason"].answer, NotAnswered)


def test_answered_question_is_shown_whatever_its_condition():
    """An answer is never left out because nobody had to give it."""
    given = example(referrer__letter_sent="Yes", referrer__letter_reason="Sent twice")
    assert blocks.words(questions(view_of(given))["referrer.letter_reason"].answer) == "Sent twice"


def test_open_question_stays_where_its_condition_is_withheld():
    """Where the answer that a question depends on is not shared, its line stays: a missing line would tell that answer."""
    for sent in ("Yes", "No"):
        view = view_of(
            example(**LETTER | {"referrer__letter_sent": sent}),
            hide=lambda path, _: "SHARE-11" if path == "referrer.letter_sent" else None,
        )
        assert "referrer.letter_reason" in questions(view)


@settings(max_examples=60, deadline=None)
@given(referrals(FORM))
def test_lines_of_a_paper_tell_nothing_that_is_withheld(said):
    """Which lines are printed depends on what the recipient sees alone, and only open questions beside the point are missing."""
    hidden = {"criteria.bases", "victim.telephone", "dash.tool"}
    whole = view_of(said)
    view = view_of(said, hide=lambda path, _: "SHARE-11" if path in hidden else None)
    checked = Checked(FORM, FORM.model.model_validate(said))
    for path, answer in view.answers.items():
        if "[" in path:
            continue
        ask = FORM.find(path).ask
        if path in questions(view):
            continue
        assert isinstance(answer, NotAnswered)
        assert not holds(ask.required_if, checked.__getitem__)
        assert path not in questions(whole)
    assert {path for path, one in view.answers.items() if isinstance(one, Withheld) and "[" not in path} <= set(
        questions(view)
    )
    dependants = {"criteria.judgement", "criteria.visible", "victim.safe_to_call", "dash.version"}
    assert dependants <= set(questions(view))
