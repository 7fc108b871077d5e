"""`recon review import`: what reviewers wrote comes back whole, or is listed by cell."""

from __future__ import annotations

import json
import random
import shutil
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from recon.base.paper import LEDGER_FILE
from recon.ledger.errors import NoReviewColumnsError, WorkbookUnreadableError
from recon.ledger.reviewed import read_reviewed
from recon.ledger.store import read_events
from tests.cli.reviewed_support import (
    COUNT,
    FILLED,
    amount_of,
    fill,
    finished,
    found,
    rows_of,
    run,
    save_table,
    table,
)
from tests.cli.test_check import LATE, check
from tests.cli.test_check import folder as data_folder

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

A_DAY = datetime(2025, 6, 30)  # noqa: DTZ001 - as openpyxl gives it
SHEET = "REM 经费收缴"


def take(tmp_path: Path, *files: Path) -> Result:
    return run("review", "import", *files, "--data", tmp_path)


def booked(tmp_path: Path) -> dict[str, dict[str, Any]]:
    events = read_events(tmp_path / LEDGER_FILE)
    return {str(each.exception_id): each.payload for each in events}


def test_status_0_and_importing_twice_changes_nothing(tmp_path: Path) -> None:
    ids = found(count=5)
    filled = fill(finished(tmp_path), tmp_path / "复核.xlsx", dict.fromkeys(ids, FILLED))
    result = take(tmp_path, filled)
    assert (result.exit_code, "新记结论 5" in result.output) == (0, True), result.output
    first = booked(tmp_path)
    assert set(first) == set(ids)
    assert first[ids[0]]["confirmed_amount"] == amount_of(ids[0])
    assert first[ids[0]]["reviewed_on"] == "2024-12-30"
    again = take(tmp_path, filled)
    assert (again.exit_code, "新记结论 0，没有变化 5" in again.output) == (0, True)
    assert len(read_events(tmp_path / LEDGER_FILE)) == 5


def test_an_untouched_workbook_has_nothing_to_say(tmp_path: Path) -> None:
    result = take(tmp_path, finished(tmp_path))
    assert (result.exit_code, "新记结论 0" in result.output) == (0, True), result.output
    assert not (tmp_path / LEDGER_FILE).exists()


def test_sorted_moved_deleted_and_copied_rows_are_taken(tmp_path: Path) -> None:
    ids = found(count=6)
    filled = fill(finished(tmp_path), tmp_path / "复核.xlsx", dict.fromkeys(ids, FILLED))
    header, *rows = table(filled, SHEET)
    rows = [row for row in rows if row[0] != ids[5]]
    random.Random(7).shuffle(rows)  # noqa: S311
    order = list(range(len(header)))
    random.Random(8).shuffle(order)  # noqa: S311
    moved = [[row[n] for n in order] + ["我的备注"] for row in [header, *rows]]
    for row in moved[:1]:
        row[-1] = "备注"
    copied = save_table([["某县总工会 复核底稿"], [], *moved], tmp_path / "底稿.xlsx")
    result = take(tmp_path, copied)
    assert (result.exit_code, "新记结论 5" in result.output) == (0, True), result.output
    assert set(booked(tmp_path)) == set(ids[:5])


