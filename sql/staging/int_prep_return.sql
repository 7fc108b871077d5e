-- returns of preparation funds after the opening balance; sent back by the bank is negative, and
-- counts on the day of the payment that it takes back; what only the bank shows as sent back is
-- none
-- is_restored: sent back after the opening's day, of a return made by then: the fund has it again
-- is_stray: sent back, of a return that the list does not hold: one made before the opening's day
-- as far as anybody can tell; without an opening the two are nothing together
with

part as (

    select
        transfer.row_id,
        transfer.party_id,
        transfer.amount,
        transfer.paid_on,
        transfer.counts_on,
        transfer.is_returned,
        opening.opening_on,
        transfer.amount < 0
        and not coalesce(
            bool_or(transfer.amount > 0) over (
                partition by transfer.party_id
                order by transfer.paid_on asc, transfer.amount desc, transfer.row_id asc
                rows between unbounded preceding and current row
            ), false
        ) as is_stray,
        transfer.is_returned or bounced.row_id is null as is_standing
    from stg_fund_transfer as transfer
    left join int_prep_opening as opening on transfer.party_id = opening.party_id
    left join int_transfer_bounced as bounced on transfer.row_id = bounced.row_id
    where transfer.kind = '筹备金返还'

)

select
    row_id,
    party_id,
    amount,
    paid_on,
    counts_on,
    is_returned,
    is_stray,
    coalesce(amount < 0 and (is_stray or counts_on <= opening_on), false)
    and opening_on is not null as is_restored
from part
where is_standing and (opening_on is null or paid_on > opening_on)
