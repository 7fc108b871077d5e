"""Every line in exactly one class: the classes of the lines that found no match.

Not here: finding matches (`passes`, `sums`), and the result tables (`results`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.matching.passes import pair_up
from recon.matching.slots import Slot, schedule
from recon.matching.workbench import pass_sql
from recon.rules.pairings import PassStep

if TYPE_CHECKING:
    from collections.abc import Callable

    from recon.matching.workbench import Workbench
    from recon.rules.pairings import Pairing

_SETTLED = "place bigint, class varchar, pass_no integer, anchor bigint"
_NO_ANCHOR = "cast(null as integer) as pass_no, cast(null as bigint) as anchor"
_NO_DAY = "cast('2000-01-01' as date) as day"
_NO_AMOUNT = "cast(0 as decimal(18, 2)) as amount"


def classify(bench: Workbench) -> None:
    """Put every line of `match_input` into one class, in `match_class`.

    Where several lines belong together, `anchor` is the line that names them.
    """
    bench.tables.put("match_settled", _SETTLED)
    _gather_left(bench)
    _settle(
        bench,
        "select match_doubt.place, 'ambiguous' as class, match_doubt.pass_no, match_doubt.anchor "
        "from match_doubt inner join match_left on match_doubt.place = match_left.place "
        "qualify row_number() over (partition by match_doubt.place "
        "order by match_doubt.pass_no, match_doubt.anchor % 2, match_doubt.anchor) = 1",
    )
    _settle(
        bench, f"select place, 'internal' as class, {_NO_ANCHOR} from match_left where is_internal"
    )
    _settle_links(bench)
    _settle_rest(bench)
    bench.view(
        "match_class",
        "select * from match_settled union all "
        "select place, case when pass_no = 0 then 'confirmed' else 'matched' end as class, "
        "pass_no, anchor from match_taken",
    )


def _gather_left(bench: Workbench) -> None:
    left = (
        "select match_input.*, match_open.party from match_input "
        "inner join match_open on match_input.place = match_open.place"
    )
    aside = [n for n, one in enumerate(bench.pairings) if one.about.internal == "set_aside"]
    if aside:
        left += (
            " union all select match_input.*, cast(null as varchar) as party from match_input "
            "anti join match_taken on match_input.place = match_taken.place "
            f"where match_input.is_internal and pairing_no in ({', '.join(map(str, aside))})"
        )
    bench.make("match_left", left)


def _settle(bench: Workbench, select: str) -> None:
    """Give classes to lines that are left (place, class, pass_no, anchor)."""
    if bench.make_counted("match_new", select):
        bench.add("match_settled", "select * from match_new")
        bench.make(
            "match_left",
            "select match_left.* from match_left "
            "anti join match_new on match_left.place = match_new.place",
        )


def _slot(bench: Workbench, window: Callable[[Pairing], str | int]) -> Slot:
    """Return a slot over all pairings with a window of days of their own."""
    steps = {
        n: PassStep.model_validate({"pass": "party_amount_window", "window": window(one)})
        for n, one in enumerate(bench.pairings)
    }
    return Slot("link", steps)


def _settle_links(bench: Workbench) -> None:
    """Point out likely counterparts: of another party or amount, or in another period."""
    undated = _slot(bench, lambda _: 0)
    if any(
        step.kind in ("reference", "tolerance") for p in bench.pairings for step in p.about.passes
    ):
        _link(bench, "party_differs", undated, f"{_NO_DAY}, amount, reference as match_key")
        _link(bench, "amount_differs", undated, f"{_NO_DAY}, {_NO_AMOUNT}, reference as match_key")
    _link(
        bench,
        "cross_period",
        _slot(bench, lambda one: one.about.cross_period_days),
        "day, amount, party as match_key",
    )
    for slot in schedule(bench.pairings):
        if slot.kind == "shared_key":
            _link_keys(bench, slot)
    _link(
        bench,
        "amount_differs",
        _slot(bench, _window_of),
        f"day, {_NO_AMOUNT}, party || '|' || cast(sign(amount) as varchar) as match_key",
    )


def _show_left(bench: Workbench, slot: Slot, columns: str, more: str = "") -> None:
    bench.view("match_slot", slot.values(bench.value))
    bench.view(
        "match_pass",
        f"select * from (select pairing_no, place, side, party, {columns} from match_left "
        f"where amount <> 0 and {slot.among()}) as shown "
        f"where match_key is not null and day is not null {more}",
    )


_LINKED = "cast(null as integer) as pass_no"


def _link(bench: Workbench, class_: str, slot: Slot, columns: str) -> None:
    """Link lines that are alone on both sides by the given key."""
    _show_left(bench, slot, columns)
    pair_up(bench)
    torn = "is_torn" if class_ == "party_differs" else "true"
    _settle(
        bench,
        f"select a_place as place, '{class_}' as class, {_LINKED}, "
        f"a_place as anchor from match_pair where {torn} union all "
        f"select b_place, '{class_}', null, a_place from match_pair where {torn}",
    )


def _link_keys(bench: Workbench, slot: Slot) -> None:
    """Link all lines of a shared key that is on both sides and does not add up."""
    key = slot.key(lambda step: step.columns)
    bench.view("match_slot", slot.values(bench.value))
    bench.view(
        "match_pass",
        f"select pairing_no, place, side, amount, {key} as match_key from match_left "
        f"where amount <> 0 and {slot.among()} and {key} is not null",
    )
    if not bench.make_counted("match_key_found", pass_sql("unequal_sums")):
        return
    _settle(
        bench,
        f"select match_pass.place, 'amount_differs' as class, {_LINKED}, "
        "match_key_found.part_place as anchor from match_pass "
        "inner join match_key_found on match_pass.pairing_no = match_key_found.pairing_no "
        "and match_pass.match_key = match_key_found.match_key",
    )


def _settle_rest(bench: Workbench) -> None:
    """Say of every other line why it is alone.

    An account is missing where the other side says the account of every line of it and none is this
    one, and where no line of it found a counterpart: never a list of leaks. Lines near the first or
    last day of the other side may have their counterpart beyond.
    """
    bench.view("match_slot", _slot(bench, _window_of).values(bench.value))
    bench.make(
        "match_cover",
        "select pairing_no, case when side = 'a' then 'b' else 'a' end as side, "
        "min(day) as first_day, max(day) as last_day, "
        "count(*) = count(account) as names_accounts from match_input group by pairing_no, side",
    )
    accounts = [str(n) for n, one in enumerate(bench.pairings) if one.about.accounts]
    if accounts:
        strange = f"{pass_sql('strange_accounts')} and foreign_account.pairing_no in "
        bench.make("match_strange_account", f"{strange}({', '.join(accounts)})")
    else:
        bench.clear("match_strange_account")
    bench.add(
        "match_settled",
        f"""
        select
            match_left.place,
            case
                when match_strange_account.account is not null
                    and coalesce(match_cover.names_accounts, true)
                    then 'account_missing'
                when date_diff('day', match_cover.last_day, match_left.day)
                    > -match_slot.window_days
                    or date_diff('day', match_left.day, match_cover.first_day)
                    > -match_slot.window_days
                    then 'cross_period'
                when {_unresolved(bench)}
                    and (match_left.party_id is null or match_left.party_id like 'N:%')
                    then 'unresolved_party'
                else 'only_' || match_left.side
            end as class,
            {_NO_ANCHOR}
        from match_left
        inner join match_slot on match_left.pairing_no = match_slot.pairing_no
        left join match_cover
            on match_left.pairing_no = match_cover.pairing_no
            and match_left.side = match_cover.side
        left join match_strange_account
            on match_left.pairing_no = match_strange_account.pairing_no
            and match_left.side = match_strange_account.side
            and match_left.account = match_strange_account.account""",
    )


def _unresolved(bench: Workbench) -> str:
    """Return the test that a line's side says which parties are not known."""
    sides = [
        f"match_left.pairing_no = {n} and match_left.side = '{side}'"
        for n, one in enumerate(bench.pairings)
        for side in one.about.unresolved
    ]
    return f"({' or '.join(sides) or 'false'})"


def _window_of(pairing: Pairing) -> str | int:
    """Return the window of the pairing's first pass that has one."""
    windows = [
        step.window
        for step in pairing.about.passes
        if step.kind in ("party_amount_window", "amount_window_unique")
    ]
    return windows[0] if windows else "match.window_days"
