"""Developers' command: `python -m tests.property.counties` judges many random counties.

The suite judges 200; this as many as asked for, from a seed that it prints. Of a county in which
more is claimed than there was it prints the fewest rows that still show it.

    uv run python -m tests.property.counties --counties 4000 --seed 1 --report
"""

from __future__ import annotations

import argparse
import sys
import time

import click

from tests.docs.pages import DOCS, put_between
from tests.property.drawn import draw
from tests.property.once import SETTINGS, Books, Setting, faults_of, merged, smallest

#: Identity numbers of a division have 500 serials, and each county its own.
TOGETHER = 490


def judge(numbers: range, seed: int, setting: Setting) -> tuple[Books, list[str]]:
    """Judge some counties at once, and each that is wrong by itself.

    Returns:
        What was claimed, and every fault in words, with the fewest rows that show it.
    """
    books = Books.judged(merged(draw(number, seed) for number in numbers), setting)
    if not books.faults:
        return books, []
    wrong = [n for n in numbers if faults_of(draw(n, seed), setting)]
    shown = [f"county {n}: {smallest(draw(n, seed), setting)}" for n in wrong]
    return books, [*books.faults, *shown]


def main() -> int:
    """Judge as many counties as asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    begun, claims, rules, faults, done, turn = time.process_time(), 0, set[str](), 0, 0, 0
    while done < options.counties:
        numbers = range(min(TOGETHER, options.counties - done))
        setting = SETTINGS[turn % len(SETTINGS)]
        books, said = judge(numbers, options.seed + turn, setting)
        claims += len(books.claims)
        rules |= {one.rule for one in books.claims}
        faults += len(books.faults)
        done += len(numbers)
        turn += 1
        click.echo("\n".join([f"{done} counties, {faults} faults", *said]))
    text = (
        f"{done:,} counties (seed {options.seed}), {claims:,} definite amounts of {len(rules)} "
        f"rules: {faults} times more was claimed than there was, or an opposite was not named; "
        f"{time.process_time() - begun:.0f} s of CPU."
    )
    click.echo(text)
    if options.report:
        put_between("once", text, DOCS / "reliability.md")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
