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


def fields(element: Element) -> set[str]:
    """Return the names of the fields in a part, such as PAGE."""
    found = "".join(str(i.text or "") for i in element.iter(f"{W}instrText"))
    simple = " ".join(str(f.get(f"{W}instr", "")) for f in element.iter(f"{W}fldSimple"))
    return {word.upper() for word in f"{found} {simple}".split() if word.isalpha()}
