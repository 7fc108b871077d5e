-- one row per month and voucher that books rent: what the receipts say, what the ledger credits to
-- income (by the chart of accounts; of an account that it does not have: its name says 收入 or
-- 租金); months that the ledger does not cover are left out
with

receipt as (

    select
        voucher_no,
        cast(date_trunc('month', received_on) as date) as month,
        min(lease_no) as lease_no,
        sum(amount) as received,
        min(received_on) as received_on
    from src_lease_receipt
    where voucher_no is not null
    group by voucher_no, cast(date_trunc('month', received_on) as date)

),

covered as (

    select distinct cast(date_trunc('month', entry_on) as date) as month
    from stg_gl_entry

),

booked as (

    select
        voucher_no,
        cast(date_trunc('month', entry_on) as date) as month,
        sum(
            case
                when account_kind in ('income', 'upper_income') then -amount
                when
                    account_kind is null
                    and (account_name like '%收入%' or account_name like '%租金%')
                    then -amount
                else 0
            end
        ) as income
    from stg_gl_entry
    group by voucher_no, cast(date_trunc('month', entry_on) as date)

)

select
    receipt.voucher_no,
    receipt.month,
    receipt.lease_no,
    receipt.received_on,
    cast(receipt.received as decimal(18, 2)) as received,
    cast(coalesce(booked.income, 0) as decimal(18, 2)) as income,
    booked.voucher_no is not null as is_in_ledger
from receipt
inner join covered on receipt.month = covered.month
left join booked
    on receipt.voucher_no = booked.voucher_no and receipt.month = booked.month
