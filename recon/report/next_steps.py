"""The end of the self-inspection report: what is still open, by whom and by when.

Not here: what was found (see `problems`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.base.texts import say, yuan
from recon.report.blocks import Figures, Heading, Paragraph
from recon.report.standing import ZERO, once, total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.report.blocks import Block
    from recon.report.standing import Standing

_MOST = 30


def next_steps(standing: Standing) -> Iterator[Block]:
    """Yield the third part: open findings with their dates, leads, parameters to be confirmed.

    Args:
        standing: The run and what the ledger says of it.

    Yields:
        A heading, paragraphs and tables.
    """
    yield Heading(1, say(Text("下一步计划", "Next steps")))
    yield from _open(standing)
    yield from _leads(standing)
    yield from _parameters(standing)


def _open(standing: Standing) -> Iterator[Block]:
    rows = standing.of("finding").filter(pl.col("closed_on").is_null())
    if rows.is_empty():
        return
    left = total(once(rows), "confirmed_amount") - total(once(rows), "recovered")
    text = Text(
        f"未销号问题 {rows.height} 条，尚未收回 {yuan(left)} 元，逐条督办、逐条销号：",
        f"{rows.height} findings are open, {yuan(left)} yuan outstanding:",
    )
    yield Paragraph(say(text))
    chosen = rows.sort("due_on", "exception_id", nulls_last=True).head(_MOST)
    cells = []
    for number, row in enumerate(chosen.iter_rows(named=True), start=1):
        amount = row["confirmed_amount"]
        due = row["due_on"]
        cells.append(
            (
                number,
                row["party_name"],
                say(standing.title(row["rule"])),
                None if amount is None else max(amount - row["recovered"], ZERO),
                " ".join(filter(None, (row["office"], row["responsible"]))),
                str(due) if due else say(Text("未定", "not set")),
            )
        )
    headers = (
        Text("序号", "no."), Text("单位", "party"), Text("问题", "problem"),
        Text("未收回（元）", "outstanding"), Text("责任部室/责任人", "responsible"),
        Text("整改时限", "due"),
    )  # fmt: skip
    yield Figures(
        tuple(say(header) for header in headers),
        ("count", "text", "text", "money", "text", "text"),
        (7, 28, 25, 14, 14, 12),
        tuple(cells),
    )
    if rows.height > _MOST:
        yield Paragraph(
            say(
                Text(
                    f"仅列前 {_MOST} 条，全部见整改台账。",
                    f"The first {_MOST} only; the register lists all.",
                )
            ),
            "note",
        )


def _leads(standing: Standing) -> Iterator[Block]:
    leads = standing.of("lead")
    if leads.is_empty():
        return
    text = Text(
        f"待核实线索 {leads.height} 条：先排除工作簿“可能的合理解释”，再核对来源行，"
        "填写结论后导入台账。"
        "确认前不下结论、不通报。",
        f"{leads.height} leads are to be verified: rule out the legitimate explanations, compare "
        "the source rows, fill the decision and import it. Nothing is concluded before that.",
    )
    yield Paragraph(say(text), "item")


def _parameters(standing: Standing) -> Iterator[Block]:
    unsure = [each for each in standing.record["policy"] if not each["is_verified"]]
    if not unsure:
        return
    amount = total(once(standing.rows.filter("counted", "unverified_policy")), "amount")
    text = Text(
        f"下列政策参数还没有人与文件原文核对，涉及例外金额 {yuan(amount)} 元。"
        "核对后写入 recon.toml 的 [policy]，再运行一次：",
        f"Nobody has compared these parameters with their sources; exceptions of {yuan(amount)} "
        "yuan rest on them. Compare, write them under [policy] in recon.toml and run again:",
    )
    yield Paragraph(say(text), "item")
    headers = (
        Text("参数", "parameter"), Text("值", "value"), Text("起", "from"),
        Text("依据（待核）", "source (not verified)"), Text("例外数", "exceptions"),
    )  # fmt: skip
    yield Figures(
        tuple(say(header) for header in headers),
        ("text", "text", "text", "text", "count"),
        (24, 14, 13, 39, 10),
        tuple(
            (
                each["name"],
                _short(each["value"]),
                str(each["starts_on"]),
                each["reference"] or "—",
                int(Decimal(str(each["exceptions"]))),
            )
            for each in unsure
        ),
    )


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
