"""Stories of the fuel rules: one defect and one look-alike per rule.

Not here: how a card works (see `fuel`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sample_data.make import days
from sample_data.make.books import MAIN, PALACE
from sample_data.make.county import SELF_NAME, yuan
from sample_data.make.fuel import (
    ISSUER,
    PETROL,
    Car,
    Card,
    Event,
    drive,
    fill,
    make_cards,
    run_cards,
    write_cards,
    write_cars,
)

if TYPE_CHECKING:
    from sample_data.make.county import County, Kind

NORM = Decimal("9.0")
NEVER = None


@dataclass
class Garage:
    """What the stories work on: the county and its cards by number."""

    county: County
    cards: dict[int, Card]

    def note(self, rule: str, kind: Kind, number: int, **facets: Any) -> None:  # noqa: ANN401
        """Note a story of a card; the party is the card's owner unit."""
        card = self.cards[number]
        facets["why"] = f"尾号{card.card_no[-4:]}、{card.car.plate}：{facets['why']}"
        self.county.plant(rule, kind, card.car.owner, **facets)

    def open(self, number: int, opening: str, until: date | None, **car_facets: Any) -> Card:  # noqa: ANN401
        """Add a special petrol car with a card of the same number."""
        car = Car(number, f"样本牌轿车{number}", PETROL, 60, NORM, 40, facets=car_facets)
        card = Card(number, car, Decimal(opening), until)
        self.cards[number] = card
        return card


def add_fuel(county: County) -> None:
    """Write all cars and cards, ordinary ones and stories, with bank and ledger."""
    garage = Garage(county, {card.number: card for card in make_cards()})
    _special_cards(garage)
    run_cards(list(garage.cards.values()))
    _stopped(garage)
    _refunds(garage)
    _rolls(garage)
    _register(garage)
    _fills(garage)
    _times(garage)
    _sealed_and_shop(garage)
    _consumption(garage)
    _places(garage)
    _idle(garage)
    _receipts(garage)
    spare = Car(30, "样本牌轿车D", PETROL, 55, Decimal("8.8"), 38)
    _reimbursed(garage, spare)
    short = {date(2024, 7, 1): Decimal("200.00")}
    garage.county.plant(
        "FUEL-05", "defect", SELF_NAME, period="2024-07", direction="verify", amount="200.00",
        why="7月各卡充值合计比银行付款和凭证多200.00元",
    )  # fmt: skip
    garage.county.plant(
        "FUEL-05", "look_alike", SELF_NAME, period="2024-08", direction="verify",
        why="8月各卡分别充值，银行一笔付出，合计相符",
    )  # fmt: skip
    drive(county, list(garage.cards.values()))
    write_cars(county, list(garage.cards.values()), [spare])
    write_cards(county, list(garage.cards.values()), short)


def _special_cards(garage: Garage) -> None:
    garage.open(7, "500.00", date(2024, 9, 1))
    garage.open(8, "0.00", date(2024, 9, 1))
    garage.open(9, "0.00", date(2024, 5, 1), status="封存", sealed_on=date(2024, 5, 31))
    garage.open(10, "500.00", date(2024, 10, 1))
    garage.open(11, "100.00", date(2024, 10, 1))
    garage.open(12, "60.00", days.LEDGER_MONTHS[-1])
    garage.open(13, "300.00", days.LEDGER_MONTHS[-1])


def _stopped(garage: Garage) -> None:
    stop = {"status": "停用", "closed_on": date(2024, 10, 31)}
    for number in (7, 8):
        garage.cards[number].facets |= stop
    garage.cards[7].points = dict.fromkeys(days.LEDGER_MONTHS, 2000)
    garage.note("FUEL-01", "defect", 7, direction="write_off", amount="500.00",
                why="2024-10-31停用，卡内余额500.00元至今没有转出")  # fmt: skip
    garage.note("FUEL-01", "look_alike", 8, direction="write_off", why="同日停用，余额为0")
    garage.note("FUEL-18", "defect", 7, direction="verify", amount="20.00",
                why="停用卡上还有2000积分，每分0.01元")  # fmt: skip
    garage.cards[1].points = dict.fromkeys(days.LEDGER_MONTHS, 800)
    garage.note("FUEL-18", "look_alike", 1, direction="verify", amount="8.00",
                why="在用卡的800积分")  # fmt: skip


