-- transfers made by this federation; money sent back by the bank is negative
-- stated_id: the payee, whose name the bank line has
select
    row_id as line_id,
    paid_on as day,
    amount,
    coalesce(payee_party_id, party_id, 'N:' || payee_name_key) as party_id,
    coalesce(payee_party_id, 'N:' || payee_name_key, party_id) as stated_id,
    payee_name_key as party_name,
    serial_no as reference,
    kind as text_,
    cast(null as varchar) as shared_key,
    cast(null as varchar) as account,
    false as is_internal
from stg_fund_transfer
