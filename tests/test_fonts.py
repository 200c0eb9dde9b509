"""Names in the scripts that people here write come out right, or the field is named."""

import contextlib
import re
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.pdf import CannotDraw, fonts
from pipeline.pdf.shaping import clusters
from pipeline.pdf.text import Line, Place, Setter

PLACE = Place("victim.name", "Full name")

NAMES = {
    "Polish": "Łukasz Żółć-Gęśla",
    "Vietnamese, composed": "Nguyễn Thị Ngọc Huyền",
    "Vietnamese, decomposed": unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Huyền"),
    "Welsh": "Tŷ Cysur, Ŵyn",
    "Yoruba, with marks that no single letter has": "Ọlájùmọ̀kẹ́ Ẹ̀gbọ́n",
    "a combining accent": "Rene\u0301 e\u0301 x\u0302",
    "Greek": "Οδυσσέας",
    "Ukrainian": "Олександра Ґалаґан",
    "Arabic": "محمد عبد الله",
    "Urdu": "بچہ ٹھیک ہے",
    "Persian": "پژمان گل‌محمدی",
    "Kurdish": "ڕێبوار",
    "Hebrew": "דוד כהן",
    "Chinese": "王小明",
    "Chinese, traditional": "陳國榮",
    "Japanese": "さくら カタカナ 山田",
    "Korean": "김민준",
    "Punjabi": "ਗੁਰਪ੍ਰੀਤ",
    "Bengali": "নাসরিন",
    "Hindi": "हिन्दी क्षत्रिय",
    "Gujarati": "શ્રી ગુજરાતી",
    "Tamil": "தமிழ் கொடி",
    "Thai": "สมชาย ปู่ที่น้ำ",
    "Amharic": "አማርኛ",
    "Georgian": "ქართული",
    "Armenian": "Հայերեն",
    "ticks and arrows": "→ ✓ ● ① ½",
    "pictures in a quoted message": "😀😭🔪 👍🏻 ❤\ufe0f 👩\u200d👧",
    "Roman numerals in one letter": "Ⅳ ⅳ",
    "signs that typing puts in by itself": "−5 ≤ 3 ≠ “x” – … € ½ × °",
}
RIGHT_TO_LEFT = {"Arabic", "Urdu", "Persian", "Kurdish", "Hebrew"}

_SHOWN = re.compile(
    r"/Span <</ActualText <FEFF(?P<actual>[0-9a-f]*)>>> BDC .*? EMC|/(?P<font>F\d+) [\d.]+ Tf|<(?P<codes>[0-9A-F]+)>"
)


def read_back(setter: Setter, line: Line) -> list[str]:
    """What a reader is told that the glyphs of a line stand for, from left to right."""
    texts = {use.name: {code: text for (_, text), code in use._numbers.items()} for use in setter.uses.values()}
    found: list[str] = []
    font = ""
    for shown in _SHOWN.finditer(line.operators):
        if shown["font"]:
            font = shown["font"]
        elif shown["actual"]:
            found.append(bytes.fromhex(shown["actual"]).decode("utf-16-be"))
        else:
            codes = shown["codes"]
            found += [texts[font][int(codes[at : at + 4], 16)] for at in range(0, len(codes), 4)]
    return found


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_name_can_be_copied_out_of_the_file_letter_by_letter(name):
    """The text behind the glyphs is the name in NFC, for a reader that goes by ToUnicode and ActualText."""
    setter = Setter()
    (line,) = setter.lines(name, fonts.REGULAR, 10, 400, PLACE)
    parts = read_back(setter, line)
    if any(unicodedata.bidirectional(char) in ("R", "AL") for char in name):
        parts.reverse()
    assert "".join(parts) == unicodedata.normalize("NFC", name)


def test_letters_are_joined_and_not_drawn_one_by_one():
    """An Arabic letter in the middle of a word has another glyph than the same letter alone."""
    setter = Setter()
    setter.lines("ه ههه", fonts.REGULAR, 10, 400, PLACE)
    glyphs = {glyph for glyph, text in setter.uses["NotoSansArabic-Regular"]._numbers if text == "ه"}
    assert len(glyphs) == 4


def test_right_to_left_name_stands_in_its_place_in_an_english_sentence():
    """English before the name stays left of it and English after it right of it, the name itself is turned."""
    setter = Setter()
    (line,) = setter.lines("Name: محمد (Ali) 12 May", fonts.REGULAR, 10, 400, PLACE)
    assert "".join(read_back(setter, line)) == "Name: دمحم (Ali) 12 May"


