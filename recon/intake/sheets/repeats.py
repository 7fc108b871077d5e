"""Sheets and rows that stand in the folder twice count once (ruling 32).

Here: which sheets are equal, and what becomes of repeated rows: they leave the accepted ones, are
counted, told and named. Not here: which rows are one (see `recon.intake.quality.repeated_rows`).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.base.rows import Stored
from recon.intake.layout.mapping import place_of
from recon.intake.quality.items import items, placed
from recon.intake.quality.repeated_rows import Repeats, SheetRows, find_repeats, may_repeat
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recon.base.models import RawSheet
    from recon.intake.sheets.parsed import ParsedSheet
    from recon.tables.base import TableSpec

_DAYS = frozenset({"date", "datetime", "month"})
_ZERO = Decimal("0.00")
_WORDS = {
    "repeated_row": Text("与{place}相同，只计一次", "the same as {place}; counted once"),
    "row_twice_or_not": Text(
        "与{place}相同，两边都没有写明账号，不能确定是不是同一笔；两行都计入",
        "the same as {place}, and neither names the account: nobody can tell whether both are one; "
        "both are counted",
    ),
    "key_clash": Text(
        "与{place}编号相同、日期和单位不矛盾，其他内容不同；两行都保留，以此为据的金额列为待核实",
        "one key with {place}, neither day nor party against it, other content: both rows stay, "
        "and amounts that rest on them are to be verified",
    ),
}


def settle_repeats(sheets: Sequence[ParsedSheet]) -> list[ParsedSheet]:
    """Let what stands twice count once.

    Args:
        sheets: All sheets of the folder, in the order of row ids.

    Returns:
        The same sheets in the same order; of repeated rows one stays, with a quality item for each
        other that names both places.
    """
    done = list(sheets)
    _settle_sheets(done)
    by_table: dict[str, list[int]] = {}
    for number, one in enumerate(done):
        if one.found.table is not None and one.rows_accepted:
            by_table.setdefault(one.found.table.name, []).append(number)
    for name, numbers in by_table.items():
        near = _overlapping(specs()[name], [done[number] for number in numbers])
        _settle_rows(specs()[name], done, [numbers[index] for index in near])
    return done


def digest_of(sheet: RawSheet, sha256: str) -> str:
    """Return a hash of all cells; that of its file for a sheet of which only a slice is held.

    Args:
        sheet: The sheet as it was read.
        sha256: The hash of its file.
    """
    if sheet.slices is not None:
        return f"{sha256}#{sheet.sheet}#{sheet.part}"
    rows = sheet.cells.hash_rows().to_frame("row").with_row_index().hash_rows()
    return f"{sheet.cells.shape}#{rows.bitwise_xor()!r}"


def _settle_sheets(sheets: list[ParsedSheet]) -> None:
    """Empty the sheets all of whose cells, and all that was read of them, another has too."""
    alike: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(sheets):
        if one.found.table is not None and one.digest and one.rows_accepted:
            alike.setdefault((one.found.table.name, one.digest), []).append(number)
    for numbers in alike.values():
        kept: list[int] = []
        for number in sorted(numbers, key=lambda at: _rank(sheets[at])):
            twin = next((at for at in kept if _is_equal(sheets[at], sheets[number])), None)
            if twin is None:
                kept.append(number)
            else:
                sheets[number] = _emptied(sheets[number], sheets[twin])


def _rank(sheet: ParsedSheet) -> tuple[int, str, str]:
    """Return the order in which one of several equal sheets is kept: 流水 before 流水 - 副本."""
    name = sheet.sheet.sheet or ""
    return len(sheet.sheet.path) + len(name), sheet.sheet.path, name


def _is_equal(one: ParsedSheet, other: ParsedSheet) -> bool:
    pieces = zip_longest(_chunks(one, None), _chunks(other, None))
    return all(a is not None and b is not None and a.equals(b) for a, b in pieces)


def _emptied(sheet: ParsedSheet, twin: ParsedSheet) -> ParsedSheet:
    count = sheet.rows_accepted + sheet.rejected.height
    here, there = place_of(sheet.sheet), place_of(twin.sheet)
    text = Text(
        f"{here}：内容与 {there} 完全相同，只读一次（{count} 行不重复计算）。",
        f"{here}: the same content as {there}; read once ({count} rows are not counted again).",
    )
    first = next(iter(_chunks(sheet, ["row_no"])))["row_no"].min()
    return replace(
        sheet,
        accepted=_nothing(sheet),
        stored=(),
        rejected=sheet.rejected.clear(),
        quality=_items(sheet, "repeated_sheet", [(first, text.zh, text.en)]),
        repeated=count,
        money={
            name: sums
            | {
                "accepted": _ZERO,
                "rejected": _ZERO,
                "repeated": sums["accepted"] + sums["rejected"],
            }
            for name, sums in sheet.money.items()
        },
        twin=there,
        told=(text,),
    )


def _nothing(sheet: ParsedSheet) -> pl.DataFrame:
    return next(iter(_chunks(sheet, None))).clear()


def _chunks(sheet: ParsedSheet, columns: Sequence[str] | None) -> Iterator[pl.DataFrame]:
    """Yield the accepted rows piece by piece, in their order."""
    names = None if columns is None else list(columns)
    for one in sheet.stored:
        yield pl.read_parquet(one.path, columns=names)
    if sheet.accepted is not None:
        yield sheet.accepted if names is None else sheet.accepted.select(names)


def _overlapping(table: TableSpec, sheets: Sequence[ParsedSheet]) -> list[int]:
    """Return the sheets whose days overlap those of another; all, where no day is demanded."""
    day = next((one.name for one in table.columns if one.required and one.kind in _DAYS), None)
    if day is None or len(sheets) < 2:
        return list(range(len(sheets))) if len(sheets) > 1 else []
    spans = []
    for number, one in enumerate(sheets):
        days = pl.concat([chunk.select(first=pl.col(day).min(), last=pl.col(day).max())
                          for chunk in _chunks(one, [day])])  # fmt: skip
        spans.append((days["first"].min(), days["last"].max(), number))
    near: set[int] = set()
    open_until, holder = None, -1
    for first, last, number in sorted(spans, key=lambda span: (str(span[0]), span[2])):
        if open_until is not None and str(first) <= open_until:
            near |= {holder, number}
        if open_until is None or str(last) > open_until:
            open_until, holder = str(last), number
    return sorted(near)


def _settle_rows(table: TableSpec, sheets: list[ParsedSheet], numbers: list[int]) -> None:
    if len(numbers) < 2 or not may_repeat(table, [_rows(sheets[number]) for number in numbers]):
        return
    given = {number: _given(sheets[number], table) for number in numbers}
    order = sorted(numbers, key=lambda at: (-len(given[at]), *_rank(sheets[at]), at))
    found = find_repeats(table, [_rows(sheets[number], given[number]) for number in order])
    if not (found.same.height or found.asked.height or found.clashing.height):
        return
    places = [pl.concat([*_chunks(sheets[number], ["row_no"])])["row_no"] for number in order]
    before = [sheets[number] for number in order]
    for at, number in enumerate(order):
        sheets[number] = _settled(before, places, found, at)


def _rows(sheet: ParsedSheet, given: frozenset[str] = frozenset()) -> SheetRows:
    height = 0 if sheet.accepted is None else sheet.accepted.height
    height += sum(one.height for one in sheet.stored)
    return SheetRows(partial(_chunks, sheet), given, height)


def _given(sheet: ParsedSheet, table: TableSpec) -> frozenset[str]:
    """Return the columns in which some accepted row has a value."""
    given: set[str] = set()
    for chunk in _chunks(sheet, list(table.by_name)):
        empty = chunk.null_count().row(0, named=True)
        given |= {name for name, nulls in empty.items() if nulls < chunk.height}
    return frozenset(given)


def _settled(
    sheets: Sequence[ParsedSheet],
    places: Sequence[pl.Series],
    found: Repeats,
    at: int,
) -> ParsedSheet:
    """Return a sheet without its rows that count elsewhere, and with what is to be said of it."""
    sheet = sheets[at]
    later = found.clashing.filter(pl.col("of_at") < pl.col("at"))
    same, asked, clashing, clashing_again = (
        _located(one.filter(pl.col("at") == at), sheets, places, at)
        for one in (found.same, found.asked, found.clashing, later)
    )
    quality = [sheet.quality]
    for check, rows in (
        ("repeated_row", same),
        ("row_twice_or_not", asked),
        ("key_clash", clashing),
    ):
        zh, en = _WORDS[check].zh, _WORDS[check].en
        told = rows.select("row_no", "place").sort("row_no").iter_rows()
        quality.append(
            _items(
                sheet,
                check,
                [
                    (row, zh.format(place=f"“{place}”"), en.format(place=place))
                    for row, place in told
                ],
            )
        )
    mirrored = found.asked.filter(pl.col("of_at") == at)["of_pos"]
    doubtful = {*asked["row_no"], *clashing["row_no"], *places[at].gather(mirrored)}
    without = _without(sheet, same["pos"])
    left = [chunk["row_no"] for chunk in _chunks(without, ["row_no"])]
    gone = same.filter(~pl.col("row_no").is_in(pl.concat(left).implode()))["row_no"]
    quality[0] = sheet.quality.filter(~pl.col("row_no").is_in(gone.implode()))
    return replace(
        without,
        quality=pl.concat(quality),
        doubtful=tuple(sorted(doubtful)),
        told=tuple(_said(same, sheet, "same")) + tuple(_said(clashing_again, sheet, "clash")),
        asked=tuple(_said(asked, sheet, "asked")),
    )


def _located(
    rows: pl.DataFrame, sheets: Sequence[ParsedSheet], places: Sequence[pl.Series], at: int
) -> pl.DataFrame:
    """Add row_no, and where the other row stands (`other`, `place`)."""
    parts = [
        rows.clear().select("pos", row_no=pl.lit(0, pl.Int64), other=pl.lit(""), place=pl.lit(""))
    ]
    for (of_at,), part in rows.group_by("of_at", maintain_order=True):
        number = int(str(of_at))
        other = place_of(sheets[number].sheet)
        theirs = places[number].gather(part["of_pos"]).cast(pl.String)
        parts.append(
            pl.DataFrame(
                {
                    "pos": part["pos"],
                    "row_no": places[at].gather(part["pos"]),
                    "other": pl.Series([other]).new_from_index(0, part.height),
                    "place": pl.select(pl.format("{}!{}", pl.lit(other), theirs)).to_series(),
                }
            )
        )
    return pl.concat(parts)


def _items(sheet: ParsedSheet, check: str, rows: Sequence[tuple[object, str, str]]) -> pl.DataFrame:
    if not rows or sheet.found.table is None:
        return items()
    told = pl.DataFrame(
        rows, schema={"row_no": pl.Int64, "reason": pl.String, "reason_en": pl.String}, orient="row"
    ).with_columns(
        column_letter=pl.lit(None, dtype=pl.String),
        header=pl.lit("整行"),
        value=pl.lit(None, dtype=pl.String),
        kind=pl.lit("text"),
    )
    return placed(told, sheet.sheet, sheet.found.table.name, check)


def _without(sheet: ParsedSheet, positions: pl.Series) -> ParsedSheet:
    """Take rows out of the accepted ones; their money is counted as repeated."""
    if not len(positions):
        return sheet
    before, start = sheet.rows_accepted, 0
    sums = dict.fromkeys(sheet.money, _ZERO)
    stored: list[Stored] = []
    accepted = None
    pieces: list[Stored | pl.DataFrame] = [*sheet.stored]
    pieces += [sheet.accepted] if sheet.accepted is not None else []
    for piece in pieces:
        chunk = pl.read_parquet(piece.path) if isinstance(piece, Stored) else piece
        own = pl.int_range(start, start + chunk.height, dtype=pl.UInt32, eager=True)
        is_gone = own.is_in(positions.implode())
        gone, left = chunk.filter(is_gone), chunk.filter(~is_gone)
        for name in sums:
            wide = gone[name].cast(pl.Decimal(38, 2)).sum()
            sums[name] += Decimal(wide or 0).quantize(_ZERO)
        if isinstance(piece, Stored):
            stored.append(_rewritten(piece, left) if gone.height else piece)
        else:
            accepted = left
        start += chunk.height
    settled = replace(sheet, accepted=accepted, stored=tuple(stored))
    money = {
        name: one | {"accepted": one["accepted"] - sums[name], "repeated": sums[name]}
        for name, one in sheet.money.items()
    }
    return replace(settled, money=money, repeated=before - settled.rows_accepted)


def _rewritten(piece: Stored, rows: pl.DataFrame) -> Stored:
    path = piece.path.with_stem(f"{piece.path.stem}-once")
    rows.write_parquet(path, compression="lz4", statistics=False)
    piece.path.unlink()
    return Stored(path, rows.height, rows["row_no"].n_unique())


def _said(rows: pl.DataFrame, sheet: ParsedSheet, what: str) -> Iterator[Text]:
    """Yield one sentence for each other sheet."""
    here = place_of(sheet.sheet)
    counts = rows.group_by("other", maintain_order=True).agg(pl.len(), pl.col("row_no").min())
    for there, count, first in counts.iter_rows():
        if what == "same":
            yield Text(
                f"{here}：有 {count} 行与 {there} 相同，只计一次（首行为第{first}行）。",
                f"{here}: {count} rows are the same as in {there} and counted once (first: row "
                f"{first}).",
            )
        elif what == "clash":
            yield Text(
                f"{here}：有 {count} 行与 {there} 编号相同而内容不同（首行为第{first}行），"
                "两边都保留；以此为据的金额列为待核实。",
                f"{here}: {count} rows bear a key of {there} with other content (first: row "
                f"{first}); both stay, and amounts that rest on them are to be verified.",
            )
        else:
            yield Text(
                f"{here}：有 {count} 行与 {there} 相同（首行为第{first}行），两边都没有账号，"
                "不能确定是不是重复导出；都已计入，以此为据的金额列为待核实。是重复的请删去一份；"
                "不是的请在表中补上账号。",
                f"{here}: {count} rows are the same as in {there} (first: row {first}), and "
                "neither names its account: nobody can tell whether one was exported twice. All "
                "are counted, and amounts that rest on them are to be verified. Remove one if it "
                "is a repetition, else add the account.",
            )
