"""How many lines of bank and ledger the matcher pairs wrongly or misses, on a made truth set.

Run `uv run python -m bench.truth [BANK_LINES] [--world first|second] [--per-day N] [--round SHARE]
[--seed N]`; the published figures are of 200000 lines of each world, put into docs/reliability.md
by `--report`. It makes a folder (`truth_data`, `truth_second`), runs `recon check` on it, reads the
run's `matches.parquet` and prints, as JSON, wrong lines among the matched, recall by kind of event,
and seconds. A matched group is right when each event in it has equal sums on both sides there; its
lines are wrong otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl

from bench.truth_data import FIRST, write_truth
from bench.truth_second import SECOND
from tests.docs.pages import DOCS, put_between

FILES = {"a": "银行流水.csv", "b": "记账凭证.csv"}
WORLDS = {"first": FIRST, "second": SECOND}
Measured = dict[str, Any]
Truth = dict[str, list[tuple[int, str]]]


def score(lines: pl.DataFrame, truth: Truth) -> Measured:
    """Compare matched lines with the truth.

    Args:
        lines: Of `matches.parquet`, pairing bank_ledger.
        truth: Event and kind of every row of the files, by side.

    Returns:
        Counts, the share of wrong lines and the recall per kind; each kind of wrong line too.
    """
    groups: dict[str, list[tuple[str, int, Decimal]]] = defaultdict(list)
    for side, group, amount, row in (
        lines.filter(pl.col("class").is_in(["matched", "confirmed"]))
        .select("side", "group_id", "amount", "row_no")
        .iter_rows()
    ):
        groups[group].append((side, row, amount))
    right: set[tuple[str, int]] = set()
    wrong: dict[str, int] = defaultdict(int)
    for members in groups.values():
        sums: dict[int, Decimal] = defaultdict(Decimal)
        for side, row, amount in members:
            sums[truth[side][row - 2][0]] += amount if side == "a" else -amount
        for side, row, _ in members:
            event, kind = truth[side][row - 2]
            if sums[event] == 0:
                right.add((side, row))
            else:
                wrong[kind] += 1
    wanted: dict[str, int] = defaultdict(int)
    found: dict[str, int] = defaultdict(int)
    for side, rows in truth.items():
        for row, (_, kind) in enumerate(rows, start=2):
            if kind and kind not in ("one side only", "adversarial"):
                wanted[kind] += 1
                found[kind] += (side, row) in right
    matched = len(right) + sum(wrong.values())
    return {
        "matched_lines": matched,
        "wrong_lines": sum(wrong.values()),
        "wrong_percent": round(100 * sum(wrong.values()) / max(1, matched), 4),
        "wrong_by_kind": dict(sorted(wrong.items())),
        "recall": {kind: round(found[kind] / wanted[kind], 4) for kind in sorted(wanted)},
        "lines": {kind: wanted[kind] for kind in sorted(wanted)},
    }


def measure(asked: argparse.Namespace) -> Measured:
    """Make the folder, run `recon check` on it and score what it matched."""
    with tempfile.TemporaryDirectory(prefix="recon-truth-") as name:
        folder = Path(asked.keep or name) / "data"
        bank, ledger = write_truth(
            folder, asked.lines, asked.per_day, asked.round, asked.seed, WORLDS[asked.world]
        )
        started, before = perf_counter(), os.times()
        command = [sys.executable, "-m", "recon", "check", str(folder), "--as-of", "2026-12-31"]
        command += ["--fail-on", "none", "-q", "--no-cache", "--select", "LED-01,LED-02"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds, after = round(perf_counter() - started, 1), os.times()
        cpu = [one.children_user + one.children_system for one in (before, after)]
        runs = folder / "recon-out"
        run = runs / (runs / "latest").read_text(encoding="utf-8").strip()
        lines = pl.read_parquet(run / "matches.parquet").filter(pl.col("pairing") == "bank_ledger")
        stages = json.loads((run / "timing.json").read_text(encoding="utf-8"))
        return {
            "bank_lines": len(bank),
            "ledger_lines": sum(bool(kind) for _, kind in ledger),
            "seed": asked.seed,
            "seconds": seconds,
            "cpu_seconds": round(cpu[1] - cpu[0], 1),
            "stages": stages.get("stages"),
            **score(lines, {"a": bank, "b": ledger}),
        }


def table(found: Measured) -> str:
    """Return what was measured as a sentence and a Markdown table."""
    recall, lines = found["recall"], found["lines"]
    said = (
        "{bank_lines:,} bank lines and {ledger_lines:,} ledger lines, seed {seed}: of "
        "{matched_lines:,} matched lines {wrong_lines} are wrong ({wrong_percent} %); "
        "{cpu_seconds:.0f} s of CPU for the whole run."
    )
    rows = [f"| {kind} | {lines[kind]:,} | {recall[kind]:.2%} |" for kind in lines]
    heads = ["", "| kind of event | lines | found |", "|---|--:|--:|"]
    return "\n".join([said.format(**found), *heads, *rows])


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="The matcher beside a known truth.")
    parser.add_argument("lines", nargs="?", type=int, default=200_000)
    parser.add_argument("--per-day", type=int, default=600)
    parser.add_argument("--round", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--world", choices=sorted(WORLDS), default="first")
    parser.add_argument("--keep", help="folder to leave the data and the run in")
    parser.add_argument("--report", action="store_true", help="write docs/reliability.md")
    asked = parser.parse_args()
    found = measure(asked)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    if asked.report:
        put_between(f"truth {asked.world}", table(found), DOCS / "reliability.md")


if __name__ == "__main__":
    main()
