"""The guard takes every honest workbook and refuses every other file with the one right code."""

import io
import json
import re
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import FormulaRule
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image as Picture

from pipeline import guard
from pipeline.guard import contents, words, zipped

SHEET = "xl/worksheets/sheet1.xml"
SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"
BOOK, BOOK_RELS, TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def picture() -> io.BytesIO:
    drawn = io.BytesIO()
    Picture.new("RGB", (40, 20), "navy").save(drawn, "PNG")
    drawn.seek(0)
    return drawn


def full_workbook() -> bytes:
    """A small workbook with one of everything that an honest form may hold."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Victim"
    for row in range(1, 40):
        sheet.append([f"Question {row}", None, "Help & <advice>"])
        sheet.merge_cells(f"C{row}:F{row}")
    sheet["B2"] = "x" * 32_767
    sheet["B3"] = "Zażółć 名前 اسم"
    sheet["B4"] = "=COUNTA(B2:B3)"
    choices = DataValidation(type="list", formula1='"Yes,No,Not known"')
    choices.add("B1:B39")
    sheet.add_data_validation(choices)
    fill = PatternFill("solid", bgColor="FFEEAA")
    sheet.conditional_formatting.add("B1:B39", FormulaRule(formula=["ISBLANK(B1)"], fill=fill))
    sheet["B1"].comment = Comment("A note", "Co-ordinator")
    sheet["A1"].hyperlink = "https://example.org/guidance"
    sheet["A2"].hyperlink = "mailto:team@example.org"
    sheet.add_image(Image(picture()), "H2")
    sheet.oddHeader.center.text = "OFFICIAL-SENSITIVE &P of &N"
    sheet.print_title_rows = "1:1"
    book.create_sheet("Children")
    book.defined_names["victim.name"] = DefinedName("victim.name", attr_text="Victim!$B$1")
    book.custom_doc_props.append(StringProperty(name="form", value="marac"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def small_workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Victim"
    book.active["A1"] = "Question"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SOUND = small_workbook()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)
    return out.getvalue()


def with_parts(**changed: bytes | str) -> bytes:
    return with_named({KEYS[key]: raw for key, raw in changed.items()})


KEYS = {"sheet": SHEET, "sheet_rels": SHEET_RELS, "book": BOOK, "book_rels": BOOK_RELS, "types": TYPES}


def with_named(changed: dict[str, bytes | str]) -> bytes:
    """The sound workbook with parts put in place of its own, or added."""
    raws = {name: raw.encode() if isinstance(raw, str) else raw for name, raw in changed.items()}
    return packed(parts_of(SOUND) | raws)


def with_text(part: str, old: str, new: str) -> bytes:
    text = parts_of(SOUND)[part].decode()
    assert old in text
    return with_named({part: text.replace(old, new, 1)})


def sheet_of(rows: str = "", after: str = "", before: str = "") -> bytes:
    return with_parts(sheet=f"<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>")


def related(kind: str, target: str = "x.xml", mode: str = "Internal") -> bytes:
    link = f'<Relationship Id="rId9" Type="{kind}" Target="{target}" TargetMode="{mode}"/>'
    return with_parts(sheet_rels=f"<Relationships {RELS}>{link}</Relationships>")


def typed(content_type: str, name: str = "/xl/extra.bin") -> bytes:
    return with_text(TYPES, "</Types>", f'<Override PartName="{name}" ContentType="{content_type}"/></Types>')


def as_main(content_type: str) -> bytes:
    return with_text(
        TYPES, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", content_type
    )


def appended(name: str, raw: bytes = b"<a/>") -> bytes:
    out = io.BytesIO(SOUND)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "warnings.warn", lambda *_a, **_k: None
        )  # zipfile warns of the double name that is wanted
        archive.writestr(name, raw)
    return out.getvalue()


def patched(at: str, offset: int, form: str, value: int | bytes) -> bytes:
    """The sound workbook with one value changed in the sheet's local header or directory entry."""
    return patch(SOUND, at, (offset, form, value))


