"""The quick way to load a workbook gives what openpyxl gives: the same cells, names, merges, comments and properties."""

import datetime as dt
import io
import warnings
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.formula import ArrayFormula

from forms.catalogue import FORMS
from pipeline.checked import Referral, check
from pipeline.workbook import blank, read, returned
from pipeline.workbook.loading import load
from samples import make

DAY = dt.date(2026, 12, 2)


def told(book):
    """Everything that reading looks at, by sheet and cell."""
    cells = {
        (sheet.title, cell.coordinate): (str(getattr(cell.value, "text", cell.value)), cell.data_type, cell.number_format)
        for sheet in book.worksheets
        for cell in list(sheet._cells.values())
        if cell.value is not None
    }  # fmt: skip
    notes = {
        (s.title, c.coordinate): c.comment.text
        for s in book.worksheets
        for c in list(s._cells.values())
        if c.comment
    }
    merged = {(s.title, str(area)) for s in book.worksheets for area in s.merged_cells.ranges}
    names = {name: one.attr_text for name, one in book.defined_names.items()}
    properties = {one.name: one.value for one in book.custom_doc_props.props}
    states = [(sheet.title, sheet.sheet_state) for sheet in book.worksheets]
    return cells, notes, merged, names, properties, states


def same(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a date beyond all dates
        theirs = openpyxl.load_workbook(io.BytesIO(data))
    assert told(load(data)) == told(theirs)


@pytest.mark.parametrize(("form_id", "name"), make.every())
def test_samples(form_id, name):
    """Each filled workbook is loaded cell for cell as openpyxl loads it."""
    same((make.AREA / "inbox" / make.place(form_id, name)).read_bytes())


@pytest.mark.parametrize("form_id", FORMS)
def test_blanks(form_id):
    """So is each blank."""
    same(blank(FORMS[form_id]))


def test_a_returned_copy_with_its_notes():
    """So are the notes on a copy that goes back."""
    referral = read((make.AREA / "inbox" / "06-nine-mistakes.xlsx").read_bytes(), FORMS)
    assert isinstance(referral, Referral)
    same(returned(FORMS["marac"], referral, check(referral, DAY)))


def odd() -> bytes:
    """A workbook with every kind of cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    values = [
        1, -2.5, 1e21, "text", "  spaces ", "=1+1", True, False, dt.datetime(2026, 1, 9), dt.datetime(2026, 1, 9, 14, 30),  # noqa: DTZ001
        dt.date(2026, 1, 9), dt.time(9, 30), dt.timedelta(hours=30), "#REF!", "😀 ł\n2", None,
    ]  # fmt: skip
    for row, value in enumerate(values, start=1):
        sheet.cell(row, 2, value)
    sheet["D1"] = ArrayFormula("D1:D2", "=A1:A2*2")
    sheet["E1"].value, sheet["E1"].number_format = 45000.5, "yyyy-mm-dd"
    sheet["E2"].value, sheet["E2"].number_format = 9e9, "yyyy-mm-dd"
    sheet["F1"] = "noted"
    sheet["F1"].comment = Comment("A note", "somebody")
    sheet.merge_cells("G1:H2")
    sheet["G1"] = "merged"
    book.create_sheet("Hidden").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, *changes: tuple[bytes, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            for old, new in changes if name == "xl/worksheets/sheet1.xml" else ():
                assert old in content
                content = content.replace(old, new)
            after.writestr(name, content)
    return out.getvalue()


def test_every_kind_of_cell():
    """Numbers, texts, dates, times, durations, truths, errors, formulas, notes and merges come out alike."""
    same(odd())


@pytest.mark.parametrize(
    "change",
    [
        (b'<c r="B1" t="n"><v>1</v></c>', b'<c r="B1" t="inlineStr"><is><r><t>one</t></r><r><t xml:space="preserve"> two</t></r></is></c>'),
        (b'<c r="B1" t="n"><v>1</v></c>', b'<c r="B1" t="inlineStr"><is><t>plain</t><rPh sb="0" eb="1"><t>said</t></rPh></is></c>'),
        (b'<c r="B1" t="n"><v>1</v></c>', b'<c r="B1" t="d"><v>2026-01-09</v></c>'),
        (b'<c r="B1" t="n"><v>1</v></c>', b'<c r="B1" t="str"><v>said</v></c>'),
        (b'<c r="B1" t="n"><v>1</v></c>', b'<c t="n"><v>7</v></c>'),
        (b'<c r="B1" t="n"><v>1</v></c>', b'<c r="B1" t="e"><v>#N/A</v></c>'),
    ],
    ids=["rich text", "text with its sound", "a date in ISO form", "a formula's text", "a cell without its place", "an error"],
)  # fmt: skip
def test_what_other_programs_write(change):
    """Kinds of cell that we do not write come out alike too."""
    same(changed(odd(), change))


def test_a_shared_formula_is_a_formula():
    """A formula that a cell shares with another is none of an answer in either; its references are not moved here."""
    data = changed(
        odd(),
        (b'<c r="B1" t="n"><v>1</v></c>', b'<c r="B1"><f t="shared" ref="B1:B2" si="0">A1+1</f><v>1</v></c>'),
        (b'<c r="B2" t="n"><v>-2.5</v></c>', b'<c r="B2"><f t="shared" si="0"/><v>2</v></c>'),
    )
    sheet = load(data).worksheets[0]
    assert [(sheet[at].value, sheet[at].data_type) for at in ("B1", "B2")] == [("=A1+1", "f")] * 2


def test_what_stands_under_a_merge_is_not_lost():
    """Openpyxl drops what other programs keep under merged cells; here it is seen, and told as stray."""
    data = changed(odd(), (b"</row>", b'<c r="H1" t="inlineStr"><is><t>under</t></is></c></row>'))
    assert load(data).worksheets[0]["H1"].value == "under"
