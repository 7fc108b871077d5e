-- view: ledger lines of bank accounts whose statements are there, each with what the matcher found
select
    line.row_id,
    line.class,
    line.is_surplus,
    key.entry_on,
    key.voucher_no,
    key.entry_no,
    key.account_code,
    key.amount,
    key.summary,
    key.line_no
from int_bank_ledger_line as line
inner join int_bank_ledger_account as account
    on line.side = account.side and line.account = account.account
inner join int_ledger_key as key on line.row_id = key.row_id
where
    line.side = 'b'
    and (
        account.covered_from is null
        or line.day between account.covered_from and account.covered_to
    )
