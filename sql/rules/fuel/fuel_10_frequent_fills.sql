-- FUEL-10 frequent-fills
-- grain: one row per fill too many (card_no, txn_key)
with

fill as (

    select
        spend.row_id,
        spend.card_no,
        spend.txn_key,
        spend.money_key,
        spend.txn_at,
        spend.txn_on,
        spend.paid,
        spend.plate,
        spend.car_key,
        spend.party_id,
        spend.party_name,
        spend.card_last4,
        case
            when coalesce(spend.product_kind, 'petrol') in ('petrol', 'diesel')
                then spend.litres
            else 0
        end as litres,
        case when not vehicle.is_hybrid then vehicle.tank_l end as tank_l
    from int_spend as spend
    left join stg_vehicle as vehicle
        on
            spend.plate = vehicle.plate
            and spend.txn_on between vehicle.serves_from and vehicle.serves_to
    where
        spend.kind = '加油'
        and coalesce(spend.product_kind, '') <> 'electric'
        and not coalesce(vehicle.is_electric, false)

),

counted as (  -- a day of 24 hours before a fill ends one second short of it

    select
        fill.*,
        row_number() over (
            partition by car_key, txn_on order by txn_at asc, txn_key asc, row_id asc
        ) as fill_no,
        date_diff(
            'second',
            lag(txn_at) over (partition by car_key order by txn_at asc, txn_key asc, row_id asc),
            txn_at
        ) < 86400 as follows_another,
        sum(litres) over (
            partition by car_key order by txn_at asc
            range between interval '86399' second preceding and current row
        ) as day_litres
    from fill

),

judged as (

    select
        counted.*,
        policy.fuel_daily_fills_max as fills_max,
        counted.fill_no > policy.fuel_daily_fills_max as is_too_often,
        counted.follows_another
        and counted.day_litres > counted.tank_l * policy.fuel_daily_litres_factor
            as is_too_much
    from counted
    inner join ref_policy_day as policy on counted.txn_on = policy.day

)

select
    card_no,
    txn_key,
    party_id,
    party_name,
    strftime(txn_on, '%Y-%m-%d') as period,
    'verify' as direction,
    paid as amount,
    cast(0 as decimal(18, 2)) as expected,
    paid as actual,
    null as formula,
    money_key,
    txn_on as report_from,
    txn_on as report_to,
    card_last4,
    plate,
    car_key,
    txn_on,
    txn_at,
    fill_no,
    day_litres,
    case when is_too_often then '当日加油次数' else '二十四小时加油量' end as reason
from judged
where is_too_often or is_too_much
order by card_no, txn_key;

select
    found.exception_no,
    spend.row_id
from found
inner join int_spend as spend on found.car_key = spend.car_key
where
    spend.kind = '加油'
    and spend.txn_at <= found.txn_at
    and date_diff('second', spend.txn_at, found.txn_at) < 86400
union all
select
    found.exception_no,
    vehicle.row_id
from found
inner join stg_vehicle as vehicle
    on
        found.plate = vehicle.plate
        and found.txn_on between vehicle.serves_from and vehicle.serves_to
where found.reason = '二十四小时加油量'
