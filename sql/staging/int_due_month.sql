-- one row per month for which the collection list has a row of anybody: the due day of the fee
-- period in which it lies
with

period_end as (  -- the last month of that period

    select
        listed.month,
        case policy.fee_period
            when 'quarter' then add_months(date_trunc('quarter', listed.month), 2)
            when 'half_year'
                then add_months(
                    date_trunc('year', listed.month),
                    case when extract(month from listed.month) <= 6 then 5 else 11 end
                )
            when 'year' then add_months(date_trunc('year', listed.month), 11)
            else listed.month
        end as end_month
    from int_listed_month as listed
    inner join ref_policy_day as policy on listed.month = policy.day

)

select
    period_end.month,
    due.due_on,
    due.is_known as is_calendar_known
from period_end
inner join ref_fee_due as due on period_end.end_month = due.month
