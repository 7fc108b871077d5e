"""A verdict for a unit holds for the exceptions of its line that have none of their own."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
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
    return {key: item.decision.get("verdict") for key, item in items.items()}


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


def _booked(tmp_path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as ledger:
        return ledger.execute("select kind, exception_id, payload from event").fetchall()


def test_it_is_one_event_that_names_its_lines_and_is_undone_at_once(
    book: Path, tmp_path: Path
) -> None:
    lines = _group()["lines"]
    assert isinstance(lines, list)
    filled = _judge(book, tmp_path / "a.xlsx", 核实结论="成立", 复核人="张三")
    run("review", "import", filled, "--data", tmp_path)
    ((kind, about, payload),) = _booked(tmp_path)
    assert (kind, about) == ("review", None)
    assert sorted(row["exception_id"] for row in json.loads(str(payload))["lines"]) == lines
    for line in lines:
        assert run("ledger", "history", line, "--data", tmp_path).output.startswith("1  ")
    assert "1 条记录" in run("ledger", "verify", "--data", tmp_path).output
    said = run("review", "undo", 1, "--data", tmp_path)
    assert [row.split()[0] for row in said.output.splitlines()] == lines
    assert _verdicts(tmp_path) == dict.fromkeys(lines)
    assert [row[0] for row in _booked(tmp_path)] == ["review", "reverse"]
    again = run("review", "undo", 1, "--data", tmp_path)
    assert "已经撤回过" in again.output
    for line in lines:
        assert len(run("ledger", "history", line, "--data", tmp_path).output.splitlines()) == 2
    assert "2 条记录" in run("ledger", "verify", "--data", tmp_path).output


def test_it_is_not_undone_while_money_rests_on_one_of_its_lines(book: Path, tmp_path: Path) -> None:
    lines = _group()["lines"]
    assert isinstance(lines, list)
    filled = _judge(book, tmp_path / "a.xlsx", 核实结论="成立", 复核人="张三")
    run("review", "import", filled, "--data", tmp_path)
    paid = ("--on", "2024-12-30", "--ref", "凭1")
    run("ledger", "recover", lines[-1], "0.01", *paid, "--data", tmp_path)
    said = run("review", "undo", 1, "--data", tmp_path)
    assert "已收回 0.01" in said.output, said.output
    assert _verdicts(tmp_path) == dict.fromkeys(lines, "成立")


def test_lines_of_two_workbooks_of_one_name_stay_two_decisions(book: Path, tmp_path: Path) -> None:
    mine, groups = _group(), unit_groups(_one_party(COUNT))
    is_other = (pl.col("group_id") != mine["group_id"]) & (pl.col("lines").list.len() > 0)
    other = groups.filter(is_other).row(0, named=True)
    for folder in "ab":
        (tmp_path / folder).mkdir()
    first = _judge(book, tmp_path / "a" / "exceptions.xlsx", 核实结论="成立", 复核人="张三")
    changes = {GROUP_HEADER: other["group_id"], "核实结论": "不成立", "复核人": "李四"}
    second = _judge(book, tmp_path / "b" / "exceptions.xlsx", **changes)
    said = run("review", "import", first, second, "--data", tmp_path)
    assert len(_booked(tmp_path)) == 2, said.output
    wanted = dict.fromkeys(mine["lines"], "成立") | dict.fromkeys(other["lines"], "不成立")  # type: ignore[call-overload]
    assert _verdicts(tmp_path) == wanted


def test_it_is_undone_though_money_rests_on_what_was_decided_since(
    book: Path, tmp_path: Path
) -> None:
    lines = _group()["lines"]
    assert isinstance(lines, list)
    filled = _judge(book, tmp_path / "a.xlsx", 核实结论="成立", 复核人="张三")
    run("review", "import", filled, "--data", tmp_path)
    words = ("--verdict", "成立", "--by", "李四", "--on", "2024-12-30", "--data", tmp_path)
    run("review", "decide", lines[0], *words)
    paid = ("--on", "2024-12-31", "--ref", "凭1", "--data", tmp_path)
    run("ledger", "recover", lines[0], "0.01", *paid)
    said = run("review", "undo", 1, "--data", tmp_path)
    assert said.exit_code == 0, said.output
    assert _verdicts(tmp_path) == {**dict.fromkeys(lines), lines[0]: "成立"}


def test_a_changed_verdict_replaces_the_unit_s_and_names_what_was_decided_alone(
    book: Path, tmp_path: Path
) -> None:
    lines = _group()["lines"]
    assert isinstance(lines, list)
    first = _judge(book, tmp_path / "a.xlsx", 核实结论="成立", 复核人="张三")
    run("review", "import", first, "--data", tmp_path)
    words = ("--verdict", "待核实", "--by", "李四", "--on", "2024-12-30")
    run("review", "decide", lines[0], *words, "--data", tmp_path)
    changed = _judge(book, tmp_path / "c.xlsx", 核实结论="不成立", 复核人="张三")
    said = run("review", "import", changed, "--data", tmp_path)
    assert f"1 条已有各自的结论，与本行不同，保持不变：{lines[0]}" in said.output, said.output
    assert f"新记结论 {len(lines) - 1}" in said.output, said.output
    wanted = {**dict.fromkeys(lines, "不成立"), lines[0]: "待核实"}
    assert _verdicts(tmp_path) == wanted


def test_a_workbook_of_the_form_before_units_is_taken(book: Path, tmp_path: Path) -> None:
    line = _group()["lines"][0]  # type: ignore[index]
    old = load_workbook(fill(book, tmp_path / "b.xlsx", {line: FILLED | {"核实结论": "不成立"}}))
    del old[UNITS]
    old.save(tmp_path / "old.xlsx")
    said = run("review", "import", tmp_path / "old.xlsx", "--data", tmp_path)
    assert "新记结论 1" in said.output, said.output
    assert _verdicts(tmp_path) == {line: "不成立"}


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
