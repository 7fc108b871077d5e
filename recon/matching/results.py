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
create or replace temp table match_group (
    pairing varchar, group_id varchar, kind varchar, pass_no integer, a_lines bigint,
    b_lines bigint, a_amount decimal(18, 2), b_amount decimal(18, 2), difference decimal(18, 2)
);
create or replace temp table match_candidate (
    pairing varchar, ambiguity_id varchar, option_no integer, side varchar, line_id bigint,
    line_key varchar
);
create or replace temp table match_bound (
    pairing varchar, side varchar, line_id bigint, lines bigint, reason_zh varchar,
    reason_en varchar
);
create or replace temp table match_detail (
    pairing varchar, side varchar, line_id bigint, day date, party_id varchar, reference varchar,
    text_ varchar
);
create or replace temp table match_input_total (
    pairing varchar, side varchar, lines bigint, amount decimal(18, 2)
);
"""

_ON_LINE = "{0}.side = {1}.side and {0}.line_id = {1}.line_id"


def write_results(bench: Workbench) -> None:
    """Add the pairing in `match_class` to the result tables."""
    write_reasons(bench)
    _name_groups(bench)
    _name_ambiguities(bench)
    _write_lines(bench)
    _list_options(bench)
    _write_candidates(bench)
    _write_details(bench)
    bench.deliver(
        "match_bound",
        "select $pairing, side, line_id, max(lines), min(reason_zh), "
        "min(reason_en) from match_bound_found group by side, line_id",
    )
    bench.deliver(
        "match_input_total",
        "select $pairing, one.side, count(match_input.line_id), "
        "coalesce(sum(match_input.amount), 0) from (values ('a'), ('b')) as one(side) "
        "left join match_input on one.side = match_input.side group by one.side",
    )


def _name_groups(bench: Workbench) -> None:
    """Sum up every group and give it its id: a hash of the content of its first line."""
    bench.make(
        "match_flat",
        "select match_input.side, match_input.line_id, "
        "match_input.amount, match_class.class, match_class.pass_no, match_class.anchor_side, "
        "match_class.anchor_id, case when match_class.side = match_class.anchor_side "
        "and match_class.class <> 'ambiguous' "
        f"then substr(md5($pairing || match_class.class || {CONTENT}), 1, 16) end as content "
        "from match_input inner join match_class "
        f"on {_ON_LINE.format('match_input', 'match_class')}",
    )
    bench.make(
        "match_summed",
        """
        select
            anchor_side,
            anchor_id,
            min(content) as group_id,
            min(class) as kind,
            min(pass_no) as pass_no,
            count(case when side = 'a' then 1 end) as a_lines,
            count(case when side = 'b' then 1 end) as b_lines,
            coalesce(sum(case when side = 'a' then amount end), 0) as a_amount,
            coalesce(sum(case when side = 'b' then amount end), 0) as b_amount
        from match_flat
        where anchor_id is not null and class <> 'ambiguous'
        group by anchor_side, anchor_id""",
    )
    bench.deliver(
        "match_group",
        "select $pairing, group_id, kind, pass_no, a_lines, b_lines, "
        "a_amount, b_amount, a_amount - b_amount from match_summed",
    )


def _name_ambiguities(bench: Workbench) -> None:
    """Give every ambiguity its id; twins, which say the same, are numbered.

    The lines of an ambiguity are all that compete in it, also those that an earlier pass doubts.
    """
    bench.make(
        "match_competitor",
        "select match_doubt.* from match_doubt "
        "semi join match_settled on match_settled.class = 'ambiguous' "
        "and match_doubt.pass_no = match_settled.pass_no "
        "and match_doubt.anchor_side = match_settled.anchor_side "
        "and match_doubt.anchor_id = match_settled.anchor_id "
        f"semi join match_open on {_ON_LINE.format('match_doubt', 'match_open')} "
        "where match_doubt.pass_no <> 5",
    )
    bench.make(
        "match_named",
        f"""
        with member as (
            select side, line_id, pass_no, anchor_side, anchor_id from match_competitor
            union all
            select distinct anchor_side, anchor_id, pass_no, anchor_side, anchor_id
            from match_settled where class = 'ambiguous' and pass_no = 5
        ),
        named as (
            select member.anchor_side, member.anchor_id, member.pass_no,
                md5($pairing || min({CONTENT})) as content
            from member
            inner join match_input on {_ON_LINE.format("member", "match_input")}
            group by member.anchor_side, member.anchor_id, member.pass_no
        )
        select anchor_side, anchor_id, pass_no,
            substr(md5(content || cast(row_number() over (
                partition by content order by pass_no, anchor_side, anchor_id
            ) as varchar)), 1, 16) as ambiguity_id
        from named""",
    )


def _write_lines(bench: Workbench) -> None:
    bench.deliver(
        "match_line",
        "select $pairing, match_flat.side, match_flat.line_id, "
        "match_flat.class, match_flat.pass_no, "
        "coalesce(match_named.ambiguity_id, match_summed.group_id), match_reason.zh, "
        "match_reason.en, match_flat.amount from match_flat "
        "left join match_summed on match_flat.anchor_id = match_summed.anchor_id "
        "and match_flat.anchor_side = match_summed.anchor_side "
        "left join match_named on match_flat.class = 'ambiguous' "
        "and match_flat.anchor_id = match_named.anchor_id "
        "and match_flat.anchor_side = match_named.anchor_side "
        "and match_flat.pass_no = match_named.pass_no "
        "left join match_reason on match_flat.class = match_reason.class "
        "and coalesce(match_flat.pass_no, -1) = match_reason.pass_no "
        "and (match_flat.anchor_id is not null) = match_reason.is_linked "
        "and match_flat.side = match_reason.side",
    )


def _list_options(bench: Workbench) -> None:
    """List what could be matched: option 0 is to be explained, options 1... are the answers."""
    bench.make(
        "match_option_line",
        "select doubt.anchor_side, doubt.anchor_id, doubt.pass_no, "
        "match_option.option_no, match_option.side, match_option.line_id from match_option "
        "inner join (select distinct anchor_side, anchor_id, pass_no from match_settled "
        "where class = 'ambiguous' and pass_no = 5) as doubt "
        "on match_option.anchor_side = doubt.anchor_side "
        "and match_option.anchor_id = doubt.anchor_id",
    )
    bench.add(
        "match_option_line",
        """
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
        from sized""",
    )


def _write_candidates(bench: Workbench) -> None:
    """Give the lines of all options their keys, by which a person may choose them."""
    bench.make(
        "match_key",
        f"""
        with wanted as (  -- the content of a line begins with its day and amount
            select distinct match_input.side, match_input.day, match_input.amount
            from match_input
            inner join match_option_line
                on {_ON_LINE.format("match_input", "match_option_line")}
        ),
        twin as (
            select match_input.side, match_input.line_id, {content_sql()} as content
            from match_input
            semi join wanted
                on match_input.side = wanted.side
                and match_input.amount = wanted.amount
                and match_input.day is not distinct from wanted.day
        )
        select side, line_id,
            content || '-' || cast(row_number() over (
                partition by side, content order by line_id
            ) as varchar) as line_key
        from twin""",
    )
    bench.deliver(
        "match_candidate",
        "select $pairing, match_named.ambiguity_id, "
        "match_option_line.option_no, match_option_line.side, match_option_line.line_id, "
        "match_key.line_key from match_option_line "
        "inner join match_named on match_option_line.anchor_side = match_named.anchor_side "
        "and match_option_line.anchor_id = match_named.anchor_id "
        "and match_option_line.pass_no = match_named.pass_no "
        f"inner join match_key on {_ON_LINE.format('match_option_line', 'match_key')}",
    )


def _write_details(bench: Workbench) -> None:
    """Keep what people need to see of lines that are not simply matched."""
    bench.deliver(
        "match_detail",
        "select $pairing, match_input.side, match_input.line_id, "
        "match_input.day, match_input.party_id, match_input.reference, match_input.text_ "
        "from match_input semi join (select side, line_id from match_class "
        "where class <> 'matched' union all select side, line_id from match_option_line) as shown "
        f"on {_ON_LINE.format('match_input', 'shown')}",
    )
