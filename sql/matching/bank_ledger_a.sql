-- all bank lines of the own accounts
select
    row_id as line_id,
    posted_on as day,
    amount,
    party_id,
    party_name_key as party_name,
    stated_id,
    serial_no as reference,
    said as text_,
    cast(null as varchar) as shared_key,
    account,
    is_internal
from int_bank_line
