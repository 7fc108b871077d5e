"""A county whose every text is a formula, markup and SQL at once: no output runs any of it."""

from __future__ import annotations

import csv
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest

from recon.tables.registry import specs
from tests.metamorphic.county import ME, County, Row, draw, write
from tests.trust.planted import links_elsewhere, run

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = '=HYPERLINK("http://x.invalid",1)</script><img src=x onerror=alert(1)>\'; drop table x;--'
#: Words that rules look for: their columns stay as they are, or nothing would be found.
WORDS = frozenset(
    {"item", "kind", "category", "status", "account_code", "metric", "scope", "period", "source"}
)
#: Rules that together read every family of tables.
RULES = (
    "REM-03,REM-15,SME-03,PRE-07,TRN-01,TRN-15,TRN-18,FUEL-01,FUEL-06,FUEL-14,AST-01,AST-03,AST-06,"
    "AST-10,LED-03,LED-07,ORG-01,ORG-03,ORG-04,ORG-07,ORG-09,GOV-01,RECT-01"
)
pytestmark = pytest.mark.hostile(
    "formula, markup and SQL in every text column of every table",
    "text in workbook, csv, page, report and register",
)


def hostile(county: County) -> County:
    """Put the hostile text in front of every text of every row."""

    def change(table: str, row: Row) -> Row:
        return {
            name: HOSTILE + str(value)
            if value is not None and name != ME and _is_text(table, name)
            else value
            for name, value in row.items()
        }

    return county.with_tables(change)


def _is_text(table: str, name: str) -> bool:
    return specs()[table].by_name[name].kind == "text" and name not in WORDS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder that was checked and reported on."""
    place = tmp_path_factory.mktemp("county") / "资料"
    county = draw(0)
    few = {name: rows[:: 1 + len(rows) // 300] for name, rows in county.tables.items()}
    write(hostile(replace(county, tables=few)), place)
    words = ("--as-of", str(county.as_of), "-q", "--fail-on", "none")
    report = ("report", "--data", place)
    for said in (("check", place, *words, "--select", RULES), report, (*report, "--leads")):
        result = run(*said)
        assert result.exit_code == 0, result.output
    return place


def outputs(folder: Path, ending: str) -> list[Path]:
    found = sorted((folder / "recon-out").rglob(f"*{ending}"))
    assert found
    return found


def test_the_texts_reach_the_outputs(folder: Path) -> None:
    (path,) = outputs(folder, "exceptions.parquet")
    listed = pl.read_parquet(path)
    said = listed.filter(pl.col("message").str.contains("<img src=x", literal=True))
    assert said["rule"].n_unique() > 15


def test_no_workbook_has_a_formula_or_link_of_theirs(folder: Path) -> None:
    for path in outputs(folder, ".xlsx"):
        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                assert not [
                    cell.value
                    for cell in row
                    if cell.data_type == "f" and "x.invalid" in str(cell.value)
                ]
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
        assert links_elsewhere(path, folder) == []
        assert not [one for one in names if "externalLink" in one]


def test_no_cell_of_a_csv_runs(folder: Path) -> None:
    for path in outputs(folder, ".csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                assert not [cell for cell in row if cell.startswith(("=", "+", "@", "\t"))]


def test_no_page_has_an_element_of_theirs(folder: Path) -> None:
    for path in outputs(folder, ".html"):
        page = path.read_text("utf-8")
        assert "<img" not in page
        assert len(re.findall("</script", page)) == len(re.findall("<script", page)) <= 2


def test_no_letter_has_a_field_or_link_of_theirs(folder: Path) -> None:
    bodies = []
    for path in outputs(folder, ".docx"):
        with zipfile.ZipFile(path) as archive:
            body = archive.read("word/document.xml").decode()
            rels = archive.read("word/_rels/document.xml.rels").decode()
        bodies.append(body)
        assert not re.search(r"<w:object|instr[^>]*(?:HYPERLINK|DDE)", body)
        assert all("w:anchor=" in one for one in re.findall("<w:hyperlink [^>]*>", body))
        assert 'TargetMode="External"' not in rels
    assert any("=HYPERLINK" in body for body in bodies)
