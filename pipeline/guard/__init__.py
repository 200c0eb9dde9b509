"""The guard before a workbook is read: is it one, and can it be read without harm?

Whoever sends a referral may send anything, and the library that reads workbooks has no limits of its own. Nothing is executed,
fetched or written here; hyperlinks pass, of whatever kind, since only a person's click follows them and the workbook itself is not sent on.
"""

import csv
from collections.abc import Iterable
from zipfile import ZipInfo

from pipeline.guard.contents import Contents
from pipeline.guard.markup import scan
from pipeline.guard.words import Unfit
from pipeline.guard.zipped import Member, directory, inflate, members
from pipeline.problem import WHOLE_FILE, Place, Problem, problem

MAX_FILE = 20_000_000
"""Bytes; look at a file's size before taking it into memory."""

_TYPES = "[Content_Types].xml"
_STARTS = (
    (b"%PDF-", "file-pdf"),
    (b"\x89PNG\r\n", "file-picture"),
    (b"\xff\xd8\xff", "file-picture"),
    (b"GIF8", "file-picture"),
    (b"BM", "file-picture"),
    (b"II*\0", "file-picture"),
    (b"MM\0*", "file-picture"),
    (b"{\\rtf", "file-word"),
    (b"7z\xbc\xaf'\x1c", "file-zip"),
    (b"Rar!\x1a\x07", "file-zip"),
    (b"\x1f\x8b", "file-zip"),
    # BIFF 2 to 4, a bare stream: [MS-XLS] 2.4.21 and before
    (b"\x09\x00\x04\x00", "file-xls"),
    (b"\x09\x02\x06\x00", "file-xls"),
    (b"\x09\x04\x06\x00", "file-xls"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (  # [MS-OFFCRYPTO] 2.3.4.4, [MS-XLS] 2.1.2, [MS-DOC] 2.1.1
    ("EncryptedPackage", "file-locked"),
    ("Workbook", "file-xls"),
    ("Book", "file-xls"),
    ("WordDocument", "file-word"),
)
_MAIN_TYPES = (  # in this order: a binary workbook calls itself macro-enabled
    ("spreadsheetml.sheet.main", ""),
    ("spreadsheetml.template.main", ""),
    ("sheet.binary.macroenabled", "file-xlsb"),
    ("macroenabled", "macros"),
    ("wordprocessingml", "file-word"),
)
_NO_USE = (
    ("vbaproject", "macros"),
    ("macrosheet", "macros"),
    ("macroenabled", "macros"),
    ("dialogsheet", "macros"),
    ("activex", "embedded"),
    ("oleobject", "embedded"),
    ("embeddings/", "embedded"),
    ("relationships/package", "embedded"),
    ("relationships/control", "embedded"),
    ("externallink", "outside-link"),
    ("querytable", "outside-link"),
    ("connections", "outside-link"),
    ("volatiledependencies", "outside-link"),
)


def inspect(data: bytes) -> Problem | None:
    """Say why a file cannot be read as a workbook, or nothing if it can.

    A workbook that passes is small enough and plain enough for openpyxl; that it is sound in every part is not promised.

    Args:
        data: the whole file, whatever it is.

    Returns:
        One problem whose code is a key of `pipeline.guard.words.REFUSALS`, with the sheet where that is known.
    """
    contents = Contents()
    try:
        _inspect(data, contents)
    except Unfit as unfit:
        title = contents.title(unfit.part)
        return problem(unfit.code, Place(sheet=title) if title else WHOLE_FILE, **unfit.facts)
    return None


def _inspect(data: bytes, contents: Contents) -> None:
    if len(data) > MAX_FILE:
        raise Unfit("file-too-big", megabytes=MAX_FILE // 1_000_000)
    if not data.startswith(b"PK\x03\x04"):
        raise Unfit(_kind(data))
    entries = directory(data)
    if code := _kind_of_zip(data, entries):
        raise Unfit(code)
    parts = members(data, entries)
    types = [part for part in parts if part.name == _TYPES]
    relations = [part for part in parts if part.name.endswith(".rels")]
    rest = [part for part in parts if part not in types and part not in relations]
    _take(data, contents, types)
    _check_types(contents.types)
    _check_use(part.name for part in parts)
    _take(data, contents, relations)
    _check_relations(contents)
    # The workbook's list first: from then on a fault can be told with the title of its sheet.
    _take(data, contents, sorted(rest, key=lambda part: "workbook" not in part.name))
    if not contents.sheets:
        raise Unfit("file-damaged")
    contents.settle()


def _take(data: bytes, contents: Contents, parts: Iterable[Member]) -> None:
    for part in parts:
        raw = inflate(data, part)
        if part.name.lower().endswith((".xml", ".rels", ".vml")) or _may_be_xml(raw):
            scan(contents, part.name, raw)
        else:
            contents.weigh(part.name, raw)


def _may_be_xml(raw: bytes) -> bool:
    """Tell whether a parser might take the bytes as XML in any encoding, whatever the part is called."""
    start = raw[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return start.startswith((b"<", b"\x4c\x6f\xa7\x94"))  # the latter in EBCDIC; XML 1.0, appendix F.1


def _kind(data: bytes) -> str:
    if not data.strip(b"\0 \t\r\n"):
        return "file-empty"
    if data.startswith(_OLE):
        return next((code for name, code in _OLE_STREAMS if name.encode("utf-16-le") in data), "file-unknown")
    for start, code in _STARTS:
        if data.startswith(start):
            return code
    if data[4:8] == b"ftyp" or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return "file-picture"
    if b"%PDF-" in data[:1024]:
        return "file-pdf"
    if data.startswith(b"PK"):
        return "file-damaged"
    return _kind_of_text(data[:65_536])


def _kind_of_text(start: bytes) -> str:
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = start.decode("utf-16" if wide else "latin-1", "replace")
    if any(ord(mark) < 32 and mark not in "\t\r\n\f" for mark in text):
        return "file-unknown"
    if text.lstrip("\ufeffï»¿ \t\r\n").startswith("<"):
        if 'progid="Excel.Sheet"' in text:
            return "file-xls"
        return "file-ods" if "<office:document" in text else "file-text"
    lines = text.splitlines()[:20]
    for mark in ",;\t":
        widths = {len(row) for row in csv.reader(lines, delimiter=mark) if row}
        if len(lines) > 1 and len(widths) == 1 and widths != {1}:
            return "file-csv"
    return "file-text"


def _kind_of_zip(data: bytes, entries: list[ZipInfo]) -> str:
    names = {entry.filename for entry in entries}
    if _TYPES in names:
        return ""
    if "mimetype" in names and "content.xml" in names:
        return (
            "file-ods"
            if b"application/vnd.oasis.opendocument.spreadsheet" in data[:256]
            else "file-word"
            if b"opendocument.text" in data[:256]
            else "file-unknown"
        )
    return "file-zip"


def _check_types(types: Iterable[str]) -> None:
    together = " ".join(types).lower()
    for token, code in _MAIN_TYPES:
        if token in together:
            if code:
                raise Unfit(code)
            return _check_use(types)
    raise Unfit("file-unknown")


def _check_use(names: Iterable[str]) -> None:
    together = "\n".join(names).lower()
    for token, code in _NO_USE:
        if token in together:
            raise Unfit(code)


def _check_relations(contents: Contents) -> None:
    relations = contents.relations.values()
    if any("purl.oclc.org/ooxml" in relation.kind for relation in relations):
        raise Unfit("file-strict")
    _check_use(relation.kind for relation in relations)
    if any(relation.external and not relation.kind.endswith("/hyperlink") for relation in relations):
        raise Unfit("outside-link")
