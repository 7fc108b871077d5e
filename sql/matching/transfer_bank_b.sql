-- bank money out (as positive) that may be a transfer: its serial number, party or wording is one's
with

payee as (

    select distinct coalesce(payee_party_id, party_id, 'N:' || payee_name_key) as party_id
    from stg_fund_transfer

),

serial as (

    select distinct serial_no
    from stg_fund_transfer
    where serial_no is not null

)

select
    bank.row_id as line_id,
    bank.posted_on as day,
    cast(-bank.amount as decimal(18, 2)) as amount,
    bank.party_id,
    bank.party_name_key as party_name,
    bank.stated_id,
    bank.serial_no as reference,
    bank.said as text_,
    cast(null as varchar) as shared_key,
    bank.account,
    bank.is_internal
from int_bank_line as bank
left join payee on bank.party_id = payee.party_id
left join serial on bank.serial_no = serial.serial_no
where
    serial.serial_no is not null
    or (bank.amount < 0 and payee.party_id is not null)
    or (bank.amount < 0 and regexp_matches(bank.said, '回拨|上解|返还|筹备金|补助|拨付|代发'))
    or regexp_matches(bank.said, '退汇|退回|冲正|冲销')
