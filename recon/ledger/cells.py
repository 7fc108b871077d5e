"""What a reviewer wrote into a cell, as the ledger keeps it: words, money and dates checked.

Not here: where the cells are (see `reviewed`), what to do with a decision (see `review`).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.base.texts import yuan
from recon.output.sheets import REVIEW_COLUMNS
from recon.output.split import CONFIRMING

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
_EXCEL_EPOCH = date(1899, 12, 30)
_DATE = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 00:00:00)?"
    r"|([0-9]{4})([0-9]{2})([0-9]{2})"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\ufeff]")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BLANK = re.compile(r"[\s\x00-\x1f\ufffe\uffff]+")
_LONGEST = 2000
_ERROR = re.compile(r"#(?:N/A|NAME\?|VALUE!|REF!|DIV/0!|NUM!|NULL!)")


class CellFault(ValueError):  # noqa: N818 - a fault of a cell is no error of the program
    """A cell that cannot be taken, with the reason in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep the reason."""
        self.text = Text(zh, en)
        super().__init__(zh)


def read_cell(name: str, value: object) -> str | None:
    """Return a reviewer's cell as the ledger keeps it.

    Args:
        name: Column, a key of `REVIEW_COLUMNS`.
        value: What the spreadsheet holds.

    Returns:
        A word, an amount like "640.00", a date like "2024-12-31"; None for an empty cell.

    Raises:
        CellFault: The cell holds something else.
    """
    text = _text(value)
    if not text:
        return None
    if _ERROR.fullmatch(text):
        raise CellFault(f"是错误值 {text}。重新填写", f"is the error {text}. Fill it again")
    header, _, style, choices = REVIEW_COLUMNS[name]
    if style == "money":
        return _money(text)
    if style == "date":
        return _day(value, text)
    if choices and text not in choices:
        words = "、".join(choices)
        raise CellFault(
            f"“{text}”不是{header}。只能填：{words}", f"'{text}' is not one of: {words}"
        )
    return text


def unescaped(text: str) -> str:
    """Undo what spreadsheets make of characters that XML cannot hold.

    Example:
        >>> unescaped("a_x0041_b")
        'aAb'
    """
    while (plain := _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)) != text:
        text = plain
    return text


def plain(value: object, *, is_number: bool) -> str:
    """Return a cell as text in which what programs do to it on saving makes no difference."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = _BLANK.sub("", unescaped(str(value)))
    if is_number:
        try:
            return f"{Decimal(text.replace(',', '')):.2f}"
        except InvalidOperation:
            return text
    return text


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = _CONTROL.sub("", unicodedata.normalize("NFC", unescaped(str(value)))).strip()
    if len(text) > _LONGEST:
        raise CellFault(
            f"有 {len(text)} 个字。最多 {_LONGEST} 个",
            f"has {len(text)} characters. Write at most {_LONGEST}",
        )
    return text


def _money(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").removeprefix("¥").rstrip("元 ")
    try:
        amount = Decimal(plain)
        exact = amount.quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise CellFault(
            f"“{text}”不是金额。填数字，单位：元", f"'{text}' is no amount. Write a number in yuan"
        ) from error
    if not amount.is_finite() or amount < 0:
        raise CellFault(
            f"“{text}”小于 0。填不小于 0 的金额", f"'{text}' is below 0. Write 0 or more"
        )
    if abs(amount - exact) > Decimal("0.0000001"):  # a sum of floats ends in such a tail
        raise CellFault(
            f"“{text}”不到分。最多两位小数", f"'{text}' has more than two places. Write at most two"
        )
    return f"{exact:f}"


def _day(value: object, text: str) -> str:
    day = None
    if isinstance(value, datetime):
        day = value.date()
    elif isinstance(value, date):
        day = value
    elif isinstance(value, int | float) and 36526 <= value <= 73050:
        day = _EXCEL_EPOCH + timedelta(days=int(value))
    elif found := _DATE.fullmatch(unicodedata.normalize("NFKC", text)):
        try:
            day = date(*(int(part) for part in found.groups() if part))
        except ValueError:
            day = None
    if day is None or not _FIRST <= day <= _LAST:
        raise CellFault(
            f"“{text}”不是日期。填成 2024-12-31 的样子", f"'{text}' is no date. Write 2024-12-31"
        )
    return day.isoformat()


def completed(
    decision: Mapping[str, str | None], amount: Decimal | None, today: date
) -> tuple[dict[str, str | None], dict[str, CellFault]]:
    """Check a decision as a whole and fill the amount of a full confirmation.

    成立 means the whole amount (an empty 认定金额 is filled with it); 部分成立 needs an amount
    between 0 and the whole; 不成立 and 待核实 have none. An exception without an amount takes any.

    Args:
        decision: The reviewer's columns of one row.
        amount: Amount of the exception, or None.
        today: No decision is of a later day.

    Returns:
        The decision, and the faults by column.

    Units: yuan.
    """
    filled, faults = dict(decision), dict[str, CellFault]()
    verdict, text = filled.get("verdict"), filled.get("confirmed_amount")
    given = None if text is None else Decimal(text)
    if verdict is None:
        faults["verdict"] = CellFault(
            "没有填核实结论。填上后再导入（未定的选“待核实”）",
            "has no verdict. Fill it and import again (待核实 while undecided)",
        )
    elif verdict not in CONFIRMING:
        if given:
            faults["confirmed_amount"] = CellFault(
                f"结论是{verdict}，不能有认定金额。清空它，或改结论",
                f"a verdict of {verdict} has no amount. Clear it or change the verdict",
            )
        filled["confirmed_amount"] = None
    elif fault := _wrong_amount(verdict, given, amount):
        faults["confirmed_amount"] = fault
    elif verdict == "成立" and given is None and amount is not None:
        filled["confirmed_amount"] = f"{amount:.2f}"
    if (filled.get("reviewed_on") or "") > today.isoformat():
        faults["reviewed_on"] = CellFault(
            f"{filled['reviewed_on']} 晚于今天。改成实际复核的日期",
            f"{filled['reviewed_on']} is later than today. Write the day of the review",
        )
    return filled, faults


def _wrong_amount(verdict: str, given: Decimal | None, amount: Decimal | None) -> CellFault | None:
    if verdict == "部分成立" and not given and amount is not None:
        return CellFault(
            "部分成立要填大于 0 的认定金额", "部分成立 needs an amount above 0. Fill it"
        )
    if given is None or amount is None:
        return None
    if given > amount:
        return CellFault(
            f"认定金额 {yuan(given)} 大于例外金额 {yuan(amount)}。多出的部分另立问题",
            f"{yuan(given)} is more than the exception's {yuan(amount)}. Keep to its amount",
        )
    if verdict == "成立" and given != amount:
        return CellFault(
            f"认定金额 {yuan(given)} 不是全额 {yuan(amount)}。改结论为“部分成立”，或改金额",
            f"{yuan(given)} is not the whole {yuan(amount)}. Choose 部分成立 or change the amount",
        )
    if verdict == "部分成立" and given == amount:
        return CellFault(
            "认定金额等于例外金额。改结论为“成立”，或改金额",
            "is the whole amount. Choose 成立 or change the amount",
        )
    return None
