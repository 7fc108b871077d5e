"""Layouts of real exports as data: one small YAML file per bank or program, with an example.

Here: reading `recon/tables/layouts/` and a workspace's own `layouts/` into names of contract
columns, and writing one. Not here: how headers are compared (`recon.intake.layout.header`), names
of many programs at once (`format_headers`).
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from recon.base.errors import ConfigError
from recon.base.models import Text
from recon.base.shapes import Shape, Words, below, checked
from recon.base.temporary import write_whole
from recon.base.yamlio import load_yaml
from recon.tables.registry import specs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FOLDER = Path(__file__).parent / "layouts"
#: The folder of a workspace that holds its own layouts.
OWN_FOLDER = "layouts"

#: Table, contract column and the header that means it, as a workspace's own layouts say.
OwnHeaders = tuple[tuple[str, str, str], ...]
_IN_USE: ContextVar[OwnHeaders] = ContextVar("own_headers", default=())


class Example(Shape):
    """Lines as a csv file holds them, and the sum of each money column in yuan."""

    lines: str
    sums: dict[str, str]


class Layout(Shape):
    """How one program's export of one table is headed.

    `columns` maps a contract column to the headers that mean it beside those the tables list; every
    shipped layout has an `example`.
    """

    zh: str
    table: str
    columns: dict[str, Words]
    example: Example | None = None


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


def own_layouts(workspace: Path) -> OwnHeaders:
    """Return what the layouts of a workspace say, from `layouts/*.yaml`.

    Raises:
        ConfigError: Files that are no layouts; all faults of the first one.
    """
    return tuple(
        (one.table, column, header)
        for path in sorted((workspace / OWN_FOLDER).glob("*.yaml"))
        for one in (_layout(path),)
        for column, headers in one.columns.items()
        for header in headers
    )


@contextmanager
def using(own: OwnHeaders) -> Iterator[None]:
    """Let headers mean what a workspace's own layouts say as well, until the block ends."""
    token = _IN_USE.set(own)
    try:
        yield
    finally:
        _IN_USE.reset(token)


def own_headers() -> OwnHeaders:
    """Return what the layouts of the workspace that is being read say."""
    return _IN_USE.get()


def write_layout(
    workspace: Path, zh: str, table: str, columns: Mapping[str, Sequence[str]]
) -> Path:
    """Keep what a person decided of one sheet as a layout for all sheets headed like it.

    A file that is there is never written over: the name gets a number.

    Args:
        workspace: The folder of recon.toml.
        zh: What the layout is called, e.g. 示例银行; the file's name too.
        table: A table of the contract.
        columns: Contract column to the headers that mean it.

    Returns:
        The file.

    Raises:
        ConfigError: The table or a column is unknown; nothing stays written.
    """
    stem = re.sub(r'[\s\\/:*?"<>|.]+', "-", zh).strip("-") or table
    folder = workspace / OWN_FOLDER
    taken = {path.stem for path in folder.glob("*.yaml")}
    name = next(
        one
        for one in (stem, *(f"{stem}-{at}" for at in range(2, len(taken) + 3)))
        if one not in taken
    )
    content = {
        "zh": zh,
        "table": table,
        "columns": {column: list(headers) for column, headers in columns.items()},
    }
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.yaml"
    write_whole(path, yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode())
    try:
        _layout(path)
    except ConfigError:
        path.unlink()
        raise
    return path


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
