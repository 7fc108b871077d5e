"""Which engine a run uses: DuckDB here, or Spark over Spark Connect.

Here: what must hold before anything is read, and opening the session. Not here: the engines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.engine.own_session import OwnSession
from recon.engine.packing import leave_unpacked
from recon.matching import load_pairings
from recon.run.rule_run import words_of

if TYPE_CHECKING:
    from pathlib import Path

    from recon.base.models import CheckRequest
    from recon.engine.duckdb import Session
    from recon.rules.catalog import Rule


def check_engine(request: CheckRequest, rules: tuple[Rule, ...], workspace: Path) -> None:
    """Refuse a run on Spark that cannot succeed, before any file is read.

    Args:
        request: The run's options.
        rules: The rules that will run.
        workspace: Folder that may carry its own `sql/`.

    Raises:
        SparkMasterError: No address of a server was given.
        SparkMissingError: The client is not installed.
        SparkUnreachableError: Nobody listens at the address.
        SparkRefusesRulesError: Some rules are outside the portable subset.
    """
    if request.engine == "spark":
        from recon.engine.connect import check_master  # noqa: PLC0415 - only for Spark
        from recon.engine.spark import check_portable  # noqa: PLC0415

        words = {rule.code: words_of(rule) for rule in rules}
        check_portable(rules, words, load_pairings(workspace), workspace)
        check_master(request.master)


def open_session(request: CheckRequest, work: Path, rows: int = 0) -> Session:
    """Return the session of a run, with its limits.

    Args:
        request: The run's options.
        work: The run's private folder; with Spark it must be visible to the workers.
        rows: Source rows that will be loaded.

    Raises:
        SparkUnreachableError: The server does not speak Spark Connect.
    """
    database = work / "run.duckdb"
    if request.engine == "spark":
        from recon.engine.connect import Cluster, check_master  # noqa: PLC0415 - only for Spark
        from recon.engine.spark import SparkSession  # noqa: PLC0415

        cluster = Cluster(check_master(request.master), work / "spark")
        return SparkSession(cluster, database, request.memory, request.threads)
    session = OwnSession(database, request.memory, request.threads)
    leave_unpacked(session, rows)
    return session
