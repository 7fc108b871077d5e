-- FUEL-01 stopped-card-balance
-- grain: one row per card_no; a state as of the day
with

stopped as (

    select
        state.*,
        coalesce(stopped_on, last_txn_on) as stop_day,
        stopped_on is null as is_stop_assumed
    from int_card_state as state
    where
        card_row_id is not null
        and (status <> '正常' or is_disposed)
        and balance + reserve > 0

)

select
    stopped.card_no,
    stopped.party_id,
    stopped.party_name,
    '' as period,
    case when stopped.is_stop_assumed or stopped.is_unsure then 'verify' else 'write_off' end
        as direction,
    cast(stopped.balance + stopped.reserve as decimal(18, 2)) as amount,
    cast(0 as decimal(18, 2)) as expected,
    cast(stopped.balance + stopped.reserve as decimal(18, 2)) as actual,
    cast(stopped.balance as varchar) || '+' || cast(stopped.reserve as varchar) || '='
    || cast(stopped.balance + stopped.reserve as varchar) as formula,
    'card_balance|' || stopped.card_no as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    stopped.card_last4,
    stopped.plate,
    stopped.status as card_status,
    stopped.is_disposed as vehicle_disposed,
    stopped.stop_day,
    stopped.is_stop_assumed,
    stopped.balance,
    stopped.reserve,
    stopped.known_on
from stopped
inner join ref_policy_day as policy on stopped.stop_day = policy.day
where add_days(stopped.stop_day, policy.fuel_closed_balance_days) < $as_of
order by stopped.card_no
