"""The blank workbook: what Excel accepts, what a referrer sees, and that it is the same each time."""

import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from forms.answers import Choice
from forms.definition import Answered, Filler, Is, Not, any_of
from forms.marac import FORM
from pipeline.workbook import blank
from pipeline.workbook.formula import met
from pipeline.workbook.layout import pages
from pipeline.workbook.names import Spot, check_name, sheet_title, spot
from tests.every_form import FORMS, every_form

TEMPLATES = Path(__file__).parent.parent / "templates"


def _open(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="module")
def blanks():
    return {form.id: _open(blank(form)) for form in FORMS}


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as members:
        return {name: members.read(name) for name in members.namelist()}


@every_form
def test_template_is_not_stale(form):
    """templates/<form>.xlsx is what the definition gives today; `sealpack blank` would write the same."""
    stored = (TEMPLATES / f"{form.id}.xlsx").read_bytes()
    assert _parts(stored) == _parts(blank(form)), "write it anew from blank(form)"


@every_form
def test_equal_input_gives_equal_bytes(form):
    """A blank holds no time and no chance: another process makes the same file."""
    code = f"import sys; from forms.catalogue import form; from pipeline.workbook import blank; sys.stdout.buffer.write(blank(form({form.id!r})))"
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=TEMPLATES.parent
    ).stdout
    assert made == blank(form)


@every_form
def test_every_question_of_the_referrer_has_a_named_cell(form, blanks):
    """An answer's name is its path, a column's is the path of its cells, and a choice of several has its key besides."""
    names = set(blanks[form.id].defined_names)
    for found in form.asks():
        asked = found.section.by is Filler.REFERRER
        keys = [f"{found.path}.{one.key}" for one in found.ask.choices] if found.ask.some_of else [found.path]
        assert all((key in names) == asked for key in keys), found.path


@every_form
def test_only_answers_are_unlocked(form, blanks):
    """Each answer's cell can be written in, every other cell is locked, and no sheet has a password."""
    book = blanks[form.id]
    answers = set()
    for page in pages(form):
        for name in page.names():
            where = spot(book.defined_names[name].attr_text)
            answers |= {(where.sheet, where.cell(n)) for n in range(where.rows)}
    for sheet in book.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        merged = {cell for area in sheet.merged_cells.ranges for row in sheet[area.coord] for cell in row}
        for row in sheet.iter_rows():
            for cell in row:
                if cell not in merged:
                    assert cell.protection.locked != ((sheet.title, cell.coordinate) in answers), cell


@every_form
def test_tables_have_their_room(form, blanks):
    """A table offers as many rows as the form says."""
    for path, section, table in form.tables():
        if section.by is Filler.REFERRER:
            for ask in table.columns:
                assert spot(blanks[form.id].defined_names[f"{path}.{ask.key}"].attr_text).rows == table.room


def test_marac_has_room_for_children_and_perpetrators():
    """At least ten children and six perpetrators fit in without adding rows."""
    room = {path: table.room for path, _, table in FORM.tables()}
    assert room["children.child"] >= 10
    assert room["perpetrators.perpetrator"] >= 6


@every_form
def test_every_list_is_a_drop_down(form, blanks):
    """A question with a list offers exactly its labels."""
    book = blanks[form.id]
    offered = {}
    for sheet in book.worksheets:
        for check in sheet.data_validations.dataValidation:
            for area in check.sqref.ranges:
                for row, column in area.cells:
                    offered[sheet.title, row, column] = check
    for page in pages(form):
        for ask, names in _lists(page):
            for name in names:
                where = spot(book.defined_names[name].attr_text)
                for at in range(where.row, where.row + where.rows):
                    check = offered[where.sheet, at, where.column]
                    assert check.type == "list"
                    assert _labels(book, check.formula1) == (
                        ["Yes"] if ask.some_of else [one.label for one in ask.choices]
                    )


def _lists(page):
    for ask in page.asks:
        if ask.computed:
            continue
        if ask.one_of:
            yield ask, [page.path(ask)]
        elif ask.some_of:
            yield ask, [f"{page.path(ask)}.{one.key}" for one in ask.choices]
    for ask in page.table.columns if page.table else ():
        if ask.one_of:
            yield ask, [page.column_path(ask)]


