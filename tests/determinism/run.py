"""Developers' command: `python -m tests.determinism.run` checks the sample county many ways.

Every data file must be byte for byte the same. With `--pythons` other interpreters are tried too,
which uv fetches where they are not there. With `--report` the table goes into docs/reliability.md.
The suite runs a short form of the same (`test_determinism.py`).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

import click

from sample_data.make.days import AS_OF
from tests.determinism.conditions import (
    CONDITIONS,
    PYTHONS,
    REFERENCE,
    ROOT,
    CheckFailedError,
    Condition,
    check,
)
from tests.docs.pages import DOCS, put_between

_LEFT_OUT = shutil.ignore_patterns("recon-out", ".recon-cache")


def compare(conditions: tuple[Condition, ...], scratch: Path) -> dict[str, tuple[int, list[str]]]:
    """Check the sample county under each condition.

    Args:
        conditions: What is tried.
        scratch: An empty folder.

    Returns:
        By condition: how many files were compared, and which differ from the reference.
    """
    data = scratch / "示例县 2024"
    shutil.copytree(ROOT / "sample_data" / "county", data, ignore=_LEFT_OUT)
    expected = check(data, str(AS_OF), REFERENCE, scratch / "reference")
    found = {}
    for number, condition in enumerate(conditions):
        out = scratch / str(number)
        try:
            actual = check(data, str(AS_OF), condition, out)
        except CheckFailedError as error:
            click.echo(str(error), err=True)
            found[condition.name] = (0, ["the check failed"])
            continue
        names = expected.keys() | actual.keys()
        different = sorted(name for name in names if expected.get(name) != actual.get(name))
        found[condition.name] = (len(names - {"run_id"}), different)
        click.echo(f"{condition.name}: {', '.join(different) or 'the same'}", err=True)
        shutil.rmtree(out)
    return found


def main() -> int:
    """Try the conditions; the exit status is 1 when a byte differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pythons", action="store_true", help="try other interpreters too")
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    tried = CONDITIONS + (PYTHONS if options.pythons else ())
    if os.name == "nt":  # no TZ, and a link needs a privilege there
        tried = tuple(one for one in tried if "TZ" not in one.environment and one.place != "linked")
    with tempfile.TemporaryDirectory(prefix="determinism-") as scratch:
        found = compare(tried, Path(scratch))
    lines = [
        "| condition | data files compared | different |",
        "|---|--:|---|",
        *(
            f"| {name} | {files} | {', '.join(different) or 'none'} |"
            for name, (files, different) in found.items()
        ),
    ]
    said = (
        f"Reference: {REFERENCE.name}; Python {sys.version.split()[0]}, {sys.platform}. "
        f"{len(found)} conditions, {sum(bool(one) for _, one in found.values())} of them with a "
        "difference."
    )
    text = "\n".join([*lines, "", said])
    click.echo(text)
    if options.report:
        put_between("determinism", text, DOCS / "reliability.md")
    return int(any(different for _, different in found.values()))


if __name__ == "__main__":
    sys.exit(main())
