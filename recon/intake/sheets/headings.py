"""What headers, and lines above, between and under the rows, leave open.

Here: doubts that the words of a sheet raise: words in brackets, what is due beside what was done,
accounts, units and directions that a line names. Not here: when they are put, and all other doubts
(`certainty`).
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
from recon.intake.quality.header_rows import is_header, money_letters
from recon.intake.sheets.bank import moves
from recon.intake.values.units import line_unit, money_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recon.base.models import RawSheet
    from recon.intake.layout.header import ColumnMatch
    from recon.intake.layout.mapping import SheetMap

#: A header that does not say whose account or name it is.
_BARE = re.compile(
    r"(?:银行)?(?:(?:账|帐)[号户](?:号码|号)?|卡号)|户名|(?:账|帐)[户号]?(?:户名|名称)"
)
#: Lines that may name an account.
_LABEL = r"[账帐][号户]|卡号"
#: A line that names a kind of account and one number, without the label of an account.
_OF_ACCOUNT, _TELEPHONE = "专户|基本户|一般户|结算户|存款户", "电话|传真|联系|行号"
_NUMBER = r"(?<![0-9*])[0-9](?:[ \-]?[0-9]){9,}(?![0-9*])"
#: So many lines that move the balance are no accident.
_ENOUGH = 3
#: Lines under a header that say in what the money is.
_OF_UNIT = r"单位|币[种别]\s*[:：]"
#: A cell that is more than an ordinal.
_NO_ORDINAL = r"[^()（）一二三四五六七八九十0-9、.\s]|[0-9]{3}"
_NUMBERED = (
    r"(?:[一二三四五六七八九十0-9]{1,2}[、,.:)]|[(][一二三四五六七八九十0-9]{1,2}[)]|[①-⑳])?\s*"
)
_NOTE = r"(?:(?:附?注|备注|说明|提示)\s*[0-9一二三]?\s*[:、.]?)"
_SCOPE = r"(?:(?:本[页表])?(?:以[下上后]|[下上其][列述面方下上后]|如下)|本[页表](?:各笔)?|各笔)"
_TURNED = (
    "支出|付款|支付|转出|收入|收款|转入|借方|贷方|退款|退费|退税|退回|退库|退还|退票|退汇|返还|红字|红冲|冲红|"
    "冲销|冲减|冲正|冲账|冲帐|负数|调减|减少|扣减|作废|无效|应缴未缴|应缴|未缴|欠缴|未入库|待入库|未到账"
)
#: A line between rows, or under them, that says of money that it is another side's or sign's.
_TURNS = (
    rf"{_NUMBERED}(?:{_NOTE}?\s*{_SCOPE}[^0-9,，。;；]{{0,12}}?|(?:误收|多缴|误缴|多收|往年|本年|本月)*)"
    rf"(?:{_TURNED})(?:[(]费[)])?(?:[类项]目?|部分|明细|数据|金额|记录|业务|内容|情况|信息|清单|款)*"
    r"\s*(?:[(].{1,12}[)])?\s*[:。]?"
)
#: What such words say of money that is not there, and a void slip alone.
_NO_TURN = r"不[含包是]|未含|剔除|扣除|已扣|[无没]有|^(?:作废|无效|应缴|未缴|欠缴)$"
#: A line that says in what the money above or under it is: （万元）, 注：以上金额以万元计.
_IN_UNIT = (
    rf"{_NUMBERED}{_NOTE}?\s*{_SCOPE}?(?:所列|各项)?(?:金额|数字|数据|货币|款项)*(?:单位)?[均都全]?"
    r"(?:[以为按用是系]|[::])?\s*[(]?(?:人民币)?(?P<unit>[十百千万亿仟佰]*[元圆]|[十百千仟]?[万亿]|美元|港元|港币|欧元|日元)"
    r"[)]?(?:为单位|[计列表填反][价算示列报述映]?)?\s*[。.]?"
)
_SIGN = r"退|返还|红|冲|负|减|废|无效|未|待|欠|应"
#: What was done, of which a column with 应 says what is to be done.
_DONE = "(?:已|实际?)(.+)"
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
    layout = (found.table and found.table.layout) or ""
    column = {"statement": "account_no", "card": "card_no"}.get(layout)
    if found.table is None or column is None or column in found.letters:
        return None
    own = dict(found.supplies).get(column)
    for row_no, text in _lone(beside):
        numbers = re.findall(_NUMBER, unicodedata.normalize("NFKC", text))
        named = re.search(_OF_ACCOUNT, text) and not re.search(_TELEPHONE, text)
        if named and len(numbers) == 1 and not (own and _digits(own.value) == _digits(numbers[0])):
            return _other_account(row_no, numbers[0])
    for letter in beside.columns[1:]:
        for row in beside.filter(pl.col(letter).str.contains(_LABEL)).iter_rows(named=True):
            row_no = int(row.pop("row_no"))
            line = ((row_no, {at: text for at, text in row.items() if text and text.strip()}),)
            other = Preamble(line, None, "").supplies(found.table, frozenset()).get(column)
            if other and not (own and _digits(own.value) == _digits(other.value)):
                return _other_account(row_no, other.value or "")
    return None


def _other_account(row_no: int, account: str) -> Text:
    return Text(
        f"第{row_no}行写着另一个账号（{account}）；请按账号分开，或在每个账号上重复表头。",
        f"Row {row_no} names another account ({account}). Part them, or repeat the header over "
        "each account.",
    )


def direction_below(found: SheetMap, beside: pl.DataFrame) -> Text | None:
    """Ask what a line alone between the rows of a table of money turns: 以下为退款, 以下为支出.

    Args:
        found: What the sheet is taken for.
        beside: The rows under the header that are no accepted rows.
    """
    kinds = found.table.by_name if found.table else {}
    if not any(kinds[one.column].kind == "money" for one in found.matches if kinds):
        return None
    pair = set((found.table and found.table.sides) or ())
    has_sides = bool(pair and pair <= found.letters.keys()) or "direction" in found.letters
    for row_no, text in _lone(beside):
        form = unicodedata.normalize("NFKC", text)
        if not re.fullmatch(_TURNS, form) or re.search(_NO_TURN, form):
            continue
        if has_sides and not re.search(_SIGN, re.sub(_SIDE_ONLY, "", form)):
            continue
        return Text(
            f"第{row_no}行单独写着“{text}”：其上或其下的金额可能是另一个收支方向、红字或没有缴成。"
            "请分成两张表，或加一列方向、正负号。",
            f"Row {row_no} says “{text}”: the amounts above or under it may be of the other "
            "direction, negative or never paid. Part the table in two, or add a column of "
            "direction or signs.",
        )
    return None


def header_below(sheet: RawSheet, found: SheetMap, beside: pl.DataFrame) -> Text | None:
    """Ask what rows hold under a header that comes again with other money: 退库金额 for 实缴金额.

    Args:
        sheet: The sheet as it was read.
        found: What it is taken for.
        beside: The rows under the header that are no accepted rows.
    """
    if beside.is_empty():
        return None
    head = found.header_rows[-1]
    again = beside.filter(pl.col("row_no") > head).filter(
        is_header(sheet, found, beside, is_whole=False), ~is_header(sheet, found, beside)
    )
    for row in again.head(1).iter_rows(named=True):
        above = sheet.cells.filter(pl.col("row_no").is_in(list(found.header_rows)))
        other = [one for one in money_letters(found) if row[one] not in {None, *above[one]}]
        words = "、".join(row[one].strip() for one in other)
        return Text(
            f"第{row['row_no']}行又是表头，金额或方向的列却写着“{words}”；请分成两张表，或写全表头。",
            f"Row {row['row_no']} is the header again, but columns of money or direction say "
            f"“{words}”. Part the table in two, or write the header out.",
        )
    return None


def unit_noted(found: SheetMap, beside: pl.DataFrame) -> Text | None:
    """Ask where a line under the header states another unit of money than the lines above it.

    Args:
        found: What the sheet is taken for.
        beside: The rows under the header that are no accepted rows.
    """
    texts = [one.header for one in found.unmapped if re.search(r"单位\s*[:：]", one.header)]
    stated = [(text, line_unit(text)) for text in (*texts, *_texts(beside, _OF_UNIT))]
    for _, text in _lone(beside):
        if said := re.fullmatch(_IN_UNIT, unicodedata.normalize("NFKC", text)):
            stated.append((text, money_unit(said["unit"])))
    for text, unit in stated:
        if unit and unit != (found.unit or "yuan"):
            return Text(
                f"表头或表头以下写着“{text.strip()}”，与表上的金额单位不同。",
                f"In or under the header stands “{text.strip()}”, another unit than above.",
            )
    return None


def due_beside(found: SheetMap, unread: Iterable[str]) -> Text | None:
    """Ask which is meant where what is due stands beside what was done: 应上缴…, 已上缴….

    Args:
        found: What the sheet is taken for; only where money is distributed both look the same.
        unread: The columns from which nothing is taken.
    """
    if found.table is None:
        return None
    shown = {one.letter: one.header for one in found.unmapped}
    shown |= {one.letter: one.header for one in found.matches}
    bare = {letter: normalise_header(header.rsplit("/", 1)[-1]) for letter, header in shown.items()}
    done = {what[1]: at for at, key in bare.items() if (what := re.fullmatch(_DONE, key))}
    for letter in unread:
        due = re.fullmatch("应(.+)", bare.get(letter, ""))
        named = columns_named(due[1]) if due else ()
        if not any(table == found.table.name and name[:3] == "to_" for table, name, _ in named):
            continue
        other = done.get(due[1]) if due else None
        if other is None:
            return Text(
                f"“{shown[letter]}”（{letter}列）是应办的，没有写明是否已按此划拨。",
                f"“{shown[letter]}” (column {letter}) is what is due; nothing says whether it was "
                "distributed.",
            )
        return Text(
            f"“{shown[letter]}”（{letter}列）是应办的，“{shown[other]}”（{other}列）是已办的，"
            "没有写明本表以哪一列为准。",
            f"“{shown[letter]}” (column {letter}) is what is due and “{shown[other]}” (column "
            f"{other}) what was done; nothing says which of them counts.",
        )
    return None


def _texts(rows: pl.DataFrame, form: str) -> list[str]:
    """Return the cells that hold something of a form, column by column."""
    if rows.is_empty():
        return []
    some = rows.filter(pl.any_horizontal(pl.exclude("row_no").str.contains(form)))
    columns = some.drop("row_no").iter_columns() if some.height else ()
    return [text for cells in columns for text in cells.filter(cells.str.contains(form)).to_list()]


def _lone(rows: pl.DataFrame) -> Iterator[tuple[int, str]]:
    """Yield number and text of each row with one filled cell, an ordinal beside it apart."""
    if rows.is_empty():
        return
    letters = rows.columns[1:]
    words = [pl.col(one).str.strip_chars().str.contains(_NO_ORDINAL) for one in letters]
    alone = pl.sum_horizontal(one.fill_null(value=False).cast(pl.Int32) for one in words) == 1
    for row in rows.filter(alone).iter_rows():
        texts = [text.strip() for text in row[1:] if text and text.strip()]
        if len(texts) <= 2:
            yield row[0], max(texts, key=len)


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
