"""Training classes, people, sessions, payments and expenses.

One model per table; headers, aliases and kinds are column metadata. Not here: any check across
rows or tables.
"""

from recon.tables.base import Table, column, sheet


@sheet("培训班台账", aliases=("培训班次", "开班台账"), key=("class_no",))
class TrainingClass(Table):
    """培训班台账."""

    class_no = column("text", "班次编号", aliases=("班级编号", "班号", "期数"), required=True)
    class_name = column("text", "班次名称", aliases=("班级名称",))
    programme = column(
        "text", "项目名称", aliases=("培训项目",), note="送培创工程, 在岗职工技能培训"
    )
    provider = column("text", "承训机构", aliases=("培训机构",), holds="unit")
    provider_account = column("account", "机构账号")
    employer = column("text", "委托单位", aliases=("用人单位",), holds="unit")
    employer_uscc = column("uscc", "委托单位统一社会信用代码")
    trade = column("text", "工种", aliases=("职业", "职业(工种)"))
    level = column("text", "培训等级", aliases=("等级",))
    starts_on = column("date", "开班日期", required=True)
    ends_on = column("date", "结业日期", required=True)
    planned_hours = column("qty", "计划课时", aliases=("总课时", "学时"))
    approved_heads = column("int", "核定人数", aliases=("批准人数",))
    standard = column("money", "补助标准(元/人)", aliases=("补贴标准",), summed=False)
    agreement_no = column("text", "协议编号")
    accepted_on = column("date", "验收日期")
    licence_trades = column("text", "许可工种")
    accredited_on = column("date", "机构认定日期")
    teacher = column("text", "授课教师", holds="person")
    venue = column("text", "培训场地")
    advance_agreed = column("money", "约定预付金额")


@sheet("学员花名册", aliases=("花名册", "培训人员名单"), key=("class_no", "id_no"))
class Trainee(Table):
    """学员花名册."""

    class_no = column("text", "班次编号", aliases=("班级编号", "班号"), required=True)
    name = column("text", "姓名", required=True, holds="person")
    id_no = column(
        "id_no",
        "身份证号",
        aliases=("公民身份号码", "证件号码", "身份证号码"),
        required=True,
    )
    sex = column("enum", "性别", values=("男", "女"))
    employer = column("text", "工作单位", aliases=("单位",), holds="unit")
    employer_uscc = column("uscc", "工作单位统一社会信用代码")
    is_member = column("bool", "是否会员")
    trade = column("text", "工种")
    level = column("text", "培训等级")
    hours = column("qty", "实际课时", aliases=("出勤课时", "实到课时"))
    post_type = column("enum", "岗位性质", values=("工人", "干部"))
    passed = column("bool", "是否合格", aliases=("考核结果",), note="合格/不合格")
    cert_no = column("text", "证书编号")
    cert_on = column("date", "发证日期")
    subsidy = column("money", "补助金额", note="empty = class standard")


@sheet(
    "签到表",
    aliases=("考勤表", "签到明细"),
    key=("class_no", "id_no", "session_on", "session"),
)
class Attendance(Table):
    """签到表."""

    class_no = column("text", "班次编号", required=True)
    id_no = column("id_no", "身份证号", aliases=("证件号码",), required=True)
    name = column("text", "姓名", holds="person")
    session_on = column("date", "上课日期", aliases=("日期", "签到日期"), required=True, event=True)
    session = column("text", "时段", note="上午 下午 晚上")
    signed_in_at = column("datetime", "签到时间")
    signed_out_at = column("datetime", "签退时间")
    hours = column("qty", "课时")


@sheet(
    "培训补助拨付表",
    aliases=("培训补贴发放表", "培训经费拨付"),
    key=("class_no", "paid_on", "payee_account"),
)
class TrainingPayment(Table):
    """培训补助拨付表."""

    class_no = column("text", "班次编号", required=True)
    payee = column("text", "收款单位", aliases=("收款户名",), required=True, holds="unit")
    payee_account = column("account", "收款账号")
    heads = column("int", "补助人数", aliases=("拨付人数", "人数"), required=True)
    standard = column("money", "补助标准(元/人)", summed=False)
    amount = column("money", "拨付金额", aliases=("金额", "补助金额"), required=True)
    paid_on = column("date", "拨付日期", required=True, event=True)
    voucher_no = column("text", "凭证号")


@sheet("培训经费使用明细", aliases=("培训支出明细", "经费使用情况表"))
class TrainingExpense(Table):
    """培训经费使用明细."""

    class_no = column("text", "班次编号", required=True)
    category = column(
        "text",
        "支出类别",
        aliases=("费用类别", "支出项目"),
        required=True,
        note="教材 课酬 场地 ...",
    )
    amount = column("money", "支出金额", aliases=("金额",), required=True)
    spent_on = column("date", "支出日期", aliases=("日期",), required=True, event=True)
    payee = column("text", "收款方", holds="unit")
    invoice_no = column("text", "发票号码")
    method = column("text", "支付方式", note="转账 公务卡 现金")


@sheet(
    "人员状态比对名单",
    aliases=("财政供养人员名单", "退休人员名单", "死亡人员名单", "其他部门补贴名单"),
)
class PersonStatus(Table):
    """人员状态比对名单."""

    id_no = column("id_no", "身份证号", required=True)
    name = column("text", "姓名", holds="person")
    status = column(
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
    from_on = column("date", "起始日期", event=True)
    to_on = column("date", "终止日期")
    trade = column("text", "工种")
    level = column("text", "培训等级")
    source = column("text", "数据来源")
