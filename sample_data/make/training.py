"""Training classes: agreements, rosters, attendance, payments, expenses.

A class is made whole and ordinary; stories change it before it is written. Not here: the stories
(see `training_stories`) and members (see `people`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sample_data.make import codes, days

if TYPE_CHECKING:
    from sample_data.make.county import County
    from sample_data.make.parties import Payer
    from sample_data.make.people import Members, Person

PROGRAMME = "在岗职工技能培训"
STANDARD = Decimal("800.00")
SCHOOLS = (
    ("示例市样本职业培训学校", codes.account(8001), date(2019, 4, 2)),
    ("示例市模拟技工学校", codes.account(8002), date(2018, 9, 3)),
)
TRADES = ("焊工", "电工", "中式烹调师", "养老护理员", "保育师")
HEADS = 8
SHARES = (("教材", 200), ("课酬", 400), ("场地", 200))
# class number: employer key; numbers 1 to 22 are of 2024, 23 of 2025
EMPLOYERS = dict(enumerate([*(f"A{n:02d}" for n in range(1, 9)), "K01", "K02"], start=1))
EMPLOYERS |= dict(enumerate(["J01", "J02", "J03", "J04", "B02", "R12", "R22", "R20"], start=11))
EMPLOYERS |= {19: "R10", 20: "R06", 21: "R03", 22: "R04", 23: "A05"}


@dataclass
class Seat:
    """One trainee of a class; `missed` are (day, session) numbers from zero."""

    person: Person
    employer: Payer
    missed: set[tuple[int, int]] = field(default_factory=set)
    shortened: dict[tuple[int, int], Decimal] = field(default_factory=dict)
    facets: dict[str, Any] = field(default_factory=dict)


@dataclass
class Payment:
    """One payment of the subsidy."""

    paid_on: date
    amount: Decimal
    heads: int = HEADS
    payee: str | None = None
    account: str | None = None


@dataclass
class Expense:
    """One expense of the class."""

    category: str
    amount: Decimal
    spent_on: date
    method: str = "转账"


@dataclass
class Class:
    """A class and everything about it; `facets` override columns of training_class."""

    number: int
    payer: Payer
    sessions: list[tuple[date, int]]
    seats: list[Seat]
    payments: list[Payment] = field(default_factory=list)
    expenses: list[Expense] = field(default_factory=list)
    facets: dict[str, Any] = field(default_factory=dict)
    same_second: bool = False

    @property
    def class_no(self) -> str:
        """Its number in the register."""
        return f"PX{self.starts_on.year}{self.number:02d}"

    @property
    def starts_on(self) -> date:
        """First day."""
        return self.sessions[0][0]

    @property
    def ends_on(self) -> date:
        """Last day."""
        return self.sessions[-1][0]

    @property
    def period(self) -> str:
        """Its months as the contract writes a period."""
        first, last = days.month_text(self.starts_on), days.month_text(self.ends_on)
        return first if first == last else f"{first}..{last}"

    @property
    def hours(self) -> Decimal:
        """Class hours taught: four per session."""
        return Decimal(4 * len(self.sessions))

    @property
    def school(self) -> tuple[str, str, date]:
        """Name, account and accreditation day of the school."""
        return SCHOOLS[self.number % 2]

    @property
    def trade(self) -> str:
        """The trade that is taught."""
        return TRADES[self.number % len(TRADES)]


def sessions_from(first: date, count: int = 8) -> list[tuple[date, int]]:
    """Return day and half-day (0 morning, 1 afternoon) of `count` sessions on workdays."""
    day, found = days.workday_on_or_after(first), []
    for place in range(count):
        if place and place % 2 == 0:
            day = days.add_workdays(day, 1)
        found.append((day, place % 2))
    return found


def make_classes(county: County, members: Members) -> dict[int, Class]:
    """Return ordinary classes of eight members each, by number; nothing is written yet."""
    classes = {}
    for number, key in EMPLOYERS.items():
        first = date(2024, 2 + number % 10, 4 + number % 9)
        if number == 23:
            first = date(2025, 3, 10)
        payer = county.payers[key]
        start = 8 if number == 23 else 0
        seats = [Seat(person, payer) for person in members.of[key][start : start + HEADS]]
        item = Class(number, payer, sessions_from(first), seats)
        seats[1].missed = {(1, 0)}
        seats[4].missed = {(2, 1)}
        item.payments = [Payment(days.add_workdays(item.ends_on, 12), STANDARD * HEADS)]
        item.expenses = [
            Expense(category, Decimal(share * HEADS), item.ends_on + timedelta(days=place))
            for place, (category, share) in enumerate(SHARES, start=1)
        ]
        classes[number] = item
    return classes


def write_classes(county: County, classes: dict[int, Class]) -> None:
    """Write the five tables of every class, its bank lines and its vouchers."""
    for item in classes.values():
        _class_row(county, item)
        for place, seat in enumerate(item.seats, start=1):
            _trainee(county, item, place, seat)
        _attendance(county, item)
        for payment in item.payments:
            _payment(county, item, payment)
        for place, expense in enumerate(item.expenses, start=1):
            _expense(county, item, place, expense)


def _class_row(county: County, item: Class) -> None:
    school, number, accredited_on = item.school
    row: dict[str, Any] = {
        "class_no": item.class_no,
        "class_name": f"{item.starts_on.year}年第{item.number}期{item.trade}班",
        "programme": PROGRAMME,
        "provider": school,
        "provider_account": number,
        "employer": item.payer.name,
        "employer_uscc": item.payer.uscc,
        "trade": item.trade,
        "level": "初级",
        "starts_on": item.starts_on,
        "ends_on": item.ends_on,
        "planned_hours": item.hours,
        "approved_heads": HEADS,
        "standard": STANDARD,
        "agreement_no": f"XY{item.starts_on.year}{item.number:02d}",
        "accepted_on": item.ends_on + timedelta(days=6),
        "licence_trades": "、".join(TRADES),
        "accredited_on": accredited_on,
        "teacher": f"样本教师{item.number:02d}",
        "venue": f"{school}{item.number}号教室",
        "advance_agreed": Decimal(0),
    }
    county.add("training_class", **(row | item.facets))


def _trainee(county: County, item: Class, place: int, seat: Seat) -> None:
    taught = item.hours - 4 * len(seat.missed)
    taught -= sum((4 - hours for hours in seat.shortened.values()), Decimal(0))
    row: dict[str, Any] = {
        "class_no": item.class_no,
        "name": seat.person.name,
        "id_no": seat.person.id_no,
        "sex": "女" if seat.person.is_woman else "男",
        "employer": seat.employer.name,
        "employer_uscc": seat.employer.uscc,
        "is_member": True,
        "trade": item.trade,
        "level": "初级",
        "hours": taught,
        "post_type": "工人",
        "passed": True,
        "cert_no": f"SL{item.starts_on.year}{item.number:02d}{place:03d}",
        "cert_on": item.ends_on + timedelta(days=10),
    }
    county.add("trainee", **(row | seat.facets))


def _attendance(county: County, item: Class) -> None:
    for day_no, (day, half) in enumerate(item.sessions):
        for place, seat in enumerate(item.seats, start=1):
            spot = day_no // 2, half
            if spot in seat.missed:
                continue
            seconds = (
                17 if item.same_second else (place * 97 + item.number * 41 + day_no * 13) % 900
            )
            start = datetime.combine(day, time(14, 0) if half else time(8, 30))
            arrived = start - timedelta(seconds=seconds)
            county.add(
                "attendance",
                class_no=item.class_no,
                id_no=seat.person.id_no,
                name=seat.person.name,
                session_on=day,
                session="下午" if half else "上午",
                signed_in_at=arrived,
                signed_out_at=start + timedelta(hours=3, seconds=seconds),
                hours=seat.shortened.get(spot, Decimal(4)),
            )


def _payment(county: County, item: Class, payment: Payment) -> None:
    school, number, _ = item.school
    payee = payment.payee or school
    account = payment.account or number
    county.books.pay(
        payment.paid_on,
        payee,
        f"培训补助{item.class_no}",
        [("50201", payment.amount)],
        party_account=account,
    )
    county.add(
        "training_payment",
        class_no=item.class_no,
        payee=payee,
        payee_account=account,
        heads=payment.heads,
        standard=item.facets.get("standard", STANDARD),
        amount=payment.amount,
        paid_on=payment.paid_on,
        voucher_no=county.books.entries[-1]["voucher_no"],
    )


def _expense(county: County, item: Class, place: int, expense: Expense) -> None:
    county.add(
        "training_expense",
        class_no=item.class_no,
        category=expense.category,
        amount=expense.amount,
        spent_on=expense.spent_on,
        payee=f"示例市{expense.category}服务有限公司",
        invoice_no=f"2499000000{item.number:02d}{place:04d}7",
        method=expense.method,
    )
