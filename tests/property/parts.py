"""Developers' command: `python -m tests.property.parts` tries parts and odd values of the county.

Here: the sample county read once, its rules run over some of its tables or over tables with odd
cells, and what is wrong with the result. Not here: random data.

    uv run python -m tests.property.parts               every table, every rule's tables, odd cells
    uv run python -m tests.property.parts tax_collection lease+lease_receipt
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import polars as pl

from recon.base.models import DEFINITE_DIRECTIONS, CheckRequest
from recon.engine.staging import with_staged
from recon.run import check
from recon.run.plan import make_plan
from recon.run.rule_run import words_of
from recon.tables.registry import specs
from sample_data.make.days import AS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from recon.base.models import Intake
    from recon.base.rows import Rows
    from recon.run.plan import RunPlan

COUNTY = Path(__file__).resolve().parents[2] / "sample_data" / "county"
#: Claims of a part that the whole county does not make, each with the ruling that orders it.
ORDERED: dict[tuple[str, str], str] = {
    ("REM-10", "clear_out"): "ruling 9: copies count whole where nothing tells the fee",
    ("REM-07", "recover"): "ruling 9: what REM-10 clears leaves what was paid",
    ("TRN-14", "recover"): "ruling 19: the payment's standard, where no class gives one",
}


@dataclass(frozen=True)
class County:
    """The sample county, read; its rules can be run over any rows."""

    plan: RunPlan
    intake: Intake
    key: bytes
    work: Path

    def run(self, rows: Mapping[str, Rows]) -> check.RuleResults:
        """Return what all rules say of some rows."""
        intake = replace(self.intake, rows=dict(rows))
        context = check._context(self.plan, intake, self.key)
        work = Path(tempfile.mkdtemp(dir=self.work))
        return check._find(self.plan, intake, context, self.key, check.Clock(), work)


@contextmanager
def county() -> Iterator[County]:
    """Read the sample county once."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        request = CheckRequest(COUNTY, AS_OF, out_dir=out, use_cache=False, threads=2)
        plan = make_plan(request, lambda _stage, _detail: None)
        intake = check._read(plan, check.Clock(), out)
        yield County(plan, intake, b"key", out)


def claims(results: check.RuleResults) -> set[tuple[Any, ...]]:
    """Return the definite claims, counted or linked."""
    definite = results.exceptions.filter(pl.col("direction").is_in(list(DEFINITE_DIRECTIONS)))
    return set(definite.select("rule", "period", "amount", "direction").iter_rows())


def new_claims(part: check.RuleResults, whole: set[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return what a part claims and the whole does not, but for what rulings order."""
    return sorted(
        (one for one in claims(part) - whole if (one[0], one[3]) not in ORDERED), key=repr
    )


def parts_of(one: County) -> Iterator[tuple[str, ...]]:
    """Yield each table alone, and each set of tables that one rule reads, once."""
    given = set(one.intake.rows)
    seen: set[tuple[str, ...]] = set()
    alone = [(name,) for name in sorted(given)]
    for part in [*alone, *(_tables_of(rule, given) for rule in one.plan.rules)]:
        if part and part not in seen:
            seen.add(part)
            yield part


def _tables_of(rule: Any, given: set[str]) -> tuple[str, ...]:
    words = with_staged(words_of(rule), None)
    return tuple(sorted(name for name in given if {f"src_{name}", f"stg_{name}"} & words))


ODD: dict[str, tuple[Any, ...]] = {
    "money": (Decimal("-1234.56"), Decimal("9999999999999999.99"), Decimal(0), None),
    "qty": (Decimal("-3.5"), Decimal("999999999999.999999"), Decimal(0), None),
    "rate": (Decimal("-0.5"), Decimal("999999999999.999999"), Decimal(0), None),
    "int": (-7, 2**62, 0, None),
    "date": (date(1, 1, 1), date(9999, 12, 31), None, date(1900, 2, 28)),
    "month": (date(1, 1, 1), date(9999, 12, 1), None, date(1900, 2, 1)),
    "text": ("", None, "%_'\"", "甲" * 3000),
}


def odd_rows(one: County, turn: int, columns: Iterable[tuple[str, str]]) -> dict[str, Rows]:
    """Return the county with one odd cell in each of some columns, in row after row."""
    rows = dict(one.intake.rows)
    wanted: dict[str, list[str]] = {}
    for table, column in columns:
        wanted.setdefault(table, []).append(column)
    for table, names in wanted.items():
        first, *others = rows[table].parts
        frame, spec = first._read(None), specs()[table]
        for number, name in enumerate(one for one in names if one in frame.columns):
            kind = spec.by_name[name].kind.replace("datetime", "date")
            odd = ODD.get(kind, (None,) * 4)[turn % 4]
            if odd in (None, "") and spec.by_name[name].required:
                continue  # such a row is rejected by the intake
            at = (number * 7 + turn) % frame.height
            cell = pl.lit(odd, dtype=frame.schema[name])
            is_it = pl.int_range(pl.len()) == at
            frame = frame.with_columns(
                pl.when(is_it).then(cell).otherwise(pl.col(name)).alias(name)
            )
        rows[table] = replace(rows[table], parts=(replace(first, rows=frame), *others))
    return rows


def every_column(one: County) -> list[tuple[str, str]]:
    """Return the columns of the county's tables."""
    return [
        (table, column.name)
        for table in sorted(one.intake.rows)
        for column in specs()[table].columns
    ]


def errors_of(results: check.RuleResults) -> list[str]:
    """Return the rules that an odd value turned off."""
    return [f"{one.rule}: {one.reason}" for one in results.outcomes if one.status == "error"]


def main(words: list[str]) -> int:
    """Try the parts that are named, or all of them and the odd cells."""
    faults = 0
    with county() as one:
        whole = claims(one.run(one.intake.rows))
        for part in [tuple(word.split("+")) for word in words] or parts_of(one):
            found = new_claims(one.run({name: one.intake.rows[name] for name in part}), whole)
            faults += len(found)
            click.echo(f"{'+'.join(part)}: {len(found)} claims that the county does not make")
            for each in found:
                click.echo(f"    {each}")
        for turn in range(0 if words else 4):
            found_errors = errors_of(one.run(odd_rows(one, turn, every_column(one))))
            faults += len(found_errors)
            click.echo(f"odd values {turn + 1} of 4: {found_errors or 'every rule runs'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
