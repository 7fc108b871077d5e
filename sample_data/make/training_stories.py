"""Stories of the training rules: one defect and one look-alike per rule.

Not here: the ordinary class (see `training`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sample_data.make import codes, days
from sample_data.make.names import shown_name
from sample_data.make.people import Person, born_on, new_person
from sample_data.make.training import HEADS, STANDARD, Payment

if TYPE_CHECKING:
    from sample_data.make.county import County, Kind
    from sample_data.make.people import Members
    from sample_data.make.training import Class

WHOLE = STANDARD * HEADS


@dataclass
class Stage:
    """What the stories work on."""

    county: County
    members: Members
    classes: dict[int, Class]

    def note(self, rule: str, kind: Kind, number: int, **facets: Any) -> None:  # noqa: ANN401
        """Note a story of a class; the party is the payee of its first payment."""
        item = self.classes[number]
        party = shown_name(item.payments[0].payee or item.school[0])
        facets["why"] = f"{item.class_no}：{facets['why']}"
        self.county.plant(rule, kind, party, period=item.period, **facets)

    def replace_member(self, number: int, place: int, person: Person) -> None:
        """Put another person on a seat and on the roll of members."""
        item = self.classes[number]
        item.seats[place].person = person
        self.members.of[item.payer.key][place] = person

    def status(self, person: Person, status: str, **facets: Any) -> None:  # noqa: ANN401
        """List a person in the other departments' table."""
        self.county.add(
            "person_status", id_no=person.id_no, name=person.name, status=status,
            source="其他部门比对结果", **facets,
        )  # fmt: skip


def stage_training(county: County, members: Members, classes: dict[int, Class]) -> None:
    """Change the classes, and note what was planted; members may change too."""
    stage = Stage(county, members, classes)
    _payment(stage)
    _identity(stage)
    _twice(stage)
    _age_and_membership(stage)
    _status(stage)
    _attendance(stage)
    _hours(stage)
    _heads(stage)
    _spending(stage)
    _school(stage)
    _arrears(stage)
    for place, status in enumerate(("财政供养", "退休", "服刑", "在校学生"), start=1):
        stage.status(new_person(county, 6000 + place), status, from_on=date(2019, 9, place))


def _one(why: str, direction: str = "recover") -> dict[str, Any]:
    return {"direction": direction, "amount": STANDARD, "why": why}


def _identity(stage: Stage) -> None:
    person = stage.classes[1].seats[2].person
    last = person.id_no[-1]
    broken = person.id_no[:-1] + ("5" if last != "5" else "6")
    stage.county.broken_codes.add(broken)
    stage.replace_member(1, 2, replace(person, id_no=broken))
    stage.note("TRN-01", "defect", 1, **_one("第3名学员身份证号校验位不对", "verify"))
    permit = "H99000001"
    stage.county.broken_codes.add(permit)
    stage.replace_member(2, 2, replace(stage.classes[2].seats[2].person, id_no=permit))
    stage.note("TRN-01", "look_alike", 2, **_one("第3名学员持港澳通行证，不是身份证", "verify"))


def _twice(stage: Stage) -> None:
    first, second = stage.classes[3], stage.classes[4]
    second.seats[7] = replace(first.seats[0], missed=set())
    stage.note("TRN-02", "defect", 4, **_one("第8名学员同年已在第3期享受补助"))
    later = stage.classes[23]
    later.seats[0] = replace(stage.classes[5].seats[7], missed=set())
    while len(later.seats) < HEADS:
        later.seats.append(replace(stage.classes[5].seats[len(later.seats) - 1], missed=set()))
    stage.note("TRN-02", "look_alike", 23, **_one("学员上一年度享受过，本年度第一次"))
    ten, eleven = stage.classes[10], stage.classes[11]
    eleven.sessions = list(ten.sessions)
    eleven.seats[6] = replace(ten.seats[6], missed=set())
    stage.note("TRN-08", "defect", 11, **_one("第7名学员同时在第10期上课", "verify"))
    stage.note("TRN-02", "consequence", 11, **_one("同一学员同年第二次享受"))
    twin = replace(eleven.seats[5].person, name=ten.seats[5].person.name)
    stage.replace_member(11, 5, twin)
    stage.note(
        "TRN-08", "look_alike", 11, **_one("第6名学员与第10期一人同名，证件号不同", "verify")
    )


