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
create or replace table match_reason_text (reason_no integer, zh varchar, en varchar);
create or replace table match_line_kept (
    pairing varchar, side varchar, line_id bigint, class varchar, pass_no integer,
    group_id varchar using compression uncompressed, reason_no integer, amount decimal(18, 2)
);
create or replace table match_couple_kept (
    pairing varchar, a_line_id bigint, b_line_id bigint, pass_no integer,
    group_id varchar using compression uncompressed, reason_no integer, amount decimal(18, 2)
);
create or replace view match_line as select
    kept.pairing, kept.side, kept.line_id, kept.class, kept.pass_no, kept.group_id,
    said.zh as reason_zh, said.en as reason_en, kept.amount
from (
    select * from match_line_kept
    union all by name
    select pairing, 'a' as side, a_line_id as line_id, 'matched' as class, pass_no, group_id,
        reason_no, amount
    from match_couple_kept
    union all by name
    select pairing, 'b' as side, b_line_id as line_id, 'matched' as class, pass_no, group_id,
        reason_no, amount
    from match_couple_kept
) as kept left join match_reason_text as said on kept.reason_no = said.reason_no;
create or replace temp table match_group_kept (
    pairing varchar, group_id varchar, kind varchar, pass_no integer, a_lines bigint,
    b_lines bigint, a_amount decimal(18, 2), b_amount decimal(18, 2), difference decimal(18, 2)
);
create or replace temp view match_group as
select * from match_group_kept
union all
select pairing, group_id, 'matched', pass_no, 1, 1, amount, amount, 0 from match_couple_kept;
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

_ON_PLACE = "{0}.place = {1}.place"
_PAIRING = "inner join match_pairing on {0}.pairing_no = match_pairing.pairing_no"


def write_results(bench: Workbench) -> None:
    """Add what stands in `match_class` to the result tables."""
    write_reasons(bench)
    _name_groups(bench)
    _name_ambiguities(bench)
    _write_couples(bench)
    _write_lines(bench)
    _list_options(bench)
    _write_candidates(bench)
    _write_details(bench)
    bench.deliver(
        "match_bound",
        "select match_pairing.pairing, match_input.side, match_input.line_id, max(lines), "
        "min(reason_zh), min(reason_en) from match_bound_found inner join match_input "
        f"on {_ON_PLACE.format('match_bound_found', 'match_input')} "
        f"{_PAIRING.format('match_input')} "
        "group by match_pairing.pairing, match_input.side, match_input.line_id",
    )
    bench.tables.put(
        "match_total_read",
        "pairing varchar, side varchar, lines bigint, amount decimal(18, 2)",
        [(bench.pairings[n].name, side, *total) for (n, side), total in bench.totals.items()],
    )
    bench.deliver("match_input_total", "select * from match_total_read")


