"""Questions of `recon map --save` on a terminal: which table a sheet is, which column is what.

Here: the order of the questions and the answers as `[[source]]` entries, kept as they are given.
Not here: one question (`map_ask`), sample values (`map_samples`), writing recon.toml
(`recon.intake.mapfile`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from recon.base.models import SourceMapping, Text
from recon.base.texts import say, yuan
from recon.cli.map_ask import LATER, NEVER, pick
from recon.cli.map_columns import Columns
from recon.cli.map_layout import offer_layout
from recon.intake.layout.candidates import candidates
from recon.intake.layout.header import looks_numeric
from recon.intake.layout.mapping import place_of, saved_mapping
from recon.intake.map_samples import clean
from recon.intake.mapfile import literal
from recon.intake.sheets.understanding import understand_parts
from recon.intake.values.units import UNIT_ZH
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from recon.base.models import RawSheet
    from recon.intake.layout.candidates import Candidate
    from recon.intake.sheets.parsed import ParsedSheet
    from recon.tables.base import TableSpec

    Keep = Callable[[RawSheet, SourceMapping], object]

_MOST_TABLES = 5
_OTHER = "other"
#: Rows in which a header is looked for, and how many lines of it are compared.
_HEAD, _LINES = 12, 3
#: Tables a line in the list of all tables.
_A_LINE = 3


@dataclass
class Talk:
    """The questions about the sheets of a folder.

    `sources` are the entries of recon.toml that count; `keep` writes an answer at once; `workspace`
    is the folder of recon.toml; `set_aside` are entries that do not count now, of which the sheets
    that they put aside are asked about too.
    """

    sources: tuple[SourceMapping, ...]
    keep: Keep
    workspace: Path
    set_aside: tuple[SourceMapping, ...] = ()
    answered: int = 0
    said: dict[int, SourceMapping] = field(default_factory=dict)

    def about(self, sheets: Sequence[ParsedSheet]) -> None:
        """Ask about every sheet that is not certain; Ctrl-C ends it and loses nothing.

        Args:
            sheets: Parsed sheets; only the first table of a sheet can be named in recon.toml.
        """
        firsts = [one for one in sheets if one.sheet.part == 1 and not (one.is_blank or one.twin)]
        asked = [one for one in firsts if one.found.question or self._is_aside(one)]
        asked += [one for one in firsts if _is_likely(one) and one not in asked]
        near = [one for one in firsts if one.found.table and _nearest(one) and one not in asked]
        rest = [one for one in firsts if _is_unknown(one) and one not in asked]
        try:
            self._each([*asked, *near])
            if rest and self._goes_on(rest):
                self._each(rest)
        except click.Abort:
            click.echo()
            click.echo(
                say(Text("到此为止；已经回答的都已保存。", "Stopped; every answer is kept."))
            )

    def _each(self, sheets: Sequence[ParsedSheet]) -> None:
        """Ask about sheets in turn; what is said of one holds for those of the same header too."""
        left = list(sheets)
        while left:
            one, at = left.pop(0), len(sheets) - len(left)
            click.echo()
            click.secho(f"[{at}/{len(sheets)}] {clean(place_of(one.sheet))}", bold=True)
            self._ask(one)
            said = self.said.get(id(one))
            alike = [other for other in left if said and _head(other) == _head(one)]
            if said and alike and _holds_for(alike):
                for other in alike:
                    self._keep(other, _moved(said, other.sheet))
                left = [other for other in left if other not in alike]

    def _is_aside(self, one: ParsedSheet) -> bool:
        source = saved_mapping(one.sheet, self.set_aside)
        return source is not None and source.table in {"", "ignore"}

    def _goes_on(self, rest: Sequence[ParsedSheet]) -> bool:
        click.echo()
        question = Text(
            f"还有 {len(rest)} 张表没有认出，多半与核查无关。也逐张看吗？（1=看，回车=不看）",
            f"{len(rest)} more sheets are not understood; most will be no data for the check. Ask "
            "about them too? (1 yes, Enter no)",
        )
        return pick(question, {"1": "1"}) != LATER

    def _ask(self, one: ParsedSheet) -> None:
        """Ask about one sheet and keep each answer."""
        sheet = replace(one.sheet, slices=None)
        found, place = one.found, _moved(SourceMapping(""), sheet)
        if found.table is not None and not self._is_aside(one):
            self._one_table(place, one, sheet, found.table)
            return
        if found.question:
            click.echo("  " + _reason(sheet, found.question))
        old = saved_mapping(sheet, self.sources)
        guess = found.table or found.guess
        Columns(sheet, _tried(sheet, old, guess)).show()
        table = self._which_table(sheet, guess)
        if table is None:
            return
        if table == NEVER:
            self._keep(one, replace(place, table="ignore"))
            return
        spec = specs()[table]
        columns = dict(old.columns) if old and old.table == table else {}
        said = replace(place, table=table, columns=columns)
        self._table_said(one, said, spec)

    def _keep(self, one: ParsedSheet, said: SourceMapping) -> None:
        self.keep(one.sheet, said)
        self.said[id(one)] = said
        self.answered += 1

    def _one_table(
        self, place: SourceMapping, one: ParsedSheet, sheet: RawSheet, table: TableSpec
    ) -> None:
        """Ask about headers of a table that is known which resemble a column that nothing gives."""
        old = saved_mapping(sheet, self.sources)
        tried = _tried(sheet, old, table)
        if tried is None:
            return
        columns = Columns(sheet, tried)
        said = dict(old.columns) if old and old.table == table.name else {}
        by_zh = {column.zh: column for column in table.columns}
        given = set(tried.given)
        for col in one.found.unmapped:
            offered = [by_zh[zh] for zh in col.nearest if by_zh[zh].name not in given]
            if not offered or not columns.is_nameable(col.letter):
                continue
            chosen = columns.ask_meaning(col.letter, offered)
            if chosen == LATER:
                continue
            said[columns.name(col.letter)] = "" if chosen == NEVER else chosen
            given.add(chosen)
            self._keep(one, replace(place, table=table.name, columns=dict(said)))

    def _which_table(self, sheet: RawSheet, guess: TableSpec | None) -> str | None:
        near = {one.table.name: one for one in reversed(candidates(sheet))}
        ranked = sorted(near.values(), key=lambda one: (one.table is not guess, len(one.missing)))
        offered = [one for one in ranked if one.table is guess or _could_be(sheet, one)]
        choices = {}
        for number, one in enumerate(offered[:_MOST_TABLES], start=1):
            choices[str(number)] = one.table.name
            click.echo(f"  {number}  {say(_offer(one))}")
        more = str(len(choices) + 1)
        click.echo(f"  {more}  " + say(Text("其他表…", "another table…")))
        never = Text("不读这张表，以后不再问", "do not read this sheet, and never ask again")
        click.echo(f"  0  {say(never)}")
        question = Text(
            "是哪张表？输入序号，回车以后再说：", "Which table? Number, Enter for later:"
        )
        chosen = pick(question, {**choices, more: _OTHER, "0": NEVER})
        if chosen == _OTHER:
            chosen = _any_table()
        return chosen or None

    def _table_said(self, one: ParsedSheet, said: SourceMapping, table: TableSpec) -> None:
        """Ask for what is still missing of a table that was chosen, and say what is read then."""
        self._keep(one, said)
        sheet = replace(one.sheet, slices=None)
        tried = _tried(sheet, said, table)
        if tried is None or not tried.given:
            row = _header_row(sheet)
            if row is None:
                return
            said = replace(said, header_row=row)
            self._keep(one, said)
            tried = _tried(sheet, said, table)
        if tried is None:
            return
        columns = Columns(sheet, tried)
        for column in columns.wanted():
            letter = columns.ask_for(column)
            if letter != LATER:
                said = replace(said, columns={**said.columns, columns.name(letter): column.name})
                self._keep(one, said)
                columns.take(letter, column)
        if one.found.asks_unit and (unit := _which_unit()) != LATER:
            said = replace(said, unit=unit)
            self._keep(one, said)
        read = self._again(sheet, said)
        now = _tried(sheet, said, table)
        if read.found.question and now and not now.missing:
            said = self._money_said(one, sheet, said, columns)
            read = self._again(sheet, said)
        _say_read(read)
        if read.found.table is not None:
            offer_layout(self.workspace, sheet, said)

    def _money_said(
        self, one: ParsedSheet, sheet: RawSheet, said: SourceMapping, columns: Columns
    ) -> SourceMapping:
        """Ask what the columns of money are that leave the sheet uncertain."""
        for letter in columns.doubtful():
            chosen = columns.ask_meaning(letter, columns.meanings(letter))
            if chosen != LATER:
                told = {columns.name(letter): chosen.removeprefix(NEVER)}
                said = replace(said, columns={**said.columns, **told})
                self._keep(one, said)
        read = self._again(sheet, said)
        if read.found.question is None or read.found.asks_unit:
            return said
        click.echo("  " + _reason(sheet, read.found.question))
        tried = _tried(sheet, said, specs()[str(said.table)])
        money = Columns(sheet, tried).money() if tried else {}
        # An amount alone tells no side: nobody can confirm it.
        if tried and set(money.values()) - {"amount"} and _agreed(tried.table, money):
            said = replace(said, columns={**said.columns, **money})
            self._keep(one, said)
        return said

    def _again(self, sheet: RawSheet, said: SourceMapping) -> ParsedSheet:
        return understand_parts(sheet, (said, *self.sources))[0]


def _reason(sheet: RawSheet, question: Text) -> str:
    """Return a question without the place, which stands above, and the way to answer it."""
    text = clean(say(question)).removeprefix(f"{place_of(sheet)}: ")
    end = "。" if "。" in text else ". "
    parts = text.split(end)
    ways = ("recon.toml", "recon map", "请补上")
    kept = [one for one in parts if one.strip() and not any(way in one for way in ways)]
    return end.join(kept).removesuffix(".") + end.strip()


def _nearest(one: ParsedSheet) -> bool:
    return one.found.how != "chart" and any(col.nearest for col in one.found.unmapped)


def _moved(said: SourceMapping, sheet: RawSheet) -> SourceMapping:
    """Return an entry as that of another sheet."""
    name = sheet.sheet
    return replace(said, file=literal(sheet.path), sheet=None if name is None else literal(name))


def _head(one: ParsedSheet) -> tuple[tuple[str | None, ...], ...]:
    """Return the first rows of a sheet without a figure: its header, if it has one."""
    rows = one.sheet.cells.head(_HEAD).drop("row_no").rows()
    return tuple(row for row in rows if not any(map(looks_numeric, filter(None, row))))[:_LINES]


def _holds_for(alike: Sequence[ParsedSheet]) -> bool:
    """Ask whether the same is to be said of sheets with the same header."""
    names, count = "、".join(place_of(one.sheet) for one in alike[:_LINES]), len(alike)
    question = Text(
        f"还有 {count} 张表的表头与此相同（{names}{'等' if count > _LINES else ''}）。"
        "同样处理吗？（1=是，回车=逐张问）",
        f"{count} more sheets have the same header ({names}). The same for them? (1 yes, Enter: "
        "ask about each)",
    )
    return pick(question, {"1": "1"}) != LATER


def _is_unknown(one: ParsedSheet) -> bool:
    """Whether nobody knows what a sheet is, and nobody was asked."""
    return one.found.table is None and one.found.question is None and one.found.how == ""


def _is_likely(one: ParsedSheet) -> bool:
    """Whether a sheet that nobody asks about has all that the table nearest to it must have."""
    sheet = replace(one.sheet, slices=None)
    tried = _tried(sheet, None, one.found.guess) if _is_unknown(one) else None
    return tried is not None and _could_be(sheet, tried)


def _tried(
    sheet: RawSheet, said: SourceMapping | None, table: TableSpec | None
) -> Candidate | None:
    """Return a table on the header that fits it best; None without a table or a header."""
    if table is None:
        return None
    base = said or SourceMapping(literal(sheet.path))
    found = candidates(sheet, replace(base, table=table.name))
    rows = {base.header_row} if base.header_row else {one.block.rows[0] for one in found}
    mine = [one for one in found if one.table is table and one.block.rows[0] in rows]
    return next(iter(mine), None)


def _could_be(sheet: RawSheet, one: Candidate) -> bool:
    """Whether some column could be each that a table lacks."""
    if len(one.given) < 2:
        return False
    columns = Columns(sheet, one)
    return columns.can_be_whole()


def _offer(one: Candidate) -> Text:
    table, count = one.table, len(one.given)
    lacking = Text("", "")
    if one.missing:
        lacking = Text(f"，缺：{'、'.join(one.missing)}", f", missing: {', '.join(one.missing)}")
    return Text(
        f"{table.zh} {table.name}（认出 {count} 列{lacking.zh}）",
        f"{table.name} {table.zh} ({count} columns known{lacking.en})",
    )


def _any_table() -> str:
    """Ask for one of all tables."""
    tables = list(specs().values())
    cells = [f"{number:>2} {one.zh}" for number, one in enumerate(tables, start=1)]
    for at in range(0, len(cells), _A_LINE):
        click.echo("  " + "   ".join(cells[at : at + _A_LINE]))
    choices = {str(number): one.name for number, one in enumerate(tables, start=1)}
    return pick(
        Text("是哪张表？输入序号，回车以后再说：", "Which table? Number, Enter for later:"), choices
    )


def _header_row(sheet: RawSheet) -> int | None:
    """Ask in which row the header stands."""
    rows = {str(row): str(row) for row in sheet.cells["row_no"].head(60)}
    question = Text(
        "没有认识的表头。列名写在第几行？回车以后再说：",
        "No known header. In which row do the names of the columns stand? Enter for later:",
    )
    chosen = pick(question, rows)
    return int(chosen) if chosen else None


def _which_unit() -> str:
    words = "  ".join(f"{number} {zh}" for number, zh in enumerate(UNIT_ZH.values(), start=1))
    click.echo(f"  {words}")
    question = Text(
        "金额单位是？输入序号，回车以后再说：", "Unit of money? Number, Enter for later:"
    )
    return pick(question, {str(number): name for number, name in enumerate(UNIT_ZH, start=1)})


def _agreed(table: TableSpec, money: dict[str, str]) -> bool:
    named = {clean(header): table.by_name[name].zh for header, name in money.items()}
    listed = "、".join(f"{header}={zh}" for header, zh in named.items())
    question = Text(
        f"现在这样认金额：{listed}。确实如此吗？（1=是，照此读；回车=以后再说）",
        f"Money is taken so: {listed}. Is that right? (1 yes, read it so; Enter for later)",
    )
    return pick(question, {"1": "1"}) != LATER


def _say_read(read: ParsedSheet) -> None:
    """Say what a sheet gives with the answers, so that sums can be compared with the paper."""
    found = read.found
    if found.table is None:
        why = _reason(read.sheet, found.question) if found.question else ""
        click.secho("  " + say(Text("还不能读。", "Not read yet. ")) + why, fg="yellow")
        return
    rows = read.accepted
    sums = {
        column: Decimal(str(rows[column.name].sum()))
        for column in found.table.columns
        if rows is not None and column.kind == "money" and column.adds_up
    }
    zh = "".join(f"，{column.zh}合计 {yuan(total)}" for column, total in sums.items() if total)
    en = "".join(f", {column.name} {yuan(total)}" for column, total in sums.items() if total)
    count, bad = read.rows_accepted, read.rejected["row_no"].n_unique()
    lost = Text(f"，剔除 {bad} 行" if bad else "", f", {bad} rejected" if bad else "")
    told = Text(
        f"  读作“{found.table.zh}”：{count} 行{lost.zh}{zh}。请与原表核对。",
        f"  read as {found.table.name}: {count} rows{lost.en}{en}. Compare with the paper.",
    )
    click.secho(say(told), fg="yellow" if bad else "green")
