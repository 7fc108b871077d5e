-- one row per bank line that is the money of a settlement batch: it names the batch alone, or, for
-- batches that no line names, it is the only line of that amount in time and the batch the only one
-- on either side; money from the collecting offices only, unless it names a batch
with

word as (

    select
        row_id,
        unnest(regexp_extract_all(coalesce(summary, ''), '[0-9A-Za-z_-]+')) as word
    from int_own_receipt

),

named as (

    select
        word.row_id,
        min(batch.batch_no) as batch_no
    from word
    inner join int_batch as batch on word.word = batch.batch_no
    group by word.row_id
    having count(distinct batch.batch_no) = 1

),

collecting as (

    select distinct
        receipt.row_id,
        receipt.posted_on,
        receipt.amount
    from int_own_receipt as receipt
    inner join ref_policy_item as collector
        on
            collector.name = 'bank.collection_parties'
            and receipt.posted_on >= collector.starts_on
            and receipt.posted_on < collector.ends_on
            and contains(receipt.party_name, collector.item_text)
    left join named on receipt.row_id = named.row_id
    where named.row_id is null

),

nameless as (

    select
        batch.batch_no,
        batch.first_settled_on,
        batch.settled_on,
        batch.expected
    from int_batch as batch
    left join named on batch.batch_no = named.batch_no
    where named.batch_no is null

),

fitting as (

    select
        nameless.batch_no,
        collecting.row_id,
        count(*) over (partition by nameless.batch_no) as lines,
        count(*) over (partition by collecting.row_id) as batches
    from nameless
    inner join collecting
        on
            nameless.expected = collecting.amount
            and collecting.posted_on >= add_days(
                nameless.first_settled_on, -$match_window_days
            )
    inner join ref_policy_day as policy on nameless.settled_on = policy.day
    where collecting.posted_on <= add_days(nameless.settled_on, policy.fee_bank_days)

)

select
    named.batch_no,
    receipt.row_id,
    receipt.amount,
    receipt.posted_on
from named
inner join int_own_receipt as receipt on named.row_id = receipt.row_id
union all
select
    fitting.batch_no,
    receipt.row_id,
    receipt.amount,
    receipt.posted_on
from fitting
inner join int_own_receipt as receipt on fitting.row_id = receipt.row_id
where fitting.lines = 1 and fitting.batches = 1
