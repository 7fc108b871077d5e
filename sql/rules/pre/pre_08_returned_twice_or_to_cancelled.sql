-- PRE-08 returned-twice-or-to-cancelled
-- grain: one row per party_id and reason
-- where no opening balances say what 100 % is it is to be verified
with

split as (

    select
        party_id,
        '注销后返还' as reason,
        returned_late as over_yuan,
        cast(0 as decimal(18, 2)) as allowed,
        returned_late as returned,
        true as is_limit_known,
        cancelled_on
    from int_prep_fund
    union all
    select
        fund.party_id,
        '超过百分之百' as reason,
        cast(fund.returned - fund.returned_late - fund.hundred as decimal(18, 2)) as over_yuan,
        cast(fund.hundred as decimal(18, 2)) as allowed,
        cast(fund.returned - fund.returned_late as decimal(18, 2)) as returned,
        fund.is_hundred_known as is_limit_known,
        fund.cancelled_on
    from int_prep_fund as fund

)

select
    party_id,
    reason,
    '' as period,
    case when is_limit_known then 'recover' else 'verify' end as direction,
    over_yuan as amount,
    allowed as expected,
    returned as actual,
    cast(returned as varchar) || '−' || cast(allowed as varchar) || '='
    || cast(over_yuan as varchar) as formula,
    'prep_return|' || party_id || '|' || reason as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    cancelled_on
from split
where over_yuan > $tolerance_money_yuan
order by party_id, reason
