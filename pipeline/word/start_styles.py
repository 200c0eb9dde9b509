"""The styles, settings and fonts that a first Word template begins with (ECMA-376, part 1, 17.7, 17.15 and 17.8)."""

from pipeline.word.template import STATES
from pipeline.word.xml import W

LABEL_SHADE = "EEF1F6"
_BAR, _INK, _QUIET, _LINE = "1F3864", "1F2A44", "505A6B", "8792A5"
_BUILT_IN = ("Title", "Subtitle", "heading 1", "heading 2", "header", "footer")
_XMLNS = f'xmlns:w="{W[1:-1]}"'


def _paragraph(id_: str, name: str, inner: str = "", letters: str = "", next_: str = "") -> str:
    own = "" if name in _BUILT_IN else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{own} w:styleId="{id_}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
        + (f'<w:next w:val="{next_}"/>' if next_ else "")
        + f"<w:qFormat/><w:pPr>{inner}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


def _letters(id_: str, name: str, look: str) -> str:
    return (
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{id_}"><w:name w:val="{name}"/><w:qFormat/>'
        f"<w:rPr>{look}</w:rPr></w:style>"
    )


def _size(points: float) -> str:
    half = int(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


_BOLD = "<w:b/><w:bCs/>"
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_LINE}"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_BAR_SIDES = "".join(
    f'<w:{side} w:val="single" w:sz="24" w:space="{space}" w:color="{_BAR}"/>'
    for side, space in (("top", 1), ("left", 4), ("bottom", 1), ("right", 4))
)
_STATE_LOOKS = {
    "not shared": f'<w:bdr w:val="single" w:sz="6" w:space="0" w:color="{_QUIET}"/><w:shd w:val="clear" w:color="auto" w:fill="E8E8E8"/>',
    "not known": "<w:i/><w:iCs/>",
    "not answered": f'<w:color w:val="{_QUIET}"/>{_size(8)}',
}
"""Boxed, slanted, small: told apart without colour."""

STYLES = (
    f'<w:styles {_XMLNS}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:eastAsia="Microsoft YaHei" '
    f'w:hAnsi="Arial" w:cs="Arial"/>{_size(10)}<w:lang w:val="en-GB" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    "<w:pPrDefault/></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
    '<w:pPr><w:spacing w:after="80"/></w:pPr></w:style>'
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" '
    'w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    + _paragraph(
        "Title", "Title", '<w:keepNext/><w:spacing w:before="0" w:after="40"/>', f'{_BOLD}<w:color w:val="{_BAR}"/>{_size(22)}',
        next_="Subtitle",
    )
    + _paragraph("Subtitle", "Subtitle", '<w:spacing w:after="160"/>', f'<w:color w:val="{_INK}"/>{_size(12)}', next_="Normal")
    + _paragraph(
        "Heading1", "heading 1",
        f'<w:keepNext/><w:keepLines/><w:pBdr>{_BAR_SIDES}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{_BAR}"/>'
        '<w:spacing w:before="320" w:after="80"/><w:ind w:left="140" w:right="140"/><w:outlineLvl w:val="0"/>',
        f'{_BOLD}<w:color w:val="FFFFFF"/>{_size(12)}', next_="Normal",
    )
    + _paragraph(
        "Heading2", "heading 2", '<w:keepNext/><w:keepLines/><w:spacing w:before="160" w:after="60"/><w:outlineLvl w:val="1"/>',
        f'{_BOLD}<w:color w:val="{_BAR}"/>{_size(11)}', next_="Normal",
    )
    + _paragraph("Question", "Question", '<w:spacing w:before="40" w:after="40"/>', f'<w:color w:val="{_INK}"/>{_size(9.5)}')
    + _paragraph("Answer", "Answer", '<w:spacing w:before="40" w:after="40"/>')
    + _paragraph(
        "ColumnHead", "Column head", '<w:keepNext/><w:spacing w:before="30" w:after="30"/>',
        f'{_BOLD}<w:color w:val="{_INK}"/>{_size(9)}',
    )
    + _paragraph("Gap", "Gap", '<w:spacing w:after="0" w:line="120" w:lineRule="exact"/>', _size(4))
    + _paragraph(
        "Note", "Note",
        f'<w:pBdr><w:left w:val="single" w:sz="36" w:space="8" w:color="{_BAR}"/></w:pBdr><w:spacing w:before="80" w:after="80"/>'
        '<w:ind w:left="227"/>',
        _BOLD,
    )
    + _paragraph(
        "Marking", "Marking", '<w:spacing w:after="40"/><w:jc w:val="center"/>', f"{_BOLD}<w:caps/>{_size(13)}"
    )
    + _paragraph(
        "Header", "header", '<w:tabs><w:tab w:val="right" w:pos="9866"/></w:tabs><w:spacing w:after="120"/>',
        f'<w:color w:val="{_INK}"/>{_size(8.5)}',
    )
    + _paragraph(
        "Footer", "footer",
        f'<w:pBdr><w:top w:val="single" w:sz="4" w:space="4" w:color="{_LINE}"/></w:pBdr>'
        '<w:tabs><w:tab w:val="right" w:pos="9866"/></w:tabs><w:spacing w:before="120" w:after="60"/>',
        f'<w:color w:val="{_INK}"/>{_size(8.5)}',
    )
    + _letters("Surname", "Surname", _BOLD)
    + "".join(_letters(name.replace(" ", ""), name, _STATE_LOOKS[state]) for state, name in STATES.items())
    + f'<w:style w:type="table" w:customStyle="1" w:styleId="FormTable"><w:name w:val="Form table"/><w:basedOn w:val="TableNormal"/>'
    f'<w:tblPr><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>'
    f'<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="D5DCE8"/></w:tcPr></w:tblStylePr>'
    "</w:style></w:styles>"
)  # fmt: skip

SETTINGS = (
    f'<w:settings {_XMLNS}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:evenAndOddHeaders/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-GB"/>'
    '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
)


def _font(name: str, other: str) -> str:
    return f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'


FONTS = f"<w:fonts {_XMLNS}>{_font('Arial', 'Liberation Sans')}{_font('Microsoft YaHei', 'Noto Sans CJK SC')}</w:fonts>"
"""Where a font is not there, the one that is: ECMA-376, part 1, 17.8.3.1."""
