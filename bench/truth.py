"""How many lines of bank and ledger the matcher pairs wrongly or misses, on a made truth set.

Run `uv run python -m bench.truth [BANK_LINES] [--per-day N] [--round SHARE] [--seed N]`; the
published figures are of `uv run python -m bench.truth 200000`. It makes a folder (`truth_data`),
runs `recon check` on it, reads the run's `matches.parquet` and prints, as JSON, wrong lines among
the matched, recall by kind of event, and seconds. A matched group is right when each event in it
has equal sums on both sides there; its lines are wrong otherwise.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import polars as pl

from bench.truth_data import write_truth

FILES = {"a": "银行流水.csv", "b": "记账凭证.csv"}
Truth = dict[str, list[tuple[int, str]]]


def score(lines: pl.DataFrame, truth: Truth) -> dict[str, object]:
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


def measure(asked: argparse.Namespace) -> dict[str, object]:
    """Make the folder, run `recon check` on it and score what it matched."""
    with tempfile.TemporaryDirectory(prefix="recon-truth-") as name:
        folder = Path(asked.keep or name) / "data"
        bank, ledger = write_truth(folder, asked.lines, asked.per_day, asked.round, asked.seed)
        started = perf_counter()
        command = [sys.executable, "-m", "recon", "check", str(folder), "--as-of", "2026-12-31"]
        command += ["--fail-on", "none", "-q", "--no-cache", "--select", "LED-01,LED-02"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds = round(perf_counter() - started, 1)
        runs = folder / "recon-out"
        run = runs / (runs / "latest").read_text(encoding="utf-8").strip()
        lines = pl.read_parquet(run / "matches.parquet").filter(pl.col("pairing") == "bank_ledger")
        stages = json.loads((run / "timing.json").read_text(encoding="utf-8"))
        return {
            "bank_lines": len(bank),
            "ledger_lines": sum(bool(kind) for _, kind in ledger),
            "seed": asked.seed,
            "seconds": seconds,
            "stages": stages.get("stages"),
            **score(lines, {"a": bank, "b": ledger}),
        }


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="The matcher beside a known truth.")
    parser.add_argument("lines", nargs="?", type=int, default=200_000)
    parser.add_argument("--per-day", type=int, default=600)
    parser.add_argument("--round", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="folder to leave the data and the run in")
    print(json.dumps(measure(parser.parse_args()), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
