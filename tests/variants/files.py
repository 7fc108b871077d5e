"""A good file of every money table, and every way to spoil one header or one unit of it.

Here: rows with known values, their sums (the generator's own, no reader is asked), the variants and
those that are another valid file. Not here: reading them and the verdict (`verdict`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.tables.base import ColumnSpec, TableSpec

ROWS = 8
#: Units that a header or a line may state, and what they are in yuan; None is none of them.
UNITS: dict[str, Decimal | None] = {
    "元": Decimal(1), "角": Decimal("0.1"), "千元": Decimal(1000), "万元": Decimal(10_000),
    "十万元": Decimal(100_000), "百万元": Decimal(1_000_000), "千万元": Decimal(10_000_000),
    "亿元": Decimal(100_000_000), "千": Decimal(1000), "万": Decimal(10_000),
    "亿": Decimal(100_000_000), "人民币万元": Decimal(10_000),
    "美元": None, "港币": None, "USD": None, "外币": None, "百": None, "元角": None, "万美元": None,
}  # fmt: skip


@dataclass(frozen=True)
class File:
    """A file: lines above, header, rows, and the sum of each money column in yuan.

    `names` are the contract columns in the order of the header; `free` those whose absence makes
    another valid file; `why` is set where the variant is another valid file itself.
    """

    table: str
    layout: str
    names: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: dict[str, Decimal]
    free: frozenset[str] = frozenset()
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    what: str = "as it is"
    why: str = ""

    def lines(self) -> list[list[str]]:
        """Return all lines as a sheet holds them; a blank line sets a note below apart."""
        above = [[text] for text in self.above]
        below = [[], *([text] for text in self.below)] if self.below else []
        return [*above, list(self.header), *map(list, self.rows), *below]


def good_files() -> Iterator[File]:
    """Yield a file per money table, and the statements of banks in their layouts."""
    for table in specs().values():
        if any(column.kind == "money" for column in table.columns) and table.name != "bank_txn":
            yield _plain(table)
    yield from _statements()


def _plain(table: TableSpec) -> File:
    columns = tuple(table.columns)
    if table.name == "gl_entry":
        rows = tuple(_entry(columns, number) for number in range(ROWS))
    else:
        rows = tuple(tuple(_cell(one, number, at) for at, one in enumerate(columns))
                     for number in range(ROWS))  # fmt: skip
    money = {one.name: at for at, one in enumerate(columns) if one.kind == "money"}
    sums = {name: sum((_amount(row[at]) for row in rows), Decimal(0)) for name, at in money.items()}
    pairs = {"debit", "credit"} if table.name == "gl_entry" else set()
    free = frozenset(one.name for one in columns if not one.required and one.name not in pairs)
    header = tuple(re.sub(r"\(元.*\)$", "", one.zh) for one in columns)
    return File(table.name, "plain", tuple(one.name for one in columns), header, rows, sums, free)


def _entry(columns: tuple[ColumnSpec, ...], number: int) -> tuple[str, ...]:
    lone = {"debit": number % 2 == 0, "credit": number % 2 == 1}
    return tuple(
        _cell(one, number, at) if lone.get(one.name, True) else "" for at, one in enumerate(columns)
    )


def _amount(text: str) -> Decimal:
    return Decimal(text) if text else Decimal(0)


def _cell(column: ColumnSpec, number: int, at: int) -> str:
    if column.values:
        return column.values[number % len(column.values)]
    texts = {
        "money": f"{(number * 37 + at * 113) % 900 + 100 + at}.{(number * 7 + at) % 9 + 1}0",
        "qty": f"{number + at % 7 + 1}.5",
        "rate": "0.02",
        "int": str(number % 5 + at % 3 + 1),
        "date": f"2024-0{number % 3 + 1}-{10 + number}",
        "datetime": f"2024-0{number % 3 + 1}-{10 + number}",
        "month": f"2024-0{number % 3 + 1}",
        "account": f"9900{number:03d}{at:03d}12345",
        "card": f"9900{number:03d}{at:03d}12345",
        "bool": "是" if number % 2 else "否",
        "plate": f"桂A1234{number}",
    }
    name = f"甲乙{'丙丁戊己庚辛壬癸'[number]}{'子丑寅卯辰巳午未申酉戌亥'[at % 12]}店"
    return texts.get(column.kind, name)


def _statements() -> Iterator[File]:
    """Yield statements: two columns, one and a direction, one with signs; some with a balance."""
    moves = [Decimal(f"{sign}{number * 91 + 130}.{number + 1}0") for number, sign in
             enumerate("+-++--+-")]  # fmt: skip
    balance, balances = Decimal("5000.00"), []
    for move in moves:
        balance += move
        balances.append(balance)
    into = sum((one for one in moves if one > 0), Decimal(0))
    out = -sum((one for one in moves if one < 0), Decimal(0))
    cells = {
        "posted_on": [f"2024-03-{number + 1:02d}" for number in range(ROWS)],
        "serial_no": [f"S{number}X" for number in range(ROWS)],
        "money_in": [str(one) if one > 0 else "" for one in moves],
        "money_out": [str(-one) if one < 0 else "" for one in moves],
        "amount": [str(abs(one)) for one in moves],
        "signed": [str(one) for one in moves],
        "direction": ["贷" if one > 0 else "借" for one in moves],
        "balance": [str(one) for one in balances],
        "party_name": [f"甲乙{'丙丁戊己庚辛壬癸'[number]}店" for number in range(ROWS)],
        "summary": ["货款"] * ROWS,
    }
    layouts = {
        "two columns": {"posted_on": "交易日期", "serial_no": "流水号", "money_out": "借方发生额",
                        "money_in": "贷方发生额", "party_name": "对方户名", "summary": "摘要"},
        "two columns, balance": {"posted_on": "交易日期", "money_in": "收入金额",
                                 "money_out": "支出金额", "balance": "余额",
                                 "party_name": "对方户名", "summary": "摘要"},
        "direction": {"posted_on": "交易日期", "serial_no": "流水号", "direction": "借贷标志",
                      "amount": "交易金额", "party_name": "对方户名", "summary": "摘要"},
        "direction, balance": {"posted_on": "记账日期", "direction": "收/付", "amount": "金额",
                               "balance": "账户余额", "party_name": "对方户名", "summary": "摘要"},
        "signs, balance": {"posted_on": "交易日期", "signed": "交易金额", "balance": "余额",
                           "party_name": "对方户名", "summary": "摘要"},
    }  # fmt: skip
    for layout, columns in layouts.items():
        rows = tuple(zip(*(cells[name] for name in columns), strict=True))
        sums = {"money_in": into, "money_out": out}
        if "balance" in columns:
            sums["balance"] = sum(balances, Decimal(0))
        names = tuple("amount" if name == "signed" else name for name in columns)
        free = frozenset({"serial_no", "balance", "party_name", "summary"})
        if "balance" in columns and "direction" not in columns:
            free -= {"balance"} if "signed" in columns else frozenset()
        yield File("bank_txn", layout, names, tuple(columns.values()), rows, sums, free)


def variants(good: File) -> Iterator[File]:
    """Yield every variant of a file that spoils one header or one unit.

    Args:
        good: A file that is read as it should be.
    """
    yield good
    for at in range(len(good.header)):
        yield from _of_header(good, at)
    yield from _of_units(good)


def _of_header(good: File, at: int) -> Iterator[File]:
    name, text = good.names[at], good.header[at]
    yield replace(good, what=f"blank {text}", header=_with(good.header, at, ""))
    yield replace(good, what=f"drop {text}", header=good.header[:at] + good.header[at + 1 :],
                  names=good.names[:at] + good.names[at + 1 :],
                  rows=tuple(row[:at] + row[at + 1 :] for row in good.rows))  # fmt: skip
    for strange in ("甲子", "数据3", "Unnamed: 3"):
        yield replace(good, what=f"{text} → {strange}", header=_with(good.header, at, strange))
    for other, word in enumerate(good.header):
        if other == at or abs(other - at) > 3:
            continue
        yield replace(good, what=f"{text} → {word}", header=_with(good.header, at, word))
    if at + 1 < len(good.header):
        swapped = list(good.header)
        swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
        yield replace(good, what=f"{text} ↔ {good.header[at + 1]}", header=tuple(swapped),
                      why=_alike(good, at, at + 1))  # fmt: skip
    if _is_money(good, name):
        doubled = tuple((*row, _other(row[at], number)) for number, row in enumerate(good.rows))
        yield replace(good, what=f"{text} twice", header=(*good.header, text), rows=doubled)
        first = tuple((_other(row[at], number), *row) for number, row in enumerate(good.rows))
        yield replace(good, what=f"{text} twice, the other first", header=(text, *good.header),
                      rows=first)  # fmt: skip


def _other(text: str, number: int) -> str:
    return f"{number + 3}.07" if text else ""


def _with(header: tuple[str, ...], at: int, text: str) -> tuple[str, ...]:
    return (*header[:at], text, *header[at + 1 :])


def _is_money(good: File, name: str) -> bool:
    return specs()[good.table].by_name[name].kind == "money"


def _alike(good: File, one: int, other: int) -> str:
    """Say why two headers exchanged without their cells make another valid file, if so."""
    kinds = [specs()[good.table].by_name[good.names[at]].kind for at in (one, other)]
    numbers = {"money", "qty", "int", "rate"}
    names = {good.names[one], good.names[other]}
    if good.table == "bank_txn" and "balance" in good.names and names <= {
        "money_in", "money_out", "balance", "amount"
    }:  # fmt: skip
        return ""
    if set(kinds) <= numbers and "money" in kinds:
        return "figures exchanged with figures: nothing in the file tells"
    return ""


def _of_units(good: File) -> Iterator[File]:
    for unit, factor in UNITS.items():
        scaled = {name: total * (factor or 0) for name, total in good.sums.items()}
        sums = {} if factor is None else scaled
        for form in (
            "单位：{}",
            "金额单位：{}",
            "（单位：{}）",
            "货币单位：人民币{}",
            "单位:{}　2024年",
        ):
            if (form, unit) == ("货币单位：人民币{}", "人民币万元"):
                continue
            yield replace(good, what=form.format(unit), above=(form.format(unit),), sums=sums)
        yield replace(good, what=f"below: {unit}", below=(f"注：金额单位为{unit}",), sums=sums)
        for at, name in enumerate(good.names):
            if not _is_money(good, name):
                continue
            text = f"{good.header[at]}（{unit}）"
            one = {} if factor is None else _one_scaled(good, name, factor)
            yield replace(good, what=text, header=_with(good.header, at, text), sums=one)


def _one_scaled(good: File, name: str, factor: Decimal) -> dict[str, Decimal]:
    both = {"money_in", "money_out"} if name == "amount" and good.table == "bank_txn" else {name}
    return {one: total * factor if one in both else total for one, total in good.sums.items()}
