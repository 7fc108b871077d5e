"""`recon init`: recon.toml and one template workbook per family of tables.

Here: what a template workbook looks like; headers, notes and drop-downs come from the table
models. Not here: reading a filled template (the intake knows it by its headers).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlsxwriter

from recon.base.errors import ConfigError
from recon.policy.packs import unknown_locale
from recon.policy.parameters import locales
from recon.tables.registry import specs
from recon.workspace.errors import TemplateExistsError

if TYPE_CHECKING:
    from pathlib import Path

    from recon.tables.base import ColumnSpec, TableSpec

FAMILY_FILES = {
    "collection": "01 经费收缴.xlsx",
    "ledgers": "02 银行账务.xlsx",
    "training": "03 培训补助.xlsx",
    "fuel": "04 车辆油卡.xlsx",
    "assets": "05 资产租赁.xlsx",
    "organisation": "06 组织与整改.xlsx",
}
EXAMPLE_MARK = "【示例】"
_ROWS = 1000
_KINDS: dict[str, tuple[str, str]] = {
    "text": ("文字", "文字"),
    "uscc": ("18 位统一社会信用代码，按文本录入", "91990000MA00000005"),
    "id_no": ("身份证号，按文本录入", "990000199001010017"),
    "plate": ("车牌号，如 桂A12345", "桂A12345"),
    "account": ("银行账号，按文本录入", "45050000000001"),
    "card": ("卡号，按文本录入", "1000110000000000001"),
    "date": ("日期，如 2024-03-15", "2024-03-15"),
    "datetime": ("日期和时间，如 2024-03-15 08:30", "2024-03-15 08:30"),
    "month": ("月份，如 2024-03", "2024-03"),
    "money": ("金额，元，两位小数", "1234.56"),
    "qty": ("数量", "12.5"),
    "rate": ("比率，如 2% 或 0.02", "2%"),
    "int": ("整数", "12"),
    "bool": ("是 或 否", "是"),
    "enum": ("从下拉列表选择", ""),
}
_TOML = """\
# recon.toml：本工作区的设置，全部可以不写。说明见 docs/manual.zh.md。
[self]
name = ""                 # 本级工会名称
level = "county"          # acftu | province | city | county | town
accounts = []             # 本级银行账号，如 ["45050000000001"]
receives = ["own", "basic", "prep"]

[check]
# from = 2024-01-01
# to = 2024-12-31
locale = "base"

[policy]
# "fee.due_day" = 15
"""


def write_workspace(folder: Path, locale: str = "base") -> tuple[Path, ...]:
    """Write recon.toml and the templates into a folder.

    Raises:
        TemplateExistsError: One of them is there already; nothing is written then.
    """
    if locale not in (known := locales()):
        raise ConfigError([unknown_locale(locale, known)])
    targets = {folder / name: family for family, name in FAMILY_FILES.items()}
    config = folder / "recon.toml"
    for path in (config, *targets):
        if path.exists():
            raise TemplateExistsError(path)
    folder.mkdir(parents=True, exist_ok=True)
    settings = _TOML.replace('locale = "base"', f'locale = "{locale}"')
    config.write_text(settings, encoding="utf-8", newline="\n")
    for path, family in targets.items():
        write_template(path, [spec for spec in specs().values() if spec.family == family])
    return (config, *targets)


def write_template(path: Path, tables: list[TableSpec]) -> None:
    """Write one template workbook: a page of instructions, then a sheet per table."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        formats = {
            "must": book.add_format(
                {"bold": True, "bg_color": "#FDE9D9", "border": 1, "text_wrap": True}
            ),
            "may": book.add_format({"bg_color": "#EAF1DD", "border": 1, "text_wrap": True}),
            "example": book.add_format({"italic": True, "font_color": "#7F7F7F"}),
            "text": book.add_format({"num_format": "@"}),
            "money": book.add_format({"num_format": "#,##0.00"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _write_guide(book.add_worksheet("填表说明"), tables, formats)
        for spec in tables:
            _write_sheet(book.add_worksheet(spec.zh), spec, formats)


def _write_guide(sheet: Any, tables: list[TableSpec], formats: dict[str, Any]) -> None:  # noqa: ANN401 - xlsxwriter is untyped
    lines = [
        "一张工作表是一张表；不用的表留空即可，不要改表头文字。",
        "橙色表头必填，绿色选填；把鼠标停在表头上看说明。",
        f"灰色示例行（首列带 {EXAMPLE_MARK}）不会被读取，可以保留。",
        "证件号、信用代码、账号、卡号按文本粘贴，不要让 Excel 变成数字。",
        "填完后运行：recon check 本目录",
        "",
        "本文件的表：" + "、".join(spec.zh for spec in tables),
    ]
    sheet.set_column(0, 0, 90, formats["wrap"])
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)


def _write_sheet(sheet: Any, spec: TableSpec, formats: dict[str, Any]) -> None:  # noqa: ANN401
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(spec.columns):
        look = formats["must" if column.required else "may"]
        sheet.write_string(0, place, column.zh, look)
        sheet.write_comment(0, place, _note(column))
        text = formats["money"] if column.kind == "money" else formats["text"]
        sheet.set_column(place, place, max(12, 2 * len(column.zh) + 2), text)
        example = column.values[0] if column.values else _KINDS[column.kind][1]
        mark = EXAMPLE_MARK if place == 0 else ""
        sheet.write_string(1, place, mark + example, formats["example"])
        _add_check(sheet, place, column)


def _note(column: ColumnSpec) -> str:
    parts = ["必填。" if column.required else "选填。", _KINDS[column.kind][0]]
    if column.values:
        parts.append("可选：" + "、".join(column.values))
    if column.aliases:
        parts.append("也认作：" + "、".join(column.aliases))
    return "\n".join(parts)


def _add_check(sheet: Any, place: int, column: ColumnSpec) -> None:  # noqa: ANN401
    values = list(column.values) or (["是", "否"] if column.kind == "bool" else [])
    rules: dict[str, dict[str, Any]] = {
        "money": {"validate": "decimal", "criteria": "between", "minimum": -1e13, "maximum": 1e13},
        "int": {"validate": "integer", "criteria": ">=", "value": 0},
    }
    rule = {"validate": "list", "source": values} if values else rules.get(column.kind)
    if rule is not None:
        sheet.data_validation(
            2,
            place,
            _ROWS,
            place,
            {
                **rule,
                "ignore_blank": True,
                "error_title": "请检查",
                "error_message": f"{column.zh}：{_KINDS[column.kind][0]}",
            },
        )
