"""Ledgers and balances as accounting programs export them.

Here: which columns of a ledger's header give a contract column by computing: balances in a 借 and
a 贷 column or with a 方向 beside them, one amount with its 方向, year and month apart, voucher word
and number apart. The layouts are those of 用友, 金蝶 and the tables that audit offices collect. Not
here: the computing (`derived`) and headers that simply have another name (`format_headers`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from recon.base.models import Text
from recon.intake.formats.letters import index_of
from recon.intake.layout.derived_columns import combined
from recon.intake.layout.header import ColumnMatch, normalise_header, unit_of
from recon.intake.layout.ledger_header import Roles, roles_of
from recon.intake.values.derived import Supply

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recon.intake.layout.header import HeaderBlock
    from recon.intake.layout.ledger_header import Phase
    from recon.intake.layout.preamble import Preamble
    from recon.tables.base import TableSpec

YEARS = frozenset(map(normalise_header, ("会计年度", "年度", "年", "会计年", "所属年度", "年份")))
_MONTHS = frozenset(
    map(
        normalise_header,
        ("会计月份", "月份", "月", "会计期间号", "期间号", "所属月份", "会计期间", "期间"),
    )
)
_WORDS = frozenset(
    map(
        normalise_header,
        ("凭证类别", "凭证字", "凭证种类", "记账凭证种类", "记账凭证类型", "FVOUCHERGROUPID.FName"),
    )
)
_AMOUNT = re.compile(
    r"^(?:分录|记账|凭证)?(?:本位币|本币|人民币)?(?:金额|发生额|本币|本位币)(?:/.*)?$"
)
#: Headers of one column that holds code and name of an account together.
_ACCOUNTS = frozenset(
    map(
        normalise_header,
        (
            "科目",
            "会计科目",
            "科目编码及名称",
            "科目编码名称",
            "科目代码及名称",
            "科目代码名称",
            "会计科目编码及名称",
            "科目信息",
            "科目全称",
            "账户",
        ),
    )
)
_CODE_AND_NAME = r"^[\[(（]?([0-9][0-9.\-]*[0-9])[\])）]?[\s_\-—:：/]*([^0-9\s_\-—:：/].*)$"
#: A span of months; 2024-07-08 is a day.
_SPAN = re.compile(
    r"(?!(?:19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}(?![0-9]))"
    r"((?:19|20)[0-9]{2})\s*年?[年./-]?\s*第?\s*(1[0-2]|0?[1-9])\s*[月期]?\s*[-—–~～至到]+\s*"
    r"(?:((?:19|20)[0-9]{2})\s*年?[年./-]?\s*)?第?\s*(1[0-2]|0?[1-9])\s*[月期]?(?![0-9])"
)
_DAYS = re.compile(
    r"((?:19|20)[0-9]{2})[-./年]([0-9]{1,2})[-./月][0-9]{1,2}日?\s*[-—–~～至到]+\s*"
    r"((?:19|20)[0-9]{2})[-./年]([0-9]{1,2})[-./月][0-9]{1,2}"
)
#: A line under the header that names an account for the lines below it.
_OTHER_ACCOUNT = r"^\s*(?:会计|总账|明细)?(?:科目|账户)(?:名称|编码)?\s*[:：]\s*\S"
_BALANCES: tuple[Phase, ...] = ("opening", "closing")
_TOTALLED = re.compile(r"合计|总额")


@dataclass(frozen=True)
class Computed:
    """What a ledger's header gives beside plain columns: matches changed and supplies added."""

    matches: tuple[ColumnMatch, ...]
    supplies: dict[str, Supply]


def computed(
    table: TableSpec,
    block: HeaderBlock,
    matches: tuple[ColumnMatch, ...],
    preamble: Preamble,
    cells: pl.DataFrame,
) -> Computed:
    """Find the columns of a ledger, a balance or a list of months that must be computed.

    Args:
        table: The table tried on the header.
        block: The header lines.
        matches: Columns found by name.
        preamble: What stands above the header.
        cells: The whole sheet.

    Returns:
        The matches, some taken away or moved, and a `Supply` per computed column.
    """
    fixed = frozenset(match.letter for match in matches if match.how == "saved")
    matches, supplies = combined(table, block, matches, preamble, cells)
    if table.layout == "balances":
        own = _balance(table, block, matches, preamble, roles_of(block, cells, fixed))
    elif table.layout == "ledger":
        own = _entries(table, block, matches, cells, roles_of(block, cells, fixed))
    elif any(column.kind == "month" for column in table.columns):
        own = Computed(*_year_and_month(table, block, matches, _by_name(block)))
    else:
        own = Computed(matches, {})
    return replace(own, supplies=supplies | own.supplies)


