"""Assets, counts, leases, rents and repairs.

One model per table; headers, aliases and kinds are column metadata. Not here: any check across
rows or tables.
"""

from recon.tables.base import (
    Day,
    Flag,
    Money,
    Quantity,
    Str,
    Table,
    Whole,
    column,
    sheet,
)


@sheet("资产台账", aliases=("固定资产卡片", "固定资产台账"), key=("asset_no",))
class Asset(Table):
    """资产台账."""

    asset_no: Str = column("text", "资产编号", required=True)
    asset_name: Str = column("text", "资产名称", required=True)
    category: Str = column("text", "资产类别")
    original_value: Money = column("money", "原值", required=True)
    depreciation: Money = column("money", "累计折旧")
    acquired_on: Day = column("date", "取得日期")
    location: Str = column("text", "存放地点", aliases=("坐落",))
    area_sqm: Quantity = column("qty", "面积(平方米)")
    status: Str = column("text", "状态", note="在用 出租 出借 闲置 处置 报废")
    disposed_on: Day = column("date", "处置日期")
    disposal_income: Money = column("money", "处置收入")
    approval_no: Str = column("text", "处置审批文号")
    owner_unit: Str = column("text", "权属单位")


@sheet("资产盘点表", key=("asset_no", "counted_on"))
class AssetCount(Table):
    """资产盘点表."""

    asset_no: Str = column("text", "资产编号", required=True)
    counted_on: Day = column("date", "盘点日期", required=True)
    found: Flag = column("bool", "是否盘到", required=True)
    location: Str = column("text", "实际地点")


@sheet("租赁合同台账", aliases=("房屋出租台账",), key=("lease_no",))
class Lease(Table):
    """租赁合同台账."""

    lease_no: Str = column("text", "合同编号", required=True)
    asset_no: Str = column("text", "资产编号")
    tenant: Str = column("text", "承租方", required=True)
    area_sqm: Quantity = column("qty", "面积(平方米)")
    starts_on: Day = column("date", "起租日", required=True)
    ends_on: Day = column("date", "到期日", required=True)
    annual_rent: Money = column("money", "年租金", required=True)
    pay_months: Whole = column(
        "int", "交租周期(月)", default="12", note="rent due at the start of each cycle"
    )
    deposit: Money = column("money", "押金")
    tender: Str = column("text", "招租方式", note="公开招租 协议 无偿")
    appraisal: Money = column("money", "年租金评估价")
    approval_no: Str = column("text", "审批文号")
    handed_back_on: Day = column("date", "收回日期")
    relief: Money = column("money", "批准减免金额", default="0")
    deposit_returned: Money = column("money", "已退押金", default="0")


@sheet("租金收款明细")
class LeaseReceipt(Table):
    """租金收款明细."""

    lease_no: Str = column("text", "合同编号", required=True)
    received_on: Day = column("date", "收款日期", required=True)
    amount: Money = column("money", "收款金额", required=True)
    covers_from: Day = column("date", "所属期起")
    covers_to: Day = column("date", "所属期止")
    voucher_no: Str = column("text", "凭证号")


@sheet("修缮工程台账", key=("project_no",))
class RepairProject(Table):
    """修缮工程台账."""

    project_no: Str = column("text", "项目编号", required=True)
    asset_no: Str = column("text", "资产编号")
    contract_amount: Money = column("money", "合同金额")
    paid: Money = column("money", "已付金额", required=True)
    finished_on: Day = column("date", "完工日期")
    settled_on: Day = column("date", "决算日期")
    booked_on: Day = column("date", "入账日期")