def patch(data: bytes, at: str, change: tuple[int, str, int | bytes]) -> bytes:
    signature, size = {"local": (b"PK\x03\x04", 30), "entry": (b"PK\x01\x02", 46)}[at]
    places = (match.start() for match in re.finditer(re.escape(signature), data))
    place = next(place for place in places if data[place + size :].startswith(SHEET.encode()))
    offset, form, value = change
    found = bytearray(data)
    struct.pack_into(form, found, place + offset, value)
    return bytes(found)


def lying_bomb() -> bytes:
    data = with_parts(sheet=b" " * 15_000_000)
    return patch(patch(data, "entry", (24, "<I", 1_000)), "local", (22, "<I", 1_000))


def overlapping() -> bytes:
    """The sheet's stored bytes run on over the part that comes after it."""
    parts = parts_of(SOUND)
    data = packed({SHEET: parts.pop(SHEET)} | parts, zipfile.ZIP_STORED)
    return patch(patch(data, "entry", (20, "<I", 3_000)), "entry", (24, "<I", 3_000))


def twice_the_sheet() -> bytes:
    book = parts_of(SOUND)[BOOK].decode()
    sheet = re.search(r"<sheet [^>]*/>", book)
    assert sheet
    return with_named({BOOK: book.replace(sheet[0], sheet[0] + sheet[0].replace("Victim", "Again"))})


def often_related() -> bytes:
    link = '<Relationship Id="r{}" Type="{}/comments" Target="../comments1.xml"/>'
    links = "".join(link.format(number, KIND) for number in range(3_000))
    notes = f"<comments {MAIN}>{'<x></x>' * 500}</comments>"
    return with_named({SHEET_RELS: f"<Relationships {RELS}>{links}</Relationships>", "xl/comments1.xml": notes})


def docx() -> bytes:
    out = io.BytesIO()
    Document().save(out)
    return out.getvalue()


