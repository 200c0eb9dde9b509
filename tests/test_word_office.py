"""A Word document as a real word processor lays it out: LibreOffice makes PDFs of all views at once, and pages are read."""

import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
import views

from forms.marac import FORM
from pipeline.blocks import Stamp
from pipeline.view import NotAnswered, NotKnown, Shared
from pipeline.word import check_template, compile_template

ROOT = Path(__file__).parents[1]
RAW = (ROOT / "templates" / "marac.docx").read_bytes()
STAMP = Stamp("Brackenford Housing", "copy 3 of 12", "BRK-2026-0042-03")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")

needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="needs soffice (LibreOffice Writer)")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs pdftotext (poppler-utils)")
pytestmark = [needs_office, needs_poppler]

FONTS = f"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{ROOT / "templates" / "fonts"}</dir></fontconfig>"""


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Return a function that converts files to a format, with a profile of its own and the fonts of the house."""
    home = tmp_path_factory.mktemp("office")
    (home / "fonts.conf").write_text(FONTS)

    def convert(kind, folder, *files):
        subprocess.run(
            ["soffice", f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless", "--convert-to", kind, "--outdir", folder, *files],
            check=True, capture_output=True, timeout=120, env={"FONTCONFIG_FILE": str(home / "fonts.conf"), "HOME": str(home), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip

    return convert


def run_together(words):
    # pdftotext gives letters of another height, such as an emoji, a line of their own.
    return unicodedata.normalize("NFC", re.sub("[\\s\U00010000-\U0010ffff]", "", words))


def text(path, *options):
    done = subprocess.run(["pdftotext", *options, path, "-"], check=True, capture_output=True, timeout=60)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def folder(office, tmp_path_factory):
    """Return a folder with a PDF of each view, all made by one start of the program."""
    folder = tmp_path_factory.mktemp("word")
    template = compile_template(RAW, FORM)
    for make in views.VIEWS.values():
        (folder / f"{make.__name__}.docx").write_bytes(template.render(make()).copy(STAMP))
    office("pdf", folder, *sorted(folder.glob("*.docx")))
    return folder


@pytest.fixture(params=views.VIEWS.values(), ids=views.VIEWS.keys())
def made(request, folder):
    return request.param(), folder / f"{request.param.__name__}.pdf"


def test_every_page_bears_what_it_must(made):
    """The marking is the first and the last line of every page; page x of y counts; case, recipient, copy and pack are there."""
    _, pdf = made
    pages = text(pdf, "-layout").split("\f")[:-1]
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        assert (lines[0], lines[-1]) == (views.MARKING, views.MARKING)
        foot = " ".join(lines[-2].split())
        assert (
            foot == f"For {STAMP.recipient} · {STAMP.copy} · Pack {STAMP.pack_id} Page {number} of {len(pages)}"
        )
        assert lines[1].endswith(f"Case {views.CASE}")


def test_every_answer_is_on_the_pages(made):
    """No line of an answer is lost on the way to the page; letters from right to left are looked at in another test."""
    view, pdf = made
    run_on = run_together(text(pdf, "-raw"))
    for path, answer in view.answers.items():
        if isinstance(answer, Shared):
            for line in answer.text.split("\n"):
                # A line that long may go over to the next page; another test counts its words.
                if not RIGHT_TO_LEFT.search(line) and len(line) < 500:
                    assert run_together(line) in run_on, path


def test_a_long_answer_loses_no_word(folder):
    """30,000 characters flow over the pages: every numbered word is there, in order."""
    said = re.findall(r"word\d+", views.long_text().answers["reasons.reasons"].text)
    assert re.findall(r"word\d+", text(folder / "long_text.pdf", "-raw")) == said


def test_names_in_other_scripts_are_drawn_with_fonts_that_have_them(folder):
    """Arabic, Hebrew and Chinese letters are on the page as letters."""
    pages = text(folder / "five_scripts.pdf")
    for word in ("例子", "小雨", "Łęcka", "Nguyễn", "Снежана"):
        assert word in pages
    assert set("ليلى") <= set(pages)
    assert set("לאה") <= set(pages)


def test_what_became_of_an_answer_is_on_the_pages(folder):
    """As many answers are not shared, not known and not answered on the pages as in the view."""
    for make in (views.partly_withheld, views.mostly_open):
        view = make()
        pages = text(folder / f"{make.__name__}.pdf", "-raw")
        assert pages.count("Not shared (SHARE-11)") == len(view.withheld())
        for kind, words in ((NotKnown, "Not known"), (NotAnswered, "Not answered")):
            beside = pages.count("Does not apply") if kind is NotAnswered else 0
            assert pages.count(words) + beside == sum(isinstance(one, kind) for one in view.answers.values())


def test_a_template_saved_by_libreoffice_fits_as_before(office, folder, tmp_path):
    """Opened and saved by another word processor, which writes every part anew, the template fits and prints the same."""
    (tmp_path / "one.docx").write_bytes(RAW)
    office("odt", tmp_path, tmp_path / "one.docx")
    (tmp_path / "one.docx").unlink()
    office("docx", tmp_path, tmp_path / "one.odt")
    saved = (tmp_path / "one.docx").read_bytes()
    assert check_template(saved, FORM) == ()
    (tmp_path / "two.docx").write_bytes(
        compile_template(saved, FORM).render(views.partly_withheld()).copy(STAMP)
    )
    office("pdf", tmp_path, tmp_path / "two.docx")
    before, after = (
        sorted(text(at, "-raw").split()) for at in (folder / "partly_withheld.pdf", tmp_path / "two.pdf")
    )
    assert before == after
