-- SME-09 class-contradicted
-- grain: one row per party_id, policy and year
select
    party_id,
    policy,
    year,
    cast(year as varchar) as period,
    'verify' as direction,
    amount,
    cast(null as decimal(18, 2)) as expected,
    amount as actual,
    cast(null as varchar) as formula,
    'upper_part|' || party_id || '|' || policy || '|' || cast(year as varchar) as money_key,
    year_from as report_from,
    year_to as report_to,
    window_from,
    given_class,
    computed_class,
    reason
from int_refund_class
where reason is not null and amount > 0
order by party_id, policy, year
