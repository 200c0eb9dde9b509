"""The guard's refusals in words, and the exception that carries one to `pipeline.guard.inspect`."""

from collections.abc import Mapping

from pipeline.problem import Said, register

SEND_FORM = "Fill in the form that the co-ordinator sent, save it as an Excel workbook (.xlsx), and send that."
SAVE_AS_XLSX = "Open it in Excel or LibreOffice, save it as an Excel workbook (.xlsx), and send that."
SAVE_AGAIN = (
    "Open it in Excel or LibreOffice, save it under a new name as an Excel workbook (.xlsx), and send that. "
    "If it is refused again, copy the answers into a fresh form."
)
FRESH_FORM = "Do not open it. Ask the sender whether it is theirs, and for the answers in a fresh form."

REFUSALS: Mapping[str, Said] = {
    # Some other kind of file
    "file-empty": Said("This file is empty.", "Save the form again, look that it is not empty, and send it."),
    "file-too-big": Said(
        "This file is larger than {megabytes} MB.", "Take out the pictures and send it again."
    ),
    "file-text": Said("This is a text or web page, not a workbook.", SEND_FORM),
    "file-csv": Said(
        "This is a list of values separated by commas (.csv), which cannot hold the form.",
        "Go back to the form itself, save it as an Excel workbook (.xlsx), and send that.",
    ),
    "file-picture": Said("This is a picture, not a workbook.", SEND_FORM),
    "file-pdf": Said("This is a PDF, not a workbook.", SEND_FORM),
    "file-word": Said("This is a Word document, not a workbook.", SEND_FORM),
    "file-zip": Said("This is a compressed folder, not a workbook.", "Take the form out of it and send that."),
    "file-xls": Said("This workbook is in Excel's format of before 2007 (.xls).", SAVE_AS_XLSX),
    "file-ods": Said("This workbook is in the OpenDocument format (.ods).", SAVE_AS_XLSX),
    "file-xlsb": Said("This workbook is in Excel's binary format (.xlsb).", SAVE_AS_XLSX),
    "file-strict": Said(
        'This workbook is in the format "Strict Open XML".',
        'Save it as "Excel Workbook (.xlsx)", without "Strict", and send that.',
    ),
    "file-locked": Said(
        "This workbook is protected with a password or a label, and cannot be read.",
        "Take the password or the label's protection off, save it, and send it again.",
    ),
    "file-unknown": Said("This is not a workbook.", SEND_FORM),
    "file-damaged": Said(
        "This workbook is damaged or was cut short on its way.",
        "Ask for it again, or save it again and send it.",
    ),
    # What a form has no use for
    "macros": Said(
        "This workbook holds macros (small programs).",
        "Save it as an ordinary Excel workbook (.xlsx), which leaves them behind, and send that.",
    ),
    "embedded": Said(
        "This workbook holds another file or a control inside it.",
        "Take it out, save the workbook, and send the other file on its own.",
    ),
    "outside-link": Said(
        "This workbook fetches data from outside itself.",
        "In Excel choose Data, Edit Links (or Queries and Connections), break each one, save, and send it again.",
    ),
    # Too much or too far for a form
    "far-cell": Said(
        "Something stands in cell {cell}, far outside the form.",
        "Delete the rows and columns beyond the form, save, and send it again.",
    ),
    "far-range": Said(
        "A merged cell, note or link covers {cell}, far more than the form.",
        "Undo it, or copy the answers into a fresh form, and send that.",
    ),
    "too-many-rows": Said(
        "A sheet has more than {most} rows.", "Delete the rows below the form, save, and send it again."
    ),
    "too-many-cells": Said(
        "The workbook has more than {most} cells, merged cells, notes and rules.",
        "Delete what does not belong to the form, and send it again.",
    ),
    "too-many-sheets": Said(
        "The workbook has more than {most} sheets.",
        "Delete the sheets that are not the form's, and send it again.",
    ),
    "too-much": Said("This workbook holds far more than a form can.", SAVE_AGAIN),
    "too-many-parts": Said("This workbook is made of more than {most} parts.", SAVE_AGAIN),
    # Not as a spreadsheet program writes a workbook
    "zip-bomb": Said(
        "This file unpacks to far more than a form can hold.",
        "If you do not know why, do not open it. Copy the answers into a fresh form, and send that.",
    ),
    "zip-overlap": Said("Parts of this file lie over each other.", FRESH_FORM),
    "zip-mismatch": Said("This file says two different things about its parts.", FRESH_FORM),
    "zip-path": Said("A part of this file has a name that no spreadsheet program gives.", FRESH_FORM),
    "zip-double": Said("Two parts of this file have the same name.", FRESH_FORM),
    "zip-locked": Said(
        "A part of this file is locked with a password.", "Send the workbook itself, without a password."
    ),
    "zip-method": Said("This file is compressed in a way that no spreadsheet program uses.", SAVE_AGAIN),
    "xml-doctype": Said("This file holds definitions (DOCTYPE) that can harm a reader.", FRESH_FORM),
    "xml-encoding": Said("A part of this file is in an unusual character encoding.", SAVE_AGAIN),
    "xml-broken": Said("A part of this workbook is not well formed.", SAVE_AGAIN),
    "xml-deep": Said("A part of this file is nested deeper than {most} levels.", FRESH_FORM),
    "sheet-double": Said("Two sheets of this workbook are one and the same.", SAVE_AGAIN),
}

register(REFUSALS)


class Unfit(Exception):  # noqa: N818 - a refusal of what came from outside, not an error of ours
    """A workbook is refused; never leaves the guard.

    Args:
        code: a key of REFUSALS.
        part: the part of the package it was found in, for finding the sheet.
        facts: what fills the words.
    """

    def __init__(self, code: str, part: str = "", **facts: str | int) -> None:
        super().__init__(code)
        self.code, self.part, self.facts = code, part, facts