def test_deleted_columns_of_the_run_are_no_change(tmp_path: Path) -> None:
    [wanted] = found()
    filled = fill(finished(tmp_path), tmp_path / "复核.xlsx", {wanted: FILLED})
    rows = table(filled, SHEET)
    keep = [rows[0].index(name) for name in ("复核人", "核实结论", "例外编号")]
    result = take(
        tmp_path, save_table([[row[n] for n in keep] for row in rows], tmp_path / "x.xlsx")
    )
    assert result.exit_code == 0, result.output
    assert booked(tmp_path)[wanted]["reviewer"] == "张三"


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"核实结论": "对的"}, "只能填：成立、不成立、部分成立、待核实"),
        ({"核实结论": None}, "没有填核实结论"),
        ({"认定金额": -1}, "小于 0"),
        ({"认定金额": "很多"}, "不是金额"),
        ({"认定金额": 1.234}, "不到分"),
        ({"认定金额": 99999999}, "大于例外金额"),
        ({"认定金额": 0.01}, "不是全额"),
        ({"核实结论": "部分成立"}, "大于 0 的认定金额"),
        ({"核实结论": "不成立", "认定金额": 1}, "不能有认定金额"),
        ({"核实结论": "待核实", "认定金额": 1}, "不能有认定金额"),
        ({"复核日期": "2024-02-30"}, "不是日期"),
        ({"复核日期": "昨天"}, "不是日期"),
        ({"复核日期": "2024111"}, "不是日期"),
        ({"复核日期": date(2099, 1, 1)}, "晚于今天"),
        ({"整改类型": "马上"}, "只能填：立行立改"),
        ({"理由": "#N/A"}, "错误值"),
        ({"理由": "长" * 2001}, "最多 2000"),
    ],
)
def test_status_1_and_the_cell_for_what_cannot_be_taken(
    tmp_path: Path, cells: dict[str, Any], sentence: str
) -> None:
    wanted = found(count=2)[1]
    filled = fill(finished(tmp_path), tmp_path / "复核.xlsx", {wanted: FILLED | cells})
    result = take(tmp_path, filled)
    assert (result.exit_code, sentence in result.output) == (1, True), result.output
    assert f"复核.xlsx#{SHEET}!" in result.output
    assert booked(tmp_path) == {}


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        ({"核实结论": " 成立 "}, {"verdict": "成立"}),
        ({"核实结论": "不成立"}, {"verdict": "不成立", "confirmed_amount": None}),
        ({"核实结论": "不成立", "认定金额": 0}, {"confirmed_amount": None}),
        ({"核实结论": "部分成立", "认定金额": "¥0.50元"}, {"confirmed_amount": "0.50"}),
        ({"核实结论": "部分成立", "认定金额": 0.1 + 0.2}, {"confirmed_amount": "0.30"}),
        ({"复核日期": "2024年12月3日"}, {"reviewed_on": "2024-12-03"}),
        ({"复核日期": "20241203"}, {"reviewed_on": "2024-12-03"}),
        ({"复核日期": 45629}, {"reviewed_on": "2024-12-03"}),
        ({"整改时限": A_DAY}, {"due_on": "2025-06-30"}),
        ({"理由": "  =1+1  "}, {"reason": "=1+1"}),
    ],
)
def test_many_ways_to_write_a_cell(
    tmp_path: Path, cells: dict[str, Any], kept: dict[str, Any]
) -> None:
    [wanted] = found()
    path = finished(tmp_path)
    rows = table(path, SHEET)
    for row in rows:
        if row[0] == wanted:
            for header, value in (FILLED | cells).items():
                row[rows[0].index(header)] = value
    copy = save_table(rows, tmp_path / "复核.xlsx")
    result = take(tmp_path, copy)
    assert result.exit_code == 0, result.output
    assert {name: booked(tmp_path)[wanted][name] for name in kept} == kept


def test_an_exception_without_amount_takes_any_amount(tmp_path: Path) -> None:
    [wanted] = found(amount=False)
    filled = fill(finished(tmp_path), tmp_path / "复核.xlsx", {wanted: FILLED | {"认定金额": 88}})
    assert take(tmp_path, filled).exit_code == 0
    assert booked(tmp_path)[wanted]["confirmed_amount"] == "88.00"


def test_a_change_of_what_many_rows_share_is_named_and_not_taken(tmp_path: Path) -> None:
    [wanted] = found()
    changed = FILLED | {"严重程度": "别的", "可能的合理解释": "改过"}
    result = take(tmp_path, fill(finished(tmp_path), tmp_path / "复核.xlsx", {wanted: changed}))
    assert result.exit_code == 1
    assert "严重程度被改过" in result.output
    assert "可能的合理解释被改过" in result.output
    assert booked(tmp_path)[wanted]["amount"] == amount_of(wanted)


@pytest.mark.hostile("reviewed rows with a fact that is not their own", "refused by cell")
@pytest.mark.parametrize("header", ["说明", "证据", "单位", "期间", "规则", "金额", "方向", "差额"])
def test_a_row_with_a_fact_that_is_not_its_own_is_refused_by_cell(
    tmp_path: Path, header: str
) -> None:
    wanted, other = found(count=2)
    path = finished(tmp_path)
    filled = fill(path, tmp_path / "复核.xlsx", {wanted: FILLED | {header: "9"}, other: FILLED})
    letter = get_column_letter(table(path, SHEET)[0].index(header) + 1)
    result = take(tmp_path, filled)
    assert result.exit_code == 1
    place = f"复核.xlsx#{SHEET}!{letter}"
    assert f"{header}与编号 {wanted} 不符" in result.output.split(place)[1], result.output
    assert set(booked(tmp_path)) == {other}


def _swapped(rows: list[list[Any]], one: int, two: int) -> None:
    """Swap the ids of two rows, as sorting column A alone does."""
    rows[one][0], rows[two][0] = rows[two][0], rows[one][0]


