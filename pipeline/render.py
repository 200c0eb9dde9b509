"""SharedView → Documents: each distinct view is drawn once, then stamped for every agency that gets it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from forms.answers import long_date
from forms.catalogue import FORMS
from forms.definition import Form
from pipeline import pdf, word
from pipeline.area import Area
from pipeline.blocks import Paper, Stamp
from pipeline.meeting import Meeting
from pipeline.papers import referral
from pipeline.view import Document, SharedView
from pipeline.word.start import first_template

_SHIPPED = Path(__file__).resolve().parent.parent / "templates"


@dataclass(frozen=True)
class Drawn:
    """A view as PDF and Word, of which a copy for each stamp can be had."""

    view: SharedView = field(repr=False)
    as_pdf: Mapping[Stamp, pdf.Drawn] = field(repr=False)
    as_word: word.Rendered = field(repr=False)

    def copies(self, stamp: Stamp) -> tuple[Document, Document]:
        """Return the paper for one recipient, as PDF and as Word, named by case and form."""
        view, name = self.view, f"{self.view.case}/{self.view.form.id}-referral"
        return (
            Document(f"{name}.pdf", self.as_pdf[stamp].copy(stamp), view.marking, view.form.title),
            Document(
                f"{name}.docx", self.as_word.copy(stamp), view.marking, f"{view.form.title} (Word, accessible)"
            ),
        )


def template_of(area: Area | None, form: Form) -> bytes:
    """Return the Word template of a form: the area's own (`templates/<form>.docx` in its folder) or the shipped one.

    A form that the area has otherwise, and has no template of its own for, is laid out anew as the shipped one was.

    Raises:
        OSError: the area's own is there and cannot be read; the shipped one does not silently take its place.
    """
    own = area.folder / "templates" / f"{form.id}.docx" if area else None
    if own and own.exists():
        return own.read_bytes()
    if _asks_alike(form, FORMS[form.id]):
        return (_SHIPPED / f"{form.id}.docx").read_bytes()
    return first_template(form)


def _asks_alike(form: Form, shipped: Form) -> bool:
    """Say whether two forms ask the same in the same words, whatever lists they offer."""
    asked = [[(one.path, one.ask.label, one.section.title) for one in each.asks()] for each in (form, shipped)]
    return asked[0] == asked[1]


class Renderer:
    """Draws views for one meeting or none; every template is compiled once.

    Attributes:
        drawn: how many views have been drawn, which is what rendering costs.
    """

    def __init__(self, area: Area | None, meeting: Meeting | None) -> None:
        self.drawn = 0
        self._area = area
        self._templates: dict[str, word.Template] = {}
        self._sender = area.agency(area.settings.sender.agency).name if area else ""
        self._panel = ""
        if area and meeting:
            self._panel = f"{area.settings.panels[meeting.panel].title}, {long_date(meeting.date)}"

    def draw(self, view: SharedView, stamps: Sequence[Stamp]) -> Drawn:
        """Draw a view for the recipients of these stamps.

        Raises:
            CannotDraw: a character that no font has; it names the case and the field.
            Refused: the template does not fit the form.
            OSError: the template cannot be read.
        """
        self.drawn += 1
        form = view.form
        if form.id not in self._templates:
            self._templates[form.id] = word.compile_template(template_of(self._area, form), form)
        paper = referral.paper(view, sender=self._sender, panel=self._panel)
        try:
            drawn = {
                stamp: one
                for group in _apart(stamps)
                for one in [pdf.draw_once(paper, group)]
                for stamp in group
            }
        except pdf.CannotDraw as error:
            raise pdf.CannotDraw(error.where, f"{view.case}: {error.label}", error.reason) from None
        return Drawn(view, drawn, self._templates[form.id].render(view))


def _apart(stamps: Sequence[Stamp]) -> list[list[Stamp]]:
    """Return stamps that can be drawn together: one with letters of its own would leave them in everybody's file."""
    plain = [stamp for stamp in stamps if stamp.recipient.isascii()]
    return [group for group in (plain, *([stamp] for stamp in stamps if stamp not in plain)) if group]


def draw_all(renderer: Renderer, wanted: Mapping[Stamp, Sequence[SharedView]]) -> dict[int, Drawn]:
    """Draw each distinct view once, also where it was made for two sights; the key is the view's identity."""
    groups: list[tuple[list[SharedView], list[Stamp]]] = []
    for stamp, some in wanted.items():
        for view in some:
            for views, stamps in groups:
                if any(view is one for one in views) or (views[0].case == view.case and views[0] == view):
                    views.append(view)
                    stamps.append(stamp)
                    break
            else:
                groups.append(([view], [stamp]))
    drawn = [(views, renderer.draw(views[0], stamps)) for views, stamps in groups]
    return {id(view): one for views, one in drawn for view in views}


def page(paper: Paper, name: str, stamp: Stamp) -> Document:
    """Return a paper of one recipient's own, such as the cover sheet, as PDF."""
    return Document(name, pdf.draw(paper, [stamp])[0], paper.furniture.marking, paper.furniture.title)
