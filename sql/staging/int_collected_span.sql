-- one row per collection row: the span it belongs to; fee periods of a payer that share a month
-- are one span (first day of its first month to last day of its last month)
with

reached as (  -- the last month that the payer's earlier rows reach

    select
        row_id,
        party_id,
        month_from,
        month_to,
        max(month_to) over (
            partition by party_id
            order by month_from asc, month_to asc, row_id asc
            rows between unbounded preceding and 1 preceding
        ) as reached_month
    from int_collected

),

numbered as (

    select
        row_id,
        party_id,
        month_from,
        month_to,
        sum(case when month_from <= reached_month then 0 else 1 end) over (
            partition by party_id
            order by month_from asc, month_to asc, row_id asc
            rows between unbounded preceding and current row
        ) as span_no
    from reached

)

select
    row_id,
    party_id,
    min(month_from) over (partition by party_id, span_no) as span_from,
    last_day(max(month_to) over (partition by party_id, span_no)) as span_to
from numbered
