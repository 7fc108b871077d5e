"""The heart of the self-inspection report: area by area, problem by problem.

Here: 整改事项 with what data say of them, then confirmed problems that no item names. Not here:
totals (see `inspection`), single exceptions (see `annexes`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.base.texts import DIRECTIONS, FAMILIES, say, spoken, yuan
from recon.output.split import once, split
from recon.report.blocks import Heading, Paragraph
from recon.report.figures import day, wan
from recon.report.items import problems_of, saved_by_item
from recon.report.standing import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from typing import Any

    from recon.report.blocks import Block
    from recon.report.standing import Standing

_MEASURES = 3


def problems(standing: Standing) -> Iterator[Block]:
    """Yield the second part: areas of items, then families with confirmed problems.

    Args:
        standing: The run and what the ledger says of it.

    Yields:
        Headings and paragraphs. What is not confirmed is no problem and stands in annex 1.
    """
    yield Heading(1, say(Text("问题及整改情况", "Problems and what was done about them")))
    items, saved = problems_of(standing.items), saved_by_item(standing)
    for area in items["area"].unique(maintain_order=True):
        yield Heading(2, say(Text(f"关于“{area}”方面", area)))
        for row in items.filter(pl.col("area") == area).iter_rows(named=True):
            yield Heading(3, say(_named(row["problem"])))
            yield Paragraph(_item(standing, row, saved[row["item_id"]]))
    named = {code for codes in items["codes"] for code in codes}
    findings = once(standing.of("finding")).filter(~pl.col("rule").is_in(list(named)))
    if items.is_empty() and findings.is_empty():
        yield Paragraph(say(Text("没有已确认的问题。", "No problem is confirmed.")))
    for family in (each for each in FAMILIES if each in set(findings["family"])):
        yield from _family(standing, family, findings.filter(pl.col("family") == family))
    yield from _gone(standing)


def _named(problem: str) -> Text:
    return Text(f"针对“{problem}”问题的整改。", f"{problem}: rectification")


def _family(standing: Standing, family: str, rows: pl.DataFrame) -> Iterator[Block]:
    name = FAMILIES[family]
    yield Heading(2, say(Text(f"关于{name.zh}方面", name.en.capitalize())))
    for rule in rows["rule"].unique(maintain_order=True):
        mine = rows.filter(pl.col("rule") == rule)
        yield Heading(3, say(_named(say(standing.title(rule)))))
        yield Paragraph(say(_found(mine)) + _measures(mine))


def _item(standing: Standing, row: dict[str, Any], saved: Decimal) -> str:
    """Write an item: what was done, in whose hands, what it brought, what data say of it."""
    parts = [_sentence(row["progress"] or row["measure"] or "")]
    if row["regulation"]:
        made = row["regulation"].strip("《》")
        parts.append(say(Text(f"制定完善了《{made}》。", f"Rule book made: {made}. ")))
    if saved:
        money = wan(saved)
        parts.append(say(Text(f"挽回资金{money.zh}。", f"{money.en} brought back. ")))
    if not row["is_done"]:
        parts.append(say(_under_way(row)))
    parts += [say(_checked(standing, code)) for code in row["codes"]]
    return "".join(parts)


def _under_way(row: dict[str, Any]) -> Text:
    who = "、".join(filter(None, (row["department"], row["owner"])))
    due = day(str(row["due_on"])) if row["due_on"] else ""
    until = f"，{due}前完成" if due else ""
    until_en = str(row["due_on"] or "")
    return Text(
        f"正在整改{f'（责任：{who}{until}）' if who or due else ''}。",
        f"Under way{f' ({who})' if who else ''}{f', due {until_en}' if until_en else ''}. ",
    )


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in "。.！；" else text + say(Text("。", ". "))


def _checked(standing: Standing, code: str) -> Text:
    """Say what the check of the data gives for a problem that somebody raised."""
    ran = {each["rule"]: each for each in standing.record["rules"]}.get(code)
    title = standing.title(code)
    if ran is None or ran["status"] not in ("exceptions", "clean"):
        return Text(
            f"数据核查“{title.zh}”：缺少资料，没有核查。", f"Data, {title.en}: not examined. "
        )
    examined = ran["rows_examined"]
    mine = standing.rows.filter(pl.col("rule") == code)
    findings, leads = (
        once(mine.filter(pl.col("standing") == each)) for each in ("finding", "lead")
    )
    if mine.is_empty():
        return Text(
            f"数据核查“{title.zh}”：核查{examined}项，全部相符。",
            f"Data, {title.en}: {examined} examined, all agree. ",
        )
    zh, en = [f"核查{examined}项"], [f"{examined} examined"]
    if findings.height:
        parties, sums = findings["party_name"].n_unique(), _sums(findings)
        zh.append(f"，已确认的涉及{parties}个单位（个人）{findings.height}条{sums.zh}")
        en.append(f", {findings.height} lines of {parties} parties confirmed{sums.en}")
    else:
        zh.append("，没有已确认的问题")
        en.append(", nothing confirmed")
    if leads.height:
        zh.append(f"，另有{leads.height}条线索待核实")
        en.append(f", {leads.height} leads to be verified")
    # Linked lines are no problem of their own, but their party is not without one.
    agree = examined - mine.filter(pl.col("standing") != "dismissed").height
    about = standing.rules.get(code)
    if agree > 0 and about is not None and tuple(about.about.grain) == ("party_id",):
        zh.append(f"，其余{agree}项没有发现问题")
        en.append(f", {agree} without a fault")
    return Text(f"数据核查“{title.zh}”：{''.join(zh)}。", f"Data, {title.en}: {''.join(en)}. ")


def _sums(findings: pl.DataFrame) -> Text:
    """Say what was found and what is left of it, direction by direction."""
    zh, en = [], []
    for row in split(findings).filter(pl.col("category") != "linked").iter_rows(named=True):
        if not row["found"]:
            continue
        name, left = DIRECTIONS[row["direction"]], row["found"] - row["recovered"]
        zh.append(f"，{name.zh}{yuan(row['found'])}元")
        en.append(f", {yuan(row['found'])} yuan {name.en}")
        if row["recovered"]:
            zh.append(f"（已办理{yuan(row['recovered'])}元，尚余{yuan(left)}元）")
            en.append(f" ({yuan(row['recovered'])} settled, {yuan(left)} left)")
    return Text("".join(zh), "".join(en))


def _found(rows: pl.DataFrame) -> Text:
    """Say a confirmed problem in the form that inspections use."""
    parties, closed = rows["party_name"].n_unique(), rows["closed_on"].count()
    sums = _sums(rows)
    zh = [f"经核查，涉及{parties}个单位（个人）{rows.height}条{sums.zh}"]
    en = [f"{rows.height} lines of {parties} parties{sums.en}"]
    unsure = rows.filter("unverified_policy").height
    if unsure:
        zh.append(f"；其中{unsure}条所用标准尚待与文件核对")
        en.append(f"; {unsure} rest on standards still to be compared")
    zh.append(f"；已销号{closed}条。" if closed else "。")
    en.append(f"; {closed} closed. " if closed else ". ")
    again = rows.filter(pl.col("repeat_years").is_not_null())
    if again.height:
        years = "、".join(sorted({y for each in again["repeat_years"] for y in each.split("、")}))
        zh.append(f"屡审屡犯：{again['party_name'].n_unique()}个单位在{years}年已有同类问题。")
        en.append(f"Repeated: {again['party_name'].n_unique()} parties were found out in {years}. ")
    return Text("".join(zh), "".join(en))


def _measures(rows: pl.DataFrame) -> str:
    """Say what reviewers decided to be done."""
    decided = (
        rows.filter(pl.col("measure").is_not_null())
        .select("measure", "office", "responsible", "due_on")
        .unique(maintain_order=True)
    )
    said = []
    for row in decided.head(_MEASURES).iter_rows(named=True):
        who = " ".join(filter(None, (row["office"], row["responsible"])))
        due = "" if not row["due_on"] else f"{day(str(row['due_on']))}前完成"
        behind = "，".join(filter(None, (who, due)))
        if spoken() == "en":
            behind = ", ".join(filter(None, (who, str(row["due_on"] or ""))))
        shown = f"（{behind}）" if behind else ""
        said.append(f"{row['measure'].rstrip('。')}{shown}")
    if not said:
        return ""
    return say(Text(f"整改措施：{'；'.join(said)}。", f"Measures: {'; '.join(said)}."))


def _gone(standing: Standing) -> Iterator[Block]:
    """Say what became of findings of the ledger that this run does not show any more."""
    if not standing.gone:
        return
    yield Heading(2, say(Text("以前问题回头看", "Earlier findings")))
    count = len(standing.gone)
    closed = sum(item.closed is not None for item in standing.gone)
    sums: dict[str, list[Decimal]] = {}
    for item in standing.gone:
        both = sums.setdefault(item.facts["direction"] or "", [ZERO, ZERO])
        both[0] += item.confirmed or ZERO
        both[1] += item.recovered
    zh = "".join(
        f"{DIRECTIONS[code].zh}{yuan(found)}元（已办理{yuan(back)}元），"
        for code, (found, back) in sums.items()
        if found
    )
    text = Text(
        f"台账中另有{count}条已确认问题在本次核查中没有再出现，{zh}已销号{closed}条，"
        "明细见整改台账。",
        f"{count} findings of the ledger do not show any more, {closed} of them closed; the "
        "register lists them.",
    )
    yield Paragraph(say(text))
