"""Refunds to small payers under the small-amount policy of 2023 and 2024, and their stories.

Every payer whose upper part of 2024 stays below 10 000 yuan applies and is refunded in March 2025,
unless a story says otherwise. Not here: the payments that are refunded (see `fees`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sample_data.make import codes, days
from sample_data.make.county import SELF_NAME, yuan
from sample_data.make.fees import FEE, UPPER, Transfer, transfer
from sample_data.make.parties import UPPER_ONLY

if TYPE_CHECKING:
    from sample_data.make.county import County
    from sample_data.make.fees import FeePlan
    from sample_data.make.parties import Payer

POLICY = "small-2023-2024"
THRESHOLD = Decimal(10000)
APPLY_BY = date(2025, 2, 28)
PAY_BY = date(2025, 3, 31)
PAID_ON = date(2025, 3, 20)


@dataclass
class Refund:
    """How one payer's refund goes; `amounts` None means what it is entitled to, in one transfer."""

    applied_on: date | None = date(2025, 1, 15)
    amounts: list[Decimal] | None = None
    paid_on: date = PAID_ON
    period_to: date = date(2024, 11, 30)
    payee_name: str | None = None
    payee_account: str | None = None
    more: Decimal = field(default=Decimal(0))


def upper_part(county: County, payer: Payer, until: date = days.PERIOD_TO) -> Decimal:
    """Return the upper part of what a payer's fee rows brought into the treasury by a day."""
    rows = [
        row["paid"]
        for row in county.tables["tax_collection"]
        if row["payer_uscc"] == payer.uscc and row["item"] == FEE and row["treasury_on"] <= until
    ]
    if payer.mode == UPPER_ONLY:
        return sum(rows, Decimal(0))
    return sum((paid - yuan(paid * Decimal("0.6")) for paid in rows), Decimal(0))


def plan_refunds(county: County, plan: FeePlan) -> None:
    """Change the employers and payments that the refund stories need, before the year runs."""
    for key in ("S05", "S06"):
        county.payers[key].state_controlled = True
    plan.payments["S08", date(2024, 12, 1)].treasury_on = date(2024, 12, 31)
    county.payers["S17"].size_class = "微型"
    county.payers["S18"].headcount = 20
    for key, wages in (("S19", 110000), ("S20", 107500), ("S21", 120000), ("S22", 105000)):
        county.payers[key].wages = Decimal(wages)
    for month in days.MONTHS:
        plan.payments["S21", month].paid = [Decimal("2000.00")]
        county.plant(
            "REM-02",
            "consequence",
            county.payers["S21"],
            period=days.month_text(month),
            direction="pay_in",
            amount="400.00",
            why="SME-10的另一面：每月按100000.00元申报，工资表120000.00元",
        )
    plan.payments["S22", date(2024, 4, 1)].paid = [Decimal("2099.99")]


def refund_small_payers(county: County) -> None:
    """Write applications and refunds, what the upper level sent for them, and the stories."""
    whole, number = Decimal(0), 0
    stories = _stories(county)
    for payer in county.payers.values():
        entitled = upper_part(county, payer)
        if not (0 < entitled < THRESHOLD) or payer.union is None:
            continue
        number += 1
        item = stories.get(payer.key, Refund())
        if item.applied_on is not None:
            _apply(county, payer, entitled, item.applied_on)
        amounts = item.amounts if item.amounts is not None else [entitled + item.more]
        for place, amount in enumerate(amounts, start=1):
            whole += amount
            _refund(county, payer, amount, f"FH2025-{number:02d}-{place}", item)
    county.books.receive(
        date(2025, 3, 10), UPPER, "小额缴费工会经费回拨补助", [("40301", yuan(whole / 2))]
    )
    _kept_refund(county)


def _apply(county: County, payer: Payer, amount: Decimal, day: date) -> None:
    county.add(
        "refund_application",
        payer_uscc=payer.uscc,
        payer_name=payer.name,
        policy=POLICY,
        year=2024,
        applied_on=day,
        amount=amount,
        outcome="通过",
    )