def _refunds(garage: Garage) -> None:
    county = garage.county
    for number, amount in ((3, "300.00"), (2, "280.00"), (4, "260.00")):
        at = datetime(2024, 6, 11, 15, 20, number)  # noqa: DTZ001 - a local wall clock
        garage.cards[number].events.append(Event(at, "退款", Decimal(amount), topped=False))
    booked = date(2024, 6, 25)
    for own, back in ((MAIN, Decimal("280.00")), (PALACE, Decimal("260.00"))):
        county.books.receive(booked, ISSUER, "加油卡退款", [("13501", back)], own=own)
    garage.note("FUEL-02", "defect", 3, period="2024-06-11", direction="write_off",
                amount="300.00", why="卡上退款300.00元，30日内没有银行到账")  # fmt: skip
    garage.note("FUEL-02", "look_alike", 2, period="2024-06-11", direction="write_off",
                amount="280.00", why="退款280.00元，14天后到账入账")  # fmt: skip
    garage.note("FUEL-03", "defect", 4, period="2024-06-11", direction="write_off",
                amount="260.00", why="总工会的卡退款260.00元，到了工人文化宫账户")  # fmt: skip
    garage.note("FUEL-03", "look_alike", 2, period="2024-06-11", direction="write_off",
                amount="280.00", why="退款回到卡的权属单位账户")  # fmt: skip


def _rolls(garage: Garage) -> None:
    months = [month for month in days.LEDGER_MONTHS if month >= date(2024, 3, 1)]
    garage.cards[1].statement_off = dict.fromkeys(months, Decimal("150.00"))
    garage.note("FUEL-04", "defect", 1, period="2024-03", direction="verify", amount="150.00",
                why="期初＋充值－加油应为800.00元，对账单期末950.00元")  # fmt: skip
    card, day = garage.cards[5], date(2024, 4, 17)
    wrong = fill(card, day, at=time(11, 2), litres=20, km=0)
    undone = datetime.combine(day, time(11, 6))
    facets = {"product": wrong.facets["product"], "litres": wrong.facets["litres"]}
    card.events.append(Event(undone, "冲正", wrong.amount, facets=facets))
    garage.note("FUEL-04", "look_alike", 5, period="2024-04", direction="verify",
                amount=wrong.amount, why="4月17日错刷150.00元当场冲正，卡账相符")  # fmt: skip


def _register(garage: Garage) -> None:
    stray = Card(14, garage.cards[13].car, Decimal(0), NEVER, is_registered=False)
    garage.cards[14] = stray
    for day in (date(2024, 8, 14), date(2024, 9, 11)):
        fill(stray, day, destination=None, km=0, facets={"plate": None})
    garage.county.plant(
        "FUEL-06", "defect", SELF_NAME, direction="recover", amount="600.00",
        why=f"尾号{stray.card_no[-4:]}：卡不在台账里，加油两次共600.00元",
    )  # fmt: skip
    garage.cards[13].facets["opened_on"] = date(2024, 1, 9)
    garage.note("FUEL-06", "look_alike", 13, direction="recover", amount="300.00",
                why="办卡当天就加油，台账起始日正好是那天")  # fmt: skip
    second = Card(15, garage.cards[12].car, Decimal("50.00"), NEVER)
    garage.cards[15] = second
    garage.note("FUEL-07", "defect", 12, why="一辆车同时有两张正常卡")
    replaced = Card(16, garage.cards[2].car, Decimal(0), NEVER)
    replaced.facets = {"status": "注销", "closed_on": date(2023, 3, 1)}
    garage.cards[16] = replaced
    garage.note("FUEL-07", "look_alike", 2, why="另一张卡2023-03-01已注销")