def _labels(book, formula):
    if formula.startswith('"'):
        return formula.strip('"').split(",")
    where = spot(book.defined_names[formula].attr_text)
    assert book[where.sheet].sheet_state == "hidden"
    return [book[where.sheet][where.cell(n)].value for n in range(where.rows)]


@every_form
def test_excel_limits_are_kept(form, blanks):
    """Nothing is longer than Excel takes: it would call the file damaged, or cut it."""
    book = blanks[form.id]
    titles = [sheet.title for sheet in book.worksheets]
    assert len({title.casefold() for title in titles}) == len(titles)
    for sheet in book.worksheets:
        assert len(sheet.title) <= 31
        assert not set(sheet.title) & set("[]:*?/\\")
        for item in (sheet.oddHeader, sheet.oddFooter):
            assert len(str(item.left.text) + str(item.center.text) + str(item.right.text)) <= 200
        for check in sheet.data_validations.dataValidation:
            assert len(check.formula1 or "") <= 255
            assert len(check.error or "") <= 224
            assert len(check.prompt or "") <= 255
            assert len(check.errorTitle or "") <= 32
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert len(cell.value) <= 8192
                    assert cell.value.count("(") == cell.value.count(")")
        for dimension in sheet.row_dimensions.values():
            assert (dimension.height or 0) <= 409
    for name in book.defined_names:
        assert check_name(name) == name


def test_colours_depend_on_the_first_cell_of_their_range(blanks):
    """A conditional format is written relative to its top left cell, or every row would look at the wrong one."""
    for sheet in blanks["marac"].worksheets:
        for formats in sheet.conditional_formatting:
            first = next(iter(formats.sqref.ranges))
            for rule in formats.rules:
                rows = {int(row) for row in re.findall(r"\$?[A-Z]{1,2}\$?(\d+)", rule.formula[0])}
                assert rows <= {first.min_row}, (sheet.title, formats.sqref, rule.formula)


def test_prints_on_a4(blanks):
    """Every sheet is A4, fitted to its width, with marking at top and bottom and page x of y; tables lie on their side."""
    for sheet in blanks["marac"].worksheets:
        if sheet.sheet_state != "visible":
            continue
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.oddHeader.center.text == sheet.oddFooter.center.text == "OFFICIAL-SENSITIVE WHEN COMPLETED"
        assert sheet.oddFooter.right.text == "Page &P of &N"
        assert sheet.print_area
    assert blanks["marac"]["7 Children"].page_setup.orientation == "landscape"


def test_says_which_form_it_is():
    """Form, edition and area stand in the version cell and in the properties, and no person does."""
    book = _open(blank(FORM, area_name="Brackenford"))
    where = spot(book.defined_names["sealpack.version"].attr_text)
    assert book[where.sheet][where.cell()].value == f"marac | {FORM.edition} | Brackenford"
    properties = {one.name: one.value for one in book.custom_doc_props.props}
    assert properties == {
        "sealpack.form": "marac", "sealpack.edition": FORM.edition, "sealpack.area": "Brackenford",
    }  # fmt: skip
    assert (book.properties.creator, book.properties.lastModifiedBy) == ("sealpack", "sealpack")


def test_offers_the_lists_of_the_area():
    """A form narrowed to the area's scheme offers that scheme alone, and is headed by its usual marking."""
    narrow = FORM.with_choices(
        {"handling.marking": (Choice("restricted", "RESTRICTED"), Choice("confidential", "CONFIDENTIAL"))}
    )
    book = _open(blank(narrow, send_to="the MARAC co-ordinator by secure e-mail"))
    assert _labels(book, "list.handling.marking") == ["RESTRICTED", "CONFIDENTIAL"]
    assert book.worksheets[0].oddHeader.center.text == "CONFIDENTIAL WHEN COMPLETED"
    where = spot(book.defined_names["sealpack.send_to"].attr_text)
    assert book[where.sheet][where.cell()].value == "the MARAC co-ordinator by secure e-mail"


