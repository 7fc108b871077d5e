"""Every table tried on every possible header of a sheet.

Here: header blocks turned into candidate tables with their columns, values given once above the
table, and the required columns that are missing. Not here: which candidate wins (see `mapping`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.layout.accounting import computed
from recon.intake.layout.contents import Contents
from recon.intake.layout.derived_columns import persons_wages
from recon.intake.layout.forms import by_form
from recon.intake.layout.header import (
    HEAD_ROWS,
    ColumnMatch,
    HeaderBlock,
    header_blocks,
    header_parts,
    index_with,
    normalise_header,
    unit_of,
)
from recon.intake.layout.preamble import Preamble
from recon.intake.layout.sides import may_be_direction
from recon.intake.layout.statements import composed, is_of_books
from recon.intake.values.derived import Supply
from recon.intake.values.directions import are_directions, are_of_both_sides
from recon.tables.layout_files import own_headers
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recon.base.models import RawSheet, SourceMapping
    from recon.tables.base import TableSpec
    from recon.tables.layout_files import OwnHeaders

CONFIDENCE = {
    "saved": 1.0,
    "main": 1.0,
    "alias": 0.95,
    "format": 0.9,
    "name": 0.9,
    "part": 0.85,
    "parent": 0.6,
}
#: Rows below the first ones that are searched for a header, and how many at a time.
_FARTHEST, _STEP = 20_000, 1000
#: Figures and days, which no header consists of.
_NO_LABEL = re.compile(r"[-+.,:/ 0-9]*")
#: A header of persons under which the lists of oil companies put the plate of the car.
_HOLDER = re.compile("持卡人")
_DATE_PARTS = ("年", "月", "日")
#: What is posted to an account; beside what leaves it, what comes in.
_INTO = re.compile("^入[账帐]")


@dataclass(frozen=True)
class Candidate:
    """One table tried on one header block; what it lacks is looked up when it is asked for."""

    block: HeaderBlock
    table: TableSpec
    matches: tuple[ColumnMatch, ...]
    computed: dict[str, Supply]
    preamble: Preamble
    spoken: frozenset[str] = frozenset()

    @cached_property
    def supplies(self) -> dict[str, Supply]:
        """Values for columns that no single sheet column holds."""
        present = frozenset(match.column for match in self.matches)
        supplies = self.preamble.supplies(self.table, present | self.computed.keys())
        supplies |= self.computed
        has = present | supplies.keys()
        supplies.update(_date_parts(self.block, self.table, has, self.preamble))
        return supplies

    @property
    def given(self) -> frozenset[str]:
        """The contract columns that something gives."""
        return frozenset(match.column for match in self.matches) | self.supplies.keys()

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Required columns, in Chinese, that are nowhere."""
        has = self.given
        missing = [
            column.zh
            for column in self.table.columns
            if column.required and column.default is None and column.name not in has
        ]
        missing += [
            " / ".join(self.table.by_name[name].zh for name in names)
            for names in self.table.one_of.values()
            if not has & set(names)
        ]
        if persons_wages(self.table, self.block, self.matches):
            missing.append("单位工资总额（本表是每人一行的工资表）")
        return tuple(missing)

    @property
    def weight(self) -> tuple[int, float, int, int]:
        """Order among candidates: columns matched, confidence, fewer lines, higher up."""
        sure = round(sum(match.confidence for match in self.matches), 6)
        return (len(self.matches), sure, -len(self.block.rows), -self.block.rows[0])

    @property
    def is_plain(self) -> bool:
        """Whether enough of the header is known to go by content alone."""
        known = len(self.matches) + sum(bool(one.letters) for one in self.computed.values())
        return known >= 4 or (known >= 2 and known * 5 >= len(self.block.labels) * 2)


def candidates(sheet: RawSheet, saved: SourceMapping | None = None) -> list[Candidate]:
    """Return every table tried on every possible header block, the heaviest first.

    Args:
        sheet: The sheet as it was read.
        saved: The recon.toml entry of the sheet.
    """
    letters = sheet.cells.columns[1:]
    rows = head_rows(sheet)
    if not any(_is_known(row) or _is_said(row, saved) for row in rows):
        rows = _far_rows(sheet)
    found = []
    contents = Contents(sheet.cells)
    for block in header_blocks(rows, sheet.merged, letters):
        tried = _match_tables(block, letters, saved, contents)
        if not tried:
            continue
        above = tuple((row_no, cells) for row_no, cells in rows if row_no < block.rows[0])
        preamble = Preamble(above, sheet.sheet, sheet.path)
        spoken = _left_out(block, saved)
        for name, matches in tried.items():
            table = specs()[name]
            ledger = computed(table, block, matches, preamble, sheet.cells)
            is_statement = table.layout == "statement"
            if saved is None and is_statement and is_of_books(block, preamble):
                continue
            kept, more = composed(table, block, ledger.matches, preamble, contents, spoken)
            found.append(Candidate(block, table, kept, ledger.supplies | more, preamble, spoken))
    return sorted(found, key=lambda one: one.weight, reverse=True)


