"""Assets, counts, leases, rents and repairs.

One model per table; headers, aliases and kinds are column metadata. Not here: any check across
rows or tables.
"""

from recon.tables.base import Table, column, sheet


@sheet("资产台账", aliases=("固定资产卡片", "固定资产台账"), key=("asset_no",))
class Asset(Table):
    """资产台账."""

    asset_no = column("text", "资产编号", required=True)
    asset_name = column("text", "资产名称", required=True)
    category = column("text", "资产类别")
    original_value = column("money", "原值", required=True)
    depreciation = column("money", "累计折旧")
    acquired_on = column("date", "取得日期", event=True, whole_month=True)
    location = column("text", "存放地点", aliases=("坐落",))
    area_sqm = column("qty", "面积(平方米)")
    status = column("text", "状态", note="在用 出租 出借 闲置 处置 报废")
    disposed_on = column("date", "处置日期", whole_month=True)
    disposal_income = column("money", "处置收入")
    approval_no = column("text", "处置审批文号")
    owner_unit = column("text", "权属单位", holds="unit")


@sheet("资产盘点表", key=("asset_no", "counted_on"))
class AssetCount(Table):
    """资产盘点表."""

    asset_no = column("text", "资产编号", required=True)
    counted_on = column("date", "盘点日期", required=True, event=True)
    found = column("bool", "是否盘到", required=True)
    location = column("text", "实际地点")


@sheet("租赁合同台账", aliases=("房屋出租台账",), key=("lease_no",))
class Lease(Table):
    """租赁合同台账."""

    lease_no = column("text", "合同编号", required=True)
    asset_no = column("text", "资产编号")
    tenant = column("text", "承租方", required=True, holds="unit")
    area_sqm = column("qty", "面积(平方米)")
    starts_on = column("date", "起租日", required=True)
    ends_on = column("date", "到期日", required=True)
    annual_rent = column("money", "年租金", required=True)
    pay_months = column(
        "int", "交租周期(月)", default="12", note="rent due at the start of each cycle"
    )
    deposit = column("money", "押金")
    tender = column("text", "招租方式", note="公开招租 协议 无偿")
    appraisal = column("money", "年租金评估价")
    approval_no = column("text", "审批文号")
    handed_back_on = column("date", "收回日期")
    relief = column("money", "批准减免金额", default="0")
    deposit_returned = column("money", "已退押金", default="0")


@sheet("租金收款明细")
class LeaseReceipt(Table):
    """租金收款明细."""

    lease_no = column("text", "合同编号", required=True)
    received_on = column("date", "收款日期", required=True, event=True)
    amount = column("money", "收款金额", required=True)
    covers_from = column("date", "所属期起")
    covers_to = column("date", "所属期止")
    voucher_no = column("text", "凭证号")


@sheet("修缮工程台账", key=("project_no",))
class RepairProject(Table):
    """修缮工程台账."""

    project_no = column("text", "项目编号", required=True)
    asset_no = column("text", "资产编号")
    contract_amount = column("money", "合同金额")
    paid = column("money", "已付金额", required=True)
    finished_on = column("date", "完工日期")
    settled_on = column("date", "决算日期")
    booked_on = column("date", "入账日期")
