-- SME-02 application-missed
-- grain: one row per party_id, policy and year
select
    party_id,
    policy,
    year,
    cast(year as varchar) as period,
    case when is_certain then 'lapsed' else 'verify' end as direction,
    unclaimed as amount,
    entitled as expected,
    refunded as actual,
    case
        when cap < upper_part and entitled = cap
            then 'min(' || cast(cap as varchar) || ',' || cast(upper_part as varchar) || ')'
        else cast(entitled as varchar)
    end
    || '−' || cast(refunded as varchar) || '=' || cast(unclaimed as varchar) as formula,
    'upper_part|' || party_id || '|' || cast(year as varchar) as money_key,
    year_from as report_from,
    year_to as report_to,
    title,
    apply_by,
    nullif(reasons, '') as reasons
from int_refund_open
where
    state = '未申请'
    and $as_of > apply_by
    and unclaimed > $tolerance_money_yuan
order by party_id, policy, year
