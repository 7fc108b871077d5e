-- one row per month from the first to the last settlement: upper shares of the month's settlement
-- that arrive here, and what was remitted upward for it; empty where none of them arrives here
-- a remittance for one month serves that month; one for several, and what single months leave over
-- among them, serve the oldest month first; what is over then stays with the last
with

settled as (

    select
        min(month) as first_month,
        max(month) as last_month
    from int_upper_line
    where is_settled

),

single as (  -- what a month owes, and what was remitted for it alone

    select
        month_from as month,
        sum(due) as due,
        sum(remitted) as remitted
    from int_upper_line
    where month_from = month_to
    group by month_from

),

month_side as (  -- months to serve, and what was remitted for several of them together

    select
        months.month as month_from,
        months.month as month_to,
        months.month_end,
        1 as is_due,
        coalesce(single.due, 0) as due,
        coalesce(single.remitted, 0) as remitted,
        greatest(
            least(coalesce(single.remitted, 0), coalesce(single.due, 0)),
            least(coalesce(single.remitted, 0), 0)
        ) as served
    from ref_month as months
    inner join settled on months.month between settled.first_month and settled.last_month
    left join single on months.month = single.month
    union all
    select
        month_from,
        month_to,
        null as month_end,
        0 as is_due,
        0 as due,
        sum(remitted) as remitted,
        0 as served
    from int_upper_line
    where month_from < month_to
    group by month_from, month_to

),

reached as (

    select
        month_side.*,
        greatest(due - served, 0) as open_due,
        max(month_to) over (
            order by month_from asc, month_to asc, is_due asc
            rows between unbounded preceding and 1 preceding
        ) as reached_month
    from month_side

),

grouped as (

    select
        reached.*,
        sum(case when month_from <= reached_month then 0 else 1 end) over (
            order by month_from asc, month_to asc, is_due asc
            rows between unbounded preceding and current row
        ) as group_no
    from reached

),

pooled as (

    select
        grouped.*,
        sum(remitted - served) over (partition by group_no) as pool,
        sum(is_due) over (partition by group_no) as dues,
        sum(open_due) over (
            partition by group_no
            order by is_due desc, month_from asc
            rows between unbounded preceding and current row
        ) - open_due as before,
        row_number() over (partition by group_no order by is_due desc, month_from asc) as turn
    from grouped

)

select
    month_from as month,
    month_end,
    cast(due as decimal(18, 2)) as due,
    cast(
        served + case
            when turn = dues then pool - greatest(least(before, pool), 0)
            else greatest(least(open_due, pool - before), 0)
        end as decimal(18, 2)
    ) as remitted
from pooled
where is_due = 1
