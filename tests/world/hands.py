"""Statements as hands, small banks and shops leave them: what any reader takes for granted.

Here: days on their first row only, years of two digits, days before months, totals without a word
or with spaced words, marks before texts. Not here: the banks' own layouts (`banks`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.world.banks import movements
from tests.world.form import Form, Record, laid, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OWN = ("账号：9900375412345678",)
_DAYS = ("2024-03-02", "2024-03-02", "2024-03-02", "2024-03-05", "2024-03-05", "2024-03-13", "2024-03-25")  # fmt: skip
_PLAIN = "交易日期=day|摘要=us|收入=in|支出=out|余额=bal|对方户名=pn"
_BARE = "交易日期=day|摘要=us|收入=in|支出=out|对方户名=pn"


def _moves() -> list[Record]:
    """Return movements of four days, each day also as it is written in other ways."""
    made = []
    for at, (move, d) in enumerate(zip(movements(), _DAYS, strict=True)):
        year, month, day = d.split("-")
        made.append({
            **move, "d": d, "first": "" if at and _DAYS[at - 1] == d else d,
            "M": "" if at else "3", "D": "" if at and _DAYS[at - 1] == d else str(int(day)),
            "yy": f"{year[2:]}.{month}.{day}", "dmy": f"{day}/{month}/{year}",
            "mdy": f"{month}/{day}/{year}", "in+": move["in0"],
            "out-": "0" if move["out0"] == "0.00" else f"-{move['out0']}",
            "`sz": f"`{move['sz']}", "`abs": f"`{move['abs']}", "`d": f"`{d} 09:00:00",
        })  # fmt: skip
    return made


def _form(name: str, header: str, day: str = "d", *, moves: Sequence[Record] = (),
          above: str = "", below: Sequence[Record] = ()) -> Form:  # fmt: skip
    rows = moves or _moves()
    lines = laid(header.replace("=day", f"={day}"), [*rows, *below])
    head = [_OWN, *([(above,)] if above else [])]
    sums = {"money_in": total(rows, "in"), "money_out": total(rows, "out")}
    return Form(name, (*head, *lines), "bank_txn", len(rows), sums,
                {"posted_on": frozenset(one["d"] for one in rows)})  # fmt: skip


def by_hand() -> Iterator[Form]:
    """Yield statements that any reader reads without doubt."""
    rows = _moves()
    sums = {"in": str(total(rows, "in")), "out": str(total(rows, "out"))}
    yield _form("a day stands on its first row", _PLAIN, "first")
    yield _form("month and day on their first rows", f"月=M|日=D|{_PLAIN.split('|', 1)[1]}",
                above="2024年")  # fmt: skip
    for label in ("过 次 页", "承 前 页", "本 月 合 计", "3月份收入支出合计(元)"):
        yield _form(f"a day on its first row, and {label}", _PLAIN, "first",
                    below=[{"us": label, **sums, "bal": rows[-1]["bal"]}])  # fmt: skip
    yield _form("a total without a word", _PLAIN, below=[sums])
    yield _form("a total without a word, under a day", _BARE, below=[{"d": "2024-03-31", **sums}])
    period = "起止日期：2024年3月1日至2024年3月31日"
    yield _form("two digits of the year, within the period", _PLAIN, "yy", above=period)
    yield _form("the day before the month", _PLAIN, "dmy")
    yield _form("the month before the day", _PLAIN, "mdy")
    yield _form(
        "signs in the headers",
        "发生时间=d|收入金额（+元）=in+|支出金额（-元）=out-|账户余额（元）=bal|对方户名=pn",
    )
    yield _form(
        "a grave accent before each text", "记账时间=`d|收支类型=`sz|收支金额(元)=`abs|备注=us"
    )
    paid = [one for one in rows if one["in"]]
    same = {**paid[-1], "in": str(total(paid, "in")), "us": "", "pn": ""}
    yield _form(
        "a last payer who paid the sum of all", _BARE, moves=[*paid, {**same, "pn": "辛厂"}]
    )
    yield _form(
        "a last row with a balance of its own", _PLAIN, moves=[*paid, {**same, "bal": "1.00"}]
    )


def in_doubt() -> Iterator[Form]:
    """Yield statements of which the days cannot be known: nothing may be claimed."""
    yield Form("two digits, no period", _form("", _PLAIN, "yy").lines, None)
    early = [one for one in _moves() if one["d"] < "2024-03-13"]
    yield Form("no day beyond 12", _form("", _PLAIN, "dmy", moves=early).lines, None)
    mixed = [{**one, "dmy": one["d"]} if one in early[:3] else one for one in _moves()]
    yield Form("some days of another form", _form("", _PLAIN, "dmy", moves=mixed).lines, None)


def set_aside() -> Iterator[tuple[Form, int]]:
    """Yield statements some of whose rows have no day that is certain, and how many."""
    rows = _moves()
    yield _form("newest first", _PLAIN, "first", moves=list(reversed(rows))), 3
    lone = [{**one, "first": "" if at == 5 else f"2024-03-{at + 2:02d}"}
            for at, one in enumerate([*movements(), *movements()])]  # fmt: skip
    yield _form("one day missing among many", _PLAIN, "first", moves=lone), 1
    twice = [{**one, "first": one["d"] if at < 2 else one["first"]} for at, one in enumerate(rows)]
    yield _form("a day written twice", _PLAIN, "first", moves=twice), 2
