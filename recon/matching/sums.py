"""Pass 5: one line that is the sum of several of the other side, proven unique or left open.

A line is matched when exactly one set of lines explains it, none of them is in doubt, no other
explainable line claims one of them, and no two parties are stated among them. Bounds that cut are
kept as findings of their own. Not here: the search itself (`recon.matching.subset_sum`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from recon.matching.passes import put_day_steps
from recon.matching.subset_sum import find_subsets
from recon.matching.workbench import pass_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.engine.matcher_tables import Row
    from recon.matching.slots import Slot
    from recon.matching.workbench import Workbench


@dataclass(frozen=True)
class Explanation:
    """A line that may be a sum, and the sets of lines that explain it.

    `is_sure`: there is one set, and the search proved that there is no other.
    """

    target: int
    options: tuple[tuple[int, ...], ...]
    is_countless: bool
    is_sure: bool

    @property
    def claims(self) -> set[int]:
        """Lines that an answer needs; a target with countless answers claims only itself."""
        if self.is_countless:
            return {self.target}
        return {self.target, *(place for option in self.options for place in option)}


def match_sums(bench: Workbench, slot: Slot) -> None:
    """Pass 5: match lines that are uniquely a sum; note doubts, their options and cut bounds."""
    live = slot.of(
        lambda n, step: bench.both_have(
            n, "day", *("party" if c == "party_id" else c for c in step.columns)
        )
    )
    if not live.steps:
        return
    targets = " or ".join(
        f"(pairing_no = {n} and side in ({', '.join(map(repr, step.sums_on))}))"
        for n, step in live.steps.items()
    )
    strict = ", ".join(str(n) for n, step in live.steps.items() if step.one_party) or "-1"
    sets = live.key(lambda step: step.together)
    bench.show(
        live,
        live.key(lambda step: step.columns),
        f"reference, shared_key, {sets} as set_key, {targets} as is_target, "
        f"pairing_no in ({strict}) as is_of_one_party,",
        "day is not null and amount <> 0",
    )
    put_day_steps(bench, live)
    bench.make("match_crowded_pool", pass_sql("crowded_pools"))
    bench.make("match_pool", pass_sql("sum_pools"))
    _note_large_pools(bench)
    found = list(_explain(bench, int(bench.value("match.max_solutions"))))
    doubted = {place for (place,) in bench.rows("select place from match_doubt")} if found else ()
    matched, open_ = _judge(found, set(doubted))
    if matched:
        bench.tables.put(
            "match_sum",
            "place bigint, anchor bigint",
            [(place, _anchor(one)) for one in matched for place in (one.target, *one.options[0])],
        )
        bench.take(slot.number, "select * from match_sum")
    _note_doubts(bench, slot.number, open_)


def _anchor(one: Explanation) -> int:
    """Return the line that names the group: the smallest of side a."""
    return min(place for place in (one.target, *one.options[0]) if place % 2 == 0)


def _note_large_pools(bench: Workbench) -> None:
    bench.add(
        "match_bound_found",
        "select target_place as place, count(*) as lines, "
        "'可凑数的行超过上限，未按合计匹配' as reason_zh, "
        "'too many lines near it; not matched by sum' as reason_en "
        "from match_pool group by target_place, set_key having count(*) > $match_max_group "
        "and sum(fen) >= max(target_fen) union all "
        "select place, lines, '可凑数的行超过上限，未按合计匹配', "
        "'too many lines near it; not matched by sum' from match_crowded_pool",
    )


def _explain(bench: Workbench, limit: int) -> Iterator[Explanation]:
    """Yield every line that has an explanation; note searches that were cut."""
    rows = bench.rows(
        "select target_place, set_key, place, target_fen, fen, day, reference, shared_key, party "
        "from match_pool where set_key is not null "
        "qualify count(*) over (partition by target_place, set_key) "
        "between 2 and $match_max_group "
        "and sum(fen) over (partition by target_place, set_key) >= target_fen",
        "target_place % 2, target_place, set_key, fen desc, day, reference, shared_key, place",
    )
    cut: list[Row] = []
    for target, members in groupby(rows, key=lambda row: row[0]):
        pools = [list(pool) for _, pool in groupby(members, key=lambda row: row[1])]
        found = _explain_one(target, pools, limit, cut)
        if found:
            yield found
    bench.note("match_bound_found", cut)


def _explain_one(
    target: int, pools: list[list[Row]], limit: int, cut: list[Row]
) -> Explanation | None:
    """Search the pools of one line; add the searches that were cut."""
    options: list[tuple[int, ...]] = []
    is_countless, is_complete = False, True
    for pool in pools:
        search = find_subsets([row[4] for row in pool], pool[0][3], limit)
        if not search.is_complete and not search.has_more:
            is_complete = False
            cut.append((target, len(pool), "组合过多，未搜尽", "too many combinations; search cut"))
        is_countless |= search.has_more
        for solution in search.solutions:
            stated = {pool[index][8] for index in solution} - {None}
            if len(stated) <= 1:
                options.append(tuple(pool[index][2] for index in solution))
    if not options:
        return None
    is_sure = is_complete and not is_countless and len(options) == 1
    shown = tuple(options[:limit])
    return Explanation(target, shown, is_countless or len(options) > limit, is_sure)


def _judge(
    found: list[Explanation], doubted: set[int]
) -> tuple[list[Explanation], list[Explanation]]:
    """Split explained lines into matched ones and open ones."""
    users: dict[int, int] = {}
    for one in found:
        for place in one.claims:
            users[place] = users.get(place, 0) + 1
    matched: list[Explanation] = []
    open_: list[Explanation] = []
    for one in found:
        is_free = one.is_sure and all(
            users[place] == 1 and place not in doubted for place in one.claims
        )
        (matched if is_free else open_).append(one)
    return matched, open_


def _note_doubts(bench: Workbench, pass_no: int, open_: list[Explanation]) -> None:
    doubts: dict[int, int] = {}
    options: list[Row] = []
    for one in open_:
        doubts.setdefault(one.target, one.target)
        options.append((pass_no, one.target, 0, one.target))
        for number, option in enumerate(one.options, start=1):
            for place in option:
                doubts.setdefault(place, one.target)
                options.append((pass_no, one.target, number, place))
    bench.note(
        "match_doubt", [(place, pass_no, anchor) for place, anchor in sorted(doubts.items())]
    )
    bench.note("match_option", options)
