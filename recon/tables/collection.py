"""The union fee and the preparation fund: who owes, pays, settles and refunds.

One model per table; headers, aliases and kinds are column metadata. Not here: any check across
rows or tables.
"""

from recon.tables.base import Table, column, sheet


@sheet(
    "缴费单位名册",
    aliases=("单位名册", "缴费单位台账", "企业名册", "单位基本信息"),
    key=("payer_uscc",),
)
class Payer(Table):
    """缴费单位名册."""

    payer_name = column(
        "text",
        "单位名称",
        aliases=("缴费单位", "缴费人名称", "纳税人名称", "企业名称"),
        required=True,
        holds="unit",
    )
    payer_uscc = column(
        "uscc",
        "统一社会信用代码",
        aliases=("社会信用代码", "纳税人识别号", "税号"),
        required=True,
    )
    former_names = column("text", "曾用名", note="several separated by 、；;,", holds="units")
    payer_class = column("text", "单位类别", note="企业 事业 机关 社会组织 个体")
    state_controlled = column("bool", "是否国有控股")
    budget_funded = column("bool", "是否财政拨款单位")
    system_class = column(
        "text",
        "产业系统",
        note="铁路 民航 金融 保险 通信 电力 ... selects a split override",
    )
    industry = column(
        "text",
        "所属行业",
        aliases=("行业", "行业类别", "行业代码"),
        note="one of the 16 rows, or a GB/T 4754-2017 code",
    )
    headcount = column("int", "从业人员", aliases=("职工人数", "从业人数", "员工人数"))
    revenue_wan = column("qty", "营业收入(万元)", aliases=("营业收入", "年营业收入"), unit="wan")
    assets_wan = column("qty", "资产总额(万元)", aliases=("资产总额", "资产总计"), unit="wan")
    vat_small_scale = column("bool", "是否增值税小规模纳税人")
    monthly_sales = column("money", "月销售额(元)", aliases=("月均销售额", "月销售额"))
    size_class = column(
        "enum",
        "划型结果",
        aliases=("企业规模", "规模"),
        values=("大型", "中型", "小型", "微型"),
    )
    opened_on = column(
        "date", "开业日期", aliases=("成立日期", "登记日期"), event=True, whole_month=True
    )
    cancelled_on = column("date", "注销日期")
    prep_listed_on = column("date", "列入筹建名单日期")
    collection_mode = column(
        "enum", "收缴方式", values=("全额代收", "部分代收", "财政划拨", "直接上缴")
    )
    region = column("text", "所属区域", aliases=("乡镇", "街道", "乡镇街道"), holds="place")
    above_scale = column("bool", "是否规上企业")
    affiliation = column("text", "所属工会", aliases=("工会隶属",))


@sheet("单位年度信息", key=("payer_uscc", "year"))
class PayerYear(Table):
    """单位年度信息."""

    payer_uscc = column("uscc", "统一社会信用代码", required=True)
    payer_name = column("text", "单位名称", holds="unit")
    year = column("int", "年度", required=True)
    headcount = column("int", "从业人员")
    revenue_wan = column("qty", "营业收入(万元)", aliases=("营业收入",), unit="wan")
    assets_wan = column("qty", "资产总额(万元)", aliases=("资产总额",), unit="wan")
    vat_small_scale = column("bool", "是否增值税小规模纳税人")
    monthly_sales = column("money", "月销售额(元)", aliases=("月均销售额",))
    taxable_income = column("money", "应纳税所得额")
    size_class = column("enum", "划型结果", values=("大型", "中型", "小型", "微型"))
    listed_for = column("text", "列入政策名单", note="policy ids")


@sheet(
    "工资总额表",
    aliases=("工资总额", "职工工资总额台账"),
    key=("payer_uscc", "month", "evidence"),
)
class Payroll(Table):
    """工资总额表."""

    payer_name = column("text", "单位名称", required=True, holds="unit")
    payer_uscc = column("uscc", "统一社会信用代码")
    month = column(
        "month",
        "所属月份",
        aliases=("月份", "工资月份", "期间", "所属期"),
        required=True,
        event=True,
    )
    wages = column("money", "工资总额", aliases=("应发工资合计", "全部职工工资总额"), required=True)
    headcount = column("int", "职工人数")
    evidence = column(
        "enum",
        "依据类型",
        default="工资表",
        values=("工资表", "社保基数", "个税申报", "所得税申报"),
        note="only 工资表 supports a definite amount",
    )


