"""A rectification after an inspection: 28 problems in three areas, and the data that they rest on.

Here: firms, classes, card, lease and rates of a made-up city in the year 2024. Not here: the list
of problems (see `inspection_items`), the sample county (see `build`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sample_data.make.codes import account, fuel_card, id_no, uscc
from sample_data.make.files import Sheet, columns_of, write_xlsx
from sample_data.make.inspection_items import items

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sample_data.make.files import Row

#: Firms that paid nothing, that missed a refund, whose fund went back, and whose has still to.
UNPAID, MISSED, RETURNED, WAITING = 6, 6, 38, 25
TRAINEES, PER_HEAD = 17, Decimal("800.00")
#: What two employers spent on what training money may not be spent on.
OUT_OF_SCOPE = (Decimal("10490.00"), Decimal("8000.00"))
_TAKEN_BACK = date(2024, 1, 30)
_OWN, _PALACE = account(101), account(102)
_SHARE = Decimal("0.6")
_SCHOOL = "样例市样本职业培训学校"
_EMPLOYERS = ("样例市样本食品有限公司", "样例市样本水务局")
_TOML = f"""# 巡察整改样例：虚构的地方 / a made-up place after an inspection: 28 problems.
[self]
name = "样例市总工会"
level = "county"
accounts = ["{_OWN}", "{_PALACE}"]
receives = ["own", "basic", "prep"]

[check]
from = 2024-01-01
to = 2024-12-31
locale = "yangli"
"""
_POLICY = """# 样例市：虚构的地方操作细则 / a made-up place's own details of the refund.
- id: small-2024
  title: {zh: 小额缴费工会经费全额返还（样例市）, en: Full refund for small remitters (sample city)}
  anchor: treasury_date
  window: {from: 2024-01-01, to: 2024-12-31}
  year: calendar
  basis:
    - {from: 2024-01-01, basis: small_amount}
  threshold: {amount: 10000, exclusive: true, test: current_year}
  base: upper_part
  cap: null
  application: {required: true, deadlines: {2024: 2025-02-28}}
  pay:
    - {year: 2024, from: 2024-01-01, to: 2024-12-31, by: 2025-03-31}
  requires: {union: true, account: true, paid_in_full: false, on_time: false}
  exclude: [state_controlled, budget_funded, prep_no_union]
  not_with: []
  references:
    - title: 样例市总工会小额缴费返还操作细则（虚构）
      section: 次年2月末前申请
  verified_by: 样例市总工会财务部（虚构）
  verified_on: 2025-06-30
"""


def _firm(number: int, word: str) -> Row:
    """Return a firm with its union, for the registers of payers and of unions."""
    name = f"样例市样本{word}{number:02d}有限公司"
    return {
        "payer_name": name,
        "payer_uscc": uscc("91", 70000 + number),
        "collection_mode": "全额代收",
        "payer_class": "企业",
        "union_name": f"{name}工会委员会",
        "union_uscc": uscc("81", 70000 + number),
        "account_name": f"{name}工会委员会",
        "account_no": account(7000 + number),
        "account_opened_on": date(2024, 7, 1),
        "founded_on": date(2024, 6, 28),
    }


def firms() -> dict[str, list[Row]]:
    """Return the firms by what they are here for."""
    kinds = {"unpaid": UNPAID, "missed": MISSED, "returned": RETURNED, "waiting": WAITING}
    words = {"unpaid": "机械", "missed": "商贸", "returned": "纺织", "waiting": "物流"}
    found: dict[str, list[Row]] = {}
    number = 0
    for kind, count in kinds.items():
        for _ in range(count):
            number += 1
            firm = _firm(number, words[kind])
            if kind == "unpaid":
                firm["founded_on"] = date(2024, 10, 30)
            if kind in ("returned", "waiting"):
                firm["founded_on"] = date(2024, 12, 20)
                firm["account_opened_on"] = date(2024, 12, 25) if kind == "returned" else None
                firm["balance"] = Decimal(2000 + 100 * number)
            if firm["account_opened_on"] is None:
                firm["account_name"] = firm["account_no"] = None
            found.setdefault(kind, []).append(firm)
    return found


def _collected(firm: Row, number: int) -> Iterable[Row]:
    """Yield a small firm's fee of half a year, in two rows."""
    monthly = Decimal(400 + 20 * number)
    for begins, ends, on, months in (
        (date(2024, 7, 1), date(2024, 11, 30), date(2024, 12, 10), 5),
        (date(2024, 12, 1), date(2024, 12, 31), date(2025, 1, 10), 1),
    ):
        paid = monthly * months
        yield {
            **firm, "item": "工会经费", "period_from": begins, "period_to": ends,
            "base": paid * 50, "rate": Decimal("0.02"), "due": paid, "paid": paid,
            "declared_on": on, "paid_on": on, "treasury_on": on, "channel": "税务",
            "voucher_no": f"3990002024{number:04d}{months:02d}",
            "receipt_no": f"SJ{number:03d}{months}",
        }  # fmt: skip


