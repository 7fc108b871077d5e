-- top-ups of fuel cards
select
    row_id as line_id,
    cast(txn_at as date) as day,
    cast(abs(amount) as decimal(18, 2)) as amount,
    cast(null as varchar) as party_id,
    cast(null as varchar) as reference,
    card_no as text_,
    cast(null as varchar) as shared_key,
    cast(null as varchar) as account,
    false as is_internal
from src_fuel_txn
where kind = '充值'