def _shifted(rows: list[list[Any]], one: int, two: int) -> None:
    """Move the facts of a block of rows down by one, its ids and decisions left in place."""
    yellow = rows[0].index("核实结论")
    facts = [row[1:yellow] for row in rows]
    for n in range(one + 1, two + 1):
        rows[n][1:yellow] = facts[n - 1]


def _pasted(rows: list[list[Any]], one: int, two: int) -> None:
    """Paste the facts of one row over another."""
    yellow = rows[0].index("核实结论")
    rows[two][1:yellow] = rows[one][1:yellow]


@pytest.mark.hostile(
    "reviewed rows whose cells were swapped, shifted or pasted over",
    "refused by cell; only whole rows are booked",
)
@pytest.mark.parametrize("harm", [_swapped, _shifted, _pasted])
def test_rows_whose_cells_were_moved_apart_book_nothing(tmp_path: Path, harm: Any) -> None:
    path, ids = finished(tmp_path), set(found(count=COUNT))
    rows = table(path, SHEET)
    verdict = rows[0].index("核实结论")
    wanted = [n for n, row in enumerate(rows) if row[0] in ids]
    one, two = wanted[0], wanted[4]
    for number in range(one, two + 1):
        rows[number][verdict] = "不成立"
    before = {row[0]: list(row) for row in rows}
    harm(rows, one, two)
    whole = {row[0] for row in rows[one : two + 1] if row == before[row[0]]}
    result = take(tmp_path, save_table(rows, tmp_path / "乱.xlsx", SHEET))
    assert (result.exit_code, "不符，应为" in result.output) == (1, True), result.output
    assert len(whole) < two + 1 - one
    assert set(booked(tmp_path)) == whole
    for number in range(one, two + 1):
        assert (rows[number][0] in whole) != (f"与编号 {rows[number][0]} 不符" in result.output)


def test_a_copied_sheet_counts_once_and_a_copy_that_differs_is_a_conflict(tmp_path: Path) -> None:
    path, (one, two) = finished(tmp_path), found(count=2)
    filled = fill(path, tmp_path / "A.xlsx", {one: FILLED, two: FILLED})
    book = load_workbook(filled)
    copy = book.copy_worksheet(book[SHEET])
    row = rows_of(copy)[two]
    copy.cell(row, table(path, SHEET)[0].index("核实结论") + 1).value = "不成立"
    book.save(filled)
    result = take(tmp_path, filled)
    assert (result.exit_code, "都没有导入" in result.output) == (1, True), result.output
    assert set(booked(tmp_path)) == {one}


