"""Register, report, brief and letters add up to what people decided, recovered and took back.

The oracle is sums over the list of exceptions and the decisions that this test made up itself.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document
from openpyxl import load_workbook

from recon.base.models import DEFINITE_DIRECTIONS
from recon.base.texts import DIRECTIONS
from tests.cli.reviewed_support import COUNT, FILLED, fill, finished, run
from tests.cli.test_report import complete
from tests.unit.output import factory

if TYPE_CHECKING:
    from pathlib import Path

ASKED = {
    "pay_in": "请贵单位补缴", "recover": "请贵单位退回", "give_back": "我会应拨付贵单位工会",
    "clear_out": "我会应退还贵单位", "remit_up": "我会应上解",
    "write_off": "请贵单位转回并办理核销",
}  # fmt: skip
ZERO = Decimal("0.00")


def money(text: Any) -> Decimal:
    return Decimal(str(text or 0).replace(",", "")).quantize(ZERO)


def decided(tmp_path: Path, chance: random.Random) -> dict[str, dict[str, Any]]:
    """Review a third of a run at random, recover some, take one back; return what holds."""
    folder = complete(finished(tmp_path))
    rows = factory.exceptions(COUNT).to_dicts()
    wanted: dict[str, dict[str, Any]] = {}
    for row in chance.sample([each for each in rows if each["direction"] != ""], 22):
        verdict = chance.choice(("成立", "成立", "部分成立", "不成立"))
        cells = {**FILLED, "核实结论": verdict}
        if verdict == "部分成立":
            cells["认定金额"] = float((row["amount"] / 2).quantize(ZERO))
        wanted[row["exception_id"]] = cells
    filled = fill(folder / "exceptions.xlsx", tmp_path / "复核.xlsx", wanted)
    assert run("review", "import", filled, "--data", tmp_path).exit_code == 0
    state = {row["exception_id"]: {**row, "found": None, "back": ZERO} for row in rows}
    for exception_id, cells in wanted.items():
        mine = state[exception_id]
        mine["verdict"] = cells["核实结论"]
        if cells["核实结论"] != "不成立":
            mine["found"] = money(cells.get("认定金额", mine["amount"]))
    events = len(wanted)
    booking = ("--on", "2025-01-10", "--data", tmp_path)
    able = [key for key, one in state.items() if (one["found"] or 0) > 1
            and one["direction"] in DEFINITE_DIRECTIONS and one["linked_to"] is None]  # fmt: skip
    for number, key in enumerate(chance.sample(able, 3)):
        sum_ = (state[key]["found"] / 3).quantize(ZERO)
        booked = run("ledger", "recover", key, sum_, "--ref", f"银收{number}", *booking)
        assert booked.exit_code == 0, booked.output
        events += 1
        if number:
            state[key]["back"] = sum_
            continue
        reason = ("--reason", "记错了户", "--data", tmp_path)
        assert run("ledger", "reverse", events, *reason).exit_code == 0
        events += 1
    assert run("report", "--data", tmp_path).exit_code == 0
    assert run("report", "--brief", "--data", tmp_path).exit_code == 0
    return state


def sums_of(state: dict[str, dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    """Sum by direction: findings, found, recovered, leads, their amount; linked money once."""
    found: dict[str, tuple[Any, ...]] = {}
    for direction in DIRECTIONS:
        mine = [each for each in state.values() if each["direction"] == direction]
        sure = [each for each in mine if each["found"] is not None]
        leads = [each for each in mine if each.get("verdict") is None]
        once = [each for each in sure if each["linked_to"] is None]
        found[direction] = (
            len(sure),
            sum((each["found"] for each in once), start=ZERO),
            sum((each["back"] for each in once), start=ZERO),
            len(leads),
            sum((each["amount"] or ZERO for each in leads if each["linked_to"] is None), ZERO),
        )
    return found


@pytest.mark.parametrize("seed", [3, 11])
def test_papers_add_up_after_review_recovery_and_reversal(tmp_path: Path, seed: int) -> None:
    state = decided(tmp_path, random.Random(seed))  # noqa: S311 - a test, nothing secret
    wanted = sums_of(state)
    papers = tmp_path / "recon-out" / factory.RUN_ID / "report"
    names = {text.zh: code for code, text in DIRECTIONS.items()}

    sheet = load_workbook(papers / "整改台账.xlsx", data_only=True)["汇总"]
    lines = {names[str(row[0])]: row for row in sheet.iter_rows(values_only=True)
             if row[0] in names and isinstance(row[1], int)}  # fmt: skip
    assert {
        code: (row[1], money(row[2]), money(row[3]), row[5], money(row[6]))
        for code, row in lines.items()
    } == {
        code: sums if code else (*sums[:1], ZERO, ZERO, sums[3], ZERO)
        for code, sums in wanted.items()
    }
    counts = Counter("dismissed" if each.get("verdict") == "不成立" else
                     "lead" if each["found"] is None else "finding"
                     for each in state.values())  # fmt: skip
    text = "\n".join(str(row[0]) for row in sheet.iter_rows(values_only=True))
    assert (f"问题 {counts['finding']} + 线索 {counts['lead']} + "
            f"核实不成立 {counts['dismissed']} = 例外 {COUNT}") in text  # fmt: skip

    report = Document(str(papers / "自查报告.docx"))
    (table,) = (each for each in report.tables if each.rows[0].cells[-1].text == "尚未办理（元）")
    assert {
        names[row.cells[0].text]: tuple(money(cell.text) for cell in row.cells[2:4])
        for row in table.rows[1:]
    } == {code: sums[1:3] for code, sums in wanted.items() if sums[1]}

    _, ways = Document(str(papers / "一页纸.docx")).tables
    in_brief = {names[row.cells[0].text]: [money(cell.text) for cell in row.cells[1:]]
                for row in ways.rows[1:]}  # fmt: skip
    for code, (counted, found, back) in in_brief.items():
        assert (found, back) == wanted[code][1:3]
        assert counted == sum((each["amount"] for each in state.values()
                               if each["counted"] and each["direction"] == code), ZERO)  # fmt: skip

    owed: Counter[str] = Counter()
    for paragraph in Document(str(papers / "单位核对函.docx")).paragraphs:
        for code, words in ASKED.items():
            if hit := re.match(rf"{words} ([0-9,.]+) 元", paragraph.text):
                owed[code] += money(hit[1])  # type: ignore[assignment]
    assert {code: sums[1] - sums[2] for code, sums in wanted.items()
            if code in DEFINITE_DIRECTIONS and sums[1] - sums[2]} == dict(owed)  # fmt: skip
