"""A Word document from a view: what it prints, what differs between copies, and what it never holds."""

import io
import re
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import docxtpl
import pytest
import views
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from forms.marac import FORM
from pipeline.blocks import Stamp
from pipeline.view import NotAnswered, NotKnown, Shared, SharedView, Withheld
from pipeline.word import Refused, Template, compile_template

RAW = Path(__file__).parents[1].joinpath("templates", "marac.docx").read_bytes()
STAMP = Stamp("Brackenford Housing", "copy 3 of 12", "BRK-2026-0042-03")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ORDER = {
    "rPr": "rStyle rFonts b bCs i iCs caps color sz szCs u bdr shd rtl lang",
    "pPr": "pStyle keepNext keepLines pBdr shd tabs spacing ind jc outlineLvl",
    "tblPr": "tblStyle tblW tblInd tblBorders tblLayout tblCellMar tblLook tblCaption tblDescription",
    "sectPr": "headerReference footerReference pgSz pgMar titlePg",
    "style": "name basedOn next qFormat pPr rPr tblPr tblStylePr",
}
"""The order that ECMA-376 asks for, of what occurs here."""


@pytest.fixture(scope="module")
def template() -> Template:
    return compile_template(RAW, FORM)


@pytest.fixture(scope="module", params=views.VIEWS.values(), ids=views.VIEWS.keys())
def view(request):
    return request.param()


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def cells(content):
    """Yield the words of each table cell, read by another library."""
    for table in docx.Document(io.BytesIO(content)).tables:
        for row in table.rows:
            yield from (cell.text for cell in row.cells)


def printed(content):
    """Return question → answer of the two-column and four-column tables."""
    found = {}
    for table in docx.Document(io.BytesIO(content)).tables:
        for row in table.rows:
            said = [cell.text for cell in row.cells]
            if len(said) in (2, 4):
                found |= dict(zip(said[::2], said[1::2], strict=True))
    return found


def words(answer):
    match answer:
        case Shared(text):
            return text
        case NotKnown():
            return "Not known"
        case NotAnswered():
            return "Not answered"
        case Withheld(rule):
            return f"Not shared ({rule})"


def test_every_answer_is_printed_to_the_letter(template, view):
    """Each answer of a view, and what became of the others, stands in a cell of its own."""
    said = list(cells(template.render(view).copy(STAMP)))
    for path, answer in view.answers.items():
        assert words(answer) in said, path


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("Surname", "SAMPLEWORTH"),
        ("Telephone", "Not shared (SHARE-11)"),
        ("Score on your copy", "24"),
    ],
)
def test_an_answer_stands_beside_its_question(template, path, words):
    """The cell to the right of a question holds its answer."""
    assert printed(template.render(views.partly_withheld()).copy(STAMP))[path] == words


def test_a_document_is_sound(template, view):
    """Every part is well formed and listed, every relationship leads somewhere, elements stand in the order of the schema."""
    parts = members(template.render(view).copy(STAMP))
    roots = {name: etree.fromstring(raw) for name, raw in parts.items()}
    types = {e.get("PartName", "").lstrip("/") for e in roots["[Content_Types].xml"]}
    assert {name for name in parts if not name.endswith(".rels")} - {"[Content_Types].xml"} == types - {""}
    targets = set()
    for name, root in roots.items():
        if name.endswith(".rels"):
            targets |= {e.get("Target").lstrip("/") for e in root}
            source = name.replace("_rels/", "").removesuffix(".rels")
            if source:
                used = {v for e in roots[source].iter() for k, v in e.attrib.items() if k.startswith(R)}
                assert used <= {e.get("Id") for e in root}
    assert targets == types - {""}
    for root in roots.values():
        assert all(cell[-1].tag == f"{W}p" for cell in root.iter(f"{W}tc"))
        for parent, order in ORDER.items():
            for element in root.iter(f"{W}{parent}"):
                at = [order.split().index(etree.QName(child).localname) for child in element]
                assert at == sorted(at), etree.tostring(element)


def test_equal_input_gives_equal_bytes(view):
    """Two runs from the template on give the same file, byte for byte."""
    one, two = (compile_template(RAW, FORM).render(view, sender="Council").copy(STAMP) for _ in range(2))
    assert one == two


