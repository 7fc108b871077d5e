-- returns of preparation funds after the opening balance; sent back by the bank is negative, and
-- counts on the day of the payment that it takes back; what only the bank shows as sent back is
-- none
-- is_restored: sent back after the opening's day, of a return made by then: the fund has it again
select
    transfer.row_id,
    transfer.party_id,
    transfer.amount,
    transfer.paid_on,
    transfer.counts_on,
    transfer.is_returned,
    coalesce(transfer.amount < 0 and transfer.counts_on <= opening.opening_on, false)
        as is_restored
from stg_fund_transfer as transfer
left join int_prep_opening as opening on transfer.party_id = opening.party_id
left join int_transfer_bounced as bounced on transfer.row_id = bounced.row_id
where
    transfer.kind = '筹备金返还'
    and (transfer.is_returned or bounced.row_id is null)
    and (opening.opening_on is null or transfer.paid_on > opening.opening_on)
