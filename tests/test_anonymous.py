"""What is hidden is found in free text however people write it, and nothing else is touched."""

import datetime as dt
import signal
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from forms.answers import NOT_KNOWN, Address, Age
from forms.information import Identifies
from pipeline.protocol.anonymous import Mentions, Secret, mentions_of

NAME, BIRTH, ADDRESS, PHONE = Identifies.NAME, Identifies.BIRTH, Identifies.ADDRESS, Identifies.PHONE
EMAIL, SCHOOL, GP, REFERENCE = Identifies.EMAIL, Identifies.SCHOOL, Identifies.GP, Identifies.REFERENCE


def finder(*values, kind=NAME, public=()) -> Mentions:
    return mentions_of([Secret(kind, value) for value in values], public)


def keenly(text, *values, kind=NAME, public=()):
    finder = mentions_of([Secret(kind, value, keen=True) for value in values], public)
    return finder.take_out(text, lambda _: "[–]")


def taken(text, *values, kind=NAME, public=()):
    return finder(*values, kind=kind, public=public).take_out(text, lambda _: "[–]")


def table(*rows):
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


ROWENA = ("Sampleworth", "Rowena May", "Rowena Testerly; Weena", "Ro")


@pytest.mark.parametrize(
    ("text", "left"),
    table(
        ("forename and surname are one mention", "Rowena Sampleworth called.", "[–] called."),
        ("all forenames and the surname are one mention", "Rowena May Sampleworth called.", "[–] called."),
        ("surname first with a comma", "SAMPLEWORTH, Rowena May", "[–]"),
        ("surname alone", "the Sampleworth household", "the [–] household"),
        ("forename alone", "He shouted at Rowena.", "He shouted at [–]."),
        ("an alias", "also uses Testerly", "also uses [–]"),
        ("a second alias after a semicolon", "friends say Weena", "friends say [–]"),
        ("a nickname of two letters with a capital", "friends say Ro", "friends say [–]"),
        ("lower case", "rowena sampleworth said no", "[–] said no"),
        ("lower case with a middle name that is an everyday word", "rowena may sampleworth said", "[–] said"),
        ("capitals", "ROWENA SAMPLEWORTH SAID NO", "[–] SAID NO"),
        ("a straight apostrophe stays", "Rowena's phone", "[–]'s phone"),
        ("a curly apostrophe stays", "Sampleworth’s phone", "[–]’s phone"),
        ("a modifier apostrophe stays", "Sampleworthʼs phone", "[–]ʼs phone"),
        ("a backtick for an apostrophe stays", "Sampleworth`s phone", "[–]`s phone"),
        ("a plural surname", "the Sampleworths are known", "the [–] are known"),
        ("a plural possessive", "the Sampleworths' flat", "the [–]' flat"),
        ("a forgotten apostrophe", "Rowenas phone", "[–] phone"),
        ("a title goes with the name", "Mrs. Sampleworth said", "[–] said"),
        ("an initial before the surname", "R. Sampleworth said", "[–] said"),
        ("initials without a space", "R.M.Sampleworth said", "[–] said"),
        ("an initial after the surname", "Sampleworth R said", "[–] said"),
        ("initials with dots", "R.S. said", "[–] said"),
        ("initials with spaces", "R. S. said", "[–] said"),
        ("initials end a sentence, and its full stop stays", "It was R.S. She left.", "It was [–]. She left."),
        ("bare initials in capitals", "RS said that RMS left", "[–] said that [–] left"),
        ("bare initials in lower case are too much like anything", "the rs unit", "the rs unit"),
        ("initials inside a word", "PERSONS", "PERSONS"),
        ("e-mail with forename and surname", "write to rowena.sampleworth@example.org.", "write to [–]."),
        ("e-mail with an initial", "write to rsampleworth@example.org now", "write to [–] now"),
        ("a handle with surname and initial", "as sampleworth_r online", "as [–] online"),
        ("a handle with part of a word more", "as @rowenas online", "as [–] online"),
        ("a handle in the middle of letters", "as @xxrowenaxx online", "as [–] online"),
        ("a hashtag", "#JusticeForRowena trended", "[–] trended"),
        ("a file name", "see Sampleworth_statement_v2.docx please", "see [–] please"),
        ("a link", "at https://social.example/rowena.s?x=1 today", "at [–] today"),
        ("initial and surname run together", "user rsampleworth left", "user [–] left"),
        ("forename and surname run together", "user rowenasampleworth left", "user [–] left"),
        ("capitals inside a word", "user RowenaSampleworth left", "user [–] left"),
        ("digits on the end", "user rowena91 left", "user [–] left"),
        ("letters spaced out", "S A M P L E W O R T H left", "[–] left"),
        ("letters parted with dots", "S.a.m.p.l.e.w.o.r.t.h left", "[–] left"),
        ("a soft hyphen inside", "Sample\u00adworth left", "[–] left"),
        ("a zero-width space inside", "Sample\u200bworth left", "[–] left"),
        ("a line's end inside", "Sample-\nworth left", "[–] left"),
        ("a slip of the space bar inside, with a capital", "Sample worth left", "[–] left"),
        ("a line's end between", "Rowena\nSampleworth left", "[–] left"),
        ("double and unbreakable spaces between", "Rowena \u00a0 Sampleworth left", "[–] left"),
        ("full-width letters", "Ｒｏｗｅｎａ left", "[–] left"),
        ("mathematical letters", "𝐑𝐨𝐰𝐞𝐧𝐚 left", "[–] left"),
        ("accents that do not belong", "Röwéna left", "[–] left"),
        ("no space after a full stop", "He saw Rowena.She left", "He saw [–].She left"),
        ("a slip of the space bar after a forename", "rowena sample worth left", "[–] left"),
        ("a slip of the space bar before a possessive", "sample worth's house", "[–]'s house"),
        ("a hashtag inside a text", "it said #JusticeForRowena there", "it said [–] there"),
        ("Cyrillic letters that look Latin", "R\u043ewena S\u0430mpleworth left", "[–] left"),
        ("a title and an initial", "Mrs S. said, Ms R said", "[–]. said, [–] said"),
        ("a title and another initial stays", "Mrs K. said", "Mrs K. said"),
        ("a verb that is a title too", "I miss Rowena", "I miss [–]"),
        ("a lower-case initial", "r.sampleworth and r sampleworth", "[–] and [–]"),
        ("a title run together", "missrowena", "[–]"),
        ("a long name inside any word", "thesampleworthfamily", "[–]"),
        ("both in one e-mail address with a plus", "rowena+sampleworth@example.org", "[–]"),
        ("percent signs from a link", "Rowena%20Sampleworth.pdf", "[–]"),
        ("a smile on the end", "Rowena🙂", "[–]🙂"),
        ("circled letters", "Ⓡⓞⓦⓔⓝⓐ", "[–]"),
        ("markup", "**Rowena** and _Rowena_", "**[–]** and [–]"),
        ("a prefix with a hyphen", "ex-Rowena", "ex-[–]"),
        ("in quotes and brackets", "“Rowena” (Sampleworth)", "“[–]” ([–])"),
        ("two paragraphs stay two", "about Rowena\n\nSampleworth is", "about [–]\n\n[–] is"),
        ("a sentence's end parts mentions", "told Rowena. Sampleworth left", "told [–]. [–] left"),
        ("an everyday word in lower case stays", "she may call", "she may call"),
        ("an everyday word after a name stays", "Rowena may call", "[–] may call"),
        ("an everyday word with a capital goes", "I told May", "I told [–]"),
        ("an everyday word in capitals goes", "I told MAY", "I told [–]"),
        (
            "part of a longer word stays",
            "mayhem, dismay, roses, prow, rowing",
            "mayhem, dismay, roses, prow, rowing",
        ),
        ("an initial of somebody else stays", "K. left", "K. left"),
        (
            "a common phrase that spells the name in lower case stays",
            "a sample worth testing",
            "a sample worth testing",
        ),
    ),
)
def test_names(text, left):
    """A name goes wherever it stands, in whatever form; the words around it stay."""
    assert taken(text, *ROWENA) == left


