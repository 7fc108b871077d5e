"""Matches that a person confirmed: they win, as long as they still add up.

A confirmed match is one or more rows (pairing, a_key, b_key); rows that share a line are one group.
Keys are those of `match_candidate.line_key`. Not here: where confirmed matches are kept.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from recon.matching.keys import content_sql
from recon.matching.passes import connected
from recon.models import Text

if TYPE_CHECKING:
    from recon.matching.workbench import Workbench

REFUSED_TABLE = """
create or replace table match_refused (
    pairing varchar, a_keys varchar, b_keys varchar, reason_zh varchar, reason_en varchar
);
"""

_GONE = Text("其中有的行已不在资料中", "some of its lines are no longer in the data")
_UNEQUAL = Text("双方合计不再相等，相差{0}元", "the two sides differ by {0} yuan now")


def match_confirmed(bench: Workbench) -> int:
    """Pass 0: take confirmed matches that still add up; refuse the others with the reason.

    Returns:
        How many lines were taken.
    """
    tables = {row[0] for row in bench.run("show tables")}
    if "confirmed_match" not in tables:
        return 0
    pairs = bench.run(
        "select distinct a_key, b_key from confirmed_match where pairing = $pairing "
        "order by a_key, b_key",
        pairing=bench.pairing.name,
    )
    if not pairs:
        return 0
    lines = _lines_by_key(bench)
    numbers = {key: number for number, key in enumerate(sorted({k for p in pairs for k in p}))}
    names = {number: key for key, number in numbers.items()}
    tops = connected([(("a", numbers[a]), ("b", numbers[b])) for a, b in pairs])
    groups: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for (side, number), top in sorted(tops.items()):
        groups.setdefault(top, []).append((side, names[number]))
    taken: list[tuple[str, int, str, int]] = []
    for group in groups.values():
        reason = _refusal(group, lines)
        if reason is None:
            members = [(side, lines[side, key][0]) for side, key in group]
            taken += [(*member, *min(members)) for member in members]
        else:
            _refuse(bench, group, reason)
    bench.run(
        "create or replace temp table match_said "
        "(side varchar, line_id bigint, anchor_side varchar, anchor_id bigint)"
    )
    bench.load_rows("match_said", taken)
    return bench.take(0, "select * from match_said")


def _lines_by_key(bench: Workbench) -> dict[tuple[str, str], tuple[int, Decimal]]:
    """Return line id and amount of the lines whose content a confirmed match names."""
    rows = bench.run(
        f"""with content as (
            select side, line_id, amount, {content_sql()} as content from match_input
        ),
        wanted as (
            select substr(a_key, 1, 16) as content from confirmed_match where pairing = $pairing
            union
            select substr(b_key, 1, 16) as content from confirmed_match where pairing = $pairing
        )
        select content.side, content.content, content.line_id, content.amount,
            row_number() over (
                partition by content.side, content.content order by content.line_id
            )
        from content
        inner join wanted on content.content = wanted.content""",
        pairing=bench.pairing.name,
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


def _refuse(bench: Workbench, group: list[tuple[str, str]], reason: Text) -> None:
    keys = {side: ",".join(key for one, key in group if one == side) for side in "ab"}
    bench.load_rows(
        "match_refused", [(bench.pairing.name, keys["a"], keys["b"], reason.zh, reason.en)]
    )
