"""What stands above a table: its title, its unit, and values given once for all rows.

Here: labelled cells (账号：..., 户名：...), the unit, year and month of a title, and which known
title a sheet bears. Not here: the header itself (see `header`) and the choice of table (`mapping`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from recon.intake.layout.header import normalise_header, unit_of
from recon.intake.values.derived import Supply
from recon.intake.values.years import stated_span
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recon.intake.values.years import Span
    from recon.tables.base import ColumnSpec, TableSpec

_LABELLED = re.compile(
    r"(?P<label>[^\s:：0-9][^:：]{0,19}?)\s*[:：]\s*(?P<value>.*?)"
    r"(?=[\s;；,，]+[^\s:：0-9][^\s:：]{0,15}[:：]|$)"
)
_YEAR_MONTH = re.compile(r"((?:19|20)[0-9]{2})\s*[年./-]\s*(1[0-2]|0?[1-9])(?:\s*月|(?![0-9]))")
_PERIOD = re.compile(r"((?:19|20)[0-9]{2})\s*年?度?\s*第?\s*(1[0-2]|0?[1-9])\s*期")
_YEAR_MONTH_SOLID = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(0[1-9]|1[0-2])(?![0-9])")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])(?!\s*[./-]\s*[0-9])")
_MONTH = re.compile(r"(?<![0-9])(1[0-2]|0?[1-9])\s*月")
_ACCOUNT_LABELS = frozenset(
    {"科目", "会计科目", "科目名称", "账户", "总账科目", "明细科目", "科目编码"}
)
_ACCOUNT = re.compile(
    r"^[\[(]?(?P<code>[0-9][0-9.\-]*[0-9])[\])]?\s*[:/_\-—]*\s*(?P<name>[^0-9\s:/_\-—].*)$"
    r"|^(?P<first>[^0-9\[(].*?)\s*[\[(](?P<last>[0-9][0-9.\-]{2,})[\])]$"
)
_GIVEN_KINDS = frozenset({"account", "card", "uscc", "plate", "month"})


@dataclass(frozen=True)
class Preamble:
    """The lines above a header, with the names of sheet and file as further titles."""

    lines: tuple[tuple[int, dict[str, str]], ...]
    sheet: str | None
    path: str

    @property
    def texts(self) -> tuple[str, ...]:
        """All cells above the header, top down."""
        return tuple(text for _, cells in self.lines for text in cells.values())

    @property
    def titles(self) -> tuple[str, ...]:
        """Texts that may name table, year or month: lines above, sheet, file, its folders."""
        stem = PurePosixPath(self.path)
        sheet = (self.sheet,) if self.sheet else ()
        return (*self.texts, *sheet, stem.stem, *reversed(stem.parent.parts))

    @property
    def unit(self) -> str | None:
        """The unit of money that a line above or the sheet's name states."""
        for text in (*self.texts, *((self.sheet,) if self.sheet else ())):
            if (unit := unit_of(text)) in {"wan", "yuan"}:
                return unit
        return None

    @property
    def year_month(self) -> str | None:
        """The one month that the titles name, as "2024-03"; a bare month takes the titles' year."""
        for text in map(_fold, self.titles):
            months = {
                (year, int(month))
                for pattern in (_YEAR_MONTH, _YEAR_MONTH_SOLID, _PERIOD)
                for year, month in pattern.findall(text)
            }
            if len(months) > 1:
                return None
            for year, month in months:
                return f"{year}-{month:02d}"
        bare = [set(_MONTH.findall(text)) for text in map(_fold, self.titles)]
        first = next((months for months in bare if months), set())
        if self.year is None or len(first) != 1:
            return None
        return f"{self.year}-{int(first.pop()):02d}"

    @property
    def year(self) -> int | None:
        """The one year that the titles name; None when they name none or several."""
        for text in map(_fold, self.titles):
            years = {int(year) for year, _ in _YEAR_MONTH.findall(text)}
            years |= {int(year) for year in _YEAR.findall(text)}
            if years:
                return years.pop() if len(years) == 1 else None
        return None

    @property
    def span(self) -> Span | None:
        """The first and last day that a line above the table states."""
        return stated_span(" ".join(cells.values()) for _, cells in self.lines)

    @cached_property
    def labelled(self) -> dict[str, tuple[str, int, str]]:
        """Return normalised label to (value, row number, label as written)."""
        found: dict[str, tuple[str, int, str]] = {}
        for row_no, cells in self.lines:
            texts = list(cells.values())
            for place, text in enumerate(texts):
                following = texts[place + 1] if place + 1 < len(texts) else ""
                for label, value in _pairs(text, following):
                    for name in (label, label.split()[-1]):
                        found.setdefault(normalise_header(name), (value, row_no, name.strip()))
        return found

    def supplies(self, table: TableSpec, present: frozenset[str]) -> dict[str, Supply]:
        """Return values given once above the table for columns that the header lacks.

        Args:
            table: The table that the sheet may be.
            present: Names of the columns that the header has.
        """
        labelled = self.labelled
        found: dict[str, Supply] = {}
        for column in table.columns:
            if column.name in present or not _may_be_given(column, table):
                continue
            for header in map(normalise_header, column.headers):
                if header in labelled:
                    value, row_no, label = labelled[header]
                    found[column.name] = Supply("preamble", value, label, row_no)
                    break
            else:
                if column.required and (value_of := self._from_title(column)):
                    found[column.name] = Supply("title", value_of, column.zh)
        if table.layout == "ledger" and not {"account_code", "account_name"} & present:
            found.update(_ledger_account(labelled))
        return found

    def _from_title(self, column: ColumnSpec) -> str | None:
        if column.kind == "month":
            return self.year_month
        if column.name == "year" and self.year:
            return str(self.year)
        return None