@sheet(
    "工会经费代收明细",
    aliases=("税务代收明细", "工会经费征收明细", "税费征收明细", "入库明细"),
    key=("voucher_no", "item", "payer_uscc", "period_from", "period_to"),
    grows=True,
)
class TaxCollection(Table):
    """工会经费代收明细."""

    payer_name = column(
        "text",
        "缴费人名称",
        aliases=("纳税人名称", "单位名称", "缴费单位"),
        required=True,
        holds="unit",
    )
    payer_uscc = column(
        "uscc",
        "社会信用代码(纳税人识别号)",
        aliases=("纳税人识别号", "统一社会信用代码", "税号"),
    )
    item = column(
        "enum",
        "征收品目",
        aliases=("征收项目", "征收子目", "品目"),
        required=True,
        values=("工会经费", "建会筹备金"),
        note="工会筹备金, 筹备金 = 建会筹备金",
    )
    period_from = column(
        "date",
        "费款所属期起",
        aliases=("税款所属期起", "所属期起", "税费所属期起", "所属时期起"),
        required=True,
    )
    period_to = column(
        "date",
        "费款所属期止",
        aliases=("税款所属期止", "所属期止", "税费所属期止", "所属时期止"),
        required=True,
    )
    base = column("money", "计费依据", aliases=("计税依据", "工资总额", "缴费基数", "计税金额"))
    rate = column("rate", "费率", aliases=("税率", "征收率"), note="0.02, 2%, 0.8%")
    due = column("money", "应缴费额", aliases=("应纳税额", "应缴金额"))
    paid = column(
        "money",
        "实缴金额",
        aliases=("入库金额", "已缴金额", "实缴费额"),
        required=True,
        note="negative = reversal",
    )
    declared_on = column("date", "申报日期")
    paid_on = column("date", "缴款日期", aliases=("缴费日期",), event=True)
    treasury_on = column("date", "入库日期", required=True, event=True)
    due_on = column("date", "缴款期限", aliases=("限缴日期",))
    voucher_no = column(
        "text",
        "电子税票号码",
        aliases=("缴款书号", "票证号码", "税票号码"),
        required=True,
    )
    channel = column("enum", "缴费渠道", default="税务", values=("税务", "财政划拨", "直接上缴"))
    receipt_no = column("text", "专用收据号")
    batch_no = column("text", "清算批次", aliases=("批次号",))


@sheet(
    "分成清算表", aliases=("经费分成清算明细", "清算表"), key=("batch_no", "voucher_no"), grows=True
)
class Settlement(Table):
    """分成清算表."""

    batch_no = column("text", "清算批次", required=True)
    settled_on = column("date", "清算日期", required=True, event=True)
    voucher_no = column("text", "电子税票号码", aliases=("缴款书号",))
    payer_name = column("text", "缴费单位", required=True, holds="unit")
    payer_uscc = column("uscc", "统一社会信用代码")
    gross = column("money", "入库金额", required=True)
    fee = column("money", "手续费", default="0")
    to_acftu = column("money", "全总")
    to_province = column("money", "省总")
    to_city = column("money", "市总")
    to_county = column("money", "县总", aliases=("区县总",))
    to_town = column("money", "乡镇街道")
    to_basic = column("money", "基层留成", aliases=("基层工会",))
    to_prep = column("money", "建会筹备金")


@sheet(
    "经费拨付台账",
    aliases=("经费回拨台账", "上解台账", "返还台账", "拨款明细"),
    key=("transfer_no",),
    grows=True,
)
class FundTransfer(Table):
    """经费拨付台账."""

    transfer_no = column("text", "拨付编号", aliases=("序号", "回单号"))
    kind = column(
        "enum",
        "拨付类型",
        aliases=("类型",),
        required=True,
        values=("基层回拨", "上解", "小微返还", "筹备金返还", "补助下级", "退还"),
    )
    policy = column("text", "政策依据", note="id of the refund policy, e.g. small-2023-2024")
    payer_uscc = column("uscc", "单位统一社会信用代码", aliases=("统一社会信用代码",))
    payer_name = column("text", "单位名称", holds="unit")
    payee_name = column(
        "text", "收款户名", aliases=("收款单位", "收款人"), required=True, holds="unit"
    )
    payee_account = column("account", "收款账号")
    period_from = column("date", "所属期起")
    period_to = column("date", "所属期止")
    amount = column(
        "money",
        "拨付金额",
        aliases=("金额", "返还金额", "回拨金额", "上解金额"),
        required=True,
        note="negative = returned by the bank",
    )
    paid_on = column(
        "date", "拨付日期", aliases=("付款日期", "返还日期"), required=True, event=True
    )
    serial_no = column("text", "银行流水号")


@sheet(
    "返还申请台账",
    aliases=("小微企业返还申请", "返还申请表"),
    key=("payer_uscc", "policy", "year"),
)
class RefundApplication(Table):
    """返还申请台账."""

    payer_uscc = column("uscc", "统一社会信用代码", required=True)
    payer_name = column("text", "单位名称", required=True, holds="unit")
    policy = column("text", "政策依据")
    year = column("int", "申请年度", aliases=("年度", "所属年度"), required=True)
    applied_on = column("date", "申请日期", required=True, event=True)
    amount = column("money", "申请金额")
    outcome = column("enum", "审核结果", values=("通过", "退回", "审核中"))


@sheet(
    "筹备金期初台账",
    aliases=("建会筹备金台账", "筹备金余额表"),
    key=("payer_uscc", "as_of"),
)
class PrepOpening(Table):
    """筹备金期初台账."""

    payer_uscc = column("uscc", "统一社会信用代码", required=True)
    payer_name = column("text", "单位名称", required=True, holds="unit")
    as_of = column("date", "余额日期", required=True, event=True)
    balance = column("money", "筹备金余额", aliases=("期初余额", "余额"), required=True)
