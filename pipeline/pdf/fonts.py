"""The shipped fonts, and what of them goes into one file.

A ``Face`` is a font of ``templates/fonts``, opened once in a process when the first letter of it is needed. A
``FontUse`` is what one PDF needs of a face: glyphs numbered in the order of their first use, each with the text
it stands for, so that a reader who copies or searches gets the very letters back.
"""

import functools
import struct
import unicodedata
import zlib
from pathlib import Path
from typing import Any

import uharfbuzz as hb
from reportlab.pdfbase import pdfdoc

import pipeline

FOLDER = Path(pipeline.__file__).resolve().parent.parent / "templates" / "fonts"

REGULAR, BOLD = "NotoSans-Regular.ttf", "NotoSans-Bold.ttf"
# Which face is asked for a letter that Noto Sans does not have: (file, first and last code point of its blocks).
FALLBACKS = (
    ("NotoSansArmenian-Regular.ttf", ((0x530, 0x58F), (0xFB13, 0xFB17))),
    ("NotoSansHebrew-Regular.ttf", ((0x590, 0x5FF), (0xFB1D, 0xFB4F))),
    (
        "NotoSansArabic-Regular.ttf",
        ((0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)),
    ),
    ("NotoSansDevanagari-Regular.ttf", ((0x900, 0x97F), (0x1CD0, 0x1CFF), (0xA8E0, 0xA8FF))),
    ("NotoSansBengali-Regular.ttf", ((0x980, 0x9FF),)),
    ("NotoSansGurmukhi-Regular.ttf", ((0xA00, 0xA7F),)),
    ("NotoSansGujarati-Regular.ttf", ((0xA80, 0xAFF),)),
    ("NotoSansTamil-Regular.ttf", ((0xB80, 0xBFF),)),
    ("NotoSansThai-Regular.ttf", ((0xE00, 0xE7F),)),
    ("NotoSansGeorgian-Regular.ttf", ((0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F))),
    ("NotoSansEthiopic-Regular.ttf", ((0x1200, 0x139F), (0x2D80, 0x2DDF), (0xAB00, 0xAB2F))),
    ("NotoSansMath-Subset.ttf", ((0x21D0, 0x21D4), (0x2200, 0x22FF))),
    ("NotoSansSymbols-Subset.ttf", ((0x2190, 0x27BF),)),
    ("NotoSansSymbols2-Subset.ttf", ((0x2190, 0x27BF), (0x2B00, 0x2BFF))),
    (
        "Symbola-Subset.ttf",
        ((0x2160, 0x2188), (0x1F1E6, 0x1F1FF), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF)),
    ),
    (
        "DroidSansFallback.ttf",
        (
            (0x1100, 0x11FF),
            (0x2E80, 0x9FFF),
            (0xAC00, 0xD7AF),
            (0xF900, 0xFAFF),
            (0xFE30, 0xFE4F),
            (0xFF00, 0xFFEF),
        ),
    ),
)
# Directions of letters that stand in the order typed and need no joining (Unicode Bidi_Class).
_PLAIN_DIRECTIONS = frozenset(("L", "EN", "ES", "ET", "CS", "ON", "WS"))
# Not embedded: what a drawn page does not use of a font file.
_DROPPED = [
    struct.unpack(">I", tag)[0] for tag in (b"GSUB", b"GPOS", b"GDEF", b"cmap", b"OS/2", b"name", b"post")
]


def is_plain(char: str) -> bool:
    """Tell whether one glyph for ``char``, in the order typed, is all that it needs."""
    return unicodedata.category(char)[0] in "LNPSZ" and unicodedata.bidirectional(char) in _PLAIN_DIRECTIONS


class Face:
    """A font file, opened for measuring and shaping. Widths are in thousandths of the type size."""

    def __init__(self, file: str) -> None:
        self.name = Path(file).stem
        self._face = hb.Face(hb.Blob.from_file_path(str(FOLDER / file)))
        self.font = hb.Font(self._face)
        self.scale: float = 1000 / self._face.upem
        self.plain = _PlainWidths(self)

    def glyph(self, char: str) -> int:
        """Give the number of the glyph for ``char``, 0 if there is none."""
        return self.font.get_nominal_glyph(ord(char)) or 0

    def width(self, glyph: int) -> float:
        """Give the advance of ``glyph`` in thousandths of the type size."""
        advance: int = self.font.get_glyph_h_advance(glyph)
        return round(advance * self.scale, 2)

    def subset(self, glyphs: set[int]) -> bytes:
        """Give a TrueType file of these glyphs alone, which keep their numbers."""
        wanted = hb.SubsetInput()
        wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        wanted.glyph_set.update(glyphs)
        wanted.drop_table_tag_set.update(_DROPPED)
        return bytes(hb.subset(self._face, wanted).blob.data)

    def descriptor(self) -> dict[str, Any]:
        """Give the entries of the PDF font descriptor (ISO 32000-1, 9.8)."""
        box = struct.unpack(">4h", self._face.reference_table("head").data[36:44])
        extents = self.font.get_font_extents("ltr")
        return {
            "Type": "/FontDescriptor",
            "Flags": 4,
            "FontBBox": pdfdoc.PDFArray([round(edge * self.scale) for edge in box]),
            "ItalicAngle": 0,
            "Ascent": round(extents.ascender * self.scale),
            "Descent": round(extents.descender * self.scale),
            "CapHeight": 714,
            "StemV": 140 if "Bold" in self.name else 80,
        }


