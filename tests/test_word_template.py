"""Whether a Word template fits its form: each case breaks a fit one in one place, and the problem says which."""

import base64
import io
import zipfile
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import pytest
import views
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from forms.definition import Filler
from forms.marac import FORM
from pipeline.blocks import Stamp
from pipeline.problem import Place
from pipeline.word import TEMPLATE, Refused, check_template, compile_template
from pipeline.word.engine import compiled
from pipeline.word.look import filters
from pipeline.word.start import first_template
from pipeline.word.tags import check
from pipeline.word.xml import W

RAW = Path(__file__).parents[1].joinpath("templates", "marac.docx").read_bytes()
STAMP = Stamp("Brackenford Housing", "copy 3 of 12", "BRK-2026-0042-03")
BODY, SETTINGS, STYLES = "word/document.xml", "word/settings.xml", "word/styles.xml"
RELATIONS, TYPES = "word/_rels/document.xml.rels", "[Content_Types].xml"
EVEN, FIRST = "word/footer_even.xml", "word/header_first.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SURNAME = "{{ victim.surname }}"
GIF = base64.b64decode("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==")
RUN = "<w:r><w:t>{}</w:t></w:r>"


def members(content=RAW):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)
    return out.getvalue()


def edited(*edits, add=None):
    """Return the template with (member, old, new) put in, each of which must be there to be changed."""
    parts = members()
    for name, old, new in edits:
        text = parts[name].decode()
        assert old in text, (name, old)
        parts[name] = text.replace(old, new, 1).encode()
    return zipped(parts | (add or {}))


def relation(kind, target, *, outside=False, id_="rIdNew"):
    mode = ' TargetMode="External"' if outside else ""
    return (
        RELATIONS,
        "</Relationships>",
        f'<Relationship Id="{id_}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>',
    )


def codes(template):
    return [one.code for one in check_template(template, FORM)]


def picture(description=""):
    return (
        '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        f'<wp:docPr id="1" name="Logo" descr="{description}"/></wp:inline></w:drawing>'
    )


def in_body(words):
    return (BODY, "<w:sectPr>", f"<w:p>{words}</w:p><w:sectPr>")


def anew(old, new):
    return (BODY, old, new)


