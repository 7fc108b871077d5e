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
    ZERO,
    by_category,
    by_direction,
    by_family,
    cautions,
    largest_units,
    not_run,
    refused,
    states_of,
)
from recon.rollup.years import FATES
from recon.tables.registry import specs

if TYPE_CHECKING:
    from datetime import date

    from recon.report.blocks import Cell, CellKind
    from recon.rollup.cross import Lead
    from recon.rollup.figures import CountyRun
    from recon.rollup.turns import Answer
    from recon.rollup.years import Course

COUNTY = Text("县（区）", "county")
_TOTAL = Text("合计", "total")
_COUNTED = Text("计入合计的条数", "counted")
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
    sheets = [_overview(city), _directions(city), _cautions(city), _families(city)]
    sheets += [_categories(city), _largest(city), _cross(city)]
    sheets += [_courses(city)] if city.years else []
    return [*sheets, _states(city), _not_run(city), _coverage(city)]


def _overview(city: City) -> Sheet:
    sums = _by_direction(city)
    shown = [one for one in DIRECTIONS if one in set(sums["direction"])]
    amounts = {(row[0], row[1]): row[-1] for row in sums.iter_rows()}
    runs = {one.name: one for one in city.counties}
    rows: list[tuple[Cell, ...]] = []
    for answer in city.answers:
        name = answer.county.name
        if (run := runs.get(name)) is None:
            said = say(answer.problem) if answer.problem else ""
            why = say(Text("没有结果：", "no result: ")) + said
            rows.append((name, "", "", why, None, None, *(None for _ in shown)))
            continue
        own = (amounts.get((name, one), ZERO) for one in shown)
        record = run.record
        period = f"{record['period_from']}～{record['period_to']}"
        about = (name, run.unit, period, str(record["run_id"]))
        rows.append((*about, len(refused(run)), run.rows.height, *own))
    files = sum(len(refused(one)) for one in city.counties)
    whole = (files, sum(one.rows.height for one in city.counties))
    total = (sum((amounts.get((one, each), ZERO) for one in runs), ZERO) for each in shown)
    rows.append((say(_TOTAL), "", "", "", *whole, *total))
    return Sheet(
        Text("汇总", "summary"),
        (
            COUNTY,
            Text("单位", "unit"),
            Text("审查期间", "period"),
            Text("运行编号或原因", "run or reason"),
            Text("没读的文件", "files not read"),
            Text("例外", "exceptions"),
            *(DIRECTIONS[one] for one in shown),
        ),
        ("text", "text", "text", "text", "count", "count", *(_MONEY for _ in shown)),
        tuple(rows),
        (*(one.county.name if one.run else None for one in city.answers), None),
        Text(
            "金额是计入合计的部分，与各县运行记录逐分相符（control.json），各方向不得相互抵减；"
            "参数是否已确认见“县×方向”，没读的文件见“注意”。",
            "Amounts are what is counted, equal to each county's own record to the fen "
            "(control.json); directions are never set off. Which parameters are confirmed stands "
            "under county and direction, files not read under notes.",
        ),
    )


def _by_direction(city: City) -> pl.DataFrame:
    if city.counties:
        return by_direction(city.counties)
    return pl.DataFrame(schema=dict.fromkeys(("county", "direction"), pl.String))


def _directions(city: City) -> Sheet:
    found = _by_direction(city)
    rows: list[tuple[Cell, ...]] = [
        (row[0], say(DIRECTIONS[row[1]]), *row[2:]) for row in found.iter_rows()
    ]
    links = tuple(str(row[0]) for row in rows)
    for one in DIRECTIONS:
        if not (own := found.filter(pl.col("direction") == one)).is_empty():
            whole = own.drop("county", "direction").sum().row(0)
            rows.append((say(_TOTAL), say(DIRECTIONS[one]), *whole))
    headers = (
        COUNTY,
        Text("方向", "direction"),
        _COUNTED,
        Text("已确认参数（元）", "confirmed (yuan)"),
        Text("参数未确认（元）", "unconfirmed (yuan)"),
        Text("合计（元）", "sum (yuan)"),
    )
    note = Text(
        "参数未确认：所用政策参数还没有核对依据，在该县用 recon policy confirm 核对后才算定。",
        "Unconfirmed: nobody has checked the parameters against their source; the county does so "
        "with recon policy confirm.",
    )
    kinds: tuple[CellKind, ...] = ("text", "text", "count", "money", "money", "money")
    return Sheet(Text("县×方向", "county, direction"), headers, kinds, tuple(rows), links, note)


def _cautions(city: City) -> Sheet:
    rows = tuple((one.name, say(said)) for one in city.counties for said in cautions(one))
    headers = (COUNTY, Text("注意", "note"))
    links = tuple(row[0] for row in rows)
    return Sheet(Text("注意", "notes"), headers, ("text", "text"), rows, links)


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
        _COUNTED,
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
    rows = tuple(found.iter_rows())
    links = tuple(str(row[0]) for row in rows)
    if rows:
        rows += ((say(_TOTAL), *found.drop("county").sum().row(0)),)
    kinds: tuple[CellKind, ...] = ("text", *(_COUNT for _ in headers[1:]))
    return Sheet(Text("例外分类", "categories"), headers, kinds, rows, links)


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
        _COUNTED,
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
        "空白：这一年没有运行，或没有执行这条规则；0.00：执行过，没有金额或没有例外。"
        "金额含待核实的，不与汇总相比；“只有一年”：只有一年可看，说不出走势。",
        "Blank: no run of that year, or the rule did not run; 0.00: it ran, without an exception "
        "or amount. Amounts hold leads too and are not those of the summary; one year only: there "
        "is no other year to compare with.",
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
            _named(table["table"]),
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


def _named(table: str) -> str:
    about = specs().get(table)
    return say(Text(about.zh, table)) if about else table
