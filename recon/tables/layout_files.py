"""Layouts of real exports as data: one small YAML file per bank or program, with an example.

Here: reading `recon/tables/layouts/` into names of contract columns. Not here: how headers are
compared (`recon.intake.layout.header`), names of many programs at once (`format_headers`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from recon.base.errors import ConfigError
from recon.base.models import Text
from recon.base.shapes import Shape, Words, below, checked
from recon.base.yamlio import load_yaml
from recon.tables.registry import specs

FOLDER = Path(__file__).parent / "layouts"


class Example(Shape):
    """Lines as a csv file holds them, and the sum of each money column in yuan."""

    lines: str
    sums: dict[str, str]


class Layout(Shape):
    """How one program's export of one table is headed.

    `columns` maps a contract column to the headers that mean it beside those the tables list.
    """

    zh: str
    table: str
    columns: dict[str, Words]
    example: Example


@cache
def layouts(folder: Path = FOLDER) -> dict[str, Layout]:
    """Return the layouts of a folder by the names of their files.

    Args:
        folder: Holds `*.yaml`.

    Raises:
        ConfigError: A file is no layout; all faults with their places.
    """
    return {path.stem: _layout(path) for path in sorted(folder.glob("*.yaml"))}


def layout_headers(table: str) -> dict[str, tuple[str, ...]]:
    """Return the headers that shipped layouts give to the columns of a table."""
    found: dict[str, tuple[str, ...]] = {}
    for one in layouts().values():
        for column, headers in one.columns.items() if one.table == table else ():
            found[column] = (*found.get(column, ()), *headers)
    return found


def _layout(path: Path) -> Layout:
    faults: list[Text] = []
    found = checked(Layout, load_yaml(path), below(path.name), faults)
    table = specs().get(found.table) if found else None
    if found and table is None:
        faults.append(
            Text(
                f"{path.name}: 没有表“{found.table}”。可用：{'、'.join(specs())}。",
                f"{path.name}: no table “{found.table}”. Use one of {', '.join(specs())}.",
            )
        )
    columns = found.columns if found and table else {}
    allowed = "、".join(table.by_name) if table else ""
    faults += [
        Text(
            f"{path.name}: 没有列“{column}”。可用：{allowed}。",
            f"{path.name}: no column “{column}”. Use one of {allowed}.",
        )
        for column in columns
        if table and column not in table.by_name
    ]
    if faults or found is None:
        raise ConfigError(faults)
    return found