def head_rows(sheet: RawSheet, limit: int = HEAD_ROWS) -> list[tuple[int, dict[str, str]]]:
    """Return the first rows of a sheet with their non-blank cells by letter.

    Args:
        sheet: The sheet as it was read.
        limit: How many rows.
    """
    rows, letters = [], sheet.cells.columns[1:]
    for row_no, *row in sheet.cells.head(limit).rows():
        named = zip(letters, row, strict=True)
        cells = {letter: text for letter, text in named if text and not text.isspace()}
        if cells:
            rows.append((row_no, cells))
    return rows


def _is_known(row: tuple[int, dict[str, str]]) -> bool:
    """Whether two cells of a row are known headers."""
    return sum(bool(columns_named(text)) for text in row[1].values() if len(text) < 100) >= 2


def _is_said(row: tuple[int, dict[str, str]], saved: SourceMapping | None) -> bool:
    """Whether recon.toml says what a cell of a row heads; nothing else in it need be known."""
    said = {normalise_header(header) for header in saved.columns} if saved else set[str]()
    return any(normalise_header(text) in said for text in row[1].values() if len(text) < 100)


def _far_rows(sheet: RawSheet) -> list[tuple[int, dict[str, str]]]:
    """Return the rows around a header that stands below a preamble of any length."""
    body = sheet.cells.slice(HEAD_ROWS)
    for start in range(0, min(body.height, _FARTHEST), _STEP):
        piece = body.slice(start, _STEP)
        rows = head_rows(replace(sheet, cells=piece), _STEP)
        place = next((place for place, row in enumerate(rows) if _is_known(row)), None)
        if place is not None:
            first = rows[place][0]
            near = sheet.cells.filter(pl.col("row_no") < first).tail(HEAD_ROWS // 2)["row_no"]
            low = int(str(near.min())) if len(near) else first
            return head_rows(replace(sheet, cells=sheet.cells.filter(pl.col("row_no") >= low)))
    return []


def _match_tables(
    block: HeaderBlock, letters: Sequence[str], saved: SourceMapping | None, contents: Contents
) -> dict[str, tuple[ColumnMatch, ...]]:
    tried: dict[str, list[ColumnMatch]] = {}
    last = block.rows[-1]
    for letter in (one for one in letters if one in block.labels):
        for name, match in (*_label_matches(letter, block), *_by_cells(letter, block, contents)):
            kind = specs()[name].by_name[match.column].kind
            if kind in {"date", "datetime"} and contents.are_times(letter, last):
                continue
            is_of_holder = kind == "plate" and _HOLDER.search(match.header)
            if is_of_holder and not contents.are_plates(letter, last):
                continue
            if saved is None or saved.table in {None, name}:
                tried.setdefault(name, []).append(match)
    wanted = _saved_columns(block, saved, letters)
    if saved and saved.table in specs():
        tried.setdefault(saved.table, [])
    return {
        name: _assign(_telling(matches, contents, last), wanted, specs()[name])
        for name, matches in tried.items()
    }


def _by_cells(
    letter: str, block: HeaderBlock, contents: Contents
) -> Iterable[tuple[str, ColumnMatch]]:
    """Take a column whose header may be that of directions for one where the cells are such.

    One word alone tells nothing: 贷记 is a kind of payment too, in whichever direction.
    """
    shown = block.shown.get(letter, "")
    if may_be_direction(normalise_header(shown)):
        cells = contents.under(letter, block.rows[-1])
        if len(cells) and are_directions(cells) and are_of_both_sides(cells):
            yield "bank_txn", ColumnMatch(letter, shown, "direction", "part", CONFIDENCE["part"])


def _telling(matches: list[ColumnMatch], contents: Contents, last: int) -> list[ColumnMatch]:
    """Leave out columns without a figure where another column of the same name holds some."""
    by_column: dict[str, set[str]] = {}
    for match in matches:
        by_column.setdefault(match.column, set()).add(match.letter)
    blank = {
        (column, letter)
        for column, letters in by_column.items()
        if len(letters) > 1 and any(contents.holds_figures(one, last) for one in letters)
        for letter in letters
        if not contents.holds_figures(letter, last)
    }
    return [match for match in matches if (match.column, match.letter) not in blank]


def _label_matches(letter: str, block: HeaderBlock) -> Iterable[tuple[str, ColumnMatch]]:
    shown = block.shown.get(letter, "")
    child = shown.rsplit("/", 1)[-1] if len(block.rows) > 1 else shown
    parties: set[str] = set()
    for label in block.labels.get(letter, ()):
        known = [one for one in columns_named(label) if one[0] not in parties]
        if not known:
            continue
        parties |= {name for name, column, _ in known if column.startswith("party_")}
        is_parent = len(block.rows) > 1 and label != child and not _holds(label, child)
        unit = unit_of(label) or unit_of(shown)
        for name, column, how in known:
            kind = "parent" if is_parent else how
            yield name, ColumnMatch(letter, shown, column, kind, CONFIDENCE[kind], unit)


def columns_named(label: str) -> tuple[tuple[str, str, str], ...]:
    """Return (table, column, how) of every column that a label, or a part of it, names.

    Args:
        label: A cell that may be a header; `how` is part where only a part of it is one.
    """
    return _named(label, own_headers())


@lru_cache(maxsize=65536)
def _named(label: str, own: OwnHeaders) -> tuple[tuple[str, str, str], ...]:
    if _NO_LABEL.fullmatch(label):
        return ()
    index = index_with(own)
    exact = normalise_header(label)
    named = [
        (name, column, how if key == exact else "part")
        for key in dict.fromkeys((exact, *header_parts(label)))
        for name, column, how in index.get(key, ())
    ]
    formed = by_form(label, exact, header_parts(label))
    told = {name for name, _, how in formed if how == "format"}
    sure = [one for one in named if one[2] != "part" or one[0] not in told]
    known = {name for name, _, how in sure if how != "part"}
    return (*sure, *(one for one in formed if one[0] not in known))


def _holds(label: str, child: str) -> bool:
    return len(label) > len(child) and (label.endswith(child) or label.startswith(child))


def _saved_columns(
    block: HeaderBlock, saved: SourceMapping | None, letters: Sequence[str]
) -> dict[str, tuple[str, str]]:
    if saved is None:
        return {}
    wanted = {normalise_header(header): column for header, column in saved.columns.items()}
    found, taken = dict[str, tuple[str, str]](), set[str]()
    for letter in (letter for letter in letters if letter in block.labels):
        shown = block.shown[letter]
        by_letter = normalise_header(placed_name(letter, shown))
        if by_letter in wanted:
            found[letter] = (wanted[by_letter], shown)
            continue
        for label in (shown, *block.labels[letter]):
            # Of two columns with one header only the first can be meant: the other stays open.
            if (key := normalise_header(label)) in wanted and not (wanted[key] and key in taken):
                found[letter] = (wanted[key], shown)
                taken.add(key)
                break
    return found


def placed_name(letter: str, header: str) -> str:
    """Return what tells a column from another of the same header in recon.toml: C列 金额.

    Args:
        letter: The column.
        header: Its header as people see it.
    """
    return f"{letter}列 {header}"


def _left_out(block: HeaderBlock, saved: SourceMapping | None) -> frozenset[str]:
    """Return the columns of which recon.toml says what they are, or that they are nothing."""
    return frozenset(_saved_columns(block, saved, tuple(block.labels)))


def _assign(
    matches: list[ColumnMatch], wanted: dict[str, tuple[str, str]], table: TableSpec
) -> tuple[ColumnMatch, ...]:
    fixed = [
        ColumnMatch(letter, header, column, "saved", 1.0, unit_of(header))
        for letter, (column, header) in wanted.items()
        if column in table.by_name
    ]
    doubled = _doubled_parents(matches)
    free = [
        match
        for match in matches
        if match.letter not in wanted and (match.column, match.how) not in doubled
    ]
    ranked = [*fixed, *sorted(free, key=lambda match: -match.confidence)]
    by_letter: dict[str, ColumnMatch] = {}
    taken: set[str] = set()
    for match in ranked:
        if match.letter not in by_letter and match.column not in taken:
            by_letter[match.letter] = match
            taken.add(match.column)
    order = {name: place for place, name in enumerate(table.by_name)}
    return tuple(sorted(_paired(by_letter), key=lambda match: order[match.column]))


def _paired(matches: dict[str, ColumnMatch]) -> list[ColumnMatch]:
    """Take 入账金额, an amount elsewhere, for money in where money out stands beside it."""
    named = {match.column: match for match in matches.values()}
    amount = named.get("amount")
    if not amount or "money_out" not in named or "money_in" in named or amount.how == "saved":
        return list(matches.values())
    into = _INTO.search(normalise_header(amount.header))
    return [
        replace(match, column="money_in") if match is amount and into else match
        for match in matches.values()
    ]


def _doubled_parents(matches: list[ColumnMatch]) -> set[tuple[str, str]]:
    seen: dict[tuple[str, str], set[str]] = {}
    for match in matches:
        if match.how == "parent":
            seen.setdefault((match.column, match.how), set()).add(match.letter)
    return {key for key, letters in seen.items() if len(letters) > 1}


def _date_parts(
    block: HeaderBlock, table: TableSpec, has: frozenset[str], preamble: Preamble
) -> dict[str, Supply]:
    wanted = next(
        (c for c in table.columns if c.kind == "date" and c.required and c.name not in has), None
    )
    if wanted is None:
        return {}
    found: dict[str, str] = {}
    for letter, labels in block.labels.items():
        for label in labels:
            if (key := label.strip()) in _DATE_PARTS:
                found.setdefault(key, letter)
    year = next((y for y in map(_year_in, block.shown.values()) if y), preamble.year)
    if not {"月", "日"} <= found.keys() or ("年" not in found and year is None):
        return {}
    parts = tuple(found.get(part) for part in _DATE_PARTS)
    return {wanted.name: Supply("parts", None, wanted.zh, letters=parts, year=year)}


def _year_in(shown: str) -> int | None:
    text = shown.split("/", 1)[0].strip().removesuffix("年")
    return int(text) if len(text) == 4 and text.isdigit() and text[:2] in {"19", "20"} else None
