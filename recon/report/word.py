"""Draws blocks as a Word document: real styles, numbered headings, contents, page numbers.

Here: python-docx and the little XML that it has no call for. Not here: what a paper says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from recon.base.texts import spoken
from recon.report.blocks import (
    Contents,
    Figures,
    Heading,
    PageBreak,
    Paragraph,
    numbered,
    plain,
    shown,
)
from recon.report.word_styles import BODY_WIDTH, set_up_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from recon.report.blocks import Block

#: Where a formula may go on in the next line: before a sign, never inside a figure.
_SIGN = re.compile("(?<=[0-9%)])(?=[=−+×÷/])")
_STYLES = {
    "title": "Title",
    "subtitle": "Subtitle",
    "body": "Body Text",
    "item": "List Paragraph",
    "note": "Caption",
    "warn": "Intense Quote",
    "sign": "Signature",
    "address": "Salutation",
    "annex": "TOC Heading",
    "part": "Quote",
}
_NEW_PAGE = f'<w:p {nsdecls("w")}><w:r><w:br w:type="page"/></w:r></w:p>'
_JC = {"text": "left", "money": "right", "count": "right", "formula": "left"}


def write_document(blocks: Iterable[Block], path: Path, *, is_letter: bool = False) -> None:
    """Write blocks as a Word document.

    Args:
        blocks: What it says.
        path: The file to write.
        is_letter: Letters have neither page numbers nor numbered headings.

    Raises:
        OSError: The file cannot be written.
    """
    document = Document()
    set_up_document(document, spoken(), has_pages=not is_letter)
    found = list(blocks)
    body = document.element.body
    end = body.sectPr
    titles = numbered(found)
    headings = [(found[place].level, text) for place, text in titles.items()]  # type: ignore[union-attr]
    ids = {style.name: style.style_id for style in document.styles}
    number = 0
    for block in found:
        match block:
            case Heading():
                number += 1
                end.addprevious(_heading(block, ids, number))
            case Paragraph():
                end.addprevious(_paragraph(block.text, ids[_STYLES[block.kind]]))
            case Figures():
                end.addprevious(_table(block))
            case Contents():
                for line in _contents(block, ids, headings):
                    end.addprevious(line)
            case PageBreak():
                end.addprevious(parse_xml(_NEW_PAGE))
    document.save(str(path))


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(plain(text))}</w:t>'


def _paragraph(text: str, style: str) -> Any:  # noqa: ANN401 - python-docx has no types
    return parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        f"<w:r>{_text(text)}</w:r></w:p>"
    )


def _heading(block: Heading, ids: dict[str, str], number: int) -> Any:  # noqa: ANN401 - python-docx has no types
    """Return a heading with the bookmark that the contents point at."""
    style = ids[f"Heading {block.level}"]
    mark = f"_Toc{number:08d}"
    return parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        f'<w:bookmarkStart w:id="{number}" w:name="{mark}"/><w:r>{_text(block.text)}</w:r>'
        f'<w:bookmarkEnd w:id="{number}"/></w:p>'
    )


def _contents(
    block: Contents, ids: dict[str, str], headings: Sequence[tuple[int, str]]
) -> Iterator[Any]:
    """Yield a contents field, filled, which Word brings up to date by F9 or on opening."""
    yield _paragraph(block.title, ids["TOC Heading"])
    lines = [
        (number, level, text)
        for number, (level, text) in enumerate(headings, start=1)
        if level <= block.depth
    ]
    start = (
        '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText '
        f'xml:space="preserve"> TOC \\o "1-{block.depth}" \\h \\z \\u </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    for place, (number, level, text) in enumerate(lines):
        mark = f"_Toc{number:08d}"
        style = ids[f"toc {level}"]
        page = (
            '<w:r><w:tab/></w:r><w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
            f'<w:r><w:instrText xml:space="preserve"> PAGEREF {mark} \\h </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t/></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )
        closing = '<w:r><w:fldChar w:fldCharType="end"/></w:r>' if place == len(lines) - 1 else ""
        yield parse_xml(
            f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
            f"{start if place == 0 else ''}"
            f'<w:hyperlink w:anchor="{mark}" w:history="1"><w:r>{_text(text)}</w:r>'
            f"{page}</w:hyperlink>{closing}</w:p>"
        )


def _table(block: Figures) -> Any:  # noqa: ANN401 - python-docx has no types
    """Return a table whose header repeats on every page and whose rows stay whole."""
    total = sum(block.widths)
    widths = [BODY_WIDTH * width // total for width in block.widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = "".join(
        _cell(text, width, "center", is_bold=True, fill="DDE7F0")
        for text, width in zip(block.headers, widths, strict=True)
    )
    lines = [
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>",
    ]
    for number, cells in enumerate(block.rows, start=1):
        is_total = block.has_total and number == len(block.rows)
        row = "".join(
            _cell(
                _SIGN.sub("\u200b", shown(cell)) if kind == "formula" else shown(cell),
                width,
                _JC[kind],
                is_bold=is_total,
            )
            for cell, width, kind in zip(cells, widths, block.kinds, strict=True)
        )
        lines.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{row}</w:tr>")
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/>'
        '<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


def _cell(text: str, width: int, side: str, *, is_bold: bool = False, fill: str = "") -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    bold = "<w:rPr><w:b/></w:rPr>" if is_bold else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/>'
        f'</w:tcPr><w:p><w:pPr><w:pStyle w:val="TableText"/><w:jc w:val="{side}"/></w:pPr>'
        f"<w:r>{bold}{_text(text)}</w:r></w:p></w:tc>"
    )
