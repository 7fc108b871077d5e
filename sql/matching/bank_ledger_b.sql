-- ledger lines of bank accounts, with the one party that their voucher names, if it names one
-- is_internal: the bank lines of the voucher cancel out
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

),

moved as (  -- vouchers that move money from one bank account to another

    select
        entry_on,
        voucher_no
    from stg_gl_entry
    where account_name like '%银行存款%' or account_name like '%零余额账户%'
    group by entry_on, voucher_no
    having sum(amount) = 0 and count(*) > 1

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
    moved.voucher_no is not null as is_internal
from stg_gl_entry as entry
left join voucher_party
    on entry.entry_on = voucher_party.entry_on and entry.voucher_no = voucher_party.voucher_no
left join moved on entry.entry_on = moved.entry_on and entry.voucher_no = moved.voucher_no
where entry.account_name like '%银行存款%' or entry.account_name like '%零余额账户%'
