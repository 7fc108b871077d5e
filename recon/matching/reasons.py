"""The reason of every class in words, with the names of the two sides.

Not here: deciding a class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.rules.pairings import PASS_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.matching.workbench import Workbench
    from recon.rules.pairings import Pairing, PassStep

_PASSES = {
    "confirmed": Text("人工确认的匹配", "confirmed by a person"),
    "reference": Text("流水号或编号相同，金额相同", "same reference and amount"),
    "party_amount_window": Text(
        "单位、金额相同，日期相差不超过{days}日", "same party and amount within {days} days"
    ),
    "amount_window_unique": Text(
        "金额相同，日期相差不超过{days}日，双方都仅此一笔",
        "same amount within {days} days, the only one on both sides",
    ),
    "shared_key": Text(
        "同一批次、凭证或清单，双方合计相等", "one batch, voucher or list; both sides add up"
    ),
    "subset_sum": Text(
        "一笔等于对方若干笔之和，且只有这一种组合",
        "one line is the sum of several, in one way only",
    ),
    "tolerance": Text(
        "单位相同，金额相差不超过{tolerance}元",
        "same party, amounts within {tolerance} yuan",
    ),
    "reversal": Text("本方内部一正一负，相互冲销", "cancelled by an opposite line of this side"),
}
_CLASSES = {
    "internal": Text("本单位账户之间的划转", "a transfer between own accounts"),
    "account_missing": Text(
        "{other}中没有这个账户的任何记录，属资料缺失，不是漏账",
        "{other} has nothing of this account: data is missing, not money",
    ),
    "unresolved_party": Text(
        "单位未能对应到名册，无法按单位匹配",
        "its party is not known, so it cannot be matched by it",
    ),
    "only_a": Text("{other}中没有对应的一笔", "{other} has no counterpart"),
    "only_b": Text("{other}中没有对应的一笔", "{other} has no counterpart"),
    "amount_differs": Text(
        "{other}中有对应的一笔，但金额不同", "{other} has a counterpart of another amount"
    ),
    "party_differs": Text(
        "{other}中有号码、金额相同的一笔，但单位名称不同",
        "{other} has the same reference and amount, but under the name of another party",
    ),
}
_CROSS_LINKED = Text(
    "{other}中有单位、金额相同的一笔，但日期相差超过窗口",
    "{other} has the same party and amount, but beyond the window of days",
)
_CROSS_EDGE = Text(
    "临近{other}资料的起止日期，可能跨期入账",
    "near the first or last day of {other}; it may stand in another period",
)
_AMBIGUOUS = Text("符合“{reason}”的答案不止一个，待确认", "several answers fit: {reason}")


def write_reasons(bench: Workbench) -> None:
    """Fill `match_reason`: per pairing one row per class, pass (-1: none), linked or not, side."""
    bench.tables.put(
        "match_reason",
        "reason_no integer, pairing_no integer, class varchar, pass_no integer, "
        "is_linked boolean, side varchar, zh varchar, en varchar",
        [(reason_no, *row) for reason_no, row in enumerate(_all_rows(bench))],
    )


def _all_rows(bench: Workbench) -> Iterator[tuple[int, str, int, bool, str, str, str]]:
    """Yield the rows of all pairings, one per class, pass, linked or not, and side."""
    for number, pairing in enumerate(bench.pairings):
        seen = set()
        for row in _rows(bench, pairing):
            if row[:4] not in seen:  # several kinds of pass may have one number
                seen.add(row[:4])
                yield number, *row


def _rows(bench: Workbench, pairing: Pairing) -> Iterator[tuple[str, int, bool, str, str, str]]:
    steps: dict[str, PassStep] = {step.kind: step for step in pairing.about.passes}
    for side, other in (("a", "b"), ("b", "a")):
        label = pairing.about.sides[other].label
        for kind, said in _PASSES.items():
            step, number = steps.get(kind), PASS_NUMBERS[kind]
            words = {
                "days": bench.value(step.window) if step else 0,
                "tolerance": bench.value(step.tolerance) if step else 0,
            }
            zh, en = (text.format(**words) for text in (said.zh, said.en))
            class_ = "confirmed" if number == 0 else "matched"
            yield class_, number, True, side, zh, en
            zh, en = _AMBIGUOUS.zh.format(reason=zh), _AMBIGUOUS.en.format(reason=en)
            yield "ambiguous", number, True, side, zh, en
        for class_, text in _CLASSES.items():
            zh, en = text.zh.format(other=label.zh), text.en.format(other=label.en)
            yield class_, -1, class_ in ("amount_differs", "party_differs"), side, zh, en
        for is_linked, text in ((True, _CROSS_LINKED), (False, _CROSS_EDGE)):
            zh, en = text.zh.format(other=label.zh), text.en.format(other=label.en)
            yield "cross_period", -1, is_linked, side, zh, en
