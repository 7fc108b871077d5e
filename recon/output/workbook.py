"""The workbook for people: lays out the sheets, then splices the rows in.

Not here: what the sheets hold (`sheets`, `facts`, `summary`, `control`), how rows become XML
(`splice`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import xlsxwriter

from recon.base.models import Text
from recon.output.control import CONTROL_WIDTHS, INFO_WIDTHS, draw_control, draw_info
from recon.output.facts import fact_plans
from recon.output.jumps import evidence_links
from recon.output.keep import place_beside, write_beside
from recon.output.picks import DETAILS, detail_plans, match_plans
from recon.output.sheet_cursor import SheetCursor
from recon.output.sheets import exception_plans, split_plans
from recon.output.splice import MAX_ROWS, Spliced, splice_workbook
from recon.output.styles import FONT, STATE_FILLS, TAB_COLOURS, Palette, set_up_print
from recon.output.summary import SUMMARY_WIDTHS, draw_summary
from recon.output.units import unit_plans

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from recon.base.models import CheckResult
    from recon.output.sheets import SheetColumn, SheetPlan

WORKBOOK = "exceptions.xlsx"
#: Sheet that only programs see; by it a later import knows the workbook.
MARK = "_recon"
#: Kinds of sheets that hold exceptions.
_EXCEPTIONS = ("family", "leads")
#: Changes when columns or their meaning change.
LAYOUT = "2"


def _validate_input(sheet: Worksheet, number: int, column: SheetColumn, last: int) -> None:
    """Put the check of a reviewer's column on its cells, with a Chinese message."""
    rule: dict[str, object] = {"input_title": column.header, "error_title": "填写有误"}
    if column.choices:
        words = "、".join(column.choices)
        rule |= {
            "validate": "list",
            "source": list(column.choices),
            "input_message": f"请选择：{words}",
            "error_message": f"只能填：{words}",
        }
    elif column.style == "money":
        rule |= {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "input_message": "填不小于 0 的金额，单位：元",
            "error_message": "请填不小于 0 的数字，单位：元",
        }
    elif column.style == "date":
        rule |= {
            "validate": "date",
            "criteria": "between",
            "minimum": date(2000, 1, 1),
            "maximum": date(2099, 12, 31),
            "input_message": "填日期，例如 2024-12-31",
            "error_message": "请填日期，例如 2024-12-31",
        }
    else:
        return
    sheet.data_validation(1, number, last, number, rule)


def _colour_rows(book: Workbook, sheet: Worksheet, plan: SheetPlan) -> None:
    """Colour rows by state, and grey out what a reviewer has dismissed."""
    letters = {
        column.header: xlsxwriter.utility.xl_col_to_name(number)
        for number, column in enumerate(plan.columns)
    }
    last = (plan.frame.height, len(plan.columns) - 1)
    dismissed = book.add_format({"font_color": "#7F7F7F", "font_strikeout": True})
    rules = [(f'=${letters["核实结论"]}2="不成立"', dismissed)]
    rules += [
        (f'=${letters["状态"]}2="{state}"', book.add_format({"bg_color": colour}))
        for state, colour in STATE_FILLS.items()
    ]
    for formula, shape in rules:
        sheet.conditional_format(
            1, 0, *last, {"type": "formula", "criteria": formula, "format": shape}
        )


def _lay_out(book: Workbook, palette: Palette, plan: SheetPlan, result: CheckResult) -> None:
    """Add a table sheet: header, widths, filter, checks, print set-up, one styled row."""
    sheet = book.add_worksheet(plan.name)
    sheet.set_tab_color(TAB_COLOURS[plan.kind])
    has_input = any(column.is_input for column in plan.columns)
    sheet.freeze_panes(1, plan.frozen or (2 if has_input else 0))
    sheet.set_row(0, plan.height or 30)
    was_behind = False
    for number, column in enumerate(plan.columns):
        prefix = "input_" if column.is_input else ""
        fold = {"level": 1, "hidden": True} if column.is_behind else {"collapsed": was_behind}
        sheet.set_column(number, number, column.width, None, fold)
        was_behind = column.is_behind
        sheet.write_string(0, number, column.header, palette[f"{prefix}head"])
        if plan.frame.height:
            sheet.write_blank(1, number, None, palette[f"{prefix}{column.style}"])
            if column.is_input:
                _validate_input(sheet, number, column, plan.frame.height)
    if plan.frame.height:
        sheet.autofilter(0, 0, plan.frame.height, len(plan.columns) - 1)
        if plan.kind in _EXCEPTIONS:
            _colour_rows(book, sheet, plan)
    rows = plan.frame.height if plan.printed_rows is None else plan.printed_rows
    area = (min(rows, plan.frame.height), (plan.printed or len(plan.columns)) - 1)
    set_up_print(sheet, result.run_id, str(result.request.as_of), area=area)
    if rows < plan.frame.height:
        left = f"只打印前 {rows} 行，共 {plan.frame.height} 行，其余见工作簿"
        sheet.set_header(f"&L&A　{left}", {"margin": 0.25})


