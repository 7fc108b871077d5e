-- bank lines: one row per source row; amount is signed, money in is positive
select
    source.row_id,
    source.account_no,
    source.account_name,
    source.account_name_key,
    source.posted_on,
    source.serial_no,
    source.money_in,
    source.money_out,
    cast(
        case
            when source.money_in is not null or source.money_out is not null
                then coalesce(source.money_in, 0) - coalesce(source.money_out, 0)
            else source.amount
        end as decimal(18, 2)
    ) as amount,
    source.direction,
    source.balance,
    by_name.party_id,
    source.party_name,
    source.party_name_key,
    source.party_account,
    source.summary,
    own.account_no is not null as is_own_account,
    counter.account_no is not null as is_internal
from src_bank_txn as source
left join party_of_name as by_name on source.party_name_key = by_name.name_key
left join ref_self_account as own on source.account_no = own.account_no
left join ref_self_account as counter on source.party_account = counter.account_no
