"""Developers' command: `python -m tests.faults.run --kills 500 --seed 1` tries faults on `recon`.

It kills `check`, `review import` and `ledger recover` at random moments, with `--trials` also tries
full disks, lost permissions and more, and says what was wrong afterwards. With `--report` the
figures go into docs/reliability.md. The suite runs a short form of the same (`test_faults.py`).
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import click

from tests.docs.pages import DOCS, put_between
from tests.faults.ground import prepare
from tests.faults.kills import CASES, Campaign
from tests.faults.nursery import Nursery
from tests.faults.trials import TRIALS, attempt, can_try

if TYPE_CHECKING:
    from tests.faults.trials import Result

COMMANDS = {"check": "check", "import": "review import", "recover": "ledger recover"}
PAGE = DOCS / "reliability.md"


def kill(kills: int, minutes: float, seed: int, scratch: Path) -> Campaign:
    """Kill so often, or until the minutes are over; the cases in proportion to their shares."""
    turns = [case for case in CASES for _ in range(case.share)]
    started = time.monotonic()
    with Nursery() as nursery:
        ground = prepare(scratch / "ground")
        campaign = Campaign(ground, Random(seed), nursery, scratch)  # noqa: S311
        for number in range(kills):
            spent = (time.monotonic() - started) / 60
            if spent > minutes:
                break
            if number % 20 == 0:
                click.echo(f"{number} kills in {spent:.0f} minutes", err=True)
            campaign.kill(turns[number % len(turns)])
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


def try_all(scratch: Path) -> list[Result]:
    """Try every other fault that this machine can have."""
    results = []
    with Nursery() as nursery:
        ground = prepare(scratch / "unharmed")
        for trial in TRIALS:
            if not can_try(trial):
                click.echo(f"not tried here: {trial}", err=True)
                continue
            place = scratch / "trial"
            place.mkdir()
            results.append(attempt(trial, ground, nursery, place))
            shutil.rmtree(place)
            for fault in results[-1].faults:
                click.echo(f"{trial}: {fault}")
    return results


def trial_table(results: list[Result]) -> str:
    """Return what each fault led to as a Markdown table."""
    heads = ("fault", "when", "command", "exit status", "what it says", "wrong afterwards")
    lines = [f"| {' | '.join(heads)} |", "|---|---|---|--:|---|--:|"]
    for each in results:
        trial = each.trial
        lines.append(
            f"| {trial.fault} | {trial.moment} | {COMMANDS[trial.command]} | {each.status} "
            f"| {each.line or 'ends as usual'} | {len(each.faults)} |"
        )
    wrong = sum(bool(each.faults) for each in results)
    lines += ["", f"{len(results)} faults tried, {sys.platform}: {wrong} left something wrong."]
    return "\n".join(lines)


def main() -> int:
    """Try the faults; the exit status is 1 when something was wrong afterwards."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500, help="0: none")
    parser.add_argument("--trials", action="store_true", help="try the other faults too")
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after this time")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="faults-") as scratch:
        tables, wrong = {}, False
        if options.kills:
            campaign = kill(options.kills, options.minutes, options.seed, Path(scratch))
            tables["kills"] = kill_table(campaign, options.seed)
            wrong = any(tally.faults for tally in campaign.tallies.values())
        if options.trials:
            results = try_all(Path(scratch))
            tables["trials"] = trial_table(results)
            wrong = wrong or any(each.faults for each in results)
    for mark, table in tables.items():
        click.echo(table)
        if options.report:
            put_between(mark, table, PAGE)
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