TAGS = {
    "a question that the form does not ask": ((anew(SURNAME, SURNAME + " {{ victim.sirname }}"),), "word-unknown"),
    "a question that is not printed": ((anew(SURNAME, ""),), "word-unprinted"),
    "a question printed only if another is answered": (
        (anew(SURNAME, f"{{% if victim.forenames %}}{SURNAME}{{% endif %}}"),), "word-unprinted",
    ),
    "a question printed only if nothing is answered": (
        (anew(SURNAME, f"{{% if victim.surname %}}{{% else %}}{SURNAME}{{% endif %}}"),), "word-unprinted",
    ),
    "a column that is not printed": ((anew("{{ child.school }}", ""),), "word-unprinted"),
    "a column of another table": ((anew("{{ child.school }}", "{{ child.school }}{{ child.mappa }}"),), "word-unknown"),
    "a table that says nothing where it is empty": ((anew("{{ children.child }}", ""),), "word-unsaid-table"),
    "a table whose emptiness is told only where it has rows": (
        (anew("{{ children.child }}", ""), anew("{%p else %}", "{{ children.child }}")), "word-unsaid-table",
    ),
    "notes that are not printed": ((anew("{{ note }}", ""),), "word-unprinted-notes"),
    "a tag open at its end": ((anew(SURNAME, SURNAME + "{{ victim.gender "),), "word-broken-tag"),
    "a tag open at its beginning": ((anew(SURNAME, SURNAME + " }}"),), "word-broken-tag"),
    "a filter": ((anew(SURNAME, SURNAME + "{{ victim.surname|upper }}"),), "word-tag"),
    "a call": ((anew(SURNAME, SURNAME + "{{ victim.surname.upper() }}"),), "word-tag"),
    "a way into the machine": ((anew(SURNAME, SURNAME + "{{ ''.__class__.__mro__ }}"),), "word-tag"),
    "a hidden attribute": ((anew(SURNAME, SURNAME + "{{ victim.__class__ }}"),), "word-unknown"),
    "a calculation": ((anew(SURNAME, SURNAME + "{{ 7 * 7 }}"),), "word-tag"),
    "an assignment": ((anew(SURNAME, SURNAME + "{% set x = 1 %}"),), "word-tag"),
    "an include": ((anew(SURNAME, SURNAME + "{% include 'x' %}"),), "word-tag"),
    "a comparison": ((anew(SURNAME, SURNAME + "{% if victim.gender == 'x' %}{% endif %}"),), "word-tag"),
    "a comment": ((anew(SURNAME, SURNAME + "{# note #}"),), "word-tag"),
    "a loop over something that is no table": (
        (anew("{%tr for child in children.child %}", "{%tr for child in victim.surname %}"),), "word-unknown",
    ),
    "a loop without an end": ((anew("{%tr endfor %}", ""),), "word-block"),
    "an end without a loop": ((anew(SURNAME, SURNAME + "{% endfor %}"),), "word-block"),
    "an else twice": (
        (anew(SURNAME, SURNAME + "{% if victim.surname %}{% else %}{% else %}{% endif %}"),), "word-block",
    ),
    "a condition that begins in one cell and ends in another": (
        (anew(SURNAME, SURNAME + "{% if victim.surname %}"), anew("{{ victim.forenames }}", "{{ victim.forenames }}{% endif %}")),
        "word-block",
    ),
    "a loop that shares its row": ((anew("{%tr endfor %}", "{%tr endfor %} and more"),), "word-not-alone"),
    "a row's loop outside a table": ((in_body(RUN.format("{%tr endfor %}")),), "word-not-alone"),
    "a line's condition that ends a cell": ((anew(SURNAME, "{%p if victim.surname %}"),), "word-cell-end"),
    "the recipient in the text": ((in_body(RUN.format("{{ recipient }}")),), "word-only-in-header"),
    "an answer in a footer": (((EVEN, "{{ copy }}", "{{ copy }} {{ victim.surname }}"),), "word-only-in-body"),
    "a condition in a footer": (((EVEN, "{{ copy }}", "{{ copy }}{% if minutes %}{% endif %}"),), "word-only-in-body"),
    "an unknown word in a footer": (((EVEN, "{{ copy }}", "{{ copy }} {{ recipent }}"),), "word-unknown"),
    "a tag in a link or field": (
        (in_body('<w:fldSimple w:instr=" HYPERLINK {{ victim.surname }} "/>'),), "word-tag-elsewhere",
    ),
    "a tag in a picture's description": ((in_body(f"<w:r>{picture(SURNAME)}</w:r>"),), "word-tag-elsewhere"),
    "a brace before a tag": ((anew(SURNAME, "{" + SURNAME),), "word-tag"),
    "a brace before a condition": ((anew(SURNAME, SURNAME + "{{% if minutes %}x{% endif %}"),), "word-broken-tag"),
    "a brace after a tag": ((anew(SURNAME, SURNAME + "}"),), "word-broken-tag"),
    "a brace at the end of a line": ((in_body(RUN.format("or {")),), "word-broken-tag"),
    "a brace at the beginning of a line": ((in_body(RUN.format("} or")),), "word-broken-tag"),
}  # fmt: skip

PAGES = {
    "no marking at the top of the first page": (((FIRST, "{{ marking }}", "OFFICIAL-SENSITIVE"),), "word-page"),
    "no marking at the bottom of even pages": (((EVEN, "{{ marking }}", ""),), "word-page"),
    "no recipient": (((EVEN, "{{ recipient }}", ""),), "word-page"),
    "no copy number": (((EVEN, "{{ copy }}", ""),), "word-page"),
    "no pack": (((EVEN, "{{ pack_id }}", ""),), "word-page"),
    "no number of pages": (((EVEN, " NUMPAGES ", " PAGE "),), "word-page"),
    "the first page without a header": ((anew('<w:headerReference w:type="first" r:id="header_first"/>', ""),), "word-page"),
    "even pages without a footer": ((anew('<w:footerReference w:type="even" r:id="footer_even"/>', ""),), "word-page"),
    "page numbers that begin at 5": ((anew("<w:titlePg/>", '<w:pgNumType w:start="5"/><w:titlePg/>'),), "word-page-count"),
}  # fmt: skip
PAGES["a section break that might be left out"] = (
    (
        anew(
            "{%p if minutes %}</w:t></w:r></w:p>",
            "{%p if minutes %}</w:t></w:r></w:p><w:p><w:pPr><w:sectPr/></w:pPr></w:p>",
        ),
    ),
    "word-section-in-block",
)

