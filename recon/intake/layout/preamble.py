"""What stands above a table: its title, its unit, and values given once for all rows.

Here: labelled cells (账号：..., 户名：...), the unit, year and month of a title, and which known
title a sheet bears. Not here: the header itself (see `header`) and the choice of table (`mapping`).
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from recon.intake.layout.header import header_parts, normalise_header
from recon.intake.values.derived import Supply
from recon.intake.values.units import UNIT_ZH, UNKNOWN, currency_unit, is_unknown, line_unit
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
_FULL_DAY = re.compile(
    r"((?:19|20)[0-9]{2})\s*[年./-]\s*([0-9]{1,2})\s*[月./-]\s*([0-9]{1,2})(?![0-9])"
)
#: When a table was made, printed or sent says nothing of its period.
_STAMP = re.compile(
    r"(?:制表|填表|填报|打印|编制|编表|导出|生成|上报|报送|制单|下载|申报|查询)(?:日期|时间|日)\s*[::]?"
)
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
#: Labels of a line above that say in what the money is, and how the words after them are read.
_UNIT_LABELS = (
    (re.compile(r"(?:金额|货币|币种|计价|记账)?单位"), lambda value: line_unit(f"单位:{value}")),
    (re.compile(r"(?:账户|帐户|交易|结算)?(?:币种|币别|货币|币制)(?:名称)?"), currency_unit),
)
#: What a bank writes before the account and its owner above the lines.
_GIVEN_LABELS: dict[tuple[str, str], re.Pattern[str]] = {
    ("statement", "account_no"): re.compile(
        r"(?:本方|我方|查询|交易|活期|对公|单位|客户|银行|结算|主|本人|借记卡|公务卡|开户|对账|账户|"
        r"存款){0,2}(?:(?:账|帐)[号户]|卡号|卡号?/?(?:账|帐)号|(?:账|帐)号/?卡号)(?:号码|号|信息)?"
        r"|(?:ACCOUNT|ACCT?)(?:NO|NUMBER)?"
    ),
    ("statement", "account_name"): re.compile(
        r"(?:本方|我方|查询|账户|帐户|账号|单位|客户|开户|持卡人|存款人)?(?:户名|名称|姓名)|账户名"
    ),
}
#: A label without a colon: 账号9900…, [账号]9900…, 账号=9900….
_SOLID = re.compile(
    r"[\[(【]?\s*(?P<label>(?:本方|我方|单位|银行|查询)?(?:(?:账|帐)[号户]|卡号))\s*[\])】]?\s*=?\s*"
    r"(?P<value>[0-9][0-9 *-]{7,})"
)
_HAS_NUMBER = re.compile(r"[0-9]{4}")
#: An account's number among words that say nothing of it: [9900…]示例县总工会, 9900…（基本户）.
_AMONG_WORDS = re.compile(
    r"[\s\[\]()<>{}【】《》「」〔〕:,;、。\u4e00-\u9fff]*?"
    r"(?P<number>[0-9](?:[ \-]?[0-9]){7,})"
    r"[\s\[\]()<>{}【】《》「」〔〕:,;、。\u4e00-\u9fff]*"
)
#: Words after which another number stands than the account's.
_OTHER_NUMBER = re.compile("电话|传真|联系|行号")
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
    def telling(self) -> tuple[str, ...]:
        """The titles, folded, without those that say when a table was made, printed or sent."""
        return tuple(text for text in map(_fold, self.titles) if not _STAMP.search(text))

    @property
    def unit(self) -> str | None:
        """The unit of money that the lines above, the sheet's or the file's name state.

        An unknown one (see `values.units`) where they name a word of money that is not known, or
        contradict each other.
        """
        names = (self.sheet or "", PurePosixPath(self.path).stem)
        labelled = [
            read(value)
            for label, (value, _, _) in self.labelled.items()
            for form, read in _UNIT_LABELS
            if form.fullmatch(label)
        ]
        stated = [*labelled, *map(line_unit, (*self.texts, *names))]
        units = list(dict.fromkeys(unit for unit in stated if unit))
        if len(units) > 1 and (unknown := next(filter(is_unknown, units), None)):
            return unknown
        if len(units) > 1:
            return UNKNOWN + "、".join(UNIT_ZH[unit] for unit in units)
        return units[0] if units else None

    @property
    def year_month(self) -> str | None:
        """The one month that the titles name, as "2024-03"; a bare month takes the titles' year.

        Days on which a table was made or printed name no month, and the sheet's name must agree.
        """
        texts = self.telling
        tab = _fold(self.sheet or "")
        on_tab = {int(month) for month in _MONTH.findall(tab)} | {two for _, two in _months_of(tab)}
        stated = next((months for text in texts if (months := _months_of(text))), None)
        if stated:
            year, month = min(stated)
            is_one = len(stated) == 1 and (not on_tab or month in on_tab)
            return f"{year}-{month:02d}" if is_one else None
        bare = [set(map(int, _MONTH.findall(text))) for text in texts]
        first = next((months for months in bare if months), set())
        if self.year is None or len(first) != 1:
            return None
        return f"{self.year}-{first.pop():02d}"

    @property
    def year(self) -> int | None:
        """The one year that the titles name; None when they name none or several."""
        for text in self.telling:
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
                    for name in (label, *header_parts(label), label.split()[-1]):
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
            if given := self._given(column, table):
                found[column.name] = given
            elif column.required and (value_of := self._from_title(column)):
                found[column.name] = Supply("title", value_of, column.zh)
        if table.layout == "ledger" and not {"account_code", "account_name"} & present:
            found.update(_ledger_account(labelled))
        return found

    def _given(self, column: ColumnSpec, table: TableSpec) -> Supply | None:
        """Return the value that a labelled cell above gives for a column."""
        headers = set(map(normalise_header, column.headers))
        form = _GIVEN_LABELS.get((table.layout or "", column.name))
        for key, (written, row_no, label) in self.labelled.items():
            if key not in headers and not (form and form.fullmatch(key)):
                continue
            value = _number_of(written) if column.kind in {"account", "card"} else written
            if value is not None:
                return Supply("preamble", value, label, row_no)
        return None

    def _from_title(self, column: ColumnSpec) -> str | None:
        if column.kind == "month":
            return self.year_month
        if column.name == "year" and self.year:
            return str(self.year)
        return None


def _number_of(written: str) -> str | None:
    """Return the number of the account or card that a value above gives, if it gives one.

    A number is cut out of words only where nothing touches it: 6228***1234 and 9900…/001 are whole.
    """
    value = _OTHER_NUMBER.split(_fold(written), maxsplit=1)[0].strip()
    if not _HAS_NUMBER.search(value):
        return None
    among = _AMONG_WORDS.fullmatch(value)
    return among["number"] if among else value


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


def _months_of(text: str) -> set[tuple[int, int]]:
    """Return the months that a text names; a lone day that ends no month names none."""
    days = [tuple(map(int, found)) for found in _FULL_DAY.findall(text)]
    if len(days) == 1:
        year, month, day = days[0]
        if 1 <= month <= 12 and day != calendar.monthrange(year, month)[1]:
            text = _FULL_DAY.sub(" ", text)
    return {
        (int(year), int(month))
        for pattern in (_YEAR_MONTH, _YEAR_MONTH_SOLID, _PERIOD)
        for year, month in pattern.findall(text)
    }


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=16384)
def _pairs(text: str, following: str) -> tuple[tuple[str, str], ...]:
    pairs = [
        (found["label"], found["value"].strip() or following.strip())
        for found in (_LABELLED.finditer(text.strip()) if ":" in text or "：" in text else ())
    ]
    if not pairs and (solid := _SOLID.fullmatch(_fold(text).strip())):
        return ((solid["label"], solid["value"]),)
    if not pairs and following and len(text.strip()) <= 12 and ":" not in _fold(following):
        pairs = [(text, following.strip())]
    return tuple((label, value) for label, value in pairs if value)


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
                "account_code": Supply("preamble", code, f"{label}（编码）", row_no),
                "account_name": Supply("preamble", name.strip(), f"{label}（名称）", row_no),
            }
    return {}
