"""A cluster for many cases, which is asked the same of the same rows once.

Most of what a case reads is as in the case before, and planning a statement is what costs. Here:
what was asked, by the statement's own text and the rows of every table that it names. Not here:
what is asked (`recon.engine.spark`) and how (`recon.engine.connect`), which stay as they are.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from recon.engine.connect import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pyarrow as pa

#: Columns with their types, and the hash of each row, in order.
Rows = tuple[tuple[tuple[str, str], ...], bytes]
Asked = tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, Rows], ...]]


class AskedOnce(Cluster):
    """A cluster that keeps every table and answer; a name becomes a view when it is read."""

    def __init__(self, master: str, folder: Path) -> None:
        super().__init__(master, folder)
        self._means: dict[str, Rows] = {}
        self._seen: dict[str, Rows] = {}
        self._kept: dict[Rows, list[Path]] = {}
        self._tables: dict[Asked, Rows] = {}
        self._answers: dict[Asked, pa.Table] = {}

    def make(self, name: str, sql: str, kinds: Mapping[str, str]) -> None:
        """Let a name mean the rows of a select, which is computed unless it was before."""
        asked = self._asked(sql, kinds)
        if asked in self._tables:
            self._mean(name, self._tables[asked])
        else:
            super().make(name, sql, kinds)
            self._tables[asked] = self._means[name]

    def show(self, name: str, sql: str) -> None:
        """Refuse: a view's rows are not known, and no case is so large that the matcher has one."""
        raise NotImplementedError(name)

    def fetch(self, sql: str, kinds: Mapping[str, str], place: str) -> pa.Table:
        """Return the rows of a select, which is computed unless it was before."""
        asked = self._asked(sql, kinds)
        if asked not in self._answers:
            self._view_all(sql)
            self._answers[asked] = super().fetch(sql, kinds, place)
        return self._answers[asked]

    def forget(self, names: Iterable[str]) -> None:
        """Forget what names mean; the rows stay."""
        for name in names:
            self._means.pop(name, None)

    def _write(self, name: str, sql: str, kinds: Mapping[str, str], path: Path) -> None:
        self._view_all(sql)
        super()._write(name, sql, kinds, path)

    def _load(self, name: str, paths: list[Path], kinds: Mapping[str, str]) -> None:
        """Let a name mean the rows of some folders."""
        files = [file for path in paths for file in path.glob("*.parquet")]
        rows = pl.read_parquet(files) if files else pl.DataFrame()
        key = (tuple(kinds.items()), rows.hash_rows().sort().to_numpy().tobytes())
        self._kept.setdefault(key, paths)
        self._mean(name, key)

    def _mean(self, name: str, rows: Rows) -> None:
        self._means[name] = rows
        self._paths[name] = self._kept[rows]

    def _asked(self, sql: str, kinds: Mapping[str, str]) -> Asked:
        named = tuple((name, self._means[name]) for name in self._named(sql))
        return sql, tuple(kinds.items()), named

    def _named(self, sql: str) -> list[str]:
        return sorted(_words(sql) & self._means.keys())

    def _view_all(self, sql: str) -> None:
        """Let the names of a statement be views of what they mean now."""
        for name in self._named(sql):
            rows = self._means[name]
            if self._seen.get(name) != rows:
                self._view(name, self._kept[rows], dict(rows[0]))
                self._seen[name] = rows


@lru_cache(maxsize=4096)
def _words(sql: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", sql))
