"""Assets, counts, leases, rents and repairs.

Not here: the stories (see `asset_stories`) and cars (see `fuel`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sample_data.make import days
from sample_data.make.books import PALACE
from sample_data.make.county import SELF_NAME
from sample_data.make.fuel import PALACE_NAME

if TYPE_CHECKING:
    from sample_data.make.county import County, Row

COUNTED_ON = date(2024, 12, 20)
THINGS = (
    ("文化宫主楼", "房屋", 3200000, 2600),
    ("文化宫羽毛球馆", "房屋", 860000, 900),
    ("文化宫一层商铺甲", "房屋", 240000, 120),
    ("文化宫一层商铺乙", "房屋", 260000, 130),
    ("文化宫二层活动室", "房屋", 410000, 300),
    ("会议音响", "设备", 36000, None),
    ("台式计算机", "设备", 5200, None),
    ("复印机", "设备", 18500, None),
    ("投影仪", "设备", 7600, None),
    ("档案柜", "家具", 2400, None),
    *((f"文化宫三层{n}号房", "房屋", 90000 + 2000 * n, 60) for n in range(1, 16)),
)


def asset_no(number: int) -> str:
    """Return the number of an asset card."""
    return f"ZC{number:05d}"


def add_assets(county: County) -> None:
    """Write assets and counts, one disposal, leases with their rents, and one repair."""
    for number, (name, category, value, area) in enumerate(THINGS, start=1):
        _asset(county, number, (name, category, value, area))
    _disposal(county)
    for item in (BOOKSHOP, PHARMACY, SPORTS):
        add_lease(county, item)
    payee = add_repair(county, 5, Decimal("68000.00"), date(2024, 10, 10))
    decide(county, 5, "二层活动室修缮工程", 70000, payee)


def _asset(county: County, number: int, thing: tuple[str, str, int, int | None]) -> None:
    name, category, value, area = thing
    location = "文化宫" if category == "房屋" else f"{200 + number}室"
    county.add(
        "asset",
        asset_no=asset_no(number),
        asset_name=name,
        category=category,
        original_value=Decimal(value),
        depreciation=Decimal(value) * 3 / 10,
        acquired_on=date(2018, 1 + number % 12, 11),
        location=location,
        area_sqm=None if area is None else Decimal(area),
        status="出租" if number in {2, 3, 4} or number > 10 else "在用",
        owner_unit=PALACE_NAME if category == "房屋" else SELF_NAME,
    )
    county.add(
        "asset_count",
        asset_no=asset_no(number),
        counted_on=COUNTED_ON,
        found=True,
        location=location,
    )
    county.books.openings["162"] += Decimal(value)
    county.books.openings["30104"] += Decimal(value)


def _disposal(county: County) -> None:
    income = Decimal("350.00")
    facets = {"disposal_income": income, "approval_no": "示总处〔2024〕2号"}
    row = dispose(county, 50, "旧打印机", Decimal(9800), **facets)
    buyer = "示例市样本再生资源有限公司"
    county.books.receive(row["disposed_on"], buyer, "旧打印机处置收入", [("40802", income)])


@dataclass(frozen=True)
class Lease:
    """A lease; rent falls due at the start of every `months` months.

    `misbooked` is the first day of the instalment that went to another account of the ledger.
    """

    lease_no: str
    asset: int
    tenant: str
    area: int
    starts_on: date
    ends_on: date
    annual: int
    months: int
    deposit: int
    misbooked: date | None = None


BOOKSHOP = Lease(
    "ZL2023-01", 3, "示例县仿真书店", 120, date(2023, 1, 1), date(2026, 12, 31), 36000, 12, 3000
)
PHARMACY = Lease(
    "ZL2023-02", 4, "示例县范例药房", 130, date(2023, 7, 1), date(2027, 6, 30), 42000, 6, 3500
)
SPORTS = Lease(
    "ZL2024-01",
    2,
    "示例县模型体育有限公司",
    900,
    date(2024, 4, 1),
    date(2027, 3, 31),
    120000,
    3,
    10000,
)


def add_lease(county: County, item: Lease, *, unpaid: tuple[date, ...] = ()) -> Row:
    """Write a lease let in the open, with its deposit and every instalment due by the as-of day.

    Args:
        county: The county.
        item: The lease.
        unpaid: First days of instalments that are not paid.

    Returns:
        The lease row, which a story may change.
    """
    row = county.add(
        "lease",
        lease_no=item.lease_no,
        asset_no=asset_no(item.asset),
        tenant=item.tenant,
        area_sqm=Decimal(item.area),
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        annual_rent=Decimal(item.annual),
        pay_months=item.months,
        deposit=Decimal(item.deposit),
        tender="公开招租",
        appraisal=Decimal(item.annual),
        approval_no=f"示总资〔{item.starts_on.year}〕{item.asset}号",
        relief=Decimal(0),
        deposit_returned=Decimal(0),
    )
    if item.starts_on >= days.PERIOD_FROM:
        legs = [("21501", Decimal(item.deposit))]
        summary = f"租赁押金{item.lease_no}"
        county.books.receive(item.starts_on, item.tenant, summary, legs, own=PALACE)
    else:
        county.books.openings["21501"] += Decimal(item.deposit)
    start = item.starts_on
    while start <= min(days.AS_OF, item.ends_on):
        if start not in unpaid:
            rent_received(county, item, start)
        start = days.add_months(start, item.months)
    return row


def rent_received(county: County, item: Lease, start: date) -> None:
    """Write a rent receipt; with bank line and voucher when the books already run.

    Args:
        county: The county.
        item: The lease.
        start: First day that the rent covers; it is paid on the next workday from the 5th on.
    """
    rent = Decimal(item.annual) * item.months / 12
    day = days.workday_on_or_after(start.replace(day=5))
    voucher = f"记-{day:%Y%m}旧账"
    if day >= days.PERIOD_FROM:
        summary = f"租金{item.lease_no} {start:%Y%m}起"
        legs = [("21502" if start == item.misbooked else "40801", rent)]
        county.books.receive(day, item.tenant, summary, legs, own=PALACE)
        voucher = county.books.entries[-1]["voucher_no"]
    county.add(
        "lease_receipt",
        lease_no=item.lease_no,
        received_on=day,
        amount=rent,
        covers_from=start,
        covers_to=days.month_end(days.add_months(start, item.months - 1)),
        voucher_no=voucher,
    )


def add_repair(county: County, number: int, paid: Decimal, booked_on: date | None) -> str:
    """Write a finished repair and its payment.

    Args:
        county: The county.
        number: Running number; also the asset that was repaired.
        paid: Yuan.
        booked_on: Day on which it went into the asset ledger; None for never.

    Returns:
        The firm that was paid.
    """
    payee = f"示例县样板装饰工程{number}有限公司"
    county.add(
        "repair_project",
        project_no=f"XS2024-{number:02d}",
        asset_no=asset_no(number),
        contract_amount=paid,
        paid=paid,
        finished_on=date(2024, 8, 30),
        settled_on=date(2024, 9, 20),
        booked_on=booked_on,
    )
    county.books.pay(date(2024, 10, 10), payee, f"修缮工程款{number}", [("5060202", paid)])
    return payee


def decide(county: County, number: int, subject: str, amount: int, payee: str) -> Row:
    """Write a decision that was taken in time, with the inspector present."""
    return county.add(
        "decision",
        meeting_no=f"DZ2024-{number:02d}",
        held_on=date(2024, 6, 12),
        subject=subject,
        is_major=True,
        amount=Decimal(amount),
        payee=payee,
        inspector_present=True,
    )


def dispose(county: County, number: int, name: str, value: Decimal, **facets: Any) -> Row:  # noqa: ANN401
    """Write an asset that was disposed of in May 2024, and take it off the books."""
    day = date(2024, 5, 22)
    row: Row = {
        "asset_no": asset_no(number),
        "asset_name": name,
        "category": "设备",
        "original_value": value,
        "depreciation": value,
        "acquired_on": date(2014, 3, 6),
        "location": "仓库",
        "status": "处置",
        "disposed_on": day,
        "owner_unit": SELF_NAME,
    }
    county.books.openings["162"] += value
    county.books.openings["30104"] += value
    county.books.voucher(day, f"核销{name}", [("30104", value)], [("162", value)], SELF_NAME)
    return county.add("asset", **(row | facets))