class _PlainWidths(dict[str, float]):
    """Width of each plain character of a face, looked up on first use; KeyError for one that is not plain here."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self._face = face

    def __missing__(self, char: str) -> float:
        glyph = self._face.glyph(char)
        if not glyph or not is_plain(char):
            raise KeyError
        self[char] = width = self._face.width(glyph)
        return width


@functools.cache
def face(file: str) -> Face:
    """Open the font ``file`` of the fonts folder, once."""
    return Face(file)


def fallback(char: str) -> Face | None:
    """Give the face that is kept for the letters of ``char``'s block, if there is one and it has it."""
    code = ord(char)
    for file, blocks in FALLBACKS:
        if any(first <= code <= last for first, last in blocks):
            found = face(file)
            if found.glyph(char):
                return found
    return None


class _Codes(dict[str, str]):
    """The code of each plain character, as four hexadecimal digits, given out on first use."""

    def __init__(self, use: "FontUse") -> None:
        super().__init__()
        self._use = use

    def __missing__(self, char: str) -> str:
        self[char] = code = self._use.code(self._use.face.glyph(char), char)
        return code


class FontUse:
    """What one file takes of a face. ReportLab calls ``addObjects`` when it saves the file."""

    def __init__(self, face: Face, name: str) -> None:
        self.face = face
        self.name = name
        self.codes = _Codes(self)
        self._numbers: dict[tuple[int, str], int] = {}

    def code(self, glyph: int, text: str) -> str:
        """Give the code of ``glyph`` where it stands for ``text``; another text gets another code."""
        number = self._numbers.setdefault((glyph, text), len(self._numbers) + 1)
        return f"{number:04X}"

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab's own name for it
        """Put the font into the file: a composite font with two-byte codes (ISO 32000-1, 9.7)."""
        glyphs = [0, *(glyph for glyph, _ in self._numbers)]
        tag = "".join(chr(65 + int(digit)) for digit in f"{zlib.crc32(repr(glyphs).encode()) % 10**6:06d}")
        name = f"/{tag}+{self.face.name}"
        widths = [self.face.width(glyph) for glyph in glyphs]
        descendant = {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": name,
            "CIDSystemInfo": pdfdoc.PDFDictionary(
                {"Registry": "(Adobe)", "Ordering": "(Identity)", "Supplement": 0}
            ),
            "FontDescriptor": doc.Reference(
                pdfdoc.PDFDictionary(
                    self.face.descriptor()
                    | {"FontName": name, "FontFile2": _stream(doc, self.face.subset(set(glyphs)), lengths=True)}
                )
            ),
            "W": pdfdoc.PDFArray([0, pdfdoc.PDFArray(widths)]),
            "CIDToGIDMap": _stream(doc, struct.pack(f">{len(glyphs)}H", *glyphs)),
        }
        whole = {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": name,
            "Encoding": "/Identity-H",
            "DescendantFonts": pdfdoc.PDFArray([doc.Reference(pdfdoc.PDFDictionary(descendant))]),
            "ToUnicode": _stream(doc, _to_unicode([text for _, text in self._numbers])),
        }
        font = pdfdoc.PDFDictionary(whole)
        # ReportLab begins each file with a Helvetica that is not embedded; the first font here takes its place.
        taken = self.name in doc.idToObject
        if taken:
            doc.idToObject[self.name] = font
        reference = pdfdoc.PDFObjectReference(self.name) if taken else doc.Reference(font, self.name)
        doc.idToObject["BasicFonts"].dict[self.name] = reference


def _stream(doc: Any, content: bytes, *, lengths: bool = False) -> Any:
    entries = {"Length1": len(content)} if lengths else {}
    return doc.Reference(
        pdfdoc.PDFStream(pdfdoc.PDFDictionary(entries), content, filters=[pdfdoc.PDFZCompress])
    )


def _to_unicode(texts: list[str]) -> bytes:
    """Write the map from codes 1, 2, 3 … back to text (ISO 32000-1, 9.10.3); at most 100 entries a block."""
    entries = [f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in enumerate(texts, 1)]
    parts = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    blocks = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{blocks}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
