"""Equal exceptions on DuckDB and on Spark Connect, for every case of every rule.

    uv run --group spark python -m tests.spark.parity [--master sc://HOST:PORT] [CODE ...]

runs all cases of the named rules, or of all, on both engines and prints where they differ. Without
`--master` it starts Sail inside this process. The tests beside it run a few cases per family.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from recon.case_file import cases_of
from recon.case_session import CaseSession
from recon.catalog import load_rules
from recon.engine.connect import Cluster
from recon.engine.spark import SparkSession
from recon.rulecases import CaseResult, case_policy, judge, load_case, with_before

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import polars as pl

    from recon.case_file import Case
    from recon.catalog import Rule
    from recon.engine.duckdb import Session

RULES = {rule.code: rule for rule in load_rules()}


@contextmanager
def sail() -> Iterator[str]:
    """Start Sail, a Spark Connect server, inside this process and yield its address."""
    from pysail.spark import SparkConnectServer  # noqa: PLC0415 - a real Spark needs none

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    try:
        yield f"sc://127.0.0.1:{server.listening_address[1]}"
    finally:
        server.stop()


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


@contextmanager
def both_engines(master: str) -> Iterator[tuple[CaseSession, SparkCaseSession]]:
    """Yield a session of each engine."""
    with (
        tempfile.TemporaryDirectory(prefix="recon-parity-") as folder,
        CaseSession() as here,
        SparkCaseSession(Cluster(master, Path(folder) / "spark"), None, None, 1) as there,
    ):
        yield here, there


def run_on(session: Session, rule: Rule, case: Case) -> CaseResult:
    """Run a case on a session."""
    rules, policy = with_before(rule, RULES), case_policy(case)
    if isinstance(session, SparkCaseSession):
        session.start()
    session.keep_rules([])
    load_case(session, rules, case, policy)
    return judge(session, rules, case, policy)


def differences(here: CaseResult, there: CaseResult) -> list[str]:
    """Return in words where two engines differ: status, rows examined, or any exception."""
    found = []
    for name in ("status", "rows_examined", "exceptions", "amounts", "reason"):
        one, other = getattr(here.outcome, name), getattr(there.outcome, name)
        if one != other:
            found.append(f"{name}: {one} on DuckDB, {other} on Spark")
    if not here.exceptions.equals(there.exceptions):
        one, other = here.exceptions.to_dicts(), there.exceptions.to_dicts()
        found += [f"only on DuckDB: {row}" for row in one if row not in other]
        found += [f"only on Spark: {row}" for row in other if row not in one]
    return found


def compare(master: str, codes: list[str]) -> int:
    """Run all cases of some rules on both engines; print and return how many differ."""
    wrong = total = 0
    with both_engines(master) as (here, there):
        for code in codes:
            for case in cases_of(RULES[code]):
                total += 1
                found = differences(*(run_on(one, RULES[code], case) for one in (here, there)))
                wrong += bool(found)
                for line in found:
                    sys.stdout.write(f"{code}: {case.name}: {line}\n")
            sys.stdout.write(f"{code}: {total} cases so far, {wrong} differ\n")
            sys.stdout.flush()
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("codes", nargs="*", metavar="CODE")
    parser.add_argument("--master")
    chosen = parser.parse_args()
    codes = [code.upper() for code in chosen.codes] or list(RULES)
    if chosen.master:
        return int(compare(chosen.master, codes) > 0)
    with sail() as address:
        return int(compare(address, codes) > 0)


if __name__ == "__main__":
    sys.exit(main())
