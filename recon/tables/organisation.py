"""Unions, members, contracts, decisions, published figures and rectification.

One model per table; headers, aliases and kinds are column metadata. Not here: any check across
rows or tables.
"""

from recon.tables.base import Table, column, sheet


@sheet(
    "工会组织名册",
    aliases=("基层工会名册", "工会台账", "工会组织信息"),
    key=("union_name", "payer_uscc"),
)
class UnionOrg(Table):
    """工会组织名册."""

    union_name = column("text", "工会名称", required=True, holds="unit")
    union_uscc = column(
        "uscc",
        "工会统一社会信用代码",
        aliases=("工会法人代码", "工会社会信用代码"),
        note="begins 81",
    )
    payer_uscc = column(
        "uscc",
        "所在单位统一社会信用代码",
        aliases=("单位统一社会信用代码",),
        note="begins 91 ...: the bridge between the two codes",
    )
    payer_name = column("text", "所在单位名称", aliases=("单位名称", "所在单位"), holds="unit")
    is_joint = column("bool", "是否联合工会")
    covered_by_parent = column("bool", "是否由上级工会覆盖")
    covered_from = column("date", "覆盖批复日期")
    founded_on = column(
        "date",
        "建会日期",
        aliases=("批复建会日期", "成立日期", "建会时间"),
        event=True,
        whole_month=True,
    )
    account_opened_on = column("date", "工会开户日期", aliases=("开户日期",), whole_month=True)
    account_name = column("text", "工会账户户名", aliases=("户名", "账户名称"), holds="unit")
    account_no = column("account", "工会账号", aliases=("银行账号", "账号"))
    chair = column("text", "工会主席", holds="person")
    address = column("text", "办公地址", aliases=("地址",))
    phone = column("text", "联系电话", holds="phone")
    elected_on = column("date", "本届选举日期", aliases=("换届日期",), whole_month=True)
    term_years = column("int", "任期(年)", aliases=("任期",))
    extended_to = column("date", "批准延期至", whole_month=True)
    members = column("int", "会员数", aliases=("会员人数",))
    workers = column("int", "职工数", aliases=("职工人数",))
    dissolved_on = column("date", "撤销日期")


@sheet("会员名册", aliases=("会员实名制名单", "实名会员导出"))
class Member(Table):
    """会员名册."""

    union_name = column("text", "工会名称", required=True, holds="unit")
    name = column("text", "姓名", required=True, holds="person")
    id_no = column("id_no", "证件号码", aliases=("身份证号",))
    joined_on = column("date", "入会日期", event=True, whole_month=True)
    left_on = column("date", "退会日期")
    status = column("text", "会籍状态")
    source = column("text", "数据来源", note="云平台 / 组宣部台账: two sources are compared")


@sheet("集体合同台账")
class CollectiveContract(Table):
    """集体合同台账."""

    payer_name = column("text", "单位名称", required=True, holds="unit")
    payer_uscc = column("uscc", "统一社会信用代码")
    kind = column("text", "合同种类", required=True, note="集体合同 工资专项")
    signed_on = column("date", "签订日期", required=True, event=True)
    filed_on = column("date", "备案日期")
    ends_on = column("date", "到期日", required=True)


@sheet("聘用人员合同台账")
class LabourContract(Table):
    """聘用人员合同台账."""

    name = column("text", "姓名", required=True, holds="person")
    id_no = column("id_no", "身份证号")
    starts_on = column("date", "合同起始日", required=True)
    ends_on = column("date", "合同到期日", required=True)
    last_paid_month = column("month", "最近发薪月份")
    appraisal = column("text", "年度考核结果")


@sheet("三重一大决策记录", aliases=("党组会议台账", "会议决议台账"))
class Decision(Table):
    """三重一大决策记录."""

    meeting_no = column("text", "会议编号", required=True)
    held_on = column("date", "会议日期", required=True, event=True)
    subject = column("text", "议题", required=True)
    is_major = column("bool", "是否三重一大")
    amount = column("money", "涉及金额")
    payee = column("text", "收款单位", holds="unit")
    inspector_present = column("bool", "派驻纪检组是否列席")


@sheet("对外填报指标")
class PublishedRate(Table):
    """对外填报指标."""

    metric = column(
        "enum",
        "指标",
        required=True,
        values=("建会率", "入会率", "实名采集率", "整改完成率"),
    )
    scope = column("text", "范围", holds="place")
    numerator = column("qty", "分子")
    denominator = column("qty", "分母")
    value = column(
        "rate",
        "填报值",
        required=True,
        note="62.5% or 0.625; its text is kept as value_text for the published decimals",
        keeps_text=True,
    )
    as_of = column("date", "截止日期", event=True)


@sheet("整改台账", aliases=("问题清单", "整改清单"), key=("finding_no",))
class Rectification(Table):
    """整改台账."""

    finding_no = column("text", "问题编号", required=True)
    rule = column("text", "规则编号")
    party_name = column("text", "涉及单位", holds="unit")
    description = column("text", "问题描述", required=True)
    amount = column("money", "涉及金额", aliases=("涉及金额(元)",))
    recovered = column("money", "已整改金额")
    owner = column("text", "责任人", holds="person")
    due_on = column("date", "整改时限")
    state = column("text", "整改状态")
    proof = column("text", "佐证材料")
    closed_on = column("date", "销号日期", whole_month=True)
    closed_by = column("text", "销号人", holds="person")


@sheet("整改事项清单", aliases=("整改事项", "反馈问题整改清单"), key=("area", "item_no"))
class RectificationItem(Table):
    """整改事项: problems that people raise, beside those that rules find; see `recon report`."""

    item_no = column("text", "事项编号", required=True)
    area = column(
        "text",
        "所属方面",
        required=True,
        note="主要做法 and 下一步计划 hold texts of the report instead of a problem",
    )
    problem = column("text", "具体问题", required=True)
    rules = column("text", "关联规则", note="codes of rules that examine it: SME-02、REM-01")
    measure = column("text", "采取措施")
    progress = column("text", "整改情况")
    regulation = column("text", "完善制度", note="the name of a rule book that was made")
    department = column("text", "责任部门")
    owner = column("text", "责任人员", holds="person")
    due_on = column("date", "完成时限")
    state = column("text", "完成状态", note="已完成 or another word; only 已完成 counts as done")
    amount = column("money", "涉及资金")
    recovered = column("money", "挽回资金")
    document = column("text", "佐证文件")
