-- one row per month for which the collection list has a row of anybody: the due day of the fee
-- period in which it lies
-- is_covered: not in a year before the first treasury day of the list, which may lack what was paid
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

),

listed_since as (

    select cast(date_trunc('year', min(treasury_on)) as date) as first_day from stg_tax_collection

)

select
    period_end.month,
    due.due_on,
    due.is_known as is_calendar_known,
    due.due_on >= listed_since.first_day as is_covered
from period_end
inner join ref_fee_due as due on period_end.end_month = due.month
cross join listed_since
