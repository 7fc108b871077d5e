"""The tables of a made part that hang on no fee: members, training, cars, leases, assets.

Sizes follow the number of payers; planted cases are named in the truth. Not here: the fee tables
(see `parts`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from bench.draws import identity_number

if TYPE_CHECKING:
    from bench.draws import Draws

_CLASS_HEADS = 30
_SESSIONS = 8
_TRUTH = {"rule": pl.String, "party_id": pl.String, "period": pl.String}


def side_tables(
    draws: Draws, units: pl.DataFrame, first: int
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Return the tables beside the fee, and what is planted in them.

    Args:
        draws: The stream of random columns.
        units: One row per payer.
        first: Serial number of the part's first payer; numbers of other things start from it.
    """
    training, twice = _training(draws, units, first)
    cars, filled = _cars(draws, units.height, first)
    leases, unpaid = _leases(draws, units.height, first)
    planted = [("TRN-02", twice), ("FUEL-08", filled), ("AST-03", unpaid)]
    truth = pl.DataFrame(
        [
            {"rule": rule, "party_id": None, "period": None}
            for rule, count in planted
            for _ in range(count)
        ],
        schema=_TRUTH,
    )
    return {"member": _members(units), **training, **cars, **leases}, truth


def _members(units: pl.DataFrame) -> pl.DataFrame:
    with_union = units.filter(pl.col("kind") != "prep")
    people = with_union.join(
        pl.DataFrame({"n": range(10)}, schema={"n": pl.Int64}), how="cross", maintain_order="left"
    )
    return people.select(
        pl.concat_str("name", pl.lit("工会委员会")).alias("union_name"),
        _person(pl.col("serial") * 10 + pl.col("n")).alias("name"),
        identity_number(pl.col("serial") * 10 + pl.col("n")).alias("id_no"),
        pl.date(2020, 3, 1).alias("joined_on"),
        pl.lit("正常").alias("status"),
        pl.lit("云平台").alias("source"),
    )


def _person(serial: pl.Expr) -> pl.Expr:
    first = (serial % 6).replace_strict(dict(enumerate("王李张刘陈杨")), return_dtype=pl.String)
    second = (serial // 6 % 8).replace_strict(
        dict(enumerate("一二三四五六七八")), return_dtype=pl.String
    )
    third = (serial // 48 % 8).replace_strict(
        dict(enumerate("春夏秋冬东南西北")), return_dtype=pl.String
    )
    return pl.concat_str(first, second, third)


def _training(draws: Draws, units: pl.DataFrame, first: int) -> tuple[dict[str, pl.DataFrame], int]:
    """Return classes with people, sessions and payments; some people come twice in a year."""
    count = max(2, units.height // 40)
    starts = pl.date(2024, 1, 8) + pl.duration(days=pl.col("week") * 7)
    classes = pl.DataFrame({"week": draws.whole(count, 0, 40)}).with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("c"),
        starts.alias("starts_on"),
    )
    classes = classes.with_columns(pl.format("PX{}-{}", pl.lit(first), "c").alias("class_no"))
    seats = classes.join(
        pl.DataFrame({"seat": range(_CLASS_HEADS)}, schema={"seat": pl.Int64}),
        how="cross",
        maintain_order="left",
    )
    # the last seat of every third class is taken by the first person of the class before it
    is_twice = (pl.col("seat") == _CLASS_HEADS - 1) & (pl.col("c") % 3 == 2)
    own = pl.col("c") * _CLASS_HEADS + pl.col("seat")
    who = pl.when(is_twice).then((pl.col("c") - 1) * _CLASS_HEADS).otherwise(own)
    seats = seats.with_columns(
        (who + first * 10 + 20_000_000).alias("who"), is_twice.alias("is_twice")
    )
    tables = {**_classes(classes), "trainee": _trainees(seats), "attendance": _sessions(seats)}
    return tables, int(seats["is_twice"].sum())


