"""Finds where a party's rows end on the way to a rule's result, and which condition ended them.

Here: walking back from the rule to the tables that still have rows of the party, and asking each
condition of that step. Not here: how an answer is said (see `page`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
from sqlglot import exp

from recon.engine.staging import staged_selects
from recon.why_not.selects import (
    Relation,
    Source,
    as_sql,
    columns_in,
    conditions_of,
    parameters_of,
    projection_of,
    relation_of,
    shift_reason,
    sources_of,
    without,
)

if TYPE_CHECKING:
    from pathlib import Path

    from recon.engine.duckdb import Session

Kind = Literal["no_rows", "join", "where", "after"]
_RANK: dict[Kind, int] = {"after": 0, "where": 1, "join": 2, "no_rows": 3}
_SHOWN = 6
_DEEP = 12
_PLACES = """
select
    file.path || case when source.sheet is null then '!' else '#' || source.sheet || '!' end
        || cast(source.row_no as varchar) as place
from source_row as source
inner join source_file as file on source.file_id = file.file_id
where source.row_id in ({})
order by source.row_id
"""


@dataclass(frozen=True)
class Failing:
    """A condition that did not hold, with the values that it read in the nearest row.

    `because` holds what a computed value was worked out from, in a row of the party that gives it.
    """

    condition: str
    values: tuple[tuple[str, str | None], ...] = ()
    because: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True)
class Ending:
    """Where a party's rows end.

    `trail` lists the relations on the way, from the rule back, each with its rows of the party;
    `place` is the relation whose select leaves them out; `rows` is how many went in; `places` are
    source rows (`file#sheet!row`) behind the nearest row.
    """

    kind: Kind
    place: str
    rows: int
    trail: tuple[tuple[str, int], ...]
    failing: tuple[Failing, ...] = ()
    row: tuple[tuple[str, str | None], ...] = ()
    other: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Probe:
    """A party in the session of a run."""

    session: Session
    party_id: str
    workspace: Path | None

    def ending(self, sql: str, name: str) -> Ending:
        """Find where the party's rows end on the way to a statement's result.

        Args:
            sql: A rule's statement of exceptions, which has no row of the party.
            name: What to call it.

        Returns:
            The ending that is nearest to the result, of all ways there.

        Raises:
            EngineError: A part of the statement could not be asked.
        """
        return self._walk(relation_of(name, sql), ())

    def _walk(self, relation: Relation, trail: tuple[tuple[str, int], ...]) -> Ending:
        endings = [
            self._branch(replace(relation, query=select), select, trail)
            for select in relation.branches()
        ]
        return min(endings, key=lambda each: (_RANK[each.kind], len(each.failing)))

    def _branch(
        self, relation: Relation, select: exp.Select, trail: tuple[tuple[str, int], ...]
    ) -> Ending:
        sources = sources_of(select)
        counted = {source.alias: self._rows(relation, source) for source in sources}
        lead = self._lead(relation, select, sources)
        told = (*trail, *((source.name, counted[source.alias]) for source in sources))
        if lead is None:
            return Ending("no_rows", relation.name, 0, told)
        if counted[lead.alias]:
            return self._step(relation, select, lead, told)
        below = self._below(relation, lead)
        return self._walk(below, told) if below else Ending("no_rows", lead.name, 0, told)

    def _below(self, relation: Relation, source: Source) -> Relation | None:
        """Return the relation that a source is, if some SQL of ours makes it."""
        inner = relation.inner(source.name)
        if inner is not None:
            return inner
        sql = staged_selects([source.name], self.workspace).get(source.name)
        return relation_of(source.name, sql) if sql else None

    def _lead(self, relation: Relation, select: exp.Select, sources: list[Source]) -> Source | None:
        """Return the source that the party comes from: the one that gives the party's column."""
        wanted = projection_of(select, "party_id")
        for column in columns_in(wanted) if wanted is not None else ():
            for source in sources:
                if column.table.lower() == source.alias:
                    return source
                if not column.table and column.name in self._schema(relation, source):
                    return source
        return sources[0] if sources else None

    def _schema(self, relation: Relation, source: Source) -> pl.Schema:
        everything = exp.select("*").from_(source.name).limit(0)
        return self.session.frame(relation.sql(everything), relation.name).schema

    def _is_party(self, relation: Relation, source: Source) -> str:
        """Return the condition under which a row of a source is the party's."""
        texts = [name for name, kind in self._schema(relation, source).items() if kind == pl.String]
        named = [name for name in texts if name.endswith("party_id")]
        said = exp.Literal.string(self.party_id).sql("duckdb")
        return (
            " or ".join(f'{source.alias}."{name}" = {said}' for name in named or texts) or "false"
        )

    def _rows(self, relation: Relation, source: Source) -> int:
        table = exp.to_table(source.name).as_(source.alias, table=True)
        count = exp.select("count(*) as n").from_(table).where(self._is_party(relation, source))
        return int(self.session.frame(relation.sql(count), relation.name).item())

    def _step(
        self,
        relation: Relation,
        select: exp.Select,
        lead: Source,
        trail: tuple[tuple[str, int], ...],
    ) -> Ending:
        """Ask joins, then conditions, of a select whose source has rows of the party."""
        mine = self._is_party(relation, lead)
        joins = select.args.get("joins") or []
        first = joins.index(lead.join) + 1 if lead.join is not None else 0
        rows = 0
        for number in range(first, len(joins) + 1):
            bare = (
                without(select, joins=number).select("count(*) as n").where(mine, dialect="duckdb")
            )
            left = int(self.session.frame(relation.sql(bare), relation.name).item())
            if not left and (number > first or first):
                join = joins[number - 1]
                other = Source(join.this.name, join.this.alias_or_name, join)
                failing = (Failing(other.condition),)
                return Ending("join", relation.name, rows, trail, failing, other=other.name)
            rows = left
        return self._conditions(relation, select, lead, (mine, rows, trail))

    def _conditions(
        self,
        relation: Relation,
        select: exp.Select,
        lead: Source,
        about: tuple[str, int, tuple[tuple[str, int], ...]],
    ) -> Ending:
        """Ask every condition of the where clause of the row that fails the fewest."""
        mine, rows, trail = about
        asked = conditions_of(select)
        nearest = self._nearest(relation, select, lead, mine) if rows else {}
        failing = tuple(
            self._failing(condition, nearest, number, (relation, select))
            for number, condition in enumerate(asked)
            if nearest and nearest[f"holds_{number}"] is not True
        )
        shown = tuple(
            (name.removeprefix("shown_"), value)
            for name, value in nearest.items()
            if name.startswith("shown_") and value is not None
        )
        if failing:
            places = self._places(relation, lead, dict(shown))
            return Ending("where", relation.name, rows, trail, failing, shown, places=places)
        reason = Failing(shift_reason(select))
        return Ending("after", relation.name, rows, trail, (reason,), shown)

    def _nearest(
        self, relation: Relation, select: exp.Select, lead: Source, mine: str
    ) -> dict[str, Any]:
        """Return the row of the party that fails the fewest conditions, with what they read."""
        asked = conditions_of(select)
        joins = len(select.args.get("joins") or ())
        bare = without(select, joins=joins)
        for number, condition in enumerate(asked):
            bare = bare.select(exp.alias_(exp.paren(condition.copy()), f"holds_{number}"))
            for place, column in enumerate(columns_in(condition)):
                value = exp.cast(column.copy(), "varchar")
                bare = bare.select(exp.alias_(value, f"read_{number}_{place}"))
        for name in self._telling(relation, lead):
            value = exp.cast(exp.column(name, table=lead.alias), "varchar")
            bare = bare.select(exp.alias_(value, f"shown_{name}", quoted=True))
        failed = " + ".join(
            f"case when holds_{number} then 0 else 1 end" for number in range(len(asked))
        )
        bare = bare.where(mine, dialect="duckdb")
        text = f"select * from ({relation.sql(bare)}) as probed order by {failed or '1'} limit 1"
        return self.session.frame(text, relation.name).row(0, named=True)

    def _places(self, relation: Relation, lead: Source, shown: dict[str, Any]) -> tuple[str, ...]:
        """Return source rows of the party behind a row: down to the first table that keeps them."""
        here: Relation | None = relation
        source: Source | None = lead
        for _ in range(_DEEP):
            if here is None or source is None:
                break
            schema = self._schema(here, source)
            if "row_id" in schema:
                return self._rows_of(here, source, {k: shown[k] for k in shown if k in schema})
            below = self._below(here, source)
            branch = next(below.branches(), None) if below else None
            sources = sources_of(branch) if branch is not None else []
            source = self._lead(below, branch, sources) if below and branch is not None else None
            here = below
        return ()

    def _rows_of(
        self, relation: Relation, source: Source, shared: dict[str, Any]
    ) -> tuple[str, ...]:
        table = exp.to_table(source.name).as_(source.alias, table=True)
        mine = exp.select("row_id").from_(table).where(self._is_party(relation, source))
        for name, value in shared.items():
            said = exp.Literal.string(str(value)).sql("duckdb")
            mine = mine.where(f'cast({source.alias}."{name}" as varchar) = {said}')
        listed = self.session.frame(relation.sql(mine.limit(_SHOWN)), relation.name)["row_id"]
        if listed.is_empty() or not self._has_places():
            return ()
        ids = ", ".join(str(int(each)) for each in listed.drop_nulls())
        return tuple(self.session.frame(_PLACES.format(ids or "null"))["place"])

    def _has_places(self) -> bool:
        """Whether the session knows files and rows: one made by hand may not."""
        known = self.session.frame("select table_name from information_schema.tables")
        return {"source_row", "source_file"} <= set(known["table_name"])

    def _telling(self, relation: Relation, lead: Source) -> list[str]:
        """Return the columns by which a reader knows a row: its days and its period."""
        schema = self._schema(relation, lead)
        names = [
            name
            for name, kind in schema.items()
            if kind == pl.Date or name in ("period", "class_no", "batch_no", "voucher_no")
        ]
        return names[:_SHOWN]

    def _failing(
        self,
        condition: exp.Expr,
        nearest: dict[str, Any],
        number: int,
        step: tuple[Relation, exp.Select],
    ) -> Failing:
        read = [
            (column, nearest[f"read_{number}_{place}"])
            for place, column in enumerate(columns_in(condition))
        ]
        known = self.session.parameters
        values = [(as_sql(column), value) for column, value in read]
        values += [
            (f"${name}", None if known.get(name) is None else str(known[name]))
            for name in parameters_of(condition)
        ]
        because = [pair for column, value in read for pair in self._because(step, column, value)]
        return Failing(as_sql(condition), tuple(values), tuple(dict.fromkeys(because)))

    def _because(
        self, step: tuple[Relation, exp.Select], column: exp.Column, value: str | None
    ) -> list[tuple[str, str | None]]:
        """Return what a column was worked out from, where one select of ours works it out."""
        relation, select = step
        source = next(
            (one for one in sources_of(select) if one.alias == column.table.lower()), None
        )
        below = self._below(relation, source) if source else None
        for branch in below.branches() if below else ():
            made = projection_of(branch, column.name.lower())
            if below is None or made is None or isinstance(made, exp.Column):
                continue
            if branch.args.get("group") or made.find(exp.AggFunc, exp.Window, exp.Subquery):
                continue
            if found := self._worked_out(below, branch, made, value):
                return found
        return []

    def _worked_out(
        self, below: Relation, branch: exp.Select, made: exp.Expr, value: str | None
    ) -> list[tuple[str, str | None]]:
        lead = self._lead(below, branch, sources_of(branch))
        parts = columns_in(made)
        if lead is None or not parts:
            return []
        bare = without(branch, joins=len(branch.args.get("joins") or ()))
        for place, part in enumerate(parts):
            bare = bare.select(exp.alias_(exp.cast(part.copy(), "varchar"), f"part_{place}"))
        said = exp.Null() if value is None else exp.Literal.string(value)
        same = f"cast({as_sql(made)} as varchar) is not distinct from {said.sql('duckdb')}"
        bare = bare.where(self._is_party(below, lead), same, dialect="duckdb")
        for condition in conditions_of(branch):
            bare = bare.where(condition.copy())
        rows = self.session.frame(below.sql(bare.limit(1)), below.name).rows()
        names = [as_sql(part) for part in parts]
        return list(zip(names, rows[0], strict=True)) if rows else []
