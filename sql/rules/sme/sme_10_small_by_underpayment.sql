-- SME-10 small-by-underpayment
-- grain: one row per party_id, policy and year
select
    party_id,
    policy,
    year,
    cast(year as varchar) as period,
    case
        when is_surely_underpaid and not is_doubtful then 'recover'
        else 'verify'
    end as direction,
    underpaid as amount,
    cast(0 as decimal(18, 2)) as expected,
    underpaid as actual,
    cast(refunded as varchar)
    || case
        when refunded <> underpaid
            then '−' || cast(cast(refunded - underpaid as decimal(18, 2)) as varchar)
        else ''
    end
    || '=' || cast(underpaid as varchar) as formula,
    'upper_part|' || party_id || '|' || policy || '|'
    || cast(year as varchar) as money_key,
    year_from as report_from,
    year_to as report_to,
    title,
    tested,
    tested_due,
    tested_limit
from int_refund_split
where underpaid > $tolerance_money_yuan
order by party_id, policy, year
