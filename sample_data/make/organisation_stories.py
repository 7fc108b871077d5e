"""Stories of the organisation rules and of earlier findings: defects and look-alikes.

Not here: ordinary unions, contracts and rates (see `parties`, `organisation`).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sample_data.make.county import SELF_NAME
from sample_data.make.people import new_person

if TYPE_CHECKING:
    from sample_data.make.county import County
    from sample_data.make.parties import Union
    from sample_data.make.people import Members

WRONG_ON = date(2025, 5, 31)


def _union(county: County, key: str) -> Union:
    union = county.payers[key].union
    if union is None:
        raise KeyError(key)
    return union


def stage_unions(county: County, members: Members) -> None:
    """Change unions and members before their registers are written, and note it."""
    late, extended = _union(county, "A01"), _union(county, "A02")
    late.elected_on = date(2019, 5, 10)
    county.plant("ORG-03", "defect", late.name, why="2019-05-10选举，任期5年，至截止日超期416天")
    extended.elected_on, extended.extended_to = date(2020, 3, 15), date(2025, 12, 31)
    county.plant("ORG-03", "look_alike", extended.name, why="任期已满，但批准延期至2025-12-31")
    silent = _union(county, "A03")
    silent.phone = silent.address = None
    county.plant("ORG-05", "defect", silent.name, why="没有联系电话和办公地址")
    county.plant("ORG-05", "look_alike", _union(county, "J01").name,
                 why="联合工会在名册上有三行（每家单位一行），每行都齐全")  # fmt: skip
    _people(county, members)


def _people(county: County, members: Members) -> None:
    twice = members.of["A04"][-1]
    members.of["A05"].append(twice)
    county.plant("ORG-07", "defect", _union(county, "A05").name,
                 why="最后一名会员同时在另一个工会的名册")  # fmt: skip
    moved = members.of["A06"][-1]
    members.of["A07"].append(moved)
    members.left["A06", moved.id_no] = date(2024, 3, 31)
    county.plant("ORG-07", "look_alike", _union(county, "A07").name,
                 why="最后一名会员2024-03-31已从原工会转出")  # fmt: skip
    county.plant("ORG-07", "consequence", _union(county, "A01").name,
                 why="TRN-01证件号校验位不对的学员也在会员名册")  # fmt: skip
    members.unseen_by_cloud.add(members.of["A08"][-1].id_no)
    county.plant("ORG-08", "defect", _union(county, "A08").name,
                 why="云平台比组宣部台账少1人")  # fmt: skip
    county.plant("ORG-08", "look_alike", _union(county, "A06").name,
                 why="转出的会员两个来源都标为已转出，人数一致")  # fmt: skip


def add_organisation_stories(county: County) -> None:
    """Write contracts, rates and findings of the stories."""
    _rates(county)
    _contracts(county)
    _staff(county)
    _findings(county)


def _rates(county: County) -> None:
    right = {row["metric"]: row for row in county.tables["published_rate"]}
    for rule, metric in (("ORG-01", "建会率"), ("ORG-02", "入会率"), ("ORG-06", "实名采集率")):
        row = right[metric] | {"as_of": WRONG_ON, "value": right[metric]["value"] - 5}
        county.add("published_rate", **row)
        county.plant(rule, "defect", SELF_NAME, why=f"填报{metric}比名册重算的低5个百分点")
        county.plant(rule, "look_alike", SELF_NAME, why=f"2024年末填报的{metric}与名册一致")


def _contract(county: County, key: str, signed_on: date, ends_on: date, filed_after: int) -> None:
    payer = county.payers[key]
    county.add(
        "collective_contract",
        payer_name=payer.name,
        payer_uscc=payer.uscc,
        kind="集体合同",
        signed_on=signed_on,
        filed_on=signed_on + timedelta(days=filed_after),
        ends_on=ends_on,
    )


def _contracts(county: County) -> None:
    old = date(2022, 4, 1), date(2025, 3, 31)
    _contract(county, "R04", *old, 6)
    county.plant("ORG-04", "defect", county.payers["R04"], why="集体合同2025-03-31到期，没有续签")
    _contract(county, "R06", *old, 6)
    _contract(county, "R06", date(2025, 4, 1), date(2028, 3, 31), 10)
    county.plant("ORG-04", "look_alike", county.payers["R06"],
                 why="同日到期，次日已续签，第10天备案")  # fmt: skip


def _staff(county: County) -> None:
    for number, last_paid, kind, why in (
        (7101, date(2025, 6, 1), "defect", "合同2025-03-31到期未续，仍在发薪"),
        (7102, date(2025, 3, 1), "look_alike", "合同2025-03-31到期，3月以后不再发薪"),
    ):
        person = new_person(county, number)
        county.add(
            "labour_contract",
            name=person.name,
            id_no=person.id_no,
            starts_on=date(2022, 4, 1),
            ends_on=date(2025, 3, 31),
            last_paid_month=last_paid,
            appraisal="合格",
        )
        shown = f"{person.name[0]}*{person.name[-1]}"  # an output masks the person
        county.plant("ORG-09", "defect" if kind == "defect" else "look_alike", shown, why=why)


def _findings(county: County) -> None:
    for number, party, due_on, why, kind in (
        (11, "示例市模拟技工学校", date(2025, 3, 31), "整改时限已过，没有佐证材料", "defect"),
        (12, "示例县范例药房", date(2025, 9, 30), "没有佐证材料，但整改时限未到", "look_alike"),
    ):
        county.add(
            "rectification",
            finding_no=f"ZG2024-{number}",
            party_name=party,
            description="上次检查发现的问题",
            amount=Decimal("1200.00"),
            recovered=Decimal(0),
            owner="财务部",
            due_on=due_on,
            state="整改中",
        )
        county.plant("RECT-01", "defect" if kind == "defect" else "look_alike", party,
                     direction="verify", amount="1200.00", why=why)  # fmt: skip
