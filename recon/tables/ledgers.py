"""Bank statements and the books.

One model per table; headers, aliases and kinds are column metadata. Not here: any check across
rows or tables.
"""

from recon.tables.base import Table, column, sheet


@sheet(
    "银行流水",
    aliases=("银行对账单", "账户明细", "交易明细"),
    key=("account_no", "serial_no"),
    grows=True,
    layout="statement",
)
class BankTxn(Table):
    """银行流水."""

    account_no = column(
        "account",
        "本方账号",
        aliases=("账号", "帐号"),
        note="often stands once above the table",
    )
    account_name = column("text", "户名", aliases=("本方户名", "账户名称"), holds="unit")
    posted_on = column(
        "date",
        "交易日期",
        aliases=("记账日期", "入账日期", "交易时间", "发生时间"),
        required=True,
        event=True,
    )
    serial_no = column("text", "流水号", aliases=("交易流水号", "银行流水号", "回单号"))
    money_in = column(
        "money",
        "收入金额",
        aliases=("贷方发生额", "收入", "存入", "贷方金额"),
        note="on a BANK's statement 贷方 = money in",
        one_of="money",
    )
    money_out = column(
        "money", "支出金额", aliases=("借方发生额", "支出", "支取", "借方金额"), one_of="money"
    )
    amount = column(
        "money",
        "交易金额",
        aliases=("金额", "发生额"),
        note="with direction; or signed",
        one_of="money",
    )
    direction = column("text", "借贷标志", aliases=("收付标志", "收支方向", "借贷方向", "收/支"))
    balance = column("money", "账户余额", aliases=("余额",), running=True)
    party_name = column("text", "对方户名", aliases=("对方名称", "对方单位名称"), holds="unit")
    party_account = column("account", "对方账号", aliases=("对方帐号",))
    summary = column("text", "摘要", aliases=("用途", "附言", "备注", "交易摘要"))


@sheet(
    "记账凭证",
    aliases=("序时账", "凭证明细", "明细账"),
    key=("entry_on", "voucher_no", "line_no"),
    grows=True,
    layout="ledger",
)
class GlEntry(Table):
    """记账凭证."""

    entry_on = column(
        "date", "凭证日期", aliases=("制单日期", "日期", "记账凭证日期"), required=True, event=True
    )
    voucher_no = column(
        "text",
        "凭证号",
        aliases=("凭证字号", "凭证编号", "凭证号数", "记账凭证编号"),
        required=True,
    )
    line_no = column("int", "分录号", aliases=("行号", "记账凭证行号"))
    summary = column("text", "摘要", aliases=("记账凭证摘要",))
    account_code = column(
        "text",
        "科目编码",
        aliases=("科目代码", "会计科目编号", "科目编号"),
        required=True,
    )
    account_name = column(
        "text",
        "科目名称",
        aliases=("会计科目名称",),
        required=True,
        note="full path preferred: 其他应付款/建会筹备金",
    )
    debit = column("money", "借方金额", aliases=("借方发生额", "借方"), one_of="money")
    credit = column("money", "贷方金额", aliases=("贷方发生额", "贷方"), one_of="money")
    aux_party = column(
        "text", "往来单位", aliases=("辅助名称", "客户", "供应商", "部门"), holds="unit"
    )
    project = column("text", "项目", aliases=("专项",))


@sheet(
    "科目余额表", aliases=("余额表",), key=("month", "account_code", "aux_party"), layout="balances"
)
class GlBalance(Table):
    """科目余额表."""

    month = column("month", "会计期间", aliases=("期间", "月份"), required=True, event=True)
    account_code = column("text", "科目编码", aliases=("科目代码",), required=True)
    account_name = column("text", "科目名称", required=True)
    aux_party = column("text", "往来单位", holds="unit")
    opening = column("money", "期初余额", required=True, summed=False)
    debit = column("money", "借方发生额", aliases=("本期借方",), required=True, summed=False)
    credit = column("money", "贷方发生额", aliases=("本期贷方",), required=True, summed=False)
    closing = column("money", "期末余额", required=True, summed=False)
    side = column("enum", "余额方向", aliases=("方向",), values=("借", "贷", "平"))
