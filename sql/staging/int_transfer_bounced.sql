-- transfers that the list shows as paid while the bank sent the payment back: the matcher
-- (transfer_bank) puts the transfer beside one bank line, and that line was returned
with

paid as (

    select
        transfer_line.line_id as row_id,
        bank_line.line_id as bank_row_id,
        count(*) over (partition by transfer_line.group_id) as pairs
    from match_line as transfer_line
    inner join match_line as bank_line
        on
            transfer_line.pairing = bank_line.pairing
            and transfer_line.group_id = bank_line.group_id
    where
        transfer_line.pairing = 'transfer_bank'
        and transfer_line.side = 'a'
        and bank_line.side = 'b'
        and transfer_line.class in ('matched', 'confirmed')
        and bank_line.class in ('matched', 'confirmed')

)

select paid.row_id
from paid
inner join int_bank_return as sent_back on paid.bank_row_id = sent_back.row_id
where paid.pairs = 1
