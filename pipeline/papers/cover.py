"""The cover sheet of a pack: the inner envelope (SEND-2) and everything its recipient must be told (PURPOSE-1)."""

from forms.answers import long_date
from pipeline.blocks import (
    Answered,
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


def cover(manifest: Manifest) -> Paper:
    """Return the cover sheet of a pack, from its manifest."""
    meeting, sender = manifest.meeting, manifest.sender
    when = f"{long_date(meeting.date)}, {meeting.time}" if meeting.time else long_date(meeting.date)
    envelope = [
        QuestionAnswer("For", f"{manifest.agency_name}"),
        QuestionAnswer("Named contact", Answered("\n".join(spoc.name for spoc in manifest.spocs))),
        QuestionAnswer("From", Answered(f"{sender.name}, {sender.role}\n{sender.agency_name}")),
        QuestionAnswer("Marking", manifest.marking),
        QuestionAnswer(
            "Meeting", Answered("\n".join(filter(None, (f"{meeting.title}, {when}", meeting.place))))
        ),
        QuestionAnswer("Chair", meeting.chair),
        QuestionAnswer("Lawful basis", Answered("\n".join(manifest.basis))),
        QuestionAnswer("Keep until", f"{long_date(manifest.keep_until)}, then destroy"),
        QuestionAnswer(
            "If anything is wrong", Answered(f"Ring {sender.name} on {sender.telephone}\n{sender.email}")
        ),
    ]
    body: list[Block] = [
        Heading("Cover sheet"),
        *(Paragraph(notice, Style.WARNING) for notice in manifest.notices),
        Section("This pack", [QuestionAnswers(envelope)]),
        Section("Why you have it", [Paragraph(line) for line in manifest.purpose]),
        Section("What you are asked to do", [Bullets(manifest.expected)]),
        Section("What is inside", [_contents(manifest)]),
        Section("What was held back from your agency", _withheld(manifest)),
    ]
    if manifest.decisions:
        body.append(Section("Decisions that set a rule aside", [_decisions(manifest)]))
    furniture = Furniture(
        manifest.marking, "Cover sheet", sender=sender.agency_name, subject_line=_panel(manifest)
    )
    return Paper(body, furniture)


def _panel(manifest: Manifest) -> str:
    return f"{manifest.meeting.title}, {long_date(manifest.meeting.date)}"


def _contents(manifest: Manifest) -> Grid:
    """Return a line for each paper; the same paper in several formats is one."""
    papers: dict[tuple[str, str], list[str]] = {}
    for one in manifest.members:
        stem, _, ending = one.name.rpartition(".")
        papers.setdefault((one.case, stem), []).append(ending)
    titles = {one.name.rpartition(".")[0]: one.title for one in reversed(manifest.members)}
    rows = [
        GridRow([case or "Meeting", titles[stem], f"{stem} (.{', .'.join(endings)})"])
        for (case, stem), endings in papers.items()
    ]
    return Grid("", ["Case", "Paper", "Files"], rows, [1.1, 1.2, 2.3])


def _withheld(manifest: Manifest) -> list[Block]:
    if not manifest.withheld:
        return [Paragraph("Nothing.")]
    # What was held back alike in several cases is told once.
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in manifest.withheld:
        alike.setdefault((f"{one.rule}: {one.label}", one.questions), []).append(one.case)
    rows = [
        GridRow([Answered("\n".join(cases)), rule, Answered("\n".join(_by_section(questions)))])
        for (rule, questions), cases in alike.items()
    ]
    return [
        Paragraph("Where an answer was held back, the paper says so and names the rule. Ask if you need more."),
        Grid("", ["Case", "Rule", "Held back"], rows, [1.1, 1.3, 2.3]),
    ]


def _by_section(questions: tuple[str, ...]) -> list[str]:
    sections: dict[str, list[str]] = {}
    for question in questions:
        section, _, label = question.partition(": ")
        sections.setdefault(section, []).append(label)
    return [
        f"{section}: {', '.join(filter(None, labels)) or 'all of it'}" for section, labels in sections.items()
    ]


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