SAFETY = {
    "tracked changes": ((in_body('<w:ins w:id="1" w:author="A"><w:r><w:t>x</w:t></w:r></w:ins>'),), "word-tracked"),
    "hidden text": ((in_body("<w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r>"),), "word-hidden"),
    "hidden text in a style": (((STYLES, "<w:rPr><w:b/>", "<w:rPr><w:b/><w:vanish/>"),), "word-hidden"),
    "a field that fetches a file": ((in_body('<w:fldSimple w:instr=" INCLUDETEXT x "/>'),), "word-field"),
    "a field that runs a program, in pieces": (
        (in_body('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DDE</w:instrText><w:instrText>AUTO x</w:instrText></w:r>'),),
        "word-field",
    ),
    "macros": (((TYPES, "document.main+xml", "document.macroEnabled.main+xml"),), "word-macros"),
    "a macro project": ((relation("vbaProject", "vbaProject.bin"),), "word-macros"),
    "a Word template instead of a document": (((TYPES, "document.main+xml", "template.main+xml"),), "word-other-kind"),
    "an attached template": ((relation("attachedTemplate", "https://templates.example/t.dotx", outside=True),), "word-outside"),
    "a linked picture": ((relation("image", "https://pictures.example/p.png", outside=True),), "word-outside"),
    "a link to a file": ((relation("hyperlink", "file://server/share", outside=True),), "word-outside"),
    "an embedded object": ((relation("oleObject", "embeddings/one.bin"),), "word-embedded"),
    "another document inside": ((relation("aFChunk", "part.html"),), "word-embedded"),
    "a chart": ((relation("chart", "charts/chart1.xml"),), "word-embedded"),
    "a picture without description": ((in_body(f"<w:r>{picture()}</w:r>"),), "word-undescribed"),
    "a relationship that leads nowhere": ((anew('r:id="header_first"', 'r:id="header_gone"'),), "word-damaged"),
    "a document type": ((anew("<w:document", '<!DOCTYPE x [<!ENTITY a "b">]><w:document'),), "word-damaged"),
    "a part that is not well formed": ((anew("</w:body>", ""),), "word-damaged"),
    "a style that is missing": (((STYLES, "Answer not shared", "Another name"),), "word-style"),
    "the Strict kind of file": ((("_rels/.rels", f"{OFFICE}/officeDocument", "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"),), "word-strict"),
    "a tag in the properties": ((("docProps/core.xml", "/>", '><x xmlns="x">{{ victim.surname }}</x></cp:coreProperties>'),), "word-tag-in-properties"),
}  # fmt: skip

CASES = TAGS | PAGES | SAFETY


