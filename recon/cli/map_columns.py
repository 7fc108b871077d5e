"""The columns of one sheet in the questions of `recon map`: what they hold and could be.

Here: three sample rows, the columns that could be what is missing, and the two questions about a
column. Not here: the order of the questions (`map_confirm`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.table import Table

from recon.base.models import Text
from recon.base.texts import say
from recon.cli.map_ask import LATER, NEVER, pick
from recon.cli.map_view import console
from recon.intake.layout.candidates import placed_name
from recon.intake.layout.contents import hold_amounts
from recon.intake.layout.header import normalise_header
from recon.intake.layout.likeness import could_hold, suggested
from recon.intake.map_samples import SAMPLES, clean, first, masked
from recon.intake.values.directions import are_directions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

    from recon.base.models import RawSheet
    from recon.intake.layout.candidates import Candidate
    from recon.tables.base import ColumnSpec

#: Columns shown of a wide sheet, and choices for one question.
_WIDE, _MOST = 14, 9
_LOOKED = 40
_KINDS = {
    "date": Text("日期", "a day"),
    "datetime": Text("日期时间", "a moment"),
    "month": Text("月份", "a month"),
    "money": Text("金额", "money"),
    "qty": Text("数量", "a quantity"),
    "rate": Text("比率", "a rate"),
    "int": Text("整数", "a number"),
    "bool": Text("是或否", "yes or no"),
    "uscc": Text("统一社会信用代码", "a credit code"),
    "id_no": Text("身份证号", "an identity number"),
    "plate": Text("车牌号", "a plate"),
    "account": Text("账号", "an account"),
    "card": Text("卡号", "a card"),
}


class Columns:
    """The columns of a sheet below the header on which a table was tried."""

    def __init__(self, sheet: RawSheet, tried: Candidate | None) -> None:
        """Take the first rows; without a table tried they begin at the top of the sheet."""
        self._candidate = tried
        self._body = sheet.under(tried.block.rows[-1]) if tried else sheet.cells
        looked = self._body.head(_LOOKED)
        self._rows = looked["row_no"].to_list()[:SAMPLES]
        kinds = {}
        if tried:
            kinds = {m.letter: tried.table.by_name[m.column].shown_as for m in tried.matches}
        self._taken = {match.letter: match.column for match in tried.matches} if tried else {}
        self._shown = masked(looked.drop("row_no"), kinds)
        self._given = set(tried.given) if tried else set[str]()

    @property
    def tried(self) -> Candidate:
        """The table that was tried.

        Raises:
            LookupError: None was.
        """
        if self._candidate is None:
            raise LookupError
        return self._candidate

    def show(self) -> None:
        """Print three rows of the sheet, a line a column."""
        heads = [Text("列", "col"), Text("表头", "header"), Text("认作", "taken for")]
        heads += [Text(f"第{row}行", f"row {row}") for row in self._rows]
        table = Table(*map(say, heads), box=None, pad_edge=False, padding=(0, 2, 0, 0))
        filled = [one for one in self._shown.columns if self._shown[one].drop_nulls().len()]
        tried = self._candidate
        for letter in filled[:_WIDE]:
            header = tried.block.shown.get(letter, "") if tried else ""
            column = self._taken.get(letter)
            name = tried.table.by_name[column].zh if tried and column else ""
            cells = [clean(cell or "", 18) for cell in self._shown[letter].head(SAMPLES)]
            table.add_row(letter, clean(header, 24), name, *cells)
        console().print(table)
        if rest := len(filled) - _WIDE if len(filled) > _WIDE else 0:
            click.echo(say(Text(f"……另 {rest} 列", f"... {rest} more columns")))

    def is_nameable(self, letter: str) -> bool:
        """Whether a column has a header, by which recon.toml can name it."""
        return bool(normalise_header(self.tried.block.shown.get(letter, "")))

    def name(self, letter: str) -> str:
        """Return the header of a column, with its letter where another has the same one."""
        block = self.tried.block
        shown = block.shown[letter]
        others = {
            normalise_header(text)
            for other, labels in block.labels.items()
            if other != letter
            for text in (block.shown[other], *labels)
        }
        return placed_name(letter, shown) if normalise_header(shown) in others else shown

    def wanted(self) -> list[ColumnSpec]:
        """Return the required columns that nothing gives, of a group the ones that could be."""
        table = self.tried.table
        lacking = [
            column
            for column in table.columns
            if column.required and column.default is None and column.name not in self._given
        ]
        for names in table.one_of.values():
            has = self._given & set(names)
            if not has or has < set(table.sides):
                open_names = set(names) - has if not has else set(table.sides) - has
                columns = [table.by_name[name] for name in names if name in open_names]
                lacking += [column for column in columns if self._for(column)]
        return list(dict.fromkeys(lacking))

    def can_be_whole(self) -> bool:
        """Whether the sheet has a column for each that the table lacks."""
        table = self.tried.table
        named = {column.zh for column in table.columns}
        for zh in self.tried.missing:
            names = zh.split(" / ")
            if not set(names) <= named:
                return False
            if not any(self._for(column) for column in table.columns if column.zh in names):
                return False
        return True

    def take(self, letter: str, column: ColumnSpec) -> None:
        """Count a column as what was answered."""
        self._taken[letter] = column.name
        self._given.add(column.name)

    def _for(self, column: ColumnSpec) -> list[str]:
        """Return the free columns that could be a contract column, the likeliest header first."""
        block = self.tried.block
        free = [one for one in block.shown if one not in self._taken and self.is_nameable(one)]
        fit = [one for one in free if could_hold(column, self._body[one])]
        near = [one for one in fit if suggested(block.shown[one], self._body[one], (column,))]
        return [*near, *(one for one in fit if one not in near)]

    def ask_for(self, column: ColumnSpec) -> str:
        """Ask which column of the sheet is a contract column; return its letter or `LATER`."""
        if column.name in self._given:
            return LATER
        kind = say(_KINDS.get(column.kind, Text("文字", "text")))
        letters = self._for(column)
        tried = self.tried
        if self._is_told(column):
            return LATER
        if not letters:
            text = Text(
                f"缺“{column.zh}”（{kind}），表中没有哪一列像。",
                f"{column.name} ({kind}) is missing, and no column could be it.",
            )
            click.secho("  " + say(text), fg="yellow")
            return LATER
        text = Text(f"哪一列是“{column.zh}”（{kind}）？", f"Which is {column.name} ({kind})?")
        click.echo("  " + say(text))
        choices = {one: one for one in tried.block.shown if self.is_nameable(one)}
        for number, letter in enumerate(letters[:_MOST], start=1):
            choices[str(number)] = letter
            click.echo(f"  {number}  {self._line(letter)}")
        question = Text(
            "输入序号或列的字母；都不是就直接回车：", "Number or letter; Enter if none is:"
        )
        return pick(question, choices)

    def _is_told(self, column: ColumnSpec) -> bool:
        """Whether another column of its group says the same; of two sides each says its own."""
        others = set(self.tried.table.one_of.get(column.one_of or "", ())) & self._given
        is_side = column.name in self.tried.table.sides
        return bool(others - set(self.tried.table.sides) if is_side else others)

    def _line(self, letter: str) -> str:
        header = clean(self.tried.block.shown[letter], 24)
        name = say(Text(f"{letter}列 {header}", f"{letter} {header}"))
        return f"{name}：{first(self._shown[letter])}"

    def ask_meaning(self, letter: str, offered: Sequence[ColumnSpec]) -> str:
        """Ask what a column of the sheet is; return a contract column, `NEVER` or `LATER`."""
        click.echo("  " + self._line(letter))
        header = clean(self.tried.block.shown[letter], 24)
        listed = "  ".join(f"{number} {one.zh}" for number, one in enumerate(offered, start=1))
        text = Text(f"列“{header}”像是：{listed}", f"column “{header}” may be: {listed}")
        click.echo("  " + say(text))
        question = Text(
            "是哪一个？输入序号；0 不用这一列，以后不再问；回车以后再说：",
            "Which? Number; 0 not used, never ask again; Enter for later:",
        )
        numbered = {str(number): one.name for number, one in enumerate(offered, start=1)}
        return pick(question, {**numbered, "0": NEVER})

    def doubtful(self) -> Iterable[str]:
        """Return the columns that hold amounts or directions and that nothing is taken from.

        Beside another column of amounts the one that was guessed to be the amount is open too.
        """
        tried = self.tried
        used = {one for supply in tried.supplies.values() for one in supply.letters if one}
        used |= self._taken.keys() | tried.spoken
        guessed = next(
            (m for m in tried.matches if m.column == "amount" and m.how != "saved"), None
        )
        if guessed and any(
            hold_amounts(self._cells(one)) for one in tried.block.shown.keys() - used
        ):
            used.discard(guessed.letter)
        for letter in tried.block.shown:
            cells = self._cells(letter)
            if letter in used or not len(cells) or not self.is_nameable(letter):
                continue
            if hold_amounts(cells) or are_directions(cells):
                yield letter

    def _cells(self, letter: str) -> pl.Series:
        cells = self._body[letter].head(_LOOKED).drop_nulls().str.strip_chars()
        return cells.filter(cells != "")

    def meanings(self, letter: str) -> list[ColumnSpec]:
        """Return what a column of amounts or directions may be, the likeliest first."""
        columns = [column for column in self.tried.table.columns if column.tells_money]
        fit = [column for column in columns if could_hold(column, self._cells(letter))]
        near = suggested(self.tried.block.shown[letter], self._cells(letter), fit)
        free = [column for column in fit if column.name not in self._given]
        return list(dict.fromkeys((*near, *free, *fit)))[:_MOST]

    def money(self) -> dict[str, str]:
        """Return the headers of the columns that are taken for money, with what they are."""
        by_name = self.tried.table.by_name
        return {
            self.name(letter): column
            for letter, column in self._taken.items()
            if by_name[column].tells_money and self.is_nameable(letter)
        }
