"""The fee tables of a made part: wages, collection, settlement, transfers, bank lines and books.

Not here: who pays what (see `units`).
"""

from __future__ import annotations

import polars as pl

from bench.units import FEE, account, fen

OWN_ACCOUNT = "9900110000000015571"
TREASURY = "国家金库示例市支库"


def fee_tables(units: pl.DataFrame, months: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return wages, collection, settlement, transfers, bank lines and books."""
    paid = months.filter(pl.col("planted").ne_missing("REM-01"))
    twins = paid.filter(pl.col("planted") == "REM-10").with_columns(
        pl.concat_str("voucher_no", pl.lit("B")).alias("voucher_no")
    )
    collected = pl.concat([paid, twins]).sort("m", "serial", "voucher_no")
    due = paid.filter((pl.col("kind") != "prep") & pl.col("planted").ne_missing("REM-06")).sort(
        "m", "serial"
    )
    transfers = _transfers(units, due)
    receipts = _receipts(collected)
    return {
        "payroll": months.sort("m", "serial").select(
            pl.col("name").alias("payer_name"),
            pl.col("uscc").alias("payer_uscc"),
            pl.col("month").dt.strftime("%Y-%m").alias("month"),
            fen(pl.col("wages") * 100).alias("wages"),
            (pl.col("wages") // 6_000 + 1).alias("headcount"),
        ),
        "tax_collection": _collection(collected),
        "settlement": _settlement(collected),
        "fund_transfer": transfers,
        "bank_txn": _bank(receipts, transfers),
        "gl_entry": _books(receipts, transfers),
    }


def _collection(collected: pl.DataFrame) -> pl.DataFrame:
    return collected.select(
        pl.col("name").alias("payer_name"),
        pl.col("uscc").alias("payer_uscc"),
        "item",
        pl.col("month").alias("period_from"),
        pl.col("month_end").alias("period_to"),
        fen(pl.col("paid_fen") * 50).alias("base"),
        pl.lit("2%").alias("rate"),
        fen("paid_fen").alias("paid"),
        "treasury_on",
        "voucher_no",
        "batch_no",
    )


def _settlement(collected: pl.DataFrame) -> pl.DataFrame:
    is_fee = pl.col("item") == FEE
    share = {"to_acftu": 5, "to_province": 5, "to_city": 10, "to_county": 20, "to_basic": 60}
    return collected.select(
        "batch_no",
        "settled_on",
        "voucher_no",
        pl.col("name").alias("payer_name"),
        pl.col("uscc").alias("payer_uscc"),
        fen("paid_fen").alias("gross"),
        *(
            pl.when(is_fee).then(fen(pl.col("paid_fen") * part // 100)).alias(name)
            for name, part in share.items()
        ),
        pl.when(~is_fee).then(fen("paid_fen")).alias("to_prep"),
    )


def _transfers(units: pl.DataFrame, due: pl.DataFrame) -> pl.DataFrame:
    """Return what went back: basic shares each month, and the refund of small payers."""
    basic = due.select(
        pl.lit("基层回拨").alias("kind"),
        pl.lit(None, dtype=pl.String).alias("policy"),
        pl.col("uscc").alias("payer_uscc"),
        pl.col("name").alias("payer_name"),
        pl.concat_str("name", pl.lit("工会委员会")).alias("payee_name"),
        account("serial").alias("payee_account"),
        pl.col("month").alias("period_from"),
        pl.col("month_end").alias("period_to"),
        (pl.col("paid_fen") * 60 // 100).alias("fen"),
        (pl.col("settled_on") + pl.duration(days=2)).alias("paid_on"),
    )
    small = units.filter((pl.col("kind") == "small") & pl.col("defect").ne_missing("SME-01"))
    paid = due.filter(pl.col("m") < 12).group_by("uscc").agg(pl.col("paid_fen").sum())
    refund = small.join(paid, on="uscc", how="inner", maintain_order="left").select(
        pl.lit("小微返还").alias("kind"),
        pl.lit("small-2023-2024").alias("policy"),
        pl.col("uscc").alias("payer_uscc"),
        pl.col("name").alias("payer_name"),
        pl.concat_str("name", pl.lit("工会委员会")).alias("payee_name"),
        account("serial").alias("payee_account"),
        pl.date(2024, 1, 1).alias("period_from"),
        pl.date(2024, 12, 31).alias("period_to"),
        (pl.col("paid_fen") * 40 // 100).alias("fen"),
        pl.date(2025, 3, 20).alias("paid_on"),
    )
    back = units.filter(pl.col("defect") == "returned").select(
        pl.lit("筹备金返还").alias("kind"),
        pl.lit(None, dtype=pl.String).alias("policy"),
        pl.col("uscc").alias("payer_uscc"),
        pl.col("name").alias("payer_name"),
        pl.concat_str("name", pl.lit("工会委员会")).alias("payee_name"),
        account("serial").alias("payee_account"),
        pl.lit(None, dtype=pl.Date).alias("period_from"),
        pl.lit(None, dtype=pl.Date).alias("period_to"),
        (pl.col("wages") * 12 * 60 // 100).alias("fen"),
        pl.date(2024, 1, 16).alias("paid_on"),
    )
    both = pl.concat([basic, refund, back])
    serial = pl.int_range(pl.len()).cast(pl.String).str.zfill(9)
    stem = units["serial"][0]
    return both.select(
        pl.format("BF{}-{}", pl.lit(stem), serial).alias("transfer_no"),
        "kind",
        "policy",
        "payer_uscc",
        "payer_name",
        "payee_name",
        "payee_account",
        "period_from",
        "period_to",
        fen("fen").alias("amount"),
        "paid_on",
        pl.format("YH{}-{}", pl.lit(stem), serial).alias("serial_no"),
    )


def _receipts(collected: pl.DataFrame) -> pl.DataFrame:
    """Return one bank receipt per settlement batch: the shares that stay here."""
    kept = pl.when(pl.col("item") == FEE).then(pl.col("paid_fen") * 80 // 100).otherwise("paid_fen")
    return (
        collected.group_by("batch_no", "received_on", maintain_order=True)
        .agg(kept.sum().alias("fen"))
        .with_columns(fen("fen").alias("amount"))
    )


def _bank(receipts: pl.DataFrame, transfers: pl.DataFrame) -> pl.DataFrame:
    incoming = receipts.select(
        pl.col("received_on").alias("posted_on"),
        pl.concat_str(pl.lit("SR"), "batch_no").alias("serial_no"),
        pl.col("amount").alias("money_in"),
        pl.lit(None, dtype=pl.Decimal(18, 2)).alias("money_out"),
        pl.lit(TREASURY).alias("party_name"),
        pl.lit(None, dtype=pl.String).alias("party_account"),
        pl.format("清算批次{}", "batch_no").alias("summary"),
    )
    outgoing = transfers.select(
        pl.col("paid_on").alias("posted_on"),
        "serial_no",
        pl.lit(None, dtype=pl.Decimal(18, 2)).alias("money_in"),
        pl.col("amount").alias("money_out"),
        pl.col("payee_name").alias("party_name"),
        pl.col("payee_account").alias("party_account"),
        pl.col("kind").alias("summary"),
    )
    return (
        pl.concat([incoming, outgoing])
        .sort("posted_on", "serial_no")
        .select(
            pl.lit(OWN_ACCOUNT).alias("account_no"),
            pl.lit("示例市总工会").alias("account_name"),
            pl.all(),
        )
    )


def _books(receipts: pl.DataFrame, transfers: pl.DataFrame) -> pl.DataFrame:
    """Return two ledger lines per bank line: the bank's and its counterpart."""
    moves = pl.concat(
        [
            receipts.select(
                pl.col("received_on").alias("entry_on"),
                pl.concat_str(pl.lit("收"), "batch_no").alias("voucher_no"),
                pl.lit("拨缴经费收入").alias("other"),
                pl.lit("401").alias("other_code"),
                "amount",
                pl.lit(TREASURY).alias("aux_party"),
                pl.lit(value=True).alias("is_in"),
            ),
            transfers.select(
                pl.col("paid_on").alias("entry_on"),
                pl.concat_str(pl.lit("付"), "serial_no").alias("voucher_no"),
                pl.lit("应付下级经费").alias("other"),
                pl.lit("216").alias("other_code"),
                "amount",
                pl.col("payer_name").alias("aux_party"),
                pl.lit(value=False).alias("is_in"),
            ),
        ]
    ).sort("entry_on", "voucher_no")
    is_bank = pl.col("line_no") == 1
    is_debit = is_bank == pl.col("is_in")
    return moves.join(pl.DataFrame({"line_no": [1, 2]}), how="cross", maintain_order="left").select(
        "entry_on",
        "voucher_no",
        "line_no",
        pl.when("is_in").then(pl.lit("收到清算款")).otherwise(pl.lit("拨付")).alias("summary"),
        pl.when(is_bank).then(pl.lit("102")).otherwise("other_code").alias("account_code"),
        pl.when(is_bank).then(pl.lit("银行存款")).otherwise("other").alias("account_name"),
        pl.when(is_debit).then("amount").alias("debit"),
        pl.when(~is_debit).then("amount").alias("credit"),
        pl.when(~is_bank).then("aux_party").alias("aux_party"),
    )
