"""Vehicles, fuel cards, their movements and the trips behind them.

One model per table; headers, aliases and kinds are column metadata. Not here: any check across
rows or tables.
"""

from recon.tables.base import Day, Moment, Money, Quantity, Str, Table, column, sheet


@sheet("车辆台账", aliases=("公务用车台账",), key=("plate",))
class Vehicle(Table):
    """车辆台账."""

    plate: Str = column("plate", "车牌号", aliases=("车牌号码", "号牌号码"), required=True)
    model: Str = column("text", "品牌型号")
    fuel_type: Str = column(
        "text", "燃料种类", aliases=("油品",), note="92 95 0#柴油 电 / 汽油 柴油"
    )
    tank_l: Quantity = column("qty", "油箱容积(升)", aliases=("油箱容积",))
    norm_l_100km: Quantity = column("qty", "百公里油耗标准")
    acquired_on: Day = column("date", "购置日期")
    owner_unit: Str = column("text", "权属单位", aliases=("使用部门",))
    status: Str = column("text", "使用状态", note="在用 封存 处置 调拨 报废")
    sealed_on: Day = column("date", "封存日期")
    disposed_on: Day = column("date", "处置日期")


@sheet("加油卡台账", key=("card_no",))
class FuelCard(Table):
    """加油卡台账."""

    card_no: Str = column("card", "卡号", aliases=("油卡卡号", "加油卡号"), required=True)
    card_type: Str = column("enum", "卡类型", values=("主卡", "副卡", "单用户卡", "不记名卡"))
    plate: Str = column("plate", "绑定车牌", aliases=("车牌号",))
    holder: Str = column("text", "持卡人")
    owner_unit: Str = column("text", "权属单位")
    fuel_limit: Str = column("text", "油品限制")
    status: Str = column(
        "enum", "卡状态", aliases=("状态",), values=("正常", "挂失", "停用", "注销")
    )
    opened_on: Day = column("date", "办卡日期")
    closed_on: Day = column("date", "停用日期", aliases=("注销日期",))


@sheet(
    "加油卡交易明细",
    aliases=("加油卡流水", "消费明细"),
    key=("card_no", "txn_at", "serial_no"),
)
class FuelTxn(Table):
    """加油卡交易明细."""

    card_no: Str = column("card", "卡号", required=True)
    txn_at: Moment = column("datetime", "交易时间", aliases=("交易日期", "加油时间"), required=True)
    kind: Str = column(
        "enum",
        "交易类型",
        required=True,
        values=(
            "加油",
            "非油品",
            "充值",
            "圈存",
            "圈提",
            "分配",
            "退款",
            "冲正",
            "积分兑换",
        ),
        note="消费 = 加油 when a fuel product",
    )
    product: Str = column("text", "油品", aliases=("商品名称", "品种"))
    litres: Quantity = column("qty", "数量(升)", aliases=("加油升数", "数量"))
    unit_price: Quantity = column("qty", "单价")
    amount: Money = column("money", "金额", aliases=("交易金额", "实付"), required=True)
    balance: Money = column("money", "卡余额", aliases=("余额",))
    plate: Str = column("plate", "车牌号")
    odometer: Quantity = column("qty", "里程数", aliases=("里程",))
    station: Str = column("text", "加油站", aliases=("网点名称", "地点"))
    city: Str = column("text", "城市")
    serial_no: Str = column("text", "流水号", aliases=("小票号", "终端流水号"))


@sheet("加油卡余额对账单", key=("card_no", "month"))
class FuelBalance(Table):
    """加油卡余额对账单."""

    card_no: Str = column("card", "卡号", required=True)
    month: Day = column("month", "月份", required=True)
    opening: Money = column("money", "期初余额", required=True)
    closing: Money = column("money", "期末余额", required=True)
    reserve: Money = column("money", "备用金余额")
    points: Quantity = column("qty", "积分")


@sheet("派车记录", aliases=("派车单", "出车登记表"))
class Trip(Table):
    """派车记录."""

    plate: Str = column("plate", "车牌号", required=True)
    out_at: Moment = column("datetime", "出车时间", aliases=("出车日期", "日期"), required=True)
    back_at: Moment = column("datetime", "返回时间")
    driver: Str = column("text", "驾驶员")
    destination: Str = column("text", "目的地")
    reason: Str = column("text", "事由")
    odo_out: Quantity = column("qty", "出发里程")
    odo_back: Quantity = column("qty", "返回里程")


@sheet("油费报销明细")
class FuelReimbursement(Table):
    """油费报销明细."""

    plate: Str = column("plate", "车牌号")
    spent_on: Day = column("date", "日期", required=True)
    amount: Money = column("money", "金额", required=True)
    invoice_no: Str = column("text", "发票号码")
    method: Str = column("text", "支付方式")
