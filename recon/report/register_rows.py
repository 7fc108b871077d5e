"""The rows of the rectification register: findings and leads of the run, and earlier findings.

Not here: columns and workbook (see `register`).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.base.texts import DIRECTIONS, FAMILIES, period_words, say, spoken
from recon.ledger.decisions import as_money
from recon.output.split import fact
from recon.report.standing import MONEY, ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.ledger.decisions import Item
    from recon.report.standing import Standing

_SHOWN_EVIDENCE = 20
#: Whether a line counts, or is the same money as another.
ONCE = (Text("是", "yes"), Text("否", "no"))


def register_rows(standing: Standing) -> pl.DataFrame:
    """Return the register's rows in the spoken language.

    An exception that was dismissed is no row. Findings of the ledger that the run does not show
    any more follow at the end, marked.

    Args:
        standing: The run and what the ledger says of it.

    Returns:
        Findings before leads, then by rule; earlier findings last.

    Shape: the columns that `register` shows, `direction` and `is_finding`; `once` says whether the
    line counts, or is the same money as another. Units: yuan.
    """
    rows = standing.rows.filter(pl.col("standing") != "dismissed")
    rows = pl.concat([rows, _gone(standing)], how="diagonal")
    is_finding = pl.col("standing") == "finding"
    rows = rows.with_columns(
        is_finding=is_finding,
        rank=pl.when("is_gone").then(2).when(is_finding).then(0).otherwise(1),
    ).sort("rank", "rule", maintain_order=True)
    texts = "message" if spoken() == "zh" else "message_en"
    why = "explanations" if spoken() == "zh" else "explanations_en"
    return (
        standing.with_told(rows)
        .with_row_index("number", offset=1)
        .with_columns(
            _titles(standing),
            _named("family", {code: say(text) for code, text in FAMILIES.items()}, "family_name"),
            _basis(standing),
            fact(texts, pl.col("told")).alias("message"),
            pl.col(why).list.join("\n").alias("explanations"),
            pl.col("evidence").list.head(_SHOWN_EVIDENCE).list.join("\n"),
            *_money(),
            _named("direction", {code: say(text) for code, text in DIRECTIONS.items()}, "way"),
            pl.lit(None, dtype=pl.String).alias("leader"),
            pl.col("closed_on").str.to_date(strict=False),
            pl.concat_str("references", "proof", separator="\n", ignore_nulls=True).alias("proofs"),
            pl.col("period").map_elements(period_words, return_dtype=pl.String),
            _state(),
            _remark(standing),
        )
        .with_columns(_nature(), _left())
    )


def _money() -> Iterator[pl.Expr]:
    """Yield found and recovered amounts; a finding whose amount was left empty is the whole."""
    is_finding, once = pl.col("is_finding"), pl.col("linked_to").is_null()
    yield (
        pl.when(is_finding).then(pl.coalesce("found", "confirmed_amount")).alias("confirmed_amount")
    )
    yield pl.when(is_finding).then("recovered").alias("recovered")
    yes, no = (say(text) for text in ONCE)
    yield pl.when(once).then(pl.lit(yes)).otherwise(pl.lit(no)).alias("once")


def _left() -> pl.Expr:
    left = pl.col("confirmed_amount") - pl.col("recovered").fill_null(ZERO)
    return left.cast(MONEY).alias("left")


def _named(column: str, names: dict[str, str], alias: str) -> pl.Expr:
    return (
        pl.col(column).replace_strict(
            list(names), list(names.values()), default=pl.col(column), return_dtype=pl.String
        )
    ).alias(alias)


def _titles(standing: Standing) -> pl.Expr:
    return _named("rule", {code: say(text) for code, text in standing.titles.items()}, "title")


def _basis(standing: Standing) -> pl.Expr:
    """Cite per row the texts in force on its day that somebody has read."""
    return (
        pl.struct("rule", "period")
        .map_elements(
            lambda row: "\n".join(standing.basis(row["rule"], row["period"] or "")),
            return_dtype=pl.String,
        )
        .alias("basis")
    )


def _nature() -> pl.Expr:
    """Name the problem; what is not confirmed is only suspected."""
    suspected = say(Text("疑似：", "suspected: "))
    return (
        pl.when("is_finding")
        .then("title")
        .otherwise(pl.concat_str(pl.lit(suspected), "title"))
        .alias("nature")
    )


def _state() -> pl.Expr:
    done, going, still, lead = (
        say(text)
        for text in (
            Text("已整改", "closed"),
            Text("持续整改", "under way"),
            Text("未整改", "open"),
            Text("待核实", "lead"),
        )
    )
    is_going = (pl.col("recovered") > 0) | (pl.col("measure_type") == "持续整改")
    return (
        pl.when(~pl.col("is_finding"))
        .then(pl.lit(lead))
        .when(pl.col("closed_on").is_not_null())
        .then(pl.lit(done))
        .when(is_going)
        .then(pl.lit(going))
        .otherwise(pl.lit(still))
        .alias("rectified")
    )


def _remark(standing: Standing) -> pl.Expr:
    """Say what a reader must know: unconfirmed parameters, linked money, repeats, earlier runs."""
    marks = (
        (pl.col("is_gone"), Text("本次结果没有再出现", "does not show in this run")),
        (pl.col("unverified_policy"), Text("参数未确认", "parameter not confirmed")),
    )
    again = say(Text("屡审屡犯：{} 年已有", "repeated: found in {}"))
    linked = say(Text("同一笔钱已计入 {}", "the same money is counted in {}"))
    unsure = say(
        Text(
            "本条金额记在 {}，那条没有确认，因此没有计入合计；请在那条登记结论",
            "the money stands in {}, which is not confirmed: it is in no total; decide that line",
        )
    )
    is_uncounted = pl.col("exception_id").is_in(standing.uncounted.implode())
    changed = say(Text("上次：{}", "earlier: {}"))
    return pl.concat_str(
        *(pl.when(when).then(pl.lit(say(text))) for when, text in marks),
        pl.when(is_uncounted)
        .then(pl.format(unsure, "linked_to"))
        .when(pl.col("linked_to").is_not_null())
        .then(pl.format(linked, "linked_to")),
        pl.when(pl.col("repeat_years").is_not_null()).then(pl.format(again, "repeat_years")),
        pl.when(pl.col("earlier").is_not_null() & pl.col("verdict").is_null()).then(
            pl.format(changed, "earlier")
        ),
        separator="；",
        ignore_nulls=True,
    ).alias("remark")


def _gone(standing: Standing) -> pl.DataFrame:
    """Return findings of the ledger that the run does not show, as rows of the same columns."""
    schema = {name: standing.rows.schema[name] for name in _GONE} | {"is_gone": pl.Boolean()}
    return pl.DataFrame([_row(item) for item in standing.gone], schema=schema, orient="row")


_GONE = (
    "exception_id", "rule", "family", "party_name", "period", "direction", "amount", "standing",
    "verdict", "confirmed_amount", "reason", "office", "responsible", "due_on", "measure",
    "measure_type", "recovered", "closed_on", "closed_by", "proof",
)  # fmt: skip


def _row(item: Item) -> dict[str, object]:
    facts, said = item.facts, item.decision
    due = said.get("due_on")
    closed = item.closed
    return {
        **{name: facts[name] for name in ("rule", "party_name", "period", "direction")},
        **{
            name: said.get(name)
            for name in ("verdict", "reason", "office", "responsible", "measure", "measure_type")
        },
        "exception_id": item.exception_id,
        "family": (facts["rule"] or "").split("-", 1)[0],
        "amount": as_money(facts["amount"]),
        "standing": "finding",
        "confirmed_amount": item.confirmed,
        "due_on": date.fromisoformat(due) if due else None,
        "recovered": item.recovered,
        "closed_on": closed.at[:10] if closed else None,
        "closed_by": closed.payload["by"] if closed else None,
        "proof": closed.payload["proof"] if closed else None,
        "is_gone": True,
    }
