-- bank money in that may be a settlement: from the collecting offices, or naming a batch
with

collector as (

    select distinct item_text
    from ref_policy_item
    where name = 'bank.collection_parties'

),

batch as (

    select distinct batch_no
    from stg_settlement

),

line as (

    select
        bank.*,
        regexp_extract(bank.summary, '[0-9A-Za-z][0-9A-Za-z_-]{3,}', 0) as word
    from int_bank_line as bank
    where bank.amount > 0

)

select
    line.row_id as line_id,
    line.posted_on as day,
    line.amount,
    cast(null as varchar) as party_id,
    batch.batch_no as reference,
    line.said as text_,
    cast(null as varchar) as shared_key,
    line.account,
    line.is_internal
from line
left join batch on line.word = batch.batch_no
where
    batch.batch_no is not null
    or exists (select 1 from collector where contains(line.said, collector.item_text))