@pytest.mark.parametrize(
    ("name", "text", "left"),
    table(
        ("Ann is not in annoyed", "Ann", "annoyed Ann, Hannah, planned", "annoyed [–], Hannah, planned"),
        ("Lee is not in sleep", "Lee", "asleep, sleep, fleeing from Lee", "asleep, sleep, fleeing from [–]"),
        ("Ali is not in quality", "Ali", "quality of Ali", "quality of [–]"),
        ("Don is not in don't", "Don", "They don't know Don", "They don't know [–]"),
        ("Don’s possessive is", "Don", "Don’s and don’t", "[–]’s and don’t"),
        ("Don'll and Don'd", "Don", "Don'll come, Don'd know", "[–]'ll come, [–]'d know"),
        ("Shell is not she'll", "Shell", "she'll meet Shell", "she'll meet [–]"),
        (
            "Hall with a forename in S is not in shall",
            "Sarah Hall",
            "We shall meet S. Hall",
            "We shall meet [–]",
        ),
        ("Anderson is not in Sanderson", "Tess Anderson", "Anderson, not Sanderson", "[–], not Sanderson"),
        ("Williams is not in Williamson", "Williams", "Williams, not Williamson", "[–], not Williamson"),
        ("Newman is not a new man", "Newman", "a new man, Newman", "a new man, [–]"),
        ("Herman is not her man", "Herman", "Her man met Herman", "Her man met [–]"),
        ("Mark with a capital", "Mark", "mark my words, Mark", "mark my words, [–]"),
        ("Bill's plural is bills", "Bill", "the bills of Bill", "the bills of [–]"),
        ("Brown after a title in lower case", "Brown", "mr brown has brown hair", "[–] has brown hair"),
        ("Will in lower case in an e-mail address", "Will", "will.x@example.org will do", "[–] will do"),
        ("Thi is not in this", "Thi Sampleworth", "this and This and thi", "this and This and [–]"),
        ("So inside a sentence", "So", "So I told So again", "So I told [–] again"),
        (
            "Said as a forename",
            "Said",
            "He said that. The neighbour saw Said",
            "He said that. The neighbour saw [–]",
        ),
        ("Ng alone needs its capital", "Ng", "Ng left, eating ng", "[–] left, eating ng"),
        ("Li Ng is not ling", "Li Ng", "a ling, li ng and Ng, Li", "a ling, [–] and [–]"),
        ("one letter is never looked for", "X", "X marks it, x", "X marks it, x"),
        ("particles are never looked for", "Wim van der Voorbeeld", "the van der stood", "the van der stood"),
        (
            "particles go with their name",
            "Wim van der Voorbeeld",
            "van der Voorbeeld or voorbeeld",
            "[–] or [–]",
        ),
        ("particles run together", "Wim van der Voorbeeld", "Vandervoorbeeld", "[–]"),
        ("al with a hyphen", "Tariq al-Mithali", "al Mithali, Al-Mithali, almithali", "[–]"),
        ("Mc apart and together", "McSample", "Mc Sample; MCSAMPLE; Mcsample", "[–]; [–]; [–]"),
        (
            "O'Brien with every apostrophe",
            "O'Brien",
            "O’Brien; OBrien; O Brien; o`brien; Obrien's",
            "[–]; [–]; [–]; [–]; [–]'s",
        ),
        ("O'Brien's second half", "O'Brien", "the Brien lad", "the [–] lad"),
        (
            "double-barrelled in every way",
            "Smith-Jones",
            "Smith Jones; Smith–Jones; SmithJones; smithjones",
            "[–]; [–]; [–]; [–]",
        ),
        ("one barrel", "Smith-Jones", "Miss Jones; Smith.", "[–]; [–]."),
        ("without the Polish letters", "Łucja Żądło", "Lucja Zadlo, ŁUCJA", "[–]"),
        ("with Polish letters that the form lacks", "Lucja Zadlo", "Łucja Żądło", "[–]"),
        ("ø and o", "Bjørn Øst", "Bjorn; BJØRN; Bjoern", "[–]; [–]; [–]"),
        ("ß and ss", "Strauß", "Strauss, STRAUSS, STRAUẞ", "[–]"),
        ("đ and d", "Đặng", "Dang; Đặng; ĐẶNG", "[–]; [–]; [–]"),
        ("an umlaut written out", "Müller", "Mueller; Muller; MÜLLER", "[–]; [–]; [–]"),
        ("an umlaut drawn together", "Mueller", "Müller; Muller", "[–]; [–]"),
        ("decomposed in the text", "José", "Jose\u0301 left", "[–] left"),
        ("decomposed in the form", "Jose\u0301", "José; Jose", "[–]; [–]"),
        ("a ligature", "Fifield", "Ms ﬁﬁeld said", "[–] said"),
        ("Turkish dotted and dotless i", "İpek Işık", "Ipek; ipek; IŞIK; isik", "[–]; [–]; [–]; [–]"),
        ("Vietnamese without marks", "Nguyễn Thị Mẫu", "Nguyen Thi Mau", "[–]"),
        ("aka parts names", "Tess Placeholder aka Tessie", "Tessie; Placeholder", "[–]; [–]"),
        ("a nickname in quotes", 'Tess "Bo" Placeholder', "Bo; Tess", "[–]; [–]"),
        ("a hyphenated forename in one", "Ann-Marie", "Annmarie; Ann Marie; annmarie's", "[–]; [–]; [–]'s"),
        ("none known is no name", "None known", "None were known there", "None were known there"),
        ("Chinese inside running text", "王小明", "昨天王小明来了，小明走了", "昨天[–]来了，[–]走了"),
        ("Chinese with a space", "王小明", "王 小明 left", "[–] left"),
        ("Chinese surname with a title", "王小明", "王先生 and 国王", "[–] and 国王"),
        ("a lone Chinese surname stays in a word", "王", "国王 and 王", "国王 and [–]"),
        ("Japanese in halves", "山田太郎", "山田さんと太郎", "[–]さんと[–]"),
        ("Korean with a particle", "김예시", "김예시가 왔다; 예시는", "[–]가 왔다; [–]는"),
        ("Korean is not found in half a syllable", "가나다", "가나당", "가나당"),
        ("Arabic alone", "سمية المثالي", "قالت سمية المثالي", "قالت [–]"),
        ("Arabic with and, to, with, the", "سمية", "وسمية بسمية لسمية السمية", "و[–] ب[–] ل[–] ال[–]"),
        ("Arabic with short vowels and a lengthened line", "سمية", "سُمَيَّة ســمية", "[–]"),
        ("Arabic inside another word", "سمر", "مسمرة", "مسمرة"),
        ("Hebrew with prefixes", "דוגמה", "לדוגמה ודוגמה", "ל[–] ו[–]"),
        (
            "Cyrillic with endings",
            "Примерова",
            "Примеровой; примерову; Примеров; ПРИМЕРОВА",
            "[–]; [–]; [–]; [–]",
        ),
        ("Cyrillic adjective", "Образцовский", "Образцовского, Образцовская", "[–]"),
        ("Cyrillic inside another word", "Анна", "манна, саванна", "манна, саванна"),
        (
            "Greek with endings and accents",
            "Παραδειγματόπουλος",
            "ΠΑΡΑΔΕΙΓΜΑΤΟΠΟΥΛΟΥ, Παραδειγματόπουλο",
            "[–]",
        ),
        ("Hindi with a postposition", "नमूना", "नमूना ने कहा", "[–] ने कहा"),
        ("Thai inside running text", "สมมติ", "คุณสมมติมา", "คุณ[–]มา"),
        ("Latin name inside Chinese", "Rowena", "我和Rowena一起", "我和[–]一起"),
    ),
)
def test_names_of_many_kinds(name, text, left):
    """Each kind of name goes with all its spellings, and words that only look like it stay."""
    assert taken(text, name) == left


