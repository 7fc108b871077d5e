-- bank lines of the own accounts as the matcher sees them: one row per source row
-- party_id: the register's party, else the name itself; account: its last four digits
-- stated_id: the same, where the name is not an agent bank's, a clearing account's or nobody's
-- is_internal: the other account, or the name at it, is our own
with

own as (  -- without a list of own accounts, every account in the data is taken as own

    select count(*) as accounts from ref_self_account

)

select
    bank.row_id,
    bank.posted_on,
    bank.amount,
    coalesce(bank.party_id, 'N:' || bank.party_name_key) as party_id,
    bank.party_name_key,
    case
        when unstated.name_key is null
            then coalesce(bank.party_id, 'N:' || bank.party_name_key)
    end as stated_id,
    bank.serial_no,
    bank.summary,
    coalesce(bank.party_name_key, '') || ' ' || coalesce(bank.summary, '') as said,
    case
        when length(bank.account_no) >= 4
            then substr(bank.account_no, length(bank.account_no) - 3, 4)
    end as account,
    bank.is_internal or self_name.name_key is not null as is_internal
from stg_bank_txn as bank
cross join own
left join int_unstated_name as unstated
    on bank.party_name_key = unstated.name_key and unstated.source = 'bank'
left join ref_self as self_name on bank.party_name_key = self_name.name_key
where bank.amount is not null and (bank.is_own_account or own.accounts = 0)
