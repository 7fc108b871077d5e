"""The four annexes of the self-inspection report, for the file: lists, parameters, control totals.

Here: what an auditor follows up. Not here: the body (see `inspection`).
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.models import Text
from recon.base.texts import DIRECTIONS, FAMILIES, STATUSES, say, spoken
from recon.output.split import addition, once, split
from recon.policy.packs import cited
from recon.policy.parameters import load_policy, value_words
from recon.report.blocks import PageBreak, Paragraph
from recon.report.figures import table
from recon.report.items import problems_of, saved_by_item
from recon.report.standing import ZERO
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.report.blocks import Block, Cell
    from recon.report.standing import Standing

RAN = ("exceptions", "clean")
_NAMES = (
    Text("附件1　问题清单", "Annex 1: problems"),
    Text("附件2　未执行事项", "Annex 2: what was not examined"),
    Text("附件3　参数与依据", "Annex 3: parameters and their sources"),
    Text("附件4　数据与控制总数", "Annex 4: data and control totals"),
)


def annexes(standing: Standing) -> Iterator[Block]:
    """Yield the annexes, each on a page of its own.

    Args:
        standing: The run and what the ledger says of it.
    """
    for name, part in zip(_NAMES, (_problems, _not_run, _parameters, _control), strict=True):
        yield PageBreak()
        yield Paragraph(say(name), "annex")
        yield from part(standing)


def _note(zh: str, en: str) -> Paragraph:
    return Paragraph(say(Text(zh, en)), "note")


def _problems(standing: Standing) -> Iterator[Block]:
    items = problems_of(standing.items)
    if items.height:
        yield _note("一、整改事项", "Items raised")
        yield _item_table(standing, items)
    findings = standing.of("finding")
    if findings.height:
        yield _note("二、数据核查已确认的问题（元）", "Confirmed by data (yuan)")
        yield _finding_table(standing, findings)
    leads = standing.of("lead")
    if leads.height:
        yield _note(
            "三、待核实线索（元；核实前不是问题，不计入以上各数）", "Leads, no findings (yuan)"
        )
        yield _lead_table(standing, leads)


def _item_table(standing: Standing, items: pl.DataFrame) -> Block:
    saved = saved_by_item(standing)
    cells: list[tuple[Cell, ...]] = [
        (
            row["item_no"],
            row["area"],
            row["problem"],
            "、".join(filter(None, (row["department"], row["owner"]))),
            str(row["due_on"] or ""),
            saved[row["item_id"]] or None,
            _state(row),
            row["item_id"][:8],
        )
        for row in items.iter_rows(named=True)
    ]
    return table(
        (
            (Text("编号", "no."), "text", 8), (Text("方面", "area"), "text", 18),
            (Text("问题", "problem"), "text", 28), (Text("责任", "responsible"), "text", 14),
            (Text("时限", "due"), "text", 11), (Text("挽回资金（元）", "saved"), "money", 12),
            (Text("状态", "state"), "text", 12), (Text("销号用编号", "id"), "text", 11),
        ),
        cells,
    )  # fmt: skip


def _state(row: dict[str, Any]) -> str:
    if row["closed_on"]:
        return say(Text(f"已销号 {row['closed_on']}", f"closed {row['closed_on']}"))
    return row["state"] or say(Text("未完成", "open"))


def _finding_table(standing: Standing, findings: pl.DataFrame) -> Block:
    closed = (
        once(findings)
        .group_by("rule", "party_name", "direction")
        .agg(closed=pl.col("closed_on").count(), due_on=pl.col("due_on").min())
    )
    summed = split(findings, ("rule", "party_name", "direction")).filter(
        pl.col("category") != "linked"
    )
    rows = summed.join(closed, on=["rule", "party_name", "direction"], nulls_equal=True)
    rows = rows.sort("found", descending=True, maintain_order=True)
    cells: list[tuple[Cell, ...]] = [
        (
            number,
            say(standing.title(row["rule"])),
            row["party_name"],
            row["exceptions"],
            say(DIRECTIONS[row["direction"]]),
            row["found"] or None,
            row["recovered"] or None,
            str(row["due_on"] or ""),
            f"{row['closed']}/{row['exceptions']}",
        )
        for number, row in enumerate(rows.iter_rows(named=True), start=1)
    ]
    return table(
        (
            (Text("序号", "no."), "count", 7), (Text("问题", "problem"), "text", 20),
            (Text("单位", "party"), "text", 24), (Text("条数", "lines"), "count", 7),
            (Text("方向", "direction"), "text", 10), (Text("认定金额", "found"), "money", 14),
            (Text("已办理", "settled"), "money", 13), (Text("时限", "due"), "text", 12),
            (Text("销号", "closed"), "text", 8),
        ),
        cells,
    )  # fmt: skip


def _lead_table(standing: Standing, leads: pl.DataFrame) -> Block:
    counted = leads.group_by("rule", "direction").agg(units=pl.col("party_name").n_unique())
    summed = split(leads, ("rule", "direction")).filter(pl.col("category") != "linked")
    rows = summed.join(counted, on=["rule", "direction"]).sort(
        "amount", descending=True, maintain_order=True
    )
    cells: list[tuple[Cell, ...]] = [
        (
            say(FAMILIES[row["rule"].split("-")[0]])
            if row["rule"].split("-")[0] in FAMILIES
            else "",
            say(standing.title(row["rule"])),
            row["units"],
            row["exceptions"],
            say(DIRECTIONS[row["direction"]]),
            row["amount"] or None,
        )
        for row in rows.iter_rows(named=True)
    ]
    linked = leads.height - sum(row["exceptions"] for row in rows.iter_rows(named=True))
    if linked:
        name = Text("关联（同一笔钱，已在别条计入）", "linked (counted elsewhere)")
        cells.append(("", say(name), None, linked, "", None))
    return table(
        (
            (Text("方面", "area"), "text", 16), (Text("线索", "lead"), "text", 34),
            (Text("单位", "parties"), "count", 10), (Text("条数", "lines"), "count", 10),
            (Text("方向", "direction"), "text", 14), (Text("金额", "amount"), "money", 18),
        ),
        cells,
    )  # fmt: skip


def _not_run(standing: Standing) -> Iterator[Block]:
    """Group what did not run by its reason, the one that would allow most checks first."""
    left = [each for each in standing.record["rules"] if each["status"] not in RAN]
    yield _note(
        f"没有执行的核查{len(left)}项。没有执行不等于没有问题；按可多查的项数排列。",
        f"{len(left)} checks did not run, which is no pass.",
    )
    groups: dict[tuple[str, str], list[str]] = {}
    for each in left:
        why = say(Text(each["reason"] or "", each["reason_en"] or ""))
        title = say(standing.title(each["rule"]))
        groups.setdefault((why, each["status"]), []).append(title)
    rows = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    cells: list[tuple[Cell, ...]] = [
        (why or say(STATUSES[status]), len(titles), "、".join(titles))
        for (why, status), titles in rows
    ]
    if cells:
        yield table(
            (
                (Text("原因（缺什么）", "what is missing"), "text", 40),
                (Text("可多查", "checks"), "count", 9), (Text("核查事项", "checks"), "text", 51),
            ),
            cells,
        )  # fmt: skip


def _parameters(standing: Standing) -> Iterator[Block]:
    """List the values used by their Chinese names; settings of the tool stand apart."""
    used = standing.record["policy"]
    known = load_policy().by_name
    for kind, zh, en in (
        ("policy", "一、政策标准（决定金额或期限）", "Policy values"),
        ("tool", "二、工具设置（容差、匹配范围等，只影响列不列为线索）", "Settings of the tool"),
    ):
        mine = [each for each in used if each.get("kind", "policy") == kind]
        if not mine:
            continue
        yield _note(zh, en)
        cells: list[tuple[Cell, ...]] = []
        for each in mine:
            about = known.get(each["name"])
            name = say(about.description) if about else each["name"]
            checked = Text("已核对", "confirmed") if each["is_verified"] else Text("待核", "open")
            cells.append(
                (
                    name,
                    _short(say(value_words(each["name"], each["value"]))),
                    str(each["starts_on"]),
                    cited(each["reference"] or "—"),
                    say(checked) if kind == "policy" else "—",
                    int(Decimal(str(each["exceptions"]))),
                )
            )
        yield table(
            (
                (Text("标准", "parameter"), "text", 32), (Text("值", "value"), "text", 12),
                (Text("起", "from"), "text", 12), (Text("依据", "source"), "text", 28),
                (Text("核对", "checked"), "text", 8), (Text("涉及条数", "lines"), "count", 8),
            ),
            cells,
        )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


def _control(standing: Standing) -> Iterator[Block]:
    record = standing.record
    yield Paragraph(addition(standing.rows, spoken()), "note")
    control = json.loads((standing.run / "control.json").read_text(encoding="utf-8"))
    sums: dict[str, list[int]] = {}
    for file in control["files"]:
        for sheet in file["sheets"]:
            counts = sums.setdefault(sheet.get("table") or "", [0] * 5)
            for place, kind in enumerate(_KINDS):
                counts[place] += sheet["rows"].get(kind, 0)
    cells: list[tuple[Cell, ...]] = [
        (_table_name(name), *counts) for name, counts in sorted(sums.items(), reverse=True)
    ]
    totals = [sum(counts[place] for counts in sums.values()) for place in range(5)]
    cells.append((say(Text("合计", "total")), *totals))
    heads = (
        Text("读入", "read"), Text("接收", "accepted"), Text("剔除", "set aside"),
        Text("跳过", "passed over"), Text("重复", "repeated"),
    )  # fmt: skip
    yield table(
        ((Text("数据表（行数）", "table (rows)"), "text", 35), *((h, "count", 13) for h in heads)),
        cells,
        has_total=True,
    )
    yield from _reconciled(control.get("reconciliations", []))
    head, chain, chain_en = standing.ledger, "", ""
    if head.events:
        chain = f"　台账有 {head.events} 条记录，校验值 {head.head[:16]}"
        chain_en = f" · ledger of {head.events} events, head {head.head[:16]}"
    version = record.get("tool_version", "")
    yield _note(
        f"运行编号 {standing.mark}　版本 {version}　截止日 {record['as_of']}{chain}",
        f"run {standing.mark} · version {version} · as of {record['as_of']}{chain_en}",
    )


_KINDS = ("read", "accepted", "rejected", "skipped", "repeated")


def _table_name(name: str) -> str:
    if name not in specs():
        return say(Text("没有认出的表", "not recognised"))
    return specs()[name].zh if spoken() == "zh" else name


def _reconciled(found: list[dict[str, Any]]) -> Iterator[Block]:
    """Show both sides of each pairing: matched and not, to the fen."""
    if not found:
        return
    yield _note("对账（元）：每边合计＝已匹配＋未匹配", "Pairings (yuan): side = matched + not")
    cells: list[tuple[Cell, ...]] = [
        (
            f"{each['title']}：{each[f'{side}_label']}" if spoken() == "zh" else each["name"],
            *(
                Decimal(each[f"{side}_{part}"]).quantize(ZERO)
                for part in ("total", "matched", "unmatched")
            ),
        )
        for each in found
        for side in "ab"
    ]
    yield table(
        (
            (Text("对账", "pairing"), "text", 40), (Text("合计", "total"), "money", 20),
            (Text("已匹配", "matched"), "money", 20), (Text("未匹配", "not"), "money", 20),
        ),
        cells,
    )  # fmt: skip
