-- FUEL-07 card-and-plate
-- grain: one row per fault and holder: a plate with several cards, a card with several plates
with

active as (

    select
        card_no,
        plate,
        card_last4,
        owner_unit,
        party_id
    from int_card
    where is_active and plate is not null

),

shared_plate as (

    select
        plate,
        min(card_no) as first_card,
        max(card_no) as last_card,
        count(*) as cards
    from active
    group by plate
    having count(*) > 1

),

used as (

    select
        active.card_no,
        active.plate
    from active
    union
    select
        active.card_no,
        txn.plate
    from active
    inner join stg_fuel_txn as txn on active.card_no = txn.card_no
    where
        txn.plate is not null
        and txn.kind in ('加油', '非油品')
        and not txn.is_reversed

),

shared_card as (

    select
        card_no,
        min(plate) as first_plate,
        max(plate) as last_plate,
        count(*) as plates
    from used
    group by card_no
    having count(*) > 1

),

faulty as (

    select
        '一车多卡' as fault,
        plate as holder,
        first_card,
        last_card,
        plate as first_plate,
        plate as last_plate,
        cards,
        1 as plates
    from shared_plate
    union all
    select
        '一卡多车' as fault,
        card_no as holder,
        card_no as first_card,
        card_no as last_card,
        first_plate,
        last_plate,
        1 as cards,
        plates
    from shared_card

)

select
    faulty.fault,
    faulty.holder,
    first_active.party_id,
    first_active.owner_unit as party_name,
    '' as period,
    '' as direction,
    cast(null as decimal(18, 2)) as amount,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as actual,
    null as formula,
    null as money_key,
    cast(null as date) as report_from,
    cast(null as date) as report_to,
    first_active.card_last4,
    last_active.card_last4 as other_card_last4,
    faulty.first_plate as plate,
    faulty.last_plate as other_plate,
    faulty.cards,
    faulty.plates,
    faulty.first_card,
    faulty.last_card
from faulty
inner join active as first_active on faulty.first_card = first_active.card_no
inner join active as last_active on faulty.last_card = last_active.card_no
order by faulty.fault, faulty.holder
