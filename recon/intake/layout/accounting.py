"""Ledgers and balances as accounting programs export them.

Here: which columns of a ledger's header give a contract column by computing: balances in a 借 and
a 贷 column or with a 方向 beside them, one amount with its 方向, year and month apart, voucher word
and number apart. The layouts are those of 用友, 金蝶 and the tables that audit offices collect. Not
here: the computing (`derived`) and headers that simply have another name (`format_headers`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.intake.formats.letters import index_of
from recon.intake.layout.header import ColumnMatch, normalise_header
from recon.intake.values.derived import Supply

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recon.intake.layout.header import HeaderBlock
    from recon.intake.layout.preamble import Preamble
    from recon.tables.base import Layout

_YEARS = frozenset(map(normalise_header, ("会计年度", "年度", "年", "会计年")))
_MONTHS = frozenset(map(normalise_header, ("会计月份", "月份", "月", "会计期间号", "期间号")))
_WORDS = frozenset(
    map(
        normalise_header,
        ("凭证类别", "凭证字", "凭证种类", "记账凭证种类", "记账凭证类型", "FVOUCHERGROUPID.FName"),
    )
)
_SIDES = frozenset(map(normalise_header, ("方向", "借贷方向", "余额方向", "借贷", "借/贷")))
_DIRECTIONS = _SIDES | frozenset(
    map(normalise_header, ("期初方向", "期初余额方向", "期末方向", "期末余额方向"))
)
_AMOUNTS = frozenset(map(normalise_header, ("金额", "本币金额", "发生额", "本币", "人民币金额")))
_OPENING = re.compile("期初|上期|月初")
_CLOSING = re.compile("期末|月末")
_NOT_MONTHLY = re.compile("累计|本年|年初|外币|数量|原币")
_SPAN = re.compile(
    r"((?:19|20)[0-9]{2})\s*[年./-]\s*(1[0-2]|0?[1-9])\s*月?\s*[-—–~～至到]+\s*"
    r"(?:((?:19|20)[0-9]{2})\s*[年./-]\s*)?(1[0-2]|0?[1-9])\s*[月期]?(?![0-9])"
)


@dataclass(frozen=True)
class Computed:
    """What a ledger's header gives beside plain columns: matches changed and supplies added."""

    matches: tuple[ColumnMatch, ...]
    supplies: dict[str, Supply]


def computed(
    layout: Layout | None, block: HeaderBlock, matches: tuple[ColumnMatch, ...], preamble: Preamble
) -> Computed:
    """Find the columns of a ledger or balance that must be computed.

    Args:
        layout: How the table tried on the header is laid out.
        block: The header lines.
        matches: Columns found by name.
        preamble: What stands above the header.

    Returns:
        The matches, some taken away or moved, and a `Supply` per computed column.
    """
    if layout == "balances":
        return _balance(block, matches, preamble)
    if layout == "ledger":
        return _entries(block, matches)
    return Computed(matches, {})


def _entries(block: HeaderBlock, matches: tuple[ColumnMatch, ...]) -> Computed:
    supplies: dict[str, Supply] = {}
    present = {match.column for match in matches}
    names = _by_name(block)
    side, amount = _first(names, _SIDES), _first(names, _AMOUNTS)
    if side and amount and not {"debit", "credit"} & present:
        for column, way in (("debit", "借"), ("credit", "贷")):
            label = f"{block.shown[amount]}（{way}）"
            supplies[column] = Supply("on_side", way, label, letters=(amount, side))
    word = _first(names, _WORDS)
    number = next((match for match in matches if match.column == "voucher_no"), None)
    if word and number and normalise_header("凭证字号") not in normalise_header(number.header):
        supplies["voucher_no"] = Supply("prefix", None, number.header, letters=(word,))
    return Computed(matches, supplies)


