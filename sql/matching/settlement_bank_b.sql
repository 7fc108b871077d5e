-- bank money in that may be a settlement: from the collecting offices, or naming a batch
-- reference, party_id: the batch, where the line names one and no other
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

word as (

    select
        row_id,
        unnest(regexp_extract_all(coalesce(summary, ''), '[0-9A-Za-z_-]+')) as word
    from int_bank_line
    where amount > 0

),

named as (

    select
        word.row_id,
        case when count(distinct batch.batch_no) = 1 then min(batch.batch_no) end as batch_no
    from word
    inner join batch on word.word = batch.batch_no
    group by word.row_id

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
left join named on bank.row_id = named.row_id
where
    bank.amount > 0
    and (
        named.row_id is not null
        or exists (select 1 from collector where contains(bank.said, collector.item_text))
    )