@pytest.mark.parametrize(
    ("name", "text", "left"),
    table(
        ("an everyday word in lower case", "Grace Hunt", "grace's life; hunt rang", "[–]'s life; [–] rang"),
        ("inside a longer word it stays", "Grace Hunt", "disgrace, hunting, graceful", "disgrace, hunting, graceful"),
        ("its plural is the family", "Joy Rose", "joy's phone, the roses", "[–]'s phone, the [–]"),
        ("a month that is a name", "June Will", "june's phone", "[–]'s phone"),
        ("a month in a date stays", "June Will", "14 June 2024", "14 June 2024"),
        ("a word that only joins others stays in lower case", "Will So", "she will go, so I", "she will go, so I"),
        ("a word that only joins others goes with a capital", "June Will", "I told Will", "I told [–]"),
        ("a working word stays in lower case", "Ann House", "police at the house", "police at the house"),
        ("a letter doubled", "Rowena", "Rowenna's, rowwena", "[–]'s, [–]"),
        ("a double letter made single", "Tess O'Neill", "O'Neil; Oneil; o’neil; Neil", "[–]; [–]; [–]; [–]"),
        ("another misspelling stays", "Thistledown", "Thisteldown", "Thisteldown"),
        ("of a short name too little is left", "Matt", "mat, Mat", "mat, Mat"),
        ("one name written down in many ways", "Mohammed Sample", "Muhammad; mohd; Mohamed", "[–]; [–]; [–]"),
        ("a short surname after a title", "Ann Le", "Mr Le said", "[–] said"),
        ("a short surname that is a particle", "Ann Mac", "Ms Mac said", "[–] said"),
        ("a short surname in lower case stays", "Ann Du", "du, le, mac", "du, le, mac"),
    ),
)  # fmt: skip
def test_names_looked_for_harder(name, text, left):
    """A keen name goes as an everyday word in any case and with a letter doubled; what only joins words stays."""
    assert keenly(text, name) == left


@pytest.mark.parametrize(
    ("name", "text"),
    [("Grace Hunt", "grace; hunt rang"), ("Rowena", "Rowenna"), ("Mohammed", "Muhammad"), ("Ann Le", "Le")],
)
def test_names_not_looked_for_harder(name, text):
    """A name that is not keen leaves everyday words and names that are only near to it."""
    assert taken(text, name) == text


DAY = dt.date(1991, 3, 14)


@pytest.mark.parametrize(
    "written",
    [
        "14/03/1991", "14/3/91", "14.3.91", "14-03-1991", "14 03 1991", "03/14/1991", "1991-03-14", "1991/3/14", "19910314",
        "14031991", "140391", "14 March 1991", "14th March 1991", "14th of March 1991", "14th of March, 1991", "March 14, 1991",
        "March 14th", "14 Mar '91", "14 Mar 91", "14-Mar-1991", "14mar1991", "Mar. 14 1991", "14 March", "14 MARCH", "14/03",
        "14:3:91", "14+03+1991", "14/III/1991", "1991 March 14", "14 iii 91", "14; 3; 1991", "March 1991", "Mar '91", "03/1991",
        "fourteenth of March", "March the 14th", "14\u00a0March\n1991", "１４/０３/１９９１", "14\u200b/03/1991",
    ],
)  # fmt: skip
def test_dates_of_birth(written):
    """A date of birth goes in every usual writing, beside a word of birth without its day or its year."""
    assert taken(f"born {written}; in care", DAY, kind=BIRTH) == "born [–]; in care"
    assert "[–]" in taken(f"dob{written}", DAY, kind=BIRTH) or not written[0].isdigit()


