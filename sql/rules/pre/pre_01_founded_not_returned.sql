-- PRE-01 founded-not-returned
-- grain: one row per party_id
select
    party_id,
    '' as period,
    direction,
    short_yuan as amount,
    expected,
    returned as actual,
    formula,
    'prep_return|' || party_id as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    founded_on,
    ready_on,
    size_note,
    return_note,
    '已开户' as account_state
from int_prep_short
where is_payable
order by party_id