def _transfers(known: dict[str, list[Row]], collected: list[Row]) -> Iterable[Row]:
    """Yield pass-backs of the fee, and preparation money that went back."""
    for number, row in enumerate(collected, start=1):
        yield _transfer(row, f"HB{number:03d}", "基层回拨", row["paid"], row["paid_on"]) | {
            "period_from": row["period_from"], "period_to": row["period_to"],
        }  # fmt: skip
    for number, firm in enumerate(known["returned"], start=1):
        yield _transfer(firm, f"FH{number:03d}", "筹备金返还", firm["balance"], date(2025, 1, 15))


def _transfer(firm: Row, number: str, kind: str, of: Decimal, on: date) -> Row:
    return {
        **firm, "transfer_no": number, "kind": kind, "payee_name": firm["account_name"],
        "payee_account": firm["account_no"], "amount": of * _SHARE, "paid_on": on,
        "serial_no": f"20250000{number}",
    }  # fmt: skip


def _training() -> dict[str, list[Row]]:
    """Return a school's class of people who could not be paid for, and two employers' classes."""
    begins, ends, paid_on = date(2024, 5, 13), date(2024, 5, 17), date(2024, 6, 20)
    plan = ((_SCHOOL, None, TRAINEES), (_EMPLOYERS[0], _EMPLOYERS[0], 20),
            (_EMPLOYERS[1], _EMPLOYERS[1], 15))  # fmt: skip
    rows: dict[str, list[Row]] = {
        name: [] for name in ("class", "trainee", "payment", "expense", "status")
    }
    for number, (provider, employer, heads) in enumerate(plan, start=1):
        code = f"PX2024{number:02d}"
        rows["class"].append({
            "class_no": code, "class_name": f"技能提升{number}班", "provider": provider,
            "employer": employer, "trade": "电工", "level": "初级", "starts_on": begins,
            "ends_on": ends, "planned_hours": 40, "approved_heads": heads, "standard": PER_HEAD,
            "agreement_no": f"XY{number:03d}", "accepted_on": date(2024, 6, 3),
        })  # fmt: skip
        rows["payment"].append({
            "class_no": code, "payee": provider, "heads": heads, "standard": PER_HEAD,
            "amount": PER_HEAD * heads, "paid_on": paid_on, "voucher_no": f"记-{number:04d}",
        })  # fmt: skip
        for place in range(heads):
            born = date(1980 + place % 15, 3, 1 + place)
            person = {
                "class_no": code, "name": f"{'甲乙丙丁'[number]}{'金木水火土'[place % 5]}{place}",
                "id_no": id_no(born, number * 40 + place, is_woman=False), "sex": "男",
                "employer": employer, "trade": "电工", "level": "初级", "hours": 40,
                "passed": True, "cert_no": f"ZS{number}{place:03d}", "cert_on": date(2024, 5, 30),
                "subsidy": PER_HEAD, "is_member": True,
            }  # fmt: skip
            rows["trainee"].append(person)
            if provider == _SCHOOL:
                rows["status"].append({**person, "status": "财政供养", "from_on": date(2020, 1, 1),
                                       "source": "人社比对"})  # fmt: skip
        if employer:
            amount = OUT_OF_SCOPE[number - 2]
            rest = PER_HEAD * heads - amount
            rows["expense"] += [
                _expense(code, "餐费", amount, f"2499000000{number:03d}1"),
                _expense(code, "教材费", rest, f"2499000000{number:03d}2"),
            ]
    return rows


