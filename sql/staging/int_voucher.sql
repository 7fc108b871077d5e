-- one row per voucher: what it says, by which equal vouchers are known; red ones are negative
select
    entry_on,
    voucher_no,
    min(row_id) as row_id,
    coalesce(min(summary), '') as summary,
    coalesce(min(aux_party_key), '') as party_key,
    min(aux_party) as party_name,
    min(coalesce(party_id, 'N:' || aux_party_key)) as party_id,
    count(*) as lines,
    min(account_code) as first_account,
    max(account_code) as last_account,
    cast(sum(coalesce(debit, 0)) as decimal(18, 2)) as debit,
    cast(sum(coalesce(credit, 0)) as decimal(18, 2)) as credit
from stg_gl_entry
group by entry_on, voucher_no
