"""A paper as PDF: every word, every page marked, one drawing for all copies."""

import itertools
import re
import shutil
import subprocess
import unicodedata
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import pdf
from pipeline.blocks import (
    Bullets,
    Furniture,
    Grid,
    GridRow,
    Heading,
    KeepTogether,
    PageBreak,
    Paper,
    Paragraph,
    QuestionAnswer,
    QuestionAnswers,
    Section,
    Space,
    Stamp,
    Style,
    ToFill,
)
from pipeline.pdf import CannotDraw
from pipeline.pdf.compose import Composer
from pipeline.pdf.pages import paginate
from pipeline.pdf.rows import Cell, Row
from pipeline.pdf.text import Line, Setter
from pipeline.view import NotAnswered, NotKnown, Shared, Withheld

FURNITURE = Furniture(
    "Official-Sensitive",
    "MARAC referral",
    "edition 2026-04",
    "SB-2026-0142",
    "Sampleborough Council",
    "8 December 2026",
)
STAMPS = [
    Stamp("Tŷ Cysur", "copy 1 of 3", "SB-P-0001"),
    Stamp("Sampleborough Housing Options", "copy 2 of 3", "SB-P-0002"),
    Stamp("Quay & Zephyr Trust", "copy 3 of 3", "SB-P-0003"),
]


