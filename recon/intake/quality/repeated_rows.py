"""Rows that several sheets of one table give: the same row twice, or one key with other content.

Sheets are compared by hashes of what every sheet must give; only rows whose hash stands in two of
them are looked into, a bounded number at a time. Here: which rows are one (ruling 32). Not here:
sheets that are equal as a whole, and what becomes of the rows (see `recon.intake.sheets.repeats`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.quality.validation import key_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from recon.tables.base import TableSpec

#: Hashes that are sorted at once, and rows that are compared at once.
_MOST_HASHES = 20_000_000
_MOST_ROWS = 1_000_000
#: Money that says which row it is although it may be empty: nothing and 0.00 are one.
_FLOWS = {"bank_txn": ("money_in", "money_out"), "gl_entry": ("debit", "credit")}
#: The demanded columns of these tables do not tell a row from another: something else must agree.
_WEAK = frozenset({"bank_txn", "fuel_reimbursement"})
#: What these rows hang on: where two sheets do not say it, equal rows are a question.
_HANGS_ON = {"bank_txn": "account_no"}
#: Rows of persons that are not told apart: those of a payer's month are equal all together or not.
_BLOCKS = {"payroll": ("payer_name", "month")}
_PAIR = {"at": pl.Int32, "pos": pl.UInt32, "of_at": pl.Int32, "of_pos": pl.UInt32}
_DAYS = frozenset({"date", "datetime", "month"})
_PARTIES = frozenset({"uscc", "id_no", "account"})


@dataclass(frozen=True)
class SheetRows:
    """The accepted rows of one sheet: `chunks` yields some of their columns, piece by piece."""

    chunks: Callable[[Sequence[str]], Iterator[pl.DataFrame]]
    given: frozenset[str]
    height: int


@dataclass(frozen=True)
class Repeats:
    """What is repeated among the sheets of one table.

    Shape: `same`, `asked` and `clashing` have at, pos (a row: number of its sheet, number in it)
    and of_at, of_pos (the row it is compared with). `same` rows count once; of `asked` rows nobody
    can know; `clashing` rows bear one key, day and party and differ in something else.
    """

    same: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_PAIR))
    asked: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_PAIR))
    clashing: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_PAIR))


def find_repeats(table: TableSpec, sheets: Sequence[SheetRows]) -> Repeats:
    """Compare the rows of several sheets.

    Args:
        table: What they are rows of.
        sheets: In the order in which a row is kept: that of an earlier sheet stays.
    """
    core = _core(table)
    names = {name for one in core for name in one.meta.root_names()}
    same, asked = [], []
    for piece in _suspects(table, sheets, core, names):
        found = _same_rows(table, sheets, piece, core)
        known = found["is_known"]
        same.append(found.filter(known).select(list(_PAIR)))
        asked.append(found.filter(~known).select(list(_PAIR)))
    once = pl.concat([pl.DataFrame(schema=_PAIR), *same])
    return Repeats(
        once,
        pl.concat([pl.DataFrame(schema=_PAIR), *asked]),
        _clashing(table, sheets, once),
    )


def may_repeat(table: TableSpec, sheets: Sequence[SheetRows]) -> bool:
    """Whether any row may be repeated, or its key: most folders hold nothing twice.

    Args:
        table: What the sheets hold rows of.
        sheets: In any order; what they give need not be known.
    """
    for by in (_core(table), _key(table)):
        names = {name for one in by for name in one.meta.root_names()}
        if by and len(_twice(sheets, by, sorted(names))):
            return True
    return False


def _core(table: TableSpec) -> list[pl.Expr]:
    """Return what two rows must agree in, filled in every row."""
    names = _BLOCKS.get(table.name) or [one.name for one in table.columns if one.required]
    return [pl.col(name) for name in names] + [
        pl.col(name).fill_null(0) for name in _FLOWS.get(table.name, ())
    ]


def _key(table: TableSpec) -> list[pl.Expr]:
    """Return the key of a row with the days it must have; nothing where the table has no key."""
    if not table.key:
        return []
    days = [c.name for c in table.columns if c.required and c.kind in _DAYS]
    parts = [key_part(table, name) for name in table.key]
    return parts + [pl.col(name) for name in days if name not in table.key]


def _suspects(
    table: TableSpec, sheets: Sequence[SheetRows], by: list[pl.Expr], names: set[str]
) -> Iterator[pl.DataFrame]:
    """Yield the rows whose hash stands in several sheets; rows of one hash come together.

    Shape: at, pos, hash and the table's columns.
    """
    twice = _twice(sheets, by, sorted(names))
    pieces = 1 + len(twice) // _MOST_ROWS
    for piece in range(pieces):
        wanted = twice.filter(twice % pieces == piece) if pieces > 1 else twice
        if not len(wanted):
            continue
        found = []
        for at, sheet in enumerate(sheets):
            start = 0
            for chunk in sheet.chunks(list(table.by_name)):
                marked = chunk.select(
                    pl.lit(at, dtype=pl.Int32).alias("at"),
                    (pl.int_range(pl.len(), dtype=pl.UInt32) + start).alias("pos"),
                    _hash(chunk, by).alias("hash"),
                    pl.col(list(table.by_name)),
                )
                found.append(marked.filter(pl.col("hash").is_in(wanted.implode())))
                start += chunk.height
        yield pl.concat(found)


def _hash(chunk: pl.DataFrame, by: list[pl.Expr]) -> pl.Series:
    """Return a hash of each row, null where a part of it is empty."""
    parts = chunk.select([one.alias(f"part_{number}") for number, one in enumerate(by)])
    marked = parts.select(pl.any_horizontal(pl.all().is_null())).to_series()
    hashes = parts.hash_rows()
    return hashes.set(marked, None) if marked.any() else hashes


def _twice(sheets: Sequence[SheetRows], by: list[pl.Expr], names: list[str]) -> pl.Series:
    """Return the hashes that stand in more than one sheet, a share of all hashes at a time."""
    shares = 1 + sum(sheet.height for sheet in sheets) // _MOST_HASHES
    found = [pl.Series(dtype=pl.UInt64)]
    for share in range(shares):
        alone = [pl.Series(dtype=pl.UInt64)]
        for sheet in sheets:
            hashes = (_hash(chunk, by).drop_nulls() for chunk in sheet.chunks(names))
            own = [one.filter(one % shares == share) if shares > 1 else one for one in hashes]
            alone.append(pl.concat([alone[0], *own]).unique())
        every = pl.concat(alone).sort()
        found.append(every.filter(every == every.shift(1)).unique())
    return pl.concat(found)


def _same_rows(
    table: TableSpec, sheets: Sequence[SheetRows], rows: pl.DataFrame, core: list[pl.Expr]
) -> pl.DataFrame:
    """Pair the rows of later sheets with equal ones of earlier sheets, each row once.

    Shape: as `Repeats`, and `is_known`: whether more than the demanded columns says so.
    """
    rows = rows.with_columns(pl.col(name).fill_null(0) for name in _FLOWS.get(table.name, ()))
    meet = rows.select("hash", "at").unique()
    pairs = meet.join(meet, on="hash", suffix="_of").filter(pl.col("at") > pl.col("at_of"))
    of_sheet = {at: part for (at,), part in rows.group_by("at", maintain_order=True)}
    found = [pl.DataFrame(schema={**_PAIR, "is_known": pl.Boolean})]
    for at, of_at in pairs.select("at", "at_of").unique().sort("at", "at_of").iter_rows():
        given = sheets[at].given & sheets[of_at].given
        given |= set(_FLOWS.get(table.name, ()))
        columns = [name for name in table.by_name if name in given]
        paired = _paired(of_sheet[of_at], of_sheet[at], columns, _numbers(table))
        paired = _whole_blocks(table, paired, of_sheet[of_at], of_sheet[at])
        paired = paired.with_columns(is_known=_is_known(table, columns, core))
        found.append(
            paired.select(
                pl.lit(at, dtype=pl.Int32).alias("at"),
                "pos",
                pl.lit(of_at, dtype=pl.Int32).alias("of_at"),
                "of_pos",
                "is_known",
            )
        )
        taken = paired.filter("is_known").select("pos")
        of_sheet[at] = of_sheet[at].join(taken, on="pos", how="anti", maintain_order="left")
    return pl.concat(found)


def _numbers(table: TableSpec) -> frozenset[str]:
    """Return the columns that number something: the key, identity numbers, vouchers, invoices."""
    named = (one.name for one in table.columns if one.kind == "id_no" or one.name.endswith("_no"))
    return frozenset({*table.key, *named})


def _paired(
    earlier: pl.DataFrame, later: pl.DataFrame, columns: list[str], numbers: frozenset[str]
) -> pl.DataFrame:
    """Pair rows that agree in all columns, then those in which one side lacks a value.

    A number that only one of two rows has, in sheets that both give it, is a difference: of two
    members of one name one may have no identity number.

    Shape: pos, of_pos, hash, and each column of the later row, and of the earlier as `of_`.
    """
    both = []
    for one in (earlier, later):
        whole = one.select(columns).hash_rows()
        counted = one.with_columns(whole.alias("whole"))
        both.append(counted.with_columns(turn=pl.int_range(pl.len()).over("whole")))
    left, right = (one.select("hash", "pos", "whole", "turn", *columns) for one in both)
    exact = right.join(left, on=["whole", "turn"], suffix="_of", maintain_order="left")
    rest = right.join(exact, on="pos", how="anti", maintain_order="left")
    others = left.join(exact, left_on="pos", right_on="pos_of", how="anti", maintain_order="left")
    near = rest.join(others, on="hash", suffix="_of", maintain_order="left")
    agrees = [
        pl.col(name).eq_missing(pl.col(f"{name}_of"))
        | ((pl.col(name).is_null() | pl.col(f"{name}_of").is_null()) & (name not in numbers))
        for name in columns
    ]
    near = near.filter(pl.all_horizontal(agrees)) if columns else near.clear()
    near = near.unique("pos", keep="first", maintain_order=True)
    near = near.unique("pos_of", keep="first", maintain_order=True)
    wanted = ["hash", "pos", "pos_of", *columns, *(f"{name}_of" for name in columns)]
    paired = pl.concat([exact.select(wanted), near.select(wanted)])
    return paired.rename({"pos_of": "of_pos"})


def _whole_blocks(
    table: TableSpec, paired: pl.DataFrame, earlier: pl.DataFrame, later: pl.DataFrame
) -> pl.DataFrame:
    """Keep the pairs of blocks all of whose rows are paired, in tables that have such."""
    if table.name not in _BLOCKS or not paired.height:
        return paired
    met = paired.group_by("hash").len("met")
    sizes = [one.group_by("hash").len("rows") for one in (earlier, later)]
    for size in sizes:
        met = met.join(size, on="hash").filter(pl.col("met") == pl.col("rows")).drop("rows")
    return paired.join(met, on="hash", how="semi", maintain_order="left")


def _is_known(table: TableSpec, columns: list[str], core: list[pl.Expr]) -> pl.Expr:
    """Tell whether a pair is one row for certain: what it hangs on and something else agree."""
    hang = _HANGS_ON.get(table.name)
    known = pl.lit(value=True)
    if hang is not None:
        sides = [pl.col(hang), pl.col(f"{hang}_of")] if hang in columns else []
        known = (
            pl.any_horizontal(one.is_not_null() for one in sides) if sides else pl.lit(value=False)
        )
    if table.name in _WEAK:
        names = {name for one in core for name in one.meta.root_names()} | {hang, "direction"}
        others = [name for name in columns if name not in names]
        agree = [pl.col(name) == pl.col(f"{name}_of") for name in others]
        more = pl.any_horizontal(one.fill_null(value=False) for one in agree)
        known = known & (more if agree else pl.lit(value=False))
    return known


def _clashing(table: TableSpec, sheets: Sequence[SheetRows], same: pl.DataFrame) -> pl.DataFrame:
    """Return rows of several sheets with one key, day and party that differ in something else.

    A key that one sheet uses for several rows is no key there.
    """
    nothing = pl.DataFrame(schema=_PAIR)
    by = _key(table)
    if not by:
        return nothing
    names = {name for one in by for name in one.meta.root_names()}
    parties = [
        one.name
        for one in table.columns
        if (one.kind in _PARTIES or one.name.endswith("_name") or one.name == "payee")
    ]
    found = [nothing]
    for rows in _suspects(table, sheets, by, names):
        left = rows.join(same, on=["at", "pos"], how="anti", maintain_order="left")
        differs = [pl.col(name).drop_nulls().n_unique() > 1 for name in table.by_name]
        same_party = [pl.col(name).drop_nulls().n_unique() < 2 for name in parties]
        keys = (
            left.group_by("hash")
            .agg(
                pl.any_horizontal(differs).alias("differs"),
                pl.all_horizontal(same_party or [pl.lit(value=True)]).alias("same_party"),
                (pl.col("at").n_unique() > 1).alias("several"),
                (pl.col("at").n_unique() == pl.len()).alias("one_each"),
            )
            .filter(pl.all_horizontal("differs", "same_party", "several", "one_each"))
        )
        clash = left.join(keys, on="hash", how="semi", maintain_order="left").sort("at", "pos")
        first = clash.group_by("hash", maintain_order=True).agg(
            pl.col("at", "pos").first().name.prefix("of_"),
            pl.col("at").get(1).alias("second_at"),
            pl.col("pos").get(1).alias("second_pos"),
        )
        clash = clash.join(first, on="hash", maintain_order="left")
        is_first = (pl.col("at") == pl.col("of_at")) & (pl.col("pos") == pl.col("of_pos"))
        found.append(
            clash.select(
                "at",
                "pos",
                pl.when(is_first).then("second_at").otherwise("of_at").alias("of_at"),
                pl.when(is_first).then("second_pos").otherwise("of_pos").alias("of_pos"),
            )
        )
    return pl.concat(found)
