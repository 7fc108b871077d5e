-- one row per month in which anybody paid: the last month of its fee period and that one's due day
with

collected_month as (

    select distinct month
    from int_span_month

),

period_end as (

    select
        collected_month.month,
        case policy.fee_period
            when 'quarter' then add_months(date_trunc('quarter', collected_month.month), 2)
            when 'half_year'
                then add_months(
                    date_trunc('year', collected_month.month),
                    case when extract(month from collected_month.month) <= 6 then 5 else 11 end
                )
            when 'year' then add_months(date_trunc('year', collected_month.month), 11)
            else collected_month.month
        end as end_month
    from collected_month
    inner join ref_policy_day as policy on collected_month.month = policy.day

)

select
    period_end.month,
    due.due_on,
    due.is_known as is_calendar_known
from period_end
inner join ref_fee_due as due on period_end.end_month = due.month
