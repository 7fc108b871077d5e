"""Lists of tax and insurance offices, oil companies, schools, unions and asset systems.

Here: per kind of list one set of records and the headers that programs and offices give them. Not
here: statements and books (`banks`, `books`), the comparison.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from tests.world.form import Form, Merge, Record, laid, total, two_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_CODES = ("91990102C029954AE9", "81990102188399FC8D", "91990102C029954AE9")
_IDS = ("99010219890214973X", "99010219900307321X", "990102198503121236")


def _records() -> list[Record]:
    """Return three records with the cells of all lists, in all the ways that offices write them."""
    made: list[Record] = []
    for at in range(3):
        base, paid, day = Decimal(f"{10 + at}2345.60"), Decimal(f"{at + 2}04.1{at}"), at + 3
        made.append({
            "n": str(at + 1), "unit": f"{'甲乙丙'[at]}有限公司", "code": _CODES[at], "union": f"{'甲乙丙'[at]}有限公司工会",
            "item": "工会经费", "prep": "建会筹备金", "from": "2024-01-01", "to": "2024-01-31", "from8": "20240101",
            "to8": "20240131", "span": "2024-01-01至2024-01-31", "span2": "2024年1月1日-2024年1月31日", "mon": "2024-01",
            "mon6": "202401", "monz": "2024年1月", "y": "2024", "m": "1", "base": str(base), "basec": f"{base:,.2f}",
            "rate": "0.02", "pct": "2%", "due": str(paid), "paid": str(paid), "paidy": f"￥{paid}",
            "d": f"2024-02-0{day}", "d8": f"2024020{day}", "dz": f"2024年2月{day}日", "dt": f"2024-02-0{day} 10:1{at}:00",
            "no": f"3990162400000{at:05d}", "office": "样本县税务局", "heads": str(at + 4), "wages": str(base),
            "w1": f"{at + 1}000.10", "w2": f"{at + 2}000.20", "w3": f"{at + 3}000.30", "w": f"{at * 3 + 6}000.60",
            "y1": "11.11", "batch": "2024-01", "acftu": "5.00", "prov": "5.00", "city": "10.00", "county": "20.00",
            "basic": "60.00", "gross": "100.00", "fee": "0.00", "acc": f"99006222000{at}4567", "bank": "样本银行",
            "amount": f"{at + 1}500.25", "kind": "基层回拨", "sn": f"S2024{at:04d}",
            "card": f"10001111000000001{at}3", "plate": f"桂A1234{at}", "holder": f"{'安博陈'[at]}某", "fuel": "92号汽油",
            "l": f"{at + 20}.50", "price": "7.50", "famt": f"{at + 150}.75", "fbal": f"{at + 800}.25", "fkind": "加油",
            "spend": "消费", "station": "样本加油站", "point": "15", "off": "0.00",
            "cls": "PX2024-01", "cname": "电工培训班", "school": "样本职业学校", "person": f"{'安博陈'[at]}小{'一二三'[at]}",
            "id": _IDS[at], "sex": "男" if at % 2 else "女", "trade": "电工", "lvl": "初级", "hours": "40", "pass": "合格",
            "cert": f"Z{at:04d}", "std": "800.00", "nheads": "40", "camt": "32000.00", "c1": "2024-03-05", "c2": "2024-03-25",
            "cspan": "2024-03-05至2024-03-25", "asset": f"ZC{at:04d}", "aname": f"{('房屋', '电脑', '桌椅')[at]}",
            "value": f"{at + 5}0000.00", "dep": f"{at + 1}000.00", "net": f"{at + 4}9000.00", "acq": "2020-01-02",
            "lease": f"ZL{at:03d}", "rent": f"{at + 1}2000.00", "dpst": "1000.00", "l1": "2023-01-01", "l2": "2025-12-31",
            "lspan": "2023年1月1日至2025年12月31日", "rcpt": f"{at + 1}000.00", "founded": "2016-03-02",
            "members": str(at + 30), "workers": str(at + 40), "phone": "", "town": "样本镇", "mode": "公开招租",
        })  # fmt: skip
    return made


class List(NamedTuple):
    """A list: its table, title, header, which key holds each sum and each value to be read."""

    table: str | None
    title: str
    header: str
    sums: str = ""
    values: str = ""


LISTS: dict[str, List] = {
    # tax offices
    "golden tax 4": List("tax_collection", "工会经费征收明细", "序号=n|社会信用代码（纳税人识别号）=code|纳税人名称=unit|主管税务所（科、分局）=office|征收项目=item|征收品目=item|税款所属期起=from|税款所属期止=to|计税（费）依据=basec|税（费）率=rate|应补（退）税（费）额=due|实缴金额=paid|缴款日期=d|入库日期=d|电子税票号码=no", "paid base", "period_from=from period_to=to treasury_on=d voucher_no=no"),
    "tax: one period cell": List("tax_collection", "代收工会经费入库清册", "缴费人识别号=code|缴费人名称=unit|征收品目=item|费款所属期=span|计费依据=base|费率=pct|应缴费额=due|实缴费额=paid|入库日期=d8|票证号码=no", "paid", "period_from=from period_to=to"),
    "tax: month": List("tax_collection", "工会经费代征明细表", "单位名称=unit|统一社会信用代码=code|品目=item|所属月份=monz|工资总额=base|实缴金额（元）=paid|入库日期=dz|完税凭证号=no", "paid base", "period_from=from period_to=to treasury_on=d"),
    "tax: preparation": List("tax_collection", "建会筹备金入库明细", "纳税人识别号=code|纳税人名称=unit|征收项目=item|征收品目=prep|所属时期起=from8|所属时期止=to8|计税依据=base|征收率=rate|实缴税额=paidy|入库时间=dt|税票号=no", "paid", "treasury_on=d"),
    "tax: nothing paid yet": List(None, "申报明细查询", "纳税人识别号=code|纳税人名称=unit|征收品目=item|税款所属期起=from|税款所属期止=to|计税依据=base|应纳税额=due|申报日期=d"),
    "tax: settlement beside": List("settlement", "工会经费分成清算表", "批次=batch|清算日期=d|电子税票号码=no|缴费单位=unit|入库金额=gross|全总(5%)=acftu|省总(5%)=prov|市总(10%)=city|县总(20%)=county|基层(60%)=basic|手续费=fee", "gross to_acftu=acftu to_province=prov to_city=city to_county=county to_basic=basic"),
    "settlement, two lines": List("settlement", "工会经费分成表", "清算批次=batch|清算日期=d|缴费单位=unit|入库金额=gross|分成金额[全总=acftu|省总=prov|市总=city|县总=county|基层留成=basic]", "gross to_acftu=acftu to_city=city to_basic=basic"),
    # wages
    "payroll": List("payroll", "2024年1月工资总额", "序号=n|单位名称=unit|统一社会信用代码=code|所属月份=mon|职工人数=heads|工资总额（元）=wages", "wages", "month=from"),
    "payroll, year and month": List("payroll", "职工工资总额台账", "单位=unit|税号=code|年度=y|月份=m|人数=heads|应发工资合计=wages", "wages", "month=from"),
    "payroll, months across": List("payroll", "2024年职工工资总额", "序号=n|单位名称=unit|统一社会信用代码=code|1月=w1|2月=w2|3月=w3|合计=w", "wages=w"),
    "payroll, months across, words": List("payroll", "2024年度工资总额统计表", "企业名称=unit|纳税人识别号=code|一月=w1|二月=w2|三月=w3|一季度小计=w", "wages=w"),
    "payroll, months with year": List("payroll", "工资总额", "单位名称=unit|统一社会信用代码=code|2024年1月=w1|2024年2月=w2|2024年3月=w3", "wages=w"),
    "insurance base": List("payroll", "社会保险缴费工资申报名单", "单位编号=n|单位名称=unit|统一社会信用代码=code|费款所属期=mon6|参保人数=heads|缴费工资总额=wages", "wages", "month=from evidence=社保基数"),
    "insurance by kinds": List("payroll", "城镇职工养老保险缴费明细", "参保单位名称=unit|统一社会信用代码=code|缴费年月=mon6|缴费人数=heads|单位缴费基数合计=wages", "wages", "evidence=社保基数"),
    "withheld income tax": List("payroll", "个人所得税扣缴申报汇总表", "扣缴义务人名称=unit|扣缴义务人纳税人识别号=code|税款所属期=mon|申报人数=heads|收入额合计=wages", "wages", "evidence=个税申报"),
    "withheld, by person": List(None, "个人所得税扣缴申报表", "序号=n|姓名=person|证件号码=id|所得项目=kind|本期收入=wages|累计收入=w|税款所属期=mon"),
    "payslip": List(None, "2024年1月工资表", "序号=n|姓名=person|岗位工资=w1|津贴=w2|应发合计=wages|实发合计=w"),
    # transfers
    "passback": List("fund_transfer", "2024年一季度工会经费回拨明细表", "序号=n|缴费单位=unit|工会名称=union|开户行=bank|账号=acc|回拨金额（元）=amount|回拨日期=d", "amount", "paid_on=d payee_account=acc payee_name=union"),
    "passback, kinds in rows": List("fund_transfer", "经费拨付台账", "拨付编号=sn|拨付类型=kind|单位名称=unit|收款户名=union|收款账号=acc|拨付金额=amount|拨付日期=dz|银行流水号=no", "amount", "paid_on=d"),
    "remitted": List("fund_transfer", "工会经费上解台账", "序号=n|上解日期=d|收款单位=union|收款账号=acc|上解金额=amount|备注=", "amount", "paid_on=d"),
    # fuel
    "Sinopec card": List("fuel_txn", "加油卡交易明细", "卡号=card|持卡人=holder|车牌号=plate|交易时间=dt|交易类型=fkind|油品=fuel|数量=l|单价=price|金额=famt|奖励分值=point|余额=fbal|地点=station", "amount=famt litres=l", "card_no=card"),
    "Sinopec print, discounts": List("fuel_txn", "中国石化加油卡对账单", "卡号=card|交易时间=dt|业务类型=spend|油品名称=fuel|加油量(升)=l|挂牌价=price|应收金额=w|优惠金额=off|实收金额=famt|卡余额=fbal|网点名称=station", "amount=famt"),
    "PetroChina": List("fuel_txn", "昆仑加油卡交易记录", "加油卡号=card|交易日期=dt|交易类型=spend|商品名称=fuel|交易数量=l|交易单价=price|交易金额=famt|卡内余额=fbal|加油站名称=station|车牌号码=plate", "amount=famt litres=l"),
    "fuel list of a car pool": List("fuel_txn", "公务用车加油明细", "日期=d|车牌号=plate|油卡卡号=card|加油品种=fuel|加油升数=l|单价=price|加油金额=famt|加油类型=fkind|里程数=members", "amount=famt litres=l"),
    # training
    "roster": List("trainee", "职工培训学员花名册", "序号=n|班次编号=cls|姓名=person|性别=sex|身份证号码=id|所在单位=unit|工种=trade|培训等级=lvl|实际课时=hours|考核结果=pass|证书编号=cert", "", "id_no=id class_no=cls"),
    "roster, class above": List("trainee", "学员花名册|班次编号：PX2024-01|培训机构：样本职业学校", "序号=n|姓名=person|性别=sex|公民身份号码=id|工作单位=unit|联系电话=phone|签名=", "", "id_no=id class_no=cls"),
    "roster, two lines": List("trainee", "学员花名册", "序号=n|班次=cls|姓名=person|身份证号=id|培训情况[工种=trade|等级=lvl|课时=hours]|考核[理论成绩=|是否合格=pass]|补贴金额=std", "subsidy=std", "id_no=id"),
    "subsidy by person": List("trainee", "培训补贴发放表", "序号=n|期数=cls|学员姓名=person|身份证号=id|银行卡号=acc|开户行=bank|补贴金额（元）=std", "subsidy=std", "id_no=id"),
    "class payment": List("training_payment", "职工技能培训补助拨付表", "序号=n|承训机构=school|班次编号=cls|培训人数=nheads|补助标准（元/人）=std|补助金额（元）=camt|拨付日期=d|收款账号=acc", "amount=camt standard=std", "paid_on=d"),
    "classes": List("training_class", "培训班台账", "班次编号=cls|培训班名称=cname|承训机构=school|培训工种=trade|开班日期=c1|结业日期=c2|核定人数=nheads|课时=hours|补助标准(元/人)=std", "standard=std", "starts_on=c1 ends_on=c2"),
    "classes, days in one cell": List("training_class", "开班计划表", "班次编号=cls|班次名称=cname|培训机构=school|培训起止时间=cspan|计划人数=nheads|学时=hours", "", "starts_on=c1 ends_on=c2"),
    # unions
    "unions": List("union_org", "基层工会组织名册", "序号=n|工会名称=union|单位名称=unit|工会统一社会信用代码=code|建会时间=founded|工会主席=person|会员人数=members|职工人数=workers|工会账号=acc|开户行=bank", "", "founded_on=founded account_no=acc"),
    "members": List("member", "会员实名制名册", "序号=n|会员姓名=person|性别=sex|证件类型=kind|证件号码=id|所属工会=union|入会日期=founded|会籍状态=pass", "", "id_no=id joined_on=founded"),
    # property
    "assets": List("asset", "固定资产清单", "资产编号=asset|资产名称=aname|资产类别=kind|数量=m|单价=y1|原值=value|累计折旧=dep|净值=net|取得日期=acq|使用部门=office|存放地点=station|使用状况=pass", "original_value=value depreciation=dep", "acquired_on=acq"),
    "assets, cards": List("asset", "资产卡片汇总", "卡片编号=asset|固定资产名称=aname|开始使用日期=acq|本币原值=value|累计折旧=dep|净值=net|部门名称=office", "original_value=value"),
    "leases": List("lease", "房屋出租台账", "序号=n|合同编号=lease|承租方=unit|房屋坐落=station|面积（㎡）=heads|起租日期=l1|到期日期=l2|年租金（元）=rent|押金（元）=dpst|招租方式=mode", "annual_rent=rent deposit=dpst", "starts_on=l1 ends_on=l2"),
    "leases, two lines": List("lease", "出租台账", "合同编号=lease|承租人=unit|租赁期限[起始日期=l1|终止日期=l2]|年租金=rent|保证金=dpst", "annual_rent=rent", "starts_on=l1 ends_on=l2"),
    "rents": List("lease_receipt", "租金收缴明细", "序号=n|合同编号=lease|承租方=unit|收款日期=d|收款金额=rcpt|所属期=span|收据号=no", "amount=rcpt", "received_on=d covers_from=from covers_to=to"),
    "payers": List("payer", "建会企业名册", "序号=n|企业名称=unit|统一社会信用代码=code|所属镇街=town|职工人数=heads|成立日期=founded", "", "opened_on=founded"),
}  # fmt: skip


def lists() -> Iterator[Form]:
    """Yield every list, with its title above."""
    for name, one in LISTS.items():
        yield form_of_list(name, one)


def form_of_list(name: str, one: List) -> Form:
    """Return a list with its title above.

    Args:
        name: What it is called in a test.
        one: Its title, header and truth.
    """
    rows = _records()
    above = [(text,) for text in one.title.split("|")]
    merged: tuple[Merge, ...] = ()
    if "[" in one.header:
        under, merged = two_lines(one.header, rows, top=len(above))
    else:
        under = laid(one.header, rows)
    sums = {column: total(rows, key or column) for column, _, key in _pairs(one.sums)}
    values = {column: _told(rows, key) for column, _, key in _pairs(one.values)}
    many = len(rows) * (3 if "w1" in one.header and one.table else 1)
    return Form(name, (*above, *under), one.table, many, sums, values, merged)


def _pairs(text: str) -> list[tuple[str, str, str]]:
    return [one.partition("=") for one in text.split()]


def _told(rows: Sequence[Mapping[str, str]], key: str) -> frozenset[str]:
    return frozenset(one.get(key, key) for one in rows)