def _refund(county: County, payer: Payer, amount: Decimal, number: str, item: Refund) -> None:
    transfer(
        county,
        payer,
        Transfer(
            kind="小微返还",
            number=number,
            amount=amount,
            paid_on=item.paid_on,
            period_from=date(2024, 1, 1),
            period_to=item.period_to,
            policy=POLICY,
            payee_name=item.payee_name,
            payee_account=item.payee_account,
        ),
    )


def _stories(county: County) -> dict[str, Refund]:
    return (
        _not_refunded(county)
        | _not_entitled(county)
        | _too_much(county)
        | _late_or_elsewhere(county)
        | _edges(county)
    )


def _plant(county: County, rule: str, kind: str, key: str, **facets: str) -> None:
    county.plant(
        rule,
        "defect" if kind == "defect" else "look_alike",
        county.payers[key],
        period=facets.get("period", "2024"),
        direction=facets.get("direction", ""),
        amount=facets.get("amount"),
        why=facets["why"],
    )


def _of(county: County, key: str) -> Decimal:
    return upper_part(county, county.payers[key])


def _not_refunded(county: County) -> dict[str, Refund]:
    whole, forfeited = _of(county, "S01"), _of(county, "S03")
    _plant(
        county, "SME-01", "defect", "S01", direction="give_back", amount=str(whole),
        why=f"上级部分{whole}元，不足1万元，已按时申请并审核通过，过了支付期限仍未返还",
    )  # fmt: skip
    half = yuan(_of(county, "S02") / 2)
    _plant(
        county, "SME-01", "look_alike", "S02", direction="give_back", amount=str(half),
        why="分两笔返还，合计足额",
    )  # fmt: skip
    _plant(
        county, "SME-02", "defect", "S03", direction="lapsed", amount=str(forfeited),
        why=f"上级部分{forfeited}元符合小额条件，到{APPLY_BY}没有申请",
    )  # fmt: skip
    _plant(
        county, "SME-02", "look_alike", "S04", direction="lapsed", amount=str(_of(county, "S04")),
        why=f"在截止当天（{APPLY_BY}）申请，已返还",
    )  # fmt: skip
    return {
        "S01": Refund(amounts=[]),
        "S02": Refund(amounts=[half, _of(county, "S02") - half]),
        "S03": Refund(applied_on=None, amounts=[]),
        "S04": Refund(applied_on=APPLY_BY),
    }


def _not_entitled(county: County) -> dict[str, Refund]:
    _plant(
        county, "SME-03", "defect", "S05", direction="recover", amount=str(_of(county, "S05")),
        why="国有控股企业不适用小额返还，却已返还",
    )  # fmt: skip
    _plant(
        county, "SME-03", "look_alike", "S06", direction="recover", amount=str(_of(county, "S06")),
        why="国有控股企业，没有申请也没有返还",
    )  # fmt: skip
    every = upper_part(county, county.payers["S07"], days.AS_OF)
    _plant(
        county, "SME-04", "defect", "S07", direction="recover",
        amount=str(every - _of(county, "S07")),
        why="返还把2024年12月所属期也算进去，该笔2025年1月才入库，不在窗口内",
    )  # fmt: skip
    _plant(
        county, "SME-04", "look_alike", "S08", direction="recover", amount="512.00",
        why="2024年12月所属期提前在2024-12-31入库，仍在窗口内",
    )  # fmt: skip
    return {
        "S06": Refund(applied_on=None, amounts=[]),
        "S07": Refund(amounts=[every], period_to=days.PERIOD_TO),
        "S08": Refund(period_to=days.PERIOD_TO),
    }


def _too_much(county: County) -> dict[str, Refund]:
    twice, bounced = _of(county, "S11"), _of(county, "S12")
    _plant(
        county, "SME-05", "defect", "S09", direction="recover", amount="200.00",
        why="返还比上级部分多200.00元",
    )  # fmt: skip
    _plant(
        county, "SME-05", "look_alike", "S10", direction="recover", amount="0.01",
        why="多返0.01元，正好等于容差",
    )  # fmt: skip
    _plant(
        county, "SME-06", "defect", "S11", direction="recover", amount=str(twice),
        why="同一年度返还了两次",
    )  # fmt: skip
    _plant(
        county, "SME-06", "look_alike", "S12", direction="recover", amount=str(bounced),
        why="第一次被银行退汇（负数行），第二次是补付",
    )  # fmt: skip
    return {
        "S09": Refund(more=Decimal("200.00")),
        "S10": Refund(more=Decimal("0.01")),
        "S11": Refund(amounts=[twice, twice]),
        "S12": Refund(amounts=[bounced, -bounced, bounced]),
    }


