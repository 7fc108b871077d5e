"""The refund policies as frames that SQL joins.

Not here: what a refund policy is (`refund_policies`) and who is entitled (SQL of the SME rules).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from recon.policy.parameters import OPEN_END
from recon.policy.refund_policies import years_of

if TYPE_CHECKING:
    from datetime import date

    from recon.policy.parameters import Policy
    from recon.policy.refund_policies import RefundPolicy

_MONEY = pl.Decimal(18, 2)
_RATE = pl.Decimal(18, 6)
_POLICY_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "policy": pl.String,
    "title": pl.String,
    "title_en": pl.String,
    "anchor": pl.String,
    "window_from": pl.Date,
    "window_to": pl.Date,
    "year_kind": pl.String,
    "base": pl.String,
    "upper_share": _RATE,
    "threshold": _MONEY,
    "is_threshold_exclusive": pl.Boolean,
    "threshold_test": pl.String,
    "tested_at": pl.String,
    "cap": _MONEY,
    "is_application_required": pl.Boolean,
    "has_pay_deadline": pl.Boolean,
    "requires_union": pl.Boolean,
    "requires_account": pl.Boolean,
    "requires_paid_in_full": pl.Boolean,
    "requires_on_time": pl.Boolean,
    "is_verified": pl.Boolean,
    "reference": pl.String,
}


def refund_tables(policy: Policy, last: date) -> dict[str, pl.DataFrame]:
    """Return the frames of all refund policies of a locale.

    Shape:
        ref_refund_policy: one row per policy (see `_POLICY_SCHEMA`); window_to is 9999-12-31 when
            open; threshold, cap and upper_share are null when the policy has none.
        ref_refund_basis: policy, starts_on, ends_on (exclusive), basis,
            rival (the basis by which other places judged then, else null).
        ref_refund_year: policy, year, year_from, year_to, window_from, window_to (the days of the
            year inside the window), apply_by, pay_by (null: no deadline known).
        ref_refund_batch: policy, year, batch_no, anchor_from, anchor_to, pay_by.
        ref_refund_exclusion: policy, exclusion.
        ref_refund_not_with: policy, other (both ways).
    Units: yuan; shares of the whole fee.

    Args:
        policy: The policy of the locale.
        last: Policy years that begin later are left out.
    """
    policies = policy.refund_policies
    pairs = {(one.id, other) for one in policies for other in one.not_with}
    pairs |= {(other, one) for one, other in pairs}
    text_pair = {"policy": pl.String, "other": pl.String}
    return {
        "ref_refund_policy": pl.DataFrame(
            [_policy_row(one) for one in policies], schema=_POLICY_SCHEMA, orient="row"
        ),
        "ref_refund_basis": _basis(policies),
        "ref_refund_year": _years(policies, last),
        "ref_refund_batch": _batches(policies),
        "ref_refund_exclusion": pl.DataFrame(
            [(one.id, word) for one in policies for word in one.exclude],
            schema={"policy": pl.String, "exclusion": pl.String},
            orient="row",
        ),
        "ref_refund_not_with": pl.DataFrame(sorted(pairs), schema=text_pair, orient="row"),
    }


def _policy_row(one: RefundPolicy) -> tuple[object, ...]:
    limit = one.threshold
    return (
        one.id,
        one.title.zh,
        one.title.en,
        one.anchor,
        one.window.starts_on,
        one.window.ends_on or OPEN_END,
        one.year,
        one.base,
        one.upper_share,
        limit.amount if limit else None,
        limit.exclusive if limit else None,
        limit.test if limit else None,
        one.tested_at,
        one.cap,
        one.application.required,
        bool(one.pay),
        one.requires.union,
        one.requires.account,
        one.requires.paid_in_full,
        one.requires.on_time,
        one.is_verified,
        one.reference,
    )


def _basis(policies: tuple[RefundPolicy, ...]) -> pl.DataFrame:
    rows = []
    for one in policies:
        ends = [*(item.starts_on for item in one.basis[1:]), OPEN_END]
        rows += [
            (one.id, item.starts_on, end, item.basis, item.rival)
            for item, end in zip(one.basis, ends, strict=True)
        ]
    schema = {
        "policy": pl.String, "starts_on": pl.Date, "ends_on": pl.Date,
        "basis": pl.String, "rival": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _years(policies: tuple[RefundPolicy, ...], last: date) -> pl.DataFrame:
    rows = [
        (
            one.id,
            span.year,
            span.year_from,
            span.year_to,
            span.window_from,
            span.window_to,
            span.apply_by,
            span.pay_by,
        )
        for one in policies
        for span in years_of(one, last)
    ]
    days = ("year_from", "year_to", "window_from", "window_to", "apply_by", "pay_by")
    schema = {"policy": pl.String, "year": pl.Int64} | dict.fromkeys(days, pl.Date)
    return pl.DataFrame(rows, schema=schema, orient="row")


def _batches(policies: tuple[RefundPolicy, ...]) -> pl.DataFrame:
    rows = [
        (one.id, batch.year, number, batch.starts_on, batch.ends_on, batch.pay_by)
        for one in policies
        for number, batch in enumerate(one.pay, start=1)
    ]
    days = dict.fromkeys(("anchor_from", "anchor_to", "pay_by"), pl.Date)
    schema = {"policy": pl.String, "year": pl.Int64, "batch_no": pl.Int64} | days
    return pl.DataFrame(rows, schema=schema, orient="row")
