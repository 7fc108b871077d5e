"""Letters to the parties: what was found and is still due, or questions about leads.

Here: who gets a letter and what it says. Not here: how it is drawn (see `word`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from recon.base.models import DEFINITE_DIRECTIONS, Text
from recon.base.texts import say, spoken, yuan
from recon.output.split import found_amount, once
from recon.report.blocks import Figures, PageBreak, Paragraph
from recon.report.figures import table
from recon.report.standing import total
from recon.report.who import who

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from recon.report.blocks import Block, Cell
    from recon.report.standing import Standing

#: Letters of one file; Word stays quick with that many pages.
_VOLUME = 300
#: A name no longer than this that no register knows is a person's, not a unit's.
_PERSON = 4
#: What a direction asks, said to the addressee.
_ASKED: dict[str, Text] = {
    "pay_in": Text("请贵单位补缴", "please pay in"),
    "recover": Text("请贵单位退回", "please return"),
    "give_back": Text("我会应拨付贵单位工会", "we shall pay to your union"),
    "clear_out": Text("我会应退还贵单位", "we shall refund to you"),
    "remit_up": Text("我会应上解", "we shall remit upward"),
    "write_off": Text("请贵单位转回并办理核销", "please transfer back and write off"),
}
_BLANK = "＿" * 8
Kind = Literal["finding", "lead"]


def volumes(standing: Standing, kind: Kind = "finding") -> Iterator[tuple[Block, ...]]:
    """Yield files of letters, each of at most 300.

    Nobody gets a letter about a dismissed or closed exception, about money that another exception
    counts, or about something without a definite direction; the own unit and persons get none.

    Args:
        standing: The run and what the ledger says of it.
        kind: "finding" for what reviewers confirmed and is still due, "lead" for questions
            (询证函) about what nobody has confirmed.

    Yields:
        Blocks of one file; nothing when there is nobody to write to.
    """
    rows = _due(standing, kind).filter(_is_addressed(standing))
    rows = rows.sort(
        "party_name", "direction", "rule", "period", maintain_order=True, nulls_last=True
    )
    parties = rows.partition_by("party_name", maintain_order=True)
    for start in range(0, len(parties), _VOLUME):
        blocks: list[Block] = []
        for mine in parties[start : start + _VOLUME]:
            blocks += [PageBreak()] if blocks else []
            blocks += _demand(standing, mine) if kind == "finding" else _question(standing, mine)
        yield tuple(blocks)


def addressees(standing: Standing, kind: Kind = "finding") -> pl.DataFrame:
    """Return who gets a letter.

    Returns:
        Shape: party_name, count (matters), left (asked in all directions, to sort by); the largest
        first. Units: yuan.
    """
    return (
        _due(standing, kind)
        .filter(_is_addressed(standing))
        .group_by("party_name", maintain_order=True)
        .agg(pl.len().alias("count"), pl.col("left").sum())
        .sort("left", descending=True, maintain_order=True)
    )


def without_letter(standing: Standing) -> int:
    """Count findings still due that no letter is about: of persons, or of the own unit."""
    return _due(standing, "finding").filter(~_is_addressed(standing)).height


def _due(standing: Standing, kind: Kind) -> pl.DataFrame:
    """Return open rows of a definite direction, what was taken off (`less`) and is `left`."""
    found = found_amount()
    left = found - pl.col("recovered") if kind == "finding" else pl.col("amount")
    less = pl.col("amount") - found
    return (
        once(standing.of(kind))
        .with_columns(left=left, less=less)
        .filter(
            pl.col("direction").is_in(DEFINITE_DIRECTIONS)
            & (pl.col("left") > 0)
            & pl.col("closed_on").is_null()
        )
    )


def _is_addressed(standing: Standing) -> pl.Expr:
    name = pl.col("party_name")
    is_addressed = (
        name.is_not_null()
        & ~name.str.contains("*", literal=True)
        & ~(pl.col("party_id").str.starts_with("N:") & (name.str.len_chars() <= _PERSON))
        & (name != standing.own_name)
    )
    return is_addressed.fill_null(value=False)


def _demand(standing: Standing, rows: pl.DataFrame) -> Iterator[Block]:
    """Write what was confirmed: original, reduction, recovered, still due, by direction."""
    yield from _head(
        rows, Text("关于办理工会经费等往来事项的函", "Letter on matters to be settled")
    )
    begins, ends, day = _days(standing)
    text = Text(
        f"我会对 {begins} 至 {ends} 的工会经费等往来进行了核查（算到 {day}），"
        "下列事项已经核实。属贵单位办理的，请办理后将凭证复印件送我会；属我会办理的，由我会办理。",
        f"We examined {begins} to {ends} (as of {day}); the matters below are confirmed. Settle "
        "what is yours and send copies of the vouchers; we settle what is ours.",
    )
    yield Paragraph(say(text))
    for direction in DEFINITE_DIRECTIONS:
        mine = rows.filter(pl.col("direction") == direction)
        if mine.height:
            yield Paragraph(f"{say(_ASKED[direction])}{_sum(mine)}")
            yield _found(standing, mine)
    if _has_both_ways(rows):
        both = Text(
            "上列事项有的涉及同一笔款而方向相反，分别办理，不相互抵减。",
            "Some matters above are on one payment in opposite directions; neither is set off.",
        )
        yield Paragraph(say(both), "note")
    if rows["unverified_policy"].any():
        note = Text(
            "标※的，计算所用标准尚待与文件原文核对，金额以核对结果为准。",
            "※: the standard used is still to be compared with its document.",
        )
        yield Paragraph(say(note), "note")
    yield Paragraph(say(_basis(standing, rows)), "note")
    yield from _foot(standing, Text("对上述事项有异议的，请", "If you disagree, answer"))


def _has_both_ways(rows: pl.DataFrame) -> bool:
    """Tell whether two matters of one letter claim opposite ways on one payment."""
    named = "|".join(rows["exception_id"])
    others = rows["detail"].str.json_path_match("$.opposite")
    return bool(others.str.contains(named).any())


def _question(standing: Standing, rows: pl.DataFrame) -> Iterator[Block]:
    """Ask about leads: nothing is demanded and nothing is admitted."""
    yield from _head(rows, Text("询　证　函", "Inquiry"))
    begins, ends, day = _days(standing)
    text = Text(
        f"我会正在核对 {begins} 至 {ends} 的工会经费等往来（算到 {day}），"
        "请贵单位协助核实下列事项。"
        "本函只用于核对，所列数字是我会现有资料的记载，尚未核实；"
        "不是催缴或退款通知，也不表示我会承认或者放弃任何款项。",
        f"We are comparing {begins} to {ends} (as of {day}) and ask for your help. The figures are "
        "what our papers show and are not verified; this letter demands, admits and waives "
        "nothing.",
    )
    yield Paragraph(say(text))
    cells: list[tuple[Cell, ...]] = [
        (number, say(_asked(standing, row)), row["amount"], row["formula"] or "", "")
        for number, row in enumerate(rows.iter_rows(named=True), start=1)
    ]
    yield table(
        (
            (Text("序号", "no."), "count", 6), (Text("核对事项", "matter"), "text", 36),
            (Text("资料所载差额（元）", "difference shown (yuan)"), "money", 14),
            (Text("计算", "formula"), "formula", 20),
            (Text("贵单位核对结果（相符／不符及说明）", "your answer"), "text", 24),
        ),
        cells,
    )  # fmt: skip
    yield Paragraph(
        say(
            Text(
                "贵单位意见（盖章）：＿＿＿＿＿＿＿＿　＿＿年＿＿月＿＿日",
                "Answer (seal): ＿＿＿＿",
            )
        )
    )
    yield from _foot(standing, Text("请", "Answer"))


def _head(rows: pl.DataFrame, title: Text) -> Iterator[Block]:
    party = rows["party_name"][0]
    yield Paragraph(say(title), "title")
    yield Paragraph(say(Text(f"{party}：", f"To: {party}")), "address")


def _foot(standing: Standing, ask: Text) -> Iterator[Block]:
    yield Paragraph(
        say(Text(f"{ask.zh}于收到之日起十五日内书面答复。", f"{ask.en} within fifteen days."))
    )
    contact = Text(f"联系人：{_BLANK}　电话：{_BLANK}", f"Contact: {_BLANK} phone {_BLANK}")
    yield Paragraph(say(contact))
    yield Paragraph(standing.own_name or say(Text("（单位盖章）", "(seal)")), "sign")
    yield Paragraph(say(Text("＿＿＿＿年＿＿月＿＿日", "Date: ＿＿＿＿＿＿")), "sign")


def _days(standing: Standing) -> tuple[str, ...]:
    days = (standing.record[key] for key in ("period_from", "period_to", "as_of"))
    if spoken() == "en":
        return tuple(days)
    return tuple("{}年{}月{}日".format(*map(int, day.split("-"))) for day in days)


def _matter(standing: Standing, row: dict[str, Any]) -> str:
    """Name the matter and who or what it is about."""
    return f"{say(standing.title(row['rule']))}：{who(row)}"


def _asked(standing: Standing, row: dict[str, Any]) -> Text:
    """Ask whether a matter is so: nobody has confirmed what a lead's title says."""
    matter = _matter(standing, row)
    return Text(f"请核对是否存在：{matter}", f"please check whether: {matter}")


