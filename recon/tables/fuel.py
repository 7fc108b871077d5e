"""Vehicles, fuel cards, their movements and the trips behind them.

One model per table; headers, aliases and kinds are column metadata. Not here: any check across
rows or tables.
"""

from recon.tables.base import Table, column, sheet


@sheet("车辆台账", aliases=("公务用车台账",), key=("plate",))
class Vehicle(Table):
    """车辆台账."""

    plate = column("plate", "车牌号", aliases=("车牌号码", "号牌号码"), required=True)
    model = column("text", "品牌型号")
    fuel_type = column("text", "燃料种类", aliases=("油品",), note="92 95 0#柴油 电 / 汽油 柴油")
    tank_l = column("qty", "油箱容积(升)", aliases=("油箱容积",))
    norm_l_100km = column("qty", "百公里油耗标准")
    acquired_on = column("date", "购置日期", event=True, whole_month=True)
    owner_unit = column("text", "权属单位", aliases=("使用部门",), holds="unit")
    status = column("text", "使用状态", note="在用 封存 处置 调拨 报废")
    sealed_on = column("date", "封存日期")
    disposed_on = column("date", "处置日期", whole_month=True)


@sheet("加油卡台账", key=("card_no",))
class FuelCard(Table):
    """加油卡台账."""

    card_no = column("card", "卡号", aliases=("油卡卡号", "加油卡号"), required=True)
    card_type = column("enum", "卡类型", values=("主卡", "副卡", "单用户卡", "不记名卡"))
    plate = column("plate", "绑定车牌", aliases=("车牌号",))
    holder = column("text", "持卡人", holds="person")
    owner_unit = column("text", "权属单位", holds="unit")
    fuel_limit = column("text", "油品限制")
    status = column("enum", "卡状态", aliases=("状态",), values=("正常", "挂失", "停用", "注销"))
    opened_on = column("date", "办卡日期", event=True)
    closed_on = column("date", "停用日期", aliases=("注销日期",))


@sheet(
    "加油卡交易明细",
    aliases=("加油卡流水", "消费明细"),
    key=("card_no", "txn_at", "serial_no"),
    grows=True,
    layout="card",
)
class FuelTxn(Table):
    """加油卡交易明细."""

    card_no = column("card", "卡号", required=True)
    txn_at = column(
        "datetime", "交易时间", aliases=("交易日期", "加油时间"), required=True, event=True
    )
    kind = column(
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
    product = column("text", "油品", aliases=("油品名称", "商品名称", "品种"))
    litres = column("qty", "数量(升)", aliases=("加油升数", "数量"))
    unit_price = column("qty", "单价")
    amount = column("money", "金额", aliases=("交易金额", "实付"), required=True)
    balance = column("money", "卡余额", aliases=("余额",), running=True)
    plate = column("plate", "车牌号")
    odometer = column("qty", "里程数", aliases=("里程",))
    station = column("text", "加油站", aliases=("网点名称", "地点"))
    city = column("text", "城市", holds="place")
    serial_no = column("text", "流水号", aliases=("小票号", "终端流水号"))


@sheet("加油卡余额对账单", key=("card_no", "month"))
class FuelBalance(Table):
    """加油卡余额对账单."""

    card_no = column("card", "卡号", required=True)
    month = column("month", "月份", required=True, event=True)
    opening = column("money", "期初余额", required=True)
    closing = column("money", "期末余额", required=True)
    reserve = column("money", "备用金余额")
    points = column("qty", "积分")


@sheet("派车记录", aliases=("派车单", "出车登记表"))
class Trip(Table):
    """派车记录."""

    plate = column("plate", "车牌号", required=True)
    out_at = column("datetime", "出车时间", aliases=("出车日期", "日期"), required=True, event=True)
    back_at = column("datetime", "返回时间")
    driver = column("text", "驾驶员", holds="person")
    destination = column("text", "目的地")
    reason = column("text", "事由")
    odo_out = column("qty", "出发里程")
    odo_back = column("qty", "返回里程")


@sheet("油费报销明细")
class FuelReimbursement(Table):
    """油费报销明细."""

    plate = column("plate", "车牌号")
    spent_on = column("date", "日期", required=True, event=True)
    amount = column("money", "金额", required=True)
    invoice_no = column("text", "发票号码")
    method = column("text", "支付方式")
