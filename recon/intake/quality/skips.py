"""Rows of a sheet that are no data: blank, title, header, example, total and note rows.

Here: the class of every physical row, by polars expressions. Not here: which repeat the header
(`header_rows`), what a total row's figures are compared with (`totals`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from recon.base.distinct import LONG, are_full, distinct, spread_marks
from recon.intake.quality.header_rows import is_header
from recon.intake.quality.voids import is_other_levy, is_void

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recon.base.distinct import Words
    from recon.base.models import RawSheet
    from recon.intake.layout.mapping import SheetMap

#: A first cell that makes its row an example: 【示例】, 示例：某某公司, 例如：..., （样例）.
_EXAMPLE = (
    "^(?:[【\\[(（〔<]\\s*(?:填写|填报|填表)?(?:示例|样例|范例|例子|举例|例)\\s*[】\\])）〕>]|"
    "(?:填写|填报|填表)?(?:示例|样例|范例|举例|例如|例)\\s*[0-9一二三]?\\s*(?:[:：]|$))"
)
_SUM = "(?:小计|合计|总计|共计|累计)"
_PERIOD = (
    "(?:本|当|上)(?:日|月|季|季度|年|年度|页|期|旬|周)|"
    "(?:[0-9]{4}年)?[0-9一二三四五六七八九十]{1,3}月份?|"
    "第?[一二三四1-4]季度|上半年|下半年|全年|年度|[0-9]{4}年度?"
)
_EXACT = (
    f"^(?:人民币|金额|总|全部|以上|期间|{_PERIOD})?(?:借贷方?|收支|收付|进出|存取)?{_SUM}"
    "(?:数|额|金额|人民币|笔数|发生额|及余额)*$"
    f"|^(?:{_PERIOD})?发生额(?:合计|及余额)$|^(?:{_PERIOD})发生额$|^[日旬周月季年页]计$"
)
_CARRIED = (
    "^(?:过次页|承前页|承上页|转下页|转次页|接上页|接前页|结转下年|结转[下次]页|[上前本]页结转|"
    "上[年月]结转|[年月期][初末]余额|上[年月期]余额)$"
)
_COUNT = (
    "(?:共计?|合计|总计|总)(?:笔数|条数)?[:：]?([0-9]+)(?:笔|条|行)|(?:笔数|条数)[:：]?([0-9]+)"
)
#: Counts of one direction each: they declare their sum.
_COUNT_OF = "(?:借方?|贷方?|收入?|支出?|存入|支取)(?:总|共计?|合计)?(?:笔数[:：]?[0-9]+|[0-9]+笔)"
_COUNT_ONLY = (
    "^(?:共计?|合计|总计|总)?(?:笔数|条数)?[:：]?[0-9]+(?:笔|条|行)(?:记录|数据|明细|交易)?$"
)
_LOOSE = f"{_SUM}(?:[(（].*|[:：].*)?$"
#: Names that sum up the units above them, whatever else the row holds.
_NAMED = f"(?:{_SUM}|汇总)(?:[(（].*|[:：].*)?$|^(?:总?共|{_SUM})[0-9]+(?:户|家|人|个单位)$"
_SPACED = r"\s*"
#: What each total, count and carried line holds as it stands in the file; few other cells do.
_TOTALLING = (
    r"[小合总共累日旬周月季年页]\s*计|汇\s*总|共\s*\p{N}|发\s*生\s*额|[次前上下]\s*页|结\s*转|[初末年月期]\s*余\s*额|"
    r"\p{N}\s*[笔条行]|[笔条]\s*数"
)
_NUMBERS = frozenset({"money", "qty", "rate", "int"})
_NOTES = (
    "注|备注|说明|填表|制表|审核|复核|填报|经办|打印|制单|记账|出纳|会计主管|报送|编制|联系|"
    "数据来源|单位负责人|财务负责人|负责人|主管|签字|盖章|以下空白|页码"
)
_NOTE = f"^(?:{_NOTES}|第[0-9]+页|共[0-9]+页|[-—*=]{{3,}})"
#: How examples and notes begin as they stand in the file: what `_EXAMPLE` and `_NOTE` can match.
_OPENING = (
    rf"^\s*(?:{_EXAMPLE.removeprefix('^')}|{'|'.join(map(_SPACED.join, _NOTES.split('|')))}|"
    r"㊟|[第共]\s*\p{N}|[-—*=－＊＝﹣﹡﹦])"
)
_NUMBERING = "^(?:栏次|行次|列次|[甲乙丙丁戊己庚辛]|[A-Z]|[(]?[0-9]{1,2}[)]?(?:=.*)?)$"
_HINT = r"计|[次前下上]\s*页|结\s*转|余\s*额|笔|条|发\s*生\s*额|例|汇\s*总|共"

_TOTAL_SCHEMA = {
    "row_no": pl.Int64,
    "total": pl.String,
    "label": pl.String,
    "declared": pl.Int64,
}
_CLASSES = (("skip", pl.String), ("label", pl.String), ("declared", pl.Int64))


def classify_rows(sheet: RawSheet, found: SheetMap) -> pl.DataFrame:
    """Say of every row under the header whether it is data, and if not, what it is.

    Args:
        sheet: The sheet as it was read.
        found: Its table, header and columns.

    Returns:
        One row per row of `cells` under the header, in order: row_no, skip (null for data; else
        blank, title, header, example, total, carried, note, void, levy), label (text of a total),
        declared (the number of rows that a footer declares).
    """
    body = sheet.under(found.header_rows[-1])
    letters = sheet.cells.columns[1:]
    mapped = [match.letter for match in found.matches] + [
        letter for _, supply in found.supplies for letter in supply.letters if letter
    ]
    required = _required(found)
    words = sheet.words_of(body)
    marks = body.select(
        _lacks(body, required, mapped, words).alias("lacks?"),
        pl.any_horizontal(
            pl.lit(value=False), *_hints(body, letters, words, _TOTALLING if required else _HINT)
        ).alias("total?"),
        _begins_oddly(body, letters).alias("opens?"),
        is_header(sheet, found, body).alias("header?"),
        (is_void(found) | is_other_levy(found) | _numbering(sheet, found)).alias("other?"),
        pl.any_horizontal(pl.col(letters[0]).str.starts_with(one) for one in ("打印", "第"))
        .fill_null(value=False)
        .alias("printed?"),
    )
    if not any(one.any() for one in marks.iter_columns()):
        return _all_data(body)
    hint = pl.any_horizontal(pl.col(letters).str.contains(_HINT)).fill_null(value=False)
    odd = body.hstack(marks).filter(pl.any_horizontal(marks.columns))
    odd = odd.with_columns(hint.alias("hint?")).filter(
        pl.any_horizontal("hint?", "lacks?", "header?", "other?", "printed?")
    )
    if odd.is_empty():
        return _all_data(body)
    odd = odd.with_columns(_filled(letter).alias(f"{letter}?") for letter in letters).with_columns(
        pl.any_horizontal(f"{letter}?" for letter in mapped).alias("any?"),
        pl.col("lacks?") & bool(required),
        pl.sum_horizontal(pl.col(f"{letter}?").cast(pl.Int32) for letter in letters).alias("count"),
        _first(letters).alias("first"),
    )
    whole = body["row_no"].filter(~marks["lacks?"]).max() if required else None
    classes = _classify(sheet, found, odd, int(str(whole or 0)))
    return body.select("row_no").join(classes, on="row_no", how="left", maintain_order="left")


def _all_data(body: pl.DataFrame) -> pl.DataFrame:
    return body.select("row_no", *(pl.lit(None, kind).alias(name) for name, kind in _CLASSES))


def _begins_oddly(body: pl.DataFrame, letters: Sequence[str]) -> pl.Expr:
    """Whether the first filled cell of a row begins as examples and notes do."""
    full = next((at for at, letter in enumerate(letters) if are_full(body[letter])), len(letters))
    return _first(letters[: full + 1]).str.contains(_OPENING).fill_null(value=False)


def _first(letters: Sequence[str]) -> pl.Expr:
    """Return the first filled cell of a row."""
    return pl.coalesce(pl.when(_filled(letter)).then(pl.col(letter)) for letter in letters)


def _classify(sheet: RawSheet, found: SheetMap, odd: pl.DataFrame, last: int) -> pl.DataFrame:
    """Say what each row that may be no data is; `last` is the last row with all required cells."""
    letters = sheet.cells.columns[1:]
    totals = _totals(odd, letters, found)
    odd = odd.join(totals, on="row_no", how="left", maintain_order="left")
    return odd.select(
        "row_no",
        pl.when(pl.col("total").is_not_null() & ~_is_whole(found))
        .then("total")
        .when(~pl.col("any?"))
        .then(pl.lit("blank"))
        .when(pl.col("first").str.strip_chars().str.contains(_EXAMPLE).fill_null(value=False))
        .then(pl.lit("example"))
        .when(pl.col("header?") | _numbering(sheet, found))
        .then(pl.lit("header"))
        .when(is_void(found))
        .then(pl.lit("void"))
        .when(is_other_levy(found))
        .then(pl.lit("levy"))
        .when(_is_page_title(sheet, found, letters))
        .then(pl.lit("title"))
        .when(_is_note(found, last))
        .then(pl.lit("note"))
        .alias("skip"),
        "label",
        "declared",
    )


def _is_whole(found: SheetMap) -> pl.Expr:
    """Whether a row has all that a line of data has, its number and a name among them.

    Such a row is data, though one of its texts is 合计 or 承前页.
    """
    table = found.table
    if table is None:
        return pl.lit(value=False)
    letters = {match.column: match.letter for match in found.matches}
    keys = [letters[name] for name in table.key if name in letters]
    named = [letters[name] for name in table.holding("unit", "units", "person") if name in letters]
    if not named or not keys:
        return pl.lit(value=False)
    whole = [pl.col(f"{letter}?") for letter in keys]
    is_named = pl.any_horizontal(
        pl.col(f"{letter}?") & ~_bare(letter).str.contains(f"{_EXACT}|{_CARRIED}|{_LOOSE}|{_NAMED}")
        for letter in named
    )
    return ~pl.col("lacks?") & pl.all_horizontal(whole) & is_named.fill_null(value=False)


@cache
def _filled(letter: str) -> pl.Expr:
    return (pl.col(letter).str.strip_chars() != "").fill_null(value=False)


def _lacks(
    body: pl.DataFrame, required: Sequence[str], mapped: Sequence[str], words: Mapping[str, Words]
) -> pl.Expr:
    """Return whether a row lacks a required cell; where none is required, all mapped ones."""
    if not required:
        return ~pl.any_horizontal(map(_filled, mapped))
    texts = {one: words[one].texts if one in words else body[one] for one in required}
    lacks = [~_filled(letter) for letter, cells in texts.items() if not are_full(cells)]
    return pl.any_horizontal(lacks or [pl.lit(value=False)])


def _hints(
    body: pl.DataFrame, letters: Sequence[str], words: Mapping[str, Words], hint: str
) -> list[pl.Series]:
    """Mark the cells of each column that hold a hint of totals and notes, if any do."""
    if body.height >= LONG:
        marks = (_hinting(body[one], words.get(one), hint) for one in letters)
        return [one for one in marks if one is not None]
    marked = body.select(pl.col(letters).str.contains(hint).fill_null(value=False))
    return [marks for marks in marked.iter_columns() if marks.any()]


def _hinting(cells: pl.Series, known: Words | None, hint: str) -> pl.Series | None:
    """Mark cells with a hint of totals and notes; None when there is none in the column."""
    if known is not None:
        marks = known.texts.str.contains(hint).fill_null(value=False)
        return known.spread(marks) if marks.any() else None
    if cells.str.len_bytes().sum() == cells.str.len_chars().sum():
        return None  # ASCII only, which no hint is
    words = distinct(cells)
    texts = cells if words is None else words
    marks = texts.str.contains(hint).fill_null(value=False)
    if not marks.any():
        return None
    return marks if words is None else spread_marks(cells, words, [marks])[0]


def _required(found: SheetMap) -> list[str]:
    columns = found.table.by_name if found.table else {}
    return [
        match.letter
        for match in found.matches
        if columns[match.column].required and columns[match.column].default is None
    ]


def _money(found: SheetMap) -> list[str]:
    columns = found.table.by_name if found.table else {}
    return [match.letter for match in found.matches if columns[match.column].kind == "money"]


@cache
def _bare(letter: str) -> pl.Expr:
    return (
        pl.col(letter).str.normalize("NFKC").str.replace_all(r"\s", "").str.strip_chars(":。.;；")
    )


def _totals(body: pl.DataFrame, letters: Sequence[str], found: SheetMap) -> pl.DataFrame:
    """Return row_no, total (class), label and declared count of total rows."""
    few = body.filter("hint?", "total?")
    if few.is_empty():
        return pl.DataFrame(schema=_TOTAL_SCHEMA)
    text, words = pl.col("text"), _worded(found)
    filled = pl.sum_horizontal(pl.lit(0), *(pl.col(f"{one}?").cast(pl.Int32) for one in words))
    cells = (
        few.select("row_no", "lacks?", filled.alias("words"), *letters)
        .unpivot(letters, index=["row_no", "lacks?", "words"], value_name="text")
        .drop_nulls("text")
        .with_columns(_bare("text"), _stands_alone(words).alias("alone"))
    )
    named = pl.col("variable").is_in(_naming(found)) & text.str.contains(_NAMED)
    is_loose, counts = text.str.contains(_LOOSE), text.str.contains(_COUNT)
    tests = {
        "exact": text.str.contains(_EXACT),
        "count_only": text.str.contains(_COUNT_ONLY),
        "carried": text.str.contains(_CARRIED),
        "loose": (is_loose & pl.col("alone")) | named,
        "counting": counts & pl.col("alone"),
        "count": counts,
    }
    rows = (
        cells.select(
            "row_no", *(pl.when(test).then("text").alias(name) for name, test in tests.items())
        )
        .group_by("row_no", maintain_order=True)
        .agg(pl.exclude("count").drop_nulls().first(), pl.col("count").str.join(" "))
        .with_columns(
            pl.coalesce("exact", "count_only").alias("exact"),
            pl.coalesce("loose", "counting").alias("loose"),
        )
    )
    return (
        rows.with_columns(
            pl.when(pl.col("exact").is_null() & pl.col("carried").is_not_null())
            .then(pl.lit("carried"))
            .when(pl.coalesce("exact", "loose").is_not_null())
            .then(pl.lit("total"))
            .alias("total")
        )
        .filter(pl.col("total").is_not_null())
        .select(
            "row_no",
            "total",
            pl.coalesce("exact", "carried", "loose").alias("label"),
            _declared().alias("declared"),
        )
    )


def _naming(found: SheetMap) -> list[str]:
    """Return the letters of the names by which the rows of a list stand."""
    if found.table is None or found.table.sides:
        return []
    names = found.table.holding("unit", "units", "person")
    return [match.letter for match in found.matches if match.column in names]


@cache
def _declared() -> pl.Expr:
    """Return the number of rows that a footer declares; of one direction alone it is no number."""
    whole = [
        pl.col("count").str.extract(_COUNT, part).cast(pl.Int64, strict=False) for part in (1, 2)
    ]
    parts = pl.col("count").str.extract_all(_COUNT_OF)
    numbers = parts.list.eval(pl.element().str.extract(r"([0-9]+)").cast(pl.Int64, strict=False))
    return (
        pl.when(parts.list.len() > 1)
        .then(numbers.list.sum())
        .when(parts.list.len() == 0)
        .then(pl.coalesce(whole))
    )


def _worded(found: SheetMap) -> list[str]:
    """Return the letters of the columns that hold something else than numbers."""
    columns = found.table.by_name if found.table else {}
    return [one.letter for one in found.matches if columns[one.column].kind not in _NUMBERS]


def _stands_alone(words: Sequence[str]) -> pl.Expr:
    """Whether a cell that ends in 合计 stands in a row that is no data row.

    That is, a required cell beside it is empty, or nothing but numbers stands beside it.
    """
    return pl.col("lacks?") | (pl.col("words") == pl.col("variable").is_in(words).cast(pl.Int32))


def _numbering(sheet: RawSheet, found: SheetMap) -> pl.Expr:
    """Mark the row right under the header where it numbers the columns (栏次 1 2 3)."""
    row_no = found.header_rows[-1] + 1
    under = sheet.under(row_no - 1, row_no).rows()
    texts = [text for row in under for text in row[1:] if text and text.strip()]
    bare = ["".join(unicodedata.normalize("NFKC", text).split()) for text in texts]
    enough = len(bare) >= max(3, (len(found.matches) + 1) // 2)
    numbers = enough and all(re.match(_NUMBERING, text) for text in bare)
    return pl.col("row_no") == (row_no if numbers else -1)


def _is_page_title(sheet: RawSheet, found: SheetMap, letters: Sequence[str]) -> pl.Expr:
    """Whether a row only repeats what stands above the header."""
    above = sheet.under(0, found.header_rows[0] - 1)
    texts = {text for row in above.iter_rows() for text in row[1:] if text and text.strip()}
    if not texts:
        return pl.lit(value=False)
    same = pl.all_horizontal(
        ~pl.col(f"{letter}?") | pl.col(letter).is_in(list(texts)).fill_null(value=False)
        for letter in letters
    )
    return same & (pl.col("lacks?") if _required(found) else pl.lit(value=True))


def _is_note(found: SheetMap, last: int) -> pl.Expr:
    """Whether a row without money is a note, a signature or what a printer wrote under a page.

    It lacks required fields, or a label stands where the first of them would (打印日期：...).
    """
    if not _required(found):
        return pl.lit(value=False)
    first = pl.col("first")
    opening = first.str.normalize("NFKC").str.replace_all(r"\s", "").str.contains(_NOTE)
    money = [
        pl.col(letter).str.contains(r"[0-9]").fill_null(value=False) for letter in _money(found)
    ]
    has_money = pl.any_horizontal(money) if money else pl.lit(value=False)
    under = (pl.col("row_no") > last) & (pl.col("count") <= 2)
    opening = opening.fill_null(value=False)
    label = opening & (pl.col("count") <= 3) & first.str.contains(r"^[^:：]{1,8}[:：]|页")
    return ~has_money & ((pl.col("lacks?") & (opening | under)) | label.fill_null(value=False))
