"""Official cars and fuel cards: fills, top-ups, balances, trips, and their stories.

Every card is topped up each month by what it used, so that balances roll on. Not here: the bank
account that pays for the top-ups (see `books`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sample_data.make import codes, days
from sample_data.make.county import SELF_NAME, yuan

if TYPE_CHECKING:
    from sample_data.make.county import County

PALACE_NAME = "示例县工人文化宫"
ISSUER = "样本石化示例分公司"
ISSUER_ACCOUNT = codes.account(9001)
CITY = "示例市"
OPENING = Decimal("500.00")


@dataclass
class Car:
    """A car with its card; `litres` is one ordinary fill."""

    plate: str
    model: str
    fuel_type: str
    tank_l: Decimal
    norm: Decimal
    owner: str
    card_no: str | None
    product: str
    price: Decimal
    litres: Decimal
    odometer: int


def _car(  # noqa: PLR0913 - a car has that many facets
    number: int,
    model: str,
    fuel: tuple[str, str, str],
    tank: int,
    norm: str,
    litres: int,
    *,
    owner: str = SELF_NAME,
    has_card: bool = True,
) -> Car:
    fuel_type, product, price = fuel
    return Car(
        plate=f"宁Z{number:05d}",
        model=model,
        fuel_type=fuel_type,
        tank_l=Decimal(tank),
        norm=Decimal(norm),
        owner=owner,
        card_no=codes.fuel_card(number) if has_card else None,
        product=product,
        price=Decimal(price),
        litres=Decimal(litres),
        odometer=20000 + 3000 * number,
    )


PETROL = ("92", "92号车用汽油", "7.50")
BETTER = ("95", "95号车用汽油", "8.00")
DIESEL = ("0#柴油", "0号车用柴油", "7.20")


def fleet() -> list[Car]:
    """Return the cars that run through the whole time."""
    return [
        _car(1, "样本牌轿车A", PETROL, 55, "8.5", 40),
        _car(2, "样本牌轿车B", BETTER, 60, "9.0", 42),
        _car(3, "模型牌商务车", PETROL, 65, "10.5", 46),
        _car(4, "模型牌轻客", DIESEL, 80, "11.5", 55),
        _car(5, "样本牌轿车C", PETROL, 55, "8.8", 38, owner=PALACE_NAME),
        _car(6, "样本牌轿车D", PETROL, 55, "8.8", 38, has_card=False),
    ]


def add_fuel(county: County) -> list[Car]:
    """Write eighteen months of fills, top-ups, balances and trips for every car with a card.

    Returns:
        The cars.
    """
    cars = fleet()
    for car in cars:
        _car_row(county, car)
        if car.card_no is not None:
            _card_row(county, car)
            county.books.openings["13501"] += OPENING
    for month in days.LEDGER_MONTHS:
        _month(county, [car for car in cars if car.card_no], month)
    for number in (3, 9):
        county.add(
            "fuel_reimbursement",
            plate=cars[5].plate,
            spent_on=date(2024, number, 14),
            amount=Decimal("285.00"),
            invoice_no=f"24990000008800{number:02d}1",
            method="公务卡",
        )
    return cars


def _car_row(county: County, car: Car) -> None:
    county.add(
        "vehicle",
        plate=car.plate,
        model=car.model,
        fuel_type=car.fuel_type,
        tank_l=car.tank_l,
        norm_l_100km=car.norm,
        acquired_on=date(2020, 5, 6),
        owner_unit=car.owner,
        status="在用",
    )


def _card_row(county: County, car: Car) -> None:
    county.add(
        "fuel_card",
        card_no=car.card_no,
        card_type="单用户卡",
        plate=car.plate,
        holder="车队",
        owner_unit=car.owner,
        fuel_limit=car.product,
        status="正常",
        opened_on=date(2020, 5, 20),
    )


def _month(county: County, cars: list[Car], month: date) -> None:
    top_up_on = days.workday_on_or_after(month.replace(day=3))
    topped = used = Decimal(0)
    for car in cars:
        spent = yuan(car.litres * car.price)
        amount = spent * 2
        _txn(
            county, car, datetime.combine(top_up_on, time(9, 12)), "充值", amount, OPENING + amount
        )
        for place, day in enumerate((9, 21), start=1):
            _fill(county, car, days.workday_on_or_after(month.replace(day=day)), place, spent)
        county.add(
            "fuel_balance",
            card_no=car.card_no,
            month=month,
            opening=OPENING,
            closing=OPENING,
            reserve=Decimal(0),
            points=Decimal(int(spent)),
        )
        topped, used = topped + amount, used + amount
    county.books.pay(
        top_up_on,
        ISSUER,
        f"加油卡充值{month:%Y%m}",
        [("13501", topped)],
        party_account=ISSUER_ACCOUNT,
    )
    last = days.month_end(month)
    county.books.voucher(
        last, f"结转{month:%Y%m}用油", [("50401", used)], [("13501", used)], ISSUER
    )


def _fill(county: County, car: Car, day: date, place: int, spent: Decimal) -> None:
    left = OPENING + spent * (2 - place)
    start = car.odometer
    car.odometer += int(car.litres * 100 / car.norm)
    at = datetime.combine(day, time(10, 5 + int(car.plate[-1])))
    _txn(county, car, at, "加油", spent, left)
    county.add(
        "trip",
        plate=car.plate,
        out_at=datetime.combine(day, time(8, 30)),
        back_at=datetime.combine(day, time(17, 20)),
        driver="驾驶员甲",
        destination="示例县各乡镇",
        reason="走访企业",
        odo_out=Decimal(start),
        odo_back=Decimal(car.odometer),
    )


def _txn(
    county: County, car: Car, at: datetime, kind: str, amount: Decimal, balance: Decimal
) -> None:
    is_fill = kind == "加油"
    number = len(county.tables["fuel_txn"]) + 1
    county.add(
        "fuel_txn",
        card_no=car.card_no,
        txn_at=at + timedelta(seconds=number % 50),
        kind=kind,
        product=car.product if is_fill else None,
        litres=car.litres if is_fill else None,
        unit_price=car.price if is_fill else None,
        amount=amount,
        balance=balance,
        plate=car.plate if is_fill else None,
        odometer=Decimal(car.odometer) if is_fill else None,
        station="示例县样品路加油站" if is_fill else None,
        city=CITY if is_fill else None,
        serial_no=f"JY{number:08d}",
    )
