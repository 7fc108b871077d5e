"""Stories of the remittance rules: for each, one defect and one case that only looks like it.

`plan_remittance` twists the fee year before it runs; `after_remittance` adds what stands outside of
it. Not here: the ordinary year (see `fees`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sample_data.make import codes, days
from sample_data.make.county import SELF_NAME, yuan
from sample_data.make.fees import PREP, TREASURY
from sample_data.make.parties import new_union

if TYPE_CHECKING:
    from sample_data.make.county import County
    from sample_data.make.fees import FeePlan, Twist


def _month(number: int) -> date:
    return date(2024, number, 1)


def _twist(plan: FeePlan, key: str, number: int) -> Twist:
    return plan.payments[key, _month(number)]


def plan_remittance(county: County, plan: FeePlan) -> None:
    """Twist the fee year of payers R01 to R22 and of four batches, and note what was planted."""
    _missing(county, plan)
    _underpaid(county, plan)
    _late(county, plan)
    _wrong_item(county, plan)
    _batches(county, plan)
    _passed_back(county, plan)
    _twice(county, plan)
    _jurisdiction_and_drop(county, plan)
    _wrong_account(county, plan)


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


def _batches(county: County, plan: FeePlan) -> None:
    plan.batches[_month(9)].bank_short = Decimal("1000.00")
    county.plant(
        "REM-05",
        "defect",
        SELF_NAME,
        period="2024-09",
        direction="verify",
        amount="1000.00",
        why="清算批次QS20240901应到账金额比银行实际到账多1000.00元",
    )
    plan.batches[_month(5)].bank_short = Decimal("0.80")
    county.plant(
        "REM-05",
        "look_alike",
        SELF_NAME,
        period="2024-05",
        direction="verify",
        amount="0.80",
        why="批次QS20240501相差0.80元，在分成尾差容差1.00元以内",
    )
    plan.batches[_month(11)].remit_short = Decimal("5000.00")
    county.plant(
        "REM-08",
        "defect",
        SELF_NAME,
        period="2024-11",
        direction="remit_up",
        amount="5000.00",
        why="11月清算的上级分成少上解5000.00元",
    )
    plan.batches[_month(6)].remit_short = Decimal("1.00")
    county.plant(
        "REM-08",
        "look_alike",
        SELF_NAME,
        period="2024-06",
        direction="remit_up",
        amount="1.00",
        why="少上解1.00元，正好等于尾差容差",
    )
    plan.batches[_month(8)].remit_short = Decimal("-2000.00")
    county.plant(
        "REM-09",
        "defect",
        SELF_NAME,
        period="2024-08",
        direction="verify",
        amount="2000.00",
        why="8月清算的上级分成多上解2000.00元",
    )
    plan.batches[_month(4)].remit_short = Decimal("-0.50")
    county.plant(
        "REM-09",
        "look_alike",
        SELF_NAME,
        period="2024-04",
        direction="verify",
        amount="0.50",
        why="多上解0.50元，在尾差容差以内",
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
        [("22502", Decimal("1260.00"))],
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
            if key == "B01" and month.month == 5:
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
        period="2024-05",
        direction="pay_in",
        amount="2400.00",
        why="部分代收单位，5月缴了上级40%，本单位工会账户没有收到60%（2400.00元）",
    )
    county.plant(
        "REM-14",
        "look_alike",
        county.payers["B02"],
        period="2024-05",
        direction="pay_in",
        amount="2520.00",
        why="税务明细里只有0.8%，另外60%在本单位工会对账单上足额到账",
    )
