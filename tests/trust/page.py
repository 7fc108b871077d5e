"""Developers' command: `python -m tests.trust.page --report` tries hostile input and lists it.

It runs the tests that carry the mark `hostile(input, outcome)` and writes what was tried and what
came of it into docs/reliability.md.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from tests.docs.pages import DOCS, put_between

if TYPE_CHECKING:
    from collections.abc import Generator

TESTS = Path(__file__).resolve().parents[1]
#: Where such tests stand.
PLACES = (
    "trust", "unit/intake/reading", "unit/output", "unit/share", "unit/ledger/test_store.py",
    "unit/test_person_numbers.py", "cli/test_ledger_keep.py", "cli/test_review.py",
    "cli/test_diff.py",
)  # fmt: skip


class Tally:
    """A pytest plugin that counts the marked tests by what they try, and those that failed."""

    def __init__(self) -> None:
        """Begin with nothing tried."""
        self.tried: Counter[tuple[str, str]] = Counter()
        self.failed: Counter[tuple[str, str]] = Counter()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the marked tests only."""
        items[:] = [item for item in items if item.get_closest_marker("hostile")]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Count a test when it is over."""
        report = yield
        mark = item.get_closest_marker("hostile")
        if mark is not None and (report.when == "call" or report.failed):
            self.tried[mark.args] += report.when == "call"
            self.failed[mark.args] += report.failed
        return report

    @property
    def table(self) -> str:
        """What was tried, as a Markdown table."""
        lines = ["| input | outcome | tests | failed |", "|---|---|--:|--:|"]
        lines += [
            f"| {tried[0]} | {tried[1]} | {count} | {self.failed[tried]} |"
            for tried, count in sorted(self.tried.items())
        ]
        return "\n".join(lines)


def main() -> int:
    """Try everything; the exit status is pytest's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    tally = Tally()
    places = [str(TESTS / place) for place in PLACES]
    status = pytest.main(["-q", "-p", "no:cacheprovider", *places], plugins=[tally])
    text = f"{tally.table}\n\n{tally.tried.total()} tests, {tally.failed.total()} of them failed."
    click.echo(text)
    if options.report:
        put_between("hostile", text, DOCS / "reliability.md")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
