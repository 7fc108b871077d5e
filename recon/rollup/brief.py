"""What a city's page, brief and register say, by the tables of its workbook.

Here: the words. Not here: the tables (`papers`), Word and web (`recon.report`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.base.texts import DIRECTIONS, say, yuan
from recon.report.blocks import Figures, Heading, Paragraph
from recon.rollup.figures import by_family
from recon.rollup.papers import COUNTY, Sheet, sheets_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.report.blocks import Block, Cell, CellKind
    from recon.rollup.papers import City


def register_of(city: City) -> Sheet:
    """Return the register of all counties: counted and leads, with each county's verdicts."""
    rows: list[tuple[Cell, ...]] = []
    for county in city.counties:
        said = {row["exception_id"]: row for row in county.states.iter_rows(named=True)}
        kept = county.rows.filter(pl.col("category").is_in(["counted", "lead"]))
        for row in kept.sort("rule", "exception_id").iter_rows(named=True):
            booked = said.get(row["exception_id"], {})
            found = booked.get("confirmed_amount")
            rows.append(
                (
                    county.name,
                    row["exception_id"],
                    row["rule"],
                    row["party_name"],
                    row["period"],
                    say(DIRECTIONS[row["direction"]]),
                    row["amount"],
                    say(Text(row["message"], row["message_en"])),
                    booked.get("verdict"),
                    Decimal(found) if found else None,
                    booked.get("due_on"),
                    booked.get("measure"),
                )
            )
    headers = (
        COUNTY,
        Text("编号", "id"),
        Text("规则", "rule"),
        Text("单位", "unit"),
        Text("期间", "period"),
        Text("方向", "direction"),
        Text("金额（元）", "amount (yuan)"),
        Text("说明", "what"),
        Text("核实结论", "verdict"),
        Text("认定金额（元）", "found (yuan)"),
        Text("整改时限", "due"),
        Text("整改措施", "measure"),
    )
    kinds: tuple[CellKind, ...] = (
        "text",
        "text",
        "text",
        "text",
        "text",
        "text",
        "money",
        "text",
        "text",
        "money",
        "text",
        "text",
    )
    return Sheet(
        Text("整改台账", "register"),
        headers,
        kinds,
        tuple(rows),
        tuple(str(row[0]) for row in rows),
    )


def brief_of(city: City, *, is_page: bool) -> Iterator[Block]:
    """Yield what page and brief say; the page holds all tables, the brief the first of each.

    Args:
        city: What is said.
        is_page: Whether it is the page.
    """
    yield Paragraph(
        say(Text(f"{city.name} 各县（区）核查汇总", f"{city.name}: all counties")), "title"
    )
    yield Paragraph(say(Text(f"截止日 {city.as_of}", f"as of {city.as_of}")), "subtitle")
    yield Paragraph(say(summary_of(city)))
    for answer in city.answers:
        if answer.problem is not None:
            yield Paragraph(f"{answer.county.name}: {say(answer.problem)}", "warn")
    for sheet in sheets_of(city):
        rows = sheet.rows if is_page else sheet.rows[:_FEW]
        if not rows or (not is_page and say(sheet.name) == say(Text("覆盖", "coverage"))):
            continue
        yield Heading(1, say(sheet.name))
        if sheet.note:
            yield Paragraph(say(sheet.note), "note")
        if len(rows) < len(sheet.rows):
            said = Text(
                f"前 {len(rows)} 行，全部 {len(sheet.rows)} 行见工作簿。",
                f"The first {len(rows)} of {len(sheet.rows)}; all are in the workbook.",
            )
            yield Paragraph(say(said), "note")
        yield Figures(
            tuple(say(one) for one in sheet.headers),
            sheet.kinds,
            tuple(1 for _ in sheet.headers),
            rows,
        )


#: Rows of a table in the brief; all rows stand in the workbook and on the page.
_FEW = 40


def summary_of(city: City) -> Text:
    """Return in one sentence how many counties answered, the sums and the leads."""
    sums = by_family(city.counties) if city.counties else pl.DataFrame()
    parts = (
        []
        if sums.is_empty()
        else [
            (DIRECTIONS[one], yuan(amount))
            for one, amount in sums.group_by("direction")
            .agg(pl.col("amount").sum())
            .sort("direction")
            .iter_rows()
        ]
    )
    failed = sum(one.problem is not None for one in city.answers)
    return Text(
        f"{len(city.answers)} 个县（区），{len(city.counties)} 个有结果，{failed} 个没有；"
        + "，".join(f"{name.zh} {amount} 元" for name, amount in parts)
        + f"；跨县线索 {len(city.leads)} 条（待核实，不计入合计）。",
        f"{len(city.answers)} counties, {len(city.counties)} with a result, {failed} without; "
        + ", ".join(f"{name.en} {amount} yuan" for name, amount in parts)
        + f"; {len(city.leads)} leads across counties (to verify, in no total).",
    )