@pytest.mark.parametrize(
    ("text", "left"),
    table(
        ("with its year it goes anywhere", "seen on 14 March 1991", "seen on [–]"),
        ("before birthday", "14 March is her birthday", "[–] is her birthday"),
        ("after birthday", "Her birthday is on the 14th of March", "Her birthday is on the [–]"),
        ("after an abbreviation", "D.O.B.: 14/03; DoB 14 Mar; d.o.b. March 14", "D.O.B.: [–]; DoB [–]; d.o.b. [–]"),
        ("after b.", "(b. 14 March)", "(b. [–])"),
        ("after a word or two", "born in Fableham on 14 March", "born in Fableham on [–]"),
        ("with an age", "she turns 35 on 14 March; on 14 March she turned thirty", "she turns 35 on [–]; on [–] she turned thirty"),
        ("month and year", "born in March 1991", "born in [–]"),
        ("not where nothing speaks of a birth", "hit on 14 March, 14/03 and March 14", "hit on 14 March, 14/03 and March 14"),
        ("not in the next sentence", "It was her birthday. On 14 March he left.", "It was her birthday. On 14 March he left."),
        ("beside the date in full", "said 14/03/91 and then 14th March; 14/3, no, 14/3/1991", "said [–] and then [–]; [–], no, [–]"),
        ("not far from the date in full", "said 14/03/91. Hit on 14 March", "said [–]. Hit on 14 March"),
        ("not before the next sentence", "Hit on 14 March. Born here.", "Hit on 14 March. Born here."),
        ("not where a mood turns", "On 14 March he turned nasty", "On 14 March he turned nasty"),
        ("not another's month and year", "born 13 March 1991", "born 13 March 1991"),
        ("not another day", "Her birthday is 11 March, not 13/03", "Her birthday is 11 March, not 13/03"),
    ),
)  # fmt: skip
def test_birthdays(text, left):
    """A day without a year, or a month with one, goes only where a word of birth is near: a gap would tell it otherwise."""
    assert taken(text, DAY, kind=BIRTH) == left


@pytest.mark.parametrize(
    "text",
    [
        "13 March 1991", "15/03/1991", "14/04/1991", "14 March 1992", "14/03/1992", "114/03/1991", "14/03/19911", "March 1991",
        "in 1991", "14 men marched", "aged 14", "14 days", "3/4 of it", "14 March 2024", "1.14.03", "14 March", "14/03", "03/1991", "14:03:19", "14 IV 1991", "14:03",
    ],
)  # fmt: skip
def test_other_dates_stay(text):
    """Another day, another year, and numbers that are no date stay."""
    assert taken(text, DAY, kind=BIRTH) == text


@pytest.mark.parametrize("written", ["14 March 1991", "1991-03-14", "14/03/1991 or 2 June 1990", "14.3.91"])
def test_other_dates_of_birth_are_read_from_text(written):
    """Dates of birth typed as words are looked for like dates."""
    assert taken("says 14/03/1991, or birthday March 14", written, kind=BIRTH) == "says [–], or birthday [–]"


def test_a_time_after_a_day_is_no_year():
    """An hour after a day is not read as a year that differs."""
    assert taken("born on 14 March 10.30", DAY, kind=BIRTH) == "born on [–] 10.30"


def test_an_age_and_not_known_are_not_looked_for():
    """An age is on no list of what is looked for, nor is an answer that it is not known."""
    finder = mentions_of([Secret(BIRTH, Age(35)), Secret(NAME, NOT_KNOWN)])
    assert finder.take_out("aged 35, Not known", str) == "aged 35, Not known"


def test_another_type_is_a_programmers_mistake():
    """A value of no known type raises, and the message does not hold it."""
    with pytest.raises(TypeError, match="int") as caught:
        mentions_of([Secret(NAME, 7_654_321)])
    assert "7654321" not in str(caught.value)


HOME = Address(("12 Made-up Lane", "Brackenford"), "BR1 3UH")
FLAT = Address(("Flat 3, 8 Invented Court", "Brackenford"), "BR2 9ZZ")


@pytest.mark.parametrize(
    ("text", "left"),
    table(
        (
            "as an envelope",
            "lives at 12 Made-up Lane\nBrackenford\nBR1 3UH now",
            "lives at [–]\nBrackenford\n[–] now",
        ),
        ("number and street", "at 12 Made-up Lane.", "at [–]."),
        ("a comma after the number", "at 12, Made-up Lane.", "at [–]."),
        ("no. before the number", "at no. 12 Made up Lane.", "at [–]."),
        ("abbreviated", "at 12 Made-up Ln", "at [–]"),
        ("lower case", "at 12 made up lane", "at [–]"),
        ("street alone", "seen in Made-up Lane", "seen in [–]"),
        ("a neighbour's number", "the neighbour at 14 Made-up Lane", "the neighbour at [–]"),
        ("number and street without its kind", "at 12 Made-up", "at [–]"),
        ("number behind", "Made-up Lane, 12", "[–]"),
        ("possessive", "Made-up Lane's residents", "[–]'s residents"),
        ("a flat and all", "at Flat 3, 8 Invented Court, BR2 9ZZ", "at [–]"),
        ("a flat abbreviated, over lines", "at apt 3,\n8 Invented Ct.\nBR29ZZ", "at [–].\n[–]"),
        ("a flat's number alone stays", "flat 3 is empty", "flat 3 is empty"),
        ("run together", "group MadeUpLane", "group [–]"),
        ("in a file name", "see madeuplane_12.jpg", "see [–]"),
        ("postcode without a space", "BR13UH", "[–]"),
        ("postcode in lower case", "br1 3uh", "[–]"),
        ("postcode with a hyphen", "BR1-3UH", "[–]"),
        ("postcode with an I for the 1", "BRI 3UH", "[–]"),
        ("another postcode stays", "BR1 3UJ and BR11 3UH", "BR1 3UJ and BR11 3UH"),
        ("the outward half alone stays", "somewhere in BR1", "somewhere in BR1"),
        ("the borough stays", "in Brackenford", "in Brackenford"),
        ("a similar street stays", "Remade-up Lane, Invented Street", "Remade-up Lane, Invented Street"),
        ("words that spell the street stay", "he made up lanes of excuses", "he made up lanes of excuses"),
    ),
)
def test_addresses(text, left):
    """An address goes in all its parts that lead there, and what many addresses share stays."""
    assert taken(text, HOME, FLAT, kind=ADDRESS, public=["Brackenford"]) == left


