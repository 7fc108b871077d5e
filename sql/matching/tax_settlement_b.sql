-- lines of the settlement
select
    row_id as line_id,
    settled_on as day,
    gross as amount,
    party_id,
    voucher_no as reference,
    cast(null as varchar) as text_,
    batch_no as shared_key,
    cast(null as varchar) as account,
    false as is_internal
from stg_settlement
