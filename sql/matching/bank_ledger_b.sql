-- ledger lines of bank accounts, with the one party that their voucher names, if it names one
with

voucher_party as (

    select
        entry_on,
        voucher_no,
        min(coalesce(party_id, 'N:' || aux_party_key)) as party_id
    from stg_gl_entry
    where aux_party_key is not null
    group by entry_on, voucher_no
    having count(distinct coalesce(party_id, 'N:' || aux_party_key)) = 1

)

select
    entry.row_id as line_id,
    entry.entry_on as day,
    entry.amount,
    voucher_party.party_id,
    cast(null as varchar) as reference,
    entry.summary as text_,
    entry.voucher_no as shared_key,
    nullif(regexp_extract(entry.account_name, '([0-9]{4})[^0-9]*$', 1), '') as account,
    false as is_internal
from stg_gl_entry as entry
left join voucher_party
    on entry.entry_on = voucher_party.entry_on and entry.voucher_no = voucher_party.voucher_no
where entry.account_name like '%银行存款%' or entry.account_name like '%零余额账户%'
