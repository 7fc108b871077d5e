"""The preparation fund: opening ledger, unions founded during the year, returns, and their stories.

Not here: the monthly payments themselves (see `fees`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from sample_data.make import days
from sample_data.make.county import SELF_NAME, yuan
from sample_data.make.fees import PREP, Transfer, liable_from, transfer
from sample_data.make.parties import new_union

if TYPE_CHECKING:
    from collections.abc import Callable

    from sample_data.make.county import County, Kind
    from sample_data.make.fees import FeePlan
    from sample_data.make.parties import Payer

LEDGER_DAY = date(2023, 12, 31)
OLD_LEDGER_DAY = date(2022, 12, 31)
# key: day of founding; the account opens on the 2nd of the next month
FOUNDED = {
    "Q05": date(2024, 8, 26),
    "Q06": date(2024, 6, 27),
    "Q07": date(2024, 5, 27),
    "Q08": date(2024, 7, 26),
    "Q12": date(2024, 4, 26),
    "Q14": date(2024, 11, 26),
    "Q15": date(2025, 6, 16),
}


def plan_preparation(county: County, plan: FeePlan) -> None:
    """Let the preparing employers open, and some of them found a union, before the year runs."""
    for number in range(1, 16):
        county.payers[f"Q{number:02d}"].opened_on = date(2022, 1 + number % 6, 4 + number)
    for number, (key, day) in enumerate(FOUNDED.items(), start=205):
        payer = county.payers[key]
        payer.union = new_union(county, number, payer.name, day)
        payer.union.elected_on = day
        payer.union.account_opened_on = days.add_months(day, 1).replace(day=2)
    for key in ("Q14", "Q15"):
        _without_account(county.payers[key])
    county.payers["Q09"].opened_on = date(2024, 1, 15)
    for number in (6, 7):
        plan.payments["Q09", date(2024, number, 1)].force = True
    county.payers["Q10"].opened_on = date(2023, 12, 20)
    county.payers["Q11"].cancelled_on = date(2023, 2, 28)
    plan.payments["Q13", date(2024, 9, 1)].skip = True
    plan.payments["Q14", date(2024, 12, 1)].passed_back = []


def _without_account(payer: Payer) -> None:
    if payer.union is not None:
        payer.union.account_no = payer.union.account_opened_on = None


def opening_of(payer: Payer) -> Decimal:
    """Return what an employer had paid into the fund by the end of 2023; zero if nothing."""
    if payer.union is not None and payer.union.founded_on < days.PERIOD_FROM:
        return Decimal(0)
    if payer.cancelled_on is not None:
        return Decimal("7200.00")
    first = max(liable_from(payer), date(2023, 6, 1))
    months = (LEDGER_DAY.year - first.year) * 12 + LEDGER_DAY.month - first.month + 1
    return yuan(payer.wages * Decimal("0.02") * max(months, 0))


def write_openings(county: County) -> None:
    """Write prep_opening and the control account's opening balance."""
    for payer in county.payers.values():
        opening = opening_of(payer)
        if opening:
            county.add(
                "prep_opening",
                payer_uscc=payer.uscc,
                payer_name=payer.name,
                as_of=LEDGER_DAY if payer.cancelled_on is None else OLD_LEDGER_DAY,
                balance=opening,
            )
            county.books.openings["21504"] += opening


def paid_before_founding(county: County, payer: Payer) -> Decimal:
    """Return what an employer paid for periods before the month after the founding, in yuan."""
    if payer.union is None:
        return Decimal(0)
    limit = days.add_months(payer.union.founded_on, 1)
    return sum(
        (
            row["paid"]
            for row in county.tables["tax_collection"]
            if row["payer_uscc"] == payer.uscc
            and row["item"] == PREP
            and row["period_from"] < limit
        ),
        Decimal(0),
    )


def share_to_return(county: County, payer: Payer) -> Decimal:
    """Return 60 % of what an employer paid before its union was founded, in yuan."""
    return yuan((opening_of(payer) + paid_before_founding(county, payer)) * Decimal("0.6"))


def return_funds(county: County) -> None:
    """Return 60 % of the fund to every union founded in the year, in the month after founding."""
    for payer in county.payers.values():
        union = payer.union
        if union is None or not days.PERIOD_FROM <= union.founded_on <= days.PERIOD_TO:
            continue
        share, month = share_to_return(county, payer), days.add_months(union.founded_on, 1)
        for amount, later in _RETURNS.get(payer.key, _usual)(share):
            pay_back(county, payer, amount, days.add_months(month, later))
    _misposting(county)
    _note_returned(county)
    _note_paid(county)


def _usual(share: Decimal) -> list[tuple[Decimal, int]]:
    return [(share, 0)]


# key: 60 % share -> amounts returned and months after the usual month
_RETURNS: dict[str, Callable[[Decimal], list[tuple[Decimal, int]]]] = {
    "Q05": lambda share: [(share, 0), (-share, 0), (share, 0)],
    "Q06": lambda _: [],
    "Q07": lambda share: [(share + 500, 0)],
    "Q08": lambda share: [(share, 2)],
    "Q12": lambda share: [(share, 0), (share, 4)],
    "Q14": lambda _: [],
}


def _misposting(county: County) -> None:
    wrong = Decimal("300.00")
    legs = [("21504", wrong)], [("21502", wrong)]
    county.books.voucher(date(2024, 10, 28), "调整往来", legs[0], legs[1], SELF_NAME)
    county.books.voucher(date(2024, 11, 5), "更正10月调整", legs[1], legs[0], SELF_NAME)


