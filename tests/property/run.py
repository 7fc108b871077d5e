"""Developers' command: `python -m tests.property.run --examples 3000 --seed 1` draws many more.

The suite draws a few examples of every property; this draws as many as asked for, from a seed that
it prints, and shows the smallest example that fails. Put that into the test as an `@example` when
it is mended.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import click
from hypothesis import HealthCheck, seed, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def properties(names: tuple[str, ...]) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield the properties of some modules (all of this folder where none is named)."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("test_*.py"))
    for name in names or found:
        module = importlib.import_module(f"tests.property.{name}")
        for key, value in sorted(vars(module).items()):
            if key.startswith("test_") and hasattr(value, "hypothesis"):
                yield f"{name}::{key}", value


def holds(check: Callable[[], None], examples: int, start: int) -> bool:
    """Draw many examples of one property; print the smallest that fails."""
    many = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    check._hypothesis_internal_use_settings = many  # type: ignore[attr-defined]
    try:
        seed(start)(check)()
    except Exception:  # noqa: BLE001 (what this command is for)
        click.echo(traceback.format_exc())
        return False
    return True


def main() -> int:
    """Draw the properties that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="e.g. test_parts; else all")
    parser.add_argument("--examples", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    failed = 0
    for name, check in properties(tuple(options.modules)):
        held = holds(check, options.examples, options.seed)
        failed += not held
        verdict = "holds" if held else "FAILS"
        click.echo(f"{verdict}: {name} ({options.examples} examples, seed {options.seed})")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
