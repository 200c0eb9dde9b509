"""The agenda as one agency may see it: its cases alone, each as its view shows it (SHARE-4)."""

from collections.abc import Sequence

from forms.answers import long_date
from pipeline.blocks import (
    Answer,
    Block,
    Furniture,
    Grid,
    GridRow,
    Heading,
    Paper,
    Paragraph,
    QuestionAnswer,
    QuestionAnswers,
    Section,
    Style,
    ToFill,
)
from pipeline.manifest import Manifest
from pipeline.view import NotAnswered, Shared, SharedView, Withheld


def agenda(
    manifest: Manifest, views: Sequence[SharedView], checks: Sequence[SharedView], repeats: frozenset[str]
) -> Paper:
    """Return the agenda of a pack, with the numbers of its own cases and of no others.

    Args:
        manifest: the pack's.
        views: the cases of which the pack has papers, in the order of the meeting.
        checks: the cases that are there for a check of records alone (SHARE-12).
        repeats: the references of cases that come back.
    """
    meeting = manifest.meeting
    about = {
        "Meeting": meeting.title,
        "When": ", ".join(filter(None, (long_date(meeting.date), meeting.time))),
        "Where": meeting.place,
        "Chair": meeting.chair,
    }
    emergency = [Paragraph("Emergency meeting.", Style.WARNING)] if meeting.emergency else []
    rows = [
        GridRow(
            [
                view.case,
                _subject(view),
                _of_subject(view, "date_of_birth"),
                _of_subject(view, "permanent_address"),
                _one(view, "referrer.agency"),
                "Repeat" if view.case in repeats else "New",
            ],
            ["", f"{view.form.subject}.surname"],
        )
        for view in views
    ]
    header = ["Case", "Subject", "Date of birth", "Address", "Referred by", "New or repeat"]
    body: list[Block] = [
        Heading("Agenda"),
        *emergency,
        Section(
            "This meeting",
            [QuestionAnswers([QuestionAnswer(one, said) for one, said in about.items() if said])],
        ),
        *([Section("Cases", [Grid("", header, rows, [1.5, 1.7, 1.15, 1.3, 1.15, 0.65])])] if rows else []),
        *(_to_check(checks) if checks else ()),
        Section("Numbers", [QuestionAnswers(_numbers(views, checks, repeats))], "Of the cases in this pack."),
        Section(
            "Before the meeting",
            [Paragraph("Check your agency's records for each case, and bring what you hold.")],
        ),
    ]
    title = f"{meeting.title}, {long_date(meeting.date)}"
    return Paper(
        body, Furniture(manifest.marking, "Agenda", sender=manifest.sender.agency_name, subject_line=title)
    )


def _to_check(checks: Sequence[SharedView]) -> list[Block]:
    rows = [
        GridRow(
            [
                view.case,
                _subject(view),
                _of_subject(view, "date_of_birth"),
                _of_subject(view, "aliases"),
                ToFill(),
            ],
            ["", f"{view.form.subject}.surname"],
        )
        for view in checks
    ]
    header = ["Case", "Subject", "Date of birth", "Also known as", "What you hold"]
    note = "Managed by one agency, and not discussed unless somebody holds what raises the risk. There are no papers (SHARE-12)."
    return [
        Section("For a check of your records: level 1", [Grid("", header, rows, [1.4, 1.6, 1.1, 1.2, 2])], note)
    ]


def _numbers(
    views: Sequence[SharedView], checks: Sequence[SharedView], repeats: frozenset[str]
) -> list[QuestionAnswer]:
    back = sum(view.case in repeats for view in views)
    counts = {"New": len(views) - back, "Repeat": back, "For a check of records": len(checks)}
    return [QuestionAnswer(label, str(count)) for label, count in counts.items() if count or label == "New"]


def _one(view: SharedView, path: str) -> Answer:
    return view.answers[path] if path in view.answers else NotAnswered()


def _of_subject(view: SharedView, key: str) -> Answer:
    """Return what a view shows of its subject, wherever the form asks for it."""
    role = view.form.find(f"{view.form.subject}.surname").ask.fact.partition(".")[0]
    found = view.form.telling(f"{role}.{key}")
    return _one(view, found.path) if found else NotAnswered()


def _subject(view: SharedView) -> Answer:
    surname, forenames = (view.answers[f"{view.form.subject}.{name}"] for name in ("surname", "forenames"))
    if isinstance(surname, Withheld):
        return surname
    parts = [one.text for one in (surname, forenames) if isinstance(one, Shared)]
    return Shared(", ".join(parts)) if parts else NotAnswered()
