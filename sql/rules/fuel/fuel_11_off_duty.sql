-- FUEL-11 off-duty
-- grain: one row per fill (card_no, txn_key)
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
        spend.station,
        spend.party_id,
        spend.party_name,
        spend.card_last4,
        duty.is_workday,
        duty.is_holiday,
        spend.has_time and (
            extract(hour from spend.txn_at) * 60 + extract(minute from spend.txn_at)
            < duty.from_minute
            or extract(hour from spend.txn_at) * 60 + extract(minute from spend.txn_at)
            >= duty.to_minute
        ) as is_night
    from int_spend as spend
    inner join int_duty_day as duty on spend.txn_on = duty.day
    where spend.kind = '加油'

)

select
    fill.card_no,
    fill.txn_key,
    fill.party_id,
    fill.party_name,
    strftime(fill.txn_on, '%Y-%m-%d') as period,
    'verify' as direction,
    fill.paid as amount,
    cast(0 as decimal(18, 2)) as expected,
    fill.paid as actual,
    null as formula,
    fill.money_key,
    fill.txn_on as report_from,
    fill.txn_on as report_to,
    fill.card_last4,
    fill.plate,
    fill.station,
    fill.txn_on,
    fill.txn_at,
    case
        when fill.is_holiday then '节假日'
        when not fill.is_workday then '周末'
        else '夜间'
    end as reason,
    fill.row_id as source_row_id
from fill
left join int_spend_trip as trip on fill.row_id = trip.row_id
where (not fill.is_workday or fill.is_night) and trip.row_id is null
order by fill.card_no, fill.txn_key
