-- view: bank lines of accounts that the ledger keeps, each with what the matcher found
-- (the row number alone tells them from ledger lines)
select
    line.row_id,
    line.class,
    line.is_surplus,
    key.account_no,
    key.posted_on,
    key.serial_no,
    key.amount,
    key.party_id,
    key.party_name,
    key.party_name_key,
    key.is_person,
    key.summary,
    key.line_no
from int_bank_ledger_line as line
inner join int_bank_ledger_account as account
    on line.side = account.side and line.account = account.account
inner join int_bank_key as key on line.row_id = key.row_id
