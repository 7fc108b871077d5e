"""Letters to the parties: one page each, with what is owed, its rows, the basis and whom to call.

Here: who gets a letter and what it says. Not here: how it is drawn (see `word`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import DEFINITE_DIRECTIONS, Text
from recon.base.texts import DIRECTIONS, say, yuan
from recon.report.blocks import Figures, PageBreak, Paragraph
from recon.report.standing import ZERO, once

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from typing import Any

    from recon.report.blocks import Block, Cell
    from recon.report.standing import Standing

#: Letters of one file; Word stays quick with that many pages.
_VOLUME = 300
_ROWS = 12
_REFERENCES = 4
#: A name no longer than this that no register knows is a person's, not a unit's.
_PERSON = 4


def volumes(standing: Standing) -> Iterator[tuple[Block, ...]]:
    """Yield files of letters, each of at most 300.

    Nobody gets a letter about a dismissed exception, about money that another exception counts, or
    about something without a direction; the own unit and persons get none.

    Args:
        standing: The run and what the ledger says of it.

    Yields:
        Blocks of one file; nothing when there is nobody to write to.
    """
    rows = _addressed(standing)
    parties = rows.partition_by("party_name", maintain_order=True)
    for start in range(0, len(parties), _VOLUME):
        blocks: list[Block] = []
        for mine in parties[start : start + _VOLUME]:
            blocks += [PageBreak()] if blocks else []
            blocks += _letter(standing, mine)
        yield tuple(blocks)


def _addressed(standing: Standing) -> pl.DataFrame:
    """Return the rows that letters are written about, by party."""
    name = pl.col("party_name")
    return (
        once(standing.rows)
        .filter(
            pl.col("direction").is_in(DEFINITE_DIRECTIONS)
            & pl.col("amount").is_not_null()
            & (pl.col("standing") != "dismissed")
            & pl.col("closed_on").is_null()
            & name.is_not_null()
            & ~name.str.contains("*", literal=True)
            & ~(pl.col("party_id").str.starts_with("N:") & (name.str.len_chars() <= _PERSON))
            & (name != standing.own_name)
        )
        .sort("party_name", "direction", "rule", "period", maintain_order=True, nulls_last=True)
    )


def _letter(standing: Standing, rows: pl.DataFrame) -> Iterator[Block]:
    record = standing.record
    party = rows["party_name"][0]
    title = Text("关于核对工会经费等往来事项的函", "Letter of reconciliation")
    yield Paragraph(say(title), "title")
    yield Paragraph(say(Text(f"{party}：", f"To: {party}")), "address")
    begins, ends, day = (record[key] for key in ("period_from", "period_to", "as_of"))
    is_all_found = (rows["standing"] == "finding").all()
    text = Text(
        f"我单位在对 {begins} 至 {ends} 资料的自查中（截止日 {day}），"
        "核对出与贵单位有关的下列事项。"
        + (
            "“应返还”由我单位办理；其余请贵单位按所列金额办理，并将凭证复印件送我单位。"
            if is_all_found
            else "其中标明“待核对”的尚未确认，不作为缴退款依据，请核对后书面答复并附凭证。"
        ),
        f"Our inspection of {begins} to {ends} (as of {day}) shows the following matters with you. "
        + (
            "What is to be given back we settle; settle the rest and send copies of the vouchers."
            if is_all_found
            else "What is marked 'to be compared' is not confirmed and no demand: compare it and "
            "answer in writing, with vouchers."
        ),
    )
    yield Paragraph(say(text))
    yield _items(standing, rows)
    if rows.height > _ROWS:
        left = rows.height - _ROWS
        more = Text(
            f"另有 {left} 条，金额已计入合计，明细见整改台账，可向我单位索取。",
            f"{left} more are in the total; the register lists them, ask us for it.",
        )
        yield Paragraph(say(more), "note")
    yield Paragraph(say(_sums(rows)))
    yield Paragraph(say(_basis(standing, rows)), "note")
    blank = "＿" * 8
    contact = Text(
        f"联系人：{blank}　电话：{blank}　请于收到之日起十五日内答复。",
        f"Contact: {blank} phone {blank}. Answer within fifteen days.",
    )
    yield Paragraph(say(contact))
    yield Paragraph(standing.own_name or say(Text("（单位盖章）", "(seal)")), "sign")
    yield Paragraph(say(Text("＿＿＿＿年＿＿月＿＿日", "Date: ＿＿＿＿＿＿")), "sign")


def _amount(row: dict[str, Any]) -> Decimal:
    """Return what is still owed: of a finding what is outstanding, of a lead its amount."""
    if row["standing"] == "finding" and row["confirmed_amount"] is not None:
        return row["confirmed_amount"] - row["recovered"]  # type: ignore[no-any-return]
    return row["amount"]  # type: ignore[no-any-return]


def _items(standing: Standing, rows: pl.DataFrame) -> Figures:
    cells: list[tuple[Cell, ...]] = []
    for number, row in enumerate(rows.head(_ROWS).iter_rows(named=True), start=1):
        state = (
            Text("已确认", "confirmed")
            if row["standing"] == "finding"
            else Text("待核对", "to be compared")
        )
        cells.append(
            (
                number,
                say(standing.title(row["rule"])),
                row["period"],
                say(DIRECTIONS[row["direction"]]),
                _amount(row),
                say(state),
                row["formula"] or "—",
            )
        )
    headers = (
        Text("序号", "no."), Text("事项", "matter"), Text("期间", "period"),
        Text("方向", "direction"), Text("金额（元）", "yuan"), Text("状态", "state"),
        Text("计算", "formula"),
    )  # fmt: skip
    return Figures(
        tuple(say(header) for header in headers),
        ("count", "text", "text", "text", "money", "text", "text"),
        (6, 24, 13, 11, 14, 10, 22),
        tuple(cells),
    )


def _sums(rows: pl.DataFrame) -> Text:
    """Say what is owed per direction; directions are never netted."""
    zh, en = [], []
    for direction in DEFINITE_DIRECTIONS:
        mine = rows.filter(pl.col("direction") == direction)
        if mine.is_empty():
            continue
        named = list(mine.iter_rows(named=True))
        sums = {
            state: sum((_amount(row) for row in named if row["standing"] == state), start=ZERO)
            for state in ("finding", "lead")
        }
        said = DIRECTIONS[direction]
        parts = [f"已确认 {yuan(sums['finding'])} 元"] if sums["finding"] else []
        parts += [f"待核对 {yuan(sums['lead'])} 元"] if sums["lead"] else []
        zh.append(f"{said.zh}：{'，'.join(parts) or '0.00 元'}")
        found = f"{yuan(sums['finding'])} confirmed"
        en.append(f"{said.en}: {found}, {yuan(sums['lead'])} to be compared")
    return Text(f"合计：{'；'.join(zh)}。", f"Total: {'; '.join(en)}.")


def _basis(standing: Standing, rows: pl.DataFrame) -> Text:
    """Cite the texts in force that somebody has read; else leave a blank for the office."""
    cited: dict[str, None] = {}
    for code, period in rows.select("rule", "period").unique(maintain_order=True).rows():
        cited |= dict.fromkeys(standing.basis(code, period or ""))
    listed = "；".join(list(cited)[:_REFERENCES]) or "＿" * 8
    unsure = bool(rows["unverified_policy"].any())
    zh = f"依据：{listed}。" + (
        "部分金额按未经核对的政策参数计算，以核对后的文件为准。" if unsure else ""
    )
    en = f"Basis: {listed}. " + (
        "Some amounts rest on parameters that are not confirmed." if unsure else ""
    )
    return Text(zh, en)
