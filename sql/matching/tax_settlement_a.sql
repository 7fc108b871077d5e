-- payments collected by the tax bureau; the same payment listed twice counts once
select
    row_id as line_id,
    treasury_on as day,
    paid as amount,
    party_id,
    voucher_no as reference,
    item as text_,
    batch_no as shared_key,
    cast(null as varchar) as account,
    false as is_internal
from stg_tax_collection
where not is_repeat
