"""The summary of a run for a terminal, or as JSON for a script.

Here: turning a finished run into one text that fits 80 columns. Not here: printing it.
"""

from __future__ import annotations

import re
from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING, Literal

import polars as pl

from recon.base.models import DEFINITE_DIRECTIONS, Text
from recon.base.texts import DIRECTIONS, FAMILIES, SEVERITIES, STATUSES, yuan
from recon.output.confirmations import confirming_helps
from recon.output.datafiles import dump_json
from recon.output.split import addition, by_category, category, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from recon.base.models import CheckResult, Lang, RuleOutcome

WIDTH = 80
_MOST_LINES = 8
_NOT_RUN = frozenset({"no_data", "not_in_force", "error"})


def render_summary(
    result: CheckResult,
    lang: Lang = "zh",
    fmt: Literal["table", "plain", "json"] | str = "table",  # noqa: PYI051 - comes from an option
) -> str:
    """Render what a run found for stdout.

    Args:
        result: The finished run.
        lang: Language of the table and plain forms; JSON has both.
        fmt: "table" with ruled tables, "plain" without rules (for a pipe), or "json".

    Returns:
        The text without a newline at its end; no table is wider than 80 places.
    """
    if fmt == "json":
        return dump_json(summary_record(result)).rstrip("\n")
    parts = [
        _heading(result, lang),
        _draw(_direction_table(result, lang), fmt),
        _addition(result, lang),
        _draw(_family_table(result, lang), fmt),
        *_sections(result, lang),
        _where(result, lang),
    ]
    return "\n".join(part for part in parts if part)


def summary_record(result: CheckResult) -> dict[str, object]:
    """Return the summary as plain values, the same that the table shows.

    Returns:
        Values for JSON; sentences in both languages. Units: yuan.
    """
    found = result.exceptions
    counts = Counter(each.status for each in result.outcomes)
    return {
        "run_id": result.run_id,
        "run_dir": result.run_dir,
        "workbook": result.run_dir / "exceptions.xlsx",
        "as_of": result.request.as_of,
        "period_from": result.review_from,
        "period_to": result.review_to,
        "totals": list(result.totals),
        "exceptions": found.height,
        "severities": _counts(found, "severity"),
        "directions": _counts(found, "direction"),
        "categories": by_category(found),
        "split": split(found)
        .select("direction", "category", "exceptions", "amount", "confirmed", "unconfirmed")
        .to_dicts(),
        "families": [
            {"family": family, "exceptions": total, "leads": leads}
            for family, total, leads, *_ in _family_counts(found)
        ],
        "rules": dict(counts),
        "not_run": [
            {"rule": each.rule, "status": each.status, "reason": each.reason}
            for each in result.outcomes
            if each.status in _NOT_RUN
        ],
        "rejected": _rejected(result),
        "quality": result.intake.quality.height,
        "refused_files": [
            {"file": each.path, "problem": each.problem}
            for each in result.intake.files
            if each.status == "refused"
        ],
        "warnings": list(result.warnings),
        "masked": result.request.mask,
    }


def _counts(found: pl.DataFrame, column: str) -> dict[str, int]:
    return dict(found.group_by(column).len().sort(column).iter_rows())


def _rejected(result: CheckResult) -> int:
    return sum(sheet.rows_rejected for sheet in result.intake.sheets)


def _family_counts(found: pl.DataFrame) -> list[tuple[str, int, int, int, int, int]]:
    """Count (family, exceptions, leads, high, medium, low) in the order of the families."""
    is_lead = pl.col("direction") == "verify"
    rows = (
        found.group_by(pl.col("rule").str.split("-").list.first().alias("family"))
        .agg(
            pl.len().alias("all"),
            is_lead.sum().alias("leads"),
            *((pl.col("severity") == each).sum().alias(each) for each in ("high", "medium", "low")),
        )
        .sort("family")
        .rows()
    )
    order = list(FAMILIES)
    return sorted(rows, key=lambda row: order.index(row[0]) if row[0] in order else len(order))


def _table(headers: Sequence[str], numbers_from: int) -> Table:
    from rich.table import Table  # noqa: PLC0415 - rich costs start-up time

    table = Table(pad_edge=False)
    for place, header in enumerate(headers):
        is_number = place >= numbers_from
        table.add_column(
            header, justify="right" if is_number else "left", no_wrap=is_number, overflow="fold"
        )
    return table


def _draw(table: Table, fmt: str) -> str:
    from rich import box  # noqa: PLC0415 - rich costs start-up time
    from rich.console import Console  # noqa: PLC0415

    if not table.row_count:
        return ""
    table.box = None if fmt == "plain" else box.SIMPLE_HEAD
    out = StringIO()
    console = Console(file=out, width=WIDTH, color_system=None, markup=False, highlight=False,
                      legacy_windows=False)  # fmt: skip
    console.print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines() if line.strip())


def _heading(result: CheckResult, lang: Lang) -> str:
    period = f"{result.review_from} .. {result.review_to}"
    done = sum(each.status not in _NOT_RUN for each in result.outcomes)
    return Text(
        f"审查期间 {period}，截止日 {result.request.as_of}，运行编号 {result.run_id}\n"
        f"执行规则 {done} 条，例外 {result.exceptions.height} 条",
        f"period {period}, as of {result.request.as_of}, run {result.run_id}\n"
        f"rules run: {done}, exceptions: {result.exceptions.height}",
    ).in_(lang)


