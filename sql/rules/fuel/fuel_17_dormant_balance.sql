-- FUEL-17 dormant-balance
-- grain: one row per card_no; a state as of the day
-- without any transaction nobody knows when a card was used
with

seen as (

    select count(*) as transactions
    from stg_fuel_txn

)

select
    state.card_no,
    state.party_id,
    state.party_name,
    '' as period,
    case
        when
            state.is_unsure
            or seen.transactions = 0
            or add_days(
                greatest(state.unseen_use_on, state.idle_since), policy.fuel_dormant_days
            ) >= $as_of
            then 'verify'
        else 'write_off'
    end as direction,
    state.balance as amount,
    cast(0 as decimal(18, 2)) as expected,
    state.balance as actual,
    null as formula,
    'card_balance|' || state.card_no as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    state.card_last4,
    state.plate,
    state.known_on,
    state.idle_since,
    date_diff('day', state.idle_since, $as_of) as idle_days
from int_card_state as state
cross join seen
inner join ref_policy_day as policy on state.idle_since = policy.day
where
    state.card_row_id is not null
    and state.status = '正常'
    and not state.is_disposed
    and not state.is_sealed
    and state.balance > policy.fuel_dormant_yuan
    and add_days(state.idle_since, policy.fuel_dormant_days) < $as_of
order by state.card_no
