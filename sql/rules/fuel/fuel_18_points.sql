-- FUEL-18 points
-- grain: one row per card_no with points left (txn_key empty; a state as of the day), and one per
-- redemption for goods that are not for the car
with

pointed as (

    select
        state.card_no,
        '' as txn_key,
        state.party_id,
        state.party_name,
        cast(null as date) as redeemed_on,
        cast(round(state.points * $fuel_point_yuan, 2) as decimal(18, 2)) as worth,
        number_text(state.points) || '×' || cast($fuel_point_yuan as varchar) || '='
        || cast(cast(round(state.points * $fuel_point_yuan, 2) as decimal(18, 2)) as varchar)
            as formula,
        state.card_last4,
        state.status,
        state.is_disposed,
        state.points,
        '还有积分' || number_text(state.points) || '分' as finding
    from int_card_state as state
    where
        state.card_row_id is not null
        and (state.status <> '正常' or state.is_disposed)
        and state.points > 0

),

redeemed as (  -- for goods: the product is neither fuel, nor for the car, nor money on the card

    select
        txn.card_no,
        txn.txn_key,
        card.party_id,
        card.owner_unit as party_name,
        txn.txn_on as redeemed_on,
        txn.size_yuan as worth,
        cast(null as varchar) as formula,
        card.card_last4,
        card.status,
        false as is_disposed,
        cast(null as decimal(18, 6)) as points,
        '兑换“' || txn.product || '”' as finding
    from stg_fuel_txn as txn
    inner join int_card as card on txn.card_no = card.card_no
    inner join int_fuel_product as product on txn.product = product.product
    where
        txn.kind = '积分兑换'
        and not txn.is_repeat
        and not txn.is_reversed
        and product.product_kind is null
        and not regexp_matches(txn.product, '积分|兑换|充值|加油|油款|油品|燃油')

),

found_points as (

    select *
    from pointed
    union all
    select *
    from redeemed

)

select
    card_no,
    txn_key,
    party_id,
    party_name,
    coalesce(strftime(redeemed_on, '%Y-%m-%d'), '') as period,
    'verify' as direction,
    worth as amount,
    cast(0 as decimal(18, 2)) as expected,
    worth as actual,
    formula,
    'card_points|' || card_no || '|' || txn_key as money_key,
    redeemed_on as report_from,
    redeemed_on as report_to,
    card_last4,
    status as card_status,
    is_disposed as vehicle_disposed,
    points,
    finding
from found_points
order by card_no, txn_key
