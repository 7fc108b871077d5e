"""What a leader must know of a run on one page: five largest, directions, trend, what to decide.

Here: the facts, for the page of a run and for the one-page paper alike. Not here: how they are
drawn (see `html` and `recon.report.brief`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from recon.base.models import DEFINITE_DIRECTIONS, Text
from recon.base.texts import DIRECTIONS, STATES, yuan
from recon.output.gaps import best_tables, gaps
from recon.output.split import CONFIRMING, ZERO, category, found_amount, once, split
from recon.tables.registry import specs
from recon.workspace.errors import RunAlteredError, RunBrokenError
from recon.workspace.kept_run import read_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from recon.base.models import RuleOutcome

_LARGEST, _TITLES, _TABLES = 5, 2, 3
_TYPED = ("verdict", "confirmed_amount", "recovered", "closed_on", "responsible", "due_on")
_CHANGES = ("new", "changed", "relapsed", "persisting", "resolved", "rule_changed")


@dataclass(frozen=True)
class Largest:
    """A unit in one direction: its problems and what is open. Units: yuan."""

    party: str
    direction: str
    problems: tuple[Text, ...]
    lines: int
    found: Decimal
    unseen: Decimal


@dataclass(frozen=True)
class Way:
    """One direction: now, in the last run (None: nothing to compare), as reviewed. Units: yuan."""

    direction: str
    amount: Decimal
    before: Decimal | None
    found: Decimal
    recovered: Decimal


@dataclass(frozen=True)
class Brief:
    """All of the page, in the order in which it is read."""

    largest: tuple[Largest, ...]
    ways: tuple[Way, ...]
    trend: Text
    decisions: tuple[Text, ...]


@dataclass(frozen=True)
class Seen:
    """What a brief is made from: a run with what reviewers said, and the run before.

    Shape: `rows` has one row per exception with what is there of verdict, confirmed_amount,
    recovered, closed_on, responsible, due_on; `states` at least `state`, `is_here` left out of
    account. `record` is the run's record, `before` that of the last run, if it is comparable.
    """

    rows: pl.DataFrame
    states: pl.DataFrame
    outcomes: tuple[RuleOutcome, ...]
    as_of: str
    before: Mapping[str, Any] | None = None


def last_record(runs: Path, states: pl.DataFrame, period: tuple[str, str]) -> dict[str, Any] | None:
    """Return the record of the run that states compare with, if it examined the same period.

    Args:
        runs: The output folder.
        states: With `previous_run`, where a run was compared.
        period: First and last day under review.
    """
    if "previous_run" not in states.columns:
        return None
    names = states["previous_run"].drop_nulls()
    if names.is_empty():
        return None
    try:
        record = read_record(runs / names[0], "totals", "period_from", "period_to")
    except (RunAlteredError, RunBrokenError):
        return None
    return record if (record["period_from"], record["period_to"]) == period else None


def brief_of(seen: Seen) -> Brief:
    """Gather the page."""
    blank = [
        pl.lit(None, dtype=pl.Decimal(18, 2) if name in _TYPED[1:3] else pl.String).alias(name)
        for name in _TYPED
        if name not in seen.rows.columns
    ]
    rows = seen.rows.with_columns(blank).with_columns(
        category(), found_amount(), pl.col("recovered").fill_null(ZERO)
    )
    return Brief(
        tuple(_largest(rows, seen.outcomes)),
        tuple(_ways(rows, seen.before)),
        _trend(seen),
        tuple(_decisions(rows, seen)),
    )


def _largest(rows: pl.DataFrame, outcomes: Iterable[RuleOutcome]) -> Iterator[Largest]:
    """Yield the units with most money open, each in one direction: directions are never added."""
    titles = {each.rule: each.title or Text(each.rule, each.rule) for each in outcomes}
    is_found = pl.col("verdict").is_in(CONFIRMING)
    is_unseen = pl.col("verdict").is_null() | (pl.col("verdict") == "待核实")
    due = (pl.col("found") - pl.col("recovered")).clip(lower_bound=ZERO)
    open_rows = rows.filter(
        (pl.col("category") == "counted")
        & pl.col("closed_on").is_null()
        & (is_found | is_unseen)
        & pl.col("party_name").is_not_null()
    ).with_columns(
        due=pl.when(is_found).then(due).otherwise(ZERO),
        unseen=pl.when(is_unseen).then("amount").otherwise(ZERO),
    )
    found = (
        open_rows.sort("amount", descending=True, maintain_order=True)
        .group_by("party_id", "direction", maintain_order=True)
        .agg(
            pl.col("party_name").first(),
            pl.col("rule").unique(maintain_order=True),
            pl.len(),
            pl.col("due").sum(),
            pl.col("unseen").sum(),
        )
        .filter(pl.col("due") + pl.col("unseen") > 0)
        .sort(pl.col("due") + pl.col("unseen"), descending=True, maintain_order=True)
    )
    for row in found.head(_LARGEST).iter_rows(named=True):
        problems = tuple(titles.get(code, Text(code, code)) for code in row["rule"][:_TITLES])
        name, way = row["party_name"], row["direction"]
        yield Largest(name, way, problems, row["len"], row["due"], row["unseen"])


def _ways(rows: pl.DataFrame, before: Mapping[str, Any] | None) -> Iterator[Way]:
    summed = split(rows).filter(pl.col("category") == "counted")
    now = {row["direction"]: row for row in summed.iter_rows(named=True)}
    was = {
        each["direction"]: Decimal(each["confirmed"]) + Decimal(each["unconfirmed"])
        for each in (before or {}).get("totals", ())
    }
    for direction in DEFINITE_DIRECTIONS:
        mine = now.get(direction)
        if mine is None and not was.get(direction):
            continue
        earlier = was.get(direction, ZERO) if before is not None else None
        sums = (mine["amount"], mine["found"], mine["recovered"]) if mine else (ZERO,) * 3
        yield Way(direction, sums[0], earlier, *sums[1:])


def _trend(seen: Seen) -> Text:
    if seen.before is None:
        return Text(
            "没有同一审查期间的上一次核查，不作比较。",
            "There is no earlier run over the same period to compare with.",
        )
    counts = dict(seen.states.group_by("state").len().iter_rows())
    shown = [(STATES[name], counts[name]) for name in _CHANGES if counts.get(name)]
    zh = "、".join(f"{text.zh}{count:,}条" for text, count in shown)
    en = ", ".join(f"{count:,} {text.en}" for text, count in shown)
    day = seen.before["as_of"]
    return Text(f"与上次（算到{day}）相比：{zh}。", f"Against the last run (as of {day}): {en}.")


def _decisions(rows: pl.DataFrame, seen: Seen) -> Iterator[Text]:
    """Yield what somebody has to decide, the confirmed money first."""
    apart = once(rows)
    found = apart.filter(pl.col("verdict").is_in(CONFIRMING) & pl.col("closed_on").is_null())
    if found.height:
        yield _settle(found, seen.as_of)
    waiting = apart.filter(pl.col("verdict").is_null() | (pl.col("verdict") == "待核实"))
    if waiting.height:
        units = waiting["party_name"].drop_nulls().n_unique()
        yield Text(
            f"复核：{waiting.height:,}条例外还没有结论，涉及{units:,}个单位（个人）。"
            "请指定复核人和完成日期；结论作出前不通报、不催缴。",
            f"Review: {waiting.height:,} exceptions of {units:,} units are undecided. Name who "
            "reviews them and by when; until then nothing is demanded.",
        )
    unsure = sum(split(rows).filter(pl.col("category") == "counted")["unconfirmed"], start=ZERO)
    if unsure:
        yield Text(
            f"标准：合计中{yuan(unsure)}元所用标准还没有人核对过依据。请指定核对人。",
            f"Standards: nobody has compared the standards behind {yuan(unsure)} yuan of the "
            "totals with their documents. Name who does.",
        )
    yield from _papers(seen.outcomes)


def _settle(found: pl.DataFrame, as_of: str) -> Text:
    left = found.with_columns(left=pl.col("found") - pl.col("recovered"))
    sums = dict(left.group_by("direction").agg(pl.col("left").sum()).iter_rows())
    ways = [(DIRECTIONS[each], sums[each]) for each in DEFINITE_DIRECTIONS if sums.get(each)]
    nobody = found.filter(pl.col("responsible").is_null()).height
    late = found.filter(pl.col("due_on").cast(pl.String) < as_of).height
    zh = "、".join(f"{text.zh}{yuan(amount)}元" for text, amount in ways) or "没有金额"
    en = ", ".join(f"{yuan(amount)} yuan {text.en}" for text, amount in ways) or "no amount"
    zh += f"；其中{nobody}条没有责任人" if nobody else ""
    zh += f"，{late}条已过时限" if late else ""
    return Text(
        f"整改：已确认未销号{found.height:,}条，尚未办理{zh}。请明确责任领导和办理时限。",
        f"Rectification: {found.height:,} confirmed and open, still due {en}; {nobody} without a "
        f"responsible person, {late} overdue. Say who answers and by when.",
    )


def _papers(outcomes: Iterable[RuleOutcome]) -> Iterator[Text]:
    """Yield which few tables would allow most checks."""
    lacking = [gap for gap in gaps(outcomes) if gap.lacks]
    steps = best_tables(lacking)[:_TABLES]
    if not steps:
        return
    tables = [specs()[name] for names, _ in steps for name in names]
    whole, more = sum(len(gap.rules) for gap in lacking), steps[-1][1]
    yield Text(
        f"资料：{whole}项核查缺资料没有做；补{'、'.join(one.zh for one in tables)}可多查{more}项。"
        "请责成有关部室提供。",
        f"Papers: {whole} checks lack their tables; {', '.join(one.name for one in tables)} would "
        f"allow {more}. Say who supplies them.",
    )
