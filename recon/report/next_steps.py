"""The end of the report's body: what is still open, by whom and by when.

Not here: what was found (see `problems`), parameters (see `annexes`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.base.texts import DIRECTIONS, say, yuan
from recon.output.split import once, split
from recon.report.annexes import RAN
from recon.report.blocks import Heading, Paragraph
from recon.report.items import problems_of, texts_of
from recon.report.listed import PLAN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.report.blocks import Block
    from recon.report.standing import Standing


def next_steps(standing: Standing) -> Iterator[Block]:
    """Yield the third part: what 整改事项 say of it, then what is open, leads and missing papers.

    Args:
        standing: The run and what the ledger says of it.
    """
    yield Heading(1, say(Text("下一步计划", "Next steps")))
    for heading, text in texts_of(standing.items, PLAN):
        yield Heading(2, heading)
        yield Paragraph(text or "＿" * 20)
    for title, said in (
        (Text("继续抓好整改落实", "Carry on putting right"), _open(standing)),
        (Text("核实线索", "Verify leads"), _leads(standing)),
        (Text("补齐资料", "Complete the papers"), _missing(standing)),
    ):
        if said is not None:
            yield Heading(2, say(title))
            yield Paragraph(say(said))


def _open(standing: Standing) -> Text | None:
    rows = once(standing.of("finding")).filter(pl.col("closed_on").is_null())
    items = problems_of(standing.items).filter(~pl.col("is_done")).height
    if rows.is_empty() and not items:
        return None
    money = split(rows).rows(named=True)
    left = [(row["direction"], row["found"] - row["recovered"]) for row in money]
    zh = "，".join(f"{DIRECTIONS[code].zh}{yuan(sum_)}元" for code, sum_ in left if sum_)
    en = ", ".join(f"{yuan(sum_)} yuan {DIRECTIONS[code].en}" for code, sum_ in left if sum_)
    raised = f"需继续整改的事项{items}项；" if items else ""
    found = f"数据核查确认而未销号的{rows.height}条" if rows.height else ""
    owed = f"，尚未办理的：{zh}" if zh else ""
    return Text(
        f"{raised}{found}{owed}。逐项明确责任和时限，逐个督办、逐个销号，明细见附件1和整改台账。",
        f"{items} items and {rows.height} confirmed lines are open"
        f"{f', still due: {en}' if en else ''}; annex 1 and the register list them.",
    )


def _leads(standing: Standing) -> Text | None:
    count = once(standing.of("lead")).height
    if not count:
        return None
    return Text(
        f"数据核查还有{count}条线索没有核实。先排除合理情形，再核对原始资料，作出结论后处理；"
        "核实前不下结论、不通报。",
        f"{count} leads are to be verified: rule out legitimate reasons, compare the papers, "
        "decide. Nothing is concluded before that.",
    )


def _missing(standing: Standing) -> Text | None:
    count = sum(each["status"] not in RAN for each in standing.record["rules"])
    if not count:
        return None
    return Text(
        f"{count}项核查因缺少资料等原因没有进行，按附件2补齐资料后再次核查。",
        f"{count} checks did not run; supply what annex 2 names and examine again.",
    )
