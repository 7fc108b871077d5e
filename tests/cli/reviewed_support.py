"""A finished run in a folder, and reviewers who fill its workbook."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from recon.cli import cli
from recon.output import write_run
from recon.workspace.kept_run import sealed
from tests.unit.output import factory

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

COUNT = 60
FILLED = {"核实结论": "成立", "复核人": "张三", "复核日期": date(2024, 12, 30), "责任人": "王五",
          "理由": "核对一致"}  # fmt: skip


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def finished(tmp_path: Path, run_id: str = factory.RUN_ID) -> Path:
    """Write a run of 60 exceptions under tmp_path/recon-out; return its workbook."""
    result = factory.result(COUNT)
    rules = [
        {"rule": each.rule, "title": each.title.zh if each.title else None, "status": each.status}
        for each in result.outcomes
    ]
    states = result.exceptions.select("exception_id", pl.lit("new").alias("state"))
    result = replace(
        result, states=states, run_id=run_id, run_info={"run_id": run_id, "rules": rules}
    )
    folder = tmp_path / "recon-out" / run_id
    folder.mkdir(parents=True)
    write_run(result, folder, ("data", "workbook"))
    (folder.parent / "latest").write_text(run_id + "\n", encoding="utf-8")
    return folder / "exceptions.xlsx"


def rows_of(sheet: Worksheet) -> dict[str, int]:
    """Return the row number of each exception of a sheet."""
    return {str(cell.value): cell.row for cell in sheet["A"][1:] if cell.value}


def fill(source: Path, target: Path, wanted: dict[str, dict[str, Any]]) -> Path:
    """Save a copy of a workbook with cells filled: id to header to value."""
    book = load_workbook(source)
    for sheet in book.worksheets:
        headers = {cell.value: cell.column for cell in sheet[1]}
        if "核实结论" not in headers:
            continue
        for exception_id, row in rows_of(sheet).items():
            for header, value in wanted.get(exception_id, {}).items():
                sheet.cell(row, headers[header]).value = value
    book.save(target)
    return target


def table(path: Path, name: str) -> list[list[Any]]:
    """Return the cells of a sheet, row by row."""
    return [list(row) for row in load_workbook(path)[name].iter_rows(values_only=True)]


def save_table(rows: list[list[Any]], path: Path, title: str = "任意名称") -> Path:
    """Save cells as the only sheet of a new workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text that begins with = is no formula
    book.save(path)
    return path


def found(amount: bool = True, count: int = 1) -> list[str]:
    """Return ids of exceptions with (or without) an amount that reviewers see in REM's sheet."""
    exceptions = factory.exceptions(COUNT).filter(
        pl.col("rule").str.starts_with("REM")
        & (pl.col("direction") != "verify")
        & (pl.col("amount") > 1 if amount else pl.col("amount").is_null())
    )
    return exceptions["exception_id"].to_list()[:count]


def amount_of(exception_id: str) -> str:
    """Return the amount of an exception as text."""
    exceptions = factory.exceptions(COUNT).filter(pl.col("exception_id") == exception_id)
    return str(exceptions["amount"][0])


def reseal(folder: Path, record: dict[str, Any] | None = None) -> None:
    """Make a run folder whose files a test has written the folder that a check would have left."""
    path = folder / "run.json"
    kept = record or json.loads(path.read_text(encoding="utf-8"))
    hashes = {
        each.name: hashlib.sha256(each.read_bytes()).hexdigest()
        for each in folder.iterdir()
        if each.name in kept["files"]
    }
    path.write_text(json.dumps(sealed(kept, hashes)), encoding="utf-8")
