-- one row per bank line of an own account: what tells it from equal lines, never its row number
-- is_repeat: the same serial number listed again (overlapping exports)
-- is_person: the other side reads like a natural person
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
    person.name_key is not null as is_person,
    row_number() over (
        partition by
            bank.account_no, bank.posted_on, bank.serial_no, bank.amount, bank.party_name_key
        order by bank.row_id asc
    ) as line_no,
    bank.serial_no is not null
    and row_number() over (
        partition by
            bank.account_no, bank.posted_on, bank.serial_no, bank.amount, bank.party_name_key
        order by bank.row_id asc
    ) > 1 as is_repeat
from stg_bank_txn as bank
inner join int_bank_line as line on bank.row_id = line.row_id
left join int_person_name as person on bank.party_name_key = person.name_key