def test_prefilled_text_is_never_a_formula():
    """An answer that begins with an equals sign, or is the name of an error, is written as the text that it is."""
    data = blank(FORM, prefill={"victim": {"surname": "=1+1", "forenames": "#N/A", "other": "_x0041_\x07"}})
    book = _open(data)
    for path in ("victim.surname", "victim.forenames"):
        where = spot(book.defined_names[path].attr_text)
        assert book[where.sheet][where.cell()].data_type == "s"
    assert any(b"_x005F_x0041__x0007_" in part for part in _parts(data).values())


NAMES = {
    "a cell": "AB12",
    "a path that ends like a cell": "offence.ab12",
    "a row and a column": "R1C1",
    "a space": "victim.date of birth",
    "a letter that stands for the column": "c",
    "a digit first": "1st",
    "longer than 255": "a" * 256,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_name_that_excel_refuses_is_refused_here(name):
    """A form with such a path is a mistake of its author, found when its blank is made."""
    with pytest.raises(ValueError, match="cannot be the name"):
        check_name(name)


REFERENCES = {
    "a cell": ("Sheet1!$B$7", Spot("Sheet1", 7, 2)),
    "a column of cells": ("'1 Referrer''s details'!$B$7:$B$9", Spot("1 Referrer's details", 7, 2, 3)),
    "without dollars, with the sheet marked": ("$Sheet1!B7", Spot("Sheet1", 7, 2)),
    "another file": ("[1]Sheet1!$B$7", None),
    "nothing any more": ("#REF!", None),
    "a cell that is gone": ("Sheet1!#REF!", None),
    "two areas": ("Sheet1!$B$7,Sheet1!$B$9", None),
    "a formula": ("OFFSET(Sheet1!$B$7,1,0)", None),
    "a value": ('"Yes"', None),
    "backwards": ("Sheet1!$B$9:$B$7", None),
}


@pytest.mark.parametrize(("text", "where"), REFERENCES.values(), ids=REFERENCES)
def test_what_a_name_points_at(text, where):
    """A name points at one area of cells of this workbook, or at nothing that can be read."""
    assert spot(text) == where


def test_reference_is_read_as_it_was_written():
    """Writer and reader of a reference agree, whatever the sheet is called."""
    for title in ("Plain", "Referrer's details", "a b", "Ünï 1"):
        there = Spot(title, 12, 28, 3, 2)
        assert spot(there.reference) == there


def test_sheet_title_keeps_the_rules():
    """A title loses what Excel refuses, and its end where it is too long."""
    assert sheet_title("3 Drugs / alcohol: [all]?") == "3 Drugs alcohol all"
    assert sheet_title("12 An extraordinarily long title of a section") == "12 An extraordinarily long titl"


CONDITIONS = {
    "one of a list": (Is("referrer.letter_sent", "no"), 'referrer.letter_sent="No"'),
    "one of several": (Is("criteria.bases", "barriers"), 'criteria.bases.barriers="Yes"'),
    "answered": (Answered("victim.telephone"), 'NOT(TRIM(victim.telephone)="")'),
    "not": (Not(Answered("dash.tool")), 'NOT(NOT(TRIM(dash.tool)=""))'),
    "either": (
        any_of(Is("consent.aware", "no"), Is("consent.consents", "no")),
        'OR(consent.aware="No",consent.consents="No")',
    ),
}


@pytest.mark.parametrize(("condition", "formula"), CONDITIONS.values(), ids=CONDITIONS)
def test_condition_as_a_formula(condition, formula):
    """What makes an answer required is said by the sheet in the same words as by the form."""
    assert met(condition, FORM) == formula


def test_answered_table_counts_its_columns():
    """A table is answered once any of its cells is."""
    assert met(Answered("children.child"), FORM).startswith("COUNTA(children.child.full_name,")


def test_section_named_like_our_own_names_is_refused():
    """No section may be called as the names of lists and of the version begin."""
    form = replace(FORM, sections=(*FORM.sections, replace(FORM.sections[0], key="list")))
    with pytest.raises(ValueError, match="no section"):
        blank(form)