def _classes(classes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {
        "training_class": classes.select(
            "class_no",
            pl.format("电工初级班{}", "c").alias("class_name"),
            pl.lit("示例职业培训学校").alias("provider"),
            pl.lit("电工").alias("trade"),
            pl.lit("初级").alias("level"),
            "starts_on",
            (pl.col("starts_on") + pl.duration(days=3)).alias("ends_on"),
            pl.lit(32).alias("planned_hours"),
            pl.lit(_CLASS_HEADS).alias("approved_heads"),
            pl.lit("800.00").cast(pl.Decimal(18, 2)).alias("standard"),
            (pl.col("starts_on") + pl.duration(days=10)).alias("accepted_on"),
        ),
        "training_payment": classes.select(
            "class_no",
            pl.lit("示例职业培训学校").alias("payee"),
            pl.lit("9900228000000099999").alias("payee_account"),
            pl.lit(_CLASS_HEADS).alias("heads"),
            pl.lit("800.00").cast(pl.Decimal(18, 2)).alias("standard"),
            pl.lit("24000.00").cast(pl.Decimal(18, 2)).alias("amount"),
            (pl.col("starts_on") + pl.duration(days=30)).alias("paid_on"),
        ),
    }


def _trainees(seats: pl.DataFrame) -> pl.DataFrame:
    return seats.select(
        "class_no",
        _person(pl.col("who")).alias("name"),
        identity_number(pl.col("who")).alias("id_no"),
        pl.lit("电工").alias("trade"),
        pl.lit("初级").alias("level"),
        pl.lit(32).alias("hours"),
        pl.lit("是").alias("passed"),
        pl.format("ZS{}-{}", "class_no", "seat").alias("cert_no"),
    )


def _sessions(seats: pl.DataFrame) -> pl.DataFrame:
    sessions = pl.DataFrame({"s": range(_SESSIONS)}, schema={"s": pl.Int64})
    rows = seats.join(sessions, how="cross", maintain_order="left").with_columns(
        (pl.col("starts_on") + pl.duration(days=pl.col("s") // 2)).alias("session_on"),
        (pl.col("s") % 2 == 0).alias("is_morning"),
    )
    begin = pl.when("is_morning").then(8 * 60 + 10).otherwise(13 * 60 + 40)
    spread = (pl.col("seat") * 41 + pl.col("s") * 7) % 900
    signed = pl.col("session_on").cast(pl.Datetime("us")) + pl.duration(
        minutes=begin, seconds=spread
    )
    return rows.select(
        "class_no",
        identity_number(pl.col("who")).alias("id_no"),
        _person(pl.col("who")).alias("name"),
        "session_on",
        pl.when("is_morning").then(pl.lit("上午")).otherwise(pl.lit("下午")).alias("session"),
        signed.alias("signed_in_at"),
        (signed + pl.duration(minutes=215)).alias("signed_out_at"),
        pl.lit(4).alias("hours"),
    )


def _cars(draws: Draws, payers: int, first: int) -> tuple[dict[str, pl.DataFrame], int]:
    """Return cars with one card each, a fill a week, month balances and trips; some overfill."""
    count = max(2, payers // 50)
    cars = pl.DataFrame({"v": range(count)}, schema={"v": pl.Int64}).with_columns(
        pl.format("桂A{}", (pl.col("v") + first // 50).cast(pl.String).str.zfill(5)).alias("plate"),
        pl.format("99002288{}", (pl.col("v") + first).cast(pl.String).str.zfill(11)).alias(
            "card_no"
        ),
    )
    fills, overfull = _fills(draws, cars, first)
    days = pl.DataFrame({"d": range(0, 364, 3)}, schema={"d": pl.Int64})
    trips = cars.join(days, how="cross", maintain_order="left")
    out_at = pl.datetime(2024, 1, 3, 8, 30) + pl.duration(days="d")
    tables = {
        "vehicle": cars.select(
            "plate",
            pl.lit("92").alias("fuel_type"),
            pl.lit(50).alias("tank_l"),
            pl.lit(9).alias("norm_l_100km"),
            pl.date(2018, 1, 1).alias("acquired_on"),
            pl.lit("在用").alias("status"),
        ),
        "fuel_card": cars.select(
            "card_no",
            pl.lit("副卡").alias("card_type"),
            "plate",
            pl.lit("正常").alias("status"),
            pl.date(2018, 2, 1).alias("opened_on"),
            pl.lit("示例市总工会").alias("owner_unit"),
            pl.lit(None, dtype=pl.Date).alias("closed_on"),
        ),
        "fuel_txn": fills.with_columns(
            (pl.col("fen") / 100).round(2).cast(pl.Decimal(18, 2)).alias("amount")
        ).drop("fen"),
        "trip": trips.select(
            "plate",
            out_at.alias("out_at"),
            (out_at + pl.duration(hours=8)).alias("back_at"),
            pl.lit("示例市").alias("destination"),
            pl.lit("调研").alias("reason"),
        ),
    }
    return tables, overfull


def _fills(draws: Draws, cars: pl.DataFrame, first: int) -> tuple[pl.DataFrame, int]:
    """Return a fill a week of each car, and how many of them overfill its tank."""
    weeks = cars.join(
        pl.DataFrame({"w": range(52)}, schema={"w": pl.Int64}), how="cross", maintain_order="left"
    ).with_columns(pl.Series("litres", draws.whole(cars.height * 52, 30, 45)))
    overfull = draws.picks(weeks.height, max(2, cars.height // 10))
    weeks = weeks.with_row_index("at").with_columns(
        pl.when(pl.col("at").is_in(overfull)).then(95).otherwise("litres").alias("litres"),
        (
            pl.datetime(2024, 1, 3, 10, 5)
            + pl.duration(days=pl.col("w") * 7, minutes=pl.col("v") % 50)
        ).alias("txn_at"),
    )
    fills = weeks.select(
        "card_no",
        "txn_at",
        pl.lit("加油").alias("kind"),
        pl.lit("92号汽油").alias("product"),
        "litres",
        pl.lit("7.50").cast(pl.Decimal(18, 2)).alias("unit_price"),
        (pl.col("litres") * 750).alias("fen"),
        "plate",
        (10_000 + pl.col("w") * 450).alias("odometer"),
        pl.lit("示例加油站").alias("station"),
        pl.lit("示例市").alias("city"),
        pl.format("JY{}-{}", pl.lit(first), "at").alias("serial_no"),
    )
    return fills, len(overfull)


def _leases(draws: Draws, payers: int, first: int) -> tuple[dict[str, pl.DataFrame], int]:
    """Return houses, their counts, leases of one year and two receipts; a few pay only one."""
    count = max(2, payers // 20)
    houses = pl.DataFrame({"h": range(count)}, schema={"h": pl.Int64}).with_columns(
        pl.format("ZC{}-{}", pl.lit(first), "h").alias("asset_no"),
        pl.format("ZL{}-{}", pl.lit(first), "h").alias("lease_no"),
        (pl.Series("rent", draws.whole(count, 60, 900)) * 200).alias("rent"),
    )
    unpaid = draws.picks(count, max(2, count // 20))
    halves = houses.join(
        pl.DataFrame({"part": [0, 1]}, schema={"part": pl.Int64}),
        how="cross",
        maintain_order="left",
    ).filter(~(pl.col("h").is_in(unpaid) & (pl.col("part") == 1)))
    from_month = pl.col("part") * 6 + 1
    tables = {
        "asset": houses.select(
            "asset_no",
            pl.format("门面{}", "h").alias("asset_name"),
            pl.lit("房屋").alias("category"),
            _yuan(pl.col("rent") * 20).alias("original_value"),
            pl.date(2005, 1, 1).alias("acquired_on"),
            pl.lit(80).alias("area_sqm"),
            pl.lit("出租").alias("status"),
            pl.lit(None, dtype=pl.Date).alias("disposed_on"),
            pl.lit("示例市总工会").alias("owner_unit"),
        ),
        "asset_count": houses.select(
            "asset_no", pl.date(2024, 12, 20).alias("counted_on"), pl.lit("是").alias("found")
        ),
        "lease": houses.select(
            "lease_no",
            "asset_no",
            pl.format("承租户{}", "h").alias("tenant"),
            pl.lit(80).alias("area_sqm"),
            pl.date(2024, 1, 1).alias("starts_on"),
            pl.date(2024, 12, 31).alias("ends_on"),
            _yuan("rent").alias("annual_rent"),
            pl.lit(6).alias("pay_months"),
            pl.lit("公开招租").alias("tender"),
            pl.date(2024, 12, 31).alias("handed_back_on"),
            pl.format("示工批〔2023〕{}号", "h").alias("approval_no"),
            _yuan("rent").alias("appraisal"),
        ),
        "lease_receipt": halves.select(
            "lease_no",
            pl.date(2024, from_month, 5).alias("received_on"),
            _yuan(pl.col("rent") // 2).alias("amount"),
            pl.date(2024, from_month, 1).alias("covers_from"),
            pl.date(2024, from_month + 5, 1).dt.month_end().alias("covers_to"),
        ),
    }
    return tables, len(unpaid)


def _yuan(number: str | pl.Expr) -> pl.Expr:
    value = pl.col(number) if isinstance(number, str) else number
    return value.cast(pl.Decimal(18, 2))
