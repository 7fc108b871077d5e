"""Contract columns that several sheet columns give together, or two that one gives; no ledgers.

Here: a fee period in one column (属期), what was collected in 征收项目 and 征收子目, a party in
客户 and 供应商. Not here: ledgers and balances (`accounting`), the computing (`derived`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.intake.header import ColumnMatch, normalise_header
from recon.intake.letters import index_of
from recon.intake.preamble import Supply
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recon.intake.header import HeaderBlock

#: Tables whose period may stand in one column, and its two contract columns.
_PERIODS = {
    "tax_collection": ("period_from", "period_to"),
    "fund_transfer": ("period_from", "period_to"),
    "lease_receipt": ("covers_from", "covers_to"),
}
_SPANS = frozenset(
    map(
        normalise_header,
        (
            *("属期", "所属期", "费款所属期", "税款所属期", "税费所属期", "所属时期", "所属期间"),
            *("费款所属时期", "税款所属时期", "费款属期", "税款属期", "费款所属期起止"),
            *("税款所属期起止", "所属期起止", "租金所属期"),
        ),
    )
)
_ITEMS = frozenset(map(normalise_header, ("征收项目", "征收品目", "征收子目", "品目", "子目")))
#: The columns that may name the other party of an entry; the department is the weakest.
_PARTIES = tuple(
    map(normalise_header, ("往来单位", "往来单位名称", "辅助名称", "客户", "供应商", "部门"))
)


def composed(table: str, block: HeaderBlock, matches: tuple[ColumnMatch, ...]) -> dict[str, Supply]:
    """Return a `Supply` per contract column that several sheet columns give, or half of one.

    Args:
        table: The table tried on the header.
        block: The header lines.
        matches: Columns found by name.
    """
    present = {match.column: match for match in matches}
    found: dict[str, Supply] = {}
    if table in _PERIODS and not present.keys() & set(_PERIODS[table]):
        found |= _period(table, block)
    if table == "tax_collection" and "item" in present:
        found |= _several("item", "finest", present["item"], _named(block, _ITEMS))
    if table == "gl_entry" and "aux_party" in present:
        letters = [letter for name in _PARTIES for letter in _named(block, {name})]
        found |= _several("aux_party", "first_of", present["aux_party"], letters)
    return found


def _period(table: str, block: HeaderBlock) -> dict[str, Supply]:
    letters = _named(block, _SPANS)
    if len(letters) != 1:
        return {}
    columns = specs()[table].by_name
    return {
        name: Supply(how, None, columns[name].zh, letters=(letters[0],))
        for name, how in zip(_PERIODS[table], ("span_first", "span_last"), strict=True)
    }


def _several(column: str, how: str, match: ColumnMatch, letters: list[str]) -> dict[str, Supply]:
    """Return nothing where only the matched column is there."""
    if len({match.letter, *letters}) < 2:
        return {}
    both = tuple(dict.fromkeys(letters if match.letter in letters else (match.letter, *letters)))
    return {column: Supply(how, None, match.header, letters=both)}


def _named(block: HeaderBlock, wanted: Iterable[str]) -> list[str]:
    """Return the letters whose header is one of the wanted, from left to right."""
    return [
        letter
        for letter in sorted(block.shown, key=index_of)
        if normalise_header(block.shown[letter].rsplit("/", 1)[-1]) in wanted
    ]
