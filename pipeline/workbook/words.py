"""What can be wrong with a workbook as such, in words; what is wrong with an answer is in `pipeline.problem`."""

from pipeline.problem import Said, register

_FRESH = "Copy the answers into a fresh copy of the form."

register(
    {
        "not-a-form": Said(
            "This workbook is not a form that can be read here.", "Fill in the form that the co-ordinator sent."
        ),
        "workbook-unreadable": Said(
            "This workbook cannot be read: something in it is not as a spreadsheet program writes it.",
            "Open it in Excel or LibreOffice, save it under a new name as .xlsx, and send that.",
        ),
        "sheet-lost": Said("The answers of this part are not in the workbook any more.", _FRESH),
        "cell-lost": Said("The cell for this answer is not in the workbook any more.", _FRESH),
        "cell-elsewhere": Said("The name of this answer does not point at a cell of this workbook.", _FRESH),
        "cell-several": Said("The name of this answer points at several cells.", _FRESH),
        "cell-shared": Said("This answer has one cell with another: {other}.", _FRESH),
        "cell-merged": Said(
            "The cell of this answer has been merged with others.",
            "Unmerge the cells, and answer each question in its own.",
        ),
        "table-torn": Said("The columns of this table do not stand side by side any more.", _FRESH),
        "formula": Said("This is a formula, not an answer.", "Type the answer itself."),
        "error-cell": Said("The cell shows an error, not an answer.", "Type the answer itself."),
        "not-yes": Said(
            "What stands beside a choice is neither Yes nor No ({cells}).",
            "Choose Yes beside each that applies, and leave the others empty.",
        ),
        "not-confirmed": Said(
            "This part was carried over from another referral, and nobody has confirmed it.",
            "Read its answers, put right what has changed, and choose Yes at its head.",
        ),
        "not-asked-here": Said(
            "This question is not asked here any more, and its answer would be lost.",
            "Move what matters into another answer, and empty the cell.",
        ),
        "stray-text": Said(
            "Something is written here, outside the answers, and would be lost.",
            "Move it into an answer, or delete it.",
        ),
        "stray-sheet": Said(
            "This sheet does not belong to the form, and what is on it would be lost.",
            "Move what matters into an answer, and delete the sheet.",
        ),
        "comment": Said(
            "A comment hangs on this cell, and would be lost.",
            "Write what matters into an answer, and delete the comment.",
        ),
        "drawing": Said(
            "The workbook holds a picture, a text box or a chart, which would be lost.",
            "Write what matters into an answer, delete it, and send the picture as a further document.",
        ),
    }
)