def title_table(texts: Sequence[str]) -> str | None:
    """Return the table whose title a text bears; the longest known title wins.

    Args:
        texts: Titles in falling order of weight; the first that names a table decides.

    Returns:
        The table's name; None where no text, or several tables alike, are named.
    """
    for text in texts:
        shape = normalise_header(text)
        hits = {
            table.name: max(lengths)
            for table in specs().values()
            if (
                lengths := [
                    len(title)
                    for title in map(normalise_header, (table.zh, *table.aliases))
                    if title in shape
                ]
            )
        }
        best = [name for name, length in hits.items() if length == max(hits.values())]
        if len(best) == 1:
            return best[0]
    return None


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _pairs(text: str, following: str) -> list[tuple[str, str]]:
    pairs = [
        (found["label"], found["value"].strip() or following.strip())
        for found in _LABELLED.finditer(text.strip())
    ]
    if not pairs and following and len(text.strip()) <= 12 and ":" not in _fold(following):
        pairs = [(text, following.strip())]
    return [(label, value) for label, value in pairs if value]


def _may_be_given(column: ColumnSpec, table: TableSpec) -> bool:
    if column.kind in {"money", "qty"}:
        return False
    return (
        column.required
        or column.kind in _GIVEN_KINDS
        or column.name in table.key
        or column.name.endswith("_name")
        or column.name == "source"
    )


def _ledger_account(labelled: dict[str, tuple[str, int, str]]) -> dict[str, Supply]:
    """Return code and name of the one account of a ledger: 1002 银行存款, 银行存款(1002)."""
    for key in sorted(_ACCOUNT_LABELS & labelled.keys()):
        value, row_no, label = labelled[key]
        if parts := _ACCOUNT.match(_fold(value).strip()):
            code, name = parts["code"] or parts["last"], parts["name"] or parts["first"]
            return {
                "account_code": Supply("preamble", code, label, row_no),
                "account_name": Supply("preamble", name.strip(), label, row_no),
            }
    return {}