def needs(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def asked(label, answer, where="victim.name"):
    return QuestionAnswers([QuestionAnswer(label, answer, where)])


def form():
    children = [
        GridRow(
            [Shared(f"Child{nth} Invented"), NotKnown() if nth % 2 else NotAnswered(), Withheld("SHARE-4")],
            [f"children[{nth}].name", f"children[{nth}].born", f"children[{nth}].school"],
        )
        for nth in range(40)
    ]
    return [
        Heading("Referral"),
        Paragraph("For the meeting.", Style.LEAD),
        Paragraph("Handle with care.", Style.WARNING),
        Section(
            "1. Victim",
            [
                QuestionAnswers(
                    [
                        QuestionAnswer("Full name", Shared("Łucja Żółć-Przykładowa"), "victim.name"),
                        QuestionAnswer("Other names", NotAnswered()),
                        QuestionAnswer("Address", Withheld("SHARE-11")),
                        QuestionAnswer("Safe to call", NotKnown()),
                        QuestionAnswer("In own script", Shared("محمد عبد الله")),
                        QuestionAnswer("Notes", ToFill(3)),
                    ]
                )
            ],
            "The person at risk.",
        ),
        Section("2. Children", [Grid("In the household", ["Name", "Born", "School"], children, [3, 2, 2])]),
        Space(4),
        Bullets(["one thing", "another"]),
        PageBreak(),
        KeepTogether([Heading("Last", 2), Paragraph("Small words.", Style.SMALL)]),
    ]


def drawn(blocks, stamps=STAMPS[:1], furniture=FURNITURE):
    return pdf.draw(Paper(blocks, furniture), stamps)


@pytest.fixture
def read(tmp_path):
    def read(content, *options):
        path = tmp_path / "paper.pdf"
        path.write_bytes(content)
        done = subprocess.run(
            ["pdftotext", *options, str(path), "-"], capture_output=True, text=True, check=True
        )
        assert not done.stderr
        return done.stdout

    return read


@needs("pdftotext")
def test_form_reads_from_top_to_bottom_in_the_words_given(read):
    """What is drawn comes out again in reading order, and what is no answer says so in its own words."""
    text = read(drawn(form())[0], "-raw")
    wanted = [
        "Referral",
        "For the meeting.",
        "Handle with care.",
        "1. Victim",
        "The person at risk.",
        "Full name Łucja Żółć-Przykładowa",
        "Other names Not answered",
        "Address Not shared (SHARE-11)",
        "Safe to call Not known",
        "2. Children",
        "In the household",
        "Child0 Invented Not answered Not shared (SHARE-4)",
        "Child39 Invented Not known Not shared (SHARE-4)",
        "• one thing",
        "Last",
        "Small words.",
    ]
    places = [text.find(words) for words in wanted]
    assert -1 not in places, wanted[places.index(-1)]
    assert places == sorted(places)


@needs("pdftotext")
def test_marking_stands_in_capitals_centred_at_top_and_bottom_of_every_page(read):
    """Each page has the marking twice, once in the top 60 points and once in the bottom 60, in the middle."""
    html = read(drawn(form())[0], "-bbox")
    pages = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', html, re.DOTALL)
    assert len(pages) > 2
    for width, height, words in pages:
        marks = re.findall(
            r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">OFFICIAL-SENSITIVE<', words
        )
        boxes = sorted((float(top), float(left), float(right), float(low)) for left, top, right, low in marks)
        assert len(boxes) == 2
        assert boxes[0][3] < 60
        assert boxes[1][0] > float(height) - 60
        for _, left, right, _ in boxes:
            assert abs((left + right) / 2 - float(width) / 2) < 1


@needs("pdftotext")
def test_every_page_bears_case_number_of_pages_form_recipient_copy_and_pack(read):
    """A page that is separated from its pack says where it belongs."""
    copies = drawn(form(), STAMPS)
    for stamp, copy in zip(STAMPS, copies, strict=True):
        pages = read(copy).rstrip("\f").split("\f")
        for number, page in enumerate(pages, 1):
            assert "Case SB-2026-0142" in page
            assert f"Page {number} of {len(pages)}" in page
            assert "MARAC referral · edition 2026-04" in page
            assert f"For {stamp.recipient} · {stamp.copy} · Pack {stamp.pack_id}" in page


def test_copies_of_a_paper_are_one_drawing_that_differs_in_its_stamp_alone():
    """All copies are of one length, and outside one stretch, the stamp, equal to the byte."""
    copies = drawn(form(), STAMPS)
    assert len({len(copy) for copy in copies}) == 1
    once = pdf.draw_once(Paper(form(), FURNITURE), STAMPS)
    assert [once.copy(stamp) for stamp in STAMPS] == copies
    different = {
        at for other in copies[1:] for at, (a, b) in enumerate(zip(copies[0], other, strict=True)) if a != b
    }
    start = copies[0].rindex(b"stream\n", 0, min(different))
    assert b"endstream" not in copies[0][start + 7 : max(different)]


def test_no_copy_can_be_had_for_a_stamp_that_was_not_drawn_for():
    """The letters of an unknown recipient might have no glyph in the file."""
    with pytest.raises(KeyError):
        pdf.draw_once(Paper(form(), FURNITURE), STAMPS[:1]).copy(STAMPS[1])


OTHERS = {
    "another agency": [Stamp("Quay & Zephyr Trust", "copy 2 of 3", "SB-P-0002")],
    "a longer name, and two of them": [
        Stamp("Sampleborough Housing Options", "copy 2 of 3", "SB-P-0002"),
        Stamp("ZZ", "copy 3 of 3", "x"),
    ],
    "none": [],
}


@pytest.mark.parametrize("others", OTHERS.values(), ids=OTHERS.keys())
def test_copy_holds_no_trace_of_another_recipient(others):
    """To the byte, a copy is the same whoever else gets one: neither names, letters used nor lengths tell of others."""
    assert drawn(form(), [STAMPS[0], *others])[0] == drawn(form(), STAMPS)[0]


def test_same_paper_gives_the_same_bytes_each_time():
    """Nothing in the file depends on the time or on what was drawn before it."""
    first = drawn(form())
    drawn([Paragraph("Ọlájùmọ̀kẹ́ ههه 王小明")])
    assert drawn(form()) == first


@needs("qpdf")
@pytest.mark.parametrize(
    "content",
    [form(), [], [Heading("A", 3)], [Grid("", ["A"], [])]],
    ids=["a form", "nothing", "a low heading", "no rows"],
)
def test_file_is_sound(content, tmp_path):
    """The format's checker finds nothing in any copy."""
    for nth, copy in enumerate(drawn(content, STAMPS)):
        path = tmp_path / f"{nth}.pdf"
        path.write_bytes(copy)
        done = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@needs("pdfinfo")
def test_properties_hold_title_sender_and_language_and_no_person(tmp_path):
    """The title is the form's, the author the sending body; recipient and answers are not in the properties."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(drawn(form())[0])
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Title: +MARAC referral\n", info)
    assert re.search(r"Author: +Sampleborough Council\n", info)
    assert "Cysur" not in info
    assert b"/Lang (en-GB)" in path.read_bytes()
    assert b"/DisplayDocTitle true" in path.read_bytes()


@needs("pdffonts")
def test_every_font_is_in_the_file(tmp_path):
    """No letter depends on a font of the reader's machine."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(drawn(form())[0])
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[
        2:
    ]
    assert len(fonts) == 3
    assert all(re.search(r"yes yes yes", font) for font in fonts)


NAMES = [
    "Łukasz Żółć-Gęśla",
    "Nguyễn Thị Ngọc Huyền",
    unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Huyền"),
    "محمد عبد الله",
    "王小明",
    "Οδυσσέας",
    "Олександра",
    "ਗੁਰਪ੍ਰੀਤ",
    "নাসরিন",
    "Rene\u0301",
]


@needs("pdftotext")
def test_names_of_many_scripts_are_found_by_a_reader_of_the_file(read):
    """A search for the name finds it, in the file that another program reads."""
    blocks = [QuestionAnswers([QuestionAnswer("Name", Shared(name), "victim.name") for name in NAMES])]
    text = re.sub(r"[\u202a-\u202e]", "", read(drawn(blocks)[0]))
    assert [name for name in NAMES if unicodedata.normalize("NFC", name) not in text] == []


REFUSED = {
    "an answer": (asked("Full name", Shared("Anna \U0001fae9")), "victim.name", "Full name"),
    "a cell": (
        Grid(
            "Children",
            ["Name", "School"],
            [GridRow([Shared("Ben"), Shared("\ue000")], ["c.name", "c.school"])],
        ),
        "c.school",
        "School",
    ),
    "a paragraph": (Paragraph("Anna \U0001fae9", where="case.summary"), "case.summary", "a paragraph"),
}


@pytest.mark.parametrize(("block", "where", "label"), REFUSED.values(), ids=REFUSED.keys())
def test_letter_that_cannot_be_drawn_is_refused_by_its_field(block, where, label):
    """The refusal says which field it is, wherever it stands, and nothing of what it holds."""
    with pytest.raises(CannotDraw) as refused:
        drawn([Section("Part", [KeepTogether([block])])])
    assert (refused.value.where, refused.value.label) == (where, label)
    assert "Anna" not in str(refused.value)


def test_recipient_that_cannot_be_drawn_is_refused_before_anything_is_drawn():
    """A stamp is checked as an answer is."""
    with pytest.raises(CannotDraw, match="recipient"):
        drawn(form(), [Stamp("Agency \U0001fae9")])


@needs("pdftotext")
@settings(max_examples=25, deadline=None)
@given(before=st.integers(0, 60), length=st.integers(380, 1500), newline=st.integers(5, 200))
def test_no_word_of_a_long_answer_is_lost_wherever_its_page_ends(before, length, newline):
    """All words of an answer are there, once and in order, and its question comes again on each page it goes on to."""
    words = [f"w{nth}" for nth in range(length)]
    text = "".join(word + ("\n" if nth % newline == 0 else " ") for nth, word in enumerate(words))
    blocks = [*(Paragraph(f"line {nth}") for nth in range(before)), asked("What happened", Shared(text))]
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=drawn(blocks)[0], capture_output=True, check=True
    ).stdout.decode()
    assert re.findall(r"\bw\d+\b", done) == words
    holding = [page for page in done.split("\f") if re.search(r"\bw\d+\b", page)]
    assert "What happened" in holding[0]
    assert all("What happened (continued)" in page for page in holding[1:])


