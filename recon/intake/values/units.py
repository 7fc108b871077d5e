"""Units of money: a closed list. A word of money that is not on it is a question, never a guess.

Here: which unit a header, a line above the table or a currency names, and what it is in yuan. Not
here: where units are looked for (`layout.header`, `layout.preamble`), the question (`certainty`).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

#: What one of each unit is in yuan; the names are those of `unit` in recon.toml.
FACTORS: dict[str, Decimal] = {
    "fen": Decimal("0.01"),
    "jiao": Decimal("0.1"),
    "yuan": Decimal(1),
    "qian": Decimal(1000),
    "wan": Decimal(10_000),
    "shiwan": Decimal(100_000),
    "baiwan": Decimal(1_000_000),
    "qianwan": Decimal(10_000_000),
    "yi": Decimal(100_000_000),
}
UNIT_ZH: dict[str, str] = dict(
    zip(FACTORS, "分 角 元 千元 万元 十万元 百万元 千万元 亿元".split(), strict=True)  # noqa: SIM905
)
#: A unit that begins so is a word of money that is not on the list.
UNKNOWN = "?"

_WORDS = {zh: name for name, zh in UNIT_ZH.items()}
_WORDS |= {zh.removesuffix("元"): name for zh, name in _WORDS.items() if len(zh) > 1}
_YUAN = (
    "人民币 人民币元 本币 本位币 综合本位币 折人民币 折合人民币 RMB CNY ¥ 元人民币 156 01 001 10 "
    "01人民币 001人民币 10人民币 156人民币 CNY人民币 RMB人民币 人民币CNY 人民币RMB"
)
_OWN_MONEY = frozenset(_YUAN.split())
_OF_MONEY = re.compile(
    r"元|圆|币|[$€£₩]|USD|HKD|EUR|JPY|GBP|CNY|RMB|AUD|MOP|TWD|英镑|法郎|卢布|美金|^[十百千万亿仟佰]+$"
)
_STATED = re.compile(
    r"(?P<what>金额|货币|币种|币制|计价|记账)?(?:(?<![\u4e00-\u9fff])|(?<=金额|货币|币种|币制|计价|记账))"
    r"单位(?P<colon>[:为是])?(?P<value>[^,。;、()\[\]{}|]*)"
)
_AS_UNIT = re.compile(r"以(?P<value>[^,。;、()为]{1,8})为(?:金额|计量|货币)?单位")
_SUFFIX = re.compile(
    r"(?<![0-9.])(?:[十百千仟]?[万亿]|[千仟])[元圆]$|(?<=[/,、_|-])[十百千仟]?[千仟万亿]$"
)
_INSIDE = re.compile(r"[十百千仟]?[千仟万亿][元圆]")
_BRACKET = re.compile(r"[(\[{<【〔]([^()\[\]{}<>【】〔〕]*)[)\]}>】〕]")
_FOREIGN = re.compile(r"外币|美元|美金|港币|港元|欧元|日元|英镑|USD|HKD|EUR|JPY|GBP")
_LEAD = re.compile(r"(?:人民币)?[十百千仟万亿]*元(?![\u4e00-\u9fff])")
_UNIT_OF_PEOPLE = re.compile(r"[会局院校司厂店社部所委处县市区厅办团站馆队行]$|中心$|公司")
_SPACED = re.compile(r"(?<=[:为是])\s+|\s+(?=[:为是])")
_NOTHING = re.compile(r"[-—/\\.0 ]*")


def is_unknown(unit: str | None) -> bool:
    """Whether a unit is stated, and is none that is known."""
    return unit is not None and unit.startswith(UNKNOWN)


def factor_of(unit: str | None) -> Decimal:
    """Return what one of a unit is in yuan; no unit stated is yuan."""
    return FACTORS.get(unit or "yuan", Decimal(1))


@lru_cache(maxsize=65536)
def money_unit(word: str) -> str | None:
    """Return the unit that a word alone names; unknown ones begin with `UNKNOWN`.

    Args:
        word: What stands in brackets, or after 单位.

    Example:
        >>> money_unit("人民币万元"), money_unit("美元"), money_unit("含税")
        ('wan', '?美元', None)
    """
    bare = _fold(word).strip(":")
    if bare in _OWN_MONEY or bare.upper() in _OWN_MONEY:
        return "yuan"
    for own in ("人民币", "RMB", "CNY", "¥", "单位:", "单位", "金额"):
        bare = bare.removeprefix(own)
    bare = bare.strip(":+-/").replace("仟", "千").replace("佰", "百").replace("圆", "元")
    per = bare.split("/", 1)[0] if re.fullmatch(r"[十百千万亿]*元/[^/元]{1,4}", bare) else bare
    if per in _WORDS:
        return _WORDS[per]
    return UNKNOWN + bare if _OF_MONEY.search(bare.upper()) else None


@lru_cache(maxsize=65536)
def header_unit(text: str) -> str | None:
    """Return the unit of money that a header names.

    Args:
        text: The header as it stands in the file.
    """
    folded = _fold(text)
    inside = [unit for inner in _BRACKET.findall(folded) if (unit := money_unit(inner))]
    if inside:
        return inside[0] if len(set(inside)) == 1 else UNKNOWN + folded
    outside = _BRACKET.sub("", folded)
    if found := _STATED.search(outside):
        return money_unit(found["value"])
    if found := _SUFFIX.search(outside):
        return money_unit(found[0])
    if found := _INSIDE.search(outside):
        return UNKNOWN + outside
    return UNKNOWN + outside if _FOREIGN.search(outside) else None


@lru_cache(maxsize=65536)
def line_unit(text: str) -> str | None:
    """Return the unit of money that a line above a table states; an organisation's name is none.

    Args:
        text: A cell above the table, or the name of a sheet.

    Example:
        >>> line_unit("货币单位：万"), line_unit("单位：示例县总工会"), line_unit("单位：美元")
        ('wan', None, '?美元')
    """
    words = _SPACED.sub("", unicodedata.normalize("NFKC", text).strip()).split()
    first = next((one for one in words if "单位" in one), "")
    unit = _line_unit(first) if first and len(words) > 1 else None
    return unit or _line_unit(_fold(text))


def _line_unit(folded: str) -> str | None:
    if found := _AS_UNIT.search(folded):
        return money_unit(found["value"])
    stated = (
        _after_unit(found["value"], is_money=bool(found["what"]), colon=found["colon"])
        for found in _STATED.finditer(folded)
    )
    bracketed = map(money_unit, _BRACKET.findall(folded))
    if unit := next(filter(None, (*stated, *bracketed)), None):
        return unit
    if len(folded) > 40:
        return None
    if found := _SUFFIX.search(folded):
        return money_unit(found[0])
    return UNKNOWN + folded if _FOREIGN.search(folded) else None


def _after_unit(value: str, *, is_money: bool, colon: str | None) -> str | None:
    first = re.split(r"[:|]", value, maxsplit=1)[0]
    if _UNIT_OF_PEOPLE.search(first):
        return None
    unit = money_unit(first)
    if (unit is None or is_unknown(unit)) and (lead := _LEAD.match(first)):
        unit = money_unit(lead[0])
    if not colon and not is_money:
        return unit if unit in FACTORS else None
    if unit is None and first and (is_money or len(first) <= 2):
        return UNKNOWN + first
    return unit


def currency_unit(value: str) -> str | None:
    """Return "yuan" for a currency that is the yuan, an unknown unit for any other, else None.

    Args:
        value: A cell under 币种, or what follows that label.
    """
    bare = _fold(value)
    if _NOTHING.fullmatch(bare):
        return None
    unit = money_unit(bare)
    if unit == "yuan" or bare.upper() in _OWN_MONEY:
        return "yuan"
    return unit or UNKNOWN + bare


def _fold(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
