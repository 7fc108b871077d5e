"""The sheet 参数确认: policy values of a run, for people to confirm in a spreadsheet.

Here: writing it as a workbook of its own, and reading back what was filled in. Not here: the same
sheet inside a run's workbook (`recon.output`), and recon.toml (`recon.workspace.confirm`).
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from recon.base.errors import ConfigError, RunMissingError
from recon.base.models import Text
from recon.base.paper import POLICY_SHEET
from recon.policy.blocked import Blocked, blocked
from recon.policy.packs import cited
from recon.policy.parameter_value import read_value
from recon.policy.parameters import load_policy
from recon.workspace.confirm import Confirmation
from recon.workspace.folder import latest_run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from recon.policy.blocked import UsedValue
    from recon.policy.parameters import Policy

#: Headers and widths; the yellow ones are filled in by people.
COLUMNS = {
    "参数": 34, "参数名": 26, "本工具的值": 16, "起始日": 12, "涉及金额": 16, "涉及条数": 10,
    "依据": 40, "本地的值": 16, "文号": 30, "条款": 18, "核对人": 10, "核对日期": 12,
}  # fmt: skip
FILLED = ("本地的值", "文号", "条款", "核对人", "核对日期")
_YELLOW = PatternFill("solid", fgColor="FFF9E5")


def read_blocked(out_dir: Path, *, must_be: bool = True) -> Blocked:
    """Return what blocks how much in the newest run of an output folder.

    Raises:
        RunMissingError: There is no complete run, and there must be one.
    """
    run = latest_run(out_dir)
    if run is None and not must_be:
        return Blocked((), {})
    if run is None:
        raise RunMissingError(out_dir)
    used = json.loads((run / "run.json").read_text(encoding="utf-8"))["policy"]
    return blocked(pl.read_parquet(run / "exceptions.parquet"), used)


def row_of(one: UsedValue, policy: Policy) -> dict[str, object]:
    """Return a line of the sheet by header, the columns for people empty."""
    return {
        "参数": policy.parameter(one.name).description.zh,
        "参数名": one.name,
        "本工具的值": policy.parameter(one.name).in_words(one.value).zh,
        "起始日": one.starts_on,
        "涉及金额": one.amount,
        "涉及条数": one.exceptions,
        "依据": cited(one.reference),
    }


def write_form(folder: Path, locale: str) -> Path | None:
    """Write a form of the values that a locale's pack leaves open; None if there are none."""
    policy, national = load_policy(locale), load_policy()
    named = [name for name in policy.parameters() if policy.parameter(name).kind == "policy"]
    rows: list[dict[str, object]] = [
        {
            "参数": policy.parameter(name).description.zh,
            "参数名": name,
            "起始日": date(2000, 1, 1),
            "依据": "本地文件",
        }
        for name in named
        if not policy.values_of(name) and national.values_of(name)
    ]
    path = folder / f"{POLICY_SHEET}-{locale}.xlsx"
    if not rows or path.exists():
        return None
    _write(path, rows)
    return path


