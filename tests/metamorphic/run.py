"""Developers' command: `python -m tests.metamorphic.run --counties 3 --seed 1` changes counties.

It checks random counties, changes each in every way of `relations`, checks it again and says where
the exceptions are not what they must be. With `--report` the table goes into docs/reliability.md.
The suite runs a short form of the same (`test_metamorphic.py`).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tests.docs.pages import DOCS, put_between
from tests.metamorphic.county import draw
from tests.metamorphic.outcome import check
from tests.metamorphic.relations import RELATIONS, judge

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Differences of one county and relation that are printed.
_SHOWN = 5


class Campaign:
    """Counties tried, and what was found by relation."""

    def __init__(self, scratch: Path) -> None:
        """Begin with nothing tried."""
        self._scratch = scratch
        self.counties = 0
        self.exceptions = 0
        self.rules: set[str] = set()
        self.known = 0
        self.wrong: Counter[str] = Counter()

    def try_county(self, seed: int) -> None:
        """Check the county of a seed as it is, and after each change."""
        county = draw(seed)
        folder = self._scratch / str(seed)
        folder.mkdir()
        before = check(county, folder / "0")
        self.counties += 1
        self.exceptions += len(before.exceptions)
        self.rules |= {said["rule"] for said in before.exceptions}
        self.known = len(before.statuses)
        for number, relation in enumerate(RELATIONS, start=1):
            after = check(relation.change(county, seed), folder / str(number))
            found = judge(relation, before, after)
            self.wrong[relation.name] += len(found)
            for sentence in found[:_SHOWN]:
                click.echo(f"county {seed}, {relation.name}: {sentence}")

    @property
    def table(self) -> str:
        """The relations with what was found, as a Markdown table."""
        lines = [
            "| change | stays | changes | exceptions compared | other than they must be |",
            "|---|---|---|--:|--:|",
        ]
        lines += [
            f"| {one.name} | {one.stays} | {one.changes} | {self.exceptions} "
            f"| {self.wrong[one.name]} |"
            for one in RELATIONS
        ]
        return "\n".join(lines)


def run(seeds: Iterable[int], scratch: Path, most: float = float("inf")) -> Campaign:
    """Try some counties, and say on stderr how far it is; none begins after `most` minutes."""
    started = time.monotonic()
    minutes = 0.0
    campaign = Campaign(scratch)
    for seed in seeds:
        if minutes > most:
            break
        campaign.try_county(seed)
        minutes = (time.monotonic() - started) / 60
        click.echo(f"{campaign.counties} counties in {minutes:.0f} minutes", err=True)
    return campaign


def main() -> int:
    """Try the sample county and random ones; the exit status is 1 when something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=3, help="random ones, besides the sample")
    parser.add_argument("--seed", type=int, default=1, help="of the first random one, above 0")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin none after")
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    seeds = (0, *range(options.seed, options.seed + options.counties))
    with tempfile.TemporaryDirectory(prefix="metamorphic-") as scratch:
        campaign = run(seeds, Path(scratch), options.minutes)
    tried = seeds[: campaign.counties]
    others = f" and the seeds {', '.join(map(str, tried[1:]))}" if tried[1:] else ""
    said = (
        f"{campaign.counties} counties (the sample county{others}), "
        f"{campaign.counties * (len(RELATIONS) + 1)} checks; exceptions of {len(campaign.rules)} "
        f"of {campaign.known} rules; {campaign.wrong.total()} other than they must be."
    )
    text = f"{campaign.table}\n\n{said}"
    click.echo(text)
    if options.report:
        put_between("metamorphic", text, DOCS / "reliability.md")
    return int(campaign.wrong.total() > 0)


if __name__ == "__main__":
    sys.exit(main())
