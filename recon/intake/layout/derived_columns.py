"""Columns of lists that several columns, one cell of two values, or a title give.

Here: the item of a tax payment among project, item and sub-item; first and last day in one cell;
the kind of transfers that a title names; the party among several auxiliary columns; what wages rest
on.
Not here: ledgers and balances (`accounting`), the computing (`values.derived`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.intake.formats.letters import index_of
from recon.intake.layout.header import normalise_header
from recon.intake.values.derived import Supply

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from recon.intake.layout.header import ColumnMatch, HeaderBlock
    from recon.intake.layout.preamble import Preamble
    from recon.tables.base import TableSpec

    Found = tuple[tuple[ColumnMatch, ...], dict[str, Supply]]


def _words(text: str) -> tuple[str, ...]:
    return tuple(map(normalise_header, text.split()))


_PERSONS = frozenset(_words("姓名 职工姓名 员工姓名 人员姓名 纳税人姓名"))
#: The narrower a level, the earlier it stands.
_ITEMS = _words(
    "征收子目 征收子目名称 子目 征收品目 征收品目名称 品目 品目名称 征收项目 征收项目名称 费种"
)
_PREPARATION = r"^(?:建会|工会|建立工会)?筹备金(?:收入)?$"
_SPANS: tuple[tuple[str, str, frozenset[str]], ...] = (
    (
        "period_from",
        "period_to",
        frozenset(
            _words(
                "费款所属期 税款所属期 税费所属期 税(费)款所属期 所属期 所属期间 所属时期 "
                "费款所属期间 费款所属时期 税款所属时期 税款所属期间 缴费所属期 所属月份"
            )
        ),
    ),
    (
        "starts_on",
        "ends_on",
        frozenset(
            _words(
                "租赁期限 租期 租赁期间 合同期限 租赁期 合同期间 租赁起止日期 合同起止日期 "
                "起止日期 培训时间 培训日期 培训起止时间 培训起止日期 起止时间 合同起止时间"
            )
        ),
    ),
    (
        "covers_from",
        "covers_to",
        frozenset(_words("所属期 所属期间 费用所属期 租金所属期 租金期间 租金所属期间 缴费期间")),
    ),
)
_CODES = _words("统一社会信用代码 社会信用代码 信用代码")
_PARTIES = _words(
    "往来单位 往来单位名称 单位往来 客商 客商名称 客户 客户名称 供应商 供应商名称 辅助核算名称 "
    "辅助名称 核算项目 核算项目名称 个人 个人往来 职员 部门 部门名称"
)
_KINDS = (
    ("筹备金返还", re.compile(r"筹备金.*(?:返还|退还|返拨)|(?:返还|退还).*筹备金")),
    ("小微返还", re.compile(r"小微.*返还|返还.*小微")),
    ("上解", re.compile(r"上解|上缴上级")),
    ("基层回拨", re.compile(r"回拨|返拨基层|下拨基层")),
)
#: Evidence that a header or title of wages names; only a payroll supports a definite amount.
_BASES = re.compile(r"基数|缴费工资")
_EVIDENCE = (
    (
        "社保基数",
        re.compile(
            r"缴费基数|社保基数|(?:社会保险|社保|参保|养老保险|医疗保险|失业保险|工伤保险).*"
            r"(?:申报|缴费|基数|名单|明细|工资)"
        ),
    ),
    ("所得税申报", re.compile(r"企业所得税|汇算清缴|A105050")),
    ("个税申报", re.compile(r"个税|个人所得税|扣缴申报|综合所得|代扣代缴")),
)


def persons_wages(table: TableSpec, block: HeaderBlock, matches: Iterable[ColumnMatch]) -> bool:
    """Whether a list of wages has a line per person, so that no line is a unit's wages.

    Args:
        table: The table tried on the header.
        block: The header lines.
        matches: Columns found; what recon.toml decided is not doubted.
    """
    if "wages" not in table.by_name or any(match.how == "saved" for match in matches):
        return False
    return any(
        normalise_header(label) in _PERSONS for labels in block.labels.values() for label in labels
    )


def combined(
    table: TableSpec,
    block: HeaderBlock,
    matches: tuple[ColumnMatch, ...],
    preamble: Preamble,
    cells: pl.DataFrame,
) -> Found:
    """Find the columns of a list that several columns, one cell or the title give.

    Args:
        table: The table tried on the header.
        block: The header lines.
        matches: Columns found by name.
        preamble: What stands above the header.
        cells: The whole sheet.

    Returns:
        The matches without those that are computed, and a `Supply` per computed column.
    """
    supplies = {
        **_item(table, block, matches),
        **_party(table, block, matches),
        **_ends(table, block, matches),
        **_code(table, block, matches, cells),
    }
    kept = tuple(match for match in matches if match.column not in supplies)
    present = {match.column for match in kept} | supplies.keys()
    if "kind" in table.by_name and "kind" not in present:
        supplies |= _kind(table, preamble)
    if "evidence" in table.by_name and "evidence" not in present:
        supplies |= _evidence(kept, preamble)
    return kept, supplies


def _saved(matches: Iterable[ColumnMatch], column: str) -> bool:
    return any(match.column == column and match.how == "saved" for match in matches)


def _letters(block: HeaderBlock, names: Iterable[str], free: set[str]) -> list[str]:
    """Return the letters under these names, in the order of the names."""
    found: dict[str, str] = {}
    for letter in sorted(free & block.shown.keys(), key=index_of):
        found.setdefault(normalise_header(block.shown[letter].rsplit("/", 1)[-1]), letter)
    return list(dict.fromkeys(found[name] for name in names if name in found))


def _free(block: HeaderBlock, matches: Iterable[ColumnMatch], column: str) -> set[str]:
    """Return the letters that no other column of the table takes."""
    return block.shown.keys() - {match.letter for match in matches if match.column != column}


def _item(
    table: TableSpec, block: HeaderBlock, matches: tuple[ColumnMatch, ...]
) -> dict[str, Supply]:
    """Let the narrowest level that says 筹备金 decide the item of a payment."""
    own = next((match for match in matches if match.column == "item"), None)
    if own is None or own.how == "saved" or "建会筹备金" not in table.by_name["item"].values:
        return {}
    letters = _letters(block, _ITEMS, _free(block, matches, "item"))
    if len(letters) < 2:
        return {}
    order = (own.letter, *(letter for letter in letters if letter != own.letter))
    return {"item": Supply("saying", _PREPARATION, own.header, letters=order)}


def _party(
    table: TableSpec, block: HeaderBlock, matches: tuple[ColumnMatch, ...]
) -> dict[str, Supply]:
    """Take the party of a line from the first auxiliary column that names one."""
    if table.layout not in {"ledger", "balances"} or _saved(matches, "aux_party"):
        return {}
    letters = _letters(block, _PARTIES, _free(block, matches, "aux_party"))
    if len(letters) < 2:
        return {}
    return {"aux_party": Supply("first_of", None, block.shown[letters[0]], letters=tuple(letters))}


def _ends(
    table: TableSpec, block: HeaderBlock, matches: tuple[ColumnMatch, ...]
) -> dict[str, Supply]:
    """Take first and last day out of one column."""
    present = {match.column for match in matches}
    for first, last, names in _SPANS:
        if first not in table.by_name or last not in table.by_name or {first, last} & present:
            continue
        letters = _letters(block, sorted(names), _free(block, matches, first))
        if len(letters) == 1:
            label = block.shown[letters[0]]
            return {
                first: Supply("end_of", "first", f"{label}（起）", letters=(letters[0],)),
                last: Supply("end_of", "last", f"{label}（止）", letters=(letters[0],)),
            }
    return {}


def _code(
    table: TableSpec, block: HeaderBlock, matches: tuple[ColumnMatch, ...], cells: pl.DataFrame
) -> dict[str, Supply]:
    """Tell by its values whose code a column 统一社会信用代码 holds: those of unions begin 81."""
    pair = {"union_uscc", "payer_uscc"}
    if not pair <= table.by_name.keys() or pair & {match.column for match in matches}:
        return {}
    letters = _letters(block, _CODES, _free(block, matches, ""))
    if len(letters) != 1:
        return {}
    codes = cells[letters[0]].filter(cells["row_no"] > block.rows[-1]).drop_nulls()
    is_union = codes.str.strip_chars().str.starts_with("81")
    if not len(codes) or is_union.any() != is_union.all():
        return {}
    column = "union_uscc" if is_union.all() else "payer_uscc"
    return {column: Supply("first_of", None, block.shown[letters[0]], letters=tuple(letters))}


def _kind(table: TableSpec, preamble: Preamble) -> dict[str, Supply]:
    """Take the kind of all transfers from the one kind that the title names."""
    values = table.by_name["kind"].values
    for text in preamble.titles:
        kinds = [kind for kind, form in _KINDS if kind in values and form.search(text)]
        if len(kinds) > 1:
            return {}
        for kind in kinds:
            note = Text(
                f"没有“{table.by_name['kind'].zh}”列，按标题“{text.strip()}”读作{kind}。",
                f"There is no column of kinds; by the title “{text.strip()}” all are {kind}.",
            )
            return {"kind": Supply("title", kind, text.strip(), note=note)}
    return {}


def _evidence(matches: Iterable[ColumnMatch], preamble: Preamble) -> dict[str, Supply]:
    """Say what wages rest on: bases and returns are no payroll."""
    for match in matches:
        if match.column == "wages" and _BASES.search(match.header):
            label = f"{match.header}（依据类型）"
            return {"evidence": Supply("title", "社保基数", label)}
    for text in preamble.titles:
        for evidence, form in _EVIDENCE:
            if form.search(text):
                return {"evidence": Supply("title", evidence, text.strip())}
    return {}