def _expense(code: str, category: str, amount: Decimal, invoice: str) -> Row:
    return {
        "class_no": code, "category": category, "amount": amount, "spent_on": date(2024, 5, 16),
        "invoice_no": invoice, "payee": "样例市样本服务部", "method": "转账",
    }  # fmt: skip


def _sheet(name: str, table: str, rows: list[Row], *columns: str) -> Sheet:
    return Sheet(name, table, rows, columns_of(table, *columns))


def all_sheets() -> dict[str, list[Sheet]]:
    """Return the sheets by the file that they stand in."""
    known = firms()
    return {
        "整改事项清单.xlsx": [_items(known)],
        "名册.xlsx": _register_sheets(known),
        "经费.xlsx": _fee_sheets(known),
        "培训.xlsx": _training_sheets(),
        "资产油卡指标.xlsx": _other_sheets(),
    }


def _register_sheets(known: dict[str, list[Row]]) -> list[Sheet]:
    everyone = [firm for each in known.values() for firm in each]
    wages = [
        {**firm, "month": f"2024-{month:02d}", "wages": Decimal(50000 + 1000 * n), "headcount": 12,
         "evidence": "工资表"}
        for n, firm in enumerate(known["unpaid"]) for month in (11, 12)
    ]  # fmt: skip
    return [
        _sheet("缴费单位名册", "payer", everyone, "payer_name", "payer_uscc", "payer_class",
               "collection_mode"),
        _sheet("工会组织名册", "union_org", everyone, "union_name", "union_uscc", "payer_uscc",
               "payer_name", "founded_on", "account_opened_on", "account_name", "account_no"),
        _sheet("工资总额表", "payroll", wages, "payer_name", "payer_uscc", "month", "wages",
               "headcount", "evidence"),
    ]  # fmt: skip


def _fee_sheets(known: dict[str, list[Row]]) -> list[Sheet]:
    collected = [
        row for n, firm in enumerate(known["missed"], start=1) for row in _collected(firm, n)
    ]
    opening = [
        {**firm, "as_of": date(2023, 12, 31)} for firm in (*known["returned"], *known["waiting"])
    ]
    return [
        _sheet("工会经费代收明细", "tax_collection", collected, "payer_name", "payer_uscc",
               "item", "period_from", "period_to", "base", "rate", "due", "paid", "declared_on",
               "paid_on", "treasury_on", "voucher_no", "channel", "receipt_no"),
        _sheet("经费拨付台账", "fund_transfer", list(_transfers(known, collected)),
               "transfer_no", "kind", "payer_uscc", "payer_name", "payee_name", "payee_account",
               "period_from", "period_to", "amount", "paid_on", "serial_no"),
        _sheet("筹备金期初台账", "prep_opening", opening, "payer_uscc", "payer_name", "as_of",
               "balance"),
        _sheet("返还申请台账", "refund_application", [_applied()], "payer_uscc", "payer_name",
               "year", "applied_on", "amount", "outcome"),
    ]  # fmt: skip


def _training_sheets() -> list[Sheet]:
    training = _training()
    return [
        _sheet("培训班台账", "training_class", training["class"], "class_no", "class_name",
               "provider", "employer", "trade", "level", "starts_on", "ends_on",
               "planned_hours", "approved_heads", "standard", "agreement_no", "accepted_on"),
        _sheet("学员花名册", "trainee", training["trainee"], "class_no", "name", "id_no", "sex",
               "employer", "is_member", "trade", "level", "hours", "passed", "cert_no",
               "cert_on", "subsidy"),
        _sheet("培训补助拨付表", "training_payment", training["payment"], "class_no", "payee",
               "heads", "standard", "amount", "paid_on", "voucher_no"),
        _sheet("培训经费使用明细", "training_expense", training["expense"], "class_no",
               "category", "amount", "spent_on", "invoice_no", "payee", "method"),
        _sheet("人员状态比对名单", "person_status", training["status"], "id_no", "name",
               "status", "from_on", "source"),
    ]  # fmt: skip


