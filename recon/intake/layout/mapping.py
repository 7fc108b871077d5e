"""Which sheet is which table, and which sheet column is which contract column.

Here: the choice by content, by title and by recon.toml, and the questions where two answers fit.
Not here: the text forms of headers (see `header`), values above the table (see `preamble`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from recon.base.models import RawSheet, SourceMapping, Text
from recon.intake.layout.candidates import Candidate, candidates, placed_name
from recon.intake.layout.header import normalise_header
from recon.intake.layout.likeness import suggested
from recon.intake.layout.preamble import title_table
from recon.intake.layout.transposed import lying_table
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.intake.layout.header import ColumnMatch
    from recon.intake.values.derived import Supply
    from recon.intake.values.years import Span
    from recon.tables.base import TableSpec

How = Literal["content", "saved", "moved", "chart", "text", ""]


@dataclass(frozen=True)
class Unmapped:
    """A sheet column that is no contract column, with the nearest known headers."""

    letter: str
    header: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetMap:
    """What a sheet is taken for.

    `table` is None when the sheet is not understood, set aside by recon.toml, or asked about;
    `guess` is then the table that it would be. `spoken` are the letters of columns of which
    recon.toml says what they are, or that they are nothing; `asks_unit`: the question is about the
    unit of money.
    """

    table: TableSpec | None
    how: How = ""
    header_rows: tuple[int, ...] = ()
    matches: tuple[ColumnMatch, ...] = ()
    supplies: tuple[tuple[str, Supply], ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    unit: str | None = None
    year: int | None = None
    span: Span | None = None
    question: Text | None = None
    guess: TableSpec | None = None
    notes: tuple[Text, ...] = ()
    spoken: frozenset[str] = frozenset()
    asks_unit: bool = False

    @property
    def letters(self) -> dict[str, str]:
        """Contract column to sheet letter."""
        return {match.column: match.letter for match in self.matches}

    @property
    def is_answered(self) -> bool:
        """Whether recon.toml says which columns hold the money or its direction."""
        table = self.table
        return table is not None and any(
            match.how == "saved" and table.by_name[match.column].tells_money
            for match in self.matches
        )

    def unread(self, letters: Iterable[str]) -> list[str]:
        """Return those of a sheet's columns from which nothing is taken."""
        taken = {match.letter for match in self.matches}
        taken |= {letter for _, supply in self.supplies for letter in supply.letters if letter}
        return [letter for letter in letters if letter not in taken and letter not in self.spoken]


def saved_mapping(sheet: RawSheet, sources: Iterable[SourceMapping]) -> SourceMapping | None:
    """Return the first recon.toml entry that speaks of a sheet.

    Args:
        sheet: The sheet as it was read.
        sources: `[[source]]` entries; `file` and `sheet` may hold `*` and `?`.
    """
    return next((source for source in sources if covers(source, sheet)), None)


def covers(source: SourceMapping, sheet: RawSheet) -> bool:
    """Whether a recon.toml entry speaks of a sheet.

    Args:
        source: The entry.
        sheet: The sheet as it was read.
    """
    if not speaks_of(source, sheet.path):
        return False
    return source.sheet is None or fnmatch(sheet.sheet or "", source.sheet)


def speaks_of(source: SourceMapping, path: str) -> bool:
    """Whether a recon.toml entry speaks of a file, by its path or its bare name.

    Args:
        source: The entry.
        path: Path relative to the data folder, with `/`.
    """
    return fnmatch(path, source.file) or fnmatch(PurePosixPath(path).name, source.file)


def map_sheet(sheet: RawSheet, sources: Iterable[SourceMapping] = ()) -> SheetMap:
    """Decide what a sheet is.

    Args:
        sheet: The sheet as it was read.
        sources: `[[source]]` entries of recon.toml; they win over content.

    Returns:
        The table with its columns, or why there is none.
    """
    saved = saved_mapping(sheet, sources)
    if saved and saved.table in {"", "ignore"}:
        note = Text("按 recon.toml 的设置不读取。", "Set aside by recon.toml.")
        return SheetMap(None, how="saved", notes=(note,))
    found = candidates(sheet, saved)
    if saved and saved.table:
        chosen = _choose_saved(sheet, found, saved)
        if chosen.table is not None or sheet.part == 1:
            return _settled(chosen, saved)
        found = candidates(sheet)
    return _settled(_choose(sheet, found), saved)


