"""Matches that a person confirmed: they win, as long as they still add up.

A confirmed match is the rows of `confirmed_match` with one `match_id`: pairing, match_id, side and
line_key, the key being that of `match_candidate`. Not here: where confirmed matches are kept.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from recon.base.models import Text
from recon.matching.keys import content_sql

if TYPE_CHECKING:
    from recon.matching.workbench import Workbench

_REFUSED = "pairing varchar, match_id varchar, reason_zh varchar, reason_en varchar"
_LINE = "pairing varchar, match_id varchar, side varchar, line_id bigint, line_key varchar"
_SAID = f"{_LINE}, anchor_side varchar, anchor_id bigint"
CONFIRMED_TABLES = f"""
create or replace temp table match_refused ({_REFUSED});
create or replace temp table match_confirmed_line ({_LINE});
"""

_GONE = Text("其中有的行已不在资料中", "some of its lines are no longer in the data")
_UNEQUAL = Text("双方合计不再相等，相差{0}元", "the two sides differ by {0} yuan now")
_TAKEN = Text("其中有的行已在另一组确认的匹配里", "another confirmed match holds some of its lines")


def match_confirmed(bench: Workbench) -> None:
    """Pass 0: take confirmed matches that still add up; refuse the others with the reason."""
    name = bench.pairing.name
    rows = list(
        bench.rows(
            "select distinct match_id, side, line_key from confirmed_match "
            "where pairing = $pairing",
            "match_id, side, line_key",
        )
    )
    if not rows:
        return
    lines = _lines_by_key(bench)
    groups: dict[str, list[tuple[str, str]]] = {}
    for match_id, side, key in rows:
        groups.setdefault(match_id, []).append((side, key))
    taken: dict[tuple[str, str], tuple[object, ...]] = {}
    refused = []
    for match_id, group in groups.items():
        reason = _TAKEN if taken.keys() & set(group) else _refusal(group, lines)
        if reason is None:
            anchor = min((side, lines[side, key][0]) for side, key in group)
            for side, key in group:
                taken[side, key] = (name, match_id, side, lines[side, key][0], key, *anchor)
        else:
            refused.append((name, match_id, reason.zh, reason.en))
    bench.tables.put("match_said", _SAID, list(taken.values()))
    bench.tables.put("match_unfit", _REFUSED, refused)
    bench.deliver("match_refused", "select * from match_unfit")
    bench.deliver(
        "match_confirmed_line",
        "select pairing, match_id, side, line_id, line_key from match_said",
    )
    bench.take(0, "select side, line_id, anchor_side, anchor_id from match_said")


def _lines_by_key(bench: Workbench) -> dict[tuple[str, str], tuple[int, Decimal]]:
    """Return line id and amount of the lines whose content a confirmed match names."""
    rows = bench.rows(
        f"""with content as (
            select side, line_id, amount, {content_sql()} as content from match_input
        ),
        wanted as (
            select distinct substr(line_key, 1, 16) as content
            from confirmed_match where pairing = $pairing
        )
        select content.side, content.content, content.line_id, content.amount,
            row_number() over (
                partition by content.side, content.content order by content.line_id
            ) as turn
        from content
        inner join wanted on content.content = wanted.content"""
    )
    return {
        (side, f"{content}-{turn}"): (line_id, amount)
        for side, content, line_id, amount, turn in rows
    }


def _refusal(
    group: list[tuple[str, str]], lines: dict[tuple[str, str], tuple[int, Decimal]]
) -> Text | None:
    if any(member not in lines for member in group):
        return _GONE
    sums = {"a": Decimal(0), "b": Decimal(0)}
    for side, key in group:
        sums[side] += lines[side, key][1]
    if sums["a"] != sums["b"]:
        off = sums["a"] - sums["b"]
        return Text(_UNEQUAL.zh.format(off), _UNEQUAL.en.format(off))
    return None
