"""What headers and the lines above leave open: words in brackets, whose accounts a column holds.

Here: two doubts that the words of a sheet raise before any row does. Not here: when they are put,
and all other doubts (`certainty`).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.intake.layout.candidates import columns_named, head_rows
from recon.intake.layout.header import normalise_header
from recon.intake.layout.preamble import Preamble
from recon.intake.layout.sides import side_named
from recon.intake.sheets.bank import moves
from recon.intake.values.units import money_unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.base.models import RawSheet
    from recon.intake.layout.header import ColumnMatch
    from recon.intake.layout.mapping import SheetMap

#: A header that does not say whose account or name it is.
_BARE = re.compile(
    r"(?:银行)?(?:(?:账|帐)[号户](?:号码|号)?|卡号)|户名|(?:账|帐)[户号]?(?:户名|名称)"
)
#: Lines that may name an account.
_LABEL = r"[账帐][号户]|卡号"
#: So many lines that move the balance are no accident.
_ENOUGH = 3
#: A line between rows after which money is another side's or another sign's.
_TURNS = (
    r"^(?:[一二三四五六七八九十0-9]{1,2}[、.)）]|[(（][一二三四五六七八九十0-9]{1,2}[)）])?\s*"
    r"(?:(?:以下|下列|下面|如下|下述)[^0-9]{0,8}?)?"
    r"(?:支出|付款|支付|转出|收入|收款|转入|借方|贷方|退款|退费|退回|退库|返还|红字|红冲|冲红|冲销|冲减|冲正|"
    r"负数|调减|减少|扣减)(?:[类项]目?|部分|明细|数据|金额|记录|业务|内容)?"
    r"\s*(?:[(（].{1,12}[)）])?\s*[:：。]?$"
)
_SIGN = r"退|返还|红|冲|负|减"
#: Of these a pair of columns, or a column of directions, speaks itself.
_SIDE_ONLY = r"支出|付款|支付|转出|收入|收款|转入|借方|贷方"
_INNER = re.compile(r"[(\[{<【〔]([^()\[\]{}<>【】〔〕]+)[)\]}>】〕]")
#: Words in brackets that leave an amount what it is.
_PLAIN_WORD = re.compile(
    r"[-+=*/×0-9a-zA-Z.①-⑳ ]+|.*(?:必填|选填|必录|税|小写|大写|应发|实发|实缴|实付|含|合计|小计|"
    r"本期|累计|年|月|日|人|会|单位|个人|企业|[%‰=+]|如|注|不|可|由|填).*|发生额|金额|收|支|付|借|贷"
)


def unknown_word(money: Iterable[ColumnMatch]) -> Text | None:
    """Ask what a word in brackets means that stands after a name of money and is not known.

    Args:
        money: The columns of money of a sheet.
    """
    for one in money:
        last = one.header.rsplit("/", 1)[-1] if one.how == "part" else ""
        for word in _INNER.findall(unicodedata.normalize("NFKC", last)):
            if not _PLAIN_WORD.fullmatch(word.strip()) and not _is_told(word):
                return Text(
                    f"不知道“{one.header}”括号里的“{word}”指什么（单位、币种还是别的口径）。",
                    f"What “{word}” in “{one.header}” means is not known (a unit, a currency or "
                    "another measure).",
                )
    return None


def _is_told(word: str) -> bool:
    """Whether a word says a unit of money, a side or a column of the tables."""
    return bool(money_unit(word) or side_named(normalise_header(word)) or columns_named(word))


def account_above(sheet: RawSheet, found: SheetMap, rows: pl.DataFrame | None) -> Text | None:
    """Ask whose accounts a column of a statement holds, none of which stands above the table.

    Args:
        sheet: The sheet as it was read.
        found: What it is taken for.
        rows: Its accepted rows.
    """
    named = {one.column: one for one in found.matches}
    column = named.get("account_no")
    if rows is None or found.table is None or found.table.layout != "statement":
        return None
    if doubt := _whose(named, rows):
        return doubt
    if column is None or column.how == "saved":
        return None
    above = tuple(row for row in head_rows(sheet) if row[0] < found.header_rows[0])
    given = Preamble(above, sheet.sheet, sheet.path).supplies(found.table, frozenset())
    own = given["account_no"].value if "account_no" in given else None
    here = rows["account_no"].drop_nulls().unique().sort()
    digits = _digits(own)
    if not digits or not len(here) or here.str.replace_all(r"[^0-9]", "").eq(digits).any():
        return None
    return Text(
        f"表上方写的账号是{own}，而“{column.header}”列没有一行是它（如“{here[0]}”），可能是对方账号。",
        f"The account above the table is {own} and no row under “{column.header}” has it (such as "
        f"“{here[0]}”); it may be the other party's.",
    )


def account_below(found: SheetMap, beside: pl.DataFrame) -> Text | None:
    """Ask which lines of a statement are another account's that a line between them names.

    Args:
        found: What the sheet is taken for.
        beside: The rows under the header that are no movements.
    """
    own = dict(found.supplies).get("account_no")
    if found.table is None or found.table.layout != "statement" or "account_no" in found.letters:
        return None
    for letter in beside.columns[1:]:
        for row in beside.filter(pl.col(letter).str.contains(_LABEL)).iter_rows(named=True):
            row_no = int(row.pop("row_no"))
            line = ((row_no, {at: text for at, text in row.items() if text and text.strip()}),)
            other = Preamble(line, None, "").supplies(found.table, frozenset()).get("account_no")
            if other and not (own and _digits(own.value) == _digits(other.value)):
                return Text(
                    f"第{row_no}行写着另一个账号（{other.value}）；请按账号分开，或在每个账号上重复表头。",
                    f"Row {row_no} names another account ({other.value}). Part them, or repeat the "
                    "header over each account.",
                )
    return None


def direction_below(found: SheetMap, beside: pl.DataFrame) -> Text | None:
    """Ask what a line alone between the rows of a table of money turns: 以下为退款, 以下为支出.

    Args:
        found: What the sheet is taken for.
        beside: The rows under the header that are no accepted rows.
    """
    kinds = found.table.by_name if found.table else {}
    if not any(kinds[one.column].kind == "money" for one in found.matches if kinds):
        return None
    letters = beside.columns[1:]
    filled = [(pl.col(one).str.strip_chars() != "").fill_null(value=False) for one in letters]
    lone = beside.filter(pl.sum_horizontal(one.cast(pl.Int32) for one in filled) == 1)
    pair = set((found.table and found.table.sides) or ())
    has_sides = bool(pair and pair <= found.letters.keys()) or "direction" in found.letters
    for row in lone.iter_rows():
        text = next(text.strip() for text in row[1:] if text and text.strip())
        if not re.fullmatch(_TURNS, text):
            continue
        if has_sides and not re.search(_SIGN, re.sub(_SIDE_ONLY, "", text)):
            continue
        return Text(
            f"第{row[0]}行单独写着“{text}”：其下的金额可能是另一个收支方向或红字。请分成两张表，"
            "或加一列方向、正负号。",
            f"Row {row[0]} says “{text}”: the amounts under it may be of the other direction or "
            "negative. Part the table in two, or add a column of direction or signs.",
        )
    return None


def _digits(text: str | None) -> str:
    return re.sub(r"[^0-9]", "", text or "")


def _whose(named: dict[str, ColumnMatch], rows: pl.DataFrame) -> Text | None:
    """Ask whose a bare 账号 or 户名 is that varies where nothing names the other party."""
    for own, other in (("account_no", "party_account"), ("account_name", "party_name")):
        column = named.get(own)
        if column is None or column.how == "saved" or other in named:
            continue
        if not _BARE.fullmatch(normalise_header(column.header)) or rows[own].n_unique() < 2:
            continue
        if (own == "account_name" and _one_each(rows)) or _runs_by_account(rows):
            continue
        sample = rows[own].drop_nulls()[0]
        return Text(
            f"“{column.header}”列各行不同（如“{sample}”），没有写明是本方还是对方。",
            f"“{column.header}” differs from row to row (such as “{sample}”), and nothing says "
            "whether it is one's own or the other party's.",
        )
    return None


def _one_each(rows: pl.DataFrame) -> bool:
    """Whether every account has one owner."""
    pairs = rows.select("account_no", "account_name").drop_nulls().unique()
    return pairs.height > 0 and pairs["account_no"].n_unique() == pairs.height


def _runs_by_account(rows: pl.DataFrame) -> bool:
    """Whether the balance runs on within each account, as it does in a bank's own lines."""
    net = pl.col("money_in").fill_null(0) - pl.col("money_out").fill_null(0)
    frame = rows.with_columns(net.alias("amount"))
    moved = moves(frame)
    told = int(moved.is_not_null().sum())
    return told >= _ENOUGH and int((moved == frame["amount"]).sum()) * 10 >= told * 9
