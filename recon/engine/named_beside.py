"""Names of persons in what exceptions say, where a source row names the person in another column.

A summary like 付张三培训费 holds a name that no column of the rule gives; the row's own payee
column does. Here: finding those names by the exception's evidence, and masking them in its texts.
Not here: the form of a masked name (`recon.tables.masking`), columns that a rule says are personal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.tables.masking import mask_one, reads_like_person
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.engine.duckdb import Session

_SAID = ("message", "message_en", "formula", "detail")
#: What a column says in the rows of a table.
_SAYS = """
select row_id, '{kind}' as kind, "{column}" as name from "src_{table}" where "{column}" is not null
"""
#: The same in the source rows of exceptions; a party that a register knows is no person.
_NAMED = """
select
    said.exception_id, said.kind, said.name,
    said.name in (select party_name from party where party_id not like 'N:%') as is_known
from (
    select distinct evidence.exception_id, named.kind, named.name
    from exception_evidence as evidence
    inner join ({said}) as named on evidence.row_id = named.row_id
) as said
"""
#: A name of one sign is met in any text.
_SHORTEST = 2


def mask_named(session: Session, exceptions: pl.DataFrame, tables: Iterable[str]) -> pl.DataFrame:
    """Mask, in the texts of each exception, the persons that its source rows name.

    Args:
        session: Holds `exception_evidence` and the source tables.
        exceptions: The exception list.
        tables: Input tables with rows.

    Returns:
        The same rows in the same order.
    """
    names = _names(session, tables)
    if not names.height:
        return exceptions
    texts = pl.concat_str(_SAID, ignore_nulls=True)
    hits = (
        exceptions.select("exception_id", texts.alias("said"))
        .join(names, on="exception_id")
        .filter(pl.col("said").str.contains(pl.col("name"), literal=True))
        .group_by("exception_id")
        .agg(pl.col("name").unique().sort_by(pl.col("name").str.len_chars(), descending=True))
    )
    if not hits.height:
        return exceptions
    joined = exceptions.join(hits, on="exception_id", how="left", maintain_order="left")
    return joined.with_columns(
        pl.struct(column, "name", "party_name")
        .map_elements(_masked, return_dtype=pl.String, skip_nulls=False)
        .alias(column)
        for column in _SAID
    ).drop("name")


def _masked(row: dict[str, str | list[str] | None]) -> str | None:
    """Mask names in one text; the name of a unit that is shown stays whole."""
    text, names, party = row.values()
    if not isinstance(text, str) or not isinstance(names, list):
        return text if isinstance(text, str) else None
    for name in names:
        shown = mask_one(name, "person")
        text = text.replace(name, shown)
        if isinstance(party, str) and name in party:
            text = text.replace(party.replace(name, shown), party)
    return text


def _names(session: Session, tables: Iterable[str]) -> pl.DataFrame:
    """Return the persons that the source rows of exceptions name.

    Shape: exception_id, name; distinct.
    """
    said = [
        _SAYS.format(kind=column.shown_as, column=column.name, table=table)
        for table in sorted(tables)
        for column in specs()[table].columns
        if column.shown_as in ("person", "party")
    ]
    if not said:
        return pl.DataFrame(schema={"exception_id": pl.String, "name": pl.String})
    rows = session.frame(_NAMED.format(said=" union all ".join(said)))
    reads_so = reads_like_person(pl.col("name")) & ~pl.col("is_known")
    persons = rows.filter((pl.col("kind") == "person") | reads_so)
    every = persons.select("exception_id", pl.col("name").str.strip_chars()).unique()
    return every.filter(pl.col("name").str.len_chars() >= _SHORTEST)
