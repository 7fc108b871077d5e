"""The period under review and what the reader should know before trusting a summary.

Here: which months the tables cover. Not here: which exceptions a period leaves out (the engine).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.errors import ReviewPeriodError
from recon.base.models import Text
from recon.intake.quality.items import items
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.base.models import CheckRequest, Intake, RuleOutcome
    from recon.rules.catalog import Rule
    from recon.run.rule_run import RuleContext

_DAY_KINDS = ("date", "month", "datetime")
_STALE_DAYS = 31
_MOST_NOTES = 5
_MOST_REPEATS = 10


def review_period(request: CheckRequest, intake: Intake) -> tuple[date, date]:
    """Return the period under review: as asked, else whole months of what the tables cover.

    Raises:
        ReviewPeriodError: One end is asked for, and the data lie beyond it.
    """
    first, last = _covered(intake)
    start = request.review_from or first.replace(day=1)
    end = request.review_to or (last.replace(day=1) + timedelta(days=31)).replace(
        day=1
    ) - timedelta(days=1)
    if end < start:
        raise ReviewPeriodError(start, end)
    return start, end


def _covered(intake: Intake) -> tuple[date, date]:
    """Return the first and last day of the collection list, else of all tables."""
    days: list[date] = []
    collection = intake.rows.get("tax_collection")
    if collection is not None and collection.height:
        first, last = pl.col("period_from").min(), pl.col("period_to").max()
        days += collection.lazy().select(first, last).collect(engine="streaming").row(0)
    else:
        days += [day for bounds in _table_days(intake).values() for day in bounds]
    return (min(days), max(days)) if days else (date(2000, 1, 1), date(2099, 12, 31))


def run_span(context: RuleContext, intake: Intake, run_id: str) -> dict[str, Any]:
    """Return run_id, as_of, period_from, period_to and seen_to: the last day that the data tell of.

    Of a day after `seen_to` the tables that grow have no row, or it is after as-of.
    """
    grown = (days[1] for name, days in _table_days(intake).items() if specs()[name].grows)
    last = max(grown, default=context.as_of)
    return {
        "run_id": run_id,
        "as_of": context.as_of,
        "period_from": context.period_from,
        "period_to": context.period_to,
        "seen_to": min(last, context.as_of),
    }


def _table_days(intake: Intake) -> dict[str, tuple[date, date]]:
    """Return the first and last day of each table, over its required day columns."""
    covered: dict[str, tuple[date, date]] = {}
    for name, rows in intake.rows.items():
        columns = [c.name for c in specs()[name].columns if c.required and c.kind in _DAY_KINDS]
        if not columns:
            continue
        wanted = pl.col(columns).cast(pl.Date)
        bounds = rows.lazy().select(
            wanted.min().name.suffix("_first"), wanted.max().name.suffix("_last")
        )
        found = bounds.collect(engine="streaming").row(0)
        days = [day for day in found if day is not None]
        if days:
            covered[name] = (min(days), max(days))
    return covered


def warnings_of(request: CheckRequest, intake: Intake, rules: tuple[Rule, ...]) -> tuple[Text, ...]:
    """Return what the reader of the summary should know before trusting it.

    Args:
        request: The request, its day among it.
        intake: What the folder gave.
        rules: The rules that ran.

    Returns:
        Open questions of the intake, sheets that are not understood, an as-of before the period,
        tables that end long before as-of, months without any collection, rules of the workspace.
    """
    warnings = [*intake.questions, *_repeats(intake), *_not_understood(intake)]
    warnings += _early_day(request, intake)
    warnings += _left_out(request, intake)
    warnings += [*_stale_tables(request, intake), *_empty_months(request, intake)]
    own = [rule.code for rule in rules if rule.from_workspace]
    if own:
        warnings.append(
            Text(
                f"使用了工作区自己的规则：{'、'.join(own)}。",
                f"rules of the workspace were used: {', '.join(own)}.",
            )
        )
    return tuple(warnings)


def _repeats(intake: Intake) -> list[Text]:
    """Name the first files and sheets whose rows count elsewhere, and count the others."""
    rest = len(intake.repeats) - _MOST_REPEATS
    more = Text(
        f"另有 {rest} 处重复；见工作簿的“数据质量”。",
        f"{rest} more repetitions; see 数据质量 in the workbook.",
    )
    return [*intake.repeats[:_MOST_REPEATS], *([more] if rest > 0 else [])]


def _not_understood(intake: Intake) -> list[Text]:
    """Name the first files and sheets that no rule looked at, and count the others."""
    told = [
        Text(f"没有核查 {note.zh}", f"not examined: {note.en}")
        for note in intake.notes[:_MOST_NOTES]
    ]
    if rest := len(intake.notes) - len(told):
        told.append(
            Text(
                f"另有 {rest} 个文件或工作表没有认出，没有核查；用 recon map 查看。",
                f"{rest} more files or sheets are not understood and were not examined; see "
                "recon map.",
            )
        )
    return told


def _early_day(request: CheckRequest, intake: Intake) -> list[Text]:
    """Say that as-of lies before the period: then hardly any deadline has passed."""
    begins, ends = review_period(request, intake)
    if request.as_of >= begins:
        return []
    return [
        Text(
            f"截止日 {request.as_of} 早于审查期间 {begins} .. {ends}：期限都还没有过，"
            "逾期的事查不出来。用 --as-of 指定资料导出日。",
            f"as-of {request.as_of} is before the period {begins} .. {ends}: no deadline has "
            "passed yet, so nothing overdue is found. Use --as-of with the day of the export.",
        )
    ]


def _left_out(request: CheckRequest, intake: Intake) -> Iterator[Text]:
    """Say by table how many rows no rule sees: what happened after as-of, figures beyond reason."""
    later, beyond = {}, {}
    for name, spec in specs().items():
        rows = intake.rows.get(name)
        if rows is None or not rows.height:
            continue
        lazy = rows.lazy()
        given = lazy.collect_schema().names()
        later[name] = _count(lazy, spec.later_than(request.as_of))
        beyond[name] = _count(lazy, spec.beyond_reckoning(given))
    if any(later.values()):
        zh, en = _counts(later)
        yield Text(
            f"截止日 {request.as_of} 之后发生的行不参与核查：{zh}。",
            f"rows of what happened after {request.as_of} take no part in any rule: {en}.",
        )
    if any(beyond.values()):
        zh, en = _counts(beyond)
        yield Text(
            f"数值大得不可能的行不参与核查：{zh}。核对原表，改正后重新运行。",
            f"rows with figures too large to be true take no part in any rule: {en}. Correct them "
            "in their files and run again.",
        )


def _count(rows: pl.LazyFrame, which: pl.Expr | None) -> int:
    if which is None:
        return 0
    return int(rows.select(which.sum()).collect(engine="streaming").item())


def _counts(counts: dict[str, int]) -> tuple[str, str]:
    """Return the tables with their counts, in both languages; those without any are left out."""
    some = {name: count for name, count in counts.items() if count}
    zh = "、".join(f"{specs()[name].zh}{count}行" for name, count in some.items())
    return zh, ", ".join(f"{name} {count}" for name, count in some.items())


def set_aside(outcomes: tuple[RuleOutcome, ...]) -> Iterator[Text]:
    """Yield a sentence per rule that could not compute some rows; it judged the others."""
    for one in outcomes:
        if one.set_aside:
            yield Text(
                f"{one.rule} 有 {one.set_aside} 处算出的金额为负，不能成立，没有列出；"
                "其余照常核查。先核对相关资料里的负数和差错。",
                f"{one.rule}: {one.set_aside} amounts came out below zero and are not listed; the "
                "rest was examined. Look for negative and wrong figures in its data first.",
            )


def with_set_aside(intake: Intake, outcomes: tuple[RuleOutcome, ...]) -> Intake:
    """Return what was read with an item per row behind an amount that no rule could compute."""
    files = {one.file_id: one.path for one in intake.files}
    tables = {(files[one.file_id], one.sheet): one.table for one in intake.sheets}
    found: list[dict[str, object]] = [
        {
            "file": row.file,
            "sheet": row.sheet,
            "row_no": row.row_no,
            "table_name": tables.get((row.file, row.sheet)),
            "value": one.rule,
            "reason": f"{one.rule} 由这一行算出的金额为负，不能成立，没有列出；请核对金额和日期",
            "reason_en": f"{one.rule} computes an amount below zero from this row and leaves it "
            "out; check its amounts and days",
            "check": "not_computed",
            "kind": "text",
        }
        for one in outcomes
        for row in one.rows_aside
    ]
    if not found:
        return intake
    both = [intake.quality, items(found)]
    return replace(intake, quality=pl.concat(both, how="diagonal_relaxed"))


def _stale_tables(request: CheckRequest, intake: Intake) -> list[Text]:
    """Say which running tables end more than a month before as-of."""
    covered = _table_days(intake)
    stale = {
        name: covered[name][1]
        for name, spec in specs().items()
        if spec.grows and name in covered and (request.as_of - covered[name][1]).days > _STALE_DAYS
    }
    if not stale:
        return []
    zh = "、".join(f"{specs()[name].zh}到{day}" for name, day in stale.items())
    en = ", ".join(f"{name} to {day}" for name, day in stale.items())
    return [
        Text(
            f"截止日 {request.as_of} 比资料晚 31 天以上（{zh}）：之后发生的不在资料里。"
            "用 --as-of 指定资料导出日。",
            f"as-of {request.as_of} is more than 31 days after the data ({en}): what happened "
            "since is not in it. Use --as-of with the day of the export.",
        )
    ]


def _empty_months(request: CheckRequest, intake: Intake) -> list[Text]:
    """Name the months under review for which the collection list has no row for anybody."""
    collection = intake.rows.get("tax_collection")
    if collection is None or not collection.height:
        return []
    start, end = review_period(request, intake)
    months = pl.date_range(start.replace(day=1), end, "1mo", eager=True)
    paid = collection.lazy().select("period_from", "period_to").drop_nulls().unique()
    covered = {
        month
        for row in paid.collect(engine="streaming").iter_rows()
        for month in months.filter((months >= row[0].replace(day=1)) & (months <= row[1]))
    }
    empty = [f"{month:%Y-%m}" for month in months if month not in covered]
    if not empty:
        return []
    return [
        Text(
            f"代收明细里 {'、'.join(empty)} 没有任何单位的记录：这些月份没有资料，不作为应缴未缴。",
            f"the collection list has no row for anybody in {', '.join(empty)}: no data for these "
            "months, not counted as unpaid.",
        )
    ]
