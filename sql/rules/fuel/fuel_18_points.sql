-- FUEL-18 points
-- grain: one row per card_no; a state as of the day
with

pointed as (

    select
        state.*,
        cast(round(state.points * $fuel_point_yuan, 2) as decimal(18, 2)) as worth
    from int_card_state as state
    where
        state.card_row_id is not null
        and (state.status <> '正常' or state.is_disposed)
        and state.points > 0

)

select
    pointed.card_no,
    pointed.party_id,
    pointed.party_name,
    '' as period,
    'verify' as direction,
    pointed.worth as amount,
    cast(0 as decimal(18, 2)) as expected,
    pointed.worth as actual,
    number_text(pointed.points) || '×' || cast($fuel_point_yuan as varchar) || '='
    || cast(pointed.worth as varchar) as formula,
    'card_points|' || pointed.card_no as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    pointed.card_last4,
    pointed.status as card_status,
    pointed.is_disposed as vehicle_disposed,
    pointed.points
from pointed
order by pointed.card_no;

select
    found.exception_no,
    state.points_row_id as row_id
from found
inner join int_card_state as state on found.card_no = state.card_no
