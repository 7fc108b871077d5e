-- one row per bank line of an own account: what tells it from equal lines, never its row number
select
    bank.row_id,
    bank.account_no,
    bank.posted_on,
    coalesce(bank.serial_no, '') as serial_no,
    bank.amount,
    coalesce(bank.party_id, 'N:' || bank.party_name_key) as party_id,
    bank.party_name,
    coalesce(bank.party_name_key, '') as party_name_key,
    bank.summary,
    line.is_internal,
    row_number() over (
        partition by
            bank.account_no, bank.posted_on, bank.serial_no, bank.amount, bank.party_name_key
        order by bank.row_id asc
    ) as line_no
from stg_bank_txn as bank
inner join int_bank_line as line on bank.row_id = line.row_id
