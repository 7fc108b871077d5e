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
    from recon.intake.layout.contents import Contents
    from recon.intake.layout.header import ColumnMatch, HeaderBlock
    from recon.intake.layout.preamble import Preamble
    from recon.tables.base import TableSpec

#: Text columns of which several may stand side by side and belong together.
_SUMMARY = re.compile(
    r"(?:交易|业务|其它|其他|客户|备用|支付|付款|转账|凭证|银行)?"
    r"(?:摘要|用途|附言|备注|备注信息|留言|说明|描述|名称简述|用途简述|附言信息|资金用途)[0-9一二]?"
    r"|摘要(?:内容|说明|描述|信息)|用途(?:简述|说明|/附言)?|备注/?附言|附言/?备注|个性化信息"
)
#: An amount with the side of the account behind it, as a bank means it.
_WITH_SIDE = (
    r"(?i)^\s*([-+]?[¥￥]?\s*[0-9][0-9,]*(?:\.[0-9]+)?)\s*[(（]?(CR|DR|贷方?|借方?)[)）]?\s*$"
)
#: An account's number among other words, and how many cells must hold one.
_ACCOUNT_BESIDE = r"(?-u:\b)([0-9][0-9*]{6,}[0-9](?:[-/][0-9]{1,4})?)(?-u:\b)"
_NEARLY = 0.8
_BOTH = re.compile(
    r"(?:交易)?(?:对[方手]|收付?款[方人]|往来)(?:方|单位|信息)?"
    r"(?:(?:户名|名称|姓名|账户名称)[和与及]?(?:账号|帐号|卡号|账户)"
    r"|(?:账号|帐号|卡号|账户)[和与及]?(?:户名|名称|姓名))"
)
_TIME = re.compile("(?:交易|加油|消费|刷卡)?(?:时间|时刻)")
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


def composed(
    table: TableSpec,
    block: HeaderBlock,
    matches: tuple[ColumnMatch, ...],
    preamble: Preamble,
    contents: Contents,
    left_out: frozenset[str] = frozenset(),
) -> tuple[tuple[ColumnMatch, ...], dict[str, Supply]]:
    """Return the matches that stay, and what a statement's columns give together or in parts.

    Args:
        table: The table tried on the header.
        block: The header lines.
        matches: Columns found by name.
        preamble: What stands above the header.
        contents: The cells under it.
        left_out: Columns that a person has spoken of.
    """
    if table.layout == "card":
        return matches, _day_and_time(block, matches, contents)
    if table.layout != "statement":
        return matches, {}
    beside = _beside_name(block, matches, contents)
    supplies = (
        _joined(table, block, matches, left_out)
        | _payments(table, block, matches, preamble)
        | beside
        | _beside_amounts(block, matches, contents)
    )
    return tuple(one for one in matches if one.column not in beside), supplies


def _joined(
    table: TableSpec,
    block: HeaderBlock,
    matches: tuple[ColumnMatch, ...],
    left_out: frozenset[str],
) -> dict[str, Supply]:
    """Return the further text columns that belong to a text that is there."""
    column, form = JOINED[str(table.layout)]
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


def _day_and_time(
    block: HeaderBlock, matches: tuple[ColumnMatch, ...], contents: Contents
) -> dict[str, Supply]:
    """Put the time of day, which stands in a column of its own, to the day of a card's movement."""
    taken = {one.letter for one in matches}
    day = next((one for one in matches if one.column == "txn_at"), None)
    for letter, shown in block.shown.items():
        is_time = letter not in taken and _TIME.fullmatch(normalise_header(shown))
        if day and is_time and contents.are_times(letter, block.rows[-1]):
            return {"txn_at": Supply("day_time", None, day.header, letters=(day.letter, letter))}
    return {}


def _beside_amounts(
    block: HeaderBlock, matches: tuple[ColumnMatch, ...], contents: Contents
) -> dict[str, Supply]:
    """Return the side of amounts that bear it themselves: 253.68 CR."""
    letters = {match.column: match.letter for match in matches}
    if "amount" not in letters or "direction" in letters:
        return {}
    found = {}
    for column, how in (("amount", "part_of"), ("balance", "on_credit")):
        letter = letters.get(column, "")
        cells = contents.under(letter, block.rows[-1]) if letter else None
        if cells is not None and len(cells) and cells.str.contains(_WITH_SIDE).all():
            found[column] = Supply(how, _WITH_SIDE, block.shown[letter], 1, (letter,))
    if "amount" in found:
        amount = found["amount"]
        found["direction"] = Supply("part_of", _WITH_SIDE, amount.label, 2, amount.letters)
    return found


def _beside_name(
    block: HeaderBlock, matches: tuple[ColumnMatch, ...], contents: Contents
) -> dict[str, Supply]:
    """Return name and account of the other party where nearly all cells of one column hold both."""
    party = {one.letter for one in matches if one.column in {"party_name", "party_account"}}
    other = {one.letter for one in matches} - party
    for letter, shown in block.shown.items():
        is_both = _BOTH.fullmatch(re.sub(r"[^\w]", "", normalise_header(shown)))
        if letter in other or party - {letter} or not (is_both or letter in party):
            continue
        cells = contents.under(letter, block.rows[-1]).str.normalize("NFKC")
        both = cells.str.contains(r"\p{Han}") & (cells.str.count_matches(_ACCOUNT_BESIDE) == 1)
        if len(cells) and float(str(both.mean())) >= _NEARLY:
            return {
                "party_name": Supply("name_beside", _ACCOUNT_BESIDE, shown, letters=(letter,)),
                "party_account": Supply(
                    "account_beside", _ACCOUNT_BESIDE, shown, letters=(letter,)
                ),
            }
    return {}


def _payments(
    table: TableSpec, block: HeaderBlock, matches: tuple[ColumnMatch, ...], preamble: Preamble
) -> dict[str, Supply]:
    """Return what payer and payee tell of a statement that names no other party."""
    present = {match.column for match in matches}
    if present & {"party_name", "party_account"}:
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
