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
_SAID = f"{_LINE}, place bigint, anchor bigint"
#: Pairing number, side and key of a line.
Key = tuple[int, str, str]
CONFIRMED_TABLES = f"""
create or replace temp table match_refused ({_REFUSED});
create or replace temp table match_confirmed_line ({_LINE});
"""

_GONE = Text("其中有的行已不在资料中", "some of its lines are no longer in the data")
_UNEQUAL = Text("双方合计不再相等，相差{0}元", "the two sides differ by {0} yuan now")
_TAKEN = Text("其中有的行已在另一组确认的匹配里", "another confirmed match holds some of its lines")


def match_confirmed(bench: Workbench) -> None:
    """Pass 0: take confirmed matches that still add up; refuse the others with the reason."""
    rows = list(
        bench.rows(
            "select distinct match_pairing.pairing_no, match_id, side, line_key "
            "from confirmed_match inner join match_pairing "
            "on confirmed_match.pairing = match_pairing.pairing",
            "pairing_no, match_id, side, line_key",
        )
    )
    if not rows:
        return
    lines = _lines_by_key(bench)
    groups: dict[tuple[int, str], list[Key]] = {}
    for number, match_id, side, key in rows:
        groups.setdefault((number, match_id), []).append((number, side, key))
    taken: dict[Key, tuple[object, ...]] = {}
    refused = []
    for (number, match_id), group in groups.items():
        name = bench.pairings[number].name
        reason = _TAKEN if taken.keys() & set(group) else _refusal(group, lines)
        if reason is None:
            _, _, anchor = min((side, *lines[number, side, key][::2]) for _, side, key in group)
            for one in group:
                line_id, _, place = lines[one]
                taken[one] = (name, match_id, one[1], line_id, one[2], place, anchor)
        else:
            refused.append((name, match_id, reason.zh, reason.en))
    bench.tables.put("match_said", _SAID, list(taken.values()))
    bench.tables.put("match_unfit", _REFUSED, refused)
    bench.deliver("match_refused", "select * from match_unfit")
    bench.deliver(
        "match_confirmed_line",
        "select pairing, match_id, side, line_id, line_key from match_said",
    )
    bench.take(0, "select place, anchor from match_said")


def _lines_by_key(bench: Workbench) -> dict[Key, tuple[int, Decimal, int]]:
    """Return line id, amount and place of the lines whose content a confirmed match names."""
    rows = bench.rows(
        f"""with content as (
            select pairing_no, side, line_id, amount, place, {content_sql()} as content
            from match_input
        ),
        wanted as (
            select distinct match_pairing.pairing_no, substr(line_key, 1, 16) as content
            from confirmed_match
            inner join match_pairing on confirmed_match.pairing = match_pairing.pairing
        )
        select content.pairing_no, content.side, content.content, content.line_id, content.amount,
            content.place,
            row_number() over (
                partition by content.pairing_no, content.side, content.content
                order by content.line_id
            ) as turn
        from content
        inner join wanted
            on content.pairing_no = wanted.pairing_no and content.content = wanted.content"""
    )
    return {
        (number, side, f"{content}-{turn}"): (line_id, amount, place)
        for number, side, content, line_id, amount, place, turn in rows
    }


def _refusal(group: list[Key], lines: dict[Key, tuple[int, Decimal, int]]) -> Text | None:
    if any(member not in lines for member in group):
        return _GONE
    sums = {"a": Decimal(0), "b": Decimal(0)}
    for one in group:
        sums[one[1]] += lines[one][1]
    if sums["a"] != sums["b"]:
        off = sums["a"] - sums["b"]
        return Text(_UNEQUAL.zh.format(off), _UNEQUAL.en.format(off))
    return None
