"""A chart of accounts among the files: it names the accounts of ledgers that give codes only.

Here: knowing a chart, and putting its names (with those of the accounts above, as a path) into
sheets that lack them. Not here: the ledgers themselves (`accounting`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.intake.formats.letters import index_of, letter_of
from recon.intake.layout.candidates import head_rows
from recon.intake.layout.header import normalise_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recon.base.models import RawSheet

_CODES = frozenset(
    map(
        normalise_header,
        ("科目编码", "科目代码", "科目编号", "会计科目编号", "会计科目编码", "FACCOUNTID.FNumber"),
    )
)
_NAMES = frozenset(map(normalise_header, ("科目名称", "会计科目名称", "FACCOUNTID.FName")))
_OF_A_CHART = frozenset(
    map(
        normalise_header,
        ("科目级次", "会计科目级次", "科目级别", "级次", "科目类型", "科目类别", "上级科目编号"),
    )
)
_ADDED = "科目名称（取自会计科目表）"


def chart_of(sheet: RawSheet) -> dict[str, str]:
    """Return the accounts of a sheet that is a chart of accounts.

    Args:
        sheet: Any sheet.

    Returns:
        Code to path of names (其他应付款/建会筹备金); empty when the sheet is no chart.
    """
    for row_no, cells in head_rows(sheet):
        keys = {normalise_header(text): letter for letter, text in cells.items()}
        code = next((keys[key] for key in keys if key in _CODES), None)
        name = next((keys[key] for key in keys if key in _NAMES), None)
        if code and name and _OF_A_CHART & keys.keys():
            body = sheet.cells.filter(pl.col("row_no") > row_no)
            return _paths(body.select(code, name).drop_nulls().rows())
    return {}


def _paths(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    names = {code.strip(): name.strip() for code, name in rows if code.strip()}
    paths = {}
    for code, own in names.items():
        above = [names[code[:end]] for end in range(1, len(code)) if code[:end] in names]
        paths[code] = own if "/" in own or "\\" in own else "/".join([*above, own])
    return paths


def with_names(sheet: RawSheet, chart: Mapping[str, str]) -> RawSheet | None:
    """Add a column of account names to a ledger that gives only codes.

    Args:
        sheet: A sheet that was not understood.
        chart: Code to name.

    Returns:
        The sheet with one column more; None when it has no codes or has names of its own.
    """
    for row_no, cells in head_rows(sheet):
        keys = {normalise_header(text): letter for letter, text in cells.items()}
        code = next((keys[key] for key in keys if key in _CODES), None)
        if code is None:
            continue
        if _NAMES & keys.keys():
            return None
        names = (
            pl.col(code)
            .str.strip_chars()
            .replace_strict(list(chart), list(chart.values()), default=None, return_dtype=pl.String)
        )
        letter = letter_of(index_of(sheet.cells.columns[-1]) + 1)
        row = pl.col("row_no")
        added = pl.when(row == row_no).then(pl.lit(_ADDED)).when(row > row_no).then(names)
        note = Text("科目名称取自会计科目表。", "Account names were taken from the chart.")
        return replace(
            sheet,
            cells=sheet.cells.with_columns(added.alias(letter)),
            notes=(*sheet.notes, note),
        )
    return None
