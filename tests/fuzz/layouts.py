"""Tables as accountants lay them out, drawn at random, with what must be found in them.

A drawn sheet has rows of known vouchers and amounts among titles, blank lines, subtotals, repeated
headers and notes. Whatever the layout: every voucher is accepted or rejected, never both and never
lost, and an accepted amount is the one that was written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import strategies as st

from recon.base.models import RawSheet
from recon.intake.formats.letters import letter_of
from recon.intake.pipeline import join_sheets
from recon.intake.sheets.understanding import understand_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake

HEADERS: dict[str, tuple[str, ...]] = {
    "payer_name": ("缴费人名称", "纳税人名称", "单位 名称", "缴费单位"),
    "item": ("征收品目", "征收项目"),
    "period_from": ("费款所属期起", "税款所属期起"),
    "period_to": ("费款所属期止", "税款所属期止"),
    "paid": ("实缴金额", "实缴金额(元)", "入库金额", "实缴\n金额"),
    "treasury_on": ("入库日期",),
    "voucher_no": ("电子税票号码", "票证号码"),
}
#: Ways to write an amount of fen; each must come back as that amount or be set aside.
AMOUNTS: tuple[Callable[[Decimal], str], ...] = (
    lambda x: f"{x:.2f}",
    lambda x: f"{x:,.2f}",
    lambda x: f" {x:.2f}\t",
    lambda x: f"￥{x:,.2f}",
    lambda x: f"{x:.2f}元",
    lambda x: f"({-x:.2f})" if x < 0 else f"{x:.2f}",
    lambda x: f"{-x:.2f}-" if x < 0 else f"+{x:.2f}",
    lambda x: f"{x:.2f}".translate(str.maketrans("0123456789.-", "０１２３４５６７８９．－")),
    lambda x: f"{x / 10000:.6f}万元",
    lambda x: "#NAME?" if x == 7 else f"{x:.2f}",
)
DAYS = (
    "2024-03-05",
    "2024/3/5",
    "2024年3月5日",
    "20240305",
    "45356",
    "2024.3.5",
    "2024-03-05 00:00",
)


@dataclass(frozen=True)
class Drawn:
    """A drawn sheet and its vouchers; an amount that is None could not be written."""

    sheet: RawSheet
    written: dict[str, Decimal]


@st.composite
def drawn_sheets(draw: st.DrawFn) -> Drawn:
    """Draw one sheet."""
    order = draw(st.permutations(list(HEADERS)))
    names = {column: draw(st.sampled_from(HEADERS[column])) for column in order}
    gap = draw(st.sampled_from([None, None, 0, 3]))
    header = [names[column] for column in order]
    rows: list[list[str]] = [[text] for text in draw(_titles())]
    rows.append(_with_gap(header, gap))
    written: dict[str, Decimal] = {}
    running = Decimal(0)
    for number in range(draw(st.integers(1, 8))):
        fen = draw(st.integers(-(10**9), 10**11))
        amount = Decimal(fen).scaleb(-2)
        voucher = f"V{number:05d}"
        cells = {
            "payer_name": draw(st.sampled_from(["甲公司", "合计科技有限公司", "共笔（县）文化社"])),
            "item": draw(st.sampled_from(["工会经费", "工会筹备金"])),
            "period_from": "2024-01-01",
            "period_to": "2024-03-31",
            "paid": draw(st.sampled_from(AMOUNTS))(amount),
            "treasury_on": draw(st.sampled_from(DAYS)),
            "voucher_no": voucher,
        }
        written[voucher] = amount
        running += amount
        rows.append(_with_gap([cells[column] for column in order], gap))
        extra = draw(st.sampled_from(["", "", "", "blank", "header", "subtotal"]))
        if extra == "blank":
            rows.append([])
        elif extra == "header":
            rows.append(_with_gap(header, gap))
        elif extra == "subtotal":
            rows.append(_with_gap(_total(order, "小计", running), gap))
    rows += draw(
        st.sampled_from([[], [["共计：见附表"]], [["注：以上数据已核对"]], [[], ["制表人："]]])
    )
    return Drawn(_raw(rows), written)


def _titles() -> st.SearchStrategy[list[str]]:
    title = st.sampled_from(
        ["工会经费代收明细表", "2024年一季度", "单位：元", "填报单位：某县", "账号：111111111111"]
    )
    return st.lists(title, max_size=3, unique=True)


def _total(order: list[str], label: str, amount: Decimal) -> list[str]:
    first = next(name for name in order if name != "paid")
    return [label if name == first else f"{amount}" if name == "paid" else "" for name in order]


def _with_gap(cells: list[str], gap: int | None) -> list[str]:
    return cells if gap is None else [*cells[:gap], "", *cells[gap:]]


def _raw(rows: list[list[str]]) -> RawSheet:
    width = max(map(len, rows))
    cells: dict[str, list[object]] = {"row_no": list(range(1, len(rows) + 1))}
    for place in range(width):
        cells[letter_of(place)] = [
            (row[place] or None) if place < len(row) else None for row in rows
        ]
    schema = {"row_no": pl.Int64, **{letter_of(place): pl.String for place in range(width)}}
    return RawSheet(
        file_id=1,
        path="代收.xlsx",
        sheet="Sheet1",
        hidden=False,
        cells=pl.DataFrame(cells, schema=schema),
        rows_total=len(rows),
    )


def faults(drawn: Drawn) -> list[str]:
    """Return what went wrong with a drawn sheet; nothing when all is well."""
    found = join_sheets((), understand_parts(drawn.sheet))
    table = found.tables.get("tax_collection")
    if table is None:
        return [f"not understood: {[question.en for question in found.questions]}"]
    accepted = dict(table.select("voucher_no", "paid").iter_rows())
    return [*_lost(drawn, found, accepted), *_wrong(drawn, accepted)]


def _lost(drawn: Drawn, found: Intake, accepted: dict[str, Decimal]) -> list[str]:
    rows = drawn.sheet.cells
    rejected = Counter(
        text
        for row in rows.filter(
            pl.col("row_no").is_in(found.rejected["row_no"].implode())
        ).iter_rows()
        for text in row[1:]
        if text in drawn.written
    )
    times = {voucher: (voucher in accepted) + rejected[voucher] for voucher in drawn.written}
    return [f"{voucher} stands {n} times" for voucher, n in times.items() if n != 1]


def _wrong(drawn: Drawn, accepted: dict[str, Decimal]) -> list[str]:
    return [
        f"{voucher}: wrote {drawn.written[voucher]}, read {paid}"
        for voucher, paid in accepted.items()
        if paid != drawn.written[voucher]
    ]
