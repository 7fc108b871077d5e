"""The matcher: two sides of lines, passes in order, every line in exactly one class, and the proof.

`run_matching` fills the tables match_line, match_group, match_candidate, match_bound and
match_refused; `prove_balance` checks that nothing was lost. Not here: what a side's lines are (SQL
in `sql/matching/`) and which passes a pairing has (YAML in `rules/matching/`).
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from recon.base.models import Text  # noqa: TC001 - a field of a dataclass
from recon.engine.matcher_tables import LocalTables
from recon.matching.classes import classify
from recon.matching.confirmed import CONFIRMED_TABLES, match_confirmed
from recon.matching.lines import ALL_PAIRINGS, load_lines
from recon.matching.passes import (
    match_amount,
    match_key_total,
    match_listed,
    match_party_amount,
    match_reference,
    match_reversals,
    match_shared_key,
    match_tolerance,
)
from recon.matching.proof import PairingProof, prove_balance
from recon.matching.results import RESULT_TABLES, write_results
from recon.matching.slots import schedule
from recon.matching.sums import match_sums
from recon.matching.workbench import Workbench
from recon.rules.pairings import Pairing, load_pairings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    import duckdb

    from recon.engine.matcher_tables import MatcherTables
    from recon.matching.slots import Slot

__all__ = [
    "MatchReport",
    "Pairing",
    "PairingProof",
    "PairingRun",
    "load_pairings",
    "prove_balance",
    "run_matching",
]

#: Rounds after which what is still open stays open; each round takes at least one group.
MAX_ROUNDS = 8
#: A line with more lines around it than so many times `match.max_group` is never taken for a sum.
MOST_AROUND = 10

_PASSES: dict[str, Callable[[Workbench, Slot], None]] = {
    "reference": match_reference,
    "listed": match_listed,
    "key_total": match_key_total,
    "party_amount_window": match_party_amount,
    "amount_window_unique": match_amount,
    "shared_key": match_shared_key,
    "subset_sum": match_sums,
    "tolerance": match_tolerance,
    "reversal": match_reversals,
}


@dataclass(frozen=True)
class PairingRun:
    """What one pairing did.

    `labels` are what people call the sides a and b; `missing` names the tables without rows that
    kept it from running (then nothing else is set); `classes` counts lines by (side, class);
    `bounds` counts lines at which a bound cut the search for sums; `refused` counts confirmed
    matches that no longer hold (table match_refused).
    """

    pairing: str
    title: Text
    labels: dict[str, Text]
    missing: tuple[str, ...] = ()
    classes: tuple[tuple[str, str, int], ...] = ()
    bounds: int = 0
    refused: int = 0

    @property
    def ran(self) -> bool:
        """Whether both sides were there."""
        return not self.missing


@dataclass(frozen=True)
class MatchReport:
    """What all pairings did, by name."""

    pairings: tuple[PairingRun, ...]

    def of(self, name: str) -> PairingRun:
        """Return the run of one pairing."""
        return next(run for run in self.pairings if run.pairing == name)


def run_matching(
    connection: duckdb.DuckDBPyConnection,
    pairings: Iterable[Pairing],
    parameters: Mapping[str, object],
    as_of: date,
    tables: Callable[[str], MatcherTables] | None = None,
) -> MatchReport:
    """Match every pairing whose tables have rows.

    Args:
        connection: Holds `src_` tables and the staged tables that the sides read
            (`Pairing.tables`), and perhaps `confirmed_match(pairing, match_id, side, line_key)`.
        pairings: What `load_pairings` returns.
        parameters: Policy values at as-of by name, `match.window_days` or `match_window_days`.
        as_of: The day to which deadlines are counted; sides may name it `$as_of`.
        tables: Opens the matcher tables of a pairing, by its name; temporary tables of the
            connection where nothing is given.

    Returns:
        Per pairing what happened; lines, groups and candidates are in the tables.

    Raises:
        EngineError: A statement failed; the message names the pairing.
        MatchSideError: A side's select does not give lines.
        UnknownParameterError: A pairing names a parameter that is not there.

    Shape: match_line has one row per line and pairing (pairing, side, line_id, class, pass_no,
    group_id, reason_zh, reason_en, amount); match_group one per group (kind matched, confirmed,
    amount_differs or cross_period); match_candidate one per ambiguity, option and line.
    """
    values = {name.replace(".", "_"): value for name, value in parameters.items()}
    values["as_of"] = as_of
    connection.execute(RESULT_TABLES)
    connection.execute(CONFIRMED_TABLES)
    known = {name for (name,) in connection.execute("show tables").fetchall()}
    runs, ready = [], []
    for pairing in sorted(pairings, key=lambda one: one.name):
        missing = _missing_tables(connection, pairing, known)
        runs.append(replace(_about(pairing), missing=missing))
        if not missing:
            ready.append(pairing)
    if ready:
        open_tables = tables or partial(LocalTables, connection)
        with closing(Workbench(open_tables(ALL_PAIRINGS), tuple(ready), values)) as bench:
            _run_pairings(bench, known)
    return MatchReport(_counted(connection, runs))


def _about(pairing: Pairing) -> PairingRun:
    labels = {side: file.label.text for side, file in pairing.about.sides.items()}
    return PairingRun(pairing.name, pairing.about.title.text, labels)


def _missing_tables(
    connection: duckdb.DuckDBPyConnection, pairing: Pairing, known: set[str]
) -> tuple[str, ...]:
    return tuple(
        table
        for table in pairing.about.requires
        if f"src_{table}" not in known
        or not connection.execute(f"select count(*) from src_{table}").fetchall()[0][0]
    )


def _run_pairings(bench: Workbench, known: set[str]) -> None:
    """Run the passes in order; again while something was taken that may settle a doubt."""
    for pairing in bench.pairings:
        for step in pairing.about.passes:
            _ = bench.value(step.window), bench.value(step.tolerance)  # unknown names end here
    bench.parameters = {
        **bench.parameters,
        "most_around": MOST_AROUND * int(bench.value("match.max_group")),
    }
    load_lines(bench)
    if "confirmed_match" in known:
        match_confirmed(bench)
    slots = schedule(bench.pairings)
    active = set(range(len(bench.pairings)))
    for _ in range(MAX_ROUNDS):
        bench.forget_doubts(active)
        before = bench.open_lines()
        for slot in slots:
            _PASSES[slot.kind](bench, slot.of(lambda n, _: n in active))  # noqa: B023 - used now
        after = bench.open_lines()
        active = {n for n in active & bench.doubtful() if after[n] < before[n]}
        if not active:
            break
    classify(bench)
    write_results(bench)


def _counted(
    connection: duckdb.DuckDBPyConnection, runs: list[PairingRun]
) -> tuple[PairingRun, ...]:
    """Return the runs with what became of their lines."""
    classes: dict[str, list[tuple[str, str, int]]] = {}
    for pairing, *found in connection.execute(
        "select pairing, side, class, count(*) from match_line "
        "group by pairing, side, class order by pairing, side, class"
    ).fetchall():
        classes.setdefault(pairing, []).append(tuple(found))
    bounds, refused = (
        dict(
            connection.execute(f"select pairing, count(*) from {table} group by pairing").fetchall()
        )
        for table in ("match_bound", "match_refused")
    )
    return tuple(
        replace(
            run,
            classes=tuple(classes.get(run.pairing, ())),
            bounds=bounds.get(run.pairing, 0),
            refused=refused.get(run.pairing, 0),
        )
        for run in runs
    )
