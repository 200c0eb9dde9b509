"""Fonts, colours and borders. Every pair of text and ground has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.colors import Color
from openpyxl.styles.differential import DifferentialStyle

NAVY, SLATE, RUST, GREEN, WHITE = "1F3A5F", "4A5568", "9C2A00", "1B5E20", "FFFFFF"
LINK = "0B4F9E"
_FACE = "Arial"


def font(size: float = 10, *, bold: bool = False, color: str = "1A1A1A", underline: bool = False) -> Font:
    """Return the one typeface at a size in points."""
    return Font(name=_FACE, size=size, bold=bold, color=color, underline="single" if underline else None)


def fill(color: str) -> PatternFill:
    """Return a plain ground."""
    return PatternFill("solid", fgColor=color, bgColor=color)


def aligned(horizontal: str = "left", vertical: str = "center", *, indent: int = 0) -> Alignment:
    """Return an alignment that breaks lines."""
    return Alignment(horizontal=horizontal, vertical=vertical, wrap_text=True, indent=indent)


def one_line(horizontal: str = "left", *, indent: int = 0) -> Alignment:
    """Return an alignment that lets words run on over empty cells."""
    return Alignment(horizontal=horizontal, vertical="center", indent=indent)


BAND, TINT, PAPER = fill(NAVY), fill("EEF2F7"), fill(WHITE)
FAULT = fill("F9D2CD")
CARRIED = fill("DCE9F7")
_LINE = Side(style="thin", color="7B8794")
_HAIR = Side(style="thin", color="D5DBE3")
BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
RULE = Border(top=_HAIR, bottom=_HAIR)
OPEN = Protection(locked=False)

TITLE = font(15, bold=True, color=WHITE)
HEAD = font(10, bold=True, color=NAVY)
ANSWER = font(10.5)
PLAIN = font(10)
SMALL = font(9, color=SLATE)
MARK = font(9, bold=True, color=RUST)
LINKED = font(10, color=LINK, underline=True)

REQUIRED = DifferentialStyle(fill=fill("FFE9B8"))
DONE = DifferentialStyle(font=Font(color=GREEN), fill=fill("E3F2E4"))
NOT_DONE = DifferentialStyle(font=Font(color=RUST), fill=fill("FFE9B8"))

STATUS_FORMAT = '[=1]"required";[>1]0" required";""'
COUNT_FORMAT = '[=0]"complete";0" required"'
DATE_FORMAT = r"dd\ mmmm\ yyyy"
# An age stays an age: only what is too large for one is shown as a date. The number comes first, since openpyxl goes by that
# and would otherwise make a day of 1900 of an age, of which 59 and 60 are the same.
DATE_OR_AGE_FORMAT = r"[<=120]0;dd\ mmmm\ yyyy"


def label(words: str, help_words: str = "", *, color: str = "1A1A1A") -> CellRichText | str:
    """Return a question with its help below in smaller letters."""
    strong = InlineFont(rFont=_FACE, sz=10, b=True, color=Color(rgb=f"00{color}"))
    if not help_words:
        return CellRichText(TextBlock(strong, words))
    weak = InlineFont(rFont=_FACE, sz=9, color=Color(rgb=f"00{SLATE}"))
    return CellRichText(TextBlock(strong, words), TextBlock(weak, f"\n{help_words}"))


def lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of a width in characters."""
    return sum(max(1, -(-len(part) // max(1, int(width)))) for part in text.split("\n"))
