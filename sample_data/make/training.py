"""Training classes: agreements, rosters, attendance, payments, expenses, and their stories.

Not here: members (see `people`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sample_data.make import codes, days
from sample_data.make.people import new_person

if TYPE_CHECKING:
    from sample_data.make.county import County
    from sample_data.make.parties import Payer
    from sample_data.make.people import Person

PROGRAMME = "在岗职工技能培训"
STANDARD = Decimal("800.00")
SCHOOLS = (
    ("示例市样本职业培训学校", codes.account(8001), date(2019, 4, 2)),
    ("示例市模拟技工学校", codes.account(8002), date(2018, 9, 3)),
)
TRADES = ("焊工", "电工", "中式烹调师", "养老护理员", "保育师")
HEADS = 8
SHARES = (("教材", 200), ("课酬", 400), ("场地", 200))


@dataclass(frozen=True)
class Class:
    """A class and who sits in it."""

    class_no: str
    payer: Payer
    number: int
    starts_on: date
    sessions: tuple[date, ...]
    trainees: tuple[Person, ...]

    @property
    def school(self) -> tuple[str, str, date]:
        """Name, account and accreditation day of the school."""
        return SCHOOLS[self.number % 2]

    @property
    def trade(self) -> str:
        """The trade that is taught."""
        return TRADES[self.number % len(TRADES)]


def add_training(county: County, members: dict[str, list[Person]]) -> list[Class]:
    """Write ten classes of eight trainees, one per month from February to November.

    Args:
        county: The county.
        members: Employer key to members; trainees are taken from them.

    Returns:
        The classes, in order.
    """
    keys = [*(f"A{n:02d}" for n in range(1, 9)), "K01", "K02"]
    classes = []
    for number, key in enumerate(keys, start=1):
        first = days.workday_on_or_after(date(2024, number + 1, 11))
        sessions = [first]
        while len(sessions) < 4:
            sessions.append(days.add_workdays(sessions[-1], 1))
        item = Class(
            class_no=f"PX2024{number:02d}",
            payer=county.payers[key],
            number=number,
            starts_on=first,
            sessions=tuple(sessions),
            trainees=tuple(members[key][:HEADS]),
        )
        classes.append(item)
        _class_row(county, item)
        _roster(county, item)
        _attendance(county, item)
        _money(county, item)
    _status_list(county)
    return classes


def _class_row(county: County, item: Class) -> None:
    school, number, accredited_on = item.school
    county.add(
        "training_class",
        class_no=item.class_no,
        class_name=f"2024年第{item.number}期{item.trade}班",
        programme=PROGRAMME,
        provider=school,
        provider_account=number,
        employer=item.payer.name,
        employer_uscc=item.payer.uscc,
        trade=item.trade,
        level="初级",
        starts_on=item.starts_on,
        ends_on=item.sessions[-1],
        planned_hours=Decimal(32),
        approved_heads=HEADS,
        standard=STANDARD,
        agreement_no=f"XY2024{item.number:02d}",
        accepted_on=item.sessions[-1] + timedelta(days=6),
        licence_trades="、".join(TRADES),
        accredited_on=accredited_on,
        teacher=f"师{item.number:02d}",
        venue=f"{school}{item.number}号教室",
        advance_agreed=Decimal(0),
    )


def _roster(county: County, item: Class) -> None:
    for place, person in enumerate(item.trainees, start=1):
        county.add(
            "trainee",
            class_no=item.class_no,
            name=person.name,
            id_no=person.id_no,
            sex="女" if person.is_woman else "男",
            employer=item.payer.name,
            employer_uscc=item.payer.uscc,
            is_member=True,
            trade=item.trade,
            level="初级",
            hours=Decimal(28 if place in {2, 5} else 32),
            post_type="工人",
            passed=True,
            cert_no=f"SL2024{item.number:02d}{place:03d}",
            cert_on=item.sessions[-1] + timedelta(days=10),
        )


def _attendance(county: County, item: Class) -> None:
    for day_no, day in enumerate(item.sessions):
        for session, start in (("上午", time(8, 30)), ("下午", time(14, 0))):
            for place, person in enumerate(item.trainees, start=1):
                if (place == 2 and day_no == 1 and session == "上午") or (
                    place == 5 and day_no == 2 and session == "下午"
                ):
                    continue
                seconds = (place * 97 + item.number * 41 + day_no * 13) % 900
                arrived = datetime.combine(day, start) - timedelta(seconds=seconds + 30)
                county.add(
                    "attendance",
                    class_no=item.class_no,
                    id_no=person.id_no,
                    name=person.name,
                    session_on=day,
                    session=session,
                    signed_in_at=arrived,
                    signed_out_at=arrived + timedelta(hours=3, seconds=900 + seconds),
                    hours=Decimal(4),
                )


def _money(county: County, item: Class) -> None:
    school, number, _ = item.school
    paid_on = days.add_workdays(item.sessions[-1], 12)
    amount = STANDARD * HEADS
    county.books.pay(
        paid_on, school, f"培训补助{item.class_no}", [("50301", amount)], party_account=number
    )
    county.add(
        "training_payment",
        class_no=item.class_no,
        payee=school,
        payee_account=number,
        heads=HEADS,
        standard=STANDARD,
        amount=amount,
        paid_on=paid_on,
        voucher_no=county.books.entries[-1]["voucher_no"],
    )
    for place, (category, per_head) in enumerate(SHARES, start=1):
        county.add(
            "training_expense",
            class_no=item.class_no,
            category=category,
            amount=Decimal(per_head * HEADS),
            spent_on=item.sessions[-1] + timedelta(days=place),
            payee=f"示例市{category}服务有限公司",
            invoice_no=f"2499000000{item.number:02d}{place:04d}7",
            method="转账",
        )


def _status_list(county: County) -> None:
    for place, status in enumerate(("财政供养", "退休", "死亡", "服刑", "在校学生", "机构人员"), 1):
        person = new_person(county, 6000 + place)
        county.add(
            "person_status",
            id_no=person.id_no,
            name=person.name,
            status=status,
            from_on=date(2019, 9, place),
            to_on=None,
            source="其他部门比对结果",
        )
