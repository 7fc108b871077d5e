"""What the rules and the matcher found, and how it is kept for a run over the same of everything.

A run's id stands for all that decides its results, so equal ids mean equal results; the code and
the libraries are in the key as well. `recon verify` never looks here. Not here: finding anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from recon.base.kept import Entry, Shelf, key_of, link
from recon.base.models import MatchTables, RuleOutcome
from recon.base.paper import CACHE_FOLDER
from recon.matching import MatchReport, PairingProof  # noqa: TC001 - read at run time
from recon.output.picks import MATCHES_FILE

if TYPE_CHECKING:
    from pathlib import Path

_FRAMES = ("exceptions", "unresolved", "policy_used", "picks")


@dataclass(frozen=True)
class RuleResults:
    """What the rules and the matcher gave.

    Shape: `outcomes` of every rule that ran, also of those that only others read; `exceptions` as
    `list_exceptions`; `unresolved` as `parties.candidates`; `policy_used` as in `record`.
    """

    outcomes: tuple[RuleOutcome, ...]
    exceptions: pl.DataFrame
    unresolved: pl.DataFrame
    policy_used: pl.DataFrame
    proofs: list[PairingProof]
    matched: MatchReport
    matches: MatchTables


@dataclass(frozen=True)
class _Record:
    """All of it but the frames."""

    outcomes: tuple[RuleOutcome, ...]
    proofs: list[PairingProof]
    matched: MatchReport


@dataclass(frozen=True)
class ResultsCache:
    """The results of one run id beside the rows they came from."""

    shelf: Shelf
    key: str

    @classmethod
    def of(cls, workspace: Path, run: str, engine: str) -> ResultsCache:
        """Return the place of a run's results.

        Args:
            workspace: Folder in which the cache lies.
            run: The run's id.
            engine: What computes the rules; one engine never answers for the other.
        """
        key = key_of(run, engine, duckdb.__version__, pl.__version__)
        return cls(Shelf(workspace / CACHE_FOLDER / "results"), key)

    def take(self, work: Path) -> RuleResults | None:
        """Return the results of an equal run, or None.

        Args:
            work: The run's folder; it gets a file of the matched lines.
        """

        def load(entry: Entry[_Record]) -> RuleResults:
            lines = work / f"kept-{MATCHES_FILE}"
            link(entry.folder / MATCHES_FILE, lines)
            exceptions, unresolved, policy_used, picks = (
                entry.frame(f"{name}.parquet") for name in _FRAMES
            )
            record = entry.record
            return RuleResults(
                record.outcomes,
                exceptions,
                unresolved,
                policy_used,
                record.proofs,
                record.matched,
                MatchTables(entry.proven(lines, MATCHES_FILE), picks),
            )

        return self.shelf.take(self.key, _Record, load)

    def keep(self, found: RuleResults) -> bool:
        """Keep results for an equal run; those of a rule that failed are computed anew."""
        if any(outcome.status == "error" for outcome in found.outcomes):
            return False

        def write(folder: Path) -> _Record:
            frames = (found.exceptions, found.unresolved, found.policy_used, found.matches.picks)
            for name, frame in zip(_FRAMES, frames, strict=True):
                frame.write_parquet(folder / f"{name}.parquet", compression="lz4")
            link(found.matches.lines, folder / MATCHES_FILE)
            outcomes = tuple(replace(outcome, seconds=0.0) for outcome in found.outcomes)
            return _Record(outcomes, found.proofs, found.matched)

        return self.shelf.keep(self.key, write)
