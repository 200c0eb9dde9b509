"""What is said of a Word template that does not fit."""

from pipeline.problem import Said, register

TEMPLATE = {
    "word-damaged": Said(
        "This is not a Word document (.docx), or it is damaged.",
        "Open it in Word and save it as a Word document (.docx).",
    ),
    "word-old-or-locked": Said(
        "This is an old Word document (.doc), or one locked with a password.",
        "Open it in Word and save it as a Word document (.docx), without a password.",
    ),
    "word-strict": Said(
        "This is a Strict Open XML document.",
        "Save it as an ordinary Word document (.docx), without the word Strict.",
    ),
    "word-other-kind": Said(
        "This is a Word template (.dotx) or another kind of file, not a Word document.",
        "Save it as a Word document (.docx).",
    ),
    "word-macros": Said(
        "It holds macros or key assignments.", "Save it as a Word document (.docx), which holds none."
    ),
    "word-outside": Said(
        "It reaches out of the document ({kind}).",
        "Insert a linked picture as a picture; take an attached template away (File, Options, Add-ins, Templates).",
    ),
    "word-embedded": Said(
        "It holds something that is neither text nor a picture ({kind}).",
        "Take it out, or insert it as a picture (PNG or JPEG).",
    ),
    "word-picture": Said("A picture in it is not a PNG, JPEG or GIF.", "Insert it again as PNG or JPEG."),
    "word-undescribed": Said(
        "A picture has no description for people who cannot see it.",
        "Right-click it, choose View Alt Text, and describe it or mark it as decorative.",
    ),
    "word-tracked": Said(
        "It holds tracked changes.", "Accept or reject them all (Review, Changes), then save it."
    ),
    "word-hidden": Said(
        "It holds hidden text.", "Show it (Ctrl+Shift+8), then take it out or make it visible."
    ),
    "word-field": Said(
        "It holds a field that is not taken ({field}).",
        "Take it out, or type its text. Page numbers, contents and cross-references may stay.",
    ),
    "word-broken-tag": Said(
        "A tag is open at one end, or a brace stands where it would be taken for one: {tag}",
        "Write both ends: {{{{ victim.surname }}}} or {{% if minutes %}}. "
        "A brace of your own stands between words, not at a line's end or beside a tag.",
    ),
    "word-tag": Said(
        "This tag is not one that is understood: {tag}",
        "A tag prints an answer, {{{{ victim.surname }}}}; repeats a row, {{%tr for child in children.child %}} to "
        "{{%tr endfor %}}; or asks whether anything is recorded, {{% if minutes %}} to {{% endif %}}. Nothing else.",
    ),
    "word-unknown": Said("The form has nothing called {name}.", "{hint}"),
    "word-block": Said(
        "{tag} lacks its beginning or its end, or they stand in different places.",
        "Put both into lines of their own ({{%p … %}}), both into rows of their own ({{%tr … %}}), or both into one line.",
    ),
    "word-not-alone": Said(
        "{tag} stands in a line or row with something else, or holds something else, which would be lost.",
        "Type the tag anew; one that begins with {{%p has a line of its own, one with {{%tr a row of its own.",
    ),
    "word-cell-end": Said(
        "{tag} stands in the last line of a table cell.", "Add an empty line below it in the same cell."
    ),
    "word-only-in-header": Said(
        "{tag} differs from copy to copy, so it can stand in headers and footers only.", "Move it there."
    ),
    "word-only-in-body": Said(
        "{tag} cannot stand in a header or footer.",
        "Move it to the text. There, only case, marking, title, edition, recipient, copy and pack_id can stand.",
    ),
    "word-tag-elsewhere": Said(
        "A tag stands where none is read: in a note, a field, a link or a description of a picture.",
        "Move it to the text.",
    ),
    "word-tag-in-properties": Said(
        "The document's properties hold a tag.",
        "Empty them (File, Info): title, author and keywords are set for each document.",
    ),
    "word-unprinted": Said(
        "The template does not print this question.", "Put {{{{ {path} }}}} where its answer belongs."
    ),
    "word-unprinted-table": Said(
        "The template does not repeat a row for each {singular}.",
        "Put {{%tr for row in {path} %}} into a row above, and {{%tr endfor %}} into a row below.",
    ),
    "word-unsaid-table": Said(
        "The template does not say so where the table is empty or not shared.",
        "Put {{{{ {path} }}}} below its heading: it prints None recorded, or Not shared, or nothing.",
    ),
    "word-unprinted-notes": Said(
        "The template does not print the notes that a rule puts on the page.",
        "Put three lines near its top: {{%p for note in notes %}}, {{{{ note }}}} and {{%p endfor %}}.",
    ),
    "word-unprinted-slip": Said(
        'The slip that the recipient sends back, "{title}", is not printed.',
        "Put it back from the template that came with sealpack, under a heading of that name.",
    ),
    "word-page": Said(
        "The {where} of {pages} in section {section} lacks {what}.",
        "Add it to that {where}. First, even and other pages each have their own.",
    ),
    "word-page-count": Said(
        "The page numbers of section {section} begin anew, so that page x of y would be wrong.",
        "Let them continue from the section before (Format Page Numbers).",
    ),
    "word-section-in-block": Said(
        "A section break stands where it might be left out or come twice.",
        "Move it out of {{% if %}} and {{% for %}}.",
    ),
    "word-style": Said(
        "The character style {style} is missing.",
        "Add it (Styles, New Style, type Character), so that such an answer looks different from the others.",
    ),
    "word-character": Said(
        "A text holds a character that cannot be printed ({number}).", "Type it again instead of pasting it."
    ),
    "word-unproved": Said(
        "The finished document does not bear {what} in each {where}, so it was not made.",
        "Check the headers and footers of the template with `sealpack check-template`.",
    ),
}

register(TEMPLATE)
