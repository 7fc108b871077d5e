"""A table is one model and nothing else: one that is added works in every room."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest

from recon.tables.registry import specs

if TYPE_CHECKING:
    from pathlib import Path

#: All that is written for a new table; a process of its own forgets it again.
MODEL = '''
from recon.tables.base import Table, column, sheet

__name__ = "recon.tables.training"  # as if it stood in that file


@sheet("慰问金发放台账", aliases=("慰问明细",), key=("list_no",), grows=True)
class ReliefPayment(Table):
    """慰问金发放台账."""

    list_no = column("text", "发放编号", required=True)
    receiver = column("text", "领取人", required=True, holds="person")
    contact = column("text", "联系方式", holds="phone")
    given_on = column("date", "发放日期", required=True, event=True)
    paid = column("money", "发放金额", required=True)
    standard = column("money", "发放标准", summed=False)
    left = column("money", "专户余额", running=True)
'''
MAIN = """
import sys
sys.path.insert(0, sys.argv[1])
import relief
from recon.cli import cli
from recon.tables.manual import tables_page
if sys.argv[2] == "page":
    print(tables_page())
else:
    cli(sys.argv[2:])
"""
#: The totals of 发放标准 and 专户余额 are no sums of rows; that of 发放金额 is one fen off the sum,
#: which counts the row whose day cannot be read.
ROWS = """发放编号,领取人,联系方式,发放日期,发放金额,发放标准,专户余额
F-1,欧阳小雪,13812345678,2024-03-01,500.00,500.00,9500.00
F-2,诸葛长青,13987654321,2024-03-02,300.00,500.00,9200.00
F-3,诸葛长青,,三月三,300.00,500.00,8900.00
合计,,,,1100.01,500.00,9200.00
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("relief")
    (folder / "relief.py").write_text(MODEL, encoding="utf-8")
    (folder / "main.py").write_text(MAIN, encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / "慰问金发放台账.csv").write_text(ROWS, encoding="utf-8")
    return folder


def run(place: Path, *words: str, status: int = 0) -> str:
    command = [sys.executable, str(place / "main.py"), str(place), *words]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def test_it_is_documented(place: Path) -> None:
    page = run(place, "page")
    assert "## 慰问金发放台账 `relief_payment`（慰问明细）" in page
    assert "| `receiver` | 领取人 | text | ✔ |  | 人名，遮盖 a person, masked |" in page
    assert "| `given_on` | 发放日期 | date | ✔ |  | 发生日 event day |" in page
    assert "| `left` | 专户余额 | money |  |  | 不加总 not summed |" in page


def test_it_has_a_template(place: Path) -> None:
    run(place, "init", str(place / "own"))
    names = [path.name for path in (place / "own").rglob("*.xlsx")]
    sheets = [
        sheet
        for path in (place / "own").rglob("*.xlsx")
        for sheet in pl.read_excel(path, sheet_id=0, has_header=False)
    ]
    assert "慰问金发放台账" in sheets, names


def test_it_is_mapped_and_its_persons_are_masked(place: Path) -> None:
    shown = run(place, "map", str(place / "data"))
    assert "relief_payment 慰问金发放台账" in shown
    assert "欧**雪" in shown
    assert "138****5678" in shown
    assert "欧阳小雪" not in shown
    assert "13812345678" not in shown


def test_it_is_staged(place: Path) -> None:
    columns = run(place, "rules", "tables", "慰问金发放台账").splitlines()
    assert {"receiver  VARCHAR  领取人", "given_on  DATE  发放日期"} <= set(columns)


def test_its_totals_are_tied_and_what_is_set_aside_is_masked(place: Path) -> None:
    words = ("check", str(place / "data"), "--as-of", "2024-12-31", "--fail-on", "none", "-q")
    run(place, *words)
    (done,) = (place / "data" / "recon-out").glob("*/run.json")
    quality = pl.read_parquet(done.parent / "quality.parquet")
    untied = quality.filter(pl.col("check").str.contains("total"))
    assert untied["header"].to_list() == ["发放金额"]
    assert "1100.00" in untied["reason"][0]
    rejected = pl.read_parquet(done.parent / "rejected.parquet")
    assert rejected["row_no"].unique().to_list() == [4]
    said = "".join(path.read_bytes().decode("utf-8", "ignore") for path in done.parent.iterdir())
    assert "诸葛长青" not in said


def test_no_other_process_knows_it() -> None:
    assert "relief_payment" not in specs()
