"""The score table in docs/mutation.md: read, brought up to date row by row, and written.

The page is its own store, so that a run over some rules renews their rows and leaves the others.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.mutation.verdict import Verdict

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mutation.md"
_ROW = re.compile(r"^\| ([A-Z]+-\d\d|[a-z]+_\w+) \| (\d+) \| (\d+) \| (\d+) \| ", re.MULTILINE)
_TABLES = {
    name: re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
    for name in ("rules", "evidence", "tables")
}

Scores = dict[str, tuple[int, int, int]]


def scores_of(page: str, table: str) -> Scores:
    """Return mutants, killed and argued by name from a table of the page, as `_TABLES` names it."""
    found = _TABLES[table].search(page)
    rows = _ROW.findall(found[0]) if found else []
    return {name: (int(count), int(killed), int(argued)) for name, count, killed, argued in rows}


def with_verdicts(page: str, table: str, verdicts: Iterable[Verdict]) -> str:
    """Return the page with the rows of some verdicts renewed."""
    scores = scores_of(page, table)
    for one in verdicts:
        killed = one.count - len(one.alive)
        scores[one.name] = (one.count, killed, len(one.alive) - len(one.open))
    return _TABLES[table].sub(lambda _: _text(scores), page)


def _text(scores: Scores) -> str:
    """Return a table in Markdown, its sum last."""
    sums = tuple(sum(row[place] for row in scores.values()) for place in range(3))
    lines = [
        "| | mutants | killed | argued | score |",
        "|---|--:|--:|--:|--:|",
        *(_line(name, *scores[name]) for name in sorted(scores)),
        _line("**all**", *sums),
    ]
    return "\n".join(lines) + "\n"


def _line(name: str, count: int, killed: int, argued: int) -> str:
    score = (killed + argued) / count if count else 1.0
    return f"| {name} | {count} | {killed} | {argued} | {score:.1%} |"


def renew(table: str, verdicts: Iterable[Verdict]) -> None:
    """Write the rows of some verdicts into the page."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_verdicts(page, table, verdicts), encoding="utf-8", newline="\n")
