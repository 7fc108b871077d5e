"""Lists with one column per month: wages of each unit, balances of each card.

Here: finding such a sheet (months across the header) and what its months hold. What the figures are
is said by the header or the title, the year by header, title or a column; where neither says it, it
is asked. Not here: reading the rows (`across`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.intake.layout.accounting import YEARS
from recon.intake.layout.candidates import columns_named, head_rows
from recon.intake.layout.header import looks_numeric, normalise_header
from recon.intake.layout.mapping import place_of
from recon.intake.layout.preamble import Preamble
from recon.intake.quality.items import items
from recon.intake.sheets.across import Across, Period, left_out
from recon.intake.values.amounts import parse_amount
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recon.base.models import RawSheet

MONTH = "月份"
_HAN = {sign: number for number, sign in enumerate("一二三四五六七八九十", start=1)}
_NAMED = re.compile(
    r"^(?:((?:19|20)[0-9]{2})\s*[年./-]\s*)?(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*月份?(.*)$"
)
_DATED = re.compile(
    r"^((?:19|20)[0-9]{2})(?:[-./](1[0-2]|0?[1-9])(?:[-./]0?1(?:\s+00:00:00)?)?|(0[1-9]|1[0-2]))$"
)
#: What follows a month where the column is no month's: a day, a sum, a span, a balance's end.
_NO_MONTH = re.compile(r"^[0-9]|[日号]|合计|累计|小计|平均|至|[-—~～]|[初末前后]")
_QUARTER = re.compile(r"^(?:第?[一二三四1-4]季度?|[上下]半年|Q[1-4]|[1-4]Q)(?:\s*\S{0,6})?$")
_YEAR = re.compile(r"^((?:19|20)[0-9]{2})\s*年?度?$")
_PERSON = frozenset({"姓名", "职工姓名", "员工姓名", "人员姓名"})
#: What a title says of the figures.
_WAGES = re.compile(r"工资|薪酬|薪金|应发")
_BASES = re.compile(r"缴费基数|社保基数|缴费工资")
_OTHER = re.compile(r"经费|实发|缴纳|代收|个税|公积金|人数|补贴|补助")
_TOTALS = frozenset({"合计", "总计", "小计", "全年合计", "年合计", "合计数", "合计金额", "全年"})
_SUMS = re.compile(r"合计|总计|小计|累计|平均|均|人数|全年|季度?|半年|序号|编号|号|电话|率")
_NOTHING = ("-", "—", "－", "/", "无")
_MOST, _LOOKED_AT = 36, 50


@dataclass
class _Line:
    """The header lines around one line of months."""

    months: dict[str, tuple[int | None, int, str]]
    rows: list[int]
    texts: list[dict[str, str]] = field(default_factory=list)


def find_months(sheet: RawSheet) -> Across | None:
    """Find the months of a list with one column, or one group of columns, each.

    Args:
        sheet: Any sheet.

    Returns:
        None when no months stand across its header beside units or cards, or when nothing says that
        the figures are those of a known table.
    """
    rows = head_rows(sheet)
    for place, (_, cells) in enumerate(rows):
        months = {letter: found for letter in cells if (found := _month(cells[letter]))}
        if not months and (asked := _by_quarter(sheet, rows, place)):
            return asked
        if len({found[:2] for found in months.values()}) < 2 or len(months) > _MOST * 4:
            continue
        if _is_data(cells, months, rows[place - 1][1] if place else {}):
            continue
        line = _line(rows, place, months, sheet.cells.columns[1:])
        if not _hold_figures(sheet, line):
            continue
        labels = _labels(line)
        if not any(map(_is_known, labels.values())):
            continue
        preamble = Preamble(
            tuple(one for one in rows if one[0] < line.rows[0]), sheet.sheet, sheet.path
        )
        return _across(sheet, line, labels, preamble)
    return None


def _by_quarter(
    sheet: RawSheet, rows: Sequence[tuple[int, dict[str, str]]], place: int
) -> Across | None:
    """Return the question about wages by quarter or half year, which no month can be told from."""
    row_no, cells = rows[place]
    parts = [letter for letter, text in cells.items() if _QUARTER.match(_fold(text))]
    labels = {letter: text for letter, text in cells.items() if letter not in parts}
    preamble = Preamble(tuple(rows[:place]), sheet.sheet, sheet.path)
    if len(parts) < 2 or not any(map(_is_known, labels.values())) or not _may_be_wages(preamble):
        return None
    period = Period({MONTH: ""}, {}, (parts[0],))
    return Across((row_no,), labels, (period,), question=_ask(sheet, _QUARTERS))


def _is_data(
    cells: dict[str, str], months: dict[str, tuple[int | None, int, str]], upper: dict[str, str]
) -> bool:
    """Whether a row is one of data: figures stand beside its months, or days are named above."""
    beside = (text for letter, text in cells.items() if letter not in months)
    if any(map(looks_numeric, beside)):
        return True
    return any(
        specs()[table].by_name[column].kind in {"date", "datetime", "month"}
        for letter in months
        for table, column, _ in columns_named(upper.get(letter, ""))
    )


def _hold_figures(sheet: RawSheet, line: _Line) -> bool:
    """Whether most of what stands under the months is figures."""
    body = sheet.cells.filter(pl.col("row_no") > line.rows[-1]).head(_LOOKED_AT)
    texts = [
        text.strip()
        for letter in line.months
        for text in body[letter].drop_nulls().to_list()
        if text.strip() not in {"", *_NOTHING}
    ]
    return 2 * sum(parse_amount(text) is not None for text in texts) >= max(len(texts), 1)


def _line(
    rows: Sequence[tuple[int, dict[str, str]]],
    place: int,
    months: dict[str, tuple[int | None, int, str]],
    letters: Sequence[str],
) -> _Line:
    row_no, cells = rows[place]
    lower = rows[place + 1] if place + 1 < len(rows) else (0, {})
    upper = rows[place - 1] if place else (0, {})
    line = _Line(months, [row_no], [cells])
    if lower[0] == row_no + 1 and _goes_on(cells, lower[1], months, letters):
        line.months = _spread(months, cells, letters)
        line.rows.append(lower[0])
        line.texts.append(lower[1])
    above = {letter: text for letter, text in upper[1].items() if not _month(text)}
    if upper[0] == row_no - 1 and len(above) > 1 and _has_header(above):
        line.rows.insert(0, upper[0])
        line.texts.insert(0, _filled(above, letters, set(line.months)))
    return line


def _goes_on(
    cells: dict[str, str],
    lower: dict[str, str],
    months: dict[str, tuple[int | None, int, str]],
    letters: Sequence[str],
) -> bool:
    """Whether the next line holds headers under the months."""
    under = set(_spread(months, cells, letters)) & lower.keys()
    if not under or any(re.search(r"[0-9]", lower[letter]) for letter in under):
        return False
    return any(columns_named(lower[letter]) for letter in under)


def _spread(
    months: dict[str, tuple[int | None, int, str]], cells: dict[str, str], letters: Sequence[str]
) -> dict[str, tuple[int | None, int, str]]:
    """Let a month cover the columns to its right that have no text of their own."""
    spans: dict[str, tuple[int | None, int, str]] = {}
    last = None
    for letter in letters:
        if letter in months:
            last = months[letter]
        elif letter in cells:
            last = None
        if last is not None:
            spans[letter] = last
    return spans


def _filled(above: dict[str, str], letters: Sequence[str], over: set[str]) -> dict[str, str]:
    """Let the texts of an upper line cover the months to their right."""
    texts, last = dict(above), None
    for letter in letters:
        last = above.get(letter, last)
        if last is not None and letter in over:
            texts[letter] = last
    return texts


def _has_header(texts: dict[str, str]) -> bool:
    return any(_YEAR.match(_fold(text)) or columns_named(text) for text in texts.values())


def _labels(line: _Line) -> dict[str, str]:
    letters = {letter for texts in line.texts for letter in texts} - line.months.keys()
    found = {}
    for letter in sorted(letters, key=lambda one: (len(one), one)):
        texts = [texts[letter] for texts in line.texts if letter in texts]
        found[letter] = next(filter(_is_known, texts), texts[-1])
    return found


@cache
def _by_month() -> frozenset[str]:
    """Return the tables whose rows are months."""
    return frozenset(
        table.name
        for table in specs().values()
        if any(column.kind == "month" and column.required for column in table.columns)
    )


def _is_known(label: str) -> bool:
    """Whether a label names whose months they are."""
    return any(
        table in _by_month()
        and how != "part"
        and specs()[table].by_name[column].kind in {"text", "uscc", "card"}
        and column not in {"evidence", "side", "account_code", "account_name", "aux_party"}
        for table, column, how in columns_named(label)
    )


def _across(
    sheet: RawSheet, line: _Line, labels: dict[str, str], preamble: Preamble
) -> Across | None:
    measures = {letter: _measure(letter, line, preamble) for letter in line.months}
    if not any(measures.values()):
        question = _ask(sheet, _WHAT) if _may_be_wages(preamble) else None
        if question is None:
            return None
        return Across(tuple(line.rows), labels, (_none(line),), question=question)
    years = {letter: _year(letter, line, preamble) for letter in line.months}
    has_column = any(normalise_header(text) in YEARS for text in labels.values())
    question = None
    if not has_column and None in years.values():
        question = _ask(sheet, _NO_YEAR)
    if any(normalise_header(text) in _PERSON for text in labels.values()):
        question = _ask(sheet, _PERSONS)
    groups: dict[tuple[int | None, int], dict[str, str]] = {}
    for letter, (_, month, _) in line.months.items():
        group = groups.setdefault((years[letter], month), {})
        name = measures[letter]
        if name is None or name in group:
            question = question or _ask(sheet, _WHAT)
            continue
        group[name] = letter
    periods = [
        Period(
            {MONTH: f"{year}-{month:02d}" if year else f"{month}月"}, group, tuple(group.values())
        )
        for (year, month), group in groups.items()
        if group
    ]
    remarks = _untied(sheet, line.rows[-1], labels, periods)
    across = Across(
        tuple(line.rows), labels, tuple(periods), _NOTHING, remarks=remarks, question=question
    )
    named = [letter for letter, text in labels.items() if _is_other(text)]
    question = question or left_out(sheet, across, _is_amount, named)
    return replace(across, question=question)


def _is_other(label: str) -> bool:
    """Whether a header says that its column is no month: a total, a mean, heads, a known column."""
    return bool(_SUMS.search(label) or columns_named(label))


def _is_amount(cell: str) -> bool:
    return parse_amount(cell) is not None


def _none(line: _Line) -> Period:
    return Period({MONTH: ""}, {}, tuple(line.months)[:1])


def _untied(
    sheet: RawSheet, last: int, labels: dict[str, str], periods: Sequence[Period]
) -> pl.DataFrame:
    """Remark on rows whose own total is not the sum of their months."""
    total = next((one for one, text in labels.items() if normalise_header(text) in _TOTALS), None)
    if total is None or any(len(period.measures) != 1 for period in periods):
        return items()
    letters = [letter for period in periods for letter in period.measures.values()]
    rows: list[dict[str, object]] = []
    body = sheet.cells.filter(pl.col("row_no") > last).select("row_no", total, *letters)
    for row_no, stated, *cells in body.iter_rows():
        figures = [parse_amount(cell.strip()) for cell in cells if cell and cell.strip()]
        whole = parse_amount(stated.strip()) if stated else None
        if whole is None or None in figures or not figures:
            continue
        added = sum(filter(None, figures), Decimal(0))
        if added != whole:
            rows.append(
                {
                    "file": sheet.path,
                    "sheet": sheet.sheet,
                    "row_no": row_no,
                    "table_name": "",
                    "column_letter": total,
                    "header": labels[total],
                    "value": str(whole),
                    "reason": f"本行“{labels[total]}”为{whole}，各月相加为{added}，"
                    f"相差{whole - added}",
                    "reason_en": f"“{labels[total]}” of this row says {whole}, its months add up "
                    f"to {added}: difference {whole - added}",
                    "check": "total_tied",
                    "kind": "money",
                }
            )
    return items(rows)


def _measure(letter: str, line: _Line, preamble: Preamble) -> str | None:
    """Return the header of what stands in a month's column; None when nothing says it."""
    own = line.months[letter][2].strip(" ()（）:：")
    texts = [own, *(texts.get(letter, "") for texts in reversed(line.texts))]
    for text in texts:
        if text and not _YEAR.match(_fold(text)) and not _month(text):
            return text
    for title in preamble.titles:
        if _OTHER.search(title):
            return None
        if _BASES.search(title):
            return "缴费基数"
        if _WAGES.search(title):
            return "工资总额"
    return None


