"""A file as some program lays it out, with what it holds by position, and the verdict on reading it.

Here: forms, how a line of column names and a list of records become one, and the comparison. The
truth is summed from the records that were written, never asked of the reader. Not here: the forms
(`banks`, `books`, `lists`) and the writing of files (`written`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import RawSheet
from recon.intake.formats.letters import letter_of
from recon.intake.sheets.understanding import understand_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from recon.intake.sheets.parsed import ParsedSheet

Record = dict[str, str]
#: First and last row and column of a merged range, counted from 0 in the lines of the form.
Merge = tuple[int, int, int, int]


@dataclass(frozen=True)
class Form:
    """A sheet and what it says.

    `table` is None where nothing may be claimed because it cannot be known. `sums` are in yuan;
    `values` are the different texts of a column (days as 2024-01-31).
    """

    name: str
    lines: tuple[tuple[str, ...], ...]
    table: str | None
    rows: int = 0
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    merged: tuple[Merge, ...] = ()
    stem: str = "导出"
    sheet: str = "Sheet1"


def laid(header: str, records: Sequence[Record]) -> list[tuple[str, ...]]:
    """Return a header line and one line per record.

    Args:
        header: `表头=key` parted by `|`; a key that a record lacks is a blank cell, and a column
            without one is blank throughout.
        records: Cells by key.
    """
    pairs = [one.strip().partition("=") for one in header.split("|")]
    names = tuple(name for name, _, _ in pairs)
    return [names, *(tuple(one.get(key, "") for _, _, key in pairs) for one in records)]


def keys_of(header: str) -> list[str]:
    """Return the keys of a header line."""
    return [one.strip().partition("=")[2] for one in header.split("|")]


def total(records: Sequence[Record], key: str) -> Decimal:
    """Return the sum of a key over records."""
    return sum((Decimal(one.get(key) or 0) for one in records), Decimal(0))


def raw_sheet(form: Form) -> RawSheet:
    """Return a form as the readers of files give it."""
    width = max(map(len, form.lines))
    letters = [letter_of(at) for at in range(width)]
    cells: dict[str, list[object]] = {"row_no": list(range(1, len(form.lines) + 1))}
    for at, letter in enumerate(letters):
        cells[letter] = [(line[at] or None) if at < len(line) else None for line in form.lines]
    schema = {"row_no": pl.Int64(), **dict.fromkeys(letters, pl.String())}
    merged = tuple(
        (top + 1, letter_of(left), bottom + 1, letter_of(right))
        for top, left, bottom, right in form.merged
    )
    return RawSheet(
        1, f"{form.stem}.xlsx", form.sheet, hidden=False, cells=pl.DataFrame(cells, schema=schema),
        rows_total=len(form.lines), merged=merged,
    )  # fmt: skip


def verdict(form: Form, read: Callable[[RawSheet], list[ParsedSheet]] = understand_parts) -> str:
    """Return ok, "asked: …" or "wrong: …" for one form.

    Args:
        form: The form.
        read: What reads its sheet.
    """
    return judged(form, read(raw_sheet(form)))


def judged(form: Form, parts: Sequence[ParsedSheet]) -> str:
    """Compare what was read of a form with what it holds."""
    claimed = [one for one in parts if one.found.table is not None]
    said = [one.found.question or next(iter(one.found.notes), None) for one in parts]
    if not claimed:
        why = next((one.zh for one in said if one), "")
        if form.table is None:
            return "ok" if why else "wrong: left out without a word"
        return f"asked: {why}" if why else "wrong: left out without a word"
    tables = {one.found.table.name for one in claimed if one.found.table}
    if form.table is None:
        if not sum(one.rows_accepted for one in claimed):
            return "ok"
        return f"wrong: taken for {'、'.join(sorted(tables))}"
    if tables != {form.table}:
        return f"wrong: taken for {'、'.join(sorted(tables))}"
    frame = pl.concat([one.accepted for one in claimed if one.accepted is not None])
    return "; ".join(_differing(form, frame, claimed)) or "ok"


def _differing(form: Form, frame: pl.DataFrame, claimed: Sequence[ParsedSheet]) -> list[str]:
    rejected = sum(one.rejected.height for one in claimed)
    bad = []
    if frame.height != form.rows or rejected:
        why = [one.rejected["reason"][0] for one in claimed if one.rejected.height]
        bad.append(f"wrong: {frame.height} rows (+{rejected}), truth {form.rows} {why}")
    for name, truth in form.sums.items():
        got = Decimal(frame[name].cast(pl.Decimal(38, 6)).sum() or 0)
        if got != truth:
            bad.append(f"wrong: {name} {got.normalize():f}, truth {truth}")
    for name, wanted in form.values.items():
        found = frozenset(map(str, frame[name].drop_nulls().unique().to_list()))
        if found != wanted:
            bad.append(f"wrong: {name} {sorted(found)[:3]}, truth {sorted(wanted)[:3]}")
    return bad


def two_lines(
    header: str, records: Sequence[Record], *, top: int = 0
) -> tuple[list[tuple[str, ...]], tuple[Merge, ...]]:
    """Return a header of two lines over records, and its merged ranges.

    Args:
        header: `表头=key` parted by `|`; a group of columns is `上行[左=key|右=key]`.
        records: Cells by key.
        top: How many lines stand above, for the merged ranges.
    """
    upper, lower, keys, merged = [], [], [], []
    for group in _groups(header):
        name, is_group, inner = group.partition("[")
        if not is_group:
            text, _, key = name.partition("=")
            merged.append((top, len(keys), top + 1, len(keys)))
            upper, lower, keys = [*upper, text], [*lower, ""], [*keys, key]
            continue
        pairs = [one.partition("=") for one in inner.removesuffix("]").split("|")]
        merged.append((top, len(keys), top, len(keys) + len(pairs) - 1))
        upper += [name, *[""] * (len(pairs) - 1)]
        lower += [text for text, _, _ in pairs]
        keys += [key for _, _, key in pairs]
    rows = [tuple(one.get(key, "") for key in keys) for one in records]
    return [tuple(upper), tuple(lower), *rows], tuple(merged)


def _groups(header: str) -> list[str]:
    groups, depth, start = [], 0, 0
    for at, sign in enumerate(f"{header}|"):
        depth += (sign == "[") - (sign == "]")
        if sign == "|" and not depth:
            groups.append(header[start:at].strip())
            start = at + 1
    return groups
