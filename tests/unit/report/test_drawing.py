"""Blocks as Word and web: whatever a text holds, the file opens and the text stays text."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from docx import Document

from recon.base.texts import speak
from recon.report.blocks import (
    Contents,
    Figures,
    Heading,
    PageBreak,
    Paragraph,
    chinese_number,
    plain,
    shown,
)
from recon.report.web import write_web_page
from recon.report.word import write_document
from tests.unit.output.factory import NASTY

if TYPE_CHECKING:
    from pathlib import Path

    from recon.report.blocks import Block

AWKWARD = (*NASTY, "\ud800lone", "]]>", "\x00", "{{ 7*7 }}", "a\u2028b", "&amp;")
BLOCKS: tuple[Block, ...] = (
    Paragraph("标题", "title"),
    Contents("目录"),
    PageBreak(),
    *(Heading(level, text) for level in (1, 2, 3) for text in AWKWARD),
    *(Paragraph(text) for text in AWKWARD),
    Figures(("文", "钱"), ("text", "money"), (1, 1),
            tuple((text, Decimal("1234.50")) for text in AWKWARD), has_total=True),
)  # fmt: skip


@pytest.mark.parametrize("is_letter", [False, True])
def test_word_takes_every_text_as_text(tmp_path: Path, is_letter: bool) -> None:
    path = tmp_path / "a.docx"
    write_document(BLOCKS, path, is_letter=is_letter)
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if name.endswith(".xml"):
                ET.fromstring(parts.read(name))  # noqa: S314 - our own file
        body = parts.read("word/document.xml").decode()
    document = Document(str(path))
    said = [each.text for each in document.paragraphs if each.style.name == "Body Text"]
    assert said == [plain(text) for text in AWKWARD]
    cells = [row.cells[0].text for row in document.tables[0].rows[1:]]
    assert cells == [plain(text) for text in AWKWARD]
    assert body.count("w:instrText") == (2 * 1 + 2 * 2 * len(AWKWARD))


def test_a_formula_goes_on_in_the_next_line_before_a_sign_only(tmp_path: Path) -> None:
    formula = "60%×(14280.00+12240.00)−0.00=15912.00"
    path = tmp_path / "a.docx"
    write_document((Figures(("计算",), ("formula",), (1,), ((formula,),)),), path)
    cell = Document(str(path)).tables[0].rows[1].cells[0].text
    assert cell.split("\u200b") == ["60%", "×(14280.00", "+12240.00)", "−0.00", "=15912.00"]


def test_the_web_page_takes_every_text_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    write_web_page(BLOCKS, path)
    page = path.read_text(encoding="utf-8")
    assert "<img" not in page
    assert "<script" not in page
    assert "&lt;img src=x" in page
    assert "{{ 7*7 }}" in page
    assert "http" not in page.replace("http-equiv", "")


def test_headings_are_numbered_alike_in_both_languages(tmp_path: Path) -> None:
    blocks = [
        Heading(1, "甲"),
        Heading(2, "乙"),
        Heading(3, "丙"),
        Heading(3, "丁"),
        Heading(2, "己"),
        Heading(3, "庚"),
        Heading(1, "戊"),
    ]
    pages = {}
    for lang in ("zh", "en"):
        speak(lang)
        write_web_page(blocks, tmp_path / "a.html")
        pages[lang] = (tmp_path / "a.html").read_text(encoding="utf-8")
    for title in ("一、甲", "（一）乙", "1．丙", "2．丁", "（二）己", "3．庚", "二、戊"):
        assert f">{title}<" in pages["zh"]
    for title in ("1 甲", "1.1 乙", "1. 丙", "2. 丁", "1.2 己", "3. 庚", "2 戊"):
        assert f">{title}<" in pages["en"]


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")],
)
def test_numbers_in_chinese(number: int, word: str) -> None:
    assert chinese_number(number) == word


def test_money_keeps_its_places() -> None:
    assert shown(Decimal("0.1")) == "0.10"
    assert shown(Decimal("1234567.005")) == "1,234,567.00"
    assert shown("a\nb\x07") == "a b"
    assert (shown(None), shown(7)) == ("", "7")