@pytest.mark.parametrize(("edits", "code"), CASES.values(), ids=CASES.keys())
def test_a_template_that_does_not_fit_is_told_so(edits, code):
    """One change to a fit template is found, and rendering refuses the template for the same reason."""
    broken = edited(*edits)
    assert code in codes(broken)
    with pytest.raises(Refused) as refused:
        compile_template(broken, FORM)
    assert refused.value.problems == check_template(broken, FORM)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "word-damaged"),
        (b"%PDF-1.7", "word-damaged"),
        (b"PK\x03\x04 and nothing more", "word-damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "word-old-or-locked"),
        (zipped({"hello.txt": b"x"}), "word-damaged"),
        (RAW[: len(RAW) // 2], "word-damaged"),
    ],
    ids=[
        "nothing",
        "a PDF",
        "a broken zip",
        "an old .doc or one with a password",
        "another zip",
        "half a file",
    ],
)
def test_what_is_no_word_document_is_told_so(content, code):
    """A file that is not a Word document is one problem, not a crash."""
    assert codes(content) == [code]


def test_a_picture_of_another_kind_is_told_so():
    """A picture is PNG, JPEG or GIF by its content, whatever its name says."""
    parts = members(
        edited(
            relation("image", "media/logo.png"),
            (TYPES, "<Override", '<Default Extension="png" ContentType="image/png"/><Override'),
        )
    )
    assert codes(zipped(parts | {"word/media/logo.png": b"<svg/>"})) == ["word-picture"]


def test_every_code_can_arise():
    """Each problem that the catalogue knows of a template is shown by a case."""
    elsewhere = {
        "word-old-or-locked",
        "word-picture",
        "word-character",
        "word-unproved",
        "word-unprinted-table",
        "word-unprinted-slip",
    }
    assert {code for _, code in CASES.values()} | elsewhere == set(TEMPLATE)


def test_the_place_of_a_tag_is_told():
    """A problem says below which heading, in which table and row the tag stands, and what was likely meant."""
    (found,) = [
        p
        for p in check_template(edited(anew(SURNAME, SURNAME + "{{ victim.sirname }}")), FORM)
        if p.code == "word-unknown"
    ]
    assert str(found.place).startswith('the text below "Primary victim", table ')
    assert "victim.sirname" in found.what
    assert "victim.surname" in found.cure


def test_the_place_of_a_page_is_told():
    """A problem of a header or footer says of which pages and which section."""
    (found,) = check_template(edited((EVEN, "{{ marking }}", "")), FORM)
    assert found.what == "The footer of the even pages in section 1 lacks {{ marking }}."


@pytest.mark.parametrize("path", [f.path for f in FORM.asks() if f.table is None])
def test_a_question_that_is_not_printed_is_named(path):
    """Whichever question is left out, it is named by its label, and nothing else is."""
    (found,) = check_template(edited(anew(f"{{{{ {path} }}}}", "")), FORM)
    assert (found.code, found.place.path, found.place.question) == (
        "word-unprinted",
        path,
        FORM.find(path).ask.label,
    )


def test_a_table_that_is_not_repeated_is_named():
    """A template without a row for each perpetrator is told so once, not once a column."""
    without = edited(
        *(
            anew(f"{{{{ perpetrator.{ask.key} }}}}", "")
            for _, _, t in FORM.tables()
            if t.key == "perpetrator"
            for ask in t.columns
        )
    )
    assert codes(without) == ["word-unprinted-table"]


def cut(pieces):
    """Return a run as Word leaves it after an edit: cut through the tag, with marks of spelling between."""
    return "<w:proofErr w:type='spellStart'/>".join(
        f"<w:r w:rsidR='00AB12CD'><w:t>{piece}</w:t></w:r>" for piece in pieces
    )


@pytest.mark.parametrize(
    "pieces",
    [
        ("{{ victim.", "surname }}"),
        ("{", "{ victim.surname }", "}"),
        ("Ms {{", " victim", ".surname ", "}}, late"),
    ],
    ids=["in two", "through the braces", "with words around"],
)
def test_a_tag_that_word_cut_into_pieces_is_mended(pieces):
    """Spelling and editing leave a tag in several runs: it prints as one."""
    whole = '<w:r><w:rPr><w:rStyle w:val="Surname"/></w:rPr><w:t xml:space="preserve">{{ victim.surname }}</w:t></w:r>'
    made = compile_template(edited(anew(whole, cut(pieces))), FORM).render(views.all_shared()).copy(STAMP)
    expected = "".join(pieces).replace(SURNAME, "SAMPLEWORTH")
    said = [c.text for t in docx.Document(io.BytesIO(made)).tables for row in t.rows for c in row.cells]
    assert expected in said


def test_words_line_breaks_and_conditions_around_a_tag_stay():
    """A run with words, tabs and several tags keeps all of them, in order; a condition inside a line takes out its own words only."""
    view = views.mostly_open()
    line = "A {{ victim.forenames }} B{% if victim.aliases %} alias {{ victim.aliases }}{% endif %} C {{ victim.gender }} D"
    made = compile_template(
        edited(in_body(f"<w:r><w:t>{line}</w:t><w:br/><w:t>E {{{{ case }}}}</w:t><w:tab/></w:r>")), FORM
    )
    last = docx.Document(io.BytesIO(made.render(view).copy(STAMP))).paragraphs[-1].text
    assert last == f"A Rowena May B C Female D\nE {views.CASE}\t"


WORDING = st.sampled_from(
    [SURNAME, "{", "}", "{{", "}}", "{%", "%}", "{#", "{_{", "%", "#", "7*7", "{{ 7*7 }}", "{{r victim.surname }}", "{%p if x %}", "{% raw %}",
     "{%-", "-%}", "{% vm %}", "{% colspan 2 %}", "&#123;", "<w:t>", "“", " ", "a"],
)  # fmt: skip
LINES = st.lists(st.lists(WORDING, max_size=4).map("".join), min_size=1, max_size=3)


@given(LINES, st.lists(st.integers(0, 60), max_size=3))
@settings(max_examples=200, deadline=None)
def test_wording_is_never_code(lines, cuts):
    """However braces and tags are typed, and cut by Word: a line is printed to the letter, or named by its place."""
    said = [
        "".join(f"<w:r><w:t>{escape(line[a:b])}</w:t></w:r>" for a, b in pairwise(sorted([0, *cuts, 99])))
        for line in lines
    ]
    body = f'<w:body xmlns:w="{W[1:-1]}"><w:p>{"</w:p><w:p>".join(said)}</w:p></w:body>'
    found = check(etree.fromstring(body), FORM, lambda _: Place(sheet="a line"))
    if found.problems:
        assert {one.place.sheet for one in found.problems} == {"a line"}
        return
    filled = compiled(found.code, filters(found.looks, {})).render(answers={"victim": {"surname": "{{ 6*6 }}"}})
    printed = ["".join(p.itertext()) for p in etree.fromstring(filled).iter(f"{W}p")]
    assert printed == [line.replace(SURNAME, "{{ 6*6 }}") for line in lines]


@pytest.mark.parametrize(
    "between",
    [
        "<w:r><w:br/></w:r>",
        "<w:r><w:drawing/></w:r>",
        '<w:bookmarkStart w:id="1" w:name="a"/>',
        "<w:hyperlink/>",
    ],
)
def test_nothing_is_lost_with_the_pieces_of_a_tag(between):
    """What stands inside a tag that is cut would go when docxtpl joins the pieces: it is told instead."""
    pieces = RUN.format("{{ victim.") + between + RUN.format("surname }}")
    (found,) = check_template(edited(in_body(pieces)), FORM)
    assert (found.code, found.place.sheet) == (
        "word-not-alone",
        'the text below "Minutes"',
    )


def test_traces_of_the_author_are_left_behind():
    """Author, company, comments, custom XML, editing marks and thumbnails of the template are in no copy."""
    opened = docx.Document(io.BytesIO(RAW))
    opened.core_properties.author = opened.core_properties.last_modified_by = "Template Author"
    opened.add_comment(opened.paragraphs[0].runs, "Ask Template Author", "Template Author", "TA")
    out = io.BytesIO()
    opened.save(out)
    parts = members(out.getvalue()) | {
        "customXml/item1.xml": b"<x>Template Author</x>",
        "docProps/thumbnail.jpeg": b"Template Author",
    }
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="t" Type="{package}/metadata/thumbnail" Target="docProps/thumbnail.jpeg"/></Relationships>'.encode(),
    )
    parts[RELATIONS] = parts[RELATIONS].replace(
        b"</Relationships>",
        f'<Relationship Id="c" Type="{OFFICE}/customXml" Target="../customXml/item1.xml"/></Relationships>'.encode(),
    )
    parts[BODY] = parts[BODY].replace(b"<w:p>", b'<w:p w:rsidR="00C0FFEE">', 3)
    parts[SETTINGS] = parts[SETTINGS].replace(
        b"<w:compat>",
        b'<w:rsids><w:rsid w:val="00C0FFEE"/></w:rsids><w:docVars><w:docVar w:name="a" w:val="Template Author"/></w:docVars><w:compat>',
    )
    made = members(compile_template(zipped(parts), FORM).render(views.all_shared()).copy(STAMP))
    for name, raw in made.items():
        assert not any(trace in raw for trace in (b"Template Author", b"00C0FFEE", b"comment")), name
    assert set(made) == set(members(compile_template(RAW, FORM).render(views.all_shared()).copy(STAMP)))


