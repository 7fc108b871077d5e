"""The tables of a city, from which all its papers are drawn.

Here: what each table lists. Not here: the sums (`figures`), drawing a sheet (`workbook`), the words
of page and brief (`brief`), the register.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.base.texts import DIRECTIONS, FAMILIES, STATES, STATUSES, say
from recon.output.split import CATEGORIES
from recon.rollup.figures import (
    by_category,
    by_family,
    largest_units,
    not_run,
    states_of,
)
from recon.rollup.years import FATES

if TYPE_CHECKING:
    from datetime import date

    from recon.report.blocks import Cell, CellKind
    from recon.rollup.cross import Lead
    from recon.rollup.figures import CountyRun
    from recon.rollup.turns import Answer
    from recon.rollup.years import Course

COUNTY = Text("县（区）", "county")
_TEXT: CellKind = "text"
_MONEY: CellKind = "money"
_COUNT: CellKind = "count"


@dataclass(frozen=True)
class Sheet:
    """A table of the city: headers, kinds and rows; `links` holds the county of each row."""

    name: Text
    headers: tuple[Text, ...]
    kinds: tuple[CellKind, ...]
    rows: tuple[tuple[Cell, ...], ...]
    links: tuple[str | None, ...] = ()
    note: Text | None = None


@dataclass(frozen=True)
class City:
    """All that the papers say."""

    name: str
    as_of: date
    answers: tuple[Answer, ...]
    counties: tuple[CountyRun, ...]
    leads: tuple[Lead, ...]
    years: tuple[int, ...] = ()
    courses: tuple[Course, ...] = field(default=())


def sheets_of(city: City) -> list[Sheet]:
    """Return the tables of the workbook, in their order."""
    sheets = [_overview(city), _families(city), _categories(city), _largest(city), _cross(city)]
    sheets += [_courses(city)] if city.years else []
    return [*sheets, _states(city), _not_run(city), _coverage(city)]


def _overview(city: City) -> Sheet:
    sums = by_family(city.counties) if city.counties else pl.DataFrame()
    rows: list[tuple[Cell, ...]] = []
    total = dict.fromkeys(DIRECTIONS, Decimal(0))
    shown = [one for one in DIRECTIONS if not sums.is_empty() and one in set(sums["direction"])]
    runs = {one.name: one for one in city.counties}
    for answer in city.answers:
        name = answer.county.name
        if (run := runs.get(name)) is None:
            said = say(answer.problem) if answer.problem else ""
            rows.append(
                (
                    name,
                    "",
                    say(Text("没有结果：", "no result: ")) + said,
                    None,
                    *(None for _ in shown),
                )
            )
            continue
        own = dict(
            sums.filter(county=name).group_by("direction").agg(pl.col("amount").sum()).iter_rows()
        )
        for one in shown:
            total[one] += own.get(one, Decimal(0))
        rows.append(
            (
                name,
                run.unit,
                str(run.record["run_id"]),
                run.rows.height,
                *(own.get(one, Decimal("0.00")) for one in shown),
            )
        )
    all_rows = sum(one.rows.height for one in city.counties)
    links = (*(one.county.name if one.run else None for one in city.answers), None)
    rows.append((say(Text("合计", "total")), "", "", all_rows, *(total[one] for one in shown)))
    return Sheet(
        Text("汇总", "summary"),
        (
            COUNTY,
            Text("单位", "unit"),
            Text("运行编号或原因", "run or reason"),
            Text("例外", "exceptions"),
            *(DIRECTIONS[one] for one in shown),
        ),
        ("text", "text", "text", "count", *(_MONEY for _ in shown)),
        tuple(rows),
        links,
        Text(
            "金额是计入合计的部分，与各县运行记录逐分相符（control.json）；点县名打开该县工作簿。",
            "Amounts are what is counted, equal to each county's own record to the fen "
            "(control.json); a county's name opens its workbook.",
        ),
    )


def _families(city: City) -> Sheet:
    found = by_family(city.counties) if city.counties else pl.DataFrame()
    rows = tuple(
        (
            row["county"],
            say(FAMILIES[row["family"]]) if row["family"] in FAMILIES else row["family"],
            say(DIRECTIONS[row["direction"]]),
            row["count"],
            row["amount"],
        )
        for row in found.iter_rows(named=True)
    )
    headers = (
        COUNTY,
        Text("规则族", "family"),
        Text("方向", "direction"),
        Text("条数", "count"),
        Text("金额（元）", "amount (yuan)"),
    )
    kinds: tuple[CellKind, ...] = ("text", "text", "text", "count", "money")
    return Sheet(
        Text("县×族×方向", "county, family"),
        headers,
        kinds,
        rows,
        tuple(str(row[0]) for row in rows),
    )


def _categories(city: City) -> Sheet:
    found = by_category(city.counties) if city.counties else pl.DataFrame()
    headers = (COUNTY, *CATEGORIES.values(), Text("例外合计", "all exceptions"))
    rows = tuple(tuple(row) for row in found.iter_rows())
    return Sheet(
        Text("例外分类", "categories"),
        headers,
        ("text", *(_COUNT for _ in headers[1:])),
        rows,
        tuple(str(row[0]) for row in rows),
    )


def _largest(city: City) -> Sheet:
    found = largest_units(city.counties) if city.counties else pl.DataFrame()
    rows = tuple(
        (
            say(DIRECTIONS[row["direction"]]),
            row["county"],
            row["party_name"],
            row["count"],
            row["amount"],
        )
        for row in found.iter_rows(named=True)
    )
    headers = (
        Text("方向", "direction"),
        COUNTY,
        Text("单位", "unit"),
        Text("条数", "count"),
        Text("金额（元）", "amount (yuan)"),
    )
    kinds: tuple[CellKind, ...] = ("text", "text", "text", "count", "money")
    return Sheet(
        Text("最大单位", "largest units"), headers, kinds, rows, tuple(str(row[1]) for row in rows)
    )


def _cross(city: City) -> Sheet:
    rows = tuple(
        (
            one.exception_id,
            one.rule,
            say(one.title),
            one.label,
            "、".join(one.counties),
            one.period,
            Decimal(one.amount) if one.amount else None,
            say(one.message),
            "\n".join(one.places),
            "\n".join(one.exceptions),
        )
        for one in city.leads
    )
    headers = (
        Text("编号", "id"),
        Text("规则", "rule"),
        Text("线索", "lead"),
        Text("对象（已遮蔽）", "whom (masked)"),
        Text("县（区）", "counties"),
        Text("年度", "years"),
        Text("可能重复（元）", "perhaps twice (yuan)"),
        Text("说明", "what"),
        Text("两县出处", "places"),
        Text("两县有关例外", "exceptions there"),
    )
    kinds: tuple[CellKind, ...] = (*(_TEXT for _ in range(6)), "money", "text", "text", "text")
    note = Text("都是待核实的线索，不计入任何合计。", "All to be verified; in no total.")
    return Sheet(
        Text("跨县线索", "across counties"),
        headers,
        kinds,
        rows,
        tuple(one.counties[0] for one in city.leads),
        note,
    )


def _courses(city: City) -> Sheet:
    order = list(FATES)
    rows = tuple(
        (one.county, one.party, one.rule, say(FATES[one.fate]), *one.sums)
        for one in sorted(
            city.courses, key=lambda one: (order.index(one.fate), one.county, one.party, one.rule)
        )
    )
    headers = (
        COUNTY,
        Text("单位", "unit"),
        Text("规则", "rule"),
        Text("走势", "course"),
        *(Text(str(year), str(year)) for year in city.years),
    )
    note = Text(
        "空白：这一年没有运行，或没有执行这条规则；0.00：执行过，没有金额或没有例外。",
        "Blank: no run of that year, or the rule did not run; 0.00: it ran, without an exception "
        "or amount.",
    )
    return Sheet(
        Text("历年", "years"),
        headers,
        ("text", "text", "text", "text", *(_MONEY for _ in city.years)),
        rows,
        tuple(str(one[0]) for one in rows),
        note,
    )


def _states(city: City) -> Sheet:
    found = states_of(city.counties) if city.counties else pl.DataFrame()
    rows = tuple(
        (
            row["county"],
            say(STATES[row["state"]]) if row["state"] in STATES else row["state"],
            row["count"],
        )
        for row in found.iter_rows(named=True)
    )
    headers = (COUNTY, Text("与上次相比", "against last time"), Text("条数", "count"))
    return Sheet(
        Text("变化", "changes"),
        headers,
        ("text", "text", "count"),
        rows,
        tuple(str(row[0]) for row in rows),
    )


def _not_run(city: City) -> Sheet:
    rows = tuple(
        (county, rule, say(STATUSES[status]) if status in STATUSES else status, say(Text(zh, en)))
        for county, rule, status, zh, en in not_run(city.counties)
    )
    headers = (COUNTY, Text("规则", "rule"), Text("状态", "status"), Text("原因", "why"))
    return Sheet(
        Text("未执行", "not run"), headers, ("text",) * 4, rows, tuple(row[0] for row in rows)
    )


def _coverage(city: City) -> Sheet:
    rows = tuple(
        (
            county.name,
            table["table"],
            table["rows"],
            table["rows_rejected"],
            len(table["rules_run"]),
            len(table["rules_not_run"]),
        )
        for county in city.counties
        for table in county.control["coverage"]
    )
    headers = (
        COUNTY,
        Text("表", "table"),
        Text("行", "rows"),
        Text("剔除", "rejected"),
        Text("执行的规则", "rules run"),
        Text("未执行的规则", "rules not run"),
    )
    return Sheet(
        Text("覆盖", "coverage"),
        headers,
        ("text", "text", "count", "count", "count", "count"),
        rows,
        tuple(row[0] for row in rows),
    )
