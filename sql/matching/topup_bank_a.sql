-- top-ups of fuel cards that stand: not listed twice, not reversed
select
    row_id as line_id,
    txn_on as day,
    cast(size_yuan as decimal(18, 2)) as amount,
    cast(null as varchar) as party_id,
    cast(null as varchar) as reference,
    card_no as text_,
    cast(null as varchar) as shared_key,
    cast(null as varchar) as account,
    false as is_internal
from stg_fuel_txn
where kind = '充值' and movement > 0 and not is_repeat and not is_reversed
