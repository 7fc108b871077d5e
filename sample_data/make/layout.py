"""Which table goes into which file, and with which quirks of real life.

Not here: how a file is written (see `files`) and where the rows come from (family modules).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from recon.tables.registry import specs
from sample_data.make import days
from sample_data.make.books import MAIN, PALACE
from sample_data.make.files import Row, Sheet, columns_of

if TYPE_CHECKING:
    from sample_data.make.county import County

FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass
class File:
    """One file of the county: its path, its sheets, and the quirk that the README tells."""

    path: str
    sheets: list[Sheet]
    quirk: str
    encoding: str = ""
    tables: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.tables = sorted({sheet.table for sheet in self.sheets if sheet.table})


def grouped(value: object) -> str:
    """Show money as 1,234.56."""
    return f"{Decimal(str(value)):,.2f}"


def with_sign(value: object) -> str:
    """Show money as ¥1,234.56."""
    return f"¥{grouped(value)}"


def in_wan(value: object) -> Decimal:
    """Show yuan as 万元, exactly."""
    return (Decimal(str(value)) / 10000).normalize()


def wide(value: object) -> str:
    """Show a number in full-width digits."""
    return f"{value}".translate(FULL_WIDTH)


def percent_text(value: object) -> str:
    """Show a rate as 2% or 0.8%."""
    return f"{(Decimal(str(value)) * 100).normalize():f}%"


def used(county: County, table: str, **renamed: str) -> dict[str, str]:
    """Return headers of the columns of a table that hold anything, in contract order."""
    rows = county.tables[table]
    names = [n for n in specs()[table].schema if any(row.get(n) is not None for row in rows)]
    return columns_of(table, *names, **renamed)


def plain(county: County, table: str, *, title: str | None = None, **renamed: str) -> Sheet:
    """Return a sheet of a whole table under its Chinese name."""
    spec = specs()[table]
    sheet = Sheet(spec.zh, table, county.tables[table], used(county, table, **renamed))
    if title:
        sheet.title = [title]
    return sheet


def all_files(county: County) -> list[File]:
    """Return every file of the county in the order of the README."""
    return [
        *_registers(county),
        *_collections(county),
        *_money(county),
        *_training(county),
        *_fuel(county),
        *_assets(county),
        *_organisation(county),
    ]


def _registers(county: County) -> list[File]:
    payers = plain(county, "payer", title="示例县缴费单位名册（2024年末）")
    payers.show = {"opened_on": days.dotted, "cancelled_on": days.chinese}
    years = plain(county, "payer_year")
    lists = Sheet("字典", "", [], {}, title=["下拉选项：企业、事业、机关"], hidden=True)
    unions = plain(county, "union_org", title="示例县基层工会组织名册", founded_on="批复建会日期")
    unions.title.append("填报部门：组织宣传部    截止日期：2025年6月30日")
    unions.show = {"founded_on": days.chinese}
    wages = plain(county, "payroll", title="2024年各单位职工工资总额表")
    wages.title.append("单位：元")
    wages.show = {"month": lambda d: f"{d.year}年{d.month}月"}
    wages.total = ["wages"]
    return [
        File(
            "名册/缴费单位名册(2024).xlsx",
            [payers, years, lists],
            "两张表在一个工作簿；标题行；隐藏的“字典”工作表；日期写成2024.3.5和2024年3月5日",
        ),
        File("名册/工会组织名册.xlsx", [unions], "标题行加填报说明行；日期写成2024年3月5日"),
        File("名册/工资总额表 - 副本.xlsx", [wages], "月份写成2024年3月；末行合计；文件名带“副本”"),
    ]


def _collections(county: County) -> list[File]:
    found = []
    rows = county.tables["tax_collection"]
    for number in range(12):
        month = date(2024, 2, 1) if number == 0 else days.add_months(date(2024, 2, 1), number)
        sheet = plain(county, "tax_collection", title=f"{month:%Y年%m月}工会经费代收明细")
        sheet.name = "Sheet1"
        sheet.rows = [row for row in rows if row["batch_no"] == f"QS{month:%Y%m}01"]
        sheet.total = ["paid"]
        sheet.show = {"rate": percent_text}
        if number % 4 == 1:
            sheet.show |= {"paid": with_sign, "treasury_on": days.compact}
        if number % 4 == 2:
            sheet.show |= {"paid": grouped, "period_from": days.dotted}
        if number == 3:
            sheet.show |= {"base": wide, "paid": lambda v: wide(grouped(v))}
        copy = "(1)" if number == 5 else ""
        found.append(
            File(
                f"代收明细/工会经费代收明细_{month:%Y%m}{copy}.xlsx",
                [sheet],
                "税务月度导出，一月一个文件；费率写成2%；有的月份金额带¥、千分位或全角数字；末行合计",
            )
        )
    return found


def _settlement(county: County) -> File:
    renamed = {"payer_name": "缴费单位", "to_basic": "基层留成"}
    names = [
        "batch_no",
        "settled_on",
        "voucher_no",
        "payer_name",
        "payer_uscc",
        "gross",
        "fee",
        "to_acftu",
        "to_province",
        "to_city",
        "to_county",
        "to_basic",
        "to_prep",
    ]
    shares = ["to_acftu", "to_province", "to_city", "to_county"]
    sheet = Sheet(
        "清算",
        "settlement",
        county.tables["settlement"],
        columns_of("settlement", *names, **renamed),
        title=["工会经费分成清算表（2024年度）", "单位：元"],
        band=dict.fromkeys(shares, "各级分成"),
        total=["gross", "fee", *shares, "to_basic", "to_prep"],
        subtotal="batch_no",
    )
    return File(
        "清算/分成清算表.xlsx",
        [sheet],
        "两行合并表头（“各级分成”盖住全总、省总、市总、县总）；每批小计、末行合计",
    )


def _money(county: County) -> list[File]:
    return [
        _settlement(county),
        _statement(county, MAIN, "银行/工会经费户对账单.csv", "gb18030"),
        _palace(county),
        _basic_unions(county),
        File(
            "财务/序时账.xlsx",
            [plain(county, "gl_entry", title="序时账（2024年1月至2025年6月）")],
            "标题行；一张凭证多行",
        ),
        File("财务/科目余额表.xlsx", [_balances(county)], "会计期间写成202403"),
        File("台账/经费拨付台账.xlsx", [_transfers(county)], "金额带千分位；末行合计"),
        File(
            "台账/返还申请台账.csv",
            [plain(county, "refund_application")],
            "UTF-8带BOM的csv",
            "utf-8-sig",
        ),
        File(
            "台账/筹备金期初台账.xls",
            [plain(county, "prep_opening", title="建会筹备金期初余额")],
            "Excel 97格式（.xls）；标题行",
        ),
    ]


def _balances(county: County) -> Sheet:
    sheet = plain(county, "gl_balance")
    sheet.show = {"month": lambda d: f"{d:%Y%m}"}
    return sheet


def _transfers(county: County) -> Sheet:
    sheet = plain(county, "fund_transfer", title="工会经费拨付（上解、回拨、返还）台账")
    sheet.show = {"amount": grouped}
    sheet.total = ["amount"]
    return sheet


def _lines_of(county: County, account_no: str) -> list[Row]:
    return [row for row in county.tables["bank_txn"] if row["account_no"] == account_no]


def _statement(county: County, account_no: str, path: str, encoding: str) -> File:
    rows = _lines_of(county, account_no)
    names = ["posted_on", "serial_no", "money_out", "money_in", "balance", "party_name"]
    sheet = Sheet(
        "对账单",
        "bank_txn",
        rows,
        columns_of(
            "bank_txn",
            *names,
            "party_account",
            "summary",
            money_out="借方发生额",
            money_in="贷方发生额",
        ),
        title=[
            "样本银行示例县支行 账户明细",
            f"账号：{account_no}",
            f"户名：{rows[0]['account_name']}",
            "币种：人民币",
        ],
        footer=[f"共{len(rows)}笔"],
        total=["money_out", "money_in"],
        show=dict.fromkeys(("money_out", "money_in", "balance"), grouped)
        | {"posted_on": days.compact},
    )
    return File(
        path,
        [sheet],
        "GBK编码csv；账号、户名在表头上方；借方=支出；日期20240305；末尾合计与共N笔",
        encoding,
    )


def _palace(county: County) -> File:
    rows = [
        {
            **row,
            "amount": row["money_in"] or row["money_out"],
            "direction": "收" if row["money_in"] else "支",
        }
        for row in _lines_of(county, PALACE)
    ]
    names = ["account_no", "account_name", "posted_on", "serial_no", "direction", "amount"]
    sheet = Sheet(
        "流水",
        "bank_txn",
        rows,
        columns_of("bank_txn", *names, "balance", "party_name", "summary", direction="收/支"),
    )
    return File(
        "银行/文化宫户流水.csv", [sheet], "UTF-8带BOM的csv；一列金额加收/支标志", "utf-8-sig"
    )


def _basic_unions(county: County) -> File:
    rows = [r for r in county.tables["bank_txn"] if r["account_no"] not in {MAIN, PALACE}]
    names = ["account_no", "account_name", "posted_on", "serial_no", "money_in", "money_out"]
    sheet = Sheet(
        "两家基层工会",
        "bank_txn",
        rows,
        columns_of("bank_txn", *names, "balance", "party_name", "summary"),
        title=["部分代收单位工会账户流水（单位报送）"],
    )
    return File("银行/基层工会对账单.xlsx", [sheet], "两个账户在一张表；标题行")


def _training(county: County) -> list[File]:
    classes = plain(county, "training_class", title="2024年在岗职工技能培训班次台账")
    sheets = [classes, plain(county, "trainee"), plain(county, "training_payment")]
    sheets.append(plain(county, "training_expense"))
    sheets[2].total = ["amount"]
    signed = plain(county, "attendance")
    return [
        File("培训/培训资料汇总.xlsx", sheets, "四张表在一个工作簿（班次、花名册、拨付、支出）"),
        File("培训/签到表.csv", [signed], "UTF-8带BOM的csv；一人一节一行", "utf-8-sig"),
        File("培训/人员状态比对名单.xlsx", [plain(county, "person_status")], "其他部门给的名单"),
    ]


def _fuel(county: County) -> list[File]:
    cars = plain(county, "vehicle", title="公务用车台账")
    cards = [plain(county, name) for name in ("fuel_card", "fuel_balance")]
    use = [plain(county, name) for name in ("trip", "fuel_reimbursement")]
    moves = plain(county, "fuel_txn")
    moves.title = ["样本石化加油卡交易明细"]
    return [
        File("车辆油卡/车辆台账.xls", [cars], "Excel 97格式（.xls）；标题行"),
        File("车辆油卡/加油卡台账与余额.xlsx", cards, "两张表在一个工作簿"),
        File("车辆油卡/加油卡交易明细.csv", [moves], "GBK编码csv；标题行", "gb18030"),
        File("车辆油卡/派车与报销.xlsx", use, "两张表在一个工作簿"),
    ]


def _assets(county: County) -> list[File]:
    sheet = plain(
        county,
        "asset",
        title="固定资产台账",
        original_value="原值(万元)",
        depreciation="累计折旧(万元)",
    )
    sheet.show = {
        "original_value": in_wan,
        "depreciation": in_wan,
        "acquired_on": days.chinese,
    }
    counts = plain(county, "asset_count")
    leases = [plain(county, "lease", title="房屋租赁合同台账"), plain(county, "lease_receipt")]
    return [
        File(
            "资产/固定资产台账.xlsx",
            [sheet, counts],
            "原值、累计折旧以万元计；盘点表在第二张工作表",
        ),
        File("资产/租赁台账.xlsx", leases, "合同与收款两张表"),
        File("资产/修缮工程台账.xlsx", [plain(county, "repair_project")], "一张表"),
    ]


def _organisation(county: County) -> list[File]:
    cloud = plain(county, "member")
    cloud.rows = [row for row in county.tables["member"] if row["source"] == "云平台"]
    office = plain(county, "member", title="会员名册（组宣部）")
    office.rows = [row for row in county.tables["member"] if row["source"] != "云平台"]
    rates = plain(county, "published_rate")
    rates.show = {"value": lambda v: f"{v}%"}
    contracts = [plain(county, name) for name in ("collective_contract", "labour_contract")]
    office_papers = [plain(county, "decision"), rates]
    return [
        File("会员/会员实名制名单(云平台导出).csv", [cloud], "GBK编码csv", "gb18030"),
        File("会员/会员名册-组宣部.xlsx", [office], "标题行；与云平台是两个来源"),
        File("合同/合同台账.xlsx", contracts, "集体合同与聘用合同两张表"),
        File("综合/会议与指标.xlsx", office_papers, "会议决议与对外填报指标两张表；指标写成62.50%"),
        File("综合/整改台账.xlsx", [plain(county, "rectification")], "上年度问题的销号台账"),
    ]
