-- one row per month from the first to the last settlement: upper shares of the month's settlement
-- that arrive here, and what was remitted upward for it; empty where none of them arrives here
-- a remittance for several months serves the oldest month first; what is over stays with the last
with

upper_level as (

    select
        receives.share,
        self.level
    from ref_self_receives as receives
    cross join ref_self as self
    where
        (receives.share = 'acftu' and self.level <> 'acftu')
        or (receives.share = 'province' and self.level in ('city', 'county', 'town'))
        or (receives.share = 'city' and self.level in ('county', 'town'))
        or (receives.share = 'county' and self.level = 'town')

),

due as (

    select
        cast(date_trunc('month', settlement.settled_on) as date) as month,
        sum(
            coalesce(
                case upper_level.share
                    when 'acftu' then settlement.to_acftu
                    when 'province' then settlement.to_province
                    when 'city' then settlement.to_city
                    when 'county' then settlement.to_county
                end, 0
            )
        ) as due
    from stg_settlement as settlement
    cross join upper_level
    group by cast(date_trunc('month', settlement.settled_on) as date)

),

remittance as (  -- the months it is for; without a period, that of its day

    select
        transfer.amount,
        cast(
            date_trunc('month', coalesce(transfer.period_from, transfer.paid_on)) as date
        ) as month_from,
        cast(
            date_trunc(
                'month',
                greatest(transfer.period_to, coalesce(transfer.period_from, transfer.paid_on))
            ) as date
        ) as month_to
    from stg_fund_transfer as transfer
    left join int_transfer_bounced as bounced on transfer.row_id = bounced.row_id
    where transfer.kind = '上解' and not transfer.is_returned and bounced.row_id is null

),

settled as (

    select
        min(month) as first_month,
        max(month) as last_month
    from due

),

month_side as (

    select
        months.month as month_from,
        months.month as month_to,
        months.month_end,
        1 as is_due,
        coalesce(due.due, 0) as due,
        0 as remitted
    from ref_month as months
    inner join settled on months.month between settled.first_month and settled.last_month
    left join due on months.month = due.month
    union all
    select
        month_from,
        month_to,
        null as month_end,
        0 as is_due,
        0 as due,
        sum(amount) as remitted
    from remittance
    group by month_from, month_to

),

reached as (

    select
        month_side.*,
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
        sum(remitted) over (partition by group_no) as pool,
        sum(is_due) over (partition by group_no) as dues,
        sum(due) over (
            partition by group_no
            order by is_due desc, month_from asc
            rows between unbounded preceding and current row
        ) - due as before,
        row_number() over (partition by group_no order by is_due desc, month_from asc) as turn
    from grouped

)

select
    month_from as month,
    month_end,
    cast(due as decimal(18, 2)) as due,
    cast(
        case
            when turn = dues then pool - greatest(least(before, pool), 0)
            else greatest(least(due, pool - before), 0)
        end as decimal(18, 2)
    ) as remitted
from pooled
where is_due = 1
