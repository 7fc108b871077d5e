"""整改事项 with what the ledger booked for them: closed, recovered, done.

Not here: counting them (see `items`), the file of the run (see `recon.output.items`).
"""

from __future__ import annotations

import re

import polars as pl

from recon.output.items import TABLE
from recon.tables.registry import specs

#: Areas whose rows are texts of the report, not problems.
PRACTICE, PLAN = TEXT_AREAS = ("主要做法", "下一步计划")
_DONE = ("已完成", "完成", "整改完成", "已整改", "已销号", "销号")
_CODE = re.compile(r"[A-Z]{2,8}-[0-9]{2,3}")
_STEPS = ("recovered", "closed_on", "closed_by", "proof", "references")


def no_items() -> pl.DataFrame:
    """Return the items of a folder that lists none."""
    schema = {"item_id": pl.String(), **specs()[TABLE].schema}
    steps = {"exception_id": pl.String(), "recovered": pl.Decimal(18, 2)}
    steps |= dict.fromkeys(_STEPS[1:], pl.String())
    return with_steps(pl.DataFrame(schema=schema), pl.DataFrame(schema=steps))


def with_steps(items: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Put beside the items what the ledger booked for them, and say what is done.

    Args:
        items: As `recon.output.items.read_items` returns them.
        steps: exception_id, recovered, closed_on, closed_by, proof, references.
    """
    booked = steps.rename({"exception_id": "item_id", "recovered": "booked"})
    return items.join(booked, on="item_id", how="left", maintain_order="left").with_columns(
        is_done=pl.col("closed_on").is_not_null()
        | pl.col("state").is_in(_DONE).fill_null(value=False),
        codes=pl.col("rules").fill_null("").str.to_uppercase().str.extract_all(_CODE.pattern),
    )