def cells(count: int, columns: int = 100) -> str:
    rows = []
    for row in range(1, count // columns + 1):
        inner = "".join(f'<c r="{guard_letters(column)}{row}"/>' for column in range(columns))
        rows.append(f'<row r="{row}">{inner}</row>')
    return "".join(rows)


def guard_letters(column: int) -> str:
    return openpyxl.utils.get_column_letter(column + 1)


CELL = '<row r="1"><c r="A1" t="n"/></row>'
XXE = '<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

FAULTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    # another kind of file
    "an empty file": ("file-empty", lambda: b""),
    "a file of blanks": ("file-empty", lambda: b"\r\n \0\0"),
    "a letter": ("file-text", lambda: b"Dear all,\nplease find the referral below.\nYours, A. Person"),
    "a web page named .xls": ("file-text", lambda: b"<html><table><tr><td>1</td></tr></table></html>"),
    "a .csv": ("file-csv", lambda: b'name,born\n"Person, A",1990\nB,1991\n'),
    "a .csv with semicolons in UTF-16": ("file-csv", lambda: "a;b\r\nc;d\r\n".encode("utf-16")),
    "a picture": ("file-picture", lambda: PNG),
    "a telephone's picture": ("file-picture", lambda: b"\0\0\0\x18ftypheic" + bytes(40)),
    "a PDF": ("file-pdf", lambda: b"%PDF-1.7\n..."),
    "a .docx": ("file-word", docx),
    "an old .doc": ("file-word", lambda: OLE + "WordDocument".encode("utf-16-le")),
    "a plain zip": ("file-zip", lambda: packed({"referral.xlsx": SOUND})),
    "an old .xls": ("file-xls", lambda: OLE + "Workbook".encode("utf-16-le")),
    "an XML spreadsheet of 2003": ("file-xls", lambda: b'<?mso-application progid="Excel.Sheet"?><Workbook/>'),
    "a workbook with a password": ("file-locked", lambda: OLE + "EncryptedPackage".encode("utf-16-le")),
    "an .ods": (
        "file-ods",
        lambda: packed(
            {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"},
            zipfile.ZIP_STORED,
        ),
    ),
    "an .xlsb": ("file-xlsb", lambda: as_main("application/vnd.ms-excel.sheet.binary.macroEnabled.main")),
    "Strict Open XML": (
        "file-strict",
        lambda: with_text("_rels/.rels", KIND, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
    ),
    "bytes of no kind": ("file-unknown", lambda: bytes(range(1, 200))),
    "another Office package": ("file-unknown", lambda: as_main("application/vnd.ms-visio.drawing.main+xml")),
    "too many bytes": ("file-too-big", lambda: SOUND + bytes(guard.MAX_FILE)),
    "a workbook cut short": ("file-damaged", lambda: SOUND[:-100]),
    "a workbook with a flipped bit": ("file-damaged", lambda: patched("entry", 16, "<I", 1)),
    "a workbook without sheets": ("file-damaged", lambda: with_parts(book=f"<workbook {MAIN}/>")),
    # what a form has no use for
    "an .xlsm": ("macros", lambda: as_main("application/vnd.ms-excel.sheet.macroEnabled.main+xml")),
    "a VBA project": ("macros", lambda: with_named({"xl/vbaProject.bin": OLE})),
    "a VBA project by another name": ("macros", lambda: typed("application/vnd.ms-office.vbaProject")),
    "a related VBA project": (
        "macros",
        lambda: related("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "a.png"),
    ),
    "an Excel 4 macro sheet": ("macros", lambda: typed("application/vnd.ms-excel.macrosheet+xml")),
    "an ActiveX control": ("embedded", lambda: with_named({"xl/activeX/activeX1.xml": "<x/>"})),
    "an embedded object": ("embedded", lambda: related(f"{KIND}/oleObject")),
    "an embedded document": ("embedded", lambda: with_named({"xl/embeddings/Letter.docx": b"PK"})),
    "a link to another workbook": ("outside-link", lambda: with_named({"xl/externalLinks/e1.xml": "<x/>"})),
    "a data connection": ("outside-link", lambda: related(f"{KIND}/connections", "../connections.xml")),
    "a picture from the net": (
        "outside-link",
        lambda: related(f"{KIND}/image", "https://example.org/a.png", "External"),
    ),
    "a template from the net": (
        "outside-link",
        lambda: related(f"{KIND}/attachedTemplate", "https://example.org/a.xltx", "External"),
    ),
    # too much or too far
    "a cell in the last corner": ("far-cell", lambda: sheet_of('<row r="1048576"><c r="XFD1048576"/></row>')),
    "a far cell in an honest row": ("far-cell", lambda: sheet_of('<row r="1"><c r="XFD1" t="n"/></row>')),
    "a far cell not written as Excel does": (
        "far-cell",
        lambda: sheet_of('<row r="1"><c s="0" r="&#65;1048576"></c></row>'),
    ),
    "a far cell under another name": ("far-cell", lambda: sheet_of('<row r="1"><x r="XFD1"/></row>')),
    "a far cell with a prefix": (
        "far-cell",
        lambda: with_parts(
            sheet="<s:worksheet "
            + MAIN.replace("xmlns", "xmlns:s")
            + '><s:sheetData><s:row r="1"><s:c r="A9999"/>'
            "</s:row></s:sheetData></s:worksheet>"
        ),
    ),
    "a far cell in a lying dimension": (
        "far-cell",
        lambda: sheet_of('<row r="1"><c r="A9999"/></row>', before='<dimension ref="A1:B2"/>'),
    ),
    "a far cell behind an instruction that a cell seems to end": (
        "far-cell",
        lambda: sheet_of(
            '<row r="1"><c r="A1"><v><?x <c r="A1"><v>?></v></c><c r="XFD1"/><c r="A1"><v><?x ?></v></c></row>'
        ),
    ),
    "a far row of cells without places": ("far-cell", lambda: sheet_of('<row r="99999"><c/></row>')),
    "a row of cells without places": ("far-cell", lambda: sheet_of(f'<row r="1">{"<c/>" * 500}</row>')),
    "a far cell in a part with another name": (
        "far-cell",
        lambda: with_named(
            {
                "xl/media/image1.png": f'<worksheet {MAIN}><sheetData><row><c r="XFD1"/></row></sheetData></worksheet>'
            }
        ),
    ),
    "a giant merged cell": (
        "far-range",
        lambda: sheet_of(CELL, '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    ),
    "a giant link": (
        "far-range",
        lambda: sheet_of(CELL, '<hyperlinks><hyperlink ref="A1:A1048576" location="B1"/></hyperlinks>'),
    ),
    "a far note": (
        "far-range",
        lambda: with_named(
            {"xl/c.xml": f'<comments {MAIN}><commentList><comment ref="XFD9"/></commentList></comments>'}
        ),
    ),
    "merged cells over each other": (
        "too-many-cells",
        lambda: sheet_of(CELL, "<mergeCells>" + '<mergeCell ref="A1:Z1999"/>' * 9 + "</mergeCells>"),
    ),
    "many rows": ("too-many-rows", lambda: sheet_of("".join(f'<row r="{n}"/>' for n in range(1, 2_002)))),
    "many rows not written as Excel does": ("too-many-rows", lambda: sheet_of("<row\n/>" * 2_001)),
    "a million rows": ("too-many-rows", lambda: sheet_of('<row r="1"/>' * 1_000_000)),
    "many cells": ("too-many-cells", lambda: sheet_of(cells(101_000))),
    "rules for scattered cells by the ten thousand": (
        "too-many-cells",
        lambda: sheet_of(CELL, ('<conditionalFormatting sqref="' + "A1 " * 20_000 + '"/>') * 3),
    ),
    "many sheets": (
        "too-many-sheets",
        lambda: with_text(BOOK, "</sheets>", '<sheet name="s" sheetId="9"/>' * 60 + "</sheets>"),
    ),
    "one sheet listed twice": ("sheet-double", twice_the_sheet),
    "a note read three thousand times": ("too-much", often_related),
    "millions of shared strings": (
        "too-much",
        lambda: with_named({"xl/sharedStrings.xml": f"<sst {MAIN}>{'<si/>' * 1_100_000}</sst>"}),
    ),
    "millions of attributes": (
        "too-much",
        lambda: sheet_of("<row " + "".join(f'a{n}="" ' for n in range(200_000)) + "/>"),
    ),
    "one endless tag, if what looks like cells is taken out of it": (
        "too-much",
        lambda: sheet_of(
            CELL, "<a " + (" ".join(f'a{n}=""' for n in range(60_000)) + '<c r="A1"/>') * 4 + "/>"
        ),
    ),
    "attributes by the hundred thousand": (
        "too-much",
        lambda: sheet_of(CELL, ("<a " + " ".join(f'a{n}=""' for n in range(70_000)) + "/>") * 15),
    ),
    "a new name for each tag": ("too-much", lambda: sheet_of(CELL, "".join(f"<a{n}/>" for n in range(2_000)))),
    "an endless header": (
        "too-much",
        lambda: sheet_of(CELL, f"<headerFooter><oddHeader>{'&amp;L' * 5_000}</oddHeader></headerFooter>"),
    ),
    "an endless number format": (
        "too-much",
        lambda: with_named(
            {"xl/s2.xml": f'<styleSheet {MAIN}><numFmt formatCode="' + "[" * 9_000 + '"/></styleSheet>'}
        ),
    ),
    "one long formula shared by many cells": (
        "too-much",
        lambda: sheet_of(
            '<row r="1"><c r="A1"><f t="shared" si="0" ref="A1:A99">'
            + "A1+" * 9_000
            + "1</f></c>"
            + '<c r="B1"><f t="shared" si="0"/></c>' * 150
            + "</row>"
        ),
    ),
    "a thousand parts": (
        "too-many-parts",
        lambda: packed(parts_of(SOUND) | {f"x/{n}.xml": b"<a/>" for n in range(zipped.MAX_MEMBERS)}),
    ),
    # packing
    "a zip bomb": ("zip-bomb", lambda: with_parts(sheet=bytes(21_000_000))),
    "a zip bomb in pieces": (
        "zip-bomb",
        lambda: with_named({f"xl/{n}.bin": bytes(14_000_000) for n in range(3)}),
    ),
    "a zip bomb that lies about its size": ("zip-bomb", lying_bomb),
    "overlapping parts": ("zip-overlap", overlapping),
    "a part doubled": ("zip-double", lambda: appended(SHEET)),
    "a part doubled in capitals": ("zip-double", lambda: appended(SHEET.upper())),
    "another name in the local header": ("zip-mismatch", lambda: patched("local", 30, "4s", b"xy/w")),
    "another method in the local header": ("zip-mismatch", lambda: patched("local", 8, "<H", 0)),
    "a path from the root": ("zip-path", lambda: appended("/xl/x.xml")),
    "a path upwards": ("zip-path", lambda: appended("../../x.xml")),
    "a path of Windows": ("zip-path", lambda: patched("entry", 46, "3s", b"xl\\")),
    "a name with an end inside": ("zip-path", lambda: patched("entry", 48, "1s", b"\0")),
    "a locked part": ("zip-locked", lambda: patched("entry", 8, "<H", 1)),
    "a part packed with BZip2": (
        "zip-method",
        lambda: packed(parts_of(SOUND), zipfile.ZIP_BZIP2),
    ),
    # XML
    "a DOCTYPE": ("xml-doctype", lambda: with_parts(sheet=f"{XXE}<worksheet {MAIN}>&x;</worksheet>")),
    "a DOCTYPE in UTF-16": (
        "xml-doctype",
        lambda: with_parts(sheet=f'<?xml version="1.0" encoding="UTF-16"?>{XXE}<a/>'.encode("utf-16")),
    ),
    "a DOCTYPE in the properties": ("xml-doctype", lambda: with_named({"docProps/core.xml": f"{XXE}<a/>"})),
    "a DOCTYPE in an old drawing": ("xml-doctype", lambda: with_named({"xl/d.vml": f"{XXE}<a><br></a>"})),
    "a DOCTYPE in UTF-16 without a mark": (
        "xml-encoding",
        lambda: with_parts(sheet=f"{XXE}<worksheet/>".encode("utf-16-le")),
    ),
    "UTF-32": ("xml-encoding", lambda: with_parts(sheet="<worksheet/>".encode("utf-32"))),
    "UTF-7": ("xml-encoding", lambda: with_parts(sheet='<?xml version="1.0" encoding="UTF-7"?><worksheet/>')),
    "EBCDIC": ("xml-encoding", lambda: with_named({"xl/a.bin": "<?xml version='1.0'?><a/>".encode("cp037")})),
    "Latin 1": (
        "xml-encoding",
        lambda: with_parts(sheet='<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1")),
    ),
    "UTF-8 that says it is UTF-16": (
        "xml-encoding",
        lambda: with_parts(sheet='<?xml version="1.0" encoding="UTF-16"?><worksheet/>'),
    ),
    "a tag left open": ("xml-broken", lambda: with_parts(sheet=f"<worksheet {MAIN}><sheetData>")),
    "a row in a row": (
        "xml-broken",
        lambda: sheet_of('<row r="1"><x><row><c s="1" r="XFD2"/></row></x></row>'),
    ),
    "a cell at no place": ("xml-broken", lambda: sheet_of('<row r="1"><c r="A1_000"/></row>')),
    "a sheet nested deeply": ("xml-deep", lambda: sheet_of(CELL, "<a>" * 120 + "</a>" * 120)),
    "a sheet nested endlessly": ("xml-deep", lambda: sheet_of(CELL, "<a>" * 400_000)),
}

BUILT: dict[str, bytes] = {}


def built(name: str) -> bytes:
    if name not in BUILT:
        BUILT[name] = FAULTS[name][1]()
    return BUILT[name]


@pytest.mark.parametrize("name", FAULTS)
def test_refuses_each_fault_with_its_own_code(name):
    """A file with exactly one fault comes back with the code for that fault, and with words."""
    found = guard.inspect(built(name))
    assert found is not None
    assert found.code == FAULTS[name][0]
    assert found.what
    assert found.cure
    assert "{" not in found.what + found.cure


def test_each_refusal_has_a_file_that_meets_with_it():
    """No code stands in the catalogue that no fault brings about."""
    assert {code for code, _ in FAULTS.values()} == set(words.REFUSALS)


def test_refusing_takes_little_memory(tmp_path):
    """Not one of the faulty files brings a process to 200 MB, the interpreter included."""
    for number, name in enumerate(FAULTS):
        (tmp_path / f"{number:03}").write_bytes(built(name))
    program = (
        "import json, resource, sys; from pathlib import Path; from pipeline.guard import inspect\n"
        "codes = [inspect(path.read_bytes()).code for path in sorted(Path(sys.argv[1]).iterdir())]\n"
        "print(json.dumps([codes, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))"
    )
    # By way of a shell: a process begins with the peak of the one it was forked from, which is this large one.
    run = ["sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-c", program, str(tmp_path)]
    root = Path(guard.__file__).parents[2]
    codes, kibibytes = json.loads(subprocess.run(run, check=True, capture_output=True, cwd=root).stdout)
    assert codes == [code for code, _ in FAULTS.values()]
    assert kibibytes < 200_000


def test_names_the_sheet_that_has_the_fault():
    """A problem that concerns one sheet has its title as its place."""
    found = guard.inspect(built("a cell in the last corner"))
    assert found is not None
    assert found.place.sheet == "Victim"
    assert "XFD1048576" in found.what


def test_a_sheet_title_that_is_no_title_is_not_repeated():
    """What a stranger wrote where a title belongs gets into no message unless Excel would allow it."""
    parts = parts_of(built("a cell in the last corner"))
    found = guard.inspect(packed(parts | {BOOK: parts[BOOK].replace(b"Victim", b"x" * 500)}))
    assert found is not None
    assert str(found.place) == "the whole file"


@pytest.mark.parametrize("make", [small_workbook, full_workbook])
def test_takes_what_openpyxl_saves(make):
    """Validation, notes, pictures, links, merged cells, headers and the longest text are all fit to read."""
    assert guard.inspect(make()) is None


HONEST: dict[str, Callable[[], bytes]] = {
    "stored without compression": lambda: packed(parts_of(SOUND), zipfile.ZIP_STORED),
    "folders listed": lambda: packed({"xl/": b""} | parts_of(SOUND)),
    "a sheet in UTF-16 with a mark": lambda: with_parts(
        sheet=f'<?xml version="1.0" encoding="UTF-16"?><worksheet {MAIN}/>'.encode("utf-16")
    ),
    "a byte order mark before UTF-8": lambda: with_parts(sheet=b"\xef\xbb\xbf" + parts_of(SOUND)[SHEET]),
    "printer settings and a thumbnail": lambda: with_named(
        {"xl/printerSettings/printerSettings1.bin": bytes(900), "docProps/thumbnail.jpeg": b"\xff\xd8\xff\xe0"}
    ),
    "an old drawing that Excel left a tag open in": lambda: with_named(
        {"xl/d.vml": "<xml><div><br></div></xml>"}
    ),
    "a link to a web page or a folder": lambda: related(f"{KIND}/hyperlink", "file:///C:/Users", "External"),
    "validation and formats over whole columns": lambda: sheet_of(
        CELL, '<dataValidations><dataValidation sqref="A1:XFD1048576"/></dataValidations>'
    ),
    "widths and styles of all columns": lambda: sheet_of(
        CELL, before='<cols><col min="1" max="16384"/></cols>'
    ),
    "a lying dimension": lambda: sheet_of(CELL, before='<dimension ref="A1:XFD1048576"/>'),
    "the last row and column that are allowed": lambda: sheet_of('<row r="2000"><c r="GR2000"/></row>'),
    "as many rows as are allowed": lambda: sheet_of("".join(f'<row r="{n}"/>' for n in range(1, 2_001))),
    "as many cells as are allowed": lambda: sheet_of(cells(100_000)),
    "a comment and CDATA": lambda: sheet_of(
        '<row r="1"><!-- <c r="XFD1"/> --><c r="A1"><v><![CDATA[<]]></v></c></row>'
    ),
    "a template (.xltx)": lambda: as_main(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml"
    ),
}


@pytest.mark.parametrize("make", HONEST.values(), ids=HONEST)
def test_takes_what_is_unusual_and_harmless(make):
    """What an honest program may write, or what costs a reader nothing, is no reason to refuse."""
    assert guard.inspect(make()) is None


@pytest.mark.parametrize(
    "row", ['<row r="1"><!-- x --><c r="XFD1"/></row>', '<row r="1"><c r="XFD1"></c></row>']
)
def test_cells_are_found_by_shape_and_by_parser_alike(row):
    """A far cell is refused whether or not a comment sends its sheet past the quick way."""
    found = guard.inspect(sheet_of(row))
    assert found is not None
    assert found.code == "far-cell"


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Callable[[bytes, str, str], bytes]:
    """Converts a workbook with the real LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    folder = tmp_path_factory.mktemp("office")

    def convert(data: bytes, suffix: str, filter_name: str) -> bytes:
        source = folder / "referral.xlsx"
        source.write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        into = ["--convert-to", f"{suffix}:{filter_name}", "--outdir", str(folder / "out")]
        subprocess.run(
            [program, profile, "--headless", *into, str(source)], check=True, capture_output=True, timeout=120
        )
        return (folder / "out" / f"referral.{suffix}").read_bytes()

    return convert


@pytest.mark.parametrize(
    ("suffix", "filter_name", "code"),
    [
        ("xlsx", "Calc MS Excel 2007 XML", None),
        ("xlsx", "Calc Office Open XML", None),
        ("xls", "MS Excel 97", "file-xls"),
        ("ods", "calc8", "file-ods"),
        ("csv", "Text - txt - csv (StarCalc)", "file-csv"),
        ("pdf", "calc_pdf_Export", "file-pdf"),
        ("html", "HTML (StarCalc)", "file-text"),
    ],
)
def test_knows_what_libreoffice_saves(office, suffix, filter_name, code):
    """LibreOffice's own .xlsx is read, and each other kind that it saves is called by its name."""
    found = guard.inspect(office(full_workbook(), suffix, filter_name))
    assert (found.code if found else None) == code


FULL = full_workbook()


@given(st.data())
def test_damage_never_raises(data):
    """Bytes changed, cut off or put in anywhere give a problem or pass, and nothing is ever raised."""
    broken = bytearray(FULL)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(broken) - 1))
        broken[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
        if len(broken) < 2:
            break
    guard.inspect(bytes(broken))


@given(st.sampled_from(sorted(parts_of(FULL))), st.data())
def test_damage_inside_a_part_never_raises(name, data):
    """Neither does damage to the XML inside, behind a sound checksum."""
    parts = parts_of(FULL)
    part = bytearray(parts[name])
    at = data.draw(st.integers(0, len(part) - 1))
    part[at : at + data.draw(st.integers(0, 30))] = data.draw(
        st.one_of(
            st.binary(max_size=8), st.sampled_from([b"<", b">", b'"', b"&", b"<row>", b'<c r="', b"</row>"])
        )
    )
    guard.inspect(packed(parts | {name: bytes(part)}))


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", OLE[:8], b"\xff\xfe", b"<"]))
def test_any_other_bytes_are_refused(raw, start):
    """Whatever is no workbook is refused, with a code of the catalogue."""
    found = guard.inspect(start + raw)
    assert found is not None
    assert found.code in words.REFUSALS


def test_what_passes_is_read_by_openpyxl():
    """The limits are such that the largest sheet they allow is still read whole."""
    largest = contents.MAX_CELLS // 10
    book = openpyxl.load_workbook(io.BytesIO(sheet_of(cells(largest))))
    assert sum(1 for row in book["Victim"].iter_rows() for _ in row) == largest


def test_inflating_stops_at_the_promised_size():
    """A part that holds more than the directory says costs no more memory than it said."""
    plain = bytes(5_000_000)
    engine = zlib.compressobj(wbits=-15)
    squeezed = engine.compress(plain) + engine.flush()
    member = zipped.Member("a", 0, len(squeezed), 100, zipfile.ZIP_DEFLATED, zlib.crc32(plain))
    with pytest.raises(words.Unfit, match="zip-bomb"):
        zipped.inflate(squeezed, member)