def _found(standing: Standing, rows: pl.DataFrame) -> Figures:
    cells: list[tuple[Cell, ...]] = []
    for number, row in enumerate(rows.iter_rows(named=True), start=1):
        less = row["less"]
        reason = row["reason"] or say(Text("理由见核实记录", "see the record"))
        mark = "※" if row["unverified_policy"] else ""
        cells.append(
            (
                number,
                _matter(standing, row) + mark,
                row["amount"],
                row["formula"] or "",
                f"{yuan(less)}（{reason}）" if less else "",
                row["recovered"] or None,
                row["left"],
            )
        )
    original, less, done, left = (
        total(rows, name) for name in ("amount", "less", "recovered", "left")
    )
    cells.append(
        (None, say(Text("合计", "total")), original, "", yuan(less) if less else "", done, left)
    )
    return table(
        (
            (Text("序号", "no."), "count", 6), (Text("事项", "matter"), "text", 29),
            (Text("原金额（元）", "original (yuan)"), "money", 13),
            (Text("计算", "formula"), "formula", 19),
            (Text("核减及理由", "reduction and reason"), "text", 17),
            (Text("已办理（元）", "settled"), "money", 12),
            (Text("尚欠（元）", "still due"), "money", 13),
        ),
        cells,
        has_total=True,
    )  # fmt: skip


def _sum(rows: pl.DataFrame) -> str:
    left = yuan(total(rows, "left"))
    return say(Text(f" {left} 元（{rows.height} 项）：", f" {left} yuan ({rows.height} matters):"))


def _basis(standing: Standing, rows: pl.DataFrame) -> Text:
    """Cite the texts in force that somebody has read; else leave a blank for the office."""
    listed = standing.cited(rows) or _BLANK
    return Text(f"依据：{listed}。", f"Basis: {listed}.")