def _age_and_membership(stage: Stage) -> None:
    old = born_on(stage.county, date(1963, 2, 10), 401, is_woman=False)
    stage.replace_member(6, 6, old)
    stage.note("TRN-04", "defect", 6, **_one("第7名学员1963年2月生，男，已满60周岁"))
    manager = born_on(stage.county, date(1971, 5, 1), 402, is_woman=True)
    stage.replace_member(6, 7, manager)
    stage.classes[6].seats[7].facets["post_type"] = "干部"
    stage.note("TRN-04", "look_alike", 6, **_one("第8名学员为女干部，不满55周岁"))
    item = stage.classes[7]
    item.seats[1].person = new_person(stage.county, 6101)
    item.seats[1].facets["is_member"] = False
    stage.note("TRN-05", "defect", 7, **_one("第2名学员不在会员名册"))
    stage.members.joined[item.seats[2].person.id_no] = item.starts_on
    stage.note("TRN-05", "look_alike", 7, **_one("第3名学员开班当天入会"))


def _status(stage: Stage) -> None:
    five, eight, nine = (stage.classes[number] for number in (5, 8, 9))
    stage.status(five.seats[1].person, "其他部门已补贴", from_on=five.starts_on,
                 trade=five.trade, level="初级")  # fmt: skip
    stage.note("TRN-03", "defect", 5, **_one("第2名学员同工种同等级已由人社补贴"))
    stage.status(five.seats[2].person, "其他部门已补贴", from_on=five.starts_on,
                 trade="美容师", level="初级")  # fmt: skip
    stage.note("TRN-03", "look_alike", 5, **_one("第3名学员由人社补贴的是另一工种"))
    stage.status(eight.seats[1].person, "财政供养", from_on=date(2020, 1, 1))
    stage.note("TRN-06", "defect", 8, **_one("第2名学员在财政供养名单内"))
    stage.status(eight.seats[2].person, "财政供养", from_on=date(2015, 1, 1),
                 to_on=date(2022, 12, 31))  # fmt: skip
    stage.note("TRN-06", "look_alike", 8, **_one("第3名学员2022年末已退出财政供养"))
    stage.status(nine.seats[1].person, "服刑", from_on=date(2024, 1, 15), to_on=date(2025, 1, 14))
    stage.note("TRN-07", "defect", 9, **_one("第2名学员开班期间正在服刑"))
    stage.status(nine.seats[2].person, "服刑", from_on=date(2020, 1, 15), to_on=date(2021, 1, 14))
    stage.note("TRN-07", "look_alike", 9, **_one("第3名学员2021年已服刑期满"))


def _attendance(stage: Stage) -> None:
    item = stage.classes[12]
    item.seats[2].missed = {(0, 0), (0, 1), (1, 0), (1, 1)}
    stage.note("TRN-09", "defect", 12, **_one("第3名学员只到16课时，不足32课时的80%"))
    item.seats[3].missed = {(3, 1)}
    item.seats[3].shortened = {(3, 0): Decimal("1.6")}
    stage.note("TRN-09", "look_alike", 12, **_one("第4名学员25.6课时，正好80%"))
    same = stage.classes[13]
    same.same_second = True
    for seat in (*same.seats, *stage.classes[14].seats):
        seat.missed = set()
    stage.note("TRN-10", "defect", 13, direction="verify",
               why="全体学员每节课签到、签退时间完全相同，无一人缺勤")  # fmt: skip
    stage.note("TRN-10", "look_alike", 14, direction="verify",
               why="八人小班无人缺勤，但签到时间各不相同")  # fmt: skip


def _hours(stage: Stage) -> None:
    short, enough = stage.classes[14], stage.classes[15]
    short.sessions = short.sessions[:5]
    stage.note(
        "TRN-11",
        "defect",
        14,
        direction="recover",
        amount=WHOLE,
        why="初级规定24课时，只计划20课时",
    )
    enough.sessions = enough.sessions[:6]
    enough.seats[4].missed = {(0, 1)}
    stage.note("TRN-11", "look_alike", 15, direction="verify", why="计划24课时，正好够")
    for item in (short, enough):
        for place, expense in enumerate(item.expenses, start=1):
            expense.spent_on = item.ends_on + timedelta(days=place)


