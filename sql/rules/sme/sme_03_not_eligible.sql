-- SME-03 not-eligible
-- grain: one row per party_id, policy and year
select
    party_id,
    policy,
    year,
    cast(year as varchar) as period,
    case
        when is_surely_ineligible and not is_doubtful then 'recover'
        else 'verify'
    end as direction,
    ineligible as amount,
    cast(0 as decimal(18, 2)) as expected,
    ineligible as actual,
    cast(refunded as varchar)
    || case
        when refunded <> ineligible
            then '−' || cast(cast(refunded - ineligible as decimal(18, 2)) as varchar)
        else ''
    end
    || '=' || cast(ineligible as varchar) as formula,
    'upper_part|' || party_id || '|' || policy || '|'
    || cast(year as varchar) as money_key,
    year_from as report_from,
    year_to as report_to,
    window_from,
    title,
    case when is_surely_ineligible then sure_reasons else reasons end as reasons,
    upper_part
from int_refund_split
where ineligible > $tolerance_money_yuan
order by party_id, policy, year