@needs("pdftotext")
@settings(max_examples=15, deadline=None)
@given(before=st.integers(0, 50), left=st.integers(0, 900), right=st.integers(200, 900))
def test_no_word_of_long_cells_side_by_side_is_lost(before, left, right):
    """Both cells of a row higher than its page go on over it, below the header and the caption again."""
    cells = [
        Shared(" ".join(f"{side}{nth}" for nth in range(count))) for side, count in (("a", left), ("b", right))
    ]
    grid = Grid("Table of incidents", ["First column", "Second column"], [GridRow(cells)])
    blocks = [*(Paragraph(f"line {nth}") for nth in range(before)), grid]
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=drawn(blocks)[0], capture_output=True, check=True
    ).stdout.decode()
    for side, count in (("a", left), ("b", right)):
        assert re.findall(rf"\b{side}\d+\b", done) == [f"{side}{nth}" for nth in range(count)]
    for page in done.split("\f"):
        if re.search(r"\b[ab]\d+\b", page):
            assert "Table of incidents" in page
            assert "First column" in page


@needs("pdftotext")
def test_answer_of_thirty_thousand_characters_without_a_space_is_whole(read):
    """Even a word of many pages is drawn to its last letter."""
    text = "".join(chr(97 + nth % 26) for nth in range(30_000))
    pages = read(drawn([asked("What happened", Shared(text))])[0], "-raw")
    lines = [line for line in pages.splitlines() if re.fullmatch(r"[a-z]+", line.strip())]
    assert "".join(line.strip() for line in lines) == text


@needs("pdftotext")
def test_section_that_goes_over_the_page_says_its_title_again(read):
    """On each page a date of birth stands below the title of the section of whose person it tells."""
    pairs = [QuestionAnswer(f"Question {nth}", Shared("Yes")) for nth in range(90)]
    pages = read(drawn([Section("3. Perpetrator", [QuestionAnswers(pairs)])])[0]).rstrip("\f").split("\f")
    assert ["3. Perpetrator (continued)" in page for page in pages] == [False, True, True]