def _name_groups(bench: Workbench) -> None:
    """Sum up every group and give it its id: a hash of the content of its first line.

    First is the line of the anchor's side whose content is smallest: row numbers say nothing.
    """
    bench.make(
        "match_flat",
        "select match_input.pairing_no, match_input.side, match_input.place, match_input.line_id, "
        "match_input.amount, match_class.class, match_class.pass_no, match_class.anchor "
        "from match_input inner join match_class "
        f"on {_ON_PLACE.format('match_input', 'match_class')}",
    )
    bench.make(
        "match_counted",
        """
        select
            pairing_no,
            anchor,
            min(class) as kind,
            min(pass_no) as pass_no,
            count(case when side = 'a' then 1 end) as a_lines,
            count(case when side = 'b' then 1 end) as b_lines,
            coalesce(sum(case when side = 'a' then amount end), 0) as a_amount,
            coalesce(sum(case when side = 'b' then amount end), 0) as b_amount
        from match_flat
        where anchor is not null and class <> 'ambiguous'
        group by pairing_no, anchor""",
    )
    bench.make(
        "match_first",
        f"""
        with grouped as (
            select match_counted.*,
                case when anchor % 2 = 0 then a_lines else b_lines end as own_lines
            from match_counted
        )
        select grouped.anchor,
            substr(md5(match_pairing.pairing || grouped.kind || {CONTENT}), 1, 16) as group_id
        from grouped
        inner join match_input on grouped.anchor = match_input.place
        {_PAIRING.format("match_input")}
        where grouped.own_lines = 1
        union all
        select grouped.anchor,
            min(substr(md5(match_pairing.pairing || grouped.kind || {CONTENT}), 1, 16))
        from grouped
        inner join match_flat
            on grouped.anchor = match_flat.anchor and grouped.anchor % 2 = match_flat.place % 2
        inner join match_input on match_flat.place = match_input.place
        {_PAIRING.format("match_input")}
        where grouped.own_lines > 1 and match_flat.class <> 'ambiguous'
        group by grouped.anchor""",
    )
    bench.deliver(
        "match_group_kept",
        "select match_pairing.pairing, match_first.group_id, kind, pass_no, a_lines, b_lines, "
        "a_amount, b_amount, a_amount - b_amount from match_counted inner join match_first "
        f"on match_counted.anchor = match_first.anchor {_PAIRING.format('match_counted')}",
    )


def _name_ambiguities(bench: Workbench) -> None:
    """Give every ambiguity its id; twins, which say the same, are numbered.

    The lines of an ambiguity are all that compete in it, also those that an earlier pass doubts;
    where its options are noted, the line to be explained names it.
    """
    bench.make(
        "match_unclear",
        "select distinct settled.anchor, settled.pass_no, noted.anchor is not null as has_options "
        "from match_settled as settled left join match_option as noted "
        "on settled.anchor = noted.anchor and settled.pass_no = noted.pass_no "
        "where settled.class = 'ambiguous'",
    )
    bench.make(
        "match_competitor",
        "select match_doubt.* from match_doubt "
        "semi join match_unclear on match_doubt.pass_no = match_unclear.pass_no "
        "and match_doubt.anchor = match_unclear.anchor and not match_unclear.has_options "
        f"semi join match_open on {_ON_PLACE.format('match_doubt', 'match_open')}",
    )
    bench.make(
        "match_named",
        f"""
        with member as (
            select place, pass_no, anchor from match_competitor
            union all
            select anchor, pass_no, anchor from match_unclear where has_options
        ),
        named as (
            select member.anchor, member.pass_no,
                md5(min(match_pairing.pairing || {CONTENT})) as content
            from member
            inner join match_input on {_ON_PLACE.format("member", "match_input")}
            {_PAIRING.format("match_input")}
            group by member.anchor, member.pass_no
        )
        select anchor, pass_no,
            substr(md5(content || cast(row_number() over (
                partition by content order by pass_no, anchor % 2, anchor
            ) as varchar)), 1, 16) as ambiguity_id
        from named""",
    )


def _write_couples(bench: Workbench) -> None:
    """Write the lines that are matched one to one, both with the amount and content of side a.

    The id of line b is in its place: no join of lines with lines is needed.
    """
    bench.deliver(
        "match_couple_kept",
        "select match_pairing.pairing, match_input.line_id, "
        f"cast(match_couple.b_place >> {bench.place_bits} as bigint) as b_line_id, "
        "match_couple.pass_no, "
        f"substr(md5(concat(match_pairing.pairing, 'matched', {CONTENT})), 1, 16) as group_id, "
        "match_reason.reason_no, match_input.amount "
        "from match_couple inner join match_input "
        "on match_couple.a_place = match_input.place "
        f"{_PAIRING.format('match_couple')} inner join match_reason "
        "on match_couple.pairing_no = match_reason.pairing_no "
        "and match_couple.pass_no = match_reason.pass_no "
        "where match_reason.class = 'matched' and match_reason.side = 'a'",
    )