def test_a_logo_and_a_web_link_stay():
    """A picture with a description and a link to the web are a council's own to add."""
    opened = docx.Document(io.BytesIO(RAW))
    opened.paragraphs[0].insert_paragraph_before().add_run().add_picture(io.BytesIO(GIF))
    opened.element.body.xpath(".//wp:docPr")[0].set("descr", "Arms of Brackenford")
    opened.part.relate_to("https://brackenford.example/", f"{OFFICE}/hyperlink", is_external=True)
    out = io.BytesIO()
    opened.save(out)
    made = members(compile_template(out.getvalue(), FORM).render(views.all_shared()).copy(STAMP))
    assert GIF in made.values()
    assert b"https://brackenford.example/" in made[RELATIONS]


def test_sections_in_another_order_fit():
    """Order is the co-ordinator's own: a template with its first two tables exchanged fits."""
    opened = docx.Document(io.BytesIO(RAW))
    one, two = (table._tbl for table in opened.tables[:2])
    two.addnext(one)
    out = io.BytesIO()
    opened.save(out)
    assert codes(out.getvalue()) == []


def test_a_second_section_has_the_headers_of_the_first():
    """A section without headers of its own goes on with those before it, and is proved like the others."""
    landscape = (
        '<w:p><w:pPr><w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/></w:sectPr></w:pPr></w:p>'
    )
    parts = members()
    body = parts[BODY].decode()
    own = body[body.index("<w:sectPr>") : body.index("</w:sectPr>") + len("</w:sectPr>")]
    first = f"<w:p><w:pPr>{own}</w:pPr></w:p>"
    parts[BODY] = (
        body.replace(own, landscape.replace("<w:p><w:pPr>", "").replace("</w:pPr></w:p>", ""))
        .replace("<w:body>", f"<w:body>{first}")
        .encode()
    )
    template = compile_template(zipped(parts), FORM)
    sections = docx.Document(io.BytesIO(template.render(views.all_shared()).copy(STAMP))).sections
    assert [section.header.paragraphs[0].text for section in sections] == [views.MARKING, views.MARKING]


