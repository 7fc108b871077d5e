"""Bank statements and the books.

One model per table; headers, aliases and kinds are column metadata. Not here: any check across
rows or tables.
"""

from recon.tables.base import Day, Money, Str, Table, Whole, column, sheet


@sheet(
    "银行流水",
    aliases=("银行对账单", "账户明细", "交易明细"),
    key=("account_no", "serial_no"),
)
class BankTxn(Table):
    """银行流水."""

    account_no: Str = column(
        "account",
        "本方账号",
        aliases=("账号", "帐号"),
        note="often stands once above the table",
    )
    account_name: Str = column("text", "户名", aliases=("本方户名", "账户名称"))
    posted_on: Day = column(
        "date",
        "交易日期",
        aliases=("记账日期", "入账日期", "交易时间", "发生时间"),
        required=True,
    )
    serial_no: Str = column("text", "流水号", aliases=("交易流水号", "银行流水号", "回单号"))
    money_in: Money = column(
        "money",
        "收入金额",
        aliases=("贷方发生额", "收入", "存入", "贷方金额"),
        note="on a BANK's statement 贷方 = money in",
    )
    money_out: Money = column(
        "money", "支出金额", aliases=("借方发生额", "支出", "支取", "借方金额")
    )
    amount: Money = column(
        "money",
        "交易金额",
        aliases=("金额", "发生额"),
        note="with direction; or signed",
    )
    direction: Str = column(
        "text", "借贷标志", aliases=("收付标志", "收支方向", "借贷方向", "收/支")
    )
    balance: Money = column("money", "账户余额", aliases=("余额",))
    party_name: Str = column("text", "对方户名", aliases=("对方名称", "对方单位名称"))
    party_account: Str = column("account", "对方账号", aliases=("对方帐号",))
    summary: Str = column("text", "摘要", aliases=("用途", "附言", "备注", "交易摘要"))


@sheet(
    "记账凭证",
    aliases=("序时账", "凭证明细", "明细账"),
    key=("entry_on", "voucher_no", "line_no"),
)
class GlEntry(Table):
    """记账凭证."""

    entry_on: Day = column(
        "date", "凭证日期", aliases=("制单日期", "日期", "记账凭证日期"), required=True
    )
    voucher_no: Str = column(
        "text",
        "凭证号",
        aliases=("凭证字号", "凭证编号", "凭证号数", "记账凭证编号"),
        required=True,
    )
    line_no: Whole = column("int", "分录号", aliases=("行号", "记账凭证行号"))
    summary: Str = column("text", "摘要", aliases=("记账凭证摘要",))
    account_code: Str = column(
        "text",
        "科目编码",
        aliases=("科目代码", "会计科目编号", "科目编号"),
        required=True,
    )
    account_name: Str = column(
        "text",
        "科目名称",
        aliases=("会计科目名称",),
        required=True,
        note="full path preferred: 应付下级经费/应付建会筹备金",
    )
    debit: Money = column("money", "借方金额", aliases=("借方发生额", "借方"))
    credit: Money = column("money", "贷方金额", aliases=("贷方发生额", "贷方"))
    aux_party: Str = column("text", "往来单位", aliases=("辅助名称", "客户", "供应商", "部门"))
    project: Str = column("text", "项目", aliases=("专项",))


@sheet("科目余额表", aliases=("余额表",), key=("month", "account_code", "aux_party"))
class GlBalance(Table):
    """科目余额表."""

    month: Day = column("month", "会计期间", aliases=("期间", "月份"), required=True)
    account_code: Str = column("text", "科目编码", aliases=("科目代码",), required=True)
    account_name: Str = column("text", "科目名称", required=True)
    aux_party: Str = column("text", "往来单位")
    opening: Money = column("money", "期初余额", required=True)
    debit: Money = column("money", "借方发生额", aliases=("本期借方",), required=True)
    credit: Money = column("money", "贷方发生额", aliases=("本期贷方",), required=True)
    closing: Money = column("money", "期末余额", required=True)
    side: Str = column("enum", "余额方向", aliases=("方向",), values=("借", "贷", "平"))