def _entries(
    table: TableSpec,
    block: HeaderBlock,
    matches: tuple[ColumnMatch, ...],
    cells: pl.DataFrame,
    roles: Roles,
) -> Computed:
    supplies: dict[str, Supply] = {}
    names = _by_name(block)
    plain = Roles(
        {
            letter: replace(role, phase="")
            for letter, role in roles.by_letter.items()
            if role.phase in {"", "turnover"} and not _TOTALLED.search(_shown(block, letter))
        }
    )
    sides = plain.pair("")
    saved = {match.column for match in matches if match.how == "saved"}
    if not saved & {"debit", "credit"}:
        debit, credit = sides or (None, None)
        matches = _placed(table, block, matches, {"debit": debit, "credit": credit})
        side = next((letter for letter, _ in plain.directions()), None)
        amount = _amount(block, plain)
        if side and amount and sides is None:
            for column, way in (("debit", "借"), ("credit", "贷")):
                label = f"{_shown(block, amount)}（{way}）"
                supplies[column] = Supply("on_side", way, label, letters=(amount, side))
    word = _first(names, _WORDS)
    number = next((match for match in matches if match.column == "voucher_no"), None)
    if word and number and normalise_header("凭证字号") not in normalise_header(number.header):
        supplies["voucher_no"] = Supply("prefix", None, number.header, letters=(word,))
    return Computed(matches, supplies | _split_account(block, matches, names, cells))


def _amount(block: HeaderBlock, roles: Roles) -> str | None:
    """Return the one column of amounts whose side stands beside it."""
    only = Roles(
        {
            letter: role
            for letter, role in roles.by_letter.items()
            if _AMOUNT.match(normalise_header(_shown(block, letter).rsplit("/", 1)[-1]))
        }
    )
    return only.money("", "")


def _split_account(
    block: HeaderBlock,
    matches: tuple[ColumnMatch, ...],
    names: Mapping[str, list[str]],
    cells: pl.DataFrame,
) -> dict[str, Supply]:
    """Take code and name of an account out of the one column that holds both."""
    present = {match.column for match in matches}
    letter = _first(names, _ACCOUNTS)
    if letter is None or {"account_code", "account_name"} & present:
        return {}
    texts = cells.filter(pl.col("row_no") > block.rows[-1])[letter].drop_nulls()
    texts = texts.filter(texts.str.contains(r"\S")).head(500).str.strip_chars()
    if not len(texts) or int(texts.str.contains(_CODE_AND_NAME).sum()) * 10 < len(texts) * 9:
        return {}
    return {
        column: Supply(
            "part_of", _CODE_AND_NAME, f"{block.shown[letter]}（{part}）", number, (letter,)
        )
        for number, (column, part) in enumerate(
            (("account_code", "编码"), ("account_name", "名称")), start=1
        )
    }


def _balance(
    table: TableSpec,
    block: HeaderBlock,
    matches: tuple[ColumnMatch, ...],
    preamble: Preamble,
    roles: Roles,
) -> Computed:
    matches, supplies = _year_and_month(table, block, matches, _by_name(block))
    spans = _last_month(preamble)
    roles = _of_the_year(roles, preamble) or roles
    pairs = {name: pair for name in _BALANCES if (pair := roles.pair(name))}
    placed: dict[str, str | None] = {
        name: None if any(roles.money(name, side) for side in "借贷") else roles.money(name, "")
        for name in _BALANCES
    }
    debits, credits_ = roles.pair("turnover") or roles.pair("") or (None, None)
    placed |= {"debit": debits, "credit": credits_}
    for name, (debit, credit) in pairs.items():
        beside = pairs.get("closing", (None, None))
        how = "in_side" if name == "opening" else "net"
        supplies[name] = Supply(how, None, _shown(block, debit), letters=(debit, credit, *beside))
    side, directed = _directions(block, roles, placed)
    if side:
        placed["side"] = side
    elif "closing" in pairs and "side" not in {match.column for match in matches}:
        supplies["side"] = Supply(
            "side_of",
            None,
            f"{_shown(block, pairs['closing'][0])}（方向）",
            letters=pairs["closing"],
        )
    matches = _placed(table, block, matches, placed)
    supplies = {
        name: supply
        for name, supply in (supplies | directed).items()
        if name not in {match.column for match in matches} or supply.how == "directed"
    }
    if "month" not in {match.column for match in matches} | supplies.keys():
        supplies |= spans
    return Computed(matches, supplies)


def _of_the_year(roles: Roles, preamble: Preamble) -> Roles | None:
    """Return the columns of a whole year as those of the period, where the title says January on.

    年初余额 and 本年累计 belong together; in a table of later months alone they are another period.
    """
    phases = {role.phase for role in roles.by_letter.values() if role.measure != "direction"}
    if not {"year_opening", "year_turnover"} <= phases or {"opening", "turnover"} & phases:
        return None
    if not any((found := _SPAN.search(text)) and int(found[2]) == 1 for text in preamble.telling):
        return None
    names: dict[str, Phase] = {"year_opening": "opening", "year_turnover": "turnover"}
    return Roles(
        {
            letter: replace(role, phase=names.get(role.phase, role.phase))
            for letter, role in roles.by_letter.items()
        }
    )