def _write_lines(bench: Workbench) -> None:
    bench.deliver("match_reason_text", "select reason_no, zh, en from match_reason")
    bench.deliver(
        "match_line_kept",
        "select match_pairing.pairing, match_flat.side, match_flat.line_id, "
        "match_flat.class, match_flat.pass_no, "
        "coalesce(match_named.ambiguity_id, match_first.group_id), match_reason.reason_no, "
        f"match_flat.amount from match_flat {_PAIRING.format('match_flat')} "
        "left join match_first on match_flat.anchor = match_first.anchor "
        "left join match_named on match_flat.class = 'ambiguous' "
        "and match_flat.anchor = match_named.anchor "
        "and match_flat.pass_no = match_named.pass_no "
        "left join match_reason on match_flat.pairing_no = match_reason.pairing_no "
        "and match_flat.class = match_reason.class "
        "and coalesce(match_flat.pass_no, -1) = match_reason.pass_no "
        "and (match_flat.anchor is not null) = match_reason.is_linked "
        "and match_flat.side = match_reason.side",
    )


def _list_options(bench: Workbench) -> None:
    """List what could be matched: option 0 is to be explained, options 1... are the answers."""
    bench.make(
        "match_option_line",
        """
        with sized as (
            select
                match_competitor.*,
                count(*) over (partition by anchor, pass_no, place % 2) as lines,
                count(*) over (partition by anchor, pass_no) as all_lines,
                row_number() over (
                    partition by anchor, pass_no, place % 2 order by place
                ) as turn
            from match_competitor
        )
        select anchor, pass_no,
            case
                when 2 * lines < all_lines or (2 * lines = all_lines and place % 2 = 0) then 0
                else turn
            end as option_no,
            place
        from sized
        union all
        select distinct match_option.anchor, match_option.pass_no, match_option.option_no,
            match_option.place
        from match_option
        semi join match_unclear on match_option.anchor = match_unclear.anchor
            and match_option.pass_no = match_unclear.pass_no""",
    )


def _write_candidates(bench: Workbench) -> None:
    """Give the lines of all options their keys, by which a person may choose them."""
    bench.make(
        "match_key",
        f"""
        with wanted as (  -- the content of a line begins with its day and amount
            select distinct match_input.pairing_no, match_input.side, match_input.day,
                match_input.amount
            from match_input
            inner join match_option_line
                on {_ON_PLACE.format("match_input", "match_option_line")}
        ),
        twin as (
            select match_input.pairing_no, match_input.side, match_input.line_id,
                match_input.place, {content_sql()} as content
            from match_input
            semi join wanted
                on match_input.pairing_no = wanted.pairing_no
                and match_input.side = wanted.side
                and match_input.amount = wanted.amount
                and match_input.day is not distinct from wanted.day
        )
        select pairing_no, side, line_id, place,
            content || '-' || cast(row_number() over (
                partition by pairing_no, side, content order by line_id
            ) as varchar) as line_key
        from twin""",
    )
    bench.deliver(
        "match_candidate",
        "select match_pairing.pairing, match_named.ambiguity_id, "
        "match_option_line.option_no, match_key.side, match_key.line_id, "
        "match_key.line_key from match_option_line "
        "inner join match_named on match_option_line.anchor = match_named.anchor "
        "and match_option_line.pass_no = match_named.pass_no "
        f"inner join match_key on {_ON_PLACE.format('match_option_line', 'match_key')} "
        f"{_PAIRING.format('match_key')}",
    )


def _write_details(bench: Workbench) -> None:
    """Keep what people need to see of lines that are not simply matched."""
    bench.deliver(
        "match_detail",
        "select match_pairing.pairing, match_input.side, match_input.line_id, "
        "match_input.day, match_input.party_id, match_input.reference, match_input.text_ "
        f"from match_input {_PAIRING.format('match_input')} semi join (select place "
        "from match_class where class <> 'matched' union all select place "
        f"from match_option_line) as shown on {_ON_PLACE.format('match_input', 'shown')}",
    )