def _choose_saved(sheet: RawSheet, found: list[Candidate], saved: SourceMapping) -> SheetMap:
    table = specs()[str(saved.table)]
    mine = [one for one in found if one.table is table]
    whole = [one for one in mine if not one.missing]
    if not whole:
        missing = mine[0].missing if mine else tuple(c.zh for c in table.columns if c.required)
        question = _ask_missing(sheet, table, missing)
        return SheetMap(None, how="saved", question=question, guess=table)
    lines = len(whole[0].block.rows)
    for one in whole:
        here = saved.header_row in {None, one.block.rows[0]} or sheet.part > 1
        here = here and len(one.block.rows) <= lines
        if here and len(one.matches) == len(whole[0].matches):
            return _saying_lost(_mapped(sheet, one, "saved"), one, saved)
    best = [one for one in whole if len(one.matches) == len(whole[0].matches)]
    best = [one for one in best if len(one.block.rows) == lines]
    if len({_places(one) for one in best}) > 1:
        return SheetMap(None, how="saved", question=_ask_moved(sheet, saved, best), guess=table)
    note = Text(
        f"recon.toml 说表头在第{saved.header_row}行，现按内容在第{whole[0].block.rows[0]}行找到。",
        f"recon.toml says the header is in row {saved.header_row}; it was found by content in row "
        f"{whole[0].block.rows[0]}.",
    )
    moved = _saying_lost(_mapped(sheet, whole[0], "moved"), whole[0], saved)
    return replace(moved, notes=(note, *moved.notes))


def _places(one: Candidate) -> tuple[tuple[str, str], ...]:
    return tuple((match.column, match.letter) for match in one.matches)


def _saying_lost(found: SheetMap, chosen: Candidate, saved: SourceMapping) -> SheetMap:
    """Say which headers of recon.toml are no longer in the sheet."""
    there = {
        normalise_header(text)
        for letter, labels in chosen.block.labels.items()
        for shown in (chosen.block.shown[letter],)
        for text in (shown, placed_name(letter, shown), *labels)
    }
    lost = [header for header in saved.columns if normalise_header(header) not in there]
    if not lost:
        return found
    note = Text(
        f"recon.toml 写明的列没有找到：{'、'.join(lost)}。请核对表头是否改名。",
        f"Columns named in recon.toml are not there: {', '.join(lost)}. Check for changed headers.",
    )
    return replace(found, notes=(note, *found.notes))


def _ask_moved(sheet: RawSheet, saved: SourceMapping, fits: list[Candidate]) -> Text:
    rows = [str(row) for row in sorted({one.block.rows[0] for one in fits})]
    return Text(
        f"{place_of(sheet)}: recon.toml 说表头在第{saved.header_row}行，现在不在那里，"
        f"而第{'、'.join(rows)}行都像表头。请在 [[source]] 中改正 header_row。",
        f"{place_of(sheet)}: recon.toml says the header is in row {saved.header_row}; it is not "
        f"there, and rows {', '.join(rows)} all fit. Correct header_row in the [[source]].",
    )


def _choose(sheet: RawSheet, found: list[Candidate]) -> SheetMap:
    titles = found[0].preamble.titles if found else ()
    named = title_table(titles)

    def is_whole(one: Candidate) -> bool:
        return (one.is_plain or one.table.name == named) and not one.missing

    whole = next(filter(is_whole, found), None)
    short = next((one for one in found if one.missing), None)
    if whole is None:
        return _nothing(sheet, short, named)
    best = len(whole.matches)
    if short and len(short.matches) > best:
        return _unread(sheet, short, _ask_missing(sheet, short.table, short.missing))
    equal = [one for one in found if len(one.matches) == best and is_whole(one)]
    level = {one.table.name: one for one in reversed(equal)}
    if len(level) > 1:
        if named not in level:
            return _unread(sheet, whole, _ask_tie(sheet, tuple(sorted(level))))
        return _mapped(sheet, level[named], "content")
    return _mapped(sheet, whole, "content")