@pytest.mark.parametrize(
    ("lines", "text", "left"),
    table(
        ("a house name", ("Nonesuch Cottage", "Fable Road"), "at nonesuch cottage, fable rd", "at [–]"),
        ("a refuge without the word", ("Harbour House Refuge",), "at Harbour House, harbour hse refuge", "at [–]"),
        ("a refuge in short", ("Harbour House Refuge",), "Harbour Refuge or the Harbour; a harbour", "[–] or the [–]; a harbour"),
        ("a flat behind the street", ("Flat 3, 8 Fable Court",), "Fable Court flat 3", "[–]"),
        ("a plain no before the street", ("9 Fable Road",), "He said no, Fable Road", "He said no, [–]"),
        ("a hash before the number", ("9 Fable Road",), "at #9 fable rd", "at [–]"),
        ("a refuge", ("Harbour Refuge", "9 Fable Road"), "moved to the Harbour Refuge", "moved to the [–]"),
        ("Road for Rd", ("9 Fable Rd",), "9 Fable Road", "[–]"),
        ("Street for St", ("9 Fable St",), "in Fable Street", "in [–]"),
        ("Saint for St", ("9 St Fable's Street",), "in Saint Fables St, St. Fable's Street", "in [–]"),
        ("a high street in lower case is any high street", ("9 High Street",), "on the high street", "on the high street"),
        ("a high street with its number", ("9 High Street",), "at 9 high st", "at [–]"),
        ("a town that is a word", ("9 Fable Road", "Reading"), "reading in Reading", "reading in [–]"),
        ("no fixed abode stays, the area goes", ("No fixed abode", "Lower Fableham"), "No fixed abode, lower fableham", "No fixed abode, [–]"),
        ("London stays", ("9 Fable Road", "London"), "in London", "in London"),
        ("abroad with the number behind", ("Fabelstraße 12", "Outside UK"), "Fabelstrasse 12; Fabelstraße", "[–]; [–]"),
        ("an ordinal", ("9 Second Avenue",), "in 2nd Ave", "in [–]"),
    ),
)  # fmt: skip
def test_addresses_of_many_kinds(lines, text, left):
    """Streets, house names, towns and refuges go with their abbreviations."""
    assert taken(text, Address(lines, None), kind=ADDRESS) == left


ASIDE = (
    "Harebell House",
    "Sycamore Lodge",
    "Haven House",
    "23 Orchard Mews",
    "St Fable's Court",
    "9 Bluebell Wood View",
)


@pytest.mark.parametrize(
    ("text", "left"),
    table(
        ("a house", "Staff at Harebell said", "Staff at [–] said"),
        ("its kind stays", "the Harebell refuge", "the [–] refuge"),
        ("in lower case it may be any flower", "a harebell and an orchard", "a harebell and an orchard"),
        ("a lodge", "Placed at Sycamore.", "Placed at [–]."),
        ("a house with an article", "at The Haven", "at The [–]"),
        ("a street of another kind", "Orchard Road", "[–] Road"),
        ("a street", "near Orchard", "near [–]"),
        ("a saint", "at St Fables", "at [–]"),
        ("words that many have in common stay", "House, View, Court, Wood, Lodge", "House, View, Court, Wood, Lodge"),
        ("the first word of several", "Bluebell", "[–]"),
        ("the first half of a postcode", "in BK5, bk5", "in [–]"),
        ("the second half of a postcode", "2RJ; 2rj", "[–]; [–]"),
        ("half of another postcode stays", "BK52, 12RJ, 2 rj", "BK52, 12RJ, 2 rj"),
        ("the number at the door", "the door at 23, number 23", "the door at [–], number [–]"),
        ("the number in brackets or close by", "door (23), No23, number: 23", "door ([–]), No[–], number: [–]"),
        ("the number in short", "no 23; no. 23; flat 23; #23", "no [–]; no. [–]; flat [–]; #[–]"),
        ("another number stays", "at 24, number 230, 23 people", "at 24, number 230, 23 people"),
        ("an hour stays", "at 23:10, at 9pm, at 9.30", "at 23:10, at 9pm, at 9.30"),
    ),
)  # fmt: skip
def test_addresses_looked_for_harder(text, left):
    """Of a keen address its name alone goes, half a postcode, and the number at the door."""
    assert keenly(text, *(Address((line,), "BK5 2RJ") for line in ASIDE), kind=ADDRESS) == left


@pytest.mark.parametrize("text", ["Staff at Harebell, BK5 and 2RJ", "the door at 23", "Orchard Road"])
def test_addresses_not_looked_for_harder(text):
    """Of an address that is not keen a name without its kind, half a postcode and a number stay."""
    assert taken(text, *(Address((line,), "BK5 2RJ") for line in ASIDE), kind=ADDRESS) == text


def test_what_somebody_typed_around_an_address_is_no_name():
    """Of an address told in words the words that say who lives there stay; the name of the street goes."""
    told = "Staying with sister, Fable Close"
    assert keenly("Sister met Staying staff at Fable", told, kind=ADDRESS) == "Sister met Staying staff at [–]"


def test_a_name_of_london_stays():
    """What points nowhere stays even for a keen address, and so does what is public."""
    home = Address(("9 London Road", "3 Brackenford House"), None)
    assert keenly("London, Brackenford", home, kind=ADDRESS, public=["Brackenford"]) == "London, Brackenford"


@pytest.mark.parametrize(
    "written",
    [
        "07700 900456", "07700900456", "07700 900 456", "07700-900-456", "07700.900.456", "(07700) 900456", "+44 7700 900456",
        "+447700900456", "0044 7700 900456", "+44 (0)7700 900456", "447700900456", "7700900456", "0 7 7 0 0 9 0 0 4 5 6",
        "07700\n900456", "07700_900456", "07700, 900, 456", "07700;900;456", "07700: 900+456", "900456", "900 456", "700 900456", "O7700 9OO456", "０７７００ ９００４５６",
    ],
)  # fmt: skip
def test_phones(written):
    """A telephone number goes in any grouping, with any prefix, and its end alone."""
    assert taken(f"ring {written}, please", "07700 900456", kind=PHONE) == "ring [–], please"


@pytest.mark.parametrize(
    "text", ["00456", "07700 900457", "1234900456", "456 people", "07700 or 900 people", "07700 900999"]
)
def test_other_numbers_stay(text):
    """Other numbers, and fewer than six digits, stay."""
    assert taken(text, "07700 900456", kind=PHONE) == text


@pytest.mark.parametrize(
    ("text", "left"),
    table(
        ("its last three digits", "a number that ends in 456", "a number that ends in [–]"),
        ("its last four digits", "ending 0456, ending '456'", "ending [–], ending '[–]'"),
        ("the last digits by that name", "the last three digits are 456.", "the last three digits are [–]."),
        ("digits parted", "last 4 5 6", "last [–]"),
        ("digits before their name", "456 are the last three", "[–] are the last three"),
        ("the rest masked", "07*** ***456 and xxx456", "07*** ***[–] and xxx[–]"),
        ("dots before them", "ending in ...456", "ending in ...[–]"),
        ("how many they are", "last 4: 0456, last 3 digits 456", "last 4: [–], last 3 digits [–]"),
        ("another end stays", "ends in 457, ended 2456", "ends in 457, ended 2456"),
        ("not in the next sentence", "It ended. 456 came", "It ended. 456 came"),
        ("not the digits alone", "456 people, bus 456", "456 people, bus 456"),
        ("not a longer number", "ending 456789", "ending 456789"),
        ("in a list of numbers", "1, 200, 07700 900456, 3", "1, 200, [–], 3"),
    ),
)  # fmt: skip
def test_the_end_of_a_phone(text, left):
    """The last digits of a number go where the text says that they are the last."""
    assert taken(text, "07700 900456", kind=PHONE) == left


