"""Official cars and fuel cards: fills, top-ups, balances and trips.

A card is a list of events; balances, monthly statements, the bank and the ledger follow from it.
Every month a card is topped up by what it will use, so that its balance stays where it was. Not
here: the stories (see `fuel_stories`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sample_data.make import codes, days
from sample_data.make.county import SELF_NAME, yuan

if TYPE_CHECKING:
    from sample_data.make.county import County

PALACE_NAME = "示例县工人文化宫"
ISSUER = "样本石化示例分公司"
ISSUER_ACCOUNT = codes.account(9001)
CITY = "示例市"
PETROL = ("92", "92号车用汽油", "7.50")
BETTER = ("95", "95号车用汽油", "8.00")
DIESEL = ("0#柴油", "0号车用柴油", "7.20")
SIGNS = {"充值": 1, "加油": -1, "非油品": -1, "退款": -1, "冲正": 1}
LAST_MONTH = days.LEDGER_MONTHS[-1]


@dataclass
class Car:
    """A car; `litres` is one ordinary fill, `facets` override columns of vehicle."""

    number: int
    model: str
    fuel: tuple[str, str, str]
    tank_l: int
    norm: Decimal
    litres: int
    owner: str = SELF_NAME
    odometer: int = 20000
    facets: dict[str, Any] = field(default_factory=dict)

    @property
    def plate(self) -> str:
        """Its plate; the letter Z is not in use in that region."""
        return f"宁Z{self.number:05d}"


@dataclass
class Event:
    """One line of a card's statement.

    `topped` events are paid for by the monthly top-up; `km` is what the car drove since its last
    fill; `destination` is that of the day's trip, None where nobody wrote one.
    """

    at: datetime
    kind: str
    amount: Decimal
    topped: bool = True
    km: int | None = None
    destination: str | None = None
    facets: dict[str, Any] = field(default_factory=dict)


@dataclass
class Card:
    """A card; no car means that it is bound to none; `runs_until` is its last ordinary month."""

    number: int
    car: Car
    opening: Decimal = Decimal("500.00")
    runs_until: date | None = LAST_MONTH
    statement_off: dict[date, Decimal] = field(default_factory=dict)
    facets: dict[str, Any] = field(default_factory=dict)
    points: dict[date, int] = field(default_factory=dict)
    is_registered: bool = True
    events: list[Event] = field(default_factory=list)

    @property
    def card_no(self) -> str:
        """Its number."""
        return codes.fuel_card(self.number)


def make_cards() -> list[Card]:
    """Return the ordinary cards with two fills a month; nothing is written yet."""
    cars = [
        Car(1, "样本牌轿车A", PETROL, 55, Decimal("8.5"), 40, odometer=23000),
        Car(2, "样本牌轿车B", BETTER, 60, Decimal("9.0"), 42, odometer=26000),
        Car(3, "模型牌商务车", PETROL, 65, Decimal("10.5"), 46, odometer=29000),
        Car(4, "模型牌轻客", DIESEL, 80, Decimal("11.5"), 55, odometer=32000),
        Car(5, "样本牌轿车C", PETROL, 55, Decimal("8.8"), 38, owner=PALACE_NAME, odometer=35000),
    ]
    return [Card(car.number, car, opening=Decimal("800.00")) for car in cars]


def run_cards(cards: list[Card]) -> None:
    """Give every card that runs its two fills a month, with a trip for each day."""
    for card in cards:
        for month in days.LEDGER_MONTHS:
            if card.runs_until is not None and month <= card.runs_until:
                for day in (9, 21):
                    fill(card, days.workday_on_or_after(month.replace(day=day)))


def fill(  # noqa: PLR0913 - how a fill may differ; all but two are keywords
    card: Card,
    day: date,
    *,
    at: time = time(10, 5),
    litres: int | None = None,
    km: int | None = None,
    destination: str | None = "示例县各乡镇",
    facets: dict[str, Any] | None = None,
) -> Event:
    """Put fuel into a card's car.

    Args:
        card: The card that pays.
        day: The day.
        at: Time of day.
        litres: An ordinary fill when None.
        km: Driven since the last fill; what the norm allows when None.
        destination: Of the trip that covers it; None for no trip.
        facets: Columns of fuel_txn that differ.

    Returns:
        The event.
    """
    car = card.car
    put = Decimal(car.litres if litres is None else litres)
    row: dict[str, Any] = {
        "product": car.fuel[1],
        "litres": put,
        "unit_price": Decimal(car.fuel[2]),
        "plate": car.plate,
        "station": "示例县样品路加油站",
        "city": CITY,
    }
    row |= facets or {}
    spent = yuan(row["litres"] * row["unit_price"])
    event = Event(datetime.combine(day, at), "加油", spent, facets=row)
    event.km = int(put * 100 / car.norm) if km is None else km
    event.destination = destination
    card.events.append(event)
    return event


def drive(county: County, cards: list[Card]) -> None:
    """Set the odometer of every fill in the order of time, and write one trip per car and day."""
    fills = [(event, card.car) for card in cards for event in card.events if event.km is not None]
    fills.sort(key=lambda pair: (pair[1].number, pair[0].at))
    seen: set[tuple[int, date]] = set()
    for event, car in fills:
        start, car.odometer = car.odometer, car.odometer + (event.km or 0)
        if event.facets["plate"] is not None:
            event.facets["odometer"] = Decimal(car.odometer)
        spot = car.number, event.at.date()
        if event.destination is not None and spot not in seen:
            seen.add(spot)
            _trip(county, car, event, start)


def _trip(county: County, car: Car, event: Event, start: int) -> None:
    day = event.at.date()
    county.add(
        "trip",
        plate=car.plate,
        out_at=datetime.combine(day, time(8, 30)),
        back_at=datetime.combine(day, time(17, 20)),
        driver="样本驾驶员",
        destination=event.destination,
        reason="走访企业",
        odo_out=Decimal(start),
        odo_back=Decimal(car.odometer),
    )


def write_cars(county: County, cards: list[Card], others: list[Car]) -> None:
    """Write the cars of all cards once each, and cars without a card."""
    cars = {card.car.plate: card.car for card in cards} | {car.plate: car for car in others}
    for car in cars.values():
        row: dict[str, Any] = {
            "plate": car.plate,
            "model": car.model,
            "fuel_type": car.fuel[0],
            "tank_l": Decimal(car.tank_l),
            "norm_l_100km": car.norm,
            "acquired_on": date(2020, 5, 6),
            "owner_unit": car.owner,
            "status": "在用",
        }
        county.add("vehicle", **(row | car.facets))


def write_cards(county: County, cards: list[Card], top_up_short: dict[date, Decimal]) -> None:
    """Write register, statements and monthly balances of all cards, and book the money.

    Args:
        county: The county.
        cards: The cards with their events.
        top_up_short: Month to yuan by which the bank and the ledger show less than the statements.
    """
    topped: dict[date, Decimal] = {}
    used: dict[date, Decimal] = {}
    for card in cards:
        if card.is_registered:
            _register(county, card)
        _top_up(card)
        _statement(county, card)
        for event in card.events:
            month = event.at.date().replace(day=1)
            if event.kind == "充值":
                topped[month] = topped.get(month, Decimal(0)) + event.amount
            elif card.is_registered and event.kind in {"加油", "非油品", "冲正"}:
                used[month] = used.get(month, Decimal(0)) - SIGNS[event.kind] * event.amount
    for month, amount in sorted(topped.items()):
        day = days.workday_on_or_after(month.replace(day=3))
        legs = [("13501", amount - top_up_short.get(month, Decimal(0)))]
        summary = f"加油卡充值{month:%Y%m}"
        county.books.pay(day, ISSUER, summary, legs, party_account=ISSUER_ACCOUNT)
    for month, amount in sorted(used.items()):
        spent, taken = [("5060201", amount)], [("13501", amount)]
        last = days.month_end(month)
        county.books.voucher(last, f"结转{month:%Y%m}用油", spent, taken, ISSUER)


def _register(county: County, card: Card) -> None:
    row: dict[str, Any] = {
        "card_no": card.card_no,
        "card_type": "单用户卡",
        "plate": card.car.plate,
        "holder": "车队",
        "owner_unit": card.car.owner,
        "fuel_limit": card.car.fuel[1],
        "status": "正常",
        "opened_on": date(2020, 5, 20),
    }
    county.add("fuel_card", **(row | card.facets))
    county.books.openings["13501"] += card.opening


def _top_up(card: Card) -> None:
    if not card.is_registered:
        return
    for month in days.LEDGER_MONTHS:
        events = [e for e in card.events if e.topped and e.at.date().replace(day=1) == month]
        amount = -sum((SIGNS[e.kind] * e.amount for e in events), Decimal(0))
        if amount > 0:
            day = days.workday_on_or_after(month.replace(day=3))
            card.events.append(Event(datetime.combine(day, time(9, 12)), "充值", amount))


def _statement(county: County, card: Card) -> None:
    card.events.sort(key=lambda event: event.at)
    balance = card.opening
    for event in card.events:
        balance += SIGNS[event.kind] * event.amount
        number = len(county.tables["fuel_txn"]) + 1
        row: dict[str, Any] = {
            "card_no": card.card_no,
            "txn_at": event.at + timedelta(seconds=number % 50),
            "kind": event.kind,
            "amount": event.amount,
            "balance": balance if card.is_registered else None,
            "serial_no": f"JY{number:08d}",
        }
        county.add("fuel_txn", **(row | event.facets))
    if card.is_registered:
        _balances(county, card)


def _balances(county: County, card: Card) -> None:
    balance, shown = card.opening, card.opening
    for month in days.LEDGER_MONTHS:
        for event in card.events:
            if event.at.date().replace(day=1) == month:
                balance += SIGNS[event.kind] * event.amount
        opening, shown = shown, balance + card.statement_off.get(month, Decimal(0))
        county.add(
            "fuel_balance",
            card_no=card.card_no,
            month=month,
            opening=opening,
            closing=shown,
            reserve=Decimal(0),
            points=Decimal(card.points.get(month, 0)),
        )
