"""Lists of tax offices, unions, schools and asset systems under headers that others than we chose.

One row a layout; what must be read stands beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.base.models import Intake

USCC, UNION = "91990102C029954AE9", "81990102188399FC8D"
ID = "99010219890214973X"

READ: dict[str, tuple[str, str, str, str]] = {
    "a tax payment with three levels and its period in one cell": (
        "入库明细",
        "纳税人识别号,纳税人名称,征收项目,征收品目,征收子目,税款所属期,计税依据,税率,应纳税额,实缴税额,入库日期,税票号码",
        f"{USCC},甲,工会经费,工会经费,工会筹备金,2024-01-01至2024-03-31,100,0.02,2,2,2024-04-03,3990",
        "tax_collection item=建会筹备金 period_from=2024-01-01 period_to=2024-03-31 paid=2.00",
    ),
    "a tax payment with one month": (
        "x",
        "缴款单位名称,缴款金额,入库日期,票证号码,费款所属期,征收品目",
        "甲,2,2024-04-03,399,2024-02,工会经费",
        "tax_collection period_from=2024-02-01 period_to=2024-02-29 paid=2.00 item=工会经费",
    ),
    "what is paid goes before what is to be paid": (
        "x",
        "缴费人名称,征收品目,所属期起,所属期止,应补(退)费额,实缴费额,入库日期,电子税票号码",
        "甲,工会经费,20240101,20240131,9,2,2024-02-03,399",
        "tax_collection paid=2.00 period_to=2024-01-31",
    ),
    "the insurance office's list": (
        "社保缴费名单",
        "单位名称,统一社会信用代码,缴费年月,缴费人数,缴费工资总额",
        f"甲,{USCC},202401,5,100",
        "payroll month=2024-01-01 wages=100.00 headcount=5 evidence=社保基数",
    ),
    "the tax office's list of withheld tax": (
        "个人所得税扣缴申报汇总",
        "扣缴义务人名称,税款所属月份,人数,收入合计",
        "甲,2024-01,5,100",
        "payroll month=2024-01-01 wages=100.00 evidence=个税申报",
    ),
    "a plain payroll": (
        "工资表",
        "企业名称,纳税人识别号,年月,人数,应发合计",
        f"甲,{USCC},2024年1月,5,100",
        "payroll payer_name=甲 wages=100.00",
    ),
    "transfers whose kind the title says": (
        "2024年一季度工会经费回拨表",
        "序号,缴费单位,工会名称,账号,回拨金额,拨付时间",
        "1,甲,甲工会,99001234,100,2024-03-05",
        "fund_transfer kind=基层回拨 payee_name=甲工会 payee_account=99001234 amount=100.00",
    ),
    "remittances upward": (
        "经费上解台账",
        "上解日期,收款单位,上解金额,所属期",
        "2024-03-05,市总,100,2024年1-3月",
        "fund_transfer kind=上解 period_from=2024-01-01 period_to=2024-03-31 paid_on=2024-03-05",
    ),
    "returned preparation funds": (
        "建会筹备金返还明细",
        "单位名称,返还金额,返还日期,收款单位",
        "甲,100,2024-03-05,甲工会",
        "fund_transfer kind=筹备金返还 amount=100.00",
    ),
    "a settlement": (
        "经费分成",
        "结算批次,结算日期,税票号码,缴费单位名称,实缴金额,全国总工会,省总工会,市总工会,县总工会,基层工会",
        "1,2024-03-05,39,甲,100,5,5,10,20,60",
        "settlement gross=100.00 to_acftu=5.00 to_county=20.00 to_basic=60.00",
    ),
    "a class with its days in one cell": (
        "培训班台账",
        "班次编号,班次名称,承训机构,培训时间,核定人数,总课时",
        "P1,电工班,校,2024年3月5日至3月9日,40,60",
        "training_class starts_on=2024-03-05 ends_on=2024-03-09 approved_heads=40",
    ),
    "a subsidy": (
        "培训补贴拨付表",
        "培训机构,班次编号,培训人数,补贴标准(元/人),补贴金额(元),拨付时间",
        "校,P1,40,800,32000,2024-05-01",
        "training_payment payee=校 heads=40 standard=800.00 amount=32000.00 paid_on=2024-05-01",
    ),
    "unions with months only": (
        "基层工会台账",
        "基层工会名称,单位名称,统一社会信用代码,成立时间,换届时间,会员人数",
        f"甲工会,甲,{USCC},2016年3月,2022年6月,5",
        f"union_org payer_uscc={USCC} founded_on=2016-03-31 elected_on=2022-06-30 members=5",
    ),
    "a union's own code": (
        "工会台账",
        "工会名称,统一社会信用代码,成立日期",
        f"甲工会,{UNION},2016-03-02",
        f"union_org union_uscc={UNION} founded_on=2016-03-02",
    ),
    "members": (
        "会员花名册",
        "会员姓名,身份证号码,所在工会,入会时间,会员状态",
        f"安,{ID},甲工会,2016/3/2,正常",
        "member union_name=甲工会 joined_on=2016-03-02 status=正常",
    ),
    "a lease with its days in one cell": (
        "房屋出租台账",
        "合同号,承租人,租赁期限,年租金(元),租赁保证金",
        "Z1,乙,2023年1月1日至2025年12月31日,12000,1000",
        "lease starts_on=2023-01-01 ends_on=2025-12-31 annual_rent=12000.00 deposit=1000.00",
    ),
    "rents with their months in one cell": (
        "租金收缴台账",
        "合同编号,收款时间,实收租金,租金所属期",
        "Z1,2024-01-15,1000,2024-01-01～2024-03-31",
        "lease_receipt amount=1000.00 covers_from=2024-01-01 covers_to=2024-03-31",
    ),
    "assets": (
        "资产明细",
        "卡片编号,资产名称,资产分类,购置日期,价值,累计折旧（摊销）,使用状况",
        "A1,电脑,设备,2020-01-02,100,5,在用",
        "asset original_value=100.00 depreciation=5.00 acquired_on=2020-01-02 status=在用",
    ),
    "findings": (
        "整改清单",
        "序号,存在问题,责任人,完成时限,涉及金额（万元）",
        "1,漏缴,贝,2024-06-30,1.5",
        "rectification finding_no=1 description=漏缴 amount=15000.00 due_on=2024-06-30",
    ),
    "payers": (
        "企业名册",
        "企业名称,统一社会信用代码,所在乡镇,单位性质,职工人数,成立时间",
        f"甲,{USCC},镇,企业,5,2016-01-01",
        "payer region=镇 payer_class=企业 headcount=5 opened_on=2016-01-01",
    ),
}

ASKED: dict[str, tuple[str, str, str, str]] = {
    "a share under a name that is not known": (
        "分成清算表",
        "清算批次,清算日期,缴费单位,入库金额,某级,省总,市总,县总,基层留成",
        "1,2024-03-05,甲,100.00,5.00,5.00,10.00,20.00,60.00",
        "各级分成相加少于入库金额，而列E“某级”",
    ),
    "a declaration is no payment": (
        "申报明细",
        "纳税人识别号,纳税人名称,品目名称,所属期起,所属期止,计税金额,税率,应补(退)税额,申报日期",
        f"{USCC},甲,工会经费,2024-01-01,2024-01-31,100,0.02,2,2024-02-03",
        "实缴金额、入库日期",
    ),
    "wages of persons are no unit's": (
        "个税",
        "姓名,证件号码,税款所属期,本期收入,扣缴义务人名称",
        f"安,{ID},202401,100,甲",
        "每人一行",
    ),
    "a rent of which period": (
        "出租台账",
        "合同编号,承租方,起租日期,到期日期,月租金(元)",
        "Z1,乙,2023-01-01,2025-12-31,1000",
        "年租金",
    ),
    "wages by quarter": (
        "2024年工资总额",
        "单位名称,一季度,二季度,三季度,四季度",
        "甲,1,2,3,4",
        "按季度",
    ),
    "a title of two kinds of transfers": (
        "经费上解及回拨台账",
        "单位名称,收款单位,拨付金额,拨付日期",
        "甲,乙,1,2024-01-05",
        "拨付类型",
    ),
    "a bank journal of no account": (
        "银行存款日记账",
        "日期,凭证字号,摘要,对方科目,借方金额,贷方金额,余额",
        "2024-03-01,记-1,x,402,5,,5",
        "科目编码、科目名称",
    ),
    "a list of vouchers without accounts": (
        "凭证列表",
        "制单日期,凭证编号,摘要,借方金额合计,贷方金额合计",
        "2024-03-01,记-1,x,5,5",
        "科目编码、科目名称",
    ),
    "turnovers without balances": (
        "2024年3月科目汇总表",
        "科目编码,科目名称,借方发生额,贷方发生额",
        "101,现金,5,6",
        "期初余额、期末余额",
    ),
}


def take(case: tuple[str, str, str, str], load: Callable[..., Intake]) -> Intake:
    title, head, row, _ = case
    width = head.count(",") + 1
    return load([[title, *[""] * (width - 1)], head.split(","), *[row.split(",")] * 3])


@pytest.mark.parametrize("name", READ)
def test_a_list_is_read(name: str, load: Callable[..., Intake]) -> None:
    found = take(READ[name], load)
    table, *expected = READ[name][3].split(" ")
    assert (list(found.tables), found.rejected.height) == ([table], 0)
    row = found.tables[table].row(0, named=True)
    for one in expected:
        column, value = one.split("=")
        assert (column, str(row[column])) == (column, value)
    given = set(found.sheets[0].columns.values())
    assert {one.split("=")[0] for one in expected} <= given


@pytest.mark.parametrize("name", ASKED)
def test_what_cannot_be_known_is_asked(name: str, load: Callable[..., Intake]) -> None:
    found = take(ASKED[name], load)
    assert found.tables == {}
    assert ASKED[name][3] in (*found.questions, *found.notes)[0].zh


def ledger_of(*blocks: tuple[str, bool], load: Callable[..., Intake]) -> Intake:
    """A detail ledger of several accounts, each with or without its header again."""
    head = ["日期", "凭证号", "摘要", "借方", "贷方", "方向", "余额"]
    rows: list[list[str]] = [["明细账"]]
    for account, again in blocks:
        rows += [[f"科目：{account}"], *([head] if again else [])]
        rows += [[f"2024-03-0{day}", f"记-{day}", "x", "5", "", "借", "9"] for day in (1, 2)]
    return load([[*row, *[""] * (7 - len(row))] for row in rows])


def test_each_account_of_a_detail_ledger_keeps_its_entries(load: Callable[..., Intake]) -> None:
    found = ledger_of(("102 银行存款", True), ("101 库存现金", True), load=load)
    codes = found.tables["gl_entry"]["account_code"].to_list()
    assert codes == ["102", "102", "101", "101"]


def test_another_account_without_a_header_of_its_own_is_asked(load: Callable[..., Intake]) -> None:
    found = ledger_of(("102 银行存款", True), ("101 库存现金", False), load=load)
    assert found.tables == {}
    assert "第6行起是另一个科目" in found.questions[0].zh
    assert "row 6 begins another" in found.questions[0].en
