"""Text from a file stays text in every output: no formula, no markup, no path, no SQL."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest

from recon.tables.names import name_key
from tests.trust.planted import check, links_elsewhere, run

if TYPE_CHECKING:
    from pathlib import Path

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "＝1+1", '=HYPERLINK("http://x","a")',
    "=cmd|'/c calc'!A0", '=DDE("a";"b")', '=WEBSERVICE("http://x")', "{=1+1}", "%=1",
]  # fmt: skip
MARKUP = [
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg/onload=alert(1)>',
    "<!--", "&lt;b&gt;", "]]>甲", "{{ 7*7 }}", "${7*7}", "javascript:alert(1)",
]  # fmt: skip
SQL = ["'; drop table exception_item; --", "$as_of", "%s", "Robert') ; --", "{0}", "\\n"]
PATHS = ["../../etc/passwd", "C:\\Windows\\x", "CON", "a/b", "/etc/passwd", "a\x00b"]
HIDDEN = ["甲\u202e公司", "甲\u200b公司乙", "甲\u2066公司丙", "\ufeff甲公司丁", "甲\x07公司戊"]
LONG = ["长" * 32_767]
HOSTILE = [*FORMULAS, *MARKUP, *SQL, *PATHS, *HIDDEN, *LONG]
pytestmark = pytest.mark.hostile(
    "formulas, markup, SQL, paths, hidden characters and 32 767 characters in names and vouchers",
    "text in workbook, csv, page and report; nothing is written elsewhere",
)
HEADER = [
    "缴费人名称",
    "征收品目",
    "费款所属期起",
    "费款所属期止",
    "实缴金额",
    "入库日期",
    "电子税票号码",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the run over a list in which every payer and every voucher has a hostile name."""
    folder = tmp_path_factory.mktemp("hostile") / "资料"
    folder.mkdir()
    with (folder / "代收明细.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number, text in enumerate(HOSTILE):
            clean = text.replace("\x00", "")
            row = [clean, "工会经费", "2024-03-01", "2024-03-31", 100 + number, "2024-05-16"]
            writer.writerow([*row, f"{clean[:40]}{number:03d}"])
    return check(folder, "--select", "REM-03")


def test_every_hostile_row_is_read_and_reported(hostile: Path) -> None:
    control = json.loads((hostile / "control.json").read_text("utf-8"))
    (sheet,) = control["files"][0]["sheets"]
    assert sheet["rows"]["accepted"] == len(HOSTILE)
    assert pl.read_parquet(hostile / "exceptions.parquet").height == len(HOSTILE)


def test_the_workbook_holds_no_formula_but_ours_and_no_link(hostile: Path) -> None:
    book = openpyxl.load_workbook(hostile / "exceptions.xlsx")
    formulas = [
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert formulas
    words = re.compile(r"HYPERLINK\(\"http|DDE|cmd|WEBSERVICE|1\+1", re.IGNORECASE)
    assert [each for each in formulas if words.search(each)] == []
    with zipfile.ZipFile(hostile / "exceptions.xlsx") as archive:
        names = archive.namelist()
    assert [name for name in names if "externalLink" in name or ".." in name] == []
    assert links_elsewhere(hostile / "exceptions.xlsx", hostile.parents[1]) == []


def test_no_cell_of_the_csv_runs(hostile: Path) -> None:
    for name in ("exceptions.csv", "states.csv"):
        with (hostile / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    is_number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
                    assert is_number or not cell.startswith(tuple("=+-@\t\r＝＋－＠")), cell


def test_the_page_holds_only_its_own_two_scripts(hostile: Path) -> None:
    page = (hostile / "report.html").read_text("utf-8")
    assert len(re.findall(r"<script", page, re.IGNORECASE)) == 2
    assert len(re.findall(r"</script", page, re.IGNORECASE)) == 2
    assert "<img" not in page
    assert "<svg/onload" not in page
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found
    assert "unsafe-inline" not in found[1].partition("script-src")[2].partition(";")[0]
    assert "default-src" in found[1]


def test_nothing_was_written_outside_the_run(hostile: Path) -> None:
    folder = hostile.parent.parent
    known = {"代收明细.csv", "recon-out", "recon.key", ".recon-cache"}
    assert {path.name for path in folder.iterdir()} == known
    assert {path.name for path in hostile.parent.iterdir()} <= {hostile.name, "latest", ".lock"}


def test_hidden_characters_do_not_part_names_that_look_alike() -> None:
    plain = [re.sub("[\u202e\u200b\u2066\ufeff]", "", text) for text in HIDDEN[:4]]
    assert [name_key(text) for text in HIDDEN[:4]] == [name_key(text) for text in plain]


def test_the_report_holds_them_as_text(hostile: Path) -> None:
    result = run("report", hostile, "--data", hostile.parent.parent)
    assert result.exit_code == 0, result.output
    for path in hostile.parent.parent.rglob("*.docx"):
        with zipfile.ZipFile(path) as archive:
            body = archive.read("word/document.xml").decode()
            rels = archive.read("word/_rels/document.xml.rels").decode()
        assert "<script" not in body
        assert "DDEAUTO" not in body
        assert 'TargetMode="External"' not in rels
    for path in hostile.parent.parent.rglob("*.html"):
        assert "<img src=x" not in path.read_text("utf-8"), path
