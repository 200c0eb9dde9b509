"""What does not serve the page is taken out of a template's parts; what may not be in them is a problem."""

from collections.abc import Iterator

from lxml import etree

from pipeline.problem import WHOLE_FILE, Place, Problem, problem
from pipeline.word.xml import Element, W, is_on

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
    for field in _fields(root):
        word = (field.split() or ["?"])[0].upper()
        if word not in _FIELDS:
            problems.append(problem("word-field", place, field=word))
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


def _fields(root: Element) -> Iterator[str]:
    """Yield what each field says to do; Word may cut that into several pieces."""
    for simple in root.iter(f"{W}fldSimple"):
        yield str(simple.get(f"{W}instr", ""))
    said = ""
    for piece in root.iter(f"{W}fldChar", f"{W}instrText"):
        if piece.tag == f"{W}instrText":
            said += piece.text or ""
        elif said:
            yield said
            said = ""