def test_a_view_is_drawn_once_for_all_its_copies(template):
    """Fifteen copies of one view cost one drawing."""
    before = template.drawn
    rendered = template.render(views.all_shared())
    copies = {rendered.copy(Stamp(f"Agency {n}", f"copy {n} of 15", f"P-{n}")) for n in range(15)}
    assert (template.drawn - before, len(copies)) == (1, 15)


def test_copies_differ_in_headers_footers_and_properties_only(template):
    """What is not a header, a footer or the properties is the same in each copy; no copy names another's recipient."""
    rendered = template.render(views.all_shared())
    one, two = (
        members(rendered.copy(STAMP)),
        members(rendered.copy(Stamp("Invented Probation", "copy 4 of 12", "BRK-4"))),
    )
    differ = {name for name in one if one[name] != two[name]}
    assert differ == {
        "docProps/core.xml",
        *(f"word/footer_{kind}.xml" for kind in ("default", "first", "even")),
    }
    assert not any(b"Brackenford Housing" in raw for raw in two.values())


def test_a_header_and_a_footer_of_each_kind_bear_what_every_page_must(template):
    """First, even and other pages bear marking, case, recipient, copy, pack and page x of y."""
    made = docx.Document(io.BytesIO(template.render(views.all_shared()).copy(STAMP)))
    assert made.settings.odd_and_even_pages_header_footer
    for section in made.sections:
        assert section.different_first_page_header_footer
        for header, footer in (
            (section.header, section.footer),
            (section.first_page_header, section.first_page_footer),
            (section.even_page_header, section.even_page_footer),
        ):
            assert not header.is_linked_to_previous
            above, below = ("\n".join(p.text for p in one.paragraphs) for one in (header, footer))
            assert above.startswith(views.MARKING)
            assert below.endswith(views.MARKING)
            for words in (views.CASE, STAMP.recipient, STAMP.copy, STAMP.pack_id):
                assert words in above + below
            fields = {f.get(f"{W}instr").strip() for f in footer._element.iter(f"{W}fldSimple")}
            assert fields == {"PAGE", "NUMPAGES"}


def test_a_document_whose_headers_lost_the_marking_is_refused(template):
    """A header part that comes out without the marking stops the copy: the finished file is what is proved."""
    rendered = template.render(views.all_shared())
    for name in rendered._sides:
        maimed = dict(rendered._sides)
        maimed[name] = maimed[name].environment.from_string(f'<w:hdr xmlns:w="{W[1:-1]}"/>')
        object.__setattr__(rendered, "_sides", maimed)
        with pytest.raises(Refused) as refused:
            rendered.copy(STAMP)
        assert refused.value.problems[0].code == "word-unproved"