def _nothing(sheet: RawSheet, short: Candidate | None, named: str | None) -> SheetMap:
    if (short is None or len(short.matches) < 3) and (lying := lying_table(sheet, place_of(sheet))):
        return SheetMap(None, question=lying)
    if short is None and len(sheet.cells.columns) < 3:
        note = Text("只有一列文字，不是表格。", "One column of text, no table.")
        return SheetMap(None, how="text", notes=(note,))
    if short is None:
        note = Text("没有找到任何已知表头。", "No known header was found.")
        return SheetMap(None, notes=(note,))
    if short.table.name == named or (short.is_plain and len(short.matches) >= 3):
        return _unread(sheet, short, _ask_missing(sheet, short.table, short.missing))
    lacking = "、".join(short.missing) or "—"
    note = Text(
        f"不能认定是哪张表；最接近“{short.table.zh}”，缺少：{lacking}。",
        f"Not recognised; nearest is {short.table.name} ({short.table.zh}), missing: {lacking}.",
    )
    return replace(_unread(sheet, short, None), notes=(note,))


def _unread(sheet: RawSheet, near: Candidate, question: Text | None) -> SheetMap:
    known = _mapped(sheet, near, "")
    return SheetMap(None, unmapped=known.unmapped, question=question, guess=near.table)


def _ask_missing(sheet: RawSheet, table: TableSpec, missing: tuple[str, ...]) -> Text:
    lacking = "、".join(missing)
    return Text(
        f"{place_of(sheet)}: 像是“{table.zh}”，但缺少必需的列：{lacking}。"
        f"请补上该列，或在 recon.toml 的 [[source]] 中指定 table 和 columns（recon map --save）。",
        f"{place_of(sheet)}: looks like {table.name} ({table.zh}), but required columns are "
        f"missing: {lacking}. Add them, or name table and columns in recon.toml "
        "(recon map --save).",
    )


def _ask_tie(sheet: RawSheet, tables: tuple[str, ...]) -> Text:
    zh = "、".join(specs()[name].zh for name in tables)
    return Text(
        f"{place_of(sheet)}: 可以是多张表：{zh}。"
        "请在 recon.toml 的 [[source]] 中用 table 指定一张。",
        f"{place_of(sheet)}: could be any of {', '.join(tables)}. Name one as table in a "
        "[[source]] of recon.toml.",
    )


def place_of(sheet: RawSheet) -> str:
    """Return `file` or `file#sheet`."""
    return sheet.path if sheet.sheet is None else f"{sheet.path}#{sheet.sheet}"


def _mapped(sheet: RawSheet, chosen: Candidate, how: How) -> SheetMap:
    taken = {match.letter for match in chosen.matches}
    for supply in chosen.supplies.values():
        taken.update(letter for letter in supply.letters if letter)
    free = [column for column in chosen.table.columns if column.name not in chosen.given]
    body = sheet.under(chosen.block.rows[-1])
    unmapped = []
    for letter in (letter for letter in sheet.cells.columns[1:] if letter in chosen.block.labels):
        if letter not in taken:
            shown = chosen.block.shown[letter]
            near = () if letter in chosen.spoken else suggested(shown, body[letter], free)
            unmapped.append(Unmapped(letter, shown, tuple(column.zh for column in near)))
    return SheetMap(
        table=chosen.table,
        how=how,
        header_rows=chosen.block.rows,
        matches=chosen.matches,
        supplies=tuple(chosen.supplies.items()),
        unmapped=tuple(unmapped),
        unit=chosen.preamble.unit or sheet.unit,
        year=chosen.preamble.year or sheet.year,
        span=chosen.preamble.span,
        spoken=chosen.spoken,
        notes=tuple(one.note for one in chosen.supplies.values() if one.note),
    )


def _settled(found: SheetMap, saved: SourceMapping | None) -> SheetMap:
    return replace(found, unit=saved.unit) if saved and saved.unit else found
