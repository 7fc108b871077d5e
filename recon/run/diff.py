"""Two runs side by side: which exceptions are new, persisting, changed or resolved.

Here: comparing two run folders by exception id. Not here: decisions (the ledger keeps them) and
printing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from recon.base.errors import NotARunError
from recon.run.made_of import of_record
from recon.run.states import compare_with_last
from recon.workspace.kept_run import proven_record

if TYPE_CHECKING:
    from pathlib import Path

STATES = ("new", "persisting", "changed", "resolved", "rule_changed")


@dataclass(frozen=True)
class RunDiff:
    """What changed from one run to another.

    Shape: `rows` has one row per exception of either run with state, amount and previous_amount;
    `counts` maps each state to its number.
    """

    before: Path
    after: Path
    rows: pl.DataFrame
    counts: dict[str, int]

    @property
    def is_equal(self) -> bool:
        """Whether every exception persists with its amount."""
        return self.counts["persisting"] == self.rows.height


def find_run(word: str, out_dir: Path) -> Path:
    """Return a run folder from its path, its id or a unique beginning of its id.

    Args:
        word: What the user wrote.
        out_dir: Where ids are looked up.

    Raises:
        NotARunError: It is no complete run folder and no id, or more than one id begins so.
    """
    as_path = out_dir.__class__(word)
    if (as_path / "run.json").is_file():
        return as_path
    hits = [path.parent for path in out_dir.glob("*/run.json") if path.parent.name.startswith(word)]
    if len(hits) != 1:
        raise NotARunError(word, out_dir)
    return hits[0]


def compare_runs(before: Path, after: Path) -> RunDiff:
    """Compare two run folders by exception id.

    Args:
        before: The earlier run.
        after: The later run.

    Raises:
        RunAlteredError: A file of one is not what was written.

    Returns:
        The state of every exception, as the later run sees it. Units: yuan.
    """
    proven_record(before)
    made_of = of_record(proven_record(after))
    listed = pl.read_parquet(after / "exceptions.parquet")
    rows = compare_with_last(listed, before, "", made_of=made_of)
    counts = {state: rows.filter(pl.col("state") == state).height for state in STATES}
    return RunDiff(before, after, rows, counts)
