-- what was bought with a card and not taken back: fills (加油) and other goods (非油品),
-- each with its car, its card's owner and the kind of product
-- paid and litres are what is left of them after what was given back in part: less than it, within
-- match.window_days, under its receipt number, else (退款 of goods, a purchase below zero) with the
-- latest before it; formula says so, back_row_id is such a row
with

back as (

    select
        row_id,
        card_no,
        txn_at,
        txn_on,
        kind,
        product,
        serial_no,
        litres,
        size_yuan
    from stg_fuel_txn
    where
        (kind in ('加油', '非油品', '冲正') or (kind = '退款' and product is not null))
        and movement > 0
        and not is_repeat
        and not is_reversed

),

part as (

    select
        bought.row_id,
        back.row_id as back_row_id,
        back.size_yuan,
        coalesce(
            back.litres, ratio_half_up(bought.litres * back.size_yuan, bought.size_yuan)
        ) as litres
    from back
    inner join stg_fuel_txn as bought
        on
            back.card_no = bought.card_no
            and back.txn_at >= bought.txn_at
            and date_diff('day', bought.txn_on, back.txn_on) <= $match_window_days
            and back.size_yuan < bought.size_yuan
            and (back.product is null or bought.product is null or back.product = bought.product)
            and (back.kind <> '冲正' or back.serial_no = bought.serial_no)
    where
        bought.kind in ('加油', '非油品')
        and bought.movement < 0
        and not bought.is_repeat
        and not bought.is_reversed
    qualify row_number() over (
        partition by back.row_id
        order by
            coalesce(back.serial_no = bought.serial_no, false) desc,
            bought.txn_at desc, bought.size_yuan desc, bought.row_id asc
    ) = 1

),

given_back as (

    select
        row_id,
        min(back_row_id) as back_row_id,
        cast(sum(size_yuan) as decimal(18, 2)) as size_yuan,
        cast(sum(litres) as decimal(18, 6)) as litres
    from part
    group by row_id

)

select
    txn.row_id,
    txn.card_no,
    txn.txn_key,
    'card_fill|' || txn.card_no || '|' || txn.txn_key as money_key,
    txn.txn_at,
    txn.txn_on,
    txn.has_time,
    txn.kind,
    txn.product,
    product.product_kind,
    product.grade as product_grade,
    cast(txn.litres - coalesce(given_back.litres, 0) as decimal(18, 6)) as litres,
    cast(txn.size_yuan - coalesce(given_back.size_yuan, 0) as decimal(18, 2)) as paid,
    given_back.back_row_id,
    case
        when given_back.row_id is not null
            then
                cast(txn.size_yuan as varchar) || '−' || cast(given_back.size_yuan as varchar)
                || '=' || cast(txn.size_yuan - given_back.size_yuan as varchar)
    end as formula,
    coalesce(txn.plate, card.plate) as plate,
    coalesce(txn.plate, card.plate, 'C:' || txn.card_no) as car_key,
    txn.odometer,
    txn.station,
    txn.city,
    txn.serial_no,
    card.party_id,
    card.owner_unit as party_name,
    card.card_last4
from stg_fuel_txn as txn
inner join int_card as card on txn.card_no = card.card_no
left join int_fuel_product as product on txn.product = product.product
left join given_back on txn.row_id = given_back.row_id
where
    txn.kind in ('加油', '非油品')
    and txn.movement < 0
    and not txn.is_repeat
    and not txn.is_reversed
    and (given_back.row_id is null or txn.size_yuan > given_back.size_yuan)
