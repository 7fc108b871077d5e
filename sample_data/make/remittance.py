"""Stories of the remittance rules: for each, one defect and one case that only looks like it.

Not here: the ordinary year (see `fees`) and what happens to the money (see `handing_on`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sample_data.make.fees import PREP
from sample_data.make.parties import new_union

if TYPE_CHECKING:
    from sample_data.make.county import County
    from sample_data.make.fees import FeePlan, Twist


def _month(number: int) -> date:
    return date(2024, number, 1)


def _twist(plan: FeePlan, key: str, number: int) -> Twist:
    return plan.payments[key, _month(number)]


def plan_remittance(county: County, plan: FeePlan) -> None:
    """Twist the fee year of payers R01 to R18, and note what was planted."""
    _missing(county, plan)
    _underpaid(county, plan)
    _late(county, plan)
    _wrong_item(county, plan)
    _twice(county, plan)
    _jurisdiction_and_drop(county, plan)


def _missing(county: County, plan: FeePlan) -> None:
    payer = county.payers["R01"]
    _twist(plan, "R01", 7).skip = True
    county.plant(
        "REM-01",
        "defect",
        payer,
        period="2024-07",
        direction="pay_in",
        amount="2560.00",
        why="有工会、有工资表（128000.00元），7月没有任何入库记录：2%×128000.00",
    )
    closed = county.payers["R02"]
    closed.cancelled_on = date(2024, 6, 20)
    county.plant(
        "REM-01",
        "look_alike",
        closed,
        period="2024-07",
        direction="pay_in",
        why="7月起没有缴费，但单位已于2024-06-20注销",
    )
    county.plant(
        "REM-01",
        "look_alike",
        county.payers["F01"],
        period="2024-03",
        direction="pay_in",
        why="财政拨款单位，经费由财政划拨，本来就不在税务明细里",
    )
    county.plant(
        "REM-01",
        "look_alike",
        county.payers["K01"],
        period="2024-02",
        direction="pay_in",
        why="按季申报，2月没有单独的一行，由2024-01..2024-03一行覆盖",
    )


def _underpaid(county: County, plan: FeePlan) -> None:
    payer = county.payers["R03"]
    _twist(plan, "R03", 3).paid = [Decimal("2000.00")]
    county.plant(
        "REM-02",
        "defect",
        payer,
        period="2024-03",
        direction="pay_in",
        amount="640.00",
        why="工资表132000.00元，按100000.00元申报：2%×132000.00−2000.00",
    )
    _twist(plan, "R04", 3).paid = [Decimal("2999.99")]
    county.plant(
        "REM-02",
        "look_alike",
        county.payers["R04"],
        period="2024-03",
        direction="pay_in",
        amount="0.01",
        why="少缴0.01元，正好等于容差，不报",
    )


def _late(county: County, plan: FeePlan) -> None:
    _twist(plan, "R05", 8).treasury_on = date(2024, 9, 20)
    county.plant(
        "REM-03",
        "defect",
        county.payers["R05"],
        period="2024-08",
        why="8月经费期限9月15日逢中秋顺延至9月18日，9月20日才入库；未启用滞纳金，无金额",
    )
    _twist(plan, "R06", 5).treasury_on = date(2024, 6, 17)
    county.plant(
        "REM-03",
        "look_alike",
        county.payers["R06"],
        period="2024-05",
        why="6月15日是星期六，期限顺延至6月17日，当天入库",
    )
    _twist(plan, "R06", 1).treasury_on = date(2024, 2, 18)
    county.plant(
        "REM-03",
        "look_alike",
        county.payers["R06"],
        period="2024-01",
        why="2月15日在春节假期内，期限顺延至2月18日（调休上班的星期日），当天入库",
    )


def _wrong_item(county: County, plan: FeePlan) -> None:
    for key, number in (("R07", 201), ("R08", 202)):
        payer = county.payers[key]
        payer.opened_on = date(2022, 11, 8)
        payer.union = new_union(county, number, payer.name, date(2024, 3, 25))
        payer.union.elected_on = date(2024, 3, 25)
        payer.union.account_opened_on = date(2024, 4, 2)
    _twist(plan, "R07", 5).item = PREP
    county.plant(
        "REM-04",
        "defect",
        county.payers["R07"],
        period="2024-05",
        direction="give_back",
        amount="3120.00",
        why="2024-03-25已建会，5月仍按建会筹备金征收5200.00元：60%应回拨工会",
    )
    county.plant(
        "REM-04",
        "look_alike",
        county.payers["R08"],
        period="2024-03",
        direction="give_back",
        amount="3120.00",
        why="2024-03-25建会，3月当月仍缴筹备金是对的，次月起才缴工会经费",
    )


def _twice(county: County, plan: FeePlan) -> None:
    whole, half = Decimal("3000.00"), Decimal("1500.00")
    twice = _twist(plan, "R13", 2)
    twice.paid, twice.passed_back = [whole, whole], [Decimal("1800.00")]
    county.plant(
        "REM-10",
        "defect",
        county.payers["R13"],
        period="2024-02",
        direction="clear_out",
        amount="3000.00",
        why="2月经费以两张税票各缴3000.00元，没有冲正",
    )
    reversed_ = _twist(plan, "R14", 2)
    reversed_.paid, reversed_.passed_back = [whole, whole, -whole], [Decimal("1800.00")]
    county.plant(
        "REM-10",
        "look_alike",
        county.payers["R14"],
        period="2024-02",
        direction="clear_out",
        amount="3000.00",
        why="重复缴纳后已用负数行冲正",
    )
    _twist(plan, "R15", 2).paid = [half, half]
    county.plant(
        "REM-10",
        "look_alike",
        county.payers["R15"],
        period="2024-02",
        direction="clear_out",
        amount="1500.00",
        why="分两次各申报一半，合计正好是应缴的3000.00元",
    )
    _twist(plan, "R15", 8).listed_again = True
    county.plant(
        "REM-10",
        "look_alike",
        county.payers["R15"],
        period="2024-08",
        direction="clear_out",
        amount="3000.00",
        why="同一张税票在导出文件里出现两次，是一笔钱（数据质量问题，不是重复缴纳）",
    )


def _jurisdiction_and_drop(county: County, plan: FeePlan) -> None:
    stray = county.payers["R16"]
    stray.affiliation = "示例省总工会直属产业工会"
    county.plant(
        "REM-11",
        "defect",
        stray,
        direction="verify",
        amount="36000.00",
        why="名册写明隶属省总直属产业工会，经费却由本县代收",
    )
    unknown = county.payers["R19"]
    unknown.affiliation = None
    county.plant(
        "REM-11",
        "look_alike",
        unknown,
        direction="verify",
        why="名册的所属工会栏空白，空白不等于隶属别处",
    )
    for number in range(9, 13):
        twist = _twist(plan, "R17", number)
        twist.wages, twist.paid = Decimal(60000), [Decimal("1200.00")]
        fewer = _twist(plan, "R18", number)
        fewer.wages, fewer.paid = Decimal(60000), [Decimal("1200.00")]
        fewer.headcount = 11
    county.plant(
        "REM-13",
        "defect",
        county.payers["R17"],
        period="2024-09",
        direction="verify",
        amount="1800.00",
        why="9月起每月由3000.00元降到1200.00元（降幅60%），职工人数没有变化",
    )
    county.plant(
        "REM-13",
        "look_alike",
        county.payers["R18"],
        period="2024-09",
        direction="verify",
        why="同样的降幅，但职工人数由28人减到11人",
    )
