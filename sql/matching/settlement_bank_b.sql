-- bank money in that may be a settlement: from the collecting offices, or naming a batch
-- reference, party_id: the batch, where the line names one and no other
with

collector as (

    select distinct item_text
    from ref_policy_item
    where name = 'bank.collection_parties'

)

select
    bank.row_id as line_id,
    bank.posted_on as day,
    bank.amount,
    named.batch_no as party_id,
    named.batch_no as reference,
    bank.said as text_,
    cast(null as varchar) as shared_key,
    bank.account,
    bank.is_internal
from int_bank_line as bank
left join int_bank_batch as named on bank.row_id = named.row_id
where
    bank.amount > 0
    and (
        named.row_id is not null
        or exists (select 1 from collector where contains(bank.said, collector.item_text))
    )
