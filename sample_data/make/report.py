"""Words about the county: planted.yaml and README.md.

Not here: what is planted (family modules) and the files' contents.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from sample_data.make import days
from sample_data.make.county import SELF_NAME

if TYPE_CHECKING:
    from sample_data.make.county import County, Planted
    from sample_data.make.layout import File

OPENING = Path(__file__).resolve().parent / "settings" / "README.opening.md"
KINDS = {"defect": "缺陷", "consequence": "连带", "look_alike": "正常但相似"}
DIRECTIONS = {
    "pay_in": "应补缴",
    "remit_up": "应上解",
    "give_back": "应返还",
    "recover": "应追缴",
    "clear_out": "应清退",
    "write_off": "应核销",
    "lapsed": "逾期未享受",
    "verify": "待核实",
    "": "",
}


def ordered(county: County) -> list[Planted]:
    """Return what was planted by rule, defects before consequences before look-alikes."""
    kinds = list(KINDS)
    return sorted(
        county.planted,
        key=lambda item: (
            item.rule.split("-")[0] not in FAMILIES,
            FAMILIES.index(item.rule.split("-")[0]),
            item.rule,
            kinds.index(item.kind),
        ),
    )


FAMILIES = ["REM", "SME", "PRE", "TRN", "FUEL", "AST", "LED", "ORG", "GOV", "RECT"]


def planted_yaml(county: County) -> str:
    """Return planted.yaml: one entry per planted thing, money as text."""
    entries = [
        {
            "rule": item.rule,
            "kind": item.kind,
            "party_name": item.party_name,
            "party_uscc": item.party_uscc,
            "period": item.period,
            "direction": item.direction,
            "amount": None if item.amount is None else f"{item.amount:.2f}",
            "why": item.why,
        }
        for item in ordered(county)
    ]
    head = (
        "# Made by `python -m sample_data.make`; do not edit.\n"
        "# defect: must be reported. consequence: reported because of another defect.\n"
        "# look_alike: must not be reported; the values are those of the careless exception.\n"
    )
    return head + yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=1000)


def readme(county: County, files: list[File]) -> str:
    """Return README.md: what the county is, its files with their quirks, and what was planted."""
    return (
        "\n".join(
            [
                *_opening(county),
                *_file_table(files),
                *_planted_table(county),
            ]
        )
        + "\n"
    )


def _opening(county: County) -> list[str]:
    text = OPENING.read_text(encoding="utf-8").format(
        name=SELF_NAME,
        payers=len(county.payers),
        tables=len(county.tables),
        rows=sum(len(rows) for rows in county.tables.values()),
        as_of=days.AS_OF,
    )
    return text.splitlines()


def _file_table(files: list[File]) -> list[str]:
    lines = ["", "## 文件", "", "| 文件 | 表 | 形式 |", "|---|---|---|"]
    shown: set[str] = set()
    for file in files:
        path = file.path
        if path.startswith("代收明细/"):
            path = "代收明细/工会经费代收明细_202402.xlsx … 202501（12个）"
        if path not in shown:
            lines.append(f"| {path} | {' '.join(f'`{t}`' for t in file.tables)} | {file.quirk} |")
        shown.add(path)
    return [*lines, ""]


def _planted_table(county: County) -> list[str]:
    lines = [
        "## 埋设的问题与相似情形",
        "",
        "“缺陷”必须报出；“连带”由别的缺陷引起；“正常但相似”不得报出。",
        "",
        "| 规则 | 类别 | 单位 | 期间 | 方向 | 金额 | 说明 |",
        "|---|---|---|---|---|---:|---|",
    ]
    lines += [
        f"| {item.rule} | {KINDS[item.kind]} | {item.party_name} | {item.period} "
        f"| {DIRECTIONS[item.direction]} | {'' if item.amount is None else f'{item.amount:.2f}'} "
        f"| {item.why} |"
        for item in ordered(county)
    ]
    return lines
