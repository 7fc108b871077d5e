-- one row per ledger line of income from the upper level (上级补助收入 in the chart of the day)
-- a debit closes the account and is none, unless its voucher pays it back from the bank
with

paid_out as (

    select distinct
        entry_on,
        voucher_no
    from stg_gl_entry
    where account_kind = 'bank' and amount < 0

)

select
    entry.row_id,
    entry.entry_on as received_on,
    cast(
        coalesce(entry.credit, 0)
        - case when paid_out.voucher_no is null then 0 else coalesce(entry.debit, 0) end
        as decimal(18, 2)
    ) as amount,
    coalesce(entry.account_name, '') || ' ' || coalesce(entry.summary, '') as words
from stg_gl_entry as entry
left join paid_out on entry.entry_on = paid_out.entry_on and entry.voucher_no = paid_out.voucher_no
where
    entry.account_kind = 'upper_income'
    and (entry.credit <> 0 or (entry.debit <> 0 and paid_out.voucher_no is not null))
