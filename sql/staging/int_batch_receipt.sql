-- one row per bank line that is the money of a settlement batch, as the matcher (settlement_bank)
-- puts them together; a line for several batches has a row for each, with the batch's own amount;
-- what it left unmatched counts where a line names one batch alone and the amounts differ
with

grouped as (

    select
        batch_line.line_id as batch_row_id,
        bank_line.line_id as row_id,
        batch_line.amount as expected,
        bank_line.amount as arrived,
        count(*) over (partition by bank_line.line_id) as batches
    from match_line as batch_line
    inner join match_line as bank_line
        on
            batch_line.pairing = bank_line.pairing
            and batch_line.group_id = bank_line.group_id
    where
        batch_line.pairing = 'settlement_bank'
        and batch_line.side = 'a'
        and bank_line.side = 'b'
        and batch_line.class in ('matched', 'confirmed')
        and bank_line.class in ('matched', 'confirmed')

),

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

matched as (  -- money that names no batch does not arrive long before the settlement

    select
        batch.batch_no,
        grouped.row_id,
        case when grouped.batches = 1 then grouped.arrived else grouped.expected end as amount
    from grouped
    inner join stg_settlement as settlement on grouped.batch_row_id = settlement.row_id
    inner join int_batch as batch on settlement.batch_no = batch.batch_no
    inner join int_own_receipt as receipt on grouped.row_id = receipt.row_id
    left join named on grouped.row_id = named.row_id
    where
        named.row_id is not null
        or receipt.posted_on >= add_days(batch.first_settled_on, -$match_window_days)

),

unequal as (  -- lines that name a batch without adding up to it

    select
        named.batch_no,
        named.row_id
    from named
    left join matched as of_line on named.row_id = of_line.row_id
    left join matched as of_batch on named.batch_no = of_batch.batch_no
    where of_line.row_id is null and of_batch.batch_no is null

)

select
    batch_no,
    row_id,
    amount
from matched
union all
select
    unequal.batch_no,
    receipt.row_id,
    receipt.amount
from unequal
inner join int_own_receipt as receipt on unequal.row_id = receipt.row_id
