"""Every line in exactly one class: the classes of the lines that found no match.

Not here: finding matches (`passes`, `sums`), and the result tables (`results`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.matching.passes import key_sql, pair_up
from recon.matching.workbench import pass_sql

if TYPE_CHECKING:
    from recon.matching.workbench import Workbench


_SETTLED = (
    "side varchar, line_id bigint, class varchar, pass_no integer, anchor_side varchar, "
    "anchor_id bigint"
)


def classify(bench: Workbench) -> None:
    """Put every line of `match_input` into one class, in `match_class`.

    Where several lines belong together, `anchor` is the line that names them.
    """
    bench.tables.put("match_settled", _SETTLED)
    bench.make(
        "match_left",
        "select match_input.* from match_input "
        "semi join match_open on match_input.side = match_open.side "
        "and match_input.line_id = match_open.line_id",
    )
    if bench.pairing.about.internal == "set_aside":
        bench.add(
            "match_left",
            "select match_input.* from match_input "
            "anti join match_taken on match_input.side = match_taken.side "
            "and match_input.line_id = match_taken.line_id where match_input.is_internal",
        )
    _settle(
        bench,
        "select match_doubt.side, match_doubt.line_id, 'ambiguous' as class, match_doubt.pass_no, "
        "match_doubt.anchor_side, match_doubt.anchor_id from match_doubt "
        "inner join match_left on match_doubt.side = match_left.side "
        "and match_doubt.line_id = match_left.line_id "
        "qualify row_number() over (partition by match_doubt.side, match_doubt.line_id "
        "order by match_doubt.pass_no, match_doubt.anchor_side, match_doubt.anchor_id) = 1",
    )
    _settle_where(bench, "internal", "is_internal")
    _settle_links(bench)
    if bench.pairing.about.accounts:
        _settle_missing_accounts(bench)
    _settle_cut_off(bench)
    for side in bench.pairing.about.unresolved:
        unknown = f"side = '{side}' and (party_id is null or party_id like 'N:%')"
        _settle_where(bench, "unresolved_party", unknown)
    _settle_where(bench, "only_a", "side = 'a'")
    _settle_where(bench, "only_b", "side = 'b'")
    bench.view(
        "match_class",
        "select * from match_settled union all "
        "select side, line_id, case when pass_no = 0 then 'confirmed' else 'matched' end, "
        "pass_no, anchor_side, anchor_id from match_taken",
    )


def _settle(bench: Workbench, select: str) -> None:
    """Give classes to lines that are left (side, line_id, class, pass_no, anchor)."""
    if bench.make_counted("match_new", select):
        bench.add("match_settled", "select * from match_new")
        bench.make(
            "match_left",
            "select match_left.* from match_left "
            "anti join match_new on match_left.side = match_new.side "
            "and match_left.line_id = match_new.line_id",
        )


def _settle_where(bench: Workbench, class_: str, where: str) -> None:
    """Give a class to the lines left for which the condition holds."""
    _settle(
        bench,
        f"select side, line_id, '{class_}' as class, cast(null as integer) as pass_no, "
        "cast(null as varchar) as anchor_side, cast(null as bigint) as anchor_id "
        f"from match_left where {where}",
    )


def _settle_links(bench: Workbench) -> None:
    """Point out likely counterparts: of another amount, or in another period."""
    day = "cast('2000-01-01' as date) as day"
    nothing = "cast(0 as decimal(18, 2)) as amount"
    _link(
        bench,
        "amount_differs",
        f"{day}, {nothing}, reference as match_key",
        "reference is not null",
        0,
    )
    _link(
        bench,
        "cross_period",
        "day, amount, party_id as match_key",
        "party_id is not null and day is not null",
        int(bench.value(bench.pairing.about.cross_period_days)),
    )
    for step in bench.pairing.about.passes:
        if step.kind == "shared_key":
            _link_keys(bench, step.columns)
    _link(
        bench,
        "amount_differs",
        f"day, {nothing}, party_id || '|' || cast(sign(amount) as varchar) as match_key",
        "party_id is not null and day is not null",
        int(bench.value(_window_of(bench))),
    )


def _show_left(bench: Workbench, columns: str, where: str) -> bool:
    return bench.show(f"side, line_id, {columns}", f"{where} and amount <> 0", "match_left")


_LINKED = "cast(null as integer) as pass_no, 'a' as anchor_side"


def _link(bench: Workbench, class_: str, columns: str, where: str, days: int) -> None:
    """Link lines that are alone on both sides by the given key."""
    if not _show_left(bench, columns, where):
        return
    pair_up(bench, days)
    _settle(
        bench,
        f"select 'a' as side, a_line_id as line_id, '{class_}' as class, {_LINKED}, "
        f"a_line_id as anchor_id from match_pair union all select 'b', b_line_id, '{class_}', "
        "null, 'a', a_line_id from match_pair",
    )


def _link_keys(bench: Workbench, columns: tuple[str, ...]) -> None:
    """Link all lines of a shared key that is on both sides and does not add up."""
    key, present = key_sql(columns)
    if not _show_left(bench, f"day, amount, {key} as match_key", present):
        return
    bench.make("match_key_found", pass_sql("unequal_sums"))
    _settle(
        bench,
        f"select match_pass.side, match_pass.line_id, 'amount_differs' as class, {_LINKED}, "
        "match_key_found.part_line_id as anchor_id from match_pass "
        "inner join match_key_found on match_pass.match_key = match_key_found.match_key",
    )


def _settle_missing_accounts(bench: Workbench) -> None:
    """Set aside accounts that the other side does not keep at all: never a list of leaks.

    The other side says the account of every line of it, and none of them is this account's; and no
    line of the account has found a counterpart.
    """
    bench.make(
        "match_account", "select distinct side, account from match_input where account is not null"
    )
    bench.make("match_unnamed", "select distinct side from match_input where account is null")
    bench.make(
        "match_met",
        "select distinct match_input.side, match_input.account from match_input "
        "inner join match_taken on match_input.side = match_taken.side "
        "and match_input.line_id = match_taken.line_id",
    )
    _settle_where(
        bench,
        "account_missing",
        """account is not null
        and not exists (
            select 1 from match_unnamed where match_unnamed.side <> match_left.side
        )
        and not exists (
            select 1 from match_account
            where match_account.side <> match_left.side
            and match_account.account = match_left.account
        )
        and not exists (
            select 1 from match_met
            where match_met.side = match_left.side and match_met.account = match_left.account
        )""",
    )


def _settle_cut_off(bench: Workbench) -> None:
    """Lines so near the first or last day of the other side that a counterpart may lie beyond."""
    bench.make(
        "match_cover",
        "select side, min(day) as first_day, max(day) as last_day from match_input group by side",
    )
    window = int(bench.value(_window_of(bench)))
    _settle_where(
        bench,
        "cross_period",
        "exists (select 1 from match_cover where match_cover.side <> match_left.side "
        f"and (date_diff('day', match_cover.last_day, match_left.day) > -{window} "
        f"or date_diff('day', match_left.day, match_cover.first_day) > -{window}))",
    )


def _window_of(bench: Workbench) -> str | int:
    """Return the window of the pairing's first pass that has one."""
    windows = [step.window for step in bench.pairing.about.passes if step.number in (2, 3)]
    return windows[0] if windows else "match.window_days"