def write_sheet(path: Path, found: Blocked, policy: Policy) -> int:
    """Write the values that are not confirmed, the one with most yuan first.

    Returns:
        How many lines.
    """
    rows = [row_of(one, policy) for one in found.open_values]
    _write(path, rows)
    return len(rows)


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one
    sheet.title = POLICY_SHEET
    sheet.append(list(COLUMNS))
    for row in rows:
        sheet.append([row.get(header) for header in COLUMNS])
    for number, (header, width) in enumerate(COLUMNS.items(), start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = width
        for (cell,) in sheet.iter_rows(min_col=number, max_col=number):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if header in FILLED:
                cell.fill = _YELLOW
        sheet.cell(1, number).font = Font(bold=True)
    sheet.freeze_panes = "C2"
    book.save(path)


def read_sheet(path: Path, policy: Policy) -> tuple[Confirmation, ...]:
    """Return what people filled in; lines without 文号 are passed over.

    Raises:
        ConfigError: Every fault, by cell.
    """
    book = openpyxl.load_workbook(path, data_only=True, read_only=False)
    if POLICY_SHEET not in book.sheetnames:
        raise ConfigError(
            [
                Text(
                    f"{path}: 没有工作表“{POLICY_SHEET}”。用 recon policy export 写一份，"
                    "或用运行结果的工作簿。",
                    f"{path}: no sheet '{POLICY_SHEET}'. 'recon policy export' writes one; "
                    "the workbook of a run has it too.",
                )
            ]
        )
    faults: list[Text] = []
    sheet = book[POLICY_SHEET]
    found = list(_lines(path.name, sheet, policy, faults))
    if faults:
        raise ConfigError(faults)
    return tuple(found)


def _lines(name: str, sheet: Worksheet, policy: Policy, faults: list[Text]) -> list[Confirmation]:
    rows = list(sheet.iter_rows(values_only=True))
    start = next((n for n, row in enumerate(rows) if row and "参数名" in row), None)
    missing = set(COLUMNS) - {"依据"} - set(rows[start] if start is not None else ())
    if start is None or missing:
        listed = "、".join(sorted(missing))
        faults.append(
            Text(
                f"{name}#{POLICY_SHEET}: 表头不全，缺 {listed}。表头不要改。",
                f"{name}#{POLICY_SHEET}: headers are missing: {listed}. Leave headers alone.",
            )
        )
        return []
    found = []
    for number, row in enumerate(rows[start + 1 :], start=start + 2):
        cells = {str(header): held for header, held in zip(rows[start], row, strict=False)}
        if cells.get("文号") not in (None, ""):
            one = _confirmation(f"{name}#{POLICY_SHEET}!{number}", cells, policy, faults)
            found += [one] if one else []
    return found


def _confirmation(
    place: str, cells: Mapping[str, object], policy: Policy, faults: list[Text]
) -> Confirmation | None:
    before = len(faults)
    name = str(cells["参数名"] or "").strip()
    if name not in policy.by_name:
        faults.append(
            Text(
                f"{place}: 不认识的参数“{name}”。参数名一列不要改。",
                f"{place}: unknown parameter '{name}'. Leave the names as they are.",
            )
        )
        return None
    starts_on, on = _day(cells["起始日"]), _day(cells["核对日期"])
    by = str(cells["核对人"] or "").strip()
    for header, held in (("起始日", starts_on), ("核对人", by), ("核对日期", on)):
        if not held:
            faults.append(
                Text(
                    f"{place}: “{header}”没有填，或不是日期。确认要有文号、核对人、核对日期。",
                    f"{place}: '{header}' is empty or no day. A confirmation needs document, "
                    "person and day.",
                )
            )
    stated = cells["本地的值"] if cells["本地的值"] not in (None, "") else cells["本工具的值"]
    value = typed(policy, name, stated)
    if isinstance(value, Text):
        faults.append(
            Text(
                f"{place}: “{stated}”不合要求。应为{value.zh}。",
                f"{place}: '{stated}' is wrong. Use {value.en}.",
            )
        )
    if len(faults) > before or starts_on is None or on is None:
        return None
    document, article = (str(cells[header] or "").strip() for header in ("文号", "条款"))
    return Confirmation(name, value, starts_on, document, article, by, on)


def typed(policy: Policy, name: str, stated: object) -> object:
    """Return a value as its parameter wants it, from what a person typed; else what is allowed."""
    about = policy.parameter(name)
    of, text = about.type, about.code_of(str(stated).strip())
    raw: object = text
    if of.kind == "bool":
        raw = {"true": True, "false": False}.get(text.lower(), text)
    elif of.kind == "list":
        parts = text.replace("，", "、").replace(",", "、").split("、")
        raw = [_number(about.code_of(part.strip())) for part in parts]
    elif of.kind == "map":
        pairs = [part.partition("=") for part in text.replace("，", ",").split(",") if part.strip()]
        raw = {key.strip(): _number(value) for key, _, value in pairs}
    elif of.kind != "enum":
        raw = _number(text)
    return read_value(of, raw)


def _number(text: str) -> object:
    percent = text.endswith("%")
    try:
        number = Decimal(text.rstrip("%"))
    except ArithmeticError:
        return text
    number = number / 100 if percent else number
    return int(number) if number == number.to_integral() and "." not in text else number


def _day(held: object) -> date | None:
    if isinstance(held, datetime):
        return held.date()
    if isinstance(held, date):
        return held
    try:
        return date.fromisoformat(str(held).strip())
    except ValueError:
        return None
