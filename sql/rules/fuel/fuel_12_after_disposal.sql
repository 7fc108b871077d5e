-- FUEL-12 after-disposal
-- grain: one row per purchase (card_no, txn_key)
with

late as (

    select
        spend.row_id,
        vehicle.row_id as vehicle_row_id,
        spend.card_no,
        spend.txn_key,
        spend.money_key,
        spend.txn_on,
        spend.kind,
        spend.paid,
        spend.formula,
        spend.back_row_id,
        spend.plate,
        spend.party_id,
        spend.party_name,
        spend.card_last4,
        spend.txn_on > vehicle.disposed_on as is_after_disposal,
        spend.txn_on > vehicle.sealed_on as is_after_seal,
        vehicle.is_reopened,
        vehicle.disposed_on,
        vehicle.sealed_on
    from int_spend as spend
    inner join stg_vehicle as vehicle
        on
            spend.plate = vehicle.plate
            and spend.txn_on between vehicle.serves_from and vehicle.serves_to

)

select
    card_no,
    txn_key,
    party_id,
    party_name,
    strftime(txn_on, '%Y-%m-%d') as period,
    case when is_after_disposal or not is_reopened then 'recover' else 'verify' end as direction,
    paid as amount,
    cast(0 as decimal(18, 2)) as expected,
    paid as actual,
    formula,
    money_key,
    txn_on as report_from,
    txn_on as report_to,
    card_last4,
    plate,
    kind,
    case when is_after_disposal then '处置' else '封存' end as event,
    case when is_after_disposal then disposed_on else sealed_on end as event_on,
    date_diff(
        'day', case when is_after_disposal then disposed_on else sealed_on end, txn_on
    ) as days_after,
    row_id as source_row_id,
    back_row_id,
    vehicle_row_id
from late
where is_after_disposal or is_after_seal
order by card_no, txn_key
