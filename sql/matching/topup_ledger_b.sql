-- vouchers of the ledger that pay for fuel: their money out of bank and cash (as positive)
select
    row_id as line_id,
    entry_on as day,
    amount,
    cast(null as varchar) as party_id,
    cast(null as varchar) as reference,
    cast(null as varchar) as text_,
    voucher_no as shared_key,
    cast(null as varchar) as account,
    false as is_internal
from int_fuel_voucher
