"""Contracts, published rates, staff and the register of earlier findings, and their stories.

Not here: unions and members (see `parties` and `people`).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from sample_data.make import days
from sample_data.make.people import new_person

if TYPE_CHECKING:
    from sample_data.make.county import County


def add_organisation(county: County) -> None:
    """Write collective and labour contracts, published rates and the rectification register."""
    for number, key in enumerate((f"A{n:02d}" for n in range(1, 9)), start=1):
        payer = county.payers[key]
        signed_on = date(2024, 3, 4 + number)
        for kind, years in (("集体合同", 3), ("工资专项", 2)):
            county.add(
                "collective_contract",
                payer_name=payer.name,
                payer_uscc=payer.uscc,
                kind=kind,
                signed_on=signed_on,
                filed_on=signed_on + timedelta(days=6),
                ends_on=signed_on.replace(year=signed_on.year + years) - timedelta(days=1),
            )
    for number in range(1, 7):
        person = new_person(county, 7000 + number)
        county.add(
            "labour_contract",
            name=person.name,
            id_no=person.id_no,
            starts_on=date(2023, number, 1),
            ends_on=days.month_end(date(2026, number, 1)),
            last_paid_month=date(2025, 6, 1),
            appraisal="合格",
        )
    _published(county)
    _findings(county)


def percent(numerator: int, denominator: int) -> Decimal:
    """Return a rate as it is published: per cent with two decimals, half up."""
    return (Decimal(numerator * 100) / denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _published(county: County) -> None:
    firms = [payer for payer in county.payers.values() if payer.cancelled_on is None]
    with_union = sum(payer.has_union(days.PERIOD_TO) for payer in firms)
    unions = {p.union.uscc: p.union for p in firms if p.union is not None}
    members = sum(union.members for union in unions.values())
    workers = sum(union.workers for union in unions.values())
    rolled = sum(
        row["source"] == "云平台" and row["left_on"] is None for row in county.tables["member"]
    )
    for metric, top, bottom in (
        ("建会率", with_union, len(firms)),
        ("入会率", members, workers),
        ("实名采集率", rolled, members),
    ):
        county.add(
            "published_rate",
            metric=metric,
            scope="全县",
            numerator=Decimal(top),
            denominator=Decimal(bottom),
            value=percent(top, bottom),
            as_of=days.PERIOD_TO,
        )


def _findings(county: County) -> None:
    for number, (text, amount) in enumerate(
        (("上年度培训资料归档不全", None), ("上年度租金晚收", Decimal("1500.00"))), start=1
    ):
        county.add(
            "rectification",
            finding_no=f"ZG2023-{number:02d}",
            rule=None,
            party_name=PARTIES[number - 1],
            description=text,
            amount=amount,
            recovered=amount,
            owner="财务部",
            due_on=date(2024, 3, 31),
            state="已完成",
            proof=f"佐证材料{number}",
            closed_on=date(2024, 3, 20),
            closed_by="经审办",
        )


PARTIES = ("示例市样本职业培训学校", "示例县仿真书店")
