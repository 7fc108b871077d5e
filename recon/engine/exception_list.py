"""The exception list: links, counted amounts, totals and the final frame, all set-based.

Here: what happens to exceptions after the rules ran. Not here: any rule, and how the list is
written.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import DEFINITE_DIRECTIONS, DirectionTotal
from recon.output.split import split
from recon.tables.registry import specs

if TYPE_CHECKING:
    from recon.engine.duckdb import Session
    from recon.rules.catalog import Rule

_DEFINITE = ", ".join(f"'{direction}'" for direction in DEFINITE_DIRECTIONS)

#: What a direction that is in no total is listed for.
_CATEGORY = {"lapsed": "lapsed", "verify": "lead", "": "without_amount"}

#: Inside one money key every direction has one primary (the narrower cause first). `verify` hangs
#: under the definite primary if there is one; two definite directions are never linked.
_LINKS = f"""
create or replace table exception_link as
with
keyed as (
    select
        exception_id, money_key, direction, precedence, amount,
        direction in ({_DEFINITE}) as is_definite
    from exception_item
    where money_key is not null and direction <> '' and direction <> 'lapsed'
),
ranked as (
    select
        exception_id,
        is_definite,
        first_value(exception_id) over (
            partition by money_key, direction order by precedence asc, exception_id asc
        ) as own_primary,
        first_value(exception_id) over (
            partition by money_key
            order by is_definite desc, precedence asc, exception_id asc
        ) as key_primary
    from keyed
)
select
    exception_id,
    case when is_definite then own_primary else key_primary end as linked_to
from ranked
where exception_id <> case when is_definite then own_primary else key_primary end
"""

#: The policy values that an exception rests on: those in force on its days.
_POLICY_USED = """
create or replace table exception_policy as
with
asked as (
    select exception_id, unnest(string_split(policy_days, ',')) as words
    from exception_item
    where policy_days <> ''
),
named as (
    select
        exception_id,
        split_part(words, '@', 1) as name,
        cast(split_part(words, '@', 2) as date) as day
    from asked
)
select distinct
    named.exception_id, known.name, known.value_text, known.starts_on, known.is_verified,
    known.kind
from named
inner join ref_policy_value as known
    on named.name = known.name and named.day >= known.starts_on and named.day < known.ends_on
"""

_LISTED = f"""
select
    item.exception_id, item.rule, item.severity, item.direction, item.amount,
    item.direction in ({_DEFINITE}) and item.amount is not null and link.linked_to is null
        as counted,
    link.linked_to, item.party_id, item.party_name, item.period, item.expected, item.actual,
    item.difference, item.message, item.message_en, item.formula, item.detail, item.grain
from exception_item as item
left join exception_link as link on item.exception_id = link.exception_id
order by item.rule, item.grain
"""

_EVIDENCE = """
select
    evidence.exception_id,
    file.path || case when source.sheet is null then '!' else '#' || source.sheet || '!' end
        || cast(source.row_no as varchar) as place
from exception_evidence as evidence
inner join source_row as source on evidence.row_id = source.row_id
inner join source_file as file on source.file_id = file.file_id
order by evidence.exception_id, evidence.row_id
"""

#: What counts, on rows of one payment, in opposite directions: to us, and from us.
_OPPOSITE = """
with

counted as (
    select
        item.exception_id,
        item.direction in ('recover', 'pay_in') as is_to_us,
        evidence.row_id
    from exception_item as item
    inner join exception_evidence as evidence on item.exception_id = evidence.exception_id
    left join exception_link as link on item.exception_id = link.exception_id
    where
        item.direction in ('recover', 'pay_in', 'give_back', 'clear_out')
        and item.amount is not null
        and link.linked_to is null
),
moved as ({moved})

select distinct
    one.exception_id,
    other.exception_id as opposite
from counted as one
inner join counted as other on one.row_id = other.row_id and one.is_to_us <> other.is_to_us
inner join moved on one.row_id = moved.row_id
order by one.exception_id, opposite
"""

_POLICY = """
select distinct
    exception_id,
    name || '=' || coalesce(value_text, '') || '@' || cast(starts_on as varchar) as value,
    is_verified or kind = 'tool' as is_settled
