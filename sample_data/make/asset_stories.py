"""Stories of the asset rules and of large payments: defects and look-alikes.

Not here: ordinary assets and leases (see `assets`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sample_data.make.assets import Lease, add_lease, add_repair, decide, dispose
from sample_data.make.books import PALACE
from sample_data.make.county import SELF_NAME

if TYPE_CHECKING:
    from sample_data.make.county import County, Kind, Row

SHORT, LONG = (date(2023, 1, 1), date(2024, 12, 31)), (date(2024, 1, 1), date(2026, 12, 31))
HALF = date(2024, 7, 1)


def _lease(number: int, term: tuple[date, date], annual: int, months: int = 12) -> Lease:
    return Lease(
        lease_no=f"ZL{term[0].year}-{number}",
        asset=number,
        tenant=f"示例县承租样本{number}商行",
        area=60,
        starts_on=term[0],
        ends_on=term[1],
        annual=annual,
        months=months,
        deposit=annual // 10,
        misbooked=HALF if number == 20 else None,
    )


def _note(  # noqa: PLR0913, PLR0917 - a line of the list: reads best in one row
    county: County,
    rule: str,
    kind: Kind,
    item: Lease,
    why: str,
    direction: str = "",
    amount: str | None = None,
) -> None:
    text = f"{item.lease_no}：{why}"
    county.plant(rule, kind, item.tenant, direction=direction, amount=amount, why=text)


def add_asset_stories(county: County) -> None:
    """Write the leases, assets, repairs and payments of the stories."""
    _ended(county)
    _unpaid(county)
    _how_let(county)
    _how_long(county)
    _cheap_or_misbooked(county)
    _things(county)
    _large_payments(county)


def _hand_back(county: County, row: Row, item: Lease, day: date, *, returned: bool) -> None:
    row["handed_back_on"] = day
    if returned:
        deposit = Decimal(item.deposit)
        row["deposit_returned"] = deposit
        summary = f"退押金{item.lease_no}"
        county.books.pay(day, item.tenant, summary, [("21501", deposit)], own=PALACE)


def _ended(county: County) -> None:
    stays = _lease(11, SHORT, 24000)
    add_lease(county, stays)
    _note(county, "AST-02", "defect", stays, "2024-12-31到期未收回，占用181天：24000×181/365",
          "recover", "11901.37")  # fmt: skip
    left = _lease(12, SHORT, 24000)
    _hand_back(county, add_lease(county, left), left, date(2024, 12, 31), returned=True)
    _note(county, "AST-02", "look_alike", left, "同日到期，当天收回", "recover")
    _note(county, "AST-09", "look_alike", left, "收回时押金已退", "clear_out", "2400.00")
    kept = _lease(13, (date(2023, 7, 1), date(2024, 6, 28)), 26000)
    _hand_back(county, add_lease(county, kept), kept, date(2024, 6, 28), returned=False)
    _note(county, "AST-09", "defect", kept, "2024-06-28已收回，押金2600.00元没有退", "clear_out",
          "2600.00")  # fmt: skip


def _unpaid(county: County) -> None:
    owing, relieved = _lease(14, LONG, 30000, 6), _lease(15, LONG, 30000, 6)
    add_lease(county, owing, unpaid=(HALF,))
    _note(county, "AST-03", "defect", owing, "2024年下半年租金15000.00元没有收", "recover",
          "15000.00")  # fmt: skip
    add_lease(county, relieved, unpaid=(HALF,))["relief"] = Decimal(15000)
    _note(county, "AST-03", "look_alike", relieved, "同一期租金已批准减免", "recover", "15000.00")


def _how_let(county: County) -> None:
    agreed = _lease(16, LONG, 18000)
    add_lease(county, agreed)["tender"] = "协议"
    _note(county, "AST-04", "defect", agreed, "三年租约，协议出租，没有公开招租", "verify",
          "18000.00")  # fmt: skip
    short = _lease(17, (date(2024, 5, 1), date(2024, 7, 31)), 24000, 3)
    row = add_lease(county, short)
    row["tender"] = "协议"
    _hand_back(county, row, short, date(2024, 7, 31), returned=True)
    _note(county, "AST-04", "look_alike", short, "协议出租，但租期正好三个月", "verify", "24000.00")


def _how_long(county: County) -> None:
    long = _lease(18, (date(2024, 1, 1), date(2031, 12, 31)), 15000)
    add_lease(county, long)
    _note(county, "AST-05", "defect", long, "租期八年，超过五年", "verify")
    five = _lease(19, (date(2024, 1, 1), date(2028, 12, 31)), 15000)
    add_lease(county, five)
    _note(county, "AST-05", "look_alike", five, "租期正好五年", "verify")


def _cheap_or_misbooked(county: County) -> None:
    hidden = _lease(20, LONG, 12000, 6)
    add_lease(county, hidden)
    _note(county, "AST-07", "defect", hidden, "2024年下半年租金6000.00元记入其他应付款", "verify",
          "6000.00")  # fmt: skip
    _note(county, "AST-07", "look_alike", hidden, "押金1200.00元记入其他应付款是对的", "verify",
          "1200.00")  # fmt: skip
    cheap, edge = _lease(21, LONG, 14000), _lease(22, LONG, 16800)
    for item in (cheap, edge):
        add_lease(county, item)["appraisal"] = Decimal(24000)
    _note(
        county,
        "AST-08",
        "defect",
        cheap,
        "年租金14000元，评估价24000元，不到70%，已执行547天",
        "verify",
        "14986.30",
    )
    _note(county, "AST-08", "look_alike", edge, "年租金16800元，正好是24000元的70%", "verify")


def _things(county: County) -> None:
    missing = county.tables["asset_count"][8]
    missing["found"], missing["location"] = False, None
    county.plant("AST-01", "defect", SELF_NAME, direction="verify", amount="7600.00",
                 why="ZC00009投影仪盘点未见，原值7600.00元")  # fmt: skip
    county.plant("AST-01", "look_alike", SELF_NAME, direction="verify", amount="9800.00",
                 why="ZC00050旧打印机不在盘点表，但已处置")  # fmt: skip
    dispose(county, 51, "旧复印机", Decimal(6600))
    county.plant("AST-10", "defect", SELF_NAME, period="2024-05-22",
                 direction="verify", amount="6600.00",
                 why="ZC00051旧复印机已处置，没有审批文号，也没有处置收入")  # fmt: skip
    dispose(county, 52, "旧传真机", Decimal(1800), approval_no="示总处〔2024〕3号")
    county.plant("AST-10", "look_alike", SELF_NAME, period="2024-05-22",
                 direction="verify", amount="1800.00",
                 why="ZC00052旧传真机经批准报废，没有残值收入")  # fmt: skip


def _large_payments(county: County) -> None:
    payee = add_repair(county, 2, Decimal("52000.00"), None)
    decide(county, 2, "羽毛球馆修缮工程", 52000, payee)
    county.plant("AST-06", "defect", SELF_NAME, direction="verify", amount="52000.00",
                 why="XS2024-02付款52000.00元，已决算，没有入账")  # fmt: skip
    payee = add_repair(county, 4, Decimal("49999.99"), None)
    county.plant("AST-06", "look_alike", SELF_NAME, direction="verify", amount="49999.99",
                 why="XS2024-04付款49999.99元，不到50000.00元")  # fmt: skip
    county.plant("GOV-01", "look_alike", payee, period="2024-10-10", direction="verify",
                 amount="49999.99", why="付款49999.99元，不到50000.00元，不需要决议")  # fmt: skip
    supplier = "示例市样本文体用品有限公司"
    amount = Decimal("60000.00")
    county.books.pay(date(2024, 11, 20), supplier, "职工运动会器材", [("50405", amount)])
    county.plant("GOV-01", "defect", supplier, period="2024-11-20", direction="verify",
                 amount=amount, why="付款60000.00元，没有会议决议")  # fmt: skip
    absent = decide(county, 8, "文化宫一层商铺重新招租方案", 0, "")
    absent |= {"amount": None, "payee": None, "inspector_present": False}
    county.plant("GOV-01", "defect", SELF_NAME, period="2024-06-12",
                 why="DZ2024-08三重一大议题，派驻纪检组没有列席")  # fmt: skip
