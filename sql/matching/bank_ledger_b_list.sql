-- the other lines of a voucher with one line of a bank account: whom it is about, and how much
with

voucher as (

    select
        entry_on,
        voucher_no,
        min(row_id) as row_id
    from stg_gl_entry
    where account_kind in ('bank', 'quota')
    group by entry_on, voucher_no
    having count(*) = 1

)

select
    voucher.row_id as line_id,
    stated.party_id,
    cast(-entry.amount as decimal(18, 2)) as amount
from voucher
inner join stg_gl_entry as entry
    on
        voucher.entry_on = entry.entry_on
        and voucher.voucher_no = entry.voucher_no
        and voucher.row_id <> entry.row_id
left join int_ledger_party as stated on entry.row_id = stated.row_id
