-- returns of preparation funds after the opening balance, up to the as-of day; sent back by the
-- bank is negative, and counts on the day of the payment that it takes back
select
    transfer.row_id,
    transfer.party_id,
    transfer.amount,
    transfer.paid_on,
    transfer.counts_on,
    transfer.is_returned
from stg_fund_transfer as transfer
left join int_prep_opening as opening on transfer.party_id = opening.party_id
where
    transfer.kind = '筹备金返还'
    and transfer.paid_on <= $as_of
    and (opening.opening_on is null or transfer.paid_on > opening.opening_on)