def test_properties_name_no_person_and_no_date(template):
    """The title is form and case, the author is the sender, keywords the marking; nothing is escaped twice."""
    content = template.render(views.all_shared(), sender="Council & <Partners>").copy(STAMP)
    core = docx.Document(io.BytesIO(content)).core_properties
    assert (core.title, core.author, core.keywords) == (
        "MARAC referral MARAC-2026-0417",
        "Council & <Partners>",
        views.MARKING,
    )
    assert (core.last_modified_by, core.comments, core.subject, core.language) == ("", "", "", "en-GB")
    assert core.created is None
    assert core.modified is None
    assert {i.date_time for i in zipfile.ZipFile(io.BytesIO(content)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_withheld_table_tells_nothing_of_its_rows(template):
    """With one child or with nine, a document that does not share the children is the same, byte for byte."""
    answers = views.example()
    few = views.view_of(answers, hide_tables={"children.child": "SHARE-11"})
    answers["children"]["child"] *= 9
    many = views.view_of(answers, hide_tables={"children.child": "SHARE-11"})
    one, two = (template.render(view).copy(STAMP) for view in (few, many))
    assert one == two
    body = docx.Document(io.BytesIO(one))
    at = next(n for n, p in enumerate(body.paragraphs) if p.text == "Children")
    assert "Not shared (SHARE-11)" in [p.text for p in body.paragraphs[at : at + 2]]


def test_no_part_holds_what_is_withheld(template):
    """An agency that sees hardly anything gets a file in which no answer of the others stands, in any member."""
    full = views.crowded()
    shared = {"referrer", "handling"}
    view = views.view_of(
        views.example(),
        hide=lambda path, _: None if path.split(".")[0] in shared else "SHARE-11",
        hide_tables={"children.child": "SHARE-11", "perpetrators.perpetrator": "SHARE-11"},
    )
    told = {one.text for one in view.answers.values() if isinstance(one, Shared)}
    secret = {
        one.text.encode()
        for one in full.answers.values()
        if isinstance(one, Shared) and len(one.text) > 4 and one.text not in told
    }
    parts = members(template.render(view).copy(STAMP))
    labels = {found.ask.label.encode() for found in FORM.asks()}
    assert len(secret) > 30
    for value in secret - labels:
        assert not any(value in raw for raw in parts.values()), len(value)


def test_an_empty_table_says_so(template):
    """A table without rows says that none is recorded, in the style of an open question."""
    made = docx.Document(io.BytesIO(template.render(views.mostly_open()).copy(STAMP)))
    runs = [run for p in made.paragraphs for run in p.runs if run.text == "None recorded"]
    assert [run.style.name for run in runs] == ["Answer not answered"]


def test_minutes_are_printed_only_once_there_are_any(template):
    """The co-ordinator's section is left out until something is recorded in it."""
    title = "MARAC minutes or police update"
    before, after = (
        [p.text for p in docx.Document(io.BytesIO(template.render(v).copy(STAMP))).paragraphs]
        for v in (views.all_shared(), views.crowded())
    )
    assert title not in before
    assert title in after


def test_what_became_of_an_answer_looks_different_without_colour(template):
    """Shared, not shared, not known and not answered are four looks that differ in more than colour."""
    looks = {}
    for view in (views.partly_withheld(), views.mostly_open()):
        made = docx.Document(io.BytesIO(template.render(view).copy(STAMP)))
        for run in (
            r for t in made.tables for row in t.rows for c in row.cells for p in c.paragraphs for r in p.runs
        ):
            properties = run.style.element.find(f"{W}rPr")
            shape = (
                ""
                if properties is None
                else b"".join(etree.tostring(e) for e in properties if e.tag != f"{W}color")
            )
            looks[run.text] = shape
    told = ("Not shared (SHARE-11)", "Not known", "Not answered", "Ro")
    assert len({looks[words] for words in told}) == len(told)


def test_a_surname_is_printed_in_capitals(template):
    """A surname stands out from the forenames: in capitals, and bold by its own style."""
    made = docx.Document(io.BytesIO(template.render(views.all_shared()).copy(STAMP)))
    runs = [r for t in made.tables for row in t.rows for c in row.cells for p in c.paragraphs for r in p.runs]
    surname = next(run for run in runs if run.text == "SAMPLEWORTH")
    assert surname.style.name == "Surname"


def test_text_from_right_to_left_is_marked_as_such(template):
    """A run whose first letter is Arabic or Hebrew goes from right to left; no other does."""
    made = docx.Document(io.BytesIO(template.render(views.five_scripts()).copy(STAMP)))
    runs = [r for t in made.tables for row in t.rows for c in row.cells for p in c.paragraphs for r in p.runs]
    turned = {run.text for run in runs if run._r.find(f"{W}rPr/{W}rtl") is not None}
    assert turned == {
        text for text in views.FIVE_SCRIPTS.values() if unicodedata.bidirectional(text[0]) in ("R", "AL")
    }


@pytest.mark.parametrize(
    "character", ["\0", "\x08", "\t", "\r", "\x1f", "\x7f", "\x85", "\ud800", "\ufffe", "\uffff"]
)
def test_a_control_character_is_refused_by_its_question(template, character):
    """What cannot be printed stops the document; the question is named, the answer is not."""
    view = views.replaced(views.all_shared(), {"victim.forenames": f"Rowena{character}May"})
    with pytest.raises(Refused) as refused:
        template.render(view)
    (one,) = refused.value.problems
    assert (one.code, one.place.path) == ("word-character", "victim.forenames")
    assert "Rowena" not in str(refused.value) + repr(refused.value)


@pytest.mark.parametrize("stamp", [Stamp("A\nB"), Stamp("A", "\x07"), Stamp("A", "1", "\ud800")], ids=str)
def test_a_stamp_is_one_line_that_can_be_printed(template, stamp):
    """A line break or a control character in a stamp stops the copy."""
    with pytest.raises(Refused):
        template.render(views.all_shared()).copy(stamp)


def test_a_view_of_another_form_is_a_mistake_of_the_program(template):
    """A template prints views of its own form and edition."""
    view = views.all_shared()
    other = SharedView(replace(FORM, edition="1999-1"), view.case, view.marking, {}, {})
    with pytest.raises(ValueError, match="another form"):
        template.render(other)


def test_a_question_missing_from_a_view_is_a_mistake_of_the_program(template):
    """A view that lacks an answer is never printed as if nothing had been asked."""
    view = views.all_shared()
    answers = {path: one for path, one in view.answers.items() if path != "victim.surname"}
    with pytest.raises(KeyError):
        template.render(SharedView(view.form, view.case, view.marking, answers, view.rows))


def test_nothing_shows_an_answer_in_its_repr(template):
    """Neither a template nor what was drawn from it shows an answer when printed."""
    assert not re.search("Sampleworth|Rowena", repr(template) + repr(template.render(views.all_shared())))


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
    | st.just("\n"),
    min_size=1,
)


@given(TEXT, TEXT)
@settings(max_examples=80, deadline=None)
def test_any_text_comes_out_to_the_letter(one, two):
    """Whatever can be printed is printed as it is: tags, markup, quotes, spaces, the template's own delimiters."""
    view = views.replaced(
        views.all_shared(), {"victim.other": one, "reasons.reasons": f"\ue0f0{two}{{{{ {one} }}}}"}
    )
    body = etree.fromstring(members(_TEMPLATE.render(view).copy(STAMP))["word/document.xml"])
    said = {
        "".join(str(e.text or "") if e.tag == f"{W}t" else "\n" for e in cell.iter(f"{W}t", f"{W}br"))
        for cell in body.iter(f"{W}tc")
    }
    assert {one, f"\ue0f0{two}{{{{ {one} }}}}"} <= said


_TEMPLATE = compile_template(RAW, FORM)


def docxtpl_alone(view):
    """Return what docxtpl makes of the same template by itself, given the same words as plain text."""
    plain = {}
    for section in FORM.sections:
        plain[section.key] = {
            path.partition(".")[2]: words(answer)
            for path, answer in view.answers.items()
            if path.startswith(f"{section.key}.")
        }
    for path, _, table in FORM.tables():
        section, key = path.split(".")
        if path in view.rows:
            plain[section][key] = [
                {ask.key: words(view.answers[f"{path}[{n}].{ask.key}"]) for ask in table.columns}
                for n in range(1, view.rows[path] + 1)
            ]
    page = {
        "title": FORM.title,
        "edition": FORM.edition,
        "case": view.case,
        "marking": view.marking,
        "notes": [],
        "recipient": STAMP.recipient,
        "copy": STAMP.copy,
        "pack_id": STAMP.pack_id,
    }
    template = docxtpl.DocxTemplate(io.BytesIO(RAW))
    template.render(plain | page, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def test_docxtpl_makes_each_part_ready_once(monkeypatch):
    """Compiling gives docxtpl the document, headers and footers of a template; drawing a view or a copy gives it nothing more."""
    given = []
    patch_xml = docxtpl.DocxTemplate.patch_xml

    def noted(self, part):
        given.append(etree.QName(etree.fromstring(part)).localname)
        return patch_xml(self, part)

    monkeypatch.setattr(docxtpl.DocxTemplate, "patch_xml", noted)
    template = compile_template(RAW, FORM)
    for make in (views.all_shared, views.crowded):
        template.render(make()).copy(STAMP)
    assert sorted(given) == ["document", *["ftr"] * 3, *["hdr"] * 3]


def test_a_document_is_what_docxtpl_makes_by_itself(template):
    """Where everything is answered, body, headers and footers are docxtpl's own, element for element."""
    view = views.all_shared()
    ours, theirs = members(template.render(view).copy(STAMP)), members(docxtpl_alone(view))
    sides = [
        f"word/{side}_{kind}.xml" for side in ("header", "footer") for kind in ("default", "first", "even")
    ]
    for name in ("word/document.xml", *sides):
        one, two = (etree.tostring(etree.fromstring(parts[name]), method="c14n") for parts in (ours, theirs))
        assert one == two, name


def test_docxtpl_by_itself_prints_the_same_words(template):
    """What became of an answer that is not shared differs from docxtpl's own document in its look, not in its words."""
    view = views.crowded()
    ours, theirs = template.render(view).copy(STAMP), docxtpl_alone(view)
    assert list(cells(ours)) == list(cells(theirs))
    one, two = ([p.text for p in docx.Document(io.BytesIO(made)).paragraphs] for made in (ours, theirs))
    assert one == two