def _direction_table(result: CheckResult, lang: Lang) -> Table:
    headers = {
        "zh": ("方向", "计入合计", "已确认参数（元）", "参数未确认（元）"),
        "en": ("direction", "counted", "confirmed (yuan)", "unconfirmed (yuan)"),
    }
    table = _table(headers[lang], 1)
    by_direction = {each.direction: each for each in result.totals}
    for direction in DEFINITE_DIRECTIONS:
        total = by_direction.get(direction)
        if total and total.exceptions:
            table.add_row(
                DIRECTIONS[direction].in_(lang),
                f"{total.exceptions:,}",
                yuan(total.confirmed),
                yuan(total.unconfirmed),
            )
    return table


def _addition(result: CheckResult, lang: Lang) -> str:
    """Write how the exceptions add up, in lines of the terminal's width."""
    if not result.exceptions.height:
        return ""
    from rich.cells import cell_len  # noqa: PLC0415 - rich costs start-up time

    lines = [""]
    for part in re.split(r" (?=[+=] )", addition(result.exceptions, lang)):
        longer = f"{lines[-1]} {part}" if lines[-1] else part
        if cell_len(longer) > WIDTH:
            lines.append(f"  {part}")
        else:
            lines[-1] = longer
    return "\n".join(lines)


def _family_table(result: CheckResult, lang: Lang) -> Table:
    words = {"zh": ("规则族", "例外", "待核实"), "en": ("family", "exceptions", "leads")}
    levels = (SEVERITIES[each].in_(lang) for each in ("high", "medium", "low"))
    table = _table((*words[lang], *levels), 1)
    for family, *counts in _family_counts(result.exceptions):
        known = FAMILIES.get(family)
        name = f"{family} {known.in_(lang)}" if known else family
        table.add_row(name, *(f"{count:,}" for count in counts))
    return table


def _outcome_line(outcome: RuleOutcome, lang: Lang) -> str:
    reason = outcome.reason.in_(lang) if outcome.reason else STATUSES[outcome.status].in_(lang)
    return f"  {outcome.rule}  {reason}"


def _some(lines: list[str], lang: Lang, sheet: str) -> list[str]:
    """Keep the first lines and say how many there are."""
    if len(lines) <= _MOST_LINES:
        return lines
    rest = len(lines) - _MOST_LINES
    more = Text(f"  ……另 {rest} 条，见工作簿“{sheet}”", f"  ... {rest} more, sheet {sheet}")
    return [*lines[:_MOST_LINES], more.in_(lang)]


def _sections(result: CheckResult, lang: Lang) -> Iterator[str]:
    """Say what was not checked, not read, or should be known."""
    broken = [each for each in result.outcomes if each.status == "error"]
    if broken:
        yield Text("出错的规则：", "rules in error:").in_(lang)
        yield from (_outcome_line(each, lang) for each in broken)
    skipped = [each for each in result.outcomes if each.status in _NOT_RUN - {"error"}]
    if skipped:
        head = Text(
            f"未执行的规则 {len(skipped)} 条（不等于没有问题）：",
            f"{len(skipped)} rules not run (which is not a pass):",
        )
        yield head.in_(lang)
        yield from _some([_outcome_line(each, lang) for each in skipped], lang, "未执行")
    refused = [each for each in result.intake.files if each.status == "refused"]
    if refused:
        yield Text("读不了的文件：", "files that could not be read:").in_(lang)
        for each in refused:
            yield f"  {each.problem.in_(lang) if each.problem else each.path}"
    if result.intake.passed_over:
        yield Text("目录中没有读取的文件：", "files of the folder that were not read:").in_(lang)
        lines = [f"  {each.in_(lang)}" for each in result.intake.passed_over]
        yield from lines[:_MOST_LINES]
        if len(lines) > _MOST_LINES:
            rest = len(lines) - _MOST_LINES
            more = Text(f"  ……另 {rest} 个，见 recon map", f"  ... {rest} more, see recon map")
            yield more.in_(lang)
    rejected, quality = _rejected(result), result.intake.quality.height
    if rejected or quality:
        yield Text(
            f"剔除行 {rejected:,}，数据质量问题 {quality:,}（见工作簿“剔除行”“数据质量”）",
            f"{rejected:,} rejected rows, {quality:,} data-quality items (sheets 剔除行, 数据质量)",
        ).in_(lang)
    for warning in result.warnings:
        yield Text("注意：", "note: ").in_(lang) + warning.in_(lang)
    if helps := confirming_helps(result):
        yield helps.in_(lang)


def _first(result: CheckResult) -> str:
    """Return the id of the exception with the largest counted amount, else of any."""
    order = result.exceptions.select("exception_id", "amount", category()).sort(
        pl.col("category") != "counted",
        pl.col("amount"),
        "exception_id",
        descending=[False, True, False],
        nulls_last=True,
    )
    return str(order["exception_id"][0])


def _where(result: CheckResult, lang: Lang) -> str:
    path = result.run_dir / "exceptions.xlsx"
    if not result.exceptions.height:
        return Text(f"工作簿：{path}", f"workbook: {path}").in_(lang)
    first, out = _first(result), str(result.run_dir.parent)
    where = f'"{out}"' if " " in out else out
    return Text(
        f"工作簿：{path}\n下一步：在工作簿的浅黄色列填写结论；看一条的来龙去脉：\n"
        f"  recon explain {first} --out {where}",
        f"workbook: {path}\nnext: decide in its pale yellow columns; to follow one exception:\n"
        f"  recon explain {first} --out {where}",
    ).in_(lang)
