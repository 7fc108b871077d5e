-- what was bought with a card and not taken back: fills (加油) and other goods (非油品),
-- each with its car, its card's owner and the kind of product
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
    txn.litres,
    txn.size_yuan as paid,
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
where
    txn.kind in ('加油', '非油品')
    and txn.movement < 0
    and not txn.is_repeat
    and not txn.is_reversed
