"""Stories of settled money: batches on the bank, pass-backs, remittances upward.

`plan_handing_on` twists the fee year before it runs; `after_remittance` adds what stands outside of
it. Not here: what employers pay (see `remittance`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sample_data.make import codes, days
from sample_data.make.county import SELF_NAME, yuan
from sample_data.make.fees import TREASURY

if TYPE_CHECKING:
    from sample_data.make.county import County
    from sample_data.make.fees import FeePlan, Twist


def _month(number: int) -> date:
    return date(2024, number, 1)


def _twist(plan: FeePlan, key: str, number: int) -> Twist:
    return plan.payments[key, _month(number)]


def plan_handing_on(county: County, plan: FeePlan) -> None:
    """Twist four batches and the pass-backs of R09 to R12, R21 and R22."""
    _batches(county, plan)
    _passed_back(county, plan)
    _wrong_account(county, plan)


def _batches(county: County, plan: FeePlan) -> None:
    for rule, kind, month, place, short, direction, why in (
        ("REM-05", "defect", 9, "bank_short", "1000.00", "verify",
         "清算批次QS20240901应到账金额比银行实际到账多1000.00元"),
        ("REM-05", "look_alike", 5, "bank_short", "0.80", "verify",
         "批次QS20240501相差0.80元，在分成尾差容差1.00元以内"),
        ("REM-08", "defect", 11, "remit_short", "5000.00", "remit_up",
         "11月清算的上级分成少上解5000.00元"),
        ("REM-08", "look_alike", 6, "remit_short", "1.00", "remit_up",
         "少上解1.00元，正好等于尾差容差"),
        ("REM-09", "defect", 8, "remit_short", "-2000.00", "verify",
         "8月清算的上级分成多上解2000.00元"),
        ("REM-09", "look_alike", 4, "remit_short", "-0.50", "verify",
         "多上解0.50元，在尾差容差以内"),
    ):  # fmt: skip
        setattr(plan.batches[_month(month)], place, Decimal(short))
        county.plant(
            rule,
            kind,
            SELF_NAME,
            period=f"2024-{month:02d}",
            direction=direction,
            amount=short.lstrip("-"),
            why=why,
        )


def _passed_back(county: County, plan: FeePlan) -> None:
    _twist(plan, "R09", 10).passed_back = []
    county.plant(
        "REM-06",
        "defect",
        county.payers["R09"],
        period="2024-10",
        direction="give_back",
        amount="1800.00",
        why="10月缴3000.00元，60%基层留成1800.00元至今没有回拨",
    )
    _twist(plan, "R10", 10).passed_back = [Decimal("1000.00"), Decimal("800.00")]
    county.plant(
        "REM-06",
        "look_alike",
        county.payers["R10"],
        period="2024-10",
        direction="give_back",
        amount="800.00",
        why="分两笔回拨1000.00元和800.00元，合计足额",
    )
    _twist(plan, "R11", 4).passed_back = [Decimal("2100.00")]
    county.plant(
        "REM-07",
        "defect",
        county.payers["R11"],
        period="2024-04",
        direction="recover",
        amount="300.00",
        why="4月应回拨1800.00元，实拨2100.00元",
    )
    _twist(plan, "R12", 4).passed_back = [Decimal("1800.01")]
    county.plant(
        "REM-07",
        "look_alike",
        county.payers["R12"],
        period="2024-04",
        direction="recover",
        amount="0.01",
        why="多拨0.01元，正好等于容差",
    )


def _wrong_account(county: County, plan: FeePlan) -> None:
    _twist(plan, "R21", 6).payee_account = codes.account(4999)
    county.plant(
        "REM-15",
        "defect",
        county.payers["R21"],
        period="2024-06",
        direction="verify",
        amount="1800.00",
        why="6月回拨1800.00元付到名册以外的账号",
    )
    union = county.payers["R22"].union
    if union is not None:
        _twist(plan, "R22", 6).payee_name = union.account_name.replace("有限公司", "有限责任公司 ")
    county.plant(
        "REM-15",
        "look_alike",
        county.payers["R22"],
        period="2024-06",
        direction="verify",
        amount="1800.00",
        why="户名只差“有限责任公司”与“有限公司”和一个空格，账号相同",
    )


def after_remittance(county: County) -> None:
    """Add the stories that are not part of the monthly run: REM-12 and REM-14."""
    county.books.bank_line(
        date(2024, 10, 16), Decimal("4321.00"), TREASURY, "更正退库款", party_account=None
    )
    county.plant(
        "REM-12",
        "defect",
        TREASURY,
        period="2024-10-16",
        direction="verify",
        amount="4321.00",
        why="国库转入4321.00元，账上至今没有凭证",
    )
    late = county.payers["A01"]
    county.books.receive(
        date(2024, 12, 30),
        late.name,
        "职工互助金",
        [("21502", Decimal("1260.00"))],
        booked_on=date(2025, 1, 3),
    )
    county.plant(
        "REM-12",
        "look_alike",
        late,
        period="2024-12-30",
        direction="verify",
        amount="1260.00",
        why="年末到账，次年1月3日入账，仍在月末后15日内",
    )
    _own_share_of_basic_unions(county)


def _own_share_of_basic_unions(county: County) -> None:
    for key in ("B01", "B02"):
        payer = county.payers[key]
        if payer.union is None or payer.union.account_no is None:
            continue
        county.books.names[payer.union.account_no] = payer.union.account_name
        for month in days.MONTHS:
            if key == "B01" and month.month == 12:
                continue
            day = days.due_day(days.month_end(month))
            county.books.bank_line(
                day,
                yuan(payer.wages * Decimal("0.012")),
                payer.name,
                f"拨缴{month:%Y年%m月}工会经费60%",
                own=payer.union.account_no,
            )
    county.plant(
        "REM-14",
        "defect",
        county.payers["B01"],
        period="2024-12",
        direction="pay_in",
        amount="2400.00",
        why="部分代收单位，12月缴了上级40%，本单位工会账户没有收到60%（2400.00元）",
    )
    county.plant(
        "REM-14",
        "look_alike",
        county.payers["B02"],
        period="2024-12",
        direction="pay_in",
        amount="2520.00",
        why="税务明细里只有0.8%，另外60%在本单位工会对账单上足额到账",
    )
