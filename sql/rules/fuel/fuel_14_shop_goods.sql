-- FUEL-14 shop-goods
-- grain: one row per purchase (card_no, txn_key)
select
    card_no,
    txn_key,
    party_id,
    party_name,
    strftime(txn_on, '%Y-%m-%d') as period,
    case
        when product_kind in ('urea', 'oil', 'wash', 'petrol', 'diesel', 'gas', 'electric')
            then 'verify'
        else 'recover'
    end as direction,
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
    station,
    row_id as source_row_id,
    back_row_id
from int_spend
where kind = '非油品'
order by card_no, txn_key
