"""Statements whose columns must be put together: texts beside the summary, payer and payee.

Here: which further text columns go into the summary, and which columns tell the own account, the
other party and the side where payer and payee stand apart. Not here: the putting together
(`values.derived`), headers of one side (`sides`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recon.intake.layout.header import header_parts, normalise_header
from recon.intake.layout.sides import end_of_payment
from recon.intake.values.derived import Supply

if TYPE_CHECKING:
    from recon.intake.layout.header import ColumnMatch, HeaderBlock
    from recon.intake.layout.preamble import Preamble
    from recon.tables.base import TableSpec

#: Text columns of which several may stand side by side and belong together.
_SUMMARY = re.compile(
    r"(?:交易|业务|其它|其他|客户|备用|支付|付款|转账|凭证|银行)?"
    r"(?:摘要|用途|附言|备注|备注信息|留言|说明|描述|名称简述|用途简述|附言信息|资金用途)[0-9一二]?"
    r"|摘要(?:内容|说明|描述|信息)|用途(?:简述|说明|/附言)?|备注/?附言|附言/?备注|个性化信息"
)
JOINED: dict[str, tuple[str, re.Pattern[str]]] = {"statement": ("summary", _SUMMARY)}


#: Words of books: 借 means the other side there than on a bank's statement.
_BOOKS = re.compile(
    r"凭证(?:字号|号数|字|类别)|(?:对方|对应|会计|总账|明细)?科目|会计期间|分录|制单"
)
_BOOK_TITLES = re.compile(
    r"日记[账帐]|明细[账帐]|分类[账帐]|序时[账帐]|总[账帐]|(?:记账|会计)?凭证(?:表|簿|清单|列表)"
)


def is_of_books(block: HeaderBlock, preamble: Preamble) -> bool:
    """Whether a sheet is kept by the unit itself, in its books, and is no statement of a bank."""
    headers = [key for shown in block.shown.values() for key in _keys(shown)]
    if any(_BOOKS.match(key) for key in headers):
        return True
    labels = preamble.labelled
    return any(_BOOKS.fullmatch(key) for key in labels) or any(
        _BOOK_TITLES.search(title) for title in preamble.titles
    )


def joined(
    table: TableSpec,
    block: HeaderBlock,
    matches: tuple[ColumnMatch, ...],
    left_out: frozenset[str] = frozenset(),
) -> dict[str, Supply]:
    """Return the further text columns that belong to a text that is there.

    Args:
        table: The table tried on the header.
        block: The header lines.
        matches: Columns found by name.
        left_out: Columns that a person has spoken of.
    """
    if table.layout not in JOINED:
        return {}
    column, form = JOINED[table.layout]
    first = next((match for match in matches if match.column == column), None)
    taken = {match.letter for match in matches} | left_out
    more = tuple(
        letter
        for letter, shown in block.shown.items()
        if letter not in taken and any(form.fullmatch(key) for key in _keys(shown))
    )
    if not more:
        return {}
    if first is None:
        return {column: Supply("joined", None, block.shown[more[0]], letters=more)}
    return {column: Supply("joined", None, first.header, letters=(first.letter, *more))}


def payments(
    table: TableSpec, block: HeaderBlock, matches: tuple[ColumnMatch, ...], preamble: Preamble
) -> dict[str, Supply]:
    """Return what payer and payee tell of a statement that names no other party.

    Args:
        table: The table tried on the header.
        block: The header lines.
        matches: Columns found by name.
        preamble: What stands above the header.
    """
    present = {match.column for match in matches}
    if table.layout != "statement" or present & {"party_name", "party_account"}:
        return {}
    ends: dict[str, str] = {}
    for letter, shown in block.shown.items():
        for key in _keys(shown):
            if what := end_of_payment(key):
                ends.setdefault(what, letter)
    letters = tuple(
        ends.get(f"{who}_{what}") for what in ("account", "name") for who in ("payer", "payee")
    )
    has_accounts, has_names = (all(letters[at : at + 2]) for at in (0, 2))
    if not has_accounts and not has_names:
        return {}
    own = preamble.supplies(table, frozenset()).get("account_no")
    value = own.value if own else None
    found = {}
    if has_accounts:
        label = block.shown[str(letters[0])]
        found["account_no"] = Supply("own_account", value, label, letters=letters)
        found["party_account"] = Supply("other_account", value, label, letters=letters)
    if has_names:
        label = block.shown[str(letters[2])]
        found["party_name"] = Supply("other_name", value, label, letters=letters)
    if not present & {"direction", "money_in", "money_out"}:
        label = block.shown[str(letters[0] or letters[2])]
        found["direction"] = Supply("paid_by", value, label, letters=letters)
    return {name: one for name, one in found.items() if name not in present}


def _keys(shown: str) -> tuple[str, ...]:
    last = shown.rsplit("/", 1)[-1]
    return tuple(
        dict.fromkeys((normalise_header(shown), normalise_header(last), *header_parts(shown)[:1]))
    )
