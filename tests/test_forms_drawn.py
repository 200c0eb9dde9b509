"""Every form there is, drawn in both formats from its samples: fields, markings, what is withheld, and the slip."""

import io
import re
import shutil
import subprocess
import unicodedata
import zipfile
from functools import cache

import pytest

from forms.catalogue import FORMS
from forms.definition import Filler
from pipeline import pdf, word
from pipeline.agency import AgencyKind
from pipeline.blocks import Section, Stamp
from pipeline.checked import Checked, check, filled
from pipeline.papers import referral
from pipeline.papers.seen import is_beside_the_point
from pipeline.protocol.scrub import secrets_of
from pipeline.protocol.sharing import WHOLE, sight_of, view_of
from pipeline.view import NotAnswered, Shared, Withheld
from samples import make
from tests.every_form import every_form
from tests.test_carry import DAY
from tests.test_samples import written_referral

MARKING = "OFFICIAL-SENSITIVE"
STAMP = Stamp("Brackenford Police", "copy 1", "P-7F3K-2M9Q")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")
ALL = [(form_id, name) for form_id, name in make.every() if not make.about(name, form_id)["codes"]]
every_sample = pytest.mark.parametrize(("form_id", "name"), ALL)
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs pdftotext (poppler-utils)")


def sound(form_id: str, name: str) -> Checked:
    checked = check(written_referral(form_id, name), DAY)
    assert isinstance(checked, Checked)
    return checked


def views(checked: Checked):
    """The whole view, and each different view that a kind of agency gets."""
    sights = {sight_of(kind, checked, anonymous=False) for kind in AgencyKind}
    return [view_of(checked, "X-2026-0417", MARKING, sight) for sight in (WHOLE, *sights)]


def run_together(words: str) -> str:
    return unicodedata.normalize("NFC", re.sub(r"\s", "", words))


def pdf_text(content: bytes, *options: str) -> str:
    done = subprocess.run(
        ["pdftotext", *options, "-", "-"], input=content, check=True, capture_output=True, timeout=60
    )
    return done.stdout.decode()


def as_pdf(view) -> bytes:
    return pdf.draw(referral.paper(view, sender="Brackenford Council", panel="A panel"), [STAMP])[0]


@cache
def template_of(form_id: str) -> word.Template:
    return word.compile_template((make.TEMPLATES / f"{form_id}.docx").read_bytes(), FORMS[form_id])


def as_word(view) -> bytes:
    return template_of(view.form.id).render(view).copy(STAMP)


def word_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as members:
        body = members.read("word/document.xml").decode()
    text = re.sub(r"<[^>]+>", "", re.sub(r"<w:br/>|</w:p>", "\n", body))
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


@every_form
def test_the_shipped_template_fits(form):
    """templates/<form>.docx prints every question and every table, and a page lacks nothing that it must bear."""
    assert word.check_template((make.TEMPLATES / f"{form.id}.docx").read_bytes(), form) == ()


@every_sample
@needs_poppler
def test_every_answer_is_drawn_in_both(form_id, name):
    """Every answer that may be seen stands in the PDF and in the Word file, under its question."""
    view = view_of(sound(form_id, name), "X-2026-0417", MARKING, WHOLE)
    drawn, typed = run_together(pdf_text(as_pdf(view), "-raw")), run_together(word_text(as_word(view)))
    for path, answer in view.answers.items():
        if isinstance(answer, Shared):
            for line in answer.text.split("\n"):
                assert run_together(line) in typed, path
                if not RIGHT_TO_LEFT.search(line) and len(line) < 60:
                    assert run_together(line) in drawn, path
    for found in view.form.asks():
        asked = found.table is None and found.path in view.answers and found.section.by is Filler.REFERRER
        if asked and not is_beside_the_point(view, found.path, found.ask):
            assert run_together(found.ask.label) in drawn, found.path


@every_sample
@needs_poppler
def test_every_page_of_every_view_is_marked(form_id, name):
    """In each agency's view the marking is the first and the last line of each page, with page x of y."""
    for view in views(sound(form_id, name)):
        pages = pdf_text(as_pdf(view), "-layout").split("\f")[:-1]
        for number, page in enumerate(pages, start=1):
            lines = [line.strip() for line in page.splitlines() if line.strip()]
            assert (lines[0], lines[-1]) == (MARKING, MARKING)
            assert f"Page {number} of {len(pages)}" in page


@every_sample
@needs_poppler
def test_what_is_withheld_is_in_no_paper(form_id, name):
    """What would give somebody away, and is withheld from a kind of agency, is nowhere of its PDF or Word file."""
    checked = sound(form_id, name)
    for view in views(checked)[1:]:
        closed = {
            path: view.withheld().get(path) or view.withheld().get(path.partition("[")[0])
            for path, _, _ in checked.paths()
        }
        shown = {answer.text.casefold() for answer in view.answers.values() if isinstance(answer, Shared)}
        papers = None
        for secret in secrets_of(checked, closed):
            value = secret.value if isinstance(secret.value, str) else ""
            if len(value) < 6 or any(value.casefold() in one for one in shown):
                continue
            if papers is None:
                papers = run_together(pdf_text(as_pdf(view)) + word_text(as_word(view))).casefold()
            assert run_together(value).casefold() not in papers


