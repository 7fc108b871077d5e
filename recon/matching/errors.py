"""Errors of matching."""

from __future__ import annotations

from recon.base.errors import ReconError


class MatchSideError(ReconError):
    """The select of one side of a pairing does not give lines that can be matched."""

    zh = "{pairing}（{side}方）: {reason}。请改正 sql/matching/ 中这一方的查询。"
    en = "{pairing} (side {side}): {reason}. Correct the select of this side in sql/matching/."


class MatchProofError(ReconError):
    """The two sides of a reconciliation do not add up: the program is wrong, no answer is true."""

    zh = "{pairing}: 对账不平：{what}，相差 {difference}。本次结果作废，请报告给维护者。"
    en = (
        "{pairing}: the reconciliation does not balance: {what}, difference {difference}. This "
        "run gives no answer; report it to the maintainers."
    )
