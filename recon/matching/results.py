"""The result tables of the matcher: lines, groups, candidates of ambiguities, bounds that cut.

Ids are hashes of what the lines say, never of row numbers, so that shuffled inputs and any number
of threads give the same ids. Not here: deciding a class (`classes`) and the proof (`proof`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recon.matching.keys import CONTENT, content_sql
from recon.matching.reasons import write_reasons

if TYPE_CHECKING:
    from recon.matching.workbench import Workbench

RESULT_TABLES = """
create or replace table match_line (
    pairing varchar, side varchar, line_id bigint, class varchar, pass_no integer,
    group_id varchar, reason_zh varchar, reason_en varchar, amount decimal(18, 2)
);
create or replace table match_group (
    pairing varchar, group_id varchar, kind varchar, pass_no integer, a_lines bigint,
    b_lines bigint, a_amount decimal(18, 2), b_amount decimal(18, 2), difference decimal(18, 2)
);
create or replace table match_candidate (
    pairing varchar, ambiguity_id varchar, option_no integer, side varchar, line_id bigint,
    line_key varchar
);
create or replace table match_bound (
    pairing varchar, side varchar, line_id bigint, lines bigint, reason_zh varchar,
    reason_en varchar
);
create or replace table match_input_total (
    pairing varchar, side varchar, lines bigint, amount decimal(18, 2)
);
"""

_ON_LINE = "{0}.side = {1}.side and {0}.line_id = {1}.line_id"


def write_results(bench: Workbench) -> None:
    """Add the pairing in `match_class` to the result tables."""
    write_reasons(bench)
    _name_groups(bench)
    _write_lines(bench)
    _write_groups(bench)
    _write_candidates(bench)
    bench.run(
        "insert into match_bound select $pairing, side, line_id, max(lines), min(reason_zh), "
        "min(reason_en) from match_bound_found group by side, line_id",
        pairing=bench.pairing.name,
    )
    bench.run(
        "insert into match_input_total "
        + " union all ".join(
            f"select $pairing, '{side}', count(*), "
            f"coalesce(sum(cast(amount as decimal(18, 2))), 0) from match_side_{side}"
            for side in bench.pairing.side_sql
        ),
        pairing=bench.pairing.name,
    )


def _name_groups(bench: Workbench) -> None:
    """Give every group its id: a hash of its first line's content; twins are numbered.

    The lines of an ambiguity are all that compete in it, also those that an earlier pass doubts.
    """
    bench.run(
        "create or replace table match_competitor as select match_doubt.* from match_doubt "
        "semi join match_class on match_class.class = 'ambiguous' "
        "and match_doubt.pass_no = match_class.pass_no "
        "and match_doubt.anchor_side = match_class.anchor_side "
        "and match_doubt.anchor_id = match_class.anchor_id "
        f"semi join match_open on {_ON_LINE.format('match_doubt', 'match_open')} "
        "where match_doubt.pass_no <> 5"
    )
    bench.run(
        f"""create or replace table match_named as
        with member as (
            select side, line_id, class, pass_no, anchor_side, anchor_id from match_class
            where anchor_id is not null and class <> 'ambiguous'
            union all
            select side, line_id, 'ambiguous', pass_no, anchor_side, anchor_id
            from match_competitor
            union all
            select distinct anchor_side, anchor_id, 'ambiguous', pass_no, anchor_side, anchor_id
            from match_class where class = 'ambiguous' and pass_no = 5
        )
        select member.anchor_side, member.anchor_id, member.class, member.pass_no,
            substr(md5($pairing || '|' || member.class || '|' || min({CONTENT})), 1, 16)
                as group_id
        from member
        inner join match_input on {_ON_LINE.format("member", "match_input")}
        group by member.anchor_side, member.anchor_id, member.class, member.pass_no""",
        pairing=bench.pairing.name,
    )
    twins = bench.run("select count(*) - count(distinct group_id) from match_named")[0][0]
    if twins:
        bench.run(
            "create or replace table match_named as select anchor_side, anchor_id, class, pass_no, "
            "case when row_number() over (partition by group_id order by anchor_id) = 1 "
            "then group_id else substr(md5(group_id || '|' || cast(row_number() over "
            "(partition by group_id order by anchor_id) as varchar)), 1, 16) end as group_id "
            "from match_named"
        )


def _write_lines(bench: Workbench) -> None:
    bench.run(
        "insert into match_line select $pairing, match_input.side, match_input.line_id, "
        "match_class.class, match_class.pass_no, match_named.group_id, match_reason.zh, "
        "match_reason.en, match_input.amount from match_input "
        f"inner join match_class on {_ON_LINE.format('match_input', 'match_class')} "
        "left join match_named on match_class.anchor_side = match_named.anchor_side "
        "and match_class.anchor_id = match_named.anchor_id "
        "and match_class.class = match_named.class "
        "and match_class.pass_no is not distinct from match_named.pass_no "
        "left join match_reason on match_class.class = match_reason.class "
        "and match_class.pass_no is not distinct from match_reason.pass_no "
        "and (match_class.anchor_id is not null) = match_reason.is_linked "
        "and match_class.side = match_reason.side",
        pairing=bench.pairing.name,
    )


def _write_groups(bench: Workbench) -> None:
    bench.run(
        """insert into match_group
        with summed as (
            select
                group_id,
                class as kind,
                pass_no,
                count(case when side = 'a' then 1 end) as a_lines,
                count(case when side = 'b' then 1 end) as b_lines,
                coalesce(sum(case when side = 'a' then amount end), 0) as a_amount,
                coalesce(sum(case when side = 'b' then amount end), 0) as b_amount
            from match_line
            where pairing = $pairing and group_id is not null and class <> 'ambiguous'
            group by group_id, class, pass_no
        )
        select $pairing, group_id, kind, pass_no, a_lines, b_lines, a_amount, b_amount,
            a_amount - b_amount
        from summed""",
        pairing=bench.pairing.name,
    )


def _write_candidates(bench: Workbench) -> None:
    """List what could be matched: option 0 is to be explained, options 1... are the answers."""
    bench.run(
        "create or replace table match_option_line as "
        "select doubt.anchor_side, doubt.anchor_id, doubt.pass_no, "
        "match_option.option_no, match_option.side, match_option.line_id from match_option "
        "inner join (select distinct anchor_side, anchor_id, pass_no from match_class "
        "where class = 'ambiguous' and pass_no = 5) as doubt "
        "on match_option.anchor_side = doubt.anchor_side "
        "and match_option.anchor_id = doubt.anchor_id"
    )
    bench.run(
        """insert into match_option_line
        with sized as (
            select
                match_competitor.*,
                count(*) over (partition by anchor_side, anchor_id, pass_no, side) as lines,
                count(*) over (partition by anchor_side, anchor_id, pass_no) as all_lines,
                row_number() over (
                    partition by anchor_side, anchor_id, pass_no, side order by line_id
                ) as turn
            from match_competitor
        )
        select anchor_side, anchor_id, pass_no,
            case
                when 2 * lines < all_lines or (2 * lines = all_lines and side = 'a') then 0
                else turn
            end as option_no,
            side, line_id
        from sized"""
    )
    bench.run(
        f"""create or replace table match_key as
        with content as (
            select side, line_id, {content_sql()} as content from match_input
        ),
        wanted as (
            select distinct content.side, content.content from content
            inner join match_option_line
            on {_ON_LINE.format("content", "match_option_line")}
        )
        select content.side, content.line_id,
            content.content || '-' || cast(row_number() over (
                partition by content.side, content.content order by content.line_id
            ) as varchar) as line_key
        from content
        inner join wanted
            on content.side = wanted.side and content.content = wanted.content"""
    )
    bench.run(
        "insert into match_candidate select $pairing, match_named.group_id, "
        "match_option_line.option_no, match_option_line.side, match_option_line.line_id, "
        "match_key.line_key from match_option_line "
        "inner join match_named on match_option_line.anchor_side = match_named.anchor_side "
        "and match_option_line.anchor_id = match_named.anchor_id "
        "and match_option_line.pass_no = match_named.pass_no "
        "and match_named.class = 'ambiguous' "
        f"inner join match_key on {_ON_LINE.format('match_option_line', 'match_key')}",
        pairing=bench.pairing.name,
    )
