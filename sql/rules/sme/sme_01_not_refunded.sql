-- SME-01 not-refunded
-- grain: one row per party_id, policy and year
select
    party_id,
    policy,
    year,
    cast(year as varchar) as period,
    case
        when is_certain and state <> '审核中' and pay_by is not null then 'give_back'
        else 'verify'
    end as direction,
    unpaid as amount,
    due as expected,
    refunded as actual,
    case
        when cap < upper_part and due = cap
            then 'min(' || cast(cap as varchar) || ',' || cast(upper_part as varchar) || ')'
        else cast(due as varchar)
    end
    || '−' || cast(refunded as varchar) || '=' || cast(unpaid as varchar) as formula,
    'upper_part|' || party_id || '|' || cast(year as varchar) as money_key,
    year_from as report_from,
    year_to as report_to,
    title,
    pay_by,
    state,
    nullif(reasons, '') as reasons
from int_refund_open
where unpaid > $tolerance_money_yuan
order by party_id, policy, year