def _may_be_wages(preamble: Preamble) -> bool:
    return any(_WAGES.search(title) or _BASES.search(title) for title in preamble.titles)


def _year(letter: str, line: _Line, preamble: Preamble) -> int | None:
    if own := line.months[letter][0]:
        return own
    for texts in line.texts:
        if found := _YEAR.match(_fold(texts.get(letter, ""))):
            return int(found[1])
    return preamble.year


@lru_cache(maxsize=65536)
def _month(text: str) -> tuple[int | None, int, str] | None:
    """Return year, month and what follows of a header that names a month."""
    bare = _fold(text)
    if found := _NAMED.match(bare):
        if _NO_MONTH.search(found[3]):
            return None
        return int(found[1]) if found[1] else None, _number(found[2]), found[3]
    if found := _DATED.match(bare):
        return int(found[1]), int(found[2] or found[3]), ""
    return None


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    return sum(_HAN[sign] for sign in text)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _ask(sheet: RawSheet, about: Text) -> Text:
    place = place_of(sheet)
    return Text(
        f"{place}: 像是按月排列的表，{about.zh}", f"{place}: looks like a list by month, {about.en}"
    )


_WHAT = Text(
    "但没有写明各月的数字是什么（工资总额、缴费基数……）。请在标题或表头写明，再运行一次。",
    "but nothing says what the figures are (wages, contribution bases ...). Say it in the title or "
    "header.",
)
_NO_YEAR = Text(
    "但没有写明是哪一年。请在标题、表头或文件名中写明年份。",
    "but no year is stated. Say it in the title, the header or the file's name.",
)
_QUARTERS = Text(
    "但工资总额是按季度或半年的，不能分到各月，没有读取。请提供各月的数字。",
    "but the wages are by quarter or half year and cannot be told by month. Give each month's.",
)
_PERSONS = Text(
    "但是每人一行，不是单位的工资总额，没有读取。请按单位汇总后提供。",
    "but of wages of persons, not of units, and was not read. Sum them by unit.",
)
