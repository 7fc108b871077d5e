"""The passes that are SQL: by reference, party, amount alone, shared key or list, tolerance.

Each looks at the open lines only and consumes what it matches; where several answers are equally
good it takes none and notes the doubt. No pass joins two lines that state different parties. Not
here: sums of subsets (`sums`) and the order of passes (`slots`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from recon.matching.workbench import pass_sql

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.matching.slots import Slot
    from recon.matching.workbench import Workbench
    from recon.rules.pairings import PassStep

_PAIR = (
    "select a_place as place, a_place as anchor from match_pair where not is_torn "
    "union all select b_place, a_place from match_pair where not is_torn"
)
_ALONE = (
    "select pairing_no, min(case when side = 'a' then place end) as a_place, "
    "min(case when side = 'b' then place end) as b_place, false as is_torn from match_component "
    "where a_lines = 1 and b_lines = 1 group by pairing_no, part_place"
)
_DATED = "day is not null and amount <> 0"
#: Wording of a line that takes another one back.
_TAKEN_BACK = "退|冲|撤|红字|更正|调整|错|返回|失败"
_NO_DAY = "cast('2000-01-01' as date) as day"


def match_reference(bench: Workbench, slot: Slot) -> None:
    """Pass 1: the same reference and amount, whatever the days."""
    live = slot.of(lambda n, _: bench.both_have(n, "reference"))
    if live.steps:
        _match_equal(bench, slot.number, partial(_show_undated, bench, live, "reference"))


def match_party_amount(bench: Workbench, slot: Slot) -> None:
    """Pass 2: the same party and amount within the window.

    Then a name that begins several others, and the one line of these that has its amount.
    """
    live = slot.of(lambda n, _: bench.both_have(n, "party", "day"))
    if not live.steps:
        return
    show = partial(bench.show, live, "party", where=_DATED)
    _match_equal(bench, slot.number, show)
    if bench.has_alike:
        show()
        put_day_steps(bench, live)
        if bench.make_counted("match_edge", pass_sql("amount_edges")):
            bench.make("match_pair", _ONLY_EDGES)
            bench.take_couples(slot.number)


def match_amount(bench: Workbench, slot: Slot) -> None:
    """Pass 3: the same amount within the window, unique on both sides among lines that may be."""
    live = slot.of(lambda n, _: bench.both_have(n, "day"))
    if not live.steps:
        return
    bench.show(live, "''", where=_DATED)
    put_day_steps(bench, live)
    if not bench.make_counted("match_edge", pass_sql("amount_edges")):
        return
    bench.make("match_pair", _ONLY_EDGES)
    bench.make(
        "match_left_edge",
        "select a_place as place from match_edge anti join match_pair "
        "on match_edge.a_place = match_pair.a_place "
        "union select b_place from match_edge anti join match_pair "
        "on match_edge.b_place = match_pair.b_place",
    )
    bench.take_couples(slot.number)
    bench.view(
        "match_pass",
        "select pairing_no, match_open.place, side, day, amount, party, '' as match_key "
        "from match_open semi join match_left_edge on match_open.place = match_left_edge.place",
    )
    make_components(bench)
    bench.doubt(slot.number, "select place, part_place as anchor from match_component")


_ONLY_EDGES = (
    "select pairing_no, a_place, b_place, false as is_torn from match_edge "
    "qualify count(*) over (partition by a_place) = 1 "
    "and count(*) over (partition by b_place) = 1"
)


def match_shared_key(bench: Workbench, slot: Slot) -> None:
    """Pass 4: all lines of a key, when both sides add up to the same."""
    live = slot.of(lambda n, step: bench.both_have(n, *_filled(step.columns)))
    if not live.steps:
        return
    bench.show(live, live.key(lambda step: step.columns), where="true")
    _mark(bench, live, has_number=_has_number)
    bench.make("match_key_found", pass_sql("equal_sums"))
    bench.take(
        slot.number,
        "select match_pass.place, match_key_found.part_place as anchor "
        "from match_pass inner join match_key_found "
        "on match_pass.pairing_no = match_key_found.pairing_no "
        "and match_pass.match_key = match_key_found.match_key",
    )


def match_key_total(bench: Workbench, slot: Slot) -> None:
    """Pass 4: all lines of one side that share a key, when one line of the other is their sum."""
    live = slot.of(lambda n, step: _one_has(bench, n, *_filled(step.columns)))
    if not live.steps:
        return
    bench.show(live, live.key(lambda step: step.columns), where=_DATED)
    _mark(bench, live, needs_party=lambda step: "party_id" in step.columns, has_number=_has_number)
    put_day_steps(bench, live)
    if not bench.make_counted("match_total", pass_sql("key_totals")):
        return
    bench.make("match_lone", pass_sql("lone_totals"))
    if not bench.make_counted(
        "match_total",
        "select match_total.* from match_total semi join match_lone "
        "on match_total.set_place = match_lone.set_place "
        "and match_total.place = match_lone.target_place",
    ):
        return
    bench.make(
        "match_sure_total",
        "select match_total.pairing_no, match_total.set_place, match_total.match_key, "
        "match_total.set_side, match_total.place from match_total anti join match_doubt "
        "on match_total.place = match_doubt.place "
        "qualify count(*) over (partition by match_total.place) = 1 and count(*) over "
        "(partition by match_total.pairing_no, match_total.set_side, match_total.match_key) = 1",
    )
    member = (
        "inner join match_pass on {0}.pairing_no = match_pass.pairing_no "
        "and {0}.set_side = match_pass.side and {0}.match_key = match_pass.match_key"
    )
    bench.make(
        "match_open_total",
        "select match_total.place as anchor, dense_rank() over (partition by match_total.place "
        "order by match_total.set_place) as option_no, match_pass.place from match_total "
        f"anti join match_sure_total on match_total.set_place = match_sure_total.set_place "
        f"{member.format('match_total')}",
    )
    bench.take(
        slot.number,
        "select sure.place, case when sure.set_side = 'a' then sure.set_place else sure.place end "
        "as anchor from match_sure_total as sure union all "
        "select match_pass.place, case when sure.set_side = 'a' then sure.set_place "
        f"else sure.place end from match_sure_total as sure {member.format('sure')}",
    )
    bench.doubt(
        slot.number,
        "select place, min(anchor) as anchor from (select place, anchor from match_open_total "
        "union all select anchor, anchor from match_open_total) as open_total group by place",
    )
    bench.add(
        "match_option",
        f"select cast({slot.number} as integer) as pass_no, anchor, option_no, place "
        f"from match_open_total union all select distinct {slot.number}, anchor, 0, anchor "
        "from match_open_total",
    )


def match_listed(bench: Workbench, slot: Slot) -> None:
    """Pass 4: a line and the lines that the list behind it names, party by party."""
    live = slot.of(lambda n, _: bench.has_lists and _one_has(bench, n, "party"))
    if not live.steps:
        return
    bench.show(live, "''", where=_DATED)
    if bench.make_counted("match_claim", pass_sql("listed")):
        both = "select target_place, place from match_claim union select target_place, target_place"
        bench.take(
            slot.number,
            "select place, min(case when side = 'a' then place end) over "
            "(partition by target_place) as anchor from (select claim.target_place, claim.place, "
            f"match_open.side from ({both} from match_claim) as claim inner join match_open "
            "on claim.place = match_open.place) as sided",
        )


def match_tolerance(bench: Workbench, slot: Slot) -> None:
    """Pass 6: the same key, amounts within the tolerance, unique on both sides in the window."""
    live = slot.of(lambda n, step: bench.both_have(n, "day", *_filled(step.columns)))
    if not live.steps:
        return
    bench.show(live, live.key(lambda step: step.columns), where=_DATED)
    if not bench.make_counted("match_edge", pass_sql("near_amounts")):
        return
    bench.make("match_pair", _ONLY_EDGES)
    bench.take(slot.number, _PAIR)
    edges = bench.rows(
        "select match_edge.a_place, match_edge.b_place from match_edge anti join match_pair "
        "on match_edge.a_place = match_pair.a_place "
        "and match_edge.b_place = match_pair.b_place"
    )
    anchors = connected(list(edges))
    bench.note(
        "match_doubt", [(place, slot.number, anchor) for place, anchor in sorted(anchors.items())]
    )


def match_reversals(bench: Workbench, slot: Slot) -> None:
    """Pass 7: lines of one side that cancel each other within the window."""
    live = slot.of(lambda n, step: _one_has(bench, n, "day", *_filled(step.columns)))
    if not live.steps:
        return
    key = live.key(lambda step: step.columns)
    sides = " or ".join(
        f"(pairing_no = {n} and side in ({', '.join(map(repr, step.sides))}))"
        for n, step in live.steps.items()
    )
    worded = ", ".join(str(n) for n, step in live.steps.items() if step.worded) or "-1"
    bench.view("match_slot", live.values(bench.value))
    bench.view(  # the side of a line is its sign here, and its own side part of the key
        "match_pass",
        "select pairing_no, place, case when signed > 0 then 'a' else 'b' end as side, day, "
        "abs(signed) as amount, party, real_side || '|' || real_key as match_key from ("
        "select pairing_no, place, side as real_side, day, amount as signed, party, "
        f"{key} as real_key, count(case when text_ is null or regexp_matches(text_, "
        f"'{_TAKEN_BACK}') then 1 end) over (partition by pairing_no, side, {key}, abs(amount)) "
        f"as speaking from match_open where ({sides}) and day is not null and amount <> 0 "
        f"and {key} is not null) as shown where speaking > 0 or pairing_no not in ({worded})",
    )
    _make_pairs(bench)
    if make_components(bench):
        bench.add("match_pair", pass_sql("reversal_runs"))
        ties = pass_sql("reversal_ties")
        bench.doubt(slot.number, f"select place, part_place as anchor from ({ties}) as tie")
    bench.take(
        slot.number,
        f"{_PAIR} union all select place, part_place from match_component where is_balanced",
    )


def connected(edges: list[tuple[int, int]]) -> dict[int, int]:
    """Return the smallest line of side a of the component of every line that an edge touches.

    Args:
        edges: Pairs of places, the line of side a first.
    """
    above: dict[int, int] = {}

    def rank(place: int) -> tuple[int, int]:
        return place % 2, place

    def top(place: int) -> int:
        while above.setdefault(place, place) != place:
            above[place] = above[above[place]]
            place = above[place]
        return place

    for first, second in edges:
        one, other = sorted((top(first), top(second)), key=rank)
        above[other] = one
    return {place: top(place) for place in above}


def pair_up(bench: Workbench) -> None:
    """Fill `match_pair` with lines of `match_pass` that are alone on both sides in the window."""
    _make_pairs(bench)
    if make_components(bench):
        bench.add("match_pair", _ALONE)


def put_day_steps(bench: Workbench, slot: Slot) -> None:
    """Fill `match_day_step`: minus the window to plus the window, per pairing."""
    rows = []
    for number, step in slot.steps.items():
        window = int(bench.value(step.window))
        rows += [(number, days) for days in range(-window, window + 1)]
    bench.tables.put("match_day_step", "pairing_no integer, days integer", rows)


def make_components(bench: Workbench) -> bool:
    """Fill `match_component` where some lines of `match_pass` compete; say whether some do."""
    if bench.make_counted("match_crowd", pass_sql("crowd")):
        bench.make("match_component", pass_sql("components"))
        return True
    bench.clear("match_component")
    return False


def _make_pairs(bench: Workbench) -> None:
    bench.make("match_pair", pass_sql("unique_pairs"))


def _match_equal(bench: Workbench, pass_no: int, show: Callable[[], None]) -> None:
    """Match what `show` makes visible by key and amount; k against k of one party are one group.

    Lines that are alone on both sides go first: they are most, and none of them competes.
    """
    show()
    _make_pairs(bench)
    if bench.take_couples(pass_no):
        show()
    if make_components(bench):
        bench.doubt(
            pass_no, "select place, part_place as anchor from match_component where not is_balanced"
        )
        bench.take(
            pass_no, "select place, part_place as anchor from match_component where is_balanced"
        )


def _has_number(step: PassStep) -> bool:
    """Tell whether a key says which lines belong together, as a batch or a voucher does."""
    return bool({"reference", "shared_key"} & {*step.columns})


def _mark(bench: Workbench, slot: Slot, **holds: Callable[[PassStep], bool]) -> None:
    """Add to `match_slot` by name whether something holds for the step of each pairing."""
    marks = [
        f"pairing_no in ({', '.join(str(n) for n, step in slot.steps.items() if held(step)) or -1})"
        f" as {name}"
        for name, held in holds.items()
    ]
    bench.view(
        "match_slot",
        f"select values_of.*, {', '.join(marks)} from ({slot.values(bench.value)}) as values_of",
    )


def _show_undated(bench: Workbench, slot: Slot, key: str) -> None:
    bench.view("match_slot", slot.values(bench.value))
    bench.view(
        "match_pass",
        f"select pairing_no, place, side, {_NO_DAY}, amount, party, {key} as match_key "
        f"from match_open where {slot.among()} and amount <> 0 and {key} is not null",
    )


def _filled(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns of an open line that a key needs."""
    return tuple("party" if column == "party_id" else column for column in columns)


def _one_has(bench: Workbench, number: int, *columns: str) -> bool:
    """Whether some side of a pairing has all of these columns filled, and two lines at least."""
    sides = [bench.filled.get((number, side), {}) for side in "ab"]
    return any(all(one.get(column, 0) > 1 for column in ("lines", *columns)) for one in sides)
