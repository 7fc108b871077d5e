"""Stories of the ledger rules: defects and look-alikes.

Not here: the ordinary books (see `books`, `ledgers`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sample_data.make import days
from sample_data.make.books import CHART
from sample_data.make.names import shown_name

if TYPE_CHECKING:
    from sample_data.make.county import County, Kind

OLD_FROM = date(2021, 6, 1)
MOVED_ON = date(2023, 1, 1)
PROJECT = "困难职工帮扶专项"


def add_ledger_stories(county: County) -> None:
    """Write the lines, vouchers and receipts of the stories."""
    _one_side_only(county)
    _special_fund(county)
    _to_people(county)
    _without_receipt(county)
    _booked_twice(county)


def _note(county: County, rule: str, kind: Kind, party: str, **facets: Any) -> None:  # noqa: ANN401
    county.plant(rule, kind, party, **facets)


def _one_side_only(county: County) -> None:
    books, printer = county.books, "示例市样本印刷有限公司"
    books.bank_line(date(2024, 7, 18), Decimal("-1500.00"), printer, "资料印刷费")
    _note(county, "LED-01", "defect", printer, period="2024-07-18", direction="verify",
          amount="1500.00", why="银行付出1500.00元，账上没有凭证")  # fmt: skip
    county.plant("LED-01", "consequence", "国家金库示例县支库", period="2024-10-16",
                 direction="verify", amount="4321.00", why="与REM-12是同一笔到账")  # fmt: skip
    slow = Decimal("1380.00")
    books.bank_line(date(2024, 9, 12), -slow, printer, "宣传册印刷费")
    day = date(2024, 9, 14)
    books.voucher(day, "宣传册印刷费", [("5060202", slow)], [("10201", slow)], printer)
    _note(county, "LED-01", "look_alike", printer, period="2024-09-12", direction="verify",
          amount=slow, why="银行付款后第二天记账，金额、对方相同")  # fmt: skip
    mender = "示例市样本维修有限公司"
    ghost = Decimal("950.00")
    books.voucher(date(2024, 8, 22), "空调维修费", [("5060202", ghost)], [("10201", ghost)], mender)
    _note(county, "LED-02", "defect", mender, period="2024-08-22", direction="verify",
          amount=ghost, why="账上付出950.00元，银行没有这一笔")  # fmt: skip
    first, second = Decimal("700.00"), Decimal("610.00")
    books.bank_line(date(2024, 10, 22), -(first + second), mender, "两项维修费合并支付")
    for part, what in ((first, "门窗维修费"), (second, "水管维修费")):
        books.voucher(date(2024, 10, 22), what, [("5060202", part)], [("10201", part)], mender)
    _note(county, "LED-02", "look_alike", mender, period="2024-10-22", direction="verify",
          amount=second, why="两张凭证合并支付，银行一笔1310.00元")  # fmt: skip


def _special_fund(county: County) -> None:
    books, whole, other = county.books, Decimal("20000.00"), Decimal("3000.00")
    start = len(books.entries)
    books.receive(date(2024, 3, 12), "示例市总工会", "帮扶专项资金", [("40302", whole)])
    used, shop = Decimal("12000.00"), "示例县样本超市有限公司"
    books.pay(date(2024, 9, 20), shop, "困难职工慰问品", [("50405", used)])
    books.pay(date(2024, 11, 6), "示例市样本家具有限公司", "办公室维修", [("5060202", other)])
    for entry in books.entries[start:]:
        entry["project"] = PROJECT
    _note(county, "LED-04", "defect", PROJECT, direction="verify", amount=other,
          why="帮扶专项3000.00元用于行政支出/维修费")  # fmt: skip
    _note(county, "LED-04", "look_alike", PROJECT, direction="verify", amount=used,
          why="帮扶专项12000.00元用于送温暖支出")  # fmt: skip


def _to_people(county: County) -> None:
    person, other = county.names.person(), county.names.person()
    day = date(2024, 11, 12)
    county.books.pay(day, person, "活动劳务费", [("50405", Decimal("3200.00"))])
    _note(county, "LED-05", "defect", shown_name(person), period="2024-11-12", direction="verify",
          amount="3200.00", why="3200.00元付给个人，超过结算起点1000元")  # fmt: skip
    county.books.pay(day, other, "住院慰问金", [("50405", Decimal("800.00"))])
    _note(county, "LED-05", "look_alike", shown_name(other), period="2024-11-12",
          direction="verify", amount="800.00", why="慰问金800.00元，不到结算起点")  # fmt: skip
    paid = next(r for r in county.tables["training_payment"] if r["class_no"] == "PX202404")
    _note(county, "LED-05", "consequence", shown_name(paid["payee"]),
          period=paid["paid_on"].isoformat(), direction="verify", amount=paid["amount"],
          why="TRN-18付给个人的培训补助")  # fmt: skip


def _without_receipt(county: County) -> None:
    payer, back = county.payers["R12"], county.payers["R14"]
    for row in county.tables["tax_collection"]:
        if row["payer_uscc"] == payer.uscc and row["period_from"] == date(2024, 7, 1):
            row["receipt_no"] = None
        if row["payer_uscc"] == back.uscc and row["paid"] < 0:
            row["receipt_no"] = None
    county.plant("LED-06", "defect", payer, period="2024-07", direction="verify",
                 why="7月经费没有专用收据号")  # fmt: skip
    county.plant("LED-06", "look_alike", back, period="2024-02", direction="verify",
                 why="冲正行本来就没有收据")  # fmt: skip


def _booked_twice(county: County) -> None:
    books, firm = county.books, "示例市样本物业有限公司"
    for amount, day, again in (
        ("420.00", date(2024, 8, 20), 1),
        ("430.00", date(2024, 9, 20), 1),
        ("-430.00", date(2024, 9, 24), 0),
    ):
        for _ in range(again + 1):
            value = Decimal(amount)
            books.voucher(
                day, f"计提{day:%m月}物业费", [("5060202", value)], [("21502", value)], firm
            )
    _note(county, "LED-07", "defect", firm, period="2024-08-20", direction="verify",
          amount="420.00", why="同一天同一内容的凭证记了两次")  # fmt: skip
    _note(county, "LED-07", "look_alike", firm, period="2024-09-20", direction="verify",
          amount="430.00", why="重复的一张已用红字冲销")  # fmt: skip


def add_old_balances(county: County) -> None:
    """Write the history of two balances: one unmoved since June 2021, one moved in January 2023."""
    month = OLD_FROM
    while month <= days.LEDGER_MONTHS[-1]:
        for code, was, moved, side in (
            ("13502", Decimal("8600.00"), Decimal(0), "借"),
            ("21503", Decimal("5200.00"), Decimal("400.00"), "贷"),
        ):
            before = was if month <= MOVED_ON else was + moved
            credit = moved if month == MOVED_ON else Decimal(0)
            county.add(
                "gl_balance",
                month=month,
                account_code=code,
                account_name=CHART[code],
                opening=before,
                debit=Decimal(0),
                credit=credit,
                closing=before + credit,
                side=side,
            )
        month = days.add_months(month, 1)
    county.plant("LED-03", "defect", CHART["13502"], direction="verify", amount="8600.00",
                 why="其他应收款8600.00元自2021年6月以来没有变动")  # fmt: skip
    county.plant("LED-03", "look_alike", CHART["21503"], direction="verify", amount="5600.00",
                 why="2023年1月还有变动，不满36个月")  # fmt: skip
