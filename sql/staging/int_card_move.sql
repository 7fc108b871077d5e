-- what moves the money on a card itself: one row per transaction that counts
-- in a month with 圈存 the top-ups (充值) go to the reserve and are not on the card
with

loaded as (

    select distinct
        card_no,
        cast(date_trunc('month', txn_on) as date) as month
    from stg_fuel_txn
    where kind = '圈存' and not is_repeat

)

select
    txn.row_id,
    txn.card_no,
    txn.txn_at,
    txn.txn_on,
    cast(date_trunc('month', txn.txn_on) as date) as month,
    txn.movement
from stg_fuel_txn as txn
left join loaded
    on txn.card_no = loaded.card_no and date_trunc('month', txn.txn_on) = loaded.month
where not txn.is_repeat and (loaded.card_no is null or txn.base_kind <> '充值')