def _late_or_elsewhere(county: County) -> dict[str, Refund]:
    union = county.payers["S16"].union
    _plant(county, "SME-07", "defect", "S13", why=f"支付期限{PAY_BY}，2025-04-10才返还")
    _plant(county, "SME-07", "look_alike", "S14", why=f"在期限当天（{PAY_BY}）返还")
    _plant(
        county, "SME-08", "defect", "S15", direction="verify", amount=str(_of(county, "S15")),
        why="返还付到企业账户，不是工会账户",
    )  # fmt: skip
    _plant(
        county, "SME-08", "look_alike", "S16", direction="verify", amount=str(_of(county, "S16")),
        why="户名只多了空格，账号相同",
    )  # fmt: skip
    return {
        "S13": Refund(paid_on=date(2025, 4, 10)),
        "S14": Refund(paid_on=PAY_BY),
        "S15": Refund(payee_name=county.payers["S15"].name, payee_account=codes.account(4015)),
        "S16": Refund(payee_name=union.account_name.replace("工会", " 工会 ") if union else None),
    }


def _edges(county: County) -> dict[str, Refund]:
    _plant(
        county, "SME-09", "defect", "S17", direction="verify", amount=str(_of(county, "S17")),
        why="名册划型为微型，按从业人员、营业收入计算为小型",
    )  # fmt: skip
    _plant(
        county, "SME-09", "look_alike", "S18", direction="verify", amount=str(_of(county, "S18")),
        why="从业人员正好20人，属于小型（X≥20），与名册一致",
    )  # fmt: skip
    _plant(
        county, "SME-10", "defect", "S21", direction="recover", amount=str(_of(county, "S21")),
        why="应缴上级部分10560.00元，少缴后只有8800.00元才成为小额",
    )  # fmt: skip
    _plant(
        county, "SME-10", "look_alike", "S22", direction="recover", amount=str(_of(county, "S22")),
        why="4月少缴0.01元，在容差以内，算足额缴纳",
    )  # fmt: skip
    _plant(
        county, "SME-11", "defect", "S19", direction="verify", amount=str(_of(county, "S19")),
        why="上级部分9680.00元，在1万元以下5%的临界区内",
    )  # fmt: skip
    _plant(
        county, "SME-11", "look_alike", "S20", direction="verify", amount=str(_of(county, "S20")),
        why="上级部分9460.00元，临界区从9500.00元开始",
    )  # fmt: skip
    for key, kind in (("J05", "look_alike"), ("J07", "defect")):
        union, other = county.payers[key].union, f"J{int(key[1:]) + 1:02d}"
        whole = _of(county, key) + _of(county, other)
        why = f"联合工会两家单位合计{whole}元，按缴费单位各自不足1万元"
        county.plant(
            "SME-13",
            "defect" if kind == "defect" else "look_alike",
            union.name if union else "",
            period="2024",
            direction="verify",
            amount=whole,
            why=f"{why}，{'已分别返还' if kind == 'look_alike' else '却按工会合计判断而没有返还'}",
        )
    for key in ("J07", "J08"):
        county.plant(
            "SME-01",
            "consequence",
            county.payers[key],
            period="2024",
            direction="give_back",
            amount=_of(county, key),
            why="SME-13的联合工会成员，已申请而没有返还",
        )
    return {"J07": Refund(amounts=[]), "J08": Refund(amounts=[])}


def _kept_refund(county: County) -> None:
    kept = Decimal("6000.00")
    county.books.receive(date(2024, 5, 15), UPPER, "2023年度小额缴费经费回拨", [("40301", kept)])
    county.plant(
        "SME-12",
        "defect",
        SELF_NAME,
        period="2024",
        direction="give_back",
        amount=kept,
        why="2024年收到上级回拨6000.00元用于返还，当年没有返还任何单位，也没有待付名单",
    )
    county.plant(
        "SME-12",
        "look_alike",
        SELF_NAME,
        period="2025",
        direction="give_back",
        why="2025年收到的上级回拨不超过当年付出的返还",
    )
