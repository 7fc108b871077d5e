"""Random counties: small, each with parties, classes, cards and leases that no other has.

Here: drawing the rows of one county from its number. Not here: what must hold of them (`once`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sample_data.make import codes

Row = dict[str, Any]
Tables = dict[str, list[Row]]
#: No event of a county is later.
AS_OF = date(2025, 6, 30)


def draw(number: int, seed: int) -> Tables:
    """Return the rows of one county, by table; the same for the same number and seed."""
    county = _Draw(number, Random(f"{seed} {number}"))  # noqa: S311 (data, not secrets)
    county.fees()
    county.classes()
    county.cards()
    county.leases()
    return county.tables


class _Draw:
    def __init__(self, number: int, random: Random) -> None:
        self.number, self.random = number, random
        self.tables: Tables = {}

    def add(self, table: str, **values: Any) -> Row:
        row = {name: value for name, value in values.items() if value is not None}
        self.tables.setdefault(table, []).append(row)
        return row

    def luck(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def one(self, *values: Any) -> Any:
        return self.random.choice(values)

    def money(self, low: int, high: int) -> Decimal:
        """Return an amount, as often round as not; units: whole yuan in, yuan out."""
        if self.luck(40):
            return Decimal(self.random.randint(low // 100 + 1, high // 100 + 1) * 100)
        return Decimal(self.random.randint(low * 100, high * 100)) / 100

    def day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.random.randrange((last - first).days + 1))

    # -- fees, preparation funds, refunds

    def fees(self) -> None:
        """One or two employers with months paid, missed, repeated and sent back."""
        for place in range(self.random.randint(1, 2)):
            at = self.number * 2 + place
            code, name = codes.uscc("91", 100_000 + at), f"示例县随机{at}号公司"
            who = {"payer_uscc": code, "payer_name": name}
            self.add(
                "payer",
                **who,
                opened_on=self.one(None, date(2020, 1, 1), date(2023, 9, 15)),
                cancelled_on=_month(16)[0] if self.luck(20) else None,
                size_class=self.one(None, "小型", "微型", "中型"),
                headcount=self.one(None, 10, 24, 300),
                budget_funded=self.one(None, False, False, True),
                collection_mode=self.one(None, "全额代收", "全额代收", "部分代收"),
                prep_listed_on=_month(1)[0] if self.luck(20) else None,
            )
            if self.luck(70):
                self._union(at, who)
            if self.luck(40):
                day = date(2022, 12, 31)
                self.add("prep_opening", **who, as_of=day, balance=self.money(0, 3000))
            if self.luck(30):
                self.add("prep_opening", **who, as_of=date(2021, 12, 31), balance=Decimal(0))
            wages = self.money(30_000, 90_000)
            if self.luck(60):
                for month in range(9 if self.luck(50) else 15):
                    self.add("payroll", **who, month=_month(month)[0], wages=wages)
            self._payments(who, wages)
            self._transfers(who)
            for year in (2023, 2024):
                if self.luck(40):
                    outcome = self.one("通过", "通过", "退回", "审核中")
                    on = date(year + 1, 2, 1)
                    self.add(
                        "refund_application",
                        **who,
                        policy="small-2023-2024",
                        year=year,
                        applied_on=on,
                        outcome=outcome,
                    )
                if self.luck(30):
                    self.add(
                        "payer_year",
                        **who,
                        year=year,
                        size_class=self.one("小型", "中型"),
                        headcount=self.one(None, 24, 80),
                    )

    def _union(self, at: int, who: Row) -> None:
        account = codes.account(10_000 + at) if self.luck(70) else None
        founded = _month(self.random.randrange(15))[0]
        self.add(
            "union_org",
            **who,
            union_name=f"{who['payer_name']}工会委员会",
            founded_on=founded,
            account_no=account,
            account_opened_on=founded + timedelta(days=20) if account and self.luck(50) else None,
        )

    def _payments(self, who: Row, wages: Decimal) -> None:
        usual = (wages / 50).quantize(Decimal("0.01"))
        for _ in range(self.random.randrange(7)):
            first, last = _month(self.random.randrange(15))
            if self.luck(30):
                first, last = self.one(
                    (date(2023, 1, 1), date(2023, 12, 31)), (date(2024, 1, 1), date(2024, 12, 31))
                )
            elif self.luck(15):
                last = _month(min(14, self.random.randrange(15)))[1]
                first = min(first, date(last.year, last.month, 1))
            paid = usual if self.luck(60) else self.money(1, 2_000)
            row = {
                **who,
                "item": self.one("工会经费", "工会经费", "建会筹备金"),
                "period_from": first,
                "period_to": last,
                "paid": paid,
                "base": wages if self.luck(50) else None,
                "rate": self.one(None, Decimal("0.02"), Decimal("0.008")),
                "treasury_on": min(AS_OF, self.day(last, last + timedelta(days=60))),
                "voucher_no": f"V{self.number}-{self.random.randrange(12)}",
                "channel": self.one(None, "税务", "税务", "直接上缴"),
            }
            self.add("tax_collection", **row)
            if self.luck(20):
                again = row if self.luck(30) else {**row, "voucher_no": f"{row['voucher_no']}A"}
                self.add("tax_collection", **again)
            if self.luck(20):
                back = paid if self.luck(70) else paid / 2
                back = -back.quantize(Decimal("0.01"))
                later = min(AS_OF, row["treasury_on"] + timedelta(days=self.one(0, 5, 90)))
                number = f"{row['voucher_no']}R"
                self.add(
                    "tax_collection",
                    **{**row, "paid": back, "voucher_no": number, "treasury_on": later},
                )

    def _transfers(self, who: Row) -> None:
        for place in range(self.random.randrange(6)):
            first, last = _month(self.random.randrange(15)) if self.luck(60) else (None, None)
            kind = self.one("基层回拨", "筹备金返还", "小微返还", "小额返还")
            row = {
                **who,
                "transfer_no": f"T{self.number}-{who['payer_uscc'][-5:]}-{place}",
                "kind": kind,
                "policy": "small-2023-2024" if kind == "小微返还" and self.luck(40) else None,
                "payee_name": f"{who['payer_name']}工会委员会",
                "amount": self.money(1, 3_000),
                "paid_on": self.day(date(2023, 2, 1), date(2025, 3, 31)),
                "period_from": first,
                "period_to": last,
            }
            self.add("fund_transfer", **row)
            if self.luck(15):
                self.add("fund_transfer", **{**row, "transfer_no": f"{row['transfer_no']}A"})
            if self.luck(25):
                amount = row["amount"] if self.luck(70) else min(row["amount"], Decimal(50))
                later = min(AS_OF, row["paid_on"] + timedelta(days=self.one(0, 3, 90)))
                back = {"amount": -amount, "paid_on": later}
                self.add(
                    "fund_transfer", **{**row, "transfer_no": f"{row['transfer_no']}R", **back}
                )

    # -- training

    def classes(self) -> None:
        """Up to three classes with people of every doubtful kind; some people in several."""
        people = [
            codes.id_no(date(year, 5, 1 + self.number % 28), self.number % 500, is_woman=woman)
            for year in (1955, 1966, 1985, 1990, 2009)
            for woman in (True, False)
        ]
        for place in range(self.random.randrange(4)):
            self._class(f"C{self.number}-{place}", people)
        for person in self.random.sample(people, self.random.randrange(4)):
            self.add(
                "person_status",
                id_no=person,
                from_on=self.one(date(2020, 1, 1), date(2024, 4, 1)),
                status=self.one("财政供养", "死亡", "在校学生", "其他部门已补贴", "服刑"),
                trade="焊工",
                level="初级",
            )

    def _class(self, class_no: str, people: list[str]) -> None:
        starts = self.day(date(2024, 3, 1), date(2024, 5, 31))
        standard = self.one(None, Decimal(800), Decimal("333.33"), self.money(100, 900))
        heads = self.random.randrange(7)
        self.add(
            "training_class",
            class_no=class_no,
            provider="示例学校",
            employer="示例单位",
            trade="焊工",
            level=self.one("初级", "中级"),
            starts_on=starts,
            ends_on=starts + timedelta(days=5),
            planned_hours=self.one(None, 16, 40),
            approved_heads=self.one(None, heads, self.random.randrange(7)),
            standard=standard,
        )
        listed = self.random.sample(people, min(len(people), max(0, heads + self.one(-1, 0, 0, 1))))
        if listed and self.luck(15):
            listed.append(listed[0])
        own = self.luck(20)
        for person in listed:
            self.add(
                "trainee",
                class_no=class_no,
                name="学员",
                id_no=person,
                is_member=self.one(None, True, True, False),
                passed=self.one(None, True, False),
                hours=self.one(None, 10, 40),
                post_type=self.one(None, "工人", "干部"),
                subsidy=self.money(0, 900) if own or self.luck(10) else None,
            )
        due = heads * (standard or Decimal(500))
        for part in self.one(
            (), ("1",), ("1",), ("0.7", "0.3"), ("0.5", "0.5"), ("1", "1"), ("2",)
        ):
            off = self.one(Decimal(0), Decimal(0), self.money(1, 900), -self.money(1, 300))
            amount = max(Decimal(0), (due * Decimal(part)).quantize(Decimal("0.01")) + off)
            share = self.one(heads, heads, heads // 2)
            paid_on = starts + timedelta(days=self.one(2, 30, 40, 60))
            self.add(
                "training_payment",
                class_no=class_no,
                payee="示例学校",
                heads=share,
                amount=amount,
                paid_on=paid_on,
                standard=standard if self.luck(30) else None,
            )
            if self.luck(10):
                self.add(
                    "training_payment",
                    class_no=class_no,
                    payee="示例学校",
                    heads=share,
                    amount=-amount,
                    paid_on=paid_on + timedelta(days=1),
                )
        for _ in range(self.random.randrange(5)):
            self.add(
                "training_expense",
                class_no=class_no,
                amount=self.money(-50, 900),
                category=self.one("教材", "场地", "餐费", "住宿"),
                spent_on=starts + timedelta(days=self.random.randrange(-30, 90)),
                method=self.one(None, "转账", "现金"),
                invoice_no=self.one(None, f"F{self.random.randrange(9)}"),
            )

    # -- fuel

    def cards(self) -> None:
        """Up to two cars and three cards, one of them perhaps in no register."""
        cars = [f"宁{letter}{self.number:05d}" for letter in "YZ"[: self.random.randint(1, 2)]]
        for plate in cars:
            self.add(
                "vehicle",
                plate=plate,
                fuel_type=self.one("92", "0号柴油", "纯电动", None),
                tank_l=self.one(None, 50, 60),
                norm_l_100km=9,
                owner_unit="示例单位",
                status=self.one(None, "在用", "封存"),
                disposed_on=self.one(None, None, date(2024, 5, 20)),
                sealed_on=self.one(None, None, None, date(2024, 6, 1)),
            )
        for place in range(self.random.randint(1, 3)):
            self._card(codes.fuel_card(self.number * 3 + place), self.one(*cars))

    def _card(self, card: str, plate: str) -> None:
        if self.luck(80):
            status = self.one("正常", "正常", "挂失", "停用", "注销")
            self.add(
                "fuel_card",
                card_no=card,
                plate=plate,
                status=status,
                owner_unit="示例单位",
                opened_on=self.one(None, date(2024, 1, 1), date(2024, 5, 10)),
                closed_on=None if status == "正常" else self.one(None, date(2024, 6, 1)),
            )
        moment = datetime(2024, 5, 6, 8)  # noqa: DTZ001 (as in the tables)
        balance = Decimal(5000)
        for place in range(self.random.randrange(8)):
            moment += timedelta(minutes=self.one(0, 10, 25, 300, 3000, 40_000))
            litres = self.random.randint(1, 120)
            amount = Decimal(litres) * self.one(Decimal("7.50"), Decimal("8.13"))
            kind = self.one("加油", "加油", "加油", "非油品", "退款", "充值")
            balance += amount if kind in {"退款", "充值"} else -amount
            shop = kind == "非油品"
            row = self.add(
                "fuel_txn",
                card_no=card,
                txn_at=moment,
                kind=kind,
                litres=None if shop else litres,
                product=self.one("洗车", "食品")
                if shop
                else self.one("92号汽油", "0号柴油", "95号汽油", None),
                amount=amount,
                balance=balance if self.luck(50) else None,
                plate=self.one(plate, plate, None),
                odometer=self.one(None, 1000 + 100 * place, 1000),
                serial_no=f"S{self.random.randrange(6)}",
                station=self.one(None, "示例站"),
            )
            if self.luck(10):
                self.add("fuel_txn", **row)
            if self.luck(10):
                self.add("fuel_txn", **{**row, "amount": -amount, "serial_no": "R"})
            if kind == "加油" and self.luck(15):
                self.add(
                    "fuel_reimbursement",
                    plate=plate,
                    spent_on=moment.date(),
                    amount=self.money(10, 400),
                    invoice_no=f"F{self.random.randrange(4)}",
                    method=self.one(None, "现金", "公务卡"),
                )
        for month in range(self.random.randrange(4)):
            self.add(
                "fuel_balance",
                card_no=card,
                month=date(2024, 5 + month, 1),
                opening=self.money(0, 900),
                closing=self.money(0, 900),
                reserve=self.one(None, Decimal(0), self.money(1, 500)),
            )

    # -- leases

    def leases(self) -> None:
        """Up to three leases of two assets, with whatever was received for them."""
        for place in range(self.random.randrange(4)):
            lease_no = f"L{self.number}-{place}"
            starts = self.day(date(2022, 6, 1), date(2024, 6, 1))
            ends = self.one(
                date(starts.year + 1, starts.month, min(starts.day, 28)),
                self.day(starts + timedelta(days=20), date(2025, 12, 31)),
            )
            deposit = self.one(None, Decimal(1000), self.money(1, 3000))
            self.add(
                "lease",
                lease_no=lease_no,
                asset_no=f"A{self.number}-{self.random.randrange(2)}",
                tenant=self.one("甲商行", "乙商行"),
                starts_on=starts,
                ends_on=ends,
                annual_rent=self.money(900, 40_000),
                pay_months=self.one(None, 1, 3, 6, 12),
                deposit=deposit,
                deposit_returned=self.one(None, Decimal(0), deposit, Decimal(400)),
                relief=self.one(None, None, self.money(1, 2_000)),
                handed_back_on=self.one(None, ends, self.day(starts, AS_OF), AS_OF),
            )
            for _ in range(self.random.randrange(5)):
                on = self.day(starts, max(starts, date(2025, 5, 31)))
                first = self.day(starts, ends) if self.luck(30) else None
                self.add(
                    "lease_receipt",
                    lease_no=lease_no,
                    received_on=on,
                    covers_from=first,
                    amount=self.money(10, 20_000),
                    covers_to=min(ends, first + timedelta(days=89)) if first else None,
                )


def _month(number: int) -> tuple[date, date]:
    """Return the first and the last day of a month counted from January 2023."""
    first = date(2023 + number // 12, number % 12 + 1, 1)
    following = date(2023 + (number + 1) // 12, (number + 1) % 12 + 1, 1)
    return first, following - timedelta(days=1)
