"""The register of attendance, to be signed at the meeting: whoever is there reaffirms confidentiality (RECORD-3)."""

from collections.abc import Sequence

from forms.answers import long_date
from pipeline.blocks import (
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
from pipeline.manifest import MeetingPart
from pipeline.protocol.minutes import REAFFIRMS, Expected

_SPARE_LINES = 2
"""For deputies."""


def attendance(meeting: MeetingPart, marking: str, sender: str, lines: Sequence[Expected]) -> Paper:
    """Return the register for some of those who are expected: for one agency in its pack, for all of them to the chair.

    Args:
        meeting: as it stands in packs.
        marking: of a paper that names people who meet.
        sender: the co-ordinator's agency.
        lines: who is expected, and for which cases.
    """
    about = {
        "When": ", ".join(filter(None, (long_date(meeting.date), meeting.time))),
        "Where": meeting.place,
        "Chair": meeting.chair,
    }
    rows = [GridRow([one.agency, _who(one), ", ".join(one.cases) or "All", ToFill()]) for one in lines]
    rows += [GridRow([ToFill(), ToFill(), ToFill(), ToFill()]) for _ in range(_SPARE_LINES)]
    body: list[Block] = [
        Heading("Register of attendance"),
        Section(
            "This meeting",
            [QuestionAnswers([QuestionAnswer(one, said) for one, said in about.items() if said])],
        ),
        Section(
            "Who is here",
            [
                Paragraph(REAFFIRMS, Style.LEAD),
                Paragraph("Whoever is here for single cases leaves for the others."),
                Grid("", ["Agency", "Name and role", "Cases", "Signature"], rows, [1.4, 1.6, 1.2, 1.4]),
            ],
        ),
    ]
    title = f"{meeting.title}, {long_date(meeting.date)}"
    return Paper(body, Furniture(marking, "Register of attendance", sender=sender, subject_line=title))


def _who(one: Expected) -> str:
    return "\n".join(filter(None, (one.name, one.role)))
