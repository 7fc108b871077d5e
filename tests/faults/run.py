"""Developers' command: `python -m tests.faults.run --kills 500 --seed 1` tries faults on `recon`.

It kills `check`, `review import` and `ledger recover` at random moments and says what was wrong
afterwards. With `--report` the figures go into docs/reliability.md. The suite runs a short form of
the same (`test_faults.py`).
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import click

from tests.docs.pages import DOCS
from tests.faults.ground import prepare
from tests.faults.kills import CASES, Campaign
from tests.faults.nursery import Nursery

PAGE = DOCS / "reliability.md"


def kill(kills: int, seed: int, scratch: Path) -> Campaign:
    """Kill so often, the cases in proportion to their shares."""
    turns = [case for case in CASES for _ in range(case.share)]
    started = time.monotonic()
    with Nursery() as nursery:
        ground = prepare(scratch / "ground")
        campaign = Campaign(ground, Random(seed), nursery, scratch)  # noqa: S311
        for number in range(kills):
            campaign.kill(turns[number % len(turns)])
            if number % 20 == 19:
                minutes = (time.monotonic() - started) / 60
                click.echo(f"{number + 1} kills in {minutes:.0f} minutes", err=True)
    for tally in campaign.tallies.values():
        for fault in tally.faults:
            click.echo(fault)
    return campaign


def kill_table(campaign: Campaign, seed: int) -> str:
    """Return the tallies as a Markdown table."""
    heads = (
        "command", "kills", "by the clock", "at a file operation", "found: nothing new",
        "half-made files", "the whole result", "wrong afterwards",
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|---" + "|--:" * 7 + "|"]
    for name, tally in campaign.tallies.items():
        whole = tally.seen["run in place"] + tally.seen["booked"]
        lines.append(
            f"| {name} | {tally.kills} | {tally.by_clock} | {tally.kills - tally.by_clock} "
            f"| {tally.seen['nothing']} | {tally.seen['half-made files']} | {whole} "
            f"| {len(tally.faults)} |"
        )
    kills = sum(tally.kills for tally in campaign.tallies.values())
    faults = sum(len(tally.faults) for tally in campaign.tallies.values())
    lines += ["", f"{kills} kills, seed {seed}, {sys.platform}: {faults} things wrong afterwards."]
    return "\n".join(lines)


def write(mark: str, text: str) -> None:
    """Put a table between its marks on the page."""
    page = PAGE.read_text(encoding="utf-8")
    block = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", re.DOTALL)
    made = block.sub(lambda found: f"{found[1]}{text}\n{found[2]}", page)
    PAGE.write_text(made, encoding="utf-8", newline="\n")


def main() -> int:
    """Try the faults; the exit status is 1 when something was wrong afterwards."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="faults-") as scratch:
        campaign = kill(options.kills, options.seed, Path(scratch))
    table = kill_table(campaign, options.seed)
    click.echo(table)
    if options.report:
        write("kills", table)
    return int(any(tally.faults for tally in campaign.tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
