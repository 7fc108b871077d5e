"""The session that serves rule cases one after the other.

Here: what of a case can be kept for the next one. Not here: what a case is, or how it is judged.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from recon.engine.duckdb import Session
from recon.engine.staging import staged_selects
from recon.rules.sql_text import parameters_in, tables_in

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from pathlib import Path

    import polars as pl

#: Tables that a run itself writes: what reads them is made again each time.
_WRITTEN_BY_RUN = ("exception_", "match_")


class CaseSession(Session):
    """One connection for many cases: a table is made again only when what it reads has changed."""

    most_lanes = 1

    def __init__(self) -> None:
        """Open an empty session on one thread."""
        super().__init__(threads=1)
        # a handful of rows: planning costs more than running
        self._connection.execute("pragma disable_optimizer")
        self._turns = count(1)
        self._turn_of: dict[str, int] = {}
        self._made_of: dict[str, Hashable] = {}

    def load(self, frames: Mapping[str, pl.DataFrame]) -> None:
        """Create one table per frame, unless it holds the same rows already."""
        changed = {name: frame for name, frame in frames.items() if not self._holds(name, frame)}
        super().load(changed)
        self._turn_of |= {name: next(self._turns) for name in changed}

    def _holds(self, name: str, frame: pl.DataFrame) -> bool:
        old = self._frames.get(name)
        if old is None or old is frame:
            return old is frame
        return old.schema == frame.schema and old.equals(frame)

    def build(self, wanted: Iterable[str], workspace: Path | None = None) -> None:
        """Create the staged tables that are wanted, unless all that they read is as it was."""
        for name, sql in staged_selects(wanted, workspace).items():
            made_of = (
                sql,
                *((word, self._parameters.get(word)) for word in sorted(parameters_in(sql))),
                *((word, self._turn(word)) for word in sorted(tables_in(sql) - {name})),
            )
            if self._made_of.get(name) != made_of:
                self.make_staged("create or replace", name, sql, workspace)
                self._made_of[name] = made_of
                self._turn_of[name] = next(self._turns)

    def _turn(self, word: str) -> int:
        """Return when a table last changed; 0 for a word that is no table."""
        return next(self._turns) if word.startswith(_WRITTEN_BY_RUN) else self._turn_of.get(word, 0)
