"""The passes that are SQL: by reference, party, amount alone, shared key, tolerance; reversals.

Each looks at the open lines only and consumes what it matches; where several answers are equally
good it takes none and notes the doubt. Not here: sums of subsets (`sums`) and the order of passes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from recon.matching.workbench import COLUMNS, pass_sql

if TYPE_CHECKING:
    from recon.matching.workbench import Workbench
    from recon.rules.pairings import PassStep

_PAIR = (
    "select 'a' as side, a_line_id as line_id, 'a' as anchor_side, a_line_id as anchor_id "
    "from match_pair union all select 'b', b_line_id, 'a', a_line_id from match_pair"
)
_ALONE = (
    "select min(case when side = 'a' then line_id end) as a_line_id, "
    "min(case when side = 'b' then line_id end) as b_line_id from match_component "
    "where a_lines = 1 and b_lines = 1 group by part_line_id"
)
_LINES = "side, line_id, day, amount"


def match_reference(bench: Workbench, step: PassStep) -> int:
    """Pass 1: the same reference and amount, whatever the days."""
    shown = bench.show(
        "side, line_id, cast('2000-01-01' as date) as day, amount, reference as match_key",
        "reference is not null and amount <> 0",
    )
    return _match_equal(bench, step.number, 0, groups=True) if shown else 0


def match_party_amount(bench: Workbench, step: PassStep) -> int:
    """Pass 2: the same party and amount within the window."""
    shown = bench.show(
        f"{_LINES}, party_id as match_key",
        "party_id is not null and day is not null and amount <> 0",
    )
    window = bench.value(step.window)
    return _match_equal(bench, step.number, window, groups=True) if shown else 0


def match_amount(bench: Workbench, step: PassStep) -> int:
    """Pass 3: the same amount within the window, unique on both sides; known parties must agree."""
    window = bench.value(step.window)
    where = "day is not null and amount <> 0"
    if not bench.show(f"{_LINES}, '' as match_key", where):
        return 0
    if bench.count("count(distinct side) as sides from match_open where is_known") == 2:
        _make_components(bench, window)
        bench.make("match_misfit", pass_sql("incompatible"))
        where += (
            " and not exists (select 1 from match_misfit where match_misfit.side = match_open.side "
            "and match_misfit.line_id = match_open.line_id)"
        )
        bench.show(f"{_LINES}, '' as match_key", where)
    return _match_equal(bench, step.number, window, groups=False)


def match_shared_key(bench: Workbench, step: PassStep) -> int:
    """Pass 4: all lines of a key, when both sides add up to the same."""
    key, present = key_sql(step.columns)
    if not bench.show(f"{_LINES}, {key} as match_key", present):
        return 0
    bench.make("match_key_found", pass_sql("equal_sums"))
    return bench.take(
        step.number,
        "select match_pass.side, match_pass.line_id, 'a' as anchor_side, "
        "match_key_found.part_line_id as anchor_id from match_pass inner join match_key_found "
        "on match_pass.match_key = match_key_found.match_key",
    )


def match_tolerance(bench: Workbench, step: PassStep) -> int:
    """Pass 6: the same key, amounts within the tolerance, unique on both sides in the window."""
    key, present = key_sql(step.columns)
    tolerance = Decimal(bench.value(step.tolerance))
    shown = bench.show(
        f"{_LINES}, {key} as match_key",
        f"{present} and day is not null and amount <> 0 and not exists (select 1 from match_doubt "
        "where match_doubt.pass_no <= 3 and match_doubt.side = match_open.side "
        "and match_doubt.line_id = match_open.line_id)",
    )
    if not shown:
        return 0
    bench.make(
        "match_edge",
        pass_sql("near_amounts"),
        tolerance=tolerance,
        width_fen=max(1, int(tolerance * 100)),
        window_days=bench.value(step.window),
    )
    if "party_id" not in step.columns:
        _drop_contradictions(bench, "match_edge")
    bench.make(
        "match_pair",
        "select a_line_id, b_line_id from match_edge "
        "qualify count(*) over (partition by a_line_id) = 1 "
        "and count(*) over (partition by b_line_id) = 1",
    )
    taken = bench.take(step.number, _PAIR)
    edges = bench.rows(
        "select match_edge.a_line_id, match_edge.b_line_id from match_edge anti join match_pair "
        "on match_edge.a_line_id = match_pair.a_line_id "
        "and match_edge.b_line_id = match_pair.b_line_id"
    )
    anchors = connected([(("a", a), ("b", b)) for a, b in edges])
    bench.note(
        "match_doubt", [(*line, step.number, *anchor) for line, anchor in sorted(anchors.items())]
    )
    return taken


def match_reversals(bench: Workbench, step: PassStep) -> int:
    """Pass 7: lines of one side that cancel each other within the window."""
    key, present = key_sql(step.columns)
    window = bench.value(step.window)
    taken = 0
    for real in step.sides:
        shown = bench.show(
            "case when amount > 0 then 'a' else 'b' end as side, line_id, day, "
            f"abs(amount) as amount, {key} as match_key",
            f"side = '{real}' and {present} and day is not null and amount <> 0",
        )
        if not shown:
            continue
        _make_pairs(bench, window)
        _make_components(bench, window)
        bench.add("match_pair", pass_sql("reversal_runs"), window_days=window)
        bench.doubt(
            step.number,
            f"select '{real}' as side, line_id, '{real}' as anchor_side, "
            f"part_line_id as anchor_id from ({pass_sql('reversal_ties')}) as tie",
        )
        taken += bench.take(
            step.number,
            f"select '{real}' as side, a_line_id as line_id, '{real}' as anchor_side, "
            "a_line_id as anchor_id from match_pair "
            f"union all select '{real}', b_line_id, '{real}', a_line_id from match_pair "
            f"union all select '{real}', line_id, '{real}', part_line_id from match_component "
            "where is_balanced",
        )
    return taken


def key_sql(columns: tuple[str, ...]) -> tuple[str, str]:
    """Return the SQL of a key over columns of a line, and the test that all of it is there."""
    if not columns:
        return "''", "true"
    key = " || '|' || ".join(f"cast({column} as varchar)" for column in columns)
    return key, " and ".join(f"{column} is not null" for column in columns)


def connected(
    edges: list[tuple[tuple[str, int], tuple[str, int]]],
) -> dict[tuple[str, int], tuple[str, int]]:
    """Return the smallest line of the component of every line that an edge touches."""
    above: dict[tuple[str, int], tuple[str, int]] = {}

    def top(line: tuple[str, int]) -> tuple[str, int]:
        while above.setdefault(line, line) != line:
            above[line] = above[above[line]]
            line = above[line]
        return line

    for first, second in edges:
        one, other = sorted((top(first), top(second)))
        above[other] = one
    return {line: top(line) for line in above}


def pair_up(bench: Workbench, window: int) -> None:
    """Fill `match_pair` with lines of `match_pass` that are alone on both sides in the window."""
    _make_pairs(bench, window)
    _make_components(bench, window)
    bench.add("match_pair", _ALONE)


def _make_pairs(bench: Workbench, window: int) -> None:
    bench.make("match_pair", pass_sql("unique_pairs"), window_days=window)


def _make_components(bench: Workbench, window: int) -> None:
    """Fill `match_component`; the long way only where some lines compete."""
    if bench.make_counted("match_crowd", pass_sql("crowd")):
        bench.make("match_component", pass_sql("components"), window_days=window)
    else:
        bench.tables.put("match_component", COLUMNS["match_component"])


def _match_equal(bench: Workbench, pass_no: int, window: int, *, groups: bool) -> int:
    """Match `match_pass` by key and amount; k lines against k are one group where allowed.

    Without groups only pairs that are alone on both sides are taken, and only where the parties of
    the two lines do not contradict each other.
    """
    _make_pairs(bench, window)
    _make_components(bench, window)
    wanted = "is_balanced" if groups else "is_balanced and a_lines = 1"
    found = _PAIR
    if groups:
        found += (
            " union all select side, line_id, 'a', part_line_id from match_component "
            f"where {wanted}"
        )
    else:
        bench.add("match_pair", _ALONE.replace("where", "where is_balanced and"))
        _drop_contradictions(bench, "match_pair")
    taken = bench.take(pass_no, found)
    bench.doubt(
        pass_no,
        "select side, line_id, 'a' as anchor_side, part_line_id as anchor_id "
        f"from match_component where not ({wanted})",
    )
    return taken


def _drop_contradictions(bench: Workbench, table: str) -> None:
    """Drop pairs whose lines have two known parties that differ."""
    bench.make(
        table,
        f"select pair.* from {table} as pair "
        "inner join match_open as one on one.side = 'a' and one.line_id = pair.a_line_id "
        "inner join match_open as other on other.side = 'b' "
        "and other.line_id = pair.b_line_id "
        "where not one.is_known or not other.is_known or one.party_id = other.party_id",
    )
