-- SME-05 refunded-too-much
-- grain: one row per party_id, policy and year
select
    party_id,
    policy,
    year,
    cast(year as varchar) as period,
    case
        when is_doubtful or has_preparation or not is_mode_known or is_day_open
            then 'verify'
        else 'recover'
    end as direction,
    over_paid as amount,
    refundable as expected,
    cast(refundable + over_paid as decimal(18, 2)) as actual,
    cast(cast(refundable + over_paid as decimal(18, 2)) as varchar) || '−'
    || case
        when cap < upper_part and refundable = cap
            then
                'min(' || cast(cap as varchar) || ','
                || cast(upper_part as varchar) || ')'
        else cast(refundable as varchar)
    end
    || '=' || cast(over_paid as varchar) as formula,
    'upper_part|' || party_id || '|' || policy || '|'
    || cast(year as varchar)
    || case when is_eligibility_open then '|over' else '' end as money_key,
    year_from as report_from,
    year_to as report_to,
    title,
    upper_part,
    cap
from int_refund_split
where over_paid > $tolerance_money_yuan
order by party_id, policy, year
