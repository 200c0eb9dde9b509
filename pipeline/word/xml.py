"""The few words of WordprocessingML that the Word modules share (ECMA-376, part 1), and a parser that fetches nothing."""

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml has no other name for it
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
R = f"{{{RELATED}}}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMES = {"w": W[1:-1]}
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


def parse(raw: bytes) -> Element:
    """Return the root of an XML part.

    Raises:
        lxml.etree.XMLSyntaxError: it is not well formed.
        ValueError: it defines a document type.
    """
    root = etree.fromstring(raw, _PARSER)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("a part defines a document type")
    return root


def xml(root: Element) -> str:
    """Return a part as text, with its declaration."""
    return DECLARATION + etree.tostring(root, encoding="unicode")


def is_on(element: Element | None) -> bool:
    """Say whether a yes-or-no property is there and not switched off."""
    return element is not None and str(element.get(f"{W}val", "true")) not in ("0", "false", "off")


def text_of(element: Element) -> str:
    """Return the words of a part or a piece of it, as a reader sees them."""
    return "".join(str(t.text or "") for t in element.iter(f"{W}t"))


def fields(root: Element) -> set[str]:
    """Return the names of the fields in a part, such as PAGE; Word may cut what a field says into several pieces."""
    said = [str(simple.get(f"{W}instr", "")) for simple in root.iter(f"{W}fldSimple")]
    begun = True
    for piece in root.iter(f"{W}fldChar", f"{W}instrText"):
        if piece.tag == f"{W}fldChar":
            begun = True
        elif begun:
            said.append(str(piece.text or ""))
            begun = False
        else:
            said[-1] += str(piece.text or "")
    return {words[0].upper() for one in said if (words := one.split())}
