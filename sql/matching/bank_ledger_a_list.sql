-- the transfers that name a bank line: whom it pays, and how much (money out is negative)
select
    bank.row_id as line_id,
    coalesce(transfer.payee_party_id, 'N:' || transfer.payee_name_key) as party_id,
    cast(-transfer.amount as decimal(18, 2)) as amount
from int_bank_line as bank
inner join stg_fund_transfer as transfer on bank.serial_no = transfer.serial_no
