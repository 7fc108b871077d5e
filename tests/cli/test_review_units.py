"""A verdict for a unit holds for the exceptions of its line that have none of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from openpyxl import load_workbook

from recon.base.paper import LEDGER_FILE
from recon.ledger.decisions import items_of
from recon.ledger.store import read_events
from recon.output.split import category
from recon.output.units import GROUP_HEADER, UNITS, unit_groups
from tests.cli.reviewed_support import COUNT, FILLED, fill, finished, run
from tests.unit.output import factory

if TYPE_CHECKING:
    from pathlib import Path

_EXCEPTIONS = factory.exceptions


def _one_party(count: int) -> pl.DataFrame:
    """Make all exceptions of REM-01 those of one unit."""
    is_mine = pl.col("rule") == "REM-01"
    return _EXCEPTIONS(count).with_columns(
        party_id=pl.when(is_mine).then(pl.lit("P1")).otherwise("party_id"),
        party_name=pl.when(is_mine).then(pl.lit("甲公司工会")).otherwise("party_name"),
    )


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(factory, "exceptions", _one_party)
    return finished(tmp_path)


def _group() -> dict[str, object]:
    """Return the line of the unit's 应补缴 under REM-01."""
    groups = unit_groups(_one_party(COUNT))
    wanted = (pl.col("party_id") == "P1") & (pl.col("direction") == "pay_in")
    return groups.filter(wanted).row(0, named=True)


def _judge(source: Path, target: Path, **cells: object) -> Path:
    """Fill the line of the unit in 按单位."""
    book = load_workbook(source)
    sheet = book[UNITS]
    places = {str(cell.value): cell.column for cell in sheet[1]}
    row = next(
        number
        for number in range(2, sheet.max_row + 1)
        if sheet.cell(number, places[GROUP_HEADER]).value == _group()["group_id"]
    )
    for header, value in cells.items():
        sheet.cell(row, places[header]).value = value  # type: ignore[assignment]
    book.save(target)
    return target


def _verdicts(tmp_path: Path) -> dict[str, str | None]:
    items = items_of(read_events(tmp_path / LEDGER_FILE))
    return {key: item.decision["verdict"] for key, item in items.items()}


def test_a_verdict_is_booked_for_every_line_at_its_full_amount(book: Path, tmp_path: Path) -> None:
    group = _group()
    lines = group["lines"]
    assert isinstance(lines, list)
    assert len(lines) > 1
    filled = _judge(book, tmp_path / "a.xlsx", 核实结论="成立", 理由="全年漏缴", 复核人="张三")
    said = run("review", "import", filled, "--data", tmp_path)
    assert f"新记结论 {len(lines)}" in said.output, said.output
    assert _verdicts(tmp_path) == dict.fromkeys(lines, "成立")
    found = _one_party(COUNT)
    items = items_of(read_events(tmp_path / LEDGER_FILE))
    for row in found.filter(pl.col("exception_id").is_in(lines)).to_dicts():
        assert items[row["exception_id"]].confirmed == row["amount"]
        review = items[row["exception_id"]].review
        assert review is not None
        assert "#按单位!" in review.payload["source"]
    again = run("review", "import", filled, "--data", tmp_path)
    assert "新记结论 0" in again.output, again.output


def test_a_line_with_a_verdict_of_its_own_keeps_it(book: Path, tmp_path: Path) -> None:
    lines = _group()["lines"]
    assert isinstance(lines, list)
    own = {lines[0]: FILLED | {"核实结论": "不成立"}}
    filled = fill(_judge(book, tmp_path / "a.xlsx", 核实结论="成立"), tmp_path / "b.xlsx", own)
    run("review", "import", filled, "--data", tmp_path)
    assert _verdicts(tmp_path) == {**dict.fromkeys(lines, "成立"), lines[0]: "不成立"}


def test_a_part_cannot_hold_for_a_unit(book: Path, tmp_path: Path) -> None:
    filled = _judge(book, tmp_path / "a.xlsx", 核实结论="部分成立")
    said = run("review", "import", filled, "--data", tmp_path)
    assert "“部分成立”不能按单位填，没有导入。部分成立在各族表逐条填" in said.output
    assert _verdicts(tmp_path) == {}


def test_a_line_of_another_run_is_refused(book: Path, tmp_path: Path) -> None:
    changes = {GROUP_HEADER: "f" * 16, "核实结论": "成立"}
    said = run("review", "import", _judge(book, tmp_path / "a.xlsx", **changes), "--data", tmp_path)
    assert f"组号 {'f' * 16} 不在这个工作簿的那次运行里，没有导入" in said.output
    assert _verdicts(tmp_path) == {}


def test_groups_hold_every_exception_of_a_unit_once_and_its_money_once() -> None:
    found = _one_party(COUNT)
    groups = unit_groups(found)
    assert sorted(groups["lines"].explode()) == sorted(found["exception_id"])
    money = found.filter(category() != "linked")["amount"].sum()
    assert groups["amount"].sum() == money
