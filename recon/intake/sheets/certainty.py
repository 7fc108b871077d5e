"""Whether the money of a sheet is certain: its columns, its direction, its unit and its sign.

A money table in which one of these is not certain is asked about and claims nothing. Here: every
such doubt, decided once, for `map` and `check` alike. Not here: which table a sheet is
(`layout.mapping`), the reading of rows (`sheet`), what a balance proves (`bank`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.intake.layout.accounting import other_account
from recon.intake.layout.candidates import columns_named
from recon.intake.layout.contents import SHOWN, hold_amounts
from recon.intake.layout.header import header_parts, normalise_header
from recon.intake.layout.mapping import SheetMap, place_of
from recon.intake.layout.sides import side_named
from recon.intake.quality.items import items
from recon.intake.sheets import headings, marks, measures
from recon.intake.sheets.parsed import ParsedSheet
from recon.intake.values.directions import are_directions
from recon.intake.values.units import (
    FACTORS,
    UNIT_ZH,
    UNKNOWN,
    currency_unit,
    is_unknown,
    money_unit,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recon.intake.layout.header import ColumnMatch
    from recon.tables.base import TableSpec

    Ask = Callable[["Evidence"], Text | None]

_CURRENCY = re.compile(r"(?:交易|记账|账户|结算|入账|开户)?(?:币种|币别|货币|币制)(?:名称|代码)?")
#: Words of a header under which no money of the table stands.
_NO_MONEY = re.compile(r"数量|笔数|件数|户数|人数|单价|外币|原币|方向|汇率|比例|年限|日期")
#: Words of a header that say the yuan beside another currency.
_OWN = re.compile(r"本位币|本币|人民币")
#: So many cells that are not what their header says are no slip of a pen.
_ENOUGH = 3
_ADD = Text(
    "请在 recon.toml 的 [[source]] 中写明（recon map --save），或改正表头。",
    "Say it in a [[source]] of recon.toml (recon map --save), or correct the header.",
)


@dataclass(frozen=True)
class Evidence:
    """A sheet that was read, with the cells under its header; what a doubt is decided on."""

    parsed: ParsedSheet
    table: TableSpec
    body: pl.DataFrame

    @property
    def money(self) -> tuple[ColumnMatch, ...]:
        """The columns of money that were found."""
        kinds = self.table.by_name
        return tuple(one for one in self.parsed.found.matches if kinds[one.column].kind == "money")

    @property
    def has(self) -> frozenset[str]:
        """The contract columns that something gives."""
        found = self.parsed.found
        return frozenset(one.column for one in found.matches) | dict(found.supplies).keys()

    @property
    def unread(self) -> list[str]:
        """The columns from which nothing is taken, from left to right."""
        return self.parsed.found.unread(self.body.columns[1:])

    @property
    def untaken(self) -> dict[str, str]:
        """The headers of the columns from which nothing is taken."""
        return {letter: self.shown(letter) for letter in self.unread}

    @cached_property
    def beside(self) -> pl.DataFrame:
        """The rows under the header that are no accepted rows."""
        accepted = self.parsed.accepted
        if accepted is None or not accepted.height:
            return self.body
        if accepted.height == self.body.height and accepted["row_no"].equals(self.body["row_no"]):
            return self.body.clear()
        return self.body.join(accepted.select("row_no"), on="row_no", how="anti")

    def shown(self, letter: str) -> str:
        """Return the header of a column as people see it."""
        named = {one.letter: one.header for one in self.parsed.found.unmapped}
        return named.get(letter, "")

    def cells(self, letter: str) -> pl.Series:
        """Return the filled cells of a column among the first rows."""
        cells = self.body[letter].head(SHOWN).drop_nulls().str.strip_chars()
        return cells.filter(cells != "")


def settle(parsed: ParsedSheet) -> ParsedSheet:
    """Leave a sheet as it is where its money is certain; else claim nothing and ask."""
    found = parsed.found
    if found.table is None:
        return parsed
    doubt, of_unit = next(_doubts(parsed), (None, False))
    return parsed if doubt is None else asked(parsed, doubt, of_unit=of_unit)


def asked(parsed: ParsedSheet, doubt: Text, *, of_unit: bool = False) -> ParsedSheet:
    """Return a sheet that claims nothing and asks.

    Args:
        parsed: What was read of it.
        doubt: What is not certain, without the place.
        of_unit: Whether it is the unit of money.
    """
    found, place = parsed.found, place_of(parsed.sheet)
    table = found.table or found.guess
    name = Text("", "") if table is None else Text(table.zh, f"{table.name} ({table.zh})")
    question = Text(
        f"{place}: 像是“{name.zh}”，但不能认定：{doubt.zh}{_ADD.zh}",
        f"{place}: looks like {name.en}, but is not certain: {doubt.en} {_ADD.en}",
    )
    kept = SheetMap(
        None, unmapped=found.unmapped, question=question, guess=table, asks_unit=of_unit
    )
    nothing = {"unmapped": parsed.sheet.rows_total}
    return ParsedSheet(parsed.sheet, kept, None, items(), items(), nothing, {})


def _doubts(parsed: ParsedSheet) -> Iterator[tuple[Text, bool]]:
    """Yield what is not certain, and whether it is the unit of money."""
    table, found = parsed.found.table, parsed.found
    if parsed.doubt:
        yield parsed.doubt, False
    if table is None or not found.header_rows:
        return
    seen = Evidence(parsed, table, parsed.sheet.under(found.header_rows[-1]))
    has_money = bool(seen.money or table.sides)
    for ask in (*_ALWAYS, *(_OPEN if has_money and not found.is_answered else ())):
        if doubt := ask(seen):
            yield doubt, ask is _unit


def _unread(seen: Evidence) -> Text | None:
    """Ask about a column of which most cells are not what its header says."""
    by_name = seen.table.by_name
    for one in seen.parsed.unread:
        column = by_name[one.column]
        if column.kind != "money" and not column.required:
            continue
        if one.bad >= _ENOUGH and one.bad * 2 > one.filled:
            header = seen.parsed.columns.get(one.column, (None, column.zh))[1]
            return Text(
                f"“{header}”列的{one.filled}个单元格中有{one.bad}个读不成{column.zh}"
                f"（如“{one.sample}”）。",
                f"{one.bad} of {one.filled} cells under “{header}” are no {one.column} (such as "
                f"“{one.sample}”).",
            )
    return None


def _unit(seen: Evidence) -> Text | None:
    """Ask about a unit of money that is not on the list, or that is stated in two ways."""
    stated = [(one.unit, f"“{one.header}”") for one in seen.money]
    stated.append((seen.parsed.found.unit, ""))
    for unit, where in stated:
        if is_unknown(unit):
            word = str(unit).removeprefix(UNKNOWN)
            known = "、".join(UNIT_ZH.values())
            return Text(
                f"{where}金额单位“{word}”不在可用的单位之中（{known}）。",
                f"{where} the unit of money “{word}” is none of {', '.join(UNIT_ZH)}.",
            )
    return _unit_below(seen) or headings.unit_noted(seen.parsed.found, seen.beside)


def _unit_below(seen: Evidence) -> Text | None:
    """Ask where a unit other than the yuan stands in the rows or beside the header."""
    own = seen.parsed.found.unit
    for letter in seen.unread:
        cells = seen.cells(letter)
        if not len(cells) or cells.n_unique() > 3:
            continue
        words = cells.unique(maintain_order=True).to_list()
        units = [unit for text in words if (unit := money_unit(text)) in FACTORS]
        if set(units) - {"yuan", own} and len(units) == len(words):
            return Text(
                f"“{seen.shown(letter) or letter}”列写的是金额单位（{'、'.join(words)}）。",
                f"Column {letter} holds units of money ({', '.join(words)}).",
            )
    return None


def _currency(seen: Evidence) -> Text | None:
    """Ask where a column of currencies names another than the yuan."""
    rows, found = seen.parsed.accepted, seen.parsed.found
    labels = [one.header for one in seen.money] + [one.label for _, one in found.supplies]
    if rows is None or any(_OWN.search(label) for label in labels):
        return None
    for letter in seen.unread:
        keys = _keys(seen.shown(letter))
        if not any(map(_CURRENCY.fullmatch, keys)):
            continue
        for word in seen.body.join(rows, on="row_no", how="semi")[letter].drop_nulls().unique():
            if word.strip() and is_unknown(currency_unit(word)):
                return Text(
                    f"“{seen.shown(letter)}”列有“{word.strip()}”，不是人民币。",
                    f"Column “{seen.shown(letter)}” has “{word.strip()}”, which is not the yuan.",
                )
    return None


def _twice(seen: Evidence) -> Text | None:
    """Ask where two columns have a claim to be the same money and do not hold the same."""
    taken = {one.column: one for one in seen.money}
    sided = {side_named(normalise_header(one.header)): one for one in seen.money}
    for letter in seen.unread:
        shown = seen.shown(letter)
        if _NO_MONEY.search(shown.rsplit("/", 1)[-1]):
            continue
        names = {
            column
            for text in (shown, *shown.split("/"))
            for table, column, _ in columns_named(text)
            if table == seen.table.name
        }
        twins = [taken[name] for name in names if name in taken]
        side = next((side_named(key) for key in _keys(shown) if side_named(key)), None)
        if not twins and side and seen.table.sides:
            twins = [one for key, one in sided.items() if key]
        for twin in twins:
            if hold_amounts(seen.cells(letter)) and not _same(seen, letter, twin.letter):
                return Text(
                    f"“{twin.header}”（{twin.letter}列）和“{shown}”（{letter}列）都像是"
                    f"{seen.table.by_name[twin.column].zh}，内容不同。",
                    f"“{twin.header}” (column {twin.letter}) and “{shown}” (column {letter}) both "
                    f"look like {twin.column} and differ.",
                )
    return None


def _same(seen: Evidence, one: str, other: str) -> bool:
    rows, accepted = seen.body, seen.parsed.accepted
    if accepted is not None and accepted.height:
        rows = rows.join(accepted.select("row_no"), on="row_no", how="semi")
    cells = rows.select(
        pl.col(letter).str.replace_all(r"[,\s¥￥]", "").fill_null("") for letter in (one, other)
    )
    return bool((cells[one] == cells[other]).all())


def _half(seen: Evidence) -> Text | None:
    """Ask where only one side of money is there and another column may be the other."""
    pair = seen.table.sides
    if not pair or len(seen.has & set(pair)) != 1:
        return None
    there = next(name for name in pair if name in seen.has)
    lacking = seen.table.by_name[next(name for name in pair if name not in seen.has)]
    rows, accepted = seen.parsed.rows_accepted, seen.parsed.accepted
    lone = [letter for letter in seen.unread if hold_amounts(seen.cells(letter))]
    blank = 0 if accepted is None else int(accepted[there].fill_null(0).eq(0).sum())
    blank -= sum(one.bad for one in seen.parsed.unread if one.column == there)
    is_whole = blank <= 0 and not seen.parsed.rejected.height
    if not lone and (is_whole or seen.parsed.found.is_answered):
        return None
    header = "、".join(seen.shown(letter) or letter for letter in lone)
    return Text(
        f"只有“{seen.table.by_name[there].zh}”，没有“{lacking.zh}”"
        + (f"；“{header}”可能就是。" if lone else f"，而{rows}行中有{blank}行没有金额。"),
        f"There is {there} and no {lacking.name}"
        + (f"; “{header}” may be it." if lone else f", and {blank} of {rows} rows have no amount."),
    )


def _directions(seen: Evidence) -> Text | None:
    """Ask where a column that nothing reads is full of words of direction."""
    pair = seen.table.sides
    if not pair or seen.has.issuperset(pair):
        return None
    for letter in seen.unread:
        cells = seen.cells(letter)
        if len(cells) and are_directions(cells) and not _agree(seen, letter):
            words = "、".join(sorted(set(cells.to_list()))[:4])
            return Text(
                f"“{seen.shown(letter) or letter}”列写的是收支方向（{words}），但没有认出这一列。",
                f"Column “{seen.shown(letter) or letter}” holds directions ({words}) and is not "
                "known as such.",
            )
    return None


def _agree(seen: Evidence, letter: str) -> bool:
    """Whether words of direction only say again what the signs of one amount say."""
    accepted = seen.parsed.accepted
    if accepted is None or not {"money_in", "money_out"} <= set(accepted.columns):
        return False
    words = accepted.select("row_no", "money_in", "money_out").join(
        seen.body.select("row_no", pl.col(letter).alias("word")), on="row_no", how="left"
    )
    into = words.filter(pl.col("money_in").is_not_null())["word"].drop_nulls().unique()
    out = words.filter(pl.col("money_out").is_not_null())["word"].drop_nulls().unique()
    return not set(into.to_list()) & set(out.to_list()) and bool(len(into) and len(out))


def _codes(seen: Evidence) -> Text | None:
    """Ask where a column of money holds long numbers without a point: codes, not amounts."""
    filled = pl.col({one.letter for one in seen.money}).str.strip_chars().replace("", None)
    shares = seen.body.head(SHOWN).select(filled.str.contains(r"^[0-9]{12,}$").mean())
    for one in seen.money:
        if (shares[one.letter][0] or 0) > 0.5:
            code = seen.cells(one.letter)[0]
            zh = f"“{one.header}”列是长号码（如“{code}”），不像金额。"
            en = f"Column “{one.header}” holds long numbers (such as “{code}”), no amounts."
            return Text(zh, en)
    return None


def _beside(seen: Evidence) -> Text | None:
    """Ask where an amount stands beside money in and out and is not their sum."""
    accepted = seen.parsed.accepted
    matched = {one.column for one in seen.parsed.found.matches}
    if accepted is None or not {"amount", "money_in", "money_out"} <= matched:
        return None
    total = pl.col("money_in").fill_null(0) - pl.col("money_out").fill_null(0)
    off = accepted.filter(
        pl.col("amount").is_not_null()
        & (pl.col("amount") != 0)
        & (pl.col("amount").abs() != total.abs())
    )
    if off.is_empty():
        return None
    header = seen.parsed.columns["amount"][1]
    return Text(
        f"“{header}”与收入、支出两列对不上（第{off['row_no'][0]}行）。",
        f"“{header}” does not agree with money in and out (row {off['row_no'][0]}).",
    )


def _account(seen: Evidence) -> Text | None:
    """Ask whose the money is where lines above or between the rows speak against the rows."""
    parsed, found = seen.parsed, seen.parsed.found
    return (
        headings.account_above(parsed.sheet, found, parsed.accepted)
        or headings.account_below(found, seen.beside)
        or headings.direction_below(found, seen.beside)
        or headings.header_below(parsed.sheet, found, seen.beside)
        or other_account(dict(found.supplies), seen.body)
    )


def _shares(seen: Evidence) -> Text | None:
    """Ask where shares do not make up the whole and a column of amounts is not taken."""
    accepted = seen.parsed.accepted
    shares = [one.column for one in seen.money if one.column.startswith("to_")]
    if accepted is None or not shares or "gross" not in seen.has:
        return None
    parts = pl.sum_horizontal(pl.col(one).fill_null(0) for one in (*shares, "fee"))
    short = accepted.select((parts < pl.col("gross") - pl.lit(1)).mean()).item()
    if short is None or short <= 0.5:
        return None
    for letter in seen.unread:
        if hold_amounts(seen.cells(letter)):
            return Text(
                f"各级分成相加少于入库金额，而列{letter}“{seen.shown(letter)}”没有对应的字段。",
                f"The shares make up less than the whole, and column {letter} "
                f"“{seen.shown(letter)}” is not taken.",
            )
    return None


#: A column that a person has named, or said to be nothing, raises none of these any more.
_ALWAYS: tuple[Ask, ...] = (_unread, _unit, _currency, _account, _half, _twice, _directions)
#: Doubts that are put to rest where a person has named the columns.
_OPEN: tuple[Ask, ...] = (
    _codes,
    _beside,
    _shares,
    lambda seen: headings.unknown_word(seen.money),
    lambda seen: headings.due_beside(seen.parsed.found, seen.unread),
    lambda seen: marks.any_mark(seen.parsed, seen.body, seen.untaken),
    lambda seen: measures.other_measure(seen.parsed, seen.body, seen.untaken),
    lambda seen: measures.odd_rows(seen.parsed),
)


def _keys(shown: str) -> tuple[str, ...]:
    last = shown.rsplit("/", 1)[-1]
    return tuple(
        dict.fromkeys((normalise_header(shown), normalise_header(last), *header_parts(shown)))
    )
