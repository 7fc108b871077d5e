-- one row per party and span: basic parts due back, and what was passed back for it
-- a transfer for months of one span serves that span; one for months of several, and what the
-- spans among them leave over, serve the spans whose months they share, the oldest first; transfers
-- without a period are allotted to what is still open, the oldest span first (has_undated says so);
-- what is over stays with the last span; a transfer that meets no tax row has a row of its own
with

arrived as (  -- transfers that neither the list nor the bank took back

    select transfer.*
    from stg_fund_transfer as transfer
    left join int_transfer_bounced as bounced on transfer.row_id = bounced.row_id
    where not transfer.is_returned and bounced.row_id is null

),

need as (

    select
        party_id,
        span_from,
        span_to,
        sum(case when item = '工会经费' then basic else 0 end) as fee_basic,
        sum(case when item <> '工会经费' then basic else 0 end) as prep_basic,
        sum(case when is_after_founding then basic else 0 end) as open_basic,
        bool_and((is_full_mode and is_mode_sure) or is_stated) as is_full
    from int_fee_basic
    group by party_id, span_from, span_to

),

dated as (

    select
        party_id,
        cast(date_trunc('month', period_from) as date) as span_from,
        last_day(greatest(period_from, coalesce(period_to, period_from))) as span_to,
        sum(amount) as amount
    from arrived
    where
        kind = '基层回拨'
        and party_id is not null
        and period_from is not null
    group by
        party_id,
        cast(date_trunc('month', period_from) as date),
        last_day(greatest(period_from, coalesce(period_to, period_from)))

),

undated as (

    select
        party_id,
        min(paid_on) as paid_on,
        sum(amount) as amount
    from arrived
    where
        kind = '基层回拨'
        and party_id is not null
        and period_from is null
    group by party_id

),

placed as (  -- with the span in which all of its months lie

    select
        dated.party_id,
        dated.span_from,
        dated.span_to,
        dated.amount,
        need.span_from as need_from
    from dated
    left join need
        on
            dated.party_id = need.party_id
            and dated.span_from >= need.span_from
            and dated.span_to <= need.span_to

),

single as (

    select
        party_id,
        need_from,
        sum(amount) as passed
    from placed
    where need_from is not null
    group by party_id, need_from

),

interval_side as (  -- served: what a span takes of the transfers for it alone

    select
        need.party_id,
        need.span_from,
        need.span_to,
        1 as is_need,
        need.fee_basic + need.prep_basic as basic,
        coalesce(single.passed, 0) as passed,
        greatest(
            least(coalesce(single.passed, 0), need.fee_basic + need.prep_basic),
            least(coalesce(single.passed, 0), 0)
        ) as served
    from need
    left join single on need.party_id = single.party_id and need.span_from = single.need_from
    union all
    select
        party_id,
        span_from,
        span_to,
        0 as is_need,
        cast(0 as decimal(18, 2)) as basic,
        amount as passed,
        cast(0 as decimal(18, 2)) as served
    from placed
    where need_from is null

),

reached as (

    select
        interval_side.*,
        greatest(basic - served, 0) as open_need,
        max(span_to) over (
            partition by party_id
            order by span_from asc, span_to asc, is_need asc
            rows between unbounded preceding and 1 preceding
        ) as reached_day
    from interval_side

),

grouped as (

    select
        reached.*,
        sum(case when span_from <= reached_day then 0 else 1 end) over (
            partition by party_id
            order by span_from asc, span_to asc, is_need asc
            rows between unbounded preceding and current row
        ) as group_no
    from reached

),

pooled as (

    select
        grouped.*,
        sum(passed - served) over (partition by party_id, group_no) as pool,
        sum(is_need) over (partition by party_id, group_no) as needs,
        min(span_from) over (partition by party_id, group_no) as pool_from,
        max(span_to) over (partition by party_id, group_no) as pool_to,
        sum(open_need) over (
            partition by party_id, group_no
            order by is_need desc, span_from asc, span_to asc
            rows between unbounded preceding and current row
        ) - open_need as before,
        row_number() over (
            partition by party_id, group_no
            order by is_need desc, span_from asc, span_to asc
        ) as turn
    from grouped

),

allotted as (

    select
        party_id,
        span_from,
        span_to,
        basic,
        served + case
            when turn = needs then pool - greatest(least(before, pool), 0)
            else greatest(least(open_need, pool - before), 0)
        end as passed
    from pooled
    where is_need = 1

),

still_open as (

    select
        allotted.party_id,
        allotted.span_from,
        allotted.span_to,
        allotted.passed,
        need.fee_basic,
        need.prep_basic,
        need.is_full,
        greatest(least(need.open_basic, allotted.basic - allotted.passed), 0) as open_basic
    from allotted
    inner join need
        on allotted.party_id = need.party_id and allotted.span_from = need.span_from

),

opened as (

    select
        still_open.*,
        sum(open_basic) over (
            partition by party_id
            order by span_from asc
            rows between unbounded preceding and current row
        ) as running,
        row_number() over (partition by party_id order by span_from desc) as turn_back
    from still_open

),

line as (

    select
        opened.party_id,
        opened.span_from,
        opened.span_to,
        true as has_tax_row,
        undated.party_id is not null as has_undated,
        opened.is_full,
        opened.fee_basic,
        opened.prep_basic,
        cast(
            opened.passed + case
                when undated.party_id is null then 0
                when opened.turn_back = 1
                    then
                        undated.amount
                        - greatest(least(opened.running - opened.open_basic, undated.amount), 0)
                else greatest(
                    least(
                        opened.open_basic,
                        undated.amount - (opened.running - opened.open_basic)
                    ), 0
                )
            end as decimal(18, 2)
        ) as passed
    from opened
    left join undated on opened.party_id = undated.party_id
    union all
    select
        pooled.party_id,
        pooled.pool_from as span_from,
        pooled.pool_to as span_to,
        false as has_tax_row,
        false as has_undated,
        false as is_full,
        cast(0 as decimal(18, 2)) as fee_basic,
        cast(0 as decimal(18, 2)) as prep_basic,
        cast(pooled.pool as decimal(18, 2)) as passed
    from pooled
    where pooled.needs = 0 and pooled.turn = 1
    union all
    select
        undated.party_id,
        cast(date_trunc('month', undated.paid_on) as date) as span_from,
        last_day(undated.paid_on) as span_to,
        false as has_tax_row,
        true as has_undated,
        false as is_full,
        cast(0 as decimal(18, 2)) as fee_basic,
        cast(0 as decimal(18, 2)) as prep_basic,
        cast(undated.amount as decimal(18, 2)) as passed
    from undated
    left join need on undated.party_id = need.party_id
    where need.party_id is null

)

select
    party_id,
    span_from,
    span_to,
    bool_or(has_tax_row) as has_tax_row,
    bool_or(has_undated) as has_undated,
    bool_and(is_full) as is_full,
    sum(fee_basic) as fee_basic,
    sum(prep_basic) as prep_basic,
    sum(passed) as passed
from line
group by party_id, span_from, span_to