def swept(text, *public):
    return mentions_of([], public, sweep=True).take_out(text, lambda kind: f"<{kind.value}>")


@pytest.mark.parametrize(
    ("text", "left"),
    table(
        ("a mobile", "ring 07700 900123, +44 (0)7700 900123", "ring <telephone>"),
        ("a landline", "on 020 7946 0123 or (01632) 960123.", "on <telephone> or <telephone>."),
        ("an e-mail address", "to ro.s+x@mail.example.org.", "to <e-mail>."),
        ("a National Insurance number", "NI QQ 12 34 56 C, or QQ123456C", "NI <reference number>, or <reference number>"),
        ("an NHS number in groups", "NHS 999 000 1112, 999-000-1112", "NHS <reference number>"),
        ("any ten digits stay", "9990001112", "9990001112"),
        ("ten digits called by their name", "NHS no: 9990001112", "NHS no: <reference number>"),
        ("a mobile without its nought, a number abroad", "7700900123 or +1 212-555-0123", "<telephone> or <telephone>"),
        ("an NHS number by its check digit", "hers is 9434765919", "hers is <reference number>"),
        ("a postcode", "near BK5 2RJ or sw1a1aa", "near <address> or <address>"),
        ("a vehicle", "drives AB12 CDE, ab12cde, A123 BCD", "drives <reference number>"),
        ("a number of the police", "PNC 01/1234567K, 2001/123456k; CRO 123456/01A", "PNC <reference number>; CRO <reference number>"),
        ("dates stay", "on 12/04/2024 and 2024-04-12", "on 12/04/2024 and 2024-04-12"),
        ("roads and floors stay", "on the M25 and the A12 was, N1 2nd floor", "on the M25 and the A12 was, N1 2nd floor"),
        ("half a postcode stays", "in BK5", "in BK5"),
        ("amounts and hours stay", "£1,234.50 at 10.30, 100 000 people, 0 to 10", "£1,234.50 at 10.30, 100 000 people, 0 to 10"),
        ("a longer number stays", "1234567890123456", "1234567890123456"),
    ),
)  # fmt: skip
def test_a_sweep(text, left):
    """A sweep takes out what looks like somebody's identifier though no field holds it."""
    assert swept(text).replace("<reference number>, <reference number>", "<reference number>") == left
    assert mentions_of([]).take_out(text, str) == text


@pytest.mark.parametrize(
    ("public", "text"),
    [
        ("020 7946 0123", "ring +44 20 7946 0123"),
        ("Mash@Brackenford.example", "write to mash@brackenford.example."),
        ("1 Civic Way, BR1 1AA", "at br11aa"),
    ],
)
def test_a_sweep_leaves_what_is_public(public, text):
    """The number, address or postcode of an agency stays however it is written, and others go."""
    assert swept(text, public) == text
    assert swept(text, "Brackenford") != text


@settings(max_examples=100, deadline=None)
@given(
    pieces=st.lists(
        st.sampled_from(
            [*"0147 +@.-/\nA", "07700 900", "AB12 ", "CDE", "BK5", " 2RJ", "x@y.example", "999 000 "]
        )
    )
)
def test_a_sweep_twice_changes_nothing(pieces):
    """What is swept once leaves nothing to sweep."""
    finder = mentions_of([], sweep=True)
    once = finder.take_out("".join(pieces), lambda _: "[–]")
    assert finder.take_out(once, lambda _: "[–]") == once


def test_a_landline_without_its_area_code():
    """A landline number goes without its area code."""
    assert taken("ring 7946 0123 or 02079460123", "020 7946 0123", kind=PHONE) == "ring [–] or [–]"


def test_a_number_abroad():
    """A number abroad goes with and without the code of its country."""
    assert taken("+1 212-555-0123; (212) 555 0123", "+1 212-555-0123", kind=PHONE) == "[–]; [–]"


@pytest.mark.parametrize(
    ("text", "left"),
    table(
        ("as it is", "row.s91@example.org", "[–]"),
        ("in capitals", "ROW.S91@EXAMPLE.ORG", "[–]"),
        ("with at and dot in words", "row.s91 (at) example dot org", "[–]"),
        ("ends a sentence", "to row.s91@example.org.", "to [–]."),
        ("its own name at another domain", "row.s91@mail.example", "[–]"),
        ("another address stays", "brow.s91@example.org", "brow.s91@example.org"),
    ),
)
def test_emails(text, left):
    """An e-mail address goes exactly, and no other."""
    assert taken(text, "row.s91@example.org", kind=EMAIL) == left


@pytest.mark.parametrize(
    ("value", "text", "left"),
    table(
        ("PNC as it is", "2001/0123456K", "PNC 2001/0123456K.", "PNC [–]."),
        ("PNC with spaces", "2001/0123456K", "2001 / 0123456 k", "[–]"),
        ("PNC run together", "2001/0123456K", "20010123456K", "[–]"),
        ("PNC in short", "2001/0123456K", "01/123456K; 2001/123456k", "[–]; [–]"),
        ("PNC of another year", "2001/0123456K", "02/123456K", "02/123456K"),
        ("NHS in groups", "9990001112", "999 000 1112; 999-000-1112", "[–]; [–]"),
        ("another number", "9990001112", "99900011123; 1999 000 1112", "99900011123; 1999 000 1112"),
        ("too short to look for", "12", "12 people", "12 people"),
    ),
)
def test_references(value, text, left):
    """A reference number goes with or without its separators."""
    assert taken(text, value, kind=REFERENCE) == left


LONG = "St Peter and St Paul Church of England Junior and Infant School and Nursery"


@pytest.mark.parametrize(
    ("value", "text", "left"),
    table(
        ("whole", "Pretend Hill Primary School", "at Pretend Hill Primary School now", "at [–] now"),
        ("without its kind", "Pretend Hill Primary School", "at pretend hill now", "at [–] now"),
        ("with another kind", "Pretend Hill Primary School", "at Pretend Hill Academy now", "at [–] now"),
        ("abbreviated words", "Pretend Hill Primary School", "PHPS rang", "[–] rang"),
        ("the kind alone stays", "Pretend Hill Primary School", "her primary school", "her primary school"),
        ("a saint in full", "St Fictional's", "Saint Fictional; St. Fictionals; st fictional’s school", "[–]; [–]; [–]"),
        ("a saint's school", "St Fictional's CE Primary School", "St Fictional’s is", "[–] is"),
        ("a saint's school without the saint", "St Fictional's School", "fictionals school, Fictional School", "[–]"),
        ("a word that is a name with a capital", "Greenwood Academy", "Greenwood; a greenwood", "[–]; a greenwood"),
        ("named for the borough: only whole", "Brackenford High School", "Brackenford High School, Brackenford", "[–], Brackenford"),
        ("and in short", "Brackenford High School", "Brackenford High; brackenford school", "[–]; [–]"),
        ("its first word and its kind", "Pretend Hill Primary School", "pretend primary; Pretend School; Pretend Academy", "[–]; [–]; [–]"),
        ("a nursery without its middle", "Pretend Day Nursery", "Pretend nursery; I pretend", "[–]; I pretend"),
        ("with more ways to write it than are tried", LONG, LONG, "[–]"),
        ("with an address", "Pretend Hill School, 3 Fable Road, BR1 3UH", "in Fable Rd, BR13UH", "in [–]"),
    ),
)  # fmt: skip
def test_schools(value, text, left):
    """A school goes by its name, however much of the name is written."""
    assert taken(text, value, kind=SCHOOL, public=["Brackenford"]) == left


