-- bank money in that may be such a refund: its party or wording says so, or its amount is one's
with

refund as (

    select distinct cast(abs(amount) as decimal(18, 2)) as amount
    from src_fuel_txn
    where kind = '圈提' or (kind = '退款' and product is null)

)

select
    bank.row_id as line_id,
    bank.posted_on as day,
    bank.amount,
    cast(null as varchar) as party_id,
    cast(null as varchar) as reference,
    bank.said as text_,
    cast(null as varchar) as shared_key,
    bank.account,
    bank.is_internal
from int_bank_line as bank
left join refund on bank.amount = refund.amount
where
    bank.amount > 0
    and (
        refund.amount is not null
        or regexp_matches(bank.said, '石油|石化|中油|油卡|加油|燃油|油费')
    )