def _fills(garage: Garage) -> None:
    card = garage.cards[2]
    day = date(2024, 5, 14)
    fill(card, day, at=time(10, 1), litres=55, facets={"unit_price": Decimal("7.50")})
    fill(card, day, at=time(10, 20), litres=33, facets={"unit_price": Decimal("7.50")})
    garage.note("FUEL-08", "defect", 2, period="2024-05-14", direction="verify", amount="187.50",
                why="油箱60升，19分钟内加55＋33升，超过63升的25升×7.50元")  # fmt: skip
    garage.note("FUEL-10", "consequence", 2, period="2024-05-14", direction="verify",
                amount="247.50", why="同日第二次加油，与FUEL-08是同一笔钱")  # fmt: skip
    fill(card, date(2024, 8, 6), litres=63)
    garage.note("FUEL-08", "look_alike", 2, period="2024-08-06", direction="verify",
                why="一次加63升，正好是油箱60升的105%")  # fmt: skip
    diesel = garage.cards[4]
    petrol = {"unit_price": Decimal("7.50"), "product": PETROL[1]}
    wrong = fill(diesel, date(2024, 7, 16), litres=30, facets=petrol)
    garage.note("FUEL-09", "defect", 4, period="2024-07-16", direction="recover",
                amount=wrong.amount, why="柴油车加了92号汽油")  # fmt: skip
    garage.note("FUEL-09", "look_alike", 2, period="2024-07-09", direction="recover",
                why="登记为95号的车加95号汽油")  # fmt: skip


def _times(garage: Garage) -> None:
    card = garage.cards[3]
    day = date(2024, 6, 5)
    fill(card, day, at=time(8, 50), litres=30)
    second = fill(card, day, at=time(16, 10), litres=30)
    garage.note("FUEL-10", "defect", 3, period="2024-06-05", direction="verify",
                amount=second.amount, why="一天加油两次，相隔七小时")  # fmt: skip
    for day in (date(2024, 8, 13), date(2024, 8, 14)):
        fill(card, day, litres=30)
    garage.note("FUEL-10", "look_alike", 3, period="2024-08-14", direction="verify",
                why="连续两天各加一次，不是同一天")  # fmt: skip
    off = fill(garage.cards[1], date(2024, 3, 17), litres=30, destination=None)
    garage.note("FUEL-11", "defect", 1, period="2024-03-17", direction="verify",
                amount=off.amount, why="星期日加油，没有派车记录")  # fmt: skip
    worked = fill(garage.cards[1], date(2024, 4, 28), litres=30, destination=None)
    garage.note("FUEL-11", "look_alike", 1, period="2024-04-28", direction="verify",
                amount=worked.amount, why="4月28日星期日是五一调休的工作日")  # fmt: skip


def _sealed_and_shop(garage: Garage) -> None:
    card = garage.cards[9]
    card.facets |= {"status": "停用", "closed_on": date(2024, 6, 30)}
    last = fill(card, date(2024, 5, 31), litres=30)
    after = fill(card, date(2024, 6, 12))
    garage.note("FUEL-12", "defect", 9, period="2024-06-12", direction="recover",
                amount=after.amount, why="车辆2024-05-31封存，6月12日仍加油")  # fmt: skip
    garage.note("FUEL-12", "look_alike", 9, period="2024-05-31", direction="recover",
                amount=last.amount, why="封存当天加油")  # fmt: skip
    shop = {"product": "矿泉水", "station": "示例县样品路加油站", "city": "示例市"}
    other = garage.cards[5]
    for number, day in (("120.00", date(2024, 9, 12)), ("90.00", date(2024, 10, 15))):
        at = datetime.combine(day, time(11, 30))
        other.events.append(Event(at, "非油品", Decimal(number), facets=dict(shop)))
    at = datetime.combine(date(2024, 10, 16), time(9, 40))
    other.events.append(Event(at, "冲正", Decimal("90.00"), facets=dict(shop)))
    garage.note("FUEL-14", "defect", 5, period="2024-09-12", direction="recover",
                amount="120.00", why="用加油卡买矿泉水")  # fmt: skip
    garage.note("FUEL-14", "look_alike", 5, period="2024-10-15", direction="recover",
                amount="90.00", why="误刷后次日冲正")  # fmt: skip


