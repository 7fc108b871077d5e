"""The payers of one part of the made federation, and what each pays per month.

Clean rows obey the base policy to the fen: wages are whole hundreds of yuan, so 2 % of them and
every share of the fee are whole fen. Planted payers differ by one defect each (see `PLANTED`). Not
here: the tables made of them (see `parts`, `fees`, `sides`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from bench.draws import credit_code

if TYPE_CHECKING:
    from bench.draws import Draws

FEE, PREP = "工会经费", "建会筹备金"
#: Share of payers that carry each planted defect of the fee tables; `returned` is none: a union
#: founded lately whose preparation money went back in time.
PLANTED = {
    "REM-01": 0.010,
    "REM-02": 0.020,
    "REM-03": 0.010,
    "REM-06": 0.010,
    "REM-10": 0.005,
    "PRE-01": 0.005,
    "SME-01": 0.005,
    "returned": 0.010,
}
_REGION_PAYERS = 100


def fen(number: str | pl.Expr) -> pl.Expr:
    """Return whole fen as money."""
    value = pl.col(number) if isinstance(number, str) else number
    text = value.abs().cast(pl.String).str.zfill(3)
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    whole = text.str.slice(0, text.str.len_chars() - 2)
    return pl.concat_str(sign, whole, pl.lit("."), text.str.slice(-2)).cast(pl.Decimal(18, 2))


def account(serial: str) -> pl.Expr:
    return pl.concat_str(pl.lit("9900228"), pl.col(serial).cast(pl.String).str.zfill(12))


def units_of(draws: Draws, first: int, payers: int) -> pl.DataFrame:
    """Return one row per payer: who it is, what it pays and its planted defect."""
    serial = pl.Series("serial", range(first, first + payers), dtype=pl.Int64)
    # a fifth pays little, a tenth has no union and pays preparation money
    kind = draws.whole(payers, 0, 99)
    frame = pl.DataFrame({"serial": serial, "kind": kind}).with_columns(
        pl.Series("low", draws.whole(payers, 200, 380)),
        pl.Series("high", draws.whole(payers, 600, 20_000)),
        pl.Series("word", draws.choice(payers, ["食品", "机械", "商贸", "建材", "纺织", "物流"])),
        pl.Series("phone", draws.whole(payers, 0, 99_999_999)),
    )
    frame = frame.with_columns(
        pl.when(pl.col("kind") < 10)
        .then(pl.lit("prep"))
        .when(pl.col("kind") < 30)
        .then(pl.lit("small"))
        .otherwise(pl.lit("plain"))
        .alias("kind"),
    ).with_columns(
        pl.lit(None, dtype=pl.String).alias("defect"),
        (pl.when(pl.col("kind") == "small").then("low").otherwise("high") * 100).alias("wages"),
        credit_code(pl.col("serial") + 100_000_000).alias("uscc"),
        pl.format("示例市第{}号{}有限公司", pl.col("serial") + 1, "word").alias("name"),
        pl.format("示例{}乡", pl.col("serial") // _REGION_PAYERS + 1).alias("region"),
    )
    return _planted(draws, frame)


def _planted(draws: Draws, units: pl.DataFrame) -> pl.DataFrame:
    """Mark payers with their defect; small payers alone can carry SME-01."""
    places: dict[str, list[int]] = {}
    for kind, rules in (("small", ["SME-01"]), ("plain", [r for r in PLANTED if r != "SME-01"])):
        found = units.with_row_index("at").filter(pl.col("kind") == kind)["at"].to_list()
        wanted = {rule: max(2, round(PLANTED[rule] * units.height)) for rule in rules}
        picked = [found[place] for place in draws.picks(len(found), sum(wanted.values()))]
        for rule in rules:
            places[rule] = [picked.pop() for _ in range(min(wanted[rule], len(picked)))]
    defects = [(at, rule) for rule, some in places.items() for at in some]
    marks = pl.DataFrame(defects, schema={"at": pl.UInt32, "mark": pl.String}, orient="row")
    return (
        units.with_row_index("at")
        .join(marks, on="at", how="left", maintain_order="left")
        .with_columns(pl.col("mark").alias("defect"))
        .drop("at", "mark")
    )


def months_of(draws: Draws, units: pl.DataFrame) -> pl.DataFrame:
    """Return one row per payer and month with what was paid, when, and what is planted in it."""
    frame = units.join(pl.DataFrame({"m": range(1, 13)}, schema={"m": pl.Int64}), how="cross")
    at_fault = pl.Series("fault_month", draws.whole(units.height, 2, 11))
    frame = frame.join(
        units.select("serial").with_columns(at_fault),
        on="serial",
        how="left",
        maintain_order="left",
    )
    month = pl.date(2024, pl.col("m"), 1)
    faulty = pl.col("m") == pl.col("fault_month")
    frame = frame.with_columns(
        month.alias("month"),
        month.dt.month_end().alias("month_end"),
        pl.when(faulty).then("defect").alias("planted"),
        pl.Series("day", draws.whole(frame.height, 4, 13)),
        pl.Series("extra", draws.whole(frame.height, 0, 4)),
    )
    following = pl.col("month").dt.offset_by("1mo")
    return frame.with_columns(
        (pl.col("wages") + pl.col("extra") * 100).alias("wages"),
        pl.when(pl.col("planted") == "REM-03")
        .then(following + pl.duration(days=23))
        .otherwise(following + pl.duration(days="day"))
        .alias("treasury_on"),
        (following + pl.duration(days=24)).alias("settled_on"),
        (following + pl.duration(days=26)).alias("received_on"),
        pl.format(
            "PC2024{}-{}",
            pl.col("m").cast(pl.String).str.zfill(2),
            pl.col("serial") // _REGION_PAYERS + 1,
        ).alias("batch_no"),
        pl.format(
            "SP{}{}",
            pl.col("m").cast(pl.String).str.zfill(2),
            pl.col("serial").cast(pl.String).str.zfill(9),
        ).alias("voucher_no"),
        pl.when(pl.col("kind") == "prep").then(pl.lit(PREP)).otherwise(pl.lit(FEE)).alias("item"),
    ).with_columns(
        (
            pl.col("wages") * pl.when(pl.col("planted") == "REM-02").then(180).otherwise(200) // 100
        ).alias("paid_fen"),
    )


def truth_of(units: pl.DataFrame, months: pl.DataFrame) -> pl.DataFrame:
    """Return what is planted in the fee tables."""
    monthly = months.filter(
        pl.col("planted").is_in(["REM-01", "REM-02", "REM-03", "REM-06", "REM-10"])
    ).select(
        pl.col("planted").alias("rule"),
        pl.col("uscc").alias("party_id"),
        pl.col("month").dt.strftime("%Y-%m").alias("period"),
    )
    whole = units.filter(pl.col("defect").is_in(["PRE-01", "SME-01"])).select(
        pl.col("defect").alias("rule"),
        pl.col("uscc").alias("party_id"),
        pl.lit(None, dtype=pl.String).alias("period"),
    )
    return pl.concat([monthly, whole])
