-- whom a bank line pays, and how much (money out is negative): the transfers that name it; whose
-- fees money in is, and what of them arrives here: the settlement of the one batch that it names
select
    bank.row_id as line_id,
    coalesce(transfer.payee_party_id, 'N:' || transfer.payee_name_key) as party_id,
    cast(-transfer.amount as decimal(18, 2)) as amount
from int_bank_line as bank
inner join stg_fund_transfer as transfer on bank.serial_no = transfer.serial_no
union all
select
    bank.row_id as line_id,
    share.party_id,
    cast(sum(share.amount) as decimal(18, 2)) as amount
from int_bank_batch as bank
inner join int_settlement_share as share on bank.batch_no = share.batch_no
group by bank.row_id, share.row_id, share.party_id