@pytest.mark.hostile("a reviewed workbook of another run", "refused")
def test_a_workbook_of_a_run_that_is_not_here_is_refused(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    (tmp_path / "乙").mkdir()
    there = finished(tmp_path / "甲", "fedcba9876543210")
    finished(tmp_path / "乙")
    [wanted] = found()
    filled = fill(there, tmp_path / "复核.xlsx", {wanted: FILLED})
    result = take(tmp_path / "乙", filled)
    assert (result.exit_code, "这个工作簿是运行 fedcba9876543210 写出的" in result.output) == (
        1,
        True,
    )
    assert not (tmp_path / "乙" / LEDGER_FILE).exists()
    assert take(tmp_path / "甲", filled).exit_code == 0


def test_status_2_for_a_run_that_was_edited(tmp_path: Path) -> None:
    path, [wanted] = finished(tmp_path), found()
    filled = fill(path, tmp_path / "A.xlsx", {wanted: FILLED})
    listed = path.with_name("exceptions.parquet")
    pl.read_parquet(listed).with_columns(party_name=pl.lit("别家")).write_parquet(listed)
    result = take(tmp_path, filled)
    assert (result.exit_code, "exceptions.parquet: 这个文件在运行写出之后" in result.output) == (
        2,
        True,
    )
    path.with_name("run.json").write_text("{", encoding="utf-8")
    result = take(tmp_path, filled)
    assert (result.exit_code, "不是运行记录" in result.output) == (2, True), result.output


@pytest.mark.parametrize("name", ["exceptions.csv", "control.json", "quality.parquet"])
def test_status_2_for_a_run_of_which_any_file_was_edited(tmp_path: Path, name: str) -> None:
    path, [wanted] = finished(tmp_path), found()
    filled = fill(path, tmp_path / "A.xlsx", {wanted: FILLED})
    with path.with_name(name).open("ab") as file:
        file.write(b" ")
    result = take(tmp_path, filled)
    assert (result.exit_code, f"{name}: 这个文件在运行写出之后" in result.output) == (2, True)
    assert not (tmp_path / LEDGER_FILE).exists()


def test_unknown_and_missing_ids_are_listed(tmp_path: Path) -> None:
    finished(tmp_path)
    rows = [["例外编号", "核实结论"], ["ffff000011112222", "成立"], [None, "成立"], ["eeee", None]]
    rows.append([found()[0], None])
    result = take(tmp_path, save_table(rows, tmp_path / "别的.xlsx", "S"))
    assert result.exit_code == 1
    assert "别的.xlsx#S!A2: ffff000011112222 不在任何一次运行结果里" in result.output
    assert "别的.xlsx#S!A3: 这一行有结论，没有例外编号" in result.output
    assert "eeee" not in result.output


def test_a_workbook_of_another_folder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    finished(tmp_path)
    rows = [["例外编号", "核实结论"], ["ffff000011112222", "成立"], ["ffff000011113333", "成立"]]
    result = take(tmp_path, save_table(rows, tmp_path / "别的.xlsx", "S"))
    assert (result.exit_code, len(result.output.splitlines())) == (1, 2)
    assert "别的.xlsx: 2 行的例外编号都不在" in result.output
    assert not (tmp_path / LEDGER_FILE).exists()


def test_reviewers_who_agree_are_no_conflict(tmp_path: Path) -> None:
    path, (one, two) = finished(tmp_path), found(count=2)
    other = FILLED | {"复核人": "李四", "理由": None}
    first = fill(path, tmp_path / "A.xlsx", {one: FILLED, two: FILLED})
    second = fill(path, tmp_path / "B.xlsx", {two: FILLED | {"复核人": "李四"}})
    result = take(tmp_path, first, second)
    assert (result.exit_code, "没有变化 1" in result.output) == (0, True), result.output
    assert booked(tmp_path)[two]["reviewer"] == "张三"
    result = take(tmp_path, fill(path, tmp_path / "C.xlsx", {one: other}))
    assert (result.exit_code, "没有变化 1" in result.output) == (0, True), result.output
    reasoned = other | {"理由": "另有原因"}
    result = take(tmp_path, fill(path, tmp_path / "D.xlsx", {one: reasoned}))
    assert (result.exit_code, "“成立”，相同；不同的列：理由、复核人" in result.output) == (1, True)
    assert booked(tmp_path)[one]["reason"] == "核对一致"


def test_a_change_under_the_same_verdict_says_what_changed(tmp_path: Path) -> None:
    path, [wanted] = finished(tmp_path), found()
    take(tmp_path, fill(path, tmp_path / "A.xlsx", {wanted: FILLED}))
    later = FILLED | {"整改时限": A_DAY}
    result = take(tmp_path, fill(path, tmp_path / "B.xlsx", {wanted: later}))
    assert (result.exit_code, "仍是“成立”，整改时限有改动" in result.output) == (0, True)


def test_copies_of_several_reviewers_meet_and_conflicts_are_shown(tmp_path: Path) -> None:
    path, (one, two, three) = finished(tmp_path), found(count=3)
    other = FILLED | {"核实结论": "不成立", "复核人": "李四"}
    first = fill(path, tmp_path / "A.xlsx", {one: FILLED, two: FILLED})
    second = fill(path, tmp_path / "B.xlsx", {two: other, three: other})
    result = take(tmp_path, first, second)
    assert result.exit_code == 1
    assert "A.xlsx#" in result.output
    assert "B.xlsx#" in result.output
    assert "都没有导入" in result.output
    assert set(booked(tmp_path)) == {one, three}


def test_another_reviewers_decision_is_not_overwritten_unless_later(tmp_path: Path) -> None:
    path, [wanted] = finished(tmp_path), found()
    take(tmp_path, fill(path, tmp_path / "A.xlsx", {wanted: FILLED}))
    other = FILLED | {"核实结论": "不成立", "复核人": "李四"}
    result = take(tmp_path, fill(path, tmp_path / "B.xlsx", {wanted: other}))
    assert (result.exit_code, "已有张三的结论“成立”" in result.output) == (1, True)
    later = other | {"复核日期": date(2024, 12, 31)}
    result = take(tmp_path, fill(path, tmp_path / "C.xlsx", {wanted: later}))
    assert (result.exit_code, "由“成立”改为“不成立”" in result.output) == (0, True)
    assert booked(tmp_path)[wanted]["verdict"] == "不成立"
    result = take(tmp_path, tmp_path / "A.xlsx")
    assert (result.exit_code, "以前导入过" in result.output) == (1, True)
    assert booked(tmp_path)[wanted]["verdict"] == "不成立"


def test_a_closed_finding_is_not_decided_again(tmp_path: Path) -> None:
    path, [wanted] = finished(tmp_path), found()
    take(tmp_path, fill(path, tmp_path / "A.xlsx", {wanted: FILLED}))
    closed = run("ledger", "close", wanted, "--by", "李四", "--proof", "回单", "--data", tmp_path)
    assert closed.exit_code == 0, closed.output
    again = FILLED | {"理由": "再改"}
    result = take(tmp_path, fill(path, tmp_path / "A.xlsx", {wanted: again}))
    assert (result.exit_code, "已销号" in result.output) == (1, True)


def test_a_header_that_stands_twice_leaves_its_sheet_out(tmp_path: Path) -> None:
    finished(tmp_path)
    rows = [["例外编号", "核实结论", "核实结论"], [found()[0], "成立", "不成立"]]
    result = take(tmp_path, save_table(rows, tmp_path / "x.xlsx", "S"))
    assert (result.exit_code, "x.xlsx#S!C: 这个表头" in result.output) == (1, True)


def test_status_2_for_what_is_no_reviewed_workbook(tmp_path: Path) -> None:
    plain = save_table([["别的", "表"]], tmp_path / "x.xlsx")
    with pytest.raises(NoReviewColumnsError):
        read_reviewed(plain)
    (tmp_path / "y.xlsx").write_bytes(b"no zip")
    result = take(tmp_path, tmp_path / "y.xlsx")
    assert (result.exit_code, "没有完整的运行结果" in result.output) == (2, True)
    finished(tmp_path)
    result = take(tmp_path, tmp_path / "y.xlsx")
    assert (result.exit_code, "另存为 .xlsx" in result.output) == (2, True)
    result = take(tmp_path, plain)
    assert (result.exit_code, "没有一张工作表" in result.output) == (2, True)
    result = take(tmp_path, tmp_path / "z.xlsx")
    assert (result.exit_code, "没有这个文件" in result.output) == (2, True)
    with pytest.raises(WorkbookUnreadableError):
        read_reviewed(tmp_path / "none.xlsx")
    assert run("review", "import").exit_code == 2


def test_status_2_for_a_damaged_ledger_in_import_and_check(tmp_path: Path) -> None:
    path, [wanted] = finished(tmp_path), found()
    (tmp_path / LEDGER_FILE).write_bytes(b"broken" * 1000)
    result = take(tmp_path, fill(path, tmp_path / "A.xlsx", {wanted: FILLED}))
    assert (result.exit_code, "台账文件已损坏" in result.output) == (2, True)
    data = data_folder(tmp_path, LATE)
    shutil.copy(tmp_path / LEDGER_FILE, data / LEDGER_FILE)
    result = check(data)
    assert (result.exit_code, "台账文件已损坏" in result.output) == (2, True)


def test_english_on_demand(tmp_path: Path) -> None:
    path, [wanted] = finished(tmp_path), found()
    filled = fill(path, tmp_path / "A.xlsx", {wanted: FILLED | {"核实结论": "yes"}})
    result = run("review", "import", filled, "--data", tmp_path, "--lang", "en")
    assert (result.exit_code, "is not one of" in result.output) == (1, True)


def test_decisions_come_back_in_the_next_run_over_renamed_and_shuffled_files(
    tmp_path: Path,
) -> None:
    rows = [LATE.replace("甲", name).replace("V1", f"V{name}") for name in "甲乙丙丁戊"]
    data = data_folder(tmp_path, *rows)
    assert check(data).exit_code == 0
    out = data / "recon-out"
    path = next(out.glob("*/exceptions.xlsx"))
    ids = pl.read_parquet(path.with_name("exceptions.parquet"))["exception_id"].to_list()
    filled = fill(path, tmp_path / "复核.xlsx", dict.fromkeys(ids, FILLED))
    assert run("review", "import", filled, "--data", data).exit_code == 0
    text = (data / "代收明细.csv").read_text(encoding="utf-8")
    header, *lines = text.splitlines()
    (data / "代收明细.csv").unlink()
    shuffled = "\n".join((header, *reversed(lines))) + "\n"
    (data / "新名.csv").write_bytes(shuffled.encode("gb18030"))
    assert check(data).exit_code == 0
    newest = out / (out / "latest").read_text(encoding="utf-8").strip()
    assert newest != path.parent
    states = pl.read_csv(newest / "states.csv", infer_schema=False)
    assert set(states["state"]) == {"persisting"}
    assert states.height == 5
    assert set(states["verdict"]) == {"成立"}
    shown = table(newest / "exceptions.xlsx", SHEET)
    place = shown[0].index("核实结论")
    assert {row[place] for row in shown[1:]} == {"成立"}
    assert json.loads((newest / "timing.json").read_text(encoding="utf-8"))["previous_run"]
