"""Words and identifiers as people write them: yes and no, fixed choices, codes and plain text.

Here: the accepted spellings and the normal form of identifiers, which stay text. Not here: whether
an identifier holds together (see `recon.tables.checks`).
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import polars as pl

from recon.intake.values.digits import MARKED

if TYPE_CHECKING:
    from recon.tables.base import ColumnSpec

YES = frozenset(
    "是 有 √ ✓ ✔ ☑ 1 1.0 Y YES TRUE T 对 合格 通过 已通过 及格 盘到 在 已盘到 达标 到场 "  # noqa: SIM905
    "列席 已列席".split()
)
NO = frozenset(
    "否 无 × ✗ ✘ X 0 0.0 N NO FALSE F 不 没有 不合格 未通过 不通过 不及格 未盘到 不在 未达标 "  # noqa: SIM905
    "未列席 不是 非".split()
)
#: Cells that say "nothing here" in a code column.
NOTHING = ("无", "暂无", "没有", "未知", "空", "N/A", "NA", "NULL", "NONE")

_COMMON: dict[str, dict[str, str]] = {
    "item": {
        "工会筹备金": "建会筹备金",
        "筹备金": "建会筹备金",
        "工会建会筹备金": "建会筹备金",
        "工会经费筹备金": "建会筹备金",
        "工会经费收入": "工会经费",
    },
    "channel": {"税务代收": "税务", "税务代征": "税务", "财政": "财政划拨", "直缴": "直接上缴"},
    "collection_mode": {"全额": "全额代收", "部分": "部分代收"},
    "size_class": {f"{size}企业": size for size in ("大型", "中型", "小型", "微型")},
    "evidence": {
        "工资发放表": "工资表",
        "个人所得税申报": "个税申报",
        "企业所得税申报": "所得税申报",
    },
    "outcome": {"审核通过": "通过", "已通过": "通过", "已退回": "退回", "待审核": "审核中"},
    "sex": {"男性": "男", "女性": "女", "M": "男", "F": "女"},
    "post_type": {"工人岗": "工人", "干部岗": "干部"},
    "side": {"借方": "借", "贷方": "贷", "DR": "借", "CR": "贷", "D": "借", "C": "贷"},
    "card_type": {"主": "主卡", "副": "副卡", "单用户": "单用户卡", "不记名": "不记名卡"},
    "metric": {"实名制采集率": "实名采集率", "整改率": "整改完成率"},
}
_PERSON_STATUS = {
    "财政供养人员": "财政供养",
    "退休人员": "退休",
    "死亡人员": "死亡",
    "服刑人员": "服刑",
    "在校生": "在校学生",
    "已补贴": "其他部门已补贴",
}
_CARD_STATUS = {
    "挂失卡": "挂失",
    "已挂失": "挂失",
    "停用卡": "停用",
    "已停用": "停用",
    "注销卡": "注销",
    "已注销": "注销",
    "正常卡": "正常",
    "正常使用": "正常",
    "在用": "正常",
}
_FUEL_KIND = {
    "加油消费": "加油",
    "油品消费": "加油",
    "非油": "非油品",
    "非油品消费": "非油品",
    "卡充值": "充值",
    "汇总分配": "分配",
    "资金分配": "分配",
    "退费": "退款",
    "撤销": "冲正",
    "积分": "积分兑换",
}
_TRANSFER_KIND = {
    "回拨": "基层回拨",
    "经费回拨": "基层回拨",
    "上缴": "上解",
    "经费上解": "上解",
    "小微企业返还": "小微返还",
    "建会筹备金返还": "筹备金返还",
    "补助": "补助下级",
}

_INVISIBLE = (
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SPACES = " \t\r\n\x0b\x0c\u00a0\u3000\u2002\u2003\u2009\u200b\ufeff"
#: Cells from which something is stripped, empty ones among them.
DRESSED = f"^[{_SPACES}]|[{_SPACES}]$|^$|^[\"='’`]"
#: Plain texts that are not taken as they are: invisible characters, line breaks, lone dashes.
UNEVEN = rf"{_INVISIBLE}|[\r\n\t]|^[-—–―/\\]*$"
#: A code without anything to take out of it, unless it is a word for nothing.
_CLEAN_CODE = r"^[0-9A-Z]+$"
_SCIENTIFIC = r"^[0-9](?:\.[0-9]+)?E\+?[0-9]{1,2}$"
_UNMARKED = pl.Series("mark", [False])


def nowhere(like: pl.Series) -> pl.Series:
    """Return marks that are set nowhere, as long as another series."""
    return _UNMARKED.new_from_index(0, len(like))


def strip_texts(texts: pl.Series) -> pl.Series:
    """Strip spaces of every width and text markers from cells; what is then empty is null.

    Args:
        texts: Raw cells.
    """
    if not texts.str.contains(DRESSED).any():
        return texts.alias("text")
    text = pl.col("text").str.strip_chars(_SPACES)
    frame = texts.to_frame("text").select(pl.when(text != "").then(text).alias("text"))
    is_marked = frame["text"].str.contains_any(['="', "'", "’", "`"])
    if not is_marked.any():
        return frame["text"]
    bare = pl.col("text").str.replace(r'^="(.*)"$', "$1").str.replace("^['`]", "")
    bare = bare.str.strip_chars(_SPACES)
    return frame.select(pl.when(bare != "").then(bare).alias("text"))["text"]


def aliases_of(column: ColumnSpec) -> dict[str, str]:
    """Return other spellings of an enum's values.

    Args:
        column: A column of kind enum.
    """
    by_value = {
        "挂失": _CARD_STATUS,
        "服刑": _PERSON_STATUS,
        "圈存": _FUEL_KIND,
        "上解": _TRANSFER_KIND,
    }
    chosen = next((found for value, found in by_value.items() if value in column.values), None)
    return chosen if chosen is not None else _COMMON.get(column.name, {})


def read_choices(texts: pl.Series, column: ColumnSpec) -> pl.Series:
    """Read a column of fixed choices; an unknown word stays as it is, for the check to find.

    Args:
        texts: Stripped texts; null is empty.
        column: The enum.
    """
    known = {_fold(value): value for value in column.values}
    known = {_fold(alias): value for alias, value in aliases_of(column).items()} | known
    words = texts.unique().drop_nulls().to_list()
    found = {word: known.get(_fold(word), word) for word in words}
    if all(word == value for word, value in found.items()):
        return texts
    return texts.replace(list(found), list(found.values()))


def read_flags(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Read a column of yes and no.

    Args:
        texts: Stripped texts; null is empty.

    Returns:
        Boolean values, and marks of the words that are neither.
    """
    words = texts.unique().drop_nulls().to_list()
    found = {word: _fold(word) in YES for word in words if _fold(word) in YES | NO}
    values = (
        texts.replace_strict(
            list(found), list(found.values()), default=None, return_dtype=pl.Boolean
        )
        if found
        else pl.Series(texts.name, [None] * len(texts), dtype=pl.Boolean)
    )
    return values, texts.is_not_null() & values.is_null()


