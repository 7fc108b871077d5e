-- reversals of preparation fund payments that an opening balance holds: the payment came in by its
-- day, the reversal after it
select
    collection.row_id,
    collection.party_id,
    collection.voucher_no,
    collection.period_from,
    collection.paid,
    collection.treasury_on
from stg_tax_collection as collection
inner join int_prep_opening as opening on collection.party_id = opening.party_id
where
    collection.item = '建会筹备金'
    and collection.takes_back_on <= opening.opening_on
    and collection.treasury_on > opening.opening_on
    and collection.treasury_on <= $as_of
