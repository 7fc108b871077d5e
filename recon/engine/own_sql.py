"""What the writer of a workspace's rule is told: the file to correct, and what names there are.

Here: reading what the database misses. Not here: faults of what comes with the tool, which are for
its maintainers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from recon.base.errors import RuleSqlError
from recon.base.models import Text
from recon.base.nearest import by_nearness
from recon.rules.errors import OwnSqlError
from recon.rules.rule_file import known_tables
from recon.rules.sql_text import tables_in

if TYPE_CHECKING:
    from pathlib import Path

    from recon.base.errors import EngineError
    from recon.rules.catalog import Rule

_NO_TABLE = re.compile(r"Table with name \"?(\w+)\"? does not exist")
_NO_COLUMN = re.compile(
    r"(?:column named|Referenced column|unknown column|lacks the columns) ['\"]?(\w+)"
)
#: So many names are listed, at most.
_SHOWN = 24


class Asked(Protocol):
    """What is asked of a session."""

    def execute(self, sql: str, place: object) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""

    def columns(self, table: str) -> dict[str, str]:
        """Return the columns of a table, each with its type."""


def evidence_place(rule: Rule) -> Path:
    """Return the file that says what a rule's evidence is."""
    return rule.path if rule.about.evidence else rule.sql_path


def rule_fault(session: Asked, error: EngineError, rule: Rule) -> OwnSqlError | RuleSqlError:
    """Return what is said of a rule that cannot be run, to its writer or to the maintainers.

    Args:
        session: Holds the tables that the rule reads.
        error: What the database, or the check of a result, said of it.
        rule: The rule.
    """
    if not rule.from_workspace:
        return RuleSqlError(rule.code, rule.sql_path, error.text)
    path = rule.path if error.values[0] == rule.path else rule.sql_path
    read = tables_in(rule.sql) | tables_in(rule.evidence_sql) - {"found"}
    return _own_fault(session, error, path, read, rule.path.parents[2])


def own_table(name: str, workspace: Path | None) -> Path | None:
    """Return a workspace's own file of a staged table, if it has one."""
    folders = ("staging", "parties") if workspace else ()
    places = (workspace / "sql" / one / f"{name}.sql" for one in folders if workspace)
    return next((one for one in places if one.is_file()), None)


def table_fault(
    session: Asked, error: EngineError, name: str, sql: str, workspace: Path | None
) -> EngineError | OwnSqlError:
    """Return what is said of a staged table that cannot be made.

    Args:
        session: Holds the tables that it reads.
        error: What the database said.
        name: The table.
        sql: Its select.
        workspace: Folder that may have a file of its own for it.
    """
    path = own_table(name, workspace)
    return _own_fault(session, error, path, tables_in(sql), workspace) if path else error


def _own_fault(
    session: Asked,
    error: EngineError,
    path: Path,
    read: frozenset[str],
    workspace: Path | None,
) -> OwnSqlError:
    reason = str(error.values[1])
    made = {name for (name,) in session.execute("select table_name from duckdb_tables()", path)}
    missed, there = _NO_TABLE.search(reason), made | known_tables(workspace)
    if not missed:
        missed = _NO_COLUMN.search(reason)
        there = {f"{table}.{column}" for table in read & made for column in session.columns(table)}
    near = by_nearness(missed[1].lower(), there)[:_SHOWN] if missed else []
    hint = Text(
        f"现有（最像的在前）：{'、'.join(near)}。", f" There are, nearest first: {', '.join(near)}."
    )
    return OwnSqlError(path, reason, hint if near else Text("", ""))