def test_numbers_in_a_right_to_left_sentence_keep_their_order():
    """A telephone number inside Hebrew reads from the left."""
    setter = Setter()
    (line,) = setter.lines("דוד 07700 900123", fonts.REGULAR, 10, 400, PLACE)
    assert "07700" in "".join(read_back(setter, line))
    assert "900123" in "".join(read_back(setter, line))


CANNOT = {
    "a picture character newer than any face here": "Anna \U0001fae9",
    "a script that is not shipped": "ကျော်",
    "a control character": "Anna\x07",
    "a vertical tab": "Anna\x0bB",
    "a letter from the private area": "Anna \ue000",
    "a Word bullet from the private area": "\uf0b7 item",
    "half a surrogate pair": "Anna \ud83d",
    "a code point that is no character": "Anna \uffff",
    "an override of the reading order": "Anna \u202egnp.exe",
}


@pytest.mark.parametrize("value", CANNOT.values(), ids=CANNOT.keys())
def test_what_cannot_be_drawn_is_refused_by_the_name_of_its_field(value):
    """The refusal names path and question; nothing of the answer is in it."""
    with pytest.raises(CannotDraw) as refused:
        Setter().lines(value, fonts.REGULAR, 10, 400, PLACE)
    assert (refused.value.where, refused.value.label) == ("victim.name", "Full name")
    message = str(refused.value)
    assert "Full name (victim.name)" in message
    assert "Anna" not in message
    assert message.isascii()


# Whole letters with their marks: a Thai vowel on a Latin letter is no word in any language, and is refused.
LETTERS = st.lists(
    st.sampled_from(
        [
            *sorted({part for name in NAMES.values() for part in clusters(name)}),
            *"aA1 .,()\n",
            "\xa0",
            "\xad",
            "\u200b",
            "\u200e",
            "✓️",
        ]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(text=LETTERS, width=st.floats(15, 200))
def test_no_letter_is_lost_or_doubled_in_any_mixture_of_scripts(text, width):
    """Whatever scripts meet and wherever lines break, each drawn letter is there as often as it was typed."""
    setter = Setter()
    lines = setter.lines(text, fonts.REGULAR, 10, width, PLACE)
    drawn = "".join(part for line in lines for part in read_back(setter, line))
    typed = unicodedata.normalize("NFC", text)
    unseen = re.compile("[\\s\u00ad\u200b\u200e\ufe0f]")
    assert sorted(unseen.sub("", drawn)) == sorted(unseen.sub("", typed))


@settings(max_examples=100, deadline=None)
@given(text=st.text(st.sampled_from("abcdefiłőW-/. "), max_size=300), width=st.floats(20, 300))
def test_no_line_is_wider_than_its_column(text, width):
    """Long words are broken, and every line fits."""
    lines = Setter().lines(text, fonts.REGULAR, 10, width, PLACE)
    assert all(line.width <= width + 1e-6 for line in lines)


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=30))
@example("א\u2067a\u2069ב")
def test_any_text_at_all_is_drawn_or_refused(text):
    """Whatever characters Unicode has, nothing but a refusal that names the field comes of them."""
    with contextlib.suppress(CannotDraw):
        Setter().lines(text, fonts.REGULAR, 10, 60, PLACE)


def test_long_address_breaks_after_a_slash():
    """A web address wider than its column breaks where a reader expects it."""
    setter = Setter()
    lines = setter.lines("https://www.sampleborough.example/referrals/2026/form", fonts.REGULAR, 10, 150, PLACE)
    parts = ["".join(read_back(setter, line)) for line in lines]
    assert len(parts) > 1
    assert parts[0].endswith(("/", "."))


def test_only_the_faces_that_a_text_needs_are_opened():
    """A paper in English opens Noto Sans alone: the Chinese face of 3 MB stays on disk."""
    script = (
        "from pipeline.pdf import fonts; from pipeline.pdf.text import Setter, Place\n"
        "Setter().lines('Łucja', fonts.REGULAR, 10, 99, Place('a', 'b'))\n"
        "print(fonts.face.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"


def test_every_font_named_is_shipped_and_every_font_shipped_is_named_with_its_licence():
    """The folder, the table in the code and the README's table agree; the whole is at most 7 MB."""
    named = {fonts.REGULAR, fonts.BOLD, *(file for file, _ in fonts.FALLBACKS)}
    shipped = {path.name for path in fonts.FOLDER.glob("*.ttf")}
    assert named == shipped
    assert (fonts.FOLDER / "OFL-1.1.txt").read_text().count("SIL OPEN FONT LICENSE") == 1
    assert "Apache License" in (fonts.FOLDER / "Apache-2.0.txt").read_text()
    assert sum(path.stat().st_size for path in fonts.FOLDER.iterdir()) < 7_000_000