def _mark(book: Workbook, result: CheckResult, plans: list[SheetPlan]) -> None:
    """Leave what a later import needs to know the workbook by."""
    as_of = result.request.as_of
    book.set_properties(
        {
            "title": "对账核查结果",
            "author": "recon",
            "company": "",
            "comments": f"run {result.run_id}",
            "created": datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC),
        }
    )
    book.set_custom_property("recon_run_id", result.run_id)
    book.define_name("recon_run_id", f'="{result.run_id}"')
    sheet = book.add_worksheet(MARK)
    sheet.very_hidden()
    rows = [("run_id", result.run_id), ("layout", LAYOUT), ("as_of", str(as_of))]
    rows += [(plan.kind, plan.name) for plan in plans]
    for number, cells in enumerate(rows):
        for column, text in enumerate(cells):
            sheet.write_string(number, column, text)


def _draw_blocks(
    book: Workbook, palette: Palette, result: CheckResult, plans: list[SheetPlan]
) -> None:
    """Fill the hand-made sheets, which already have their places in the workbook."""
    found = [plan for plan in plans if plan.kind in _EXCEPTIONS]
    details = [plan for plan in plans if plan.name.startswith(DETAILS)]
    sheets = {sheet.get_name(): sheet for sheet in book.worksheets()}
    others = [plan for plan in plans if plan.kind not in _EXCEPTIONS]
    summary = SheetCursor(sheets["汇总"], palette, SUMMARY_WIDTHS)
    control = SheetCursor(sheets["控制总数"], palette, CONTROL_WIDTHS)
    info = SheetCursor(sheets["运行信息"], palette, INFO_WIDTHS)
    draw_summary(summary, result, found, others)
    draw_control(control, result, found, details)
    draw_info(info, result)
    for cursor, kind in ((summary, "summary"), (control, "facts"), (info, "facts")):
        cursor.sheet.set_tab_color(TAB_COLOURS[kind])
        cursor.sheet.hide_gridlines(2)
        # without an area, a text that runs over the last column shrinks every page
        area = (cursor.row, len(cursor.widths) - 1)
        set_up_print(cursor.sheet, result.run_id, str(result.request.as_of), repeat=None, area=area)


def build_workbook(result: CheckResult, path: Path, max_rows: int = MAX_ROWS) -> None:
    """Write the workbook of a run to a path.

    Args:
        result: The finished run.
        path: The file to write; its bytes depend on the arguments only.
        max_rows: Rows of a sheet, its header included; longer ones continue as `名称(2)`.

    Raises:
        OSError: The file cannot be written.
    """
    facts = fact_plans(result)
    place = next(n for n, plan in enumerate(facts) if plan.name == "政策参数")
    facts[place:place] = detail_plans(result)
    units = unit_plans(result)
    found = exception_plans(result)
    plans = split_plans([*units, *found, *match_plans(result), *facts], max_rows)
    skeleton = BytesIO()
    book = xlsxwriter.Workbook(skeleton, {"in_memory": True, "default_format_properties": FONT})
    palette = Palette(book)
    book.add_worksheet("汇总")
    for plan in plans:
        if plan.name == "政策参数":
            book.add_worksheet("控制总数")
        _lay_out(book, palette, plan, result)
    book.add_worksheet("运行信息")
    _draw_blocks(book, palette, result, plans)
    _mark(book, result, plans)
    members = {sheet.get_name(): sheet.index + 1 for sheet in book.worksheets()}
    book.close()
    skeleton.seek(0)
    tables = tuple(
        Spliced(
            f"xl/worksheets/sheet{members[plan.name]}.xml",
            plan.frame,
            tuple(column.value for column in plan.columns),
            plan.height,
            evidence_links(result, plan),
        )
        for plan in plans
        if plan.frame.height
    )
    splice_workbook(skeleton, tables, path)


def write_workbook(result: CheckResult, folder: Path) -> tuple[Path, Text | None]:
    """Write exceptions.xlsx, or a numbered one where somebody has edited it or holds it open.

    Returns:
        The file written, and what to tell the user when it is not exceptions.xlsx.

    Raises:
        OSError: The folder cannot be written.
    """
    path = write_beside(folder / WORKBOOK, lambda target: build_workbook(result, target))
    return path, _notice(path)


def place_workbook(fresh: Path, kept: Path) -> Text | None:
    """Put a finished workbook where an earlier one stands, unless somebody has edited that one.

    Args:
        fresh: The finished workbook; it is moved.
        kept: The wanted path, in a run folder on the same disk.

    Returns:
        What to tell the user when the workbook got a numbered name.

    Raises:
        OSError: The folder cannot be written.
    """
    return _notice(place_beside(fresh, kept))


def _notice(path: Path) -> Text | None:
    if path.name == WORKBOOK:
        return None
    return Text(
        f"{WORKBOOK}: 已被人修改过，或正被其他程序打开，没有覆盖；新的结果写在 {path.name}。"
        "其中填写的结论先用 recon review import 导入台账，再运行一次，新工作簿就会带上。",
        f"{WORKBOOK}: somebody has edited it or holds it open, so it was left alone; the new "
        f"result is {path.name}. Take its decisions in with 'recon review import', then run again.",
    )


def write(result: CheckResult, folder: Path) -> tuple[Text, ...]:
    """Write the workbook (see `write_workbook`) and return what to tell the user."""
    _, notice = write_workbook(result, folder)
    return () if notice is None else (notice,)
