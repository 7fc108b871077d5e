-- money in on the own accounts, transfers between own accounts left out; one row per bank line
-- where recon.toml names no account, every account that is not a basic union's counts as own
-- line_no tells equal lines apart
with

own as (

    select count(*) as accounts from ref_self_account

),

union_account as (

    select distinct account_no
    from stg_union
    where account_no is not null

)

select
    bank.row_id,
    bank.account_no,
    bank.posted_on,
    cast(date_trunc('month', bank.posted_on) as date) as month,
    coalesce(bank.serial_no, '') as serial_no,
    bank.amount,
    bank.party_id,
    bank.party_name,
    coalesce(bank.party_name_key, '') as party_name_key,
    bank.summary,
    row_number() over (
        partition by
            bank.account_no, bank.posted_on, bank.serial_no, bank.amount, bank.party_name_key
        order by bank.row_id asc
    ) as line_no
from stg_bank_txn as bank
cross join own
left join union_account on bank.account_no = union_account.account_no
where
    bank.amount > 0
    and not bank.is_internal
    and (
        bank.is_own_account
        or bank.account_no is null
        or (own.accounts = 0 and union_account.account_no is null)
    )
