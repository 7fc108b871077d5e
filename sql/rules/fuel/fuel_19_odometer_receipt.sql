-- FUEL-19 odometer-receipt
-- grain: one row per fault and purchase (card_no, txn_key)
with

reading as (

    select
        card_no,
        txn_key,
        odometer,
        lag(odometer) over (
            partition by plate order by txn_at asc, odometer asc, row_id asc
        ) as earlier_odometer,
        lag(row_id) over (
            partition by plate order by txn_at asc, odometer asc, row_id asc
        ) as earlier_row_id
    from int_spend
    where kind = '加油' and plate is not null and odometer is not null

),

receipt as (  -- on one card a number is used once; on two cards only the whole receipt counts

    select
        card_no,
        txn_key,
        money_key,
        serial_no,
        paid,
        lag(row_id) over (
            partition by card_no, serial_no order by txn_at asc, txn_key asc, row_id asc
        ) as card_row_id,
        lag(row_id) over (
            partition by card_no, serial_no, paid order by txn_at asc, txn_key asc, row_id asc
        ) as card_paid_row_id,
        lag(row_id) over (
            partition by serial_no, paid, coalesce(product, ''), coalesce(station, '')
            order by txn_at asc, card_no asc, txn_key asc, row_id asc
        ) as other_row_id
    from int_spend
    where serial_no is not null

),

faulty as (

    select
        '里程倒退' as fault,
        card_no,
        txn_key,
        null as money_key,
        'verify' as direction,
        null as expected,
        null as paid,
        odometer,
        earlier_odometer,
        null as serial_no,
        earlier_row_id,
        '里程由' || number_text(earlier_odometer) || '降为' || number_text(odometer) as what_zh,
        'the odometer falls from ' || number_text(earlier_odometer) || ' to '
        || number_text(odometer) as what_en
    from reading
    where odometer < earlier_odometer
    union all
    select
        '小票重复' as fault,
        card_no,
        txn_key,
        money_key,
        case
            when card_paid_row_id is not null or other_row_id is not null then 'recover'
            else 'verify'
        end as direction,
        cast(0 as decimal(18, 2)) as expected,
        paid,
        null as odometer,
        null as earlier_odometer,
        serial_no,
        coalesce(card_paid_row_id, other_row_id, card_row_id) as earlier_row_id,
        '小票号' || serial_no || '此前已出现' as what_zh,
        'receipt ' || serial_no || ' was seen before' as what_en
    from receipt
    where card_row_id is not null or other_row_id is not null

)

select
    faulty.fault,
    faulty.card_no,
    faulty.txn_key,
    spend.party_id,
    spend.party_name,
    strftime(spend.txn_on, '%Y-%m-%d') as period,
    faulty.direction,
    faulty.paid as amount,
    faulty.expected,
    faulty.paid as actual,
    null as formula,
    faulty.money_key,
    spend.txn_on as report_from,
    spend.txn_on as report_to,
    spend.card_last4,
    spend.plate,
    faulty.serial_no,
    faulty.odometer,
    faulty.earlier_odometer,
    faulty.earlier_row_id,
    faulty.what_zh,
    faulty.what_en,
    spend.row_id as source_row_id
from faulty
inner join int_spend as spend
    on faulty.card_no = spend.card_no and faulty.txn_key = spend.txn_key
order by faulty.fault, faulty.card_no, faulty.txn_key