def _other_sheets() -> list[Sheet]:
    card, refund = fuel_card(77), Decimal("1860.00")
    return [
        _sheet("租赁合同台账", "lease", [{
            "lease_no": "ZL2021-01", "tenant": "样例市样本体育服务部",
            "starts_on": date(2021, 1, 31), "ends_on": _TAKEN_BACK,
            "annual_rent": Decimal("36000.00"), "handed_back_on": _TAKEN_BACK,
        }], "lease_no", "tenant", "starts_on", "ends_on", "annual_rent", "handed_back_on"),
        _sheet("加油卡台账", "fuel_card", [{
            "card_no": card, "owner_unit": "样例市工人文化宫", "status": "正常",
            "plate": "宁Z70001", "opened_on": date(2020, 1, 1),
        }], "card_no", "plate", "owner_unit", "status", "opened_on"),
        _sheet("加油卡交易明细", "fuel_txn", [{
            "card_no": card, "txn_at": "2024-09-20 10:00:00", "kind": "退款", "amount": refund,
            "serial_no": "TK0001",
        }], "card_no", "txn_at", "kind", "amount", "serial_no"),
        _sheet("银行流水", "bank_txn", [{
            "account_no": _PALACE, "account_name": "样例市工人文化宫",
            "posted_on": date(2024, 9, 25), "serial_no": "20240925000001", "money_in": refund,
            "balance": refund, "party_name": "样例石油销售公司", "summary": "油卡退款",
        }], "account_no", "account_name", "posted_on", "serial_no", "money_in", "balance",
            "party_name", "summary"),
        _sheet("对外填报指标", "published_rate", _rates(), "metric", "scope", "numerator",
               "denominator", "value", "as_of"),
    ]  # fmt: skip


def _applied() -> Row:
    """Return an application of a firm that is none of the six, so the register is not empty."""
    return {
        "payer_uscc": uscc("91", 79999), "payer_name": "样例市样本建材99有限公司", "year": 2024,
        "applied_on": date(2025, 1, 20), "amount": Decimal("1200.00"), "outcome": "退回",
    }  # fmt: skip


def _rates() -> list[Row]:
    return [
        {"metric": metric, "scope": scope, "numerator": top, "denominator": bottom, "value": value,
         "as_of": date(2024, 12, 31)}
        for metric, scope, top, bottom, value in (
            ("建会率", "快递行业", 5, 8, "62.5%"), ("入会率", "快递行业", 383, 519, "73.8%"),
            ("实名采集率", "云平台", 14590, 20000, "72.95%"),
        )
    ]  # fmt: skip


def _items(known: dict[str, list[Row]]) -> Sheet:
    figures: dict[str, Any] = {
        "fund": sum(firm["balance"] for kind in ("returned", "waiting") for firm in known[kind]),
        "returned": sum(firm["balance"] * _SHARE for firm in known["returned"]),
        "waiting": sum(firm["balance"] * _SHARE for firm in known["waiting"]),
        "saved": PER_HEAD * TRAINEES + sum(OUT_OF_SCOPE),
    }
    listed = items(figures)
    return _sheet("整改事项清单", "rectification_item", listed, "item_no", "area", "problem",
                  "rules", "measure", "progress", "regulation", "department", "owner", "due_on",
                  "state", "amount", "recovered", "document")  # fmt: skip


def make_inspection(folder: Path) -> None:
    """Write `inspection/` below a folder.

    Args:
        folder: Normally sample_data of the checkout.
    """
    target = folder / "inspection"
    (target / "policy" / "yangli").mkdir(parents=True, exist_ok=True)
    for name, sheets in all_sheets().items():
        write_xlsx(target / name, sheets)
    for name, text in (("recon.toml", _TOML), ("policy/yangli/refund_policies.yaml", _POLICY)):
        (target / name).write_text(text, encoding="utf-8", newline="\n")