def _directions(
    block: HeaderBlock, roles: Roles, placed: Mapping[str, str | None]
) -> tuple[str | None, dict[str, Supply]]:
    """Return the column of the closing balance's side, and how the opening balance is turned."""
    found = roles.directions()
    if not found:
        return None, {}
    named = {phase: letter for letter, phase in found if phase}
    bare = [letter for letter, phase in found if not phase]
    first = named.get("opening") or (bare[0] if len(bare) == 2 else None)
    last = named.get("closing") or (bare[-1] if bare else named.get("opening"))
    opening = placed["opening"]
    if first is None or last is None or first == last or opening is None:
        return last, {}
    label = block.shown.get(opening) or block.shown.get(first, "")
    return last, {"opening": Supply("directed", None, label, letters=(first, last))}


def _placed(
    table: TableSpec,
    block: HeaderBlock,
    matches: tuple[ColumnMatch, ...],
    placed: Mapping[str, str | None],
) -> tuple[ColumnMatch, ...]:
    """Return the matches with some columns at the letters given; those without one go."""
    saved = {match.column for match in matches if match.how == "saved"}
    known = {(match.column, match.letter): match for match in matches}
    kept = [one for one in matches if one.column not in placed or one.how == "saved"]
    for column, letter in placed.items():
        if letter and column not in saved:
            header = _shown(block, letter)
            new = ColumnMatch(letter, header, column, "format", 0.9, unit_of(header))
            kept.append(known.get((column, letter), new))
    taken = {letter for column, letter in placed.items() if column not in saved}
    order = list(table.by_name)
    kept = [one for one in kept if one.column in placed or one.letter not in taken]
    return tuple(sorted(kept, key=lambda one: order.index(one.column)))


def _shown(block: HeaderBlock, letter: str) -> str:
    """Return the header of a column, or of the nearest one on the left of one without."""
    known = [one for one in block.shown if index_of(one) <= index_of(letter)]
    return block.shown[max(known, key=index_of)] if known else letter


def _by_name(block: HeaderBlock) -> dict[str, list[str]]:
    """Return the letters under each header text, from left to right; of two lines the lower."""
    names: dict[str, list[str]] = {}
    for letter in sorted(block.shown, key=index_of):
        last = block.shown[letter].rsplit("/", 1)[-1]
        for text in {block.shown[letter], last}:
            names.setdefault(normalise_header(text), []).append(letter)
    return names


def _first(names: Mapping[str, list[str]], wanted: Iterable[str]) -> str | None:
    letters = [letter for name in wanted for letter in names.get(name, ())]
    return min(letters, key=index_of) if letters else None


def _year_and_month(
    table: TableSpec,
    block: HeaderBlock,
    matches: tuple[ColumnMatch, ...],
    names: Mapping[str, list[str]],
) -> tuple[tuple[ColumnMatch, ...], dict[str, Supply]]:
    year, month = _first(names, YEARS), _first(names, _MONTHS)
    column = next(one.name for one in table.columns if one.kind == "month")
    saved = any(match.column == column and match.how == "saved" for match in matches)
    if year is None or month is None or saved:
        return matches, {}
    kept = tuple(match for match in matches if match.column != column)
    supply = Supply("year_month", None, block.shown[month], letters=(year, month))
    return kept, {column: supply}


def _last_month(preamble: Preamble) -> dict[str, Supply]:
    """Return the last month of a span that a title names: closing balances are of that month."""
    for folded in preamble.telling:
        if found := _DAYS.search(folded) or _SPAN.search(folded):
            last = f"{found[3] or found[1]}-{int(found[4]):02d}"
            if last == f"{found[1]}-{int(found[2]):02d}":
                return {"month": Supply("title", last, found[0].strip())}
            note = Text(
                f"本表是 {found[0].strip()} 的余额，会计期间取末月 {last}。",
                f"These balances span {found[0].strip()}; the month is its last, {last}.",
            )
            return {"month": Supply("title", last, found[0].strip(), note=note)}
    return {}


def other_account(supplies: Mapping[str, Supply], body: pl.DataFrame) -> Text | None:
    """Return the doubt whether the account above a ledger is that of all lines.

    Args:
        supplies: What is given above the table.
        body: The rows under the header.
    """
    supply = supplies.get("account_code")
    if supply is None or supply.how != "preamble":
        return None
    for letter in body.columns[1:]:
        cells = body.filter(pl.col(letter).str.contains(_OTHER_ACCOUNT))
        for row_no, text in cells.select("row_no", letter).iter_rows():
            if supply.value not in re.findall(r"[0-9][0-9.\-]*", text):
                return Text(
                    f"表的上方写的是科目{supply.value}，第{row_no}行起是另一个科目（{text.strip()}）；"
                    "请按科目分开，或在每个科目上重复表头。",
                    f"the account above the table is {supply.value}; row {row_no} begins another "
                    f"({text.strip()}). Part them, or repeat the header over each account.",
                )
    return None
