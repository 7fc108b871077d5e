"""How a Word paper looks: page, styles, heading numbers, footer. After GB/T 9704 for Chinese.

Not here: the paragraphs (see `word`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

if TYPE_CHECKING:
    from typing import Any

    from recon.base.models import Lang

#: Width of the text: A4 less both margins. Units: twentieths of a point.
BODY_WIDTH = 8845
#: Style: (font of Chinese text, points, bold, before, after). Fonts that Windows and WPS have.
_FONTS: dict[str, tuple[str, float, bool, float, float]] = {
    "Normal": ("仿宋", 12, False, 0, 0),
    "Title": ("黑体", 20, False, 24, 6),
    "Subtitle": ("楷体", 11, False, 0, 12),
    "Heading 1": ("黑体", 15, False, 14, 6),
    "Heading 2": ("楷体", 13, True, 10, 4),
    "Heading 3": ("仿宋", 12, True, 8, 3),
    "Body Text": ("仿宋", 12, False, 5, 3),
    "List Paragraph": ("仿宋", 12, False, 5, 2),
    "Caption": ("楷体", 9.5, False, 5, 6),
    "Intense Quote": ("楷体", 11, True, 3, 6),
    "Quote": ("黑体", 12, False, 10, 4),
    "Signature": ("仿宋", 12, False, 6, 0),
    "Salutation": ("仿宋", 12, False, 6, 3),
    "TOC Heading": ("黑体", 15, False, 6, 6),
    "toc 1": ("黑体", 11, False, 4, 0),
    "toc 2": ("仿宋", 11, False, 0, 0),
    "Table Text": ("仿宋", 9, False, 1, 1),
}
_INDENTED = ("Body Text", "List Paragraph", "Intense Quote")
_CENTRED = ("Title", "Subtitle", "TOC Heading")
_LATIN = "Times New Roman"
_NUMBERING = {
    "zh": (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%1．")),
    "en": (("decimal", "%1"), ("decimal", "%1.%2"), ("decimal", "%1.")),
}


#: Headings of this level count on through the paper: problems are one list over all areas.
_RUNS_ON = 2
_LISTS = (90, 91)


def set_up_document(document: Any, lang: Lang, *, has_pages: bool) -> None:  # noqa: ANN401 - python-docx has no types
    """Give an empty document its page, styles, heading numbers and footer.

    Args:
        document: A new python-docx document.
        lang: "zh" or "en": how headings are numbered.
        has_pages: Whether it has page numbers and numbered headings.
    """
    _set_up_page(document)
    for name in _FONTS:
        _set_up_style(document, name)
    if has_pages:
        _number_headings(document, lang)
        _set_up_footer(document, lang)
    document.core_properties.author = "recon"
    document.core_properties.title = ""
    document.core_properties.comments = ""


def _set_up_page(document: Any) -> None:  # noqa: ANN401 - python-docx has no types
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3), Cm(2.6)
    section.left_margin = section.right_margin = Cm(2.7)


def _set_up_style(document: Any, name: str) -> None:  # noqa: ANN401 - python-docx has no types
    font, points, is_bold, before, after = _FONTS[name]
    known = {style.name for style in document.styles}
    style = (
        document.styles[name]
        if name in known
        else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name != "Table Text")
    )
    style.font.name, style.font.size = _LATIN, Pt(points)
    style.font.bold, style.font.italic = is_bold, False
    style.font.color.rgb = RGBColor(0x9C, 0, 6) if name == "Intense Quote" else RGBColor(0, 0, 0)
    _set_fonts(style, font)
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.left_indent = shape.right_indent = Pt(0)
    shape.line_spacing_rule = WD_LINE_SPACING.SINGLE if "T" in name[0] else None
    if name in _INDENTED:
        shape.first_line_indent = Pt(points * 2)
        shape.line_spacing = 1.4
    if name in _CENTRED:
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if name == "Signature":
        shape.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if name.startswith("toc"):
        shape.left_indent = Pt(0 if name.endswith("1") else 22)
        _add_leader(style)
    _drop_borders(style)


def _set_fonts(style: Any, font: str) -> None:  # noqa: ANN401 - python-docx has no types
    """Name the Chinese font and take away the theme's, which would win over it."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), _LATIN)
    fonts.set(qn("w:eastAsia"), font)


def _drop_borders(style: Any) -> None:  # noqa: ANN401 - python-docx has no types
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _add_leader(style: Any) -> None:  # noqa: ANN401 - python-docx has no types
    """Put the page number of a contents line at the right edge, after dots."""
    properties = style.element.get_or_add_pPr()
    tabs = parse_xml(
        f'<w:tabs {nsdecls("w")}><w:tab w:val="right" w:leader="dot" w:pos="{BODY_WIDTH}"/>'
        "</w:tabs>"
    )
    properties.insert(0, tabs)


def _number_headings(document: Any, lang: Lang) -> None:  # noqa: ANN401 - python-docx has no types
    """Tie lists to the heading styles, so that Word numbers them: two levels, and the third."""
    numbering = document.part.numbering_part.element
    gap = "nothing" if lang == "zh" else "space"
    levels = [
        f'<w:lvl w:ilvl="{level % _RUNS_ON}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:pStyle w:val="Heading{level + 1}"/><w:suff w:val="{gap}"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
        for level, (form, text) in enumerate(_NUMBERING[lang])
    ]
    lists = {_LISTS[0]: levels[:_RUNS_ON], _LISTS[1]: levels[_RUNS_ON:]}
    for number in reversed(lists):
        abstract = (
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:multiLevelType '
            f'w:val="multilevel"/>{"".join(lists[number])}</w:abstractNum>'
        )
        numbering.insert(0, parse_xml(abstract))
    for number in lists:
        numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId '
                f'w:val="{number}"/></w:num>'
            )
        )
    contents = document.styles["TOC Heading"].element.get_or_add_pPr().get_or_add_numPr()
    contents.get_or_add_numId().val = 0  # it is based on Heading 1 and would be numbered
    for level in range(3):
        properties = document.styles[f"Heading {level + 1}"].element.get_or_add_pPr()
        number = properties.get_or_add_numPr()
        number.get_or_add_ilvl().val = level % _RUNS_ON
        number.get_or_add_numId().val = _LISTS[level // _RUNS_ON]


def _set_up_footer(document: Any, lang: Lang) -> None:  # noqa: ANN401 - python-docx has no types
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, between, after = ("第 ", " 页，共 ", " 页") if lang == "zh" else ("page ", " of ", "")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, None)):
        run = paragraph.add_run(text)
        run.font.size = Pt(9)
        if field:
            _add_field(paragraph, field)


def _add_field(paragraph: Any, name: str) -> None:  # noqa: ANN401 - python-docx has no types
    run = paragraph.add_run()
    run.font.size = Pt(9)
    for kind in ("begin", "separate", "end"):
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)  # noqa: SLF001 - python-docx's own way to its XML
        if kind == "begin":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {name} "
            run._r.append(code)  # noqa: SLF001
        if kind == "separate":
            shown = OxmlElement("w:t")
            shown.text = "1"
            run._r.append(shown)  # noqa: SLF001
