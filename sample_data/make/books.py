"""Bank statement and general ledger of the county, kept together so that they always tie.

`receive` and `pay` write a bank line and its voucher in one go; the rare planted line that exists
on one side only goes through `bank_line` or `voucher`. Not here: why money moves.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sample_data.make.codes import account
from sample_data.make.days import LEDGER_MONTHS

if TYPE_CHECKING:
    from datetime import date


MAIN = account(1)
PALACE = account(2)
BANK_CODES = {MAIN: "10201", PALACE: "10202"}
CHART = {
    "10201": "银行存款/工会经费户",
    "10202": "银行存款/工人文化宫户",
    "13501": "其他应收款/加油卡预存款",
    "13502": "其他应收款/示例县旧样本服务部",
    "162": "固定资产",
    "211": "应付上级经费",
    "21202": "应付下级经费/应付下级转拨经费",
    "21501": "其他应付款/租赁押金",
    "21502": "其他应付款/代收职工互助金",
    "21503": "其他应付款/示例县旧样本合作社",
    "21504": "其他应付款/建会筹备金",
    "30104": "资产基金/固定资产",
    "32205": "工会资金结余/累计结余",
    "402": "拨缴经费收入",
    "40301": "上级补助收入/一般性转移支付补助",
    "40302": "上级补助收入/专项转移支付补助",
    "40801": "其他收入/租金收入",
    "40802": "其他收入/资产处置收入",
    "50201": "职工活动组织支出/职工教育支出",
    "50405": "维权支出/送温暖支出",
    "5060201": "行政支出/商品和服务支出/公务用车运行维护费",
    "5060202": "行政支出/商品和服务支出/维修（护）费",
    "50801": "补助下级支出/小额缴费返还",
}
DEBIT_SIDE = ("1", "5")
Row = dict[str, Any]
Leg = tuple[str, Decimal]


@dataclass
class Books:
    """Bank lines, vouchers and opening balances."""

    lines: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    openings: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    bank_openings: dict[str, Decimal] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    _serials: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    _vouchers: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    def bank_line(
        self,
        day: date,
        amount: Decimal,
        party: str,
        summary: str,
        *,
        own: str = MAIN,
        party_account: str | None = None,
    ) -> str:
        """Write a line on a bank statement only.

        Args:
            day: Day of the line.
            amount: Yuan; positive is money in, negative is money out.
            party: Name of the other side.
            summary: Purpose as the bank prints it.
            own: Own account number.
            party_account: Account of the other side.

        Returns:
            The line's serial number.
        """
        self._serials[day] += 1
        serial = f"{day:%Y%m%d}{self._serials[day]:06d}"
        self.lines.append(
            {
                "account_no": own,
                "account_name": self.names.get(own),
                "posted_on": day,
                "serial_no": serial,
                "money_in": amount if amount > 0 else None,
                "money_out": -amount if amount < 0 else None,
                "party_name": party,
                "party_account": party_account,
                "summary": summary,
            }
        )
        return serial

    def voucher(
        self, day: date, summary: str, debits: list[Leg], sources: list[Leg], party: str
    ) -> str:
        """Write a voucher only.

        Args:
            day: Voucher date.
            summary: Text of every line.
            debits: Account code and yuan.
            sources: Credit side: account code and yuan; both sides add up to the same.
            party: Name of the other side.

        Returns:
            The voucher number.
        """
        if sum(leg[1] for leg in debits) != sum(leg[1] for leg in sources):
            raise ValueError(summary, debits, sources)
        self._vouchers[day.replace(day=1)] += 1
        number = f"记-{self._vouchers[day.replace(day=1)]:04d}"
        legs: list[tuple[str, Decimal | None, Decimal | None]] = [
            (code, value, None) for code, value in debits
        ]
        legs += [(code, None, value) for code, value in sources]
        for line_no, (code, debit, credit) in enumerate(legs, start=1):
            self.entries.append(
                {
                    "entry_on": day,
                    "voucher_no": number,
                    "line_no": line_no,
                    "summary": summary,
                    "account_code": code,
                    "account_name": CHART[code],
                    "debit": debit,
                    "credit": credit,
                    "aux_party": party,
                }
            )
        return number

    def receive(  # noqa: PLR0913 - a bank line and its voucher
        self,
        day: date,
        party: str,
        summary: str,
        sources: list[Leg],
        *,
        own: str = MAIN,
        booked_on: date | None = None,
        party_account: str | None = None,
    ) -> str:
        """Take money in: a bank line and its voucher.

        Args:
            day: Day on the bank statement.
            party: Who pays.
            summary: Purpose on both papers.
            sources: Credit side: account code and yuan.
            own: Own account number.
            booked_on: Voucher date when it is not the bank's day.
            party_account: Account of the payer.

        Returns:
            The bank line's serial number.
        """
        total = sum((leg[1] for leg in sources), Decimal(0))
        serial = self.bank_line(day, total, party, summary, own=own, party_account=party_account)
        self.voucher(booked_on or day, summary, [(BANK_CODES[own], total)], sources, party)
        return serial

    def pay(
        self,
        day: date,
        party: str,
        summary: str,
        debits: list[Leg],
        *,
        own: str = MAIN,
        party_account: str | None = None,
    ) -> str:
        """Pay money out: a bank line and its voucher.

        Args:
            day: Day on both papers.
            party: Who is paid.
            summary: Purpose on both papers.
            debits: Account code and yuan.
            own: Own account number.
            party_account: Account of the payee.

        Returns:
            The bank line's serial number.
        """
        total = sum((leg[1] for leg in debits), Decimal(0))
        serial = self.bank_line(day, -total, party, summary, own=own, party_account=party_account)
        self.voucher(day, summary, debits, [(BANK_CODES[own], total)], party)
        return serial

    def statement(self) -> list[Row]:
        """Return the bank lines by account and day, with running balances."""
        balances = dict(self.bank_openings)
        rows = sorted(self.lines, key=lambda row: (row["account_no"], row["serial_no"]))
        for row in rows:
            own = row["account_no"]
            moved = (row["money_in"] or Decimal(0)) - (row["money_out"] or Decimal(0))
            balances[own] = balances.get(own, Decimal(0)) + moved
            row["balance"] = balances[own]
        return rows

    def trial_balance(self) -> list[Row]:
        """Return one row per month and account that ever had a balance or a movement."""
        moved: dict[tuple[date, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 2)
        for entry in self.entries:
            sums = moved[entry["entry_on"].replace(day=1), entry["account_code"]]
            moved[entry["entry_on"].replace(day=1), entry["account_code"]] = [
                sums[0] + (entry["debit"] or Decimal(0)),
                sums[1] + (entry["credit"] or Decimal(0)),
            ]
        codes = sorted({code for _, code in moved} | {c for c, v in self.openings.items() if v})
        rows = []
        for code in codes:
            is_debit = code.startswith(DEBIT_SIDE)
            balance = self.openings[code]
            for month in LEDGER_MONTHS:
                debit, credit = moved[month, code]
                closing = balance + (debit - credit if is_debit else credit - debit)
                side = "平" if closing == 0 else ("借" if is_debit else "贷")
                rows.append(
                    {
                        "month": month,
                        "account_code": code,
                        "account_name": CHART[code],
                        "opening": balance,
                        "debit": debit,
                        "credit": credit,
                        "closing": closing,
                        "side": side,
                    }
                )
                balance = closing
        return sorted(rows, key=lambda row: (row["month"], row["account_code"]))
