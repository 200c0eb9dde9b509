"""What the flow, and the reader behind it, say of files that nothing can be made of."""

import io
import zipfile

import openpyxl

from forms.catalogue import FORMS
from forms.marac import FORM
from pipeline.flow import read, read_file
from pipeline.workbook import blank
from tests.filling import fill


def codes(said: object) -> list[str]:
    return [one.code for one in (said if isinstance(said, tuple) else said.problems)]


def test_a_folder_in_the_place_of_a_referral(tmp_path):
    """What cannot be opened is told, and nothing raises."""
    assert codes(read_file(tmp_path)) == ["unreadable-file"]
    assert codes(read_file(tmp_path / "gone.xlsx")) == ["no-file"]


def test_a_workbook_whose_parts_make_no_sense():
    """A workbook that is sound to look at, and that no program could load, is told as one that cannot be read."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blank(FORM))) as whole, zipfile.ZipFile(out, "w") as spoilt:
        for name in whole.namelist():
            content = whole.read(name)
            spoilt.writestr(
                name,
                content.replace(b' numFmtId="', b' numFmtId="Zyxwvut') if name == "xl/styles.xml" else content,
            )
    assert codes(read(out.getvalue())) == ["workbook-unreadable"]


def test_a_cell_that_shows_an_error():
    """An error in the place of an answer, such as #REF!, is a problem of its cell."""
    workbook = openpyxl.load_workbook(io.BytesIO(fill(blank(FORM), FORM.example())), rich_text=True)
    sheet, _, area = workbook.defined_names["reasons.reasons"].attr_text.rpartition("!")
    cell = workbook[sheet.strip("'")][area.replace("$", "").partition(":")[0]]
    cell.value, cell.data_type = "#REF!", "e"
    out = io.BytesIO()
    workbook.save(out)
    referral = read(out.getvalue())
    assert codes(referral) == ["error-cell"]
    assert referral.problems[0].place.cell == cell.coordinate
    assert FORMS[referral.form.id] == FORM
