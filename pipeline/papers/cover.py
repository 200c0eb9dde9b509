"""The cover sheet of a pack: the inner envelope (SEND-2) and everything its recipient must be told (PURPOSE-1)."""

from forms.answers import long_date
from pipeline.blocks import (
    Block,
    Bullets,
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
)
from pipeline.manifest import Manifest
from pipeline.protocol.sending import inner_envelope, on_receipt
from pipeline.view import Shared


def cover(manifest: Manifest) -> Paper:
    """Return the cover sheet of a pack, from its manifest."""
    body: list[Block] = [
        Heading("Cover sheet"),
        Paragraph(f"Sealed papers for {manifest.agency_name}", Style.LEAD),
        *(Paragraph(notice, Style.WARNING) for notice in manifest.notices),
        Section("This pack", [QuestionAnswers(_envelope(manifest))]),
        Section("What you are asked to do", [Bullets(manifest.expected)]),
        Section(
            "Why you have it",
            [*map(Paragraph, manifest.purpose), Paragraph(f"Lawful basis: {'; '.join(manifest.basis)}.")],
        ),
        Section(
            "What is inside", [_contents(manifest)], "The papers of a case are in the folder of its reference."
        ),
        Section("What was held back from your agency", _withheld(manifest)),
    ]
    if manifest.decisions:
        body.append(Section("Decisions that set a rule aside", [_decisions(manifest)]))
    furniture = Furniture(
        manifest.marking, "Cover sheet", sender=manifest.sender.agency_name, subject_line=_panel(manifest)
    )
    return Paper(body, furniture)


def _envelope(manifest: Manifest) -> list[QuestionAnswer]:
    meeting = manifest.meeting
    when = ", ".join(filter(None, (long_date(meeting.date), meeting.time, meeting.place)))
    recovery = (
        {"Opens it besides": f"{manifest.recovery.name}, with the recovery key"} if manifest.recovery else {}
    )
    told = (
        inner_envelope(manifest)
        | recovery
        | {
            "Meeting": f"{when}\nChair: {meeting.chair}",
            "On receipt": on_receipt(),
            "Keep until": f"{long_date(manifest.keep_until)}, then destroy",
        }
    )
    return [QuestionAnswer(label, Shared(words)) for label, words in told.items()]


def _panel(manifest: Manifest) -> str:
    return f"{manifest.meeting.title}, {long_date(manifest.meeting.date)}"


def _contents(manifest: Manifest) -> Grid:
    """Return a line for the papers of a case that come in the same formats; the same paper in several formats is one."""
    papers: dict[tuple[str, str], list[str]] = {}
    for one in manifest.members:
        stem, _, ending = one.name.rpartition(".")
        papers.setdefault((one.case, stem), []).append(_FORMATS.get(ending, ending.upper()))
    titles = {one.name.rpartition(".")[0]: one.title for one in reversed(manifest.members)}
    lines: dict[tuple[str, str], list[str]] = {}
    for (case, stem), formats in papers.items():
        lines.setdefault((case, " and ".join(formats)), []).append(titles[stem])
    rows = [GridRow([case or "Meeting", ", ".join(some), formats]) for (case, formats), some in lines.items()]
    return Grid("", ["Case", "Paper", "As"], rows, [1.1, 1.7, 1.8])


_FORMATS = {"pdf": "PDF", "docx": "Word (accessible)", "xlsx": "Excel", "txt": "text"}


def _withheld(manifest: Manifest) -> list[Block]:
    if not manifest.withheld:
        return [Paragraph("Nothing.")]
    cases = tuple(dict.fromkeys(one.case for one in manifest.members if one.case))
    labels = {one.rule: one.label for one in manifest.withheld}
    return [
        Paragraph("Where an answer was held back, the paper says so and names the rule. Ask if you need more."),
        *(
            Grid(f"{rule}: {label}", _HELD_BACK, _alike(manifest, rule, cases), _WIDTHS)
            for rule, label in labels.items()
        ),
    ]


_HELD_BACK, _WIDTHS = ["Part of the form", "Held back", "In"], [1.1, 2.4, 1.1]


def _alike(manifest: Manifest, rule: str, cases: tuple[str, ...]) -> list[GridRow]:
    """Return a row for each set of questions of a section that a rule held back; alike in several cases, it is told once."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in manifest.withheld:
        if one.rule == rule:
            for section, questions in by_section(one.questions).items():
                found.setdefault((section, questions), []).append(one.case)
    return [
        GridRow([section, "; ".join(filter(None, questions)) or "all of it", Shared(_where(named, cases))])
        for (section, questions), named in found.items()
    ]


def _where(named: list[str], cases: tuple[str, ...]) -> str:
    """Return in which cases, in few words; an agency that has one case is told of no others."""
    others = [case for case in cases if case not in named]
    if not others and len(cases) > 1:
        return "every case"
    if len(others) == 1 and len(named) > 1:
        return f"all but {others[0]}"
    return "\n".join(named)


def by_section(questions: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return section → questions of it that were held back; a section held back as a whole has an empty one."""
    sections: dict[str, list[str]] = {}
    for question in questions:
        section, _, label = question.partition(": ")
        sections.setdefault(section, []).append(label)
    return {section: tuple(labels) for section, labels in sections.items()}


def _decisions(manifest: Manifest) -> Grid:
    rows = [
        GridRow(
            [
                one.case or "All",
                f"{one.rule}: {one.label}",
                f"{one.by}, {one.role}, {long_date(one.on)}",
                one.reason,
            ]
        )
        for one in manifest.decisions
    ]
    return Grid("", ["Case", "Rule set aside", "By", "Reason"], rows, [1, 1.4, 1.2, 1.6])
