"""Processor seconds of staged tables and rules: `uv run python -m bench.statements FOLDER`.

Runs `recon check` on one thread, so that the clock of the thread that asks the database counts all
that the database does for it, and no stage runs beside another. Not here: what a run takes with
all its threads (see `run`).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from datetime import date
from functools import wraps
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from bench.make_data import AS_OF
from recon.base.models import CheckRequest
from recon.engine.duckdb import Session
from recon.engine.staging import with_staged
from recon.rules.catalog import load_rules
from recon.run import check
from recon.run.rule_run import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_SHOWN = 15


def _timed(
    work: Callable[..., Any],
    name_of: Callable[..., str],
    into: dict[str, float],
    tables: dict[str, float],
) -> Callable[..., Any]:
    """Return a function that adds its processor seconds, without those of tables, to a name's."""

    @wraps(work)
    def timed(*given: Any, **words: Any) -> Any:  # noqa: ANN401 - as `work`
        begun = thread_time() - sum(tables.values())
        try:
            return work(*given, **words)
        finally:
            into[name_of(*given)] += thread_time() - sum(tables.values()) - begun

    return timed


def measure(folder: Path, codes: Iterable[str] = ()) -> dict[str, dict[str, float]]:
    """Check a folder on one thread, in this process.

    Args:
        folder: The data.
        codes: Rules; none means all.

    Returns:
        Processor seconds by name: `tables`, and without them `rules` and `stages` (match, list).
    """
    took: dict[str, dict[str, float]] = {
        name: defaultdict(float) for name in ("tables", "rules", "stages")
    }
    points: tuple[tuple[Any, str, str, Callable[..., str]], ...] = (
        (Session, "make_staged", "tables", lambda *given: given[2]),
        (Session, "answer", "rules", lambda *given: given[1].code),
        (check, "run_pairings", "stages", lambda *_: "match"),
        (check, "list_exceptions", "stages", lambda *_: "list"),
    )
    with ExitStack() as stack:
        for owner, name, into, name_of in points:
            work = _timed(getattr(owner, name), name_of, took[into], took["tables"])
            stack.enter_context(patch.object(owner, name, work))
        out = stack.enter_context(tempfile.TemporaryDirectory(prefix="recon-bench-"))
        check.run_check(
            CheckRequest(
                data_dir=folder,
                as_of=date.fromisoformat(AS_OF),
                out_dir=Path(out),
                select=tuple(codes),
                use_cache=False,
                threads=1,
            )
        )
    return {
        name: dict(sorted(each.items(), key=lambda one: -one[1])) for name, each in took.items()
    }


def of_rules(took: dict[str, dict[str, float]], codes: Iterable[str]) -> float:
    """Return what some rules take: their statements, the tables they read in the end, the list.

    Args:
        took: As `measure` returns it.
        codes: The rules; where one of them reads matches, the matcher counts too.
    """
    chosen = [rule for rule in load_rules() if rule.code in set(codes)]
    read = with_staged(set().union(*(words_of(rule) for rule in chosen)))
    tables = sum(seconds for name, seconds in took["tables"].items() if name in read)
    stages = took["stages"]["list"] + (took["stages"]["match"] if "match_line" in read else 0.0)
    return tables + stages + sum(took["rules"][rule.code] for rule in chosen)


def main() -> None:
    """Print the dearest tables and rules, and everything as JSON on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--select", default="", metavar="CODES", help="only these rules")
    chosen = parser.parse_args()
    took = measure(chosen.folder, tuple(filter(None, chosen.select.split(","))))
    for name, each in took.items():
        print(f"{name}: {len(each)}, {sum(each.values()):.2f} CPU s")
        for one, seconds in list(each.items())[:_SHOWN]:
            print(f"  {one:28}{seconds:8.3f}")
    print(json.dumps(took))


if __name__ == "__main__":
    main()