@pytest.mark.parametrize(
    ("text", "left"),
    table(
        ("as it is", "Dr Fictional, Imaginary Road Surgery", "[–]"),
        ("doctor without the title", "saw Fictional yesterday", "saw [–] yesterday"),
        ("doctor in full", "saw Doctor Fictional's nurse", "saw [–]'s nurse"),
        ("surgery without its kind", "in Imaginary Rd", "in [–]"),
        ("surgery in lower case and short", "her imaginary surgery", "her [–]"),
        ("surgery of another kind", "at Imaginary Road Medical Centre today", "at [–] today"),
        ("any surgery stays", "her surgery, the GP", "her surgery, the GP"),
    ),
)
def test_gps(text, left):
    """A doctor goes by surname, a surgery by its name."""
    assert taken(text, "Dr Fictional, Imaginary Road Surgery", kind=GP) == left


@pytest.mark.parametrize(
    ("public", "text", "left"),
    table(
        (
            "the victim's surname is seen: it stays alone",
            ["Sampleworth"],
            "Ms Sampleworth said",
            "Ms Sampleworth said",
        ),
        ("the child's whole name goes", ["Sampleworth"], "Wren Sampleworth said", "[–] said"),
        ("surname first goes too", ["Sampleworth"], "SAMPLEWORTH, Wren", "[–]"),
        ("run together goes", ["Sampleworth"], "wrensampleworth", "[–]"),
        ("a professional of the same name stays", ["Paula Wren"], "Paula Wren met Wren", "Paula Wren met [–]"),
        (
            "a longer public phrase keeps its words",
            ["Sampleworth Trust"],
            "Sampleworth Trust, Sampleworth",
            "Sampleworth Trust, [–]",
        ),
    ),
)
def test_public_words(public, text, left):
    """What a recipient may know stays where it stands for itself, and goes inside a longer secret."""
    assert taken(text, "Wren Sampleworth", public=public) == left


def test_each_kind_gets_its_words():
    """The words put in place are those for the kind, and neighbours of two kinds are two."""
    finder = mentions_of(
        [Secret(NAME, "Rowena Sampleworth"), Secret(PHONE, "07700 900456"), Secret(BIRTH, DAY)]
    )
    said = "Rowena Sampleworth 07700 900456, born 14/3/91"
    assert finder.take_out(said, lambda kind: f"[{kind.value}]") == "[name] [telephone], born [date of birth]"
    assert finder.found(said) == 3


def test_nothing_hidden_leaves_all():
    """Without secrets every text stays as it is."""
    assert mentions_of([]).take_out("Rowena 07700 900456", str) == "Rowena 07700 900456"


def test_empty_words_leave_no_double_space():
    """Where nothing is put in place, no second space is left."""
    assert finder("Rowena").take_out("I told Rowena that", lambda _: "") == "I told that"


def test_words_that_hold_the_secret_do_not_run_away():
    """A replacement that is itself a mention is put in once."""
    assert finder("Rowena").take_out("Rowena left", lambda _: "(Rowena)") == "(Rowena) left"


def test_no_repr_holds_an_answer():
    """Neither a secret nor a finder shows what it looks for."""
    secret = Secret(NAME, "Sampleworth")
    assert "ample" not in repr(secret) + repr(mentions_of([secret])) + repr(mentions_of([secret])._wanted)


ONSETS = ["Zv", "Qu", "Kr", "Br", "Xh", "Vl", "Gw", "Dj", "Tsk", "Łu", "Šp", "Ó", "Ñu"]
MIDDLES = ["oq", "ixa", "uvo", "éza", "öku", "ywi", "ażu"]
ENDS = ["blatt", "quirk", "zwick", "vosk", "ñog", "dřek", "wump"]
names = st.builds(lambda *p: "".join(p), *map(st.sampled_from, (ONSETS, MIDDLES, ENDS)))
WORDS = [
    "she",
    "was",
    "seen",
    "on",
    "the",
    "stairs",
    "He",
    "shouted",
    "and",
    "left.",
    "Then",
    "nobody",
    "came;",
    "3",
    "times",
]
fillers = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


def bare(text):
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold().replace("ł", "l")) if c.isalnum())


def without_marks(name):
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).replace(
        "Ł", "L"
    )


TWISTS = [
    str, str.upper, str.lower, str.title, without_marks, " ".join, "\u200b".join, "\u00ad".join, ".".join,
    lambda n: n + "'s", lambda n: n + "’s", lambda n: n + "s", lambda n: f"{n}@example.org", lambda n: f"@{n}91",
    lambda n: f"{n}_letter.docx", lambda n: f"x{n.lower()}x@example.org", lambda n: n[:3] + "-\n" + n[3:], lambda n: f"({n})",
    lambda n: unicodedata.normalize("NFD", n), lambda n: f"Mrs {n}", lambda n: n[:3] + " " + n[3:],
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    surname=names, forename=names, before=fillers, after=fillers, order=st.booleans(),
    between=st.sampled_from([" ", ", ", "\n", "", "-", "  ", "."]), twist=st.sampled_from(TWISTS),
)  # fmt: skip
def test_no_name_is_left(*, surname, forename, before, after, order, between, twist):
    """However a name is written and joined, none of its parts is left, and the words around it are."""
    first, second = (surname, forename) if order else (forename, surname)
    twisted = f"{twist(first)}{between}{twist(second)}" if between else twist(first + second)
    finder = mentions_of([Secret(NAME, surname), Secret(NAME, forename)])
    text = f"{before} {twisted} {after}"
    out = finder.take_out(text, lambda _: "[–]")
    assert bare(surname) not in bare(out)
    assert bare(forename) not in bare(out)
    assert out.startswith(before)
    assert out.endswith(after)
    assert finder.take_out(out, lambda _: "[–]") == out
    assert finder.found(out) == 0


