-- PRE-05 still-charged-after-founding
-- grain: one row per party_id and span of fee periods
-- the preparation fund's view of REM-04: the same money, so it hangs under that rule
select
    party_id,
    period_from,
    period_to,
    period_text(period_from, period_to) as period,
    case when is_passed_known then 'give_back' else 'verify' end as direction,
    cast(expected - passed as decimal(18, 2)) as amount,
    expected,
    passed as actual,
    formula,
    'basic_part|' || party_id || '|' || period_text(period_from, period_to) as money_key,
    period_from as report_from,
    period_to as report_to,
    founded_on,
    paid
from int_prep_after_founding
where expected - passed > $tolerance_money_yuan
order by party_id, period_from