def are_clean_codes(texts: pl.Series) -> bool:
    """Tell whether every text is a code as it stands; null is empty."""
    return bool(texts.str.contains(_CLEAN_CODE).all()) and not texts.is_in(NOTHING).any()


def read_codes(texts: pl.Series, kind: str) -> tuple[pl.Series, pl.Series]:
    """Bring identifiers to their normal form, as text.

    Args:
        texts: Stripped texts; null is empty.
        kind: uscc, id_no, account, card or plate.

    Returns:
        Codes (half width, upper case, no spaces, hyphens or dots), and marks of numbers that a
        spreadsheet shows in scientific notation: their digits are lost.
    """
    if are_clean_codes(texts):
        return texts, nowhere(texts)
    plain = texts.str.contains(f"{_CLEAN_CODE}|{MARKED}").fill_null(value=True)
    frame = pl.DataFrame({"text": texts, "plain": plain})
    folded = pl.col("text").str.normalize("NFKC").str.to_uppercase().str.replace_all(r"\s", "")
    is_cut = folded.str.contains(_SCIENTIFIC).fill_null(value=False) & ~pl.col("plain")
    if kind != "plate":
        folded = folded.str.replace(r"^([0-9]+)\.0+$", "$1")
    bare = folded.str.replace_all(r"[-_.·•・‧∙—–]", "").str.replace_all(_INVISIBLE, "")
    code = pl.when("plain").then("text").when(is_cut).then("text").otherwise(bare)
    nothing = code.is_in(NOTHING) | (code == "") | code.str.contains(r"^[/\\]+$")
    found = frame.select(pl.when(~nothing).then(code).alias("code"), is_cut.alias("is_cut"))
    return found["code"], found["is_cut"]


def read_texts(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Read a column of plain text: line breaks become spaces, lone dashes nothing.

    Args:
        texts: Stripped texts; null is empty.

    Returns:
        Texts, and marks of those with invisible characters, which are taken out.
    """
    if not texts.str.contains(UNEVEN).any():
        return texts, nowhere(texts)
    hidden = texts.str.contains(_INVISIBLE).fill_null(value=False)
    text = pl.col("text")
    broken = text.str.contains(r"[\r\n\t]")
    frame = texts.to_frame("text").with_columns(
        pl.when(broken).then(text.str.replace_all(r"\s*[\r\n\t]+\s*", " ")).otherwise(text)
    )
    if hidden.any():
        frame = frame.with_columns(text.str.replace_all(_INVISIBLE, ""))
    is_nothing = text.str.contains(r"^[-—–―/\\]+$") | (text == "")
    return frame.select(pl.when(~is_nothing).then("text")).to_series(), hidden


def _fold(word: str) -> str:
    return "".join(unicodedata.normalize("NFKC", word).split()).upper()