def _balance(block: HeaderBlock, matches: tuple[ColumnMatch, ...], preamble: Preamble) -> Computed:
    names = _by_name(block)
    matches, supplies = _year_and_month(block, matches, names)
    pairs = _pairs(block)
    present = {match.column for match in matches}
    by_letter = {match.letter: match for match in matches}
    for column in ("opening", "closing"):
        if column in present or len(pairs.get(column, ())) != 2:
            continue
        debit, credit = pairs[column]["借"], pairs[column]["贷"]
        label = block.shown[debit]
        how = "in_side" if column == "opening" else "net"
        closing = pairs.get("closing", {})
        beside = tuple(closing.get(side) for side in ("借", "贷"))
        supplies[column] = Supply(how, None, label, letters=(debit, credit, *beside))
        if column == "closing" and "side" not in present:
            supplies["side"] = Supply("side_of", None, label, letters=(debit, credit))
    for side, column in (("借", "debit"), ("贷", "credit")):
        letter = pairs.get("turnover", {}).get(side)
        if letter and column not in present and letter not in by_letter:
            found = ColumnMatch(letter, block.shown[letter], column, "part", 0.85)
            matches = (*matches, found)
    matches, directed = _directions(block, matches, names)
    supplies |= directed
    if "month" not in {match.column for match in matches} | supplies.keys():
        supplies |= _last_month(preamble)
    return Computed(matches, supplies)


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


def _pairs(block: HeaderBlock) -> dict[str, dict[str, str]]:
    """Return for opening, closing and turnover the letters of the 借 and the 贷 column."""
    pairs: dict[str, dict[str, str]] = {}
    for letter in sorted(block.shown, key=index_of):
        text = normalise_header(block.shown[letter])
        sides = [word for word in "借贷" if word in text]
        if len(sides) != 1 or _NOT_MONTHLY.search(text) or "方向" in text:
            continue
        is_turnover = "发生" in text or text.startswith(("本期", "本月"))
        if _OPENING.search(text):
            kind = "opening"
        elif _CLOSING.search(text):
            kind = "closing"
        elif is_turnover:
            kind = "turnover"
        else:
            continue
        pairs.setdefault(kind, {}).setdefault(sides[0], letter)
    return pairs


def _directions(
    block: HeaderBlock, matches: tuple[ColumnMatch, ...], names: Mapping[str, list[str]]
) -> tuple[tuple[ColumnMatch, ...], dict[str, Supply]]:
    """Give the last 方向 to the closing balance and an earlier one to the opening balance."""
    named = {
        normalise_header(one) for one in ("期初方向", "期初余额方向", "期末方向", "期末余额方向")
    }
    letters = sorted({x for name in _SIDES | named for x in names.get(name, ())}, key=index_of)
    places = {match.column: match.letter for match in matches}
    if len(letters) != 2 or not {"opening", "closing"} <= places.keys():
        return matches, {}
    first, last = letters
    kept = tuple(match for match in matches if match.column != "side")
    side = ColumnMatch(last, block.shown[last], "side", "alias", 0.95)
    opening = next(match for match in matches if match.column == "opening")
    directed = Supply("directed", None, opening.header, letters=(first, last))
    return (*kept, side), {"opening": directed}


def _year_and_month(
    block: HeaderBlock, matches: tuple[ColumnMatch, ...], names: Mapping[str, list[str]]
) -> tuple[tuple[ColumnMatch, ...], dict[str, Supply]]:
    year, month = _first(names, _YEARS), _first(names, _MONTHS)
    if year is None or month is None:
        return matches, {}
    kept = tuple(match for match in matches if match.column != "month")
    supply = Supply("year_month", None, block.shown[month], letters=(year, month))
    return kept, {"month": supply}


def _last_month(preamble: Preamble) -> dict[str, Supply]:
    """Return the last month of a span that a title names: closing balances are of that month."""
    for text in preamble.titles:
        if found := _SPAN.search(text):
            last = f"{found[3] or found[1]}-{int(found[4]):02d}"
            if last == f"{found[1]}-{int(found[2]):02d}":
                return {"month": Supply("title", last, found[0].strip())}
            note = Text(
                f"本表是 {found[0].strip()} 的余额，会计期间取末月 {last}。",
                f"These balances span {found[0].strip()}; the month is its last, {last}.",
            )
            return {"month": Supply("title", last, found[0].strip(), note=note)}
    return {}
