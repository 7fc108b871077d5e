"""The heart of the self-inspection report: family by family, problem by problem.

Here: per rule the amounts, cases and measures. Not here: totals of all rules (see `inspection`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.base.texts import FAMILIES, say, spoken, yuan
from recon.report.blocks import Heading, Paragraph
from recon.report.figures import amounts_by_direction
from recon.report.standing import ZERO, once, total

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from recon.report.blocks import Block
    from recon.report.standing import Standing

_CASES = 3
_MEASURES = 5


def problems(standing: Standing) -> Iterator[Block]:
    """Yield the second part: each family is a section, each rule that found something a problem.

    Args:
        standing: The run and what the ledger says of it.

    Yields:
        Headings, paragraphs and tables; confirmed findings and open leads are never added up.
    """
    yield Heading(1, say(Text("问题及整改情况", "Problems and what was done about them")))
    if standing.rows.is_empty():
        yield Paragraph(say(Text("本次核查没有发现例外。", "No exception was found.")))
    present = standing.rows["family"].unique().to_list()
    order = list(FAMILIES)
    known = [family for family in order if family in present]
    for family in (*known, *sorted(set(present) - set(order))):
        name = FAMILIES.get(family)
        yield Heading(2, f"{say(name)}" if name else family)
        mine = standing.rows.filter(pl.col("family") == family)
        for rule in mine["rule"].unique(maintain_order=True):
            yield from _problem(standing, rule, mine.filter(pl.col("rule") == rule))
    yield from _gone(standing)


def _problem(standing: Standing, rule: str, rows: pl.DataFrame) -> Iterator[Block]:
    title = say(standing.title(rule))
    is_found = (rows["standing"] == "finding").any()
    heading = (
        Text(f"针对“{title}”问题的整改（{rule}）", f"{title} ({rule}): rectification")
        if is_found
        else Text(f"“{title}”线索（{rule}）", f"{title} ({rule}): leads")
    )
    yield Heading(3, say(heading))
    yield Paragraph(say(_in_words(rows)))
    if (rows["standing"] != "dismissed").any():
        yield amounts_by_direction(rows)
        yield from _cases(rows)
        yield from _measures(standing, rule, rows)


def _in_words(rows: pl.DataFrame) -> Text:
    """Say a problem in the form that inspections use."""
    by = {
        name: rows.filter(pl.col("standing") == name) for name in ("finding", "lead", "dismissed")
    }
    found, leads, gone = by["finding"], by["lead"], by["dismissed"]
    zh = [f"经核查，涉及 {rows['party_name'].n_unique()} 个单位（人员）、{rows.height} 条。"]
    en = [f"{rows.height} exceptions of {rows['party_name'].n_unique()} parties."]
    if found.height:
        confirmed = total(once(found), "confirmed_amount")
        unsure = total(once(found.filter("unverified_policy")), "confirmed_amount")
        back = total(once(found), "recovered")
        closed = found["closed_on"].count()
        zh.append(
            f"其中已确认问题 {found.height} 条，认定 {yuan(confirmed)} 元"
            f"（参数未确认的 {yuan(unsure)} 元）；已收回 {yuan(back)} 元，"
            f"尚未收回 {yuan(confirmed - back)} 元；已销号 {closed} 条。"
        )
        en.append(
            f"{found.height} confirmed: {yuan(confirmed)} yuan ({yuan(unsure)} on unconfirmed "
            f"parameters); {yuan(back)} recovered, {yuan(confirmed - back)} outstanding; "
            f"{closed} closed."
        )
    if leads.height:
        zh.append(f"待核实线索 {leads.height} 条，核实前不作为结论。")
        en.append(f"{leads.height} open leads, which are no finding until reviewed.")
    if gone.height:
        zh.append(f"复核不成立 {gone.height} 条。")
        en.append(f"{gone.height} dismissed.")
    again = rows.filter(pl.col("repeat_years").is_not_null())
    if again.height:
        years = "、".join(sorted({y for each in again["repeat_years"] for y in each.split("、")}))
        zh.append(f"屡审屡犯：{again['party_name'].n_unique()} 个单位在 {years} 年已有同类问题。")
        en.append(f"Repeated: {again['party_name'].n_unique()} parties were found out in {years}.")
    return Text("".join(zh), " ".join(en))


def _cases(rows: pl.DataFrame) -> Iterator[Block]:
    """Yield the weightiest cases: findings before leads, large amounts first."""
    rank = pl.col("standing").replace_strict(
        ["finding", "lead", "dismissed"], [0, 1, 2], return_dtype=pl.Int8
    )
    chosen = (
        rows.filter(pl.col("standing") != "dismissed")
        .sort(rank, pl.col("amount").fill_null(0), descending=[False, True], maintain_order=True)
        .head(_CASES)
    )
    for number, row in enumerate(chosen.iter_rows(named=True), start=1):
        yield Paragraph(say(_case(number, row)), "item")


def _case(number: int, row: dict[str, Any]) -> Text:
    places = row["evidence"]
    zh = [f"例{number}：", "" if row["standing"] == "finding" else "（疑似）", row["message"], "。"]
    en = [f"Case {number}: ", "" if row["standing"] == "finding" else "(lead) ", row["message_en"]]
    en.append(". ")
    if row["formula"]:
        zh.append(f"计算：{row['formula']}。")
        en.append(f"Formula: {row['formula']}. ")
    if places:
        more = len(places) - 1
        zh.append(f"来源：{places[0]}{f' 等 {more + 1} 处' if more else ''}。")
        en.append(f"Source: {places[0]}{f' and {more} more' if more else ''}. ")
    if row["standing"] == "finding":
        amount = row["confirmed_amount"]
        verdict = "" if amount is None else f" {yuan(amount)} 元"
        reason = f"，{row['reason']}" if row["reason"] else ""
        zh.append(f"复核：{row['verdict']}{verdict}{reason}。")
        en.append(f"Confirmed{'' if amount is None else f' {yuan(amount)} yuan'}. ")
    zh.append(f"（编号 {row['exception_id']}）")
    en.append(f"(id {row['exception_id']})")
    return Text("".join(zh).replace("。。", "。"), "".join(en).replace("..", "."))


def _measures(standing: Standing, rule: str, rows: pl.DataFrame) -> Iterator[Block]:
    """Say what was decided to be done; where nobody decided, what the rule advises."""
    decided = (
        rows.filter((pl.col("standing") == "finding") & pl.col("measure").is_not_null())
        .select("measure", "office", "responsible", "due_on")
        .unique(maintain_order=True)
    )
    for row in decided.head(_MEASURES).iter_rows(named=True):
        who = " ".join(filter(None, (row["office"], row["responsible"])))
        due = f"，{row['due_on']} 前完成" if row["due_on"] else ""
        due_en = f", by {row['due_on']}" if row["due_on"] else ""
        text = Text(
            f"整改措施：{row['measure']}{f'（{who}{due}）' if who or due else ''}。",
            f"Measure: {row['measure']}{f' ({who}{due_en})' if who or due else ''}.",
        )
        yield Paragraph(say(text), "item")
    about = standing.rules.get(rule)
    if decided.is_empty() and about is not None:
        advice = about.about.what_to_do.text
        folded = "".join(advice.zh.split()) if spoken() == "zh" else advice.zh
        text = Text(f"建议措施：{folded}", f"Advice: {' '.join(advice.en.split())}")
        yield Paragraph(say(text), "item")


def _gone(standing: Standing) -> Iterator[Block]:
    """Say what became of findings of the ledger that this run does not show any more."""
    if not standing.gone:
        return
    yield Heading(2, say(Text("以前问题回头看", "Earlier findings")))
    count = len(standing.gone)
    closed = sum(item.closed is not None for item in standing.gone)
    confirmed = sum((item.confirmed or ZERO for item in standing.gone), start=ZERO)
    back = sum((item.recovered for item in standing.gone), start=ZERO)
    text = Text(
        f"台账中另有 {count} 条已确认问题在本次结果中没有再出现，认定 {yuan(confirmed)} 元，"
        f"已收回 {yuan(back)} 元，已销号 {closed} 条，明细见整改台账。",
        f"{count} findings of the ledger do not show in this run: {yuan(confirmed)} yuan "
        f"confirmed, {yuan(back)} recovered, {closed} closed. The register lists them.",
    )
    yield Paragraph(say(text))
