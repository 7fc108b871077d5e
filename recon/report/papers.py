"""Working papers (取证单): per finding the fact, the quoted source rows, room for an answer.

Here: what a paper says and how findings share papers where there are very many. Not here: reading
the source rows (see `recon.output.quoted`), how a paper is drawn (see `word`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.models import Text
from recon.base.texts import DIRECTIONS, say, spoken, yuan
from recon.output.quoted import in_words, quote_places
from recon.output.sheets import as_listed
from recon.output.split import fact
from recon.policy.parameters import value_words
from recon.report.blocks import PageBreak, Paragraph
from recon.report.figures import table
from recon.report.standing import ZERO
from recon.report.who import who

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recon.output.quoted import QuotedRow
    from recon.report.blocks import Block, Cell
    from recon.report.standing import Standing

#: Up to so many findings each has a paper of its own; beyond, one is about a unit and problem.
MOST_SINGLE = 200
#: Papers of one file, source rows quoted in one paper, lines of a finding listed in one.
_VOLUME, _QUOTED, _LINES = 200, 20, 60
_BLANK = "＿" * 7


def volumes(standing: Standing) -> Iterator[tuple[Block, ...]]:
    """Yield files of papers, each of at most 200; nothing where nothing is confirmed.

    Args:
        standing: The run and what the ledger says of it.
    """
    rows = standing.of("finding").sort(
        "party_name", "rule", "direction", "period", maintain_order=True, nulls_last=True
    )
    key = ["exception_id"] if rows.height <= MOST_SINGLE else ["party_id", "rule", "direction"]
    groups = rows.partition_by(key, maintain_order=True)
    for start in range(0, len(groups), _VOLUME):
        some = groups[start : start + _VOLUME]
        places = [place for group in some for _, place in _places(group)]
        quoted = quote_places(standing.run, places, standing.data_dir)
        blocks: list[Block] = []
        for group in some:
            blocks += [PageBreak()] if blocks else []
            blocks += _paper(standing, group, quoted)
        yield tuple(blocks)


def shares_papers(standing: Standing) -> bool:
    """Whether there are so many findings that those of a unit and problem share a paper."""
    return standing.of("finding").height > MOST_SINGLE


def _places(rows: pl.DataFrame) -> list[tuple[int, str]]:
    """Return the source rows to quote, each with the number of its finding; every one gets some."""
    each = max(1, _QUOTED // rows.height)
    listed = [
        (number, place)
        for number, evidence in enumerate(rows["evidence"].to_list(), start=1)
        for place in (evidence or [])[:each]
    ]
    return listed[:_QUOTED]


def _paper(
    standing: Standing, rows: pl.DataFrame, quoted: Mapping[str, QuotedRow]
) -> Iterator[Block]:
    first = rows.row(0, named=True)
    year = standing.record["period_to"][:4]
    yield Paragraph(say(Text("核查取证单", "Working paper")), "title")
    # Of the exception, not of its place: a later paper must not renumber one that is signed.
    number = min(rows["exception_id"])[:8]
    head = Text(f"编号：{year}－{number}　　单位：元", f"No. {year}-{number} (yuan)")
    yield Paragraph(say(head), "subtitle")
    yield _about(standing, rows, first)
    yield _part("一、事实和计算", "Facts and figures")
    yield _facts(standing, rows)
    if rows.height > _LINES:
        more = Text(
            f"共{rows.height}条，只列前{_LINES}条，其余见整改台账。",
            f"{rows.height} lines, the first {_LINES} shown; see the register.",
        )
        yield Paragraph(say(more), "note")
    yield _part("二、来源行（资料原文，个人信息已遮盖）" if standing.is_masked
                else "二、来源行（资料原文）", "Source rows as the files have them")  # fmt: skip
    yield from _sources(rows, quoted)
    yield _part("三、被核查单位意见", "Answer of the unit")
    for zh, en in (
        ("对以上事实和数字：□无异议　□有异议，说明如下：", "□ agreed  □ disagreed, because:"),
        ("＿" * 32, "＿" * 32),
        (f"单位负责人（签字）：{_BLANK}（盖章）　　＿＿年＿＿月＿＿日",
         f"Head of the unit: {_BLANK} (seal) date ＿＿＿＿"),
        (f"取证人：{_BLANK}　复核人：{_BLANK}　＿＿年＿＿月＿＿日",
         f"Taken by: {_BLANK} reviewed by: {_BLANK} date ＿＿＿＿"),
    ):  # fmt: skip
        yield Paragraph(say(Text(zh, en)), "address")


def _part(zh: str, en: str) -> Paragraph:
    return Paragraph(say(Text(zh, en)), "part")


def _about(standing: Standing, rows: pl.DataFrame, first: dict[str, Any]) -> Block:
    ids = "、".join(rows["exception_id"].head(3)) + ("……" if rows.height > 3 else "")
    values = _standards(standing, rows)
    note = say(Text("（有的标准尚待核对依据）", " (some not yet confirmed)"))
    lines = (
        (Text("被核查单位（个人）", "unit"), first["party_name"] or _BLANK),
        (Text("事项", "matter"), say(standing.title(first["rule"]))),
        (Text("方向", "direction"), say(DIRECTIONS[first["direction"]])),
        (Text("问题编号", "ids"), ids),
        (Text("依据", "basis"), standing.cited(rows) or _BLANK),
        (Text("所用标准", "standards"), "；".join(values)
         + (note if rows["unverified_policy"].any() else "")),
    )  # fmt: skip
    cells: list[tuple[Cell, ...]] = [(say(name), text) for name, text in lines if text]
    return table(((Text("项目", "item"), "text", 20), (Text("内容", "content"), "text", 80)), cells)


def _standards(standing: Standing, rows: pl.DataFrame) -> Iterator[str]:
    """Yield the policy values behind rows; bounds of matching and tolerances are no standards."""
    used = set(rows["policy"].explode())
    for one in standing.record["policy"]:
        if one.get("kind") != "tool" and one["value"] and as_listed(one) in used:
            title = one.get("title") or one["name"]
            name, value = (
                Text(title, one.get("title_en") or title),
                value_words(one["name"], one["value"]),
            )
            since = Text(f"（{one['starts_on']} 起）", f" (from {one['starts_on']})")
            yield f"{say(name)}：{say(value)}{say(since)}"


def _facts(standing: Standing, rows: pl.DataFrame) -> Block:
    texts = "message" if spoken() == "zh" else "message_en"
    cells: list[tuple[Cell, ...]] = []
    shown = standing.with_told(rows.head(_LINES)).with_columns(fact(texts, pl.col("told")))
    for number, row in enumerate(shown.iter_rows(named=True), start=1):
        less = (row["amount"] or ZERO) - (row["found"] or ZERO)
        why = f"（核减{yuan(less)}：{row['reason'] or ''}）" if less > 0 else ""
        linked = say(Text("（同一笔钱已在别条计入）", " (counted elsewhere)"))
        cells.append(
            (
                number,
                _about_whom(row),
                (row[texts] or "") + (linked if row["linked_to"] else "") + why,
                row["formula"] or "",
                row["amount"],
                row["found"],
            )
        )
    return table(
        (
            (Text("序号", "no."), "count", 6), (Text("对象和期间", "about"), "text", 20),
            (Text("事实", "fact"), "text", 33), (Text("计算", "formula"), "formula", 17),
            (Text("查出金额", "amount"), "money", 12), (Text("认定金额", "found"), "money", 12),
        ),
        cells,
    )  # fmt: skip


def _about_whom(row: dict[str, Any]) -> str:
    """Name person, card, class or period; where there is no such thing, the unit."""
    return who({**row, "message": "", "message_en": ""}) or row["party_name"] or ""


def _sources(rows: pl.DataFrame, quoted: Mapping[str, QuotedRow]) -> Iterator[Block]:
    listed = _places(rows)
    cells: list[tuple[Cell, ...]] = [
        (number, place, in_words(quoted[place], spoken())) for number, place in listed
    ]
    yield table(
        (
            (Text("事实序号", "fact"), "count", 8), (Text("文件、表、行", "place"), "text", 27),
            (Text("原文", "cells"), "text", 65),
        ),
        cells,
    )  # fmt: skip
    left = rows["evidence"].list.len().sum() - len(listed)
    if left:
        more = Text(
            f"另有{left}行未引，位置见例外清单的“证据”列。",
            f"{left} more rows are not quoted; the list of exceptions names their places.",
        )
        yield Paragraph(say(more), "note")
