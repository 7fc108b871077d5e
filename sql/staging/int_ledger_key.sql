-- one row per ledger line: what tells it from equal lines, never its row number
select
    row_id,
    entry_on,
    voucher_no,
    coalesce(line_no, 0) as entry_no,
    account_code,
    account_name,
    amount,
    coalesce(party_id, 'N:' || aux_party_key) as party_id,
    aux_party,
    summary,
    row_number() over (
        partition by entry_on, voucher_no, line_no, account_code, amount
        order by row_id asc
    ) as line_no
from stg_gl_entry