streets = st.builds(
    lambda n, kind, number: (f"{number} {n} {kind}", n), names, st.sampled_from(["Road", "Lane", "Close", "Way"]),
    st.integers(1, 199),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    street=streets, before=fillers, after=fillers,
    twist=st.sampled_from([str, str.upper, str.lower, without_marks, lambda s: s.replace(" ", ", ", 1), lambda s: s.replace("Road", "Rd")]),
    space=st.sampled_from([" ", "  ", "\n", "\u00a0"]),
)  # fmt: skip
def test_no_street_is_left(*, street, before, after, twist, space):
    """However a street is written, its name is not left; its number behind it goes with it."""
    line, name = street
    assume(after != line.split()[0])
    out = taken(
        f"{before} {twist(line).replace(' ', space)} {after}", Address((line,), "ZZ1 1ZZ"), kind=ADDRESS
    )
    assert bare(name) not in bare(out)
    assert out.endswith(after)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from([NAME, SCHOOL, GP, ADDRESS]), keen=st.booleans(), address=st.booleans(),
    words=st.lists(names | st.sampled_from(
        ["St", "Saint", "Saint's", "Church", "Road", "and", "of", "Hill", "High", "North", "the", "Great", "Court", "School", "12"]
    ), min_size=1, max_size=16), name=names, gap=st.sampled_from([" ", "  ", "-", ", "]),
)  # fmt: skip
@example(kind=SCHOOL, keen=False, address=False, words=LONG.split(), name="Xhoqvosk", gap=" ")
def test_nothing_is_left_of_a_value_as_it_was_typed(*, kind, keen, address, words, name, gap):
    """A value goes whole where it stands as in its own field, however many ways there are to write it."""
    if kind is NAME:  # "rowena may call": a verb after a name is none of it
        words = [word[:1].upper() + word[1:] for word in words]
    line = gap.join([*words, name] if len(words) % 2 else [name, *words])
    value = Address((line,), None) if address and kind is ADDRESS else line
    out = mentions_of([Secret(kind, value, keen)]).take_out(f"Seen: {line}.", lambda _: "[–]")
    if gap == ", ":
        assert bare(name) not in bare(out)
    else:
        assert bare(out) == "seen"


@settings(max_examples=60, deadline=None)
@given(
    number=st.integers(0, 999), spaces=st.lists(st.sampled_from(["", " ", "-", ".", "\n"]), min_size=10, max_size=10),
    prefix=st.sampled_from(["0", "+44", "0044 ", "+44 (0)", ""]),
)  # fmt: skip
def test_no_phone_is_left(number, spaces, prefix):
    """However a number is grouped, six of its digits are not left."""
    national = f"7700900{number:03}"
    written = prefix + "".join(a + b for a, b in zip(national, [*spaces[:9], ""], strict=True))
    out = taken(f"ring {written} now", "0" + national, kind=PHONE)
    assert out == "ring [–] now"


SENTENCES = [
    "She may call the police, and he will not have it.", "The children slept; nobody was annoyed.", "He left at 10.30 on 3 May.",
    "On 12/04/2024 the door at number 7 was kicked in.", "Quality of life is poor – she's asleep by 9pm.", "He marks her e-mails.",
    "GP and school are aware; MARAC heard it in BR1.", "Weekly rows, then a rose in the post.", "She can't hope for more.",
]  # fmt: skip
EVERY_SECRET = [
        *(Secret(NAME, value) for value in (*ROWENA, "Ann Lee", "Ali Hope", "Mark Will", "王小明", "Анна Примерова")),
        *(Secret(ADDRESS, value) for value in (HOME, FLAT)),
        Secret(BIRTH, DAY), Secret(PHONE, "07700 900456"), Secret(EMAIL, "r@example.org"),
        Secret(SCHOOL, "Pretend Hill Primary School"), Secret(GP, "Dr Fictional, Imaginary Road Surgery"),
        Secret(REFERENCE, "2001/0123456K"),
]  # fmt: skip
EVERYTHING = mentions_of(EVERY_SECRET, ["Brackenford"])
EVERYTHING_KEEN = mentions_of([replace(one, keen=True) for one in EVERY_SECRET], ["Brackenford"], sweep=True)


@given(text=st.lists(st.sampled_from(SENTENCES)).map(" ".join))
def test_text_without_secrets_is_unchanged(text):
    """Ordinary sentences stay to the letter."""
    assert EVERYTHING.take_out(text, lambda _: "[–]") == text


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.characters(exclude_categories=()), max_size=60))
@example("\ud800Rowena\udfff\u0301")
@example("İ" * 20)
@example("ﷺ Rowena ﷺ")
def test_any_text_is_taken(text):
    """No string is too strange, as text or as a secret, and what is around a name stays."""
    assert isinstance(EVERYTHING.take_out(text, lambda _: "[–]"), str)
    for kind in Identifies:
        finder = mentions_of([Secret(kind, text), Secret(ADDRESS, Address((text,), None))], [text])
        finder.take_out(f"{text} and {text}", lambda _: "[–]")


@settings(max_examples=100, deadline=None)
@given(
    pieces=st.lists(
        st.sampled_from(
            [
                *"aAoRS .,-'@_/0147\n",
                "ends ",
                "BR1",
                "no. ",
                "Rowena",
                "May",
                "Ro",
                "samplew",
                "orth",
                "14 March",
                "born ",
                "12 Made-up ",
            ]
        )
    )
)
def test_taking_out_twice_changes_nothing(pieces):
    """What is taken out once leaves nothing to take out."""
    for finder in (EVERYTHING, EVERYTHING_KEEN):
        once = finder.take_out("".join(pieces), lambda _: "[–]")
        assert finder.take_out(once, lambda _: "[–]") == once


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no alarm clock on this system")
@pytest.mark.parametrize("finder", [EVERYTHING, EVERYTHING_KEEN], ids=["not keen", "keen"])
@pytest.mark.parametrize(
    "piece",
    ["a", "ends ", "x", "a.", "a@", "a@b.", "+44", "AB1", "1/", "birthday ", "rowena", "Rowena ", "R.S.", "0", "0 ", "14/", "14 March ", "born ", "b. 14/3 ", "1:", "12 Made-up ", "@", "rowena@", "s a m p l e ", "'", "\n", "flat 3, ",
     "mr ", "may ", "\u0301", "\u200b", "王", "王小", "وال", "прим", "ro_", ".", "(0)", "at dot ", "samplewort", "primary school ", "Примероваa"],
)  # fmt: skip
def test_nasty_text_ends(piece, finder):
    """A field as full as a cell can be, of one piece over and over, is searched without running away."""
    text = (piece * 30_000)[:30_000]
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail("still searching"))
    signal.alarm(5)  # about a tenth of a second is usual; a runaway takes minutes
    try:
        out = finder.take_out(text, lambda _: "[–]")
    finally:
        signal.alarm(0)
    assert len(out) <= len(text) * 3
