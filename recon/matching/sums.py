"""Pass 5: one line that is the sum of several of the other side, proven unique or left open.

A line is matched when exactly one set of lines explains it, none of them is in doubt, and no other
explainable line claims one of them. Bounds that cut are kept as findings of their own. Not here:
the search itself (`recon.matching.subset_sum`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from recon.matching.passes import key_sql
from recon.matching.subset_sum import SubsetSearch, find_subsets
from recon.matching.workbench import pass_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recon.matching.workbench import Workbench
    from recon.rules.pairings import PassStep

Line = tuple[str, int]


@dataclass(frozen=True)
class Explanation:
    """A line that may be a sum, the smaller lines near it, and what the search found."""

    target: Line
    pool: tuple[Line, ...]
    search: SubsetSearch

    @property
    def options(self) -> tuple[tuple[Line, ...], ...]:
        """The explaining sets of lines."""
        return tuple(
            tuple(self.pool[index] for index in solution) for solution in self.search.solutions
        )

    @property
    def claims(self) -> set[Line]:
        """Lines that an answer needs; a target with countless answers claims only itself."""
        if self.search.has_more:
            return {self.target}
        return {self.target, *(line for option in self.options for line in option)}


def match_sums(bench: Workbench, step: PassStep) -> int:
    """Pass 5: match lines that are uniquely a sum; note doubts, their options and cut bounds."""
    key, present = key_sql(step.columns)
    sums_on = ", ".join(f"'{side}'" for side in step.sums_on)
    shown = bench.show(
        "side, line_id, day, amount, reference, shared_key, "
        f"{key} as match_key, side in ({sums_on}) as is_target",
        f"{present} and day is not null and amount <> 0",
    )
    if not shown:
        return 0
    window = bench.value(step.window)
    bench.tables.put("match_day_step", "days integer", [(n,) for n in range(-window, window + 1)])
    bench.make("match_pool", pass_sql("sum_pools"))
    most = int(bench.value("match.max_group"))
    _note_large_pools(bench, most)
    found = list(_explain(bench, most, int(bench.value("match.max_solutions"))))
    doubted = {(side, line) for side, line in bench.rows("select side, line_id from match_doubt")}
    matched, open_ = _judge(found, doubted)
    bench.tables.put(
        "match_sum",
        "side varchar, line_id bigint, anchor_side varchar, anchor_id bigint",
        [(*line, *_anchor(one)) for one in matched for line in (one.target, *one.options[0])],
    )
    taken = bench.take(step.number, "select * from match_sum")
    _note_doubts(bench, step.number, open_)
    return taken


def _anchor(one: Explanation) -> Line:
    """Return the line that names the group: the smallest of side a."""
    return min((one.target, *one.options[0]))


def _note_large_pools(bench: Workbench, most: int) -> None:
    bench.add(
        "match_bound_found",
        "select target_side as side, target_id as line_id, count(*) as lines, "
        "'可凑数的行超过上限，未按合计匹配' as reason_zh, "
        "'too many lines near it; not matched by sum' as reason_en "
        "from match_pool group by target_side, target_id having count(*) > $most "
        "and sum(fen) >= max(target_fen)",
        most=most,
    )


def _explain(bench: Workbench, most: int, limit: int) -> Iterator[Explanation]:
    """Yield every line that has an explanation; note searches that were cut."""
    rows = bench.rows(
        "select target_side, target_id, line_id, target_fen, fen, day, reference, shared_key "
        "from match_pool "
        "qualify count(*) over (partition by target_side, target_id) between 2 and $most "
        "and sum(fen) over (partition by target_side, target_id) >= target_fen",
        "target_side, target_id, fen desc, day, reference, shared_key, line_id",
        most=most,
    )
    cut: list[tuple[str, int, int, str, str]] = []
    for (side, line_id), members in groupby(rows, key=lambda row: (row[0], row[1])):
        pool = list(members)
        search = find_subsets([row[4] for row in pool], pool[0][3], limit)
        if not search.is_complete and not search.has_more:
            cut.append(
                (side, line_id, len(pool), "组合过多，未搜尽", "too many combinations; search cut")
            )
        if search.solutions:
            other = "b" if side == "a" else "a"
            yield Explanation((side, line_id), tuple((other, row[2]) for row in pool), search)
    bench.note("match_bound_found", cut)


def _judge(
    found: list[Explanation], doubted: set[Line]
) -> tuple[list[Explanation], list[Explanation]]:
    """Split explained lines into matched ones and open ones."""
    users: dict[Line, int] = {}
    for one in found:
        for line in one.claims:
            users[line] = users.get(line, 0) + 1
    matched: list[Explanation] = []
    open_: list[Explanation] = []
    for one in found:
        is_free = one.search.is_unique and all(
            users[line] == 1 and line not in doubted for line in one.claims
        )
        (matched if is_free else open_).append(one)
    return matched, open_


def _note_doubts(bench: Workbench, pass_no: int, open_: list[Explanation]) -> None:
    doubts: dict[Line, Line] = {}
    options: list[tuple[str, int, int, str, int]] = []
    for one in open_:
        doubts.setdefault(one.target, one.target)
        options.append((*one.target, 0, *one.target))
        for number, option in enumerate(one.options, start=1):
            for line in option:
                doubts.setdefault(line, one.target)
                options.append((*one.target, number, *line))
    bench.note(
        "match_doubt", [(*line, pass_no, *anchor) for line, anchor in sorted(doubts.items())]
    )
    bench.note("match_option", options)
