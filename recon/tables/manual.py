"""`docs/tables.md`: the input contract as a page, made from the table models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.tables.format_headers import FORMAT_HEADERS
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.tables.base import ColumnSpec

_HEAD = """\
# 输入表 / Input tables

本页由表模型生成，不要手改：`uv run python -m tests.docs.regenerate`。
This page is generated from the table models; do not edit it by hand.

表头匹配不计空格、换行、全角半角、括号及括号里的单位；别名同样有效。
Headers match regardless of spaces, line breaks, width, brackets and units in brackets.

列名（column）也是表头，csv、Parquet 等数据库导出用它也认得。
The name of a column is a header too, as exports of databases to csv or Parquet have it.
"""

_HELD = {
    "person": "人名，遮盖 a person, masked",
    "unit": "单位名，自然人遮盖 a unit, masked where it is a person",
    "units": "多个单位名 several units",
    "phone": "电话，遮盖 telephone, masked",
    "place": "地点 place",
}


def tables_page() -> str:
    """Return the page as Markdown: one section per table, one row per column."""
    parts = [_HEAD]
    for spec in specs().values():
        aliases = f"（{'、'.join(spec.aliases)}）" if spec.aliases else ""
        parts.append(f"\n## {spec.zh} `{spec.name}`{aliases}\n\n")
        if spec.key:
            parts.append(f"唯一键 / key: {', '.join(f'`{name}`' for name in spec.key)}\n\n")
        parts.append(
            "| 列 column | 表头 header | 类型 kind | 必填 req | 别名 aliases | 说明 note |\n"
        )
        parts.append("|---|---|---|---|---|---|\n")
        for column in spec.columns:
            kind = f"{column.kind}: {' / '.join(column.values)}" if column.values else column.kind
            default = f"默认 default: {column.default}" if column.default is not None else ""
            said = (column.note, default, *_facets(column))
            note = "; ".join(text for text in said if text).replace("|", "/")
            parts.append(
                f"| `{column.name}` | {column.zh} | {kind} | {'✔' if column.required else ''} "
                f"| {'、'.join(column.aliases)} | {note} |\n"
            )
        parts.append(_format_names(spec.name))
    return "".join(parts)


def _facets(column: ColumnSpec) -> Iterator[str]:
    """Yield what the model says of a column beside its kind, in words."""
    if column.holds:
        yield _HELD[column.holds]
    if column.event:
        yield "发生日 event day"
    if column.one_of:
        yield "同组至少一列 at least one of its group"
    if column.kind == "money" and not column.adds_up:
        yield "不加总 not summed"
    if column.unit == "wan":
        yield "万元 in 10,000 yuan"
    if column.keeps_text:
        yield f"原文另存 text kept as {column.name}_text"


def _format_names(table: str) -> str:
    """Return the names by which exports of accounting programs are known too."""
    names = FORMAT_HEADERS.get(table)
    if not names:
        return ""
    listed = "；".join(f"`{column}` {'、'.join(texts)}" for column, texts in names.items())
    return f"\n软件导出和数据标准的列名 / names in exports and data standards: {listed}\n"
