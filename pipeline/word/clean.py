"""What does not serve the page is taken out of a template's parts; what may not be in them is a problem."""

from lxml import etree

from pipeline.problem import WHOLE_FILE, Place, Problem, problem
from pipeline.word.xml import Element, W, fields, is_on

_TRACKED = {
    "ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "rPrChange", "pPrChange", "tblPrChange",
    "trPrChange", "tcPrChange", "tblGridChange", "tblPrExChange", "sectPrChange", "numberingChange",
}  # fmt: skip
_NOT_OF_THE_PAGE = {
    "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef", "proofErr", "lastRenderedPageBreak",
    "dataBinding", "rsid", "rsids", "permStart", "permEnd",
}  # fmt: skip
_SETTINGS = {
    "zoom", "mirrorMargins", "gutterAtTop", "autoHyphenation", "consecutiveHyphenLimit", "hyphenationZone",
    "doNotHyphenateCaps", "defaultTabStop", "evenAndOddHeaders", "characterSpacingControl", "footnotePr", "endnotePr",
    "compat", "mathPr", "themeFontLang", "clrSchemeMapping", "decimalSymbol", "listSeparator",
}  # fmt: skip
_FIELDS = {"PAGE", "NUMPAGES", "TOC", "REF", "PAGEREF", "STYLEREF", "SEQ", "HYPERLINK"}
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_TRACES = ("rsid", "paraId", "textId")


def clean(root: Element, kind: str) -> tuple[Problem, ...]:
    """Clean a part in place and return what may not be in it.

    Args:
        root: the part.
        kind: what it is: "document", "header", "settings".
    """
    if kind == "settings":
        for child in list(root):
            if etree.QName(child).localname not in _SETTINGS:
                root.remove(child)
    place = Place(sheet=f"the {kind}") if kind in ("header", "footer") else WHOLE_FILE
    problems = [
        found
        for element in list(root.iter(etree.Element))
        if (found := _clean_element(element, place)) is not None
    ]
    problems += [problem("word-field", place, field=name) for name in sorted(fields(root) - _FIELDS)]
    problems += [
        problem("word-undescribed", place) for one in root.iter(f"{_DRAWING}docPr") if not _described(one)
    ]
    etree.cleanup_namespaces(root, keep_ns_prefixes=[prefix for prefix in root.nsmap if prefix])
    return tuple(dict.fromkeys(problems))


def _clean_element(element: Element, place: Place) -> Problem | None:
    name = etree.QName(element)
    for key in element.attrib:
        if etree.QName(key).localname.startswith(_TRACES):
            del element.attrib[key]
    if name.localname in _NOT_OF_THE_PAGE or element.get(f"{W}name") == "_GoBack":
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    elif name.localname in _TRACKED and name.namespace == W[1:-1]:
        return problem("word-tracked")
    elif name.localname == "vanish" and is_on(element):
        return problem("word-hidden", place)
    return None


def _described(drawing: Element) -> bool:
    """Say whether a picture has a description, or is said to be for decoration only."""
    decorative = any(
        etree.QName(e).localname == "decorative" and e.get("val") == "1" for e in drawing.iter(etree.Element)
    )
    return decorative or bool(str(drawing.get("descr", "")).strip())