class TestFirstTemplate:
    """What the maker of first templates lays out."""

    def test_the_template_in_the_house_fits_its_form(self):
        """The template that is shipped has no problem."""
        assert codes(RAW) == []

    def test_a_first_template_fits_and_is_the_same_each_time(self):
        """A new form gets a template that fits at once; two are equal byte for byte."""
        made = first_template(FORM)
        assert codes(made) == []
        assert made == first_template(FORM)

    def test_headings_are_the_sections_in_their_order(self):
        """Each section has a heading of level 1, and every heading is a real one."""
        heads = [p.text for p in docx.Document(io.BytesIO(RAW)).paragraphs if p.style.name == "Heading 1"]
        assert heads == [section.title for section in FORM.sections]

    def test_tables_can_be_read_aloud(self):
        """Each table has a header row that comes again, a title and a description, and no merged cell."""
        body = members()[BODY].decode()
        tables = body.count("<w:tbl>")
        assert (
            tables
            == body.count("<w:tblHeader/>")
            == body.count("<w:tblCaption ")
            == body.count("<w:tblDescription ")
        )
        assert not any(merged in body for merged in ("gridSpan", "vMerge", "hMerge"))

    def test_long_answers_may_run_over_a_page(self):
        """No row that holds a long answer is kept whole."""
        rows = members()[BODY].decode().split("<w:tr>")[1:]
        for found in FORM.asks():
            if found.ask.kind.name == "long":
                (row,) = [
                    r
                    for r in rows
                    if f"{found.table.key if found.table else found.section.key}.{found.ask.key} }}}}" in r
                ]
                assert "cantSplit" not in row.partition("</w:tr>")[0]

    def test_the_language_is_british_english(self):
        """A screen reader is told which language to read."""
        assert b'w:lang w:val="en-GB"' in members()[STYLES]

    def test_what_the_co_ordinator_fills_in_is_left_out_until_then(self):
        """Each section of the co-ordinator stands in a condition of its own."""
        body = members()[BODY].decode()
        own = [section.key for section in FORM.sections if section.by is Filler.COORDINATOR]
        assert own
        assert all(f"{{%p if {key} %}}" in body for key in own)