@every_sample
def test_withheld_answers_are_told_by_their_rule(form_id, name):
    """In the place of what is withheld stands its rule, in both formats, and no more."""
    for view in views(sound(form_id, name))[1:]:
        if not view.withheld():
            continue
        typed = word_text(as_word(view))
        assert all(f"Not shared ({rule})" in typed for rule in view.withheld().values())
        assert not any(isinstance(one, Withheld) and hasattr(one, "text") for one in view.answers.values())


@pytest.mark.parametrize("form", [form for form in FORMS.values() if form.slip], ids=lambda form: form.id)
@needs_poppler
def test_the_slip_is_the_last_page(form):
    """What the recipient sends back has a page of its own, with the reference, the sender, and lines to fill in."""
    view = view_of(sound(form.id, make.names(form.id)[0]), "X-2026-0417", MARKING, WHOLE)
    pages = pdf_text(as_pdf(view), "-layout").split("\f")[:-1]
    assert form.slip.title in pages[-1]
    assert form.slip.title not in "".join(pages[:-1])
    for words in ("X-2026-0417", view.answers[form.slip.shows[0]].text, *form.slip.lines):
        assert words in pages[-1]
        assert words in word_text(as_word(view))


def test_a_template_without_the_slip_is_told_so():
    """A template from which somebody took the slip does not fit its form."""
    form = FORMS["mappa-j"]
    raw = (make.TEMPLATES / "mappa-j.docx").read_bytes()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as members, zipfile.ZipFile(out, "w") as changed:
        for name in members.namelist():
            changed.writestr(name, members.read(name).replace(form.slip.title.encode(), b"Something else"))
    assert [one.code for one in word.check_template(out.getvalue(), form)] == ["word-unprinted-slip"]


@every_form
def test_what_the_sender_keeps_is_on_no_paper(form):
    """A part that stays with the sender is neither drawn nor typed, not even its questions."""
    kept = [section for section in form.sections if section.kept]
    if not kept:
        return
    view = view_of(sound(form.id, make.names(form.id)[0]), "X-2026-0417", MARKING, WHOLE)
    typed = word_text(as_word(view))
    assert not [section.title for section in kept if section.title in typed]
    assert not [path for path in view.answers if path.partition(".")[0] in {section.key for section in kept}]


@every_form
def test_the_co_ordinators_part_is_drawn_once_it_is_begun(form):
    """A decision, an outcome or minutes are on the paper when they are there, and leave no trace when they are not."""
    sections = [section for section in form.sections if section.by is Filler.COORDINATOR]
    name = make.names(form.id)[0]
    referred = written_referral(form.id, name)
    before = as_word(view_of(sound(form.id, name), "X-2026-0417", MARKING, WHOLE))
    for section in sections:
        assert section.title not in word_text(before)
        items = [item for item in section.items if not hasattr(item, "columns")]
        referred.answers[section.key] = {item.key: item.sample() for item in items}
    checked = filled(form, (referred.answers))
    after = word_text(as_word(view_of(checked, "X-2026-0417", MARKING, WHOLE)))
    assert all(section.title in after for section in sections)


def test_open_questions_that_do_not_apply_say_so_in_word():
    """Where an answer makes a question idle, Word says so, and the PDF leaves it out."""
    checked = sound("mappa-a", "01-sound")
    view = view_of(checked, "X-2026-0417", MARKING, WHOLE)
    assert isinstance(view.answers["category.offence"], NotAnswered)
    assert "Does not apply" in word_text(as_word(view))


def test_a_part_that_is_closed_as_a_whole_is_one_line():
    """Who sees nothing of a part is told so once, by the rule, and not once for each question (SHARE-14)."""
    one = filled(FORMS["mappa-a"], FORMS["mappa-a"].example())
    sight = sight_of(AgencyKind.ELECTRONIC_MONITORING, one, anonymous=False)
    drawn = referral.paper(view_of(one, "MAPPA-2026-4417", "OFFICIAL-SENSITIVE", sight), sender="", panel="")
    (risk,) = [block for block in drawn.blocks if isinstance(block, Section) and block.title == "Risk"]
    (pair,) = risk.blocks[0].pairs
    assert (pair.label, pair.answer) == ("The whole of this part", Withheld("SHARE-6"))
    (offender,) = [block for block in drawn.blocks if isinstance(block, Section) and block.title == "Offender"]
    assert len(offender.blocks[0].pairs) > 10
