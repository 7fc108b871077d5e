"""Training classes, people, sessions, payments and expenses.

One model per table; headers, aliases and kinds are column metadata. Not here: any check across
rows or tables.
"""

from recon.tables.base import (
    Day,
    Flag,
    Moment,
    Money,
    Quantity,
    Str,
    Table,
    Whole,
    column,
    sheet,
)


@sheet("培训班台账", aliases=("培训班次", "开班台账"), key=("class_no",))
class TrainingClass(Table):
    """培训班台账."""

    class_no: Str = column("text", "班次编号", aliases=("班级编号", "班号", "期数"), required=True)
    class_name: Str = column("text", "班次名称", aliases=("班级名称",))
    programme: Str = column(
        "text", "项目名称", aliases=("培训项目",), note="送培创工程, 在岗职工技能培训"
    )
    provider: Str = column("text", "承训机构", aliases=("培训机构",))
    provider_account: Str = column("account", "机构账号")
    employer: Str = column("text", "委托单位", aliases=("用人单位",))
    employer_uscc: Str = column("uscc", "委托单位统一社会信用代码")
    trade: Str = column("text", "工种", aliases=("职业", "职业(工种)"))
    level: Str = column("text", "培训等级", aliases=("等级",))
    starts_on: Day = column("date", "开班日期", required=True)
    ends_on: Day = column("date", "结业日期", required=True)
    planned_hours: Quantity = column("qty", "计划课时", aliases=("总课时", "学时"))
    approved_heads: Whole = column("int", "核定人数", aliases=("批准人数",))
    standard: Money = column("money", "补助标准(元/人)", aliases=("补贴标准",))
    agreement_no: Str = column("text", "协议编号")
    accepted_on: Day = column("date", "验收日期")
    licence_trades: Str = column("text", "许可工种")
    accredited_on: Day = column("date", "机构认定日期")
    teacher: Str = column("text", "授课教师")
    venue: Str = column("text", "培训场地")
    advance_agreed: Money = column("money", "约定预付金额")


@sheet("学员花名册", aliases=("花名册", "培训人员名单"), key=("class_no", "id_no"))
class Trainee(Table):
    """学员花名册."""

    class_no: Str = column("text", "班次编号", aliases=("班级编号", "班号"), required=True)
    name: Str = column("text", "姓名", required=True)
    id_no: Str = column(
        "id_no",
        "身份证号",
        aliases=("公民身份号码", "证件号码", "身份证号码"),
        required=True,
    )
    sex: Str = column("enum", "性别", values=("男", "女"))
    employer: Str = column("text", "工作单位", aliases=("单位",))
    employer_uscc: Str = column("uscc", "工作单位统一社会信用代码")
    is_member: Flag = column("bool", "是否会员")
    trade: Str = column("text", "工种")
    level: Str = column("text", "培训等级")
    hours: Quantity = column("qty", "实际课时", aliases=("出勤课时", "实到课时"))
    post_type: Str = column("enum", "岗位性质", values=("工人", "干部"))
    passed: Flag = column("bool", "是否合格", aliases=("考核结果",), note="合格/不合格")
    cert_no: Str = column("text", "证书编号")
    cert_on: Day = column("date", "发证日期")
    subsidy: Money = column("money", "补助金额", note="empty = class standard")


@sheet(
    "签到表",
    aliases=("考勤表", "签到明细"),
    key=("class_no", "id_no", "session_on", "session"),
)
class Attendance(Table):
    """签到表."""

    class_no: Str = column("text", "班次编号", required=True)
    id_no: Str = column("id_no", "身份证号", aliases=("证件号码",), required=True)
    name: Str = column("text", "姓名")
    session_on: Day = column("date", "上课日期", aliases=("日期", "签到日期"), required=True)
    session: Str = column("text", "时段", note="上午 下午 晚上")
    signed_in_at: Moment = column("datetime", "签到时间")
    signed_out_at: Moment = column("datetime", "签退时间")
    hours: Quantity = column("qty", "课时")


@sheet(
    "培训补助拨付表",
    aliases=("培训补贴发放表", "培训经费拨付"),
    key=("class_no", "paid_on", "payee_account"),
)
class TrainingPayment(Table):
    """培训补助拨付表."""

    class_no: Str = column("text", "班次编号", required=True)
    payee: Str = column("text", "收款单位", aliases=("收款户名",), required=True)
    payee_account: Str = column("account", "收款账号")
    heads: Whole = column("int", "补助人数", aliases=("拨付人数", "人数"), required=True)
    standard: Money = column("money", "补助标准(元/人)")
    amount: Money = column("money", "拨付金额", aliases=("金额", "补助金额"), required=True)
    paid_on: Day = column("date", "拨付日期", required=True)
    voucher_no: Str = column("text", "凭证号")


@sheet("培训经费使用明细", aliases=("培训支出明细", "经费使用情况表"))
class TrainingExpense(Table):
    """培训经费使用明细."""

    class_no: Str = column("text", "班次编号", required=True)
    category: Str = column(
        "text",
        "支出类别",
        aliases=("费用类别", "支出项目"),
        required=True,
        note="教材 课酬 场地 ...",
    )
    amount: Money = column("money", "支出金额", aliases=("金额",), required=True)
    spent_on: Day = column("date", "支出日期", aliases=("日期",), required=True)
    payee: Str = column("text", "收款方")
    invoice_no: Str = column("text", "发票号码")
    method: Str = column("text", "支付方式", note="转账 公务卡 现金")


@sheet(
    "人员状态比对名单",
    aliases=("财政供养人员名单", "退休人员名单", "死亡人员名单", "其他部门补贴名单"),
)
class PersonStatus(Table):
    """人员状态比对名单."""

    id_no: Str = column("id_no", "身份证号", required=True)
    name: Str = column("text", "姓名")
    status: Str = column(
        "enum",
        "人员状态",
        required=True,
        values=(
            "财政供养",
            "退休",
            "死亡",
            "服刑",
            "在校学生",
            "机构人员",
            "其他部门已补贴",
        ),
    )
    from_on: Day = column("date", "起始日期")
    to_on: Day = column("date", "终止日期")
    trade: Str = column("text", "工种")
    level: Str = column("text", "培训等级")
    source: Str = column("text", "数据来源")
