-- FUEL-09 wrong-fuel
-- grain: one row per fill (card_no, txn_key)
with

fill as (

    select
        spend.row_id,
        vehicle.row_id as vehicle_row_id,
        spend.card_no,
        spend.txn_key,
        spend.money_key,
        spend.txn_on,
        spend.paid,
        spend.formula,
        spend.back_row_id,
        spend.product,
        spend.plate,
        spend.party_id,
        spend.party_name,
        spend.card_last4,
        vehicle.fuel_type as vehicle_fuel,
        case spend.product_kind
            when 'petrol' then not vehicle.accepts_petrol
            when 'diesel' then not vehicle.accepts_diesel
            when 'gas' then not vehicle.accepts_gas
            when 'electric' then true
            else false
        end as is_other_kind,
        spend.product_grade > vehicle.grade as is_higher_grade
    from int_spend as spend
    inner join stg_vehicle as vehicle
        on
            spend.plate = vehicle.plate
            and spend.txn_on between vehicle.serves_from and vehicle.serves_to
    where
        spend.kind = '加油'
        and not vehicle.is_hybrid
        and (vehicle.accepts_petrol or vehicle.accepts_diesel or vehicle.accepts_gas)

)

select
    card_no,
    txn_key,
    party_id,
    party_name,
    strftime(txn_on, '%Y-%m-%d') as period,
    case when is_other_kind then 'recover' else 'verify' end as direction,
    paid as amount,
    cast(0 as decimal(18, 2)) as expected,
    paid as actual,
    formula,
    money_key,
    txn_on as report_from,
    txn_on as report_to,
    card_last4,
    plate,
    product,
    vehicle_fuel,
    case when is_other_kind then '油品种类不符' else '标号高于车辆要求' end as reason,
    row_id as source_row_id,
    back_row_id,
    vehicle_row_id
from fill
where is_other_kind or is_higher_grade
order by card_no, txn_key
