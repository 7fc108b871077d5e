-- own bank lines of money in whose summary names settlement batches: one row per line
-- batch_no: the batch, where it names one and no other
with

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

)

select
    word.row_id,
    case when count(distinct batch.batch_no) = 1 then min(batch.batch_no) end as batch_no
from word
inner join batch on word.word = batch.batch_no
group by word.row_id
