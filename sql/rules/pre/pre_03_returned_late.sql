-- PRE-03 returned-late
-- grain: one row per party_id and paid_on
with

late as (

    select
        part.party_id,
        part.paid_on,
        sum(part.amount) as returned,
        min(fund.ready_on) as ready_on,
        min(policy.prep_return_deadline_days) as deadline_days,
        max(date_diff('day', fund.ready_on, part.paid_on)) as days_after
    from int_prep_return as part
    inner join int_prep_fund as fund on part.party_id = fund.party_id
    inner join ref_policy_day as policy on fund.ready_on = policy.day
    where
        not part.is_returned
        and date_diff('day', fund.ready_on, part.paid_on) > policy.prep_return_deadline_days
    group by part.party_id, part.paid_on

)

select
    party_id,
    paid_on,
    strftime(paid_on, '%Y-%m-%d') as period,
    '' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    cast(null as varchar) as formula,
    cast(null as varchar) as money_key,
    paid_on as report_from,
    paid_on as report_to,
    ready_on,
    returned,
    days_after,
    days_after - deadline_days as days_late
from late
order by party_id, paid_on
