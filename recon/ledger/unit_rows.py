"""Verdicts on the sheet 按单位, spread over the exceptions that a line of it names.

Here: which exceptions take the verdict of their unit. Not here: checking and booking, which is the
same as for a row of an exception sheet (see `review`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.ledger.known import run_folders
from recon.ledger.reviewed import VERDICT_HEADER, ReviewedFile, ReviewedRow, read_sheets
from recon.output.sheets import ID_HEADER, REVIEW_COLUMNS
from recon.output.units import GROUP_HEADER, UNIT_VERDICTS, unit_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

_HEADERS = tuple(about[0] for about in REVIEW_COLUMNS.values())


def unit_rows(
    path: Path, out_dir: Path, own: Collection[str], refuse: Callable[[str, str, str], None]
) -> ReviewedFile | None:
    """Return a row for each exception that takes the verdict of its unit, rule and direction.

    Args:
        path: A reviewer's workbook.
        out_dir: The output folder; the groups are those of the run that the workbook is of.
        own: Ids with a verdict of their own in a workbook; they keep it.
        refuse: Takes note of a line that cannot be taken: place, Chinese, English.

    Returns:
        Rows as an exception sheet would have them; None where no unit has a verdict.
    """
    file = read_sheets(path, (GROUP_HEADER, VERDICT_HEADER), {GROUP_HEADER, *_HEADERS})
    decided = [row for row in file.rows if row.cells.get(VERDICT_HEADER)] if file else []
    if file is None or not decided:
        return None
    groups = _groups(out_dir, file.run_id)
    rows: list[ReviewedRow] = []
    for row in decided:
        rows.extend(_spread(row, groups, own, refuse))
    return ReviewedFile(path, file.run_id, tuple(rows), file.doubled)


def _groups(out_dir: Path, run_id: str | None) -> dict[str, list[str]]:
    folder = next(run_folders(out_dir, run_id), None)
    if folder is None:
        return {}
    groups = unit_groups(pl.read_parquet(folder / "exceptions.parquet"))
    return dict(groups.select("group_id", "lines").iter_rows())


def _spread(
    row: ReviewedRow,
    groups: dict[str, list[str]],
    own: Collection[str],
    refuse: Callable[[str, str, str], None],
) -> Iterator[ReviewedRow]:
    group = str(row.cells.get(GROUP_HEADER) or "").strip().lower()
    verdict = str(row.cells[VERDICT_HEADER]).strip()
    if group not in groups:
        refuse(
            row.at(GROUP_HEADER),
            f"组号 {group} 不在这个工作簿的那次运行里，没有导入。用本工作簿原来的“按单位”表填写",
            f"group {group} is not in the run that the workbook is of; nothing was taken. "
            "Fill the sheet as it was written",
        )
        return
    if verdict not in UNIT_VERDICTS:
        refuse(
            row.at(VERDICT_HEADER),
            f"“{verdict}”不能按单位填，没有导入。部分成立在各族表逐条填；这里只能填："
            f"{'、'.join(UNIT_VERDICTS)}",
            f"'{verdict}' cannot hold for a unit; nothing was taken. Write 部分成立 line by line; "
            f"here: {', '.join(UNIT_VERDICTS)}",
        )
        return
    letters = {header: row.letters[header] for header in _HEADERS if header in row.letters}
    cells = {header: row.cells.get(header) for header in letters}
    for line in groups[group]:
        if line not in own:
            yield ReviewedRow(row.place, row.row_no, letters, {**cells, ID_HEADER: line})
