"""Who is in the county: employers, their unions, and what they are like.

`add_employers` makes the population; the family modules then tell some of them stories. Not here:
any payment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sample_data.make import codes

if TYPE_CHECKING:
    from sample_data.make.county import County

FULL = "全额代收"
UPPER_ONLY = "部分代收"
FISCAL = "财政划拨"
REGIONS = ("示例镇", "样板镇", "模型乡", "范本街道", "仿真街道")


@dataclass(frozen=True)
class Trade:
    """What an industry row of the size table needs to know: suffix of the firm and typical size."""

    industry: str
    suffix: str
    revenue_wan: Decimal
    assets_wan: Decimal
    size_class: str


# Each figure lies well inside the class it names (table B.4: staff 20 to 99 in all of them).
TRADES = (
    Trade("工业", "食品有限公司", Decimal(1800), Decimal(1500), "小型"),
    Trade("工业", "机械有限公司", Decimal(1600), Decimal(2200), "小型"),
    Trade("建筑业", "建设有限公司", Decimal(4200), Decimal(2600), "小型"),
    Trade("零售业", "商贸有限公司", Decimal(380), Decimal(600), "小型"),
    Trade("餐饮业", "餐饮管理有限公司", Decimal(900), Decimal(420), "小型"),
    Trade("住宿业", "酒店有限责任公司", Decimal(1200), Decimal(1900), "小型"),
    Trade("软件和信息技术服务业", "软件有限公司", Decimal(820), Decimal(350), "小型"),
    Trade("其他未列明行业", "文化传播有限公司", Decimal(640), Decimal(300), "小型"),
)


@dataclass
class Union:
    """A basic union and its account."""

    name: str
    uscc: str
    account_name: str
    account_no: str | None
    founded_on: date
    account_opened_on: date | None
    chair: str
    phone: str | None
    address: str | None
    elected_on: date
    term_years: int = 5
    extended_to: date | None = None
    is_joint: bool = False
    covered_from: date | None = None
    members: int = 0
    workers: int = 0


@dataclass
class Payer:
    """An employer; `wages` is the monthly payroll in yuan and `steady` keeps it constant."""

    key: str
    name: str
    uscc: str
    trade: Trade
    wages: Decimal
    headcount: int
    region: str
    opened_on: date
    union: Union | None
    mode: str = FULL
    steady: bool = False
    quarterly: bool = False
    cancelled_on: date | None = None
    state_controlled: bool = False
    budget_funded: bool = False
    affiliation: str | None = "示例县总工会"
    size_class: str | None = None
    former_names: str | None = None
    payer_class: str = "企业"

    def wages_in(self, month: date) -> Decimal:
        """Return the payroll of a month; multiples of 50 yuan, so that shares come out even."""
        if self.steady:
            return self.wages
        number = int(self.key[1:])
        return self.wages + 250 * ((month.month * 7 + number * 3) % 9 - 4)

    def has_union(self, day: date) -> bool:
        """Whether a union exists on a day."""
        return self.union is not None and self.union.founded_on <= day


# key: monthly wages; A ordinary, R actors of the remittance rules, S small payers, Q preparation
# fund, K quarterly, J joint or covered unions, F paid by the treasury, B upper part only.
ORDINARY = {f"A{n:02d}": 150000 + 12000 * n for n in range(1, 9)}
REMITTANCE = {f"R{n:02d}": 150000 for n in range(1, 23)}
SMALL = {f"S{n:02d}": 52000 + 1500 * n for n in range(1, 23)}
PREPARING = {f"Q{n:02d}": 90000 + 2000 * n for n in range(1, 16)}
OTHERS = {"K01": 180000, "K02": 195000, "J01": 170000, "J02": 160000, "J03": 175000}
OTHERS |= {"J05": 70000, "J06": 72000, "J07": 71000, "J08": 73000}
OTHERS |= {"J04": 185000, "B01": 200000, "B02": 210000, "F01": 300000, "F02": 260000}
SPECIAL_WAGES = {"R01": 128000, "R02": 250000, "R03": 132000, "R07": 260000, "R08": 260000}


def new_union(county: County, number: int, name: str, founded_on: date) -> Union:
    """Make a union with an account in its own name.

    Args:
        county: The county, for its name source.
        number: Running number; codes and accounts derive from it.
        name: Name of the employer or of the joint union.
        founded_on: Day of approval; the account opens a week later.
    """
    title = name if name.endswith("联合工会") else f"{name}工会委员会"
    return Union(
        name=title,
        uscc=codes.uscc("81", 70000 + number),
        account_name=title,
        account_no=codes.account(1000 + number),
        founded_on=founded_on,
        account_opened_on=founded_on.replace(day=min(founded_on.day + 7, 28)),
        chair=county.names.person(),
        phone=codes.phone(number),
        address=f"示例县{REGIONS[number % 5]}样品路{number}号",
        elected_on=date(2021 + number % 4, 3 + number % 6, 10 + number % 9),
    )


def _employer(county: County, key: str, number: int, wages: int) -> Payer:
    trade = TRADES[number % len(TRADES)]
    name = f"示例县{county.names.word()}{trade.suffix}"
    founded_on = date(2021 + number % 2, 2 + number % 5, 5 + number % 12)
    opened_on = date(2012 + number % 8, 1 + number % 12, 3 + number % 20)
    return Payer(
        key=key,
        name=name,
        uscc=codes.uscc("91", 10000 + number),
        trade=trade,
        wages=Decimal(SPECIAL_WAGES.get(key, wages)),
        headcount=min(max(wages // 5200, 21), 60),
        region=REGIONS[number % 5],
        opened_on=opened_on,
        union=new_union(county, number, name, founded_on),
        steady=key[0] in "RSQB",
        quarterly=key[0] == "K",
        size_class=trade.size_class,
    )


def add_employers(county: County) -> None:
    """Make every employer with its union, before any story changes them."""
    groups = ORDINARY | REMITTANCE | SMALL | PREPARING | OTHERS
    for number, (key, wages) in enumerate(groups.items(), start=1):
        county.payers[key] = _employer(county, key, number, wages)
    _public_bodies(county)
    _joint_and_covered(county)
    for key in PREPARING:
        county.payers[key].union = None
    for key in ("B01", "B02"):
        county.payers[key].mode = UPPER_ONLY


def _public_bodies(county: County) -> None:
    for key, name in (("F01", "示例县样本中学"), ("F02", "示例县模拟医院")):
        payer = county.payers[key]
        payer.name, payer.uscc = name, codes.uscc("12", 20000 + int(key[1:]))
        payer.mode, payer.budget_funded, payer.payer_class = FISCAL, True, "事业"
        payer.size_class = None
        if payer.union is not None:
            payer.union.name = payer.union.account_name = f"{name}工会委员会"


JOINT = {
    "示例县样板镇商圈联合工会": ("J01", "J02", "J03"),
    "示例县模型乡园区联合工会": ("J05", "J06"),
    "示例县仿真街道楼宇联合工会": ("J07", "J08"),
}


def _joint_and_covered(county: County) -> None:
    for number, (name, keys) in enumerate(JOINT.items(), start=90):
        joint = new_union(county, number, name, date(2021, 6, 18))
        joint.is_joint = True
        for key in keys:
            county.payers[key].union = joint
            county.payers[key].steady = True
    covered = county.payers["J04"]
    if covered.union is not None:
        covered.name = "示例县虚拟速递有限公司"
        covered.union.name = covered.union.account_name = "示例市虚拟速递集团工会委员会"
        covered.union.covered_from = date(2022, 9, 1)
        covered.union.founded_on = date(2018, 5, 4)


def write_registers(county: County) -> None:
    """Write payer, payer_year and union_org from the employers as they are now."""
    for payer in county.payers.values():
        _payer_row(county, payer)
        _payer_year_row(county, payer)
        if payer.union is not None:
            _union_row(county, payer, payer.union)


def _payer_row(county: County, payer: Payer) -> None:
    county.add(
        "payer",
        payer_name=payer.name,
        payer_uscc=payer.uscc,
        former_names=payer.former_names,
        payer_class=payer.payer_class,
        state_controlled=payer.state_controlled,
        budget_funded=payer.budget_funded,
        industry=payer.trade.industry if payer.size_class else None,
        headcount=payer.headcount,
        revenue_wan=payer.trade.revenue_wan if payer.size_class else None,
        assets_wan=payer.trade.assets_wan if payer.size_class else None,
        vat_small_scale=False,
        monthly_sales=Decimal(int(payer.trade.revenue_wan * 10000 / 12))
        if payer.size_class
        else None,
        size_class=payer.size_class,
        opened_on=payer.opened_on,
        cancelled_on=payer.cancelled_on,
        collection_mode=payer.mode,
        region=payer.region,
        above_scale=payer.wages > 200000,
        affiliation=payer.affiliation,
    )


def _payer_year_row(county: County, payer: Payer) -> None:
    if not payer.size_class:
        return
    county.add(
        "payer_year",
        payer_uscc=payer.uscc,
        payer_name=payer.name,
        year=2024,
        headcount=payer.headcount,
        revenue_wan=payer.trade.revenue_wan,
        assets_wan=payer.trade.assets_wan,
        vat_small_scale=False,
        monthly_sales=Decimal(int(payer.trade.revenue_wan * 10000 / 12)),
        taxable_income=Decimal(payer.headcount * 4000),
        size_class=payer.size_class,
    )


def _union_row(county: County, payer: Payer, union: Union) -> None:
    county.add(
        "union_org",
        union_name=union.name,
        union_uscc=union.uscc,
        payer_uscc=payer.uscc,
        payer_name=payer.name,
        is_joint=union.is_joint,
        covered_by_parent=union.covered_from is not None,
        covered_from=union.covered_from,
        founded_on=union.founded_on,
        account_opened_on=union.account_opened_on,
        account_name=union.account_name,
        account_no=union.account_no,
        chair=union.chair,
        address=union.address,
        phone=union.phone,
        elected_on=union.elected_on,
        term_years=union.term_years,
        extended_to=union.extended_to,
        members=union.members,
        workers=union.workers,
    )
