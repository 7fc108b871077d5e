"""Both engines side by side: a case of a rule runs on DuckDB and over Spark Connect.

Here: the server, the two sessions, and in words where their answers differ. Not here: which cases
are compared (`test_parity`).
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from recon.engine.case_session import CaseSession
from recon.engine.spark import SparkSession
from recon.rules.catalog import load_rules
from recon.run.rule_cases import CaseResult, case_frames, case_policy, judge, with_before
from tests.spark.asked_once import AskedOnce

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import polars as pl

    from recon.rules.case_file import Case
    from recon.rules.catalog import Rule

RULES = {rule.code: rule for rule in load_rules()}


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of the server that RECON_SPARK_MASTER names, else of Sail."""
    named = os.environ.get("RECON_SPARK_MASTER")
    with nullcontext(named) if named else _sail() as address:
        yield address


@contextmanager
def _sail() -> Iterator[str]:
    """Start Sail, a Spark Connect server, inside this process and yield its address."""
    pysail = pytest.importorskip("pysail.spark", reason="needs: uv sync --group spark")
    here = pysail.SparkConnectServer(ip="127.0.0.1", port=0)
    here.start(background=True)
    try:
        yield f"sc://127.0.0.1:{here.listening_address[1]}"
    finally:
        here.stop()


class SparkCaseSession(SparkSession):
    """A session on Spark that serves many cases: tables with the same rows stay as they are."""

    def load(self, frames: Mapping[str, pl.DataFrame]) -> None:
        changed = {name: frame for name, frame in frames.items() if not self._holds(name, frame)}
        super().load(changed)

    def _holds(self, name: str, frame: pl.DataFrame) -> bool:
        old = self._frames.get(name)
        return old is not None and old.schema == frame.schema and old.equals(frame)

    def start(self) -> None:
        """Forget the results of the case before, and the tables made on the driver."""
        self.keep_rules([])
        rows = self.execute("select table_name from duckdb_tables() where not temporary", "case")
        for (name,) in rows:
            if name not in self._frames and not name.startswith("exception_"):
                self.run_script(f'drop table "{name}"')
        for name in [word for word in self._turn_of if word.startswith("match_")]:
            del self._turn_of[name]
        self._tables &= self._frames.keys()


Engines = tuple[CaseSession, SparkCaseSession]


@contextmanager
def both_engines(master: str) -> Iterator[Engines]:
    """Yield a session of each engine."""
    with (
        tempfile.TemporaryDirectory(prefix="recon-parity-") as folder,
        CaseSession() as here,
        SparkCaseSession(AskedOnce(master, Path(folder) / "spark"), None, None, 1) as there,
    ):
        yield here, there


def compare(engines: Engines, rule: Rule, case: Case) -> list[str]:
    """Run a case on both engines and return in words where they differ."""
    rules, policy = with_before(rule, RULES), case_policy(case)
    frames = case_frames(rules, case, policy)
    engines[1].start()
    results = []
    for session in engines:
        session.keep_rules([])
        session.load(frames)
        results.append(judge(session, rules, case, policy))
    return _differences(*results)


def _differences(here: CaseResult, there: CaseResult) -> list[str]:
    """Return in words where two engines differ, or DuckDB from what the case expects."""
    found = list(here.faults)
    for name in ("status", "rows_examined", "exceptions", "amounts", "reason"):
        one, other = getattr(here.outcome, name), getattr(there.outcome, name)
        if one != other:
            found.append(f"{name}: {one} on DuckDB, {other} on Spark")
    if not here.exceptions.equals(there.exceptions):
        found.append("the exceptions differ in rows, order or types")
        one, other = here.exceptions.to_dicts(), there.exceptions.to_dicts()
        found += [f"only on DuckDB: {row}" for row in one if row not in other]
        found += [f"only on Spark: {row}" for row in other if row not in one]
    return found
