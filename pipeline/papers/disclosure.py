"""What a third party is told, typed out for both to sign (RECORD-6); it stands in the place of minutes, which nobody outside gets."""

from collections.abc import Sequence

from forms.answers import long_date
from pipeline.blocks import (
    Block,
    Bullets,
    Furniture,
    Heading,
    Paper,
    Paragraph,
    QuestionAnswer,
    QuestionAnswers,
    Section,
    Style,
    ToFill,
)
from pipeline.meeting import Decision, Disclosure
from pipeline.view import Shared


def disclosure_sheet(
    one: Disclosure, marking: str, sender: str, about: str, set_aside: Sequence[Decision] = ()
) -> Paper:
    """Return the sheet of a disclosure.

    Args:
        one: a disclosure that lacks nothing.
        marking: of a paper that tells of a case.
        sender: the co-ordinator's agency.
        about: the panel and its day.
        set_aside: the decisions by which it is made.
    """
    told = {
        "To": f"{one.to}, {one.to_role}",
        "What is told, and nothing else": one.what,
        "Why": one.reason,
        "If risks rise, or you have a question": f"Ring {one.contact}",
        "Decided by": f"{one.by}, {one.role}, {long_date(one.on)}",
    }
    for each in set_aside:
        told[f"{each.rule} set aside by"] = f"{each.by}, {each.role}, {long_date(each.on)}"
    sign = ["Name and role", "Signature", "Date"]
    body: list[Block] = [
        Heading("Disclosure to a third party"),
        Paragraph("This sheet is read and signed together. No copy of it is left behind.", Style.WARNING),
        Section(
            "What is disclosed",
            [QuestionAnswers([QuestionAnswer(label, Shared(text)) for label, text in told.items()])],
        ),
        Section(
            "What the person who is told agrees to",
            [
                Bullets(
                    (
                        "I understand why I am told this, and use it for that alone.",
                        "I tell nobody else, and write nothing down.",
                        "I ring at once if the risk seems to rise.",
                    )
                )
            ],
        ),
        *(
            Section(title, [QuestionAnswers([QuestionAnswer(label, ToFill()) for label in sign])])
            for title in ("Signed by the person who is told", "Signed by the person who tells")
        ),
        Section(
            "Afterwards",
            [QuestionAnswers([QuestionAnswer("The co-ordinator was told of it on", ToFill())])],
            "The signed sheet stays with the Responsible Authority.",
        ),
    ]
    return Paper(body, Furniture(marking, "Disclosure", case=one.case, sender=sender, subject_line=about))