def _heads(stage: Stage) -> None:
    item = stage.classes[15]
    item.payments = [replace(item.payments[0], heads=10, amount=STANDARD * 10)]
    stage.note("TRN-12", "defect", 15, direction="recover", amount=STANDARD * 2,
               why="按10人拨付，花名册和核定人数都是8人")  # fmt: skip
    parts = stage.classes[16]
    paid = parts.payments[0].paid_on
    parts.payments = [Payment(paid, STANDARD * 5, heads=5)]
    parts.payments += [Payment(days.add_workdays(paid, 2), STANDARD * 3, heads=3)]
    stage.note("TRN-12", "look_alike", 16, direction="recover", amount=STANDARD * 2,
               why="分5人、3人两次拨付，合计8人")  # fmt: skip
    parts.seats[1].facets["passed"] = False
    stage.note("TRN-13", "defect", 16, **_one("第2名学员考核不合格"))
    parts.seats[2].facets |= {"cert_no": None, "cert_on": None}
    stage.note("TRN-13", "look_alike", 16, **_one("第3名学员合格，本地不要求证书"))
    over = stage.classes[17]
    over.payments[0].amount = WHOLE + 400
    stage.note("TRN-14", "defect", 17, direction="recover", amount="400.00",
               why="8人×800.00元，实拨6800.00元")  # fmt: skip
    mixed = stage.classes[18]
    for place, seat in enumerate(mixed.seats):
        seat.facets["subsidy"] = Decimal(1000 if place < 4 else 600)
    stage.note("TRN-14", "look_alike", 18, direction="recover",
               why="学员各有自己的标准（4人1000元、4人600元），合计正好6400元")  # fmt: skip


def _spending(stage: Stage) -> None:
    item = stage.classes[19]
    item.expenses[2].amount = Decimal(800)
    item.expenses.append(replace(item.expenses[2], category="餐费"))
    stage.note("TRN-15", "defect", 19, direction="recover", amount="800.00",
               why="列支餐费800.00元，不在教材、课酬、场地之内")  # fmt: skip
    edge = stage.classes[18]
    edge.expenses[2].spent_on = edge.ends_on + timedelta(days=60)
    stage.note("TRN-15", "look_alike", 18, direction="recover", amount="1600.00",
               why="场地费在结业后第60天支付，正好在期限内")  # fmt: skip
    left, cent = stage.classes[10], stage.classes[13]
    left.expenses[1].amount -= 500
    stage.note("TRN-19", "defect", 10, direction="recover", amount="500.00",
               why="收到6400.00元，有效支出5900.00元，结余未退")  # fmt: skip
    cent.expenses[1].amount -= Decimal("0.01")
    stage.note("TRN-19", "look_alike", 13, direction="recover", amount="0.01",
               why="结余0.01元，正好等于容差")  # fmt: skip


def _school(stage: Stage) -> None:
    outside, fresh = stage.classes[20], stage.classes[22]
    outside.facets["licence_trades"] = "茶艺师、育婴员"
    stage.note("TRN-16", "defect", 20, direction="verify", amount=WHOLE,
               why=f"许可工种不含{outside.trade}")  # fmt: skip
    fresh.facets["accredited_on"] = fresh.starts_on - timedelta(days=61)
    stage.note("TRN-16", "look_alike", 22, direction="verify", amount=WHOLE,
               why="开班前61天认定，超过60天")  # fmt: skip


def _payment(stage: Stage) -> None:
    early, advance = stage.classes[2], stage.classes[3]
    early.payments[0].paid_on = days.workday_on_or_after(early.ends_on + timedelta(days=1))
    stage.note("TRN-17", "defect", 2, direction="verify", amount=WHOLE,
               why="结业次日、验收之前就全额拨付，协议没有预付条款")  # fmt: skip
    advance.facets["advance_agreed"] = Decimal(2000)
    rest = advance.payments[0]
    advance.payments = [Payment(days.workday_on_or_after(advance.starts_on), Decimal(2000))]
    advance.payments += [replace(rest, amount=WHOLE - 2000)]
    stage.note("TRN-17", "look_alike", 3, direction="verify", amount="2000.00",
               why="开班当天预付2000.00元，正好是协议约定的预付")  # fmt: skip
    person, employer = stage.classes[4], stage.classes[6]
    person.payments[0].payee = stage.county.names.person()
    person.payments[0].account = codes.account(4804)
    stage.note("TRN-18", "defect", 4, direction="verify", amount=WHOLE, why="补助付给个人")
    employer.payments[0].payee = employer.payer.name
    employer.payments[0].account = codes.account(4806)
    stage.note("TRN-18", "look_alike", 6, direction="verify", amount=WHOLE,
               why="补助付给委托培训的用人单位")  # fmt: skip


def _arrears(stage: Stage) -> None:
    stage.note("TRN-20", "defect", 21, direction="verify", amount=WHOLE,
               why="委托单位2024年3月少缴经费640.00元（REM-02）")  # fmt: skip
    stage.note("TRN-20", "look_alike", 22, direction="verify", amount=WHOLE,
               why="委托单位3月只差0.01元，在容差以内，不算欠缴")  # fmt: skip