def _plant(county: County, rule: str, kind: Kind, key: str, **facets: Any) -> None:  # noqa: ANN401 - passed on
    county.plant(rule, kind, county.payers[key], **facets)


def _note_returned(county: County) -> None:
    note = partial(_plant, county)

    def share(key: str) -> Decimal:
        return share_to_return(county, county.payers[key])

    give, back = "give_back", "recover"
    twelve = share("Q12") / 3 * 5
    note("PRE-01", "defect", "Q06", direction=give, amount=share("Q06"),
         why="2024-06-27建会、7月2日开户，筹备金60%至今没有返还")  # fmt: skip
    note("PRE-01", "look_alike", "Q05", direction=give, amount=share("Q05"),
         why="2024-08-26建会，9月已返还（其中一次退汇后重付）")  # fmt: skip
    note("PRE-02", "defect", "Q07", direction=back, amount="500.00",
         why="应返还60%，多返500.00元")  # fmt: skip
    note("PRE-02", "look_alike", "Q05", direction=back, amount=share("Q05"),
         why="台账上有两笔返还，但有一笔退汇的负数行，净额正好60%")  # fmt: skip
    note(
        "PRE-03",
        "defect",
        "Q08",
        period="2024-10-25",
        why="2024-08-02开户，期限9月1日，10月25日才返还",
    )
    note("PRE-03", "look_alike", "Q05", why="2024-09-02开户，9月25日返还，在30日内")
    note("PRE-03", "consequence", "Q12", period="2024-09-25",
         why="PRE-08的第二次返还也在期限之后")  # fmt: skip
    early = yuan(county.payers["Q09"].wages * Decimal("0.04"))
    note("PRE-04", "defect", "Q09", period="2024-06..2024-07", direction="clear_out", amount=early,
         why="2024-01-15开业，8月起才应缴，6月、7月已收两个月")  # fmt: skip
    note("PRE-04", "look_alike", "Q10", direction="clear_out",
         why="2023-12-20开业，满6个月后的次月即2024年7月起缴")  # fmt: skip
    note("PRE-08", "defect", "Q12", direction=back, amount=twelve * Decimal("0.2"),
         why="60%返还了两次，超过100%的20%部分")  # fmt: skip
    note("PRE-02", "consequence", "Q12", direction=back, amount=twelve * Decimal("0.4"),
         why="同一单位60%到100%之间的部分")  # fmt: skip
    note("PRE-08", "look_alike", "Q05", direction=back,
         why="退汇后重付，净额没有超过100%")  # fmt: skip


def _note_paid(county: County) -> None:
    note = partial(_plant, county)
    give = "give_back"
    note("PRE-09", "defect", "Q13", period="2024-09", direction="pay_in",
         amount=county.payers["Q13"].wages * Decimal("0.02"),
         why="未建会、已过6个月，9月没有缴筹备金")  # fmt: skip
    note("PRE-09", "look_alike", "Q10", period="2024-05", direction="pay_in",
         why="2024年7月以前还没有缴纳义务")  # fmt: skip
    note("PRE-10", "defect", "Q14", direction=give,
         amount=share_to_return(county, county.payers["Q14"]),
         why="2024-11-26建会，至今没有工会账户，60%待开户后返还")  # fmt: skip
    note("REM-06", "consequence", "Q14", period="2024-12", direction=give,
         amount=county.payers["Q14"].wages * Decimal("0.012"),
         why="同一工会没有账户，12月经费的基层部分也待开户")  # fmt: skip
    note("PRE-10", "look_alike", "Q15", direction=give,
         why="2025-06-16建会，到截止日不足30日")  # fmt: skip
    note("PRE-07", "defect", "Q11", direction="verify", amount=opening_of(county.payers["Q11"]),
         why="单位已注销，没有工会，2022年末余额挂账超过24个月")  # fmt: skip
    note("PRE-07", "look_alike", "Q01", direction="verify",
         why="没有工会但每月仍在缴，最后一笔不到24个月")  # fmt: skip
    note("PRE-05", "defect", "R07", period="2024-05", direction=give, amount="3120.00",
         why="建会后仍收筹备金，与REM-04是同一笔钱")  # fmt: skip
    note("PRE-05", "look_alike", "R08", period="2024-03", direction=give, amount="3120.00",
         why="建会当月仍缴筹备金是对的")  # fmt: skip
    county.plant("PRE-06", "defect", SELF_NAME, period="2024-10", direction="verify",
                 amount="300.00", why="10月调整凭证误记筹备金科目300.00元，11月更正")  # fmt: skip
    county.plant("PRE-06", "look_alike", SELF_NAME, period="2024-11", direction="verify",
                 why="更正以后台账与总账相符")  # fmt: skip


def pay_back(county: County, payer: Payer, amount: Decimal, month: date) -> None:
    """Return preparation fund to a union in the last days of a month."""
    number = sum(row["kind"] == "筹备金返还" for row in county.tables["fund_transfer"]) + 1
    transfer(
        county,
        payer,
        Transfer(
            kind="筹备金返还",
            number=f"CB{month:%Y%m}-{number:02d}",
            amount=amount,
            paid_on=days.workday_on_or_after(month.replace(day=25)),
            period_from=date(2023, 6, 1),
            period_to=days.add_months(month, -1),
        ),
    )