def test_line_breaks_of_an_answer_are_kept():
    """An address of four lines takes four lines."""
    (row,) = Composer(Setter(), 0, 500).rows([asked("Address", Shared("1 Row\nTown\r\n\nSB1 1AA"))])
    assert len(row.cells[1].lines) == 4


def test_four_kinds_of_answer_are_told_apart_without_colour():
    """With letters and colours taken away, the drawing of each kind still differs from every other."""
    shapes = []
    for answer in (Shared("Not known"), NotKnown(), NotAnswered(), Withheld("SHARE-11")):
        (row,) = Composer(Setter(), 0, 500).rows([asked("Q", answer)])
        operators = " ".join(row.cells[1].draw(800, row.height, False))
        operators = re.sub(r"[\d.]+ [\d.]+ [\d.]+ (rg|RG)|<[0-9A-F]+>|/F\d+ [\d.]+ Tf", "", operators)
        shapes.append(re.sub(r"\d{2,}(\.\d+)?", "n", operators))
    assert len(set(shapes)) == 4


def test_answer_that_is_withheld_has_no_place_for_its_value():
    """A withheld answer holds the rule alone."""
    assert [one.name for one in fields(Withheld)] == ["rule"]
    assert "Anna" not in repr(QuestionAnswer("Name", Shared("Anna")))


def line(nth):
    return Line(f"<{nth}> Tj", 10)


ROWS = st.lists(
    st.tuples(
        st.lists(st.integers(0, 90), min_size=1, max_size=3), st.floats(0, 30), st.booleans(), st.booleans()
    ),
    max_size=30,
)


@settings(max_examples=300, deadline=None)
@given(shape=ROWS)
def test_pages_hold_every_line_in_order_and_none_beyond_their_edge(shape):
    """Whatever rows there are: nothing lost, nothing doubled, nothing drawn over the foot, no empty page."""
    counter = itertools.count()
    rows = [
        Row(
            [Cell(0, 10, [line(next(counter)) for _ in range(count)]) for count in counts],
            before,
            keep,
            fresh_page=fresh,
        )
        for counts, before, keep, fresh in shape
    ]
    pages = paginate(rows, 700, 100)
    for page in pages:
        assert all(top - row.height >= 100 - 0.01 for top, row in page)
        assert all(a - first.height >= b - 0.01 for (a, first), (b, _) in itertools.pairwise(page))
    assert all(page for page in pages) or not rows
    lines = [each.operators for page in pages for _, row in page for cell in row.cells for each in cell.lines]
    assert sorted(lines) == sorted(each.operators for row in rows for cell in row.cells for each in cell.lines)


@settings(max_examples=200, deadline=None)
@given(filler=st.integers(0, 60), follow=st.integers(1, 60))
def test_heading_never_stands_alone_at_the_foot_of_a_page(filler, follow):
    """A heading is on the page where what it heads begins, with three lines of it at least."""
    heading = Row([Cell(0, 10, [line("heading")])], keep=True)
    body = Row([Cell(0, 10, [line(nth) for nth in range(follow)])])
    rows = [*(Row([Cell(0, 10, [line("filler")])]) for _ in range(filler)), heading, body]
    for page in paginate(rows, 700, 100):
        for nth, (_, row) in enumerate(page):
            if row is heading:
                assert len(page[nth + 1][1].cells[0].lines) >= min(3, follow)


def test_blocks_kept_together_stand_on_one_page():
    """Two paragraphs kept together go over the page together."""
    (setter, width) = (Setter(), 500)
    filler = [Paragraph("line") for _ in range(31)]
    kept = KeepTogether([Paragraph("one " * 200), Paragraph("two " * 200)])
    pages = paginate(Composer(setter, 0, width).rows([*filler, kept]), 780, 80)
    assert [len(page) for page in pages] == [31, 2]


def test_outline_has_headings_and_sections_in_their_depth():
    """Bookmarks follow the headings."""
    rows = Composer(Setter(), 0, 500).rows(
        [Heading("Paper"), Section("Part", [Heading("Within", 3), Section("Deeper", [])])]
    )
    assert [row.bookmark for row in rows] == [("Paper", 0), ("Part", 1), ("Within", 2), ("Deeper", 2)]


def test_long_marking_and_long_recipient_get_the_lines_they_need():
    """Furniture that does not fit on one line takes more, and pages get shorter."""
    furniture = Furniture("Official-Sensitive " * 8, "A very long title of a form " * 6, case="SB " * 60)
    stamps = [Stamp("Sampleborough and Neighbouring Districts Joint Service " * 4, "copy 1 of 1", "SB-P-0001")]
    once = pdf.draw_once(Paper(form(), furniture), stamps)
    assert once.pages >= pdf.draw_once(Paper(form(), FURNITURE), STAMPS).pages
