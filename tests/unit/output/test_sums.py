"""Terminal, workbook and page print the same split, and it adds up to the exceptions of the run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

from recon.base.texts import DIRECTIONS
from recon.output.html import page_data
from recon.output.split import CATEGORIES
from recon.output.terminal import render_summary
from recon.output.workbook import build_workbook
from tests.unit.output import factory

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("count", [1, 60, 333])
def test_three_outputs_say_the_same(count: int, tmp_path: Path) -> None:
    result = factory.result(count)
    build_workbook(result, tmp_path / "e.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "e.xlsx", data_only=True)["汇总"]
    rows = list(sheet.iter_rows(values_only=True))
    head = max(n for n, row in enumerate(rows) if row[0] == "方向")
    words = {text.zh: code for code, text in DIRECTIONS.items()}
    in_book = {}
    for row in rows[head + 1 :]:
        if row[0] == "合计":
            assert row[1] == sum(map(int, row[2:7])) == count  # type: ignore[arg-type]
            break
        for name, number in zip(CATEGORIES, row[2:7], strict=True):
            if number:
                in_book[words[str(row[0])], name] = number
    terminal = json.loads(render_summary(result, "zh", "json"))
    page = page_data(result)
    for split in (terminal["split"], page["split"]):
        assert {(each["direction"], each["category"]): each["exceptions"] for each in split} == (
            in_book
        )
    assert sum(terminal["categories"].values()) == terminal["exceptions"] == count
    assert page["addition"][0].endswith(f" = 例外 {count:,}")
    in_fen = [round(float(each["amount"]) * 100) for each in terminal["split"]]
    assert in_fen == [each["amount"] for each in page["split"]]