from exception_policy
order by exception_id, value
"""

#: Columns of the list in the contract's order.
COLUMNS = (
    "exception_id",
    "rule",
    "severity",
    "direction",
    "amount",
    "counted",
    "linked_to",
    "party_id",
    "party_name",
    "period",
    "expected",
    "actual",
    "difference",
    "message",
    "message_en",
    "formula",
    "evidence",
    "policy",
    "unverified_policy",
    "explanations",
    "explanations_en",
    "detail",
)


def list_exceptions(session: Session, rules: tuple[Rule, ...]) -> pl.DataFrame:
    """Return the exception list of a run.

    Args:
        session: The session after its rules ran.
        rules: The rules that are reported; exceptions of others, which ran because these read
            them, are dropped first.

    Returns:
        One row per exception, sorted by rule and grain, with the columns of `COLUMNS`.

    Shape: `evidence`, `policy`, `explanations` and `explanations_en` are lists of text.
    Units: amounts in yuan, decimal(18, 2).
    """
    session.keep_rules(rule.code for rule in rules)
    session.run_script(_LINKS)
    session.run_script(_POLICY_USED)
    items = session.frame(_LISTED)
    evidence = _lists(session.frame(_EVIDENCE), "place", "evidence")
    values = session.frame(_POLICY)
    policy = _lists(values, "value", "policy")
    unverified = values.group_by("exception_id").agg(
        (~pl.col("is_settled")).any().alias("unverified_policy")
    )
    texts = pl.DataFrame(
        {
            "rule": [rule.code for rule in rules],
            "explanations": [[e.zh for e in rule.about.explanations] for rule in rules],
            "explanations_en": [[e.en for e in rule.about.explanations] for rule in rules],
        },
        schema={
            "rule": pl.String,
            "explanations": pl.List(pl.String),
            "explanations_en": pl.List(pl.String),
        },
    )
    listed = items
    for other in (evidence, policy, unverified):
        listed = listed.join(other, on="exception_id", how="left", maintain_order="left")
    listed = listed.join(texts, on="rule", how="left", maintain_order="left")
    listed = listed.join(_opposites(session), on="exception_id", how="left", maintain_order="left")
    empty = pl.lit([], dtype=pl.List(pl.String))
    return listed.with_columns(
        pl.col("policy").fill_null(empty),
        pl.col("evidence").fill_null(empty),
        pl.col("unverified_policy").fill_null(value=False),
        pl.when(pl.col("opposite").is_null())
        .then("detail")
        .otherwise(pl.struct("detail", "opposite").map_elements(_told, pl.String))
        .alias("detail"),
    ).select(COLUMNS)


def _opposites(session: Session) -> pl.DataFrame:
    """Return by exception what counts in the opposite direction on a payment behind it.

    The rows of registers, on which nothing was paid, are no such rows.
    """
    there = "select table_name from information_schema.tables where table_name like 'src%'"
    loaded = {name for (name,) in session.execute(there, "tables")}
    names = [f"src_{one.name}" for one in specs().values() if one.event_days]
    moved = " union all ".join(f"select row_id from {name}" for name in names if name in loaded)
    nothing = "select cast(null as bigint) as row_id"
    pairs = session.frame(_OPPOSITE.format(moved=moved or nothing))
    return _lists(pairs, "opposite", "opposite")


def _told(row: dict[str, object]) -> str:
    """Return the detail of an exception with those of the opposite direction."""
    detail = json.loads(str(row["detail"] or "{}"))
    return json.dumps(
        {**detail, "opposite": row["opposite"]}, ensure_ascii=False, separators=(",", ":")
    )


def _lists(pairs: pl.DataFrame, value: str, name: str) -> pl.DataFrame:
    return pairs.group_by("exception_id", maintain_order=True).agg(pl.col(value).alias(name))


def direction_totals(exceptions: pl.DataFrame) -> tuple[DirectionTotal, ...]:
    """Return counted exceptions and amounts per direction, in the contract's order.

    Amounts that rest on an unconfirmed parameter are kept apart; directions are never netted.
    `lapsed`, `verify` and '' are listed for information: they enter no total. What is linked, and
    what has a direction and no amount, is in none of them (see `recon.output.split`).

    Args:
        exceptions: The exception list.

    Returns:
        One total per direction that occurs.
    """
    summed = split(exceptions).filter(pl.col("category") != "linked")
    return tuple(
        DirectionTotal(row["direction"], row["exceptions"], row["confirmed"], row["unconfirmed"])
        for row in summed.iter_rows(named=True)
        if row["category"] == _CATEGORY.get(row["direction"], "counted")
    )