def _consumption(garage: Garage) -> None:
    card, day = garage.cards[13], date(2024, 10, 29)
    fill(card, day, km=200)
    excess = yuan((Decimal(40) - NORM * 2) * Decimal("7.50"))
    garage.note("FUEL-13", "defect", 13, period="2024-10-29", direction="verify", amount=excess,
                why="200公里加油40升，标准9升/百公里，超出22升×7.50元")  # fmt: skip
    near = fill(card, date(2024, 12, 30), litres=20, km=99)
    garage.note("FUEL-13", "look_alike", 13, period="2024-12-30", direction="verify",
                amount=near.amount, why="两次加油之间只有99公里，不足100公里，不计算")  # fmt: skip


def _places(garage: Garage) -> None:
    card = garage.cards[13]
    away = {"station": "样板市环城加油站", "city": "样板市"}
    lost = fill(card, date(2024, 11, 13), destination=None, facets=away)
    garage.note("FUEL-15", "defect", 13, period="2024-11-13", direction="verify",
                amount=lost.amount, why="在外市样板市加油，没有派车记录")  # fmt: skip
    sent = fill(card, date(2024, 11, 27), destination="样板市总工会", facets=away)
    garage.note("FUEL-15", "look_alike", 13, period="2024-11-27", direction="verify",
                amount=sent.amount, why="同一城市，但当天派车到样板市")  # fmt: skip


def _idle(garage: Garage) -> None:
    garage.note("FUEL-17", "defect", 10, direction="write_off", amount="500.00",
                why="2024年10月以后没有使用，余额500.00元")  # fmt: skip
    garage.note("FUEL-17", "look_alike", 11, direction="write_off", amount="100.00",
                why="同样闲置，余额正好100.00元")  # fmt: skip
    for number, amount in ((12, "3000.00"), (3, "690.00")):
        at = datetime.combine(date(2024, 12, 18), time(9, 30))
        garage.cards[number].events.append(Event(at, "充值", Decimal(amount), topped=False))
    garage.note("FUEL-20", "defect", 12, period="2024", direction="verify", amount="3060.00",
                why="12月充值3600.00元，平常每月600.00元，年末卡上还有3060.00元")  # fmt: skip
    garage.note("FUEL-20", "look_alike", 3, period="2024", direction="verify",
                why="12月充值1380.00元，正好是平常每月690.00元的两倍")  # fmt: skip


def _receipts(garage: Garage) -> None:
    card = garage.cards[4]
    first = fill(card, date(2024, 10, 22), litres=30)
    copy = Event(datetime.combine(date(2024, 10, 23), time(10, 5)), "加油", first.amount)
    copy.facets, copy.km = dict(first.facets), 0
    for event in (first, copy):
        event.facets["serial_no"] = "JY99000001"
    card.events.append(copy)
    garage.note("FUEL-19", "defect", 4, period="2024-10-23", direction="recover",
                amount=first.amount, why="同一小票号出现两次")  # fmt: skip
    garage.note("FUEL-19", "look_alike", 3, period="2024-08-14", direction="recover",
                why="连续两天升数、金额相同，小票号不同")  # fmt: skip


def _reimbursed(garage: Garage, spare: Car) -> None:
    county, card = garage.county, garage.cards[1]
    same_day = days.workday_on_or_after(date(2024, 9, 9))
    for plate, day, amount, last in (
        (spare.plate, date(2024, 3, 14), "285.00", 1),
        (card.car.plate, same_day, "210.00", 2),
        (card.car.plate, date(2024, 9, 26), "190.00", 3),
    ):
        county.add("fuel_reimbursement", plate=plate, spent_on=day, amount=Decimal(amount),
                   invoice_no=f"249900000088{last:04d}1", method="现金")  # fmt: skip
    garage.note("FUEL-16", "defect", 1, period=same_day.isoformat(), direction="recover",
                amount="210.00", why="当天已刷卡加油，又报销现金油费")  # fmt: skip
    garage.note("FUEL-16", "look_alike", 1, period="2024-09-26", direction="recover",
                amount="190.00", why="当天没有刷卡加油")  # fmt: skip
