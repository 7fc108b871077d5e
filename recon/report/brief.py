"""The one-page brief for a leader: five largest, directions, trend, what to decide.

Here: the blocks. Not here: the facts (see `recon.output.brief`), which the page of a run shows too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recon.base.models import RuleOutcome, Text
from recon.base.texts import DIRECTIONS, say
from recon.output.brief import Brief, Seen, brief_of, last_record
from recon.report.blocks import Paragraph
from recon.report.figures import day, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.report.blocks import Block, Cell
    from recon.report.figures import Column
    from recon.report.standing import Standing


_NARROWED = Text(
    "本页只写选定的单位，不与上次全部单位的合计比较。",
    "This page is about chosen units only and is not compared with the last run's whole.",
)


def brief_page(standing: Standing) -> tuple[Block, ...]:
    """Return the brief in the spoken language; it fits one page of A4.

    Args:
        standing: The run and what the ledger says of it.
    """
    record = standing.record
    period = (record["period_from"], record["period_to"])
    outcomes = tuple(
        RuleOutcome(
            each["rule"],
            each["status"],
            title=standing.title(each["rule"]),
            lacks=tuple(each.get("lacks") or ()),
        )
        for each in record["rules"]
    )
    if standing.is_narrowed:
        before = None
    else:
        before = last_record(standing.run.parent, standing.states, period)
    brief = brief_of(Seen(standing.rows, standing.states, outcomes, record["as_of"], before))
    brief = replace(brief, trend=_NARROWED) if standing.is_narrowed else brief
    return tuple(_blocks(standing, brief))


def _blocks(standing: Standing, brief: Brief) -> Iterator[Block]:
    begins, ends, as_of = (standing.record[name] for name in ("period_from", "period_to", "as_of"))
    yield Paragraph(say(Text("核查情况一页纸", "Brief on one page")), "title")
    about = Text(
        f"{standing.own_name}　{day(begins)}至{day(ends)}，算到{day(as_of)}",
        f"{standing.own_name} {begins} to {ends}, as of {as_of}",
    )
    yield Paragraph(say(about).strip(), "subtitle")
    yield _title("一、金额最大的五项（元）", "The five largest (yuan)")
    yield (
        _largest(brief)
        if brief.largest
        else Paragraph(say(Text("没有未了结的金额。", "No money is open.")))
    )
    yield _title("二、各方向（元；方向之间不得相互抵减）", "By direction (yuan; never netted)")
    yield _ways(brief)
    yield Paragraph(say(brief.trend), "item")
    yield _title("三、需要决定的事", "What to decide")
    for number, text in enumerate(brief.decisions, start=1):
        yield Paragraph(f"{number}．{say(text)}", "item")
    if not brief.decisions:
        yield Paragraph(say(Text("没有。", "Nothing.")), "item")


def _title(zh: str, en: str) -> Paragraph:
    return Paragraph(say(Text(zh, en)), "part")


def _largest(brief: Brief) -> Block:
    joint = say(Text("、", ", "))
    cells: list[tuple[Cell, ...]] = [
        (
            each.party,
            say(DIRECTIONS[each.direction]),
            joint.join(map(say, each.problems)),
            each.lines,
            each.found or None,
            each.unseen or None,
        )
        for each in brief.largest
    ]
    return table(
        (
            (Text("单位", "unit"), "text", 25), (Text("方向", "direction"), "text", 10),
            (Text("事项", "matters"), "text", 27), (Text("条数", "lines"), "count", 8),
            (Text("已确认未办理", "confirmed, still due"), "money", 15),
            (Text("尚未复核", "not reviewed"), "money", 15),
        ),
        cells,
    )  # fmt: skip


def _ways(brief: Brief) -> Block:
    columns: list[Column] = [
        (Text("方向", "direction"), "text", 15), (Text("上次", "last run"), "money", 17),
        (Text("本次查出", "this run"), "money", 17), (Text("增减", "change"), "money", 17),
        (Text("其中已确认", "confirmed"), "money", 17), (Text("已办理", "settled"), "money", 17),
    ]  # fmt: skip
    cells: list[tuple[Cell, ...]] = [
        (
            say(DIRECTIONS[each.direction]),
            each.before,
            each.amount,
            None if each.before is None else each.amount - each.before,
            each.found or None,
            each.recovered or None,
        )
        for each in brief.ways
    ]
    if all(each.before is None for each in brief.ways):
        kept = (0, 2, 4, 5)
        columns = [columns[place] for place in kept]
        cells = [tuple(row[place] for place in kept) for row in cells]
    return table(tuple(columns), cells)
