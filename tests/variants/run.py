"""Every variant of every money table, and what becomes of it: `python -m tests.variants.run`.

Exit status 1 if any variant gives other sums. Not here: the variants (`files`), the verdict.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict

import click

from tests.variants.files import File, good_files, variants
from tests.variants.verdict import verdict

BAD = frozenset({"other sums", "other table", "silent"})
KINDS = ("same", "asked", "refused", "left", "other valid file", "other table", "silent",
         "other sums")  # fmt: skip


def outcome(one: File) -> tuple[str, str]:
    """Return the verdict on a variant; one that is another valid file is listed as that."""
    said, what = verdict(one)
    return ("other valid file", one.why) if said in BAD and one.why else (said, what)


def main() -> int:
    """Print the table of outcomes and each variant that is read wrong."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    only = sys.argv[1:]
    wrong = 0
    for good in good_files():
        if only and good.table not in only:
            continue
        for one in variants(good):
            said, what = outcome(one)
            counts[f"{good.table} ({good.layout})"][said] += 1
            if said in BAD:
                wrong += 1
                click.echo(f"{said}: {good.table} ({good.layout}): {one.what}: {what}")
    total = sum(counts.values(), Counter[str]())
    for name, found in [*counts.items(), ("total", total)]:
        shown = "  ".join(f"{kind} {found[kind]}" for kind in KINDS if found[kind])
        click.echo(f"{name:40} {sum(found.values()):5}  {shown}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
